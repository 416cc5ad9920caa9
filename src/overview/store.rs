//! SQL of the overview.

use super::Waiting;
use crate::{
    policy::acts::ListCases,
    store::{Fault, Scope, Store},
};

/// So many are shown; the case list has them all.
const MOST: i64 = 50;

pub async fn waiting(store: &Store, scope: &Scope<ListCases>) -> Result<Vec<Waiting>, Fault> {
    store
        .list(
            scope,
            "c.id, c.code, p.name, hm.name as hamlet, c.officer_id, us.name as officer, c.tries, c.to_supervisor, c.urgent_at, \
             (select min(f.due_on) from follow_ups f where f.case_id = c.id and f.done_at is null and f.dropped_at is null) as next_due_on",
        )
        .join(
            "join people p on p.id = c.person_id left join hamlets hm on hm.id = c.hamlet_id \
             left join users us on us.id = c.officer_id",
        )
        .and("c.status in ('noticed', 'active', 'suspended')")
        .and("c.officer_id is null or c.to_supervisor or c.urgent_at is not null")
        .rows("(c.urgent_at is null), c.urgent_at, (c.officer_id is not null), next_due_on, c.id", MOST)
        .await
}
