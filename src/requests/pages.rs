//! The pages of a person's file: what stands in a row, in words; other people blacked out. Pure.

use crate::{
    base::{
        lang::Lang,
        text,
        time::At,
        told::{Left, Shown, TABLES, Table, Told},
    },
    store::{Fault, Period},
    trail::model::ToldOpening,
};
use askama::Template;

/// What stands in place of somebody else's name or number.
const BLACK: &str = "█████";

/// One table in words.
pub struct Section {
    table: &'static Table,
    pub rows: Vec<Vec<Cell>>,
}

/// A column in words: heading, what is shown, and what programs get.
pub struct Cell {
    pub label: String,
    pub shown: String,
    column: &'static str,
    plain: String,
}

impl Section {
    /// Rows with what is not empty in them.
    pub fn of(table: &'static Table, rows: Vec<Vec<Option<String>>>, lang: Lang, black: &[String]) -> Section {
        let cell = |(told, text): (&Told, Option<String>)| {
            let plain = blacked(&text.filter(|text| !text.is_empty())?, told.shown, black);
            let shown = in_words(&plain, told.shown, lang);
            (!shown.is_empty()).then(|| Cell {
                label: lang.say(told.label),
                column: told.column,
                plain: if told.shown == Shown::Who { shown.clone() } else { plain },
                shown,
            })
        };
        let rows = rows.into_iter().map(|row| table.told.iter().zip(row).filter_map(cell).collect());
        Section { table, rows: rows.filter(|row: &Vec<Cell>| !row.is_empty()).collect() }
    }

    fn title(&self) -> String {
        Lang::Vi.say(self.table.title)
    }

    fn json(&self) -> serde_json::Value {
        let row = |row: &Vec<Cell>| -> serde_json::Map<String, serde_json::Value> {
            row.iter().map(|cell| (cell.column.to_owned(), cell.plain.clone().into())).collect()
        };
        self.rows.iter().map(row).map(serde_json::Value::Object).collect()
    }
}

/// Free text without the names and numbers of relatives whom the record names.
fn blacked(text: &str, shown: Shown, black: &[String]) -> String {
    let mut text = text.to_owned();
    if matches!(shown, Shown::Text | Shown::Papers) {
        for word in black {
            text = replaced(&text, word);
        }
    }
    text
}

/// Every place where a word stands, small or capital letters alike.
fn replaced(text: &str, word: &str) -> String {
    let (low, wanted) = (text.to_lowercase(), word.to_lowercase());
    // Where small letters are as long as capital ones, places in both are the same; else only the very word.
    if low.len() != text.len() || !text.is_char_boundary(low.len()) {
        return text.replace(word, BLACK);
    }
    let (mut out, mut rest) = (String::new(), 0);
    for (at, _) in low.match_indices(&wanted) {
        if let Some(between) = text.get(rest..at) {
            out += between;
            out += BLACK;
            rest = at + wanted.len();
        }
    }
    out + text.get(rest..).unwrap_or_default()
}

/// What stands in a column, as a page says it.
fn in_words(text: &str, shown: Shown, lang: Lang) -> String {
    match shown {
        Shown::Day => text.parse().map_or_else(|_| text.to_owned(), text::show_day),
        Shown::At => text.parse().map_or_else(|_| text.to_owned(), |micros| moment(At::from_micros(micros))),
        Shown::Vnd => text.parse().map_or_else(|_| text.to_owned(), text::show_vnd),
        Shown::YesNo => lang.say(if matches!(text, "1" | "true") { "told-yes" } else { "told-no" }),
        Shown::Word(list) => {
            let key = format!("{list}-{text}");
            let said = lang.say(&key);
            if said == key { text.to_owned() } else { said }
        }
        Shown::Who => official(text, lang),
        Shown::Papers => papers(text, lang),
        Shown::Text
        | Shown::Number
        | Shown::Organisation
        | Shown::Area
        | Shown::Hamlet
        | Shown::Fund
        | Shown::Wording => text.to_owned(),
    }
}

/// `officer|` or `partner|Hội Phụ nữ`, in words. Names of officials are not in the file.
fn official(text: &str, lang: Lang) -> String {
    let (role, organisation) = text.split_once('|').unwrap_or((text, ""));
    let role = lang.say(&format!("role-{role}"));
    if organisation.is_empty() { role } else { format!("{role} · {organisation}") }
}

/// Several fields that lie in one: `name: …; birth: …`.
fn papers(text: &str, lang: Lang) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(text) else { return text.to_owned() };
    let line = |(name, value): (&String, &serde_json::Value)| {
        let value = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) if text.is_empty() => return None,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let key = format!("told-{name}");
        let said = lang.say(&key);
        Some(format!("{}: {value}", if said == key { name.replace('_', " ") } else { said }))
    };
    fields.iter().filter_map(line).collect::<Vec<_>>().join("; ")
}

/// `07:31, 23/11/2026`.
fn moment(at: At) -> String {
    let civil = at.civil();
    format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()))
}

