//! A plan, its goals and its steps as they are shown.

use super::Owner;
use crate::base::{
    fields::{GoalWhat, PlanComment, StepWhat},
    ids::{CaseId, FollowUpId, GoalId, OrganisationId, PlanId, RelativeId, StepId, UserId},
    sealed::Sealed,
    time::{At, Day},
    words::{AgreementHow, NeedArea, PlanOwner, PlanState},
};

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
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 23);

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
