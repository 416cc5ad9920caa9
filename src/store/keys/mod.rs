//! The keys: one for each person, a few of the office, all wrapped under a root key that is not in the database.
//!
//! They lie in the **keyring**, a database of its own beside the other (a file; on PostgreSQL a schema), so that a backup of
//! the one is not a backup of the other, and destroying one small row makes a person unreadable in every copy. A person's
//! key is durable before the first row that needs it; a key that no row needs harms nobody.

mod cipher;
mod root;
mod rotation;
pub(super) mod tombstones;

pub use root::{GivenKey, RootPlace};
pub use rotation::{Keyring, Rotated};

pub(super) use cipher::{Place, Secret};

use super::{Fault, db::Db};
use crate::{
    args,
    base::{arg::Arg, sealed::Opens},
};
use root::Roots;
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Where the keys are.
#[derive(Clone, Debug)]
pub struct KeyPlaces {
    pub root: RootPlace,
    /// A file, or `postgres://…`, in which the keyring is the schema `keyring`.
    pub keyring: String,
    /// Who was erased: only ever added to, replayed over a database that was brought back from a copy.
    pub tombstones: PathBuf,
}

/// A key that is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Office {
    /// Mails that wait or went.
    Outbox,
    /// The marks of identity numbers.
    IdMarks,
    /// The marks of telephone numbers.
    PhoneMarks,
    /// What a list's rows looked like.
    Imports,
    /// What a repeated request looked like.
    Repeats,
    /// The secrets that telephones make their codes from.
    Factors,
    /// What is said of accounts, and of a try that opened nobody's record.
    Notes,
    /// What is mixed into a password before it is hashed.
    Pepper,
    /// What checkpoints of the trail are signed with.
    Checkpoints,
    /// What was sealed after a record was cleared. Nothing opens rows with it but taking a seal off.
    Seals,
}

impl Office {
    const ALL: [Office; 10] = [
        Office::Outbox,
        Office::IdMarks,
        Office::PhoneMarks,
        Office::Imports,
        Office::Repeats,
        Office::Factors,
        Office::Notes,
        Office::Pepper,
        Office::Checkpoints,
        Office::Seals,
    ];

    const fn name(self) -> &'static str {
        match self {
            Office::Outbox => "outbox",
            Office::IdMarks => "id_marks",
            Office::PhoneMarks => "phone_marks",
            Office::Imports => "imports",
            Office::Repeats => "repeats",
            Office::Factors => "factors",
            Office::Notes => "notes",
            Office::Pepper => "pepper",
            Office::Checkpoints => "checkpoints",
            Office::Seals => "seals",
        }
    }

    /// What stands for a person where a field belongs to nobody.
    pub(super) const fn keeper(self) -> Uuid {
        Uuid::from_u128(self as u128 + 1)
    }
}

/// So many keys are kept in memory, and so long.
const KEPT: usize = 20_000;
const KEPT_FOR: Duration = Duration::from_secs(15 * 60);
/// So many ids are asked for at once.
const ASKED: usize = 500;

/// Keys that were asked for, by keeper. Who is not in it has none.
pub(super) type Ring = HashMap<Uuid, Arc<Secret>>;

pub(super) struct Keys {
    db: Db,
    place: RootPlace,
    roots: RwLock<Arc<Roots>>,
    office: HashMap<Office, Arc<Secret>>,
    /// Of them the one that must always be there: no password is hashed without it.
    pepper: Arc<Secret>,
    kept: Mutex<HashMap<Uuid, (Arc<Secret>, Instant)>>,
    pub tombstones: PathBuf,
}

#[derive(sqlx::FromRow)]
struct Wrapped {
    person_id: Uuid,
    wrapped: Vec<u8>,
    root_version: i64,
}

impl Keys {
    /// Opens the keyring; makes root key and keyring where there is neither.
    ///
    /// # Errors
    /// [`Fault::Keys`]: the root key is not there, is another one than the keyring was made with, or can be read by others.
    pub async fn open(places: &KeyPlaces) -> Result<Keys, Fault> {
        let db = Db::open_keyring(&places.keyring).await?;
        let roots = Self::prove(&db, &places.root).await?;
        let mut keys = Keys {
            db,
            place: places.root.clone(),
            roots: RwLock::new(Arc::new(roots)),
            office: HashMap::new(),
            pepper: Arc::new(Secret::random()),
            kept: Mutex::default(),
            tombstones: places.tombstones.clone(),
        };
        for office in Office::ALL {
            let key = keys.office_key(office).await?;
            keys.office.insert(office, Arc::new(key));
        }
        keys.pepper = keys.office(Office::Pepper)?;
        Ok(keys)
    }

