//! Who is asked to a meeting, and who came. Nobody has to, and nothing follows from an absence.

use super::{
    model::{AttendanceDraft, InviteDraft, Invited},
    open, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{CaseId, GatheringId, UserId},
        refusal::Invalid,
    },
    cases, families,
    policy::{
        Act,
        acts::{ChangeGathering, InviteGuest, ListGuests},
        subjects,
    },
    store::{Fault, Grant, Key, Store, Unit},
};
use std::{collections::BTreeSet, sync::Arc};

/// May this asker ask the people of these cases, and write down what they said? One who is not hers is not there.
pub(super) async fn may_be_asked<A: Act>(
    store: &Store,
    grant: &Grant<A>,
    cases: BTreeSet<CaseId>,
    field: &'static str,
) -> Result<(), Refused> {
    for case in cases {
        match store.onward::<A, InviteGuest>(grant, case).await {
            Ok(_grant) => {}
            Err(Fault::Denied(_)) => return Err(Invalid::one(field, "unknown").into()),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// Asks people of the asker's own cases, some of their families, and bodies of the commune. Whoever is asked already stays.
///
/// # Errors
/// [`Refused::Invalid`]: see [`InviteDraft::check`]; somebody whose case the asker does not have, or is closed; one who is not
/// of the family, or has withdrawn; to a dialogue with a family anybody else; the meeting is cancelled.
pub async fn invite(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &InviteDraft,
    key: Option<Key>,
) -> Result<(), Refused> {
    ask(store, grant, draft.check()?, key).await
}

/// The same for those that were read already.
pub async fn ask(
    store: &Store,
    grant: Grant<ChangeGathering>,
    invited: Invited,
    key: Option<Key>,
) -> Result<(), Refused> {
    let people = invited.people.iter().map(|(case, _)| *case).collect();
    may_be_asked(store, &grant, people, "cases").await?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, by) = (work.id(), work.by()?);
            let was = open(work).await?;
            let asked = take(work, id, was.case_id, &invited, by).await?;
            work.detail(format!("{asked} asked, {} bodies", invited.bodies.len()));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Puts them on the list, within the work that has the meeting locked. How many are new on it.
pub(super) async fn take(
    unit: &mut Unit,
    id: GatheringId,
    dialogue: Option<CaseId>,
    invited: &Invited,
    by: UserId,
) -> Result<i64, Refused> {
    if dialogue.is_some() && !invited.bodies.is_empty() {
        return Err(Invalid::one("bodies", "family_only").into());
    }
    let mut people = invited.people.clone();
    // Always in the same order, so that two who ask the same people do not wait for each other.
    people.sort();
    people.dedup();
    let (mut locked, mut asked) = (None, 0);
    for (case, relative) in people {
        if dialogue.is_some_and(|of| of != case) {
            return Err(Invalid::one("cases", "family_only").into());
        }
        if locked != Some(case) {
            unit.lock::<subjects::Case>(&case).await?;
            cases::must_be_live(unit, case).await?;
            locked = Some(case);
        }
        if let Some(relative) = relative
            && !families::is_there(unit, case, relative).await?
        {
            return Err(Invalid::one("relatives", "unknown").into());
        }
        asked += i64::from(store::guests::insert(unit, id, case, relative, by).await?);
    }
    for body in &invited.bodies {
        if !store::guests::insert_party(unit, id, *body, by).await? {
            return Err(Invalid::one("bodies", "unknown").into());
        }
    }
    Ok(asked)
}

/// Writes down who came, of those who stood on the sender's page; takes those off the list who were asked by mistake.
/// Whoever she may not know stays as she is.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AttendanceDraft::check`]; the day has not come; the meeting is cancelled.
pub async fn attend(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &AttendanceDraft,
    key: Option<Key>,
) -> Result<(), Refused> {
    let said = draft.check()?;
    let scope = store.scope::<ListGuests>(&Arc::new(grant.actor().clone()))?;
    let known = store::guests::list(store, &scope, grant.id(), false).await?;
    let today = store.today();
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            let (id, by) = (work.id(), work.by()?);
            let was = open(work).await?;
            let marks = !(said.listed.is_empty() && said.bodies_listed.is_empty()) || said.outsiders_came.is_some();
            if marks && was.on_day.0 > today {
                return Err(Invalid::one("came", "not_yet").into());
            }
            let mut came = 0;
            for guest in known.iter().filter(|guest| said.listed.contains(&guest.id)) {
                let yes = said.came.contains(&guest.id);
                came += i64::from(yes);
                store::guests::mark(work, guest.id, yes, by).await?;
            }
            for guest in known.iter().filter(|guest| said.withdrawn.contains(&guest.id)) {
                store::guests::withdraw(work, guest.id).await?;
            }
            for party in &said.bodies_listed {
                store::guests::mark_party(work, id, *party, said.bodies.contains(party)).await?;
            }
            if said.outsiders_came.is_some() && said.outsiders_came != was.outsiders_came {
                work.set("outsiders_came = ?", crate::args![said.outsiders_came]).await?;
            }
            work.detail(format!("{came} came"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}
