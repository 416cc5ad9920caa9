//! Exports: what a person may see as a list, as a file that leaves the program.
//!
//! Every export is one row of the log, with how many records went out. A cell that a spreadsheet would run is made
//! harmless. Uses `cases`; knows nothing of the web.

pub mod cli;
pub mod lists;
mod sheets;
pub mod web;

pub use sheets::{Cell, Table, to_csv, to_xlsx};

use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    app::Refused,
    base::{lang::Lang, text, time::days_between},
    cases::{self, model::Exported},
    policy::{Actor, acts::ExportCases},
    store::{Scope, Store},
};

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A file and how many records are in it.
pub struct File {
    pub bytes: Vec<u8>,
    pub records: usize,
    /// `ho-so-2026-11-23.csv`
    pub name: String,
}

/// The last line of a list that leaves the office: who took it out, when, and how long it is.
pub(crate) fn footer(store: &Store, actor: &Actor, key: &str, lines: usize, lang: Lang) -> String {
    let at = store.now().civil();
    lang.with(
        key,
        &[
            ("x", format!("{} ({})", actor.name(), actor.username()).into()),
            ("day", text::show_day(store.today()).into()),
            ("time", format!("{:02}:{:02}", at.hour(), at.minute()).into()),
            ("n", lines.into()),
        ],
    )
}

/// The live cases of the asker's scope as a file. It names who took it out, and when.
///
/// # Errors
/// [`Refused::Fault`]; if the log cannot be written nothing leaves.
pub async fn cases(store: &Store, scope: &Scope<ExportCases>, format: Format, lang: Lang) -> Result<File, Refused> {
    let lines = cases::export(store, scope, format.as_str()).await?;
    let today = store.today();
    let mut table = Table::of(headings(lang), lines.iter().map(|line| cells(line, today, lang)).collect());
    table.footer = footer(store, scope.actor(), "exports-footer", lines.len(), lang);
    let bytes = match format {
        Format::Csv => to_csv(&table),
        Format::Xlsx => to_xlsx(&table, &lang.say("exports-sheet"))?,
    };
    let name = format!("{}-{today}.{}", lang.say("exports-file"), format.as_str());
    Ok(File { bytes, records: lines.len(), name })
}

const COLUMNS: &[&str] = &[
    "exports-column-code",
    "exports-column-name",
    "exports-column-birth",
    "exports-column-hamlet",
    "exports-column-status",
    "exports-column-regime",
    "exports-column-group",
    "exports-column-opened",
    "exports-column-officer",
    "exports-column-phone",
    "exports-column-last-contact",
    "exports-column-next-due",
    "exports-column-days-late",
];

fn headings(lang: Lang) -> Vec<String> {
    COLUMNS.iter().map(|column| lang.say(column)).collect()
}

fn cells(exported: &Exported, today: jiff::civil::Date, lang: Lang) -> Vec<Cell> {
    let line = &exported.line;
    let day = |day: Option<crate::base::time::Day>| Cell::Text(day.map(|day| text::show_day(*day)).unwrap_or_default());
    let words = |text: Option<&str>| Cell::Text(text.unwrap_or_default().to_owned());
    let birth =
        line.birth_on.day().zip(line.birth_precision).map(|(born, precision)| text::show_birth(*born, precision));
    let late = line.next_due_on.map(|due| days_between(*due, today)).filter(|late| *late > 0);
    let phone = line.phone.text().and_then(|phone| text::Phone::parse(phone).ok()).map(|phone| phone.display());
    vec![
        words(Some(&line.code)),
        words(Some(&line.name)),
        words(birth.as_deref()),
        words(line.hamlet.as_deref()),
        Cell::Text(line.status.map(|status| lang.say(status.key())).unwrap_or_default()),
        Cell::Text(exported.regime.map(|regime| lang.say(regime.key())).unwrap_or_default()),
        words(exported.group.map(|group| group.as_str())),
        day(line.opened_on),
        words(line.officer.as_deref()),
        words(phone.as_deref()),
        day(line.last_contact_on),
        day(line.next_due_on),
        late.map_or(Cell::Text(String::new()), Cell::Number),
    ]
}
