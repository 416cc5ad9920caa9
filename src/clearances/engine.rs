//! When the clearing of a criminal record (xóa án tích) is due for review, and why.
//!
//! Pure: what the judgments say, the terms in force and nothing else go in; a [`Finding`] comes out. Imports `base` only.
//!
//! It never finds that a record *is* cleared: the office cannot see an unpaid duty or a new charge elsewhere. It
//! finds the day from which somebody should look, and says on which article that rests (Bộ luật Hình sự 2015, Điều
//! 69–73 and 107). Where the law leaves a doubt it takes the later day and says so: an application that comes too early is
//! refused by the court, and the person waits longer.

use crate::base::time::plus_days;
use jiff::{ToSpan, civil::Date};

/// The main penalty as the court pronounced it (Điều 73 khoản 1): what was remitted later counts as served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Penalty {
    /// Exempted from penalty (miễn hình phạt): Điều 69 khoản 2.
    Exempted,
    /// Judicial or educational measures alone (Điều 107 khoản 1): a juvenile was convicted and not punished.
    Measures,
    /// Warning (cảnh cáo).
    Warning,
    /// Fine (phạt tiền).
    Fine,
    /// Non-custodial reform (cải tạo không giam giữ).
    NonCustodial,
    /// Prison, suspended on probation (án treo).
    Suspended,
    /// Prison for so many months.
    Prison { months: u16 },
    /// Life in prison.
    Life,
    /// Death, commuted.
    Commuted,
}

/// How grave the crime was (Điều 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gravity {
    LessSerious,
    Serious,
    VerySerious,
    ExtremelySerious,
}

/// The age at which the crime was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Age {
    /// 14 to under 16.
    Under16,
    /// 16 to under 18.
    Under18,
    Adult,
}

/// A penalty beside the main one that the person has to serve, or another duty of the judgment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// Probation of residence (quản chế).
    Probation,
    /// Residence ban (cấm cư trú).
    ResidenceBan,
    /// Ban from a post, trade or work.
    WorkBan,
    /// Loss of some civil rights.
    LossOfRights,
    /// Additional fine, confiscation.
    Money,
    /// Compensation, costs and other decisions of the judgment.
    Civil,
}

/// One such penalty or duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Additional {
    pub duty: Duty,
    /// The day on which it ended or will end; `None`: nobody has said.
    pub ends_on: Option<Date>,
}

/// One judgment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    /// The day of the crime, or of the first of several; `None`: the paper does not say.
    pub committed_on: Option<Date>,
    pub convicted_on: Date,
    pub penalty: Penalty,
    /// End of the main penalty, or of the probation of a suspended one; amnesty and remission count as served (Điều
    /// 73 khoản 4). `None`: it is not over, or nobody has said.
    pub served_on: Option<Date>,
    pub additional: Vec<Additional>,
    /// A crime of chapter XIII or XXVI is among them: only a court clears it (Điều 71).
    pub special: bool,
    /// Committed on purpose; `None`: the paper does not say.
    pub intentional: Option<bool>,
    pub gravity: Option<Gravity>,
    pub age: Age,
    /// When the court refused to clear it, first one first.
    pub refused_on: Vec<Date>,
}

/// A length as a rule row gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months(pub i64);

/// One length for each row of the law's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// Warning, fine, non-custodial reform, suspended prison.
    pub light: Months,
    /// Prison up to 5 years.
    pub to_five: Months,
    /// Prison over 5 and up to 15 years.
    pub to_fifteen: Months,
    /// Prison over 15 years, life, commuted death.
    pub over: Months,
}

/// The terms in force, from the rule rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Điều 70 khoản 2.
    pub automatic: Ladder,
    /// Điều 71 khoản 2.
    pub court: Ladder,
    /// Điều 107 khoản 2.
    pub juvenile: Ladder,
    /// Wait after a first refusal of the court, and after a later one (Điều 71 khoản 4).
    pub refused_once: Months,
    pub refused_again: Months,
    /// The review is put forward so many days before it is due.
    pub ahead_days: i64,
}

/// By which way a record is cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// By law (đương nhiên): Điều 70.
    Automatic,
    /// By decision of the court: Điều 71.
    Court,
    /// By law, under 18 at the time: Điều 107 khoản 2.
    Juvenile,
}

impl Way {
    /// The article that it rests on.
    pub const fn basis(self) -> &'static str {
        match self {
            Way::Automatic => "BLHS Điều 70",
            Way::Court => "BLHS Điều 71",
            Way::Juvenile => "BLHS Điều 107 khoản 2",
        }
    }
}

/// Why there is no record to clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoRecord {
    /// Điều 69 khoản 2: exempted from penalty.
    Exempted,
    /// Điều 69 khoản 2: not on purpose, less serious or serious.
    NotOnPurpose,
    /// Điều 107 khoản 1: 14 to under 16.
    Under16,
    /// Điều 107 khoản 1: 16 to under 18, less serious, serious, or very serious and not on purpose.
    Under18,
    /// Điều 107 khoản 1: judicial measures.
    Measures,
}

/// Row of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rung {
    Light,
    ToFive,
    ToFifteen,
    Over,
}

