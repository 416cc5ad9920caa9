//! SQL of requests. Who may see one is said in `policy/subjects.rs`.

use super::model::{Content, Line, NewRequest, OverLine, Standing};
use crate::{
    args,
    base::{
        fields::{
            RequestAnswer, RequestAsker, RequestContact, RequestExtension, RequestOutcome, RequestProof,
            RequestRefusal, RequestRefusalBasis, RequestWhat,
        },
        ids::{CaseId, RequestId, UserId},
        waiting::Waiting,
    },
    policy::{
        Act, AreaCode,
        acts::{ListRequests, SeeRequests},
        subjects::Request,
    },
    store::{Dir, Fault, Grant, List, Page, PageAsk, Scope, Sealer, Store, Unit},
};
use jiff::civil::Date;

/// The terms of a new request.
pub struct Terms {
    pub answer_by: Date,
    pub answer_version: i64,
    pub act_by: Date,
    pub act_rule: &'static str,
    pub act_version: i64,
}

/// Under whose key a request lies: the person's, or of somebody who is in no case here, the office's.
pub async fn sealer(unit: &mut Unit, case: Option<CaseId>) -> Result<Sealer, Fault> {
    match case {
        Some(case) => unit.sealer_of(case).await,
        None => unit.store().note_sealer(),
    }
}

