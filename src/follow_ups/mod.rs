//! Follow-ups: what is due for whom, when, and why. The one definition that every surface reads.
//!
//! `due` is the pure rule; `replan` stores its result in the transaction of whatever changed a case, so that a list
//! is one indexed query. "Late" is never stored: it is `due_on < today`.

pub mod api;
pub mod due;
pub mod model;
mod proof;
pub mod rules;
pub mod rules_web;
pub mod serving;
mod store;
pub mod tally;
pub mod web;
mod why;

pub use why::why;

use crate::{
    app::Refused,
    base::{
        fields::DoneNote,
        ids::{CaseId, FollowUpId, VisitId},
        refusal::Invalid,
        sealed::SealedText as _,
        words::{FollowUpKind, VisitKind},
    },
    policy::{
        AreaCode,
        acts::{AddTask, CompleteFollowUp, ListFollowUps, PostponeFollowUp, SeeCase, SeeFollowUp, SeeLegal},
    },
    store::{Fault, Grant, Key, Page, PageAsk, Scope, Store, Under, Unit},
};
pub(crate) use proof::prove;

use due::{Due, Plan, RuleSet};
use model::{CompletionDraft, Counts, Line, PostponementDraft, State, TaskDraft};
use std::{collections::HashMap, sync::Arc};

/// Rules and working days of one version, worked out once.
pub struct Rulebook {
    pub version: i64,
    pub rules: RuleSet,
    pub days: crate::base::workdays::Workdays,
    /// What each rule of each version is called, in Vietnamese and in English.
    pub names: HashMap<(String, i64), (String, String)>,
}

/// The rulebook in force today.
///
/// # Errors
/// [`Fault::Inconsistent`] if a rule that the engine needs is missing.
pub async fn rulebook(store: &Store) -> Result<Arc<Rulebook>, Fault> {
    let version = store::version(store).await?;
    let shelf_version = shelf_version(version, store.today());
    if let Some(book) = store.shelved::<Rulebook>(shelf_version) {
        return Ok(book);
    }
    let book = Arc::new(store::rulebook(store, version).await?);
    store.shelve(shelf_version, book.clone());
    Ok(book)
}

/// The same within a unit of work: never asks for a second connection while one is held.
async fn rulebook_within(unit: &mut Unit) -> Result<Arc<Rulebook>, Fault> {
    let version = store::version_within(unit).await?;
    let shelf_version = shelf_version(version, unit.today());
    if let Some(book) = unit.store().shelved::<Rulebook>(shelf_version) {
        return Ok(book);
    }
    let book = Arc::new(store::rulebook_within(unit, version).await?);
    unit.store().shelve(shelf_version, book.clone());
    Ok(book)
}

/// Rules take effect by date, so a rulebook is good for one day.
fn shelf_version(version: i64, today: jiff::civil::Date) -> i64 {
    version * 1_000_000 + i64::from(today.day_of_year()) + i64::from(today.year()) * 400
}

/// Sees this actor only the tasks agreed with her own organisation?
pub(crate) fn is_helper(store: &Store, actor: &crate::policy::Actor) -> bool {
    !store.can::<SeeLegal>(actor)
}

/// One follow-up as a page of its own shows it, with the person's name: outside one's own cases that is an opening of the
/// case, and written down before it is shown.
pub async fn opened_line(store: &Store, grant: &Grant<SeeFollowUp>) -> Result<Line, Fault> {
    let line = line(store, grant).await?;
    if !grant.is(crate::policy::Near::Own) {
        store.note_opening(grant, Some(line.case_id), &[]).await?;
    }
    Ok(line)
}

/// One follow-up, as a list would show it.
pub async fn line(store: &Store, grant: &Grant<SeeFollowUp>) -> Result<Line, Fault> {
    let line = store::line(store, grant, is_helper(store, grant.actor())).await?;
    line.ok_or(Fault::Denied(crate::store::Denied::Unknown))
}

/// Follow-ups in one state, soonest due first, within the asker's scope.
pub async fn list(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    store::list(store, scope, state, ask).await
}

