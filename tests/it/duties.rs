//! A sentence served in the community: assessed every month, asked to be away, shortened, certified; and nobody else is.

use crate::{
    both,
    cases::{hidden, opened, referred},
    house::House,
    raw::Raw,
    world,
};
use duongve::{jobs, policy::acts};
use jiff::civil::date;

/// Somebody on probation, received on 10 August, whose case was opened on the same day.
async fn on_probation(house: &House, who: &str, regime: &str) -> String {
    house.go_to(date(2026, 8, 10));
    let person = [("name", "Trần Văn Sáu"), ("regime", regime), ("received_on", "10/08/2026")];
    opened(house, who, &person).await
}

/// The open follow-ups of a case: kind, base, due.
async fn open(house: &House, case: &str) -> Vec<(String, String, String)> {
    let mut raw = Raw::of(house).await;
    let own = raw.id(case);
    let sql = format!(
        "select kind, cast(base_on as text), cast(due_on as text) from follow_ups where case_id = {own} and done_at is null \
         and dropped_at is null and kind not in ('contact', 'assign_helper', 'assessment', 'task', 'partner_task') order by due_on, base_on"
    );
    raw.rows(&sql).await
}

async fn rounds(house: &House, case: &str) -> Vec<String> {
    open(house, case).await.into_iter().filter(|row| row.0 == "duty_assessment").map(|row| row.1).collect()
}

both!(a_month_is_assessed_in_its_first_days_and_a_missed_one_stays_beside_the_next, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let at = |end: &str| format!("/cases/{case}/duties{end}");
    assert_eq!(rounds(&house, &case).await, ["2026-09-01"], "the first after the case began, before its month");
    let officer = house.as_("officer").await;
    let early = [("round_on", "01/09/2026"), ("result", "good")];
    let refused = officer.post(&at("/assessments"), &early).await.expect(422).text();
    assert!(refused.contains("chưa đến ngày được ghi"), "{refused}");

    // Two months go by; the night asks for what has begun.
    house.go_to(date(2026, 11, 23));
    jobs::tick(&house.app).await.unwrap();
    assert_eq!(rounds(&house, &case).await, ["2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01"]);
    let differing = "select cast(coalesce(sum(differing), 0) as bigint) from replan_runs";
    assert_eq!(Raw::of(&house).await.number(differing).await, 0, "a new month is no defect");
    let due: Vec<String> = open(&house, &case).await.into_iter().map(|row| row.2).collect();
    assert_eq!(due, ["2026-09-07", "2026-10-05", "2026-11-05", "2026-12-07"], "a Saturday moves to the Monday");
    let officer = house.as_("officer").await;
    let home = officer.get("/").await.expect(200).text();
    assert!(home.contains("Nhận xét việc chấp hành án, tháng 08/2026") && home.contains(&at("")), "{home}");

    let late = [("round_on", "2026-10-01"), ("result", "lapses"), ("note", "Đi làm đều, một lần quên báo.")];
    officer.post(&at("/assessments"), &late).await.expect(303);
    assert_eq!(rounds(&house, &case).await, ["2026-09-01", "2026-11-01", "2026-12-01"], "only that round is settled");
    let again = officer.post(&at("/assessments"), &late).await.expect(422).text();
    assert!(again.contains("Kỳ này đã được ghi"), "{again}");
    let elsewhere = [("round_on", "2026-08-01"), ("result", "good")];
    assert!(officer.post(&at("/assessments"), &elsewhere).await.expect(422).text().contains("không có kỳ này"));

    // The list of the month, for the officer and for the head.
    let open_list = officer.get("/duties?month=2026-09").await.expect(200).text();
    assert!(open_list.contains("Trần Văn Sáu") && open_list.contains("1 quá hạn"), "{open_list}");
    let done_list = house.as_("supervisor").await.get("/duties?month=2026-10&state=done").await.expect(200).text();
    assert!(done_list.contains("Trần Văn Sáu") && done_list.contains("Đã xong"), "{done_list}");
    for name in ["officer2", "officer3", "supervisor3"] {
        let page = house.as_(name).await.get("/duties?month=2026-10").await.expect(200).text();
        assert!(!page.contains("Trần Văn Sáu"), "{name}");
    }
    house.as_("partner").await.get("/duties").await.expect(403);
    let file = house.as_("supervisor").await.get("/duties/export?month=2026-10").await;
    assert!(file.expect(200).bytes.starts_with(b"PK"));

    // Sent up, put right, printed.
    let page = officer.get(&at("")).await.expect(200).text();
    let (version, id) = (hidden(&page, "version"), hidden(&page, "assessment"));
    officer.post(&at("/dispatch"), &[("version", "99"), ("assessment", &id)]).await.expect(412);
    officer.post(&at("/dispatch"), &[("version", &version), ("assessment", &id)]).await.expect(303);
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(page.contains("gửi cấp trên ngày 23/11/2026"), "{page}");
    let form = officer.get(&at(&format!("/assessments?assessment={id}"))).await.expect(200).text();
    assert!(form.contains("một lần quên báo"), "{form}");
    let right = [
        ("assessment", &*id),
        ("version", &hidden(&form, "version")),
        ("round_on", "2026-10-01"),
        ("result", "good"),
        ("note", "Đi làm đều."),
    ];
    officer.post(&at("/assessments"), &right).await.expect(303);
    let history = officer.get(&format!("/cases/{case}/history")).await.expect(200).text();
    assert!(history.contains("Có thiếu sót, đã nhắc nhở") && history.contains("Chấp hành tốt"), "{history}");
    let sheet = officer.get(&at("/sheet?round=2026-10-01")).await.expect(200).text();
    assert!(sheet.contains("Đi làm đều.") && sheet.contains("01/09/2026 – 30/09/2026"), "{sheet}");
});

