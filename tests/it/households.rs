//! Households and children of a family, what they need, and for whom a visit or help was.

use crate::{
    both,
    cases::{hidden, opened, referred},
    house::{House, Program, TODAY},
    raw::Raw,
    world,
};
use axum::{body::Body, http::Method};
use duongve::base::time::plus_days;
use serde_json::{Value, json};

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_owned()
}

/// A change by a program that has read it.
async fn change(
    house: &House,
    who: &Program<'_>,
    method: Method,
    path: &str,
    version: i64,
    body: &Value,
) -> crate::house::Answer {
    let request = who.request(method, path).header("if-match", format!("\"{version}\""));
    house.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn relative(who: &Program<'_>, case: &str, name: &str, relation: &str) -> Value {
    let body = json!({"name": name, "relation": relation});
    who.post(&format!("/api/v1/cases/{case}/relatives"), &body).await.expect(201).json()
}

/// Writes down that somebody agrees, and shares.
async fn agrees(house: &House, who: &Program<'_>, what: &str, row: &Value) -> Value {
    let path = format!("/api/v1/{what}/{}/consent", id(row));
    let body = json!({"how": "spoken", "shares": true});
    change(house, who, Method::POST, &path, row["version"].as_i64().unwrap(), &body).await.expect(200).json()
}

#[track_caller]
fn refused(answer: crate::house::Answer, field: &str, code: &str) {
    let told = answer.expect(422).json();
    assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["code"]), (&json!(field), &json!(code)), "{told}");
}

