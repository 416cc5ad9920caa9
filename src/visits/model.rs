//! A visit as it is typed, checked and shown. Pure.

use crate::base::sealed::SealedText as _;
use crate::{
    base::{
        arg::Arg,
        fields::{ChildName, RelativeName, RelativeRelation, SharedNote, VisitNote, WithdrawnReason},
        ids::{CaseId, ChildId, OrganisationId, RelativeId, UserId, VisitId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{At, Day, plus_days},
        words::{KinKind, VisitKind},
    },
    households::model::Kin,
    store::Paged,
};
use jiff::civil::Date;

/// A visit as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub on: String,
    pub kind: String,
    /// `true` or `false`: met the person (or, for `family`, the family).
    pub met: String,
    /// The officer's own note; a helper has none.
    pub note: String,
    /// What every live helper of the case may read.
    pub shared_note: String,
    /// Earlier than the rule's date; for a helper: the day of a task agreed with her.
    pub next_on: String,
    /// For whom of the family it was: `relative:<id>` or `child:<id>`; empty: for the person herself.
    pub whom: String,
}

/// A visit that can be taken.
#[derive(Clone, Debug)]
pub struct NewVisit {
    pub on: Date,
    pub kind: VisitKind,
    pub met: bool,
    pub note: Option<String>,
    pub shared_note: Option<String>,
    pub next_on: Option<Date>,
    pub whom: Option<Kin>,
}

/// How long ago a visit may lie that is only written down today, in days.
const OLDEST: i64 = 366;

impl Draft {
    /// `helper`: a member of an organisation, who writes no officer's note.
    ///
    /// # Errors
    /// [`Invalid`] by field: no or unknown kind, a day in the future or too long ago, a helper's `note`; `whom` of another
    /// kind than a meeting with the family.
    pub fn check(&self, today: Date, helper: bool) -> Result<NewVisit, Invalid> {
        let mut check = Check::default();
        let on = check.take("on", text::parse_day(&self.on, today));
        if let Some(on) = on {
            check.expect(on <= today, "on", "in_the_future");
            check.expect(on >= plus_days(today, -OLDEST), "on", "too_long_ago");
        }
        let kind = check.take("kind", self.kind.parse::<VisitKind>().map_err(|_| "not_chosen"));
        let met = check.take("met", self.met.parse::<bool>().map_err(|_| "not_chosen"));
        let note = check.take("note", text::clean_note_opt(&self.note, 4000)).flatten();
        check.expect(!(helper && note.is_some()), "note", "not_for_helpers");
        let shared_note = check.take("shared_note", text::clean_note_opt(&self.shared_note, 2000)).flatten();
        let next_on = match self.next_on.trim() {
            "" => None,
            typed => check.take("next_on", text::parse_day(typed, today)),
        };
        if let Some(next_on) = next_on {
            check.expect(next_on >= today, "next_on", "in_the_past");
            check.expect(next_on <= plus_days(today, 366), "next_on", "too_far");
        }
        let whom = check.take("whom", Kin::read(&self.whom)).flatten();
        let fits = whom.is_none() || kind.is_none_or(|kind| kind == VisitKind::Family);
        check.expect(fits, "whom", "only_family_visits");
        let parsed = on.zip(kind).zip(met);
        check.give(parsed.map(|((on, kind), met)| NewVisit { on, kind, met, note, shared_note, next_on, whom }))
    }
}

/// A visit of a case's timeline.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VisitRow {
    pub id: VisitId,
    pub case_id: CaseId,
    pub on_day: Day,
    pub kind: VisitKind,
    pub met: bool,
    pub by_id: UserId,
    pub by: String,
    pub in_charge: bool,
    pub organisation_id: Option<OrganisationId>,
    pub organisation: Option<String>,
    pub shared_note: Option<Sealed<SharedNote>>,
    pub next_on: Option<Day>,
    pub logged_at: At,
    pub withdrawn_at: Option<At>,
    pub withdrawn_reason: Option<Sealed<WithdrawnReason>>,
    pub version: i64,
    /// For whom of the family it was.
    #[sqlx(default)]
    pub relative_id: Option<RelativeId>,
    #[sqlx(default)]
    pub child_id: Option<ChildId>,
    /// Her name: only where the family may be seen.
    #[sqlx(default)]
    pub relative_name: Option<Sealed<RelativeName>>,
    #[sqlx(default)]
    pub relation: Option<Sealed<RelativeRelation>>,
    #[sqlx(default)]
    pub child_name: Option<Sealed<ChildName>>,
    /// For a helper: how a relative is called at home, in which class a child is, as long as it is shared with her.
    #[sqlx(skip)]
    pub shared_as: String,
    /// The officer's note: only where its act is held.
    #[sqlx(default)]
    pub note: Option<Sealed<VisitNote>>,
}

impl crate::base::sealed::Opens for VisitRow {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn crate::base::sealed::Shut)) {
        use crate::base::ids::Id as _;
        let row = self.id.uuid();
        job(row, &mut self.shared_note);
        job(row, &mut self.withdrawn_reason);
        job(row, &mut self.note);
        if let Some(id) = self.relative_id {
            job(id.uuid(), &mut self.relative_name);
            job(id.uuid(), &mut self.relation);
        }
        if let Some(id) = self.child_id {
            job(id.uuid(), &mut self.child_name);
        }
    }
}

impl VisitRow {
    /// A relative or a child, if it was for one.
    pub fn whom(&self) -> Option<KinKind> {
        self.kin().map(Kin::kind)
    }

    pub fn kin(&self) -> Option<Kin> {
        Kin::of(self.relative_id, self.child_id)
    }

    /// How she is called, as far as the reader may know it; empty: not more than that it was a relative or a child.
    pub fn called(&self) -> String {
        let relative = match (self.relation.told(), self.relative_name.told()) {
            (Some(relation), Some(name)) => Some(format!("{name} ({relation})")),
            (relation, name) => relation.or(name),
        };
        relative.or(self.child_name.told()).unwrap_or_else(|| self.shared_as.clone())
    }
}

impl Paged for VisitRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.on_day, self.id]
    }
}

/// Why a visit is taken back, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WithdrawalDraft {
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn draft() -> Draft {
        Draft { on: "23/11/2026".into(), kind: "home".into(), met: "true".into(), ..Draft::default() }
    }

    #[test]
    fn a_visit_of_tomorrow_is_refused_and_yesterdays_is_taken() {
        let today = date(2026, 11, 23);
        assert!(draft().check(today, false).is_ok());
        assert!(Draft { on: "22/11/2026".into(), ..draft() }.check(today, false).is_ok());
        let future = Draft { on: "24/11/2026".into(), ..draft() }.check(today, false);
        assert_eq!(future.unwrap_err(), Invalid::one("on", "in_the_future"));
    }

    #[test]
    fn only_a_meeting_with_the_family_is_for_somebody_of_it() {
        let whom = format!("relative:{}", uuid::Uuid::nil());
        let home = Draft { whom: whom.clone(), ..draft() };
        let refused = home.check(date(2026, 11, 23), false).unwrap_err();
        assert_eq!(refused, Invalid::one("whom", "only_family_visits"));
        let family = Draft { whom, kind: "family".into(), ..draft() };
        assert!(family.check(date(2026, 11, 23), false).unwrap().whom.is_some());
    }

    #[test]
    fn a_helper_has_no_officers_note() {
        let with_note = Draft { note: "x".into(), ..draft() };
        assert_eq!(with_note.check(date(2026, 11, 23), true).unwrap_err(), Invalid::one("note", "not_for_helpers"));
    }
}
