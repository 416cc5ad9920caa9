//! The numbers of a report that no diary of visits and steps knows, against plain loops over the rows that stand in the tables;
//! and the cases behind each number.

use crate::{
    both,
    house::{House, TODAY},
    office,
    raw::Raw,
    report_rows::Rows,
    reports::{half_a_year, values},
    world::{self, grant},
};
use duongve::{
    base::{
        arg::Arg,
        ids::{CaseId, FundId, LoanAccountId},
        text::show_day,
        time::plus_days,
    },
    duties, funds, gatherings, livelihood, loans,
    policy::{AreaCode, acts},
    reports::model::lines,
};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

/// Help that was given today; from a fund, two million of it.
pub async fn helped(house: &House, who: &str, case: CaseId, kind: &str, fund: Option<FundId>) {
    let draft = livelihood::model::Draft {
        kind: kind.into(),
        what: "một phần".into(),
        state: "given".into(),
        vnd: if fund.is_some() { "2 triệu".into() } else { String::new() },
        fund_id: fund.map(|fund| fund.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    livelihood::log(house.store(), grant::<acts::LogHelp>(house, who, case).await, &draft, None).await.unwrap();
}

/// Three months of two communes: help, loans, duties, reviews, meetings, models, a fund, a seal. Who serves a suspended sentence.
async fn three_months(house: &House) -> Vec<CaseId> {
    let store = house.store();
    let mut cases = Vec::new();
    let people = [
        ("officer", "completed"),
        ("officer", "completed"),
        ("officer", "completed"),
        ("officer", "suspended_sentence"),
        ("officer2", "suspended_sentence"),
        ("officer3", "completed"),
        ("officer", "completed"),
    ];
    for (number, (officer, regime)) in people.into_iter().enumerate() {
        let mut draft = world::draft(&format!("Sổ{number}"), number);
        draft.regime = regime.into();
        cases.push(world::open(house, officer, &draft).await);
    }
    let local = funds::model::Draft { kind: "local".into(), name: "Quỹ xã".into(), ..Default::default() };
    let by = grant::<acts::AddFund>(house, "supervisor", AreaCode("30577".into())).await;
    let fund = funds::add(store, by, &local, None).await.unwrap();
    for (who, case, kind, fund) in [
        ("officer", 0, "counselling", None),
        ("officer", 0, "counselling", None),
        ("officer", 1, "counselling", None),
        ("officer", 1, "residence", None),
        ("officer", 0, "id_card", None),
        ("officer", 2, "papers", None),
        ("officer", 3, "legal_advice", None),
        ("officer", 3, "training", None),
        ("officer", 2, "job", None),
        ("officer", 0, "gift", Some(fund)),
        ("officer", 0, "gift", Some(fund)),
        ("officer2", 4, "gift", Some(fund)),
        ("officer3", 5, "gift", None),
    ] {
        helped(house, who, cases[case], kind, fund).await;
    }
    let mut raw = Raw::of(house).await;

    // A meeting with guests and others, one that is called off, a dialogue with a family, one that is planned.
    let off = world::gather(house, "officer", "Hoãn").await;
    raw.run(&format!("update gatherings set cancelled_at = 1 where id = {}", raw.id(off))).await;
    let meeting = world::gather(house, "officer", "Họp mặt").await;
    world::invite(house, "officer", meeting, &[cases[0], cases[1], cases[3]], &[]).await;
    raw.run(&format!("update gathering_guests set came = {}", raw.bool(true))).await;
    raw.run(&format!("update gatherings set outsiders_came = 7 where id = {}", raw.id(meeting))).await;
    world::talk(house, "officer", cases[0], "Sổ").await;
    let planned = gatherings::model::Draft {
        on: show_day(plus_days(TODAY, 9)),
        place: "Tại nhà".into(),
        leader: "Anh Tư".into(),
        ..Default::default()
    };
    let by = grant::<acts::PlanDialogue>(house, "officer", cases[1]).await;
    gatherings::plan_dialogue(store, by, &planned, &Default::default(), None).await.unwrap();
    for (who, since, people) in [("officer", "01/03/2026", "12"), ("officer3", "01/06/2026", "30")] {
        let model = [("name", "Cổng rào"), ("since_on", since), ("people", people), ("vnd", "3 triệu")];
        house.as_(who).await.post("/community-models", &model).await.expect(303);
    }
    raw.run("update community_models set until_on = '2026-12-20' where area_code = '30301'").await;

    // Sentences in the community.
    let absence = world::asks_away(house, "officer", cases[3], "Sổ").await;
    world::asks_away(house, "officer2", cases[4], "Khác").await;
    let said =
        duties::model::DecisionDraft { verdict: "granted".into(), number: "15/UBND".into(), ..Default::default() };
    let by = grant::<acts::DecideAbsence>(house, "council", absence).await;
    duties::absences::decide(store, by, &said, None).await.unwrap();
    let today = show_day(TODAY);
    let breach = [("on", &*today), ("what", "x"), ("measures", "y"), ("due_on", "30/11/2026")];
    for (who, case) in [("officer", 3), ("officer", 3), ("officer2", 4)] {
        house.as_(who).await.post(&format!("/cases/{}/duties/breaches", cases[case]), &breach).await.expect(303);
    }

    // Three want to borrow, two are confirmed, one is lent to and falls behind, and pays.
    let mut wishes = Vec::new();
    for case in &cases[..3] {
        wishes.push(world::borrow(house, "officer", *case, "Nuôi bò").await);
    }
    let list = world::list_of(house, wishes[0]).await;
    world::signed(house, list).await;
    crate::clearances::judged(house, &cases[1].to_string(), "23/01/2025", &[]).await;
    house.go_to(date(2026, 11, 24));
    office::tick(house).await;
    let done: Vec<(duongve::base::ids::FollowUpId,)> =
        raw.rows("select id from follow_ups where kind = 'clearance_review' and dropped_at is null").await;
    let path = format!("/follow-ups/{}/completion", done[0].0);
    house.as_("officer").await.post(&path, &[("note", "đã báo bà con")]).await.expect(303);
    house.go_to(date(2026, 12, 16));
    let decided = loans::model::DecideDraft {
        verdict: "confirmed".into(),
        struck: vec![wishes[2].to_string()],
        ..Default::default()
    };
    let by = grant::<acts::ConfirmLoanList>(house, "council", list).await;
    loans::lists::decide(store, by, &decided, None).await.unwrap();
    loans::lists::send(store, grant::<acts::SendLoanList>(house, "supervisor", list).await, None).await.unwrap();
    world::lent(house, wishes[0]).await;
    let account = raw.rows::<(LoanAccountId,)>("select id from loan_accounts").await[0].0;
    for (on, standing) in [(date(2026, 12, 28), "overdue"), (date(2027, 1, 20), "current")] {
        house.go_to(on);
        let report =
            loans::model::ReportDraft { vnd: "1 triệu".into(), standing: standing.into(), ..Default::default() };
        let by = grant::<acts::ReportLoan>(house, "lender", account).await;
        loans::accounts::report(store, by, &report, None).await.unwrap();
    }
    world::seal(house, "supervisor", cases[6]).await;
    // A court's word, as it stands in its table: nobody plans by it any more.
    let officer = raw.id(world::user_id(house, "officer").await);
    for (case, state) in [(3, "granted"), (4, "refused")] {
        let (id, case) = (raw.id(uuid::Uuid::from_u128(7_000 + case as u128)), raw.id(cases[case]));
        let content = raw.bytes(&Arg::Bytes(Some(vec![0])));
        raw.run(&format!(
            "insert into duty_shortenings (id, case_id, state, proposed_on, decided_on, months, content, by, made_at) \
             values ({id}, {case}, '{state}', '2026-11-23', '2026-12-16', 2, {content}, {officer}, 1)"
        ))
        .await;
    }
    house.go_to(date(2027, 2, 20));
    vec![cases[3], cases[4]]
}

both!(every_other_number_is_the_one_that_plain_loops_over_the_rows_give, async |house: House| {
    let suspended = three_months(&house).await;
    let rows = Rows::read(&house).await;
    let (mut numbers, mut told_of, mut keys) = (0, BTreeSet::new(), BTreeSet::new());
    for (who, area) in [("supervisor", "30577"), ("supervisor3", "30301"), ("province", "30301"), ("province", "")] {
        let program = house.program(who).await;
        let chosen = if who == "province" { area } else { "" };
        for (period, rule, step) in
            [("month", "state", 29), ("month", "calendar", 31), ("quarter", "state", 80), ("year", "calendar", 200)]
        {
            let mut on = plus_days(TODAY, -30);
            while on <= date(2027, 3, 1) {
                let path = format!("/api/v1/reports?area={chosen}&period={period}&rule={rule}&on={on}");
                let report = program.get(&path).await.expect(200).json();
                let day = |key: &str| report["days"][key].as_str().unwrap().parse::<Date>().unwrap();
                let told = values(&report);
                for (key, value) in rows.counted(area, (day("from"), day("to")), &suspended) {
                    assert_eq!(told.get(&key), Some(&value), "{key} of {who} {area}, {} – {}", day("from"), day("to"));
                    numbers += 1;
                    if value > 0 {
                        told_of.insert(key.clone());
                    }
                    keys.insert(key);
                }
                on = plus_days(on, step);
            }
        }
    }
    assert!(numbers > 500, "{numbers}");
    assert_eq!(told_of, keys, "each of them was something at some time");
});

both!(a_meeting_that_is_planned_is_not_counted_before_its_day, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Hẹn", 1)).await;
    let on = plus_days(TODAY, 9);
    let draft = gatherings::model::Draft {
        on: show_day(on),
        place: "Tại nhà".into(),
        leader: "Anh Tư".into(),
        ..Default::default()
    };
    let by = grant::<acts::PlanDialogue>(&house, "officer", case).await;
    gatherings::plan_dialogue(house.store(), by, &draft, &Default::default(), None).await.unwrap();
    for (today, held) in [(TODAY, 0), (on, 1)] {
        house.go_to(today);
        for (who, path) in [("supervisor", "/api/v1/reports"), ("officer", "/api/v1/reports/mine")] {
            let report = house.program(who).await.get(path).await.expect(200).json();
            assert_eq!(values(&report)["meetings_dialogue"], held, "{who} {today}");
        }
    }
});

both!(what_happened_after_a_seal_is_no_part_of_its_figures, async |house: House| {
    let (sealed, other) = (
        world::open(&house, "officer", &world::draft("Niêm", 1)).await,
        world::open(&house, "officer", &world::draft("Còn", 2)).await,
    );
    let list = world::list_of(&house, world::borrow(&house, "officer", sealed, "Nuôi bò").await).await;
    world::borrow(&house, "officer", other, "Nuôi gà").await;
    let seal = world::seal(&house, "supervisor", sealed).await.seal;
    house.go_to(plus_days(TODAY, 1));
    world::signed(&house, list).await;
    let proposed = async || {
        let report = house.program("supervisor").await.get("/api/v1/reports").await.expect(200).json();
        values(&report)["proposed"]
    };
    assert_eq!(proposed().await, 1, "hers was put away before");
    world::deputy(&house).await;
    world::unseal(&house, seal).await;
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from sealed_figures").await, 0, "nothing is left, and nothing below nought");
    assert_eq!(proposed().await, 2);
});

/// How often the cases behind a number are counted in it, and which they are.
async fn behind(house: &House, who: &str, line: &str, period: &str) -> (i64, Vec<String>) {
    let path = format!("/api/v1/reports/cases?line={line}&{period}");
    let list = house.program(who).await.get(&path).await.expect(200).json();
    assert!(list["next"].is_null(), "all of them are on one page");
    let cases = list["items"].as_array().unwrap();
    let ids = cases.iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect();
    (cases.iter().map(|case| case["times"].as_i64().unwrap()).sum(), ids)
}

both!(the_cases_behind_a_number_add_up_to_it, async |house: House| {
    let (lives, last, _) = half_a_year(&house, 5).await;
    let sealed: Vec<String> = lives.iter().filter(|life| life.sealed).map(|life| life.case.to_string()).collect();
    let mut numbers = 0;
    for period in [format!("period=half_year&rule=state&on={TODAY}"), format!("period=year&rule=calendar&on={last}")] {
        // Of one's own cases exactly; in the commune's report what was sealed is in the number and not behind it.
        for (who, path, more) in
            [("officer", "/mine", "&mine=true"), ("officer2", "/mine", "&mine=true"), ("supervisor", "", "")]
        {
            let report = house.program(who).await.get(&format!("/api/v1/reports{path}?{period}")).await.expect(200);
            let told = values(&report.json());
            for line in lines::lines().filter(|line| line.drills() && told[&line.key] > 0) {
                let (sum, ids) = behind(&house, who, &line.key, &format!("{period}{more}")).await;
                let value = told[&line.key];
                assert!(sum == value || (who == "supervisor" && sum < value), "{who} {}: {sum} of {value}", line.key);
                assert!(ids.iter().all(|id| !sealed.contains(id)), "{who} {}: {ids:?}", line.key);
                numbers += 1;
            }
        }
    }
    assert!(numbers > 40 && !sealed.is_empty(), "{numbers}");
    // Whoever is kept from a person does not find her behind any number; one that leads to no case leads nowhere.
    let (_, live) = behind(&house, "supervisor", "managed_end", &format!("period=month&rule=state&on={last}")).await;
    let kept = live[0].clone();
    world::deputy(&house).await;
    world::restrict(&house, "deputy", kept.parse().unwrap(), "exclusion", &["supervisor"]).await;
    let period = format!("period=year&rule=calendar&on={last}");
    for line in lines::lines().filter(|line| line.drills()) {
        let (_, ids) = behind(&house, "supervisor", &line.key, &period).await;
        assert!(!ids.contains(&kept), "{}", line.key);
    }
    for line in ["meetings_reunion", "came", "lent_policy_credit", "cleared_certificate", "funded_vnd", "models"] {
        house.program("supervisor").await.get(&format!("/api/v1/reports/cases?line={line}")).await.expect(422);
    }
});

/// Reading statements, without those that ask who it is.
fn asked(heard: &[String]) -> usize {
    let known = ["from sessions", "person_keys", "from audit where seq"];
    heard.iter().filter(|sql| sql.starts_with("select") && !known.iter().any(|word| sql.contains(word))).count()
}

both!(pages_of_numbers_ask_as_many_statements_however_many_cases_there_are, async |house: House| {
    const PAGES: [(&str, &str); 10] = [
        ("supervisor", "/reports"),
        ("supervisor", "/reports/cases?line=managed_end"),
        ("supervisor", "/reports/outside"),
        ("supervisor", "/gaps"),
        ("officer", "/reports/mine"),
        ("officer", "/gaps"),
        ("province", "/reports"),
        ("province", "/reports/outside"),
        ("partner", "/organisation-figures"),
        ("council", "/waiting"),
    ];
    let women = world::organisation(&house, "30577", "women").await;
    let more = async |numbers: std::ops::Range<usize>| {
        for number in numbers {
            let case = world::open(&house, "officer", &world::draft(&format!("Dài{number}"), number)).await;
            world::refer(&house, "officer", case, women, "partner").await;
            world::visit(&house, "officer", case, &world::met("home", TODAY)).await;
            helped(&house, "officer", case, "gift", None).await;
        }
    };
    let counts = async || {
        let mut counts = Vec::new();
        for (who, path) in PAGES {
            let person = house.as_(who).await;
            person.get(path).await.expect(200);
            let (answer, heard) = duongve::store::listen(person.get(path)).await;
            answer.expect(200);
            counts.push((who, path, asked(&heard)));
        }
        counts
    };
    more(0..2).await;
    let few = counts().await;
    more(2..16).await;
    assert_eq!(counts().await, few);
    assert!(few.iter().all(|(.., count)| (1..=40).contains(count)), "{few:?}");
});

both!(the_file_says_what_the_page_says, async |house: House| {
    use calamine::{Reader, Xlsx};
    three_months(&house).await;
    let query = "period=quarter&rule=state&on=2026-12-30";
    let report = house.program("supervisor").await.get(&format!("/api/v1/reports?{query}")).await.expect(200).json();
    let file = house.as_("supervisor").await.get(&format!("/reports/export?{query}")).await.expect(200);
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("2026-12-15-2027-03-14.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(file.bytes)).unwrap();
    let sheet = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&sheet).unwrap();
    let rows: Vec<Vec<String>> =
        range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>()).collect();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for indicator in report["indicators"].as_array().unwrap() {
        for line in indicator["lines"].as_array().unwrap() {
            let wanted = [&indicator["number"], &line["label"], &line["value"]].map(text);
            let found =
                rows.iter().find(|row| row.len() > 4 && row[..3] == wanted && row[4] == text(&line["definition"]));
            let found = found.unwrap_or_else(|| panic!("{wanted:?} is in no row of {rows:?}"));
            assert_eq!(found[3], line.get("of").map(text).unwrap_or_default(), "{wanted:?}");
        }
    }
    let foot = rows.concat().join(" ");
    assert!(
        foot.contains("từ ngày 15") && foot.contains("15/12/2026 – 14/03/2027") && foot.contains("supervisor"),
        "{foot}"
    );
});

