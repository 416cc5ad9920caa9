//! Pages of merges: what differs, whose it is to be; and the way back.

use super::model::Draft;
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    cases::{self, View, model::CaseView},
    doubles::{self, model::Line},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{MergePeople, SeeCase, SeeDouble, UndoMerge},
    store::{Fault, Grant},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "merges/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    line: Line,
    /// The newer record and the one that is kept, for the head of both; the keeper sees neither.
    views: Option<(CaseView, CaseView)>,
}

async fn render(app: &App, at: &At, grant: &Grant<MergePeople>, typed: Typed) -> Result<FormPage, Oops> {
    let store = app.store();
    let see = store.also::<MergePeople, SeeDouble>(grant).ok_or(Oops::Unknown)?;
    let line = doubles::one(store, &see).await?;
    let mut views = Vec::new();
    for case in [line.case_id, line.other_id] {
        match store.onward::<MergePeople, SeeCase>(grant, case).await {
            Ok(see) => views.push(cases::see_as(store, &see, View::Restricted, &[]).await?),
            Err(Fault::Denied(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let mut views = views.into_iter();
    let views = views.next().zip(views.next());
    Ok(FormPage { page: Page::of(app, grant.actor(), at), typed, line, views })
}

/// What differs, side by side.
pub async fn form(app: App, at: At, grant: Grant<MergePeople>) -> Result<Html<FormPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn merge(app: App, at: At, grant: Grant<MergePeople>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let again = app.store().also::<MergePeople, MergePeople>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::merge(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(_id) => Ok(go(&format!("/doubles/{}", again.id()), "people-merged").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &again, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was read.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Version {
    version: String,
}

pub async fn undo(app: App, grant: Grant<UndoMerge>, sent: Sent<Version>) -> Result<Response, Oops> {
    let id = grant.id();
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    super::undo(app.store(), grant, Some(version)).await?;
    Ok(go(&format!("/doubles/{id}"), "merge-undone").into_response())
}
