//! Needs, plans, goals and steps as typed, checked and shown. Pure.

use crate::base::{
    fields::{GoalWhat, NeedAnswer, NeedNote, PlanComment, StepWhat},
    ids::{CaseId, FollowUpId, GoalId, NeedAnswerId, NeedId, OrganisationId, PlanId, RelativeId, StepId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day, plus_days},
    words::{AgreementHow, NeedArea, NeedLevel, PlanOwner, PlanState, QuestionKind},
};
use jiff::civil::Date;

/// A question of one version of the set.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Question {
    pub version: i64,
    pub word: String,
    pub area: NeedArea,
    pub kind: QuestionKind,
    pub asks_vi: String,
    pub asks_en: String,
}

/// Which areas the reader may know: health, family and law are parts with acts of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Walls {
    pub health: bool,
    pub family: bool,
    pub law: bool,
}

impl Walls {
    pub fn lets(self, area: NeedArea) -> bool {
        match area {
            NeedArea::Health => self.health,
            NeedArea::Family => self.family,
            NeedArea::Law => self.law,
            _ => true,
        }
    }

    /// The sensitive part that an area belongs to, as the trail calls it.
    pub const fn part(area: NeedArea) -> Option<&'static str> {
        match area {
            NeedArea::Health => Some("health"),
            NeedArea::Family => Some("family"),
            NeedArea::Law => Some("legal"),
            _ => None,
        }
    }

    /// The parts that these areas belong to, each once.
    pub fn parts(areas: impl Iterator<Item = NeedArea>) -> Vec<&'static str> {
        let mut parts: Vec<&'static str> = areas.filter_map(Walls::part).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

/// What was found in one area, as it is typed: how great the need is, a word on it, and answers by question.
#[derive(Clone, Debug, Default)]
pub struct NeedDraft {
    pub area: String,
    pub level: String,
    pub note: String,
    pub answers: Vec<(String, String)>,
}

impl NeedDraft {
    /// From the fields of a form: each question is a field of its own name.
    pub fn of_form(fields: &[(String, String)]) -> NeedDraft {
        let mut draft = NeedDraft::default();
        for (name, value) in fields {
            match name.as_str() {
                "area" => draft.area.clone_from(value),
                "level" => draft.level.clone_from(value),
                "note" => draft.note.clone_from(value),
                _ => draft.answers.push((name.clone(), value.clone())),
            }
        }
        draft
    }

    /// # Errors
    /// By field: no area, no level, a question that the set in force does not ask in this area, an answer that is neither
    /// yes nor no.
    pub fn check(&self, set: &[Question]) -> Result<NewNeed, Invalid> {
        let mut check = Check::default();
        let area = check.take("area", self.area.parse::<NeedArea>().map_err(|_| "not_chosen"));
        let level = check.take("level", self.level.parse::<NeedLevel>().map_err(|_| "not_chosen"));
        let note = check.take("note", text::clean_note_opt(&self.note, 1000)).flatten();
        let mut answers = Vec::new();
        for (word, typed) in self.answers.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            let asked = set.iter().find(|one| one.word == *word && Some(one.area) == area);
            let Some(question) = asked else {
                check.refuse("answers", "unknown_question");
                continue;
            };
            let said = match question.kind {
                QuestionKind::YesNo => check
                    .take("answers", matches!(typed.as_str(), "yes" | "no").then(|| typed.clone()).ok_or("not_chosen")),
                QuestionKind::Text => check.take("answers", text::clean_note(typed, 1000)),
            };
            answers.extend(said.map(|said| (question.word.clone(), said)));
        }
        let version = set.first().map_or(0, |question| question.version);
        let need = area.zip(level).map(|(area, level)| NewNeed { area, level, note, version, answers });
        check.give(need)
    }
}

/// What can be written down about one area.
#[derive(Clone, Debug)]
pub struct NewNeed {
    pub area: NeedArea,
    pub level: NeedLevel,
    pub note: Option<String>,
    /// The set that was asked.
    pub version: i64,
    pub answers: Vec<(String, String)>,
}

