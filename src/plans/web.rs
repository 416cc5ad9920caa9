//! Pages and forms of needs and plans.

use super::{
    Known, View,
    model::{
        AgreementDraft, DecisionDraft, GoalDraft, GoalRow, NeedDraft, Progress, Question, RemovalDraft, Standing, Step,
        StepDraft, SubmissionDraft, Walls,
    },
    needs::{self, Need},
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        ids::{OrganisationId, RelativeId},
        text,
        words::{AgreementHow, NeedArea, NeedLevel, PlanOwner, PlanState, QuestionKind},
    },
    cases::{self, model::CaseRow},
    families, follow_ups,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{
        AddTask, AskNeeds, ChangePlan, CompleteFollowUp, DecidePlan, SeeCase, SeeFamily, SeeNeeds, SeePlan, SubmitPlan,
        WritePlan,
    },
    store::{Grant, Store},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::collections::HashMap;

/// The family by name, where it may be known.
type Names = HashMap<RelativeId, String>;

/// Who does it, in the reader's words.
fn owner_name(
    page: &Page,
    names: &Names,
    kind: PlanOwner,
    of: Option<&String>,
    relative: Option<RelativeId>,
) -> String {
    let known = match kind {
        PlanOwner::Helper => of.cloned(),
        PlanOwner::Relative => relative.and_then(|id| names.get(&id).cloned()),
        PlanOwner::Officer | PlanOwner::Person => None,
    };
    known.unwrap_or_else(|| page.say(kind.key()))
}

/// The chip of a step: late or not is what its follow-up's day says.
fn chip(page: &Page, step: &Step) -> (&'static str, String) {
    match step.standing {
        Standing::Planned => ("plain", page.say("plans-step-planned")),
        Standing::LetGo => ("plain", page.say("plans-step-let-go")),
        Standing::Done => ("ok", page.say("plans-step-done")),
        Standing::Open => (page.late_class(&step.due_on), page.lateness(&step.due_on)),
    }
}

/// Done of all, in words.
fn progress(page: &Page, progress: &Progress) -> String {
    page.x("plans-progress", format!("{}/{}", progress.done, progress.all))
}

#[derive(Template)]
#[template(path = "plans/list.html")]
pub struct ListPage {
    page: Page,
    case: CaseRow,
    views: Vec<View>,
    may_write: bool,
    may_ask: bool,
    key: String,
}

impl ListPage {
    fn progress(&self, view: &View) -> String {
        progress(&self.page, &view.progress)
    }
}

#[derive(Template)]
#[template(path = "plans/helper.html")]
pub struct HelperPage {
    page: Page,
    case: CaseRow,
    goals: Vec<GoalRow>,
    steps: Vec<Step>,
    /// What the family lets helpers know.
    family: Vec<families::model::FamilyNeed>,
    may_complete: bool,
}

impl HelperPage {
    fn chip(&self, step: &Step) -> (&'static str, String) {
        chip(&self.page, step)
    }

    fn progress(&self) -> String {
        progress(&self.page, &Progress::of(self.steps.iter()))
    }
}

/// The versions of a plan; for a helper what of it is her own organisation's.
pub async fn list(app: App, at: At, grant: Grant<SeeCase>) -> Result<Response, Oops> {
    let store = app.store();
    let known = super::written_down(store, &grant).await?;
    let mut parts = super::parts(&known);
    let family = match &known {
        Known::Helper { .. } => families::needs(store, &grant).await?,
        Known::Office(_) => Vec::new(),
    };
    if !family.is_empty() {
        parts.push("family");
    }
    let case = cases::brief(store, &grant, &parts).await?;
    let page = Page::of(&app, grant.actor(), &at);
    match known {
        Known::Helper { goals, steps } => {
            let may_complete = store.can::<CompleteFollowUp>(grant.actor());
            Ok(Html(HelperPage { page, case, goals, steps, family, may_complete }).into_response())
        }
        Known::Office(views) => {
            let open = views.first().is_some_and(|view| super::model::may_be_followed(view.plan.state).is_err());
            let may_write = case.is_live() && !open && store.may::<SeeCase, WritePlan>(&grant);
            let may_ask = store.may::<SeeCase, SeeNeeds>(&grant);
            let key = Typed::with(&[]).key().to_owned();
            Ok(Html(ListPage { page, case, views, may_write, may_ask, key }).into_response())
        }
    }
}

