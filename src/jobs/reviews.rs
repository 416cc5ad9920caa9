//! Whose clearance is to be reviewed, and for whom the term ends within which a loan can be had: looked for each night among
//! all who are looked after.

use super::{model::Job, scope, store};
use crate::{
    base::ids::CaseId,
    clearances, loans,
    policy::subjects,
    store::{Fault, Store},
};

/// So many cases a transaction.
const BATCH: i64 = 200;

/// Goes through the cases that have judgments, in batches. One that was cut off begins anew: what is asked for already is
/// not asked for twice.
pub async fn run(store: &Store, job: &Job) -> Result<(), Fault> {
    let mut after = None;
    while let Some(last) = loans_batch(store, after).await? {
        after = Some(last);
    }
    after = None;
    while let Some(last) = batch(store, job, after).await? {
        after = Some(last);
    }
    Ok(())
}

/// One batch; the case that it ended with, `None` when all are done.
async fn batch(store: &Store, job: &Job, after: Option<CaseId>) -> Result<Option<CaseId>, Fault> {
    let book = clearances::book(store).await?;
    store
        .sweep(scope(store)?, async |work| -> Result<Option<CaseId>, Fault> {
            if store::is_superseded(work, job).await? {
                store::finish(work, job, "merged").await?;
                return Ok(None);
            }
            store::hold(work, job).await?;
            let cases = clearances::next_cases(work, after, BATCH).await?;
            for case in &cases {
                work.lock::<subjects::Case>(case).await?;
                clearances::propose(work, *case, &book).await?;
            }
            let count = i64::try_from(cases.len()).unwrap_or(i64::MAX);
            if count < BATCH {
                store::merge_older(work, job).await?;
                store::finish(work, job, "done").await?;
            }
            if count > 0 {
                work.detail(format!("{count} cases looked at for clearance"));
            }
            Ok(cases.last().copied().filter(|_| count == BATCH))
        })
        .await
}

/// The same of loans. Nobody is asked twice, so that a night that is begun anew does no harm.
async fn loans_batch(store: &Store, after: Option<CaseId>) -> Result<Option<CaseId>, Fault> {
    let limits = loans::book(store).await?.limits;
    store
        .sweep(scope(store)?, async |work| -> Result<Option<CaseId>, Fault> {
            let (asked, last) = loans::remind(work, after, BATCH, &limits).await?;
            if asked > 0 {
                work.detail(format!("{asked} officers asked to speak of a loan"));
            }
            Ok(last)
        })
        .await
}
