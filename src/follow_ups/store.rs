//! SQL of follow-ups, rules and holidays.

use super::{
    Rulebook,
    due::{self, Classified, Due, Facts, Plan, PostponementFact, Rule, RuleSet, VisitFact},
    model::{Counts, FollowUpRow, Head, Line, State, Task},
};
use crate::{
    args,
    base::{
        fields::{
            AddressCheckedOn, AddressFoundWord, ContinuedOn, FollowUpWhat, InformedOn, Juvenile, NoticedOn,
            PostponementReason, PresentByOn, ReceivedOn, ReopenedOn, SuspendedReviewOn,
        },
        ids::{CaseId, FollowUpId, OrganisationId, PostponementId, UserId, VisitId},
        sealed::{Sealed, SealedDay, SealedText as _},
        time::{Day, plus_days},
        words::{AddressFound, CaseStatus, FollowUpKind, Group, Regime, VisitKind},
        workdays::Workdays,
    },
    policy::{
        AreaCode,
        acts::{AddTask, ListFollowUps, SeeCase, SeeFollowUp},
    },
    store::{Dir, Fault, Grant, List, Page, PageAsk, Reads, Scope, Store, Unit},
};
use jiff::civil::Date;

macro_rules! line {
    () => {
        "f.id, f.kind, f.rule, f.rule_version, f.base_on, f.due_on, f.interval_days, f.halved, f.family, f.postponed, \
     f.what, f.version, f.done_at, f.case_id, c.code, p.name, hm.name as hamlet, c.officer_id, us.name as officer, ct.phone, c.tries, \
     c.last_contact_on"
    };
}
macro_rules! line_from {
    () => {
        "join people p on p.id = c.person_id left join hamlets hm on hm.id = c.hamlet_id \
     left join users us on us.id = c.officer_id left join contacts ct on ct.case_id = c.id"
    };
}
/// A helper's line: nothing that comes from a part she may not see, nor from another's visits.
macro_rules! helper_line {
    () => {
        "f.id, f.kind, f.rule, f.rule_version, f.base_on, f.due_on, f.interval_days, f.halved, f.family, f.postponed, \
     f.what, f.version, f.done_at, f.case_id, c.code, p.name, hm.name as hamlet, ct.phone"
    };
}
macro_rules! helper_from {
    () => {
        "join people p on p.id = c.person_id left join hamlets hm on hm.id = c.hamlet_id \
     left join contacts ct on ct.case_id = c.id"
    };
}
const LINE: &str = line!();
const LINE_FROM: &str = line_from!();
const HELPER_LINE: &str = helper_line!();
const HELPER_FROM: &str = helper_from!();
/// The tasks of one case as lines, in the office's view or a helper's.
macro_rules! tasks {
    (office, $which:expr) => {
        concat!(
            "select ",
            line!(),
            " from follow_ups f join cases c on c.id = f.case_id ",
            line_from!(),
            " where f.case_id = $1 and ",
            $which,
            " order by f.due_on, f.id"
        )
    };
    (helper, $which:expr) => {
        concat!(
            "select ",
            helper_line!(),
            " from follow_ups f join cases c on c.id = f.case_id ",
            helper_from!(),
            " where f.case_id = $1 and f.kind = 'partner_task' and f.organisation_id = $2 and ",
            $which,
            " order by f.due_on, f.id"
        )
    };
}
const ROW: &str = "id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, what, \
     organisation_id, made_by, done_at, dropped_at, version";

/// Asked for and neither done nor dropped: said once, for the lists and for what is counted.
macro_rules! open_row {
    () => {
        "f.done_at is null and f.dropped_at is null"
    };
}
/// Somebody must look after the person.
macro_rules! live_case {
    () => {
        "c.status in ('noticed', 'active', 'suspended')"
    };
}
pub(super) use {live_case, open_row};

/// The days that "upcoming" looks ahead.
const AHEAD: i64 = 14;

const VERSION: &str = "select version from rulebook where id = 1";
const RULES: &str = "select word, version, amount, unit, valid_from, legal_basis, name_vi, name_en from rules";
const DAYS: &str = "select on_day, kind from holidays";

#[derive(sqlx::FromRow)]
struct StoredRule {
    word: String,
    version: i64,
    amount: i64,
    unit: String,
    valid_from: Day,
    legal_basis: String,
    name_vi: String,
    name_en: String,
}

