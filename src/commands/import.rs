//! `duongve import`: a commune's list becomes cases, or is taken back, as a signed-in user.

use super::{Failed, open_as, say};
use crate::{
    base::ids::ImportId,
    config::Flags,
    imports::{self, cli},
    policy::acts::UndoImport,
};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Open a case for each row of a commune's list
    Cases(cli::Args),
    /// Take back what a list has opened; a case that somebody has worked on since stays
    Undo {
        /// The number that the import was told under, and that its page has in its address
        id: ImportId,
        /// Sign-in name of the commune's supervisor; the password is asked for
        #[arg(long = "as", value_name = "NAME")]
        name: String,
    },
}

pub async fn run(flags: Flags, command: Command) -> Result<(), Failed> {
    match command {
        Command::Cases(args) => cases(flags, args).await,
        Command::Undo { id, name } => undo(flags, id, &name).await,
    }
}

async fn cases(flags: Flags, args: cli::Args) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, &args.name).await?;
    let lang = actor.lang();
    let whole = cli::run(&app, actor, &args, &mut std::io::stdout()).await;
    app.store().close().await;
    let whole = whole.map_err(|refused| Failed::told(lang, refused))?;
    if whole { Ok(()) } else { Err(Failed::Refused(lang.say("imports-some-refused"))) }
}

async fn undo(flags: Flags, id: ImportId, name: &str) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, name).await?;
    let lang = actor.lang();
    let told = async {
        let grant = app.store().permit::<UndoImport>(&actor, id).await?;
        let see = app.store().also(&grant).ok_or(crate::store::Denied::Unknown)?;
        imports::undo(app.store(), grant).await?;
        imports::see(app.store(), &see).await.map_err(crate::app::Refused::from)
    };
    let told = told.await;
    app.store().close().await;
    let (batch, kept) = told.map_err(|refused| Failed::told(lang, refused))?;
    say(&lang.with("imports-undone", &[("n", batch.taken_back.into())]))?;
    if !kept.is_empty() {
        say(&lang.with("imports-undone-kept", &[("n", kept.len().into())]))?;
    }
    kept.iter().try_for_each(|case| say(&format!("{}: {}", case.code, lang.say(&format!("imports-kept-{}", case.why)))))
}
