//! `duongve export`: the list of one's own scope as a file, as a signed-in user.

use super::{Failed, open_as};
use crate::{config::Flags, exports::cli};
use std::io::Write;

#[derive(clap::Subcommand)]
pub enum Command {
    /// The live cases that one may export
    Cases(cli::Args),
}

pub async fn run(flags: Flags, Command::Cases(args): Command) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, &args.name).await?;
    let lang = actor.lang();
    let records = cli::run(&app, actor, &args, &mut std::io::stdout()).await;
    app.store().close().await;
    let records = records.map_err(|refused| Failed::told(lang, refused))?;
    // Not to standard output: the file itself may be there.
    // Whoever has closed the terminal loses the word of thanks, nothing else.
    let _closed = writeln!(std::io::stderr(), "{}", lang.with("exports-done", &[("n", records.into())]));
    Ok(())
}
