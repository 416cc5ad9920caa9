//! People: opened, found, seen, put right, closed; and what nobody else learns of them.

use crate::{
    both,
    house::{Answer, House},
};
use jiff::civil::date;
use unicode_normalization::UnicodeNormalization;

pub const AREA: &str = "30577";

/// Opens a case as one of the cast; gives its id.
pub async fn opened(house: &House, who: &str, fields: &[(&str, &str)]) -> String {
    let mut form = vec![("regime", "completed"), ("received_on", "01/10/2026")];
    form.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    form.extend_from_slice(fields);
    let answer = house.as_(who).await.post(&format!("/areas/{AREA}/cases"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let id = answer.goes_to().trim_start_matches("/cases/").split('?').next().unwrap().to_owned();
    assert_eq!(id.len(), 36, "{}", answer.goes_to());
    id
}

/// The id of an account, as its owner's colleagues' forms carry it.
pub async fn user(house: &House, username: &str) -> String {
    house.store().sign_in_account(username).await.unwrap().unwrap().id.to_string()
}

/// Names helpers for a case; gives the referral's id, from the officer's page.
pub async fn referred(house: &House, case: &str, helpers: &[&str], more: &[(&str, &str)]) -> String {
    let mut ids = Vec::new();
    for helper in helpers {
        ids.push(user(house, helper).await);
    }
    let mut form = vec![("purpose", "livelihood"), ("basis", "consent"), ("basis_ref", "Bản đồng ý số 5")];
    form.extend(ids.iter().map(|id| ("helpers", id.as_str())));
    form.extend_from_slice(more);
    let officer = house.as_("officer").await;
    officer.post(&format!("/cases/{case}/referrals"), &form).await.expect(303);
    let page = officer.get(&format!("/cases/{case}/referrals")).await.expect(200).text();
    page.split("/referrals/")
        .filter_map(|rest| rest.split("/ending").next())
        .find(|id| id.len() == 36)
        .unwrap()
        .to_owned()
}

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let from = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    from.split('"').next().unwrap().to_owned()
}

/// The names of a list, in the order of the page.
fn names(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let rows = text.split("<th scope=\"row\"><a href=\"/cases/").skip(1);
    rows.map(|row| row.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

both!(a_case_that_is_refused_keeps_what_was_typed, async |house: crate::house::House| {
    let officer = house.as_("officer").await;
    let url = format!("/areas/{AREA}/cases");
    let refuse = async |fields: &[(&str, &str)], said: &str| {
        let mut form = vec![("name", "Nguyễn Văn Đức"), ("regime", "completed"), ("wishes", "gọi sau 17 giờ")];
        form.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        form.extend_from_slice(fields);
        let answer = officer.post(&url, &form).await.expect(422);
        assert!(answer.text().contains(said), "{said} in {}", answer.text());
        answer.text()
    };
    let page = refuse(&[("received_on", "24/11/2026")], "id=\"received_on-error\"").await;
    assert!(page.contains("value=\"Nguyễn Văn Đức\"") && page.contains("value=\"gọi sau 17 giờ\""), "{page}");
    assert!(page.contains("value=\"24/11/2026\""), "the day that was refused is still there");
    refuse(&[("birth", "01/01/1991"), ("released_on", "31/12/1990")], "id=\"released_on-error\"").await;
    refuse(&[("name", "   ")], "id=\"name-error\"").await;
    refuse(&[("id_number", "12345")], "id=\"id_number-error\"").await;
    officer.post(&url, &[("name", "X"), ("regime", "completed"), ("colour", "blue")]).await.expect(422);
    assert!(names(&officer.get("/cases").await).is_empty(), "nothing was written");
});

both!(a_double_tap_opens_one_case, async |house: crate::house::House| {
    let officer = house.as_("officer").await;
    let url = format!("/areas/{AREA}/cases");
    let key = hidden(&officer.get(&format!("{url}/new")).await.expect(200).text(), "_key");
    let form = [("name", "Nguyễn Văn Đức"), ("regime", "completed"), ("_key", key.as_str())];
    let first = officer.post(&url, &form).await.expect(303);
    let second = officer.post(&url, &form).await.expect(303);
    assert_eq!(first.goes_to(), second.goes_to());
    assert_eq!(names(&officer.get("/cases").await).len(), 1);
});

both!(a_name_is_found_as_it_is_typed_and_sorted_as_vietnamese_are, async |house: crate::house::House| {
    for name in ["Nguyễn Văn Đức", "Trần Thị Hoà", "Lê Văn Dũng", "Nguyễn Thị Ánh", "Phạm Quốc An"]
    {
        opened(&house, "officer", &[("name", name), ("hamlet", "Phước Lộc")]).await;
    }
    let officer = house.as_("officer").await;
    let list = names(&officer.get("/cases?sort=name").await.expect(200));
    let given: Vec<&str> = list.iter().map(|name| name.rsplit(' ').next().unwrap()).collect();
    assert_eq!(given, ["An", "Ánh", "Dũng", "Đức", "Hoà"]);
    let find = async |words: &str| {
        let answer = officer.post("/case-searches", &[("q", words)]).await.expect(200);
        names(&answer)
    };
    for words in ["nguyen van duc", "Nguyễn Văn Đức", &"Nguyễn Văn Đức".nfd().collect::<String>(), "DUC", "văn đức"]
    {
        let found = find(words).await;
        assert!(found.contains(&"Nguyễn Văn Đức".to_owned()), "{words:?}: {found:?}");
    }
    for words in ["hoà", "hòa", &"hòa".nfd().collect::<String>(), "hoa"] {
        assert_eq!(find(words).await, ["Trần Thị Hoà"], "{words:?}");
    }
    assert_eq!(find("phuoc loc").await.len(), 5);
    assert!(find("100%").await.is_empty());
    officer.post("/case-searches", &[("q", " ")]).await.expect(422);
    assert!(
        house
            .as_("officer2")
            .await
            .post("/case-searches", &[("q", "duc")])
            .await
            .expect(200)
            .text()
            .contains("class=\"empty\"")
    );
});

both!(another_officer_gets_the_same_bytes_as_for_nobody, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    for who in [
        "officer2",
        "officer3",
        "supervisor3",
        "partner",
        "helper",
        "province",
        "council",
        "lender",
        "admin",
        "inspector",
    ] {
        let person = house.as_(who).await;
        for end in [
            "",
            "/correction",
            "/parts",
            "/closure",
            "/relatives",
            "/helps",
            "/referrals",
            "/assignments",
            "/visits/new",
        ] {
            let hers = person.get(&format!("/cases/{case}{end}")).await;
            let nobodys = person.get(&format!("/cases/01890a5d-ac96-774b-bcce-b302099a8057{end}")).await;
            assert_eq!(hers.status, 404, "{who} {end}");
            assert_eq!(hers.bytes, nobodys.bytes, "{who} {end}");
        }
        let shut = person.post(&format!("/cases/{case}/closure"), &[("ground", "died"), ("on", "23/11/2026")]).await;
        assert_eq!(shut.status, 404, "{who} closes");
    }
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
});

/// A word for each part that must not be told.
const CANARIES: &[&str] = &[
    "TROMCAPXE",
    "BANNAMTU",
    "TOAANHUYENX",
    "VIEMGANCU",
    "KHMERXYZ",
    "PHATGIAOXYZ",
    "089091000123",
    "GIAYCHUNGNHANSO7",
    "GHICHUCANBO",
    "LYDOPHANLOAI",
    "LOINGUOITHUBA",
    "MENGUOIAY",
    "TRAIGIAMXUANLOC",
    "HUADOANTHANHNIEN",
    "17/03/2026",
    "05/02/2026",
];

both!(no_byte_of_a_part_reaches_a_helper, async |house: crate::house::House| {
    let fields = [
        ("name", "Nguyễn Văn Đức"),
        ("birth", "1991"),
        ("hamlet", "Phước Lộc"),
        ("phone", "0900 000 142"),
        ("wishes", "gọi trước khi tới"),
        ("visit_safely", "không đến chỗ làm"),
        ("regime", "conditional_release"),
        ("source", "TRAIGIAMXUANLOC"),
        ("certificate_no", "GIAYCHUNGNHANSO7"),
        ("certificate_on", "05/02/2026"),
        ("released_on", "17/03/2026"),
        ("id_number", "089091000123"),
        ("ethnicity", "KHMERXYZ"),
        ("religion", "PHATGIAOXYZ"),
        ("health", "VIEMGANCU"),
        ("offence", "TROMCAPXE"),
        ("penalty", "BANNAMTU"),
        ("court", "TOAANHUYENX"),
    ];
    let case = opened(&house, "officer", &fields).await;
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}{end}");
    let version = hidden(&officer.get(&at("/parts")).await.expect(200).text(), "version");
    let note = [
        ("ethnicity", "KHMERXYZ"),
        ("religion", "PHATGIAOXYZ"),
        ("health", "VIEMGANCU"),
        ("version", &version),
        ("reason", "third_person"),
        ("note", "LOINGUOITHUBA"),
        ("review_on", "01/02/2027"),
    ];
    officer.post(&at("/parts"), &note).await.expect(303);
    officer.post(&at("/classifications"), &[("group", "C"), ("reason", "LYDOPHANLOAI")]).await.expect(303);
    officer.post(&at("/relatives"), &[("name", "MENGUOIAY"), ("relation", "mẹ")]).await.expect(303);
    let visit = [
        ("on", "20/11/2026"),
        ("kind", "home"),
        ("met", "true"),
        ("note", "GHICHUCANBO"),
        ("shared_note", "Cần lưới rào."),
    ];
    officer.post(&at("/visits"), &visit).await.expect(303);
    referred(&house, &case, &["partner"], &[("needs", "giống gà, chuồng trại")]).await;
    referred(&house, &case, &["partner2"], &[]).await;
    let promise = [("kind", "training"), ("what", "HUADOANTHANHNIEN")];
    house.as_("partner2").await.post(&at("/helps"), &promise).await.expect(303);

    let partner = house.as_("partner").await;
    let answers = [
        partner.get("/cases").await.expect(200),
        partner.get("/cases?status=active&sort=opened").await.expect(200),
        partner.post("/case-searches", &[("q", "duc")]).await.expect(200),
        partner.get(&at("")).await.expect(200),
        partner.get(&at("/helps")).await.expect(200),
        partner.get(&at("/visits/new")).await.expect(200),
        partner.get("/").await,
        partner.get(&at("/correction")).await.expect(403),
        partner.get(&at("/parts")).await.expect(403),
        partner.post(&at("/parts"), &note).await.expect(403),
        partner.post(&at("/identity"), &[]).await.expect(403),
        partner.get(&at("/relatives")).await.expect(403),
        partner.get(&at("/referrals")).await.expect(403),
        partner.get(&at("/assignments")).await.expect(403),
        partner.post("/case-searches", &[("q", "089091000123")]).await.expect(200),
    ];
    for (at, answer) in answers.iter().enumerate().take(14) {
        for canary in CANARIES {
            assert!(!answer.text().contains(canary), "{canary} in answer {at}: {}", answer.text());
        }
    }
    // Her own number comes back in the search box; the person does not.
    assert!(names(&answers[14]).is_empty(), "no helper finds by identity number");
    let page = answers[3].text();
    for known in [
        "Nguyễn Văn Đức",
        "Phước Lộc",
        "gọi trước khi tới",
        "không đến chỗ làm",
        "giống gà, chuồng trại",
        "Cần lưới rào.",
    ] {
        assert!(page.contains(known), "{known} in {page}");
    }
    for word in ["conditional_release", "Vì sao", "regime-", "Loại C", "1991"] {
        assert!(!page.contains(word), "{word} in {page}");
    }
    // What the officer sees of all this is there, so that the words above are truly planted.
    let mut hers = officer.post(&at("/identity"), &[]).await.expect(200).text();
    for end in ["", "/parts", "/relatives", "/helps"] {
        hers.push_str(&officer.get(&at(end)).await.expect(200).text());
    }
    for canary in CANARIES {
        assert!(hers.contains(canary), "{canary} was never planted");
    }
    // Of the same organisation, and named in nothing.
    let helper = house.as_("helper").await;
    for end in ["", "/helps", "/visits/new", "/parts"] {
        helper.get(&at(end)).await.expect(404);
    }
    assert!(names(&helper.get("/cases").await.expect(200)).is_empty());
});

both!(a_page_asks_few_statements_and_a_helpers_names_no_part, async |house: crate::house::House| {
    let case = opened(
        &house,
        "officer",
        &[("name", "Nguyễn Văn Đức"), ("hamlet", "Phước Lộc"), ("id_number", "089091000123")],
    )
    .await;
    let visit =
        [("on", "20/11/2026"), ("kind", "home"), ("met", "true"), ("note", "khỏe"), ("shared_note", "cần lưới")];
    house.as_("officer").await.post(&format!("/cases/{case}/visits"), &visit).await.expect(303);
    referred(&house, &case, &["partner"], &[]).await;
    let asked = async |who: &str, path: &str| {
        let person = house.as_(who).await;
        let (answer, heard) = duongve::store::listen(person.get(path)).await;
        answer.expect(200);
        // A key that is not in memory is one question more, to the keyring.
        let to_keyring = heard.iter().filter(|sql| sql.contains("person_keys")).count();
        assert!(to_keyring <= 1, "{who} {path}: {heard:#?}");
        // Who asks, her key, and the head of the trail for the row of the opening: asked by the house, not by the page.
        let house_s = ["from sessions", "person_keys", "from audit where seq"];
        let select = |sql: &&String| sql.starts_with("select") && !house_s.iter().any(|word| sql.contains(word));
        heard.iter().filter(select).cloned().collect::<Vec<_>>()
    };
    for (who, path) in [
        ("officer", format!("/cases/{case}")),
        ("partner", format!("/cases/{case}")),
        ("supervisor", format!("/cases/{case}")),
    ] {
        let statements = asked(who, &path).await;
        // The office's page has one more: the meetings to which the person was asked stand in her timeline.
        let most = if who == "partner" { 5 } else { 6 };
        assert!((2..=most).contains(&statements.len()), "{who}: {statements:#?}");
        if who == "partner" {
            for part in [
                "identities",
                "legals",
                "sentences",
                "healths",
                "relatives",
                "classifications",
                "origins",
                "protected_notes",
                "visit_notes",
            ] {
                assert!(statements.iter().all(|sql| !sql.contains(part)), "{part}: {statements:#?}");
            }
        }
    }
    // The list, what it can be narrowed to, the filters that are kept; a helper's list has neither of the two.
    assert_eq!(asked("officer", "/cases").await.len(), 3);
    assert_eq!(asked("partner", "/cases").await.len(), 1);
    for end in ["parts", "relatives", "helps", "referrals", "assignments"] {
        let statements = asked("officer", &format!("/cases/{case}/{end}")).await;
        // The form of help names those of the family: relatives and children.
        let most = if end == "helps" { 7 } else { 5 };
        assert!(statements.len() <= most, "{end}: {statements:#?}");
    }
});

both!(a_correction_of_an_old_page_is_told_what_changed, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("hamlet", "Phước Lộc")]).await;
    let url = format!("/cases/{case}/correction");
    let officer = house.as_("officer").await;
    let form = officer.get(&url).await.expect(200).text();
    let old = hidden(&form, "version");
    assert_eq!(hidden(&form, "hamlet"), "Phước Lộc");
    let supervisors = [("name", "Nguyễn Văn Đức"), ("hamlet", "Phước Thọ"), ("version", old.as_str())];
    house.as_("supervisor").await.post(&url, &supervisors).await.expect(303);
    let hers =
        [("name", "Nguyễn Văn Đực"), ("hamlet", "Phước Lộc"), ("wishes", "sau 17:30"), ("version", old.as_str())];
    let told = officer.post(&url, &hers).await.expect(412).text();
    assert!(told.contains("Phước Thọ") && told.contains("value=\"sau 17:30\""), "{told}");
    let again = hidden(&told, "version");
    assert_ne!(again, old);
    officer
        .post(
            &url,
            &[("name", "Nguyễn Văn Đức"), ("hamlet", "Phước Thọ"), ("wishes", "sau 17:30"), ("version", &again)],
        )
        .await
        .expect(303);
    let page = officer.get(&format!("/cases/{case}")).await.text();
    assert!(page.contains("Phước Thọ") && page.contains("sau 17:30"), "{page}");
    officer.post(&url, &[("name", "Nguyễn Văn Đức")]).await.expect(428);
});

