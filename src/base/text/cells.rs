//! Cells of files that a spreadsheet opens.

/// Would a spreadsheet take this text for a formula? Signs of full width count, and so do signs behind white space.
pub fn is_risky_cell(text: &str) -> bool {
    let starts_a_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    text.starts_with(char::is_control) || text.trim_start().starts_with(starts_a_formula)
}

/// The text with a leading `'` where a spreadsheet would run it (OWASP ASVS 5.0, V1.2.10).
pub fn harmless_cell(text: &str) -> String {
    if is_risky_cell(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before [`harmless_cell`].
pub fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_risky_cell(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_made_harmless_and_read_back() {
        for text in [
            "=1+1", "+84912", "-2", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "\n=1", "＝1", "＋1", "－1", "＠A1", " =1",
            "\u{a0}=1", "\tTrần",
        ] {
            assert_eq!(harmless_cell(text), format!("'{text}"), "{text:?}");
            assert_eq!(without_guard(&harmless_cell(text)), text);
        }
        for text in ["", "Trần Văn Bình", "a=b", "12/GCN", "0912 345 678", "'đã có", "'"] {
            assert_eq!((harmless_cell(text).as_str(), without_guard(text)), (text, text));
        }
    }
}
