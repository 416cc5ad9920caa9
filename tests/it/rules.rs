//! Rules and the working calendar, set by the admin and read by those who work by them.

use crate::both;

both!(the_admin_sets_a_rule_and_a_day_and_the_officer_reads_them, async |house: crate::house::House| {
    let admin = house.as_("admin").await;
    let before = duongve::follow_ups::rulebook(house.store()).await.unwrap();
    assert_eq!(before.rules.find("contact_b").unwrap().days, 30);
    let change = [("word", "contact_b"), ("amount", "20"), ("valid_from", "23/11/2026")];
    admin.post("/areas/91/rules", &change).await.expect(303);
    let after = duongve::follow_ups::rulebook(house.store()).await.unwrap();
    assert_eq!(after.rules.find("contact_b").unwrap().days, 20);
    assert!(after.version > before.version);

    let day =
        [("on", "25/11/2026"), ("kind", "off"), ("name_vi", "Bão"), ("name_en", "Storm"), ("legal_basis", "QĐ 1")];
    admin.post("/areas/91/holidays", &day).await.expect(303);
    let after = duongve::follow_ups::rulebook(house.store()).await.unwrap();
    assert!(!after.days.is_working(jiff::civil::date(2026, 11, 25)));
    let officer = house.as_("officer").await;
    let page = officer.get("/rules?year=2026").await.expect(200).text();
    assert!(page.contains("Bão") && page.contains("TT 10/2024/TT-BCA Điều 8"));
    officer.post("/areas/30577/rules", &change).await.expect(403);
});

both!(a_rule_of_the_past_and_a_swap_on_a_monday_are_refused, async |house: crate::house::House| {
    let admin = house.as_("admin").await;
    let past = [("word", "contact_b"), ("amount", "0"), ("valid_from", "01/01/2026")];
    let page = admin.post("/areas/91/rules", &past).await.expect(422).text();
    assert!(page.contains("01/01/2026"), "what was typed is still there");
    let monday = [("on", "30/11/2026"), ("kind", "swap"), ("name_vi", "x"), ("name_en", "x"), ("legal_basis", "x")];
    admin.post("/areas/91/holidays", &monday).await.expect(422);
});

both!(whoever_does_not_work_by_the_rules_reads_the_calendar_alone, async |house: crate::house::House| {
    let tells = async |who: &str| {
        let page = house.as_(who).await.get("/rules?year=2026").await.expect(200).text();
        assert!(page.contains("31/08/2026"), "{who} reads the calendar");
        (page.contains("Khoảng cách giữa các lần gặp, loại C"), page.contains("Số lần xem ban đêm"))
    };
    for who in ["officer", "supervisor", "province"] {
        assert_eq!(tells(who).await, (true, false), "{who}");
    }
    for who in ["admin", "inspector"] {
        assert_eq!(tells(who).await, (true, true), "{who}");
    }
    // An interval would tell a helper the group.
    for who in ["partner", "lender", "council"] {
        assert_eq!(tells(who).await, (false, false), "{who}");
    }
});
