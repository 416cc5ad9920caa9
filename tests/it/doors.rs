//! Every URL × everybody × every relation. The list of URLs is the program's own table, so a new route is walked from
//! its first day; what should happen comes from the text of `policies/policy.csv` and from the relations in `world.rs`.

use crate::{
    both,
    house::{Answer, House},
    world::{self, AWAY_PARTS, HELPERS_PARTS, LOAN_PARTS, PEOPLE, Record, World},
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use duongve::{
    http::request::form_token,
    policy::acts,
    routes::{self, Gate, Route},
    store::SessionKind,
};
use std::collections::{BTreeSet, HashSet};

/// Who may do what how near, read from the file as a person would: deny beats allow, no line is a no.
pub struct Policy(HashSet<(String, String, String, String)>);

impl Policy {
    pub fn read() -> Policy {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/policy.csv")).unwrap();
        let lines = text.lines().filter(|line| line.starts_with('p'));
        let lines: HashSet<_> = lines
            .map(|line| {
                let words: Vec<String> = line.split(',').map(|word| word.trim().to_owned()).collect();
                assert_eq!(words.len(), 5, "{line}");
                (words[1].clone(), words[2].clone(), words[3].clone(), words[4].clone())
            })
            .collect();
        assert!(lines.len() > 100, "the policy was read");
        Policy(lines)
    }

    fn has(&self, role: &str, act: &str, near: &str, effect: &str) -> bool {
        self.0.contains(&(role.into(), act.into(), near.into(), effect.into()))
    }

    pub fn nears(&self, role: &str, act: &str) -> BTreeSet<&'static str> {
        let nears = ["own", "shared", "office", "area", "all", "glass"].into_iter();
        nears.filter(|near| self.has(role, act, near, "allow") && !self.has(role, act, near, "deny")).collect()
    }

    fn lets(&self, name: &str, act: &str, record: &Record) -> bool {
        let reach = self.nears(world::role_of(name), act);
        record.nears(name).iter().any(|near| reach.contains(near))
    }
}

/// The act that decides between 404 and 403 for a kind of record.
fn see_act(on: &str) -> String {
    match on {
        "trail" => "audit.see".into(),
        // `help.see` is the office's view of all help on a case.
        "help" => "help.read".into(),
        "possible_double" => "double.see".into(),
        _ => format!("{on}.see"),
    }
}

fn subject_of(act: &str) -> &'static str {
    acts::ALL.iter().find(|known| known.name == act).unwrap_or_else(|| panic!("unknown act {act}")).on
}

/// What `{…}` of a path is called.
fn params(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

fn fill(world: &World, path: &str, on: &str, id: &str) -> String {
    let mut filled = path.to_owned();
    for param in params(path) {
        let value = if param == on {
            id
        } else {
            let known = world.records.get(param).and_then(|records| records.first());
            known.map_or_else(
                || panic!("{path}: no id for {{{param}}} in tests/it/world.rs"),
                |record| record.id.as_str(),
            )
        };
        filled = filled.replace(&format!("{{{param}}}"), value);
    }
    filled
}

/// A second id of the same shape under which nothing stands.
fn unknown_id(on: &str) -> &'static str {
    if on == "area" { "99999" } else { "01900000-0000-7000-8000-ffffffffffff" }
}

