//! Needs and plans for programs.

pub mod question_sets;

use super::{
    Known, View,
    model::{
        AgreementDraft, DecisionDraft, GoalDraft, NeedDraft, Progress, RemovalDraft, Standing, Step as StepView,
        StepDraft,
    },
    needs,
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, FollowUpId, GoalId, NeedId, OrganisationId, PlanId, RelativeId, StepId},
        time::{At, Day},
        words::{AgreementHow, NeedArea, NeedLevel, PlanOwner, PlanState, QuestionKind},
    },
    cases,
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told, Who,
        json::{self, DayText, Paging},
    },
    organisations::api::OrganisationName,
    policy::acts::{AskNeeds, ChangePlan, DecidePlan, SeeCase, SeeNeeds, SeePlan, SeePlans, SubmitPlan, WritePlan},
    store::{Grant, Store},
};
use axum::response::Response;
use std::collections::BTreeMap;

/// A question of the set in force.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Question {
    version: i64,
    question: String,
    area: NeedArea,
    kind: QuestionKind,
    vi: String,
    en: String,
}

impl From<super::model::Question> for Question {
    fn from(row: super::model::Question) -> Question {
        Question {
            version: row.version,
            question: row.word,
            area: row.area,
            kind: row.kind,
            vi: row.asks_vi,
            en: row.asks_en,
        }
    }
}

/// What is asked about needs today.
#[utoipa::path(get, path = "/api/v1/questions", params(Paging), responses((status = 200, body = Listed<Question>)))]
pub async fn questions(app: App, Who(_): Who, asked: Asked<Nothing>) -> Result<Json<Listed<Question>>, Oops> {
    let rows = needs::questions(app.store()).await?.into_iter().map(Question::from);
    Ok(Json(Listed::cut(rows.collect(), &asked, |row: &Question| row.question.clone())?))
}

/// What was answered, with the question as it was asked then.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct NeedAnswer {
    question: String,
    kind: QuestionKind,
    vi: String,
    en: String,
    /// `yes` or `no`, or what was said.
    answer: String,
}

/// What was found in one area on a day. The newest of an area is what holds.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Need {
    id: NeedId,
    area: NeedArea,
    level: NeedLevel,
    #[schema(required)]
    note: Option<String>,
    question_version: i64,
    answers: Vec<NeedAnswer>,
    by: StaffName,
    made_at: At,
}

impl From<needs::Need> for Need {
    fn from(need: needs::Need) -> Need {
        let answers = need.answers.into_iter().map(|row| NeedAnswer {
            question: row.question,
            kind: row.kind,
            vi: row.asks_vi,
            en: row.asks_en,
            answer: row.answer.told(),
        });
        Need {
            id: need.row.id,
            area: need.row.area,
            level: need.row.level,
            note: need.row.note.told(),
            question_version: need.row.question_version,
            answers: answers.collect(),
            by: StaffName { id: need.row.by_id, name: need.row.by },
            made_at: need.row.made_at,
        }
    }
}

/// What a person needs, newest first, of the areas that the asker may know.
#[utoipa::path(get, path = "/api/v1/cases/{case}/needs", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Need>)))]
pub async fn needs(app: App, grant: Grant<SeeNeeds>, asked: Asked<Nothing>) -> Result<Json<Listed<Need>>, Oops> {
    let rows: Vec<Need> = needs::of_case(app.store(), &grant).await?.into_iter().map(Need::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

/// What was found in one area.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedToWrite {
    #[schema(value_type = NeedArea)]
    area: Option<String>,
    #[schema(value_type = NeedLevel)]
    level: Option<String>,
    note: Option<String>,
    /// By the question's word: `yes`, `no`, or what was said.
    answers: Option<BTreeMap<String, String>>,
}

/// Writes down what was found in one area. What was found before stays.
#[utoipa::path(post, path = "/api/v1/cases/{case}/needs", params(("case" = CaseId, Path)), request_body = NeedToWrite,
    responses((status = 201, body = Need)))]
