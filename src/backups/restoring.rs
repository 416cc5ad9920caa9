//! Putting a backup back, into an empty place only; and trying one without keeping it, as the key holder does each quarter.

use super::{
    NotSound,
    boxes::{self, Identities},
    files,
    folders::{self, Stage},
    model::{Boxed, Manifest},
    store,
    trying::{Place, Signed, Tried, look, on_trial},
};
use crate::{
    base::{
        ids::PersonId,
        time::Clock,
        words::{BackupKind, BackupWhy},
    },
    config::Settings,
    policy::{Actor, acts::RunJobs},
    store::{
        Fault, KeyPlaces, Store,
        chain::Head,
        copies::{self, Holds, Part},
    },
    trail,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is put back, and with which keys it is opened.
#[derive(Clone, Debug)]
pub struct Boxes {
    /// The folder of a backup.
    pub record: PathBuf,
    pub identity: PathBuf,
    /// The folder of a backup of the keyring and the key to it. `None`: the keyring is where it was.
    pub keyring: Option<(PathBuf, PathBuf)>,
}

/// A backup that was put back.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Restored {
    pub made_at: String,
    /// Files that are put with cases.
    pub files: usize,
    #[serde(flatten)]
    pub tried: Tried,
}

/// Puts a backup back where the settings say that the database is. Nothing is replaced: database, and keyring if one is put
/// back, must not be there yet. It takes its place only when it was looked at and whoever was erased since is erased again.
///
/// # Errors
/// Something is there already; a file was changed or does not open; the copy is not sound. On SQLite nothing was put anywhere
/// then; on PostgreSQL the empty database may have been filled, and is to be dropped.
pub async fn restore(settings: &Settings, boxes: &Boxes, clock: Clock, actor: &Actor) -> Result<Restored, NotSound> {
    let keyring_comes = boxes.keyring.is_some();
    must_be_empty(&settings.database, &settings.database_shown(), Part::Record).await?;
    if keyring_comes {
        must_be_empty(&settings.keys.keyring, &settings.keyring_shown(), Part::Keyring).await?;
    } else if copies::is_empty(&settings.keys.keyring, Part::Keyring).await? {
        let said = "there is no keyring, and without it nothing sealed can be read: say --keyring-from as well";
        return Err(NotSound::new(BackupWhy::Keys, said));
    }
    let stage = Stage::under(&beside(settings)).map_err(NotSound::place)?;
    let opened = unpack(boxes, &stage)?;
    came_from(&opened.manifest, settings)?;
    join_erased(&stage, &settings.keys.tombstones).map_err(NotSound::place)?;
    let place = place(settings, &stage, keyring_comes);
    if place.database.starts_with("postgres") {
        copies::put_back(&place.database, &stage.file("record")).await?;
    }
    if keyring_comes && place.keys.keyring.starts_with("postgres") {
        copies::put_back(&place.keys.keyring, &stage.file("keyring")).await?;
    }
    let files = files::bring_back(&boxes.record, &opened.manifest.attachments, Some(&settings.files()))?;
    let (store, tried) = look(&place, (&opened.manifest.holds()?, &opened.signed), clock, actor).await?;
    write_down(&store, actor, &opened.manifest).await?;
    store.close().await;
    drop(store);
    put(settings, &place, &stage).await?;
    Ok(Restored { made_at: opened.manifest.made_at, files, tried })
}

/// The same, on a copy that goes afterwards: shows that this backup opens with this key and can be put back.
///
/// # Errors
/// As [`restore`].
pub async fn try_out(settings: &Settings, boxes: &Boxes, clock: Clock, actor: &Actor) -> Result<Restored, NotSound> {
    let stage = Stage::under(&settings.data_dir).map_err(NotSound::place)?;
    let opened = unpack(boxes, &stage)?;
    came_from(&opened.manifest, settings)?;
    if boxes.keyring.is_none() {
        copies::copy(&settings.keys.keyring, Part::Keyring, &stage.file("keyring")).await?;
    }
    join_erased(&stage, &settings.keys.tombstones).map_err(NotSound::place)?;
    let files = files::bring_back(&boxes.record, &opened.manifest.attachments, None)?;
    let tried = on_trial(settings, &stage, (&opened.manifest.holds()?, &opened.signed), clock, actor).await?;
    Ok(Restored { made_at: opened.manifest.made_at, files, tried })
}

async fn must_be_empty(url: &str, shown: &str, part: Part) -> Result<(), NotSound> {
    if copies::is_empty(url, part).await? {
        return Ok(());
    }
    let said =
        format!("{shown} holds something: a backup is put back into an empty place only, and nothing was changed");
    Err(NotSound::new(BackupWhy::Place, said))
}

