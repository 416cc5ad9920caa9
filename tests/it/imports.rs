//! A commune's own list becomes cases.

use crate::{both, house::House, raw::Raw};
use duongve::{
    app::Refused,
    base::{
        fields,
        ids::{CaseId, ProtectedNoteId},
        sealed::Sealed,
    },
    imports::{
        self,
        cli::{Args, run},
        model::{Fate, Sheet},
    },
    policy::{
        Actor, AreaCode,
        acts::{ImportCases, ListCases},
    },
    store::{Denied, Fault},
};
use std::{path::PathBuf, sync::Arc, time::Instant};

const SAMPLE: &str = include_str!("../../seeds/demo/danh-sach-mau.csv");

async fn actor(house: &House, name: &str) -> Arc<Actor> {
    crate::world::actor(house, name).await
}

fn args(file: PathBuf, name: &str) -> Args {
    Args { file, name: name.into(), commune: None, dry_run: false, strict: false, json: true, refused: None }
}

/// The command as `supervisor`, its answer as JSON.
async fn import(house: &House, args: &Args) -> serde_json::Value {
    let mut out = Vec::new();
    let actor = actor(house, &args.name).await;
    run(&house.app, actor, args, &mut out).await.unwrap();
    serde_json::from_slice(&out).unwrap()
}

async fn count(house: &House) -> i64 {
    let scope = house.store().scope::<ListCases>(&actor(house, "supervisor").await).unwrap();
    duongve::cases::count(house.store(), &scope, &Default::default()).await.unwrap()
}

