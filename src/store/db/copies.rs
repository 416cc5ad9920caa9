//! Copies of a whole database, made while others write: `vacuum into` on SQLite, `pg_dump` on PostgreSQL; and putting one
//! back into an empty place.
//!
//! By address and not by an open store: a copy is also made before the schema is brought up, and looked at where nothing
//! else is.

use super::{Fault, is_postgres};
use crate::store::chain::{Hash, Head};
use rusqlite::OpenFlags;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use std::{
    collections::BTreeMap, os::unix::fs::OpenOptionsExt, path::Path, process::Stdio, str::FromStr, time::Duration,
};
use tokio::process::Command;

/// Which of the two databases: they are kept apart, and so are their copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// People, cases, accounts, the trail.
    Record,
    /// The keys.
    Keyring,
}

/// What a database holds: what a copy of it must hold as well.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Holds {
    /// The number of its newest migration.
    pub schema: i64,
    /// How many rows each table has.
    pub rows: BTreeMap<String, i64>,
    /// The end of the trail's chain; the keyring has none.
    #[serde(skip)]
    pub head: Option<Head>,
}

/// Copies a part of the database at this address into a new file, as it is at one moment; what that is.
///
/// # Errors
/// [`Fault::Copy`]: it cannot be done here, and why (no room, no `pg_dump`).
pub async fn copy(url: &str, part: Part, to: &Path) -> Result<Holds, Fault> {
    if is_postgres(url) { dump(url, part, to).await } else { vacuum(url, part, to).await }
}

/// What the database at this address holds.
pub async fn holds(url: &str, part: Part) -> Result<Holds, Fault> {
    if is_postgres(url) {
        let mut conn = connect(url).await?;
        return read_postgres(&mut conn, part).await;
    }
    let file = url.to_owned();
    in_file(move || read_file(&open(Path::new(&file))?, part)).await
}

/// Is there nothing yet at this address?
pub async fn is_empty(url: &str, part: Part) -> Result<bool, Fault> {
    if is_postgres(url) {
        let mut conn = connect(url).await?;
        return Ok(tables(&mut conn, part).await?.is_empty());
    }
    Ok(std::fs::metadata(url).map_or(true, |file| file.len() == 0))
}

/// The migrations that the database at this address would be brought up by: the newest that it has, the newest of this
/// program. `None`: there are none to run, or there is no database yet.
pub async fn pending(url: &str) -> Result<Option<(i64, i64)>, Fault> {
    if is_empty(url, Part::Record).await? {
        return Ok(None);
    }
    let newest = |migrator: sqlx::migrate::Migrator| migrator.iter().map(|one| one.version).max().unwrap_or(0);
    let (has, knows) = if is_postgres(url) {
        (schema_of(&mut connect(url).await?, Part::Record).await?, newest(sqlx::migrate!("migrations/postgres")))
    } else {
        let file = url.to_owned();
        let has = in_file(move || schema_of_file(&open(Path::new(&file))?)).await?;
        (has, newest(sqlx::migrate!("migrations/sqlite")))
    };
    Ok((has > 0 && has < knows).then_some((has, knows)))
}

/// Puts a dump back into an empty PostgreSQL database, as a whole or not at all.
pub async fn put_back(url: &str, from: &Path) -> Result<(), Fault> {
    let mut command = tool("pg_restore", url);
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]).arg(from);
    run(command, "pg_restore").await
}

/// A new, empty database beside the one at this address, for a trial; its address.
///
/// # Errors
/// [`Fault::Copy`]: the role may not make one.
pub async fn scratch(url: &str) -> Result<String, Fault> {
    let name = format!("duongve_drill_{:016x}", rand::random::<u64>());
    run_sql(url, &format!("create database {name} template template0 encoding 'UTF8'")).await?;
    let options = PgConnectOptions::from_str(url)?;
    let own = options.get_database().unwrap_or_default();
    // The name stands behind the last slash, before what is asked for with `?`.
    let (head, asked) = url.split_once('?').map_or((url, None), |(head, asked)| (head, Some(asked)));
    let base = head.strip_suffix(own).unwrap_or(head).trim_end_matches('/');
    Ok(asked.map_or_else(|| format!("{base}/{name}"), |asked| format!("{base}/{name}?{asked}")))
}

/// Takes that database away again.
pub async fn drop_scratch(url: &str, scratch: &str) -> Result<(), Fault> {
    let options = PgConnectOptions::from_str(scratch)?;
    let name = options.get_database().unwrap_or_default().to_owned();
    if !name.starts_with("duongve_drill_") {
        return Err(Fault::Inconsistent("a database for trials"));
    }
    run_sql(url, &format!("drop database if exists {name} with (force)")).await
}

