//! SQL of requests for one case. What an approved one opens is said in `policy/subjects.rs`.

use super::model::{Line, NewRequest, Standing, Whole};
use crate::{
    args,
    base::{
        fields::{AskedPaper, AskedReason},
        ids::{CaseId, CaseRequestId, UserId},
        waiting::Waiting,
    },
    policy::{
        AreaCode,
        acts::{ListCaseRequests, SeeCaseRequest},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};

/// The case of this very code in the province, unless it was sealed.
pub async fn case_of_code(unit: &mut Unit, code: &str, province: &AreaCode) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = unit
        .row(
            "select c.id from cases c join areas a on a.code = c.area_code where c.code = $1 and c.status <> 'sealed' \
             and a.province_code = $2",
            args![code, &province.0],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

pub async fn insert(
    unit: &mut Unit,
    new: &NewRequest,
    case: Option<CaseId>,
    by: UserId,
) -> Result<CaseRequestId, Fault> {
    let id: CaseRequestId = unit.new_id();
    let now = unit.now();
    let sealer = match case {
        Some(case) => unit.sealer_of(case).await?,
        None => unit.store().note_sealer()?,
    };
    unit.run(
        "insert into case_requests (id, code, case_id, document_no, reason, until_on, state, asked_by, asked_at, version) \
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, 1)",
        args![
            id,
            new.code.as_str(),
            case,
            sealer.text::<AskedPaper>(id, &new.document_no)?,
            sealer.text::<AskedReason>(id, &new.reason)?,
            new.until_on,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

pub async fn standing(unit: &mut Unit, id: CaseRequestId) -> Result<Standing, Fault> {
    let row: Option<Standing> =
        unit.row("select case_id, state, until_on, asked_by from case_requests where id = $1", args![id]).await?;
    row.ok_or(Fault::Moved)
}

const LINE: &str = "cq.id, cq.code, cq.case_id, cq.state, cq.until_on, cq.asked_by, u.name as by, cq.asked_at, cq.decided_at, cq.version";
const LINE_FROM: &str = "join users u on u.id = cq.asked_by";

pub async fn list(store: &Store, scope: &Scope<ListCaseRequests>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store.list(scope, LINE).join(LINE_FROM).page(&["cq.asked_at", "cq.id"], Dir::Down, ask).await
}

pub async fn waiting(store: &Store, scope: &Scope<ListCaseRequests>) -> Result<Waiting, Fault> {
    let today = store.today();
    let rows = store
        .list(scope, "")
        .told_with(
            "count(*) as waiting, count(*) filter (where cq.state = 'waiting' and cq.asked_at < ? - 86400000000 * \
             (select ru.amount from rules ru where ru.word = 'case_request_answer' and ru.valid_from <= ? \
             order by ru.version desc limit 1)) as late",
            args![store.now(), today],
        )
        .and_arg("cq.state in ('waiting', 'approved') and cq.until_on >= ?", args![today])
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub async fn one(store: &Store, grant: &Grant<SeeCaseRequest>) -> Result<Option<Whole>, Fault> {
    store.opened(store.one(grant, &[LINE, "cq.document_no, cq.reason, cq.answer"], &[LINE_FROM]).await?).await
}