pub async fn version(store: &Store) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> = store.reference(VERSION, args![]).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

pub async fn version_within(unit: &mut Unit) -> Result<i64, Fault> {
    let row: Option<(i64,)> = unit.row(VERSION, args![]).await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn rulebook(store: &Store, version: i64) -> Result<Rulebook, Fault> {
    let rules = store.reference(RULES, args![]).await?;
    let days = store.reference(DAYS, args![]).await?;
    bind(version, rules, &days, store.today())
}

pub async fn rulebook_within(unit: &mut Unit, version: i64) -> Result<Rulebook, Fault> {
    let rules = unit.rows(RULES, args![]).await?;
    let days: Vec<(Day, String)> = unit.rows(DAYS, args![]).await?;
    bind(version, rules, &days, unit.today())
}

fn bind(version: i64, mut stored: Vec<StoredRule>, days: &[(Day, String)], today: Date) -> Result<Rulebook, Fault> {
    // Nothing is planned by these.
    stored.retain(|row| !super::rules::BESIDE.contains(&row.word.as_str()));
    let names = stored
        .iter()
        .map(|row| ((row.word.clone(), row.version), (row.name_vi.clone(), row.name_en.clone())))
        .collect();
    let rules = stored
        .into_iter()
        .map(|row| {
            Ok(Rule {
                word: row.word,
                version: row.version,
                days: row.amount,
                unit: row.unit.parse().map_err(|_| Fault::Inconsistent("unit of a rule"))?,
                from: row.valid_from.0,
                legal_basis: row.legal_basis,
            })
        })
        .collect::<Result<Vec<Rule>, Fault>>()?;
    let rules = RuleSet::in_force(rules, version, today).map_err(|error| {
        tracing::error!(%error, "the rules in the database cannot be used");
        Fault::Inconsistent("rules")
    })?;
    let of = |kind: &'static str| days.iter().filter(move |(_, of)| of == kind).map(|(day, _)| day.0);
    Ok(Rulebook { version, names, rules, days: Workdays::new(of("off"), of("swap")) })
}

pub async fn list(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    list_in(store, scope, state, None, ask).await
}

pub async fn list_in(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    area: Option<&AreaCode>,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let dir = if state == State::Done { Dir::Down } else { Dir::Up };
    let (columns, joins) = line_of(super::is_helper(store, scope.actor()));
    let list = in_state(store.list(scope, columns).join(joins), state, area, store.today());
    store.opened_page(list.page(&["f.due_on", "f.id"], dir, ask).await?).await
}

pub async fn count_in(
    store: &Store,
    scope: &Scope<ListFollowUps>,
    state: State,
    area: Option<&AreaCode>,
) -> Result<i64, Fault> {
    in_state(store.list(scope, "count(*)"), state, area, store.today()).count().await
}

fn in_state<'a>(
    list: List<'a, ListFollowUps>,
    state: State,
    area: Option<&AreaCode>,
    today: Date,
) -> List<'a, ListFollowUps> {
    let list = match state {
        State::Overdue => open(list).and_arg("f.due_on < ?", args![today]),
        State::Today => open(list).and_arg("f.due_on = ?", args![today]),
        State::Upcoming => open(list).and_arg("f.due_on > ?", args![today]),
        State::Done => list.and("f.done_at is not null"),
    };
    match area {
        Some(area) => list.and_arg("c.area_code = ?", args![&area.0]),
        None => list,
    }
}

/// The open tasks of one case as lines; for a helper those agreed with her organisation.
pub async fn tasks_of_case(store: &Store, grant: &Grant<SeeCase>, helper: bool) -> Result<Vec<Line>, Fault> {
    let rows = if helper {
        store.under(grant, tasks!(helper, open_row!()), args![grant.actor().organisation()]).await?
    } else {
        store.under(grant, tasks!(office, open_row!()), args![]).await?
    };
    store.opened(rows).await
}

/// The tasks of one case that were done.
pub async fn done_of_case(store: &Store, grant: &Grant<SeeCase>, helper: bool) -> Result<Vec<Line>, Fault> {
    let rows = if helper {
        let sql = tasks!(helper, "f.done_at is not null");
        store.under(grant, sql, args![grant.actor().organisation()]).await?
    } else {
        store.under(grant, tasks!(office, "f.done_at is not null"), args![]).await?
    };
    store.opened(rows).await
}

