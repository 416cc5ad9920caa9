//! SQL of assignments and covers.

use super::model::{AssignmentRow, CoverRow};
use crate::{
    args,
    base::{
        fields::AssignmentReason,
        ids::{AssignmentId, CaseId, CoverId, UserId},
    },
    policy::{
        AreaCode,
        acts::{AddCover, SeeAssignments},
    },
    store::{Fault, Grant, Store, Unit},
};
use jiff::civil::Date;

pub async fn area_of(unit: &mut Unit, case: CaseId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// The assignment under which this officer is in charge now.
pub async fn open_of(unit: &mut Unit, case: CaseId, officer: UserId) -> Result<Option<AssignmentId>, Fault> {
    let row: Option<(AssignmentId,)> = unit
        .row(
            "select id from assignments where case_id = $1 and officer_id = $2 and to_on is null",
            args![case, officer],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

pub async fn end(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    let today = unit.today();
    unit.run("update assignments set to_on = $2 where case_id = $1 and to_on is null", args![case, today]).await?;
    Ok(())
}

pub async fn set_officer(unit: &mut Unit, case: CaseId, officer: UserId) -> Result<(), Fault> {
    unit.exactly_one("update cases set officer_id = $2, version = version + 1 where id = $1", args![case, officer])
        .await
}

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    officer: UserId,
    reason: &str,
    by: UserId,
) -> Result<AssignmentId, Fault> {
    let id: AssignmentId = unit.new_id();
    let (now, today) = (unit.now(), unit.today());
    let reason = unit.sealer_of(case).await?.text::<AssignmentReason>(id, reason)?;
    unit.run(
        "insert into assignments (id, case_id, officer_id, from_on, reason, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, case, officer, today, reason, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn end_all_of(unit: &mut Unit, officer: UserId) -> Result<u64, Fault> {
    let today = unit.today();
    unit.run("update assignments set to_on = $2 where officer_id = $1 and to_on is null", args![officer, today])
        .await?;
    unit.run("update cases set officer_id = null, version = version + 1 where officer_id = $1", args![officer]).await
}

pub async fn insert_cover(
    unit: &mut Unit,
    officer: UserId,
    cover: UserId,
    from_on: Date,
    to_on: Date,
    by: UserId,
) -> Result<CoverId, Fault> {
    let id: CoverId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into covers (id, officer_id, cover_id, from_on, to_on, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, officer, cover, from_on, to_on, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn of_case(store: &Store, grant: &Grant<SeeAssignments>) -> Result<Vec<AssignmentRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select s.id, s.officer_id, u.name as officer, s.from_on, s.to_on, s.reason from assignments s \
             join users u on u.id = s.officer_id where s.case_id = $1 order by s.from_on desc, s.made_at desc, s.id desc",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn covers(store: &Store, grant: &Grant<AddCover>) -> Result<Vec<CoverRow>, Fault> {
    store
        .under(
            grant,
            "select uo.name as officer, uc.name as cover, cv.from_on, cv.to_on from covers cv join users uo on uo.id = cv.officer_id \
             join users uc on uc.id = cv.cover_id where uo.area_code = $1 and cv.to_on >= $2 and cv.ended_at is null \
             order by cv.from_on, cv.id",
            args![store.today()],
        )
        .await
}
