//! The family of a person: who is there, and what they need. A sensitive part: a helper never gets it.

pub(crate) mod agreement;
pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, Id, RelativeId},
        refusal::Invalid,
    },
    cases,
    policy::acts::{AddRelative, EndRelative, SeeCase, SeeFamily, SeeFamilyNeeds, SeeRelative, SetConsent},
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use model::{ConsentDraft, Draft, FamilyNeed, RelativeRow};

/// Adds a person of the family.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed.
pub async fn add(
    store: &Store,
    grant: Grant<AddRelative>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<RelativeId, Refused> {
    let new = draft.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(RelativeId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let id = store::insert(work, case, &new, by).await?;
            work.detail(format!("relative {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// The family of a case, first named first; whoever was taken out comes last. Written down as an opening.
pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<RelativeRow>, Fault> {
    let family = written_down(store, grant).await?;
    cases::opened(store, grant, &["family"]).await?;
    Ok(family)
}

/// The same for a surface that has written the opening down already, with the other parts that it reads.
pub(crate) async fn written_down(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<RelativeRow>, Fault> {
    store::of_case(store, grant).await
}

/// Takes a person out of the family: moved away, died, written down by mistake. The line stays.
///
/// # Errors
/// [`Refused::Invalid`]: taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn end(
    store: &Store,
    grant: Grant<EndRelative>,
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
            if store::is_ended(work, id).await? {
                return Err(Invalid::one("", "already_ended_relative").into());
            }
            work.set("ended_at = ?", crate::args![now]).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Writes down that she agrees to be named and called, and whether helpers may know what she needs.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ConsentDraft::check`]; taken out already; the case is closed. [`Fault::Stale`]: changed since
/// `version` was read.
pub async fn consent(
    store: &Store,
    grant: Grant<SetConsent>,
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
            work.expect_version(version).await?;
            let id = work.id();
            let (case, ended, _) = store::standing(work, id).await?;
            cases::must_be_live(work, case).await?;
            if ended {
                return Err(Invalid::one("", "already_ended_relative").into());
            }
            agreement::give(work, agreed).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// She agrees no longer: her number is destroyed in the same unit of work, helpers hear of her needs no more, and no plan
/// names her anew. It can be done in a closed case, too.
///
/// # Errors
/// [`Refused::Invalid`]: withdrawn already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(
    store: &Store,
    grant: Grant<SetConsent>,
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
            let (_, _, withdrawn) = store::standing(work, id).await?;
            agreement::take_back(work, withdrawn).await?;
            store::destroy_phone(work, id).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// What the family needs, as far as it lets helpers know. No name, no number, nothing of the person's past. Written down by
/// whoever shows it.
pub(crate) async fn needs(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<FamilyNeed>, Fault> {
    match store.also::<SeeCase, SeeFamilyNeeds>(grant) {
        Some(grant) => store::needs(store, &grant).await,
        None => Ok(Vec::new()),
    }
}

/// Is she of the family of this case, and not taken out of it?
pub(crate) async fn is_there(unit: &mut Unit, case: CaseId, relative: RelativeId) -> Result<bool, Fault> {
    store::is_there(unit, case, relative).await
}

/// The case that this person belongs to.
pub(crate) async fn case_of(store: &Store, grant: &Grant<SeeRelative>) -> Result<CaseId, Fault> {
    store::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
