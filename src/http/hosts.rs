//! Under which name the program was asked for, and over what: a name that it knows, said once, and nothing secret over plain
//! http from elsewhere.

use super::{Oops, client::Plain};
use crate::{app::App, config::without_port};
use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses a request without a host, with two, or with one that is not ours: a page of somebody else that has bent its
/// own name to our address reads nothing.
pub async fn known_host(State(app): State<App>, request: Request, next: Next) -> Response {
    // Whoever watches over the process may ask by any name.
    let watched = matches!(request.uri().path(), "/healthz" | "/readyz");
    match asked_for(&request) {
        _ if watched => next.run(request).await,
        None => Oops::BadRequest("host").into_response(),
        Some(host) if app.settings().answers_to(&host) => next.run(request).await,
        Some(_) => Oops::Misdirected.into_response(),
    }
}

/// Refuses to take anything over plain http from another machine: no password, no token, no change. Pages that need nobody
/// are shown, and the page of signing in says why it goes no further.
pub async fn over_https(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let brings = !reads || request.headers().contains_key(header::AUTHORIZATION);
    let says_why = request.uri().path() == "/sign-in";
    if brings && !says_why && Plain::of(request.headers(), request.extensions(), &app).0 {
        return Oops::Plain.into_response();
    }
    next.run(request).await
}

/// The one name, without its port; `None`: none, several, or two that differ.
fn asked_for(request: &Request) -> Option<String> {
    let mut said = request.headers().get_all(header::HOST).iter();
    let host = said.next()?.to_str().ok()?.to_ascii_lowercase();
    let in_line = request.uri().authority().map(|authority| authority.as_str().to_ascii_lowercase());
    if said.next().is_some() || host.is_empty() || in_line.is_some_and(|line| line != host) {
        return None;
    }
    Some(without_port(&host).to_owned())
}
