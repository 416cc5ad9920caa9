//! Marks become numbers. Pure.

use super::{
    lines::{How, Line, lines},
    marks::{Mark, Measure},
    window::Window,
};
use crate::base::ids::{CaseId, PersonId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What one measure and word came to.
#[derive(Default)]
struct Sum {
    at_start: i64,
    at_end: i64,
    over: i64,
    times: i64,
    vnd: i64,
    people: HashSet<PersonId>,
    /// People of sealed cases.
    sealed: i64,
}

/// Is this mark counted, by this rule, in this period?
pub fn counts(mark: &Mark, how: How, window: &Window) -> bool {
    let gone_before = |day| mark.to.is_some_and(|to| to < day);
    match how {
        How::AtStart => mark.from < window.from && !gone_before(window.from),
        How::AtEnd => mark.from <= window.to && mark.to.is_none_or(|to| to > window.to),
        How::Over => mark.from <= window.to && !gone_before(window.from),
        How::Times | How::Vnd => window.has(mark.from),
        // Somebody of whom no more is known than half months is counted where she is the first time in the period.
        How::People => window.has(mark.from) && mark.before.is_none_or(|before| before < window.from),
    }
}

/// Every number of a period, by the key of its line.
pub struct Figures(BTreeMap<&'static str, i64>);

impl Figures {
    /// Counts the marks of one period.
    pub fn of(marks: &[Mark], window: &Window) -> Figures {
        let mut sums: HashMap<(Measure, &str), Sum> = HashMap::new();
        for mark in marks {
            let sum = sums.entry((mark.measure, &mark.word)).or_default();
            if mark.measure.is_stay() {
                sum.at_start += i64::from(counts(mark, How::AtStart, window)) * mark.n;
                sum.at_end += i64::from(counts(mark, How::AtEnd, window)) * mark.n;
                sum.over += i64::from(counts(mark, How::Over, window)) * mark.n;
            } else if counts(mark, How::Times, window) {
                sum.times += mark.n;
                sum.vnd += mark.vnd;
                match mark.person {
                    Some(person) => {
                        sum.people.insert(person);
                    }
                    None => sum.sealed += i64::from(counts(mark, How::People, window)) * mark.n,
                }
            }
        }
        let value = |line: &Line| {
            let of = |sum: &Sum| match line.how {
                How::AtStart => sum.at_start,
                How::AtEnd => sum.at_end,
                How::Over => sum.over,
                How::Times => sum.times,
                How::Vnd => sum.vnd,
                How::People => i64::try_from(sum.people.len()).unwrap_or(i64::MAX) + sum.sealed,
            };
            match line.word {
                Some(word) => sums.get(&(line.measure, word)).map_or(0, of),
                None => sums.iter().filter(|((measure, _), _)| *measure == line.measure).map(|(_, sum)| of(sum)).sum(),
            }
        };
        Figures(lines().map(|line| (line.key.as_str(), value(line))).collect())
    }

    pub fn get(&self, key: &str) -> i64 {
        self.0.get(key).copied().unwrap_or(0)
    }
}

/// The cases that are behind a number, and how often each is counted in it. Those of sealed cases have none.
pub fn behind(marks: &[Mark], line: &Line, window: &Window) -> BTreeMap<CaseId, i64> {
    let counted = marks
        .iter()
        .filter(|mark| mark.measure == line.measure && line.word.is_none_or(|word| mark.word == word))
        .filter(|mark| counts(mark, line.how, window));
    let mut cases = BTreeMap::new();
    let mut known = HashSet::new();
    for mark in counted {
        let Some(case) = mark.case else { continue };
        let times = cases.entry(case).or_insert(0);
        if line.how == How::People {
            // Somebody with two cases stands with both of them, and is counted with the first.
            *times += i64::from(known.insert((&mark.word, mark.person)));
        } else {
            *times += mark.n;
        }
    }
    cases
}

/// `12,5 %` of a number, in tenths; `None`: there is nothing that it could be a part of.
pub fn share(part: i64, whole: i64) -> Option<(i64, i64)> {
    let tenths = (part * 1_000 + whole / 2).checked_div(whole)?;
    Some((tenths / 10, tenths % 10))
}
