//! What is said of somebody's work. Pure.

use crate::base::{
    fields::WorkStatusNote,
    ids::{UserId, WorkStatusId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::WorkStatus,
};
use jiff::civil::Date;

/// As it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub status: String,
    /// Empty: today.
    pub since_on: String,
    pub note: String,
}

#[derive(Clone, Debug)]
pub struct New {
    pub status: WorkStatus,
    pub since_on: Date,
    pub note: Option<String>,
}

impl Draft {
    /// # Errors
    /// By field: no word, a day that cannot be read or is to come, a note that is too long.
    pub fn check(&self, today: Date) -> Result<New, Invalid> {
        let mut check = Check::default();
        let status = check.take("status", self.status.parse::<WorkStatus>().map_err(|_| "not_chosen"));
        let since_on = match self.since_on.trim() {
            "" => Some(today),
            typed => check.take("since_on", text::parse_day(typed, today)),
        };
        check.expect(since_on.is_none_or(|on| on <= today), "since_on", "in_the_future");
        let note = check.take("note", text::clean_line_opt(&self.note, 300)).flatten();
        check.give(status.zip(since_on).map(|(status, since_on)| New { status, since_on, note }))
    }
}

/// As it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WorkRow {
    pub id: WorkStatusId,
    pub status: WorkStatus,
    pub since_on: Day,
    pub note: Option<Sealed<WorkStatusNote>>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
}

crate::opens!(WorkRow { id => note });
