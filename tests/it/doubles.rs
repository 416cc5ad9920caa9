//! Doubles: a warning of those that the opener may see, and of all others not a word, to the byte.

use crate::{
    both,
    cases::{hidden, opened},
    house::{Answer, House, Kind, TODAY},
    raw::Raw,
    world,
};
use duongve::{
    base::lang::Lang,
    imports::{
        self,
        model::{Fate, Sheet},
    },
    jobs,
    policy::acts::ImportCases,
};
use serde_json::{Value, json};

const FORM: &[(&str, &str)] = &[
    ("name", "Nguyễn Văn Hòa"),
    ("birth", "1990"),
    ("regime", "completed"),
    ("received_on", "01/10/2026"),
    ("wishes", "gọi sau 17 giờ"),
];

async fn pairs(house: &House) -> i64 {
    Raw::of(house).await.number("select count(*) from possible_doubles").await
}

both!(whoever_opens_a_case_is_warned_of_those_that_she_may_see_and_keeps_what_she_typed, async |house: House| {
    let there = opened(&house, "officer", &[("name", "Văn Hoà Nguyễn"), ("birth", "1990")]).await;
    let officer = house.as_("officer").await;
    let warned = officer.post("/areas/30577/cases", FORM).await.expect(422).text();
    assert!(
        warned.contains(&format!("/cases/{there}")) && warned.contains(&Lang::Vi.say("doubles-warning")),
        "{warned}"
    );
    assert!(warned.contains("gọi sau 17 giờ") && warned.contains("Nguyễn Văn Hòa"), "{warned}");
    let sure = [FORM, &[("not_a_double", "true")]].concat();
    officer.post("/areas/30577/cases", &sure).await.expect(303);
    // She has said that it is somebody else: nobody is asked again.
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(*) from possible_doubles where state = 'not_same'").await, 1);
    // For programs likewise.
    let body = json!({"name": "Nguyen Van Hoa", "birth_on": "1990-05-01", "regime": "completed"});
    let refused = house.program("officer").await.post("/api/v1/cases", &body).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "likely_double");
    let body = json!({"name": "Nguyen Van Hoa", "birth_on": "1990-05-01", "regime": "completed", "not_a_double": true});
    house.program("officer").await.post("/api/v1/cases", &body).await.expect(201);
    // A colleague has no case of that name: she is warned of nothing, and the head finds the pairs.
    house.as_("officer2").await.post("/areas/30577/cases", FORM).await.expect(303);
    let head = house.as_("supervisor").await;
    let list = head.get("/doubles").await.expect(200).text();
    assert_eq!(list.matches("/doubles/").count(), 3, "{list}");
    let id = list.split("/doubles/").skip(1).find_map(|rest| rest.get(..36)).unwrap();
    let page = head.get(&format!("/doubles/{id}")).await.expect(200).text();
    assert!(page.contains("Nguyễn Văn Hòa"), "{page}");
    let form = [("verdict", "not_same"), ("version", &hidden(&page, "version"))];
    head.post(&format!("/doubles/{id}/verdict"), &form).await.expect(303);
    head.post(&format!("/doubles/{id}/verdict"), &[("verdict", "same"), ("version", "2")]).await.expect(422);
    house.as_("officer").await.get("/doubles").await.expect(403);
});