fn line_of(helper: bool) -> (&'static str, &'static str) {
    if helper { (HELPER_LINE, HELPER_FROM) } else { (LINE, LINE_FROM) }
}

/// One follow-up as its line.
pub async fn line(store: &Store, grant: &Grant<SeeFollowUp>, helper: bool) -> Result<Option<Line>, Fault> {
    let (columns, joins) = line_of(helper);
    store.opened(store.one(grant, &[columns], &[joins]).await?).await
}

/// Name and code of a case, for the head of a form.
pub async fn head(store: &Store, grant: &Grant<AddTask>) -> Result<Option<Head>, Fault> {
    store.one(grant, &["p.name, c.code"], &["join people p on p.id = c.person_id"]).await
}

/// The organisations that have a live referral of the case: with them a task can be agreed.
pub async fn live_organisations(
    store: &Store,
    grant: &Grant<AddTask>,
) -> Result<Vec<(OrganisationId, String, String)>, Fault> {
    store
        .under(
            grant,
            "select distinct o.id, o.name_vi, o.name_en from referrals r join organisations o on o.id = r.organisation_id \
             where r.case_id = $1 and r.ended_at is null and r.from_on <= $2 and (r.to_on is null or r.to_on >= $2) order by o.name_vi",
            args![store.today()],
        )
        .await
}

pub(super) fn open<A: crate::policy::Act>(list: crate::store::List<'_, A>) -> crate::store::List<'_, A> {
    list.and(concat!(open_row!(), " and ", live_case!()))
}

pub async fn counts(store: &Store, scope: &Scope<ListFollowUps>) -> Result<Counts, Fault> {
    let today = store.today();
    let rows: Vec<(Day, i64)> = open(store.list(scope, "f.due_on, count(*)"))
        .and_arg("f.due_on <= ?", args![plus_days(today, AHEAD)])
        .group_by("f.due_on")
        .rows("f.due_on", 0)
        .await?;
    let mut counts = Counts::default();
    for (day, count) in rows {
        match day.0.cmp(&today) {
            std::cmp::Ordering::Less => counts.overdue += count,
            std::cmp::Ordering::Equal => counts.today += count,
            std::cmp::Ordering::Greater => counts.upcoming += count,
        }
    }
    Ok(counts)
}

pub async fn open_of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<FollowUpRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, what, \
             organisation_id, made_by, done_at, dropped_at, version from follow_ups \
             where case_id = $1 and done_at is null and dropped_at is null order by due_on, id",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn open_for_helper(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<FollowUpRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, what, \
             organisation_id, made_by, done_at, dropped_at, version from follow_ups where case_id = $1 \
             and kind = 'partner_task' and organisation_id = $2 and done_at is null and dropped_at is null order by due_on, id",
            args![grant.actor().organisation()],
        )
        .await?;
    store.opened(rows).await
}

pub async fn find(unit: &mut Unit, id: FollowUpId) -> Result<FollowUpRow, Fault> {
    let row = unit.row(format!("select {ROW} from follow_ups where id = $1"), args![id]).await?;
    row.ok_or(Fault::Moved)
}

pub async fn open_planned(unit: &mut Unit, case: CaseId) -> Result<Vec<FollowUpRow>, Fault> {
    let sql = format!(
        "select {ROW} from follow_ups where case_id = $1 and done_at is null and dropped_at is null and made_by is null \
         and kind <> 'clearance_review' order by id"
    );
    unit.rows(sql, args![case]).await
}

/// The open tasks of a case that were agreed with an organisation.
pub async fn open_agreed(unit: &mut Unit, case: CaseId) -> Result<Vec<FollowUpRow>, Fault> {
    let sql = format!(
        "select {ROW} from follow_ups where case_id = $1 and kind = 'partner_task' and done_at is null and dropped_at is null order by id"
    );
    let rows: Vec<FollowUpRow> = unit.rows(sql, args![case]).await?;
    unit.opened(rows).await
}

