//! The test harness: a house with the named cast in it, and people who do things over HTTP.
//!
//! `House::new(Kind::Sqlite)` copies a ready database (schema, reference data, cast with hashed passwords), so that a
//! story costs milliseconds. Requests go through the real router with the real middleware.

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
};
use duongve::{
    app::App,
    base::time::{At, Clock},
    config::{MailSettings, Settings, SignInSettings},
    routes,
    store::{KeyPlaces, RootPlace, Store},
};
use http_body_util::BodyExt;
use jiff::civil::{Date, date};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// Monday 23/11/2026, the day on which most stories play.
pub const TODAY: Date = date(2026, 11, 23);
/// The password of the whole cast.
pub const PASSWORD: &str = "mật khẩu của cả đoàn kịch";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Every story runs on both databases: `both!(name, async |house| { … });`
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $story:expr) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every story needs them")]
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let house = $crate::house::House::new($crate::house::Kind::Sqlite).await;
                let story = $story;
                story(house).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(house) = $crate::house::House::postgres().await {
                    let story = $story;
                    story(house).await;
                }
            }
        }
    };
}

/// A running program without a socket.
pub struct House {
    pub app: App,
    pub clock: Clock,
    pub kind: Kind,
    pub mail_dir: PathBuf,
    pub dir: tempfile::TempDir,
    tokens: Arc<Mutex<HashMap<String, String>>>,
    /// Everybody signs in on one machine of her own.
    devices: Arc<Mutex<HashMap<String, String>>>,
    _left: Option<Left>,
}

/// A database of a house that stands no more: whoever builds the next one drops it, so that the disk does not fill.
struct Left(String);

static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Drop for Left {
    fn drop(&mut self) {
        LEFT.lock().unwrap().push(std::mem::take(&mut self.0));
    }
}

static SQLITE_TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES_TEMPLATE: OnceCell<(String, PathBuf)> = OnceCell::const_new();

fn postgres_url() -> Option<String> {
    if std::env::var("DUONGVE_TEST_ONLY").is_ok_and(|only| only == "sqlite") {
        return None;
    }
    let url = std::env::var("DUONGVE_TEST_POSTGRES_URL");
    Some(url.expect(
        "DUONGVE_TEST_POSTGRES_URL is not set: run bin/test, or set DUONGVE_TEST_ONLY=sqlite to leave PostgreSQL out",
    ))
}

/// A fresh folder for a template of this run; those of runs that are over go.
fn template_folder(kind: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for entry in std::fs::read_dir(home).expect("cargo's folder for tests").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let run = name.strip_prefix("template-").and_then(|rest| rest.rsplit_once('-')).map(|(_, run)| run.to_owned());
        if run.is_some_and(|run| !Path::new("/proc").join(run).exists()) {
            let _gone_already = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = home.join(format!("template-{kind}-{}", std::process::id()));
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).expect("a folder for the template");
    folder
}

fn start() -> At {
    At::of(TODAY, 7, 30)
}

/// Reference data and the cast, made once in a test run.
pub async fn furnish(url: &str, keys: &Path) {
    let clock = Clock::still(start());
    let store = Store::open(url, &key_places(url, keys), clock, Some(7)).await.expect("the template database opens");
    duongve::seeds::reference(&store).await.expect("reference data goes in");
    let app = App::new(store.clone(), settings(PathBuf::from("/nonexistent"), url, keys));
    duongve::seeds::cast(&app, PASSWORD).await.expect("the cast comes in");
    store.close().await;
}

/// Root key and list of the erased in this folder; the keyring beside the database, or in it.
pub fn key_places(url: &str, folder: &Path) -> KeyPlaces {
    let keyring = if url.starts_with("postgres") { url.to_owned() } else { format!("{url}.keyring") };
    KeyPlaces { root: RootPlace::File(folder.join("root.key")), keyring, tombstones: folder.join("erased.list") }
}

/// The file of the root key of these settings.
pub fn root_key(settings: &Settings) -> PathBuf {
    match &settings.keys.root {
        RootPlace::File(path) => path.clone(),
        other => panic!("{other} is no file"),
    }
}

pub fn settings(mail_dir: PathBuf, url: &str, keys: &Path) -> Settings {
    Settings {
        data_dir: mail_dir.clone(),
        database: url.to_owned(),
        keys: key_places(url, keys),
        listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
        trusted_proxy: false,
        public_url: "http://127.0.0.1:8080".to_owned(),
        checkpoint_file: mail_dir.with_file_name("checkpoints"),
        mail: MailSettings::Folder(mail_dir),
        demo: true,
        tls: None,
        hosts: Vec::new(),
        program: env!("CARGO_BIN_EXE_duongve").into(),
        sign_in: SignInSettings::default(),
        backup: None,
        without_backup: false,
    }
}

