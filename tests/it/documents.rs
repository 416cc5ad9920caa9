//! Papers: numbered without gaps, made from templates, kept as they were issued, printed, withdrawn, taken out as lists.

use crate::{
    both,
    cases::{hidden, opened},
    house::{House, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::{
        ids::{CaseId, Id},
        words::DocumentKind,
    },
    documents::{self, model},
    policy::{AreaCode, acts},
    store::SessionKind,
};

/// The address of a paper that was just issued.
fn place(answer: &crate::house::Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.goes_to().split('?').next().unwrap().to_owned()
}

async fn issued(house: &House, who: &str, case: &str, fields: &[(&str, &str)]) -> String {
    place(&house.as_(who).await.post(&format!("/cases/{case}/documents"), fields).await)
}

/// The text of a paper, as a program gets it.
async fn told(house: &House, who: &str, place: &str) -> serde_json::Value {
    house.program(who).await.get(&format!("/api/v1{place}")).await.expect(200).json()
}

const SHEET: &[(&str, &str)] = &[("kind", "information_sheet"), ("job", "Phụ hồ"), ("circumstances", "Nhà ở nhờ")];

both!(a_paper_takes_the_next_number_and_stays_what_it_was, async |house: House| {
    let fields = [
        ("name", "Lê Văn Giấy"),
        ("certificate_no", "GCN-81"),
        ("offence", "Trộm cắp tài sản"),
        ("id_number", "091090004321"),
    ];
    let case = opened(&house, "officer", &fields).await;
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{case}/documents")).await.expect(200).text();
    assert!(page.contains("Chưa có văn bản nào") && page.contains("so với mẫu chính thức trước khi dùng"), "{page}");
    let first = issued(&house, "officer", &case, SHEET).await;
    let second = issued(&house, "officer", &case, SHEET).await;
    let minutes =
        issued(&house, "officer", &case, &[("kind", "reception_minutes"), ("content", "Đã nói về vay vốn")]).await;
    let (one, two, other) = (
        told(&house, "officer", &first).await,
        told(&house, "officer", &second).await,
        told(&house, "officer", &minutes).await,
    );
    assert_eq!((&one["number"], &two["number"], &other["number"]), (&1.into(), &2.into(), &1.into()));
    let text = one["text"].as_str().unwrap();
    for word in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CÔNG AN XÃ Ô LÂM",
        "CÔNG AN TỈNH AN GIANG",
        "Lê Văn Giấy",
        "091090004321",
        "GCN-81",
        "Trộm cắp tài sản",
        "Phụ hồ",
        "Số: 01&#x2f;2026",
    ] {
        let plain = text.replace("&#x2f;", "/");
        assert!(plain.contains(&word.replace("&#x2f;", "/")), "{word}: {text}");
    }
    assert_eq!((&one["holds"], &one["hash"]), (&true.into(), &model::hash_of(text).into()));
    // The record changes, the paper does not.
    let read = hidden(&officer.get(&format!("/cases/{case}/correction")).await.text(), "version");
    let form = [("name", "Lê Văn Khác"), ("birth", ""), ("sex", "male"), ("hamlet", ""), ("version", &*read)];
    officer.post(&format!("/cases/{case}/correction"), &form).await.expect(303);
    assert_eq!(told(&house, "officer", &first).await["text"], one["text"]);
    let page = officer.get(&first).await.expect(200).text();
    assert!(page.contains("đúng từng ký tự") && page.contains("Chưa in") && page.contains("Lê Văn Giấy"), "{page}");
    // Nothing of it lies open in the database.
    let mut raw = Raw::of(&house).await;
    let rows: Vec<(Vec<u8>, Vec<u8>)> = raw.rows("select body, hash from documents").await;
    for (body, hash) in rows {
        assert!(!String::from_utf8_lossy(&body).contains("HÒA") && hash.len() > 64);
    }
});

