//! A review as it is judged and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{ReviewNote, VerdictNote},
        ids::{Id, ReviewId, UserId},
        sealed::{Opens, Sealed, Shut},
        time::{At, Day},
        words::UnknownWord,
    },
    policy::{AreaCode, Role},
    store::Paged,
};
use jiff::{ToSpan, civil::Date};
use uuid::Uuid;

/// What is said of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    /// Right as it is.
    Keep,
    /// Role or place must change.
    Change,
    /// Must be shut.
    Close,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Keep, Verdict::Change, Verdict::Close];

    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Keep => "keep",
            Verdict::Change => "change",
            Verdict::Close => "close",
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Verdict::Keep => "reviews-keep",
            Verdict::Change => "reviews-change",
            Verdict::Close => "reviews-close",
        }
    }
}

impl std::str::FromStr for Verdict {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Verdict, UnknownWord> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == word).ok_or(UnknownWord)
    }
}

/// A verdict as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerdictDraft {
    pub verdict: String,
    /// What is to change, or why it is shut.
    pub note: String,
}

/// How the reviews stand.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// When the open one began, how many accounts it has and how many wait.
    pub open: Option<Open>,
    /// Until when the next must be signed; `None`: there is no account yet.
    pub due_on: Option<Day>,
}

/// A review under way.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Open {
    pub begun_at: At,
    pub accounts: i64,
    pub waiting: i64,
}

impl Status {
    /// So many months after the last was signed, or after the first account was made.
    pub fn of(open: Option<Open>, since: Option<At>, months: i64) -> Status {
        let months = i32::try_from(months).unwrap_or(6);
        let due = since.map(|since| since.day().saturating_add(months.months()));
        Status { open, due_on: due.map(Day) }
    }

    pub fn is_overdue(&self, today: Date) -> bool {
        self.due_on.is_some_and(|due| due.0 < today)
    }
}

/// An account in the open review.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub name_key: Vec<u8>,
    pub role: Role,
    pub area_code: AreaCode,
    pub area: String,
    pub disabled: bool,
    pub last_sign_in_at: Option<At>,
    /// 1: judged.
    pub judged: i64,
    pub verdict: Option<Verdict>,
    pub review_id: ReviewId,
    pub note: Option<Sealed<VerdictNote>>,
    pub by: Option<String>,
}

/// What a sealed note of a line is bound to: a line has no id of its own, and no two lines share review and account.
pub fn line_id(review: ReviewId, of: UserId) -> ReviewId {
    ReviewId::from_uuid(Uuid::from_u128(review.uuid().as_u128() ^ of.uuid().as_u128()))
}

impl Opens for Line {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut)) {
        job(line_id(self.review_id, self.id).uuid(), &mut self.note);
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.judged, self.name_key.clone(), self.id]
    }
}

/// A review that was signed off.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Past {
    pub id: ReviewId,
    pub number: i64,
    pub signed_at: At,
    pub by: String,
    pub accounts: i64,
    /// Accounts that were to change or to be shut.
    pub marked: i64,
    pub note: Option<Sealed<ReviewNote>>,
}

crate::opens!(Past { id => note });

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_is_due_half_a_year_after_the_last_and_late_the_day_after() {
        let status = Status::of(None, Some(At::of(date(2026, 5, 23), 9, 0)), 6);
        assert_eq!(status.due_on, Some(Day(date(2026, 11, 23))));
        assert!(!status.is_overdue(date(2026, 11, 23)) && status.is_overdue(date(2026, 11, 24)));
        assert!(!Status::of(None, None, 6).is_overdue(date(2030, 1, 1)));
    }
}
