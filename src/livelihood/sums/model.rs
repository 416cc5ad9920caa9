//! What sums are asked for, and how rows become lines. Pure.

use crate::base::{
    ids::CaseId,
    refusal::{Check, Invalid},
    text,
    time::Day,
    words::HelpSum,
};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// What is asked for, as it stands in the address.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    pub by: String,
    pub from: String,
    pub to: String,
    /// `promised` (unless told) or `given`: which day must lie between the two.
    pub day: String,
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub by: HelpSum,
    pub from: Date,
    pub to: Date,
    /// Only what was given, by the day of handing over.
    pub given: bool,
}

impl Query {
    /// This year by fund, unless told.
    ///
    /// # Errors
    /// A word that is none, a day that cannot be read, days the wrong way round.
    pub fn check(&self, today: Date) -> Result<Asked, Invalid> {
        let mut check = Check::default();
        let by = match self.by.trim() {
            "" => Some(HelpSum::Fund),
            typed => check.take("by", typed.parse::<HelpSum>().map_err(|_| "not_chosen")),
        };
        let mut day = |field: &'static str, typed: &str, otherwise: Date| match typed.trim() {
            "" => Some(otherwise),
            typed => check.take(field, text::parse_day(typed, today)),
        };
        let from = day("from", &self.from, date(today.year(), 1, 1));
        let to = day("to", &self.to, today);
        check.expect(from.zip(to).is_none_or(|(from, to)| from <= to), "to", "before_the_start");
        check.expect(matches!(self.day.as_str(), "" | "promised" | "given"), "day", "not_chosen");
        let given = self.day == "given";
        check.give(by.zip(from).zip(to).map(|((by, from), to)| Asked { by, from, to, given }))
    }
}

/// A row of the database: all help of one thing (or of one day, which is added to its month).
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Row {
    #[sqlx(default)]
    pub case_id: Option<CaseId>,
    #[sqlx(default)]
    pub code: Option<String>,
    /// Name of the person, the fund, the organisation; the word of a kind.
    #[sqlx(default)]
    pub word: Option<String>,
    #[sqlx(default)]
    pub on_day: Option<Day>,
    pub pieces: i64,
    pub promised: i64,
    pub approved: i64,
    pub given: i64,
    pub cancelled: i64,
    /// Pieces that nobody has said the worth of.
    pub unvalued: i64,
}

/// Sums in đồng, by how far the help has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    pub pieces: i64,
    pub promised: i64,
    pub approved: i64,
    pub given: i64,
    pub cancelled: i64,
    pub unvalued: i64,
}

impl Amounts {
    fn add(&mut self, row: &Row) {
        self.pieces += row.pieces;
        self.promised += row.promised;
        self.approved += row.approved;
        self.given += row.given;
        self.cancelled += row.cancelled;
        self.unvalued += row.unvalued;
    }

    /// All that was ever promised: what waits, what was given, what was taken back.
    pub fn all(&self) -> i64 {
        self.promised + self.approved + self.given + self.cancelled
    }
}

/// One line of the sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub case_id: Option<CaseId>,
    pub code: Option<String>,
    /// `None`: from no fund of the list, of no organisation.
    pub word: Option<String>,
    pub amounts: Amounts,
}

/// The lines, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    pub by: HelpSum,
    pub lines: Vec<Line>,
    pub total: Amounts,
}

impl Sums {
    pub fn of(by: HelpSum, rows: Vec<Row>) -> Sums {
        let mut total = Amounts::default();
        rows.iter().for_each(|row| total.add(row));
        let lines = if by == HelpSum::Month { months(&rows) } else { rows.into_iter().map(line).collect() };
        Sums { by, lines, total }
    }
}

fn line(row: Row) -> Line {
    let mut amounts = Amounts::default();
    amounts.add(&row);
    Line { case_id: row.case_id, code: row.code, word: row.word, amounts }
}

/// Days become months, oldest first: `2026-11`.
fn months(rows: &[Row]) -> Vec<Line> {
    let mut months: BTreeMap<Option<String>, Amounts> = BTreeMap::new();
    for row in rows {
        let month = row.on_day.map(|day| day.0.strftime("%Y-%m").to_string());
        months.entry(month).or_default().add(row);
    }
    months.into_iter().map(|(word, amounts)| Line { case_id: None, code: None, word, amounts }).collect()
}
