//! What a household, a child or a relative needs, from the day it is written down until it is met.

use super::{
    model::{MetDraft, NeedDraft, SharedNeed, Whose},
    must_be_kin, store,
};
use crate::{
    app::{App, Refused},
    base::{
        ids::{CaseId, HomeNeedId, Id},
        refusal::Invalid,
        words::NeedLevel,
    },
    cases,
    policy::acts::{AddHomeNeed, MeetHomeNeed, SeeCase, SeeFamilyNeeds, SeeHomeNeed},
    store::{Denied, Fault, Grant, Key, Store},
    urgencies::{self, model::Of},
};

/// Writes down what somebody of the family needs. What is urgent is told to the heads of the commune at once.
///
/// # Errors
/// [`Refused::Invalid`]: see [`NeedDraft::check`]; `whose`: not of the family, or no longer, or the consent was withdrawn; the
/// case is closed.
pub async fn add(
    app: &App,
    grant: Grant<AddHomeNeed>,
    draft: &NeedDraft,
    key: Option<Key>,
) -> Result<HomeNeedId, Refused> {
    let new = draft.check()?;
    let url = app.settings().public_url.as_str();
    app.store()
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(HomeNeedId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            match new.whose {
                Whose::Kin(kin) => must_be_kin(work, case, "whose", kin, false).await?,
                Whose::Household(id) => {
                    let standing = store::needs::household(work, case, id).await?;
                    let standing = standing.ok_or_else(|| Invalid::one("whose", "unknown"))?;
                    standing.check(new.whose.kind(), false).map_err(|code| Invalid::one("whose", code))?;
                }
            }
            let id = store::needs::insert(work, case, &new, by).await?;
            if new.level == NeedLevel::Urgent {
                urgencies::raise(work, url, case, Of::HomeNeed(id), by).await?;
            }
            work.detail(format!("home need {id} {}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Writes down that it was met, on which day. It stays in the list.
///
/// # Errors
/// [`Refused::Invalid`]: see [`MetDraft::check`]; met already; the case is closed. [`Fault::Stale`]: changed since `version` was
/// read.
pub async fn meet(
    store: &Store,
    grant: Grant<MeetHomeNeed>,
    draft: &MetDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let (on, note) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let (case, met) = store::needs::standing(work, id).await?;
            cases::must_be_live(work, case).await?;
            if met {
                return Err(Invalid::one("", "need_met_already").into());
            }
            store::needs::meet(work, case, id, on, note.as_deref(), by).await?;
            urgencies::met(work, case, Of::HomeNeed(id)).await?;
            work.set("made_at = made_at", vec![]).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// What the family needs, as far as helpers may know: no name, no place, nothing of the person's past. Written down by whoever
/// shows it.
pub(crate) async fn shared(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<SharedNeed>, Fault> {
    match store.also::<SeeCase, SeeFamilyNeeds>(grant) {
        Some(grant) => store::needs::shared(store, &grant).await,
        None => Ok(Vec::new()),
    }
}

/// The case that this need belongs to.
pub(crate) async fn case_of(store: &Store, grant: &Grant<SeeHomeNeed>) -> Result<CaseId, Fault> {
    store::needs::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
