//! SQL of backups.

use super::model::{Line, Status};
use crate::{
    args,
    base::{
        ids::{BackupId, UserId},
        time::At,
        words::{BackupKind, BackupWhy},
    },
    store::{Fault, Store, Unit},
};
use jiff::civil::Date;

#[derive(sqlx::FromRow)]
struct Ends {
    first_made: Option<At>,
    made: Option<At>,
    drill: Option<At>,
    drill_tried: Option<At>,
    holder: Option<At>,
}

pub async fn status(store: &Store, is_set: bool) -> Result<Status, Fault> {
    let rows: Vec<Ends> = store
        .reference(
            "select min(case when kind = 'made' and why = 'none' then at end) as first_made, \
             max(case when kind = 'made' and why = 'none' then at end) as made, \
             max(case when kind = 'drill' and why = 'none' then at end) as drill, \
             max(case when kind = 'drill' then at end) as drill_tried, \
             max(case when kind = 'holder' and why = 'none' then at end) as holder from backups",
            args![],
        )
        .await?;
    let ends = rows.into_iter().next().ok_or(Fault::Inconsistent("count"))?;
    let failed = ends.drill_tried > ends.drill;
    Ok(Status::of(is_set, ends.first_made, ends.made, ends.drill, ends.holder, failed))
}

pub async fn lines(store: &Store) -> Result<Vec<Line>, Fault> {
    store
        .reference(
            "select b.id, b.kind, b.at, b.why, b.name, b.bytes, b.millis, u.name as by from backups b \
             left join users u on u.id = b.by order by b.at desc, b.id desc limit 30",
            args![],
        )
        .await
}

/// What the program did by itself, or a command.
pub async fn note(
    unit: &mut Unit,
    kind: BackupKind,
    why: BackupWhy,
    name: &str,
    bytes: i64,
    millis: i64,
) -> Result<(), Fault> {
    let (id, now): (BackupId, At) = (unit.new_id(), unit.now());
    insert(unit, id, kind, now, why, (name, bytes, millis), None).await
}

pub async fn note_holder(unit: &mut Unit, on: Date, why: BackupWhy, by: UserId) -> Result<(), Fault> {
    let id: BackupId = unit.new_id();
    insert(unit, id, BackupKind::Holder, At::of(on, 12, 0), why, ("", 0, 0), Some(by)).await
}

async fn insert(
    unit: &mut Unit,
    id: BackupId,
    kind: BackupKind,
    at: At,
    why: BackupWhy,
    (name, bytes, millis): (&str, i64, i64),
    by: Option<UserId>,
) -> Result<(), Fault> {
    unit.run(
        "insert into backups (id, kind, at, why, name, bytes, millis, by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, kind.as_str(), at, why.as_str(), name, bytes, millis, by],
    )
    .await?;
    Ok(())
}