async fn run_sql(url: &str, sql: &str) -> Result<(), Fault> {
    let mut conn = connect(url).await?;
    let done = conn.execute(AssertSqlSafe(sql.to_owned())).await;
    done.map(drop).map_err(|error| Fault::Copy(format!("a database for the trial: {error}")))
}

// ---- SQLite

/// Makes one file of what is in the database and its log, without what was deleted.
async fn vacuum(file: &str, part: Part, to: &Path) -> Result<Holds, Fault> {
    let (file, to) = (file.to_owned(), to.to_owned());
    in_file(move || {
        let conn = open(Path::new(&file))?;
        // Made first, for its owner only: SQLite would make it with the rights of the process.
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&to);
        made.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        conn.execute("vacuum into ?1", [to.display().to_string()])?;
        read_file(&open(&to)?, part)
    })
    .await
}

/// An SQLite file that is in nobody's way any more: its log is taken into it.
pub async fn settle(file: &Path) -> Result<(), Fault> {
    for _try in 0..100 {
        let file = file.to_owned();
        let settled = in_file(move || {
            let conn = open(&file)?;
            conn.query_row("pragma journal_mode = delete", [], |row| row.get::<_, String>(0))
        });
        match settled.await {
            Ok(mode) if mode == "delete" => return Ok(()),
            // A connection of ours is still on its way out.
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    Err(Fault::Copy(format!("{} is still in use", file.display())))
}

/// What is broken in an SQLite file, or points nowhere; `None`: nothing.
pub async fn damage(file: &str) -> Result<Option<String>, Fault> {
    let file = file.to_owned();
    in_file(move || {
        let conn = open(Path::new(&file))?;
        let said: String = conn.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
        if said != "ok" {
            return Ok(Some(said));
        }
        let mut stray = conn.prepare("pragma foreign_key_check")?;
        let found = stray.query([])?.next()?.map(|row| row.get::<_, String>(0)).transpose()?;
        Ok(found.map(|table| format!("a row of {table} points nowhere")))
    })
    .await
}

async fn in_file<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, rusqlite::Error> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(job).await.map_err(|_stopped| Fault::Unavailable)?;
    done.map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Fault::Full,
        _ => Fault::Copy(error.to_string()),
    })
}

fn open(file: &Path) -> Result<rusqlite::Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = rusqlite::Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    Ok(conn)
}

fn schema_of_file(conn: &rusqlite::Connection) -> Result<i64, rusqlite::Error> {
    let known = "select count(*) from sqlite_schema where name = '_sqlx_migrations'";
    if conn.query_row(known, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(0);
    }
    conn.query_row("select coalesce(max(version), 0) from _sqlx_migrations where success", [], |row| row.get(0))
}

fn read_file(conn: &rusqlite::Connection, part: Part) -> Result<Holds, rusqlite::Error> {
    let mut rows = BTreeMap::new();
    let names = "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name not like '\\_%' escape '\\'";
    let names: Vec<String> =
        conn.prepare(names)?.query_map([], |row| row.get(0))?.collect::<Result<_, rusqlite::Error>>()?;
    for name in names {
        let count = conn.query_row(&format!("select count(*) from \"{name}\""), [], |row| row.get(0))?;
        rows.insert(name, count);
    }
    let mut head = None;
    if part == Part::Record && rows.contains_key("audit") {
        let sql = "select seq, hash from audit where seq > 0 order by seq desc limit 1";
        let found = conn.query_row(sql, [], |row| Ok(Head { seq: row.get(0)?, hash: row.get::<_, Hash>(1)? }));
        head = match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => Some(Head::NONE),
            other => Some(other?),
        };
    }
    Ok(Holds { schema: schema_of_file(conn)?, rows, head })
}

// ---- PostgreSQL

async fn connect(url: &str) -> Result<PgConnection, Fault> {
    Ok(PgConnection::connect_with(&PgConnectOptions::from_str(url)?).await?)
}

const fn schema_name(part: Part) -> &'static str {
    match part {
        Part::Record => "public",
        Part::Keyring => "keyring",
    }
}

