//! `duongve import` and `duongve export`: lists that come in and go out, as a signed-in user.

use super::{Failed, ask_password, open};
use crate::{app::App, base::lang::Lang, config::Flags, policy::Actor, staff};
use std::sync::Arc;

/// What comes in.
#[derive(clap::Subcommand)]
pub enum Import {
    /// A commune's own list
    Cases(crate::imports::cli::Args),
}

/// What goes out.
#[derive(clap::Subcommand)]
pub enum Export {
    /// The live cases of one's own scope
    Cases(crate::exports::cli::Args),
}

pub async fn import(flags: Flags, command: Import) -> Result<(), Failed> {
    let Import::Cases(args) = command;
    let app = open(flags).await?;
    let actor = sign_in(&app, &args.name).await?;
    let lang = actor.lang();
    let all = crate::imports::cli::run(&app, actor, &args, &mut std::io::stdout().lock()).await;
    app.store().close().await;
    if all? { Ok(()) } else { Err(Failed::Refused(lang.say("imports-some-refused"))) }
}

pub async fn export(flags: Flags, command: Export) -> Result<(), Failed> {
    let Export::Cases(args) = command;
    let app = open(flags).await?;
    let actor = sign_in(&app, &args.name).await?;
    let lang = actor.lang();
    let records = crate::exports::cli::run(&app, actor, &args, &mut std::io::stdout().lock()).await;
    app.store().close().await;
    eprintln!("{}", told(lang, records?));
    Ok(())
}

fn told(lang: Lang, records: usize) -> String {
    lang.with("exports-done", &[("n", records.into())])
}

/// Nobody reads cases by having a shell: the command asks for the user's own password.
async fn sign_in(app: &App, name: &str) -> Result<Arc<Actor>, Failed> {
    let password = ask_password(name, false)?;
    Ok(staff::act_as(app, name, &password).await?)
}