fn list(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// A statement of the test's own, around the program.
async fn sql(house: &House, statement: &'static str) -> Vec<String> {
    let url = &house.app.settings().database;
    if url.starts_with("postgres") {
        let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
        sqlx::query_scalar(statement).fetch_all(&mut conn).await.unwrap()
    } else {
        let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite:{url}")).await.unwrap();
        sqlx::query_scalar(statement).fetch_all(&mut conn).await.unwrap()
    }
}

both!(the_sample_list_is_shown_taken_mended_and_never_taken_twice, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let file = list(&folder, "danh-sach.csv", SAMPLE);
    let mut ask = args(file.clone(), "supervisor");

    ask.dry_run = true;
    let told = import(&house, &ask).await;
    assert_eq!((told["opened"].as_u64(), told["refused"].as_u64()), (Some(6), Some(4)), "{told:#}");
    assert_eq!(told["passed_over_lines"], serde_json::json!([5, 17, 18]));
    assert_eq!((told["import"].is_null(), count(&house).await), (true, 0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a preview writes no file");
    let fates: Vec<(u64, &str)> = told["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["fate"].as_str().unwrap()))
        .collect();
    assert_eq!(
        fates,
        [
            (6, "opens"),
            (7, "opens"),
            (9, "opens"),
            (10, "refused"),
            (11, "opens"),
            (12, "refused"),
            (13, "refused"),
            (14, "refused"),
            (15, "opens"),
            (16, "opens"),
        ]
    );

    ask.dry_run = false;
    let told = import(&house, &ask).await;
    assert_eq!((told["opened"].as_u64(), told["unassigned"].as_u64(), count(&house).await), (Some(6), Some(2), 6));
    let refused = PathBuf::from(told["refused_file"].as_str().unwrap());
    assert_eq!(refused, folder.path().join("danh-sach-bi-tu-choi.csv"));

    // The same file again: nobody twice, and the first file of refused rows is not written over. The row that stood twice
    // is refused again, for it may be another person.
    let again = import(&house, &ask).await;
    assert_eq!((again["opened"].as_u64(), again["there"].as_u64(), count(&house).await), (Some(0), Some(6), 6));
    assert_eq!(
        again["refused_file"].as_str().unwrap(),
        folder.path().join("danh-sach-bi-tu-choi-2.csv").to_str().unwrap()
    );

    // Mended, the rest comes in; the row that stands twice is still the same man.
    let mended = std::fs::read_to_string(&refused).unwrap();
    assert!(mended.starts_with('\u{feff}') && mended.contains("Lý do"), "{mended}");
    let mended =
        mended.replace("31/02/1988", "28/02/1988").replace("hộ nghèo", "Mãn hạn").replace("12345,", "0912 000 111,");
    let rest = import(&house, &args(list(&folder, "sua.csv", &mended), "supervisor")).await;
    assert_eq!(
        (rest["opened"].as_u64(), rest["there"].as_u64(), rest["refused"].as_u64(), count(&house).await),
        (Some(3), Some(1), Some(0), 9),
        "{rest:#}"
    );

    // What a list says lands in the right places.
    assert_eq!(
        sql(
            &house,
            "select regime from legals l join cases c on c.id = l.case_id join people p on p.id = c.person_id \
        where p.name_fold = 'nguien thi hoa' or p.name_fold = 'nguyen thi hoa'"
        )
        .await,
        ["amnestied"]
    );
    assert_eq!(
        sql(
            &house,
            "select grp from classifications k join cases c on c.id = k.case_id join people p on p.id = c.person_id \
        where p.alias_fold = 'ba binh'"
        )
        .await,
        ["B"]
    );
    let mut raw = Raw::of(&house).await;
    let phones = raw
        .rows::<(CaseId, Sealed<fields::ContactPhone>)>("select case_id, phone from contacts where phone is not null");
    let phones = house.store().opened(phones.await).await.unwrap();
    assert_eq!(phones.iter().filter(|row| row.1.text() == "+84371234567").count(), 1);
    let notes =
        raw.rows::<(ProtectedNoteId, Sealed<fields::ProtectedNoteText>)>("select id, note from protected_notes");
    let notes = house.store().opened(notes.await).await.unwrap();
    assert_eq!(notes.iter().filter(|row| row.1.text() == "Nuôi mẹ già").count(), 1);
    // Everybody who came in has something due: nobody falls out.
    assert_eq!(
        sql(&house, "select code from cases c where not exists (select 1 from follow_ups f where f.case_id = c.id)")
            .await,
        [""; 0]
    );
    assert_eq!(
        sql(
            &house,
            "select detail from audit where act = 'case.import' and detail like 'import %: 6 opened, 4 refused'"
        )
        .await
        .len(),
        1
    );
});

both!(a_batch_is_all_or_nothing_when_the_database_fails_in_the_middle, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let file = list(&folder, "danh-sach.csv", SAMPLE);
    let broken: &[&str] = if house.store().is_postgres() {
        &[
            "create function full_disk() returns trigger language plpgsql as $$ begin \
             if (select count(*) from import_rows) >= 3 then raise exception 'no'; end if; return new; end $$",
            "create trigger full_disk before insert on import_rows for each row execute function full_disk()",
        ]
    } else {
        &["create trigger full_disk before insert on import_rows when (select count(*) from import_rows) >= 3 \
           begin select raise(abort, 'no'); end"]
    };
    for statement in broken {
        sql(&house, statement).await;
    }
    let mut out = Vec::new();
    let failed = run(&house.app, actor(&house, "supervisor").await, &args(file.clone(), "supervisor"), &mut out).await;
    assert!(matches!(failed, Err(Refused::Fault(_))), "{failed:?}");
    assert_eq!(count(&house).await, 0);
    for table in ["select id from imports limit 0", "select name from people", "select name from hamlets"] {
        if !table.contains("limit 0") {
            assert_eq!(sql(&house, table).await, [""; 0], "{table}");
        }
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no file of refused rows speaks of a batch that failed"
    );

    let mend =
        if house.store().is_postgres() { "drop trigger full_disk on import_rows" } else { "drop trigger full_disk" };
    sql(&house, mend).await;
    assert_eq!(import(&house, &args(file, "supervisor")).await["opened"].as_u64(), Some(6));
});

both!(strict_opens_nothing_while_a_row_is_refused, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let mut ask = args(list(&folder, "danh-sach.csv", SAMPLE), "supervisor");
    ask.strict = true;
    ask.refused = Some(folder.path().join("lai.csv"));
    let told = import(&house, &ask).await;
    assert_eq!((told["opened"].as_u64(), told["refused"].as_u64(), count(&house).await), (Some(0), Some(4), 0));
    assert!(folder.path().join("lai.csv").exists());
    // The file that is there is not written over, and that is told.
    let again = run(&house.app, actor(&house, "supervisor").await, &ask, &mut Vec::new()).await;
    let Err(Refused::Invalid(invalid)) = again else { panic!("{again:?}") };
    assert_eq!(invalid.0[0].code, "file_not_written");
});

both!(only_the_head_of_the_commune_may_import_into_it, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let file = list(&folder, "danh-sach.csv", SAMPLE);
    let try_as = async |name: &'static str, commune: Option<&str>| {
        let mut ask = args(file.clone(), name);
        ask.commune = commune.map(|code| AreaCode(code.into()));
        match run(&house.app, actor(&house, name).await, &ask, &mut Vec::new()).await {
            Err(Refused::Fault(Fault::Denied(denied))) => denied,
            other => panic!("{name} into {commune:?}: {other:?}"),
        }
    };
    assert_eq!(try_as("supervisor3", Some("30577")).await, Denied::Unknown);
    assert_eq!(try_as("supervisor", Some("99999")).await, Denied::Unknown);
    assert_eq!(try_as("officer", None).await, Denied::Forbidden);
    assert_eq!(try_as("partner", None).await, Denied::Forbidden);
    assert_eq!(try_as("province", Some("30577")).await, Denied::Forbidden);
    assert_eq!(count(&house).await, 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
});

