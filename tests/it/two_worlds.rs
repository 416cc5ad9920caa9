//! Two worlds that differ only in what somebody may not see: whatever she asks, she gets the same bytes in both. This
//! finds what no list of rules foresees: a count, an order, a version, a message, a length that tells of a hidden record.
//!
//! The seen part of both worlds is made by the same dice, so that even its ids are the same. What is random in each answer
//! (form tokens and keys) is masked, and nothing else.

use crate::{
    house::{Answer, House, Kind, TODAY},
    raw::Raw,
    world,
};
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, header},
};
use duongve::{
    base::{ids::CaseId, time::plus_days},
    http::request::form_token,
    routes,
    store::SessionKind,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whoever asks, and what is hidden from her.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// Colleagues' people, in her commune and elsewhere.
    Officer,
    /// The other commune.
    Supervisor,
    /// Everybody who is not shared with her; and of those who are: whatever is not hers.
    Partner,
}

impl Asker {
    const ALL: [Asker; 3] = [Asker::Officer, Asker::Supervisor, Asker::Partner];

    fn name(self) -> &'static str {
        match self {
            Asker::Officer => "officer",
            Asker::Supervisor => "supervisor",
            Asker::Partner => "partner",
        }
    }

    /// Officers whose people she does not see.
    fn hidden_officers(self) -> &'static [&'static str] {
        match self {
            Asker::Officer => &["officer2", "officer3"],
            Asker::Supervisor => &["officer3"],
            Asker::Partner => &["officer", "officer2", "officer3"],
        }
    }
}

/// How many pairs are made from one pair of houses, and how much is asked of each.
const ROUNDS: usize = 10;
const ASKED: usize = 40;

