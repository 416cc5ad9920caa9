//! Changing the root key while the program runs: every key is wrapped anew, the secrets themselves stay as they are.
//!
//! Cut off at any point it is run again and goes on. A server that meets a version of the root key that it does not know
//! reads the key file again, so no read fails on the way.

use super::{Keys, Wrapped, broken, cipher, proof, root::Roots};
use crate::{args, base::arg::Arg, store::Fault};
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// So many keys a transaction.
const BATCH: usize = 1_000;
/// So many a statement.
const ROWS: usize = 200;

/// What a change of the root key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The version that everything is wrapped under now.
    pub version: i64,
    pub keys: u64,
    /// The old root key is in no file of ours any more; where it was given from outside, take it away there.
    pub forgotten: bool,
}

/// How the keyring stands.
#[derive(Clone, Debug)]
pub struct Keyring {
    pub place: String,
    pub version: i64,
    /// Other versions that something is still wrapped under: a change that was cut off.
    pub old: Vec<i64>,
    pub people: i64,
}

impl Keys {
    /// Wraps every key under a new root key, and forgets the old one.
    ///
    /// # Errors
    /// [`Fault::Keys`]: the root key is given from outside, and no new one is there.
    pub async fn rotate(&self) -> Result<Rotated, Fault> {
        let version = self.turn().await?;
        let mut keys = 0;
        loop {
            // Once more until nothing is left: a key may have been made under the old version meanwhile.
            let some = self.rewrap_people(version).await? + self.rewrap_office(version).await?;
            if some == 0 {
                break;
            }
            keys += some;
        }
        let mut tx = self.db.begin().await?;
        tx.run("delete from root_keys where version <> $1".into(), args![version]).await?;
        tx.commit().await?;
        if let Err(fault) = self.db.squeeze().await {
            tracing::warn!(%fault, "old wrappings may still stand in the keyring's own log");
        }
        let forgotten = self.place.is_ours();
        if forgotten {
            let mut roots = self.place.read()?;
            roots.retain(|of, _| *of == version);
            self.place.write(&roots, false)?;
        }
        Ok(Rotated { version, keys, forgotten })
    }

    /// Puts the next version in force: what is made from now on is wrapped under it. Goes on with one that was cut off.
    async fn turn(&self) -> Result<i64, Fault> {
        let mut roots = self.place.read()?;
        let standing = self.standing().await?;
        if !standing.old.is_empty() {
            self.learn(roots);
            return Ok(standing.version);
        }
        let newest = roots.last_key_value().map_or(0, |(version, _)| *version);
        let version = if newest > standing.version { newest } else { standing.version + 1 };
        let known = roots.contains_key(&version);
        if !known {
            // On the disk before anything is wrapped under it.
            roots.insert(version, super::Secret::random());
            self.place.write(&roots, false)?;
        }
        let proof = roots.get(&version).map(proof).unwrap_or_default();
        self.learn(roots);
        let mut tx = self.db.begin().await?;
        tx.lock("select id from keyring where id = $1", Arg::from(1_i64)).await?;
        tx.run("insert into root_keys (version, proof) values ($1, $2)".into(), args![version, proof]).await?;
        tx.run("update keyring set current_root = $1 where id = 1".into(), args![version]).await?;
        tx.commit().await?;
        Ok(version)
    }

    fn learn(&self, roots: Roots) {
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(roots);
    }

    async fn rewrap_people(&self, version: i64) -> Result<u64, Fault> {
        let over = self.over(version)?;
        let (mut after, mut done) = (Uuid::nil(), 0);
        loop {
            let rows: Vec<Wrapped> = self
                .db
                .all(
                    format!(
                        "select person_id, wrapped, root_version from person_keys where person_id > $1 and root_version <> $2 \
                         order by person_id limit {BATCH}"
                    )
                    .into(),
                    args![after, version],
                )
                .await?;
            let Some(last) = rows.last() else { return Ok(done) };
            after = last.person_id;
            let mut tx = self.db.begin().await?;
            for some in rows.chunks(ROWS) {
                // Changed only, never put in: a key that was destroyed meanwhile stays destroyed.
                let mut args = args![version];
                let mut places = Vec::with_capacity(some.len());
                for row in some {
                    let name = row.person_id.as_bytes();
                    let under = self.over(row.root_version)?;
                    let key = cipher::unwrap(&under, row.root_version, name, &row.wrapped).map_err(broken)?;
                    let wrapped = cipher::wrap(&over, version, name, &key).map_err(broken)?;
                    args.extend(args![row.person_id, wrapped]);
                    places.push(format!("(${}, ${})", args.len() - 1, args.len()));
                }
                let sql = format!(
                    "with fresh (id, bytes) as (values {}) update person_keys set wrapped = (select f.bytes from fresh f \
                     where f.id = person_keys.person_id), root_version = $1 where person_id in (select id from fresh)",
                    places.join(", ")
                );
                done += tx.run(sql.into(), args).await?;
            }
            tx.commit().await?;
        }
    }

    async fn rewrap_office(&self, version: i64) -> Result<u64, Fault> {
        let over = self.over(version)?;
        let rows: Vec<(String, Vec<u8>, i64)> = self
            .db
            .all("select name, wrapped, root_version from office_keys where root_version <> $1".into(), args![version])
            .await?;
        let mut tx = self.db.begin().await?;
        let mut done = 0;
        for (name, wrapped, under) in rows {
            let key = cipher::unwrap(&self.over(under)?, under, name.as_bytes(), &wrapped).map_err(broken)?;
            let wrapped = cipher::wrap(&over, version, name.as_bytes(), &key).map_err(broken)?;
            done += tx
                .run(
                    "update office_keys set wrapped = $2, root_version = $3 where name = $1".into(),
                    args![name.as_str(), wrapped, version],
                )
                .await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// How the keyring stands.
    pub async fn standing(&self) -> Result<Keyring, Fault> {
        let row: Option<(i64, i64)> = self
            .db
            .maybe("select current_root, (select count(*) from person_keys) from keyring where id = 1".into(), args![])
            .await?;
        let (version, people) = row.ok_or(Fault::Inconsistent("a keyring without its row"))?;
        let old = Self::known(&self.db).await?.into_iter().map(|(of, _)| of).filter(|of| *of != version).collect();
        Ok(Keyring { place: self.place.to_string(), version, old, people })
    }
}
