//! Pages of accounts: the admin's list, one account, signing in and one's own account.

mod own;
mod sign_in;

pub use own::*;
pub use sign_in::*;

use super::{
    factors::Held,
    model::{Draft, Line},
    sign_in::Session,
};
use crate::{
    app::{App, Refused},
    backups,
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed, Who, go,
        request::{CursorQuery, in_url},
    },
    policy::{
        AreaCode, Role,
        acts::{AddStaff, EditStaff, ListAreas, ListOrganisations, ListStaff},
    },
    store::{Grant, PageAsk, Scope, Visitor},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage {
    page: Page,
    staff: crate::store::Page<Line>,
    next: Option<String>,
    /// Where an account can be added; empty for someone who adds none.
    areas: Vec<crate::areas::model::Line>,
    /// What was typed as an area, and is none or several.
    unknown_area: Option<String>,
    /// Backups and trials that are late, for whoever answers for them: this is her first page.
    late_backups: i64,
}

pub async fn list(
    app: App,
    at: At,
    Who(visitor): Who,
    scope: Scope<ListStaff>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, Oops> {
    let areas = areas(&app, &visitor).await?;
    Ok(Html(list_page(&app, &at, &scope, query.cursor, areas).await?).into_response())
}

async fn list_page(
    app: &App,
    at: &At,
    scope: &Scope<ListStaff>,
    cursor: Option<String>,
    areas: Vec<crate::areas::model::Line>,
) -> Result<ListPage, Oops> {
    let staff = super::list(app.store(), scope, &PageAsk { limit: 50, cursor }).await?;
    let next = staff.next.as_ref().map(|cursor| format!("/staff?cursor={}", in_url(cursor)));
    let late_backups = backups::late(app, scope.actor()).await?;
    Ok(ListPage { page: Page::of(app, scope.actor(), at), staff, next, areas, unknown_area: None, late_backups })
}

/// The areas that she chooses from; none if she may add no account.
async fn areas(app: &App, visitor: &Visitor) -> Result<Vec<crate::areas::model::Line>, Oops> {
    if !app.store().can::<AddStaff>(&visitor.actor) {
        return Ok(Vec::new());
    }
    let scope: Scope<ListAreas> = app.store().enter_list(visitor)?;
    Ok(crate::areas::all(app.store(), &scope).await?)
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct AreaQuery {
    area: String,
}

/// From the choice of an area to the form of that area, where the door asks whether she may.
pub async fn choose_area(
    app: App,
    at: At,
    Who(visitor): Who,
    scope: Scope<ListStaff>,
    Query(query): Query<AreaQuery>,
) -> Result<Response, Oops> {
    let areas = areas(&app, &visitor).await?;
    if let Some(area) = crate::areas::model::chosen(&areas, &query.area) {
        return Ok(Redirect::to(&format!("/areas/{area}/staff/new")).into_response());
    }
    let list = list_page(&app, &at, &scope, None, areas).await?;
    let list = ListPage { unknown_area: Some(query.area), ..list };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(list)).into_response())
}

#[derive(Template)]
#[template(path = "staff/form.html")]
struct FormPage {
    page: Page,
    typed: Typed,
    area: AreaCode,
    area_name: String,
    roles: Vec<Role>,
    organisations: Vec<crate::organisations::model::Line>,
}

async fn form(app: &App, at: &At, grant: &Grant<AddStaff>, typed: Typed) -> Result<Response, Oops> {
    let actor = std::sync::Arc::new(grant.actor().clone());
    let organisations =
        crate::organisations::of_area(app.store(), &app.store().scope::<ListOrganisations>(&actor)?, &grant.id())
            .await?;
    let area_name = crate::areas::name(app.store(), &grant.id()).await?;
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::System).collect();
    let page = Page::of(app, grant.actor(), at);
    Ok(Html(FormPage { page, typed, area: grant.id(), area_name, roles, organisations }).into_response())
}