both!(a_household_and_its_children_are_written_down_and_a_helper_sees_needs_without_a_name, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("offence", "SecretOffence")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (officer, partner) = (house.as_("officer").await, house.as_("partner").await);
    let (program, helper) = (house.program("officer").await, house.program("partner").await);
    let wife = relative(&program, &case, "Trần Thị Lụa", "vợ").await;
    let page = format!("/cases/{case}/households");

    // A form without words comes back with what was typed.
    let again = officer.post(&format!("/cases/{case}/children"), &[("grade", "lớp 6")]).await.expect(422).text();
    assert!(again.contains("id=\"name-error\"") && again.contains("value=\"lớp 6\""), "{again}");
    let child = [
        ("name", "bé Na"),
        ("born_year", "2015"),
        ("school", "THCS Ô Lâm"),
        ("grade", "lớp 6"),
        ("guardian", &*id(&wife)),
    ];
    officer.post(&format!("/cases/{case}/children"), &child).await.expect(303);
    let children = program.get(&format!("/api/v1/cases/{case}/children")).await.expect(200).json();
    let na = children["items"][0].clone();
    assert_eq!((&na["name"], &na["born_year"], &na["guardian"]), (&json!("bé Na"), &json!(2015), &wife["id"]));
    let nobody = officer.post(&page, &[("hamlet", "Ấp Tân Thành")]).await.expect(422).text();
    assert!(nobody.contains("id=\"members-error\"") && nobody.contains("value=\"Ấp Tân Thành\""), "{nobody}");
    let (na_typed, wife_typed) = (format!("child:{}", id(&na)), format!("relative:{}", id(&wife)));
    let home = [
        ("hamlet", "Ấp Tân Thành"),
        ("address", "Nhà cạnh chùa"),
        ("with_person", "true"),
        ("speaker", &*id(&wife)),
        ("members", &wife_typed),
        ("members", &na_typed),
    ];
    officer.post(&page, &home).await.expect(303);
    let shown = officer.get(&page).await.expect(200).text();
    assert!(shown.contains("Nhà cạnh chùa, Ấp Tân Thành") && shown.contains("Trần Thị Lụa (vợ), bé Na"), "{shown}");
    let households = program.get(&format!("/api/v1/cases/{case}/households")).await.expect(200).json();
    let household = households["items"][0].clone();
    assert_eq!(household["members"].as_array().unwrap().len(), 2, "{household}");

    // What they need; a helper hears of nothing before whoever speaks for them agrees.
    let needs = format!("/cases/{case}/home-needs");
    let fees = [("whose", &*na_typed), ("kind", "school_fees"), ("what", "Học phí học kỳ 2"), ("level", "some")];
    officer.post(&needs, &fees).await.expect(303);
    let roof = [
        ("whose", &*format!("household:{}", id(&household))),
        ("kind", "housing"),
        ("what", "Dột mái nhà"),
        ("level", "some"),
    ];
    officer.post(&needs, &roof).await.expect(303);
    let helped = format!("/cases/{case}/plans");
    let before = partner.get(&helped).await.expect(200).text();
    assert!(!before.contains("Học phí") && !before.contains("Dột mái"), "{before}");
    for path in [&page, &format!("/cases/{case}/children/new"), &needs] {
        let answer = if *path == needs { partner.post(path, &fees).await } else { partner.get(path).await };
        answer.expect(403);
    }
    let na = agrees(&house, &program, "children", &na).await;
    let household = agrees(&house, &program, "households", &household).await;
    let seen = partner.get(&helped).await.expect(200).text();
    assert!(seen.contains("Học phí học kỳ 2") && seen.contains("lớp 6") && seen.contains("Dột mái nhà"), "{seen}");
    for word in ["bé Na", "Lụa", "THCS", "2015", "cạnh chùa", "Secret"] {
        assert!(!seen.contains(word), "{word}: {seen}");
    }
    let shared = format!("/api/v1/cases/{case}/shared-home-needs");
    let told = helper.get(&shared).await.expect(200).text();
    assert!(told.contains("Học phí") && !told.contains("bé Na") && !told.contains("chùa"), "{told}");

    // What was met is asked for no longer, and stays in the office's list.
    let all = program.get(&format!("/api/v1/cases/{case}/home-needs")).await.expect(200).json();
    let fees = all["items"].as_array().unwrap().iter().find(|one| one["kind"] == "school_fees").unwrap().clone();
    let met = format!("/api/v1/home-needs/{}/fulfilment", id(&fees));
    change(&house, &helper, Method::POST, &met, 1, &json!({})).await.expect(404);
    change(&house, &program, Method::POST, &met, 9, &json!({})).await.expect(412);
    change(&house, &program, Method::POST, &met, 1, &json!({"note": "Hội khuyến học đóng giúp"})).await.expect(200);
    refused(change(&house, &program, Method::POST, &met, 2, &json!({})).await, "", "need_met_already");
    assert!(!partner.get(&helped).await.text().contains("Học phí học kỳ 2"));
    assert!(officer.get(&page).await.text().contains("Hội khuyến học đóng giúp"));

    // Another guardian has not agreed: nothing is shared until she does.
    let mother = relative(&program, &case, "Nguyễn Thị Tư", "mẹ").await;
    let path = format!("/api/v1/children/{}", id(&na));
    let other = json!({"name": "bé Na", "grade": "lớp 7", "guardian": mother["id"]});
    let na = change(&house, &program, Method::PATCH, &path, na["version"].as_i64().unwrap(), &other)
        .await
        .expect(200)
        .json();
    assert_eq!((&na["consent"], &na["grade"]), (&Value::Null, &json!("lớp 7")));

    // Whoever speaks for the household withdraws: at the next request the helper hears of nothing.
    let path = format!("/api/v1/households/{}/withdrawal", id(&household));
    change(&house, &program, Method::POST, &path, household["version"].as_i64().unwrap(), &json!({})).await.expect(200);
    let told = helper.get(&shared).await.expect(200).json();
    assert_eq!(told["items"], json!([]), "{told}");
    let new = json!({"whose": {"household": household["id"]}, "kind": "food", "what": "Gạo", "level": "some"});
    refused(program.post(&format!("/api/v1/cases/{case}/home-needs"), &new).await, "whose", "guardian_withdrew");
    house.as_("officer2").await.get(&page).await.expect(404);
});

