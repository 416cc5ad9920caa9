//! A paper as it is prepared, issued, listed and shown. Pure.

pub mod kinds;
pub mod language;

use crate::{
    base::{
        arg::Arg,
        fields::{DocumentBody, DocumentCells, DocumentHash, DocumentWithdrawn},
        ids::{CaseId, DocumentId, UserId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{At, Day},
        words::DocumentKind,
    },
    policy::AreaCode,
    store::Paged,
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A paper that is asked for, as its form has it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// A word of [`DocumentKind`].
    pub kind: String,
    /// The paper whose place it takes; empty: none.
    pub replaces: String,
    /// Why that one is withdrawn.
    pub why: String,
    pub recipient: String,
    pub reason: String,
    pub present: String,
    pub content: String,
    pub wishes: String,
    pub helper: String,
    pub tasks: String,
    pub job: String,
    pub circumstances: String,
    pub title: String,
    pub note: String,
}

/// The paper whose place another one takes, and why.
pub type Replaced = (DocumentId, String);

/// What is asked for: the kind, what was typed for it, the paper that it replaces.
pub type Checked = (DocumentKind, Map<String, Value>, Option<Replaced>);

impl Draft {
    /// What was typed for a field of the form.
    pub fn get(&self, name: &str) -> &str {
        match name {
            "recipient" => &self.recipient,
            "reason" => &self.reason,
            "present" => &self.present,
            "content" => &self.content,
            "wishes" => &self.wishes,
            "helper" => &self.helper,
            "tasks" => &self.tasks,
            "job" => &self.job,
            "circumstances" => &self.circumstances,
            "title" => &self.title,
            "note" => &self.note,
            _ => "",
        }
    }

    /// # Errors
    /// By field: no kind that is made from a case; nothing where the paper needs something; a paper that is replaced without
    /// saying why.
    pub fn check(&self) -> Result<Checked, Invalid> {
        let mut check = Check::default();
        let kind = self.kind.parse::<DocumentKind>().ok().filter(|kind| kinds::FROM_A_CASE.contains(kind));
        let kind = check.take("kind", kind.ok_or("not_chosen"));
        let mut typed = Map::new();
        for name in kind.map(kinds::typed).unwrap_or_default() {
            let text = text::clean_note_opt(self.get(name), 2000);
            let text = check.take(name, text).flatten().unwrap_or_default();
            let missing = text.is_empty() && self.get(name).trim().is_empty();
            if missing && kind.is_some_and(|kind| kinds::needed(kind).contains(name)) {
                check.refuse(*name, "empty");
            }
            typed.insert((*name).to_owned(), Value::String(text));
        }
        let replaces = if self.replaces.trim().is_empty() {
            Some(None)
        } else {
            let old = check.take("replaces", self.replaces.parse::<DocumentId>().map_err(|_| "no_such_document"));
            let why = check.take("why", reason(&self.why));
            old.zip(why).map(Some)
        };
        let (kind, replaces) = check.give(kind.zip(replaces))?;
        Ok((kind, typed, replaces))
    }
}

fn reason(typed: &str) -> Result<String, &'static str> {
    text::clean_line(typed, 300).map_err(|fault| fault.code())
}

/// Why a paper is taken back.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WithdrawDraft {
    pub reason: String,
    pub version: String,
}

impl WithdrawDraft {
    /// # Errors
    /// `reason`: empty or too long.
    pub fn check(&self) -> Result<String, Invalid> {
        reason(&self.reason).map_err(|code| Invalid::one("reason", code))
    }
}

/// A template as the admin puts it in force.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemplateDraft {
    pub kind: String,
    pub valid_from: String,
    pub body: String,
}

impl TemplateDraft {
    /// # Errors
    /// `kind`: unknown. `valid_from`: no day, or one that has passed. `body`: what is wrong in it, with its line.
    pub fn check(&self, today: Date) -> Result<(DocumentKind, Date, String), Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse::<DocumentKind>().map_err(|_| "not_chosen"));
        let from = check.take("valid_from", text::parse_day(&self.valid_from, today));
        check.expect(from.is_none_or(|from| from >= today), "valid_from", "in_the_past");
        let body = kind.and_then(|kind| check.add(self.text(kind)));
        let ((kind, from), body) = check.give(kind.zip(from).zip(body))?;
        Ok((kind, from, body))
    }

    /// The text alone, for the preview.
    ///
    /// # Errors
    /// `body`: what is wrong in it, with its line.
    pub fn text(&self, kind: DocumentKind) -> Result<String, Invalid> {
        let body = self.body.replace("\r\n", "\n");
        if body.trim().is_empty() {
            return Err(Invalid::one("body", "empty"));
        }
        language::check(kind, &body)?;
        Ok(body)
    }
}