/// A folder on the disk on which the database is to lie.
fn beside(settings: &Settings) -> PathBuf {
    if settings.database.starts_with("postgres") {
        return settings.data_dir.clone();
    }
    let parent = Path::new(&settings.database).parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// What was in the boxes.
struct Opened {
    manifest: Manifest,
    /// Its description, and that of the keyring's backup if one came along.
    signed: Vec<Signed>,
}

fn unpack(boxes: &Boxes, into: &Stage) -> Result<Opened, NotSound> {
    let mut opened = unpack_one(&boxes.record, &boxes.identity, "record", into)?;
    if let Some((folder, identity)) = &boxes.keyring {
        opened.signed.extend(unpack_one(folder, identity, "keyring", into)?.signed);
    }
    Ok(opened)
}

fn unpack_one(folder: &Path, identity: &Path, part: &str, into: &Stage) -> Result<Opened, NotSound> {
    let file = |said: String| NotSound::new(BackupWhy::File, said);
    let read = |name: &str| {
        std::fs::read(folder.join(name)).map_err(|error| file(format!("{}: {error}", folder.join(name).display())))
    };
    let (text, signature) = (read("manifest.json")?, read("manifest.sig")?);
    let manifest = Manifest::read(&text).filter(|manifest| manifest.part == part).ok_or_else(|| {
        file(format!("{} does not describe a backup ({part})", folder.join("manifest.json").display()))
    })?;
    let keys = Identities::read(identity).map_err(file)?;
    let known: &[&str] = if part == "record" { &["record"] } else { &["keyring", "erased.list"] };
    for name in known {
        if !manifest.files.iter().any(|boxed| boxed.plain_name == *name) {
            return Err(file(format!("{} lacks {name}", folder.display())));
        }
    }
    for boxed in &manifest.files {
        open_one(folder, boxed, into, &keys).map_err(file)?;
    }
    let signature = std::str::from_utf8(&signature).ok().and_then(trail::model::from_hex).unwrap_or_default();
    Ok(Opened { manifest, signed: vec![Signed { text, signature }] })
}

fn open_one(folder: &Path, boxed: &Boxed, into: &Stage, keys: &Identities) -> Result<(), String> {
    boxes::open(&folder.join(&boxed.name), &into.file(&boxed.plain_name), keys, boxed)
}

impl Manifest {
    fn holds(&self) -> Result<Holds, NotSound> {
        let hash = trail::model::from_hex(&self.head_hash).and_then(|hash| hash.try_into().ok());
        let hash = hash.ok_or_else(|| NotSound::new(BackupWhy::File, "the description names no end of the trail"))?;
        Ok(Holds { schema: self.schema, rows: self.rows.clone(), head: Some(Head { seq: self.head_seq, hash }) })
    }
}

fn came_from(manifest: &Manifest, settings: &Settings) -> Result<(), NotSound> {
    let here = if settings.database.starts_with("postgres") { "postgres" } else { "sqlite" };
    if manifest.database == here {
        return Ok(());
    }
    let said = format!("this backup is of {}, and --database is of {here}", manifest.database);
    Err(NotSound::new(BackupWhy::Place, said))
}

/// Everybody who was erased before the backup, and everybody who was erased after it.
fn join_erased(stage: &Stage, here: &Path) -> std::io::Result<()> {
    let read = |file: &Path| match std::fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        other => other,
    };
    let (packed, own) = (read(&stage.file("erased.list"))?, read(here)?);
    let known: BTreeSet<&str> = own.lines().collect();
    let whole = |line: &&str| line.split(' ').next().is_some_and(|id| id.parse::<PersonId>().is_ok());
    let mut all = own.clone();
    if !all.is_empty() && !all.ends_with('\n') {
        all.push('\n');
    }
    for line in packed.lines().filter(|line| !known.contains(line)).filter(whole) {
        all += &format!("{line}\n");
    }
    if stage.file("erased.list").exists() {
        std::fs::remove_file(stage.file("erased.list"))?;
    }
    folders::write(&stage.file("erased.list"), all.as_bytes())
}

/// Where it is looked at: on SQLite beside its place, on PostgreSQL in it.
fn place(settings: &Settings, stage: &Stage, keyring_comes: bool) -> Place {
    let own = |url: &str, name: &str| match url.starts_with("postgres") {
        true => url.to_owned(),
        false => stage.file(name).display().to_string(),
    };
    let keyring = match keyring_comes {
        true => own(&settings.keys.keyring, "keyring"),
        false => settings.keys.keyring.clone(),
    };
    let keys = KeyPlaces { root: settings.keys.root.clone(), keyring, tombstones: stage.file("erased.list") };
    Place { database: own(&settings.database, "record"), keys }
}

async fn write_down(store: &Store, actor: &Actor, manifest: &Manifest) -> Result<(), NotSound> {
    let bytes = i64::try_from(manifest.bytes()).unwrap_or(i64::MAX);
    let scope = store.scope::<RunJobs>(&Arc::new(actor.clone()))?;
    let made = store.sweep(scope, async |work| -> Result<(), Fault> {
        store::note(work, BackupKind::Restored, BackupWhy::None, &manifest.made_at, bytes, 0).await?;
        work.detail(format!("put back as it was at {}", manifest.made_at));
        Ok(())
    });
    Ok(made.await?)
}

/// Gives everything its place, the database last: without it nothing is there.
async fn put(settings: &Settings, place: &Place, stage: &Stage) -> Result<(), NotSound> {
    let is_file = |url: &str| !url.starts_with("postgres");
    let mut files = Vec::new();
    if place.keys.keyring != settings.keys.keyring && is_file(&place.keys.keyring) {
        files.push(("keyring", PathBuf::from(&settings.keys.keyring)));
    }
    if is_file(&place.database) {
        files.push(("record", PathBuf::from(&settings.database)));
    }
    for (name, _) in &files {
        copies::settle(&stage.file(name)).await?;
    }
    let list = &settings.keys.tombstones;
    let aside = list.with_extension("list.new");
    let give = || -> std::io::Result<()> {
        // Its lines are more than before, never fewer; another disk than the stage's, perhaps.
        let _not_there = std::fs::remove_file(&aside);
        folders::write(&aside, &std::fs::read(stage.file("erased.list"))?)?;
        std::fs::rename(&aside, list)?;
        for (name, to) in &files {
            folders::put(&stage.file(name), to)?;
        }
        Ok(())
    };
    give().map_err(NotSound::place)
}
