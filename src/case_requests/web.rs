//! Pages of requests for one case: the list, the form, one request with the head's answer.

use super::model::{DecisionDraft, Draft, Line, Terms, Whole};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{text, time::plus_days},
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed,
        door::AtHome,
        go,
        request::{CursorQuery, in_url},
    },
    policy::{
        Near,
        acts::{AskCase, DecideCaseRequest, EndCaseRequest, ListCaseRequests, SeeCaseRequest},
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// A request with how it stands to the reader.
pub struct Item {
    line: Line,
    standing: &'static str,
}

#[derive(Template)]
#[template(path = "case_requests/list.html")]
pub struct ListPage {
    page: Page,
    items: Vec<Item>,
    may_ask: bool,
    older: Option<String>,
}

/// What one has asked for; for a head what was asked of her commune.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListCaseRequests>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let (store, actor) = (app.store(), scope.actor());
    let terms = super::terms(store).await?;
    let found = super::list(store, &scope, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let older = found.next.as_ref().map(|cursor| format!("/case-requests?cursor={}", in_url(cursor)));
    let item = |line: Line| Item { standing: line.standing(line.is_mine(actor), store.now(), terms), line };
    let items = found.items.into_iter().map(item).collect();
    Ok(Html(ListPage { page: Page::of(&app, actor, &at), items, may_ask: store.can::<AskCase>(actor), older }))
}

#[derive(Template)]
#[template(path = "case_requests/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    terms: Terms,
}

async fn form(app: &App, at: &At, grant: &Grant<AskCase>, typed: Typed) -> Result<FormPage, Oops> {
    Ok(FormPage { page: Page::of(app, grant.actor(), at), typed, terms: super::terms(app.store()).await? })
}

/// Asks for code, paper, reason and last day.
pub async fn new(app: App, at: At, AtHome(grant): AtHome<AskCase>) -> Result<Html<FormPage>, Oops> {
    let typed = Typed::with(&[("until_on", text::show_day(plus_days(app.store().today(), 14)))]);
    form(&app, &at, &grant, typed).await.map(Html)
}

pub async fn create(app: App, at: At, AtHome(grant): AtHome<AskCase>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let again = app.store().also::<AskCase, AskCase>(&grant).ok_or(Oops::Unknown)?;
    match super::ask(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go("/case-requests", "case-requested").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form(&app, &at, &again, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "case_requests/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    whole: Whole,
    standing: &'static str,
    mine: bool,
    may_decide: bool,
    may_end: bool,
    /// The case may be opened by this today, or by one's own right.
    opens: bool,
}

async fn render(app: &App, at: &At, grant: &Grant<SeeCaseRequest>, typed: Typed) -> Result<ShowPage, Oops> {
    use crate::base::words::CaseRequestState::{Approved, Refused, Waiting};
    let (store, actor) = (app.store(), grant.actor());
    let (whole, terms) = (super::one(store, grant).await?, super::terms(store).await?);
    let mine = whole.line.is_mine(actor);
    let waits = whole.line.state == Waiting;
    Ok(ShowPage {
        page: Page::of(app, actor, at),
        typed,
        standing: whole.line.standing(mine, store.now(), terms),
        may_decide: waits && store.may::<SeeCaseRequest, DecideCaseRequest>(grant),
        // To the one who asked, a refused one looks as one that waits, to the last button.
        may_end: (whole.line.state == Approved || (mine && matches!(whole.line.state, Waiting | Refused)))
            && store.may::<SeeCaseRequest, EndCaseRequest>(grant),
        opens: whole.line.opens(store.today()) || !mine,
        whole,
        mine,
    })
}

/// One request; for the head its paper and reason, and a word to say.
pub async fn show(app: App, at: At, grant: Grant<SeeCaseRequest>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn decide(
    app: App,
    at: At,
    grant: Grant<DecideCaseRequest>,
    _fresh: Fresh,
    sent: Sent<DecisionDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<DecideCaseRequest, SeeCaseRequest>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::decide(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(_state) => Ok(go("/case-requests", "case-request-answered").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was read.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Version {
    version: String,
}

pub async fn end(app: App, at: At, grant: Grant<EndCaseRequest>, sent: Sent<Version>) -> Result<Response, Oops> {
    let see = app.store().also::<EndCaseRequest, SeeCaseRequest>(&grant).ok_or(Oops::Unknown)?;
    // The one who asked is told no version: it would tell of an answer.
    let version = match grant.is(Near::Own) {
        true => None,
        false => Some(sent.draft.version.parse().map_err(|_| Oops::NoVersion)?),
    };
    match super::end(app.store(), grant, version).await {
        Ok(()) => Ok(go("/case-requests", "case-request-ended").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
