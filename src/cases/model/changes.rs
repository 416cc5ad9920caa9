//! Corrections, steps, closures and groups as they are typed. Pure.

use super::{
    ContactFields, PersonFields, line,
    opening::{contact, person},
    past_day,
};
use crate::base::{
    refusal::{Check, Invalid},
    text::{self},
    words::{CaseStatus, ClosureGround, Group},
};
use jiff::civil::Date;

/// A correction of name, contact and hamlet as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Correction {
    pub name: String,
    pub aliases: String,
    pub sex: String,
    pub birth: String,
    pub phone: String,
    pub phone_of: String,
    pub address: String,
    pub wishes: String,
    pub visit_safely: String,
    pub hamlet: String,
    /// The version that was read (forms; programs send `If-Match`).
    pub version: String,
}

impl Correction {
    pub fn check(&self, today: Date) -> Result<(PersonFields, ContactFields, Option<String>), Invalid> {
        let mut check = Check::default();
        let person = person(&mut check, &self.name, &self.aliases, &self.sex, &self.birth, today);
        let contact = contact(&mut check, &self.phone, &self.phone_of, &self.address, &self.wishes, &self.visit_safely);
        let hamlet = check.take("hamlet", text::clean_line_opt(&self.hamlet, 60)).flatten();
        check.give(person.zip(contact).map(|(person, contact)| (person, contact, hamlet)))
    }
}

/// A step of a case as it is typed: which, on which day.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepDraft {
    /// `address_checked`, `term`, `received`, `suspended`, `resumed`.
    pub step: String,
    pub on: String,
}

/// A step that a case can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The address of the prison's notice was checked with the family (TT 10/2024/TT-BCA, Điều 8).
    AddressChecked(Date),
    /// The term to present was found on the certificate.
    Term(Date),
    /// The person presented herself and was received (TT 10/2024/TT-BCA, Điều 9).
    Received(Date),
    /// In custody or treatment; reviewed on that day.
    Suspended(Date),
    /// Back in the community.
    Resumed(Date),
}

impl StepDraft {
    /// # Errors
    /// An unknown step, a day in the future where it tells what has happened, a step that the status does not allow.
    pub fn check(&self, status: CaseStatus, today: Date) -> Result<Step, Invalid> {
        let day = text::parse_day(&self.on, today).map_err(|fault| Invalid::one("on", fault.code()))?;
        let past = |step| if day <= today { Ok(step) } else { Err(Invalid::one("on", "in_the_future")) };
        let step = match self.step.as_str() {
            "address_checked" => past(Step::AddressChecked(day))?,
            "term" => Step::Term(day),
            "received" => past(Step::Received(day))?,
            "suspended" if day >= today => Step::Suspended(day),
            "suspended" => return Err(Invalid::one("on", "in_the_past")),
            "resumed" => past(Step::Resumed(day))?,
            _ => return Err(Invalid::one("step", "unknown")),
        };
        let allowed = match step {
            Step::AddressChecked(_) | Step::Term(_) | Step::Received(_) => status == CaseStatus::Noticed,
            Step::Suspended(_) => status == CaseStatus::Active,
            Step::Resumed(_) => status == CaseStatus::Suspended,
        };
        if allowed { Ok(step) } else { Err(Invalid::one("step", "not_in_this_status")) }
    }
}

/// A closure as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClosureDraft {
    pub ground: String,
    pub on: String,
    pub note: String,
}

impl ClosureDraft {
    pub fn check(&self, today: Date) -> Result<(ClosureGround, Date, String), Invalid> {
        let mut check = Check::default();
        let ground = check.take("ground", self.ground.parse().map_err(|_| "unknown"));
        let on = past_day(&mut check, "on", &self.on, today, None);
        check.expect(!self.on.trim().is_empty(), "on", "empty");
        let note = line(&mut check, "note", &self.note, 300);
        check.give(ground.zip(on).map(|(ground, on)| (ground, on, note)))
    }
}

/// A classification as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassificationDraft {
    pub group: String,
    pub since_on: String,
    pub reason: String,
}

impl ClassificationDraft {
    pub fn check(&self, today: Date) -> Result<(Group, Date, String), Invalid> {
        let mut check = Check::default();
        let group = check.take("group", self.group.parse().map_err(|_| "unknown"));
        let since = if self.since_on.trim().is_empty() {
            Some(today)
        } else {
            past_day(&mut check, "since_on", &self.since_on, today, None)
        };
        let reason = check.take("reason", text::clean_line(&self.reason, 300));
        check.give(group.zip(since).zip(reason).map(|((group, since), reason)| (group, since, reason)))
    }
}
