//! What is to be done today: the first page of whoever has follow-ups, and what may be done about one of them.

use super::{
    Rulebook,
    model::{CompletionDraft, Counts, Head, Line, PostponementDraft, State, TaskDraft},
    store,
};
use crate::base::{sealed::SealedText as _, waiting::Owed};
use crate::{
    app::{App, Refused},
    http::{
        At, Html, Oops, Page, Sent, Typed, Who, go,
        request::{in_url, safe_path},
    },
    owed,
    policy::{
        Act, Actor, Near,
        acts::{AddTask, CompleteFollowUp, ExportFollowUps, ListCases, ListFollowUps, PostponeFollowUp, SeeFollowUp},
    },
    store::{Denied, Fault, Grant, PageAsk, Store},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;

/// What the address asks for: one section and where it goes on; only what is one's own.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct HomeQuery {
    state: String,
    cursor: Option<String>,
    mine: String,
}

/// A task as the page shows it.
struct Item {
    line: Line,
    /// What is to be done.
    what: String,
    /// Why, for those who may know the rule; for a helper: that it was agreed with her.
    why: String,
    /// It is a colleague's: the reader stands in for her today.
    stands_in: bool,
    /// The rules let it be put off, to a day that is still to come.
    may_wait: bool,
    /// The key of its form, so that a double tap is one word.
    key: String,
}

/// Tasks of one state.
struct Section {
    /// Its place on the page.
    id: &'static str,
    title: &'static str,
    items: Vec<Item>,
    /// Where it goes on.
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "follow_ups/home.html")]
struct HomePage {
    page: Page,
    counts: Counts,
    sections: Vec<Section>,
    /// One section alone, from its pager.
    alone: bool,
    helper: bool,
    /// The whole commune: lines tell whose they are, and can be narrowed to one's own.
    office: bool,
    mine: bool,
    may_postpone: bool,
    may_search: bool,
    /// What else waits for her; not beside one section alone.
    owed: Vec<Owed>,
    exports: bool,
    /// This page's address, to come back to.
    here: String,
}

/// How many tasks of a section the first page shows, and how many its own page.
const FIRST: i64 = 25;

/// Overdue, today, coming. Whoever has no follow-ups goes on to the first place that she has.
pub async fn home(app: App, at: At, Who(visitor): Who, Query(query): Query<HomeQuery>) -> Result<Response, Oops> {
    let (store, actor) = (app.store(), &visitor.actor);
    let scope = match store.scope::<ListFollowUps>(actor) {
        Ok(scope) => scope,
        Err(Fault::Denied(Denied::Forbidden)) => return Ok(first_place(&app, actor, &at).into_response()),
        Err(other) => return Err(other.into()),
    };
    let (helper, mine) = (super::is_helper(store, actor), query.mine == "true");
    let scope = if mine { scope.mine() } else { scope };
    let counts = super::counts(store, &scope).await?;
    let book = if helper { None } else { Some(super::rulebook(store).await?) };
    let asked = state(&query.state)?;
    if query.cursor.is_some() && asked.is_none() {
        return Err(Oops::BadRequest("cursor"));
    }
    let mut sections = Vec::new();
    for (state, count) in [(State::Overdue, counts.overdue), (State::Today, counts.today), (State::Upcoming, 1)] {
        if asked.is_some_and(|asked| asked != state) || (asked.is_none() && count == 0) {
            continue;
        }
        let ask = PageAsk { limit: FIRST, cursor: query.cursor.clone().filter(|_| asked.is_some()) };
        let lines = super::list(store, &scope, state, &ask).await?;
        let more = lines.next.as_ref().map(|cursor| address(Some(state), mine, Some(cursor)));
        let items: Vec<Item> =
            lines.items.into_iter().map(|line| item(actor, book.as_deref(), store.today(), line)).collect();
        let (id, title) = names(state);
        if !items.is_empty() {
            sections.push(Section { id, title, items, more });
        }
    }
    let owed = if asked.is_some() { Vec::new() } else { owed::lines(store, actor).await? };
    let page = Page::of(&app, actor, &at).count("/", counts.overdue);
    Ok(Html(HomePage {
        page,
        counts,
        sections,
        alone: asked.is_some(),
        helper,
        office: has_office(store, actor),
        mine,
        may_postpone: store.can::<PostponeFollowUp>(actor),
        may_search: store.can::<ListCases>(actor),
        owed,
        exports: store.can::<ExportFollowUps>(actor),
        here: address(asked, mine, None),
    })
    .into_response())
}