impl House {
    pub async fn new(kind: Kind) -> House {
        match kind {
            Kind::Sqlite => Self::sqlite().await,
            Kind::Postgres => Self::postgres().await.expect("PostgreSQL is wanted here"),
        }
    }

    async fn sqlite() -> House {
        let template = SQLITE_TEMPLATE
            .get_or_init(|| async {
                let folder = template_folder("sqlite");
                let file = folder.join("duongve.sqlite");
                furnish(&file.display().to_string(), &folder).await;
                file
            })
            .await;
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("duongve.sqlite");
        for end in ["", "-wal", ".keyring", ".keyring-wal"] {
            let from = format!("{}{end}", template.display());
            if Path::new(&from).exists() {
                std::fs::copy(from, format!("{}{end}", file.display())).expect("the template is copied");
            }
        }
        std::fs::copy(template.with_file_name("root.key"), dir.path().join("root.key"))
            .expect("the root key is copied");
        Self::open(Kind::Sqlite, file.display().to_string(), dir).await
    }

    /// `None` where the developer leaves PostgreSQL out.
    pub async fn postgres() -> Option<House> {
        let admin = postgres_url()?;
        let (base, _name) = admin.rsplit_once('/').expect("a URL with a database");
        let (template, keys) = POSTGRES_TEMPLATE
            .get_or_init(|| async {
                let folder = template_folder("postgres");
                let name = format!("duongve_template_{}", std::process::id());
                psql(&admin, &format!("drop database if exists {name}")).await;
                psql(&admin, &format!("create database {name} template template0 encoding 'UTF8'")).await;
                furnish(&format!("{base}/{name}"), &folder).await;
                (name, folder)
            })
            .await;
        let name = format!("duongve_{}", uuid::Uuid::from_u128(rand::random()).simple());
        let left = std::mem::take(&mut *LEFT.lock().unwrap());
        for old in left {
            psql(&admin, &format!("drop database if exists {old} with (force)")).await;
        }
        psql(&admin, &format!("create database {name} template {template}")).await;
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::copy(keys.join("root.key"), dir.path().join("root.key")).expect("the root key is copied");
        let mut house = Self::open(Kind::Postgres, format!("{base}/{name}"), dir).await;
        house._left = Some(Left(name));
        Some(house)
    }

    pub async fn open(kind: Kind, url: String, dir: tempfile::TempDir) -> House {
        // `RUST_LOG`-like words in DUONGVE_LOG show what the program logs during a test.
        if let Ok(filter) = std::env::var("DUONGVE_LOG") {
            let _already = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
        }
        let clock = Clock::still(start());
        let store = Store::open(&url, &key_places(&url, dir.path()), clock.clone(), Some(11))
            .await
            .expect("the database opens");
        let mail_dir = dir.path().join("mail");
        let app = App::new(store, settings(mail_dir.clone(), &url, dir.path()));
        House { app, clock, kind, mail_dir, dir, tokens: Arc::default(), devices: Arc::default(), _left: None }
    }

    pub fn store(&self) -> &Store {
        self.app.store()
    }

    /// Moves to that day, 07:30.
    pub fn go_to(&self, day: Date) {
        self.clock.set(At::of(day, 7, 30));
        self.tokens.lock().unwrap().clear();
    }

