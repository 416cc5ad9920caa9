//! Files that are put with a case: certificates, requests, consents, pictures. What they are is read from their own bytes; a
//! picture loses everything that is not the picture; the bytes lie sealed beside the database.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{AttachmentId, CaseId, Id, PersonId, UserId},
        refusal::Invalid,
        time::At,
        words::{AttachmentKind, ConsentGroup},
    },
    cases, consents,
    follow_ups::rules,
    policy::acts::{AddAttachment, ListAttachments, RemoveAttachment, SeeAttachment},
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{AttachmentRow, Draft, Limits, MB, New, RemovalDraft};
use std::{collections::HashSet, time::Duration};

/// No request brings more than this, whatever the rules say.
pub const MAX_BODY: usize = 12 * 1024 * 1024;

/// A file without a row is taken away after so long: until then its row may still be on its way.
const ORPHAN: Duration = Duration::from_secs(3_600);

/// How much may be kept today.
///
/// # Errors
/// [`Fault::Inconsistent`]: a rule is missing.
pub async fn limits(store: &Store) -> Result<Limits, Fault> {
    let (today, rules) = (store.today(), rules::list(store).await?);
    let amount = |word: &str| {
        // Newest version of each word first.
        let found = rules.iter().find(|rule| rule.word == word && rule.valid_from.0 <= today);
        found.map(|rule| rule.amount).ok_or(Fault::Inconsistent("a rule of attachments is missing"))
    };
    Ok(Limits { file: amount("attachment_file")?, case: amount("attachment_case")?, day: amount("attachment_day")? })
}

/// Puts a file with a case. Its bytes are on the disk, sealed, before the row is written: a cut leaves no row without file.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed; a photograph of somebody who has not agreed to be
/// photographed, or no longer; the case or the account has no room left.
/// [`Fault::Full`]: the disk has none.
pub async fn add(
    store: &Store,
    grant: Grant<AddAttachment>,
    draft: Draft,
    key: Option<Key>,
) -> Result<AttachmentId, Refused> {
    let limits = limits(store).await?;
    let checked = tokio::task::spawn_blocking(move || draft.check(&limits)).await;
    let new = checked.map_err(|_stopped| Fault::Unavailable)??;
    let file = store.keep_file(new.clean.bytes.clone()).await?;
    let hash = file.hash.clone();
    let done = store
        .write(grant, async |work| -> Result<(AttachmentId, bool), Refused> {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok((AttachmentId::from_uuid(id), false));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            if new.kind == AttachmentKind::PhotoWithConsent
                && !consents::is_given(work, case, ConsentGroup::Photo).await?
            {
                return Err(Invalid::one("kind", "no_consent_to_photo").into());
            }
            room(work, case, by, &new, &limits).await?;
            let organisation = work.grant().actor().organisation();
            let id = store::insert(work, case, &new, &file, by, organisation).await?;
            work.detail(format!("attachment {id} {} {}", new.kind, new.clean.media));
            work.keep_key(key.as_ref(), id).await?;
            Ok((id, true))
        })
        .await;
    match done {
        Ok((id, true)) => Ok(id),
        // Refused, or done before: nobody needs this copy.
        Ok((id, false)) => {
            let_go(store, vec![hash]).await;
            Ok(id)
        }
        Err(refused @ Refused::Invalid(_)) => {
            let_go(store, vec![hash]).await;
            Err(refused)
        }
        // A fault may have come after the row was written: what no row stands for, the sweep of the night takes.
        Err(fault) => Err(fault),
    }
}

/// Is there room for it, in the case and in the day of its sender?
async fn room(unit: &mut Unit, case: CaseId, by: UserId, new: &New, limits: &Limits) -> Result<(), Refused> {
    let size = i64::try_from(new.clean.bytes.len()).unwrap_or(i64::MAX);
    let (of_case, of_day) = store::sizes(unit, case, by, At::of(unit.today(), 0, 0)).await?;
    if of_case.saturating_add(size) > limits.case * MB {
        return Err(Invalid::telling("file", "case_has_no_room", limits.case.to_string()).into());
    }
    if of_day.saturating_add(size) > limits.day * MB {
        return Err(Invalid::telling("file", "day_has_no_room", limits.day.to_string()).into());
    }
    Ok(())
}

