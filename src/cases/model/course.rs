//! The way of a case: its steps, its end, what it goes on as. Pure.

use super::{line, past_day};
use crate::base::{
    refusal::{Check, Invalid},
    text,
    words::{AddressFound, CaseStatus, ClosureGround, Regime},
};
use jiff::civil::Date;

/// Where a case stands, as far as its next step depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub status: CaseStatus,
    pub regime: Regime,
    pub noticed_on: Option<Date>,
    pub released_on: Option<Date>,
    pub present_by_on: Option<Date>,
    pub address_found: Option<AddressFound>,
    pub informed_on: Option<Date>,
    pub received_on: Option<Date>,
    pub pledged_on: Option<Date>,
    pub sheet_on: Option<Date>,
}

/// A step of a case as it is typed: which, on which day.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepDraft {
    /// One of [`STEPS`].
    pub step: String,
    pub on: String,
    /// Of `address_checked`: what the family said; empty: the address is right.
    pub found: String,
    /// Of `received`: `true`, the pledge was signed.
    pub pledge: String,
    /// Of `received`: `true`, the information sheet was filled in.
    pub sheet: String,
}

/// Every word of a step.
pub const STEPS: [&str; 8] =
    ["address_checked", "informed", "term", "received", "pledged", "sheet", "suspended", "resumed"];

/// A step that a case can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The address of the prison's notice was checked with the family (TT 10/2024/TT-BCA, Điều 8).
    AddressChecked(Date, AddressFound),
    /// Whoever sent the notice was told that the address is wrong or the person will not come (the same, HCD-03).
    Informed(Date),
    /// The term to present was found on the certificate.
    Term(Date),
    /// The person presented herself and was received (TT 10/2024/TT-BCA, Điều 9), with pledge and sheet as far as they are there.
    Received { on: Date, pledge: bool, sheet: bool },
    /// The pledge was signed later (HCD-05).
    Pledged(Date),
    /// The information sheet was filled in later (HCD-02).
    Sheet(Date),
    /// In custody or treatment; reviewed on that day.
    Suspended(Date),
    /// Back in the community.
    Resumed(Date),
}

impl Standing {
    /// The steps that can be taken now, in the order of the office's work.
    pub fn steps(&self) -> Vec<&'static str> {
        STEPS.into_iter().filter(|step| self.lets(step).is_ok()).collect()
    }

    /// # Errors
    /// Why a step cannot be taken now, in a word.
    pub fn lets(&self, step: &str) -> Result<(), &'static str> {
        let (received, live) = (self.status != CaseStatus::Noticed, self.status.is_live());
        let wrong = self.address_found.is_some_and(|found| found != AddressFound::Right);
        match step {
            _ if !live => Err("case_closed"),
            "address_checked" | "informed" | "term" | "received" if received => Err("received_already"),
            // Nobody gives notice of a suspended sentence: the person is summoned.
            "address_checked" if self.regime == Regime::SuspendedSentence => Err("not_of_this_regime"),
            "informed" if !wrong => Err("address_not_wrong"),
            "address_checked" | "informed" | "term" | "received" => Ok(()),
            "pledged" | "sheet" | "suspended" if !received => Err("not_received_yet"),
            "sheet" if !self.regime.has_sheet() => Err("not_of_this_regime"),
            "pledged" if self.regime == Regime::Support => Err("not_of_this_regime"),
            "pledged" if self.pledged_on.is_some() => Err("pledged_already"),
            "sheet" if self.sheet_on.is_some() => Err("sheet_already"),
            "suspended" if self.status == CaseStatus::Suspended => Err("suspended_already"),
            "resumed" if self.status != CaseStatus::Suspended => Err("not_suspended"),
            "pledged" | "sheet" | "suspended" | "resumed" => Ok(()),
            _ => Err("unknown"),
        }
    }

    /// # Errors
    /// Why a case does not end on a ground, in a word.
    pub fn lets_end(&self, ground: ClosureGround, today: Date) -> Result<(), &'static str> {
        let noticed = self.status == CaseStatus::Noticed;
        let wrong = self.address_found.is_some_and(|found| found != AddressFound::Right);
        match ground {
            // Only a certificate or a decision says that: it is written down with the seal.
            ClosureGround::RecordCleared => Err("cleared_by_paper"),
            ClosureGround::NewSentence if self.regime == Regime::Support => Err("support_record"),
            ClosureGround::Served if self.regime.is_help() => Err("served_is_for_duties"),
            ClosureGround::Served if self.regime.goes_on_as() == Some(Regime::Completed) => Err("goes_on_instead"),
            ClosureGround::NotCome if !noticed => Err("received_already"),
            ClosureGround::NotCome if !wrong && self.present_by_on.is_none_or(|term| term >= today) => {
                Err("may_still_come")
            }
            ClosureGround::NotCome if wrong && self.informed_on.is_none() => Err("sender_not_informed"),
            _ => Ok(()),
        }
    }

    /// Which grounds a case can end on now.
    pub fn grounds(&self, today: Date) -> Vec<ClosureGround> {
        ClosureGround::ALL.iter().copied().filter(|ground| self.lets_end(*ground, today).is_ok()).collect()
    }
}

