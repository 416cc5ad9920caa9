//! A meeting and who was asked to it, as pages show them. Pure.

use super::Draft;
use crate::{
    base::{
        arg::Arg,
        fields::{
            CancelledReason, GatheringLeader, GatheringMinutes, GatheringMoveReason, GatheringPlace, GatheringTitle,
            RelativeName, RelativeRelation,
        },
        ids::{CaseId, GatheringId, GatheringMoveId, GuestId, Id, OrganisationId, PartyId, RelativeId},
        sealed::{Opens, Sealed, SealedText as _, Shut},
        text,
        time::{At, Day},
        words::GatheringKind,
    },
    store::Paged,
};
use jiff::civil::Date;

/// How far a meeting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GatheringState)]
pub enum State {
    Planned,
    Held,
    Cancelled,
}

impl State {
    pub const fn key(self) -> &'static str {
        match self {
            State::Planned => "gatherings-state-planned",
            State::Held => "gatherings-state-held",
            State::Cancelled => "gatherings-state-cancelled",
        }
    }
}

/// A meeting as pages show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: GatheringId,
    pub area_code: String,
    pub area: String,
    pub case_id: Option<CaseId>,
    pub kind: GatheringKind,
    pub title: Sealed<GatheringTitle>,
    pub on_day: Day,
    pub at_time: String,
    pub place: Sealed<GatheringPlace>,
    pub leader: Sealed<GatheringLeader>,
    pub outsiders: Option<i64>,
    pub outsiders_came: Option<i64>,
    pub cancelled_at: Option<At>,
    pub cancelled_reason: Option<Sealed<CancelledReason>>,
    pub minuted_at: Option<At>,
    pub version: i64,
    // The office's own: absent for a body that was asked.
    #[sqlx(default)]
    pub minutes: Option<Sealed<GatheringMinutes>>,
    #[sqlx(default)]
    pub minuted_by: Option<String>,
}

crate::opens!(Row { id => title, place, leader, cancelled_reason, minutes });

impl Row {
    pub fn state(&self, today: Date) -> State {
        match (self.cancelled_at.is_some(), self.minuted_at.is_some() || self.on_day.0 < today) {
            (true, _) => State::Cancelled,
            (false, true) => State::Held,
            (false, false) => State::Planned,
        }
    }

    /// Who came, and what was said, is written down from its day on.
    pub fn has_begun(&self, today: Date) -> bool {
        self.cancelled_at.is_none() && self.on_day.0 <= today
    }

    pub fn is_open(&self) -> bool {
        self.cancelled_at.is_none()
    }

    /// As it was typed, to be put right.
    pub fn draft(&self) -> Draft {
        Draft {
            kind: self.kind.to_string(),
            title: self.title.told(),
            on: text::show_day(self.on_day.0),
            at: self.at_time.clone(),
            place: self.place.told(),
            leader: self.leader.told(),
            outsiders: self.outsiders.map(|number| number.to_string()).unwrap_or_default(),
            version: self.version.to_string(),
        }
    }
}

impl Paged for Row {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.on_day, self.id]
    }
}

/// It was put to another day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MoveRow {
    pub id: GatheringMoveId,
    pub from_on: Day,
    pub to_on: Day,
    pub reason: Sealed<GatheringMoveReason>,
    pub by: String,
}

crate::opens!(MoveRow { id => reason });

/// Somebody who was asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GuestRow {
    pub id: GuestId,
    pub case_id: CaseId,
    pub name: String,
    pub code: String,
    pub hamlet: Option<String>,
    pub came: Option<bool>,
    pub made_at: At,
    // One of the family: the office's own.
    #[sqlx(default)]
    pub relative_id: Option<RelativeId>,
    #[sqlx(default)]
    pub relative: Option<Sealed<RelativeName>>,
    #[sqlx(default)]
    pub relation: Option<Sealed<RelativeRelation>>,
}

impl Opens for GuestRow {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn Shut)) {
        if let Some(id) = self.relative_id {
            job(id.uuid(), &mut self.relative);
            job(id.uuid(), &mut self.relation);
        }
    }
}

impl GuestRow {
    /// Who is asked: the one of the family, or the person herself.
    pub fn who(&self) -> &str {
        self.relative.text().unwrap_or(&self.name)
    }
}

/// A body that was asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartyRow {
    pub id: PartyId,
    /// `None`: the People's Committee.
    pub organisation_id: Option<OrganisationId>,
    pub name_vi: Option<String>,
    pub name_en: Option<String>,
    pub came: Option<bool>,
}

/// A meeting as the page of one person shows it: a word, a day, whether she came.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Attended {
    pub id: GatheringId,
    pub kind: GatheringKind,
    pub on_day: Day,
    /// It is with her family.
    pub hers: bool,
    pub cancelled_at: Option<At>,
    pub minuted_at: Option<At>,
    /// She was asked herself; and whether she came.
    pub asked: i64,
    pub came: Option<i64>,
    /// Of her family were asked, came.
    pub family_asked: i64,
    pub family_came: i64,
}
