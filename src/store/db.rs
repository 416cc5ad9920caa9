//! The only file that knows that there are two databases.
//!
//! SQLite: a pool of readers and one writing connection with **group commit**. A unit of work is a savepoint on that
//! connection, run while its guard is held; a committer waits in the same fair queue, so the units that are already
//! waiting run first, and then commits once for all of them. Nobody is answered before that commit.
//! PostgreSQL: a pool; a unit of work is a transaction.

pub mod copies;

use super::{
    Fault,
    chain::{self, Entry, Head, Stop, Walk},
};
use crate::base::arg::Arg;
use sqlx::{
    Arguments, AssertSqlSafe, Connection, Database, Executor, FromRow, PgConnection, PgPool, Postgres, Sqlite,
    SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow, PgSslMode},
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{
    borrow::Cow,
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

/// A row that both databases can give.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// A statement: fixed text, or text that the store put together from fixed pieces.
pub type Sql = Cow<'static, str>;

pub enum Db {
    Sqlite { read: SqlitePool, writer: Writer, file: PathBuf },
    Pg(PgPool),
}

/// A unit of work under way. Dropped without [`Tx::commit`] it is rolled back.
pub enum Tx {
    Sqlite(SqliteUnit),
    Pg(sqlx::Transaction<'static, Postgres>),
}

/// One body for both pools.
macro_rules! on_pool {
    ($db:expr, $conn:ident => $body:expr) => {
        match $db {
            Db::Sqlite { read: $conn, .. } => {
                type Driver = Sqlite;
                $body
            }
            Db::Pg($conn) => {
                type Driver = Postgres;
                $body
            }
        }
    };
}
/// One body for both kinds of unit.
macro_rules! on_unit {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            Tx::Sqlite(unit) => {
                type Driver = Sqlite;
                let $conn: &mut SqliteConnection = &mut unit.lane.conn;
                $body
            }
            Tx::Pg(unit) => {
                type Driver = Postgres;
                let $conn: &mut PgConnection = &mut *unit;
                $body
            }
        }
    };
}

