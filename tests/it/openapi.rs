//! The program's description of itself tells the truth: every call is in it, and real answers fit it.

use crate::{both, house::House};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn document(house: &House) -> Value {
    let nobody = crate::house::Program { house, token: None };
    nobody.get("/api/openapi.json").await.expect(200).json()
}

#[tokio::test]
async fn every_call_is_described_and_nothing_else_is() {
    let house = House::new(crate::house::Kind::Sqlite).await;
    let document = document(&house).await;
    let routes: BTreeSet<(String, String)> = duongve::routes::table()
        .into_iter()
        .filter(|(route, _)| route.path.starts_with("/api/"))
        .map(|(route, _)| (route.path.to_owned(), route.method.as_str().to_lowercase()))
        .collect();
    let (mut described, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((path.clone(), method.clone()));
            assert!(
                operation["description"].is_string() || operation["summary"].is_string(),
                "{method} {path} says nothing"
            );
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(ids.insert(id.to_owned()), "{id} names two operations");
            for one in operation["parameters"].as_array().into_iter().flatten() {
                assert!(one["schema"].is_object(), "{method} {path}: {} is of no shape", one["name"]);
            }
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(parameters.iter().any(|one| one["name"] == name && one["in"] == "path"), "{path}: {name}");
            }
        }
    }
    assert_eq!(routes, described);
    let mut referred = BTreeSet::new();
    references(&document, &mut referred);
    for name in referred {
        assert!(document["components"]["schemas"].get(&name).is_some(), "{name} is referred to and not described");
    }
    assert_eq!(document["info"]["title"], "Đường Về");
    let open: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(path, item)| {
            let free = |operation: &Value| operation["security"].as_array().is_some_and(|all| all.contains(&json!({})));
            item.as_object().unwrap().values().any(free).then_some(path.as_str())
        })
        .collect();
    assert_eq!(open, ["/api/openapi.json", "/api/v1/sessions"]);
}

fn references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(place) = fields.get("$ref").and_then(Value::as_str) {
                into.insert(place.rsplit('/').next().unwrap().to_owned());
            }
            fields.values().for_each(|value| references(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, into)),
        _ => {}
    }
}

/// What does not fit the description; nothing if all does. A key that is not described does not fit.
fn misfit(document: &Value, schema: &Value, value: &Value, place: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let found = document.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} is not there"));
        return misfit(document, found, value, place);
    }
    if let Some(any) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let misfits: Vec<String> = any.iter().map_while(|one| misfit(document, one, value, place)).collect();
        return (misfits.len() == any.len()).then(|| misfits.join(" | "));
    }
    if schema["allOf"].is_array() || schema["properties"].is_object() {
        return misfit_object(document, schema, value, place);
    }
    let types = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        _ => return None,
    };
    let fits = types.iter().any(|kind| match kind.as_str() {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}: a type that the check does not know"),
    });
    if !fits {
        return Some(format!("{place}: {value} is not {types:?}"));
    }
    if let (Some(text), Some(format)) = (value.as_str(), schema["format"].as_str()) {
        let fits = match format {
            "date" => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
            "date-time" => text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
            "uuid" => text.parse::<uuid::Uuid>().is_ok(),
            _ => true,
        };
        if !fits {
            return Some(format!("{place}: {text} is no {format}"));
        }
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value) && !value.is_null()) {
        return Some(format!("{place}: {value} is no word of the list"));
    }
    if let (Some(items), Some(all)) = (schema.get("items"), value.as_array()) {
        return all.iter().find_map(|one| misfit(document, items, one, &format!("{place}[]")));
    }
    let (others, fields) = (schema.get("additionalProperties"), value.as_object());
    others.zip(fields)?.1.iter().find_map(|(key, one)| misfit(document, others?, one, &format!("{place}.{key}")))
}

