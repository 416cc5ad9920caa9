//! SQL of a helper's own numbers: what was given to her by name, and what her organisation did for these people.

use crate::{
    args,
    base::time::{At, plus_days},
    policy::{acts::CountOwnHelp, subjects::unbarred},
    store::{Fault, Scope, Store},
};
use jiff::civil::Date;

/// Numbers of one helper: people, visits, help, tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnHelp {
    pub live: i64,
    pub ended: i64,
    pub visits: i64,
    pub seen: i64,
    pub helps: i64,
    pub helped: i64,
    pub tasks: i64,
    pub overdue: i64,
    pub done: i64,
}

/// Cases that were given to the asker by name, live or ended: a seal or a restriction takes one away.
macro_rules! given {
    ($more:literal) => {
        concat!(
            "join cases c on c.status <> 'sealed' and ",
            unbarred!("{me}", "c.person_id"),
            " and exists (select 1 from referrals gr join referral_helpers gh on gh.referral_id = gr.id where gr.case_id = c.id \
              and gr.organisation_id = o.id and gh.user_id = {me}) ",
            $more
        )
    };
}

/// What a helper was given and what her organisation did for these people in some days.
pub async fn own_help(store: &Store, scope: &Scope<CountOwnHelp>, from: Date, to: Date) -> Result<OwnHelp, Fault> {
    const PEOPLE: &str = concat!(
        "join referrals rf on rf.organisation_id = o.id join referral_helpers rh on rh.referral_id = rf.id and rh.user_id = {me} \
         join cases c on c.id = rf.case_id and c.status <> 'sealed' and ",
        unbarred!("{me}", "c.person_id")
    );
    let today = store.today();
    let live =
        "c.status <> 'closed' and rf.ended_at is null and rf.from_on <= ? and (rf.to_on is null or rf.to_on >= ?)";
    let people = store.list(scope, "count(distinct c.person_id)").join(PEOPLE);
    let live: Vec<(i64,)> = people.and_arg(live, args![today, today]).rows("", 0).await?;
    let people = store.list(scope, "count(distinct c.person_id)").join(PEOPLE);
    let all: Vec<(i64,)> = people.rows("", 0).await?;
    let first = |rows: &[(i64,)]| rows.first().map_or(0, |row| row.0);
    let visits = store
        .list(scope, "count(*), count(distinct c.person_id)")
        .join(given!(
            "join visits v on v.case_id = c.id and v.organisation_id = o.id and v.withdrawn_at is null and v.met"
        ))
        .and_arg("v.on_day >= ? and v.on_day <= ?", args![from, to]);
    let visits: Vec<(i64, i64)> = visits.rows("", 0).await?;
    let helps = store
        .list(scope, "count(*), count(distinct c.person_id)")
        .join(given!("join helps hp on hp.case_id = c.id and hp.organisation_id = o.id and hp.state = 'given'"))
        .and_arg("hp.given_on >= ? and hp.given_on <= ?", args![from, to]);
    let helps: Vec<(i64, i64)> = helps.rows("", 0).await?;
    let (begin, end) = (At::of(from, 0, 0), At::of(plus_days(to, 1), 0, 0));
    let tasks = store
        .list(scope, "")
        .told_with(
            "count(*) filter (where f.done_at is null and f.dropped_at is null), \
             count(*) filter (where f.done_at is null and f.dropped_at is null and f.due_on < ?), \
             count(*) filter (where f.done_at >= ? and f.done_at < ?)",
            args![today, begin, end],
        )
        .join(given!("join follow_ups f on f.case_id = c.id and f.kind = 'partner_task' and f.organisation_id = o.id"));
    let tasks: Vec<(i64, i64, i64)> = tasks.rows("", 0).await?;
    let (visits, helps) = (visits.first().copied().unwrap_or_default(), helps.first().copied().unwrap_or_default());
    let (tasks, overdue, done) = tasks.first().copied().unwrap_or_default();
    let live = first(&live);
    Ok(OwnHelp {
        live,
        ended: first(&all) - live,
        visits: visits.0,
        seen: visits.1,
        helps: helps.0,
        helped: helps.1,
        tasks,
        overdue,
        done,
    })
}