both!(the_drawing_and_its_table_are_the_reports_of_the_periods_before, async |house: House| {
    three_months(&house).await;
    let program = house.program("supervisor").await;
    let path = "/reports?period=month&rule=state&on=2027-02-20";
    let report = program.get(&format!("/api/v1{path}")).await.expect(200).json();
    let trend = report["trend"].as_array().unwrap();
    assert_eq!(trend.len(), 12);
    let page = house.as_("supervisor").await.get(path).await.expect(200).text();
    assert_eq!(page.matches("<rect class=\"bar\"").count(), 12 * lines::DRAWN.len());
    let table = page.split("<caption>").nth(1).unwrap().split("</table>").next().unwrap();
    let rows: Vec<&str> = table.split("<tr>").skip(2).collect();
    assert_eq!(rows.len(), 12, "{table}");
    let mut met = 0;
    for (row, period) in rows.iter().zip(trend) {
        let to = period["to"].as_str().unwrap();
        let own = program.get(&format!("/api/v1/reports?period=month&rule=state&on={to}")).await.expect(200).json();
        let own = values(&own);
        let cells: Vec<i64> = row
            .split("<td")
            .skip(1)
            .map(|cell| cell.split('>').nth(1).unwrap().split('<').next().unwrap().parse().unwrap())
            .collect();
        for (key, cell) in lines::DRAWN.iter().zip(cells) {
            assert_eq!((Some(own[*key]), own[*key]), (period["values"][key].as_i64(), cell), "{key} up to {to}");
            met += own[*key];
        }
    }
    assert!(met > 0);
});