/// A template that is in force, or was, or will be.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TemplateRow {
    pub kind: DocumentKind,
    pub version: i64,
    pub valid_from: Day,
    pub body: String,
    pub by: String,
    pub made_at: At,
}

/// The text of a version.
#[derive(Clone, Debug)]
pub struct Template {
    pub version: i64,
    pub body: String,
}

/// What somebody else puts on a paper: a kind, its fields, and a table whose rows may each be about a person.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub kind: DocumentKind,
    /// As the placeholders of the kind name them (see [`kinds::placeholders`]): `{"typed": {"title": …}, "facts": […]}`.
    pub fields: Map<String, Value>,
    /// The sensitive parts that stand on it, in the words of the trail.
    pub parts: Vec<&'static str>,
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
}

/// One row of the table of a paper.
#[derive(Clone, Debug)]
pub struct Row {
    /// Whom it is about: it is sealed under her key, and goes when she is erased or her case is sealed. `None`: nobody.
    pub case: Option<CaseId>,
    pub cells: Vec<String>,
}

impl Prepared {
    /// A paper of one table: what a report, a list, a sheet of a handover is.
    pub fn table(
        kind: DocumentKind,
        title: &str,
        facts: &[(String, String)],
        heads: Vec<String>,
        rows: Vec<Row>,
    ) -> Prepared {
        let facts: Vec<Value> = facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
        let mut fields = Map::new();
        fields.insert("typed".to_owned(), json!({"title": title, "note": ""}));
        fields.insert("facts".to_owned(), Value::Array(facts));
        Prepared { kind, fields, parts: Vec::new(), heads, rows }
    }

    /// The same with these sensitive parts.
    pub fn showing(mut self, parts: &[&'static str]) -> Prepared {
        self.parts = parts.to_vec();
        self
    }

    /// The same with a remark below the table.
    pub fn noting(mut self, note: &str) -> Prepared {
        if let Some(Value::Object(typed)) = self.fields.get_mut("typed") {
            typed.insert("note".to_owned(), Value::String(note.to_owned()));
        }
        self
    }
}

const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// Where a cell of a row of somebody stands in a text.
fn mark(rank: usize, cell: usize) -> String {
    format!("{BEGIN}{rank}:{cell}{END}")
}

/// No text of a person reads like such a mark.
fn without_marks(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|letter| letter != BEGIN && letter != END),
        Value::Array(all) => all.iter_mut().for_each(without_marks),
        Value::Object(all) => all.values_mut().for_each(without_marks),
        _ => {}
    }
}

/// A paper as it was made: its text with marks where the rows of people stand, those rows, and the hash of the whole.
pub struct Made {
    pub body: String,
    pub rows: Vec<(usize, CaseId, Vec<String>)>,
    pub hash: String,
}

/// Makes the text of a paper from a template that was checked. `own`: the case that the paper itself hangs on.
///
/// # Errors
/// `None`: more rows than a paper holds.
pub fn make(template: &str, frame: &Map<String, Value>, prepared: &Prepared, own: Option<CaseId>) -> Option<Made> {
    let mut fields = prepared.fields.clone();
    fields.extend(frame.iter().map(|(name, value)| (name.clone(), value.clone())));
    let mut fields = Value::Object(fields);
    without_marks(&mut fields);
    let mut kept = Vec::new();
    let mut rows = Vec::new();
    for (rank, row) in prepared.rows.iter().enumerate() {
        let mut cells: Vec<String> = row.cells.clone();
        cells.iter_mut().for_each(|cell| cell.retain(|letter| letter != BEGIN && letter != END));
        if let Some(case) = row.case.filter(|case| Some(*case) != own) {
            rows.push(json!({"cells": (0..cells.len()).map(|cell| mark(rank, cell)).collect::<Vec<_>>()}));
            kept.push((rank, case, cells));
        } else {
            rows.push(json!({"cells": cells}));
        }
    }
    if let Value::Object(fields) = &mut fields {
        let mut heads = json!(prepared.heads);
        without_marks(&mut heads);
        fields.insert("heads".to_owned(), heads);
        fields.insert("rows".to_owned(), Value::Array(rows));
    }
    let body = language::render(template, &fields)?;
    let known = kept.iter().map(|(rank, _, cells)| (*rank, cells.clone())).collect();
    let hash = hash_of(&whole(&body, &known).text);
    Some(Made { body, rows: kept, hash })
}

