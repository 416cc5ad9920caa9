//! What a case leaves in figures, day by day. Pure.
//!
//! Every number of a report is counted from marks: of the cases that stand from their own days, of the sealed ones from what
//! was kept of them by half months. So both are counted by the same rule.

use super::places::Held;
use crate::{
    base::{
        ids::{CaseId, PersonId},
        time::{At, plus_days},
        words::{ClosureGround, Group, HelpKind, LoanListState, Regime, WorkStatus},
    },
    policy::AreaCode,
};
use jiff::civil::Date;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What a mark is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Measure { $($(#[$doc])* $name),+ }
        impl Measure {
            pub const ALL: &'static [Measure] = &[$(Measure::$name),+];
            pub const fn as_str(self) -> &'static str { match self { $(Measure::$name => $word),+ } }
            pub fn of(word: &str) -> Option<Measure> {
                Measure::ALL.iter().copied().find(|measure| measure.as_str() == word)
            }
        }
    };
}

measures! {
    /// Received and not closed.
    Managed = "managed",
    /// The same, by regime.
    Regime = "regime",
    /// Help that goes on by the person's own wish after a seal.
    Support = "support",
    /// Notice came, reception did not.
    Waiting = "waiting",
    /// The same with the term passed.
    Late = "late",
    Group = "group",
    Work = "work",
    /// An officer is in charge.
    Officer = "officer",
    /// Some organisation helps, and which.
    Helper = "helper",
    HelpedBy = "helped_by",
    /// Met too long ago.
    Unseen = "unseen",
    Overdue = "overdue",
    Entered = "entered",
    Continued = "continued",
    Ended = "ended",
    NotCome = "not_come",
    Visited = "visited",
    Seen = "seen",
    Helped = "helped",
    /// From a fund, by its kind, with what it was worth.
    Funded = "funded",
    Proposed = "proposed",
    Confirmed = "confirmed",
    Lent = "lent",
    ReviewDue = "review_due",
    ReviewDone = "review_done",
    Cleared = "cleared",
    Reoffended = "reoffended",
    Custody = "custody",
    /// Of a sentence in the community.
    Absence = "absence",
    Breach = "breach",
    Shortened = "shortened",
    /// A meeting, and how many came.
    Meeting = "meeting",
    Came = "came",
    /// A way of doing things, its people and its money.
    Model = "model",
    ModelPeople = "model_people",
    ModelVnd = "model_vnd",
}

/// Something of one case: from a day on, up to the day on which it holds no more; or on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub measure: Measure,
    pub word: Cow<'static, str>,
    pub from: Date,
    /// The first day on which it does not hold any more.
    pub to: Option<Date>,
    /// Of a sealed case: the same was there before on that day.
    pub before: Option<Date>,
    pub n: i64,
    pub vnd: i64,
    /// `None`: sealed, or of no case.
    pub case: Option<CaseId>,
    pub person: Option<PersonId>,
}

/// All that reports read of one case.
#[derive(Clone, Debug)]
pub struct Trace {
    pub case: CaseId,
    pub person: PersonId,
    /// The commune for which it is read.
    pub area: AreaCode,
    /// When it was handed from which commune to which.
    pub moves: Vec<(Date, AreaCode, AreaCode)>,
    pub opened_on: Date,
    pub regime: Regime,
    pub continued: Option<(Regime, Date)>,
    pub noticed_on: Option<Date>,
    pub present_by_on: Option<Date>,
    pub received_on: Option<Date>,
    pub moved_in_on: Option<Date>,
    /// Each time that it was closed, on which ground, and when it was opened again.
    pub closures: Vec<Closure>,
    pub groups: Vec<(Date, Group)>,
    pub works: Vec<(Date, WorkStatus)>,
    pub officers: Vec<(Date, Option<Date>)>,
    /// Kind of the organisation, from, first day without it.
    pub helpers: Vec<(String, Date, Option<Date>)>,
    pub visits: Vec<(Date, bool)>,
    pub helps: Vec<HelpGiven>,
    pub reviews: Vec<(Date, Option<Date>)>,
    pub loan_lines: Vec<LoanAsked>,
    /// `absence`, `breach`, `shortened`.
    pub duties: Vec<(String, Date)>,
    pub talks: Vec<Held>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    pub on: Date,
    pub ground: ClosureGround,
    pub reopened_on: Option<Date>,
}

#[derive(Clone, Debug)]
pub struct HelpGiven {
    pub kind: HelpKind,
    pub on: Date,
    pub vnd: i64,
    pub fund: Option<String>,
}

