//! Files for programs: their bytes travel in letters (base64).

use super::model::{AttachmentRow, Draft, RemovalDraft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{AttachmentId, CaseId},
        refusal::Invalid,
        time::At,
        words::{AttachmentKind, AttachmentMedia},
    },
    cases,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AddAttachment, ListAttachments, RemoveAttachment, SeeAttachment, SeeCase},
    store::{Grant, Page},
};
use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;

/// A file that is put with a case.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Attachment {
    id: AttachmentId,
    case_id: CaseId,
    kind: AttachmentKind,
    /// What it is by its own bytes.
    media: AttachmentMedia,
    bytes: i64,
    name: String,
    #[schema(required)]
    note: Option<String>,
    by: String,
    made_at: At,
    #[schema(required)]
    removed_at: Option<At>,
    #[schema(required)]
    removed_reason: Option<String>,
    /// `false`: a photograph to which the person agrees no longer; it opens for nobody.
    agreed: bool,
    /// Its bytes in base64; `null` in lists.
    #[schema(required)]
    content: Option<String>,
    version: i64,
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Attachment {
        Attachment {
            id: row.id,
            case_id: row.case_id,
            kind: row.kind,
            media: row.media,
            bytes: row.bytes,
            name: row.name.told(),
            note: row.note.told(),
            by: row.by,
            made_at: row.made_at,
            removed_at: row.removed_at,
            removed_reason: row.removed_reason.told(),
            agreed: row.agreed,
            content: None,
            version: row.version,
        }
    }
}

/// The files of a case, newest first: a helper gets those of her own organisation.
#[utoipa::path(get, path = "/api/v1/cases/{case}/attachments", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Attachment>)))]
pub async fn list(app: App, grant: Grant<SeeCase>, asked: Asked<Nothing>) -> Result<Json<Listed<Attachment>>, Oops> {
    let store = app.store();
    cases::opened(store, &grant, &[]).await?;
    let page = match store.scope::<ListAttachments>(&Arc::new(grant.actor().clone())) {
        Ok(scope) => super::of_case(store, &scope, grant.id(), &asked.page).await?,
        Err(_) => Page { items: Vec::new(), next: None },
    };
    Ok(Json(Listed::of(page.map(Attachment::from), None)))
}

/// A file to put with a case.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentToAdd {
    #[schema(value_type = AttachmentKind)]
    kind: Option<String>,
    name: Option<String>,
    note: Option<String>,
    /// It shows no identity card.
    no_id_card: Option<bool>,
    /// Base64.
    content: Option<String>,
}

/// Puts a file with a case. What it is is read from its bytes; of a picture only the picture is kept.
#[utoipa::path(post, path = "/api/v1/cases/{case}/attachments", params(("case" = CaseId, Path)), request_body = AttachmentToAdd,
    responses((status = 201, body = Attachment)))]
pub async fn add(app: App, grant: Grant<AddAttachment>, told: Told<AttachmentToAdd>) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<AddAttachment, AddAttachment>(&grant).ok_or(Oops::Unknown)?;
    let AttachmentToAdd { kind, name, note, no_id_card, content } = told.body;
    let file = STANDARD.decode(json::text(content)).map_err(|_| Invalid::one("content", "not_in_letters"))?;
    let draft = Draft {
        kind: json::text(kind),
        name: json::text(name),
        note: json::text(note),
        no_id_card: json::yes(no_id_card),
        file,
    };
    let id = super::add(store, grant, draft, told.key).await?;
    let see = store.onward::<AddAttachment, SeeAttachment>(&again, id).await?;
    Ok(json::created(format!("/api/v1/attachments/{id}"), Attachment::from(super::one(store, &see).await?)))
}

/// A file with its bytes.
#[utoipa::path(get, path = "/api/v1/attachments/{attachment}", params(("attachment" = AttachmentId, Path)),
    responses((status = 200, body = Attachment)))]
pub async fn one(app: App, grant: Grant<SeeAttachment>) -> Result<Response, Oops> {
    let (row, bytes) = super::read(app.store(), &grant).await?;
    let version = row.version;
    let body = Attachment { content: Some(STANDARD.encode(bytes)), ..Attachment::from(row) };
    Ok(json::versioned(Some(version), body))
}

/// Why it is taken out.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentRemoval {
    reason: Option<String>,
}

/// Takes a file out: what it held is destroyed.
#[utoipa::path(post, path = "/api/v1/attachments/{attachment}/removal",
    params(("attachment" = AttachmentId, Path), ("If-Match" = String, Header)), request_body = AttachmentRemoval,
    responses((status = 200, body = Attachment)))]
pub async fn remove(app: App, grant: Grant<RemoveAttachment>, told: Told<AttachmentRemoval>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<RemoveAttachment, SeeAttachment>(&grant).ok_or(Oops::Unknown)?;
    let draft = RemovalDraft { reason: json::text(told.body.reason), version: String::new() };
    super::remove(store, grant, &draft, Some(version)).await?;
    let row = super::one(store, &see).await?;
    Ok(json::versioned(Some(row.version), Attachment::from(row)))
}