both!(the_original_is_printed_once_and_every_other_time_is_a_copy, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn In")]).await;
    let paper = issued(&house, "officer", &case, SHEET).await;
    let officer = house.as_("officer").await;
    let key = hidden(&officer.get(&paper).await.text(), "_key");
    let press = format!("{paper}/printings");
    let sheet = officer.post(&press, &[("_key", &key)]).await.expect(200).text();
    assert!(sheet.contains("Bản chính") && !sheet.contains("Bản sao số"), "{sheet}");
    // Sent twice by a slow finger: the same time.
    assert!(officer.post(&press, &[("_key", &key)]).await.expect(200).text().contains("Bản chính"));
    for copy in ["Bản sao số 1", "Bản sao số 2"] {
        let key = hidden(&officer.get(&paper).await.text(), "_key");
        assert!(officer.post(&press, &[("_key", &key)]).await.expect(200).text().contains(copy));
    }
    let page = officer.get(&paper).await.expect(200).text();
    assert!(
        page.contains("Bản sao số 2") && page.contains("In bản sao") && page.contains("không phải bản của cơ quan"),
        "{page}"
    );
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from audit where act = 'document.print' and outcome = 'done'").await, 4);
    let id = raw.id(case.parse::<CaseId>().unwrap());
    let opened = format!(
        "select count(*) from audit where case_id = {id} and outcome = 'opened' and act = 'document.see' and detail like '%identity_number%'"
    );
    assert!(raw.number(&opened).await >= 4);
});

both!(numbers_have_neither_gaps_nor_doubles, async |house: House| {
    let mut cases = Vec::new();
    for number in 0..6 {
        cases.push(world::open(&house, "officer", &world::draft(&format!("So{number}"), 40 + number)).await);
    }
    let draft = model::Draft { kind: "visit_sheet".into(), ..Default::default() };
    let actor = world::actor(&house, "officer").await;
    let mut tasks = Vec::new();
    for case in cases.iter().flat_map(|case| [*case, *case]) {
        let (store, draft, actor) = (house.store().clone(), draft.clone(), actor.clone());
        tasks.push(tokio::spawn(async move {
            let grant = store.permit::<acts::IssueDocument>(&actor, case).await.unwrap();
            let (kind, typed, _) = draft.check().unwrap();
            let paper = documents::from_case(&store, &grant, kind, typed).await.unwrap();
            documents::issue(&store, grant, &paper, None, None).await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    // What is refused takes no number.
    let replaces = (cases[0], "sai tên".to_owned());
    let wrong = model::Draft {
        kind: "visit_sheet".into(),
        replaces: replaces.0.to_string(),
        why: replaces.1,
        ..Default::default()
    };
    let (kind, typed, old) = wrong.check().unwrap();
    let grant = world::grant::<acts::IssueDocument>(&house, "officer", cases[0]).await;
    let paper = documents::from_case(house.store(), &grant, kind, typed).await.unwrap();
    documents::issue(house.store(), grant, &paper, old.as_ref(), None).await.unwrap_err();
    world::issue(&house, "officer", cases[1], &draft).await;
    // The other commune has a series of its own.
    let far = world::open(&house, "officer3", &world::draft("Xa", 60)).await;
    world::issue(&house, "officer3", far, &draft).await;
    let numbers: Vec<(i64,)> =
        Raw::of(&house).await.rows("select number from documents where area_code = '30577' order by number").await;
    assert_eq!(numbers.into_iter().map(|row| row.0).collect::<Vec<_>>(), (1..=13).collect::<Vec<_>>());
    assert_eq!(Raw::of(&house).await.number("select number from documents where area_code = '30301'").await, 1);
    // A new year begins at one.
    house.go_to(jiff::civil::date(2027, 1, 4));
    world::issue(&house, "officer", cases[1], &draft).await;
    assert_eq!(Raw::of(&house).await.number("select number from documents where year = 2027").await, 1);
});

both!(a_letter_that_lacks_something_keeps_what_was_typed, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Thư")]).await;
    let officer = house.as_("officer").await;
    let letter = [("kind", "sender_letter"), ("recipient", "Trại giam Định Thành"), ("reason", "")];
    let page = officer.post(&format!("/cases/{case}/documents"), &letter).await.expect(422).text();
    assert!(page.contains("Trại giam Định Thành") && page.contains("id=\"reason-error\""), "{page}");
    let api = house.program("officer").await;
    let body = serde_json::json!({"kind": "sender_letter", "recipient": "Trại giam Định Thành"});
    let refused = api.post(&format!("/api/v1/cases/{case}/documents"), &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "reason");
    let body = serde_json::json!({"kind": "monthly_report"});
    api.post(&format!("/api/v1/cases/{case}/documents"), &body).await.expect(422);
    assert_eq!(Raw::of(&house).await.number("select count(*) from document_series").await, 0);
    for other in ["officer2", "officer3", "partner", "council", "lender", "admin", "inspector", "province"] {
        house.as_(other).await.get(&format!("/cases/{case}/documents")).await.expect(404);
    }
});

both!(a_paper_is_withdrawn_or_replaced_and_keeps_its_number, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Thay")]).await;
    let old = issued(&house, "officer", &case, SHEET).await;
    let id = old.rsplit('/').next().unwrap();
    let again = [("kind", "information_sheet"), ("replaces", id), ("why", "Sai năm sinh")];
    let new = issued(&house, "officer", &case, &again).await;
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    let page = officer.get(&old).await.expect(200).text();
    assert!(page.contains("không còn hiệu lực") && page.contains("Sai năm sinh") && page.contains(&new), "{page}");
    officer.post(&format!("/cases/{case}/documents"), &again).await.expect(422);
    let version = hidden(&head.get(&new).await.text(), "version");
    let withdrawal = format!("{new}/withdrawal");
    head.post(&withdrawal, &[("reason", ""), ("version", &version)]).await.expect(422);
    head.post(&withdrawal, &[("reason", "In nhầm"), ("version", "9")]).await.expect(412);
    head.post(&withdrawal, &[("reason", "In nhầm"), ("version", &version)]).await.expect(303);
    head.post(&withdrawal, &[("reason", "In nhầm"), ("version", &version)]).await.expect(412);
    let third = issued(&house, "officer", &case, SHEET).await;
    assert_eq!(told(&house, "officer", &third).await["number"], 3);
    let register = head.get("/documents").await.expect(200).text();
    assert!(
        register.contains("đã thu hồi") && register.contains("đã thay thế") && register.contains("Số 3/2026"),
        "{register}"
    );
    assert!(!house.as_("supervisor3").await.get("/documents").await.expect(200).text().contains("Số 3/2026"));
    assert!(!house.as_("officer2").await.get("/documents").await.expect(200).text().contains("Số 3/2026"));
});

both!(who_helps_reads_nothing_of_the_past, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Giup", 30)).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    let draft = model::Draft {
        kind: "helper_decision".into(),
        helper: "Nguyễn Thị Lan".into(),
        tasks: "Tìm việc làm".into(),
        ..Default::default()
    };
    let id = world::issue(&house, "officer", case, &draft).await;
    let text = told(&house, "officer", &format!("/documents/{id}")).await["text"].as_str().unwrap().to_owned();
    assert!(text.contains("NameGiup") && text.contains("Nguyễn Thị Lan") && text.contains("Phụ nữ"), "{text}");
    for part in ["Offence", "Penalty", "Court", "Certificate", "Source", "Health", "0910900012", "Mãn hạn", "hình phạt"]
    {
        assert!(!text.contains(part), "{part}: {text}");
    }
    let kinds = model::kinds::parts(DocumentKind::HelperDecision);
    assert!(kinds.is_empty(), "no template of this kind can name a part: {kinds:?}");
});