both!(the_keeper_sees_no_name_and_both_heads_are_asked, async |house: House| {
    let there = world::open(&house, "officer3", &world::draft("Kín", 5)).await;
    let mut draft = world::draft("Kín", 6);
    draft.name = "Văn NameKin Nguyễn".into();
    let here = world::open(&house, "officer", &draft).await;
    let sealed = world::open(&house, "officer3", &world::draft("Kín", 7)).await;
    assert_eq!(pairs(&house).await, 3, "here and there, and the third with each of them");
    world::seal(&house, "supervisor3", sealed).await;
    let keeper = house.as_("province").await;
    let list = keeper.get("/doubles").await.expect(200).text();
    assert!(!list.contains("NameK") && list.contains("Ô Lâm") && list.contains("Mỹ Thới"), "{list}");
    for case in [there, here] {
        keeper.get(&format!("/cases/{case}")).await.expect(404);
    }
    // Neither head knows of it before the keeper has asked.
    for head in ["supervisor", "supervisor3"] {
        let list = house.as_(head).await.get("/doubles").await.expect(200).text();
        assert!(!list.contains("href=\"/doubles/"), "{list}");
    }
    let mut raw = Raw::of(&house).await;
    let sql = format!("select id from possible_doubles where case_id = {}", raw.id(here));
    let id = raw.rows::<(uuid::Uuid,)>(&sql).await.remove(0).0;
    let url = format!("/doubles/{id}");
    house.as_("supervisor").await.get(&url).await.expect(404);
    keeper.post(&format!("{url}/verdict"), &[("verdict", "same"), ("version", "1")]).await.expect(303);
    for (head, own, not) in [("supervisor", here, there), ("supervisor3", there, here)] {
        let page = house.as_(head).await.get(&url).await.expect(200).text();
        assert!(page.contains(&own.to_string()) && !page.contains(&not.to_string()), "{page}");
    }
    house.as_("officer").await.get(&url).await.expect(404);
    let answer = format!("{url}/answer");
    house.as_("supervisor").await.post(&answer, &[("verdict", "same"), ("version", "2")]).await.expect(303);
    assert_eq!(raw.number("select count(*) from possible_doubles where state = 'agreed'").await, 0, "one is not both");
    house.as_("supervisor3").await.post(&answer, &[("verdict", "same"), ("version", "3")]).await.expect(303);
    assert_eq!(raw.number("select count(*) from possible_doubles where state = 'agreed'").await, 1);
});

/// What is random in an answer: the id of the new case, its code, tokens.
fn masked(answer: &Answer) -> (u16, String) {
    let (status, text) = (answer.status.as_u16(), answer.text() + answer.goes_to());
    let mut told = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("/cases/") {
        let (before, after) = rest.split_at(at + 7);
        told += before;
        let id = after.chars().take_while(|letter| letter.is_ascii_hexdigit() || *letter == '-').count();
        rest = if id == 36 { &after[36..] } else { after };
    }
    (status, told + rest)
}

/// Somebody with a name, year, telephone and number, whom this person may not see.
async fn hide(house: &House, how: &str, from: &str) {
    let owner = if how == "foreign" { "officer3" } else { "officer" };
    let mut draft = world::draft("Trùng", 8);
    draft.name = "Nguyễn Văn Hòa".into();
    let case = world::open(house, owner, &draft).await;
    match how {
        "sealed" => drop(world::seal(house, "supervisor", case).await),
        "restricted" => {
            world::deputy(house).await;
            let to = duongve::assignments::model::Draft { officer: "officer2".into(), reason: String::new() };
            let assign = world::grant::<duongve::policy::acts::Assign>(house, "deputy", case).await;
            duongve::assignments::assign(house.store(), assign, &to, None).await.unwrap();
            world::restrict(house, "deputy", case, "exclusion", &[from]).await;
        }
        _ => {}
    }
}

async fn house(kind: Kind) -> Option<House> {
    match kind {
        Kind::Sqlite => Some(House::new(Kind::Sqlite).await),
        Kind::Postgres => House::postgres().await,
    }
}

/// Two worlds: in one of them somebody whom the opener may not see has the same name, year, telephone and number.
async fn a_hidden_one_changes_nothing(kind: Kind, how: &str) {
    let mut answers = Vec::new();
    for hidden in [false, true] {
        let Some(house) = house(kind).await else { return };
        if hidden {
            hide(&house, how, "officer").await;
        }
        let officer = house.as_("officer").await;
        let form = [FORM, &[("phone", "0901234508"), ("id_number", "091090001208"), ("sex", "male")]].concat();
        answers.push(masked(&officer.post("/areas/30577/cases", &form).await));
        assert_eq!(pairs(&house).await, i64::from(hidden), "{how}: the keeper finds it");
        jobs::tick(&house.app).await.unwrap();
    }
    assert_eq!(answers[0].0, 303, "opening always succeeds");
    assert_eq!(answers[0], answers[1], "{how}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_answers_the_same_whether_a_hidden_one_is_there_or_not() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for how in ["foreign", "sealed", "restricted"] {
            a_hidden_one_changes_nothing(kind, how).await;
        }
    }
    assert!(TODAY.year() == 2026);
}

const LIST: &str = "Họ tên;Năm sinh;SĐT;Diện\nNguyễn Văn Hòa;1990;0901234508;đặc xá\nLê Thị Mai;1990;;đặc xá\n";

