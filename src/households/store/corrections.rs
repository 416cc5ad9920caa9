//! SQL of what was put right in households and children's records.

use crate::{
    args,
    base::{
        fields::{
            ChildBornYear, ChildGrade, ChildName, ChildSchool, FamilyCorrectionAfter, FamilyCorrectionBefore,
            HouseholdAddress, RelativeName,
        },
        ids::{CaseId, ChildId, FamilyCorrectionId, HouseholdId, RelativeId, UserId},
        sealed::{Sealed, SealedText as _},
    },
    cases::model::Change,
    households::model::{CorrectionRow, Kin, Whose},
    policy::acts::SeeFamily,
    store::{Fault, Grant, Store, Unit},
};
use std::collections::HashMap;

pub async fn insert(unit: &mut Unit, case: CaseId, whose: Whose, change: &Change, by: UserId) -> Result<(), Fault> {
    let id: FamilyCorrectionId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into family_corrections (id, case_id, household_id, child_id, field, before, after, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            case,
            whose.household(),
            whose.kin().and_then(Kin::child),
            change.field,
            seal.text::<FamilyCorrectionBefore>(id, &change.before)?,
            seal.text::<FamilyCorrectionAfter>(id, &change.after)?,
            by,
            now
        ],
    )
    .await?;
    Ok(())
}

/// Newest first.
pub async fn of_case(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<CorrectionRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select r.id, r.household_id, r.child_id, r.field, r.before, r.after, u.name as by, r.made_at \
             from family_corrections r join users u on u.id = r.by where r.case_id = $1 order by r.made_at desc, r.id desc limit 500",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// What a household's record says: its fields by their names, people as they are called.
pub async fn household_told(
    unit: &mut Unit,
    case: CaseId,
    id: HouseholdId,
) -> Result<Vec<(&'static str, String)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Told {
        id: HouseholdId,
        hamlet: Option<String>,
        address: Option<Sealed<HouseholdAddress>>,
        with_person: bool,
        speaker_id: Option<RelativeId>,
    }
    crate::opens!(Told { id => address });
    let row: Option<Told> = unit
        .row(
            "select hh.id, hm.name as hamlet, hh.address, hh.with_person, hh.speaker_id from households hh \
             left join hamlets hm on hm.id = hh.hamlet_id where hh.id = $1",
            args![id],
        )
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Moved)?;
    let names = names(unit, case).await?;
    let mut members: Vec<String> =
        super::members_within(unit, id).await?.iter().filter_map(|kin| names.get(kin).cloned()).collect();
    members.sort();
    Ok(vec![
        ("hamlet", row.hamlet.unwrap_or_default()),
        ("address", row.address.told().unwrap_or_default()),
        ("with_person", row.with_person.to_string()),
        ("speaker", speaker(&names, row.speaker_id)),
        ("members", members.join(", ")),
    ])
}

/// The same of a child's record.
pub async fn child_told(unit: &mut Unit, case: CaseId, id: ChildId) -> Result<Vec<(&'static str, String)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Told {
        id: ChildId,
        guardian_id: Option<RelativeId>,
        name: Sealed<ChildName>,
        born_year: Option<Sealed<ChildBornYear>>,
        school: Option<Sealed<ChildSchool>>,
        grade: Option<Sealed<ChildGrade>>,
    }
    crate::opens!(Told { id => name, born_year, school, grade });
    let row: Option<Told> = unit
        .row("select id, guardian_id, name, born_year, school, grade from children where id = $1", args![id])
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Moved)?;
    let names = names(unit, case).await?;
    Ok(vec![
        ("name", row.name.told()),
        ("born_year", row.born_year.told().unwrap_or_default()),
        ("school", row.school.told().unwrap_or_default()),
        ("grade", row.grade.told().unwrap_or_default()),
        ("guardian", speaker(&names, row.guardian_id)),
    ])
}

/// Empty: the person herself.
fn speaker(names: &HashMap<Kin, String>, id: Option<RelativeId>) -> String {
    id.and_then(|id| names.get(&Kin::Relative(id)).cloned()).unwrap_or_default()
}

async fn names(unit: &mut Unit, case: CaseId) -> Result<HashMap<Kin, String>, Fault> {
    let relatives: Vec<(RelativeId, Sealed<RelativeName>)> =
        unit.rows("select id, name from relatives where case_id = $1", args![case]).await?;
    let children: Vec<(ChildId, Sealed<ChildName>)> =
        unit.rows("select id, name from children where case_id = $1", args![case]).await?;
    let relatives = unit.opened(relatives).await?.into_iter().map(|(id, name)| (Kin::Relative(id), name.told()));
    let children = unit.opened(children).await?.into_iter().map(|(id, name)| (Kin::Child(id), name.told()));
    Ok(relatives.chain(children).collect())
}
