//! How a version of a plan goes: agreed, handed in, decided about.

use super::{GoalRow, PlanRow, StepRow};
use crate::base::{
    ids::UserId,
    refusal::{Check, Invalid},
    text,
    words::{AgreementHow, PlanState},
};
use jiff::civil::Date;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_needs_a_word_and_an_approval_does_not() {
        let said = |verdict: &str| DecisionDraft { verdict: verdict.into(), ..DecisionDraft::default() }.check();
        assert!(said("approved").is_ok());
        assert_eq!(said("returned").unwrap_err(), Invalid::one("comment", "comment_needed"));
    }
}
