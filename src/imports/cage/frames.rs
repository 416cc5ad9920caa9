//! What passes through the bars: frames of a kind, a length and bytes. The side outside believes none of them: it
//! counts rows, cells and bytes again.

use crate::{
    base::refusal::Invalid,
    imports::model::{
        Record, Table,
        file::{MAX_CELL_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_ROWS},
    },
};
use std::io::Write;
use tokio::{
    io::{AsyncReadExt, BufReader},
    process::ChildStdout,
};

const RECORD: u8 = b'r';
const SHEET: u8 = b's';
const OTHER_SHEET: u8 = b'o';
const REFUSAL: u8 = b'x';
const END: u8 = b'e';

/// The longest frame, and the most of all frames together.
const LONGEST: usize = 8 * 1024 * 1024;
const MOST: usize = 48 * 1024 * 1024;
const MOST_SHEETS: usize = 1_000;

/// The words that the reader may refuse a file with.
const CODES: &[&str] = &[
    "file_cell_too_long",
    "file_damaged",
    "file_empty",
    "file_in_old_encoding",
    "file_is_a_web_page",
    "file_is_old_workbook",
    "file_locked",
    "file_no_heading",
    "file_not_a_workbook",
    "file_not_unicode",
    "file_too_large",
    "file_too_many_cells",
    "file_too_many_columns",
    "file_too_many_rows",
    "file_unclosed_quote",
    "file_unpacks_too_large",
];

fn frame(out: &mut impl Write, kind: u8, bytes: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    out.write_all(&[kind])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

pub fn record(out: &mut impl Write, record: &Record) -> std::io::Result<()> {
    let mut bytes = record.line.to_le_bytes().to_vec();
    for cell in &record.cells {
        let length = u32::try_from(cell.len()).map_err(std::io::Error::other)?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(cell.as_bytes());
    }
    frame(out, RECORD, &bytes)
}

/// The sheet that is read, then the others.
pub fn sheets(out: &mut impl Write, sheet: &str, others: &[String]) -> std::io::Result<()> {
    frame(out, SHEET, sheet.as_bytes())?;
    others.iter().take(MOST_SHEETS).try_for_each(|other| frame(out, OTHER_SHEET, other.as_bytes()))
}

pub fn refusal(out: &mut impl Write, invalid: &Invalid) -> std::io::Result<()> {
    let first = invalid.0.first();
    let code = first.map_or("file_damaged", |refusal| refusal.code);
    let value = first.and_then(|refusal| refusal.value.clone());
    let mut bytes = code.as_bytes().to_vec();
    if let Some(value) = value {
        bytes.push(0);
        bytes.extend(value.as_bytes());
    }
    frame(out, REFUSAL, &bytes)
}

pub fn end(out: &mut impl Write) -> std::io::Result<()> {
    frame(out, END, &[])
}

/// All that the reader says. `None`: it ended in the middle, or does not speak as agreed.
pub async fn gather(from: ChildStdout) -> Option<Result<Table, Invalid>> {
    let mut from = BufReader::new(from);
    let mut table = Table::default();
    let (mut cells, mut all) = (0, 0);
    loop {
        let kind = from.read_u8().await.ok()?;
        let length = from.read_u32_le().await.ok()? as usize;
        all += length;
        if length > LONGEST || all > MOST {
            return Some(Err(Invalid::telling("file", "file_unpacks_too_large", (MOST / 1024 / 1024).to_string())));
        }
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes).await.ok()?;
        match kind {
            RECORD => {
                let record = unpack(&bytes)?;
                cells += record.cells.len();
                if table.records.len() >= MAX_ROWS || cells > MAX_CELLS {
                    return Some(Err(Invalid::telling("file", "file_too_many_cells", MAX_CELLS.to_string())));
                }
                table.records.push(record);
            }
            SHEET => table.sheet = String::from_utf8(bytes).ok()?,
            OTHER_SHEET if table.other_sheets.len() < MOST_SHEETS => {
                table.other_sheets.push(String::from_utf8(bytes).ok()?);
            }
            REFUSAL => return Some(Err(said(&bytes)?)),
            END => return Some(Ok(table)),
            _ => return None,
        }
    }
}

fn unpack(bytes: &[u8]) -> Option<Record> {
    let (line, mut rest) = bytes.split_first_chunk::<8>()?;
    let mut cells = Vec::new();
    while !rest.is_empty() {
        let (length, more) = rest.split_first_chunk::<4>()?;
        let (cell, more) = more.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        if cells.len() >= MAX_COLUMNS || cell.len() > MAX_CELL_BYTES {
            return None;
        }
        cells.push(String::from_utf8(cell.to_vec()).ok()?);
        rest = more;
    }
    Some(Record { line: u64::from_le_bytes(*line), cells, old: None })
}

fn said(bytes: &[u8]) -> Option<Invalid> {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let code = std::str::from_utf8(parts.next()?).ok()?;
    let code = CODES.iter().find(|known| **known == code)?;
    Some(match parts.next() {
        Some(value) => Invalid::telling("file", code, String::from_utf8_lossy(value).chars().take(40).collect()),
        None => Invalid::one("file", code),
    })
}
