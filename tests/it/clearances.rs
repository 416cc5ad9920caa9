//! Clearance: the program proposes a review, a head records the paper, and from then on the case stands to nobody; two
//! people open it again.

use crate::{
    both,
    cases::{opened, referred},
    house::{House, TODAY},
    office::{mails, tick},
    raw::Raw,
    world,
};
use axum::body::Body;
use axum::http::Method;
use jiff::civil::date;

const NAME: &str = "Trần Văn Niêm";
const UNKNOWN: &str = "01900000-0000-4000-8000-ffffffffffff";

/// Convicted 10/03/2020 to two years of prison, served on that day.
pub async fn judged(house: &House, case: &str, served_on: &str, more: &[(&str, &str)]) {
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{case}/judgment")).await.expect(200).text();
    let version = crate::cases::hidden(&page, "version");
    let mut form = vec![
        ("version", version.as_str()),
        ("convicted_on", "10/03/2020"),
        ("penalty", "prison"),
        ("years", "2"),
        ("served_on", served_on),
        ("age", "adult"),
    ];
    form.extend_from_slice(more);
    officer.post(&format!("/cases/{case}/judgment"), &form).await.expect(303);
}

async fn reviews(house: &House, case: &str) -> Vec<(String, String)> {
    let mut raw = Raw::of(house).await;
    let sql = format!(
        "select rule, '' || due_on from follow_ups where case_id = {} and kind = 'clearance_review' and done_at is null \
         and dropped_at is null order by due_on",
        raw.id(case)
    );
    raw.rows(&sql).await
}

both!(a_review_is_proposed_before_its_day_and_on_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("offence", "Trộm cắp")]).await;
    let women = world::organisation(&house, "30577", "women").await.to_string();
    referred(&house, &case, &["partner"], &[("organisation", &women)]).await;
    let page = format!("/cases/{case}/clearance");
    let officer = house.as_("officer").await;
    let empty = officer.get(&page).await.expect(200).text();
    assert!(empty.contains("Chưa ghi bản án nào để tính"), "{empty}");
    // Two years after the end of the penalty: 23/01/2027, and sixty days before that is tomorrow.
    judged(&house, &case, "23/01/2025", &[]).await;
    tick(&house).await;
    assert!(reviews(&house, &case).await.is_empty(), "not before its time");
    let seen = officer.get(&page).await.expect(200).text();
    assert!(seen.contains("Đến hạn rà soát xóa án tích: 23/01/2027"), "{seen}");
    assert!(seen.contains("BLHS 2015 Điều 70") && seen.contains("23/01/2025"), "{seen}");
    assert!(seen.contains("không phải xác nhận đã xóa án tích"), "{seen}");
    // An additional penalty that lasts longer moves it, and one whose end nobody knows leaves it open.
    let one = seen.split("judgment?judgment=").nth(1).unwrap()[..36].to_owned();
    let form = officer.get(&format!("/cases/{case}/judgment?judgment={one}")).await.expect(200).text();
    assert!(form.contains("23/01/2025") && form.contains("10/03/2020"), "{form}");
    judged(&house, &case, "23/01/2025", &[("judgment", &one), ("duties", "civil")]).await;
    let open = officer.get(&page).await.expect(200).text();
    assert!(open.contains("Chưa tính được ngày rà soát") && open.contains("Bồi thường"), "{open}");
    judged(&house, &case, "23/01/2025", &[("judgment", &one)]).await;

    house.go_to(date(2026, 11, 24));
    tick(&house).await;
    assert_eq!(reviews(&house, &case).await, [("clearance_ahead".to_owned(), "2026-11-24".to_owned())]);
    let officer = house.as_("officer").await;
    let seen = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(seen.contains("Rà soát xóa án tích") && seen.contains("23/01/2027"), "{seen}");
    // The helper who is named learns nothing: no task, no count, no page.
    let partner = house.as_("partner").await;
    for path in [format!("/cases/{case}"), "/".to_owned(), "/cases".to_owned()] {
        let seen = partner.get(&path).await.expect(200).text();
        assert!(!seen.contains("án tích") && !seen.contains("23/01/2027"), "{path}: {seen}");
    }
    partner.get(&page).await.expect(403);
    let counted = house.program("partner").await.get("/api/v1/follow-ups?state=today&count=true").await.expect(200);
    assert_eq!(counted.json()["count"], 0);

    // Done with a word, and not asked for again before the day itself.
    let mine = house.program("officer").await.get("/api/v1/follow-ups?state=today").await.expect(200).json();
    let task = mine["items"].as_array().unwrap().iter().find(|item| item["kind"] == "clearance_review").unwrap();
    let id = task["id"].as_str().unwrap().to_owned();
    officer.post(&format!("/follow-ups/{id}/completion"), &[("note", "đã báo bà con")]).await.expect(303);
    house.go_to(date(2026, 11, 25));
    tick(&house).await;
    assert!(reviews(&house, &case).await.is_empty());
    house.go_to(date(2027, 1, 23));
    tick(&house).await;
    assert_eq!(reviews(&house, &case).await, [("clearance_due".to_owned(), "2027-01-23".to_owned())]);
    tick(&house).await;
    house.go_to(date(2027, 1, 24));
    tick(&house).await;
    assert_eq!(reviews(&house, &case).await.len(), 1, "asked for once");
    // Put right: the penalty ended later, so the day has moved away.
    judged(&house, &case, "23/06/2026", &[("judgment", &one)]).await;
    assert!(reviews(&house, &case).await.is_empty());
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from replan_runs where differing > 0").await, 0, "no defect for the proof");
});

