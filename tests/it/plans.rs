//! Needs and plans: asked, agreed, approved, done; and what nobody else learns of them.

use crate::{
    both,
    cases::{hidden, opened, referred},
    house::{Answer, House, Program},
    raw::Raw,
};
use axum::{body::Body, http::Method};
use jiff::civil::date;
use serde_json::{Value, json};

/// A change of a plan by a program that has read it.
async fn change(house: &House, who: &Program<'_>, plan: &Value, what: &str, body: &Value) -> Answer {
    change_as(house, who, plan, plan["version"].as_i64().unwrap(), what, body).await
}

async fn change_as(house: &House, who: &Program<'_>, plan: &Value, version: i64, what: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/plans/{}/{what}", id(plan));
    let request = who.request(Method::POST, &path).header("if-match", format!("\"{version}\""));
    house.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_owned()
}

#[track_caller]
fn refused(answer: Answer, code: &str) {
    let told = answer.expect(422).json();
    assert_eq!(told["errors"][0]["code"], code, "{told}");
}

/// A goal with these steps: what, by when, whose.
async fn goal(house: &House, who: &Program<'_>, plan: Value, area: &str, steps: &[(&str, &str, &Value)]) -> Value {
    let owner = json!({"kind": "officer"});
    let new = json!({"area": area, "what": format!("Goal {area}"), "owner": owner});
    let mut plan = change(house, who, &plan, "goals", &new).await.expect(200).json();
    let own = plan["goals"].as_array().unwrap().last().unwrap()["id"].clone();
    for (what, due_on, owner) in steps {
        let step = json!({"goal": own, "what": what, "due_on": due_on, "owner": owner});
        plan = change(house, who, &plan, "steps", &step).await.expect(200).json();
    }
    plan
}

/// Agreed with the person and handed in.
async fn handed_in(house: &House, who: &Program<'_>, plan: &Value) -> Value {
    let agreed = change(house, who, plan, "agreement", &json!({"how": "signed"})).await.expect(200).json();
    change(house, who, &agreed, "submission", &json!({})).await.expect(200).json()
}

async fn approved(house: &House, plan: &Value) -> Value {
    let head = house.program("supervisor").await;
    change(house, &head, plan, "decision", &json!({"verdict": "approved"})).await.expect(200).json()
}

fn step<'a>(plan: &'a Value, what: &str) -> &'a Value {
    let goals = plan["goals"].as_array().unwrap().iter();
    let mut steps = goals.flat_map(|goal| goal["steps"].as_array().unwrap());
    steps.find(|step| step["what"] == what).unwrap_or_else(|| panic!("no step {what} in {plan}"))
}

async fn begun(who: &Program<'_>, case: &str) -> Value {
    who.post(&format!("/api/v1/cases/{case}/plans"), &json!({})).await.expect(201).json()
}