both!(another_communes_import_neither_knows_nor_is_known, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let file = list(&folder, "danh-sach.csv", SAMPLE);
    assert_eq!(import(&house, &args(file.clone(), "supervisor")).await["opened"].as_u64(), Some(6));
    // The same people in another commune's list: no word that they are known elsewhere; and `officer` is no officer here.
    let other = import(&house, &args(file, "supervisor3")).await;
    assert_eq!(
        (other["opened"].as_u64(), other["there"].as_u64(), other["unassigned"].as_u64()),
        (Some(6), Some(0), Some(6))
    );
});

both!(files_in_every_dress_bring_in_the_same_people, async |house: House| {
    use unicode_normalization::UnicodeNormalization;
    let folder = tempfile::tempdir().unwrap();
    let plain = "Họ và tên;Ngày sinh;Ấp;Diện\nĐỗ Thị Thuỷ;1/7/85;Ấp Tân Lập;Đặc xá\n";
    assert_eq!(import(&house, &args(list(&folder, "a.csv", plain), "supervisor")).await["opened"].as_u64(), Some(1));
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(plain.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    std::fs::write(folder.path().join("b.csv"), utf16).unwrap();
    list(&folder, "c.csv", &format!("\u{feff}{}", plain.replace(';', ",").nfd().collect::<String>()));
    list(&folder, "d.csv", "UBND XÃ\n\nDiện,Khóm/ấp,Năm sinh,Họ tên\nđặc xá,ấp Tân Lập,01/07/1985,ĐỖ THỊ THUỶ\n");
    for name in ["b.csv", "c.csv", "d.csv"] {
        let told = import(&house, &args(folder.path().join(name), "supervisor")).await;
        assert_eq!((told["opened"].as_u64(), told["there"].as_u64()), (Some(0), Some(1)), "{name}: {told:#}");
    }
    for (name, bytes, code) in [
        (
            "tcvn3.csv",
            "Hä vµ tªn;DiÖn\nNguyÔn V¨n An;¸n treo\n".chars().map(|c| c as u8).collect::<Vec<u8>>(),
            "file_in_old_encoding",
        ),
        ("book.csv", b"PK\x03\x04".to_vec(), "file_damaged"),
        ("old.xls", b"\xD0\xCF\x11\xE0rest".to_vec(), "file_is_old_workbook"),
        ("page.xls", b"<html><table><tr><td>Ho ten".to_vec(), "file_is_a_web_page"),
        ("open.csv", "Họ tên,Diện\nLê A,\"đặc xá\nLê B,đặc xá\n".into(), "file_unclosed_quote"),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let told = run(
            &house.app,
            actor(&house, "supervisor").await,
            &args(folder.path().join(name), "supervisor"),
            &mut Vec::new(),
        )
        .await;
        let Err(Refused::Invalid(invalid)) = told else { panic!("{name}: {told:?}") };
        assert_eq!(invalid.0[0].code, code, "{name}");
    }
});

both!(what_is_told_names_columns_lines_and_officers, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "Họ tên,Diện,SĐT,Cán bộ phụ trách,Màu áo\nLê Văn A,đặc xá,=1+1,officer9,xanh\nLê Văn B,án treo,,officer9,đỏ\n";
    let mut ask = args(list(&folder, "l.csv", text), "supervisor");
    ask.json = false;
    let mut out = Vec::new();
    let all = run(&house.app, actor(&house, "supervisor").await, &ask, &mut out).await.unwrap();
    assert!(!all, "a refused row makes the exit status tell");
    let told = String::from_utf8(out).unwrap();
    for words in ["Màu áo", "officer9", "Lê Văn A", "SĐT", "Dòng 2", "Dòng 3"] {
        assert!(told.contains(words), "{words} is missing in:\n{told}");
    }
    // The refused cell cannot run in the spreadsheet in which it is mended.
    let kept = std::fs::read_to_string(folder.path().join("l-bi-tu-choi.csv")).unwrap();
    assert!(kept.contains(",'=1+1,") && !kept.contains(",=1+1"), "{kept}");
});