/// The first place of her navigation.
fn first_place(app: &App, actor: &Actor, at: &At) -> Redirect {
    let page = Page::of(app, actor, at);
    Redirect::to(page.nav().iter().map(|item| item.href).find(|href| *href != "/").unwrap_or("/password"))
}

/// Reaches her list beyond her own cases?
fn has_office(store: &Store, actor: &Actor) -> bool {
    let wide = |near: &Near| matches!(near, Near::Office | Near::Area | Near::All);
    store.acts_of(actor).iter().any(|(act, nears)| *act == <ListFollowUps as Act>::NAME && nears.iter().any(wide))
}

fn state(word: &str) -> Result<Option<State>, Oops> {
    match word {
        "overdue" => Ok(Some(State::Overdue)),
        "today" => Ok(Some(State::Today)),
        "upcoming" => Ok(Some(State::Upcoming)),
        "" => Ok(None),
        _ => Err(Oops::BadRequest("state")),
    }
}

/// Place and title of a section.
fn names(state: State) -> (&'static str, &'static str) {
    match state {
        State::Overdue => ("late", "follow-ups-overdue"),
        State::Today => ("today", "follow-ups-today"),
        State::Upcoming | State::Done => ("next", "follow-ups-upcoming"),
    }
}

fn address(state: Option<State>, mine: bool, cursor: Option<&str>) -> String {
    let word = match state {
        Some(State::Overdue) => Some("state=overdue".to_owned()),
        Some(State::Today) => Some("state=today".to_owned()),
        Some(State::Upcoming) => Some("state=upcoming".to_owned()),
        Some(State::Done) | None => None,
    };
    let cursor = cursor.map(|cursor| format!("cursor={}", in_url(cursor)));
    let pairs: Vec<String> = word.into_iter().chain(cursor).chain(mine.then(|| "mine=true".to_owned())).collect();
    if pairs.is_empty() { "/".to_owned() } else { format!("/?{}", pairs.join("&")) }
}

fn item(actor: &Actor, book: Option<&Rulebook>, today: Date, line: Line) -> Item {
    let lang = actor.lang();
    let what = match (line.rule.as_str(), line.what()) {
        ("agreed_visit", _) => lang.say("follow-ups-agreed-visit"),
        ("suspension_review", _) => lang.say("follow-ups-suspension-review"),
        ("find_term", _) => lang.say("follow-ups-find-term"),
        (_, "") if line.family => lang.say("follow-ups-family"),
        (rule, "") => {
            super::serving::what(lang, line.kind, rule, line.base_on.0).unwrap_or_else(|| lang.say(line.kind.key()))
        }
        (_, what) => what.to_owned(),
    };
    let why = match book {
        Some(book) => super::why(book, lang, &line),
        None => lang.say("follow-ups-why-with-you"),
    };
    let may_wait = book.is_some_and(|book| super::latest_day(book, &line, today).is_some());
    let stands_in = line.officer_id.is_some_and(|officer| Some(officer) != actor.user());
    Item { line, what, why, stands_in, may_wait, key: Typed::with(&[]).key().to_owned() }
}

/// A word that it is done, and where to go on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Completion {
    note: String,
    to: String,
}

#[derive(Template)]
#[template(path = "follow_ups/completion.html")]
struct CompletionPage {
    page: Page,
    typed: Typed,
    item: Item,
    to: String,
}

