//! A commune's own list becomes cases.

use crate::{both, house::House};
use duongve::{
    app::Refused,
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
    assert_eq!(sql(&house, "select phone from contacts where phone like '+8437%'").await, ["+84371234567"]);
    assert_eq!(sql(&house, "select note from protected_notes where note like 'Nuôi%'").await, ["Nuôi mẹ già"]);
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
        ("book.csv", b"PK\x03\x04".to_vec(), "file_is_a_workbook"),
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
                "{n};Trần Văn {};{};Ấp {};Mãn hạn;Trộm cắp tài sản;3 năm tù;1/{}/2026;B;officer\n",
                ["An", "Bình", "Châu"][n % 3],
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
