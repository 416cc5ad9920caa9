//! The door: asks who you are and gives, for one act, a grant or a scope. A handler's signature is the policy.

use super::{Oops, request::Ticket};
use crate::{
    app::App,
    policy::{Act, Subject, subjects::Area},
    store::{Grant, Scope, SessionKind, Store, Visitor},
};
use axum::{
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{convert::Infallible, sync::Arc};

impl FromRequestParts<App> for App {
    type Rejection = Infallible;
    async fn from_request_parts(_parts: &mut Parts, app: &App) -> Result<App, Infallible> {
        Ok(app.clone())
    }
}

/// Whoever is signed in, for pages that ask for no act: one's own password, language, `/me`.
#[derive(Clone)]
pub struct Who(pub Visitor);

impl FromRequestParts<App> for Who {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Who, Oops> {
        if let Some(visitor) = parts.extensions.get::<Visitor>() {
            return Ok(Who(visitor.clone()));
        }
        let ticket = ticket(parts)?;
        let visitor = app.store().enter(&ticket.token, ticket.kind).await?.ok_or(Oops::SignIn)?;
        admit(parts, visitor).map(Who)
    }
}

impl<A: Act> FromRequestParts<App> for Grant<A> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Grant<A>, Oops> {
        let ticket = ticket(parts)?;
        let id = path_id::<A::On>(parts, app).await;
        let Some(id) = id else {
            // No such thing can exist; but first, who asks?
            Who::from_request_parts(parts, app).await?;
            return Err(Oops::Unknown);
        };
        let entered = app.store().enter_for::<A>(&ticket.token, ticket.kind, id).await?;
        let (visitor, grant) = entered.ok_or(Oops::SignIn)?;
        admit(parts, visitor)?;
        Ok(grant?)
    }
}

impl<A: Act> FromRequestParts<App> for Scope<A> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Scope<A>, Oops> {
        let Who(visitor) = Who::from_request_parts(parts, app).await?;
        Ok(app.store().enter_list::<A>(&visitor)?)
    }
}

/// Stands in the signature of a grave act, after its grant: whoever asks has proved who she is within ten minutes.
///
/// A page asks her again, and gives back the form that she was sending; a program gets 401 `confirm` and signs in anew.
pub struct Fresh;

impl FromRequestParts<App> for Fresh {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Fresh, Oops> {
        let Who(visitor) = Who::from_request_parts(parts, app).await?;
        if visitor.is_fresh(app.store().now()) { Ok(Fresh) } else { Err(Oops::Confirm(visitor.actor.lang())) }
    }
}

/// The act on the asker's own area, for a URL that names none.
pub struct AtHome<A: Act<On = Area>>(pub Grant<A>);

impl<A: Act<On = Area>> FromRequestParts<App> for AtHome<A> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<AtHome<A>, Oops> {
        let Who(visitor) = Who::from_request_parts(parts, app).await?;
        let home = visitor.actor.area().clone();
        Ok(AtHome(app.store().permit::<A>(&visitor.actor, home).await?))
    }
}

fn ticket(parts: &Parts) -> Result<Ticket, Oops> {
    let ticket = Ticket::of(&parts.headers).ok_or(Oops::SignIn)?;
    // A cookie is for pages, a bearer token for programs: neither works at the other's door.
    let for_programs = parts.uri.path().starts_with("/api/");
    if for_programs == (ticket.kind == SessionKind::Bearer) { Ok(ticket) } else { Err(Oops::SignIn) }
}

fn admit(parts: &mut Parts, visitor: Visitor) -> Result<Visitor, Oops> {
    let own_business = matches!(
        parts.uri.path(),
        "/password" | "/confirmation" | "/sign-out" | "/language" | "/api/v1/sessions/current"
    );
    if visitor.must_change && !own_business {
        return Err(Oops::MustChange);
    }
    parts.extensions.insert(visitor.clone());
    Ok(visitor)
}

/// The id in the path, under the name of its subject: `{case}`, `{visit}`.
async fn path_id<S: Subject>(parts: &mut Parts, app: &App) -> Option<S::Id> {
    let params = RawPathParams::from_request_parts(parts, app).await.ok()?;
    params.iter().find(|(name, _)| *name == S::NAME).and_then(|(_, value)| value.parse().ok())
}

/// Runs the request in a task of its own, so that a dropped connection never cuts a unit of work in two.
pub async fn in_own_task(request: Request, next: Next) -> Response {
    let listening = crate::store::listening();
    let number = format!("{:016x}", rand::random::<u64>());
    let answer = crate::store::in_request(number, next.run(request));
    match tokio::spawn(crate::store::go_on_listening(listening, answer)).await {
        Ok(response) => response,
        Err(error) => Oops::broken(&error).into_response(),
    }
}

/// Refuses what changes something and does not come from a page of ours (Fetch Metadata, else Origin).
/// Programs carry a bearer token, which no browser sends by itself.
pub async fn same_site(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let api = request.uri().path().starts_with("/api/");
    if safe || api || is_same_site(&app, request.headers()) {
        next.run(request).await
    } else {
        Oops::CrossSite.into_response()
    }
}

fn is_same_site(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let scheme = if app.settings().trusted_proxy { "https://" } else { "http://" };
    origin.strip_prefix(scheme).or_else(|| origin.strip_prefix("https://")) == Some(host)
}

/// A shorthand for handlers that hold a grant: may its holder also do `B`?
pub fn may<A: Act, B: Act<On = A::On>>(store: &Store, grant: &Grant<A>) -> bool {
    store.may::<A, B>(grant)
}

/// Adds the signed-in person to what the error page may know.
pub fn seen_by(response: &mut Response, visitor: &Visitor) {
    response.extensions_mut().insert(Arc::clone(&visitor.actor));
}