/// The reviews of a clearance that were ever asked for of a case, but for those that were dropped.
pub async fn reviews(unit: &mut Unit, case: CaseId) -> Result<Vec<FollowUpRow>, Fault> {
    let sql = format!(
        "select {ROW} from follow_ups where case_id = $1 and kind = 'clearance_review' and dropped_at is null order by id"
    );
    unit.rows(sql, args![case]).await
}

/// Everything that the due engine wants to know of a case.
pub async fn facts(unit: &mut impl Reads, case: CaseId) -> Result<Facts, Fault> {
    #[derive(sqlx::FromRow)]
    struct CaseRow {
        id: CaseId,
        status: CaseStatus,
        opened_on: Day,
        regime: Regime,
        juvenile: Sealed<Juvenile>,
        noticed_on: Option<Sealed<NoticedOn>>,
        address_checked_on: Option<Sealed<AddressCheckedOn>>,
        present_by_on: Option<Sealed<PresentByOn>>,
        received_on: Option<Sealed<ReceivedOn>>,
        suspended_review_on: Option<Sealed<SuspendedReviewOn>>,
        address_found: Option<Sealed<AddressFoundWord>>,
        informed_on: Option<Sealed<InformedOn>>,
        continued_on: Option<Sealed<ContinuedOn>>,
        reopened_on: Option<Sealed<ReopenedOn>>,
        helper_first_on: Option<Day>,
        helpers_live: i64,
    }
    crate::opens!(CaseRow {
        id => juvenile, noticed_on, address_checked_on, present_by_on, received_on, suspended_review_on, address_found, informed_on,
            continued_on, reopened_on
    });
    let today = unit.today();
    let row: CaseRow = unit
        .row(
            "select c.id, c.status, c.opened_on, l.regime, l.juvenile, l.noticed_on, l.address_checked_on, l.present_by_on, l.received_on, \
             l.suspended_review_on, l.address_found, l.informed_on, l.continued_on, l.reopened_on, (select min(r.from_on) from referrals r where r.case_id = c.id) as helper_first_on, \
             (select count(*) from referrals r where r.case_id = c.id and r.ended_at is null and r.from_on <= $2 \
              and (r.to_on is null or r.to_on >= $2)) as helpers_live \
             from cases c join legals l on l.case_id = c.id where c.id = $1",
            args![case, today],
        )
        .await?
        .ok_or(Fault::Inconsistent("a case without its legal part"))?;
    let row = unit.store().opened(Some(row)).await?.ok_or(Fault::Inconsistent("a case without its legal part"))?;
    let groups: Vec<(Group, Day)> = unit
        .rows(
            "select grp, since_on from classifications where case_id = $1 order by since_on, made_at, id",
            args![case],
        )
        .await?;
    let visits: Vec<(Day, VisitKind, bool, bool)> = unit
        .rows(
            "select on_day, kind, met, in_charge from visits where case_id = $1 and withdrawn_at is null",
            args![case],
        )
        .await?;
    let postponements: Vec<(FollowUpKind, String, Day, Day)> = unit
        .rows("select kind, rule, from_on, to_on from postponements where case_id = $1 order by at, id", args![case])
        .await?;
    let (group, previous_group, assessed_on) = run_of_group(&groups);
    let serving = super::serving::store::facts(unit, case, row.regime).await?;
    Ok(Facts {
        regime: row.regime,
        juvenile: row.juvenile.value().copied().unwrap_or_default(),
        status: row.status,
        // A case that was closed for years makes nobody years late on the day on which it is opened again.
        opened_on: row.reopened_on.day().map_or(row.opened_on.0, |day| day.0.max(row.opened_on.0)),
        noticed_on: row.noticed_on.day().map(|day| day.0),
        address_checked_on: row.address_checked_on.day().map(|day| day.0),
        address_wrong: row.address_found.text().is_some_and(|found| found != AddressFound::Right.as_str()),
        informed_on: row.informed_on.day().map(|day| day.0),
        present_by_on: row.present_by_on.day().map(|day| day.0),
        received_on: row.received_on.day().map(|day| day.0),
        continued_on: row.continued_on.day().map(|day| day.0),
        suspended_review_on: row.suspended_review_on.day().map(|day| day.0),
        group,
        previous_group,
        helper_first_on: row.helper_first_on.map(|day| day.0),
        helper_live: row.helpers_live > 0,
        assessed_on,
        visits: visits
            .into_iter()
            .map(|(on, kind, met, in_charge)| VisitFact { on: on.0, kind, met, in_charge })
            .collect(),
        postponements: postponements
            .into_iter()
            .map(|(kind, rule, from_on, to_on)| PostponementFact { kind, rule, from_on: from_on.0, to_on: to_on.0 })
            .collect(),
        serving,
    })
}