both!(what_is_typed_of_a_judgment_is_refused_by_field, async |house: House| {
    let case = opened(&house, "officer", &[("name", NAME), ("birth", "1990")]).await;
    let officer = house.as_("officer").await;
    let path = format!("/cases/{case}/judgment");
    let version = crate::cases::hidden(&officer.get(&path).await.expect(200).text(), "version");
    let wrong = [
        ("version", version.as_str()),
        ("penalty", "prison"),
        ("convicted_on", "01/01/1980"),
        ("money_on", "1/1/2020"),
    ];
    let again = officer.post(&path, &wrong).await.expect(422).text();
    for field in ["convicted_on-error", "years-error", "age-error", "money_on-error"] {
        assert!(again.contains(field), "{field}: {again}");
    }
    house.as_("officer2").await.get(&path).await.expect(404);
    house.as_("supervisor").await.get(&format!("/cases/{case}/clearance")).await.expect(200);
});

/// A person with help of all kinds, and words in every part that stand nowhere else.
async fn furnished(house: &House) -> (String, String) {
    let case = opened(
        house,
        "officer",
        &[
            ("name", NAME),
            ("hamlet", "Ấp Tân Thành"),
            ("phone", "0901112223"),
            ("offence", "CanaryOffence"),
            ("penalty", "CanaryPenalty"),
            ("court", "CanaryCourt"),
            ("certificate_no", "CanaryCertificate"),
        ],
    )
    .await;
    judged(house, &case, "15/06/2022", &[]).await;
    let women = world::organisation(house, "30577", "women").await.to_string();
    let referral = referred(house, &case, &["partner"], &[("organisation", &women), ("needs", "vốn nuôi bò")]).await;
    let officer = house.as_("officer").await;
    let post = async |path: &str, form: &[(&str, &str)]| {
        officer.post(&format!("/cases/{case}/{path}"), form).await.expect(303);
    };
    post("visits", &[("on", "20/11/2026"), ("kind", "home"), ("met", "true"), ("note", "CanaryNote")]).await;
    post("classifications", &[("group", "B"), ("since_on", "20/11/2026"), ("reason", "CanaryReason")]).await;
    post("helps", &[("kind", "animals"), ("what", "một con bò"), ("state", "promised")]).await;
    post("helps", &[("kind", "loan"), ("what", "vay 20 triệu"), ("state", "given"), ("vnd", "20000000")]).await;
    post("tasks", &[("what", "dẫn đi tập huấn"), ("due_on", "30/11/2026"), ("organisation", &women)]).await;
    (case, referral)
}

const PAPER: [(&str, &str); 4] =
    [("paper", "certificate"), ("paper_no", "CanaryPaper 12/2026"), ("paper_on", "20/11/2026"), ("understood", "true")];

async fn sealed(house: &House, case: &str, more: &[(&str, &str)]) -> String {
    let form = [PAPER.as_slice(), more].concat();
    let answer = house.as_("supervisor").await.post(&format!("/cases/{case}/sealing"), &form).await.expect(303);
    let to = answer.goes_to().split('?').next().unwrap().to_owned();
    assert!(to.starts_with("/sealings/"), "{to}");
    to
}