pub async fn ask(app: App, grant: Grant<AskNeeds>, told: Told<NeedToWrite>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AskNeeds, SeeNeeds>(&grant).ok_or(Oops::Unknown)?;
    let NeedToWrite { area, level, note, answers } = told.body;
    let draft = NeedDraft {
        area: json::text(area),
        level: json::text(level),
        note: json::text(note),
        answers: answers.unwrap_or_default().into_iter().collect(),
    };
    let id = needs::ask(&app, grant, &draft, told.key).await?;
    let need = needs::of_case(store, &see).await?.into_iter().find(|need| need.row.id == id).ok_or(Oops::Unknown)?;
    Ok(json::created(format!("/api/v1/cases/{}/needs", see.id()), Need::from(need)))
}

/// Who does it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Owner {
    kind: PlanOwner,
    #[schema(required)]
    organisation: Option<OrganisationName>,
    #[schema(required)]
    relative: Option<RelativeId>,
}

/// A step. Whether it is done or late is what its follow-up says.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PlanStep {
    id: StepId,
    goal: GoalId,
    what: String,
    owner: Owner,
    due_on: Day,
    state: Standing,
    #[schema(required)]
    follow_up: Option<FollowUpId>,
    #[schema(required)]
    done_at: Option<At>,
}

impl From<StepView> for PlanStep {
    fn from(step: StepView) -> PlanStep {
        let row = step.row;
        PlanStep {
            id: row.id,
            goal: row.goal_id,
            what: row.what.told(),
            owner: Owner {
                kind: row.owner,
                organisation: name(row.organisation_id, row.organisation),
                relative: row.relative_id,
            },
            due_on: step.due_on,
            state: step.standing,
            follow_up: row.follow_up_id,
            done_at: step.done_at,
        }
    }
}

fn name(id: Option<OrganisationId>, name: Option<String>) -> Option<OrganisationName> {
    id.zip(name).map(|(id, name)| OrganisationName { id, name })
}

/// A goal with its steps.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PlanGoal {
    id: GoalId,
    area: NeedArea,
    what: String,
    owner: Owner,
    steps: Vec<PlanStep>,
}

/// That the person agreed.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Agreement {
    on: Day,
    how: AgreementHow,
}

/// One version of a plan.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Plan {
    id: PlanId,
    case: CaseId,
    number: i64,
    state: PlanState,
    progress: Progress,
    /// `null`: the person has not agreed to it as it stands.
    #[schema(required)]
    agreement: Option<Agreement>,
    goals: Vec<PlanGoal>,
    by: String,
    made_at: At,
    #[schema(required)]
    submitted_at: Option<At>,
    #[schema(required)]
    decided_at: Option<At>,
    /// What the head said.
    #[schema(required)]
    comment: Option<String>,
    version: i64,
}

impl From<View> for Plan {
    fn from(view: View) -> Plan {
        let goals = view.goals.into_iter().map(|goal| PlanGoal {
            id: goal.row.id,
            area: goal.row.area,
            what: goal.row.what.told(),
            owner: Owner {
                kind: goal.row.owner,
                organisation: name(goal.row.organisation_id, goal.row.organisation),
                relative: goal.row.relative_id,
            },
            steps: goal.steps.into_iter().map(PlanStep::from).collect(),
        });
        let plan = view.plan;
        Plan {
            id: plan.id,
            case: plan.case_id,
            number: plan.number,
            state: plan.state,
            progress: view.progress,
            agreement: plan.agreed_on.zip(plan.agreed_how).map(|(on, how)| Agreement { on, how }),
            goals: goals.collect(),
            by: plan.by,
            made_at: plan.made_at,
            submitted_at: plan.submitted_at,
            decided_at: plan.decided_at,
            comment: plan.comment.told(),
            version: plan.version,
        }
    }
}

