//! A piece of help as typed, checked and shown. Pure.

use crate::base::{
    fields::{HelpFund, HelpWhat},
    ids::{HelpId, OrganisationId, UserId},
    refusal::{Check, Invalid},
    sealed::Sealed,
    text,
    time::{At, Day},
    words::{HelpKind, HelpState},
};
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
    pub fund: String,
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
    pub fund: String,
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
        let fund = check.take("fund", text::clean_line_opt(&self.fund, 120)).flatten().unwrap_or_default();
        let all = kind.zip(what).zip(state).zip(promised_on);
        check.give(all.map(|(((kind, what), state), promised_on)| NewHelp {
            kind,
            what,
            state,
            promised_on,
            given_on,
            vnd,
            fund,
        }))
    }
}

/// How far help has come, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StateDraft {
    pub state: String,
    /// The day of handing over; empty: today.
    pub given_on: String,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

impl StateDraft {
    /// # Errors
    /// No state; one that does not come after the present one; a day in the future or before the promise.
    pub fn check(
        &self,
        present: HelpState,
        promised_on: Option<Date>,
        today: Date,
    ) -> Result<(HelpState, Option<Date>), Invalid> {
        use HelpState::{Approved, Cancelled, Given, Promised};
        let to: HelpState = self.state.parse().map_err(|_| Invalid::one("state", "not_chosen"))?;
        let onward = matches!((present, to), (Promised, Approved | Given | Cancelled) | (Approved, Given | Cancelled));
        if !onward {
            return Err(Invalid::one("state", "not_onward"));
        }
        if to != Given {
            return Ok((to, None));
        }
        let mut check = Check::default();
        let given_on = day_that_came(&mut check, "given_on", &self.given_on, today);
        let turned = given_on.zip(promised_on).is_some_and(|(given, promised)| given < promised);
        check.expect(!turned, "given_on", "before_the_promise");
        check.give(Some((to, given_on)))
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
    pub fund: Sealed<HelpFund>,
    pub by_id: UserId,
    pub by: String,
    pub made_at: At,
    pub version: i64,
}

crate::opens!(HelpRow { id => what, fund });

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
        assert!(to("given").check(HelpState::Promised, None, TODAY).is_ok());
        for (present, next) in [(HelpState::Given, "cancelled"), (HelpState::Approved, "promised")] {
            assert_eq!(to(next).check(present, None, TODAY).unwrap_err(), Invalid::one("state", "not_onward"));
        }
    }
}
