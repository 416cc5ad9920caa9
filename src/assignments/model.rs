//! An assignment and a cover as they are typed and shown. Pure.

use crate::base::{
    fields::AssignmentReason,
    ids::{AssignmentId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::Day,
};
use jiff::civil::Date;

/// An assignment as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Sign-in name of the officer.
    pub officer: String,
    pub reason: String,
}

impl Draft {
    pub fn check(&self) -> Result<(String, String), Invalid> {
        let mut check = Check::default();
        let officer = check.take("officer", text::clean_line(&self.officer, 60));
        let reason = check.take("reason", text::clean_line_opt(&self.reason, 300)).flatten().unwrap_or_default();
        check.give(officer.map(|officer| (officer, reason)))
    }
}

/// A cover as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CoverDraft {
    /// Sign-in name of the one who is away.
    pub officer: String,
    /// Sign-in name of the one who stands in.
    pub cover: String,
    pub from_on: String,
    pub to_on: String,
}

impl CoverDraft {
    pub fn check(&self, today: Date) -> Result<(String, String, Date, Date), Invalid> {
        let mut check = Check::default();
        let officer = check.take("officer", text::clean_line(&self.officer, 60));
        let cover = check.take("cover", text::clean_line(&self.cover, 60));
        check.expect(officer.is_none() || officer != cover, "cover", "same_person");
        let from_on = check.take("from_on", text::parse_day(&self.from_on, today));
        let to_on = check.take("to_on", text::parse_day(&self.to_on, today));
        check.expect(to_on.zip(from_on).is_none_or(|(to, from)| to >= from), "to_on", "before_the_beginning");
        check.expect(to_on.is_none_or(|to| to >= today), "to_on", "in_the_past");
        let all = officer.zip(cover).zip(from_on).zip(to_on);
        check.give(all.map(|(((officer, cover), from_on), to_on)| (officer, cover, from_on, to_on)))
    }
}

/// One line of the history of who was in charge.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AssignmentRow {
    pub id: AssignmentId,
    pub officer_id: UserId,
    pub officer: String,
    pub from_on: Day,
    pub to_on: Option<Day>,
    pub reason: Option<Sealed<AssignmentReason>>,
}

crate::opens!(AssignmentRow { id => reason });

/// A leave: who is away, who stands in, first and last day included.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CoverRow {
    pub officer: String,
    pub cover: String,
    pub from_on: Day,
    pub to_on: Day,
}
