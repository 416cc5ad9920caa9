//! Help to make a living: promised, approved, given; by whom, from which fund.
//!
//! The office sees the help of all; a helper that of her own organisation.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::ids::{CaseId, HelpId, Id},
    cases,
    policy::acts::{ChangeHelp, LogHelp, ReadHelp, SeeCase, SeeHelp},
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use model::{Draft, HelpRow, StateDraft};

/// Writes down a piece of help. A helper's is her organisation's.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed.
pub async fn log(store: &Store, grant: Grant<LogHelp>, draft: &Draft, key: Option<Key>) -> Result<HelpId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(HelpId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let organisation = work.grant().actor().organisation();
            let id = store::insert(work, case, &new, organisation, by).await?;
            work.detail(format!("help {id} {}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Says how far a piece of help has come.
///
/// # Errors
/// [`Refused::Invalid`]: see [`StateDraft::check`]; the case is closed. [`Fault::Stale`]: changed since `version` was read.
pub async fn change(
    store: &Store,
    grant: Grant<ChangeHelp>,
    draft: &StateDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, state, promised_on) = store::find(work).await?;
            cases::must_be_live(work, case).await?;
            let (to, given_on) = draft.check(state, promised_on, work.today())?;
            work.set("state = ?, given_on = ?", crate::args![to.as_str(), given_on]).await?;
            work.detail(format!("{state} to {to}"));
            Ok(())
        })
        .await
}

/// The help of a case, newest first: of everybody for the office, of her own organisation for a helper.
pub async fn of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<HelpRow>, Fault> {
    match store.also::<SeeCase, SeeHelp>(grant) {
        Some(grant) => store::of_everybody(store, &grant).await,
        None => store::of_own_organisation(store, grant).await,
    }
}

/// Carries over to another case of the same person what is promised, and the loans that are paid back.
pub(crate) async fn carry_on(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    for going in store::going_on(unit, from).await? {
        store::insert(unit, to, &going.again(unit.today()), going.organisation_id, going.by).await?;
    }
    Ok(())
}

/// The case that this help was for.
pub(crate) async fn case_of(store: &Store, grant: &Grant<ReadHelp>) -> Result<CaseId, Fault> {
    store::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
