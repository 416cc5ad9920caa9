//! One's own calendar: its address, told once; and the feed behind it.

use crate::{
    app::App,
    base::time::At as Instant,
    http::{At, Html, Oops, Page, Sent, go},
    policy::acts::ListFollowUps,
    store::{Denied, Fault, Scope, SessionKind},
};
use askama::Template;
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "calendars/show.html")]
struct ShowPage {
    page: Page,
    /// Since, last fetched, until: days.
    there: Option<(String, String, String)>,
    /// The address, on the page that follows its making and never again.
    address: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

/// Whether my calendar has an address.
pub async fn show(app: App, at: At, scope: Scope<ListFollowUps>) -> Result<Response, Oops> {
    Ok(Html(page_of(&app, &at, &scope, None).await?).into_response())
}

/// Makes a new address and tells it, once.
pub async fn start(app: App, at: At, scope: Scope<ListFollowUps>, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    let session = app.store().start_calendar(&scope).await?;
    let address = format!("{}/calendar/{}.ics", app.settings().public_url, session.token);
    Ok(Html(page_of(&app, &at, &scope, Some(address)).await?).into_response())
}

/// The address works no more.
pub async fn end(app: App, scope: Scope<ListFollowUps>, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    app.store().end_calendar(&scope).await?;
    Ok(go("/calendar", "calendar-ended").into_response())
}

async fn page_of(app: &App, at: &At, scope: &Scope<ListFollowUps>, address: Option<String>) -> Result<ShowPage, Oops> {
    let there = app.store().calendar(scope).await?.map(|(since, seen, until)| (day(since), day(seen), day(until)));
    Ok(ShowPage { page: Page::of(app, scope.actor(), at), there, address })
}

fn day(at: Instant) -> String {
    crate::base::text::show_day(at.day())
}

/// The feed. Whoever has the address has it, until its owner ends it, loses the right, or changes her password.
pub async fn feed(app: App, Path(address): Path<String>) -> Result<Response, Oops> {
    let token = address.strip_suffix(".ics").ok_or(Oops::Unknown)?;
    let visitor = app.store().enter(token, SessionKind::Calendar).await?.ok_or(Oops::Unknown)?;
    if visitor.must_change {
        return Err(Oops::Unknown);
    }
    let scope = match app.store().scope::<ListFollowUps>(&visitor.actor) {
        Err(Fault::Denied(Denied::Forbidden)) => return Err(Oops::Unknown),
        other => other?,
    };
    let text = super::feed(app.store(), scope, visitor.actor.lang(), &app.settings().public_url).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"duongve.ics\""),
    ];
    Ok((headers, text).into_response())
}