both!(supervision_is_assessed_by_the_quarter_and_a_postponed_sentence_reported_by_the_month, async |house: House| {
    let quarterly = on_probation(&house, "officer", "post_sentence_supervision").await;
    let monthly = on_probation(&house, "officer", "postponed").await;
    house.go_to(date(2026, 11, 23));
    jobs::tick(&house.app).await.unwrap();
    assert_eq!(rounds(&house, &quarterly).await, ["2026-10-01", "2027-01-01"]);
    assert_eq!(rounds(&house, &monthly).await.len(), 4);
    let home = house.as_("officer").await.get("/").await.text();
    assert!(home.contains("quý 3/2026") && home.contains("Báo cáo việc hoãn, tạm đình chỉ, tháng 10/2026"), "{home}");
});

both!(nothing_is_asked_for_in_custody_nor_after_the_end, async |house: House| {
    let case = on_probation(&house, "officer", "non_custodial_reform").await;
    house.go_to(date(2026, 9, 15));
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}{end}");
    officer.post(&at("/steps"), &[("step", "suspended"), ("on", "30/11/2026")]).await.expect(303);
    assert_eq!(rounds(&house, &case).await, ["2026-09-01"], "what was missed before stays");
    house.go_to(date(2026, 11, 10));
    jobs::tick(&house.app).await.unwrap();
    assert_eq!(rounds(&house, &case).await, ["2026-09-01"]);
    let officer = house.as_("officer").await;
    officer.post(&at("/steps"), &[("step", "resumed"), ("on", "10/11/2026")]).await.expect(303);
    assert_eq!(rounds(&house, &case).await, ["2026-09-01", "2026-12-01"], "October and November were custody");
    let version = hidden(&officer.get(&at("/duties/term")).await.expect(200).text(), "version");
    let term = [("from_on", "10/08/2026"), ("until_on", "20/11/2026"), ("version", &*version)];
    officer.post(&at("/duties/term"), &term).await.expect(303);
    let left = open(&house, &case).await;
    let kinds: Vec<&str> = left.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(kinds, ["duty_assessment", "completion"], "none opens after the end: {left:?}");
    assert_eq!(left[1].2, "2026-11-20", "on the last day");
    let early = [("number", "7/GCN"), ("how", "handed")];
    let refused = officer.post(&at("/duties/certificates"), &early).await.expect(422).text();
    assert!(refused.contains("Trước ngày cuối (20/11/2026)"), "{refused}");
    house.go_to(date(2026, 11, 20));
    let officer = house.as_("officer").await;
    officer.post(&at("/duties/certificates"), &early).await.expect(303);
    assert!(officer.get(&at("/duties")).await.expect(200).text().contains("Trao tận tay"));
    officer.post(&at("/closure"), &[("ground", "served"), ("on", "20/11/2026")]).await.expect(303);
    assert!(open(&house, &case).await.is_empty());
});