/// One look at one area.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NeedRow {
    pub id: NeedId,
    pub area: NeedArea,
    pub question_version: i64,
    pub level: NeedLevel,
    pub note: Option<Sealed<NeedNote>>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
}
crate::opens!(NeedRow { id => note });

/// An answer, with the question as it was asked then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerRow {
    pub id: NeedAnswerId,
    pub need_id: NeedId,
    pub question: String,
    pub kind: QuestionKind,
    pub asks_vi: String,
    pub asks_en: String,
    pub answer: Sealed<NeedAnswer>,
}
crate::opens!(AnswerRow { id => answer });

/// Who does it, as it is typed: `officer`, `person`, `helper:<organisation>`, `relative:<relative>`.
fn owner(typed: &str) -> Result<Owner, &'static str> {
    let none = Owner { kind: PlanOwner::Officer, organisation: None, relative: None };
    match typed.split_once(':') {
        None => match typed.trim() {
            "officer" => Ok(none),
            "person" => Ok(Owner { kind: PlanOwner::Person, ..none }),
            _ => Err("not_chosen"),
        },
        Some(("helper", id)) => {
            let organisation = Some(id.parse().map_err(|_| "unknown")?);
            Ok(Owner { kind: PlanOwner::Helper, organisation, relative: None })
        }
        Some(("relative", id)) => {
            let relative = Some(id.parse().map_err(|_| "unknown")?);
            Ok(Owner { kind: PlanOwner::Relative, organisation: None, relative })
        }
        Some(_) => Err("not_chosen"),
    }
}

/// Who does what a goal or a step says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub kind: PlanOwner,
    pub organisation: Option<OrganisationId>,
    pub relative: Option<RelativeId>,
}

/// A goal as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GoalDraft {
    pub area: String,
    pub what: String,
    pub owner: String,
    /// The version of the plan that was read (forms; programs send `If-Match`).
    pub version: String,
}

/// A goal that can be taken.
#[derive(Clone, Debug)]
pub struct NewGoal {
    pub area: NeedArea,
    pub what: String,
    pub owner: Owner,
}

impl GoalDraft {
    /// # Errors
    /// By field: no area, no words, no owner; an organisation for a goal about the law, which would tell it of a judgment.
    pub fn check(&self) -> Result<NewGoal, Invalid> {
        let mut check = Check::default();
        let area = check.take("area", self.area.parse::<NeedArea>().map_err(|_| "not_chosen"));
        let what = check.take("what", text::clean_line(&self.what, 200));
        let owner = check.take("owner", owner(&self.owner));
        if let Some(owner) = owner {
            check.expect(area.is_none_or(|area| may_own(area, owner)), "owner", "not_for_organisations");
        }
        let all = area.zip(what).zip(owner);
        check.give(all.map(|((area, what), owner)| NewGoal { area, what, owner }))
    }
}

/// What is about the law tells of a judgment, and what is about health is the person's own: no organisation is given it.
pub fn may_own(area: NeedArea, owner: Owner) -> bool {
    owner.kind != PlanOwner::Helper || !matches!(area, NeedArea::Law | NeedArea::Health)
}

/// A step as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepDraft {
    pub goal: String,
    pub what: String,
    pub due_on: String,
    pub owner: String,
    pub version: String,
}

/// A step that can be taken.
#[derive(Clone, Debug)]
pub struct NewStep {
    pub goal: GoalId,
    pub what: String,
    pub due_on: Date,
    pub owner: Owner,
}

impl StepDraft {
    /// # Errors
    /// By field: no goal, no words, no owner, no day or one that is past or very far.
    pub fn check(&self, today: Date) -> Result<NewStep, Invalid> {
        let mut check = Check::default();
        let goal = check.take("goal", self.goal.parse::<GoalId>().map_err(|_| "not_chosen"));
        let what = check.take("what", text::clean_line(&self.what, 200));
        let due_on = check.take("due_on", text::parse_day(&self.due_on, today));
        if let Some(due_on) = due_on {
            check.expect(due_on >= today, "due_on", "in_the_past");
            check.expect(due_on <= plus_days(today, 3660), "due_on", "too_far");
        }
        let owner = check.take("owner", owner(&self.owner));
        let all = goal.zip(what).zip(due_on).zip(owner);
        check.give(all.map(|(((goal, what), due_on), owner)| NewStep { goal, what, due_on, owner }))
    }
}

