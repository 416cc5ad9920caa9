//! Gatherings and community models of the demo story.

use super::{
    Story,
    rows::{self, Step, offset, typed},
};
use crate::{
    app::Refused,
    base::ids::{CaseId, GatheringId},
    community_models,
    gatherings::{self, guests, model, model::opinions as said, opinions},
    policy::{
        Act,
        acts::{
            AddCommunityModel, AnswerOpinion, ChangeCommunityModel, ChangeGathering, PlanDialogue, PlanGathering,
            SeeGathering,
        },
        subjects,
    },
    store::{Fault, Grant},
};

/// `place|leader`, and its like.
fn halves(text: &str) -> (String, String) {
    let (first, second) = text.split_once('|').unwrap_or((text, ""));
    (first.to_owned(), second.to_owned())
}

impl Story<'_> {
    pub(super) async fn gathered(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            "gathering" => self.gathering(step).await,
            "dialogue" => self.dialogue(step).await,
            "asked" => self.invited(step).await,
            "came" => self.came(step).await,
            "minutes" => self.minutes(step).await,
            "moved" => self.moved(step).await,
            "called_off" => self.called_off(step).await,
            "said" => self.said(step).await,
            "answered" => self.answered(step).await,
            "model" => self.model(step).await,
            "model_result" => self.model_result(step).await,
            _ => self.letter(step).await,
        }
    }

    fn meeting(&self, step: &Step) -> Result<GatheringId, Fault> {
        self.gatherings.get(&step.a).copied().ok_or(Fault::Inconsistent("a gathering of the demo story"))
    }

    async fn on_meeting<A: Act<On = subjects::Gathering>>(&self, step: &Step) -> Result<Grant<A>, Fault> {
        self.store.permit::<A>(self.actor(&step.who)?, self.meeting(step)?).await
    }

    /// The cases of `19 04 02`.
    fn cases_of(&self, keys: &str) -> Result<Vec<CaseId>, Fault> {
        let case = |key: &str| self.cases.get(key).copied().ok_or(Fault::Inconsistent("a guest of the demo story"));
        keys.split_whitespace().map(case).collect()
    }

    /// Organisations by their kinds, and the council.
    fn bodies_of(&self, kinds: &str) -> Result<Vec<String>, Fault> {
        let body = |kind: &str| match kind {
            "council" => Ok(kind.to_owned()),
            _ => {
                let found = self.organisations.get(&("30577".to_owned(), kind.to_owned()));
                found.cloned().ok_or(Fault::Inconsistent("an organisation of the demo story"))
            }
        };
        kinds.split_whitespace().map(body).collect()
    }

    /// `a`: its key · `b`: kind · `c`: hour · `d`: day · `note`: title · `shared`: place and leader.
    async fn gathering(&mut self, step: &Step) -> Result<(), Refused> {
        let (place, leader) = halves(&step.shared);
        let draft = model::Draft {
            kind: step.b.clone(),
            title: step.note.clone(),
            on: rows::typed_opt(self.today, offset(&step.d)?),
            at: step.c.clone(),
            place,
            leader,
            ..Default::default()
        };
        let actor = self.actor(&step.who)?;
        let grant = self.store.permit::<PlanGathering>(actor, actor.area().clone()).await?;
        let id = gatherings::plan(self.store, grant, &draft, None).await?;
        self.gatherings.insert(step.a.clone(), id);
        Ok(())
    }

    /// With the family of the person. `a`: its key · `c`: hour · `d`: day · `note`: title · `shared`: place and leader.
    async fn dialogue(&mut self, step: &Step) -> Result<(), Refused> {
        let (place, leader) = halves(&step.shared);
        let draft = model::Draft {
            title: step.note.clone(),
            on: rows::typed_opt(self.today, offset(&step.d)?),
            at: step.c.clone(),
            place,
            leader,
            ..Default::default()
        };
        let grant = self.grant::<PlanDialogue>(step).await?;
        let id = gatherings::plan_dialogue(self.store, grant, &draft, &model::Invited::default(), None).await?;
        self.gatherings.insert(step.a.clone(), id);
        Ok(())
    }

    /// `a`: to which · `b`: bodies · `note`: people.
    async fn invited(&self, step: &Step) -> Result<(), Refused> {
        let draft = model::InviteDraft {
            cases: self.cases_of(&step.note)?.iter().map(ToString::to_string).collect(),
            bodies: self.bodies_of(&step.b)?,
            ..Default::default()
        };
        guests::invite(self.store, self.on_meeting::<ChangeGathering>(step).await?, &draft, None).await
    }

    /// `a`: to which · `c`: how many others · `note`: people; whoever of the doer's guests is not named did not come.
    async fn came(&self, step: &Step) -> Result<(), Refused> {
        let here = self.cases_of(&step.note)?;
        let whole = gatherings::one(self.store, &self.on_meeting::<SeeGathering>(step).await?).await?;
        let ids = |all: Vec<&model::GuestRow>| all.into_iter().map(|guest| guest.id.to_string()).collect();
        let bodies: Vec<String> = whole.parties.iter().map(|party| party.id.to_string()).collect();
        let draft = model::AttendanceDraft {
            listed: ids(whole.guests.iter().collect()),
            came: ids(whole.guests.iter().filter(|guest| here.contains(&guest.case_id)).collect()),
            bodies_listed: bodies.clone(),
            bodies,
            outsiders_came: step.c.clone(),
            withdrawn: Vec::new(),
        };
        guests::attend(self.store, self.on_meeting::<ChangeGathering>(step).await?, &draft, None).await
    }

    /// `a`: of which · `note`: what was written down.
    async fn minutes(&self, step: &Step) -> Result<(), Refused> {
        let draft = model::MinutesDraft { minutes: step.note.clone(), version: String::new() };
        gatherings::minute(self.store, self.on_meeting::<ChangeGathering>(step).await?, &draft, None).await
    }

    /// `a`: which · `c`: hour · `d`: to which day · `note`: why.
    async fn moved(&self, step: &Step) -> Result<(), Refused> {
        let draft = model::MoveDraft {
            on: rows::typed_opt(self.today, offset(&step.d)?),
            at: step.c.clone(),
            reason: step.note.clone(),
            version: String::new(),
        };
        gatherings::put_off(self.store, self.on_meeting::<ChangeGathering>(step).await?, &draft, None).await
    }

    /// `a`: which · `note`: why.
    async fn called_off(&self, step: &Step) -> Result<(), Refused> {
        let draft = model::CancelDraft { reason: step.note.clone(), version: String::new() };
        gatherings::cancel(self.store, self.on_meeting::<ChangeGathering>(step).await?, &draft, None).await
    }

    /// By the person of the step, or by nobody who is named. `a`: where · `b`: who owes an answer · `c`: by when · `d`: its
    /// key · `note`: what.
    async fn said(&mut self, step: &Step) -> Result<(), Refused> {
        let owes = match step.b.as_str() {
            word @ ("" | "in_charge" | "council") => word.to_owned(),
            kind if self.organisations.contains_key(&("30577".to_owned(), kind.to_owned())) => {
                format!("organisation:{}", self.bodies_of(kind)?.concat())
            }
            username => format!("officer:{}", self.user(username)?),
        };
        let who = self.cases_of(&step.person)?.first().map(ToString::to_string).unwrap_or_default();
        let due_on = rows::typed_opt(self.today, offset(&step.c)?);
        let draft = said::Draft { who, text: step.note.clone(), owes, due_on };
        let grant = self.on_meeting::<ChangeGathering>(step).await?;
        let id = opinions::raise(self.store, grant, &draft, None).await?;
        self.opinions.insert(step.d.clone(), id);
        Ok(())
    }

    /// `a`: which · `b`: how · `note`: the answer.
    async fn answered(&self, step: &Step) -> Result<(), Refused> {
        let id = *self.opinions.get(&step.a).ok_or(Fault::Inconsistent("an opinion of the demo story"))?;
        let draft = said::AnswerDraft { kind: step.b.clone(), answer: step.note.clone(), ..Default::default() };
        let grant = self.store.permit::<AnswerOpinion>(self.actor(&step.who)?, id).await?;
        opinions::answer(self.store, grant, &draft, None, None).await
    }

    /// `a`: its key · `b`: since · `c`: people · `d`: money · `note`: its name · `shared`: hamlet, and where it comes from: a key
    /// or a name.
    async fn model(&mut self, step: &Step) -> Result<(), Refused> {
        let (hamlet, source) = halves(&step.shared);
        let known = self.models.get(&source).map(ToString::to_string);
        let draft = community_models::model::Draft {
            name: step.note.clone(),
            hamlet,
            since_on: typed(self.today, offset(&step.b)?.unwrap_or(step.day)),
            copied_from: if known.is_some() { String::new() } else { source },
            copied_from_id: known.unwrap_or_default(),
            people: step.c.clone(),
            vnd: step.d.clone(),
            ..Default::default()
        };
        let actor = self.actor(&step.who)?;
        let grant = self.store.permit::<AddCommunityModel>(actor, actor.area().clone()).await?;
        let id = community_models::add(self.store, grant, &draft, None).await?;
        self.models.insert(step.a.clone(), id);
        Ok(())
    }

    async fn on_model(&self, step: &Step) -> Result<Grant<ChangeCommunityModel>, Fault> {
        let id = *self.models.get(&step.a).ok_or(Fault::Inconsistent("a model of the demo story"))?;
        self.store.permit::<ChangeCommunityModel>(self.actor(&step.who)?, id).await
    }

    /// `a`: of which · `c`: people · `d`: money · `note`: what came of it.
    async fn model_result(&self, step: &Step) -> Result<(), Refused> {
        let draft = community_models::model::ResultDraft {
            on: String::new(),
            what: step.note.clone(),
            people: step.c.clone(),
            vnd: step.d.clone(),
        };
        community_models::add_result(self.store, self.on_model(step).await?, &draft, None).await.map(|_id| ())
    }

    /// `a`: for which · `b`: by whom · `c`: its number · `note`: to whom.
    async fn letter(&self, step: &Step) -> Result<(), Refused> {
        let draft = community_models::model::CommendationDraft {
            to_whom: step.note.clone(),
            by_whom: step.b.clone(),
            number: step.c.clone(),
            on: String::new(),
        };
        community_models::commend(self.store, self.on_model(step).await?, &draft, None).await.map(|_id| ())
    }
}
