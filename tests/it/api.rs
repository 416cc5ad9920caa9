//! Programs at the JSON door: who gets what, and what is refused how.

use crate::{
    both,
    house::{Answer, House, PASSWORD, Program},
};
use axum::{
    body::Body,
    http::{Method, header},
};
use jiff::civil::date;
use serde_json::{Value, json};

const KEY: &str = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a";
const OTHER_KEY: &str = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1b";

/// A request with headers of its own.
async fn send(
    house: &House,
    who: &Program<'_>,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Answer {
    let mut request = who.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// An officer of Ô Lâm opens the case of someone who came home three weeks ago.
async fn opened(officer: &Program<'_>, name: &str) -> Value {
    let body = json!({
        "name": name, "birth_on": "1991-01-01", "birth_precision": "year", "phone": "0912345678", "address": "Tổ 3",
        "hamlet": "Ấp Phước Lộc", "regime": "completed", "released_on": "2026-11-01", "received_on": "2026-11-02",
        "id_number": "012345678", "offence": "CANARY-OFFENCE", "penalty": "3 năm tù", "health": "CANARY-HEALTH",
        "ethnicity": "CANARY-ORIGIN", "contact_wishes": "Gọi trước", "visit_safely": "Đi buổi sáng",
        // The cast of these stories shares a telephone: whoever opens says that it is somebody else.
        "not_a_double": true,
    });
    officer.post("/api/v1/cases", &body).await.expect(201).json()
}

/// Names `partner` as the helper of a case, and gives the referral's id.
async fn referred(house: &House, officer: &Program<'_>, case: &str) -> String {
    let me = house.program("partner").await.get("/api/v1/me").await.expect(200).json();
    let body = json!({
        "organisation": me["organisation"], "helpers": [me["id"]], "purpose": "livelihood", "needs": "Vốn nuôi gà",
        "basis": "consent", "basis_ref": "Sổ 12",
    });
    let made = officer.post(&format!("/api/v1/cases/{case}/referrals"), &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn contact_of(officer: &Program<'_>, case: &str) -> Value {
    let view = officer.get(&format!("/api/v1/cases/{case}")).await.expect(200).json();
    let tasks = view["plan"]["tasks"].as_array().unwrap().clone();
    tasks.into_iter().find(|task| task["kind"] == "contact").expect("a contact is due")
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

#[track_caller]
fn assert_refused(answer: Answer, field: &str, code: &str) {
    let problem = answer.expect(422).json();
    assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    assert_eq!(problem["errors"][0]["code"], code, "{problem}");
}

both!(an_unknown_name_and_a_wrong_password_are_told_the_same, async |house: House| {
    let nobody = Program { house: &house, token: None };
    let wrong = json!({"username": "officer", "password": "sai mật khẩu rồi nhé"});
    let unknown = json!({"username": "nobody", "password": PASSWORD});
    let wrong = nobody.post("/api/v1/sessions", &wrong).await.expect(422);
    let unknown = nobody.post("/api/v1/sessions", &unknown).await.expect(422);
    assert_eq!(wrong.bytes, unknown.bytes);
    assert_eq!(wrong.headers[header::CONTENT_TYPE], "application/problem+json");
    // The demo's accounts work on this machine only.
    let body = json!({"username": "officer", "password": PASSWORD});
    let elsewhere = nobody.request(Method::POST, "/api/v1/sessions").body(Body::from(body.to_string())).unwrap();
    let answer = house.send_from([203, 0, 113, 9], elsewhere).await.expect(422);
    assert_eq!(answer.bytes, wrong.bytes);
});

both!(a_program_learns_who_it_is_and_ends_its_session, async |house: House| {
    let officer = house.program("officer").await;
    let me = officer.get("/api/v1/me").await.expect(200).json();
    assert_eq!((&me["username"], &me["role"], &me["area"]), (&json!("officer"), &json!("officer"), &json!("30577")));
    assert!(me["acts"].as_array().unwrap().contains(&json!("visit.log")));
    assert_eq!(me["nears"]["case.see"], json!(["own", "glass"]));
    // A cookie's token does not open the programs' door, nor a bearer token the pages'.
    let cookie = house.as_("officer").await.token().to_owned();
    let as_bearer = Program { house: &house, token: Some(cookie.clone()) };
    let refused = as_bearer.get("/api/v1/me").await.expect(401);
    assert_eq!(refused.headers[header::WWW_AUTHENTICATE], "Bearer");
    house.as_("officer").await.get("/api/v1/me").await.expect(401);
    let answer = send(&house, &officer, Method::DELETE, "/api/v1/sessions/current", &[], &Value::Null).await;
    assert_eq!(answer.status, 204);
    officer.get("/api/v1/me").await.expect(401);
});

both!(the_province_has_no_list_and_does_not_see_it_in_its_acts, async |house: House| {
    let province = house.program("province").await;
    let me = province.get("/api/v1/me").await.expect(200).json();
    assert!(!me["acts"].as_array().unwrap().contains(&json!("follow_up.list")));
    province.get("/api/v1/follow-ups").await.expect(403);
    province.get("/api/v1/cases").await.expect(403);
});

both!(reference_data_is_cut_by_scope_and_paged, async |house: House| {
    let officer = house.program("officer").await;
    let areas = officer.get("/api/v1/areas?count=true").await.expect(200).json();
    assert_eq!((&areas["count"], &areas["items"][0]["code"]), (&json!(1), &json!("30577")));
    assert_eq!(areas["items"][0]["full_name"], "Xã Ô Lâm");
    let admin = house.program("admin").await;
    let first = admin.get("/api/v1/areas?limit=2").await.expect(200).json();
    assert!(first.get("count").is_none(), "no total unless it is asked for");
    let next = first["next"].as_str().unwrap();
    let second = admin.get(&format!("/api/v1/areas?limit=2&cursor={next}")).await.expect(200).json();
    assert!(first["items"][1]["code"].as_str() < second["items"][0]["code"].as_str());
    let own = house.program("partner").await.get("/api/v1/organisations").await.expect(200).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "a helper sees her own organisation");
    let lookups = officer.get("/api/v1/lookups").await.expect(200).json();
    assert_eq!(lookups["regimes"].as_array().unwrap().len(), 8);
    let rule =
        |word: &str| lookups["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == word).unwrap().clone();
    assert_eq!(rule("address_check")["legal_basis"], "TT 10/2024/TT-BCA Điều 8");
    assert_eq!(
        (rule("contact_b")["legal_basis"].clone(), rule("contact_b")["amount"].clone()),
        (Value::Null, json!(30))
    );
});

both!(what_cannot_be_asked_is_refused_by_its_own_status, async |house: House| {
    let officer = house.program("officer").await;
    for limit in ["0", "101", "x"] {
        assert_refused(officer.get(&format!("/api/v1/cases?limit={limit}")).await, "limit", "out_of_range");
    }
    // Not a cursor, and one of another list.
    for cursor in ["rubbish", "i1.i2", "d2026-11-23.i7"] {
        officer.get(&format!("/api/v1/follow-ups?cursor={cursor}")).await.expect(400);
        officer.get(&format!("/api/v1/cases?cursor={cursor}")).await.expect(400);
    }
    officer.get("/api/v1/cases?colour=red").await.expect(422);
    let body = json!({"name": "Kim Thị Vân", "regime": "completed", "colour": "red"});
    assert_refused(officer.post("/api/v1/cases", &body).await, "colour", "unknown_field");
    let broken = officer.request(Method::POST, "/api/v1/cases").body(Body::from("{\"name\":")).unwrap();
    house.send(broken).await.expect(400);
    let form = axum::http::Request::builder()
        .method(Method::POST)
        .uri("/api/v1/cases")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, format!("Bearer {}", officer.token.as_deref().unwrap()));
    house.send(form.body(Body::from("name=x")).unwrap()).await.expect(415);
    let body = json!({"name": "Kim Thị Vân", "regime": "completed", "received_on": "02/11/2026"});
    assert_refused(officer.post("/api/v1/cases", &body).await, "received_on", "not_a_date");
    let body = json!({"name": "", "regime": "none", "contact_wishes": "x".repeat(900)});
    let problem = officer.post("/api/v1/cases", &body).await.expect(422).json();
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "contact_wishes", "regime"], "every field at once, under the names of the body");
    officer.get("/api/v1/nothing").await.expect(404);
});

both!(the_office_opens_reads_and_corrects_a_case, async |house: House| {
    let officer = house.program("officer").await;
    let case = opened(&officer, "Nguyễn Văn Đức").await;
    let path = format!("/api/v1/cases/{}", id(&case));
    assert_eq!(case["officer"]["name"], "Kim Sa Rươl", "the opener is in charge");
    assert_eq!((&case["birth_on"], &case["birth_precision"]), (&json!("1991-01-01"), &json!("year")));
    assert_eq!(case["contact"]["contact_wishes"], "Gọi trước");
    let read = officer.get(&path).await.expect(200);
    let (etag, view) = (read.headers[header::ETAG].to_str().unwrap().to_owned(), read.json());
    assert_eq!(etag, format!("\"{}\"", view["version"]));
    let masked = view["identity"]["number"].as_str().unwrap();
    assert_eq!(masked, "012••••78");
    let whole = officer.get(&format!("{path}?reveal=identity")).await.expect(200).json();
    assert_eq!(whole["identity"]["number"], "012345678");
    let keys = ["legal", "sentence", "health", "classification", "origin", "protected_note", "plan"];
    assert!(keys.iter().all(|key| view.get(key).is_some()), "{view}");

    let change = json!({"phone": "0987654321"});
    let problem = send(&house, &officer, Method::PATCH, &path, &[], &change).await.expect(428).json();
    assert_eq!(problem["type"], "urn:duongve:no-version");
    send(&house, &officer, Method::PATCH, &path, &[("if-match", "\"999\"")], &change).await.expect(412);
    let after = send(&house, &officer, Method::PATCH, &path, &[("if-match", &etag)], &change).await.expect(200);
    assert_ne!(after.headers[header::ETAG].to_str().unwrap(), etag);
    let after = after.json();
    assert_eq!(after["contact"]["phone"], "+84987654321");
    assert_eq!(
        (&after["name"], &after["birth_precision"], &after["hamlet"]),
        (&view["name"], &json!("year"), &view["hamlet"])
    );
    send(&house, &officer, Method::PATCH, &path, &[("if-match", &etag)], &change).await.expect(412);
    let (now, address) = (format!("\"{}\"", after["version"]), json!({"address": "Tổ 5"}));
    let moved = send(&house, &officer, Method::PATCH, &path, &[("if-match", &now)], &address).await.expect(200).json();
    assert_eq!(
        (&moved["contact"]["address"], &moved["contact"]["phone"]),
        (&json!("Tổ 5"), &after["contact"]["phone"])
    );

    // Another commune's officer and an unknown id: the same bytes.
    let stranger = house.program("officer3").await;
    let unseen = stranger.get(&path).await.expect(404);
    let unknown = stranger.get(&format!("/api/v1/cases/{KEY}")).await.expect(404);
    assert_eq!(unseen.bytes, unknown.bytes);
});

both!(people_are_listed_as_vietnamese_sort_them_and_found_without_marks, async |house: House| {
    let officer = house.program("officer").await;
    for name in ["Trần Thị Bông", "Nguyễn Văn Đức", "Chau Sóc An"] {
        opened(&officer, name).await;
    }
    let names = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = officer.get("/api/v1/cases?limit=2&count=true&mine=true").await.expect(200).json();
    assert_eq!(names(&first), ["Chau Sóc An", "Trần Thị Bông"]);
    assert_eq!(first["count"], 3);
    let next = first["next"].as_str().unwrap();
    let rest = officer.get(&format!("/api/v1/cases?limit=2&cursor={next}")).await.expect(200).json();
    assert_eq!((names(&rest), &rest["next"]), (vec!["Nguyễn Văn Đức".to_owned()], &Value::Null));
    let newest = officer.get("/api/v1/cases?sort=opened&status=active").await.expect(200).json();
    assert_eq!(names(&newest).len(), 3);
    for q in ["nguyen van duc", "012345678"] {
        let found = officer.post("/api/v1/case-searches", &json!({"q": q})).await.expect(200).json();
        assert!(names(&found).contains(&"Nguyễn Văn Đức".to_owned()), "{q}: {found}");
    }
    assert_refused(officer.post("/api/v1/case-searches", &json!({"q": " "})).await, "q", "empty");
    let elsewhere = house.program("officer3").await;
    let none = elsewhere.post("/api/v1/case-searches", &json!({"q": "duc"})).await.expect(200).json();
    assert!(names(&none).is_empty());
});

both!(the_same_key_does_it_once, async |house: House| {
    let officer = house.program("officer").await;
    let case = id(&opened(&officer, "Nguyễn Văn Đức").await);
    let other = id(&opened(&officer, "Lê Thị Hai").await);
    let path = format!("/api/v1/cases/{case}/visits");
    let body = json!({"on": "2026-11-23", "kind": "home", "met": true, "note": "Ở nhà"});
    let key = [("idempotency-key", KEY)];
    let first = send(&house, &officer, Method::POST, &path, &key, &body).await.expect(201);
    let again = send(&house, &officer, Method::POST, &path, &key, &body).await.expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(first.headers[header::LOCATION], again.headers[header::LOCATION]);
    let visits = officer.get(&format!("{path}?count=true")).await.expect(200).json();
    assert_eq!(visits["count"], 1);
    // The same key for another body, or the same body to another person.
    let changed = json!({"on": "2026-11-23", "kind": "office", "met": true});
    send(&house, &officer, Method::POST, &path, &key, &changed).await.expect(409);
    let elsewhere = format!("/api/v1/cases/{other}/visits");
    send(&house, &officer, Method::POST, &elsewhere, &key, &body).await.expect(409);
    assert_refused(
        send(&house, &officer, Method::POST, &path, &[("idempotency-key", "one")], &body).await,
        "Idempotency-Key",
        "not_a_key",
    );
    // The place that was told can be read.
    let place = first.goes_to().to_owned();
    assert_eq!(officer.get(&place).await.expect(200).json()["note"], "Ở nhà");
    // Handed over: the same request finds nothing any more.
    let supervisor = house.program("supervisor").await;
    let to = json!({"officer": "officer2", "reason": "Chuyển công tác"});
    let assignments = format!("/api/v1/cases/{case}/assignments");
    let key2 = [("idempotency-key", OTHER_KEY)];
    let made = send(&house, &supervisor, Method::POST, &assignments, &key2, &to).await.expect(201).json();
    assert_eq!(made["officer"]["name"], "Trần Ngọc Diễm");
    let same = send(&house, &supervisor, Method::POST, &assignments, &key2, &to).await.expect(201).json();
    assert_eq!(made, same);
    send(&house, &officer, Method::POST, &path, &key, &body).await.expect(404);
    let history = supervisor.get(&format!("{assignments}?limit=1")).await.expect(200).json();
    assert_eq!(history["items"][0]["to_on"], Value::Null);
    let next = history["next"].as_str().unwrap();
    let before = supervisor.get(&format!("{assignments}?cursor={next}")).await.expect(200).json();
    assert_eq!((&before["items"][0]["to_on"], &before["next"]), (&json!("2026-11-23"), &Value::Null));
});

both!(a_visit_settles_the_contact_and_its_withdrawal_opens_it_again, async |house: House| {
    let case = id(&opened(&house.program("officer").await, "Nguyễn Văn Đức").await);
    house.go_to(date(2026, 12, 10));
    let officer = house.program("officer").await;
    let overdue = officer.get("/api/v1/follow-ups?state=overdue&mine=true&count=true").await.expect(200).json();
    let contact = contact_of(&officer, &case).await;
    let line = overdue["items"].as_array().unwrap().iter().find(|line| line["id"] == contact["id"]).unwrap();
    assert_eq!(line["case"]["name"], "Nguyễn Văn Đức");
    let due: jiff::civil::Date = line["due_on"].as_str().unwrap().parse().unwrap();
    let late = due.until((jiff::Unit::Day, date(2026, 12, 10))).unwrap().get_days();
    assert_eq!(line["days_late"], late);
    assert_eq!(line["why"]["rule"], "first_contact");
    let why = line["why"]["text"].as_str().unwrap();
    assert!(why.contains("First met visit after reception"), "{why}");
    assert_eq!(overdue["count"].as_i64().unwrap(), overdue["items"].as_array().unwrap().len() as i64);
    // Settled by a visit and by nothing else.
    let completion = format!("/api/v1/follow-ups/{}/completion", id(line));
    assert_refused(officer.post(&completion, &json!({"note": "Đã gọi"})).await, "", "needs_visit");

    let path = format!("/api/v1/cases/{case}/visits");
    let visit = json!({"on": "2026-12-10", "kind": "home", "met": true, "next_on": "2027-03-01"});
    assert_refused(officer.post(&path, &visit).await, "next_on", "later_than_the_rule");
    let visit = json!({"on": "2026-12-10", "kind": "home", "met": true});
    let visit = officer.post(&path, &visit).await.expect(201).json();
    assert_ne!(contact_of(&officer, &case).await["id"], contact["id"]);
    let done = officer.get("/api/v1/follow-ups?state=done").await.expect(200).json();
    assert!(done["items"].as_array().unwrap().iter().any(|line| line["id"] == contact["id"]));

    let withdrawal = format!("/api/v1/visits/{}/withdrawal", id(&visit));
    assert_refused(officer.post(&withdrawal, &json!({})).await, "reason", "empty");
    let (stale, body) = ([("if-match", "\"9\"")], json!({"reason": "Nhầm"}));
    send(&house, &officer, Method::POST, &withdrawal, &stale, &body).await.expect(412);
    let (key, body) = ([("idempotency-key", KEY)], json!({"reason": "Ghi nhầm người"}));
    let back = send(&house, &officer, Method::POST, &withdrawal, &key, &body).await.expect(200).json();
    assert_eq!(send(&house, &officer, Method::POST, &withdrawal, &key, &body).await.expect(200).json(), back);
    assert_eq!(back["withdrawn"]["reason"], "Ghi nhầm người");
    assert_eq!(contact_of(&officer, &case).await["id"], contact["id"]);
    assert_refused(officer.post(&withdrawal, &json!({"reason": "Lại"})).await, "", "already_withdrawn");
});

both!(a_contact_is_put_off_by_half_its_interval_and_twice_running, async |house: House| {
    let officer = house.program("officer").await;
    let case = id(&opened(&officer, "Nguyễn Văn Đức").await);
    let visit = json!({"on": "2026-11-23", "kind": "home", "met": true});
    officer.post(&format!("/api/v1/cases/{case}/visits"), &visit).await.expect(201);
    let contact = contact_of(&officer, &case).await;
    let due: jiff::civil::Date = contact["due_on"].as_str().unwrap().parse().unwrap();
    let interval = date(2026, 11, 23).until((jiff::Unit::Day, due)).unwrap().get_days();
    assert_eq!(interval, 15, "thirty days, halved in the first months");
    let path = format!("/api/v1/follow-ups/{}/postponement", id(&contact));
    let to = |days: i64| json!({"to_on": duongve::base::time::plus_days(due, days).to_string(), "reason": "Đi làm xa"});
    assert_refused(officer.post(&path, &to(8)).await, "to_on", "too_late_a_day");
    assert_refused(officer.post(&path, &to(0)).await, "to_on", "not_later");
    assert_refused(officer.post(&path, &json!({"reason": "x"})).await, "to_on", "empty");
    let first = officer.post(&path, &to(7)).await.expect(200).json();
    assert_eq!((&first["postponed"], &first["id"]), (&json!(1), &contact["id"]));
    assert_eq!(officer.post(&path, &to(10)).await.expect(200).json()["postponed"], 2);
    assert_refused(officer.post(&path, &to(12)).await, "to_on", "too_often");
});

both!(a_helper_gets_her_own_view_and_nothing_else, async |house: House| {
    let officer = house.program("officer").await;
    let case = id(&opened(&officer, "Nguyễn Văn Đức").await);
    let path = format!("/api/v1/cases/{case}");
    let partner = house.program("partner").await;
    partner.get(&path).await.expect(404);
    let referral = referred(&house, &officer, &case).await;
    let visit =
        json!({"on": "2026-11-22", "kind": "home", "met": true, "note": "CANARY-NOTE", "shared_note": "Cần giống gà"});
    officer.post(&format!("{path}/visits"), &visit).await.expect(201);
    officer
        .post(&format!("{path}/visits"), &json!({"on": "2026-11-21", "kind": "home", "met": false}))
        .await
        .expect(201);
    let me = partner.get("/api/v1/me").await.expect(200).json();
    let task = json!({"what": "Đưa giống gà", "due_on": "2026-11-30", "organisation": me["organisation"]});
    let task = officer.post(&format!("{path}/tasks"), &task).await.expect(201).json();
    assert_eq!(task["kind"], "partner_task");

    let view = partner.get(&path).await.expect(200);
    assert!(view.headers.get(header::ETAG).is_none(), "a version tells that the office changed something");
    let view = view.json();
    let keys: Vec<&str> = view.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "contact", "hamlet", "id", "name", "needs", "tasks"]);
    assert_eq!(view["needs"][0]["needs"], "Vốn nuôi gà");
    assert!(view["needs"][0].get("basis").is_none());
    assert_eq!(view["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(view["tasks"][0]["why"]["text"], "agreed with you");
    assert!(view["tasks"][0].get("officer").is_none());
    for narrowed in ["status=closed", "sort=opened", "area=30301"] {
        assert_refused(partner.get(&format!("/api/v1/cases?{narrowed}")).await, "", "no_filter_here");
    }
    let list = partner.get("/api/v1/cases?mine=true").await.expect(200).json();
    let keys: Vec<&str> = list["items"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "hamlet", "id", "name", "phone"], "and nothing that tells a status");
    let visits = partner.get(&format!("{path}/visits?count=true")).await.expect(200).json();
    assert_eq!(visits["count"], 1, "the visit that has no word for her is not there");
    let keys: Vec<&str> = visits["items"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["by", "id", "on", "shared_note"]);
    let tasks = partner.get("/api/v1/follow-ups?state=upcoming&mine=true").await.expect(200).json();
    assert_eq!((tasks["items"].as_array().unwrap().len(), &tasks["items"][0]["id"]), (1, &task["id"]));

    // Her own visit: no officer's note; its next day is a task of hers.
    let mut own = json!({"on": "2026-11-23", "kind": "home", "met": true, "note": "x", "next_on": "2026-12-20"});
    assert_refused(partner.post(&format!("{path}/visits"), &own).await, "note", "not_for_helpers");
    own.as_object_mut().unwrap().remove("note");
    let key = [("idempotency-key", KEY)];
    let logged = send(&house, &partner, Method::POST, &format!("{path}/visits"), &key, &own).await.expect(201).json();
    assert!(logged.get("note").is_none());
    let tasks = partner.get("/api/v1/follow-ups?state=upcoming").await.expect(200).json();
    assert!(tasks["items"].as_array().unwrap().iter().any(|task| task["due_on"] == "2026-12-20"));
    let done = partner.post(&format!("/api/v1/follow-ups/{}/completion", id(&task)), &json!({"note": "Đã đưa"})).await;
    assert_ne!(done.expect(200).json()["done_at"], Value::Null);
    for closed in ["referrals", "assignments"] {
        partner.get(&format!("{path}/{closed}")).await.expect(403);
    }
    let (paths, every) = (["", "/visits", "/timeline"], ["/api/v1/cases", "/api/v1/follow-ups?state=done"]);
    for url in paths.iter().map(|end| format!("{path}{end}")).chain(every.map(str::to_owned)) {
        assert!(!partner.get(&url).await.text().contains("CANARY"), "{url}");
    }

    // The referral ends: the same request, with the same key, finds nothing.
    let ending = format!("/api/v1/referrals/{referral}/ending");
    let (again, reason) = ([("idempotency-key", OTHER_KEY)], json!({"reason": "Người được hỗ trợ rút lại đồng ý"}));
    let ended = send(&house, &officer, Method::POST, &ending, &again, &reason).await.expect(200).json();
    assert_ne!(ended["ended_at"], Value::Null);
    assert_eq!(send(&house, &officer, Method::POST, &ending, &again, &reason).await.expect(200).json(), ended);
    assert_refused(officer.post(&ending, &reason).await, "", "already_ended");
    send(&house, &partner, Method::POST, &format!("{path}/visits"), &key, &own).await.expect(404);
    partner.get(&path).await.expect(404);
    // A member of the same organisation who is not named never saw the person.
    house.program("helper").await.get(&path).await.expect(404);
});

