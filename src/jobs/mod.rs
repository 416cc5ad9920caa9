//! The clockwork: what the program does by itself.
//!
//! The cron crate only wakes [`tick`] every few seconds. A ledger in the database decides what runs: one row for each
//! job and period, with a unique key, planned back over missed days, claimed by lease, its effects and its done mark in
//! one transaction. So a restart, a second start, a second node or a jump of the clock neither skips nor repeats.

mod erased;
mod kept;
pub mod model;
mod morning;
mod replans;
mod reviews;
mod store;

pub use erased::forget_again;
pub use kept::{back_up, drill, restore};

use crate::{
    app::App,
    attachments, follow_ups, mails,
    policy::{Actor, acts::RunJobs},
    staff,
    store::{Fault, Scope, Store},
    trail,
};
use model::{Job, Kind, Slot};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job as CronJob, JobScheduler, JobSchedulerError};

/// Wakes the clockwork.
const EVERY_FIVE_SECONDS: &str = "*/5 * * * * *";

/// A row of the trail has its place within a second.
const SEQUENCE: std::time::Duration = std::time::Duration::from_millis(400);

/// The running clockwork.
pub struct Clockwork {
    scheduler: JobScheduler,
    /// Held while a tick runs: the cron crate would start one over the other.
    running: Arc<Mutex<()>>,
    /// Gives rows of the trail their place, several times a second (PostgreSQL).
    sequencer: tokio::task::JoinHandle<()>,
}

/// Starts the clockwork: a tick every few seconds. The first catches up with what was missed.
///
/// # Errors
/// The scheduler could not be started.
pub async fn start(app: App) -> Result<Clockwork, JobSchedulerError> {
    let (app, clock_app) = (app.clone(), app);
    let scheduler = JobScheduler::new().await?;
    let running = Arc::new(Mutex::new(()));
    let gate = running.clone();
    let wake = CronJob::new_async_tz(EVERY_FIVE_SECONDS, chrono_tz::Asia::Ho_Chi_Minh, move |_id, _scheduler| {
        let (app, gate) = (clock_app.clone(), gate.clone());
        Box::pin(async move {
            let Ok(_alone) = gate.try_lock() else { return };
            if let Err(fault) = tick(&app).await {
                tracing::error!(%fault, "the clockwork could not look what is due; it tries again");
            }
        })
    })?;
    scheduler.add(wake).await?;
    scheduler.start().await?;
    let sequencer = tokio::spawn(sequence(app));
    Ok(Clockwork { scheduler, running, sequencer })
}

impl Clockwork {
    /// Wakes nobody any more, and returns when the tick that is under way is done.
    pub async fn stop(mut self) -> Result<(), JobSchedulerError> {
        let stopped = self.scheduler.shutdown().await;
        self.sequencer.abort();
        let _last = self.running.lock().await;
        stopped
    }
}

/// Chains the rows that wait, for as long as the program serves.
async fn sequence(app: App) {
    if !app.store().is_postgres() {
        return;
    }
    let mut every = tokio::time::interval(SEQUENCE);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(fault) = app.store().chain().await {
            tracing::warn!(%fault, "rows of the trail wait for their place; it is tried again");
        }
    }
}

/// Does everything that is due now: plans, works through the ledger, sends mails. Also called directly: when the
/// program starts, in the demo and in tests.
///
/// # Errors
/// A fault of the database while looking what is due. A job that fails is put back and tried again later; the others go on.
pub async fn tick(app: &App) -> Result<(), Fault> {
    // A new name each time: two ticks at once, here or on two nodes, are two workers.
    let worker = format!("{:016x}", rand::random::<u64>());
    // First, so that a digest names the trail as it is this morning.
    swear(app).await;
    plan(app).await?;
    while let Some(job) = claim(app.store(), &worker).await? {
        if let Err(fault) = work_off(app, &job).await {
            put_back(app.store(), &job, &fault).await?;
        }
    }
    mails::send_due(app).await?;
    Ok(())
}

