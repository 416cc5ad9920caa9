//! Every statement is prepared on both databases: those that a walk through all URLs runs, and those that stand in the
//! source, whether a story runs them or not.

use crate::{
    house::{House, Kind},
    world::{self, World},
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use duongve::{routes, store};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

pub fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned(), text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 40, "the source was read");
    found
}

/// The text of each string literal of a Rust file, continued lines joined as the compiler joins them.
pub fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| *letter == '\n');
            }
            '\'' => {
                // A char literal or a lifetime: step over `'"'` and `'\''`.
                let rest: String = letters.clone().take(3).collect();
                if rest.starts_with('\\') || rest.chars().nth(1) == Some('\'') {
                    letters.by_ref().take(2).for_each(drop);
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(letter) = letters.next() {
                    match letter {
                        '"' => break,
                        '\\' => match letters.next() {
                            Some('\n') => {
                                while letters.peek().is_some_and(|letter| letter.is_whitespace()) {
                                    letters.next();
                                }
                            }
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => {}
                        },
                        other => text.push(other),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// Whole statements that stand in the source. Pieces that are put together at run time are met on the walk.
fn in_source() -> BTreeSet<String> {
    let is_whole = |text: &str| {
        ["select ", "insert into ", "update ", "delete from "].iter().any(|word| text.starts_with(word))
            && !text.contains(['{', '?'])
            && (!text.starts_with("select ") || text.contains(" from "))
            && text.split_whitespace().count() > 3
            // The beginning of one that `concat!` goes on with: met when a verb runs it.
            && !text.ends_with([' ', '('])
    };
    let of_sql = |path: &Path| crate::rooms::is_sql(&path.display().to_string()) || path.starts_with("src/seeds");
    // Copies read the catalogue of the one database or of the other.
    let of_sql = |path: &Path| of_sql(path) && !path.starts_with("src/store/db");
    let files = sources().into_iter().filter(|(path, _)| of_sql(path));
    files.flat_map(|(_, text)| literals(&text)).filter(|text| is_whole(text)).collect()
}

/// What a walk of every page by three people runs.
async fn on_the_walk(house: &House) -> BTreeSet<String> {
    let world = World::build(house).await;
    let mut heard = BTreeSet::new();
    for name in ["officer", "supervisor", "partner", "admin", "province", "inspector"] {
        let page = world::session(house, name, store::SessionKind::Cookie).await;
        let program = world::session(house, name, store::SessionKind::Bearer).await;
        for (route, _handler) in routes::table().into_iter().filter(|(route, _)| route.method == Method::GET) {
            let mut path = route.path.to_owned();
            for (param, records) in &world.records {
                path = path.replace(&format!("{{{param}}}"), &records[0].id);
            }
            let request = Request::builder().uri(&path).header(header::HOST, "127.0.0.1:8080");
            let request = if path.starts_with("/api/") {
                request.header(header::AUTHORIZATION, format!("Bearer {program}"))
            } else {
                request.header(header::COOKIE, format!("__Host-sid={page}"))
            };
            let (_answer, statements) = store::listen(house.send(request.body(Body::empty()).unwrap())).await;
            heard.extend(statements);
        }
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_is_understood_by_both_databases() {
    let sqlite = House::new(Kind::Sqlite).await;
    let mut statements = in_source();
    // The head of a statement whose values are joined to it is no statement yet; whole, it is heard on the walk.
    statements.retain(|sql| !sql.starts_with("insert into audit (") || sql.contains("values"));
    assert!(statements.len() > 60, "statements were found in the source: {}", statements.len());
    // Building the world goes through the verbs, so their statements are heard too.
    let (walked, built) = store::listen(on_the_walk(&sqlite)).await;
    assert!(walked.len() > 10 && built.len() > 100, "{} walked, {} built", walked.len(), built.len());
    statements.extend(walked);
    statements.extend(built);
    let mut refused = Vec::new();
    let houses = [Some(sqlite), House::postgres().await];
    for house in houses.iter().flatten() {
        for statement in statements.iter().filter(|statement| !statement.ends_with("for update")) {
            // The keyring is a database of its own.
            let of_keys = ["person_keys", "office_keys", "root_keys", "keyring"];
            let prepared = if of_keys.iter().any(|table| statement.contains(table)) {
                house.store().prepare_in_keyring(statement.clone()).await
            } else {
                house.store().prepare(statement.clone()).await
            };
            if let Err(fault) = prepared {
                refused.push(format!("{:?}: {fault}\n  {statement}", house.kind));
            }
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let source = "let a = \"one \\\n     two\"; // \"not this\"\nlet b = '\"'; let c = \"three \\\"four\\\"\";";
    assert_eq!(literals(source), ["one two", "three \"four\""]);
}
