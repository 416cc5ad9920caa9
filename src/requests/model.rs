//! A request as it is typed, checked and shown, and its terms. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{
            RequestAnswer, RequestAsker, RequestContact, RequestExtension, RequestOutcome, RequestProof,
            RequestRefusal, RequestRefusalBasis, RequestWhat,
        },
        ids::{CaseId, RequestId, UserId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{Day, plus_days},
        words::{RequestFrom, RequestKind, RequestState, RequestWay},
        workdays::Workdays,
    },
    store::Paged,
};
use jiff::civil::Date;

/// A request as it is taken down.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// A word of [`RequestFrom`].
    pub asked_by: String,
    pub kind: String,
    pub way: String,
    /// Empty: today.
    pub received_on: String,
    /// Name of whoever asks; empty for the person of a case herself.
    pub asker: String,
    /// By what a representative shows that she may speak for the person.
    pub proof: String,
    /// How she wants to be answered.
    pub contact: String,
    pub what: String,
    /// `true`: an organisation has to act too.
    pub others: String,
}

/// A request that can be taken down.
#[derive(Clone, Debug)]
pub struct NewRequest {
    pub asked_by: RequestFrom,
    pub kind: RequestKind,
    pub way: RequestWay,
    pub received_on: Date,
    pub asker: String,
    pub proof: Option<String>,
    pub contact: Option<String>,
    pub what: String,
    pub others: bool,
}

impl Draft {
    /// `known`: it is taken down on a case, so that the person herself need not be named.
    ///
    /// # Errors
    /// By field: what was not chosen or said; a day in the future, or more than a year ago; a representative without proof.
    pub fn check(&self, today: Date, known: bool) -> Result<NewRequest, Invalid> {
        let mut check = Check::default();
        let asked_by = check.take("asked_by", self.asked_by.parse::<RequestFrom>().map_err(|_| "not_chosen"));
        let kind = check.take("kind", self.kind.parse::<RequestKind>().map_err(|_| "not_chosen"));
        let way = check.take("way", self.way.parse::<RequestWay>().map_err(|_| "not_chosen"));
        let received_on = past(&mut check, "received_on", &self.received_on, today);
        check.expect(received_on.is_none_or(|day| day >= plus_days(today, -366)), "received_on", "too_far");
        let herself = known && asked_by == Some(RequestFrom::Person);
        let asker = match self.asker.trim() {
            "" if herself => Some(String::new()),
            typed => check.take("asker", text::clean_line(typed, 120)),
        };
        let proof = check.take("proof", text::clean_line_opt(&self.proof, 200)).flatten();
        check.expect(asked_by != Some(RequestFrom::Representative) || proof.is_some(), "proof", "empty");
        let contact = check.take("contact", text::clean_line_opt(&self.contact, 200)).flatten();
        let what = check.take("what", text::clean_note(&self.what, 2000));
        let others = self.others == "true";
        let all = asked_by.zip(kind).zip(way).zip(received_on).zip(asker).zip(what);
        check.give(all.map(|(((((asked_by, kind), way), received_on), asker), what)| NewRequest {
            asked_by,
            kind,
            way,
            received_on,
            asker,
            proof,
            contact,
            what,
            others,
        }))
    }
}

/// A day that is not to come; empty: today.
fn past(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    let day = match typed.trim() {
        "" => Some(today),
        typed => check.take(field, text::parse_day(typed, today)),
    };
    check.expect(day.is_none_or(|day| day <= today), field, "in_the_future");
    day
}

/// The rule by which what is asked must be done: withdrawal, restriction and objection are quicker than the other rights; with
/// others who must act there is more time.
pub const fn rule(kind: RequestKind, others: bool) -> &'static str {
    match (kind, others) {
        (RequestKind::Withdraw | RequestKind::Restrict | RequestKind::Object, false) => "request_stop",
        (RequestKind::Withdraw | RequestKind::Restrict | RequestKind::Object, true) => "request_stop_others",
        (_, false) => "request_other",
        (_, true) => "request_other_others",
    }
}

/// By when a request must be answered: so many working days after it came.
pub fn answer_by(received_on: Date, days: i64, calendar: &Workdays) -> Date {
    calendar.add(received_on, u32::try_from(days).unwrap_or(0))
}

/// By when it must be done: so many days after it came; a last day on which nobody works moves to the next that is worked.
pub fn act_by(received_on: Date, days: i64, calendar: &Workdays) -> Date {
    calendar.on_or_after(plus_days(received_on, days))
}

