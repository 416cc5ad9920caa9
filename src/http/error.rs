//! What went wrong, as a page or as problem+json: mapped once.

use crate::{
    app::{App, Refused},
    base::{lang::Lang, refusal::Invalid},
    http::page::{Html, Page},
    policy::Actor,
    store::{Denied, Fault},
};
use askama::Template;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum Oops {
    /// Nobody is signed in (or the session has ended).
    SignIn,
    /// The first password must be changed before anything else.
    MustChange,
    /// The same bytes whether it does not exist or may not be seen.
    Unknown,
    Forbidden,
    /// The request did not come from a page of ours.
    CrossSite,
    Moved,
    Stale,
    NoVersion,
    KeyReused,
    Invalid(Invalid),
    /// The request cannot be read.
    BadRequest(&'static str),
    TooLarge,
    Unsupported,
    Unavailable,
    /// A fault of ours; what was logged has this number.
    Broken(String),
}

impl From<Fault> for Oops {
    fn from(fault: Fault) -> Oops {
        match fault {
            Fault::Denied(Denied::Unknown) => Oops::Unknown,
            Fault::Denied(Denied::Forbidden) => Oops::Forbidden,
            Fault::Moved | Fault::Taken(_) => Oops::Moved,
            Fault::Stale => Oops::Stale,
            Fault::KeyReused => Oops::KeyReused,
            Fault::Cursor => Oops::BadRequest("cursor"),
            Fault::Unavailable => Oops::Unavailable,
            other => Oops::broken(&other),
        }
    }
}

impl From<Invalid> for Oops {
    fn from(invalid: Invalid) -> Oops {
        Oops::Invalid(invalid)
    }
}

impl From<Refused> for Oops {
    fn from(refused: Refused) -> Oops {
        match refused {
            Refused::Invalid(invalid) => Oops::Invalid(invalid),
            Refused::Fault(fault) => fault.into(),
        }
    }
}

impl Oops {
    /// Logs a fault of ours once, under a number that the reader is told.
    pub fn broken(error: &dyn std::error::Error) -> Oops {
        let number = crate::store::request_number().unwrap_or_else(|| format!("{:016x}", rand::random::<u64>()));
        tracing::error!(number, error = %error, "a request failed");
        Oops::Broken(number)
    }

    fn status(&self) -> StatusCode {
        match self {
            Oops::SignIn => StatusCode::UNAUTHORIZED,
            Oops::MustChange | Oops::Forbidden | Oops::CrossSite => StatusCode::FORBIDDEN,
            Oops::Unknown => StatusCode::NOT_FOUND,
            Oops::Moved | Oops::KeyReused => StatusCode::CONFLICT,
            Oops::Stale => StatusCode::PRECONDITION_FAILED,
            Oops::NoVersion => StatusCode::PRECONDITION_REQUIRED,
            Oops::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Oops::BadRequest(_) => StatusCode::BAD_REQUEST,
            Oops::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Oops::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Oops::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Oops::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word of this error: its texts are `oops-{word}` and `oops-{word}-detail` in `locales/`.
    fn word(&self) -> &'static str {
        match self {
            Oops::SignIn => "sign-in",
            Oops::MustChange => "must-change",
            Oops::Unknown => "unknown",
            Oops::Forbidden => "forbidden",
            Oops::CrossSite => "cross-site",
            Oops::Moved => "moved",
            Oops::Stale => "stale",
            Oops::NoVersion => "no-version",
            Oops::KeyReused => "key-reused",
            Oops::Invalid(_) => "invalid",
            Oops::BadRequest(_) => "bad-request",
            Oops::TooLarge => "too-large",
            Oops::Unsupported => "unsupported",
            Oops::Unavailable => "unavailable",
            Oops::Broken(_) => "broken",
        }
    }
}

/// A refusal in the reader's words.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    pub field: String,
    pub code: String,
    pub message: String,
}

/// RFC 9457 problem details.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// The sentence of a refusal.
pub fn sentence(lang: Lang, refusal: &crate::base::refusal::Refusal) -> String {
    let key = format!("fault-{}", refusal.code.replace('_', "-"));
    match &refusal.value {
        Some(value) => lang.with(&key, &[("value", value.clone().into())]),
        None => lang.say(&key),
    }
}

impl IntoResponse for Oops {
    /// An empty response that carries the error; [`dress`] turns it into a page or JSON in the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[derive(Template)]
#[template(path = "http/oops.html")]
struct OopsPage<'a> {
    page: Page,
    title: String,
    detail: String,
    refusals: Vec<String>,
    number: Option<&'a str>,
}

/// Turns an error into a page, or problem+json for programs. The only place where errors become words.
pub async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let is_get = request.method() == axum::http::Method::GET;
    let lang = reader_lang(request.headers());
    let (request, form) = match super::kept::set_aside(request).await {
        Ok(both) => both,
        Err(oops) => return page(&app, &oops, None, lang),
    };
    let response = next.run(request).await;
    let actor = response.extensions().get::<Arc<Actor>>().cloned();
    let Some(oops) = response.extensions().get::<Arc<Oops>>().cloned() else { return response };
    if is_api {
        return problem(&oops, lang);
    }
    match &*oops {
        Oops::SignIn if is_get => {
            Redirect::to(&format!("/sign-in?next={}", super::page::in_url(&path))).into_response()
        }
        Oops::SignIn => super::kept::sign_in_again(&app, lang, form).await,
        Oops::MustChange => Redirect::to("/password").into_response(),
        _ => page(&app, &oops, actor, lang),
    }
}

fn page(app: &App, oops: &Oops, actor: Option<Arc<Actor>>, lang: Lang) -> Response {
    let lang = actor.as_ref().map_or(lang, |actor| actor.lang());
    let word = oops.word();
    let refusals = match oops {
        Oops::Invalid(invalid) => invalid.0.iter().map(|refusal| sentence(lang, refusal)).collect(),
        _ => Vec::new(),
    };
    let number = if let Oops::Broken(number) = oops { Some(number.as_str()) } else { None };
    let body = OopsPage {
        // The same page whoever asks: what may not be seen must look like what does not exist.
        page: Page::outside(app, lang, ""),
        title: lang.say(&format!("oops-{word}")),
        detail: lang.say(&format!("oops-{word}-detail")),
        refusals,
        number,
    };
    (oops.status(), Html(body)).into_response()
}

fn problem(oops: &Oops, lang: Lang) -> Response {
    let word = oops.word();
    let errors = match oops {
        Oops::Invalid(invalid) => invalid
            .0
            .iter()
            .map(|refusal| FieldProblem {
                field: refusal.field.to_owned(),
                code: refusal.code.to_owned(),
                message: sentence(lang, refusal),
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut detail = lang.say(&format!("oops-{word}-detail"));
    if let Oops::Broken(number) = oops {
        detail = format!("{detail} ({number})");
    }
    let problem = Problem {
        kind: format!("urn:duongve:{word}"),
        title: lang.say(&format!("oops-{word}")),
        status: oops.status().as_u16(),
        detail,
        errors,
    };
    let mut response = (oops.status(), Json(problem)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if matches!(oops, Oops::SignIn) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The language of someone who is not signed in: the cookie, else what the browser asks for.
pub fn reader_lang(headers: &HeaderMap) -> Lang {
    if let Some(lang) = super::door::cookie(headers, "lang").and_then(|word| word.parse().ok()) {
        return lang;
    }
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Lang::Vi, Lang::accepted)
}
