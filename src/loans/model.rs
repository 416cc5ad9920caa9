//! Who may borrow, what a line and a list are, as typed, checked and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{LoanAnswerNote, LoanContent, LoanListComment, LoanWhat},
        ids::{CaseId, FundId, LoanAccountId, LoanLineId, LoanListId, PersonId},
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{At, Day},
        words::{CaseStatus, FundKind, Group, LoanAnswer, LoanListState, LoanPurpose, LoanStanding, Regime},
    },
    funds::model::Rules,
    policy::AreaCode,
    store::Paged,
};
use jiff::{ToSpan, civil::Date};

/// The rules of the law and the office that are in force today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Months from the completed sentence within which a loan can be had.
    pub window: i64,
    /// Months before the end of that term at which somebody is told.
    pub warning: i64,
    /// Most for a month of training.
    pub training_month: i64,
    /// Most for business, one person.
    pub business: i64,
    /// Longest term of a loan for business.
    pub months: i64,
}

/// What is known of somebody who may want to borrow. `None`: it is not written down, or may not be known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub regime: Option<Regime>,
    pub certificate: Option<bool>,
    pub completed_on: Option<Date>,
    pub status: Option<CaseStatus>,
    /// `Some(None)`: not classified yet.
    pub group: Option<Option<Group>>,
    /// Stands on a list already, or has a loan that is not paid back.
    pub listed: bool,
}

/// One condition, and whether it is met. `None`: nobody has written it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its sentence is `loans-point-{word}`.
    pub key: &'static str,
    pub met: Option<bool>,
}

/// A hint, never a decision: the list is drawn up and confirmed by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub points: Vec<Point>,
    /// The last day of the term within which a loan can be had.
    pub until: Option<Date>,
    /// The term ends soon.
    pub ends_soon: bool,
}

impl Hint {
    /// Every condition is met; `None`: something is not known.
    pub fn fits(&self) -> Option<bool> {
        if self.points.iter().any(|point| point.met == Some(false)) {
            return Some(false);
        }
        self.points.iter().all(|point| point.met.is_some()).then_some(true)
    }

    /// The word of the whole, for keys and for programs.
    pub fn word(&self) -> &'static str {
        match self.fits() {
            Some(true) => "fits",
            Some(false) => "not",
            None => "open",
        }
    }
}

/// The last day of the term, and the day from which somebody is told.
pub fn window(completed_on: Date, limits: &Limits) -> Option<(Date, Date)> {
    let until = completed_on.checked_add(limits.window.months()).ok()?;
    let from = completed_on.checked_add((limits.window - limits.warning).months()).ok()?;
    Some((until, from))
}

/// May this person borrow, and why (not)?
pub fn hint(facts: &Facts, limits: &Limits, today: Date) -> Hint {
    let window = facts.completed_on.and_then(|day| window(day, limits));
    let regime = facts.regime.map(|regime| matches!(regime, Regime::Completed | Regime::Amnestied));
    let conduct = facts.group.map(|group| !matches!(group, Some(Group::C | Group::D)));
    let points = vec![
        Point { key: "loans-point-regime", met: regime },
        Point { key: "loans-point-certificate", met: facts.certificate },
        Point { key: "loans-point-completed", met: facts.completed_on.map(|day| day <= today) },
        Point { key: "loans-point-window", met: window.map(|(until, _)| today <= until) },
        Point { key: "loans-point-residing", met: facts.status.map(|status| status == CaseStatus::Active) },
        Point { key: "loans-point-conduct", met: conduct },
        Point { key: "loans-point-listed", met: Some(!facts.listed) },
    ];
    let ends_soon = window.is_some_and(|(until, from)| from <= today && today <= until);
    Hint { points, until: window.map(|(until, _)| until), ends_soon }
}

/// What somebody wants to borrow, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub fund_id: String,
    pub purpose: String,
    pub vnd: String,
    pub months: String,
    pub what: String,
}

/// A wish that can be taken.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub fund: FundId,
    pub purpose: LoanPurpose,
    pub vnd: i64,
    pub months: i64,
    pub what: String,
}