/// The same for programs, which may ask for one commune.
pub async fn list_in(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    area: Option<&AreaCode>,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    store::list_in(store, scope, state, area, ask).await
}

/// How many rows such a list has.
pub async fn count_in(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    area: Option<&AreaCode>,
) -> Result<i64, Fault> {
    store::count_in(store, scope, state, area).await
}

/// The open tasks of one case, soonest first: all for the office, for a helper those agreed with her organisation.
pub async fn tasks_of_case(store: &Store, grant: &Grant<SeeCase>, helper: bool) -> Result<Vec<Line>, Fault> {
    store::tasks_of_case(store, grant, helper).await
}

/// The tasks of a case that were done; for a helper those agreed with her organisation.
pub async fn done_of_case(store: &Store, grant: &Grant<SeeCase>, helper: bool) -> Result<Vec<Line>, Fault> {
    store::done_of_case(store, grant, helper).await
}

/// How many are overdue, due today, and due in the next 14 days.
pub async fn counts(store: &Store, scope: &Scope<ListFollowUps>) -> Result<Counts, Fault> {
    store::counts(store, scope).await
}

/// How many live cases within the scope still wait to be planned with the rules in force: lists say so.
pub async fn recalculating(store: &Store, scope: &Scope<crate::policy::acts::ListCases>) -> Result<i64, Fault> {
    tally::recalculating(store, scope).await
}

/// The open follow-ups of one case; for a helper the tasks agreed with her own organisation and no other.
pub async fn of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<model::FollowUpRow>, Fault> {
    if !store.can::<SeeLegal>(grant.actor()) {
        store::open_for_helper(store, grant).await
    } else {
        store::open_of_case(store, grant).await
    }
}

/// Works out anew what is due for a case, and stores it. Every verb that changes a case calls this in its transaction.
pub async fn replan(unit: &mut Unit, case: CaseId) -> Result<Plan, Fault> {
    let book = rulebook_within(unit).await?;
    let facts = store::facts(unit, case).await?;
    let plan = due::plan(&facts, &book.rules, &book.days, unit.today());
    if !facts.regime.carries_duties() {
        // Whatever was asked for while a sentence was served here is asked for no longer.
        serving::store::drop_all(unit, case).await?;
    }
    let open = store::open_planned(unit, case).await?;
    let mut kept = Vec::new();
    for due in &plan.due {
        match open.iter().find(|row| is_for(row, due)) {
            Some(row) => {
                kept.push(row.id);
                if differs(row, due) {
                    store::correct(unit, row.id, due).await?;
                }
            }
            None => store::insert_planned(unit, case, due).await?,
        }
    }
    for row in open.iter().filter(|row| !kept.contains(&row.id)) {
        store::drop_planned(unit, row.id).await?;
    }
    store::note_plan(unit, case, &plan, book.version).await?;
    Ok(plan)
}

/// A stored follow-up is the one that the plan asks for: the same kind, for tasks the same rule, for assessments of a sentence
/// the same round.
fn is_for(row: &model::FollowUpRow, due: &Due) -> bool {
    row.kind == due.kind
        && (due.kind != FollowUpKind::Task || row.rule == due.rule)
        && (due.kind != FollowUpKind::DutyAssessment || row.base_on.0 == due.base_on)
}

fn differs(row: &model::FollowUpRow, due: &Due) -> bool {
    (row.due_on.0, row.base_on.0, row.rule.as_str(), row.interval_days, row.rule_version)
        != (due.due_on, due.base_on, due.rule.as_str(), due.interval_days, due.rule_version)
        || row.postponed != i64::from(due.postponed)
        || (row.halved, row.family) != (due.halved, due.family)
}

