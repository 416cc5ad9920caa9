//! A commune's list: its heading found among the title rows, and the rows of people under it.

use super::{
    columns::{Field, field_of, heading_of},
    file::{self, Record, Table},
};
use crate::base::{refusal::Invalid, text};
use sha2::{Digest, Sha256};

/// So far down a heading is looked for.
pub const TITLE_ROWS: usize = 40;

/// A column of the file, and what the import takes it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// As it stands in the file; a second row of headings is joined to the first.
    pub heading: String,
    /// `None`: not known, or a second column for what another one says already. Told, never dropped in silence.
    pub field: Option<Field>,
}

impl Column {
    /// The heading by which this column is known again, where two rows of headings were joined to one.
    pub fn said(&self) -> String {
        match self.field {
            Some(field) if field_of(&self.heading) != Some(field) => heading_of(field).to_owned(),
            _ => self.heading.clone(),
        }
    }
}

/// A list that can be read row by row.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub columns: Vec<Column>,
    pub rows: Vec<Record>,
    /// Lines under the heading that are no person's row: column numbers, sums, signatures.
    pub passed_over: Vec<u64>,
    /// SHA-256 of the file.
    pub hash: Vec<u8>,
    /// The sheet of a workbook that was read; empty for a text file.
    pub sheet: String,
    /// Its other sheets: told, so that nobody thinks that they were read.
    pub other_sheets: Vec<String>,
}

impl Sheet {
    /// Reads a text file that may be trusted to be small; what comes from outside goes through [`crate::imports::cage`].
    ///
    /// # Errors
    /// See [`csv()`] and [`Sheet::of`].
    pub fn read(bytes: &[u8]) -> Result<Sheet, Invalid> {
        Sheet::of(csv(bytes)?, Sha256::digest(bytes).to_vec())
    }

    /// Finds heading and rows in what a file holds. `hash`: SHA-256 of the file.
    ///
    /// # Errors
    /// [`Invalid`] on `file`: no heading; no column for the name or the legal basis; letters of TCVN3 or VNI in every third
    /// row.
    pub fn of(table: Table, hash: Vec<u8>) -> Result<Sheet, Invalid> {
        let Some((_, at)) = heading(&table.records) else {
            let mut cells = table.records.iter().take(200).flat_map(|record| &record.cells);
            let old = cells.any(|cell| text::looks_like_old_encoding(cell));
            let code = if old { "file_in_old_encoding" } else { "file_no_heading" };
            return Err(Invalid::one("file", code));
        };
        let (sheet, other_sheets) = (table.sheet, table.other_sheets);
        let mut records = table.records.into_iter().skip(at);
        let mut columns = columns(&records.next().map(|record| record.cells).unwrap_or_default());
        let mut body: Vec<Record> = records.filter(|record| !record.is_empty()).collect();
        let mut passed_over = Vec::new();
        if let Some(first) = body.first()
            && is_second_heading(&columns, &first.cells)
        {
            join_headings(&mut columns, &first.cells);
            body.remove(0);
        }
        only_one_of_each(&mut columns);
        for (field, shown) in [(Field::Name, "Họ và tên"), (Field::Regime, "Diện")] {
            if !columns.iter().any(|column| column.field == Some(field)) {
                return Err(Invalid::telling("file", "file_no_column", shown.to_owned()));
            }
        }
        let mut rows = Vec::with_capacity(body.len());
        for (place, record) in body.into_iter().enumerate() {
            if is_somebody(&columns, &record, place) { rows.push(record) } else { passed_over.push(record.line) }
        }
        for row in &mut rows {
            row.old = row.cells.iter().position(|cell| text::looks_like_old_encoding(cell));
        }
        if rows.iter().filter(|row| row.old.is_some()).count() > rows.len() / 3 {
            return Err(Invalid::one("file", "file_in_old_encoding"));
        }
        columns_without_heading(&mut columns, &rows);
        Ok(Sheet { columns, rows, passed_over, hash, sheet, other_sheets })
    }

    /// What stands in a row under a field; empty if there is no such column or cell.
    pub fn cell<'a>(&self, row: &'a Record, field: Field) -> &'a str {
        let at = self.columns.iter().position(|column| column.field == Some(field));
        let cell = at.and_then(|at| row.cells.get(at)).map_or("", |cell| text::without_guard(cell));
        if is_blank(cell) { "" } else { cell }
    }

    /// The heading of a field as this file has it.
    pub fn heading_of(&self, field: &str) -> Option<&str> {
        let of = |column: &&Column| column.field.is_some_and(|known| known.as_str() == field);
        self.columns.iter().find(of).map(|column| column.heading.as_str())
    }

    /// Headings that the import did not take.
    pub fn ignored(&self) -> Vec<&str> {
        let free = self.columns.iter().filter(|column| column.field.is_none() && !column.heading.is_empty());
        free.map(|column| column.heading.as_str()).collect()
    }
}

