//! The way of a case: its steps from the notice to the reception, its end, its reopening, what it goes on as, and a new one
//! for somebody who was here before.

use super::{
    free_code,
    history::keep,
    model::{self, Change, ClosureDraft, ContinuationDraft, Draft, ReopeningDraft, Step, StepDraft, changes},
    must_be_live, store,
};
use crate::{
    app::Refused,
    base::{
        fields::{
            AddressCheckedOn, AddressFoundWord, InformedOn, PledgedOn, PresentByOn, ReceivedOn, SheetOn,
            SuspendedReviewOn,
        },
        ids::{CaseId, Id},
        refusal::Invalid,
        text,
        words::{CaseStatus, FollowUpKind},
    },
    follow_ups,
    policy::{
        Act,
        acts::{CloseCase, ContinueCase, MoveCase, OpenAgain, ReopenCase},
        subjects::Case,
    },
    store::{Denied, Fault, Grant, Key, Store, Work},
};
use jiff::civil::Date;

/// A step on the way: address checked, sender informed, term found, received, pledge or sheet later, suspended, resumed.
///
/// # Errors
/// [`Refused::Invalid`]: see [`StepDraft::check`].
pub async fn take_step(
    store: &Store,
    grant: Grant<MoveCase>,
    draft: &StepDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let case = work.id();
            let at = store::standing(work, case).await?;
            let step = draft.check(&at, work.today())?;
            take(work, case, &at, step).await?;
            let now = work.now();
            work.detail(format!("{} at {now}", draft.step));
            follow_ups::replan(work, case).await?;
            Ok(())
        })
        .await
}

async fn take<A: Act<On = Case>>(
    work: &mut Work<A>,
    case: CaseId,
    at: &model::Standing,
    step: Step,
) -> Result<(), Fault> {
    match step {
        Step::AddressChecked(on, found) => {
            store::set_legal_day::<AddressCheckedOn>(work, case, Some(on)).await?;
            put_right(work, case, "address_found", at.address_found.map(|word| word.as_str()), found.as_str()).await?;
            store::set_legal_text::<AddressFoundWord>(work, case, found.as_str()).await?;
            follow_ups::settle(work, case, &[FollowUpKind::AddressCheck], None).await?;
        }
        Step::Informed(on) => {
            day_put_right(work, case, "informed_on", at.informed_on, on).await?;
            store::set_legal_day::<InformedOn>(work, case, Some(on)).await?;
            follow_ups::settle_rule(work, case, "inform_sender").await?;
        }
        Step::Term(on) => {
            day_put_right(work, case, "present_by_on", at.present_by_on, on).await?;
            store::set_legal_day::<PresentByOn>(work, case, Some(on)).await?;
            follow_ups::settle_rule(work, case, "find_term").await?;
        }
        Step::Received { on, pledge, sheet } => {
            store::set_legal_day::<ReceivedOn>(work, case, Some(on)).await?;
            store::set_legal_day::<PledgedOn>(work, case, pledge.then_some(on)).await?;
            store::set_legal_day::<SheetOn>(work, case, sheet.then_some(on)).await?;
            let kinds = [FollowUpKind::Reception, FollowUpKind::AddressCheck, FollowUpKind::Task];
            follow_ups::settle(work, case, &kinds, None).await?;
            return set_status(work, CaseStatus::Active).await;
        }
        Step::Pledged(on) => store::set_legal_day::<PledgedOn>(work, case, Some(on)).await?,
        Step::Sheet(on) => store::set_legal_day::<SheetOn>(work, case, Some(on)).await?,
        Step::Suspended(until) => {
            let today = work.today();
            store::begin_suspension(work, case, today).await?;
            store::set_legal_day::<SuspendedReviewOn>(work, case, Some(until)).await?;
            return set_status(work, CaseStatus::Suspended).await;
        }
        Step::Resumed(on) => {
            store::end_suspension(work, case, on).await?;
            store::set_legal_day::<SuspendedReviewOn>(work, case, None).await?;
            follow_ups::settle(work, case, &[FollowUpKind::Task], None).await?;
            return set_status(work, CaseStatus::Active).await;
        }
    }
    work.set("created_at = created_at", vec![]).await
}

async fn set_status<A: Act<On = Case>>(work: &mut Work<A>, status: CaseStatus) -> Result<(), Fault> {
    work.set("status = ?", crate::args![status.as_str()]).await
}

/// A step that says something anew keeps what it said before.
async fn put_right<A: Act<On = Case>>(
    work: &mut Work<A>,
    case: CaseId,
    field: &'static str,
    before: Option<&str>,
    after: &str,
) -> Result<(), Fault> {
    let Some(before) = before.filter(|before| *before != after) else { return Ok(()) };
    let change = Change { part: "legal", field, before: before.to_owned(), after: after.to_owned() };
    let by = work.by()?;
    keep(work, case, &[change], by).await
}

async fn day_put_right<A: Act<On = Case>>(
    work: &mut Work<A>,
    case: CaseId,
    field: &'static str,
    before: Option<Date>,
    after: Date,
) -> Result<(), Fault> {
    put_right(work, case, field, before.map(text::show_day).as_deref(), &text::show_day(after)).await
}

