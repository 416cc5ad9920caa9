//! Reports: the sixteen indicators with fixed definitions, for any commune or province and any days.
//!
//! Everything is counted from dated facts (`model/marks.rs`) and so for a past period as for this one. Whoever is in the
//! office sees exact numbers; whoever is outside sees rounded ones without the small (`model/outside.rs`). A sealed case leaves
//! figures by half months, without person or case, that are counted by the same rule.

pub mod api;
pub mod model;
pub mod papers;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::CaseId,
        refusal::Invalid,
        time::{At, plus_days},
        words::{ClearancePaper, HelpKind, ReportPeriod, ReportRule},
    },
    follow_ups::rules,
    policy::{
        Act, AreaCode,
        acts::{CountOwnHelp, SeeOutsideReports, SeeOwnReport, SeeReports},
        subjects::Area,
    },
    store::{Fault, Scope, Store, Unit},
};
use jiff::civil::Date;
use model::{
    fold::{self, Figures},
    kept::{self, Kept},
    lines::{self, Line},
    marks::{Mark, Measure, Trace},
    outside::{self, Told},
    window::{self, Asked, Query, Window},
};
use std::{borrow::Cow, collections::BTreeMap};
pub use store::OwnHelp;
use store::Whose;

/// A report: its numbers, and those of the periods before it.
pub struct Report {
    pub asked: Asked,
    pub figures: Figures,
    pub trend: Vec<(Window, Figures)>,
    /// After how many days without being met somebody is named as not seen.
    pub unseen: i64,
}

impl Report {
    fn of(marks: &[Mark], asked: Asked, unseen: i64) -> Report {
        let trend = asked.window.trend();
        Report {
            figures: Figures::of(marks, &asked.window),
            trend: trend.into_iter().map(|window| (window, Figures::of(marks, &window))).collect(),
            asked,
            unseen,
        }
    }
}

/// Where the office's months begin.
pub async fn office_rule(store: &Store) -> Result<ReportRule, Fault> {
    Ok(window::rule_of(rules::amount(store, "report_begins").await?))
}

/// Reads what is asked for, by the office's own rule where nothing else is said.
pub async fn asked(store: &Store, query: &Query) -> Result<Asked, Refused> {
    Ok(query.check(store.today(), office_rule(store).await?)?)
}

/// The report of the reader's areas, or of one of them. Exact.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Query::check`].
pub async fn of_areas(store: &Store, scope: &Scope<SeeReports>, query: &Query) -> Result<Report, Refused> {
    let asked = asked(store, query).await?;
    Ok(area_report(store, scope, asked).await?)
}

/// The same of one's own cases alone. What was sealed is nobody's own, and is not in it.
pub async fn of_own(store: &Store, scope: &Scope<SeeOwnReport>, query: &Query) -> Result<Report, Refused> {
    let asked = asked(store, query).await?;
    let unseen = rules::amount(store, "report_unseen").await?;
    let marks = own_marks(store, scope, unseen).await?;
    Ok(Report::of(&marks, asked, unseen))
}

async fn area_report<A: Act<On = Area>>(store: &Store, scope: &Scope<A>, asked: Asked) -> Result<Report, Fault> {
    let unseen = rules::amount(store, "report_unseen").await?;
    let by_area = area_marks(store, scope, asked.area.as_ref(), unseen).await?;
    let marks: Vec<Mark> = by_area.into_values().flatten().collect();
    Ok(Report::of(&marks, asked, unseen))
}

/// The marks of each commune; what was lent stands under the commune of the reader's choice, or under none.
async fn area_marks<A: Act<On = Area>>(
    store: &Store,
    scope: &Scope<A>,
    area: Option<&AreaCode>,
    unseen: i64,
) -> Result<BTreeMap<AreaCode, Vec<Mark>>, Fault> {
    let mut all: BTreeMap<AreaCode, Vec<Mark>> = BTreeMap::new();
    for trace in store::traces(Whose::Area(store, scope, area)).await? {
        all.entry(trace.area.clone()).or_default().extend(trace.marks(unseen));
    }
    for lent in store::lent(&mut Whose::Area(store, scope, area)).await? {
        all.entry(lent.area.clone()).or_default().extend(lent.marks());
    }
    let (meetings, models) = store::held(store, scope, area).await?;
    for (area, meeting) in meetings {
        all.entry(area).or_default().extend(meeting.marks());
    }
    for (area, model) in models {
        all.entry(area).or_default().extend(model.marks());
    }
    for (area, mark) in store::kept(store, scope, area).await? {
        all.entry(area).or_default().push(mark);
    }
    Ok(all)
}

async fn own_marks(store: &Store, scope: &Scope<SeeOwnReport>, unseen: i64) -> Result<Vec<Mark>, Fault> {
    let whose = || Whose::<SeeReports>::Own(store, scope);
    let traces = store::traces(whose()).await?;
    let lent = store::lent(&mut whose()).await?;
    Ok(traces.iter().flat_map(|trace| trace.marks(unseen)).chain(lent.iter().flat_map(|lent| lent.marks())).collect())
}

