//! SQL of digests.

use super::model::{Composed, Group, Headline, Missed, Rhythm, Row};
use crate::{
    args,
    base::{
        ids::{DigestId, UserId},
        time::At,
        waiting::Owed,
        words::Owing,
    },
    policy::{
        AreaCode,
        acts::{CountFollowUps, ListCases, ListDigests, SeeDigest, SetDigestRhythm},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit, Work},
};
use jiff::civil::Date;

const HEAD: &str = "d.id, d.area_code, d.on_day, d.composed_at, d.opened_at, d.open_count, d.overdue_count, d.oldest_days, \
     d.never_met_count, d.unassigned_count, d.postponed_count, d.to_supervisor_count, d.recalculating, d.missed, \
     d.missed_from, d.missed_to, d.fingerprint";

pub async fn insert(
    unit: &mut Unit,
    id: DigestId,
    user: UserId,
    area: &AreaCode,
    on: Date,
    missed: Missed,
    composed: &Composed,
) -> Result<(), Fault> {
    let figures = &composed.figures;
    let now = unit.now();
    unit.run(
        "insert into digests (id, user_id, area_code, on_day, composed_at, open_count, overdue_count, oldest_days, never_met_count, \
         unassigned_count, postponed_count, to_supervisor_count, recalculating, missed, missed_from, missed_to, fingerprint) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        args![
            id,
            user,
            &area.0,
            on,
            now,
            figures.open,
            figures.overdue,
            figures.oldest_days,
            figures.never_met,
            figures.unassigned,
            figures.postponed,
            figures.to_supervisor,
            figures.recalculating,
            missed.periods,
            missed.from,
            missed.to,
            composed.fingerprint.as_str()
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_row(unit: &mut Unit, digest: DigestId, rank: i64, row: &Row) -> Result<(), Fault> {
    unit.run(
        "insert into digest_rows (digest_id, rank, case_id, kind, days_late, officer_id) values ($1, $2, $3, $4, $5, $6)",
        args![digest, rank, row.case_id, row.kind.as_str(), row.days_late, row.officer_id],
    )
    .await?;
    Ok(())
}

pub async fn insert_group(
    unit: &mut Unit,
    digest: DigestId,
    kind: &'static str,
    rank: i64,
    group: &Group,
) -> Result<(), Fault> {
    unit.run(
        "insert into digest_groups (digest_id, kind, rank, key_id, open_count, overdue_count, oldest_days, \
         postponed_count, never_met_count, unassigned_count) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            digest,
            kind,
            rank,
            crate::base::arg::Arg::Uuid(group.key_id),
            group.open,
            group.overdue,
            group.oldest_days,
            group.postponed,
            group.never_met,
            group.unassigned
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_owed(unit: &mut Unit, digest: DigestId, owed: &Owed) -> Result<(), Fault> {
    unit.run(
        "insert into digest_owed (digest_id, word, waiting, late) values ($1, $2, $3, $4)",
        args![digest, owed.what.as_str(), owed.waiting, owed.late],
    )
    .await?;
    Ok(())
}

pub async fn list(store: &Store, scope: &Scope<ListDigests>, ask: &PageAsk) -> Result<Page<Headline>, Fault> {
    store.list(scope, HEAD).page(&["d.on_day", "d.id"], Dir::Down, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListDigests>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

pub async fn head(store: &Store, grant: &Grant<SeeDigest>) -> Result<Option<Headline>, Fault> {
    store.one(grant, &[HEAD], &[]).await
}

pub async fn rows(store: &Store, scope: &Scope<ListCases>, digest: DigestId) -> Result<Vec<Row>, Fault> {
    store
        .list(scope, "dr.case_id, c.code, dr.kind, dr.days_late, dr.officer_id, us.name as officer")
        .join("join digest_rows dr on dr.case_id = c.id left join users us on us.id = dr.officer_id")
        .and_arg("dr.digest_id = ?", args![digest])
        .rows("dr.rank", super::ROWS)
        .await
}

pub async fn groups(store: &Store, grant: &Grant<SeeDigest>) -> Result<Vec<(String, Group)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct KindOf {
        kind: String,
        #[sqlx(flatten)]
        group: Group,
    }
    let rows: Vec<KindOf> = store
        .under(
            grant,
            "select g.kind, g.key_id, coalesce(h.name, u.name) as name, g.open_count, g.overdue_count, g.oldest_days, \
             g.postponed_count, g.never_met_count, g.unassigned_count \
             from digest_groups g left join hamlets h on g.kind = 'hamlet' and h.id = g.key_id \
             left join users u on g.kind = 'officer' and u.id = g.key_id where g.digest_id = $1 order by g.kind, g.rank",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.group)).collect())
}

pub async fn owed(store: &Store, grant: &Grant<SeeDigest>) -> Result<Vec<Owed>, Fault> {
    let sql = "select o.word, o.waiting, o.late from digest_owed o where o.digest_id = $1";
    let mut owed: Vec<Owed> = store.under(grant, sql, args![]).await?;
    // As every other page has them.
    owed.sort_by_key(|one| Owing::ALL.iter().position(|word| *word == one.what));
    Ok(owed)
}

pub async fn mark_opened(work: &mut Work<SeeDigest>) -> Result<(), Fault> {
    let (id, now) = (work.id(), work.now());
    work.run("update digests set opened_at = $2 where id = $1 and opened_at is null", args![id, now]).await?;
    Ok(())
}

pub async fn rhythm(store: &Store, scope: &Scope<SetDigestRhythm>) -> Result<Rhythm, Fault> {
    let rows: Vec<(String,)> = store.list(scope, "s.digest_rhythm").rows("s.id", 1).await?;
    rows.first().and_then(|row| row.0.parse().ok()).ok_or(Fault::Inconsistent("digest rhythm"))
}

pub async fn set_rhythm(unit: &mut Unit, user: UserId, rhythm: Rhythm) -> Result<(), Fault> {
    unit.exactly_one("update users set digest_rhythm = $2 where id = $1", args![user, rhythm.as_str()]).await
}

/// For each commune: how many active heads it has, and whether they have left their digests unopened since `since`.
pub async fn heads_by_area(
    store: &Store,
    scope: &Scope<CountFollowUps>,
    since: At,
) -> Result<Vec<(AreaCode, i64, bool)>, Fault> {
    store
        .list(scope, "")
        .told_with(
            "a.code, (select count(*) from users u where u.area_code = a.code and u.role = 'supervisor' and u.disabled_at is null), \
             exists (select 1 from digests d where d.area_code = a.code and d.opened_at is null and d.composed_at <= ? \
             and not exists (select 1 from digests o where o.area_code = a.code and o.opened_at is not null \
             and o.composed_at >= d.composed_at)) is true",
            args![since],
        )
        .and("a.province_code is not null")
        .rows("a.code", 0)
        .await
}
