//! A case as it is typed, checked and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{
            AddressCheckedOn, BirthOn, CertificateNo, CertificateOn, ClassificationReason, ClosedOn, ClosureGroundWord,
            ContactAddress, ContactPhone, ContactPhoneOf, ContactVisitSafely, ContactWishes, Court, Ethnicity,
            HealthNote, IdentityNumber, Juvenile, LegalSource, NoticedOn, Offence, Penalty, PresentByOn,
            ProtectedNoteText, ProtectedReasonWord, ReceivedOn, ReleasedOn, Religion, SentencedOn, SuspendedReviewOn,
        },
        ids::{CaseId, ClassificationId, HamletId, PersonId, ProtectedNoteId, SentenceId, UserId},
        refusal::{Check, Invalid},
        sealed::{Sealed, SealedDay, SealedText},
        text::{self, IdNumber, Phone},
        time::{At, Day},
        words::{CaseStatus, ClosureGround, Group, Precision, Regime, Sex},
    },
    policy::AreaCode,
    store::Paged,
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
}

/// A new case that can be taken.
#[derive(Clone, Debug)]
pub struct NewCase {
    pub person: PersonFields,
    pub contact: ContactFields,
    pub hamlet: Option<String>,
    pub legal: LegalFields,
    pub id_number: Option<IdNumber>,
    pub ethnicity: Option<String>,
    pub religion: Option<String>,
    pub health: Option<String>,
    pub sentence: Option<SentenceFields>,
    pub officer: Option<String>,
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
}

#[derive(Clone, Debug)]
pub struct SentenceFields {
    pub offence: String,
    pub penalty: String,
    pub sentenced_on: Option<Date>,
    pub court: String,
}

/// A day that may be left empty; not in the future, not before birth.
pub(super) fn past_day(
    check: &mut Check,
    field: &'static str,
    typed: &str,
    today: Date,
    birth: Option<Date>,
) -> Option<Date> {
    if typed.trim().is_empty() {
        return None;
    }
    let day = check.take(field, text::parse_day(typed, today))?;
    check.expect(day <= today, field, "in_the_future");
    check.expect(birth.is_none_or(|birth| birth <= day), field, "before_birth");
    Some(day)
}

pub(super) fn line(check: &mut Check, field: &'static str, typed: &str, max: usize) -> String {
    check.take(field, text::clean_line_opt(typed, max)).flatten().unwrap_or_default()
}

fn is_yes(typed: &str) -> bool {
    matches!(text::fold(typed).as_str(), "1" | "true" | "on" | "yes" | "co" | "x")
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
        let received_on = past_day(&mut check, "received_on", &self.received_on, today, birth);
        let present_by_on = if self.present_by_on.trim().is_empty() {
            None
        } else {
            check.take("present_by_on", text::parse_day(&self.present_by_on, today))
        };
        let year = birth.map(Date::year);
        let female = person.as_ref().and_then(|person| person.sex).map(|sex| sex == Sex::Female);
        let id_number = if self.id_number.trim().is_empty() {
            None
        } else {
            check.take("id_number", text::id_number::check(&self.id_number, female, year))
        };
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
        });
        check.give(all)
    }
}

fn person(check: &mut Check, name: &str, aliases: &str, sex: &str, birth: &str, today: Date) -> Option<PersonFields> {
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

fn contact(
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

/// A correction of name, contact and hamlet as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Correction {
    pub name: String,
    pub aliases: String,
    pub sex: String,
    pub birth: String,
    pub phone: String,
    pub phone_of: String,
    pub address: String,
    pub wishes: String,
    pub visit_safely: String,
    pub hamlet: String,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

impl Correction {
    pub fn check(&self, today: Date) -> Result<(PersonFields, ContactFields, Option<String>), Invalid> {
        let mut check = Check::default();
        let person = person(&mut check, &self.name, &self.aliases, &self.sex, &self.birth, today);
        let contact = contact(&mut check, &self.phone, &self.phone_of, &self.address, &self.wishes, &self.visit_safely);
        let hamlet = check.take("hamlet", text::clean_line_opt(&self.hamlet, 60)).flatten();
        check.give(person.zip(contact).map(|(person, contact)| (person, contact, hamlet)))
    }
}

/// A step of a case as it is typed: which, on which day.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepDraft {
    /// `address_checked`, `term`, `received`, `suspended`, `resumed`.
    pub step: String,
    pub on: String,
}

/// A step that a case can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The address of the prison's notice was checked with the family (TT 10/2024/TT-BCA, Điều 8).
    AddressChecked(Date),
    /// The term to present was found on the certificate.
    Term(Date),
    /// The person presented herself and was received (TT 10/2024/TT-BCA, Điều 9).
    Received(Date),
    /// In custody or treatment; reviewed on that day.
    Suspended(Date),
    /// Back in the community.
    Resumed(Date),
}