pub async fn number_is_taken(unit: &mut Unit, number: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from requests where number = $1", args![number]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(
    unit: &mut Unit,
    number: &str,
    area: &AreaCode,
    case: Option<CaseId>,
    new: &NewRequest,
    terms: &Terms,
    by: UserId,
) -> Result<RequestId, Fault> {
    let id: RequestId = unit.new_id();
    let now = unit.now();
    let seal = sealer(unit, case).await?;
    let person = match case {
        Some(case) => Some(unit.person_of(case).await?),
        None => None,
    };
    unit.run(
        "insert into requests (id, number, area_code, case_id, person_id, asker_kind, kind, way, others, received_on, \
         answer_by_on, answer_rule_version, act_rule, act_rule_version, act_by_on, due_on, state, handler_id, asker, proof, \
         contact, what, made_by, made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $11, 'received', $16, $17, $18, $19, $20, $16, $21, 1)",
        args![
            id,
            number,
            &area.0,
            case,
            person,
            new.asked_by.as_str(),
            new.kind.as_str(),
            new.way.as_str(),
            new.others,
            new.received_on,
            terms.answer_by,
            terms.answer_version,
            terms.act_rule,
            terms.act_version,
            terms.act_by,
            by,
            seal.text::<RequestAsker>(id, &new.asker)?,
            seal.text_opt::<RequestProof>(id, new.proof.as_deref())?,
            seal.text_opt::<RequestContact>(id, new.contact.as_deref())?,
            seal.text::<RequestWhat>(id, &new.what)?,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// The commune of a case.
pub async fn area_of(unit: &mut Unit, case: CaseId) -> Result<AreaCode, Fault> {
    let row: Option<(AreaCode,)> = unit.row("select area_code from cases where id = $1", args![case]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn standing(unit: &mut Unit, id: RequestId) -> Result<Standing, Fault> {
    let row = unit
        .row(
            "select rq.case_id, coalesce(c.status = 'sealed', 1 = 0) as sealed, rq.kind, rq.state, rq.others, rq.received_on, \
             rq.act_by_on, rq.answered_on, rq.extended_at is not null as extended, rq.area_code from requests rq \
             left join cases c on c.id = rq.case_id where rq.id = $1",
            args![id],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

const CONTENT: &str =
    "rq.id, rq.asker, rq.proof, rq.contact, rq.what, rq.answer, rq.extension, rq.refusal, rq.refusal_basis, rq.outcome";

/// Everything said in a request, put under the key of the person of the case that it turned out to be about.
pub async fn link(unit: &mut Unit, id: RequestId, case: CaseId) -> Result<(), Fault> {
    let sql = "select rq.id, rq.asker, rq.proof, rq.contact, rq.what, rq.answer, rq.extension, rq.refusal, rq.refusal_basis, \
               rq.outcome from requests rq where rq.id = $1";
    let row: Option<Content> = unit.row(sql, args![id]).await?;
    let row = unit.opened(row.ok_or(Fault::Moved)?).await?;
    let (seal, person) = (unit.sealer_of(case).await?, unit.person_of(case).await?);
    macro_rules! again {
        ($field:ident, $marker:ident) => {
            seal.text_opt::<$marker>(id, row.$field.as_ref().map(|text| text.text()))?
        };
    }
    unit.exactly_one(
        "update requests set case_id = $2, person_id = $3, asker = $4, proof = $5, contact = $6, what = $7, answer = $8, \
         extension = $9, refusal = $10, refusal_basis = $11, outcome = $12 where id = $1 and case_id is null",
        args![
            id,
            case,
            person,
            again!(asker, RequestAsker),
            again!(proof, RequestProof),
            again!(contact, RequestContact),
            again!(what, RequestWhat),
            again!(answer, RequestAnswer),
            again!(extension, RequestExtension),
            again!(refusal, RequestRefusal),
            again!(refusal_basis, RequestRefusalBasis),
            again!(outcome, RequestOutcome)
        ],
    )
    .await
}

/// An active officer or head of a commune, by her sign-in name.
pub async fn colleague(unit: &mut Unit, area: &AreaCode, username: &str) -> Result<Option<UserId>, Fault> {
    let row: Option<(UserId,)> = unit
        .row(
            "select id from users where username = $1 and area_code = $2 and role in ('officer', 'supervisor') \
             and disabled_at is null",
            args![username, &area.0],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

const LINE: &str = "rq.id, rq.number, rq.kind, rq.asker_kind, rq.way, rq.state, rq.others, rq.received_on, rq.answer_by_on, \
     rq.act_by_on, rq.due_on, rq.extended_at is not null as extended, rq.answered_on, rq.done_on, rq.handler_id, \
     hu.name as handler, case when c.status <> 'sealed' then c.code end as code, \
     case when c.status <> 'sealed' then c.id end as case_id, \
     (select max(sl.code) from sealings sl where sl.case_id = c.id and sl.ended_at is null and c.status = 'sealed') as seal, \
     rq.version";
const FROM: &str = "join users hu on hu.id = rq.handler_id";

fn lines<'a>(store: &'a Store, scope: &Scope<ListRequests>) -> List<'a, ListRequests> {
    store.list(scope, LINE).join(FROM)
}

/// Those that wait, first due first.
pub async fn open(store: &Store, scope: &Scope<ListRequests>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    lines(store, scope).and("rq.due_on is not null").page(&["rq.due_on", "rq.id"], Dir::Up, ask).await
}

/// Those that are over, newest first.
pub async fn over(store: &Store, scope: &Scope<ListRequests>, ask: &PageAsk) -> Result<Page<OverLine>, Fault> {
    lines(store, scope).and("rq.due_on is null").page(&["rq.received_on", "rq.id"], Dir::Down, ask).await
}

pub async fn count(store: &Store, scope: &Scope<ListRequests>, open: bool) -> Result<i64, Fault> {
    let state = if open { "rq.due_on is not null" } else { "rq.due_on is null" };
    store.list(scope, "count(*)").and(state).count().await
}

pub async fn waiting(store: &Store, scope: &Scope<ListRequests>) -> Result<Waiting, Fault> {
    let rows = store
        .list(scope, "")
        .told_with("count(*) as waiting, count(*) filter (where rq.due_on < ?) as late", args![store.today()])
        .and("rq.due_on is not null")
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub async fn one<A: Act<On = Request>>(store: &Store, grant: &Grant<A>) -> Result<Option<Line>, Fault> {
    store.one(grant, &[LINE], &[FROM]).await
}

/// The case that a request is about, sealed or not.
pub async fn case_of<A: Act<On = Request>>(store: &Store, grant: &Grant<A>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(Option<CaseId>,)> = store.one(grant, &["rq.case_id"], &[]).await?;
    Ok(row.and_then(|row| row.0))
}

pub async fn content<A: Act<On = Request>>(store: &Store, grant: &Grant<A>) -> Result<Option<Content>, Fault> {
    store.opened(store.one(grant, &[CONTENT], &[]).await?).await
}

pub async fn of_case(store: &Store, grant: &Grant<SeeRequests>) -> Result<Vec<Line>, Fault> {
    store
        .under(
            grant,
            "select rq.id, rq.number, rq.kind, rq.asker_kind, rq.way, rq.state, rq.others, rq.received_on, rq.answer_by_on, \
             rq.act_by_on, rq.due_on, rq.extended_at is not null as extended, rq.answered_on, rq.done_on, rq.handler_id, \
             hu.name as handler, cast(null as text) as code, rq.case_id, cast(null as text) as seal, rq.version from requests rq \
             join users hu on hu.id = rq.handler_id where rq.case_id = $1 \
             order by case when rq.due_on is null then 1 else 0 end, rq.due_on, rq.received_on desc, rq.id limit 100",
            args![],
        )
        .await
}