fn pairs_wanted(usual: usize) -> usize {
    std::env::var("DUONGVE_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What both worlds have: two people of each officer, some of them shared with `partner`.
async fn seen(house: &House) -> BTreeMap<&'static str, Vec<CaseId>> {
    let women = world::organisation(house, "30577", "women").await;
    let mut all: BTreeMap<&'static str, Vec<CaseId>> = BTreeMap::new();
    for (number, officer) in ["officer", "officer", "officer2", "officer3"].into_iter().enumerate() {
        let case = world::open(house, officer, &world::draft(&format!("Seen{number}"), number)).await;
        world::visit(house, officer, case, &world::met("home", TODAY)).await;
        all.entry(officer).or_default().push(case);
    }
    let shared = all["officer"][0];
    world::refer(house, "officer", shared, women, "partner").await;
    world::visit(house, "partner", shared, &world::met("home", TODAY)).await;
    // A meeting to which each asks her own: nobody hears of the others' guests.
    let gathering = world::gather(house, "officer", "Họp mặt cuối năm").await;
    world::invite(house, "officer", gathering, &[shared], &[women.to_string()]).await;
    all
}

/// The meeting that both worlds have.
async fn meeting(house: &House) -> duongve::base::ids::GatheringId {
    let rows: Vec<(duongve::base::ids::GatheringId,)> =
        Raw::of(house).await.rows("select id from gatherings where case_id is null order by id").await;
    rows[0].0
}

/// What is done in the second world only, through the doors that the doers have.
async fn hide(house: &House, asker: Asker, seen: &BTreeMap<&'static str, Vec<CaseId>>, dice: &mut StdRng, mark: usize) {
    if asker != Asker::Supervisor && dice.random_bool(0.2) {
        // Opened by the head, in charge of the asker's own officer, and sealed: as if it had never been.
        let mut draft = world::draft(&format!("Hidden{mark}"), 20 + mark);
        draft.hamlet = "Ấp HamletSeen2".into();
        draft.officer = "officer".into();
        let case = world::open(house, "supervisor", &draft).await;
        world::seal(house, "supervisor", case).await;
        return;
    }
    let officer = *asker.hidden_officers().choose(dice).unwrap();
    let mut case = None;
    if asker == Asker::Partner && dice.random_bool(0.6) {
        // Her own person, but the office's side of it.
        case = Some(seen["officer"][0]);
    } else if dice.random_bool(0.3) {
        case = seen[officer].choose(dice).copied().filter(|_| officer != "officer" || asker == Asker::Partner);
    }
    let doer = match case {
        Some(case) if seen["officer"].contains(&case) => "officer",
        _ => officer,
    };
    let case = match case {
        Some(case) => case,
        None => {
            let mut draft = world::draft(&format!("Hidden{mark}"), 20 + mark);
            // Hamlets are the commune's and seen by all of it; a new one is no secret.
            draft.hamlet = format!("Ấp HamletSeen{}", if doer == "officer3" { 3 } else { 2 });
            // Its order among the others, and the same name as one that is seen.
            draft.name = ["Nguyễn Văn NameSeen0", "An Văn Ánh", "Zư Thị Zeng"].choose(dice).unwrap().to_string();
            let serves = dice.random_bool(0.4);
            if serves {
                draft.regime = "suspended_sentence".into();
            }
            let case = world::open(house, doer, &draft).await;
            if serves {
                duties(house, doer, case, mark).await;
            }
            case
        }
    };
    if case == seen["officer"][0] {
        return deed(house, doer, case, dice, mark).await;
    }
    for _ in 0..dice.random_range(0..3) {
        deed(house, doer, case, dice, mark).await;
    }
    if doer != "officer3" && dice.random_bool(0.5) {
        // Referred, but to somebody else; a second helper of the asker's organisation is somebody else, too.
        let (kind, helper) = [("women", "helper"), ("youth", "partner2")][dice.random_range(0..2)];
        let organisation = world::organisation(house, "30577", kind).await;
        world::refer(house, doer, case, organisation, helper).await;
    }
}

/// Of a sentence that is served in the commune: an absence is asked for, which the head decides, and a breach is written down.
async fn duties(house: &House, officer: &str, case: CaseId, mark: usize) {
    let program = house.program(officer).await;
    let path = |rest: &str| format!("/api/v1/cases/{case}/duties/{rest}");
    let (from, to) = (plus_days(TODAY, 3), plus_days(TODAY, 4));
    let away = json!({"from_on": from, "to_on": to, "place": format!("Secret{mark}"), "reason": "Secret", "proposal": "grant"});
    program.post(&path("absences"), &away).await.expect(201);
    let breach =
        json!({"on": TODAY, "what": format!("Secret{mark}"), "measures": "Secret", "due_on": plus_days(TODAY, 7)});
    program.post(&path("breaches"), &breach).await.expect(201);
}

/// One deed of an officer that only the office may know of.
async fn deed(house: &House, officer: &str, case: CaseId, dice: &mut StdRng, mark: usize) {
    let program = house.program(officer).await;
    let path = |rest: &str| format!("/api/v1/cases/{case}/{rest}");
    let answer = match dice.random_range(0..10) {
        8 => {
            let body = json!({"on": TODAY, "place": format!("Secret{mark}"), "leader": "Secret", "title": format!("Secret{mark}")});
            program.post(&path("dialogues"), &body).await
        }
        9 if officer != "officer3" => {
            // What hangs on a case is the office's to know, and so is that the case was asked to the meeting that all know of.
            let to = format!("/api/v1/gatherings/{}", meeting(house).await);
            let said = json!({"case": case, "text": format!("Secret{mark}"), "owes": "in_charge", "due_on": TODAY});
            assert_eq!(program.post(&format!("{to}/opinions"), &said).await.status, 201);
            let asked = json!({"cases": [case]});
            program.post(&format!("{to}/guests"), &asked).await
        }
        9 => return,
        0 => {
            let met = dice.random_bool(0.5);
            let body = json!({"on": TODAY, "kind": "home", "met": met, "note": format!("Secret{mark}")});
            program.post(&path("visits"), &body).await
        }
        1 => {
            let due = plus_days(TODAY, dice.random_range(0..20));
            program.post(&path("tasks"), &json!({"what": format!("Secret{mark}"), "due_on": due})).await
        }
        2 => program.post(&path("help"), &json!({"kind": "gift", "what": format!("Secret{mark}")})).await,
        4 => {
            let body = json!({"kind": "job", "what": format!("Secret{mark}"), "state": "given", "starts_on": TODAY, "vnd": 7_000_000});
            program.post(&path("help"), &body).await
        }
        5 => {
            let funds: Vec<(uuid::Uuid,)> = Raw::of(house).await.rows("select id from funds").await;
            let body = json!({"fund_id": funds[0].0, "purpose": "business", "vnd": 9_000_000, "months": 12, "what": format!("Secret{mark}")});
            let answer = program.post(&path("loans"), &body).await;
            // Nobody stands on a list twice.
            assert!([201, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            return;
        }
        6 => {
            let child = json!({"name": format!("Secret{mark}"), "grade": "lớp 6"});
            let child = program.post(&path("children"), &child).await.expect(201).json();
            let need = json!({"whose": {"child": child["id"]}, "kind": "books", "what": format!("Secret{mark}"), "level": "urgent"});
            program.post(&path("home-needs"), &need).await
        }
        3 => program.post(&path("relatives"), &json!({"name": format!("Secret{mark}"), "relation": "mẹ"})).await,
        _ => {
            let group = ["A", "B", "C"][dice.random_range(0..3)];
            let page = house.as_(officer).await;
            let fields = [("group", group), ("since_on", ""), ("reason", "Secret")];
            let answer = page.post(&format!("/cases/{case}/classifications"), &fields).await;
            assert!([303, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            return;
        }
    };
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.text());
}

/// Every id of the second world, by the name of the parameter in a path; some are in both, some in one.
async fn ids(house: &House) -> Ids {
    let mut raw = Raw::of(house).await;
    let mut all = BTreeMap::new();
    for (param, table) in [
        ("case", "cases"),
        ("visit", "visits"),
        ("follow_up", "follow_ups"),
        ("referral", "referrals"),
        ("relative", "relatives"),
        ("household", "households"),
        ("child", "children"),
        ("home_need", "home_needs"),
        ("urgency", "urgencies"),
        ("help", "helps"),
        ("sealing", "sealings"),
        ("plan", "plans"),
        ("gathering", "gatherings"),
        ("opinion", "opinions"),
        ("community_model", "community_models"),
        ("fund", "funds"),
        ("loan_list", "loan_lists"),
        ("loan_line", "loan_lines"),
        ("loan_account", "loan_accounts"),
        ("handover", "handovers"),
        ("case_request", "case_requests"),
        ("possible_double", "possible_doubles"),
        ("attachment", "attachments"),
        ("document", "documents"),
        ("absence", "duty_absences"),
        ("request", "requests"),
        ("consent", "consents"),
        ("staff", "users"),
    ] {
        let rows: Vec<(uuid::Uuid,)> = raw.rows(&format!("select id from {table} order by id")).await;
        all.insert(param, rows.into_iter().map(|row| row.0.to_string()).collect());
    }
    all.insert("area", vec!["30577".into(), "30301".into(), "91".into(), "99999".into()]);
    all
}

type Ids = BTreeMap<&'static str, Vec<String>>;

/// One thing to ask: how, where, with what.
#[derive(Clone, Debug)]
struct Ask {
    method: Method,
    path: String,
    body: String,
}

/// What can be asked for without changing anything: every page and call, with ids of seen and of hidden records, and searches.
fn asks(seen: &Ids, all: &Ids, dice: &mut StdRng, count: usize) -> Vec<Ask> {
    let gets: Vec<&'static str> = routes::table()
        .into_iter()
        .filter(|(route, _)| route.method == Method::GET && route.gate != routes::Gate::Open)
        // One's own openings are rows with ids of their own; a new second factor is a new secret at each asking.
        .filter(|(route, _)| !route.path.contains("openings") && !route.path.contains("second-factor"))
        .map(|(route, _)| route.path)
        .collect();
    // Words, names, numbers and codes of the hidden people, and of the seen.
    let words = ["NameSeen0", "nguyen van", "Ánh", "zeng", "0901234520", "091090001221", "HamletSeen2", "e", "Nguyễn"];
    let mut asked = Vec::new();
    while asked.len() < count {
        let search = dice.random_range(0..10) == 0;
        if search {
            let word = words.choose(dice).unwrap();
            let api = dice.random_bool(0.5);
            asked.push(Ask {
                method: Method::POST,
                path: if api { "/api/v1/case-searches".into() } else { "/case-searches".into() },
                body: if api {
                    json!({ "q": word }).to_string()
                } else {
                    serde_html_form::to_string([("q", word)]).unwrap()
                },
            });
            continue;
        }
        let mut path = (*gets.choose(dice).unwrap()).to_owned();
        let mut known = true;
        while let Some((before, rest)) = path.clone().split_once('{') {
            let (param, after) = rest.split_once('}').unwrap();
            // Mostly records that are in both worlds: there a hidden deed could show.
            let from = if dice.random_bool(0.7) { seen } else { all };
            match from.get(param).and_then(|ids| ids.choose(dice)) {
                Some(id) => path = format!("{before}{id}{after}"),
                None => {
                    known = false;
                    break;
                }
            }
        }
        if known {
            asked.push(Ask { method: Method::GET, path, body: String::new() });
        }
    }
    asked
}

/// Somebody with a session for pages and one for programs.
struct Sessions {
    page: String,
    program: String,
}

impl Sessions {
    async fn of(house: &House, name: &str) -> Sessions {
        Sessions {
            page: world::session(house, name, SessionKind::Cookie).await,
            program: world::session(house, name, SessionKind::Bearer).await,
        }
    }

    async fn ask(&self, house: &House, ask: &Ask) -> Answer {
        let api = ask.path.starts_with("/api/");
        let mut request = Request::builder().method(&ask.method).uri(&ask.path).header(header::HOST, "127.0.0.1:8080");
        request = if api {
            request.header(header::AUTHORIZATION, format!("Bearer {}", self.program))
        } else {
            request.header(header::COOKIE, format!("__Host-sid={}", self.page))
        };
        let mut body = ask.body.clone();
        if ask.method == Method::POST {
            let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin");
            if !api {
                body = format!("{body}&_token={}", form_token(&self.page));
            }
        }
        house.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// The answer without what is random in it: the form's token and key.
fn masked(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let mut text = answer.text();
    for name in ["_token", "_key"] {
        let start = format!("name=\"{name}\" value=\"");
        let mut rest = text.as_str();
        let mut clean = String::with_capacity(text.len());
        while let Some((before, after)) = rest.split_once(&start) {
            clean.push_str(before);
            clean.push_str(&start);
            rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        }
        clean.push_str(rest);
        text = clean;
    }
    (answer.status.as_u16(), headers(&answer.headers), text)
}

fn headers(of: &HeaderMap) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        of.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into())).collect();
    all.sort();
    all
}

/// Asks both worlds the same; the first difference, if there is one.
async fn difference(one: &House, other: &House, who: [&Sessions; 2], asked: &[Ask]) -> Option<String> {
    for ask in asked {
        let (a, b) = (masked(&who[0].ask(one, ask).await), masked(&who[1].ask(other, ask).await));
        if a != b {
            let at = a.2.bytes().zip(b.2.bytes()).position(|(a, b)| a != b).unwrap_or(a.2.len().min(b.2.len()));
            let near = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(120)..(at + 120).min(text.len())])
                    .into_owned()
            };
            return Some(format!(
                "{} {} {}\n{} {:?}\n…{}…\n{} {:?}\n…{}…",
                ask.method,
                ask.path,
                ask.body,
                a.0,
                a.1,
                near(&a.2),
                b.0,
                b.1,
                near(&b.2)
            ));
        }
    }
    None
}