/// A line of a list that was signed.
#[derive(Clone, Debug)]
pub struct LoanAsked {
    pub signed_at: Option<At>,
    pub decided_at: Option<At>,
    pub state: LoanListState,
    pub struck: bool,
}

/// From, to, how it began, how it ended.
type Spell = (Date, Option<Date>, &'static str, Option<ClosureGround>);

impl Trace {
    /// When the office looked after her, from reception to closure, again after each reopening.
    fn spells(&self) -> Vec<Spell> {
        let Some(received) = self.received_on.filter(|_| self.regime != Regime::Support) else { return Vec::new() };
        let moved = self.moved_in_on.filter(|moved| *moved >= received);
        let mut from = moved.unwrap_or(received);
        let mut how = if moved.is_some() { "moved_in" } else { self.regime_on(from).as_str() };
        let mut spells = Vec::new();
        for closure in &self.closures {
            // Closed before she was received here, as it is known now: no day of it was managed.
            let managed = closure.on >= from;
            if managed {
                spells.push((from, Some(closure.on), how, Some(closure.ground)));
            }
            match closure.reopened_on {
                Some(on) if managed => (from, how) = (on.max(closure.on), "reopened"),
                Some(_) => {}
                None => return spells,
            }
        }
        spells.push((from, None, how, None));
        spells
    }

    fn regime_on(&self, day: Date) -> Regime {
        self.continued.filter(|(_, on)| day < *on).map_or(self.regime, |(before, _)| before)
    }

    /// What this case leaves. `unseen`: after so many days without being met somebody is named as not seen.
    pub fn marks(&self, unseen: i64) -> Vec<Mark> {
        let mut book = Book { marks: Vec::new(), case: self.case, person: self.person };
        let spells = self.spells();
        self.stays(&mut book, &spells, unseen);
        self.before_reception(&mut book);
        self.events(&mut book, &spells);
        if self.moves.is_empty() { book.marks } else { clip(&book.marks, &self.stays_in()) }
    }

    /// As it was known at that moment: a dialogue that was planned for later, and a list signed or decided later, be it on the
    /// same day, are no part of it.
    pub fn end_at(&mut self, moment: At) {
        self.talks.retain(|talk| talk.on <= moment.day());
        for line in &mut self.loan_lines {
            line.signed_at = line.signed_at.filter(|at| *at <= moment);
            line.decided_at = line.decided_at.filter(|at| *at <= moment);
        }
    }

    /// Every commune in which it lay.
    pub fn areas(&self) -> BTreeSet<AreaCode> {
        let moved = self.moves.iter().flat_map(|(_, from, to)| [from.clone(), to.clone()]);
        moved.chain([self.area.clone()]).collect()
    }

    /// From when to when it lay in the commune for which it is read.
    fn stays_in(&self) -> Vec<(Option<Date>, Option<Date>)> {
        let mut parts = Vec::new();
        let (mut since, mut area) = (None, self.moves.first().map(|(_, from, _)| from));
        for (on, _, to) in &self.moves {
            parts.push((area, since, Some(*on)));
            (since, area) = (Some(*on), Some(to));
        }
        parts.push((area, since, None));
        parts.into_iter().filter(|(area, ..)| *area == Some(&self.area)).map(|(_, from, to)| (from, to)).collect()
    }

    fn stays(&self, book: &mut Book, spells: &[Spell], unseen: i64) {
        if self.regime == Regime::Support {
            let end = self.closures.first().map(|closure| closure.on);
            book.stay(Measure::Support, "", self.received_on.unwrap_or(self.opened_on), end);
        }
        let met: Vec<Date> = self.visits.iter().filter(|visit| visit.1).map(|visit| visit.0).collect();
        for (from, to, ..) in spells {
            let within = (*from, *to);
            book.stay(Measure::Managed, "", *from, *to);
            match self.continued.filter(|(_, on)| from < on) {
                Some((before, on)) => {
                    book.clipped(Measure::Regime, before.as_str().into(), within, *from, Some(on));
                    book.clipped(Measure::Regime, self.regime.as_str().into(), within, on, None);
                }
                None => book.clipped(Measure::Regime, self.regime.as_str().into(), within, *from, *to),
            }
            let groups = self.groups.iter().map(|(on, group)| (*on, group.as_str()));
            book.row(Measure::Group, within, "none", groups);
            let works = self.works.iter().map(|(on, status)| (*on, status.as_str()));
            book.row(Measure::Work, within, "unknown", works);
            for (from, to) in merged(&self.officers) {
                book.clipped(Measure::Officer, "".into(), within, from, to);
            }
            let all: Vec<_> = self.helpers.iter().map(|(_, from, to)| (*from, *to)).collect();
            for (from, to) in merged(&all) {
                book.clipped(Measure::Helper, "".into(), within, from, to);
            }
            let mut by_kind: BTreeMap<&str, Vec<(Date, Option<Date>)>> = BTreeMap::new();
            for (kind, from, to) in &self.helpers {
                by_kind.entry(kind).or_default().push((*from, *to));
            }
            for (kind, parts) in by_kind {
                for (from, to) in merged(&parts) {
                    book.clipped(Measure::HelpedBy, kind.to_owned().into(), within, from, to);
                }
            }
            // Whoever was met on a day is not seen any more so many days and one later, until she is met again.
            let seen: Vec<Date> = std::iter::once(*from).chain(met.iter().copied().filter(|on| on >= from)).collect();
            for (at, on) in seen.iter().enumerate() {
                book.clipped(Measure::Unseen, "".into(), within, plus_days(*on, unseen + 1), seen.get(at + 1).copied());
            }
        }
    }

    /// Notice came, and until she was received or the case was closed she has not presented herself.
    fn before_reception(&self, book: &mut Book) {
        if self.regime == Regime::Support
            || self.received_on.is_some_and(|on| on <= self.opened_on && self.noticed_on.is_none())
        {
            return;
        }
        let from = self.noticed_on.unwrap_or(self.opened_on);
        let closed = self.closures.iter().find(|closure| self.received_on.is_none_or(|on| closure.on < on));
        let to = [self.received_on, closed.map(|closure| closure.on)].into_iter().flatten().min();
        book.stay(Measure::Waiting, "", from, to);
        if let Some(term) = self.present_by_on {
            book.stay(Measure::Late, "", plus_days(term, 1).max(from), to);
        }
        if let Some(closure) = closed.filter(|closure| closure.ground == ClosureGround::NotCome) {
            book.once(Measure::NotCome, "", closure.on);
        }
    }

    fn events(&self, book: &mut Book, spells: &[Spell]) {
        for (from, to, how, ground) in spells {
            book.once(Measure::Entered, how, *from);
            if let Some((to, ground)) = to.zip(*ground) {
                book.once(Measure::Ended, ground.as_str(), to);
                if ground == ClosureGround::NewSentence {
                    book.once(Measure::Reoffended, "", to);
                }
            }
            // The first day of each time in group D: in custody or under a measure.
            let mut last = None;
            for (on, group) in self.groups.iter().filter(|(on, _)| on >= from && to.is_none_or(|to| *on < to)) {
                if *group == Group::D && last != Some(Group::D) {
                    book.once(Measure::Custody, "", *on);
                }
                last = Some(*group);
            }
        }
        if let Some((before, on)) = self.continued.filter(|(_, on)| spells.iter().any(|spell| holds(spell, *on))) {
            book.once(Measure::Continued, before.as_str(), on);
        }
        for (on, met) in &self.visits {
            book.once(Measure::Visited, if *met { "met" } else { "tried" }, *on);
            if *met {
                book.once(Measure::Seen, "", *on);
            }
        }
        for help in &self.helps {
            book.once(Measure::Helped, help.kind.as_str(), help.on);
            if let Some(fund) = &help.fund {
                book.worth(Measure::Funded, fund.clone(), help.on, help.vnd);
            }
        }
        for (what, on) in &self.duties {
            let measure = match what.as_str() {
                "absence" => Measure::Absence,
                "breach" => Measure::Breach,
                _ => Measure::Shortened,
            };
            book.once(measure, "", *on);
        }
        for talk in &self.talks {
            book.once(Measure::Meeting, talk.kind.as_str(), talk.on);
            book.many(Measure::Came, "", talk.on, talk.came);
        }
        for (due, done) in &self.reviews {
            book.once(Measure::ReviewDue, "", *due);
            if let Some(done) = done {
                book.once(Measure::ReviewDone, "", *done);
            }
        }
        for line in &self.loan_lines {
            if let Some(at) = line.signed_at {
                book.once(Measure::Proposed, "", at.day());
            }
            let confirmed =
                matches!(line.state, LoanListState::Confirmed | LoanListState::Sent | LoanListState::Answered);
            if let Some(at) = line.decided_at.filter(|_| confirmed && !line.struck) {
                book.once(Measure::Confirmed, "", at.day());
            }
        }
    }
}

/// What of these marks belongs to a commune in which the case lay from when to when: the day of the move is the new one's. Who
/// is looked after comes and goes with the case.
fn clip(marks: &[Mark], parts: &[(Option<Date>, Option<Date>)]) -> Vec<Mark> {
    let mut all = Vec::new();
    for (begin, end) in parts {
        for mark in marks {
            let inside = begin.is_none_or(|begin| begin <= mark.from) && end.is_none_or(|end| mark.from < end);
            if !mark.measure.is_stay() {
                all.extend(inside.then(|| mark.clone()));
                continue;
            }
            let from = begin.map_or(mark.from, |begin| begin.max(mark.from));
            let to = [*end, mark.to].into_iter().flatten().min();
            if to.is_none_or(|to| from < to) || (inside && mark.to == Some(mark.from)) {
                all.push(Mark { from, to, ..mark.clone() });
            }
            if mark.measure != Measure::Managed {
                continue;
            }
            let moved = |measure, word: &'static str, on| Mark {
                measure,
                word: word.into(),
                from: on,
                to: None,
                ..mark.clone()
            };
            if let Some(begin) = begin.filter(|begin| mark.from < *begin && mark.to.is_none_or(|to| to >= *begin)) {
                all.push(moved(Measure::Entered, "moved_in", begin));
            }
            if let Some(end) = end.filter(|end| mark.from < *end && mark.to.is_none_or(|to| to >= *end)) {
                all.push(moved(Measure::Ended, "moved", end));
            }
        }
    }
    all
}