impl StepDraft {
    /// # Errors
    /// An unknown step, a day in the future where it tells what has happened, a step that the status does not allow.
    pub fn check(&self, status: CaseStatus, today: Date) -> Result<Step, Invalid> {
        let day = text::parse_day(&self.on, today).map_err(|fault| Invalid::one("on", fault.code()))?;
        let past = |step| if day <= today { Ok(step) } else { Err(Invalid::one("on", "in_the_future")) };
        let step = match self.step.as_str() {
            "address_checked" => past(Step::AddressChecked(day))?,
            "term" => Step::Term(day),
            "received" => past(Step::Received(day))?,
            "suspended" if day >= today => Step::Suspended(day),
            "suspended" => return Err(Invalid::one("on", "in_the_past")),
            "resumed" => past(Step::Resumed(day))?,
            _ => return Err(Invalid::one("step", "unknown")),
        };
        let allowed = match step {
            Step::AddressChecked(_) | Step::Term(_) | Step::Received(_) => status == CaseStatus::Noticed,
            Step::Suspended(_) => status == CaseStatus::Active,
            Step::Resumed(_) => status == CaseStatus::Suspended,
        };
        if allowed { Ok(step) } else { Err(Invalid::one("step", "not_in_this_status")) }
    }
}

/// A closure as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureDraft {
    pub ground: String,
    pub on: String,
    pub note: String,
}

impl ClosureDraft {
    pub fn check(&self, today: Date) -> Result<(ClosureGround, Date, String), Invalid> {
        let mut check = Check::default();
        let ground = check.take("ground", self.ground.parse().map_err(|_| "unknown"));
        let on = past_day(&mut check, "on", &self.on, today, None);
        check.expect(!self.on.trim().is_empty(), "on", "empty");
        let note = line(&mut check, "note", &self.note, 300);
        check.give(ground.zip(on).map(|(ground, on)| (ground, on, note)))
    }
}

/// A classification as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassificationDraft {
    pub group: String,
    pub since_on: String,
    pub reason: String,
}

impl ClassificationDraft {
    pub fn check(&self, today: Date) -> Result<(Group, Date, String), Invalid> {
        let mut check = Check::default();
        let group = check.take("group", self.group.parse().map_err(|_| "unknown"));
        let since = if self.since_on.trim().is_empty() {
            Some(today)
        } else {
            past_day(&mut check, "since_on", &self.since_on, today, None)
        };
        let reason = check.take("reason", text::clean_line(&self.reason, 300));
        check.give(group.zip(since).zip(reason).map(|((group, since), reason)| (group, since, reason)))
    }
}

/// What a case list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub status: Option<CaseStatus>,
    pub area: Option<AreaCode>,
    pub mine: bool,
    pub unassigned: bool,
    pub hamlet: Option<HamletId>,
    pub officer: Option<UserId>,
    pub sort: Sort,
}

impl Filter {
    /// Nothing is asked for but the asker's list in its first order.
    pub fn is_plain(&self) -> bool {
        Filter { mine: false, ..self.clone() } == Filter::default()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CaseSort)]
pub enum Sort {
    /// Given name, family, middle, as Vietnamese are sorted.
    #[default]
    Name,
    /// Newest first.
    Opened,
}

/// A line of the case list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: CaseId,
    pub person_id: PersonId,
    pub code: String,
    pub name: String,
    pub name_key: Vec<u8>,
    // The office's own columns; absent for a helper.
    #[sqlx(default)]
    pub aliases: String,
    #[sqlx(default)]
    pub birth_on: Option<Sealed<BirthOn>>,
    #[sqlx(default)]
    pub birth_precision: Option<Precision>,
    pub hamlet: Option<String>,
    pub area_code: AreaCode,
    pub area: String,
    #[sqlx(default)]
    pub status: Option<CaseStatus>,
    #[sqlx(default)]
    pub opened_on: Option<Day>,
    #[sqlx(default)]
    pub officer_id: Option<UserId>,
    #[sqlx(default)]
    pub officer: Option<String>,
    #[sqlx(default)]
    pub last_contact_on: Option<Day>,
    #[sqlx(default)]
    /// The soonest open follow-up.
    pub next_due_on: Option<Day>,
    pub phone: Option<Sealed<ContactPhone>>,
}

crate::opens!(Line { id => phone; person_id => birth_on });

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.name_key.clone(), self.id]
    }
}

