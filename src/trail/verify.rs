//! Is the trail as it was written? Goes along the chain, then holds it against what was sworn to.

use super::{checkpoints::Checkpoint, key::Public, model::Fingerprint};
use crate::store::{
    Fault, Store,
    chain::{Hash, Hasher, Head, Link, START, Stop},
};
use std::future::Future;

/// What is wrong with a row, or with the chain from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It does not say what it said when it was written.
    Edited,
    /// It is gone, and those up to `until`.
    Missing { until: i64 },
    /// It was not written here; from it up to `until`.
    Inserted { until: i64 },
    /// It was written as another.
    Moved { written_as: i64 },
    /// The chain fits in itself, and not what was sworn to when it reached `until`.
    Rewritten { until: i64 },
    /// It is gone with all that came after it: the chain had reached `until`.
    Cut { until: i64 },
    /// A checkpoint that reaches to this row is not signed by the office's key, or does not say what it said.
    BadSignature { checkpoint: i64 },
    /// A checkpoint that stood in the database, and should still.
    NoCheckpoint { checkpoint: i64 },
}

/// The first thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The first row that is not as it should be.
    pub seq: i64,
    pub what: What,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seq = self.seq;
        match self.what {
            What::Edited => write!(f, "row {seq} was edited: it does not have the hash that it was written with"),
            What::Missing { until } if until == seq => write!(f, "row {seq} is missing"),
            What::Missing { until } => write!(f, "rows {seq} to {until} are missing"),
            What::Inserted { until } if until == seq => write!(f, "row {seq} was inserted"),
            What::Inserted { until } => write!(f, "rows {seq} to {until} were inserted"),
            What::Moved { written_as } => write!(f, "row {seq} was reordered: it was written as row {written_as}"),
            What::Rewritten { until } => {
                write!(f, "rows {seq} to {until}: rewritten, the chain is another than the one that was sworn to")
            }
            What::Cut { until } => {
                write!(f, "row {seq} is missing with all after it: the tail was cut, the chain had reached {until}")
            }
            What::BadSignature { checkpoint } => {
                write!(f, "row {seq}: checkpoint {checkpoint} has a bad signature")
            }
            What::NoCheckpoint { checkpoint } => write!(f, "row {seq}: checkpoint {checkpoint} is missing"),
        }
    }
}

/// What somebody outside holds: whole checkpoints, and fingerprints from a digest.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    pub checkpoints: Vec<Checkpoint>,
    pub fingerprints: Vec<Fingerprint>,
}

impl Witness {
    /// From a file of checkpoints, a saved digest, or a fingerprint as it was typed.
    pub fn read(text: &str) -> Witness {
        let mut witness = Witness::default();
        for line in text.lines() {
            if let Some(point) = Checkpoint::parse(line) {
                witness.checkpoints.push(point);
            } else {
                let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
                witness.fingerprints.extend(words.filter_map(|word| word.parse::<Fingerprint>().ok()));
            }
        }
        witness
    }

    pub fn is_empty(&self) -> bool {
        self.checkpoints.is_empty() && self.fingerprints.is_empty()
    }
}

/// What was looked at, and what was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The end of the chain, or of its sound part.
    pub head: Head,
    pub checkpoints: usize,
    /// Rows that no checkpoint reaches yet.
    pub uncovered: i64,
    pub wrong: Option<Wrong>,
}

/// A chain to look at: the database's, or rows in memory.
pub trait Source: Sync {
    fn walk(&self) -> impl Future<Output = Result<Result<Head, Stop>, Fault>> + Send;
    /// Rows after a number, in order.
    fn links(&self, after: i64, limit: i64) -> impl Future<Output = Result<Vec<Link>, Fault>> + Send;
    fn hash_at(&self, seq: i64) -> impl Future<Output = Result<Option<Vec<u8>>, Fault>> + Send;
    fn row_with_hash(&self, hash: &[u8]) -> impl Future<Output = Result<Option<i64>, Fault>> + Send;
    /// The number of the last row.
    fn end(&self) -> impl Future<Output = Result<i64, Fault>> + Send;
}

impl Source for Store {
    async fn walk(&self) -> Result<Result<Head, Stop>, Fault> {
        self.walk_chain().await
    }

    async fn links(&self, after: i64, limit: i64) -> Result<Vec<Link>, Fault> {
        Store::links(self, after, limit).await
    }

    async fn hash_at(&self, seq: i64) -> Result<Option<Vec<u8>>, Fault> {
        Store::hash_at(self, seq).await
    }

    async fn row_with_hash(&self, hash: &[u8]) -> Result<Option<i64>, Fault> {
        Store::row_with_hash(self, hash).await
    }

    async fn end(&self) -> Result<i64, Fault> {
        super::store::end(self).await
    }
}

/// Looks at the whole chain. `kept` are the checkpoints of the database, `outside` what others hold; `key` is the public
/// half of the office's signing key.
///
/// # Errors
/// A fault of the database. What is wrong with the trail is no error: see [`Report::wrong`].
pub async fn verify(
    source: &impl Source,
    kept: &[Checkpoint],
    outside: &Witness,
    key: &Public,
) -> Result<Report, Fault> {
    let (head, stopped) = match source.walk().await? {
        Ok(head) => (head, None),
        Err(stop) => (stop.after, Some(diagnose(source, stop).await?)),
    };
    let end = source.end().await?;
    let sworn = against(source, end, kept, outside, key).await?;
    // The chain names the very row; what was sworn to only a stretch. So the chain has the word, unless the stretch ends before.
    let wrong = match (stopped, sworn) {
        (Some(_), Some(sworn @ Wrong { what: What::Rewritten { until }, .. })) if until <= head.seq => Some(sworn),
        (stopped, sworn) => stopped.or(sworn),
    };
    let covered = kept.iter().map(|point| point.seq).max().unwrap_or(0);
    Ok(Report { head, checkpoints: kept.len(), uncovered: (end - covered).max(0), wrong })
}