both!(a_guardian_who_withdraws_takes_what_she_spoke_for_with_her_at_once, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (program, helper) = (house.program("officer").await, house.program("partner").await);
    let wife = relative(&program, &case, "Trần Thị Lụa", "vợ").await;
    let wife = agrees(&house, &program, "relatives", &wife).await;
    let body = json!({"name": "bé Na", "grade": "lớp 6", "guardian": wife["id"]});
    let na = program.post(&format!("/api/v1/cases/{case}/children"), &body).await.expect(201).json();
    let na = agrees(&house, &program, "children", &na).await;
    let need = json!({"whose": {"child": na["id"]}, "kind": "bicycle", "what": "Xe đạp", "level": "some"});
    program.post(&format!("/api/v1/cases/{case}/home-needs"), &need).await.expect(201);
    let shared = format!("/api/v1/cases/{case}/shared-home-needs");
    assert_eq!(helper.get(&shared).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    let path = format!("/api/v1/relatives/{}/withdrawal", id(&wife));
    change(&house, &program, Method::POST, &path, wife["version"].as_i64().unwrap(), &json!({})).await.expect(200);
    assert_eq!(helper.get(&shared).await.expect(200).json()["items"], json!([]), "her child is nobody's to know");
    refused(program.post(&format!("/api/v1/cases/{case}/home-needs"), &need).await, "whose", "guardian_withdrew");
    let path = format!("/api/v1/children/{}/consent", id(&na));
    let again = json!({"how": "spoken", "shares": true});
    let answer = change(&house, &program, Method::POST, &path, na["version"].as_i64().unwrap(), &again).await;
    refused(answer, "how", "consent_withdrawn");
});

both!(a_visit_and_help_name_whom_they_were_for_and_no_longer_than_she_agrees, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (officer, partner) = (house.as_("officer").await, house.as_("partner").await);
    let (program, helper) = (house.program("officer").await, house.program("partner").await);
    let wife = relative(&program, &case, "Trần Thị Lụa", "vợ").await;
    let (visits, help) = (format!("/api/v1/cases/{case}/visits"), format!("/api/v1/cases/{case}/help"));
    let her = json!({"relative": wife["id"]});
    let visit = |kind: &str, whom: &Value| json!({"on": TODAY, "kind": kind, "met": true, "whom": whom});
    refused(program.post(&visits, &visit("home", &her)).await, "whom", "only_family_visits");
    let other = opened(&house, "officer", &[("name", "Lê Văn Khác")]).await;
    let stranger = relative(&program, &other, "Lê Thị Lạ", "mẹ").await;
    refused(program.post(&visits, &visit("family", &json!({"relative": stranger["id"]}))).await, "whom", "unknown");
    let made = program.post(&visits, &visit("family", &her)).await.expect(201).json();
    assert_eq!((&made["whom"]["kind"], &made["whom"]["id"]), (&json!("relative"), &her), "{made}");
    let given = json!({"kind": "gift", "what": "Máy may", "whom": her, "vnd": 2_000_000, "state": "given"});
    program.post(&help, &given).await.expect(201);
    for page in [format!("/cases/{case}"), format!("/cases/{case}/helps")] {
        let shown = officer.get(&page).await.expect(200).text();
        assert!(shown.contains("Trần Thị Lụa (vợ)"), "{page}: {shown}");
    }
    let timeline = program.get(&format!("/api/v1/cases/{case}/timeline")).await.expect(200).text();
    assert_eq!(timeline.matches("Trần Thị Lụa (vợ)").count(), 2, "{timeline}");

    // A helper names only whom she may know of, and hears of no name.
    refused(helper.post(&help, &given).await, "whom", "unknown");
    let form = partner.get(&format!("/cases/{case}/visits/new")).await.expect(200).text();
    assert!(!form.contains("name=\"whom\""), "{form}");
    let wife = agrees(&house, &program, "relatives", &wife).await;
    let form = partner.get(&format!("/cases/{case}/visits/new")).await.expect(200).text();
    assert!(form.contains("name=\"whom\"") && form.contains(">vợ<") && !form.contains("Lụa"), "{form}");
    helper.post(&help, &given).await.expect(201);
    helper.post(&visits, &visit("family", &her)).await.expect(201);
    let told = helper.get(&help).await.expect(200).json();
    assert_eq!(told["items"][0]["whom"], json!({"kind": "relative", "called": "vợ"}), "{told}");
    let page = partner.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("vợ") && !page.contains("Lụa"), "{page}");

    // Sums by whom come to the same as any other.
    let sums = program.get(&format!("/api/v1/help-sums?by=whom&from={TODAY}&to={TODAY}")).await.expect(200).json();
    let lines = sums["lines"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["of"]), (1, &json!("relative")), "{sums}");
    assert_eq!(lines[0]["amounts"]["given_vnd"], sums["total"]["given_vnd"]);

    // She withdraws: nothing new is written down for her, and the helper hears no more than that it was for a relative.
    let path = format!("/api/v1/relatives/{}/withdrawal", id(&wife));
    change(&house, &program, Method::POST, &path, wife["version"].as_i64().unwrap(), &json!({})).await.expect(200);
    refused(program.post(&visits, &visit("family", &her)).await, "whom", "consent_withdrawn");
    refused(program.post(&help, &given).await, "whom", "consent_withdrawn");
    let told = helper.get(&help).await.expect(200).json();
    assert_eq!(told["items"][0]["whom"], json!({"kind": "relative", "called": null}), "{told}");
    let page = partner.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("Dành cho Thân nhân") && !page.contains("vợ<"), "{page}");
    // And neither is anything for one who was taken out.
    let child =
        program.post(&format!("/api/v1/cases/{case}/children"), &json!({"name": "bé Na"})).await.expect(201).json();
    let body = json!({"kind": "gift", "what": "Tập vở", "whom": {"child": child["id"]}});
    program.post(&help, &body).await.expect(201);
    officer.get(&format!("/children/{}/correction", id(&child))).await.expect(200);
    program.post(&format!("/api/v1/children/{}/ending", id(&child)), &json!({})).await.expect(200);
    refused(program.post(&help, &body).await, "whom", "child_ended");
});