both!(a_plan_is_agreed_handed_in_returned_written_anew_and_approved, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.as_("officer").await;
    let list = format!("/cases/{case}/plans");
    assert!(officer.get(&list).await.expect(200).text().contains("Chưa có kế hoạch"));
    let plan = officer.post(&list, &[]).await.expect(303).goes_to().split('?').next().unwrap().to_owned();
    let version = async || hidden(&officer.get(&plan).await.expect(200).text(), "version");

    // A goal without words comes back with what was typed; then it is taken.
    let goals = format!("{plan}/goals");
    let read = version().await;
    let bare = [("version", &*read), ("area", "work"), ("owner", "officer")];
    let again = officer.post(&goals, &bare).await.expect(422).text();
    assert!(again.contains("id=\"what-error\"") && again.contains("value=\"work\" selected"), "{again}");
    let full = [("version", &*read), ("area", "work"), ("owner", "officer"), ("what", "Có việc làm trước Tết")];
    officer.post(&goals, &full).await.expect(303);
    officer.post(&goals, &full).await.expect(412);

    let submission = format!("{plan}/submission");
    let told = officer.post(&submission, &[("version", &*version().await)]).await.expect(422).text();
    assert!(told.contains("Còn mục tiêu chưa có bước nào"), "{told}");
    let form = officer.get(&format!("{plan}/steps/new")).await.expect(200).text();
    let goal = form.split("<option value=\"").find(|rest| rest.contains("Có việc làm")).unwrap()[..36].to_owned();
    let read = version().await;
    let step = [
        ("version", &*read),
        ("goal", &goal),
        ("what", "Đăng ký học nghề"),
        ("due_on", "01/12/2026"),
        ("owner", "officer"),
    ];
    officer.post(&format!("{plan}/steps"), &step).await.expect(303);
    let told = officer.post(&submission, &[("version", &*version().await)]).await.expect(422).text();
    assert!(told.contains("Chưa ghi sự đồng ý của bà con"), "{told}");
    let tomorrow = [("version", &*version().await), ("on", "24/11/2026"), ("how", "signed")];
    officer.post(&format!("{plan}/agreement"), &tomorrow).await.expect(422);
    let today = [("version", &*version().await), ("on", "23/11/2026"), ("how", "signed")];
    officer.post(&format!("{plan}/agreement"), &today).await.expect(303);
    assert!(officer.get(&plan).await.text().contains("Bà con đồng ý ngày 23/11/2026"));
    officer.post(&submission, &[("version", &*version().await)]).await.expect(303);

    // Handed in: nothing is changed, and she does not decide about it herself.
    let read = hidden(&house.as_("supervisor").await.get(&plan).await.expect(200).text(), "version");
    let late = [("version", &*read), ("area", "home"), ("owner", "officer"), ("what", "Sửa nhà")];
    assert!(officer.post(&goals, &late).await.expect(422).text().contains("đang chờ chỉ huy"));
    let decision = format!("{plan}/decision");
    officer.post(&decision, &[("version", &*read), ("verdict", "approved")]).await.expect(403);
    house.as_("officer2").await.get(&plan).await.expect(404);
    let head = house.as_("supervisor").await;
    let told = head.post(&decision, &[("version", &*read), ("verdict", "returned")]).await.expect(422).text();
    assert!(told.contains("id=\"comment-error\""), "{told}");
    let back = [("version", &*read), ("verdict", "returned"), ("comment", "Ghi rõ học nghề gì")];
    head.post(&decision, &back).await.expect(303);
    let page = officer.get(&plan).await.expect(200).text();
    assert!(page.contains("Ghi rõ học nghề gì") && page.contains("Trả lại để sửa"), "{page}");
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from follow_ups where rule = 'plan_step'").await, 0, "nothing is due yet");

    // The next version has what stood in this one, which stays.
    let next = officer.post(&list, &[]).await.expect(303).goes_to().split('?').next().unwrap().to_owned();
    assert_ne!(next, plan);
    assert!(officer.post(&list, &[]).await.expect(422).text().contains("soạn dở"));
    let page = officer.get(&next).await.expect(200).text();
    assert!(page.contains("Đăng ký học nghề") && page.contains("Chưa ghi sự đồng ý"), "{page}");
    let read = hidden(&page, "version");
    let agreed = [("version", &*read), ("on", "23/11/2026"), ("how", "spoken")];
    officer.post(&format!("{next}/agreement"), &agreed).await.expect(303);
    let read = hidden(&officer.get(&next).await.text(), "version");
    officer.post(&format!("{next}/submission"), &[("version", &*read)]).await.expect(303);
    let read = hidden(&head.get(&next).await.text(), "version");
    head.post(&format!("{next}/decision"), &[("version", &*read), ("verdict", "approved")]).await.expect(303);
    let page = officer.get(&next).await.expect(200).text();
    assert!(page.contains("Đã xong 0/1 bước"), "{page}");
    assert!(officer.get(&plan).await.expect(200).text().contains("Ghi rõ học nghề gì"), "the old version is there");

    // From now on the step is a task of the office like any other: late when its day is past, done by a word.
    house.go_to(date(2026, 12, 3));
    let officer = house.as_("officer").await;
    let tasks = officer.get("/").await.expect(200).text();
    assert!(tasks.contains("Đăng ký học nghề") && tasks.contains("một bước trong kế hoạch đã duyệt"), "{tasks}");
    let page = officer.get(&next).await.expect(200).text();
    assert!(page.contains("Trễ 2 ngày"), "{page}");
    let task = page.split("/follow-ups/").nth(1).unwrap()[..36].to_owned();
    let done = [("note", "Đã nộp đơn"), ("to", &*next)];
    officer.post(&format!("/follow-ups/{task}/completion"), &done).await.expect(303);
    let page = officer.get(&next).await.expect(200).text();
    assert!(page.contains("Đã xong 1/1 bước") && !page.contains("Trễ"), "{page}");
});