both!(an_absence_is_asked_for_answered_by_the_council_and_the_return_awaited, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    house.go_to(date(2026, 11, 23));
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/duties/absences");
    let asked = [
        ("from_on", "27/11/2026"),
        ("to_on", "29/11/2026"),
        ("place", "SecretPlace"),
        ("reason", "SecretReason"),
        ("proposal", "grant"),
        ("proposal_note", "Chấp hành tốt"),
    ];
    officer.post(&url, &[("from_on", "27/11/2026")]).await.expect(422);
    officer.post(&url, &asked).await.expect(303);
    let twice = officer.post(&url, &asked).await.expect(422).text();
    assert!(twice.contains("Trùng ngày") && twice.contains("SecretPlace"), "what was typed stays: {twice}");
    let waits = open(&house, &case).await.into_iter().find(|row| row.0 == "absence_decision").unwrap();
    assert_eq!((waits.1.as_str(), waits.2.as_str()), ("2026-11-27", "2026-11-26"), "before the day of departure");

    // The People's Committee sees what its decision needs, and nothing else of her.
    let council = house.as_("council").await;
    let first = council.get("/waiting").await.expect(200).text();
    let line = first.split("<li>").find(|line| line.contains("class=\"who\"") && line.contains("href=\"/absences\""));
    assert!(line.unwrap().contains("<span class=\"chip waiting\">1</span>") && !first.contains("Sáu"), "{first}");
    let list = council.get("/absences").await.expect(200).text();
    assert!(list.contains("Trần Văn Sáu") && !list.contains("SecretPlace") && !list.contains("Án treo"), "{list}");
    let place = list.split("/absences/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let place = format!("/absences/{place}");
    let page = council.get(&place).await.expect(200).text();
    assert!(page.contains("SecretPlace") && page.contains("SecretReason") && page.contains("Chấp hành tốt"), "{page}");
    assert!(!page.contains("DV-") && !page.contains("Án treo") && !page.contains("/cases/"), "{page}");
    council.get(&format!("/cases/{case}")).await.expect(404);
    for name in ["officer2", "officer3", "supervisor3", "partner", "lender", "province"] {
        let answer = house.as_(name).await.get(&place).await;
        assert!(answer.status == 404 || answer.status == 403, "{name}: {}", answer.status);
        assert!(!answer.text().contains("SecretPlace"), "{name}");
    }
    let opened = "select count(*) from audit where act = 'absence.see' and outcome = 'opened'";
    assert!(Raw::of(&house).await.number(opened).await >= 1);

    // Refused without reasons is no answer.
    let no = [("version", "1"), ("verdict", "refused"), ("number", "15/UBND")];
    assert!(council.post(&format!("{place}/decision"), &no).await.expect(422).text().contains("phải nêu lý do"));
    officer.post(&format!("{place}/decision"), &no).await.expect(403);
    let yes = [("version", "1"), ("verdict", "granted"), ("number", "15/UBND"), ("on", "24/11/2026")];
    council.post(&format!("{place}/decision"), &yes).await.expect(422);
    let yes = [("version", "1"), ("verdict", "granted"), ("number", "15/UBND")];
    council.post(&format!("{place}/decision"), &[("version", "9"), yes[1], yes[2]]).await.expect(412);
    council.post(&format!("{place}/decision"), &yes).await.expect(303);
    let waits: Vec<_> = open(&house, &case).await.into_iter().filter(|row| row.0.starts_with("absence")).collect();
    assert_eq!(waits.len(), 1);
    assert_eq!((waits[0].0.as_str(), waits[0].2.as_str()), ("absence_return", "2026-11-29"));

    // Not back: it is late, and nobody marks it done by a word.
    house.go_to(date(2026, 12, 1));
    let program = house.program("officer").await;
    let late = program.get("/api/v1/follow-ups?state=overdue").await.expect(200).json();
    let back = late["items"].as_array().unwrap().iter().find(|one| one["kind"] == "absence_return").unwrap().clone();
    assert_eq!(back["days_late"], 2);
    let done = format!("/api/v1/follow-ups/{}/completion", back["id"].as_str().unwrap());
    let refused = program.post(&done, &serde_json::json!({})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "needs_duty");
    let wait = format!("/api/v1/follow-ups/{}/postponement", back["id"].as_str().unwrap());
    let body = serde_json::json!({"to_on": "2026-12-05", "reason": "chưa về"});
    assert_eq!(program.post(&wait, &body).await.expect(422).json()["errors"][0]["code"], "stands_fast");
    let officer = house.as_("officer").await;
    officer.post(&format!("{place}/return"), &[("version", "2"), ("on", "01/12/2026")]).await.expect(303);
    assert!(open(&house, &case).await.iter().all(|row| !row.0.starts_with("absence")));
    let page = officer.get(&format!("/cases/{case}/duties")).await.expect(200).text();
    assert!(page.contains("tổng cộng 5 ngày"), "the days that she was away: {page}");
});

