//! What was refused: a wrong password, a record that the asker may not see, an act that she may not do, a form from
//! elsewhere, too many requests.
//!
//! Counted in memory and written to the trail once a minute, one row for each person, act and record with how often. So a
//! flood of refused requests cannot fill the table, and a refused request takes as long whether the record exists or not.

use super::{Fault, Store, Unit, sessions::SIGN_IN, work::Note};
use crate::{
    base::{
        ids::{CaseId, UserId},
        time::At,
    },
    policy::{Act, Actor, Subject},
};
use std::{collections::BTreeMap, sync::PoisonError};

/// Written at the latest after so many seconds.
const SECONDS: i64 = 60;
/// So many different records of one person a minute; the rest is one row.
const RECORDS: usize = 20;
/// So many rows a minute in all; the rest is one row.
const ROWS: usize = 500;

/// Who was refused what.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Refusal {
    user: Option<UserId>,
    actor: String,
    session: String,
    act: &'static str,
    subject: &'static str,
    /// Empty: several, or none.
    subject_id: String,
}

/// What was refused since the last row.
#[derive(Default)]
pub(super) struct Refusals {
    since: Option<At>,
    times: BTreeMap<Refusal, i64>,
}

impl Refusals {
    fn add(&mut self, refusal: Refusal, now: At) {
        self.since.get_or_insert(now);
        if let Some(times) = self.times.get_mut(&refusal) {
            *times += 1;
            return;
        }
        let hers = self.times.keys().filter(|one| one.user == refusal.user && one.act == refusal.act).count();
        let merged = match (hers >= RECORDS, self.times.len() >= ROWS) {
            (_, true) => {
                Refusal { actor: "others".to_owned(), act: refusal.act, subject: refusal.subject, ..Refusal::default() }
            }
            (true, false) => Refusal { subject_id: String::new(), ..refusal },
            (false, false) => refusal,
        };
        *self.times.entry(merged).or_default() += 1;
    }
}

impl Store {
    /// Somebody was refused an act on a record that exists, or a list.
    pub(super) fn note_refusal<A: Act>(&self, actor: &Actor, id: Option<&<A::On as Subject>::Id>) {
        self.refuse(Refusal {
            user: actor.user(),
            actor: actor.title(),
            session: actor.session().to_owned(),
            act: A::NAME,
            subject: A::On::NAME,
            subject_id: id.map(ToString::to_string).unwrap_or_default(),
        });
    }

    /// A sign-in failed: of a known account, or of a name that nobody has. What was typed is not kept.
    pub(crate) fn note_failed_sign_in(&self, user: Option<UserId>) {
        let (actor, subject_id) = (if user.is_some() { "self" } else { "nobody" }, user.map(|user| user.to_string()));
        self.refuse(Refusal {
            user,
            actor: actor.to_owned(),
            act: SIGN_IN,
            subject: "staff",
            subject_id: subject_id.unwrap_or_default(),
            ..Refusal::default()
        });
    }

    /// A request was turned away at the door, before anybody asked what for. `why` stands in the trail as the act.
    pub(crate) fn note_turned_away(&self, visitor: Option<&Actor>, why: &'static str) {
        let refusal = Refusal {
            user: visitor.and_then(Actor::user),
            actor: visitor.map_or_else(|| "nobody".to_owned(), Actor::title),
            session: visitor.map(|actor| actor.session().to_owned()).unwrap_or_default(),
            act: why,
            subject: "request",
            ..Refusal::default()
        };
        self.refuse(refusal);
    }

    fn refuse(&self, refusal: Refusal) {
        let now = self.now();
        self.0.refusals.lock().unwrap_or_else(PoisonError::into_inner).add(refusal, now);
    }

    /// Writes what was refused, if the oldest of it is a minute old; `all`: however old it is.
    ///
    /// # Errors
    /// A fault of the database; nothing is forgotten then.
    pub async fn write_refusals(&self, all: bool) -> Result<(), Fault> {
        let now = self.now();
        let taken = {
            let mut refusals = self.0.refusals.lock().unwrap_or_else(PoisonError::into_inner);
            let due = refusals.since.is_some_and(|since| all || now.seconds_since(since) >= SECONDS);
            if !due {
                return Ok(());
            }
            std::mem::take(&mut *refusals)
        };
        let written = self.write_them(&taken).await;
        if written.is_err() {
            let mut refusals = self.0.refusals.lock().unwrap_or_else(PoisonError::into_inner);
            refusals.since = taken.since;
            for (refusal, times) in taken.times {
                *refusals.times.entry(refusal).or_default() += times;
            }
        }
        written
    }

    async fn write_them(&self, refusals: &Refusals) -> Result<(), Fault> {
        let version = self.in_force().version;
        let mut unit = Unit::new(self.clone(), self.0.db.begin().await?);
        for (refusal, times) in &refusals.times {
            let case: Option<CaseId> = if refusal.subject == "case" { refusal.subject_id.parse().ok() } else { None };
            unit.note(Note {
                user: refusal.user,
                actor: &refusal.actor,
                session: &refusal.session,
                act: refusal.act,
                subject: (refusal.subject, &refusal.subject_id),
                case,
                purpose: "",
                outcome: "refused",
                detail: &format!("{times} times"),
                policy_version: version,
            })
            .await?;
        }
        unit.into_tx().commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_few_rows_that_count() {
        let mut refusals = Refusals::default();
        let user = Some("01900000-0000-7000-8000-000000000001".parse().unwrap());
        for number in 0..10_000 {
            let refusal = Refusal {
                user,
                act: "case.see",
                subject: "case",
                subject_id: number.to_string(),
                ..Refusal::default()
            };
            refusals.add(refusal, At::from_micros(number));
        }
        assert_eq!(refusals.times.len(), RECORDS + 1);
        assert_eq!(refusals.times.values().sum::<i64>(), 10_000);
        assert_eq!(refusals.since, Some(At::from_micros(0)));
    }
}
