//! The days of a sentence that is served in the community (regimes R3 to R7): which assessments are due, from when a shortening
//! may be considered, when the certificate is due. Pure; imports `base` only.
//!
//! Thông tư 65/2019/TT-BCA: within the first days of a month (R6: of a quarter) the commune writes down how the sentence was
//! served. The round is known by the first of those days, `opens_on`; it looks back at the time before that day.

use crate::base::{
    time::{days_between, plus_days},
    words::{Regime, ShorteningState},
};
use jiff::{ToSpan, civil::Date};

/// How often an assessment is written, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    pub months: i8,
    pub rule: &'static str,
}

/// The rhythm of a regime; `None`: its people owe nothing, and nobody assesses them (R1, R2, support).
pub const fn rhythm(regime: Regime) -> Option<Rhythm> {
    match regime {
        Regime::ConditionalRelease | Regime::SuspendedSentence | Regime::NonCustodialReform => {
            Some(Rhythm { months: 1, rule: "duty_monthly" })
        }
        Regime::Postponed => Some(Rhythm { months: 1, rule: "duty_report" }),
        Regime::PostSentenceSupervision => Some(Rhythm { months: 3, rule: "duty_quarterly" }),
        Regime::Completed | Regime::Amnestied | Regime::Support => None,
    }
}

impl Rhythm {
    /// Is this the first day of a round?
    pub fn opens(self, day: Date) -> bool {
        day.day() == 1 && (day.month() - 1) % self.months == 0
    }

    /// The first round that opens after a day.
    pub fn first_after(self, day: Date) -> Date {
        let mut first = plus_days(day.last_of_month(), 1);
        while !self.opens(first) {
            first = first.saturating_add(1.months());
        }
        first
    }

    pub fn next(self, round: Date) -> Date {
        round.saturating_add(i64::from(self.months).months())
    }

    /// The days that a round looks back at.
    pub fn looks_at(self, round: Date) -> (Date, Date) {
        (round.saturating_sub(i64::from(self.months).months()), plus_days(round, -1))
    }
}

/// From when to when a sentence is served, or a probation lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub from: Date,
    /// The last day as it was pronounced.
    pub until: Date,
    /// The last day in force: earlier, if it was shortened.
    pub ends: Date,
    /// The day on which the office first wrote it down.
    pub known_on: Date,
}

/// A shortening that was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortening {
    pub state: ShorteningState,
    /// The day of the decision, or else of the proposal.
    pub on: Date,
}

/// What the due engine knows of a sentence that is served in the community.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serving {
    pub term: Option<Term>,
    /// The rounds that were written down.
    pub rounds: Vec<Date>,
    /// Custody or treatment: from when, and until when.
    pub suspensions: Vec<(Date, Option<Date>)>,
    pub shortenings: Vec<Shortening>,
    /// The certificate is written down.
    pub certified: bool,
}

/// What the rules say of shortening a probation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Share of the probation of a suspended sentence that must be over, in hundredths.
    pub suspended: i64,
    /// The same of a conditional release.
    pub release: i64,
    /// Share of the probation of a suspended sentence that has really to be served.
    pub serve: i64,
    /// Months between two that were granted.
    pub again: i64,
    /// Months after which one that was not proposed, or not granted, is thought of again.
    pub reconsider: i64,
    /// Months at most at one time.
    pub most: i64,
}

/// Why a shortening may be considered from that day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// So much of the probation is over.
    Share(i64),
    /// So many months since the last one was granted.
    Again(i64),
    /// So many months since one was not proposed, or not granted.
    Reconsider(i64),
}

/// A shortening that may be considered. A hint: whether to propose it is for people to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    pub from: Date,
    pub because: Because,
    /// The day before which the probation cannot end; `None`: the rule says nothing of it.
    pub not_before: Option<Date>,
}

