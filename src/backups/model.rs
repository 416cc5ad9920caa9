//! A backup as it is described, kept and judged. Pure.

use crate::base::{
    ids::BackupId,
    refusal::{Check, Invalid},
    text,
    time::{At, Day, days_between},
    words::{BackupKind, BackupWhy},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// What a backup says of itself, beside its files. No name, no number of a person: counts and hashes only.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// Of this description.
    pub format: u32,
    /// `record` or `keyring`.
    pub part: String,
    pub made_at: String,
    /// The version of the program that made it.
    pub program: String,
    /// `sqlite` or `postgres`: a backup goes back to where it came from.
    pub database: String,
    /// The newest migration.
    pub schema: i64,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// The end of the trail's chain: number and hash of its last row.
    pub head_seq: i64,
    pub head_hash: String,
    /// The database first; then whatever else belongs to it, each by the hash of what it holds.
    pub files: Vec<Boxed>,
    /// What lies beside the backups, by hash: the files that are put with cases.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// One shut file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Boxed {
    /// As it lies in the folder.
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    /// What is in it.
    pub plain_name: String,
    pub plain_bytes: u64,
    pub plain_sha256: String,
}

impl Manifest {
    pub const FORMAT: u32 = 1;

    /// Reads a description; `None`: it is none of ours, or names files that do not lie in its own folder.
    pub fn read(text: &[u8]) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_slice(text).ok()?;
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        let sound = manifest.files.iter().all(|file| plain(&file.name) && plain(&file.plain_name));
        (manifest.format == Manifest::FORMAT && sound && !manifest.files.is_empty()).then_some(manifest)
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// The folder of a backup: when it was made, in UTC, so that names sort by age.
pub fn name_of(at: At) -> String {
    format!("duongve-{}", at.timestamp().strftime("%Y%m%dT%H%M%SZ"))
}

/// When the backup in this folder was made; `None`: it is no backup of ours.
pub fn made_at(name: &str) -> Option<At> {
    order_of(name).map(|(at, _)| at)
}

/// By what backups are ordered: when it was made, and the how-many-eth of that second.
pub fn order_of(name: &str) -> Option<(At, u32)> {
    let rest = name.strip_prefix("duongve-")?;
    let (stamp, end) = (rest.get(..16)?, rest.get(16..)?);
    let number = match end {
        "" => 1,
        end => end.strip_prefix('-')?.parse().ok()?,
    };
    let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some((At::from_micros(zoned.timestamp().as_microsecond()), number))
}

/// Which backups are kept: the newest of each of the last days, weeks and months that have one, and the newest of all.
pub fn kept(all: &[String], daily: usize, weekly: usize, monthly: usize) -> BTreeSet<String> {
    let mut dated = dated(all);
    dated.reverse();
    let mut kept: BTreeSet<String> = dated.first().map(|(_, name)| (*name).clone()).into_iter().collect();
    let mut newest_of = |span: &dyn Fn(Date) -> (i16, i8), most: usize| {
        let mut spans: Vec<(i16, i8)> = Vec::new();
        for (at, name) in &dated {
            let of = span(at.day());
            if spans.last() != Some(&of) {
                if spans.len() == most {
                    return;
                }
                spans.push(of);
                kept.insert((*name).clone());
            }
        }
    };
    newest_of(&|day| (day.year() * 12 + i16::from(day.month()), day.day()), daily);
    newest_of(&|day| (day.iso_week_date().year(), day.iso_week_date().week()), weekly);
    newest_of(&|day| (day.year(), day.month()), monthly);
    kept
}

/// Oldest first; what is no backup is left out.
fn dated(all: &[String]) -> Vec<(At, &String)> {
    let mut dated: Vec<((At, u32), &String)> = all.iter().filter_map(|name| Some((order_of(name)?, name))).collect();
    dated.sort();
    dated.into_iter().map(|((at, _), name)| (at, name)).collect()
}

/// Which backups of the keyring are kept: those of the last days, and the newest.
pub fn kept_keyrings(all: &[String], now: At, days: i64) -> BTreeSet<String> {
    let dated = dated(all);
    let newest = dated.last().map(|(_, name)| (*name).clone());
    let young = dated.into_iter().filter(|(at, _)| now.seconds_since(*at) <= days * 86_400);
    young.map(|(_, name)| name.clone()).chain(newest).collect()
}

/// A line of the page: something was done so that nothing is lost, or was tried.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: BackupId,
    pub kind: BackupKind,
    pub at: At,
    pub why: BackupWhy,
    pub name: String,
    pub bytes: i64,
    pub millis: i64,
    pub by: Option<String>,
}

