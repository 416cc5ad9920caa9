//! A piece of help as typed, checked and shown. Pure.

use crate::base::{
    fields::{
        ChildName, HelpCertificate, HelpEmployer, HelpFund, HelpReceipt, HelpWhat, RelativeName, RelativeRelation,
        WorkCheckNote,
    },
    ids::{ChildId, FollowUpId, FundId, HelpId, HelpStepId, OrganisationId, RelativeId, UserId, WorkCheckId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{HelpKind, HelpState, KinKind},
};
use crate::{base::sealed::SealedText as _, households::model::Kin};
use jiff::civil::Date;

/// A piece of help as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub kind: String,
    pub what: String,
    /// Empty: promised.
    pub state: String,
    /// Empty: today.
    pub promised_on: String,
    /// The day on which it was handed over; only with the state `given`.
    pub given_on: String,
    /// Its worth in đồng, as people write it: `50 triệu`.
    pub vnd: String,
    /// A fund of the list: its id.
    pub fund_id: String,
    /// Where it comes from in words, if from no fund of the list.
    pub fund: String,
    /// How many: animals, tools, papers.
    pub quantity: String,
    /// First and last day of a training or a job.
    pub starts_on: String,
    pub ends_on: String,
    /// Who trains, or where the work is.
    pub employer: String,
    /// The certificate of a training.
    pub certificate: String,
    /// Of a job, a month.
    pub wage: String,
    /// The paper that says that it was given.
    pub receipt: String,
    /// For whom of the family it is: `relative:<id>` or `child:<id>`; empty: for the person herself.
    pub whom: String,
}

/// Help that can be taken.
#[derive(Clone, Debug)]
pub struct NewHelp {
    pub kind: HelpKind,
    pub what: String,
    pub state: HelpState,
    pub promised_on: Date,
    pub given_on: Option<Date>,
    pub vnd: Option<i64>,
    pub fund_id: Option<FundId>,
    pub fund: String,
    pub terms: Terms,
    pub receipt: Option<String>,
    pub whom: Option<Kin>,
}

/// What only some kinds of help have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub quantity: Option<i64>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub employer: Option<String>,
    pub certificate: Option<String>,
    pub wage: Option<i64>,
}

/// A day that has come, or today if nothing is typed.
fn day_that_came(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    if typed.trim().is_empty() {
        return Some(today);
    }
    let day = check.take(field, text::parse_day(typed, today))?;
    check.expect(day <= today, field, "in_the_future");
    Some(day)
}

