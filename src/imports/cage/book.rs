//! A workbook as rows, cell by cell: whole ranges are never held, so that two cells a million columns apart are two cells.

use super::{bars::Stopped, frames, zipped};
use crate::{
    base::refusal::Invalid,
    imports::model::{
        Field, Record,
        columns::field_of,
        file::{MAX_CELL_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_ROWS},
        sheet::{TITLE_ROWS, heading},
    },
};
use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::{
    collections::HashMap,
    io::{Cursor, Write},
};

type Book = Xlsx<Cursor<Vec<u8>>>;

/// So many sheets are looked at for a heading.
const MAX_SHEETS: usize = 50;

/// Reads a workbook and tells the first visible sheet that has the headings.
pub fn read(bytes: Vec<u8>, out: &mut impl Write) -> Result<(), Stopped> {
    zipped::look(&bytes)?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(|error| refused(&error, "file_not_a_workbook"))?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    for (at, name) in sheets.iter().enumerate().take(MAX_SHEETS) {
        let Some(plan) = plan(&mut book, name)? else { continue };
        let others: Vec<String> =
            sheets.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, name)| name.clone()).collect();
        frames::sheets(out, name, &others)?;
        return tell(&mut book, name, plan, out);
    }
    Err(Invalid::one("file", "file_no_heading").into())
}

fn refused(error: &XlsxError, otherwise: &'static str) -> Invalid {
    Invalid::one("file", if matches!(error, XlsxError::Password) { "file_locked" } else { otherwise })
}

fn damaged(error: XlsxError) -> Invalid {
    refused(&error, "file_damaged")
}

/// What is known of a sheet after its first rows.
struct Plan {
    /// The row of the heading, counted from nought.
    heading: u32,
    /// Columns that hold days, and whether one is of births, where a year may stand alone.
    days: HashMap<u32, bool>,
    /// Cells merged downwards under the heading, by column and first row: the last row. A hamlet that is written once
    /// for ten people is the hamlet of all ten.
    merged: HashMap<(u32, u32), u32>,
}

/// Looks at the first rows of a sheet; `None`: no heading among them.
fn plan(book: &mut Book, name: &str) -> Result<Option<Plan>, Invalid> {
    let mut first = Vec::new();
    rows(
        book,
        name,
        |_, _, data, _| plain(data),
        |record| {
            first.push(record);
            Ok::<_, Invalid>(first.len() < TITLE_ROWS)
        },
    )?;
    let Some((_, at)) = heading(&first) else { return Ok(None) };
    let mut days = HashMap::new();
    // The second row of a heading of two rows may be the one that says what a column is.
    for record in first.iter().skip(at).take(2) {
        for (column, cell) in (0_u32..).zip(&record.cells) {
            if let Some(is_birth) = field_of(cell).and_then(day_field) {
                days.insert(column, is_birth);
            }
        }
    }
    let heading = u32::try_from(first.get(at).map_or(0, |record| record.line.saturating_sub(1))).unwrap_or(0);
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let merged = merged
        .iter()
        .filter(|area| area.start.0 > heading && area.start.1 == area.end.1 && area.start.0 < area.end.0)
        .map(|area| ((area.start.1, area.start.0), area.end.0))
        .collect();
    Ok(Some(Plan { heading, days, merged }))
}

/// Is it a column of days? `Some(true)`: of births.
fn day_field(field: Field) -> Option<bool> {
    match field {
        Field::Birth | Field::BornMale | Field::BornFemale => Some(true),
        Field::CertificateOn
        | Field::ReleasedOn
        | Field::NoticedOn
        | Field::PresentByOn
        | Field::ReceivedOn
        | Field::SentencedOn
        | Field::GroupSince => Some(false),
        _ => None,
    }
}

/// Writes every row of the sheet.
fn tell(book: &mut Book, name: &str, plan: Plan, out: &mut impl Write) -> Result<(), Stopped> {
    let (mut told, mut cells) = (0, 0);
    let mut carried: HashMap<u32, (u32, String)> = HashMap::new();
    let read = |row: u32, column: u32, data: &DataRef<'_>, is_1904: bool| match plan.days.get(&column) {
        Some(is_birth) if row > plan.heading => day(data, *is_birth, is_1904),
        _ => plain(data),
    };
    rows(book, name, read, |mut record| {
        let row = u32::try_from(record.line.saturating_sub(1)).unwrap_or(u32::MAX);
        carry(&mut record, row, &plan, &mut carried);
        told += 1;
        cells += record.cells.len();
        if told > MAX_ROWS {
            return Err(Stopped::from(Invalid::telling("file", "file_too_many_rows", MAX_ROWS.to_string())));
        }
        if cells > MAX_CELLS {
            return Err(Invalid::telling("file", "file_too_many_cells", MAX_CELLS.to_string()).into());
        }
        frames::record(out, &record)?;
        Ok(true)
    })
}

