//! Who looked: each reading is one row, no row no reading, and the pages that show them.

use crate::{both, house::House, raw::Raw, world};
use duongve::{base::ids::CaseId, jobs, policy::acts};

/// Rows about this case that say that it was opened.
async fn openings(house: &House, case: CaseId) -> i64 {
    let mut raw = Raw::of(house).await;
    let id = raw.id(case);
    raw.number(&format!("select count(*) from audit where case_id = {id} and outcome = 'opened'")).await
}

/// Surfaces that show a person: the page's path after the case, and the parts that its one row must name.
const PAGES: &[(&str, &str)] = &[
    ("", "identity legal classification visit_note"),
    ("/relatives", "family"),
    ("/households", "family"),
    ("/households/new", "family"),
    ("/children/new", "family"),
    ("/home-needs/new", "family"),
    ("/helps", ""),
    ("/work", ""),
    ("/loans", "legal classification loan"),
    ("/gatherings", "gathering"),
    ("/dialogues/new", ""),
    ("/attachments", ""),
    ("/documents", ""),
    ("/documents/new?kind=information_sheet", ""),
    ("/needs", ""),
    ("/plans", ""),
    ("/referrals", ""),
    ("/assignments", ""),
    ("/handovers", ""),
    ("/openings", ""),
    ("/correction", ""),
    ("/steps", "legal"),
    ("/closure", "legal"),
    ("/reopening", "legal"),
    ("/continuation", "legal"),
    ("/courses/new", ""),
    ("/papers", "legal"),
    ("/history", "identity legal sentence health origin"),
    ("/requests", ""),
    ("/consents", ""),
    ("/classifications", ""),
    ("/referrals/new", ""),
    ("/visits/new", ""),
    ("/tasks/new", ""),
    ("/parts", "identity sentence health origin protected_note"),
];

/// The same for programs.
const CALLS: &[(&str, &str)] = &[
    ("", "identity legal sentence health classification origin protected_note family"),
    ("?reveal=identity", "identity legal sentence health classification origin protected_note family identity_number"),
    ("/visits", "visit_note"),
    ("/timeline", "visit_note"),
    ("/relatives", "family"),
    ("/households", "family"),
    ("/children", "family"),
    ("/home-needs", "family"),
    ("/shared-home-needs", ""),
    ("/help", ""),
    ("/work", ""),
    ("/loans", "legal classification loan"),
    ("/gatherings", "gathering"),
    ("/attachments", ""),
    ("/documents", ""),
    ("/needs", ""),
    ("/plans", ""),
    ("/plan-steps", ""),
    ("/assignments", ""),
    ("/handovers", ""),
    ("/referrals", ""),
    ("/openings", ""),
    ("/readers", ""),
    ("/erasures", ""),
    ("/requests", ""),
    ("/consents", ""),
    ("/history", "identity legal sentence health origin"),
];

both!(every_reading_outside_ones_own_is_exactly_one_row_that_names_all_its_parts, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Một", 1)).await;
    world::visit(&house, "officer", case, &world::met("home", crate::house::TODAY)).await;
    let (head, program) = (house.as_("supervisor").await, house.program("supervisor").await);
    let mut raw = Raw::of(&house).await;
    let id = raw.id(case);
    let newest = format!(
        "select detail, purpose from audit where case_id = {id} and outcome = 'opened' order by at desc, id desc limit 1"
    );
    let mut walked = 0;
    let surfaces = PAGES.iter().map(|one| (true, one)).chain(CALLS.iter().map(|one| (false, one)));
    for (page, (path, parts)) in surfaces {
        let before = openings(&house, case).await;
        let answer = match page {
            true => head.get(&format!("/cases/{case}{path}")).await,
            false => program.get(&format!("/api/v1/cases/{case}{path}")).await,
        };
        answer.expect(200);
        assert_eq!(openings(&house, case).await - before, 1, "page {page} {path}: one row");
        let rows: Vec<(String, String)> = raw.rows(&newest).await;
        assert_eq!((rows[0].0.as_str(), rows[0].1.as_str()), (*parts, "office"), "page {page} {path}");
        walked += 1;
    }
    assert_eq!(walked, PAGES.len() + CALLS.len());
    let before = openings(&house, case).await;
    let shown = head.post(&format!("/cases/{case}/identity"), &[]).await.expect(200).text();
    assert!(shown.contains("0910900012"), "the whole number");
    assert_eq!(openings(&house, case).await - before, 1, "the whole number is one row");
});

