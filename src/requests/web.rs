//! Pages of the register: the list, one request with what can be done about it, the forms by which one is taken down.

use super::{
    Part,
    file::{self, FileDraft},
    model::{AnswerDraft, Content, DoneDraft, Draft, ExtensionDraft, Line, LinkDraft},
};
use crate::{
    app::{App, Refused},
    base::{
        ids::CaseId,
        refusal::Invalid,
        sealed::SealedText as _,
        text,
        waiting::Waiting,
        words::{RequestFrom, RequestKind, RequestWay},
    },
    cases::{self, model::CaseRow},
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, door::AtHome, go, request::in_url},
    policy::{
        Actor, Role,
        acts::{
            AskErasure, DecideRequest, EditCase, FinishRequest, ListCases, ListColleagues, ListRequests, ListSealings,
            ReadRequest, ReceiveRequest, SeeCase, SeeRequest, SeeRequests, SetRestriction, TakeRequest,
            TakeSealedRequest, TakeSubjectFile,
        },
    },
    staff::{self, model::Colleague},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Which part of the register, and where it goes on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    part: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "requests/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    waiting: Waiting,
    over: bool,
    may_receive: bool,
    more: Option<String>,
}

/// The register: what waits, or what is over.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListRequests>,
    Query(query): Query<ListQuery>,
) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let part = match query.part.as_str() {
        "" | "open" => Part::Open,
        "over" => Part::Over,
        _ => return Err(Oops::BadRequest("part")),
    };
    let lines = super::list(store, &scope, part, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let waiting = super::waiting(store, &scope).await?;
    let word = if part == Part::Over { "over" } else { "open" };
    let more = lines.next.as_ref().map(|cursor| format!("/requests?part={word}&cursor={}", in_url(cursor)));
    let may_receive = store.can::<ReceiveRequest>(scope.actor());
    let page = Page::of(&app, scope.actor(), &at).count("/requests", waiting.late);
    Ok(Html(ListPage { page, lines: lines.items, waiting, over: part == Part::Over, may_receive, more }))
}

/// Where a form of a new request goes, and from where it came.
struct Place {
    post: String,
    back: String,
    /// It is taken down on a case: the person herself need not be named.
    known: bool,
    /// Number of the seal.
    seal: Option<String>,
}

#[derive(Template)]
#[template(path = "requests/new.html")]
pub struct NewPage {
    page: Page,
    typed: Typed,
    place: Place,
}

impl NewPage {
    fn kinds(&self) -> &'static [RequestKind] {
        RequestKind::ALL
    }

    fn ways(&self) -> &'static [RequestWay] {
        RequestWay::ALL
    }

    /// Who may be asking; that nothing is known of her is said where nothing is looked up.
    fn askers(&self) -> Vec<RequestFrom> {
        RequestFrom::ALL.iter().copied().filter(|one| !self.place.known || *one != RequestFrom::Unknown).collect()
    }
}

fn empty(app: &App) -> Typed {
    Typed::with(&[("received_on", text::show_day(app.store().today()))])
}

fn at_home() -> Place {
    Place { post: "/requests".into(), back: "/requests".into(), known: false, seal: None }
}

fn form(app: &App, at: &At, actor: &Actor, typed: Typed, place: Place) -> Html<NewPage> {
    Html(NewPage { page: Page::of(app, actor, at), typed, place })
}

/// The form for somebody of whom nothing is looked up.
pub async fn new(app: App, at: At, AtHome(grant): AtHome<ReceiveRequest>) -> Html<NewPage> {
    form(&app, &at, grant.actor(), empty(&app), at_home())
}

