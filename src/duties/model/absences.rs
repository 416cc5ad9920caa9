//! A request to be away, its answer and the return.

use super::{kept, note, past};
use crate::{
    base::{
        arg::Arg,
        fields::{AbsenceContent, AbsenceDecisionContent},
        ids::{AbsenceId, CaseId, FollowUpId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{Day, days_between},
        words::{AbsenceProposal, AbsenceState},
    },
    store::Paged,
};
use jiff::civil::Date;

/// A request to be away as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AbsenceDraft {
    /// The day of the written request; empty: today.
    pub asked_on: String,
    pub from_on: String,
    pub to_on: String,
    pub place: String,
    pub reason: String,
    /// What the officer proposes, and why.
    pub proposal: String,
    pub proposal_note: String,
    /// Why it may be longer than the office's own bounds.
    pub over_reason: String,
}

/// A request that can be taken.
#[derive(Clone, Debug)]
pub struct NewAbsence {
    pub asked_on: Date,
    pub from: Date,
    pub to: Date,
    pub proposal: AbsenceProposal,
    pub content: Asked,
}

/// What a request says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    pub place: String,
    pub reason: String,
    pub proposal_note: String,
    pub over_reason: String,
}

impl AbsenceDraft {
    /// # Errors
    /// By field: no day; a request to come, or after the departure; a return before it; no place, no reason, no proposal.
    pub fn check(&self, today: Date) -> Result<NewAbsence, Invalid> {
        let mut check = Check::default();
        let asked_on = past(&mut check, "asked_on", &self.asked_on, today);
        let from = super::day(&mut check, "from_on", &self.from_on, today);
        let to = super::day(&mut check, "to_on", &self.to_on, today);
        let before = asked_on.zip(from).is_none_or(|(asked, from)| asked <= from);
        check.expect(before, "from_on", "before_the_request");
        check.expect(from.zip(to).is_none_or(|(from, to)| from <= to), "to_on", "before_the_first_day");
        let near = from.zip(to).is_none_or(|(from, to)| days_between(from, to) <= 366);
        check.expect(near, "to_on", "too_far");
        let place = check.take("place", text::clean_line(&self.place, 200));
        let reason = check.take("reason", text::clean_note(&self.reason, 1000));
        let proposal = check.take("proposal", self.proposal.parse::<AbsenceProposal>().map_err(|_| "not_chosen"));
        let proposal_note = note(&mut check, "proposal_note", &self.proposal_note);
        let over_reason = note(&mut check, "over_reason", &self.over_reason);
        let whole = asked_on.zip(from).zip(to).zip(place).zip(reason).zip(proposal);
        check.give(whole.map(|(((((asked_on, from), to), place), reason), proposal)| NewAbsence {
            asked_on,
            from,
            to,
            proposal,
            content: Asked { place, reason, proposal_note, over_reason },
        }))
    }
}

impl NewAbsence {
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to) + 1
    }
}

/// The bounds that the office sets itself; passing one asks for a reason, and forbids nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Days of one absence.
    pub most: i64,
    /// All together: one part in so many of the time to be served.
    pub part: i64,
}

/// Which bound an absence passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Once(i64),
    Together(i64),
}

impl Bounds {
    /// `before`: the days that were granted before; `term`: the days to be served, if they are known.
    pub fn passed(&self, days: i64, before: i64, term: Option<i64>) -> Option<Over> {
        if days > self.most {
            return Some(Over::Once(self.most));
        }
        let all = term.map(|term| term / self.part.max(1));
        all.filter(|all| before + days > *all).map(Over::Together)
    }
}

/// The written decision on a request, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionDraft {
    /// `granted`, `refused`.
    pub verdict: String,
    pub number: String,
    /// Empty: today.
    pub on: String,
    /// Needed where it is refused.
    pub reasons: String,
    pub version: String,
}

/// What a decision says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Decided {
    pub number: String,
    pub reasons: String,
}

