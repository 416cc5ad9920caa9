//! The chain of the trail: each row holds the hash of the row before it.
//!
//! `hash = SHA-256(prev ‖ fields)`, each field behind its length; no JSON, nothing to interpret. On SQLite a row gets its
//! place when it is written: there is one writer, so the row before it is known. On PostgreSQL rows are committed without a
//! place, under a number below zero, and one elected sequencer gives them theirs (see [`Store::chain`]).

use super::{Fault, Store, db::Tx};
use crate::base::time::At;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash of a row.
pub type Hash = [u8; 32];

/// What the first row has before it.
pub const START: Hash = [0; 32];

/// The end of the chain: the number of its last row and that row's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: Hash,
}

impl Head {
    /// Of a chain without rows.
    pub const NONE: Head = Head { seq: 0, hash: START };
}

/// All of a row that is hashed, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub id: &'a [u8],
    pub at: i64,
    pub user: Option<&'a [u8]>,
    pub actor: &'a [u8],
    pub session: &'a [u8],
    pub act: &'a [u8],
    pub subject: &'a [u8],
    pub subject_id: &'a [u8],
    pub case: Option<&'a [u8]>,
    pub purpose: &'a [u8],
    pub outcome: &'a [u8],
    pub detail: &'a [u8],
    pub policy_version: i64,
    pub request: &'a [u8],
}

/// A row as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub seq: i64,
    pub id: Uuid,
    pub at: At,
    pub user_id: Option<Uuid>,
    pub actor: String,
    pub session: String,
    pub act: String,
    pub subject: String,
    pub subject_id: String,
    pub case_id: Option<Uuid>,
    pub purpose: String,
    pub outcome: String,
    pub detail: String,
    pub policy_version: i64,
    pub request: String,
    pub prev: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The columns of [`Link`] and, in the same order, of the fast path in `db.rs`.
pub(super) const COLUMNS: &str = "seq, id, at, user_id, actor, session, act, subject, subject_id, case_id, purpose, outcome, detail, \
     policy_version, request, prev, hash";

impl Link {
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            id: self.id.as_bytes(),
            at: self.at.micros(),
            user: self.user_id.as_ref().map(|id| id.as_bytes().as_slice()),
            actor: self.actor.as_bytes(),
            session: self.session.as_bytes(),
            act: self.act.as_bytes(),
            subject: self.subject.as_bytes(),
            subject_id: self.subject_id.as_bytes(),
            case: self.case_id.as_ref().map(|id| id.as_bytes().as_slice()),
            purpose: self.purpose.as_bytes(),
            outcome: self.outcome.as_bytes(),
            detail: self.detail.as_bytes(),
            policy_version: self.policy_version,
            request: self.request.as_bytes(),
        }
    }
}

/// Hashes rows; keeps its buffer from one to the next.
#[derive(Default)]
pub struct Hasher {
    buffer: Vec<u8>,
}

impl Hasher {
    /// The hash of a row in its place.
    pub fn hash(&mut self, prev: &[u8], seq: i64, entry: &Entry<'_>) -> Hash {
        self.buffer.clear();
        self.buffer.extend_from_slice(prev);
        self.number(seq);
        self.field(Some(entry.id));
        self.number(entry.at);
        self.field(entry.user);
        for text in [entry.actor, entry.session, entry.act, entry.subject, entry.subject_id] {
            self.field(Some(text));
        }
        self.field(entry.case);
        for text in [entry.purpose, entry.outcome, entry.detail] {
            self.field(Some(text));
        }
        self.number(entry.policy_version);
        self.field(Some(entry.request));
        Sha256::digest(&self.buffer).into()
    }

    /// A field behind its length. Nothing at all has a length that no field has.
    fn field(&mut self, bytes: Option<&[u8]>) {
        let length = bytes.map_or(u32::MAX, |bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX - 1));
        self.buffer.extend_from_slice(&length.to_be_bytes());
        self.buffer.extend_from_slice(bytes.unwrap_or_default());
    }

    fn number(&mut self, number: i64) {
        self.field(Some(&number.to_be_bytes()));
    }
}

