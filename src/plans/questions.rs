//! The sets of questions: each has a day from which it is asked, and stays as it was asked. A new version never changes an
//! old one, so that an answer is always read with its own question.

use super::{
    model::{Question, QuestionSet, QuestionSetDraft},
    store,
};
use crate::{
    app::Refused,
    base::refusal::Invalid,
    policy::acts::EditQuestions,
    store::{Fault, Grant, Store},
};

/// Every set, newest first.
pub async fn sets(store: &Store) -> Result<Vec<QuestionSet>, Fault> {
    store::questions::sets(store).await
}

/// The questions of one set, in their order.
pub async fn of_set(store: &Store, version: i64) -> Result<Vec<Question>, Fault> {
    store::questions::of_set(store, version).await
}

/// Enters a new version of the set, which is asked from its first day on.
///
/// # Errors
/// [`Refused::Invalid`]: see [`QuestionSetDraft::check`]; its first day is before today, or not after that of the newest set.
/// [`Fault::Stale`]: another version was entered since `based_on` was read.
pub async fn enter(store: &Store, grant: Grant<EditQuestions>, draft: &QuestionSetDraft) -> Result<i64, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            let (by, newest) = (work.by()?, store::questions::newest(work).await?);
            if newest.version != new.based_on {
                return Err(Fault::Stale.into());
            }
            if new.valid_from <= newest.valid_from.0 {
                let day = crate::base::text::show_day(newest.valid_from.0);
                return Err(Invalid::telling("valid_from", "not_after_the_last_set", day).into());
            }
            let version = newest.version + 1;
            // A second one at the same moment finds the number taken, and is told so.
            store::questions::insert(work, version, &new, by).await?;
            work.detail(format!("questions {version} from {}, {} asked", new.valid_from, new.rows.len()));
            Ok(version)
        })
        .await
}
