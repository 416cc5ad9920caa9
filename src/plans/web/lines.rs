//! The forms of a goal and of a step.

use super::{Names, names, version};
use crate::{
    app::{App, Refused},
    base::{
        ids::OrganisationId,
        words::{NeedArea, PlanOwner},
    },
    cases::{self, model::CaseRow},
    follow_ups,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    plans::{
        self, View,
        model::{GoalDraft, StepDraft, Walls},
        needs,
    },
    policy::acts::{AddTask, ChangePlan, SeeCase, SeePlan},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

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
    let (view, see) = plans::one(store, &plan).await?;
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

pub async fn add_goal(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<GoalDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<ChangePlan, ChangePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = plans::add_goal(app.store(), grant, &sent.draft, read, sent.key).await.map(|_goal| ());
    after_line(&app, &at, again, sent.typed, made, false).await
}

pub async fn add_step(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<StepDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<ChangePlan, ChangePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = plans::add_step(app.store(), grant, &sent.draft, read, sent.key).await.map(|_step| ());
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
