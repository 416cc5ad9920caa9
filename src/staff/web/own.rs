//! One's own account: proving again who one is, the password, the second factor, the sessions.

use super::sign_in::{CodesPage, Next, asked, demo_code, drawn, drop_cookie, proof, refuse, resume, set_cookie, site};
use crate::{
    app::{App, Refused},
    base::refusal::Invalid,
    http::{
        At, Client, Fresh, Html, Oops, Page, Sent, Typed, Who, go, kept,
        request::{Ticket, form_token, safe_path},
    },
    staff::{
        codes,
        factors::{self, Challenge, Held, New, Passkey},
        sign_in::{self, Session},
    },
    store::Visitor,
};
use askama::Template;
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode},
    middleware::Next as Inner,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "staff/confirm.html")]
struct ConfirmPage {
    page: Page,
    typed: Typed,
    next: String,
    kept: String,
    /// Has she a second factor, so that it is asked for, too?
    factor: bool,
    challenge: Option<Challenge>,
    demo: Option<String>,
}

/// The page that asks who you are again before a grave act.
async fn confirm_page(
    app: &App,
    visitor: &Visitor,
    client: &Client,
    headers: &HeaderMap,
    typed: Typed,
    going: (String, String),
) -> Result<ConfirmPage, Oops> {
    let factor = sign_in::confirm_needs_factor(app.store(), visitor).await?;
    let challenge = if factor { asked(app, visitor, site(app, headers, client).as_ref()).await? } else { None };
    let demo = if factor { demo_code(app, visitor, client).await? } else { None };
    let token = Ticket::of(headers).map(|ticket| form_token(&ticket.token)).unwrap_or_default();
    let page = Page::outside(app, visitor.actor.lang(), "/confirmation").with_token(token);
    Ok(ConfirmPage { page, typed, next: going.0, kept: going.1, factor, challenge, demo })
}

