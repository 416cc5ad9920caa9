//! Bringing the schema up: from every number to the newest, cut off after every statement; and the copy that is made before.
//!
//! Nothing is released yet, so the schemas that are there are those of each migration. What is cut off is a process of its
//! own, killed with the statements done and the transaction open, as the program's own migration would be.

use crate::{
    house::{Kind, empty, key_places, root_key, settings},
    raw::Raw,
};
use duongve::{
    base::time::{At, Clock},
    store::{
        Store,
        copies::{self, Part},
    },
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, migrate::Migrator};
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The statements of a migration, as the database takes them one by one.
fn statements(sql: &str) -> Vec<String> {
    let (mut all, mut one) = (Vec::new(), String::new());
    for line in sql.lines().filter(|line| !line.trim_start().starts_with("--")) {
        let line = line.split(" --").next().unwrap_or(line);
        one += line;
        one.push('\n');
        let text = one.trim().to_lowercase();
        let body_is_open = text.contains("create trigger") && text.contains(" begin") && !text.ends_with("end;");
        let quoted = text.matches("$$").count() % 2 == 1;
        if text.ends_with(';') && !body_is_open && !quoted {
            all.push(std::mem::take(&mut one));
        }
    }
    assert!(one.trim().is_empty(), "a statement without an end: {one}");
    all
}

async fn open(file: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .foreign_keys(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// A database as it was before this migration, with a row in it.
async fn before(number: i64, file: &Path) {
    let mut conn = open(file).await;
    SQLITE.run_to(number - 1, &mut conn).await.unwrap();
    if number > 1 {
        conn.execute(AREA).await.unwrap();
    }
    conn.close().await.unwrap();
}

const AREA: &str = "insert into areas (code, name, name_fold, kind, valid_from, legal_basis) \
                    values ('91', 'An Giang', 'an giang', 'province', '2025-07-01', 'x')";

/// All that the schema says of itself.
async fn shape(conn: &mut SqliteConnection) -> Vec<(String, String)> {
    sqlx::query_as("select name, coalesce(sql, '') from sqlite_schema where name not like 'sqlite%' order by 1, 2")
        .fetch_all(conn)
        .await
        .unwrap()
}

/// What is killed: opens the database, does so many statements of a migration, and dies. Run by the tests below only.
#[tokio::test]
#[ignore = "a part of the tests below"]
async fn child() {
    let Ok(told) = std::env::var("UPGRADE") else { return };
    let words: Vec<&str> = told.split('|').collect();
    let [file, number, count, how] = words[..] else { panic!("{told}") };
    let (number, count): (i64, usize) = (number.parse().unwrap(), count.parse().unwrap());
    let migration = SQLITE.iter().find(|one| one.version == number).unwrap();
    let mut conn = open(Path::new(file)).await;
    if how == "whole" {
        conn.execute("begin").await.unwrap();
    }
    for statement in &statements(migration.sql.as_str())[..count] {
        conn.execute(AssertSqlSafe(statement.clone())).await.unwrap();
    }
    let own = std::process::id().to_string();
    Command::new("kill").args(["-9", &own]).status().unwrap();
    std::thread::sleep(Duration::from_secs(30));
}

fn kill_after(file: &Path, number: i64, count: usize, how: &str) {
    use std::os::unix::process::ExitStatusExt;
    let told = format!("{}|{number}|{count}|{how}", file.display());
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "upgrade::child"])
        .env("UPGRADE", told)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(done.signal(), Some(9), "it was killed, and did not fail");
}

/// Goes on with a database that was cut off; the first thing that is not so.
async fn comes_up(file: &Path, fresh: &[(String, String)]) -> Result<(), String> {
    let mut conn = open(file).await;
    SQLITE.run(&mut conn).await.map_err(|error| error.to_string())?;
    if shape(&mut conn).await != fresh {
        return Err("another schema than a fresh one".to_owned());
    }
    let (said,): (String,) = sqlx::query_as("pragma integrity_check").fetch_one(&mut conn).await.unwrap();
    let (kept,): (i64,) = sqlx::query_as("select count(*) from areas").fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    (said == "ok" && kept <= 1).then_some(()).ok_or(said)
}

