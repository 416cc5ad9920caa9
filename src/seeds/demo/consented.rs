//! What the people of the story have agreed to, and agree to no longer.

use super::{Story, rows::Step};
use crate::{
    app::Refused,
    base::{ids::ConsentId, words::ConsentGroup},
    consents,
    policy::acts::{GiveConsent, SeeConsents, WithdrawConsent},
    store::Fault,
};

impl Story<'_> {
    /// `a`: what she agrees to, in words of `ConsentGroup` · `b`: the organisation that it is passed on to · `c`: how ·
    /// `note`: where it is written.
    pub(super) async fn consent(&self, step: &Step) -> Result<(), Refused> {
        let draft = consents::model::Draft {
            groups: step.a.split_whitespace().map(str::to_owned).collect(),
            organisation: if step.b.is_empty() { String::new() } else { self.organisation(step, &step.b)? },
            how: step.c.clone(),
            given_on: String::new(),
            paper: step.note.clone(),
        };
        consents::give(self.store, self.grant::<GiveConsent>(step).await?, &draft, None).await?;
        Ok(())
    }

    /// `a`: what she agrees to no longer · `note`: her words.
    pub(super) async fn consent_withdrawn(&self, step: &Step) -> Result<(), Refused> {
        let group: ConsentGroup = step.a.parse().map_err(|_| Fault::Inconsistent("a consent of the demo story"))?;
        let given = consents::of_case(self.store, &self.grant::<SeeConsents>(step).await?).await?;
        let live = given.iter().find(|one| one.grp == group && one.withdrawn_at.is_none());
        let id: ConsentId = live.ok_or(Fault::Inconsistent("a consent of the demo story"))?.id;
        let draft = consents::model::WithdrawalDraft { words: step.note.clone(), ..Default::default() };
        let grant = self.store.permit::<WithdrawConsent>(self.actor(&step.who)?, id).await?;
        consents::withdraw(self.store, grant, &draft, None, None).await
    }
}
