//! The end of a sentence in the community: a probation that is shortened, the certificate on the last day.

use super::{
    model::{CertificateDraft, Considered, CourtDraft, ShorteningDraft},
    moved, must_carry_duties, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{CertificateId, Id, ShorteningId},
        refusal::Invalid,
        text,
        time::Day,
        words::{FollowUpKind, Regime, ShorteningState},
    },
    follow_ups::{
        self,
        serving::{Kept, Standing, dates},
    },
    policy::acts::{CertifyCompletion, ConsiderShortening},
    store::{Fault, Grant, Key, Store},
};

/// Writes down that a shortening was considered: proposed, or not and why. It settles the follow-up that asked for it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ShorteningDraft::check`]; a regime without one; no term is written down; one is proposed already.
pub async fn consider(
    store: &Store,
    grant: Grant<ConsiderShortening>,
    draft: &ShorteningDraft,
    key: Option<Key>,
) -> Result<ShorteningId, Refused> {
    let new = draft.check(store.today())?;
    let bounds = super::book(store).await?.months;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ShorteningId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            let standing = must_carry_duties(work, case).await?;
            if !matches!(standing.regime, Regime::ConditionalRelease | Regime::SuspendedSentence) {
                return Err(Invalid::one("", "no_shortening").into());
            }
            if standing.serving.term.is_none() {
                return Err(Invalid::one("", "no_term").into());
            }
            within_the_rules(&standing, new.months, &new.content.over_reason, bounds)?;
            if standing.serving.shortenings.iter().any(|one| one.state == ShorteningState::Proposed) {
                return Err(Invalid::one("", "proposed_already").into());
            }
            let id = store::insert_shortening(work, case, &new, by).await?;
            follow_ups::settle(work, case, &[FollowUpKind::Shortening], None).await?;
            moved(work).await?;
            work.detail(format!("shortening {id} {}", new.state));
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Holds so many months against the rules. The law knows reasons to go beyond them (Luật THAHS 2019 Điều 89: merit, grave illness, a
/// rest of a month), so one that is told is enough; without one it is a slip of the pen that would end a sentence.
fn within_the_rules(
    standing: &Standing,
    months: Option<i64>,
    over_reason: &str,
    (least, most): (i64, i64),
) -> Result<(), Refused> {
    let (Some(months), Some(term), true) = (months, standing.serving.term, over_reason.is_empty()) else {
        return Ok(());
    };
    let Some(not_before) = dates::passes(&term, standing.regime, months, least, &standing.limits) else {
        return Ok(());
    };
    let until = not_before.map(|day| format!("; {}", text::show_day(day))).unwrap_or_default();
    Err(Invalid::telling("over_reason", "shorter_than_the_rules", format!("{least}–{most}{until}")).into())
}

/// Writes down what the court decided. What is granted moves the end of the probation, and all that depends on it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`CourtDraft::check`]; nothing of that id is proposed; decided before it was proposed.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn decide(
    store: &Store,
    grant: Grant<ConsiderShortening>,
    draft: &CourtDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let court = draft.check(store.today())?;
    let bounds = super::book(store).await?.months;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            let standing = must_carry_duties(work, case).await?;
            let known = store::shortenings_within(work, case).await?;
            let row = known.iter().find(|row| row.id == court.id && row.state == ShorteningState::Proposed);
            let row = row.ok_or_else(|| Invalid::one("", "nothing_proposed"))?;
            if court.on < row.proposed_on.0 {
                return Err(Invalid::one("on", "before_the_proposal").into());
            }
            let term = standing.serving.term.ok_or(Fault::Inconsistent("a shortening without a term"))?;
            let said = row.said().unwrap_or_default();
            // What was said of the same number of months when it was proposed holds for the court, too.
            let told = court.over_reason.is_empty() && row.months == court.months;
            let over_reason = if told { said.over_reason.clone() } else { court.over_reason.clone() };
            within_the_rules(&standing, court.months, &over_reason, bounds)?;
            let content =
                Considered { number: court.number.clone(), reasons: court.reasons.clone(), over_reason, ..said };
            store::decide_shortening(work, case, &court, &content).await?;
            if let Some(months) = court.months {
                // Nothing that was shortened ends before the decision was made.
                let ends = dates::shortened(term.ends, months, term.from).max(court.on);
                let after = Kept { from: Day(term.from), until: Day(term.until), ends: Day(ends.min(term.ends)) };
                store::insert_term(work, case, &after, by).await?;
            }
            moved(work).await?;
            work.detail(format!("shortening {} {}", court.id, court.state));
            follow_ups::replan(work, case).await?;
            Ok(())
        })
        .await
}

/// Writes down how the certificate of completion reached the person, or that it waits for her.
///
/// # Errors
/// [`Refused::Invalid`]: see [`CertificateDraft::check`]; the case carries no duties; its execution is postponed; given before
/// the last day.
pub async fn certify(
    store: &Store,
    grant: Grant<CertifyCompletion>,
    draft: &CertificateDraft,
    key: Option<Key>,
) -> Result<CertificateId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CertificateId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            let standing = must_carry_duties(work, case).await?;
            if standing.regime == Regime::Postponed {
                return Err(Invalid::one("", "nothing_served_yet").into());
            }
            let term = standing.serving.term.ok_or_else(|| Invalid::one("", "no_term"))?;
            if new.given_on < term.ends {
                return Err(Invalid::telling("given_on", "before_the_last_day", text::show_day(term.ends)).into());
            }
            let id = store::insert_certificate(work, case, &new, by).await?;
            follow_ups::settle(work, case, &[FollowUpKind::Completion], None).await?;
            moved(work).await?;
            work.detail(format!("certificate {id}"));
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}
