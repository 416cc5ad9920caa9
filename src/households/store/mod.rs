//! SQL of households and who lives in them.

pub mod children;
pub mod corrections;
pub mod needs;

use super::model::{HouseholdRow, Kin, MemberRow, NewHousehold};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::HouseholdAddress,
        ids::{CaseId, HamletId, HouseholdId, MemberId, RelativeId, UserId},
    },
    policy::acts::{SeeFamily, SeeHousehold},
    store::{Fault, Grant, Store, Unit},
};

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    new: &NewHousehold,
    hamlet: Option<HamletId>,
    by: UserId,
) -> Result<HouseholdId, Fault> {
    let id: HouseholdId = unit.new_id();
    let now = unit.now();
    let address = address(unit, case, id, new).await?;
    unit.run(
        "insert into households (id, case_id, hamlet_id, address, with_person, speaker_id, made_by, made_at, shares, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        args![id, case, hamlet, address, new.with_person, new.speaker, by, now, false],
    )
    .await?;
    Ok(id)
}

/// Where it is, sealed.
pub async fn address(unit: &mut Unit, case: CaseId, id: HouseholdId, new: &NewHousehold) -> Result<Arg, Fault> {
    unit.sealer_of(case).await?.text_opt::<HouseholdAddress>(id, new.address.as_deref())
}

pub async fn insert_member(unit: &mut Unit, case: CaseId, household: HouseholdId, kin: Kin) -> Result<(), Fault> {
    let id: MemberId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into household_members (id, case_id, household_id, relative_id, child_id, made_at) values ($1, $2, $3, $4, $5, $6)",
        args![id, case, household, kin.relative(), kin.child(), now],
    )
    .await?;
    Ok(())
}

/// She lives there no longer.
pub async fn end_member(unit: &mut Unit, household: HouseholdId, kin: Kin) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update household_members set ended_at = $4 where household_id = $1 and (relative_id = $2 or child_id = $3) and ended_at is null",
        args![household, kin.relative(), kin.child(), now],
    )
    .await?;
    Ok(())
}

pub async fn members_within(unit: &mut Unit, household: HouseholdId) -> Result<Vec<Kin>, Fault> {
    let rows: Vec<MemberRow> = unit
        .rows(
            "select household_id, relative_id, child_id from household_members where household_id = $1 and ended_at is null",
            args![household],
        )
        .await?;
    Ok(rows.into_iter().filter_map(|row| Kin::of(row.relative_id, row.child_id)).collect())
}

/// Of which case, taken out, withdrawn, who speaks for it.
pub type Standing = (CaseId, bool, bool, Option<RelativeId>);

pub async fn standing(unit: &mut Unit, id: HouseholdId) -> Result<Standing, Fault> {
    let row: Option<Standing> = unit
        .row(
            "select case_id, ended_at is not null, withdrawn_at is not null, speaker_id from households where id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

/// Those that there are come first.
pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<HouseholdRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select hh.id, hm.name as hamlet, hh.address, hh.with_person, hh.speaker_id, hh.consented_on, hh.consented_how, hh.shares, \
             hh.withdrawn_at, hh.made_at, hh.ended_at, hh.version from households hh left join hamlets hm on hm.id = hh.hamlet_id \
             where hh.case_id = $1 order by case when hh.ended_at is null then 0 else 1 end, hh.made_at, hh.id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn members(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<MemberRow>, Fault> {
    store
        .under(
            grant,
            "select household_id, relative_id, child_id from household_members where case_id = $1 and ended_at is null \
             order by made_at, id limit 500",
            args![],
        )
        .await
}

pub async fn case_of(store: &Store, grant: &Grant<SeeHousehold>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["hh.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
