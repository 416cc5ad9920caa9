//! What is asked and found, area by area.

use crate::base::{
    fields::{NeedAnswer, NeedNote},
    ids::{NeedAnswerId, NeedId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::At,
    words::{NeedArea, NeedLevel, QuestionKind},
};

/// A question of one version of the set.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Question {
    pub version: i64,
    pub word: String,
    pub area: NeedArea,
    pub kind: QuestionKind,
    pub asks_vi: String,
    pub asks_en: String,
}

/// Which areas the reader may know: health, family and law are parts with acts of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Walls {
    pub health: bool,
    pub family: bool,
    pub law: bool,
}

impl Walls {
    pub fn lets(self, area: NeedArea) -> bool {
        match area {
            NeedArea::Health => self.health,
            NeedArea::Family => self.family,
            NeedArea::Law => self.law,
            _ => true,
        }
    }

    /// The sensitive part that an area belongs to, as the trail calls it.
    pub const fn part(area: NeedArea) -> Option<&'static str> {
        match area {
            NeedArea::Health => Some("health"),
            NeedArea::Family => Some("family"),
            NeedArea::Law => Some("legal"),
            _ => None,
        }
    }

    /// The parts that these areas belong to, each once.
    pub fn parts(areas: impl Iterator<Item = NeedArea>) -> Vec<&'static str> {
        let mut parts: Vec<&'static str> = areas.filter_map(Walls::part).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

/// What was found in one area, as it is typed: how great the need is, a word on it, and answers by question.
#[derive(Clone, Debug, Default)]
pub struct NeedDraft {
    pub area: String,
    pub level: String,
    pub note: String,
    pub answers: Vec<(String, String)>,
}

impl NeedDraft {
    /// From the fields of a form: each question is a field of its own name.
    pub fn of_form(fields: &[(String, String)]) -> NeedDraft {
        let mut draft = NeedDraft::default();
        for (name, value) in fields {
            match name.as_str() {
                "area" => draft.area.clone_from(value),
                "level" => draft.level.clone_from(value),
                "note" => draft.note.clone_from(value),
                _ => draft.answers.push((name.clone(), value.clone())),
            }
        }
        draft
    }

    /// # Errors
    /// By field: no area, no level, a question that the set in force does not ask in this area, an answer that is neither
    /// yes nor no.
    pub fn check(&self, set: &[Question]) -> Result<NewNeed, Invalid> {
        let mut check = Check::default();
        let area = check.take("area", self.area.parse::<NeedArea>().map_err(|_| "not_chosen"));
        let level = check.take("level", self.level.parse::<NeedLevel>().map_err(|_| "not_chosen"));
        let note = check.take("note", text::clean_note_opt(&self.note, 1000)).flatten();
        let mut answers = Vec::new();
        for (word, typed) in self.answers.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            let asked = set.iter().find(|one| one.word == *word && Some(one.area) == area);
            let Some(question) = asked else {
                check.refuse("answers", "unknown_question");
                continue;
            };
            let said = match question.kind {
                QuestionKind::YesNo => check
                    .take("answers", matches!(typed.as_str(), "yes" | "no").then(|| typed.clone()).ok_or("not_chosen")),
                QuestionKind::Text => check.take("answers", text::clean_note(typed, 1000)),
            };
            answers.extend(said.map(|said| (question.word.clone(), said)));
        }
        let version = set.first().map_or(0, |question| question.version);
        let need = area.zip(level).map(|(area, level)| NewNeed { area, level, note, version, answers });
        check.give(need)
    }
}

/// What can be written down about one area.
#[derive(Clone, Debug)]
pub struct NewNeed {
    pub area: NeedArea,
    pub level: NeedLevel,
    pub note: Option<String>,
    /// The set that was asked.
    pub version: i64,
    pub answers: Vec<(String, String)>,
}

/// One look at one area.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NeedRow {
    pub id: NeedId,
    pub area: NeedArea,
    pub question_version: i64,
    pub level: NeedLevel,
    pub note: Option<Sealed<NeedNote>>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
}
crate::opens!(NeedRow { id => note });

/// An answer, with the question as it was asked then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerRow {
    pub id: NeedAnswerId,
    pub need_id: NeedId,
    pub question: String,
    pub kind: QuestionKind,
    pub asks_vi: String,
    pub asks_en: String,
    pub answer: Sealed<NeedAnswer>,
}
crate::opens!(AnswerRow { id => answer });

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> Vec<Question> {
        [("has_work", NeedArea::Work, QuestionKind::YesNo), ("skills", NeedArea::Work, QuestionKind::Text)]
            .into_iter()
            .map(|(word, area, kind)| Question {
                version: 3,
                word: word.into(),
                area,
                kind,
                asks_vi: String::new(),
                asks_en: String::new(),
            })
            .collect()
    }

    #[test]
    fn an_answer_is_taken_only_to_a_question_that_is_asked_in_that_area() {
        let typed = |area: &str, word: &str, said: &str| {
            let fields = [("area", area), ("level", "some"), (word, said)];
            let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            NeedDraft::of_form(&fields).check(&set())
        };
        let taken = typed("work", "has_work", "no").unwrap();
        assert_eq!((taken.version, taken.answers), (3, vec![("has_work".to_owned(), "no".to_owned())]));
        assert_eq!(typed("home", "has_work", "no").unwrap_err(), Invalid::one("answers", "unknown_question"));
        assert_eq!(typed("work", "has_work", "maybe").unwrap_err(), Invalid::one("answers", "not_chosen"));
    }
}