both!(a_closed_case_takes_nothing_more_and_says_so, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    let officer = house.as_("officer").await;
    let at = |end: &str| format!("/cases/{case}{end}");
    officer.post(&at("/closure"), &[("ground", "moved"), ("on", "24/11/2026")]).await.expect(422);
    officer.post(&at("/closure"), &[("ground", "moved"), ("on", "23/11/2026")]).await.expect(303);
    let visit = officer.post(&at("/visits"), &[("on", "23/11/2026"), ("kind", "home"), ("met", "true")]).await;
    assert_eq!(visit.status, 422);
    let refused = officer.post(&at("/relatives"), &[("name", "Bà Tư"), ("relation", "mẹ")]).await.expect(422).text();
    let why = duongve::base::lang::Lang::Vi.say("fault-case-closed");
    assert!(refused.contains(&why), "{refused}");
    officer.post(&at("/helps"), &[("kind", "gift"), ("what", "quà Tết")]).await.expect(422);
    let page = officer.get(&at("")).await.expect(200).text();
    assert!(!page.contains("/visits/new") && !page.contains("class=\"ahead"), "{page}");
    house.as_("partner").await.get(&at("")).await.expect(404);
    assert!(names(&officer.get("/cases").await).is_empty());
    assert_eq!(names(&officer.get("/cases?status=closed").await), ["Nguyễn Văn Đức"]);
});

