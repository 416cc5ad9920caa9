//! SQL of what households, children and relatives need.

use crate::households::model::{KinStanding, NeedRow, NewNeed, SharedNeed};
use crate::{
    args,
    base::{
        fields::{HomeNeedMetNote, HomeNeedWhat},
        ids::{CaseId, HomeNeedId, HouseholdId, UserId},
    },
    policy::acts::{SeeFamily, SeeFamilyNeeds, SeeHomeNeed},
    store::{Fault, Grant, Store, Unit},
};
use jiff::civil::Date;

pub async fn insert(unit: &mut Unit, case: CaseId, new: &NewNeed, by: UserId) -> Result<HomeNeedId, Fault> {
    let id: HomeNeedId = unit.new_id();
    let now = unit.now();
    let what = unit.sealer_of(case).await?.text::<HomeNeedWhat>(id, &new.what)?;
    let kin = new.whose.kin();
    unit.run(
        "insert into home_needs (id, case_id, household_id, relative_id, child_id, kind, what, level, by, made_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        args![
            id,
            case,
            new.whose.household(),
            kin.and_then(|kin| kin.relative()),
            kin.and_then(|kin| kin.child()),
            new.kind.as_str(),
            what,
            new.level.as_str(),
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Of which case, and met already?
pub async fn standing(unit: &mut Unit, id: HomeNeedId) -> Result<(CaseId, bool), Fault> {
    let row: Option<(CaseId, bool)> =
        unit.row("select case_id, met_on is not null from home_needs where id = $1", args![id]).await?;
    row.ok_or(Fault::Moved)
}

pub async fn meet(
    unit: &mut Unit,
    case: CaseId,
    id: HomeNeedId,
    on: Date,
    note: Option<&str>,
    by: UserId,
) -> Result<(), Fault> {
    let note = unit.sealer_of(case).await?.text_opt::<HomeNeedMetNote>(id, note)?;
    unit.exactly_one(
        "update home_needs set met_on = $2, met_by = $3, met_note = $4 where id = $1 and met_on is null",
        args![id, on, by, note],
    )
    .await
}

/// How a household of this case stands; `None`: there is none.
pub async fn household(unit: &mut Unit, case: CaseId, id: HouseholdId) -> Result<Option<KinStanding>, Fault> {
    unit.row(
        "select (hh.ended_at is not null) is true as ended, (hh.withdrawn_at is not null or g.withdrawn_at is not null) is true as withdrawn, \
         (hh.shares and hh.consented_on is not null and hh.withdrawn_at is null and hh.ended_at is null \
         and g.withdrawn_at is null and g.ended_at is null) is true as shared \
         from households hh left join relatives g on g.id = hh.speaker_id where hh.id = $1 and hh.case_id = $2",
        args![id, case],
    )
    .await
}

/// What is not met yet comes first.
pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<NeedRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select n.id, n.household_id, n.relative_id, n.child_id, n.kind, n.what, n.level, n.by as by_id, u.name as by, n.made_at, \
             n.met_on, n.met_note, n.version from home_needs n join users u on u.id = n.by where n.case_id = $1 \
             order by case when n.met_on is null then 0 else 1 end, case when n.level = 'urgent' then 0 else 1 end, n.made_at desc, n.id desc \
             limit 200",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// What is not met and may be known to helpers: whoever it is about, or who speaks for her, has agreed and still does.
pub async fn shared(store: &Store, grant: &Grant<SeeFamilyNeeds>) -> Result<Vec<SharedNeed>, Fault> {
    let rows: Vec<SharedNeed> = store
        .under(
            grant,
            "select n.id, n.kind, n.level, n.what, n.household_id, n.relative_id, re.relation, n.child_id, ch.grade from home_needs n \
             left join relatives re on re.id = n.relative_id left join children ch on ch.id = n.child_id \
             left join households hh on hh.id = n.household_id left join relatives g on g.id = coalesce(ch.guardian_id, hh.speaker_id) \
             where n.case_id = $1 and n.met_on is null and g.withdrawn_at is null and g.ended_at is null and ( \
             (re.shares and re.consented_on is not null and re.withdrawn_at is null and re.ended_at is null) is true \
             or (ch.shares and ch.consented_on is not null and ch.withdrawn_at is null and ch.ended_at is null) is true \
             or (hh.shares and hh.consented_on is not null and hh.withdrawn_at is null and hh.ended_at is null) is true) \
             order by n.made_at, n.id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn case_of(store: &Store, grant: &Grant<SeeHomeNeed>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["hn.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
