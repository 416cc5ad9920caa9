//! Pages and forms of who is in charge: one case's history, the handover, an officer's leave.

use super::model::{AssignmentRow, CoverDraft, CoverRow, Draft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    cases::{self, model::CaseRow, web::officers},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        AreaCode,
        acts::{AddCover, Assign, SeeAssignments, SeeCase},
    },
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "assignments/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    history: Vec<AssignmentRow>,
    /// Whom the reader may put in charge; empty if she may not.
    officers: Vec<(String, String)>,
    may_assign: bool,
}

/// Who was in charge, from when to when; for the head of the commune a form to hand over.
pub async fn list(app: App, at: At, grant: Grant<SeeAssignments>) -> Result<Html<ListPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeAssignments>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeAssignments, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let history = super::of_case(store, grant).await?;
    let may_assign = case.is_live() && store.may::<SeeAssignments, Assign>(grant);
    let officers = if may_assign { officers(app, grant.actor()).await? } else { Vec::new() };
    Ok(ListPage { page: Page::of(app, grant.actor(), at), typed, case, history, officers, may_assign })
}

/// The form of a handover: the draft, and the version that was read.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AssignForm {
    officer: String,
    reason: String,
    version: String,
}

pub async fn assign(app: App, at: At, grant: Grant<Assign>, sent: Sent<AssignForm>) -> Result<Response, Oops> {
    let see = app.store().also::<Assign, SeeAssignments>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    let draft = Draft { officer: sent.draft.officer, reason: sent.draft.reason };
    match super::put_in_charge(app.store(), grant, &draft, Some(version), sent.key).await {
        Ok(_assignment) => Ok(go(&format!("/cases/{}/assignments", see.id()), "case-assigned").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "assignments/cover.html")]
pub struct CoverPage {
    page: Page,
    typed: Typed,
    area: AreaCode,
    officers: Vec<(String, String)>,
    covers: Vec<CoverRow>,
}

async fn cover_form(app: &App, at: &At, grant: &Grant<AddCover>, typed: Typed) -> Result<CoverPage, Oops> {
    Ok(CoverPage {
        page: Page::of(app, grant.actor(), at),
        typed,
        area: grant.id(),
        officers: officers(app, grant.actor()).await?,
        covers: super::covers(app.store(), grant).await?,
    })
}

/// Who is away and who stands in, and a form for one more.
pub async fn cover(app: App, at: At, grant: Grant<AddCover>) -> Result<Html<CoverPage>, Oops> {
    cover_form(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn add_cover(app: App, at: At, grant: Grant<AddCover>, sent: Sent<CoverDraft>) -> Result<Response, Oops> {
    let again = app.store().also::<AddCover, AddCover>(&grant);
    let area = grant.id();
    match super::add_cover(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/areas/{area}/covers/new"), "cover-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(cover_form(&app, &at, &grant, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
