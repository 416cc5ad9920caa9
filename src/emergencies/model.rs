//! An emergency opening as it is typed, checked, told and shown. Pure.

use crate::{
    base::{
        fields::{AcknowledgedNote, EmergencyReason},
        ids::{CaseId, EmergencyId, Id as _, UserId},
        lang::Lang,
        refusal::{Check, Invalid},
        sealed::{Opens, Sealed, Shut},
        text,
        time::At,
        words::EmergencyKind,
    },
    cases::model::parse_code,
    mails::Letter,
    policy::Role,
    store::Paged,
};

/// So long a record is open.
pub const OPEN_SECONDS: i64 = 30 * 60;
/// So often one may try within an hour, whether a record was opened or not.
pub const TRIES_AN_HOUR: i64 = 5;
/// An opening that nobody has acknowledged by then is late.
pub const LATE_SECONDS: i64 = 72 * 60 * 60;
/// A reason says at least so much.
const REASON_CHARS: usize = 20;

/// What is typed to open a record.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// The whole code, for example `DV-7K3QX`; no name, no part of one.
    pub code: String,
    pub kind: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEmergency {
    pub code: String,
    pub kind: EmergencyKind,
    pub reason: String,
}

impl Draft {
    /// # Errors
    /// By field: no code of a case, no kind, a reason of fewer than 20 characters. None of them depends on what there is.
    pub fn check(&self) -> Result<NewEmergency, Invalid> {
        let mut check = Check::default();
        let code = parse_code(&self.code);
        if code.is_none() {
            check.refuse("code", "not_a_code");
        }
        let kind = check.take("kind", self.kind.parse().map_err(|_| "not_chosen"));
        let reason = check.take("reason", text::clean_note(&self.reason, 500));
        let says_enough = reason.as_ref().is_none_or(|reason| reason.chars().count() >= REASON_CHARS);
        check.expect(says_enough, "reason", "reason_too_short");
        check.give(code.zip(kind).zip(reason).map(|((code, kind), reason)| NewEmergency { code, kind, reason }))
    }
}

/// What is typed to acknowledge an opening.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AcknowledgementDraft {
    pub note: String,
}

/// Somebody who is told.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reader {
    pub id: UserId,
    pub email: Option<String>,
    pub lang: Lang,
}

/// An opening, or a try to, in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: EmergencyId,
    pub code: String,
    /// `None`: nothing was opened.
    pub case_id: Option<CaseId>,
    pub by_id: UserId,
    pub by: String,
    pub role: Role,
    pub kind: EmergencyKind,
    pub restricted: bool,
    pub opened_at: At,
    pub ends_at: At,
    pub acknowledged_at: Option<At>,
    pub acknowledged_by: Option<String>,
    pub version: i64,
}

impl Line {
    /// Waits for somebody to acknowledge it.
    pub fn is_waiting(&self) -> bool {
        self.case_id.is_some() && self.acknowledged_at.is_none()
    }

    pub fn is_late(&self, now: At) -> bool {
        self.is_waiting() && now.seconds_since(self.opened_at) > LATE_SECONDS
    }

    pub fn is_open(&self, now: At) -> bool {
        self.case_id.is_some() && self.ends_at > now
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.opened_at, self.id]
    }
}

/// One opening with what was written about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    #[sqlx(flatten)]
    pub line: Line,
    pub reason: Sealed<EmergencyReason>,
    pub acknowledged_note: Option<Sealed<AcknowledgedNote>>,
}

impl Opens for Whole {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn Shut)) {
        let row = self.line.id.uuid();
        job(row, &mut self.reason);
        job(row, &mut self.acknowledged_note);
    }
}

/// The letter to those who are told: the code, and no name of anybody.
pub fn letter(lang: Lang, code: &str, at: At, restricted: bool, link: &str) -> Letter {
    let civil = at.civil();
    let clock = format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()));
    let x = |key: &str, x: &str| lang.with(key, &[("x", x.to_owned().into())]);
    let mut lines = vec![
        lang.say("emergencies-mail-greeting"),
        String::new(),
        x("emergencies-mail-code", code),
        x("emergencies-mail-at", &clock),
    ];
    if restricted {
        lines.push(lang.say("emergencies-mail-restricted"));
    }
    lines.extend([String::new(), lang.say("emergencies-mail-link"), link.to_owned(), String::new()]);
    lines.push(lang.say("emergencies-mail-only-codes"));
    Letter { subject: x("emergencies-mail-subject", code), body: lines.join("\n") + "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_code_a_kind_and_twenty_characters_are_asked_for() {
        let tell = |field: &str, code| (field.to_owned(), code);
        let codes = |draft: &Draft| {
            let told = draft.check().err().map(|invalid| invalid.0).unwrap_or_default();
            told.into_iter().map(|one| (one.field.into_owned(), one.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            codes(&Draft::default()),
            [tell("code", "not_a_code"), tell("kind", "not_chosen"), tell("reason", "empty")]
        );
        let code = crate::cases::model::code([1, 2, 3, 4]);
        let draft =
            Draft { code: code.to_lowercase(), kind: "health".into(), reason: "Gọi không được, cần ".into() };
        assert_eq!(codes(&draft), [tell("reason", "reason_too_short")], "blanks at the end say nothing");
        let draft = Draft { reason: "Ngất ở chợ, cần gọi nhà".into(), ..draft };
        assert_eq!(draft.check().map(|new| new.code), Ok(code));
        let part = Draft { code: draft.code[..6].into(), ..draft };
        assert_eq!(codes(&part), [tell("code", "not_a_code")]);
    }

    #[test]
    fn the_letter_has_the_code_and_no_name() {
        let at = At::of(jiff::civil::date(2026, 11, 23), 7, 31);
        let letter = letter(Lang::Vi, "DV-7K3QX", at, true, "https://x.example/emergencies/1");
        assert!(letter.subject.contains("DV-7K3QX") && letter.body.contains("07:31, 23/11/2026"));
        assert!(letter.body.contains("https://x.example/emergencies/1\n"));
    }
}
