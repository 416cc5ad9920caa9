//! The store: the only room that owns the database, and the only one that gives grants.
//!
//! `permit` decides about one record, `scope` about a list; `write` does a unit of work under a grant, with its audit
//! line, in one transaction; `one`, `under` and `list` read. Imports `base` and `policy`.

mod access;
mod canary;
pub mod chain;
mod db;
mod figures;
pub mod files;
mod gate;
mod keys;
mod list;
mod migrate;
mod reads;
mod refusals;
mod seal;
mod sessions;
mod statement;
mod told;
mod work;

pub use access::Reader;
pub use db::{Row, Sql, copies};
pub use figures::Figures;
pub(crate) use files::KeptFile;
pub use gate::{Denied, Grant, InForce, Scope};
pub use keys::{GivenKey, KeyPlaces, Keyring, RootPlace, Rotated};
pub(crate) use list::read_cursor;
pub use list::{Dir, List, Page, PageAsk, Paged};
pub use reads::{Reads, Under};
pub use seal::{Marks, Sealer};
pub(crate) use sessions::new_token;
pub use sessions::{Half, MOST_SESSIONS, NewSession, Origin, SessionKind, SignIn, Stage, Start, Visitor};
pub use told::Period;
pub use work::{Key, Sweep, Unit, Work};

use crate::{
    base::{
        arg::Arg,
        time::{At, Clock},
    },
    policy::{Act, Actor, Matrix, Near, PolicyFault, Subject, actor::Account, matrix},
};
use db::Db;
use jiff::civil::Date;
use rand::{RngCore, SeedableRng};
use statement::Statement;
use std::sync::{
    Arc, Mutex, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};

/// What can go wrong between a verb and the database.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The record stands differently to the asker than when she was let in, or a key was reused: do it again.
    #[error("the record has moved")]
    Moved,
    /// `If-Match` names an older version.
    #[error("stale version")]
    Stale,
    /// The idempotency key was used for something else.
    #[error("idempotency key used for another request")]
    KeyReused,
    /// A named constraint says that it is there already.
    #[error("already there: {0}")]
    Taken(String),
    /// Connection lost, a disk that fails: nothing was done.
    #[error("database unavailable")]
    Unavailable,
    /// No room is left on the disk: nothing was done, and reading goes on.
    #[error("the disk is full")]
    Full,
    #[error("policy: {0}")]
    Policy(#[from] PolicyFault),
    #[error("cursor not understood")]
    Cursor,
    /// The database holds what the program cannot read.
    #[error("inconsistent data: {0}")]
    Inconsistent(&'static str),
    /// Root key or keyring: not there, not the right one, or open to others.
    #[error("{0}")]
    Keys(String),
    #[error("schema: {0}")]
    Schema(String),
    /// A copy of the database cannot be made or put back: why.
    #[error("{0}")]
    Copy(String),
    #[error("database: {0}")]
    Sql(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        db::fault_of(error)
    }
}

impl From<sqlx::migrate::MigrateError> for Fault {
    fn from(error: sqlx::migrate::MigrateError) -> Fault {
        Fault::Schema(error.to_string())
    }
}

tokio::task_local! {
    /// The number of the request that this task answers: the trail and the log name it.
    static REQUEST: String;
    /// Statements run in this task, for tests that count them or look which tables they name.
    static HEARD: Arc<Mutex<Vec<String>>>;
}

/// Answers a request under a number.
pub async fn in_request<T>(number: String, job: impl Future<Output = T>) -> T {
    REQUEST.scope(number, job).await
}

/// The number of the request that is being answered, if it is one.
pub fn request_number() -> Option<String> {
    REQUEST.try_with(Clone::clone).ok()
}

/// Notes a statement for whoever listens.
fn heard(sql: &str) {
    // Nobody listens outside tests.
    let _nobody = HEARD.try_with(|list| list.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned()));
}

