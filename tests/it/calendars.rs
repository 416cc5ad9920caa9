//! One's own tasks on one's own phone: the same set as the first page, by code and day only, until the address is dropped.

use crate::{
    both,
    follow_ups::{open_case, refer_to_partner},
    house::House,
};
use std::collections::BTreeSet;

/// Makes an address as its page does; the path of the feed.
async fn address(house: &House, name: &str) -> String {
    let page = house.as_(name).await.post("/calendar", &[]).await.expect(200).text();
    let path = page.split("/calendar/").find(|rest| rest.contains(".ics")).unwrap_or_else(|| panic!("{page}"));
    format!("/calendar/{}.ics", path.split(".ics").next().unwrap())
}

/// The lines of a feed, folded ones joined.
async fn feed(house: &House, path: &str) -> Vec<String> {
    let text = house.nobody().get(path).await.expect(200).text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    text.replace("\r\n ", "").split("\r\n").map(ToOwned::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(name)).collect()
}

both!(the_calendar_holds_what_the_first_page_holds_and_names_nobody, async |house: House| {
    let late = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    open_case(&house, "officer", "Lê Thị Tính", "23/11/2026").await;
    open_case(&house, "officer2", "Phạm Thị Huyền", "01/11/2026").await;
    let path = address(&house, "officer").await;
    let lines = feed(&house, &path).await;

    let program = house.program("officer").await;
    let mut due = BTreeSet::new();
    for state in ["overdue", "today", "upcoming"] {
        let list = program.get(&format!("/api/v1/follow-ups?state={state}&limit=100")).await.expect(200).json();
        due.extend(list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
    }
    let told: BTreeSet<String> =
        values(&lines, "UID:").iter().map(|uid| uid.strip_suffix("@duongve").unwrap().to_owned()).collect();
    assert!(due.len() >= 2);
    assert_eq!(told, due, "the calendar is the list");

    assert!(lines.iter().any(|line| line.starts_with("SUMMARY:Thăm ") && line.contains("Trễ 14 ngày")), "{lines:?}");
    assert!(values(&lines, "DTSTART;VALUE=DATE:").contains(&"20261123"), "what is late stands on today: {lines:?}");
    assert!(values(&lines, "URL:").iter().any(|url| url.ends_with(&format!("/cases/{late}"))));
    let all = lines.join("\n");
    for secret in ["Nguyễn", "Đức", "Tính", "Phước Lộc", "0900", "+849", "tiếp nhận"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
});

both!(a_heads_calendar_is_hers_and_not_her_communes, async |house: House| {
    open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let all = house.program("supervisor").await.get("/api/v1/follow-ups?state=overdue").await.expect(200).json();
    assert!(!all["items"].as_array().unwrap().is_empty(), "she sees what is overdue in her commune");
    let path = address(&house, "supervisor").await;
    assert_eq!(values(&feed(&house, &path).await, "UID:").len(), 0, "none of it is hers");
});

both!(a_helper_has_her_own_agreed_tasks_and_no_others, async |house: House| {
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    refer_to_partner(&house, &case).await;
    let path = address(&house, "partner").await;
    assert_eq!(values(&feed(&house, &path).await, "UID:").len(), 0, "no task was agreed with her");
});

both!(an_address_ends_when_it_is_dropped_replaced_or_its_owner_changes_the_password, async |house: House| {
    open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let first = address(&house, "officer").await;
    let second = address(&house, "officer").await;
    assert_ne!(first, second);
    house.nobody().get(&first).await.expect(404);
    feed(&house, &second).await;

    // It opens its feed and nothing else.
    let token = second.trim_start_matches("/calendar/").trim_end_matches(".ics");
    house.holding(token).get("/").await.expect(303);

    let officer = house.as_("officer").await;
    assert_eq!(officer.post("/calendar/ending", &[]).await.expect(303).goes_to(), "/calendar?done=calendar-ended");
    let unknown = house.nobody().get("/calendar/made-up.ics").await.expect(404).text();
    assert_eq!(house.nobody().get(&second).await.expect(404).text().len(), unknown.len(), "ended is unknown");

    let third = address(&house, "officer").await;
    let (_, actor) = crate::follow_ups::actor(&house, "officer").await;
    let id = actor.user().unwrap();
    let admin = crate::world::actor(&house, "admin").await;
    let grant = house.store().permit::<duongve::policy::acts::EditStaff>(&admin, id).await.unwrap();
    duongve::staff::disable(house.store(), grant).await.unwrap();
    house.nobody().get(&third).await.expect(404);
});

both!(who_has_no_tasks_has_no_calendar, async |house: House| {
    for name in ["admin", "inspector", "lender"] {
        house.as_(name).await.get("/calendar").await.expect(403);
        house.as_(name).await.post("/calendar", &[]).await.expect(403);
    }
});