/// What a text is known by.
pub fn hash_of(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text with its rows put in.
pub struct Whole {
    pub text: String,
    /// Cells that the reader may not know, or that are erased.
    pub hidden: usize,
}

/// Puts the rows that are known into a text; of the others a dash is left.
pub fn whole(body: &str, rows: &BTreeMap<usize, Vec<String>>) -> Whole {
    let mut whole = Whole { text: String::with_capacity(body.len()), hidden: 0 };
    let mut parts = body.split(BEGIN);
    whole.text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (mark, rest) = part.split_once(END).unwrap_or(("", part));
        let place =
            mark.split_once(':').and_then(|(rank, cell)| Some((rank.parse().ok()?, cell.parse::<usize>().ok()?)));
        let cell = place.and_then(|(rank, cell): (usize, usize)| rows.get(&rank)?.get(cell));
        match cell {
            Some(cell) => whole.text.push_str(&language::escaped(cell)),
            None => {
                whole.text.push('–');
                whole.hidden += 1;
            }
        }
        whole.text.push_str(rest);
    }
    whole
}

/// A paper in a list: nothing of what stands on it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DocumentRow {
    pub id: DocumentId,
    pub area_code: AreaCode,
    pub case_id: Option<CaseId>,
    pub code: Option<String>,
    pub name: Option<String>,
    pub kind: DocumentKind,
    pub year: i64,
    pub number: i64,
    pub on_day: Day,
    pub template_version: i64,
    pub hash: Sealed<DocumentHash>,
    pub parts: String,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
    pub printings: i64,
    pub withdrawn_at: Option<At>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_reason: Option<Sealed<DocumentWithdrawn>>,
    pub replaced_by: Option<DocumentId>,
    pub version: i64,
}

crate::opens!(DocumentRow { id => hash, withdrawn_reason });

impl Paged for DocumentRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.made_at, self.id]
    }
}

impl DocumentRow {
    /// `12/2026`: its number in the commune's own series of that kind.
    pub fn numbered(&self) -> String {
        format!("{}/{}", self.number, self.year)
    }

    /// The parts that stand on it, in the words of the trail.
    pub fn shows(&self) -> Vec<&'static str> {
        const WORDS: [&str; 8] =
            ["identity_number", "legal", "sentence", "family", "classification", "loan", "handover", "duty"];
        WORDS.into_iter().filter(|word| self.parts.split(' ').any(|part| part == *word)).collect()
    }
}

/// The text of a paper.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BodyRow {
    pub id: DocumentId,
    pub body: Sealed<DocumentBody>,
}

crate::opens!(BodyRow { id => body });

/// A row of the table of a paper.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CellsRow {
    pub id: crate::base::ids::DocumentRowId,
    pub rank: i64,
    pub cells: Sealed<DocumentCells>,
}

crate::opens!(CellsRow { id => cells });

/// A time that it went to the printer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PrintingRow {
    pub copy: i64,
    pub by: String,
    pub at: At,
}

/// A paper as it was read back.
#[derive(Clone, Debug)]
pub struct Paper {
    pub text: String,
    /// Cells that the reader may not know, or that are gone.
    pub hidden: usize,
    /// It is what was issued, byte for byte; `None`: it cannot be told, for something of it is hidden.
    pub holds: Option<bool>,
}

impl Paper {
    pub fn of(row: &DocumentRow, body: &str, rows: &BTreeMap<usize, Vec<String>>) -> Paper {
        let Whole { text, hidden } = whole(body, rows);
        let holds = (hidden == 0).then(|| hash_of(&text) == row.hash.text());
        Paper { text, hidden, holds }
    }
}

/// `ngày 23 tháng 11 năm 2026`.
pub fn in_words(day: Date) -> String {
    format!("ngày {:02} tháng {:02} năm {}", day.day(), day.month(), day.year())
}

