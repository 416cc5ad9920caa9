//! The file that a person gets when she asks what is kept about her: everything that is decided, nothing of anybody else.

use crate::{
    both,
    house::{House, Kind, TODAY},
    raw::Raw,
    registry, world,
};
use duongve::{
    base::{
        fields::{self, COLUMNS, Class, Visitor, Whose},
        ids::{CaseId, Id, PersonId, RelativeId},
        sealed::{Field, Plain},
        time::{At, Day, plus_days},
        told::{Shown, TABLES, Table, Told},
    },
    policy::acts,
    requests::{cli, file},
    store::{Fault, Sealer},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// Every page of a zip, by name.
fn pages(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut pages = BTreeMap::new();
    for at in 0..zip.len() {
        let mut page = zip.by_index(at).unwrap();
        let name = page.name().unwrap().into_owned();
        let mut text = String::new();
        page.read_to_string(&mut text).unwrap();
        pages.insert(name, text);
    }
    pages
}

async fn made(house: &House, name: &str, case: CaseId, draft: &file::FileDraft) -> BTreeMap<String, String> {
    let grant = world::grant::<acts::TakeSubjectFile>(house, name, case).await;
    pages(&file::make(house.store(), grant, draft).await.unwrap().bytes)
}

/// Shuts a canary into any sealed field of a row, whatever its type.
struct Planter<'a> {
    wanted: (&'a str, &'a str),
    row: uuid::Uuid,
    sealer: &'a Sealer,
    word: &'a str,
    day: Day,
    shut: Option<duongve::base::arg::Arg>,
    /// As what it must be found; empty: a yes is no canary.
    found: String,
}

impl Visitor for Planter<'_> {
    fn see<F: Field>(&mut self) {
        if (F::TABLE, F::COLUMN) != self.wanted {
            return;
        }
        let row = RelativeId::from_uuid(self.row);
        let day = self.day.bytes();
        // A text takes any word; a day its day, a yes a yes.
        let (value, found) = match (F::Value::of(self.word.as_bytes()), F::Value::of(&day), F::Value::of(&[1])) {
            (Some(word), _, _) => (word, self.word.to_owned()),
            (_, Some(day), _) => (day, self.day.to_string()),
            (_, _, Some(yes)) => (yes, String::new()),
            _ => panic!("{}.{} takes nothing", F::TABLE, F::COLUMN),
        };
        self.found = found;
        self.shut = Some(self.sealer.seal::<F>(row, &value).unwrap());
    }
}

/// What was planted: in which column, and as what it must be found.
#[derive(Default)]
struct Planted(Vec<(String, String, String)>);

/// By what the secrets of a row are bound to it.
fn key_of(table: &str) -> &'static str {
    let has = |name: &str| COLUMNS.iter().any(|column| column.table == table && column.name == name);
    let whose = COLUMNS.iter().find(|column| column.table == table).unwrap().whose;
    match whose {
        _ if has("id") => "id",
        _ if has("visit_id") => "visit_id",
        Whose::Person(column) | Whose::Referral(column) | Whose::Through(_, column) => column,
        _ => "case_id",
    }
}

