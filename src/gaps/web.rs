//! The page of what is missing.

use super::model::{Line, OfficerGaps};
use crate::{
    app::App,
    http::{
        At, Html, Oops, Page,
        request::{CursorQuery, in_url},
    },
    policy::{Act, Near, acts::ListGaps},
    store::{PageAsk, Scope},
};
use askama::Template;
use axum::extract::Query;

#[derive(Template)]
#[template(path = "gaps/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    total: i64,
    officers: Vec<OfficerGaps>,
    /// The whole commune: lines tell whose they are.
    office: bool,
    more: Option<String>,
}

pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListGaps>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let first = query.cursor.is_none();
    let lines = super::list(store, &scope, &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let total = super::count(store, &scope).await?;
    let wide = |(act, nears): &(&str, Vec<Near>)| *act == <ListGaps as Act>::NAME && nears.contains(&Near::Office);
    let office = store.acts_of(scope.actor()).iter().any(wide);
    let officers = if office && first { super::by_officer(store, &scope).await? } else { Vec::new() };
    let more = lines.next.as_ref().map(|cursor| format!("/gaps?cursor={}", in_url(cursor)));
    let page = Page::of(&app, scope.actor(), &at).count("/gaps", total);
    Ok(Html(ListPage { page, lines: lines.items, total, officers, office, more }))
}