both!(two_imports_of_one_list_at_the_same_time_add_nobody_twice, async |house: House| {
    let sheet = Arc::new(Sheet::read(SAMPLE.as_bytes()).unwrap());
    let area = AreaCode("30577".into());
    let supervisor = actor(&house, "supervisor").await;
    let mut both = Vec::new();
    for _ in 0..2 {
        let grant = house.store().permit::<ImportCases>(&supervisor, area.clone()).await.unwrap();
        let (store, sheet) = (house.store().clone(), sheet.clone());
        both.push(tokio::spawn(async move {
            imports::bring_in(&store, grant, &sheet, false, |_, _| {}).await.map(|done| done.opened)
        }));
    }
    let mut opened = 0;
    for one in both {
        opened += one.await.unwrap().unwrap();
    }
    assert_eq!((opened, count(&house).await), (6, 6));
});

both!(the_pages_show_first_and_open_what_was_shown, async |house: House| {
    let supervisor = house.as_("supervisor").await;
    supervisor.get("/areas/30577/imports/new").await.expect(200);
    let shown = supervisor.post("/areas/30577/imports", &[("list", &SAMPLE.replace('\n', "\r\n"))]).await.expect(200);
    let page = shown.text();
    assert_eq!(count(&house).await, 0, "a preview opens nothing");
    let hash = page.split("name=\"confirmed\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Another list than the one that was shown is shown first, too.
    let other = SAMPLE.replace("Ấp Tân Lập", "Ấp Khác");
    supervisor.post("/areas/30577/imports", &[("list", &other), ("confirmed", &hash)]).await.expect(200);
    assert_eq!(count(&house).await, 0);
    let done = supervisor.post("/areas/30577/imports", &[("list", SAMPLE), ("confirmed", &hash)]).await.expect(200);
    assert_eq!(count(&house).await, 6);
    // The refused rows stand there to be mended.
    assert!(done.text().contains("31/02/1988") && done.text().contains("Lê Hoàng Phúc"), "{}", done.text());
    supervisor.post("/areas/30577/imports", &[("list", "xin chào")]).await.expect(422);
    // Many rows fit into the form.
    let many: String =
        (0..4_000).map(|n| format!("Lê Văn Một Người Tên Dài Để Đầy Biểu Mẫu {n}\tẤp Tân Lập\tđặc xá\n")).collect();
    supervisor.post("/areas/30577/imports", &[("list", &format!("Họ tên\tẤp\tDiện\n{many}"))]).await.expect(200);
    for (name, area, status) in [("supervisor3", "30577", 404), ("officer", "30577", 403), ("supervisor", "99999", 404)]
    {
        let who = house.as_(name).await;
        who.get(&format!("/areas/{area}/imports/new")).await.expect(status);
        who.post(&format!("/areas/{area}/imports"), &[("list", SAMPLE), ("confirmed", &hash)]).await.expect(status);
    }
    assert_eq!(count(&house).await, 6);
});

both!(a_long_list_comes_in_at_a_bearable_pace, async |house: House| {
    let rows: String = (0..2_000)
        .map(|n| {
            format!(
                "{n};Trần {} {};{};Ấp {};Mãn hạn;Trộm cắp tài sản;3 năm tù;1/{}/2026;B;officer\n",
                // No two of one name and year: such a row would be asked about (`LIKELY_LINE`).
                ["Văn", "Hữu", "Minh", "Công", "Đức", "Quốc", "Thanh", "Ngọc", "Tấn", "Hoàng"][n / 200],
                ["An", "Bình", "Châu", "Dũng"][n / 50 % 4],
                1950 + n % 50,
                n,
                1 + n % 11
            )
        })
        .collect();
    let begun = Instant::now();
    let sheet = Sheet::read(
        format!("STT;Họ tên;Năm sinh;Địa chỉ;Diện;Tội danh;Mức án;Ngày về;Phân loại;Cán bộ\n{rows}").as_bytes(),
    )
    .unwrap();
    let read = begun.elapsed();
    let supervisor = actor(&house, "supervisor").await;
    let grant = house.store().permit::<ImportCases>(&supervisor, supervisor.area().clone()).await.unwrap();
    let begun = Instant::now();
    let preview = imports::preview(house.store(), &grant, &sheet).await.unwrap();
    let planned = begun.elapsed();
    assert!(preview.rows.iter().all(|row| matches!(row.fate, Fate::Opens(_))));
    let begun = Instant::now();
    let mut last = (0, 0);
    let bring = imports::bring_in(house.store(), grant, &sheet, false, |at, all| last = (at, all));
    let (done, statements) = duongve::store::listen(bring).await;
    let (done, taken) = (done.unwrap(), begun.elapsed());
    println!(
        "{:?}: 2,000 rows read in {read:?}, planned in {planned:?}, brought in in {taken:?}, {} statements a row (debug build)",
        house.kind,
        statements.len() / 2_000
    );
    assert_eq!((done.opened, last, count(&house).await), (2_000, (2_000, 2_000), 2_000));
});

/// Answers of the page with a file chosen, as a browser sends it.
async fn send_file(house: &House, name: &str, bytes: &[u8]) -> crate::house::Answer {
    let who = house.as_(name).await;
    let token = duongve::http::request::form_token(who.token());
    let mut body =
        format!("--grenze\r\ncontent-disposition: form-data; name=\"_token\"\r\n\r\n{token}\r\n").into_bytes();
    body.extend(b"--grenze\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
    body.extend(bytes);
    body.extend(b"\r\n--grenze--\r\n");
    let request = who
        .request(axum::http::Method::POST, "/areas/30577/imports")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=grenze")
        .body(axum::body::Body::from(body))
        .unwrap();
    house.send(request).await
}

/// What stands in a field that travels unseen, as the browser would send it on.
fn hidden(page: &str, begin: &str, end: char) -> String {
    let text =
        page.split(begin).nth(1).unwrap_or_else(|| panic!("{begin} is not on\n{page}")).split(end).next().unwrap();
    text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">")
}

/// A workbook as communes keep them: a cover sheet, merged titles, days as numbers, numbers as text and texts as numbers.
fn book(is_1904: bool) -> Vec<u8> {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    book.add_worksheet().set_name("Bìa").unwrap().write_string(0, 0, "BÁO CÁO NĂM 2026").unwrap();
    let sheet = book.add_worksheet().set_name("Danh sách").unwrap();
    sheet.merge_range(0, 0, 0, 8, "CÔNG AN XÃ TÂN LẬP", &Format::new()).unwrap();
    sheet.merge_range(1, 0, 1, 8, "DANH SÁCH NGƯỜI TRỞ VỀ", &Format::new()).unwrap();
    let headings = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "SĐT", "Ấp", "Diện", "Ngày về", "Ghi chú"];
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string(3, column, heading).unwrap();
    }
    let shift = if is_1904 { 1_462.0 } else { 0.0 };
    for (row, name) in (4_u32..).zip(["Trần Văn Bình", "Nguyễn Thị Hoa", "Lê Văn Cường"]) {
        sheet.write_number(row, 0, f64::from(row - 3)).unwrap();
        sheet.write_string(row, 1, name).unwrap();
        sheet.write_string(row, 6, "Mãn hạn").unwrap();
        // 30/11/2025 as a spreadsheet counts days.
        sheet.write_number_with_format(row, 7, 45_991.0 - shift, &day).unwrap();
    }
    // 15/08/1985 dressed as a day; the same number bare; a year.
    sheet.write_number_with_format(4, 2, 31_274.0 - shift, &day).unwrap();
    sheet.write_number(5, 2, 31_274.0 - shift).unwrap();
    sheet.write_number(6, 2, 1991.0).unwrap();
    // An identity number and a telephone that have lost their nought, both as numbers; a formula; rich text.
    sheet.write_number(4, 3, 91_085_000_123.0).unwrap();
    sheet.write_number(4, 4, 912_345_678.0).unwrap();
    sheet.write_formula(5, 8, rust_xlsxwriter::Formula::new("=1+1").set_result("ở nhà mẹ")).unwrap();
    let bold = Format::new().set_bold();
    sheet.write_rich_string(6, 8, &[(&bold, "nuôi "), (&Format::new(), "mẹ già")]).unwrap();
    // One hamlet, written once for the first two.
    sheet.merge_range(4, 5, 5, 5, "Ấp Tân Lập", &Format::new()).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    if is_1904 { with_1904(&bytes) } else { bytes }
}

