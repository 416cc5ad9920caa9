//! When two records may be one person's. Pure.

use crate::{
    base::{
        ids::{CaseId, DoubleId, PersonId, UserId},
        text,
        time::At,
        words::{CaseStatus, DoubleState},
    },
    policy::AreaCode,
    store::Paged,
};
use std::collections::{BTreeSet, HashMap};

/// What is known of somebody when her case is opened, as far as it is compared.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Folded name, its words in order of the alphabet.
    pub key: String,
    pub birth_year: Option<i64>,
    /// Keyed hashes: no number is compared in clear.
    pub number_mark: Option<Vec<u8>>,
    pub phone_mark: Option<Vec<u8>>,
}

/// A record that may be hers.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    pub id: CaseId,
    pub person_id: PersonId,
    pub code: String,
    pub name: String,
    pub name_fold: String,
    pub birth_year: Option<i64>,
    pub area: String,
    pub number_mark: Option<Vec<u8>>,
    pub phone_mark: Option<Vec<u8>>,
}

/// The same name whatever marks, order of words, i or y.
pub fn key(name: &str) -> String {
    let folded = text::fold(name);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

impl Known {
    /// What is compared of it.
    pub fn facts(&self) -> Facts {
        Facts {
            key: key(&self.name_fold),
            birth_year: self.birth_year,
            number_mark: self.number_mark.clone(),
            phone_mark: self.phone_mark.clone(),
        }
    }
}

impl Facts {
    /// What agrees with another's; empty: nothing that would make one think of one person.
    ///
    /// The same number; or the same name with the same year of birth or the same telephone. A name alone says nothing here:
    /// many people share one.
    pub fn why(&self, other: &Facts) -> Vec<&'static str> {
        let same = |one: &Option<Vec<u8>>, other: &Option<Vec<u8>>| one.is_some() && one == other;
        let number = same(&self.number_mark, &other.number_mark);
        let phone = same(&self.phone_mark, &other.phone_mark);
        let name = self.key == other.key;
        let year = self.birth_year.is_some() && self.birth_year == other.birth_year;
        if !(number || (name && (year || phone))) {
            return Vec::new();
        }
        let agrees = [("number", number), ("name", name), ("year", year), ("phone", phone)];
        agrees.into_iter().filter_map(|(word, agrees)| agrees.then_some(word)).collect()
    }
}

/// A pair in a list, as far as its reader may know it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: DoubleId,
    pub case_id: CaseId,
    pub code: String,
    pub name: String,
    pub area_code: AreaCode,
    pub area: String,
    pub status: CaseStatus,
    pub other_id: CaseId,
    pub other_code: String,
    pub other_name: String,
    pub other_area_code: AreaCode,
    pub other_area: String,
    pub other_status: CaseStatus,
    pub why: String,
    pub state: DoubleState,
    pub found_at: At,
    pub case_agreed_by: Option<UserId>,
    pub other_agreed_by: Option<UserId>,
    pub version: i64,
}

/// One side of a pair as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Empty: the reader may not know it.
    pub code: String,
    pub name: String,
    pub area: String,
    pub case: Option<CaseId>,
}

impl Line {
    /// The two sides for a reader: names and links for the head of that commune; for the keeper codes and communes, and not
    /// even a code of what was sealed.
    pub fn sides(&self, area: &AreaCode) -> [Side; 2] {
        let side = |id: CaseId, code: &str, name: &str, at: &AreaCode, place: &str, status: CaseStatus| {
            let (own, keeper) = (at == area, area.0.len() == 2);
            let coded = own || (keeper && status != CaseStatus::Sealed);
            Side {
                code: if coded { code.to_owned() } else { String::new() },
                name: if own { name.to_owned() } else { String::new() },
                area: place.to_owned(),
                case: own.then_some(id),
            }
        };
        [
            side(self.case_id, &self.code, &self.name, &self.area_code, &self.area, self.status),
            side(
                self.other_id,
                &self.other_code,
                &self.other_name,
                &self.other_area_code,
                &self.other_area,
                self.other_status,
            ),
        ]
    }

    /// What agrees, as keys of `locales/`.
    pub fn agrees(&self) -> Vec<&'static str> {
        let key = |word: &str| match word {
            "number" => Some("doubles-why-number"),
            "name" => Some("doubles-why-name"),
            "year" => Some("doubles-why-year"),
            "phone" => Some("doubles-why-phone"),
            _ => None,
        };
        self.why.split(' ').filter_map(key).collect()
    }
}