/// What a preview shows: invented, and every placeholder of the kind filled.
pub fn invented(kind: DocumentKind, today: Date) -> Prepared {
    let sample = |name: &str| match name {
        "name" => "Nguyễn Văn Mẫu".to_owned(),
        "number" => "091090001234".to_owned(),
        name if name.ends_with("_on") => text::show_day(today),
        name => format!("[{}]", name.replace('_', " ")),
    };
    let mut fields = Map::new();
    for (path, _) in kinds::placeholders(kind) {
        if let Some((part, name)) = path.split_once('.') {
            let part = fields.entry(part.to_owned()).or_insert_with(|| json!({}));
            if let Value::Object(part) = part {
                part.insert(name.to_owned(), Value::String(sample(name)));
            }
        }
    }
    let typed: Map<String, Value> =
        kinds::typed(kind).iter().map(|name| ((*name).to_owned(), Value::String(sample(name)))).collect();
    fields.insert("typed".to_owned(), Value::Object(typed));
    for (list, items, _) in kinds::lists(kind) {
        let line: Map<String, Value> =
            items.iter().map(|item| ((*item).to_owned(), Value::String(sample(item)))).collect();
        if !matches!(*list, "heads" | "rows") {
            fields.insert((*list).to_owned(), json!([line.clone(), line]));
        }
    }
    let heads = ["STT", "Nội dung", "Ghi chú"].map(str::to_owned).to_vec();
    let rows =
        (1..=3).map(|at| Row { case: None, cells: vec![at.to_string(), "[nội dung]".into(), "[ghi chú]".into()] });
    Prepared { kind, fields, parts: Vec::new(), heads, rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id;
    use jiff::civil::date;

    fn case(n: u128) -> CaseId {
        CaseId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn rows_of_people_are_no_part_of_the_text_that_lies_beside_them() {
        let rows = vec![
            Row { case: Some(case(1)), cells: vec!["1".into(), "Lê <b> \u{e000}0:1\u{e001}".into()] },
            Row { case: None, cells: vec!["Cộng".into(), "1".into()] },
        ];
        let prepared = Prepared::table(DocumentKind::LoanList, "Danh sách", &[], vec!["a".into(), "b".into()], rows);
        let made = make(kinds::built_in(DocumentKind::LoanList), &Map::new(), &prepared, None).unwrap();
        assert!(!made.body.contains("Lê") && made.body.contains("Cộng"), "{}", made.body);
        let known: BTreeMap<usize, Vec<String>> =
            made.rows.iter().map(|(rank, _, cells)| (*rank, cells.clone())).collect();
        let all = whole(&made.body, &known);
        assert!(all.text.contains("Lê &lt;b&gt; 0:1") && all.hidden == 0, "{}", all.text);
        assert_eq!(hash_of(&all.text), made.hash);
        let without = whole(&made.body, &BTreeMap::new());
        assert!(!without.text.contains("Lê") && without.hidden == 2);
    }

    #[test]
    fn a_letter_needs_a_recipient_and_a_paper_that_is_replaced_a_reason() {
        let fields = |draft: &Draft| {
            draft.check().unwrap_err().0.into_iter().map(|fault| fault.field.into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(fields(&Draft::default()), ["kind"]);
        let letter = Draft { kind: "sender_letter".into(), recipient: "  ".into(), ..Draft::default() };
        assert_eq!(fields(&letter), ["recipient", "reason"]);
        let report = Draft { kind: "monthly_report".into(), ..Draft::default() };
        assert_eq!(fields(&report), ["kind"], "a report is made by its own page");
        let again = Draft { kind: "visit_sheet".into(), replaces: case(7).to_string(), ..Draft::default() };
        assert_eq!(fields(&again), ["why"]);
    }

    #[test]
    fn a_preview_fills_every_placeholder() {
        for kind in DocumentKind::ALL {
            let today = date(2026, 11, 23);
            let frame: Map<String, Value> =
                ["number", "year", "day", "day_in_words", "commune", "province", "police", "council", "printer"]
                    .into_iter()
                    .map(|name| (name.to_owned(), json!("x")))
                    .collect();
            let made = make(kinds::built_in(*kind), &frame, &invented(*kind, today), None).unwrap();
            // Dotted lines of the template itself are shorter than what is not known.
            assert!(!made.body.contains("……………"), "{kind}: {}", made.body);
        }
    }

    #[test]
    fn a_text_that_is_not_what_was_issued_is_told() {
        let row = |hash: &str| DocumentRow {
            id: DocumentId::from_uuid(uuid::Uuid::nil()),
            area_code: AreaCode("30577".into()),
            case_id: None,
            code: None,
            name: None,
            kind: DocumentKind::VisitSheet,
            year: 2026,
            number: 7,
            on_day: Day(date(2026, 11, 23)),
            template_version: 1,
            hash: Sealed::known(hash.to_owned()),
            parts: "legal family".into(),
            by_id: UserId::from_uuid(uuid::Uuid::nil()),
            by: String::new(),
            made_at: At::from_micros(0),
            printings: 0,
            withdrawn_at: None,
            withdrawn_by: None,
            withdrawn_reason: None,
            replaced_by: None,
            version: 1,
        };
        let text = "<p>a</p>";
        assert_eq!(Paper::of(&row(&hash_of(text)), text, &BTreeMap::new()).holds, Some(true));
        assert_eq!(Paper::of(&row(&hash_of(text)), "<p>b</p>", &BTreeMap::new()).holds, Some(false));
        let hidden = format!("{text}{BEGIN}0:0{END}");
        assert_eq!(Paper::of(&row(&hash_of(text)), &hidden, &BTreeMap::new()).holds, None);
        assert_eq!((row("").numbered(), row("").shows()), ("7/2026".to_owned(), vec!["legal", "family"]));
    }

    #[test]
    fn a_day_in_words() {
        assert_eq!(in_words(date(2026, 1, 3)), "ngày 03 tháng 01 năm 2026");
    }
}
