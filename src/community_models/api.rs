//! Community models for programs.

use super::model::{CommendationDraft, CommendationRow, Draft, ResultDraft, ResultRow, Row};
use crate::{
    app::App,
    base::{
        ids::{CommendationId, CommunityModelId, ModelResultId},
        sealed::SealedText as _,
        time::Day,
    },
    http::{
        Asked, Json, Listed, Oops, Told,
        door::AtHome,
        json::{self, DayText, Paging},
    },
    policy::{
        AreaCode,
        acts::{AddCommunityModel, ChangeCommunityModel, ListCommunityModels, SeeCommunityModel},
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A community model.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CommunityModel {
    id: CommunityModelId,
    area: AreaCode,
    name: String,
    /// Empty: the whole commune.
    hamlet: String,
    #[schema(required)]
    about: Option<String>,
    since_on: Day,
    /// `null`: it goes on.
    #[schema(required)]
    until_on: Option<Day>,
    /// Another of the commune's register.
    #[schema(required)]
    copied_from_id: Option<CommunityModelId>,
    /// Where it comes from, by name; `null`: from here.
    #[schema(required)]
    copied_from: Option<String>,
    copies: i64,
    #[schema(required)]
    people: Option<i64>,
    #[schema(required)]
    vnd: Option<i64>,
    /// Only where one model was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<ModelResult>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commendations: Option<Vec<Commendation>>,
    version: i64,
}

/// What came of it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ModelResult {
    id: ModelResultId,
    on: Day,
    what: String,
    #[schema(required)]
    people: Option<i64>,
    #[schema(required)]
    vnd: Option<i64>,
}

/// A letter of commendation.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Commendation {
    id: CommendationId,
    to_whom: String,
    by_whom: String,
    number: String,
    on: Day,
}

impl From<Row> for CommunityModel {
    fn from(row: Row) -> CommunityModel {
        CommunityModel {
            copied_from: row.source().map(str::to_owned),
            id: row.id,
            area: row.area_code,
            name: row.name,
            hamlet: row.hamlet,
            about: row.about.told(),
            since_on: row.since_on,
            until_on: row.until_on,
            copied_from_id: row.copied_from_id,
            copies: row.copies,
            people: row.people,
            vnd: row.vnd,
            results: None,
            commendations: None,
            version: row.version,
        }
    }
}

impl From<ResultRow> for ModelResult {
    fn from(row: ResultRow) -> ModelResult {
        ModelResult { id: row.id, on: row.on_day, what: row.what.told(), people: row.people, vnd: row.vnd }
    }
}

impl From<CommendationRow> for Commendation {
    fn from(row: CommendationRow) -> Commendation {
        let CommendationRow { id, to_whom, by_whom, number, on_day } = row;
        Commendation { id, to_whom: to_whom.told(), by_whom, number, on: on_day }
    }
}

/// Of which commune.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct OfArea {
    area: Option<AreaCode>,
}

/// The register of community models, newest first.
#[utoipa::path(get, path = "/api/v1/community-models", params(OfArea, Paging), responses((status = 200, body = Listed<CommunityModel>)))]
pub async fn list(
    app: App,
    scope: Scope<ListCommunityModels>,
    asked: Asked<OfArea>,
) -> Result<Json<Listed<CommunityModel>>, Oops> {
    let area = asked.query.area.as_ref();
    let page = super::list(app.store(), &scope, area, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope, area).await?) } else { None };
    Ok(Json(Listed::of(page.map(CommunityModel::from), count)))
}

async fn read(store: &Store, grant: &Grant<SeeCommunityModel>) -> Result<CommunityModel, Oops> {
    let (row, results, commendations) = super::one(store, grant).await?;
    Ok(CommunityModel {
        results: Some(results.into_iter().map(ModelResult::from).collect()),
        commendations: Some(commendations.into_iter().map(Commendation::from).collect()),
        ..CommunityModel::from(row)
    })
}

/// One model, with what came of it and who was commended.
#[utoipa::path(get, path = "/api/v1/community-models/{community_model}", params(("community_model" = CommunityModelId, Path)),
    responses((status = 200, body = CommunityModel)))]
