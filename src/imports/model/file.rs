//! A file of bytes as text and records: which letters, which sign between the cells, on which line each record stands.

use crate::base::{refusal::Invalid, text};

/// The largest file that is read.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most records that one file may have.
pub const MAX_ROWS: usize = 50_000;
/// The most columns that a list may have.
pub const MAX_COLUMNS: usize = 200;
/// The most cells with something in them, over all rows.
pub const MAX_CELLS: usize = 1_000_000;
/// The longest text of one cell, in bytes: what a spreadsheet itself holds.
pub const MAX_CELL_BYTES: usize = 4 * 32_767;

/// What a file holds, before anybody looks for its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub records: Vec<Record>,
    /// The sheet of a workbook that the records stand in; empty for a text file.
    pub sheet: String,
    /// The other sheets of that workbook, which nobody reads.
    pub other_sheets: Vec<String>,
}

/// One record: the line on which it begins, and its cells, trimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub line: u64,
    pub cells: Vec<String>,
    /// The first cell in letters of TCVN3 or VNI.
    pub old: Option<usize>,
}

impl Record {
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The text of a file: UTF-8 with or without a mark, or UTF-16.
///
/// # Errors
/// [`Invalid`] on `file`: too large; an old or locked workbook; a web page; letters of TCVN3 or VNI; not Unicode.
pub fn decode(bytes: &[u8]) -> Result<String, Invalid> {
    if bytes.len() > MAX_BYTES {
        return Err(Invalid::telling("file", "file_too_large", (MAX_BYTES / 1024 / 1024).to_string()));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Invalid::one("file", "file_not_a_workbook"));
    }
    // The box of .xls, and of an .xlsx with a password.
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Invalid::one("file", "file_is_old_workbook"));
    }
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Half of an ASCII list in UTF-16 is zeros; no text in UTF-8 has one.
        _ if bytes.iter().take(400).skip(1).step_by(2).filter(|byte| **byte == 0).count() > 20 => {
            utf16(bytes, u16::from_le_bytes)
        }
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    let text = decoded.ok_or_else(|| {
        let latin: String = bytes.iter().take(100_000).map(|byte| char::from(*byte)).collect();
        let old = latin.split([',', ';', '\t', '\n']).any(text::looks_like_old_encoding);
        if old { Invalid::one("file", "file_in_old_encoding") } else { Invalid::one("file", "file_not_unicode") }
    })?;
    let begin = text.trim_start();
    if begin.is_empty() {
        return Err(Invalid::one("file", "file_empty"));
    }
    // Old programs write a web page and call it .xls.
    if begin.starts_with('<') { Err(Invalid::one("file", "file_is_a_web_page")) } else { Ok(text) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    rest.is_empty().then(|| String::from_utf16(&units).ok())?
}

