//! The register of requests: taken down, answered in time, done; and what it tells nobody.

use crate::{
    both,
    cases::{hidden, opened, referred},
    house::{House, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::{ids::CaseId, time::plus_days},
    policy::acts,
    requests,
};
use serde_json::json;

const ASK: [(&str, &str); 4] =
    [("kind", "see"), ("asked_by", "person"), ("way", "in_person"), ("what", "Tôi muốn xem CanaryWhat")];

/// Where the browser goes after a request was taken down.
fn place(answer: &crate::house::Answer) -> String {
    answer.goes_to().split('?').next().unwrap().to_owned()
}

both!(a_request_is_taken_down_answered_put_off_and_done_by_its_clocks, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    let url = format!("/cases/{case}/requests");
    let empty = officer.get(&url).await.expect(200).text();
    assert!(empty.contains("Chưa có yêu cầu nào"), "{empty}");
    let form = officer.get(&format!("{url}/new")).await.expect(200).text();
    assert!(!form.contains("checked"), "nothing is ticked beforehand: {form}");
    let refused = officer.post(&url, &[("what", "CanaryTyped"), ("kind", "see")]).await.expect(422).text();
    assert!(refused.contains("CanaryTyped") && refused.contains("id=\"asked_by-error\""), "{refused}");
    let proof = [("kind", "see"), ("asked_by", "representative"), ("way", "letter"), ("what", "x"), ("asker", "Lê A")];
    assert!(officer.post(&url, &proof).await.expect(422).text().contains("id=\"proof-error\""));
    let page = place(&officer.post(&url, &ASK).await.expect(303));

    // Monday; the 24th is a holiday of that year: two working days are Thursday, ten days Thursday the week after.
    let seen = officer.get(&page).await.expect(200).text();
    assert!(seen.contains("26/11/2026") && seen.contains("03/12/2026") && seen.contains("CanaryWhat"), "{seen}");
    assert!(!seen.contains(&format!("{page}/answer")), "the officer decides nothing");
    officer.post(&format!("{page}/answer"), &[("version", "1"), ("verdict", "accept")]).await.expect(403);

    let shown = head.get(&page).await.expect(200).text();
    let version = hidden(&shown, "version");
    let answer = format!("{page}/answer");
    head.post(&answer, &[("version", "9"), ("verdict", "accept"), ("answer", "Sẽ giao")]).await.expect(412);
    let none =
        head.post(&answer, &[("version", &version), ("verdict", "refuse"), ("answer", "Không")]).await.expect(422);
    assert!(none.text().contains("id=\"refusal-error\"") && none.text().contains("id=\"refusal_basis-error\""));
    let early = [("version", version.as_str()), ("done_on", "23/11/2026"), ("outcome", "x")];
    officer.post(&format!("{page}/completion"), &early).await.expect(422);
    house.go_to(plus_days(TODAY, 4));
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    // Late, it stands on the head's overview and first page, and in her digest.
    for path in ["/", "/overview"] {
        let seen = head.get(path).await.expect(200).text();
        assert!(
            seen.contains(
                "Yêu cầu về dữ liệu cá nhân</a><span class=\"chip\">1</span><span class=\"chip late\">1 quá hạn"
            ),
            "{seen}"
        );
    }
    crate::office::tick(&house).await;
    let preview = head.get("/digests/preview").await.expect(200).text();
    assert!(preview.contains("Yêu cầu về dữ liệu cá nhân") && preview.contains("1 quá hạn"), "{preview}");
    let late = head.get("/requests").await.expect(200).text();
    assert!(late.contains("1 yêu cầu đã quá hạn") && late.contains("Trễ 1 ngày"), "{late}");
    let yes =
        [("version", version.as_str()), ("verdict", "accept"), ("answer", "Sẽ giao tệp"), ("handler", "officer2")];
    head.post(&answer, &yes).await.expect(303);
    head.post(&answer, &yes).await.expect(412);

    let extension = format!("{page}/extension");
    let more = [("version", "2"), ("to_on", "19/12/2026"), ("reason", "Chờ bưu điện")];
    assert!(head.post(&extension, &more).await.expect(422).text().contains("id=\"to_on-error\""));
    head.post(&extension, &[("version", "2"), ("to_on", "18/12/2026"), ("reason", "Chờ bưu điện")]).await.expect(303);
    let again = [("version", "3"), ("to_on", "20/12/2026"), ("reason", "nữa")];
    assert!(head.post(&extension, &again).await.expect(422).text().contains("đã được gia hạn"));
    officer.post(&format!("{page}/completion"), &[("version", "3"), ("outcome", "Đã giao")]).await.expect(303);
    let over = head.get("/requests?part=over").await.expect(200).text();
    assert!(over.contains("Xem dữ liệu về mình"), "{over}");
    assert!(head.get("/requests").await.expect(200).text().contains("Không có yêu cầu nào đang chờ"));
    head.post(&extension, &[("version", "4"), ("to_on", "20/12/2026"), ("reason", "nữa")]).await.expect(422);
    assert!(officer.get(&url).await.expect(200).text().contains("Đã xong"));
});

