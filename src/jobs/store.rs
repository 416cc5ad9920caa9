//! SQL of the ledger.

use super::model::{BACK_DAYS, Job, Kind, Slot};
use crate::{
    args,
    base::{
        ids::{CaseId, UserId},
        time::{At, plus_days},
    },
    digests::model::Missed,
    store::{Fault, Store, Unit},
};
use jiff::civil::Date;
use uuid::Uuid;

/// A job that was claimed belongs to its worker for so many seconds.
const LEASE_SECONDS: i64 = 5 * 60;

fn kind_of(word: &str) -> Result<Kind, Fault> {
    word.parse().map_err(|_| Fault::Inconsistent("kind of a job"))
}

/// The days that are planned, by kind: those of the last weeks, and the first of all.
pub async fn planned(store: &Store) -> Result<Vec<(Kind, Date)>, Fault> {
    let since = At::of(plus_days(store.today(), -BACK_DAYS - 1), 0, 0);
    let rows: Vec<(String, At)> = store
        .reference(
            "select kind, due_at from jobs where kind in ('morning', 'nightly', 'sweep', 'clearances', 'backup', 'drill') and due_at >= $1 \
             union all select kind, min(due_at) from jobs where kind in ('morning', 'nightly', 'sweep', 'clearances', 'backup', 'drill') group by kind",
            args![since],
        )
        .await?;
    rows.into_iter().map(|(kind, at)| Ok((kind_of(&kind)?, at.day()))).collect()
}

/// `false`: another node planned it.
pub async fn insert_slot(unit: &mut Unit, slot: Slot) -> Result<bool, Fault> {
    let id = new_id(unit);
    let key = format!("{}:{}", slot.kind.as_str(), slot.on);
    let done_at = (slot.kind == Kind::Morning).then(|| unit.now());
    let outcome = if done_at.is_some() { "planned" } else { "" };
    let rows = unit
        .run(
            "insert into jobs (id, kind, key, due_at, attempts, done_at, outcome) values ($1, $2, $3, $4, 0, $5, $6) \
             on conflict do nothing",
            args![id, slot.kind.as_str(), key, slot.at, done_at, outcome],
        )
        .await?;
    Ok(rows == 1)
}

/// Who hears of a morning: heads by their rhythm, officers who have an address; once a week the province.
pub async fn readers(unit: &mut Unit, first_of_week: bool) -> Result<Vec<(UserId, Kind)>, Fault> {
    let rows: Vec<(UserId, String)> = unit
        .rows(
            "select id, 'digest' from users where role = 'supervisor' and disabled_at is null \
             and (digest_rhythm = 'daily' or (digest_rhythm = 'weekly' and $1)) \
             union all select id, 'reminder' from users where role = 'officer' and disabled_at is null and email is not null \
             union all select id, 'bulletin' from users where role = 'province' and disabled_at is null and $1 \
             order by 1",
            args![first_of_week],
        )
        .await?;
    rows.into_iter().map(|(user, kind)| Ok((user, kind_of(&kind)?))).collect()
}

pub async fn insert_for(unit: &mut Unit, kind: Kind, user: UserId, slot: Slot) -> Result<(), Fault> {
    let id = new_id(unit);
    let key = format!("{}:{user}:{}", kind.as_str(), slot.on);
    unit.run(
        "insert into jobs (id, kind, key, user_id, due_at, attempts, outcome) values ($1, $2, $3, $4, $5, 0, '') on conflict do nothing",
        args![id, kind.as_str(), key, user, slot.at],
    )
    .await?;
    Ok(())
}

/// An id of a row of the ledger: nothing outside refers to it.
fn new_id(unit: &mut Unit) -> Uuid {
    crate::base::ids::Id::uuid(unit.new_id::<crate::base::ids::TrailId>())
}

pub async fn has_stale_cases(store: &Store, version: i64) -> Result<bool, Fault> {
    let rows: Vec<(CaseId,)> = store
        .reference("select id from cases where rule_version < $1 and status <> 'sealed' limit 1", args![version])
        .await?;
    Ok(!rows.is_empty())
}