/// Many to compare many people with, found by number and by name: records, or lines of a list.
#[derive(Clone, Debug)]
pub struct Reach<T> {
    known: Vec<(Facts, T)>,
    by_number: HashMap<Vec<u8>, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<T> Default for Reach<T> {
    fn default() -> Reach<T> {
        Reach { known: Vec::new(), by_number: HashMap::new(), by_name: HashMap::new() }
    }
}

impl<T> Reach<T> {
    pub fn add(&mut self, facts: Facts, one: T) {
        let at = self.known.len();
        if let Some(mark) = &facts.number_mark {
            self.by_number.entry(mark.clone()).or_default().push(at);
        }
        self.by_name.entry(facts.key.clone()).or_default().push(at);
        self.known.push((facts, one));
    }

    /// Those that may be the same person's: nobody is that with another number and another name.
    pub fn likely(&self, facts: &Facts) -> Vec<&T> {
        let number = facts.number_mark.as_ref().and_then(|mark| self.by_number.get(mark));
        let both = [number, self.by_name.get(&facts.key)];
        let places: BTreeSet<usize> = both.into_iter().flatten().flatten().copied().collect();
        let known = places.into_iter().filter_map(|at| self.known.get(at));
        known.filter(|(other, _)| !facts.why(other).is_empty()).map(|(_, one)| one).collect()
    }
}

impl Reach<Known> {
    pub fn of(known: Vec<Known>) -> Reach<Known> {
        let mut reach = Reach::default();
        for one in known {
            reach.add(one.facts(), one);
        }
        reach
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.found_at, self.id]
    }
}

/// What the keeper or a head says.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerdictDraft {
    /// `same` or `not_same`.
    pub verdict: String,
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id as _;

    fn known(name: &str, year: Option<i64>, phone: Option<u8>, number: Option<u8>) -> Known {
        Known {
            id: CaseId::from_uuid(uuid::Uuid::nil()),
            person_id: PersonId::from_uuid(uuid::Uuid::nil()),
            code: String::new(),
            name: name.into(),
            name_fold: text::fold(name),
            birth_year: year,
            area: String::new(),
            number_mark: number.map(|mark| vec![mark]),
            phone_mark: phone.map(|mark| vec![mark]),
        }
    }

    fn facts(name: &str, year: Option<i64>, phone: Option<u8>, number: Option<u8>) -> Facts {
        Facts {
            key: key(name),
            birth_year: year,
            number_mark: number.map(|mark| vec![mark]),
            phone_mark: phone.map(|mark| vec![mark]),
        }
    }

    #[test]
    fn pairs_that_are_one_person_are_found_and_others_are_not() {
        let y = Some(1990);
        // (typed, there, one person?)
        let pairs = [
            (("Nguyễn Văn Hòa", y, None, None), ("Nguyễn Văn Hoà", y, None, None), true),
            (("Nguyen Van Hoa", y, None, None), ("NGUYỄN VĂN HÒA", y, None, None), true),
            (("Lý Thị Thúy", y, None, None), ("Lí Thị Thuý", y, None, None), true),
            (("Văn Hòa Nguyễn", y, None, None), ("Nguyễn Văn Hòa", y, None, None), true),
            (("Đỗ Văn Đức", y, None, None), ("Do Van Duc", y, None, None), true),
            (("Trần Thị Hoa", None, Some(1), None), ("Trần Thị Hoa", y, Some(1), None), true),
            (("Trần Thị Hoa", None, None, Some(7)), ("Trần Hoa", Some(1985), None, Some(7)), true),
            (("Chau Sóc Rươl", y, None, None), ("Chau Soc Ruol", y, None, None), true),
            (("Nguyễn Văn Hòa", y, None, None), ("Nguyễn Văn Hòa", Some(1971), None, None), false),
            (("Nguyễn Văn Hòa", None, None, None), ("Nguyễn Văn Hòa", None, None, None), false),
            (("Nguyễn Văn Hòa", y, None, None), ("Nguyễn Văn Hoan", y, None, None), false),
            (("Nguyễn Văn Hòa", y, Some(2), None), ("Lê Thị Mai", y, Some(2), None), false),
            (("Nguyễn Văn Hòa", y, None, Some(1)), ("Nguyễn Văn Nam", y, None, Some(2)), false),
            (("Nguyễn Văn Văn", y, None, None), ("Nguyễn Nguyễn Văn", y, None, None), false),
        ];
        for ((name, year, phone, number), there, same) in pairs {
            let (facts, known) = (facts(name, year, phone, number), known(there.0, there.1, there.2, there.3));
            let why = facts.why(&known.facts());
            assert_eq!(Reach::of(vec![known]).likely(&facts).len(), usize::from(same), "{name} among many");
            assert_eq!(!why.is_empty(), same, "{name} / {}: {why:?}", there.0);
        }
    }
}