/// One row in every table about people, a canary in every column that takes one.
async fn plant(house: &House, case: CaseId, officer: &str, from: usize) -> Planted {
    let person = person_of(house, case).await;
    let grant = world::grant::<acts::EditCase>(house, officer, case).await;
    let sealer: Result<Sealer, Fault> = house.store().write(grant, async |work| work.sealer(person).await).await;
    let sealer = sealer.unwrap();
    let user = world::user_id(house, officer).await;
    let mut raw = Raw::of(house).await;
    let types = registry::columns(&mut raw).await;
    raw.run(if house.kind == Kind::Postgres {
        "set session_replication_role = replica"
    } else {
        "pragma foreign_keys = off"
    })
    .await;
    let (mut planted, mut number, mut ids) = (Planted::default(), from, BTreeMap::new());
    for table in TABLES.iter().filter(|table| !matches!(table.name, "people" | "cases" | "digest_rows" | "import_rows"))
    {
        let own: uuid::Uuid = uuid::Uuid::now_v7();
        let key = key_of(table.name);
        let whose = COLUMNS.iter().find(|column| column.table == table.name).unwrap().whose;
        let mut names = Vec::new();
        let mut values = Vec::new();
        let row = match (key, whose) {
            ("case_id", _) => case.uuid(),
            ("person_id", _) => person.uuid(),
            (column, _) if column != "id" => ids.get(parent(column)).copied().unwrap_or(own),
            _ => own,
        };
        ids.insert(table.name, row);
        for column in COLUMNS.iter().filter(|column| column.table == table.name) {
            number += 1;
            let (word, day) =
                (format!("Chim{number}yen"), Day(plus_days(jiff::civil::date(1801, 1, 1), number as i64)));
            let kind = types[&(table.name.to_owned(), column.name.to_owned())].clone();
            let id = |raw: &Raw, id: uuid::Uuid| raw.id(id);
            let value = if column.class == Class::S3 {
                let mut planter = Planter {
                    wanted: (table.name, column.name),
                    row,
                    sealer: &sealer,
                    word: &word,
                    day,
                    shut: None,
                    found: String::new(),
                };
                fields::each_secret(&mut planter);
                if !planter.found.is_empty() {
                    planted.0.push((table.name.into(), column.name.into(), planter.found));
                }
                raw.bytes(&planter.shut.expect("a type for every secret"))
            } else if column.name == "case_id" {
                id(&raw, case.uuid())
            } else if ["person_id", "kept_id"].contains(&column.name) {
                id(&raw, person.uuid())
            } else if column.name == "id" {
                id(&raw, own)
            } else if column.name == key {
                id(&raw, row)
            } else if column.name == "shut_case_id" {
                "null".into()
            } else if column.name == "by"
                || column.name.ends_with("_by")
                || ["user_id", "officer_id", "handler_id"].contains(&column.name)
            {
                id(&raw, user.uuid())
            } else if column.name.ends_with("_id") {
                let known = ids.get(parent(column.name)).copied();
                id(&raw, known.unwrap_or_else(uuid::Uuid::now_v7))
            } else if ["area_code", "from_area", "to_area"].contains(&column.name) {
                "'30577'".into()
            } else if column.name == "consented_how" {
                "'signed'".into()
            } else if kind == "blob" || kind == "bytea" {
                raw.bytes(&duongve::base::arg::Arg::Bytes(Some(word.into_bytes())))
            } else if column.name.ends_with("_on") || column.name == "on_day" {
                planted.0.push((table.name.into(), column.name.into(), day.to_string()));
                format!("'{day}'")
            } else if column.name == "at" || column.name.ends_with("_at") {
                At::of(TODAY, 8, 0).plus(number as i64).micros().to_string()
            } else if kind == "text" {
                planted.0.push((table.name.into(), column.name.into(), word.clone()));
                format!("'{word}'")
            } else if kind == "boolean" {
                "true".into()
            } else {
                "1".into()
            };
            names.push(column.name);
            values.push(value);
        }
        if key != "id" {
            let row = raw.id(row);
            raw.run(&format!("delete from {} where {key} = {row}", table.name)).await;
        }
        let sql = format!("insert into {} ({}) values ({})", table.name, names.join(", "), values.join(", "));
        raw.run(&sql).await;
    }
    planted
}

fn parent(column: &str) -> &'static str {
    match column {
        "referral_id" => "referrals",
        "account_id" => "loan_accounts",
        "restriction_id" => "restrictions",
        "emergency_id" => "emergencies",
        "visit_id" => "visits",
        "help_id" => "helps",
        "need_id" => "needs",
        "plan_id" => "plans",
        "goal_id" => "plan_goals",
        "household_id" => "households",
        "document_id" => "documents",
        "merge_id" => "merges",
        _ => "",
    }
}

async fn person_of(house: &House, case: CaseId) -> PersonId {
    let mut raw = Raw::of(house).await;
    let sql = format!("select person_id from cases where id = {}", raw.id(case));
    raw.rows::<(PersonId,)>(&sql).await.remove(0).0
}

fn told<'a>(table: &'a Table, column: &str) -> Option<&'a Told> {
    table.told.iter().find(|told| told.column == column)
}

