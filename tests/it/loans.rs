//! Loans: who seems to fit, the way of a list through the commune, what the lender sees, and what a seal leaves with it.

use crate::{
    both,
    cases::{hidden, opened},
    house::House,
    raw::Raw,
    world,
};
use duongve::{base::ids::CaseId, jobs};
use serde_json::json;

async fn fund(house: &House) -> String {
    let rows: Vec<(uuid::Uuid,)> = Raw::of(house).await.rows("select id from funds").await;
    rows[0].0.to_string()
}

/// Somebody who seems to fit.
async fn good(house: &House, who: &str, name: &str) -> String {
    let fields =
        [("name", name), ("certificate_no", "GCN-77"), ("released_on", "01/09/2026"), ("hamlet", "Ấp Phước Lộc")];
    opened(house, who, &fields).await
}

async fn wish(house: &House, who: &str, case: &str, what: &str) {
    let fund = fund(house).await;
    let form = [("fund_id", &*fund), ("purpose", "business"), ("what", what), ("vnd", "50 triệu"), ("months", "36")];
    house.as_(who).await.post(&format!("/cases/{case}/loans"), &form).await.expect(303);
}

/// The address of the one list.
async fn list(house: &House) -> String {
    let rows: Vec<(uuid::Uuid,)> = Raw::of(house).await.rows("select id from loan_lists order by made_at, id").await;
    format!("/loan-lists/{}", rows[0].0)
}

