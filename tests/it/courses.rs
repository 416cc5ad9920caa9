//! The way of a case: from the notice to the reception, not come, opened again, going on as another, a further one; groups with
//! the report behind them, identity, and the history of what was put right.

use crate::{
    both,
    cases::{AREA, hidden, opened, referred},
    house::House,
    raw::Raw,
    world,
};
use duongve::base::ids::CaseId;

fn id(case: &str) -> CaseId {
    case.parse().unwrap()
}

/// What is open for a case: rule and day, soonest first.
async fn open_rules(house: &House, case: &str) -> Vec<String> {
    let mut raw = Raw::of(house).await;
    let own = raw.id(id(case));
    let sql = format!(
        "select rule || '' from follow_ups where case_id = {own} and done_at is null and dropped_at is null order by rule"
    );
    raw.rows::<(String,)>(&sql).await.into_iter().map(|row| row.0).collect()
}

async fn one_text(house: &House, case: &str, column: &str, table: &str, key: &str) -> String {
    let mut raw = Raw::of(house).await;
    let own = raw.id(id(case));
    let rows: Vec<(String,)> = raw.rows(&format!("select {column} || '' from {table} where {key} = {own}")).await;
    rows[0].0.clone()
}

const NOTICED: &[(&str, &str)] = &[
    ("name", "Nguyễn Văn Đức"),
    ("received_on", ""),
    ("noticed_on", "09/11/2026"),
    ("released_on", "02/11/2026"),
    ("present_by_on", "30/11/2026"),
];

both!(who_does_not_come_is_written_off_only_when_the_sender_was_told, async |house: House| {
    let case = opened(&house, "officer", NOTICED).await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let officer = house.as_("officer").await;
    let gone = [("ground", "not_come"), ("on", "23/11/2026")];
    let said = officer.post(&at("/closure"), &gone).await.expect(422).text();
    assert!(said.contains("người ấy vẫn có thể về"), "{said}");
    assert!(!officer.get(&at("/closure")).await.expect(200).text().contains("value=\"not_come\""), "nor is it offered");
    let checked = [("step", "address_checked"), ("on", "11/11/2026"), ("found", "elsewhere")];
    officer.post(&at("/steps"), &checked).await.expect(303);
    assert_eq!(open_rules(&house, &case).await, ["inform_sender", "reception"]);
    assert!(officer.post(&at("/closure"), &gone).await.expect(422).text().contains("HCD-03"));
    officer.post(&at("/steps"), &[("step", "informed"), ("on", "08/11/2026")]).await.expect(422);
    officer.post(&at("/steps"), &[("step", "informed"), ("on", "12/11/2026")]).await.expect(303);
    assert_eq!(open_rules(&house, &case).await, ["reception"]);
    officer.post(&at("/closure"), &gone).await.expect(303);
    assert!(open_rules(&house, &case).await.is_empty());
    assert!(officer.get(&at("")).await.expect(200).text().contains("Không về nơi cư trú"));
});

both!(a_closed_case_is_opened_again_and_its_history_tells, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "01/03/2026")]).await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let officer = house.as_("officer").await;
    let early = officer.post(&at("/reopening"), &[("reason", "nhầm người")]).await.expect(422);
    assert!(early.text().contains("Hồ sơ này chưa kết thúc"));
    let moved = [("ground", "moved"), ("on", "20/11/2026"), ("moved_to", "Cần Thơ, phường Ninh Kiều")];
    officer.post(&at("/closure"), &moved).await.expect(303);
    assert!(officer.get(&at("")).await.expect(200).text().contains("Cần Thơ, phường Ninh Kiều"));
    officer.post(&at("/reopening"), &[("reason", " ")]).await.expect(422);
    house.as_("officer2").await.post(&at("/reopening"), &[("reason", "nhầm người")]).await.expect(404);
    officer.post(&at("/reopening"), &[("reason", "Thật ra chỉ đi làm xa")]).await.expect(303);
    assert_eq!(one_text(&house, &case, "status", "cases", "id").await, "active");
    // In charge as before, and nobody is eight months late on the first day.
    let mut raw = Raw::of(&house).await;
    let own = raw.id(id(&case));
    let open = format!("select count(*) from assignments where case_id = {own} and to_on is null");
    assert_eq!(raw.number(&open).await, 1);
    let late = format!(
        "select count(*) from follow_ups where case_id = {own} and done_at is null and dropped_at is null and due_on < '2026-11-23'"
    );
    assert_eq!(raw.number(&late).await, 0);
    let history = officer.get(&at("/history")).await.expect(200).text();
    for told in ["Chuyển nơi cư trú", "20/11/2026", "Cần Thơ, phường Ninh Kiều", "Thật ra chỉ đi làm xa"]
    {
        assert!(history.contains(told), "{told} in {history}");
    }
});

