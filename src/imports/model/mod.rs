//! What becomes of each row of a commune's list. Pure.

pub mod columns;
pub mod file;
pub mod sheet;

pub use columns::Field;
pub use file::{Record, Table};
pub use sheet::{Column, Sheet};

use crate::{
    base::{
        ids::{CaseId, ImportId, UserId},
        refusal::{Check, Invalid, Refusal},
        text::{self, Phone},
        time::At,
        words::{Group, Sex},
    },
    cases::model::{Draft, NewCase},
    doubles::model::Known,
    policy::AreaCode,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// A row that can be taken.
#[derive(Clone, Debug)]
pub struct Checked {
    pub case: NewCase,
    pub group: Option<(Group, Date)>,
    /// Whatever the list says beside its columns. Nobody knows what it tells, so it is kept as a protected note.
    pub note: Option<String>,
    pub officer: Option<UserId>,
    /// Records that may be the same person's, and that the row says to be somebody else's.
    pub seen: Vec<CaseId>,
    /// The same of rows above it.
    pub seen_lines: Vec<u64>,
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Fate {
    Opens(Box<Checked>),
    /// An earlier import of this commune brought this person in.
    There,
    Refused(Invalid),
}

/// A list that was brought in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Batch {
    pub id: ImportId,
    pub area_code: AreaCode,
    pub area: String,
    pub opened: i64,
    pub refused: i64,
    pub made_at: At,
    pub by: String,
    pub undone_at: Option<At>,
    pub undone_by: Option<String>,
    pub taken_back: i64,
}

impl crate::store::Paged for Batch {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.made_at, self.id]
    }
}

/// A case that stayed when its list was taken back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kept {
    pub id: CaseId,
    pub code: String,
    /// What somebody had added: its sentence is `imports-kept-{why}`.
    pub why: String,
}

/// One row of the list and its fate.
#[derive(Clone, Debug)]
pub struct Planned {
    pub line: u64,
    /// As typed, so that the row can be found again.
    pub name: String,
    pub fate: Fate,
    /// Told and no refusal: nobody in charge yet, a nought given back, a number that does not fit.
    pub notes: Vec<Refusal>,
    /// Who it is: the same person under the same basis has the same hash however the file is laid out.
    pub hash: Vec<u8>,
}

impl Planned {
    /// Holds a row back that may be somebody whose record the sender can see, or who stands on one of these lines `above`, until
    /// it says that it is somebody else. How many records she is shown by that.
    pub fn meet(&mut self, likely: &[&Known], above: &[&u64]) -> usize {
        let Fate::Opens(checked) = &mut self.fate else { return 0 };
        if checked.case.not_a_double {
            checked.seen = likely.iter().map(|known| known.id).collect();
            checked.seen_lines = above.iter().map(|line| **line).collect();
            return 0;
        }
        if !likely.is_empty() {
            let codes: Vec<&str> = likely.iter().map(|known| known.code.as_str()).collect();
            self.fate = Fate::Refused(Invalid::telling("not_a_double", LIKELY_DOUBLE, codes.join(", ")));
            self.notes.clear();
        } else if !above.is_empty() {
            let lines: Vec<String> = above.iter().map(ToString::to_string).collect();
            self.fate = Fate::Refused(Invalid::telling("not_a_double", LIKELY_LINE, lines.join(", ")));
            self.notes.clear();
        }
        likely.len()
    }

    /// Was it held back for that?
    pub fn is_likely_double(&self) -> bool {
        matches!(&self.fate, Fate::Refused(invalid) if invalid.0.iter().any(|refusal| [LIKELY_DOUBLE, LIKELY_LINE].contains(&refusal.code)))
    }
}

/// The word of the form's own warning.
pub const LIKELY_DOUBLE: &str = "likely_double";
/// The same of two rows of one list.
pub const LIKELY_LINE: &str = "likely_line";