/// Nothing is typed when a plan is begun.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Beginning {}

pub async fn begin(app: App, grant: Grant<WritePlan>, sent: Sent<Beginning>) -> Result<Response, Oops> {
    let id = super::begin(app.store(), grant, sent.key).await?;
    Ok(go(&format!("/plans/{id}"), "plan-begun").into_response())
}

/// What the page shows of one area.
struct Area {
    area: NeedArea,
    /// Newest first; the first is what holds.
    found: Vec<Need>,
    questions: Vec<Question>,
}

#[derive(Template)]
#[template(path = "plans/needs.html")]
pub struct NeedsPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    areas: Vec<Area>,
    levels: Vec<(&'static str, String)>,
    may_ask: bool,
}

impl NeedsPage {
    fn asks<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        if self.page.lang() == "en" { en } else { vi }
    }

    /// Yes and no are words of the program, all else is what was said.
    fn said(&self, kind: &QuestionKind, answer: &str) -> String {
        match (kind, answer) {
            (QuestionKind::YesNo, "yes") => self.page.say("plans-yes"),
            (QuestionKind::YesNo, "no") => self.page.say("plans-no"),
            _ => answer.to_owned(),
        }
    }

    fn day(&self, need: &Need) -> String {
        text::show_day(need.row.made_at.day())
    }

    fn class(&self, need: &Need) -> &'static str {
        match need.row.level {
            NeedLevel::Fine => "ok",
            NeedLevel::Needed => "waiting",
            NeedLevel::Urgent => "late",
        }
    }

    /// Is this the form that was refused?
    fn is_typed(&self, area: &NeedArea) -> bool {
        self.typed.is("area", area.as_str())
    }

    fn value(&self, area: &NeedArea, name: &str) -> &str {
        if self.is_typed(area) { self.typed.get(name) } else { "" }
    }
}

/// What was found, area by area, and a form for each.
pub async fn show_needs(app: App, at: At, grant: Grant<SeeNeeds>) -> Result<Html<NeedsPage>, Oops> {
    needs_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn needs_page(app: &App, at: &At, grant: &Grant<SeeNeeds>, typed: Typed) -> Result<NeedsPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeNeeds, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let mut found = needs::written_down(store, grant).await?;
    let case = cases::brief(store, &see, &needs::parts(&found)).await?;
    let (questions, walls) = (needs::questions(store).await?, needs::walls(store, grant));
    let mut areas = Vec::new();
    for area in NeedArea::ALL.iter().copied().filter(|area| walls.lets(*area)) {
        let (own, rest) = found.into_iter().partition(|need| need.row.area == area);
        found = rest;
        let questions = questions.iter().filter(|question| question.area == area).cloned().collect();
        areas.push(Area { area, found: own, questions });
    }
    let page = Page::of(app, grant.actor(), at);
    let levels = NeedLevel::ALL.iter().map(|level| (level.as_str(), page.say(level.key()))).collect();
    let may_ask = case.is_live() && store.may::<SeeNeeds, AskNeeds>(grant);
    Ok(NeedsPage { page, typed, case, areas, levels, may_ask })
}