pub async fn new(app: App, at: At, grant: Grant<AddStaff>) -> Result<Response, Oops> {
    form(&app, &at, &grant, Typed::with(&[])).await
}

pub async fn create(
    app: App,
    at: At,
    grant: Grant<AddStaff>,
    _fresh: Fresh,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<AddStaff, AddStaff>(&grant);
    match super::add(&app, grant, &sent.draft, false, sent.key).await {
        Ok(_id) => Ok(go("/staff", "staff-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang()).without("password");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &grant, typed).await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn disable(app: App, grant: Grant<EditStaff>, _fresh: Fresh, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    super::disable(app.store(), grant).await?;
    Ok(go("/staff", "staff-disabled").into_response())
}

pub async fn enable(app: App, grant: Grant<EditStaff>, _fresh: Fresh, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    super::enable(app.store(), grant).await?;
    Ok(go("/staff", "staff-enabled").into_response())
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    page: Page,
    typed: Typed,
    one: Line,
    held: Held,
    sessions: Vec<Session>,
    roles: Vec<Role>,
    /// A one-time link to be handed over in person; told once.
    link: Option<String>,
    /// How many live cases she is in charge of: they are handed over before the account is shut.
    in_charge: i64,
}

async fn account_page(
    app: &App,
    at: &At,
    grant: &Grant<EditStaff>,
    typed: Typed,
    link: Option<String>,
) -> Result<AccountPage, Oops> {
    let (one, held, sessions) = super::account(app, grant).await?;
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::System).collect();
    let in_charge = crate::handovers::in_charge_of(app.store(), grant).await?;
    Ok(AccountPage { page: Page::of(app, grant.actor(), at), typed, one, held, sessions, roles, link, in_charge })
}

/// One account: its state, second factor and sessions, and what an admin can do for its holder.
pub async fn account(app: App, at: At, grant: Grant<EditStaff>) -> Result<Response, Oops> {
    let typed = Typed::with(&[]);
    Ok(Html(account_page(&app, &at, &grant, typed, None).await?).into_response())
}

/// Shows the page again with why it was not done, or goes back to it with a word of thanks.
async fn done(
    app: &App,
    at: &At,
    again: Option<Grant<EditStaff>>,
    typed: Typed,
    result: Result<(), Refused>,
    word: &str,
) -> Result<Response, Oops> {
    let grant = again.ok_or(Oops::Unknown)?;
    match result {
        Ok(()) => Ok(go(&format!("/staff/{}", grant.id()), word).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, grant.actor().lang());
            let body = account_page(app, at, &grant, typed, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleDraft {
    role: String,
}

pub async fn change_role(
    app: App,
    at: At,
    grant: Grant<EditStaff>,
    _fresh: Fresh,
    sent: Sent<RoleDraft>,
) -> Result<Response, Oops> {
    let again = app.store().also(&grant);
    let result = super::change_role(&app, grant, &sent.draft.role).await;
    done(&app, &at, again, sent.typed, result, "role-changed").await
}

pub async fn begin_reset(
    app: App,
    at: At,
    grant: Grant<EditStaff>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let again = app.store().also(&grant);
    match super::begin_reset(&app, grant).await {
        Ok(super::Begun { link: Some(link) }) => {
            let grant = again.ok_or(Oops::Unknown)?;
            Ok(Html(account_page(&app, &at, &grant, sent.typed, Some(link)).await?).into_response())
        }
        other => done(&app, &at, again, sent.typed, other.map(|_mailed| ()), "reset-begun").await,
    }
}

pub async fn reset_factor(
    app: App,
    at: At,
    grant: Grant<EditStaff>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let again = app.store().also(&grant);
    let result = super::reset_factor(&app, grant).await;
    done(&app, &at, again, sent.typed, result, "factor-reset").await
}

pub async fn end_all_sessions(
    app: App,
    at: At,
    grant: Grant<EditStaff>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let again = app.store().also(&grant);
    let result = super::end_sessions(app.store(), grant).await;
    done(&app, &at, again, sent.typed, result, "sessions-ended").await
}