impl StepDraft {
    /// # Errors
    /// An unknown step, one that the case cannot take now (the word says why), a day in the future where it tells what has
    /// happened, a day before what must come first.
    pub fn check(&self, at: &Standing, today: Date) -> Result<Step, Invalid> {
        at.lets(&self.step).map_err(|why| Invalid::one("step", why))?;
        let day = text::parse_day(&self.on, today).map_err(|fault| Invalid::one("on", fault.code()))?;
        let early = |first: Option<Date>| first.is_some_and(|first| day < first);
        if !matches!(self.step.as_str(), "term" | "suspended") && day > today {
            return Err(Invalid::one("on", "in_the_future"));
        }
        match self.step.as_str() {
            "address_checked" | "informed" if early(at.noticed_on) => return Err(Invalid::one("on", "before_notice")),
            "received" if early(at.released_on) => return Err(Invalid::one("on", "before_release")),
            "pledged" | "sheet" | "resumed" if early(at.received_on) => {
                return Err(Invalid::one("on", "before_reception"));
            }
            _ => {}
        }
        let found = match self.found.as_str() {
            "" => Ok(AddressFound::Right),
            word => word.parse().map_err(|_| Invalid::one("found", "unknown")),
        };
        let (pledge, sheet) = (self.pledge == "true", self.sheet == "true");
        match self.step.as_str() {
            "address_checked" => Ok(Step::AddressChecked(day, found?)),
            "informed" => Ok(Step::Informed(day)),
            "term" => Ok(Step::Term(day)),
            "received" if sheet && !at.regime.has_sheet() => Err(Invalid::one("sheet", "not_of_this_regime")),
            "received" => Ok(Step::Received { on: day, pledge, sheet }),
            "pledged" => Ok(Step::Pledged(day)),
            "sheet" => Ok(Step::Sheet(day)),
            "suspended" if day < today => Err(Invalid::one("on", "in_the_past")),
            "suspended" => Ok(Step::Suspended(day)),
            _ => Ok(Step::Resumed(day)),
        }
    }
}

/// A closure as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureDraft {
    pub ground: String,
    pub on: String,
    pub note: String,
    /// Of `moved`: where to, as far as it is known.
    pub moved_to: String,
}

/// A closure that can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    pub ground: ClosureGround,
    pub on: Date,
    pub note: String,
    pub moved_to: String,
}

impl ClosureDraft {
    /// # Errors
    /// By field: no ground, one on which the case does not end now; no day, one to come; a place without a move.
    pub fn check(&self, at: &Standing, today: Date) -> Result<Closure, Invalid> {
        let mut check = Check::default();
        let ground = check.take("ground", self.ground.parse::<ClosureGround>().map_err(|_| "unknown"));
        if let Some(why) = ground.and_then(|ground| at.lets_end(ground, today).err()) {
            check.refuse("ground", why);
        }
        let on = past_day(&mut check, "on", &self.on, today, None);
        check.expect(!self.on.trim().is_empty(), "on", "empty");
        let note = line(&mut check, "note", &self.note, 300);
        let moved_to = line(&mut check, "moved_to", &self.moved_to, 200);
        check.expect(moved_to.is_empty() || ground == Some(ClosureGround::Moved), "moved_to", "not_moved");
        check.give(ground.zip(on).map(|(ground, on)| Closure { ground, on, note, moved_to }))
    }
}

/// Why a closed case is opened again, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReopeningDraft {
    pub reason: String,
}

/// By which paper a case goes on under the regime that follows, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContinuationDraft {
    pub certificate_no: String,
    pub certificate_on: String,
}

/// What a case goes on as, by which paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    pub regime: Regime,
    pub certificate_no: String,
    pub certificate_on: Date,
}