/// The fields of the form are those of the questions in force, so they are read by their names.
pub async fn ask(
    app: App,
    at: At,
    grant: Grant<AskNeeds>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AskNeeds, SeeNeeds>(&grant).ok_or(Oops::Unknown)?;
    match needs::ask(app.store(), grant, &NeedDraft::of_form(&sent.draft), sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{}/needs", see.id()), "need-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(needs_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "plans/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    view: View,
    names: Names,
    hows: Vec<(&'static str, String)>,
    may_change: bool,
    may_submit: bool,
    may_decide: bool,
    may_complete: bool,
}

impl ShowPage {
    fn progress(&self) -> String {
        progress(&self.page, &self.view.progress)
    }

    fn chip(&self, step: &Step) -> (&'static str, String) {
        chip(&self.page, step)
    }

    fn at(&self, at: &crate::base::time::At) -> String {
        self.page.instant(*at)
    }

    fn goal_owner(&self, goal: &GoalRow) -> String {
        owner_name(&self.page, &self.names, goal.owner, goal.organisation.as_ref(), goal.relative_id)
    }

    fn step_owner(&self, step: &Step) -> String {
        let row = &step.row;
        owner_name(&self.page, &self.names, row.owner, row.organisation.as_ref(), row.relative_id)
    }
}

async fn names(store: &Store, see: &Grant<SeeCase>) -> Result<Option<Names>, Oops> {
    let Some(family) = store.also::<SeeCase, SeeFamily>(see) else { return Ok(None) };
    let family = families::written_down(store, &family).await?;
    let named = |one: families::model::RelativeRow| (one.id, format!("{} ({})", one.name.text(), one.relation.text()));
    Ok(Some(family.into_iter().map(named).collect()))
}

/// One version, to read, to change while it is a draft, to decide about, to print and sign.
pub async fn show(app: App, at: At, grant: Grant<SeePlan>) -> Result<Html<ShowPage>, Oops> {
    let today = text::show_day(app.store().today());
    show_page(&app, &at, &grant, Typed::with(&[("on", today)])).await.map(Html)
}

async fn show_page(app: &App, at: &At, grant: &Grant<SeePlan>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let (view, see) = super::one(store, grant).await?;
    let mut parts = Walls::parts(view.areas());
    let names = if view.names_relatives() { names(store, &see).await? } else { None };
    if names.is_some() && !parts.contains(&"family") {
        parts.push("family");
    }
    let case = cases::brief(store, &see, &parts).await?;
    let page = Page::of(app, grant.actor(), at);
    let (live, state) = (case.is_live(), view.plan.state);
    let draft = live && state == PlanState::Draft;
    let own = view.plan.submitted_by.is_some() && view.plan.submitted_by == grant.actor().user();
    Ok(ShowPage {
        hows: AgreementHow::ALL.iter().map(|how| (how.as_str(), page.say(how.key()))).collect(),
        may_change: draft && store.may::<SeePlan, ChangePlan>(grant),
        may_submit: draft && store.may::<SeePlan, SubmitPlan>(grant),
        may_decide: live && state == PlanState::Submitted && !own && store.may::<SeePlan, DecidePlan>(grant),
        may_complete: live
            && state == PlanState::Approved
            && grant.glass_until().is_none()
            && store.can::<CompleteFollowUp>(grant.actor()),
        names: names.unwrap_or_default(),
        page,
        typed,
        case,
        view,
    })
}

#[derive(Template)]
#[template(path = "plans/line.html")]
pub struct LinePage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    view: View,
    /// Of a goal the areas; none: it is a step that is added.
    areas: Vec<(&'static str, String)>,
    goals: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    step: bool,
}

/// Who can do something: officer, person, an organisation that is asked to help, somebody of the family.
async fn owners(
    app: &App,
    page: &Page,
    see: &Grant<SeeCase>,
    family: Option<&Names>,
) -> Result<Vec<(String, String)>, Oops> {
    let mut owners: Vec<(String, String)> = [PlanOwner::Officer, PlanOwner::Person]
        .map(|owner| (owner.as_str().to_owned(), page.say(owner.key())))
        .to_vec();
    if let Some(add) = app.store().also::<SeeCase, AddTask>(see) {
        let asked: Vec<(OrganisationId, String, String)> = follow_ups::asked(app.store(), &add).await?;
        owners.extend(asked.into_iter().map(|(id, vi, _)| (format!("helper:{id}"), vi)));
    }
    let mut family: Vec<(String, String)> =
        family.into_iter().flatten().map(|(id, name)| (format!("relative:{id}"), name.clone())).collect();
    family.sort();
    owners.extend(family);
    Ok(owners)
}

async fn line_page(app: &App, at: &At, grant: &Grant<ChangePlan>, typed: Typed, step: bool) -> Result<LinePage, Oops> {
    let store = app.store();
    let plan = store.also::<ChangePlan, SeePlan>(grant).ok_or(Oops::Unknown)?;
    let (view, see) = super::one(store, &plan).await?;
    let names = names(store, &see).await?;
    let mut parts = Walls::parts(view.areas());
    if names.is_some() && !parts.contains(&"family") {
        parts.push("family");
    }
    let case = cases::brief(store, &see, &parts).await?;
    let page = Page::of(app, grant.actor(), at);
    let owners = owners(app, &page, &see, names.as_ref()).await?;
    let walls = needs::walls(store, &see);
    let areas = NeedArea::ALL.iter().filter(|area| walls.lets(**area));
    let areas = areas.map(|area| (area.as_str(), page.say(area.key()))).collect();
    let goals = view.goals.iter().map(|goal| (goal.row.id.to_string(), goal.row.what.told())).collect();
    Ok(LinePage { page, typed, case, view, areas, goals, owners, step })
}

pub async fn new_goal(app: App, at: At, grant: Grant<ChangePlan>) -> Result<Html<LinePage>, Oops> {
    line_page(&app, &at, &grant, Typed::with(&[]), false).await.map(Html)
}

pub async fn new_step(app: App, at: At, grant: Grant<ChangePlan>) -> Result<Html<LinePage>, Oops> {
    line_page(&app, &at, &grant, Typed::with(&[]), true).await.map(Html)
}

fn version(typed: &str) -> Result<Option<i64>, Oops> {
    typed.parse().map(Some).map_err(|_| Oops::NoVersion)
}

pub async fn add_goal(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<GoalDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<ChangePlan, ChangePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::add_goal(app.store(), grant, &sent.draft, read, sent.key).await.map(|_goal| ());
    after_line(&app, &at, again, sent.typed, made, false).await
}

pub async fn add_step(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<StepDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<ChangePlan, ChangePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::add_step(app.store(), grant, &sent.draft, read, sent.key).await.map(|_step| ());
    after_line(&app, &at, again, sent.typed, made, true).await
}

async fn after_line(
    app: &App,
    at: &At,
    grant: Grant<ChangePlan>,
    typed: Typed,
    made: Result<(), Refused>,
    step: bool,
) -> Result<Response, Oops> {
    match made {
        Ok(()) => Ok(go(&format!("/plans/{}", grant.id()), "plan-changed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, grant.actor().lang());
            let body = line_page(app, at, &grant, typed, step).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Back to the plan: with thanks, or with what is wrong.
async fn after(
    app: &App,
    at: &At,
    see: Grant<SeePlan>,
    typed: Typed,
    made: Result<(), Refused>,
    thanks: &str,
) -> Result<Response, Oops> {
    match made {
        Ok(()) => Ok(go(&format!("/plans/{}", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let body = show_page(app, at, &see, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn remove(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<RemovalDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::remove(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-changed").await
}

pub async fn agree(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<AgreementDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::agree(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-agreed").await
}

pub async fn submit(app: App, at: At, grant: Grant<SubmitPlan>, sent: Sent<SubmissionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SubmitPlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::submit(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-submitted").await
}

pub async fn decide(app: App, at: At, grant: Grant<DecidePlan>, sent: Sent<DecisionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<DecidePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = super::decide(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-decided").await
}
