//! `duongve export cases --as NAME --format csv|xlsx`: the list of one's own scope as a file.

use super::Format;
use crate::{
    app::{App, Refused},
    base::refusal::Invalid,
    policy::{Actor, acts::ExportCases},
};
use std::{io::Write, path::PathBuf, sync::Arc};

/// Writes the live cases that one may export, with the parts that one may see, to a file or to standard output.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Whose scope; the password is asked for
    #[arg(long = "as", value_name = "NAME")]
    pub name: String,
    #[arg(long, value_enum, default_value = "csv")]
    pub format: Format,
    /// Where to; else standard output. Never over a file that is there
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Runs the command as a signed-in user; how many records went out.
///
/// # Errors
/// [`Refused::Fault`]: the policy gives no export, or the database failed. [`Refused::Invalid`]: the file cannot be written.
pub async fn run(app: &App, actor: Arc<Actor>, args: &Args, out: &mut impl Write) -> Result<usize, Refused> {
    let scope = app.store().scope::<ExportCases>(&actor)?;
    let cannot = |error: std::io::Error| {
        let path = args.out.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        Invalid::telling("out", "file_not_written", format!("{path}: {error}"))
    };
    // Opened first: a place that cannot be written to leaves no line of an export in the log.
    let mut file = match &args.out {
        Some(path) => {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            Some(options.open(path).map_err(cannot)?)
        }
        None => None,
    };
    let export = super::cases(app.store(), &scope, args.format, actor.lang()).await?;
    let written = match &mut file {
        Some(file) => file.write_all(&export.bytes),
        None => out.write_all(&export.bytes).and_then(|()| out.flush()),
    };
    written.map_err(cannot)?;
    Ok(export.records)
}
