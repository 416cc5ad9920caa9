//! Breaches of the duties of a sentence: each is a follow-up with a day, and none has a consequence by itself.

use super::{
    model::{self, BreachDraft, SettlementDraft},
    moved, must_carry_duties, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{BreachId, Id},
        refusal::Invalid,
        words::FollowUpKind,
    },
    follow_ups::{self, serving},
    policy::acts::NoteBreach,
    store::{Fault, Grant, Key, Store},
};

/// Writes down a breach, with what is to be done about it by when: that is a follow-up of the case.
///
/// # Errors
/// [`Refused::Invalid`]: see [`BreachDraft::check`]; the case carries no duties.
pub async fn note_breach(
    store: &Store,
    grant: Grant<NoteBreach>,
    draft: &BreachDraft,
    key: Option<Key>,
) -> Result<BreachId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(BreachId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            must_carry_duties(work, case).await?;
            let task = serving::ask(work, case, FollowUpKind::Breach, (new.on, new.due_on), by).await?;
            let id = store::insert_breach(work, case, &new, task, by).await?;
            moved(work).await?;
            work.detail(format!("breach {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Writes down what came of a breach.
///
/// # Errors
/// [`Refused::Invalid`]: see [`SettlementDraft::check`]; the case has no such breach; it is settled already.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn settle_breach(
    store: &Store,
    grant: Grant<NoteBreach>,
    draft: &SettlementDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (id, on, outcome) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            must_carry_duties(work, case).await?;
            let known = store::breaches_within(work, case).await?;
            let row = known.iter().find(|row| row.id == id);
            let row = row.ok_or_else(|| Invalid::one("", "no_such_breach"))?;
            if row.settled_on.is_some() {
                return Err(Invalid::one("", "settled_already").into());
            }
            if on < row.on_day.0 {
                return Err(Invalid::one("on", "before_the_breach").into());
            }
            let said = row.said().ok_or(Fault::Inconsistent("a breach"))?;
            store::settle_breach(work, case, id, on, &model::Broken { outcome: outcome.clone(), ..said }).await?;
            if let Some(task) = row.task_id {
                follow_ups::done_elsewhere(work, task, by).await?;
            }
            moved(work).await?;
            work.detail(format!("breach {id} settled"));
            Ok(())
        })
        .await
}
