//! Who is in charge of a case, from when to when, and who stands in during leave.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{AssignmentId, CaseId, CoverId, Id, UserId},
        refusal::Invalid,
    },
    cases,
    policy::acts::{AddCover, Assign, SeeAssignments},
    restrictions,
    store::{Fault, Grant, Key, Store, Unit},
};
use model::{AssignmentRow, CoverDraft, CoverRow, Draft};

/// Puts an officer in charge; the one before is in charge until today. What was overdue stays overdue.
///
/// # Errors
/// [`Refused::Invalid`]: `officer`: no such active officer in the case's commune; a restriction keeps her from the person.
pub async fn assign(store: &Store, grant: Grant<Assign>, draft: &Draft, version: Option<i64>) -> Result<(), Refused> {
    put_in_charge(store, grant, draft, version, None).await.map(|_assignment| ())
}

/// The same, with the sender's key; tells which assignment holds now.
pub async fn put_in_charge(
    store: &Store,
    grant: Grant<Assign>,
    draft: &Draft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<AssignmentId, Refused> {
    let (username, reason) = draft.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(AssignmentId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let area = store::area_of(work, case).await?;
            let officer = cases::officer_named(work, &area, &username)
                .await?
                .ok_or_else(|| Invalid::one("officer", "no_such_officer"))?;
            if !restrictions::may_know(work, case, officer).await? {
                return Err(Invalid::one("officer", "may_not_know").into());
            }
            let id = match store::open_of(work, case, officer).await? {
                // In charge already: nothing changes.
                Some(id) => id,
                None => {
                    store::end(work, case).await?;
                    let id = store::insert(work, case, officer, &reason, by).await?;
                    work.set("officer_id = ?", crate::args![officer]).await?;
                    work.detail(format!("officer {officer}"));
                    id
                }
            };
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Ends the assignments of an officer who leaves: her cases are "Chưa phân công" and first in the head's list.
pub(crate) async fn end_all_of(unit: &mut crate::store::Unit, officer: UserId) -> Result<u64, Fault> {
    store::end_all_of(unit, officer).await
}

/// Passes a case on to the officer who accepted it; whoever was in charge is so until today.
pub(crate) async fn pass_on(
    unit: &mut Unit,
    case: CaseId,
    officer: UserId,
    reason: &str,
    by: UserId,
) -> Result<(), Fault> {
    if store::open_of(unit, case, officer).await?.is_none() {
        store::end(unit, case).await?;
        store::insert(unit, case, officer, reason, by).await?;
    }
    store::set_officer(unit, case, officer).await
}

/// Lets another officer stand in from one day to another, both included.
///
/// # Errors
/// [`Refused::Invalid`]: not two different active officers of this commune; an end before the beginning; a cover who
/// may not know one of the people.
pub async fn add_cover(
    store: &Store,
    grant: Grant<AddCover>,
    draft: &CoverDraft,
    key: Option<Key>,
) -> Result<CoverId, Refused> {
    let (officer, cover, from_on, to_on) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CoverId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let find = async |work: &mut crate::store::Unit, field, name: &str| {
                cases::officer_named(work, &area, name)
                    .await?
                    .ok_or_else(|| Refused::from(Invalid::one(field, "no_such_officer")))
            };
            let officer = find(work, "officer", &officer).await?;
            let cover = find(work, "cover", &cover).await?;
            restrictions::must_know_all(work, officer, cover).await?;
            let id = store::insert_cover(work, officer, cover, from_on, to_on, by).await?;
            work.detail(format!("cover {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Who was in charge, newest first.
pub async fn of_case(store: &Store, grant: &Grant<SeeAssignments>) -> Result<Vec<AssignmentRow>, Fault> {
    store::of_case(store, grant).await
}

/// Who stands in for whom in this commune, today and later.
pub async fn covers(store: &Store, grant: &Grant<AddCover>) -> Result<Vec<CoverRow>, Fault> {
    store::covers(store, grant).await
}
