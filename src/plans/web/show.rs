//! One version of a plan: to read, to change, to decide about, to print.

use super::{Names, chip, names, owner_name, progress, version};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{AgreementHow, PlanState},
    },
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    plans::{
        self, View,
        model::{AgreementDraft, DecisionDraft, GoalRow, RemovalDraft, Step, SubmissionDraft, Walls},
    },
    policy::acts::{ChangePlan, CompleteFollowUp, DecidePlan, SeePlan, SubmitPlan},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

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

/// One version, to read, to change while it is a draft, to decide about, to print and sign.
pub async fn show(app: App, at: At, grant: Grant<SeePlan>) -> Result<Html<ShowPage>, Oops> {
    let today = text::show_day(app.store().today());
    show_page(&app, &at, &grant, Typed::with(&[("on", today)])).await.map(Html)
}

async fn show_page(app: &App, at: &At, grant: &Grant<SeePlan>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let (view, see) = plans::one(store, grant).await?;
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
    let made = plans::remove(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-changed").await
}

pub async fn agree(app: App, at: At, grant: Grant<ChangePlan>, sent: Sent<AgreementDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = plans::agree(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-agreed").await
}

pub async fn submit(app: App, at: At, grant: Grant<SubmitPlan>, sent: Sent<SubmissionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SubmitPlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = plans::submit(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-submitted").await
}

pub async fn decide(app: App, at: At, grant: Grant<DecidePlan>, sent: Sent<DecisionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<DecidePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let made = plans::decide(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, made, "plan-decided").await
}
