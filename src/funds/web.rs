//! The page of the funds, and the form for a new one.

use super::model::{Draft, Line};
use crate::{
    app::{App, Refused},
    base::{text, words::FundKind},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Actor,
        acts::{AddFund, EndFund, ListFunds},
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "funds/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    funds: Vec<Line>,
    older: Option<String>,
    kinds: Vec<(&'static str, String)>,
    /// The commune under which the head writes one down.
    area: Option<String>,
}

impl ListPage {
    /// What it asks of a sum, in words.
    fn limits(&self, fund: &Line) -> String {
        let page = &self.page;
        let vnd = |key: &str, sum: Option<i64>| sum.map(|sum| page.x(key, text::show_vnd(sum)));
        let parts = [
            vnd("funds-least-is", fund.least_vnd),
            vnd("funds-most-is", fund.most_vnd),
            fund.most_months.map(|months| page.n("funds-months-is", months)),
            fund.rate().map(|rate| page.x("funds-rate-is", rate)),
            fund.head_approves.then(|| page.say("funds-head-approves-is")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn gives(&self, fund: &Line) -> bool {
        fund.gives(self.page.today())
    }

    fn may_end(&self, fund: &Line) -> bool {
        fund.to_on.is_none() && self.area.as_ref().is_some_and(|area| *area == fund.area_code.0)
    }
}

async fn render(
    app: &App,
    at: &At,
    actor: &Actor,
    scope: &Scope<ListFunds>,
    ask: &PageAsk,
    typed: Typed,
) -> Result<ListPage, Oops> {
    let lines = super::list(app.store(), scope, ask).await?;
    let page = Page::of(app, actor, at);
    let kinds = FundKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    let area = app.store().can::<AddFund>(actor).then(|| actor.area().to_string());
    let older = lines.next.map(|cursor| format!("/funds?cursor={cursor}"));
    Ok(ListPage { page, typed, funds: lines.items, older, kinds, area })
}

/// The funds with their rules, and a form for a new one.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListFunds>,
    Query(query): Query<crate::http::request::CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let ask = PageAsk { cursor: query.cursor, ..PageAsk::default() };
    render(&app, &at, scope.actor(), &scope, &ask, Typed::with(&[])).await.map(Html)
}

pub async fn create(
    app: App,
    at: At,
    grant: Grant<AddFund>,
    scope: Scope<ListFunds>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    match super::add(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_fund) => Ok(go("/funds", "fund-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, scope.actor().lang());
            let page = render(&app, &at, scope.actor(), &scope, &PageAsk::default(), typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was read.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ending {
    version: String,
}

pub async fn end(app: App, grant: Grant<EndFund>, sent: Sent<Ending>) -> Result<Response, Oops> {
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    super::end(app.store(), grant, Some(version)).await?;
    Ok(go("/funds", "fund-ended").into_response())
}
