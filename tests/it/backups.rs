//! Backups: whole, shut, apart from their keys, kept as long as was said; and put back, with whoever was erased still gone.

use crate::{
    both,
    house::{Answer, House, Kind, TODAY, empty, key_places},
    office::{number, sql, tick},
    raw::Raw,
    world,
};
use duongve::{
    app::App,
    backups::{self, Boxes, Made},
    base::{
        ids::CaseId,
        time::{At, Clock, plus_days},
        words::BackupWhy,
    },
    config::{BackupSettings, Settings},
    jobs, routes,
    store::Store,
};
use jiff::civil::date;
use std::path::{Path, PathBuf};

/// Two key holders, and where backups go.
pub struct Keys {
    pub identity: PathBuf,
    pub keyring_identity: PathBuf,
}

/// From now on the house is backed up.
pub fn set_up(house: &mut House) -> Keys {
    let at = |name: &str| house.dir.path().join(name);
    let keys = Keys { identity: at("holder.key"), keyring_identity: at("keyring-holder.key") };
    let backup = BackupSettings {
        dir: at("backups"),
        recipients: vec![backups::new_key(&keys.identity).unwrap()],
        keyring_dir: at("keyring-backups"),
        keyring_recipients: vec![backups::new_key(&keys.keyring_identity).unwrap()],
        daily: 7,
        weekly: 4,
        monthly: 12,
        keyring_days: 30,
    };
    let mut settings = house.app.settings().clone();
    settings.backup = Some(backup);
    house.app = App::new(house.store().clone(), settings);
    keys
}

pub async fn back_up(house: &House) -> Result<Made, backups::NotSound> {
    jobs::back_up(&house.app).await
}

async fn drill(house: &House) -> Result<backups::Tried, backups::NotSound> {
    jobs::drill(&house.app).await
}

pub fn boxes(made: &Made, keys: &Keys) -> Boxes {
    Boxes {
        record: made.folder.clone(),
        identity: keys.identity.clone(),
        keyring: Some((made.keyring.clone(), keys.keyring_identity.clone())),
    }
}

async fn visit(house: &House, case: CaseId, note: &str) {
    let form = [("on", "20/11/2026"), ("kind", "home"), ("met", "true"), ("note", note)];
    house.as_("officer").await.post(&format!("/cases/{case}/visits"), &form).await.expect(303);
}

async fn erase(house: &House, case: CaseId) {
    let reason = [("reason", "Người được hỗ trợ yêu cầu xóa dữ liệu.")];
    house.as_("officer").await.post(&format!("/cases/{case}/erasure"), &reason).await.expect(303);
    house.as_("supervisor").await.post(&format!("/cases/{case}/erasure/approval"), &[]).await.expect(303);
}

/// Another machine: an empty database, the root key from its copy, and the list of the erased as it is today.
pub async fn elsewhere(house: &House) -> (Settings, tempfile::TempDir) {
    let (url, dir) = empty(house.kind).await.unwrap();
    let from = house.dir.path();
    std::fs::copy(from.join("root.key"), dir.path().join("root.key")).unwrap();
    if from.join("erased.list").exists() {
        std::fs::copy(from.join("erased.list"), dir.path().join("erased.list")).unwrap();
    }
    let mut settings = house.app.settings().clone();
    settings.database.clone_from(&url);
    settings.data_dir = dir.path().join("data");
    settings.keys = key_places(&url, dir.path());
    settings.checkpoint_file = dir.path().join("checkpoints");
    (settings, dir)
}

/// What somebody sees there, who is signed in with this token.
async fn seen(app: &App, token: &str, path: &str) -> Answer {
    use http_body_util::BodyExt;
    let request = axum::http::Request::builder()
        .uri(path)
        .header("host", "127.0.0.1:8080")
        .header("cookie", format!("__Host-sid={token}"))
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = tower::ServiceExt::oneshot(routes::router(app.clone()), request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, bytes }
}

