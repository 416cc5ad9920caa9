//! Files of a case: taken by what they are, cleaned, sealed, walled, opened on the record, destroyed for good.

use crate::{
    both,
    cases::{hidden, opened},
    house::{Answer, House},
    raw::Raw,
    world,
};
use axum::{
    body::Body,
    http::{Method, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use duongve::{attachments, base::ids::CaseId, erasures, jobs, policy::acts};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Sends a form with a file as a browser does.
async fn send(house: &House, who: &str, case: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let person = house.as_(who).await;
    let mut body = Vec::new();
    let token = duongve::http::request::form_token(person.token());
    for (name, value) in fields.iter().chain(&[("_token", token.as_str())]) {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((called, bytes)) = file {
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{called}\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    let request = person
        .request(Method::POST, &format!("/cases/{case}/attachments"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .header("sec-fetch-site", "same-origin");
    house.send(request.body(Body::from(body)).unwrap()).await
}

const FINE: &[(&str, &str)] = &[("kind", "certificate"), ("note", "Bản chụp"), ("no_id_card", "true")];

fn folder(house: &House) -> PathBuf {
    house.app.settings().files()
}

/// Every file that lies there, but for what is on its way.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    entries(folder).flat_map(|one| entries(&one).collect::<Vec<_>>()).collect()
}

async fn address(house: &House) -> String {
    let rows: Vec<(uuid::Uuid,)> =
        Raw::of(house).await.rows("select id from attachments order by made_at desc, id desc").await;
    format!("/attachments/{}", rows[0].0)
}

both!(a_file_is_taken_cleaned_sealed_and_saved_but_never_shown, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Tệp")]).await;
    let page = house.as_("officer").await.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(
        page.contains("bí mật nhà nước") && page.contains("multipart/form-data") && page.contains("10 MB"),
        "{page}"
    );
    send(&house, "officer", &case, FINE, Some(("../Giấy ra trại.jpg", &world::png()))).await.expect(303);
    let officer = house.as_("officer").await;
    let page = officer.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(page.contains("Giấy ra trại.png") && page.contains("Bản chụp"), "{page}");
    let got = officer.get(&address(&house).await).await.expect(200);
    assert_eq!(got.headers["content-type"], "image/png");
    let told = got.headers["content-disposition"].to_str().unwrap();
    assert!(
        told.starts_with("attachment; filename=\"tep-dinh-kem.png\"; filename*=UTF-8''Gi%E1%BA%A5y%20ra"),
        "{told}"
    );
    assert!(got.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    assert!(got.bytes.starts_with(b"\x89PNG") && !String::from_utf8_lossy(&got.bytes).contains("70999"));
    let mut raw = Raw::of(&house).await;
    let id = raw.id(case.parse::<CaseId>().unwrap());
    let told =
        format!("select count(*) from audit where case_id = {id} and act = 'attachment.see' and outcome = 'opened'");
    assert_eq!(raw.number(&told).await, 1);
    // On the disk lies nothing that can be read, and the row has no bytes.
    let on_disk = files(&folder(&house));
    assert_eq!(on_disk.len(), 1);
    let shut = std::fs::read(&on_disk[0]).unwrap();
    assert!(!shut.windows(3).any(|three| three == b"PNG" || three == b"IHD"));
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&on_disk[0]).unwrap().permissions().mode() & 0o777, 0o600);
});

both!(a_photograph_opens_as_long_as_the_person_agrees_to_it, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Ảnh")]).await;
    let (officer, program) = (house.as_("officer").await, house.program("officer").await);
    let photo = [("kind", "photo_with_consent"), ("note", "Ảnh chuồng heo"), ("no_id_card", "true")];
    let send = async || send(&house, "officer", &case, &photo, Some(("anh.png", &world::png()))).await;
    // Nobody agrees by saying nothing: no row, no file, and what was typed is still there.
    let page = send().await.expect(422).text();
    assert!(page.contains("id=\"kind-error\"") && page.contains("chưa ghi đồng ý chụp ảnh"), "{page}");
    assert!(page.contains("value=\"Ảnh chuồng heo\"") && files(&folder(&house)).is_empty(), "{page}");
    let to_publicity = [("groups", "publicity"), ("how", "spoken")];
    officer.post(&format!("/cases/{case}/consents"), &to_publicity).await.expect(303);
    send().await.expect(422);
    let agree = async || {
        let form = [("groups", "photo"), ("how", "spoken")];
        officer.post(&format!("/cases/{case}/consents"), &form).await.expect(303);
    };
    agree().await;
    send().await.expect(303);
    let paper = [("kind", "certificate"), ("note", "Bản chụp"), ("no_id_card", "true")];
    let photo = address(&house).await;
    officer.get(&photo).await.expect(200);
    house.clock.set(house.clock.now().plus(60));
    self::send(&house, "officer", &case, &paper, Some(("giay.png", &world::png()))).await.expect(303);
    let other = address(&house).await;

    // Withdrawn: it opens for nobody from the next request on, the other file goes on, and the list says why.
    let rows: Vec<(uuid::Uuid,)> = Raw::of(&house).await.rows("select id from consents where grp = 'photo'").await;
    officer.post(&format!("/consents/{}/withdrawal", rows[0].0), &[("version", "1")]).await.expect(303);
    let gone = officer.get(&photo).await.expect(404);
    assert_eq!(gone.bytes, officer.get("/attachments/01900000-0000-7000-8000-ffffffffffff").await.bytes);
    program.get(&format!("/api/v1{photo}")).await.expect(404);
    house.as_("supervisor").await.get(&photo).await.expect(404);
    officer.get(&other).await.expect(200);
    let page = officer.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(page.contains("không còn đồng ý") && !page.contains(&format!("href=\"{photo}\"")), "{page}");
    let told = program.get(&format!("/api/v1/cases/{case}/attachments")).await.expect(200).json();
    let agreed: Vec<_> = told["items"].as_array().unwrap().iter().map(|one| one["agreed"].as_bool().unwrap()).collect();
    assert_eq!(agreed, [true, false]);
    // Agreed to once more, by a row of its own.
    agree().await;
    officer.get(&photo).await.expect(200);
});

both!(what_may_not_come_in_is_refused_by_field_and_what_was_typed_stays, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Sai")]).await;
    let js = b"%PDF-1.4\n1 0 obj << /S /JavaScript /JS (x) >> endobj\n%%EOF".as_slice();
    let large = vec![0_u8; 10_000_001];
    for (file, says) in [
        (Some(("a.png", b"<html><script>alert(1)</script>".as_slice())), "Không phải PDF, JPEG, PNG"),
        (Some(("a.pdf", js)), "mã chạy"),
        (Some(("a.png", &world::png()[..40])), "bị hỏng"),
        (Some(("a.jpg", large.as_slice())), "lớn hơn 10 MB"),
        (None, "Chưa chọn tệp"),
    ] {
        let page = send(&house, "officer", &case, FINE, file).await.expect(422).text();
        assert!(
            page.contains(says) && page.contains("value=\"Bản chụp\"") && page.contains("hãy chọn lại"),
            "{says}: {page}"
        );
    }
    let no_word = [("kind", "certificate"), ("note", "")];
    let page = send(&house, "officer", &case, &no_word, Some(("a.png", &world::png()))).await.expect(422).text();
    assert!(page.contains("id=\"no_id_card-error\""), "{page}");
    let secret = [("kind", "secret"), ("no_id_card", "true")];
    send(&house, "officer", &case, &secret, Some(("a.png", &world::png()))).await.expect(422);
    let huge = vec![0_u8; attachments::MAX_BODY * 2];
    send(&house, "officer", &case, FINE, Some(("a.png", &huge))).await.expect(413);
    assert!(files(&folder(&house)).is_empty(), "nothing of it was kept");
});

both!(a_form_that_is_sent_twice_brings_one_file_and_there_is_room_for_so_much, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Lần")]).await;
    let page = house.as_("officer").await.get(&format!("/cases/{case}/attachments")).await.text();
    let key = hidden(&page, "_key");
    let form = [FINE, &[("_key", key.as_str())]].concat();
    // The form's token is of its session: a key holds for the account.
    for _twice in 0..2 {
        send(&house, "officer", &case, &form, Some(("a.png", &world::png()))).await.expect(303);
    }
    assert_eq!(Raw::of(&house).await.number("select count(*) from attachments").await, 1);
    assert_eq!(files(&folder(&house)).len(), 1);
    let mut raw = Raw::of(&house).await;
    raw.run("update attachments set bytes = 100000000").await;
    let page = send(&house, "officer", &case, FINE, Some(("b.png", &world::png()))).await.expect(422).text();
    assert!(page.contains("đã đủ 100 MB"), "{page}");
    let other = opened(&house, "officer", &[("name", "Lê Văn Khác")]).await;
    send(&house, "officer", &other, FINE, Some(("b.png", &world::png()))).await.expect(303);
    raw.run("update attachments set bytes = 200000000").await;
    let third = opened(&house, "officer", &[("name", "Lê Văn Ba")]).await;
    let page = send(&house, "officer", &third, FINE, Some(("b.png", &world::png()))).await.expect(422).text();
    assert!(page.contains("đưa lên đủ 200 MB"), "{page}");
    assert_eq!(files(&folder(&house)).len(), 2, "what was refused is gone from the disk");
});