both!(a_visit_for_a_relative_settles_the_family_contact_of_group_d, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "01/06/2026")]).await;
    let (officer, program) = (house.as_("officer").await, house.program("officer").await);
    let group = [("group", "D"), ("since_on", "20/11/2026"), ("reason", "Đang chấp hành cai nghiện")];
    officer.post(&format!("/cases/{case}/classifications"), &group).await.expect(303);
    let mut raw = Raw::of(&house).await;
    let due = format!(
        "select count(*) from follow_ups where case_id = {} and kind = 'contact' and family and done_at is null and dropped_at is null \
         and due_on > '{}'",
        raw.id(&case),
        plus_days(TODAY, 80)
    );
    let mother = relative(&program, &case, "Nguyễn Thị Tư", "mẹ").await;
    let visit = json!({"on": TODAY, "kind": "family", "met": true, "whom": {"relative": mother["id"]}});
    program.post(&format!("/api/v1/cases/{case}/visits"), &visit).await.expect(201);
    assert_eq!(raw.number(&due).await, 1, "the next is due ninety days on");
    let settled =
        format!("select count(*) from follow_ups where case_id = {} and done_visit_id is not null", raw.id(&case));
    assert_eq!(raw.number(&settled).await, 1);
});

both!(an_old_form_of_a_household_changes_nothing_and_a_page_asks_few_statements, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let (officer, program) = (house.as_("officer").await, house.program("officer").await);
    officer
        .post(&format!("/cases/{case}/households"), &[("with_person", "true"), ("address", "Nhà cũ")])
        .await
        .expect(303);
    let row = program.get(&format!("/api/v1/cases/{case}/households")).await.expect(200).json()["items"][0].clone();
    let form = format!("/households/{}/correction", id(&row));
    let read = hidden(&officer.get(&form).await.expect(200).text(), "version");
    let new = [("with_person", "true"), ("address", "Nhà mới"), ("version", &*read)];
    officer.post(&form, &new).await.expect(303);
    officer.post(&form, &new).await.expect(412);
    let page = format!("/cases/{case}/households");
    let (shown, few) = duongve::store::listen(officer.get(&page)).await;
    assert!(shown.expect(200).text().contains("Nhà mới"));
    for number in 0..12 {
        let child = json!({"name": format!("Bé {number}")});
        let child = program.post(&format!("/api/v1/cases/{case}/children"), &child).await.expect(201).json();
        let need = json!({"whose": {"child": child["id"]}, "kind": "books", "what": "Tập vở", "level": "some"});
        program.post(&format!("/api/v1/cases/{case}/home-needs"), &need).await.expect(201);
    }
    let (_, many) = duongve::store::listen(officer.get(&page)).await;
    assert_eq!(few.len(), many.len(), "{many:#?}");
    world::seal(&house, "supervisor", case.parse().unwrap()).await;
    officer.get(&page).await.expect(404);
    officer.get(&form).await.expect(404);
});