both!(in_ones_own_case_a_part_is_a_row_and_a_form_is_none, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Mình", 1)).await;
    let officer = house.as_("officer").await;
    for (path, rows) in
        [("", 1), ("/relatives", 1), ("/helps", 0), ("/correction", 0), ("/visits/new", 0), ("/parts", 1)]
    {
        let before = openings(&house, case).await;
        officer.get(&format!("/cases/{case}{path}")).await.expect(200);
        assert_eq!(openings(&house, case).await - before, rows, "{path}");
    }
});

both!(a_task_that_is_opened_outside_ones_own_cases_is_a_row, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Việc", 1)).await;
    let task: Vec<(uuid::Uuid,)> = {
        let mut raw = Raw::of(&house).await;
        let sql = format!("select id from follow_ups where case_id = {} and done_at is null", raw.id(case));
        raw.rows(&sql).await
    };
    let page = format!("/follow-ups/{}/postponement", task[0].0);
    let call = format!("/api/v1/follow-ups/{}", task[0].0);
    let before = openings(&house, case).await;
    house.as_("officer").await.get(&page).await.expect(200);
    house.program("officer").await.get(&call).await.expect(200);
    assert_eq!(openings(&house, case).await, before, "in her own case a form is none");
    assert!(house.as_("supervisor").await.get(&page).await.expect(200).text().contains("NameViệc"));
    assert_eq!(openings(&house, case).await - before, 1);
    house.program("supervisor").await.get(&call).await.expect(200);
    assert_eq!(openings(&house, case).await - before, 2);
    // Refused, the form is shown again, and so is the name.
    house.as_("supervisor").await.post(&page, &[("to_on", "1/1/1900"), ("reason", "x")]).await.expect(422);
    assert_eq!(openings(&house, case).await - before, 3);
});

both!(a_helpers_reading_is_a_row_too, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Giúp", 1)).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    let (page, program) = (house.as_("partner").await, house.program("partner").await);
    for path in ["", "/helps", "/visits/new"] {
        let before = openings(&house, case).await;
        page.get(&format!("/cases/{case}{path}")).await.expect(200);
        assert_eq!(openings(&house, case).await - before, 1, "{path}");
    }
    for path in ["", "/visits", "/timeline", "/help"] {
        let before = openings(&house, case).await;
        program.get(&format!("/api/v1/cases/{case}{path}")).await.expect(200);
        assert_eq!(openings(&house, case).await - before, 1, "{path}");
    }
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from audit where outcome = 'opened' and purpose = 'shared'").await, 7);
});

both!(a_name_search_is_one_row_without_the_words, async |house: House| {
    world::open(&house, "officer", &world::draft("Tìm", 1)).await;
    house.as_("officer").await.post("/case-searches", &[("q", "nametim")]).await.expect(200);
    house
        .program("officer")
        .await
        .post("/api/v1/case-searches", &serde_json::json!({"q": "nametim"}))
        .await
        .expect(200);
    let mut raw = Raw::of(&house).await;
    let rows: Vec<(String,)> = raw.rows("select detail from audit where act = 'case.list' and outcome = 'read'").await;
    let told: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(told, ["search, 1 found", "search, 1 found"]);
});

/// The planted fault: the trail cannot be written.
async fn no_log(raw: &mut Raw) {
    match raw {
        Raw::Sqlite(_) => {
            raw.run("create trigger no_log before insert on audit begin select raise(abort, 'planted'); end").await;
        }
        Raw::Postgres(_) => {
            raw.run("create function no_log() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$").await;
            raw.run("create trigger no_log before insert on audit for each row execute function no_log()").await;
        }
    }
}

both!(no_log_no_read, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Kín", 1)).await;
    let (head, program, officer) =
        (house.as_("supervisor").await, house.program("supervisor").await, house.as_("officer").await);
    house.as_("inspector").await;
    no_log(&mut Raw::of(&house).await).await;
    let mut answers = Vec::new();
    for (path, _) in PAGES {
        answers.push((*path, head.get(&format!("/cases/{case}{path}")).await));
    }
    for (path, _) in CALLS {
        answers.push((*path, program.get(&format!("/api/v1/cases/{case}{path}")).await));
    }
    for path in [format!("/cases/{case}"), format!("/cases/{case}/relatives"), "/cases/export?format=csv".to_owned()] {
        answers.push(("officer", officer.get(&path).await));
    }
    answers.push(("search", officer.post("/case-searches", &[("q", "namekin")]).await));
    answers.push(("trail", house.as_("inspector").await.get("/trail").await));
    for (path, answer) in answers {
        assert!(answer.status.is_server_error(), "{path}: {}", answer.status);
        assert!(!answer.text().contains("Kín"), "{path}: nothing of the person left the house");
    }
    // And no session without its row.
    let user = world::user_id(&house, "officer").await;
    assert!(
        house.store().start_session(&crate::world::whole(user, duongve::store::SessionKind::Cookie)).await.is_err()
    );
});

