//! Doubles for programs.

use super::model::{Line, Side, VerdictDraft};
use crate::{
    app::App,
    base::{
        ids::{CaseId, DoubleId},
        time::At,
        words::DoubleState,
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::{
        AreaCode,
        acts::{AnswerDouble, ListDoubles, SeeDouble, SettleDouble},
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// One side of a pair.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DoubleSide {
    /// `null`: the reader may not know it.
    #[schema(required)]
    code: Option<String>,
    area: String,
    /// `null`: not of the reader's commune.
    #[schema(required)]
    case_id: Option<CaseId>,
}

impl From<Side> for DoubleSide {
    fn from(side: Side) -> DoubleSide {
        DoubleSide { code: Some(side.code).filter(|code| !code.is_empty()), area: side.area, case_id: side.case }
    }
}

/// Two records that may be one person's.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PossibleDouble {
    id: DoubleId,
    sides: Vec<DoubleSide>,
    /// What agrees: `number`, `name`, `year`, `phone`.
    why: Vec<String>,
    state: DoubleState,
    found_at: At,
    version: i64,
}

impl PossibleDouble {
    fn of(line: Line, area: &AreaCode) -> PossibleDouble {
        PossibleDouble {
            sides: line.sides(area).into_iter().map(DoubleSide::from).collect(),
            id: line.id,
            why: line.why.split(' ').map(str::to_owned).collect(),
            state: line.state,
            found_at: line.found_at,
            version: line.version,
        }
    }
}

/// Pairs within my reach, settled ones too, newest first.
#[utoipa::path(get, path = "/api/v1/doubles", params(Paging), responses((status = 200, body = Listed<PossibleDouble>)))]
pub async fn list(
    app: App,
    scope: Scope<ListDoubles>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<PossibleDouble>>, Oops> {
    let area = scope.actor().area();
    let page = super::list(app.store(), &scope, true, &asked.page).await?;
    Ok(Json(Listed::of(page.map(|line| PossibleDouble::of(line, area)), None)))
}

/// A pair as it stands now, with the version for the next word.
pub(crate) async fn read(store: &Store, grant: &Grant<SeeDouble>) -> Result<Response, Oops> {
    let line = super::one(store, grant).await?;
    let version = line.version;
    Ok(json::versioned(Some(version), PossibleDouble::of(line, grant.actor().area())))
}

/// One pair.
#[utoipa::path(get, path = "/api/v1/doubles/{possible_double}", params(("possible_double" = DoubleId, Path)),
    responses((status = 200, body = PossibleDouble)))]
pub async fn one(app: App, grant: Grant<SeeDouble>) -> Result<Response, Oops> {
    read(app.store(), &grant).await
}

/// Whether it is one person.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoubleVerdict {
    /// `same` or `not_same`.
    verdict: Option<String>,
}

fn draft(body: DoubleVerdict) -> VerdictDraft {
    VerdictDraft { verdict: json::text(body.verdict), version: String::new() }
}

/// Says whether a pair is one person: the head of both, or the province, which then asks the heads of the two communes.
#[utoipa::path(post, path = "/api/v1/doubles/{possible_double}/verdict",
    params(("possible_double" = DoubleId, Path), ("If-Match" = String, Header)), request_body = DoubleVerdict,
    responses((status = 200, body = PossibleDouble)))]
pub async fn settle(app: App, grant: Grant<SettleDouble>, told: Told<DoubleVerdict>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<SettleDouble, SeeDouble>(&grant).ok_or(Oops::Unknown)?;
    super::settle(store, grant, &draft(told.body), Some(version)).await?;
    read(store, &see).await
}

/// What is left to tell to whoever answered: a pair that is not one person's is none of hers.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DoubleAnswered {
    id: DoubleId,
    state: DoubleState,
}

/// Answers the province as the head of one of the two communes.
#[utoipa::path(post, path = "/api/v1/doubles/{possible_double}/answer",
    params(("possible_double" = DoubleId, Path), ("If-Match" = String, Header)), request_body = DoubleVerdict,
    responses((status = 200, body = DoubleAnswered)))]
pub async fn answer(app: App, grant: Grant<AnswerDouble>, told: Told<DoubleVerdict>) -> Result<Response, Oops> {
    let version = told.need_version()?;
    let id = grant.id();
    let state = super::answer(app.store(), grant, &draft(told.body), Some(version)).await?;
    Ok(json::versioned(None, DoubleAnswered { id, state }))
}
