//! Checkpoints: every five minutes, or thousand rows, the program swears to the end of the chain. Each is a row, a line of
//! a file outside the database, and (its fingerprint) a line of every head's digest.

use super::{
    key::{self, Public, Signer},
    model::{Fingerprint, from_hex, hex},
    store,
};
use crate::{
    app::App,
    base::time::At,
    config::Settings,
    policy::acts::RunJobs,
    store::{Fault, Scope, Store, chain::Head},
};
use std::{io::Write, os::unix::fs::OpenOptionsExt};

/// At the latest after so many seconds, if anything has happened.
const SECONDS: i64 = 5 * 60;
/// And after so many rows.
const ROWS: i64 = 1000;

/// What was sworn to: at that instant the chain had so many rows, the last with this number and hash.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Checkpoint {
    pub number: i64,
    pub at: At,
    pub seq: i64,
    pub head: Vec<u8>,
    pub rows: i64,
    pub signer: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// Swears to the end of a chain.
    pub fn sworn(number: i64, at: At, head: Head, rows: i64, signer: &Signer) -> Checkpoint {
        let mut point = Checkpoint {
            number,
            at,
            seq: head.seq,
            head: head.hash.to_vec(),
            rows,
            signer: signer.public().bytes().to_vec(),
            signature: Vec::new(),
        };
        point.signature = signer.sign(&point.message());
        point
    }

    /// What is signed.
    fn message(&self) -> Vec<u8> {
        let Checkpoint { number, at, seq, rows, .. } = self;
        format!("duongve checkpoint {number} {} {seq} {rows} {}", at.micros(), hex(&self.head)).into_bytes()
    }

    /// Did the holder of this key sign it as it stands?
    pub fn is_signed_by(&self, key: &Public) -> bool {
        self.signer == key.bytes() && key.is_of(&self.message(), &self.signature)
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.seq, &self.head)
    }

    /// As a line of the file.
    pub fn line(&self) -> String {
        let Checkpoint { number, at, seq, rows, .. } = self;
        let (head, signer, signature) = (hex(&self.head), hex(&self.signer), hex(&self.signature));
        format!("checkpoint {number} {} {seq} {rows} {head} {signer} {signature} {}", at.micros(), self.fingerprint())
    }

    /// Reads a line of the file; `None`: it is none.
    pub fn parse(line: &str) -> Option<Checkpoint> {
        let mut words = line.split_whitespace();
        let ("checkpoint", number) = (words.next()?, words.next()?.parse().ok()?) else { return None };
        Some(Checkpoint {
            number,
            at: At::from_micros(words.next()?.parse().ok()?),
            seq: words.next()?.parse().ok()?,
            rows: words.next()?.parse().ok()?,
            head: from_hex(words.next()?)?,
            signer: from_hex(words.next()?)?,
            signature: from_hex(words.next()?)?,
        })
    }
}

/// Swears to the end of the chain if it is time: five minutes or a thousand rows after the last, and anything is new. Of
/// several nodes that want to at once one does.
///
/// # Errors
/// No key, or a fault of the database. A file that cannot be written is logged: the row stands.
pub async fn if_due(app: &App, scope: Scope<RunJobs>) -> Result<Option<Checkpoint>, Fault> {
    let store = app.store();
    let end = store::end(store).await?;
    let last = store::last(store).await?;
    let new = end - last.as_ref().map_or(0, |point| point.seq);
    let waited = last.as_ref().is_none_or(|point| store.now().seconds_since(point.at) >= SECONDS);
    if new <= 0 || (new < ROWS && !waited) {
        return Ok(None);
    }
    now(app, scope).await
}

/// Swears to the end of the chain as it is now, if anything is new.
///
/// # Errors
/// As [`if_due`].
pub async fn now(app: &App, scope: Scope<RunJobs>) -> Result<Option<Checkpoint>, Fault> {
    let store = app.store();
    let signer = key::signing_key(store)?;
    store.chain().await?;
    let (head, rows) = store.chain_head().await?;
    let last = store::last(store).await?;
    if head.seq <= last.as_ref().map_or(0, |point| point.seq) {
        return Ok(None);
    }
    let point = Checkpoint::sworn(last.map_or(1, |point| point.number + 1), store.now(), head, rows, &signer);
    if !store::keep(store, scope, &point).await? {
        return Ok(None);
    }
    if let Err(error) = write_beside(app.settings(), &point) {
        tracing::error!(%error, file = %app.settings().checkpoint_file.display(), "a checkpoint stands in the database only");
    }
    Ok(Some(point))
}

fn write_beside(settings: &Settings, point: &Checkpoint) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&settings.checkpoint_file)?;
    file.write_all(format!("{}\n", point.line()).as_bytes())?;
    file.sync_data()
}

/// The fingerprint of the newest checkpoint.
pub async fn fingerprint(store: &Store) -> Result<Option<Fingerprint>, Fault> {
    Ok(store::last(store).await?.map(|point| point.fingerprint()))
}
