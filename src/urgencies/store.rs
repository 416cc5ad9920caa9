//! SQL of urgent needs.

use super::model::{Head, Line, Of, Whole};
use crate::{
    args,
    base::{
        ids::{CaseId, UrgencyId, UserId},
        waiting::Waiting,
    },
    policy::{
        acts::{ListUrgencies, SeeUrgency},
        subjects::unbarred,
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};

/// So long one may wait before it is late.
const LATE_SECONDS: i64 = 86_400;

/// Does the same wait already: the same area of this case, the same need of its family?
pub async fn waits(unit: &mut Unit, case: CaseId, of: Of) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from urgencies where case_id = $1 and answered_at is null and met_at is null \
             and (area = $2 or home_need_id = $3)",
            args![case, of.area().map(|area| area.as_str()), of.home_need()],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(unit: &mut Unit, case: CaseId, of: Of, by: UserId) -> Result<UrgencyId, Fault> {
    let id: UrgencyId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into urgencies (id, case_id, need_id, area, home_need_id, raised_by, raised_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, 1)",
        args![id, case, of.need(), of.area().map(|area| area.as_str()), of.home_need(), by, now],
    )
    .await?;
    Ok(id)
}

pub async fn meet(unit: &mut Unit, case: CaseId, of: Of) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update urgencies set met_at = $4, version = version + 1 where case_id = $1 and met_at is null \
         and (area = $2 or home_need_id = $3)",
        args![case, of.area().map(|area| area.as_str()), of.home_need(), now],
    )
    .await?;
    Ok(())
}

/// Since when something urgent of this case waits stands on the case, so that the head's page finds it in one question.
pub async fn mark(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    unit.exactly_one(
        "update cases set urgent_at = (select min(raised_at) from urgencies ur where ur.case_id = cases.id \
         and ur.answered_at is null and ur.met_at is null) where id = $1",
        args![case],
    )
    .await
}

/// The active heads of the case's commune who may know its person, but the one who wrote it down.
pub async fn heads(unit: &mut Unit, case: CaseId, by: UserId) -> Result<Vec<Head>, Fault> {
    unit.rows(
        concat!(
            "select u.id, u.email, u.lang from users u join cases c on c.area_code = u.area_code where c.id = $1 and u.id <> $2 \
             and u.role = 'supervisor' and u.disabled_at is null and ",
            unbarred!("u.id", "c.person_id"),
            " order by u.id"
        ),
        args![case, by],
    )
    .await
}

/// Of which case, and is it over: answered, or met?
pub async fn standing(unit: &mut Unit, id: UrgencyId) -> Result<(CaseId, bool), Fault> {
    let row: Option<(CaseId, bool)> = unit
        .row(
            "select case_id, (answered_at is not null or met_at is not null) is true from urgencies where id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

const LINE: &str = "ur.id, ur.case_id, c.code, p.name, (ur.home_need_id is not null) is true as of_family, ur.raised_by as by_id, \
     u.name as by, ur.raised_at, ur.answered_at, ub.name as answered_by, ur.met_at, ur.version";
const LINE_FROM: &str = "join people p on p.id = c.person_id join users u on u.id = ur.raised_by left join users ub on ub.id = ur.answered_by";

pub async fn list(store: &Store, scope: &Scope<ListUrgencies>, all: bool, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    let list = store.list(scope, LINE).join(LINE_FROM);
    if all {
        return list.page(&["ur.raised_at", "ur.id"], Dir::Down, ask).await;
    }
    let list =
        list.and("ur.answered_at is null and ur.met_at is null").and("c.status in ('noticed', 'active', 'suspended')");
    list.page(&["ur.raised_at", "ur.id"], Dir::Up, ask).await
}

pub async fn waiting(store: &Store, scope: &Scope<ListUrgencies>) -> Result<Waiting, Fault> {
    let rows = store
        .list(scope, "")
        .told_with(
            "count(*) as waiting, count(*) filter (where ur.raised_at < ?) as late",
            args![store.now().plus(-LATE_SECONDS)],
        )
        .and("ur.answered_at is null and ur.met_at is null")
        .and("c.status in ('noticed', 'active', 'suspended')")
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub async fn one(store: &Store, grant: &Grant<SeeUrgency>) -> Result<Option<Whole>, Fault> {
    store.opened(store.one(grant, &[LINE, "ur.answer"], &[LINE_FROM]).await?).await
}