/// Gives a row what cells merged downwards say for it, too.
fn carry(record: &mut Record, row: u32, plan: &Plan, carried: &mut HashMap<u32, (u32, String)>) {
    for (column, cell) in (0_u32..).zip(&record.cells) {
        if let Some(last) = plan.merged.get(&(column, row)).filter(|_| !cell.is_empty()) {
            carried.insert(column, (*last, cell.clone()));
        }
    }
    carried.retain(|_, (last, _)| *last >= row);
    for (column, (_, text)) in carried.iter() {
        let at = *column as usize;
        if record.cells.len() <= at {
            record.cells.resize(at + 1, String::new());
        }
        if record.cells[at].is_empty() {
            record.cells[at].clone_from(text);
        }
    }
}

/// Goes through the rows of a sheet that have something in them, until `row` has heard enough. `read` makes text of a
/// cell: its row and column from nought, what stands in it, and whether the workbook counts days from 1904.
fn rows<E: From<Invalid>>(
    book: &mut Book,
    name: &str,
    read: impl Fn(u32, u32, &DataRef<'_>, bool) -> String,
    mut row: impl FnMut(Record) -> Result<bool, E>,
) -> Result<(), E> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    let mut at = 0;
    let mut cells: Vec<String> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let (line, column) = cell.get_position();
        if line < at {
            return Err(Invalid::one("file", "file_damaged").into());
        }
        if line > at {
            if !cells.is_empty()
                && !row(Record { line: u64::from(at) + 1, cells: std::mem::take(&mut cells), old: None })?
            {
                return Ok(());
            }
            at = line;
        }
        let text = read(line, column, cell.get_value(), is_1904);
        if text.is_empty() {
            continue;
        }
        if column as usize >= MAX_COLUMNS {
            return Err(Invalid::telling("file", "file_too_many_columns", MAX_COLUMNS.to_string()).into());
        }
        if text.len() > MAX_CELL_BYTES {
            return Err(Invalid::telling("file", "file_cell_too_long", (u64::from(line) + 1).to_string()).into());
        }
        if cells.len() <= column as usize {
            cells.resize(column as usize + 1, String::new());
        }
        cells[column as usize] = text;
    }
    if !cells.is_empty() {
        row(Record { line: u64::from(at) + 1, cells, old: None })?;
    }
    Ok(())
}

/// A cell as its reader would write it. A formula is what it came to when the workbook was saved.
fn plain(data: &DataRef<'_>) -> String {
    match data {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => figure(*number),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() && moment.as_f64() >= 1.0 => show(moment),
        DataRef::DateTime(moment) => figure(moment.as_f64()),
        DataRef::DateTimeIso(text) => text.chars().take(10).collect(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number without the signs of a calculator: an identity number of twelve digits keeps them all.
fn figure(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

/// A cell of a column of days. A bare number of five digits is a day that has lost its dress; a year that was typed
/// into a cell dressed as a day is still that year.
fn day(data: &DataRef<'_>, is_birth: bool, is_1904: bool) -> String {
    let (number, dressed) = match data {
        #[expect(clippy::cast_precision_loss, reason = "days are few")]
        DataRef::Int(number) => (*number as f64, false),
        DataRef::Float(number) => (*number, false),
        DataRef::DateTime(moment) => (moment.as_f64(), moment.is_datetime()),
        _ => return plain(data),
    };
    let whole = number.fract() == 0.0;
    if is_birth && whole && (1900.0..2100.0).contains(&number) {
        return figure(number);
    }
    if dressed && number >= 1.0 || whole && (10_000.0..80_000.0).contains(&number) {
        return show(&ExcelDateTime::new(number, ExcelDateTimeType::DateTime, is_1904));
    }
    plain(data)
}

fn show(moment: &ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{day:02}/{month:02}/{year:04}")
}
