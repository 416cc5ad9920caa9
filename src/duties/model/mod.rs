//! The records of a sentence served in the community, as typed, checked and kept. Pure.

mod absences;
mod conduct;

pub use absences::{
    AbsenceDraft, AbsenceRow, Asked, Bounds, Decided, DecisionDraft, NewAbsence, Over, ReturnDraft, VersionDraft,
    days_away,
};
pub use conduct::{
    BreachDraft, BreachRow, Broken, CertificateDraft, CertificateRow, Certified, Considered, Court, CourtDraft,
    MistakeDraft, NewBreach, NewCertificate, NewShortening, SettlementDraft, ShorteningDraft, ShorteningRow,
    court_hint,
};

use crate::{
    base::{
        arg::Arg,
        fields::DutyAssessmentContent,
        ids::{CaseId, DutyAssessmentId, FollowUpId, UserId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{At, Day, days_between},
        words::{DutyResult, Regime},
    },
    store::Paged,
};
use jiff::civil::Date;

/// A text that may be left out.
fn note(check: &mut Check, field: &'static str, typed: &str) -> String {
    check.take(field, text::clean_note_opt(typed, 2000)).flatten().unwrap_or_default()
}

fn line(check: &mut Check, field: &'static str, typed: &str) -> String {
    check.take(field, text::clean_line_opt(typed, 100)).flatten().unwrap_or_default()
}

fn day(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    check.take(field, text::parse_day(typed, today))
}

/// A day that has come; empty: today.
fn past(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    if typed.trim().is_empty() {
        return Some(today);
    }
    let on = day(check, field, typed, today)?;
    check.expect(on <= today, field, "in_the_future");
    Some(on)
}

/// What a row keeps sealed, read back; `None`: it was erased.
fn kept<T: serde::de::DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// From when to when a sentence is served, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TermDraft {
    pub from_on: String,
    pub until_on: String,
    /// The version of the case that was read.
    pub version: String,
}

impl TermDraft {
    /// # Errors
    /// By field: no day; a first day to come; a last day before the first, or more than thirty years later.
    pub fn check(&self, today: Date) -> Result<(Date, Date), Invalid> {
        let mut check = Check::default();
        let from = day(&mut check, "from_on", &self.from_on, today);
        let until = day(&mut check, "until_on", &self.until_on, today);
        check.expect(from.is_none_or(|from| from <= today), "from_on", "in_the_future");
        let ordered = from.zip(until).is_none_or(|(from, until)| from < until);
        check.expect(ordered, "until_on", "before_the_first_day");
        let near = from.zip(until).is_none_or(|(from, until)| days_between(from, until) <= 11_000);
        check.expect(near, "until_on", "too_far");
        check.give(from.zip(until))
    }
}

/// An assessment as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AssessmentDraft {
    /// The assessment that is put right; empty: a further one.
    pub assessment: String,
    /// The first day on which it can be written: it looks back at the time before.
    pub round_on: String,
    /// Empty: today.
    pub made_on: String,
    pub result: String,
    pub note: String,
    /// When it was sent up; empty: not yet.
    pub sent_on: String,
    /// The version of the case that was read; needed where one is put right.
    pub version: String,
}

/// An assessment that can be taken.
#[derive(Clone, Debug)]
pub struct NewAssessment {
    pub round: Date,
    pub made_on: Date,
    pub sent_on: Option<Date>,
    pub content: Assessed,
}

/// What an assessment says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Assessed {
    pub result: DutyResult,
    pub note: String,
}

impl AssessmentDraft {
    /// # Errors
    /// By field: no round, or one that has not opened; a day before it or to come; no result; sent up before it was made.
    pub fn check(&self, today: Date) -> Result<NewAssessment, Invalid> {
        let mut check = Check::default();
        let round = day(&mut check, "round_on", &self.round_on, today);
        check.expect(round.is_none_or(|round| round <= today), "round_on", "round_not_open");
        let made_on = past(&mut check, "made_on", &self.made_on, today);
        let after = round.zip(made_on).is_none_or(|(round, made)| made >= round);
        check.expect(after, "made_on", "before_the_round");
        let result = check.take("result", self.result.parse::<DutyResult>().map_err(|_| "not_chosen"));
        let note = note(&mut check, "note", &self.note);
        let sent_on = match self.sent_on.trim() {
            "" => None,
            typed => past(&mut check, "sent_on", typed, today),
        };
        let ordered = made_on.zip(sent_on).is_none_or(|(made, sent)| sent >= made);
        check.expect(ordered, "sent_on", "sent_before_made");
        check.give(round.zip(made_on).zip(result).map(|((round, made_on), result)| NewAssessment {
            round,
            made_on,
            sent_on,
            content: Assessed { result, note },
        }))
    }
}

/// That an assessment was sent up.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DispatchDraft {
    pub assessment: String,
    /// Empty: today.
    pub sent_on: String,
    pub version: String,
}

impl DispatchDraft {
    /// # Errors
    /// By field: no assessment; a day to come.
    pub fn check(&self, today: Date) -> Result<(DutyAssessmentId, Date), Invalid> {
        let mut check = Check::default();
        let id = check.take("assessment", self.assessment.trim().parse().map_err(|_| "unknown"));
        let sent_on = past(&mut check, "sent_on", &self.sent_on, today);
        check.give(id.zip(sent_on))
    }
}

/// An assessment as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AssessmentRow {
    pub id: DutyAssessmentId,
    pub round_on: Day,
    pub made_on: Day,
    pub sent_on: Option<Day>,
    pub content: Sealed<DutyAssessmentContent>,
    pub by: String,
    pub made_at: At,
}

crate::opens!(AssessmentRow { id => content });

impl AssessmentRow {
    pub fn said(&self) -> Option<Assessed> {
        kept(self.content.text())
    }
}

/// One assessment of a round, in the list of the month: whose it is, and whether it is done.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoundLine {
    pub id: FollowUpId,
    pub rule: String,
    pub base_on: Day,
    pub due_on: Day,
    pub done_at: Option<At>,
    pub case_id: CaseId,
    pub code: String,
    pub name: String,
    pub name_key: Vec<u8>,
    pub hamlet: Option<String>,
    pub regime: Regime,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub made_on: Option<Day>,
    pub sent_on: Option<Day>,
}

impl Paged for RoundLine {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.name_key.clone(), self.id]
    }
}

/// How many assessments of a round are done, and how many are sent up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct RoundSum {
    pub asked: i64,
    pub done: i64,
    pub late: i64,
    pub sent: i64,
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
