//! SQL of doubles.

use super::model::{Facts, Known, Line};
use crate::{
    args,
    base::{
        arg::Arg,
        ids::{CaseId, DoubleId, UserId},
        words::DoubleState,
    },
    policy::{
        AreaCode,
        acts::{ListCases, ListDoubles, SeeDouble},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};

macro_rules! known {
    () => {
        "c.id, c.person_id, c.code, p.name, p.name_fold, p.birth_year, a.name as area, i.number_mark, ct.phone_mark"
    };
}
macro_rules! known_from {
    () => {
        "join people p on p.id = c.person_id join areas a on a.code = c.area_code \
         left join identities i on i.person_id = c.person_id left join contacts ct on ct.case_id = c.id"
    };
}

/// Within the asker's reach: the same number or telephone, or the same year of birth and as long a name.
pub async fn within(store: &Store, scope: &Scope<ListCases>, facts: &Facts) -> Result<Vec<Known>, Fault> {
    let length = i64::try_from(facts.key.chars().count()).unwrap_or(0);
    store
        .list(scope, known!())
        .join(known_from!())
        .and_arg(
            "i.number_mark = ? or ct.phone_mark = ? or (p.birth_year = ? and length(p.name_fold) = ?)",
            args![
                Arg::Bytes(facts.number_mark.clone()),
                Arg::Bytes(facts.phone_mark.clone()),
                facts.birth_year,
                length
            ],
        )
        .rows("c.id", 200)
        .await
}

/// All within the asker's reach: a list of many people is compared without a statement for each.
pub async fn all_within(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<Known>, Fault> {
    store.list(scope, known!()).join(known_from!()).rows("c.id", 0).await
}

/// Everywhere, by index: records of other people than the person of this case.
pub async fn candidates(unit: &mut Unit, case: CaseId, facts: &Facts) -> Result<Vec<Known>, Fault> {
    let length = i64::try_from(facts.key.chars().count()).unwrap_or(0);
    let mut found: Vec<Known> = unit
        .rows(
            concat!(
                "select ",
                known!(),
                " from cases c ",
                known_from!(),
                " where i.number_mark = $2 and c.person_id <> (select n.person_id from cases n where n.id = $1) order by c.id limit 50"
            ),
            args![case, Arg::Bytes(facts.number_mark.clone())],
        )
        .await?;
    let phones: Vec<Known> = unit
        .rows(
            concat!(
                "select ",
                known!(),
                " from cases c ",
                known_from!(),
                " where ct.phone_mark = $2 and c.person_id <> (select n.person_id from cases n where n.id = $1) order by c.id limit 50"
            ),
            args![case, Arg::Bytes(facts.phone_mark.clone())],
        )
        .await?;
    let names: Vec<Known> = unit
        .rows(
            concat!(
                "select ",
                known!(),
                " from cases c ",
                known_from!(),
                " where p.birth_year = $2 and length(p.name_fold) = $3 \
                 and c.person_id <> (select n.person_id from cases n where n.id = $1) order by c.id"
            ),
            args![case, facts.birth_year, length],
        )
        .await?;
    found.extend(phones);
    found.extend(names);
    Ok(found)
}

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    other: CaseId,
    why: &str,
    settled: Option<UserId>,
) -> Result<(), Fault> {
    let id: DoubleId = unit.new_id();
    let now = unit.now();
    let state = if settled.is_some() { DoubleState::NotSame } else { DoubleState::Open };
    unit.run(
        "insert into possible_doubles (id, case_id, other_id, why, state, found_at, settled_by, settled_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1) on conflict do nothing",
        args![id, case, other, why, state.as_str(), now, settled, settled.map(|_| now)],
    )
    .await?;
    Ok(())
}

pub async fn state(unit: &mut Unit, id: DoubleId) -> Result<DoubleState, Fault> {
    let row: Option<(DoubleState,)> = unit.row("select state from possible_doubles where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

#[derive(sqlx::FromRow)]
pub struct Sides {
    pub area_code: AreaCode,
    pub other_area: AreaCode,
    pub state: DoubleState,
    pub case_agreed: bool,
    pub other_agreed: bool,
}

pub async fn sides(unit: &mut Unit, id: DoubleId) -> Result<Sides, Fault> {
    let row: Option<Sides> = unit
        .row(
            "select c.area_code, o.area_code as other_area, pd.state, (pd.case_agreed_by is not null) is true as case_agreed, \
             (pd.other_agreed_by is not null) is true as other_agreed from possible_doubles pd join cases c on c.id = pd.case_id \
             join cases o on o.id = pd.other_id where pd.id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

const LINE: &str = "pd.id, pd.case_id, c.code, p.name, c.area_code, a.name as area, c.status, pd.other_id, o.code as other_code, \
     op.name as other_name, o.area_code as other_area_code, oa.name as other_area, o.status as other_status, pd.why, pd.state, \
     pd.found_at, pd.case_agreed_by, pd.other_agreed_by, pd.version";
const LINE_FROM: &str = "join people p on p.id = c.person_id join people op on op.id = o.person_id \
     join areas a on a.code = c.area_code join areas oa on oa.code = o.area_code";

pub async fn list(
    store: &Store,
    scope: &Scope<ListDoubles>,
    settled: bool,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let list = store.list(scope, LINE).join(LINE_FROM);
    let list = if settled { list } else { list.and("pd.state in ('open', 'asked', 'agreed')") };
    list.page(&["pd.found_at", "pd.id"], Dir::Down, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListDoubles>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").and("pd.state in ('open', 'asked', 'agreed')").count().await
}

pub async fn one(store: &Store, grant: &Grant<SeeDouble>) -> Result<Option<Line>, Fault> {
    store.one(grant, &[LINE], &[LINE_FROM]).await
}