/// The records of a text whose cells are parted by `sign`; at most `limit` of them.
///
/// # Errors
/// [`Invalid`] on `file`: more than [`MAX_ROWS`]; a quote that is never closed, which would swallow the rows after it.
pub fn records(text: &str, sign: u8, limit: usize) -> Result<Vec<Record>, Invalid> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(sign).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut row = csv::StringRecord::new();
    let (mut line, mut counted, mut cells) = (1_u64, 0_usize, 0_usize);
    while records.len() < limit && reader.read_record(&mut row).map_err(|_| Invalid::one("file", "file_not_unicode"))? {
        let begin = row.position().map_or(0, |at| at.byte() as usize);
        let end = reader.position().byte() as usize;
        let slice = text.get(begin..end).unwrap_or_default();
        // The reader passes over empty lines before a record: they count.
        let first = begin + (slice.len() - slice.trim_start_matches(['\r', '\n']).len());
        line += text.get(counted..first).unwrap_or_default().bytes().filter(|byte| *byte == b'\n').count() as u64;
        counted = first;
        if end >= text.len() && row.iter().any(|cell| cell.contains('\n')) && slice.matches('"').count() % 2 == 1 {
            return Err(Invalid::telling("file", "file_unclosed_quote", line.to_string()));
        }
        if row.len() > MAX_COLUMNS {
            return Err(Invalid::telling("file", "file_too_many_columns", MAX_COLUMNS.to_string()));
        }
        if records.len() >= MAX_ROWS {
            return Err(Invalid::telling("file", "file_too_many_rows", MAX_ROWS.to_string()));
        }
        cells += row.len();
        if cells > MAX_CELLS {
            return Err(Invalid::telling("file", "file_too_many_cells", MAX_CELLS.to_string()));
        }
        if row.iter().any(|cell| cell.len() > MAX_CELL_BYTES) {
            return Err(Invalid::telling("file", "file_cell_too_long", line.to_string()));
        }
        records.push(Record { line, cells: row.iter().map(|cell| cell.trim().to_owned()).collect(), old: None });
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(invalid: Invalid) -> &'static str {
        invalid.0[0].code
    }

    #[test]
    fn unicode_is_read_in_every_dress() {
        let text = "Họ tên;Ấp\nNguyễn Văn Đức;Tân Lập";
        let with_mark = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for bytes in [text.as_bytes(), &with_mark, &little, &big] {
            assert_eq!(decode(bytes).unwrap(), text);
        }
        let long = "Ho ten,Ap,Dien\n".repeat(20);
        let bare: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&bare).unwrap(), long);
    }

    #[test]
    fn what_is_no_unicode_list_is_refused_with_its_own_reason() {
        assert_eq!(code(decode(b"PK\x03\x04rest").unwrap_err()), "file_not_a_workbook");
        assert_eq!(code(decode(b"\xD0\xCF\x11\xE0rest").unwrap_err()), "file_is_old_workbook");
        assert_eq!(code(decode(b"\n <html><table>").unwrap_err()), "file_is_a_web_page");
        assert_eq!(code(decode(b"  \r\n ").unwrap_err()), "file_empty");
        // "Nguyễn Văn" in TCVN3, as the bytes of an old sheet.
        let tcvn: Vec<u8> = "Hä tªn;NguyÔn V¨n".chars().map(|c| c as u8).collect();
        assert_eq!(code(decode(&tcvn).unwrap_err()), "file_in_old_encoding");
        assert_eq!(code(decode(b"a\xFF;b").unwrap_err()), "file_not_unicode");
        assert_eq!(code(decode(&vec![b'a'; MAX_BYTES + 1]).unwrap_err()), "file_too_large");
        assert_eq!(code(decode(b"\xFF\xFEa").unwrap_err()), "file_not_unicode");
    }

    #[test]
    fn records_know_the_line_on_which_they_begin() {
        let found = records("a;b\n\n\n c ;\"hai\ndòng\"\r\nd;e\n", b';', MAX_ROWS).unwrap();
        let lines: Vec<u64> = found.iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 4, 6]);
        assert_eq!(found[1].cells, ["c", "hai\ndòng"]);
        assert_eq!(records("a;b\nc;d", b';', 1).unwrap().len(), 1);
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_rest_in_silence() {
        let refused = records("a;b\nc;\"d\ne;f\ng;h\n", b';', MAX_ROWS).unwrap_err();
        assert_eq!((refused.0[0].code, refused.0[0].value.as_deref()), ("file_unclosed_quote", Some("2")));
        // An inch sign inside a cell is no quote.
        assert_eq!(records("a;5\"\n", b';', MAX_ROWS).unwrap()[0].cells, ["a", "5\""]);
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(code(records(&"a;b\n".repeat(MAX_ROWS + 1), b';', usize::MAX).unwrap_err()), "file_too_many_rows");
        assert_eq!(code(records(&"a;".repeat(300), b';', usize::MAX).unwrap_err()), "file_too_many_columns");
        let wide = format!("{}\n", "a;".repeat(MAX_COLUMNS - 1)).repeat(MAX_CELLS / MAX_COLUMNS + 1);
        assert_eq!(code(records(&wide, b';', usize::MAX).unwrap_err()), "file_too_many_cells");
        let long = "a".repeat(MAX_CELL_BYTES + 1);
        assert_eq!(code(records(&long, b';', usize::MAX).unwrap_err()), "file_cell_too_long");
    }
}
