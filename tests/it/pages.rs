//! What pages say, in both languages, to whom; and the visit form from the first tap to the saved visit.

use crate::{
    both,
    follow_ups::{SeenForm, open_case, refer_to_partner},
};
use duongve::{
    base::words::{
        AbsenceProposal, AbsenceState, AddressFound, AgeGroup, AgreementHow, AnswerKind, AttachmentKind,
        AttachmentMedia, BackupKind, BackupWhy, CaseRequestState, CaseStatus, CertificateHow, ClearancePaper,
        ClosureGround, ConsentGroup, DocumentKind, DoubleState, DutyKind, DutyResult, EmergencyKind, FollowUpKind,
        FundKind, GatheringKind, GravityKind, Group, HandoverState, HelpKind, HelpState, HelpSum, HomeNeedKind,
        IdentityKind, KinKind, LoanAnswer, LoanListState, LoanPurpose, LoanStanding, NeedArea, NeedLevel, Owes, Owing,
        PenaltyKind, PlanOwner, PlanState, Precision, ProtectedReason, Purpose, QuestionKind, Regime, ReportPeriod,
        ReportRule, RequestFrom, RequestKind, RequestState, RequestWay, RestrictionKind, Sex, ShorteningState,
        VisitKind, WorkStatus,
    },
    policy::Role,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Keys of one language, and the file that holds each.
fn keys(lang: &str) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for file in files(&root().join("locales").join(lang), "ftl") {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let Some((key, _)) = line.split_once('=') else { continue };
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                let twice = keys.insert(key.trim().to_owned(), name.clone());
                assert_eq!(twice, None, "{lang}: {key} stands twice");
            }
        }
    }
    keys
}

/// Source text without its tests.
fn sources() -> String {
    let mut all = String::new();
    for file in files(&root().join("src"), "rs") {
        if !file.to_string_lossy().ends_with("_tests.rs") {
            let text = std::fs::read_to_string(&file).unwrap();
            all += text.split("#[cfg(test)]").next().unwrap();
        }
    }
    all
}

