//! An urgent need as it is told, answered and shown. Pure.

use crate::{
    base::{
        fields::UrgencyAnswer,
        ids::{CaseId, HomeNeedId, Id as _, NeedId, UrgencyId, UserId},
        lang::Lang,
        sealed::{Opens, Sealed, Shut},
        text,
        time::At,
        words::NeedArea,
    },
    mails::Letter,
    store::Paged,
};

/// What is urgent: what was found in one area of the person's life, or what somebody of her family needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Need(NeedId, NeedArea),
    HomeNeed(HomeNeedId),
}

impl Of {
    pub fn need(self) -> Option<NeedId> {
        if let Of::Need(id, _) = self { Some(id) } else { None }
    }

    pub fn home_need(self) -> Option<HomeNeedId> {
        if let Of::HomeNeed(id) = self { Some(id) } else { None }
    }

    pub fn area(self) -> Option<NeedArea> {
        if let Of::Need(_, area) = self { Some(area) } else { None }
    }
}

/// What is done about it, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerDraft {
    pub answer: String,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

/// Somebody who is told.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Head {
    pub id: UserId,
    pub email: Option<String>,
    pub lang: Lang,
}

/// An urgent need in a list: whose, since when. No word on what it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: UrgencyId,
    pub case_id: CaseId,
    pub code: String,
    pub name: String,
    /// Somebody of the family needs it.
    pub of_family: bool,
    pub by_id: UserId,
    pub by: String,
    pub raised_at: At,
    pub answered_at: Option<At>,
    pub answered_by: Option<String>,
    pub met_at: Option<At>,
    pub version: i64,
}

impl Line {
    /// Waits for an answer.
    pub fn is_waiting(&self) -> bool {
        self.answered_at.is_none() && self.met_at.is_none()
    }

    /// The chip of its state.
    pub fn class(&self) -> &'static str {
        if self.is_waiting() { "late" } else { "ok" }
    }

    /// The key of its state's words.
    pub fn state(&self) -> &'static str {
        match (self.met_at, self.answered_at) {
            (Some(_), _) => "urgencies-met",
            (None, Some(_)) => "urgencies-answered",
            (None, None) => "urgencies-waiting",
        }
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.raised_at, self.id]
    }
}

/// One of them, with what was answered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    #[sqlx(flatten)]
    pub line: Line,
    pub answer: Option<Sealed<UrgencyAnswer>>,
}

impl Opens for Whole {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn Shut)) {
        job(self.line.id.uuid(), &mut self.answer);
    }
}

/// The letter to a head: the code, and no name of anybody.
pub fn letter(lang: Lang, code: &str, at: At, link: &str) -> Letter {
    let civil = at.civil();
    let clock = format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()));
    let x = |key: &str, x: &str| lang.with(key, &[("x", x.to_owned().into())]);
    let lines = [
        lang.say("urgencies-mail-greeting"),
        String::new(),
        x("urgencies-mail-code", code),
        x("urgencies-mail-at", &clock),
        String::new(),
        lang.say("urgencies-mail-link"),
        link.to_owned(),
        String::new(),
        lang.say("urgencies-mail-only-codes"),
    ];
    Letter { subject: x("urgencies-mail-subject", code), body: lines.join("\n") + "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_has_the_code_and_no_name() {
        let at = At::of(jiff::civil::date(2026, 11, 23), 7, 31);
        let letter = letter(Lang::Vi, "DV-7K3QX", at, "https://x.example/urgencies/1");
        assert!(letter.subject.contains("DV-7K3QX") && letter.body.contains("07:31, 23/11/2026"));
        assert!(letter.body.contains("https://x.example/urgencies/1\n"));
    }
}