impl Draft {
    /// # Errors
    /// No fund, no purpose, no sum, no term, no word on what for.
    pub fn check(&self) -> Result<NewLine, Invalid> {
        let mut check = Check::default();
        let fund = check.take("fund_id", self.fund_id.trim().parse::<FundId>().map_err(|_| "not_chosen"));
        let purpose = check.take("purpose", self.purpose.parse::<LoanPurpose>().map_err(|_| "not_chosen"));
        let vnd = check.take("vnd", text::parse_vnd(&self.vnd));
        check.expect(vnd.is_none_or(|vnd| vnd > 0), "vnd", "out_of_range");
        let months = check.take("months", self.months.trim().parse::<i64>().map_err(|_| "not_a_number"));
        check.expect(months.is_none_or(|months| (1..=360).contains(&months)), "months", "out_of_range");
        let what = check.take("what", text::clean_line(&self.what, 200));
        let all = fund.zip(purpose).zip(vnd).zip(months).zip(what);
        check.give(all.map(|((((fund, purpose), vnd), months), what)| NewLine { fund, purpose, vnd, months, what }))
    }
}

impl NewLine {
    /// State credit goes by the rules of the law, every other fund by its own.
    ///
    /// # Errors
    /// More, or for longer, than the rule allows; the refusal tells the most.
    pub fn within(&self, fund: &Rules, limits: &Limits) -> Result<(), Invalid> {
        fund.check(Some(self.vnd))?;
        let (most, longest) = match (fund.kind, self.purpose) {
            (FundKind::PolicyCredit, LoanPurpose::Training) => {
                (Some(limits.training_month.saturating_mul(self.months)), None)
            }
            (FundKind::PolicyCredit, LoanPurpose::Business) => (Some(limits.business), Some(limits.months)),
            _ => (None, fund.most_months),
        };
        if let Some(most) = most.filter(|most| self.vnd > *most) {
            return Err(Invalid::telling("vnd", "over_the_rule", text::show_vnd(most)));
        }
        match longest.filter(|longest| self.months > *longest) {
            Some(longest) => Err(Invalid::telling("months", "longer_than_the_rule", longest.to_string())),
            None => Ok(()),
        }
    }
}

/// What the paper says of a person: kept with the line as it was when it was signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Content {
    pub name: String,
    pub birth: String,
    pub address: String,
    pub certificate_no: String,
    pub certificate_on: Option<Day>,
    pub completed_on: Option<Day>,
}

impl Content {
    /// Who borrows, and nothing of why she is on the list.
    pub fn without_the_sentence(self) -> Content {
        let Content { name, birth, address, .. } = self;
        Content { name, birth, address, ..Content::default() }
    }
}

/// A line as it is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LineRow {
    pub id: LoanLineId,
    pub list_id: LoanListId,
    pub case_id: CaseId,
    pub purpose: LoanPurpose,
    pub vnd: i64,
    pub months: i64,
    pub what: Sealed<LoanWhat>,
    pub content: Sealed<LoanContent>,
    pub by: String,
    pub made_at: At,
    pub withdrawn_at: Option<At>,
    pub struck_at: Option<At>,
    pub answer: Option<LoanAnswer>,
    pub answered_on: Option<Day>,
    pub answer_note: Option<Sealed<LoanAnswerNote>>,
    /// Since when it is the lender's alone: the case that it came from was sealed then.
    pub carried_at: Option<At>,
    pub version: i64,
    pub state: LoanListState,
    pub number: String,
    pub fund_id: FundId,
    pub fund: String,
}

crate::opens!(LineRow { id => what, content, answer_note });

impl Paged for LineRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.made_at, self.id]
    }
}

impl LineRow {
    /// What the paper says; nothing of it if it cannot be read.
    pub fn paper(&self) -> Content {
        serde_json::from_str(self.content.text()).unwrap_or_default()
    }

