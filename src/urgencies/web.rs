//! Pages of urgent needs: the list, one with its answer.

use super::model::{AnswerDraft, Line, Whole};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::time,
    cases,
    http::{At, Html, Oops, Page, Sent, Typed, go, request::in_url},
    policy::acts::{AnswerUrgency, ListUrgencies, SeeCase, SeeUrgency},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "urgencies/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    all: bool,
    older: Option<String>,
}

impl ListPage {
    fn at(&self, at: &time::At) -> String {
        self.page.instant(*at)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ListQuery {
    cursor: Option<String>,
    all: Option<bool>,
}

/// What waits; or all of it.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListUrgencies>,
    Query(query): Query<ListQuery>,
) -> Result<Html<ListPage>, Oops> {
    let all = query.all.unwrap_or(false);
    let lines = super::list(app.store(), &scope, all, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let older = lines.next.as_ref().map(|cursor| format!("/urgencies?all={all}&cursor={}", in_url(cursor)));
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), lines: lines.items, all, older }))
}

#[derive(Template)]
#[template(path = "urgencies/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    whole: Whole,
    may_answer: bool,
}

impl ShowPage {
    fn at(&self, at: &time::At) -> String {
        self.page.instant(*at)
    }
}

async fn render(app: &App, at: &At, grant: &Grant<SeeUrgency>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let whole = super::one(store, grant).await?;
    let see = store.onward::<SeeUrgency, SeeCase>(grant, whole.line.case_id).await?;
    cases::opened(store, &see, &[]).await?;
    let may_answer = whole.line.is_waiting() && store.may::<SeeUrgency, AnswerUrgency>(grant);
    Ok(ShowPage { page: Page::of(app, grant.actor(), at), typed, whole, may_answer })
}

/// Whose it is, since when, and what is done about it.
pub async fn show(app: App, at: At, grant: Grant<SeeUrgency>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn answer(app: App, at: At, grant: Grant<AnswerUrgency>, sent: Sent<AnswerDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AnswerUrgency, SeeUrgency>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::answer(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go("/urgencies", "urgency-answered").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
