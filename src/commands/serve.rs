//! `duongve serve`: the server and the scheduler.

use super::{Failed, open, say};
use crate::{
    app::App,
    config::{Flags, Settings},
    jobs,
    policy::matrix,
    serve,
    store::Store,
    trail,
};
use tokio::net::TcpListener;

#[derive(clap::Args)]
pub struct Args {}

pub async fn run(flags: Flags, _args: Args) -> Result<(), Failed> {
    let app = open(flags).await?;
    let (listener, settings) = listen(app.settings().clone()).await?;
    // Better no start than a day of checkpoints that nobody could sign.
    trail::key::signing_key(app.store()).map_err(|fault| Failed::Refused(fault.to_string()))?;
    let app = App::new(app.store().clone(), settings);
    warn(app.settings());
    tell_policy(app.store());
    let scheme = if app.settings().tls.is_some() { "https" } else { "http" };
    say(&format!("listening on {scheme}://{}", app.settings().listen))?;
    answer(app, listener).await
}

/// Takes the port before anything is told about it.
pub async fn listen(settings: Settings) -> Result<(TcpListener, Settings), Failed> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Failed::Refused(format!("cannot listen on {}: {error}", settings.listen)))?;
    let address = listener.local_addr()?;
    Ok((listener, settings.listening_on(address)))
}

/// Answers until told to stop; then what was begun is finished and the database is closed.
pub async fn answer(app: App, listener: TcpListener) -> Result<(), Failed> {
    let store = app.store().clone();
    let clockwork = jobs::start(app.clone()).await.map_err(|error| Failed::Refused(format!("scheduler: {error}")))?;
    let served = serve::serve(app, listener, serve::told_to_stop()).await;
    clockwork.stop().await.map_err(|error| Failed::Refused(format!("scheduler: {error}")))?;
    store.write_refusals(true).await?;
    store.close().await;
    Ok(served?)
}

/// The row in the database is in force: whoever puts a newer program in place should know that the policy stayed.
fn tell_policy(store: &Store) {
    let (version, hash) = store.policy_version();
    if hash != matrix::hash_of(matrix::BUILT_IN_MODEL, matrix::BUILT_IN_POLICY) {
        tracing::info!(
            "policy version {version} of the database is in force, not the one built in: see `duongve policy show`"
        );
    }
}

fn warn(settings: &Settings) {
    if !settings.on_loopback() && !settings.trusted_proxy && settings.tls.is_none() {
        tracing::warn!(
            "plain http on {}: nobody can sign in from another machine; say --tls-cert and --tls-key, or put a proxy with https in front and say --trusted-proxy",
            settings.listen
        );
    }
    if settings.is_open_to_others() {
        tracing::warn!("{} can be read by other users of this machine: chmod 700", settings.data_dir.display());
    }
}