/// What moved the day beyond the plain term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Điều 70 khoản 2, 71 khoản 3: a longer additional penalty, or a duty that was met later.
    Additional(Duty),
    /// Điều 73 khoản 2: a new conviction before the record was cleared; the index of that judgment.
    NewConviction(usize),
    /// Điều 71 khoản 4: the court refused.
    Refused,
}

/// What is not known or not over, so that no day can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The end of the main penalty, or of the probation, of the judgment with this index.
    Served(usize),
    /// The end of an additional penalty or duty.
    Ends(usize, Duty),
    /// Under 18: how grave, and whether on purpose, decides whether there is a record at all.
    Gravity(usize),
    Intent(usize),
}

/// How the day of one judgment came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    pub way: Way,
    pub rung: Rung,
    pub term: Months,
    /// The day from which the term counts.
    pub from: Date,
    pub moved: Vec<Reason>,
}

/// A day and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub on: Date,
    /// The day from which the review is put forward.
    pub ahead_on: Date,
    /// Điều 72: with clear progress and merit, and a proposal, the court may look from this day on.
    pub early_on: Option<Date>,
    pub because: Because,
}

/// What is found for one judgment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    NoRecord(NoRecord),
    /// Not yet to be said: every gap that stands in the way.
    Open(Vec<Missing>),
    Due(Due),
}

/// What is found for a person: each judgment, in the order given, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub each: Vec<Finding>,
    pub all: Finding,
}

/// Works it out for all judgments of a person whose record has not been cleared. One that was cleared does not belong
/// here: the person counts as never convicted of it (Điều 69 khoản 1).
///
/// `all` is the latest day; it is open while any judgment is, and no record only if none has one.
/// Without any judgment nothing can be said: [`Finding::Open`] with no gap named.
pub fn review(judgments: &[Judgment], terms: &Terms) -> Review {
    let each: Vec<Finding> = (0..judgments.len()).map(|index| of_one(judgments, index, terms)).collect();
    Review { all: together(&each), each }
}

fn together(each: &[Finding]) -> Finding {
    let gaps: Vec<Missing> = each
        .iter()
        .flat_map(|finding| match finding {
            Finding::Open(gaps) => gaps.clone(),
            Finding::NoRecord(_) | Finding::Due(_) => Vec::new(),
        })
        .collect();
    if !gaps.is_empty() || each.is_empty() {
        let mut seen = Vec::new();
        for gap in gaps {
            if !seen.contains(&gap) {
                seen.push(gap);
            }
        }
        return Finding::Open(seen);
    }
    let latest = each.iter().filter_map(|finding| match finding {
        Finding::Due(due) => Some(due),
        Finding::NoRecord(_) | Finding::Open(_) => None,
    });
    match latest.max_by_key(|due| due.on) {
        Some(due) => Finding::Due(due.clone()),
        None => each.first().cloned().unwrap_or(Finding::Open(Vec::new())),
    }
}

fn of_one(judgments: &[Judgment], index: usize, terms: &Terms) -> Finding {
    let judgment = &judgments[index];
    match no_record(judgment, index) {
        Ok(Some(why)) => return Finding::NoRecord(why),
        Ok(None) => {}
        Err(gaps) => return Finding::Open(gaps),
    }
    let Some(rung) = rung(judgment.penalty) else { return Finding::NoRecord(NoRecord::Exempted) };
    let way = way(judgment);
    let ladder = match way {
        Way::Automatic => &terms.automatic,
        Way::Court => &terms.court,
        Way::Juvenile => &terms.juvenile,
    };
    let term = ladder.of(rung);
    match day(judgments, index, term, way, terms) {
        Err(gaps) => Finding::Open(gaps),
        Ok(day) => Finding::Due(Due {
            on: day.on,
            ahead_on: plus_days(day.on, -terms.ahead_days),
            early_on: (way == Way::Court).then(|| early(day.from, term)).filter(|early| *early < day.on),
            because: Because { way, rung, term, from: day.from, moved: day.moved },
        }),
    }
}

/// Điều 69 khoản 2 and 107 khoản 1. `Err`: it depends on what the papers do not say.
fn no_record(judgment: &Judgment, index: usize) -> Result<Option<NoRecord>, Vec<Missing>> {
    match judgment.penalty {
        Penalty::Exempted => return Ok(Some(NoRecord::Exempted)),
        Penalty::Measures => return Ok(Some(NoRecord::Measures)),
        _ => {}
    }
    let mild = judgment.gravity.map(|gravity| gravity <= Gravity::Serious);
    if judgment.intentional == Some(false) && mild == Some(true) {
        return Ok(Some(NoRecord::NotOnPurpose));
    }
    match judgment.age {
        Age::Under16 => Ok(Some(NoRecord::Under16)),
        Age::Under18 => match (judgment.gravity, judgment.intentional) {
            (None, _) => Err(vec![Missing::Gravity(index)]),
            (Some(Gravity::LessSerious | Gravity::Serious), _) | (Some(Gravity::VerySerious), Some(false)) => {
                Ok(Some(NoRecord::Under18))
            }
            (Some(Gravity::VerySerious), None) => Err(vec![Missing::Intent(index)]),
            (Some(Gravity::VerySerious), Some(true)) | (Some(Gravity::ExtremelySerious), _) => Ok(None),
        },
        // An adult of whom the papers do not say it is taken to have acted on purpose: that gives the later day.
        Age::Adult => Ok(None),
    }
}

