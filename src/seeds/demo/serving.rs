//! Sentences in the community of the demo story.

use super::{
    Story,
    rows::{self, Step, offset, typed},
};
use crate::{
    app::Refused,
    base::words::{AbsenceState, ShorteningState},
    duties::{self, absences, model},
    policy::acts::{
        AskAbsence, AssessDuty, CertifyCompletion, ChangeAbsence, ConsiderShortening, DecideAbsence, NoteBreach,
        SeeDuties, SetDutyTerm,
    },
    store::Fault,
};

impl Story<'_> {
    pub(super) async fn serve(&mut self, step: &Step) -> Result<(), Refused> {
        match step.what.as_str() {
            // `a`, `b`: first and last day.
            "duty_term" => {
                let draft = model::TermDraft {
                    from_on: rows::typed_opt(self.today, offset(&step.a)?),
                    until_on: rows::typed_opt(self.today, offset(&step.b)?),
                    ..Default::default()
                };
                duties::set_term(self.store, self.grant::<SetDutyTerm>(step).await?, &draft, None).await
            }
            "assessed" => self.assessed(step).await,
            "absence" | "absence_said" | "absence_back" => self.absence(step).await,
            // `a`: on purpose · `b`: number of the paper · `c`: by when · `note`: what · `shared`: measures.
            "breach" => {
                let draft = model::BreachDraft {
                    on: typed(self.today, step.day),
                    what: step.note.clone(),
                    wilful: step.a.clone(),
                    paper_no: step.b.clone(),
                    measures: step.shared.clone(),
                    due_on: rows::typed_opt(self.today, offset(&step.c)?),
                };
                duties::note_breach(self.store, self.grant::<NoteBreach>(step).await?, &draft, None).await.map(|_id| ())
            }
            "breach_settled" => {
                let known = self.known(step).await?;
                let open = known.breaches.iter().find(|row| row.settled_on.is_none());
                let draft = model::SettlementDraft {
                    breach: open.ok_or(Fault::Inconsistent("a breach of the demo story"))?.id.to_string(),
                    outcome: step.note.clone(),
                    ..Default::default()
                };
                duties::settle_breach(self.store, self.grant::<NoteBreach>(step).await?, &draft, None).await
            }
            // `a`: proposed or not · `b`: months · `note`: grounds.
            "shorten" => {
                let draft = model::ShorteningDraft {
                    state: step.a.clone(),
                    months: step.b.clone(),
                    note: step.note.clone(),
                    ..Default::default()
                };
                let grant = self.grant::<ConsiderShortening>(step).await?;
                duties::consider(self.store, grant, &draft, None).await.map(|_id| ())
            }
            "court" => self.court(step).await,
            // `a`: number · `b`: how.
            _ => {
                let draft = model::CertificateDraft {
                    number: step.a.clone(),
                    how: step.b.clone(),
                    note: step.note.clone(),
                    ..Default::default()
                };
                let grant = self.grant::<CertifyCompletion>(step).await?;
                duties::certify(self.store, grant, &draft, None).await.map(|_id| ())
            }
        }
    }

    async fn known(&self, step: &Step) -> Result<duties::Known, Refused> {
        duties::of_case(self.store, &self.grant::<SeeDuties>(step).await?).await
    }

    /// Every round that has opened until that day, and sent up on it. `a`: the result · `note`: what is said.
    async fn assessed(&self, step: &Step) -> Result<(), Refused> {
        let today = self.store.today();
        for round in self.known(step).await?.open_rounds(today) {
            let draft = model::AssessmentDraft {
                round_on: round.to_string(),
                result: step.a.clone(),
                note: step.note.clone(),
                sent_on: typed(self.today, step.day),
                ..Default::default()
            };
            duties::assess(self.store, self.grant::<AssessDuty>(step).await?, &draft, None, None).await?;
        }
        Ok(())
    }

    /// `absence`: `a`, `b`: first and last day · `c`: the place · `note`: the reason. `absence_said`: `a`: granted or refused ·
    /// `b`: number · `note`: reasons.
    async fn absence(&self, step: &Step) -> Result<(), Refused> {
        if step.what == "absence" {
            let draft = model::AbsenceDraft {
                from_on: rows::typed_opt(self.today, offset(&step.a)?),
                to_on: rows::typed_opt(self.today, offset(&step.b)?),
                place: step.c.clone(),
                reason: step.note.clone(),
                proposal: "grant".to_owned(),
                proposal_note: step.shared.clone(),
                ..Default::default()
            };
            let grant = self.grant::<AskAbsence>(step).await?;
            return absences::ask(self.store, grant, &draft, None).await.map(|_id| ());
        }
        let officer = Step { who: "supervisor".to_owned(), ..step.clone() };
        let asked = if step.what == "absence_said" { AbsenceState::Requested } else { AbsenceState::Granted };
        let known = self.known(&officer).await?;
        let row = known.absences.iter().find(|row| row.state == asked);
        let id = row.ok_or(Fault::Inconsistent("an absence of the demo story"))?.id;
        let actor = self.actor(&step.who)?;
        if step.what == "absence_back" {
            let grant = self.store.permit::<ChangeAbsence>(actor, id).await?;
            return absences::came_back(self.store, grant, &model::ReturnDraft::default(), None).await;
        }
        let draft = model::DecisionDraft {
            verdict: step.a.clone(),
            number: step.b.clone(),
            reasons: step.note.clone(),
            ..Default::default()
        };
        absences::decide(self.store, self.store.permit::<DecideAbsence>(actor, id).await?, &draft, None).await
    }

    /// `a`: granted or refused · `b`: number · `c`: months.
    async fn court(&self, step: &Step) -> Result<(), Refused> {
        let known = self.known(step).await?;
        let row = known.shortenings.iter().find(|row| row.state == ShorteningState::Proposed);
        let draft = model::CourtDraft {
            shortening: row.ok_or(Fault::Inconsistent("a shortening of the demo story"))?.id.to_string(),
            verdict: step.a.clone(),
            number: step.b.clone(),
            on: typed(self.today, step.day),
            months: step.c.clone(),
            reasons: step.note.clone(),
            ..Default::default()
        };
        duties::decide(self.store, self.grant::<ConsiderShortening>(step).await?, &draft, None).await
    }
}
