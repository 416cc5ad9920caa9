//! A set of questions as it is typed, checked and shown.

use crate::base::{
    refusal::{Check, Invalid},
    text,
    time::{At, Day},
    words::{NeedArea, QuestionKind},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// More questions than an officer would ask.
const MOST: usize = 60;
/// Words that a form of answers has for itself.
const RESERVED: [&str; 6] = ["area", "level", "note", "answers", "version", "key"];

/// A set, and from which day it is asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct QuestionSet {
    pub version: i64,
    pub valid_from: Day,
    /// `None`: it came with the program.
    pub by: Option<String>,
    pub made_at: At,
    pub questions: i64,
}

/// A question as it is typed. One without words in either language is no question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionDraft {
    pub word: String,
    pub area: String,
    pub kind: String,
    pub vi: String,
    pub en: String,
}

/// A set as it is typed.
#[derive(Clone, Debug, Default)]
pub struct QuestionSetDraft {
    pub valid_from: String,
    /// The newest version when the form was shown.
    pub based_on: String,
    pub rows: Vec<QuestionDraft>,
}

/// A question that can be asked.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    pub word: String,
    pub area: NeedArea,
    pub kind: QuestionKind,
    pub vi: String,
    pub en: String,
}

/// A set that can be entered.
#[derive(Clone, Debug)]
pub struct NewSet {
    pub valid_from: Date,
    pub based_on: i64,
    pub rows: Vec<NewQuestion>,
}

impl QuestionSetDraft {
    /// From the fields of a form: `vi_3` is what the fourth row asks in Vietnamese.
    pub fn of_form(fields: &[(String, String)]) -> QuestionSetDraft {
        let mut draft = QuestionSetDraft::default();
        let mut rows: BTreeMap<usize, QuestionDraft> = BTreeMap::new();
        for (name, value) in fields {
            match name.as_str() {
                "valid_from" => draft.valid_from.clone_from(value),
                "based_on" => draft.based_on.clone_from(value),
                _ => {
                    let Some((field, at)) = name.rsplit_once('_') else { continue };
                    let Some(at) = at.parse().ok().filter(|at| *at <= MOST) else { continue };
                    let row = rows.entry(at).or_default();
                    match field {
                        "word" => row.word.clone_from(value),
                        "area" => row.area.clone_from(value),
                        "kind" => row.kind.clone_from(value),
                        "vi" => row.vi.clone_from(value),
                        "en" => row.en.clone_from(value),
                        _ => {}
                    }
                }
            }
        }
        if let Some(last) = rows.keys().next_back().copied() {
            draft.rows = (0..=last).map(|at| rows.remove(&at).unwrap_or_default()).collect();
        }
        draft
    }

    /// # Errors
    /// By field, those of a row with its number: no day or one before today; no question at all, more than sixty; a question
    /// without a word of its own, an area, a kind, or without its words in one of the languages.
    pub fn check(&self, today: Date) -> Result<NewSet, Invalid> {
        let mut check = Check::default();
        let valid_from = check.take("valid_from", text::parse_day(&self.valid_from, today));
        check.expect(valid_from.is_none_or(|day| day >= today), "valid_from", "in_the_past");
        let is_asked = |row: &QuestionDraft| !(row.vi.trim().is_empty() && row.en.trim().is_empty());
        let (mut rows, mut words): (Vec<NewQuestion>, Vec<String>) = (Vec::new(), Vec::new());
        for (at, row) in self.rows.iter().enumerate().filter(|(_, row)| is_asked(row)) {
            let word = row.word.trim().to_owned();
            if !is_word(&word) {
                check.refuse(format!("word_{at}"), "not_a_question_word");
            } else if words.contains(&word) {
                check.refuse(format!("word_{at}"), "question_word_twice");
            }
            words.push(word.clone());
            rows.extend(row.check(&mut check, at, word));
        }
        if words.is_empty() {
            check.refuse("vi_0", "no_question");
        }
        check.expect(words.len() <= MOST, "", "too_many_questions");
        let based_on = self.based_on.parse().unwrap_or(0);
        check.give(valid_from.map(|valid_from| NewSet { valid_from, based_on, rows }))
    }
}

impl QuestionDraft {
    /// What the row asks, if all of it is there.
    fn check(&self, check: &mut Check, at: usize, word: String) -> Option<NewQuestion> {
        let area = self.area.parse::<NeedArea>().ok();
        if area.is_none() {
            check.refuse(format!("area_{at}"), "not_chosen");
        }
        let kind = self.kind.parse::<QuestionKind>().ok();
        if kind.is_none() {
            check.refuse(format!("kind_{at}"), "not_chosen");
        }
        let mut asks = |name: &str, typed: &str| match text::clean_line(typed, 200) {
            Ok(asks) => Some(asks),
            Err(fault) => {
                check.refuse(format!("{name}_{at}"), fault.code());
                None
            }
        };
        let (vi, en) = (asks("vi", &self.vi), asks("en", &self.en));
        let all = area.zip(kind).zip(vi).zip(en);
        all.map(|(((area, kind), vi), en)| NewQuestion { word, area, kind, vi, en })
    }
}

/// A word of its own by which answers are kept: small letters, digits, underscores.
fn is_word(word: &str) -> bool {
    (2..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && word.as_bytes()[0].is_ascii_lowercase()
        && !RESERVED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn draft(rows: &[(&str, &str)]) -> QuestionSetDraft {
        let row = |(word, vi): &(&str, &str)| QuestionDraft {
            word: (*word).to_owned(),
            area: "work".into(),
            kind: "text".into(),
            vi: (*vi).to_owned(),
            en: (*vi).to_owned(),
        };
        QuestionSetDraft { valid_from: "01/12/2026".into(), based_on: "1".into(), rows: rows.iter().map(row).collect() }
    }

    #[test]
    fn a_form_is_read_row_by_row_and_an_empty_row_is_no_question() {
        let fields: Vec<(String, String)> =
            [("valid_from", "01/12/2026"), ("based_on", "1"), ("word_2", "skills"), ("vi_2", "Biết nghề gì?")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .into();
        let read = QuestionSetDraft::of_form(&fields);
        assert_eq!((read.rows.len(), read.rows[2].word.as_str(), read.rows[0].vi.as_str()), (3, "skills", ""));
    }

    #[test]
    fn each_question_has_a_word_of_its_own_and_both_languages() {
        let fields = |draft: &QuestionSetDraft| {
            let told = draft.check(TODAY).err().map(|invalid| invalid.0).unwrap_or_default();
            told.into_iter().map(|one| (one.field.into_owned(), one.code)).collect::<Vec<_>>()
        };
        assert!(fields(&draft(&[("skills", "Biết nghề gì?"), ("", "")])).is_empty());
        let twice = draft(&[("skills", "a?"), ("skills", "b?"), ("level", "c?"), ("Nghề", "d?")]);
        assert_eq!(
            fields(&twice),
            [
                ("word_1".to_owned(), "question_word_twice"),
                ("word_2".to_owned(), "not_a_question_word"),
                ("word_3".to_owned(), "not_a_question_word"),
            ]
        );
        assert_eq!(fields(&draft(&[("", "")])), [("vi_0".to_owned(), "no_question")]);
        let past = QuestionSetDraft { valid_from: "22/11/2026".into(), ..draft(&[("skills", "a?")]) };
        assert_eq!(fields(&past), [("valid_from".to_owned(), "in_the_past")]);
    }
}
