//! The page on which one asks for a person to be erased, and another agrees.

use super::{Asked, Draft};
use crate::{
    app::{App, Refused},
    cases,
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{ApproveErasure, AskErasure, SeeCase},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "erasures/form.html")]
pub struct ErasurePage {
    page: Page,
    typed: Typed,
    case: cases::model::CaseRow,
    asked: Option<Asked>,
    /// May agree, and is not the one who asked.
    may_approve: bool,
}

impl ErasurePage {
    async fn of(app: &App, at: &At, grant: &Grant<AskErasure>, typed: Typed) -> Result<ErasurePage, Oops> {
        let see = app.store().also::<AskErasure, SeeCase>(grant).ok_or(Oops::Unknown)?;
        let case = cases::brief(app.store(), &see, &[]).await?;
        let asked = super::waiting(app.store(), grant).await?;
        let another = asked.as_ref().is_some_and(|asked| Some(asked.by_id) != grant.actor().user());
        let may_approve = another && app.store().may::<AskErasure, ApproveErasure>(grant);
        Ok(ErasurePage { page: Page::of(app, grant.actor(), at), typed, case, asked, may_approve })
    }
}

pub async fn form(app: App, at: At, grant: Grant<AskErasure>) -> Result<Html<ErasurePage>, Oops> {
    Ok(Html(ErasurePage::of(&app, &at, &grant, Typed::with(&[])).await?))
}

pub async fn ask(
    app: App,
    at: At,
    grant: Grant<AskErasure>,
    _fresh: Fresh,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<AskErasure, AskErasure>(&grant).ok_or(Oops::Unknown)?;
    match super::ask(app.store(), grant, &sent.draft).await {
        Ok(()) => Ok(go(&format!("/cases/{}", again.id()), "erasure-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let body = ErasurePage::of(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

pub async fn approve(
    app: App,
    at: At,
    grant: Grant<ApproveErasure>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let again = app.store().also::<ApproveErasure, AskErasure>(&grant).ok_or(Oops::Unknown)?;
    match super::approve(app.store(), grant).await {
        Ok(()) => Ok(go("/cases", "erased").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let body = ErasurePage::of(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
