//! The page of a case's files, the form that brings one, and the file itself: always saved, never shown.

use super::model::{AttachmentRow, Draft, Limits, RemovalDraft, disposition};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{ids::CaseId, words::AttachmentKind},
    cases::{self, model::CaseRow},
    http::{
        At, Html, Oops, Page, Parcel, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{AddAttachment, ListAttachments, RemoveAttachment, SeeAttachment, SeeCase},
    store::{Grant, PageAsk},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "attachments/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    files: Vec<AttachmentRow>,
    more: Option<String>,
    limits: Limits,
    kinds: Vec<(&'static str, String)>,
    may_add: bool,
    may_remove: bool,
}

/// The files of a case, and a form for one more.
pub async fn list(
    app: App,
    at: At,
    grant: Grant<SeeCase>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    render(&app, &at, &grant, query.cursor, Typed::with(&[])).await.map(Html)
}

async fn render(
    app: &App,
    at: &At,
    grant: &Grant<SeeCase>,
    cursor: Option<String>,
    typed: Typed,
) -> Result<ListPage, Oops> {
    let store = app.store();
    let case = cases::brief(store, grant, &[]).await?;
    let ask = PageAsk { cursor, ..PageAsk::default() };
    let found = match store.scope::<ListAttachments>(&Arc::new(grant.actor().clone())) {
        Ok(scope) => super::of_case(store, &scope, grant.id(), &ask).await?,
        Err(_) => crate::store::Page { items: Vec::new(), next: None },
    };
    let more = found.next.map(|next| format!("/cases/{}/attachments?cursor={}", grant.id(), in_url(&next)));
    let page = Page::of(app, grant.actor(), at);
    let kinds = AttachmentKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    let may_add = case.status.is_none_or(|status| status.is_live()) && store.may::<SeeCase, AddAttachment>(grant);
    let may_remove = store.can::<RemoveAttachment>(grant.actor());
    let limits = super::limits(store).await?;
    Ok(ListPage { page, typed, case, files: found.items, more, limits, kinds, may_add, may_remove })
}

/// Takes a file in. Refused: the form again with every word that was typed, and without the file.
pub async fn create(app: App, at: At, grant: Grant<AddAttachment>, mut parcel: Parcel) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddAttachment, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case: CaseId = grant.id();
    let key = parcel.key();
    let mut draft = Draft {
        kind: parcel.take("kind"),
        note: parcel.take("note"),
        no_id_card: parcel.take("no_id_card"),
        name: std::mem::take(&mut parcel.file_name),
        file: Vec::new(),
    };
    parcel.done()?;
    draft.file = std::mem::take(&mut parcel.file);
    let words = [("kind", &draft.kind), ("note", &draft.note), ("no_id_card", &draft.no_id_card)];
    let typed = Typed::with(&words.map(|(name, value)| (name, value.clone())));
    match super::add(store, grant, draft, key).await {
        Ok(_id) => Ok(go(&format!("/cases/{case}/attachments"), "attachment-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let page = render(&app, &at, &see, None, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The file, to be saved: no browser shows it here, whatever is in it.
pub async fn download(app: App, grant: Grant<SeeAttachment>) -> Result<Response, Oops> {
    let (row, bytes) = super::read(app.store(), &grant).await?;
    let headers = [
        (header::CONTENT_TYPE, row.media.mime().to_owned()),
        (header::CONTENT_DISPOSITION, disposition(row.name.text(), row.media)),
        (
            HeaderName::from_static("content-security-policy"),
            "sandbox; default-src 'none'; frame-ancestors 'none'".to_owned(),
        ),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "attachments/removal.html")]
pub struct RemovalPage {
    page: Page,
    typed: Typed,
    file: AttachmentRow,
}

async fn removal_page(app: &App, at: &At, grant: &Grant<RemoveAttachment>, typed: Typed) -> Result<RemovalPage, Oops> {
    let see = app.store().also::<RemoveAttachment, SeeAttachment>(grant).ok_or(Oops::Unknown)?;
    let file = super::one(app.store(), &see).await?;
    Ok(RemovalPage { page: Page::of(app, grant.actor(), at), typed, file })
}

pub async fn removal(app: App, at: At, grant: Grant<RemoveAttachment>) -> Result<Html<RemovalPage>, Oops> {
    removal_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

/// Takes a file out.
pub async fn remove(
    app: App,
    at: At,
    grant: Grant<RemoveAttachment>,
    sent: Sent<RemovalDraft>,
) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<RemoveAttachment, RemoveAttachment>(&grant).ok_or(Oops::Unknown)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::remove(store, grant, &sent.draft, Some(version)).await {
        Ok(case) => Ok(go(&format!("/cases/{case}/attachments"), "attachment-removed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let page = removal_page(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
