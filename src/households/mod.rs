//! Households and children of a person's family, and what they need: who lives with whom, where, and who speaks for them.
//!
//! They are part of the family (`family.see`), and know nothing of any judgment. A helper has what they need once whoever
//! speaks for them has agreed to it, without a name and without a place, and no longer than she agrees.

pub mod api;
pub mod children;
pub mod model;
pub mod needs;
mod store;
pub mod web;

use crate::base::sealed::SealedText as _;
use crate::{
    app::Refused,
    base::{
        ids::{CaseId, HouseholdId, Id, RelativeId},
        refusal::Invalid,
    },
    cases,
    families::{agreement, model::ConsentDraft},
    policy::acts::{Act, AddHousehold, ChangeHousehold, SeeCase, SeeFamily, SeeFamilyNeeds, SeeHousehold},
    store::{Denied, Fault, Grant, Key, Store, Unit, Work},
};
use model::{
    ChildRow, CorrectionRow, HouseholdDraft, HouseholdRow, Kin, MemberRow, NeedRow, SharedChild, SharedRelative, Whose,
};
use std::collections::HashMap;

/// Writes down a household: where it is, who lives there, who speaks for it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`HouseholdDraft::check`]; somebody who is not of the family, or no longer; the case is closed.
pub async fn add(
    store: &Store,
    grant: Grant<AddHousehold>,
    draft: &HouseholdDraft,
    key: Option<Key>,
) -> Result<HouseholdId, Refused> {
    let new = draft.check()?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(HouseholdId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            must_speak(work, case, "speaker", new.speaker).await?;
            for kin in &new.members {
                must_be_kin(work, case, "members", *kin, false).await?;
            }
            let hamlet = cases::hamlet_named(work, case, new.hamlet.as_deref()).await?;
            let id = store::insert(work, case, &new, hamlet, by).await?;
            for kin in &new.members {
                store::insert_member(work, case, id, *kin).await?;
            }
            work.detail(format!("household {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Puts a household right. Another who speaks for it has not agreed yet: nothing is shared until she does.
///
/// # Errors
/// As [`add`]; taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn change(
    store: &Store,
    grant: Grant<ChangeHousehold>,
    draft: &HouseholdDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let new = draft.check()?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, case, speaker) = live(work, version).await?;
            must_speak(work, case, "speaker", new.speaker).await?;
            let stood = store::corrections::household_told(work, case, id).await?;
            let there = store::members_within(work, id).await?;
            for kin in new.members.iter().filter(|kin| !there.contains(kin)) {
                must_be_kin(work, case, "members", *kin, false).await?;
                store::insert_member(work, case, id, *kin).await?;
            }
            for kin in there.iter().filter(|kin| !new.members.contains(kin)) {
                store::end_member(work, id, *kin).await?;
            }
            let hamlet = cases::hamlet_named(work, case, new.hamlet.as_deref()).await?;
            let address = store::address(work, case, id, &new).await?;
            work.set(
                "hamlet_id = ?, address = ?, with_person = ?, speaker_id = ?",
                crate::args![hamlet, address, new.with_person, new.speaker],
            )
            .await?;
            if speaker != new.speaker {
                agreement::ask_anew(work).await?;
            }
            let stands = store::corrections::household_told(work, case, id).await?;
            keep_corrections(work, case, Whose::Household(id), &stood, &stands).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Writes down what was put right: nothing is overwritten unseen.
async fn keep_corrections<A: Act>(
    work: &mut Work<A>,
    case: CaseId,
    whose: Whose,
    stood: &[(&'static str, String)],
    stands: &[(&'static str, String)],
) -> Result<(), Fault> {
    let by = work.by()?;
    for change in cases::model::changes("family", stood, stands) {
        store::corrections::insert(work, case, whose, &change, by).await?;
    }
    Ok(())
}

/// The household under change, its case, and who speaks for it: it must be there, and its case live.
async fn live(
    work: &mut Work<ChangeHousehold>,
    version: Option<i64>,
) -> Result<(HouseholdId, CaseId, Option<RelativeId>), Refused> {
    work.expect_version(version).await?;
    let id = work.id();
    let (case, ended, _, speaker) = store::standing(work, id).await?;
    cases::must_be_live(work, case).await?;
    if ended {
        return Err(Invalid::one("", "household_ended").into());
    }
    Ok((id, case, speaker))
}

/// Takes a household out: they moved apart, or it was written down by mistake. The line stays.
///
/// # Errors
/// [`Refused::Invalid`]: taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn end(
    store: &Store,
    grant: Grant<ChangeHousehold>,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, now) = (work.id(), work.now());
            if store::standing(work, id).await?.1 {
                return Err(Invalid::one("", "household_ended").into());
            }
            work.set("ended_at = ?, shares = ?", crate::args![now, false]).await?;
            work.detail("ended".to_owned());
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Writes down that whoever speaks for a household agrees, and whether helpers may know what it needs.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ConsentDraft::check`]; she agrees no longer to be called herself; taken out already; the case
/// is closed. [`Fault::Stale`]: changed since `version` was read.
pub async fn consent(
    store: &Store,
    grant: Grant<ChangeHousehold>,
    draft: &ConsentDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let agreed = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, case, speaker) = live(work, version).await?;
            must_speak(work, case, "how", speaker).await?;
            agreement::give(work, agreed).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// She agrees no longer: from the next request on helpers hear of nothing, and nothing new is written down for it. It can be
/// done in a closed case, too.
///
/// # Errors
/// [`Refused::Invalid`]: withdrawn already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(
    store: &Store,
    grant: Grant<ChangeHousehold>,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let id = work.id();
            let withdrawn = store::standing(work, id).await?.2;
            agreement::take_back(work, withdrawn).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Whoever speaks for somebody must be of the family, be there, and agree to be called. `None`: the person herself does.
async fn must_speak(
    unit: &mut Unit,
    case: CaseId,
    field: &'static str,
    speaker: Option<RelativeId>,
) -> Result<(), Refused> {
    match speaker {
        Some(speaker) => must_be_kin(unit, case, field, Kin::Relative(speaker), false).await,
        None => Ok(()),
    }
}

/// Somebody of this family for whom something new may be written down; a helper names only whom she may know of.
///
/// # Errors
/// [`Refused::Invalid`], under `field`: nobody of the family; taken out; the consent was withdrawn.
pub(crate) async fn must_be_kin(
    unit: &mut Unit,
    case: CaseId,
    field: &'static str,
    kin: Kin,
    helper: bool,
) -> Result<(), Refused> {
    let standing = store::children::kin(unit, case, kin).await?.ok_or_else(|| Invalid::one(field, "unknown"))?;
    standing.check(kin.kind(), helper).map_err(|code| Invalid::one(field, code).into())
}

/// All of a family beside its relatives.
#[derive(Clone, Debug)]
pub struct Home {
    pub households: Vec<HouseholdRow>,
    pub members: Vec<MemberRow>,
    pub children: Vec<ChildRow>,
    pub needs: Vec<NeedRow>,
    pub corrections: Vec<CorrectionRow>,
}

/// Households, children and their needs, for a surface that writes the opening down, as one of the family.
pub(crate) async fn written_down(store: &Store, grant: &Grant<SeeFamily>) -> Result<Home, Fault> {
    Ok(Home {
        households: store::of_case(store, grant).await?,
        members: store::members(store, grant).await?,
        children: store::children::of_case(store, grant).await?,
        needs: store::needs::of_case(store, grant).await?,
        corrections: store::corrections::of_case(store, grant).await?,
    })
}

/// Children for whom something may be written down, with the names they are called by.
pub(crate) async fn live_children(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<ChildRow>, Fault> {
    let mut children = store::children::of_case(store, grant).await?;
    children.retain(|child| child.ended_at.is_none() && child.withdrawn_at.is_none());
    Ok(children)
}

/// Whom a helper may name: how a relative is called at home, in which class a child is.
pub(crate) async fn shared_kin(
    store: &Store,
    grant: &Grant<SeeCase>,
) -> Result<(Vec<SharedRelative>, Vec<SharedChild>), Fault> {
    match store.also::<SeeCase, SeeFamilyNeeds>(grant) {
        Some(grant) => Ok((
            store::children::shared_relatives(store, &grant).await?,
            store::children::shared_children(store, &grant).await?,
        )),
        None => Ok((Vec::new(), Vec::new())),
    }
}

/// The same by whom: what a helper may call them. Written down by whoever shows it.
pub(crate) async fn shared_names(store: &Store, grant: &Grant<SeeCase>) -> Result<Names, Fault> {
    let (relatives, children) = shared_kin(store, grant).await?;
    let relatives = relatives.into_iter().map(|one| (Kin::Relative(one.id), one.relation.told()));
    let children = children.into_iter().map(|one| (Kin::Child(one.id), one.grade.told().unwrap_or_default()));
    Ok(relatives.chain(children).collect())
}

/// The case that this household belongs to.
pub(crate) async fn case_of(store: &Store, grant: &Grant<SeeHousehold>) -> Result<CaseId, Fault> {
    store::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// How somebody of the family is called on a page: by name for the office, by relation or class for a helper.
pub(crate) type Names = HashMap<Kin, String>;
