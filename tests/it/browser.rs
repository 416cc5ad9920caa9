//! The main job in a real browser: Chromium at a phone's size, driven through chromedriver.
//!
//! `DUONGVE_SHOTS=folder` keeps a picture of each page. Without a browser the story fails, unless the developer
//! asked for SQLite only (`bin/test --fast`).

use crate::{
    house::{House, PASSWORD},
    world,
};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A browser with an empty profile; both processes end with it.
pub struct Browser {
    pub client: Client,
    driver: Child,
    port: u16,
    _profile: tempfile::TempDir,
}

/// Where chromedriver is; `None` only where the developer left the browser out.
fn driver_path() -> Option<PathBuf> {
    let named = std::env::var("CHROMEDRIVER").ok().map(PathBuf::from);
    let found = named.or_else(|| Some(PathBuf::from("/usr/bin/chromedriver"))).filter(|path| path.exists());
    let fast = std::env::var("DUONGVE_TEST_ONLY").is_ok_and(|only| only == "sqlite");
    assert!(found.is_some() || fast, "no chromedriver: run bin/test, which installs it, or set CHROMEDRIVER");
    found
}

impl Browser {
    pub async fn open(width: u32, height: u32, dark: bool) -> Option<Browser> {
        let path = driver_path()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new(path)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let profile = tempfile::tempdir().unwrap();
        let mut args = vec![
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if dark {
            args.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut options = serde_json::json!({
            "args": args,
            "mobileEmulation": {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 1.0, "mobile": width < 600}},
        });
        if let Ok(binary) = std::env::var("CHROMIUM") {
            options["binary"] = binary.into();
        }
        let mut wants = serde_json::Map::new();
        wants.insert("goog:chromeOptions".to_owned(), options);
        for attempt in 0.. {
            let made = ClientBuilder::new(HttpConnector::new())
                .capabilities(wants.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match made {
                Ok(client) => return Some(Browser { client, driver, port, _profile: profile }),
                Err(error) if attempt > 40 => panic!("no browser session: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(250)).await,
            }
        }
        None
    }

    pub async fn sign_in(&self, home: &str, username: &str) {
        self.client.goto(&format!("{home}/sign-in")).await.unwrap();
        self.fill("username", username).await;
        self.fill("password", PASSWORD).await;
        self.press("main form button").await;
        // Whoever has a second factor is shown its code on the demo's page.
        let next = Locator::Css("nav.main-nav, input[name=code]");
        self.client.wait().at_most(Duration::from_secs(10)).for_element(next).await.expect("an answer");
        if let Ok(code) = self.client.find(Locator::Css("[data-demo-code]")).await {
            self.fill("code", &code.text().await.unwrap()).await;
            self.press("form[action='/sign-in/code'] button").await;
        }
        let signed_in =
            self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css("nav.main-nav")).await;
        if let Err(error) = signed_in {
            panic!("{username} is not signed in: {error}: {}", self.text().await);
        }
    }

    /// Puts a passkey authenticator into this browser that knows its holder's finger (WebDriver's virtual authenticator).
    async fn with_authenticator(&self) {
        let session = self.client.session_id().await.unwrap().expect("a session");
        let body = serde_json::json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "isUserConsenting": true,
        })
        .to_string();
        let request = format!(
            "POST /session/{session}/webauthn/authenticator HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut answer = [0; 64];
        let read = std::io::Read::read(&mut stream, &mut answer).unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }

    async fn wait_for(&self, css: &str) {
        let found = self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(css)).await;
        if let Err(error) = found {
            panic!("{css}: {error}: {}", self.text().await);
        }
    }

    async fn fill(&self, name: &str, value: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name={name}]"))).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    async fn press(&self, css: &str) {
        let button = self.client.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        // Scrolled to the middle: the bars at top and bottom must not lie over it.
        self.client
            .execute("arguments[0].scrollIntoView({block: 'center'})", vec![serde_json::to_value(&button).unwrap()])
            .await
            .unwrap();
        button.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// The text that a reader sees.
    async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Everything that the browser was sent.
    async fn source(&self) -> String {
        self.client.source().await.unwrap()
    }

