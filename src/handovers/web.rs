//! Pages and forms of handovers: the list, one with its sheet, one case's own, many at once.

use super::model::{AcceptDraft, AnswerDraft, CaseLine, Draft, Line, ManyDraft, Sheet, Whole};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::time,
    cases::{self, model::CaseRow, web::officers},
    http::{
        At, Html, Oops, Page, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::{
        AreaCode,
        acts::{
            AcceptHandover, HandOver, HandOverMany, IssueDocument, ListCases, ListHandovers, ReturnHandover, SeeCase,
            SeeHandover, SeeHandovers, WithdrawHandover,
        },
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

type Choices = Vec<(String, String)>;

fn version(typed: &str) -> Result<i64, Oops> {
    typed.parse().map_err(|_| Oops::NoVersion)
}

#[derive(Template)]
#[template(path = "handovers/list.html")]
pub struct ListPage {
    page: Page,
    /// Those that the reader has to answer.
    to_answer: Vec<Line>,
    /// Those that wait for somebody else.
    sent: Vec<Line>,
    others: Vec<Line>,
    more: Option<String>,
    sends_in: Option<AreaCode>,
}

/// What waits for an answer, then what was answered, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListHandovers>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let (store, actor) = (app.store(), scope.actor());
    let waiting = match &query.cursor {
        None => super::list(store, &scope, Some(true), &PageAsk { limit: 100, cursor: None }).await?.items,
        Some(_) => Vec::new(),
    };
    let others =
        super::list(store, &scope, Some(false), &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let sends_in = store.can::<HandOverMany>(actor).then(|| actor.area().clone());
    let head = sends_in.is_some();
    // Within her commune the officer answers, between communes the head of the other one.
    let mine = |line: &Line| !head || (line.moves() && line.to_area == *actor.area());
    let (to_answer, sent): (Vec<_>, Vec<_>) = waiting.into_iter().partition(mine);
    let more = others.next.map(|cursor| format!("/handovers?cursor={}", in_url(&cursor)));
    let count = to_answer.len().try_into().unwrap_or(i64::MAX);
    let page = Page::of(&app, actor, &at).count("/handovers", count);
    Ok(Html(ListPage { page, to_answer, sent, others: others.items, more, sends_in }))
}

#[derive(Template)]
#[template(path = "handovers/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    whole: Whole,
    sheet: Option<Sheet>,
    officers: Choices,
    may_accept: bool,
    may_return: bool,
    may_withdraw: bool,
    /// May she open the case itself?
    opens: bool,
    may_issue: bool,
}

impl ShowPage {
    fn instant(&self, at: &time::At) -> String {
        self.page.instant(*at)
    }
}

async fn render(app: &App, at: &At, grant: &Grant<SeeHandover>, typed: Typed) -> Result<ShowPage, Oops> {
    let (store, actor) = (app.store(), grant.actor());
    let (whole, sheet) = super::one(store, grant).await?;
    let waits = whole.line.is_waiting();
    let may_accept = waits && store.may::<SeeHandover, AcceptHandover>(grant);
    let officers = if may_accept && whole.line.moves() { officers(app, actor).await? } else { Vec::new() };
    let opens = whole.line.is_told_in(actor.area()) && (!waits || whole.line.lies_in == *actor.area());
    Ok(ShowPage {
        page: Page::of(app, actor, at),
        typed,
        may_return: waits && store.may::<SeeHandover, ReturnHandover>(grant),
        may_withdraw: waits && store.may::<SeeHandover, WithdrawHandover>(grant),
        opens: opens && store.can::<ListCases>(actor),
        may_issue: sheet.is_some()
            && store.onward::<SeeHandover, IssueDocument>(grant, whole.line.case_id).await.is_ok(),
        whole,
        sheet,
        officers,
        may_accept,
    })
}

/// One handover: from whom to whom, why, the sheet to print, and what may be done now.
pub async fn show(app: App, at: At, grant: Grant<SeeHandover>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn again(app: &App, at: &At, see: &Grant<SeeHandover>, typed: Typed) -> Result<Response, Oops> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(app, at, see, typed).await?)).into_response())
}