    /// The root keys, each proven to be the one that the keyring was made with.
    async fn prove(db: &Db, place: &RootPlace) -> Result<Roots, Fault> {
        let mut roots = place.read()?;
        if Self::known(db).await?.is_empty() {
            if roots.is_empty() {
                roots.insert(1, Secret::random());
                place.write(&roots, true)?;
            }
            let (version, root) = roots.last_key_value().ok_or(Fault::Inconsistent("no root key"))?;
            let mut tx = db.begin().await?;
            tx.run(
                "insert into root_keys (version, proof) select $1, $2 where not exists (select 1 from root_keys)"
                    .into(),
                args![*version, proof(root)],
            )
            .await?;
            tx.run(
                "insert into keyring (id, current_root) select 1, version from root_keys where true on conflict do nothing".into(),
                args![],
            )
            .await?;
            tx.commit().await?;
        }
        for (version, known) in Self::known(db).await? {
            match roots.get(&version) {
                Some(root) if subtle::ConstantTimeEq::ct_eq(proof(root).as_slice(), known.as_slice()).into() => {}
                Some(_other) => {
                    return Err(Fault::Keys(format!(
                        "{place} is not the one that this keyring was made with (version {version})"
                    )));
                }
                None => {
                    return Err(Fault::Keys(format!(
                        "{place}: version {version} is missing, and without it nothing sealed can be read; bring it back from your copy"
                    )));
                }
            }
        }
        Ok(roots)
    }

