//! SQL of funds.

use super::model::{Line, NewFund, Rules};
use crate::{
    args,
    base::ids::{CaseId, FundId, UserId},
    policy::{
        AreaCode,
        acts::{ListFunds, SeeFund},
    },
    store::{Dir, Fault, Grant, List, Page, PageAsk, Scope, Store, Unit},
};

const LINE: &str = "fu.id, fu.area_code, a.name as area, fu.kind, fu.name, fu.least_vnd, fu.most_vnd, fu.most_months, fu.rate_month, \
                    fu.terms, fu.head_approves, fu.from_on, fu.to_on, fu.version";
const FROM: &str = "join areas a on a.code = fu.area_code";

fn lines<'a>(store: &'a Store, scope: &Scope<ListFunds>) -> List<'a, ListFunds> {
    store.list(scope, LINE).join(FROM)
}

pub async fn list(store: &Store, scope: &Scope<ListFunds>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    lines(store, scope).page(&["fu.name", "fu.id"], Dir::Up, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListFunds>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

pub async fn giving(store: &Store, scope: &Scope<ListFunds>) -> Result<Vec<Line>, Fault> {
    let today = store.today();
    lines(store, scope)
        .and_arg("fu.from_on <= ? and (fu.to_on is null or fu.to_on >= ?)", args![today, today])
        .rows("fu.name, fu.id", 100)
        .await
}

pub async fn one(store: &Store, grant: &Grant<SeeFund>) -> Result<Option<Line>, Fault> {
    store.one(grant, &[LINE], &[FROM]).await
}

/// `None`: the area has a fund of this name.
pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    new: &NewFund,
    by: Option<UserId>,
) -> Result<Option<FundId>, Fault> {
    let id: FundId = unit.new_id();
    let now = unit.now();
    let inserted = unit
        .run(
            "insert into funds (id, area_code, kind, name, least_vnd, most_vnd, most_months, rate_month, terms, head_approves, from_on, \
             made_by, made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) on conflict do nothing",
            args![
                id,
                &area.0,
                new.kind.as_str(),
                new.name.as_str(),
                new.least,
                new.most,
                new.months,
                new.rate,
                new.terms.as_str(),
                new.head_approves,
                new.from_on,
                by,
                now
            ],
        )
        .await?;
    Ok((inserted == 1).then_some(id))
}

pub async fn still_gives(unit: &mut Unit, id: FundId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from funds where id = $1 and to_on is null", args![id]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The rules of a fund of the case's commune, or of its province, that gives today.
pub async fn rules(unit: &mut Unit, case: CaseId, fund: FundId) -> Result<Option<Rules>, Fault> {
    let today = unit.today();
    unit.row(
        "select fu.kind, fu.least_vnd, fu.most_vnd, fu.most_months, fu.head_approves from funds fu where fu.id = $2 \
         and fu.from_on <= $3 and (fu.to_on is null or fu.to_on >= $3) and fu.area_code in \
         (select a.code from areas a join cases c on c.area_code = a.code where c.id = $1 \
         union all select a.province_code from areas a join cases c on c.area_code = a.code where c.id = $1)",
        args![case, fund, today],
    )
    .await
}

pub async fn rules_of(unit: &mut Unit, fund: FundId) -> Result<Option<Rules>, Fault> {
    unit.row("select kind, least_vnd, most_vnd, most_months, head_approves from funds where id = $1", args![fund]).await
}