/// The same workbook, counting days from 1904.
fn with_1904(bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let text = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        written.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        written.write_all(text.as_bytes()).unwrap();
    }
    written.finish().unwrap().into_inner()
}

both!(a_workbook_brings_in_the_same_people_as_its_list, async |house: House| {
    let folder = tempfile::tempdir().unwrap();
    for (name, is_1904) in [("a.xlsx", false), ("b.xlsx", true)] {
        let file = folder.path().join(name);
        std::fs::write(&file, book(is_1904)).unwrap();
        let told = import(&house, &args(file, "supervisor")).await;
        // The second counts its days otherwise, and it is the same people.
        let opened = if is_1904 { 0 } else { 3 };
        assert_eq!((told["opened"].as_u64(), told["refused"].as_u64()), (Some(opened), Some(0)), "{name}: {told:#}");
        assert_eq!((told["sheet"].as_str(), &told["other_sheets"]), (Some("Danh sách"), &serde_json::json!(["Bìa"])));
        assert_eq!(told["rows"][0]["line"], 5, "the row that the spreadsheet shows");
    }
    let births = "select p.birth_precision from people p order by p.name_key";
    assert_eq!(sql(&house, births).await, ["day", "year", "day"]);
    let mut raw = crate::raw::Raw::of(&house).await;
    for (what, count) in [
        // The days themselves are sealed.
        ("people where birth_year = 1985", 2),
        ("people where birth_year = 1991", 1),
        ("legals where received_on is not null", 3),
        ("hamlets where name = 'Ấp Tân Lập'", 1),
        ("cases where hamlet_id is not null", 2),
    ] {
        assert_eq!(raw.number(&format!("select count(*) from {what}")).await, count, "{what}");
    }
    for (number, found) in [("091085000123", "Trần Văn Bình"), ("0912345678", "Trần Văn Bình"), ("mẹ già", "")]
    {
        let page = house.as_("supervisor").await.post("/case-searches", &[("q", number)]).await.expect(200).text();
        assert!(page.contains(found), "{number}");
    }
});