/// What people write into a cell to say that there is nothing.
fn is_blank(cell: &str) -> bool {
    matches!(cell, "-" | "--" | "–" | "—" | "..." | "…" | "/" | "0") || cell.eq_ignore_ascii_case("n/a")
}

/// The records of a text file: letters, sign between cells (`,` `;` or tab).
///
/// # Errors
/// [`Invalid`] on `file`: see [`file::decode`] and [`file::records`]; no heading under any sign.
pub fn csv(bytes: &[u8]) -> Result<Table, Invalid> {
    let text = file::decode(bytes)?;
    let records = file::records(&text, sign(&text)?, usize::MAX)?;
    Ok(Table { records, ..Table::default() })
}

/// The sign under which most columns are known.
fn sign(text: &str) -> Result<u8, Invalid> {
    let mut best: Option<(usize, u8)> = None;
    let mut fault = None;
    for sign in [b',', b';', b'\t'] {
        match file::records(text, sign, TITLE_ROWS) {
            Ok(head) => {
                if let Some((known, _)) = heading(&head)
                    && best.is_none_or(|(most, _)| known > most)
                {
                    best = Some((known, sign));
                }
            }
            // A quote that is open under one sign may be none under another.
            Err(invalid) => fault = Some(invalid),
        }
    }
    best.map(|(_, sign)| sign).ok_or_else(|| {
        let mut cells = text.lines().take(200).flat_map(|line| line.split([',', ';', '\t']));
        let old = cells.any(text::looks_like_old_encoding);
        let nothing = if old { "file_in_old_encoding" } else { "file_no_heading" };
        fault.unwrap_or_else(|| Invalid::one("file", nothing))
    })
}

/// The heading among the first rows: how many columns of it are known, and its place.
pub fn heading(records: &[Record]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (at, record) in records.iter().take(TITLE_ROWS).enumerate() {
        let fields: Vec<Field> = record.cells.iter().filter_map(|cell| field_of(cell)).collect();
        let known = fields.iter().filter(|field| **field != Field::Skip).count();
        if fields.contains(&Field::Name) && known >= 2 && best.is_none_or(|(most, _)| known > most) {
            best = Some((known, at));
        }
    }
    best
}

fn columns(cells: &[String]) -> Vec<Column> {
    cells.iter().map(|cell| Column { heading: one_line(cell), field: field_of(cell) }).collect()
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The second row of a heading of two rows ("Năm sinh" above "Nam" and "Nữ"): nothing under the name, only headings.
fn is_second_heading(columns: &[Column], cells: &[String]) -> bool {
    let under_name = columns.iter().position(|column| column.field == Some(Field::Name)).and_then(|at| cells.get(at));
    let said: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    under_name.is_none_or(String::is_empty) && !said.is_empty() && said.iter().all(|cell| field_of(cell).is_some())
}

fn join_headings(columns: &mut Vec<Column>, below: &[String]) {
    columns.resize(columns.len().max(below.len()), Column { heading: String::new(), field: None });
    for (column, cell) in columns.iter_mut().zip(below).filter(|(_, cell)| !cell.is_empty()) {
        column.heading = one_line(&format!("{} {cell}", column.heading));
        column.field = field_of(cell);
    }
}

/// The first column of a kind is taken; another one is told as ignored.
fn only_one_of_each(columns: &mut [Column]) {
    let mut taken = Vec::new();
    for column in columns {
        match column.field {
            Some(Field::Skip) | None => {}
            Some(field) if taken.contains(&field) => column.field = None,
            Some(field) => taken.push(field),
        }
    }
}

/// Is this a person's row? Not the numbers of the columns, a sum at the foot, or who signed.
fn is_somebody(columns: &[Column], record: &Record, place: usize) -> bool {
    let said: Vec<&str> = record.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    if place == 0 && said.len() > 2 {
        let bare = |cell: &&str| cell.trim_matches(['(', ')', '[', ']']).parse::<usize>().ok();
        let numbers: Vec<usize> = said.iter().filter_map(bare).collect();
        if numbers.len() == said.len() && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1) {
            return false;
        }
    }
    let of = |field: Field| {
        let at = columns.iter().position(|column| column.field == Some(field));
        at.and_then(|at| record.cells.get(at)).is_some_and(|cell| !cell.is_empty())
    };
    let known = columns
        .iter()
        .zip(&record.cells)
        .filter(|(column, cell)| !cell.is_empty() && column.field.is_some_and(|field| field != Field::Skip));
    known.count() > 1 && (of(Field::Name) || of(Field::Regime) || of(Field::IdNumber) || of(Field::Birth))
}

