//! Imports under way: how far each is, and what became of it, for whoever asked for it. Kept by this process alone and only
//! for a while: what was written stands in the database, and a batch that was cut off by a stop of the server is not in it.

use super::{Outcome, bring_in, model::Sheet};
use crate::{
    app::Refused,
    base::ids::UserId,
    policy::{AreaCode, acts::ImportCases},
    store::{Fault, Grant, Store},
};
use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// So long its result can be looked at.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// Whoever waits is told at once if it is done by then.
const PATIENCE: Duration = Duration::from_secs(2);

static RUNNING: LazyLock<Mutex<HashMap<u64, Arc<Running>>>> = LazyLock::new(Mutex::default);

/// An import under way, or done a while ago.
pub struct Running {
    by: Option<UserId>,
    area: AreaCode,
    begun: Instant,
    done: AtomicUsize,
    all: AtomicUsize,
    finished: watch::Sender<Option<Arc<Finished>>>,
}

/// What became of it.
pub struct Finished {
    pub sheet: Sheet,
    pub outcome: Result<Outcome, Refused>,
}

impl Running {
    /// How many rows are in, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    /// What became of it; `None`: it is under way. Waits a moment for it.
    pub async fn finished(&self, patiently: bool) -> Option<Arc<Finished>> {
        let mut finished = self.finished.subscribe();
        if patiently {
            let wait = finished.wait_for(Option::is_some);
            let _still_under_way = tokio::time::timeout(PATIENCE, wait).await;
        }
        finished.borrow().clone()
    }
}

/// Begins an import that goes on whether somebody waits for it or not; its number, and a look at it.
pub fn begin(store: &Store, grant: Grant<ImportCases>, sheet: Sheet) -> (u64, Arc<Running>) {
    let running = Arc::new(Running {
        by: grant.actor().user(),
        area: grant.id(),
        begun: Instant::now(),
        done: AtomicUsize::new(0),
        all: AtomicUsize::new(0),
        finished: watch::Sender::new(None),
    });
    let number: u64 = rand::random();
    let mut all = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, other| other.begun.elapsed() < KEPT);
    all.insert(number, running.clone());
    drop(all);
    tokio::spawn(run(store.clone(), grant, sheet, running.clone()));
    (number, running)
}

async fn run(store: Store, grant: Grant<ImportCases>, sheet: Sheet, running: Arc<Running>) {
    let look = running.clone();
    let work = tokio::spawn(async move {
        let told = |done: usize, all: usize| {
            look.all.store(all, Ordering::Relaxed);
            look.done.store(done, Ordering::Relaxed);
        };
        let outcome = bring_in(&store, grant, &sheet, false, told).await;
        Finished { sheet, outcome }
    });
    let finished = work.await.unwrap_or_else(|_panicked| Finished {
        sheet: Sheet::default(),
        outcome: Err(Fault::Inconsistent("an import stopped").into()),
    });
    running.finished.send_replace(Some(Arc::new(finished)));
}

/// The import of that number, if this person began it in that commune.
pub fn find(number: u64, by: Option<UserId>, area: &AreaCode) -> Option<Arc<Running>> {
    let all = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(&number).filter(|running| running.by == by && running.area == *area).cloned()
}
