//! Sums of help: by person, fund, organisation, kind or month. Whatever they are summed up by, they come to the same.

pub mod model;
mod store;
pub mod web;

use crate::{
    policy::acts::SumHelp,
    store::{Fault, Scope, Store},
};
use model::{Asked, Sums};

/// The sums of the help that the asker may see, of these days.
pub async fn of(store: &Store, scope: &Scope<SumHelp>, asked: &Asked) -> Result<Sums, Fault> {
    Ok(Sums::of(asked.by, store::rows(store, scope, asked).await?))
}