both!(sign_ins_good_and_failed_are_in_the_trail_and_a_flood_is_a_few_rows, async |house: House| {
    house.as_("officer").await;
    let mut raw = Raw::of(&house).await;
    let signed = "select count(*) from audit where act = 'sign_in' and outcome = 'done' and session <> ''";
    assert_eq!(raw.number(signed).await, 1);
    for number in 0..6 {
        let name = if number < 4 { "officer" } else { "khong-co-ai" };
        let form = [("username", name), ("password", "sai mật khẩu rồi nhé")];
        // From an address each and some seconds later: whoever tries again and again is slowed before a password is looked at.
        house.clock.set(house.clock.now().plus(9));
        let body = serde_html_form::to_string(form).unwrap();
        let request = house.nobody().request(axum::http::Method::POST, "/sign-in");
        let request = request.header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        house.send_from([127, 0, 1, number], request.body(axum::body::Body::from(body)).unwrap()).await.expect(422);
    }
    let case = world::open(&house, "officer3", &world::draft("Xa", 1)).await;
    let officer = house.as_("officer").await;
    for _ in 0..30 {
        officer.get(&format!("/cases/{case}")).await.expect(404);
    }
    officer.get("/cases/01900000-0000-7000-8000-ffffffffffff").await.expect(404);
    officer.get("/trail").await.expect(403);
    // A form that another site sends, and one without the token of our own pages.
    for site in ["cross-site", "same-origin"] {
        let form = officer.request(axum::http::Method::POST, "/calendar").header("sec-fetch-site", site);
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        house.send(form.body(axum::body::Body::from("_token=none")).unwrap()).await.expect(403);
    }
    let refused = "select act, detail, user_id is not null as known, subject_id from audit \
                   where outcome = 'refused' order by act, known";
    let rows: Vec<(String, String, bool, String)> = raw.rows(refused).await;
    assert!(rows.is_empty(), "a refused request takes no time for it: {rows:?}");
    house.store().write_refusals(false).await.unwrap();
    assert_eq!(raw.number("select count(*) from audit where outcome = 'refused'").await, 0, "not before a minute");
    house.clock.set(house.store().now().plus(61));
    jobs::tick(&house.app).await.unwrap();
    let rows: Vec<(String, String, bool, String)> = raw.rows(refused).await;
    let told: Vec<(&str, &str, bool)> = rows.iter().map(|row| (row.0.as_str(), row.1.as_str(), row.2)).collect();
    assert_eq!(
        told,
        [
            ("audit.list", "1 times", true),
            ("case.see", "30 times", true),
            ("request.cross_site", "1 times", false),
            ("request.cross_site", "1 times", true),
            ("sign_in", "2 times", false),
            ("sign_in", "4 times", true)
        ]
    );
    assert_eq!(rows[1].3, case.to_string(), "which record; one that does not exist is no row");
    let all: Vec<(String,)> = raw.rows("select actor || subject_id || detail || request from audit").await;
    assert!(all.iter().all(|row| !row.0.contains("khong-co-ai")), "a name that nobody has is not kept");
});

both!(the_head_and_the_officer_in_charge_see_who_looked_and_others_do_not, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Nhìn", 1)).await;
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
    house.as_("officer2").await.get(&format!("/cases/{case}")).await.expect(404);
    house.store().write_refusals(true).await.unwrap();
    for who in ["officer", "supervisor"] {
        let page = house.as_(who).await.get(&format!("/cases/{case}/openings")).await.expect(200).text();
        assert!(
            page.contains("Lê Quốc Bảo") && page.contains("nhân thân") && page.contains("Phụ trách đơn vị"),
            "{page}"
        );
        assert!(page.contains("Trần Ngọc Diễm") && page.contains("Bị từ chối"), "who was turned away is told");
    }
    for who in ["officer2", "officer3", "supervisor3", "partner", "admin", "inspector"] {
        let answer = house.as_(who).await.get(&format!("/cases/{case}/openings")).await;
        assert_eq!(answer.status, 404, "{who}");
    }
    let call =
        house.program("officer").await.get(&format!("/api/v1/cases/{case}/openings?limit=2")).await.expect(200).json();
    assert_eq!(call["items"].as_array().unwrap().len(), 2);
    assert!(call["next"].is_string());
    let next = call["next"].as_str().unwrap();
    let more =
        house.program("officer").await.get(&format!("/api/v1/cases/{case}/openings?limit=2&cursor={next}")).await;
    assert_ne!(more.expect(200).json()["items"][0]["id"], call["items"][1]["id"]);
});