/// Runs `job` and gives the statements that it ran.
pub async fn listen<T>(job: impl Future<Output = T>) -> (T, Vec<String>) {
    let list = Arc::new(Mutex::new(Vec::new()));
    let result = HEARD.scope(list.clone(), job).await;
    let heard = list.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (result, heard)
}

/// The list that is listening now, to hand to a task that goes on elsewhere.
pub fn listening() -> Option<Arc<Mutex<Vec<String>>>> {
    HEARD.try_with(Clone::clone).ok()
}

/// Goes on listening in another task.
pub async fn go_on_listening<T>(list: Option<Arc<Mutex<Vec<String>>>>, job: impl Future<Output = T>) -> T {
    match list {
        Some(list) => HEARD.scope(list, job).await,
        None => job.await,
    }
}

/// The database, its keys, the policy in force, the clock.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    db: Db,
    keys: keys::Keys,
    clock: Clock,
    policy: RwLock<InForce>,
    dice: Mutex<rand::rngs::StdRng>,
    /// Where files lie.
    files: std::sync::OnceLock<std::path::PathBuf>,
    /// A session ends after so many seconds without a request.
    idle_seconds: AtomicI64,
    /// The millisecond of the last timed id, and how many were made in it.
    last_id: Mutex<(u64, u16)>,
    /// What was worked out from reference rows, under the version that it was worked out from.
    shelf: Mutex<Option<(i64, Arc<dyn std::any::Any + Send + Sync>)>>,
    /// What was refused and is not in the trail yet.
    refusals: Mutex<refusals::Refusals>,
}

