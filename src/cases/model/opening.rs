//! A new case as it is typed, and checked. Pure.

use super::{Identity, line, past_day};
use crate::base::{
    refusal::{Check, Invalid},
    text::{self, Phone},
    time::plus_days,
    words::{Precision, Regime, Sex},
};
use jiff::civil::Date;

/// A new case as it is typed, in a form, a program's body or a row of a file. Empty: not said.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub name: String,
    pub aliases: String,
    pub sex: String,
    pub birth: String,
    pub phone: String,
    pub phone_of: String,
    pub address: String,
    pub wishes: String,
    pub visit_safely: String,
    /// Name of the ấp, khóm or khu phố; one that is not known yet is added to the commune's list.
    pub hamlet: String,
    pub regime: String,
    pub juvenile: String,
    pub source: String,
    pub certificate_no: String,
    pub certificate_on: String,
    pub released_on: String,
    pub noticed_on: String,
    /// The term to present as written on the certificate; no default is invented.
    pub present_by_on: String,
    pub received_on: String,
    /// She moved here from another commune on that day, and from which.
    pub moved_in_on: String,
    pub moved_from: String,
    /// A word of `IdentityKind`; empty: as the number says.
    pub id_kind: String,
    pub id_number: String,
    pub ethnicity: String,
    pub religion: String,
    pub health: String,
    pub offence: String,
    pub penalty: String,
    pub sentenced_on: String,
    pub court: String,
    /// Sign-in name of the officer in charge; empty: the opener.
    pub officer: String,
    /// The opener has looked at the records that may be the same person's: it is somebody else.
    pub not_a_double: String,
}

/// A new case that can be taken.
#[derive(Clone, Debug)]
pub struct NewCase {
    pub person: PersonFields,
    pub contact: ContactFields,
    pub hamlet: Option<String>,
    pub legal: LegalFields,
    pub id_number: Option<Identity>,
    pub ethnicity: Option<String>,
    pub religion: Option<String>,
    pub health: Option<String>,
    pub sentence: Option<SentenceFields>,
    pub officer: Option<String>,
    pub not_a_double: bool,
}

#[derive(Clone, Debug)]
pub struct PersonFields {
    pub name: String,
    pub aliases: String,
    pub sex: Option<Sex>,
    pub birth: Option<(Date, Precision)>,
}

#[derive(Clone, Debug)]
pub struct ContactFields {
    pub phone: Option<String>,
    pub phone_of: String,
    pub address: String,
    pub wishes: String,
    pub visit_safely: String,
}

#[derive(Clone, Debug)]
pub struct LegalFields {
    pub regime: Regime,
    pub juvenile: bool,
    pub source: String,
    pub certificate_no: String,
    pub certificate_on: Option<Date>,
    pub released_on: Option<Date>,
    pub noticed_on: Option<Date>,
    pub present_by_on: Option<Date>,
    pub received_on: Option<Date>,
    pub moved_in_on: Option<Date>,
    pub moved_from: String,
}

#[derive(Clone, Debug)]
pub struct SentenceFields {
    pub offence: String,
    pub penalty: String,
    pub sentenced_on: Option<Date>,
    pub court: String,
}

/// The term to present oneself is a matter of days: one that lies more than a year ahead is a slip of the pen, and would be
/// waited for.
pub(super) fn soon(day: Date, today: Date) -> bool {
    day <= plus_days(today, 366)
}