both!(a_workbook_is_shown_opened_and_its_refused_rows_come_back_as_one, async |house: House| {
    let shown = send_file(&house, "supervisor", &book(false)).await.expect(200).text();
    assert!(shown.contains("Danh sách") && shown.contains("Bìa"), "it is told which sheet was read");
    assert_eq!(count(&house).await, 0);
    let (hash, text) =
        (hidden(&shown, "name=\"confirmed\" value=\"", '"'), hidden(&shown, "name=\"list\" hidden>\n", '<'));
    let supervisor = house.as_("supervisor").await;
    let done = supervisor.post("/areas/30577/imports", &[("list", &text), ("confirmed", &hash)]).await.expect(200);
    assert!(done.text().contains("/imports/"), "the way to undo it is there");
    assert_eq!(count(&house).await, 3);
    // A workbook with rows that are refused: on the command line they come back as a workbook.
    let folder = tempfile::tempdir().unwrap();
    let rows = [vec!["Trần Mới".to_owned(), "không rõ".to_owned()], vec!["Lê Cũ".to_owned(), "án treo".to_owned()]];
    let table = duongve::exports::Table::of_text(vec!["Họ tên".into(), "Diện".into()], rows.to_vec());
    let file = folder.path().join("ds.xlsx");
    std::fs::write(&file, duongve::exports::to_xlsx(&table, "x").unwrap()).unwrap();
    let told = import(&house, &args(file, "supervisor")).await;
    assert_eq!((told["opened"].as_u64(), told["refused"].as_u64()), (Some(1), Some(1)));
    let refused = folder.path().join("ds-bi-tu-choi.xlsx");
    assert_eq!(told["refused_file"].as_str(), refused.to_str());
    // Brought in unmended they are refused again; nothing in them is taken for another column.
    let again = import(&house, &args(refused, "supervisor")).await;
    assert_eq!(
        (again["refused"].as_u64(), again["ignored_columns"].as_array().map(Vec::len)),
        (Some(1), Some(0)),
        "{again:#}"
    );
    // And on the page.
    let list = "Họ tên;Diện\nTrần Mới;không rõ\n";
    let book = supervisor.post("/areas/30577/imports/refused", &[("list", list)]).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"), "a workbook");
    let shown = send_file(&house, "supervisor", &book.bytes).await.expect(200).text();
    assert!(shown.contains("Trần Mới"), "{shown}");
});

