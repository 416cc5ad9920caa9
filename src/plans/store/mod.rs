//! SQL of needs and plans.

pub mod questions;

use crate::plans::model::{AnswerRow, GoalRow, NeedRow, NewGoal, NewNeed, NewStep, PlanRow, Question, StepRow, Walls};
use crate::{
    args,
    base::{
        fields::{GoalWhat, NeedAnswer, NeedNote, StepWhat},
        ids::{CaseId, FollowUpId, GoalId, NeedAnswerId, NeedId, PlanId, StepId, UserId},
    },
    policy::acts::{SeeCase, SeeNeeds, SeePlan, SeePlans},
    store::{Fault, Grant, Store, Unit},
};

/// The set in force: the newest version whose day has come.
pub async fn questions(store: &Store) -> Result<Vec<Question>, Fault> {
    store
        .reference(
            "select version, word, area, kind, asks_vi, asks_en from questions \
             where version = (select max(version) from questions where valid_from <= $1) order by rank, word",
            args![store.today()],
        )
        .await
}

pub async fn insert_need(unit: &mut Unit, case: CaseId, new: &NewNeed, by: UserId) -> Result<NeedId, Fault> {
    let id: NeedId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into needs (id, case_id, area, question_version, level, note, by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            id,
            case,
            new.area.as_str(),
            new.version,
            new.level.as_str(),
            seal.text_opt::<NeedNote>(id, new.note.as_deref())?,
            by,
            now
        ],
    )
    .await?;
    for (question, answer) in &new.answers {
        let own: NeedAnswerId = unit.new_id();
        unit.run(
            "insert into need_answers (id, need_id, case_id, question, answer) values ($1, $2, $3, $4, $5)",
            args![own, id, case, question.as_str(), seal.text::<NeedAnswer>(own, answer)?],
        )
        .await?;
    }
    Ok(id)
}

/// What was found, newest first; of a walled area only where its part may be seen.
pub async fn needs(store: &Store, grant: &Grant<SeeNeeds>, walls: Walls) -> Result<Vec<NeedRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select n.id, n.area, n.question_version, n.level, n.note, n.by as by_id, u.name as by, n.made_at from needs n \
             join users u on u.id = n.by where n.case_id = $1 and ($2 or n.area <> 'health') and ($3 or n.area <> 'family') \
             and ($4 or n.area <> 'law') order by n.made_at desc, n.id desc limit 200",
            args![walls.health, walls.family, walls.law],
        )
        .await?;
    store.opened(rows).await
}

/// What was answered, each with its question as that version of the set asked it.
pub async fn answers(store: &Store, grant: &Grant<SeeNeeds>, walls: Walls) -> Result<Vec<AnswerRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select a.id, a.need_id, a.question, q.kind, q.asks_vi, q.asks_en, a.answer from need_answers a \
             join needs n on n.id = a.need_id join questions q on q.version = n.question_version and q.word = a.question \
             where a.case_id = $1 and ($2 or n.area <> 'health') and ($3 or n.area <> 'family') and ($4 or n.area <> 'law') \
             order by q.rank, a.id",
            args![walls.health, walls.family, walls.law],
        )
        .await?;
    store.opened(rows).await
}

macro_rules! plan {
    () => {
        "pl.id, pl.case_id, pl.number, pl.state, pl.agreed_on, pl.agreed_how, pl.submitted_by, us.name as submitter, pl.submitted_at, \
         ud.name as decider, pl.decided_at, pl.comment, um.name as by, pl.made_at, pl.version"
    };
}
macro_rules! plan_from {
    () => {
        "join users um on um.id = pl.made_by left join users us on us.id = pl.submitted_by left join users ud on ud.id = pl.decided_by"
    };
}
macro_rules! goals {
    ($where:literal) => {
        concat!(
            "select g.id, g.plan_id, g.area, g.what, g.owner, g.organisation_id, o.name_vi as organisation, g.relative_id \
             from plan_goals g left join organisations o on o.id = g.organisation_id where g.dropped_at is null and ",
            $where,
            " order by g.made_at, g.id"
        )
    };
}
macro_rules! steps {
    ($where:literal) => {
        concat!(
            "select s.id, s.plan_id, s.goal_id, s.what, s.due_on, s.owner, s.organisation_id, o.name_vi as organisation, s.relative_id, \
             s.follow_up_id from plan_steps s join plans pl on pl.id = s.plan_id left join organisations o on o.id = s.organisation_id \
             where s.dropped_at is null and ",
            $where,
            " order by s.due_on, s.id"
        )
    };
}

/// Every version, newest first.
pub async fn plans(store: &Store, grant: &Grant<SeePlans>) -> Result<Vec<PlanRow>, Fault> {
    let sql =
        concat!("select ", plan!(), " from plans pl ", plan_from!(), " where pl.case_id = $1 order by pl.number desc");
    store.opened(store.under(grant, sql, args![]).await?).await
}

pub async fn plan(store: &Store, grant: &Grant<SeePlan>) -> Result<Option<PlanRow>, Fault> {
    store.opened(store.one(grant, &[plan!()], &[plan_from!()]).await?).await
}

pub async fn goals(store: &Store, grant: &Grant<SeePlan>) -> Result<Vec<GoalRow>, Fault> {
    store.opened(store.under(grant, goals!("g.plan_id = $1"), args![]).await?).await
}

pub async fn steps(store: &Store, grant: &Grant<SeePlan>) -> Result<Vec<StepRow>, Fault> {
    store.opened(store.under(grant, steps!("s.plan_id = $1"), args![]).await?).await
}