fn templates() -> String {
    files(&root().join("templates"), "html").iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// Every text between straight quotes, in order. Pages' and verbs' words hold no quote of their own.
fn quoted(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

/// The text within the brackets that open at the end of `before`, each time that it stands in `source`.
fn calls<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(before) {
        let rest = &source[at + before.len()..];
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        found.push(&rest[..end.unwrap_or(rest.len())]);
    }
    found
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// Every refusal code that the program can give.
fn fault_codes(source: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for before in ["Invalid::one(", "Invalid::telling(", ".refuse("] {
        for call in calls(source, before) {
            codes.extend(quoted(call).get(1).map(|code| (*code).to_owned()));
        }
    }
    for call in calls(source, "check.expect(") {
        codes.extend(quoted(call).last().map(|code| (*code).to_owned()));
    }
    for before in ["map_err(|_| \"", "Err(\""] {
        for (at, _) in source.match_indices(before) {
            let rest = &source[at + before.len()..];
            codes.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    for choice in source.split("let code = ").skip(1) {
        codes.extend(quoted(choice.split(';').next().unwrap()).into_iter().map(str::to_owned));
    }
    for call in source.split("TextFault::").skip(1) {
        if let Some((_, rest)) = call.split_once("=> \"").filter(|(between, _)| between.len() < 24) {
            codes.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    codes.retain(|code| is_code(code));
    codes
}

/// Words of thanks: the second argument of `go`.
fn done_words(source: &str) -> BTreeSet<String> {
    calls(source, "go(")
        .into_iter()
        .filter_map(|call| quoted(call).last().map(|word| (*word).to_owned()))
        .filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        .collect()
}

/// The keys that are made from lists of words.
fn made_keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    macro_rules! all {
        ($($list:ident),+) => { $(keys.extend($list::ALL.iter().map(|word| word.key().to_string()));)+ };
    }
    all!(Regime, CaseStatus, ClosureGround, Group, VisitKind, FollowUpKind, Purpose, HelpKind, HelpState, Precision);
    all!(AddressFound, IdentityKind, Sex, Role, ProtectedReason, RestrictionKind, EmergencyKind);
    all!(NeedArea, NeedLevel, PlanOwner, PlanState, AgreementHow, QuestionKind, KinKind, HomeNeedKind);
    all!(DocumentKind, AttachmentKind, AttachmentMedia);
    all!(HelpSum, FundKind, LoanPurpose, LoanListState, LoanAnswer, LoanStanding);
    all!(WorkStatus, ReportPeriod, ReportRule);
    all!(DutyResult, AbsenceState, AbsenceProposal, ShorteningState, CertificateHow, GatheringKind, Owes, AnswerKind);
    all!(ConsentGroup, Owing, RequestKind, RequestFrom, RequestWay, RequestState);
    all!(PenaltyKind, DutyKind, GravityKind, BackupKind, BackupWhy, AgeGroup, ClearancePaper);
    keys.extend(duongve::base::told::labels().into_iter().map(str::to_owned));
    all!(HandoverState, CaseRequestState, DoubleState);
    keys.extend((1..=7).map(|day| format!("weekday-{day}")));
    keys
}

#[test]
fn both_languages_have_the_same_keys() {
    assert_eq!(keys("vi"), keys("en"));
}

#[test]
fn no_word_is_missing_and_none_is_unused() {
    let (source, templates) = (sources(), templates());
    let known = keys("vi");
    let (mut used, done) = (made_keys(), done_words(&source));
    // A text in quotes that begins with the name of one of the files is a key of that file.
    let stems: BTreeSet<String> = known.values().map(|file| file.trim_end_matches(".ftl").replace('_', "-")).collect();
    let extra = ["form", "late"].map(str::to_owned);
    let is_key = |text: &str| {
        let whole = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        whole
            && stems.iter().chain(&extra).any(|stem| {
                text.strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with('-') && rest.len() > 1)
            })
    };
    for text in quoted(&source).into_iter().chain(templates.split('"')) {
        // The words of thanks are no keys of `staff`.
        if is_key(text) && !done.contains(text) || made_keys().contains(text) {
            used.insert(text.to_owned());
        }
    }
    // `format!("rules-unit-{}")`: every key that begins so, and there must be one.
    for text in quoted(&source) {
        let Some((prefix, _)) = text.split_once('{').filter(|(prefix, _)| is_key(&format!("{prefix}x"))) else {
            continue;
        };
        let family: Vec<String> = known.keys().filter(|key| key.starts_with(prefix)).cloned().collect();
        assert!(!family.is_empty(), "no key begins with {prefix}");
        used.extend(family);
    }
    // `field-met` is used if a form has a field `met`.
    let fields: BTreeSet<&str> = templates.split('"').collect();
    used.extend(
        known.keys().filter(|key| key.strip_prefix("field-").is_some_and(|name| fields.contains(name))).cloned(),
    );
    let said = ["page.say(\"", "page.n(\"", "page.x(\"", ".say(\"", ".with(\""];
    for before in said {
        for (at, _) in templates.match_indices(before) {
            used.insert(templates[at + before.len()..].split('"').next().unwrap().to_owned());
        }
    }
    used.extend(fault_codes(&source).into_iter().map(|code| format!("fault-{}", code.replace('_', "-"))));
    used.extend(done.into_iter().map(|word| format!("done-{word}")));
    let words = source.split("fn word(&self)").nth(1).unwrap().split("\n    }\n").next().unwrap();
    for word in quoted(words) {
        used.extend([format!("oops-{word}"), format!("oops-{word}-detail")]);
    }
    let known: BTreeSet<String> = known.into_keys().collect();
    let missing: Vec<_> = used.difference(&known).collect();
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:?}\nunused: {unused:?}");
}

#[test]
fn refusals_are_found_by_the_test_above() {
    let codes = fault_codes(&sources());
    for code in
        ["not_a_phone", "in_the_future", "needs_visit", "wrong_sign_in", "unknown_regime", "too_short", "unknown_field"]
    {
        assert!(codes.contains(code), "{code}: {codes:?}");
    }
    assert!(done_words(&sources()).contains("visit-logged"));
}

both!(each_role_finds_her_first_page, async |house: crate::house::House| {
    for (who, says) in
        [("officer", "Việc hôm nay"), ("supervisor", "Việc hôm nay"), ("partner", "Việc đã hẹn với chị/anh")]
    {
        let page = house.as_(who).await.get("/").await.expect(200).text();
        assert!(page.contains(&format!("<h1>{says}</h1>")), "{who}: {page}");
        assert!(page.contains("Thứ Hai, 23/11/2026"));
    }
    for who in ["province", "admin", "council", "lender", "inspector"] {
        let place = house.as_(who).await.get("/").await.expect(303).goes_to().to_owned();
        assert!(place != "/" && place.starts_with('/'), "{who} goes to {place}");
    }
    assert_eq!(house.as_("admin").await.get("/").await.goes_to(), "/staff");
    let officer = house.as_("officer").await;
    officer.post("/language", &[("lang", "en"), ("to", "/")]).await.expect(303);
    let page = officer.get("/").await.expect(200).text();
    assert!(page.contains("<h1>Today</h1>") && page.contains("Nothing is due today"), "{page}");
    assert_eq!(house.nobody().get("/").await.expect(303).goes_to(), "/sign-in?next=%2F");
});

both!(the_admin_adds_an_account_and_a_refused_form_keeps_all_but_the_password, async |house: crate::house::House| {
    let admin = house.as_("admin").await;
    let list = admin.get("/staff").await.expect(200).text();
    assert!(list.contains("Kim Sa Rươl") && list.contains("Xã Ô Lâm"), "{list}");
    for meant in ["30577%20X%C3%A3%20%C3%94%20L%C3%A2m", "o+lam"] {
        assert_eq!(
            admin.get(&format!("/staff/new?area={meant}")).await.expect(303).goes_to(),
            "/areas/30577/staff/new"
        );
    }
    let none = admin.get("/staff/new?area=Atlantis").await.expect(422).text();
    assert!(none.contains("Không có địa bàn nào đúng như vậy") && none.contains("value=\"Atlantis\""), "{none}");
    let to = admin.get("/staff/new?area=30577").await.expect(303).goes_to().to_owned();
    let form = SeenForm::of(&admin.get(&to).await.expect(200).text());
    let key = form.key.as_str();
    let password = "một câu đủ dài để nhớ";
    let fields = [
        ("_key", key),
        ("name", "Trần Văn Mới"),
        ("username", "officer"),
        ("role", "officer"),
        ("organisation", ""),
        ("email", "khong-phai-thu"),
        ("password", password),
    ];
    let refused = admin.post("/areas/30577/staff", &fields).await.expect(422).text();
    assert!(
        refused.contains("Không phải địa chỉ thư điện tử.")
            && refused.contains("Trần Văn Mới")
            && !refused.contains(password)
    );
    let fields = [
        ("_key", key),
        ("name", "Trần Văn Mới"),
        ("username", "officer"),
        ("role", "officer"),
        ("organisation", ""),
        ("email", ""),
        ("password", password),
    ];
    let taken = admin.post("/areas/30577/staff", &fields).await.expect(422).text();
    assert!(taken.contains("Tên đăng nhập này đã có người dùng."));
    let fields = [
        ("_key", key),
        ("name", "Trần Văn Mới"),
        ("username", "officer9"),
        ("role", "officer"),
        ("organisation", ""),
        ("email", ""),
        ("password", password),
    ];
    let to = admin.post("/areas/30577/staff", &fields).await.expect(303).goes_to().to_owned();
    assert!(admin.get(&to).await.expect(200).text().contains("Đã thêm người dùng."));
});

both!(a_visit_is_logged_through_its_form, async |house: crate::house::House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    refer_to_partner(&house, &case).await;
    let officer = house.as_("officer").await;
    let before = officer.get("/").await.expect(200).text();
    assert!(before.contains("Trễ 14 ngày") && before.contains(&format!("/cases/{case}/visits/new")), "{before}");

    let page = officer.get(&format!("/cases/{case}/visits/new")).await.expect(200).text();
    assert!(
        page.contains(r#"name="met" value="true" checked"#) && page.contains(r#"name="kind" value="home" checked"#)
    );
    assert!(page.contains(r#"value="2026-11-23""#), "today stands in the day: {page}");
    let form = SeenForm::of(&page);
    assert_eq!(form.token, duongve::http::request::form_token(officer.token()));

    let path = format!("/cases/{case}/visits");
    let note = "Đang phụ xưởng mộc <anh Sỹ>.";
    let wrong = [
        ("_key", form.key.as_str()),
        ("on", "31/02/2026"),
        ("kind", "office"),
        ("met", ""),
        ("note", note),
        ("shared_note", "Cần học nghề hàn."),
        ("next_on", "1/1/2020"),
    ];
    let refused = officer.post(&path, &wrong).await.expect(422).text();
    for part in [
        r##"<a href="#on">"##,
        r##"<a href="#met">"##,
        r##"<a href="#next_on">"##,
        r#"id="on-error""#,
        r#"id="met-error""#,
        r#"id="next_on-error""#,
        r#"id="met""#,
        "Có 3 chỗ cần sửa",
        "Kết quả: Chưa chọn.",
        r#"value="31/02/2026""#,
        r#"name="kind" value="office" checked"#,
        "Đang phụ xưởng mộc &#60;anh Sỹ&#62;.",
        "Cần học nghề hàn.",
    ] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
    assert_eq!(SeenForm::of(&refused).key, form.key, "the same form has the same key");

    let right = [
        ("_key", form.key.as_str()),
        ("on", "23/11/2026"),
        ("kind", "home"),
        ("met", "true"),
        ("note", note),
        ("shared_note", ""),
        ("next_on", ""),
    ];
    let first = officer.post(&path, &right).await.expect(303).goes_to().to_owned();
    assert_eq!(first, format!("/cases/{case}?done=visit-logged"));
    officer.post(&path, &right).await.expect(303);
    assert_eq!(visits_of(&house, &case).await, 1, "sent twice, logged once");

    let after = officer.get("/?done=visit-logged").await.expect(200).text();
    assert!(after.contains("Đã lưu lần thăm.") && !after.contains("Trễ 14 ngày"), "{after}");
});

both!(a_helpers_form_has_no_officers_note_and_says_nothing_of_what_settles, async |house: crate::house::House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    refer_to_partner(&house, &case).await;
    let page = house.as_("partner").await.get(&format!("/cases/{case}/visits/new")).await.expect(200).text();
    assert!(!page.contains(r#"name="note""#) && page.contains(r#"name="shared_note""#));
    assert!(!page.contains("thay lần thăm"), "{page}");
    assert!(page.contains("Nguyễn Thị Lan"), "who reads the shared note");
});

async fn visits_of(house: &crate::house::House, case: &str) -> usize {
    let (_, actor) = crate::follow_ups::actor(house, "officer").await;
    let grant = house.store().permit::<duongve::policy::acts::SeeCase>(&actor, case.parse().unwrap()).await.unwrap();
    duongve::visits::of_case(house.store(), &grant, &duongve::store::PageAsk::default()).await.unwrap().items.len()
}

both!(the_visit_form_tells_the_latest_next_day_before_it_refuses, async |house: crate::house::House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    refer_to_partner(&house, &case).await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/visits");
    let form = officer.get(&format!("{url}/new")).await.expect(200).text();
    let told = form.split("chậm nhất ").nth(1).unwrap_or_else(|| panic!("{form}"));
    let latest = jiff::civil::Date::strptime("%d/%m/%Y", &told[..10]).unwrap();
    assert!(told.contains("Theo quy định của đơn vị") || told.contains("ngày"), "and why: {told}");
    // What was told is the very edge: a day later is refused, the day itself is taken.
    let typed = |day: jiff::civil::Date| duongve::base::text::show_day(day);
    let fields = |next: &str| {
        vec![
            ("on".to_owned(), "23/11/2026".to_owned()),
            ("kind".into(), "home".into()),
            ("met".into(), "true".into()),
            ("next_on".into(), next.to_owned()),
        ]
    };
    let post = async |next: String| {
        let fields = fields(&next);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        officer.post(&url, &fields).await
    };
    let refused = post(typed(latest.tomorrow().unwrap())).await.expect(422).text();
    assert!(refused.contains(&format!("Chậm nhất {} theo quy tắc", typed(latest))), "{refused}");
    post(typed(latest)).await.expect(303);
    // A helper is told of no rule.
    let partner = house.as_("partner").await.get(&format!("{url}/new")).await.expect(200).text();
    assert!(!partner.contains("chậm nhất") && partner.contains("Để trống nếu chưa hẹn"), "{partner}");
});

both!(whoever_is_not_in_charge_is_told_what_her_visit_does, async |house: crate::house::House| {
    // Received in September: the contact was due long before today.
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/09/2026").await;
    refer_to_partner(&house, &case).await;
    let url = format!("/cases/{case}/visits");
    let supervisor = house.as_("supervisor").await;
    let form = supervisor.get(&format!("{url}/new")).await.expect(200).text();
    assert!(form.contains("Đồng chí không phụ trách người này"), "{form}");
    assert!(!form.contains("chậm nhất"), "no day that has gone by is told as the latest: {form}");
    let fields = |met: &'static str| [("on", "23/11/2026"), ("kind", "home"), ("met", met), ("next_on", "01/12/2026")];
    supervisor.post(&url, &fields("true")).await.expect(303);
    // Nor is an officer who found nobody held to a day that has gone by.
    let officer = house.as_("officer").await;
    assert!(!officer.get(&format!("{url}/new")).await.text().contains("Đồng chí không phụ trách"));
    officer.post(&url, &fields("false")).await.expect(303);
    // A helper's note is read by the office, too.
    let partner = house.as_("partner").await.get(&format!("{url}/new")).await.expect(200).text();
    assert!(partner.contains("Cán bộ phụ trách, người làm thay và chỉ huy sẽ đọc được"), "{partner}");
});

both!(a_list_says_that_its_address_is_wrong, async |house: crate::house::House| {
    let officer = house.as_("officer").await;
    for url in [
        "/?state=zzz",
        "/?cursor=x",
        "/?state=overdue&cursor=x",
        "/cases?cursor=x",
        "/cases?status=zzz",
        "/cases?sort=zzz",
    ] {
        let page = officer.get(url).await.expect(400).text();
        assert!(page.contains("Không đọc được yêu cầu"), "{url}: {page}");
    }
    house.as_("admin").await.get("/mails?cursor=x").await.expect(400);
    house.as_("supervisor").await.get("/digests?cursor=x").await.expect(400);
    house.as_("inspector").await.get("/trail?cursor=x").await.expect(400);
});

both!(the_forms_of_the_rules_say_which_field_is_wrong, async |house: crate::house::House| {
    let admin = house.as_("admin").await;
    let wrong = [("word", "contact_b"), ("amount", "x"), ("valid_from", "31/02/2027"), ("legal_basis", "")];
    let page = admin.post("/areas/91/rules", &wrong).await.expect(422).text();
    for field in ["amount", "valid_from"] {
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field}: {page}");
        assert!(page.contains(&format!("aria-invalid=\"true\" aria-describedby=\"{field}-error")), "{field}: {page}");
    }
});
