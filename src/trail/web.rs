//! The pages of the trail: all of it, who looked at a person, one's own openings, odd readers.

use super::access::Access;
use super::model::{Filter, Line, Opening, Reader, Thresholds};
use crate::{
    app::App,
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, request::in_url},
    policy::acts::{CountReaders, ListOwnOpenings, ListTrail, SeeCase, SeeOpenings},
    reviews,
    store::{Grant, PageAsk, Scope},
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
    let page = Page::of(&app, scope.actor(), &at);
    let page =
        if reviews::status(app.store()).await?.is_overdue(page.today()) { page.count("/review", 1) } else { page };
    Ok(Html(ListPage { page, lines: found.items, filter, older }))
}

#[derive(Template)]
#[template(path = "trail/openings.html")]
pub struct OpeningsPage {
    page: Page,
    /// Whose page it is; none: the reader's own openings.
    case: Option<CaseRow>,
    /// Who can open it today, and why; only beside the first page of who did.
    access: Vec<Access>,
    openings: Vec<Opening>,
    older: Option<String>,
}

impl OpeningsPage {
    fn instant(&self, at: &crate::base::time::At) -> String {
        self.page.instant(*at)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Cursor {
    cursor: Option<String>,
}

/// Who looked at this person.
pub async fn openings(
    app: App,
    at: At,
    grant: Grant<SeeOpenings>,
    Query(ask): Query<Cursor>,
) -> Result<Html<OpeningsPage>, Oops> {
    let store = app.store();
    let see = store.also::<SeeOpenings, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let access = match ask.cursor {
        None => super::who_may(store, &grant).await?,
        Some(_) => Vec::new(),
    };
    let found = super::written_down(store, &grant, &PageAsk { limit: 50, cursor: ask.cursor }).await?;
    let older = found.next.map(|cursor| format!("/cases/{}/openings?cursor={}", case.id, in_url(&cursor)));
    let page = Page::of(&app, grant.actor(), &at);
    Ok(Html(OpeningsPage { page, case: Some(case), access, openings: found.items, older }))
}

/// What I have opened and looked for.
pub async fn mine(
    app: App,
    at: At,
    scope: Scope<ListOwnOpenings>,
    Query(ask): Query<Cursor>,
) -> Result<Html<OpeningsPage>, Oops> {
    let found = super::mine(app.store(), &scope, &PageAsk { limit: 50, cursor: ask.cursor }).await?;
    let older = found.next.map(|cursor| format!("/openings?cursor={}", in_url(&cursor)));
    let page = Page::of(&app, scope.actor(), &at);
    Ok(Html(OpeningsPage { page, case: None, access: Vec::new(), openings: found.items, older }))
}

#[derive(Template)]
#[template(path = "trail/readers.html")]
pub struct ReadersPage {
    page: Page,
    thresholds: Thresholds,
    readers: Vec<Reader>,
}

/// Who reads more than the work asks for, as counts.
pub async fn readers(app: App, at: At, scope: Scope<CountReaders>) -> Result<Html<ReadersPage>, Oops> {
    let thresholds = super::thresholds(app.store()).await?;
    let readers = super::readers(app.store(), &scope, &thresholds).await?;
    Ok(Html(ReadersPage { page: Page::of(&app, scope.actor(), &at), thresholds, readers }))
}