/// The files of a case that the asker may see, newest first.
pub async fn of_case(
    store: &Store,
    scope: &Scope<ListAttachments>,
    case: CaseId,
    ask: &PageAsk,
) -> Result<Page<AttachmentRow>, Fault> {
    store::of_case(store, scope, case, ask).await
}

/// What is known of a file, without its bytes.
pub async fn one(store: &Store, grant: &Grant<SeeAttachment>) -> Result<AttachmentRow, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// A file with its bytes. That it was opened is written down first.
///
/// # Errors
/// [`Denied::Unknown`]: taken out, or a photograph to which the person agrees no longer. [`Fault::Inconsistent`]: its bytes are not where they were put.
pub async fn read(store: &Store, grant: &Grant<SeeAttachment>) -> Result<(AttachmentRow, Vec<u8>), Fault> {
    let row = one(store, grant).await?;
    let place = store::place(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let Some(key) = place.file_key.as_ref().filter(|key| !key.is_erased()) else {
        return Err(Fault::Denied(Denied::Unknown));
    };
    store.note_opening(grant, Some(row.case_id), &["attachment"]).await?;
    let bytes = store.read_file(&place.file_hash, key.text()).await?;
    Ok((row, bytes.ok_or(Fault::Inconsistent("a file is not where it was put"))?))
}

/// Takes a file out: its key is destroyed in the same unit of work, then the file. The line stays, with the reason.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; taken out already. [`Fault::Stale`]: changed since `version` was read.
pub async fn remove(
    store: &Store,
    grant: Grant<RemoveAttachment>,
    draft: &RemovalDraft,
    version: Option<i64>,
) -> Result<CaseId, Refused> {
    let reason = draft.check()?;
    let (case, hash) = store
        .write(grant, async |work| -> Result<(CaseId, String), Refused> {
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let standing = store::standing(work, id).await?;
            if standing.removed {
                return Err(Invalid::one("", "removed_already").into());
            }
            store::remove(work, id, standing.case_id, &reason, by).await?;
            Ok((standing.case_id, standing.file_hash))
        })
        .await?;
    let_go(store, vec![hash]).await;
    Ok(case)
}

/// Takes away files that nothing opens any more. What cannot be taken away now the sweep of the night takes.
pub(crate) async fn let_go(store: &Store, files: Vec<String>) {
    if let Err(fault) = store.drop_files(files).await {
        tracing::warn!(%fault, "files that nothing opens any more are taken away later");
    }
}

/// The files of a person who is about to be erased. Her key opens theirs; they go when her rows are gone.
pub(crate) async fn of_person(unit: &mut Unit, person: PersonId) -> Result<Vec<String>, Fault> {
    store::of_person(unit, person).await
}

/// Takes away files that no row stands for: left by a cut, or by rows that are gone. How many.
pub(crate) async fn sweep(store: &Store) -> Result<usize, Fault> {
    let old = store.old_files(ORPHAN).await?;
    if old.is_empty() {
        return Ok(0);
    }
    let living: HashSet<String> = store::living(store).await?.into_iter().collect();
    let orphans: Vec<String> = old.into_iter().filter(|hash| !living.contains(hash)).collect();
    let gone = orphans.len();
    store.drop_files(orphans).await?;
    Ok(gone)
}

/// Every file that belongs to the record: what a backup takes along.
pub(crate) async fn living(store: &Store) -> Result<Vec<String>, Fault> {
    store::living(store).await
}

/// How many files are not where they were put, or are not what was put there.
pub(crate) async fn missing(store: &Store) -> Result<usize, Fault> {
    let mut missing = 0;
    for hash in store::living(store).await? {
        missing += usize::from(!store.has_file(&hash).await?);
    }
    Ok(missing)
}