    /// One of the cast, signed in through the sign-in page.
    pub async fn as_(&self, username: &str) -> Person<'_> {
        let known = self.tokens.lock().unwrap().get(username).cloned();
        let token = match known {
            Some(token) => token,
            None => {
                let form = [("username", username), ("password", PASSWORD)];
                let device = self.devices.lock().unwrap().get(username).cloned();
                let mut answer =
                    Person { house: self, token: None, device: device.clone() }.post("/sign-in", &form).await;
                if answer.status == StatusCode::OK {
                    let half = Some(answer.cookie("__Host-sid"));
                    let code = shown_code(&answer.text()).expect("the demo shows the code of this account");
                    let person = Person { house: self, token: half, device };
                    answer = person.post("/sign-in/code", &[("code", &code)]).await;
                }
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{username} signs in: {}", answer.text());
                let token = answer.cookie("__Host-sid");
                self.devices.lock().unwrap().insert(username.to_owned(), answer.cookie("__Host-device"));
                self.tokens.lock().unwrap().insert(username.to_owned(), token.clone());
                token
            }
        };
        Person { house: self, token: Some(token), device: None }
    }

    /// Nobody signed in.
    pub fn nobody(&self) -> Person<'_> {
        Person { house: self, token: None, device: None }
    }

    /// Whoever holds this token.
    pub fn holding(&self, token: &str) -> Person<'_> {
        Person { house: self, token: Some(token.to_owned()), device: None }
    }

    /// A program of one of the cast: `POST /api/v1/sessions`, then a bearer token.
    pub async fn program(&self, username: &str) -> Program<'_> {
        let key = format!("api:{username}");
        let known = self.tokens.lock().unwrap().get(&key).cloned();
        let token = match known {
            Some(token) => token,
            None => {
                // Who has a second factor is shown its code on the demo's page.
                let page = self.nobody().post("/sign-in", &[("username", username), ("password", PASSWORD)]).await;
                let code = shown_code(&page.text());
                let body = serde_json::json!({"username": username, "password": PASSWORD, "code": code});
                let answer = Program { house: self, token: None }.post("/api/v1/sessions", &body).await;
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
                let token = answer.json()["token"].as_str().unwrap().to_owned();
                self.tokens.lock().unwrap().insert(key, token.clone());
                token
            }
        };
        Program { house: self, token: Some(token) }
    }

    /// A program without a token.
    pub fn nobody_program(&self) -> Program<'_> {
        Program { house: self, token: None }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from([127, 0, 0, 1], request).await
    }

    /// The same from another address.
    pub async fn send_from(&self, address: [u8; 4], mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 50_000))));
        // Whoever is elsewhere comes over https.
        if address[0] != 127 {
            request.extensions_mut().insert(duongve::http::client::OverTls);
        }
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("127.0.0.1:8080"));
        let response = routes::router(self.app.clone()).oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

/// The address of an empty database, without a schema; it goes away with the folder (SQLite) or the cluster. `None` where
/// the developer leaves PostgreSQL out.
pub async fn empty(kind: Kind) -> Option<(String, tempfile::TempDir)> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let url = match kind {
        Kind::Sqlite => dir.path().join("duongve.sqlite").display().to_string(),
        Kind::Postgres => {
            let admin = postgres_url()?;
            let (base, _name) = admin.rsplit_once('/').expect("a URL with a database");
            let name = format!("duongve_{}", uuid::Uuid::from_u128(rand::random()).simple());
            psql(&admin, &format!("create database {name} template template0 encoding 'UTF8'")).await;
            format!("{base}/{name}")
        }
    };
    Some((url, dir))
}

/// The code that the page of the second step shows in the demo.
pub fn shown_code(page: &str) -> Option<String> {
    Some(page.split_once("data-demo-code>")?.1.split('<').next()?.to_owned())
}

/// Runs an administrative statement on the test cluster.
async fn psql(url: &str, sql: &str) {
    let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.expect("the test cluster answers");
    // `create database … template` needs that nobody is connected to the template: try again for a moment.
    for attempt in 0.. {
        match sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut conn).await {
            Ok(_) => return,
            Err(error) if attempt < 50 && error.to_string().contains("being accessed") => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Err(error) => panic!("{sql}: {error}"),
        }
    }
}

/// Somebody at a browser.
pub struct Person<'a> {
    house: &'a House,
    token: Option<String>,
    device: Option<String>,
}

impl Person<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.house.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as the page would: with its token, from the same site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(&str, &str)> = fields.to_vec();
        let token = self.token.as_deref().map(duongve::http::request::form_token).unwrap_or_default();
        if self.token.is_some() {
            fields.push(("_token", &token));
        }
        let body = serde_html_form::to_string(&fields).unwrap();
        let request = self
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.house.send(request).await
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let cookies = [("__Host-sid", &self.token), ("__Host-device", &self.device)];
        let cookies = cookies.map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
        let cookies: Vec<String> = cookies.into_iter().flatten().collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }
}

/// A program that speaks JSON.
pub struct Program<'a> {
    pub house: &'a House,
    pub token: Option<String>,
}

impl Program<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.house.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.house.send(self.request(Method::POST, path).body(Body::from(body.to_string())).unwrap()).await
    }

    /// The same under a key: what it makes, it makes once.
    pub async fn post_keyed(&self, path: &str, key: &str, body: &serde_json::Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        self.house.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The same, if the record still has that version.
    pub async fn post_if(&self, path: &str, version: &str, body: &serde_json::Value) -> Answer {
        let request = self.request(Method::POST, path).header("if-match", version);
        self.house.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, "en");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        request
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The value of a cookie that it sets.
    pub fn cookie(&self, name: &str) -> String {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        let found =
            all.filter_map(|set| set.to_str().ok()?.strip_prefix(name)?.strip_prefix('=')?.split(';').next()).next();
        found.map(str::to_owned).unwrap_or_else(|| panic!("no cookie {name}: {:?}", self.headers))
    }

    /// Where it redirects to.
    pub fn goes_to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }
}
