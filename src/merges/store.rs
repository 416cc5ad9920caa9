//! SQL of merges.

use super::model::{Identity, Merged, Pair, Snapshot};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{BirthOn, COLUMNS, Ethnicity, HealthNote, IdentityNumber, Religion},
        ids::{DoubleId, MergeId, PersonId, UserId},
        sealed::{Sealed, SealedDay as _},
        text,
        time::At,
        words::{IdentityKind, Precision, Sex},
    },
    store::{Fault, Unit},
};

pub async fn pair(unit: &mut Unit, id: DoubleId) -> Result<Pair, Fault> {
    let row: Option<Pair> = unit
        .row(
            "select pd.case_id, pd.other_id, c.person_id as case_person, o.person_id as other_person, pd.state \
             from possible_doubles pd join cases c on c.id = pd.case_id join cases o on o.id = pd.other_id where pd.id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

pub async fn insert(
    unit: &mut Unit,
    id: MergeId,
    double: DoubleId,
    kept: PersonId,
    gone: PersonId,
    before: Arg,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into merges (id, double_id, kept_id, gone_id, before, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, double, kept, gone, before, by, now],
    )
    .await?;
    Ok(())
}

/// What hangs on a person by her id, and can hang on another: every table of the registry with a row of its own and a
/// `person_id`. Her own rows (`people`, `identities`, `origins`, `healths`) stay.
fn hanging() -> impl Iterator<Item = &'static str> {
    let has = |table: &str, name: &str| COLUMNS.iter().any(|column| column.table == table && column.name == name);
    let hers = COLUMNS.iter().filter(|column| column.name == "person_id").map(|column| column.table);
    hers.filter(move |table| has(table, "id"))
}

pub async fn move_all(unit: &mut Unit, id: MergeId, kept: PersonId, gone: PersonId) -> Result<(), Fault> {
    for table in hanging() {
        unit.run(
            format!("insert into merge_moves (merge_id, tab, row_id) select $1, '{table}', id from {table} where person_id = $2"),
            args![id, gone],
        )
        .await?;
        unit.run(format!("update {table} set person_id = $1 where person_id = $2"), args![kept, gone]).await?;
    }
    Ok(())
}

pub async fn move_back(unit: &mut Unit, merged: &Merged) -> Result<(), Fault> {
    for table in hanging() {
        unit.run(
            format!(
                "update {table} set person_id = $1 where person_id = $2 \
                 and id in (select row_id from merge_moves where merge_id = $3 and tab = '{table}')"
            ),
            args![merged.gone_id, merged.kept_id, merged.id],
        )
        .await?;
    }
    Ok(())
}

pub async fn of_double(unit: &mut Unit, double: DoubleId) -> Result<Option<Merged>, Fault> {
    let row: Option<Merged> = unit
        .row("select id, kept_id, gone_id, made_at, before from merges where double_id = $1", args![double])
        .await?;
    unit.opened(row).await
}

