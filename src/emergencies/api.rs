//! Emergency openings for programs. A record is opened on the page only, by a person.

use super::model::{AcknowledgementDraft, Line, Whole};
use crate::{
    app::App,
    base::{
        ids::{CaseId, EmergencyId},
        sealed::SealedText,
        time::At,
        words::EmergencyKind,
    },
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AcknowledgeEmergency, ListEmergencies, SeeEmergency},
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A record opened in an emergency, or a try to.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Emergency {
    id: EmergencyId,
    /// The code that was typed.
    code: String,
    /// `null`: nothing was opened.
    #[schema(required)]
    case_id: Option<CaseId>,
    by: StaffName,
    kind: EmergencyKind,
    /// A restriction stood against her.
    restricted: bool,
    opened_at: At,
    ends_at: At,
    /// `null`: waits for the word of somebody who was told.
    #[schema(required)]
    acknowledged_at: Option<At>,
    version: i64,
}

/// One opening with what was written about it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct EmergencyWhole {
    #[serde(flatten)]
    line: Emergency,
    reason: String,
    note: String,
}

impl From<Line> for Emergency {
    fn from(line: Line) -> Emergency {
        Emergency {
            id: line.id,
            code: line.code,
            case_id: line.case_id,
            by: StaffName { id: line.by_id, name: line.by },
            kind: line.kind,
            restricted: line.restricted,
            opened_at: line.opened_at,
            ends_at: line.ends_at,
            acknowledged_at: line.acknowledged_at,
            version: line.version,
        }
    }
}

impl From<Whole> for EmergencyWhole {
    fn from(whole: Whole) -> EmergencyWhole {
        let Whole { line, reason, acknowledged_note } = whole;
        EmergencyWhole { line: line.into(), reason: reason.told(), note: acknowledged_note.told().unwrap_or_default() }
    }
}

/// My own openings and those that I was told of, newest first; for an inspector all.
#[utoipa::path(get, path = "/api/v1/emergencies", params(Paging), responses((status = 200, body = Listed<Emergency>)))]
pub async fn list(
    app: App,
    scope: Scope<ListEmergencies>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Emergency>>, Oops> {
    let page = super::list(app.store(), &scope, &asked.page).await?;
    Ok(Json(Listed::of(page.map(Emergency::from), None)))
}

async fn read(store: &Store, grant: &Grant<SeeEmergency>) -> Result<Response, Oops> {
    let whole = super::one(store, grant).await?;
    Ok(json::versioned(Some(whole.line.version), EmergencyWhole::from(whole)))
}

/// One opening, with its reason.
#[utoipa::path(get, path = "/api/v1/emergencies/{emergency}", params(("emergency" = EmergencyId, Path)),
    responses((status = 200, body = EmergencyWhole)))]
pub async fn one(app: App, grant: Grant<SeeEmergency>) -> Result<Response, Oops> {
    read(app.store(), &grant).await
}

/// That I have heard of it.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    note: Option<String>,
}

/// Acknowledges an opening; the first word counts for all who were told.
#[utoipa::path(post, path = "/api/v1/emergencies/{emergency}/acknowledgement", params(("emergency" = EmergencyId, Path)),
    request_body = Acknowledgement, responses((status = 200, body = EmergencyWhole)))]
pub async fn acknowledge(
    app: App,
    grant: Grant<AcknowledgeEmergency>,
    told: Told<Acknowledgement>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AcknowledgeEmergency, SeeEmergency>(&grant).ok_or(Oops::Unknown)?;
    let draft = AcknowledgementDraft { note: json::text(told.body.note) };
    super::acknowledge(store, grant, &draft, told.version).await?;
    read(store, &see).await
}
