//! The registry of columns tells the truth about the real schema of both databases.

use crate::{
    house::{House, Kind},
    raw::Raw,
};
use duongve::base::{
    fields::{COLUMNS, Class, Whose},
    told::{APART, TABLES},
};
use std::collections::{BTreeMap, BTreeSet};

pub async fn columns(raw: &mut Raw) -> BTreeMap<(String, String), String> {
    let sql = match raw {
        Raw::Sqlite(_) => {
            "select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
        }
        Raw::Postgres(_) => {
            "select table_name || '', column_name || '', data_type || '' from information_schema.columns where table_schema = 'public'"
        }
    };
    let rows: Vec<(String, String, String)> = raw.rows(sql).await;
    let own = |table: &str| !table.starts_with("_sqlx") && !table.starts_with("sqlite_");
    rows.into_iter().filter(|row| own(&row.0)).map(|(table, column, kind)| ((table, column), kind)).collect()
}

/// What is wrong between a schema and the registry.
fn differences(schema: &BTreeMap<(String, String), String>) -> Vec<String> {
    let known: BTreeSet<(String, String)> =
        COLUMNS.iter().map(|column| (column.table.to_owned(), column.name.to_owned())).collect();
    assert_eq!(known.len(), COLUMNS.len(), "a column stands in the registry twice");
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(schema.keys().filter(|at| !known.contains(at)).map(|at| format!("{at:?} has no line")));
    wrong.extend(known.iter().filter(|at| !schema.contains_key(at)).map(|at| format!("{at:?} is no column")));
    for column in COLUMNS.iter().filter(|column| column.class == Class::S3) {
        let kind = schema.get(&(column.table.to_owned(), column.name.to_owned())).map(String::as_str);
        if !matches!(kind, Some("blob" | "bytea")) {
            wrong.push(format!("{}.{} is S3 and stored as {kind:?}", column.table, column.name));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_has_a_line_and_every_secret_one_is_sealed() {
    let mut houses = vec![House::new(Kind::Sqlite).await];
    houses.extend(House::postgres().await);
    for house in houses {
        let mut raw = Raw::of(&house).await;
        let wrong = differences(&columns(&mut raw).await);
        assert!(wrong.is_empty(), "{:?}: {wrong:#?}", house.kind);
        // A column that nobody thought of, and a secret that somebody stores as text.
        raw.run("create table scribbles (note text)").await;
        let wrong = differences(&columns(&mut raw).await);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        let mut bent = columns(&mut raw).await;
        bent.insert(("healths".into(), "note".into()), "text".into());
        assert_eq!(differences(&bent).len(), 2);
    }
}

/// What is wrong between the registry of columns and that of what a person is told.
fn undecided(columns: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let of = |table: &str| columns.iter().filter(|column| column.0 == table).count();
    for (table, column) in columns {
        if APART.iter().any(|(apart, _)| apart == table) {
            continue;
        }
        let known = TABLES.iter().find(|known| known.name == table);
        let decided = known.map_or(0, |known| {
            let told = known.told.iter().filter(|told| told.column == column).count();
            let left = known.left.iter().flat_map(|(_, columns)| columns.iter()).filter(|left| *left == column).count();
            told + left
        });
        if decided != 1 {
            wrong.push(format!("{table}.{column}: {decided} decisions in src/base/told.rs: is a person told of it?"));
        }
    }
    for (table, many) in APART {
        if of(table) != *many {
            wrong.push(format!("{table}: {} columns, {many} were decided on in src/base/told.rs", of(table)));
        }
    }
    for table in TABLES {
        let left = table.left.iter().flat_map(|(_, columns)| columns.iter().copied());
        for column in table.told.iter().map(|told| told.column).chain(left) {
            if !columns.iter().any(|known| known.0 == table.name && known.1 == column) {
                wrong.push(format!("{}.{column} is no column", table.name));
            }
        }
    }
    wrong
}

#[test]
fn of_every_column_it_is_decided_whether_a_person_is_told() {
    let mut columns: Vec<(String, String)> =
        COLUMNS.iter().map(|column| (column.table.to_owned(), column.name.to_owned())).collect();
    let wrong = undecided(&columns);
    assert!(wrong.is_empty(), "{wrong:#?}");
    // One more column of a table about people, of one about nobody, and a table that nobody thought of.
    columns.push(("visits".into(), "scribble".into()));
    columns.push(("areas".into(), "scribble".into()));
    columns.push(("scribbles".into(), "note".into()));
    assert_eq!(undecided(&columns).len(), 3, "{:?}", undecided(&columns));
}

#[test]
fn nothing_about_people_is_put_apart() {
    for column in COLUMNS.iter().filter(|column| !matches!(column.whose, Whose::Staff(_) | Whose::Office)) {
        assert!(TABLES.iter().any(|table| table.name == column.table), "{} is about people", column.table);
    }
}