both!(an_admin_puts_a_template_in_force_and_a_bad_one_is_refused_with_its_line, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Mẫu")]).await;
    let before = issued(&house, "officer", &case, &[("kind", "visit_sheet")]).await;
    let was = told(&house, "officer", &before).await;
    let admin = house.holding(&world::session(&house, "admin", SessionKind::Cookie).await).token().to_owned();
    let admin = house.holding(&admin);
    let page = admin.get("/document-templates?kind=visit_sheet").await.expect(200).text();
    assert!(
        page.contains("{{ person.name }}") && page.contains("{{ contact.wishes }}") && !page.contains("{{ legal."),
        "{page}"
    );
    let send = async |body: &str, place: &str| {
        let form = [("kind", "visit_sheet"), ("valid_from", "23/11/2026"), ("body", body)];
        admin.post(&format!("/areas/91/document-templates{place}"), &form).await
    };
    for (body, line) in [
        ("<p>a</p>\n<script>alert(1)</script>", "Dòng 2: script"),
        ("<p>\n{{ legal.certificate_no }}</p>", "Dòng 2: legal.certificate_no"),
        ("{% include \"x\" %}", "Dòng 1: include"),
        ("<p>a", "Dòng 1: p"),
    ] {
        for place in ["", "/preview"] {
            let page = send(body, place).await.expect(422).text();
            assert!(page.contains(line), "{line}: {page}");
            assert!(!page.contains("<script>alert(1)"), "{page}");
        }
    }
    let mine = "<h1>PHIẾU RIÊNG</h1><p>{{ person.name }}, số {{ number }}</p>";
    let page = send(mine, "/preview").await.expect(200).text();
    assert!(page.contains("Nguyễn Văn Mẫu, số 01") && page.contains("Dữ liệu giả"), "{page}");
    assert_eq!(Raw::of(&house).await.number("select count(*) from document_templates").await, 0);
    send(mine, "").await.expect(303);
    let after = issued(&house, "officer", &case, &[("kind", "visit_sheet")]).await;
    let now = told(&house, "officer", &after).await;
    assert_eq!((&now["template_version"], &now["number"]), (&2.into(), &2.into()));
    assert_eq!(now["text"], "<h1>PHIẾU RIÊNG</h1><p>Lê Văn Mẫu, số 02</p>");
    assert_eq!(told(&house, "officer", &before).await["text"], was["text"]);
    // One of a later day waits for it.
    let later = [("kind", "visit_sheet"), ("valid_from", "01/12/2026"), ("body", "<p>sau {{ number }}</p>")];
    admin.post("/areas/91/document-templates", &later).await.expect(303);
    let still = issued(&house, "officer", &case, &[("kind", "visit_sheet")]).await;
    assert_eq!(told(&house, "officer", &still).await["template_version"], 2);
    house.go_to(jiff::civil::date(2026, 12, 1));
    let then = issued(&house, "officer", &case, &[("kind", "visit_sheet")]).await;
    assert_eq!(told(&house, "officer", &then).await["text"], "<p>sau 04</p>");
    let head = house.holding(&world::session(&house, "supervisor", SessionKind::Cookie).await).token().to_owned();
    house.holding(&head).post("/areas/30577/document-templates", &later).await.expect(403);
    house.holding(&head).get("/document-templates").await.expect(200);
});

