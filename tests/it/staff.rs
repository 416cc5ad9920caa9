//! Signing in and out.

use crate::{
    both,
    follow_ups::hidden,
    house::{PASSWORD, TODAY, shown_code},
};
use duongve::base::time::At;

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

both!(a_grave_act_asks_who_you_are_again, async |house: crate::house::House| {
    let admin = house.as_("admin").await;
    let user = crate::world::user_id(&house, "officer2").await;
    let path = format!("/staff/{user}/disabling");
    house.clock.set(At::of(TODAY, 7, 40));
    let page = admin.get("/staff").await.expect(200).text();
    assert!(page.contains("officer2"), "reading goes on");
    house.clock.set(At::of(TODAY, 7, 41));
    let asked = admin.post(&path, &[]).await.expect(401).text();
    assert!(asked.contains(r#"action="/confirmation""#), "{asked}");
    assert!(house.store().sign_in_account("officer2").await.unwrap().unwrap().disabled_at.is_none());
    let (kept, code) = (hidden(&asked, "kept"), shown_code(&asked).unwrap());
    let give = |password: &'static str, code: &str| {
        [("password", password.to_owned()), ("code", code.to_owned()), ("next", "/".to_owned()), ("kept", kept.clone())]
    };
    let post = async |fields: [(&'static str, String); 4]| {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        admin.post("/confirmation", &fields).await
    };
    let again = post(give("sai mật khẩu rồi nhé", &code)).await.expect(422).text();
    assert_eq!(hidden(&again, "kept"), kept);
    // She has given a second factor to come in: the password alone is not enough to go on.
    post(give(PASSWORD, "000000")).await.expect(422);
    let resumed = post(give(PASSWORD, &code)).await.expect(200);
    let token = resumed.cookie("__Host-sid");
    let page = resumed.text();
    assert!(page.contains(&format!(r#"action="{path}""#)), "{page}");
    // The session goes on under a new token; the old one is worth nothing.
    assert_eq!(admin.get("/staff").await.status, 303);
    house.holding(&token).post(&path, &[]).await.expect(303);
    assert!(house.store().sign_in_account("officer2").await.unwrap().unwrap().disabled_at.is_some());
});
