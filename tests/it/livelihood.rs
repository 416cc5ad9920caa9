//! Help to make a living: whose it is, and how far it comes.

use crate::{
    both,
    cases::{hidden, opened, referred},
};

both!(help_is_promised_then_given_and_seen_by_its_own_organisation_only, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    referred(&house, &case, &["partner"], &[]).await;
    referred(&house, &case, &["partner2"], &[]).await;
    let url = format!("/cases/{case}/helps");
    let (partner, other, officer) =
        (house.as_("partner").await, house.as_("partner2").await, house.as_("officer").await);

    let chickens = [("kind", "animals"), ("what", "30 con vịt xiêm"), ("vnd", "1,5 triệu"), ("fund", "quỹ hội")];
    partner.post(&url, &chickens).await.expect(303);
    officer.post(&url, &[("kind", "papers"), ("what", "làm lại căn cước"), ("state", "given")]).await.expect(303);
    let bad =
        partner.post(&url, &[("kind", "gift"), ("what", "quà"), ("given_on", "20/11/2026")]).await.expect(422).text();
    assert!(bad.contains("id=\"given_on-error\"") && bad.contains("value=\"quà\""), "{bad}");

    let hers = partner.get(&url).await.expect(200).text();
    assert!(hers.contains("30 con vịt xiêm") && hers.contains("1.500.000") && !hers.contains("lại căn cước"), "{hers}");
    let others = other.get(&url).await.expect(200).text();
    assert!(!others.contains("vịt xiêm") && !others.contains("lại căn cước"), "{others}");
    let offices = officer.get(&url).await.expect(200).text();
    assert!(
        offices.contains("30 con vịt xiêm") && offices.contains("lại căn cước") && offices.contains("Phụ nữ"),
        "{offices}"
    );

    let help = hers.split("/helps/").find_map(|rest| rest.split_once("/state")).unwrap().0.to_owned();
    let (change, version) = (format!("/helps/{help}/state"), hidden(&hers, "version"));
    other.post(&change, &[("state", "given"), ("version", &version)]).await.expect(404);
    house.as_("helper").await.post(&change, &[("state", "given"), ("version", &version)]).await.expect(404);
    partner.post(&change, &[("state", "given"), ("given_on", "24/11/2026"), ("version", &version)]).await.expect(422);
    partner.post(&change, &[("state", "given"), ("version", "7")]).await.expect(412);
    partner.post(&change, &[("state", "given"), ("version", &version)]).await.expect(303);
    officer.post(&change, &[("state", "cancelled"), ("version", "2")]).await.expect(422);
    assert!(partner.get(&format!("/cases/{case}")).await.text().contains("30 con vịt xiêm"));
});

/// The id after `/helps/` of the help with these words on a page.
fn help_of(page: &str, what: &str) -> String {
    let from = page.find(what).unwrap_or_else(|| panic!("no {what}: {page}"));
    page[from..].split("/helps/").nth(1).unwrap()[..36].to_owned()
}

