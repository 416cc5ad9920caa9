//! Requests for one case, for programs. They are answered on the page only, by a head who has just proved who she is.

use super::model::{Draft, Line, Terms, Whole};
use crate::{
    app::App,
    base::{
        ids::{CaseId, CaseRequestId},
        time::{At, Day},
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        door::AtHome,
        json::{self, DayText, Paging},
    },
    policy::{
        Actor,
        acts::{AskCase, ListCaseRequests, SeeCaseRequest},
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A request for one case.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseRequest {
    id: CaseRequestId,
    code: String,
    /// Only while it opens the case, and for the commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<CaseId>,
    /// `waiting`, `approved`, `over`, `ended`; `not_granted`: no, or no answer, or no such case; for the commune `refused`.
    state: &'static str,
    until_on: Day,
    asked_at: At,
    version: i64,
}

impl CaseRequest {
    fn of(line: Line, actor: &Actor, now: At, terms: Terms) -> CaseRequest {
        let mine = line.is_mine(actor);
        let state = match line.standing(mine, now, terms) {
            "case-requests-not-granted" => "not_granted",
            "case-requests-over" => "over",
            key => key.trim_start_matches("case-request-state-"),
        };
        let case_id = line.case_id.filter(|_| !mine || line.opens(now.day()));
        // Whoever asked learns nothing from the number either.
        let version = if mine && !line.opens(now.day()) { 1 } else { line.version };
        CaseRequest {
            id: line.id,
            code: line.code,
            case_id,
            state,
            until_on: line.until_on,
            asked_at: line.asked_at,
            version,
        }
    }
}

/// One of them with its paper.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseRequestWhole {
    #[serde(flatten)]
    line: CaseRequest,
    document_no: String,
    reason: String,
}

async fn read(store: &Store, grant: &Grant<SeeCaseRequest>) -> Result<CaseRequestWhole, Oops> {
    let (whole, terms) = (super::one(store, grant).await?, super::terms(store).await?);
    let Whole { line, document_no, reason, .. } = whole;
    let line = CaseRequest::of(line, grant.actor(), store.now(), terms);
    Ok(CaseRequestWhole { line, document_no: document_no.told(), reason: reason.told() })
}

/// What I have asked for; for a head what was asked of her commune. Newest first.
#[utoipa::path(get, path = "/api/v1/case-requests", params(Paging),
    responses((status = 200, body = Listed<CaseRequest>)))]
pub async fn list(
    app: App,
    scope: Scope<ListCaseRequests>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<CaseRequest>>, Oops> {
    let (store, actor) = (app.store(), scope.actor());
    let (terms, now) = (super::terms(store).await?, store.now());
    let page = super::list(store, &scope, &asked.page).await?;
    Ok(Json(Listed::of(page.map(|line| CaseRequest::of(line, actor, now, terms)), None)))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/case-requests/{case_request}", params(("case_request" = CaseRequestId, Path)),
    responses((status = 200, body = CaseRequestWhole)))]
pub async fn one(app: App, grant: Grant<SeeCaseRequest>) -> Result<Response, Oops> {
    let body = read(app.store(), &grant).await?;
    Ok(json::versioned(Some(body.line.version), body))
}

/// A case to ask for.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseToAskFor {
    /// The exact code.
    code: Option<String>,
    document_no: Option<String>,
    reason: Option<String>,
    until_on: Option<DayText>,
}

/// Asks for one case. The answer is the same whether there is such a case or not.
#[utoipa::path(post, path = "/api/v1/case-requests", request_body = CaseToAskFor,
    responses((status = 201, body = CaseRequestWhole)))]
pub async fn ask(app: App, AtHome(grant): AtHome<AskCase>, told: Told<CaseToAskFor>) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<AskCase, AskCase>(&grant).ok_or(Oops::Unknown)?;
    let CaseToAskFor { code, document_no, reason, until_on } = told.body;
    let draft = Draft {
        code: json::text(code),
        document_no: json::text(document_no),
        reason: json::text(reason),
        until_on: json::day(until_on),
    };
    let id = super::ask(store, grant, &draft, told.key).await?;
    let see = store.onward::<AskCase, SeeCaseRequest>(&again, id).await?;
    Ok(json::created(format!("/api/v1/case-requests/{id}"), read(store, &see).await?))
}
