//! `docs/asvs.md` tells the truth about itself: every requirement of levels 1 and 2 once, every test that it names is there
//! and run, every file is there, and the numbers at its top are those of its tables.

use crate::statements::sources;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The levels of OWASP ASVS 5.0.0 (345 requirements): a line for each chapter, in it the sections in their order, in each
/// section the levels of its requirements 1, 2, 3 …
const LEVELS: [&str; 17] = [
    "22 1111122223 112222222223 222 123",
    "122 112 12223 23",
    "3 113 12223 11222233 11122333 3 22333",
    "12233 23333 22 1222",
    "2 112333 113 222",
    "122 111111112222 11223333 112233 22222333 2223 33 2222",
    "222 1111 22 11222 223 22",
    "1233 1123 133 23",
    "111 1222",
    "22 223 22223 1111122222233333 22222 22 222",
    "2233 22233 11233 1222 23 23 33",
    "12233 11 22223",
    "2333 222223 2233 1222233",
    "22 12223333 122",
    "12233 12233 1222222 3333",
    "2 22222 2222 222 2223",
    "23 22223333 22",
];

const STATES: [&str; 5] = ["test", "built", "operator", "open", "does not apply"];

/// A row of one of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    id: String,
    level: String,
    what: String,
    state: String,
    shown: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/asvs.md")).unwrap()
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().filter(|line| line.starts_with("| V"));
    lines
        .map(|line| match cells(line).as_slice() {
            [id, level, what, state, shown] => Row {
                id: (*id).to_owned(),
                level: (*level).to_owned(),
                what: (*what).to_owned(),
                state: (*state).to_owned(),
                shown: (*shown).to_owned(),
            },
            _ => panic!("five cells make a row: {line}"),
        })
        .collect()
}

/// Every requirement of levels 1 and 2, in its order, with its level.
fn wanted() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (sections, chapter) in LEVELS.iter().zip(1..) {
        for (levels, section) in sections.split(' ').zip(1..) {
            for (level, number) in levels.chars().zip(1..) {
                if level != '3' {
                    all.push((format!("V{chapter}.{section}.{number}"), level.to_string()));
                }
            }
        }
    }
    all
}

/// What stands between backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The stories and tests of a file that are run without being asked for by name.
fn tests_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        if let Some(rest) = line.strip_prefix("crate::").unwrap_or(line).strip_prefix("both!(") {
            found.extend(rest.split(',').next().map(str::to_owned));
        } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_ignored = true;
        } else if !line.starts_with("#[") {
            let begins = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let Some(name) = begins.and_then(|rest| rest.split('(').next()).filter(|_| is_test && !is_ignored) {
                found.insert(name.to_owned());
            }
            (is_test, is_ignored) = (false, false);
        }
    }
    found
}

/// Every test there is, as the page names it.
fn tests_there() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("tests/it")).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        found.extend(tests_in(&text).into_iter().map(|name| format!("{module}::{name}")));
    }
    for (path, text) in sources() {
        found.extend(tests_in(&text).into_iter().map(|name| format!("{}::tests::{name}", path.display())));
    }
    assert!(found.len() > 400, "{} tests were found", found.len());
    found
}

/// A word of the page that names a file of ours.
fn file_of(word: &str) -> Option<PathBuf> {
    let ends = [".rs", ".md", ".toml", ".lock", ".js", ".html", ".txt"];
    let is_file = !word.starts_with('/')
        && !word.contains([' ', ':', '='])
        && (word.contains('/') || ends.iter().any(|end| word.ends_with(end)));
    is_file.then(|| root().join(word))
}

/// What is wrong with these rows, each by itself.
fn wrong(rows: &[Row], tests: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in rows {
        let (mut shows, mut files) = (0, 0);
        for word in named(&row.shown) {
            if word.contains("::") {
                shows += 1;
                if !tests.contains(word) {
                    wrong.push(format!("{}: no test {word} is run", row.id));
                }
            } else if let Some(file) = file_of(word) {
                files += 1;
                if !file.exists() {
                    wrong.push(format!("{}: there is no {word}", row.id));
                }
            }
        }
        let is_shown = match row.state.as_str() {
            "test" => shows > 0,
            "built" | "operator" => files > 0,
            "open" | "does not apply" => row.shown.chars().filter(|letter| letter.is_alphabetic()).count() > 5,
            other => {
                wrong.push(format!("{}: {other} is no state", row.id));
                continue;
            }
        };
        if !is_shown {
            wrong.push(format!("{}: {} and nothing that shows it: {}", row.id, row.state, row.shown));
        }
        if !(3..=10).contains(&row.what.split_whitespace().count()) {
            wrong.push(format!("{}: what it asks is told in three to ten words: {}", row.id, row.what));
        }
    }
    wrong
}