both!(a_helper_has_the_files_of_her_own_organisation_and_no_other, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Tep", 1)).await;
    let women = world::organisation(&house, "30577", "women").await;
    world::refer(&house, "officer", case, women, "partner").await;
    let theirs = world::attach(&house, "officer", case, "cua-can-bo.png", world::png()).await;
    let hers = world::attach(&house, "partner", case, "cua-hoi.png", world::png()).await;
    let partner = house.as_("partner").await;
    let page = partner.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(page.contains("cua-hoi.png") && !page.contains("cua-can-bo") && !page.contains("/removal"), "{page}");
    partner.get(&format!("/attachments/{hers}")).await.expect(200);
    partner.get(&format!("/attachments/{theirs}")).await.expect(404);
    let officer = house.as_("officer").await.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(officer.contains("cua-hoi.png") && officer.contains("cua-can-bo.png"), "{officer}");
    for other in ["officer2", "helper", "partner2", "council", "lender", "admin", "inspector", "officer3"] {
        house.as_(other).await.get(&format!("/attachments/{theirs}")).await.expect(404);
    }
});

both!(a_file_that_is_taken_out_is_destroyed_and_its_line_stays, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Go", 2)).await;
    let id = world::attach(&house, "officer", case, "nham.png", world::png()).await;
    let officer = house.as_("officer").await;
    let place = format!("/attachments/{id}/removal");
    let version = hidden(&officer.get(&place).await.expect(200).text(), "version");
    officer.post(&place, &[("reason", ""), ("version", &version)]).await.expect(422);
    officer.post(&place, &[("reason", "Nhầm hồ sơ"), ("version", "7")]).await.expect(412);
    officer.post(&place, &[("reason", "Nhầm hồ sơ"), ("version", &version)]).await.expect(303);
    officer.get(&format!("/attachments/{id}")).await.expect(404);
    let page = officer.get(&format!("/cases/{case}/attachments")).await.expect(200).text();
    assert!(page.contains("Nhầm hồ sơ") && !page.contains("download>"), "{page}");
    assert!(files(&folder(&house)).is_empty());
    assert_eq!(Raw::of(&house).await.number("select count(*) from attachments where file_key is null").await, 1);
});

