//! Pages and forms of restrictions.

use super::model::{Draft, EndDraft, NamedRow, RestrictionRow};
use crate::{
    app::{App, Refused},
    base::{text, time, words::RestrictionKind},
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Role,
        acts::{EndRestriction, ListColleagues, SeeCase, SeeRestriction, SeeRestrictions, SetRestriction},
    },
    staff::{self, model::Colleague},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "restrictions/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    restrictions: Vec<RestrictionRow>,
    named: Vec<NamedRow>,
    /// Whom the reader may name, by role; empty if she may make no restriction.
    groups: Vec<(Role, Vec<Colleague>)>,
    may_set: bool,
}

impl ListPage {
    fn names(&self, restriction: &RestrictionRow) -> String {
        let names = self.named.iter().filter(|one| one.restriction_id == restriction.id);
        names.map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn day(&self, at: &time::At) -> String {
        text::show_day(at.day())
    }

    fn kinds(&self) -> &'static [RestrictionKind] {
        RestrictionKind::ALL
    }
}

/// Who may not know the person, or who alone may; for the head of the commune the form to say so.
pub async fn list(app: App, at: At, grant: Grant<SeeRestrictions>) -> Result<Html<ListPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

const NAMED_ROLES: [Role; 3] = [Role::Officer, Role::Supervisor, Role::Partner];

async fn render(app: &App, at: &At, grant: &Grant<SeeRestrictions>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeRestrictions, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::headline(store, &see).await?;
    let (restrictions, named) = super::of_case(store, grant).await?;
    let may_set = store.may::<SeeRestrictions, SetRestriction>(grant);
    let mut groups = Vec::new();
    if may_set {
        let scope = store.scope::<ListColleagues>(&Arc::new(grant.actor().clone()))?;
        let all = staff::colleagues(store, &scope, &NAMED_ROLES).await?;
        let of = |role: Role| all.iter().filter(|one| one.role == role).cloned().collect::<Vec<_>>();
        groups = NAMED_ROLES.map(|role| (role, of(role))).into_iter().filter(|group| !group.1.is_empty()).collect();
    }
    Ok(ListPage { page: Page::of(app, grant.actor(), at), typed, case, restrictions, named, groups, may_set })
}

pub async fn create(app: App, at: At, grant: Grant<SetRestriction>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<SetRestriction, SeeRestrictions>(&grant).ok_or(Oops::Unknown)?;
    match super::set(store, grant, &sent.draft, sent.key).await {
        Ok(_id) => {
            // Whoever has shut herself out has nothing more to see here.
            let still = store.onward::<SeeRestrictions, SeeRestrictions>(&see, see.id()).await.is_ok();
            let to = if still { format!("/cases/{}/restrictions", see.id()) } else { "/cases".to_owned() };
            Ok(go(&to, "restriction-set").into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "restrictions/ending.html")]
pub struct EndingPage {
    page: Page,
    typed: Typed,
    restriction: RestrictionRow,
    names: String,
}

async fn ending_page(app: &App, at: &At, see: &Grant<SeeRestriction>, typed: Typed) -> Result<EndingPage, Oops> {
    let (restriction, named) = super::one(app.store(), see).await?;
    let names = named.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    Ok(EndingPage { page: Page::of(app, see.actor(), at), typed, restriction, names })
}

/// Asks why it ends.
pub async fn ending(app: App, at: At, grant: Grant<EndRestriction>) -> Result<Html<EndingPage>, Oops> {
    let see = app.store().also::<EndRestriction, SeeRestriction>(&grant).ok_or(Oops::Unknown)?;
    ending_page(&app, &at, &see, Typed::with(&[])).await.map(Html)
}

pub async fn end(app: App, at: At, grant: Grant<EndRestriction>, sent: Sent<EndDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<EndRestriction, SeeRestriction>(&grant).ok_or(Oops::Unknown)?;
    match super::end(app.store(), grant, &sent.draft, None).await {
        Ok(()) => {
            let (restriction, _) = super::one(app.store(), &see).await?;
            Ok(go(&format!("/cases/{}/restrictions", restriction.case_id), "restriction-ended").into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let body = ending_page(&app, &at, &see, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
