//! `duongve migrate`: schema and reference data brought up to date, nothing else.

use super::{Failed, open, say};
use crate::config::Flags;

pub async fn run(flags: Flags) -> Result<(), Failed> {
    // Opening is what does it, for every command.
    let app = open(flags).await?;
    app.store().close().await;
    say(&format!("{}: schema and reference data are up to date", app.settings().database_shown()))
}
