//! Requests to be away: any absence of a day or more is asked for in writing, and the People's Committee answers in writing before
//! the departure (Thông tư 65/2019/TT-BCA Điều 9).

use super::{
    book,
    model::{self, AbsenceDraft, AbsenceRow, DecisionDraft, Over, ReturnDraft},
    must_carry_duties, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{AbsenceId, Id},
        refusal::Invalid,
        text,
        time::{days_between, plus_days},
        words::{AbsenceState, FollowUpKind},
    },
    cases::{self, model::Change},
    follow_ups,
    follow_ups::serving,
    policy::acts::{AskAbsence, ChangeAbsence, DecideAbsence, ListAbsences, SeeAbsence},
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store},
};

/// Writes down a request. Its decision is due the day before the departure.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AbsenceDraft::check`]; the case carries no duties; it overlaps another one; longer than the
/// office's own bounds without a reason.
pub async fn ask(
    store: &Store,
    grant: Grant<AskAbsence>,
    draft: &AbsenceDraft,
    key: Option<Key>,
) -> Result<AbsenceId, Refused> {
    let new = draft.check(store.today())?;
    let book = book(store).await?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(AbsenceId::from_uuid(id));
            }
            let (case, by, today) = (work.id(), work.by()?, work.today());
            let standing = must_carry_duties(work, case).await?;
            let known = store::absences_within(work, case).await?;
            let open = |row: &&AbsenceRow| matches!(row.state, AbsenceState::Requested) || row.counts();
            let overlaps = |row: &AbsenceRow| {
                let last = row.returned_on.unwrap_or(row.to_on).0;
                row.from_on.0 <= new.to && new.from <= last
            };
            if known.iter().filter(open).any(overlaps) {
                return Err(Invalid::one("from_on", "overlaps_another").into());
            }
            let term = standing.serving.term.map(|term| days_between(term.from, term.until) + 1);
            let over = book.bounds.passed(new.days(), model::days_away(&known), term);
            if let (Some(over), true) = (over, new.content.over_reason.is_empty()) {
                let (Over::Once(most) | Over::Together(most)) = over;
                let code = if matches!(over, Over::Once(_)) { "over_once" } else { "over_together" };
                return Err(Invalid::telling("over_reason", code, most.to_string()).into());
            }
            let due_on = plus_days(new.from, -1).max(today);
            let task = serving::ask(work, case, FollowUpKind::AbsenceDecision, (new.from, due_on), by).await?;
            let id = store::insert_absence(work, case, &new, task, by).await?;
            work.set("created_at = created_at", vec![]).await?;
            work.detail(format!("absence {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// The written decision of the People's Committee: number, day, and reasons where it refuses. What is granted asks for the
/// return on its last day.
///
/// # Errors
/// [`Refused::Invalid`]: see [`DecisionDraft::check`]; it is decided or taken back already; decided before it was asked for;
/// the case carries no duties any more. [`Fault::Stale`]: changed since `version` was read.
pub async fn decide(
    store: &Store,
    grant: Grant<DecideAbsence>,
    draft: &DecisionDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (verdict, on, decided) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now, today) = (work.id(), work.by()?, work.now(), work.today());
            let row = store::find_absence(work, id).await?;
            must_carry_duties(work, row.case_id).await?;
            if row.state != AbsenceState::Requested {
                return Err(Invalid::one("", "decided_already").into());
            }
            if on < row.asked_on.0 {
                return Err(Invalid::one("on", "before_the_request").into());
            }
            if let Some(task) = row.task_id {
                follow_ups::done_elsewhere(work, task, by).await?;
            }
            let sealed = store::decision(work, row.case_id, id, &decided).await?;
            let state = verdict.as_str();
            if verdict == AbsenceState::Granted {
                let due_on = row.to_on.0.max(today);
                let days = (row.to_on.0, due_on);
                let task = serving::ask(work, row.case_id, FollowUpKind::AbsenceReturn, days, by).await?;
                work.set(
                    "state = ?, decision = ?, decided_on = ?, decided_by = ?, decided_at = ?, return_task_id = ?",
                    crate::args![state, sealed, on, by, now, task],
                )
                .await?;
            } else {
                work.set(
                    "state = ?, decision = ?, decided_on = ?, decided_by = ?, decided_at = ?",
                    crate::args![state, sealed, on, by, now],
                )
                .await?;
            }
            work.detail(format!("absence {state}"));
            Ok(())
        })
        .await
}

