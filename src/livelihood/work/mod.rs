//! Has somebody work? As it was seen, from which day on: the newest holds, the older ones stay.

pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::ids::{Id, WorkStatusId},
    cases,
    policy::acts::{SeeHelp, SetWork},
    store::{Fault, Grant, Key, Store},
};
use model::{Draft, WorkRow};

/// All that was said of a person's work, newest first.
pub async fn of_case(store: &Store, grant: &Grant<SeeHelp>) -> Result<Vec<WorkRow>, Fault> {
    store::of_case(store, grant).await
}

/// Says how it stands with her work from a day on.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed.
pub async fn set(
    store: &Store,
    grant: Grant<SetWork>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<WorkStatusId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(WorkStatusId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let id = store::insert(work, case, &new, by).await?;
            work.detail(format!("work {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}
