//! The command line, as a person or a script types it.

use crate::house::{Kind, empty};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

const PASSWORD: &str = "một câu dài dễ nhớ";

/// The program, with none of the tester's own settings.
fn duongve(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duongve"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DUONGVE_")) {
        command.env_remove(name);
    }
    command.args(args).stdin(Stdio::null()).env("DUONGVE_LOG", "warn");
    command
}

fn run(args: &[&str]) -> Output {
    duongve(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
fn done(output: Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    out(&output)
}

/// Refused with that status, in one line that says so.
#[track_caller]
fn refused(output: &Output, status: i32, says: &str) {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{error}");
    assert!(output.stdout.is_empty(), "{}", out(output));
    let lines: Vec<&str> = error.lines().filter(|line| line.starts_with("duongve: ")).collect();
    assert_eq!(lines.len(), 1, "{error}");
    assert!(lines[0].contains(says), "{error}");
}

async fn accounts_from_the_first_admin_on(kind: Kind) {
    let Some((url, dir)) = empty(kind).await else { return };
    let data_dir = dir.path().join("data").display().to_string();
    let with = |args: &[&'static str]| {
        let mut all: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        all.extend(["--data-dir".to_owned(), data_dir.clone(), "--database".to_owned(), url.clone()]);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        duongve(&all)
    };
    let list = || done(with(&["user", "list", "--json"]).output().unwrap());
    assert_eq!(list(), "", "there is no account by default");

    let add = ["user", "add", "quantri", "--role", "admin", "--area", "91", "--name", "Lê Thị Quản"];
    // No terminal, and nobody says a password.
    refused(&with(&add).output().unwrap(), 1, "DUONGVE_PASSWORD");
    refused(&with(&add).env("DUONGVE_PASSWORD", "ngắn").output().unwrap(), 1, "password");
    assert_eq!(list(), "");
    done(with(&add).env("DUONGVE_PASSWORD", PASSWORD).output().unwrap());
    let account: serde_json::Value = serde_json::from_str(&list()).unwrap();
    assert_eq!(
        (account["username"].as_str(), account["role"].as_str(), account["must_change"].as_bool()),
        (Some("quantri"), Some("admin"), Some(true))
    );
    refused(&with(&add).env("DUONGVE_PASSWORD", PASSWORD).output().unwrap(), 1, "username");

    for (args, says) in [
        (["user", "add", "moi", "--role", "king", "--area", "91"], "role"),
        (["user", "add", "moi", "--role", "officer", "--area", "99999"], "no such area"),
        (["user", "add", "moi", "--role", "partner", "--area", "30577"], "organisation"),
    ] {
        refused(&with(&args).env("DUONGVE_PASSWORD", PASSWORD).output().unwrap(), 1, says);
        // Told before anybody is asked for a password.
        refused(&with(&args).output().unwrap(), 1, says);
    }
    let helper =
        ["user", "add", "giupdo", "--role", "partner", "--area", "30577", "--organisation", "women", "--name", "Lan"];
    done(with(&helper).env("DUONGVE_PASSWORD", PASSWORD).output().unwrap());
    assert!(list().contains("Hội Liên hiệp Phụ nữ"));

    let last = with(&["user", "disable", "quantri"]).output().unwrap();
    assert_eq!(last.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&last.stderr).contains("the only open admin account"), "{last:?}");
    done(with(&["user", "disable", "giupdo"]).output().unwrap());
    assert!(done(with(&["user", "list"]).output().unwrap()).contains("(shut)"));
    done(with(&["user", "enable", "giupdo"]).output().unwrap());
    assert!(!done(with(&["user", "list"]).output().unwrap()).contains("(shut)"));
    // Nobody picks another's password: a link for its holder, or a mail where there is an address.
    let link = done(with(&["user", "reset", "giupdo"]).output().unwrap());
    assert!(link.contains("/reset?code=") && link.len() > 50, "{link}");
    done(with(&["user", "reset-factor", "giupdo"]).output().unwrap());
    refused(&with(&["user", "role", "giupdo", "officer"]).output().unwrap(), 1, "role");
    done(with(&["user", "role", "quantri", "inspector"]).output().unwrap());
    assert!(list().contains("inspector"));
    refused(&with(&["user", "disable", "nobody"]).output().unwrap(), 1, "no account nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_from_the_first_admin_on_sqlite() {
    accounts_from_the_first_admin_on(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_from_the_first_admin_on_postgres() {
    accounts_from_the_first_admin_on(Kind::Postgres).await;
}

#[test]
fn wrong_words_are_wrong_usage() {
    for args in [&["fly"][..], &["user", "add", "x"], &["serve", "--listen", "here"], &["seed"], &["--log"]] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
    refused(&run(&["config", "--smtp-host", "mail.example"]), 2, "--smtp-from");
}

#[test]
fn settings_come_from_flag_then_environment_then_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("duongve.toml");
    std::fs::write(
        &file,
        "data_dir = \"/from/file\"\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://file.example\"\n",
    )
    .unwrap();
    let file = file.display().to_string();
    let config = |args: &[&str]| {
        let mut command = duongve(&["config", "--json", "--config", &file]);
        command.args(args).env("DUONGVE_LISTEN", "127.0.0.1:2").env("DUONGVE_PUBLIC_URL", "https://variable.example");
        command.env("DUONGVE_DATABASE", "postgres://duongve:secret@db.example/duongve");
        serde_json::from_str::<serde_json::Value>(&done(command.output().unwrap())).unwrap()
    };
    let settings = config(&["--listen", "127.0.0.1:3"]);
    assert_eq!(settings["data_dir"], "/from/file");
    assert_eq!(settings["public_url"], "https://variable.example");
    assert_eq!(settings["listen"], "127.0.0.1:3");
    assert_eq!(settings["database"], "postgres://duongve@db.example/duongve");

    std::fs::write(&file, "listen = \"127.0.0.1:1\"\nlisten_on = 3\n").unwrap();
    refused(&run(&["config", "--config", &file]), 2, "line 2");
}

#[test]
fn the_data_folder_is_for_the_program_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("a/b");
    done(run(&["migrate", "--data-dir", data.to_str().unwrap()]));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("duongve.sqlite"))), (0o700, 0o600));
}