both!(the_file_has_every_column_that_is_decided_and_nothing_of_anybody_else, async |house: House| {
    let hers = world::open(&house, "officer", &world::draft("Bà", 1)).await;
    let other = world::open(&house, "officer", &world::draft("Khác", 2)).await;
    // What somebody wrote of her names a relative of hers.
    let mother = duongve::families::model::Draft {
        name: "Nguyễn Thị Tư".into(),
        relation: "mẹ".into(),
        phone: "0912345670".into(),
        ..duongve::families::model::Draft::default()
    };
    let grant = world::grant::<acts::AddRelative>(&house, "officer", hers).await;
    duongve::families::add(house.store(), grant, &mother, None).await.unwrap();
    let note = "Gặp NGUYỄN THỊ TƯ ở chợ, máy 0912 345 670".to_owned();
    let draft = duongve::visits::model::Draft { note, ..world::met("home", TODAY) };
    world::visit(&house, "officer", hers, &draft).await;
    let mine = plant(&house, hers, "officer", 10_000).await;
    let theirs = plant(&house, other, "officer", 40_000).await;
    let all = made(&house, "officer", hers, &file::FileDraft::default()).await;
    let names: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(names, ["1-thong-tin.html", "doc-truoc.html", "du-lieu.json", "nguoi-da-xem.html"]);
    let (json, html) = (&all["du-lieu.json"], &all["1-thong-tin.html"]);
    assert!(json.contains("NameBà") && html.contains("NameBà") && !json.contains("NameKhác"));
    assert!(html.contains("Gặp █████ ở chợ, máy █████"), "a relative is blacked out in what others wrote");
    let (mut inside, mut outside) = (0, 0);
    for (table, column, word) in &mine.0 {
        let known = TABLES.iter().find(|known| known.name == table).unwrap();
        match told(known, column) {
            Some(how) => {
                assert!(json.contains(word.as_str()), "{table}.{column}: {word} is not in the file");
                let shown = match how.shown {
                    Shown::Day => duongve::base::text::show_day(word.parse().unwrap()),
                    _ => word.clone(),
                };
                assert!(html.contains(&shown), "{table}.{column}: {shown} is not on the page");
                inside += 1;
            }
            None => {
                for (name, page) in &all {
                    assert!(!page.contains(word.as_str()), "{table}.{column}: {word} is in {name}");
                }
                outside += 1;
            }
        }
    }
    assert!(inside > 100 && outside > 10, "{inside} in, {outside} out");
    for (table, column, word) in &theirs.0 {
        for (name, page) in &all {
            assert!(!page.contains(word.as_str()), "{table}.{column} of somebody else: {word} is in {name}");
        }
    }
    // Every table about her is in the file by its name.
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let there: BTreeSet<&str> = value["cases"][0].as_object().unwrap().keys().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = TABLES.iter().filter(|table| table.is_told()).map(|table| table.name).collect();
    assert_eq!(there, wanted);
    // Officials stand by their role, without a name.
    let cover = &all["doc-truoc.html"];
    let officer = world::actor(&house, "officer").await;
    assert!(all.values().all(|page| !page.contains(officer.name())), "no official is named");
    assert!(cover.contains("Lời người khác kể mà người kể được bảo vệ") && cover.contains("Gia đình"), "{cover}");
});

both!(the_last_day_counts_whole_and_the_newest_comes_first, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Ngày", 1)).await;
    for (day, note) in [(-4, "NoteA"), (-2, "NoteB"), (-1, "NoteC"), (0, "NoteD")] {
        let draft =
            duongve::visits::model::Draft { shared_note: note.into(), ..world::met("home", plus_days(TODAY, day)) };
        world::visit(&house, "officer", case, &draft).await;
    }
    let day = |days| duongve::base::text::show_day(plus_days(TODAY, days));
    let draft = file::FileDraft { from_on: day(-2), to_on: day(-1) };
    let some = made(&house, "officer", case, &draft).await;
    let page = &some["1-thong-tin.html"];
    assert!(!page.contains("NoteA") && !page.contains("NoteD"), "{page}");
    let (b, c) = (page.find("NoteB").unwrap(), page.find("NoteC").unwrap());
    assert!(c < b, "the newest first");
    // What was opened late on the last day is in the history of that day.
    house.app.store().clock().set(At::of(TODAY, 23, 59));
    house.as_("supervisor").await.get(&format!("/cases/{case}")).await.expect(200);
    house.go_to(plus_days(TODAY, 1));
    house.as_("supervisor").await.get(&format!("/cases/{case}/relatives")).await.expect(200);
    let draft = file::FileDraft { from_on: String::new(), to_on: day(0) };
    let history = &made(&house, "officer", case, &draft).await["nguoi-da-xem.html"];
    assert!(history.contains("23:59, 23/11/2026") && history.contains("Chỉ huy"), "{history}");
    assert!(!history.contains("24/11/2026"), "{history}");
    let wrong = file::FileDraft { from_on: day(0), to_on: day(-1) };
    let grant = world::grant::<acts::TakeSubjectFile>(&house, "officer", case).await;
    assert!(file::make(house.store(), grant, &wrong).await.is_err());
});

