//! Once a week the province has the counts of its communes: none skipped, none twice, and no name in them.

use crate::{
    both,
    office::{NAMES, codes, furnish, number, tick, to},
};
use jiff::civil::date;

both!(a_week_is_told_once_and_missed_weeks_are_named, async |house: crate::house::House| {
    furnish(&house).await;
    house.go_to(date(2026, 11, 2));
    tick(&house).await;
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from bulletins").await, 1);
    house.go_to(date(2026, 11, 4));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from bulletins").await, 1, "on the first working day of a week");
    // Down for three weeks.
    house.go_to(date(2026, 11, 23));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from bulletins").await, 2);
    assert_eq!(number(&house, "select count(*) from jobs where kind = 'bulletin' and outcome = 'merged'").await, 2);
    let mails = to(&house, "province");
    assert_eq!(mails.len(), 2, "{mails:?}");
    let newest = mails.iter().find(|mail| mail.subject.ends_with("23/11/2026")).unwrap();
    assert!(newest.text.contains("gộp 2 kỳ trước") && newest.text.contains("Xã, phường có hồ sơ: 2"), "{newest:?}");
    for mail in &mails {
        assert!(NAMES.iter().all(|name| !mail.text.contains(name)) && !mail.text.contains("DV-"), "{mail:?}");
        assert!(!mail.text.contains("Ô Lâm"), "no place in a mail");
        let whole = format!("{} {}", mail.subject, mail.text);
        assert!(codes(&whole).is_empty() && NAMES.iter().all(|name| !mail.subject.contains(name)), "{mail:?}");
    }
    // The heads have left their digests unopened: the newest says so of both communes.
    let list = house.program("province").await.get("/api/v1/bulletins?count=true").await.expect(200).json();
    assert_eq!(list["count"], 2);
    let path = format!("/api/v1/bulletins/{}", list["items"][0]["id"].as_str().unwrap());
    let one = house.program("province").await.get(&path).await.expect(200).json();
    let communes = one["communes"].as_array().unwrap();
    assert_eq!((communes.len(), &one["missed"]), (2, &2.into()), "{one}");
    assert!(communes.iter().all(|line| line["unread"] == true && line["headless"] == false), "{one}");
    let page = house.as_("province").await.get(&path.replace("/api/v1", "")).await.expect(200).text();
    // Her own name stands above every page.
    let mut others = NAMES.iter().filter(|name| **name != "Võ Thành Nhân");
    assert!(codes(&page).is_empty() && page.contains("Xã Ô Lâm") && others.all(|name| !page.contains(name)), "{page}");
    for who in ["supervisor", "officer", "partner", "admin"] {
        house.as_(who).await.get("/bulletins").await.expect(403);
    }
    // Each count is that of the rows of its commune.
    for line in communes {
        let area = line["area"].as_str().unwrap();
        let of =
            format!("from cases c where c.area_code = '{area}' and c.status in ('noticed', 'active', 'suspended')");
        let open = format!(
            "select count(*) {} and ",
            of.replace("from cases c", "from follow_ups f join cases c on c.id = f.case_id")
        );
        let now = "f.done_at is null and f.dropped_at is null";
        for (key, sql) in [
            ("cases", format!("select count(*) {of}")),
            ("unassigned", format!("select count(*) {of} and c.officer_id is null")),
            ("open", format!("{open}{now}")),
            ("overdue", format!("{open}{now} and f.due_on < '2026-11-23'")),
        ] {
            assert_eq!(line[key], number(&house, &sql).await, "{key} of {area}");
        }
    }
    // A commune whose only head is shut out has none.
    let mut raw = crate::raw::Raw::of(&house).await;
    raw.run("update users set disabled_at = 1 where username = 'supervisor3'").await;
    house.go_to(date(2026, 11, 30));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from bulletin_lines where headless").await, 1);
});
