//! Erasures for programs: what waits, asking, agreeing. As on the pages, both ask for a fresh sign-in.

use super::{Asked, Draft};
use crate::{
    app::App,
    base::{
        ids::{CaseId, ErasureId},
        time::At,
    },
    cases,
    follow_ups::api::StaffName,
    http::{
        Asked as Paged, Fresh, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{ApproveErasure, AskErasure},
    store::Grant,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// An erasure that waits for a second person.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Erasure {
    id: ErasureId,
    reason: String,
    /// Who asked; somebody else agrees.
    by: StaffName,
    asked_at: At,
}

impl From<Asked> for Erasure {
    fn from(asked: Asked) -> Erasure {
        let by = StaffName { id: asked.by_id, name: asked.by };
        Erasure { id: asked.id, reason: asked.reason.told(), by, asked_at: asked.asked_at }
    }
}

/// What waits for a second person: nothing, or one.
#[utoipa::path(get, path = "/api/v1/cases/{case}/erasures", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Erasure>)))]
pub async fn list(app: App, grant: Grant<AskErasure>, asked: Paged<Nothing>) -> Result<Json<Listed<Erasure>>, Oops> {
    let waiting = super::waiting(app.store(), &grant).await?;
    cases::opened(app.store(), &grant, &[]).await?;
    let rows: Vec<Erasure> = waiting.into_iter().map(Erasure::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &Erasure| row.id.to_string())?))
}

/// Why somebody should be erased.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureToAsk {
    /// At least twenty letters.
    reason: Option<String>,
}

/// Asks for the person of a case to be erased. Nothing is erased before somebody else agrees.
#[utoipa::path(post, path = "/api/v1/cases/{case}/erasures", params(("case" = CaseId, Path)),
    request_body = ErasureToAsk, responses((status = 201, body = Erasure)))]
pub async fn ask(
    app: App,
    grant: Grant<AskErasure>,
    _fresh: Fresh,
    told: Told<ErasureToAsk>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AskErasure, AskErasure>(&grant).ok_or(Oops::Unknown)?;
    super::ask(store, grant, &Draft { reason: json::text(told.body.reason) }).await?;
    let asked = super::waiting(store, &see).await?.ok_or(Oops::Unknown)?;
    let place = format!("/api/v1/cases/{}/erasures", see.id());
    Ok(json::created(place, Erasure::from(asked)))
}

/// Agrees, and erases: nothing of the person is left that could be read.
#[utoipa::path(post, path = "/api/v1/cases/{case}/erasures/approval", params(("case" = CaseId, Path)),
    request_body = ErasureApproval, responses((status = 204)))]
pub async fn approve(
    app: App,
    grant: Grant<ApproveErasure>,
    _fresh: Fresh,
    _told: Told<ErasureApproval>,
) -> Result<Response, Oops> {
    super::approve(app.store(), grant).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Nothing is to be said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureApproval {}