/// What is taken out of a draft: a goal with its steps, or one step.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RemovalDraft {
    pub goal: String,
    pub step: String,
    pub version: String,
}

/// Which line of a plan.
#[derive(Clone, Copy, Debug)]
pub enum Removed {
    Goal(GoalId),
    Step(StepId),
}

impl RemovalDraft {
    /// # Errors
    /// Neither a goal nor a step, or both.
    pub fn check(&self) -> Result<Removed, Invalid> {
        let unknown = |field| Invalid::one(field, "unknown");
        match (self.goal.trim(), self.step.trim()) {
            (goal, "") if !goal.is_empty() => goal.parse().map(Removed::Goal).map_err(|_| unknown("goal")),
            ("", step) if !step.is_empty() => step.parse().map(Removed::Step).map_err(|_| unknown("step")),
            _ => Err(Invalid::one("step", "not_chosen")),
        }
    }
}

/// When and how the person agreed, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementDraft {
    /// Empty: today.
    pub on: String,
    pub how: String,
    pub version: String,
}

impl AgreementDraft {
    /// # Errors
    /// By field: no way of agreeing, a day in the future.
    pub fn check(&self, today: Date) -> Result<(Date, AgreementHow), Invalid> {
        let mut check = Check::default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let how = check.take("how", self.how.parse::<AgreementHow>().map_err(|_| "not_chosen"));
        check.give(on.zip(how))
    }
}

/// A plan is handed in: nothing beside the version that was read.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubmissionDraft {
    pub version: String,
}

/// What the head of the commune says, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionDraft {
    /// `approved` or `returned`.
    pub verdict: String,
    pub comment: String,
    pub version: String,
}

impl DecisionDraft {
    /// # Errors
    /// No verdict; a return without a comment: whoever wrote the plan must know what to change.
    pub fn check(&self) -> Result<(PlanState, Option<String>), Invalid> {
        let mut check = Check::default();
        let verdict = match self.verdict.as_str() {
            "approved" => Ok(PlanState::Approved),
            "returned" => Ok(PlanState::Returned),
            _ => Err("not_chosen"),
        };
        let verdict = check.take("verdict", verdict);
        let comment = check.take("comment", text::clean_note_opt(&self.comment, 1000)).flatten();
        check.expect(verdict != Some(PlanState::Returned) || comment.is_some(), "comment", "comment_needed");
        check.give(verdict.map(|verdict| (verdict, comment)))
    }
}

/// May goals and steps of a plan in this state be changed?
///
/// # Errors
/// Why not: what was handed in is changed by a new version only.
pub fn must_be_draft(state: PlanState) -> Result<(), Invalid> {
    match state {
        PlanState::Draft => Ok(()),
        PlanState::Submitted => Err(Invalid::one("", "plan_submitted")),
        PlanState::Approved => Err(Invalid::one("", "plan_approved")),
        PlanState::Returned => Err(Invalid::one("", "plan_returned")),
        PlanState::Replaced => Err(Invalid::one("", "plan_replaced")),
    }
}

/// May a new version be begun after one in this state?
///
/// # Errors
/// One is being written, or waits for the head.
pub fn may_be_followed(state: PlanState) -> Result<(), Invalid> {
    match state {
        PlanState::Draft => Err(Invalid::one("", "plan_is_open")),
        PlanState::Submitted => Err(Invalid::one("", "plan_submitted")),
        PlanState::Approved | PlanState::Returned | PlanState::Replaced => Ok(()),
    }
}