#[test]
fn a_policy_is_checked_before_it_is_in_force() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let file = dir.path().join("mine.csv");
    let policy = std::fs::read_to_string("policies/policy.csv").unwrap();
    let path = file.display().to_string();
    let before = done(run(&["policy", "show", "--data-dir", &data]));
    assert_eq!(before, done(run(&["policy", "show", "--built-in"])));
    assert_eq!(before.trim_end(), std::fs::read_to_string("policies/matrix.md").unwrap().trim_end());

    std::fs::write(&file, format!("p, officer, visit.lock, own, allow\n{policy}")).unwrap();
    for verb in ["check", "reload"] {
        refused(&run(&["policy", verb, &path, "--data-dir", &data]), 1, "mine.csv line 1: unknown act `visit.lock`");
    }
    std::fs::write(&file, b"p, officer, case.see, own, allow\n\xff\xfe").unwrap();
    refused(&run(&["policy", "reload", &path, "--data-dir", &data]), 1, "cannot be read");
    assert_eq!(before, done(run(&["policy", "show", "--data-dir", &data])), "nothing was changed");

    std::fs::write(&file, policy.replace("p, officer, visit.log, own, allow\n", "")).unwrap();
    let sound = done(run(&["policy", "check", &path, "--json"]));
    let told = done(run(&["policy", "reload", &path, "--json", "--data-dir", &data]));
    let (sound, told): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&sound).unwrap(), serde_json::from_str(&told).unwrap());
    assert_eq!((told["version"].as_i64(), &told["hash"]), (Some(2), &sound["hash"]));
    let after = done(run(&["policy", "show", "--data-dir", &data]));
    assert!(after.contains("| `visit.log` | case | glass | office, glass |"), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_refuses_a_newer_schema() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some((url, dir)) = empty(kind).await else { continue };
        let data = dir.path().display().to_string();
        done(run(&["migrate", "--data-dir", &data, "--database", &url]));
        let newer = "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
             select 9001, 'of a newer program', installed_on, success, checksum, 0 from _sqlx_migrations where version = 1";
        match kind {
            Kind::Sqlite => {
                let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
                sqlx::query(newer).execute(&mut conn).await.unwrap();
            }
            Kind::Postgres => {
                let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
                sqlx::query(newer).execute(&mut conn).await.unwrap();
            }
        }
        for args in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["user", "list"]] {
            let args = [args, &["--data-dir", &data, "--database", &url]].concat();
            refused(&run(&args), 1, "made by a newer duongve");
        }
    }
}

#[test]
fn seed_fills_an_empty_database_only() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let args = ["seed", "--people", "12", "--seed", "3", "--json", "--data-dir", &data];
    let told: serde_json::Value = serde_json::from_str(&done(run(&args))).unwrap();
    assert_eq!((told["people"].as_i64(), told["users"].as_array().unwrap().len()), (Some(12), 6));
    refused(&run(&args), 1, "12 people already");
}

