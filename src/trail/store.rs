//! SQL of the trail.

use super::{
    checkpoints::Checkpoint,
    model::{Filter, Line},
};
use crate::{
    args,
    policy::acts::{ListTrail, RunJobs},
    store::{Dir, Fault, Page, PageAsk, Scope, Store},
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
            "au.id, au.at, au.actor, us.username, us.name, au.act, au.subject, au.subject_id, au.outcome, au.detail, au.policy_version",
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
