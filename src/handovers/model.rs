//! A handover as it is typed, checked and shown. Pure.

use crate::{
    base::{
        fields::{HandoverAnswer, HandoverReason, HandoverSheet},
        ids::{CaseId, HandoverId, Id as _, UserId},
        refusal::{Check, Invalid},
        sealed::{Opens, Sealed, SealedText as _, Shut},
        text,
        time::{At, Day},
        words::{FollowUpKind, HandoverState, HelpKind, HelpState, Purpose},
    },
    policy::AreaCode,
    store::Paged,
};

/// A handover as it is typed: to an officer of the commune, or to another commune.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Sign-in name.
    pub officer: String,
    /// Code of the other commune.
    pub to_area: String,
    pub reason: String,
    /// The version of the case that was read (forms).
    pub version: String,
}

/// The same for many cases.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManyDraft {
    pub cases: Vec<String>,
    pub officer: String,
    pub to_area: String,
    pub reason: String,
}

/// To whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Officer(String),
    Area(AreaCode),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHandover {
    pub to: To,
    pub reason: String,
}

/// So many cases go at once.
pub const MOST: usize = 500;

impl Draft {
    /// # Errors
    /// By field: nobody chosen, an officer and a commune at once, no reason.
    pub fn check(&self) -> Result<NewHandover, Invalid> {
        let mut check = Check::default();
        let new = checked(&mut check, &self.officer, &self.to_area, &self.reason);
        check.give(new)
    }
}

impl ManyDraft {
    /// # Errors
    /// As [`Draft::check`]; `cases`: none, or more than 500.
    pub fn check(&self) -> Result<(NewHandover, Vec<CaseId>), Invalid> {
        let mut check = Check::default();
        let new = checked(&mut check, &self.officer, &self.to_area, &self.reason);
        let cases: Option<Vec<CaseId>> =
            check.take("cases", self.cases.iter().map(|id| id.parse().map_err(|_| "not_chosen")).collect());
        let cases = cases.map(|mut cases| {
            cases.sort();
            cases.dedup();
            cases
        });
        check.expect(cases.as_ref().is_none_or(|cases| !cases.is_empty()), "cases", "not_chosen");
        check.expect(cases.as_ref().is_none_or(|cases| cases.len() <= MOST), "cases", "too_many_cases");
        check.give(new.zip(cases))
    }
}

fn checked(check: &mut Check, officer: &str, to_area: &str, reason: &str) -> Option<NewHandover> {
    let to = match (officer.trim(), to_area.trim()) {
        ("", "") => check.take("officer", Err("not_chosen")),
        (officer, "") => Some(To::Officer(officer.to_owned())),
        ("", area) => check.take("to_area", area.parse().map(To::Area).map_err(|_| "not_chosen")),
        _ => check.take("to_area", Err("one_of_both")),
    };
    let reason = check.take("reason", text::clean_line(reason, 300));
    to.zip(reason).map(|(to, reason)| NewHandover { to, reason })
}

/// What is typed to take a case over.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptDraft {
    /// Sign-in name of the officer in charge from now on; only of a case from another commune.
    pub officer: String,
    /// Where she lives here; empty: still to be set.
    pub hamlet: String,
    pub version: String,
}

impl AcceptDraft {
    pub fn hamlet(&self) -> Result<Option<String>, Invalid> {
        text::clean_line_opt(&self.hamlet, 60).map_err(|fault| Invalid::one("hamlet", fault.code()))
    }
}

/// Why a case goes back, or is taken back.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerDraft {
    pub reason: String,
    pub version: String,
}

impl AnswerDraft {
    pub fn reason(&self) -> Result<String, Invalid> {
        text::clean_line(&self.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))
    }
}

/// Where a case is and where it goes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Place {
    pub case_id: CaseId,
    pub area: AreaCode,
    pub officer: Option<UserId>,
    pub to_area: AreaCode,
    pub to_officer: Option<UserId>,
    pub state: HandoverState,
}

impl Place {
    /// Goes to another commune.
    pub fn moves(&self) -> bool {
        self.area != self.to_area
    }
}

/// A handover in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: HandoverId,
    pub case_id: CaseId,
    pub code: String,
    /// Empty where the reader may not know whose case it is.
    pub name: String,
    /// Where the case lies now.
    pub lies_in: AreaCode,
    pub from_area: AreaCode,
    pub from_place: String,
    pub to_area: AreaCode,
    pub to_place: String,
    pub from_officer: Option<String>,
    pub to_officer: Option<String>,
    pub state: HandoverState,
    pub by: String,
    pub made_at: At,
    pub answered_by: Option<String>,
    pub answered_at: Option<At>,
    pub version: i64,
}

