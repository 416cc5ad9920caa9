//! Signing in and out.

use crate::{both, house::PASSWORD};

both!(a_wrong_name_and_a_wrong_password_get_the_same_answer, async |house: crate::house::House| {
    let wrong_password =
        house.nobody().post("/sign-in", &[("username", "officer"), ("password", "sai mật khẩu rồi nhé")]).await;
    let wrong_name = house.nobody().post("/sign-in", &[("username", "nobody"), ("password", PASSWORD)]).await;
    assert_eq!(wrong_password.status, 422);
    assert_eq!(wrong_name.status, 422);
    assert_eq!(wrong_password.text().replace("officer", ""), wrong_name.text().replace("nobody", ""));
});

both!(signing_out_ends_the_session, async |house: crate::house::House| {
    let officer = house.as_("officer").await;
    officer.get("/password").await.expect(200);
    officer.post("/sign-out", &[]).await.expect(303);
    assert_eq!(officer.get("/password").await.goes_to(), "/sign-in?next=%2Fpassword");
});

both!(an_unknown_record_is_not_found_whatever_its_kind, async |house: crate::house::House| {
    let officer = house.as_("officer").await;
    let id = "018f0000-0000-7000-8000-000000000000";
    officer.get(&format!("/visits/{id}/withdrawal")).await.expect(404);
    officer.get(&format!("/cases/{id}/visits/new")).await.expect(404);
    officer.get("/cases/not-an-id/visits/new").await.expect(404);
});
