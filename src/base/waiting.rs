//! What waits for somebody's word beside the follow-ups of cases.

use super::words::Owing;

/// So many wait, and so many of them past their day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub waiting: i64,
    /// Of them those whose day has gone by.
    pub late: i64,
}

/// The same, with what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct Owed {
    /// What it is.
    #[sqlx(rename = "word")]
    pub what: Owing,
    pub waiting: i64,
    /// Of them those whose day has gone by.
    pub late: i64,
}