async fn code_of(house: &House, case: &str) -> String {
    let mut raw = Raw::of(house).await;
    let sql = format!("select code from cases where id = {}", raw.id(case));
    raw.rows::<(String,)>(&sql).await.remove(0).0
}

both!(a_sealed_case_stands_to_nobody, async |house: House| {
    let (case, referral) = furnished(&house).await;
    let code = code_of(&house, &case).await;
    world::deputy(&house).await;
    // A digest and its mail were sent while the case was there.
    house.go_to(TODAY.tomorrow().unwrap());
    tick(&house).await;
    assert!(!mails(&house).is_empty());
    // An officer may not, and the head is told what is under way and what will happen.
    house.as_("officer").await.get(&format!("/cases/{case}/sealing")).await.expect(403);
    let head = house.as_("supervisor").await;
    let form = head.get(&format!("/cases/{case}/sealing")).await.expect(200).text();
    for word in
        ["Hội Liên hiệp Phụ nữ", "một con bò", "vay 20 triệu", "dẫn đi tập huấn", "Việc trả nợ vẫn ở bên cho vay"]
    {
        assert!(form.contains(word), "{word}: {form}");
    }
    let bare = head.post(&format!("/cases/{case}/sealing"), &[]).await.expect(422).text();
    for field in ["paper-error", "paper_no-error", "paper_on-error", "help-error", "understood-error"] {
        assert!(bare.contains(field), "{field}: {bare}");
    }
    // A mail about it that could not go yet is not sent later.
    let mut raw = Raw::of(&house).await;
    let waiting = "select count(*) from mails where sent_at is null";
    let sent = raw.number("select count(*) from mails").await;
    raw.run("update mails set sent_at = null").await;
    assert_eq!(raw.number(waiting).await, sent);
    let seal = sealed(&house, &case, &[("help", "yes"), ("consent", "Biên bản ngày 22/11")]).await;
    let report = house.program("supervisor").await.get("/api/v1/reports").await.expect(200).json();
    assert_eq!(crate::reports::values(&report)["support"], 1, "help that goes on is a number of its own");
    assert!(raw.number(waiting).await < sent, "the digest that named it is recalled");

    let mut pages: Vec<String> =
        ["", "/parts", "/clearance", "/sealing", "/openings", "/helps", "/referrals", "/relatives", "/visits/new"]
            .map(|under| format!("/cases/{case}{under}"))
            .to_vec();
    pages.push(format!("/referrals/{referral}/ending"));
    for name in ["officer", "officer2", "supervisor", "deputy", "partner", "admin", "inspector"] {
        let person = house.as_(name).await;
        let unknown = person.get(&format!("/cases/{UNKNOWN}")).await.expect(404);
        for page in &pages {
            let answer = person.get(page).await.expect(404);
            assert_eq!(answer.bytes, unknown.bytes, "{name} {page}");
        }
        let program = house.program(name).await;
        let unknown = program.get(&format!("/api/v1/cases/{UNKNOWN}")).await.expect(404);
        for under in ["", "/timeline", "/visits", "/help", "/clearance"] {
            let answer = program.get(&format!("/api/v1/cases/{case}{under}")).await.expect(404);
            assert_eq!(answer.json()["title"], unknown.json()["title"], "{name} {under}");
            assert_eq!(answer.bytes.len(), unknown.bytes.len(), "{name} {under}");
        }
    }
    // Neither a list, nor a search by anything, nor an old digest, nor a file names it.
    for name in ["officer", "supervisor", "partner"] {
        let person = house.as_(name).await;
        for words in [NAME, code.as_str(), "Tân Thành", "0901112223"] {
            let found = person.post("/case-searches", &[("q", words)]).await.expect(200).text();
            assert!(!found.contains(&case) && !found.contains(&format!(">{code}<")), "{name} {words}");
        }
        for page in
            ["/", "/cases", "/cases?status=sealed", "/cases?status=closed", "/digests", "/openings", "/cases/export"]
        {
            let seen = person.get(page).await;
            let text = String::from_utf8_lossy(&seen.bytes).into_owned();
            for word in [case.as_str(), code.as_str(), "Canary"] {
                assert!(!text.contains(word), "{name} {page}: {word}");
            }
        }
    }
    let digests = house.program("supervisor").await.get("/api/v1/digests").await.expect(200).json();
    for digest in digests["items"].as_array().unwrap() {
        let path = format!("/api/v1/digests/{}", digest["id"].as_str().unwrap());
        let digest = house.program("supervisor").await.get(&path).await.expect(200).text();
        assert!(!digest.contains(&case) && !digest.contains(&code), "{digest}");
    }
    // Its secrets lie under the key of the seal: whoever reads past every wall reads that they are gone.
    let mut raw = Raw::of(&house).await;
    let own = raw.id(&case);
    let id: uuid::Uuid = seal.trim_start_matches("/sealings/").parse().unwrap();
    for (table, column) in
        [("sentences", "offence"), ("legals", "certificate_no"), ("judgments", "terms"), ("contacts", "address")]
    {
        let rows: Vec<(Vec<u8>,)> = raw.rows(&format!("select {column} from {table} where case_id = {own}")).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row.0[1..17] == id.as_bytes()[..]), "{table}.{column}");
    }
    // Figures stay, with neither a person nor a case in them.
    let sql = "select measure, word, n from sealed_figures order by measure, word";
    let figures: Vec<(String, String, i64)> = raw.rows(sql).await;
    let figure = |measure: &str| figures.iter().filter(|row| row.0 == measure).map(|row| row.2).sum::<i64>();
    assert_eq!(["entered", "seen", "cleared"].map(figure), [1, 1, 1], "{figures:?}");
    // The night's proof and the morning's mails go on without it.
    house.go_to(date(2026, 11, 26));
    tick(&house).await;
    assert_eq!(raw.number("select count(*) from replan_runs where differing > 0").await, 0);
});