/// Sends a list as the head does on her page: looks at what would happen, says yes. The first page, and the last.
async fn sent(house: &House, list: &str) -> (String, String) {
    let head = house.as_("supervisor").await;
    let shown = head.post("/areas/30577/imports", &[("list", list)]).await.expect(200).text();
    if !shown.contains("name=\"confirmed\"") {
        return (shown.clone(), shown);
    }
    let yes = [("list", list), ("confirmed", &hidden(&shown, "confirmed"))];
    let done = head.post("/areas/30577/imports", &yes).await.expect(200).text();
    (shown, done)
}

both!(a_row_that_may_be_somebody_in_ones_own_list_comes_back_until_it_is_said_to_be_another, async |house: House| {
    let there = opened(&house, "officer", &[("name", "Văn Hoà Nguyễn"), ("birth", "1990")]).await;
    let mut raw = Raw::of(&house).await;
    let there = raw.id(&there);
    let code = raw.rows::<(String,)>(&format!("select code from cases where id = {there}")).await.remove(0).0;
    let (shown, done) = sent(&house, LIST).await;
    let told =
        Lang::Vi.with("imports-likely-double", &[("value", code.clone().into()), ("column", "Người khác".into())]);
    for page in [&shown, &done] {
        assert!(page.contains(&told), "{told}\n{page}");
        // The rows that come back have the column in which it is said.
        assert!(page.contains("Diện,Người khác,Lý do"), "{page}");
    }
    let cases = "select count(*) from cases";
    assert_eq!((raw.number(cases).await, pairs(&house).await), (2, 0), "the other row is in, this one is not");
    let line = "select count(*) from audit where actor = 'supervisor' and detail = 'doubles, 1 found'";
    assert_eq!(raw.number(line).await, 2, "that she was shown it is written down");
    // A program that reads the answer finds the form's own word.
    let supervisor = world::actor(&house, "supervisor").await;
    let grant = house.store().permit::<ImportCases>(&supervisor, supervisor.area().clone()).await.unwrap();
    let sheet = Sheet::read(LIST.as_bytes()).unwrap();
    let outcome = imports::preview(house.store(), &grant, &sheet).await.unwrap();
    let Fate::Refused(invalid) = &outcome.rows[0].fate else { panic!("{:?}", outcome.rows[0]) };
    assert_eq!((invalid.0[0].field.as_ref(), invalid.0[0].code), ("not_a_double", "likely_double"));
    assert_eq!((outcome.there, outcome.refused), (1, 1));
    // Said to be somebody else, it goes in, and nobody is asked again.
    let mended =
        |word: &str| format!("Họ tên;Năm sinh;SĐT;Diện;Người khác\nNguyễn Văn Hòa;1990;0901234508;đặc xá;{word}\n");
    for no in ["", "không"] {
        sent(&house, &mended(no)).await;
        assert_eq!(raw.number(cases).await, 2, "{no}");
    }
    sent(&house, &mended("x")).await;
    assert_eq!((raw.number(cases).await, pairs(&house).await), (3, 1));
    assert_eq!(raw.number("select count(*) from possible_doubles where state = 'not_same'").await, 1);
    // The first list again: both are there, and none of them is warned of.
    let (again, _) = sent(&house, LIST).await;
    assert!(!again.contains(&code) && raw.number(cases).await == 3, "{again}");
});

both!(two_rows_of_one_list_that_may_be_one_person_are_told_to_whoever_sends_it, async |house: House| {
    let list = |word: &str| {
        format!(
            "Họ tên;Năm sinh;SĐT;Diện;Người khác\nNguyễn Văn Hòa;1990;0901234508;đặc xá;\nLê Thị Mai;1991;;đặc xá;\n\
             Văn Hoà Nguyễn;1990;;đặc xá;{word}\n"
        )
    };
    let mut raw = Raw::of(&house).await;
    let cases = "select count(*) from cases";
    let told = Lang::Vi.with("imports-likely-line", &[("value", "2".into()), ("column", "Người khác".into())]);
    let (shown, done) = sent(&house, &list("")).await;
    assert!(shown.contains(&told) && done.contains(&told), "{told}\n{shown}");
    assert_eq!((raw.number(cases).await, pairs(&house).await), (2, 0), "the third row comes back");
    // Said to be somebody else beforehand, all go in, and nobody is asked about the pair again.
    let path = format!("/imports/{}", raw.rows::<(uuid::Uuid,)>("select id from imports").await.remove(0).0);
    house.as_("supervisor").await.post(&format!("{path}/undoing"), &[]).await.expect(303);
    let (shown, _) = sent(&house, &list("x")).await;
    assert!(!shown.contains(&told), "{shown}");
    let open = "select count(*) from possible_doubles where state = 'open'";
    assert_eq!((raw.number(cases).await, pairs(&house).await, raw.number(open).await), (3, 1, 0));
});

