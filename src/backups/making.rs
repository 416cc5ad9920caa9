//! Making a backup: a copy of the database as it is at one moment, then of the keyring, each shut into a folder of its own.
//!
//! The database first: a person's key is on the disk before her first row, so the keyring that is copied after it opens all
//! of it.

use super::{
    NotSound, boxes, files,
    folders::{self, Stage},
    model::{self, Manifest, name_of},
    store,
};
use crate::{
    app::App,
    attachments,
    base::words::{BackupKind, BackupWhy},
    config::{BackupSettings, Settings},
    policy::acts::RunJobs,
    store::{
        Fault, Scope,
        copies::{self, Holds, Part},
    },
    trail::{self, key::Signer},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Instant,
};

/// A backup that was made.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Made {
    pub folder: PathBuf,
    pub keyring: PathBuf,
    pub bytes: i64,
    pub millis: i64,
    /// Older ones that were taken away.
    pub gone: usize,
}

/// Makes a backup, takes away those that are past their time, and writes down how it went.
///
/// # Errors
/// Nobody has said where backups go; no room; no `pg_dump`. What was begun is taken away, and what was there stays.
pub async fn make(app: &App, scope: Scope<RunJobs>) -> Result<Made, NotSound> {
    let Some(settings) = app.settings().backup.clone() else {
        return Err(NotSound::new(
            BackupWhy::Place,
            "nobody has said where backups go and to whom they are shut: --backup-dir and --backup-recipient",
        ));
    };
    let begun = Instant::now();
    let made = made(app, settings).await;
    let millis = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let (why, name, bytes) = match &made {
        Ok(made) => {
            (BackupWhy::None, made.folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), made.bytes)
        }
        Err(not) => (not.why, String::new(), 0),
    };
    app.store()
        .sweep(scope, async |work| -> Result<(), Fault> {
            store::note(work, BackupKind::Made, why, &name, bytes, millis).await?;
            work.detail(format!("backup {} {name} {bytes} bytes", why.as_str()));
            Ok(())
        })
        .await?;
    made.map(|made| Made { millis, ..made })
}

async fn made(app: &App, settings: BackupSettings) -> Result<Made, NotSound> {
    let all = app.settings();
    folders::sweep(&all.data_dir);
    let plain = Stage::under(&all.data_dir).map_err(NotSound::place)?;
    let copies = Copies::take(all, &plain).await?;
    // After the database: what it names is on the disk, and what came since harms nothing.
    let (attached, lie_in) = (attachments::living(app.store()).await?, all.files());
    let signer = trail::key::signing_key(app.store())?;
    let (at, now) = (name_of(app.store().now()), app.store().now());
    let made_at = now.to_string();
    let shut = tokio::task::spawn_blocking(move || -> std::io::Result<Made> {
        folders::sweep(&settings.dir);
        folders::sweep(&settings.keyring_dir);
        let mut record = copies.manifest(Part::Record, &made_at);
        record.attachments = files::take_along(&lie_in, &settings.dir, &attached)?;
        let (name, bytes) = shut(&plain, &settings.dir, &at, &["record"], &settings.recipients, record, &signer)?;
        let keyring = copies.manifest(Part::Keyring, &made_at);
        let files = ["keyring", "erased.list"];
        let recipients = &settings.keyring_recipients;
        let (own, more) = shut(&plain, &settings.keyring_dir, &name, &files, recipients, keyring, &signer)?;
        let gone = rotate(&settings, now)?;
        let (folder, keyring) = (settings.dir.join(name), settings.keyring_dir.join(own));
        Ok(Made { folder, keyring, bytes: bytes + more, millis: 0, gone })
    });
    shut.await.map_err(|_stopped| Fault::Unavailable)?.map_err(NotSound::place)
}

/// What was copied into a folder: `record`, `keyring`, and the list of the erased.
pub(super) struct Copies {
    pub record: Holds,
    keyring: Holds,
    database: &'static str,
}

impl Copies {
    pub async fn take(settings: &Settings, into: &Stage) -> Result<Copies, NotSound> {
        let record = copies::copy(&settings.database, Part::Record, &into.file("record")).await?;
        let keyring = copies::copy(&settings.keys.keyring, Part::Keyring, &into.file("keyring")).await?;
        let erased = match std::fs::read(&settings.keys.tombstones) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            other => other,
        };
        folders::write(&into.file("erased.list"), &erased.map_err(NotSound::place)?).map_err(NotSound::place)?;
        let postgres = settings.database.starts_with("postgres");
        Ok(Copies { record, keyring, database: if postgres { "postgres" } else { "sqlite" } })
    }

    fn manifest(&self, part: Part, made_at: &str) -> Manifest {
        let (holds, word) = match part {
            Part::Record => (&self.record, "record"),
            Part::Keyring => (&self.keyring, "keyring"),
        };
        let head = holds.head.unwrap_or(crate::store::chain::Head::NONE);
        Manifest {
            format: Manifest::FORMAT,
            part: word.to_owned(),
            made_at: made_at.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            database: self.database.to_owned(),
            schema: holds.schema,
            rows: holds.rows.clone(),
            head_seq: head.seq,
            head_hash: trail::model::hex(&head.hash),
            files: Vec::new(),
            attachments: Vec::new(),
        }
    }
}

