//! Who may import whom: what the compiler does not already refuse.

use crate::statements::sources;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The lines of a file that are neither comment nor behind `#[cfg(test)]`, with their numbers.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let code = text.split("\n#[cfg(test)]\n").next().unwrap_or(text);
    code.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// Fails with every line that holds one of `words` in a file where it may not stand.
#[track_caller]
fn only_in(words: &[&str], allowed: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    let mut seen = 0;
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        let name = path.display().to_string();
        for (number, line) in lines(text) {
            if words.iter().any(|word| line.contains(word)) {
                seen += 1;
                if !allowed(&name) {
                    found.push(format!("{name}:{number}: {}", line.trim()));
                }
            }
        }
    }
    assert!(seen > 0, "{words:?} stand nowhere: this test looks for the wrong words");
    assert!(found.is_empty(), "{words:?} may not stand here:\n{}", found.join("\n"));
}

/// Pages and calls: `web.rs`, `api.rs`, or a folder of that name.
fn is_door(file: &str) -> bool {
    file.ends_with("web.rs") || file.ends_with("api.rs") || file.contains("/web/") || file.contains("/api/")
}

/// Statements: `store.rs`, or a folder of that name in a feature.
pub fn is_sql(file: &str) -> bool {
    file.ends_with("/store.rs") || file.contains("/store/")
}

/// Rules: `model.rs`, or a folder of that name.
fn is_model(file: &str) -> bool {
    file.ends_with("/model.rs") || file.contains("/model/")
}

#[test]
fn casbin_is_asked_in_one_file() {
    only_in(&["casbin::", "use casbin"], |file| file == "src/policy/matrix.rs");
}

#[test]
fn pools_and_connections_stay_in_the_store() {
    only_in(
        &["SqlitePool", "PgPool", "SqliteConnection", "PgConnection", "sqlx::query", "sqlx::Transaction", "sqlx::Pool"],
        |file| file == "src/store/db.rs" || file.starts_with("src/store/db/"),
    );
}

#[test]
fn only_the_doors_know_axum() {
    only_in(&["axum::", "use axum"], |file| {
        file.starts_with("src/http/") || is_door(file) || matches!(file, "src/routes.rs" | "src/serve.rs")
    });
}

#[test]
fn sql_is_written_in_stores_only() {
    let begins = ["\"select ", "\"insert into ", "\"update ", "\"delete from "];
    only_in(&begins, |file| {
        is_sql(file)
            || file.starts_with("src/seeds/")
            // The locks of subjects: said once, beside the conditions.
            || file == "src/policy/subjects.rs"
    });
}

#[test]
fn actors_are_made_where_the_house_says() {
    only_in(&["Actor::signed_in("], |file| matches!(file, "src/store/sessions.rs" | "src/policy/actor.rs"));
    only_in(&["fn standing_in(", "Actor::standing_in("], |file| {
        file == "src/policy/actor.rs"
            || ["src/jobs/", "src/seeds/", "src/digests/"].iter().any(|room| file.starts_with(room))
    });
    only_in(&["Actor::system("], |file| {
        let rooms = [
            "src/jobs/",
            "src/seeds/",
            "src/digests/",
            "src/mails/",
            "src/policy/actor.rs",
            "src/main.rs",
            "src/commands/",
        ];
        rooms.iter().any(|room| file.starts_with(room))
    });
}

#[test]
fn grants_are_made_in_the_gate_only() {
    only_in(&["Grant {", "Scope {", "Standing("], |file| file == "src/store/gate.rs");
}

