//! Signing in, whole: second factor, throttle, known devices, one-time links, sessions, and what admins are held to.

use crate::{
    both,
    house::{Answer, House, PASSWORD, TODAY, shown_code},
    raw::Raw,
    world,
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use duongve::{
    app::App,
    base::time::{At, plus_days},
    config::Settings,
    staff::codes,
    store::SessionKind,
};
use serde_json::json;

/// The same house under other settings.
fn set(mut house: House, change: impl FnOnce(&mut Settings)) -> House {
    let mut settings = house.app.settings().clone();
    change(&mut settings);
    house.app = App::new(house.store().clone(), settings);
    house
}

/// Not the demo: this machine is no office, and nobody is shown a code.
fn for_real(house: House) -> House {
    set(house, |settings| settings.demo = false)
}

async fn give(house: &House, username: &str, password: &str) -> Answer {
    house.nobody().post("/sign-in", &[("username", username), ("password", password)]).await
}

/// A form from somewhere, with cookies.
async fn give_from(house: &House, from: [u8; 4], cookies: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::COOKIE, cookies)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(serde_html_form::to_string(fields).unwrap()))
        .unwrap();
    house.send_from(from, request).await
}

/// The secret that the page shows to be typed, as an app reads it.
fn secret(page: &str) -> Vec<u8> {
    let text = page.split_once(r#"<code class="secret">"#).unwrap().1.split('<').next().unwrap();
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b' ') {
        held = (held << 5) | u32::try_from(letters.iter().position(|known| *known == letter).unwrap()).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).unwrap());
        }
    }
    assert_eq!(bytes.len(), 20, "160 bits");
    bytes
}

fn code(house: &House, secret: &[u8]) -> String {
    // What the telephone shows now, not a step before.
    let now = house.store().now();
    codes::code_now(secret, now, now.micros() / 30_000_000 - 1).unwrap()
}

fn later(house: &House, seconds: i64) {
    house.clock.set(house.store().now().plus(seconds));
}

