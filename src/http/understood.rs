//! What a parser says of a body or a query, as a refusal of the field that it speaks of: no word of Rust in an answer.

use crate::base::refusal::{Invalid, Refusal};
use std::borrow::Cow;

/// Well formed, and still not what was asked for. serde tells the reason in a sentence of a few fixed shapes; whatever has
/// none of them is refused without a reason, by its field.
pub fn not_understood(error: &serde_path_to_error::Error<impl std::fmt::Display>) -> Invalid {
    let said = error.inner().to_string();
    let place = error.path().to_string();
    let place = if place == "." { String::new() } else { place };
    let code = if said.starts_with("unknown field") {
        "unknown_field"
    } else if said.starts_with("missing field") {
        "empty"
    } else if said.starts_with("unknown variant") {
        "not_one_of"
    } else {
        match expected(&said) {
            "a string" | "a borrowed string" => "not_text",
            "a boolean" => "not_yes_or_no",
            number if number.starts_with(['i', 'u']) && number[1..].parse::<u8>().is_ok() => "not_a_number",
            "a sequence" => "not_a_list",
            other if other.starts_with("struct ") || other == "a map" => "not_an_object",
            _ => "not_readable",
        }
    };
    let value = (code == "not_one_of").then(|| quoted(&said).skip(1).collect::<Vec<_>>().join(", "));
    let names_field = matches!(code, "empty" | "unknown_field");
    let field = match quoted(&said).next().filter(|_| names_field) {
        Some(name) if place.is_empty() => name.to_owned(),
        Some(name) if last(&place) != name => format!("{place}.{name}"),
        _ => place,
    };
    Invalid(vec![Refusal { field: Cow::Owned(field), code, value }])
}

/// What a value of the wrong type should have been, in serde's words.
fn expected(said: &str) -> &str {
    let told = said.strip_prefix("invalid type: ").and_then(|said| said.rsplit_once(", expected "));
    told.map_or("", |(_, expected)| expected.split(" at line ").next().unwrap_or_default())
}

/// What stands between backticks.
fn quoted(said: &str) -> impl Iterator<Item = &str> {
    said.split('`').skip(1).step_by(2)
}

fn last(place: &str) -> &str {
    place.rsplit('.').next().unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by nobody: only refused")]
    struct Body {
        kind: Kind,
        days: i64,
        shared: Option<bool>,
        #[serde(default)]
        helpers: Vec<Helper>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Home,
        Office,
        Phone,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by nobody: only refused")]
    struct Helper {
        name: String,
    }

    fn told(body: &str) -> (String, &'static str, String) {
        let error =
            serde_path_to_error::deserialize::<_, Body>(&mut serde_json::Deserializer::from_str(body)).unwrap_err();
        let refusal = not_understood(&error).0.remove(0);
        (refusal.field.into_owned(), refusal.code, refusal.value.unwrap_or_default())
    }

    #[test]
    fn a_refusal_names_its_field_and_no_word_of_the_parser() {
        let tell = |field: &str, code, value: &str| (field.to_owned(), code, value.to_owned());
        assert_eq!(told(r#"{"kind":"home","days":1,"admin":true}"#), tell("admin", "unknown_field", ""));
        assert_eq!(told(r#"{"kind":"home"}"#), tell("days", "empty", ""));
        assert_eq!(told(r#"{"kind":"moon","days":1}"#), tell("kind", "not_one_of", "home, office, phone"));
        assert_eq!(told(r#"{"kind":"home","days":"1, expected a boolean"}"#), tell("days", "not_a_number", ""));
        assert_eq!(told(r#"{"kind":"home","days":1,"shared":"yes"}"#), tell("shared", "not_yes_or_no", ""));
        assert_eq!(told(r#"{"kind":"home","days":1,"helpers":{}}"#), tell("helpers", "not_a_list", ""));
        let nested = |helper: &str| told(&format!(r#"{{"kind":"home","days":1,"helpers":[{{"name":"a"}},{helper}]}}"#));
        assert_eq!(nested(r#"{"name":1}"#), tell("helpers[1].name", "not_text", ""));
        assert_eq!(nested(r#"{}"#), tell("helpers[1].name", "empty", ""));
        assert_eq!(nested(r#"{"name":"b","rank":1}"#), tell("helpers[1].rank", "unknown_field", ""));
        assert_eq!(told(r#""text""#), tell("", "not_an_object", ""));
        assert_eq!(told(r#"{"kind":"home","days":99999999999999999999}"#), tell("days", "not_a_number", ""));
    }
}