/// Two worlds again: the same list, and somebody in it whom the head may not see in one of them.
async fn a_hidden_one_changes_no_list(kind: Kind, how: &str) {
    let mut told = Vec::new();
    for hidden in [false, true] {
        let Some(house) = house(kind).await else { return };
        if hidden {
            hide(&house, how, "supervisor").await;
        }
        let supervisor = world::actor(&house, "supervisor").await;
        let sheet = Sheet::read(LIST.as_bytes()).unwrap();
        let grant = house.store().permit::<ImportCases>(&supervisor, supervisor.area().clone()).await.unwrap();
        let shown = imports::preview(house.store(), &grant, &sheet).await.unwrap();
        let done = imports::bring_in(house.store(), grant, &sheet, false, |_, _| {}).await.unwrap();
        told.push([shown, done].map(|outcome| {
            let rows: Vec<_> = outcome.rows.iter().map(|row| imports::refused::told(&sheet, row, Lang::Vi)).collect();
            (outcome.opened, outcome.refused, outcome.there, rows)
        }));
        let mut raw = Raw::of(&house).await;
        let open = raw.number("select count(*) from possible_doubles where state = 'open'").await;
        assert_eq!(open, i64::from(hidden), "{how}: the keeper finds it");
    }
    assert_eq!(told[0][1].0, 2, "all rows go in");
    assert_eq!(told[0], told[1], "{how}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_goes_in_the_same_whether_a_hidden_one_is_there_or_not() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for how in ["foreign", "sealed", "restricted"] {
            a_hidden_one_changes_no_list(kind, how).await;
        }
    }
}

/// Every row of every table but the trail and what tells of sessions and versions, as the database has it.
async fn dump(house: &House) -> Vec<String> {
    use duongve::base::fields::COLUMNS;
    const ASIDE: &[&str] = &[
        "audit",
        "checkpoints",
        "users",
        "sessions",
        "totps",
        "idempotency",
        "devices",
        "sign_in_tries",
        "jobs",
        "mails",
    ];
    let mut raw = Raw::of(house).await;
    let mut tables: Vec<&str> = COLUMNS.iter().map(|column| column.table).collect();
    tables.sort_unstable();
    tables.dedup();
    let mut all = Vec::new();
    for table in tables.into_iter().filter(|table| !ASIDE.contains(table)) {
        let columns = COLUMNS.iter().filter(|column| column.table == table && column.name != "version");
        let told: Vec<String> = columns
            .map(|column| match house.store().is_postgres() {
                true => format!("coalesce({}::text, '-')", column.name),
                false => format!("quote({})", column.name),
            })
            .collect();
        let rows: Vec<(String,)> = raw.rows(&format!("select {} from {table}", told.join(" || '|' || "))).await;
        all.extend(rows.into_iter().map(|row| format!("{table} {}", row.0)));
    }
    all.sort();
    all
}

/// Two cases of the commune that are one person's, agreed on by the head.
async fn agreed(house: &House) -> (duongve::base::ids::CaseId, duongve::base::ids::CaseId, String) {
    let there = world::open(house, "officer", &world::draft("Một", 1)).await;
    let mut draft = world::draft("Một", 2);
    draft.name = "Văn NameMốt Nguyễn".into();
    let here = world::open(house, "officer2", &draft).await;
    let mut raw = Raw::of(house).await;
    let id = raw.rows::<(uuid::Uuid,)>("select id from possible_doubles").await.remove(0).0;
    let url = format!("/doubles/{id}");
    let head = house.as_("supervisor").await;
    head.post(&format!("{url}/verdict"), &[("verdict", "same"), ("version", "1")]).await.expect(303);
    (there, here, url)
}