/// Done. Back to where she was; refused: a page that says why, with what was typed.
pub async fn complete(
    app: App,
    at: At,
    grant: Grant<CompleteFollowUp>,
    sent: Sent<Completion>,
) -> Result<Response, Oops> {
    let see = app.store().also::<CompleteFollowUp, SeeFollowUp>(&grant).ok_or(Oops::Unknown)?;
    let to = safe_path(&sent.draft.to).to_owned();
    let draft = CompletionDraft { note: sent.draft.note };
    match super::complete(app.store(), grant, &draft, None, sent.key).await {
        Ok(()) => Ok(go(&to, "follow-up-completed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let (page, item) = (Page::of(&app, see.actor(), &at), one_item(&app, &see).await?);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(CompletionPage { page, typed, item, to })).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The task that a form is about.
async fn one_item(app: &App, see: &Grant<SeeFollowUp>) -> Result<Item, Oops> {
    let line = super::opened_line(app.store(), see).await?;
    let helper = super::is_helper(app.store(), see.actor());
    let book = if helper { None } else { Some(super::rulebook(app.store()).await?) };
    Ok(item(see.actor(), book.as_deref(), app.store().today(), line))
}

/// A later day and why, and where to go on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Postponement {
    to_on: String,
    reason: String,
    to: String,
}

#[derive(Template)]
#[template(path = "follow_ups/postponement.html")]
struct PostponementPage {
    page: Page,
    typed: Typed,
    item: Item,
    /// The last day that the rules allow; `None`: it cannot wait any longer.
    latest: Option<Date>,
    to: String,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ToQuery {
    to: String,
}

/// Asks for the new day and the reason.
pub async fn postponement(
    app: App,
    at: At,
    grant: Grant<PostponeFollowUp>,
    Query(query): Query<ToQuery>,
) -> Result<Response, Oops> {
    let see = app.store().also::<PostponeFollowUp, SeeFollowUp>(&grant).ok_or(Oops::Unknown)?;
    let body = postponement_page(&app, &at, &see, Typed::with(&[]), safe_path(&query.to)).await?;
    Ok(Html(body).into_response())
}

async fn postponement_page(
    app: &App,
    at: &At,
    see: &Grant<SeeFollowUp>,
    typed: Typed,
    to: &str,
) -> Result<PostponementPage, Oops> {
    let book = super::rulebook(app.store()).await?;
    let today = app.store().today();
    let item = item(see.actor(), Some(&book), today, super::opened_line(app.store(), see).await?);
    let latest = super::latest_day(&book, &item.line, today);
    Ok(PostponementPage { page: Page::of(app, see.actor(), at), typed, item, latest, to: to.to_owned() })
}

/// Puts it off. Back to where she was; refused: the form again.
pub async fn postpone(
    app: App,
    at: At,
    grant: Grant<PostponeFollowUp>,
    sent: Sent<Postponement>,
) -> Result<Response, Oops> {
    let see = app.store().also::<PostponeFollowUp, SeeFollowUp>(&grant).ok_or(Oops::Unknown)?;
    let to = safe_path(&sent.draft.to).to_owned();
    let draft = PostponementDraft { to_on: sent.draft.to_on, reason: sent.draft.reason };
    match super::postpone(app.store(), grant, &draft, None, sent.key).await {
        Ok(()) => Ok(go(&to, "follow-up-postponed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let body = postponement_page(&app, &at, &see, typed, &to).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "follow_ups/task.html")]
struct TaskPage {
    page: Page,
    typed: Typed,
    case: String,
    head: Head,
    /// Organisations with a live referral: id and name.
    organisations: Vec<(String, String)>,
}

/// A new task, empty.
pub async fn new_task(app: App, at: At, grant: Grant<AddTask>) -> Result<Response, Oops> {
    Ok(Html(task_page(&app, &at, &grant, Typed::with(&[])).await?).into_response())
}

async fn task_page(app: &App, at: &At, grant: &Grant<AddTask>, typed: Typed) -> Result<TaskPage, Oops> {
    let head = store::head(app.store(), grant).await?.ok_or(Oops::Unknown)?;
    let vi = grant.actor().lang() == crate::base::lang::Lang::Vi;
    let organisations = store::live_organisations(app.store(), grant).await?;
    crate::cases::opened(app.store(), grant, &[]).await?;
    let organisations =
        organisations.into_iter().map(|(id, name_vi, name_en)| (id.to_string(), if vi { name_vi } else { name_en }));
    Ok(TaskPage {
        page: Page::of(app, grant.actor(), at),
        typed,
        case: grant.id().to_string(),
        head,
        organisations: organisations.collect(),
    })
}

/// Adds it, and goes on to the person's page.
pub async fn add_task(app: App, at: At, grant: Grant<AddTask>, sent: Sent<TaskDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<AddTask, AddTask>(&grant);
    let case = grant.id();
    match super::add_task(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_task) => Ok(go(&format!("/cases/{case}"), "task-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(task_page(&app, &at, &grant, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
