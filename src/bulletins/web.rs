//! Pages of the weekly counts.

use super::model::{Headline, Line, Total};
use crate::{
    app::App,
    digests::model::missed_sentence,
    http::{
        At, Html, Oops, Page,
        request::{CursorQuery, in_url},
    },
    policy::acts::{ListBulletins, SeeBulletin},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::extract::Query;

#[derive(Template)]
#[template(path = "bulletins/list.html")]
pub struct ListPage {
    page: Page,
    bulletins: Vec<Headline>,
    next: Option<String>,
}

/// Those that I received, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListBulletins>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let found = super::list(app.store(), &scope, &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let next = found.next.as_ref().map(|cursor| format!("/bulletins?cursor={}", in_url(cursor)));
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), bulletins: found.items, next }))
}

#[derive(Template)]
#[template(path = "bulletins/show.html")]
pub struct ShowPage {
    page: Page,
    head: Headline,
    missed: Option<String>,
    lines: Vec<Line>,
    total: Total,
}

impl ShowPage {
    fn name(&self, line: &Line) -> String {
        crate::areas::model::full_name(&line.kind, &line.name)
    }
}

/// One week.
pub async fn show(app: App, at: At, grant: Grant<SeeBulletin>) -> Result<Html<ShowPage>, Oops> {
    let page = Page::of(&app, grant.actor(), &at);
    let (head, lines) = super::open(app.store(), grant).await?;
    let missed = missed_sentence(page.language(), head.missed);
    Ok(Html(ShowPage { total: Total::of(&lines), page, head, missed, lines }))
}