both!(conditional_release_goes_on_as_a_served_sentence_in_one_step, async |house: House| {
    let released = [("name", "Nguyễn Văn Đức"), ("regime", "conditional_release"), ("received_on", "01/03/2026")];
    let case = opened(&house, "officer", &released).await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let (officer, partner) = (house.as_("officer").await, house.as_("partner").await);
    referred(&house, &case, &["partner"], &[]).await;
    let visit = [("on", "23/11/2026"), ("kind", "home"), ("met", "true")];
    officer.post(&at("/visits"), &visit).await.expect(303);
    let task = [("what", "Xem giống gà"), ("due_on", "30/11/2026")];
    officer.post(&at("/tasks"), &task).await.expect(303);
    let plan = officer.post(&at("/plans"), &[]).await.expect(303).goes_to().split('?').next().unwrap().to_owned();
    assert_eq!(open_rules(&house, &case).await, ["agreed", "contact_duty", "duty_monthly"]);
    let served = officer.post(&at("/closure"), &[("ground", "served"), ("on", "23/11/2026")]).await.expect(422);
    assert!(served.text().contains("không kết thúc"), "{}", served.text());
    let paper = [("certificate_no", "GCN-77"), ("certificate_on", "22/11/2026")];
    officer.post(&at("/continuation"), &[("certificate_no", "GCN-77")]).await.expect(422);
    partner.post(&at("/continuation"), &paper).await.expect(403);
    officer.post(&at("/continuation"), &paper).await.expect(303);
    // Regime and papers changed; nothing else did.
    assert_eq!(one_text(&house, &case, "regime", "legals", "case_id").await, "completed");
    assert_eq!(one_text(&house, &case, "last_contact_on", "cases", "id").await, "2026-11-23");
    assert_eq!(open_rules(&house, &case).await, ["agreed", "assess", "contact_unclassified"]);
    partner.get(&at("")).await.expect(200);
    officer.get(&plan).await.expect(200);
    let page = officer.get(&at("")).await.expect(200).text();
    for told in ["Kim Sa Rươl", "Chuyển từ diện: Tha tù trước thời hạn có điều kiện", "GCN-77", "Xem giống gà"]
    {
        assert!(page.contains(told), "{told} in {page}");
    }
    let mut raw = Raw::of(&house).await;
    let own = raw.id(id(&case));
    let late = format!(
        "select count(*) from follow_ups where case_id = {own} and done_at is null and dropped_at is null and due_on < '2026-11-23'"
    );
    assert_eq!(raw.number(&late).await, 0, "help begins on the day of the certificate");
    let history = officer.get(&at("/history")).await.expect(200).text();
    assert!(history.contains("Tha tù trước thời hạn có điều kiện") && history.contains("Chấp hành xong án phạt tù"));
    let twice = officer.post(&at("/continuation"), &paper).await.expect(422);
    assert!(twice.text().contains("không chuyển tiếp"), "a served sentence goes on as nothing");
});

