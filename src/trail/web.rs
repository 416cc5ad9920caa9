//! The page of the trail.

use super::model::{Filter, Line};
use crate::{
    app::App,
    http::{At, Html, Oops, Page, request::in_url},
    policy::acts::ListTrail,
    store::{PageAsk, Scope},
};
use askama::Template;
use axum::extract::Query;

#[derive(Template)]
#[template(path = "trail/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    filter: Filter,
    older: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Ask {
    user: String,
    act: String,
    record: String,
    cursor: Option<String>,
}

pub async fn list(app: App, at: At, scope: Scope<ListTrail>, Query(ask): Query<Ask>) -> Result<Html<ListPage>, Oops> {
    let filter = Filter { user: ask.user, act: ask.act, record: ask.record };
    let found = super::list(app.store(), &scope, &filter, &PageAsk { limit: 50, cursor: ask.cursor }).await?;
    let older = found.next.map(|cursor| {
        format!(
            "/trail?user={}&act={}&record={}&cursor={}",
            in_url(&filter.user),
            in_url(&filter.act),
            in_url(&filter.record),
            in_url(&cursor)
        )
    });
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), lines: found.items, filter, older }))
}
