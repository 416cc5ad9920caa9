//! Gatherings as numbers: of a commune for whoever works there, without what she may not know; of every commune for whoever
//! is above them.

use crate::{
    args,
    gatherings::figures::{Heard, Held, Reached, Window},
    policy::{acts::CountGatherings, subjects::counted},
    store::{Fault, List, Scope, Store},
};

fn within<'a>(list: List<'a, CountGatherings>, window: &Window) -> List<'a, CountGatherings> {
    let list =
        list.and("g.cancelled_at is null").and_arg("g.on_day >= ? and g.on_day <= ?", args![window.from, window.to]);
    match &window.area {
        Some(area) => list.and_arg("a.code = ?", args![&area.0]),
        None => list,
    }
}

/// A dialogue with the family of somebody who is sealed or kept from the asker is not counted.
macro_rules! of_gatherings {
    () => {
        concat!(
            "join gatherings g on g.area_code = a.code left join cases c on c.id = g.case_id and c.status <> 'sealed' and ",
            counted!()
        )
    };
}
const KNOWN: &str = "g.case_id is null or c.id is not null";

pub async fn held(store: &Store, scope: &Scope<CountGatherings>, window: &Window) -> Result<Vec<Held>, Fault> {
    let columns = "g.kind, count(*) as gatherings, cast(coalesce(sum(g.outsiders_came), 0) as bigint) as outsiders";
    let list = store.list(scope, columns).join(of_gatherings!()).and(KNOWN);
    within(list, window).group_by("g.kind").rows("g.kind", 0).await
}

pub async fn reached(store: &Store, scope: &Scope<CountGatherings>, window: &Window) -> Result<Reached, Fault> {
    let columns = "count(distinct case when gg.relative_id is null then c.person_id end) as people, \
                   count(case when gg.relative_id is null then 1 end) as times, count(distinct gg.relative_id) as relatives";
    let list = store
        .list(scope, columns)
        .join(concat!(
            "join gatherings g on g.area_code = a.code join gathering_guests gg on gg.gathering_id = g.id \
             join cases c on c.id = gg.case_id and c.status <> 'sealed' and ",
            counted!()
        ))
        .and("gg.withdrawn_at is null and gg.came");
    let rows: Vec<Reached> = within(list, window).rows("", 1).await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub async fn heard(store: &Store, scope: &Scope<CountGatherings>, window: &Window) -> Result<Heard, Fault> {
    let list = store
        .list(scope, "")
        .join(concat!(
            "join gatherings g on g.area_code = a.code join opinions op on op.gathering_id = g.id left join follow_ups f on f.id = \
             op.follow_up_id left join cases c on c.id = op.case_id and c.status <> 'sealed' and ",
            counted!()
        ))
        .told_with(
            "count(*) as opinions, count(op.owes) as owed, count(op.answered_on) as answered, \
             count(case when op.answer_kind = 'beyond' then 1 end) as beyond, \
             count(case when op.owes is not null and op.answered_on is null and coalesce(f.due_on, op.due_on) < ? then 1 end) as late",
            args![store.today()],
        )
        .and("op.case_id is null or c.id is not null");
    let rows: Vec<Heard> = within(list, window).rows("", 1).await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}
