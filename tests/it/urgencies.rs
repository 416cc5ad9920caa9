//! What is urgent: told at once by code, waiting until it is answered or met, and seen by nobody who may not know the person.

use crate::{
    both,
    cases::{hidden, opened, referred, user},
    house::House,
    raw::Raw,
    world,
};
use duongve::mails;
use serde_json::json;

/// What went out so far about what is urgent: to whom, and subject with body.
async fn letters(house: &House) -> Vec<String> {
    mails::send_due(&house.app).await.unwrap();
    crate::office::mails(house)
        .into_iter()
        .filter(|mail| mail.text.contains("/urgencies/"))
        .map(|mail| format!("{} {} {}", mail.to, mail.subject, mail.text))
        .collect()
}

async fn code_of(house: &House, case: &str) -> String {
    let mut raw = Raw::of(house).await;
    let sql = format!("select code from cases where id = {}", raw.id(case));
    raw.rows::<(String,)>(&sql).await.remove(0).0
}

both!(an_urgent_need_tells_the_head_at_once_and_waits_until_it_is_answered, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("hamlet", "Ấp Tân Thành")]).await;
    let code = code_of(&house, &case).await;
    let (officer, head) = (house.program("officer").await, house.as_("supervisor").await);
    let needs = format!("/api/v1/cases/{case}/needs");
    officer.post(&needs, &json!({"area": "home", "level": "some"})).await.expect(201);
    assert!(letters(&house).await.is_empty(), "what can wait is told to nobody");
    let ill = json!({"area": "health", "level": "urgent", "note": "SecretHealth"});
    officer.post(&needs, &ill).await.expect(201);
    let sent = letters(&house).await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains(&code) && sent[0].contains("supervisor@duongve.example"), "{}", sent[0]);
    for word in ["Secret", "Tân Thành", "health"] {
        assert!(!sent[0].contains(word), "{word}: {}", sent[0]);
    }
    // What waits already is not told twice.
    officer.post(&needs, &ill).await.expect(201);
    assert_eq!(letters(&house).await.len(), 1);

    let seen = head.get("/overview").await.expect(200).text();
    assert!(seen.contains("id=\"urgent\"") && seen.contains("Nguyễn Văn Đức"), "{seen}");
    let list = head.get("/urgencies").await.expect(200).text();
    assert!(list.contains("Nguyễn Văn Đức") && !list.contains("Secret") && !list.contains("Sức khỏe"), "{list}");
    let page = format!("/urgencies/{}", &list.split("/urgencies/").nth(1).unwrap()[..36]);
    let shown = head.get(&page).await.expect(200).text();
    let version = hidden(&shown, "version");
    let answer = format!("{page}/answer");
    house.as_("officer").await.get(&page).await.expect(200);
    house.as_("officer").await.post(&answer, &[("version", &version), ("answer", "tự lo")]).await.expect(403);
    for name in ["officer2", "supervisor3", "partner", "inspector"] {
        house.as_(name).await.get(&page).await.expect(404);
    }
    assert!(head.post(&answer, &[("version", &version)]).await.expect(422).text().contains("id=\"answer-error\""));
    head.post(&answer, &[("version", "9"), ("answer", "Đưa đi trạm y tế")]).await.expect(412);
    head.post(&answer, &[("version", &version), ("answer", "Đưa đi trạm y tế chiều nay")]).await.expect(303);
    head.post(&answer, &[("version", "2"), ("answer", "lần nữa")]).await.expect(422);
    assert!(!head.get("/overview").await.text().contains("id=\"urgent\""));
    assert!(!head.get("/urgencies").await.text().contains("Nguyễn Văn Đức"));
    assert!(head.get("/urgencies?all=true").await.text().contains("Đã trả lời"));
    assert!(house.as_("officer").await.get(&page).await.text().contains("Đưa đi trạm y tế chiều nay"));
});

both!(the_family_too_and_what_is_met_waits_no_longer, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let program = house.program("officer").await;
    let child =
        program.post(&format!("/api/v1/cases/{case}/children"), &json!({"name": "bé Na"})).await.expect(201).json();
    let need = json!({"whose": {"child": child["id"]}, "kind": "medicine", "what": "Sốt cao", "level": "urgent"});
    let need = program.post(&format!("/api/v1/cases/{case}/home-needs"), &need).await.expect(201).json();
    let sent = letters(&house).await;
    assert!(sent.len() == 1 && !sent[0].contains("Na"), "{sent:?}");
    let head = house.program("supervisor").await;
    let waiting = head.get("/api/v1/urgencies").await.expect(200).json();
    assert_eq!((waiting["items"].as_array().unwrap().len(), &waiting["items"][0]["of_family"]), (1, &json!(true)));
    house.program("partner").await.get("/api/v1/urgencies").await.expect(403);
    let met = program
        .request(axum::http::Method::POST, &format!("/api/v1/home-needs/{}/fulfilment", need["id"].as_str().unwrap()))
        .header("if-match", "\"1\"");
    house.send(met.body(axum::body::Body::from("{}")).unwrap()).await.expect(200);
    assert_eq!(head.get("/api/v1/urgencies").await.json()["items"], json!([]));
    // Looked at again, and found to press less.
    let needs = format!("/api/v1/cases/{case}/needs");
    program.post(&needs, &json!({"area": "work", "level": "urgent"})).await.expect(201);
    assert_eq!(head.get("/api/v1/urgencies").await.json()["items"].as_array().unwrap().len(), 1);
    program.post(&needs, &json!({"area": "work", "level": "some"})).await.expect(201);
    assert_eq!(head.get("/api/v1/urgencies").await.json()["items"], json!([]));
    assert_eq!(Raw::of(&house).await.number("select count(*) from cases where urgent_at is not null").await, 0);
});

both!(a_head_who_may_not_know_the_person_is_not_told_and_a_sealed_case_waits_for_nobody, async |house: House| {
    world::deputy(&house).await;
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let kept = [("kind", "exclusion"), ("users", &*user(&house, "supervisor").await), ("reason", "họ hàng")];
    house.as_("deputy").await.post(&format!("/cases/{case}/restrictions"), &kept).await.expect(303);
    let program = house.program("officer").await;
    program.post(&format!("/api/v1/cases/{case}/needs"), &json!({"area": "home", "level": "urgent"})).await.expect(201);
    let sent = letters(&house).await;
    assert!(sent.len() == 1 && sent[0].contains("deputy@duongve.example"), "{sent:?}");
    let mut raw = Raw::of(&house).await;
    let id = raw.rows::<(uuid::Uuid,)>("select id from urgencies").await.remove(0).0;
    house.as_("supervisor").await.get(&format!("/urgencies/{id}")).await.expect(404);
    assert!(!house.as_("supervisor").await.get("/overview").await.text().contains("Nguyễn Văn Đức"));
    let listed = house.program("supervisor").await.get("/api/v1/urgencies").await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
    assert_eq!(
        house.program("deputy").await.get("/api/v1/urgencies").await.json()["items"].as_array().unwrap().len(),
        1
    );
    world::seal(&house, "deputy", case.parse().unwrap()).await;
    house.as_("deputy").await.get(&format!("/urgencies/{id}")).await.expect(404);
    assert_eq!(house.program("deputy").await.get("/api/v1/urgencies").await.json()["items"], json!([]));
});