pub async fn one(app: App, grant: Grant<SeeCommunityModel>) -> Result<Response, Oops> {
    let body = read(app.store(), &grant).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// A model to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelToAdd {
    name: Option<String>,
    hamlet: Option<String>,
    about: Option<String>,
    since_on: Option<DayText>,
    until_on: Option<DayText>,
    #[schema(value_type = Option<CommunityModelId>)]
    copied_from_id: Option<String>,
    copied_from: Option<String>,
    people: Option<i64>,
    vnd: Option<i64>,
}

impl From<ModelToAdd> for Draft {
    fn from(told: ModelToAdd) -> Draft {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        Draft {
            name: json::text(told.name),
            hamlet: json::text(told.hamlet),
            about: json::text(told.about),
            since_on: json::day(told.since_on),
            until_on: json::day(told.until_on),
            copied_from_id: json::text(told.copied_from_id),
            copied_from: json::text(told.copied_from),
            people: number(told.people),
            vnd: number(told.vnd),
            version: String::new(),
        }
    }
}

/// Writes down a model of one's own commune.
#[utoipa::path(post, path = "/api/v1/community-models", request_body = ModelToAdd, responses((status = 201, body = CommunityModel)))]
pub async fn add(app: App, AtHome(grant): AtHome<AddCommunityModel>, told: Told<ModelToAdd>) -> Result<Response, Oops> {
    let store = app.store();
    let own = store.also::<AddCommunityModel, AddCommunityModel>(&grant).ok_or(Oops::Unknown)?;
    let id = super::add(store, grant, &told.body.into(), told.key).await?;
    let see = store.onward::<AddCommunityModel, SeeCommunityModel>(&own, id).await?;
    Ok(json::created(format!("/api/v1/community-models/{id}"), read(store, &see).await?))
}

/// Puts a model right: all of its fields are told.
#[utoipa::path(patch, path = "/api/v1/community-models/{community_model}",
    params(("community_model" = CommunityModelId, Path), ("If-Match" = String, Header)), request_body = ModelToAdd,
    responses((status = 200, body = CommunityModel)))]
pub async fn correct(app: App, grant: Grant<ChangeCommunityModel>, told: Told<ModelToAdd>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeCommunityModel, SeeCommunityModel>(&grant).ok_or(Oops::Unknown)?;
    super::correct(store, grant, &told.body.into(), Some(version)).await?;
    let body = read(store, &see).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// What came of a model.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelResultToAdd {
    on: Option<DayText>,
    what: Option<String>,
    people: Option<i64>,
    vnd: Option<i64>,
}

/// Writes down what came of a model.
#[utoipa::path(post, path = "/api/v1/community-models/{community_model}/results", params(("community_model" = CommunityModelId, Path)),
    request_body = ModelResultToAdd, responses((status = 201, body = CommunityModel)))]
pub async fn add_result(
    app: App,
    grant: Grant<ChangeCommunityModel>,
    told: Told<ModelResultToAdd>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<ChangeCommunityModel, SeeCommunityModel>(&grant).ok_or(Oops::Unknown)?;
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let ModelResultToAdd { on, what, people, vnd } = told.body;
    let draft = ResultDraft { on: json::day(on), what: json::text(what), people: number(people), vnd: number(vnd) };
    super::add_result(store, grant, &draft, told.key).await?;
    Ok(json::created(format!("/api/v1/community-models/{}", see.id()), read(store, &see).await?))
}

/// A letter of commendation.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommendationToAdd {
    to_whom: Option<String>,
    by_whom: Option<String>,
    number: Option<String>,
    on: Option<DayText>,
}

/// Writes down a letter of commendation.
#[utoipa::path(post, path = "/api/v1/community-models/{community_model}/commendations",
    params(("community_model" = CommunityModelId, Path)), request_body = CommendationToAdd,
    responses((status = 201, body = CommunityModel)))]
pub async fn commend(
    app: App,
    grant: Grant<ChangeCommunityModel>,
    told: Told<CommendationToAdd>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<ChangeCommunityModel, SeeCommunityModel>(&grant).ok_or(Oops::Unknown)?;
    let CommendationToAdd { to_whom, by_whom, number, on } = told.body;
    let draft = CommendationDraft {
        to_whom: json::text(to_whom),
        by_whom: json::text(by_whom),
        number: json::text(number),
        on: json::day(on),
    };
    super::commend(store, grant, &draft, told.key).await?;
    Ok(json::created(format!("/api/v1/community-models/{}", see.id()), read(store, &see).await?))
}