both!(family_and_help_are_written_down_and_the_timeline_tells_them, async |house: House| {
    let officer = house.program("officer").await;
    let case = id(&opened(&officer, "Nguyễn Văn Đức").await);
    let path = format!("/api/v1/cases/{case}");
    referred(&house, &officer, &case).await;
    let wife = json!({"name": "Trần Thị Lụa", "relation": "vợ", "needs": "CANARY-FAMILY"});
    let wife = officer.post(&format!("{path}/relatives"), &wife).await.expect(201).json();
    assert_refused(officer.post(&format!("{path}/relatives"), &json!({"relation": "mẹ"})).await, "name", "empty");
    let view = officer.get(&path).await.expect(200).json();
    assert_eq!(view["family"][0]["name"], "Trần Thị Lụa");
    let ending = format!("/api/v1/relatives/{}/ending", id(&wife));
    let key = [("idempotency-key", OTHER_KEY)];
    let ended = send(&house, &officer, Method::POST, &ending, &key, &json!({})).await.expect(200).json();
    assert_ne!(ended["ended_at"], Value::Null);
    assert_eq!(send(&house, &officer, Method::POST, &ending, &key, &json!({})).await.expect(200).json(), ended);
    assert_refused(officer.post(&ending, &json!({})).await, "", "already_ended_relative");

    let partner = house.program("partner").await;
    let loan = json!({"kind": "loan", "what": "Vay nuôi gà", "vnd": 50_000_000, "fund": "Quỹ Hội"});
    let key = [("idempotency-key", KEY)];
    let help = format!("{path}/help");
    let loan_made = send(&house, &partner, Method::POST, &help, &key, &loan).await.expect(201).json();
    let again = send(&house, &partner, Method::POST, &help, &key, &loan).await.expect(201).json();
    assert_eq!((&loan_made, &loan_made["vnd"]), (&again, &json!(50_000_000)));
    officer.post(&help, &json!({"kind": "papers", "what": "CANARY-HELP", "state": "given"})).await.expect(201);
    let change = format!("/api/v1/help/{}", id(&loan_made));
    let given = json!({"state": "given"});
    send(&house, &partner, Method::PATCH, &change, &[], &given).await.expect(428);
    let now = format!("\"{}\"", loan_made["version"]);
    let after = send(&house, &partner, Method::PATCH, &change, &[("if-match", &now)], &given).await.expect(200).json();
    assert_eq!((&after["state"], &after["given_on"]), (&json!("given"), &json!("2026-11-23")));
    send(&house, &partner, Method::PATCH, &change, &[("if-match", &now)], &given).await.expect(412);

    for day in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        let visit = json!({"on": day, "kind": "home", "met": true, "note": "CANARY-NOTE"});
        officer.post(&format!("{path}/visits"), &visit).await.expect(201);
    }
    // Page by page the timeline is the same as in one, newest first, nothing twice and nothing left out.
    let whole = officer.get(&format!("{path}/timeline?limit=100&count=true")).await.expect(200).json();
    let entries = whole["items"].as_array().unwrap().clone();
    assert_eq!(whole["count"].as_u64(), Some(entries.len() as u64));
    let kinds: std::collections::BTreeSet<&str> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert!(["assignment", "help", "referral", "task", "visit"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    assert!(entries.windows(2).all(|pair| pair[0]["on"].as_str() >= pair[1]["on"].as_str()));
    let (mut cut, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = officer.get(&format!("{path}/timeline?limit=2{cursor}")).await.expect(200).json();
        cut.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(cut, entries);
    officer.get(&format!("{path}/timeline?cursor=i1.i2")).await.expect(400);
    let hers = partner.get(&format!("{path}/timeline?limit=100")).await.expect(200).text();
    assert!(hers.contains("Vay nuôi gà") && !hers.contains("CANARY"), "{hers}");
    partner.get(&format!("{path}/relatives")).await.expect(403);
});

both!(the_head_and_the_province_count_the_same, async |house: House| {
    let officer = house.program("officer").await;
    opened(&officer, "Nguyễn Văn Đức").await;
    opened(&officer, "Lê Thị Hai").await;
    opened(&house.program("officer3").await, "Phan Văn Ba").await;
    house.go_to(date(2026, 12, 10));
    let (head, province) = (house.program("supervisor").await, house.program("province").await);
    let hers = head.get("/api/v1/follow-up-counts").await.expect(200).json();
    let all = province.get("/api/v1/follow-up-counts?count=true").await.expect(200).json();
    assert_eq!((&hers["items"].as_array().unwrap().len(), &all["count"]), (&1, &json!(2)));
    let one = province.get("/api/v1/follow-up-counts?area=30577").await.expect(200).json();
    assert_eq!(one["items"], hers["items"]);
    let row = &hers["items"][0];
    assert_eq!(row["officer"]["name"], "Kim Sa Rươl");
    let mut listed = 0;
    for state in ["overdue", "today", "upcoming"] {
        let list =
            head.get(&format!("/api/v1/follow-ups?state={state}&count=true&area=30577")).await.expect(200).json();
        listed += list["count"].as_i64().unwrap();
        if state == "overdue" {
            assert_eq!(list["count"], row["overdue"]);
            assert_eq!(list["items"][0]["days_late"], row["oldest_days"], "the oldest comes first");
        }
    }
    assert_eq!(row["open"], listed);
    house.program("officer").await.get("/api/v1/follow-up-counts").await.expect(403);
});

both!(a_digest_is_its_readers_and_walled_again, async |house: House| {
    let case = id(&opened(&house.program("officer").await, "Nguyễn Văn Đức").await);
    house.go_to(date(2026, 12, 10));
    for _round in 0..20 {
        duongve::jobs::tick(&house.app).await.unwrap();
    }
    let head = house.program("supervisor").await;
    let list = head.get("/api/v1/digests?mine=true&count=true").await.expect(200).json();
    assert!(list["count"].as_i64().unwrap() >= 1, "{list}");
    let digest = &list["items"][0];
    assert!(digest.get("rows").is_none());
    assert!(digest["counts"]["overdue"].as_i64().unwrap() > 0, "{digest}");
    let path = format!("/api/v1/digests/{}", id(digest));
    let opened = head.get(&path).await.expect(200).json();
    assert_eq!((&opened["counts"], &opened["on"]), (&digest["counts"], &digest["on"]));
    assert!(opened["rows"].as_array().unwrap().iter().any(|row| row["case_id"] == json!(case)), "{opened}");
    house.program("supervisor3").await.get(&path).await.expect(404);
    house.program("officer").await.get("/api/v1/digests").await.expect(403);
});

both!(a_problem_speaks_the_language_that_was_asked_for, async |house: House| {
    let ask = async |lang: &str| {
        let request = axum::http::Request::builder().uri("/api/v1/me").header(header::ACCEPT_LANGUAGE, lang);
        let answer = house.send(request.body(Body::empty()).unwrap()).await.expect(401);
        answer.json()["title"].as_str().unwrap().to_owned()
    };
    let (vi, en) = (ask("vi").await, ask("en-GB,en;q=0.9").await);
    assert!(vi != en && !vi.starts_with("oops") && !en.starts_with("oops"), "{vi} / {en}");
});

both!(a_case_opened_for_a_colleague_stands_and_odd_words_are_no_fault_of_ours, async |house: crate::house::House| {
    let body = serde_json::json!({"name": "Trần Văn Giao", "regime": "completed", "officer": "officer"});
    let answer = house.program("officer2").await.post("/api/v1/cases", &body).await.expect(201);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    house.program("officer2").await.get(&format!("/api/v1/cases/{id}")).await.expect(404);
    house.program("officer").await.get(&format!("/api/v1/cases/{id}")).await.expect(200);
    // The id of a case tells no day: it is not made of the time.
    assert_eq!(uuid::Uuid::parse_str(&id).unwrap().get_version_num(), 4);

    let odd = serde_json::json!({"username": "a\u{0}b", "password": "x\u{0}"});
    house.nobody_program().post("/api/v1/sessions", &odd).await.expect(422);
    let asked = house.program("officer").await.get("/api/v1/cases?area=%00").await;
    assert!(asked.status.is_client_error(), "{}", asked.text());
});