async fn compare(kind: Kind, pairs: usize) {
    for first in (0..pairs).step_by(ROUNDS) {
        for asker in Asker::ALL {
            let mut dice = StdRng::seed_from_u64(first as u64 * 3 + asker as u64);
            let (one, other) = (House::new(kind).await, House::new(kind).await);
            let both = seen(&one).await;
            assert_eq!(both, seen(&other).await, "the same dice make the same ids");
            let who = [&Sessions::of(&one, asker.name()).await, &Sessions::of(&other, asker.name()).await];
            let there = ids(&one).await;
            for round in 0..ROUNDS.min(pairs - first) {
                hide(&other, asker, &both, &mut dice, round).await;
                let asked = asks(&there, &ids(&other).await, &mut dice, ASKED);
                if let Some(what) = difference(&one, &other, who, &asked).await {
                    panic!("{asker:?}, pair {}: {what}", first + round);
                }
            }
            opens_alike(&one, &other, who).await;
        }
    }
}

/// Opening a person with the number of a hidden one is answered alike: but for the new ids and code, which are random.
async fn opens_alike(one: &House, other: &House, who: [&Sessions; 2]) {
    let body = json!({"name": "Nguyễn Văn NameSeen0", "regime": "completed", "received_on": TODAY, "id_number": "091090001220",
        "phone": "0901234520", "birth": "1990"});
    let ask = Ask { method: Method::POST, path: "/api/v1/cases".into(), body: body.to_string() };
    let (a, b) = (who[0].ask(one, &ask).await, who[1].ask(other, &ask).await);
    assert_eq!(a.status, b.status, "{} {}", a.text(), b.text());
    if a.status.is_success() {
        let shape = |answer: &Answer| {
            let mut view = answer.json();
            for random in ["id", "code", "person_id", "person"] {
                if let Some(value) = view.get_mut(random) {
                    *value = Value::Null;
                }
            }
            if let Some(tasks) = view.pointer_mut("/plan/tasks").and_then(Value::as_array_mut) {
                tasks.iter_mut().for_each(|task| task["id"] = Value::Null);
            }
            view
        };
        assert_eq!(shape(&a), shape(&b));
    } else {
        assert_eq!(a.bytes, b.bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_changes_no_byte_sqlite() {
    compare(Kind::Sqlite, pairs_wanted(50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_changes_no_byte_postgres() {
    if House::postgres().await.is_some() {
        compare(Kind::Postgres, pairs_wanted(10)).await;
    }
}

/// The plant: a world in which the asker does see the difference must be told apart, or the comparison finds nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_seen_does_change_bytes() {
    for asker in Asker::ALL {
        let (one, other) = (House::new(Kind::Sqlite).await, House::new(Kind::Sqlite).await);
        let both = seen(&one).await;
        seen(&other).await;
        let who = [&Sessions::of(&one, asker.name()).await, &Sessions::of(&other, asker.name()).await];
        world::visit(&other, "partner", both["officer"][0], &world::met("home", TODAY)).await;
        let mut dice = StdRng::seed_from_u64(7);
        let asked = asks(&ids(&one).await, &ids(&other).await, &mut dice, 300);
        assert!(difference(&one, &other, who, &asked).await.is_some(), "{asker:?} sees that visit");
    }
}