/// Asks for the cases that were planned with older rules, also if such a case came in after it was done.
pub async fn ask_replan(unit: &mut Unit, version: i64) -> Result<(), Fault> {
    let (id, now) = (new_id(unit), unit.now());
    unit.run(
        "insert into jobs (id, kind, key, due_at, attempts, outcome) values ($1, 'replan', $2, $3, 0, '') \
         on conflict (kind, key) do update set done_at = null, lease_until = null, outcome = '' where jobs.done_at is not null",
        args![id, format!("replan:{version}"), now],
    )
    .await?;
    Ok(())
}

pub async fn any_due(store: &Store) -> Result<bool, Fault> {
    let rows: Vec<(Uuid,)> = store
        .reference(
            "select id from jobs where done_at is null and due_at <= $1 and (lease_until is null or lease_until <= $1) limit 1",
            args![store.now()],
        )
        .await?;
    Ok(!rows.is_empty())
}

pub async fn claim(unit: &mut Unit, worker: &str) -> Result<Option<Job>, Fault> {
    let (now, skip) = (unit.now(), unit.skip_locked());
    let sql = format!(
        "update jobs set lease_until = $2, worker = $3, attempts = attempts + 1 where id = (select id from jobs \
         where done_at is null and due_at <= $1 and (lease_until is null or lease_until <= $1) \
         order by case kind when 'replan' then 0 when 'nightly' then 1 else 2 end, due_at desc, id limit 1{skip}) \
         returning id, kind, key, user_id, due_at, attempts"
    );
    let row: Option<(Uuid, String, String, Option<UserId>, At, i64)> =
        unit.row(sql, args![now, now.plus(LEASE_SECONDS), worker]).await?;
    row.map(|(id, kind, key, user, due_at, attempts)| {
        Ok(Job { id, kind: kind_of(&kind)?, key, user, due_at, attempts, worker: worker.to_owned() })
    })
    .transpose()
}

/// Marks a job done, if the lease is still held: else [`Fault::Moved`], and all that was done with it is undone.
pub async fn finish(unit: &mut Unit, job: &Job, outcome: &'static str) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "update jobs set done_at = $3, outcome = $4 where id = $1 and worker = $2 and done_at is null and lease_until > $3",
        args![job.id, job.worker.as_str(), now, outcome],
    )
    .await
}

/// Holds the lease longer, if it is still held.
pub async fn hold(unit: &mut Unit, job: &Job) -> Result<(), Fault> {
    hold_for(unit, job, LEASE_SECONDS).await
}

/// The same for as long as is said.
pub async fn hold_for(unit: &mut Unit, job: &Job, seconds: i64) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "update jobs set lease_until = $4 where id = $1 and worker = $2 and done_at is null and lease_until > $3",
        args![job.id, job.worker.as_str(), now, now.plus(seconds)],
    )
    .await
}

pub async fn put_back(unit: &mut Unit, job: &Job, seconds: i64) -> Result<(), Fault> {
    let until = unit.now().plus(seconds);
    unit.run(
        "update jobs set lease_until = $3 where id = $1 and worker = $2 and done_at is null",
        args![job.id, job.worker.as_str(), until],
    )
    .await?;
    Ok(())
}

/// A newer period of the same job is there already, done or due.
pub async fn is_superseded(unit: &mut Unit, job: &Job) -> Result<bool, Fault> {
    let now = unit.now();
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from jobs where kind = $1 and user_id is not distinct from $2 and due_at > $3 and due_at <= $4",
            args![job.kind.as_str(), job.user, job.due_at, now],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// Closes older periods that were not done: this one stands for them.
pub async fn merge_older(unit: &mut Unit, job: &Job) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update jobs set done_at = $4, outcome = 'merged' where kind = $1 and user_id is not distinct from $2 and due_at < $3 \
         and done_at is null",
        args![job.kind.as_str(), job.user, job.due_at, now],
    )
    .await?;
    Ok(())
}