/// The contact that would be due next if the person were met today by `in_charge`: the latest day for the next visit, and
/// the rule that gives it.
pub async fn after_a_visit_today(
    store: &Store,
    grant: &Grant<SeeLegal>,
) -> Result<Option<(Arc<Rulebook>, Due)>, Fault> {
    let book = rulebook(store).await?;
    let today = store.today();
    let mut facts = store::facts(&mut Under(store, grant), grant.id()).await?;
    facts.visits.push(due::VisitFact { on: today, kind: VisitKind::Home, met: true, in_charge: true });
    let plan = due::plan(&facts, &book.rules, &book.days, today);
    Ok(plan.due.into_iter().find(|due| due.kind == FollowUpKind::Contact).map(|due| (book, due)))
}

/// Marks the planned follow-ups of these kinds done: what was asked for has happened.
pub async fn settle(
    unit: &mut Unit,
    case: CaseId,
    kinds: &[FollowUpKind],
    visit: Option<VisitId>,
) -> Result<(), Fault> {
    for kind in kinds {
        store::settle(unit, case, *kind, visit).await?;
    }
    Ok(())
}

/// Marks what one rule had asked for done.
pub(crate) async fn settle_rule(unit: &mut Unit, case: CaseId, rule: &str) -> Result<(), Fault> {
    store::settle_rule(unit, case, rule).await
}

/// Plans a case anew after a visit. A contact that was open and is now due on another base was settled by the visit:
/// it is kept as done, and a row of its own stands for what is due next.
///
/// # Errors
/// Whatever the database says.
pub(crate) async fn replan_after_visit(
    unit: &mut Unit,
    case: CaseId,
    visit: VisitId,
    may_settle: bool,
) -> Result<Plan, Fault> {
    let before = store::open_planned(unit, case).await?;
    let plan = replan(unit, case).await?;
    let was = before.iter().find(|row| row.kind == FollowUpKind::Contact);
    let next = plan.due.iter().find(|due| due.kind == FollowUpKind::Contact);
    if let (true, Some(was), Some(next)) = (may_settle, was, next)
        && was.base_on.0 != next.base_on
    {
        store::settle_as_it_was(unit, case, was, visit).await?;
    }
    Ok(plan)
}

/// Carries the open tasks that were agreed with an organisation over to another case of the same person.
pub(crate) async fn carry_on(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    for row in store::open_agreed(unit, from).await? {
        let (Some(organisation), Some(by)) = (row.organisation_id, row.made_by) else { continue };
        let id = unit.new_id();
        let what = row.what.text().unwrap_or_default().to_owned();
        let task = model::Task { what, due_on: row.due_on.0, organisation: Some(organisation), visit: None };
        store::insert_task(unit, id, to, &task, "agreed", by).await?;
    }
    Ok(())
}

/// A case has left the commune of an organisation: what was agreed with it is now the office's to see to, with the same
/// day, so that nothing that was due is lost.
pub(crate) async fn take_over(unit: &mut Unit, case: CaseId) -> Result<u64, Fault> {
    store::take_over(unit, case).await
}

/// A review of a clearance that is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewDue {
    /// `clearance_ahead`: some days before; `clearance_due`: from the day on.
    pub rule: &'static str,
    pub rule_version: i64,
    /// The day that was found.
    pub base_on: jiff::civil::Date,
    pub due_on: jiff::civil::Date,
}

/// Asks for this review of a case and for no other: one that stands open for another day is dropped, one that was done is
/// not asked for twice. The due engine knows nothing of it: it is planned by `clearances`.
pub(crate) async fn ask_review(unit: &mut Unit, case: CaseId, wanted: Option<ReviewDue>) -> Result<(), Fault> {
    let known = store::reviews(unit, case).await?;
    let same = |row: &&model::FollowUpRow| {
        wanted.is_some_and(|wanted| row.rule == wanted.rule && row.base_on.0 == wanted.base_on)
    };
    let stands = known.iter().find(same).map(|row| row.id);
    for row in known.iter().filter(|row| row.done_at.is_none() && Some(row.id) != stands) {
        store::drop_planned(unit, row.id).await?;
    }
    let Some(wanted) = wanted.filter(|_| stands.is_none()) else { return Ok(()) };
    let due = Due {
        kind: FollowUpKind::ClearanceReview,
        rule: wanted.rule.to_owned(),
        rule_version: wanted.rule_version,
        base_on: wanted.base_on,
        due_on: wanted.due_on,
        interval_days: 0,
        halved: false,
        family: false,
        postponed: 0,
    };
    store::insert_planned(unit, case, &due).await
}