fn misfit_object(document: &Value, schema: &Value, value: &Value, place: &str) -> Option<String> {
    let nullable = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    if nullable && value.is_null() {
        return None;
    }
    let Some(fields) = value.as_object() else { return Some(format!("{place}: {value} is no object")) };
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    gather(document, schema, &mut properties, &mut required);
    if let Some(missing) = required.iter().find(|key| !fields.contains_key(*key)) {
        return Some(format!("{place}: {missing} is missing"));
    }
    fields.iter().find_map(|(key, one)| match properties.get(key) {
        Some(property) => misfit(document, property, one, &format!("{place}.{key}")),
        None => Some(format!("{place}: {key} is not described")),
    })
}

/// The properties of an object and of all that it is made of.
fn gather(
    document: &Value,
    schema: &Value,
    properties: &mut serde_json::Map<String, Value>,
    required: &mut Vec<String>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        return gather(document, document.pointer(name.trim_start_matches('#')).unwrap(), properties, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(document, part, properties, required);
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        properties.insert(key.clone(), property.clone());
    }
    let names = schema["required"].as_array().into_iter().flatten();
    required.extend(names.map(|name| name.as_str().unwrap().to_owned()));
}

#[track_caller]
fn assert_fits(document: &Value, method: &Method, path: &str, status: u16, answer: &Value) {
    let operation = &document["paths"][path][method.as_str().to_lowercase()];
    let responses = &operation["responses"];
    let told = responses.get(status.to_string()).unwrap_or(&responses["default"]);
    let content = told["content"].as_object().unwrap_or_else(|| panic!("{method} {path} {status} is not described"));
    let schema = &content.values().next().unwrap()["schema"];
    if let Some(misfit) = misfit(document, schema, answer, "$") {
        panic!("{method} {path}: {misfit}\n{answer:#}");
    }
}

