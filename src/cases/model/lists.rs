//! What a list of cases asks for, and its lines. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{BirthOn, ContactPhone},
        ids::{CaseId, HamletId, PersonId, UserId},
        sealed::Sealed,
        time::Day,
        words::{CaseStatus, Group, Precision, Regime},
    },
    policy::AreaCode,
    store::Paged,
};

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

impl Line {
    /// A closed case has nobody in charge and lacks nobody.
    pub fn is_unassigned(&self) -> bool {
        self.officer_id.is_none() && self.status.is_some_and(CaseStatus::is_live)
    }
}
