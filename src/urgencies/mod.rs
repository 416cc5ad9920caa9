//! Urgent needs ("việc gấp"): somebody needs help at once, and the heads of her commune hear of it at once, until one of them
//! has answered or the need is met.
//!
//! What is urgent is said where the need is written down (`plans::needs`, `households::needs`); here is that it waits. A line
//! names the person and no need: which one it is, is read where it stands, behind its own wall.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::UrgencyAnswer,
        ids::{CaseId, UserId},
        refusal::Invalid,
        text,
        waiting::Waiting,
    },
    cases, mails,
    policy::acts::{AnswerUrgency, ListUrgencies, SeeUrgency},
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};
use model::{AnswerDraft, Line, Of, Whole};

/// Writes down that something of this case is urgent, and tells the heads of its commune who may know the person, but the one
/// who wrote it down: by mail, the code only. What waits already is not told twice.
pub(crate) async fn raise(unit: &mut Unit, url: &str, case: CaseId, of: Of, by: UserId) -> Result<(), Fault> {
    if store::waits(unit, case, of).await? {
        return Ok(());
    }
    let id = store::insert(unit, case, of, by).await?;
    store::mark(unit, case).await?;
    let (url, code) = (url.trim_end_matches('/'), cases::code_of(unit, case).await?);
    for head in store::heads(unit, case, by).await? {
        if let Some(address) = &head.email {
            let letter = model::letter(head.lang, &code, unit.now(), &format!("{url}/urgencies/{id}"));
            mails::put(unit, url, head.id, address, &letter).await?;
        }
    }
    Ok(())
}

/// It is urgent no longer: the need was met, or found to press less. Nobody need answer.
pub(crate) async fn met(unit: &mut Unit, case: CaseId, of: Of) -> Result<(), Fault> {
    store::meet(unit, case, of).await?;
    store::mark(unit, case).await
}

/// What waits within the asker's scope, the longest first; `all`: also what was answered or met, newest first.
pub async fn list(store: &Store, scope: &Scope<ListUrgencies>, all: bool, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, all, ask).await
}

/// How much waits, and how much of it for more than a day.
pub async fn waiting(store: &Store, scope: &Scope<ListUrgencies>) -> Result<Waiting, Fault> {
    store::waiting(store, scope).await
}

/// One of them, with what was answered.
pub async fn one(store: &Store, grant: &Grant<SeeUrgency>) -> Result<Whole, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// Says what is done about it. It waits no longer; the need stays open where it stands until it is met.
///
/// # Errors
/// [`Refused::Invalid`]: no word on what is done; answered already, or met; the case is closed. [`Fault::Stale`]: changed since
/// `version` was read.
pub async fn answer(
    store: &Store,
    grant: Grant<AnswerUrgency>,
    draft: &AnswerDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let said = text::clean_note(&draft.answer, 500).map_err(|fault| Invalid::one("answer", fault.code()))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let (case, over) = store::standing(work, id).await?;
            cases::must_be_live(work, case).await?;
            if over {
                return Err(Invalid::one("", "urgency_over").into());
            }
            let said = work.sealer_of(case).await?.text::<UrgencyAnswer>(id, &said)?;
            work.set("answered_by = ?, answered_at = ?, answer = ?", crate::args![by, now, said]).await?;
            store::mark(work, case).await?;
            Ok(())
        })
        .await
}
