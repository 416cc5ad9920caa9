//! SQL of filters.

use crate::{
    args,
    base::ids::{HamletId, KeptFilterId, UserId},
    policy::acts::ListCases,
    store::{Fault, Scope, Store, Unit},
};

/// Where the cases of a list are, and whose: each pair once.
#[derive(Debug, sqlx::FromRow)]
pub struct Place {
    pub hamlet_id: Option<HamletId>,
    pub hamlet: Option<String>,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
}

/// A commune has some thirty hamlets and a handful of officers.
const MOST_PLACES: i64 = 500;

pub async fn places(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<Place>, Fault> {
    store
        .list(scope, "distinct hm.name_fold, c.hamlet_id, hm.name as hamlet, c.officer_id, us.name as officer")
        .join("left join hamlets hm on hm.id = c.hamlet_id left join users us on us.id = c.officer_id")
        .rows("1, 2, 4", MOST_PLACES)
        .await
}

pub async fn kept(store: &Store, user: UserId) -> Result<Vec<(KeptFilterId, String)>, Fault> {
    store.reference("select id, address from kept_filters where user_id = $1 order by id", args![user]).await
}

pub async fn of_user(unit: &mut Unit, user: UserId) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> =
        unit.rows("select address from kept_filters where user_id = $1 order by id", args![user]).await?;
    Ok(rows.into_iter().map(|(address,)| address).collect())
}

pub async fn insert(unit: &mut Unit, user: UserId, address: &str) -> Result<(), Fault> {
    let (id, now): (KeptFilterId, _) = (unit.new_id(), unit.now());
    // Two taps at once keep one.
    unit.run(
        "insert into kept_filters (id, user_id, address, made_at) values ($1, $2, $3, $4) on conflict do nothing",
        args![id, user, address, now],
    )
    .await?;
    Ok(())
}

pub async fn delete(unit: &mut Unit, user: UserId, id: KeptFilterId) -> Result<(), Fault> {
    unit.run("delete from kept_filters where id = $1 and user_id = $2", args![id, user]).await?;
    Ok(())
}
