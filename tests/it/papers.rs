//! What the papers say is there: every table of the database stands in `docs/privacy.md`, and every test and setting
//! that `docs/national-rules.md` names exists.

use duongve::base::fields::{COLUMNS, Class};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The rows of the tables of a paper, each as its cells; headings and rulers are none.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_ruler = |line: &&str| line.starts_with("| ---");
    let is_row = |(at, line): &(usize, &str)| {
        line.starts_with("| ") && !is_ruler(line) && !lines.get(at + 1).is_some_and(is_ruler)
    };
    lines
        .iter()
        .copied()
        .enumerate()
        .filter(is_row)
        .map(|(_, line)| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// What is wrong between the paper on what is kept and the registry of columns.
fn untold(paper: &str) -> Vec<String> {
    let mut sealed: BTreeMap<&str, bool> = BTreeMap::new();
    for column in COLUMNS {
        *sealed.entry(column.table).or_default() |= column.class == Class::S3;
    }
    let part = paper.split("\n## ").find(|part| part.starts_with("What is kept\n")).unwrap_or_default();
    let (mut told, mut wrong) = (BTreeSet::new(), Vec::new());
    for row in rows(part) {
        let [tables, _, secrets, _] = row[..] else {
            wrong.push(format!("{row:?} has another shape"));
            continue;
        };
        let tables = quoted(tables);
        if tables.iter().any(|table| sealed.get(table) == Some(&true)) == (secrets == "–") {
            wrong.push(format!("{tables:?}: what is sealed there is not “{secrets}”"));
        }
        for table in tables {
            if !sealed.contains_key(table) {
                wrong.push(format!("{table} is no table"));
            }
            if !told.insert(table) {
                wrong.push(format!("{table} stands twice"));
            }
        }
    }
    wrong.extend(sealed.keys().filter(|table| !told.contains(*table)).map(|table| format!("{table} is not told of")));
    wrong
}

#[test]
fn what_is_kept_is_told_table_by_table() {
    let paper = read("docs/privacy.md");
    assert_eq!(untold(&paper), Vec::<String>::new());
    // A table that is forgotten, one that there is not, a secret that is kept quiet.
    let line = paper.lines().find(|line| line.starts_with("| `healths` ")).unwrap();
    assert_eq!(untold(&paper.replace(line, "")), ["healths is not told of"]);
    assert_eq!(
        untold(&paper.replace("| `healths` ", "| `scribbles` ")),
        ["[\"scribbles\"]: what is sealed there is not “the note”", "scribbles is no table", "healths is not told of"]
    );
    assert_eq!(untold(&paper.replace("| the note | – |", "| – | – |")).len(), 1);
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The name that begins here.
fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The tests of one file: what follows on `#[test]` or `#[tokio::test…]`, and the stories for both databases.
fn tests_of(text: &str) -> BTreeSet<String> {
    let (mut found, mut due) = (BTreeSet::new(), false);
    for line in text.lines().map(str::trim_start) {
        if let Some(story) = line.strip_prefix("both!(") {
            found.insert(word(story));
        }
        due |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        if due && let Some((_, name)) = line.split_once("fn ") {
            found.insert(word(name));
            due = false;
        }
    }
    found.remove("");
    found
}

/// Every test of the program by the module in which it stands.
fn tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = Vec::new();
    for folder in ["src", "tests/it"] {
        rust_files(&root().join(folder), &mut files);
    }
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let named = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut module = named(&file);
        if module == "mod" || module == "tests" {
            module = named(file.parent().unwrap());
        }
        tests.entry(module).or_default().extend(tests_of(&std::fs::read_to_string(&file).unwrap()));
    }
    tests
}

/// The tests that a paper names, and what it names that is not there.
fn named_in(paper: &str, tests: &BTreeMap<String, BTreeSet<String>>, settings: &str) -> (usize, Vec<String>) {
    let (mut named, mut wrong) = (0, Vec::new());
    for row in rows(paper) {
        let [rule, _, _, _, shown] = row[..] else {
            wrong.push(format!("{row:?} has another shape"));
            continue;
        };
        let words = quoted(shown);
        for word in &words {
            let there = if let Some((module, test)) = word.split_once("::") {
                named += 1;
                tests.get(module).is_some_and(|all| all.contains(test))
            } else if let Some(flag) = word.strip_prefix("--") {
                settings.contains(&format!("\"DUONGVE_{}\"", flag.replace('-', "_").to_uppercase()))
            } else {
                false
            };
            if !there {
                wrong.push(format!("{rule}: {word} is not there"));
            }
        }
        let pages: Vec<&str> = shown.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()).collect();
        for page in &pages {
            if !root().join("docs").join(page).is_file() {
                wrong.push(format!("{rule}: {page} is not there"));
            }
        }
        if words.is_empty() && pages.is_empty() && !shown.split([' ', ':']).any(|word| word == "open") {
            wrong.push(format!("{rule}: neither shown nor open"));
        }
    }
    (named, wrong)
}

#[test]
fn the_national_rules_name_tests_that_are_there() {
    let (paper, tests, settings) = (read("docs/national-rules.md"), tests(), read("src/config.rs"));
    assert!(tests.values().map(BTreeSet::len).sum::<usize>() > 300, "the tests were found");
    let (named, wrong) = named_in(&paper, &tests, &settings);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(named > 40, "{named}");
    // A test of another name, a setting that nobody knows, a page that was never written, a rule without an answer.
    let bent = |from: &str, to: &str| {
        assert!(paper.contains(from), "{from}");
        named_in(&paper.replace(from, to), &tests, &settings).1
    };
    assert_eq!(bent("openings::no_log_no_read", "openings::no_log_no_word").len(), 1);
    assert_eq!(bent("`--idle-minutes` |", "`--idle-hours` |"), ["time limit: --idle-hours is not there"]);
    assert_eq!(bent("(operate.md#mail)", "(post.md)"), ["Luật 91: post.md is not there"]);
    assert_eq!(bent("| open: the machine's |", "| |"), ["log of processes, time: neither shown nor open"]);
}

#[test]
fn what_the_inspector_is_told_to_look_at_is_there() {
    let (paper, tests) = (read("docs/privacy.md"), tests());
    let named: Vec<(&str, &str)> = quoted(&paper).into_iter().filter_map(|word| word.split_once("::")).collect();
    assert!(named.len() > 5, "{named:?}");
    for (module, test) in named {
        assert!(tests.get(module).is_some_and(|all| all.contains(test)), "{module}::{test} is not there");
    }
}

#[test]
fn tests_are_found_however_they_are_written() {
    let text = "both!(a_story, async |house| {});\n#[test]\nfn plain() {}\nfn helper() {}\n\
                \x20   #[tokio::test(flavor = \"x\")]\n    async fn later() {}\n";
    let found: Vec<String> = tests_of(text).into_iter().collect();
    assert_eq!(found, ["a_story", "later", "plain"]);
}