both!(help_goes_on_without_a_word_of_the_sentence, async |house: House| {
    let (case, _) = furnished(&house).await;
    sealed(&house, &case, &[("help", "yes"), ("consent", "Biên bản ngày 22/11")]).await;
    let listed = house.program("partner").await.get("/api/v1/cases").await.expect(200).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{listed}");
    let support = items[0]["id"].as_str().unwrap().to_owned();
    assert_ne!(support, case);
    let partner = house.as_("partner").await;
    let seen = partner.get(&format!("/cases/{support}")).await.expect(200).text();
    assert!(seen.contains(NAME) && seen.contains("dẫn đi tập huấn"), "{seen}");
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{support}")).await.expect(200).text();
    assert!(page.contains("Hỗ trợ theo ý muốn"), "{page}");
    let helps = officer.get(&format!("/cases/{support}/helps")).await.expect(200).text();
    assert!(helps.contains("một con bò") && helps.contains("vay 20 triệu"), "{helps}");
    for under in ["", "/parts", "/clearance", "/helps", "/referrals", "/openings", "/assignments"] {
        let seen = officer.get(&format!("/cases/{support}{under}")).await.expect(200).text();
        for word in ["Canary", case.as_str(), "sealing-"] {
            assert!(!seen.contains(word), "{under}: {word}");
        }
    }
    // A support record is made by sealing and in no other way.
    let form = [("name", "Ai đó"), ("regime", "support")];
    officer.post("/areas/30577/cases", &form).await.expect(422);
    // Somebody asks after the person again, and nothing more is planned.
    let mut raw = Raw::of(&house).await;
    let sql = format!(
        "select rule from follow_ups where made_by is null and dropped_at is null and case_id = {}",
        raw.id(&support)
    );
    assert_eq!(raw.rows::<(String,)>(&sql).await, [("contact_support".to_owned(),)]);
});