async fn tables(conn: &mut PgConnection, part: Part) -> Result<Vec<String>, Fault> {
    let sql = "select tablename::text from pg_tables where schemaname = $1 order by 1";
    let rows: Vec<(String,)> = sqlx::query_as(sql).bind(schema_name(part)).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn schema_of(conn: &mut PgConnection, part: Part) -> Result<i64, Fault> {
    if !tables(conn, part).await?.iter().any(|name| name == "_sqlx_migrations") {
        return Ok(0);
    }
    let sql = format!("select coalesce(max(version), 0) from {}._sqlx_migrations where success", schema_name(part));
    let row: (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(row.0)
}

async fn read_postgres(conn: &mut PgConnection, part: Part) -> Result<Holds, Fault> {
    let mut rows = BTreeMap::new();
    for name in tables(conn, part).await?.into_iter().filter(|name| !name.starts_with('_')) {
        let sql = format!("select count(*) from {}.{name}", schema_name(part));
        let row: (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *conn).await?;
        rows.insert(name, row.0);
    }
    let mut head = None;
    if part == Part::Record && rows.contains_key("audit") {
        let sql = "select seq, hash from audit where seq > 0 order by seq desc limit 1";
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as(sql).fetch_optional(&mut *conn).await?;
        let found = row.map(|(seq, hash)| Hash::try_from(hash.as_slice()).map(|hash| Head { seq, hash }));
        head = Some(found.transpose().map_err(|_| Fault::Inconsistent("a hash of the trail"))?.unwrap_or(Head::NONE));
    }
    Ok(Holds { schema: schema_of(conn, part).await?, rows, head })
}

/// Counts and dump see the same moment: the one gives its snapshot to the other.
async fn dump(url: &str, part: Part, to: &Path) -> Result<Holds, Fault> {
    let mut conn = connect(url).await?;
    conn.execute("begin isolation level repeatable read, read only").await?;
    let snapshot: (String,) = sqlx::query_as("select pg_export_snapshot()").fetch_one(&mut conn).await?;
    let holds = read_postgres(&mut conn, part).await?;
    let mut command = tool("pg_dump", url);
    command.args(["--format=custom", "--no-owner", "--no-privileges"]).arg(format!("--snapshot={}", snapshot.0));
    command.arg(match part {
        Part::Record => "--exclude-schema=keyring",
        Part::Keyring => "--schema=keyring",
    });
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(|error| Fault::Copy(format!("{}: {error}", to.display())))?;
    command.arg("--file").arg(to);
    run(command, "pg_dump").await?;
    conn.execute("commit").await?;
    Ok(holds)
}

/// A program of PostgreSQL on this database. The password goes by a variable: every user of the machine can read a command
/// line.
fn tool(name: &str, url: &str) -> Command {
    let (address, password) = without_password(url);
    let mut command = Command::new(name);
    command.arg(format!("--dbname={address}")).stdin(Stdio::null()).kill_on_drop(true);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

async fn run(mut command: Command, name: &str) -> Result<(), Fault> {
    let done = command.output().await.map_err(|error| {
        Fault::Copy(match error.kind() {
            std::io::ErrorKind::NotFound => format!(
                "{name} is not on this machine: install PostgreSQL's client programs (Debian: postgresql-client), of the server's version or newer"
            ),
            _ => format!("{name}: {error}"),
        })
    })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let line = said.lines().find(|line| line.contains("error")).or(said.lines().next()).unwrap_or("no reason given");
    // Of a row's content nothing is said on.
    Err(Fault::Copy(format!("{name}: {}", line.chars().take(300).collect::<String>())))
}

/// The address without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let (head, asked) = url.split_once('?').map_or((url, None), |(head, asked)| (head, Some(asked)));
    let (mut address, mut password) = (head.to_owned(), None);
    if let Some((scheme, rest)) = head.split_once("://")
        && let Some((who, place)) = rest.rsplit_once('@')
        && let Some((user, secret)) = who.split_once(':')
    {
        address = format!("{scheme}://{user}@{place}");
        password = Some(plain(secret));
    }
    let mut left = Vec::new();
    for pair in asked.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        match pair.strip_prefix("password=") {
            Some(secret) => password = Some(plain(secret)),
            // Words that only our own driver knows.
            None if pair.starts_with("statement-cache-capacity=") => {}
            None => left.push(pair),
        }
    }
    if !left.is_empty() {
        address = format!("{address}?{}", left.join("&"));
    }
    (address, password)
}

/// `%41` is `A`.
fn plain(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let coded = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(coded.unwrap_or(*byte));
        at += if coded.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_by_itself() {
        let (address, password) =
            without_password("postgres://duongve:a%40b%3A%25@db.example:5/duongve?sslmode=require");
        assert_eq!(
            (address.as_str(), password.as_deref()),
            ("postgres://duongve@db.example:5/duongve?sslmode=require", Some("a@b:%"))
        );
        let (address, password) = without_password("postgres://db.example/duongve?password=x&user=y");
        assert_eq!((address.as_str(), password.as_deref()), ("postgres://db.example/duongve?user=y", Some("x")));
        assert_eq!(without_password("postgres://u@h/d"), ("postgres://u@h/d".to_owned(), None));
    }
}
