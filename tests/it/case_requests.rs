//! The province asks for one case: nobody learns from the answer whether there is one, and what is approved opens one case
//! until a day, without a word that was noted.

use crate::{
    both,
    cases::{hidden, opened},
    house::House,
    raw::Raw,
    world,
};
use duongve::{base::lang::Lang, store::SessionKind};
use jiff::civil::date;
use serde_json::json;

async fn code_of(house: &House, case: &str) -> String {
    let mut raw = Raw::of(house).await;
    let id = raw.id(case);
    raw.rows::<(String,)>(&format!("select code from cases where id = {id}")).await.remove(0).0
}

/// What is the same but for what must differ: the id, the instant and the code.
fn masked(mut answer: serde_json::Value) -> serde_json::Value {
    for key in ["id", "asked_at", "code"] {
        answer[key] = json!("…");
    }
    answer
}

/// The id in the first link of a list to one of its lines.
fn first_id(list: &str) -> String {
    list.split("/case-requests/").skip(1).find_map(|rest| rest.get(..36)).unwrap().to_owned()
}

fn body(code: &str, until: &str) -> serde_json::Value {
    json!({"code": code, "document_no": "12/CV-PC10", "reason": "Đơn xin việc của người ấy", "until_on": until})
}

both!(a_code_that_exists_and_one_that_does_not_look_alike_to_the_end, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let sealed = world::open(&house, "officer", &world::draft("Kín", 3)).await;
    let (known, shut) = (code_of(&house, &case).await, code_of(&house, &sealed.to_string()).await);
    world::seal(&house, "supervisor", sealed).await;
    let none = duongve::cases::model::code([9, 9, 9, 9]);
    let province = house.program("province").await;
    let mut ids = Vec::new();
    let mut told = Vec::new();
    for code in [&known, &none, &shut] {
        let answer = province.post("/api/v1/case-requests", &body(code, "2026-12-01")).await.expect(201).json();
        ids.push(answer["id"].as_str().unwrap().to_owned());
        told.push(masked(answer));
    }
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    for wrong in [json!({}), body("DV-XXXXX", "2026-12-01"), body(&known, "2027-12-01"), body(&known, "2026-11-01")] {
        province.post("/api/v1/case-requests", &wrong).await.expect(422);
    }
    // Refused by the head: still alike, then and after the days in which an answer is waited for.
    let head = house.as_("supervisor").await;
    let url = format!("/case-requests/{}", ids[0]);
    head.post(&format!("{url}/decision"), &[("verdict", "refused"), ("version", "1")]).await.expect(422);
    let no = [("verdict", "refused"), ("version", "1"), ("reason", "chưa đủ căn cứ")];
    head.post(&format!("{url}/decision"), &no).await.expect(303);
    for day in [date(2026, 11, 23), date(2026, 12, 14)] {
        house.go_to(day);
        let token = world::session(&house, "province", SessionKind::Bearer).await;
        let mut told = Vec::new();
        for id in &ids {
            let asked = axum::http::Request::get(format!("/api/v1/case-requests/{id}"))
                .header("authorization", format!("Bearer {token}"))
                .header("host", "127.0.0.1:8080");
            let answer = house.send(asked.body(axum::body::Body::empty()).unwrap()).await.expect(200);
            told.push((answer.headers.get("etag").cloned(), masked(answer.json())));
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        let state = if day == date(2026, 11, 23) { "waiting" } else { "not_granted" };
        assert_eq!(told[0].1["state"], state);
    }
    assert_eq!(Raw::of(&house).await.number("select count(*) from case_requests where case_id is not null").await, 1);
});

