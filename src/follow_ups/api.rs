//! Follow-ups for programs.

use super::{
    Rulebook,
    model::{CompletionDraft, Line, PostponementDraft, State, TaskDraft},
    tally,
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    areas::api::AreaName,
    base::{
        ids::{CaseId, FollowUpId, OrganisationId, UserId},
        lang::Lang,
        time::{At as Instant, Day, days_between},
        words::FollowUpKind,
    },
    cases,
    http::{
        Asked, At, Json, Listed, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::{
        AreaCode,
        acts::{AddTask, CompleteFollowUp, CountFollowUps, ListFollowUps, PostponeFollowUp, SeeCase, SeeFollowUp},
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;
use jiff::civil::Date;

/// A person as a task names her.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseName {
    id: CaseId,
    code: String,
    name: String,
    #[schema(required)]
    hamlet: Option<String>,
}

/// An officer or a helper, by name.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct StaffName {
    pub id: UserId,
    pub name: String,
}

impl StaffName {
    /// Nobody, or both.
    pub fn of(id: Option<UserId>, name: Option<String>) -> Option<StaffName> {
        id.zip(name).map(|(id, name)| StaffName { id, name })
    }
}

/// A task with a day, and why it is due.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct FollowUp {
    id: FollowUpId,
    case: CaseName,
    kind: FollowUpKind,
    /// What was agreed on; empty for what a rule asks for.
    what: String,
    due_on: Day,
    /// Negative: so many days ahead.
    days_late: i64,
    why: Why,
    /// Done since; `null`: still open.
    #[schema(required)]
    done_at: Option<Instant>,
    version: i64,
    /// In charge of the case; `null`: nobody. Absent for helpers.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<Option<StaffName>>,
    /// How often it was put off in a row. Absent for helpers.
    #[serde(skip_serializing_if = "Option::is_none")]
    postponed: Option<i64>,
}

/// The rule that a task comes from, its version, and a sentence in the reader's language.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Why {
    /// `agreed` where no rule asks for it.
    rule: String,
    version: i64,
    text: String,
}

impl Why {
    /// A helper's tasks are agreed with her, and nothing more is told.
    fn of(reader: &Reader<'_>, line: &Line) -> Why {
        if reader.helper {
            return Why { rule: "agreed".to_owned(), version: 0, text: reader.lang.say("api-why-with-you") };
        }
        let text = super::why(reader.book, reader.lang, line);
        Why { rule: line.rule.clone(), version: line.rule_version, text }
    }
}

/// The reader of follow-ups: her language, her day, and whether she is a helper.
pub struct Reader<'a> {
    book: &'a Rulebook,
    lang: Lang,
    today: Date,
    helper: bool,
}

impl<'a> Reader<'a> {
    pub fn new(store: &Store, book: &'a Rulebook, lang: Lang, helper: bool) -> Reader<'a> {
        Reader { book, lang, today: store.today(), helper }
    }

    pub fn read(&self, line: Line) -> FollowUp {
        let why = Why::of(self, &line);
        FollowUp {
            id: line.id,
            case: CaseName { id: line.case_id, code: line.code, name: line.name, hamlet: line.hamlet },
            kind: line.kind,
            what: line.what.told().unwrap_or_default(),
            due_on: line.due_on,
            days_late: days_between(line.due_on.0, self.today),
            why,
            done_at: line.done_at,
            version: line.version,
            officer: (!self.helper).then(|| StaffName::of(line.officer_id, line.officer)),
            postponed: (!self.helper).then_some(line.postponed),
        }
    }
}

/// Which follow-ups.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// `overdue` unless told.
    state: Option<State>,
    /// Only mine: I am in charge, or cover today.
    mine: Option<bool>,
    /// Only of this commune.
    area: Option<AreaCode>,
}

/// The tasks that I may see, soonest due first (`done`: latest first).
#[utoipa::path(get, path = "/api/v1/follow-ups", params(Paging, Which), responses((status = 200, body = Listed<FollowUp>)))]
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListFollowUps>,
    asked: Asked<Which>,
) -> Result<Json<Listed<FollowUp>>, Oops> {
    let store = app.store();
    let helper = cases::is_helper(store, scope.actor());
    // Every task that a helper sees is agreed with her side: all are hers.
    let scope = if asked.query.mine == Some(true) && !helper { scope.mine() } else { scope };
    let (state, area) = (asked.query.state.unwrap_or(State::Overdue), asked.query.area.as_ref());
    let page = super::list_in(store, &scope, state, area, &asked.page).await?;
    let count = if asked.count { Some(super::count_in(store, &scope, state, area).await?) } else { None };
    let book = super::rulebook(store).await?;
    let reader = Reader::new(store, &book, at.lang, helper);
    Ok(Json(Listed::of(page.map(|line| reader.read(line)), count)))
}

async fn read(store: &Store, at: &At, grant: &Grant<SeeFollowUp>) -> Result<FollowUp, Oops> {
    let line = super::line(store, grant).await?;
    let book = super::rulebook(store).await?;
    Ok(Reader::new(store, &book, at.lang, cases::is_helper(store, grant.actor())).read(line))
}

