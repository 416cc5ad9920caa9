//! Households, children and what they need, as typed, checked and shown. Pure.

use crate::base::{
    fields::{
        ChildBornYear, ChildGrade, ChildName, ChildSchool, FamilyCorrectionAfter, FamilyCorrectionBefore,
        HomeNeedMetNote, HomeNeedWhat, HouseholdAddress, RelativeRelation,
    },
    ids::{ChildId, FamilyCorrectionId, HomeNeedId, HouseholdId, RelativeId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{AgreementHow, HomeNeedKind, KinKind, NeedLevel},
};
use jiff::civil::Date;

/// One of the family: a relative or a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kin {
    Relative(RelativeId),
    Child(ChildId),
}

impl Kin {
    /// As it is typed: empty, `relative:<id>` or `child:<id>`.
    ///
    /// # Errors
    /// Neither.
    pub fn read(typed: &str) -> Result<Option<Kin>, &'static str> {
        match typed.trim().split_once(':') {
            None if typed.trim().is_empty() => Ok(None),
            Some(("relative", id)) => id.parse().map(|id| Some(Kin::Relative(id))).map_err(|_| "unknown"),
            Some(("child", id)) => id.parse().map(|id| Some(Kin::Child(id))).map_err(|_| "unknown"),
            _ => Err("unknown"),
        }
    }

    /// Of the two columns that say it.
    pub fn of(relative: Option<RelativeId>, child: Option<ChildId>) -> Option<Kin> {
        relative.map(Kin::Relative).or(child.map(Kin::Child))
    }

    pub fn relative(self) -> Option<RelativeId> {
        if let Kin::Relative(id) = self { Some(id) } else { None }
    }

    pub fn child(self) -> Option<ChildId> {
        if let Kin::Child(id) = self { Some(id) } else { None }
    }

    pub fn kind(self) -> KinKind {
        match self {
            Kin::Relative(_) => KinKind::Relative,
            Kin::Child(_) => KinKind::Child,
        }
    }
}

impl std::fmt::Display for Kin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kin::Relative(id) => write!(f, "relative:{id}"),
            Kin::Child(id) => write!(f, "child:{id}"),
        }
    }
}

/// A household as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HouseholdDraft {
    pub hamlet: String,
    pub address: String,
    /// `true`: the person herself lives there.
    pub with_person: String,
    /// Who speaks for it: a relative's id; empty: the person herself.
    pub speaker: String,
    /// `relative:<id>` and `child:<id>`.
    pub members: Vec<String>,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

/// A household that can be taken.
#[derive(Clone, Debug)]
pub struct NewHousehold {
    pub hamlet: Option<String>,
    pub address: Option<String>,
    pub with_person: bool,
    pub speaker: Option<RelativeId>,
    pub members: Vec<Kin>,
}

impl HouseholdDraft {
    /// # Errors
    /// By field: nobody lives there, somebody who is no member of the family; words that are too long.
    pub fn check(&self) -> Result<NewHousehold, Invalid> {
        let mut check = Check::default();
        let hamlet = check.take("hamlet", text::clean_line_opt(&self.hamlet, 60)).flatten();
        let address = check.take("address", text::clean_line_opt(&self.address, 200)).flatten();
        let with_person = self.with_person == "true";
        let speaker = relative(&mut check, "speaker", &self.speaker);
        let members = self.members.iter().filter_map(|typed| Kin::read(typed).transpose()).collect();
        let members: Option<Vec<Kin>> = check.take("members", members);
        let nobody = members.as_ref().is_some_and(Vec::is_empty) && !with_person;
        check.expect(!nobody, "members", "nobody_lives_there");
        check.give(members.map(|members| NewHousehold { hamlet, address, with_person, speaker, members }))
    }
}

fn relative(check: &mut Check, field: &'static str, typed: &str) -> Option<RelativeId> {
    match typed.trim() {
        "" => None,
        typed => check.take(field, typed.parse().map_err(|_| "unknown")),
    }
}

/// A child as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChildDraft {
    /// As it is called at home.
    pub name: String,
    pub born_year: String,
    pub school: String,
    pub grade: String,
    /// Who answers for it: a relative's id; empty: the person herself.
    pub guardian: String,
    pub version: String,
}

