//! The demo story and the seed of load tests: whole, within the rules, and the same each time.

use crate::house::{Kind, PASSWORD, TODAY, empty, key_places, settings};
use duongve::{
    app::App,
    base::{
        text::show_day,
        time::{At, Clock, days_between, plus_days},
        words::{CaseStatus, FollowUpKind, Group, Regime},
    },
    cases,
    follow_ups::{self, model::State},
    policy::{
        Actor,
        acts::{
            ListCases, ListEmergencies, ListFollowUps, ListGaps, SeeCase, SeeOutsideReports, SeeReports,
            SeeRestrictions,
        },
    },
    reports, seeds,
    store::{Origin, PageAsk, SessionKind, Stage, Start, Store},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

/// Who sees all of the story between them.
const HEADS: [&str; 2] = ["supervisor", "supervisor3"];

/// The story told in an empty database.
async fn told(url: &str, keys: &Path) -> App {
    let clock = Clock::still(seeds::demo::beginning(TODAY));
    let store = Store::open(url, &key_places(url, keys), clock, Some(seeds::demo::SEED)).await.unwrap();
    seeds::reference(&store).await.unwrap();
    let app = App::new(store, settings("/nonexistent".into(), url, keys));
    seeds::demo::tell(&app, TODAY, PASSWORD).await.unwrap();
    app
}

async fn actor(app: &App, username: &str) -> Arc<Actor> {
    let user = app.store().sign_in_account(username).await.unwrap().unwrap().id;
    let kind = SessionKind::Bearer;
    let start = Start { user, kind, stage: Stage::Whole, factor: true, origin: Origin::here() };
    let session = app.store().start_session(&start).await.unwrap();
    app.store().enter(&session.token, SessionKind::Bearer).await.unwrap().unwrap().actor
}

fn hundred(cursor: Option<String>) -> PageAsk {
    PageAsk { limit: 100, cursor }
}

/// Every case that the actor's list shows, of whatever status.
async fn cases_of(app: &App, actor: &Arc<Actor>) -> Vec<cases::model::Line> {
    let scope = app.store().scope::<ListCases>(actor).unwrap();
    let mut all = Vec::new();
    for status in [None, Some(CaseStatus::Closed)] {
        let filter = cases::model::Filter { status, ..Default::default() };
        let mut cursor = None;
        loop {
            let page = cases::list(app.store(), &scope, &filter, &hundred(cursor)).await.unwrap();
            all.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    all
}

async fn overdue_of(app: &App, actor: &Arc<Actor>) -> Vec<follow_ups::model::Line> {
    let scope = app.store().scope::<ListFollowUps>(actor).unwrap();
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = follow_ups::list(app.store(), &scope, State::Overdue, &hundred(cursor)).await.unwrap();
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

/// What must be the same at every telling: ids, codes and days.
async fn print_of(app: &App, usernames: &[&str]) -> Vec<String> {
    let mut print = Vec::new();
    for username in usernames {
        let head = actor(app, username).await;
        for line in cases_of(app, &head).await {
            let days = (line.opened_on, line.last_contact_on, line.next_due_on);
            print.push(format!("{} {} {} {:?} {days:?}", line.id, line.code, line.name, line.status));
        }
        for line in overdue_of(app, &head).await {
            print.push(format!("{} {} {}", line.id, line.kind, line.due_on));
        }
    }
    print
}

async fn the_story_is_whole(kind: Kind) {
    let Some((url, dir)) = empty(kind).await else { return };
    let app = told(&url, dir.path()).await;
    let (mut regimes, mut groups, mut statuses) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    let (mut late, mut unassigned, mut wishes, mut safely, mut to_supervisor) = (Vec::new(), 0, 0, 0, 0);
    for username in HEADS {
        let head = actor(&app, username).await;
        for line in cases_of(&app, &head).await {
            let status = line.status.unwrap();
            *statuses.entry(status).or_insert(0) += 1;
            assert_eq!(line.next_due_on.is_some(), status.is_live(), "{} is {status}: next due", line.code);
            unassigned += usize::from(status.is_live() && line.officer_id.is_none());
            let grant = app.store().permit::<SeeCase>(&head, line.id).await.unwrap();
            let case = cases::see_as(app.store(), &grant, cases::View::Whole, &[]).await.unwrap();
            regimes.extend(case.row.regime);
            groups.extend(case.classifications.unwrap().first().map(|last| last.grp));
            wishes += usize::from(!case.row.wishes.is_empty());
            safely += usize::from(!case.row.visit_safely.is_empty());
            to_supervisor += usize::from(case.row.to_supervisor);
        }
        late.extend(overdue_of(&app, &head).await.iter().map(|line| days_between(line.due_on.0, TODAY)));
    }
    assert_eq!(regimes.into_iter().collect::<Vec<_>>(), Regime::ALL);
    assert_eq!(groups.into_iter().collect::<Vec<_>>(), Group::ALL);
    // Sixty people, and one of them came a second time.
    assert_eq!(statuses.values().sum::<i32>(), 61);
    // Somebody is kept from a helper, and an opening in an emergency waits for the head's word.
    let head = actor(&app, "supervisor").await;
    let emergencies = app.store().scope::<ListEmergencies>(&head).unwrap();
    let waiting = duongve::emergencies::waiting(app.store(), &emergencies).await.unwrap();
    assert_eq!((waiting.waiting, waiting.late), (1, 0));
    let mut restricted = 0;
    for line in cases_of(&app, &head).await {
        let grant = app.store().permit::<SeeRestrictions>(&head, line.id).await.unwrap();
        restricted += duongve::restrictions::of_case(app.store(), &grant).await.unwrap().0.len();
    }
    assert_eq!(restricted, 1);
    // Some are borrowing: a list that waits for the People's Committee, a line that waits for the bank, two loans.
    let council = actor(&app, "council").await;
    let lists = app.store().scope::<duongve::policy::acts::ListLoanLists>(&council).unwrap();
    let waiting = duongve::loans::lists::list(app.store(), &lists, Some(true), &hundred(None)).await.unwrap();
    assert_eq!((waiting.items.len(), waiting.items[0].number.as_str()), (1, "07/DS-CAX"));
    // Sentences in the community: a request waits for the People's Committee, somebody did not come back, an assessment was
    // missed.
    let asked = app.store().scope::<duongve::policy::acts::ListAbsences>(&council).unwrap();
    let waiting = duongve::duties::absences::list(app.store(), &asked, Some(true), &hundred(None)).await.unwrap();
    assert_eq!(waiting.items.len(), 1);
    let late_kinds: BTreeSet<_> = overdue_of(&app, &head).await.into_iter().map(|line| line.kind).collect();
    for kind in [FollowUpKind::DutyAssessment, FollowUpKind::AbsenceReturn] {
        assert!(late_kinds.contains(&kind), "{kind} of {late_kinds:?}");
    }
    let lender = actor(&app, "lender").await;
    let lines = app.store().scope::<duongve::policy::acts::ListLoanLines>(&lender).unwrap();
    let waiting = duongve::loans::lists::lines(app.store(), &lines, Some(true), &hundred(None)).await.unwrap();
    let lent = app.store().scope::<duongve::policy::acts::ListLoanAccounts>(&lender).unwrap();
    let lent = duongve::loans::accounts::list(app.store(), &lent, &hundred(None)).await.unwrap();
    assert_eq!((waiting.items.len(), lent.items.len()), (1, 2));
    for status in [CaseStatus::Noticed, CaseStatus::Active, CaseStatus::Suspended, CaseStatus::Closed] {
        assert!(statuses.contains_key(&status), "nobody is {status}");
    }
    assert_eq!((late.iter().min(), late.iter().max()), (Some(&1), Some(&40)), "{late:?}");
    assert!(late.len() >= 30, "{} are late", late.len());
    assert!(
        unassigned >= 3 && wishes > 0 && safely > 0 && to_supervisor >= 2,
        "{unassigned} {wishes} {safely} {to_supervisor}"
    );
    every_indicator_has_something(&app).await;
    app.store().close().await;
}

/// The year of the story has something for each of the sixteen indicators, the last half year for the form for outside, and
/// something is missing in some case of each commune.
async fn every_indicator_has_something(app: &App) {
    let (store, province) = (app.store(), actor(app, "province").await);
    let scope = store.scope::<SeeReports>(&province).unwrap();
    let from = show_day(plus_days(TODAY, -365));
    let year = reports::model::window::Query { period: "free".into(), from, to: show_day(TODAY), ..Default::default() };
    let report = reports::of_areas(store, &scope, &year).await.unwrap();
    for indicator in reports::model::lines::ALL.iter() {
        let mut lines = indicator.groups.iter().flat_map(|group| &group.lines);
        assert!(lines.any(|line| report.figures.get(&line.key) > 0), "nothing of indicator {}", indicator.number);
    }
    let scope = store.scope::<SeeOutsideReports>(&province).unwrap();
    let outside = reports::for_outside(store, &scope, &Default::default()).await.unwrap();
    assert!(outside.together["managed_end"].bounds().0 > 0, "{:?}", outside.together);
    for username in HEADS {
        let scope = store.scope::<ListGaps>(&actor(app, username).await).unwrap();
        assert!(duongve::gaps::count(store, &scope).await.unwrap() > 0, "{username}");
    }
}

async fn helpers_see_whom_they_help(kind: Kind) {
    let Some((url, dir)) = empty(kind).await else { return };
    let app = told(&url, dir.path()).await;
    let seen = async |username: &str| cases_of(&app, &actor(&app, username).await).await.len();
    assert!(seen("partner").await > 3);
    assert!(seen("partner2").await > 1);
    assert_eq!(seen("helper").await, 0, "a member of the same organisation who is named nowhere");
    // officer2 is on leave: officer stands in and has her cases too.
    let (officer, officer2, head) = (seen("officer").await, seen("officer2").await, seen("supervisor").await);
    assert!(officer > officer2 && officer < head, "{officer} {officer2} {head}");
    app.store().close().await;
}

async fn told_twice_it_is_the_same(kind: Kind) {
    let Some((first, dir1)) = empty(kind).await else { return };
    let Some((second, dir2)) = empty(kind).await else { return };
    let (first, second) = (told(&first, dir1.path()).await, told(&second, dir2.path()).await);
    assert_eq!(print_of(&first, &HEADS).await, print_of(&second, &HEADS).await);
    first.store().close().await;
    second.store().close().await;
}

/// So many people, from one seed.
async fn filled(url: &str, keys: &Path, people: usize, seed: u64) -> App {
    let store = Store::open(url, &key_places(url, keys), Clock::still(At::of(TODAY, 7, 30)), Some(seed)).await.unwrap();
    seeds::reference(&store).await.unwrap();
    let app = App::new(store, settings("/nonexistent".into(), url, keys));
    let sign_ins = seeds::load::fill(&app, people, None, seed, PASSWORD).await.unwrap();
    assert_eq!(sign_ins.len(), 6, "{sign_ins:?}");
    app
}

async fn a_seed_gives_the_same_people_each_time(kind: Kind) {
    let Some((first, dir1)) = empty(kind).await else { return };
    let Some((second, dir2)) = empty(kind).await else { return };
    let Some((other, dir3)) = empty(kind).await else { return };
    let heads = ["supervisor-30577", "supervisor-30301"];
    let mut prints = Vec::new();
    for (url, dir, seed) in [(first, dir1, 5), (second, dir2, 5), (other, dir3, 6)] {
        let app = filled(&url, dir.path(), 420, seed).await;
        for line in cases_of(&app, &actor(&app, heads[0]).await).await {
            assert_eq!(line.next_due_on.is_some(), line.status.unwrap().is_live(), "{}: next due", line.code);
        }
        prints.push(print_of(&app, &heads).await);
        app.store().close().await;
    }
    assert!(prints[0].len() >= 8, "{:?}", prints[0]);
    assert_eq!(prints[0], prints[1]);
    assert_ne!(prints[0], prints[2]);
}

macro_rules! on_both {
    ($($name:ident),+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(super::Kind::Sqlite).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(super::Kind::Postgres).await;
            }
        }
    )+};
}

on_both!(
    the_story_is_whole,
    helpers_see_whom_they_help,
    told_twice_it_is_the_same,
    a_seed_gives_the_same_people_each_time
);
