//! Where money comes from: state credit, local funds, organisations, donors, each with its own rules.
//!
//! A fund is written down with the day from which it gives, and ended with a day; what was given from it stays. A fund of
//! the province is there for all of its communes.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, FundId, Id},
        refusal::Invalid,
    },
    policy::acts::{AddFund, EndFund, ListFunds, SeeFund},
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{Draft, Line, Rules};

/// The funds that the asker may use or look at, those that still give first.
pub async fn list(store: &Store, scope: &Scope<ListFunds>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListFunds>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// Those that give today, by name: what a form offers.
pub async fn giving(store: &Store, scope: &Scope<ListFunds>) -> Result<Vec<Line>, Fault> {
    store::giving(store, scope).await
}

/// One fund with its rules.
pub async fn one(store: &Store, grant: &Grant<SeeFund>) -> Result<Line, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// Writes down a fund of the commune.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the commune has a fund of this name.
pub async fn add(store: &Store, grant: Grant<AddFund>, draft: &Draft, key: Option<Key>) -> Result<FundId, Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(FundId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let Some(id) = store::insert(work, &area, &new, Some(by)).await? else {
                return Err(Invalid::one("name", "fund_there_already").into());
            };
            work.detail(format!("fund {id} {}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Says that a fund gives nothing any more from tomorrow on. What was given stays.
///
/// # Errors
/// [`Refused::Invalid`]: it was ended already. [`Fault::Stale`]: changed since `version` was read.
pub async fn end(store: &Store, grant: Grant<EndFund>, version: Option<i64>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let id = work.id();
            if !store::still_gives(work, id).await? {
                return Err(Invalid::one("", "fund_ended_already").into());
            }
            let today = work.today();
            work.set("to_on = ?", crate::args![today]).await?;
            work.detail("ended".to_owned());
            Ok(())
        })
        .await
}

/// The rules of a fund from which something was promised, whether it still gives or not.
pub(crate) async fn rules_of(unit: &mut Unit, fund: FundId) -> Result<Rules, Fault> {
    store::rules_of(unit, fund).await?.ok_or(Fault::Moved)
}

/// The rules of a fund that may be used for this case today.
///
/// # Errors
/// [`Invalid`]: it gives nothing today, or is another commune's.
pub(crate) async fn usable(unit: &mut Unit, case: CaseId, fund: FundId) -> Result<Rules, Refused> {
    store::rules(unit, case, fund).await?.ok_or_else(|| Invalid::one("fund_id", "no_such_fund").into())
}
