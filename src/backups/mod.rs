//! Backups: copies of the database and of the keyring, apart and shut to keys that are elsewhere; trials that show that one
//! can be put back; and putting one back.
//!
//! What was made and tried stands in a table that the admin and the inspector see. The commands are `duongve backup` and
//! `duongve restore`; the clockwork makes one a night and tries one a week.

mod boxes;
mod files;
mod folders;
mod making;
pub mod model;
mod restoring;
mod store;
mod trying;
pub mod web;

pub use boxes::{new_key, open_box};
pub use making::{Made, before_upgrade, make};
pub use restoring::{Boxes, Restored, restore, try_out};
pub use trying::{Tried, drill};

use crate::{
    app::{App, Refused},
    base::words::{BackupKind, BackupWhy},
    policy::{
        Actor,
        acts::{ListBackups, NoteDrill},
    },
    store::{Fault, Scope, Store},
};
use model::{HolderDraft, Line, Status};

/// Why there is no backup, or why one is not sound, in a word for the page and a line for whoever runs the program. The line
/// names files and programs, never a person.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub struct NotSound {
    pub why: BackupWhy,
    said: String,
}

impl NotSound {
    fn new(why: BackupWhy, said: impl std::fmt::Display) -> NotSound {
        NotSound { why, said: said.to_string() }
    }

    fn place(error: std::io::Error) -> NotSound {
        NotSound::new(BackupWhy::Place, error)
    }
}

impl From<Fault> for NotSound {
    fn from(fault: Fault) -> NotSound {
        let why = match &fault {
            Fault::Full => BackupWhy::Place,
            Fault::Keys(_) => BackupWhy::Keys,
            Fault::Inconsistent(_) => BackupWhy::Damaged,
            _ => BackupWhy::Program,
        };
        let mut said = fault.to_string();
        if let Some(cause) = std::error::Error::source(&fault).filter(|cause| !said.contains(&cause.to_string())) {
            said += &format!(": {cause}");
        }
        NotSound { why, said }
    }
}

/// How it stands: what is late.
pub async fn status(app: &App, _scope: &Scope<ListBackups>) -> Result<Status, Fault> {
    store::status(app.store(), app.settings().backup.is_some()).await
}

/// How many things are late, for somebody who sees backups; 0 for everybody else.
pub async fn late(app: &App, actor: &Actor) -> Result<i64, Fault> {
    if !app.store().can::<ListBackups>(actor) {
        return Ok(0);
    }
    let status = store::status(app.store(), app.settings().backup.is_some()).await?;
    Ok(status.late(app.store().today()))
}

/// What was made and tried, newest first.
pub async fn lines(store: &Store, _scope: &Scope<ListBackups>) -> Result<Vec<Line>, Fault> {
    store::lines(store).await
}

/// Writes down what the key holder found when she opened a backup on her machine and tried it.
///
/// # Errors
/// [`Refused::Invalid`]: `on`: no day, or one to come; `outcome`: not chosen.
pub async fn note_drill(store: &Store, scope: Scope<NoteDrill>, draft: &HolderDraft) -> Result<(), Refused> {
    let (on, why) = draft.check(store.today())?;
    let by = scope.actor().user().ok_or(Fault::Inconsistent("a job holds no key"))?;
    store
        .sweep(scope, async |work| {
            store::note_holder(work, on, why, by).await?;
            work.detail(format!("{} {on} {}", BackupKind::Holder, why.as_str()));
            Ok(())
        })
        .await
}
