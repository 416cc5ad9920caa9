//! Trying a copy: is it whole, does it hold what it held, is the trail as it was written, do the secrets open, is nobody in
//! it who was erased? On a copy of its own, which goes afterwards.

use super::{
    NotSound,
    folders::{self, Stage},
    making::Copies,
    store,
};
use crate::{
    app::App,
    attachments,
    base::{
        time::Clock,
        words::{BackupKind, BackupWhy},
    },
    config::Settings,
    erasures,
    policy::{Actor, acts::RunJobs},
    store::{
        Fault, KeyPlaces, Scope, Store,
        copies::{self, Holds, Part},
    },
    trail,
};
use std::{sync::Arc, time::Instant};

/// What a trial found, when all was well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tried {
    /// Rows of all tables.
    pub rows: i64,
    /// Rows of the trail.
    pub trail: i64,
    /// Secrets that were opened.
    pub secrets: usize,
    /// People who had been erased since and were in it.
    pub erased_again: usize,
    pub millis: i64,
}

/// Tries a copy of the database as it is now, before anything is shut: the weekly trial. Writes down how it went.
///
/// # Errors
/// What is not well, in a word and a line.
pub async fn drill(app: &App, scope: Scope<RunJobs>) -> Result<Tried, NotSound> {
    let begun = Instant::now();
    let tried = tried(app, scope.actor()).await;
    let millis = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    let why = tried.as_ref().map_or_else(|not| not.why, |_| BackupWhy::None);
    app.store()
        .sweep(scope, async |work| -> Result<(), Fault> {
            store::note(work, BackupKind::Drill, why, "", 0, millis).await?;
            work.detail(format!("drill {}", why.as_str()));
            Ok(())
        })
        .await?;
    tried.map(|tried| Tried { millis, ..tried })
}

async fn tried(app: &App, actor: &Actor) -> Result<Tried, NotSound> {
    let settings = app.settings();
    folders::sweep(&settings.data_dir);
    let stage = Stage::under(&settings.data_dir).map_err(NotSound::place)?;
    let copies = Copies::take(settings, &stage).await?;
    let missing = attachments::missing(app.store()).await?;
    if missing > 0 {
        return Err(NotSound::new(
            BackupWhy::File,
            format!("{missing} files that are put with cases are not where they were put"),
        ));
    }
    on_trial(settings, &stage, (&copies.record, &[]), app.store().clock().clone(), actor).await
}

/// Puts what lies in the folder where nothing else is, looks at it, and takes it away.
pub(super) async fn on_trial(
    settings: &Settings,
    stage: &Stage,
    (expected, signed): (&Holds, &[Signed]),
    clock: Clock,
    actor: &Actor,
) -> Result<Tried, NotSound> {
    let scratch = match settings.database.starts_with("postgres") {
        true => Some(copies::scratch(&settings.database).await?),
        false => None,
    };
    let place = place(settings, stage, scratch.as_deref());
    let tried = fill_and_look(&place, scratch.as_deref(), stage, (expected, signed), clock, actor).await;
    if let Some(scratch) = &scratch {
        copies::drop_scratch(&settings.database, scratch).await?;
    }
    tried
}

async fn fill_and_look(
    place: &Place,
    scratch: Option<&str>,
    stage: &Stage,
    expected: (&Holds, &[Signed]),
    clock: Clock,
    actor: &Actor,
) -> Result<Tried, NotSound> {
    if let Some(scratch) = scratch {
        copies::put_back(scratch, &stage.file("record")).await?;
        if place.keys.keyring == scratch {
            copies::put_back(scratch, &stage.file("keyring")).await?;
        }
    }
    let (store, tried) = look(place, expected, clock, actor).await?;
    store.close().await;
    Ok(tried)
}

/// A description, and what its maker signed it with.
pub(super) struct Signed {
    pub text: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Signed {
    /// By the key of the office that made it, which is in its keyring.
    fn must_be_of(&self, store: &Store) -> Result<(), NotSound> {
        if trail::key::signing_key(store)?.public().is_of(&self.text, &self.signature) {
            return Ok(());
        }
        let said = "the description of this backup is not signed by the office whose keyring this is";
        Err(NotSound::new(BackupWhy::File, said))
    }
}

/// Where a copy lies while it is looked at.
pub(super) struct Place {
    pub database: String,
    pub keys: KeyPlaces,
}

/// In the folder; on PostgreSQL in a database for the trial. The root key is the one that is always used.
fn place(settings: &Settings, stage: &Stage, scratch: Option<&str>) -> Place {
    let file = |name: &str| stage.file(name).display().to_string();
    let keyring = match scratch {
        Some(scratch) if settings.keys.keyring.starts_with("postgres") => scratch.to_owned(),
        _ => file("keyring"),
    };
    Place {
        database: scratch.map_or_else(|| file("record"), str::to_owned),
        keys: KeyPlaces { root: settings.keys.root.clone(), keyring, tombstones: stage.file("erased.list") },
    }
}

/// Looks at what lies in a place: first as it is, then as the program opens it. Who was erased since is erased again.
pub(super) async fn look(
    place: &Place,
    (expected, signed): (&Holds, &[Signed]),
    clock: Clock,
    actor: &Actor,
) -> Result<(Store, Tried), NotSound> {
    if !place.database.starts_with("postgres")
        && let Some(damage) = copies::damage(&place.database).await?
    {
        return Err(NotSound::new(BackupWhy::Damaged, format!("the copy is broken: {damage}")));
    }
    let holds = copies::holds(&place.database, Part::Record).await?;
    if let Some(what) = difference(&holds, expected) {
        return Err(NotSound::new(BackupWhy::Differs, format!("the copy does not hold what it should: {what}")));
    }
    let store = Store::open(&place.database, &place.keys, clock, None).await?;
    match opened(&store, expected, signed, actor).await {
        Ok(tried) => Ok((store, tried)),
        Err(not) => {
            store.close().await;
            Err(not)
        }
    }
}

/// What only the program itself can see: the trail, the secrets, who was erased.
async fn opened(store: &Store, expected: &Holds, signed: &[Signed], actor: &Actor) -> Result<Tried, NotSound> {
    for signed in signed {
        signed.must_be_of(store)?;
    }
    if let Some(wrong) = trail::wrong_with(store).await? {
        return Err(NotSound::new(BackupWhy::Trail, format!("the trail is not sound: {wrong}")));
    }
    let secrets = store.try_secrets().await.map_err(|fault| NotSound::new(BackupWhy::Keys, fault))?;
    let scope = store.scope::<RunJobs>(&Arc::new(actor.clone()))?;
    let erased_again = erasures::catch_up(store, scope).await?;
    let trail = expected.head.map_or(0, |head| head.seq);
    Ok(Tried { rows: expected.rows.values().sum(), trail, secrets, erased_again, millis: 0 })
}

/// The first thing in which they differ.
fn difference(holds: &Holds, expected: &Holds) -> Option<String> {
    if holds.schema != expected.schema {
        return Some(format!("schema {} instead of {}", holds.schema, expected.schema));
    }
    for (table, rows) in &expected.rows {
        match holds.rows.get(table) {
            Some(there) if there == rows => {}
            Some(there) => return Some(format!("{there} rows of {table} instead of {rows}")),
            None => return Some(format!("no table {table}")),
        }
    }
    if holds.rows.len() != expected.rows.len() {
        return Some("tables that were not there".to_owned());
    }
    (holds.head != expected.head).then(|| "another end of the trail".to_owned())
}