/// Issues the sheet as a paper of the commune.
pub async fn issue(
    app: App,
    at: At,
    grant: Grant<SeeHandover>,
    sent: Sent<crate::documents::web::Nothing>,
) -> Result<Response, Oops> {
    match super::papers::issue(app.store(), &grant, sent.key).await {
        Ok(id) => Ok(go(&format!("/documents/{id}"), "document-issued").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            again(&app, &at, &grant, typed).await
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn accept(app: App, at: At, grant: Grant<AcceptHandover>, sent: Sent<AcceptDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AcceptHandover, SeeHandover>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    match super::accept(app.store(), grant, &sent.draft, Some(version), sent.key).await {
        Ok(case) => Ok(go(&format!("/cases/{case}"), "handover-accepted").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            again(&app, &at, &see, typed).await
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn send_back(
    app: App,
    at: At,
    grant: Grant<ReturnHandover>,
    sent: Sent<AnswerDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<ReturnHandover, SeeHandover>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    match super::send_back(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go("/handovers", "handover-returned").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            again(&app, &at, &see, typed).await
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn withdraw(
    app: App,
    at: At,
    grant: Grant<WithdrawHandover>,
    sent: Sent<AnswerDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<WithdrawHandover, SeeHandover>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    match super::withdraw(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go("/handovers", "handover-withdrawn").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            again(&app, &at, &see, typed).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "handovers/case.html")]
pub struct CasePage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    lines: Vec<Line>,
    officers: Choices,
    communes: Choices,
    may_send: bool,
}

async fn case_page(app: &App, at: &At, grant: &Grant<SeeHandovers>, typed: Typed) -> Result<CasePage, Oops> {
    let (store, actor) = (app.store(), grant.actor());
    let see = store.also::<SeeHandovers, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let lines = super::of_case(store, grant).await?;
    let waits = lines.iter().any(Line::is_waiting);
    let may_send = case.is_live() && !waits && store.may::<SeeHandovers, HandOver>(grant);
    let (officers, communes) = match may_send {
        true => (officers(app, actor).await?, super::destinations(store, actor.area()).await?),
        false => (Vec::new(), Vec::new()),
    };
    Ok(CasePage { page: Page::of(app, actor, at), typed, case, lines, officers, communes, may_send })
}

/// To whom the case was handed, and for the head a form to send it.
pub async fn of_case(app: App, at: At, grant: Grant<SeeHandovers>) -> Result<Html<CasePage>, Oops> {
    case_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn send(app: App, at: At, grant: Grant<HandOver>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<HandOver, SeeHandovers>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    match super::send(app.store(), grant, &sent.draft, Some(version), sent.key).await {
        Ok(id) => Ok(go(&format!("/handovers/{id}"), "handover-sent").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(case_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Whose cases are shown to choose from.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManyQuery {
    officer: String,
}

#[derive(Template)]
#[template(path = "handovers/many.html")]
pub struct ManyPage {
    page: Page,
    typed: Typed,
    area: AreaCode,
    /// Whose cases these are; empty: all of the commune.
    of: String,
    lines: Vec<CaseLine>,
    officers: Choices,
    communes: Choices,
}

impl ManyPage {
    /// All are chosen to begin with when it is one officer's, none when it is the commune's.
    fn chosen(&self, line: &CaseLine) -> bool {
        match self.typed.faults().is_empty() {
            true => !self.of.is_empty(),
            false => self.typed.is("cases", &line.id.to_string()),
        }
    }
}

async fn many_page(
    app: &App,
    at: &At,
    grant: &Grant<HandOverMany>,
    of: String,
    typed: Typed,
) -> Result<ManyPage, Oops> {
    let (store, actor) = (app.store(), grant.actor());
    Ok(ManyPage {
        page: Page::of(app, actor, at),
        typed,
        area: grant.id(),
        lines: super::to_send(store, grant, &of).await?,
        of,
        officers: officers(app, actor).await?,
        communes: super::destinations(store, actor.area()).await?,
    })
}

/// Chooses many cases, for example all of an officer who leaves.
pub async fn many(
    app: App,
    at: At,
    grant: Grant<HandOverMany>,
    Query(query): Query<ManyQuery>,
) -> Result<Html<ManyPage>, Oops> {
    many_page(&app, &at, &grant, query.officer, Typed::with(&[])).await.map(Html)
}

pub async fn send_many(app: App, at: At, grant: Grant<HandOverMany>, sent: Sent<ManyDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<HandOverMany, HandOverMany>(&grant);
    match super::send_many(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_count) => Ok(go("/handovers", "handovers-sent").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            let body = many_page(&app, &at, &grant, String::new(), typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
