//! What was written down by mistake and goes: a breach of somebody else, a shortening, a certificate. The history keeps what stood
//! there, who took it out, when and why.

use super::{model::MistakeDraft, moved, store};
use crate::{
    app::Refused,
    base::{
        ids::{BreachId, CertificateId, ShorteningId},
        refusal::Invalid,
        text,
        words::ShorteningState,
    },
    cases::{self, model::Change},
    follow_ups,
    policy::{
        Act,
        acts::{CertifyCompletion, ConsiderShortening, NoteBreach},
        subjects::Case,
    },
    store::{Grant, Store, Work},
};

/// A breach goes, and with it what was still to be done about it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`MistakeDraft::check`]; the case has no such breach. [`Fault::Stale`](crate::store::Fault::Stale): changed since `version` was read.
pub async fn breach(
    store: &Store,
    grant: Grant<NoteBreach>,
    draft: &MistakeDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (id, reason) = draft.check::<BreachId>()?;
    store
        .write(grant, async |work| {
            let case = begin(work, version).await?;
            let rows = store::breaches_within(work, case).await?;
            let row = rows.iter().find(|row| row.id == id).ok_or_else(|| Invalid::one("", "no_such_breach"))?;
            let said = row.said().map(|said| said.what).unwrap_or_default();
            let told = format!("{}: {said}", text::show_day(row.on_day.0));
            store::drop_breach(work, case, id).await?;
            if let Some(task) = row.task_id.filter(|_| row.settled_on.is_none()) {
                follow_ups::let_go(work, task).await?;
            }
            end(work, "duty_breach", told, reason).await
        })
        .await
}

/// That a shortening was considered goes. What the court has granted is no mistake of the office: the term is put right instead.
///
/// # Errors
/// As [`breach`]; it was granted.
pub async fn shortening(
    store: &Store,
    grant: Grant<ConsiderShortening>,
    draft: &MistakeDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (id, reason) = draft.check::<ShorteningId>()?;
    store
        .write(grant, async |work| {
            let case = begin(work, version).await?;
            let rows = store::shortenings_within(work, case).await?;
            let row = rows.iter().find(|row| row.id == id).ok_or_else(|| Invalid::one("", "no_such_row"))?;
            if row.state == ShorteningState::Granted {
                return Err(Invalid::one("", "granted_by_the_court").into());
            }
            let said = row.said().map(|said| said.note).unwrap_or_default();
            let told = format!("{}: {} {said}", text::show_day(row.proposed_on.0), row.state);
            store::drop_shortening(work, case, id).await?;
            end(work, "duty_shortening", told.trim().to_owned(), reason).await
        })
        .await
}

/// A certificate goes, and is asked for again.
///
/// # Errors
/// As [`breach`].
pub async fn certificate(
    store: &Store,
    grant: Grant<CertifyCompletion>,
    draft: &MistakeDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (id, reason) = draft.check::<CertificateId>()?;
    store
        .write(grant, async |work| {
            let case = begin(work, version).await?;
            let rows = store::certificates_within(work, case).await?;
            let row = rows.iter().find(|row| row.id == id).ok_or_else(|| Invalid::one("", "no_such_row"))?;
            let number = row.said().map(|said| said.number).unwrap_or_default();
            let told = format!("{}: {number}", text::show_day(row.given_on.0));
            store::drop_certificate(work, case, id).await?;
            end(work, "duty_certificate", told, reason).await
        })
        .await
}

async fn begin<A: Act<On = Case>>(
    work: &mut Work<A>,
    version: Option<i64>,
) -> Result<crate::base::ids::CaseId, Refused> {
    work.expect_version(version).await?;
    let case = work.id();
    cases::must_be_live(work, case).await?;
    Ok(case)
}

async fn end<A: Act<On = Case>>(
    work: &mut Work<A>,
    field: &'static str,
    before: String,
    reason: String,
) -> Result<(), Refused> {
    let (case, by) = (work.id(), work.by()?);
    cases::history::keep(work, case, &[Change { part: "legal", field, before, after: reason }], by).await?;
    moved(work).await?;
    work.detail(format!("{field} taken out"));
    follow_ups::replan(work, case).await?;
    Ok(())
}