/// The page of one case.
#[derive(Template)]
#[template(path = "requests/file/case.html")]
pub struct Leaf {
    pub sections: Vec<Section>,
}

impl Leaf {
    pub fn html(&self) -> Result<String, Fault> {
        rendered(self)
    }

    /// The same for programs: table, rows, columns.
    pub fn json(&self) -> serde_json::Value {
        let sections = self.sections.iter().map(|section| (section.table.name.to_owned(), section.json()));
        serde_json::Value::Object(sections.collect())
    }

    fn say(&self, key: &str) -> String {
        Lang::Vi.say(key)
    }
}

/// Somebody has opened a case of hers.
#[derive(serde::Serialize)]
pub struct Opened {
    /// In UTC.
    pub at: String,
    #[serde(skip)]
    shown_at: String,
    /// Role and organisation.
    who: String,
    parts: String,
    as_what: String,
}

impl Opened {
    pub fn of(line: &ToldOpening, lang: Lang) -> Opened {
        let parts: Vec<String> = line.parts().into_iter().map(|key| lang.say(key)).collect();
        Opened {
            at: line.at.to_string(),
            shown_at: moment(line.at),
            who: official(&line.who, lang),
            parts: parts.join(", "),
            as_what: lang.say(line.ground()),
        }
    }
}

#[derive(Template)]
#[template(path = "requests/file/openings.html")]
struct Openings<'a> {
    openings: &'a [Opened],
}

impl Openings<'_> {
    fn say(&self, key: &str) -> String {
        Lang::Vi.say(key)
    }
}

/// Who has opened it, newest first.
pub fn openings(openings: &[Opened]) -> Result<String, Fault> {
    rendered(&Openings { openings })
}

/// The first page: what this is, what is not in it and why, whom to ask.
#[derive(Template)]
#[template(path = "requests/file/cover.html")]
pub struct Cover {
    pub made_at: At,
    pub period: Period,
    pub role: String,
    pub pages: usize,
    /// Tables that whoever made the file may not see.
    pub missing: Vec<&'static str>,
}

impl Cover {
    pub fn html(&self) -> Result<String, Fault> {
        rendered(self)
    }

    fn say(&self, key: &str) -> String {
        Lang::Vi.say(key)
    }

    fn x(&self, key: &str, x: &str) -> String {
        Lang::Vi.with(key, &[("x", x.to_owned().into())])
    }

    fn made(&self) -> String {
        moment(self.made_at)
    }

    /// From when to when, in words.
    fn days(&self) -> String {
        let day = |day: Option<jiff::civil::Date>, none: &str| day.map_or_else(|| self.say(none), text::show_day);
        format!("{} – {}", day(self.period.from, "told-from-begin"), day(self.period.to, "told-until-now"))
    }

    /// Tables of which something about other people, or said under protection, is left out.
    fn withheld(&self, why: &str) -> String {
        let of = |table: &&Table| table.withheld().any(|left| left.as_str() == why);
        let titles: Vec<String> = TABLES.iter().filter(of).map(|table| self.say(table.title)).collect();
        titles.join(", ")
    }

    fn missing(&self) -> String {
        self.missing.iter().map(|title| self.say(title)).collect::<Vec<_>>().join(", ")
    }
}

fn rendered(page: &impl Template) -> Result<String, Fault> {
    page.render().map_err(|error| {
        tracing::error!(%error, "a page of a file could not be written");
        Fault::Inconsistent("a page of a file")
    })
}

/// What is not in the file, for programs: table, columns, why.
pub fn left_out() -> serde_json::Value {
    let mut left = Vec::new();
    for table in TABLES {
        for (why, columns) in table.left.iter().filter(|(why, _)| matches!(why, Left::Others | Left::Guarded)) {
            left.push(serde_json::json!({ "table": table.name, "columns": columns, "why": why.as_str() }));
        }
    }
    left.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relatives_are_blacked_out_whatever_the_letters() {
        let black = ["Nguyễn Thị Tư".to_owned(), "0912345678".to_owned()];
        let said = blacked("Gặp NGUYỄN THỊ TƯ và nguyễn thị tư, máy 0912345678.", Shown::Text, &black);
        assert_eq!(said, format!("Gặp {BLACK} và {BLACK}, máy {BLACK}."));
        assert_eq!(blacked("Nguyễn Thị Tư", Shown::Word("x"), &black), "Nguyễn Thị Tư");
    }

    #[test]
    fn what_stands_in_a_column_is_said_in_words() {
        for (text, shown, said) in [
            ("2026-11-23", Shown::Day, "23/11/2026"),
            ("true", Shown::YesNo, "Có"),
            ("0", Shown::YesNo, "Không"),
            ("female", Shown::Word("sex"), "Nữ"),
            ("partner|Hội Phụ nữ", Shown::Who, "Người giúp đỡ của đoàn thể · Hội Phụ nữ"),
            ("{\"name\":\"A\",\"x_y\":null}", Shown::Papers, "Họ tên: A"),
        ] {
            assert_eq!(in_words(text, shown, Lang::Vi), said, "{text}");
        }
    }
}