fn bind<DB: Database>(args: Vec<Arg>) -> Result<DB::Arguments, sqlx::error::BoxDynError>
where
    Option<uuid::Uuid>: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    Option<i64>: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    Option<String>: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    Option<Vec<u8>>: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    Option<crate::base::time::Day>: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    bool: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
{
    let mut bound = DB::Arguments::default();
    for arg in args {
        match arg {
            Arg::Uuid(value) => bound.add(value)?,
            Arg::Int(value) => bound.add(value)?,
            Arg::Text(value) => bound.add(value)?,
            Arg::Bytes(value) => bound.add(value)?,
            Arg::Day(value) => bound.add(value)?,
            Arg::Bool(value) => bound.add(value)?,
        }
    }
    Ok(bound)
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn log(sql: &str) {
    tracing::trace!(target: "duongve::sql", sql);
    super::heard(sql);
}

/// A server on another machine is spoken to over TLS with a certificate that is checked, whatever the driver would settle
/// for: its usual `prefer` falls back to plain text without a word.
fn postgres_options(url: &str) -> Result<PgConnectOptions, Fault> {
    let options = PgConnectOptions::from_str(url)?;
    let host = options.get_host();
    let near = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let checked = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    match (near || checked, url.contains("sslmode=") || url.contains("ssl-mode=")) {
        (true, _) => Ok(options),
        (false, false) => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        (false, true) => Err(Fault::Schema(
            "a database on another machine needs sslmode=verify-full (or verify-ca): all of the record goes over that line"
                .to_owned(),
        )),
    }
}

impl Db {
    /// A file (made if it is not there) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Db, Fault> {
        if is_postgres(url) { Self::open_postgres(url).await } else { Self::open_sqlite(Path::new(url)).await }
    }

    async fn open_sqlite(file: &Path) -> Result<Db, Fault> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged visit survives a power cut; NORMAL would lose the last commits.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("trusted_schema", "off")
            .pragma("secure_delete", "on")
            .pragma("cell_size_check", "on")
            .statement_cache_capacity(256);
        let conn = SqliteConnection::connect_with(&options).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Db::Sqlite { read, writer: Writer::start(conn), file: file.to_owned() })
    }

    async fn open_postgres(url: &str) -> Result<Db, Fault> {
        let options = postgres_options(url)?.statement_cache_capacity(256);
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Db::Pg(pool))
    }

    /// The keyring: a database of its own, in PostgreSQL a schema. Small, so few connections are enough.
    pub async fn open_keyring(url: &str) -> Result<Db, Fault> {
        let db = if is_postgres(url) {
            let options = postgres_options(url)?.options([("search_path", "keyring")]);
            let pool = PgPoolOptions::new()
                .max_connections(4)
                .acquire_timeout(Duration::from_secs(10))
                .test_before_acquire(false)
                .connect_with(options)
                .await?;
            pool.execute("create schema if not exists keyring").await?;
            Db::Pg(pool)
        } else {
            Self::open_sqlite(Path::new(url)).await?
        };
        let migrator = match &db {
            Db::Sqlite { .. } => sqlx::migrate!("migrations/keyring/sqlite"),
            Db::Pg(_) => sqlx::migrate!("migrations/keyring/postgres"),
        };
        db.run_migrations(&migrator).await?;
        Ok(db)
    }

    /// Takes what was deleted out of the write-ahead log too. On PostgreSQL that is the server's own business.
    pub async fn squeeze(&self) -> Result<(), Fault> {
        let Db::Sqlite { writer, .. } = self else { return Ok(()) };
        for _try in 0..50 {
            let mut lane = writer.lane.lock().await;
            if lane.group.is_none() {
                let row: (i64, i64, i64) =
                    sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut lane.conn).await?;
                if row.0 == 0 {
                    return Ok(());
                }
            }
            drop(lane);
            // Somebody reads or waits for a commit: a moment later.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Fault::Unavailable)
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self, Db::Pg(_))
    }

    /// The migrations of this database.
    pub fn migrator(&self) -> sqlx::migrate::Migrator {
        match self {
            Db::Sqlite { .. } => sqlx::migrate!("migrations/sqlite"),
            Db::Pg(_) => sqlx::migrate!("migrations/postgres"),
        }
    }

    /// Runs the migrations that are not there yet, each in its own transaction.
    pub async fn migrate(&self) -> Result<(), Fault> {
        self.run_migrations(&self.migrator()).await
    }

    /// On one connection, named: the future of `run` on whatever gives one cannot be sent to another thread.
    async fn run_migrations(&self, migrator: &sqlx::migrate::Migrator) -> Result<(), Fault> {
        match self {
            Db::Sqlite { writer, .. } => migrator.run_direct(None, &mut writer.lane.lock().await.conn, false).await?,
            Db::Pg(pool) => migrator.run_direct(None, &mut *pool.acquire().await?, false).await?,
        }
        Ok(())
    }

    pub async fn all<T: Row>(&self, sql: Sql, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        log(&sql);
        Ok(
            on_pool!(self, conn => sqlx::query_as_with(AssertSqlSafe(sql), bind::<Driver>(args).map_err(sqlx::Error::Encode)?).fetch_all(conn).await?),
        )
    }

    pub async fn maybe<T: Row>(&self, sql: Sql, args: Vec<Arg>) -> Result<Option<T>, Fault> {
        log(&sql);
        Ok(
            on_pool!(self, conn => sqlx::query_as_with(AssertSqlSafe(sql), bind::<Driver>(args).map_err(sqlx::Error::Encode)?).fetch_optional(conn).await?),
        )
    }

    /// Asks the database to prepare a statement, without running it (a test does so with every statement).
    pub async fn prepare(&self, sql: Sql) -> Result<(), Fault> {
        on_pool!(self, pool => {
            #[allow(dead_code, reason = "a statement that is only prepared binds nothing")]
            type _Unused = Driver;
            let mut conn = pool.acquire().await?;
            (&mut *conn).prepare(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql))).await?;
        });
        Ok(())
    }

    /// Goes along the chain of the trail straight in the file, past the pool: sqlx hands over each value by itself, and a
    /// million rows would take ten seconds. `None`: there is no file.
    pub async fn walk_file(&self) -> Result<Option<Result<Head, Stop>>, Fault> {
        let Db::Sqlite { file, .. } = self else { return Ok(None) };
        let file = file.clone();
        let walked =
            tokio::task::spawn_blocking(move || walk_in(&file)).await.map_err(|_stopped| Fault::Unavailable)?;
        walked.map(Some).map_err(|error| {
            tracing::error!(%error, "the trail could not be read");
            Fault::Inconsistent("the trail cannot be read")
        })
    }

    /// Begins a unit of work.
    pub async fn begin(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Db::Sqlite { writer, .. } => Tx::Sqlite(writer.begin().await?),
            Db::Pg(pool) => Tx::Pg(pool.begin().await?),
        })
    }

    /// Closes every connection; what was committed is on the disk.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, .. } => read.close().await,
            Db::Pg(pool) => pool.close().await,
        }
    }
}

/// So many threads go along a part of the chain each: each row names the one before it, so the parts fit or do not.
const WALKERS: i64 = 4;