both!(rows_of_a_list_are_walled_and_erased_each_by_its_own_person, async |house: House| {
    let mut cases = Vec::new();
    for (number, mark) in ["Mot", "Hai", "Ba"].into_iter().enumerate() {
        cases.push(world::open(&house, "officer", &world::draft(mark, 50 + number)).await);
    }
    let mut lines = Vec::new();
    for case in &cases {
        lines.push(world::borrow(&house, "officer", *case, "Nuôi bò").await);
    }
    let list = world::list_of(&house, lines[0]).await;
    let head = house.as_("supervisor").await;
    head.post(&format!("/loan-lists/{list}/document"), &[]).await.expect(422);
    world::sent(&house, list).await;
    let paper = place(&head.post(&format!("/loan-lists/{list}/document"), &[]).await);
    let whole = told(&house, "supervisor", &paper).await;
    let text = whole["text"].as_str().unwrap();
    assert!(["NameMot", "NameHai", "NameBa", "27.000.000"].iter().all(|word| text.contains(word)), "{text}");
    assert_eq!((&whole["holds"], &whole["hidden_cells"]), (&true.into(), &0.into()));
    for other in ["officer", "council", "lender", "supervisor3"] {
        house.as_(other).await.get(&paper).await.expect(404);
    }
    // One is kept from the head, one is forgotten for good.
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", cases[1], "exclusion", &["supervisor"]).await;
    let walled = told(&house, "supervisor", &paper).await;
    assert!(!walled.to_string().contains("NameHai") && walled.to_string().contains("NameBa"), "{walled}");
    assert_eq!((&walled["holds"], &walled["hidden_cells"]), (&serde_json::Value::Null, &9.into()));
    let ask = duongve::erasures::Draft { reason: "Người này đã qua đời, gia đình yêu cầu".into() };
    let store = house.store();
    duongve::erasures::ask(store, world::grant::<acts::AskErasure>(&house, "officer", cases[2]).await, &ask)
        .await
        .unwrap();
    duongve::erasures::approve(store, world::grant::<acts::ApproveErasure>(&house, "supervisor", cases[2]).await)
        .await
        .unwrap();
    let left = told(&house, "supervisor", &paper).await;
    assert!(!left.to_string().contains("NameBa") && left.to_string().contains("NameMot"), "{left}");
    assert_eq!(left["hidden_cells"], 18);
    assert_eq!(Raw::of(&house).await.number("select count(*) from document_rows").await, 2);
});