both!(the_hint_tells_its_reasons_and_what_it_rests_on, async |house: House| {
    let case = good(&house, "officer", "Lê Văn Đủ").await;
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{case}/loans")).await.expect(200).text();
    assert!(page.contains("Có vẻ đủ điều kiện") && page.contains("đến hết ngày 01/09/2031"), "{page}");
    assert!(
        page.contains("QĐ 22/2023/QĐ-TTg Điều 3") && page.contains("4.000.000 đ") && page.contains("100.000.000 đ"),
        "{page}"
    );
    let group = [("group", "C"), ("since_on", ""), ("reason", "Bỏ việc, hay vắng nhà")];
    officer.post(&format!("/cases/{case}/classifications"), &group).await.expect(303);
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/loans")).await.expect(200).json();
    assert_eq!(told["hint"]["fits"], false);
    let unmet: Vec<&str> = told["hint"]["points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|point| point["met"] != true)
        .map(|point| point["point"].as_str().unwrap())
        .collect();
    assert_eq!(unmet, ["conduct"]);
    // The term is a rule with a day, not a number of the program.
    let token = world::session(&house, "admin", duongve::store::SessionKind::Cookie).await;
    let rule =
        [("word", "loan_window"), ("amount", "1"), ("valid_from", "23/11/2026"), ("legal_basis", "QĐ thử 1/2026")];
    house.holding(&token).post("/areas/91/rules", &rule).await.expect(303);
    let page = house.as_("officer").await.get(&format!("/cases/{case}/loans")).await.expect(200).text();
    assert!(page.contains("QĐ thử 1/2026") && page.contains("đến hết ngày 01/10/2026"), "{page}");
    for other in ["officer2", "officer3", "supervisor3", "partner", "council", "lender", "admin"] {
        house.as_(other).await.get(&format!("/cases/{case}/loans")).await.expect(404);
    }
});

both!(a_list_goes_from_the_police_to_the_council_to_the_bank_and_each_sees_its_own, async |house: House| {
    let (first, second) =
        (good(&house, "officer", "Lê Văn Vay").await, good(&house, "officer2", "Trần Thị Mượn").await);
    let id = fund(&house).await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{first}/loans");
    for (purpose, vnd, months, code) in [
        ("business", "101 triệu", "12", "Cao hơn mức vay tối đa theo quy tắc: 100.000.000 đ"),
        ("training", "13 triệu", "3", "12.000.000 đ"),
        ("business", "50 triệu", "121", "120 tháng"),
    ] {
        let form = [("fund_id", &*id), ("purpose", purpose), ("what", "Nuôi bò"), ("vnd", vnd), ("months", months)];
        let page = officer.post(&url, &form).await.expect(422).text();
        assert!(page.contains(code), "{code}: {page}");
    }
    wish(&house, "officer", &first, "Mua hai con bò giống").await;
    wish(&house, "officer2", &second, "Mở tiệm tạp hóa").await;
    let form = [("fund_id", &*id), ("purpose", "business"), ("what", "Nuôi bò"), ("vnd", "5 triệu"), ("months", "9")];
    officer.post(&url, &form).await.expect(422);
    assert_eq!(Raw::of(&house).await.number("select count(*) from loan_lists").await, 1, "one list for one fund");

    let (head, council, lender) =
        (house.as_("supervisor").await, house.as_("council").await, house.as_("lender").await);
    let list = list(&house).await;
    officer.get(&list).await.expect(404);
    council.get(&list).await.expect(404);
    assert!(council.get("/loan-lists").await.expect(200).text().contains("Chưa có danh sách nào"));
    assert_eq!(council.get("/").await.expect(303).goes_to(), "/waiting");
    assert_eq!(lender.get("/").await.expect(303).goes_to(), "/waiting");
    let page = head.get(&list).await.expect(200).text();
    assert!(page.contains("Lê Văn Vay") && page.contains("Trần Thị Mượn") && page.contains("100.000.000 đ"), "{page}");
    let version = |page: &str| hidden(page, "version");
    head.post(&format!("{list}/dispatch"), &[("version", &version(&page))]).await.expect(422);
    head.post(&format!("{list}/signature"), &[("number", ""), ("version", &version(&page))]).await.expect(422);
    council.post(&format!("{list}/signature"), &[("number", "1"), ("version", "1")]).await.expect(404);
    head.post(&format!("{list}/signature"), &[("number", "07/DS-CAX"), ("version", "9")]).await.expect(412);
    head.post(&format!("{list}/signature"), &[("number", "07/DS-CAX"), ("version", &version(&page))]).await.expect(303);

    // Signed, it is the People's Committee's; nobody is taken off it any more, and the next wish begins another list.
    let lines: Vec<(uuid::Uuid, i64)> =
        Raw::of(&house).await.rows("select id, version from loan_lines order by made_at, id").await;
    let off = format!("/loan-lines/{}/withdrawal", lines[0].0);
    officer.post(&off, &[("version", &lines[0].1.to_string())]).await.expect(422);
    lender.get(&format!("/loan-lines/{}", lines[0].0)).await.expect(404);
    assert!(lender.get("/loan-lines").await.expect(200).text().contains("Chưa có dòng nào"));
    let page = council.get(&list).await.expect(200).text();
    assert!(page.contains("Trần Thị Mượn") && page.contains("Ấp Phước Lộc") && !page.contains("/cases/"), "{page}");
    head.post(&format!("{list}/confirmation"), &[("verdict", "confirmed"), ("version", "4")]).await.expect(403);
    let confirm = format!("{list}/confirmation");
    council.post(&confirm, &[("verdict", "returned"), ("version", &version(&page))]).await.expect(422);
    let returned = [("verdict", "returned"), ("comment", "Thiếu địa chỉ"), ("version", &*version(&page))];
    council.post(&confirm, &returned).await.expect(303);
    let page = head.get(&list).await.expect(200).text();
    assert!(page.contains("Thiếu địa chỉ") && page.contains("Ủy ban nhân dân trả lại"), "{page}");
    head.post(&format!("{list}/signature"), &[("number", "08/DS-CAX"), ("version", &version(&page))]).await.expect(303);
    let page = council.get(&list).await.expect(200).text();
    let second_line = lines[1].0.to_string();
    let said = [("verdict", "confirmed"), ("struck", &*second_line), ("version", &*version(&page))];
    council.post(&confirm, &said).await.expect(303);
    lender.get(&format!("/loan-lines/{}", lines[0].0)).await.expect(404);
    let page = head.get(&list).await.expect(200).text();
    head.post(&format!("{list}/dispatch"), &[("version", &version(&page))]).await.expect(303);

    // The paper: what was confirmed, by its number and model, and not who was struck.
    let paper = council.get(&format!("{list}/form")).await.expect(200).text();
    assert!(paper.contains("Mẫu số 01") && paper.contains("08/DS-CAX") && paper.contains("Lê Văn Vay"), "{paper}");
    assert!(paper.contains("01/09/2026") && paper.contains("GCN-77") && !paper.contains("Trần Thị Mượn"), "{paper}");

    // The lender has the confirmed line, and nothing else of the person.
    let page = lender.get("/loan-lines").await.expect(200).text();
    assert!(page.contains("Lê Văn Vay") && !page.contains("Trần Thị Mượn") && page.contains("08/DS-CAX"), "{page}");
    lender.get(&format!("/loan-lines/{second_line}")).await.expect(404);
    for path in [format!("/cases/{first}"), format!("/cases/{first}/helps"), list.clone(), format!("{list}/form")] {
        lender.get(&path).await.expect(404);
    }
    let told = house.program("lender").await.get("/api/v1/loan-lines").await.expect(200).text();
    assert!(!told.contains(&first) && !told.contains("DV-"), "neither case nor code: {told}");

    let line = format!("/loan-lines/{}", lines[0].0);
    let page = lender.get(&line).await.expect(200).text();
    let answer = |vnd: &'static str, version: String| {
        [
            ("answer", "granted".to_owned()),
            ("vnd", vnd.to_owned()),
            ("due_on", "23/11/2029".to_owned()),
            ("version", version),
        ]
    };
    let too_much = answer("51 triệu", version(&page));
    lender
        .post(&format!("{line}/answer"), &too_much.each_ref().map(|(name, value)| (*name, value.as_str())))
        .await
        .expect(422);
    let granted = answer("40 triệu", version(&page));
    lender
        .post(&format!("{line}/answer"), &granted.each_ref().map(|(name, value)| (*name, value.as_str())))
        .await
        .expect(303);
    assert!(head.get(&list).await.expect(200).text().contains("Ngân hàng đã trả lời"), "its last line is answered");
    let helps = officer.get(&format!("/cases/{first}/helps")).await.expect(200).text();
    assert!(
        helps.contains("Mua hai con bò giống") && helps.contains("40.000.000 đ"),
        "it stands in the ledger: {helps}"
    );

    // Repayment as reported.
    let page = lender.get("/loan-accounts").await.expect(200).text();
    let account = format!("/loan-accounts/{}", &page.split("/loan-accounts/").nth(1).unwrap()[..36]);
    let page = lender.get(&account).await.expect(200).text();
    let report = |vnd: &'static str, standing: &'static str, version: String| {
        [("vnd", vnd.to_owned()), ("standing", standing.to_owned()), ("version", version)]
    };
    let form = report("41 triệu", "current", version(&page));
    let to = format!("{account}/repayments");
    lender.post(&to, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await.expect(422);
    let form = report("15 triệu", "overdue", version(&page));
    lender.post(&to, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await.expect(303);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("Quá hạn") && page.contains("25.000.000 đ"), "{page}");
    for other in ["officer", "supervisor", "council", "partner"] {
        house.as_(other).await.get(&account).await.expect(404);
    }
    let page = lender.get(&account).await.expect(200).text();
    let form = report("25 triệu", "", version(&page));
    lender.post(&to, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await.expect(303);
    assert!(lender.get(&account).await.expect(200).text().contains("Đã trả hết"));
    // Whoever was struck may be put on the next list.
    wish(&house, "officer2", &second, "Mở tiệm tạp hóa").await;
    assert_eq!(Raw::of(&house).await.number("select count(*) from loan_lists").await, 2);
});

both!(sealing_puts_the_line_away_and_leaves_the_loan_with_the_lender_alone, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Niêm", 3)).await;
    let line = world::borrow(&house, "officer", case, "Nuôi vịt").await;
    let list = world::list_of(&house, line).await;
    world::sent(&house, list).await;
    world::lent(&house, line).await;
    let other = world::open(&house, "officer", &world::draft("Khác", 4)).await;
    world::borrow(&house, "officer", other, "Nuôi gà").await;
    let (head, lender, council) =
        (house.as_("supervisor").await, house.as_("lender").await, house.as_("council").await);
    assert!(lender.get("/loan-lines").await.expect(200).text().contains("NameNiêm"));
    let paper = [
        ("paper", "certificate"),
        ("paper_no", "LLTP 12"),
        ("paper_on", "23/11/2026"),
        ("help", "yes"),
        ("consent", "Đơn ngày 20/11/2026"),
        ("understood", "true"),
    ];
    let token = world::session(&house, "supervisor", duongve::store::SessionKind::Cookie).await;
    house.holding(&token).post(&format!("/cases/{case}/sealing"), &paper).await.expect(303);

    // The line is gone from every list, and its words are put away.
    assert!(!lender.get("/loan-lines").await.expect(200).text().contains("NameNiêm"));
    lender.get(&format!("/loan-lines/{line}")).await.expect(404);
    for who in [&head, &council] {
        let page = who.get(&format!("/loan-lists/{list}")).await.expect(200).text();
        assert!(!page.contains("NameNiêm") && page.contains("Danh sách chưa có ai"), "{page}");
    }
    // What was lent stays with the lender, by the person, and leads back to no case.
    let page = lender.get("/loan-accounts").await.expect(200).text();
    assert!(page.contains("NameNiêm") && page.contains("9.000.000 đ"), "{page}");
    let account = format!("/loan-accounts/{}", &page.split("/loan-accounts/").nth(1).unwrap()[..36]);
    let page = lender.get(&account).await.expect(200).text();
    let report = [("vnd", "2 triệu"), ("standing", "current"), ("version", &*hidden(&page, "version"))];
    lender.post(&format!("{account}/repayments"), &report).await.expect(303);
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from loan_accounts where line_id is not null").await, 0);
    let support: Vec<(CaseId,)> =
        raw.rows("select c.id from cases c join legals l on l.case_id = c.id where l.regime = 'support'").await;
    let page = head.get(&format!("/cases/{}/helps", support[0].0)).await.expect(200).text();
    assert!(page.contains("Nuôi vịt"), "with her consent the loan goes on in the support record: {page}");
    let page = head.get(&format!("/cases/{}/loans", support[0].0)).await.expect(200).text();
    assert!(!page.contains("Đã cho vay") && page.contains("Chưa đề nghị vay lần nào"), "{page}");
});

both!(what_waits_for_the_lenders_answer_goes_on_past_a_seal_with_the_lender_alone, async |house: House| {
    let (with, without) = (
        world::open(&house, "officer", &world::draft("Chờ", 3)).await,
        world::open(&house, "officer", &world::draft("Thôi", 4)).await,
    );
    let (line, other) = (
        world::borrow(&house, "officer", with, "Nuôi vịt").await,
        world::borrow(&house, "officer", without, "Nuôi gà").await,
    );
    let list = world::list_of(&house, line).await;
    world::sent(&house, list).await;
    let (lender, council) = (house.as_("lender").await, house.as_("council").await);
    let before = lender.get(&format!("/loan-lines/{line}")).await.expect(200).text();
    assert!(before.contains("NameChờ") && before.contains("Giấy chứng nhận"), "{before}");
    let token = world::session(&house, "supervisor", duongve::store::SessionKind::Cookie).await;
    let head = house.holding(&token);
    let shown = head.get(&format!("/cases/{with}/sealing")).await.expect(200).text();
    assert!(shown.contains("Nuôi vịt") && shown.contains("bên cho vay xử lý tiếp"), "she is told before: {shown}");
    let paper = [("paper", "certificate"), ("paper_no", "LLTP 12"), ("paper_on", "23/11/2026"), ("understood", "true")];
    let unsaid = head.post(&format!("/cases/{with}/sealing"), &paper).await.expect(422).text();
    assert!(unsaid.contains("id=\"help-error\""), "it is live help: {unsaid}");
    let yes = [&paper[..], &[("help", "yes"), ("consent", "Đơn ngày 20/11/2026")]].concat();
    head.post(&format!("/cases/{with}/sealing"), &yes).await.expect(303);
    head.post(&format!("/cases/{without}/sealing"), &[&paper[..], &[("help", "no")]].concat()).await.expect(303);

    // Who did not want it to go on is out of the list; who did is the lender's, without a word of the sentence.
    lender.get(&format!("/loan-lines/{other}")).await.expect(404);
    let page = lender.get(&format!("/loan-lines/{line}")).await.expect(200).text();
    assert!(page.contains("NameChờ") && page.contains("9.000.000 đ"), "{page}");
    let content: serde_json::Value =
        house.program("lender").await.get(&format!("/api/v1/loan-lines/{line}")).await.expect(200).json();
    let told = content.to_string();
    for key in ["certificate_no", "certificate_on", "completed_on"] {
        assert!(content[key].is_null() || content[key] == "", "{key}: {told}");
    }
    let mut raw = Raw::of(&house).await;
    let support: Vec<(CaseId,)> =
        raw.rows("select c.id from cases c join legals l on l.case_id = c.id where l.regime = 'support'").await;
    let record = format!("/cases/{}", support[0].0);
    for path in [format!("/loan-lists/{list}"), format!("{record}/loans")] {
        let page = head.get(&path).await.expect(200).text();
        assert!(!page.contains("Nuôi vịt") && !page.contains("12.000.000"), "{path}: {page}");
    }
    assert!(!council.get(&format!("/loan-lists/{list}")).await.expect(200).text().contains("NameChờ"));
    for who in ["officer", "supervisor", "council"] {
        let answer = house.as_(who).await.get(&format!("/loan-lines/{line}")).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{who}: {}", answer.status);
    }
    // The lender says yes: the loan is hers and the lender's, and leads back to no case.
    world::lent(&house, line).await;
    let accounts = lender.get("/loan-accounts").await.expect(200).text();
    assert!(accounts.contains("NameChờ") && accounts.contains("9.000.000 đ"), "{accounts}");
    assert_eq!(raw.number("select count(*) from loan_accounts where line_id is not null").await, 0);
    assert_eq!(
        raw.number("select count(*) from loan_lists where state = 'answered'").await,
        1,
        "nothing waits any more"
    );
    let page = head.get(&format!("{record}/loans")).await.expect(200).text();
    assert!(!page.contains("Đã cho vay"), "{page}");
    let page = head.get(&format!("{record}/helps")).await.expect(200).text();
    assert!(!page.contains("Nuôi vịt"), "{page}");
});

both!(a_list_signed_on_the_day_of_the_seal_and_after_it_leaves_no_wrong_figure, async |house: House| {
    world::deputy(&house).await;
    let case = world::open(&house, "officer", &world::draft("Niêm", 3)).await;
    let line = world::borrow(&house, "officer", case, "Nuôi vịt").await;
    let other = world::open(&house, "officer", &world::draft("Khác", 4)).await;
    world::borrow(&house, "officer", other, "Nuôi gà").await;
    let list = world::list_of(&house, line).await;
    let seal = world::seal(&house, "supervisor", case).await.seal;
    let mut raw = Raw::of(&house).await;
    let proposed = "select count(*) from sealed_figures where measure in ('proposed', 'confirmed')";
    assert_eq!(raw.number(proposed).await, 0);
    // The other's line keeps the list alive: it is signed and confirmed in the same hour.
    house.clock.set(house.clock.now().plus(600));
    world::sent(&house, list).await;
    house.clock.set(house.clock.now().plus(600));
    world::unseal(&house, seal).await;
    assert_eq!(raw.number("select count(*) from sealed_figures").await, 0, "neither more nor less than was put there");
});

both!(whoever_may_not_know_a_person_does_not_see_her_on_a_list, async |house: House| {
    world::deputy(&house).await;
    let (kept, seen) = (
        world::open(&house, "officer", &world::draft("Kín", 5)).await,
        world::open(&house, "officer", &world::draft("Rõ", 6)).await,
    );
    let line = world::borrow(&house, "officer", kept, "Nuôi dê").await;
    world::borrow(&house, "officer", seen, "Nuôi trâu").await;
    let list = world::list_of(&house, line).await;
    world::sent(&house, list).await;
    for name in ["council", "lender"] {
        assert!(!page_of(&house, name, list, line).await.is_empty());
    }
    let mut raw = Raw::of(&house).await;
    let restriction = world::restrict(&house, "supervisor", kept, "exclusion", &["partner"]).await;
    // The form offers members of the commune who may open records; the wall holds for whoever is named.
    for name in ["council", "lender", "supervisor"] {
        let user = raw.id(world::user_id(&house, name).await);
        let own = raw.id(restriction);
        raw.run(&format!("insert into restriction_users (restriction_id, user_id) values ({own}, {user})")).await;
    }
    for name in ["council", "supervisor"] {
        let page = house.as_(name).await.get(&format!("/loan-lists/{list}")).await.expect(200).text();
        assert!(page.contains("NameRõ") && !page.contains("NameKín"), "{name}: {page}");
        let told = house.program(name).await.get(&format!("/api/v1/loan-lists/{list}")).await.expect(200).text();
        assert!(told.contains("NameRõ") && !told.contains("NameKín"), "{name}: {told}");
    }
    let lender = house.as_("lender").await;
    assert!(!lender.get("/loan-lines").await.expect(200).text().contains("NameKín"));
    lender.get(&format!("/loan-lines/{line}")).await.expect(404);
});

async fn page_of(
    house: &House,
    name: &str,
    list: duongve::base::ids::LoanListId,
    line: duongve::base::ids::LoanLineId,
) -> String {
    let path = if name == "lender" { format!("/loan-lines/{line}") } else { format!("/loan-lists/{list}") };
    let page = house.as_(name).await.get(&path).await.expect(200).text();
    assert!(page.contains("NameKín"), "{name}: {page}");
    page
}

both!(the_officer_is_told_half_a_year_before_the_term_ends_and_once_only, async |house: House| {
    let fields = |released: &'static str| {
        [("name", "Lê Văn Hạn"), ("certificate_no", "GCN-1"), ("received_on", "01/10/2026"), ("released_on", released)]
    };
    let soon = opened(&house, "officer", &fields("23/05/2022")).await;
    opened(&house, "officer", &fields("25/05/2022")).await;
    opened(&house, "officer", &fields("22/11/2021")).await;
    let borrowed = opened(&house, "officer", &fields("01/01/2022")).await;
    wish(&house, "officer", &borrowed, "Nuôi cá").await;
    let mut raw = Raw::of(&house).await;
    let asked = "select count(*) from follow_ups where rule = 'loan_window'";
    jobs::tick(&house.app).await.unwrap();
    assert_eq!(raw.number(asked).await, 1, "one whose term ends within half a year and who has asked for nothing");
    let page = house.as_("officer").await.get("/").await.expect(200).text();
    assert!(page.contains("Sắp hết thời hạn được vay vốn, đến ngày 23/05/2027"), "{page}");
    let task: Vec<(uuid::Uuid, CaseId)> =
        raw.rows("select id, case_id from follow_ups where rule = 'loan_window'").await;
    assert_eq!(task[0].1.to_string(), soon);
    house.as_("officer").await.post(&format!("/follow-ups/{}/completion", task[0].0), &[]).await.expect(303);
    let page = house.as_("officer").await.get(&format!("/cases/{soon}/loans")).await.expect(200).text();
    assert!(page.contains("Sắp hết thời hạn được vay: đến hết ngày 23/05/2027"), "{page}");
    house.go_to(jiff::civil::date(2026, 11, 25));
    jobs::tick(&house.app).await.unwrap();
    // The one of 25/05/2022 has come in; nobody is asked twice.
    assert_eq!(raw.number(asked).await, 2);
});

