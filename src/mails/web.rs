//! The administrator's page of dead letters.

use super::model::Line;
use crate::{
    app::App,
    base::text,
    http::{
        At, Html, Oops, Page, Sent, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{ListDeadMails, RetryMail},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "mails/list.html")]
struct ListPage {
    page: Page,
    mails: Vec<Line>,
    next: Option<String>,
}

impl ListPage {
    fn day(&self, at: &crate::base::time::At) -> String {
        text::show_day(at.day())
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Mails that could not be delivered; the body is not shown.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListDeadMails>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, Oops> {
    let mails = super::dead(app.store(), &scope, &PageAsk { limit: 50, cursor: query.cursor }).await?;
    let next = mails.next.as_ref().map(|cursor| format!("/mails?cursor={}", in_url(cursor)));
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), mails: mails.items, next }).into_response())
}

pub async fn retry(app: App, grant: Grant<RetryMail>, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    super::retry(app.store(), grant).await?;
    Ok(go("/mails", "mail-retried").into_response())
}
