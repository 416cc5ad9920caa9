//! Where a case stands, and what changes on its way.

use super::super::model::{ContactFields, PersonFields};
use super::insert_contact;
use crate::{
    args,
    base::{
        fields::{BirthOn, ClosedOn, ClosureGroundWord, ClosureNote},
        ids::{CaseId, UserId},
        sealed::Field,
        text::{self},
        time::Day,
        words::{CaseStatus, ClosureGround},
    },
    store::{Fault, Unit},
};
use jiff::civil::Date;

pub async fn status(unit: &mut Unit, case: CaseId) -> Result<CaseStatus, Fault> {
    let row: Option<(CaseStatus,)> = unit.row("select status from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn code_of(unit: &mut Unit, case: CaseId) -> Result<String, Fault> {
    let row: Option<(String,)> = unit.row("select code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn is_sealed(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from cases where id = $1 and status = 'sealed'", args![case]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn correct(
    unit: &mut Unit,
    case: CaseId,
    person: &PersonFields,
    contact: &ContactFields,
) -> Result<(), Fault> {
    let owner = unit.person_of(case).await?;
    let seal = unit.sealer(owner).await?;
    unit.exactly_one(
        "update people set name = $2, name_fold = $3, name_key = $4, aliases = $5, alias_fold = $6, sex = $7, birth_on = $8, \
         birth_precision = $9, birth_year = $10, version = version + 1 where id = $1",
        args![
            owner,
            person.name.as_str(),
            text::fold(&person.name),
            text::name_sort_key(&person.name),
            person.aliases.as_str(),
            text::fold(&person.aliases),
            person.sex.map(|sex| sex.as_str()),
            seal.day::<BirthOn>(owner, person.birth.map(|birth| birth.0))?,
            person.birth.map(|birth| birth.1.as_str()),
            person.birth.map(|birth| i64::from(birth.0.year()))
        ],
    )
    .await?;
    insert_contact(unit, &seal, case, contact).await
}

/// Sets one day of the legal part.
pub async fn set_legal_day<F: Field<Value = Day>>(
    unit: &mut Unit,
    case: CaseId,
    day: Option<Date>,
) -> Result<(), Fault> {
    let (now, column) = (unit.now(), F::COLUMN);
    let day = unit.sealer_of(case).await?.day::<F>(case, day)?;
    unit.exactly_one(
        format!("update legals set {column} = $2, changed_at = $3 where case_id = $1"),
        args![case, day, now],
    )
    .await
}

pub async fn close(
    unit: &mut Unit,
    case: CaseId,
    ground: ClosureGround,
    on: Date,
    note: &str,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.exactly_one(
        "update legals set closed_on = $2, closure_ground = $3, closure_note = $4, changed_at = $5 where case_id = $1",
        args![
            case,
            seal.day::<ClosedOn>(case, Some(on))?,
            seal.text::<ClosureGroundWord>(case, ground.as_str())?,
            seal.text::<ClosureNote>(case, note)?,
            now
        ],
    )
    .await?;
    end_all(unit, case, by).await
}

/// Ends what is under way on a case: who is in charge, who helps, what is due.
pub async fn end_all(unit: &mut Unit, case: CaseId, by: UserId) -> Result<(), Fault> {
    let (now, today) = (unit.now(), unit.today());
    unit.run("update assignments set to_on = $2 where case_id = $1 and to_on is null", args![case, today]).await?;
    // The reason of these ends is the closure, which the case tells.
    unit.run(
        "update referrals set ended_at = $2, ended_by = $3, version = version + 1 where case_id = $1 and ended_at is null",
        args![case, now, by],
    )
    .await?;
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where case_id = $1 and done_at is null and dropped_at is null",
        args![case, now],
    )
    .await?;
    Ok(())
}

pub async fn set_status(unit: &mut Unit, case: CaseId, status: CaseStatus) -> Result<(), Fault> {
    unit.exactly_one("update cases set status = $2, version = version + 1 where id = $1", args![case, status.as_str()])
        .await
}
