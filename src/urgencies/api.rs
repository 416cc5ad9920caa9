//! Urgent needs, for programs.

use super::model::{AnswerDraft, Line, Whole};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, UrgencyId},
        time::At,
    },
    cases,
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AnswerUrgency, ListUrgencies, SeeCase, SeeUrgency},
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// Something of a person that is urgent. What it is, is read with her needs or with those of her family.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Urgency {
    id: UrgencyId,
    case_id: CaseId,
    code: String,
    name: String,
    /// Somebody of the family needs it.
    of_family: bool,
    by: StaffName,
    raised_at: At,
    /// `null`: waits for a head's answer, unless it was met.
    #[schema(required)]
    answered_at: Option<At>,
    #[schema(required)]
    met_at: Option<At>,
    version: i64,
}

/// One of them, with what was answered.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct UrgencyWhole {
    #[serde(flatten)]
    line: Urgency,
    #[schema(required)]
    answer: Option<String>,
}

impl From<Line> for Urgency {
    fn from(line: Line) -> Urgency {
        Urgency {
            id: line.id,
            case_id: line.case_id,
            code: line.code,
            name: line.name,
            of_family: line.of_family,
            by: StaffName { id: line.by_id, name: line.by },
            raised_at: line.raised_at,
            answered_at: line.answered_at,
            met_at: line.met_at,
            version: line.version,
        }
    }
}

impl From<Whole> for UrgencyWhole {
    fn from(whole: Whole) -> UrgencyWhole {
        UrgencyWhole { line: whole.line.into(), answer: whole.answer.told() }
    }
}

/// Also what was answered or met?
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhichUrgencies {
    all: Option<bool>,
}

/// What waits for an answer, the longest first; with `all` everything, newest first.
#[utoipa::path(get, path = "/api/v1/urgencies", params(("all" = Option<bool>, Query), Paging),
    responses((status = 200, body = Listed<Urgency>)))]
pub async fn list(
    app: App,
    scope: Scope<ListUrgencies>,
    asked: Asked<WhichUrgencies>,
) -> Result<Json<Listed<Urgency>>, Oops> {
    let page = super::list(app.store(), &scope, asked.query.all.unwrap_or(false), &asked.page).await?;
    Ok(Json(Listed::of(page.map(Urgency::from), None)))
}

async fn read(store: &Store, grant: &Grant<SeeUrgency>) -> Result<Response, Oops> {
    let whole = super::one(store, grant).await?;
    let see = store.onward::<SeeUrgency, SeeCase>(grant, whole.line.case_id).await?;
    cases::opened(store, &see, &[]).await?;
    Ok(json::versioned(Some(whole.line.version), UrgencyWhole::from(whole)))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/urgencies/{urgency}", params(("urgency" = UrgencyId, Path)),
    responses((status = 200, body = UrgencyWhole)))]
pub async fn one(app: App, grant: Grant<SeeUrgency>) -> Result<Response, Oops> {
    read(app.store(), &grant).await
}

/// What is done about it.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgencyToAnswer {
    answer: Option<String>,
}

/// Answers an urgent need: it waits no longer.
#[utoipa::path(post, path = "/api/v1/urgencies/{urgency}/answer",
    params(("urgency" = UrgencyId, Path), ("If-Match" = String, Header)), request_body = UrgencyToAnswer,
    responses((status = 200, body = UrgencyWhole)))]
pub async fn answer(app: App, grant: Grant<AnswerUrgency>, told: Told<UrgencyToAnswer>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<AnswerUrgency, SeeUrgency>(&grant).ok_or(Oops::Unknown)?;
    let draft = AnswerDraft { answer: json::text(told.body.answer), version: String::new() };
    super::answer(store, grant, &draft, Some(version)).await?;
    read(store, &see).await
}