/// Decides about every row: against the form's own rules, against earlier imports, against the rows above it.
///
/// `officers`: sign-in names of the commune's active officers. `known`: marks of earlier imports of this commune;
/// `mark`: how a row is marked, so that nobody who has the database alone can try who was in a list.
pub fn plan(
    sheet: &Sheet,
    today: Date,
    officers: &HashMap<String, UserId>,
    known: &HashSet<Vec<u8>>,
    mark: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<Planned> {
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::new();
    sheet
        .rows
        .iter()
        .map(|row| {
            let (draft, mut notes) = draft(sheet, row);
            let checked = check(sheet, row, &draft, today);
            let (fate, hash) = match checked {
                Err(invalid) => (Fate::Refused(invalid), Vec::new()),
                Ok(mut checked) => {
                    let hash = mark(&identity(&checked.case));
                    // A double within the list is refused also when the first of the two was brought in earlier:
                    // it may be another person, who would be dropped without a word.
                    if let Some(line) = seen.get(&hash) {
                        (Fate::Refused(Invalid::telling("", "same_as_line", line.to_string())), hash)
                    } else if known.contains(&hash) {
                        seen.insert(hash.clone(), row.line);
                        (Fate::There, hash)
                    } else {
                        seen.insert(hash.clone(), row.line);
                        checked.officer = in_charge(sheet.cell(row, Field::Officer), officers, &mut notes);
                        if let Some(number) = &checked.case.id_number {
                            let told = number.warnings.iter();
                            notes.extend(told.map(|code| Refusal { field: "id_number".into(), code, value: None }));
                        }
                        (Fate::Opens(Box::new(checked)), hash)
                    }
                }
            };
            if !matches!(fate, Fate::Opens(_)) {
                notes.clear();
            }
            Planned { line: row.line, name: sheet.cell(row, Field::Name).to_owned(), fate, notes, hash }
        })
        .collect()
}

/// The officer of that sign-in name; else nobody, which is told.
fn in_charge(typed: &str, officers: &HashMap<String, UserId>, notes: &mut Vec<Refusal>) -> Option<UserId> {
    let found = officers.get(&typed.trim().to_lowercase()).copied();
    if found.is_none() {
        let (code, value) =
            if typed.is_empty() { ("unassigned", None) } else { ("officer_unknown", Some(typed.to_owned())) };
        notes.push(Refusal { field: "officer".into(), code, value });
    }
    found
}

/// A row as it would be typed into the form, and what was changed on the way.
fn draft(sheet: &Sheet, row: &Record) -> (Draft, Vec<Refusal>) {
    let cell = |field| sheet.cell(row, field).to_owned();
    let mut notes = Vec::new();
    let (birth, sex) = birth_and_sex(sheet, row);
    let (phone, mended) = mend_phone(sheet.cell(row, Field::Phone));
    notes.extend(mended.map(|code| Refusal { field: "phone".into(), code, value: Some(phone.clone()) }));
    let id_number = match mend_id_number(sheet.cell(row, Field::IdNumber), &birth) {
        Some(mended) => {
            notes.push(Refusal { field: "id_number".into(), code: "nought_given_back", value: None });
            mended
        }
        None => cell(Field::IdNumber),
    };
    let typed_regime = sheet.cell(row, Field::Regime);
    let regime = columns::regime_of(typed_regime).map_or_else(|| typed_regime.to_owned(), |regime| regime.to_string());
    let draft = Draft {
        name: one_line(sheet.cell(row, Field::Name)),
        aliases: cell(Field::Aliases),
        sex,
        birth,
        phone,
        phone_of: cell(Field::PhoneOf),
        address: one_line(sheet.cell(row, Field::Address)),
        wishes: cell(Field::Wishes),
        visit_safely: cell(Field::VisitSafely),
        hamlet: one_line(sheet.cell(row, Field::Hamlet)),
        regime,
        juvenile: cell(Field::Juvenile),
        source: one_line(sheet.cell(row, Field::Source)),
        certificate_no: cell(Field::CertificateNo),
        certificate_on: cell(Field::CertificateOn),
        released_on: cell(Field::ReleasedOn),
        noticed_on: cell(Field::NoticedOn),
        present_by_on: cell(Field::PresentByOn),
        received_on: cell(Field::ReceivedOn),
        id_kind: String::new(),
        moved_in_on: String::new(),
        moved_from: String::new(),
        id_number,
        ethnicity: cell(Field::Ethnicity),
        religion: cell(Field::Religion),
        health: cell(Field::Health),
        offence: one_line(sheet.cell(row, Field::Offence)),
        penalty: one_line(sheet.cell(row, Field::Penalty)),
        sentenced_on: cell(Field::SentencedOn),
        court: one_line(sheet.cell(row, Field::Court)),
        officer: String::new(),
        not_a_double: cell(Field::NotADouble),
    };
    (draft, notes)
}

/// A cell broken into lines by the width of its column is one line to us.
fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Birth and sex from their own columns, or from a column of birth years that is for one sex only.
fn birth_and_sex(sheet: &Sheet, row: &Record) -> (String, String) {
    let typed = sheet.cell(row, Field::Sex);
    let mut birth = sheet.cell(row, Field::Birth).to_owned();
    let mut sex = columns::sex_of(typed).map_or_else(|| typed.to_owned(), |sex| sex.as_str().to_owned());
    for (field, of) in [(Field::BornMale, Sex::Male), (Field::BornFemale, Sex::Female)] {
        let cell = sheet.cell(row, field);
        if !cell.is_empty() {
            of.as_str().clone_into(&mut sex);
            // Some lists only put a cross there.
            if cell.contains(|c: char| c.is_ascii_digit()) {
                cell.clone_into(&mut birth);
            }
        }
    }
    (birth, sex)
}

/// The mobile prefixes of 11 digits that were cut to ten in 2018, and what became of them.
const OLD_MOBILES: &[(&str, &str)] = &[
    ("0120", "070"),
    ("0121", "079"),
    ("0122", "077"),
    ("0126", "076"),
    ("0128", "078"),
    ("0123", "083"),
    ("0124", "084"),
    ("0125", "085"),
    ("0127", "081"),
    ("0129", "082"),
    ("0162", "032"),
    ("0163", "033"),
    ("0164", "034"),
    ("0165", "035"),
    ("0166", "036"),
    ("0167", "037"),
    ("0168", "038"),
    ("0169", "039"),
    ("0186", "056"),
    ("0188", "058"),
    ("0199", "059"),
];

/// A number that a spreadsheet has taken its first nought from gets it back; an 11-digit mobile of before 2018 its
/// number of today. Also the word for what was done.
fn mend_phone(typed: &str) -> (String, Option<&'static str>) {
    let digits: String = typed.chars().filter(|c| !" .-()\u{a0}".contains(*c)).collect();
    let fits = |typed: &str| Phone::parse(typed).is_ok();
    if typed.is_empty() || fits(typed) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return (typed.to_owned(), None);
    }
    let with_nought = format!("0{digits}");
    if digits.len() == 9 && fits(&with_nought) {
        return (with_nought, Some("nought_given_back"));
    }
    let eleven = if digits.len() == 10 { with_nought } else { digits };
    let today = OLD_MOBILES.iter().find_map(|(old, new)| Some(format!("{new}{}", eleven.strip_prefix(old)?)));
    match today.filter(|number| eleven.len() == 11 && fits(number)) {
        Some(number) => (number, Some("old_mobile")),
        None => (typed.to_owned(), None),
    }
}

