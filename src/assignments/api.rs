//! Who is in charge, for programs.

use super::model::{AssignmentRow, Draft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{AssignmentId, CaseId},
        time::Day,
    },
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{Assign, SeeAssignments},
    store::Grant,
};
use axum::response::Response;

/// Who was in charge, from when to when.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Assignment {
    id: AssignmentId,
    officer: StaffName,
    from_on: Day,
    /// The last day; `null`: in charge now.
    #[schema(required)]
    to_on: Option<Day>,
    reason: String,
}

impl From<AssignmentRow> for Assignment {
    fn from(row: AssignmentRow) -> Assignment {
        Assignment {
            id: row.id,
            officer: StaffName { id: row.officer_id, name: row.officer },
            from_on: row.from_on,
            to_on: row.to_on,
            reason: row.reason.told().unwrap_or_default(),
        }
    }
}

/// Who was in charge of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/assignments", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Assignment>)))]
pub async fn list(
    app: App,
    grant: Grant<SeeAssignments>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Assignment>>, Oops> {
    crate::cases::opened(app.store(), &grant, &[]).await?;
    let rows: Vec<Assignment> = super::of_case(app.store(), &grant).await?.into_iter().map(Assignment::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

/// Who is to be in charge.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentToMake {
    /// Sign-in name of an officer of the case's commune.
    officer: Option<String>,
    reason: Option<String>,
}

/// Puts an officer in charge; what was overdue stays overdue.
#[utoipa::path(post, path = "/api/v1/cases/{case}/assignments", params(("case" = CaseId, Path)), request_body = AssignmentToMake,
    responses((status = 201, body = Assignment)))]
pub async fn make(app: App, grant: Grant<Assign>, told: Told<AssignmentToMake>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<Assign, SeeAssignments>(&grant).ok_or(Oops::Unknown)?;
    let draft = Draft { officer: json::text(told.body.officer), reason: json::text(told.body.reason) };
    let id = super::put_in_charge(store, grant, &draft, told.version, told.key).await?;
    let row = super::of_case(store, &see).await?.into_iter().find(|row| row.id == id).ok_or(Oops::Unknown)?;
    Ok(json::created(format!("/api/v1/cases/{}/assignments", see.id()), Assignment::from(row)))
}