both!(somebody_comes_a_second_time_and_has_a_second_case, async |house: House| {
    let first =
        opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("birth", "1991"), ("phone", "0900 000 142")]).await;
    let officer = house.as_("officer").await;
    let again = format!("/cases/{first}/courses");
    let second = [("regime", "suspended_sentence"), ("noticed_on", "20/11/2026"), ("address", "Tổ 9")];
    let said = officer.post(&again, &second).await.expect(422).text();
    assert!(said.contains("còn đang theo dõi") && said.contains("value=\"Tổ 9\""), "{said}");
    let end = [("ground", "new_sentence"), ("on", "20/11/2026")];
    officer.post(&format!("/cases/{first}/closure"), &end).await.expect(303);
    let form = officer.get(&format!("{again}/new")).await.expect(200).text();
    assert!(
        form.contains("Nguyễn Văn Đức") && form.contains("+84900000142") && !form.contains("name=\"name\""),
        "{form}"
    );
    house.as_("officer2").await.post(&again, &second).await.expect(404);
    house.as_("partner").await.post(&again, &second).await.expect(404);
    let key = hidden(&form, "_key");
    let sent = [("_key", key.as_str()), second[0], second[1], second[2]];
    let made = officer.post(&again, &sent).await.expect(303);
    assert_eq!(officer.post(&again, &sent).await.expect(303).goes_to(), made.goes_to(), "a double tap");
    let new = made.goes_to().trim_start_matches("/cases/").split('?').next().unwrap().to_owned();
    assert_ne!(new, first);
    let page = officer.get(&format!("/cases/{new}")).await.expect(200).text();
    assert!(page.contains("Nguyễn Văn Đức") && page.contains("1991") && page.contains("Tổ 9"), "{page}");
    // Nobody gives notice of a suspended sentence: within three working days the person is summoned.
    assert_eq!(open_rules(&house, &new).await, ["summons"]);
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from people").await, 1);
    let history = officer.get(&format!("/cases/{new}/history")).await.expect(200).text();
    assert!(history.contains(&format!("/cases/{first}")), "{history}");
    // What a colleague may not open she does not learn of either, not even as a further case of somebody whom she knows.
    let hers = world::open(&house, "officer2", &world::draft("Khác", 7)).await;
    let other = house.as_("officer2").await.get(&format!("/cases/{hers}/history")).await.expect(200).text();
    assert!(!other.contains(&first) && !other.contains(&new));
    // A restriction holds for the further case too: whom it keeps out cannot be put in charge of it.
    officer.post(&format!("/cases/{new}/closure"), &[("ground", "died"), ("on", "23/11/2026")]).await.expect(303);
    world::restrict(&house, "supervisor", id(&new), "exclusion", &["officer2"]).await;
    let named = [("regime", "completed"), ("officer", "officer2")];
    let refused = house.as_("supervisor").await.post(&format!("/cases/{new}/courses"), &named).await.expect(422);
    assert!(refused.text().contains("id=\"officer-error\""), "{}", refused.text());
});

both!(a_program_takes_the_same_way_and_is_told_the_same_reasons, async |house: House| {
    let case = opened(&house, "officer", NOTICED).await;
    let program = house.program("officer").await;
    let at = |end: &str| format!("/api/v1/cases/{case}{end}");
    let refused = async |end: &str, body: serde_json::Value| {
        let answer = program.post(&at(end), &body).await.expect(422).json();
        answer["errors"][0]["code"].as_str().unwrap().to_owned()
    };
    use serde_json::json;
    assert_eq!(refused("/steps", json!({"step": "suspended", "on": "2026-12-01"})).await, "not_received_yet");
    assert_eq!(refused("/steps", json!({"step": "received", "on": "2026-11-01"})).await, "before_release");
    assert_eq!(refused("/reopening", json!({"reason": "nhầm"})).await, "not_closed");
    assert_eq!(refused("/continuation", json!({})).await, "not_received_yet");
    assert_eq!(refused("/courses", json!({"regime": "completed"})).await, "still_live");
    assert_eq!(refused("/closure", json!({"ground": "record_cleared", "on": "2026-11-20"})).await, "cleared_by_paper");
    let received = json!({"step": "received", "on": "2026-11-10", "pledge": true});
    let told = program.post(&at("/steps"), &received).await.expect(200).json();
    assert_eq!((&told["status"], &told["legal"]["pledged_on"]), (&json!("active"), &json!("2026-11-10")));
    assert_eq!(told["legal"]["steps"], json!(["sheet", "suspended"]));
    assert_eq!(refused("/steps", received).await, "received_already");
    program.post(&at("/steps"), &json!({"step": "sheet", "on": "2026-11-12"})).await.expect(200);
    assert_eq!(refused("/steps", json!({"step": "sheet", "on": "2026-11-12"})).await, "sheet_already");
    assert_eq!(refused("/closure", json!({"ground": "served", "on": "2026-11-20"})).await, "served_is_for_duties");
    let ended = program.post(&at("/closure"), &json!({"ground": "died", "on": "2026-11-20"})).await.expect(200);
    assert_eq!(ended.json()["status"], "closed");
    let open = program.post(&at("/reopening"), &json!({"reason": "ghi nhầm người"})).await.expect(200).json();
    assert_eq!((&open["status"], &open["legal"]["reopened_on"]), (&json!("active"), &json!("2026-11-23")));
    let listed = program.get(&at("/history")).await.expect(200).json();
    let fields: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"closure_ground") && fields.contains(&"reopened"), "{fields:?}");
    house.program("partner").await.get(&at("/history")).await.expect(404);
});

