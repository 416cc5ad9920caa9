//! One wall: what may be opened is what is listed, counted, searched and due, for everybody who has a list, in many
//! small worlds.

use crate::{
    both,
    doors::Policy,
    house::{House, TODAY},
    raw::Raw,
    world::{self, PEOPLE, actor, grant},
};
use duongve::{
    base::{ids::CaseId, time::plus_days, words::CaseStatus},
    cases::{self, model::Filter},
    follow_ups::{self, model::State},
    policy::acts,
    store::{Denied, Fault, PageAsk},
    visits,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::BTreeSet;

const OFFICERS: [&str; 3] = ["officer", "officer2", "officer3"];

/// Some people of both communes, in all kinds of states.
async fn people(house: &House, dice: &mut StdRng, world: u64) -> Vec<(CaseId, String)> {
    let mut cases = Vec::new();
    for number in 0..7 {
        let officer = OFFICERS[dice.random_range(0..3)];
        let mark = format!("W{world}n{number}x");
        let draft = world::draft(&mark, usize::try_from(world).unwrap() * 10 + number);
        let case = world::open(house, officer, &draft).await;
        let head = if officer == "officer3" { "supervisor3" } else { "supervisor" };
        if head == "supervisor" && dice.random_bool(0.5) {
            let (kind, helper) =
                [("women", "partner"), ("women", "helper"), ("youth", "partner2")][dice.random_range(0..3)];
            let organisation = world::organisation(house, "30577", kind).await;
            let referral = world::refer(house, officer, case, organisation, helper).await;
            let next_on = duongve::base::text::show_day(plus_days(TODAY, dice.random_range(0..9)));
            let draft = visits::model::Draft { next_on, ..world::met("home", TODAY) };
            world::visit(house, helper, case, &draft).await;
            if dice.random_bool(0.3) {
                let draft = duongve::referrals::model::EndDraft { reason: "thôi".into() };
                let grant = grant::<acts::EndReferral>(house, officer, referral).await;
                duongve::referrals::end(house.store(), grant, &draft, None, None).await.unwrap();
            }
        }
        if head == "supervisor" && dice.random_bool(0.3) {
            let to = if officer == "officer" { "officer2" } else { "officer" };
            let draft = duongve::assignments::model::Draft { officer: to.into(), reason: String::new() };
            let grant = grant::<acts::Assign>(house, head, case).await;
            duongve::assignments::assign(house.store(), grant, &draft, None).await.unwrap();
        }
        if dice.random_bool(0.2) {
            let on = duongve::base::text::show_day(TODAY);
            let draft = cases::model::ClosureDraft { ground: "moved".into(), on, ..Default::default() };
            let grant = grant::<acts::CloseCase>(house, head, case).await;
            cases::close(house.store(), grant, &draft, None, None).await.unwrap();
        }
        cases.push((case, format!("Name{mark}")));
        walls(house, dice, head, officer, case).await;
    }
    // One that was sealed: nobody opens, lists, counts or finds it.
    let mark = format!("W{world}sealed");
    let draft = world::draft(&mark, usize::try_from(world).unwrap() * 10 + 8);
    let case = world::open(house, "officer", &draft).await;
    world::seal(house, "supervisor", case).await;
    cases.push((case, format!("Name{mark}")));
    if dice.random_bool(0.5) {
        world::cover(house, "officer", "officer2", TODAY, TODAY).await;
    }
    cases
}

/// Now and then a restriction that shuts nobody out who must be left, and an opening in an emergency.
async fn walls(house: &House, dice: &mut StdRng, head: &str, officer: &str, case: CaseId) {
    let others = ["partner", "helper", "partner2"];
    if head == "supervisor" && dice.random_bool(0.4) {
        let kind = if dice.random_bool(0.5) { "exclusion" } else { "only" };
        let left = ["officer", "officer2", "supervisor", others[dice.random_range(0..3)]];
        let names: &[&str] = if kind == "only" { &left } else { &others[dice.random_range(0..3)..] };
        world::restrict(house, head, case, kind, names).await;
    }
    if dice.random_bool(0.2) && !closed(house, case).await {
        let opener = if officer == "officer3" { "officer" } else { "supervisor3" };
        let tried = Raw::of(house).await.number("select count(*) from emergencies").await;
        if tried < 5 {
            world::break_glass(house, opener, case).await;
        }
    }
}

async fn closed(house: &House, case: CaseId) -> bool {
    let mut raw = Raw::of(house).await;
    let sql = format!("select count(*) from cases where status = 'closed' and id = {}", raw.id(case));
    raw.number(&sql).await > 0
}

/// Everything that one person's lists show, page after page.
async fn listed(house: &House, name: &str, filter: &Filter) -> BTreeSet<CaseId> {
    let scope = house.store().scope::<acts::ListCases>(&actor(house, name).await).unwrap();
    let (mut found, mut ask) = (BTreeSet::new(), PageAsk { limit: 2, cursor: None });
    loop {
        let page = cases::list(house.store(), &scope, filter, &ask).await.unwrap();
        for line in page.items {
            assert!(found.insert(line.id), "{name}: a person on two pages");
        }
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => break,
        }
    }
    let counted = cases::count(house.store(), &scope, filter).await.unwrap();
    assert_eq!(counted, i64::try_from(found.len()).unwrap(), "{name}: counted and listed");
    found
}

