//! `duongve backup`: makes a backup now; and the pair of keys that backups are shut to and opened with.

use super::{Failed, open, say};
use crate::{backups, config::Flags, jobs};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a pair of keys: the secret half into a new file, the public half is printed. Do it on the key holder's machine
    Key {
        /// The file, which must not be there yet
        file: PathBuf,
    },
    /// Open one shut file of a backup, to look into it
    Open {
        /// A file that ends in .age
        shut: PathBuf,
        /// File of the secret key
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// The new file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

pub async fn run(flags: Flags, args: Args) -> Result<(), Failed> {
    match args.command {
        Some(Command::Key { file }) => {
            let public = backups::new_key(&file)
                .map_err(|error| Failed::Refused(format!("key file {}: {error}", file.display())))?;
            return say(&public);
        }
        Some(Command::Open { shut, identity, to }) => {
            return backups::open_box(&shut, &identity, &to).map_err(Failed::Refused);
        }
        None => {}
    }
    let app = open(flags).await?;
    let made = jobs::back_up(&app).await;
    app.store().close().await;
    let made = made.map_err(|not| Failed::Refused(not.to_string()))?;
    if args.json {
        return say(&serde_json::to_string(&made).map_err(|error| Failed::Refused(error.to_string()))?);
    }
    say(&format!("{}  {} bytes in {} ms", made.folder.display(), made.bytes, made.millis))?;
    say(&format!("{}  keyring and list of the erased", made.keyring.display()))?;
    if made.gone > 0 {
        say(&format!("{} older ones were taken away", made.gone))?;
    }
    Ok(())
}