    /// Somebody may still say yes to it.
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && self.struck_at.is_none() && self.withdrawn_at.is_none()
    }

    /// It has not left the commune police.
    pub fn is_in_hand(&self) -> bool {
        self.withdrawn_at.is_none() && matches!(self.state, LoanListState::Draft | LoanListState::Returned)
    }

    /// The lender has it and has not answered.
    pub fn waits_for_answer(&self) -> bool {
        let sent = matches!(self.state, LoanListState::Sent | LoanListState::Answered);
        sent && self.is_open()
    }

    /// How far it has come, as the key of a word.
    pub fn standing(&self) -> &'static str {
        match self.answer {
            _ if self.withdrawn_at.is_some() => "loans-withdrawn",
            _ if self.struck_at.is_some() => "loans-struck",
            Some(answer) => answer.key(),
            None => self.state.key(),
        }
    }

    /// The chip of it.
    pub fn class(&self) -> &'static str {
        match self.answer {
            _ if self.withdrawn_at.is_some() || self.struck_at.is_some() => "plain",
            Some(LoanAnswer::Granted) => "ok",
            Some(LoanAnswer::Refused) => "plain",
            None => "waiting",
        }
    }
}

/// A list as it is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListRow {
    pub id: LoanListId,
    pub area_code: AreaCode,
    pub area: String,
    pub fund_id: FundId,
    pub fund: String,
    pub fund_kind: FundKind,
    pub number: String,
    pub state: LoanListState,
    pub maker: String,
    pub made_at: At,
    pub signer: Option<String>,
    pub signed_at: Option<At>,
    pub decider: Option<String>,
    pub decided_at: Option<At>,
    pub comment: Option<Sealed<LoanListComment>>,
    pub sender: Option<String>,
    pub sent_at: Option<At>,
    pub answered_at: Option<At>,
    pub version: i64,
}

crate::opens!(ListRow { id => comment });

impl Paged for ListRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.made_at, self.id]
    }
}

impl ListRow {
    /// The chip of its state.
    pub fn class(&self) -> &'static str {
        match self.state {
            LoanListState::Draft => "plain",
            LoanListState::Returned => "late",
            LoanListState::Signed | LoanListState::Sent => "waiting",
            LoanListState::Confirmed | LoanListState::Answered => "ok",
        }
    }

    /// It follows the form of the law.
    pub fn is_by_law(&self) -> bool {
        self.fund_kind == FundKind::PolicyCredit
    }
}

/// The number under which a list is signed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignDraft {
    pub number: String,
    pub version: String,
}

/// What the People's Committee says.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DecideDraft {
    /// `confirmed` or `returned`.
    pub verdict: String,
    pub comment: String,
    /// Lines that are not confirmed.
    pub struck: Vec<String>,
    pub version: String,
}

/// A word of the People's Committee that can be taken.
#[derive(Clone, Debug)]
pub struct Decision {
    pub confirmed: bool,
    pub comment: Option<String>,
    pub struck: Vec<LoanLineId>,
}

impl DecideDraft {
    /// # Errors
    /// No verdict; returned without a word why; a line that is none.
    pub fn check(&self) -> Result<Decision, Invalid> {
        let mut check = Check::default();
        let confirmed = match self.verdict.as_str() {
            "confirmed" => Some(true),
            "returned" => Some(false),
            _ => {
                check.refuse("verdict", "not_chosen");
                None
            }
        };
        let comment = check.take("comment", text::clean_note_opt(&self.comment, 500)).flatten();
        check.expect(confirmed != Some(false) || comment.is_some(), "comment", "returned_without_a_word");
        let struck: Option<Vec<LoanLineId>> = self.struck.iter().map(|id| id.parse().ok()).collect();
        check.expect(struck.is_some(), "struck", "no_such_line");
        check.give(confirmed.zip(struck).map(|(confirmed, struck)| Decision { confirmed, comment, struck }))
    }
}

/// What the lender says of one line.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnswerDraft {
    /// `granted` or `refused`.
    pub answer: String,
    /// Empty: today. Of a loan the day of paying out.
    pub on: String,
    /// What was lent; empty: what was asked for.
    pub vnd: String,
    /// The day by which all is to be paid back.
    pub due_on: String,
    pub note: String,
    pub version: String,
}

/// An answer that can be taken.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    pub answer: LoanAnswer,
    pub on: Date,
    pub vnd: i64,
    pub due_on: Option<Date>,
    pub note: Option<String>,
}