/// A child that can be taken.
#[derive(Clone, Debug)]
pub struct NewChild {
    pub name: String,
    pub born_year: Option<String>,
    pub school: Option<String>,
    pub grade: Option<String>,
    pub guardian: Option<RelativeId>,
}

/// Whoever is older is a relative with a word of her own.
const OLDEST: i16 = 18;

impl ChildDraft {
    /// # Errors
    /// By field: no name; a year that is none, lies ahead, or was more than eighteen years ago.
    pub fn check(&self, today: Date) -> Result<NewChild, Invalid> {
        let mut check = Check::default();
        let name = check.take("name", text::clean_line(&self.name, 60));
        let born_year = match self.born_year.trim() {
            "" => None,
            typed => {
                let year: Option<i16> = check.take("born_year", typed.parse().map_err(|_| "not_a_year"));
                check.expect(year.is_none_or(|year| year <= today.year()), "born_year", "in_the_future");
                check.expect(year.is_none_or(|year| year >= today.year() - OLDEST), "born_year", "no_child_any_more");
                year.map(|year| year.to_string())
            }
        };
        let school = check.take("school", text::clean_line_opt(&self.school, 120)).flatten();
        let grade = check.take("grade", text::clean_line_opt(&self.grade, 40)).flatten();
        let guardian = relative(&mut check, "guardian", &self.guardian);
        check.give(name.map(|name| NewChild { name, born_year, school, grade, guardian }))
    }
}

/// Whose need it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Household(HouseholdId),
    Kin(Kin),
}

impl Whose {
    pub fn kind(self) -> KinKind {
        match self {
            Whose::Household(_) => KinKind::Household,
            Whose::Kin(kin) => kin.kind(),
        }
    }

    pub fn household(self) -> Option<HouseholdId> {
        if let Whose::Household(id) = self { Some(id) } else { None }
    }

    pub fn kin(self) -> Option<Kin> {
        if let Whose::Kin(kin) = self { Some(kin) } else { None }
    }
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Whose::Household(id) => write!(f, "household:{id}"),
            Whose::Kin(kin) => kin.fmt(f),
        }
    }
}

/// A need as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NeedDraft {
    /// `household:<id>`, `child:<id>` or `relative:<id>`.
    pub whose: String,
    pub kind: String,
    pub what: String,
    /// `some` or `urgent`.
    pub level: String,
}

/// A need that can be taken.
#[derive(Clone, Debug)]
pub struct NewNeed {
    pub whose: Whose,
    pub kind: HomeNeedKind,
    pub what: String,
    pub level: NeedLevel,
}

impl NeedDraft {
    /// # Errors
    /// By field: nobody's, no kind, no words, no level.
    pub fn check(&self) -> Result<NewNeed, Invalid> {
        let mut check = Check::default();
        let whose = match self.whose.trim().split_once(':') {
            Some(("household", id)) => id.parse().map(Whose::Household).map_err(|_| "unknown"),
            _ => Kin::read(&self.whose).and_then(|kin| kin.map(Whose::Kin).ok_or("not_chosen")),
        };
        let whose = check.take("whose", whose);
        let kind = check.take("kind", self.kind.parse::<HomeNeedKind>().map_err(|_| "not_chosen"));
        let what = check.take("what", text::clean_line(&self.what, 200));
        let level = self.level.parse::<NeedLevel>().ok().filter(|level| *level != NeedLevel::Fine);
        let level = check.take("level", level.ok_or("not_chosen"));
        let all = whose.zip(kind).zip(what).zip(level);
        check.give(all.map(|(((whose, kind), what), level)| NewNeed { whose, kind, what, level }))
    }
}

/// That a need was met, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetDraft {
    /// Empty: today.
    pub on: String,
    pub note: String,
    pub version: String,
}

impl MetDraft {
    /// # Errors
    /// By field: a day in the future, a note that is too long.
    pub fn check(&self, today: Date) -> Result<(Date, Option<String>), Invalid> {
        let mut check = Check::default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let note = check.take("note", text::clean_note_opt(&self.note, 500)).flatten();
        check.give(on.map(|on| (on, note)))
    }
}

