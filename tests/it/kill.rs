//! Killed in the middle, again and again: what was acknowledged is there, and nothing is there by half.
//!
//! What is killed is `duongve serve` itself, on a database of either kind, while clients write over HTTP: visits, and files.

use crate::{
    both,
    house::{House, Kind},
    raw::Raw,
    world,
};
use duongve::{
    base::{ids::CaseId, text, time::Clock},
    cases,
    config::Settings,
    store::SessionKind,
};
use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

/// The program itself, on a free port of this machine, until it is killed.
pub fn start(settings: &Settings) -> (Child, SocketAddr) {
    start_with(settings, |_command| {})
}

/// The same with something of one's own.
pub fn start_with(settings: &Settings, own: impl FnOnce(&mut Command)) -> (Child, SocketAddr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duongve"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "error"])
        .arg("--root-key")
        .arg(crate::house::root_key(settings))
        .args(["--database", &settings.database, "--data-dir", &settings.data_dir.display().to_string()])
        .stdout(Stdio::piped());
    own(&mut command);
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| line.unwrap().strip_prefix("listening on http://").map(str::to_owned));
    (child, address.expect("the program listens").parse().unwrap())
}

/// How many were told that it is done.
fn told_in(acknowledged: &Mutex<Vec<u128>>) -> usize {
    acknowledged.lock().unwrap().len()
}

/// Sends one form as a browser does; `None`: the program is gone.
async fn send(address: SocketAddr, token: &str, path: &str, kind: &str, body: &[u8]) -> Option<()> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: __Host-sid={token}\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.ok()?;
    let mut answer = [0; 12];
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    stream.read_exact(&mut answer).await.ok()?;
    assert_eq!(&answer[9..], b"303", "{}", String::from_utf8_lossy(&answer));
    Some(())
}

/// Logs visits one after another until the program is gone; notes each key that was acknowledged.
async fn write(
    address: SocketAddr,
    token: String,
    (case, on): (CaseId, String),
    first_key: u128,
    acknowledged: Arc<Mutex<Vec<u128>>>,
) {
    let form_token = duongve::http::request::form_token(&token);
    for key in first_key.. {
        let body = format!("on={on}&kind=home&met=true&note=n&_token={form_token}&_key={}", Uuid::from_u128(key));
        let path = format!("/cases/{case}/visits");
        let done = send(address, &token, &path, "application/x-www-form-urlencoded", body.as_bytes()).await;
        let Some(()) = done else { return };
        acknowledged.lock().unwrap().push(key);
    }
}

/// The same with files.
async fn bring(address: SocketAddr, token: String, case: CaseId, first_key: u128, acknowledged: Arc<Mutex<Vec<u128>>>) {
    let form_token = duongve::http::request::form_token(&token);
    for key in first_key.. {
        let mut body = Vec::new();
        let key_typed = Uuid::from_u128(key).to_string();
        for (name, value) in [
            ("kind", "certificate"),
            ("note", "n"),
            ("no_id_card", "true"),
            ("_token", form_token.as_str()),
            ("_key", key_typed.as_str()),
        ] {
            body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n");
        body.extend(world::png());
        body.extend(b"\r\n--XX--\r\n");
        let path = format!("/cases/{case}/attachments");
        let done = send(address, &token, &path, "multipart/form-data; boundary=XX", &body).await;
        let Some(()) = done else { return };
        acknowledged.lock().unwrap().push(key);
    }
}

/// Every file beside the database, by its name; what was on its way begins with a dot.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries =
        |path: &std::path::Path| std::fs::read_dir(path).into_iter().flatten().flatten().map(|one| one.path());
    entries(folder).flat_map(|one| entries(&one).collect::<Vec<_>>()).collect()
}