impl AnswerDraft {
    /// # Errors
    /// No answer; a day in the future; a last day before the first; more than was asked for.
    pub fn check(&self, asked: i64, today: Date) -> Result<NewAnswer, Invalid> {
        let mut check = Check::default();
        let answer = check.take("answer", self.answer.parse::<LoanAnswer>().map_err(|_| "not_chosen"));
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let vnd = match self.vnd.trim() {
            "" => Some(asked),
            typed => check.take("vnd", text::parse_vnd(typed)),
        };
        check.expect(vnd.is_none_or(|vnd| (1..=asked).contains(&vnd)), "vnd", "more_than_asked");
        let due_on = match self.due_on.trim() {
            "" => None,
            typed => check.take("due_on", text::parse_day(typed, today)),
        };
        let turned = on.zip(due_on).is_some_and(|(on, due)| due <= on);
        check.expect(!turned, "due_on", "before_the_start");
        let note = check.take("note", text::clean_note_opt(&self.note, 500)).flatten();
        let all = answer.zip(on).zip(vnd);
        check.give(all.map(|((answer, on), vnd)| NewAnswer { answer, on, vnd, due_on, note }))
    }
}

/// What was lent to somebody, as the lender reports it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountRow {
    pub id: LoanAccountId,
    pub person_id: PersonId,
    pub name: String,
    pub fund: String,
    pub vnd: i64,
    pub disbursed_on: Day,
    pub due_on: Option<Day>,
    pub repaid_vnd: i64,
    pub standing: LoanStanding,
    pub reported_on: Day,
    pub made_at: At,
    pub version: i64,
}

impl Paged for AccountRow {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.made_at, self.id]
    }
}

impl AccountRow {
    /// What is still to be paid back of the sum itself.
    pub fn left(&self) -> i64 {
        self.vnd - self.repaid_vnd
    }

    pub fn class(&self) -> &'static str {
        match self.standing {
            LoanStanding::Current => "waiting",
            LoanStanding::Overdue => "late",
            LoanStanding::Repaid => "ok",
        }
    }
}

/// A report of the lender.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RepaymentRow {
    pub on_day: Day,
    pub vnd: i64,
    pub standing: LoanStanding,
    pub by: String,
}

/// What the lender reports, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReportDraft {
    /// Empty: today.
    pub on: String,
    /// Paid back of the sum itself this time; may be nothing.
    pub vnd: String,
    /// `current` or `overdue`; when all is paid back it is `repaid` by itself.
    pub standing: String,
    pub version: String,
}

/// A report that can be taken.
#[derive(Clone, Copy, Debug)]
pub struct NewReport {
    pub on: Date,
    pub vnd: i64,
    pub standing: LoanStanding,
}