/// One task.
#[utoipa::path(get, path = "/api/v1/follow-ups/{follow_up}", params(("follow_up" = FollowUpId, Path)),
    responses((status = 200, body = FollowUp)))]
pub async fn one(app: App, at: At, grant: Grant<SeeFollowUp>) -> Result<Response, Oops> {
    super::opened_line(app.store(), &grant).await?;
    let body = read(app.store(), &at, &grant).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// A word on how it was done.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    note: Option<String>,
}

/// Marks a task done. A contact is settled by a visit and by nothing else (422 `needs_visit`).
#[utoipa::path(post, path = "/api/v1/follow-ups/{follow_up}/completion", params(("follow_up" = FollowUpId, Path)),
    request_body = Completion, responses((status = 200, body = FollowUp)))]
pub async fn complete(
    app: App,
    at: At,
    grant: Grant<CompleteFollowUp>,
    told: Told<Completion>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<CompleteFollowUp, SeeFollowUp>(&grant).ok_or(Oops::Unknown)?;
    let draft = CompletionDraft { note: json::text(told.body.note) };
    super::complete(store, grant, &draft, told.version, told.key).await?;
    let see = store.onward::<SeeFollowUp, SeeFollowUp>(&see, see.id()).await?;
    let body = read(store, &at, &see).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// Until when, and why.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Postponement {
    to_on: Option<DayText>,
    reason: Option<String>,
}

/// Puts a task off: at most half its interval and 14 days, at most twice running. It stays counted.
#[utoipa::path(post, path = "/api/v1/follow-ups/{follow_up}/postponement", params(("follow_up" = FollowUpId, Path)),
    request_body = Postponement, responses((status = 200, body = FollowUp)))]
pub async fn postpone(
    app: App,
    at: At,
    grant: Grant<PostponeFollowUp>,
    told: Told<Postponement>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<PostponeFollowUp, SeeFollowUp>(&grant).ok_or(Oops::Unknown)?;
    let draft = PostponementDraft { to_on: json::day(told.body.to_on), reason: json::text(told.body.reason) };
    super::postpone(store, grant, &draft, told.version, told.key).await?;
    let see = store.onward::<SeeFollowUp, SeeFollowUp>(&see, see.id()).await?;
    let body = read(store, &at, &see).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// A task to add: what, by when, and with which organisation it was agreed.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskToAdd {
    what: Option<String>,
    due_on: Option<DayText>,
    organisation: Option<OrganisationId>,
}

/// Adds a task to a case; with an organisation it becomes a task agreed with its helpers.
#[utoipa::path(post, path = "/api/v1/cases/{case}/tasks", params(("case" = CaseId, Path)), request_body = TaskToAdd,
    responses((status = 201, body = FollowUp)))]
pub async fn add(app: App, at: At, grant: Grant<AddTask>, told: Told<TaskToAdd>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddTask, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let TaskToAdd { what, due_on, organisation } = told.body;
    let draft = TaskDraft {
        what: json::text(what),
        due_on: json::day(due_on),
        organisation: organisation.map(|id| id.to_string()).unwrap_or_default(),
    };
    let id = super::add_task(store, grant, &draft, told.key).await?;
    let see = store.onward::<SeeCase, SeeFollowUp>(&see, id).await?;
    Ok(json::created(format!("/api/v1/follow-ups/{id}"), read(store, &at, &see).await?))
}

/// What one officer has open in one commune. No name of a person, no code of a case.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct FollowUpCount {
    area: AreaName,
    /// `null`: cases that nobody is in charge of.
    #[schema(required)]
    officer: Option<StaffName>,
    open: i64,
    overdue: i64,
    /// Days late of the oldest; 0: nothing is overdue.
    oldest_days: i64,
}

/// Which counts.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichCounts {
    /// Only of this commune.
    area: Option<AreaCode>,
}

/// Open, overdue and the oldest by commune and officer.
#[utoipa::path(get, path = "/api/v1/follow-up-counts", params(Paging, WhichCounts),
    responses((status = 200, body = Listed<FollowUpCount>)))]
pub async fn counts(
    app: App,
    scope: Scope<CountFollowUps>,
    asked: Asked<WhichCounts>,
) -> Result<Json<Listed<FollowUpCount>>, Oops> {
    let today = app.store().today();
    let area = &asked.query.area;
    let rows = tally::by_officer(app.store(), &scope).await?.into_iter();
    let rows: Vec<FollowUpCount> = rows
        .filter(|row| row.cases > 0 && area.as_ref().is_none_or(|area| *area == row.code))
        .map(|row| FollowUpCount {
            area: AreaName { code: row.code, name: row.name },
            officer: StaffName::of(row.officer_id, row.officer),
            open: row.open,
            overdue: row.overdue,
            oldest_days: row.oldest_on.map_or(0, |day| days_between(day.0, today)),
        })
        .collect();
    let key = |row: &FollowUpCount| {
        let officer = row.officer.as_ref().map(|officer| officer.id.to_string()).unwrap_or_default();
        format!("{}.{officer}", row.area.code)
    };
    Ok(Json(Listed::cut(rows, &asked, key)?))
}