both!(an_erasure_takes_the_files_and_the_sweep_takes_what_a_cut_left, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Xoa", 3)).await;
    let other = world::open(&house, "officer", &world::draft("Giu", 4)).await;
    world::attach(&house, "officer", case, "a.png", world::png()).await;
    let kept = world::attach(&house, "officer", other, "b.png", world::png()).await;
    world::deputy(&house).await;
    let ask = erasures::Draft { reason: "Gia đình yêu cầu xóa toàn bộ dữ liệu".into() };
    let store = house.store();
    erasures::ask(store, world::grant::<acts::AskErasure>(&house, "officer", case).await, &ask).await.unwrap();
    erasures::approve(store, world::grant::<acts::ApproveErasure>(&house, "supervisor", case).await).await.unwrap();
    let left = files(&folder(&house));
    assert_eq!(left.len(), 1);
    // A cut left a file without a row, one that is on its way, and one that is younger than an hour.
    let hash = left[0].file_name().unwrap().to_str().unwrap().to_owned();
    let orphan = |letter: &str| folder(&house).join(letter.repeat(2)).join(letter.repeat(64));
    for (letter, hours) in [("c", 3), ("d", 0)] {
        std::fs::create_dir_all(orphan(letter).parent().unwrap()).unwrap();
        std::fs::write(orphan(letter), b"x").unwrap();
        let file = std::fs::File::options().write(true).open(orphan(letter)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(hours * 3_600)).unwrap();
    }
    let old = std::fs::File::options().write(true).open(&left[0]).unwrap();
    old.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(9 * 3_600)).unwrap();
    house.go_to(jiff::civil::date(2026, 11, 25));
    jobs::tick(&house.app).await.unwrap();
    assert!(!orphan("c").exists() && orphan("d").exists());
    assert!(left[0].exists(), "{hash} has a row");
    house.as_("officer").await.get(&format!("/attachments/{kept}")).await.expect(200);
});

