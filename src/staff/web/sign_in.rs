//! Signing in, in two steps where a second factor is asked for; a new password by a one-time link; the way out.

use super::Nothing;
use crate::{
    app::{App, Refused},
    base::{lang::Lang, words::UnknownWord},
    http::{
        At, Client, HalfWay, Html, Oops, Page, Plain, Sent, Typed, kept,
        request::{COOKIE, Ticket, cookie, form_token, safe_path},
    },
    staff::{
        codes,
        factors::{self, Challenge, New, Proof},
        passkeys::Site,
        sign_in::{self, Attempt, SignedIn},
    },
    store::{Half, SessionKind, Stage, Visitor},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};

/// The cookie of a device on which somebody has signed in: a year, and nothing but a larger budget of tries.
const DEVICE_COOKIE: &str = "__Host-device";

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
    pub(super) next: String,
}

pub async fn sign_in_form(app: App, at: At, Plain(insecure): Plain, Query(query): Query<Next>) -> Response {
    let page = Page::outside(&app, at.lang, "/sign-in").thanks(&at);
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
    Plain(insecure): Plain,
    client: Client,
    headers: HeaderMap,
    sent: Sent<SignInDraft>,
) -> Result<Response, Oops> {
    let next = safe_path(&sent.draft.next).to_owned();
    let page = Page::outside(&app, at.lang, "/sign-in");
    if insecure {
        let body = SignInPage { page, typed: Typed::default(), next, kept: sent.draft.kept, insecure };
        return Ok((StatusCode::FORBIDDEN, Html(body)).into_response());
    }
    let attempt = Attempt {
        username: &sent.draft.username,
        password: &sent.draft.password,
        code: None,
        kind: SessionKind::Cookie,
        origin: &client.origin,
        in_office: client.is_in_office(&app),
        device: cookie(&headers, DEVICE_COOKIE),
    };
    match sign_in::sign_in(&app, &attempt).await {
        Ok(signed_in) => {
            // A session that was there before ends: a new one at every sign-in.
            if let Some(old) = cookie(&headers, COOKIE) {
                app.store().end_session(old).await?;
            }
            let going = Going { next, kept: sent.draft.kept };
            match signed_in.session.stage {
                Stage::Whole => Ok(arrive(&app, at.lang, &signed_in, &going)),
                stage => go_on(&app, at.lang, &headers, &client, &signed_in, stage, going).await,
            }
        }
        Err(Refused::Invalid(invalid)) => {
            let slow = slowness(&invalid);
            let typed = sent.typed.refused(&invalid, at.lang).without("password");
            let body = SignInPage { page, typed, next, kept: sent.draft.kept, insecure };
            Ok(refuse(slow, Html(body)))
        }
        Err(other) => Err(other.into()),
    }
}

/// How long to wait, if that is why it was refused.
fn slowness(invalid: &crate::base::refusal::Invalid) -> Option<HeaderValue> {
    let first = invalid.0.first().filter(|refusal| refusal.code == "too_many_tries")?;
    HeaderValue::from_str(first.value.as_deref()?).ok()
}

/// The form again: 422, or 429 with the time to wait.
pub(super) fn refuse(slow: Option<HeaderValue>, body: impl IntoResponse) -> Response {
    match slow {
        Some(seconds) => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds)], body).into_response(),
        None => (StatusCode::UNPROCESSABLE_ENTITY, body).into_response(),
    }
}

/// Where she was going, and the form that she was sending.
struct Going {
    next: String,
    kept: String,
}

