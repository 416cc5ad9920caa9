//! The file of refused rows: the list's own columns and one more with the reason. Mended, it is imported again.

use super::model::{Column, Fate, Field, LIKELY_DOUBLE, LIKELY_LINE, Planned, Record, Sheet, columns::heading_of};
use crate::{
    base::{lang::Lang, refusal::Refusal, text},
    exports::{Format, Table, to_csv, to_xlsx},
    http::error::sentence,
    store::Fault,
};

/// The refused rows as a file of the kind that the list came in; `None` if there are none. Where one may be somebody who is
/// there, it has the column that says that it is somebody else.
///
/// # Errors
/// A workbook that cannot be written.
pub fn file(sheet: &Sheet, rows: &[Planned], lang: Lang, format: Format) -> Result<Option<Vec<u8>>, Fault> {
    let asks = sheet.heading_of(Field::NotADouble.as_str()).is_none() && rows.iter().any(Planned::is_likely_double);
    let refused: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .zip(rows)
        .filter_map(|(record, row)| match &row.fate {
            Fate::Refused(invalid) => {
                let mut cells = cells(sheet, record);
                cells.extend(asks.then(String::new));
                cells.push(reasons(sheet, &invalid.0, lang).join("; "));
                Some(cells)
            }
            _ => None,
        })
        .collect();
    if refused.is_empty() {
        return Ok(None);
    }
    let mut headings: Vec<String> = sheet.columns.iter().map(Column::said).collect();
    headings.extend(asks.then(|| heading_of(Field::NotADouble).to_owned()));
    headings.push("Lý do".to_owned());
    let table = Table::of_text(headings, refused);
    match format {
        Format::Csv => Ok(Some(to_csv(&table))),
        Format::Xlsx => to_xlsx(&table, "Chưa nhập được").map(Some),
    }
}

/// A row's cells, one for each column. What a guard made harmless comes back as it was.
fn cells(sheet: &Sheet, record: &Record) -> Vec<String> {
    let mut cells: Vec<String> = record.cells.iter().map(|cell| text::without_guard(cell).to_owned()).collect();
    cells.resize(sheet.columns.len(), String::new());
    cells
}

/// The whole list as the text that a form carries, each row on the line that it had in its file.
pub fn whole(sheet: &Sheet) -> String {
    let one_line = |cell: String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let headings = sheet.columns.iter().map(Column::said).collect();
    let rows = sheet.rows.iter().map(|record| cells(sheet, record).into_iter().map(one_line).collect()).collect();
    let written = to_csv(&Table::of_text(headings, rows));
    let written = String::from_utf8_lossy(&written).trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut lines = written.lines();
    let mut text = lines.next().unwrap_or_default().to_owned() + "\n";
    let mut at = 2;
    for (line, record) in lines.zip(&sheet.rows) {
        while at < record.line {
            text.push('\n');
            at += 1;
        }
        text.push_str(line);
        text.push('\n');
        at += 1;
    }
    text
}

/// Reasons in the reader's words, each with the heading that this file has for the field.
pub fn reasons(sheet: &Sheet, refusals: &[Refusal], lang: Lang) -> Vec<String> {
    let tell = |refusal: &Refusal| match sheet.heading_of(&refusal.field) {
        Some(heading) => format!("{heading}: {}", fault(refusal, lang)),
        None => fault(refusal, lang),
    };
    refusals.iter().map(tell).collect()
}

/// The sentence of a refusal. A list has no box to tick: it is told which records to look at, and in which column to answer.
pub fn fault(told: &Refusal, lang: Lang) -> String {
    let key = match told.code {
        LIKELY_DOUBLE => "imports-likely-double",
        LIKELY_LINE => "imports-likely-line",
        _ => return sentence(lang, told),
    };
    let (value, column) = (told.value.clone().unwrap_or_default(), heading_of(Field::NotADouble));
    lang.with(key, &[("value", value.into()), ("column", column.into())])
}

/// What is told of a row that is taken, each with this file's heading.
pub fn notes(sheet: &Sheet, notes: &[Refusal], lang: Lang) -> Vec<String> {
    let tell = |told: &Refusal| match sheet.heading_of(&told.field).filter(|_| told.code != "unassigned") {
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