both!(merge_then_undo_gives_an_identical_dump, async |house: House| {
    let (there, here, url) = agreed(&house).await;
    world::deputy(&house).await;
    world::restrict(&house, "supervisor", here, "exclusion", &["deputy"]).await;
    world::break_glass(&house, "officer3", there).await;
    let head = house.as_("supervisor").await;
    let version = async || hidden(&head.get(&format!("{url}/merge")).await.expect(200).text(), "version");
    let before = dump(&house).await;
    let form = [("version", &*version().await)];
    head.post(&format!("{url}/merge"), &form).await.expect(303);
    let merged = dump(&house).await;
    assert_ne!(merged, before);
    let mut raw = Raw::of(&house).await;
    assert_eq!(raw.number("select count(distinct person_id) from cases").await, 1, "one person");
    // What was sealed under the other's key is still read, and the restriction holds for all of her cases.
    let seen = house.as_("officer2").await.get(&format!("/cases/{here}/parts")).await.expect(200).text();
    assert!(seen.contains("OffenceMột"), "{seen}");
    house.as_("deputy").await.get(&format!("/cases/{there}")).await.expect(404);
    head.post(&format!("{url}/merge"), &[("version", "3")]).await.expect(422);
    let back = hidden(&head.get(&url).await.expect(200).text(), "version");
    head.post(&format!("{url}/merge/undoing"), &[("version", &back)]).await.expect(303);
    let after = dump(&house).await;
    let differs: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert!(differs.is_empty() && after.len() == before.len(), "{differs:#?}");
});

both!(what_is_chosen_of_the_newer_record_is_put_back_too, async |house: House| {
    let (there, here, url) = agreed(&house).await;
    let head = house.as_("supervisor").await;
    let told =
        async |case| house.program("supervisor").await.get(&format!("/api/v1/cases/{case}?reveal=identity")).await;
    let read = async || (told(there).await.expect(200).json(), told(here).await.expect(200).json());
    let before = read().await;
    let page = head.get(&format!("{url}/merge")).await.expect(200).text();
    let mut form = vec![("version", hidden(&page, "version"))];
    form.extend(["name", "identity", "health", "origin", "birth"].map(|part| (part, "case".to_owned())));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    head.post(&format!("{url}/merge"), &form).await.expect(303);
    let both = read().await;
    assert_eq!(both.0["name"], "Văn NameMốt Nguyễn");
    assert_eq!(both.0["identity"], before.1["identity"]);
    let back = hidden(&head.get(&url).await.expect(200).text(), "version");
    head.post(&format!("{url}/merge/undoing"), &[("version", &back)]).await.expect(303);
    let mut after = read().await;
    for (one, was) in [(&mut after.0, &before.0), (&mut after.1, &before.1)] {
        one["version"] = was["version"].clone();
        assert_eq!(one, was);
    }
    // Its weeks over, it stays.
    let page = head.get(&format!("{url}/merge")).await.expect(200).text();
    head.post(&format!("{url}/merge"), &[("version", &hidden(&page, "version"))]).await.expect(303);
    house.go_to(duongve::base::time::plus_days(TODAY, 40));
    let head = house.as_("supervisor").await;
    let back = hidden(&head.get(&url).await.expect(200).text(), "version");
    head.post(&format!("{url}/merge/undoing"), &[("version", &back)]).await.expect(422);
});

/// One word of a program about a pair, with the version that it read; its answer.
async fn said(house: &House, who: &str, url: &str, word: &str, version: &Value, body: Value) -> Value {
    let program = house.program(who).await;
    program.post_if(&format!("{url}/{word}"), &version.to_string(), &body).await.expect(200).json()
}

/// A pair of two communes' cases, and its address for programs.
async fn across(house: &House) -> (duongve::base::ids::CaseId, duongve::base::ids::CaseId, String) {
    let there = world::open(house, "officer3", &world::draft("Kín", 5)).await;
    let mut draft = world::draft("Kín", 6);
    draft.name = "Văn NameKín Nguyễn".into();
    let here = world::open(house, "officer", &draft).await;
    let told = house.program("province").await.get("/api/v1/doubles").await.expect(200).json();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1), "{told}");
    assert!(told["items"][0]["sides"].as_array().unwrap().iter().all(|side| side["case_id"].is_null()), "{told}");
    (there, here, format!("/api/v1/doubles/{}", told["items"][0]["id"].as_str().unwrap()))
}

