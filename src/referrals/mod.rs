//! Referrals: a case handed to an organisation and its named helpers, with purpose, basis and end.
//!
//! Only a named helper in a live referral sees the person, and only until its last day.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::ReferralEndedReason,
        ids::{CaseId, Id, OrganisationId, PersonId, ReferralId, UserId},
        refusal::Invalid,
        text,
        words::FollowUpKind,
    },
    cases, follow_ups, mails,
    policy::acts::{EndReferral, Refer, SeeCase, SeeReferral, SeeReferrals},
    restrictions,
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use model::{Draft, EndDraft, HelperRow, ReferralRow};

/// Hands a case to an organisation.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; an organisation of another commune; a helper who is not an active
/// member of that organisation, or whom a restriction keeps from the person.
pub async fn refer(store: &Store, grant: Grant<Refer>, draft: &Draft, key: Option<Key>) -> Result<ReferralId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ReferralId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            if !store::organisation_serves(work, case, new.organisation).await? {
                return Err(Invalid::one("organisation", "not_of_this_commune").into());
            }
            for helper in &new.helpers {
                if !store::is_member(work, *helper, new.organisation).await? {
                    return Err(Invalid::one("helpers", "not_a_member").into());
                }
                if !restrictions::may_know(work, case, *helper).await? {
                    return Err(Invalid::one("helpers", "may_not_know").into());
                }
            }
            let id = store::insert(work, case, &new, by).await?;
            follow_ups::settle(work, case, &[FollowUpKind::AssignHelper], None).await?;
            follow_ups::replan(work, case).await?;
            work.detail(format!("referral {id} {}", new.purpose));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Ends a referral at once: its helpers no longer see the person at their next request.
pub async fn end(
    store: &Store,
    grant: Grant<EndReferral>,
    draft: &EndDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let case = store::case_if_open(work, id).await?.ok_or_else(|| Invalid::one("", "already_ended"))?;
            let reason = work.sealer_of(case).await?.text::<ReferralEndedReason>(id, &reason)?;
            work.set("ended_at = ?, ended_by = ?, ended_reason = ?", crate::args![now, by, reason]).await?;
            store::drop_tasks_of(work, id).await?;
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Carries the live referrals of a case over to another of the same person: the same helpers go on, on the ground of the
/// person's own consent.
pub(crate) async fn carry_on(
    unit: &mut Unit,
    from: CaseId,
    to: CaseId,
    consent: &str,
    by: UserId,
) -> Result<(), Fault> {
    for (id, mut new) in store::live(unit, from).await? {
        new.helpers = store::helper_ids(unit, id).await?;
        new.basis_ref = consent.to_owned();
        store::insert(unit, to, &new, by).await?;
    }
    Ok(())
}

/// A case goes to another commune: the organisations of the old one help no longer, and their helpers see the person no
/// more. What was agreed with them is kept (see `follow_ups::take_over`).
pub(crate) async fn end_all(unit: &mut Unit, case: CaseId, reason: &str, by: UserId) -> Result<u64, Fault> {
    let ids = store::open_ids(unit, case).await?;
    for id in &ids {
        store::end(unit, case, *id, reason, by).await?;
    }
    Ok(ids.len() as u64)
}

/// Ends the referrals of a person to an organisation that rest on her consent: she agrees no longer. Its helpers see nothing at
/// their next request, and a mail about her that waits for them never goes. How many ended.
pub(crate) async fn end_by_consent(
    unit: &mut Unit,
    person: PersonId,
    organisation: OrganisationId,
    by: UserId,
) -> Result<usize, Fault> {
    let resting = store::live_by_consent(unit, person, organisation).await?;
    for (id, case) in &resting {
        let helpers = store::helper_ids(unit, *id).await?;
        store::end(unit, *case, *id, "consent withdrawn", by).await?;
        store::drop_tasks_of(unit, *id).await?;
        follow_ups::replan(unit, *case).await?;
        let code = cases::code_of(unit, *case).await?;
        mails::recall_from(unit, &code, &helpers).await?;
    }
    Ok(resting.len())
}

/// One referral.
pub async fn see(store: &Store, grant: &Grant<SeeReferral>) -> Result<ReferralRow, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// Every referral of a case, newest first, with its helpers.
pub async fn of_case(store: &Store, grant: &Grant<SeeReferrals>) -> Result<(Vec<ReferralRow>, Vec<HelperRow>), Fault> {
    Ok((store::of_case(store, grant).await?, store::helpers_of_case(store, grant).await?))
}

/// One referral with its helpers.
pub async fn one(store: &Store, grant: &Grant<SeeReferral>) -> Result<(ReferralRow, Vec<HelperRow>), Fault> {
    let row = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    Ok((row, store::helpers_of(store, grant).await?))
}

/// The live referrals in which the asker is a named helper: what was agreed to ask her for.
pub async fn for_me(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<ReferralRow>, Fault> {
    store::for_me(store, grant).await
}

/// Names of all who may read a note written for the helpers of this case.
pub async fn live_helpers(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<String>, Fault> {
    store::live_helpers(store, grant).await
}
