//! Pages of doubles: the list, one pair.

use super::model::{Line, Side, VerdictDraft};
use crate::{
    app::{App, Refused},
    base::words::DoubleState,
    http::{
        At, Html, Oops, Page, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{AnswerDouble, ListDoubles, MergePeople, SeeDouble, SettleDouble, UndoMerge},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

pub struct Item {
    line: Line,
    sides: [Side; 2],
}

#[derive(Template)]
#[template(path = "doubles/list.html")]
pub struct ListPage {
    page: Page,
    items: Vec<Item>,
    older: Option<String>,
}

/// Pairs that wait for a word.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListDoubles>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let actor = scope.actor();
    let ask = PageAsk { limit: 25, cursor: query.cursor };
    let found = super::list(app.store(), &scope, false, &ask).await?;
    let older = found.next.as_ref().map(|cursor| format!("/doubles?cursor={}", in_url(cursor)));
    let items = found.items.into_iter().map(|line| Item { sides: line.sides(actor.area()), line }).collect();
    Ok(Html(ListPage { page: Page::of(&app, actor, &at), items, older }))
}

#[derive(Template)]
#[template(path = "doubles/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    line: Line,
    sides: [Side; 2],
    may_settle: bool,
    may_answer: bool,
    may_merge: bool,
    may_undo: bool,
}

async fn render(app: &App, at: &At, grant: &Grant<SeeDouble>, typed: Typed) -> Result<ShowPage, Oops> {
    let (store, actor) = (app.store(), grant.actor());
    let line = super::one(store, grant).await?;
    Ok(ShowPage {
        page: Page::of(app, actor, at),
        typed,
        sides: line.sides(actor.area()),
        may_settle: line.state == DoubleState::Open && store.may::<SeeDouble, SettleDouble>(grant),
        may_answer: line.state == DoubleState::Asked && store.may::<SeeDouble, AnswerDouble>(grant),
        may_merge: line.state == DoubleState::Agreed && store.may::<SeeDouble, MergePeople>(grant),
        may_undo: line.state == DoubleState::Merged && store.may::<SeeDouble, UndoMerge>(grant),
        line,
    })
}

/// One pair, what agrees, and a word to say.
pub async fn show(app: App, at: At, grant: Grant<SeeDouble>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn settle(app: App, at: At, grant: Grant<SettleDouble>, sent: Sent<VerdictDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SettleDouble, SeeDouble>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::settle(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(_state) => Ok(go("/doubles", "double-settled").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn answer(app: App, at: At, grant: Grant<AnswerDouble>, sent: Sent<VerdictDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AnswerDouble, SeeDouble>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::answer(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(_state) => Ok(go("/doubles", "double-settled").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