/// The group in force since when without a break, the different one before it, and the day of the last assessment.
fn run_of_group(history: &[(Group, Day)]) -> (Option<Classified>, Option<Group>, Option<Date>) {
    let Some((group, last)) = history.last() else { return (None, None, None) };
    let run = history.iter().rev().take_while(|(other, _)| other == group).count();
    let start = history.len() - run;
    let since = history.get(start).map_or(last.0, |(_, day)| day.0);
    let previous = start.checked_sub(1).and_then(|at| history.get(at)).map(|(other, _)| *other);
    (Some(Classified { group: *group, since }), previous, Some(last.0))
}

pub async fn insert_planned(unit: &mut Unit, case: CaseId, due: &Due) -> Result<(), Fault> {
    let id: FollowUpId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into follow_ups (id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, \
         made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            case,
            due.kind.as_str(),
            due.rule.as_str(),
            due.rule_version,
            due.base_on,
            due.due_on,
            due.interval_days,
            due.halved,
            due.family,
            i64::from(due.postponed),
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn correct(unit: &mut Unit, id: FollowUpId, due: &Due) -> Result<(), Fault> {
    unit.exactly_one(
        "update follow_ups set rule = $2, rule_version = $3, base_on = $4, due_on = $5, interval_days = $6, halved = $7, \
         family = $8, postponed = $9, version = version + 1 where id = $1",
        args![
            id,
            due.rule.as_str(),
            due.rule_version,
            due.base_on,
            due.due_on,
            due.interval_days,
            due.halved,
            due.family,
            i64::from(due.postponed)
        ],
    )
    .await
}

pub async fn drop_planned(unit: &mut Unit, id: FollowUpId) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one("update follow_ups set dropped_at = $2, version = version + 1 where id = $1", args![id, now]).await
}

pub async fn note_plan(unit: &mut Unit, case: CaseId, plan: &Plan, version: i64) -> Result<(), Fault> {
    unit.exactly_one(
        "update cases set last_contact_on = $2, never_met = $3, tries = $4, to_supervisor = $5, rule_version = $6 where id = $1",
        args![case, plan.last_contact_on, plan.never_met, i64::from(plan.tries), plan.to_supervisor, version],
    )
    .await
}

pub async fn settle(unit: &mut Unit, case: CaseId, kind: FollowUpKind, visit: Option<VisitId>) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set done_at = $3, done_visit_id = $4, version = version + 1 \
         where case_id = $1 and kind = $2 and done_at is null and dropped_at is null and made_by is null",
        args![case, kind.as_str(), now, visit],
    )
    .await?;
    Ok(())
}

/// The same for what one rule asks for.
pub async fn settle_rule(unit: &mut Unit, case: CaseId, rule: &str) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set done_at = $3, version = version + 1 \
         where case_id = $1 and rule = $2 and done_at is null and dropped_at is null and made_by is null",
        args![case, rule, now],
    )
    .await?;
    Ok(())
}

/// Splits the corrected contact in two: the row as it was, done by the visit, and a new row for what is due next.
pub async fn settle_as_it_was(unit: &mut Unit, case: CaseId, was: &FollowUpRow, visit: VisitId) -> Result<(), Fault> {
    let now_open = open_planned(unit, case).await?;
    let next = now_open.iter().find(|row| row.id == was.id).map(as_due);
    let now = unit.now();
    unit.exactly_one(
        "update follow_ups set rule = $2, rule_version = $3, base_on = $4, due_on = $5, interval_days = $6, halved = $7, family = $8, \
         postponed = $9, done_at = $10, done_visit_id = $11, dropped_at = null, version = version + 1 where id = $1",
        args![
            was.id,
            was.rule.as_str(),
            was.rule_version,
            was.base_on,
            was.due_on,
            was.interval_days,
            was.halved,
            was.family,
            was.postponed,
            now,
            visit
        ],
    )
    .await?;
    if let Some(next) = next {
        insert_planned(unit, case, &next).await?;
    }
    Ok(())
}

