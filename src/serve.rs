//! The program while it serves: opens the store, listens, and stops in order.
//!
//! The accept loop is our own, because the usual one waits for ever: a half-sent head is closed after ten seconds, a body
//! that stands still after thirty, and neither one address nor all together can take every place.

pub mod tls;

use crate::{
    app::App,
    backups,
    base::time::Clock,
    config::Settings,
    http::client::OverTls,
    routes, seeds,
    store::{Fault, Store},
};
use axum::{Router, body::Body, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tls::Tls;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tower::ServiceExt;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// So long a head may take to come, the hand-shake of https as well; and so long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(10);
/// So long a body may stand still.
const BODY: Duration = Duration::from_secs(30);
/// Heads: so many lines, so many bytes.
const HEAD_LINES: usize = 64;
const HEAD_BYTES: usize = 32 * 1024;
/// Connections of all, and of one address. A trusted proxy is one address and stands for many.
const CONNECTIONS: usize = 4_096;
const CONNECTIONS_OF_ONE: usize = 256;
/// So long requests under way have to come to their end when the program stops.
const FAREWELL: Duration = Duration::from_secs(30);

/// Opens the store that the settings name, with its reference data.
pub async fn open_store(settings: &Settings, clock: Clock, seed: Option<u64>) -> Result<Store, Fault> {
    // A copy of what was before, if the schema is to be brought up; without one nothing is touched.
    backups::before_upgrade(settings).await.map_err(|not| Fault::Copy(not.to_string()))?;
    let store = Store::open(&settings.database, &settings.keys, clock, seed).await?;
    seeds::reference(&store).await?;
    Ok(store)
}

/// Answers requests until `stop` comes; requests under way are finished. Speaks https if the settings name a certificate.
///
/// # Errors
/// A certificate or key that cannot be used. None of a single connection: they end by themselves.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let tls = app.settings().tls.as_ref().map(Tls::open).transpose().map_err(std::io::Error::other)?;
    let most_of_one = if app.settings().trusted_proxy { CONNECTIONS } else { CONNECTIONS_OF_ONE };
    let router = routes::router(app).layer(RequestBodyTimeoutLayer::new(BODY));
    let places = Arc::new(Places { most_of_one, taken: Mutex::default() });
    let (stopping, told) = watch::channel(false);
    // Each connection holds a copy; when the last one is gone, everybody has been answered.
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: those who are here go first.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(place) = places.take(peer.ip()) else { continue };
        let connection = connection(stream, peer, tls.clone(), router.clone(), told.clone());
        let alive = alive.clone();
        tokio::spawn(async move {
            connection.await;
            drop((place, alive));
        });
    }
    drop(listener);
    stopping.send_replace(true);
    drop(alive);
    if tokio::time::timeout(FAREWELL, all_gone.recv()).await.is_err() {
        tracing::warn!("some requests did not come to their end in time");
    }
    Ok(())
}

/// Who is connected.
struct Places {
    most_of_one: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that is given back when the connection ends.
struct Place(Arc<Places>, IpAddr);

impl Places {
    /// `None`: all are taken, or too many by this address.
    fn take(self: &Arc<Places>, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.entry(address).or_default();
        if all >= CONNECTIONS || *own >= self.most_of_one {
            return None;
        }
        *own += 1;
        Some(Place(self.clone(), address))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Tls>,
    router: Router,
    told: watch::Receiver<bool>,
) {
    // Answers are written whole; waiting for more to send only makes them late.
    let _as_it_is = stream.set_nodelay(true);
    let Some(tls) = tls else { return talk(stream, peer, None, router, told).await };
    match tokio::time::timeout(HEAD, tls.accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, peer, Some(OverTls), router, told).await,
        Ok(Err(error)) => tracing::debug!(%error, "no https was agreed on"),
        Err(_slow) => tracing::debug!("the hand-shake took too long"),
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    over_tls: Option<OverTls>,
    router: Router,
    mut told: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(over_tls) = over_tls {
            request.extensions_mut().insert(over_tls);
        }
        let router = router.clone();
        async move { router.oneshot(request).await.map_err(|never: Infallible| never) }
    });
    let mut talk = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_headers(HEAD_LINES)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    let mut ending = *told.borrow();
    if ending {
        talk.as_mut().graceful_shutdown();
    }
    loop {
        tokio::select! {
            done = talk.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            _changed = told.changed(), if !ending => {
                ending = true;
                talk.as_mut().graceful_shutdown();
            }
        }
    }
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
