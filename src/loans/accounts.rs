//! What was lent, and what is paid back, as the lender reports it. The ledger of the bank is its own.

use super::{
    model::{AccountRow, RepaymentRow, ReportDraft},
    store,
};
use crate::{
    app::Refused,
    policy::acts::{ListLoanAccounts, ReportLoan, SeeLoanAccount},
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store},
};

/// What the asker has lent, newest first.
pub async fn list(store: &Store, scope: &Scope<ListLoanAccounts>, ask: &PageAsk) -> Result<Page<AccountRow>, Fault> {
    store::accounts(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListLoanAccounts>) -> Result<i64, Fault> {
    store::count_accounts(store, scope).await
}

/// How many are not paid back yet, and how many of them are overdue.
pub async fn standing(store: &Store, scope: &Scope<ListLoanAccounts>) -> Result<(i64, i64), Fault> {
    store::standing(store, scope).await
}

/// One loan with its reports. That it was looked at is written down first.
pub async fn one(store: &Store, grant: &Grant<SeeLoanAccount>) -> Result<(AccountRow, Vec<RepaymentRow>), Fault> {
    let account = store::account(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let repayments = store::repayments(store, grant).await?;
    store.note_opening(grant, None, &["loan"]).await?;
    Ok((account, repayments))
}

/// Writes down what was paid back, and how the loan stands.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ReportDraft::check`]. [`Fault::Stale`]: changed since `version` was read.
pub async fn report(
    store: &Store,
    grant: Grant<ReportLoan>,
    draft: &ReportDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let left = store::left(work, id).await?;
            let new = draft.check(left, work.today())?;
            store::insert_repayment(work, id, &new, by).await?;
            work.set(
                "repaid_vnd = repaid_vnd + ?, standing = ?, reported_on = ?",
                crate::args![new.vnd, new.standing.as_str(), new.on],
            )
            .await?;
            work.detail(format!("{}", new.standing));
            Ok(())
        })
        .await
}
