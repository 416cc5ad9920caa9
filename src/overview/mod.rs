//! What the head of a commune sees first, and what the province sees at all.

mod store;
pub mod waiting;
pub mod web;

use crate::{
    base::{
        ids::{CaseId, UserId},
        time::{At, Day},
    },
    digests,
    follow_ups::tally::{self, AreaCount},
    policy::acts::{CountFollowUps, ListCases},
    store::{Fault, Scope, Store},
};

/// A case that waits for the head: something is urgent, nobody has it, or it was tried too often without meeting the person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    pub id: CaseId,
    pub code: String,
    pub name: String,
    pub hamlet: Option<String>,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub tries: i64,
    pub to_supervisor: bool,
    /// Since when something urgent waits for an answer.
    pub urgent_at: Option<At>,
    pub next_due_on: Option<Day>,
}

/// A commune as the province sees it.
#[derive(Clone, Debug)]
pub struct Commune {
    pub count: AreaCount,
    /// No active head: nobody gets the digest.
    pub headless: bool,
    /// The head has left digests unopened for a week.
    pub unread: bool,
}

/// Days after which an unopened digest is told to the province.
const UNREAD_DAYS: i64 = 7;

/// Cases that wait for the head, those without an officer first.
pub async fn waiting(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<Waiting>, Fault> {
    store::waiting(store, scope).await
}

/// Every commune that has a case, a head or an unread digest, most overdue first. Counts only.
pub async fn communes(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Vec<Commune>, Fault> {
    let counts = tally::by_area(store, scope).await?;
    let since = store.now().plus(-UNREAD_DAYS * 86_400);
    let heads = digests::heads_by_area(store, scope, since).await?;
    let mut communes: Vec<Commune> = counts
        .into_iter()
        .map(|count| {
            let head = heads.iter().find(|(code, ..)| *code == count.code);
            let headless = head.is_none_or(|(_, heads, _)| *heads == 0);
            Commune { headless, unread: head.is_some_and(|(.., unread)| *unread), count }
        })
        .collect();
    communes.sort_by(|a, b| {
        (b.count.overdue, b.count.cases, &a.count.code).cmp(&(a.count.overdue, a.count.cases, &b.count.code))
    });
    Ok(communes)
}