both!(the_file_is_taken_by_a_button_or_a_command_by_whoever_may_and_is_a_line_of_the_trail, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Tệp", 1)).await;
    let url = format!("/cases/{case}/subject-file");
    let ask = [("kind", "see"), ("asked_by", "person"), ("way", "in_person"), ("what", "xin xem")];
    let officer = house.as_("officer").await;
    let page = officer
        .post(&format!("/cases/{case}/requests"), &ask)
        .await
        .expect(303)
        .goes_to()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert!(officer.get(&page).await.expect(200).text().contains(&url));
    let mut raw = Raw::of(&house).await;
    let lines =
        "select count(*) from audit where act = 'subject_file.take' and outcome = 'opened' and detail = 'subject_file'";
    for (name, status) in [
        ("officer", 200),
        ("supervisor", 200),
        ("officer2", 404),
        ("supervisor3", 404),
        ("partner", 404),
        ("admin", 404),
        ("inspector", 404),
    ] {
        let before = raw.number(lines).await;
        let answer = house.as_(name).await.post(&url, &[]).await.expect(status);
        assert_eq!(raw.number(lines).await - before, i64::from(status == 200), "{name}");
        if status == 200 {
            let told = answer.headers["content-disposition"].to_str().unwrap();
            assert_eq!(told, "attachment; filename=\"du-lieu-ca-nhan-2026-11-23.zip\"");
            assert!(pages(&answer.bytes)["du-lieu.json"].contains("NameTệp"));
        }
    }
    // Whoever has proved an hour ago who she is proves it again.
    house.app.store().clock().set(At::of(TODAY, 12, 0));
    let late = officer.post(&url, &[]).await;
    assert!(late.status != 200 && !late.bytes.starts_with(b"PK"), "{}", late.status);

    let folder = tempfile::tempdir().unwrap();
    let code: Vec<(String,)> = raw.rows("select code from cases").await;
    let args = cli::Args {
        name: "officer".into(),
        case: code[0].0.to_lowercase(),
        out: folder.path().join("ra.zip"),
        from: String::new(),
        to: String::new(),
    };
    let actor = world::actor(&house, "officer").await;
    assert_eq!(cli::run(&house.app, actor.clone(), &args).await.unwrap(), 1);
    assert!(pages(&std::fs::read(&args.out).unwrap())["1-thong-tin.html"].contains("NameTệp"));
    let before = raw.number(lines).await;
    assert!(cli::run(&house.app, actor, &args).await.is_err(), "never over a file that is there");
    let args = cli::Args { out: folder.path().join("khac.zip"), ..args };
    let other = world::actor(&house, "officer2").await;
    assert!(cli::run(&house.app, other, &args).await.is_err());
    assert!(!args.out.exists() && raw.number(lines).await == before, "nothing was written, nothing was read");
});

both!(every_case_of_hers_that_the_asker_may_see_is_in_it_and_no_other, async |house: House| {
    let case = world::open(&house, "officer", &world::draft("Hai", 1)).await;
    let head = house.as_("supervisor").await;
    let closing = [("ground", "moved"), ("on", "23/11/2026")];
    head.post(&format!("/cases/{case}/closure"), &closing).await.expect(303);
    let again = [
        ("regime", "suspended_sentence"),
        ("received_on", "23/11/2026"),
        ("offence", "OffenceMới"),
        ("officer", "officer2"),
    ];
    let made_again = head.post(&format!("/cases/{case}/courses"), &again).await.expect(303);
    let second: CaseId = made_again.goes_to().split('/').nth(2).unwrap().split('?').next().unwrap().parse().unwrap();
    let all = made(&house, "supervisor", case, &file::FileDraft::default()).await;
    assert!(all.contains_key("2-thong-tin.html") && all["2-thong-tin.html"].contains("OffenceMới"));
    assert!(!all["2-thong-tin.html"].contains("NameHai"), "what hangs on the person stands once");
    let hers = made(&house, "officer2", second, &file::FileDraft::default()).await;
    assert!(
        !hers.contains_key("2-thong-tin.html") && hers.values().all(|page| !page.contains("OffenceHai")),
        "the first is not hers"
    );
});
