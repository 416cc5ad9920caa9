//! SQL of judgments and seals.

use super::model::{JudgmentRow, Line, Paper, Second, Whole};
use crate::{
    args,
    base::{
        fields::{JudgmentTerms, SealingConsent, SealingPaperNo, UnsealingReason},
        ids::{CaseId, JudgmentId, SealingId, UserId},
        sealed::Sealed,
        time::{At, Day},
        words::ClearancePaper,
    },
    policy::{
        acts::{ListSealings, SeeSealing, SeeSentence},
        subjects::{excluded, unbarred},
    },
    reports::ClearedBy,
    store::{Dir, Fault, Grant, List, Page, PageAsk, Scope, Store, Unit},
};

/// The table whose rows about a seal stay readable while the rest of the case is put away.
pub const SEALINGS: &str = "sealings";

const JUDGMENTS: &str = "select id, terms from judgments where case_id = $1 order by made_at, id";

pub async fn judgments(store: &Store, grant: &Grant<SeeSentence>) -> Result<Vec<JudgmentRow>, Fault> {
    let rows = store.under(grant, JUDGMENTS, args![]).await?;
    store.opened(rows).await
}

pub async fn judgments_within(unit: &mut Unit, case: CaseId) -> Result<Vec<JudgmentRow>, Fault> {
    let rows: Vec<JudgmentRow> = unit.rows(JUDGMENTS, args![case]).await?;
    unit.opened(rows).await
}

pub async fn insert_judgment(unit: &mut Unit, case: CaseId, terms: &str, by: UserId) -> Result<(), Fault> {
    let id: JudgmentId = unit.new_id();
    let now = unit.now();
    let terms = unit.sealer_of(case).await?.text::<JudgmentTerms>(id, terms)?;
    unit.run(
        "insert into judgments (id, case_id, terms, by, made_at, changed_at) values ($1, $2, $3, $4, $5, $5)",
        args![id, case, terms, by, now],
    )
    .await?;
    Ok(())
}