both!(what_is_put_right_keeps_what_stood_there, async |house: House| {
    let fields = [
        ("name", "Nguyễn Văn Đức"),
        ("phone", "0900 000 142"),
        ("certificate_no", "GCN-1"),
        ("id_number", "091091000123"),
    ];
    let case = opened(&house, "officer", &fields).await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let officer = house.as_("officer").await;
    assert!(officer.get(&at("/history")).await.expect(200).text().contains("Chưa có gì được sửa"));
    let version = hidden(&officer.get(&at("/correction")).await.expect(200).text(), "version");
    let put = [("version", version.as_str()), ("name", "Nguyễn Văn Đức"), ("phone", "0900 000 199")];
    officer.post(&at("/correction"), &put).await.expect(303);
    let version = hidden(&officer.get(&at("/papers")).await.expect(200).text(), "version");
    let papers = [
        ("version", version.as_str()),
        ("regime", "amnestied"),
        ("certificate_no", "GCN-2"),
        ("received_on", "01/10/2026"),
    ];
    officer.post(&at("/papers"), &[("version", version.as_str()), ("regime", "amnestied")]).await.expect(422);
    officer.post(&at("/papers"), &papers).await.expect(303);
    officer.post(&at("/papers"), &papers).await.expect(412);
    let version = hidden(&officer.get(&at("/parts")).await.expect(200).text(), "version");
    let parts = [("version", version.as_str()), ("id_number", "091091000456"), ("health", "Hen suyễn")];
    officer.post(&at("/parts"), &parts).await.expect(303);
    // A judgment that was mistyped, too.
    let judged = async |id: &str, penalty: &str| {
        let version = hidden(&officer.get(&at("/judgment")).await.expect(200).text(), "version");
        let form = [
            ("version", version.as_str()),
            ("judgment", id),
            ("convicted_on", "10/03/2020"),
            ("penalty", penalty),
            ("years", "2"),
            ("age", "adult"),
        ];
        officer.post(&at("/judgment"), &form).await.expect(303);
    };
    judged("", "prison").await;
    let mut raw = Raw::of(&house).await;
    let own = raw.id(id(&case));
    let rows: Vec<(uuid::Uuid,)> = raw.rows(&format!("select id from judgments where case_id = {own}")).await;
    judged(&rows[0].0.to_string(), "suspended").await;
    let history = officer.get(&at("/history")).await.expect(200).text();
    assert!(history.contains("Hình phạt chính Tòa tuyên") && history.contains("án treo"), "{history}");
    for told in [
        "GCN-1",
        "GCN-2",
        "Được đặc xá",
        "Chấp hành xong án phạt tù",
        "Hen suyễn",
        "+84900000142",
        "Kim Sa Rươl",
        "23/11/2026",
    ] {
        assert!(history.contains(told), "{told} in {history}");
    }
    assert!(!history.contains("091091000123") && history.contains("091•••••••23"), "a number stays behind its mask");
    // In English too.
    let english =
        house.program("officer").await.get(&format!("/api/v1/cases/{case}/history?limit=3")).await.expect(200);
    assert_eq!(english.json()["items"].as_array().unwrap().len(), 3);
    house.as_("officer2").await.get(&at("/history")).await.expect(404);
    house.as_("supervisor").await.get(&at("/history")).await.expect(200);
});