/// What is decided on a request, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerDraft {
    /// `accept` or `refuse`.
    pub verdict: String,
    /// Empty: today.
    pub answered_on: String,
    /// What she was told.
    pub answer: String,
    /// Why it is refused, and by which law.
    pub refusal: String,
    pub refusal_basis: String,
    /// `true`: an organisation has to act too.
    pub others: String,
    /// Who of the office does it; empty: whoever has it.
    pub handler: String,
    pub version: String,
}

/// A decision that can be taken.
#[derive(Clone, Debug)]
pub struct Answer {
    pub on: Date,
    pub answer: String,
    /// Reason and legal basis of a refusal.
    pub refusal: Option<(String, String)>,
    pub others: bool,
    pub handler: Option<String>,
}

impl AnswerDraft {
    /// # Errors
    /// By field: no verdict; a day before it came or in the future; nothing was told; a refusal without reason or legal basis.
    pub fn check(&self, received_on: Date, today: Date) -> Result<Answer, Invalid> {
        let mut check = Check::default();
        let refuses = self.verdict == "refuse";
        check.expect(refuses || self.verdict == "accept", "verdict", "not_chosen");
        let on = past(&mut check, "answered_on", &self.answered_on, today);
        check.expect(on.is_none_or(|on| on >= received_on), "answered_on", "before_received");
        let answer = check.take("answer", text::clean_note(&self.answer, 2000));
        let refusal = if refuses {
            let reason = check.take("refusal", text::clean_note(&self.refusal, 1000));
            reason.zip(check.take("refusal_basis", text::clean_line(&self.refusal_basis, 200)))
        } else {
            None
        };
        let handler = Some(self.handler.trim().to_owned()).filter(|name| !name.is_empty());
        let others = self.others == "true";
        check.give(on.zip(answer).map(|(on, answer)| Answer { on, answer, refusal, others, handler }))
    }
}

/// More time, once, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExtensionDraft {
    pub to_on: String,
    pub reason: String,
    pub version: String,
}

impl ExtensionDraft {
    /// # Errors
    /// By field: no reason; a day that is not later than the term, or later than it may be put off.
    pub fn check(&self, act_by_on: Date, most: i64, today: Date) -> Result<(Date, String), Invalid> {
        let mut check = Check::default();
        let to = check.take("to_on", text::parse_day(&self.to_on, today));
        check.expect(to.is_none_or(|to| to > act_by_on), "to_on", "not_after_term");
        check.expect(to.is_none_or(|to| to <= plus_days(act_by_on, most)), "to_on", "too_far");
        let reason = check.take("reason", text::clean_note(&self.reason, 500));
        check.give(to.zip(reason))
    }
}

/// That it was done, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DoneDraft {
    /// Empty: today.
    pub done_on: String,
    pub outcome: String,
    pub version: String,
}

impl DoneDraft {
    /// # Errors
    /// By field: a day before it was answered, or in the future; nothing said of what was done.
    pub fn check(&self, answered_on: Date, today: Date) -> Result<(Date, String), Invalid> {
        let mut check = Check::default();
        let on = past(&mut check, "done_on", &self.done_on, today);
        check.expect(on.is_none_or(|on| on >= answered_on), "done_on", "before_answered");
        let outcome = check.take("outcome", text::clean_note(&self.outcome, 1000));
        check.give(on.zip(outcome))
    }
}

/// Whose request it is found to be, as it is typed: the code of a case, or the number of a seal.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkDraft {
    pub code: String,
    pub version: String,
}

/// A request as the register shows it: nothing of what was asked, or by whom.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: RequestId,
    pub number: String,
    pub kind: RequestKind,
    pub asker_kind: RequestFrom,
    pub way: RequestWay,
    pub state: RequestState,
    pub others: bool,
    pub received_on: Day,
    pub answer_by_on: Day,
    pub act_by_on: Day,
    /// What it waits for next; `None`: nothing.
    pub due_on: Option<Day>,
    pub extended: bool,
    pub answered_on: Option<Day>,
    pub done_on: Option<Day>,
    pub handler_id: UserId,
    /// Who of the office does it.
    pub handler: String,
    /// Code and id of the case, for those who may read the request; none while the case is sealed.
    pub code: Option<String>,
    pub case_id: Option<CaseId>,
    /// Number of the seal on that case.
    pub seal: Option<String>,
    pub version: i64,
}

impl Line {
    pub fn is_open(&self) -> bool {
        matches!(self.state, RequestState::Received | RequestState::Accepted)
    }

    pub fn waits_for_answer(&self) -> bool {
        self.state == RequestState::Received
    }
}

/// Open ones by what is due first.
impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.due_on, self.id]
    }
}

