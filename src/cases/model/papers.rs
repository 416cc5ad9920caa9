//! The legal part put right, and what was put right in a case. Pure.

use super::{LegalFields, line, masked, opening::is_yes, past_day};
use crate::base::{
    fields::{CorrectionAfter, CorrectionBefore},
    ids::CorrectionId,
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{CaseStatus, IdentityKind, Regime},
};
use jiff::civil::Date;

/// The legal part as it is typed when it is put right. What is left empty was written down by mistake.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PapersDraft {
    pub regime: String,
    pub juvenile: String,
    pub source: String,
    pub certificate_no: String,
    pub certificate_on: String,
    pub released_on: String,
    pub noticed_on: String,
    pub present_by_on: String,
    pub received_on: String,
    pub moved_in_on: String,
    pub moved_from: String,
    /// The version of the case that was read.
    pub version: String,
}

impl PapersDraft {
    /// # Errors
    /// By field: an unknown regime; a day before birth or to come; a received case without its day, one that is only noticed
    /// with it (that is a step).
    pub fn check(&self, status: CaseStatus, today: Date, birth: Option<Date>) -> Result<LegalFields, Invalid> {
        let mut check = Check::default();
        let regime = check.take("regime", self.regime.trim().parse::<Regime>().map_err(|_| "unknown_regime"));
        check.expect(regime.is_none_or(|regime| regime != Regime::Support), "regime", "unknown_regime");
        let past = |check: &mut Check, field, typed: &str| past_day(check, field, typed, today, birth);
        let certificate_on = past(&mut check, "certificate_on", &self.certificate_on);
        let released_on = past(&mut check, "released_on", &self.released_on);
        let noticed_on = past(&mut check, "noticed_on", &self.noticed_on);
        let received_on = past(&mut check, "received_on", &self.received_on);
        let moved_in_on = past(&mut check, "moved_in_on", &self.moved_in_on);
        let noticed = status == CaseStatus::Noticed;
        check.expect(noticed || !self.received_on.trim().is_empty(), "received_on", "empty");
        check.expect(!noticed || self.received_on.trim().is_empty(), "received_on", "reception_is_a_step");
        let present_by_on = match self.present_by_on.trim() {
            "" => None,
            typed => check.take("present_by_on", text::parse_day(typed, today)),
        };
        check.expect(present_by_on.is_none_or(|day| super::opening::soon(day, today)), "present_by_on", "too_far_off");
        let source = line(&mut check, "source", &self.source, 120);
        let certificate_no = line(&mut check, "certificate_no", &self.certificate_no, 60);
        let moved_from = line(&mut check, "moved_from", &self.moved_from, 200);
        check.expect(moved_from.is_empty() || moved_in_on.is_some(), "moved_in_on", "empty");
        check.give(regime.map(|regime| LegalFields {
            regime,
            juvenile: is_yes(&self.juvenile),
            source,
            certificate_no,
            certificate_on,
            released_on,
            noticed_on,
            present_by_on,
            received_on,
            moved_in_on,
            moved_from,
        }))
    }
}

impl LegalFields {
    /// Each field with its name, as a correction tells it: days as people write them, words as words.
    pub fn told(&self) -> [(&'static str, String); 11] {
        let day = |day: Option<Date>| day.map(text::show_day).unwrap_or_default();
        [
            ("regime", self.regime.as_str().to_owned()),
            ("juvenile", if self.juvenile { "true".to_owned() } else { String::new() }),
            ("source", self.source.clone()),
            ("certificate_no", self.certificate_no.clone()),
            ("certificate_on", day(self.certificate_on)),
            ("released_on", day(self.released_on)),
            ("noticed_on", day(self.noticed_on)),
            ("present_by_on", day(self.present_by_on)),
            ("received_on", day(self.received_on)),
            ("moved_in_on", day(self.moved_in_on)),
            ("moved_from", self.moved_from.clone()),
        ]
    }
}

/// One field that was put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The part that it belongs to, as the acts know it: `case` is seen by whoever sees the history.
    pub part: &'static str,
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// What differs between two tellings of the same fields.
pub fn changes(part: &'static str, before: &[(&'static str, String)], after: &[(&'static str, String)]) -> Vec<Change> {
    let pairs = before.iter().zip(after);
    let differing = pairs.filter(|((name, before), (same, after))| name == same && before != after);
    let change = |((field, before), (_, after)): (&(&'static str, String), &(&'static str, String))| Change {
        part,
        field,
        before: before.clone(),
        after: after.clone(),
    };
    differing.map(change).collect()
}

/// A field that was put right, as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CorrectionRow {
    pub id: CorrectionId,
    pub part: String,
    pub field: String,
    pub before: Sealed<CorrectionBefore>,
    pub after: Sealed<CorrectionAfter>,
    pub by: String,
    pub made_at: At,
}

crate::opens!(CorrectionRow { id => before, after });

impl CorrectionRow {
    /// A number stays behind its mask in the history too.
    pub fn shown(&self, told: &str) -> String {
        match self.field.as_str() {
            "id_number" => masked(IdentityKind::Citizen, told),
            _ => told.to_owned(),
        }
    }
}

/// Another case of the same person, as far as the reader may open it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CourseRow {
    pub id: crate::base::ids::CaseId,
    pub code: String,
    pub status: CaseStatus,
    pub opened_on: Day,
    pub area: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_was_put_right() {
        let before = [("name", "An".to_owned()), ("phone", String::new())];
        let after = [("name", "Ân".to_owned()), ("phone", String::new())];
        let found = changes("case", &before, &after);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field, found[0].before.as_str(), found[0].after.as_str()), ("name", "An", "Ân"));
    }
}
