//! Breaches, the shortening of a probation, the certificate of completion.

use super::{day, kept, line, note, past};
use crate::base::{
    fields::{BreachContent, CertificateContent, ShorteningContent},
    ids::{BreachId, CertificateId, FollowUpId, ShorteningId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{CertificateHow, Regime, ShorteningState},
};
use jiff::civil::Date;

/// A breach as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreachDraft {
    pub on: String,
    pub what: String,
    /// `true`: on purpose.
    pub wilful: String,
    /// Number of the warning or the minutes.
    pub paper_no: String,
    pub measures: String,
    /// By when what was decided is to be done.
    pub due_on: String,
}

/// A breach that can be taken.
#[derive(Clone, Debug)]
pub struct NewBreach {
    pub on: Date,
    pub due_on: Date,
    pub content: Broken,
}

/// What was broken, and what is done about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Broken {
    pub what: String,
    pub wilful: bool,
    pub paper_no: String,
    pub measures: String,
    /// What came of it; empty: it is not settled yet.
    pub outcome: String,
}

impl BreachDraft {
    /// # Errors
    /// By field: no day, or one to come; nothing said of what it was and of what is done; a day before today.
    pub fn check(&self, today: Date) -> Result<NewBreach, Invalid> {
        let mut check = Check::default();
        let on = day(&mut check, "on", &self.on, today);
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let what = check.take("what", text::clean_note(&self.what, 2000));
        let paper_no = line(&mut check, "paper_no", &self.paper_no);
        let measures = check.take("measures", text::clean_note(&self.measures, 2000));
        let due_on = day(&mut check, "due_on", &self.due_on, today);
        check.expect(due_on.is_none_or(|due| due >= today), "due_on", "in_the_past");
        let whole = on.zip(what).zip(measures).zip(due_on);
        check.give(whole.map(|(((on, what), measures), due_on)| NewBreach {
            on,
            due_on,
            content: Broken { what, wilful: self.wilful == "true", paper_no, measures, outcome: String::new() },
        }))
    }
}

/// What came of a breach, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettlementDraft {
    pub breach: String,
    /// Empty: today.
    pub on: String,
    pub outcome: String,
    pub version: String,
}

impl SettlementDraft {
    /// # Errors
    /// By field: no breach; a day to come; nothing said.
    pub fn check(&self, today: Date) -> Result<(BreachId, Date, String), Invalid> {
        let mut check = Check::default();
        let id = check.take("breach", self.breach.trim().parse().map_err(|_| "unknown"));
        let on = past(&mut check, "on", &self.on, today);
        let outcome = check.take("outcome", text::clean_note(&self.outcome, 2000));
        check.give(id.zip(on).zip(outcome).map(|((id, on), outcome)| (id, on, outcome)))
    }
}

/// Why something was taken out that was written down by mistake, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MistakeDraft {
    /// The id of what goes.
    pub row: String,
    pub reason: String,
    pub version: String,
}

impl MistakeDraft {
    /// # Errors
    /// By field: no id; no reason.
    pub fn check<I: std::str::FromStr>(&self) -> Result<(I, String), Invalid> {
        let mut check = Check::default();
        let id = check.take("row", self.row.trim().parse().map_err(|_| "unknown"));
        let reason = check.take("reason", text::clean_line(&self.reason, 300));
        check.give(id.zip(reason))
    }
}

/// A breach as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BreachRow {
    pub id: BreachId,
    pub on_day: Day,
    pub due_on: Day,
    pub settled_on: Option<Day>,
    pub task_id: Option<FollowUpId>,
    pub content: Sealed<BreachContent>,
    pub by: String,
    pub made_at: At,
}

crate::opens!(BreachRow { id => content });

impl BreachRow {
    pub fn said(&self) -> Option<Broken> {
        kept(self.content.text())
    }

    pub fn is_wilful(&self) -> bool {
        self.said().is_some_and(|said| said.wilful)
    }
}

/// So many breaches on purpose that the court may be asked (BLHS Điều 65): a hint with its ground, nothing more. Of a suspended
/// sentence only; of somebody under 18 another law is to be read first, and nothing is hinted at.
pub fn court_hint(breaches: &[BreachRow], from: i64, regime: Regime, juvenile: bool) -> Option<i64> {
    let wilful = breaches.iter().filter(|row| row.is_wilful()).count();
    let wilful = i64::try_from(wilful).unwrap_or(i64::MAX);
    (regime == Regime::SuspendedSentence && !juvenile && wilful >= from).then_some(wilful)
}

/// That a shortening was considered, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShorteningDraft {
    /// `proposed`, `not_proposed`.
    pub state: String,
    /// Empty: today.
    pub on: String,
    /// How many months are proposed.
    pub months: String,
    /// On what ground; needed where it is not proposed.
    pub note: String,
    /// Why it goes beyond the rules, where it does: merit, grave illness, a rest of a month.
    pub over_reason: String,
}

/// A shortening that was considered.
#[derive(Clone, Debug)]
pub struct NewShortening {
    pub state: ShorteningState,
    pub on: Date,
    pub months: Option<i64>,
    pub content: Considered,
}

/// What was proposed on what ground, and what the court said.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Considered {
    pub note: String,
    pub number: String,
    pub reasons: String,
    /// Why it goes beyond the rules; empty: it does not.
    #[serde(default)]
    pub over_reason: String,
}

