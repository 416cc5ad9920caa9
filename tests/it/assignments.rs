//! Who is in charge: handover, leave, an account that is shut.

use crate::{
    both,
    cases::{AREA, hidden, opened, user},
};
use jiff::civil::date;

both!(a_handover_keeps_what_is_overdue, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "01/10/2026")]).await;
    let page = format!("/cases/{case}");
    house.go_to(date(2026, 12, 14));
    let late = |text: &str| text.matches("class=\"ahead late\"").count();
    let before = late(&house.as_("officer").await.get(&page).await.expect(200).text());
    assert!(before > 0, "something is late before");
    let supervisor = house.as_("supervisor").await;
    let url = format!("{page}/assignments");
    house.as_("officer").await.post(&url, &[("officer", "officer2"), ("version", "1")]).await.expect(403);
    let version = hidden(&supervisor.get(&url).await.expect(200).text(), "version");
    supervisor.post(&url, &[("officer", "officer3"), ("version", &version)]).await.expect(422);
    supervisor.post(&url, &[("officer", "officer2"), ("reason", "chuyển ấp"), ("version", &version)]).await.expect(303);
    supervisor.post(&url, &[("officer", "officer"), ("version", &version)]).await.expect(412);
    house.as_("officer").await.get(&page).await.expect(404);
    let hers = house.as_("officer2").await.get(&page).await.expect(200).text();
    assert_eq!(late(&hers), before);
    let history = house.as_("officer2").await.get(&url).await.expect(200).text();
    assert!(
        history.contains("Kim Sa Rươl") && history.contains("Trần Ngọc Diễm") && history.contains("chuyển ấp"),
        "{history}"
    );
});

both!(a_shut_account_leaves_its_people_first_in_the_heads_list, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức")]).await;
    opened(&house, "officer2", &[("name", "Phạm Thị Huyền")]).await;
    let supervisor = house.as_("supervisor").await;
    assert!(!supervisor.get("/cases?unassigned=true").await.expect(200).text().contains("Nguyễn Văn Đức"));
    let officer = house.as_("officer").await;
    let id = user(&house, "officer").await;
    house.as_("admin").await.post(&format!("/staff/{id}/disabling"), &[]).await.expect(303);
    assert!(officer.get("/cases").await.goes_to().starts_with("/sign-in"));
    let list = supervisor.get("/cases?unassigned=true").await.expect(200).text();
    assert!(list.contains("Nguyễn Văn Đức") && !list.contains("Phạm Thị Huyền"), "{list}");
    let page = supervisor.get(&format!("/cases/{case}")).await.expect(200).text();
    assert!(page.contains(&duongve::base::lang::Lang::Vi.say("cases-unassigned")), "{page}");
});

both!(a_cover_sees_and_settles_during_the_leave_and_not_after, async |house: crate::house::House| {
    let case = opened(&house, "officer", &[("name", "Nguyễn Văn Đức"), ("received_on", "01/10/2026")]).await;
    let page = format!("/cases/{case}");
    house.as_("officer2").await.get(&page).await.expect(404);
    let supervisor = house.as_("supervisor").await;
    let url = format!("/areas/{AREA}/covers");
    supervisor.get(&format!("{url}/new")).await.expect(200);
    let leave = [("officer", "officer"), ("cover", "officer2"), ("from_on", "23/11/2026"), ("to_on", "24/11/2026")];
    house.as_("officer2").await.post(&url, &leave).await.expect(403);
    let twice = [("officer", "officer"), ("cover", "officer"), ("from_on", "23/11/2026"), ("to_on", "22/11/2026")];
    let refused = supervisor.post(&url, &twice).await.expect(422).text();
    assert!(refused.contains("id=\"cover-error\"") && refused.contains("id=\"to_on-error\""), "{refused}");
    supervisor.post(&url, &leave).await.expect(303);
    let before = house.as_("officer2").await.get(&page).await.expect(200).text();
    let home = house.as_("officer2").await.get("/").await.expect(200).text();
    assert!(home.contains("làm thay "), "a colleague's task says whose it is: {home}");
    assert!(!house.as_("officer").await.get("/").await.text().contains("làm thay "));
    let visit = [("on", "23/11/2026"), ("kind", "home"), ("met", "true"), ("note", "gặp ở nhà")];
    house.as_("officer2").await.post(&format!("{page}/visits"), &visit).await.expect(303);
    let after = house.as_("officer").await.get(&page).await.expect(200).text();
    let first = "Lần gặp đầu tiên sau khi tiếp nhận";
    assert!(before.contains(first) && !after.contains(first), "the first contact is settled: {after}");
    house.go_to(date(2026, 11, 25));
    house.as_("officer2").await.get(&page).await.expect(404);
    house.as_("officer").await.get(&page).await.expect(200);
});
