//! The machine fails: a full disk, a disk that does not keep what it was told, a handler that panics, a database server that
//! is stopped at once. What was acknowledged is there afterwards, and whoever waits is told what is the matter.
//!
//! The disk's failures are made by a library of a few lines that is loaded before the C library: the program, its SQLite and
//! its files are the real ones, and the error comes from where the system's would.

use crate::{
    house::{House, Kind, furnish},
    kill::start,
    raw::Raw,
    world,
};
use duongve::{
    base::{ids::CaseId, text, time::Clock},
    config::Settings,
    http::{door::in_own_task, dress::dress, request::form_token},
    store::SessionKind,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::OnceCell,
};

const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of this name in the folder FAULTS: the fault is on. */
static int on(const char *fault) {
  const char *dir = getenv("FAULTS");
  char path[1024];
  if (!dir) return 0;
  snprintf(path, sizeof path, "%s/%s", dir, fault);
  return access(path, F_OK) == 0;
}

/* Database, log and keyring; not what processes share in memory. */
static int is_database(int fd) {
  char link[64], name[1024];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length < 0) return 0;
  name[length] = 0;
  return strstr(name, "duongve.sqlite") && !strstr(name, "-shm");
}

static int fails(int fd) {
  int saved = errno;
  int fault = on("full") ? ENOSPC : on("broken") ? EIO : 0;
  if (fault && is_database(fd)) { errno = fault; return 1; }
  errno = saved;
  return 0;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  return fails(fd) ? -1 : real(fd, bytes, count);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
  return fails(fd) ? -1 : real(fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite64");
  return fails(fd) ? -1 : real(fd, bytes, count, at);
}
int fsync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  if (on("unkept") && is_database(fd)) { errno = EIO; return -1; }
  return on("silent") ? 0 : real(fd);
}
int fdatasync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  if (on("unkept") && is_database(fd)) { errno = EIO; return -1; }
  return on("silent") ? 0 : real(fd);
}
"#;

/// The library, made once; `None` and a word why where it cannot be.
async fn shim() -> Option<&'static Path> {
    static MADE: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let make = || {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shim-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, library) = (folder.join("faults.c"), folder.join("faults.so"));
        std::fs::write(&source, SHIM).unwrap();
        let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).output();
        match built {
            Ok(done) if done.status.success() => Some(library),
            other => {
                println!("skipped: the library that makes the disk fail could not be built: {other:?}");
                None
            }
        }
    };
    MADE.get_or_init(|| async { make() }).await.as_deref()
}

/// The program on a house's database, on a disk that fails when it is told to.
struct Served {
    program: Child,
    address: SocketAddr,
    faults: tempfile::TempDir,
    token: String,
    case: CaseId,
    today: String,
    next: u128,
}

impl Served {
    async fn of(house: &House, shim: &Path) -> Served {
        house.clock.set(Clock::system().now());
        let today = text::show_day(house.store().today());
        let draft = duongve::cases::model::Draft { received_on: today.clone(), ..world::draft("Đĩa", 1) };
        let case = world::open(house, "officer", &draft).await;
        let token = world::session(house, "officer", SessionKind::Cookie).await;
        let faults = tempfile::tempdir().unwrap();
        let (program, address) = Self::start(house.app.settings(), shim, faults.path());
        Served { program, address, faults, token, case, today, next: 1 }
    }

    fn start(settings: &Settings, shim: &Path, faults: &Path) -> (Child, SocketAddr) {
        crate::kill::start_with(settings, |command| {
            command.env("LD_PRELOAD", shim).env("FAULTS", faults).stderr(Stdio::null());
        })
    }

    fn fault(&self, name: &str, on: bool) {
        let file = self.faults.path().join(name);
        if on { std::fs::write(file, "").unwrap() } else { std::fs::remove_file(file).unwrap() }
    }

    /// Logs a visit; the answer, status and page. `None`: no answer came.
    async fn visit(&mut self) -> Option<(u16, String)> {
        let key = uuid::Uuid::from_u128(self.next);
        self.next += 1;
        let body = format!("on={}&kind=home&met=true&note=n&_token={}&_key={key}", self.today, form_token(&self.token));
        let path = format!("/cases/{}/visits", self.case);
        ask(self.address, &self.token, &path, Some(&body)).await
    }