impl DecisionDraft {
    /// # Errors
    /// By field: no verdict, no number; a day to come; a refusal without its reasons.
    pub fn check(&self, today: Date) -> Result<(AbsenceState, Date, Decided), Invalid> {
        let mut check = Check::default();
        let verdict = match self.verdict.as_str() {
            "granted" => Some(AbsenceState::Granted),
            "refused" => Some(AbsenceState::Refused),
            _ => check.take("verdict", Err::<AbsenceState, _>("not_chosen")),
        };
        let number = check.take("number", text::clean_line(&self.number, 60));
        let on = past(&mut check, "on", &self.on, today);
        let reasons = note(&mut check, "reasons", &self.reasons);
        check.expect(verdict != Some(AbsenceState::Refused) || !reasons.is_empty(), "reasons", "refusal_needs_reasons");
        let whole = verdict.zip(number).zip(on);
        check.give(whole.map(|((verdict, number), on)| (verdict, on, Decided { number, reasons })))
    }
}

/// That somebody is back.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnDraft {
    /// Empty: today.
    pub on: String,
    pub version: String,
}

impl ReturnDraft {
    /// # Errors
    /// By field: a day to come.
    pub fn check(&self, today: Date) -> Result<Date, Invalid> {
        let mut check = Check::default();
        let on = past(&mut check, "on", &self.on, today);
        check.give(on)
    }
}

/// Which version was read.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VersionDraft {
    pub version: String,
}

/// A request as its list and its page show it: to the People's Committee no more than its decision needs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AbsenceRow {
    pub id: AbsenceId,
    pub case_id: CaseId,
    pub code: String,
    pub name: String,
    pub hamlet: Option<String>,
    pub state: AbsenceState,
    pub asked_on: Day,
    pub from_on: Day,
    pub to_on: Day,
    pub proposal: AbsenceProposal,
    pub content: Sealed<AbsenceContent>,
    pub decision: Option<Sealed<AbsenceDecisionContent>>,
    pub decided_on: Option<Day>,
    pub decider: Option<String>,
    pub returned_on: Option<Day>,
    pub by: String,
    pub task_id: Option<FollowUpId>,
    pub return_task_id: Option<FollowUpId>,
    pub version: i64,
}

crate::opens!(AbsenceRow { id => content, decision });

impl Paged for AbsenceRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.from_on, self.id]
    }
}

impl AbsenceRow {
    pub fn said(&self) -> Option<Asked> {
        kept(self.content.text())
    }

    pub fn decided(&self) -> Option<Decided> {
        use crate::base::sealed::SealedText as _;
        kept(self.decision.text()?)
    }

    /// How many days: of whoever is back those that she was away.
    pub fn days(&self) -> i64 {
        let last = self.returned_on.unwrap_or(self.to_on).0.max(self.from_on.0);
        days_between(self.from_on.0, last) + 1
    }

    /// Does it count as days away?
    pub fn counts(&self) -> bool {
        matches!(self.state, AbsenceState::Granted | AbsenceState::Returned)
    }

    /// Answered on the day of departure or after it.
    pub fn is_late(&self) -> bool {
        self.decided_on.is_some_and(|on| on.0 >= self.from_on.0)
    }

    /// Days after the day on which she was to be back.
    pub fn days_over(&self) -> i64 {
        self.returned_on.map_or(0, |on| days_between(self.to_on.0, on.0)).max(0)
    }

    pub fn class(&self) -> &'static str {
        match self.state {
            AbsenceState::Requested => "waiting",
            AbsenceState::Granted | AbsenceState::Returned => "ok",
            AbsenceState::Refused => "late",
            AbsenceState::Cancelled => "plain",
        }
    }
}

/// The days that were granted, but for those of one request.
pub fn days_away(rows: &[AbsenceRow]) -> i64 {
    rows.iter().filter(|row| row.counts()).map(AbsenceRow::days).sum()
}