both!(a_new_version_keeps_what_was_done_and_lets_go_of_what_it_does_not_ask_for, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.program("officer").await;
    let own = json!({"kind": "person"});
    let steps = [("Kept", "2026-12-01", &own), ("Done", "2026-12-02", &own), ("Dropped", "2026-12-03", &own)];
    let plan = begun(&officer, &case).await;
    let plan = goal(&house, &officer, plan, "work", &steps).await;
    let first = approved(&house, &handed_in(&house, &officer, &plan).await).await;
    assert_eq!((&first["state"], &first["progress"]), (&json!("approved"), &json!({"done": 0, "all": 3})));
    let task = |plan: &Value, what: &str| step(plan, what)["follow_up"].as_str().unwrap().to_owned();
    let done = format!("/api/v1/follow-ups/{}/completion", task(&first, "Done"));
    officer.post(&done, &json!({"note": "xong"})).await.expect(200);

    let second = begun(&officer, &case).await;
    assert_eq!((&second["number"], &second["progress"]), (&json!(2), &json!({"done": 1, "all": 3})));
    let dropped = json!({"step": step(&second, "Dropped")["id"]});
    let second = change(&house, &officer, &second, "removals", &dropped).await.expect(200).json();
    refused(change(&house, &officer, &second, "removals", &dropped).await, "unknown");
    let more = json!({"goal": second["goals"][0]["id"], "what": "More", "due_on": "2026-12-09", "owner": own});
    let second = change(&house, &officer, &second, "steps", &more).await.expect(200).json();
    // While it is being written, the first one holds.
    let held = officer.get(&format!("/api/v1/cases/{case}/plan-steps")).await.expect(200).json();
    assert_eq!(held["items"].as_array().unwrap().len(), 3);
    let second = approved(&house, &handed_in(&house, &officer, &second).await).await;
    assert_eq!(task(&second, "Kept"), task(&first, "Kept"), "the same task, not one more");
    assert_eq!((&step(&second, "Done")["state"], &second["progress"]), (&json!("done"), &json!({"done": 1, "all": 3})));
    let old = officer.get(&format!("/api/v1/plans/{}", id(&first))).await.expect(200).json();
    assert_eq!((&old["state"], &step(&old, "Dropped")["state"]), (&json!("replaced"), &json!("let_go")));
    let due = officer.get("/api/v1/follow-ups?state=upcoming&limit=100").await.expect(200).text();
    assert!(due.contains("Kept") && due.contains("More") && !due.contains("Dropped"), "{due}");
    refused(change(&house, &officer, &old, "agreement", &json!({"how": "signed"})).await, "plan_replaced");
});

