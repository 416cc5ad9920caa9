//! A look at the database past the program: what really stands in its tables.

use crate::house::{House, Kind};
use duongve::store::Row;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

/// A connection of the test's own.
pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub async fn of(house: &House) -> Raw {
        let url = &house.app.settings().database;
        match house.kind {
            Kind::Sqlite => Self::sqlite(url).await,
            Kind::Postgres => Raw::Postgres(PgConnection::connect(url).await.expect("the test cluster answers")),
        }
    }

    pub async fn sqlite(file: &str) -> Raw {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(std::time::Duration::from_secs(20))
            .foreign_keys(true);
        Raw::Sqlite(SqliteConnection::connect_with(&options).await.expect("the file opens"))
    }

    pub async fn rows<T: Row>(&mut self, sql: &str) -> Vec<T> {
        let text = AssertSqlSafe(sql.to_owned());
        match self {
            Raw::Sqlite(conn) => sqlx::query_as(text).fetch_all(conn).await,
            Raw::Postgres(conn) => sqlx::query_as(text).fetch_all(conn).await,
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Waits until no other connection is in the middle of a transaction: PostgreSQL notices a killed program only when it
    /// next speaks to it.
    pub async fn settle(&mut self) {
        let Raw::Postgres(_) = self else { return };
        let others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() \
                      and state <> 'idle'";
        for _ in 0..200 {
            if self.number(others).await == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("transactions of the killed program are still open");
    }

    /// The one number of a statement.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let rows: Vec<(i64,)> = self.rows(sql).await;
        rows[0].0
    }

    pub async fn run(&mut self, sql: &str) {
        self.tried(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The same where the database may refuse.
    pub async fn tried(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let text = AssertSqlSafe(sql.to_owned());
        match self {
            Raw::Sqlite(conn) => sqlx::query(text).execute(conn).await.map(|_| ()),
            Raw::Postgres(conn) => sqlx::query(text).execute(conn).await.map(|_| ()),
        }
    }

    /// An id as a literal of this database.
    pub fn id(&self, id: impl std::fmt::Display) -> String {
        let id: Uuid = id.to_string().parse().expect("an id");
        match self {
            Raw::Sqlite(_) => format!("x'{}'", id.simple()),
            Raw::Postgres(_) => format!("'{id}'::uuid"),
        }
    }

    /// Bytes as a literal of this database.
    pub fn bytes(&self, arg: &duongve::base::arg::Arg) -> String {
        let duongve::base::arg::Arg::Bytes(Some(bytes)) = arg else { panic!("no bytes") };
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Raw::Sqlite(_) => format!("x'{hex}'"),
            Raw::Postgres(_) => format!("'\\x{hex}'::bytea"),
        }
    }

    pub fn bool(&self, value: bool) -> &'static str {
        match (self, value) {
            (Raw::Sqlite(_), true) => "1",
            (Raw::Sqlite(_), false) => "0",
            (Raw::Postgres(_), true) => "true",
            (Raw::Postgres(_), false) => "false",
        }
    }
}
