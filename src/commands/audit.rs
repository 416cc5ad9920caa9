//! `duongve audit`: looks whether the trail is as it was written.

use super::{Failed, open, say};
use crate::{
    config::Flags,
    policy::{Actor, acts::RunJobs},
    trail::cli::{self, NotSound},
};
use std::sync::Arc;

pub async fn run(flags: Flags, command: cli::Command) -> Result<(), Failed> {
    let app = open(flags).await?;
    let scope = app.store().scope::<RunJobs>(&Arc::new(Actor::system("command line")))?;
    let said = cli::run(&app, scope, &command).await;
    app.store().close().await;
    match said {
        Ok(line) => say(&line),
        Err(NotSound::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Failed::Refused(other.to_string())),
    }
}