/// How many rows are in each state; the states that nobody is in are not in it.
fn counted(rows: &[Row]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.state.clone()).or_default() += 1;
    }
    counts
}

/// The same as the page's first table tells it.
fn told(page: &str) -> BTreeMap<String, usize> {
    let lines = page.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells = cells(line);
            (cells[0].trim_matches('`').to_owned(), cells[1].parse().unwrap())
        })
        .collect()
}

/// The requirements that the page names as open before its tables.
fn named_as_open(page: &str) -> Vec<String> {
    let list = page.split_once("\n## Open").unwrap().1.split_once("\n## ").unwrap().0;
    let words = list.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    let is_id = |word: &&str| word.strip_prefix('V').is_some_and(|rest| rest.split('.').count() == 3);
    words.filter(is_id).map(str::to_owned).collect()
}

#[test]
fn every_requirement_of_levels_one_and_two_stands_once_in_its_order() {
    let wanted = wanted();
    let of_level = |level: &str| wanted.iter().filter(|one| one.1 == level).count();
    assert_eq!((of_level("1"), of_level("2")), (70, 183), "as the standard counts them");
    let there: Vec<(String, String)> = rows(&page()).into_iter().map(|row| (row.id, row.level)).collect();
    for (there, wanted) in there.iter().zip(&wanted) {
        assert_eq!(there, wanted);
    }
    assert_eq!(there.len(), wanted.len());
}

#[test]
fn every_test_and_file_that_it_names_is_there() {
    let (rows, tests) = (rows(&page()), tests_there());
    let wrong = wrong(&rows, &tests);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn its_counts_are_those_of_its_tables() {
    let page = page();
    let rows = rows(&page);
    assert_eq!(told(&page), counted(&rows));
    assert!(told(&page).keys().all(|state| STATES.contains(&state.as_str())));
    let mut open: Vec<String> = rows.iter().filter(|row| row.state == "open").map(|row| row.id.clone()).collect();
    let mut listed = named_as_open(&page);
    open.sort();
    listed.sort();
    assert_eq!(listed, open, "each open one is named once in the list of the open ones");
    let purpose = rows.iter().filter(|row| row.state == "open" && row.shown.starts_with("on purpose")).count();
    assert_eq!(purpose, 4, "the page says four");
}

/// The plants: what such a page gets wrong in time.
#[test]
fn a_test_that_is_gone_or_asleep_and_a_row_without_a_reason_are_found() {
    let tests = tests_there();
    let row = |state: &str, shown: &str| Row {
        id: "V1.2.3".to_owned(),
        level: "1".to_owned(),
        what: "A row made up".to_owned(),
        state: state.to_owned(),
        shown: shown.to_owned(),
    };
    let sound = [
        row("test", "`rooms::grants_are_made_in_the_gate_only`"),
        row("test", "`src/base/text/mod.rs::tests::what_deceives_the_eye_is_refused`"),
        row("test", "`doors::nobody_gets_in`"),
        row("built", "the page of the routes, `src/routes.rs`"),
        row("does not apply", "there is nothing of the kind"),
    ];
    assert_eq!(wrong(&sound, &tests), Vec::<String>::new());
    for (state, shown) in [
        ("test", "`doors::everybody_gets_in`"),
        ("test", "`src/base/text/mod.rs::tests::nothing_is_refused`"),
        // There, but no test; and a test that is run only when somebody asks for it.
        ("test", "`doors::knock`"),
        ("test", "`flood::long`"),
        ("test", "somebody looked at it"),
        ("built", "`src/no_such_room.rs`"),
        ("built", "somehow"),
        ("open", ""),
        ("nearly", "`doors::nobody_gets_in`"),
    ] {
        assert_eq!(wrong(&[row(state, shown)], &tests).len(), 1, "{state} {shown}");
    }
    let all = rows(&page());
    assert_ne!(counted(&all[1..]), counted(&all), "a row that went is missed");
}
