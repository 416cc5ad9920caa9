//! Erasure: a person is forgotten for good. One asks, another agrees; then her key is destroyed, her rows go, and the list
//! of the erased makes sure that no copy brings her back.
//!
//! What stays is that somebody was erased, when, and by which two people; never who it was.

pub mod api;
mod store;
pub mod web;

use crate::{
    app::Refused,
    attachments,
    base::{
        fields::ErasureReason,
        ids::{ErasureId, PersonId, UserId},
        refusal::Invalid,
        sealed::Sealed,
        text,
        time::At,
    },
    policy::acts::{ApproveErasure, AskErasure, RunJobs},
    store::{Fault, Grant, Scope, Store},
};

/// Why somebody should be erased, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub reason: String,
}

/// An erasure that waits for a second person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Asked {
    pub id: ErasureId,
    pub reason: Sealed<ErasureReason>,
    pub by_id: UserId,
    pub by: String,
    pub asked_at: At,
}

crate::opens!(Asked { id => reason });

/// The same as the rule needs it.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Under {
    id: ErasureId,
    person_id: PersonId,
    asked_by: UserId,
}

/// Asks for a person to be erased.
///
/// # Errors
/// [`Refused::Invalid`]: no reason, at least twenty letters; it was asked already.
pub async fn ask(store: &Store, grant: Grant<AskErasure>, draft: &Draft) -> Result<(), Refused> {
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    if reason.chars().count() < 20 {
        return Err(Invalid::one("reason", "reason_too_short").into());
    }
    store
        .write(grant, async |work| {
            let (case, by) = (work.id(), work.by()?);
            if store::asked(work, case).await?.is_some() {
                return Err(Invalid::one("", "erasure_asked_already").into());
            }
            let id = store::insert(work, case, &reason, by).await?;
            work.detail(format!("erasure {id} asked"));
            Ok(())
        })
        .await
}

/// What waits for a second person.
pub async fn waiting(store: &Store, grant: &Grant<AskErasure>) -> Result<Option<Asked>, Fault> {
    store::shown(store, grant).await
}

/// Agrees, and erases: rows, key, and what the database's own log still holds.
///
/// # Errors
/// [`Refused::Invalid`]: nobody asked; the one who asked cannot agree to it herself.
pub async fn approve(store: &Store, grant: Grant<ApproveErasure>) -> Result<(), Refused> {
    let (people, files) = store
        .write(grant, async |work| -> Result<(Vec<PersonId>, Vec<String>), Refused> {
            let (case, by) = (work.id(), work.by()?);
            let asked = store::asked(work, case).await?.ok_or_else(|| Invalid::one("", "erasure_not_asked"))?;
            if asked.asked_by == by {
                return Err(Invalid::one("", "erasure_needs_another").into());
            }
            store::approve(work, asked.id, by).await?;
            // Whoever was joined to her was she herself: rows and key of that record go too.
            let mut people = crate::merges::joined_to(work, asked.person_id).await?;
            for joined in &people {
                store::approve_too(work, asked.id, *joined).await?;
            }
            people.push(asked.person_id);
            // Those who were joined last: what hangs on a merge goes before the people that it names.
            let mut files = Vec::new();
            for person in people.iter().rev() {
                files.extend(attachments::of_person(work, *person).await?);
                store::purge(work, *person).await?;
            }
            work.detail(format!("erasure {} done", asked.id));
            Ok((people, files))
        })
        .await?;
    // The rows are gone and it is written down that they must be; from here a cut is finished at the next start.
    for person in people {
        store.forget(person).await?;
    }
    attachments::let_go(store, files).await;
    Ok(())
}

/// Finishes what was cut off, and erases again whoever a database from an old copy has brought back. Run at every start;
/// gives how many people were erased again.
pub async fn catch_up(store: &Store, scope: Scope<RunJobs>) -> Result<usize, Fault> {
    let cut_off = store::under_way(store).await?;
    for person in &cut_off {
        store.forget(*person).await?;
    }
    let erased = store.erased()?;
    let back = store::still_there(store, &erased).await?;
    if back.is_empty() {
        return Ok(0);
    }
    store
        .sweep(scope, async |work| -> Result<(), Fault> {
            for person in &back {
                store::purge(work, *person).await?;
            }
            work.detail(format!("{} erased again", back.len()));
            Ok(())
        })
        .await?;
    for person in &back {
        store.forget(*person).await?;
    }
    Ok(back.len())
}