both!(another_feature_issues_a_paper_of_the_commune_within_its_own_right, async |house: House| {
    let kind = DocumentKind::MonthlyReport;
    let facts = [("Kỳ".to_owned(), "15/10–14/11/2026".to_owned())];
    let rows = vec![model::Row { case: None, cells: vec!["Đã thăm".into(), "<b>12</b>".into()] }];
    let report = model::Prepared::table(kind, "BÁO CÁO THÁNG 11", &facts, vec!["Chỉ tiêu".into(), "Số".into()], rows)
        .noting("Hết.");
    let grant = world::grant::<acts::IssueAreaDocument>(&house, "supervisor", AreaCode("30577".into())).await;
    let id = documents::issue_for_area(house.store(), grant, &report, None).await.unwrap();
    let told = told(&house, "supervisor", &format!("/documents/{id}")).await;
    let text = told["text"].as_str().unwrap();
    assert!(text.contains("BÁO CÁO THÁNG 11") && text.contains("&lt;b&gt;12&lt;") && text.contains("Hết."), "{text}");
    let actor = world::actor(&house, "officer").await;
    assert!(house.store().permit::<acts::IssueAreaDocument>(&actor, AreaCode("30577".into())).await.is_err());
});

both!(a_report_a_round_and_a_handover_become_papers, async |house: House| {
    house.go_to(jiff::civil::date(2026, 8, 10));
    let serving = [("name", "Trần Văn Sáu"), ("regime", "suspended_sentence"), ("received_on", "10/08/2026")];
    let case = opened(&house, "officer", &serving).await;
    house.go_to(TODAY);
    duongve::jobs::tick(&house.app).await.unwrap();
    let (head, officer) = (house.as_("supervisor").await, house.as_("officer").await);
    let plain = |paper: &serde_json::Value| paper["text"].as_str().unwrap().replace("&#x2f;", "/");

    // Numbers of the commune, by the days that the page shows; nobody is named.
    assert!(head.get("/reports").await.expect(200).text().contains("/areas/30577/reports/document"));
    let month = [("period", "month"), ("rule", "calendar"), ("on", "30/11/2026"), ("from", ""), ("to", "")];
    let report = place(&head.post("/areas/30577/reports/document", &month).await);
    let paper = told(&house, "supervisor", &report).await;
    assert_eq!((&paper["kind"], &paper["number"]), (&"monthly_report".into(), &1.into()));
    let text = plain(&paper);
    assert!(text.contains("01/11/2026 – 30/11/2026") && !text.contains("Sáu"), "{text}");
    let body = serde_json::json!({"period": "quarter", "on": TODAY});
    let program = house.program("supervisor").await;
    let other = program.post("/api/v1/areas/30577/reports/document", &body).await.expect(201).json();
    assert_eq!((&other["kind"], &other["number"]), (&"periodic_report".into(), &1.into()));
    head.post("/areas/30577/reports/document", &[("period", "century")]).await.expect(422);
    head.post("/areas/30301/reports/document", &month).await.expect(404);
    officer.post("/areas/30577/reports/document", &month).await.expect(403);
    officer.get(&report).await.expect(404);

    // The assessment of a round, with what was said of it; whoever carries no duty has none.
    let said = [("round_on", "2026-10-01"), ("result", "good"), ("note", "Đi làm đều.")];
    officer.post(&format!("/cases/{case}/duties/assessments"), &said).await.expect(303);
    let to = format!("/cases/{case}/duties/document");
    assert!(officer.get(&format!("/cases/{case}/duties/sheet")).await.expect(200).text().contains(&to));
    let sheet = place(&officer.post(&to, &[("round", "2026-10-01")]).await);
    let paper = told(&house, "officer", &sheet).await;
    let text = plain(&paper);
    assert_eq!(paper["kind"], "assessment_sheet");
    assert!(text.contains("Trần Văn Sáu") && text.contains("Đi làm đều.") && text.contains("01/09/2026"), "{text}");
    let done = opened(&house, "officer", &[("name", "Lê Văn Bảy")]).await;
    officer.post(&format!("/cases/{done}/duties/document"), &[("round", "")]).await.expect(422);
    house.as_("officer2").await.post(&to, &[("round", "")]).await.expect(404);

    // The sheet of a handover, by whoever has the case now.
    let own = CaseId::from_uuid(done.parse().unwrap());
    let handover = world::hand_over(&house, "supervisor", own, "officer2", "").await;
    let to = format!("/handovers/{handover}/document");
    assert!(head.get(&format!("/handovers/{handover}")).await.expect(200).text().contains(&to));
    let taker = house.as_("officer2").await;
    assert!(!taker.get(&format!("/handovers/{handover}")).await.expect(200).text().contains(&to));
    let refused = taker.post(&to, &[]).await.expect(422).text();
    assert!(refused.contains("đang giữ hồ sơ"), "{refused}");
    let sheet = place(&head.post(&to, &[]).await);
    let paper = told(&house, "supervisor", &sheet).await;
    assert_eq!((&paper["kind"], &paper["case_id"]), (&"handover_sheet".into(), &done.as_str().into()));
    assert!(plain(&paper).contains("Lê Văn Bảy") && paper["holds"] == true, "{paper}");
    let again = program.post(&format!("/api/v1{to}"), &serde_json::json!({})).await.expect(201).json();
    assert_eq!(again["number"], 2);

    // Reading them back is written down with the parts that stand on them.
    let mut raw = Raw::of(&house).await;
    for parts in ["legal duty", "handover"] {
        let told = "select count(*) from audit where act = 'document.see' and outcome = 'opened' and detail";
        assert_eq!(raw.number(&format!("{told} = '{parts}'")).await, 1, "{parts}");
    }
});

