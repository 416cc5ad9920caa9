//! What can be missing in a case, and where it is filled in. Pure.
//!
//! This is the one place that says it; the conditions in SQL stand beside it in `store.rs`, in the same order.

use crate::{
    base::{
        arg::Arg,
        ids::{CaseId, UserId},
    },
    store::Paged,
};

/// Something that nobody has written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Its word, for programs.
    pub word: &'static str,
    /// `gaps-{word}` in `locales/`.
    pub key: &'static str,
    /// The form that fills it, under `/cases/{case}/`.
    pub form: &'static str,
}

/// Every kind, in the order in which a case comes about.
pub const ALL: [Gap; 14] = [
    Gap { word: "released_on", key: "gaps-released-on", form: "papers" },
    Gap { word: "certificate_on", key: "gaps-certificate-on", form: "papers" },
    Gap { word: "present_by_on", key: "gaps-present-by-on", form: "steps" },
    Gap { word: "birth", key: "gaps-birth", form: "correction" },
    Gap { word: "identity", key: "gaps-identity", form: "parts" },
    Gap { word: "phone", key: "gaps-phone", form: "correction" },
    Gap { word: "hamlet", key: "gaps-hamlet", form: "correction" },
    Gap { word: "judgment", key: "gaps-judgment", form: "judgment" },
    Gap { word: "pledge", key: "gaps-pledge", form: "steps" },
    Gap { word: "sheet", key: "gaps-sheet", form: "steps" },
    Gap { word: "group", key: "gaps-group", form: "classifications" },
    Gap { word: "helper", key: "gaps-helper", form: "referrals/new" },
    Gap { word: "work", key: "gaps-work", form: "work" },
    Gap { word: "needs", key: "gaps-needs", form: "needs" },
];

/// A case in which something is missing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: CaseId,
    pub code: String,
    pub name: String,
    pub name_key: Vec<u8>,
    pub officer: Option<String>,
    /// A letter for each of [`ALL`]: `1` if it is missing.
    pub flags: String,
}

impl Line {
    pub fn gaps(&self) -> Vec<Gap> {
        ALL.iter().zip(self.flags.bytes()).filter(|(_, flag)| *flag == b'1').map(|(gap, _)| *gap).collect()
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.name_key.clone(), self.id]
    }
}

/// How much is missing in the cases of one officer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OfficerGaps {
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
    pub cases: i64,
    /// Cases in which anything is missing.
    pub lacking: i64,
    pub gaps: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id;

    #[test]
    fn a_letter_for_each_kind() {
        let flags: String =
            ALL.iter().map(|gap| if gap.word == "hamlet" || gap.word == "work" { '1' } else { '0' }).collect();
        let line = Line {
            id: CaseId::from_uuid(uuid::Uuid::nil()),
            code: String::new(),
            name: String::new(),
            name_key: Vec::new(),
            officer: None,
            flags,
        };
        assert_eq!(line.gaps().iter().map(|gap| gap.word).collect::<Vec<_>>(), ["hamlet", "work"]);
    }
}
