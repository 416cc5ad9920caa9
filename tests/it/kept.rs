//! A form whose session ended while it was being typed.

use crate::{
    both,
    follow_ups::{hidden, open_case},
    house::{Answer, House, PASSWORD},
};
use duongve::base::time::At;

/// The officer types a visit; her session ends before she sends it. The page that comes back.
async fn typed_too_long(house: &House) -> (String, String) {
    let case = open_case(house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let officer = house.as_("officer").await;
    house.clock.set(At::of(crate::house::TODAY, 8, 1));
    let page = officer.post(&format!("/cases/{case}/visits"), &visit()).await.expect(401).text();
    assert!(page.contains("Những gì vừa gõ vẫn còn"), "{page}");
    assert!(!page.contains("Muốn học nghề hàn"), "the text is carried, not shown");
    (case, hidden(&page, "kept"))
}

fn visit() -> [(&'static str, &'static str); 8] {
    let key = "7e3c9d52-2f0b-4f6d-9a55-0d6f1f8f2a11";
    let note = "Muốn học nghề \"hàn\"";
    [
        ("_key", key),
        ("on", "23/11/2026"),
        ("kind", "home"),
        ("met", "true"),
        ("note", note),
        ("shared_note", ""),
        ("next_on", ""),
        ("password", "không được giữ"),
    ]
}

async fn sign_in(house: &House, username: &str, password: &str, kept: &str) -> Answer {
    house
        .nobody()
        .post("/sign-in", &[("username", username), ("password", password), ("next", "/"), ("kept", kept)])
        .await
}

fn token_of(answer: &Answer) -> String {
    answer.cookie("__Host-sid")
}

both!(a_form_outlives_its_session_for_the_same_person, async |house: House| {
    let (case, kept) = typed_too_long(&house).await;
    let wrong = sign_in(&house, "officer", "sai mật khẩu rồi nhé", &kept).await.expect(422).text();
    assert_eq!(hidden(&wrong, "kept"), kept, "a slip of the hand costs nothing");
    let answer = sign_in(&house, "officer", PASSWORD, &kept).await.expect(200);
    let (token, page) = (token_of(&answer), answer.text());
    assert!(page.contains(&format!(r#"action="/cases/{case}/visits""#)), "{page}");
    assert!(page.contains("&#34;hàn&#34;") && !page.contains("không được giữ"), "{page}");
    assert_eq!(hidden(&page, "_token"), duongve::http::request::form_token(&token));
    let sent: Vec<(&str, String)> = ["_key", "on", "kind", "met", "shared_note", "next_on"]
        .into_iter()
        .map(|name| (name, hidden(&page, name)))
        .collect();
    let note = hidden(&page, "note").replace("&#34;", "\"");
    let fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (*name, value.as_str())).chain([("note", note.as_str())]).collect();
    let done = house.holding(&token).post(&format!("/cases/{case}/visits"), &fields).await.expect(303);
    assert_eq!(done.goes_to(), format!("/cases/{case}?done=visit-logged"));
});

both!(nobody_else_gets_what_was_typed, async |house: House| {
    let (_case, kept) = typed_too_long(&house).await;
    let other = sign_in(&house, "officer2", PASSWORD, &kept).await.expect(303);
    assert_eq!(other.goes_to(), "/");
    assert!(!other.text().contains("hàn"));
    // Whoever changes the path, the text or the owner breaks the seal.
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let (text, seal) = kept.split_once('.').unwrap();
    let forged = String::from_utf8(URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap().replace("/cases/", "/staff/");
    let forged = format!("{}.{seal}", URL_SAFE_NO_PAD.encode(forged));
    assert_ne!(forged, kept);
    assert_eq!(sign_in(&house, "officer", PASSWORD, &forged).await.expect(303).goes_to(), "/");
    // Half a day later it is too old.
    house.clock.set(At::of(crate::house::TODAY, 20, 2));
    assert_eq!(sign_in(&house, "officer", PASSWORD, &kept).await.expect(303).goes_to(), "/");
});

both!(a_form_of_no_session_of_ours_is_not_carried, async |house: House| {
    let stranger = house.holding("Qm9ndXMgc2Vzc2lvbiB0aGF0IG5ldmVyIHdhcw");
    let case = open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let page = stranger.post(&format!("/cases/{case}/visits"), &visit()).await.expect(401).text();
    assert!(!page.contains(r#"name="kept""#) && page.contains(r#"action="/sign-in""#), "{page}");
    // Nor one without the token of the session's forms, nor the form of a password.
    let officer = house.as_("officer").await;
    house.clock.set(At::of(crate::house::TODAY, 8, 1));
    let request = officer
        .request(axum::http::Method::POST, &format!("/cases/{case}/visits"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("on=23%2F11%2F2026&note=x"))
        .unwrap();
    assert!(!house.send(request).await.expect(401).text().contains(r#"name="kept""#));
    let page = officer.post("/password", &[("present", PASSWORD), ("fresh", "một câu khác dài hơn nữa")]).await;
    assert!(!page.expect(401).text().contains(r#"name="kept""#));
});

both!(the_sign_in_page_refuses_plain_http_elsewhere, async |house: House| {
    // A name that the house was told of, and no https in front of it.
    let mut house = house;
    let mut settings = house.app.settings().clone();
    settings.hosts = vec!["192.168.1.7".to_owned()];
    house.app = duongve::app::App::new(house.store().clone(), settings);
    let there = house.nobody().get("/sign-in").await.expect(200).text();
    assert!(there.contains(r#"name="password""#));
    let request = axum::http::Request::builder().uri("/sign-in").header("host", "192.168.1.7:8080");
    let page = house.send(request.body(axum::body::Body::empty()).unwrap()).await.expect(200).text();
    assert!(!page.contains(r#"name="password""#) && page.contains("Không đăng nhập được qua địa chỉ này."), "{page}");
});

both!(a_form_that_ends_something_is_good_for_a_second_tap, async |house: crate::house::House| {
    let case = crate::follow_ups::open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let (officer, head) = (house.as_("officer").await, house.as_("supervisor").await);
    let key_of = async |who: &crate::house::Person<'_>, url: &str| {
        let page = who.get(url).await.expect(200).text();
        crate::follow_ups::SeenForm::of(&page).key
    };

    // A handover: the version that the page showed is old after the first tap.
    let url = format!("/cases/{case}/assignments");
    let page = head.get(&url).await.expect(200).text();
    let (key, version) = (crate::follow_ups::SeenForm::of(&page).key, hidden(&page, "version"));
    let form = [("_key", key.as_str()), ("version", &version), ("officer", "officer2"), ("reason", "nghỉ phép")];
    head.post(&url, &form).await.expect(303);
    head.post(&url, &form).await.expect(303);
    let changed = [("_key", key.as_str()), ("version", &version), ("officer", "officer"), ("reason", "nghỉ phép")];
    head.post(&url, &changed).await.expect(409);
    head.post(&url, &[("version", version.as_str()), ("officer", "officer"), ("reason", "lại")]).await.expect(412);

    // A closure, by the one who is in charge now.
    let second = house.as_("officer2").await;
    let url = format!("/cases/{case}/closure");
    let key = key_of(&second, &url).await;
    let form = [("_key", key.as_str()), ("ground", "moved"), ("on", "23/11/2026"), ("note", "")];
    let first = second.post(&url, &form).await.expect(303).goes_to().to_owned();
    assert_eq!(second.post(&url, &form).await.expect(303).goes_to(), first);
    let fresh = [("ground", "moved"), ("on", "23/11/2026"), ("note", "")];
    second.post(&url, &fresh).await.expect(422);

    // The same key for another person's case closes nothing.
    let other = crate::follow_ups::open_case(&house, "officer2", "Lê Thị Hoa", "01/11/2026").await;
    second.post(&format!("/cases/{other}/closure"), &form).await.expect(409);
    drop(officer);
});
