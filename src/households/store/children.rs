//! SQL of children, and of how somebody of the family stands.

use crate::households::model::{ChildRow, Kin, KinStanding, NewChild, SharedChild, SharedRelative};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{ChildBornYear, ChildGrade, ChildName, ChildSchool},
        ids::{CaseId, ChildId, RelativeId, UserId},
    },
    policy::acts::{SeeChild, SeeFamily, SeeFamilyNeeds},
    store::{Fault, Grant, Store, Unit},
};

pub async fn insert(unit: &mut Unit, case: CaseId, new: &NewChild, by: UserId) -> Result<ChildId, Fault> {
    let id: ChildId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into children (id, case_id, guardian_id, name, born_year, school, grade, made_by, made_at, shares, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        args![
            id,
            case,
            new.guardian,
            seal.text::<ChildName>(id, &new.name)?,
            seal.text_opt::<ChildBornYear>(id, new.born_year.as_deref())?,
            seal.text_opt::<ChildSchool>(id, new.school.as_deref())?,
            seal.text_opt::<ChildGrade>(id, new.grade.as_deref())?,
            by,
            now,
            false
        ],
    )
    .await?;
    Ok(id)
}

/// Who answers for it, its name, year, school and class: as its row has them, in this order.
pub async fn sealed(unit: &mut Unit, case: CaseId, id: ChildId, new: &NewChild) -> Result<Vec<Arg>, Fault> {
    let seal = unit.sealer_of(case).await?;
    Ok(args![
        new.guardian,
        seal.text::<ChildName>(id, &new.name)?,
        seal.text_opt::<ChildBornYear>(id, new.born_year.as_deref())?,
        seal.text_opt::<ChildSchool>(id, new.school.as_deref())?,
        seal.text_opt::<ChildGrade>(id, new.grade.as_deref())?
    ])
}

/// Of which case, taken out, withdrawn, who answers for it.
pub type Standing = (CaseId, bool, bool, Option<RelativeId>);

pub async fn standing(unit: &mut Unit, id: ChildId) -> Result<Standing, Fault> {
    let row: Option<Standing> = unit
        .row(
            "select case_id, ended_at is not null, withdrawn_at is not null, guardian_id from children where id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

/// Takes a child out of the households that it lives in.
pub async fn leave(unit: &mut Unit, id: ChildId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("update household_members set ended_at = $2 where child_id = $1 and ended_at is null", args![id, now])
        .await?;
    Ok(())
}

/// Those that there are come first.
pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<ChildRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select id, guardian_id, name, born_year, school, grade, consented_on, consented_how, shares, withdrawn_at, made_at, \
             ended_at, version from children where case_id = $1 order by case when ended_at is null then 0 else 1 end, made_at, id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn case_of(store: &Store, grant: &Grant<SeeChild>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["ch.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}

/// How somebody of the family of this case stands; `None`: she is of another, or nobody.
pub async fn kin(unit: &mut Unit, case: CaseId, kin: Kin) -> Result<Option<KinStanding>, Fault> {
    match kin {
        Kin::Relative(id) => {
            unit.row(
                "select (re.ended_at is not null) is true as ended, (re.withdrawn_at is not null) is true as withdrawn, \
                 (re.shares and re.consented_on is not null and re.withdrawn_at is null and re.ended_at is null) is true as shared \
                 from relatives re where re.id = $1 and re.case_id = $2",
                args![id, case],
            )
            .await
        }
        Kin::Child(id) => {
            unit.row(
                "select (ch.ended_at is not null) is true as ended, (ch.withdrawn_at is not null or g.withdrawn_at is not null) is true as withdrawn, \
                 (ch.shares and ch.consented_on is not null and ch.withdrawn_at is null and ch.ended_at is null \
                 and g.withdrawn_at is null and g.ended_at is null) is true as shared \
                 from children ch left join relatives g on g.id = ch.guardian_id where ch.id = $1 and ch.case_id = $2",
                args![id, case],
            )
            .await
        }
    }
}

/// Relatives whom helpers may know of.
pub async fn shared_relatives(store: &Store, grant: &Grant<SeeFamilyNeeds>) -> Result<Vec<SharedRelative>, Fault> {
    let rows: Vec<SharedRelative> = store
        .under(
            grant,
            "select re.id, re.relation from relatives re where re.case_id = $1 and re.shares and re.consented_on is not null \
             and re.withdrawn_at is null and re.ended_at is null order by re.made_at, re.id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// Children whom helpers may know of: their guardian has agreed, and still does.
pub async fn shared_children(store: &Store, grant: &Grant<SeeFamilyNeeds>) -> Result<Vec<SharedChild>, Fault> {
    let rows: Vec<SharedChild> = store
        .under(
            grant,
            "select ch.id, ch.grade from children ch left join relatives g on g.id = ch.guardian_id where ch.case_id = $1 \
             and ch.shares and ch.consented_on is not null and ch.withdrawn_at is null and ch.ended_at is null \
             and g.withdrawn_at is null and g.ended_at is null order by ch.made_at, ch.id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}
