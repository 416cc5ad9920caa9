//! Households and children of the demo story, what they need, and for whom a visit or help was.

use super::{Story, rows::Step};
use crate::{
    app::Refused,
    families::{self, model::ConsentDraft},
    households::{
        self, children,
        model::{ChildDraft, HouseholdDraft, Kin, MetDraft, NeedDraft, Whose},
        needs,
    },
    policy::acts::{
        AddChild, AddHomeNeed, AddHousehold, AnswerUrgency, ChangeChild, ChangeHousehold, ListUrgencies, MeetHomeNeed,
        SetConsent,
    },
    store::{Fault, PageAsk},
    urgencies,
};

const NONE: Fault = Fault::Inconsistent("somebody of a family of the demo story");

impl Story<'_> {
    pub(super) async fn home(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "child" => self.child(step).await,
            "child_corrected" => self.child_corrected(step).await,
            "household" => self.household(step).await,
            "agrees" => self.agrees(step).await,
            "home_need" => self.home_need(step).await,
            "urgency_answered" => self.urgency_answered(step).await,
            _ => self.home_need_met(step).await,
        }
    }

    /// For whom a visit or help was: the last relative or the last child of the person.
    pub(super) fn kin(&self, step: &Step, word: &str) -> String {
        let kin = match word {
            "relative" => self.last_relative.get(&step.person).copied().map(Kin::Relative),
            "child" => self.last_child.get(&step.person).copied().map(Kin::Child),
            _ => None,
        };
        kin.map(|kin| kin.to_string()).unwrap_or_default()
    }

    /// `a`: how it is called at home · `b`: how old · `c`: class · `d`: `relative`, if she is the guardian · `note`: school.
    async fn child(&mut self, step: &Step) -> Result<(), Refused> {
        let draft = self.child_draft(step)?;
        let id = children::add(self.store, self.grant::<AddChild>(step).await?, &draft, None).await?;
        self.last_child.insert(step.person.clone(), id);
        Ok(())
    }

    fn child_draft(&self, step: &Step) -> Result<ChildDraft, Fault> {
        let age: i16 = step.b.parse().map_err(|_| NONE)?;
        let guardian = self.last_relative.get(&step.person).filter(|_| step.d == "relative");
        Ok(ChildDraft {
            name: step.a.clone(),
            born_year: (self.today.year() - age).to_string(),
            school: step.note.clone(),
            grade: step.c.clone(),
            guardian: guardian.map(|id| id.to_string()).unwrap_or_default(),
            version: String::new(),
        })
    }

    /// The same columns as [`Story::child`], as they stand since.
    async fn child_corrected(&mut self, step: &Step) -> Result<(), Refused> {
        let (id, who) = (*self.last_child.get(&step.person).ok_or(NONE)?, self.actor(&step.who)?);
        let draft = self.child_draft(step)?;
        children::change(self.store, self.store.permit::<ChangeChild>(who, id).await?, &draft, None, None).await
    }

    /// `a`: hamlet · `note`: address. The person, the last relative and the last child live there.
    async fn household(&mut self, step: &Step) -> Result<(), Refused> {
        let speaker = self.last_relative.get(&step.person);
        let members = [self.kin(step, "relative"), self.kin(step, "child")];
        let draft = HouseholdDraft {
            hamlet: step.a.clone(),
            address: step.note.clone(),
            with_person: "true".to_owned(),
            speaker: speaker.map(|id| id.to_string()).unwrap_or_default(),
            members: members.into_iter().filter(|member| !member.is_empty()).collect(),
            version: String::new(),
        };
        let id = households::add(self.store, self.grant::<AddHousehold>(step).await?, &draft, None).await?;
        self.last_household.insert(step.person.clone(), id);
        Ok(())
    }

    /// `a`: who of them: relative, child or household · `b`: how. Helpers may know what they need.
    async fn agrees(&self, step: &Step) -> Result<(), Refused> {
        let draft = ConsentDraft { how: step.b.clone(), shares: "true".to_owned(), ..ConsentDraft::default() };
        let who = self.actor(&step.who)?;
        match step.a.as_str() {
            "relative" => {
                let id = *self.last_relative.get(&step.person).ok_or(NONE)?;
                families::consent(self.store, self.store.permit::<SetConsent>(who, id).await?, &draft, None, None).await
            }
            "child" => {
                let id = *self.last_child.get(&step.person).ok_or(NONE)?;
                children::consent(self.store, self.store.permit::<ChangeChild>(who, id).await?, &draft, None, None)
                    .await
            }
            _ => {
                let id = *self.last_household.get(&step.person).ok_or(NONE)?;
                let grant = self.store.permit::<ChangeHousehold>(who, id).await?;
                households::consent(self.store, grant, &draft, None, None).await
            }
        }
    }

    /// `a`: whose: relative, child or household · `b`: kind · `c`: level · `note`: what.
    async fn home_need(&mut self, step: &Step) -> Result<(), Refused> {
        let whose = match step.a.as_str() {
            "household" => Whose::Household(*self.last_household.get(&step.person).ok_or(NONE)?).to_string(),
            word => self.kin(step, word),
        };
        let draft = NeedDraft { whose, kind: step.b.clone(), what: step.note.clone(), level: step.c.clone() };
        let id = needs::add(self.app, self.grant::<AddHomeNeed>(step).await?, &draft, None).await?;
        self.last_home_need.insert(step.person.clone(), id);
        Ok(())
    }

    /// `note`: what is done about what waits the longest.
    async fn urgency_answered(&self, step: &Step) -> Result<(), Refused> {
        let who = self.actor(&step.who)?;
        let scope = self.store.scope::<ListUrgencies>(who)?;
        let waiting = urgencies::list(self.store, &scope, false, &PageAsk { limit: 1, cursor: None }).await?;
        let first = waiting.items.first().ok_or(Fault::Inconsistent("nothing urgent in the demo story"))?;
        let draft = urgencies::model::AnswerDraft { answer: step.note.clone(), version: String::new() };
        let grant = self.store.permit::<AnswerUrgency>(who, first.id).await?;
        urgencies::answer(self.store, grant, &draft, None).await
    }

    /// `note`: how.
    async fn home_need_met(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.last_home_need.get(&step.person).ok_or(NONE)?;
        let grant = self.store.permit::<MeetHomeNeed>(self.actor(&step.who)?, id).await?;
        let draft = MetDraft { note: step.note.clone(), ..MetDraft::default() };
        needs::meet(self.store, grant, &draft, None, None).await
    }
}
