//! A line of the trail as it is shown. Pure.

use crate::{
    base::{
        arg::Arg,
        ids::{CaseId, TrailId},
        time::{At, plus_days},
        words::UnknownWord,
    },
    policy::Role,
    store::Paged,
};
use jiff::civil::Date;

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
    pub purpose: String,
    pub outcome: String,
    pub detail: String,
    pub policy_version: i64,
}

impl Line {
    pub fn clock(&self) -> String {
        clock(self.at)
    }
}

/// The wall clock in Viet Nam, to the second.
fn clock(at: At) -> String {
    let local = at.civil();
    let day = crate::base::text::show_day(local.date());
    format!("{day} {:02}:{:02}:{:02}", local.hour(), local.minute(), local.second())
}

/// A line about a case, or about oneself.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Opening {
    pub id: TrailId,
    pub at: At,
    pub actor: String,
    pub username: Option<String>,
    pub name: Option<String>,
    pub act: String,
    pub case_id: Option<CaseId>,
    pub code: Option<String>,
    pub purpose: String,
    pub outcome: String,
    pub detail: String,
}

impl Opening {
    pub fn clock(&self) -> String {
        clock(self.at)
    }

    /// What was done, as a key of `locales/`.
    pub fn what(&self) -> &'static str {
        match (self.outcome.as_str(), self.act.as_str()) {
            ("opened", _) => "trail-opened",
            ("refused", _) => "trail-refused",
            ("read", _) if self.detail.starts_with("search") => "trail-searched",
            ("read", "case.export") => "trail-exported",
            ("read", _) => "trail-read",
            _ => "trail-changed",
        }
    }

    /// The sensitive parts that were read, as keys of `locales/`.
    pub fn parts(&self) -> Vec<&'static str> {
        if self.outcome == "opened" { parts(&self.detail) } else { Vec::new() }
    }

    /// As what the reader was let in, as a key of `locales/`.
    pub fn ground(&self) -> &'static str {
        ground(&self.purpose)
    }

    /// Outside the reader's own cases?
    pub fn is_outside(&self) -> bool {
        self.purpose != "own"
    }
}

/// That somebody opened a case, as the person herself is told it: no name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToldOpening {
    pub id: TrailId,
    pub at: At,
    /// Role and organisation, with a line between them.
    pub who: String,
    pub purpose: String,
    pub detail: String,
}

impl ToldOpening {
    /// The parts that were read, as keys of `locales/`.
    pub fn parts(&self) -> Vec<&'static str> {
        parts(&self.detail)
    }

    /// As what the reader was let in, as a key of `locales/`.
    pub fn ground(&self) -> &'static str {
        ground(&self.purpose)
    }
}

impl Paged for ToldOpening {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.at, self.id]
    }
}

fn parts(detail: &str) -> Vec<&'static str> {
    detail.split(' ').filter_map(|part| PARTS.iter().find(|(word, _)| *word == part)).map(|(_, key)| *key).collect()
}

fn ground(purpose: &str) -> &'static str {
    match purpose {
        "own" => "trail-as-own",
        "shared" => "trail-as-shared",
        "office" => "trail-as-office",
        "area" => "trail-as-area",
        "all" => "trail-as-all",
        "glass" => "trail-as-glass",
        _ => "trail-as-other",
    }
}

/// The sensitive parts, as the trail names them.
pub const PARTS: [(&str, &str); 18] = [
    ("request", "trail-part-request"),
    ("subject_file", "trail-part-subject-file"),
    ("identity", "trail-part-identity"),
    ("identity_number", "trail-part-identity-number"),
    ("legal", "trail-part-legal"),
    ("sentence", "trail-part-sentence"),
    ("health", "trail-part-health"),
    ("family", "trail-part-family"),
    ("classification", "trail-part-classification"),
    ("origin", "trail-part-origin"),
    ("protected_note", "trail-part-protected-note"),
    ("visit_note", "trail-part-visit-note"),
    ("loan", "trail-part-loan"),
    ("gathering", "trail-part-gathering"),
    ("restriction", "trail-part-restriction"),
    ("handover", "trail-part-handover"),
    ("duty", "trail-part-duty"),
    ("attachment", "trail-part-attachment"),
];

