//! Papers for programs.

use super::model::{DocumentRow, Draft, Paper, WithdrawDraft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, DocumentId},
        time::{At, Day},
        words::DocumentKind,
    },
    cases,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::{
        Act, AreaCode,
        acts::{IssueDocument, ListDocuments, PrintDocument, SeeDocument, WithdrawDocument},
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A paper that was issued.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Document {
    id: DocumentId,
    /// `null`: it is the commune's own.
    #[schema(required)]
    case_id: Option<CaseId>,
    area: AreaCode,
    kind: DocumentKind,
    /// In the commune's own series of this kind and year.
    number: i64,
    year: i64,
    on: Day,
    template_version: i64,
    /// SHA-256 of its text.
    hash: String,
    by: String,
    made_at: At,
    printings: i64,
    #[schema(required)]
    withdrawn_at: Option<At>,
    #[schema(required)]
    withdrawn_reason: Option<String>,
    #[schema(required)]
    replaced_by: Option<DocumentId>,
    /// As it was issued, in HTML; `null` in lists.
    #[schema(required)]
    text: Option<String>,
    /// The text has the hash that it was issued with. `null`: in lists, or something of it is hidden and it cannot be told.
    #[schema(required)]
    holds: Option<bool>,
    /// Cells that the asker may not know, or that are gone; `null` in lists.
    #[schema(required)]
    hidden_cells: Option<i64>,
    version: i64,
}

impl From<DocumentRow> for Document {
    fn from(row: DocumentRow) -> Document {
        Document {
            id: row.id,
            case_id: row.case_id,
            area: row.area_code,
            kind: row.kind,
            number: row.number,
            year: row.year,
            on: row.on_day,
            template_version: row.template_version,
            hash: row.hash.told(),
            by: row.by,
            made_at: row.made_at,
            printings: row.printings,
            withdrawn_at: row.withdrawn_at,
            withdrawn_reason: row.withdrawn_reason.told(),
            replaced_by: row.replaced_by,
            text: None,
            holds: None,
            hidden_cells: None,
            version: row.version,
        }
    }
}

impl Document {
    fn with_text(row: DocumentRow, paper: Paper) -> Document {
        let hidden_cells = i64::try_from(paper.hidden).unwrap_or(i64::MAX);
        Document { text: Some(paper.text), holds: paper.holds, hidden_cells: Some(hidden_cells), ..Document::from(row) }
    }
}

/// The register, newest first.
#[utoipa::path(get, path = "/api/v1/documents", params(Paging), responses((status = 200, body = Listed<Document>)))]
pub async fn list(
    app: App,
    scope: Scope<ListDocuments>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Document>>, Oops> {
    let page = super::list(app.store(), &scope, None, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope, None).await?) } else { None };
    Ok(Json(Listed::of(page.map(Document::from), count)))
}

/// The papers of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/documents", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Document>)))]
pub async fn of_case(
    app: App,
    grant: Grant<IssueDocument>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Document>>, Oops> {
    let store = app.store();
    cases::opened(store, &grant, &[]).await?;
    let rows: Vec<Document> = super::of_case(store, &grant).await?.into_iter().map(Document::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

/// A paper to issue.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentToIssue {
    #[schema(value_type = DocumentKind)]
    kind: Option<String>,
    /// The paper whose place it takes.
    #[schema(value_type = Option<DocumentId>)]
    replaces: Option<String>,
    /// Why that one is withdrawn.
    why: Option<String>,
    recipient: Option<String>,
    reason: Option<String>,
    present: Option<String>,
    content: Option<String>,
    wishes: Option<String>,
    helper: Option<String>,
    tasks: Option<String>,
    job: Option<String>,
    circumstances: Option<String>,
}

/// Issues a paper of a case under the commune's next number.
#[utoipa::path(post, path = "/api/v1/cases/{case}/documents", params(("case" = CaseId, Path)), request_body = DocumentToIssue,
    responses((status = 201, body = Document)))]
pub async fn issue(app: App, grant: Grant<IssueDocument>, told: Told<DocumentToIssue>) -> Result<Response, Oops> {
    let store = app.store();
    let body = told.body;
    let draft = Draft {
        kind: json::text(body.kind),
        replaces: json::text(body.replaces),
        why: json::text(body.why),
        recipient: json::text(body.recipient),
        reason: json::text(body.reason),
        present: json::text(body.present),
        content: json::text(body.content),
        wishes: json::text(body.wishes),
        helper: json::text(body.helper),
        tasks: json::text(body.tasks),
        job: json::text(body.job),
        circumstances: json::text(body.circumstances),
        ..Draft::default()
    };
    let again = store.also::<IssueDocument, IssueDocument>(&grant).ok_or(Oops::Unknown)?;
    let id = super::issue_typed(store, grant, &draft, told.key).await?;
    issued(store, &again, id).await
}

/// The answer to whoever has just issued a paper.
pub(crate) async fn issued<A: Act>(store: &Store, again: &Grant<A>, id: DocumentId) -> Result<Response, Oops> {
    let see = store.onward::<A, SeeDocument>(again, id).await?;
    Ok(json::created(format!("/api/v1/documents/{id}"), Document::from(super::one(store, &see).await?)))
}

/// One paper with its text.
#[utoipa::path(get, path = "/api/v1/documents/{document}", params(("document" = DocumentId, Path)),
    responses((status = 200, body = Document)))]
pub async fn one(app: App, grant: Grant<SeeDocument>) -> Result<Response, Oops> {
    let (row, paper) = super::read(app.store(), &grant).await?;
    Ok(json::versioned(Some(row.version), Document::with_text(row, paper)))
}

/// Nothing is told beside that it goes to the printer.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPrinting {}

/// A sheet for the printer.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DocumentSheet {
    /// 1: the original; else a copy.
    copy: i64,
    document: Document,
}

/// Sends a paper to the printer: the first time it is the original, then a copy.
#[utoipa::path(post, path = "/api/v1/documents/{document}/printings", params(("document" = DocumentId, Path)),
    request_body = DocumentPrinting, responses((status = 201, body = DocumentSheet)))]
pub async fn print(app: App, grant: Grant<PrintDocument>, told: Told<DocumentPrinting>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<PrintDocument, SeeDocument>(&grant).ok_or(Oops::Unknown)?;
    let DocumentPrinting {} = told.body;
    let copy = super::print(store, grant, told.key).await?;
    let (row, paper) = super::read(store, &see).await?;
    let place = format!("/api/v1/documents/{}", row.id);
    Ok(json::created(place, DocumentSheet { copy, document: Document::with_text(row, paper) }))
}

/// Why it is taken back.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentWithdrawal {
    reason: Option<String>,
}

/// Takes a paper back; its number is given to no other.
#[utoipa::path(post, path = "/api/v1/documents/{document}/withdrawal",
    params(("document" = DocumentId, Path), ("If-Match" = String, Header)), request_body = DocumentWithdrawal,
    responses((status = 200, body = Document)))]
pub async fn withdraw(
    app: App,
    grant: Grant<WithdrawDocument>,
    told: Told<DocumentWithdrawal>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<WithdrawDocument, SeeDocument>(&grant).ok_or(Oops::Unknown)?;
    let draft = WithdrawDraft { reason: json::text(told.body.reason), version: String::new() };
    super::withdraw(store, grant, &draft, Some(version)).await?;
    after(store, &see).await
}

async fn after(store: &Store, see: &Grant<SeeDocument>) -> Result<Response, Oops> {
    let row = super::one(store, see).await?;
    Ok(json::versioned(Some(row.version), Document::from(row)))
}