both!(the_inspector_reads_the_register_and_its_clocks_and_nothing_of_what_was_asked, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.as_("officer").await;
    let page = place(&officer.post(&format!("/cases/{case}/requests"), &ASK).await.expect(303));
    let code: (String,) = Raw::of(&house).await.rows("select code from cases").await.remove(0);
    let inspector = house.as_("inspector").await;
    for url in ["/requests", &page] {
        let seen = inspector.get(url).await.expect(200).text();
        assert!(seen.contains("Xem dữ liệu về mình") && seen.contains("26/11/2026"), "{seen}");
        assert!(!seen.contains("CanaryWhat") && !seen.contains(&code.0) && !seen.contains(&case), "{seen}");
    }
    let program = house.program("inspector").await;
    let told = program.get(&format!("/api/v1{page}")).await.expect(200).json();
    assert!(told.get("said").is_none() && told["case_id"].is_null(), "{told}");
    for (path, form) in
        [("answer", ("verdict", "accept")), ("extension", ("to_on", "1/1/2027")), ("completion", ("outcome", "x"))]
    {
        inspector.post(&format!("{page}/{path}"), &[("version", "1"), form]).await.expect(403);
    }
    for name in ["admin", "province", "partner", "council", "lender"] {
        house.as_(name).await.get("/requests").await.expect(403);
        house.as_(name).await.get(&page).await.expect(404);
    }
    for name in ["officer2", "officer3", "supervisor3"] {
        house.as_(name).await.get(&page).await.expect(404);
        assert!(!house.as_(name).await.get("/requests").await.expect(200).text().contains("26/11/2026"));
    }
    // That it was read is a line of the trail, and names the case.
    let mut raw = Raw::of(&house).await;
    let sql = "select count(*) from audit where act = 'request.read' and outcome = 'opened' and detail = 'request' and case_id is not null";
    let before = raw.number(sql).await;
    house.as_("supervisor").await.get(&page).await.expect(200);
    assert_eq!(raw.number(sql).await - before, 1);
});