/// May this plan be handed in?
///
/// # Errors
/// It is no draft, has no goal, a goal without a step, or the person has not agreed.
pub fn may_be_submitted(plan: &PlanRow, goals: &[GoalRow], steps: &[StepRow]) -> Result<(), Invalid> {
    must_be_draft(plan.state)?;
    if goals.is_empty() {
        return Err(Invalid::one("", "plan_empty"));
    }
    if goals.iter().any(|goal| !steps.iter().any(|step| step.goal_id == goal.id)) {
        return Err(Invalid::one("", "goal_without_step"));
    }
    if plan.agreed_on.is_none() {
        return Err(Invalid::one("", "plan_not_agreed"));
    }
    Ok(())
}

/// May this person decide about this plan?
///
/// # Errors
/// It was not handed in, or she handed it in herself.
pub fn may_be_decided(plan: &PlanRow, by: UserId) -> Result<(), Invalid> {
    match plan.state {
        PlanState::Submitted if plan.submitted_by == Some(by) => Err(Invalid::one("", "own_plan")),
        PlanState::Submitted => Ok(()),
        PlanState::Draft => Err(Invalid::one("", "plan_not_submitted")),
        PlanState::Approved | PlanState::Returned | PlanState::Replaced => Err(Invalid::one("", "plan_decided")),
    }
}

/// One version of a plan.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlanRow {
    pub id: PlanId,
    pub case_id: CaseId,
    pub number: i64,
    pub state: PlanState,
    pub agreed_on: Option<Day>,
    pub agreed_how: Option<AgreementHow>,
    pub submitted_by: Option<UserId>,
    pub submitter: Option<String>,
    pub submitted_at: Option<At>,
    pub decider: Option<String>,
    pub decided_at: Option<At>,
    pub comment: Option<Sealed<PlanComment>>,
    pub by: String,
    pub made_at: At,
    pub version: i64,
}
crate::opens!(PlanRow { id => comment });

impl PlanRow {
    /// The chip of its state.
    pub fn class(&self) -> &'static str {
        match self.state {
            PlanState::Approved => "ok",
            PlanState::Draft | PlanState::Submitted => "waiting",
            PlanState::Returned => "late",
            PlanState::Replaced => "plain",
        }
    }
}

/// A goal of a plan.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GoalRow {
    pub id: GoalId,
    pub plan_id: PlanId,
    pub area: NeedArea,
    pub what: Sealed<GoalWhat>,
    pub owner: PlanOwner,
    pub organisation_id: Option<OrganisationId>,
    pub organisation: Option<String>,
    pub relative_id: Option<RelativeId>,
}
crate::opens!(GoalRow { id => what });

/// A step towards a goal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    pub id: StepId,
    pub plan_id: PlanId,
    pub goal_id: GoalId,
    pub what: Sealed<StepWhat>,
    pub due_on: Day,
    pub owner: PlanOwner,
    pub organisation_id: Option<OrganisationId>,
    pub organisation: Option<String>,
    pub relative_id: Option<RelativeId>,
    pub follow_up_id: Option<FollowUpId>,
}
crate::opens!(StepRow { id => what });

impl StepRow {
    pub fn owned_by(&self) -> Owner {
        Owner { kind: self.owner, organisation: self.organisation_id, relative: self.relative_id }
    }
}

impl GoalRow {
    pub fn owned_by(&self) -> Owner {
        Owner { kind: self.owner, organisation: self.organisation_id, relative: self.relative_id }
    }
}

/// How a step stands, read from its follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PlanStepState)]
pub enum Standing {
    /// The plan is not approved yet, so that nothing is due.
    Planned,
    Open,
    Done,
    /// Asked for no longer.
    LetGo,
}

/// A step with what its follow-up says of it.
#[derive(Clone, Debug)]
pub struct Step {
    pub row: StepRow,
    pub standing: Standing,
    /// The day of its follow-up, which may have been put off; else the day that was planned.
    pub due_on: Day,
    pub done_at: Option<At>,
}

/// Done of all: what no longer counts is in neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanProgress)]
pub struct Progress {
    pub done: i64,
    pub all: i64,
}

