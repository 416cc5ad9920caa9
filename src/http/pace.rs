//! How often one address may ask without being signed in, and one account may search or take out a list: 429 above that.

use super::{Client, Oops, request::Ticket};
use crate::{
    app::App,
    base::{ids::UserId, pace::Pace},
    policy::Actor,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

fn in_time(taken: Result<(), Duration>) -> Result<(), Oops> {
    taken.map_err(|wait| Oops::TooMany(wait.as_secs() + 1))
}

/// More requests than a person sends, as the trail calls it.
const TOO_MANY: &str = "request.too_many";

fn of_account(app: &App, pace: &Pace<UserId>, actor: &Actor) -> Result<(), Oops> {
    let Some(user) = actor.user() else { return Ok(()) };
    let counted = in_time(pace.take(user, Instant::now()));
    if counted.is_err() {
        app.store().note_turned_away(Some(actor), TOO_MANY);
    }
    counted
}

/// One more search by this account.
///
/// # Errors
/// [`Oops::TooMany`].
pub fn search(app: &App, actor: &Actor) -> Result<(), Oops> {
    of_account(app, &app.paces().searches, actor)
}

/// One more export by this account.
///
/// # Errors
/// [`Oops::TooMany`].
pub fn export(app: &App, actor: &Actor) -> Result<(), Oops> {
    of_account(app, &app.paces().exports, actor)
}

/// Counts what comes from an address without a session. Behind a trusted proxy the address is the one that it names.
pub async fn strangers(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let free = path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz");
    if free || Ticket::of(request.headers()).is_some() {
        return next.run(request).await;
    }
    let counted =
        address(&app, &request).map_or(Ok(()), |address| in_time(app.paces().strangers.take(address, Instant::now())));
    match counted {
        Ok(()) => next.run(request).await,
        Err(oops) => {
            app.store().note_turned_away(None, TOO_MANY);
            oops.into_response()
        }
    }
}

fn address(app: &App, request: &Request) -> Option<IpAddr> {
    let address = Client::of(request.headers(), request.extensions(), app).origin.address;
    (!address.is_unspecified()).then_some(address)
}