fn holds(spell: &Spell, day: Date) -> bool {
    spell.0 <= day && spell.1.is_none_or(|to| day < to)
}

/// Spans that touch or overlap become one.
fn merged(parts: &[(Date, Option<Date>)]) -> Vec<(Date, Option<Date>)> {
    let mut parts = parts.to_vec();
    parts.sort_by_key(|part| part.0);
    let mut all: Vec<(Date, Option<Date>)> = Vec::new();
    for (from, to) in parts {
        match all.last_mut() {
            Some(last) if last.1.is_none_or(|end| from <= end) => {
                last.1 = last.1.zip(to).map(|(one, other)| one.max(other));
            }
            _ => all.push((from, to)),
        }
    }
    all
}

struct Book {
    marks: Vec<Mark>,
    case: CaseId,
    person: PersonId,
}

impl Book {
    fn put(&mut self, measure: Measure, word: Cow<'static, str>, from: Date, to: Option<Date>, vnd: i64) {
        if to.is_none_or(|to| from < to) || measure == Measure::Managed {
            let (case, person) = (Some(self.case), Some(self.person));
            self.marks.push(Mark { measure, word, from, to, before: None, n: 1, vnd, case, person });
        }
    }

    fn stay(&mut self, measure: Measure, word: &'static str, from: Date, to: Option<Date>) {
        self.put(measure, word.into(), from, to, 0);
    }