impl Draft {
    /// Checks every field and says all that is wrong at once.
    ///
    /// # Errors
    /// [`Invalid`] with a field each: empty name, unknown regime, a date in the future or before birth,
    /// a telephone or ID number of the wrong shape.
    pub fn check(&self, today: Date) -> Result<NewCase, Invalid> {
        let mut check = Check::default();
        let person = person(&mut check, &self.name, &self.aliases, &self.sex, &self.birth, today);
        let birth = person.as_ref().and_then(|person| person.birth).map(|birth| birth.0);
        let contact = contact(&mut check, &self.phone, &self.phone_of, &self.address, &self.wishes, &self.visit_safely);
        let hamlet = check.take("hamlet", text::clean_line_opt(&self.hamlet, 60)).flatten();
        let regime = check.take("regime", self.regime.trim().parse::<Regime>().map_err(|_| "unknown_regime"));
        check.expect(regime.is_none_or(|regime| regime != Regime::Support), "regime", "unknown_regime");
        let certificate_on = past_day(&mut check, "certificate_on", &self.certificate_on, today, birth);
        let released_on = past_day(&mut check, "released_on", &self.released_on, today, birth);
        let noticed_on = past_day(&mut check, "noticed_on", &self.noticed_on, today, birth);
        let moved_in_on = past_day(&mut check, "moved_in_on", &self.moved_in_on, today, birth);
        let moved_from = line(&mut check, "moved_from", &self.moved_from, 200);
        check.expect(moved_from.is_empty() || moved_in_on.is_some(), "moved_in_on", "empty");
        // Whoever moves here was received where she came from: here she is received on the day on which she comes.
        let received_on = past_day(&mut check, "received_on", &self.received_on, today, birth).or(moved_in_on);
        let present_by_on = if self.present_by_on.trim().is_empty() {
            None
        } else {
            check.take("present_by_on", text::parse_day(&self.present_by_on, today))
        };
        check.expect(present_by_on.is_none_or(|day| soon(day, today)), "present_by_on", "too_far_off");
        let year = birth.map(Date::year);
        let female = person.as_ref().and_then(|person| person.sex).map(|sex| sex == Sex::Female);
        let id_number = check.add(Identity::check(&self.id_kind, &self.id_number, female, year)).flatten();
        let opt =
            |check: &mut Check, field, typed: &str, max| check.take(field, text::clean_line_opt(typed, max)).flatten();
        let ethnicity = opt(&mut check, "ethnicity", &self.ethnicity, 40);
        let religion = opt(&mut check, "religion", &self.religion, 40);
        let health = check.take("health", text::clean_note_opt(&self.health, 2000)).flatten();
        let offence = line(&mut check, "offence", &self.offence, 200);
        let penalty = line(&mut check, "penalty", &self.penalty, 200);
        let court = line(&mut check, "court", &self.court, 120);
        let sentenced_on = past_day(&mut check, "sentenced_on", &self.sentenced_on, today, birth);
        let has_sentence = !offence.is_empty() || !penalty.is_empty() || !court.is_empty() || sentenced_on.is_some();
        let officer = opt(&mut check, "officer", &self.officer, 60);
        let source = line(&mut check, "source", &self.source, 120);
        let certificate_no = line(&mut check, "certificate_no", &self.certificate_no, 60);
        let legal = regime.map(|regime| LegalFields {
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
        });
        let sentence = has_sentence.then_some(SentenceFields { offence, penalty, sentenced_on, court });
        let all = person.zip(contact).zip(legal).map(|((person, contact), legal)| NewCase {
            person,
            contact,
            hamlet,
            legal,
            id_number,
            ethnicity,
            religion,
            health,
            sentence,
            officer,
            not_a_double: is_yes(&self.not_a_double),
        });
        check.give(all)
    }
}

pub(super) fn person(
    check: &mut Check,
    name: &str,
    aliases: &str,
    sex: &str,
    birth: &str,
    today: Date,
) -> Option<PersonFields> {
    let name = check.take("name", text::clean_line(name, 100));
    let aliases = line(check, "aliases", aliases, 100);
    let sex = match sex.trim() {
        "" => None,
        typed => check.take("sex", typed.parse().map_err(|_| "unknown")),
    };
    let birth = match birth.trim() {
        "" => None,
        typed => check.take("birth", text::parse_birth(typed, today)),
    };
    Some(PersonFields { name: name?, aliases, sex, birth })
}

pub(super) fn contact(
    check: &mut Check,
    phone: &str,
    phone_of: &str,
    address: &str,
    wishes: &str,
    visit_safely: &str,
) -> Option<ContactFields> {
    let phone = match phone.trim() {
        "" => None,
        typed => check.take("phone", Phone::parse(typed)).map(|phone| phone.as_str().to_owned()),
    };
    Some(ContactFields {
        phone,
        phone_of: line(check, "phone_of", phone_of, 60),
        address: line(check, "address", address, 200),
        wishes: line(check, "wishes", wishes, 200),
        visit_safely: line(check, "visit_safely", visit_safely, 200),
    })
}

pub(super) fn is_yes(typed: &str) -> bool {
    matches!(text::fold(typed).as_str(), "1" | "true" | "on" | "yes" | "co" | "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_of_another_century_is_a_slip_of_the_pen() {
        let today = jiff::civil::date(2026, 11, 23);
        assert!(soon(jiff::civil::date(2026, 12, 8), today) && soon(jiff::civil::date(1999, 1, 1), today));
        assert!(!soon(jiff::civil::date(2126, 12, 8), today));
        let draft = Draft {
            name: "Lê Văn A".into(),
            regime: "completed".into(),
            present_by_on: "08/12/2126".into(),
            ..Draft::default()
        };
        let told = draft.check(today).unwrap_err().0;
        assert!(told.iter().any(|fault| fault.field == "present_by_on" && fault.code == "too_far_off"), "{told:?}");
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let draft = Draft {
            name: "  ".into(),
            phone: "123".into(),
            regime: "none".into(),
            received_on: "2999-01-01".into(),
            id_number: "12".into(),
            ..Draft::default()
        };
        let faults = draft.check(jiff::civil::date(2026, 11, 23)).unwrap_err().0;
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        for field in ["name", "phone", "regime", "received_on", "id_number"] {
            assert!(fields.contains(&field), "{field} is missing in {fields:?}");
        }
    }
}
