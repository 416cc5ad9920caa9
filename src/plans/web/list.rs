//! The versions of a plan, and a helper's own page.

use super::{chip, progress};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    cases::{self, model::CaseRow},
    families, households,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    plans::{
        self, Known, View,
        model::{GoalRow, Progress, Step, may_be_followed},
    },
    policy::acts::{CompleteFollowUp, SeeCase, SeeNeeds, WritePlan},
    store::Grant,
};
use askama::Template;
use axum::response::{IntoResponse, Response};

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
    /// What households and children of it need, as far as helpers may know.
    shared: Vec<households::model::SharedNeed>,
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
    let known = plans::written_down(store, &grant).await?;
    let mut parts = plans::parts(&known);
    let (family, shared) = match &known {
        Known::Helper { .. } => {
            (families::needs(store, &grant).await?, households::needs::shared(store, &grant).await?)
        }
        Known::Office(_) => (Vec::new(), Vec::new()),
    };
    if !family.is_empty() || !shared.is_empty() {
        parts.push("family");
    }
    let case = cases::brief(store, &grant, &parts).await?;
    let page = Page::of(&app, grant.actor(), &at);
    match known {
        Known::Helper { goals, steps } => {
            let may_complete = store.can::<CompleteFollowUp>(grant.actor());
            Ok(Html(HelperPage { page, case, goals, steps, family, shared, may_complete }).into_response())
        }
        Known::Office(views) => {
            let open = views.first().is_some_and(|view| may_be_followed(view.plan.state).is_err());
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
    let id = plans::begin(app.store(), grant, sent.key).await?;
    Ok(go(&format!("/plans/{id}"), "plan-begun").into_response())
}