    /// As far as it lies within a spell.
    fn clipped(
        &mut self,
        measure: Measure,
        word: Cow<'static, str>,
        within: (Date, Option<Date>),
        from: Date,
        to: Option<Date>,
    ) {
        let end = [within.1, to].into_iter().flatten().min();
        self.put(measure, word, from.max(within.0), end, 0);
    }

    /// One thing after another, what holds last: before the first there is a word of its own.
    fn row(
        &mut self,
        measure: Measure,
        within: (Date, Option<Date>),
        before: &'static str,
        row: impl Iterator<Item = (Date, &'static str)>,
    ) {
        let mut parts: Vec<(Date, &'static str)> = vec![(within.0, before)];
        for (on, word) in row {
            match parts.last_mut() {
                // What was said before the spell began holds on its first day; of one day the last word counts.
                Some(last) if on <= last.0 => last.1 = word,
                _ => parts.push((on, word)),
            }
        }
        for (at, (from, word)) in parts.iter().enumerate() {
            self.clipped(measure, (*word).into(), within, *from, parts.get(at + 1).map(|next| next.0));
        }
    }

    fn once(&mut self, measure: Measure, word: &'static str, on: Date) {
        self.put(measure, word.into(), on, None, 0);
    }

    fn many(&mut self, measure: Measure, word: &'static str, on: Date, n: i64) {
        self.once(measure, word, on);
        if let Some(mark) = self.marks.last_mut() {
            mark.n = n;
        }
    }

    fn worth(&mut self, measure: Measure, word: String, on: Date, vnd: i64) {
        self.put(measure, word.into(), on, None, vnd);
    }
}

impl Measure {
    /// Holds for some time; else it is something that happened on a day.
    pub const fn is_stay(self) -> bool {
        matches!(
            self,
            Measure::Managed
                | Measure::Regime
                | Measure::Support
                | Measure::Waiting
                | Measure::Late
                | Measure::Group
                | Measure::Work
                | Measure::Officer
                | Measure::Helper
                | Measure::HelpedBy
                | Measure::Unseen
                | Measure::Overdue
                | Measure::Model
                | Measure::ModelPeople
                | Measure::ModelVnd
        )
    }
}