both!(a_backup_comes_back_whole_and_whoever_was_erased_since_stays_erased, async |house: House| {
    let mut house = house;
    let keys = set_up(&mut house);
    let stays = world::open(&house, "officer", &world::draft("Ở", 1)).await;
    let goes = world::open(&house, "officer", &world::draft("Đi", 2)).await;
    visit(&house, stays, "Đang xin việc ở xưởng cưa").await;
    house.store().chain().await.unwrap();
    let token = world::session(&house, "officer", duongve::store::SessionKind::Cookie).await;
    let made = back_up(&house).await.unwrap();
    // After the backup: one is erased, one visit more. The first must hold there, the second is lost.
    erase(&house, goes).await;
    visit(&house, stays, "Sau bản sao").await;

    let (settings, _dir) = elsewhere(&house).await;
    let clock = || Clock::still(house.clock.now());
    let put = jobs::restore(&settings, &boxes(&made, &keys), clock(), true).await.unwrap();
    assert_eq!(put.tried.erased_again, 1);
    assert!(put.tried.secrets >= 5, "{put:?}");
    let store = Store::open(&settings.database, &settings.keys, clock(), None).await.unwrap();
    assert_eq!(store.keyring().await.unwrap().people, 1, "her key did not come back");
    let app = App::new(store.clone(), settings.clone());
    let page = seen(&app, &token, &format!("/cases/{stays}")).await.expect(200).text();
    assert!(page.contains("NameỞ") && page.contains("Đang xin việc ở xưởng cưa") && !page.contains("Sau bản sao"));
    seen(&app, &token, &format!("/cases/{goes}")).await.expect(404);
    assert!(!seen(&app, &token, "/cases").await.expect(200).text().contains("NameĐi"));
    assert_eq!(duongve::trail::wrong_with(&store).await.unwrap(), None);
    store.close().await;
    drop((store, app));

    // It is there now: nothing replaces it, and nothing of it is touched.
    let refused = jobs::restore(&settings, &boxes(&made, &keys), clock(), true).await.unwrap_err();
    assert!(refused.why == BackupWhy::Place && refused.to_string().contains("empty place only"), "{refused}");
});

both!(a_backup_tells_nothing_to_whoever_has_not_the_key_and_goes_where_it_came_from, async |house: House| {
    let mut house = house;
    let keys = set_up(&mut house);
    let case = world::open(&house, "officer", &world::draft("Kín", 1)).await;
    let made = back_up(&house).await.unwrap();
    for folder in [&made.folder, &made.keyring] {
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let rights = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
            assert_eq!(rights & 0o077, 0, "{}", file.display());
            let bytes = std::fs::read(&file).unwrap();
            for word in ["NameKín", "officer2", "Kim Sa", &case.to_string()] {
                assert!(
                    !bytes.windows(word.len()).any(|window| window == word.as_bytes()),
                    "{word} in {}",
                    file.display()
                );
            }
        }
    }
    // The key of the one does not open the other: keys and record are two people's.
    let mut crossed = boxes(&made, &keys);
    crossed.keyring = Some((made.keyring.clone(), keys.identity.clone()));
    let (settings, _dir) = elsewhere(&house).await;
    let clock = || Clock::still(house.clock.now());
    assert_eq!(jobs::restore(&settings, &crossed, clock(), true).await.unwrap_err().why, BackupWhy::File);
    // Without a keyring there is nothing to read it with.
    let alone = Boxes { keyring: None, ..boxes(&made, &keys) };
    assert_eq!(jobs::restore(&settings, &alone, clock(), true).await.unwrap_err().why, BackupWhy::Keys);
    // Nothing was left half done: it can be put back now.
    jobs::restore(&settings, &boxes(&made, &keys), clock(), true).await.unwrap();
});

/// A backup that somebody has touched; `true`: it was refused, and for a reason about it.
async fn is_refused(house: &House, made: &Made, keys: &Keys) -> Result<BackupWhy, ()> {
    let settings = house.app.settings();
    let tried = jobs::restore(settings, &boxes(made, keys), Clock::still(house.clock.now()), false).await;
    tried.map_or_else(|not| Ok(not.why), |_| Err(()))
}