/// `false`: the case has no such judgment.
pub async fn change_judgment(
    unit: &mut Unit,
    case: CaseId,
    id: JudgmentId,
    terms: &str,
    by: UserId,
) -> Result<bool, Fault> {
    let now = unit.now();
    let terms = unit.sealer_of(case).await?.text::<JudgmentTerms>(id, terms)?;
    let rows = unit
        .run(
            "update judgments set terms = $3, by = $4, changed_at = $5 where id = $2 and case_id = $1",
            args![case, id, terms, by, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn drop_judgment(unit: &mut Unit, case: CaseId, id: JudgmentId) -> Result<bool, Fault> {
    Ok(unit.run("delete from judgments where id = $2 and case_id = $1", args![case, id]).await? == 1)
}

/// The next live cases with judgments, by id.
pub async fn next_cases(unit: &mut Unit, after: Option<CaseId>, limit: i64) -> Result<Vec<CaseId>, Fault> {
    let after = after.map_or_else(uuid::Uuid::nil, crate::base::ids::Id::uuid);
    let rows: Vec<(CaseId,)> = unit
        .rows(
            "select c.id from cases c where c.id > $1 and c.status in ('noticed', 'active', 'suspended') \
             and exists (select 1 from judgments j where j.case_id = c.id) order by c.id limit $2",
            args![after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Is there help that would go on: a live referral, something promised, a loan that is paid back?
pub async fn has_live_help(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let today = unit.today();
    let row: Option<(i64,)> = unit
        .row(
            "select (select count(*) from referrals r where r.case_id = $1 and r.ended_at is null and (r.to_on is null or r.to_on >= $2)) \
             + (select count(*) from helps hp where hp.case_id = $1 and (hp.state in ('promised', 'approved') \
             or hp.kind = 'loan' and hp.state = 'given')) \
             + (select count(*) from loan_lines ll where ll.case_id = $1 and ll.answer is null and ll.struck_at is null \
             and ll.withdrawn_at is null)",
            args![case, today],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn code_is_taken(unit: &mut Unit, code: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from sealings where code = $1", args![code]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert_sealing(
    unit: &mut Unit,
    case: CaseId,
    paper: &Paper,
    code: &str,
    by: UserId,
) -> Result<SealingId, Fault> {
    let id: SealingId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into sealings (id, case_id, code, paper, paper_on, paper_no, consent, sealed_at, sealed_by, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        args![
            id,
            case,
            code,
            paper.paper.as_str(),
            paper.on,
            seal.text::<SealingPaperNo>(id, &paper.number)?,
            seal.text::<SealingConsent>(id, &paper.consent)?,
            now,
            by
        ],
    )
    .await?;
    Ok(id)
}

const LINE: &str = "sg.id, sg.code, sg.paper, sg.sealed_at, u.name as sealed_by, sg.asked_at, sg.ended_at";
const LINE_FROM: &str = "join users u on u.id = sg.sealed_by";

fn lines<'a>(store: &'a Store, scope: &Scope<ListSealings>) -> List<'a, ListSealings> {
    store.list(scope, LINE).join(LINE_FROM)
}

pub async fn list(store: &Store, scope: &Scope<ListSealings>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    lines(store, scope).page(&["sg.sealed_at", "sg.id"], Dir::Down, ask).await
}

pub async fn one(store: &Store, grant: &Grant<SeeSealing>) -> Result<Option<Whole>, Fault> {
    let columns = [
        LINE,
        "sg.case_id, sg.paper_on, ask.name as asked_by, sg.asked_by as asked_by_id, en.name as ended_by, sg.id as own, sg.paper_no, \
         sg.consent, sg.reason",
    ];
    let joins = [LINE_FROM, "left join users ask on ask.id = sg.asked_by left join users en on en.id = sg.ended_by"];
    store.opened(store.one(grant, &columns, &joins).await?).await
}

/// Whose seal it is, who asked for it to be taken off, and whether it was.
pub async fn standing(unit: &mut Unit, id: SealingId) -> Result<(CaseId, Option<UserId>, bool), Fault> {
    let row: Option<(CaseId, Option<UserId>, Option<crate::base::time::At>)> =
        unit.row("select case_id, asked_by, ended_at from sealings where id = $1", args![id]).await?;
    let (case, asked_by, ended_at) = row.ok_or(Fault::Moved)?;
    Ok((case, asked_by, ended_at.is_some()))
}

/// The inspectors, if the commune has no other active head who may know the person: each may be the second then.
pub async fn seconds(unit: &mut Unit, id: SealingId) -> Result<Vec<Second>, Fault> {
    unit.rows(
        concat!(
            "select iu.id, iu.email, iu.lang from users iu where iu.role = 'inspector' and iu.disabled_at is null \
             and exists (select 1 from sealings sg join cases c on c.id = sg.case_id where sg.id = $1 and not ",
            excluded!("iu.id", "c.person_id"),
            " and not exists (select 1 from users hu where hu.area_code = c.area_code and hu.role = 'supervisor' \
             and hu.disabled_at is null and hu.id <> sg.asked_by and ",
            unbarred!("hu.id", "c.person_id"),
            ")) order by iu.id"
        ),
        args![id],
    )
    .await
}

/// The number of a seal.
pub async fn code(unit: &mut Unit, id: SealingId) -> Result<String, Fault> {
    let row: Option<(String,)> = unit.row("select code from sealings where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn of_code(store: &Store, scope: &Scope<ListSealings>, code: &str) -> Result<Option<CaseId>, Fault> {
    let list = store.list(scope, "sg.case_id").and("sg.ended_at is null").and_arg("sg.code = ?", args![code]);
    let rows: Vec<(CaseId,)> = list.rows("sg.id", 1).await?;
    Ok(rows.first().map(|row| row.0))
}

pub async fn reason(
    unit: &mut Unit,
    case: CaseId,
    id: SealingId,
    reason: &str,
) -> Result<crate::base::arg::Arg, Fault> {
    unit.sealer_of(case).await?.text::<UnsealingReason>(id, reason)
}

/// Was the person's consent to go on being helped recorded with this seal?
pub async fn helps_on(unit: &mut Unit, seal: SealingId) -> Result<bool, Fault> {
    let row: Option<(SealingId, Sealed<SealingConsent>)> =
        unit.row("select id, consent from sealings where id = $1", args![seal]).await?;
    Ok(unit.opened(row).await?.is_some_and(|row| !row.1.is_empty()))
}

/// By which paper and when a case was sealed, as the figures that were put by need it.
pub async fn cleared_by(unit: &mut Unit, seal: SealingId, without_loans: bool) -> Result<ClearedBy, Fault> {
    let row: Option<(ClearancePaper, Day, At)> =
        unit.row("select paper, paper_on, sealed_at from sealings where id = $1", args![seal]).await?;
    let (paper, paper_on, sealed_at) = row.ok_or(Fault::Moved)?;
    Ok(ClearedBy { paper, paper_on: paper_on.0, sealed_at, without_loans })
}

/// The birth date that the days of a judgment are checked against.
pub async fn birth(unit: &mut Unit, case: CaseId) -> Result<Option<jiff::civil::Date>, Fault> {
    type Born = (crate::base::ids::PersonId, Option<Sealed<crate::base::fields::BirthOn>>);
    let person = unit.person_of(case).await?;
    let row: Option<Born> = unit.row("select id, birth_on from people where id = $1", args![person]).await?;
    Ok(unit.opened(row).await?.and_then(|row| crate::base::sealed::SealedDay::day(&row.1)).map(|day| day.0))
}