both!(twelve_kills_lose_no_acknowledged_file_and_leave_no_row_without_one, async |house: House| {
    house.clock.set(Clock::system().now());
    let today = text::show_day(house.store().today());
    let mut cases = Vec::new();
    for number in 0..4 {
        let draft =
            cases::model::Draft { received_on: today.clone(), ..world::draft(&format!("File{number}"), number) };
        cases.push(world::open(&house, "officer", &draft).await);
    }
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let folder = house.app.settings().files();
    let mut left = 0;
    for round in 0..12_u128 {
        let (mut program, address) = start(house.app.settings());
        let before = told_in(&acknowledged);
        let writers: Vec<_> = cases
            .iter()
            .zip(1..)
            .map(|(case, writer)| {
                let first_key = round << 64 | writer << 32;
                tokio::spawn(bring(address, token.clone(), *case, first_key, acknowledged.clone()))
            })
            .collect();
        for _ in 0..500 {
            if told_in(&acknowledged) > before + 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::try_from(round * 23 % 120).unwrap())).await;
        program.kill().unwrap();
        program.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        let mut raw = Raw::of(&house).await;
        raw.settle().await;
        let rows: Vec<(Uuid, String)> = raw.rows("select id, file_hash from attachments order by id").await;
        let there: HashSet<String> =
            files(&folder).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
        for (id, hash) in &rows {
            assert!(there.contains(hash), "round {round}: {id} is a row without its file");
        }
        let told = told_in(&acknowledged);
        assert!(rows.len() >= told, "round {round}: {told} told, {} there", rows.len());
        left = there.len() - rows.len();
        // The newest of them opens: whole, and under its own key.
        let newest = house.as_("officer").await.get(&format!("/attachments/{}", rows.last().unwrap().0)).await;
        assert!(newest.expect(200).bytes.starts_with(b"\x89PNG"), "round {round}");
    }
    assert!(told_in(&acknowledged) > 36, "files came in between the kills");
    // What was cut off after the file and before its row stands for nothing: the night takes it, and nothing else.
    let rows: Vec<(String,)> = Raw::of(&house).await.rows("select file_hash from attachments").await;
    let two_hours = std::time::SystemTime::now() - Duration::from_secs(7_200);
    for file in files(&folder) {
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(two_hours).unwrap();
    }
    house.clock.set(house.clock.now().plus(86_400));
    duongve::jobs::tick(&house.app).await.unwrap();
    let there: HashSet<String> =
        files(&folder).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(there, rows.into_iter().map(|row| row.0).collect(), "{left} were left by the kills");
});

both!(thirty_kills_lose_no_acknowledged_visit_and_leave_no_half_of_one, async |house: House| {
    // The program goes by the clock on the wall, so the story does.
    house.clock.set(Clock::system().now());
    let today = text::show_day(house.store().today());
    let mut cases = Vec::new();
    for number in 0..8 {
        let draft =
            cases::model::Draft { received_on: today.clone(), ..world::draft(&format!("Kill{number}"), number) };
        cases.push(world::open(&house, "officer", &draft).await);
    }
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..30_u128 {
        let (mut program, address) = start(house.app.settings());
        let before = told_in(&acknowledged);
        let writers: Vec<_> = cases
            .iter()
            .zip(1..)
            .map(|(case, writer)| {
                let first_key = round << 64 | writer << 32;
                tokio::spawn(write(address, token.clone(), (*case, today.clone()), first_key, acknowledged.clone()))
            })
            .collect();
        // At some moment after the first answers, however busy the machine is.
        for _ in 0..500 {
            if told_in(&acknowledged) > before + 4 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::try_from(round * 37 % 200).unwrap())).await;
        program.kill().unwrap();
        program.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        let mut raw = Raw::of(&house).await;
        raw.settle().await;
        let whole = crate::store::whole_visits(&mut raw).await;
        let keys: Vec<(Uuid,)> = raw.rows("select key from idempotency").await;
        let keys: HashSet<Uuid> = keys.into_iter().map(|row| row.0).collect();
        let acknowledged = acknowledged.lock().unwrap();
        for key in acknowledged.iter() {
            assert!(keys.contains(&Uuid::from_u128(*key)), "round {round}: lost {key:x}");
        }
        let told = i64::try_from(acknowledged.len()).unwrap();
        // Each of the eight may have had one under way that was done and not yet told.
        assert!(whole >= told && whole <= told + 8 * (i64::try_from(round).unwrap() + 1), "{told} told, {whole} there");
    }
    assert!(acknowledged.lock().unwrap().len() > 100, "visits were written between the kills");
    if house.kind == Kind::Sqlite {
        let damage: Vec<(String,)> = Raw::of(&house).await.rows("select * from pragma_integrity_check").await;
        assert_eq!(damage, [("ok".to_owned(),)]);
    }
    for case in cases {
        crate::due::assert_planned(&house, case).await;
    }
});
