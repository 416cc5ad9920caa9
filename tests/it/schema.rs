//! The two sets of migrations make one shape.

use crate::{
    house::{House, Kind},
    raw::Raw,
};
use std::collections::BTreeSet;

fn names(folder: &str) -> BTreeSet<String> {
    let folder = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names_of = names("sqlite");
    assert_eq!(names_of, names("postgres"));
    for (at, name) in names_of.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", at + 1)), "{name}: the numbers run without a gap");
    }
}

/// What both databases must have alike, one line a fact.
async fn shape(raw: &mut Raw) -> BTreeSet<String> {
    let rows: Vec<(String,)> = match raw {
        Raw::Sqlite(_) => raw.rows(SQLITE).await,
        Raw::Postgres(_) => raw.rows(POSTGRES).await,
    };
    rows.into_iter().map(|row| row.0).filter(|line| !line.contains("_sqlx_migrations")).collect()
}

/// Tables, columns (with the kind of what they hold), keys, indexes with their columns and conditions, foreign keys.
const SQLITE: &str = "select 'column ' || m.name || '.' || c.name || case when c.\"notnull\" = 1 or c.pk > 0 then ' not null' else '' end
  || case when c.pk > 0 then ' key ' || c.pk else '' end from sqlite_master m join pragma_table_info(m.name) c
  where m.type = 'table' and m.name not like 'sqlite_%'
union all
select 'index ' || i.name || ' on ' || m.name || case when i.\"unique\" = 1 then ' unique' else '' end || ' (' ||
  (select group_concat(name, ', ') from (select x.name from pragma_index_info(i.name) x order by x.seqno)) || ')'
  || case when i.partial = 1 then ' partial' else '' end
  from sqlite_master m join pragma_index_list(m.name) i where m.type = 'table' and i.origin = 'c'
union all
select 'foreign ' || m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
  from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'";

const POSTGRES: &str =
    "select 'column ' || c.relname || '.' || a.attname || case when a.attnotnull then ' not null' else '' end
  || coalesce((select ' key ' || array_position(k.conkey, a.attnum) from pg_constraint k
     where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)), '')
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
union all
select 'index ' || i.relname || ' on ' || c.relname || case when x.indisunique then ' unique' else '' end || ' (' ||
  (select string_agg(a.attname, ', ' order by k.at) from unnest(x.indkey) with ordinality k (num, at)
   join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num) || ')'
  || case when x.indpred is not null then ' partial' else '' end
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
  where c.relnamespace = 'public'::regnamespace and not x.indisprimary
union all
select 'foreign ' || c.relname || '.' || a.attname || ' -> ' || t.relname || '.' || b.attname
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
  join pg_attribute b on b.attrelid = t.oid and b.attnum = k.confkey[1]
  where k.contype = 'f' and c.relnamespace = 'public'::regnamespace";

/// The kind of every column: what SQLite stores as, and the type that PostgreSQL gives it.
async fn kinds(raw: &mut Raw) -> BTreeSet<(String, String)> {
    let sql = match raw {
        Raw::Sqlite(_) => {
            "select m.name || '.' || c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
        }
        Raw::Postgres(_) => {
            "select table_name || '.' || column_name, data_type || '' from information_schema.columns where table_schema = 'public'"
        }
    };
    let rows: Vec<(String, String)> = raw.rows(sql).await;
    rows.into_iter().filter(|row| !row.0.starts_with("_sqlx") && !row.0.starts_with("sqlite_")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_resulting_shapes_are_the_same() {
    let Some(postgres) = House::postgres().await else { return };
    let sqlite = House::new(Kind::Sqlite).await;
    let (mut one, mut other) = (Raw::of(&sqlite).await, Raw::of(&postgres).await);
    let (ours, theirs) = (shape(&mut one).await, shape(&mut other).await);
    assert!(ours.len() > 250, "the shape was read: {} facts", ours.len());
    let only_sqlite: Vec<_> = ours.difference(&theirs).collect();
    let only_postgres: Vec<_> = theirs.difference(&ours).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "sqlite: {only_sqlite:#?}\npostgres: {only_postgres:#?}"
    );
    let theirs: std::collections::BTreeMap<_, _> = kinds(&mut other).await.into_iter().collect();
    for (column, kind) in kinds(&mut one).await {
        let there = theirs.get(&column).map_or("nothing", String::as_str);
        let alike = match kind.as_str() {
            "blob" => matches!(there, "uuid" | "bytea"),
            "text" => matches!(there, "text" | "date"),
            "integer" => matches!(there, "bigint" | "boolean"),
            _ => false,
        };
        assert!(alike, "{column}: {kind} on SQLite, {there} on PostgreSQL");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_sqlite_is_strict_and_every_text_of_postgres_sorts_by_bytes() {
    let Some(postgres) = House::postgres().await else { return };
    let sqlite = House::new(Kind::Sqlite).await;
    let loose: Vec<(String,)> = Raw::of(&sqlite)
        .await
        .rows("select name from pragma_table_list where schema = 'main' and strict = 0 and name not like 'sqlite_%' and name <> '_sqlx_migrations'")
        .await;
    assert!(loose.is_empty(), "{loose:?}");
    let cultured: Vec<(String,)> = Raw::of(&postgres)
        .await
        .rows(
            "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' \
             and data_type = 'text' and collation_name is distinct from 'C' and table_name <> '_sqlx_migrations'",
        )
        .await;
    assert!(cultured.is_empty(), "{cultured:?}");
}

/// A database of a newer program: one more migration than this one knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_program_refuses_a_newer_schema_and_says_so() {
    let mut kinds = vec![House::new(Kind::Sqlite).await];
    kinds.extend(House::postgres().await);
    for house in kinds {
        let mut raw = Raw::of(&house).await;
        let empty = if matches!(raw, Raw::Sqlite(_)) { "x''" } else { "''::bytea" };
        let yes = raw.bool(true);
        let sql = format!(
            "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
             values (9999, 'of the future', current_timestamp, {yes}, {empty}, 0)"
        );
        raw.run(&sql).await;
        let clock = house.clock.clone();
        let settings = house.app.settings();
        let refused = duongve::store::Store::open(&settings.database, &settings.keys, clock, None).await;
        let reason = refused.err().expect("it does not open").to_string();
        assert!(reason.contains("9999") && reason.contains("newer duongve"), "{reason}");
    }
}