impl ReportDraft {
    /// # Errors
    /// A day in the future; more than is left; no word on how it stands; said to be paid back while something is left.
    pub fn check(&self, left: i64, today: Date) -> Result<NewReport, Invalid> {
        let mut check = Check::default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => check.take("on", text::parse_day(typed, today)),
        };
        check.expect(on.is_none_or(|on| on <= today), "on", "in_the_future");
        let vnd = match self.vnd.trim() {
            "" => Some(0),
            typed => check.take("vnd", text::parse_vnd(typed)),
        };
        check.expect(vnd.is_none_or(|vnd| (0..=left).contains(&vnd)), "vnd", "more_than_left");
        let standing = if vnd == Some(left) {
            Some(LoanStanding::Repaid)
        } else {
            check.take("standing", self.standing.parse::<LoanStanding>().map_err(|_| "not_chosen"))
        };
        let early = standing == Some(LoanStanding::Repaid) && vnd != Some(left);
        check.expect(!early, "standing", "not_all_repaid");
        check.give(on.zip(vnd).zip(standing).map(|((on, vnd), standing)| NewReport { on, vnd, standing }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LIMITS: Limits =
        Limits { window: 60, warning: 6, training_month: 4_000_000, business: 100_000_000, months: 120 };

    fn good(completed_on: Date) -> Facts {
        Facts {
            regime: Some(Regime::Completed),
            certificate: Some(true),
            completed_on: Some(completed_on),
            status: Some(CaseStatus::Active),
            group: Some(Some(Group::B)),
            listed: false,
        }
    }

    #[test]
    fn the_term_is_five_years_and_its_end_is_told_half_a_year_before() {
        let completed = date(2022, 2, 28);
        for (today, fits, soon) in [
            (date(2026, 8, 27), Some(true), false),
            (date(2026, 8, 28), Some(true), true),
            (date(2027, 2, 28), Some(true), true),
            (date(2027, 3, 1), Some(false), false),
        ] {
            let hint = hint(&good(completed), &LIMITS, today);
            assert_eq!((hint.fits(), hint.ends_soon), (fits, soon), "{today}");
            assert_eq!(hint.until, Some(date(2027, 2, 28)));
        }
        // A leap day has a last day of the term as well.
        assert_eq!(window(date(2024, 2, 29), &LIMITS), Some((date(2029, 2, 28), date(2028, 8, 29))));
    }

    #[test]
    fn each_reason_is_told_by_itself() {
        let today = date(2026, 11, 23);
        let of = |change: fn(&mut Facts)| {
            let mut facts = good(date(2026, 1, 1));
            change(&mut facts);
            let hint = hint(&facts, &LIMITS, today);
            let unmet: Vec<&str> =
                hint.points.iter().filter(|point| point.met != Some(true)).map(|point| point.key).collect();
            (hint.word(), unmet.join(" "))
        };
        assert_eq!(of(|_| {}), ("fits", String::new()));
        assert_eq!(of(|facts| facts.regime = Some(Regime::SuspendedSentence)), ("not", "loans-point-regime".into()));
        assert_eq!(of(|facts| facts.certificate = Some(false)), ("not", "loans-point-certificate".into()));
        assert_eq!(of(|facts| facts.group = Some(Some(Group::D))), ("not", "loans-point-conduct".into()));
        assert_eq!(of(|facts| facts.group = Some(None)), ("fits", String::new()));
        assert_eq!(of(|facts| facts.listed = true), ("not", "loans-point-listed".into()));
        assert_eq!(of(|facts| facts.status = Some(CaseStatus::Suspended)), ("not", "loans-point-residing".into()));
        let (word, unmet) = of(|facts| facts.completed_on = None);
        assert_eq!((word, unmet.as_str()), ("open", "loans-point-completed loans-point-window"));
    }

    #[test]
    fn state_credit_goes_by_the_rule_and_a_local_fund_by_its_own() {
        let fund =
            |kind, most| Rules { kind, least_vnd: None, most_vnd: most, most_months: Some(24), head_approves: false };
        let line = |purpose, vnd, months| NewLine {
            fund: "01900000-0000-7000-8000-000000000001".parse().unwrap(),
            purpose,
            vnd,
            months,
            what: "Học nghề".into(),
        };
        let state = fund(FundKind::PolicyCredit, None);
        let code = |line: &NewLine, fund: &Rules| line.within(fund, &LIMITS).err().map(|refused| refused.0[0].code);
        assert_eq!(code(&line(LoanPurpose::Training, 12_000_000, 3), &state), None);
        assert_eq!(code(&line(LoanPurpose::Training, 12_000_001, 3), &state), Some("over_the_rule"));
        assert_eq!(code(&line(LoanPurpose::Business, 100_000_000, 120), &state), None);
        assert_eq!(code(&line(LoanPurpose::Business, 100_000_001, 12), &state), Some("over_the_rule"));
        assert_eq!(code(&line(LoanPurpose::Business, 1, 121), &state), Some("longer_than_the_rule"));
        let local = fund(FundKind::Local, Some(15_000_000));
        assert_eq!(code(&line(LoanPurpose::Business, 15_000_000, 24), &local), None);
        assert_eq!(code(&line(LoanPurpose::Business, 16_000_000, 24), &local), Some("over_the_fund"));
        assert_eq!(code(&line(LoanPurpose::Business, 1, 25), &local), Some("longer_than_the_rule"));
    }

    #[test]
    fn what_is_paid_back_never_exceeds_what_was_lent() {
        let today = date(2026, 11, 23);
        let report = |vnd: &str, standing: &str| {
            let draft = ReportDraft { vnd: vnd.into(), standing: standing.into(), ..ReportDraft::default() };
            draft.check(10, today)
        };
        assert_eq!(report("10", "").unwrap().standing, LoanStanding::Repaid);
        assert_eq!(report("3", "overdue").unwrap().standing, LoanStanding::Overdue);
        assert_eq!(report("11", "current").unwrap_err(), Invalid::one("vnd", "more_than_left"));
        assert_eq!(report("9", "repaid").unwrap_err(), Invalid::one("standing", "not_all_repaid"));
    }
}
