//! What is missing in which case, for whoever can fill it in: each line leads to the form that does. The head also sees how
//! much is missing with whom.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    policy::acts::ListGaps,
    store::{Fault, Page, PageAsk, Scope, Store},
};
use model::{Line, OfficerGaps};

/// Live cases of the asker in which something is missing, by name.
pub async fn list(store: &Store, scope: &Scope<ListGaps>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListGaps>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// How much is missing with whom, most first.
pub async fn by_officer(store: &Store, scope: &Scope<ListGaps>) -> Result<Vec<OfficerGaps>, Fault> {
    store::by_officer(store, scope).await
}