both!(what_is_put_right_in_a_family_keeps_what_stood_there, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let officer = house.program("officer").await;
    let wife = relative(&officer, &case, "Trần Thị Lụa", "vợ").await;
    let mother = relative(&officer, &case, "Lê Thị Út", "mẹ").await;
    let children = format!("/api/v1/cases/{case}/children");
    let (first, second) = (
        json!({"name": "bé Na", "born_year": 2015, "grade": "lớp 6", "school": "THCS Ô Lâm", "guardian": wife["id"]}),
        json!({"name": "bé Na", "born_year": 2015, "grade": "lớp 7", "school": "THCS Ô Lâm", "guardian": mother["id"]}),
    );
    let na = officer.post(&children, &first).await.expect(201).json();
    assert_eq!(na["corrections"], json!([]), "nothing was put right yet");
    let na = agrees(&house, &officer, "children", &na).await;
    let path = format!("/api/v1/children/{}", id(&na));
    let version = na["version"].as_i64().unwrap();
    let na = change(&house, &officer, Method::PATCH, &path, version, &second).await.expect(200).json();
    let told: Vec<(&str, &str, &str)> = na["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["field"].as_str().unwrap(), row["before"].as_str().unwrap(), row["after"].as_str().unwrap()))
        .collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [("grade", "lớp 6", "lớp 7"), ("guardian", "Trần Thị Lụa", "Lê Thị Út")]);
    assert_eq!(na["consent"], Value::Null, "another guardian is asked anew");

    let households = format!("/api/v1/cases/{case}/households");
    let members = json!([{"relative": wife["id"]}, {"child": na["id"]}]);
    let home = json!({"hamlet": "Ấp Tân Thành", "address": "Nhà cạnh chùa", "with_person": true, "members": members});
    let home = officer.post(&households, &home).await.expect(201).json();
    let path = format!("/api/v1/households/{}", id(&home));
    let moved = json!({"hamlet": "Ấp Tân Thành", "address": "Nhà mới đầu xóm", "members": [{"child": na["id"]}], "speaker": mother["id"]});
    let home = change(&house, &officer, Method::PATCH, &path, home["version"].as_i64().unwrap(), &moved).await;
    let home = home.expect(200).json();
    let mut fields: Vec<&str> =
        home["corrections"].as_array().unwrap().iter().map(|row| row["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["address", "members", "speaker", "with_person"], "{home}");
    // The same again changes nothing, and says nothing.
    let again = change(&house, &officer, Method::PATCH, &path, home["version"].as_i64().unwrap(), &moved).await;
    assert_eq!(again.expect(200).json()["corrections"], home["corrections"]);

    // The page tells whoever may see the family; in the database it lies sealed.
    let page = house.as_("officer").await.get(&format!("/cases/{case}/households")).await.expect(200).text();
    for word in ["<s>lớp 6</s> → lớp 7", "<s>Trần Thị Lụa</s> → Lê Thị Út", "<s>Nhà cạnh chùa</s> → Nhà mới đầu xóm"]
    {
        assert!(page.contains(word), "{word}: {page}");
    }
    let partner = house.as_("partner").await;
    let shared = partner.get(&format!("/cases/{case}/plans")).await.expect(200).text();
    assert!(!shared.contains("lớp 6") && !shared.contains("Lụa"), "{shared}");
    let mut raw = Raw::of(&house).await;
    let clear = "select count(*) from family_corrections where cast(before as text) like '%Nhà%' or cast(after as text) like '%Nhà%'";
    let clear = if house.store().is_postgres() {
        "select count(*) from family_corrections where position('\\x4e68'::bytea in before) > 0"
    } else {
        clear
    };
    assert_eq!(raw.number(clear).await, 0);
    assert_eq!(raw.number("select count(*) from family_corrections").await, 6);
});
