//! The trail: what was done and opened, by whom. The inspector reads it; nobody edits it.

pub mod checkpoints;
pub mod cli;
pub mod key;
pub mod model;
mod store;
pub mod verify;
pub mod web;

use crate::{
    policy::acts::ListTrail,
    store::{Fault, Page, PageAsk, Scope, Store},
};
use model::{Filter, Line};

/// Lines of the trail within the asker's scope, newest first. Reading it is itself a line.
pub async fn list(
    store: &Store,
    scope: &Scope<ListTrail>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let page = store::list(store, scope, filter, ask).await?;
    store.note_list(scope, &format!("{} lines", page.items.len())).await?;
    Ok(page)
}
