//! `duongve subject-file`: what is kept about one person, for her, as a signed-in user.

use super::{Failed, open_as};
use crate::{config::Flags, requests::cli};
use std::io::Write;

pub async fn run(flags: Flags, args: cli::Args) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, &args.name).await?;
    let lang = actor.lang();
    let cases = cli::run(&app, actor, &args).await;
    app.store().close().await;
    let cases = cases.map_err(|refused| Failed::told(lang, refused))?;
    // Whoever has closed the terminal loses the word of thanks, nothing else.
    let _closed = writeln!(std::io::stderr(), "{}", lang.with("requests-file-done", &[("n", cases.into())]));
    Ok(())
}
