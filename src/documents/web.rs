//! Pages of papers: those of a case, the commune's register, one paper, and the sheet that goes to the printer.

use super::model::{DocumentRow, Draft, Paper, PrintingRow, WithdrawDraft, kinds};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        ids::DocumentId,
        text,
        words::{DocumentKind, Regime},
    },
    cases::model::CaseRow,
    http::{At, Html, Oops, Page, Sent, Typed, go, request::in_url},
    policy::acts::{ExportDocuments, IssueDocument, ListDocuments, PrintDocument, SeeDocument, WithdrawDocument},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// A choice: its word, as it is called.
type Choices = Vec<(&'static str, String)>;

#[derive(Template)]
#[template(path = "documents/case.html")]
pub struct CasePage {
    page: Page,
    case: CaseRow,
    documents: Vec<DocumentRow>,
    kinds: Choices,
}

/// The papers of a case, and which ones can be made.
pub async fn of_case(app: App, at: At, grant: Grant<IssueDocument>) -> Result<Html<CasePage>, Oops> {
    let store = app.store();
    let case = super::head(store, &grant).await?;
    let documents = super::of_case(store, &grant).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let sentenced = case.regime != Some(Regime::Support);
    let fits = |kind: &&DocumentKind| sentenced || !kinds::OF_A_SENTENCE.contains(kind);
    let kinds = kinds::FROM_A_CASE.iter().filter(fits).map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    Ok(Html(CasePage { page, case, documents, kinds }))
}

#[derive(Template)]
#[template(path = "documents/new.html")]
pub struct NewPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    kind: DocumentKind,
    /// Papers of this kind that hold: whose place it may take.
    holding: Vec<(String, String)>,
}

impl NewPage {
    fn asks(&self, name: &str) -> bool {
        kinds::typed(self.kind).contains(&name)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct KindQuery {
    kind: String,
    cursor: Option<String>,
}

async fn form(
    app: &App,
    at: &At,
    grant: &Grant<IssueDocument>,
    kind: DocumentKind,
    typed: Typed,
) -> Result<NewPage, Oops> {
    let store = app.store();
    let case = super::head(store, grant).await?;
    let mut holding = Vec::new();
    for one in super::of_case(store, grant).await?.iter().filter(|one| one.kind == kind && one.withdrawn_at.is_none()) {
        holding.push((one.id.to_string(), format!("{} ({})", one.numbered(), text::show_day(one.on_day.0))));
    }
    Ok(NewPage { page: Page::of(app, grant.actor(), at), typed, case, kind, holding })
}

/// What is typed for a paper of a kind.
pub async fn new(
    app: App,
    at: At,
    grant: Grant<IssueDocument>,
    Query(query): Query<KindQuery>,
) -> Result<Html<NewPage>, Oops> {
    let kind = query.kind.parse().ok().filter(|kind| kinds::FROM_A_CASE.contains(kind));
    let kind = kind.unwrap_or(DocumentKind::InformationSheet);
    form(&app, &at, &grant, kind, Typed::with(&[])).await.map(Html)
}

/// Issues it.
pub async fn create(app: App, at: At, grant: Grant<IssueDocument>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<IssueDocument, IssueDocument>(&grant).ok_or(Oops::Unknown)?;
    match super::issue_typed(store, grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/documents/{id}"), "document-issued").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let kind = sent.draft.kind.parse().unwrap_or(DocumentKind::InformationSheet);
            let page = form(&app, &at, &again, kind, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "documents/list.html")]
pub struct ListPage {
    page: Page,
    documents: Vec<DocumentRow>,
    kinds: Vec<(&'static str, String, bool)>,
    more: Option<String>,
    exports: bool,
    templates: bool,
}

/// The register: every paper of the reader's scope, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListDocuments>,
    Query(query): Query<KindQuery>,
) -> Result<Html<ListPage>, Oops> {
    let kind = query.kind.parse::<DocumentKind>().ok();
    let ask = PageAsk { cursor: query.cursor, ..PageAsk::default() };
    let found = super::list(app.store(), &scope, kind, &ask).await?;
    let word = kind.map(DocumentKind::as_str).unwrap_or_default();
    let more = found.next.map(|next| format!("/documents?kind={word}&cursor={}", in_url(&next)));
    let page = Page::of(&app, scope.actor(), &at);
    let all = DocumentKind::ALL.iter();
    let kinds = all.map(|one| (one.as_str(), page.say(one.key()), kind == Some(*one))).collect();
    let exports = app.store().can::<ExportDocuments>(scope.actor());
    let templates = app.store().can::<crate::policy::acts::ListTemplates>(scope.actor());
    Ok(Html(ListPage { page, documents: found.items, kinds, more, exports, templates }))
}

#[derive(Template)]
#[template(path = "documents/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    row: DocumentRow,
    paper: Paper,
    printings: Vec<PrintingRow>,
    may_print: bool,
    may_withdraw: bool,
}

async fn show_page(app: &App, at: &At, grant: &Grant<SeeDocument>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let (row, paper) = super::read(store, grant).await?;
    let printings = super::printings(store, grant).await?;
    let may_print = store.may::<SeeDocument, PrintDocument>(grant);
    let may_withdraw = row.withdrawn_at.is_none() && store.may::<SeeDocument, WithdrawDocument>(grant);
    let page = Page::of(app, grant.actor(), at);
    Ok(ShowPage { page, typed, row, paper, printings, may_print, may_withdraw })
}

/// One paper: what is known of it, and its text.
pub async fn show(app: App, at: At, grant: Grant<SeeDocument>) -> Result<Html<ShowPage>, Oops> {
    show_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

#[derive(Template)]
#[template(path = "documents/sheet.html")]
pub struct SheetPage {
    page: Page,
    row: DocumentRow,
    paper: Paper,
    /// 1: the original.
    copy: i64,
    now: String,
}

/// Nothing is sent beside the form's own key.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The sheet for the printer: the original the first time, then a copy that says so.
pub async fn print(app: App, at: At, grant: Grant<PrintDocument>, sent: Sent<Nothing>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<PrintDocument, SeeDocument>(&grant).ok_or(Oops::Unknown)?;
    let copy = super::print(store, grant, sent.key).await?;
    let (row, paper) = super::read(store, &see).await?;
    let page = Page::of(&app, see.actor(), &at);
    let now = page.instant(store.now());
    Ok(Html(SheetPage { page, row, paper, copy, now }).into_response())
}

/// Takes it back.
pub async fn withdraw(
    app: App,
    at: At,
    grant: Grant<WithdrawDocument>,
    sent: Sent<WithdrawDraft>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<WithdrawDocument, SeeDocument>(&grant).ok_or(Oops::Unknown)?;
    let id: DocumentId = see.id();
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::withdraw(store, grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/documents/{id}"), "document-withdrawn").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let page = show_page(&app, &at, &see, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
