//! What a follow-up is, and what may be typed about one.

use crate::{
    base::{
        fields::{ContactPhone, FollowUpWhat},
        ids::{CaseId, FollowUpId, OrganisationId, UserId, VisitId},
        refusal::{Check, Invalid},
        sealed::{Sealed, SealedText},
        text,
        time::{At, Day},
        words::FollowUpKind,
    },
    store::Paged,
};
use jiff::civil::Date;

/// A line of a follow-up list: the task, and whose it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: FollowUpId,
    pub kind: FollowUpKind,
    pub rule: String,
    pub rule_version: i64,
    pub base_on: Day,
    pub due_on: Day,
    pub interval_days: i64,
    pub halved: bool,
    pub family: bool,
    pub postponed: i64,
    /// What was agreed; what a rule asks for has no words of its own.
    pub what: Option<Sealed<FollowUpWhat>>,
    pub version: i64,
    pub done_at: Option<At>,
    pub case_id: CaseId,
    pub code: String,
    pub name: String,
    pub hamlet: Option<String>,
    pub phone: Option<Sealed<ContactPhone>>,
    // The officer's own columns; absent for a helper.
    #[sqlx(default)]
    pub officer_id: Option<UserId>,
    #[sqlx(default)]
    pub officer: Option<String>,
    #[sqlx(default)]
    pub tries: i64,
    #[sqlx(default)]
    pub last_contact_on: Option<Day>,
}

crate::opens!(Line { id => what; case_id => phone });

impl Line {
    /// What was agreed, or nothing.
    pub fn what(&self) -> &str {
        self.what.text().unwrap_or_default()
    }

    /// Agreed between people, not asked for by a rule.
    pub fn is_agreed(&self) -> bool {
        matches!(self.rule.as_str(), "agreed" | "agreed_visit" | "plan_step" | "loan_window")
    }

    /// Its day was set by people or by another feature, not by a rule of contacts: how far it may be put off is one number.
    pub fn has_own_day(&self) -> bool {
        self.is_agreed()
            || matches!(self.rule.as_str(), "work_check" | "opinion")
            || matches!(self.kind, FollowUpKind::ClearanceReview | FollowUpKind::Breach)
    }

    /// It belongs to a sentence that is served in the community: answered on the page of its duties.
    pub fn asks_duty(&self) -> bool {
        self.kind.is_duty()
    }

    /// Is somebody still at work? Answered where the help is written down.
    pub fn asks_work(&self) -> bool {
        self.rule == "work_check"
    }

    /// An answer is owed to what was said at a gathering: it is written down there.
    pub fn asks_answer(&self) -> bool {
        self.rule == "opinion"
    }

    /// A visit is what it waits for.
    pub fn asks_visit(&self) -> bool {
        self.kind == FollowUpKind::Contact || self.rule == "agreed_visit"
    }

    /// A word is enough to be done with it.
    pub fn is_done_by_word(&self) -> bool {
        self.is_agreed() || self.kind == FollowUpKind::ClearanceReview
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.due_on, self.id]
    }
}

/// Whose case a form is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Head {
    pub name: String,
    pub code: String,
}

/// Which follow-ups a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FollowUpState)]
pub enum State {
    Overdue,
    Today,
    Upcoming,
    Done,
}

/// One follow-up with what decides about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FollowUpRow {
    pub id: FollowUpId,
    pub case_id: CaseId,
    pub kind: FollowUpKind,
    pub rule: String,
    pub rule_version: i64,
    pub base_on: Day,
    pub due_on: Day,
    pub interval_days: i64,
    pub halved: bool,
    pub family: bool,
    pub postponed: i64,
    pub what: Option<Sealed<FollowUpWhat>>,
    pub organisation_id: Option<OrganisationId>,
    pub made_by: Option<UserId>,
    pub done_at: Option<At>,
    pub dropped_at: Option<At>,
    pub version: i64,
}

crate::opens!(FollowUpRow { id => what });

impl FollowUpRow {
    /// What was agreed, or nothing.
    pub fn what(&self) -> &str {
        self.what.text().unwrap_or_default()
    }

    pub fn is_open(&self) -> bool {
        self.done_at.is_none() && self.dropped_at.is_none()
    }
}

/// Counts over a list of follow-ups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Counts {
    pub overdue: i64,
    pub today: i64,
    pub upcoming: i64,
}

/// A task as it is typed: what, and by when.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TaskDraft {
    pub what: String,
    pub due_on: String,
    /// Agreed with an organisation: its id.
    pub organisation: String,
}

/// A task that can be taken.
#[derive(Clone, Debug)]
pub struct Task {
    pub what: String,
    pub due_on: Date,
    pub organisation: Option<OrganisationId>,
    /// The visit at which it was agreed.
    pub visit: Option<VisitId>,
}

impl TaskDraft {
    pub fn check(&self, today: Date) -> Result<Task, Invalid> {
        let mut check = Check::default();
        let what = check.take("what", text::clean_line(&self.what, 200));
        let due_on = check.take("due_on", text::parse_day(&self.due_on, today));
        if let Some(due_on) = due_on {
            check.expect(due_on >= today, "due_on", "in_the_past");
            check.expect(due_on <= crate::base::time::plus_days(today, 3660), "due_on", "too_far");
        }
        let organisation = if self.organisation.is_empty() {
            None
        } else {
            check.take("organisation", self.organisation.parse().map_err(|_| "unknown"))
        };
        check.give(what.zip(due_on).map(|(what, due_on)| Task { what, due_on, organisation, visit: None }))
    }
}

/// Done, with a word on how.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CompletionDraft {
    pub note: String,
}

/// Put off to a day, with a reason.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PostponementDraft {
    pub to_on: String,
    pub reason: String,
}

impl PostponementDraft {
    pub fn check(&self, today: Date) -> Result<(Date, String), Invalid> {
        let mut check = Check::default();
        let to_on = check.take("to_on", text::parse_day(&self.to_on, today));
        let reason = check.take("reason", text::clean_line(&self.reason, 300));
        check.give(to_on.zip(reason))
    }
}