both!(an_import_is_taken_back_but_for_what_people_have_worked_on, async |house: House| {
    use crate::world;
    let folder = tempfile::tempdir().unwrap();
    let file = list(&folder, "danh-sach.csv", SAMPLE);
    let told = import(&house, &args(file.clone(), "supervisor")).await;
    let import_id = told["import"].as_str().unwrap().to_owned();
    let supervisor = house.as_("supervisor").await;
    let page = supervisor.get("/imports").await.expect(200).text();
    assert!(page.contains(&format!("/imports/{import_id}")), "{page}");
    // A visit to one, a correction of another; the third is only looked at.
    let mut raw = crate::raw::Raw::of(&house).await;
    let cases: Vec<(duongve::base::ids::CaseId,)> =
        raw.rows("select c.id from cases c join users u on u.id = c.officer_id order by u.username, c.code").await;
    let (visited, seen) = (cases[0].0, cases[1].0);
    world::visit(&house, "officer", visited, &world::met("home", crate::house::TODAY)).await;
    supervisor.get(&format!("/cases/{seen}")).await.expect(200);
    let unassigned: Vec<(duongve::base::ids::CaseId,)> =
        raw.rows("select id from cases where officer_id is null").await;
    let assigned = unassigned[0].0;
    supervisor
        .post(
            &format!("/cases/{assigned}/assignments"),
            &[("officer", "officer"), ("reason", "gần nhà"), ("version", "1")],
        )
        .await
        .expect(303);
    supervisor.get("/digests/preview").await.expect(200);

    let path = format!("/imports/{import_id}");
    for (who, status) in [("officer", 404), ("supervisor3", 404), ("province", 404)] {
        house.as_(who).await.get(&path).await.expect(status);
        house.as_(who).await.post(&format!("{path}/undoing"), &[]).await.expect(status);
    }
    assert_eq!(count(&house).await, 6);
    let keys = async || house.store().keyring().await.unwrap().people;
    let people_before: Vec<(uuid::Uuid,)> = raw.rows("select id from people").await;
    assert_eq!(keys().await, 6);
    assert_eq!(
        supervisor.post(&format!("{path}/undoing"), &[]).await.expect(303).goes_to(),
        format!("{path}?done=import-undone")
    );
    assert_eq!(count(&house).await, 2, "the visited and the assigned stay");
    let page = supervisor.get(&path).await.expect(200).text();
    for (case, why) in [(visited, "đã có lần thăm, gặp"), (assigned, "đã được sửa, phân công hoặc phân loại")]
    {
        assert!(page.contains(&format!("/cases/{case}")) && page.contains(why), "{why}\n{page}");
    }
    supervisor.get(&format!("/cases/{seen}")).await.expect(404);
    supervisor.get(&format!("/cases/{visited}")).await.expect(200);
    supervisor.post(&format!("{path}/undoing"), &[]).await.expect(422);
    // Nothing of those who went is left, not even their names.
    assert_eq!(
        (raw.number("select count(*) from people").await, raw.number("select count(*) from import_rows").await),
        (2, 2)
    );
    // Their keys are destroyed, and they are on the list of the erased: an old copy brings none of them back.
    let stayed: Vec<(uuid::Uuid,)> = raw.rows("select id from people").await;
    let gone: std::collections::BTreeSet<String> =
        people_before.iter().filter(|one| !stayed.contains(one)).map(|one| one.0.to_string()).collect();
    let erased = house.store().erased().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!((keys().await, gone), (2, erased));
    let line = "select detail from audit where act = 'import.undo'";
    assert_eq!(sql(&house, line).await, ["4 cases taken back, 2 kept"]);
    // The same list again: the four come back, the two are there.
    let again = import(&house, &args(file, "supervisor")).await;
    assert_eq!((again["opened"].as_u64(), again["there"].as_u64(), count(&house).await), (Some(4), Some(2), 6));
});

