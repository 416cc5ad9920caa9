//! A line of the trail as it is shown. Pure.

use crate::{
    base::{arg::Arg, ids::TrailId, time::At, words::UnknownWord},
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
    if !text.is_ascii() || text.len() % 2 != 0 {
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
