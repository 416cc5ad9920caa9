//! A restriction as it is typed, checked and shown. Pure.

use crate::base::{
    fields::{RestrictionEndedReason, RestrictionReason},
    ids::{CaseId, RestrictionId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::At,
    words::RestrictionKind,
};

/// A restriction as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// `exclusion`: these may not; `only`: these alone may.
    pub kind: String,
    /// Ids of colleagues and helpers of the commune.
    pub users: Vec<String>,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRestriction {
    pub kind: RestrictionKind,
    pub users: Vec<UserId>,
    pub reason: String,
}

impl Draft {
    /// # Errors
    /// By field: no kind, nobody named, no reason.
    pub fn check(&self) -> Result<NewRestriction, Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse().map_err(|_| "not_chosen"));
        let users: Option<Vec<UserId>> =
            check.take("users", self.users.iter().map(|id| id.parse().map_err(|_| "not_chosen")).collect());
        check.expect(users.as_ref().is_none_or(|users| !users.is_empty()), "users", "not_chosen");
        let reason = check.take("reason", text::clean_note(&self.reason, 500));
        check.give(kind.zip(users).zip(reason).map(|((kind, users), reason)| NewRestriction { kind, users, reason }))
    }
}

/// Why a restriction ends, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EndDraft {
    pub reason: String,
}

/// Who is left, if a restriction came into force: what must not become empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Left {
    /// Live cases of the person whose officer in charge may not know her any more.
    pub officers_shut_out: i64,
    /// Those who cover for such an officer, today or later, and may not.
    pub covers_shut_out: i64,
    /// Live cases that nobody has, and that no officer of the commune could be given.
    pub without_officer: i64,
    /// Cases whose commune has no head left who may know her.
    pub without_head: i64,
}

impl Left {
    /// # Errors
    /// `users`: whom the restriction may not shut out, and what to do first.
    pub fn check(self) -> Result<(), Invalid> {
        let mut check = Check::default();
        check.expect(self.officers_shut_out == 0, "users", "shuts_out_officer");
        check.expect(self.covers_shut_out == 0, "users", "shuts_out_cover");
        check.expect(self.without_officer == 0, "users", "leaves_no_officer");
        check.expect(self.without_head == 0, "users", "leaves_no_head");
        check.done()
    }
}

/// A restriction of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RestrictionRow {
    pub id: RestrictionId,
    pub case_id: CaseId,
    pub kind: RestrictionKind,
    pub reason: Sealed<RestrictionReason>,
    pub by: String,
    pub made_at: At,
    pub ended_at: Option<At>,
    pub ended_by: Option<String>,
    pub ended_reason: Option<Sealed<RestrictionEndedReason>>,
    pub version: i64,
}

crate::opens!(RestrictionRow { id => reason, ended_reason });

/// Somebody named in a restriction.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NamedRow {
    pub restriction_id: RestrictionId,
    pub user_id: UserId,
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY_SHUT_OUT: Left =
        Left { officers_shut_out: 0, covers_shut_out: 0, without_officer: 0, without_head: 0 };

    #[test]
    fn a_restriction_names_somebody_and_says_why() {
        let refused = Draft::default().check().unwrap_err();
        let told: Vec<_> = refused.0.iter().map(|one| (one.field.as_ref(), one.code)).collect();
        assert_eq!(told, [("kind", "not_chosen"), ("users", "not_chosen"), ("reason", "empty")]);
        let user = "01900000-0000-7000-8000-000000000001";
        let draft =
            Draft { kind: "only".into(), users: vec![user.into()], reason: "Người nhà của cán bộ".into() };
        let new = draft.check().unwrap();
        assert_eq!((new.kind, new.users.len()), (RestrictionKind::Only, 1));
    }

    #[test]
    fn whoever_is_left_without_somebody_in_charge_is_named() {
        assert_eq!(NOBODY_SHUT_OUT.check(), Ok(()));
        for (left, code) in [
            (Left { officers_shut_out: 1, ..NOBODY_SHUT_OUT }, "shuts_out_officer"),
            (Left { covers_shut_out: 1, ..NOBODY_SHUT_OUT }, "shuts_out_cover"),
            (Left { without_officer: 1, ..NOBODY_SHUT_OUT }, "leaves_no_officer"),
            (Left { without_head: 1, ..NOBODY_SHUT_OUT }, "leaves_no_head"),
        ] {
            assert_eq!(left.check(), Err(Invalid::one("users", code)));
        }
    }
}
