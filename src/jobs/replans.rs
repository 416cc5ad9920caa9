//! Planning many cases anew: after a change of rules, and each night as a proof.

use super::{
    model::{Job, Kind},
    store,
};
use crate::{
    follow_ups,
    policy::{Actor, acts::Replan, subjects},
    store::{Fault, Store},
};
use std::sync::Arc;

/// So many cases a transaction.
const BATCH: i64 = 500;

/// Goes through the cases in batches; each batch holds the lease again and writes down how far it came, so that a run
/// that was cut off goes on where it stopped.
pub async fn run(store: &Store, job: &Job) -> Result<(), Fault> {
    while !batch(store, job).await? {}
    Ok(())
}

/// One batch; `true` when the run is done.
async fn batch(store: &Store, job: &Job) -> Result<bool, Fault> {
    let version = follow_ups::rulebook(store).await?.version;
    let scope = store.scope::<Replan>(&Arc::new(Actor::system("replan")))?;
    store
        .sweep(scope, async |work| -> Result<bool, Fault> {
            if store::is_superseded(work, job).await? {
                store::finish(work, job, "merged").await?;
                return Ok(true);
            }
            store::hold(work, job).await?;
            let run = store::run_of(work, job, version).await?;
            let below = (job.kind == Kind::Replan).then_some(version);
            let cases = store::next_cases(work, run, below, BATCH).await?;
            let mut differing = 0;
            for case in &cases {
                work.lock::<subjects::Case>(case).await?;
                if !follow_ups::prove(work, *case).await? {
                    differing += 1;
                    tracing::error!(%case, run = %job.key, "what was stored as due is not what the rules say: a defect");
                }
            }
            let planned = i64::try_from(cases.len()).unwrap_or(i64::MAX);
            let done = planned < BATCH;
            store::note_run(work, run, cases.last().copied(), planned, differing, done).await?;
            if done {
                if job.kind == Kind::Replan {
                    store::close_asked_runs(work, version).await?;
                }
                store::merge_older(work, job).await?;
                store::finish(work, job, "done").await?;
            }
            if planned > 0 {
                work.detail(format!("{planned} cases, {differing} differing"));
            }
            Ok(done)
        })
        .await
}
