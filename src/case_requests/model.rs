//! A request for one case as it is typed, checked and shown. Pure.

use crate::{
    base::{
        fields::{AskedAnswer, AskedPaper, AskedReason},
        ids::{CaseId, CaseRequestId, Id as _, UserId},
        refusal::{Check, Invalid},
        sealed::{Opens, Sealed, Shut},
        text,
        time::{At, Day, plus_days},
        words::CaseRequestState,
    },
    cases::model::parse_code,
    policy::Actor,
    store::Paged,
};
use jiff::civil::Date;

/// What is typed to ask.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// The whole code, for example `DV-7K3QX`.
    pub code: String,
    pub document_no: String,
    pub reason: String,
    pub until_on: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    pub code: String,
    pub document_no: String,
    pub reason: String,
    pub until_on: Date,
}

/// The office's rules, in days.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub most: i64,
    pub answer: i64,
}

impl Draft {
    /// # Errors
    /// By field: no code of a case, no paper, no reason, a last day in the past or too far off.
    pub fn check(&self, today: Date, most: i64) -> Result<NewRequest, Invalid> {
        let mut check = Check::default();
        let code = parse_code(&self.code);
        if code.is_none() {
            check.refuse("code", "not_a_code");
        }
        let document_no = check.take("document_no", text::clean_line(&self.document_no, 60));
        let reason = check.take("reason", text::clean_note(&self.reason, 500));
        let until_on = check.take("until_on", text::parse_day(&self.until_on, today));
        check.expect(until_on.is_none_or(|day| day >= today), "until_on", "in_the_past");
        check.expect(until_on.is_none_or(|day| day <= plus_days(today, most)), "until_on", "too_far_off");
        let all = code.zip(document_no).zip(reason).zip(until_on);
        check.give(all.map(|(((code, document_no), reason), until_on)| NewRequest {
            code,
            document_no,
            reason,
            until_on,
        }))
    }
}

/// What the head says.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecisionDraft {
    /// `approved` or `refused`.
    pub verdict: String,
    pub reason: String,
    pub version: String,
}

impl DecisionDraft {
    pub fn check(&self) -> Result<(CaseRequestState, Option<String>), Invalid> {
        let mut check = Check::default();
        let state = match self.verdict.as_str() {
            "approved" => Some(CaseRequestState::Approved),
            "refused" => Some(CaseRequestState::Refused),
            _ => check.take("verdict", Err("not_chosen")),
        };
        let reason = check.take("reason", text::clean_note_opt(&self.reason, 500)).flatten();
        check.expect(state != Some(CaseRequestState::Refused) || reason.is_some(), "reason", "empty");
        check.give(state.map(|state| (state, reason)))
    }
}

/// A request in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: CaseRequestId,
    pub code: String,
    pub case_id: Option<CaseId>,
    pub state: CaseRequestState,
    pub until_on: Day,
    pub asked_by: UserId,
    pub by: String,
    pub asked_at: At,
    pub decided_at: Option<At>,
    pub version: i64,
}

impl Line {
    pub fn is_mine(&self, actor: &Actor) -> bool {
        actor.user() == Some(self.asked_by)
    }

    /// How it stands, as a key of `locales/`. To the one who asked, a no and no answer look alike.
    pub fn standing(&self, mine: bool, now: At, terms: Terms) -> &'static str {
        let overdue = now.seconds_since(self.asked_at) > terms.answer * 86_400;
        match self.state {
            CaseRequestState::Waiting | CaseRequestState::Refused if mine && overdue => "case-requests-not-granted",
            CaseRequestState::Refused if mine => CaseRequestState::Waiting.key(),
            CaseRequestState::Approved if self.until_on.0 < now.day() => "case-requests-over",
            state => state.key(),
        }
    }

    /// Does it open the case today?
    pub fn opens(&self, today: Date) -> bool {
        self.state == CaseRequestState::Approved && self.until_on.0 >= today
    }
}

impl Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.asked_at, self.id]
    }
}

/// One request with what was written.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    #[sqlx(flatten)]
    pub line: Line,
    pub document_no: Sealed<AskedPaper>,
    pub reason: Sealed<AskedReason>,
    pub answer: Option<Sealed<AskedAnswer>>,
}

impl Opens for Whole {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn Shut)) {
        let row = self.line.id.uuid();
        job(row, &mut self.document_no);
        job(row, &mut self.reason);
        job(row, &mut self.answer);
    }
}

/// How a request stands within a unit of work.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Standing {
    pub case_id: Option<CaseId>,
    pub state: CaseRequestState,
    pub until_on: Day,
    pub asked_by: UserId,
}
