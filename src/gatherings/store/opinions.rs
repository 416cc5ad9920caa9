//! SQL of what is said at a gathering, and of the answers.

use super::sealer;
use crate::{
    args,
    base::{
        fields::{OpinionAnswer, OpinionText},
        ids::{CaseId, FollowUpId, GatheringId, OpinionId, UserId},
        waiting::Waiting,
        words::AnswerKind,
    },
    gatherings::model::opinions::{NewOpinion, OpinionRow},
    policy::acts::{AnswerOpinion, ListOpinions, SeeOpinion},
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit, Work},
};
use jiff::civil::Date;

macro_rules! opinion {
    ($by:literal) => {
        concat!(
            "op.id, op.gathering_id, g.kind as gathering_kind, g.on_day, op.case_id, p.name, c.code, ",
            $by,
            " as by_relative, op.text, op.owes, uo.name as owes_user, op.organisation_id, og.name_vi, og.name_en, \
             coalesce(f.due_on, op.due_on) as due_on, op.follow_up_id, op.answer_kind, op.answer, op.answered_on, \
             ua.name as answered_by, op.version"
        )
    };
}
/// The office's; and a helper's: who of a family said it is not hers to know.
const OFFICE: &str = opinion!("op.relative_id is not null");
const HELPER: &str = opinion!("1 = 0");
const FROM: &str = "left join people p on p.id = c.person_id left join users uo on uo.id = op.owes_user_id \
                    left join organisations og on og.id = op.organisation_id left join follow_ups f on f.id = op.follow_up_id \
                    left join users ua on ua.id = op.answered_by";

const fn columns(family: bool) -> &'static str {
    if family { OFFICE } else { HELPER }
}

/// What was said at one meeting, as far as the asker may know it.
pub async fn of_gathering(
    store: &Store,
    scope: &Scope<ListOpinions>,
    gathering: GatheringId,
    family: bool,
) -> Result<Vec<OpinionRow>, Fault> {
    let list = store.list(scope, columns(family)).join(FROM).and_arg("op.gathering_id = ?", args![gathering]);
    store.opened(list.rows("op.made_at, op.id", 500).await?).await
}

/// Answers that are owed and hang on no case (one that does is a task of that case); `mine`: by this user. `open`: not given
/// yet, soonest due first; else those that were given, newest first.
pub async fn owed(
    store: &Store,
    scope: &Scope<ListOpinions>,
    mine: Option<UserId>,
    open: Option<bool>,
    family: bool,
    ask: &PageAsk,
) -> Result<Page<OpinionRow>, Fault> {
    let list = store.list(scope, columns(family)).join(FROM).and("op.case_id is null and op.owes is not null");
    let list = match mine {
        Some(user) => list.and_arg("op.owes_user_id = ?", args![user]),
        None => list,
    };
    let (list, dir) = match open {
        Some(true) => (list.and("op.answered_on is null"), Dir::Up),
        Some(false) => (list.and("op.answered_on is not null"), Dir::Down),
        None => (list, Dir::Up),
    };
    store.opened_page(list.page(&["op.due_on", "op.id"], dir, ask).await?).await
}

pub async fn count(store: &Store, scope: &Scope<ListOpinions>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").and("op.case_id is null and op.owes is not null").count().await
}

pub async fn waiting(store: &Store, scope: &Scope<ListOpinions>, mine: Option<UserId>) -> Result<Waiting, Fault> {
    let list = store
        .list(scope, "")
        .told_with("count(*) as waiting, count(case when op.due_on < ? then 1 end) as late", args![store.today()])
        .and("op.case_id is null and op.owes is not null and op.answered_on is null");
    let list = match mine {
        Some(user) => list.and_arg("op.owes_user_id = ?", args![user]),
        None => list,
    };
    let rows: Vec<Waiting> = list.rows("", 1).await?;
    rows.into_iter().next().ok_or(Fault::Inconsistent("a count without a row"))
}

pub async fn one(store: &Store, grant: &Grant<SeeOpinion>, family: bool) -> Result<Option<OpinionRow>, Fault> {
    store.opened(store.one(grant, &[columns(family)], &[FROM]).await?).await
}

pub async fn of_task(
    store: &Store,
    grant: &Grant<crate::policy::acts::SeeFollowUp>,
) -> Result<Option<OpinionId>, Fault> {
    let rows: Vec<(OpinionId,)> =
        store.under(grant, "select id from opinions where follow_up_id = $1", args![]).await?;
    Ok(rows.first().map(|row| row.0))
}

pub async fn insert(
    unit: &mut Unit,
    gathering: GatheringId,
    new: &NewOpinion,
    task: Option<FollowUpId>,
    by: UserId,
) -> Result<OpinionId, Fault> {
    let id: OpinionId = unit.new_id();
    let now = unit.now();
    let case = new.who.map(|(case, _)| case);
    let text = sealer(unit, case).await?.text::<OpinionText>(id, &new.text)?;
    let owes = new.owed.map(|(answerer, _)| answerer);
    unit.run(
        "insert into opinions (id, gathering_id, case_id, relative_id, text, owes, owes_user_id, organisation_id, due_on, follow_up_id, \
         by, made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            gathering,
            case,
            new.who.and_then(|(_, relative)| relative),
            text,
            owes.map(|owes| owes.owes().as_str()),
            owes.and_then(|owes| owes.user()),
            owes.and_then(|owes| owes.organisation()),
            new.owed.map(|(_, due_on)| due_on),
            task,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Works this user in the commune of the meeting, as an officer or its head?
pub async fn can_owe(unit: &mut Unit, gathering: GatheringId, user: UserId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from users u join gatherings g on g.area_code = u.area_code where g.id = $1 and u.id = $2 \
             and u.role in ('officer', 'supervisor') and u.disabled_at is null",
            args![gathering, user],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The case on which an opinion hangs, its task, and whether it is answered.
pub async fn standing(unit: &mut Unit, id: OpinionId) -> Result<(Option<CaseId>, Option<FollowUpId>, bool), Fault> {
    let sql = "select case_id, follow_up_id, answered_on is not null from opinions where id = $1";
    let row: Option<(Option<CaseId>, Option<FollowUpId>, bool)> = unit.row(sql, args![id]).await?;
    row.ok_or(Fault::Moved)
}

pub async fn answer(
    work: &mut Work<AnswerOpinion>,
    case: Option<CaseId>,
    kind: AnswerKind,
    answer: &str,
    on: Date,
    by: UserId,
) -> Result<(), Fault> {
    let id = work.id();
    let answer = sealer(work, case).await?.text::<OpinionAnswer>(id, answer)?;
    work.set("answer_kind = ?, answer = ?, answered_on = ?, answered_by = ?", args![kind.as_str(), answer, on, by])
        .await
}
