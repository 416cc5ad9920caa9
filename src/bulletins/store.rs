//! SQL of the weekly counts.

use super::model::{Headline, Line};
use crate::{
    args,
    base::ids::{BulletinId, UserId},
    digests::model::Missed,
    policy::{
        AreaCode,
        acts::{ListBulletins, SeeBulletin},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit, Work},
};
use jiff::civil::Date;

const HEAD: &str = "bu.id, bu.on_day, bu.composed_at, bu.opened_at, bu.missed, bu.missed_from, bu.missed_to";

pub async fn insert(
    unit: &mut Unit,
    id: BulletinId,
    user: UserId,
    area: &AreaCode,
    on: Date,
    missed: Missed,
) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into bulletins (id, user_id, area_code, on_day, composed_at, missed, missed_from, missed_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, user, &area.0, on, now, missed.periods, missed.from, missed.to],
    )
    .await?;
    Ok(())
}

pub async fn insert_line(unit: &mut Unit, id: BulletinId, line: &Line) -> Result<(), Fault> {
    unit.run(
        "insert into bulletin_lines (bulletin_id, area_code, cases, open_count, overdue_count, oldest_days, never_met_count, \
         unassigned_count, headless, unread) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            id,
            &line.area_code.0,
            line.cases,
            line.open_count,
            line.overdue_count,
            line.oldest_days,
            line.never_met_count,
            line.unassigned_count,
            line.headless,
            line.unread
        ],
    )
    .await?;
    Ok(())
}

pub async fn list(store: &Store, scope: &Scope<ListBulletins>, ask: &PageAsk) -> Result<Page<Headline>, Fault> {
    store.list(scope, HEAD).page(&["bu.on_day", "bu.id"], Dir::Down, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListBulletins>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

pub async fn head(store: &Store, grant: &Grant<SeeBulletin>) -> Result<Option<Headline>, Fault> {
    store.one(grant, &[HEAD], &[]).await
}

pub async fn lines(store: &Store, grant: &Grant<SeeBulletin>) -> Result<Vec<Line>, Fault> {
    store
        .under(
            grant,
            "select bl.area_code, ar.kind, ar.name, bl.cases, bl.open_count, bl.overdue_count, bl.oldest_days, bl.never_met_count, \
             bl.unassigned_count, bl.headless, bl.unread from bulletin_lines bl join areas ar on ar.code = bl.area_code \
             where bl.bulletin_id = $1 order by bl.overdue_count desc, bl.cases desc, bl.area_code",
            args![],
        )
        .await
}

pub async fn mark_opened(work: &mut Work<SeeBulletin>) -> Result<(), Fault> {
    let (id, now) = (work.id(), work.now());
    work.run("update bulletins set opened_at = $2 where id = $1 and opened_at is null", args![id, now]).await?;
    Ok(())
}
