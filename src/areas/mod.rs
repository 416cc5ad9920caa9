//! Provinces and communes, hamlets, and the working calendar.

pub mod api;
pub mod model;
mod store;

use crate::{
    policy::{AreaCode, acts::ListAreas},
    store::{Fault, Page, PageAsk, Scope, Store},
};
use model::Line;

/// Areas within the asker's scope, by code.
pub async fn list(store: &Store, scope: &Scope<ListAreas>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// Every area within the asker's scope, by name: for a choice in a form.
pub async fn all(store: &Store, scope: &Scope<ListAreas>) -> Result<Vec<Line>, Fault> {
    store::all(store, scope).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListAreas>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// The name of an area with its kind: `Xã Ô Lâm`. Names of areas are public.
pub async fn name(store: &Store, code: &AreaCode) -> Result<String, Fault> {
    store::name(store, code).await
}