pub async fn receive(
    app: App,
    at: At,
    AtHome(grant): AtHome<ReceiveRequest>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let actor = Arc::new(grant.actor().clone());
    match super::receive(app.store(), grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/requests/{id}"), "request-taken").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, actor.lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &actor, typed, at_home())).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "requests/case.html")]
pub struct CasePage {
    page: Page,
    case: CaseRow,
    lines: Vec<Line>,
    may_take: bool,
    may_file: bool,
}

/// The requests about a case.
pub async fn of_case(app: App, at: At, grant: Grant<SeeRequests>) -> Result<Html<CasePage>, Oops> {
    let store = app.store();
    let see = store.also::<SeeRequests, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let lines = super::of_case(store, &grant).await?;
    let may_take = grant.glass_until().is_none() && store.may::<SeeRequests, TakeRequest>(&grant);
    let may_file = grant.glass_until().is_none() && store.may::<SeeRequests, TakeSubjectFile>(&grant);
    Ok(Html(CasePage { page: Page::of(&app, grant.actor(), &at), case, lines, may_take, may_file }))
}

fn on_case(case: impl std::fmt::Display) -> Place {
    let path = format!("/cases/{case}/requests");
    Place { post: path.clone(), back: path, known: true, seal: None }
}

/// The form for the person of a case. It shows nothing of the case.
pub async fn new_of_case(app: App, at: At, grant: Grant<TakeRequest>) -> Html<NewPage> {
    form(&app, &at, grant.actor(), empty(&app), on_case(grant.id()))
}

pub async fn take(app: App, at: At, grant: Grant<TakeRequest>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let (case, actor) = (grant.id(), Arc::new(grant.actor().clone()));
    match super::take(app.store(), grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/requests/{id}"), "request-taken").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, actor.lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &actor, typed, on_case(case))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn on_seal(seal: impl std::fmt::Display) -> Place {
    let back = format!("/sealings/{seal}");
    Place { post: format!("{back}/requests"), back, known: false, seal: Some(seal.to_string()) }
}

/// The form by the number of a seal. Nothing of the case under it is opened.
pub async fn new_of_seal(app: App, at: At, grant: Grant<TakeSealedRequest>) -> Html<NewPage> {
    form(&app, &at, grant.actor(), empty(&app), on_seal(grant.id()))
}

pub async fn take_sealed(
    app: App,
    at: At,
    grant: Grant<TakeSealedRequest>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let (seal, actor) = (grant.id(), Arc::new(grant.actor().clone()));
    match super::take_sealed(app.store(), grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/requests/{id}"), "request-taken").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, actor.lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &actor, typed, on_seal(seal))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The file of the person of a case, for her.
pub async fn take_file(
    app: App,
    grant: Grant<TakeSubjectFile>,
    _fresh: Fresh,
    sent: Sent<FileDraft>,
) -> Result<Response, Oops> {
    crate::http::pace::export(&app, grant.actor())?;
    let made = file::make(app.store(), grant, &sent.draft).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", made.name)),
    ];
    Ok((headers, made.bytes).into_response())
}

#[derive(Template)]
#[template(path = "requests/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    line: Line,
    /// `None`: may not be read, or put away.
    content: Option<Content>,
    /// What was asked was put away with a case.
    put_away: bool,
    may_decide: bool,
    may_finish: bool,
    may_link: bool,
    colleagues: Vec<Colleague>,
    /// The case out of which the reader may take the file for the person.
    file: Option<CaseId>,
    /// Where what is asked is done: address and words.
    ways: Vec<(String, &'static str)>,
}

impl ShowPage {
    /// What stands in a field of what was said; empty: nothing.
    fn said<'a, F: crate::base::sealed::Field<Value = String>>(
        &self,
        field: &'a Option<crate::base::sealed::Sealed<F>>,
    ) -> &'a str {
        field.said().unwrap_or_default()
    }
}

/// One request: its clocks for whoever has the register, what was asked for the office.
pub async fn show(app: App, at: At, grant: Grant<SeeRequest>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, None).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeRequest>, typed: Option<Typed>) -> Result<ShowPage, Oops> {
    let store = app.store();
    let line = super::one(store, grant).await?;
    let read = store.also::<SeeRequest, ReadRequest>(grant);
    let content = match &read {
        Some(grant) => super::read(store, grant).await?,
        None => None,
    };
    let put_away = read.is_some() && content.is_none();
    let decides = store.may::<SeeRequest, DecideRequest>(grant);
    let may_decide = decides && line.is_open();
    let may_finish = store.may::<SeeRequest, FinishRequest>(grant) && line.is_open() && !line.waits_for_answer();
    let may_link = decides && line.code.is_none() && line.seal.is_none() && line.case_id.is_none() && !put_away;
    let mut colleagues = Vec::new();
    if may_decide && line.waits_for_answer() {
        let scope = store.scope::<ListColleagues>(&Arc::new(grant.actor().clone()))?;
        colleagues = staff::colleagues(store, &scope, &[Role::Officer, Role::Supervisor]).await?;
    }
    let ways = ways(app, grant, &line);
    let file = line.case_id.filter(|_| line.kind == RequestKind::See && store.can::<TakeSubjectFile>(grant.actor()));
    let typed = typed.unwrap_or_else(|| {
        let today = text::show_day(store.today());
        Typed::with(&[("answered_on", today.clone()), ("done_on", today)])
    });
    let page = Page::of(app, grant.actor(), at);
    Ok(ShowPage { page, typed, line, content, put_away, may_decide, may_finish, may_link, colleagues, file, ways })
}

/// Where what is asked is done. A link, never a step that is taken by itself.
fn ways(app: &App, grant: &Grant<SeeRequest>, line: &Line) -> Vec<(String, &'static str)> {
    let Some(case) = line.case_id else { return Vec::new() };
    let (store, actor) = (app.store(), grant.actor());
    let mut ways = Vec::new();
    let mut add = |yes: bool, path: &str, key: &'static str| {
        if yes {
            ways.push((format!("/cases/{case}{path}"), key));
        }
    };
    match line.kind {
        RequestKind::Correct => {
            add(store.can::<EditCase>(actor), "/correction", "requests-to-correction");
            add(store.can::<EditCase>(actor), "/parts", "requests-to-parts");
        }
        RequestKind::Erase => add(store.can::<AskErasure>(actor), "/erasure", "requests-to-erasure"),
        RequestKind::Restrict | RequestKind::Object => {
            add(store.can::<SetRestriction>(actor), "/restrictions", "requests-to-restriction");
            add(true, "/referrals", "requests-to-referrals");
        }
        RequestKind::Withdraw => {
            add(true, "/referrals", "requests-to-referrals");
            add(true, "/relatives", "requests-to-family");
        }
        RequestKind::See | RequestKind::Complain => add(true, "/openings", "requests-to-openings"),
    }
    ways
}