impl Progress {
    pub fn of<'a>(steps: impl Iterator<Item = &'a Step>) -> Progress {
        steps.filter(|step| step.standing != Standing::LetGo).fold(Progress::default(), |sum, step| Progress {
            done: sum.done + i64::from(step.standing == Standing::Done),
            all: sum.all + 1,
        })
    }

    /// In whole percent; nothing to do is nothing done.
    pub fn percent(&self) -> i64 {
        if self.all == 0 { 0 } else { self.done * 100 / self.all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn set() -> Vec<Question> {
        [("has_work", NeedArea::Work, QuestionKind::YesNo), ("skills", NeedArea::Work, QuestionKind::Text)]
            .into_iter()
            .map(|(word, area, kind)| Question {
                version: 3,
                word: word.into(),
                area,
                kind,
                asks_vi: String::new(),
                asks_en: String::new(),
            })
            .collect()
    }

    #[test]
    fn an_answer_is_taken_only_to_a_question_that_is_asked_in_that_area() {
        let typed = |area: &str, word: &str, said: &str| {
            let fields = [("area", area), ("level", "some"), (word, said)];
            let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            NeedDraft::of_form(&fields).check(&set())
        };
        let taken = typed("work", "has_work", "no").unwrap();
        assert_eq!((taken.version, taken.answers), (3, vec![("has_work".to_owned(), "no".to_owned())]));
        assert_eq!(typed("home", "has_work", "no").unwrap_err(), Invalid::one("answers", "unknown_question"));
        assert_eq!(typed("work", "has_work", "maybe").unwrap_err(), Invalid::one("answers", "not_chosen"));
    }

    #[test]
    fn no_organisation_is_given_a_goal_that_tells_of_a_judgment_or_of_health() {
        let helper = format!("helper:{}", uuid::Uuid::nil());
        for (area, fine) in [("law", false), ("health", false), ("work", true), ("family", true)] {
            let goal = GoalDraft {
                area: area.into(),
                what: "Việc cần làm".into(),
                owner: helper.clone(),
                version: String::new(),
            };
            assert_eq!(goal.check().is_ok(), fine, "{area}");
        }
    }

    #[test]
    fn a_step_has_an_owner_and_a_day_that_is_not_past() {
        let step = StepDraft {
            goal: uuid::Uuid::nil().to_string(),
            what: "Làm đơn".into(),
            due_on: "22/11/2026".into(),
            owner: "officer".into(),
            version: String::new(),
        };
        assert_eq!(step.check(TODAY).unwrap_err(), Invalid::one("due_on", "in_the_past"));
        let step = StepDraft { due_on: "30/11/2026".into(), owner: "helper:x".into(), ..step };
        assert_eq!(step.check(TODAY).unwrap_err(), Invalid::one("owner", "unknown"));
    }

    #[test]
    fn a_return_needs_a_word_and_an_approval_does_not() {
        let said = |verdict: &str| DecisionDraft { verdict: verdict.into(), ..DecisionDraft::default() }.check();
        assert!(said("approved").is_ok());
        assert_eq!(said("returned").unwrap_err(), Invalid::one("comment", "comment_needed"));
    }

    #[test]
    fn what_was_let_go_counts_neither_as_done_nor_as_left() {
        let steps = |standings: &[Standing]| standings.iter().map(|standing| step(*standing)).collect::<Vec<_>>();
        let two = steps(&[Standing::Done, Standing::Open, Standing::LetGo]);
        assert_eq!(Progress::of(two.iter()), Progress { done: 1, all: 2 });
        assert_eq!(Progress::of(std::iter::empty()).percent(), 0);
    }

    fn step(standing: Standing) -> Step {
        use crate::base::ids::Id;
        let nil = uuid::Uuid::nil();
        let row = StepRow {
            id: StepId::from_uuid(nil),
            plan_id: PlanId::from_uuid(nil),
            goal_id: GoalId::from_uuid(nil),
            what: Sealed::known("x".to_owned()),
            due_on: Day(TODAY),
            owner: PlanOwner::Officer,
            organisation_id: None,
            organisation: None,
            relative_id: None,
            follow_up_id: None,
        };
        Step { row, standing, due_on: Day(TODAY), done_at: None }
    }
}