impl Draft {
    /// # Errors
    /// By field: no kind, no word on what, a day in the future, a day of handing over before the promise or without
    /// the state `given`, a sum that cannot be read.
    pub fn check(&self, today: Date) -> Result<NewHelp, Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse::<HelpKind>().map_err(|_| "not_chosen"));
        let what = check.take("what", text::clean_line(&self.what, 200));
        let state = match self.state.trim() {
            "" => Some(HelpState::Promised),
            typed => check.take("state", typed.parse::<HelpState>().map_err(|_| "unknown")),
        };
        let given_on = match state {
            Some(HelpState::Given) => day_that_came(&mut check, "given_on", &self.given_on, today),
            _ => {
                check.expect(self.given_on.trim().is_empty(), "given_on", "only_when_given");
                None
            }
        };
        // What was given without a promise was promised on that day.
        let promised_on = match (self.promised_on.trim(), given_on) {
            ("", Some(given_on)) => Some(given_on),
            (typed, _) => day_that_came(&mut check, "promised_on", typed, today),
        };
        let turned = given_on.zip(promised_on).is_some_and(|(given, promised)| given < promised);
        check.expect(!turned, "given_on", "before_the_promise");
        let vnd = match self.vnd.trim() {
            "" => None,
            typed => check.take("vnd", text::parse_vnd(typed)),
        };
        let fund_id = match self.fund_id.trim() {
            "" => None,
            typed => check.take("fund_id", typed.parse::<FundId>().map_err(|_| "no_such_fund")),
        };
        let fund = check.take("fund", text::clean_line_opt(&self.fund, 120)).flatten().unwrap_or_default();
        check.expect(fund_id.is_none() || fund.is_empty(), "fund", "fund_named_twice");
        let receipt = check.take("receipt", text::clean_line_opt(&self.receipt, 120)).flatten();
        check.expect(receipt.is_none() || state == Some(HelpState::Given), "receipt", "only_when_given");
        let terms = self.terms(&mut check, kind, today);
        let whom = check.take("whom", Kin::read(&self.whom)).flatten();
        let all = kind.zip(what).zip(state).zip(promised_on);
        check.give(all.map(|(((kind, what), state), promised_on)| NewHelp {
            kind,
            what,
            state,
            promised_on,
            given_on,
            vnd,
            fund_id,
            fund,
            terms,
            receipt,
            whom,
        }))
    }

    /// What belongs to this kind of help; what belongs to another is refused and not dropped in silence.
    fn terms(&self, check: &mut Check, kind: Option<HelpKind>, today: Date) -> Terms {
        use HelpKind::{Animals, Job, Papers, Tools, Training};
        let Some(kind) = kind else { return Terms::default() };
        let fits = |kinds: &[HelpKind]| kinds.contains(&kind);
        let mut belongs = |fits: bool, field: &'static str, typed: &str| {
            check.expect(fits || typed.trim().is_empty(), field, "not_of_this_kind");
            fits && !typed.trim().is_empty()
        };
        let asked = [
            belongs(fits(&[Animals, Tools, Papers]), "quantity", &self.quantity),
            belongs(fits(&[Training, Job]), "starts_on", &self.starts_on),
            belongs(fits(&[Training, Job]), "ends_on", &self.ends_on),
            belongs(fits(&[Training, Job]), "employer", &self.employer),
            belongs(fits(&[Training]), "certificate", &self.certificate),
            belongs(fits(&[Job]), "wage", &self.wage),
        ];
        let mut terms = Terms::default();
        if asked[0] {
            let number = self.quantity.trim().parse::<i64>().map_err(|_| "not_a_number");
            terms.quantity = check.take("quantity", number);
            check.expect(
                terms.quantity.is_none_or(|number| (1..=100_000).contains(&number)),
                "quantity",
                "out_of_range",
            );
        }
        if asked[1] {
            terms.starts_on = check.take("starts_on", text::parse_day(&self.starts_on, today));
        }
        if asked[2] {
            terms.ends_on = check.take("ends_on", text::parse_day(&self.ends_on, today));
            let turned = terms.starts_on.zip(terms.ends_on).is_some_and(|(first, last)| last < first);
            check.expect(!turned, "ends_on", "before_the_start");
        }
        if asked[3] {
            terms.employer = check.take("employer", text::clean_line(&self.employer, 160));
        }
        if asked[4] {
            terms.certificate = check.take("certificate", text::clean_line(&self.certificate, 120));
        }
        if asked[5] {
            terms.wage = check.take("wage", text::parse_vnd(&self.wage));
        }
        terms
    }
}

/// How far help has come, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StateDraft {
    pub state: String,
    /// The day of handing over; empty: today.
    pub given_on: String,
    /// What it was worth in the end; empty: as it was promised.
    pub vnd: String,
    /// The paper that says that it was given.
    pub receipt: String,
    /// The certificate that a training ended with.
    pub certificate: String,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

/// A step that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStep {
    pub state: HelpState,
    pub given_on: Option<Date>,
    pub vnd: Option<i64>,
    pub receipt: Option<String>,
    pub certificate: Option<String>,
}

impl StateDraft {
    /// # Errors
    /// No state; one that does not come after the present one; a day in the future or before the promise; a sum that cannot be
    /// read; a receipt or a certificate of what was not given.
    pub fn check(
        &self,
        kind: HelpKind,
        present: HelpState,
        promised_on: Option<Date>,
        today: Date,
    ) -> Result<NewStep, Invalid> {
        use HelpState::{Approved, Cancelled, Given, Promised};
        let to: HelpState = self.state.parse().map_err(|_| Invalid::one("state", "not_chosen"))?;
        let onward = matches!((present, to), (Promised, Approved | Given | Cancelled) | (Approved, Given | Cancelled));
        if !onward {
            return Err(Invalid::one("state", "not_onward"));
        }
        let mut check = Check::default();
        let given_on = if to == Given {
            let day = day_that_came(&mut check, "given_on", &self.given_on, today);
            let turned = day.zip(promised_on).is_some_and(|(given, promised)| given < promised);
            check.expect(!turned, "given_on", "before_the_promise");
            day
        } else {
            None
        };
        let vnd = match self.vnd.trim() {
            "" => None,
            typed => check.take("vnd", text::parse_vnd(typed)),
        };
        let receipt = check.take("receipt", text::clean_line_opt(&self.receipt, 120)).flatten();
        check.expect(receipt.is_none() || to == Given, "receipt", "only_when_given");
        let certificate = check.take("certificate", text::clean_line_opt(&self.certificate, 120)).flatten();
        let trained = kind == HelpKind::Training && to == Given;
        check.expect(certificate.is_none() || trained, "certificate", "not_of_this_kind");
        check.give(Some(NewStep { state: to, given_on, vnd, receipt, certificate }))
    }
}

