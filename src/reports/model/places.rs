//! What a report counts of no case: meetings, ways of doing things, what was lent. Pure.

use super::marks::{Mark, Measure};
use crate::{
    base::{
        ids::PersonId,
        time::plus_days,
        words::{GatheringKind, LoanStanding},
    },
    policy::AreaCode,
};
use jiff::civil::Date;

/// A meeting that was held.
#[derive(Clone, Debug)]
pub struct Held {
    pub kind: GatheringKind,
    pub on: Date,
    pub came: i64,
}

/// A way of doing things of a commune.
#[derive(Clone, Debug)]
pub struct ModelKept {
    pub since: Date,
    pub until: Option<Date>,
    pub people: i64,
    pub vnd: i64,
}

/// What somebody was lent, and how it stood from report to report.
#[derive(Clone, Debug)]
pub struct Lent {
    pub person: PersonId,
    pub area: AreaCode,
    pub fund: String,
    pub vnd: i64,
    pub on: Date,
    pub reports: Vec<(Date, LoanStanding)>,
}

impl Held {
    pub fn marks(&self) -> [Mark; 2] {
        let mark = |measure, word: &'static str, n| of_area(measure, word, self.on, None, n);
        [mark(Measure::Meeting, self.kind.as_str(), 1), mark(Measure::Came, "", self.came)]
    }
}

impl ModelKept {
    pub fn marks(&self) -> [Mark; 3] {
        // Its last day is one of them.
        let to = self.until.map(|until| plus_days(until, 1));
        let mark = |measure, n| of_area(measure, "", self.since, to, n);
        [mark(Measure::Model, 1), mark(Measure::ModelPeople, self.people), mark(Measure::ModelVnd, self.vnd)]
    }
}

/// Something of a commune and of no case.
fn of_area(measure: Measure, word: &'static str, from: Date, to: Option<Date>, n: i64) -> Mark {
    Mark { measure, word: word.into(), from, to, before: None, n, vnd: 0, case: None, person: None }
}

impl Lent {
    pub fn marks(&self) -> Vec<Mark> {
        let mark = |measure, from, to, vnd| Mark {
            measure,
            word: self.fund.clone().into(),
            from,
            to,
            before: None,
            n: 1,
            vnd,
            case: None,
            person: Some(self.person),
        };
        let mut marks = vec![mark(Measure::Lent, self.on, None, self.vnd)];
        let mut since = None;
        for (on, standing) in &self.reports {
            match (standing == &LoanStanding::Overdue, since) {
                (true, None) => since = Some(*on),
                (false, Some(from)) => {
                    marks.push(mark(Measure::Overdue, from, Some(*on), 0));
                    since = None;
                }
                _ => {}
            }
        }
        marks.extend(since.map(|from| mark(Measure::Overdue, from, None, 0)));
        marks
    }
}
