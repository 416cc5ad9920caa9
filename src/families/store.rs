//! SQL of relatives.

use super::model::{FamilyNeed, NewRelative, RelativeRow};
use crate::{
    args,
    base::{
        fields::{RelativeName, RelativeNeeds, RelativePhone, RelativeRelation},
        ids::{CaseId, RelativeId, UserId},
    },
    policy::acts::{SeeFamily, SeeFamilyNeeds, SeeRelative},
    store::{Fault, Grant, Store, Unit},
};

pub async fn insert(unit: &mut Unit, case: CaseId, new: &NewRelative, by: UserId) -> Result<RelativeId, Fault> {
    let id: RelativeId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into relatives (id, case_id, name, relation, phone, needs, made_by, made_at, shares, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        args![
            id,
            case,
            seal.text::<RelativeName>(id, &new.name)?,
            seal.text::<RelativeRelation>(id, &new.relation)?,
            seal.text_opt::<RelativePhone>(id, new.phone.as_deref())?,
            seal.text::<RelativeNeeds>(id, &new.needs)?,
            by,
            now,
            false
        ],
    )
    .await?;
    Ok(id)
}

pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<RelativeRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select id, name, relation, phone, needs, made_at, ended_at, consented_on, consented_how, shares, \
             withdrawn_at, version from relatives where case_id = $1 \
             order by case when ended_at is null then 0 else 1 end, made_at, id",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// What the family lets helpers know: who takes part in it and has not withdrawn.
pub async fn needs(store: &Store, grant: &Grant<SeeFamilyNeeds>) -> Result<Vec<FamilyNeed>, Fault> {
    let rows: Vec<FamilyNeed> = store
        .under(
            grant,
            "select id, relation, needs from relatives where case_id = $1 and shares and consented_on is not null \
             and withdrawn_at is null and ended_at is null order by made_at, id",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// Was she taken out of the family, and has she withdrawn?
pub async fn standing(unit: &mut Unit, id: RelativeId) -> Result<(CaseId, bool, bool), Fault> {
    let sql = "select case_id, ended_at is not null, withdrawn_at is not null from relatives where id = $1";
    let row: Option<(CaseId, bool, bool)> = unit.row(sql, args![id]).await?;
    row.ok_or(Fault::Moved)
}

/// Her number is in no row any more.
pub async fn destroy_phone(unit: &mut Unit, id: RelativeId) -> Result<(), Fault> {
    unit.exactly_one("update relatives set phone = null where id = $1", args![id]).await
}

pub async fn is_ended(unit: &mut Unit, id: RelativeId) -> Result<bool, Fault> {
    let row: Option<(bool,)> = unit.row("select ended_at is not null from relatives where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn is_there(unit: &mut Unit, case: CaseId, id: RelativeId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row("select count(*) from relatives where id = $1 and case_id = $2 and ended_at is null and withdrawn_at is null", args![id, case])
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn case_of(store: &Store, grant: &Grant<SeeRelative>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["re.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
