//! SQL of the trail.

use super::{
    checkpoints::Checkpoint,
    model::{Filter, Line, Opening, Reader, Thresholds, ToldOpening},
};
use crate::{
    args,
    base::{
        arg::Arg,
        ids::{Id, TrailId, UserId},
        time::At,
    },
    policy::acts::{CountReaders, ListOwnOpenings, ListTrail, RunJobs, SeeOpenings},
    store::{Dir, Fault, Grant, Page, PageAsk, Period, Scope, Store, read_cursor},
};

pub async fn list(
    store: &Store,
    scope: &Scope<ListTrail>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let mut list = store
        .list(
            scope,
            "au.id, au.at, au.actor, us.username, us.name, au.act, au.subject, au.subject_id, au.purpose, au.outcome, au.detail, au.policy_version",
        )
        .join("left join users us on us.id = au.user_id");
    if !filter.user.is_empty() {
        list = list.and_arg("us.username = ?", args![filter.user.trim()]);
    }
    if !filter.act.is_empty() {
        list = list.and_arg("au.act = ?", args![filter.act.trim()]);
    }
    if !filter.record.is_empty() {
        list = list.and_arg("au.subject_id = ?", args![filter.record.trim()]);
    }
    list.page(&["au.at", "au.id"], Dir::Down, ask).await
}

/// After which line a page goes on; the first after all that can be.
fn after(ask: &PageAsk) -> Result<Vec<Arg>, Fault> {
    match &ask.cursor {
        None => Ok(args![i64::MAX, TrailId::from_uuid(uuid::Uuid::max())]),
        Some(cursor) => match read_cursor(cursor).as_deref() {
            Some([at @ Arg::Int(Some(_)), id @ Arg::Uuid(Some(_))]) => Ok(vec![at.clone(), id.clone()]),
            _ => Err(Fault::Cursor),
        },
    }
}

pub async fn of_case(store: &Store, grant: &Grant<SeeOpenings>, ask: &PageAsk) -> Result<Page<Opening>, Fault> {
    let mut args = after(ask)?;
    args.push(Arg::from(ask.limit + 1));
    let rows = store
        .under(
            grant,
            "select au.id, au.at, au.actor, us.username, us.name, au.act, au.case_id, c.code, au.purpose, au.outcome, au.detail \
             from audit au join cases c on c.id = au.case_id left join users us on us.id = au.user_id \
             where au.case_id = $1 and (au.at, au.id) < ($2, $3) order by au.at desc, au.id desc limit $4",
            args,
        )
        .await?;
    Ok(Page::cut(rows, ask.limit))
}

pub async fn told(
    store: &Store,
    grant: &Grant<SeeOpenings>,
    period: Period,
    ask: &PageAsk,
) -> Result<Page<ToldOpening>, Fault> {
    let (from, to) = period.instants();
    let mut args = after(ask)?;
    args.extend(args![from, to, ask.limit + 1]);
    let rows = store
        .under(
            grant,
            "select au.id, au.at, coalesce(us.role, '') || '|' || coalesce(o.name_vi, '') as who, au.purpose, au.detail \
             from audit au left join users us on us.id = au.user_id left join organisations o on o.id = us.organisation_id \
             where au.case_id = $1 and au.outcome = 'opened' and (au.at, au.id) < ($2, $3) and au.at >= $4 and au.at < $5 \
             order by au.at desc, au.id desc limit $6",
            args,
        )
        .await?;
    Ok(Page::cut(rows, ask.limit))
}

pub async fn mine(store: &Store, scope: &Scope<ListOwnOpenings>, ask: &PageAsk) -> Result<Page<Opening>, Fault> {
    store
        .list(
            scope,
            "au.id, au.at, au.actor, us.username, us.name, au.act, au.case_id, c.code, au.purpose, au.outcome, au.detail",
        )
        .join("left join users us on us.id = au.user_id left join cases c on c.id = au.case_id")
        .and("au.outcome in ('opened', 'read', 'refused')")
        .and("c.status is null or c.status <> 'sealed'")
        .page(&["au.at", "au.id"], Dir::Down, ask)
        .await
}

/// What each person read on each of the last 30 days. An instant is UTC; Viet Nam is seven hours ahead.
pub async fn readers(
    store: &Store,
    scope: &Scope<CountReaders>,
    thresholds: &Thresholds,
) -> Result<Vec<Reader>, Fault> {
    let since = At::of(crate::base::time::plus_days(store.today(), -30), 0, 0);
    store
        .list(scope, "")
        .told_with(
            "us.username, us.role, (au.at + 25200000000) / 86400000000 as day, \
             count(distinct case when au.outcome = 'opened' and au.purpose <> 'own' then au.case_id end) as outside, \
             sum(case when au.act = 'case.list' and au.detail like 'search%' then 1 else 0 end) as searches, \
             sum(case when ((au.at + 25200000000) / 3600000000) % 24 >= ? or ((au.at + 25200000000) / 3600000000) % 24 < ? \
             then 1 else 0 end) as night",
            args![thresholds.night_from, thresholds.night_until],
        )
        .join("join users us on us.id = au.user_id")
        .and("au.outcome in ('opened', 'read')")
        .and_arg("au.at >= ?", args![since])
        .group_by("us.username, us.role, (au.at + 25200000000) / 86400000000")
        .rows("us.username", 0)
        .await
}

const CHECKPOINT: &str = "number, at, seq, head, rows, signer, signature";

/// The number of the chain's last row.
pub async fn end(store: &Store) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> =
        store.reference("select seq from audit where seq > 0 order by seq desc limit 1", args![]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

pub async fn last(store: &Store) -> Result<Option<Checkpoint>, Fault> {
    let sql = format!("select {CHECKPOINT} from checkpoints order by number desc limit 1");
    Ok(store.reference(sql, args![]).await?.into_iter().next())
}

/// All checkpoints, oldest first.
pub async fn checkpoints(store: &Store) -> Result<Vec<Checkpoint>, Fault> {
    store.reference(format!("select {CHECKPOINT} from checkpoints order by number"), args![]).await
}

/// `false`: another node has kept one of that number.
pub async fn keep(store: &Store, scope: Scope<RunJobs>, point: &Checkpoint) -> Result<bool, Fault> {
    store
        .sweep(scope, async |work| {
            let rows = work
                .run(
                    "insert into checkpoints (number, at, seq, head, rows, signer, signature) values ($1, $2, $3, $4, $5, $6, $7) \
                     on conflict do nothing",
                    args![
                        point.number,
                        point.at,
                        point.seq,
                        point.head.clone(),
                        point.rows,
                        point.signer.clone(),
                        point.signature.clone()
                    ],
                )
                .await?;
            Ok(rows == 1)
        })
        .await
}

/// The officer who is in charge of a case.
pub async fn in_charge(store: &Store, grant: &Grant<SeeOpenings>) -> Result<Option<UserId>, Fault> {
    let rows: Vec<(Option<UserId>,)> =
        store.under(grant, "select officer_id from cases where id = $1", args![]).await?;
    Ok(rows.first().and_then(|row| row.0))
}