/// The goals and steps of every version of a case.
pub async fn lines(store: &Store, grant: &Grant<SeePlans>) -> Result<(Vec<GoalRow>, Vec<StepRow>), Fault> {
    let goals = store.under(grant, goals!("g.case_id = $1"), args![]).await?;
    let steps = store.under(grant, steps!("s.case_id = $1"), args![]).await?;
    Ok((store.opened(goals).await?, store.opened(steps).await?))
}

/// A helper's view: of the plan in force what is her own organisation's, and nothing else.
pub async fn lines_for_helper(store: &Store, grant: &Grant<SeeCase>) -> Result<(Vec<GoalRow>, Vec<StepRow>), Fault> {
    let own = grant.actor().organisation();
    let goals = goals!(
        "g.case_id = $1 and g.owner = 'helper' and g.organisation_id = $2 \
         and g.plan_id in (select pl.id from plans pl where pl.case_id = $1 and pl.state = 'approved')"
    );
    let steps = steps!("s.case_id = $1 and s.owner = 'helper' and s.organisation_id = $2 and pl.state = 'approved'");
    let goals = store.under(grant, goals, args![own]).await?;
    let steps = store.under(grant, steps, args![own]).await?;
    Ok((store.opened(goals).await?, store.opened(steps).await?))
}

/// The newest version of a case, within a unit of work.
pub async fn newest(unit: &mut Unit, case: CaseId) -> Result<Option<PlanRow>, Fault> {
    let sql = concat!(
        "select ",
        plan!(),
        " from plans pl ",
        plan_from!(),
        " where pl.case_id = $1 order by pl.number desc limit 1"
    );
    let row = unit.row(sql, args![case]).await?;
    unit.opened(row).await
}

pub async fn plan_within(unit: &mut Unit, plan: PlanId) -> Result<PlanRow, Fault> {
    let sql = concat!("select ", plan!(), " from plans pl ", plan_from!(), " where pl.id = $1");
    let row: Option<PlanRow> = unit.row(sql, args![plan]).await?;
    row.ok_or(Fault::Moved)
}

pub async fn lines_within(unit: &mut Unit, plan: PlanId) -> Result<(Vec<GoalRow>, Vec<StepRow>), Fault> {
    let goals: Vec<GoalRow> = unit.rows(goals!("g.plan_id = $1"), args![plan]).await?;
    let steps: Vec<StepRow> = unit.rows(steps!("s.plan_id = $1"), args![plan]).await?;
    Ok((unit.opened(goals).await?, unit.opened(steps).await?))
}

pub async fn insert_plan(unit: &mut Unit, case: CaseId, number: i64, by: UserId) -> Result<PlanId, Fault> {
    let id: PlanId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into plans (id, case_id, number, state, made_by, made_at, version) values ($1, $2, $3, 'draft', $4, $5, 1)",
        args![id, case, number, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn insert_goal(unit: &mut Unit, case: CaseId, plan: PlanId, new: &NewGoal) -> Result<GoalId, Fault> {
    let id: GoalId = unit.new_id();
    let now = unit.now();
    let what = unit.sealer_of(case).await?.text::<GoalWhat>(id, &new.what)?;
    unit.run(
        "insert into plan_goals (id, plan_id, case_id, area, what, owner, organisation_id, relative_id, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            plan,
            case,
            new.area.as_str(),
            what,
            new.owner.kind.as_str(),
            new.owner.organisation,
            new.owner.relative,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// `follow_up`: of the same step in the version before.
pub async fn insert_step(
    unit: &mut Unit,
    case: CaseId,
    plan: PlanId,
    new: &NewStep,
    follow_up: Option<FollowUpId>,
) -> Result<StepId, Fault> {
    let id: StepId = unit.new_id();
    let now = unit.now();
    let what = unit.sealer_of(case).await?.text::<StepWhat>(id, &new.what)?;
    unit.run(
        "insert into plan_steps (id, plan_id, goal_id, case_id, what, due_on, owner, organisation_id, relative_id, follow_up_id, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id,
            plan,
            new.goal,
            case,
            what,
            new.due_on,
            new.owner.kind.as_str(),
            new.owner.organisation,
            new.owner.relative,
            follow_up,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Takes a goal out of a plan, with its steps; how many goals were there.
pub async fn drop_goal(unit: &mut Unit, plan: PlanId, goal: GoalId) -> Result<u64, Fault> {
    let now = unit.now();
    unit.run(
        "update plan_steps set dropped_at = $3 where plan_id = $1 and goal_id = $2 and dropped_at is null",
        args![plan, goal, now],
    )
    .await?;
    let sql = "update plan_goals set dropped_at = $3 where plan_id = $1 and id = $2 and dropped_at is null";
    unit.run(sql, args![plan, goal, now]).await
}

pub async fn drop_step(unit: &mut Unit, plan: PlanId, step: StepId) -> Result<u64, Fault> {
    let now = unit.now();
    let sql = "update plan_steps set dropped_at = $3 where plan_id = $1 and id = $2 and dropped_at is null";
    unit.run(sql, args![plan, step, now]).await
}

pub async fn set_follow_up(unit: &mut Unit, step: StepId, follow_up: FollowUpId) -> Result<(), Fault> {
    unit.exactly_one("update plan_steps set follow_up_id = $2 where id = $1", args![step, follow_up]).await
}

/// The plan of a case that is in force.
pub async fn in_force(unit: &mut Unit, case: CaseId) -> Result<Option<PlanId>, Fault> {
    let row: Option<(PlanId,)> =
        unit.row("select id from plans where case_id = $1 and state = 'approved'", args![case]).await?;
    Ok(row.map(|row| row.0))
}

/// Another version is in force from now on.
pub async fn replace(unit: &mut Unit, plan: PlanId) -> Result<(), Fault> {
    unit.exactly_one(
        "update plans set state = 'replaced', version = version + 1 where id = $1 and state = 'approved'",
        args![plan],
    )
    .await
}
