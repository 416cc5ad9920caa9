//! `duongve subject-file --as NAME --case CODE --out FILE`: what is kept about the person of a case, as a file for her.

use super::file::{self, FileDraft};
use crate::{
    app::{App, Refused},
    base::refusal::Invalid,
    policy::{
        Actor,
        acts::{ListCases, TakeSubjectFile},
    },
    store::Denied,
};
use std::{io::Write, path::PathBuf, sync::Arc};

/// Writes a zip of readable pages, JSON and access history about one person, other people left out.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Whose scope; the password is asked for
    #[arg(long = "as", value_name = "NAME")]
    pub name: String,
    /// Code of one of the person's cases
    #[arg(long, value_name = "CODE")]
    pub case: String,
    /// Where to. Never over a file that is there
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// From this day on (DD/MM/YYYY); else from the beginning
    #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
    pub from: String,
    /// To this day, which counts whole; else until now
    #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
    pub to: String,
}

/// Runs the command as a signed-in user; how many cases are in the file.
///
/// # Errors
/// [`Refused::Fault`]: no such case among hers, the policy gives no file. [`Refused::Invalid`]: a day that is none; the file
/// cannot be written.
pub async fn run(app: &App, actor: Arc<Actor>, args: &Args) -> Result<usize, Refused> {
    let store = app.store();
    let cannot =
        |error: std::io::Error| Invalid::telling("out", "file_not_written", format!("{}: {error}", args.out.display()));
    let hers = store.scope::<ListCases>(&actor)?;
    let case = file::case_of(store, &hers, &args.case).await?.ok_or(crate::store::Fault::Denied(Denied::Unknown))?;
    let grant = store.permit::<TakeSubjectFile>(&actor, case).await?;
    // Opened first: a place that cannot be written to leaves no line of it in the log.
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&args.out).map_err(cannot)?;
    let draft = FileDraft { from_on: args.from.clone(), to_on: args.to.clone() };
    let made = file::make(store, grant, &draft).await?;
    out.write_all(&made.bytes).and_then(|()| out.sync_all()).map_err(cannot)?;
    Ok(made.cases)
}