impl Store {
    /// Opens the database, brings its schema up to date, takes the policy in force.
    ///
    /// `seed` makes ids and codes the same at every run (the demo); without it they are random.
    pub async fn open(url: &str, places: &KeyPlaces, clock: Clock, seed: Option<u64>) -> Result<Store, Fault> {
        let keys = keys::Keys::open(places).await?;
        let db = Db::open(url).await?;
        migrate::bring_up(&db).await?;
        let policy = Self::take_policy(&db, clock.now()).await?;
        let dice = seed.map_or_else(rand::rngs::StdRng::from_os_rng, rand::rngs::StdRng::seed_from_u64);
        Ok(Store(Arc::new(Inner {
            db,
            keys,
            clock,
            policy: RwLock::new(policy),
            dice: Mutex::new(dice),
            files: std::sync::OnceLock::new(),
            idle_seconds: AtomicI64::new(30 * 60),
            last_id: Mutex::default(),
            shelf: Mutex::default(),
            refusals: Mutex::default(),
        })))
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub fn now(&self) -> At {
        self.0.clock.now()
    }

    pub fn today(&self) -> Date {
        self.0.clock.today()
    }

    /// Sessions end after so many minutes without a request; 30 unless told.
    pub fn lock_after_minutes(&self, minutes: i64) {
        self.0.idle_seconds.store(minutes * 60, Ordering::Relaxed);
    }

    fn idle_seconds(&self) -> i64 {
        self.0.idle_seconds.load(Ordering::Relaxed)
    }

    pub async fn close(&self) {
        self.0.db.close().await;
        self.0.keys.close().await;
    }

    fn keys(&self) -> &keys::Keys {
        &self.0.keys
    }

    /// Wraps every key under a new root key; the program may go on meanwhile.
    pub async fn rotate_keys(&self) -> Result<Rotated, Fault> {
        self.keys().rotate().await
    }

    /// How the keyring stands.
    pub async fn keyring(&self) -> Result<Keyring, Fault> {
        self.keys().standing().await
    }

    /// Asks the keyring to prepare a statement (tests).
    pub async fn prepare_in_keyring(&self, sql: String) -> Result<(), Fault> {
        self.keys().prepare(sql).await
    }

    pub fn is_postgres(&self) -> bool {
        self.0.db.is_postgres()
    }

    /// May this actor do `A` to this record? One statement.
    pub async fn permit<A: Act>(&self, actor: &Arc<Actor>, id: <A::On as Subject>::Id) -> Result<Grant<A>, Fault> {
        let statement = standing::<A::On>(actor, self.now(), &id);
        let row: Option<StandingRow> = self.0.db.maybe(statement.sql(), statement.args()).await?;
        Ok(gate::decide(actor, id, row.map(StandingRow::standing), self.in_force())?)
    }

    /// The wall within which this actor may do `A` to a list. No query.
    pub fn scope<A: Act>(&self, actor: &Arc<Actor>) -> Result<Scope<A>, Fault> {
        Ok(gate::scope(actor, self.in_force())?)
    }

    /// May the holder of this grant also do `B` to the same record? No query.
    pub fn may<A: Act, B: Act<On = A::On>>(&self, grant: &Grant<A>) -> bool {
        grant.may::<B>()
    }

    /// A grant for another act on the same record, from the same standing. No query.
    pub fn also<A: Act, B: Act<On = A::On>>(&self, grant: &Grant<A>) -> Option<Grant<B>> {
        grant.also::<B>()
    }

    /// For the same person, a grant on another record: what she has just made, or what hangs on it. Asks the database.
    pub async fn onward<A: Act, B: Act>(
        &self,
        grant: &Grant<A>,
        id: <B::On as Subject>::Id,
    ) -> Result<Grant<B>, Fault> {
        self.permit(&grant.shared_actor(), id).await
    }

    /// The acts that this actor may do at all, and how near.
    pub fn acts_of(&self, actor: &Actor) -> Vec<(&'static str, Vec<Near>)> {
        self.in_force().acts_of(actor).into_iter().map(|(act, reach)| (act.name, reach.nears().collect())).collect()
    }

    /// Can this actor do `A` to anything at all? (Which links a page shows.)
    pub fn can<A: Act>(&self, actor: &Actor) -> bool {
        !self.in_force().matrix.reach::<A>(actor.role()).is_empty()
    }

    /// Columns of the one record of a grant. `columns` and `joins` are fixed pieces; a part's join is passed
    /// only where its grant is held.
    pub(crate) async fn one<A: Act, T: Row>(
        &self,
        grant: &Grant<A>,
        columns: &[&'static str],
        joins: &[&'static str],
    ) -> Result<Option<T>, Fault> {
        let sql =
            format!("select {} from {} {} where {} = $1", columns.join(", "), A::On::FROM, joins.join(" "), A::On::KEY);
        self.0.db.maybe(sql.into(), vec![crate::policy::subjects::Key::arg(&grant.id())]).await
    }

    /// Rows that hang on the record of a grant: `$1` in the statement is the record's id.
    pub(crate) async fn under<A: Act, T: Row>(
        &self,
        grant: &Grant<A>,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> Result<Vec<T>, Fault> {
        let mut all = vec![crate::policy::subjects::Key::arg(&grant.id())];
        all.extend(args);
        self.0.db.all(sql.into(), all).await
    }

    /// A list within a scope.
    pub(crate) fn list<A: Act>(&self, scope: &Scope<A>, columns: &'static str) -> List<'_, A> {
        List::new(&self.0.db, scope, columns, self.now())
    }

    /// Reference rows that are nobody's secret: holidays, rules.
    pub(crate) async fn reference<T: Row>(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        self.0.db.all(sql.into(), args).await
    }

    /// The account of an enabled user, for a job that works under her rights.
    pub(crate) async fn account(&self, user: crate::base::ids::UserId) -> Result<Option<Account>, Fault> {
        self.0.db.maybe(sessions::ACCOUNT.into(), vec![Arg::from(user)]).await
    }

    /// Does one unit of work under a grant: begins, locks the record, reads its standing again (changed: [`Fault::Moved`]),
    /// runs `job`, writes the audit line, commits. An `Err` rolls back. Returns when the work is durable.
    pub async fn write<A: Act, T, E: From<Fault>>(
        &self,
        grant: Grant<A>,
        job: impl AsyncFnOnce(&mut Work<A>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.0.db.begin().await?;
        let mut case = None;
        if let Some(lock) = <A::On as Subject>::LOCK {
            tx.lock(lock, crate::policy::subjects::Key::arg(&grant.id())).await?;
            // What is locked for a visit or a task is its case: the trail names it, so that a person's page can show it.
            if A::On::NAME != "case" && lock.starts_with("select id from cases ") {
                case = tx.maybe(lock.into(), vec![crate::policy::subjects::Key::arg(&grant.id())]).await?;
            }
        }
        let case = case.map(|row: (crate::base::ids::CaseId,)| row.0);
        let statement = standing::<A::On>(&grant.shared_actor(), self.now(), &grant.id());
        let row: Option<StandingRow> = tx.maybe(statement.sql(), statement.args()).await?;
        let again: Result<Grant<A>, Denied> =
            gate::decide(&grant.shared_actor(), grant.id(), row.map(StandingRow::standing), grant.policy().clone());
        if again.is_err() {
            tx.rollback().await?;
            return Err(Fault::Moved.into());
        }
        let mut work = Work::new(Unit::new(self.clone(), tx), grant, case);
        match job(&mut work).await {
            Ok(result) => {
                work.finish().await?;
                Ok(result)
            }
            Err(error) => {
                work.undo().await?;
                Err(error)
            }
        }
    }

    /// Does one unit of work under a scope: what a job does to many records. Audited as one line.
    pub async fn sweep<A: Act, T, E: From<Fault>>(
        &self,
        scope: Scope<A>,
        job: impl AsyncFnOnce(&mut Sweep<A>) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self.0.db.begin().await?;
        let mut sweep = Sweep::new(Unit::new(self.clone(), tx), scope);
        match job(&mut sweep).await {
            Ok(result) => {
                sweep.finish().await?;
                Ok(result)
            }
            Err(error) => {
                sweep.undo().await?;
                Err(error)
            }
        }
    }

    /// Notes that a record was opened, naming every sensitive part that was read; `case`: the one that it hangs on, where it
    /// is none itself. Call it before the bytes leave: no log, no read.
    pub(crate) async fn note_opening<A: Act>(
        &self,
        grant: &Grant<A>,
        case: Option<crate::base::ids::CaseId>,
        parts: &[&'static str],
    ) -> Result<(), Fault> {
        let mut unit = Unit::new(self.clone(), self.0.db.begin().await?);
        unit.audit_grant(grant, case, "opened", &parts.join(" ")).await?;
        unit.into_tx().commit().await
    }

    /// Notes a search or an export: one row, with how many records it gave.
    pub(crate) async fn note_list<A: Act>(&self, scope: &Scope<A>, detail: &str) -> Result<(), Fault> {
        let mut unit = Unit::new(self.clone(), self.0.db.begin().await?);
        unit.audit_scope(scope, "read", detail).await?;
        unit.into_tx().commit().await
    }

    /// What stands on the shelf under this version.
    pub(crate) fn shelved<T: Send + Sync + 'static>(&self, version: i64) -> Option<Arc<T>> {
        let shelf = self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner).clone();
        shelf.filter(|(at, _)| *at == version).and_then(|(_, thing)| thing.downcast().ok())
    }

    /// Puts something on the shelf in place of an older version.
    pub(crate) fn shelve<T: Send + Sync + 'static>(&self, version: i64, thing: Arc<T>) {
        *self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, thing));
    }

    /// Random bytes, the same at every run if the store was opened with a seed.
    pub(crate) fn dice(&self, bytes: &mut [u8]) {
        self.0.dice.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    /// The how-many-eth timed id of its millisecond this is, so that ids of one instant sort as they were made.
    pub(crate) fn count_in(&self, millis: u64) -> u16 {
        let mut last = self.0.last_id.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if last.0 == millis { (millis, last.1.saturating_add(1).min(0x0fff)) } else { (millis, 0) };
        last.1
    }

    /// Asks the database to prepare a statement (tests).
    pub async fn prepare(&self, sql: String) -> Result<(), Fault> {
        self.0.db.prepare(sql.into()).await
    }

    /// The policy in force.
    pub fn in_force(&self) -> InForce {
        self.0.policy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Version and hash of the policy in force.
    pub fn policy_version(&self) -> (i64, String) {
        let policy = self.in_force();
        (policy.version, policy.matrix.hash().to_owned())
    }

    /// The whole policy as a table.
    pub fn policy_table(&self) -> String {
        self.in_force().matrix.table()
    }

    /// Puts a new policy in force on every node: checked and compiled first, committed with a new version, audited.
    /// A node that still has the old version reloads before it answers its next request.
    pub async fn reload_policy(
        &self,
        grant: Grant<crate::policy::acts::ReloadPolicy>,
        model: &str,
        policy: &str,
    ) -> Result<i64, Fault> {
        let matrix = Matrix::compile(model, policy).await?;
        let hash = matrix.hash().to_owned();
        let version = self
            .write(grant, async |work| -> Result<i64, Fault> {
                let now = work.now();
                work.run(
                    "update policy set version = version + 1, model = $1, policy = $2, hash = $3, changed_at = $4 where id = 1",
                    crate::args![model, policy, hash.as_str(), now],
                )
                .await?;
                work.detail(format!("policy {hash}"));
                let row: Option<(i64,)> = work.row("select version from policy where id = 1", vec![]).await?;
                Ok(row.map_or(0, |row| row.0))
            })
            .await?;
        *self.0.policy.write().unwrap_or_else(PoisonError::into_inner) = InForce { version, matrix };
        Ok(version)
    }

    /// Takes the policy of the database if another node has changed it.
    async fn catch_up(&self, version: i64) -> Result<(), Fault> {
        if self.in_force().version != version {
            let fresh = Self::read_policy(&self.0.db).await?.ok_or(Fault::Inconsistent("no policy row"))?;
            *self.0.policy.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(())
    }

    async fn read_policy(db: &Db) -> Result<Option<InForce>, Fault> {
        let row: Option<(i64, String, String)> =
            db.maybe("select version, model, policy from policy where id = 1".into(), vec![]).await?;
        let Some((version, model, policy)) = row else { return Ok(None) };
        Ok(Some(InForce { version, matrix: Matrix::compile(&model, &policy).await? }))
    }

    /// The policy of the database; an empty database takes the built-in files.
    async fn take_policy(db: &Db, now: At) -> Result<InForce, Fault> {
        let built_in = Matrix::compile(matrix::BUILT_IN_MODEL, matrix::BUILT_IN_POLICY).await?;
        let mut tx = db.begin().await?;
        tx.run(
            "insert into policy (id, version, model, policy, hash, changed_at) values (1, 1, $1, $2, $3, $4) on conflict do nothing".into(),
            crate::args![matrix::BUILT_IN_MODEL, matrix::BUILT_IN_POLICY, built_in.hash(), now],
        )
        .await?;
        tx.commit().await?;
        let policy = Self::read_policy(db).await?.ok_or(Fault::Inconsistent("no policy row"))?;
        Ok(policy)
    }
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    own: bool,
    shared: bool,
    office: bool,
    area: bool,
    unbarred: bool,
    glass_until: Option<At>,
}

impl StandingRow {
    fn standing(self) -> gate::Standing {
        let nears =
            [(self.own, Near::Own), (self.shared, Near::Shared), (self.office, Near::Office), (self.area, Near::Area)];
        gate::Standing::of(nears, self.unbarred, self.glass_until)
    }
}

/// The statement that reads how one record stands to an actor.
fn standing<S: Subject>(actor: &Actor, now: At, id: &S::Id) -> Statement {
    let mut statement = Statement::new(now);
    statement.push("select ");
    statement.push_for(actor, &gate::standing_columns::<S>().join(", "));
    statement.push(" from ");
    statement.push(S::FROM);
    statement.push(" where ");
    statement.push(S::KEY);
    statement.push_args(" = ?", vec![crate::policy::subjects::Key::arg(id)]);
    statement
}
