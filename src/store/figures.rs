//! How much waits, as figures for whoever watches the machine: counts only, no id, no name, no area.

use super::{Fault, Store};
use crate::args;

/// Figures of the database.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Figures {
    /// Live sessions, whole or half.
    pub sessions: i64,
    pub mails_waiting: i64,
    /// Given up after many tries.
    pub mails_dead: i64,
    /// Due and not done yet.
    pub jobs_due: i64,
    /// Emergency openings that nobody has acknowledged.
    pub emergencies_waiting: i64,
    /// Rows of the trail that have no place in the chain yet.
    pub unchained: i64,
    /// Seconds since the newest checkpoint; none: nothing was sworn to.
    pub checkpoint_age: Option<i64>,
    /// Seconds since the newest backup that went well, and since the newest trial; none: there was none.
    pub backup_age: Option<i64>,
    pub drill_age: Option<i64>,
}

impl Store {
    /// All of them, in one statement.
    pub async fn figures(&self) -> Result<Figures, Fault> {
        let row: Option<Figures> = self
            .0
            .db
            .maybe(
                "select (select count(*) from sessions where ended_at is null and expires_at > $1) as sessions, \
                 (select count(*) from mails where sent_at is null and dead_at is null) as mails_waiting, \
                 (select count(*) from mails where sent_at is null and dead_at is not null) as mails_dead, \
                 (select count(*) from jobs where done_at is null and due_at <= $1) as jobs_due, \
                 (select count(*) from emergencies where case_id is not null and acknowledged_at is null) as emergencies_waiting, \
                 (select count(*) from audit where seq < 0) as unchained, \
                 (select ($1 - max(at)) / 1000000 from checkpoints) as checkpoint_age, \
                 (select ($1 - max(at)) / 1000000 from backups where kind = 'made' and why = 'none') as backup_age, \
                 (select ($1 - max(at)) / 1000000 from backups where kind = 'drill' and why = 'none') as drill_age"
                    .into(),
                args![self.now()],
            )
            .await?;
        row.ok_or(Fault::Inconsistent("count"))
    }
}
