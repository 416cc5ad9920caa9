//! Children: written down as they are called at home, for what they need and nothing else.

use super::{
    keep_corrections,
    model::{ChildDraft, Kin, NewChild, Whose},
    must_speak, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{CaseId, ChildId, Id, RelativeId},
        refusal::Invalid,
    },
    cases,
    families::{agreement, model::ConsentDraft},
    policy::acts::{AddChild, ChangeChild, SeeChild},
    store::{Denied, Fault, Grant, Key, Store, Work},
};

/// Writes down a child.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ChildDraft::check`]; a guardian who is not of the family, or agrees no longer; the case is closed.
pub async fn add(
    store: &Store,
    grant: Grant<AddChild>,
    draft: &ChildDraft,
    key: Option<Key>,
) -> Result<ChildId, Refused> {
    let new: NewChild = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(ChildId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            must_speak(work, case, "guardian", new.guardian).await?;
            let id = store::children::insert(work, case, &new, by).await?;
            work.detail(format!("child {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// The child under change, its case and its guardian: it must be there, and its case live.
async fn live(
    work: &mut Work<ChangeChild>,
    version: Option<i64>,
) -> Result<(ChildId, CaseId, Option<RelativeId>), Refused> {
    work.expect_version(version).await?;
    let id = work.id();
    let (case, ended, _, guardian) = store::children::standing(work, id).await?;
    cases::must_be_live(work, case).await?;
    if ended {
        return Err(Invalid::one("", "child_ended").into());
    }
    Ok((id, case, guardian))
}

/// Puts a child's record right: another class, another school. Another guardian has not agreed yet: nothing is shared until
/// she does.
///
/// # Errors
/// As [`add`]; taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn change(
    store: &Store,
    grant: Grant<ChangeChild>,
    draft: &ChildDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, case, guardian) = live(work, version).await?;
            must_speak(work, case, "guardian", new.guardian).await?;
            let stood = store::corrections::child_told(work, case, id).await?;
            let sealed = store::children::sealed(work, case, id, &new).await?;
            work.set("guardian_id = ?, name = ?, born_year = ?, school = ?, grade = ?", sealed).await?;
            if guardian != new.guardian {
                agreement::ask_anew(work).await?;
            }
            let stands = store::corrections::child_told(work, case, id).await?;
            keep_corrections(work, case, Whose::Kin(Kin::Child(id)), &stood, &stands).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Takes a child out: grown up, moved away, written down by mistake. The line stays.
///
/// # Errors
/// [`Refused::Invalid`]: taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn end(
    store: &Store,
    grant: Grant<ChangeChild>,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, now) = (work.id(), work.now());
            if store::children::standing(work, id).await?.1 {
                return Err(Invalid::one("", "child_ended").into());
            }
            store::children::leave(work, id).await?;
            work.set("ended_at = ?, shares = ?", crate::args![now, false]).await?;
            work.detail("ended".to_owned());
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Writes down that a child's guardian agrees, and whether helpers may know what the child needs.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ConsentDraft::check`]; the guardian agrees no longer to be called herself; taken out already; the
/// case is closed. [`Fault::Stale`]: changed since `version` was read.
pub async fn consent(
    store: &Store,
    grant: Grant<ChangeChild>,
    draft: &ConsentDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let agreed = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, case, guardian) = live(work, version).await?;
            must_speak(work, case, "how", guardian).await?;
            agreement::give(work, agreed).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// The guardian agrees no longer: from the next request on helpers hear of nothing, and nothing new is written down for the
/// child. It can be done in a closed case, too.
///
/// # Errors
/// [`Refused::Invalid`]: withdrawn already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(
    store: &Store,
    grant: Grant<ChangeChild>,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let id = work.id();
            let withdrawn = store::children::standing(work, id).await?.2;
            agreement::take_back(work, withdrawn).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// The case that this child belongs to.
pub(crate) async fn case_of(store: &Store, grant: &Grant<SeeChild>) -> Result<CaseId, Fault> {
    store::children::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
