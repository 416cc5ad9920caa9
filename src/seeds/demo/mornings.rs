//! The mornings of the last week and a half: digests, reminders and the province's weekly counts, as the scheduler makes them.

use super::Story;
use crate::{
    app::Refused,
    base::{
        ids::DigestId,
        time::{At, plus_days},
    },
    digests, jobs,
    policy::acts::{ListDigests, SeeDigest},
};
use jiff::civil::Date;

/// Who opens her digest each morning. The other head does not, and the province is told so after a week.
const OPENS_HERS: &str = "supervisor";

/// The first of them: a Monday, and more than a week ago.
pub(super) fn first(today: Date) -> Date {
    let day = plus_days(today, -8);
    plus_days(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

impl Story<'_> {
    /// The mornings that lie before `at` and were not told yet.
    pub(super) async fn mornings(&mut self, at: At) -> Result<(), Refused> {
        while self.morning < self.today && At::of(self.morning, 7, 30) <= at {
            self.store.clock().set(At::of(self.morning, 7, 30));
            jobs::tick(self.app).await?;
            self.store.clock().set(At::of(self.morning, 7, 45));
            let head = self.actor(OPENS_HERS)?;
            let newest: Option<DigestId> =
                digests::newest(self.store, &self.store.scope::<ListDigests>(head)?).await?.map(|digest| digest.id);
            if let Some(digest) = newest {
                digests::open(self.store, self.store.permit::<SeeDigest>(head, digest).await?).await?;
            }
            self.morning = plus_days(self.morning, 1);
        }
        Ok(())
    }
}