both!(a_byte_that_was_changed_and_a_word_that_was_written_anew_are_found, async |house: House| {
    let mut house = house;
    let keys = set_up(&mut house);
    world::open(&house, "officer", &world::draft("Byte", 1)).await;
    house.store().chain().await.unwrap();
    let made = back_up(&house).await.unwrap();
    assert_eq!(is_refused(&house, &made, &keys).await, Err(()), "as it was made it is sound");
    let mut tried = 0;
    for folder in [&made.folder, &made.keyring] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let sound = std::fs::read(&file).unwrap();
            let mut bent = sound.clone();
            let at = bent.len() / 2;
            bent[at] ^= 1;
            std::fs::write(&file, &bent).unwrap();
            let found = is_refused(&house, &made, &keys).await;
            assert!(found.is_ok(), "{}", file.display());
            std::fs::write(&file, &sound[..sound.len() - 1]).unwrap();
            assert!(is_refused(&house, &made, &keys).await.is_ok(), "{} cut", file.display());
            std::fs::write(&file, &sound).unwrap();
            tried += 1;
        }
    }
    assert_eq!(tried, 7);
    // Whoever writes the description anew, with hashes that fit, meets the signature and the counts.
    let file = made.folder.join("manifest.json");
    let sound = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, sound.replace("\"made_at\": \"2026", "\"made_at\": \"2025")).unwrap();
    assert_eq!(is_refused(&house, &made, &keys).await, Ok(BackupWhy::File));
    std::fs::write(&file, sound.replace("\"people\": 1", "\"people\": 2")).unwrap();
    assert_eq!(is_refused(&house, &made, &keys).await, Ok(BackupWhy::Differs));
    std::fs::write(&file, &sound).unwrap();
    assert_eq!(is_refused(&house, &made, &keys).await, Err(()));
});

