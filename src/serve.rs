//! The program while it serves: opens the store, listens, and stops in order.

use crate::{
    app::App,
    base::time::Clock,
    config::Settings,
    routes, seeds,
    store::{Fault, Store},
};
use std::{future::Future, net::SocketAddr};
use tokio::net::TcpListener;

/// Opens the store that the settings name, with its reference data.
pub async fn open_store(settings: &Settings, clock: Clock, seed: Option<u64>) -> Result<Store, Fault> {
    let store = Store::open(&settings.database, &settings.keys, clock, seed).await?;
    seeds::reference(&store).await?;
    Ok(store)
}

/// Answers requests until `stop` comes; requests under way are finished.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

/// Ctrl-C, or the service manager's word to stop.
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        // Without that signal the interrupt alone stops us.
        interrupt.await.ok();
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