both!(a_support_record_tells_of_no_sentence_and_takes_none, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Hotro", 3)).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    let yes = [
        ("paper", "certificate"),
        ("paper_no", "LLTP 12"),
        ("paper_on", "23/11/2026"),
        ("help", "yes"),
        ("consent", "Đơn ngày 20/11/2026"),
        ("understood", "true"),
    ];
    house.as_("supervisor").await.post(&format!("/cases/{case}/sealing"), &yes).await.expect(303);
    let support: Vec<(duongve::base::ids::CaseId,)> = Raw::of(&house)
        .await
        .rows("select c.id from cases c join legals l on l.case_id = c.id where l.regime = 'support'")
        .await;
    let record = format!("/cases/{}", support[0].0);
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    let page = officer.get(&record).await.expect(200).text();
    for link in ["/classifications", "/papers"] {
        assert!(!page.contains(&format!("href=\"{record}{link}\"")), "{link}: {page}");
    }
    let version =
        crate::cases::hidden(&officer.get(&format!("{record}/correction")).await.expect(200).text(), "version");
    let judgment = [
        ("convicted_on", "10/03/2020"),
        ("penalty", "prison"),
        ("years", "2"),
        ("served_on", "15/06/2022"),
        ("age", "adult"),
        ("version", &version),
    ];
    let papers = [("regime", "completed"), ("source", "Trại giam A"), ("version", &version)];
    let sheet = [("kind", "reception_minutes")];
    let group = [("group", "C"), ("since_on", "23/11/2026"), ("reason", "Báo cáo")];
    let close = [("ground", "new_sentence"), ("on", "23/11/2026")];
    let sentence = [("offence", "Trộm cắp"), ("penalty", "2 năm"), ("version", &version)];
    for (path, form) in [
        ("/judgment", &judgment[..]),
        ("/papers", &papers),
        ("/documents", &sheet),
        ("/classifications", &group),
        ("/closure", &close),
        ("/parts", &sentence),
    ] {
        let answer = officer.post(&format!("{record}{path}"), form).await;
        let (status, page) = (answer.status, answer.text());
        assert!(status == 422 && page.contains("hồ sơ hỗ trợ theo ý muốn"), "{path}: {status} {page}");
    }
    let paper = [
        ("paper", "certificate"),
        ("paper_no", "LLTP 99"),
        ("paper_on", "23/11/2026"),
        ("help", "no"),
        ("understood", "true"),
    ];
    let again = head.post(&format!("{record}/sealing"), &paper).await.expect(422).text();
    assert!(again.contains("hồ sơ hỗ trợ theo ý muốn"), "there is nothing to clear: {again}");
    // Help goes on as ever.
    let visit = [("on", "23/11/2026"), ("kind", "home"), ("met", "true"), ("note", "Đi học đều")];
    officer.post(&format!("{record}/visits"), &visit).await.expect(303);
});