/// One that is over: by the day on which it came, newest first.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OverLine {
    #[sqlx(flatten)]
    pub line: Line,
}

impl Paged for OverLine {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.line.received_on, self.line.id]
    }
}

/// What was asked and answered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Content {
    pub id: RequestId,
    pub asker: Option<Sealed<RequestAsker>>,
    pub proof: Option<Sealed<RequestProof>>,
    pub contact: Option<Sealed<RequestContact>>,
    pub what: Option<Sealed<RequestWhat>>,
    pub answer: Option<Sealed<RequestAnswer>>,
    pub extension: Option<Sealed<RequestExtension>>,
    pub refusal: Option<Sealed<RequestRefusal>>,
    pub refusal_basis: Option<Sealed<RequestRefusalBasis>>,
    pub outcome: Option<Sealed<RequestOutcome>>,
}

crate::opens!(Content { id => asker, proof, contact, what, answer, extension, refusal, refusal_basis, outcome });

/// The same as a verb needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    pub case_id: Option<CaseId>,
    pub sealed: bool,
    pub kind: RequestKind,
    pub state: RequestState,
    pub others: bool,
    pub received_on: Day,
    pub act_by_on: Day,
    pub answered_on: Option<Day>,
    pub extended: bool,
    pub area_code: crate::policy::AreaCode,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn draft() -> Draft {
        Draft {
            asked_by: "person".into(),
            kind: "see".into(),
            way: "in_person".into(),
            what: "xin xem".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn an_answer_is_due_in_two_working_days_and_the_rest_by_its_kind() {
        let calendar = Workdays::new([date(2026, 11, 24)], []);
        // Monday 23, the 24th is off: Wednesday and Thursday.
        assert_eq!(answer_by(date(2026, 11, 23), 2, &calendar), date(2026, 11, 26));
        assert_eq!(answer_by(date(2026, 11, 27), 2, &calendar), date(2026, 12, 1));
        // The fifteenth day is a Saturday: Monday.
        assert_eq!(act_by(date(2026, 11, 27), 15, &calendar), date(2026, 12, 14));
        assert_eq!(act_by(date(2026, 11, 23), 15, &calendar), date(2026, 12, 8));
    }

    #[test]
    fn each_kind_has_its_term() {
        for (kind, alone, others) in [
            (RequestKind::Withdraw, "request_stop", "request_stop_others"),
            (RequestKind::Restrict, "request_stop", "request_stop_others"),
            (RequestKind::Object, "request_stop", "request_stop_others"),
            (RequestKind::See, "request_other", "request_other_others"),
            (RequestKind::Erase, "request_other", "request_other_others"),
        ] {
            assert_eq!((rule(kind, false), rule(kind, true)), (alone, others));
        }
    }

    #[test]
    fn the_person_of_a_case_need_not_be_named_and_a_representative_shows_her_proof() {
        let today = date(2026, 11, 23);
        assert!(draft().check(today, true).is_ok());
        assert_eq!(draft().check(today, false).unwrap_err(), Invalid::one("asker", "empty"));
        let other = Draft { asked_by: "representative".into(), asker: "Lê Thị Hoa".into(), ..draft() };
        assert_eq!(other.check(today, true).unwrap_err(), Invalid::one("proof", "empty"));
        let late = Draft { received_on: "24/11/2026".into(), ..draft() };
        assert_eq!(late.check(today, true).unwrap_err(), Invalid::one("received_on", "in_the_future"));
    }

    #[test]
    fn a_refusal_has_a_reason_and_a_law_and_an_extension_its_bounds() {
        let (received, today) = (date(2026, 11, 20), date(2026, 11, 23));
        let refusal = AnswerDraft { verdict: "refuse".into(), answer: "không".into(), ..AnswerDraft::default() };
        let told: Vec<_> = refusal.check(received, today).unwrap_err().0.into_iter().map(|one| one.field).collect();
        assert_eq!(told, ["refusal", "refusal_basis"]);
        let by = date(2026, 12, 8);
        let asked = |to: &str| {
            let draft =
                ExtensionDraft { to_on: to.into(), reason: "chờ ngân hàng".into(), ..ExtensionDraft::default() };
            draft.check(by, 15, today).map(|found| found.0)
        };
        assert_eq!(asked("23/12/2026"), Ok(date(2026, 12, 23)));
        assert_eq!(asked("24/12/2026"), Err(Invalid::one("to_on", "too_far")));
        assert_eq!(asked("08/12/2026"), Err(Invalid::one("to_on", "not_after_term")));
    }
}
