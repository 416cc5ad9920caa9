//! `duongve keys`: how the keyring stands, a new root key, and erasing again whoever an old copy has brought back.

use super::{Failed, open, say};
use crate::config::Flags;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Where the root key comes from, its version, and how many keys there are
    Status,
    /// Make a new root key and wrap every key under it; servers may go on meanwhile
    Rotate,
    /// Erase again whoever is on the list of the erased and in the database (done at every start too)
    ReplayErased,
}

pub async fn run(flags: Flags, command: Command) -> Result<(), Failed> {
    // Opening it replays the list of the erased.
    let app = open(flags).await?;
    let store = app.store();
    match command {
        Command::Status => {
            let keyring = store.keyring().await?;
            say(&format!("root key       {}", keyring.place))?;
            say(&format!("keyring        {}", app.settings().keyring_shown()))?;
            say(&format!("version        {}", keyring.version))?;
            say(&format!("people         {}", keyring.people))?;
            for old in &keyring.old {
                say(&format!(
                    "under way      some keys are still wrapped under version {old}: run `duongve keys rotate`"
                ))?;
            }
        }
        Command::Rotate => {
            let rotated = store.rotate_keys().await?;
            say(&format!("{} keys are wrapped under version {} of the root key", rotated.keys, rotated.version))?;
            say(if rotated.forgotten {
                "the old root key is no longer in the file: take a copy of the new one, and destroy the copies of the old"
            } else {
                "take the old root key away from where you give it"
            })?;
        }
        Command::ReplayErased => {
            say(&format!("{} people are on the list of the erased; none is here", store.erased()?.len()))?
        }
    }
    store.close().await;
    Ok(())
}