/// A line of an export: what the list shows, and the parts that the asker may see.
#[derive(Clone, Debug)]
pub struct Exported {
    pub line: Line,
    pub regime: Option<Regime>,
    pub group: Option<Group>,
}

/// A case as its page shows it: the open fields, and each part that the asker may see.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CaseRow {
    pub id: CaseId,
    pub code: String,
    pub person_id: PersonId,
    pub name: String,
    pub aliases: String,
    pub area_code: AreaCode,
    pub area: String,
    pub hamlet: Option<String>,
    pub phone: Option<Sealed<ContactPhone>>,
    pub phone_of: Sealed<ContactPhoneOf>,
    pub address: Sealed<ContactAddress>,
    pub wishes: Sealed<ContactWishes>,
    pub visit_safely: Sealed<ContactVisitSafely>,
    pub version: i64,
    // The officer's own columns; absent for a helper.
    #[sqlx(default)]
    pub status: Option<CaseStatus>,
    #[sqlx(default)]
    pub sex: Option<Sex>,
    #[sqlx(default)]
    pub birth_on: Option<Sealed<BirthOn>>,
    #[sqlx(default)]
    pub birth_precision: Option<Precision>,
    #[sqlx(default)]
    pub opened_on: Option<Day>,
    #[sqlx(default)]
    pub officer_id: Option<UserId>,
    #[sqlx(default)]
    pub officer: Option<String>,
    #[sqlx(default)]
    pub last_contact_on: Option<Day>,
    #[sqlx(default)]
    pub never_met: bool,
    #[sqlx(default)]
    pub tries: i64,
    #[sqlx(default)]
    pub to_supervisor: bool,
    // Sensitive parts.
    #[sqlx(default)]
    pub id_number: Option<Sealed<IdentityNumber>>,
    #[sqlx(default)]
    pub regime: Option<Regime>,
    #[sqlx(default)]
    pub juvenile: Option<Sealed<Juvenile>>,
    #[sqlx(default)]
    pub source: Option<Sealed<LegalSource>>,
    #[sqlx(default)]
    pub certificate_no: Option<Sealed<CertificateNo>>,
    #[sqlx(default)]
    pub certificate_on: Option<Sealed<CertificateOn>>,
    #[sqlx(default)]
    pub released_on: Option<Sealed<ReleasedOn>>,
    #[sqlx(default)]
    pub noticed_on: Option<Sealed<NoticedOn>>,
    #[sqlx(default)]
    pub address_checked_on: Option<Sealed<AddressCheckedOn>>,
    #[sqlx(default)]
    pub present_by_on: Option<Sealed<PresentByOn>>,
    #[sqlx(default)]
    pub received_on: Option<Sealed<ReceivedOn>>,
    #[sqlx(default)]
    pub suspended_review_on: Option<Sealed<SuspendedReviewOn>>,
    #[sqlx(default)]
    pub closed_on: Option<Sealed<ClosedOn>>,
    #[sqlx(default)]
    pub closure_ground: Option<Sealed<ClosureGroundWord>>,
    #[sqlx(default)]
    pub health: Option<Sealed<HealthNote>>,
    #[sqlx(default)]
    pub ethnicity: Option<Sealed<Ethnicity>>,
    #[sqlx(default)]
    pub religion: Option<Sealed<Religion>>,
}

crate::opens!(CaseRow {
    id => phone, phone_of, address, wishes, visit_safely, juvenile, source, certificate_no, certificate_on, released_on, noticed_on,
        address_checked_on, present_by_on, received_on, suspended_review_on, closed_on, closure_ground;
    person_id => birth_on, id_number, health, ethnicity, religion;
});

/// What decides whether somebody may borrow.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Borrower {
    pub id: CaseId,
    pub status: CaseStatus,
    pub regime: Regime,
    pub certificate_no: Option<Sealed<CertificateNo>>,
    pub released_on: Option<Sealed<ReleasedOn>>,
}

crate::opens!(Borrower { id => certificate_no, released_on });

/// What a paper says of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Papers {
    pub id: CaseId,
    pub person_id: PersonId,
    pub officer_id: Option<UserId>,
    pub area_code: AreaCode,
    pub name: String,
    pub birth_on: Option<Sealed<BirthOn>>,
    pub birth_precision: Option<Precision>,
    pub hamlet: Option<String>,
    pub address: Sealed<ContactAddress>,
    pub certificate_no: Option<Sealed<CertificateNo>>,
    pub certificate_on: Option<Sealed<CertificateOn>>,
    pub released_on: Option<Sealed<ReleasedOn>>,
}

crate::opens!(Papers { id => address, certificate_no, certificate_on, released_on; person_id => birth_on });