/// Goes along the chain, row by row.
pub struct Walk {
    last: Head,
    hasher: Hasher,
}

/// Where a walk stopped: the row is not what follows the row before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The row before it, which is sound.
    pub after: Head,
    /// The number that the row says it has.
    pub seq: i64,
}

impl Walk {
    /// From a row that is known to be sound; [`Head::NONE`]: from the first.
    pub fn from(head: Head) -> Walk {
        Walk { last: head, hasher: Hasher::default() }
    }

    pub fn head(&self) -> Head {
        self.last
    }

    /// One row on.
    ///
    /// # Errors
    /// It is not the next number, does not name the row before it, or does not have the hash that it says.
    pub fn step(&mut self, seq: i64, prev: &[u8], hash: &[u8], entry: &Entry<'_>) -> Result<(), Stop> {
        let here = self.hasher.hash(&self.last.hash, self.last.seq + 1, entry);
        if seq != self.last.seq + 1 || prev != self.last.hash || hash != here {
            return Err(Stop { after: self.last, seq });
        }
        self.last = Head { seq, hash: here };
        Ok(())
    }
}

/// So many rows the sequencer chains in one transaction.
const BATCH: i64 = 500;

/// The word by which nodes agree who is the sequencer just now (an advisory lock of PostgreSQL).
const SEQUENCER: i64 = 0x6475_6f6e_6776_6501;

impl Store {
    /// Gives rows that were committed without a place their place in the chain, in the order of their numbers; how many.
    /// On SQLite there are none. Of several nodes one does it at a time; another gives up and says 0.
    ///
    /// # Errors
    /// A fault of the database; what was not chained waits for the next call.
    pub async fn chain(&self) -> Result<i64, Fault> {
        let mut chained = 0;
        while self.is_postgres() {
            let some = self.chain_some().await?;
            chained += some;
            if some < BATCH {
                break;
            }
        }
        Ok(chained)
    }

    async fn chain_some(&self) -> Result<i64, Fault> {
        let waiting: Option<(i64,)> =
            self.0.db.maybe("select seq from audit where seq < 0 limit 1".into(), vec![]).await?;
        if waiting.is_none() {
            return Ok(0);
        }
        let mut tx = self.0.db.begin().await?;
        if !tx.is_elected(SEQUENCER).await? {
            tx.rollback().await?;
            return Ok(0);
        }
        let mut head = stored_head(&mut tx).await?;
        // Numbers count down from zero: the nearest to zero came first.
        let sql = format!("select {COLUMNS} from audit where seq < 0 order by seq desc limit $1");
        let rows: Vec<Link> = tx.all(sql.into(), crate::args![BATCH]).await?;
        let mut hasher = Hasher::default();
        for row in &rows {
            let hash = hasher.hash(&head.hash, head.seq + 1, &row.entry());
            tx.run(
                "update audit set seq = $2, prev = $3, hash = $4 where seq = $1".into(),
                crate::args![row.seq, head.seq + 1, head.hash.to_vec(), hash.to_vec()],
            )
            .await?;
            head = Head { seq: head.seq + 1, hash };
        }
        tx.commit().await?;
        Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
    }

    /// How many rows have no place in the chain yet.
    pub async fn unchained(&self) -> Result<i64, Fault> {
        let row: Option<(i64,)> = self.0.db.maybe("select count(*) from audit where seq < 0".into(), vec![]).await?;
        Ok(row.map_or(0, |row| row.0))
    }

    /// The end of the chain, and of how many rows it is the end.
    pub async fn chain_head(&self) -> Result<(Head, i64), Fault> {
        let row: Option<(i64, Vec<u8>, i64)> = self
            .0
            .db
            .maybe(
                "select seq, hash, (select count(*) from audit where seq > 0) from audit where seq > 0 order by seq desc limit 1"
                    .into(),
                vec![],
            )
            .await?;
        row.map_or(Ok((Head::NONE, 0)), |(seq, hash, rows)| Ok((Head { seq, hash: as_hash(&hash)? }, rows)))
    }