both!(programs_ask_sign_confirm_and_answer_by_the_same_doors, async |house: House| {
    let case = good(&house, "officer", "Lê Văn Máy").await;
    let body = json!({"fund_id": fund(&house).await, "purpose": "training", "what": "Học sửa xe", "vnd": 8_000_000, "months": 2});
    let (officer, head) = (house.program("officer").await, house.program("supervisor").await);
    let line = officer.post(&format!("/api/v1/cases/{case}/loans"), &body).await.expect(201).json();
    assert_eq!((line["paper"]["name"].as_str(), line["list_state"].as_str()), (Some("Lê Văn Máy"), Some("draft")));
    let list = format!("/api/v1/loan-lists/{}", line["list"].as_str().unwrap());
    let send = async |who: &crate::house::Program<'_>, path: String, version: i64, body: serde_json::Value| {
        let request = who.request(axum::http::Method::POST, &path).header("if-match", format!("\"{version}\""));
        house.send(request.body(axum::body::Body::from(body.to_string())).unwrap()).await
    };
    let version = |told: &serde_json::Value| told["version"].as_i64().unwrap();
    let told = head.get(&list).await.expect(200).json();
    let told =
        send(&head, format!("{list}/signature"), version(&told), json!({"number": "1/DS"})).await.expect(200).json();
    let council = house.program("council").await;
    let told = send(&council, format!("{list}/confirmation"), version(&told), json!({"verdict": "confirmed"}))
        .await
        .expect(200)
        .json();
    let told = send(&head, format!("{list}/dispatch"), version(&told), json!({})).await.expect(200).json();
    assert_eq!(told["state"], "sent");
    let lender = house.program("lender").await;
    let told = lender.get("/api/v1/loan-lines?count=true").await.expect(200).json();
    assert_eq!((told["count"].as_i64(), told["items"][0]["id"].clone()), (Some(1), line["id"].clone()));
    let at = format!("/api/v1/loan-lines/{}", line["id"].as_str().unwrap());
    let told = send(
        &lender,
        format!("{at}/answer"),
        version(&told["items"][0]),
        json!({"answer": "refused", "note": "Chưa đủ hồ sơ"}),
    )
    .await
    .expect(200)
    .json();
    assert_eq!(told["answer"], "refused");
    assert_eq!(lender.get("/api/v1/loan-accounts").await.expect(200).json()["items"], json!([]));
    assert_eq!(head.get(&list).await.expect(200).json()["state"], "answered");
});
