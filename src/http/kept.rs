//! A form that was being typed when its session ended: the sign-in page carries it, sealed, and after the same person has
//! signed in it is shown to be sent on. Whoever else signs in never gets it. Nothing of it is kept on the server.

use super::{
    BODY_LIMIT, Oops, Typed,
    page::{Html, Page},
    request::{Ticket, form_token},
};
use crate::{
    app::App,
    base::{ids::UserId, lang::Lang},
    store::SessionKind,
};
use askama::Template;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

/// Kept no longer than a session lives, in seconds.
const LONGEST: i64 = 12 * 60 * 60;
/// What is sealed must come back within one request.
const LARGEST: usize = BODY_LIMIT / 2;
/// Fields that are never given back.
const SECRET: [&str; 5] = ["password", "present", "fresh", "code", "passkey"];
/// Forms that are not worth keeping.
const OWN_BUSINESS: [&str; 8] = [
    "/sign-in",
    "/sign-in/code",
    "/sign-in/enrolment",
    "/confirmation",
    "/reset",
    "/sign-out",
    "/password",
    "/language",
];

/// The body of a form that came with a session's cookie, before anybody looked at the session.
pub struct Aside {
    path: String,
    token: String,
    body: Bytes,
}

/// A form to be sent on: where to, and what was typed.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Form {
    pub path: String,
    pub fields: Vec<(String, String)>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    user: UserId,
    at: i64,
    form: Form,
}

/// Reads the body of a form, so that it is still there if the session turns out to have ended.
///
/// # Errors
/// [`Oops::TooLarge`].
pub async fn set_aside(request: Request) -> Result<(Request, Option<Aside>), Oops> {
    let path = request.uri().path().to_owned();
    let is_form = request.method() == Method::POST
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let ticket = Ticket::of(request.headers()).filter(|ticket| ticket.kind == SessionKind::Cookie);
    let Some(ticket) = ticket.filter(|_| is_form && !OWN_BUSINESS.contains(&path.as_str())) else {
        return Ok((request, None));
    };
    // A form that says it is longer (a list to import) is not kept; how long it may be is for its own route to say.
    if axum::body::HttpBody::size_hint(request.body()).lower() > BODY_LIMIT as u64 {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_too_long_or_cut| Oops::TooLarge)?;
    let aside = Aside { path, token: ticket.token, body: body.clone() };
    Ok((Request::from_parts(parts, Body::from(body)), Some(aside)))
}

#[derive(Template)]
#[template(path = "http/sign_in_again.html")]
struct AgainPage {
    page: Page,
    typed: Typed,
    next: String,
    kept: String,
}

/// The sign-in page in answer to a form, 401. It carries the form if it was typed in a session of ours.
pub async fn sign_in_again(app: &App, lang: Lang, aside: Option<Aside>) -> Response {
    let kept = match aside {
        Some(aside) => close(app, aside).await.unwrap_or_default(),
        None => String::new(),
    };
    let page = Page::outside(app, lang, "/sign-in");
    let body = AgainPage { page, typed: Typed::default(), next: "/".to_owned(), kept };
    (StatusCode::UNAUTHORIZED, Html(body)).into_response()
}

/// Seals the form together with whoever had the session in which it was typed: only that person gets it back.
pub async fn close(app: &App, aside: Aside) -> Option<String> {
    let mut fields: Vec<(String, String)> = serde_html_form::from_bytes(&aside.body).ok()?;
    let token = fields.iter().find(|(name, _)| name == "_token").map(|(_, value)| value.clone())?;
    if !bool::from(form_token(&aside.token).as_bytes().ct_eq(token.as_bytes())) {
        return None;
    }
    fields.retain(|(name, _)| name != "_token" && !SECRET.contains(&name.as_str()));
    // A fault of the database costs the text, not the sign-in page.
    let user = app.store().session_user(&aside.token).await.ok().flatten()?;
    let kept = Kept { user, at: app.store().now().micros(), form: Form { path: aside.path, fields } };
    let text = serde_json::to_vec(&kept).ok()?;
    let seal = app.seal(&text);
    let sealed = format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(seal));
    (sealed.len() <= LARGEST).then_some(sealed)
}

/// The form that this person was typing; `None` if it was somebody else's, is not as we sealed it, or is too old.
pub fn open(app: &App, sealed: &str, user: UserId) -> Option<Form> {
    let (text, seal) = sealed.split_once('.')?;
    let text = URL_SAFE_NO_PAD.decode(text).ok()?;
    if !app.is_sealed(&text, &URL_SAFE_NO_PAD.decode(seal).ok()?) {
        return None;
    }
    let kept: Kept = serde_json::from_slice(&text).ok()?;
    let age = app.store().now().seconds_since(crate::base::time::At::from_micros(kept.at));
    (kept.user == user && (0..=LONGEST).contains(&age)).then_some(kept.form)
}