/// Sets a telephone up at the first sign-in; its secret, the codes for paper, the session's token and the device.
async fn enrol(house: &House, username: &str) -> (Vec<u8>, Vec<String>, String, String) {
    let asked = give(house, username, PASSWORD).await.expect(200);
    let half = house.holding(&asked.cookie("__Host-sid")).token().to_owned();
    let page = asked.text();
    assert!(page.contains("<svg") && page.contains(r#"action="/sign-in/enrolment""#), "{page}");
    let secret = secret(&page);
    let done = house.holding(&half).post("/sign-in/enrolment", &[("code", &code(house, &secret))]).await.expect(200);
    let paper: Vec<String> =
        done.text().split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(paper.len(), 10);
    (secret, paper, done.cookie("__Host-sid"), done.cookie("__Host-device"))
}

both!(whoever_needs_a_second_factor_sets_it_up_at_the_first_sign_in, async |house: House| {
    let house = for_real(house);
    let asked = give(&house, "officer", PASSWORD).await.expect(200);
    let half = house.holding(&asked.cookie("__Host-sid")).token().to_owned();
    // Half a session opens nothing, and is no token for programs.
    assert!(house.holding(&half).get("/").await.goes_to().starts_with("/sign-in"));
    house.holding(&half).post("/password", &[]).await.expect(401);
    let program = crate::house::Program { house: &house, token: Some(half.clone()) };
    program.get("/api/v1/me").await.expect(401);
    assert!(asked.headers.get_all("set-cookie").iter().all(|set| !set.to_str().unwrap().contains("device")));
    house.holding(&half).post("/sign-in/enrolment", &[("code", "000000")]).await.expect(422);
    // The form of the other step does not go around it.
    house.holding(&half).post("/sign-in/code", &[("code", "000000")]).await.expect(409);
    // The picture stays the same while the page is shown again.
    let shown = house.holding(&half).get("/sign-in/enrolment").await.expect(200).text();
    assert_eq!(secret(&shown), secret(&asked.text()));

    later(&house, 60);
    let (_secret, _paper, token, _device) = enrol(&house, "officer").await;
    house.holding(&token).get("/").await.expect(200);
    assert_eq!(
        Raw::of(&house)
            .await
            .number("select count(*) from totps where confirmed_at is not null and length(secret) >= 20")
            .await
            - 3,
        1
    );
    assert!(house.holding(&half).get("/sign-in/code").await.goes_to().starts_with("/sign-in"), "the half is gone");
});

both!(a_code_works_once_and_a_code_on_paper_too, async |house: House| {
    let house = for_real(house);
    let (secret, paper, _token, _device) = enrol(&house, "officer").await;
    let second = async |code: &str| {
        let asked = give(&house, "officer", PASSWORD).await.expect(200);
        let half = asked.cookie("__Host-sid");
        assert!(asked.text().contains(r#"action="/sign-in/code""#) && !asked.text().contains("data-demo-code"));
        house.holding(&half).post("/sign-in/code", &[("code", code)]).await.status.as_u16()
    };
    let used = code(&house, &secret);
    assert_eq!(second(&used).await, 422, "it was used to set the telephone up");
    later(&house, 30);
    assert_eq!(second(&code(&house, &secret)).await, 303);
    assert_eq!(second(&code(&house, &secret)).await, 422);
    later(&house, 300);
    assert_eq!(second(&used).await, 422, "long past");
    assert_eq!(second(&paper[3].to_uppercase()).await, 303);
    assert_eq!(second(&paper[3]).await, 422);
    assert_eq!(second(&paper[4].replace('-', " ")).await, 303);
    // Nobody else's paper.
    later(&house, 300);
    let (_secret, others, _token, _device) = enrol(&house, "officer2").await;
    assert_eq!(second(&others[0]).await, 422);
    let rows = "select count(*) from audit where act = 'recovery_code.use'";
    assert_eq!(Raw::of(&house).await.number(rows).await, 2);
});

both!(admin_province_and_inspector_give_one_everywhere, async |house: House| {
    for username in ["admin", "province", "inspector"] {
        let asked = give(&house, username, PASSWORD).await.expect(200);
        let code = shown_code(&asked.text()).expect("the demo shows it on this machine");
        let program = house.nobody_program();
        let body = json!({"username": username, "password": PASSWORD});
        let refused = program.post("/api/v1/sessions", &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["code"], "code_needed", "{refused}");
        let wrong = json!({"username": username, "password": PASSWORD, "code": "000000"});
        assert_eq!(
            program.post("/api/v1/sessions", &wrong).await.expect(422).json()["errors"][0]["code"],
            "wrong_code"
        );
        let right = json!({"username": username, "password": PASSWORD, "code": code});
        program.post("/api/v1/sessions", &right).await.expect(201);
    }
    // In the office an officer comes in with her password; elsewhere a program cannot set anything up.
    let body = json!({"username": "officer", "password": PASSWORD});
    house.nobody_program().post("/api/v1/sessions", &body).await.expect(201);
    let house = for_real(house);
    let refused = house.nobody_program().post("/api/v1/sessions", &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "enrol_first");
});

both!(a_session_of_the_office_is_worth_nothing_outside, async |house: House| {
    let house = set(house, |settings| {
        settings.demo = false;
        settings.sign_in.office_networks = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let officer = house.as_("officer").await;
    officer.get("/").await.expect(200);
    let request = || officer.request(Method::GET, "/").body(Body::empty()).unwrap();
    let outside = house.send_from([203, 0, 113, 9], request()).await;
    assert!(outside.goes_to().starts_with("/sign-in"), "{}", outside.status);
    house.send_from([127, 0, 0, 9], request()).await.expect(200);
    // Who writes her own header is not believed; who comes through the listed proxy is.
    let cookie = format!("__Host-sid={}", officer.token());
    let forged = async |app: &App| {
        let request = Request::builder().uri("/").header(header::HOST, "127.0.0.1:8080");
        let request = request.header(header::COOKIE, &cookie).header("x-forwarded-for", "127.0.0.1");
        sent(app.clone(), [203, 0, 113, 9], request.body(Body::empty()).unwrap()).await
    };
    assert!(forged(&house.app).await.starts_with("/sign-in"));
    let mut settings = house.app.settings().clone();
    settings.sign_in.proxies = vec!["203.0.113.9/32".parse().unwrap()];
    assert_eq!(forged(&App::new(house.store().clone(), settings)).await, "");
});

async fn sent(app: App, from: [u8; 4], mut request: Request<Body>) -> String {
    use tower::ServiceExt;
    request.extensions_mut().insert(axum::extract::ConnectInfo(std::net::SocketAddr::from((from, 50_000))));
    let response = duongve::routes::router(app).oneshot(request).await.unwrap();
    response.headers().get(header::LOCATION).map_or(String::new(), |to| to.to_str().unwrap().to_owned())
}

both!(guessing_is_slowed_and_a_known_device_is_not, async |house: House| {
    let start = house.store().now();
    // She has signed in on this device before.
    let device = give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-device");
    let known = format!("__Host-device={device}");
    // Every try from another address: the addresses' own limit is looked at below.
    let mut next = 0_u8;
    let mut guess = async |house: &House, username: &str, password: &str| {
        next = next.wrapping_add(1);
        let body = json!({"username": username, "password": password}).to_string();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/sessions")
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, "en")
            .body(Body::from(body))
            .unwrap();
        house.send_from([198, 51, 100, next], request).await
    };
    let mut tries = 0;
    let mut slowed = 0;
    while tries < 100 {
        let known = guess(&house, "officer", "sai mật khẩu rồi nhé").await;
        let unknown = guess(&house, "nobody", "sai mật khẩu rồi nhé").await;
        assert_eq!((known.status, known.text()), (unknown.status, unknown.text()), "no word tells which name there is");
        match known.status.as_u16() {
            422 => tries += 1,
            429 => {
                slowed += 1;
                let wait: i64 = known.headers["retry-after"].to_str().unwrap().parse().unwrap();
                assert!((1..=900).contains(&wait));
                later(&house, wait);
            }
            other => panic!("{other}: {}", known.text()),
        }
    }
    assert_eq!(slowed, 97, "two slips cost nothing, then each try waits");
    assert!(house.store().now().seconds_since(start) > 80 * 900, "a hundred tries take most of a day");
    // After a hundred not even the right password opens it on an unknown device …
    later(&house, 90_000);
    guess(&house, "officer", PASSWORD).await.expect(429);
    // … and on hers it does, at once.
    let fields = [("username", "officer"), ("password", PASSWORD)];
    give_from(&house, [127, 0, 0, 1], &known, "/sign-in", &fields).await.expect(303);
    // The trail has the ladder, for her name only.
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from audit where act = 'sign_in.fail'").await, 5);
    // A reset opens it again.
    let officer = world::user_id(&house, "officer").await;
    house.as_("admin").await.post(&format!("/staff/{officer}/reset"), &[]).await.expect(303);
    guess(&house, "officer", "sai mật khẩu rồi nhé").await.expect(422);
});

both!(a_known_device_has_a_small_budget_of_its_own, async |house: House| {
    let device = give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-device");
    let known = format!("__Host-device={device}");
    let give = async |username: &str, password: &str| {
        let fields = [("username", username), ("password", password)];
        give_from(&house, [127, 0, 0, 1], &known, "/sign-in", &fields).await.status.as_u16()
    };
    for _slip in 0..5 {
        assert_eq!(give("officer", "sai mật khẩu rồi nhé").await, 422);
    }
    assert_eq!(give("officer", PASSWORD).await, 429);
    later(&house, 15 * 60);
    assert_eq!(give("officer", PASSWORD).await, 303);
    // It is known for her account, not for another's.
    for _try in 0..3 {
        assert_eq!(give("officer2", "sai mật khẩu rồi nhé").await, 422);
    }
    assert_eq!(give("officer2", PASSWORD).await, 429, "an unknown device waits");
    later(&house, 2);
    assert_eq!(give("officer2", PASSWORD).await, 303, "two people at one desk");
    let rows = "select count(*) from devices";
    assert_eq!(Raw::of(&house).await.number(rows).await, 2);
});

both!(one_address_tries_five_times_then_every_twelve_seconds, async |house: House| {
    let body = |name: &str| json!({"username": name, "password": "sai mật khẩu rồi nhé"});
    for number in 0..5 {
        house.nobody_program().post("/api/v1/sessions", &body(&format!("name{number}"))).await.expect(422);
    }
    let slow = house.nobody_program().post("/api/v1/sessions", &body("name6")).await.expect(429);
    assert_eq!(slow.headers["retry-after"], "12");
    assert_eq!(slow.json()["type"], "urn:duongve:too-many");
    later(&house, 12);
    house.nobody_program().post("/api/v1/sessions", &body("name7")).await.expect(422);
});

both!(the_lock_of_the_national_rules_is_a_setting, async |house: House| {
    let house = set(house, |settings| {
        settings.sign_in.lock_after = Some(3);
        settings.sign_in.lock_minutes = 20;
    });
    for _try in 0..3 {
        give(&house, "officer", "sai mật khẩu rồi nhé").await.expect(422);
    }
    let locked = give(&house, "officer", PASSWORD).await.expect(429);
    assert_eq!(locked.headers["retry-after"], "1200");
    later(&house, 1200);
    give(&house, "officer", PASSWORD).await.expect(303);
});

/// The one-time links in the mails that went out to the inspector.
async fn links_of(house: &House) -> Vec<String> {
    mails_of(house, "inspector")
        .await
        .iter()
        .filter_map(|mail| {
            mail.split_once("http://127.0.0.1:8080/reset").map(|(_, rest)| format!("/reset{}", rest.trim()))
        })
        .collect()
}

/// Subject and text of the mails that went out to somebody.
async fn mails_of(house: &House, username: &str) -> Vec<String> {
    duongve::jobs::tick(&house.app).await.unwrap();
    crate::office::to(house, username).iter().map(|mail| format!("{} {}", mail.subject, mail.text)).collect()
}

both!(a_reset_is_a_link_for_its_holder_and_keeps_the_second_factor, async |house: House| {
    let inspector = world::user_id(&house, "inspector").await;
    let token = world::session(&house, "inspector", SessionKind::Cookie).await;
    let admin = house.as_("admin").await;
    let page = admin.get(&format!("/staff/{inspector}")).await.expect(200).text();
    assert!(page.contains("Gửi liên kết đặt mật khẩu") && page.contains("Có bước xác nhận thứ hai"), "{page}");
    let done = admin.post(&format!("/staff/{inspector}/reset"), &[]).await.expect(303);
    assert!(done.goes_to().contains("done=reset-begun") && !done.text().contains("code="));
    assert_eq!(house.holding(&token).get("/trail").await.status, 303, "her sessions have ended");
    let mut raw = Raw::of(&house).await;
    let links = links_of(&house).await;
    assert_eq!(links.len(), 1);
    let link = links[0].clone();
    let code = link.split('=').nth(1).unwrap();
    house.nobody().get(&link).await.expect(200);
    house.nobody().get("/reset?code=made-up").await.expect(410);
    // Not good enough: the link still works.
    let weak = [("code", code), ("fresh", "ngắn quá")];
    house.nobody().post("/reset", &weak).await.expect(422);
    let fresh = "trăng lên ngõ sau nhà bảy giờ";
    house.nobody().post("/reset", &[("code", code), ("fresh", fresh)]).await.expect(303);
    let again = house.nobody().post("/reset", &[("code", code), ("fresh", fresh)]).await.expect(422);
    assert!(again.text().contains("Liên kết đã dùng rồi"));
    give(&house, "inspector", PASSWORD).await.expect(422);
    let asked = give(&house, "inspector", fresh).await.expect(200).text();
    assert!(asked.contains(r#"action="/sign-in/code""#), "the second factor is still asked for");
    // The token is not in the database, and a link does not outlive half an hour.
    let hashed = raw.number("select count(*) from resets where length(hash) = 32").await;
    assert_eq!(hashed, 1);
    admin.post(&format!("/staff/{inspector}/reset"), &[]).await.expect(303);
    let link = links_of(&house).await.into_iter().find(|one| *one != link).expect("a second letter");
    house.nobody().get(&link).await.expect(200);
    later(&house, 30 * 60);
    house.nobody().get(&link).await.expect(410);
});

both!(a_lost_telephone_is_taken_away_and_set_up_anew, async |house: House| {
    let inspector = world::user_id(&house, "inspector").await;
    let admin = house.as_("admin").await;
    admin.post(&format!("/staff/{inspector}/second-factor/removal"), &[]).await.expect(303);
    let asked = give(&house, "inspector", PASSWORD).await.expect(200).text();
    assert!(asked.contains(r#"action="/sign-in/enrolment""#));
    let mails = mails_of(&house, "inspector").await;
    assert_eq!(mails.iter().filter(|mail| mail.contains("Quản trị đã gỡ")).count(), 1, "{mails:?}");
    // Nobody takes her own away on the admin's page, nor her own password.
    let own = world::user_id(&house, "admin").await;
    for what in ["second-factor/removal", "reset", "disabling"] {
        admin.post(&format!("/staff/{own}/{what}"), &[]).await.expect(422);
    }
});

both!(a_role_changes_with_its_sessions_and_its_cases, async |house: House| {
    let case = crate::follow_ups::open_case(&house, "officer", "Nguyễn Văn Đức", "01/11/2026").await;
    let token = house.as_("officer").await.token().to_owned();
    let (officer, admin) = (world::user_id(&house, "officer").await, house.as_("admin").await);
    admin.post(&format!("/staff/{officer}/role"), &[("role", "king")]).await.expect(422);
    admin.post(&format!("/staff/{officer}/role"), &[("role", "partner")]).await.expect(422);
    admin.post(&format!("/staff/{officer}/role"), &[("role", "council")]).await.expect(303);
    assert!(house.holding(&token).get("/").await.goes_to().starts_with("/sign-in"));
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from cases where officer_id is not null").await, 0);
    let token = give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-sid");
    house.holding(&token).get(&format!("/cases/{case}")).await.expect(404);
});

both!(five_sessions_at_once_seen_and_ended_by_their_holder, async |house: House| {
    let mut tokens = Vec::new();
    for minute in 0..6 {
        house.clock.set(At::of(TODAY, 7, 30 + minute));
        tokens.push(give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-sid"));
    }
    assert_eq!(house.holding(&tokens[0]).get("/").await.status, 303, "the oldest gave way");
    let last = house.holding(&tokens[5]);
    let page = last.get("/sessions").await.expect(200).text();
    let ids: Vec<String> = page
        .split(r#"name="session" value=""#)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 4, "four others, and this one: {page}");
    last.post("/sessions/ending", &[("session", &ids[0])]).await.expect(303);
    assert_eq!(house.holding(&tokens[4]).get("/").await.status, 303);
    house.holding(&tokens[3]).get("/").await.expect(200);
    // Nobody ends another's.
    let other = house.as_("officer2").await;
    other.post("/sessions/ending", &[("session", &ids[1])]).await.expect(422);
    house.holding(&tokens[3]).get("/").await.expect(200);
    last.post("/sessions/ending", &[("session", "")]).await.expect(303);
    assert_eq!(house.holding(&tokens[3]).get("/").await.status, 303);
    last.get("/").await.expect(200);
    // An admin ends all of them.
    let officer = world::user_id(&house, "officer").await;
    house.as_("admin").await.post(&format!("/staff/{officer}/sessions/ending"), &[]).await.expect(303);
    assert_eq!(last.get("/").await.status, 303);
});

both!(the_idle_lock_is_a_setting, async |house: House| {
    let token = give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-sid");
    later(&house, 16 * 60);
    house.holding(&token).get("/").await.expect(200);
    let house = set(house, |settings| settings.sign_in.idle_minutes = 15);
    later(&house, 14 * 60);
    house.holding(&token).get("/").await.expect(200);
    later(&house, 16 * 60);
    assert_eq!(house.holding(&token).get("/").await.status, 303);
});

both!(an_account_that_nobody_uses_is_shut_after_forty_five_days, async |house: House| {
    let admin = house.as_("admin").await;
    let add = async |username: &str, role: &str, area: &str| {
        let fields = [
            ("name", "Trần Văn Mới"),
            ("username", username),
            ("role", role),
            ("organisation", ""),
            ("email", ""),
            ("password", "trăng lên ngõ sau nhà bảy giờ"),
        ];
        admin.post(&format!("/areas/{area}/staff"), &fields).await.expect(303);
    };
    add("moi", "officer", "30577").await;
    add("quantri2", "admin", "91").await;
    // The cast is the demo's and stays; as if there were no other admin.
    crate::office::sql(&house, "update users set disabled_at = 1 where username = 'admin'").await;
    let shut = async |house: &House| {
        let account = house.store().sign_in_account("moi").await.unwrap().unwrap();
        account.disabled_at.is_some()
    };
    house.clock.set(At::of(plus_days(TODAY, 44), 7, 30));
    duongve::jobs::tick(&house.app).await.unwrap();
    assert!(!shut(&house).await);
    house.clock.set(At::of(plus_days(TODAY, 46), 7, 30));
    duongve::jobs::tick(&house.app).await.unwrap();
    assert!(shut(&house).await);
    let last = house.store().sign_in_account("quantri2").await.unwrap().unwrap();
    assert!(last.disabled_at.is_none(), "the last admin is not shut out");
    // Opened again, it is counted from today.
    crate::office::sql(&house, "update users set disabled_at = null where username = 'admin'").await;
    let moi = world::user_id(&house, "moi").await;
    let token = world::session(&house, "admin", SessionKind::Cookie).await;
    house.holding(&token).post(&format!("/staff/{moi}/enabling"), &[]).await.expect(303);
    house.clock.set(At::of(plus_days(TODAY, 48), 7, 30));
    duongve::jobs::tick(&house.app).await.unwrap();
    assert!(!shut(&house).await);
    // Only now is there another admin: the unused one is shut as anybody.
    assert_eq!(Raw::of(&house).await.number("select count(*) from audit where act = 'staff.dormant'").await, 2);
});

both!(admins_work_from_listed_networks_in_listed_hours, async |house: House| {
    let house = set(house, |settings| {
        settings.sign_in.admin_networks = vec!["127.0.0.1/32".parse().unwrap()];
        settings.sign_in.admin_hours = Some("07:00-18:00".parse().unwrap());
    });
    let admin = house.as_("admin").await;
    admin.get("/staff").await.expect(200);
    let request = admin.request(Method::GET, "/staff").body(Body::empty()).unwrap();
    let elsewhere = house.send_from([127, 0, 0, 2], request).await.expect(403);
    assert!(elsewhere.text().contains("mạng và trong giờ đã quy định"), "{}", elsewhere.text());
    let session = async |at: At| {
        house.clock.set(at);
        let token = world::session(&house, "admin", SessionKind::Cookie).await;
        house.holding(&token).get("/staff").await.status.as_u16()
    };
    assert_eq!(session(At::of(TODAY, 18, 0)).await, 403);
    assert_eq!(session(At::of(TODAY, 6, 59)).await, 403);
    assert_eq!(session(At::of(plus_days(TODAY, 5), 10, 0)).await, 403, "a Saturday");
    assert_eq!(session(At::of(plus_days(TODAY, 1), 10, 0)).await, 200);
    // Everybody else works when there is work.
    house.clock.set(At::of(plus_days(TODAY, 5), 22, 0));
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    house.holding(&token).get("/").await.expect(200);
});

both!(a_password_is_changed_because_of_its_age_only_where_that_is_set, async |house: House| {
    let admin = house.as_("admin").await;
    let (first, second) = ("trăng lên ngõ sau nhà bảy giờ", "mưa rơi trên mái lá dừa nước");
    let fields = [
        ("name", "Trần Văn Mới"),
        ("username", "moi"),
        ("role", "officer"),
        ("organisation", ""),
        ("email", ""),
        ("password", first),
    ];
    // Made of her own name, or of a list: no.
    for weak in ["TranVanMoi.1990.!", "matkhau@123456789", "xã Ô Lâm 2026 2026"] {
        let mut fields = fields;
        fields[5].1 = weak;
        admin.post("/areas/30577/staff", &fields).await.expect(422);
    }
    admin.post("/areas/30577/staff", &fields).await.expect(303);
    let enter = async |house: &House, password: &str| {
        let token = give(house, "moi", password).await.expect(303).cookie("__Host-sid");
        house.holding(&token).get("/").await.goes_to().to_owned()
    };
    assert_eq!(enter(&house, first).await, "/password", "the first password is changed first");
    let token = give(&house, "moi", first).await.expect(303).cookie("__Host-sid");
    house.holding(&token).post("/password", &[("present", first), ("fresh", second)]).await.expect(303);
    house.clock.set(At::of(plus_days(TODAY, 40), 7, 30));
    assert_eq!(enter(&house, second).await, "");
    let house = set(house, |settings| settings.sign_in.password_days = 30);
    assert_eq!(enter(&house, second).await, "/password");
});

both!(one_s_own_second_factor_is_set_up_and_taken_away, async |house: House| {
    let officer = house.as_("officer").await;
    let page = officer.get("/second-factor").await.expect(200).text();
    let phone = secret(&page);
    let done = officer.post("/second-factor", &[("code", &code(&house, &phone))]).await.expect(200).text();
    assert_eq!(done.matches("<li><code>").count(), 10);
    let page = officer.get("/second-factor").await.expect(200).text();
    assert!(
        page.contains("Còn 10 mã chưa dùng.") && !page.contains(r#"class="secret""#),
        "the secret is not shown again"
    );
    // In the office the password is enough; taking the telephone away is, too.
    give(&house, "officer", PASSWORD).await.expect(303);
    officer.post("/second-factor/removal", &[]).await.expect(303);
    let told = mails_of(&house, "officer").await;
    let changes = told.iter().filter(|mail| mail.contains("Bước xác nhận thứ hai đã thay đổi")).count();
    assert_eq!(changes, 2, "both were told by mail");
    // A grave act: not after ten minutes.
    later(&house, 11 * 60);
    officer.post("/second-factor/removal", &[]).await.expect(401);
    let page = officer.get("/second-factor").await.expect(200).text();
    assert!(!page.contains(r#"class="secret""#), "the secret is shown to somebody who has proved lately who she is");
    // Where one is needed, the last one stays.
    let inspector = house.as_("inspector").await;
    inspector.post("/second-factor/removal", &[]).await.expect(422);
});

/// The hash of an account as it stands in the database.
async fn kept_hash(house: &House, username: &str) -> String {
    let sql = format!("select password from users where username = '{username}'");
    Raw::of(house).await.rows::<(String,)>(&sql).await.remove(0).0
}

both!(a_password_is_kept_with_a_pepper_and_an_older_hash_is_made_anew_at_the_next_sign_in, async |house: House| {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::phc::PasswordHash};
    assert!(kept_hash(&house, "officer").await.contains(",keyid=pw01$"));
    let lesser = Params::new(8_192, 1, 1, None).unwrap();
    for older in [Argon2::default(), Argon2::new(Algorithm::Argon2id, Version::V0x13, lesser)] {
        let bare: PasswordHash = older.hash_password(PASSWORD.as_bytes()).unwrap();
        let bare = bare.to_string();
        assert!(!bare.contains("keyid"));
        Raw::of(&house).await.run(&format!("update users set password = '{bare}' where username = 'officer'")).await;
        let set_at = "select password_at from users where username = 'officer'";
        let before = Raw::of(&house).await.number(set_at).await;
        give(&house, "officer", "sai mật khẩu rồi nhé").await.expect(422);
        assert_eq!(kept_hash(&house, "officer").await, bare, "a wrong one changes nothing");
        let device = give(&house, "officer", PASSWORD).await.expect(303).cookie("__Host-device");
        let fresh = kept_hash(&house, "officer").await;
        assert!(fresh.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid=pw01$"), "{fresh}");
        assert_eq!(Raw::of(&house).await.number(set_at).await, before, "it is the same password");
        let known = format!("__Host-device={device}");
        let fields = [("username", "officer"), ("password", PASSWORD)];
        give_from(&house, [127, 0, 0, 1], &known, "/sign-in", &fields).await.expect(303);
        assert_eq!(kept_hash(&house, "officer").await, fresh, "and it is made anew once");
        later(&house, 60);
    }
    // The pepper outlives a new root key.
    house.store().rotate_keys().await.unwrap();
    give(&house, "officer", PASSWORD).await.expect(303);
});

/// A program signs in from somewhere.
async fn call_from(house: &House, from: [u8; 4], username: &str, password: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/sessions")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"username": username, "password": password}).to_string()))
        .unwrap();
    house.send_from(from, request).await
}

both!(no_answer_and_no_work_tells_which_names_there_are, async |house: House| {
    let shut = world::user_id(&house, "partner2").await;
    house.as_("admin").await.post(&format!("/staff/{shut}/disabling"), &[]).await.expect(303);
    let wrong = "sai mật khẩu rồi nhé";
    let outside = [203, 0, 113, 9];
    // Unknown; known and wrong; shut, wrong and right; impossible as a name; an account of the demo, right, from elsewhere.
    let tries: [(&str, &str, [u8; 4]); 6] = [
        ("nobody", wrong, [198, 51, 100, 1]),
        ("officer", wrong, [198, 51, 100, 2]),
        ("partner2", wrong, [198, 51, 100, 3]),
        ("partner2", PASSWORD, [127, 0, 0, 1]),
        ("' or 1=1 --", wrong, [198, 51, 100, 4]),
        ("officer2", PASSWORD, outside),
    ];
    let mut told = Vec::new();
    for (username, password, from) in tries {
        let before = house.app.passwords().hashes();
        let answer = call_from(&house, from, username, password).await.expect(422);
        assert_eq!(house.app.passwords().hashes() - before, 1, "{username}: one hash, whoever it is");
        told.push((answer.headers.clone(), answer.text()));
    }
    // The page says back what was typed, and nothing else differs.
    let mut pages = Vec::new();
    for username in ["nobody", "officer", "partner2"] {
        later(&house, 60);
        let before = house.app.passwords().hashes();
        let page = give(&house, username, wrong).await.expect(422);
        assert_eq!(house.app.passwords().hashes() - before, 1, "{username}");
        let typed = format!("value=\"{username}\"");
        assert!(page.text().contains(&typed));
        let mut headers = page.headers.clone();
        headers.remove(header::CONTENT_LENGTH);
        pages.push((headers, page.text().replace(&typed, "")));
    }
    assert!(pages[0] == pages[1] && pages[0] == pages[2], "{pages:#?}");
    for (number, one) in told.iter().enumerate() {
        assert_eq!(one, &told[0], "try {number}");
    }
    // Under one name after too many: the same words again, and nothing is computed for either.
    let throttled = async |username: &str| {
        for from in 20..26 {
            call_from(&house, [198, 51, 100, from], username, wrong).await;
        }
        let before = house.app.passwords().hashes();
        let answer = call_from(&house, [198, 51, 100, 30], username, PASSWORD).await.expect(429);
        assert_eq!(house.app.passwords().hashes(), before, "{username}");
        (answer.headers.clone(), answer.text())
    };
    assert_eq!(throttled("council").await, throttled("noonehere").await);
});

both!(a_sign_in_on_another_device_is_told_to_its_holder_by_mail, async |house: House| {
    world::open(&house, "officer", &world::draft("Thiết", 1)).await;
    let told = async || {
        duongve::mails::send_due(&house.app).await.unwrap();
        let mails = crate::office::to(&house, "officer").into_iter();
        mails.filter(|mail| mail.subject.contains("thiết bị mới")).collect::<Vec<_>>()
    };
    let fields = [("username", "officer"), ("password", PASSWORD)];
    let at_home = [127, 0, 0, 1];
    let first = give_from(&house, at_home, "", "/sign-in", &fields).await.expect(303).cookie("__Host-device");
    let none = told().await;
    assert!(none.is_empty(), "the first device differs from nothing: {none:?}");
    let own = format!("__Host-device={first}");
    give_from(&house, at_home, &own, "/sign-in", &fields).await.expect(303);
    give_from(&house, at_home, "", "/sign-in", &[("username", "officer"), ("password", "sai mật khẩu")]).await;
    assert!(told().await.is_empty(), "neither the same device again nor a wrong password");
    let other = give_from(&house, at_home, "", "/sign-in", &fields).await.expect(303).cookie("__Host-device");
    let mails = told().await;
    assert_eq!(mails.len(), 1);
    assert!(!mails[0].text.contains("Thiết") && !mails[0].text.contains("DV-"), "no case: {}", mails[0].text);
    let other = format!("__Host-device={other}");
    give_from(&house, at_home, &other, "/sign-in", &fields).await.expect(303);
    assert_eq!(told().await.len(), 1, "it is known from now on");
    // Somebody else's known device is new to her account.
    let colleague = [("username", "officer2"), ("password", PASSWORD)];
    let desk = give_from(&house, at_home, "", "/sign-in", &colleague).await.expect(303).cookie("__Host-device");
    give_from(&house, at_home, &format!("__Host-device={desk}"), "/sign-in", &fields).await.expect(303);
    assert_eq!(told().await.len(), 2);
    // With a second factor only when it was given.
    let admin = [("username", "admin"), ("password", PASSWORD)];
    house.as_("admin").await;
    let half = give_from(&house, at_home, "", "/sign-in", &admin).await.expect(200);
    let of_admin = async || {
        duongve::mails::send_due(&house.app).await.unwrap();
        crate::office::to(&house, "admin").iter().filter(|mail| mail.subject.contains("thiết bị mới")).count()
    };
    assert_eq!(of_admin().await, 0);
    let code = shown_code(&half.text()).unwrap();
    house.holding(&half.cookie("__Host-sid")).post("/sign-in/code", &[("code", &code)]).await.expect(303);
    assert_eq!(of_admin().await, 1);
});