both!(somebody_unknown_is_answered_and_nothing_tells_whether_she_is_here, async |house: House| {
    opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("phone", "0912345678")]).await;
    let officer2 = house.as_("officer2").await;
    let ask = |name: &'static str| {
        [("kind", "see"), ("asked_by", "unknown"), ("way", "letter"), ("what", "Có gì về tôi không"), ("asker", name)]
    };
    officer2
        .post("/requests", &[("kind", "see"), ("asked_by", "unknown"), ("way", "letter"), ("what", "x")])
        .await
        .expect(422);
    let mut pages = Vec::new();
    for name in ["Nguyễn Văn Đức", "Nguyễn Văn Lạ!"] {
        let page = place(&officer2.post("/requests", &ask(name)).await.expect(303));
        let text = officer2.get(&page).await.expect(200).text();
        let number = text.split("<title>").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        // But for the name that she typed, her key and her number, the two are one page.
        let id = page.trim_start_matches("/requests/");
        pages.push(text.replace(name, "X").replace(id, "ID").replace(&number, "N"));
    }
    assert_eq!(pages[0], pages[1]);
    // The name is under the key of the office, not in clear.
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from requests where case_id is null and person_id is null").await, 2);

    // The head ties it to a case of hers; a foreign code, one that nobody has, one of another commune look alike.
    let foreign = world::open(&house, "officer3", &world::draft("Xa", 3)).await;
    let code = async |raw: &mut Raw, id: &str| -> String {
        raw.rows::<(String,)>(&format!("select code from cases where id = {id}")).await.remove(0).0
    };
    let far = {
        let id = raw.id(foreign);
        code(&mut raw, &id).await
    };
    let head = house.as_("supervisor").await;
    let mine = head.get("/requests").await.expect(200).text();
    let page = format!(
        "/requests/{}",
        mine.split("/requests/").filter_map(|rest| rest.get(..36)).find(|id| id.contains("-7")).unwrap()
    );
    let mut answers = Vec::new();
    for typed in [far.as_str(), "DV-ZZZZZ", "NP-ZZZZZ"] {
        let text = head.post(&format!("{page}/link"), &[("version", "1"), ("code", typed)]).await.expect(422).text();
        answers.push(text.replace(typed, "CODE"));
    }
    let strip = |text: &str| {
        text.split("name=\"_key\" value=\"").map(|part| part.get(36..).unwrap_or(part).to_owned()).collect::<Vec<_>>()
    };
    assert!(answers.iter().all(|one| strip(one)[1..] == strip(&answers[0])[1..]));
    let own: Vec<(String,)> = raw.rows("select code from cases where area_code = '30577'").await;
    head.post(&format!("{page}/link"), &[("version", "1"), ("code", &own[0].0.to_lowercase())]).await.expect(303);
    let seen = head.get(&page).await.expect(200).text();
    assert!(seen.contains(&own[0].0) && seen.contains("Có gì về tôi không"), "{seen}");
    head.post(&format!("{page}/link"), &[("version", "2"), ("code", &own[0].0)]).await.expect(422);
    // Whoever took it down has it no longer: it is of a case that she has not.
    officer2.get(&page).await.expect(404);
    house.as_("officer").await.get(&page).await.expect(200);
});

both!(a_sealed_persons_request_works_by_the_number_of_the_seal_and_unseals_nothing, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Kín", 1)).await;
    let before = place(&house.as_("officer").await.post(&format!("/cases/{case}/requests"), &ASK).await.expect(303));
    let over = place(&house.as_("officer").await.post(&format!("/cases/{case}/requests"), &ASK).await.expect(303));
    let (head, officer) = (house.as_("supervisor").await, house.as_("officer").await);
    head.post(&format!("{over}/answer"), &[("version", "1"), ("verdict", "accept"), ("answer", "CanaryAnswer")])
        .await
        .expect(303);
    head.post(&format!("{over}/completion"), &[("version", "2"), ("outcome", "xong")]).await.expect(303);
    let seal = world::seal(&house, "supervisor", case).await.seal;

    officer.get(&before).await.expect(404);
    let mut raw = Raw::of(&house).await;
    let code = {
        let id = raw.id(case);
        raw.rows::<(String,)>(&format!("select code from cases where id = {id}")).await.remove(0).0
    };
    // What was asked and is not done is still owed; what was over is put away.
    let open = head.get(&before).await.expect(200).text();
    assert!(open.contains("CanaryWhat") && open.contains("NP-") && !open.contains(&code), "{open}");
    let shut = head.get(&over).await.expect(200).text();
    assert!(!shut.contains("CanaryWhat") && !shut.contains("CanaryAnswer") && !shut.contains(&code), "{shut}");

    let url = format!("/sealings/{seal}/requests");
    officer.post(&url, &ASK).await.expect(404);
    house.as_("supervisor3").await.post(&url, &ASK).await.expect(404);
    assert!(head.get(&format!("/sealings/{seal}")).await.expect(200).text().contains(&format!("{url}/new")));
    let form = head.get(&format!("{url}/new")).await.expect(200).text();
    assert!(!form.contains("NameKín") && !form.contains(&code), "{form}");
    let ask = [("kind", "erase"), ("asked_by", "person"), ("way", "letter"), ("what", "Xin xóa"), ("asker", "Ông Kín")];
    let page = place(&head.post(&url, &ask).await.expect(303));
    let seen = head.get(&page).await.expect(200).text();
    assert!(!seen.contains("NameKín") && !seen.contains(&code) && !seen.contains(&case.to_string()), "{seen}");
    for text in [head.get("/requests").await.text(), house.as_("inspector").await.get("/requests").await.text()] {
        assert!(!text.contains("Kín") && !text.contains(&code) && !text.contains(&case.to_string()), "{text}");
    }
    let yes = [("version", "1"), ("verdict", "accept"), ("answer", "Đã nhận")];
    head.post(&format!("{page}/answer"), &yes).await.expect(303);
    assert_eq!(raw.number("select count(*) from sealings where ended_at is not null").await, 0, "nothing was unsealed");
});