both!(programs_ask_answer_join_and_part_as_the_pages_do, async |house: House| {
    let (there, here, url) = across(&house).await;
    let keeper = house.program("province").await;
    let same = json!({"verdict": "same"});
    house.program("supervisor").await.post_if(&format!("{url}/verdict"), "1", &same).await.expect(404);
    keeper.post(&format!("{url}/verdict"), &same).await.expect(428);
    keeper.post_if(&format!("{url}/verdict"), "9", &same).await.expect(412);
    let refused = keeper.post_if(&format!("{url}/verdict"), "1", &json!({})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "not_chosen");
    keeper.post_if(&format!("{url}/answer"), "1", &same).await.expect(403);
    let asked = keeper.post_if(&format!("{url}/verdict"), "1", &same).await.expect(200);
    assert_eq!(asked.headers["etag"], format!("\"{}\"", asked.json()["version"]));
    assert_eq!(asked.json()["state"], "asked");
    for (head, own, state) in [("supervisor", here, "asked"), ("supervisor3", there, "agreed")] {
        let pair = house.program(head).await.get(&url).await.expect(200).json();
        let told: Vec<&Value> = pair["sides"].as_array().unwrap().iter().map(|side| &side["case_id"]).collect();
        assert!(told.contains(&&json!(own)) && told.contains(&&Value::Null), "{pair}");
        let answered = said(&house, head, &url, "answer", &pair["version"], same.clone()).await;
        assert_eq!(answered["state"], state, "{head}");
    }
    let pair = keeper.get(&url).await.expect(200).json();
    let version = pair["version"].to_string();
    house.program("supervisor").await.post_if(&format!("{url}/merge"), &version, &json!({})).await.expect(403);
    let mut raw = Raw::of(&house).await;
    let people = "select count(distinct person_id) from cases";
    let merged = said(&house, "province", &url, "merge", &pair["version"], json!({})).await;
    assert_eq!((&merged["state"], raw.number(people).await), (&json!("merged"), 1));
    keeper.post_if(&format!("{url}/merge"), &version, &json!({})).await.expect(412);
    let parted = said(&house, "province", &url, "merge/undoing", &merged["version"], json!({})).await;
    assert_eq!((&parted["state"], raw.number(people).await), (&json!("agreed"), 2));
});

both!(a_head_who_says_no_by_a_program_ends_the_question, async |house: House| {
    let (_there, _here, url) = across(&house).await;
    let asked = said(&house, "province", &url, "verdict", &json!(1), json!({"verdict": "same"})).await;
    let no = said(&house, "supervisor", &url, "answer", &asked["version"], json!({"verdict": "not_same"})).await;
    assert_eq!(no["state"], "not_same");
    for head in ["supervisor", "supervisor3"] {
        house.program(head).await.get(&url).await.expect(404);
    }
    assert_eq!(house.program("province").await.get(&url).await.expect(200).json()["state"], "not_same");
});

both!(a_program_of_the_head_chooses_part_by_part, async |house: House| {
    let (there, _here, url) = agreed(&house).await;
    let url = format!("/api/v1{url}");
    let head = house.program("supervisor").await;
    let version = head.get(&url).await.expect(200).json()["version"].clone();
    for (wrong, field) in [(json!({"name": "both"}), "name"), (json!({"nickname": "case"}), "nickname")] {
        let refused = head.post_if(&format!("{url}/merge"), &version.to_string(), &wrong).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let name = async || head.get(&format!("/api/v1/cases/{there}")).await.expect(200).json()["name"].clone();
    let merged = said(&house, "supervisor", &url, "merge", &version, json!({"name": "case"})).await;
    assert_eq!(name().await, "Văn NameMốt Nguyễn");
    said(&house, "supervisor", &url, "merge/undoing", &merged["version"], json!({})).await;
    assert_eq!(name().await, "Nguyễn Văn NameMột");
});

both!(a_person_who_was_joined_is_forgotten_with_both_keys, async |house: House| {
    let (there, here, url) = agreed(&house).await;
    world::deputy(&house).await;
    let head = house.as_("supervisor").await;
    let page = head.get(&format!("{url}/merge")).await.expect(200).text();
    head.post(&format!("{url}/merge"), &[("version", &hidden(&page, "version"))]).await.expect(303);
    house
        .as_("officer")
        .await
        .post(&format!("/cases/{there}/erasure"), &[("reason", "chính người ấy yêu cầu")])
        .await
        .expect(303);
    house.as_("deputy").await.post(&format!("/cases/{there}/erasure/approval"), &[]).await.expect(303);
    for case in [there, here] {
        head.get(&format!("/cases/{case}")).await.expect(404);
    }
    let mut raw = Raw::of(&house).await;
    for table in ["people", "identities", "cases", "merges", "merge_moves"] {
        assert_eq!(raw.number(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert_eq!(house.store().erased().unwrap().len(), 2, "both keys are destroyed");
});