/// Shuts files into a folder and describes them; the folder gets its name when all of it is on the disk.
fn shut(
    plain: &Stage,
    dir: &Path,
    name: &str,
    files: &[&str],
    recipients: &[String],
    mut manifest: Manifest,
    signer: &Signer,
) -> std::io::Result<(String, i64)> {
    let stage = Stage::under(dir)?;
    for file in files {
        manifest.files.push(boxes::shut(&plain.file(file), &stage.file(&format!("{file}.age")), recipients)?);
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::other)?;
    folders::write(&stage.file("manifest.json"), &text)?;
    folders::write(&stage.file("manifest.sig"), trail::model::hex(&signer.sign(&text)).as_bytes())?;
    Ok((stage.name(name)?, folders::size(&manifest.files)))
}

/// Takes away what is past its time; how many.
fn rotate(settings: &BackupSettings, now: crate::base::time::At) -> std::io::Result<usize> {
    let all = folders::backups(&settings.dir)?;
    let kept = model::kept(&all, settings.daily, settings.weekly, settings.monthly);
    let keyrings = folders::backups(&settings.keyring_dir)?;
    let kept_keyrings = model::kept_keyrings(&keyrings, now, settings.keyring_days);
    let old = all.iter().filter(|name| !kept.contains(*name)).map(|name| settings.dir.join(name));
    let old_keyrings = keyrings.iter().filter(|name| !kept_keyrings.contains(*name));
    let mut gone = 0;
    for folder in old.chain(old_keyrings.map(|name| settings.keyring_dir.join(name))) {
        std::fs::remove_dir_all(folder)?;
        gone += 1;
    }
    let mut named = BTreeSet::new();
    for name in folders::backups(&settings.dir)? {
        let text = std::fs::read(settings.dir.join(name).join("manifest.json"))?;
        named.extend(Manifest::read(&text).map(|manifest| manifest.attachments).unwrap_or_default());
    }
    files::forget(&settings.dir, &named)?;
    Ok(gone)
}

/// Before the schema is brought up: a plain copy beside the database, in the data folder, for its owner only. The copies
/// before this one go after as many days as the keyring's backups, so that they bring nobody back who was erased.
///
/// # Errors
/// No room, or no `pg_dump`, unless the settings say to go on without; nothing was changed.
pub async fn before_upgrade(settings: &Settings) -> Result<Option<PathBuf>, NotSound> {
    let folder = settings.data_dir.join("before-upgrade");
    forget_old(&folder, settings.backup.as_ref().map_or(30, |backup| backup.keyring_days));
    let Some((has, knows)) = copies::pending(&settings.database).await? else { return Ok(None) };
    let stage = Stage::under(&folder).map_err(NotSound::place)?;
    let copied = match copies::copy(&settings.database, Part::Record, &stage.file("record")).await {
        Ok(_holds) => Ok(()),
        Err(fault) if settings.without_backup => {
            tracing::warn!(%fault, from = has, to = knows, "the schema is brought up without a copy of what was before, as told");
            return Ok(None);
        }
        Err(fault) => Err(fault),
    };
    if let Err(fault) = copied {
        let NotSound { why, said } = fault.into();
        return Err(NotSound::new(
            why,
            format!(
                "no copy before the schema is brought up from {has} to {knows}: {said}. Nothing was changed; --without-backup goes on without one"
            ),
        ));
    }
    let to = folder.join(format!("duongve-{has:04}-{:08x}", rand::random::<u32>()));
    sync(&stage.file("record")).map_err(NotSound::place)?;
    folders::put(&stage.file("record"), &to).map_err(NotSound::place)?;
    tracing::info!(file = %to.display(), from = has, to = knows, "what was before the schema was brought up is kept");
    Ok(Some(to))
}

fn sync(file: &Path) -> std::io::Result<()> {
    std::fs::File::open(file)?.sync_all()
}

fn forget_old(folder: &Path, days: i64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let most = std::time::Duration::from_secs(u64::try_from(days).unwrap_or(30) * 86_400);
    for entry in entries.flatten() {
        let made = entry.metadata().and_then(|about| about.modified());
        if made.is_ok_and(|made| made.elapsed().is_ok_and(|since| since > most)) {
            let _gone_already = std::fs::remove_file(entry.path());
        }
    }
    folders::sweep(folder);
}