/// Sends what a page (or a program) of that person would send, with nothing in it.
async fn knock(house: &House, token: Option<&str>, method: &Method, path: &str) -> Answer {
    let api = path.starts_with("/api/");
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
    let mut body = String::new();
    if let Some(token) = token {
        request = if api {
            request.header(header::AUTHORIZATION, format!("Bearer {token}"))
        } else {
            request.header(header::COOKIE, format!("__Host-sid={token}"))
        };
    }
    if *method != Method::GET {
        let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
        request = request.header(header::CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin");
        body = if api { "{}".into() } else { format!("_token={}", token.map(form_token).unwrap_or_default()) };
    }
    house.send(request.body(Body::from(body)).unwrap()).await
}

/// Somebody with a session for pages and one for programs.
struct Walker {
    name: &'static str,
    page: String,
    program: String,
}

impl Walker {
    async fn new(house: &House, name: &'static str) -> Walker {
        Walker {
            name,
            page: world::session(house, name, SessionKind::Cookie).await,
            program: world::session(house, name, SessionKind::Bearer).await,
        }
    }

    async fn knock(&self, house: &House, route: &Route, path: &str) -> Answer {
        let token = if path.starts_with("/api/") { &self.program } else { &self.page };
        knock(house, Some(token), &route.method, path).await
    }
}

/// What an emergency does not show.
const HIDDEN_BY_GLASS: &[&str] =
    &["Offence", "Penalty", "Court", "Ethnicity", "Religion", "Groupreason", "Groupreport"];

/// What stands on the sheet of a handover.
const HANDED: &[&str] = &[
    "Name",
    "Hamlet",
    "Phoneof",
    "Address",
    "Wishes",
    "Safely",
    "Help",
    "Task",
    "Step",
    "Partnerstep",
    "Partneropinion",
    "Talkopinion",
];
/// What a request opens to the province: papers, and no note.
const REQUESTED: &[&str] = &[
    "Name",
    "Alias",
    "Hamlet",
    "Phoneof",
    "Address",
    "Wishes",
    "Safely",
    "Number",
    "Source",
    "Certificate",
    "Offence",
    "Penalty",
    "Court",
];

/// No word of a part that this person may not see is in any answer to her.
fn no_canary(world: &World, name: &str, what: &str, answer: &Answer) {
    let text = answer.text();
    for canary in &world.canaries {
        let case = world.records["case"].iter().find(|record| record.label == canary.case).unwrap();
        let nears = case.nears(name);
        let may = match world::role_of(name) {
            "officer" | "supervisor" if nears.contains(&"glass") => !HIDDEN_BY_GLASS.contains(&canary.part),
            "officer" if what.contains("/handovers") && canary.case == "Own" => HANDED.contains(&canary.part),
            "officer" => nears.contains(&"own"),
            "province" => nears.contains(&"shared") && REQUESTED.contains(&canary.part),
            "supervisor" => nears.contains(&"office"),
            "partner" => nears.contains(&"shared") && HELPERS_PARTS.contains(&canary.part),
            // What stands on a list that was signed, and sent.
            "council" if canary.case == "Serving" => AWAY_PARTS.contains(&canary.part),
            "council" | "lender" => canary.case == "Lent" && LOAN_PARTS.contains(&canary.part),
            _ => false,
        };
        assert!(may || !text.contains(&canary.word), "{name} got {} from {what}", canary.word);
    }
}

fn is_denied(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 401 | 403 | 404) || answer.goes_to().starts_with("/sign-in")
}

async fn record_door(house: &House, world: &World, policy: &Policy, walker: &Walker, route: &Route, act: &str) {
    let on = subject_of(act);
    assert!(params(route.path).contains(&on), "{} asks for {act}, so its path must name {{{on}}}", route.path);
    let records = world.records.get(on).unwrap_or_else(|| panic!("no {on} in tests/it/world.rs"));
    let unknown = walker.knock(house, route, &fill(world, route.path, on, unknown_id(on))).await;
    assert_eq!(unknown.status, 404, "{} {} {}", walker.name, route.method, route.path);
    let garbled = walker.knock(house, route, &fill(world, route.path, on, "x")).await;
    assert_eq!((garbled.status, &garbled.bytes), (unknown.status, &unknown.bytes), "{} {}", walker.name, route.path);
    for record in records {
        let answer = walker.knock(house, route, &fill(world, route.path, on, &record.id)).await;
        let what = format!("{} {} {} ({} {})", walker.name, route.method, route.path, on, record.label);
        if !policy.lets(walker.name, &see_act(on), record) {
            assert_eq!(answer.status, 404, "{what}: may not be seen");
            assert_eq!(answer.bytes, unknown.bytes, "{what}: looks different from an unknown one");
        } else if !policy.lets(walker.name, act, record) {
            assert_eq!(answer.status, 403, "{what}: may be seen, not done");
        } else {
            assert!(!is_denied(&answer), "{what}: is allowed, but got {}\n{}", answer.status, answer.text());
            assert!(!answer.status.is_server_error(), "{what}: {}\n{}", answer.status, answer.text());
        }
        no_canary(world, walker.name, &what, &answer);
    }
}

