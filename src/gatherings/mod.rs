//! Gatherings: meetings of people who came home, dialogues with a family, hours in which the police listen, job fairs, clubs;
//! who is asked, who came, what was said, who owes an answer by when, and what was written down.
//!
//! A meeting of the commune stands to its police; one with the family of a person stands as her case does. Whoever is asked
//! stands as her own case does, so that a page names, and counts, only those whom its reader may know. Nobody has to come:
//! an absence is written down as it is and makes nothing due. An opinion that hangs on a case is answered by a task of that
//! case (`follow_ups`); one that hangs on none is an owed line of its own ([`opinions::owed`], [`opinions::waiting`]).

pub mod api;
pub mod guests;
pub mod model;
pub mod opinions;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, GatheringId, Id},
        refusal::Invalid,
        text,
    },
    cases,
    policy::{
        acts::{
            ChangeGathering, ListGatherings, ListGuests, ListOpinions, PlanDialogue, PlanGathering, SeeAttendance,
            SeeFamily, SeeGathering, SeeMinutes,
        },
        subjects,
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Work},
};
use model::{
    Attended, CancelDraft, Draft, GuestRow, Invited, MinutesDraft, MoveDraft, MoveRow, PartyRow, Row,
    opinions::OpinionRow,
};
use std::sync::Arc;