/// The chain in an SQLite file, in parts at once.
fn walk_in(file: &Path) -> Result<Result<Head, Stop>, rusqlite::Error> {
    let conn = open_to_walk(file)?;
    let last: i64 = conn.query_row("select coalesce(max(seq), 0) from audit", [], |row| row.get(0))?;
    let part = last / WALKERS + 1;
    // Where each part begins: the row before it, as it says of itself. The part before looks whether that is true.
    let begins: Vec<Head> = (0..WALKERS)
        .map(|number| {
            let seq = (number * part).min(last);
            let hash = conn.query_row("select hash from audit where seq = ?1", [seq], |row| row.get::<_, [u8; 32]>(0));
            hash.map_or(Head { seq, ..Head::NONE }, |hash| Head { seq, hash })
        })
        .collect();
    let walked: Vec<_> = std::thread::scope(|threads| {
        let walk = |begin: Head| threads.spawn(move || walk_part(file, begin, (begin.seq + part).min(last)));
        let walking: Vec<_> = begins.iter().map(|begin| walk(*begin)).collect();
        walking.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    let mut head = Head::NONE;
    for (begin, walked) in begins.iter().zip(walked) {
        let walked = walked.map_err(|_panicked| rusqlite::Error::InvalidQuery)??;
        if head != *begin {
            return Ok(Err(Stop { after: head, seq: begin.seq + 1 }));
        }
        match walked {
            Ok(to) => head = to,
            Err(stop) => return Ok(Err(stop)),
        }
    }
    Ok(Ok(head))
}

fn open_to_walk(file: &Path) -> Result<rusqlite::Connection, rusqlite::Error> {
    use rusqlite::OpenFlags;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = rusqlite::Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    Ok(conn)
}

/// The rows after `begin` up to the number `until`, without a copy.
fn walk_part(file: &Path, begin: Head, until: i64) -> Result<Result<Head, Stop>, rusqlite::Error> {
    use rusqlite::types::ValueRef;
    /// The bytes of a text or a blob; a value of another kind is no field of ours, and no hash fits it.
    fn bytes<'a>(value: ValueRef<'a>) -> Option<&'a [u8]> {
        match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
    let conn = open_to_walk(file)?;
    let sql = format!("select {} from audit where seq > ?1 and seq <= ?2 order by seq", chain::COLUMNS);
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([begin.seq.max(0), until])?;
    let mut walk = Walk::from(begin);
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get_ref(at).map(|value| bytes(value).unwrap_or_default());
        let entry = Entry {
            id: text(1)?,
            at: row.get(2)?,
            user: bytes(row.get_ref(3)?),
            actor: text(4)?,
            session: text(5)?,
            act: text(6)?,
            subject: text(7)?,
            subject_id: text(8)?,
            case: bytes(row.get_ref(9)?),
            purpose: text(10)?,
            outcome: text(11)?,
            detail: text(12)?,
            policy_version: row.get(13)?,
            request: text(14)?,
        };
        if let Err(stop) = walk.step(row.get(0)?, text(15)?, text(16)?, &entry) {
            return Ok(Err(stop));
        }
    }
    Ok(Ok(walk.head()))
}

impl Tx {
    /// The end of the trail's chain, where a row gets its place as it is written (SQLite: one writer); `None` where rows
    /// get theirs later (PostgreSQL).
    pub async fn end_of_chain(&mut self) -> Result<Option<Head>, Fault> {
        match self {
            Tx::Pg(_) => Ok(None),
            Tx::Sqlite(unit) => match unit.lane.head {
                Some(head) => Ok(Some(head)),
                None => chain::stored_head(self).await.map(Some),
            },
        }
    }

    /// A row was put at the end of the chain.
    pub fn chained(&mut self, head: Head) {
        if let Tx::Sqlite(unit) = self {
            unit.lane.head = Some(head);
        }
    }

    /// Is this transaction the one that may do `what` now? Of several on PostgreSQL one is, until it ends; on SQLite the
    /// only writer always is.
    pub async fn is_elected(&mut self, what: i64) -> Result<bool, Fault> {
        match self {
            Tx::Sqlite(_) => Ok(true),
            Tx::Pg(_) => {
                let row: Option<(bool,)> =
                    self.maybe("select pg_try_advisory_xact_lock($1)".into(), crate::args![what]).await?;
                Ok(row.is_some_and(|row| row.0))
            }
        }
    }