/// A door without a record in its path is about the sender's own commune.
async fn own_commune_door(house: &House, world: &World, policy: &Policy, walker: &Walker, route: &Route, act: &str) {
    assert_eq!(subject_of(act), "area", "{} asks for {act}, so its path must name the record", route.path);
    let area = world::area_of(walker.name);
    let record = Record { label: "own commune", id: area.into(), area: Some(area), ..Record::default() };
    let answer = walker.knock(house, route, route.path).await;
    let what = format!("{} {} {}", walker.name, route.method, route.path);
    if !policy.lets(walker.name, &see_act("area"), &record) {
        assert_eq!(answer.status, 404, "{what}");
    } else if !policy.lets(walker.name, act, &record) {
        assert_eq!(answer.status, 403, "{what}");
    } else {
        assert!(!is_denied(&answer) && !answer.status.is_server_error(), "{what}: {}", answer.status);
    }
    no_canary(world, walker.name, &what, &answer);
}

async fn list_door(house: &House, world: &World, policy: &Policy, walker: &Walker, route: &Route, act: &str) {
    let answer = walker.knock(house, route, &fill(world, route.path, "", "")).await;
    let what = format!("{} {} {}", walker.name, route.method, route.path);
    if policy.nears(world::role_of(walker.name), act).is_empty() {
        assert_eq!(answer.status, 403, "{what}");
    } else {
        assert!(!is_denied(&answer), "{what}: is allowed, but got {}", answer.status);
        assert!(!answer.status.is_server_error(), "{what}: {}\n{}", answer.status, answer.text());
    }
    no_canary(world, walker.name, &what, &answer);
}

/// One person knocks at every door of the program's table. Each walks in a world of her own: the walks run side by side, and
/// none finds what another has ended.
async fn every_url(house: House, name: &'static str) {
    let (world, policy) = (World::build(&house).await, Policy::read());
    let mut walker = Walker::new(&house, name).await;
    // Whoever asked for a case ends that with an empty form, and then it is no longer near to her: knocked at last.
    let mut table = routes::table();
    table.sort_by_key(|(route, _)| route.path.ends_with("/{case_request}/ending"));
    for (route, _handler) in table {
        match route.gate {
            Gate::One(act) if params(route.path).is_empty() => {
                own_commune_door(&house, &world, &policy, &walker, &route, act).await;
            }
            Gate::One(act) => record_door(&house, &world, &policy, &walker, &route, act).await,
            Gate::List(act) => list_door(&house, &world, &policy, &walker, &route, act).await,
            Gate::SignedIn => {
                let path = fill(&world, route.path, "", "");
                let answer = walker.knock(&house, &route, &path).await;
                let signed_out = answer.goes_to() == "/sign-in" && path == "/sign-out";
                assert!(signed_out || !is_denied(&answer), "{name} {path}: {}", answer.status);
                no_canary(&world, name, &path, &answer);
                walker = Walker::new(&house, name).await;
            }
            Gate::Open => {}
        }
    }
}

/// A walk for each of the cast, and a test that nobody of the cast is left at home.
macro_rules! every_url_for_everybody {
    ($($name:ident)*) => {
        mod every_url_for {
            use super::*;
            $(both!($name, async |house: House| every_url(house, stringify!($name)).await);)*
        }

        #[test]
        fn every_url_for_everybody() {
            let mut walked = vec![$(stringify!($name)),*];
            let mut cast: Vec<_> = PEOPLE.iter().map(|person| person.0).collect();
            walked.sort_unstable();
            cast.sort_unstable();
            assert_eq!(walked, cast);
        }
    };
}

