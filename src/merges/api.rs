//! Merges for programs. What differs is read from the two cases, by whoever may read them.

use super::model::Draft;
use crate::{
    app::App,
    base::ids::DoubleId,
    doubles::{self, api::PossibleDouble},
    http::{Nothing, Oops, Told, json},
    policy::acts::{MergePeople, SeeDouble, UndoMerge},
    store::Grant,
};
use axum::response::Response;

/// Whose each part is to be: `case`, the first side of the pair, which is the newer record; or `other`, the one that is kept,
/// whose each part is unless told. The province chooses nothing.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeChoice {
    name: Option<String>,
    birth: Option<String>,
    identity: Option<String>,
    origin: Option<String>,
    health: Option<String>,
}

/// Joins the two people of a pair on which everybody has agreed.
#[utoipa::path(post, path = "/api/v1/doubles/{possible_double}/merge",
    params(("possible_double" = DoubleId, Path), ("If-Match" = String, Header)), request_body = MergeChoice,
    responses((status = 200, body = PossibleDouble)))]
pub async fn merge(app: App, grant: Grant<MergePeople>, told: Told<MergeChoice>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<MergePeople, SeeDouble>(&grant).ok_or(Oops::Unknown)?;
    let MergeChoice { name, birth, identity, origin, health } = told.body;
    let draft = Draft {
        name: json::text(name),
        birth: json::text(birth),
        identity: json::text(identity),
        origin: json::text(origin),
        health: json::text(health),
        version: String::new(),
    };
    super::merge(store, grant, &draft, Some(version)).await?;
    doubles::api::read(store, &see).await
}

/// Makes two people of them again, as they were, within the weeks of the office's rule.
#[utoipa::path(post, path = "/api/v1/doubles/{possible_double}/merge/undoing",
    params(("possible_double" = DoubleId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = PossibleDouble)))]
pub async fn undo(app: App, grant: Grant<UndoMerge>, told: Told<Nothing>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<UndoMerge, SeeDouble>(&grant).ok_or(Oops::Unknown)?;
    super::undo(store, grant, Some(version)).await?;
    doubles::api::read(store, &see).await
}
