//! The page of the review.

use super::model::{Line, Past, Status, VerdictDraft};
use crate::{
    app::{App, Refused},
    base::time::{At as Instant, Day},
    http::{At, Html, Oops, Page, Sent, Typed, go, request::in_url},
    policy::acts::{BeginReview, JudgeStaff, ListReview, SignReview},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "reviews/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    status: Status,
    lines: Vec<Line>,
    next: Option<String>,
    past: Vec<Past>,
}

impl ShowPage {
    fn is_overdue(&self) -> bool {
        self.status.is_overdue(self.page.today())
    }

    fn day(&self, at: &Instant) -> String {
        self.page.maybe_day(&Some(Day(at.day())))
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Cursor {
    cursor: Option<String>,
}

/// The open review, or when the next is due.
pub async fn show(
    app: App,
    at: At,
    scope: Scope<ListReview>,
    Query(ask): Query<Cursor>,
) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &scope, ask.cursor, Typed::default()).await.map(Html)
}

async fn render(
    app: &App,
    at: &At,
    scope: &Scope<ListReview>,
    cursor: Option<String>,
    typed: Typed,
) -> Result<ShowPage, Oops> {
    let store = app.store();
    let found = super::list(store, scope, &PageAsk { limit: 50, cursor }).await?;
    let next = found.next.map(|cursor| format!("/review?cursor={}", in_url(&cursor)));
    let (status, past) = (super::status(store).await?, super::past(store, scope).await?);
    Ok(ShowPage { page: Page::of(app, scope.actor(), at), typed, status, lines: found.items, next, past })
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

pub async fn begin(
    app: App,
    at: At,
    scope: Scope<BeginReview>,
    list: Scope<ListReview>,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    answer(&app, &at, &list, super::begin(app.store(), scope).await, "review-begun", sent.typed).await
}

pub async fn judge(
    app: App,
    at: At,
    grant: Grant<JudgeStaff>,
    list: Scope<ListReview>,
    sent: Sent<VerdictDraft>,
) -> Result<Response, Oops> {
    answer(&app, &at, &list, super::judge(app.store(), grant, &sent.draft).await, "review-judged", sent.typed).await
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {
    note: String,
}

pub async fn sign(
    app: App,
    at: At,
    scope: Scope<SignReview>,
    list: Scope<ListReview>,
    sent: Sent<Signature>,
) -> Result<Response, Oops> {
    answer(&app, &at, &list, super::sign(app.store(), scope, &sent.draft.note).await, "review-signed", sent.typed).await
}

/// Back to the page with thanks, or the page with what was refused.
async fn answer(
    app: &App,
    at: &At,
    list: &Scope<ListReview>,
    done: Result<(), Refused>,
    thanks: &str,
    typed: Typed,
) -> Result<Response, Oops> {
    match done {
        Ok(()) => Ok(go("/review", thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, list.actor().lang());
            let page = render(app, at, list, None, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