both!(a_trial_finds_a_bent_trail_a_secret_that_does_not_open_and_the_page_says_so, async |house: House| {
    let mut house = house;
    set_up(&mut house);
    let (one, other) = (
        world::open(&house, "officer", &world::draft("Một", 1)).await,
        world::open(&house, "officer", &world::draft("Hai", 2)).await,
    );
    house.store().chain().await.unwrap();
    let sound = drill(&house).await.unwrap();
    assert!(sound.rows > 500 && sound.trail > 5 && sound.secrets >= 4 && sound.erased_again == 0, "{sound:?}");
    let left: Vec<_> = std::fs::read_dir(&house.app.settings().data_dir).unwrap().flatten().map(|e| e.path()).collect();
    assert!(left.iter().all(|path| !path.display().to_string().contains("/.duongve-")), "{left:?}");
    let admin = house.as_("admin").await;
    let page = admin.get("/backups").await.expect(200).text();
    assert!(!page.contains("Lần thử mới nhất không đạt"), "{page}");

    // A secret in another's row.
    let mut raw = Raw::of(&house).await;
    let (from, to) = (raw.id(one), raw.id(other));
    raw.run(&format!(
        "update contacts set address = (select address from contacts where case_id = {from}) where case_id = {to}"
    ))
    .await;
    house.clock.set(house.clock.now().plus(60));
    assert_eq!(drill(&house).await.unwrap_err().why, BackupWhy::Keys);
    let page = admin.get("/backups").await.expect(200).text();
    assert!(page.contains("Lần thử mới nhất không đạt") && page.contains("Chìa khóa không mở được"), "{page}");

    // A row of the trail that says something else.
    match house.kind {
        Kind::Sqlite => raw.run("drop trigger audit_is_not_changed").await,
        Kind::Postgres => raw.run("alter table audit disable trigger user").await,
    }
    raw.run("update audit set detail = 'other' where seq = 3").await;
    assert_eq!(drill(&house).await.unwrap_err().why, BackupWhy::Trail);
    assert_eq!(number(&house, "select count(*) from backups where kind = 'drill' and why <> 'none'").await, 2);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trial_finds_a_row_that_points_nowhere() {
    let mut house = House::new(Kind::Sqlite).await;
    set_up(&mut house);
    let case = world::open(&house, "officer", &world::draft("Lạc", 1)).await;
    let raw = Raw::of(&house).await;
    let sql_text =
        format!("pragma foreign_keys = off; update cases set area_code = '00000' where id = {}", raw.id(case));
    sql(&house, &sql_text).await;
    assert_eq!(drill(&house).await.unwrap_err().why, BackupWhy::Damaged);
}

fn folders(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

both!(one_each_night_one_trial_each_week_and_the_old_ones_go, async |house: House| {
    let mut house = house;
    // Nobody has said where backups go: none is made, and the page says so.
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from jobs where kind in ('backup', 'drill')").await, 0);
    assert!(house.as_("admin").await.get("/backups").await.expect(200).text().contains("Chưa đặt nơi để bản sao"));
    set_up(&mut house);
    let mut settings = house.app.settings().clone();
    let backup = settings.backup.as_mut().unwrap();
    (backup.daily, backup.weekly, backup.monthly, backup.keyring_days) = (2, 1, 0, 3);
    let (dir, keyring_dir) = (backup.dir.clone(), backup.keyring_dir.clone());
    house.app = App::new(house.store().clone(), settings);
    for day in 0..8 {
        house.clock.set(At::of(plus_days(TODAY, day), 4, 0));
        tick(&house).await;
        // Asked again, nothing is made twice.
        tick(&house).await;
    }
    assert_eq!(number(&house, "select count(*) from backups where kind = 'made' and why = 'none'").await, 8);
    // Monday 23/11 begins with the Sunday before it; then Sunday 29/11.
    assert_eq!(number(&house, "select count(*) from backups where kind = 'drill' and why = 'none'").await, 2);
    // Two days, of which one is the newest of its week; of the keyring those of three days and today's.
    assert_eq!((folders(&dir), folders(&keyring_dir)), (2, 4));
    // What is none of ours is left alone.
    std::fs::create_dir(dir.join("notes")).unwrap();
    house.clock.set(At::of(plus_days(TODAY, 8), 4, 0));
    tick(&house).await;
    assert!(dir.join("notes").exists() && folders(&dir) == 3);

    // No room: it is said, put back, and tried again.
    std::fs::rename(&dir, dir.with_extension("away")).unwrap();
    std::fs::write(&dir, "no folder").unwrap();
    house.clock.set(At::of(plus_days(TODAY, 9), 4, 0));
    tick(&house).await;
    assert_eq!(number(&house, "select count(*) from backups where kind = 'made' and why = 'place'").await, 1);
    std::fs::remove_file(&dir).unwrap();
    house.clock.set(At::of(plus_days(TODAY, 9), 4, 2));
    tick(&house).await;
    assert_eq!(folders(&dir), 1);
});

both!(the_key_holders_trial_is_written_down_by_the_admin, async |house: House| {
    let mut house = house;
    set_up(&mut house);
    let admin = house.as_("admin").await;
    assert!(admin.get("/backups").await.expect(200).text().contains("Tính từ bản sao đầu tiên"));
    back_up(&house).await.unwrap();
    assert!(admin.get("/backups").await.expect(200).text().contains("Hạn: 23/02/2027"));
    house.go_to(date(2027, 2, 24));
    let admin = house.as_("admin").await;
    let late = admin.get("/backups").await.expect(200).text();
    assert!(late.contains("<span class=\"chip late\">Hạn: 23/02/2027"), "{late}");
    // Her first page says so: three are late by now.
    assert!(admin.get("/staff").await.expect(200).text().contains("Sao lưu: 3 việc quá hạn"));
    admin.post("/backups/drills", &[("on", "25/02/2027"), ("outcome", "well")]).await.expect(422);
    let refused = admin.post("/backups/drills", &[("on", "24/02/2027"), ("outcome", "")]).await.expect(422).text();
    assert!(refused.contains("value=\"2027-02-24\""), "what was typed stays: {refused}");
    // One that failed does not move the day.
    admin.post("/backups/drills", &[("on", "23/02/2027"), ("outcome", "file")]).await.expect(303);
    assert!(admin.get("/backups").await.expect(200).text().contains("chip late\">Hạn: 23/02/2027"));
    let done = admin.post("/backups/drills", &[("on", "24/02/2027"), ("outcome", "well")]).await.expect(303);
    let page = admin.get(done.goes_to()).await.expect(200).text();
    assert!(page.contains("chip plain\">Hạn: 24/05/2027") && page.contains("Đã ghi lần thử phục hồi"), "{page}");
    assert_eq!(
        number(&house, "select count(*) from audit where act = 'backup.note_drill' and outcome = 'done'").await,
        2
    );
    // The inspector sees it and writes nothing; nobody else sees it.
    let inspector = house.as_("inspector").await;
    assert!(!inspector.get("/backups").await.expect(200).text().contains("/backups/drills"));
    inspector.post("/backups/drills", &[("on", "24/02/2027"), ("outcome", "well")]).await.expect(403);
    for other in ["officer", "supervisor", "province", "partner"] {
        house.as_(other).await.get("/backups").await.expect(403);
    }
});

/// A database of this size, one that is filled with what a visit leaves behind: sealed bytes, which nothing presses together.
async fn fill(house: &House, megabytes: i64) {
    let case = world::open(house, "officer", &world::draft("Đầy", 1)).await;
    let sealed = Raw::of(house).await.id(case);
    let rows = megabytes * 220;
    sql(
        house,
        &format!(
            "with recursive n (at) as (select 1 union all select at + 1 from n where at < {rows}) \
             insert into visits (id, case_id, on_day, kind, met, by, in_charge, shared_note, logged_at, version) \
             select randomblob(16), {sealed}, '2026-11-20', 'home', 1, (select officer_id from cases where id = {sealed}), 1, \
             randomblob(4000), at, 1 from n"
        ),
    )
    .await;
}

/// A backup while eight people write; how large it was, how long it took, and the slowest of their answers meanwhile.
async fn under_load(megabytes: i64) -> (i64, i64, std::time::Duration, usize) {
    let mut house = House::new(Kind::Sqlite).await;
    set_up(&mut house);
    fill(&house, megabytes).await;
    house.clock.run();
    let mut cases = Vec::new();
    for number in 0..8 {
        cases.push(world::open(&house, "officer", &world::draft(&format!("Tải{number}"), number)).await);
    }
    let going = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let token = world::session(&house, "officer", duongve::store::SessionKind::Cookie).await;
    let writers: Vec<_> = cases
        .into_iter()
        .map(|case| {
            let (app, going, token) = (house.app.clone(), going.clone(), token.clone());
            tokio::spawn(async move {
                let (mut slowest, mut done) = (std::time::Duration::ZERO, 0);
                while going.load(std::sync::atomic::Ordering::Relaxed) {
                    let since = std::time::Instant::now();
                    let body = format!(
                        "on=20/11/2026&kind=home&met=true&note=n&_token={}",
                        duongve::http::request::form_token(&token)
                    );
                    let request = axum::http::Request::builder()
                        .method("POST")
                        .uri(format!("/cases/{case}/visits"))
                        .header("host", "127.0.0.1:8080")
                        .header("cookie", format!("__Host-sid={token}"))
                        .header("sec-fetch-site", "same-origin")
                        .header("content-type", "application/x-www-form-urlencoded")
                        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))))
                        .body(axum::body::Body::from(body))
                        .unwrap();
                    let answer = tower::ServiceExt::oneshot(routes::router(app.clone()), request).await.unwrap();
                    assert_eq!(answer.status(), 303);
                    slowest = slowest.max(since.elapsed());
                    done += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                (slowest, done)
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let made = back_up(&house).await.unwrap();
    going.store(false, std::sync::atomic::Ordering::Relaxed);
    let (mut slowest, mut written) = (std::time::Duration::ZERO, 0);
    for writer in writers {
        let (own, done) = writer.await.unwrap();
        (slowest, written) = (slowest.max(own), written + done);
    }
    (made.bytes, made.millis, slowest, written)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn others_write_on_while_a_backup_is_made() {
    let (bytes, millis, slowest, written) = under_load(20).await;
    println!("{} MB in {millis} ms; {written} visits meanwhile, the slowest in {slowest:?}", bytes / 1_000_000);
    assert!(bytes > 15_000_000 && written > 16, "{bytes} {written}");
    assert!(slowest < std::time::Duration::from_secs(5), "nobody waits for its end: {slowest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "200 MB: bin/soak backup"]
async fn long() {
    let (bytes, millis, slowest, written) = under_load(220).await;
    println!("{} MB in {millis} ms; {written} visits meanwhile, the slowest in {slowest:?}", bytes / 1_000_000);
    assert!(bytes >= 200_000_000, "{bytes}");
    assert!(millis <= 5_000 && slowest <= std::time::Duration::from_millis(500), "{millis} ms, {slowest:?}");
}

/// The program, with none of the tester's own settings.
fn duongve(args: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_duongve"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DUONGVE_")) {
        command.env_remove(name);
    }
    command.args(args).args(["--log", "error"]).stdin(std::process::Stdio::null());
    command
}

/// What it printed; the status must be this one.
#[track_caller]
fn ends(mut command: std::process::Command, status: i32) -> String {
    let done = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert_eq!(done.status.code(), Some(status), "{said}");
    said
}

async fn by_command(kind: Kind) {
    let Some((url, dir)) = empty(kind).await else { return };
    let Some((new_url, new_dir)) = empty(kind).await else { return };
    let at = |name: &str| dir.path().join(name).display().to_string();
    let (holder, data, root) = (at("holder.key"), at("data"), at("root.key"));
    let public = ends(duongve(&["backup", "key", &holder]), 0).trim().to_owned();
    assert!(public.starts_with("age1"), "{public}");
    assert!(ends(duongve(&["backup", "key", &holder]), 1).contains("File exists"));
    let here = ["--database", &url, "--data-dir", &data, "--root-key", &root];
    let (backups, with) = (at("backups"), |args: &[&str]| duongve(&[args, &here].concat()));
    assert!(ends(with(&["backup"]), 1).contains("--backup-dir"), "nobody has said where to");
    assert!(ends(with(&["backup", "--backup-dir", &backups]), 2).contains("--backup-recipient"));
    let to = ["--backup-dir", &backups, "--backup-recipient", &public];
    assert!(
        ends(with(&["backup", "--backup-dir", &backups, "--backup-recipient", "age1x"]), 2).contains("no public key")
    );
    let beside_key = ["--backup-dir", &dir.path().display().to_string(), "--backup-recipient", &public];
    assert!(ends(with(&[&["backup"][..], &beside_key].concat()), 2).contains("never where backups lie"));
    let inside = ["--keyring-backup-dir", &at("backups/keys")];
    assert!(ends(with(&[&["backup"][..], &to, &inside].concat()), 2).contains("apart"));
    if kind == Kind::Postgres {
        let mut without = with(&[&["backup"][..], &to].concat());
        without.env("PATH", "/nonexistent");
        let said = ends(without, 1);
        assert!(said.contains("pg_dump is not on this machine") && said.contains("postgresql-client"), "{said}");
    }

    let made: serde_json::Value =
        serde_json::from_str(&ends(with(&[&["backup", "--json"][..], &to].concat()), 0)).unwrap();
    let (folder, keyring) = (made["folder"].as_str().unwrap(), made["keyring"].as_str().unwrap());
    assert!(ends(with(&["restore", "--drill"]), 0).contains("could be put back"));
    assert!(ends(with(&["restore", "--drill", folder, "--identity", &holder]), 0).contains("could be put back"));
    ends(with(&["restore", folder]), 2);
    let said = ends(with(&["restore", folder, "--identity", &holder, "--keyring-from", keyring]), 1);
    assert!(said.contains("empty place only"), "{said}");

    let new_data = new_dir.path().join("data").display().to_string();
    let there = ["--database", &new_url, "--data-dir", &new_data, "--root-key", &root];
    let over = |args: &[&str]| duongve(&[args, &there].concat());
    // The root key of its copy is asked for: another one, or none, puts nothing back.
    let lost = new_dir.path().join("lost.key").display().to_string();
    let mut other = duongve(&["restore", folder, "--identity", &holder, "--keyring-from", keyring]);
    other.args(["--database", &new_url, "--data-dir", &new_data, "--root-key", &lost]);
    if kind == Kind::Sqlite {
        assert!(ends(other, 1).contains("missing"));
        assert!(!Path::new(&new_url).exists());
    }
    let said = ends(over(&["restore", folder, "--identity", &holder, "--keyring-from", keyring]), 0);
    assert!(said.contains("was put back"), "{said}");
    assert!(ends(over(&["audit", "verify"]), 0).contains("sound"));
    assert!(ends(over(&["keys", "status"]), 0).contains("version"));
    let plain = new_dir.path().join("plain").display().to_string();
    ends(duongve(&["backup", "open", &format!("{folder}/record.age"), "--identity", &holder, "--to", &plain]), 0);
    assert!(std::fs::metadata(plain).unwrap().len() > 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_command_on_sqlite() {
    by_command(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_command_on_postgres() {
    by_command(Kind::Postgres).await;
}