pub async fn is_gone(unit: &mut Unit, person: PersonId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from merges where gone_id = $1", args![person]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn gone_into(unit: &mut Unit, person: PersonId) -> Result<Vec<PersonId>, Fault> {
    let rows: Vec<(PersonId,)> =
        unit.rows("select gone_id from merges where kept_id = $1 order by gone_id", args![person]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn forget(unit: &mut Unit, id: MergeId) -> Result<(), Fault> {
    unit.run("delete from merge_moves where merge_id = $1", args![id]).await?;
    unit.exactly_one("delete from merges where id = $1", args![id]).await
}

#[derive(sqlx::FromRow)]
struct Row {
    id: PersonId,
    name: String,
    aliases: String,
    sex: Option<Sex>,
    birth_on: Option<Sealed<BirthOn>>,
    birth_precision: Option<Precision>,
    birth_year: Option<i64>,
    number: Option<Sealed<IdentityNumber>>,
    kind: Option<IdentityKind>,
    identity_at: Option<At>,
    ethnicity: Sealed<Ethnicity>,
    religion: Sealed<Religion>,
    origin_at: At,
    note: Sealed<HealthNote>,
    health_at: At,
}

crate::opens!(Row { id => birth_on, number, ethnicity, religion, note });

/// What stands in the rows of a person.
pub async fn snapshot(unit: &mut Unit, person: PersonId) -> Result<Snapshot, Fault> {
    let row: Option<Row> = unit
        .row(
            "select p.id, p.name, p.aliases, p.sex, p.birth_on, p.birth_precision, p.birth_year, i.number, i.kind, \
             i.changed_at as identity_at, og.ethnicity, og.religion, og.changed_at as origin_at, he.note, he.changed_at as health_at \
             from people p join origins og on og.person_id = p.id join healths he on he.person_id = p.id \
             left join identities i on i.person_id = p.id where p.id = $1",
            args![person],
        )
        .await?;
    let row = unit.opened(row).await?.ok_or(Fault::Inconsistent("a person without her parts"))?;
    let identity = row.number.zip(row.kind).zip(row.identity_at);
    Ok(Snapshot {
        name: row.name,
        aliases: row.aliases,
        sex: row.sex,
        birth_on: row.birth_on.day(),
        birth_precision: row.birth_precision,
        birth_year: row.birth_year,
        identity: identity.map(|((number, kind), at)| Identity { number: number.told(), kind, at: at.micros() }),
        ethnicity: row.ethnicity.told(),
        religion: row.religion.told(),
        origin_at: row.origin_at.micros(),
        health: row.note.told(),
        health_at: row.health_at.micros(),
    })
}

/// Writes what differs from what stands there.
pub async fn put(unit: &mut Unit, person: PersonId, wanted: &Snapshot) -> Result<(), Fault> {
    let now = snapshot(unit, person).await?;
    let seal = unit.sealer(person).await?;
    let about = |one: &Snapshot| {
        (one.name.clone(), one.aliases.clone(), one.sex, one.birth_on, one.birth_precision, one.birth_year)
    };
    if about(&now) != about(wanted) {
        unit.exactly_one(
            "update people set name = $2, name_fold = $3, name_key = $4, aliases = $5, alias_fold = $6, sex = $7, birth_on = $8, \
             birth_precision = $9, birth_year = $10, version = version + 1 where id = $1",
            args![
                person,
                wanted.name.as_str(),
                text::fold(&wanted.name),
                text::name_sort_key(&wanted.name),
                wanted.aliases.as_str(),
                text::fold(&wanted.aliases),
                wanted.sex.map(|sex| sex.as_str()),
                seal.day::<BirthOn>(person, wanted.birth_on.map(|day| day.0))?,
                wanted.birth_precision.map(|known| known.as_str()),
                wanted.birth_year
            ],
        )
        .await?;
    }
    if now.identity != wanted.identity {
        unit.run("delete from identities where person_id = $1", args![person]).await?;
        if let Some(identity) = &wanted.identity {
            let mark = unit.store().id_mark(&identity.number)?;
            let number = seal.text::<IdentityNumber>(person, &identity.number)?;
            unit.run(
                "insert into identities (person_id, number, number_mark, kind, changed_at) values ($1, $2, $3, $4, $5)",
                args![person, number, mark, identity.kind.as_str(), identity.at],
            )
            .await?;
        }
    }
    if (&now.ethnicity, &now.religion, now.origin_at) != (&wanted.ethnicity, &wanted.religion, wanted.origin_at) {
        unit.exactly_one(
            "update origins set ethnicity = $2, religion = $3, changed_at = $4 where person_id = $1",
            args![
                person,
                seal.text::<Ethnicity>(person, &wanted.ethnicity)?,
                seal.text::<Religion>(person, &wanted.religion)?,
                wanted.origin_at
            ],
        )
        .await?;
    }
    if (&now.health, now.health_at) != (&wanted.health, wanted.health_at) {
        unit.exactly_one(
            "update healths set note = $2, changed_at = $3 where person_id = $1",
            args![person, seal.text::<HealthNote>(person, &wanted.health)?, wanted.health_at],
        )
        .await?;
    }
    Ok(())
}
