//! Ready-made pieces of stories about the clockwork: cases that are overdue, a tick, mails as they are read.

use crate::house::{House, Kind};
use base64::{Engine, engine::general_purpose::STANDARD};
use duongve::{
    app::App,
    base::{ids::CaseId, text, time::At},
    cases,
    policy::{Actor, AreaCode, acts::OpenCase},
    store::{Origin, SessionKind, Stage, Start},
};
use jiff::civil::Date;
use std::sync::Arc;

pub const O_LAM: &str = "30577";
pub const MY_THOI: &str = "30301";

/// Everybody whose name must stand in no mail and on no page of the province: the cast, and the people of [`furnish`].
pub const NAMES: &[&str] = &[
    "Lê Thị Quản",
    "Kim Sa Rươl",
    "Trần Ngọc Diễm",
    "Bùi Tấn Đạt",
    "Lê Quốc Bảo",
    "Ngô Thị Ý",
    "Võ Thành Nhân",
    "Nguyễn Thị Lan",
    "Néang Sóc Kha",
    "Chau Phi Rum",
    "Trần Quốc Ửng",
    "Lâm Thị Sa Rây",
    "Chau Sóc Phia",
    "Phạm Văn Lẹ",
    "Đỗ Thị Mười",
];

pub async fn actor(app: &App, username: &str) -> Arc<Actor> {
    let user = app.store().sign_in_account(username).await.unwrap().unwrap().id;
    let kind = SessionKind::Bearer;
    let start = Start { user, kind, stage: Stage::Whole, factor: true, origin: Origin::here() };
    let session = app.store().start_session(&start).await.unwrap();
    app.store().enter(&session.token, kind).await.unwrap().unwrap().actor
}

/// A person received on that day; nobody has met her since. The supervisor's own cases are unassigned.
pub async fn open_case(house: &House, who: &str, area: &str, name: &str, hamlet: &str, on: Date) -> CaseId {
    let now = house.clock.now();
    house.clock.set(At::of(on, 8, 0));
    let actor = actor(&house.app, who).await;
    let grant = house.store().permit::<OpenCase>(&actor, AreaCode(area.to_owned())).await.unwrap();
    let draft = cases::model::Draft {
        name: name.to_owned(),
        regime: "completed".to_owned(),
        hamlet: hamlet.to_owned(),
        received_on: text::show_day(on),
        offence: "Trộm cắp tài sản".to_owned(),
        ..Default::default()
    };
    let case = cases::open(house.store(), grant, &draft, None).await.unwrap();
    house.clock.set(now);
    case
}

/// Ô Lâm: two people of each officer and one of nobody, all overdue but one; Mỹ Thới: one overdue.
pub async fn furnish(house: &House) -> Vec<CaseId> {
    let day = |text: &str| text.parse().unwrap();
    vec![
        open_case(house, "officer", O_LAM, "Trần Quốc Ửng", "Phước Thọ", day("2026-09-01")).await,
        open_case(house, "officer", O_LAM, "Lâm Thị Sa Rây", "Phước Lộc", day("2026-10-20")).await,
        open_case(house, "officer2", O_LAM, "Chau Sóc Phia", "Phước Lộc", day("2026-11-02")).await,
        open_case(house, "supervisor", O_LAM, "Phạm Văn Lẹ", "", day("2026-11-10")).await,
        open_case(house, "officer3", MY_THOI, "Đỗ Thị Mười", "Khóm 1", day("2026-10-01")).await,
    ]
}

pub async fn tick(house: &House) {
    duongve::jobs::tick(&house.app).await.unwrap();
}

/// The same program on another node, or started a second time.
pub async fn second_node(house: &House) -> App {
    let settings = house.app.settings().clone();
    let store =
        duongve::store::Store::open(&settings.database, &settings.keys, house.clock.clone(), Some(99)).await.unwrap();
    App::new(store, settings)
}

/// Runs statements behind the program's back.
pub async fn sql(house: &House, text: &str) {
    let url = &house.app.settings().database;
    match house.kind {
        Kind::Sqlite => {
            let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(url).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut conn).await.unwrap();
        }
        Kind::Postgres => {
            let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut conn).await.unwrap();
        }
    }
}

/// One number.
pub async fn number(house: &House, text: &str) -> i64 {
    let url = &house.app.settings().database;
    let text = sqlx::AssertSqlSafe(text.to_owned());
    match house.kind {
        Kind::Sqlite => {
            let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(url).await.unwrap();
            sqlx::query_scalar(text).fetch_one(&mut conn).await.unwrap()
        }
        Kind::Postgres => {
            let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
            sqlx::query_scalar(text).fetch_one(&mut conn).await.unwrap()
        }
    }
}

/// A mail as its reader sees it: head lines and text, decoded.
#[derive(Debug)]
pub struct Read {
    pub to: String,
    pub message_id: String,
    pub subject: String,
    pub text: String,
}

pub fn read(raw: &str) -> Read {
    let raw = raw.replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n").expect("a mail has a head and a body");
    let head = head.replace("\n ", " ");
    let of = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{}: ", name.to_lowercase())));
        line.and_then(|line| line.split_once(": ")).map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    let text = match of("Content-Transfer-Encoding").as_str() {
        "base64" => String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap(),
        "quoted-printable" => quoted(body),
        _ => body.to_owned(),
    };
    Read { to: of("To"), message_id: of("Message-ID"), subject: words(&of("Subject")), text }
}

/// `=?utf-8?b?…?=` words of a head line.
fn words(line: &str) -> String {
    let mut said = String::new();
    let mut after_word = false;
    for word in line.split(' ') {
        let coded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        if !(said.is_empty() || after_word && coded.is_some()) {
            said.push(' ');
        }
        match coded {
            Some(coded) => said += &String::from_utf8(STANDARD.decode(coded).unwrap()).unwrap(),
            None => said += word,
        }
        after_word = coded.is_some();
    }
    said
}

fn quoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
            rest = &rest[2..];
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Every mail that went out into the folder.
pub fn mails(house: &House) -> Vec<Read> {
    let Ok(files) = std::fs::read_dir(&house.mail_dir) else { return Vec::new() };
    let mut names: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    names.sort();
    names
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .map(|path| read(&std::fs::read_to_string(path).unwrap()))
        .collect()
}

pub fn to(house: &House, username: &str) -> Vec<Read> {
    mails(house).into_iter().filter(|mail| mail.to.contains(&format!("{username}@"))).collect()
}

/// Codes of cases in a text: `DV-7K3MQ`.
pub fn codes(text: &str) -> std::collections::BTreeSet<String> {
    text.match_indices("DV-").filter_map(|(at, _)| text.get(at..at + 8)).map(str::to_owned).collect()
}
