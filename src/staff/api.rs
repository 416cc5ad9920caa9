//! Sign-in and "who am I" for programs.

use super::sign_in::{self, Attempt};
use crate::{
    app::App,
    base::{
        ids::{OrganisationId, UserId},
        time::At,
    },
    http::{Client, Json, Oops, Told, Who, json, request::Ticket},
    policy::{Actor, AreaCode, Role},
    store::{Fault, SessionKind},
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use std::collections::BTreeMap;

/// Name and password of an account.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    username: String,
    #[schema(format = Password)]
    password: String,
    /// The second factor: the code of a telephone, or one from paper. Where it is needed and not there, the answer is 422
    /// with `code_needed` for `code`; `enrol_first` if the account must first set one up on its pages.
    #[serde(default)]
    code: Option<String>,
}

/// A session that was just made. The token is told once.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Session {
    token: String,
    expires_at: At,
    user: User,
}

/// The holder of an account.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct User {
    id: UserId,
    username: String,
    name: String,
    role: Role,
    area: AreaCode,
    /// The organisation of a helper.
    #[schema(required)]
    organisation: Option<OrganisationId>,
}

/// Who asks, and what she may do.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Me {
    #[serde(flatten)]
    user: User,
    /// The acts that she may do to anything at all.
    acts: Vec<&'static str>,
    /// For each act, how near a record must stand to her.
    nears: BTreeMap<&'static str, Vec<&'static str>>,
}

fn user(actor: &Actor) -> Result<User, Oops> {
    Ok(User {
        id: actor.user().ok_or(Oops::SignIn)?,
        username: actor.username().to_owned(),
        name: actor.name().to_owned(),
        role: actor.role(),
        area: actor.area().clone(),
        organisation: actor.organisation(),
    })
}

/// Signs in; the answer is the same, and takes as long, for an unknown name and a wrong password.
#[utoipa::path(post, path = "/api/v1/sessions", request_body = SignIn, responses((status = 201, body = Session)), security(()))]
pub async fn sign_in(app: App, client: Client, told: Told<SignIn>) -> Result<Response, Oops> {
    let SignIn { username, password, code } = &told.body;
    let attempt = Attempt {
        username,
        password,
        code: code.as_deref(),
        kind: SessionKind::Bearer,
        origin: &client.origin,
        in_office: client.is_in_office(&app),
        device: None,
    };
    let session = sign_in::sign_in(&app, &attempt).await?.session;
    let visitor = app.store().enter(&session.token, SessionKind::Bearer).await?.ok_or(Oops::SignIn)?;
    let body = Session { token: session.token, expires_at: session.expires_at, user: user(&visitor.actor)? };
    Ok(json::created("/api/v1/sessions/current".to_owned(), body))
}

/// Ends this session.
#[utoipa::path(delete, path = "/api/v1/sessions/current", responses((status = 204)))]
pub async fn sign_out(app: App, Who(_visitor): Who, headers: HeaderMap) -> Result<StatusCode, Oops> {
    let ticket = Ticket::of(&headers).ok_or(Oops::SignIn)?;
    app.store().end_session(&ticket.token).await.map_err(|fault: Fault| Oops::from(fault))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who am I, and the acts that I may do.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = Me)))]
pub async fn me(app: App, Who(visitor): Who) -> Result<Json<Me>, Oops> {
    let acts = app.store().acts_of(&visitor.actor);
    let nears = acts.iter().map(|(act, nears)| (*act, nears.iter().map(|near| near.as_str()).collect())).collect();
    Ok(Json(Me { user: user(&visitor.actor)?, acts: acts.into_iter().map(|(act, _)| act).collect(), nears }))
}