both!(a_helper_has_the_steps_of_her_own_organisation_and_nothing_else, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let (officer, partner) = (house.program("officer").await, house.program("partner").await);
    let me = partner.get("/api/v1/me").await.expect(200).json();
    let hers = json!({"kind": "helper", "organisation": me["organisation"]});
    let other = house.program("partner2").await.get("/api/v1/me").await.expect(200).json();
    let others = json!({"kind": "helper", "organisation": other["organisation"]});
    let own = json!({"kind": "officer"});

    let ill =
        json!({"area": "health", "level": "urgent", "note": "SecretHealth", "answers": {"health_worry": "SecretIll"}});
    officer.post(&format!("/api/v1/cases/{case}/needs"), &ill).await.expect(201);
    let plan = begun(&officer, &case).await;
    let law = json!({"area": "law", "what": "SecretLaw", "owner": hers});
    refused(change(&house, &officer, &plan, "goals", &law).await, "not_for_organisations");
    let plan = goal(&house, &officer, plan, "law", &[("SecretFine", "2026-12-01", &own)]).await;
    let fine = json!({"goal": plan["goals"][0]["id"], "what": "x", "due_on": "2026-12-01", "owner": hers});
    refused(change(&house, &officer, &plan, "steps", &fine).await, "not_for_organisations");
    let plan = goal(&house, &officer, plan, "work", &[("Đưa gà giống", "2026-12-01", &hers)]).await;
    let work = plan["goals"][1]["id"].clone();
    let stranger = json!({"goal": work, "what": "x", "due_on": "2026-12-01", "owner": others});
    refused(change(&house, &officer, &plan, "steps", &stranger).await, "no_referral");
    let mine = json!({"goal": work, "what": "SecretVisit", "due_on": "2026-12-02", "owner": own});
    let plan = change(&house, &officer, &plan, "steps", &mine).await.expect(200).json();

    let steps = format!("/api/v1/cases/{case}/plan-steps");
    assert_eq!(partner.get(&steps).await.expect(200).json()["items"], json!([]), "not before it is approved");
    let plan = approved(&house, &handed_in(&house, &officer, &plan).await).await;
    let told = partner.get(&steps).await.expect(200).json();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["items"][0]["what"], "Đưa gà giống");
    let page = house.as_("partner").await.get(&format!("/cases/{case}/plans")).await.expect(200).text();
    assert!(page.contains("Đưa gà giống") && page.contains("Đã xong 0/1 bước") && !page.contains("Secret"), "{page}");
    assert!(!page.contains("Goal work"), "the goal is the office's");
    for path in ["needs", "plans"] {
        partner.get(&format!("/api/v1/cases/{case}/{path}")).await.expect(403);
    }
    partner.get(&format!("/api/v1/plans/{}", id(&plan))).await.expect(404);
    house.program("helper").await.get(&steps).await.expect(404);

    // She says that it is done, and the office sees it in the plan.
    let task = told["items"][0]["follow_up"].as_str().unwrap();
    partner.post(&format!("/api/v1/follow-ups/{task}/completion"), &json!({"note": "đã đưa"})).await.expect(200);
    let seen = officer.get(&format!("/api/v1/plans/{}", id(&plan))).await.expect(200).json();
    assert_eq!(
        (&step(&seen, "Đưa gà giống")["state"], &seen["progress"]),
        (&json!("done"), &json!({"done": 1, "all": 3}))
    );
});