    async fn page(&self, path: &str) -> u16 {
        ask(self.address, &self.token, path, None).await.map_or(0, |answer| answer.0)
    }

    /// The status that it ends with, if it does so soon.
    async fn ends(&mut self) -> Option<i32> {
        for _ in 0..60 {
            if let Some(status) = self.program.try_wait().unwrap() {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        None
    }

    fn stop(&mut self) {
        let _gone_already = self.program.kill();
        self.program.wait().unwrap();
    }
}

/// One request; status and body.
async fn ask(address: SocketAddr, token: &str, path: &str, form: Option<&str>) -> Option<(u16, String)> {
    let body = form.unwrap_or_default();
    let method = if form.is_some() { "POST" } else { "GET" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: __Host-sid={token}\r\n\
         sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.ok()?.ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Some((answer.get(9..12)?.parse().ok()?, answer))
}

/// What is promised of a full disk; the first thing that is not so.
async fn bears_a_full_disk(served: &mut Served, fault: &str) -> Result<(), String> {
    served.fault(fault, true);
    for _ in 0..3 {
        let (status, page) = served.visit().await.ok_or("no answer")?;
        if status != 507 || !page.contains("Ổ đĩa đã đầy") {
            return Err(format!("{status} instead of 507"));
        }
    }
    for path in ["/", "/cases", "/healthz", "/readyz"] {
        let status = served.page(path).await;
        if status != 200 {
            return Err(format!("{path} cannot be read: {status}"));
        }
    }
    served.fault(fault, false);
    let since = Instant::now();
    loop {
        let (status, _) = served.visit().await.ok_or("no answer")?;
        if status == 303 {
            break;
        }
        if since.elapsed() > Duration::from_secs(1) {
            return Err(format!("still {status} a second after there is room"));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_reading_goes_on_and_writing_comes_back() {
    let Some(shim) = shim().await else { return };
    let house = House::new(Kind::Sqlite).await;
    let mut served = Served::of(&house, shim).await;
    assert_eq!(served.visit().await.unwrap().0, 303);
    bears_a_full_disk(&mut served, "full").await.unwrap();
    // The plant: a disk that is broken and not full is not said to be full.
    let plant = bears_a_full_disk(&mut served, "broken").await;
    assert!(plant.is_err(), "{plant:?}");
    served.fault("broken", false);
    served.stop();
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from visits").await, 2, "what was refused is not there, what was said is");
    let damage: Vec<(String,)> = raw.rows("select * from pragma_integrity_check").await;
    assert_eq!(damage, [("ok".to_owned(),)]);
}

/// What is promised when the disk does not keep what it is told to: whoever waits hears 503, and the program ends, for the
/// service manager to start it on what is really there.
async fn ends_when_nothing_is_kept(served: &mut Served, fault: &str) -> Result<(), String> {
    served.fault(fault, true);
    let (status, _) = served.visit().await.ok_or("no answer")?;
    if status != 503 {
        return Err(format!("{status} instead of 503"));
    }
    match served.ends().await {
        Some(74) => Ok(()),
        other => Err(format!("ended with {other:?}")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_does_not_keep_what_it_was_told_ends_the_program() {
    let Some(shim) = shim().await else { return };
    let house = House::new(Kind::Sqlite).await;
    let mut served = Served::of(&house, shim).await;
    // The plant: a disk that only says that it has kept it. Nobody could know, and nobody ends.
    let plant = ends_when_nothing_is_kept(&mut served, "silent").await;
    assert!(plant.is_err(), "{plant:?}");
    served.fault("silent", false);
    assert_eq!(served.visit().await.unwrap().0, 303);
    ends_when_nothing_is_kept(&mut served, "unkept").await.unwrap();
    served.stop();
    served.fault("unkept", false);
    (served.program, served.address) = Served::start(house.app.settings(), shim, served.faults.path());
    assert_eq!(served.visit().await.unwrap().0, 303, "started again it goes on");
    served.stop();
    let visits = Raw::of(&house).await.number("select count(*) from visits").await;
    assert!((3..=4).contains(&visits), "{visits}: three were told; the one that heard 503 may be there or not");
}

async fn boom() -> axum::http::StatusCode {
    panic!("a handler that panics")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_page_with_a_number_and_the_program_lives() {
    use axum::{
        Router,
        body::Body,
        http::Request,
        middleware::{from_fn, from_fn_with_state},
        routing::get,
    };
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let house = House::new(Kind::Sqlite).await;
    let ask = async |router: Router, lang: &'static str| {
        let request = Request::builder().uri("/boom").header("host", "127.0.0.1:8080").header("accept-language", lang);
        let request = request
            .extension(axum::extract::ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
            .body(Body::empty())
            .unwrap();
        let response = tokio::spawn(router.oneshot(request)).await?.unwrap();
        let status = response.status().as_u16();
        let page = response.into_body().collect().await.unwrap().to_bytes();
        Ok::<_, tokio::task::JoinError>((status, String::from_utf8_lossy(&page).into_owned()))
    };
    let dressed = |router: Router| router.layer(from_fn_with_state(house.app.clone(), dress));
    let guarded = || dressed(Router::new().route("/boom", get(boom)).layer(from_fn(in_own_task)));
    for (lang, says) in [("vi", "số"), ("en", "number")] {
        let (status, page) = ask(guarded(), lang).await.unwrap();
        let number = page.split(|c: char| !c.is_ascii_hexdigit()).any(|word| word.len() == 16);
        assert!(status == 500 && number && page.contains(says), "{status} {page}");
        assert!(!page.contains("panics"), "what went wrong inside is in the log only");
    }
    // The plant: without its own task the panic takes the connection with it.
    assert!(ask(dressed(Router::new().route("/boom", get(boom))), "vi").await.is_err_and(|error| error.is_panic()));
    house.as_("officer").await.get("/").await.expect(200);
}

/// A PostgreSQL of the test's own, that may be stopped at once.
struct Cluster {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    /// `None` and a word why where there can be none.
    ///
    /// `keeps` false, the plant: a server that says that it has kept what it will keep some time later.
    fn new(keeps: bool) -> Option<Cluster> {
        let skipped = |why: &str| {
            println!("skipped: {why}");
            None
        };
        if std::env::var("DUONGVE_TEST_ONLY").is_ok_and(|only| only == "sqlite") {
            return None;
        }
        let mut bins: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map_or(Vec::new(), |all| all.flatten().map(|one| one.path().join("bin")).collect());
        bins.sort();
        let Some(bin) = bins.into_iter().rfind(|bin| bin.join("initdb").exists()) else {
            return skipped("no initdb under /usr/lib/postgresql");
        };
        let folder = tempfile::Builder::new().prefix("duongve-pg-").tempdir_in("/tmp").unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { bin, folder, port };
        if !Command::new("chown").arg("postgres").arg(cluster.folder.path()).status().is_ok_and(|done| done.success())
            && is_root()
        {
            return skipped("no user postgres to run a server as");
        }
        let data = cluster.data();
        let made = cluster.run(
            "initdb",
            &["-D", &data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        );
        if !made {
            return skipped("initdb did not make a cluster");
        }
        // What is promised after a crash is promised with fsync on.
        let keeping = match keeps {
            true => "fsync = on\nsynchronous_commit = on\n",
            false => {
                "synchronous_commit = off\nwal_writer_delay = 10000ms\nwal_writer_flush_after = 1GB\nfull_page_writes = off\n"
            }
        };
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\nmax_connections = 60\n{keeping}",
            cluster.folder.path().display()
        );
        let append = format!("cat >> {data}/postgresql.conf <<'CONF'\n{settings}CONF");
        assert!(cluster.run_words(&["sh", "-c", &append]));
        cluster.start();
        Some(cluster)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn start(&self) {
        let log = self.folder.path().join("log").display().to_string();
        assert!(self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-t", "60", "start"]), "the cluster starts");
    }

    fn stop_at_once(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    fn run(&self, program: &str, args: &[&str]) -> bool {
        let program = self.bin.join(program).display().to_string();
        let words: Vec<&str> = std::iter::once(program.as_str()).chain(args.iter().copied()).collect();
        self.run_words(&words)
    }

    /// As the user postgres where we are root: PostgreSQL refuses to run as root.
    fn run_words(&self, words: &[&str]) -> bool {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).args(words);
            command
        } else {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]);
            command
        };
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|done| done.success())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// What the writers heard.
#[derive(Default, Debug)]
struct Heard {
    done: Vec<u128>,
    waited: usize,
    other: Vec<u16>,
    /// Of what was told as done, that which is not there.
    lost: usize,
}

/// Stops the server so many times under load and starts it again.
async fn stopped_at_once(times: usize, keeps: bool) -> Option<Heard> {
    let cluster = Cluster::new(keeps)?;
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port);
    let dir = tempfile::tempdir().unwrap();
    furnish(&url, dir.path()).await;
    let house = House::open(Kind::Postgres, url, dir).await;
    house.clock.set(Clock::system().now());
    let today = text::show_day(house.store().today());
    let mut cases = Vec::new();
    for number in 0..4 {
        let draft =
            duongve::cases::model::Draft { received_on: today.clone(), ..world::draft(&format!("Pg{number}"), number) };
        cases.push(world::open(&house, "officer", &draft).await);
    }
    let token = world::session(&house, "officer", SessionKind::Cookie).await;
    let (mut program, address) = start(house.app.settings());
    let heard = Arc::new(Mutex::new(Heard::default()));
    let writers: Vec<_> = cases
        .iter()
        .zip(1_u128..)
        .map(|(case, writer)| {
            let (case, token, today, heard) = (*case, token.clone(), today.clone(), heard.clone());
            tokio::spawn(async move {
                for number in 0.. {
                    let key = writer << 64 | number;
                    let body = format!(
                        "on={today}&kind=home&met=true&note=n&_token={}&_key={}",
                        form_token(&token),
                        uuid::Uuid::from_u128(key)
                    );
                    let answer = ask(address, &token, &format!("/cases/{case}/visits"), Some(&body)).await;
                    let mut heard = heard.lock().unwrap();
                    match answer.map(|answer| answer.0) {
                        Some(303) => heard.done.push(key),
                        Some(503) => heard.waited += 1,
                        Some(other) => heard.other.push(other),
                        None => return,
                    }
                }
            })
        })
        .collect();
    let told = || heard.lock().unwrap().done.len();
    for _ in 0..times {
        let before = told();
        for _ in 0..600 {
            if told() > before + 20 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(told() > before, "writing goes on after the server is back: {:?}", heard.lock().unwrap().other);
        tokio::task::block_in_place(|| {
            cluster.stop_at_once();
            std::thread::sleep(Duration::from_millis(300));
            cluster.start();
        });
    }
    let before = told();
    for _ in 0..600 {
        if told() > before + 20 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(told() > before, "and after the last time");
    assert!(program.try_wait().unwrap().is_none(), "the program lived through it");
    program.kill().unwrap();
    program.wait().unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut raw = Raw::of(&house).await;
    raw.settle().await;
    let keys: Vec<(uuid::Uuid,)> = raw.rows("select key from idempotency").await;
    let keys: std::collections::HashSet<u128> = keys.into_iter().map(|row| row.0.as_u128()).collect();
    let mut heard = std::mem::take(&mut *heard.lock().unwrap());
    heard.lost = heard.done.iter().filter(|key| !keys.contains(key)).count();
    let whole = crate::store::whole_visits(&mut raw).await;
    assert!(whole >= i64::try_from(heard.done.len() - heard.lost).unwrap());
    println!(
        "{times} stops at once: {} told and there, {} asked to wait, {} lost",
        heard.done.len(),
        heard.waited,
        heard.lost
    );
    // Takes the pool's connections away before the cluster goes.
    house.store().close().await;
    Some(heard)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_server_that_is_stopped_at_once_loses_nothing_and_is_found_again() {
    let Some(heard) = stopped_at_once(3, true).await else { return };
    assert_eq!(heard.lost, 0);
    assert!(heard.waited > 0, "somebody met the server while it was away: {heard:?}");
    assert!(heard.other.is_empty(), "whoever waits is told 503 and nothing else: {:?}", heard.other);
    let plant = stopped_at_once(1, false).await.unwrap();
    assert!(plant.lost > 0, "a server that keeps later loses: {plant:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "fifty stops: bin/soak faults"]
async fn long() {
    let heard = stopped_at_once(50, true).await.expect("a PostgreSQL of its own");
    assert_eq!(heard.lost, 0);
    assert!(heard.other.is_empty(), "{:?}", heard.other);
}