    pub async fn all<T: Row>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        log(&sql);
        Ok(
            on_unit!(self, conn => sqlx::query_as_with(AssertSqlSafe(sql), bind::<Driver>(args).map_err(sqlx::Error::Encode)?).fetch_all(conn).await?),
        )
    }

    pub async fn maybe<T: Row>(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Option<T>, Fault> {
        log(&sql);
        Ok(
            on_unit!(self, conn => sqlx::query_as_with(AssertSqlSafe(sql), bind::<Driver>(args).map_err(sqlx::Error::Encode)?).fetch_optional(conn).await?),
        )
    }

    /// Runs a statement; how many rows it touched.
    pub async fn run(&mut self, sql: Sql, args: Vec<Arg>) -> Result<u64, Fault> {
        log(&sql);
        Ok(
            on_unit!(self, conn => sqlx::query_with(AssertSqlSafe(sql), bind::<Driver>(args).map_err(sqlx::Error::Encode)?)
            .execute(conn).await.map(|done| done.rows_affected())?),
        )
    }

    /// Locks the rows of a `select id …` until the unit ends. SQLite has one writer and needs no lock.
    pub async fn lock(&mut self, sql: &'static str, key: Arg) -> Result<(), Fault> {
        if let Tx::Pg(unit) = self {
            let sql: Sql = format!("{sql} for update").into();
            log(&sql);
            sqlx::query_with(AssertSqlSafe(sql), bind::<Postgres>(vec![key]).map_err(sqlx::Error::Encode)?)
                .execute(&mut **unit)
                .await?;
        }
        Ok(())
    }

    /// ` for update skip locked` where the database knows it: the one clause with two texts.
    pub fn skip_locked(&self) -> &'static str {
        match self {
            Tx::Sqlite(_) => "",
            Tx::Pg(_) => " for update skip locked",
        }
    }

    /// Returns when the work is durable.
    pub async fn commit(self) -> Result<(), Fault> {
        match self {
            Tx::Sqlite(unit) => unit.commit().await,
            Tx::Pg(unit) => Ok(unit.commit().await?),
        }
    }

    pub async fn rollback(self) -> Result<(), Fault> {
        match self {
            Tx::Sqlite(unit) => unit.rollback().await,
            Tx::Pg(unit) => Ok(unit.rollback().await?),
        }
    }
}

/// The one writing connection of SQLite and its committer.
pub struct Writer {
    lane: Arc<Mutex<Lane>>,
    wake: Arc<Notify>,
    committer: tokio::task::AbortHandle,
}

struct Lane {
    conn: SqliteConnection,
    /// The transaction that is open, and who waits for its commit.
    group: Option<watch::Sender<Outcome>>,
    /// A unit was left in the middle (its task ended or panicked): roll its savepoint back first.
    dirty: bool,
    /// The end of the trail's chain, if a unit of the open transaction has written to it. Good for that transaction only:
    /// while it is open no other program can write.
    head: Option<Head>,
    /// The same before the unit that is under way: what it is again when that is undone.
    head_before: Option<Head>,
}

#[derive(Clone)]
enum Outcome {
    Waiting,
    Committed,
    Failed,
    /// The disk is full.
    Full,
}

impl Writer {
    fn start(conn: SqliteConnection) -> Writer {
        let lane = Arc::new(Mutex::new(Lane { conn, group: None, dirty: false, head: None, head_before: None }));
        let wake = Arc::new(Notify::new());
        let committer = tokio::spawn(commit_groups(lane.clone(), wake.clone())).abort_handle();
        Writer { lane, wake, committer }
    }

    async fn begin(&self) -> Result<SqliteUnit, Fault> {
        let lane = self.lane.clone().lock_owned().await;
        let mut unit = SqliteUnit { lane, wake: self.wake.clone() };
        to_its_end(async move {
            unit.lane.clean().await?;
            if unit.lane.group.is_none() {
                unit.lane.conn.execute("begin immediate").await?;
                unit.lane.group = Some(watch::Sender::new(Outcome::Waiting));
                unit.lane.head = None;
            }
            unit.lane.conn.execute("savepoint unit").await?;
            unit.lane.head_before = unit.lane.head;
            unit.lane.dirty = true;
            Ok(unit)
        })
        .await
    }
}

/// Runs `job` to its end even if whoever asked for it goes away in the middle. What opens or closes a savepoint and the
/// note of it in the lane must not be cut apart: the next unit would find a savepoint that is not there, or a second
/// transaction in the first.
async fn to_its_end<T: Send + 'static>(
    job: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    tokio::spawn(job).await.map_err(|_stopped| Fault::Unavailable)?
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.committer.abort();
    }
}

