//! `duongve digest`: one's own overdue digest as it would be now, as a signed-in user.

use super::{Failed, open_as};
use crate::{config::Flags, digests::cli};

pub async fn run(flags: Flags, args: cli::Args) -> Result<(), Failed> {
    let (app, actor) = open_as(flags, &args.as_).await?;
    let lang = actor.lang();
    let done = cli::run(&app, actor, &args, &mut std::io::stdout()).await;
    app.store().close().await;
    done.map_err(|refused| Failed::told(lang, refused))
}