both!(an_answer_that_was_written_down_wrongly_is_taken_back_before_the_day_of_departure, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    house.go_to(date(2026, 11, 23));
    let (officer, council) = (house.as_("officer").await, house.as_("council").await);
    let asked = [
        ("from_on", "27/11/2026"),
        ("to_on", "29/11/2026"),
        ("place", "Cần Thơ"),
        ("reason", "Đám giỗ"),
        ("proposal", "grant"),
    ];
    officer.post(&format!("/cases/{case}/duties/absences"), &asked).await.expect(303);
    let list = council.get("/absences").await.expect(200).text();
    let place = format!("/absences/{}", &list.split("/absences/").nth(1).unwrap()[..36]);
    let read = async |who: &crate::house::Person<'_>| hidden(&who.get(&place).await.expect(200).text(), "version");
    let version = read(&council).await;
    let unsay = format!("{place}/decision/withdrawal");
    council.post(&unsay, &[("version", &version)]).await.expect(422);
    let wrong = [("version", &*version), ("verdict", "granted"), ("number", "15/UBND"), ("on", "23/11/2026")];
    council.post(&format!("{place}/decision"), &wrong).await.expect(303);
    assert!(open(&house, &case).await.iter().any(|row| row.0 == "absence_return"));
    let version = read(&council).await;
    officer.post(&unsay, &[("version", &version)]).await.expect(403);
    council.post(&unsay, &[("version", &version)]).await.expect(303);
    let left = open(&house, &case).await;
    let due = |kind: &str| left.iter().find(|row| row.0 == kind).map(|row| row.2.as_str());
    assert_eq!((due("absence_decision"), due("absence_return")), (Some("2026-11-26"), None), "it waits again");
    let history = officer.get(&format!("/cases/{case}/history")).await.expect(200).text();
    assert!(history.contains("15/UBND"), "what was said stays in the history: {history}");
    let version = read(&council).await;
    let right = [("version", &*version), ("verdict", "granted"), ("number", "16/UBND"), ("on", "23/11/2026")];
    council.post(&format!("{place}/decision"), &right).await.expect(303);
    // On the day of departure it stands; the day of the return is put right by whoever wrote it down.
    house.go_to(date(2026, 11, 30));
    let (officer, council) = (house.as_("officer").await, house.as_("council").await);
    let version = read(&officer).await;
    council.post(&unsay, &[("version", &version)]).await.expect(422);
    officer.post(&format!("{place}/return"), &[("version", &version), ("on", "30/11/2026")]).await.expect(303);
    let version = read(&officer).await;
    officer.post(&format!("{place}/return"), &[("version", &version), ("on", "29/11/2026")]).await.expect(303);
    let page = officer.get(&place).await.expect(200).text();
    assert!(page.contains("29/11/2026</dd>") && !page.contains("Trễ"), "{page}");
});

both!(a_long_absence_asks_for_a_reason_and_is_never_called_law, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/duties/absences");
    let mut asked = vec![
        ("from_on", "01/09/2026"),
        ("to_on", "31/10/2026"),
        ("place", "Bình Dương"),
        ("reason", "Đi làm thời vụ"),
        ("proposal", "grant"),
    ];
    let warned = officer.post(&url, &asked).await.expect(422).text();
    assert!(warned.contains("mức nhắc do cơ quan tự đặt") && warned.contains("over_reason"), "{warned}");
    assert!(!warned.contains("Luật") && !warned.contains("BLHS") && !warned.contains("TT 65"), "{warned}");
    asked.push(("over_reason", "Nhà không còn ai, có giấy của chủ sử dụng lao động"));
    officer.post(&url, &asked).await.expect(303);
    let rules = officer.get("/rules").await.expect(200).text();
    assert!(rules.contains("Vắng mặt khỏi nơi cư trú"), "{rules}");
});

both!(a_breach_is_followed_up_and_two_on_purpose_are_a_hint_with_its_ground, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}/duties{end}");
    let breach = |on: &'static str| {
        [
            ("on", on),
            ("what", "Đi khỏi xã không báo"),
            ("wilful", "true"),
            ("paper_no", "03/BB"),
            ("measures", "Gặp, nhắc nhở, hẹn gia đình"),
            ("due_on", "17/08/2026"),
        ]
    };
    officer.post(&at("/breaches"), &breach("08/08/2026")[..2]).await.expect(422);
    officer.post(&at("/breaches"), &breach("08/08/2026")).await.expect(303);
    let task = open(&house, &case).await.into_iter().find(|row| row.0 == "breach").unwrap();
    assert_eq!((task.1.as_str(), task.2.as_str()), ("2026-08-08", "2026-08-17"));
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(!page.contains("Tòa án có thể xem xét"), "one is none: {page}");
    let (version, id) = (hidden(&page, "version"), hidden(&page, "breach"));
    let settled = [("version", &*version), ("breach", &*id), ("outcome", "Đã gặp, gia đình cam kết cùng nhắc")];
    officer.post(&at("/settlement"), &settled).await.expect(303);
    assert!(open(&house, &case).await.iter().all(|row| row.0 != "breach"));
    officer.post(&at("/breaches"), &breach("09/08/2026")).await.expect(303);
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(page.contains("2 lần cố ý") && page.contains("BLHS 2015 Điều 65"), "{page}");
    // Nothing follows by itself: no step, no group, no score.
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/duties")).await.expect(200).json();
    assert_eq!((&told["court_hint"], told["breaches"].as_array().unwrap().len()), (&serde_json::json!(2), 2));
});