/// Which line was read before something was done to it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadDraft {
    pub version: String,
}

/// A household as the page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HouseholdRow {
    pub id: HouseholdId,
    pub hamlet: Option<String>,
    pub address: Option<Sealed<HouseholdAddress>>,
    pub with_person: bool,
    pub speaker_id: Option<RelativeId>,
    pub consented_on: Option<Day>,
    pub consented_how: Option<AgreementHow>,
    pub shares: bool,
    pub withdrawn_at: Option<At>,
    pub made_at: At,
    pub ended_at: Option<At>,
    pub version: i64,
}
crate::opens!(HouseholdRow { id => address });

/// Who lives in a household now.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct MemberRow {
    pub household_id: HouseholdId,
    pub relative_id: Option<RelativeId>,
    pub child_id: Option<ChildId>,
}

/// A child as the page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChildRow {
    pub id: ChildId,
    pub guardian_id: Option<RelativeId>,
    pub name: Sealed<ChildName>,
    pub born_year: Option<Sealed<ChildBornYear>>,
    pub school: Option<Sealed<ChildSchool>>,
    pub grade: Option<Sealed<ChildGrade>>,
    pub consented_on: Option<Day>,
    pub consented_how: Option<AgreementHow>,
    pub shares: bool,
    pub withdrawn_at: Option<At>,
    pub made_at: At,
    pub ended_at: Option<At>,
    pub version: i64,
}
crate::opens!(ChildRow { id => name, born_year, school, grade });

/// A field of a household's or a child's record that was put right.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CorrectionRow {
    pub id: FamilyCorrectionId,
    pub household_id: Option<HouseholdId>,
    pub child_id: Option<ChildId>,
    pub field: String,
    pub before: Sealed<FamilyCorrectionBefore>,
    pub after: Sealed<FamilyCorrectionAfter>,
    pub by: String,
    pub made_at: At,
}
crate::opens!(CorrectionRow { id => before, after });

impl CorrectionRow {
    pub fn whose(&self) -> Option<Whose> {
        let child = self.child_id.map(|id| Whose::Kin(Kin::Child(id)));
        self.household_id.map(Whose::Household).or(child)
    }
}

/// A need of the family as the page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NeedRow {
    pub id: HomeNeedId,
    pub household_id: Option<HouseholdId>,
    pub relative_id: Option<RelativeId>,
    pub child_id: Option<ChildId>,
    pub kind: HomeNeedKind,
    pub what: Sealed<HomeNeedWhat>,
    pub level: NeedLevel,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
    pub met_on: Option<Day>,
    pub met_note: Option<Sealed<HomeNeedMetNote>>,
    pub version: i64,
}
crate::opens!(NeedRow { id => what, met_note });

impl NeedRow {
    pub fn whose(&self) -> Option<Whose> {
        let kin = Kin::of(self.relative_id, self.child_id).map(Whose::Kin);
        self.household_id.map(Whose::Household).or(kin)
    }

    /// The chip of its state.
    pub fn class(&self) -> &'static str {
        match (self.met_on, self.level) {
            (Some(_), _) => "ok",
            (None, NeedLevel::Urgent) => "late",
            (None, _) => "waiting",
        }
    }
}

/// A need that the family lets helpers know: how the one is called at home or in which class, and what for. No name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SharedNeed {
    pub id: HomeNeedId,
    pub kind: HomeNeedKind,
    pub level: NeedLevel,
    pub what: Sealed<HomeNeedWhat>,
    pub household_id: Option<HouseholdId>,
    pub relative_id: Option<RelativeId>,
    pub relation: Option<Sealed<RelativeRelation>>,
    pub child_id: Option<ChildId>,
    pub grade: Option<Sealed<ChildGrade>>,
}

impl crate::base::sealed::Opens for SharedNeed {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn crate::base::sealed::Shut)) {
        use crate::base::ids::Id as _;
        job(self.id.uuid(), &mut self.what);
        if let Some(id) = self.relative_id {
            job(id.uuid(), &mut self.relation);
        }
        if let Some(id) = self.child_id {
            job(id.uuid(), &mut self.grade);
        }
    }
}

