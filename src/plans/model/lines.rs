//! Goals and steps as they are written into a draft, and taken out of it.

use crate::base::{
    ids::{GoalId, OrganisationId, RelativeId, StepId},
    refusal::{Check, Invalid},
    text,
    time::plus_days,
    words::{NeedArea, PlanOwner},
};
use jiff::civil::Date;

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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

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
}