/// Opens again what a visit had settled, before it is planned anew.
pub async fn unsettle(unit: &mut Unit, visit: VisitId) -> Result<(), Fault> {
    store::unsettle(unit, visit).await
}

/// Adds a task to a case; one for an organisation becomes a task agreed with it.
///
/// # Errors
/// [`Refused::Invalid`]: no text, a day in the past, an organisation without a live referral.
pub async fn add_task(
    store: &Store,
    grant: Grant<AddTask>,
    draft: &TaskDraft,
    key: Option<Key>,
) -> Result<FollowUpId, Refused> {
    let task = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(<FollowUpId as crate::base::ids::Id>::from_uuid(id));
            }
            let case = work.id();
            if let Some(organisation) = task.organisation
                && !store::has_live_referral(work, case, organisation).await?
            {
                return Err(Invalid::one("organisation", "no_referral").into());
            }
            let id = work.new_id();
            let by = work.by()?;
            store::insert_task(work, id, case, &task, "agreed", by).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// A step of a plan becomes a task: an organisation's is agreed with it, any other is the office's to see to. Late, put off
/// and done are said of it here, as of every other.
///
/// # Errors
/// Whatever the database says.
pub(crate) async fn schedule(
    unit: &mut Unit,
    case: CaseId,
    what: String,
    due_on: jiff::civil::Date,
    organisation: Option<crate::base::ids::OrganisationId>,
    by: crate::base::ids::UserId,
) -> Result<FollowUpId, Fault> {
    let id = unit.new_id();
    let task = model::Task { what, due_on, organisation, visit: None };
    store::insert_task(unit, id, case, &task, "plan_step", by).await?;
    Ok(id)
}

/// Asks some months after the first day of a job whether somebody is still at it: a task of whoever found the work.
pub(crate) async fn ask_work(
    unit: &mut Unit,
    case: CaseId,
    what: String,
    due_on: jiff::civil::Date,
    organisation: Option<crate::base::ids::OrganisationId>,
    by: crate::base::ids::UserId,
) -> Result<FollowUpId, Fault> {
    let id = unit.new_id();
    let task = model::Task { what, due_on, organisation, visit: None };
    store::insert_task(unit, id, case, &task, "work_check", by).await?;
    Ok(id)
}

/// An answer is owed to what somebody said at a gathering: an organisation's is agreed with it, any other is the office's to
/// see to.
pub(crate) async fn ask_answer(
    unit: &mut Unit,
    case: CaseId,
    what: String,
    due_on: jiff::civil::Date,
    organisation: Option<crate::base::ids::OrganisationId>,
    by: crate::base::ids::UserId,
) -> Result<FollowUpId, Fault> {
    let id = unit.new_id();
    let task = model::Task { what, due_on, organisation, visit: None };
    store::insert_task(unit, id, case, &task, "opinion", by).await?;
    Ok(id)
}

/// Asks the officer in charge to speak of a loan before the term ends, of which the rule tells.
pub(crate) async fn ask_loan(
    unit: &mut Unit,
    case: CaseId,
    until: jiff::civil::Date,
    officer: crate::base::ids::UserId,
) -> Result<(), Fault> {
    let id = unit.new_id();
    // Nobody is late on the day on which the program first knows of it.
    let task = model::Task { what: String::new(), due_on: unit.today(), organisation: None, visit: None };
    store::insert_task(unit, id, case, &task, "loan_window", officer).await?;
    store::note_base(unit, id, until).await
}

/// A task that another feature's verb has settled.
pub(crate) async fn done_elsewhere(
    unit: &mut Unit,
    task: FollowUpId,
    by: crate::base::ids::UserId,
) -> Result<(), Fault> {
    store::done_elsewhere(unit, task, by).await
}