async fn due(house: &House, name: &str) -> BTreeSet<duongve::base::ids::FollowUpId> {
    let scope = house.store().scope::<acts::ListFollowUps>(&actor(house, name).await).unwrap();
    let mut found = BTreeSet::new();
    for state in [State::Overdue, State::Today, State::Upcoming] {
        let mut ask = PageAsk { limit: 3, cursor: None };
        loop {
            let page = follow_ups::list(house.store(), &scope, state, &ask).await.unwrap();
            found.extend(page.items.into_iter().map(|line| line.id));
            match page.next {
                Some(next) => ask.cursor = Some(next),
                None => break,
            }
        }
    }
    found
}

/// The open follow-ups of live cases, each with its case.
async fn open_follow_ups(house: &House) -> Vec<(duongve::base::ids::FollowUpId, CaseId)> {
    Raw::of(house)
        .await
        .rows(
            "select f.id, f.case_id from follow_ups f join cases c on c.id = f.case_id where f.done_at is null and f.dropped_at is null \
             and c.status <> 'closed' and c.status <> 'sealed'",
        )
        .await
}

async fn one_wall(house: &House, name: &str, everybody: &[(CaseId, String)]) {
    let who = actor(house, name).await;
    let mut all = listed(house, name, &Filter::default()).await;
    let live = all.clone();
    all.extend(listed(house, name, &Filter { status: Some(CaseStatus::Closed), ..Filter::default() }).await);
    let scope = house.store().scope::<acts::ListCases>(&who).unwrap();
    let page = duongve::routes::table().iter().any(|(route, _)| route.path == "/cases/{case}");
    let person = house.as_(name).await;
    for (case, word) in everybody {
        let opened = match house.store().permit::<acts::SeeCase>(&who, *case).await {
            Ok(grant) => Some(grant.glass_until().is_some()),
            Err(Fault::Denied(Denied::Unknown)) => None,
            Err(other) => panic!("{other}"),
        };
        // What is open in an emergency opens by its address, and stands in no list.
        let (opened, glass) = (opened == Some(false), opened == Some(true));
        assert_eq!(all.contains(case), opened, "{name}: {word} is listed exactly when it may be opened");
        let hits = cases::search(house.store(), &scope, word, 100).await.unwrap();
        let hits: Vec<CaseId> = hits.into_iter().map(|line| line.id).collect();
        let expected: Vec<CaseId> = live.contains(case).then_some(*case).into_iter().collect();
        assert_eq!(hits, expected, "{name}: {word} is found exactly when it is listed");
        if page {
            let answer = person.get(&format!("/cases/{case}")).await;
            assert_eq!(answer.status == 200, opened || glass, "{name}: the page of {word}: {}", answer.status);
        }
    }
    let due = due(house, name).await;
    for (item, case) in open_follow_ups(house).await {
        let opened = house.store().permit::<acts::SeeFollowUp>(&who, item).await;
        let opened = opened.is_ok_and(|grant| grant.glass_until().is_none());
        assert_eq!(due.contains(&item), opened, "{name}: a follow-up is listed exactly when it may be opened");
        assert!(!opened || all.contains(&case), "{name}: whoever sees the task sees the person");
        if world::role_of(name) != "partner" {
            assert_eq!(opened, all.contains(&case), "{name}: the office sees every task of a person it sees");
        }
    }
}

both!(opened_is_listed_is_counted_is_searched_is_due, async |house: House| {
    let policy = Policy::read();
    let mut walls = 0;
    let mut everybody = Vec::new();
    for world in 0..4 {
        let mut dice = StdRng::seed_from_u64(world);
        everybody.extend(people(&house, &mut dice, world).await);
        for (name, role, ..) in PEOPLE {
            let who = actor(&house, name).await;
            if policy.nears(role, "case.list").is_empty() {
                let refused = house.store().scope::<acts::ListCases>(&who);
                assert!(matches!(refused, Err(Fault::Denied(Denied::Forbidden))), "{name}: no list");
                assert!(house.store().scope::<acts::ListFollowUps>(&who).is_err());
                for (case, _) in &everybody {
                    assert!(house.store().permit::<acts::SeeCase>(&who, *case).await.is_err(), "{name}: and no case");
                }
                continue;
            }
            one_wall(&house, name, &everybody).await;
            walls += 1;
        }
    }
    assert_eq!(walls, 4 * 8, "officers, supervisors and partners have lists");
});