pub async fn unsettle(unit: &mut Unit, visit: VisitId) -> Result<(), Fault> {
    let now = unit.now();
    // What was agreed at that visit, or planned because of it, makes room for what it had settled.
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where done_at is null and dropped_at is null \
         and (made_visit_id = $1 or made_by is null and exists (select 1 from follow_ups s where s.done_visit_id = $1 \
         and s.made_by is null and s.case_id = follow_ups.case_id and s.kind = follow_ups.kind))",
        args![visit, now],
    )
    .await?;
    unit.run(
        "update follow_ups set done_at = null, done_by = null, done_visit_id = null, version = version + 1 \
         where done_visit_id = $1 and not exists (select 1 from visits m where m.id = follow_ups.made_visit_id \
         and m.withdrawn_at is not null) and not exists (select 1 from follow_ups o where o.case_id = follow_ups.case_id \
         and o.kind = follow_ups.kind and o.rule = follow_ups.rule and o.done_at is null and o.dropped_at is null and o.made_by is null)",
        args![visit],
    )
    .await?;
    Ok(())
}

pub async fn has_live_referral(unit: &mut Unit, case: CaseId, organisation: OrganisationId) -> Result<bool, Fault> {
    let today = unit.today();
    let rows: Vec<(i64,)> = unit
        .rows(
            "select count(*) from referrals where case_id = $1 and organisation_id = $2 and ended_at is null and from_on <= $3 \
             and (to_on is null or to_on >= $3)",
            args![case, organisation, today],
        )
        .await?;
    Ok(rows.first().is_some_and(|row| row.0 > 0))
}

pub async fn insert_task(
    unit: &mut Unit,
    id: FollowUpId,
    case: CaseId,
    task: &Task,
    rule: &'static str,
    by: UserId,
) -> Result<(), Fault> {
    let kind = if task.organisation.is_some() { FollowUpKind::PartnerTask } else { FollowUpKind::Task };
    let now = unit.now();
    let what = unit.sealer_of(case).await?.text::<FollowUpWhat>(id, &task.what)?;
    unit.run(
        "insert into follow_ups (id, case_id, kind, rule, rule_version, base_on, due_on, interval_days, halved, family, postponed, \
         what, organisation_id, made_by, made_visit_id, made_at, version) \
         values ($1, $2, $3, $10, 0, $4, $4, 0, $5, $5, 0, $6, $7, $8, $11, $9, 1)",
        args![id, case, kind.as_str(), task.due_on, false, what, task.organisation, by, now, rule, task.visit],
    )
    .await?;
    Ok(())
}

pub async fn let_go(unit: &mut Unit, id: FollowUpId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where id = $1 and done_at is null and dropped_at is null",
        args![id, now],
    )
    .await?;
    Ok(())
}

/// The day that a task is about, where it is not the one by which it is to be done.
pub async fn note_base(unit: &mut Unit, id: FollowUpId, on: Date) -> Result<(), Fault> {
    unit.exactly_one("update follow_ups set base_on = $2 where id = $1", args![id, on]).await
}

pub async fn done_elsewhere(unit: &mut Unit, id: FollowUpId, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update follow_ups set done_at = $2, done_by = $3, version = version + 1 where id = $1 and done_at is null \
         and dropped_at is null",
        args![id, now, by],
    )
    .await?;
    Ok(())
}

pub async fn settle_agreed(
    unit: &mut Unit,
    case: CaseId,
    organisation: Option<OrganisationId>,
    visit: VisitId,
    in_charge: bool,
    by: UserId,
) -> Result<(), Fault> {
    let now = unit.now();
    // An appointment is kept by a visit on or after the day on which it was made, never by the visit that made it.
    unit.run(
        "update follow_ups set done_at = $3, done_visit_id = $4, version = version + 1 where case_id = $1 \
         and rule = 'agreed_visit' and organisation_id is not distinct from $2 \
         and (organisation_id is not null or made_by = $5 or $6) \
         and exists (select 1 from visits made, visits kept where made.id = follow_ups.made_visit_id and kept.id = $4 \
         and kept.id <> made.id and kept.on_day >= made.on_day) \
         and done_at is null and dropped_at is null",
        args![case, organisation, now, visit, by, in_charge],
    )
    .await?;
    Ok(())
}

