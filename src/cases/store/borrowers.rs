//! What lenders' lists and papers read of a case.

use super::super::model::{Borrower, Papers};
use crate::{
    args,
    base::ids::CaseId,
    policy::acts::SeeLegal,
    store::{Fault, Grant, Store, Unit},
};

pub async fn borrower(store: &Store, grant: &Grant<SeeLegal>) -> Result<Option<Borrower>, Fault> {
    let columns = ["c.id, c.status, l.regime, l.certificate_no, l.released_on, l.continued_on"];
    let row = store.one(grant, &columns, &["join legals l on l.case_id = c.id"]).await?;
    store.opened(row).await
}

macro_rules! papers {
    ($where:literal) => {
        concat!(
            "select c.id, c.person_id, c.officer_id, c.area_code, p.name, p.birth_on, p.birth_precision, h.name as hamlet, ct.address, \
             l.certificate_no, l.certificate_on, l.released_on, l.continued_on from cases c join people p on p.id = c.person_id \
             join legals l on l.case_id = c.id join contacts ct on ct.case_id = c.id left join hamlets h on h.id = c.hamlet_id where ",
            $where
        )
    };
}

pub async fn papers(unit: &mut Unit, case: CaseId) -> Result<Option<Papers>, Fault> {
    let row: Option<Papers> = unit.row(papers!("c.id = $1"), args![case]).await?;
    unit.opened(row).await
}

pub async fn next_borrowers(unit: &mut Unit, after: Option<CaseId>, limit: i64) -> Result<Vec<Papers>, Fault> {
    let after = after.map_or_else(uuid::Uuid::nil, crate::base::ids::Id::uuid);
    let rows: Vec<Papers> = unit
        .rows(
            papers!(
                "c.id > $1 and c.status = 'active' and l.regime in ('completed', 'amnestied') and c.officer_id is not null \
                 and not exists (select 1 from follow_ups f where f.case_id = c.id and f.rule = 'loan_window') order by c.id limit $2"
            ),
            args![after, limit],
        )
        .await?;
    unit.opened(rows).await
}