/// An identity number of 11 digits whose first nought a spreadsheet took, if with the nought it fits the year of birth.
fn mend_id_number(typed: &str, birth: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let year = birth.get(birth.len().checked_sub(4)?..)?.parse::<i16>().ok()?;
    if digits.len() != 11 {
        return None;
    }
    let whole = format!("0{digits}");
    text::id_number::check(&whole, None, Some(year)).is_ok_and(|number| number.warnings.is_empty()).then_some(whole)
}

/// The form's own rules, and those of the columns that only a list has. Every fault of the row at once.
fn check(sheet: &Sheet, row: &Record, draft: &Draft, today: Date) -> Result<Checked, Invalid> {
    let mut check = Check::default();
    if let Some(cell) = row.old.and_then(|at| row.cells.get(at)) {
        return Err(Invalid::telling("", "old_encoding", cell.chars().take(40).collect()));
    }
    let group = match sheet.cell(row, Field::Group) {
        "" => None,
        typed => {
            let group = columns::group_of(typed);
            check.expect(group.is_some(), "group", "unknown_group");
            group
        }
    };
    let since = match sheet.cell(row, Field::GroupSince) {
        "" => Some(today),
        typed => check.take("group_since", text::parse_day(typed, today)),
    };
    check.expect(since.is_none_or(|since| since <= today), "group_since", "in_the_future");
    let note = check.take("note", text::clean_note_opt(sheet.cell(row, Field::Note), 2000)).flatten();
    match (draft.check(today), check.done()) {
        (Ok(case), Ok(())) => {
            Ok(Checked { case, group: group.zip(since), note, officer: None, seen: Vec::new(), seen_lines: Vec::new() })
        }
        (case, others) => {
            let faults = [case.err(), others.err()].into_iter().flatten().flat_map(|invalid| invalid.0);
            Err(Invalid(faults.collect()))
        }
    }
}

/// Who a row is about, as a hash: name, birth, identity number, place, basis and its paper. Telephone, officer, group and
/// notes are left out, so that a list whose telephone numbers were brought up to date does not bring everybody in twice.
fn identity(case: &NewCase) -> Vec<u8> {
    let birth = case.person.birth.map(|(day, precision)| format!("{day} {}", precision.as_str())).unwrap_or_default();
    let said = [
        case.person.name.to_lowercase(),
        birth,
        case.id_number.as_ref().map(|number| number.as_str().to_owned()).unwrap_or_default(),
        case.hamlet.as_deref().map(text::fold).unwrap_or_default(),
        text::fold(&case.contact.address),
        case.legal.regime.to_string(),
        text::fold(&case.legal.certificate_no),
        case.legal.released_on.map(|day| day.to_string()).unwrap_or_default(),
    ];
    let mut hash = Sha256::new();
    for word in said {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests;