fn rung(penalty: Penalty) -> Option<Rung> {
    match penalty {
        Penalty::Exempted | Penalty::Measures => None,
        Penalty::Warning | Penalty::Fine | Penalty::NonCustodial | Penalty::Suspended => Some(Rung::Light),
        Penalty::Prison { months: 0..=60 } => Some(Rung::ToFive),
        Penalty::Prison { months: 61..=180 } => Some(Rung::ToFifteen),
        Penalty::Prison { .. } | Penalty::Life | Penalty::Commuted => Some(Rung::Over),
    }
}

fn way(judgment: &Judgment) -> Way {
    match (judgment.age, judgment.special) {
        (Age::Under16 | Age::Under18, _) => Way::Juvenile,
        (Age::Adult, true) => Way::Court,
        (Age::Adult, false) => Way::Automatic,
    }
}

impl Ladder {
    fn of(&self, rung: Rung) -> Months {
        match rung {
            Rung::Light => self.light,
            Rung::ToFive => self.to_five,
            Rung::ToFifteen => self.to_fifteen,
            Rung::Over => self.over,
        }
    }
}

struct Counted {
    from: Date,
    on: Date,
    moved: Vec<Reason>,
}

/// The end of the term, with everything that moves it.
fn day(judgments: &[Judgment], index: usize, term: Months, way: Way, terms: &Terms) -> Result<Counted, Vec<Missing>> {
    let judgment = &judgments[index];
    let Some(served) = judgment.served_on else { return Err(vec![Missing::Served(index)]) };
    let mut gaps: Vec<Missing> = Vec::new();
    gaps.extend(
        judgment.additional.iter().filter(|one| one.ends_on.is_none()).map(|one| Missing::Ends(index, one.duty)),
    );

    let mut counted = Counted { from: served, on: plus(served, term), moved: Vec::new() };
    let mut applied = vec![index];
    loop {
        extend(&mut counted, judgment, way, terms);
        let Some(next) = new_conviction(judgments, index, counted.on, &applied) else { break };
        applied.push(next);
        match end_of(&judgments[next]) {
            None => gaps.push(Missing::Served(next)),
            Some(end) if end > counted.from => {
                counted = Counted { from: end, on: plus(end, term), moved: vec![Reason::NewConviction(next)] };
            }
            Some(_) => {}
        }
    }
    if gaps.is_empty() { Ok(counted) } else { Err(gaps) }
}

/// Additional penalties that last longer, duties met later, refusals of the court: the latest day counts, and why.
fn extend(counted: &mut Counted, judgment: &Judgment, way: Way, terms: &Terms) {
    for additional in &judgment.additional {
        if let Some(ends) = additional.ends_on
            && ends > counted.on
        {
            counted.on = ends;
            counted.moved.retain(|reason| !matches!(reason, Reason::Additional(_)));
            counted.moved.push(Reason::Additional(additional.duty));
        }
    }
    if way != Way::Court {
        return;
    }
    if let Some(last) = judgment.refused_on.iter().max() {
        let wait = if judgment.refused_on.len() > 1 { terms.refused_again } else { terms.refused_once };
        let again = plus(*last, wait);
        if again > counted.on {
            counted.on = again;
            counted.moved.push(Reason::Refused);
        }
    }
}

/// The first later judgment about a crime committed before the record would be cleared, not yet taken into account.
fn new_conviction(judgments: &[Judgment], index: usize, until: Date, applied: &[usize]) -> Option<usize> {
    let old = &judgments[index];
    let later = judgments.iter().enumerate().filter(|(other, new)| {
        let began = new.committed_on.unwrap_or(new.convicted_on);
        // One day decides nothing: of two judgments of one day neither is the other's new crime.
        !applied.contains(other) && new.convicted_on > old.convicted_on && began > old.convicted_on && began <= until
    });
    later.min_by_key(|(_, new)| new.convicted_on).map(|(other, _)| other)
}

/// When a new judgment's main penalty or probation is over. Without a penalty to serve it is over on its day.
fn end_of(judgment: &Judgment) -> Option<Date> {
    match judgment.penalty {
        Penalty::Exempted | Penalty::Measures | Penalty::Warning => {
            Some(judgment.served_on.unwrap_or(judgment.convicted_on))
        }
        _ => judgment.served_on,
    }
}

/// The same day so many months later; the 31st becomes the last day of a shorter month.
fn plus(day: Date, term: Months) -> Date {
    day.saturating_add(term.0.months())
}

/// A third of the term, rounded up to whole days (Điều 72).
fn early(from: Date, term: Months) -> Date {
    let days = from.until(plus(from, term)).map_or(0, |span| i64::from(span.get_days()));
    plus_days(from, (days + 2) / 3)
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