both!(an_approved_request_opens_one_case_until_its_day_and_no_word_that_was_noted, async |house: House| {
    let draft = world::draft("Tỉnh", 1);
    let case = world::open(&house, "officer", &draft).await;
    let other = world::open(&house, "officer", &world::draft("Khác", 2)).await;
    let mut visit = world::met("home", crate::house::TODAY);
    (visit.note, visit.shared_note) = ("ghi riêng".into(), "ghi chung".into());
    world::visit(&house, "officer", case, &visit).await;
    let (page, code) = (format!("/cases/{case}"), code_of(&house, &case.to_string()).await);
    let province = house.as_("province").await;
    province.get(&page).await.expect(404);
    let form = [("code", code.as_str()), ("document_no", "12/CV"), ("reason", "vì việc"), ("until_on", "30/11/2026")];
    province.post("/case-requests", &form).await.expect(303);
    province.get(&page).await.expect(404);
    let list = house.as_("supervisor").await.get("/case-requests").await.expect(200).text();
    let id = first_id(&list);
    house.as_("supervisor3").await.get(&format!("/case-requests/{id}")).await.expect(404);
    let url = format!("/case-requests/{id}/decision");
    let yes = [("verdict", "approved"), ("version", "1")];
    province.post(&url, &yes).await.expect(403);
    house.as_("supervisor").await.post(&url, &yes).await.expect(303);
    house.as_("supervisor").await.post(&url, &[("verdict", "approved"), ("version", "2")]).await.expect(422);

    let shown = province.get(&page).await.expect(200).text();
    assert!(shown.contains("NameTỉnh") && shown.contains("CertificateTỉnh"), "{shown}");
    assert!(!shown.contains("ghi riêng") && !shown.contains("ghi chung"), "{shown}");
    // No link leads to a list that she does not have; who has one is led there.
    let to_list = "href=\"/cases\"";
    for path in ["", "/assignments", "/referrals"] {
        let shown = province.get(&format!("{page}{path}")).await.expect(200).text();
        assert!(!shown.contains(to_list) && shown.contains(&Lang::Vi.say("layout-nav-cases")), "{path}\n{shown}");
        let shown = house.as_("officer").await.get(&format!("{page}{path}")).await.expect(200).text();
        let crumbs = shown.split("class=\"crumbs\"").nth(1).unwrap().split("</nav>").next().unwrap();
        assert!(crumbs.contains(to_list), "{path}\n{crumbs}");
    }
    for (path, words) in [("/parts", 403), ("/relatives", 403), ("/openings", 403), ("/history", 403)] {
        province.get(&format!("{page}{path}")).await.expect(words);
    }
    province.get(&format!("/cases/{other}")).await.expect(404);
    province.get("/cases").await.expect(403);
    let program = house.program("province").await;
    for path in ["visits", "timeline"] {
        let told = program.get(&format!("/api/v1{page}/{path}")).await.expect(200).text();
        assert!(!told.contains("ghi riêng") && !told.contains("ghi chung"), "{told}");
    }
    // Every opening is a line, and the page of who may says why.
    let mut raw = Raw::of(&house).await;
    let opened = "select count(*) from audit where outcome = 'opened' and purpose = 'shared' and actor = 'province'";
    assert!(raw.number(opened).await >= 3);
    let access = house.as_("officer").await.get(&format!("{page}/openings")).await.expect(200).text();
    assert!(access.contains(&Lang::Vi.say("trail-access-request")), "{access}");
    // Ended by the head at once; and another one by its day.
    let end = format!("/case-requests/{id}/ending");
    let version = hidden(&house.as_("supervisor").await.get(&format!("/case-requests/{id}")).await.text(), "version");
    house.as_("supervisor").await.post(&end, &[("version", &version)]).await.expect(303);
    province.get(&page).await.expect(404);
    province.post("/case-requests", &form).await.expect(303);
    let list = house.as_("supervisor").await.get("/case-requests").await.expect(200).text();
    let id = first_id(&list);
    house.as_("supervisor").await.post(&format!("/case-requests/{id}/decision"), &yes).await.expect(303);
    province.get(&page).await.expect(200);
    house.go_to(date(2026, 12, 1));
    house.as_("province").await.get(&page).await.expect(404);
});