pub async fn insert_postponement(
    unit: &mut Unit,
    row: &FollowUpRow,
    to_on: Date,
    reason: &str,
    by: UserId,
) -> Result<(), Fault> {
    let id: PostponementId = unit.new_id();
    let now = unit.now();
    let reason = unit.sealer_of(row.case_id).await?.text::<PostponementReason>(id, reason)?;
    unit.run(
        "insert into postponements (id, follow_up_id, case_id, kind, rule, from_on, to_on, reason, by, at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![id, row.id, row.case_id, row.kind.as_str(), row.rule.as_str(), row.due_on, to_on, reason, by, now],
    )
    .await?;
    Ok(())
}

/// A stored row as the engine's due item.
pub fn as_due(row: &FollowUpRow) -> due::Due {
    due::Due {
        kind: row.kind,
        rule: row.rule.clone(),
        rule_version: row.rule_version,
        base_on: row.base_on.0,
        due_on: row.due_on.0,
        interval_days: row.interval_days,
        halved: row.halved,
        family: row.family,
        postponed: u32::try_from(row.postponed).unwrap_or(u32::MAX),
    }
}

pub async fn rules(store: &Store) -> Result<Vec<super::rules::RuleRow>, Fault> {
    store
        .reference(
            "select word, version, amount, unit, valid_from, legal_basis, name_vi, name_en from rules order by word, version desc",
            args![],
        )
        .await
}

pub async fn holidays(store: &Store, year: i16) -> Result<Vec<super::rules::HolidayRow>, Fault> {
    let (first, last) = (jiff::civil::date(year, 1, 1), jiff::civil::date(year, 12, 31));
    store
        .reference(
            "select on_day, kind, name_vi, name_en, legal_basis from holidays where on_day >= $1 and on_day <= $2 order by on_day",
            args![first, last],
        )
        .await
}

/// A new version of a rule that exists; `false` if there is no such rule.
pub async fn insert_rule(unit: &mut Unit, word: &str, amount: i64, from: Date, basis: &str) -> Result<bool, Fault> {
    let inserted = unit
        .run(
            "insert into rules (word, version, amount, unit, valid_from, legal_basis, name_vi, name_en) \
             select word, version + 1, $2, unit, $3, $4, name_vi, name_en from rules where word = $1 order by version desc limit 1",
            args![word, amount, from, basis],
        )
        .await?;
    Ok(inserted == 1)
}

pub async fn set_holiday(unit: &mut Unit, row: &super::rules::HolidayRow) -> Result<(), Fault> {
    unit.run("delete from holidays where on_day = $1", args![row.on_day]).await?;
    if row.kind != "work" {
        unit.run(
            "insert into holidays (on_day, kind, name_vi, name_en, legal_basis) values ($1, $2, $3, $4, $5)",
            args![row.on_day, row.kind.as_str(), row.name_vi.as_str(), row.name_en.as_str(), row.legal_basis.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// A new version of the rulebook, and a run that plans every case under it.
pub async fn bump(unit: &mut Unit, reason: &str) -> Result<(), Fault> {
    unit.exactly_one("update rulebook set version = version + 1 where id = 1", args![]).await?;
    let id: crate::base::ids::ReplanId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into replan_runs (id, reason, rule_version, planned, differing, made_at) \
         select $1, $2, version, 0, 0, $3 from rulebook where id = 1",
        args![id, reason, now],
    )
    .await?;
    Ok(())
}

/// What the last plan left on the case.
pub async fn noted_plan(unit: &mut Unit, case: CaseId) -> Result<super::proof::Noted, Fault> {
    let row = unit
        .row(
            "select last_contact_on, never_met, tries, to_supervisor, rule_version from cases where id = $1",
            args![case],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

/// Open tasks of organisations of another commune than the case's become the office's own.
pub async fn take_over(unit: &mut Unit, case: CaseId) -> Result<u64, Fault> {
    unit.run(
        "update follow_ups set kind = 'task', organisation_id = null, version = version + 1 where case_id = $1 \
         and kind = 'partner_task' and done_at is null and dropped_at is null and not exists (select 1 from organisations o \
         join cases c on c.area_code = o.area_code where o.id = follow_ups.organisation_id and c.id = follow_ups.case_id)",
        args![case],
    )
    .await
}
