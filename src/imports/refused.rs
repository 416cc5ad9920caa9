//! The file of refused rows: the list's own columns and one more with the reason. Mended, it is imported again.

use super::model::{Column, Fate, Planned, Sheet};
use crate::{
    base::{lang::Lang, refusal::Refusal},
    exports::{Table, to_csv},
    http::error::sentence,
};

/// The refused rows as a CSV file; `None` if there are none.
pub fn file(sheet: &Sheet, rows: &[Planned], lang: Lang) -> Option<Vec<u8>> {
    let refused: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .zip(rows)
        .filter_map(|(record, row)| match &row.fate {
            Fate::Refused(invalid) => {
                let mut cells = record.cells.clone();
                cells.resize(sheet.columns.len(), String::new());
                cells.push(reasons(sheet, &invalid.0, lang).join("; "));
                Some(cells)
            }
            _ => None,
        })
        .collect();
    let heading = |column: &Column| column.heading.clone();
    let mut headings: Vec<String> = sheet.columns.iter().map(heading).collect();
    headings.push("Lý do".to_owned());
    (!refused.is_empty()).then(|| to_csv(&Table::of_text(headings, refused)))
}

/// Reasons in the reader's words, each with the heading that this file has for the field.
pub fn reasons(sheet: &Sheet, refusals: &[Refusal], lang: Lang) -> Vec<String> {
    let tell = |refusal: &Refusal| match sheet.heading_of(refusal.field) {
        Some(heading) => format!("{heading}: {}", sentence(lang, refusal)),
        None => sentence(lang, refusal),
    };
    refusals.iter().map(tell).collect()
}

/// What is told of a row that is taken, each with this file's heading.
pub fn notes(sheet: &Sheet, notes: &[Refusal], lang: Lang) -> Vec<String> {
    let tell = |told: &Refusal| match sheet.heading_of(told.field).filter(|_| told.code != "unassigned") {
        Some(heading) => format!("{heading}: {}", note(told, lang)),
        None => note(told, lang),
    };
    notes.iter().map(tell).collect()
}

/// The sentence of a note.
pub fn note(told: &Refusal, lang: Lang) -> String {
    let key = match told.code {
        "officer_unknown" => "imports-note-officer-unknown",
        "nought_given_back" => "imports-note-nought-given-back",
        "old_mobile" => "imports-note-old-mobile",
        "sex_mismatch" => "imports-note-sex-mismatch",
        "year_mismatch" => "imports-note-year-mismatch",
        "unknown_province" => "imports-note-unknown-province",
        _ => "imports-note-unassigned",
    };
    lang.with(key, &[("value", told.value.clone().unwrap_or_default().into())])
}

/// A row's fate as a word (`opens`, `there`, `refused`), and its reasons or notes in the reader's words.
pub fn told(sheet: &Sheet, row: &Planned, lang: Lang) -> (&'static str, Vec<String>) {
    match &row.fate {
        Fate::Opens(_) => ("opens", notes(sheet, &row.notes, lang)),
        Fate::There => ("there", Vec::new()),
        Fate::Refused(invalid) => ("refused", reasons(sheet, &invalid.0, lang)),
    }
}