    /// The hash that stands in one row, if it is there.
    pub async fn hash_at(&self, seq: i64) -> Result<Option<Vec<u8>>, Fault> {
        let row: Option<(Vec<u8>,)> =
            self.0.db.maybe("select hash from audit where seq = $1".into(), crate::args![seq]).await?;
        Ok(row.map(|row| row.0))
    }

    /// The number of the row that has this hash.
    pub async fn row_with_hash(&self, hash: &[u8]) -> Result<Option<i64>, Fault> {
        let row: Option<(i64,)> = self
            .0
            .db
            .maybe(
                "select seq from audit where hash = $1 and seq > 0 order by seq limit 1".into(),
                crate::args![hash.to_vec()],
            )
            .await?;
        Ok(row.map(|row| row.0))
    }

    /// Chained rows after a number, in order.
    pub async fn links(&self, after: i64, limit: i64) -> Result<Vec<Link>, Fault> {
        let sql = format!("select {COLUMNS} from audit where seq > $1 order by seq limit $2");
        self.0.db.all(sql.into(), crate::args![after.max(0), limit]).await
    }

    /// Goes along the whole chain as fast as the database gives it. `Ok(Err(stop))`: the first row that is not sound.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn walk_chain(&self) -> Result<Result<Head, Stop>, Fault> {
        if let Some(walked) = self.0.db.walk_file().await? {
            return Ok(walked);
        }
        let mut walk = Walk::from(Head::NONE);
        loop {
            let links = self.links(walk.head().seq, 10_000).await?;
            for link in &links {
                if let Err(stop) = walk.step(link.seq, &link.prev, &link.hash, &link.entry()) {
                    return Ok(Err(stop));
                }
            }
            if links.len() < 10_000 {
                return Ok(Ok(walk.head()));
            }
        }
    }
}

/// The end of the chain as this transaction sees it.
pub(super) async fn stored_head(tx: &mut Tx) -> Result<Head, Fault> {
    let row: Option<(i64, Vec<u8>)> =
        tx.maybe("select seq, hash from audit where seq > 0 order by seq desc limit 1".into(), vec![]).await?;
    row.map_or(Ok(Head::NONE), |(seq, hash)| Ok(Head { seq, hash: as_hash(&hash)? }))
}

fn as_hash(bytes: &[u8]) -> Result<Hash, Fault> {
    bytes.try_into().map_err(|_| Fault::Inconsistent("a hash of the trail that is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(detail: &str) -> Link {
        Link {
            seq: 1,
            id: Uuid::nil(),
            at: At::from_micros(7),
            user_id: None,
            actor: "officer".into(),
            session: String::new(),
            act: "case.see".into(),
            subject: "case".into(),
            subject_id: "x".into(),
            case_id: None,
            purpose: "own".into(),
            outcome: "opened".into(),
            detail: detail.into(),
            policy_version: 1,
            request: String::new(),
            prev: START.to_vec(),
            hash: Vec::new(),
        }
    }

    #[test]
    fn a_letter_that_moves_from_one_field_to_the_next_changes_the_hash() {
        let (mut one, mut other) = (link("ab"), link("b"));
        one.outcome = "opened".into();
        other.outcome = "openeda".into();
        let mut hasher = Hasher::default();
        assert_ne!(hasher.hash(&START, 1, &one.entry()), hasher.hash(&START, 1, &other.entry()));
    }

    #[test]
    fn nothing_is_not_the_same_as_empty() {
        let row = link("");
        let hash = |user| Hasher::default().hash(&START, 1, &Entry { user, ..row.entry() });
        assert_ne!(hash(None), hash(Some(b"".as_slice())));
    }
}