/// Every version of a person's plan, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/plans", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Plan>)))]
pub async fn list(app: App, grant: Grant<SeePlans>, asked: Asked<Nothing>) -> Result<Json<Listed<Plan>>, Oops> {
    let see = app.store().also::<SeePlans, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let rows = match super::of_case(app.store(), &see).await? {
        Known::Office(views) => views.into_iter().map(Plan::from).collect(),
        Known::Helper { .. } => Vec::new(),
    };
    Ok(Json(Listed::cut(rows, &asked, |row: &Plan| row.id.to_string())?))
}

/// The steps of the plan in force; for a helper those of her own organisation.
#[utoipa::path(get, path = "/api/v1/cases/{case}/plan-steps", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<PlanStep>)))]
pub async fn steps(app: App, grant: Grant<SeeCase>, asked: Asked<Nothing>) -> Result<Json<Listed<PlanStep>>, Oops> {
    let steps: Vec<StepView> = match super::of_case(app.store(), &grant).await? {
        Known::Helper { steps, .. } => steps,
        Known::Office(views) => {
            let in_force = views.into_iter().find(|view| view.plan.state == PlanState::Approved);
            in_force.into_iter().flat_map(|view| view.goals).flat_map(|goal| goal.steps).collect()
        }
    };
    let rows = steps.into_iter().map(PlanStep::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &PlanStep| row.id.to_string())?))
}

async fn read(store: &Store, grant: &Grant<SeePlan>) -> Result<Plan, Oops> {
    let (view, see) = super::one(store, grant).await?;
    cases::opened(store, &see, &super::model::Walls::parts(view.areas())).await?;
    Ok(Plan::from(view))
}

async fn told(store: &Store, grant: &Grant<SeePlan>) -> Result<Response, Oops> {
    let plan = read(store, grant).await?;
    Ok(json::versioned(Some(plan.version), plan))
}

/// One version of a plan.
#[utoipa::path(get, path = "/api/v1/plans/{plan}", params(("plan" = PlanId, Path)), responses((status = 200, body = Plan)))]
pub async fn one(app: App, grant: Grant<SeePlan>) -> Result<Response, Oops> {
    told(app.store(), &grant).await
}

/// Nothing is told: a first plan is empty, a new version has what stood in the one before.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanToBegin {}

/// Begins a plan, or its next version.
#[utoipa::path(post, path = "/api/v1/cases/{case}/plans", params(("case" = CaseId, Path)), request_body = PlanToBegin,
    responses((status = 201, body = Plan)))]
pub async fn begin(app: App, grant: Grant<WritePlan>, told: Told<PlanToBegin>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<WritePlan, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let PlanToBegin {} = told.body;
    let id = super::begin(store, grant, told.key).await?;
    let plan = read(store, &store.onward::<SeeCase, SeePlan>(&see, id).await?).await?;
    Ok(json::created(format!("/api/v1/plans/{id}"), plan))
}

/// Who is to do it.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnerToBe {
    #[schema(value_type = PlanOwner)]
    kind: Option<String>,
    /// Of a helper.
    organisation: Option<OrganisationId>,
    /// Of somebody of the family.
    relative: Option<RelativeId>,
}

/// As a form has it.
fn owner(owner: Option<OwnerToBe>) -> String {
    let Some(OwnerToBe { kind, organisation, relative }) = owner else { return String::new() };
    let of = organisation.map(|id| id.to_string()).or(relative.map(|id| id.to_string()));
    match of {
        Some(id) => format!("{}:{id}", json::text(kind)),
        None => json::text(kind),
    }
}

/// A goal to add.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalToAdd {
    #[schema(value_type = NeedArea)]
    area: Option<String>,
    what: Option<String>,
    owner: Option<OwnerToBe>,
}

/// Adds a goal to a draft. What was agreed before is asked again.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/goals", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = GoalToAdd, responses((status = 200, body = Plan)))]
pub async fn add_goal(app: App, grant: Grant<ChangePlan>, sent: Told<GoalToAdd>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let GoalToAdd { area, what, owner: of } = sent.body;
    let draft = GoalDraft { area: json::text(area), what: json::text(what), owner: owner(of), ..GoalDraft::default() };
    super::add_goal(store, grant, &draft, Some(version), sent.key).await?;
    told(store, &see).await
}