impl SharedNeed {
    pub fn whose(&self) -> KinKind {
        match (self.relative_id, self.child_id) {
            (Some(_), _) => KinKind::Relative,
            (None, Some(_)) => KinKind::Child,
            (None, None) => KinKind::Household,
        }
    }
}

/// One of the family whom a visit or a piece of help may be for, as a helper may know her: no name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SharedRelative {
    pub id: RelativeId,
    pub relation: Sealed<RelativeRelation>,
}
crate::opens!(SharedRelative { id => relation });

/// The same of a child: in which class.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SharedChild {
    pub id: ChildId,
    pub grade: Option<Sealed<ChildGrade>>,
}
crate::opens!(SharedChild { id => grade });

/// How somebody of the family stands: may anything new be written down for her?
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct KinStanding {
    pub ended: bool,
    /// She, or who answers for her, agrees no longer.
    pub withdrawn: bool,
    /// Helpers may know of her.
    pub shared: bool,
}

impl KinStanding {
    /// # Errors
    /// The code of the refusal: taken out, consent withdrawn; for a helper whatever is not shared is not there.
    pub fn check(self, kind: KinKind, helper: bool) -> Result<(), &'static str> {
        if helper && !self.shared {
            return Err("unknown");
        }
        match kind {
            _ if self.withdrawn && kind == KinKind::Relative => Err("consent_withdrawn"),
            _ if self.withdrawn => Err("guardian_withdrew"),
            KinKind::Relative if self.ended => Err("relative_ended"),
            KinKind::Child if self.ended => Err("child_ended"),
            KinKind::Household if self.ended => Err("household_ended"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn a_household_has_somebody_who_lives_there() {
        assert_eq!(HouseholdDraft::default().check().unwrap_err(), Invalid::one("members", "nobody_lives_there"));
        let with_her = HouseholdDraft { with_person: "true".into(), ..HouseholdDraft::default() };
        assert!(with_her.check().unwrap().members.is_empty());
        let unknown = HouseholdDraft { members: vec!["officer:1".into()], ..HouseholdDraft::default() };
        assert_eq!(unknown.check().unwrap_err(), Invalid::one("members", "unknown"));
    }

    #[test]
    fn a_child_is_born_within_eighteen_years() {
        let born = |year: &str| ChildDraft { name: "Bé Na".into(), born_year: year.into(), ..ChildDraft::default() };
        for (year, code) in [
            ("2027", Some("in_the_future")),
            ("2007", Some("no_child_any_more")),
            ("x", Some("not_a_year")),
            ("2008", None),
            ("", None),
        ] {
            let refused = born(year).check(TODAY).err();
            assert_eq!(refused, code.map(|code| Invalid::one("born_year", code)), "{year}");
        }
    }

    #[test]
    fn a_need_is_somebodys_and_presses_more_or_less() {
        let need = NeedDraft {
            whose: format!("child:{}", uuid::Uuid::nil()),
            kind: "bicycle".into(),
            what: "Xe đạp đi học".into(),
            level: "urgent".into(),
        };
        assert_eq!(need.check().unwrap().whose.kind(), KinKind::Child);
        let none = NeedDraft { level: "none".into(), ..need.clone() };
        assert_eq!(none.check().unwrap_err(), Invalid::one("level", "not_chosen"));
        let nobody = NeedDraft { whose: String::new(), ..need };
        assert_eq!(nobody.check().unwrap_err(), Invalid::one("whose", "not_chosen"));
    }

    #[test]
    fn who_withdrew_is_refused_and_who_shares_nothing_is_not_there_for_a_helper() {
        let standing = |ended, withdrawn, shared| KinStanding { ended, withdrawn, shared };
        assert_eq!(standing(false, true, false).check(KinKind::Child, false), Err("guardian_withdrew"));
        assert_eq!(standing(true, false, false).check(KinKind::Relative, false), Err("relative_ended"));
        assert_eq!(standing(false, false, false).check(KinKind::Relative, true), Err("unknown"));
        assert_eq!(standing(false, false, true).check(KinKind::Relative, true), Ok(()));
        assert_eq!(standing(false, false, false).check(KinKind::Relative, false), Ok(()));
    }
}