impl Serving {
    /// The rounds that are asked for: every one from the first after `begins` that has opened and is not written down, and the
    /// next. None opens after the last day, nor in custody.
    pub fn rounds(&self, rhythm: Rhythm, begins: Date, suspended: bool, today: Date) -> Vec<Date> {
        let mut asked = Vec::new();
        let mut round = rhythm.first_after(begins);
        // A case that was suspended before this was written down: nothing is known of the day, so nothing new is asked for.
        if suspended && !self.suspensions.iter().any(|(_, to)| to.is_none()) {
            return asked;
        }
        while self.term.is_none_or(|term| round <= term.ends) {
            if !self.is_suspended_on(round) && !self.rounds.contains(&round) {
                asked.push(round);
            }
            let next = rhythm.next(round);
            if round > today || next <= round {
                break;
            }
            round = next;
        }
        asked
    }

    /// May this round be written down?
    pub fn is_round(&self, rhythm: Rhythm, begins: Date, round: Date) -> bool {
        rhythm.opens(round)
            && round > begins
            && self.term.is_none_or(|term| round <= term.ends)
            && !self.is_suspended_on(round)
    }

    fn is_suspended_on(&self, day: Date) -> bool {
        self.suspensions.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day < to))
    }

    /// Its certificate is written down.
    pub fn is_over(&self) -> bool {
        self.certified
    }

    /// The day on which the certificate is to be handed over: the last one. Whose execution is postponed serves nothing yet.
    pub fn certificate_due(&self, regime: Regime) -> Option<Date> {
        let serves = regime.carries_duties() && regime != Regime::Postponed && !self.certified;
        self.term.filter(|_| serves).map(|term| term.ends)
    }

    /// From when a shortening may be considered next: of a suspended sentence at the share that the rule says, once in so many
    /// months, as long as there is something left to shorten (Luật THAHS 2019 Điều 89); of a conditional release after its
    /// share (BLHS Điều 66). While one is proposed, none. One that was not proposed or not granted takes nobody's year away: it
    /// is thought of again sooner, as the office sets it.
    pub fn next_shortening(&self, regime: Regime, limits: &Limits) -> Option<Hint> {
        let term = self.term?;
        let share = match regime {
            Regime::SuspendedSentence => limits.suspended,
            Regime::ConditionalRelease => limits.release,
            _ => return None,
        };
        if self.shortenings.iter().any(|one| one.state == ShorteningState::Proposed) {
            return None;
        }
        let not_before = (regime == Regime::SuspendedSentence).then(|| part(&term, limits.serve));
        if not_before.is_some_and(|day| term.ends <= day) {
            return None;
        }
        // Nobody is late on the day on which the term is first known.
        let first = part(&term, share).max(term.known_on);
        let since = |granted: bool, months: i64| {
            let days = self.shortenings.iter().filter(|one| (one.state == ShorteningState::Granted) == granted);
            days.map(|one| one.on.saturating_add(months.months())).max()
        };
        let again = [
            since(true, limits.again).map(|from| (from, Because::Again(limits.again))),
            since(false, limits.reconsider).map(|from| (from, Because::Reconsider(limits.reconsider))),
        ];
        let latest = again.into_iter().flatten().filter(|(from, _)| *from > first).max_by_key(|(from, _)| *from);
        let (from, because) = latest.unwrap_or((first, Because::Share(share)));
        let hint = Hint { from, because, not_before };
        (hint.from < term.ends).then_some(hint)
    }
}

/// Does a shortening by so many months pass the rules: less than `least` or more than the most at one time, or an end before what has
/// really to be served? The day before which it cannot end, where the rule says one.
pub fn passes(term: &Term, regime: Regime, months: i64, least: i64, limits: &Limits) -> Option<Option<Date>> {
    let not_before = (regime == Regime::SuspendedSentence).then(|| part(term, limits.serve));
    let ends = shortened(term.ends, months, term.from);
    let too_much = !(least..=limits.most).contains(&months) || not_before.is_some_and(|day| ends < day);
    too_much.then_some(not_before)
}

/// The day on which so many hundredths of a term are over, rounded up to whole days.
pub fn part(term: &Term, percent: i64) -> Date {
    let days = days_between(term.from, term.until) + 1;
    plus_days(term.from, (days * percent + 99) / 100)
}

/// The last day after a shortening by so many months; never before the first day.
pub fn shortened(ends: Date, months: i64, from: Date) -> Date {
    ends.saturating_sub(months.months()).max(from)
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