impl Paged for Opening {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.at, self.id]
    }
}

/// From how many a day on a reader is named.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    pub outside: i64,
    pub searches: i64,
    pub night: i64,
    /// The hours between which it is night.
    pub night_from: i64,
    pub night_until: i64,
}

impl Thresholds {
    pub fn names(&self, reader: &Reader) -> bool {
        reader.outside >= self.outside || reader.searches >= self.searches || reader.night >= self.night
    }
}

/// What one person read on one day, as counts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reader {
    pub username: String,
    pub role: Role,
    /// Days since 1970 in Viet Nam.
    pub day: i64,
    /// Different cases that were opened outside her own.
    pub outside: i64,
    pub searches: i64,
    /// Openings and searches at night.
    pub night: i64,
}

impl Reader {
    pub fn on(&self) -> Date {
        plus_days(Date::constant(1970, 1, 1), self.day)
    }
}

/// A short mark of the chain's end, to be read out or kept on paper: `20417-9f3a-77c1-02be-55d0-1a2b`. The number of the last
/// row and the first 80 bits of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub seq: i64,
    pub mark: [u8; 10],
}

impl Fingerprint {
    pub fn of(seq: i64, hash: &[u8]) -> Fingerprint {
        let mut mark = [0; 10];
        for (to, from) in mark.iter_mut().zip(hash) {
            *to = *from;
        }
        Fingerprint { seq, mark }
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.seq)?;
        self.mark.chunks(2).try_for_each(|pair| write!(f, "-{}", hex(pair)))
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Fingerprint, UnknownWord> {
        let mut words = text.trim().split('-');
        let seq = words.next().and_then(|word| word.parse().ok()).filter(|seq| *seq >= 0).ok_or(UnknownWord)?;
        let groups: Vec<&str> = words.collect();
        let whole = groups.len() == 5 && groups.iter().all(|group| group.len() == 4);
        let mark = from_hex(&groups.concat()).filter(|_| whole).and_then(|mark| mark.try_into().ok());
        mark.map(|mark| Fingerprint { seq, mark }).ok_or(UnknownWord)
    }
}

/// Bytes as small hexadecimal letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal letters; `None`: they are none.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.at, self.id]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_in_words_what_was_done() {
        let line = |outcome: &str, act: &str, detail: &str| Opening {
            id: "01900000-0000-7000-8000-000000000001".parse().unwrap(),
            at: At::from_micros(0),
            actor: "officer".into(),
            username: None,
            name: None,
            act: act.into(),
            case_id: None,
            code: None,
            purpose: "office".into(),
            outcome: outcome.into(),
            detail: detail.into(),
        };
        let opened = line("opened", "case.see", "identity visit_note");
        assert_eq!((opened.what(), opened.is_outside()), ("trail-opened", true));
        assert_eq!(opened.parts(), ["trail-part-identity", "trail-part-visit-note"]);
        assert_eq!(line("read", "case.list", "search, 2 found").what(), "trail-searched");
        assert_eq!(line("done", "visit.log", "health").parts(), Vec::<&str>::new());
        assert_eq!(line("refused", "case.see", "3 times").what(), "trail-refused");
    }

    #[test]
    fn a_fingerprint_is_read_as_it_is_written_and_nothing_else_is_one() {
        let mark = Fingerprint::of(20_417, &[0x9f, 0x3a, 0x77, 0xc1, 2, 0xbe, 0x55, 0xd0, 0x1a, 0x2b, 0xff]);
        assert_eq!(mark.to_string(), "20417-9f3a-77c1-02be-55d0-1a2b");
        assert_eq!(mark.to_string().parse(), Ok(mark));
        for odd in [
            "",
            "20417",
            "2026-11-23",
            "20417-9f3a-77c1-02be-55d0",
            "20417-9f3a-77c1-02be-55d0-1a2",
            "x-9f3a-77c1-02be-55d0-1a2b",
        ] {
            assert!(odd.parse::<Fingerprint>().is_err(), "{odd}");
        }
    }
}