both!(real_answers_fit_the_description, async |house: House| {
    let document = document(&house).await;
    let officer = house.program("officer").await;
    let partner = house.program("partner").await;
    let me = partner.get("/api/v1/me").await.expect(200).json();
    let case = json!({
        "name": "Nguyễn Văn Đức", "birth_on": "1991-01-01", "birth_precision": "year", "sex": "male", "phone": "0912345678",
        "hamlet": "Ấp Phước Lộc", "regime": "completed", "released_on": "2026-11-01", "received_on": "2026-11-02",
        "id_number": "012345678", "offence": "x", "health": "x", "ethnicity": "Khmer",
    });
    let post = async |who: &crate::house::Program<'_>, described: &str, path: &str, status: u16, body: &Value| {
        let answer = who.post(path, body).await.expect(status).json();
        assert_fits(&document, &Method::POST, described, status, &answer);
        answer
    };
    let case = post(&officer, "/api/v1/cases", "/api/v1/cases", 201, &case).await;
    let at = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    let visit = json!({"on": "2026-11-23", "kind": "home", "met": true, "note": "x", "shared_note": "y"});
    let visits = "/api/v1/cases/{case}/visits";
    let visit = post(&officer, visits, &format!("{at}/visits"), 201, &visit).await;
    let referral = json!({
        "organisation": me["organisation"], "helpers": [me["id"]], "purpose": "livelihood", "needs": "Vốn nuôi gà",
        "basis": "decision", "basis_ref": "QĐ 7", "to_on": "2027-05-01",
    });
    post(&officer, "/api/v1/cases/{case}/referrals", &format!("{at}/referrals"), 201, &referral).await;
    let task = json!({"what": "Đưa giống", "due_on": "2026-11-30", "organisation": me["organisation"]});
    let task = post(&officer, "/api/v1/cases/{case}/tasks", &format!("{at}/tasks"), 201, &task).await;
    let own = json!({"on": "2026-11-23", "kind": "family", "met": true, "next_on": "2026-12-01"});
    post(&partner, visits, &format!("{at}/visits"), 201, &own).await;
    let help = "/api/v1/cases/{case}/help";
    let gift = json!({"kind": "animals", "what": "Gà giống", "state": "given", "vnd": 2_000_000});
    post(&partner, help, &format!("{at}/help"), 201, &gift).await;
    let relative = json!({"name": "Trần Thị Lụa", "relation": "vợ", "phone": "0912345670"});
    post(&officer, "/api/v1/cases/{case}/relatives", &format!("{at}/relatives"), 201, &relative).await;
    let need = json!({"area": "work", "level": "some", "note": "x", "answers": {"has_work": "no", "skills": "thợ hồ"}});
    post(&officer, "/api/v1/cases/{case}/needs", &format!("{at}/needs"), 201, &need).await;
    let plan = post(&officer, "/api/v1/cases/{case}/plans", &format!("{at}/plans"), 201, &json!({})).await;
    let mut plan = plan;
    let steps = [
        ("goals", json!({"area": "work", "what": "Có việc", "owner": {"kind": "officer"}})),
        ("steps", json!({"what": "Học nghề", "due_on": "2026-12-01", "owner": {"kind": "person"}})),
        ("agreement", json!({"how": "signed"})),
        ("submission", json!({})),
        ("decision", json!({"verdict": "approved", "comment": "Được"})),
    ];
    let head = house.program("supervisor").await;
    for (what, mut body) in steps {
        if what == "steps" {
            body["goal"] = plan["goals"][0]["id"].clone();
        }
        let who = if what == "decision" { &head } else { &officer };
        let path = format!("/api/v1/plans/{}/{what}", plan["id"].as_str().unwrap());
        let request = who.request(Method::POST, &path).header("if-match", format!("\"{}\"", plan["version"]));
        let answer =
            house.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await.expect(200).json();
        assert_fits(&document, &Method::POST, &format!("/api/v1/plans/{{plan}}/{what}"), 200, &answer);
        plan = answer;
    }
    post(&officer, "/api/v1/case-searches", "/api/v1/case-searches", 200, &json!({"q": "duc"})).await;
    post(&officer, "/api/v1/cases", "/api/v1/cases", 422, &json!({"name": ""})).await;
    let gets = [
        "/api/v1/me",
        "/api/v1/areas",
        "/api/v1/organisations",
        "/api/v1/lookups",
        "/api/v1/cases",
        "/api/v1/cases/{case}",
        "/api/v1/cases/{case}/visits",
        "/api/v1/cases/{case}/timeline",
        "/api/v1/cases/{case}/help",
        "/api/v1/cases/{case}/relatives",
        "/api/v1/cases/{case}/family-needs",
        "/api/v1/questions",
        "/api/v1/cases/{case}/needs",
        "/api/v1/cases/{case}/plans",
        "/api/v1/cases/{case}/plan-steps",
        "/api/v1/plans/{plan}",
        "/api/v1/follow-up-counts",
        "/api/v1/digests",
        "/api/v1/openings",
        "/api/v1/reader-counts",
        "/api/v1/cases/{case}/openings",
        "/api/v1/cases/{case}/assignments",
        "/api/v1/cases/{case}/referrals",
        "/api/v1/follow-ups",
        "/api/v1/visits/{visit}",
        "/api/v1/follow-ups/{follow_up}",
    ];
    let supervisor = house.program("supervisor").await;
    for who in [&officer, &partner, &supervisor] {
        for described in gets {
            let path = described
                .replace("{case}", case["id"].as_str().unwrap())
                .replace("{plan}", plan["id"].as_str().unwrap())
                .replace("{visit}", visit["id"].as_str().unwrap())
                .replace("{follow_up}", task["id"].as_str().unwrap());
            let query = if path.ends_with("follow-ups") { "?state=upcoming" } else { "" };
            let answer = who.get(&format!("{path}{query}")).await;
            assert_fits(&document, &Method::GET, described, answer.status.as_u16(), &answer.json());
        }
    }
    let to = json!({"officer": "officer2"});
    post(&supervisor, "/api/v1/cases/{case}/assignments", &format!("{at}/assignments"), 201, &to).await;
});

#[test]
fn the_check_finds_what_does_not_fit() {
    let document = json!({});
    let schema =
        json!({"type": "object", "required": ["on"], "properties": {"on": {"type": "string", "format": "date"}}});
    let fits = |value: Value| misfit(&document, &schema, &value, "$").is_none();
    assert!(fits(json!({"on": "2026-11-23"})));
    for wrong in [json!({}), json!({"on": 7}), json!({"on": "23/11/2026"}), json!({"on": "2026-11-23", "more": 1})] {
        assert!(!fits(wrong.clone()), "{wrong}");
    }
}