both!(such_papers_follow_the_template_in_force_and_whoever_has_the_case_now, async |house: House| {
    house.go_to(jiff::civil::date(2026, 8, 10));
    let serving = [("name", "Trần Văn Sáu"), ("regime", "suspended_sentence"), ("received_on", "10/08/2026")];
    let case = opened(&house, "officer", &serving).await;
    house.go_to(TODAY);
    duongve::jobs::tick(&house.app).await.unwrap();
    let id: CaseId = case.parse().unwrap();
    let plain = |paper: &serde_json::Value| paper["text"].as_str().unwrap().replace("&#x2f;", "/");

    // A round that nobody wrote down is a sheet to fill in; a day that is none, or no round, takes no number.
    let program = house.program("officer").await;
    let to = format!("/api/v1/cases/{case}/duties/document");
    let mut raw = Raw::of(&house).await;
    let openings = format!(
        "select count(*) from audit where case_id = {} and outcome = 'opened' and detail like '%duty%'",
        raw.id(id)
    );
    let before = raw.number(&openings).await;
    let asked = serde_json::json!({"round_on": "2026-10-01"});
    let key = "01900000-0000-7000-8000-0000000000bb";
    let first = program.post_keyed(&to, key, &asked).await.expect(201).json();
    let again = program.post_keyed(&to, key, &asked).await.expect(201).json();
    assert_eq!((&first["kind"], &first["number"]), (&"assessment_sheet".into(), &1.into()));
    assert_eq!(again["id"], first["id"], "sent twice, issued once");
    assert_eq!(raw.number(&openings).await - before, 2, "each asking is one opening");
    for wrong in ["1/10/2026", "2026-10-05", "2026-12-01", "2031-01-01"] {
        let refused = program.post(&to, &serde_json::json!({"round_on": wrong})).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], "round_on", "{wrong}: {refused}");
    }
    let newest = program.post(&to, &serde_json::json!({})).await.expect(201).json();
    assert_eq!(newest["number"], 2);
    let newest = told(&house, "officer", &format!("/documents/{}", newest["id"].as_str().unwrap())).await;
    assert!(plain(&newest).contains("01/10/2026 – 31/10/2026") && plain(&newest).contains("……"), "{newest}");
    let officer = house.as_("officer").await;
    let button = format!("/cases/{case}/duties/document");
    let sheet = format!("/cases/{case}/duties/sheet?round=");
    assert!(officer.get(&format!("{sheet}2026-10-01")).await.expect(200).text().contains(&button));
    assert!(!officer.get(&format!("{sheet}2026-10-05")).await.expect(200).text().contains(&button));

    // An admin's own text for the sheet of a handover; after it is accepted, the new officer issues what was kept.
    let admin = world::session(&house, "admin", SessionKind::Cookie).await;
    let body = "<h1>BÀN GIAO RIÊNG</h1><p>{{ printer }}, số {{ number }}</p>{% for one in facts %}<p>{{ one.value }}</p>{% endfor %}";
    let form = [("kind", "handover_sheet"), ("valid_from", "23/11/2026"), ("body", body)];
    house.holding(&admin).post("/areas/91/document-templates", &form).await.expect(303);
    let page = format!("/handovers/{}", world::hand_over(&house, "supervisor", id, "officer2", "").await);
    let taker = house.as_("officer2").await;
    let version = hidden(&taker.get(&page).await.expect(200).text(), "version");
    taker.post(&format!("{page}/acceptance"), &[("version", &version)]).await.expect(303);
    let to = format!("{page}/document");
    assert!(taker.get(&page).await.expect(200).text().contains(&to));
    let kept = place(&taker.post(&to, &[]).await);
    let paper = told(&house, "officer2", &kept).await;
    assert_eq!((&paper["template_version"], &paper["holds"]), (&2.into(), &true.into()));
    let said = format!("<h1>BÀN GIAO RIÊNG</h1><p>{}, số 01</p>", paper["by"].as_str().unwrap());
    assert!(plain(&paper).starts_with(&said) && plain(&paper).contains("Trần Văn Sáu"), "{paper}");
    house.as_("officer").await.get(&kept).await.expect(404);
    for printed in ["Bản chính", "Bản sao số 1"] {
        let key = hidden(&taker.get(&kept).await.text(), "_key");
        let sheet = taker.post(&format!("{kept}/printings"), &[("_key", &key)]).await.expect(200).text();
        assert!(sheet.contains(printed) && sheet.contains("BÀN GIAO RIÊNG"), "{sheet}");
    }
});