both!(a_group_rests_on_the_report_of_whoever_was_asked_to_help, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let officer = house.as_("officer").await;
    referred(&house, &case, &["partner"], &[]).await;
    let women = world::organisation(&house, "30577", "women").await.to_string();
    let youth = world::organisation(&house, "30577", "youth").await.to_string();
    let said = async |more: &[(&str, &str)]| {
        let mut form = vec![("group", "B"), ("reason", "Có việc làm nhưng chưa ổn định")];
        form.extend_from_slice(more);
        officer.post(&at("/classifications"), &form).await
    };
    let half = said(&[("report", "Chị ấy đi làm đều")]).await.expect(422).text();
    assert!(half.contains("id=\"report_on-error\""), "{half}");
    let strange = [("report", "Đi làm đều"), ("report_on", "20/11/2026"), ("organisation", youth.as_str())];
    assert!(said(&strange).await.expect(422).text().contains("id=\"organisation-error\""));
    let form = officer.get(&at("/classifications")).await.expect(200).text();
    assert!(form.contains(&women) && !form.contains(&youth), "only who was asked is offered");
    said(&[("report", "Đi làm đều, ít nói"), ("report_on", "20/11/2026"), ("organisation", &women)]).await.expect(303);
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(
        page.contains("Đi làm đều, ít nói") && page.contains("Kim Sa Rươl") && page.contains("20/11/2026"),
        "{page}"
    );
    assert!(!house.as_("partner").await.get(&at("")).await.expect(200).text().contains("ít nói"));
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}")).await.expect(200).json();
    assert_eq!(told["classification"][0]["report"], "Đi làm đều, ít nói");
});

both!(a_number_that_does_not_fit_is_taken_with_a_warning, async |house: House| {
    let officer = house.as_("officer").await;
    let number = [("name", "Trần Thị Hoà"), ("sex", "female"), ("birth", "1990"), ("id_number", "091091000123")];
    let case = opened(&house, "officer", &number).await;
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("không khớp giới tính") && page.contains("không khớp năm sinh"), "{page}");
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}")).await.expect(200).json();
    assert_eq!(told["identity"]["warnings"], serde_json::json!(["sex_mismatch", "year_mismatch"]));
    let foreign = [("name", "Sok Chan"), ("id_kind", "passport"), ("id_number", "N0123456")];
    let case = opened(&house, "officer", &foreign).await;
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains("••••••56") && page.contains("Hộ chiếu") && !page.contains("N0123456"), "{page}");
    assert!(officer.post(&format!("/cases/{case}/identity"), &[]).await.expect(200).text().contains("N0123456"));
    let case = opened(&house, "officer", &[("name", "Néang Sa"), ("id_kind", "none")]).await;
    assert!(officer.get(&format!("/cases/{case}")).await.expect(200).text().contains("Chưa có giấy tờ"));
    let wrong = [("name", "Néang Sa"), ("regime", "completed"), ("id_kind", "none"), ("id_number", "351234567")];
    let refused = officer.post(&format!("/areas/{AREA}/cases"), &wrong).await.expect(422).text();
    assert!(refused.contains("id=\"id_number-error\""), "{refused}");
});

both!(who_moves_here_is_received_on_the_day_of_the_move, async |house: House| {
    let moved = [
        ("name", "Nguyễn Văn Đức"),
        ("received_on", ""),
        ("moved_in_on", "16/11/2026"),
        ("moved_from", "xã Mỹ Đức"),
        ("juvenile", "true"),
    ];
    let case = opened(&house, "officer", &moved).await;
    assert_eq!(one_text(&house, &case, "status", "cases", "id").await, "active");
    let page = house.as_("officer").await.get(&format!("/cases/{case}")).await.expect(200).text();
    for told in ["xã Mỹ Đức", "16/11/2026", "không có nghĩa vụ báo cáo hằng tháng", "Dưới 18 tuổi khi phạm tội"]
    {
        assert!(page.contains(told), "{told} in {page}");
    }
});
