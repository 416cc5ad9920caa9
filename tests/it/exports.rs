//! Lists that go out as files.

use crate::{both, house::House};
use duongve::{
    base::lang::Lang,
    exports::{self, Format, cli},
    imports,
    policy::{
        Actor,
        acts::{ExportCases, ImportCases, ListCases},
    },
    store::PageAsk,
};
use std::sync::Arc;

async fn actor(house: &House, name: &str) -> Arc<Actor> {
    crate::world::actor(house, name).await
}

/// Three people in one commune: one of `officer`, one of `officer2`, one of nobody; one name that a spreadsheet would run.
async fn furnish(house: &House) {
    let list = "Họ tên;Ngày sinh;Ấp;Diện;Ngày về;Phân loại;Cán bộ;SĐT;Tội danh\n\
        Trần Văn Bình;5/3/1985;Ấp Tân Lập;Mãn hạn;1/7/2026;C;officer;0912345678;Canary-offence\n\
        ＝Lê Thị Hoa;1991;+Ấp 2;án treo;1/11/2026;A;officer2;;Canary-offence\n\
        Võ Kim Ngân;;;đặc xá;;;;;\n";
    let sheet = imports::model::Sheet::read(list.as_bytes()).unwrap();
    let supervisor = actor(house, "supervisor").await;
    let grant = house.store().permit::<ImportCases>(&supervisor, supervisor.area().clone()).await.unwrap();
    let done = imports::bring_in(house.store(), grant, &sheet, false, |_, _| {}).await.unwrap();
    assert_eq!(done.opened, 3, "{:?}", done.rows);
}

fn rows(bytes: &[u8]) -> Vec<csv::StringRecord> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("the mark of UTF-8");
    csv::ReaderBuilder::new().flexible(true).from_reader(text).records().map(Result::unwrap).collect()
}

both!(an_export_has_the_rows_of_the_list_and_no_other, async |house: House| {
    furnish(&house).await;
    // Six weeks on, somebody is late.
    house.go_to(jiff::civil::date(2027, 3, 1));
    for (name, expected) in [("supervisor", 3), ("officer", 1), ("officer2", 1), ("supervisor3", 0)] {
        let who = actor(&house, name).await;
        let scope = house.store().scope::<ExportCases>(&who).unwrap();
        let file = exports::cases(house.store(), &scope, Format::Csv, Lang::Vi).await.unwrap();
        let listed = duongve::cases::list(
            house.store(),
            &house.store().scope::<ListCases>(&who).unwrap(),
            &Default::default(),
            &PageAsk { limit: 100, cursor: None },
        )
        .await
        .unwrap();
        let all = rows(&file.bytes);
        let (footer, body) = all.split_last().unwrap();
        assert_eq!((file.records, body.len()), (expected, expected), "{name}");
        assert!(footer[0].contains(name) && footer[0].contains("01/03/2027"), "{footer:?}");
        let codes: Vec<&str> = body.iter().map(|row| &row[0]).collect();
        let shown: Vec<&str> = listed.items.iter().map(|line| line.code.as_str()).collect();
        assert_eq!(codes, shown, "{name}");
        for (row, line) in body.iter().zip(&listed.items) {
            let due = line.next_due_on.map(|day| duongve::base::text::show_day(*day)).unwrap_or_default();
            assert_eq!((&row[1].trim_start_matches('\''), &row[11]), (&line.name.as_str(), due.as_str()));
            assert!(row[12].parse::<i64>().unwrap() > 0, "{row:?} is late by now");
        }
        assert!(!String::from_utf8_lossy(&file.bytes).contains("Canary"), "the offence leaves in no list");
    }
    let trail = duongve::store::listen(async {
        let scope = house.store().scope::<ExportCases>(&actor(&house, "supervisor").await).unwrap();
        exports::cases(house.store(), &scope, Format::Csv, Lang::Vi).await.unwrap();
    })
    .await
    .1;
    assert!(trail.iter().any(|sql| sql.starts_with("insert into audit")), "an export is a line of the log");
});

both!(cells_of_an_export_run_in_no_spreadsheet, async |house: House| {
    furnish(&house).await;
    let scope = house.store().scope::<ExportCases>(&actor(&house, "supervisor").await).unwrap();
    let file = exports::cases(house.store(), &scope, Format::Csv, Lang::Vi).await.unwrap();
    let all = rows(&file.bytes);
    let row = all.iter().find(|row| row[1].contains("Hoa")).unwrap();
    assert_eq!((&row[1], &row[3]), ("'＝Lê Thị Hoa", "'+Ấp 2"));
    for cell in all.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']), "{cell}");
    }
    let book = exports::cases(house.store(), &scope, Format::Xlsx, Lang::Vi).await.unwrap();
    assert!(book.bytes.starts_with(b"PK\x03\x04") && book.name.ends_with(".xlsx"));
});

both!(the_download_follows_the_policy, async |house: House| {
    furnish(&house).await;
    for (name, status) in [
        ("supervisor", 200),
        ("officer", 200),
        ("partner", 403),
        ("province", 403),
        ("admin", 403),
        ("council", 403),
        ("inspector", 403),
    ] {
        let answer = house.as_(name).await.get("/cases/export?format=csv").await.expect(status);
        if status == 200 {
            assert!(
                answer.headers["content-disposition"]
                    .to_str()
                    .unwrap()
                    .starts_with("attachment; filename=\"ho-so-2026-11-23.csv\"")
            );
        } else {
            assert!(!answer.text().contains("Bình"));
        }
    }
    house.as_("supervisor").await.get("/cases/export?format=pdf").await.expect(400);
    let book = house.as_("supervisor").await.get("/cases/export?format=xlsx").await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
});

both!(the_command_writes_a_file_once, async |house: House| {
    furnish(&house).await;
    let folder = tempfile::tempdir().unwrap();
    let args = cli::Args { name: "officer".into(), format: Format::Csv, out: Some(folder.path().join("ra.csv")) };
    let who = actor(&house, "officer").await;
    assert_eq!(cli::run(&house.app, who.clone(), &args, &mut Vec::new()).await.unwrap(), 1);
    assert_eq!(rows(&std::fs::read(folder.path().join("ra.csv")).unwrap()).len(), 2);
    assert!(
        cli::run(&house.app, who.clone(), &args, &mut Vec::new()).await.is_err(),
        "never over a file that is there"
    );
    let mut out = Vec::new();
    cli::run(&house.app, who, &cli::Args { out: None, ..args.clone() }, &mut out).await.unwrap();
    assert_eq!(rows(&out).len(), 2);
    let partner = actor(&house, "partner").await;
    assert!(cli::run(&house.app, partner, &cli::Args { out: None, ..args }, &mut Vec::new()).await.is_err());
});
