//! The pages of an import: paste or choose a list, look at what would happen, say yes. Nothing is kept in between: the
//! list travels with the form, and what is opened is what was shown. And the lists that were brought in, to take one back.

use super::{
    Outcome, cage,
    model::{Batch, Kept, Sheet},
    preview, refused, running,
};
use crate::{
    app::{App, Refused},
    base::{lang::Lang, refusal::Invalid, text},
    exports::Format,
    http::{
        At, Fresh, Gone, Html, Oops, Page, Parcel, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{ImportCases, ListImports, SeeImport, UndoImport},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use sha2::{Digest, Sha256};

/// The one form that may be large: a list of some ten thousand rows. A larger one goes in by the command line.
pub const MAX_BODY: usize = 12 * 1024 * 1024;

/// So many rows that need no hand are shown; refused ones are all shown.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "imports/new.html")]
struct FormPage {
    page: Page,
    typed: Typed,
    area: String,
    area_name: String,
}

/// The form, empty.
pub async fn new(app: App, at: At, grant: Grant<ImportCases>) -> Result<Response, Oops> {
    form(&app, &at, &grant, Typed::with(&[])).await
}

async fn form(app: &App, at: &At, grant: &Grant<ImportCases>, typed: Typed) -> Result<Response, Oops> {
    let area_name = crate::areas::name(app.store(), &grant.id()).await?;
    let page = Page::of(app, grant.actor(), at);
    Ok(Html(FormPage { page, typed, area: grant.id().to_string(), area_name }).into_response())
}

/// Shows what would happen; with the word that this was seen, does it.
pub async fn create(
    app: App,
    at: At,
    gone: Gone,
    grant: Grant<ImportCases>,
    mut parcel: Parcel,
) -> Result<Response, Oops> {
    // Browsers send a text field's line breaks as CRLF.
    let mut list = parcel.take("list").replace("\r\n", "\n");
    let confirmed = parcel.take("confirmed");
    parcel.done()?;
    let from_file = !parcel.file.is_empty();
    let bytes = if from_file { std::mem::take(&mut parcel.file) } else { list.clone().into_bytes() };
    // A file that nobody waits for is not read to its end.
    let Some(read) = gone.or(cage::read(&app.settings().program, bytes)).await else { return Err(Oops::Unavailable) };
    let sheet = match read {
        Ok(sheet) => sheet,
        Err(Refused::Invalid(invalid)) => {
            let typed = Typed::with(&[("list", list)]).refused(&invalid, grant.actor().lang());
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &grant, typed).await?).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    if from_file {
        list = refused::whole(&sheet);
    } else if confirmed == hash_of(&list) {
        return begin(&app, &at, grant, sheet).await;
    }
    let outcome = preview(app.store(), &grant, &sheet).await?;
    let shown = Shown { app: &app, sheet: &sheet, list: &list };
    shown.page(&at, &grant, &outcome).await
}

/// Begins, and shows the result if it is soon there; else the page that waits for it.
async fn begin(app: &App, at: &At, grant: Grant<ImportCases>, sheet: Sheet) -> Result<Response, Oops> {
    let area = grant.id();
    let again = app.store().also::<ImportCases, ImportCases>(&grant).ok_or(Oops::Unknown)?;
    let (number, running) = running::begin(app.store(), grant, sheet);
    match running.finished(true).await {
        Some(finished) => result(app, at, &again, &finished).await,
        None => Ok(Redirect::to(&format!("/areas/{area}/imports/running?number={number}")).into_response()),
    }
}

async fn result(
    app: &App,
    at: &At,
    grant: &Grant<ImportCases>,
    finished: &running::Finished,
) -> Result<Response, Oops> {
    match &finished.outcome {
        Ok(outcome) => Shown { app, sheet: &finished.sheet, list: "" }.page(at, grant, outcome).await,
        Err(Refused::Invalid(invalid)) => Err(invalid.clone().into()),
        Err(Refused::Fault(fault)) => Err(Oops::of(fault)),
    }
}

/// Which import one waits for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct RunningQuery {
    number: String,
}

#[derive(Template)]
#[template(path = "imports/running.html")]
struct RunningPage {
    page: Page,
    here: String,
    done: i64,
    all: i64,
}

/// How far an import is. The page asks again by itself until the result is there.
pub async fn running(
    app: App,
    at: At,
    grant: Grant<ImportCases>,
    Query(query): Query<RunningQuery>,
) -> Result<Response, Oops> {
    let number = query.number.parse().unwrap_or(0);
    let Some(running) = running::find(number, grant.actor().user(), &grant.id()) else {
        // Begun elsewhere or long ago: if it was written, it is in the list of imports.
        return Ok(Redirect::to("/imports").into_response());
    };
    if let Some(finished) = running.finished(false).await {
        return result(&app, &at, &grant, &finished).await;
    }
    let (done, all) = running.progress();
    let here = format!("/areas/{}/imports/running?number={number}", grant.id());
    let page = Page::of(&app, grant.actor(), &at);
    let body = RunningPage { page, here, done: super::count(done), all: super::count(all) };
    Ok(([(header::REFRESH, "2")], Html(body)).into_response())
}

/// The refused rows of a list as a workbook, to be mended where people like to work, and brought in again.
pub async fn workbook(app: App, gone: Gone, grant: Grant<ImportCases>, mut parcel: Parcel) -> Result<Response, Oops> {
    let list = parcel.take("list");
    parcel.done()?;
    let Some(read) = gone.or(cage::read(&app.settings().program, list.into_bytes())).await else {
        return Err(Oops::Unavailable);
    };
    let sheet = read?;
    let outcome = preview(app.store(), &grant, &sheet).await?;
    let book = refused::file(&sheet, &outcome.rows, grant.actor().lang(), Format::Xlsx)?;
    let Some(book) = book else { return Err(Invalid::one("", "nothing_refused").into()) };
    let headers = [
        (header::CONTENT_TYPE, Format::Xlsx.content_type()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"dong-chua-nhap-duoc.xlsx\""),
    ];
    Ok((headers, book).into_response())
}

fn hash_of(list: &str) -> String {
    Sha256::digest(list).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Template)]