/// A running server; killed when the test is over.
struct Running {
    child: Child,
    told: serde_json::Value,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Running {
    /// `duongve demo --json`, read up to its one line.
    fn demo(data: &str, password: Option<&str>) -> Running {
        let mut command =
            duongve(&["demo", "--json", "--listen", "127.0.0.1:0", "--today", "2026-11-23", "--data-dir", data]);
        if let Some(password) = password {
            command.env("DUONGVE_DEMO_PASSWORD", password);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Running { told: serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")), child }
    }

    fn word(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    /// Sends a request as it stands and reads the whole answer.
    fn send(&self, head: &str, body: &str) -> String {
        let address = self.word("address").strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(stream, "{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn sign_in(&self, username: &str, password: &str) -> String {
        let head =
            "POST /sign-in HTTP/1.1\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded";
        let form = serde_html_form::to_string([("username", username), ("password", password)]).unwrap();
        let answer = self.send(head, &form);
        answer.split(' ').nth(1).unwrap().to_owned()
    }

    /// The service manager's word to stop; waits until it has.
    fn stop(mut self) -> Option<i32> {
        let killed = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn the_demo_answers_and_goes_on_with_its_data() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let first = Running::demo(&data, None);
    assert!(first.send("GET /healthz HTTP/1.1", "").ends_with("ok\n"));
    assert!(first.send("GET /readyz HTTP/1.1", "").starts_with("HTTP/1.1 200"));
    assert_eq!(first.word("today"), "2026-11-23");
    let password = first.word("password").to_owned();
    for user in first.told["users"].as_array().unwrap() {
        let username = user["username"].as_str().unwrap();
        assert_eq!(first.sign_in(username, &password), "303", "no second factor in the demo: {username}");
    }
    assert_eq!(first.stop(), Some(0));

    let second = Running::demo(&data, Some("mật khẩu mới của cả đoàn"));
    assert_eq!(second.sign_in("officer", &password), "422", "the password is made anew at each start");
    assert_eq!(second.sign_in("officer", "mật khẩu mới của cả đoàn"), "303");
    assert_eq!(second.stop(), Some(0));

    // Cases are read as somebody, with her password, within her rights.
    let act = |args: &[&str], password: &str| {
        let mut command = duongve(args);
        command.args(["--data-dir", &data]).env("DUONGVE_PASSWORD", password).output().unwrap()
    };
    let password = "mật khẩu mới của cả đoàn";
    let digest = done(act(&["digest", "--as", "supervisor", "--dry-run", "--json"], password));
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    assert!(digest["counts"]["overdue"].is_i64(), "{digest}");
    assert!(done(act(&["export", "cases", "--as", "officer3"], password)).lines().count() > 10);
    refused(&act(&["export", "cases", "--as", "officer3"], "không phải mật khẩu này"), 1, "");
    refused(&act(&["export", "cases", "--as", "partner"], password), 1, "Không được làm việc này");
    // This morning's digests and reminders went out as files.
    assert!(std::fs::read_dir(dir.path().join("data/mail")).unwrap().count() >= 4);

    let mode = std::fs::metadata(dir.path().join("data")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
    // Somebody else's accounts are no demo.
    let own = dir.path().join("own").display().to_string();
    let mut add = duongve(&["user", "add", "quantri", "--role", "admin", "--area", "91", "--data-dir", &own]);
    done(add.env("DUONGVE_PASSWORD", PASSWORD).output().unwrap());
    refused(&run(&["demo", "--listen", "127.0.0.1:0", "--data-dir", &own]), 1, "real accounts");
}

async fn the_trail_is_looked_at_from_the_command_line(kind: Kind) {
    let Some((url, dir)) = empty(kind).await else { return };
    let data_dir = dir.path().join("data").display().to_string();
    let with = |args: &[&str]| {
        let mut all: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        all.extend(["--data-dir".to_owned(), data_dir.clone(), "--database".to_owned(), url.clone()]);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        duongve(&all).output().unwrap()
    };
    done(with(&["migrate"]));
    let first = done(with(&["audit", "checkpoint"]));
    assert!(first.starts_with("checkpoint 1 "), "{first}");
    let file = dir.path().join("data.checkpoints");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first, "the line stands beside the data folder");
    assert!(done(with(&["audit", "verify"])).starts_with("sound: "));
    let mark = done(with(&["audit", "head"])).trim().to_owned();
    assert!(done(with(&["audit", "verify", "--against", &mark])).contains("2 outside"));
    refused(&with(&["audit", "verify", "--against", "9-0000-0000-0000-0000-0000"]), 1, "the trail is not sound: row");
    refused(&with(&["audit", "verify", "--against", "/nonexistent"]), 1, "--against");
    let hex = first.split_whitespace().nth(6).unwrap();
    // The signing key is under the root key: no file of its own, and the same after the root key was changed.
    assert!(!dir.path().join("data").join("audit-sign.key").exists());
    done(with(&["keys", "rotate"]));
    let copy = dir.path().join("checkpoints.copy");
    std::fs::copy(&file, &copy).unwrap();
    assert!(done(with(&["audit", "verify", "--against", &copy.display().to_string()])).contains("1 checkpoints"));
    let json: serde_json::Value =
        serde_json::from_str(&done(with(&["audit", "verify", "--json", "--key", hex]))).unwrap();
    assert_eq!((json["sound"].as_bool(), json["checkpoints"].as_i64()), (Some(true), Some(1)));
    refused(&with(&["audit", "verify", "--key", &"00".repeat(32)]), 1, "bad signature");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_is_looked_at_from_the_command_line_on_sqlite() {
    the_trail_is_looked_at_from_the_command_line(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_is_looked_at_from_the_command_line_on_postgres() {
    the_trail_is_looked_at_from_the_command_line(Kind::Postgres).await;
}
