//! SQL of what was said of somebody's work.

use super::model::{New, WorkRow};
use crate::{
    args,
    base::{
        fields::WorkStatusNote,
        ids::{CaseId, UserId, WorkStatusId},
    },
    policy::acts::SeeHelp,
    store::{Fault, Grant, Store, Unit},
};

pub async fn of_case(store: &Store, grant: &Grant<SeeHelp>) -> Result<Vec<WorkRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select ws.id, ws.status, ws.since_on, ws.note, ws.by as by_id, u.name as by, ws.made_at from work_statuses ws \
             join users u on u.id = ws.by where ws.case_id = $1 order by ws.since_on desc, ws.id desc limit 200",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn insert(unit: &mut Unit, case: CaseId, new: &New, by: UserId) -> Result<WorkStatusId, Fault> {
    let id: WorkStatusId = unit.new_id();
    let now = unit.now();
    let note = unit.sealer_of(case).await?.text_opt::<WorkStatusNote>(id, new.note.as_deref())?;
    unit.run(
        "insert into work_statuses (id, case_id, status, since_on, note, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, case, new.status.as_str(), new.since_on, note, by, now],
    )
    .await?;
    Ok(id)
}