/// A step to add.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepToAdd {
    goal: Option<GoalId>,
    what: Option<String>,
    due_on: Option<DayText>,
    owner: Option<OwnerToBe>,
}

/// Adds a step towards a goal of a draft. What was agreed before is asked again.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/steps", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = StepToAdd, responses((status = 200, body = Plan)))]
pub async fn add_step(app: App, grant: Grant<ChangePlan>, sent: Told<StepToAdd>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let StepToAdd { goal, what, due_on, owner: of } = sent.body;
    let draft = StepDraft {
        goal: goal.map(|id| id.to_string()).unwrap_or_default(),
        what: json::text(what),
        due_on: json::day(due_on),
        owner: owner(of),
        ..StepDraft::default()
    };
    super::add_step(store, grant, &draft, Some(version), sent.key).await?;
    told(store, &see).await
}

/// A goal with its steps, or one step.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanRemoval {
    goal: Option<GoalId>,
    step: Option<StepId>,
}

/// Takes a goal or a step out of a draft.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/removals", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = PlanRemoval, responses((status = 200, body = Plan)))]
pub async fn remove(app: App, grant: Grant<ChangePlan>, sent: Told<PlanRemoval>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let PlanRemoval { goal, step } = sent.body;
    let draft = RemovalDraft {
        goal: goal.map(|id| id.to_string()).unwrap_or_default(),
        step: step.map(|id| id.to_string()).unwrap_or_default(),
        ..RemovalDraft::default()
    };
    super::remove(store, grant, &draft, Some(version), sent.key).await?;
    told(store, &see).await
}

/// When and how the person agreed.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementToWrite {
    /// Today unless told.
    on: Option<DayText>,
    #[schema(value_type = AgreementHow)]
    how: Option<String>,
}

/// Writes down that the person agrees to the plan as it stands.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/agreement", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = AgreementToWrite, responses((status = 200, body = Plan)))]
pub async fn agree(app: App, grant: Grant<ChangePlan>, sent: Told<AgreementToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<ChangePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let AgreementToWrite { on, how } = sent.body;
    let draft = AgreementDraft { on: json::day(on), how: json::text(how), ..AgreementDraft::default() };
    super::agree(store, grant, &draft, Some(version), sent.key).await?;
    told(store, &see).await
}

/// Nothing is told beside the version.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSubmission {}

/// Hands a plan to the head of the commune.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/submission", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = PlanSubmission, responses((status = 200, body = Plan)))]
pub async fn submit(app: App, grant: Grant<SubmitPlan>, sent: Told<PlanSubmission>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<SubmitPlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let PlanSubmission {} = sent.body;
    super::submit(store, grant, Some(version), sent.key).await?;
    told(store, &see).await
}

/// What the head of the commune says.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanDecision {
    /// `approved` or `returned`.
    verdict: Option<String>,
    /// What is to be changed; needed where it is returned.
    comment: Option<String>,
}

/// Approves a plan, or returns it. From the approval on its steps are follow-ups.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/decision", params(("plan" = PlanId, Path), ("If-Match" = String, Header)),
    request_body = PlanDecision, responses((status = 200, body = Plan)))]
pub async fn decide(app: App, grant: Grant<DecidePlan>, sent: Told<PlanDecision>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), sent.need_version()?);
    let see = store.also::<DecidePlan, SeePlan>(&grant).ok_or(Oops::Unknown)?;
    let PlanDecision { verdict, comment } = sent.body;
    let draft =
        DecisionDraft { verdict: json::text(verdict), comment: json::text(comment), ..DecisionDraft::default() };
    super::decide(store, grant, &draft, Some(version), sent.key).await?;
    told(store, &see).await
}