every_url_for_everybody! {
    officer officer2 officer3 supervisor supervisor3 province partner helper partner2 council lender admin inspector
}

both!(nobody_gets_in, async |house: House| {
    let world = World::build(&house).await;
    for (route, _handler) in routes::table() {
        if route.gate == Gate::Open {
            continue;
        }
        let path = fill(&world, route.path, "", "");
        for token in [None, Some("made-up"), Some("")] {
            let answer = knock(&house, token, &route.method, &path).await;
            let to_sign_in = answer.status == 303 && answer.goes_to().starts_with("/sign-in?next=");
            let page = !path.starts_with("/api/") && route.method == Method::GET;
            assert!(if page { to_sign_in } else { answer.status == 401 }, "{} {path}: {}", route.method, answer.status);
        }
    }
});

both!(a_session_of_one_kind_does_not_open_the_other_door, async |house: House| {
    let world = World::build(&house).await;
    let walker = Walker::new(&house, "officer").await;
    for (route, _handler) in routes::table() {
        if route.gate == Gate::Open {
            continue;
        }
        let path = fill(&world, route.path, "", "");
        // The token of a page at a program's door, and the other way round, both as cookie and as header.
        let wrong = if path.starts_with("/api/") { &walker.page } else { &walker.program };
        let answer = knock(&house, Some(wrong), &route.method, &path).await;
        assert!(is_denied(&answer), "{path}: {}", answer.status);
        let crossed = Request::builder().method(&route.method).uri(&path).header(header::HOST, "127.0.0.1:8080");
        let crossed = if path.starts_with("/api/") {
            crossed.header(header::COOKIE, format!("__Host-sid={}", walker.page))
        } else {
            crossed.header(header::AUTHORIZATION, format!("Bearer {}", walker.program))
        };
        let crossed = crossed.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
        assert!(is_denied(&house.send(crossed).await), "{path}");
    }
});

/// A form sent from somewhere.
struct From {
    site: Option<&'static str>,
    origin: Option<&'static str>,
    fine: bool,
}

async fn send_from(house: &House, path: &str, token: &str, body: String, from: &From) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, format!("__Host-sid={token}"));
    if let Some(site) = from.site {
        request = request.header("sec-fetch-site", site);
    }
    if let Some(origin) = from.origin {
        request = request.header(header::ORIGIN, origin);
    }
    house.send(request.body(Body::from(body)).unwrap()).await
}

const OURS: &str = "http://127.0.0.1:8080";

both!(a_form_from_another_site_does_nothing, async |house: House| {
    let world = World::build(&house).await;
    let case = &world.records["case"][0].id;
    let path = format!("/cases/{case}/visits");
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let body = |form: &str| format!("on=23/11/2026&kind=home&met=true&_token={form}");
    let visits = async || crate::raw::Raw::of(&house).await.number("select count(*) from visits").await;
    for site in [None, Some("same-origin"), Some("none"), Some("same-site"), Some("cross-site"), Some("nonsense")] {
        for origin in [None, Some(OURS), Some("https://evil.example"), Some("null"), Some("http://127.0.0.1:8081")] {
            let fine = match site {
                Some(site) => matches!(site, "same-origin" | "none"),
                None => origin == Some(OURS),
            };
            let from = From { site, origin, fine };
            let before = visits().await;
            let answer = send_from(&house, &path, &token, body(&form_token(&token)), &from).await;
            let status = if from.fine { 303 } else { 403 };
            assert_eq!(answer.status.as_u16(), status, "site {site:?} origin {origin:?}");
            assert_eq!(visits().await - before, i64::from(from.fine), "site {site:?} origin {origin:?}");
        }
    }
});