both!(lists_that_an_office_prints_go_out_as_workbooks_of_ones_own_scope, async |house: House| {
    let case = opened(&house, "officer", &[("name", "=HYPERLINK(1)"), ("hamlet", "+Ấp 2")]).await;
    issued(&house, "officer", &case, &[("kind", "visit_sheet")]).await;
    opened(&house, "officer2", &[("name", "Trần Thị Riêng")]).await;
    for (who, tasks, papers) in [("supervisor", 2, 1), ("officer", 1, 1), ("officer2", 1, 0)] {
        let token = world::session(&house, who, SessionKind::Cookie).await;
        for (path, least) in [("/follow-ups/export", tasks), ("/documents/export", papers)] {
            let answer = house.holding(&token).get(path).await.expect(200);
            assert!(answer.headers["content-disposition"].to_str().unwrap().ends_with(".xlsx\""));
            let text = sheet(&answer.bytes);
            let found = text.matches("DV-").count();
            assert!(found >= least && (least > 0 || found == 0), "{who} {path}: {found} {text}");
            assert!(!text.contains("\"=HYPER") && !text.contains(">=HYPER"), "{text}");
            assert!(who != "officer" || !text.contains("Trần Thị Riêng"), "{text}");
        }
    }
    let mut raw = Raw::of(&house).await;
    let told = "select count(*) from audit where act in ('follow_up.export', 'document.export') and outcome = 'read'";
    assert_eq!(raw.number(told).await, 6);
    let line = world::borrow(&house, "officer", case.parse().unwrap(), "Nuôi bò").await;
    let list = world::list_of(&house, line).await;
    let token = world::session(&house, "supervisor", SessionKind::Cookie).await;
    let answer = house.holding(&token).get(&format!("/loan-lists/{list}/export")).await.expect(200);
    assert!(sheet(&answer.bytes).contains("Nuôi bò"));
    house.as_("council").await.get(&format!("/loan-lists/{list}/export")).await.expect(404);
    assert_eq!(TODAY.year(), 2026);
});

/// The texts of a workbook.
fn sheet(bytes: &[u8]) -> String {
    use std::io::Read;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}