fn copy(from: &Path, to: &Path) {
    for end in ["", "-wal"] {
        let of = |file: &Path| format!("{}{end}", file.display());
        let _none_before = std::fs::remove_file(of(to));
        if Path::new(&of(from)).exists() {
            std::fs::copy(of(from), of(to)).unwrap();
        }
    }
    let _none_before = std::fs::remove_file(format!("{}-shm", to.display()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_every_schema_to_the_newest_cut_off_after_every_statement() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let mut conn = open(&at("fresh")).await;
    SQLITE.run(&mut conn).await.unwrap();
    let fresh = shape(&mut conn).await;
    let mut cuts = 0;
    for migration in SQLITE.iter() {
        let (number, count) = (migration.version, statements(migration.sql.as_str()).len());
        before(number, &at("before")).await;
        // From each schema: as it is, and cut off after each statement on the way to the next.
        copy(&at("before"), &at("whole"));
        comes_up(&at("whole"), &fresh).await.unwrap_or_else(|error| panic!("from {}: {error}", number - 1));
        for done in 1..=count {
            copy(&at("before"), &at("cut"));
            kill_after(&at("cut"), number, done, "whole");
            let has = copies::holds(&at("cut").display().to_string(), Part::Record).await.unwrap();
            assert_eq!(has.schema, number - 1, "nothing of a migration that was cut off is there");
            comes_up(&at("cut"), &fresh).await.unwrap_or_else(|error| panic!("{number} after {done}: {error}"));
            cuts += 1;
        }
        for name in ["before", "whole", "cut"] {
            std::fs::remove_file(at(name)).unwrap();
        }
    }
    // The plant: a migration that is no transaction, cut off after its first statement.
    before(7, &at("plant")).await;
    kill_after(&at("plant"), 7, 1, "by halves");
    assert!(comes_up(&at("plant"), &fresh).await.is_err(), "half a migration cannot be gone on with");
    println!("{} schemas, cut off {cuts} times", SQLITE.iter().count());
    assert!(cuts > 90, "{cuts}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_of_postgres_is_one_transaction() {
    let newest = POSTGRES.iter().map(|one| one.version).max().unwrap();
    for number in [1, 5, 12, 20, newest] {
        let Some((url, _dir)) = empty(Kind::Postgres).await else { return };
        let mut conn = PgConnection::connect(&url).await.unwrap();
        POSTGRES.run_to(number - 1, &mut conn).await.unwrap();
        let mut cut = PgConnection::connect(&url).await.unwrap();
        let (own,): (i32,) = sqlx::query_as("select pg_backend_pid()").fetch_one(&mut cut).await.unwrap();
        cut.execute("begin").await.unwrap();
        let migration = POSTGRES.iter().find(|one| one.version == number).unwrap();
        cut.execute(AssertSqlSafe(migration.sql.as_str().to_owned())).await.unwrap();
        // All of it is done, and then the connection is gone.
        let kill = format!("select pg_terminate_backend({own})");
        conn.execute(AssertSqlSafe(kill)).await.unwrap();
        assert!(cut.execute("commit").await.is_err());
        for _ in 0..100 {
            let live = format!("select count(*) from pg_stat_activity where pid = {own}");
            let (live,): (i64,) = sqlx::query_as(AssertSqlSafe(live)).fetch_one(&mut conn).await.unwrap();
            if live == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(copies::holds(&url, Part::Record).await.unwrap().schema, number - 1);
        POSTGRES.run(&mut conn).await.unwrap_or_else(|error| panic!("{number}: {error}"));
        assert_eq!(copies::holds(&url, Part::Record).await.unwrap().schema, newest);
    }
}

/// The program's own `migrate` on this database.
fn migrate(url: &str, dir: &Path) -> Command {
    let keys = settings(dir.join("mail"), url, dir);
    let mut command = Command::new(env!("CARGO_BIN_EXE_duongve"));
    command.args(["migrate", "--log", "error", "--database", url]).arg("--root-key").arg(root_key(&keys));
    command.arg("--data-dir").arg(dir.join("data")).stdout(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_killed_at_any_moment_of_an_upgrade_goes_on_and_keeps_what_was_before() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    before(6, &at("before")).await;
    let newest = SQLITE.iter().map(|one| one.version).max().unwrap();
    let url = at("duongve.sqlite").display().to_string();
    let mut cut = 0;
    for round in 0..12_u64 {
        copy(&at("before"), &at("duongve.sqlite"));
        let mut program = migrate(&url, dir.path()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(round * 23));
        cut += u32::from(program.try_wait().unwrap().is_none());
        program.kill().unwrap();
        program.wait().unwrap();
        let done = migrate(&url, dir.path()).stderr(Stdio::piped()).output().unwrap();
        assert!(done.status.success(), "{round}: {}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(copies::holds(&url, Part::Record).await.unwrap().schema, newest);
    }
    assert!(cut >= 4, "{cut} were cut off");
    // Each copy of what was before is whole: as it was, and for its owner only.
    let mut kept = 0;
    for entry in std::fs::read_dir(at("data/before-upgrade")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let file = entry.path();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions()) & 0o077, 0);
        let holds = copies::holds(&file.display().to_string(), Part::Record).await.unwrap();
        assert!(holds.schema >= 5 && holds.schema < newest && holds.rows["areas"] == 1, "{holds:?}");
        assert_eq!(copies::damage(&file.display().to_string()).await.unwrap(), None);
        kept += 1;
    }
    assert!(kept >= 6, "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_copy_is_made_first_or_nothing_is_touched() {
    let Some((url, dir)) = empty(Kind::Postgres).await else { return };
    let mut conn = PgConnection::connect(&url).await.unwrap();
    POSTGRES.run_to(9, &mut conn).await.unwrap();
    // Without pg_dump: refused, in one line that says what to do.
    let without = migrate(&url, dir.path()).env("PATH", "/nonexistent").stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert_eq!(without.status.code(), Some(1), "{said}");
    assert!(said.contains("pg_dump is not on this machine") && said.contains("--without-backup"), "{said}");
    assert_eq!(copies::holds(&url, Part::Record).await.unwrap().schema, 9);
    // With it: a dump that can be put back.
    let done = migrate(&url, dir.path()).stderr(Stdio::piped()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let newest = POSTGRES.iter().map(|one| one.version).max().unwrap();
    assert_eq!(copies::holds(&url, Part::Record).await.unwrap().schema, newest);
    let dumps: Vec<_> = std::fs::read_dir(dir.path().join("data/before-upgrade")).unwrap().flatten().collect();
    assert_eq!(dumps.len(), 1);
    let (again, _more) = empty(Kind::Postgres).await.unwrap();
    copies::put_back(&again, &dumps[0].path()).await.unwrap();
    assert_eq!(copies::holds(&again, Part::Record).await.unwrap().schema, 9);
    // Told to go on without one, it does.
    let (bare, more) = empty(Kind::Postgres).await.unwrap();
    POSTGRES.run_to(9, &mut PgConnection::connect(&bare).await.unwrap()).await.unwrap();
    let told = migrate(&bare, more.path()).arg("--without-backup").env("PATH", "/nonexistent").status().unwrap();
    assert!(told.success());
    assert_eq!(copies::holds(&bare, Part::Record).await.unwrap().schema, newest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_up_to_date_or_not_there_is_not_copied() {
    let (url, dir) = empty(Kind::Sqlite).await.unwrap();
    assert!(migrate(&url, dir.path()).status().unwrap().success());
    assert!(migrate(&url, dir.path()).status().unwrap().success());
    let folder = dir.path().join("data/before-upgrade");
    assert_eq!(std::fs::read_dir(folder).map_or(0, Iterator::count), 0);
    let clock = Clock::still(At::from_micros(1));
    let store = Store::open(&url, &key_places(&url, dir.path()), clock, None).await.unwrap();
    assert_eq!(copies::pending(&url).await.unwrap(), None);
    store.close().await;
    let _raw = Raw::sqlite(&url).await;
}