/// The periods since the last digest that had none of their own. Call it after [`merge_older`].
pub async fn missed(unit: &mut Unit, job: &Job) -> Result<Missed, Fault> {
    let row: Option<(i64, Option<At>, Option<At>)> = unit
        .row(
            "select count(*), min(due_at), max(due_at) from jobs where kind = $1 and user_id = $2 and due_at < $3 and outcome = 'merged' \
             and due_at > coalesce((select max(l.due_at) from jobs l where l.kind = $1 and l.user_id = $2 and l.due_at < $3 \
             and l.outcome = 'composed'), 0)",
            args![job.kind.as_str(), job.user, job.due_at],
        )
        .await?;
    let day = |at: Option<At>| at.map(|at| crate::base::time::Day(at.day()));
    Ok(row.map_or_else(Missed::default, |(periods, from, to)| Missed { periods, from: day(from), to: day(to) }))
}

/// Address and rhythm of an enabled user, as they are now.
pub async fn reader(unit: &mut Unit, user: UserId) -> Result<Option<(Option<String>, String)>, Fault> {
    unit.row("select email, digest_rhythm from users where id = $1 and disabled_at is null", args![user]).await
}

pub async fn drop_old_keys(unit: &mut Unit) -> Result<u64, Fault> {
    let before = unit.now().plus(-30 * 86_400);
    unit.run("delete from idempotency where at < $1", args![before]).await
}

pub async fn drop_ended_sessions(unit: &mut Unit) -> Result<u64, Fault> {
    let before = unit.now().plus(-7 * 86_400);
    unit.run("delete from sessions where ended_at < $1 or expires_at < $1", args![before]).await
}

/// Tries after a month without one, devices after a year, links after a week.
pub async fn drop_old_tries(unit: &mut Unit) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("delete from sign_in_tries where failed_at < $1 and failures < 100", args![now.plus(-30 * 86_400)])
        .await?;
    unit.run("delete from devices where seen_at < $1", args![now.plus(-365 * 86_400)]).await?;
    unit.run("delete from resets where expires_at < $1", args![now.plus(-7 * 86_400)]).await?;
    Ok(())
}

/// A run over many cases, and how far it is.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Run {
    pub id: Uuid,
    pub after_case: Option<Uuid>,
}

/// The run that this job goes on with: its own, or the one that the change of rules asked for; else a new one.
pub async fn run_of(unit: &mut Unit, job: &Job, version: i64) -> Result<Run, Fault> {
    let found: Option<Run> = unit
        .row(
            "select id, after_case from replan_runs where done_at is null and (reason = $1 or $2 and rule_version = $3 \
             and reason not like 'nightly:%') order by made_at desc, id desc limit 1",
            args![job.key.as_str(), job.kind == Kind::Replan, version],
        )
        .await?;
    if let Some(run) = found {
        return Ok(run);
    }
    let (id, now) = (new_id(unit), unit.now());
    unit.run(
        "insert into replan_runs (id, reason, rule_version, planned, differing, made_at) values ($1, $2, $3, 0, 0, $4)",
        args![id, job.key.as_str(), version, now],
    )
    .await?;
    Ok(Run { id, after_case: None })
}

/// The next cases of a run, by id; `below`: only those planned with older rules.
pub async fn next_cases(unit: &mut Unit, run: Run, below: Option<i64>, limit: i64) -> Result<Vec<CaseId>, Fault> {
    let after = run.after_case.unwrap_or(Uuid::nil());
    let rows: Vec<(CaseId,)> = unit
        .rows(
            "select id from cases where id > $1 and rule_version < $2 and status <> 'sealed' order by id limit $3",
            args![after, below.unwrap_or(i64::MAX), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn note_run(
    unit: &mut Unit,
    run: Run,
    last: Option<CaseId>,
    planned: i64,
    differing: i64,
    done: bool,
) -> Result<(), Fault> {
    let done_at = done.then(|| unit.now());
    unit.exactly_one(
        "update replan_runs set after_case = coalesce($2, after_case), planned = planned + $3, differing = differing + $4, \
         done_at = $5 where id = $1 and done_at is null",
        args![run.id, last, planned, differing, done_at],
    )
    .await
}

/// Closes what changes of rules had asked for up to this version: every case is planned with it now.
pub async fn close_asked_runs(unit: &mut Unit, version: i64) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update replan_runs set done_at = $2 where done_at is null and rule_version <= $1 and reason not like 'nightly:%'",
        args![version, now],
    )
    .await?;
    Ok(())
}