/// A task that is asked for no longer; one that is done stays done.
pub(crate) async fn let_go(unit: &mut Unit, task: FollowUpId) -> Result<(), Fault> {
    store::let_go(unit, task).await
}

/// Is this organisation asked to help the person today?
pub(crate) async fn is_asked(
    unit: &mut Unit,
    case: CaseId,
    organisation: crate::base::ids::OrganisationId,
) -> Result<bool, Fault> {
    store::has_live_referral(unit, case, organisation).await
}

/// The organisations with which a task can be agreed: id and name in both languages.
pub(crate) async fn asked(
    store: &Store,
    grant: &Grant<AddTask>,
) -> Result<Vec<(crate::base::ids::OrganisationId, String, String)>, Fault> {
    store::live_organisations(store, grant).await
}

/// The next visit that was agreed on: a task of its own, which the visitor's next visit settles.
/// `organisation`: the helper's, for a task agreed with her; `None` for the officer's.
pub(crate) async fn agree_next_visit(
    unit: &mut Unit,
    case: CaseId,
    on: jiff::civil::Date,
    organisation: Option<crate::base::ids::OrganisationId>,
    visit: VisitId,
    by: crate::base::ids::UserId,
) -> Result<(), Fault> {
    let id = unit.new_id();
    let task = model::Task { what: String::new(), due_on: on, organisation, visit: Some(visit) };
    store::insert_task(unit, id, case, &task, "agreed_visit", by).await
}

/// A met visit settles the next visits that its own side had agreed on before, and no other task: for an organisation
/// those of its members; for the office those of whoever is in charge, or of the visitor herself.
pub(crate) async fn settle_agreed(
    unit: &mut Unit,
    case: CaseId,
    organisation: Option<crate::base::ids::OrganisationId>,
    visit: VisitId,
    in_charge: bool,
    by: crate::base::ids::UserId,
) -> Result<(), Fault> {
    store::settle_agreed(unit, case, organisation, visit, in_charge, by).await
}

/// Done, with a word on how.
///
/// A contact is settled by a visit and by nothing else.
///
/// # Errors
/// [`Refused::Invalid`]: `needs_visit`; already done. [`Fault::Stale`]: changed since it was read.
pub async fn complete(
    store: &Store,
    grant: Grant<CompleteFollowUp>,
    draft: &CompletionDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let note = crate::base::text::clean_note_opt(&draft.note, 1000)
        .map_err(|fault| Invalid::one("note", fault.code()))?
        .unwrap_or_default();
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let id = work.id();
            let row = store::find(work, id).await?;
            if !row.is_open() {
                return Err(Invalid::one("", "already_done").into());
            }
            match row.kind {
                FollowUpKind::Contact => return Err(Invalid::one("", "needs_visit").into()),
                FollowUpKind::Reception => return Err(Invalid::one("", "needs_reception").into()),
                FollowUpKind::AddressCheck => return Err(Invalid::one("", "needs_address_result").into()),
                FollowUpKind::Assessment => return Err(Invalid::one("", "needs_classification").into()),
                FollowUpKind::AssignHelper => return Err(Invalid::one("", "needs_referral").into()),
                kind if kind.is_duty() => return Err(Invalid::one("", "needs_duty").into()),
                _ if row.rule == "work_check" => return Err(Invalid::one("", "needs_work_check").into()),
                _ if row.rule == "opinion" => return Err(Invalid::one("", "needs_answer").into()),
                FollowUpKind::Task if row.made_by.is_none() => return Err(Invalid::one("", "needs_step").into()),
                _ => {}
            }
            let (now, by) = (work.now(), work.by()?);
            let note = work.sealer_of(row.case_id).await?.text::<DoneNote>(row.id, &note)?;
            work.set("done_at = ?, done_by = ?, done_note = ?", crate::args![now, by, note]).await?;
            work.keep_key(key.as_ref(), row.id).await?;
            Ok(())
        })
        .await
}