/// Plans a meeting of the commune.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`].
pub async fn plan(
    store: &Store,
    grant: Grant<PlanGathering>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<GatheringId, Refused> {
    let new = draft.check(store.today(), false)?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(GatheringId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let id = store::insert(work, &area, None, &new, by).await?;
            work.detail(format!("{} {id}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Plans a dialogue with the family of a person, and asks those of the family who are named.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed; one who is not of the family, or has withdrawn.
pub async fn plan_dialogue(
    store: &Store,
    grant: Grant<PlanDialogue>,
    draft: &Draft,
    family: &Invited,
    key: Option<Key>,
) -> Result<GatheringId, Refused> {
    let new = draft.check(store.today(), true)?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(GatheringId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let area = store::area_of(work, case).await?;
            let id = store::insert(work, &area, Some(case), &new, by).await?;
            guests::take(work, id, Some(case), family, by).await?;
            work.detail(format!("{} {id}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// The meetings that the asker may see: `ahead`, those from today on, or the others.
pub async fn list(
    store: &Store,
    scope: &Scope<ListGatherings>,
    ahead: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<Row>, Fault> {
    store::list(store, scope, ahead, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListGatherings>, ahead: Option<bool>) -> Result<i64, Fault> {
    store::count(store, scope, ahead).await
}

/// A meeting with everything of it that the asker may know.
#[derive(Clone, Debug)]
pub struct Whole {
    pub row: Row,
    pub moves: Vec<MoveRow>,
    pub guests: Vec<GuestRow>,
    pub parties: Vec<PartyRow>,
    pub opinions: Vec<OpinionRow>,
    /// The reader is of the commune police.
    pub office: bool,
}

impl Whole {
    /// How many of those whom the reader knows came.
    pub fn came(&self) -> i64 {
        self.guests.iter().filter(|guest| guest.came == Some(true)).count().try_into().unwrap_or(i64::MAX)
    }
}

/// One meeting. That it was looked at is written down first.
pub async fn one(store: &Store, grant: &Grant<SeeGathering>) -> Result<Whole, Fault> {
    let office = store.may::<SeeGathering, SeeMinutes>(grant);
    let row = store::one(store, grant, office).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let actor = Arc::new(grant.actor().clone());
    let guests = match store.scope::<ListGuests>(&actor) {
        Ok(scope) => store::guests::list(store, &scope, row.id, office && store.can::<SeeFamily>(&actor)).await?,
        Err(_nobody) => Vec::new(),
    };
    let opinions = match store.scope::<ListOpinions>(&actor) {
        Ok(scope) => store::opinions::of_gathering(store, &scope, row.id, office).await?,
        Err(_nothing) => Vec::new(),
    };
    let moves = store::moves(store, grant).await?;
    // A helper hears of no other body.
    let parties = if office { store::guests::parties(store, grant).await? } else { Vec::new() };
    store.note_opening(grant, row.case_id, &["gathering"]).await?;
    Ok(Whole { row, moves, guests, parties, opinions, office })
}

/// The head of a form about a meeting: no guest and no opinion is read.
pub async fn head(store: &Store, grant: &Grant<SeeGathering>) -> Result<Row, Fault> {
    let office = store.may::<SeeGathering, SeeMinutes>(grant);
    let row = store::one(store, grant, office).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    store.note_opening(grant, row.case_id, &["gathering"]).await?;
    Ok(row)
}

/// What a person was asked to, and the dialogues with her family, newest first. A word, a day, whether she came.
pub async fn of_case(store: &Store, grant: &Grant<SeeAttendance>) -> Result<Vec<Attended>, Fault> {
    store::of_case(store, grant).await
}

/// Refuses what changes a meeting that was cancelled, or one with the family of a person whose case is closed; says in the
/// trail on which case it hangs.
async fn open(work: &mut Work<ChangeGathering>) -> Result<store::Standing, Refused> {
    let id = work.id();
    let was = store::standing(work, id).await?;
    if was.cancelled {
        return Err(Invalid::one("", "gathering_is_cancelled").into());
    }
    if let Some(case) = was.case_id {
        work.lock::<subjects::Case>(&case).await?;
        cases::must_be_live(work, case).await?;
        work.about(case);
    }
    Ok(was)
}

/// Puts a meeting right. Another day is a move, with a reason: here it stays.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; another day. [`Fault::Stale`]: changed since `version` was read.
pub async fn correct(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &Draft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let today = store.today();
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let was = open(work).await?;
            let new = draft.check(today, was.case_id.is_some())?;
            if new.on != was.on_day.0 {
                return Err(Invalid::one("on", "is_a_move").into());
            }
            store::change(work, was.case_id, &new).await?;
            Ok(())
        })
        .await
}

/// Puts a meeting to another day.
///
/// # Errors
/// [`Refused::Invalid`]: see [`MoveDraft::check`]; the same day and hour; it is held and written down. [`Fault::Stale`].
pub async fn put_off(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &MoveDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (on, at, reason) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let was = open(work).await?;
            if (was.on_day.0, &was.at_time) == (on, &at) {
                return Err(Invalid::one("on", "gathering_not_moved").into());
            }
            if was.minuted {
                return Err(Invalid::one("", "gathering_is_held").into());
            }
            let by = work.by()?;
            store::move_to(work, &was, on, &at, &reason, by).await?;
            Ok(())
        })
        .await
}

/// Says that a meeting does not take place.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; cancelled already; it is held and written down. [`Fault::Stale`].
pub async fn cancel(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &CancelDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 200).map_err(|fault| Invalid::one("reason", fault.code()))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let was = open(work).await?;
            if was.minuted {
                return Err(Invalid::one("", "gathering_is_held").into());
            }
            let by = work.by()?;
            store::cancel(work, was.case_id, &reason, by).await?;
            Ok(())
        })
        .await
}

/// Writes down what was said and agreed; again: puts it right.
///
/// # Errors
/// [`Refused::Invalid`]: no words, too many; its day has not come. [`Fault::Stale`].
pub async fn minute(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &MinutesDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let minutes = text::clean_note(&draft.minutes, 8000).map_err(|fault| Invalid::one("minutes", fault.code()))?;
    let today = store.today();
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let was = open(work).await?;
            if was.on_day.0 > today {
                return Err(Invalid::one("minutes", "not_yet").into());
            }
            let by = work.by()?;
            store::keep_minutes(work, was.case_id, &minutes, by).await?;
            Ok(())
        })
        .await
}

/// On which case a meeting hangs, if on any.
async fn case_of(store: &Store, grant: &Grant<SeeGathering>) -> Result<Option<CaseId>, Fault> {
    Ok(store::one(store, grant, false).await?.and_then(|row| row.case_id))
}
