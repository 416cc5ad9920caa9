//! SQL of areas.

use super::model::{Line, full_name};
use crate::{
    args,
    policy::{AreaCode, acts::ListAreas},
    store::{Dir, Fault, Page, PageAsk, Scope, Store},
};

const LINE: &str = "a.code, a.name, a.kind, a.province_code, a.valid_from, a.legal_basis";

pub async fn all(store: &Store, scope: &Scope<ListAreas>) -> Result<Vec<Line>, Fault> {
    store.list(scope, LINE).rows("a.name_fold, a.code", 1000).await
}

pub async fn list(store: &Store, scope: &Scope<ListAreas>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store.list(scope, LINE).page(&["a.code"], Dir::Up, ask).await
}

pub async fn name(store: &Store, code: &AreaCode) -> Result<String, Fault> {
    let rows: Vec<(String, String)> =
        store.reference("select kind, name from areas where code = $1", args![&code.0]).await?;
    Ok(rows.first().map_or_else(|| code.0.clone(), |(kind, name)| full_name(kind, name)))
}

pub async fn count(store: &Store, scope: &Scope<ListAreas>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}
