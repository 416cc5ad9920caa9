//! What is due when. Pure.

use crate::base::{
    ids::UserId,
    time::{At, plus_days},
    words::UnknownWord,
    workdays::Workdays,
};
use jiff::civil::{Date, Weekday};
use uuid::Uuid;

/// What the clockwork does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A working morning was planned: who gets a digest or a reminder.
    Morning,
    Digest,
    Reminder,
    /// Once a week the province has the counts of its communes.
    Bulletin,
    /// Every case is planned anew, and any difference is a defect.
    Nightly,
    /// The rules have changed: cases that were planned with older ones.
    Replan,
    /// Old keys and sessions are thrown away.
    Sweep,
    /// Whose clearance is to be reviewed: asked for before its day, and on it.
    Clearances,
    /// A backup is made, where somebody has said where to.
    Backup,
    /// Once a week a copy is tried.
    Drill,
}

impl Kind {
    const ALL: [Kind; 10] = [
        Kind::Morning,
        Kind::Digest,
        Kind::Reminder,
        Kind::Bulletin,
        Kind::Nightly,
        Kind::Replan,
        Kind::Sweep,
        Kind::Clearances,
        Kind::Backup,
        Kind::Drill,
    ];
    /// Those that come by the calendar.
    const BY_DAY: [Kind; 6] = [Kind::Nightly, Kind::Clearances, Kind::Sweep, Kind::Backup, Kind::Drill, Kind::Morning];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Morning => "morning",
            Kind::Digest => "digest",
            Kind::Reminder => "reminder",
            Kind::Bulletin => "bulletin",
            Kind::Nightly => "nightly",
            Kind::Replan => "replan",
            Kind::Sweep => "sweep",
            Kind::Clearances => "clearances",
            Kind::Backup => "backup",
            Kind::Drill => "drill",
        }
    }

    /// When on its day.
    fn at(self, day: Date) -> At {
        match self {
            Kind::Nightly => At::of(day, 1, 0),
            Kind::Clearances => At::of(day, 1, 30),
            Kind::Sweep => At::of(day, 2, 0),
            Kind::Backup => At::of(day, 2, 30),
            Kind::Drill => At::of(day, 3, 30),
            _ => At::of(day, 7, 30),
        }
    }

    fn comes_on(self, day: Date, days: &Workdays) -> bool {
        match self {
            Kind::Morning => days.is_working(day),
            Kind::Drill => day.weekday() == Weekday::Sunday,
            _ => true,
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Kind, UnknownWord> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownWord)
    }
}

/// A job that was claimed.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
    pub kind: Kind,
    pub key: String,
    pub user: Option<UserId>,
    pub due_at: At,
    pub attempts: i64,
    pub worker: String,
}

impl Job {
    /// The day that begins its period.
    pub fn on(&self) -> Date {
        self.due_at.day()
    }
}

/// One period of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub kind: Kind,
    pub on: Date,
    pub at: At,
}

/// How far back missed days are planned.
pub const BACK_DAYS: i64 = 35;

/// The periods that are due by `now` and not planned, oldest first. A kind that was never planned begins with its latest
/// period: a new office has missed nothing.
///
/// `backups`: somebody has said where backups go; without a place there is none to make or to try.
pub fn missing(days: &Workdays, now: At, planned: &[(Kind, Date)], backups: bool) -> Vec<Slot> {
    let today = now.day();
    let slots = |kind: Kind| {
        (0..=BACK_DAYS)
            .map(move |back| plus_days(today, -back))
            .filter(move |day| kind.comes_on(*day, days) && kind.at(*day) <= now)
            .map(move |on| Slot { kind, on, at: kind.at(on) })
    };
    let mut missing: Vec<Slot> = Vec::new();
    for kind in Kind::BY_DAY.into_iter().filter(|kind| backups || !matches!(kind, Kind::Backup | Kind::Drill)) {
        let first = planned.iter().filter(|(of, _)| *of == kind).map(|(_, day)| *day).min();
        match first {
            None => missing.extend(slots(kind).next()),
            Some(first) => {
                missing.extend(slots(kind).filter(|slot| slot.on > first && !planned.contains(&(kind, slot.on))))
            }
        }
    }
    missing.sort_by_key(|slot| slot.at);
    missing
}

/// How long a job that failed waits: 1, 2, 4 … minutes, at most an hour.
pub fn backoff_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(6);
    (60 * (1_i64 << doublings)).min(3600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn office() -> Workdays {
        Workdays::new([date(2026, 11, 24)], [])
    }

    fn mornings(now: At, planned: &[Date]) -> Vec<Date> {
        let planned: Vec<(Kind, Date)> = planned.iter().map(|day| (Kind::Morning, *day)).collect();
        let slots = missing(&office(), now, &planned, false);
        slots.into_iter().filter(|slot| slot.kind == Kind::Morning).map(|slot| slot.on).collect()
    }

    #[test]
    fn a_new_office_begins_with_its_latest_morning() {
        assert_eq!(mornings(At::of(date(2026, 11, 23), 7, 30), &[]), [date(2026, 11, 23)]);
        assert_eq!(mornings(At::of(date(2026, 11, 23), 7, 29), &[]), [date(2026, 11, 20)]);
        assert_eq!(mornings(At::of(date(2026, 11, 22), 12, 0), &[]), [date(2026, 11, 20)]);
    }

    #[test]
    fn missed_mornings_are_planned_once_and_no_holiday() {
        let now = At::of(date(2026, 11, 26), 9, 0);
        let planned = [date(2026, 11, 19), date(2026, 11, 20)];
        assert_eq!(mornings(now, &planned), [date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 26)]);
        let all = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 26)];
        assert!(mornings(now, &all).is_empty());
    }

    #[test]
    fn a_gap_that_a_jump_of_the_clock_left_is_filled() {
        // The clock stood in December for a while: the days between are still planned.
        let now = At::of(date(2026, 11, 25), 9, 0);
        assert_eq!(mornings(now, &[date(2026, 11, 20), date(2026, 12, 9)]), [date(2026, 11, 23), date(2026, 11, 25)]);
    }

    #[test]
    fn a_year_without_power_is_planned_for_some_weeks_only() {
        let now = At::of(date(2026, 11, 23), 9, 0);
        let slots = mornings(now, &[date(2025, 11, 24)]);
        assert_eq!(slots.first(), Some(&date(2026, 10, 19)));
        assert_eq!(slots.len(), 26);
    }

    #[test]
    fn jobs_that_fail_wait_longer_each_time() {
        assert_eq!((1..=8).map(backoff_seconds).collect::<Vec<_>>(), [60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }
}