impl Papers {
    /// The birth date as far as it is known.
    pub fn birth(&self) -> String {
        let known = self.birth_on.day().zip(self.birth_precision);
        known.map_or_else(String::new, |(day, known)| text::show_birth(day.0, known))
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SentenceRow {
    pub id: SentenceId,
    pub offence: Sealed<Offence>,
    pub penalty: Sealed<Penalty>,
    pub sentenced_on: Option<Sealed<SentencedOn>>,
    pub court: Sealed<Court>,
}

crate::opens!(SentenceRow { id => offence, penalty, sentenced_on, court });

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClassificationRow {
    pub id: ClassificationId,
    pub grp: Group,
    pub since_on: Day,
    pub reason: Sealed<ClassificationReason>,
    pub by: String,
}

crate::opens!(ClassificationRow { id => reason });

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProtectedNoteRow {
    pub id: ProtectedNoteId,
    pub reason: Sealed<ProtectedReasonWord>,
    pub note: Sealed<ProtectedNoteText>,
    pub review_on: Day,
    pub by: String,
    pub made_at: At,
}

crate::opens!(ProtectedNoteRow { id => reason, note });

/// A case with its parts; a part is `None` where the asker may not see it.
#[derive(Clone, Debug)]
pub struct CaseView {
    pub row: CaseRow,
    /// The asker sees the office's own view, not a helper's.
    pub office: bool,
    pub identity: bool,
    pub legal: bool,
    pub health: bool,
    pub origin: bool,
    pub sentences: Option<Vec<SentenceRow>>,
    pub classifications: Option<Vec<ClassificationRow>>,
    pub protected_notes: Option<Vec<ProtectedNoteRow>>,
}

impl CaseRow {
    /// The birth date as far as it is known.
    pub fn birth(&self) -> String {
        self.birth_on
            .day()
            .zip(self.birth_precision)
            .map_or_else(String::new, |(day, known)| text::show_birth(day.0, known))
    }

    pub fn is_juvenile(&self) -> bool {
        self.juvenile.as_ref().and_then(|juvenile| juvenile.value().copied()).unwrap_or_default()
    }

    /// On which ground it was closed.
    pub fn closure_ground(&self) -> Option<ClosureGround> {
        self.closure_ground.text()?.parse().ok()
    }

    /// The identity number behind its mask.
    pub fn masked_id(&self) -> Option<String> {
        let number = text::id_number::check(self.id_number.text()?, None, None).ok()?;
        Some(number.masked())
    }

    /// Does the office still look after the person? (Unknown to a helper, who sees live cases only.)
    pub fn is_live(&self) -> bool {
        self.status.is_none_or(CaseStatus::is_live)
    }
}

impl Line {
    /// A closed case has nobody in charge and lacks nobody.
    pub fn is_unassigned(&self) -> bool {
        self.officer_id.is_none() && self.status.is_some_and(CaseStatus::is_live)
    }
}

const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// A case code for the telephone, `DV-7K3MQ`: four random letters and a check letter, never in sequence.
/// The weights find any one wrong letter and any two that changed places (31 is a prime).
pub fn code(random: [u8; 4]) -> String {
    let letters: Vec<usize> = random.iter().map(|byte| usize::from(*byte) % LETTERS.len()).collect();
    let check = check_letter(&letters);
    let mut code = String::from("DV-");
    for index in letters.into_iter().chain([check]) {
        code.push(char::from(LETTERS[index]));
    }
    code
}

fn check_letter(letters: &[usize]) -> usize {
    letters.iter().enumerate().map(|(place, letter)| (place + 2) * letter).sum::<usize>() % LETTERS.len()
}

/// A typed code in its own form (`dv 7k3mq` is `DV-7K3MQ`), if its check letter is right.
pub fn parse_code(typed: &str) -> Option<String> {
    let upper: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let body = upper.strip_prefix("DV").filter(|rest| rest.len() == 5).unwrap_or(&upper);
    let letters: Vec<usize> =
        body.bytes().map(|byte| LETTERS.iter().position(|letter| *letter == byte)).collect::<Option<_>>()?;
    let (check, letters) = letters.split_last()?;
    (letters.len() == 4 && check_letter(letters) == *check).then(|| format!("DV-{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_people_say_it_and_a_slip_is_not() {
        let made = code([7, 101, 33, 250]);
        assert_eq!(parse_code(&made), Some(made.clone()));
        assert_eq!(parse_code(&made.to_lowercase().replace('-', " ")), Some(made.clone()));
        let mut swapped: Vec<char> = made.chars().collect();
        swapped.swap(3, 4);
        assert_eq!(parse_code(&swapped.into_iter().collect::<String>()), None);
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
