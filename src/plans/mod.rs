//! Needs and the plan: what a person needs, what was agreed with her, who does which step by when.
//!
//! A plan has versions. One is written, agreed with the person, handed in and approved, or returned with a comment; then it
//! stays as it is, and a change is the next version. From the approval on its steps are follow-ups: whether a step is
//! late, put off or done is said there. A helper has the goals and steps that are her own organisation's.

pub mod api;
pub mod model;
pub mod needs;
pub mod questions;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::PlanComment,
        ids::{CaseId, FollowUpId, GoalId, Id, PlanId, StepId},
        refusal::Invalid,
        time::{At, Day},
        words::{NeedArea, PlanOwner, PlanState},
    },
    cases, families, follow_ups,
    policy::acts::{ChangePlan, DecidePlan, SeeCase, SeePlan, SeePlans, SubmitPlan, WritePlan},
    store::{Denied, Fault, Grant, Key, Store, Unit, Work},
};
use model::{
    AgreementDraft, DecisionDraft, GoalDraft, GoalRow, NewGoal, NewStep, Owner, PlanRow, Progress, RemovalDraft,
    Removed, Standing, Step, StepDraft, StepRow, Walls,
};
use std::collections::HashMap;

/// Begins a plan, or a new version of it with everything that stood in the one before.
///
/// # Errors
/// [`Refused::Invalid`]: a version is being written, or waits for the head; the case is closed.
pub async fn begin(store: &Store, grant: Grant<WritePlan>, key: Option<Key>) -> Result<PlanId, Refused> {
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(PlanId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let before = store::newest(work, case).await?;
            if let Some(before) = &before {
                model::may_be_followed(before.state)?;
            }
            let number = before.as_ref().map_or(1, |before| before.number + 1);
            let id = store::insert_plan(work, case, number, by).await?;
            if let Some(before) = before {
                copy(work, case, before.id, id).await?;
            }
            work.detail(format!("plan {id} number {number}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Takes goals and steps over into a new version; a step keeps its follow-up.
async fn copy(unit: &mut Unit, case: CaseId, from: PlanId, to: PlanId) -> Result<(), Fault> {
    let (goals, steps) = store::lines_within(unit, from).await?;
    let mut fresh = HashMap::new();
    for goal in &goals {
        let new = NewGoal { area: goal.area, what: goal.what.told(), owner: goal.owned_by() };
        fresh.insert(goal.id, store::insert_goal(unit, case, to, &new).await?);
    }
    for step in &steps {
        let Some(goal) = fresh.get(&step.goal_id) else { continue };
        let new = NewStep { goal: *goal, what: step.what.told(), due_on: step.due_on.0, owner: step.owned_by() };
        store::insert_step(unit, case, to, &new, step.follow_up_id).await?;
    }
    Ok(())
}

/// The plan under change, which must be a draft of a live case.
async fn draft(work: &mut Work<ChangePlan>) -> Result<PlanRow, Refused> {
    let plan = work.id();
    let plan = store::plan_within(work, plan).await?;
    cases::must_be_live(work, plan.case_id).await?;
    model::must_be_draft(plan.state)?;
    Ok(plan)
}

/// What was changed was not agreed on: the person is asked again.
async fn ask_again(work: &mut Work<ChangePlan>) -> Result<(), Fault> {
    work.set("agreed_on = ?, agreed_how = ?", crate::args![None::<Day>, None::<&str>]).await
}

/// Whoever does it must be there: an organisation that is asked to help, somebody of the family.
async fn must_be_there(unit: &mut Unit, case: CaseId, owner: Owner) -> Result<(), Refused> {
    if let Some(organisation) = owner.organisation
        && !follow_ups::is_asked(unit, case, organisation).await?
    {
        return Err(Invalid::one("owner", "no_referral").into());
    }
    if let Some(relative) = owner.relative
        && !families::is_there(unit, case, relative).await?
    {
        return Err(Invalid::one("owner", "unknown").into());
    }
    Ok(())
}

/// Adds a goal to a draft.
///
/// # Errors
/// [`Refused::Invalid`]: see [`GoalDraft::check`]; no draft any more; an organisation that is not asked to help.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn add_goal(
    store: &Store,
    grant: Grant<ChangePlan>,
    sent: &GoalDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<GoalId, Refused> {
    let new = sent.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(GoalId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let plan = draft(work).await?;
            must_be_there(work, plan.case_id, new.owner).await?;
            let id = store::insert_goal(work, plan.case_id, plan.id, &new).await?;
            ask_again(work).await?;
            work.detail(format!("goal {id} {}", new.area));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Adds a step towards a goal of a draft.
///
/// # Errors
/// [`Refused::Invalid`]: see [`StepDraft::check`]; no such goal; an organisation that is not asked to help, or for a goal
/// about the law or about health. [`Fault::Stale`]: changed since `version` was read.
pub async fn add_step(
    store: &Store,
    grant: Grant<ChangePlan>,
    sent: &StepDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<StepId, Refused> {
    let new = sent.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(StepId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let plan = draft(work).await?;
            let (goals, _) = store::lines_within(work, plan.id).await?;
            let goal = goals.iter().find(|goal| goal.id == new.goal);
            let goal = goal.ok_or_else(|| Invalid::one("goal", "unknown"))?;
            if !model::may_own(goal.area, new.owner) {
                return Err(Invalid::one("owner", "not_for_organisations").into());
            }
            must_be_there(work, plan.case_id, new.owner).await?;
            let id = store::insert_step(work, plan.case_id, plan.id, &new, None).await?;
            ask_again(work).await?;
            work.detail(format!("step {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Takes a goal with its steps, or one step, out of a draft. What an older version says stays.
///
/// # Errors
/// [`Refused::Invalid`]: no such line; no draft any more. [`Fault::Stale`]: changed since `version` was read.
pub async fn remove(
    store: &Store,
    grant: Grant<ChangePlan>,
    sent: &RemovalDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let removed = sent.check()?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let plan = draft(work).await?;
            let (field, count) = match removed {
                Removed::Goal(goal) => ("goal", store::drop_goal(work, plan.id, goal).await?),
                Removed::Step(step) => ("step", store::drop_step(work, plan.id, step).await?),
            };
            if count == 0 {
                return Err(Invalid::one(field, "unknown").into());
            }
            ask_again(work).await?;
            work.detail(format!("{field} taken out"));
            work.keep_key(key.as_ref(), plan.id).await?;
            Ok(())
        })
        .await
}

/// Writes down that the person agrees, on which day and how.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AgreementDraft::check`]; no draft any more. [`Fault::Stale`]: changed since `version` was read.
pub async fn agree(
    store: &Store,
    grant: Grant<ChangePlan>,
    sent: &AgreementDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let (on, how) = sent.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let plan = draft(work).await?;
            work.set("agreed_on = ?, agreed_how = ?", crate::args![on, how.as_str()]).await?;
            work.detail(format!("agreed {how}"));
            work.keep_key(key.as_ref(), plan.id).await?;
            Ok(())
        })
        .await
}

/// Hands a plan to the head of the commune.
///
/// # Errors
/// [`Refused::Invalid`]: see [`model::may_be_submitted`]. [`Fault::Stale`]: changed since `version` was read.
pub async fn submit(
    store: &Store,
    grant: Grant<SubmitPlan>,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let plan = store::plan_within(work, id).await?;
            cases::must_be_live(work, plan.case_id).await?;
            let (goals, steps) = store::lines_within(work, id).await?;
            model::may_be_submitted(&plan, &goals, &steps)?;
            let state = PlanState::Submitted.as_str();
            work.set("state = ?, submitted_by = ?, submitted_at = ?", crate::args![state, by, now]).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Approves a plan, or returns it with a comment. From the approval on its steps are follow-ups, and the version before is
/// replaced: what it asked for and the new one does not is asked for no longer.
///
/// # Errors
/// [`Refused::Invalid`]: see [`DecisionDraft::check`] and [`model::may_be_decided`]; an organisation is asked to help no
/// longer. [`Fault::Stale`]: changed since `version` was read.
pub async fn decide(
    store: &Store,
    grant: Grant<DecidePlan>,
    sent: &DecisionDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let (verdict, comment) = sent.check()?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let plan = store::plan_within(work, id).await?;
            cases::must_be_live(work, plan.case_id).await?;
            model::may_be_decided(&plan, by)?;
            if verdict == PlanState::Approved {
                put_in_force(work, &plan).await?;
            }
            let comment = work.sealer_of(plan.case_id).await?.text_opt::<PlanComment>(id, comment.as_deref())?;
            work.set(
                "state = ?, decided_by = ?, decided_at = ?, comment = ?",
                crate::args![verdict.as_str(), by, now, comment],
            )
            .await?;
            work.detail(format!("{verdict}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

async fn put_in_force(work: &mut Work<DecidePlan>, plan: &PlanRow) -> Result<(), Refused> {
    let (case, by) = (plan.case_id, work.by()?);
    let (_, steps) = store::lines_within(work, plan.id).await?;
    if let Some(before) = store::in_force(work, case).await? {
        let kept: Vec<FollowUpId> = steps.iter().filter_map(|step| step.follow_up_id).collect();
        let (_, old) = store::lines_within(work, before).await?;
        for task in old.iter().filter_map(|step| step.follow_up_id).filter(|task| !kept.contains(task)) {
            follow_ups::let_go(work, task).await?;
        }
        store::replace(work, before).await?;
    }
    for step in steps.iter().filter(|step| step.follow_up_id.is_none()) {
        if let Some(organisation) = step.organisation_id
            && !follow_ups::is_asked(work, case, organisation).await?
        {
            let name = step.organisation.clone().unwrap_or_default();
            return Err(Invalid::telling("", "step_without_referral", name).into());
        }
        let task = follow_ups::schedule(work, case, step.what.told(), step.due_on.0, step.organisation_id, by).await?;
        store::set_follow_up(work, step.id, task).await?;
    }
    Ok(())
}

/// A goal with its steps.
#[derive(Clone, Debug)]
pub struct Goal {
    pub row: GoalRow,
    pub steps: Vec<Step>,
}

/// One version of a plan as its page shows it.
#[derive(Clone, Debug)]
pub struct View {
    pub plan: PlanRow,
    pub goals: Vec<Goal>,
    pub progress: Progress,
}

impl View {
    fn of(plan: PlanRow, goals: Vec<GoalRow>, mut steps: Vec<Step>, walls: Walls) -> View {
        steps.retain(|step| step.row.plan_id == plan.id);
        let progress = Progress::of(steps.iter());
        let mut own = Vec::new();
        for row in goals.into_iter().filter(|goal| goal.plan_id == plan.id && walls.lets(goal.area)) {
            let (hers, rest) = steps.into_iter().partition(|step| step.row.goal_id == row.id);
            steps = rest;
            own.push(Goal { row, steps: hers });
        }
        View { plan, goals: own, progress }
    }

    /// The areas of its goals, for the trail.
    pub(crate) fn areas(&self) -> impl Iterator<Item = NeedArea> {
        self.goals.iter().map(|goal| goal.row.area)
    }

    /// Does it name somebody of the family?
    pub(crate) fn names_relatives(&self) -> bool {
        let of_step = |step: &Step| step.row.owner == PlanOwner::Relative;
        self.goals.iter().any(|goal| goal.row.owner == PlanOwner::Relative || goal.steps.iter().any(of_step))
    }
}

/// What the follow-ups of a case say: the day, and when it was done.
async fn tasks(
    store: &Store,
    grant: &Grant<SeeCase>,
    helper: bool,
) -> Result<HashMap<FollowUpId, (Day, Option<At>)>, Fault> {
    let open = follow_ups::tasks_of_case(store, grant, helper).await?;
    let done = follow_ups::done_of_case(store, grant, helper).await?;
    Ok(open.into_iter().chain(done).map(|line| (line.id, (line.due_on, line.done_at))).collect())
}

/// Reads of each step how it stands: there is no other word on it than its follow-up's.
fn stand(rows: Vec<StepRow>, tasks: &HashMap<FollowUpId, (Day, Option<At>)>) -> Vec<Step> {
    let read = |row: StepRow| {
        let told = row.follow_up_id.map(|task| tasks.get(&task).copied());
        let (standing, due_on, done_at) = match told {
            None => (Standing::Planned, row.due_on, None),
            Some(Some((due_on, Some(at)))) => (Standing::Done, due_on, Some(at)),
            Some(Some((due_on, None))) => (Standing::Open, due_on, None),
            Some(None) => (Standing::LetGo, row.due_on, None),
        };
        Step { row, standing, due_on, done_at }
    };
    rows.into_iter().map(read).collect()
}

/// What the holder of a grant for a case may know of its plan.
#[derive(Clone, Debug)]
pub enum Known {
    /// The office: every version, newest first.
    Office(Vec<View>),
    /// A helper: her own organisation's goals and steps of the plan in force.
    Helper { goals: Vec<GoalRow>, steps: Vec<Step> },
}

/// The plan of a case. Whoever shows it writes the opening down, with [`parts`] of what was read.
pub(crate) async fn written_down(store: &Store, grant: &Grant<SeeCase>) -> Result<Known, Fault> {
    let Some(plans) = store.also::<SeeCase, SeePlans>(grant) else {
        let (goals, steps) = store::lines_for_helper(store, grant).await?;
        let steps = stand(steps, &tasks(store, grant, true).await?);
        return Ok(Known::Helper { goals, steps });
    };
    let rows = store::plans(store, &plans).await?;
    let (goals, steps) = store::lines(store, &plans).await?;
    let steps = stand(steps, &tasks(store, grant, false).await?);
    let walls = needs::walls(store, grant);
    let view = |plan: PlanRow| View::of(plan, goals.clone(), steps.clone(), walls);
    Ok(Known::Office(rows.into_iter().map(view).collect()))
}

/// The same, written down as an opening.
pub async fn of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<Known, Fault> {
    let known = written_down(store, grant).await?;
    cases::opened(store, grant, &parts(&known)).await?;
    Ok(known)
}

/// The sensitive parts that it tells of.
pub(crate) fn parts(known: &Known) -> Vec<&'static str> {
    match known {
        Known::Office(views) => Walls::parts(views.iter().flat_map(View::areas)),
        Known::Helper { .. } => Vec::new(),
    }
}

/// One version, and the grant for its case. Whoever shows it writes the opening down.
pub(crate) async fn one(store: &Store, grant: &Grant<SeePlan>) -> Result<(View, Grant<SeeCase>), Fault> {
    let plan = store::plan(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let see = store.onward::<SeePlan, SeeCase>(grant, plan.case_id).await?;
    let goals = store::goals(store, grant).await?;
    let steps = stand(store::steps(store, grant).await?, &tasks(store, &see, false).await?);
    let view = View::of(plan, goals, steps, needs::walls(store, &see));
    Ok((view, see))
}