/// A piece of help as the page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HelpRow {
    pub id: HelpId,
    pub organisation_id: Option<OrganisationId>,
    pub organisation: Option<String>,
    pub kind: HelpKind,
    pub what: Sealed<HelpWhat>,
    pub state: HelpState,
    pub promised_on: Option<Day>,
    pub given_on: Option<Day>,
    pub vnd: Option<i64>,
    pub fund_id: Option<FundId>,
    /// The name of the fund of the list.
    pub fund_name: Option<String>,
    pub fund: Sealed<HelpFund>,
    pub quantity: Option<i64>,
    pub starts_on: Option<Day>,
    pub ends_on: Option<Day>,
    pub employer: Option<Sealed<HelpEmployer>>,
    pub certificate: Option<Sealed<HelpCertificate>>,
    pub wage: Option<i64>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
    pub version: i64,
    /// For whom of the family it is, called as far as the reader may know her (see `visits`).
    pub relative_id: Option<RelativeId>,
    pub child_id: Option<ChildId>,
    #[sqlx(default)]
    pub relative_name: Option<Sealed<RelativeName>>,
    #[sqlx(default)]
    pub relation: Option<Sealed<RelativeRelation>>,
    #[sqlx(default)]
    pub child_name: Option<Sealed<ChildName>>,
    #[sqlx(skip)]
    pub shared_as: String,
}

impl crate::base::sealed::Opens for HelpRow {
    fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn crate::base::sealed::Shut)) {
        use crate::base::ids::Id as _;
        let row = self.id.uuid();
        job(row, &mut self.what);
        job(row, &mut self.fund);
        job(row, &mut self.employer);
        job(row, &mut self.certificate);
        if let Some(id) = self.relative_id {
            job(id.uuid(), &mut self.relative_name);
            job(id.uuid(), &mut self.relation);
        }
        if let Some(id) = self.child_id {
            job(id.uuid(), &mut self.child_name);
        }
    }
}

impl HelpRow {
    /// A relative or a child, if it is for one.
    pub fn whom(&self) -> Option<KinKind> {
        self.kin().map(Kin::kind)
    }

    pub fn kin(&self) -> Option<Kin> {
        Kin::of(self.relative_id, self.child_id)
    }

    /// How she is called, as far as the reader may know it; empty: not more than that it is a relative or a child.
    pub fn called(&self) -> String {
        let relative = match (self.relation.told(), self.relative_name.told()) {
            (Some(relation), Some(name)) => Some(format!("{name} ({relation})")),
            (relation, name) => relation.or(name),
        };
        relative.or(self.child_name.told()).unwrap_or_else(|| self.shared_as.clone())
    }
}

/// A step that was taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    pub id: HelpStepId,
    pub help_id: HelpId,
    pub state: HelpState,
    pub on_day: Day,
    pub vnd: Option<i64>,
    pub receipt: Option<Sealed<HelpReceipt>>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
}

crate::opens!(StepRow { id => receipt });

/// Asked, or answered: is somebody still at work?
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CheckRow {
    pub id: WorkCheckId,
    pub help_id: HelpId,
    pub follow_up_id: Option<FollowUpId>,
    pub months: i64,
    /// The day of its follow-up, which may have been put off.
    pub due_on: Day,
    pub seen_on: Option<Day>,
    pub at_work: Option<bool>,
    pub note: Option<Sealed<WorkCheckNote>>,
    pub by: Option<String>,
}

crate::opens!(CheckRow { id => note });

/// A piece of help with its history.
#[derive(Clone, Debug)]
pub struct Entry {
    pub row: HelpRow,
    pub steps: Vec<StepRow>,
    pub checks: Vec<CheckRow>,
}