both!(what_was_written_down_by_mistake_is_taken_out_and_stays_in_the_history, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}/duties{end}");
    let version = hidden(&officer.get(&at("/term")).await.expect(200).text(), "version");
    let term = [("from_on", "01/09/2025"), ("until_on", "31/08/2027"), ("version", &*version)];
    officer.post(&at("/term"), &term).await.expect(303);
    let breach = [
        ("on", "08/08/2026"),
        ("what", "Ghi nhầm của người khác"),
        ("wilful", "true"),
        ("measures", "Nhắc nhở"),
        ("due_on", "17/08/2026"),
    ];
    officer.post(&at("/breaches"), &breach).await.expect(303);
    officer.post(&at("/shortenings"), &[("state", "not_proposed"), ("note", "Xem thêm")]).await.expect(303);
    let told =
        async || house.program("officer").await.get(&format!("/api/v1/cases/{case}/duties")).await.expect(200).json();
    let known = told().await;
    let row = |list: &str| known[list][0]["id"].as_str().unwrap().to_owned();
    let (wrong, early) = (row("breaches"), row("shortenings"));
    assert_eq!(known["shortening_hint"]["because"], "reconsider");
    // Without a reason nothing goes; another's id, another's case and a helper find nothing.
    let read = async || hidden(&house.as_("officer").await.get(&at("")).await.expect(200).text(), "version");
    let version = read().await;
    let no_reason = officer.post(&at("/breaches/withdrawal"), &[("row", &*wrong), ("version", &version)]).await;
    assert!(no_reason.expect(422).text().contains("Vì sao bỏ"));
    let form = [("row", &*early), ("reason", "Nhầm người"), ("version", &version)];
    officer.post(&at("/breaches/withdrawal"), &form).await.expect(422);
    for who in ["officer3", "partner", "council", "province"] {
        let answer = house.as_(who).await.post(&at("/breaches/withdrawal"), &form).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{who}: {}", answer.status);
    }
    let form = [("row", &*wrong), ("reason", "Nhầm người"), ("version", &version)];
    officer.post(&at("/breaches/withdrawal"), &form).await.expect(303);
    assert!(open(&house, &case).await.iter().all(|row| row.0 != "breach"), "nothing is to be done about it any more");
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(!page.contains("Ghi nhầm của người khác"), "{page}");
    let version = read().await;
    let form = [("row", &*early), ("reason", "Ghi nhầm"), ("version", &version)];
    officer.post(&at("/shortenings/withdrawal"), &form).await.expect(303);
    assert_eq!(told().await["shortening_hint"]["because"], "share", "as if it had not been considered");
    let history = officer.get(&format!("/cases/{case}/history")).await.expect(200).text();
    for words in
        ["Bỏ vi phạm ghi nhầm", "08/08/2026: Ghi nhầm của người khác", "Nhầm người", "Bỏ việc rút ngắn ghi nhầm"]
    {
        assert!(history.contains(words), "{words}: {history}");
    }
    // A certificate that was handed to somebody else is asked for again.
    house.go_to(date(2027, 9, 1));
    let officer = house.as_("officer").await;
    let given = [("number", "12/GCN"), ("given_on", "01/09/2027"), ("how", "handed")];
    officer.post(&at("/certificates"), &given).await.expect(303);
    assert!(open(&house, &case).await.iter().all(|row| row.0 != "completion"));
    let id = told().await["certificates"][0]["id"].as_str().unwrap().to_owned();
    let version = read().await;
    let form = [("row", &*id), ("reason", "Trao nhầm người"), ("version", &version)];
    officer.post(&at("/certificates/withdrawal"), &form).await.expect(303);
    assert!(open(&house, &case).await.iter().any(|row| row.0 == "completion"), "it is due again");
});

