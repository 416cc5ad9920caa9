//! SQL of reports: what they read of cases, and what is kept of sealed ones. Nothing leaves here but days, words and ids.
//!
//! One statement a kind of fact, for a commune or a province (the wall of the area), for one's own cases (the wall of the
//! list), or for one case that is being sealed.

mod own_help;

pub use own_help::{OwnHelp, own_help};

use super::model::{
    kept::Kept,
    marks::{Closure, HelpGiven, LoanAsked, Mark, Trace},
    places::{Held, Lent, ModelKept},
};
use crate::{
    args,
    base::{
        fields::{
            ClosedOn, ClosureGroundWord, ContinuedOn, CorrectionBefore, MovedInOn, NoticedOn, PresentByOn, ReceivedOn,
        },
        ids::{CaseId, CorrectionId, LoanAccountId, PersonId},
        sealed::{Sealed, SealedDay as _, SealedText as _},
        text,
        time::{At, Day, plus_days},
        words::{GatheringKind, Group, HelpKind, LoanListState, LoanStanding, Regime, WorkStatus},
    },
    policy::{
        Act, AreaCode,
        acts::SeeOwnReport,
        subjects::{Area, counted, unbarred},
    },
    store::{Fault, Row, Scope, Store, Unit},
};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// Whose facts are read.
pub enum Whose<'a, A: Act<On = Area>> {
    /// All of the reader's areas, or one of them.
    Area(&'a Store, &'a Scope<A>, Option<&'a AreaCode>),
    /// Her own cases.
    Own(&'a Store, &'a Scope<SeeOwnReport>),
    /// One case, in the unit that seals it.
    Case(&'a mut Unit, CaseId),
}

/// One statement with its three walls. Each row begins with the commune that it is read for: a case that was handed to another
/// one is read for both, and counted in each for its own days.
struct Fact {
    area_columns: &'static str,
    own_columns: &'static str,
    area: &'static str,
    own: &'static str,
    case: &'static str,
    order: &'static str,
}

macro_rules! fact {
    ($columns:literal, $joins:literal, $order:literal) => {
        Fact {
            area_columns: concat!("a.code as at_area, ", $columns),
            own_columns: concat!("c.area_code as at_area, ", $columns),
            area: concat!(
                "join cases c on (c.area_code = a.code or c.id in (select hm.case_id from handovers hm where hm.from_area = a.code \
                 and hm.to_area <> a.code and hm.state = 'accepted')) and c.status <> 'sealed' and ",
                counted!(),
                " ",
                $joins
            ),
            own: $joins,
            case: concat!("select c.area_code as at_area, ", $columns, " from cases c ", $joins, " where c.id = $1 order by ", $order),
            order: $order,
        }
    };
}

impl<A: Act<On = Area>> Whose<'_, A> {
    async fn rows<T: Row>(&mut self, fact: &Fact) -> Result<Vec<T>, Fault> {
        match self {
            Whose::Area(store, scope, area) => {
                let list = store.list(scope, fact.area_columns).join(fact.area);
                let list = match area {
                    Some(code) => list.and_arg("a.code = ?", args![&code.0]),
                    None => list,
                };
                list.rows(fact.order, 0).await
            }
            Whose::Own(store, scope) => store.list(scope, fact.own_columns).join(fact.own).rows(fact.order, 0).await,
            Whose::Case(unit, case) => unit.rows(fact.case, args![*case]).await,
        }
    }

    fn store(&self) -> Store {
        match self {
            Whose::Area(store, ..) | Whose::Own(store, _) => (*store).clone(),
            Whose::Case(unit, _) => unit.store().clone(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Base {
    at_area: AreaCode,
    id: CaseId,
    person_id: PersonId,
    opened_on: Day,
    regime: Regime,
    continued_from: Option<Regime>,
    continued_on: Option<Sealed<ContinuedOn>>,
    noticed_on: Option<Sealed<NoticedOn>>,
    present_by_on: Option<Sealed<PresentByOn>>,
    received_on: Option<Sealed<ReceivedOn>>,
    moved_in_on: Option<Sealed<MovedInOn>>,
    closed_on: Option<Sealed<ClosedOn>>,
    closure_ground: Option<Sealed<ClosureGroundWord>>,
}

crate::opens!(Base { id => continued_on, noticed_on, present_by_on, received_on, moved_in_on, closed_on, closure_ground });

#[derive(sqlx::FromRow)]
struct Undone {
    at_area: AreaCode,
    id: CorrectionId,
    case_id: CaseId,
    field: String,
    before: Sealed<CorrectionBefore>,
    made_at: At,
}

crate::opens!(Undone { id => before });

const BASE: Fact = fact!(
    "c.id, c.person_id, c.opened_on, l.regime, l.continued_from, l.continued_on, l.noticed_on, l.present_by_on, \
     l.received_on, l.moved_in_on, l.closed_on, l.closure_ground",
    "join legals l on l.case_id = c.id",
    "c.id"
);
/// What stood there before a case was opened again.
const UNDONE: Fact = fact!(
    "co.id, co.case_id, co.field, co.before, co.made_at",
    "join corrections co on co.case_id = c.id and co.part = 'legal' and co.field in ('closed_on', 'closure_ground', 'reopened')",
    "co.made_at, co.id"
);
const GROUPS: Fact =
    fact!("cl.case_id, cl.since_on, cl.grp", "join classifications cl on cl.case_id = c.id", "cl.since_on, cl.id");
const WORKS: Fact =
    fact!("ws.case_id, ws.since_on, ws.status", "join work_statuses ws on ws.case_id = c.id", "ws.since_on, ws.id");
const OFFICERS: Fact =
    fact!("ag.case_id, ag.from_on, ag.to_on", "join assignments ag on ag.case_id = c.id", "ag.from_on, ag.id");
const HELPERS: Fact = fact!(
    "rf.case_id, o.kind, rf.from_on, rf.to_on, rf.ended_at",
    "join referrals rf on rf.case_id = c.id join organisations o on o.id = rf.organisation_id",
    "rf.from_on, rf.id"
);
const VISITS: Fact = fact!(
    "v.case_id, v.on_day, v.met",
    "join visits v on v.case_id = c.id and v.withdrawn_at is null",
    "v.on_day, v.id"
);
const HELPS: Fact = fact!(
    "hp.case_id, hp.kind, hp.given_on, hp.vnd, fu.kind as fund",
    "join helps hp on hp.case_id = c.id and hp.state = 'given' and hp.given_on is not null left join funds fu on fu.id = hp.fund_id",
    "hp.given_on, hp.id"
);
const REVIEWS: Fact = fact!(
    "f.case_id, f.base_on, f.done_at",
    "join follow_ups f on f.case_id = c.id and f.kind = 'clearance_review' and (f.dropped_at is null or f.done_at is not null)",
    "f.base_on, f.id"
);
const LINES: Fact = fact!(
    "ll.case_id, li.signed_at, li.decided_at, li.state, cast(case when ll.struck_at is null then 0 else 1 end as bigint) as struck",
    "join loan_lines ll on ll.case_id = c.id and ll.withdrawn_at is null join loan_lists li on li.id = ll.list_id",
    "li.signed_at, ll.id"
);

/// To which commune it was handed, and when that one took it.
const MOVES: Fact = fact!(
    "hc.case_id, hc.from_area, hc.to_area, hc.answered_at",
    "join handovers hc on hc.case_id = c.id and hc.state = 'accepted' and hc.from_area <> hc.to_area and hc.answered_at is not null",
    "hc.answered_at, hc.id"
);
/// Of a sentence in the community: absences that were granted, breaches, shortenings.
const DUTIES: Fact = fact!(
    "dt.case_id, dt.what, dt.on_day",
    "join (select da.case_id, 'absence' as what, da.decided_on as on_day from duty_absences da \
     where da.state in ('granted', 'returned') and da.decided_on is not null \
     union all select db.case_id, 'breach' as what, db.on_day from duty_breaches db \
     union all select ds.case_id, 'shortened' as what, ds.decided_on as on_day from duty_shortenings ds \
     where ds.state = 'granted' and ds.decided_on is not null) dt on dt.case_id = c.id",
    "dt.on_day, dt.what"
);
/// Meetings with the family of one person.
const TALKS: Fact = fact!(
    "gt.case_id, gt.kind, gt.on_day, coalesce(gt.outsiders_came, 0) + (select count(*) from gathering_guests gg \
     where gg.gathering_id = gt.id and gg.withdrawn_at is null and gg.came) as came",
    "join gatherings gt on gt.case_id = c.id and gt.cancelled_at is null",
    "gt.on_day, gt.id"
);

fn day(day: Option<Day>) -> Option<Date> {
    day.map(|day| day.0)
}

/// A case as it is read for one commune.
type Place = (AreaCode, CaseId);

/// The cases, as reports see them.
pub async fn traces<A: Act<On = Area>>(mut from: Whose<'_, A>) -> Result<Vec<Trace>, Fault> {
    let store = from.store();
    let base: Vec<Base> = store.opened(from.rows(&BASE).await?).await?;
    let mut closures = closures(&store, &mut from, &base).await?;
    let moves = from.rows::<(AreaCode, CaseId, AreaCode, AreaCode, At)>(&MOVES).await?;
    let mut moves = by_case(moves, |row| ((row.0, row.1), (row.4.day(), row.2, row.3)));
    let groups = from.rows::<(AreaCode, CaseId, Day, Group)>(&GROUPS).await?;
    let mut groups = by_case(groups, |row| ((row.0, row.1), (row.2.0, row.3)));
    let works = from.rows::<(AreaCode, CaseId, Day, WorkStatus)>(&WORKS).await?;
    let mut works = by_case(works, |row| ((row.0, row.1), (row.2.0, row.3)));
    let officers = from.rows::<(AreaCode, CaseId, Day, Option<Day>)>(&OFFICERS).await?;
    let mut officers = by_case(officers, |row| ((row.0, row.1), (row.2.0, day(row.3))));
    let helpers = from.rows::<(AreaCode, CaseId, String, Day, Option<Day>, Option<At>)>(&HELPERS).await?;
    let mut helpers = by_case(helpers, |(area, case, kind, from, to, ended)| {
        ((area, case), (kind, from.0, first_without(to, ended)))
    });
    let visits = from.rows::<(AreaCode, CaseId, Day, bool)>(&VISITS).await?;
    let mut visits = by_case(visits, |row| ((row.0, row.1), (row.2.0, row.3)));
    let helps = from.rows::<(AreaCode, CaseId, HelpKind, Day, Option<i64>, Option<String>)>(&HELPS).await?;
    let mut helps = by_case(helps, |(area, case, kind, on, vnd, fund)| {
        ((area, case), HelpGiven { kind, on: on.0, vnd: vnd.unwrap_or(0), fund })
    });
    let reviews = from.rows::<(AreaCode, CaseId, Day, Option<At>)>(&REVIEWS).await?;
    let mut reviews = by_case(reviews, |row| ((row.0, row.1), (row.2.0, row.3.map(At::day))));
    let lines = from.rows::<(AreaCode, CaseId, Option<At>, Option<At>, LoanListState, i64)>(&LINES).await?;
    let mut lines = by_case(lines, |(area, case, signed_at, decided_at, state, struck)| {
        ((area, case), LoanAsked { signed_at, decided_at, state, struck: struck > 0 })
    });
    let duties = from.rows::<(AreaCode, CaseId, String, Day)>(&DUTIES).await?;
    let mut duties = by_case(duties, |row| ((row.0, row.1), (row.2, row.3.0)));
    let talks = from.rows::<(AreaCode, CaseId, GatheringKind, Day, i64)>(&TALKS).await?;
    // One that is planned was not held.
    let talks: Vec<_> = talks.into_iter().filter(|row| row.3.0 <= store.today()).collect();
    let mut talks = by_case(talks, |row| ((row.0, row.1), Held { kind: row.2, on: row.3.0, came: row.4 }));
    let trace = |row: Base| {
        let at = (row.at_area.clone(), row.id);
        Trace {
            case: row.id,
            person: row.person_id,
            area: row.at_area,
            moves: moves.remove(&at).unwrap_or_default(),
            opened_on: row.opened_on.0,
            regime: row.regime,
            continued: row.continued_from.zip(day(row.continued_on.day())),
            noticed_on: day(row.noticed_on.day()),
            present_by_on: day(row.present_by_on.day()),
            received_on: day(row.received_on.day()),
            moved_in_on: day(row.moved_in_on.day()),
            closures: closures.remove(&at).unwrap_or_default(),
            groups: groups.remove(&at).unwrap_or_default(),
            works: works.remove(&at).unwrap_or_default(),
            officers: officers.remove(&at).unwrap_or_default(),
            helpers: helpers.remove(&at).unwrap_or_default(),
            visits: visits.remove(&at).unwrap_or_default(),
            helps: helps.remove(&at).unwrap_or_default(),
            reviews: once_a_day(reviews.remove(&at).unwrap_or_default()),
            loan_lines: lines.remove(&at).unwrap_or_default(),
            duties: duties.remove(&at).unwrap_or_default(),
            talks: talks.remove(&at).unwrap_or_default(),
        }
    };
    Ok(base.into_iter().map(trace).collect())
}

fn by_case<R, V>(rows: Vec<R>, split: impl Fn(R) -> (Place, V)) -> HashMap<Place, Vec<V>> {
    let mut all: HashMap<Place, Vec<V>> = HashMap::new();
    for (place, value) in rows.into_iter().map(split) {
        all.entry(place).or_default().push(value);
    }
    all
}

/// The first day on which an organisation helps no more: its last day is one of help, an end in between is none.
fn first_without(to: Option<Day>, ended: Option<At>) -> Option<Date> {
    [to.map(|to| plus_days(to.0, 1)), ended.map(At::day)].into_iter().flatten().min()
}

/// A review is asked for twice (ahead, and on its day) and counted once.
fn once_a_day(rows: Vec<(Date, Option<Date>)>) -> Vec<(Date, Option<Date>)> {
    let mut days: BTreeMap<Date, Option<Date>> = BTreeMap::new();
    for (due, done) in rows {
        let known = days.entry(due).or_default();
        *known = match (*known, done) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    days.into_iter().collect()
}

/// How each case was closed, the last time and those that were undone by its reopening.
async fn closures<A: Act<On = Area>>(
    store: &Store,
    from: &mut Whose<'_, A>,
    base: &[Base],
) -> Result<HashMap<Place, Vec<Closure>>, Fault> {
    let undone: Vec<Undone> = store.opened(from.rows(&UNDONE).await?).await?;
    let mut batches: BTreeMap<(At, Place), (Option<Date>, Option<String>)> = BTreeMap::new();
    for row in &undone {
        let batch = batches.entry((row.made_at, (row.at_area.clone(), row.case_id))).or_default();
        match row.field.as_str() {
            "closed_on" => batch.0 = text::parse_day(row.before.text(), store.today()).ok(),
            "closure_ground" => batch.1 = Some(row.before.told()),
            _ => {}
        }
    }
    let mut all: HashMap<Place, Vec<Closure>> = HashMap::new();
    for ((at, case), (on, ground)) in batches {
        let Some((on, ground)) = on.zip(ground.and_then(|word| word.parse().ok())) else { continue };
        all.entry(case).or_default().push(Closure { on, ground, reopened_on: Some(at.day()) });
    }
    for row in base {
        let Some(on) = row.closed_on.day() else { continue };
        let Some(ground) = row.closure_ground.text().and_then(|word| word.parse().ok()) else { continue };
        all.entry((row.at_area.clone(), row.id)).or_default().push(Closure { on: on.0, ground, reopened_on: None });
    }
    Ok(all)
}

/// What lenders reported, of the areas or of one's own people.
pub async fn lent<A: Act<On = Area>>(from: &mut Whose<'_, A>) -> Result<Vec<Lent>, Fault> {
    const COLUMNS: &str = "la.id, la.person_id, la.area_code, fu.kind as fund, la.vnd, la.disbursed_on";
    const REPORTS: &str = "la.id, lr.on_day, lr.standing";
    macro_rules! of_area {
        ($more:literal) => {
            concat!(
                "join loan_accounts la on la.area_code = a.code and (a.code <> {area} or ",
                unbarred!("{me}", "la.person_id"),
                ") ",
                $more
            )
        };
    }
    macro_rules! of_own {
        ($more:literal) => {
            concat!("join loan_accounts la on la.person_id = c.person_id and la.area_code = c.area_code ", $more)
        };
    }
    let funds = Fact {
        area_columns: COLUMNS,
        own_columns: COLUMNS,
        area: of_area!("join funds fu on fu.id = la.fund_id"),
        own: of_own!("join funds fu on fu.id = la.fund_id"),
        case: "",
        order: "la.disbursed_on, la.id",
    };
    let reports = Fact {
        area_columns: REPORTS,
        own_columns: REPORTS,
        area: of_area!("join loan_repayments lr on lr.account_id = la.id"),
        own: of_own!("join loan_repayments lr on lr.account_id = la.id"),
        case: "",
        order: "lr.on_day, lr.made_at, lr.id",
    };
    if matches!(from, Whose::Case(..)) {
        // What was lent hangs on no case.
        return Ok(Vec::new());
    }
    let rows = from.rows::<(LoanAccountId, PersonId, AreaCode, String, i64, Day)>(&funds).await?;
    let mut told: HashMap<LoanAccountId, Vec<(Date, LoanStanding)>> = HashMap::new();
    for (account, on, standing) in from.rows::<(LoanAccountId, Day, LoanStanding)>(&reports).await? {
        told.entry(account).or_default().push((on.0, standing));
    }
    // Two cases of one person are two rows of one account.
    let mut all: BTreeMap<LoanAccountId, Lent> = BTreeMap::new();
    for (id, person, area, fund, vnd, on) in rows {
        let reports = told.remove(&id).unwrap_or_default();
        all.entry(id).or_insert(Lent { person, area, fund, vnd, on: on.0, reports });
    }
    Ok(all.into_values().collect())
}

/// Meetings of the communes that were held, and the ways of doing things that they try, each with its commune.
pub async fn held<A: Act<On = Area>>(
    store: &Store,
    scope: &Scope<A>,
    area: Option<&AreaCode>,
) -> Result<(Vec<(AreaCode, Held)>, Vec<(AreaCode, ModelKept)>), Fault> {
    // Of the guests those are counted whom the reader may know: her page of the meeting names no other.
    let meetings = store
        .list(scope, "a.code, g.kind, g.on_day, coalesce(g.outsiders_came, 0) + count(c.id) as came")
        .join(concat!(
            "join gatherings g on g.area_code = a.code and g.case_id is null and g.cancelled_at is null and g.on_day <= {today} \
             left join gathering_guests gg on gg.gathering_id = g.id and gg.withdrawn_at is null and gg.came \
             left join cases c on c.id = gg.case_id and ",
            counted!()
        ))
        .group_by("a.code, g.id, g.kind, g.on_day, g.outsiders_came");
    let models = store
        .list(scope, "a.code, mo.since_on, mo.until_on, coalesce(mo.people, 0) as people, coalesce(mo.vnd, 0) as vnd")
        .join("join community_models mo on mo.area_code = a.code");
    let (meetings, models) = match area {
        Some(code) => {
            let own = || args![&code.0];
            (meetings.and_arg("a.code = ?", own()), models.and_arg("a.code = ?", own()))
        }
        None => (meetings, models),
    };
    let meetings: Vec<(AreaCode, GatheringKind, Day, i64)> = meetings.rows("g.on_day, g.id", 0).await?;
    let models: Vec<(AreaCode, Day, Option<Day>, i64, i64)> = models.rows("mo.since_on, mo.id", 0).await?;
    let meetings = meetings.into_iter().map(|(area, kind, on, came)| (area, Held { kind, on: on.0, came }));
    let models = models
        .into_iter()
        .map(|(area, since, until, people, vnd)| (area, ModelKept { since: since.0, until: day(until), people, vnd }));
    Ok((meetings.collect(), models.collect()))
}

/// What is kept of the sealed cases of these areas, each row with its commune.
pub async fn kept<A: Act<On = Area>>(
    store: &Store,
    scope: &Scope<A>,
    area: Option<&AreaCode>,
) -> Result<Vec<(AreaCode, Mark)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Of {
        area_code: AreaCode,
        #[sqlx(flatten)]
        kept: Kept,
    }
    let list = store
        .list(scope, "sf.area_code, sf.measure, sf.word, sf.since, sf.until, sf.n, sf.vnd")
        .join("join sealed_figures sf on sf.area_code = a.code");
    let list = match area {
        Some(code) => list.and_arg("a.code = ?", args![&code.0]),
        None => list,
    };
    let rows: Vec<Of> = list.rows("sf.area_code, sf.measure, sf.word, sf.since, sf.until", 0).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.area_code, row.kept.mark()?))).collect())
}

/// Adds figures to those of a commune, or takes them away.
pub async fn add(unit: &mut Unit, area: &AreaCode, rows: &[Kept], by: i64) -> Result<(), Fault> {
    for row in rows {
        unit.run(
            "insert into sealed_figures (area_code, measure, word, since, until, n, vnd) values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (area_code, measure, word, since, until) \
             do update set n = sealed_figures.n + excluded.n, vnd = sealed_figures.vnd + excluded.vnd",
            args![&area.0, &row.measure, &row.word, row.since, row.until, by * row.n, by * row.vnd],
        )
        .await?;
    }
    unit.run("delete from sealed_figures where n = 0", args![]).await?;
    Ok(())
}