both!(a_fund_gives_by_its_own_rules_and_the_head_approves_first, async |house: crate::house::House| {
    let (head, officer) = (house.as_("supervisor").await, house.as_("officer").await);
    let fund = [
        ("kind", "local"),
        ("name", "Quỹ Doanh nhân với ANTT"),
        ("least", "5 triệu"),
        ("most", "15 triệu"),
        ("months", "24"),
        ("rate", "0,5"),
        ("head_approves", "true"),
        ("terms", "Hội đồng quỹ họp hằng quý."),
    ];
    officer.post("/areas/30577/funds", &fund).await.expect(403);
    head.post("/areas/30301/funds", &fund).await.expect(404);
    head.post("/areas/30577/funds", &fund).await.expect(303);
    let again = head.post("/areas/30577/funds", &fund).await.expect(422).text();
    assert!(again.contains("Xã đã có nguồn mang tên này"), "{again}");
    let page = officer.get("/funds").await.expect(200).text();
    assert!(
        page.contains("Quỹ Doanh nhân với ANTT")
            && page.contains("từ 5.000.000 đ · đến 15.000.000 đ")
            && page.contains("0,5 %"),
        "{page}"
    );
    assert!(page.contains("Quyết định 22/2023") && !page.contains("/ending"), "{page}");
    assert!(!house.as_("supervisor3").await.get("/funds").await.expect(200).text().contains("Hội đồng quỹ họp"));

    let program = house.program("officer").await;
    let funds = program.get("/api/v1/funds").await.expect(200).json();
    let of = |name: &str| {
        let all = funds["items"].as_array().unwrap();
        all.iter().find(|one| one["name"].as_str().unwrap().contains(name)).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let local = of("Doanh nhân");
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Quỹ")]).await;
    let far = opened_far(&house).await;
    let help = |vnd: i64, state: &str| serde_json::json!({"kind": "animals", "what": "Một con bò", "fund_id": local, "vnd": vnd, "state": state, "quantity": 1});
    let url = format!("/api/v1/cases/{case}/help");
    for (body, code) in [
        (help(16_000_000, "promised"), "over_the_fund"),
        (help(4_000_000, "promised"), "below_the_fund"),
        (help(9_000_000, "given"), "fund_needs_approval"),
        (serde_json::json!({"kind": "gift", "what": "x", "fund_id": local, "fund": "y"}), "fund_named_twice"),
        (serde_json::json!({"kind": "gift", "what": "x", "wage": 5}), "not_of_this_kind"),
    ] {
        let refused = program.post(&url, &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    }
    let elsewhere = house.program("officer3").await;
    let refused = elsewhere.post(&format!("/api/v1/cases/{far}/help"), &help(9_000_000, "promised")).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["code"], "no_such_fund", "another commune's fund");

    let made = program.post(&url, &help(9_000_000, "promised")).await.expect(201).json();
    assert_eq!(
        (made["fund_of"]["name"].as_str(), made["quantity"].as_i64()),
        (Some("Quỹ Doanh nhân với ANTT"), Some(1))
    );
    let change = format!("/helps/{}/state", made["id"].as_str().unwrap());
    let step = |state: &'static str, version: &'static str| [("state", state), ("version", version), ("receipt", "")];
    officer.post(&change, &step("given", "1")).await.expect(422);
    officer.post(&change, &step("approved", "1")).await.expect(422);
    head.post(&change, &step("approved", "1")).await.expect(303);
    let given = [("state", "given"), ("version", "2"), ("receipt", "PC 07"), ("vnd", "8,5 triệu")];
    officer.post(&change, &given).await.expect(303);
    let page = officer.get(&format!("/cases/{case}/helps")).await.expect(200).text();
    for word in ["Lê Quốc Bảo", "Kim Sa Rươl", "9.000.000", "8.500.000", "PC 07", "Đã duyệt"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let told = program.get(&url).await.expect(200).json();
    let steps = told["items"][0]["steps"].as_array().unwrap();
    let told: Vec<&str> = steps.iter().map(|step| step["state"].as_str().unwrap()).collect();
    assert_eq!(told, ["promised", "approved", "given"]);
    assert_eq!((steps[2]["vnd"].as_i64(), steps[2]["receipt"].as_str()), (Some(8_500_000), Some("PC 07")));

    // Ended, it gives nothing new; what was promised stays as it is.
    let version =
        funds["items"].as_array().unwrap().iter().find(|one| one["id"] == *local).unwrap()["version"].to_string();
    officer.post(&format!("/funds/{local}/ending"), &[("version", &version)]).await.expect(403);
    head.post(&format!("/funds/{local}/ending"), &[("version", &version)]).await.expect(303);
    head.post(&format!("/funds/{local}/ending"), &[("version", "2")]).await.expect(422);
    house.go_to(duongve::base::time::plus_days(crate::house::TODAY, 1));
    let refused = house.program("officer").await.post(&url, &help(9_000_000, "promised")).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "no_such_fund");
});

async fn opened_far(house: &crate::house::House) -> String {
    let draft = crate::world::draft("Far", 77);
    crate::world::open(house, "officer3", &draft).await.to_string()
}

both!(whoever_found_work_is_asked_about_after_one_three_six_and_twelve_months, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Việc")]).await;
    let officer = house.as_("officer").await;
    let url = format!("/cases/{case}/helps");
    let job = [
        ("kind", "job"),
        ("what", "Phụ hồ"),
        ("state", "given"),
        ("given_on", "20/11/2026"),
        ("starts_on", "23/11/2026"),
        ("employer", "Tổ hồ Ba Sang"),
        ("wage", "6 triệu"),
    ];
    officer.post(&url, &job).await.expect(303);
    let mut raw = crate::raw::Raw::of(&house).await;
    let own = raw.id(case.parse::<duongve::base::ids::CaseId>().unwrap());
    let due: Vec<(duongve::base::time::Day,)> = raw
        .rows(&format!("select due_on from follow_ups where case_id = {own} and rule = 'work_check' order by due_on"))
        .await;
    let due: Vec<String> = due.iter().map(|row| row.0.0.to_string()).collect();
    assert_eq!(due, ["2026-12-23", "2027-02-23", "2027-05-23", "2027-11-23"]);
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("tại Tổ hồ Ba Sang") && page.contains("6.000.000 đ một tháng"), "{page}");
    assert!(page.contains("Còn làm việc sau 12 tháng?") && !page.contains("/work-checks"), "not asked before its day");

    house.go_to(jiff::civil::date(2026, 12, 23));
    let officer = house.as_("officer").await;
    let today = officer.get("/").await.expect(200).text();
    assert!(today.contains("Phụ hồ") && today.contains("Xem người đã nhận việc còn làm không"), "{today}");
    let task: Vec<(uuid::Uuid,)> = raw
        .rows(&format!("select id from follow_ups where case_id = {own} and rule = 'work_check' order by due_on"))
        .await;
    let plain = officer.post(&format!("/follow-ups/{}/completion", task[0].0), &[]).await.expect(422).text();
    assert!(plain.contains("còn làm hay đã nghỉ"), "{plain}");
    let page = officer.get(&url).await.expect(200).text();
    let (help, check) = (help_of(&page, "Phụ hồ"), hidden(&page, "check"));
    let seen = format!("/helps/{help}/work-checks");
    house.as_("officer2").await.post(&seen, &[("check", &check), ("at_work", "true")]).await.expect(404);
    officer.post(&seen, &[("check", &check)]).await.expect(422);
    officer.post(&seen, &[("check", &check), ("at_work", "true"), ("note", "Chủ khen")]).await.expect(303);
    officer.post(&seen, &[("check", &check), ("at_work", "true")]).await.expect(422);
    let open = "select count(*) from follow_ups where rule = 'work_check' and done_at is null and dropped_at is null";
    assert_eq!(raw.number(open).await, 3);

    house.go_to(jiff::civil::date(2027, 2, 23));
    let officer = house.as_("officer").await;
    let page = officer.get(&url).await.expect(200).text();
    assert!(page.contains("Chủ khen") && page.contains("Còn làm</span>"), "{page}");
    officer.post(&seen, &[("check", &hidden(&page, "check")), ("at_work", "false")]).await.expect(303);
    assert_eq!(raw.number(open).await, 0, "whoever is there no more is not asked about again");
    assert_eq!(raw.number("select count(*) from work_checks").await, 2);
});

