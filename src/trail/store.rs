//! SQL of the trail.

use super::model::{Filter, Line};
use crate::{
    args,
    policy::acts::ListTrail,
    store::{Dir, Fault, Page, PageAsk, Scope, Store},
};

pub async fn list(
    store: &Store,
    scope: &Scope<ListTrail>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let mut list = store
        .list(
            scope,
            "au.id, au.at, au.actor, us.username, us.name, au.act, au.subject, au.subject_id, au.outcome, au.detail, au.policy_version",
        )
        .join("left join users us on us.id = au.user_id");
    if !filter.user.is_empty() {
        list = list.and_arg("us.username = ?", args![filter.user.trim()]);
    }
    if !filter.act.is_empty() {
        list = list.and_arg("au.act = ?", args![filter.act.trim()]);
    }
    if !filter.record.is_empty() {
        list = list.and_arg("au.subject_id = ?", args![filter.record.trim()]);
    }
    list.page(&["au.at", "au.id"], Dir::Down, ask).await
}