/// The last day to which a follow-up may be put off; `None` if it was put off as often as allowed, or is so late
/// already that no allowed day is left.
pub fn latest_day(book: &Rulebook, line: &Line, today: jiff::civil::Date) -> Option<jiff::civil::Date> {
    if line.kind.stands_fast() {
        return None;
    }
    let latest = if line.has_own_day() {
        let (times, cap) = agreed_limits(book);
        (line.postponed < times).then(|| crate::base::time::plus_days(line.due_on.0, cap))
    } else {
        due::postpone_until(&as_due(line), &book.rules).ok()
    };
    latest.filter(|latest| *latest > line.due_on.0 && *latest >= today)
}

/// A planned line as the engine's item.
fn as_due(line: &Line) -> Due {
    Due {
        kind: line.kind,
        rule: line.rule.clone(),
        rule_version: line.rule_version,
        base_on: line.base_on.0,
        due_on: line.due_on.0,
        interval_days: line.interval_days,
        halved: line.halved,
        family: line.family,
        postponed: u32::try_from(line.postponed).unwrap_or(u32::MAX),
    }
}

/// How often running, and by how many days, a task that was agreed on may be put off.
fn agreed_limits(book: &Rulebook) -> (i64, i64) {
    (
        book.rules.find("postpone_running").map_or(2, |rule| rule.days),
        book.rules.find("postpone_cap").map_or(14, |rule| rule.days),
    )
}

/// The latest day is told; where it has passed there is none left.
fn too_far(latest: jiff::civil::Date, today: jiff::civil::Date) -> Invalid {
    if latest < today {
        return Invalid::one("to_on", "no_day_left");
    }
    Invalid::telling("to_on", "too_late_a_day", crate::base::text::show_day(latest))
}

/// Puts a follow-up off to a later day, with a reason: at most half its interval and 14 days, at most twice running.
/// It stays counted in the digest.
///
/// # Errors
/// [`Refused::Invalid`]: too far (tells the latest day), too often, not later.
pub async fn postpone(
    store: &Store,
    grant: Grant<PostponeFollowUp>,
    draft: &PostponementDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let (to_on, reason) = draft.check(store.today())?;
    let book = rulebook(store).await?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let id = work.id();
            let row = store::find(work, id).await?;
            if !row.is_open() {
                return Err(Invalid::one("", "already_done").into());
            }
            if row.kind.stands_fast() {
                return Err(Invalid::one("to_on", "stands_fast").into());
            }
            if row.made_by.is_some() || row.kind == FollowUpKind::ClearanceReview {
                let ((times, cap), from) = (agreed_limits(&book), row.due_on.0);
                let latest = crate::base::time::plus_days(from, cap);
                if to_on <= from || to_on < work.today() {
                    return Err(Invalid::one("to_on", "not_later").into());
                }
                if to_on > latest {
                    return Err(too_far(latest, work.today()).into());
                }
                if row.postponed >= times {
                    return Err(Invalid::one("to_on", "too_often").into());
                }
                let by = work.by()?;
                store::insert_postponement(work, &row, to_on, &reason, by).await?;
                work.set("due_on = ?, postponed = postponed + 1", crate::args![to_on]).await?;
            } else {
                let today = work.today();
                due::check_postponement(&store::as_due(&row), to_on, &book.rules).map_err(|refused| match refused {
                    due::PostponeRefused::TooOften => Invalid::one("to_on", "too_often"),
                    due::PostponeRefused::NotLater => Invalid::one("to_on", "not_later"),
                    due::PostponeRefused::TooFar { latest } => too_far(latest, today),
                })?;
                if to_on < work.today() {
                    return Err(Invalid::one("to_on", "in_the_past").into());
                }
                let by = work.by()?;
                store::insert_postponement(work, &row, to_on, &reason, by).await?;
                replan(work, row.case_id).await?;
            }
            work.keep_key(key.as_ref(), row.id).await?;
            Ok(())
        })
        .await
}
