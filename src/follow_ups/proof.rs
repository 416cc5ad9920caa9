//! The nightly proof: what is stored is what the engine would say today.

use super::{differs, is_for, model::FollowUpRow, replan, rulebook_within, store};
use crate::{
    base::{ids::CaseId, words::FollowUpKind},
    follow_ups::due::{self, Due, Plan},
    store::{Fault, Unit},
};

/// Compares a case with its plan, then plans it anew. `false`: they differ where nothing but a defect explains it.
///
/// Four things change a plan without a verb and are no defect: rules of a newer version (the case says which it was
/// planned with), a rule that takes effect on its day, a referral whose term begins or ends by itself, and a new month, with
/// which the next round of an assessment comes.
pub async fn prove(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let book = rulebook_within(unit).await?;
    let facts = store::facts(unit, case).await?;
    let plan = due::plan(&facts, &book.rules, &book.days, unit.today());
    let stored = store::open_planned(unit, case).await?;
    let note = store::noted_plan(unit, case).await?;
    let holds = note.rule_version != book.version || (note.agrees(&plan) && rows_agree(&stored, &plan.due));
    replan(unit, case).await?;
    Ok(holds)
}

fn rows_agree(stored: &[FollowUpRow], planned: &[Due]) -> bool {
    let known = stored.iter().filter(|row| row.kind == FollowUpKind::DutyAssessment).map(|row| row.base_on.0).max();
    let missing = planned.iter().any(|due| {
        due.kind != FollowUpKind::AssignHelper
            && !(due.kind == FollowUpKind::DutyAssessment && known.is_some_and(|known| due.base_on > known))
            && stored
                .iter()
                .find(|row| is_for(row, due))
                .is_none_or(|row| row.rule_version == due.rule_version && differs(row, due))
    });
    let surplus =
        stored.iter().any(|row| row.kind != FollowUpKind::AssignHelper && !planned.iter().any(|due| is_for(row, due)));
    !missing && !surplus
}

/// What the last plan left on the case.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Noted {
    pub last_contact_on: Option<crate::base::time::Day>,
    pub never_met: bool,
    pub tries: i64,
    pub to_supervisor: bool,
    pub rule_version: i64,
}

impl Noted {
    fn agrees(&self, plan: &Plan) -> bool {
        (self.last_contact_on.map(|day| day.0), self.never_met, self.tries, self.to_supervisor)
            == (plan.last_contact_on, plan.never_met, i64::from(plan.tries), plan.to_supervisor)
    }
}
