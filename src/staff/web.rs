//! Sign-in, sign-out, one's own password and language; the admin's list of accounts.

use super::model::{Draft, Line};
use crate::{
    app::{App, Refused},
    base::{lang::Lang, words::UnknownWord},
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed, Who, go, kept,
        request::{COOKIE, Ticket, cookie, form_token, in_url, safe_path},
    },
    policy::{
        AreaCode, Role,
        acts::{AddStaff, EditStaff, ListAreas, ListOrganisations, ListStaff},
    },
    store::{Grant, PageAsk, Scope, SessionKind, Visitor},
};
use askama::Template;
use axum::{
    extract::{ConnectInfo, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use std::net::SocketAddr;

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    page: Page,
    typed: Typed,
    next: String,
    /// A form that was being typed when the session ended, sealed.
    kept: String,
    /// Plain http to an address that is not loopback: the browser would drop the cookie.
    insecure: bool,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// Would a browser keep a Secure cookie that we set on this request?
fn is_insecure(app: &App, headers: &HeaderMap, peer: SocketAddr) -> bool {
    let forwarded =
        app.settings().trusted_proxy && headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]") && peer.ip().is_loopback();
    !(forwarded || loopback)
}

pub async fn sign_in_form(
    app: App,
    at: At,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(query): Query<Next>,
) -> Response {
    let insecure = is_insecure(&app, &headers, peer);
    let page = Page::outside(&app, at.lang, "/sign-in");
    Html(SignInPage {
        page,
        typed: Typed::default(),
        next: safe_path(&query.next).to_owned(),
        kept: String::new(),
        insecure,
    })
    .into_response()
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInDraft {
    username: String,
    password: String,
    next: String,
    kept: String,
}

#[derive(Template)]
#[template(path = "staff/resume.html")]
struct ResumePage {
    page: Page,
    form: kept::Form,
    /// The new session's.
    token: String,
}

/// Takes name and password. A form that this very person was typing when her session ended is shown to be sent on.
pub async fn sign_in(
    app: App,
    at: At,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    sent: Sent<SignInDraft>,
) -> Result<Response, Oops> {
    let next = safe_path(&sent.draft.next).to_owned();
    let insecure = is_insecure(&app, &headers, peer);
    if insecure {
        let page = Page::outside(&app, at.lang, "/sign-in");
        let body = SignInPage { page, typed: Typed::default(), next, kept: sent.draft.kept, insecure };
        return Ok((StatusCode::FORBIDDEN, Html(body)).into_response());
    }
    let loopback = peer.ip().is_loopback();
    match super::sign_in(&app, &sent.draft.username, &sent.draft.password, SessionKind::Cookie, loopback).await {
        Ok((session, user)) => {
            // A session that was there before ends: a new one at every sign-in.
            if let Some(old) = cookie(&headers, COOKIE) {
                app.store().end_session(old).await?;
            }
            let set = set_cookie(&session.token);
            match kept::open(&app, &sent.draft.kept, user) {
                Some(form) => Ok((set, resume(&app, at.lang, form, &session.token)).into_response()),
                None => Ok((set, Redirect::to(&next)).into_response()),
            }
        }
        Err(Refused::Invalid(invalid)) => {
            let page = Page::outside(&app, at.lang, "/sign-in");
            let typed = sent.typed.refused(&invalid, at.lang).without("password");
            let body = SignInPage { page, typed, next, kept: sent.draft.kept, insecure };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks who you are again, before a grave act.
pub async fn confirm_form(app: App, at: At, Who(visitor): Who, Query(query): Query<Next>) -> Response {
    let page = Page::of(&app, &visitor.actor, &at);
    let next = safe_path(&query.next).to_owned();
    Html(kept::ConfirmPage { page, typed: Typed::default(), next, kept: String::new() }).into_response()
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfirmDraft {
    password: String,
    next: String,
    kept: String,
}

/// Takes the proof, and goes on with the form that was being sent, or where she was going.
pub async fn confirm(
    app: App,
    at: At,
    Who(visitor): Who,
    headers: HeaderMap,
    sent: Sent<ConfirmDraft>,
) -> Result<Response, Oops> {
    let ticket = Ticket::of(&headers).ok_or(Oops::SignIn)?;
    let next = safe_path(&sent.draft.next).to_owned();
    match super::confirm(&app, &visitor.actor, &ticket.token, &sent.draft.password).await {
        Ok(token) => {
            let user = visitor.actor.user().ok_or(Oops::SignIn)?;
            let set = set_cookie(&token);
            match kept::open(&app, &sent.draft.kept, user) {
                Some(form) => Ok((set, resume(&app, visitor.actor.lang(), form, &token)).into_response()),
                None => Ok((set, Redirect::to(&next)).into_response()),
            }
        }
        Err(Refused::Invalid(invalid)) => {
            let page = Page::of(&app, &visitor.actor, &at);
            let typed = sent.typed.refused(&invalid, visitor.actor.lang()).without("password");
            let body = kept::ConfirmPage { page, typed, next, kept: sent.draft.kept };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The session's cookie.
fn set_cookie(token: &str) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"))]
}

fn resume(app: &App, lang: Lang, form: kept::Form, token: &str) -> Response {
    let page = Page::outside(app, lang, "/");
    Html(ResumePage { page, form, token: form_token(token) }).into_response()
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

pub async fn sign_out(app: App, _who: Who, headers: HeaderMap, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    if let Some(ticket) = Ticket::of(&headers) {
        app.store().end_session(&ticket.token).await?;
    }
    let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
}

#[derive(Template)]
#[template(path = "staff/password.html")]
struct PasswordPage {
    page: Page,
    typed: Typed,
    must_change: bool,
}

pub async fn password_form(app: App, at: At, Who(visitor): Who) -> Response {
    let page = Page::of(&app, &visitor.actor, &at);
    Html(PasswordPage { page, typed: Typed::default(), must_change: visitor.must_change }).into_response()
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordDraft {
    present: String,
    fresh: String,
}

pub async fn password(app: App, at: At, Who(visitor): Who, sent: Sent<PasswordDraft>) -> Result<Response, Oops> {
    match super::change_password(&app, &visitor.actor, &sent.draft.present, &sent.draft.fresh).await {
        Ok(()) => {
            let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
            Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let page = Page::of(&app, &visitor.actor, &at);
            let typed = sent.typed.refused(&invalid, visitor.actor.lang()).without("present").without("fresh");
            let body = PasswordPage { page, typed, must_change: visitor.must_change };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageDraft {
    lang: String,
    #[serde(default)]
    to: String,
}

/// Changes the language: of the account if somebody is signed in, and of this browser.
pub async fn language(app: App, headers: HeaderMap, sent: Sent<LanguageDraft>) -> Result<Response, Oops> {
    let lang: Lang = sent.draft.lang.parse().map_err(|_: UnknownWord| Oops::BadRequest("lang"))?;
    if let Some(ticket) = Ticket::of(&headers)
        && let Some(visitor) = app.store().enter(&ticket.token, ticket.kind).await?
    {
        super::change_language(app.store(), &visitor.actor, lang).await?;
    }
    let set = format!("lang={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000", lang.as_str());
    Ok(([(header::SET_COOKIE, set)], Redirect::to(safe_path(&sent.draft.to))).into_response())
}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage {
    page: Page,
    staff: crate::store::Page<Line>,
    next: Option<String>,
    /// Where an account can be added; empty for someone who adds none.
    areas: Vec<crate::areas::model::Line>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct CursorQuery {
    pub cursor: Option<String>,
}

pub async fn list(
    app: App,
    at: At,
    Who(visitor): Who,
    scope: Scope<ListStaff>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, Oops> {
    let staff = super::list(app.store(), &scope, &PageAsk { limit: 50, cursor: query.cursor }).await?;
    let next = staff.next.as_ref().map(|cursor| format!("/staff?cursor={}", in_url(cursor)));
    let areas = match may_add(&app, &visitor)? {
        Some(areas) => crate::areas::all(app.store(), &areas).await?,
        None => Vec::new(),
    };
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), staff, next, areas }).into_response())
}

/// The areas that she chooses from, if she may add accounts at all.
fn may_add(app: &App, visitor: &Visitor) -> Result<Option<Scope<ListAreas>>, Oops> {
    let adds = app.store().can::<AddStaff>(&visitor.actor);
    Ok(if adds { Some(app.store().enter_list(visitor)?) } else { None })
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct AreaQuery {
    area: String,
}

/// From the choice of an area to the form of that area, where the door asks whether she may.
pub async fn choose_area(_scope: Scope<ListStaff>, Query(query): Query<AreaQuery>) -> Result<Redirect, Oops> {
    let area: AreaCode = query.area.parse().map_err(|_: UnknownWord| Oops::BadRequest("area"))?;
    Ok(Redirect::to(&format!("/areas/{area}/staff/new")))
}

#[derive(Template)]
#[template(path = "staff/form.html")]
struct FormPage {
    page: Page,
    typed: Typed,
    area: AreaCode,
    area_name: String,
    roles: Vec<Role>,
    organisations: Vec<crate::organisations::model::Line>,
}

async fn form(app: &App, at: &At, grant: &Grant<AddStaff>, typed: Typed) -> Result<Response, Oops> {
    let actor = std::sync::Arc::new(grant.actor().clone());
    let organisations =
        crate::organisations::of_area(app.store(), &app.store().scope::<ListOrganisations>(&actor)?, &grant.id())
            .await?;
    let area_name = crate::areas::name(app.store(), &grant.id()).await?;
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::System).collect();
    let page = Page::of(app, grant.actor(), at);
    Ok(Html(FormPage { page, typed, area: grant.id(), area_name, roles, organisations }).into_response())
}

pub async fn new(app: App, at: At, grant: Grant<AddStaff>) -> Result<Response, Oops> {
    form(&app, &at, &grant, Typed::with(&[])).await
}

pub async fn create(
    app: App,
    at: At,
    grant: Grant<AddStaff>,
    _fresh: Fresh,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<AddStaff, AddStaff>(&grant);
    match super::add(&app, grant, &sent.draft, false, sent.key).await {
        Ok(_id) => Ok(go("/staff", "staff-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang()).without("password");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &grant, typed).await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn disable(app: App, grant: Grant<EditStaff>, _fresh: Fresh, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    super::disable(app.store(), grant).await?;
    Ok(go("/staff", "staff-disabled").into_response())
}

pub async fn enable(app: App, grant: Grant<EditStaff>, _fresh: Fresh, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    super::enable(app.store(), grant).await?;
    Ok(go("/staff", "staff-enabled").into_response())
}
