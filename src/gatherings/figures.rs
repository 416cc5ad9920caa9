//! Gatherings as numbers, for reports.

use super::store;
use crate::{
    base::words::GatheringKind,
    policy::{AreaCode, acts::CountGatherings},
    store::{Fault, Scope, Store},
};
use jiff::civil::Date;

/// From which day to which, and where.
#[derive(Clone, Debug)]
pub struct Window {
    pub from: Date,
    pub to: Date,
    /// One commune of the scope; none: all of it.
    pub area: Option<AreaCode>,
}

/// Meetings of one kind that took place (were not cancelled), and how many came who are named nowhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    pub kind: GatheringKind,
    pub gatherings: i64,
    pub outsiders: i64,
}

/// Who came: people, each once; how often; of their families, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Reached {
    pub people: i64,
    pub times: i64,
    pub relatives: i64,
}

/// What was said, and what became of it. `beyond`: of the answered, those that are not ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Heard {
    pub opinions: i64,
    pub owed: i64,
    pub answered: i64,
    pub beyond: i64,
    pub late: i64,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub held: Vec<Held>,
    pub reached: Reached,
    pub heard: Heard,
}

impl Figures {
    pub fn gatherings(&self) -> i64 {
        self.held.iter().map(|held| held.gatherings).sum()
    }

    pub fn outsiders(&self) -> i64 {
        self.held.iter().map(|held| held.outsiders).sum()
    }
}

/// Meetings whose day lies within the window: held, who came, what was said. Three statements.
pub async fn of(store: &Store, scope: &Scope<CountGatherings>, window: &Window) -> Result<Figures, Fault> {
    Ok(Figures {
        held: store::figures::held(store, scope, window).await?,
        reached: store::figures::reached(store, scope, window).await?,
        heard: store::figures::heard(store, scope, window).await?,
    })
}