both!(a_step_goes_where_the_status_allows, async |house: crate::house::House| {
    let case =
        opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", ""), ("noticed_on", "10/11/2026")])
            .await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/steps");
    let form = officer.get(&url).await.expect(200).text();
    assert!(form.contains("value=\"received\"") && !form.contains("value=\"resumed\""), "{form}");
    officer.post(&url, &[("step", "resumed"), ("on", "23/11/2026")]).await.expect(422);
    officer.post(&url, &[("step", "received"), ("on", "24/11/2026")]).await.expect(422);
    officer.post(&url, &[("step", "received"), ("on", "20/11/2026")]).await.expect(303);
    assert!(officer.get(&url).await.text().contains("value=\"suspended\""));
    assert!(officer.get(&format!("/cases/{case}")).await.text().contains("20/11/2026"));
});

both!(a_late_contact_stands_first_with_its_reason, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "20/11/2026")]).await;
    let page = format!("/cases/{case}");
    assert!(!house.as_("officer").await.get(&page).await.expect(200).text().contains("class=\"ahead late\""));
    house.go_to(date(2026, 12, 14));
    let page = house.as_("officer").await.get(&page).await.expect(200).text();
    let late = page.find("class=\"ahead late\"").expect("something is late");
    let why = page[late..].split("class=\"why\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(why.contains("Vì sao") && why.contains("Lần gặp đầu tiên"), "{why}");
    assert!(page.contains("class=\"chip late\">Trễ"), "{page}");
});