fn months(check: &mut Check, typed: &str) -> Option<i64> {
    let months = check.take("months", typed.trim().parse::<i64>().map_err(|_| "not_a_number"))?;
    check.expect((1..=360).contains(&months), "months", "out_of_range");
    Some(months)
}

impl ShorteningDraft {
    /// # Errors
    /// By field: not said whether it is proposed; a day to come; a proposal without its months; nothing said why not.
    pub fn check(&self, today: Date) -> Result<NewShortening, Invalid> {
        let mut check = Check::default();
        let state = match self.state.as_str() {
            "proposed" => Some(ShorteningState::Proposed),
            "not_proposed" => Some(ShorteningState::NotProposed),
            _ => check.take("state", Err::<ShorteningState, _>("not_chosen")),
        };
        let on = past(&mut check, "on", &self.on, today);
        let proposed = state == Some(ShorteningState::Proposed);
        let months = if proposed { months(&mut check, &self.months) } else { None };
        let note = note(&mut check, "note", &self.note);
        let over_reason = self::note(&mut check, "over_reason", &self.over_reason);
        check.expect(state != Some(ShorteningState::NotProposed) || !note.is_empty(), "note", "empty");
        check.give(state.zip(on).map(|(state, on)| NewShortening {
            state,
            on,
            months,
            content: Considered { note, over_reason, ..Considered::default() },
        }))
    }
}

/// What the court decided, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CourtDraft {
    pub shortening: String,
    /// `granted`, `refused`.
    pub verdict: String,
    pub number: String,
    pub on: String,
    /// By how many months; of one that is granted.
    pub months: String,
    pub reasons: String,
    /// Why the court went beyond the rules, where it did.
    pub over_reason: String,
    pub version: String,
}

/// A decision of the court that can be taken.
#[derive(Clone, Debug)]
pub struct Court {
    pub id: ShorteningId,
    pub state: ShorteningState,
    pub on: Date,
    pub months: Option<i64>,
    pub number: String,
    pub reasons: String,
    pub over_reason: String,
}

impl CourtDraft {
    /// # Errors
    /// By field: no proposal; no verdict, number or day; a day to come; granted without its months.
    pub fn check(&self, today: Date) -> Result<Court, Invalid> {
        let mut check = Check::default();
        let id = check.take("shortening", self.shortening.trim().parse().map_err(|_| "unknown"));
        let state = match self.verdict.as_str() {
            "granted" => Some(ShorteningState::Granted),
            "refused" => Some(ShorteningState::Refused),
            _ => check.take("verdict", Err::<ShorteningState, _>("not_chosen")),
        };
        let number = check.take("number", text::clean_line(&self.number, 60));
        let on = day(&mut check, "on", &self.on, today);
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let granted = state == Some(ShorteningState::Granted);
        let months = if granted { months(&mut check, &self.months) } else { None };
        let reasons = note(&mut check, "reasons", &self.reasons);
        let over_reason = note(&mut check, "over_reason", &self.over_reason);
        let whole = id.zip(state).zip(number).zip(on);
        check.give(whole.map(|(((id, state), number), on)| Court {
            id,
            state,
            on,
            months,
            number,
            reasons,
            over_reason,
        }))
    }
}

/// A shortening as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ShorteningRow {
    pub id: ShorteningId,
    pub state: ShorteningState,
    pub proposed_on: Day,
    pub decided_on: Option<Day>,
    pub months: Option<i64>,
    pub content: Sealed<ShorteningContent>,
    pub by: String,
    pub made_at: At,
}

crate::opens!(ShorteningRow { id => content });

impl ShorteningRow {
    pub fn said(&self) -> Option<Considered> {
        kept(self.content.text())
    }
}

/// The certificate of completion, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateDraft {
    pub number: String,
    /// Empty: today.
    pub given_on: String,
    pub how: String,
    pub note: String,
}

/// A certificate that can be taken.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    pub given_on: Date,
    pub how: CertificateHow,
    pub content: Certified,
}

/// What is written down of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Certified {
    pub number: String,
    pub note: String,
}

impl CertificateDraft {
    /// # Errors
    /// By field: no number; a day to come; not said how it reached her.
    pub fn check(&self, today: Date) -> Result<NewCertificate, Invalid> {
        let mut check = Check::default();
        let number = check.take("number", text::clean_line(&self.number, 60));
        let given_on = past(&mut check, "given_on", &self.given_on, today);
        let how = check.take("how", self.how.parse::<CertificateHow>().map_err(|_| "not_chosen"));
        let note = note(&mut check, "note", &self.note);
        check.give(number.zip(given_on).zip(how).map(|((number, given_on), how)| NewCertificate {
            given_on,
            how,
            content: Certified { number, note },
        }))
    }
}

/// A certificate as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CertificateRow {
    pub id: CertificateId,
    pub given_on: Day,
    pub how: CertificateHow,
    pub content: Sealed<CertificateContent>,
    pub by: String,
    pub made_at: At,
}

crate::opens!(CertificateRow { id => content });

impl CertificateRow {
    pub fn said(&self) -> Option<Certified> {
        kept(self.content.text())
    }
}
