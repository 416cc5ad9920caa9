//! Programs that forget the policy. None of them may compile.
//!
//! A case is a small piece of the program with one word in two readings, `«wrong|right»`. With the wrong word the compiler
//! must refuse it at that line with the error code of the case's first line, and with no other; with the right one it
//! compiles. So a case cannot fail for a reason that has nothing to do with the gate. Cases in `outside/` see the crate
//! as any other crate does; those in `inside/` are compiled *into* a feature of it (`src/visits/mod.rs`), where what is
//! `pub(crate)` is open, and only module privacy guards the gate; what the types refuse is refused there just as outside.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may stop at the first surprise")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

struct Case {
    name: String,
    code: String,
    line: u64,
    wrong: String,
    right: String,
}

fn read(place: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refused").join(place);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| parse(file)).collect()
}

fn parse(file: &Path) -> Case {
    let text = fs::read_to_string(file).unwrap();
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let code = text.lines().next().unwrap().trim_start_matches("// ").to_owned();
    assert!(code.len() == 5 && code.starts_with('E'), "{name}: its first line names the error code");
    let (before, rest) = text.split_once('«').unwrap_or_else(|| panic!("{name}: «wrong|right» is missing"));
    let (words, after) = rest.split_once('»').unwrap();
    let (wrong, right) = words.split_once("¦").or_else(|| words.split_once('|')).unwrap();
    assert!(!after.contains('«'), "{name}: one word only");
    let line = u64::try_from(before.lines().count()).unwrap();
    Case { name, code, line, wrong: format!("{before}{wrong}{after}"), right: format!("{before}{right}{after}") }
}

/// The errors of a program: code, file and line.
fn compile(place: &str, name: &str, program: &str) -> Vec<(String, String, u64)> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{place}_{name}.rs"));
    fs::write(&file, program).unwrap();
    let target: &[&str] = if place == "inside" { &["--lib"] } else { &["--test", "refused_outside"] };
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["rustc", "--quiet", "--locked", "--message-format=json", "--profile", "check"])
        .args(target)
        .args(["--", "--cfg", "refused"])
        .env("DUONGVE_REFUSED_CASE", &file)
        // The crate is compiled once for each case: only what a case changes is checked anew.
        .env("CARGO_INCREMENTAL", "1")
        .output()
        .unwrap();
    let mut errors = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let message = &message["message"];
        if message["level"] == "error" && message["code"].is_object() {
            let span = message["spans"].as_array().unwrap().iter().find(|span| span["is_primary"] == true).unwrap();
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            errors.push((
                text(&message["code"]["code"]),
                text(&span["file_name"]),
                span["line_start"].as_u64().unwrap(),
            ));
        } else if message["level"] == "error" && !message["message"].as_str().unwrap_or("").starts_with("aborting") {
            errors.push((message["message"].to_string(), String::new(), 0));
        }
    }
    let refused = !errors.is_empty();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        refused,
        !output.status.success(),
        "{place}/{name}: cargo says something else than the compiler: {told}"
    );
    errors
}

fn all_are_refused(place: &str) {
    let cases = read(place);
    // The right readings, all in one program.
    let right: String = cases.iter().map(|case| format!("pub mod {} {{\n{}\n}}\n", case.name, case.right)).collect();
    let errors = compile(place, "right", &right);
    assert!(errors.is_empty(), "the right reading of a case does not compile: {errors:#?}");
    let mut amiss = Vec::new();
    for case in &cases {
        let errors = compile(place, &case.name, &case.wrong);
        let codes: BTreeSet<&str> = errors.iter().map(|error| error.0.as_str()).collect();
        let here = errors
            .iter()
            .any(|(_, file, line)| file.ends_with(&format!("{place}_{}.rs", case.name)) && *line == case.line);
        if codes != BTreeSet::from([case.code.as_str()]) || !here {
            amiss.push(format!("{place}/{}: wanted {} at line {}, got {errors:?}", case.name, case.code, case.line));
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
    assert!(cases.len() >= 10, "{} cases in {place}", cases.len());
}

/// One after the other: both ask the same cargo, and a change of the library's flags checks it anew.
#[test]
fn none_of_them_compiles() {
    all_are_refused("outside");
    all_are_refused("inside");
}