both!(a_form_without_its_token_does_nothing, async |house: House| {
    let world = World::build(&house).await;
    let policy = Policy::read();
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let other = world::session(&house, "officer", SessionKind::Cookie).await;
    let from = From { site: Some("same-origin"), origin: Some(OURS), fine: true };
    let mut forms = 0;
    for (route, _handler) in routes::table() {
        if route.method != Method::POST || route.path.starts_with("/api/") || route.gate == Gate::Open {
            continue;
        }
        let own = world.records["case"].iter().find(|record| record.label == "Own").unwrap();
        let path = match route.gate {
            Gate::One(act) => {
                let records = &world.records[subject_of(act)];
                let Some(record) = records.iter().find(|record| policy.lets("officer", act, record)) else { continue };
                fill(&world, route.path, subject_of(act), &record.id)
            }
            Gate::List(act) if policy.nears("officer", act).is_empty() => continue,
            _ => fill(&world, route.path, "case", &own.id),
        };
        forms += 1;
        for wrong in [String::new(), "0".repeat(32), form_token(&other)] {
            let answer = send_from(&house, &path, &token, format!("_token={wrong}"), &from).await;
            assert_eq!(answer.status, 403, "{path} with the token {wrong:?}");
        }
    }
    assert!(forms >= 4, "forms were found");
});

both!(a_known_url_asked_for_in_the_wrong_way, async |house: House| {
    let officer = house.as_("officer").await;
    let program = house.program("officer").await;
    for (path, allowed) in [("/cases", "GET,HEAD"), ("/case-searches", "POST"), ("/sign-in", "GET,HEAD,POST")] {
        let method = if path == "/case-searches" { Method::GET } else { Method::PATCH };
        let asked = officer.request(method.clone(), path).header("sec-fetch-site", "same-origin");
        let answer = house.send(asked.body(Body::empty()).unwrap()).await.expect(405);
        assert_eq!(answer.headers[header::ALLOW], allowed, "{path}");
        let page = answer.text();
        assert!(page.contains("Địa chỉ này không dùng theo cách đó") && page.contains("<html lang=\"vi\""), "{page}");
        assert!(answer.headers.contains_key("content-security-policy"));

        // A stranger is asked to sign in where she would be anyway.
        let asked = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        let stranger = house.send(asked.body(Body::empty()).unwrap()).await;
        match path {
            "/sign-in" => assert_eq!(stranger.expect(405).headers[header::ALLOW], allowed),
            "/cases" => assert!(!stranger.expect(401).text().contains("không dùng theo cách đó")),
            _ => assert!(stranger.expect(303).goes_to().starts_with("/sign-in?next=")),
        }
    }
    // Whether the record exists makes no difference.
    let (mut seen, case) =
        (Vec::new(), crate::follow_ups::open_case(&house, "officer2", "Lê Thị Hoa", "01/11/2026").await);
    for id in [case.to_string().as_str(), unknown_id("case"), "zzz"] {
        let asked = program.request(Method::DELETE, &format!("/api/v1/cases/{id}"));
        let answer = house.send(asked.body(Body::empty()).unwrap()).await.expect(405);
        assert_eq!(answer.json()["type"], "urn:duongve:wrong-method");
        seen.push((answer.headers[header::ALLOW].clone(), answer.text()));
    }
    assert!(seen.iter().all(|one| one == &seen[0]), "{seen:?}");
    let asked = Request::delete(format!("/api/v1/cases/{case}")).body(Body::empty()).unwrap();
    assert_eq!(house.send(asked).await.expect(401).json()["type"], "urn:duongve:sign-in");
});

both!(what_the_framework_cannot_read_is_refused_in_our_words, async |house: House| {
    let officer = house.as_("officer").await;
    let asset = officer.get("/assets/%ff").await.expect(404).text();
    assert_eq!(asset, officer.get("/nothing-here").await.expect(404).text());
    for path in ["/cases?cursor=a&cursor=b", "/sign-in?next=a&next=b", "/trail?cursor=a&cursor=b", "/rules?year=none"] {
        let answer = officer.get(path).await;
        assert!((400..500).contains(&answer.status.as_u16()), "{path}: {}", answer.status);
        assert!(answer.text().contains("<html lang=\"vi\""), "{path}: {}", answer.text());
    }
});
