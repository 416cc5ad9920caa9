//! Pages and forms of needs and plans.

mod asked;
mod lines;
mod list;
pub mod questions;
mod show;

pub use asked::{ask, show_needs};
pub use lines::{add_goal, add_step, new_goal, new_step};
pub use list::{begin, list};
pub use show::{agree, decide, remove, show, submit};

use super::model::{Progress, Standing, Step};
use crate::{
    base::{ids::RelativeId, words::PlanOwner},
    families,
    http::{Oops, Page},
    policy::acts::{SeeCase, SeeFamily},
    store::{Grant, Store},
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

async fn names(store: &Store, see: &Grant<SeeCase>) -> Result<Option<Names>, Oops> {
    let Some(family) = store.also::<SeeCase, SeeFamily>(see) else { return Ok(None) };
    let family = families::written_down(store, &family).await?;
    let named = |one: families::model::RelativeRow| (one.id, format!("{} ({})", one.name.text(), one.relation.text()));
    Ok(Some(family.into_iter().map(named).collect()))
}

/// The version of a plan that a form was made from.
fn version(typed: &str) -> Result<Option<i64>, Oops> {
    typed.parse().map(Some).map_err(|_| Oops::NoVersion)
}