/// A piece of help as the test itself remembers it.
#[derive(Clone, Debug)]
struct Remembered {
    case: usize,
    by: &'static str,
    fund: Option<usize>,
    kind: &'static str,
    state: &'static str,
    vnd: Option<i64>,
    promised: jiff::civil::Date,
    given: Option<jiff::civil::Date>,
    /// For the person, a relative, a child.
    whom: &'static str,
}

/// A relative and a child whom helpers may know of, as a form names them.
async fn kin(
    house: &crate::house::House,
    officer: &str,
    case: duongve::base::ids::CaseId,
) -> [(&'static str, String); 3] {
    use duongve::{families, households, policy::acts};
    let (store, agreed) = (
        house.store(),
        families::model::ConsentDraft { how: "spoken".into(), shares: "true".into(), ..Default::default() },
    );
    let mother =
        families::model::Draft { name: "Nguyễn Thị Tư".into(), relation: "mẹ".into(), ..Default::default() };
    let grant = crate::world::grant::<acts::AddRelative>(house, officer, case).await;
    let mother = families::add(store, grant, &mother, None).await.unwrap();
    let grant = crate::world::grant::<acts::SetConsent>(house, officer, mother).await;
    families::consent(store, grant, &agreed, None, None).await.unwrap();
    let child = households::model::ChildDraft { name: "bé Na".into(), ..Default::default() };
    let grant = crate::world::grant::<acts::AddChild>(house, officer, case).await;
    let child = households::children::add(store, grant, &child, None).await.unwrap();
    let grant = crate::world::grant::<acts::ChangeChild>(house, officer, child).await;
    households::children::consent(store, grant, &agreed, None, None).await.unwrap();
    [("person", String::new()), ("relative", format!("relative:{mother}")), ("child", format!("child:{child}"))]
}

both!(sums_balance_whatever_they_are_summed_up_by, async |house: crate::house::House| {
    use duongve::{base::text::show_day, base::time::plus_days, livelihood, policy::acts};
    use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
    let mut dice = StdRng::seed_from_u64(22);
    let mut cases = Vec::new();
    for (number, officer) in ["officer", "officer", "officer2", "officer3"].into_iter().enumerate() {
        let case = crate::world::open(&house, officer, &crate::world::draft(&format!("Sổ{number}"), number)).await;
        cases.push((case, officer));
    }
    let mut families = Vec::new();
    for (case, officer) in &cases {
        families.push(kin(&house, officer, *case).await);
    }
    let women = crate::world::organisation(&house, "30577", "women").await;
    crate::world::refer(&house, "officer", cases[0].0, women, "partner").await;
    let mut raw = crate::raw::Raw::of(&house).await;
    let funds: Vec<(duongve::base::ids::FundId, String)> = raw.rows("select id, name from funds").await;

    let mut all: Vec<Remembered> = Vec::new();
    for _ in 0..60 {
        let case = dice.random_range(0..cases.len());
        let by = if case == 0 && dice.random_bool(0.4) { "partner" } else { cases[case].1 };
        let promised = plus_days(crate::house::TODAY, -dice.random_range(0..120));
        let state = *["promised", "approved", "given"].choose(&mut dice).unwrap();
        let given = (state == "given").then(|| plus_days(promised, dice.random_range(0..20)).min(crate::house::TODAY));
        let (whom, typed) = families[case].choose(&mut dice).unwrap().clone();
        let one = Remembered {
            case,
            by,
            fund: dice.random_bool(0.5).then_some(0),
            kind: ["gift", "animals", "tools", "land"].choose(&mut dice).unwrap(),
            state,
            vnd: dice.random_bool(0.8).then(|| dice.random_range(1..50_000_000)),
            promised,
            given,
            whom,
        };
        let draft = livelihood::model::Draft {
            kind: one.kind.into(),
            what: "Hỗ trợ".into(),
            state: state.into(),
            promised_on: show_day(promised),
            given_on: given.map(show_day).unwrap_or_default(),
            vnd: one.vnd.map(|vnd| vnd.to_string()).unwrap_or_default(),
            fund_id: one.fund.map(|_| funds[0].0.to_string()).unwrap_or_default(),
            whom: typed,
            ..livelihood::model::Draft::default()
        };
        let grant = crate::world::grant::<acts::LogHelp>(&house, by, cases[case].0).await;
        let id = livelihood::log(house.store(), grant, &draft, None).await.unwrap();
        let mut one = one;
        if state == "promised" && dice.random_bool(0.3) {
            let grant = crate::world::grant::<acts::ChangeHelp>(&house, by, id).await;
            let draft = livelihood::model::StateDraft { state: "cancelled".into(), ..Default::default() };
            livelihood::change(house.store(), grant, &draft, None).await.unwrap();
            one.state = "cancelled";
        }
        all.push(one);
    }
    type Amounts = (i64, i64, i64, i64, i64, i64);
    let sum = |rows: &[&Remembered]| -> Amounts {
        let of = |state: &str| rows.iter().filter(|one| one.state == state).filter_map(|one| one.vnd).sum::<i64>();
        let unvalued = rows.iter().filter(|one| one.vnd.is_none()).count();
        let count = |number: usize| i64::try_from(number).unwrap();
        (count(rows.len()), of("promised"), of("approved"), of("given"), of("cancelled"), count(unvalued))
    };
    let told = |amounts: &serde_json::Value| -> Amounts {
        let number = |key: &str| amounts[key].as_i64().unwrap();
        (
            number("pieces"),
            number("promised_vnd"),
            number("approved_vnd"),
            number("given_vnd"),
            number("cancelled_vnd"),
            number("unvalued"),
        )
    };
    let mut compared = 0;
    for who in ["officer", "officer2", "supervisor", "supervisor3", "partner"] {
        let mine = |one: &&Remembered| match who {
            "supervisor" => cases[one.case].1 != "officer3",
            "supervisor3" => cases[one.case].1 == "officer3",
            "partner" => one.by == "partner",
            officer => cases[one.case].1 == officer,
        };
        let program = house.program(who).await;
        for (from, to, by_giving) in [(120, 0, false), (90, 30, false), (60, 0, true), (200, 150, false)] {
            let (from, to) = (plus_days(crate::house::TODAY, -from), plus_days(crate::house::TODAY, -to));
            let within = |day: jiff::civil::Date| from <= day && day <= to;
            let wanted: Vec<&Remembered> = all
                .iter()
                .filter(mine)
                .filter(|one| match by_giving {
                    true => one.state == "given" && one.given.is_some_and(within),
                    false => within(one.promised),
                })
                .collect();
            for by in ["person", "fund", "organisation", "kind", "month", "whom"] {
                let day = if by_giving { "given" } else { "promised" };
                let path = format!("/api/v1/help-sums?by={by}&from={from}&to={to}&day={day}");
                let sums = program.get(&path).await.expect(200).json();
                let name = |one: &Remembered| match by {
                    "person" => Some(format!("Nguyễn Văn NameSổ{}", one.case)),
                    "fund" => one.fund.map(|fund| funds[fund].1.clone()),
                    "organisation" => (one.by == "partner").then(|| "women".to_owned()),
                    "kind" => Some(one.kind.to_owned()),
                    "whom" => Some(one.whom.to_owned()),
                    _ => Some(if by_giving { one.given.unwrap() } else { one.promised }.to_string()[..7].to_owned()),
                };
                let mut groups: std::collections::BTreeMap<Option<String>, Vec<&Remembered>> = Default::default();
                for one in &wanted {
                    groups.entry(name(one)).or_default().push(one);
                }
                let mut expected: Vec<Amounts> = groups.values().map(|rows| sum(rows)).collect();
                let lines = sums["lines"].as_array().unwrap();
                let mut got: Vec<Amounts> = lines.iter().map(|line| told(&line["amounts"])).collect();
                if by != "organisation" {
                    for line in lines {
                        let key = line["of"].as_str().map(str::to_owned);
                        assert_eq!(told(&line["amounts"]), sum(&groups[&key]), "{who} {path}: {key:?}");
                    }
                }
                expected.sort_unstable();
                got.sort_unstable();
                assert_eq!(got, expected, "{who} {path}");
                assert_eq!(told(&sums["total"]), sum(&wanted), "{who} {path}: the total");
                compared += lines.len();
            }
        }
    }
    assert!(compared > 60, "{compared} lines");
    let page = house.as_("supervisor").await.get("/help-sums?by=person&from=01/07/2026").await.expect(200).text();
    assert!(page.contains("NameSổ2") && !page.contains("NameSổ3") && page.contains("Tổng cộng"), "{page}");
    let empty = house.as_("officer").await.get("/help-sums?from=01/01/2020&to=02/01/2020").await.expect(200).text();
    assert!(empty.contains("Không có hỗ trợ nào"), "{empty}");
    for nobody in ["council", "lender", "admin", "inspector", "province"] {
        house.as_(nobody).await.get("/help-sums").await.expect(403);
    }
});
