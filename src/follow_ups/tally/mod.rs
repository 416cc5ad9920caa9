//! Counts over follow-ups: by commune, officer and hamlet, and the worst of them. What is open and what is overdue
//! is the same as in the lists; each function is one statement.

pub(super) mod store;

use crate::{
    base::{
        ids::{CaseId, HamletId, UserId},
        time::Day,
        words::FollowUpKind,
    },
    policy::{
        AreaCode,
        acts::{ComposeDigest, CountFollowUps, ListCases},
    },
    store::{Fault, Scope, Store},
};

/// A commune in figures. No name of a person, no code of a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AreaCount {
    pub code: AreaCode,
    pub kind: String,
    pub name: String,
    /// Live cases.
    pub cases: i64,
    pub open: i64,
    pub overdue: i64,
    /// The due day of the oldest that is overdue.
    pub oldest_on: Option<Day>,
    pub never_met: i64,
    pub unassigned: i64,
    /// Cases that are planned with older rules than those in force.
    pub recalculating: i64,
}

/// What one officer has; without an officer: what nobody has.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OfficerCount {
    pub code: AreaCode,
    pub kind: String,
    pub name: String,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub cases: i64,
    pub open: i64,
    pub overdue: i64,
    pub oldest_on: Option<Day>,
    pub last_contact_on: Option<Day>,
    pub never_met: i64,
    pub recalculating: i64,
}

/// What is overdue in one hamlet, by how long.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HamletCount {
    pub hamlet: Option<String>,
    pub overdue: i64,
    /// 1 to 7 days.
    pub week: i64,
    /// 8 to 14 days.
    pub fortnight: i64,
    /// More.
    pub older: i64,
}

/// Open follow-ups of one officer in one hamlet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sum {
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub hamlet_id: Option<HamletId>,
    pub hamlet: Option<String>,
    pub open: i64,
    pub overdue: i64,
    pub postponed: i64,
    pub oldest_on: Option<Day>,
}

/// One that is overdue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Late {
    pub case_id: CaseId,
    pub code: String,
    pub kind: FollowUpKind,
    pub due_on: Day,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
}

/// Live cases of one officer in one hamlet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CaseSum {
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub hamlet_id: Option<HamletId>,
    pub hamlet: Option<String>,
    pub never_met: i64,
    pub unassigned: i64,
    /// Tried so often without meeting the person that the head is asked.
    pub to_supervisor: i64,
    pub recalculating: i64,
}

/// Every commune within the scope, also those without a case, by code.
pub async fn by_area(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<AreaCount>, Fault> {
    store::by_area(store, scope).await
}

/// Every officer in charge within the scope; what nobody has comes first, then whoever has most overdue.
pub async fn by_officer(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<OfficerCount>, Fault> {
    store::by_officer(store, scope).await
}

/// Hamlets in which something is overdue, most first.
pub async fn by_hamlet(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<HamletCount>, Fault> {
    store::by_hamlet(store, scope).await
}

/// Open follow-ups by officer and hamlet.
pub async fn sums(store: &Store, scope: &Scope<ComposeDigest>) -> Result<Vec<Sum>, Fault> {
    store::sums(store, scope).await
}

/// The worst that are overdue: those that nobody has first, then the longest overdue.
pub async fn worst(store: &Store, scope: &Scope<ComposeDigest>, limit: i64) -> Result<Vec<Late>, Fault> {
    store::worst(store, scope, limit).await
}

/// Live cases by officer and hamlet.
pub async fn case_sums(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<CaseSum>, Fault> {
    store::case_sums(store, scope).await
}

/// Live cases that are planned with older rules than those in force.
pub async fn recalculating(store: &Store, scope: &Scope<ListCases>) -> Result<i64, Fault> {
    store::recalculating(store, scope).await
}