/// After something was decided: the request again, or the same page with what is wrong.
async fn after(
    app: &App,
    at: &At,
    see: Grant<SeeRequest>,
    typed: Typed,
    done: Result<(), Refused>,
    word: &'static str,
) -> Result<Response, Oops> {
    match done {
        Ok(()) => Ok(go(&format!("/requests/{}", see.id()), word).into_response()),
        Err(Refused::Invalid(invalid)) => refused(app, at, &see, typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

async fn refused(
    app: &App,
    at: &At,
    see: &Grant<SeeRequest>,
    typed: Typed,
    invalid: &Invalid,
) -> Result<Response, Oops> {
    let typed = typed.refused(invalid, see.actor().lang());
    let page = render(app, at, see, Some(typed)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

fn version(typed: &str) -> Result<Option<i64>, Oops> {
    typed.parse().map(Some).map_err(|_| Oops::NoVersion)
}

pub async fn answer(app: App, at: At, grant: Grant<DecideRequest>, sent: Sent<AnswerDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    let done = super::answer(app.store(), grant, &sent.draft, version, sent.key).await;
    after(&app, &at, see, sent.typed, done, "request-answered").await
}

pub async fn extend(
    app: App,
    at: At,
    grant: Grant<DecideRequest>,
    sent: Sent<ExtensionDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    let done = super::extend(app.store(), grant, &sent.draft, version, sent.key).await;
    after(&app, &at, see, sent.typed, done, "request-extended").await
}

pub async fn finish(app: App, at: At, grant: Grant<FinishRequest>, sent: Sent<DoneDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<FinishRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    let done = super::finish(app.store(), grant, &sent.draft, version, sent.key).await;
    after(&app, &at, see, sent.typed, done, "request-done").await
}

pub async fn link(app: App, at: At, grant: Grant<DecideRequest>, sent: Sent<LinkDraft>) -> Result<Response, Oops> {
    let (store, actor) = (app.store(), Arc::new(grant.actor().clone()));
    let see = store.also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let version = version(&sent.draft.version)?;
    let hers = store.scope::<ListCases>(&actor)?;
    let seals = store.scope::<ListSealings>(&actor).ok();
    let done = super::link(store, grant, &hers, seals.as_ref(), &sent.draft, version).await;
    after(&app, &at, see, sent.typed, done, "request-linked").await
}
