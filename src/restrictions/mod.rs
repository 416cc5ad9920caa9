//! Restrictions: who may not know a person, or who alone may. The head of the commune makes and ends them; the gate keeps
//! to them everywhere (`policy/subjects.rs`).
//!
//! Somebody must always be left who looks after the person: an officer in charge, whoever covers for her, and a head who
//! can end the restriction. A head may shut herself out, for example from a relative, while another head remains.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::RestrictionEndedReason,
        ids::{CaseId, Id, RestrictionId, UserId},
        refusal::Invalid,
        text,
    },
    policy::{
        AreaCode,
        acts::{EndRestriction, SeeRestriction, SeeRestrictions, SetRestriction},
        subjects::Staff,
    },
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use model::{Draft, EndDraft, NamedRow, RestrictionRow};

/// Restricts who may know a person. It holds at the next request, for all of her cases and all that hangs on them.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; `users`: not of this commune, or nobody would be left to look after the
/// person (see [`model::Left`]).
pub async fn set(
    store: &Store,
    grant: Grant<SetRestriction>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<RestrictionId, Refused> {
    let new = draft.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(RestrictionId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            for user in &new.users {
                if !store::is_of_commune(work, case, *user).await? {
                    return Err(Invalid::one("users", "not_of_the_office").into());
                }
            }
            // Nobody begins to cover for the officer in charge while it is asked who would.
            if let Some(officer) = store::officer_of(work, case).await? {
                work.lock::<Staff>(&officer).await?;
            }
            let id = store::insert(work, case, &new, by).await?;
            store::left(work, case).await?.check()?;
            work.detail(format!("restriction {id} {} of {}", new.kind, new.users.len()));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Ends a restriction: whoever it had shut out sees the person again, as near as she stands to her.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; ended already.
pub async fn end(
    store: &Store,
    grant: Grant<EndRestriction>,
    draft: &EndDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let case = store::open_case_of(work, id).await?;
            let case = case.ok_or_else(|| Invalid::one("", "already_ended_restriction"))?;
            let reason = work.sealer_of(case).await?.text::<RestrictionEndedReason>(id, &reason)?;
            work.set("ended_at = ?, ended_by = ?, ended_reason = ?", crate::args![now, by, reason]).await?;
            work.detail(format!("case {case}"));
            Ok(())
        })
        .await
}

/// Every restriction of the person of a case, newest first, and whom it names. Opening it is written down.
pub async fn of_case(
    store: &Store,
    grant: &Grant<SeeRestrictions>,
) -> Result<(Vec<RestrictionRow>, Vec<NamedRow>), Fault> {
    let found = (store::of_case(store, grant).await?, store::named_of_case(store, grant).await?);
    if !found.0.is_empty() {
        store.note_opening(grant, None, &["restriction"]).await?;
    }
    Ok(found)
}

/// One restriction, and whom it names. Opening it is written down.
pub async fn one(store: &Store, grant: &Grant<SeeRestriction>) -> Result<(RestrictionRow, Vec<NamedRow>), Fault> {
    let row = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    store.note_opening(grant, Some(row.case_id), &["restriction"]).await?;
    Ok((row, store::named(store, grant).await?))
}

/// May this user know the person of this case? Asked before somebody is put in charge or named as a helper.
pub(crate) async fn may_know(unit: &mut Unit, case: CaseId, user: UserId) -> Result<bool, Fault> {
    store::may_know(unit, case, user).await
}

/// Refuses a cover who may not know one of the people whom the officer has: they would have nobody during the leave.
///
/// # Errors
/// [`Refused::Invalid`] `cover_may_not_know`: how many people it is about, no more.
pub(crate) async fn must_know_all(unit: &mut Unit, officer: UserId, cover: UserId) -> Result<(), Refused> {
    unit.lock::<Staff>(&officer).await?;
    match store::kept_from(unit, officer, cover).await? {
        0 => Ok(()),
        people => Err(Invalid::telling("cover", "cover_may_not_know", people.to_string()).into()),
    }
}

/// The heads of a commune have changed: where no active head stands any more on a list of those who alone may, the heads
/// there are now come onto it, so that somebody can still end it. How many names were added.
///
/// # Errors
/// [`Refused::Invalid`] `leaves_no_head`: there are heads, and each of them is excluded by name.
pub(crate) async fn pass_on(unit: &mut Unit, area: &AreaCode) -> Result<usize, Refused> {
    let added = store::heads_to_add(unit, area).await?;
    for (restriction, head) in &added {
        store::add(unit, *restriction, *head).await?;
    }
    match store::kept_from_every_head(unit, area).await? {
        0 => Ok(added.len()),
        people => Err(Invalid::telling("", "restricted_without_head", people.to_string()).into()),
    }
}

/// The restrictions in force that were made on a case are from now on kept with another of the same person: there they can
/// be seen and ended.
pub(crate) async fn move_to(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    store::move_to(unit, from, to).await
}

/// A case is on its way to another commune: its heads come onto the lists of those who alone may know the person, where none
/// of them stands yet, so that somebody there can answer. Being on a list opens nothing by itself.
///
/// # Errors
/// [`Refused::Invalid`] `to_area` `no_head_may_know`: every head there is excluded by name.
pub(crate) async fn open_to_heads(unit: &mut Unit, case: CaseId, area: &AreaCode) -> Result<(), Refused> {
    for (restriction, head) in store::heads_to_tell(unit, case, area).await? {
        store::add(unit, restriction, head).await?;
    }
    match store::has_head(unit, case, area).await? {
        true => Ok(()),
        false => Err(Invalid::one("to_area", "no_head_may_know").into()),
    }
}

/// It is not on its way any more: the heads of that commune come off those lists again.
pub(crate) async fn shut_to_heads(unit: &mut Unit, case: CaseId, area: &AreaCode) -> Result<(), Fault> {
    store::untell_heads(unit, case, area).await
}

/// Puts an officer who takes a case over on the lists of those who alone may know its person.
///
/// # Errors
/// [`Refused::Invalid`] `officer` `may_not_know`: she is excluded by name.
pub(crate) async fn let_in(unit: &mut Unit, case: CaseId, officer: UserId) -> Result<(), Refused> {
    for list in store::lists_without(unit, case, officer).await? {
        store::add(unit, list, officer).await?;
    }
    match store::may_know(unit, case, officer).await? {
        true => Ok(()),
        false => Err(Invalid::one("officer", "may_not_know").into()),
    }
}

/// Two records of a person were joined, and the restrictions of both hold now: somebody must be left.
///
/// # Errors
/// [`Refused::Invalid`]: see [`model::Left`].
pub(crate) async fn still_left(unit: &mut Unit, case: CaseId) -> Result<(), Refused> {
    Ok(store::left(unit, case).await?.check()?)
}