/// Why the walk stopped.
async fn diagnose(source: &impl Source, stop: Stop) -> Result<Wrong, Fault> {
    let due = stop.after.seq + 1;
    let rows = source.links(stop.after.seq, 2).await?;
    let (Some(row), next) = (rows.first(), rows.get(1)) else {
        return Ok(Wrong { seq: due, what: What::Missing { until: stop.seq - 1 } });
    };
    if row.seq > due {
        return Ok(Wrong { seq: due, what: What::Missing { until: row.seq - 1 } });
    }
    let follows = |prev: &[u8]| prev == stop.after.hash.as_slice();
    if follows(&row.prev) {
        // The row after an inserted one still names the row before it.
        let inserted = next.is_some_and(|next| follows(&next.prev));
        let what = if inserted { What::Inserted { until: row.seq } } else { What::Edited };
        return Ok(Wrong { seq: row.seq, what });
    }
    let mut hasher = Hasher::default();
    let mut was = |seq: i64| hasher.hash(&row.prev, seq, &row.entry()).as_slice() == row.hash;
    // What it names as the row before it, if that is still there: so it was written next after that.
    let named = if row.prev == START { Some(0) } else { source.row_with_hash(&row.prev).await? };
    if let Some(before) = named.filter(|before| was(before + 1)) {
        let written_as = before + 1;
        let inserted = written_as < row.seq && source.row_with_hash(&row.hash).await? == Some(row.seq);
        return Ok(match inserted {
            true => Wrong { seq: written_as, what: What::Inserted { until: row.seq - 1 } },
            false => Wrong { seq: row.seq, what: What::Moved { written_as } },
        });
    }
    // Rows before it were taken out and the rest numbered anew, or it was carried here from elsewhere.
    let near = (1..=1000).flat_map(|far| [row.seq + far, row.seq - far]).filter(|seq| *seq > 0);
    for seq in near {
        if was(seq) {
            let moved = seq < row.seq || next.is_some_and(|next| follows(&next.prev) || next.prev != row.hash);
            let what = if moved { What::Moved { written_as: seq } } else { What::Missing { until: seq - 1 } };
            return Ok(Wrong { seq: row.seq, what });
        }
    }
    let inserted = next.is_some_and(|next| follows(&next.prev));
    Ok(Wrong { seq: row.seq, what: if inserted { What::Inserted { until: row.seq } } else { What::Edited } })
}

/// Holds the chain against what was sworn to, oldest first.
async fn against(
    source: &impl Source,
    end: i64,
    kept: &[Checkpoint],
    outside: &Witness,
    key: &Public,
) -> Result<Option<Wrong>, Fault> {
    for (number, point) in (1..).zip(kept) {
        if point.number != number {
            let seq = kept.get(usize::try_from(number).unwrap_or(1).saturating_sub(2)).map_or(1, |point| point.seq);
            return Ok(Some(Wrong { seq, what: What::NoCheckpoint { checkpoint: number } }));
        }
    }
    let mut points: Vec<&Checkpoint> = kept.iter().chain(&outside.checkpoints).collect();
    points.sort_by_key(|point| (point.seq, point.number));
    let mut good = 0;
    for point in points {
        let wrong = |what| Ok(Some(Wrong { seq: good + 1, what }));
        if !point.is_signed_by(key) || point.rows != point.seq {
            return wrong(What::BadSignature { checkpoint: point.number });
        }
        if point.seq > end {
            return Ok(Some(Wrong { seq: end + 1, what: What::Cut { until: point.seq } }));
        }
        if source.hash_at(point.seq).await?.as_deref() != Some(point.head.as_slice()) {
            return wrong(What::Rewritten { until: point.seq });
        }
        // One that was cut out of the database, while the file beside it still has it.
        if point.number > i64::try_from(kept.len()).unwrap_or(i64::MAX) {
            return Ok(Some(Wrong { seq: good + 1, what: What::NoCheckpoint { checkpoint: point.number } }));
        }
        good = point.seq;
    }
    let mut marks = outside.fingerprints.clone();
    marks.sort_by_key(|mark| mark.seq);
    let mut good = 0;
    for mark in marks {
        if mark.seq > end {
            return Ok(Some(Wrong { seq: end + 1, what: What::Cut { until: mark.seq } }));
        }
        let there: Option<Vec<u8>> = source.hash_at(mark.seq).await?;
        if there.is_none_or(|hash| Fingerprint::of(mark.seq, &hash) != mark) {
            return Ok(Some(Wrong { seq: good + 1, what: What::Rewritten { until: mark.seq } }));
        }
        good = mark.seq;
    }
    Ok(None)
}

/// The chain's hash as a checkpoint has it, for whoever builds rows in memory.
pub fn head_of(rows: &[Link]) -> Head {
    let hash = |row: &Link| Hash::try_from(row.hash.as_slice()).unwrap_or(START);
    rows.last().map_or(Head::NONE, |row| Head { seq: row.seq, hash: hash(row) })
}