/// Closes a case on a ground: assignments and referrals end, nothing is due any more. Closure archives; it seals nothing.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ClosureDraft::check`]; it is closed already.
pub async fn close(
    store: &Store,
    grant: Grant<CloseCase>,
    draft: &ClosureDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            must_be_live(work, case).await?;
            let closure = draft.check(&store::standing(work, case).await?, work.today())?;
            store::close(work, case, &closure, by).await?;
            set_status(work, CaseStatus::Closed).await?;
            // Not the ground: it may tell of a sentence, and the trail outlives the case.
            work.detail("closed".to_owned());
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), case).await?;
            Ok(())
        })
        .await
}

/// Opens a closed case again: whoever was in charge is so again if she still works here, else nobody is. How it was closed
/// stays in its history. What ended with the closure (referrals) does not come back by itself.
///
/// # Errors
/// [`Refused::Invalid`]: it is not closed; no reason.
pub async fn reopen(
    store: &Store,
    grant: Grant<ReopenCase>,
    draft: &ReopeningDraft,
    key: Option<Key>,
) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (case, by, today) = (work.id(), work.by()?, work.today());
            let at = store::standing(work, case).await?;
            if at.status != CaseStatus::Closed {
                return Err(Invalid::one("", "not_closed").into());
            }
            let before = store::closure(work, case).await?;
            let after = before.clone().map(|(field, _)| (field, String::new()));
            let mut changed = changes("legal", &before, &after);
            changed.push(Change { part: "legal", field: "reopened", before: String::new(), after: reason.clone() });
            keep(work, case, &changed, by).await?;
            if let Some(officer) = store::reopen(work, case, today, at.received_on.is_some()).await? {
                store::put_in_charge(work, case, officer, by).await?;
            }
            work.detail("reopened".to_owned());
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), case).await?;
            Ok(())
        })
        .await
}

/// Lets a case go on under the regime that follows on its own, with the certificate: conditional release becomes a served
/// sentence (TT 10/2024/TT-BCA, Điều 7), a suspended sentence an amnesty. It stays the same case, so assignment, referrals,
/// follow-ups that were agreed on, plan and last contact go with it; only what the old regime asked for is no longer due.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ContinuationDraft::check`]. [`Fault::Stale`]: changed since `version` was read.
pub async fn go_on(
    store: &Store,
    grant: Grant<ContinueCase>,
    draft: &ContinuationDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            let at = store::standing(work, case).await?;
            let new = draft.check(&at, work.today())?;
            let before = store::legal(work, case).await?;
            store::go_on_as(work, case, at.regime, &new).await?;
            let after = store::legal(work, case).await?;
            keep(work, case, &changes("legal", &before.told(), &after.told()), by).await?;
            work.set("created_at = created_at", vec![]).await?;
            // Not the regimes: they tell of a sentence, and the trail outlives the case.
            work.detail("continued".to_owned());
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), case).await?;
            Ok(())
        })
        .await
}

/// Opens a new case for the person of a closed one, in the same commune. Who she is stays as it is known; what is new are
/// her papers, where she lives and how she is reached. Nobody learns of a case that she may not open herself.
///
/// # Errors
/// [`Refused::Invalid`]: the case is not closed; see [`Draft::check`]; `officer`: no such active officer here, or one whom a
/// restriction keeps from the person.
pub async fn open_again(
    store: &Store,
    grant: Grant<OpenAgain>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<CaseId, Refused> {
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                let id = CaseId::from_uuid(id);
                return if store::is_sealed(work, id).await? { Err(Denied::Unknown.into()) } else { Ok(id) };
            }
            let (before, by) = (work.id(), work.by()?);
            if store::status(work, before).await?.is_live() {
                return Err(Invalid::one("", "still_live").into());
            }
            let person = work.person_of(before).await?;
            let new = as_known(draft, &store::person_told(work, before).await?).check(work.today())?;
            let area = store::area_of(work, before).await?;
            let officer = match &new.officer {
                Some(username) => Some(
                    store::officer_named(work, &area, username)
                        .await?
                        .ok_or_else(|| Invalid::one("officer", "no_such_officer"))?,
                ),
                None => store::is_officer(work, by).await?.then_some(by),
            };
            if let Some(officer) = officer
                && !store::may_know(work, person, officer).await?
            {
                return Err(Invalid::one("officer", "may_not_know").into());
            }
            let code = free_code(work).await?;
            let id = store::insert_course(work, person, &area, &new, &code, officer, by).await?;
            follow_ups::replan(work, id).await?;
            work.keep_key(key.as_ref(), id).await?;
            work.detail(format!("case {id}"));
            Ok(id)
        })
        .await
}

/// The draft of a further case, with the person as she is known. Origin and health stand with the person already.
fn as_known(draft: &Draft, person: &[(&'static str, String); 10]) -> Draft {
    let known = |field: &str| person.iter().find(|(name, _)| *name == field).map(|(_, told)| told.clone());
    Draft {
        name: known("name").unwrap_or_default(),
        aliases: known("aliases").unwrap_or_default(),
        sex: known("sex").unwrap_or_default(),
        birth: known("birth").unwrap_or_default(),
        ethnicity: String::new(),
        religion: String::new(),
        health: String::new(),
        ..draft.clone()
    }
}