/// A session's cookie.
pub(super) fn set_cookie(token: &str) -> (header::HeaderName, String) {
    (header::SET_COOKIE, format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"))
}

pub(super) fn drop_cookie() -> (header::HeaderName, String) {
    (header::SET_COOKIE, format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// The cookies of somebody who is in: her session, and her device.
fn cookies(signed_in: &SignedIn) -> AppendHeaders<Vec<(header::HeaderName, String)>> {
    let mut all = vec![set_cookie(&signed_in.session.token)];
    if let Some(device) = &signed_in.device {
        let year = 365 * 86_400;
        let set = format!("{DEVICE_COOKIE}={device}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={year}");
        all.push((header::SET_COOKIE, set));
    }
    AppendHeaders(all)
}

/// Signed in: on to where she was going, or to the form that she was sending.
fn arrive(app: &App, lang: Lang, signed_in: &SignedIn, going: &Going) -> Response {
    let set = cookies(signed_in);
    match kept::open(app, &going.kept, signed_in.user) {
        Some(form) => (set, resume(app, lang, form, &signed_in.session.token)).into_response(),
        None => (set, Redirect::to(&going.next)).into_response(),
    }
}

pub(super) fn resume(app: &App, lang: Lang, form: kept::Form, token: &str) -> Response {
    let page = Page::outside(app, lang, "/");
    Html(ResumePage { page, form, token: form_token(token) }).into_response()
}

/// The password was right: the page of the second step, under a half session.
async fn go_on(
    app: &App,
    lang: Lang,
    headers: &HeaderMap,
    client: &Client,
    signed_in: &SignedIn,
    stage: Stage,
    going: Going,
) -> Result<Response, Oops> {
    let half = app.store().enter_half(&signed_in.session.token).await?.ok_or(Oops::SignIn)?;
    let token = form_token(&signed_in.session.token);
    let set = AppendHeaders([set_cookie(&signed_in.session.token)]);
    let step = Step { app, lang, site: site(app, headers, client), client, token, going };
    let body = match stage {
        Stage::Enrol => step.enrolment(&half, Typed::default()).await?.into_response(),
        _ => step.code(&half, Typed::default()).await?.into_response(),
    };
    Ok((set, body).into_response())
}

/// For which site passkeys are made and answer: the address that the program was told it has, or this machine.
pub(super) fn site(app: &App, headers: &HeaderMap, client: &Client) -> Option<Site> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if client.is_loopback() && (host == "localhost" || host.starts_with("localhost:")) {
        return Site::of(&format!("http://{host}"));
    }
    Site::of(&app.settings().public_url)
}

#[derive(Template)]
#[template(path = "staff/code.html")]
struct CodePage {
    page: Page,
    typed: Typed,
    next: String,
    kept: String,
    challenge: Option<Challenge>,
    /// What the telephone of a demo account would show.
    demo: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/enrolment.html")]
struct EnrolmentPage {
    page: Page,
    typed: Typed,
    next: String,
    kept: String,
    picture: String,
    secret: String,
    challenge: Option<Challenge>,
}

/// A page between password and second factor.
struct Step<'a> {
    app: &'a App,
    lang: Lang,
    site: Option<Site>,
    client: &'a Client,
    token: String,
    going: Going,
}

impl Step<'_> {
    fn page(&self, path: &str) -> Page {
        Page::outside(self.app, self.lang, path).with_token(self.token.clone())
    }

    async fn code(self, half: &Half, typed: Typed) -> Result<Html<CodePage>, Oops> {
        let challenge = asked(self.app, &half.visitor, self.site.as_ref()).await?;
        let demo = demo_code(self.app, &half.visitor, self.client).await?;
        let page = self.page("/sign-in/code");
        Ok(Html(CodePage { page, typed, next: self.going.next, kept: self.going.kept, challenge, demo }))
    }

    async fn enrolment(self, half: &Half, typed: Typed) -> Result<Html<EnrolmentPage>, Oops> {
        let challenge = match &self.site {
            Some(site) => Some(factors::challenge(self.app, &half.visitor, site).await?),
            None => None,
        };
        let (picture, secret) = drawn(self.app, &half.visitor).await?;
        let page = self.page("/sign-in/enrolment");
        let Going { next, kept } = self.going;
        Ok(Html(EnrolmentPage { page, typed, next, kept, picture, secret, challenge }))
    }
}

/// What a passkey of hers must sign; `None` if she has none, or there is no site that one could answer to.
pub(super) async fn asked(app: &App, visitor: &Visitor, site: Option<&Site>) -> Result<Option<Challenge>, Oops> {
    let Some(site) = site else { return Ok(None) };
    let challenge = factors::challenge(app, visitor, site).await?;
    Ok(Some(challenge).filter(|challenge| !challenge.keys.is_empty()))
}

pub(super) async fn demo_code(app: &App, visitor: &Visitor, client: &Client) -> Result<Option<String>, Oops> {
    if client.is_loopback() { Ok(factors::demo_code(app, visitor).await?) } else { Ok(None) }
}

/// The picture and the letters of the secret that a telephone is to read.
pub(super) async fn drawn(app: &App, visitor: &Visitor) -> Result<(String, String), Oops> {
    let user = visitor.actor.user().ok_or(Oops::SignIn)?;
    let secret = factors::secret_to_show(app, user).await?;
    let url = &app.settings().public_url;
    let place = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let place = place.split(['/', ':']).next().unwrap_or_default();
    let picture = codes::picture(&codes::otpauth(&secret, visitor.actor.username(), place));
    Ok((picture, codes::shown_secret(&secret)))
}

fn step<'a>(app: &'a App, at: &At, headers: &HeaderMap, client: &'a Client, token: &str, going: Going) -> Step<'a> {
    let site = site(app, headers, client);
    Step { app, lang: at.lang, site, client, token: form_token(token), going }
}

/// The second step again, for whoever reloads it.
pub async fn second_step(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    HalfWay(half, token): HalfWay,
    Query(query): Query<Next>,
) -> Result<Response, Oops> {
    let going = Going { next: safe_path(&query.next).to_owned(), kept: String::new() };
    let step = step(&app, &at, &headers, &client, &token, going);
    match half.stage {
        Stage::Enrol => Ok(step.enrolment(&half, Typed::default()).await?.into_response()),
        _ => Ok(step.code(&half, Typed::default()).await?.into_response()),
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodeDraft {
    code: String,
    /// What a passkey signed, as the page's script wrote it.
    passkey: String,
    next: String,
    kept: String,
}

/// Takes the second factor.
pub async fn give_code(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    HalfWay(half, token): HalfWay,
    sent: Sent<CodeDraft>,
) -> Result<Response, Oops> {
    let draft = sent.draft;
    let site = site(&app, &headers, &client);
    let proof = proof(&draft.code, &draft.passkey, site.as_ref(), &half.visitor);
    let going = Going { next: safe_path(&draft.next).to_owned(), kept: draft.kept.clone() };
    match sign_in::finish(&app, &half, &token, cookie(&headers, DEVICE_COOKIE), &proof).await {
        Ok(signed_in) => Ok(arrive(&app, half.visitor.actor.lang(), &signed_in, &going)),
        Err(Refused::Invalid(invalid)) => {
            let slow = slowness(&invalid);
            let typed = sent.typed.refused(&invalid, at.lang).without("code").without("passkey");
            let step = step(&app, &at, &headers, &client, &token, going);
            Ok(refuse(slow, step.code(&half, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

/// A passkey's answer, if there is one and a site for it; else the code.
pub(super) fn proof<'a>(code: &'a str, passkey: &'a str, site: Option<&'a Site>, visitor: &Visitor) -> Proof<'a> {
    match site {
        Some(site) if !passkey.is_empty() => Proof::Passkey { answer: passkey, site, session: visitor.session },
        _ => Proof::Code(code),
    }
}

#[derive(Template)]
#[template(path = "staff/recovery_codes.html")]
pub(super) struct CodesPage {
    pub page: Page,
    pub codes: Vec<String>,
    pub next: String,
}

/// Takes the first code of a new telephone, or a new passkey, of somebody who must have one and had none; then she is in.
pub async fn enrol(
    app: App,
    at: At,
    client: Client,
    headers: HeaderMap,
    HalfWay(half, token): HalfWay,
    sent: Sent<CodeDraft>,
) -> Result<Response, Oops> {
    let draft = sent.draft;
    let site = site(&app, &headers, &client);
    let name = codes::device_name(&client.origin.agent);
    let new = match &site {
        Some(site) if !draft.passkey.is_empty() => New::Passkey { answer: &draft.passkey, site, name: &name },
        _ => New::Totp(&draft.code),
    };
    let going = Going { next: safe_path(&draft.next).to_owned(), kept: draft.kept.clone() };
    match factors::enrol(&app, &half, &token, cookie(&headers, DEVICE_COOKIE), &new).await {
        Ok((signed_in, codes)) => {
            let page = Page::outside(&app, half.visitor.actor.lang(), "/");
            let body = CodesPage { page, codes, next: going.next };
            Ok((cookies(&signed_in), Html(body)).into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, at.lang).without("code").without("passkey");
            let step = step(&app, &at, &headers, &client, &token, going);
            Ok(refuse(None, step.enrolment(&half, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn sign_out(
    app: App,
    _who: crate::http::Who,
    headers: HeaderMap,
    _sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    if let Some(ticket) = Ticket::of(&headers) {
        app.store().end_session(&ticket.token).await?;
    }
    Ok((AppendHeaders([drop_cookie()]), Redirect::to("/sign-in")).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ResetQuery {
    code: String,
}

#[derive(Template)]
#[template(path = "staff/reset.html")]
struct ResetPage {
    page: Page,
    typed: Typed,
    code: String,
    /// Does the link still work?
    works: bool,
}

/// The page of a one-time link.
pub async fn reset_form(app: App, at: At, Query(query): Query<ResetQuery>) -> Result<Response, Oops> {
    let works = sign_in::reset_account(&app, &query.code).await?.is_some();
    let page = Page::outside(&app, at.lang, "/reset");
    let status = if works { StatusCode::OK } else { StatusCode::GONE };
    Ok((status, Html(ResetPage { page, typed: Typed::default(), code: query.code, works })).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResetDraft {
    code: String,
    fresh: String,
}

/// Sets the new password; then she signs in as always.
pub async fn reset(app: App, at: At, sent: Sent<ResetDraft>) -> Result<Response, Oops> {
    match sign_in::reset(&app, &sent.draft.code, &sent.draft.fresh).await {
        Ok(()) => Ok(crate::http::go("/sign-in", "password-set").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let works = invalid.0.iter().all(|refusal| refusal.code != "link_used_up");
            let page = Page::outside(&app, at.lang, "/reset");
            let typed = sent.typed.refused(&invalid, at.lang).without("fresh");
            Ok(refuse(None, Html(ResetPage { page, typed, code: sent.draft.code, works })))
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
        crate::staff::change_language(app.store(), &visitor.actor, lang).await?;
    }
    let set = format!("__Host-lang={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000", lang.as_str());
    Ok(([(header::SET_COOKIE, set)], Redirect::to(safe_path(&sent.draft.to))).into_response())
}