both!(a_probation_is_shortened_at_half_and_its_end_moves_what_depends_on_it, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}/duties{end}");
    let proposal = [("state", "proposed"), ("months", "3"), ("note", "Chấp hành tốt")];
    assert!(
        officer.post(&at("/shortenings"), &proposal).await.expect(422).text().contains("thời gian chấp hành trước")
    );
    let version = hidden(&officer.get(&at("/term")).await.expect(200).text(), "version");
    let term = [("from_on", "01/09/2025"), ("until_on", "31/08/2027"), ("version", &*version)];
    officer.post(&at("/term"), &[("from_on", "01/09/2025"), ("version", &version)]).await.expect(422);
    officer.post(&at("/term"), &term).await.expect(303);
    // Forty for four would end the sentence today: beyond the rules only with a reason.
    let slip = [("state", "proposed"), ("months", "40"), ("note", "Chấp hành tốt")];
    let refused = officer.post(&at("/shortenings"), &slip).await.expect(422).text();
    assert!(refused.contains("1–12; 03/03/2027") && refused.contains("id=\"over_reason\""), "{refused}");
    let too_early = [("state", "proposed"), ("months", "7"), ("note", "Chấp hành tốt")];
    officer.post(&at("/shortenings"), &too_early).await.expect(422);
    let hint = open(&house, &case).await.into_iter().find(|row| row.0 == "shortening").unwrap();
    assert_eq!((hint.1.as_str(), hint.2.as_str()), ("2026-09-01", "2026-10-01"), "half of two years, and a month more");
    let page = officer.get(&at("")).await.expect(200).text();
    for told in ["từ ngày 01/09/2026", "50 %", "Luật THAHS 2019 Điều 89", "không kết thúc trước ngày"] {
        assert!(page.contains(told), "{told} in {page}");
    }
    officer.post(&at("/shortenings"), &proposal).await.expect(303);
    assert!(open(&house, &case).await.iter().all(|row| row.0 != "shortening"), "it is proposed");
    assert!(officer.post(&at("/shortenings"), &proposal).await.expect(422).text().contains("đang chờ Tòa án"));
    house.go_to(date(2026, 9, 10));
    let officer = house.as_("officer").await;
    let page = officer.get(&at("")).await.expect(200).text();
    let (version, id) = (hidden(&page, "version"), hidden(&page, "shortening"));
    let granted = [
        ("version", &*version),
        ("shortening", &*id),
        ("verdict", "granted"),
        ("number", "5/2026/QĐ-TA"),
        ("on", "09/09/2026"),
        ("months", "3"),
    ];
    let slip: Vec<_> = granted[..5].iter().copied().chain([("months", "33")]).collect();
    officer.post(&at("/decision"), &slip).await.expect(422);
    officer.post(&at("/decision"), &granted).await.expect(303);
    // The same days written down once more leave the end where the court has put it.
    let version = hidden(&officer.get(&at("/term")).await.expect(200).text(), "version");
    let same = [("from_on", "01/09/2025"), ("until_on", "31/08/2027"), ("version", &*version)];
    officer.post(&at("/term"), &same).await.expect(303);
    let told = house.program("officer").await.get(&format!("/api/v1/cases/{case}/duties")).await.expect(200).json();
    assert_eq!(
        (told["term"]["until"].as_str(), told["term"]["ends"].as_str()),
        (Some("2027-08-31"), Some("2027-05-31"))
    );
    let left = open(&house, &case).await;
    let of = |kind: &str| left.iter().find(|row| row.0 == kind).map(|row| row.2.as_str());
    assert_eq!(of("completion"), Some("2027-05-31"), "the certificate moves with the end");
    assert_eq!(of("shortening"), None, "a year later it is over");
});

both!(whoever_has_served_owes_nothing_and_every_door_says_why, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Năm")]).await;
    let (officer, program) = (house.as_("officer").await, house.program("officer").await);
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(!page.contains(&format!("/cases/{case}/duties")), "no tab");
    for end in ["", "/term", "/assessments", "/absences", "/breaches", "/shortenings", "/certificates", "/sheet"] {
        let answer = officer.get(&format!("/cases/{case}/duties{end}")).await.expect(422);
        assert!(answer.text().contains("không có nghĩa vụ nào"), "{end}: {}", answer.text());
    }
    let forms: [(&str, &[(&str, &str)]); 6] = [
        ("/term", &[("from_on", "01/09/2026"), ("until_on", "31/08/2027"), ("version", "1")]),
        ("/assessments", &[("round_on", "2026-11-01"), ("result", "good")]),
        (
            "/absences",
            &[
                ("from_on", "27/11/2026"),
                ("to_on", "29/11/2026"),
                ("place", "x"),
                ("reason", "y"),
                ("proposal", "grant"),
            ],
        ),
        ("/breaches", &[("on", "20/11/2026"), ("what", "x"), ("measures", "y"), ("due_on", "30/11/2026")]),
        ("/shortenings", &[("state", "proposed"), ("months", "3")]),
        ("/certificates", &[("number", "1"), ("how", "handed")]),
    ];
    for (end, form) in forms {
        let answer = officer.post(&format!("/cases/{case}/duties{end}"), form).await.expect(422);
        assert!(answer.text().contains("không có nghĩa vụ nào"), "{end}: {}", answer.text());
    }
    let calls = [
        ("assessments", serde_json::json!({"round_on": "2026-11-01", "result": "good"})),
        ("shortenings", serde_json::json!({"state": "proposed", "months": 3})),
        ("certificates", serde_json::json!({"number": "1", "how": "handed"})),
    ];
    for (end, body) in calls {
        let told = program.post(&format!("/api/v1/cases/{case}/duties/{end}"), &body).await.expect(422).json();
        assert_eq!(told["errors"][0]["code"], "no_duties", "{end}");
    }
    let told = program.get(&format!("/api/v1/cases/{case}/duties")).await.expect(422).json();
    assert_eq!(told["errors"][0]["code"], "no_duties");
    assert!(open(&house, &case).await.is_empty());
});

