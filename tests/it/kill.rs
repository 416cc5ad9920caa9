//! Killed in the middle, thirty times: what was acknowledged is there, and nothing is there by half.
//!
//! What is killed is `duongve serve` itself, on a database of either kind, while eight clients write over HTTP.

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
        let request = format!(
            "POST /cases/{case}/visits HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: __Host-sid={token}\r\n\
             sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let Ok(mut stream) = TcpStream::connect(address).await else { return };
        let mut answer = [0; 12];
        if stream.write_all(request.as_bytes()).await.is_err() || stream.read_exact(&mut answer).await.is_err() {
            return;
        }
        assert_eq!(&answer[9..], b"303", "{}", String::from_utf8_lossy(&answer));
        acknowledged.lock().unwrap().push(key);
    }
}

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