    async fn known(db: &Db) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
        db.all("select version, proof from root_keys order by version".into(), args![]).await
    }

    /// An office's own key, made if nobody made it before.
    async fn office_key(&self, office: Office) -> Result<Secret, Fault> {
        let sql = "select wrapped, root_version from office_keys where name = $1";
        let row: Option<(Vec<u8>, i64)> = self.db.maybe(sql.into(), args![office.name()]).await?;
        let (wrapped, version) = match row {
            Some(row) => row,
            None => {
                let mut tx = self.db.begin().await?;
                let (version, over) = self.current(&mut tx).await?;
                let name = office.name();
                let wrapped = cipher::wrap(&over, version, name.as_bytes(), &Secret::random()).map_err(broken)?;
                tx.run(
                    "insert into office_keys (name, wrapped, root_version) values ($1, $2, $3) on conflict do nothing"
                        .into(),
                    args![name, wrapped, version],
                )
                .await?;
                let row = tx.maybe(sql.into(), args![name]).await?;
                tx.commit().await?;
                row.ok_or(Fault::Inconsistent("an office key that is not there"))?
            }
        };
        let over = self.over(version)?;
        cipher::unwrap(&over, version, office.name().as_bytes(), &wrapped).map_err(broken)
    }

    /// Under which root key a new key is wrapped: what the keyring says now. Whoever changes it waits for this unit.
    async fn current(&self, tx: &mut super::db::Tx) -> Result<(i64, Secret), Fault> {
        tx.lock("select id from keyring where id = $1", Arg::from(1_i64)).await?;
        let row: Option<(i64,)> = tx.maybe("select current_root from keyring where id = 1".into(), args![]).await?;
        let version = row.ok_or(Fault::Inconsistent("a keyring without its row"))?.0;
        Ok((version, self.over(version)?))
    }

    /// What keys are wrapped with under a version of the root key. A version that is not known was made meanwhile.
    fn over(&self, version: i64) -> Result<Secret, Fault> {
        let known = self.roots.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(root) = known.get(&version) {
            return Ok(root.derive(&kek(version)));
        }
        let fresh = Arc::new(self.place.read()?);
        let key = fresh.get(&version).map(|root| root.derive(&kek(version)));
        *self.roots.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        key.ok_or_else(|| Fault::Keys(format!("{}: version {version} is missing", self.place)))
    }

    pub fn office(&self, office: Office) -> Result<Arc<Secret>, Fault> {
        self.office.get(&office).cloned().ok_or(Fault::Inconsistent("an office key that is not there"))
    }

    pub fn pepper(&self) -> Arc<Secret> {
        self.pepper.clone()
    }

    /// Makes a key for each of these people. When this returns they are on the disk.
    pub async fn make(&self, people: &[Uuid]) -> Result<(), Fault> {
        let mut made = Vec::with_capacity(people.len());
        let mut tx = self.db.begin().await?;
        let (version, over) = self.current(&mut tx).await?;
        for person in people {
            let key = Secret::random();
            let wrapped = cipher::wrap(&over, version, person.as_bytes(), &key).map_err(broken)?;
            tx.run(
                "insert into person_keys (person_id, wrapped, root_version) values ($1, $2, $3)".into(),
                args![*person, wrapped, version],
            )
            .await?;
            made.push((*person, Arc::new(key)));
        }
        tx.commit().await?;
        self.keep(made);
        Ok(())
    }

    /// The keys of these people; who was erased is not among them.
    pub async fn of(&self, people: BTreeSet<Uuid>) -> Result<Ring, Fault> {
        let (mut ring, missing) = self.in_memory(people);
        for some in missing.chunks(ASKED) {
            let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
            let sql = format!(
                "select person_id, wrapped, root_version from person_keys where person_id in ({})",
                places.join(", ")
            );
            let rows: Vec<Wrapped> = self.db.all(sql.into(), some.iter().copied().map(Arg::from).collect()).await?;
            let mut over: HashMap<i64, Secret> = HashMap::new();
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                let version = row.root_version;
                if let std::collections::hash_map::Entry::Vacant(place) = over.entry(version) {
                    place.insert(self.over(version)?);
                }
                let over = over.get(&version).ok_or(Fault::Inconsistent("a root key"))?;
                let key = cipher::unwrap(over, version, row.person_id.as_bytes(), &row.wrapped).map_err(broken)?;
                found.push((row.person_id, Arc::new(key)));
            }
            ring.extend(found.iter().cloned());
            self.keep(found);
        }
        Ok(ring)
    }

    fn in_memory(&self, people: BTreeSet<Uuid>) -> (Ring, Vec<Uuid>) {
        let (mut ring, mut missing) = (Ring::new(), Vec::new());
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for id in people {
            let office = Office::ALL.into_iter().find(|office| office.keeper() == id);
            if let Some(key) = office.and_then(|office| self.office.get(&office)) {
                ring.insert(id, key.clone());
                continue;
            }
            match kept.get(&id).filter(|(_, since)| since.elapsed() < KEPT_FOR) {
                Some((key, _)) => {
                    ring.insert(id, key.clone());
                }
                None => missing.push(id),
            }
        }
        (ring, missing)
    }

    fn keep(&self, found: Vec<(Uuid, Arc<Secret>)>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + found.len() > KEPT {
            kept.retain(|_, (_, since)| since.elapsed() < KEPT_FOR);
        }
        if kept.len() + found.len() > KEPT {
            kept.clear();
        }
        let now = Instant::now();
        kept.extend(found.into_iter().take(KEPT).map(|(id, key)| (id, (key, now))));
    }

    /// Keeps no key in memory any longer.
    pub fn let_go(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Opens every sealed field of these rows. What has no key any more reads as erased.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`]: a field that was changed, or copied from elsewhere.
    pub async fn open_all<T: Opens>(&self, rows: &mut T) -> Result<(), Fault> {
        let (mut keepers, mut odd) = (BTreeSet::new(), false);
        rows.each(&mut |_row, field| match field.shut().map(cipher::keeper) {
            Some(Ok(keeper)) => {
                keepers.insert(keeper);
            }
            Some(Err(_)) => odd = true,
            None => {}
        });
        if odd {
            return Err(Fault::Inconsistent("a sealed field that holds something else"));
        }
        if keepers.is_empty() {
            return Ok(());
        }
        let ring = self.of(keepers).await?;
        let mut fault = None;
        rows.each(&mut |row, field| {
            let Some(shut) = field.shut() else { return };
            let place = Place { table: field.table(), column: field.column(), row };
            let key = cipher::keeper(shut).ok().and_then(|keeper| ring.get(&keeper));
            let fine = match key.map(|key| cipher::open(key, place, shut)) {
                Some(Ok(plain)) => field.take(Some(&plain)),
                Some(Err(_)) => false,
                None => field.take(None),
            };
            if !fine {
                fault = Some(place);
            }
        });
        match fault {
            Some(place) => {
                tracing::error!(table = place.table, column = place.column, row = %place.row, "a sealed field does not open: it was changed or moved");
                Err(Fault::Inconsistent("a sealed field that does not open"))
            }
            None => Ok(()),
        }
    }

    /// Destroys people's keys: whatever was sealed with them can be read nowhere any more.
    pub async fn destroy(&self, people: &[Uuid]) -> Result<(), Fault> {
        let let_go = || {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            people.iter().for_each(|person| drop(kept.remove(person)));
        };
        let_go();
        let mut tx = self.db.begin().await?;
        for some in people.chunks(ASKED) {
            let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
            let sql = format!("delete from person_keys where person_id in ({})", places.join(", "));
            tx.run(sql.into(), some.iter().copied().map(Arg::from).collect()).await?;
        }
        tx.commit().await?;
        // Whoever read one meanwhile.
        let_go();
        if let Err(fault) = self.db.squeeze().await {
            tracing::warn!(%fault, "a destroyed key may still stand in the keyring's own log until the next start");
        }
        Ok(())
    }

    /// Asks the keyring to prepare a statement (tests).
    pub async fn prepare(&self, sql: String) -> Result<(), Fault> {
        self.db.prepare(sql.into()).await
    }

    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// Shuts a secret for one keeper.
pub(super) fn shut(key: &Secret, keeper: Uuid, place: Place, plain: &[u8]) -> Result<Vec<u8>, Fault> {
    cipher::shut(key, keeper, place, plain).map_err(broken)
}

/// Opens what was shut for that keeper in that place.
pub(super) fn unshut(key: &Secret, place: Place, shut: &[u8]) -> Result<Vec<u8>, Fault> {
    cipher::open(key, place, shut).map(|plain| plain.to_vec()).map_err(broken)
}

fn kek(version: i64) -> String {
    format!("duongve/kek/v{version}")
}

/// Tells a wrong root key at the start, and tells nothing else of it.
fn proof(root: &Secret) -> Vec<u8> {
    root.derive("duongve/proof/v1").bytes().to_vec()
}

fn broken(_: cipher::Broken) -> Fault {
    Fault::Inconsistent("a key that does not open")
}