both!(old_answers_keep_the_questions_that_were_asked, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/needs");
    let before = officer.get(&url).await.expect(200).text();
    assert!(before.contains("Hiện có việc làm không?") && before.contains("Chưa hỏi"), "{before}");
    let bad = [("area", "work"), ("skills", "thợ hồ")];
    let again = officer.post(&url, &bad).await.expect(422).text();
    assert!(again.contains("id=\"level-error\"") && again.contains(">thợ hồ</textarea>"), "{again}");
    let asked = [("area", "work"), ("level", "some"), ("has_work", "no"), ("skills", "thợ hồ")];
    officer.post(&url, &asked).await.expect(303);
    officer.post(&url, &[("area", "home"), ("level", "some"), ("has_work", "no")]).await.expect(422);

    // From today another set is asked: one question in other words, one no more.
    let mut raw = Raw::of(&house).await;
    raw.run(
        "insert into questions (version, word, area, kind, rank, valid_from, asks_vi, asks_en) \
         values (2, 'has_work', 'work', 'yes_no', 1, '2026-11-23', 'Có đi làm đều không?', 'Steady work?')",
    )
    .await;
    raw.run(
        "insert into questions (version, word, area, kind, rank, valid_from, asks_vi, asks_en) \
         values (3, 'has_work', 'work', 'yes_no', 1, '2026-11-24', 'Ngày mai mới hỏi?', 'Tomorrow?')",
    )
    .await;
    officer.post(&url, &[("area", "work"), ("level", "none"), ("skills", "thợ hồ")]).await.expect(422);
    officer.post(&url, &[("area", "work"), ("level", "none"), ("has_work", "yes")]).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    for (question, answer) in [
        ("Hiện có việc làm không?", "Không"),
        ("Biết nghề gì? Muốn học nghề gì?", "thợ hồ"),
        ("Có đi làm đều không?", "Có"),
    ] {
        assert!(page.contains(&format!("<dt>{question}</dt><dd>{answer}</dd>")), "{question}: {page}");
    }
    assert!(!page.contains("Ngày mai"), "{page}");
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/needs")).await.expect(200).json();
    assert_eq!((&told["items"][0]["question_version"], &told["items"][1]["question_version"]), (&json!(2), &json!(1)));
    house.as_("partner").await.get(&url).await.expect(404);
});

both!(a_plan_is_walled_as_its_person_is_and_closed_with_the_case, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let (officer, head) = (house.program("officer").await, house.program("supervisor").await);
    let key = |who: &Program<'_>| {
        let path = format!("/api/v1/cases/{case}/plans");
        let request =
            who.request(Method::POST, &path).header("idempotency-key", "01900000-0000-7000-8000-00000000aa01");
        request.body(Body::from("{}")).unwrap()
    };
    let first = house.send(key(&officer)).await.expect(201).json();
    let again = house.send(key(&officer)).await.expect(201).json();
    assert_eq!(id(&first), id(&again), "the same request is done once");
    officer.post(&format!("/api/v1/plans/{}/goals", id(&first)), &json!({})).await.expect(428);
    let other = house.program("officer2").await;
    other.get(&format!("/api/v1/plans/{}", id(&first))).await.expect(404);
    // A head who writes a plan herself does not decide about it.
    let own = json!({"kind": "officer"});
    let plan = goal(&house, &head, first, "home", &[("Sửa mái nhà", "2026-12-01", &own)]).await;
    refused(change(&house, &head, &plan, "decision", &json!({"verdict": "approved"})).await, "plan_not_submitted");
    let plan = handed_in(&house, &head, &plan).await;
    refused(change(&house, &head, &plan, "decision", &json!({"verdict": "approved"})).await, "own_plan");

    crate::world::deputy(&house).await;
    let shut: duongve::base::ids::CaseId = case.parse().unwrap();
    crate::world::restrict(&house, "deputy", shut, "exclusion", &["supervisor"]).await;
    head.get(&format!("/api/v1/plans/{}", id(&plan))).await.expect(404);
    head.get(&format!("/api/v1/cases/{case}/needs")).await.expect(404);

    let closing = [("ground", "moved"), ("on", "23/11/2026")];
    house.as_("officer").await.post(&format!("/cases/{case}/closure"), &closing).await.expect(303);
    let need = json!({"area": "home", "level": "some"});
    refused(officer.post(&format!("/api/v1/cases/{case}/needs"), &need).await, "case_closed");
    let deputy = house.program("deputy").await;
    refused(change(&house, &deputy, &plan, "decision", &json!({"verdict": "approved"})).await, "case_closed");
});