#[template(path = "imports/result.html")]
struct ResultPage {
    page: Page,
    area: String,
    area_name: String,
    /// The batch that was written; `None`: only shown.
    import: Option<String>,
    counts: Counts,
    sheet: String,
    other_sheets: String,
    ignored: String,
    passed_over: String,
    list: String,
    hash: String,
    /// The refused rows, to be mended in place.
    mend: String,
    rows: Vec<RowLine>,
    more: i64,
}

struct Counts {
    opened: i64,
    unassigned: i64,
    there: i64,
    refused: i64,
}

struct RowLine {
    line: u64,
    name: String,
    /// The key of what becomes of it.
    fate: &'static str,
    words: Vec<String>,
}

/// A list on its way to a page.
struct Shown<'a> {
    app: &'a App,
    sheet: &'a Sheet,
    list: &'a str,
}

impl Shown<'_> {
    async fn page(self, at: &At, grant: &Grant<ImportCases>, outcome: &Outcome) -> Result<Response, Oops> {
        let lang = grant.actor().lang();
        let area_name = crate::areas::name(self.app.store(), &grant.id()).await?;
        let (rows, more) = self.rows(outcome, lang);
        let mend = refused::file(self.sheet, &outcome.rows, lang, Format::Csv)?.unwrap_or_default();
        let mend = String::from_utf8_lossy(&mend).trim_start_matches('\u{feff}').to_owned();
        let passed_over: Vec<String> = self.sheet.passed_over.iter().map(ToString::to_string).collect();
        let page = ResultPage {
            page: Page::of(self.app, grant.actor(), at),
            area: grant.id().to_string(),
            area_name,
            import: outcome.import.map(|import| import.to_string()),
            counts: Counts {
                opened: super::count(outcome.opened),
                unassigned: super::count(outcome.unassigned),
                there: super::count(outcome.there),
                refused: super::count(outcome.refused),
            },
            sheet: self.sheet.sheet.clone(),
            other_sheets: self.sheet.other_sheets.join(", "),
            ignored: self.sheet.ignored().join(", "),
            passed_over: passed_over.join(", "),
            hash: hash_of(self.list),
            list: self.list.to_owned(),
            mend,
            rows,
            more,
        };
        Ok(Html(page).into_response())
    }

    /// Refused rows first, then the others as far as a page goes; how many are not shown.
    fn rows(&self, outcome: &Outcome, lang: Lang) -> (Vec<RowLine>, i64) {
        let mut lines: Vec<RowLine> = outcome
            .rows
            .iter()
            .map(|row| {
                let (fate, words) = refused::told(self.sheet, row, lang);
                let fate = match fate {
                    "opens" => "imports-fate-opens",
                    "there" => "imports-fate-there",
                    _ => "imports-fate-refused",
                };
                RowLine { line: row.line, name: row.name.clone(), fate, words }
            })
            .collect();
        lines.sort_by_key(|line| line.fate != "imports-fate-refused");
        let shown = lines.len().min(outcome.refused + SHOWN);
        let more = super::count(lines.len() - shown);
        lines.truncate(shown);
        (lines, more)
    }
}

#[derive(Template)]
#[template(path = "imports/list.html")]
struct ListPage {
    page: Page,
    batches: Vec<Batch>,
    /// Where the reader may bring in another one.
    area: String,
    next: Option<String>,
}

impl ListPage {
    fn day(&self, at: &crate::base::time::At) -> String {
        text::show_day(at.day())
    }
}

/// The lists that were brought in, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListImports>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, Oops> {
    let batches = super::list(app.store(), &scope, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let next = batches.next.as_ref().map(|cursor| format!("/imports?cursor={}", in_url(cursor)));
    let area = scope.actor().area().to_string();
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), batches: batches.items, area, next }).into_response())
}

#[derive(Template)]
#[template(path = "imports/show.html")]
struct ShowPage {
    page: Page,
    batch: Batch,
    kept: Vec<Kept>,
    may_undo: bool,
}

impl ShowPage {
    fn day(&self, at: &crate::base::time::At) -> String {
        text::show_day(at.day())
    }
}

/// One list that was brought in, with the button that takes it back.
pub async fn show(app: App, at: At, grant: Grant<SeeImport>) -> Result<Response, Oops> {
    let (batch, kept) = super::see(app.store(), &grant).await?;
    let may_undo = batch.undone_at.is_none() && app.store().may::<SeeImport, UndoImport>(&grant);
    Ok(Html(ShowPage { page: Page::of(&app, grant.actor(), &at), batch, kept, may_undo }).into_response())
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Takes it back; the page then names the cases that stayed.
pub async fn undo(app: App, grant: Grant<UndoImport>, _fresh: Fresh, _sent: Sent<Nothing>) -> Result<Response, Oops> {
    let import = grant.id();
    super::undo(app.store(), grant).await?;
    Ok(go(&format!("/imports/{import}"), "import-undone").into_response())
}
