//! Killed in the middle, thirty times: what was acknowledged is there, and nothing is there by half.
//!
//! The program that is killed is this test binary itself, started again to serve one database file over a real socket.

use crate::{
    house::{House, Kind, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    app::App,
    base::{
        ids::CaseId,
        time::{At, Clock},
    },
    serve,
    store::{SessionKind, Store},
};
use std::{
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

const FILE: &str = "DUONGVE_TEST_KILL_FILE";

/// The program: serves the database that the environment names until it is killed. Without that it is no test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(file) = std::env::var(FILE) else { return };
    let clock = Clock::still(At::of(TODAY, 7, 31));
    clock.run();
    let store = Store::open(&file, clock, None).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\nlistening {}", listener.local_addr().unwrap());
    let app = App::new(store, crate::house::settings(std::env::temp_dir(), &file));
    serve::serve(app, listener, std::future::pending()).await.unwrap();
}

fn start(file: &str) -> (Child, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| line.unwrap().strip_prefix("listening ").map(str::to_owned));
    (child, address.expect("the program listens").parse().unwrap())
}

/// Logs visits one after another until the program is gone; notes each key that was acknowledged.
async fn write(address: SocketAddr, token: String, case: CaseId, first_key: u128, acknowledged: Arc<Mutex<Vec<u128>>>) {
    let form_token = duongve::http::request::form_token(&token);
    for key in first_key.. {
        let body =
            format!("on=23/11/2026&kind=home&met=true&note=n&_token={form_token}&_key={}", uuid::Uuid::from_u128(key));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_kills_lose_no_acknowledged_visit_and_leave_no_half_of_one() {
    let house = House::new(Kind::Sqlite).await;
    let mut cases = Vec::new();
    for number in 0..8 {
        cases.push(world::open(&house, "officer", &world::draft(&format!("Kill{number}"), number)).await);
    }
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let file = house.app.settings().database.clone();
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..30_u128 {
        let (mut program, address) = start(&file);
        let writers: Vec<_> = cases
            .iter()
            .zip(1..)
            .map(|(case, writer)| {
                let first_key = round << 64 | writer << 32;
                tokio::spawn(write(address, token.clone(), *case, first_key, acknowledged.clone()))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(60 + u64::try_from(round * 37 % 200).unwrap())).await;
        program.kill().unwrap();
        program.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        let mut raw = Raw::of(&house).await;
        let whole = crate::store::whole_visits(&mut raw).await;
        let keys: Vec<(Vec<u8>,)> = raw.rows("select key from idempotency").await;
        let keys: std::collections::HashSet<Vec<u8>> = keys.into_iter().map(|row| row.0).collect();
        let acknowledged = acknowledged.lock().unwrap();
        for key in acknowledged.iter() {
            assert!(keys.contains(uuid::Uuid::from_u128(*key).as_bytes().as_slice()), "round {round}: lost {key:x}");
        }
        let told = i64::try_from(acknowledged.len()).unwrap();
        // Each of the eight may have had one under way that was done and not yet told.
        assert!(whole >= told && whole <= told + 8 * (i64::try_from(round).unwrap() + 1), "{told} told, {whole} there");
    }
    assert!(acknowledged.lock().unwrap().len() > 100, "visits were written between the kills");
    let damage: Vec<(String,)> = Raw::of(&house).await.rows("select * from pragma_integrity_check").await;
    assert_eq!(damage, [("ok".to_owned(),)]);
    for case in cases {
        crate::due::assert_planned(&house, case).await;
    }
}