both!(the_walk_notices_a_wall_that_knows_no_restriction, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Wall", 5)).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    world::restrict(&house, "supervisor", case, "exclusion", &["partner"]).await;
    let who = actor(&house, "partner").await;
    let opened = house.store().permit::<acts::SeeCase>(&who, case).await.is_ok();
    let all = listed(&house, "partner", &Filter::default()).await;
    assert_eq!((opened, all.contains(&case)), (false, false));
    // The same list as a wall would make it that forgets restrictions: it must not agree with what may be opened.
    let mut raw = Raw::of(&house).await;
    raw.run("update restrictions set ended_at = 1").await;
    let forgetful = listed(&house, "partner", &Filter::default()).await;
    assert_ne!(forgetful.contains(&case), opened, "listed and not to be opened: the walk would have said so");
});

/// All of a list for programs, page after page.
async fn told(program: &crate::house::Program<'_>, path: &str) -> Vec<serde_json::Value> {
    let mark = if path.contains('?') { '&' } else { '?' };
    let (mut items, mut next) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("{path}{mark}limit=4{next}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return items,
        }
    }
}

fn words(items: &[serde_json::Value], name: impl Fn(&serde_json::Value) -> String) -> BTreeSet<String> {
    let words: BTreeSet<String> = items.iter().map(name).collect();
    assert_eq!(words.len(), items.len(), "nothing stands on two pages");
    words
}

