//! Restrictions for programs.

use super::model::{Draft, EndDraft, NamedRow, RestrictionRow};
use crate::{
    app::App,
    base::{
        ids::{CaseId, RestrictionId, UserId},
        time::At,
        words::RestrictionKind,
    },
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{EndRestriction, SeeRestriction, SeeRestrictions, SetRestriction},
    store::{Grant, Store},
};
use axum::response::Response;

/// Who may not know a person, or who alone may.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Restriction {
    id: RestrictionId,
    kind: RestrictionKind,
    users: Vec<StaffName>,
    reason: String,
    /// Name of the head who made it.
    by: String,
    made_at: At,
    /// `null`: in force.
    #[schema(required)]
    ended_at: Option<At>,
    version: i64,
}

impl Restriction {
    /// With those of `named` that are of this restriction.
    fn of(row: RestrictionRow, named: &[NamedRow]) -> Restriction {
        let users = named.iter().filter(|one| one.restriction_id == row.id);
        Restriction {
            id: row.id,
            kind: row.kind,
            users: users.map(|one| StaffName { id: one.user_id, name: one.name.clone() }).collect(),
            reason: row.reason.told(),
            by: row.by,
            made_at: row.made_at,
            ended_at: row.ended_at,
            version: row.version,
        }
    }
}

/// The restrictions of the person of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/restrictions", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Restriction>)))]
pub async fn list(
    app: App,
    grant: Grant<SeeRestrictions>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Restriction>>, Oops> {
    let (rows, named) = super::of_case(app.store(), &grant).await?;
    let rows = rows.into_iter().map(|row| Restriction::of(row, &named)).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &Restriction| row.id.to_string())?))
}

/// A restriction to make.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionToMake {
    #[schema(value_type = RestrictionKind)]
    kind: Option<String>,
    /// Officers, heads and helpers of the case's commune.
    users: Option<Vec<UserId>>,
    reason: Option<String>,
}

/// What was made, as whoever made it may still see it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct RestrictionMade {
    id: RestrictionId,
}

/// Restricts who may know a person. Refused if nobody would be left to look after her.
#[utoipa::path(post, path = "/api/v1/cases/{case}/restrictions", params(("case" = CaseId, Path)),
    request_body = RestrictionToMake, responses((status = 201, body = RestrictionMade)))]
pub async fn make(app: App, grant: Grant<SetRestriction>, told: Told<RestrictionToMake>) -> Result<Response, Oops> {
    let RestrictionToMake { kind, users, reason } = told.body;
    let users = users.unwrap_or_default().iter().map(ToString::to_string).collect();
    let draft = Draft { kind: json::text(kind), users, reason: json::text(reason) };
    let id = super::set(app.store(), grant, &draft, told.key).await?;
    // She may have shut herself out: the id is all that every answer has.
    Ok(json::created(format!("/api/v1/restrictions/{id}"), RestrictionMade { id }))
}

async fn read(store: &Store, grant: &Grant<SeeRestriction>) -> Result<Response, Oops> {
    let (row, named) = super::one(store, grant).await?;
    Ok(json::versioned(Some(row.version), Restriction::of(row, &named)))
}

/// One restriction.
#[utoipa::path(get, path = "/api/v1/restrictions/{restriction}", params(("restriction" = RestrictionId, Path)),
    responses((status = 200, body = Restriction)))]
pub async fn one(app: App, grant: Grant<SeeRestriction>) -> Result<Response, Oops> {
    read(app.store(), &grant).await
}

/// Why a restriction ends.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionEnding {
    reason: Option<String>,
}

/// Ends a restriction.
#[utoipa::path(post, path = "/api/v1/restrictions/{restriction}/ending", params(("restriction" = RestrictionId, Path)),
    request_body = RestrictionEnding, responses((status = 200, body = Restriction)))]
pub async fn end(app: App, grant: Grant<EndRestriction>, told: Told<RestrictionEnding>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<EndRestriction, SeeRestriction>(&grant).ok_or(Oops::Unknown)?;
    super::end(store, grant, &EndDraft { reason: json::text(told.body.reason) }, told.version).await?;
    read(store, &see).await
}