/// What was seen of somebody at work, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckDraft {
    /// Which question is answered: its id.
    pub check: String,
    /// `true`: at work; `false`: no more.
    pub at_work: String,
    /// Empty: today.
    pub on: String,
    pub note: String,
}

/// An answer that can be taken.
#[derive(Clone, Debug)]
pub struct NewCheck {
    pub check: WorkCheckId,
    pub at_work: bool,
    pub on: Date,
    pub note: Option<String>,
}

impl CheckDraft {
    /// # Errors
    /// No question, no answer, a day in the future.
    pub fn check(&self, today: Date) -> Result<NewCheck, Invalid> {
        let mut check = Check::default();
        let which = check.take("check", self.check.trim().parse::<WorkCheckId>().map_err(|_| "no_such_check"));
        let at_work = check.take("at_work", self.at_work.trim().parse::<bool>().map_err(|_| "not_chosen"));
        let on = day_that_came(&mut check, "on", &self.on, today);
        let note = check.take("note", text::clean_note_opt(&self.note, 500)).flatten();
        let all = which.zip(at_work).zip(on);
        check.give(all.map(|((which, at_work), on)| NewCheck { check: which, at_work, on, note }))
    }
}

impl HelpRow {
    /// Can it come any further?
    pub fn is_open(&self) -> bool {
        matches!(self.state, HelpState::Promised | HelpState::Approved)
    }

    /// The chip of its state.
    pub fn class(&self) -> &'static str {
        match self.state {
            HelpState::Given => "ok",
            HelpState::Promised | HelpState::Approved => "waiting",
            HelpState::Cancelled => "plain",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn what_was_given_has_a_day_and_what_was_promised_has_none() {
        let given =
            Draft { kind: "animals".into(), what: "20 con gà".into(), state: "given".into(), ..Draft::default() };
        let taken = given.check(TODAY).unwrap();
        assert_eq!((taken.given_on, taken.promised_on), (Some(TODAY), TODAY));
        let promised = Draft { state: String::new(), given_on: "20/11/2026".into(), ..given.clone() };
        assert_eq!(promised.check(TODAY).unwrap_err(), Invalid::one("given_on", "only_when_given"));
        let early = Draft { promised_on: "21/11/2026".into(), given_on: "20/11/2026".into(), ..given };
        assert_eq!(early.check(TODAY).unwrap_err(), Invalid::one("given_on", "before_the_promise"));
    }

    #[test]
    fn help_goes_onward_and_never_back() {
        let to = |state: &str| StateDraft { state: state.into(), ..StateDraft::default() };
        assert!(to("given").check(HelpKind::Gift, HelpState::Promised, None, TODAY).is_ok());
        for (present, next) in [(HelpState::Given, "cancelled"), (HelpState::Approved, "promised")] {
            let refused = to(next).check(HelpKind::Gift, present, None, TODAY).unwrap_err();
            assert_eq!(refused, Invalid::one("state", "not_onward"));
        }
        let early = StateDraft { receipt: "PT 7".into(), ..to("approved") };
        let refused = early.check(HelpKind::Gift, HelpState::Promised, None, TODAY).unwrap_err();
        assert_eq!(refused, Invalid::one("receipt", "only_when_given"));
    }

    #[test]
    fn what_belongs_to_another_kind_of_help_is_refused() {
        let job = Draft {
            kind: "job".into(),
            what: "Phụ hồ".into(),
            starts_on: "01/11/2026".into(),
            employer: "Tổ hồ Ba Sang".into(),
            wage: "6 triệu".into(),
            ..Draft::default()
        };
        let taken = job.check(TODAY).unwrap();
        assert_eq!((taken.terms.starts_on, taken.terms.wage), (Some(date(2026, 11, 1)), Some(6_000_000)));
        let gift = Draft { kind: "gift".into(), ..job.clone() };
        let refused = gift.check(TODAY).unwrap_err();
        let fields: Vec<&str> = refused.0.iter().map(|refusal| refusal.field.as_ref()).collect();
        assert_eq!(fields, ["starts_on", "employer", "wage"]);
        let turned = Draft { ends_on: "30/10/2026".into(), ..job };
        assert_eq!(turned.check(TODAY).unwrap_err(), Invalid::one("ends_on", "before_the_start"));
    }
}
