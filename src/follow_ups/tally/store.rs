//! SQL of counts.

use super::{AreaCount, CaseSum, HamletCount, Late, OfficerCount, Sum};
use crate::{
    args,
    base::time::plus_days,
    follow_ups::store::{live_case, open, open_row},
    policy::{
        acts::{ComposeDigest, CountFollowUps, ListCases},
        subjects::counted,
    },
    store::{Fault, Scope, Store},
};

/// Live cases of an area and their open follow-ups, also of an area without any.
const OF_AREA: &str = concat!(
    "left join cases c on c.area_code = a.code and ",
    live_case!(),
    " and ",
    counted!(),
    " left join follow_ups f on f.case_id = c.id and ",
    open_row!(),
    " left join users us on us.id = c.officer_id left join hamlets hm on hm.id = c.hamlet_id"
);

pub async fn by_area(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<AreaCount>, Fault> {
    let today = store.today();
    store
        .list(scope, "")
        .told_with(
            "a.code, a.kind, a.name, count(distinct c.id) as cases, count(f.id) as open, \
             count(f.id) filter (where f.due_on < ?) as overdue, min(f.due_on) filter (where f.due_on < ?) as oldest_on, \
             count(distinct c.id) filter (where c.never_met) as never_met, \
             count(distinct c.id) filter (where c.officer_id is null) as unassigned, \
             count(distinct c.id) filter (where c.rule_version <> (select version from rulebook where id = 1)) as recalculating",
            args![today, today],
        )
        .join(OF_AREA)
        .and("a.province_code is not null")
        .group_by("a.code, a.kind, a.name")
        .rows("a.code", 0)
        .await
}

pub async fn by_officer(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<OfficerCount>, Fault> {
    let today = store.today();
    store
        .list(scope, "")
        .told_with(
            "a.code, a.kind, a.name, c.officer_id, us.name as officer, count(distinct c.id) as cases, count(f.id) as open, \
             count(f.id) filter (where f.due_on < ?) as overdue, min(f.due_on) filter (where f.due_on < ?) as oldest_on, \
             max(c.last_contact_on) as last_contact_on, count(distinct c.id) filter (where c.never_met) as never_met, \
             count(distinct c.id) filter (where c.rule_version <> (select version from rulebook where id = 1)) as recalculating",
            args![today, today],
        )
        .join(OF_AREA)
        .and("a.province_code is not null")
        .group_by("a.code, a.kind, a.name, c.officer_id, us.name, us.name_key")
        .rows("a.code, (c.officer_id is not null), overdue desc, us.name_key, c.officer_id", 0)
        .await
}

pub async fn by_hamlet(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<HamletCount>, Fault> {
    let today = store.today();
    let (week, fortnight) = (plus_days(today, -7), plus_days(today, -14));
    store
        .list(scope, "")
        .told_with(
            "hm.name as hamlet, count(f.id) as overdue, count(f.id) filter (where f.due_on >= ?) as week, \
             count(f.id) filter (where f.due_on < ? and f.due_on >= ?) as fortnight, count(f.id) filter (where f.due_on < ?) as older",
            args![week, week, fortnight, fortnight],
        )
        .join(OF_AREA)
        .and_arg("f.due_on < ?", args![today])
        .group_by("c.hamlet_id, hm.name, hm.name_fold")
        .rows("overdue desc, hm.name_fold, c.hamlet_id", 0)
        .await
}

pub async fn sums(store: &Store, scope: &Scope<ComposeDigest>) -> Result<Vec<Sum>, Fault> {
    let today = store.today();
    open(store.list(scope, ""))
        .told_with(
            "c.officer_id, us.name as officer, c.hamlet_id, hm.name as hamlet, count(*) as open, \
             count(*) filter (where f.due_on < ?) as overdue, count(*) filter (where f.postponed > 0) as postponed, \
             min(f.due_on) filter (where f.due_on < ?) as oldest_on",
            args![today, today],
        )
        .join("left join users us on us.id = c.officer_id left join hamlets hm on hm.id = c.hamlet_id")
        .group_by("c.officer_id, us.name, c.hamlet_id, hm.name")
        .rows("c.officer_id, c.hamlet_id", 0)
        .await
}

pub async fn worst(store: &Store, scope: &Scope<ComposeDigest>, limit: i64) -> Result<Vec<Late>, Fault> {
    open(store.list(scope, "f.case_id, c.code, f.kind, f.due_on, c.officer_id, us.name as officer"))
        .join("left join users us on us.id = c.officer_id")
        .and_arg("f.due_on < ?", args![store.today()])
        .rows("(c.officer_id is not null), f.due_on, f.id", limit)
        .await
}

pub async fn case_sums(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<CaseSum>, Fault> {
    store
        .list(
            scope,
            "c.officer_id, us.name as officer, c.hamlet_id, hm.name as hamlet, \
             count(*) filter (where c.never_met) as never_met, count(*) filter (where c.officer_id is null) as unassigned, \
             count(*) filter (where c.to_supervisor) as to_supervisor, \
             count(*) filter (where c.rule_version <> (select version from rulebook where id = 1)) as recalculating",
        )
        .join("left join users us on us.id = c.officer_id left join hamlets hm on hm.id = c.hamlet_id")
        .and(live_case!())
        .group_by("c.officer_id, us.name, c.hamlet_id, hm.name")
        .rows("c.officer_id, c.hamlet_id", 0)
        .await
}

pub async fn recalculating(store: &Store, scope: &Scope<ListCases>) -> Result<i64, Fault> {
    let old = "c.rule_version <> (select version from rulebook where id = 1)";
    store.list(scope, "count(*)").and(live_case!()).and(old).count().await
}