both!(a_case_that_goes_on_as_served_drops_what_was_asked_for_and_keeps_its_history, async |house: House| {
    let case = on_probation(&house, "officer", "conditional_release").await;
    referred(&house, &case, &["partner"], &[]).await;
    house.go_to(date(2026, 11, 23));
    jobs::tick(&house.app).await.unwrap();
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}/duties{end}");
    let version = hidden(&officer.get(&at("/term")).await.expect(200).text(), "version");
    let term = [("from_on", "10/08/2026"), ("until_on", "09/08/2027"), ("version", &*version)];
    officer.post(&at("/term"), &term).await.expect(303);
    officer
        .post(&at("/assessments"), &[("round_on", "2026-10-01"), ("result", "good"), ("note", "SecretNote")])
        .await
        .expect(303);
    let asked =
        [("from_on", "27/11/2026"), ("to_on", "29/11/2026"), ("place", "x"), ("reason", "y"), ("proposal", "grant")];
    officer.post(&at("/absences"), &asked).await.expect(303);
    let breach = [("on", "20/11/2026"), ("what", "x"), ("measures", "y"), ("due_on", "30/11/2026")];
    officer.post(&at("/breaches"), &breach).await.expect(303);
    let mut kinds: Vec<String> = open(&house, &case).await.into_iter().map(|row| row.0).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, ["absence_decision", "breach", "completion", "duty_assessment", "shortening"]);
    // A partner who helps her learns nothing of it.
    let partner = house.as_("partner").await;
    for page in ["/", &format!("/cases/{case}")] {
        let page = partner.get(page).await.expect(200).text();
        for word in ["/duties", "chấp hành", "Nhận xét", "vắng mặt", "SecretNote"] {
            assert!(!page.contains(word), "{word} in {page}");
        }
    }
    partner.get(&at("")).await.expect(403);
    let program = house.program("partner").await;
    let told = program.get(&format!("/api/v1/cases/{case}/timeline")).await.expect(200).text();
    assert!(!told.contains("duty") && !told.contains("SecretNote"), "{told}");

    let paper = [("certificate_no", "GCN-77"), ("certificate_on", "22/11/2026")];
    officer.post(&format!("/cases/{case}/continuation"), &paper).await.expect(303);
    assert!(open(&house, &case).await.is_empty(), "whoever has served hers owes nothing");
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(
        page.contains("SecretNote") && page.contains("không còn nghĩa vụ nào") && !page.contains("duties/breaches"),
        "{page}"
    );
    let answer = officer.post(&at("/assessments"), &[("round_on", "2026-11-01"), ("result", "good")]).await.expect(422);
    assert!(answer.text().contains("không có nghĩa vụ nào"));
    let council = house.as_("council").await.get("/absences").await.expect(200).text();
    assert!(!council.contains("<h2>Chờ trả lời</h2>"), "nothing waits for the People's Committee: {council}");
    house.go_to(date(2027, 1, 15));
    jobs::tick(&house.app).await.unwrap();
    assert!(open(&house, &case).await.is_empty(), "nor does the night ask for it");
});

both!(the_list_of_a_month_asks_few_statements_however_long_it_is, async |house: House| {
    house.go_to(date(2026, 8, 10));
    for number in 0..12 {
        let draft = duongve::cases::model::Draft {
            regime: "suspended_sentence".into(),
            received_on: "10/08/2026".into(),
            ..world::draft(&format!("Duty{number}"), number)
        };
        world::open(&house, "officer", &draft).await;
    }
    let officer = house.as_("officer").await;
    let asked = async |path: &str| {
        let (answer, heard) = duongve::store::listen(officer.get(path)).await;
        answer.expect(200);
        heard.iter().filter(|sql| sql.starts_with("select") && !sql.contains("from sessions")).count()
    };
    assert_eq!(asked("/duties?month=2026-09").await, 2, "the lines and their sums");
    assert!(asked("/absences").await <= 2, "those that wait and the others");
    let scope = house.store().scope::<acts::ListDuties>(&world::actor(&house, "officer").await).unwrap();
    let sum = duongve::duties::round_sum(house.store(), &scope, date(2026, 9, 1)).await.unwrap();
    assert_eq!((sum.asked, sum.done), (12, 0));
});

both!(each_reading_of_a_sentence_in_the_community_is_one_row_that_names_its_parts, async |house: House| {
    let case = on_probation(&house, "officer", "suspended_sentence").await;
    let (head, program) = (house.as_("supervisor").await, house.program("supervisor").await);
    let mut raw = Raw::of(&house).await;
    let own = raw.id(&case);
    let count = format!("select count(*) from audit where case_id = {own} and outcome = 'opened'");
    let newest = format!(
        "select detail || '' from audit where case_id = {own} and outcome = 'opened' order by at desc, id desc limit 1"
    );
    let pages = ["", "/sheet", "/term", "/assessments", "/absences", "/breaches", "/shortenings", "/certificates"];
    for path in pages {
        let before = raw.number(&count).await;
        head.get(&format!("/cases/{case}/duties{path}")).await.expect(200);
        assert_eq!(raw.number(&count).await - before, 1, "{path}");
        assert_eq!(raw.rows::<(String,)>(&newest).await[0].0, "legal duty", "{path}");
    }
    let before = raw.number(&count).await;
    program.get(&format!("/api/v1/cases/{case}/duties")).await.expect(200);
    assert_eq!(raw.number(&count).await - before, 1);
});

