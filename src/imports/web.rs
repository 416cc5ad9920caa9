//! The pages of an import: paste or choose a list, look at what would happen, say yes. Nothing is kept in between: the
//! list travels with the form, and what is opened is what was shown.

use super::{Outcome, bring_in, model::Sheet, preview, refused};
use crate::{
    app::App,
    base::{lang::Lang, refusal::Invalid},
    http::{At, Html, Oops, Page, Sent, Typed},
    policy::{Actor, acts::ImportCases},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// The one form that may be large: some ten thousand rows. A larger list goes in by the command line.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

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

/// A list as it was pasted, or read from a file by the page's script.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListDraft {
    list: String,
    /// The hash of the list whose preview was seen; empty: show the preview.
    confirmed: String,
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
pub async fn create(app: App, at: At, grant: Grant<ImportCases>, sent: Sent<ListDraft>) -> Result<Response, Oops> {
    // Browsers send a text field's line breaks as CRLF.
    let list = sent.draft.list.replace("\r\n", "\n");
    // Reading some megabytes takes its time: not on a thread that answers others.
    let text = list.clone();
    let read = tokio::task::spawn_blocking(move || Sheet::read(text.as_bytes())).await;
    let sheet = match read.map_err(|error| Oops::broken(&error))? {
        Ok(sheet) => sheet,
        Err(invalid) => return not_a_list(&app, &at, &grant, sent.typed, &invalid).await,
    };
    let shown = Shown { app: &app, area: grant.id().to_string(), sheet: &sheet, list: &list };
    let actor = grant.actor().clone();
    let area_name = crate::areas::name(app.store(), &grant.id()).await?;
    let outcome = if sent.draft.confirmed == hash_of(&list) {
        bring_in(app.store(), grant, &sheet, false, |_, _| {}).await?
    } else {
        preview(app.store(), &grant, &sheet).await?
    };
    Ok(Html(shown.page(&at, &actor, area_name, &outcome)).into_response())
}

async fn not_a_list(
    app: &App,
    at: &At,
    grant: &Grant<ImportCases>,
    typed: Typed,
    invalid: &Invalid,
) -> Result<Response, Oops> {
    let typed = typed.refused(invalid, grant.actor().lang());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form(app, at, grant, typed).await?).into_response())
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
    /// Written, not only shown.
    done: bool,
    counts: Counts,
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
    area: String,
    sheet: &'a Sheet,
    list: &'a str,
}

impl Shown<'_> {
    fn page(self, at: &At, actor: &Actor, area_name: String, outcome: &Outcome) -> ResultPage {
        let lang = actor.lang();
        let (rows, more) = self.rows(outcome, lang);
        let mend = refused::file(self.sheet, &outcome.rows, lang).unwrap_or_default();
        let mend = String::from_utf8_lossy(&mend).trim_start_matches('\u{feff}').to_owned();
        let passed_over: Vec<String> = self.sheet.passed_over.iter().map(ToString::to_string).collect();
        ResultPage {
            page: Page::of(self.app, actor, at),
            area: self.area,
            area_name,
            done: outcome.import.is_some(),
            counts: Counts {
                opened: super::count(outcome.opened),
                unassigned: super::count(outcome.unassigned),
                there: super::count(outcome.there),
                refused: super::count(outcome.refused),
            },
            ignored: self.sheet.ignored().join(", "),
            passed_over: passed_over.join(", "),
            hash: hash_of(self.list),
            list: self.list.to_owned(),
            mend,
            rows,
            more,
        }
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
