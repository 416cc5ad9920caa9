//! A line of the trail as it is shown. Pure.

use crate::{
    base::{arg::Arg, ids::TrailId, time::At},
    store::Paged,
};

/// What the reader looks for; empty: everything.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Sign-in name.
    pub user: String,
    /// Word of an act, for example `case.see`.
    pub act: String,
    /// Id of a record.
    pub record: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: TrailId,
    pub at: At,
    pub actor: String,
    pub username: Option<String>,
    pub name: Option<String>,
    pub act: String,
    pub subject: String,
    pub subject_id: String,
    pub outcome: String,
    pub detail: String,
    pub policy_version: i64,
}

impl Line {
    /// The wall clock in Viet Nam, to the second.
    pub fn clock(&self) -> String {
        let local = self.at.civil();
        format!(
            "{} {:02}:{:02}:{:02}",
            crate::base::text::show_day(local.date()),
            local.hour(),
            local.minute(),
            local.second()
        )
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.at, self.id]
    }
}