/// What one person meets on each surface, under the surface's name: for each question the answers must be the same.
type Answers = Vec<(&'static str, BTreeSet<String>)>;

/// The first two surfaces that do not say the same.
fn disagree(answers: &Answers) -> Option<String> {
    let (first, rest) = answers.split_first().expect("two surfaces at least");
    let other = rest.iter().find(|(_, answer)| *answer != first.1)?;
    Some(format!("{}: {:?}\n{}: {:?}", first.0, first.1, other.0, other.1))
}

/// The people of one's list, as verb and as JSON; then what is overdue: list, JSON and, for a head, her digest's rows.
async fn surfaces(house: &House, name: &str) -> (Answers, Answers) {
    let program = house.program(name).await;
    let listed = listed(house, name, &Filter::default()).await.into_iter().map(|id| id.to_string()).collect();
    let people = told(&program, "/api/v1/cases").await;
    let people = words(&people, |line| line["id"].as_str().unwrap().to_owned());

    let scope = house.store().scope::<acts::ListFollowUps>(&actor(house, name).await).unwrap();
    let ask = PageAsk { limit: 100, cursor: None };
    let page = follow_ups::list(house.store(), &scope, State::Overdue, &ask).await.unwrap();
    let late = page.items.iter().map(|line| format!("{} {}", line.case_id, line.kind)).collect();
    let told_late = told(&program, "/api/v1/follow-ups?state=overdue").await;
    let of = |case: &serde_json::Value, kind: &serde_json::Value| {
        format!("{} {}", case.as_str().unwrap(), kind.as_str().unwrap())
    };
    let mut overdue = vec![("list", late), ("JSON", words(&told_late, |line| of(&line["case"]["id"], &line["kind"])))];
    if world::role_of(name) == "supervisor" {
        let digests = program.get("/api/v1/digests?limit=1").await.expect(200).json();
        let digest = format!("/api/v1/digests/{}", digests["items"][0]["id"].as_str().unwrap());
        let digest = program.get(&digest).await.expect(200).json();
        let rows = digest["rows"].as_array().unwrap();
        assert!(rows.len() < usize::try_from(duongve::digests::ROWS).unwrap(), "small enough to be named whole");
        overdue.push(("digest", words(rows, |row| of(&row["case_id"], &row["kind"]))));
    }
    (vec![("list", listed), ("JSON", people)], overdue)
}

/// Open and overdue of each commune, from the counts that this person gets.
async fn counts(house: &House, name: &str) -> BTreeSet<String> {
    let rows = told(&house.program(name).await, "/api/v1/follow-up-counts").await;
    let mut sums = std::collections::BTreeMap::<String, (i64, i64)>::new();
    for row in rows {
        let sum = sums.entry(row["area"]["code"].as_str().unwrap().to_owned()).or_default();
        sum.0 += row["open"].as_i64().unwrap();
        sum.1 += row["overdue"].as_i64().unwrap();
    }
    sums.into_iter().map(|(area, (open, overdue))| format!("{area}: {open} open, {overdue} overdue")).collect()
}

/// The same figures, counted from the lists that a head can open.
async fn counted_from_lists(house: &House, name: &str) -> String {
    let program = house.program(name).await;
    let overdue = told(&program, "/api/v1/follow-ups?state=overdue").await.len();
    let open = overdue
        + told(&program, "/api/v1/follow-ups?state=today").await.len()
        + told(&program, "/api/v1/follow-ups?state=upcoming").await.len();
    format!("{}: {open} open, {overdue} overdue", world::area_of(name))
}

both!(lists_programs_digests_and_counts_say_the_same, async |house: House| {
    let mut late = 0;
    for world in 0..2 {
        let mut dice = StdRng::seed_from_u64(40 + world);
        house.go_to(TODAY);
        people(&house, &mut dice, world).await;
    }
    for days in [4, 30] {
        house.go_to(plus_days(TODAY, days));
        crate::office::tick(&house).await;
        for (name, role, ..) in PEOPLE.iter().filter(|person| ["officer", "supervisor", "partner"].contains(&person.1))
        {
            let (people, overdue) = surfaces(&house, name).await;
            assert_eq!(disagree(&people), None, "{name}, the people, after {days} days");
            assert_eq!(disagree(&overdue), None, "{name}, what is overdue, after {days} days");
            assert_eq!(overdue.len(), if *role == "supervisor" { 3 } else { 2 });
            late += overdue[0].1.len();
        }
        let heads = ["supervisor", "supervisor3"];
        let mut summed = BTreeSet::new();
        let mut from_lists = BTreeSet::new();
        for head in heads {
            summed.extend(counts(&house, head).await);
            from_lists.insert(counted_from_lists(&house, head).await);
        }
        let sums: Answers =
            vec![("province", counts(&house, "province").await), ("heads", summed), ("lists", from_lists)];
        assert_eq!(disagree(&sums), None, "after {days} days");
        assert_eq!(sums[0].1.len(), 2, "both communes are counted");
    }
    assert!(late > 20, "{late}: there was something to disagree on");

    // This test can fail: another's answer, a row taken out of a digest, a commune left out.
    let (mut people, overdue) = surfaces(&house, "officer").await;
    people[1] = surfaces(&house, "officer3").await.0.swap_remove(1);
    assert!(disagree(&people).is_some() && disagree(&overdue).is_none());
    let mut raw = Raw::of(&house).await;
    raw.run("delete from digest_rows where rank = 1").await;
    let (people, overdue) = surfaces(&house, "supervisor").await;
    assert!(disagree(&people).is_none());
    assert!(disagree(&overdue).is_some_and(|words| words.contains("digest")), "a row is missing");
    let one_commune =
        vec![("province", counts(&house, "province").await), ("head", counts(&house, "supervisor").await)];
    assert!(disagree(&one_commune).is_some());
});

both!(loans_and_funds_are_listed_exactly_where_they_may_be_opened, async |house: House| {
    let world = world::World::build(&house).await;
    let (mut lists, mut seen) = (0, 0);
    for (name, ..) in PEOPLE {
        let program = house.program(name).await;
        for (path, kind) in [
            ("/api/v1/loan-lists", "loan_list"),
            ("/api/v1/loan-lines", "loan_line"),
            ("/api/v1/loan-accounts", "loan_account"),
            ("/api/v1/funds", "fund"),
            ("/api/v1/gatherings", "gathering"),
            ("/api/v1/community-models", "community_model"),
        ] {
            if program.get(path).await.status != 200 {
                continue;
            }
            let items = told(&program, path).await;
            let listed = words(&items, |line| line["id"].as_str().unwrap().to_owned());
            let counted = program.get(&format!("{path}?count=true&limit=1")).await.expect(200).json();
            assert_eq!(counted["count"].as_u64(), Some(listed.len() as u64), "{name} {path}: counted and listed");
            lists += 1;
            for record in &world.records[kind] {
                let opened = program.get(&format!("{path}/{}", record.id)).await.status == 200;
                assert_eq!(listed.contains(&record.id), opened, "{name} {path} {}", record.label);
                seen += usize::from(opened);
            }
        }
    }
    // Funds for ten of the cast; lists for two heads and the council, lines and accounts for the lender; gatherings for the
    // police, the helpers and the council; models for those and the province.
    assert_eq!((lists, seen >= 40), (15 + 9 + 10, true), "{seen}");
});