both!(a_request_shuts_out_whom_a_restriction_shuts_out, async |house: House| {
    world::deputy(&house).await;
    let case = world::open(&house, "officer", &world::draft("Riêng", 1)).await;
    let page = place(&house.as_("officer").await.post(&format!("/cases/{case}/requests"), &ASK).await.expect(303));
    let head = house.as_("supervisor").await;
    head.get(&page).await.expect(200);
    world::restrict(&house, "supervisor", case, "exclusion", &["supervisor"]).await;
    head.get(&page).await.expect(404);
    head.post(&format!("{page}/answer"), &[("version", "1"), ("verdict", "accept"), ("answer", "x")]).await.expect(404);
    let list = head.get("/requests").await.expect(200).text();
    assert!(!list.contains("26/11/2026") && list.contains("Không có yêu cầu nào"), "{list}");
    let told = house.program("supervisor").await.get("/api/v1/requests?count=true").await.expect(200).json();
    assert_eq!((told["count"].as_i64(), told["items"].as_array().unwrap().len()), (Some(0), 0), "{told}");
    house.as_("deputy").await.get(&page).await.expect(200);
});

both!(what_is_opened_is_listed_and_counted_for_everybody, async |house: House| {
    let mut all = Vec::new();
    for (number, officer) in ["officer", "officer2", "officer3", "officer"].into_iter().enumerate() {
        let case = world::open(&house, officer, &world::draft(&format!("N{number}"), number)).await;
        all.push(take(&house, officer, case).await);
    }
    let case = world::open(&house, "officer2", &world::draft("Seal", 7)).await;
    all.push(take(&house, "officer2", case).await);
    world::seal(&house, "supervisor", case).await;
    let loose = requests::model::Draft { asked_by: "unknown".into(), asker: "Ai đó".into(), ..draft() };
    let home = duongve::policy::AreaCode("30577".into());
    let grant = world::grant::<acts::ReceiveRequest>(&house, "officer2", home).await;
    all.push(requests::receive(house.store(), grant, &loose, None).await.unwrap());
    for (name, many) in
        [("officer", 2), ("officer2", 2), ("officer3", 1), ("supervisor", 5), ("supervisor3", 1), ("inspector", 6)]
    {
        let actor = world::actor(&house, name).await;
        let mut seen = 0;
        for id in &all {
            seen += i64::from(house.store().permit::<acts::SeeRequest>(&actor, *id).await.is_ok());
        }
        let program = house.program(name).await;
        let mut listed = 0;
        let mut cursor = String::new();
        loop {
            let told = program.get(&format!("/api/v1/requests?limit=2&count=true{cursor}")).await.expect(200).json();
            assert_eq!(told["count"], many, "{name}");
            listed += i64::try_from(told["items"].as_array().unwrap().len()).unwrap();
            let Some(next) = told["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let scope = house.store().scope::<acts::ListRequests>(&actor).unwrap();
        let waiting = requests::waiting(house.store(), &scope).await.unwrap();
        assert_eq!((seen, listed, waiting.waiting, waiting.late), (many, many, many, 0), "{name}");
    }
});

fn draft() -> requests::model::Draft {
    requests::model::Draft {
        asked_by: "person".into(),
        kind: "see".into(),
        way: "letter".into(),
        what: "xin xem".into(),
        ..requests::model::Draft::default()
    }
}

async fn take(house: &House, name: &str, case: CaseId) -> duongve::base::ids::RequestId {
    let grant = world::grant::<acts::TakeRequest>(house, name, case).await;
    requests::take(house.store(), grant, &draft(), None).await.unwrap()
}

both!(a_program_takes_a_request_down_once_and_answers_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (officer, head) = (house.program("officer").await, house.program("supervisor").await);
    let url = format!("/api/v1/cases/{case}/requests");
    let body =
        json!({"kind": "object", "asked_by": "person", "way": "telephone", "what": "Không chụp ảnh", "others": true});
    let key = uuid::Uuid::new_v4().to_string();
    let send = async |body: &serde_json::Value| {
        let asked = officer.request(axum::http::Method::POST, &url).header("idempotency-key", &key);
        let asked = asked.header("content-type", "application/json");
        house.send(asked.body(axum::body::Body::from(body.to_string())).unwrap()).await
    };
    let made = send(&body).await.expect(201).json();
    assert_eq!(
        (&made["act_by"], &made["state"], &made["said"]["what"]),
        (&json!("2026-12-14"), &json!("received"), &json!("Không chụp ảnh"))
    );
    assert_eq!(send(&body).await.expect(201).json()["id"], made["id"]);
    send(&json!({"kind": "see", "asked_by": "person", "way": "telephone", "what": "x"})).await.expect(409);
    assert_eq!(Raw::of(&house).await.number("select count(*) from requests").await, 1);
    let one = format!("/api/v1/requests/{}", made["id"].as_str().unwrap());
    let answer = json!({"verdict": "refuse", "answer": "Không làm được", "refusal": "Luật buộc", "refusal_basis": "Luật 91/2025/QH15 Điều 19"});
    head.post(&format!("{one}/answer"), &answer).await.expect(428);
    let asked = head.request(axum::http::Method::POST, &format!("{one}/answer")).header("if-match", "\"1\"");
    let asked = asked.header("content-type", "application/json").body(axum::body::Body::from(answer.to_string()));
    let refused = house.send(asked.unwrap()).await.expect(200).json();
    assert_eq!(
        (&refused["state"], &refused["due_on"], &refused["said"]["refusal_basis"]),
        (&json!("refused"), &json!(null), &json!("Luật 91/2025/QH15 Điều 19"))
    );
    house.program("partner").await.get(&one).await.expect(404);
    house.program("partner").await.get(&url).await.expect(403);
});

both!(an_erasure_leaves_of_a_request_that_it_was_made_and_answered, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Quên", 1)).await;
    let id = take(&house, "officer", case).await;
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    head.post(&format!("/requests/{id}/answer"), &[("version", "1"), ("verdict", "accept"), ("answer", "được")])
        .await
        .expect(303);
    let erasure = format!("/cases/{case}/erasure");
    officer.post(&erasure, &[("reason", "Người ấy yêu cầu xóa hết dữ liệu")]).await.expect(303);
    head.post(&format!("{erasure}/approval"), &[]).await.expect(303);
    let mut raw = Raw::of(&house).await;
    let left = "select count(*) from requests where case_id is null and person_id is null and asker is null and what is null \
                and answer is null and answered_on is not null";
    assert_eq!(raw.number(left).await, 1);
    let seen = head.get(&format!("/requests/{id}")).await.expect(200).text();
    assert!(seen.contains("Đã nhận làm") && !seen.contains("xin xem"), "{seen}");
    head.post(&format!("/requests/{id}/completion"), &[("version", "2"), ("outcome", "đã xóa")]).await.expect(303);
});

both!(a_page_of_the_register_asks_few_statements_however_long_it_is, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Nhiều", 1)).await;
    let head = house.as_("supervisor").await;
    let mut asked = Vec::new();
    for more in [1, 12] {
        for _ in 0..more {
            take(&house, "officer", case).await;
        }
        let (answer, said) = duongve::store::listen(head.get("/requests")).await;
        answer.expect(200);
        asked.push(said.len());
    }
    assert_eq!(asked[0], asked[1], "{asked:?}");
    assert!(asked[0] <= 4, "{asked:?}");
});
