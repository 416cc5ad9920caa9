//! What is chosen of two records, and what stood in them. Pure.

use crate::base::{
    fields::MergeBefore,
    ids::{CaseId, MergeId, PersonId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    time::{At, Day},
    words::{DoubleState, IdentityKind, Precision, Sex},
};

/// Whose each part is to be, as it is typed: `case` (the newer record) or `other` (the one that is kept).
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub name: String,
    pub birth: String,
    pub identity: String,
    pub origin: String,
    pub health: String,
    pub version: String,
}

/// Which parts are taken from the record that goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub name: bool,
    pub birth: bool,
    pub identity: bool,
    pub origin: bool,
    pub health: bool,
}

impl Draft {
    pub fn check(&self) -> Result<Choice, Invalid> {
        let mut check = Check::default();
        let mut taken = |field: &'static str, typed: &str| match typed {
            "case" => true,
            "other" | "" => false,
            _ => {
                check.refuse(field, "not_chosen");
                false
            }
        };
        let choice = Choice {
            name: taken("name", &self.name),
            birth: taken("birth", &self.birth),
            identity: taken("identity", &self.identity),
            origin: taken("origin", &self.origin),
            health: taken("health", &self.health),
        };
        check.give(Some(choice))
    }
}

/// What stands in the rows of a person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Snapshot {
    pub name: String,
    pub aliases: String,
    pub sex: Option<Sex>,
    pub birth_on: Option<Day>,
    pub birth_precision: Option<Precision>,
    pub birth_year: Option<i64>,
    pub identity: Option<Identity>,
    pub ethnicity: String,
    pub religion: String,
    pub origin_at: i64,
    pub health: String,
    pub health_at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    pub number: String,
    pub kind: IdentityKind,
    pub at: i64,
}

impl Snapshot {
    /// As it is kept.
    pub fn kept(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// The same with the chosen parts of another.
    #[must_use]
    pub fn with(&self, other: Snapshot, choice: Choice) -> Snapshot {
        let mut one = self.clone();
        if choice.name {
            (one.name, one.aliases) = (other.name, other.aliases);
        }
        if choice.birth {
            (one.sex, one.birth_on) = (other.sex, other.birth_on);
            (one.birth_precision, one.birth_year) = (other.birth_precision, other.birth_year);
        }
        if choice.identity {
            one.identity = other.identity;
        }
        if choice.origin {
            (one.ethnicity, one.religion, one.origin_at) = (other.ethnicity, other.religion, other.origin_at);
        }
        if choice.health {
            (one.health, one.health_at) = (other.health, other.health_at);
        }
        one
    }
}

/// A pair within the unit of work.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Pair {
    pub case_id: CaseId,
    pub other_id: CaseId,
    pub case_person: PersonId,
    pub other_person: PersonId,
    pub state: DoubleState,
}

/// A merge that stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Merged {
    pub id: MergeId,
    pub kept_id: PersonId,
    pub gone_id: PersonId,
    pub made_at: At,
    pub before: Sealed<MergeBefore>,
}

crate::opens!(Merged { id => before });

impl Merged {
    /// What stood in the kept record before.
    pub fn before(&self) -> serde_json::Result<Snapshot> {
        serde_json::from_str(self.before.text())
    }
}
