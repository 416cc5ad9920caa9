//! The mass organisations of each commune.

pub mod api;
pub mod model;
mod store;

use crate::{
    policy::{AreaCode, acts::ListOrganisations},
    store::{Fault, Page, PageAsk, Scope, Store},
};
use model::Line;

/// Organisations within the asker's scope.
pub async fn list(store: &Store, scope: &Scope<ListOrganisations>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListOrganisations>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// The organisations of one commune, within the asker's scope.
pub async fn of_area(store: &Store, scope: &Scope<ListOrganisations>, area: &AreaCode) -> Result<Vec<Line>, Fault> {
    store::of_area(store, scope, area).await
}
