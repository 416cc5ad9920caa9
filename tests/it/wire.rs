//! What comes over the wire: half requests, odd ones, very many slow ones, https. Against the real accept loop.

use crate::house::{House, Kind};
use duongve::{config::TlsFiles, serve};
use std::{
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

/// The program on a port of its own.
async fn serving(house: &House, tls: Option<TlsFiles>) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings = house.app.settings().clone();
    settings.tls = tls;
    settings.hosts = vec!["duongve.example".to_owned()];
    let app = duongve::app::App::new(house.store().clone(), settings);
    (address, tokio::spawn(serve::serve(app, listener, std::future::pending())))
}

/// Sends these bytes and reads until the other side has said all and closes, or stays silent for a while.
async fn say(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut heard = Vec::new();
    let mut piece = [0; 8192];
    while let Ok(Ok(read)) = tokio::time::timeout(Duration::from_millis(1_500), stream.read(&mut piece)).await {
        if read == 0 {
            break;
        }
        heard.extend(&piece[..read]);
    }
    String::from_utf8_lossy(&heard).into_owned()
}

/// The status of each answer.
fn statuses(heard: &str) -> Vec<u16> {
    heard
        .replace("HTTP/1.0 ", "HTTP/1.1 ")
        .split("HTTP/1.1 ")
        .skip(1)
        .filter_map(|rest| rest.get(..3)?.parse().ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_requests_are_answered_once_and_name_a_host_of_ours() {
    let house = House::new(Kind::Sqlite).await;
    let (address, _server) = serving(&house, None).await;
    let host = "Host: 127.0.0.1\r\n";
    let many = format!("GET /sign-in HTTP/1.1\r\n{host}{}\r\n", "X-A: 1\r\n".repeat(2_000));
    let long = format!("GET /sign-in HTTP/1.1\r\n{host}X-A: {}\r\n\r\n", "a".repeat(1_000_000));
    let smuggled = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let two = format!(
        "POST /sign-in HTTP/1.1\r\n{host}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{smuggled}",
        smuggled.len()
    );
    let spaced = format!("GET /sign-in HTTP/1.1\r\n{host}Content-Length : 5\r\n\r\n");
    let folded = format!("GET /sign-in HTTP/1.1\r\n{host}X-A: 1\r\n b\r\n\r\n");
    for (name, bytes, wanted) in [
        ("fine", format!("GET /sign-in HTTP/1.1\r\n{host}\r\n"), 200),
        ("with its port", "GET /sign-in HTTP/1.1\r\nHost: LocalHost:1\r\n\r\n".to_owned(), 200),
        ("a listed name", "GET /sign-in HTTP/1.1\r\nHost: duongve.example\r\n\r\n".to_owned(), 200),
        ("no host", "GET /sign-in HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("no host, old", "GET /sign-in HTTP/1.0\r\n\r\n".to_owned(), 400),
        ("two hosts", format!("GET /sign-in HTTP/1.1\r\n{host}{host}\r\n"), 400),
        ("another host", "GET /sign-in HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(), 421),
        (
            "a host that begins like ours",
            "GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n".to_owned(),
            421,
        ),
        ("another host in the line", format!("GET http://evil.example/sign-in HTTP/1.1\r\n{host}\r\n"), 400),
        ("our host in the line", format!("GET http://127.0.0.1/sign-in HTTP/1.1\r\n{host}\r\n"), 200),
        ("watched by any name", "GET /healthz HTTP/1.1\r\nHost: 10.0.0.7\r\n\r\n".to_owned(), 200),
        ("trace", format!("TRACE /sign-in HTTP/1.1\r\n{host}\r\n"), 405),
        ("a nought in the path", format!("GET /cases/%00 HTTP/1.1\r\n{host}\r\n"), 303),
        ("no letters in the path", format!("GET /assets/%ff%fe HTTP/1.1\r\n{host}\r\n"), 404),
        ("a space before the colon", spaced, 400),
        ("a folded line", folded, 400),
        ("two lengths", two, 400),
        ("2,000 lines", many, 431),
        ("a line of a megabyte", long, 431),
    ] {
        let heard = say(address, bytes.as_bytes()).await;
        assert_eq!(statuses(&heard), [wanted], "{name}: {}", heard.chars().take(300).collect::<String>());
    }
    // A length and chunks at once: whatever counts, the bytes behind are no second request.
    let both =
        format!("POST /sign-in HTTP/1.1\r\n{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    let heard = say(address, both.as_bytes()).await;
    assert_eq!(statuses(&heard).len(), 1, "{heard}");
    // In the reader's words.
    let heard = say(address, b"GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nAccept-Language: en\r\n\r\n").await;
    assert!(heard.contains("Wrong address"), "{heard}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_sent_head_is_closed_within_ten_seconds() {
    let house = House::new(Kind::Sqlite).await;
    let (address, _server) = serving(&house, None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream.write_all(b"GET /sign-in HTTP/1.1\r\nHost: 127.0").await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
    let taken = begun.elapsed();
    assert!(closed.is_ok() && taken < Duration::from_secs(12), "{taken:?}");
    assert!(taken > Duration::from_secs(5), "a slow line is no crime: {taken:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_thousand_slow_clients_do_not_slow_others() {
    let house = House::new(Kind::Sqlite).await;
    let (address, _server) = serving(&house, None).await;
    let (handles, _) = rlimit::Resource::NOFILE.get().unwrap();
    if rlimit::increase_nofile_limit(8_192).unwrap_or(handles) < 5_000 {
        println!("skipped: {handles} open files are too few for 2,000 connections");
        return;
    }
    let mut slow = Vec::new();
    for n in 0..2_000_u32 {
        let socket = TcpSocket::new_v4().unwrap();
        // Of many addresses: one alone has not that many places.
        socket.bind(SocketAddr::from(([127, 0, 1, (n / 200) as u8 + 2], 0))).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        stream.write_all(b"GET /sign-in HTTP/1.1\r\nHost: 127.0").await.unwrap();
        slow.push(stream);
    }
    let mut times = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut page = Vec::new();
        stream.read_to_end(&mut page).await.unwrap();
        assert!(page.starts_with(b"HTTP/1.1 200"));
        times.push(begun.elapsed());
    }
    times.sort();
    println!("2,000 slow clients: others' median {:?}, p99 {:?}", times[100], times[197]);
    assert!(times[197] < Duration::from_millis(100), "p99 {:?}", times[197]);
    // One address alone does not get every place.
    let mut held = Vec::new();
    for _ in 0..300 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 2, 1], 0))).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let _maybe_closed = stream.write_all(b"GET ").await;
        held.push(stream);
    }
    let mut refused = 0;
    for stream in &mut held {
        let mut byte = [0];
        if tokio::time::timeout(Duration::from_millis(5), stream.read(&mut byte)).await.is_ok() {
            refused += 1;
        }
    }
    assert!((40..=60).contains(&refused), "{refused} of 300 were refused");
}

/// A certificate of one's own, in a folder, and who believes it.
fn certificate(folder: &std::path::Path, rights: u32) -> (TlsFiles, Arc<ClientConfig>) {
    let made = rcgen::generate_simple_self_signed(vec!["duongve.example".to_owned()]).unwrap();
    let files = TlsFiles { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    std::fs::write(&files.cert, made.cert.pem()).unwrap();
    let mut options = std::fs::OpenOptions::new();
    let mut key = options.write(true).create(true).truncate(true).mode(rights).open(&files.key).unwrap();
    std::io::Write::write_all(&mut key, made.signing_key.serialize_pem().as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    (files, Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

async fn over_tls(address: SocketAddr, config: &Arc<ClientConfig>, text: &str) -> std::io::Result<String> {
    let name = ServerName::try_from("duongve.example").unwrap();
    let mut stream = TlsConnector::from(config.clone()).connect(name, TcpStream::connect(address).await?).await?;
    stream.write_all(text.as_bytes()).await?;
    let mut heard = Vec::new();
    // An end without a farewell is an end.
    let _end = stream.read_to_end(&mut heard).await;
    Ok(String::from_utf8_lossy(&heard).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn https_by_the_program_itself_and_a_new_certificate_without_a_restart() {
    let house = House::new(Kind::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let (files, believes) = certificate(folder.path(), 0o600);
    let (address, _server) = serving(&house, Some(files)).await;
    let ask = "GET /sign-in HTTP/1.1\r\nHost: duongve.example\r\nConnection: close\r\n\r\n";
    let page = over_tls(address, &believes, ask).await.unwrap();
    assert!(
        page.starts_with("HTTP/1.1 200")
            && page.contains("strict-transport-security: max-age=31536000; includeSubDomains"),
        "{page}"
    );
    assert!(page.contains("name=\"password\""), "the sign-in form is there: a Secure cookie is kept");
    let body = serde_html_form::to_string([("username", "officer"), ("password", crate::house::PASSWORD)]).unwrap();
    let form = format!(
        "POST /sign-in HTTP/1.1\r\nHost: duongve.example\r\nOrigin: https://duongve.example\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let signed_in = over_tls(address, &believes, &form).await.unwrap();
    assert!(signed_in.starts_with("HTTP/1.1 303") && signed_in.contains("__Host-sid="), "{signed_in}");
    assert!(signed_in.contains("Secure"), "{signed_in}");
    // Plain words to the port of https are not answered.
    assert_eq!(statuses(&say(address, ask.as_bytes()).await), [0_u16; 0]);
    // A new certificate: whoever believes only the new one gets in soon, without a restart.
    let (_files, believes) = certificate(folder.path(), 0o600);
    let mut taken = false;
    for _ in 0..80 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        if over_tls(address, &believes, ask).await.is_ok_and(|page| page.starts_with("HTTP/1.1 200")) {
            taken = true;
            break;
        }
    }
    assert!(taken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_plain_http_from_elsewhere_nothing_is_taken() {
    let house = House::new(Kind::Sqlite).await;
    let (address, _server) = serving(&house, None).await;
    let body = serde_json::json!({"username": "officer", "password": crate::house::PASSWORD}).to_string();
    let ask = |line: &str, host: &str, more: &str, body: &str| {
        format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: en\r\nConnection: close\r\n{more}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let json = "Content-Type: application/json\r\n";
    for (name, request, wanted) in [
        ("a program signs in", ask("POST /api/v1/sessions", "duongve.example", json, &body), 403),
        ("a token is shown", ask("GET /api/v1/me", "duongve.example", "Authorization: Bearer x\r\n", ""), 403),
        ("a new password", ask("POST /reset", "duongve.example", "", ""), 403),
        ("signing in says why", ask("GET /sign-in", "duongve.example", "", ""), 200),
        ("here it is taken", ask("POST /api/v1/sessions", "127.0.0.1", json, &body), 201),
        ("and a wrong token is one", ask("GET /api/v1/me", "127.0.0.1", "Authorization: Bearer x\r\n", ""), 401),
    ] {
        let heard = say(address, request.as_bytes()).await;
        assert_eq!(statuses(&heard), [wanted], "{name}: {heard}");
        assert_eq!(heard.contains("A safe connection (https) is needed"), wanted == 403, "{name}: {heard}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_others_can_read_is_refused() {
    let house = House::new(Kind::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = certificate(folder.path(), 0o640);
    let (_address, server) = serving(&house, Some(files)).await;
    let refused = server.await.unwrap().unwrap_err().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_searches_and_strangers_are_asked_to_wait() {
    let house = House::new(Kind::Sqlite).await;
    let officer = house.as_("officer").await;
    let mut last = None;
    for _ in 0..90 {
        last = Some(officer.post("/case-searches", &[("q", "x")]).await);
        if last.as_ref().is_some_and(|answer| answer.status == 429) {
            break;
        }
    }
    let last = last.unwrap().expect(429);
    assert!(last.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 2);
    assert!(last.text().contains("Quá nhiều yêu cầu"), "{}", last.text());
    house.as_("officer2").await.post("/case-searches", &[("q", "x")]).await.expect(200);
    let mut status = 0;
    // More than the bucket holds, and what flows back meanwhile on a slow machine.
    for _ in 0..3_000 {
        status = house.nobody().get("/sign-in").await.status.as_u16();
        if status == 429 {
            break;
        }
    }
    assert_eq!(status, 429);
    // Whoever is signed in goes on behind the same address.
    officer.get("/cases").await.expect(200);
}

crate::both!(figures_are_for_the_machine_itself_and_hold_counts_only, async |house: House| {
    let case = crate::world::open(&house, "officer", &crate::world::draft("Đếm", 1)).await;
    house.as_("officer").await.get(&format!("/cases/{case}")).await.expect(200);
    duongve::jobs::tick(&house.app).await.unwrap();
    let ask = async |from: [u8; 4], header: Option<&str>| {
        let mut request = axum::http::Request::builder().uri("/metrics").header("host", "127.0.0.1:8080");
        if let Some(name) = header {
            request = request.header(name, "127.0.0.1");
        }
        house.send_from(from, request.body(axum::body::Body::empty()).unwrap()).await
    };
    let text = ask([127, 0, 0, 1], None).await.expect(200).text();
    let figure = |name: &str| -> i64 {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("duongve_{name} ")));
        line.unwrap_or_else(|| panic!("{name}: {text}")).parse().unwrap()
    };
    assert!(figure("sessions") >= 1 && figure("password_hashes_total") >= 1 && figure("mails_dead") == 0, "{text}");
    assert_eq!((figure("checkpoint_age_seconds"), figure("jobs_due"), figure("emergencies_waiting")), (0, 0, 0));
    let plain = |line: &str| {
        line.starts_with("# TYPE duongve_")
            || line.strip_prefix("duongve_").and_then(|rest| rest.split_once(' ')).is_some_and(|(name, value)| {
                name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') && value.parse::<i64>().is_ok()
            })
    };
    assert!(text.lines().all(plain), "a name and a number, nothing else: {text}");
    ask([192, 0, 2, 7], None).await.expect(404);
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        ask([127, 0, 0, 1], Some(header)).await.expect(404);
    }
});
