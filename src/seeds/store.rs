//! SQL of the seeds: what no feature asks for.

use crate::{
    args,
    policy::acts::RunJobs,
    store::{Fault, Scope, Store},
};

/// How the audit says that the demo story came to its end.
const TOLD: &str = "demo story told";

pub async fn note_told(store: &Store, scope: Scope<RunJobs>) -> Result<(), Fault> {
    store
        .sweep(scope, async |work| {
            work.detail(TOLD.to_owned());
            Ok(())
        })
        .await
}

/// `Some(true)`: told to its end · `Some(false)`: something else is in this database · `None`: nobody is.
pub async fn was_told(store: &Store) -> Result<Option<bool>, Fault> {
    let rows: Vec<(i64, i64)> = store
        .reference(
            "select (select count(*) from users), (select count(*) from audit where act = 'job.run' and detail = $1)",
            args![TOLD],
        )
        .await?;
    Ok(rows.first().filter(|(users, _)| *users > 0).map(|(_, told)| *told > 0))
}

/// How many people are in the database.
pub async fn people(store: &Store) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> = store.reference("select count(*) from people", args![]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}
