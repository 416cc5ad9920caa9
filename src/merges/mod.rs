//! Merges: two records of one person become one, and can be two again for some weeks.
//!
//! All cases of both hang on the person that is kept; what does not agree is chosen part by part. What was sealed under the
//! other's key stays so and stays readable; a forgetting of the person takes both keys
//! ([decision 21](../../docs/decisions/0021-a-merge-keeps-both-keys.md)).

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::MergeBefore,
        ids::{MergeId, PersonId},
        refusal::Invalid,
        words::DoubleState,
    },
    follow_ups,
    policy::{
        Near,
        acts::{MergePeople, UndoMerge},
        subjects::Case,
    },
    restrictions,
    store::{Fault, Grant, Store, Unit},
};
use model::{Choice, Draft};

/// Joins the two people of a pair on which everybody who had to agree has agreed. The one who was there first is kept; the
/// head of both chooses of each part whose it is to be, the keeper of data chooses nothing.
///
/// # Errors
/// [`Refused::Invalid`]: not agreed on; it is one person already; `users`: with the restrictions of both nobody would be left
/// to look after the person.
pub async fn merge(
    store: &Store,
    grant: Grant<MergePeople>,
    draft: &Draft,
    version: Option<i64>,
) -> Result<MergeId, Refused> {
    let chosen = draft.check()?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (double, by) = (work.id(), work.by()?);
            let pair = store::pair(work, double).await?;
            if pair.state != DoubleState::Agreed {
                return Err(Invalid::one("", "double_not_agreed").into());
            }
            let mut cases = [pair.case_id, pair.other_id];
            cases.sort();
            for case in &cases {
                work.lock::<Case>(case).await?;
            }
            // Read again: they may have been joined by another pair while this waited.
            let pair = store::pair(work, double).await?;
            let (kept, gone) = (pair.other_person, pair.case_person);
            if kept == gone {
                return Err(Invalid::one("", "one_person_already").into());
            }
            let choice = if work.grant().is(Near::Office) { chosen } else { Choice::default() };
            let id: MergeId = work.new_id();
            let before = store::snapshot(work, kept).await?;
            let text = before.kept().map_err(|_| Fault::Inconsistent("a person that cannot be written"))?;
            let sealed = work.sealer(kept).await?.text::<MergeBefore>(id, &text)?;
            store::insert(work, id, double, kept, gone, sealed, by).await?;
            store::move_all(work, id, kept, gone).await?;
            let taken = store::snapshot(work, gone).await?;
            store::put(work, kept, &before.with(taken, choice)).await?;
            restrictions::still_left(work, pair.other_id).await?;
            work.set("state = 'merged'", vec![]).await?;
            work.detail(format!("merge {id}"));
            Ok(id)
        })
        .await
}

/// Makes two people of them again, as they were.
///
/// # Errors
/// [`Refused::Invalid`]: not merged; its weeks have passed; the person was joined with another since.
pub async fn undo(store: &Store, grant: Grant<UndoMerge>, version: Option<i64>) -> Result<(), Refused> {
    let days = follow_ups::rules::amount(store, "merge_undo").await?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let double = work.id();
            let merged = store::of_double(work, double).await?;
            let merged = merged.ok_or_else(|| Invalid::one("", "double_not_agreed"))?;
            if work.now().seconds_since(merged.made_at) > days * 86_400 {
                return Err(Invalid::one("", "merge_too_late").into());
            }
            if store::is_gone(work, merged.kept_id).await? {
                return Err(Invalid::one("", "merge_in_between").into());
            }
            let pair = store::pair(work, double).await?;
            let mut cases = [pair.case_id, pair.other_id];
            cases.sort();
            for case in &cases {
                work.lock::<Case>(case).await?;
            }
            store::move_back(work, &merged).await?;
            let before = merged.before().map_err(|_| Fault::Inconsistent("what stood before a merge"))?;
            store::put(work, merged.kept_id, &before).await?;
            store::forget(work, merged.id).await?;
            work.set("state = 'agreed'", vec![]).await?;
            work.detail(format!("merge {} undone", merged.id));
            Ok(())
        })
        .await
}

/// Everybody who was joined to a person, and whoever had been joined to those: their rows and keys go with hers.
pub(crate) async fn joined_to(unit: &mut Unit, person: PersonId) -> Result<Vec<PersonId>, Fault> {
    let (mut all, mut next) = (Vec::new(), vec![person]);
    while let Some(one) = next.pop() {
        for gone in store::gone_into(unit, one).await? {
            all.push(gone);
            next.push(gone);
        }
    }
    Ok(all)
}
