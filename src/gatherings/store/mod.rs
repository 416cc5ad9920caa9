//! SQL of gatherings.

pub mod guests;
pub mod opinions;

use super::model::{Attended, MoveRow, NewGathering, Row};
use crate::{
    args,
    base::{
        fields::{
            CancelledReason, GatheringLeader, GatheringMinutes, GatheringMoveReason, GatheringPlace, GatheringTitle,
        },
        ids::{CaseId, GatheringId, GatheringMoveId, UserId},
        time::Day,
    },
    policy::{
        AreaCode,
        acts::{ChangeGathering, ListGatherings, SeeAttendance, SeeGathering},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Sealer, Store, Unit, Work},
};
use jiff::civil::Date;

macro_rules! row {
    () => {
        "g.id, g.area_code, a.name as area, g.case_id, g.kind, g.title, g.on_day, g.at_time, g.place, g.leader, g.outsiders, \
         g.outsiders_came, g.cancelled_at, g.cancelled_reason, g.minuted_at, g.version"
    };
}
const ROW_FROM: &str = "join areas a on a.code = g.area_code";
const MINUTES: &str = "g.minutes, um.name as minuted_by";
const MINUTES_FROM: &str = "left join users um on um.id = g.minuted_by";

/// With whose key the words of a meeting are sealed: of the person with whose family it is, or the office's.
pub async fn sealer(unit: &mut Unit, case: Option<CaseId>) -> Result<Sealer, Fault> {
    match case {
        Some(case) => unit.sealer_of(case).await,
        None => unit.store().note_sealer(),
    }
}

pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    case: Option<CaseId>,
    new: &NewGathering,
    by: UserId,
) -> Result<GatheringId, Fault> {
    let id: GatheringId = unit.new_id();
    let now = unit.now();
    let seal = sealer(unit, case).await?;
    unit.run(
        "insert into gatherings (id, area_code, case_id, kind, title, on_day, at_time, place, leader, outsiders, made_by, made_at, \
         version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            &area.0,
            case,
            new.kind.as_str(),
            seal.text::<GatheringTitle>(id, &new.title)?,
            new.on,
            new.at.as_str(),
            seal.text::<GatheringPlace>(id, &new.place)?,
            seal.text::<GatheringLeader>(id, &new.leader)?,
            new.outsiders,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// The commune of a case.
pub async fn area_of(unit: &mut Unit, case: CaseId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// What decides about a meeting within a unit of work.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    pub case_id: Option<CaseId>,
    pub on_day: Day,
    pub at_time: String,
    pub outsiders_came: Option<i64>,
    pub cancelled: bool,
    pub minuted: bool,
}

pub async fn standing(unit: &mut Unit, id: GatheringId) -> Result<Standing, Fault> {
    let sql = "select case_id, on_day, at_time, outsiders_came, cancelled_at is not null as cancelled, \
               minuted_at is not null as minuted from gatherings where id = $1";
    unit.row(sql, args![id]).await?.ok_or(Fault::Moved)
}

pub async fn change(work: &mut Work<ChangeGathering>, case: Option<CaseId>, new: &NewGathering) -> Result<(), Fault> {
    let (id, seal) = (work.id(), sealer(work, case).await?);
    work.set(
        "kind = ?, title = ?, on_day = ?, at_time = ?, place = ?, leader = ?, outsiders = ?",
        args![
            new.kind.as_str(),
            seal.text::<GatheringTitle>(id, &new.title)?,
            new.on,
            new.at.as_str(),
            seal.text::<GatheringPlace>(id, &new.place)?,
            seal.text::<GatheringLeader>(id, &new.leader)?,
            new.outsiders
        ],
    )
    .await
}

pub async fn move_to(
    work: &mut Work<ChangeGathering>,
    was: &Standing,
    on: Date,
    at: &str,
    reason: &str,
    by: UserId,
) -> Result<(), Fault> {
    let (of, now) = (work.id(), work.now());
    let id: GatheringMoveId = work.new_id();
    let reason = sealer(work, was.case_id).await?.text::<GatheringMoveReason>(id, reason)?;
    work.run(
        "insert into gathering_moves (id, gathering_id, case_id, from_on, from_time, to_on, to_time, reason, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![id, of, was.case_id, was.on_day, was.at_time.as_str(), on, at, reason, by, now],
    )
    .await?;
    work.set("on_day = ?, at_time = ?", args![on, at]).await
}

pub async fn cancel(
    work: &mut Work<ChangeGathering>,
    case: Option<CaseId>,
    reason: &str,
    by: UserId,
) -> Result<(), Fault> {
    let (id, now) = (work.id(), work.now());
    let reason = sealer(work, case).await?.text::<CancelledReason>(id, reason)?;
    work.set("cancelled_at = ?, cancelled_by = ?, cancelled_reason = ?", args![now, by, reason]).await
}

pub async fn keep_minutes(
    work: &mut Work<ChangeGathering>,
    case: Option<CaseId>,
    minutes: &str,
    by: UserId,
) -> Result<(), Fault> {
    let (id, now) = (work.id(), work.now());
    let minutes = sealer(work, case).await?.text::<GatheringMinutes>(id, minutes)?;
    work.set("minutes = ?, minuted_by = ?, minuted_at = ?", args![minutes, by, now]).await
}

/// `ahead`: from today on and not cancelled, soonest first; else the others, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope<ListGatherings>,
    ahead: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<Row>, Fault> {
    let today = store.today();
    let list = store.list(scope, row!()).join(ROW_FROM);
    let (list, dir) = match ahead {
        Some(true) => (list.and_arg("g.on_day >= ? and g.cancelled_at is null", args![today]), Dir::Up),
        Some(false) => (list.and_arg("g.on_day < ? or g.cancelled_at is not null", args![today]), Dir::Down),
        None => (list, Dir::Down),
    };
    store.opened_page(list.page(&["g.on_day", "g.id"], dir, ask).await?).await
}

pub async fn count(store: &Store, scope: &Scope<ListGatherings>, ahead: Option<bool>) -> Result<i64, Fault> {
    let today = store.today();
    let list = store.list(scope, "count(*)");
    let list = match ahead {
        Some(true) => list.and_arg("g.on_day >= ? and g.cancelled_at is null", args![today]),
        Some(false) => list.and_arg("g.on_day < ? or g.cancelled_at is not null", args![today]),
        None => list,
    };
    list.count().await
}

/// `minutes`: with what was written down of it.
pub async fn one(store: &Store, grant: &Grant<SeeGathering>, minutes: bool) -> Result<Option<Row>, Fault> {
    let row = match minutes {
        true => store.one(grant, &[row!(), MINUTES], &[ROW_FROM, MINUTES_FROM]).await?,
        false => store.one(grant, &[row!()], &[ROW_FROM]).await?,
    };
    store.opened(row).await
}

pub async fn moves(store: &Store, grant: &Grant<SeeGathering>) -> Result<Vec<MoveRow>, Fault> {
    let rows: Vec<MoveRow> = store
        .under(
            grant,
            "select m.id, m.from_on, m.to_on, m.reason, u.name as by from gathering_moves m join users u on u.id = m.by \
             where m.gathering_id = $1 order by m.made_at, m.id limit 100",
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// What a person was asked to, newest first, with the dialogues with her family.
pub async fn of_case(store: &Store, grant: &Grant<SeeAttendance>) -> Result<Vec<Attended>, Fault> {
    store
        .under(
            grant,
            "select g.id, g.kind, g.on_day, g.case_id is not null as hers, g.cancelled_at, g.minuted_at, \
             count(case when gg.id is not null and gg.relative_id is null then 1 end) as asked, \
             cast(max(case when gg.relative_id is null and gg.came then 1 when gg.relative_id is null and not gg.came then 0 end) as bigint) as came, \
             count(gg.relative_id) as family_asked, count(case when gg.came then gg.relative_id end) as family_came \
             from gatherings g left join gathering_guests gg on gg.gathering_id = g.id and gg.case_id = $1 and gg.withdrawn_at is null \
             where g.id in (select id from gatherings where case_id = $1 union select gathering_id from gathering_guests where case_id = $1) \
             and (g.case_id = $1 or gg.id is not null) \
             group by g.id, g.kind, g.on_day, g.case_id, g.cancelled_at, g.minuted_at \
             order by g.on_day desc, g.id desc limit 200",
            args![],
        )
        .await
}
