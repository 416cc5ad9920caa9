//! The door: asks who you are and gives, for one act, a grant or a scope. A handler's signature is the policy.

use super::{
    Client, Oops,
    request::{CROSS_SITE, Emergency, Ticket},
};
use crate::{
    app::App,
    policy::{Act, Subject, subjects::Area},
    store::{Grant, Half, Scope, SessionKind, Store, Visitor},
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
        admit(parts, app, visitor).map(Who)
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
        admit(parts, app, visitor)?;
        let grant = grant?;
        if let Some(until) = grant.glass_until() {
            Emergency::of(parts).set(until);
        }
        Ok(grant)
    }
}

impl<A: Act> FromRequestParts<App> for Scope<A> {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Scope<A>, Oops> {
        let Who(visitor) = Who::from_request_parts(parts, app).await?;
        Ok(app.store().enter_list::<A>(&visitor)?)
    }
}

/// Whoever has given the right password and is still to give the second factor; with the token of her half session. Only
/// the pages between the two ask for it.
pub struct HalfWay(pub Half, pub String);

impl FromRequestParts<App> for HalfWay {
    type Rejection = Oops;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<HalfWay, Oops> {
        let ticket = ticket(parts)?;
        let half = app.store().enter_half(&ticket.token).await?.ok_or(Oops::SignIn)?;
        // So that its forms carry a token, as everybody's.
        parts.extensions.insert(half.visitor.clone());
        Ok(HalfWay(half, ticket.token))
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
        if visitor.is_fresh(app.store().now()) { Ok(Fresh) } else { Err(Oops::Confirm(Box::new(visitor))) }
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

/// Lets somebody in whose session is live: if she has given what is asked for where she is now, if an admin works from
/// where and when admins work, and if her first password is not still in use.
fn admit(parts: &mut Parts, app: &App, visitor: Visitor) -> Result<Visitor, Oops> {
    let client = Client::of(&parts.headers, &parts.extensions, app);
    if !client.is_sure_of(app, &visitor) {
        return Err(Oops::SignIn);
    }
    if !client.admin_may_work(app, visitor.actor.role()) {
        return Err(Oops::AdminShut);
    }
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

/// Tells a handler that whoever asked has hung up, for work that is worth nothing then.
#[derive(Clone, Default)]
pub struct Gone(Option<tokio::sync::watch::Receiver<()>>);

impl Gone {
    /// Runs `job` as long as somebody waits for it. `None`: nobody does any more, and it was dropped.
    pub async fn or<T>(mut self, job: impl Future<Output = T>) -> Option<T> {
        let Some(gone) = &mut self.0 else { return Some(job.await) };
        tokio::select! {
            done = job => Some(done),
            _nobody = gone.changed() => None,
        }
    }
}

impl FromRequestParts<App> for Gone {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Gone, Infallible> {
        Ok(parts.extensions.get::<Gone>().cloned().unwrap_or_default())
    }
}

/// Runs the request in a task of its own, so that a dropped connection never cuts a unit of work in two.
pub async fn in_own_task(mut request: Request, next: Next) -> Response {
    let listening = crate::store::listening();
    // Held here, in the task of the connection: it is let go of when the answer is there, or nobody waits for it.
    let (_here, gone) = tokio::sync::watch::channel(());
    request.extensions_mut().insert(Gone(Some(gone)));
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
    // What no URL knows is told so by the routes.
    let changes = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
    let api = request.uri().path().starts_with("/api/");
    if !changes || api || is_same_site(&app, request.headers()) {
        next.run(request).await
    } else {
        app.store().note_turned_away(None, CROSS_SITE);
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