both!(without_consent_help_ends_and_a_repeated_request_tells_nothing, async |house: House| {
    let program = house.program("officer").await;
    let key = uuid::Uuid::new_v4().to_string();
    let body = serde_json::json!({"name": NAME, "regime": "completed", "received_on": "2026-10-01"});
    let ask = async || {
        let request = program.request(Method::POST, "/api/v1/cases").header("idempotency-key", &key);
        house.send(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let case = ask().await.expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(ask().await.expect(201).json()["id"], case.as_str());
    let women = world::organisation(&house, "30577", "women").await.to_string();
    referred(&house, &case, &["partner"], &[("organisation", &women)]).await;
    house.as_("partner").await.get(&format!("/cases/{case}")).await.expect(200);
    sealed(&house, &case, &[("help", "no")]).await;
    let again = ask().await;
    assert_eq!(again.status, 404, "{}", again.text());
    let listed = house.program("partner").await.get("/api/v1/cases").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
    assert_eq!(Raw::of(&house).await.number("select count(*) from cases").await, 1);
    // Without anything under way nothing is asked about it.
    let other = opened(&house, "officer", &[("name", "Lê Văn Khác")]).await;
    sealed(&house, &other, &[]).await;
});

both!(two_people_and_a_reason_open_it_again, async |house: House| {
    let (case, _) = furnished(&house).await;
    world::deputy(&house).await;
    let seal = sealed(&house, &case, &[("help", "no")]).await;
    let head = house.as_("supervisor").await;
    let archive = head.get("/sealings").await.expect(200).text();
    assert!(archive.contains("NP-") && !archive.contains(NAME) && !archive.contains(&case), "{archive}");
    let shown = head.get(&seal).await.expect(200).text();
    assert!(shown.contains("CanaryPaper 12/2026") && !shown.contains(NAME) && !shown.contains(&case), "{shown}");
    for name in ["officer", "partner", "inspector", "supervisor3"] {
        house.as_(name).await.get(&seal).await.expect(404);
    }
    house.as_("officer").await.get("/sealings").await.expect(403);
    let approval = format!("{seal}/unsealing/approval");
    head.post(&approval, &[]).await.expect(422);
    head.post(&format!("{seal}/unsealing"), &[("reason", "ngắn")]).await.expect(422);
    head.post(&format!("{seal}/unsealing"), &[("reason", "Tòa án hủy quyết định, văn bản 45/2026")]).await.expect(303);
    head.post(&approval, &[]).await.expect(422);
    head.get(&format!("/cases/{case}")).await.expect(404);
    let deputy = house.as_("deputy").await;
    assert!(deputy.get(&seal).await.expect(200).text().contains("văn bản 45/2026"));
    let to = deputy.post(&approval, &[]).await.expect(303).goes_to().split('?').next().unwrap().to_owned();
    assert_eq!(to, format!("/cases/{case}"));
    let page = head.get(&to).await.expect(200).text();
    assert!(page.contains(NAME) && page.contains("CanaryNote") && page.contains("CanaryCertificate"), "{page}");
    let parts = head.get(&format!("{to}/parts")).await.expect(200).text();
    assert!(parts.contains("CanaryOffence"), "{parts}");
    assert!(head.get(&format!("{to}/clearance")).await.expect(200).text().contains("10/03/2020"));
    deputy.post(&approval, &[]).await.expect(422);
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from sealed_figures").await, 0, "they are counted as before");
    let done = "select count(*) from audit where outcome = 'done' and act in ('case.seal', 'unsealing.ask', 'unsealing.approve')";
    assert_eq!(raw.number(done).await, 3);
    // Sealed once more, under another seal.
    assert_ne!(sealed(&house, &case, &[("help", "no")]).await, seal);
});

both!(a_request_to_unseal_is_taken_back_or_refused_and_the_seal_stays, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Rut", 3)).await;
    let seal = world::seal(&house, "supervisor", case).await.seal;
    world::deputy(&house).await;
    let place = format!("/sealings/{seal}");
    let (head, deputy) = (house.as_("supervisor").await, house.as_("deputy").await);
    let ask = [("reason", "Giấy chứng nhận đã bị thu hồi theo văn bản số 12")];
    head.post(&format!("{place}/unsealing/withdrawal"), &[]).await.expect(422);
    for (who, path, form) in [(&head, "withdrawal", "Rút đề nghị"), (&deputy, "refusal", "Không đồng ý")] {
        head.post(&format!("{place}/unsealing"), &ask).await.expect(303);
        let page = who.get(&place).await.expect(200).text();
        assert!(page.contains("Rút đề nghị"), "{form}: {page}");
        who.post(&format!("{place}/unsealing/{path}"), &[]).await.expect(303);
        // Nobody can agree any more to what is not asked; the seal is on.
        deputy.post(&format!("{place}/unsealing/approval"), &[]).await.expect(422);
        head.get(&format!("/cases/{case}")).await.expect(404);
    }
    for who in ["officer", "partner", "supervisor3", "province", "inspector"] {
        let answer = house.as_(who).await.post(&format!("{place}/unsealing/refusal"), &[]).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{who}: {}", answer.status);
    }
    // Asked again and agreed to: what is said of the end is that the seal was taken off.
    head.post(&format!("{place}/unsealing"), &ask).await.expect(303);
    deputy.post(&format!("{place}/unsealing/approval"), &[]).await.expect(303);
    let page = head.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(
        !page.contains("Đã được xóa án tích")
            && page.contains("Lý do khác")
            && page.contains("Mở niêm phong ngày 23/11/2026"),
        "{page}"
    );
});

both!(the_other_cases_of_the_person_are_untouched_and_a_restriction_stays, async |house: House| {
    let (case, _) = furnished(&house).await;
    let restricted =
        [("kind", "exclusion"), ("users", &*crate::cases::user(&house, "officer2").await), ("reason", "họ hàng")];
    let head = house.as_("supervisor").await;
    head.post(&format!("/cases/{case}/restrictions"), &restricted).await.expect(303);
    sealed(&house, &case, &[("help", "yes"), ("consent", "Biên bản ngày 22/11")]).await;
    let listed = house.program("supervisor").await.get("/api/v1/cases").await.expect(200).json();
    let support = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let shown = head.get(&format!("/cases/{support}/restrictions")).await.expect(200).text();
    assert!(shown.contains("họ hàng"), "it can still be seen and ended");
    // The support record is sealed in its turn by nobody's mistake: the first one's secrets stay where they are.
    let mut raw = Raw::of(&house).await;
    let sql = format!("select count(*) from cases where status = 'sealed' and id <> {}", raw.id(&case));
    assert_eq!(raw.number(&sql).await, 0);
    let address = house.program("officer").await.get(&format!("/api/v1/cases/{support}")).await.expect(200).json();
    assert_eq!(address["contact"]["phone"], "+84901112223", "{address}");
});

const WHY: &str = "Tòa án hủy quyết định, văn bản 45/2026";

both!(in_a_commune_with_one_head_an_inspector_is_the_second_and_sees_no_case, async |house: House| {
    let (case, _) = furnished(&house).await;
    let code = code_of(&house, &case).await;
    let seal = sealed(&house, &case, &[("help", "no")]).await;
    let (head, inspector) = (house.as_("supervisor").await, house.as_("inspector").await);
    let approval = format!("{seal}/unsealing/approval");
    inspector.get(&seal).await.expect(404);
    inspector.post(&approval, &[]).await.expect(404);
    assert!(!inspector.get("/sealings").await.expect(200).text().contains("NP-"), "nobody has asked");
    head.post(&format!("{seal}/unsealing"), &[("reason", WHY)]).await.expect(303);
    head.post(&approval, &[]).await.expect(422);
    duongve::mails::send_due(&house.app).await.unwrap();
    let told = crate::office::to(&house, "inspector");
    assert_eq!(told.len(), 1);
    let mail = format!("{} {}", told[0].subject, told[0].text);
    assert!(mail.contains("NP-") && !mail.contains(&code) && !mail.contains(NAME), "{mail}");
    let shown = inspector.get(&seal).await.expect(200).text();
    assert!(shown.contains("văn bản 45/2026") && shown.contains("NP-"), "{shown}");
    for word in [NAME, code.as_str(), case.as_str(), "CanaryNote", "CanaryOffence"] {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
    for name in ["supervisor3", "province", "admin", "officer", "partner"] {
        house.as_(name).await.get(&seal).await.expect(404);
    }
    // A second head of the commune comes: now it is hers to agree, and the inspector's no longer.
    world::deputy(&house).await;
    inspector.get(&seal).await.expect(404);
    house.as_("deputy").await.get(&seal).await.expect(200);
    let mut raw = Raw::of(&house).await;
    raw.run("update users set disabled_at = 1 where username = 'deputy'").await;
    let answer = inspector.post(&approval, &[]).await.expect(303);
    let to = answer.goes_to();
    assert!(to.starts_with("/sealings"), "she has no case to go to: {to}");
    inspector.get(&format!("/cases/{case}")).await.expect(404);
    inspector.get(&seal).await.expect(404);
    assert!(head.get(&format!("/cases/{case}")).await.expect(200).text().contains(NAME));
    let done = "select count(*) from audit where outcome = 'done' and act = 'unsealing.approve'";
    assert_eq!(raw.number(done).await, 1);
});

both!(a_list_of_those_who_alone_may_leaves_a_second_and_an_exclusion_by_name_does_not, async |house: House| {
    let (case, _) = furnished(&house).await;
    let only = [
        ("kind", "only"),
        ("users", &*crate::cases::user(&house, "supervisor").await),
        ("users", &*crate::cases::user(&house, "officer").await),
        ("users", &*crate::cases::user(&house, "partner").await),
        ("reason", "được đe dọa"),
    ];
    let head = house.as_("supervisor").await;
    head.post(&format!("/cases/{case}/restrictions"), &only).await.expect(303);
    world::deputy(&house).await;
    let seal = sealed(&house, &case, &[("help", "no")]).await;
    head.post(&format!("{seal}/unsealing"), &[("reason", WHY)]).await.expect(303);
    house.as_("deputy").await.get(&seal).await.expect(404);
    let inspector = house.as_("inspector").await;
    assert!(inspector.get("/sealings").await.expect(200).text().contains("NP-"), "listed as opened");
    inspector.get(&seal).await.expect(200);
    let mut raw = Raw::of(&house).await;
    let (restriction, user) = (
        raw.rows::<(uuid::Uuid,)>("select id from restrictions").await.remove(0).0,
        world::user_id(&house, "inspector").await,
    );
    raw.run("update restrictions set kind = 'exclusion'").await;
    let sql = format!(
        "insert into restriction_users (restriction_id, user_id) values ({}, {})",
        raw.id(restriction),
        raw.id(user)
    );
    raw.run("delete from restriction_users").await;
    raw.run(&sql).await;
    inspector.get(&seal).await.expect(404);
    assert!(!inspector.get("/sealings").await.expect(200).text().contains("NP-"));
});

both!(a_new_root_key_leaves_a_sealed_case_shut_and_opens_it_again_all_the_same, async |house: House| {
    let (case, _) = furnished(&house).await;
    world::deputy(&house).await;
    let seal = sealed(&house, &case, &[("help", "yes"), ("consent", "Biên bản ngày 22/11")]).await;
    let turned = house.store().rotate_keys().await.unwrap();
    assert!(turned.forgotten && turned.version > 1, "{turned:?}");
    house.store().let_keys_go();
    let (head, deputy) = (house.as_("supervisor").await, house.as_("deputy").await);
    for who in [&head, &deputy] {
        who.get(&format!("/cases/{case}")).await.expect(404);
    }
    assert!(head.get(&seal).await.expect(200).text().contains("CanaryPaper 12/2026"), "the seal's own words are read");
    // Read past every wall, its secrets still lie under the key of the seal.
    let mut raw = Raw::of(&house).await;
    let own = raw.id(&case);
    let id: uuid::Uuid = seal.trim_start_matches("/sealings/").parse().unwrap();
    let rows: Vec<(Vec<u8>,)> = raw.rows(&format!("select offence from sentences where case_id = {own}")).await;
    assert!(!rows.is_empty() && rows.iter().all(|row| row.0[1..17] == id.as_bytes()[..]));
    head.post(&format!("{seal}/unsealing"), &[("reason", WHY)]).await.expect(303);
    deputy.post(&format!("{seal}/unsealing/approval"), &[]).await.expect(303);
    house.store().let_keys_go();
    let parts = head.get(&format!("/cases/{case}/parts")).await.expect(200).text();
    assert!(parts.contains("CanaryOffence"), "{parts}");
    // And once more, when the seal is off.
    house.store().rotate_keys().await.unwrap();
    house.store().let_keys_go();
    assert!(head.get(&format!("/cases/{case}")).await.expect(200).text().contains("CanaryNote"));
});

both!(a_person_with_a_sealed_case_is_erased_only_after_it_was_unsealed_by_two, async |house: House| {
    let (case, _) = furnished(&house).await;
    world::deputy(&house).await;
    let seal = sealed(&house, &case, &[("help", "no")]).await;
    let (head, deputy) = (house.as_("supervisor").await, house.as_("deputy").await);
    let erasure = format!("/cases/{case}/erasure");
    for who in [&head, &deputy] {
        who.get(&erasure).await.expect(404);
        who.post(&erasure, &[("reason", WHY)]).await.expect(404);
        who.post(&format!("{erasure}/approval"), &[]).await.expect(404);
    }
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from erasures").await, 0, "nothing was asked");
    head.post(&format!("{seal}/unsealing"), &[("reason", WHY)]).await.expect(303);
    head.post(&erasure, &[("reason", WHY)]).await.expect(404);
    deputy.post(&format!("{seal}/unsealing/approval"), &[]).await.expect(303);
    let keys = house.store().keyring().await.unwrap().people;
    head.post(&erasure, &[("reason", WHY)]).await.expect(303);
    deputy.post(&format!("{erasure}/approval"), &[]).await.expect(303);
    for table in ["people", "cases", "sealings", "judgments", "sentences", "visits", "helps"] {
        assert_eq!(raw.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert_eq!(house.store().keyring().await.unwrap().people, keys - 1);
    head.get(&seal).await.expect(404);
});

both!(an_erasure_by_the_support_record_reaches_the_sealed_case_too, async |house: House| {
    let (case, _) = furnished(&house).await;
    world::deputy(&house).await;
    let seal = sealed(&house, &case, &[("help", "yes"), ("consent", "Biên bản ngày 22/11")]).await;
    let (head, deputy) = (house.as_("supervisor").await, house.as_("deputy").await);
    let listed = house.program("supervisor").await.get("/api/v1/cases").await.expect(200).json();
    let support = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let erasure = format!("/cases/{support}/erasure");
    head.post(&erasure, &[("reason", WHY)]).await.expect(303);
    deputy.post(&format!("{erasure}/approval"), &[]).await.expect(303);
    let mut raw = Raw::of(&house).await;
    for table in ["people", "cases", "sealings", "judgments", "sentences"] {
        assert_eq!(raw.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    head.get(&seal).await.expect(404);
    assert!(raw.number("select count(*) from sealed_figures").await > 0, "figures stay, with nobody in them");
});