impl Line {
    /// Goes to another commune.
    pub fn moves(&self) -> bool {
        self.from_area != self.to_area
    }

    pub fn is_waiting(&self) -> bool {
        self.state == HandoverState::Waiting
    }

    /// May whoever works there know whose case it is: as long as it waits, and where the case lies.
    pub fn is_told_in(&self, area: &AreaCode) -> bool {
        self.is_waiting() || self.lies_in == *area
    }

    #[must_use]
    pub fn told_in(mut self, area: &AreaCode) -> Line {
        if !self.is_told_in(area) {
            self.name.clear();
        }
        self
    }

    pub fn class(&self) -> &'static str {
        match self.state {
            HandoverState::Waiting => "waiting",
            HandoverState::Accepted => "ok",
            HandoverState::Returned | HandoverState::Withdrawn => "plain",
        }
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.made_at, self.id]
    }
}

/// One handover with what was written about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    #[sqlx(flatten)]
    pub line: Line,
    pub reason: Sealed<HandoverReason>,
    pub answer: Option<Sealed<HandoverAnswer>>,
    pub sheet: Option<Sealed<HandoverSheet>>,
}

impl Opens for Whole {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn Shut)) {
        let row = self.line.id.uuid();
        job(row, &mut self.reason);
        job(row, &mut self.answer);
        job(row, &mut self.sheet);
    }
}

impl Whole {
    /// The sheet as it was when it was accepted.
    pub fn sheet(&self) -> Option<Sheet> {
        self.sheet.said().and_then(|kept| serde_json::from_str(kept).ok())
    }
}

/// A case that may be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CaseLine {
    pub id: CaseId,
    pub code: String,
    pub name: String,
    pub hamlet: Option<String>,
    pub officer: Option<String>,
}

/// The one-page sheet: what whoever takes a case over must know, and no more than both sides may see. Nothing of a sentence,
/// of health, of origin, no note.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sheet {
    pub on: Day,
    pub name: String,
    pub code: String,
    pub birth_year: Option<i64>,
    pub status: String,
    pub opened_on: Day,
    pub received_on: Option<Day>,
    pub place: String,
    pub hamlet: String,
    pub officer: String,
    pub phone: String,
    pub phone_of: String,
    pub address: String,
    pub wishes: String,
    pub visit_safely: String,
    pub last_contact_on: Option<Day>,
    /// Words of papers that are there or missing: keys of `locales/`.
    pub papers: Vec<String>,
    pub due: Vec<SheetDue>,
    pub helps: Vec<SheetHelp>,
    pub steps: Vec<SheetStep>,
    pub helpers: Vec<SheetHelper>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SheetDue {
    pub kind: FollowUpKind,
    pub what: String,
    pub due_on: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SheetHelp {
    pub kind: HelpKind,
    pub state: HelpState,
    pub what: String,
    pub vnd: Option<i64>,
    pub organisation: String,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SheetStep {
    pub what: String,
    pub due_on: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SheetHelper {
    pub organisation: String,
    pub purpose: Purpose,
    pub names: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_to_an_officer_or_to_a_commune_and_has_a_reason() {
        let told = |draft: Draft| {
            let refused = draft.check().err().map(|invalid| invalid.0).unwrap_or_default();
            refused.into_iter().map(|one| (one.field.into_owned(), one.code)).collect::<Vec<_>>()
        };
        let draft = |officer: &str, to_area: &str, reason: &str| Draft {
            officer: officer.into(),
            to_area: to_area.into(),
            reason: reason.into(),
            version: String::new(),
        };
        assert_eq!(told(draft("", "", "")), [("officer".to_owned(), "not_chosen"), ("reason".to_owned(), "empty")]);
        assert_eq!(told(draft("officer2", "30301", "x")), [("to_area".to_owned(), "one_of_both")]);
        assert_eq!(told(draft("", "An Giang", "x")), [("to_area".to_owned(), "not_chosen")]);
        assert!(told(draft("", "30301", "chuyển về quê vợ")).is_empty());
        let many = ManyDraft { officer: "officer2".into(), reason: "x".into(), ..ManyDraft::default() };
        assert_eq!(many.check().unwrap_err().0[0].field, "cases");
    }
}