/// The cases that are behind a number, among those that the reader may open, and how often each is counted in it.
///
/// # Errors
/// [`Refused::Invalid`]: there is no such number; see [`Query::check`].
pub async fn behind(
    store: &Store,
    scope: &Scope<SeeOwnReport>,
    key: &str,
    query: &Query,
) -> Result<(&'static Line, Asked, BTreeMap<CaseId, i64>), Refused> {
    let line = lines::line(key).filter(|line| line.drills()).ok_or_else(|| Invalid::one("line", "not_chosen"))?;
    let asked = asked(store, query).await?;
    let unseen = rules::amount(store, "report_unseen").await?;
    let marks = own_marks(store, scope, unseen).await?;
    let cases = fold::behind(&marks, line, &asked.window);
    Ok((line, asked, cases))
}

/// What is told outside: of each commune, and of all together.
pub struct OutsideReport {
    pub window: Window,
    pub communes: Vec<(AreaCode, BTreeMap<&'static str, Told>)>,
    pub together: BTreeMap<&'static str, Told>,
}

/// The report for whoever is outside: half a year by the office's rule and nothing else, so that no two of them can be set
/// against each other.
///
/// # Errors
/// [`Refused::Invalid`]: another period or another rule is asked for; see [`Query::check`].
pub async fn for_outside(
    store: &Store,
    scope: &Scope<SeeOutsideReports>,
    query: &Query,
) -> Result<OutsideReport, Refused> {
    let half_year = ReportPeriod::HalfYear.as_str();
    if !matches!(query.period.as_str(), "" | "half_year") || !query.rule.is_empty() {
        return Err(Invalid::one("period", "only_half_years").into());
    }
    // The one that is over: of the one under way the numbers change from day to day, and two days could be compared.
    let rule = office_rule(store).await?;
    let query = Query { period: half_year.to_owned(), ..query.clone() };
    let mut asked = query.check(store.today(), rule)?;
    if query.on.trim().is_empty() {
        asked.window = Window::containing(ReportPeriod::HalfYear, rule, plus_days(asked.window.from, -1));
    }
    if asked.window.to >= store.today() {
        return Err(Invalid::one("on", "not_over_yet").into());
    }
    let unseen = rules::amount(store, "report_unseen").await?;
    let by_area = area_marks(store, scope, asked.area.as_ref(), unseen).await?;
    let communes: Vec<_> = by_area
        .into_iter()
        .map(|(area, marks)| (area, outside::told(&outside::exact(&Figures::of(&marks, &asked.window)))))
        .collect();
    let each: Vec<_> = communes.iter().map(|(_, told)| told.clone()).collect();
    Ok(OutsideReport { window: asked.window, together: outside::together(&each), communes })
}

/// What a helper was given, and what her organisation did for these people in the days that are asked for.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Query::check`].
pub async fn own_organisation(
    store: &Store,
    scope: &Scope<CountOwnHelp>,
    query: &Query,
) -> Result<(Window, OwnHelp), Refused> {
    let window = asked(store, query).await?.window;
    Ok((window, store::own_help(store, scope, window.from, window.to).await?))
}

/// By which paper a record was cleared, and when its case was sealed.
#[derive(Clone, Copy, Debug)]
pub struct ClearedBy {
    pub paper: ClearancePaper,
    pub paper_on: Date,
    pub sealed_at: At,
    /// Loans go on in a support record, and are counted there.
    pub without_loans: bool,
}

/// What a case that is sealed leaves, before its secrets are put away: half months, without person or case.
pub(crate) async fn put_by(unit: &mut Unit, case: CaseId, by: ClearedBy) -> Result<(), Fault> {
    for (area, kept) in kept(unit, case, by).await? {
        store::add(unit, &area, &kept, 1).await?;
    }
    Ok(())
}

/// The same taken away again, when a seal is taken off: the case is counted by itself.
pub(crate) async fn take_back(unit: &mut Unit, case: CaseId, by: ClearedBy) -> Result<(), Fault> {
    for (area, kept) in kept(unit, case, by).await? {
        store::add(unit, &area, &kept, -1).await?;
    }
    Ok(())
}

/// Worked out from the case, and the same both times: nothing of it changes while it is sealed. The rule is that of the day
/// of sealing.
async fn kept(unit: &mut Unit, case: CaseId, by: ClearedBy) -> Result<Vec<(AreaCode, Vec<Kept>)>, Fault> {
    let unseen = rules::amount_on(unit.store(), "report_unseen", by.sealed_at.day()).await?;
    let mut all = Vec::new();
    for mut trace in store::traces(Whose::<SeeReports>::Case(unit, case)).await? {
        trace.helps.retain(|help| !by.without_loans || help.kind != HelpKind::Loan);
        trace.end_at(by.sealed_at);
        let now = trace.area.clone();
        for area in trace.areas() {
            trace.area = area.clone();
            let mut marks = trace.marks(unseen);
            if area == now {
                marks.push(cleared(&trace, by));
            }
            all.push((area, kept::kept(&marks)));
        }
    }
    Ok(all)
}

/// The paper, in the commune that entered it.
fn cleared(trace: &Trace, by: ClearedBy) -> Mark {
    Mark {
        measure: Measure::Cleared,
        word: Cow::Borrowed(by.paper.as_str()),
        from: by.paper_on,
        to: None,
        before: None,
        n: 1,
        vnd: 0,
        case: Some(trace.case),
        person: Some(trace.person),
    }
}
