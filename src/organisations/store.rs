//! SQL of organisations.

use super::model::Line;
use crate::{
    args,
    policy::{AreaCode, acts::ListOrganisations},
    store::{Dir, Fault, Page, PageAsk, Scope, Store},
};

const LINE: &str = "o.id, o.area_code, o.kind, o.name_vi, o.name_en";

pub async fn list(store: &Store, scope: &Scope<ListOrganisations>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store.list(scope, LINE).page(&["o.area_code", "o.kind", "o.id"], Dir::Up, ask).await
}

pub async fn of_area(store: &Store, scope: &Scope<ListOrganisations>, area: &AreaCode) -> Result<Vec<Line>, Fault> {
    store.list(scope, LINE).and_arg("o.area_code = ?", args![&area.0]).rows("o.name_vi, o.id", 100).await
}

pub async fn count(store: &Store, scope: &Scope<ListOrganisations>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}
