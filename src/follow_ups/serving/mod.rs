//! A sentence that is served in the community (R3–R7), as far as something is due in it: `dates` is the pure rule, the verbs
//! are for `duties`, which writes the records down.

pub mod dates;
pub(super) mod store;

use super::rulebook_within;
use crate::{
    base::{
        ids::{CaseId, FollowUpId, UserId},
        lang::Lang,
        time::Day,
        words::FollowUpKind,
    },
    policy::{Act, subjects::Case},
    store::{Fault, Grant, Store, Under, Unit},
};
use dates::{Limits, Rhythm, Serving};
use jiff::civil::Date;

/// A term as its row keeps it, sealed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Kept {
    pub from: Day,
    /// The last day as it was pronounced.
    pub until: Day,
    /// The last day in force.
    pub ends: Day,
}

/// How a case stands that carries duties.
#[derive(Clone, Debug)]
pub struct Standing {
    pub serving: Serving,
    pub rhythm: Option<Rhythm>,
    /// The day after which the first round opens.
    pub begins: Date,
    pub limits: Limits,
    pub regime: crate::base::words::Regime,
    pub juvenile: bool,
    pub active: bool,
}

/// How a case stands, for a page.
pub async fn standing<A: Act<On = Case>>(store: &Store, grant: &Grant<A>) -> Result<Standing, Fault> {
    let book = super::rulebook(store).await?;
    let facts = super::store::facts(&mut Under(store, grant), grant.id()).await?;
    Ok(of(facts, &book.rules))
}

/// The same within a unit of work.
pub(crate) async fn standing_within(unit: &mut Unit, case: CaseId) -> Result<Standing, Fault> {
    let book = rulebook_within(unit).await?;
    let facts = super::store::facts(unit, case).await?;
    Ok(of(facts, &book.rules))
}

fn of(facts: super::due::Facts, rules: &super::due::RuleSet) -> Standing {
    let begins = facts.received_on.unwrap_or(facts.opened_on).max(facts.opened_on);
    Standing {
        rhythm: dates::rhythm(facts.regime),
        begins,
        limits: super::due::limits(rules),
        regime: facts.regime,
        juvenile: facts.juvenile,
        active: facts.status == crate::base::words::CaseStatus::Active,
        serving: facts.serving,
    }
}

/// A round is written down: what asked for it is done.
pub(crate) async fn settle_round(unit: &mut Unit, case: CaseId, round: Date, by: UserId) -> Result<(), Fault> {
    store::settle_round(unit, case, round, by).await
}

/// Asks for something of a duty, about one day and until another.
pub(crate) async fn ask(
    unit: &mut Unit,
    case: CaseId,
    kind: FollowUpKind,
    days: (Date, Date),
    by: UserId,
) -> Result<FollowUpId, Fault> {
    store::insert(unit, case, kind, days, by).await
}

/// The time that a round looks back at, in words: `tháng 11/2026`, `quý 3/2026`.
pub fn period(lang: Lang, rule: &str, round: Date) -> String {
    let quarterly = rule == "duty_quarterly";
    let rhythm = Rhythm { months: if quarterly { 3 } else { 1 }, rule: "" };
    let (_, last) = rhythm.looks_at(round);
    let (key, number) = match quarterly {
        true => ("follow-ups-round-quarter", i64::from((last.month() - 1) / 3 + 1).to_string()),
        false => ("follow-ups-round-month", format!("{:02}", last.month())),
    };
    lang.with(key, &[("n", number.into()), ("year", last.year().to_string().into())])
}

/// A follow-up's own words where its kind alone does not say it: the round of an assessment.
pub(crate) fn what(lang: Lang, kind: FollowUpKind, rule: &str, base_on: Date) -> Option<String> {
    let key = match (kind, rule) {
        (FollowUpKind::DutyAssessment, "duty_report") => "follow-ups-round-report",
        (FollowUpKind::DutyAssessment, _) => "follow-ups-round",
        _ => return None,
    };
    Some(lang.with(key, &[("x", period(lang, rule, base_on).into())]))
}