/// Every table that hangs on a case or a person is known to the taking back: a new one that is forgotten would keep
/// the undo from being done.
#[tokio::test]
async fn every_table_of_a_case_is_known_to_the_taking_back() {
    let house = House::new(crate::house::Kind::Sqlite).await;
    let tables = "select distinct m.name from sqlite_master m join pragma_table_info(m.name) c on m.type = 'table' \
         and c.name in ('case_id', 'person_id') and m.name <> 'cases'";
    let source = include_str!("../../src/cases/store/removal.rs");
    let unknown: Vec<String> =
        sql(&house, tables).await.into_iter().filter(|table| !source.contains(&format!("from {table} "))).collect();
    // A visit's note goes with its visit, the steps of help and the looks at work with their help, an account with its line of
    // a loan list, an answer and an urgent word with their need, who lives in a household and what was put right in it with it, a goal and a step with their plan, and each of those keeps its case; the trail keeps
    // what happened.
    let beside = [
        "audit",
        "visit_notes",
        "help_steps",
        "work_checks",
        "need_answers",
        "plan_goals",
        "plan_steps",
        "loan_accounts",
        "household_members",
        "urgencies",
        "family_corrections",
    ];
    assert_eq!(unknown, beside);
}

both!(a_long_import_goes_on_when_nobody_waits_and_its_page_tells, async |house: House| {
    let rows: String = (0..300).map(|n| format!("Lê Văn {n};Ấp {};đặc xá\n", n % 7)).collect();
    let text = format!("Họ tên;Ấp;Diện\n{rows}");
    let supervisor = house.as_("supervisor").await;
    let shown = supervisor.post("/areas/30577/imports", &[("list", &text)]).await.expect(200).text();
    let hash = hidden(&shown, "name=\"confirmed\" value=\"", '"');
    let other = house.as_("supervisor3").await;
    // Somebody else writes for a while.
    let mut raw = crate::raw::Raw::of(&house).await;
    let hold = if house.store().is_postgres() { "begin" } else { "begin immediate" };
    raw.run(hold).await;
    raw.run("update areas set name = name where code = '30577'").await;
    let answer = supervisor.post("/areas/30577/imports", &[("list", &text), ("confirmed", &hash)]).await.expect(303);
    let here = answer.goes_to().to_owned();
    let waits = supervisor.get(&here).await.expect(200);
    assert_eq!(waits.headers["refresh"], "2", "it looks again without a script");
    // Nobody else learns of it.
    other.get(&here).await.expect(404);
    raw.run("rollback").await;
    let mut done = false;
    for _ in 0..100 {
        let page = supervisor.get(&here).await.expect(200);
        if !page.headers.contains_key("refresh") {
            assert!(page.text().contains("300") && page.text().contains("/imports/"), "{}", page.text());
            done = true;
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert!(done && count(&house).await == 300);
    // A number that nobody has.
    assert_eq!(supervisor.get("/areas/30577/imports/running?number=7").await.expect(303).goes_to(), "/imports");
});
