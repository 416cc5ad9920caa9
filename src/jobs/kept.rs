//! The nightly backup and the weekly trial, and the same for a command: who does it is the program.
//! Both may take longer than a lease: it is held for two hours before they begin.

use super::{
    model::{Job, Kind},
    scope, store,
};
use crate::{
    app::App,
    backups::{self, Boxes, Made, NotSound, Restored, Tried},
    base::time::Clock,
    config::Settings,
    policy::Actor,
    store::{Fault, Store},
};

/// Cut off, one is begun anew after so long.
const HELD: i64 = 2 * 3_600;

/// Makes a backup now.
///
/// # Errors
/// As [`backups::make`].
pub async fn back_up(app: &App) -> Result<Made, NotSound> {
    backups::make(app, scope(app.store())?).await
}

/// Tries a copy of the database as it is now.
///
/// # Errors
/// As [`backups::drill`].
pub async fn drill(app: &App) -> Result<Tried, NotSound> {
    backups::drill(app, scope(app.store())?).await
}

/// Puts a backup back into an empty place; `kept` false: only tries whether it could be.
///
/// # Errors
/// As [`backups::restore`].
pub async fn restore(settings: &Settings, boxes: &Boxes, clock: Clock, kept: bool) -> Result<Restored, NotSound> {
    let actor = Actor::system("restore");
    match kept {
        true => backups::restore(settings, boxes, clock, &actor).await,
        false => backups::try_out(settings, boxes, clock, &actor).await,
    }
}

/// Does one, and marks it done. One that did not go well stands on the admin's page and is tried again.
pub async fn run(app: &App, job: &Job) -> Result<(), Fault> {
    let store = app.store();
    if !begin(store, job).await? {
        return Ok(());
    }
    let done = match job.kind {
        Kind::Drill => drill(app).await.map(drop),
        _ => back_up(app).await.map(drop),
    };
    if let Err(not) = done {
        tracing::error!(reason = %not, job = %job.key, "a backup or its trial did not go well");
        return Err(Fault::Unavailable);
    }
    finish(store, job).await
}

/// `false`: a newer period is there and stands for this one.
async fn begin(store: &Store, job: &Job) -> Result<bool, Fault> {
    store
        .sweep(scope(store)?, async |work| -> Result<bool, Fault> {
            if store::is_superseded(work, job).await? {
                store::finish(work, job, "merged").await?;
                return Ok(false);
            }
            store::hold_for(work, job, HELD).await?;
            Ok(true)
        })
        .await
}

async fn finish(store: &Store, job: &Job) -> Result<(), Fault> {
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            store::merge_older(work, job).await?;
            store::finish(work, job, "done").await
        })
        .await
}