both!(a_sealed_case_and_a_restricted_person_take_their_files_along, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Niem", 5)).await;
    let id = world::attach(&house, "officer", case, "a.pdf", world::pdf("x")).await;
    let head = house.as_("supervisor").await;
    head.get(&format!("/attachments/{id}")).await.expect(200);
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", case, "exclusion", &["supervisor"]).await;
    head.get(&format!("/attachments/{id}")).await.expect(404);
    let sealed = world::open(&house, "officer", &world::draft("Dau", 6)).await;
    let other = world::attach(&house, "officer", sealed, "b.pdf", world::pdf("y")).await;
    world::seal(&house, "supervisor", sealed).await;
    for who in ["officer", "supervisor"] {
        house.as_(who).await.get(&format!("/attachments/{other}")).await.expect(404);
    }
    // Past every wall its key reads as gone.
    let mut raw = Raw::of(&house).await;
    let key: Vec<(Vec<u8>,)> =
        raw.rows(&format!("select file_key from attachments where id = {}", raw.id(other))).await;
    assert!(key[0].0.len() > 150, "the key is shut once more");
});

both!(a_program_brings_and_gets_a_file_in_letters, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Máy")]).await;
    let program = house.program("officer").await;
    let url = format!("/api/v1/cases/{case}/attachments");
    let body = json!({"kind": "request", "name": "đơn.pdf", "no_id_card": true, "content": STANDARD.encode(world::pdf("xin việc"))});
    let made = program.post(&url, &body).await.expect(201).json();
    assert_eq!((&made["media"], &made["name"]), (&"pdf".into(), &"đơn.pdf".into()));
    let id = made["id"].as_str().unwrap();
    let got = program.get(&format!("/api/v1/attachments/{id}")).await.expect(200).json();
    assert_eq!(STANDARD.decode(got["content"].as_str().unwrap()).unwrap(), world::pdf("xin việc"));
    assert_eq!(program.get(&url).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    let refused =
        program.post(&url, &json!({"kind": "request", "no_id_card": true, "content": "!"})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "content");
    let refused =
        program.post(&url, &json!({"kind": "request", "content": STANDARD.encode(b"MZ")})).await.expect(422).json();
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2);
});

both!(a_disk_that_fails_leaves_nothing, async |house: House| {
    let case = opened(&house, "officer", &[("name", "Lê Văn Đầy")]).await;
    // Where the folder is to be stands a file.
    let folder = folder(&house);
    let _none = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    std::fs::write(&folder, b"").unwrap();
    let answer = send(&house, "officer", &case, FINE, Some(("a.png", &world::png()))).await;
    assert_eq!(answer.status, 503, "{}", answer.text());
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(Raw::of(&house).await.number("select count(*) from attachments").await, 0);
    send(&house, "officer", &case, FINE, Some(("a.png", &world::png()))).await.expect(303);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_takes_files_along_by_hash_and_a_restore_brings_them() {
    let mut house = House::new(crate::house::Kind::Sqlite).await;
    let keys = crate::backups::set_up(&mut house);
    let case = world::open(&house, "officer", &world::draft("Luu", 7)).await;
    let first = world::attach(&house, "officer", case, "a.pdf", world::pdf("một")).await;
    let made = crate::backups::back_up(&house).await.unwrap();
    let beside = made.folder.parent().unwrap().join("attachments");
    assert_eq!(files(&beside).len(), 1);
    world::attach(&house, "officer", case, "b.pdf", world::pdf("hai")).await;
    let second = crate::backups::back_up(&house).await.unwrap();
    assert_eq!(files(&beside).len(), 2, "each lies there once");
    let manifest = std::fs::read_to_string(second.folder.join("manifest.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&manifest).unwrap()["attachments"].as_array().unwrap().len(),
        2
    );
    jobs::drill(&house.app).await.unwrap();
    // Elsewhere, with the keyring: the file opens as it was.
    let (settings, _dir) = crate::backups::elsewhere(&house).await;
    let clock = house.store().clock().clone();
    let boxes = crate::backups::boxes(&second, &keys);
    let back = jobs::restore(&settings, &boxes, clock.clone(), true).await.unwrap();
    assert_eq!(back.files, 2);
    let store = duongve::store::Store::open(&settings.database, &settings.keys, clock.clone(), None).await.unwrap();
    let app = duongve::app::App::new(store, settings);
    let token = world::session_in(app.store(), "officer", duongve::store::SessionKind::Bearer).await;
    let visitor = app.store().enter(&token, duongve::store::SessionKind::Bearer).await.unwrap().unwrap();
    let grant = app.store().permit::<acts::SeeAttachment>(&visitor.actor, first).await.unwrap();
    let (_row, bytes) = attachments::read(app.store(), &grant).await.unwrap();
    assert_eq!(bytes, world::pdf("một"));
    app.store().close().await;
    // A file that is gone from the record is found by the weekly trial, one that is gone from the backup by whoever puts it back.
    std::fs::remove_file(&files(&folder(&house))[0]).unwrap();
    assert!(jobs::drill(&house.app).await.is_err());
    std::fs::write(&files(&beside)[0], b"bent").unwrap();
    assert!(jobs::restore(house.app.settings(), &boxes, clock, false).await.is_err());
}