impl Line {
    pub fn went_well(&self) -> bool {
        self.why == BackupWhy::None
    }

    /// In the largest unit that leaves a number.
    pub fn size(&self) -> String {
        match self.bytes {
            0 => String::new(),
            bytes if bytes < 1_000_000 => format!("{} kB", (bytes + 999) / 1_000),
            bytes => format!("{} MB", (bytes + 500_000) / 1_000_000),
        }
    }
}

/// A backup is late after so many days, a trial after so many; the key holder tries one each quarter.
const BACKUP_DAYS: i64 = 2;
const DRILL_DAYS: i64 = 8;
const HOLDER_MONTHS: i64 = 3;

/// How it stands.
#[derive(Clone, Debug)]
pub struct Status {
    /// Somebody has said where backups go.
    pub is_set: bool,
    pub last: Option<At>,
    pub last_drill: Option<At>,
    /// The newest trial went wrong.
    pub drill_failed: bool,
    /// Until when the key holder is to try one; `None`: there is none yet.
    pub holder_due: Option<Day>,
}

impl Status {
    /// From the newest of each kind that went well, and the first backup of all.
    pub fn of(
        is_set: bool,
        first: Option<At>,
        last: Option<At>,
        last_drill: Option<At>,
        last_holder: Option<At>,
        drill_failed: bool,
    ) -> Status {
        let since = last_holder.or(first).map(At::day);
        let holder_due = since.map(|day| Day(day.saturating_add(HOLDER_MONTHS.months())));
        Status { is_set, last, last_drill, drill_failed, holder_due }
    }

    pub fn backup_is_late(&self, today: Date) -> bool {
        self.last.is_none_or(|at| days_between(at.day(), today) >= BACKUP_DAYS)
    }

    pub fn drill_is_late(&self, today: Date) -> bool {
        self.drill_failed || self.last_drill.is_none_or(|at| days_between(at.day(), today) > DRILL_DAYS)
    }

    pub fn holder_is_late(&self, today: Date) -> bool {
        self.holder_due.is_some_and(|due| due.0 < today)
    }

    /// How many of the three are late: shown beside the link.
    pub fn late(&self, today: Date) -> i64 {
        let late = [self.backup_is_late(today), self.drill_is_late(today), self.holder_is_late(today)];
        late.into_iter().filter(|late| *late).count().try_into().unwrap_or(3)
    }
}

/// What the key holder found, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HolderDraft {
    pub on: String,
    /// `well` or a word of what went wrong.
    pub outcome: String,
}

