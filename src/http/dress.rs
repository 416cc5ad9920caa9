//! An error as the reader meets it: a page, or problem+json for programs. The only place where errors become words.

use super::{
    Oops,
    error::{FieldProblem, Problem, sentence},
    kept,
    page::{Html, Page},
    request::{in_url, reader_lang},
};
use crate::{app::App, base::lang::Lang, policy::Actor};
use askama::Template;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

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
    let (request, form) = match kept::set_aside(request).await {
        Ok(both) => both,
        Err(oops) => return page(&app, &oops, None, lang),
    };
    let response = next.run(request).await;
    let actor = response.extensions().get::<Arc<Actor>>().cloned();
    let oops = response.extensions().get::<Arc<Oops>>().cloned().or_else(|| frameworks_own(&response));
    let Some(oops) = oops else { return response };
    let mut response = if is_api {
        problem(&oops, lang)
    } else {
        let asked = Asked { path: is_get.then_some(path), form };
        answer(&app, &oops, actor, lang, asked).await
    };
    if let Oops::TooMany(seconds) = &*oops {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// A refusal in the framework's own words (a path or a query that it cannot read): said in ours.
fn frameworks_own(response: &Response) -> Option<Arc<Oops>> {
    let is_text =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        status if !is_text || !status.is_client_error() => None,
        StatusCode::NOT_FOUND => Some(Arc::new(Oops::Unknown)),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Arc::new(Oops::TooLarge)),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Arc::new(Oops::Unsupported)),
        _ => Some(Arc::new(Oops::BadRequest("request"))),
    }
}

/// What was asked for, to go on from there.
struct Asked {
    /// The address, if it can be asked for again.
    path: Option<String>,
    /// What was typed.
    form: Option<kept::Aside>,
}

/// The page for a person: where she was decides where she goes on.
async fn answer(app: &App, oops: &Oops, actor: Option<Arc<Actor>>, lang: Lang, asked: Asked) -> Response {
    match (oops, asked.path) {
        (Oops::SignIn, Some(path)) => Redirect::to(&format!("/sign-in?next={}", in_url(&path))).into_response(),
        (Oops::SignIn, None) => kept::sign_in_again(app, lang, asked.form).await,
        (Oops::Confirm(_), Some(path)) => {
            Redirect::to(&format!("/confirmation?next={}", in_url(&path))).into_response()
        }
        (Oops::MustChange, _) => Redirect::to("/password").into_response(),
        _ => page(app, oops, actor, lang),
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
                field: refusal.field.to_string(),
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
    if matches!(oops, Oops::Confirm(_)) {
        // RFC 9470: the token is good, the proof behind it too old.
        let step_up = HeaderValue::from_static("Bearer error=\"insufficient_user_authentication\", max_age=600");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, step_up);
    }
    response
}
