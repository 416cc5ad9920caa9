//! At every start: an erasure that was cut off is finished, and whoever an old copy has brought back is erased again.

use crate::{
    erasures,
    policy::Actor,
    store::{Fault, Store},
};
use std::sync::Arc;

/// How many people were erased again.
pub async fn forget_again(store: &Store) -> Result<usize, Fault> {
    let scope = store.scope(&Arc::new(Actor::system("erasure")))?;
    erasures::catch_up(store, scope).await
}