both!(a_period_is_counted_in_the_report_also_of_what_was_sealed, async |house: House| {
    let case = on_probation(&house, "officer", "conditional_release").await;
    let sealed = on_probation(&house, "officer", "conditional_release").await;
    house.go_to(date(2026, 11, 23));
    for one in [&case, &sealed] {
        let officer = house.as_("officer").await;
        let at = |end: &str| format!("/cases/{one}/duties{end}");
        officer.post(&at("/assessments"), &[("round_on", "2026-11-01"), ("result", "good")]).await.expect(303);
        for on in ["20/11/2026", "21/11/2026"] {
            let breach = [("on", on), ("what", "x"), ("measures", "y"), ("due_on", "30/11/2026")];
            officer.post(&at("/breaches"), &breach).await.expect(303);
        }
    }
    world::seal(&house, "supervisor", sealed.parse().unwrap()).await;
    let paper = [("certificate_no", "GCN-77"), ("certificate_on", "22/11/2026")];
    house.as_("officer").await.post(&format!("/cases/{case}/continuation"), &paper).await.expect(303);
    let keys = ["breached", "breaches", "absences", "continued", "community_conditional_release", "regime_completed"];
    for (on, wanted) in [("2026-10-31", [0, 0, 0, 0, 2, 0]), ("2026-11-30", [2, 4, 0, 1, 0, 1])] {
        let path = format!("/api/v1/reports?period=month&rule=calendar&on={on}");
        let report = house.program("supervisor").await.get(&path).await.expect(200).json();
        let told = crate::reports::values(&report);
        assert_eq!(keys.map(|key| told[key]), wanted, "{on}");
    }
});

both!(a_request_is_listed_exactly_when_it_may_be_opened, async |house: House| {
    let mut all = Vec::new();
    for (number, (officer, mark)) in
        [("officer", "Own"), ("officer2", "Kept"), ("officer2", "Closed"), ("officer2", "Sealed"), ("officer3", "Far")]
            .into_iter()
            .enumerate()
    {
        let case = world::open(&house, officer, &world::draft(mark, number)).await;
        all.push((mark, case, world::asks_away(&house, officer, case, mark).await));
    }
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", all[1].1, "exclusion", &["supervisor"]).await;
    let close =
        duongve::cases::model::ClosureDraft { ground: "moved".into(), on: "23/11/2026".into(), ..Default::default() };
    let grant = world::grant::<acts::CloseCase>(&house, "supervisor", all[2].1).await;
    duongve::cases::close(house.store(), grant, &close, None, None).await.unwrap();
    world::seal(&house, "supervisor", all[3].1).await;
    let wanted: [(&str, &[&str]); 5] = [
        ("officer", &["Own"]),
        ("officer2", &["Kept", "Closed"]),
        ("supervisor", &["Own", "Closed"]),
        ("supervisor3", &["Far"]),
        // Only whoever may look people up can be shut out by name; the People's Committee has the request alone.
        ("council", &["Own", "Kept"]),
    ];
    for (name, seen) in wanted {
        let actor = world::actor(&house, name).await;
        let scope = house.store().scope::<acts::ListAbsences>(&actor).unwrap();
        let ask = duongve::store::PageAsk { limit: 100, cursor: None };
        let listed = duongve::duties::absences::list(house.store(), &scope, None, &ask).await.unwrap().items;
        let counted = duongve::duties::absences::count(house.store(), &scope, None).await.unwrap();
        assert_eq!(counted, i64::try_from(listed.len()).unwrap(), "{name}");
        let waiting = duongve::duties::absences::list(house.store(), &scope, Some(true), &ask).await.unwrap().items;
        for (mark, _case, id) in &all {
            let opened = house.store().permit::<acts::SeeAbsence>(&actor, *id).await.is_ok();
            assert_eq!(
                opened,
                listed.iter().any(|row| row.id == *id),
                "{name}: {mark} is listed when it may be opened"
            );
            assert_eq!(opened, seen.contains(mark), "{name}: {mark}");
            let waits = waiting.iter().any(|row| row.id == *id);
            assert_eq!(waits, opened && *mark != "Closed", "{name}: {mark} of a closed case waits for nobody");
        }
    }
    for name in ["partner", "helper", "lender", "province", "admin", "inspector"] {
        let actor = world::actor(&house, name).await;
        assert!(house.store().scope::<acts::ListAbsences>(&actor).is_err(), "{name} has no such list");
        for (mark, _case, id) in &all {
            assert!(house.store().permit::<acts::SeeAbsence>(&actor, *id).await.is_err(), "{name}: {mark}");
        }
    }
});