impl Lane {
    /// Undoes what a vanished unit left behind.
    async fn clean(&mut self) -> Result<(), Fault> {
        if self.dirty {
            if self.group.is_some() {
                self.conn.execute("rollback to unit; release unit").await?;
            }
            self.head = self.head_before;
            self.dirty = false;
        }
        Ok(())
    }
}

/// Commits once for all the units that were waiting.
async fn commit_groups(lane: Arc<Mutex<Lane>>, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        let mut lane = lane.lock().await;
        let cleaned = lane.clean().await;
        let Some(group) = lane.group.take() else { continue };
        let committed = match cleaned {
            Ok(()) => lane.conn.execute("commit").await.map(|_| ()).map_err(Fault::from),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = &committed {
            tracing::error!(%fault, "a group of units could not be committed; all of them are undone");
            if let Err(error) = lane.conn.execute("rollback").await {
                tracing::debug!(%error, "nothing left to roll back");
            }
            lane.dirty = false;
        }
        group.send_replace(match &committed {
            Ok(()) => Outcome::Committed,
            Err(Fault::Full) => Outcome::Full,
            Err(_) => Outcome::Failed,
        });
    }
}

/// One unit of work on SQLite: a savepoint, and the guard of the writing connection.
pub struct SqliteUnit {
    lane: OwnedMutexGuard<Lane>,
    wake: Arc<Notify>,
}

impl SqliteUnit {
    async fn commit(mut self) -> Result<(), Fault> {
        let mut outcome = to_its_end(async move {
            self.lane.conn.execute("release unit").await?;
            self.lane.dirty = false;
            self.lane.group.as_ref().map(watch::Sender::subscribe).ok_or(Fault::Unavailable)
        })
        .await?;
        let done = outcome.wait_for(|outcome| !matches!(outcome, Outcome::Waiting)).await;
        match done.as_deref() {
            Ok(Outcome::Committed) => Ok(()),
            Ok(Outcome::Full) => Err(Fault::Full),
            _ => Err(Fault::Unavailable),
        }
    }

    async fn rollback(mut self) -> Result<(), Fault> {
        to_its_end(async move { self.lane.clean().await }).await
    }
}

impl Drop for SqliteUnit {
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

/// The disk did not take what was written to it (SQLite: a failed fsync of file or folder). What the system still holds
/// of it in memory may be lost or not: nobody can know. Whoever waits is told 503, and the program ends, so that the
/// service manager starts it anew on what is really on the disk.
fn stop_soon() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        tracing::error!("the disk failed to keep what was written; the program ends and is to be started again");
        std::thread::spawn(|| {
            std::thread::sleep(Duration::from_millis(500));
            std::process::exit(74);
        });
    });
}

/// The kind of statement error that a user can mend, or that says the disk is full.
pub fn fault_of(error: sqlx::Error) -> Fault {
    if let sqlx::Error::Database(database) = &error {
        let code = database.code().unwrap_or_default();
        if database.is_unique_violation() {
            return Fault::Taken(database.constraint().unwrap_or(database.message()).to_owned());
        }
        // SQLite: 10 I/O error, 13 full; PostgreSQL class 53: out of a resource.
        let primary = code.parse::<u32>().map_or(0, |code| code & 0xff);
        if code == "53100" || code.len() < 5 && primary == 13 {
            return Fault::Full;
        }
        if code.len() < 5 && matches!(code.as_ref(), "1034" | "1290") {
            stop_soon();
        }
        // PostgreSQL: 08 no connection, 57P the server is stopped or comes up.
        if code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")) {
            return Fault::Unavailable;
        }
        if code.starts_with("53") && code.len() == 5 || code.len() < 5 && primary == 10 {
            return Fault::Unavailable;
        }
    }
    if matches!(
        error,
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed
    ) {
        return Fault::Unavailable;
    }
    Fault::Sql(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_is_spoken_to_over_checked_tls_only() {
        let mode = |url: &str| postgres_options(url).map(|options| format!("{:?}", options.get_ssl_mode()));
        for near in [
            "postgres://a@localhost/d",
            "postgres://a@127.0.0.1:5432/d",
            "postgres://a@[::1]/d",
            "postgres:///d?host=/run/pg",
        ] {
            assert_eq!(mode(near).unwrap(), "Prefer", "{near}");
        }
        assert_eq!(mode("postgres://a@db.example/d").unwrap(), "VerifyFull");
        assert_eq!(mode("postgres://a@10.0.0.7/d?sslmode=verify-ca").unwrap(), "VerifyCa");
        for lax in ["disable", "allow", "prefer", "require"] {
            assert!(mode(&format!("postgres://a@db.example/d?sslmode={lax}")).is_err(), "{lax}");
        }
    }
}
