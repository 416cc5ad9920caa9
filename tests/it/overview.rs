//! What the head of a commune and the province see first.

use crate::{
    both,
    office::{NAMES, actor, codes, furnish, number, open_case, sql, tick},
};
use duongve::{
    base::time::At,
    follow_ups::{self, tally},
    policy::acts::{CountFollowUps, ListFollowUps},
};
use jiff::civil::date;

both!(the_head_sees_what_nobody_has_first, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get("/overview").await.expect(200).text();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    assert!(place("id=\"unassigned\"") < place("Phạm Văn Lẹ"));
    assert!(place("Phạm Văn Lẹ") < place("class=\"kpis\""));
    assert!(place("class=\"bars\"") < place("Theo cán bộ"));
    assert!(page.contains("Xã Ô Lâm") && !page.contains("Đỗ Thị Mười") && !page.contains("Bùi Tấn Đạt"));
    assert!(page.contains("href=\"/digests/0"), "this morning's digest");
    assert!(!page.contains("style="), "the policy for content forbids it");
    // The bars: Phước Lộc has two people, each with as many as its number says.
    let bars = page[place("class=\"bars\"")..].split("</ul>").next().unwrap();
    let numbers: i64 =
        bars.split("<b>").skip(1).map(|part| part.split('<').next().unwrap().parse::<i64>().unwrap()).sum();
    let boss = actor(&house.app, "supervisor").await;
    let listed = house.store().scope::<ListFollowUps>(&boss).unwrap();
    let overdue = follow_ups::counts(house.store(), &listed).await.unwrap().overdue;
    assert_eq!(numbers, overdue);
    let scope = house.store().scope::<CountFollowUps>(&boss).unwrap();
    let officers = tally::by_officer(house.store(), &scope).await.unwrap();
    assert_eq!(officers.iter().map(|row| row.overdue).sum::<i64>(), overdue);
    assert_eq!(officers[0].officer_id, None);
    assert_eq!(officers.iter().map(|row| row.cases).collect::<Vec<_>>(), [1, 2, 1]);
});

both!(the_overview_costs_five_statements, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    // One more for each thing that waits beside the tasks.
    let owed = duongve::base::words::Owing::ALL.len();
    for (name, most) in [("supervisor", 5 + owed), ("province", 3)] {
        let person = house.as_(name).await;
        person.get("/overview").await.expect(200);
        let (answer, heard) = duongve::store::listen(person.get("/overview")).await;
        answer.expect(200);
        assert!(heard.len() <= most, "{name}: {heard:#?}");
        assert!(!heard.is_empty());
    }
});

both!(the_province_sees_counts_and_nothing_else, async |house: crate::house::House| {
    furnish(&house).await;
    tick(&house).await;
    let province = house.as_("province").await;
    let page = province.get("/overview").await.expect(200).text();
    assert!(codes(&page).is_empty(), "no code");
    for name in NAMES.iter().filter(|name| **name != "Võ Thành Nhân") {
        assert!(!page.contains(name), "{name}");
    }
    assert!(!page.contains("Phước") && !page.contains("/cases/") && !page.contains("/digests/"));
    assert!(page.contains("Xã Ô Lâm") && page.contains("Phường Mỹ Thới"));
    // What the province counts is what the heads of the communes list.
    let counter = actor(&house.app, "province").await;
    let scope = house.store().scope::<CountFollowUps>(&counter).unwrap();
    let areas = tally::by_area(house.store(), &scope).await.unwrap();
    assert_eq!(areas.len(), 102, "every commune, also the quiet ones");
    for (head, code) in [("supervisor", "30577"), ("supervisor3", "30301")] {
        let boss = actor(&house.app, head).await;
        let listed = house.store().scope::<ListFollowUps>(&boss).unwrap();
        let overdue = follow_ups::counts(house.store(), &listed).await.unwrap().overdue;
        let area = areas.iter().find(|area| area.code.0 == code).unwrap();
        assert_eq!(area.overdue, overdue, "{code}");
        assert!(overdue > 0);
    }
    let (cases, unassigned) = areas.iter().fold((0, 0), |sum, area| (sum.0 + area.cases, sum.1 + area.unassigned));
    assert_eq!((cases, unassigned), (5, 1));
    for name in ["officer", "partner", "admin", "council", "inspector", "lender"] {
        house.as_(name).await.get("/overview").await.expect(403);
    }
});

both!(a_commune_without_a_head_or_with_unread_digests_is_told, async |house: crate::house::House| {
    furnish(&house).await;
    house.go_to(date(2026, 11, 12));
    tick(&house).await;
    let told = async |text: &str| house.as_("province").await.get("/overview").await.text().matches(text).count();
    // Twice in the head of the page: the number's own name.
    assert_eq!(told("chip waiting").await, 0);
    house.clock.set(At::of(date(2026, 11, 19), 7, 29));
    assert_eq!(told("chip waiting").await, 0, "not yet seven days");
    house.go_to(date(2026, 11, 19));
    assert_eq!(told("<span class=\"chip waiting\">Chưa mở bản tin 7 ngày").await, 2);
    // One head opens a later digest: she reads again.
    tick(&house).await;
    let head = house.as_("supervisor3").await;
    let page = head.get("/digests").await.text();
    let at = page.find("href=\"/digests/0").unwrap() + 6;
    head.get(page[at..].split('"').next().unwrap()).await.expect(200);
    assert_eq!(told("<span class=\"chip waiting\">Chưa mở bản tin 7 ngày").await, 1);
    sql(&house, "update users set disabled_at = 1 where username = 'supervisor3'").await;
    assert_eq!(told("<span class=\"chip waiting\">Chưa có chỉ huy").await, 1);
});

both!(three_tries_come_to_the_head, async |house: crate::house::House| {
    let case = open_case(&house, "officer", "30577", "Trần Quốc Ửng", "Phước Thọ", date(2026, 11, 2)).await;
    let officer = house.as_("officer").await;
    for day in ["09/11/2026", "12/11/2026", "16/11/2026"] {
        assert!(!house.as_("supervisor").await.get("/overview").await.text().contains("id=\"tried\""));
        let visit = [("on", day), ("kind", "home"), ("met", "false")];
        officer.post(&format!("/cases/{case}/visits"), &visit).await.expect(303);
    }
    let page = house.as_("supervisor").await.get("/overview").await.expect(200).text();
    assert!(page.contains("id=\"tried\"") && page.contains("3 lần không gặp"));
    assert_eq!(number(&house, "select count(*) from cases where to_supervisor").await, 1);
});
