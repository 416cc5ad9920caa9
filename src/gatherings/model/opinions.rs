//! What is said at a meeting, and the answer: as typed, checked and shown. Pure.
//!
//! An opinion is the speaker's own. There is no field for somebody else whom it is about: the form says so.

use crate::{
    base::{
        arg::Arg,
        fields::{OpinionAnswer, OpinionText},
        ids::{CaseId, FollowUpId, GatheringId, OpinionId, OrganisationId, RelativeId, UserId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::Day,
        words::{AnswerKind, GatheringKind, Owes},
    },
    store::Paged,
};
use jiff::civil::Date;

/// What was said, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Who said it: `case`, `case:relative`; empty: nobody is named.
    pub who: String,
    pub text: String,
    /// Who owes an answer: `in_charge`, `officer:ID`, `organisation:ID`, `council`; empty: nobody.
    pub owes: String,
    pub due_on: String,
}

/// Who is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// Whoever is in charge of the case on which it hangs.
    InCharge,
    Officer(UserId),
    Organisation(OrganisationId),
    Council,
}

impl Answerer {
    pub const fn owes(self) -> Owes {
        match self {
            Answerer::InCharge | Answerer::Officer(_) => Owes::Officer,
            Answerer::Organisation(_) => Owes::Organisation,
            Answerer::Council => Owes::Council,
        }
    }

    pub const fn user(self) -> Option<UserId> {
        match self {
            Answerer::Officer(id) => Some(id),
            Answerer::InCharge | Answerer::Organisation(_) | Answerer::Council => None,
        }
    }

    pub const fn organisation(self) -> Option<OrganisationId> {
        match self {
            Answerer::Organisation(id) => Some(id),
            Answerer::InCharge | Answerer::Officer(_) | Answerer::Council => None,
        }
    }
}

/// What was said, as it can be taken.
#[derive(Clone, Debug)]
pub struct NewOpinion {
    pub who: Option<(CaseId, Option<RelativeId>)>,
    pub text: String,
    pub owed: Option<(Answerer, Date)>,
}

impl Draft {
    /// # Errors
    /// By field: no text; an answer without a day or a day without somebody who owes it; a day in the past; on somebody's
    /// case, one who cannot know it.
    pub fn check(&self, today: Date) -> Result<NewOpinion, Invalid> {
        let mut check = Check::default();
        let who = match self.who.as_str() {
            "" => Some(None),
            typed => check.take("who", speaker(typed).ok_or("unknown")).map(Some),
        };
        let text = check.take("text", text::clean_note(&self.text, 1000));
        let owes = match self.owes.as_str() {
            "" => None,
            typed => check.take("owes", answerer(typed).ok_or("not_chosen")),
        };
        let due_on = match self.due_on.trim() {
            "" => None,
            typed => check.take("due_on", text::parse_day(typed, today)),
        };
        check.expect(owes.is_none() || !self.due_on.trim().is_empty(), "due_on", "empty");
        if let Some(due_on) = due_on {
            check.expect(!self.owes.is_empty(), "owes", "not_chosen");
            check.expect(due_on >= today, "due_on", "in_the_past");
            check.expect(due_on <= crate::base::time::plus_days(today, 730), "due_on", "too_far");
        }
        let hangs = matches!(who, Some(Some(_)));
        match owes {
            // Who does not have the case shall not learn of it by an answer that she owes.
            Some(Answerer::Officer(_) | Answerer::Council) if hangs => check.refuse("owes", "not_of_this_case"),
            Some(Answerer::InCharge) if !hangs => check.refuse("owes", "nobody_in_charge"),
            _ => {}
        }
        check.give(who.zip(text).map(|(who, text)| NewOpinion { who, text, owed: owes.zip(due_on) }))
    }
}

fn speaker(typed: &str) -> Option<(CaseId, Option<RelativeId>)> {
    match typed.split_once(':') {
        None => Some((typed.parse().ok()?, None)),
        Some((case, relative)) => Some((case.parse().ok()?, Some(relative.parse().ok()?))),
    }
}

fn answerer(typed: &str) -> Option<Answerer> {
    match typed.split_once(':') {
        None if typed == "in_charge" => Some(Answerer::InCharge),
        None if typed == "council" => Some(Answerer::Council),
        Some(("officer", id)) => Some(Answerer::Officer(id.parse().ok()?)),
        Some(("organisation", id)) => Some(Answerer::Organisation(id.parse().ok()?)),
        _ => None,
    }
}