/// Answers the form of a grave act whose sender must prove again who she is: with the page that asks, which carries the
/// form. Stands around every route.
pub async fn ask_again(State(app): State<App>, request: Request, next: Inner) -> Response {
    let is_form = request.method() == Method::POST && !request.uri().path().starts_with("/api/");
    if !is_form {
        return next.run(request).await;
    }
    let (request, form) = match kept::set_aside(request).await {
        Ok(both) => both,
        Err(oops) => return oops.into_response(),
    };
    let (parts, body) = request.into_parts();
    let (client, headers) = (Client::of(&parts.headers, &parts.extensions, &app), parts.headers.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(oops) = response.extensions().get::<Arc<Oops>>().cloned() else { return response };
    let Oops::Confirm(visitor) = &*oops else { return response };
    let kept = match form {
        Some(form) => kept::close(&app, form).await.unwrap_or_default(),
        None => String::new(),
    };
    match confirm_page(&app, visitor, &client, &headers, Typed::default(), ("/".to_owned(), kept)).await {
        Ok(page) => (StatusCode::UNAUTHORIZED, Html(page)).into_response(),
        Err(oops) => oops.into_response(),
    }
}

/// Asks who you are again, before a page of a grave act.
pub async fn confirm_form(
    app: App,
    client: Client,
    headers: HeaderMap,
    Who(visitor): Who,
    Query(query): Query<Next>,
) -> Result<Response, Oops> {
    let going = (safe_path(&query.next).to_owned(), String::new());
    Ok(Html(confirm_page(&app, &visitor, &client, &headers, Typed::default(), going).await?).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfirmDraft {
    password: String,
    code: String,
    passkey: String,
    next: String,
    kept: String,
}

/// Takes the proof, and goes on with the form that was being sent, or where she was going.
pub async fn confirm(
    app: App,
    client: Client,
    Who(visitor): Who,
    headers: HeaderMap,
    sent: Sent<ConfirmDraft>,
) -> Result<Response, Oops> {
    let ticket = Ticket::of(&headers).ok_or(Oops::SignIn)?;
    let draft = sent.draft;
    let next = safe_path(&draft.next).to_owned();
    let site = site(&app, &headers, &client);
    let proof = proof(&draft.code, &draft.passkey, site.as_ref(), &visitor);
    match sign_in::confirm(&app, &visitor, &ticket.token, &draft.password, &proof).await {
        Ok(token) => {
            let user = visitor.actor.user().ok_or(Oops::SignIn)?;
            let set = AppendHeaders([set_cookie(&token)]);
            match kept::open(&app, &draft.kept, user) {
                Some(form) => Ok((set, resume(&app, visitor.actor.lang(), form, &token)).into_response()),
                None => Ok((set, Redirect::to(&next)).into_response()),
            }
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, visitor.actor.lang());
            let typed = typed.without("password").without("code").without("passkey");
            let body = confirm_page(&app, &visitor, &client, &headers, typed, (next, draft.kept)).await?;
            Ok(refuse(None, Html(body)))
        }
        Err(other) => Err(other.into()),
    }
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

/// Changes the password and signs out everywhere.
pub async fn password(app: App, at: At, Who(visitor): Who, sent: Sent<PasswordDraft>) -> Result<Response, Oops> {
    match sign_in::change_password(&app, &visitor.actor, &sent.draft.present, &sent.draft.fresh).await {
        Ok(()) => Ok((AppendHeaders([drop_cookie()]), Redirect::to("/sign-in")).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let page = Page::of(&app, &visitor.actor, &at);
            let typed = sent.typed.refused(&invalid, visitor.actor.lang()).without("present").without("fresh");
            let body = PasswordPage { page, typed, must_change: visitor.must_change };
            Ok(refuse(None, Html(body)))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "staff/sessions.html")]
struct SessionsPage {
    page: Page,
    sessions: Vec<Session>,
    /// Which of them this is.
    here: String,
}

/// One's own sessions.
pub async fn sessions(app: App, at: At, Who(visitor): Who) -> Result<Response, Oops> {
    let sessions = sign_in::own_sessions(&app, &visitor).await?;
    let page = Page::of(&app, &visitor.actor, &at);
    Ok(Html(SessionsPage { page, sessions, here: visitor.session.to_string() }).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionDraft {
    /// Empty: all but this one.
    session: String,
}

pub async fn end_session(
    app: App,
    Who(visitor): Who,
    _fresh: Fresh,
    sent: Sent<SessionDraft>,
) -> Result<Response, Oops> {
    let session = match sent.draft.session.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Oops::BadRequest("session"))?),
    };
    sign_in::end_own(&app, &visitor, session).await?;
    Ok(go("/sessions", "sessions-ended").into_response())
}

#[derive(Template)]
#[template(path = "staff/second_factor.html")]
struct FactorPage {
    page: Page,
    typed: Typed,
    held: Held,
    passkeys: Vec<Passkey>,
    /// Picture and letters, while there is no telephone.
    picture: String,
    secret: String,
    challenge: Option<Challenge>,
    /// May the last one go?
    needed: bool,
}

async fn factor_page(
    app: &App,
    at: &At,
    visitor: &Visitor,
    client: &Client,
    headers: &HeaderMap,
    typed: Typed,
) -> Result<FactorPage, Oops> {
    let user = visitor.actor.user().ok_or(Oops::SignIn)?;
    let held = factors::held(app.store(), user).await?;
    let passkeys = factors::own_passkeys(app, visitor).await?;
    // The secret of a telephone is shown only to somebody who has proved lately who she is.
    let fresh = visitor.is_fresh(app.store().now());
    let (picture, secret) =
        if held.totp || !fresh { (String::new(), String::new()) } else { drawn(app, visitor).await? };
    let challenge = match site(app, headers, client) {
        Some(site) if fresh => Some(factors::challenge(app, visitor, &site).await?),
        _ => None,
    };
    let needed = visitor.actor.role().needs_factor(client.is_in_office(app));
    let page = Page::of(app, &visitor.actor, at);
    Ok(FactorPage { page, typed, held, passkeys, picture, secret, challenge, needed })
}

/// One's own second factor.
pub async fn second_factor(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    Who(visitor): Who,
) -> Result<Response, Oops> {
    let page = factor_page(&app, &at, &visitor, &client, &headers, Typed::default()).await?;
    Ok(Html(page).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FactorDraft {
    code: String,
    passkey: String,
}

/// Sets up a telephone or a passkey.
pub async fn add_factor(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    Who(visitor): Who,
    _fresh: Fresh,
    sent: Sent<FactorDraft>,
) -> Result<Response, Oops> {
    let site = site(&app, &headers, &client);
    let name = codes::device_name(&client.origin.agent);
    let new = match &site {
        Some(site) if !sent.draft.passkey.is_empty() => New::Passkey { answer: &sent.draft.passkey, site, name: &name },
        _ => New::Totp(&sent.draft.code),
    };
    match factors::add(&app, &visitor, &new).await {
        Ok(codes) => Ok(told_codes(&app, &at, &visitor, codes)),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &visitor, &client, &headers, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

fn told_codes(app: &App, at: &At, visitor: &Visitor, codes: Vec<String>) -> Response {
    let page = Page::of(app, &visitor.actor, at);
    Html(CodesPage { page, codes, next: "/second-factor".to_owned() }).into_response()
}

async fn refused(
    app: &App,
    at: &At,
    visitor: &Visitor,
    client: &Client,
    headers: &HeaderMap,
    typed: Typed,
    invalid: &Invalid,
) -> Result<Response, Oops> {
    let typed = typed.refused(invalid, visitor.actor.lang()).without("code").without("passkey");
    Ok(refuse(None, Html(factor_page(app, at, visitor, client, headers, typed).await?)))
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemovalDraft {
    /// Empty: the telephone.
    key: String,
}

/// Takes a telephone or a passkey away.
pub async fn remove_factor(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    Who(visitor): Who,
    _fresh: Fresh,
    sent: Sent<RemovalDraft>,
) -> Result<Response, Oops> {
    let key = Some(sent.draft.key.as_str()).filter(|key| !key.is_empty());
    let may_be_last = !visitor.actor.role().needs_factor(client.is_in_office(&app));
    match factors::remove(&app, &visitor, key, may_be_last).await {
        Ok(()) => Ok(go("/second-factor", "factor-removed").into_response()),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &visitor, &client, &headers, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

/// New codes for paper.
pub async fn renew_codes(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    Who(visitor): Who,
    _fresh: Fresh,
    sent: Sent<super::Nothing>,
) -> Result<Response, Oops> {
    match factors::renew_codes(&app, &visitor).await {
        Ok(codes) => Ok(told_codes(&app, &at, &visitor, codes)),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &visitor, &client, &headers, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}
