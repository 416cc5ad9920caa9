//! Corrections and groups as they are typed. Pure.

use super::{
    ContactFields, PersonFields,
    opening::{contact, person},
    past_day,
};
use crate::base::{
    ids::OrganisationId,
    refusal::{Check, Invalid},
    text,
    words::Group,
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

/// A classification as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassificationDraft {
    pub group: String,
    pub since_on: String,
    pub reason: String,
    /// What the assigned helper reported, on which day, and of which organisation she is.
    pub report: String,
    pub report_on: String,
    pub organisation: String,
}

/// A classification that can be made.
#[derive(Clone, Debug)]
pub struct NewClassification {
    pub group: Group,
    pub since_on: Date,
    pub reason: String,
    pub report: Option<Report>,
}

/// The helper's report behind a classification (TT 10/2024/TT-BCA).
#[derive(Clone, Debug)]
pub struct Report {
    pub on: Date,
    pub text: String,
    /// `None`: somebody reported who is of no organisation.
    pub organisation: Option<OrganisationId>,
}

impl ClassificationDraft {
    pub fn check(&self, today: Date) -> Result<NewClassification, Invalid> {
        let mut check = Check::default();
        let group = check.take("group", self.group.parse().map_err(|_| "unknown"));
        let since = if self.since_on.trim().is_empty() {
            Some(today)
        } else {
            past_day(&mut check, "since_on", &self.since_on, today, None)
        };
        let reason = check.take("reason", text::clean_line(&self.reason, 300));
        let report = self.report(&mut check, today);
        let whole = group.zip(since).zip(reason);
        check.give(whole.map(|((group, since_on), reason)| NewClassification { group, since_on, reason, report }))
    }

    /// A report is whole or not there: what it says and on which day.
    fn report(&self, check: &mut Check, today: Date) -> Option<Report> {
        if [&self.report, &self.report_on, &self.organisation].iter().all(|typed| typed.trim().is_empty()) {
            return None;
        }
        let text = check.take("report", text::clean_note(&self.report, 2000));
        let on = past_day(check, "report_on", &self.report_on, today, None);
        check.expect(!self.report_on.trim().is_empty(), "report_on", "empty");
        let organisation = match self.organisation.trim() {
            "" => None,
            typed => check.take("organisation", typed.parse().map_err(|_| "unknown")),
        };
        text.zip(on).map(|(text, on)| Report { on, text, organisation })
    }
}