/// A column that has cells but no heading is told by its place.
fn columns_without_heading(columns: &mut Vec<Column>, rows: &[Record]) {
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    columns.resize(columns.len().max(widest), Column { heading: String::new(), field: None });
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.heading.is_empty()) {
        if rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| !cell.is_empty())) {
            column.heading = format!("({})", at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(sheet: &Sheet) -> Vec<Option<&'static str>> {
        sheet.columns.iter().map(|column| column.field.map(Field::as_str)).collect()
    }

    fn code(text: &str) -> &'static str {
        Sheet::read(text.as_bytes()).unwrap_err().0[0].code
    }

    #[test]
    fn the_heading_is_found_under_title_rows_whatever_the_sign() {
        for sign in [",", ";", "\t"] {
            let list = [
                "CÔNG AN XÃ TÂN LẬP",
                "DANH SÁCH NGƯỜI TRỞ VỀ|||",
                "",
                "STT|Họ và tên|Năm sinh|Diện|Màu áo",
                "1|Trần Văn Bình|1980|Mãn hạn|xanh",
            ];
            let sheet = Sheet::read(list.join("\n").replace('|', sign).as_bytes()).unwrap();
            assert_eq!(fields(&sheet), [Some("skip"), Some("name"), Some("birth"), Some("regime"), None]);
            assert_eq!(sheet.ignored(), ["Màu áo"]);
            assert_eq!((sheet.rows.len(), sheet.rows[0].line), (1, 5));
            assert_eq!(sheet.cell(&sheet.rows[0], Field::Name), "Trần Văn Bình");
            assert_eq!(sheet.cell(&sheet.rows[0], Field::Phone), "");
        }
    }

    #[test]
    fn a_comma_inside_a_heading_does_not_choose_the_sign() {
        let sheet =
            Sheet::read("Họ, tên;Ngày, tháng, năm sinh;Ấp, khóm;Diện\nLê Văn A;1/2/1980;Ấp 1;án treo\n".as_bytes())
                .unwrap();
        assert_eq!(fields(&sheet), [Some("name"), Some("birth"), Some("hamlet"), Some("regime")]);
    }

    #[test]
    fn a_heading_of_two_rows_and_column_numbers_are_understood() {
        let sheet = Sheet::read(
            "TT;Họ tên;Năm sinh;;Diện\n;;Nam;Nữ;\n(1);(2);(3);(4);(5)\n1;Lê Văn A;1980;;đặc xá\n2;Lê Thị B;;1991;đặc xá\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(
            fields(&sheet),
            [Some("skip"), Some("name"), Some("born_male"), Some("born_female"), Some("regime")]
        );
        assert_eq!((sheet.rows.len(), sheet.passed_over.clone()), (2, vec![3]));
        assert_eq!(sheet.columns[2].heading, "Năm sinh Nam");
    }

    #[test]
    fn sums_and_signatures_are_passed_over_and_told() {
        let sheet = Sheet::read(
            "STT,Họ và tên,Diện,Ấp\n1,Lê Văn A,đặc xá,Ấp 1\n,,,\n,Tổng cộng: 1 người,,\n,,,NGƯỜI LẬP BIỂU\n".as_bytes(),
        )
        .unwrap();
        assert_eq!((sheet.rows.len(), sheet.passed_over), (1, vec![4, 5]));
    }

    #[test]
    fn a_row_without_a_name_is_somebody_if_it_says_more() {
        let sheet = Sheet::read("Họ và tên,Năm sinh,Diện\n,1980,đặc xá\n".as_bytes()).unwrap();
        assert_eq!(sheet.rows.len(), 1);
    }

    #[test]
    fn a_second_column_of_a_kind_and_one_without_heading_are_told() {
        let sheet = Sheet::read("Họ tên,SĐT,Điện thoại,Diện,\nLê A,1,2,đặc xá,gì đó\n".as_bytes()).unwrap();
        assert_eq!(sheet.ignored(), ["Điện thoại", "(5)"]);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(code("xin chào\nđây là thư\n"), "file_no_heading");
        assert_eq!(code("Họ tên,Năm sinh\nLê A,1980\n"), "file_no_column");
        assert_eq!(code("Họ tên,Diện\nLê A,\"án treo\nLê B,án treo\n"), "file_unclosed_quote");
        assert_eq!(code("Hä vµ tªn,N¨m sinh\nNguyÔn V¨n,1980\n"), "file_in_old_encoding");
        assert_eq!(code("Ho ten,Dien\nNguyÔn V¨n §øc,an treo\n"), "file_in_old_encoding");
    }

    #[test]
    fn a_guarded_cell_is_read_as_it_was() {
        let sheet = Sheet::read("Họ tên,SĐT,Diện\n'Tèo,'+84912345678,-\n".as_bytes()).unwrap();
        assert_eq!(sheet.cell(&sheet.rows[0], Field::Phone), "+84912345678");
        assert_eq!(sheet.cell(&sheet.rows[0], Field::Name), "'Tèo");
        assert_eq!(sheet.cell(&sheet.rows[0], Field::Regime), "");
    }
}
