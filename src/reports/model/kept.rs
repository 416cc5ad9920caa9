//! What is kept of a sealed case: its marks by half months, without person or case. Pure.

use super::{
    marks::{Mark, Measure},
    window::{first_of, half},
};
use std::collections::BTreeMap;

/// A row of what is kept of sealed cases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Kept {
    pub measure: String,
    pub word: String,
    pub since: i64,
    pub until: i64,
    pub n: i64,
    pub vnd: i64,
}

/// What is kept of a case that is sealed: half months and nothing else. Of what is counted by person it says when the same
/// was there before, so that she is counted once in a period.
pub fn kept(marks: &[Mark]) -> Vec<Kept> {
    let mut rows: BTreeMap<(&str, &str, i64, i64), (i64, i64)> = BTreeMap::new();
    let mut marks: Vec<&Mark> = marks.iter().collect();
    marks.sort_by_key(|mark| (mark.measure, mark.word.clone(), mark.from));
    let mut last: Option<(Measure, &str, i64)> = None;
    for mark in marks {
        let since = half(mark.from);
        let until = if mark.measure.is_stay() {
            mark.to.map_or(0, half)
        } else {
            last.filter(|(measure, word, _)| (*measure, *word) == (mark.measure, &mark.word)).map_or(0, |last| last.2)
        };
        last = Some((mark.measure, &mark.word, since));
        let sum = rows.entry((mark.measure.as_str(), &mark.word, since, until)).or_default();
        sum.0 += mark.n;
        sum.1 += mark.vnd;
    }
    rows.into_iter()
        .map(|((measure, word, since, until), (n, vnd))| Kept {
            measure: measure.to_owned(),
            word: word.to_owned(),
            since,
            until,
            n,
            vnd,
        })
        .collect()
}

impl Kept {
    /// As a report counts it; `None`: of a measure that there is no more.
    pub fn mark(self) -> Option<Mark> {
        let measure = Measure::of(&self.measure)?;
        let other = (self.until > 0).then(|| first_of(self.until));
        let (to, before) = if measure.is_stay() { (other, None) } else { (None, other) };
        let (from, word) = (first_of(self.since), self.word.into());
        Some(Mark { measure, word, from, to, before, n: self.n, vnd: self.vnd, case: None, person: None })
    }
}
