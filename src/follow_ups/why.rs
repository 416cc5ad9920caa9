//! Why something is due, in the reader's words: the rule by its name, what it rests on, and which version.

use super::{
    Rulebook,
    due::Due,
    model::{FollowUpRow, Line},
};
use crate::base::{
    lang::{Lang, Value},
    text,
    time::Day,
    words::FollowUpKind,
};

/// What of a task tells why it is due, whichever list the task stands in.
pub struct Reason<'a> {
    kind: FollowUpKind,
    rule: &'a str,
    rule_version: i64,
    base_on: Day,
    interval_days: i64,
    halved: bool,
    postponed: i64,
}

macro_rules! reason_of {
    ($row:ty) => {
        impl<'a> From<&'a $row> for Reason<'a> {
            fn from(row: &'a $row) -> Reason<'a> {
                Reason {
                    kind: row.kind,
                    rule: &row.rule,
                    rule_version: row.rule_version,
                    base_on: row.base_on,
                    interval_days: row.interval_days,
                    halved: row.halved,
                    postponed: row.postponed,
                }
            }
        }
    };
}
reason_of!(Line);
reason_of!(FollowUpRow);

impl<'a> From<&'a Due> for Reason<'a> {
    fn from(due: &'a Due) -> Reason<'a> {
        Reason {
            kind: due.kind,
            rule: &due.rule,
            rule_version: due.rule_version,
            base_on: Day(due.base_on),
            interval_days: due.interval_days,
            halved: due.halved,
            postponed: i64::from(due.postponed),
        }
    }
}

/// The sentence under a task. A rule without a legal basis is a setting of the office, and says so.
pub fn why<'a>(book: &Rulebook, lang: Lang, task: impl Into<Reason<'a>>) -> String {
    let task = task.into();
    match task.rule {
        "agreed" => lang.say("follow-ups-why-agreed"),
        "loan_window" => lang.with("follow-ups-why-loan-window", &[("x", Value::from(text::show_day(task.base_on.0)))]),
        "work_check" => lang.say("follow-ups-why-work-check"),
        "opinion" => lang.say("follow-ups-why-opinion"),
        "plan_step" => lang.say("follow-ups-why-plan-step"),
        "agreed_visit" => lang.say("follow-ups-why-agreed-visit"),
        "reception" => lang.say("follow-ups-why-reception"),
        "clearance_ahead" | "clearance_due" => {
            lang.with("follow-ups-why-clearance", &[("x", Value::from(text::show_day(task.base_on.0)))])
        }
        "suspension_review" => lang.say("follow-ups-why-suspension-review"),
        "completion" => lang.say("follow-ups-why-completion"),
        "absence_decision" => {
            lang.with("follow-ups-why-absence-decision", &[("x", Value::from(text::show_day(task.base_on.0)))])
        }
        "absence_return" => lang.say("follow-ups-why-absence-return"),
        "breach" => lang.with("follow-ups-why-breach", &[("x", Value::from(text::show_day(task.base_on.0)))]),
        rule => by_rule(book, lang, &task, rule),
    }
}

fn by_rule(book: &Rulebook, lang: Lang, line: &Reason<'_>, rule: &str) -> String {
    let name = match (book.names.get(&(rule.to_owned(), line.rule_version)), lang) {
        (Some((vi, _)), Lang::Vi) => vi.clone(),
        (Some((_, en)), Lang::En) => en.clone(),
        (None, _) => lang.say(line.kind.key()),
    };
    let mut parts = vec![name];
    if line.kind == FollowUpKind::DutyAssessment {
        parts.push(super::serving::period(lang, rule, line.base_on.0));
    }
    if line.kind == FollowUpKind::Contact && rule != "first_contact" {
        parts.push(lang.with("follow-ups-why-interval", &[("n", Value::from(line.interval_days))]));
    }
    if line.halved {
        parts.push(lang.say("follow-ups-why-halved"));
    }
    if line.postponed > 0 {
        parts.push(lang.with("follow-ups-why-first-due", &[("x", Value::from(text::show_day(line.base_on.0)))]));
    }
    let basis = book.rules.find(rule).map(|rule| rule.legal_basis.clone()).filter(|basis| !basis.is_empty());
    let basis = basis.unwrap_or_else(|| lang.say("follow-ups-why-office"));
    let values = [
        ("why", Value::from(parts.join(", "))),
        ("basis", Value::from(basis)),
        ("version", Value::from(line.rule_version.to_string())),
    ];
    lang.with("follow-ups-why", &values)
}
