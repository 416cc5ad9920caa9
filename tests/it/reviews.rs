//! The half-yearly review of accounts and rights.

use crate::{both, house::House, raw::Raw, world};
use jiff::civil::date;

both!(admin_and_inspector_look_at_every_account_and_sign_by_name, async |house: House| {
    let (admin, inspector) = (house.as_("admin").await, house.as_("inspector").await);
    for other in ["officer", "supervisor", "province", "partner"] {
        house.as_(other).await.get("/review").await.expect(403);
    }
    admin.post("/review/signature", &[]).await.expect(422);
    admin.post("/review", &[]).await.expect(303);
    admin.post("/review", &[]).await.expect(422);
    let page = admin.get("/review").await.expect(200).text();
    assert!(
        page.contains("Còn 13 tài khoản chờ xem") && page.contains("Chưa lần nào") && page.contains("23/11/2026"),
        "{page}"
    );
    let mine = world::user_id(&house, "admin").await;
    let own = admin.post(&format!("/review/{mine}/verdict"), &[("verdict", "keep")]).await.expect(422).text();
    assert!(own.contains("Không tự xác nhận"), "nobody confirms her own account");
    let partner = world::user_id(&house, "partner").await;
    admin.post(&format!("/review/{partner}/verdict"), &[("verdict", "close")]).await.expect(422);
    let marked = [("verdict", "close"), ("note", "Đã nghỉ việc")];
    admin.post(&format!("/review/{partner}/verdict"), &marked).await.expect(303);
    admin.post("/review/signature", &[]).await.expect(422);
    for (name, ..) in world::PEOPLE {
        if *name == "partner" {
            continue;
        }
        let id = world::user_id(&house, name).await;
        let by = if *name == "admin" { &inspector } else { &admin };
        by.post(&format!("/review/{id}/verdict"), &[("verdict", "keep")]).await.expect(303);
    }
    inspector.post("/review/signature", &[("note", "Đủ")]).await.expect(303);
    let page = admin.get("/review").await.expect(200).text();
    assert!(page.contains("Huỳnh Công Tâm ký") && page.contains("1 cần đổi hoặc khóa"), "{page}");
    assert!(page.contains("23/05/2027"), "the next is due half a year later: {page}");
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from audit where act = 'review.judge' and outcome = 'done'").await, 13);
    assert_eq!(raw.number("select count(*) from audit where act = 'review.sign' and outcome = 'done'").await, 1);
    assert_eq!(
        raw.number("select count(*) from users where disabled_at is not null").await,
        0,
        "a verdict shuts nobody by itself"
    );
});

both!(a_review_that_is_late_says_so, async |house: House| {
    let page = house.as_("admin").await.get("/review").await.expect(200).text();
    assert!(page.contains("Hạn ký: 23/05/2027"), "{page}");
    house.go_to(date(2027, 5, 24));
    let page = house.as_("admin").await.get("/review").await.expect(200).text();
    assert!(page.contains("Quá hạn từ 23/05/2027"), "{page}");
    let page = house.as_("inspector").await.get("/trail").await.expect(200).text();
    assert!(page.contains(r#"class="chip late count">1<"#), "the inspector is told where she begins: {page}");
});
