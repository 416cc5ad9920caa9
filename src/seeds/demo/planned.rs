//! Needs and plans of the demo story.

use super::{
    Story,
    rows::{self, Step, offset},
};
use crate::{
    app::Refused,
    follow_ups,
    plans::{self, model},
    policy::acts::{AskNeeds, ChangePlan, CompleteFollowUp, DecidePlan, SeeCase, SubmitPlan, WritePlan},
    policy::{Act, subjects},
    store::{Fault, Grant},
};

impl Story<'_> {
    pub(super) async fn plan(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "need" => self.need(step).await,
            "plan" => {
                let id = plans::begin(self.store, self.grant::<WritePlan>(step).await?, None).await?;
                self.last_plan.insert(step.person.clone(), id);
                Ok(())
            }
            "goal" => self.goal(step).await,
            "plan_step" => self.plan_step(step).await,
            // `a`: how.
            "plan_agreed" => {
                let draft = model::AgreementDraft { how: step.a.clone(), ..Default::default() };
                plans::agree(self.store, self.of_plan::<ChangePlan>(step).await?, &draft, None, None).await
            }
            "plan_in" => plans::submit(self.store, self.of_plan::<SubmitPlan>(step).await?, None, None).await,
            // `a`: approved or returned · `note`: what the head says.
            "plan_said" => {
                let draft =
                    model::DecisionDraft { verdict: step.a.clone(), comment: step.note.clone(), ..Default::default() };
                plans::decide(self.store, self.of_plan::<DecidePlan>(step).await?, &draft, None, None).await
            }
            _ => self.plan_done(step).await,
        }
    }

    /// A grant for the newest plan of the person, to the one who takes the step.
    async fn of_plan<A: Act<On = subjects::Plan>>(&self, step: &Step) -> Result<Grant<A>, Fault> {
        let plan = self.last_plan.get(&step.person).ok_or(Fault::Inconsistent("a plan of the demo story"))?;
        self.store.permit::<A>(self.actor(&step.who)?, *plan).await
    }

    /// `a`: area · `b`: level · `c`: question · `d`: answer · `note`: a word more.
    async fn need(&self, step: &Step) -> Result<(), Refused> {
        let draft = model::NeedDraft {
            area: step.a.clone(),
            level: step.b.clone(),
            note: step.note.clone(),
            answers: vec![(step.c.clone(), step.d.clone())],
        };
        let grant = self.grant::<AskNeeds>(step).await?;
        plans::needs::ask(self.app, grant, &draft, None).await.map(|_need| ())
    }

    /// Officer, person, or the kind of an organisation.
    fn owner(&self, step: &Step) -> Result<String, Fault> {
        match step.b.as_str() {
            "officer" | "person" => Ok(step.b.clone()),
            kind => Ok(format!("helper:{}", self.organisation(step, kind)?)),
        }
    }

    /// `a`: area · `b`: whose · `note`: what.
    async fn goal(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = model::GoalDraft {
            area: step.a.clone(),
            what: step.note.clone(),
            owner: self.owner(step)?,
            version: String::new(),
        };
        let id = plans::add_goal(self.store, self.of_plan::<ChangePlan>(step).await?, &draft, None, None).await?;
        self.last_goal.insert(step.person.clone(), id);
        Ok(())
    }

    /// `a`: the day · `b`: whose · `note`: what; towards the last goal.
    async fn plan_step(&self, step: &Step) -> Result<(), Refused> {
        let goal = self.last_goal.get(&step.person).ok_or(Fault::Inconsistent("a goal of the demo story"))?;
        let draft = model::StepDraft {
            goal: goal.to_string(),
            what: step.note.clone(),
            due_on: rows::typed_opt(self.today, offset(&step.a)?),
            owner: self.owner(step)?,
            version: String::new(),
        };
        let grant = self.of_plan::<ChangePlan>(step).await?;
        plans::add_step(self.store, grant, &draft, None, None).await.map(|_step| ())
    }

    /// The first open step of the plan in force is done; `note`: a word on how.
    async fn plan_done(&self, step: &Step) -> Result<(), Refused> {
        let open = follow_ups::of_case(self.store, &self.grant::<SeeCase>(step).await?).await?;
        let task = open.iter().find(|task| task.rule == "plan_step");
        let task = task.ok_or(Fault::Inconsistent("no step of a plan is open"))?;
        let grant = self.store.permit::<CompleteFollowUp>(self.actor(&step.who)?, task.id).await?;
        let draft = follow_ups::model::CompletionDraft { note: step.note.clone() };
        follow_ups::complete(self.store, grant, &draft, None, None).await
    }
}
