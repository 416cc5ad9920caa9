//! Handing over: a case goes to another officer of the commune, or to another commune, when it is accepted there.
//!
//! Until then nothing changes: whoever was in charge still is, and nobody falls out of a list. On acceptance, in one unit of
//! work, the case, its officer and its commune change; whatever was due stays due on its day; who helped in the old commune
//! helps no longer; and the one-page sheet is kept as it was.

pub mod api;
pub mod model;
pub mod papers;
mod sheet;
mod store;
pub mod web;

use crate::{
    app::Refused,
    assignments,
    base::{
        fields::{HandoverAnswer, HandoverSheet},
        ids::{CaseId, HandoverId, Id, UserId},
        refusal::Invalid,
        waiting::Waiting,
        words::HandoverState,
    },
    cases, follow_ups, loans,
    policy::{
        AreaCode,
        acts::{
            AcceptHandover, HandOver, HandOverMany, ListHandovers, ReturnHandover, SeeHandover, SeeHandovers,
            WithdrawHandover,
        },
        subjects::Case,
    },
    referrals, restrictions,
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Under, Unit, Work},
};
use model::{AcceptDraft, AnswerDraft, CaseLine, Draft, Line, ManyDraft, NewHandover, Place, Sheet, To, Whole};

/// Sends a case to another officer of the commune, or to another commune.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed or on its way already; no such officer, or one whom a
/// restriction keeps from the person; a commune without a head who could answer.
pub async fn send(
    store: &Store,
    grant: Grant<HandOver>,
    draft: &Draft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<HandoverId, Refused> {
    let new = draft.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(HandoverId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            let id = put_on_its_way(work, case, &new, by).await?;
            work.detail(format!("handover {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Sends many cases of the commune at once, each a handover of its own: one may be accepted and another returned.
///
/// # Errors
/// As [`send`]; `cases`: none, or one that is not the commune's or whose person the sender may not know.
pub async fn send_many(
    store: &Store,
    grant: Grant<HandOverMany>,
    draft: &ManyDraft,
    key: Option<Key>,
) -> Result<usize, Refused> {
    let (new, cases) = draft.check()?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(cases.len());
            }
            let (area, by) = (work.id(), work.by()?);
            for case in &cases {
                work.lock::<Case>(case).await?;
                if !store::is_hers(work, *case, &area, by).await? {
                    return Err(Invalid::one("cases", "not_chosen").into());
                }
            }
            let mut first = None;
            for case in &cases {
                let id = put_on_its_way(work, *case, &new, by).await?;
                first.get_or_insert(id);
            }
            work.detail(format!("{} cases handed over", cases.len()));
            if let Some(first) = first {
                work.keep_key(key.as_ref(), first).await?;
            }
            Ok(cases.len())
        })
        .await
}

async fn put_on_its_way(unit: &mut Unit, case: CaseId, new: &NewHandover, by: UserId) -> Result<HandoverId, Refused> {
    cases::must_be_live(unit, case).await?;
    if store::is_waiting(unit, case).await? {
        return Err(Invalid::one("", "handover_waiting").into());
    }
    let from = store::place(unit, case).await?;
    let (area, officer) = match &new.to {
        To::Officer(name) => {
            let found = cases::officer_named(unit, &from.area, name).await?;
            let officer = found.ok_or_else(|| Invalid::one("officer", "no_such_officer"))?;
            if from.officer == Some(officer) {
                return Err(Invalid::one("officer", "already_in_charge").into());
            }
            if !restrictions::may_know(unit, case, officer).await? {
                return Err(Invalid::one("officer", "may_not_know").into());
            }
            (from.area.clone(), Some(officer))
        }
        To::Area(area) => {
            if *area == from.area || !store::has_head(unit, area).await? {
                return Err(Invalid::one("to_area", "no_head_there").into());
            }
            restrictions::open_to_heads(unit, case, area).await?;
            (area.clone(), None)
        }
    };
    Ok(store::insert(unit, case, &from, &area, officer, &new.reason, by).await?)
}

/// Takes a case over. The officer who was chosen has it from now on; of a case from another commune, the officer whom its
/// head names.
///
/// # Errors
/// [`Refused::Invalid`]: it was answered already; the case is closed; `officer`: none of this commune, or excluded from the
/// person by name. [`Fault::Stale`]: changed since `version` was read.
pub async fn accept(
    store: &Store,
    grant: Grant<AcceptHandover>,
    draft: &AcceptDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<CaseId, Refused> {
    let hamlet = draft.hamlet()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CaseId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let at = still_waiting(work).await?;
            cases::must_be_live(work, at.case_id).await?;
            let officer = match at.moves() {
                true => cases::officer_named(work, &at.to_area, draft.officer.trim()).await?,
                false => at.to_officer,
            };
            let officer = officer.ok_or_else(|| Invalid::one("officer", "no_such_officer"))?;
            restrictions::let_in(work, at.case_id, officer).await?;
            let sheet = sheet::of(&mut **work, id).await?.kept()?;
            let reason = store::reason(work, id).await?;
            if at.moves() {
                leave(work, &at, &reason, hamlet.as_deref(), by).await?;
            }
            assignments::pass_on(work, at.case_id, officer, &reason, by).await?;
            follow_ups::replan(work, at.case_id).await?;
            let sheet = work.sealer_of(at.case_id).await?.text::<HandoverSheet>(id, &sheet)?;
            work.set(
                "state = 'accepted', answered_at = ?, answered_by = ?, to_officer_id = ?, sheet = ?",
                crate::args![now, by, officer, sheet],
            )
            .await?;
            work.detail(format!("case {} officer {officer} area {}", at.case_id, at.to_area));
            work.keep_key(key.as_ref(), at.case_id).await?;
            Ok(at.case_id)
        })
        .await
}

/// What ends with the old commune, and the new place.
async fn leave(unit: &mut Unit, at: &Place, reason: &str, hamlet: Option<&str>, by: UserId) -> Result<(), Refused> {
    referrals::end_all(unit, at.case_id, reason, by).await?;
    loans::leave_drafts(unit, at.case_id, by).await?;
    cases::move_to(unit, at.case_id, &at.to_area, hamlet, by).await?;
    // After it has moved: whose task it is now goes by where the case lies.
    follow_ups::take_over(unit, at.case_id).await?;
    restrictions::pass_on(unit, &at.to_area).await?;
    Ok(())
}

/// Sends a case back with the reason; nothing of it has changed.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; it was answered already.
pub async fn send_back(
    store: &Store,
    grant: Grant<ReturnHandover>,
    draft: &AnswerDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let reason = draft.reason()?;
    store.write(grant, async |work| answer(work, HandoverState::Returned, &reason, version).await).await
}

/// Takes a handover back before it is answered.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; it was answered already.
pub async fn withdraw(
    store: &Store,
    grant: Grant<WithdrawHandover>,
    draft: &AnswerDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let reason = draft.reason()?;
    store.write(grant, async |work| answer(work, HandoverState::Withdrawn, &reason, version).await).await
}

async fn answer<A: crate::policy::Act<On = crate::policy::subjects::Handover>>(
    work: &mut Work<A>,
    state: HandoverState,
    reason: &str,
    version: Option<i64>,
) -> Result<(), Refused> {
    work.expect_version(version).await?;
    let (id, by, now) = (work.id(), work.by()?, work.now());
    let at = still_waiting(work).await?;
    if at.moves() {
        restrictions::shut_to_heads(work, at.case_id, &at.to_area).await?;
    }
    let reason = work.sealer_of(at.case_id).await?.text::<HandoverAnswer>(id, reason)?;
    work.set("state = ?, answered_at = ?, answered_by = ?, answer = ?", crate::args![state.as_str(), now, by, reason])
        .await?;
    work.detail(format!("{state} case {}", at.case_id));
    Ok(())
}

async fn still_waiting<A: crate::policy::Act<On = crate::policy::subjects::Handover>>(
    work: &mut Work<A>,
) -> Result<Place, Refused> {
    let id = work.id();
    let at = store::standing(work, id).await?;
    match at.state {
        HandoverState::Waiting => Ok(at),
        _ => Err(Invalid::one("", "handover_answered").into()),
    }
}

/// An account is shut: what waits for it is taken back, so that the head sees it again.
pub(crate) async fn take_back_from(unit: &mut Unit, officer: UserId, by: Option<UserId>) -> Result<u64, Fault> {
    store::take_back_from(unit, officer, by).await
}

/// Handovers within the asker's scope, newest first; only those that wait, or only the others.
pub async fn list(
    store: &Store,
    scope: &Scope<ListHandovers>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let area = scope.actor().area().clone();
    Ok(store::list(store, scope, waiting, ask).await?.map(|line| line.told_in(&area)))
}

/// How many wait within the asker's scope, sent by her commune or to be answered by her, and how many of them for longer than
/// the office's rule allows: both heads are told.
pub async fn waiting(store: &Store, scope: &Scope<ListHandovers>) -> Result<Waiting, Fault> {
    store::waiting(store, scope).await
}

/// To whom a case was handed, newest first.
pub async fn of_case(store: &Store, grant: &Grant<SeeHandovers>) -> Result<Vec<Line>, Fault> {
    store::of_case(store, grant).await
}

/// One handover with its sheet: as it stands now while it waits, as it was once it is accepted. Neither of an answered one
/// to a commune whose the case is not. The reading is written down before this returns.
pub async fn one(store: &Store, grant: &Grant<SeeHandover>) -> Result<(Whole, Option<Sheet>), Fault> {
    let mut whole = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let told = whole.line.is_told_in(grant.actor().area());
    let sheet = match whole.line.state {
        HandoverState::Waiting => Some(sheet::of(&mut Under(store, grant), grant.id()).await?),
        HandoverState::Accepted if told => whole.sheet(),
        _ => None,
    };
    let parts: &[&'static str] = if sheet.is_some() { &["handover"] } else { &[] };
    store.note_opening(grant, Some(whole.line.case_id), parts).await?;
    whole.line = whole.line.told_in(grant.actor().area());
    if !told {
        whole.reason = crate::base::sealed::Sealed::known(String::new());
        whole.answer = None;
    }
    Ok((whole, sheet))
}

/// Communes that somebody could answer in, but one's own: code and name.
pub async fn destinations(store: &Store, own: &AreaCode) -> Result<Vec<(String, String)>, Fault> {
    store::destinations(store, own).await
}

/// Live cases of the commune that may be sent, those of one officer or all, by name.
pub async fn to_send(store: &Store, grant: &Grant<HandOverMany>, officer: &str) -> Result<Vec<CaseLine>, Fault> {
    let lines = store::to_send(store, grant, officer).await?;
    store.note_opening(grant, None, &[]).await?;
    Ok(lines)
}

/// How many live cases an account is in charge of: told before it is shut.
pub async fn in_charge_of(store: &Store, grant: &Grant<crate::policy::acts::EditStaff>) -> Result<i64, Fault> {
    store::in_charge_of(store, grant).await
}