both!(a_new_set_of_questions_comes_into_force_on_its_day_and_changes_no_old_one, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let officer = house.as_("officer").await;
    let needs = format!("/cases/{case}/needs");
    officer.post(&needs, &[("area", "work"), ("level", "some"), ("skills", "thợ hồ")]).await.expect(303);
    let admin = house.as_("admin").await;
    let page = admin.get("/questions").await.expect(200).text();
    assert!(page.contains("name=\"vi_0\"") && page.contains("value=\"Hiện có việc làm không?\""), "{page}");
    let read = officer.get("/questions").await.expect(200).text();
    assert!(read.contains("Hiện có việc làm không?") && !read.contains("name=\"vi_0\""), "read, not changed");
    let to = "/areas/91/question-sets";
    let row = [
        ("based_on", "1"),
        ("valid_from", "25/11/2026"),
        ("word_0", "skills"),
        ("area_0", "work"),
        ("kind_0", "text"),
        ("vi_0", "Tay nghề gì?"),
        ("en_0", "Which trade?"),
    ];
    officer.post("/areas/30577/question-sets", &row).await.expect(403);
    let bad =
        admin.post(to, &[&row[..6], &[("word_1", "skills"), ("vi_1", "Câu hai?")]].concat()).await.expect(422).text();
    for field in ["en_0-error", "word_1-error", "area_1-error", "kind_1-error", "en_1-error"] {
        assert!(bad.contains(field), "{field}: {bad}");
    }
    assert!(bad.contains("value=\"Câu hai?\""), "what was typed stays");
    let early = [&[("valid_from", "22/11/2026")], &row[2..]].concat();
    admin.post(to, &early).await.expect(422);
    admin.post(to, &row).await.expect(303);
    admin.post(to, &row).await.expect(412);
    let second = [&[("based_on", "2"), ("valid_from", "25/11/2026")], &row[2..]].concat();
    assert!(admin.post(to, &second).await.expect(422).text().contains("25/11/2026"), "it begins after the newest");
    // Not before its day.
    assert!(officer.get(&needs).await.text().contains("Biết nghề gì? Muốn học nghề gì?"));
    house.go_to(date(2026, 11, 25));
    let officer = house.as_("officer").await;
    let asked = officer.get(&needs).await.expect(200).text();
    assert!(asked.contains("Tay nghề gì?") && !asked.contains("Hiện có việc làm không?"), "{asked}");
    assert!(
        asked.contains("<dt>Biết nghề gì? Muốn học nghề gì?</dt><dd>thợ hồ</dd>"),
        "the old answer keeps its question"
    );
    officer.post(&needs, &[("area", "work"), ("level", "some"), ("has_work", "no")]).await.expect(422);
    officer.post(&needs, &[("area", "work"), ("level", "some"), ("skills", "sửa xe")]).await.expect(303);
    let old = officer.get("/questions?version=1").await.expect(200).text();
    assert!(old.contains("Hiện có việc làm không?"), "{old}");

    // And by a program, which has just proved who it is.
    let program = house.program("admin").await;
    let set = json!({"valid_from": "2026-12-01", "questions": [
        {"question": "skills", "area": "work", "kind": "text", "vi": "Nghề gì?", "en": "Which trade?"}]});
    let path = "/api/v1/areas/91/question-sets";
    program.post(path, &set).await.expect(428);
    let request = |version: i64| program.request(Method::POST, path).header("if-match", format!("\"{version}\""));
    let send = async |version: i64| house.send(request(version).body(Body::from(set.to_string())).unwrap()).await;
    send(1).await.expect(412);
    assert_eq!(send(2).await.expect(201).json()["version"], json!(3));
    let sets = program.get("/api/v1/question-sets").await.expect(200).json();
    assert_eq!(sets["items"].as_array().unwrap().len(), 3, "{sets}");
    let questions = program.get("/api/v1/questions").await.expect(200).json();
    assert_eq!(questions["items"][0]["vi"], json!("Tay nghề gì?"), "not before its day");
});