#[test]
fn models_are_pure() {
    let mut found = Vec::new();
    let mut models = 0;
    for (path, text) in sources().iter().filter(|(path, _)| is_model(&path.display().to_string())) {
        models += 1;
        for (number, line) in lines(text) {
            let impure = line.contains(".await")
                || line.contains("async fn")
                || ["crate::http", "crate::app", "crate::routes", "crate::jobs"].iter().any(|room| line.contains(room))
                || (line.contains("crate::store::") && !line.contains("crate::store::Paged"));
            if impure {
                found.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(models > 6);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_of_the_program_stops_at_a_surprise() {
    let mut found = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        for (number, line) in lines(text) {
            if [".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!("]
                .iter()
                .any(|word| line.contains(word))
            {
                found.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The rooms, lowest first. Features are one room; they are looked at below.
const ROOMS: &[&[&str]] =
    &[&["base"], &["policy"], &["store"], &["app", "config"], &["http"], &[], &["jobs"], &["routes"]];

fn room_of(module: &str) -> usize {
    // Whatever is not one of the fixed rooms is a feature.
    ROOMS.iter().position(|rooms| rooms.contains(&module)).unwrap_or(5)
}

/// `crate::x` in a file's code: the modules that it names.
fn named(text: &str) -> BTreeSet<String> {
    named_after("crate::", text)
}

fn named_after(place: &str, text: &str) -> BTreeSet<String> {
    let code: String = lines(text).into_iter().map(|(_, line)| format!("{line}\n")).collect();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(place) {
        let rest = &code[at + place.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            // `use crate::{a, b::{c}, d}`: the first word of each entry at depth one.
            let (mut depth, mut word, mut fresh) = (1, String::new(), true);
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && letter == ',' {
                    fresh = true;
                } else if depth == 1 && fresh {
                    if letter.is_alphanumeric() || letter == '_' {
                        word.push(letter);
                    } else if !word.is_empty() {
                        found.insert(std::mem::take(&mut word));
                        fresh = false;
                    }
                }
                if depth == 1 && letter == ',' && !word.is_empty() {
                    found.insert(std::mem::take(&mut word));
                }
            }
            if !word.is_empty() {
                found.insert(word);
            }
        } else {
            found.insert(rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        }
    }
    // Macros are everywhere.
    found.remove("args");
    found
}

/// The tops of the house: they see every room, and no room sees them.
const TOPS: &[&str] = &["main", "lib", "serve", "seeds", "commands"];

#[test]
fn a_room_imports_only_what_is_lower() {
    let mut found = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        let parts: Vec<String> =
            path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let own = parts[1].trim_end_matches(".rs");
        if TOPS.contains(&own) {
            continue;
        }
        for other in named(text) {
            if other != own && (room_of(&other) > room_of(own) || TOPS.contains(&other.as_str())) {
                found.push(format!("{} imports {other}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The files of `src/http/`, lowest first. `kept` is what `dress` shows to whoever must sign in again.
const HTTP: &[&str] =
    &["request", "client", "understood", "error", "json", "form", "page", "kept", "dress", "door", "hosts", "pace"];

/// Which file of the room a name comes from that `mod.rs` gives on (`pub use error::Oops`), else the name itself.
fn home_of(name: &str, given_on: &BTreeMap<String, String>) -> String {
    given_on.get(name).cloned().unwrap_or_else(|| name.to_owned())
}

#[test]
fn within_http_data_moves_one_way() {
    let room = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/mod.rs")).unwrap();
    let mut given_on = BTreeMap::new();
    for line in room.lines().filter_map(|line| line.strip_prefix("pub use ")).filter(|line| !line.starts_with("crate"))
    {
        let (file, names) = line.trim_end_matches(';').split_once("::").unwrap();
        for name in names.trim_matches(['{', '}']).split(',') {
            given_on.insert(name.trim().to_owned(), file.to_owned());
        }
    }
    assert_eq!(given_on["Oops"], "error");
    let (mut found, mut seen) = (Vec::new(), 0);
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src/http")) {
        let own = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some(place) = HTTP.iter().position(|file| *file == own) else {
            assert!(own == "mod", "{own} has no place in the room yet: add it to HTTP");
            continue;
        };
        let beside = named_after("super::", text).into_iter().chain(named_after("crate::http::", text));
        for name in beside.map(|name| home_of(&name, &given_on)).filter(|name| *name != own) {
            if let Some(other) = HTTP.iter().position(|file| *file == name) {
                seen += 1;
                if other > place {
                    found.push(format!("src/http/{own}.rs uses {name}.rs"));
                }
            }
        }
    }
    assert!(seen > 10, "{seen}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn features_have_no_circle() {
    let folders: BTreeSet<String> = sources()
        .iter()
        .filter(|(path, _)| path.components().count() > 2)
        .map(|(path, _)| path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned())
        .filter(|name| room_of(name) == 5 && !TOPS.contains(&name.as_str()))
        .collect();
    assert!(folders.contains("visits") && folders.contains("cases"), "{folders:?}");
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        // Pages link to each other; the circle that matters is among verbs, rules and SQL.
        if is_door(&path.display().to_string()) {
            continue;
        }
        let own = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
        if folders.contains(&own) {
            let others = named(text).into_iter().filter(|other| folders.contains(other) && *other != own);
            uses.entry(own.clone()).or_default().extend(others);
        }
    }
    // Takes away whatever uses nothing that is left; what remains goes in a circle.
    let mut left = uses.clone();
    while let Some(free) =
        left.iter().find(|(_, used)| used.iter().all(|one| !left.contains_key(one))).map(|(one, _)| one.clone())
    {
        left.remove(&free);
    }
    assert!(left.is_empty(), "features that use each other in a circle: {left:#?}");
}

#[test]
fn the_reader_of_imports_reads_them() {
    let text = "use crate::{\n    app::Refused,\n    base::{ids::CaseId, time},\n    cases, follow_ups,\n};\nlet x = crate::areas::name();\n";
    let found: Vec<String> = named(text).into_iter().collect();
    assert_eq!(found, ["app", "areas", "base", "cases", "follow_ups"]);
}

/// The handlers of the table of URLs, as it is written: method, path, handler.
fn handlers() -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/routes.rs")).unwrap();
    let line = |line: &str| {
        let (route, handler) = line.trim().strip_suffix(';')?.split_once(" => ")?;
        let (method, rest) = route.split_once(" \"")?;
        let path = rest.split_once('"')?.0;
        method.chars().all(|letter| letter.is_ascii_uppercase()).then(|| (method.into(), path.into(), handler.into()))
    };
    text.lines().filter_map(line).collect()
}

/// What stands between the brackets of a handler: `staff::web::create` in any file of that room.
fn signature(handler: &str) -> String {
    let parts: Vec<&str> = handler.split("::").collect();
    let (name, room) = (parts.last().unwrap(), parts[..parts.len() - 1].join("/"));
    let begins = format!("pub async fn {name}(");
    let there = |is_there: &dyn Fn(&str) -> bool| -> Vec<String> {
        let all = sources();
        let texts = all.iter().filter(|(path, _)| is_there(&path.display().to_string()));
        texts
            .filter_map(|(_, text)| {
                Some(text.split_once(&begins)?.1.split_once(") ->").map_or("", |cut| cut.0).to_owned())
            })
            .collect()
    };
    let mut found = there(&|path| path == format!("src/{room}.rs") || path == format!("src/{room}/mod.rs"));
    if found.is_empty() {
        // `staff::web::sign_in` may be given on from a file below.
        found = there(&|path| path.starts_with(&format!("src/{room}")));
    }
    assert_eq!(found.len(), 1, "{handler}: which one?");
    found.into_iter().next().unwrap()
}

/// Grave routes whose handler asks for no proof, and proofs asked for at routes that are on no list.
fn graves_and_proofs(signature: impl Fn(&str) -> String) -> (usize, Vec<String>) {
    let handlers = handlers();
    let table = duongve::routes::table();
    assert_eq!(handlers.len(), table.len(), "every line of the table was read");
    let (mut graves, mut wrong) = (0, Vec::new());
    for ((route, _), (method, path, handler)) in table.iter().zip(&handlers) {
        assert_eq!((route.method.as_str(), route.path), (method.as_str(), path.as_str()));
        let inside = ["asset", "healthz", "readyz", "metrics"].contains(&handler.as_str());
        let proves = !inside && signature(handler).split(|c: char| !c.is_alphanumeric()).any(|word| word == "Fresh");
        graves += usize::from(route.is_grave());
        if proves != route.is_grave() {
            wrong.push(format!("{method} {path}: grave {}, asks for proof {proves}", route.is_grave()));
        }
    }
    (graves, wrong)
}

#[test]
fn a_grave_act_is_done_by_nobody_who_has_not_proved_who_she_is() {
    let (graves, wrong) = graves_and_proofs(signature);
    assert!(graves >= 16, "{graves}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The plant: a handler whose proof was taken away is found.
    let without = |handler: &str| match handler {
        "exports::web::cases" => signature(handler).replace("Fresh", "Stale"),
        other => signature(other),
    };
    assert_eq!(graves_and_proofs(without).1, ["GET /cases/export: grave true, asks for proof false"]);
}

#[test]
fn only_accounts_work_at_the_door_without_a_grant() {
    only_in(&["at_the_door("], |file| file.starts_with("src/staff/") || file == "src/store/sessions.rs");
    // What the store does there itself is about sessions, nothing else.
    let all = sources();
    let (_, text) = all.iter().find(|(path, _)| path.ends_with("store/sessions.rs")).unwrap();
    let at: Vec<&str> = text
        .match_indices("self.at_the_door(")
        .map(|(at, _)| text[..at].rsplit_once("fn ").unwrap().1.split('(').next().unwrap())
        .collect();
    assert_eq!(at, ["start_session", "end_session"]);
}