/// Takes an answer back that was written down wrongly, as long as nobody has left by it: the request waits again. The history keeps
/// what was said.
///
/// # Errors
/// [`Refused::Invalid`]: it is not answered; the day of departure has come. [`Fault::Stale`]: changed since `version` was read.
pub async fn unsay(store: &Store, grant: Grant<DecideAbsence>, version: Option<i64>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, today) = (work.id(), work.by()?, work.today());
            let row = store::find_absence(work, id).await?;
            must_carry_duties(work, row.case_id).await?;
            if !matches!(row.state, AbsenceState::Granted | AbsenceState::Refused) {
                return Err(Invalid::one("", "not_answered").into());
            }
            if row.from_on.0 <= today {
                return Err(Invalid::one("", "departed_already").into());
            }
            if let Some(task) = row.return_task_id {
                follow_ups::let_go(work, task).await?;
            }
            let due_on = plus_days(row.from_on.0, -1).max(today);
            let task =
                serving::ask(work, row.case_id, FollowUpKind::AbsenceDecision, (row.from_on.0, due_on), by).await?;
            let number = row.decided().map(|decided| decided.number).unwrap_or_default();
            let day = row.decided_on.map(|on| text::show_day(on.0)).unwrap_or_default();
            let before = format!("{}: {} {number}, {day}", text::show_day(row.from_on.0), row.state);
            let change = Change { part: "legal", field: "duty_absence", before, after: String::new() };
            cases::history::keep(work, row.case_id, &[change], by).await?;
            work.set(
                "state = 'requested', decision = null, decided_on = null, decided_by = null, decided_at = null, \
                 return_task_id = null, task_id = ?",
                crate::args![task],
            )
            .await?;
            work.detail("absence asked anew".to_owned());
            Ok(())
        })
        .await
}

/// Writes down that somebody is back; a day that was written down wrongly is put right, and the history keeps it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ReturnDraft::check`]; nothing was granted; back before she left.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn came_back(
    store: &Store,
    grant: Grant<ChangeAbsence>,
    draft: &ReturnDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let on = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let row = store::find_absence(work, id).await?;
            cases::must_be_live(work, row.case_id).await?;
            if !matches!(row.state, AbsenceState::Granted | AbsenceState::Returned) {
                return Err(Invalid::one("", "not_away").into());
            }
            if on < row.from_on.0 {
                return Err(Invalid::one("on", "before_the_first_day").into());
            }
            match (row.returned_on, row.return_task_id) {
                (Some(before), _) => {
                    let before = text::show_day(before.0);
                    let change = Change { part: "legal", field: "duty_returned_on", before, after: text::show_day(on) };
                    cases::history::keep(work, row.case_id, &[change], by).await?;
                }
                (None, Some(task)) => follow_ups::done_elsewhere(work, task, by).await?,
                (None, None) => {}
            }
            work.set("state = 'returned', returned_on = ?", crate::args![on]).await?;
            work.detail("absence returned".to_owned());
            Ok(())
        })
        .await
}

/// A request that was taken back, or a journey that did not take place.
///
/// # Errors
/// [`Refused::Invalid`]: it is refused, over or taken back already. [`Fault::Stale`]: changed since `version` was read.
pub async fn cancel(store: &Store, grant: Grant<ChangeAbsence>, version: Option<i64>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let id = work.id();
            let row = store::find_absence(work, id).await?;
            cases::must_be_live(work, row.case_id).await?;
            if !matches!(row.state, AbsenceState::Requested | AbsenceState::Granted) {
                return Err(Invalid::one("", "decided_already").into());
            }
            for task in [row.task_id, row.return_task_id].into_iter().flatten() {
                follow_ups::let_go(work, task).await?;
            }
            work.set("state = 'cancelled'", vec![]).await?;
            work.detail("absence cancelled".to_owned());
            Ok(())
        })
        .await
}

/// The requests that the asker may see: those that wait for a decision, soonest departure first; the others, latest first.
pub async fn list(
    store: &Store,
    scope: &Scope<ListAbsences>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<AbsenceRow>, Fault> {
    store::list_absences(store, scope, waiting, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListAbsences>, waiting: Option<bool>) -> Result<i64, Fault> {
    store::count_absences(store, scope, waiting).await
}

/// One request. That it was looked at is written down first.
pub async fn one(store: &Store, grant: &Grant<SeeAbsence>) -> Result<AbsenceRow, Fault> {
    let row = store::absence(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    store.note_opening(grant, Some(row.case_id), &[super::PART]).await?;
    Ok(row)
}
