//! A table as CSV or as a workbook. Pure: the same table gives the same bytes.

use crate::{base::text::harmless_cell as harmless, store::Fault};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
}

/// A table with its heading, and a last line that says whose copy it is.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub headings: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Empty: none.
    pub footer: String,
}

impl Table {
    pub fn of(headings: Vec<String>, rows: Vec<Vec<Cell>>) -> Table {
        Table { headings, rows, footer: String::new() }
    }

    pub fn of_text(headings: Vec<String>, rows: Vec<Vec<String>>) -> Table {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
        Table::of(headings, rows)
    }
}

/// Comma-separated, UTF-8 with the mark by which a spreadsheet knows it, CRLF.
pub fn to_csv(table: &Table) -> Vec<u8> {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    let texts = |row: &[Cell]| -> Vec<String> {
        row.iter()
            .map(|cell| match cell {
                Cell::Text(text) => harmless(text),
                Cell::Number(number) => number.to_string(),
            })
            .collect()
    };
    let headings: Vec<String> = table.headings.iter().map(|heading| harmless(heading)).collect();
    let body = table.rows.iter().map(|row| texts(row));
    let footer = (!table.footer.is_empty()).then(|| vec![harmless(&table.footer)]);
    for record in std::iter::once(headings).chain(body).chain(footer) {
        // Writing into memory does not fail.
        let _written = writer.write_record(record);
    }
    bytes.extend(writer.into_inner().unwrap_or_default());
    bytes
}

/// A workbook of one sheet: the heading stays in sight, the last line says whose copy it is.
pub fn to_xlsx(table: &Table, name: &str) -> Result<Vec<u8>, Fault> {
    written(table, name).map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        Fault::Inconsistent("workbook")
    })
}

fn written(table: &Table, name: &str) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    // The same table is the same bytes: when it was taken out stands in its last line, and the machine's clock nowhere.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let bold = Format::new().set_bold();
    let small = Format::new().set_italic();
    let sheet = book.add_worksheet().set_name(name)?;
    for (at, heading) in (0_u16..).zip(&table.headings) {
        sheet.write_string_with_format(0, at, harmless(heading), &bold)?;
    }
    let mut below = 1_u32;
    for row in &table.rows {
        for (at, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                // A string is never a formula here; the sign is for whoever saves the sheet as CSV later.
                Cell::Text(text) => {
                    sheet.write_string(below, at, harmless(text))?;
                }
                #[expect(clippy::cast_precision_loss, reason = "a count of days")]
                Cell::Number(number) => {
                    sheet.write_number(below, at, *number as f64)?;
                }
            }
        }
        below += 1;
    }
    sheet.autofit();
    sheet.set_freeze_panes(1, 0)?;
    if !table.footer.is_empty() {
        sheet.write_string_with_format(below + 1, 0, harmless(&table.footer), &small)?;
        sheet.set_footer(format!("&L{}&R&P/&N", table.footer.replace('&', "&&")));
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_has_a_mark_quotes_what_needs_it_and_a_last_line() {
        let mut table = Table::of(
            vec!["Họ tên".into(), "Trễ".into()],
            vec![vec![Cell::Text("=HYPERLINK(\"x\")".into()), Cell::Number(-3)], vec![Cell::Text("a,b\nc".into())]],
        );
        table.footer = "@ai đó".into();
        let text = String::from_utf8(to_csv(&table)).unwrap();
        assert_eq!(text, "\u{feff}Họ tên,Trễ\r\n\"'=HYPERLINK(\"\"x\"\")\",-3\r\n\"a,b\nc\"\r\n'@ai đó\r\n");
    }

    #[test]
    fn a_workbook_is_a_zip_of_sheets() {
        let table = Table::of_text(vec!["Họ tên".into()], vec![vec!["=1+1".into()]]);
        let bytes = to_xlsx(&table, "Hồ sơ").unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04"));
    }
}