both!(the_whole_identity_number_is_asked_for_and_written_down, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("id_number", "089091000123")]).await;
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(!page.contains("089091000123") && page.contains("089•••••••23"), "{page}");
    let (answer, heard) = duongve::store::listen(officer.post(&format!("/cases/{case}/identity"), &[])).await;
    assert!(answer.expect(200).text().contains("089091000123"));
    assert!(heard.iter().any(|sql| sql.starts_with("insert into audit")), "{heard:#?}");
});

both!(a_filter_is_kept_shown_and_let_go, async |house: crate::house::House| {
    let world = crate::world::World::build(&house).await;
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get("/cases").await.expect(200).text();
    assert!(!page.contains("id=\"kept-title\""), "nothing is kept, nothing is narrowed: nothing is said");
    let hamlet = page.split("id=\"hamlet\"").nth(1).unwrap().split("</select>").next().unwrap();
    let (id, name) = hamlet
        .split("<option value=\"")
        .find_map(|option| {
            let (id, rest) = option.split_once('"')?;
            (id.len() == 36).then(|| (id.to_owned(), rest.split(['>', '<']).nth(1).unwrap().to_owned()))
        })
        .expect("a hamlet to choose");
    let narrowed = supervisor.get(&format!("/cases?hamlet={id}&sort=opened")).await.expect(200).text();
    assert!(narrowed.matches("data-label=\"Ấp").count() < page.matches("data-label=\"Ấp").count(), "it narrows");
    let fields = [("hamlet", id.as_str()), ("sort", "opened")];
    let kept = supervisor.post("/case-filters", &fields).await.expect(303).goes_to().to_owned();
    assert_eq!(kept, format!("/cases?hamlet={id}&sort=opened&done=filter-kept"));
    supervisor.post("/case-filters", &fields).await.expect(303);
    let page = supervisor.get("/cases").await.expect(200).text();
    let link = format!("href=\"/cases?hamlet={id}&#38;sort=opened\"");
    assert_eq!(page.matches(&link).count(), 1, "{page}");
    assert!(page.contains(&format!("{name} · Mới mở trước</a>")), "its words are its conditions: {page}");
    // It is hers alone.
    assert!(!house.as_("officer").await.get("/cases").await.expect(200).text().contains(&link));
    let shown = supervisor.get(&format!("/cases?hamlet={id}&sort=opened")).await.text();
    let row = shown.split("name=\"filter\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    house.as_("officer").await.post("/case-filters/ending", &[("filter", &row)]).await.expect(303);
    assert!(supervisor.get("/cases").await.text().contains(&link), "another's tap takes nothing away");
    // Twelve, and no more; the refusal stands on the list.
    for status in ["noticed", "active", "suspended", "closed"] {
        for mine in ["", "true"] {
            for unassigned in ["", "true"] {
                let fields = [("status", status), ("mine", mine), ("unassigned", unassigned)];
                let answer = supervisor.post("/case-filters", &fields).await;
                assert!([303, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            }
        }
    }
    assert_eq!(crate::office::number(&house, "select count(*) from kept_filters").await, 12);
    let full = supervisor.post("/case-filters", &[("sort", "opened")]).await.expect(422).text();
    assert!(full.contains("Đã giữ 12 bộ lọc"), "{full}");
    supervisor.post("/case-filters/ending", &[("filter", &row)]).await.expect(303);
    assert!(!supervisor.get("/cases").await.text().contains(&link));
    supervisor.post("/case-filters", &[("sort", "opened")]).await.expect(303);
    // The list itself is none, an unreadable word is told, and a helper has none.
    supervisor.post("/case-filters", &[]).await.expect(422);
    supervisor.post("/case-filters", &[("hamlet", "x")]).await.expect(400);
    supervisor.get("/cases?officer=x").await.expect(400);
    let partner = house.as_("partner").await;
    partner.post("/case-filters", &[("status", "closed")]).await.expect(403);
    assert!(!partner.get("/cases").await.text().contains("name=\"hamlet\""));
    drop(world);
});