/// Chains what waits and swears to the trail's end, if it is time. What hinders it hinders nothing else.
async fn swear(app: &App) {
    if let Err(fault) = app.store().write_refusals(false).await {
        tracing::error!(%fault, "what was refused is not in the trail yet; it is tried again");
    }
    if let Err(fault) = app.store().chain().await {
        tracing::error!(%fault, "rows of the trail wait for their place; it is tried again");
    }
    let sworn = async || trail::checkpoints::if_due(app, scope(app.store())?).await;
    if let Err(fault) = sworn().await {
        tracing::error!(%fault, "no checkpoint of the trail; it is tried again");
    }
}

fn scope(store: &Store) -> Result<Scope<RunJobs>, Fault> {
    store.scope(&Arc::new(Actor::system("scheduler")))
}

/// Writes into the ledger what is due and not there yet.
async fn plan(app: &App) -> Result<(), Fault> {
    let (store, backups) = (app.store(), app.settings().backup.is_some());
    let book = follow_ups::rulebook(store).await?;
    let planned = store::planned(store).await?;
    for slot in model::missing(&book.days, store.now(), &planned, backups) {
        let week = book.days.first_of_week(slot.on) == slot.on;
        store.sweep(scope(store)?, async |work| plan_slot(work, slot, week).await).await?;
    }
    if store::has_stale_cases(store, book.version).await? {
        store.sweep(scope(store)?, async |work| store::ask_replan(work, book.version).await).await?;
    }
    Ok(())
}

/// One period of one kind; a morning is at once spread over those who hear of it.
async fn plan_slot(unit: &mut crate::store::Unit, slot: Slot, first_of_week: bool) -> Result<(), Fault> {
    if !store::insert_slot(unit, slot).await? || slot.kind != Kind::Morning {
        return Ok(());
    }
    for (user, kind) in store::readers(unit, first_of_week).await? {
        store::insert_for(unit, kind, user, slot).await?;
    }
    Ok(())
}

/// Takes the next job by lease: changes of rules first, then the proof, then the newest of the rest.
async fn claim(store: &Store, worker: &str) -> Result<Option<Job>, Fault> {
    if !store::any_due(store).await? {
        return Ok(None);
    }
    store.sweep(scope(store)?, async |work| store::claim(work, worker).await).await
}

async fn work_off(app: &App, job: &Job) -> Result<(), Fault> {
    match job.kind {
        Kind::Digest => morning::digest(app, job).await,
        Kind::Reminder => morning::reminder(app, job).await,
        Kind::Bulletin => morning::bulletin(app, job).await,
        Kind::Nightly | Kind::Replan => replans::run(app.store(), job).await,
        Kind::Clearances => reviews::run(app.store(), job).await,
        Kind::Sweep => sweep(app, job).await,
        Kind::Backup | Kind::Drill => kept::run(app, job).await,
        // Done when it is planned; never waits.
        Kind::Morning => Err(Fault::Inconsistent("a morning is no job")),
    }
}

/// Throws away what nobody needs any more: keys of requests after 30 days, sessions a week after their end, tries, devices
/// and links that are long past. Shuts accounts that nobody uses.
async fn sweep(app: &App, job: &Job) -> Result<(), Fault> {
    let store = app.store();
    let days = app.settings().sign_in.dormant_days;
    let files = attachments::sweep(store).await?;
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            if store::is_superseded(work, job).await? {
                return store::finish(work, job, "merged").await;
            }
            let (keys, sessions) = (store::drop_old_keys(work).await?, store::drop_ended_sessions(work).await?);
            store::drop_old_tries(work).await?;
            let dormant = staff::shut_dormant(work, days).await?;
            store::merge_older(work, job).await?;
            store::finish(work, job, "done").await?;
            work.detail(format!(
                "{keys} keys, {sessions} sessions, {dormant} accounts shut, {files} files without a row"
            ));
            Ok(())
        })
        .await
}

/// Lets a job that failed wait; what it did was rolled back with it.
async fn put_back(store: &Store, job: &Job, fault: &Fault) -> Result<(), Fault> {
    if matches!(fault, Fault::Moved) {
        // Somebody else has the lease now and does it.
        tracing::info!(job = %job.key, "a job was taken over");
    } else {
        tracing::error!(%fault, job = %job.key, attempts = job.attempts, "a job failed; it is tried again");
    }
    let wait = model::backoff_seconds(job.attempts);
    store.sweep(scope(store)?, async |work| store::put_back(work, job, wait).await).await
}