both!(everybody_sees_her_own_openings_and_nobody_elses, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Tôi", 1)).await;
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
    let page = house.as_("supervisor").await.get("/openings").await.expect(200).text();
    let call = house.program("officer2").await.get("/api/v1/openings").await.expect(200).json();
    assert!(page.contains("Mở xem") && page.contains("nhân thân"), "{page}");
    assert!(!page.contains("NameTôi"), "a code, no name");
    assert_eq!(call["items"].as_array().unwrap().len(), 0, "{call}");
});

both!(the_inspector_is_told_who_reads_much_outside_her_own_and_at_night_in_counts_only, async |house: House| {
    let night = duongve::base::time::At::of(crate::house::TODAY, 22, 30);
    let mut cases = Vec::new();
    for number in 0..21 {
        cases.push(world::open(&house, "officer", &world::draft(&format!("Đêm{number}"), number)).await);
    }
    let head = house.as_("supervisor").await;
    let inspector = house.as_("inspector").await;
    for case in &cases[..19] {
        head.get(&format!("/cases/{case}")).await.expect(200);
    }
    let page = inspector.get("/readers").await.expect(200).text();
    assert!(page.contains("Không có ai vượt quy tắc"), "19 of 20: {page}");
    house.clock.set(night);
    let head = world::session(&house, "supervisor", duongve::store::SessionKind::Cookie).await;
    for case in &cases[18..] {
        house.holding(&head).get(&format!("/cases/{case}")).await.expect(200);
    }
    let inspector = house
        .holding(&world::session(&house, "inspector", duongve::store::SessionKind::Cookie).await)
        .get("/readers")
        .await;
    let page = inspector.expect(200).text();
    assert!(page.contains("supervisor") && page.contains(r#"<span class="chip late">21</span>"#), "{page}");
    assert!(
        !page.contains("NameĐêm") && !page.contains(&cases[0].to_string()) && !page.contains("Lê Quốc Bảo"),
        "counts and sign-in names only"
    );
    let scope = house.store().scope::<acts::CountReaders>(&world::actor(&house, "inspector").await).unwrap();
    let rules = duongve::trail::thresholds(house.store()).await.unwrap();
    let readers = duongve::trail::readers(house.store(), &scope, &rules).await.unwrap();
    assert_eq!((readers.len(), readers[0].outside, readers[0].night), (1, 21, 3), "21 different cases, three at night");
    // The admin sets the rule, and it holds at once; nothing is planned anew for it.
    let before = Raw::of(&house).await.number("select version from rulebook").await;
    let token = world::session(&house, "admin", duongve::store::SessionKind::Cookie).await;
    let rule = [("word", "reader_outside"), ("amount", "50"), ("valid_from", "23/11/2026")];
    house.holding(&token).post("/areas/91/rules", &rule).await.expect(303);
    let rules = duongve::trail::thresholds(house.store()).await.unwrap();
    assert_eq!(rules.outside, 50);
    assert!(duongve::trail::readers(house.store(), &scope, &rules).await.unwrap().is_empty());
    assert_eq!(Raw::of(&house).await.number("select version from rulebook").await, before);
});

both!(a_heads_digest_and_its_letter_name_the_trails_fingerprint, async |house: House| {
    world::open(&house, "officer", &world::draft("Dấu", 1)).await;
    jobs::tick(&house.app).await.unwrap();
    let mut raw = Raw::of(&house).await;
    let rows: Vec<(String,)> = raw
        .rows("select d.fingerprint from digests d join users u on u.id = d.user_id where u.username = 'supervisor'")
        .await;
    let mark: duongve::trail::model::Fingerprint = rows[0].0.parse().expect("a fingerprint");
    let hash = house.store().hash_at(mark.seq).await.unwrap().expect("a row of the chain");
    assert_eq!(duongve::trail::model::Fingerprint::of(mark.seq, &hash), mark);
    let ids: Vec<(uuid::Uuid,)> =
        raw.rows("select d.id from digests d join users u on u.id = d.user_id where u.username = 'supervisor'").await;
    let page = house.as_("supervisor").await.get(&format!("/digests/{}", ids[0].0)).await.expect(200).text();
    assert!(page.contains(&rows[0].0), "{page}");
    let mails: Vec<String> = std::fs::read_dir(&house.mail_dir)
        .unwrap()
        .map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned())
        .collect();
    let quoted = rows[0].0.clone();
    assert!(mails.iter().any(|mail| mail.replace("=\r\n", "").contains(&quoted)), "a letter names it");
    let call = house.program("supervisor").await.get("/api/v1/digests").await.expect(200).json();
    assert_eq!(call["items"][0]["audit_fingerprint"].as_str(), Some(quoted.as_str()));
});