/// The answer as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerDraft {
    /// `answered`, or `beyond`: it is not ours to answer, and that was said in writing.
    pub kind: String,
    pub answer: String,
    /// Empty: today.
    pub on: String,
    pub version: String,
}

impl AnswerDraft {
    /// # Errors
    /// By field: no kind, no words, a day in the future.
    pub fn check(&self, today: Date) -> Result<(AnswerKind, String, Date), Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse::<AnswerKind>().map_err(|_| "not_chosen"));
        let answer = check.take("answer", text::clean_note(&self.answer, 1000));
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        check.give(kind.zip(answer).zip(on).map(|((kind, answer), on)| (kind, answer, on)))
    }
}

/// What was said, as pages show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpinionRow {
    pub id: OpinionId,
    pub gathering_id: GatheringId,
    pub gathering_kind: GatheringKind,
    pub on_day: Day,
    pub case_id: Option<CaseId>,
    pub name: Option<String>,
    pub code: Option<String>,
    /// One of the family said it; not told to a helper.
    pub by_relative: bool,
    pub text: Sealed<OpinionText>,
    pub owes: Option<Owes>,
    pub owes_user: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub name_vi: Option<String>,
    pub name_en: Option<String>,
    /// By when; of a task that was put off, its new day.
    pub due_on: Option<Day>,
    pub follow_up_id: Option<FollowUpId>,
    pub answer_kind: Option<AnswerKind>,
    pub answer: Option<Sealed<OpinionAnswer>>,
    pub answered_on: Option<Day>,
    pub answered_by: Option<String>,
    pub version: i64,
}

crate::opens!(OpinionRow { id => text, answer });

impl OpinionRow {
    /// Somebody owes an answer, and has not given it.
    pub fn waits(&self) -> bool {
        self.owes.is_some() && self.answered_on.is_none()
    }

    /// Its first words, to tell one from another by ear.
    pub fn first_words(&self) -> String {
        self.text.text().split_whitespace().take(8).collect::<Vec<_>>().join(" ")
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.waits() && self.due_on.is_some_and(|due_on| due_on.0 < today)
    }
}

impl Paged for OpinionRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.due_on, self.id]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);
    const ID: &str = "01900000-0000-7000-8000-000000000001";

    fn said(who: &str, owes: &str, due_on: &str) -> Result<NewOpinion, Invalid> {
        let word = |text: &str| text.to_owned();
        Draft { who: word(who), text: word("Đường về ấp tối quá"), owes: word(owes), due_on: word(due_on) }.check(TODAY)
    }

    fn refused(who: &str, owes: &str, due_on: &str) -> Vec<(String, &'static str)> {
        let all = said(who, owes, due_on).unwrap_err().0;
        all.into_iter().map(|refusal| (refusal.field.into_owned(), refusal.code)).collect()
    }

    #[test]
    fn an_answer_is_owed_by_somebody_and_by_a_day() {
        assert!(said("", "", "").unwrap().owed.is_none());
        let owed = said("", "council", "30/11/2026").unwrap().owed;
        assert_eq!(owed, Some((Answerer::Council, jiff::civil::date(2026, 11, 30))));
        assert_eq!(refused("", "council", ""), [("due_on".to_owned(), "empty")]);
        assert_eq!(refused("", "", "30/11/2026"), [("owes".to_owned(), "not_chosen")]);
        assert_eq!(refused("", "council", "22/11/2026"), [("due_on".to_owned(), "in_the_past")]);
    }

    #[test]
    fn what_hangs_on_a_case_is_answered_by_those_who_may_know_the_case() {
        let organisation = format!("organisation:{ID}");
        for owes in ["in_charge", organisation.as_str()] {
            assert!(said(ID, owes, "30/11/2026").is_ok(), "{owes}");
        }
        let colleague = format!("officer:{ID}");
        for owes in ["council", colleague.as_str()] {
            assert_eq!(refused(ID, owes, "30/11/2026"), [("owes".to_owned(), "not_of_this_case")]);
        }
        assert_eq!(refused("", "in_charge", "30/11/2026"), [("owes".to_owned(), "nobody_in_charge")]);
    }

    #[test]
    fn an_answer_has_a_kind_words_and_a_day_that_has_come() {
        let refused = AnswerDraft { on: "24/11/2026".to_owned(), ..AnswerDraft::default() }.check(TODAY).unwrap_err().0;
        let fields: Vec<_> = refused.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["kind", "answer", "on"]);
    }
}
