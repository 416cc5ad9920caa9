//! `duongve import`: a commune's list becomes cases, as a signed-in user.

use super::{Failed, open_as};
use crate::{config::Flags, imports::cli};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Open a case for each row of a commune's list
    Cases(cli::Args),
}

pub async fn run(flags: Flags, Command::Cases(args): Command) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, &args.name).await?;
    let lang = actor.lang();
    let whole = cli::run(&app, actor, &args, &mut std::io::stdout()).await;
    app.store().close().await;
    if whole? { Ok(()) } else { Err(Failed::Refused(lang.say("imports-some-refused"))) }
}
