//! `duongve restore`: puts a backup back into an empty place, or tries one without keeping it.

use super::{Failed, open, say};
use crate::{
    backups::{Boxes, Tried},
    base::time::Clock,
    config::{Flags, Settings},
    jobs,
};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The folder of a backup; with --drill alone a copy of the database as it is now is tried
    #[arg(required_unless_present = "drill")]
    folder: Option<PathBuf>,
    /// File of the secret key that opens it
    #[arg(long, value_name = "FILE", requires = "folder")]
    identity: Option<PathBuf>,
    /// The folder of a backup of the keyring; without it the keyring is where it was
    #[arg(long, value_name = "FOLDER", requires = "folder")]
    keyring_from: Option<PathBuf>,
    /// File of the secret key that opens that [default: the same]
    #[arg(long, value_name = "FILE", requires = "keyring_from")]
    keyring_identity: Option<PathBuf>,
    /// Only try whether it could be put back: nothing is kept
    #[arg(long)]
    drill: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(flags: Flags, args: Args) -> Result<(), Failed> {
    let Some(record) = args.folder.clone() else { return drill(flags, args.json).await };
    let identity = args.identity.clone();
    let identity =
        identity.ok_or_else(|| Failed::Usage("--identity FILE: the key that opens the backup".to_owned()))?;
    let keyring_identity = args.keyring_identity.clone().unwrap_or_else(|| identity.clone());
    let keyring = args.keyring_from.clone().map(|folder| (folder, keyring_identity));
    let boxes = Boxes { record, identity, keyring };
    let settings = Settings::gather(flags)?;
    let done = jobs::restore(&settings, &boxes, Clock::system(), !args.drill).await;
    let done = done.map_err(|not| Failed::Refused(not.to_string()))?;
    let what = if args.drill { "could be put back" } else { "was put back" };
    tell(&format!("the backup of {} {what}", done.made_at), &done, &done.tried, args.json)
}

/// Tries a copy of the database as it is now.
async fn drill(flags: Flags, json: bool) -> Result<(), Failed> {
    let app = open(flags).await?;
    let tried = jobs::drill(&app).await;
    app.store().close().await;
    let tried = tried.map_err(|not| Failed::Refused(not.to_string()))?;
    tell("a copy of the database as it is now could be put back", &tried, &tried, json)
}

fn tell(line: &str, all: &impl serde::Serialize, tried: &Tried, json: bool) -> Result<(), Failed> {
    if json {
        return say(&serde_json::to_string(all).map_err(|error| Failed::Refused(error.to_string()))?);
    }
    let Tried { rows, trail, secrets, erased_again, .. } = tried;
    say(&format!(
        "{line}: {rows} rows as described, the trail is sound to row {trail}, {secrets} secrets opened, {erased_again} people erased again"
    ))
}