impl ContinuationDraft {
    /// # Errors
    /// The case was not received yet, is closed, or its regime goes on as no other; by field: number and day of the paper.
    pub fn check(&self, at: &Standing, today: Date) -> Result<Continuation, Invalid> {
        if !at.status.is_live() {
            return Err(Invalid::one("", "case_closed"));
        }
        if at.status == CaseStatus::Noticed {
            return Err(Invalid::one("", "not_received_yet"));
        }
        let regime = at.regime.goes_on_as().ok_or_else(|| Invalid::one("", "goes_on_as_nothing"))?;
        let mut check = Check::default();
        let number = check.take("certificate_no", text::clean_line(&self.certificate_no, 60));
        let on = past_day(&mut check, "certificate_on", &self.certificate_on, today, None);
        check.expect(!self.certificate_on.trim().is_empty(), "certificate_on", "empty");
        let early = on.zip(at.received_on).is_some_and(|(on, received)| on < received);
        check.expect(!early, "certificate_on", "before_reception");
        let whole = number.zip(on);
        check.give(whole.map(|(certificate_no, certificate_on)| Continuation {
            regime,
            certificate_no,
            certificate_on,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn standing(status: CaseStatus, regime: Regime) -> Standing {
        Standing {
            status,
            regime,
            noticed_on: Some(date(2026, 11, 2)),
            released_on: Some(date(2026, 11, 9)),
            present_by_on: None,
            address_found: None,
            informed_on: None,
            received_on: (status != CaseStatus::Noticed).then_some(date(2026, 11, 10)),
            pledged_on: None,
            sheet_on: None,
        }
    }

    fn said(step: &str, on: &str, at: &Standing) -> Result<Step, &'static str> {
        let draft = StepDraft { step: step.into(), on: on.into(), ..StepDraft::default() };
        draft.check(at, TODAY).map_err(|invalid| invalid.0[0].code)
    }

    #[test]
    fn an_illegal_step_is_refused_with_its_reason() {
        use CaseStatus::{Active, Closed, Noticed, Suspended};
        for (status, step, why) in [
            (Noticed, "suspended", "not_received_yet"),
            (Noticed, "pledged", "not_received_yet"),
            (Noticed, "informed", "address_not_wrong"),
            (Noticed, "resumed", "not_suspended"),
            (Active, "received", "received_already"),
            (Active, "term", "received_already"),
            (Active, "resumed", "not_suspended"),
            (Suspended, "suspended", "suspended_already"),
            (Closed, "received", "case_closed"),
            (Closed, "resumed", "case_closed"),
            (Active, "dance", "unknown"),
        ] {
            assert_eq!(said(step, "23/11/2026", &standing(status, Regime::Completed)), Err(why), "{status} {step}");
        }
        let noticed = standing(Noticed, Regime::Completed);
        assert_eq!(said("address_checked", "01/11/2026", &noticed), Err("before_notice"));
        assert_eq!(said("received", "08/11/2026", &noticed), Err("before_release"));
        assert_eq!(said("received", "24/11/2026", &noticed), Err("in_the_future"));
        assert!(said("received", "09/11/2026", &noticed).is_ok());
    }

    #[test]
    fn each_regime_has_the_papers_of_its_own() {
        for regime in Regime::ALL {
            let steps = standing(CaseStatus::Active, *regime).steps();
            assert_eq!(steps.contains(&"sheet"), matches!(regime, Regime::Completed | Regime::Amnestied), "{regime}");
            assert_eq!(steps.contains(&"pledged"), *regime != Regime::Support, "{regime}");
        }
        let summoned = standing(CaseStatus::Noticed, Regime::SuspendedSentence);
        assert_eq!(said("address_checked", "10/11/2026", &summoned), Err("not_of_this_regime"));
        assert_eq!(summoned.steps(), ["term", "received"]);
    }

    #[test]
    fn nobody_is_written_off_who_may_still_come() {
        let noticed = standing(CaseStatus::Noticed, Regime::Amnestied);
        let ends = |at: &Standing| at.lets_end(ClosureGround::NotCome, TODAY).err();
        assert_eq!(ends(&noticed), Some("may_still_come"));
        assert_eq!(ends(&Standing { present_by_on: Some(TODAY), ..noticed }), Some("may_still_come"));
        assert_eq!(ends(&Standing { present_by_on: Some(date(2026, 11, 22)), ..noticed }), None);
        let wrong = Standing { address_found: Some(AddressFound::Elsewhere), ..noticed };
        assert_eq!(ends(&wrong), Some("sender_not_informed"));
        assert_eq!(ends(&Standing { informed_on: Some(TODAY), ..wrong }), None);
        assert_eq!(ends(&standing(CaseStatus::Active, Regime::Amnestied)), Some("received_already"));
    }

    #[test]
    fn a_case_goes_on_only_as_what_the_law_lets_follow() {
        let draft = ContinuationDraft { certificate_no: "GCN-9".into(), certificate_on: "20/11/2026".into() };
        for regime in Regime::ALL {
            let found = draft.check(&standing(CaseStatus::Active, *regime), TODAY);
            match regime {
                Regime::ConditionalRelease => assert_eq!(found.unwrap().regime, Regime::Completed),
                Regime::Postponed => assert_eq!(found.unwrap().regime, Regime::Amnestied),
                _ => assert_eq!(found.unwrap_err(), Invalid::one("", "goes_on_as_nothing"), "{regime}"),
            }
            let served = standing(CaseStatus::Active, *regime).lets_end(ClosureGround::Served, TODAY);
            assert_eq!(served.is_err(), regime.is_help() || *regime == Regime::ConditionalRelease, "{regime}");
        }
        let early = standing(CaseStatus::Noticed, Regime::ConditionalRelease);
        assert_eq!(draft.check(&early, TODAY).unwrap_err(), Invalid::one("", "not_received_yet"));
    }
}