impl HolderDraft {
    /// # Errors
    /// `on`: no day, or one to come; `outcome`: not chosen.
    pub fn check(&self, today: Date) -> Result<(Date, BackupWhy), Invalid> {
        let mut check = Check::default();
        let on = check.take("on", text::parse_day(&self.on, today));
        let outcome = match self.outcome.as_str() {
            "well" => Ok(BackupWhy::None),
            word => word.parse::<BackupWhy>().map_err(|_| "not_chosen"),
        };
        let outcome = check.take("outcome", outcome);
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        check.give(on.zip(outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn nightly(from: Date, days: i64) -> Vec<String> {
        (0..days).map(|day| name_of(At::of(crate::base::time::plus_days(from, day), 2, 30))).collect()
    }

    #[test]
    fn a_name_says_when_and_sorts_by_it() {
        let at = At::of(date(2026, 11, 24), 2, 30);
        assert_eq!(name_of(at), "duongve-20261123T193000Z");
        assert_eq!(made_at("duongve-20261123T193000Z"), Some(at));
        assert_eq!(made_at("duongve-20261123T193000Z-2"), Some(at));
        assert!(order_of("duongve-20261123T193000Z-10") > order_of("duongve-20261123T193000Z-9"));
        for other in [
            "duongve-20261123T193000Zx",
            "duongve-today",
            ".duongve-backup-1",
            "lost+found",
            "duongve-20269923T193000Z",
        ] {
            assert_eq!(made_at(other), None, "{other}");
        }
    }

    #[test]
    fn a_year_of_nights_leaves_seven_days_four_weeks_twelve_months() {
        let all = nightly(date(2025, 11, 25), 365);
        let kept = kept(&all, 7, 4, 12);
        // The newest is day, week and month at once; 15/11 and 22/11 are the last of their weeks.
        let days: Vec<Date> = kept.iter().filter_map(|name| made_at(name)).map(At::day).collect();
        assert_eq!(days.last(), Some(&date(2026, 11, 24)));
        assert!((18..=23).contains(&days.len()), "{days:?}");
        for day in [date(2026, 11, 18), date(2026, 11, 15), date(2026, 11, 8), date(2026, 10, 31), date(2025, 12, 31)] {
            assert!(days.contains(&day), "{day}: {days:?}");
        }
        assert!(!days.contains(&date(2026, 11, 16)) && !days.contains(&date(2025, 11, 30)), "{days:?}");
    }

    #[test]
    fn the_newest_always_stays_and_what_is_none_of_ours_is_never_named() {
        let mut all = nightly(date(2026, 1, 1), 1);
        all.push("notes".to_owned());
        assert_eq!(kept(&all, 1, 0, 0), BTreeSet::from([all[0].clone()]));
        assert_eq!(kept_keyrings(&all, At::of(date(2026, 11, 24), 8, 0), 30), BTreeSet::from([all[0].clone()]));
        let all = nightly(date(2026, 10, 1), 55);
        assert_eq!(kept_keyrings(&all, At::of(date(2026, 11, 24), 2, 30), 30).len(), 31);
    }

    #[test]
    fn what_is_late_is_said() {
        let day = |day| Some(At::of(day, 2, 30));
        let status =
            Status::of(true, day(date(2026, 8, 1)), day(date(2026, 11, 23)), day(date(2026, 11, 15)), None, false);
        assert_eq!(status.holder_due, Some(Day(date(2026, 11, 1))));
        assert_eq!(status.late(date(2026, 11, 23)), 1, "the key holder's only: a trial eight days ago is in time");
        assert_eq!(status.late(date(2026, 11, 24)), 2);
        assert_eq!(status.late(date(2026, 11, 25)), 3);
        assert_eq!(Status::of(false, None, None, None, None, false).late(date(2026, 11, 23)), 2);
    }

    #[test]
    fn a_description_names_files_of_its_own_folder_only() {
        let named = |name: &str| {
            let file = serde_json::json!({"name": name, "bytes": 1, "sha256": "", "plain_name": "record", "plain_bytes": 1, "plain_sha256": ""});
            serde_json::json!({"format": 1, "part": "record", "made_at": "", "program": "", "database": "sqlite", "schema": 1,
                "rows": {}, "head_seq": 0, "head_hash": "", "files": [file]})
            .to_string()
        };
        assert!(Manifest::read(named("record.age").as_bytes()).is_some());
        for name in ["../record.age", "/etc/passwd", ".hidden", "", "a/b"] {
            assert!(Manifest::read(named(name).as_bytes()).is_none(), "{name}");
        }
    }
}
