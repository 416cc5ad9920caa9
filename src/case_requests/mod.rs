//! The province asks for one case, by its exact code, with the number of a paper, a reason and a last day. The head of the
//! case's commune approves it or does not. Whoever asks never learns from the answer whether there is such a case: no case,
//! one that was sealed, and one whose head says no look alike.
//!
//! An approved request is a near of the gate (`shared`, see `policy/subjects.rs`): one case until that day, no list, no note.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::AskedAnswer,
        ids::{CaseRequestId, Id},
        refusal::Invalid,
        waiting::Waiting,
        words::CaseRequestState,
    },
    follow_ups,
    policy::{
        acts::{AskCase, DecideCaseRequest, EndCaseRequest, ListCaseRequests, SeeCaseRequest},
        subjects,
    },
    restrictions,
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store},
};
use model::{DecisionDraft, Draft, Line, Terms, Whole};

/// How long a request may run, and after how many days without a yes it is told as not granted.
pub async fn terms(store: &Store) -> Result<Terms, Fault> {
    Ok(Terms {
        most: follow_ups::rules::amount(store, "case_request_most").await?,
        answer: follow_ups::rules::amount(store, "case_request_answer").await?,
    })
}

/// Asks for the case of a code. The request is kept and answered alike whether there is such a case or not.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; none of them depends on what there is.
pub async fn ask(
    store: &Store,
    grant: Grant<AskCase>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<CaseRequestId, Refused> {
    let terms = terms(store).await?;
    let new = draft.check(store.today(), terms.most)?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(CaseRequestId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let case = store::case_of_code(work, &new.code, &area).await?;
            let id = store::insert(work, &new, case, by).await?;
            // The trail names the case only where there is one; the asker reads no trail.
            work.detail(format!("case request {id}"));
            if let Some(case) = case {
                work.about(case);
            }
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Lets the one who asked open the case until the day that she named, or does not.
///
/// # Errors
/// [`Refused::Invalid`]: it was answered already; its last day has passed; a refusal without a reason; `may_not_know`: the
/// one who asked is excluded from the person by name.
pub async fn decide(
    store: &Store,
    grant: Grant<DecideCaseRequest>,
    draft: &DecisionDraft,
    version: Option<i64>,
) -> Result<CaseRequestState, Refused> {
    let (state, reason) = draft.check()?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now, today) = (work.id(), work.by()?, work.now(), work.today());
            let at = store::standing(work, id).await?;
            let case = at.case_id.ok_or(Fault::Moved)?;
            work.lock::<subjects::Case>(&case).await?;
            if at.state != CaseRequestState::Waiting {
                return Err(Invalid::one("", "request_answered").into());
            }
            if state == CaseRequestState::Approved {
                if at.until_on.0 < today {
                    return Err(Invalid::one("", "request_over").into());
                }
                restrictions::let_in(work, case, at.asked_by).await?;
            }
            let answer = work.sealer_of(case).await?.text_opt::<AskedAnswer>(id, reason.as_deref())?;
            work.set(
                "state = ?, decided_by = ?, decided_at = ?, answer = ?",
                crate::args![state.as_str(), by, now, answer],
            )
            .await?;
            work.about(case);
            work.detail(format!("{state} until {}", at.until_on.0));
            Ok(state)
        })
        .await
}

/// Ends a request before its day: the head, or the one who asked.
///
/// # Errors
/// [`Refused::Invalid`]: there is nothing to end.
pub async fn end(store: &Store, grant: Grant<EndCaseRequest>, version: Option<i64>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let at = store::standing(work, id).await?;
            // To the one who asked, a refused one still looks as one that waits.
            let own = work.grant().is(crate::policy::Near::Own);
            let ends = match at.state {
                CaseRequestState::Approved => true,
                CaseRequestState::Waiting | CaseRequestState::Refused => own,
                CaseRequestState::Ended => false,
            };
            if !ends {
                return Err(Invalid::one("", "request_answered").into());
            }
            work.set("state = 'ended', ended_by = ?, ended_at = ?", crate::args![by, now]).await?;
            if let Some(case) = at.case_id {
                work.about(case);
            }
            Ok(())
        })
        .await
}

/// Requests within the asker's scope, newest first: her own; for a head those for cases of her commune.
pub async fn list(store: &Store, scope: &Scope<ListCaseRequests>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// How many wait for the head's word or are in force, and how many of them wait for longer than the office's rule allows. The
/// one who asked is owed nothing that this could tell of.
pub async fn waiting(store: &Store, scope: &Scope<ListCaseRequests>) -> Result<Waiting, Fault> {
    if store.can::<AskCase>(scope.actor()) {
        return Ok(Waiting::default());
    }
    store::waiting(store, scope).await
}

/// One request with its paper and reason. For the commune it is an opening of the case.
pub async fn one(store: &Store, grant: &Grant<SeeCaseRequest>) -> Result<Whole, Fault> {
    let whole = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    if !whole.line.is_mine(grant.actor()) {
        store.note_opening(grant, whole.line.case_id, &[]).await?;
    }
    Ok(whole)
}