    /// No page scrolls sideways, and nothing was blocked by the content policy.
    async fn looks_right(&self, name: &str) {
        let wide = self
            .client
            .execute("return document.documentElement.scrollWidth - window.innerWidth", vec![])
            .await
            .unwrap()
            .as_i64()
            .unwrap_or_default();
        assert!(wide <= 0, "{name} scrolls sideways by {wide} px");
        if let Ok(folder) = std::env::var("DUONGVE_SHOTS") {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(format!("{folder}/{name}.png"), self.client.screenshot().await.unwrap()).unwrap();
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _gone = self.driver.kill();
        let _gone = self.driver.wait();
    }
}

/// The house on a real socket.
pub async fn on_a_socket(house: &House) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(duongve::serve::serve(house.app.clone(), listener, std::future::pending()));
    home
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_main_job_on_a_phone() {
    let house = House::new(crate::house::Kind::Sqlite).await;
    // A case received in October and referred to the Women's Union: overdue by 23 November.
    house.go_to(jiff::civil::date(2026, 10, 5));
    let mut draft = world::draft("Kín", 7);
    draft.received_on = "05/10/2026".into();
    let case = world::open(&house, "officer", &draft).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    house.go_to(crate::house::TODAY);
    duongve::jobs::tick(&house.app).await.unwrap();
    let home = on_a_socket(&house).await;
    let Some(phone) = Browser::open(390, 844, false).await else {
        println!("skipped: no chromedriver, and only SQLite was asked for");
        return;
    };

    // The officer sees who is overdue and why, and logs a visit in two taps.
    phone.sign_in(&home, "officer").await;
    phone.looks_right("story-officer-home").await;
    assert!(phone.text().await.contains(&draft.name), "the overdue person is on the first page");
    phone.press("ul.todo a[href$='/visits/new']").await;
    phone.press("input[name=met][value=true]").await;
    phone.press("input[name=kind][value=home]").await;
    phone.fill("note", "Đang phụ xưởng mộc, muốn học nghề hàn.").await;
    phone.looks_right("story-visit-form").await;
    phone.press("main form .btn.main").await;
    phone
        .client
        .wait()
        .at_most(Duration::from_secs(10))
        .for_element(Locator::Css(".toast"))
        .await
        .expect("a word of thanks");
    phone.looks_right("story-person").await;
    assert!(phone.text().await.contains("muốn học nghề hàn"));

    // The helper sees the same person without the sentence.
    phone.client.delete_all_cookies().await.unwrap();
    phone.sign_in(&home, "partner").await;
    phone.client.goto(&format!("{home}/cases/{case}")).await.unwrap();
    phone.looks_right("story-partner-person").await;
    let sent = phone.source().await;
    assert!(sent.contains(&draft.name), "the helper sees the person");
    for part in [&draft.offence, &draft.penalty, &draft.court, &draft.health, &draft.ethnicity, &draft.id_number] {
        assert!(!sent.contains(part.as_str()), "a helper was sent {part}");
    }
    assert!(!sent.contains("muốn học nghề hàn"), "a helper was sent the officer's note");

    // The head of the commune police reads the digest.
    phone.client.delete_all_cookies().await.unwrap();
    phone.sign_in(&home, "supervisor").await;
    phone.client.goto(&format!("{home}/digests")).await.unwrap();
    // An id begins with 0 (the time it was made); the links beside it are preview and rhythm.
    phone.press("main a[href^='/digests/0']").await;
    phone.looks_right("story-digest").await;
    assert!(phone.text().await.contains("DV-"), "the digest names cases by their codes");
    phone.client.clone().close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_enrolled_and_signs_in() {
    let house = House::new(crate::house::Kind::Sqlite).await;
    let home = on_a_socket(&house).await;
    let Some(phone) = Browser::open(390, 844, false).await else {
        println!("skipped: no chromedriver, and only SQLite was asked for");
        return;
    };
    phone.with_authenticator().await;
    phone.sign_in(&home, "admin").await;
    phone.client.goto(&format!("{home}/second-factor")).await.unwrap();
    phone.wait_for("[data-passkey=create]:not([hidden])").await;
    phone.press("[data-passkey=create] button").await;
    // The new key is listed, with a button that takes it away.
    phone.wait_for("ol li code, form[action='/second-factor/removal'] input[name=key]").await;
    phone.client.goto(&format!("{home}/second-factor")).await.unwrap();
    phone.wait_for("form[action='/second-factor/removal'] input[name=key]").await;
    phone.looks_right("story-passkey").await;
    let mut raw = crate::raw::Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from passkeys").await, 1);
    assert_eq!(raw.number("select count(*) from passkeys where used_at is not null").await, 0);

    phone.client.delete_all_cookies().await.unwrap();
    phone.client.goto(&format!("{home}/sign-in")).await.unwrap();
    phone.fill("username", "admin").await;
    phone.fill("password", PASSWORD).await;
    phone.press("main form button").await;
    phone.wait_for("[data-passkey=get]:not([hidden])").await;
    assert!(phone.client.find(Locator::Css("nav.main-nav")).await.is_err(), "the password alone opens nothing");
    phone.press("[data-passkey=get] button").await;
    phone.wait_for("nav.main-nav").await;
    assert_eq!(raw.number("select count(*) from passkeys where used_at is not null").await, 1);
    phone.client.clone().close().await.unwrap();
}
