//! The half-yearly look at all accounts: may this person still sign in, as this, here? Each account is judged by name,
//! nobody judges her own, and the whole is signed off.

pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        refusal::{Check, Invalid},
        text,
    },
    follow_ups,
    policy::acts::{BeginReview, JudgeStaff, ListReview, SignReview},
    store::{Fault, Grant, Page, PageAsk, Scope, Store},
};
use model::{Line, Past, Status, Verdict, VerdictDraft};

/// How it stands: the open review, if there is one, and when the next must be signed.
pub async fn status(store: &Store) -> Result<Status, Fault> {
    let months = follow_ups::rules::amount(store, "account_review").await?;
    store::status(store, months).await
}

/// The reviews that were signed, newest first.
pub async fn past(store: &Store, _scope: &Scope<ListReview>) -> Result<Vec<Past>, Fault> {
    store::past(store).await
}

/// The accounts of the open review: those that wait first, then by name.
pub async fn list(store: &Store, scope: &Scope<ListReview>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// Begins a review: every account as it is today, with role, area and last sign-in.
///
/// # Errors
/// [`Refused::Invalid`] `review_open`: one is under way.
pub async fn begin(store: &Store, scope: Scope<BeginReview>) -> Result<(), Refused> {
    let by = scope.actor().user().ok_or(Fault::Inconsistent("a job reviews nothing"))?;
    store
        .sweep(scope, async |work| {
            if store::open_one(work).await?.is_some() {
                return Err(Invalid::one("", "review_open").into());
            }
            let (id, accounts) = store::begin(work, by).await?;
            work.detail(format!("review {id}, {accounts} accounts"));
            Ok(())
        })
        .await
}

/// Says of one account whether it is still right.
///
/// # Errors
/// [`Refused::Invalid`]: `verdict`: not chosen; `note`: what is to change is not said; `review_own`.
/// [`Fault::Moved`]: no review is open, or the account came after it began.
pub async fn judge(store: &Store, grant: Grant<JudgeStaff>, draft: &VerdictDraft) -> Result<(), Refused> {
    let mut check = Check::default();
    let verdict = check.take("verdict", draft.verdict.parse::<Verdict>().map_err(|_| "not_chosen"));
    let note = check.take("note", text::clean_line_opt(&draft.note, 300)).flatten();
    check.expect(verdict.is_none_or(|verdict| verdict == Verdict::Keep) || note.is_some(), "note", "empty");
    let verdict = check.give(verdict)?;
    store
        .write(grant, async |work| {
            let (of, by) = (work.id(), work.by()?);
            if of == by {
                return Err(Invalid::one("", "review_own").into());
            }
            let review = store::open_one(work).await?.ok_or(Fault::Moved)?;
            store::judge(work, review, of, verdict, note.as_deref(), by).await?;
            work.detail(format!("review {review} {}", verdict.as_str()));
            Ok(())
        })
        .await
}

/// Signs the open review off, by name.
///
/// # Errors
/// [`Refused::Invalid`]: `review_not_open`; `review_not_done`: accounts wait to be judged.
pub async fn sign(store: &Store, scope: Scope<SignReview>, note: &str) -> Result<(), Refused> {
    let note = text::clean_note_opt(note, 1000).map_err(|fault| Invalid::one("note", fault.code()))?;
    let by = scope.actor().user().ok_or(Fault::Inconsistent("a job signs nothing"))?;
    store
        .sweep(scope, async |work| {
            let review = store::open_one(work).await?.ok_or_else(|| Invalid::one("", "review_not_open"))?;
            if store::waiting(work, review).await? > 0 {
                return Err(Invalid::one("", "review_not_done").into());
            }
            store::sign(work, review, by, note.as_deref()).await?;
            work.detail(format!("review {review}"));
            Ok(())
        })
        .await
}
