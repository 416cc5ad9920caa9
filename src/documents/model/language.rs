//! The small language of templates: text, a few tags of HTML, placeholders, `if` and `for`. Pure.
//!
//! Nothing is called, included or set; every value is escaped; a placeholder stands between tags, never within one. What a
//! template may not hold is named with its line, before the template is in force.

use super::kinds;
use crate::base::{refusal::Invalid, words::DocumentKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, value::Serde};

/// A template is no longer than this.
const LONGEST: usize = 40_000;
/// So many steps of the renderer: a list of some thousand lines.
const FUEL: u64 = 400_000;

const TAGS: &[&str] = &[
    "article", "b", "br", "div", "em", "h1", "h2", "h3", "hr", "i", "li", "ol", "p", "section", "small", "span",
    "strong", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
];
const VOID: &[&str] = &["br", "hr"];
const ATTRIBUTES: &[&str] = &["class", "colspan", "rowspan", "scope"];

/// Why a text may not stand in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    TooLong,
    Tag,
    Attribute,
    Statement,
    /// A placeholder that the kind does not have.
    Field,
    Unclosed,
    Character,
    Syntax,
}

/// What is wrong in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub wrong: Wrong,
    pub what: String,
}

impl From<Fault> for Invalid {
    fn from(fault: Fault) -> Invalid {
        let what: String = fault.what.chars().take(60).collect();
        let code = match fault.wrong {
            Wrong::TooLong => "template_too_long",
            Wrong::Tag => "template_tag",
            Wrong::Attribute => "template_attribute",
            Wrong::Statement => "template_statement",
            Wrong::Field => "template_unknown_field",
            Wrong::Unclosed => "template_unclosed",
            Wrong::Character => "template_character",
            Wrong::Syntax => "template_syntax",
        };
        Invalid::telling("body", code, format!("{}: {what}", fault.line))
    }
}

/// Reads a template from its top; the first thing that may not stand there ends it.
struct Reader<'a> {
    kind: DocumentKind,
    rest: &'a str,
    line: usize,
    /// Tags that are open.
    open: Vec<&'a str>,
    /// `if` and `for` that are open; a loop with its variable and the list that it goes through.
    blocks: Vec<Option<(&'a str, &'a str)>>,
}

/// Is this a template of the kind? It names no placeholder that the kind does not have.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn check(kind: DocumentKind, text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(Fault { line: 1, wrong: Wrong::TooLong, what: LONGEST.to_string() });
    }
    let mut reader = Reader { kind, rest: text, line: 1, open: Vec::new(), blocks: Vec::new() };
    reader.read()?;
    if let Some(tag) = reader.open.last() {
        return Err(reader.fault(Wrong::Unclosed, tag));
    }
    if !reader.blocks.is_empty() {
        return Err(reader.fault(Wrong::Unclosed, "if, for"));
    }
    let compiled = environment();
    compiled.template_from_str(text).map(drop).map_err(|error| Fault {
        line: error.line().unwrap_or(1),
        wrong: Wrong::Syntax,
        what: error.detail().unwrap_or_default().to_owned(),
    })
}

impl<'a> Reader<'a> {
    fn fault(&self, wrong: Wrong, what: &str) -> Fault {
        Fault { line: self.line, wrong, what: what.trim().to_owned() }
    }

    /// Takes everything up to `end`, and `end` itself.
    fn until(&mut self, end: &str) -> Result<&'a str, Fault> {
        let Some((taken, rest)) = self.rest.split_once(end) else {
            return Err(self.fault(Wrong::Unclosed, end));
        };
        self.line += taken.matches('\n').count();
        self.rest = rest;
        Ok(taken)
    }

    fn read(&mut self) -> Result<(), Fault> {
        while let Some(first) = self.rest.chars().next() {
            self.rest = &self.rest[first.len_utf8()..];
            match first {
                '\n' => self.line += 1,
                '<' => self.tag()?,
                '>' => return Err(self.fault(Wrong::Tag, ">")),
                '{' if self.rest.starts_with('{') => {
                    self.rest = &self.rest[1..];
                    let inside = self.until("}}")?;
                    self.placeholder(inside.trim())?;
                }
                '{' if self.rest.starts_with('%') => {
                    self.rest = &self.rest[1..];
                    let inside = self.until("%}")?;
                    self.statement(inside.trim_matches('-').trim())?;
                }
                '{' if self.rest.starts_with('#') => {
                    self.until("#}")?;
                }
                control if control.is_control() && control != '\r' && control != '\t' => {
                    return Err(self.fault(Wrong::Character, "control"));
                }
                '\u{e000}'..='\u{f8ff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    return Err(self.fault(Wrong::Character, "U+E000…, U+202A…"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn tag(&mut self) -> Result<(), Fault> {
        let inside = self.until(">")?;
        if inside.contains(['<', '{', '}', '\'', '&']) {
            return Err(self.fault(Wrong::Tag, inside));
        }
        if let Some(name) = inside.strip_prefix('/') {
            return match self.open.pop() {
                Some(open) if open == name => Ok(()),
                _ => Err(self.fault(Wrong::Unclosed, inside)),
            };
        }
        let (name, attributes) = inside.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((inside, ""));
        if !TAGS.contains(&name) {
            return Err(self.fault(Wrong::Tag, inside));
        }
        if !are_plain(attributes) {
            return Err(self.fault(Wrong::Attribute, attributes));
        }
        if !VOID.contains(&name) {
            self.open.push(name);
        }
        Ok(())
    }

    /// Is this a placeholder of the kind, here?
    fn placeholder(&self, path: &'a str) -> Result<(), Fault> {
        let known = kinds::placeholders(self.kind).iter().any(|(name, _)| *name == path)
            || path.strip_prefix("typed.").is_some_and(|name| kinds::typed(self.kind).contains(&name))
            || self.is_of_a_line(path);
        if known { Ok(()) } else { Err(self.fault(Wrong::Field, path)) }
    }

    fn is_of_a_line(&self, path: &str) -> bool {
        self.blocks.iter().flatten().any(|(variable, list)| {
            let items = self.items(list);
            match path.split_once('.') {
                Some((name, item)) => {
                    name == *variable && items.is_some_and(|items| items.contains(&item) && item != "cells")
                }
                None => path == *variable && items.is_some_and(<[_]>::is_empty),
            }
        })
    }

    /// What stands in a line of a list; an empty list: each line is a plain text.
    fn items(&self, list: &str) -> Option<&'static [&'static str]> {
        if let Some((variable, "cells")) = list.split_once('.') {
            let of_rows = self.blocks.iter().flatten().any(|(name, of)| *name == variable && *of == "rows");
            return of_rows.then_some(&[]);
        }
        kinds::lists(self.kind).iter().find(|(name, _, _)| *name == list).map(|(_, items, _)| *items)
    }

    fn statement(&mut self, inside: &'a str) -> Result<(), Fault> {
        let words: Vec<&str> = inside.split_whitespace().collect();
        match words[..] {
            ["if", path] | ["if", "not", path] => {
                if self.items(path).is_none() {
                    self.placeholder(path)?;
                }
                self.blocks.push(None);
            }
            ["else"] if self.blocks.last().is_some_and(Option::is_none) => {}
            ["for", variable, "in", list] => {
                let plain = !variable.is_empty() && variable.bytes().all(|byte| byte.is_ascii_lowercase());
                let taken =
                    kinds::placeholders(self.kind).iter().any(|(name, _)| name.split('.').next() == Some(variable));
                if !plain || taken || variable == "typed" || self.items(list).is_none() {
                    return Err(self.fault(Wrong::Field, inside));
                }
                self.blocks.push(Some((variable, list)));
            }
            ["endif"] if self.blocks.last().is_some_and(Option::is_none) => drop(self.blocks.pop()),
            ["endfor"] if self.blocks.last().is_some_and(Option::is_some) => drop(self.blocks.pop()),
            _ => return Err(self.fault(Wrong::Statement, inside)),
        }
        Ok(())
    }
}

/// `class="…" colspan="2"` and nothing else.
fn are_plain(attributes: &str) -> bool {
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once("=\"") else { return false };
        let Some((value, next)) = after.split_once('"') else { return false };
        let plain =
            value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
        if !ATTRIBUTES.contains(&name) || !plain {
            return false;
        }
        rest = next.trim_start();
    }
    true
}

/// What stands where nothing is known, to be filled in by hand.
const BLANK: &str = "……………";

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.set_formatter(|out, state, value| {
        let blank = value.is_undefined() || value.is_none() || value.as_str().is_some_and(str::is_empty);
        if blank {
            out.write_str(BLANK).map_err(minijinja::Error::from)
        } else {
            minijinja::escape_formatter(out, state, value)
        }
    });
    environment
}

/// The text of a paper. The template was checked before it was put in force.
///
/// # Errors
/// `None`: more lines than the renderer goes through.
pub fn render(template: &str, fields: &serde_json::Value) -> Option<String> {
    environment().render_str(template, Value::from(Serde(fields))).ok()
}

/// As a value stands between tags.
pub fn escaped(text: &str) -> String {
    let environment = environment();
    let context = std::collections::BTreeMap::from([("x", text)]);
    environment.render_str("{{ x }}", Value::from(Serde(&context))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const KIND: DocumentKind = DocumentKind::InformationSheet;

    fn refused(text: &str) -> (usize, Wrong) {
        let fault = check(KIND, text).expect_err(text);
        (fault.line, fault.wrong)
    }

    #[test]
    fn what_is_built_in_may_stand() {
        for kind in DocumentKind::ALL {
            assert_eq!(check(*kind, kinds::built_in(*kind)), Ok(()), "{kind}");
        }
    }

    #[test]
    fn what_may_not_stand_is_named_with_its_line() {
        for (text, line, code) in [
            ("<p>a</p>\n<script>x</script>", 2, Wrong::Tag),
            ("<p onclick=\"x\">a</p>", 1, Wrong::Attribute),
            ("<p style=\"color:red\">a</p>", 1, Wrong::Attribute),
            ("<p class=\"{{ person.name }}\">a</p>", 1, Wrong::Tag),
            ("<p class='x'>a</p>", 1, Wrong::Tag),
            ("<!-- a -->", 1, Wrong::Tag),
            ("a > b", 1, Wrong::Tag),
            ("<p>\n\n{{ person.health }}</p>", 3, Wrong::Field),
            ("{{ person.name|safe }}", 1, Wrong::Field),
            ("{{ person['name'] }}", 1, Wrong::Field),
            ("{{ 7 * 7 }}", 1, Wrong::Field),
            ("{{ \"<b>\" }}", 1, Wrong::Field),
            ("{% autoescape false %}{{ person.name }}{% endautoescape %}", 1, Wrong::Statement),
            ("{% include 'x' %}", 1, Wrong::Statement),
            ("{% set x = 1 %}", 1, Wrong::Statement),
            ("{% for x in range(10) %}{% endfor %}", 1, Wrong::Field),
            ("{% for one in facts %}{% endfor %}", 1, Wrong::Field),
            ("{% for person in sentences %}{{ person.court }}{% endfor %}", 1, Wrong::Field),
            ("{% for one in sentences %}{{ one.health }}{% endfor %}", 1, Wrong::Field),
            ("{{ one.court }}", 1, Wrong::Field),
            ("{% if person.name %}a", 1, Wrong::Unclosed),
            ("{% for one in sentences %}{% endif %}", 1, Wrong::Statement),
            ("<p>\n<b>a</p></b>", 2, Wrong::Unclosed),
            ("<table><tr>", 1, Wrong::Unclosed),
            ("{{ person.name", 1, Wrong::Unclosed),
            ("\u{202e}a", 1, Wrong::Character),
            ("\u{e000}0:0\u{e001}", 1, Wrong::Character),
        ] {
            assert_eq!(refused(text), (line, code), "{text}");
        }
        assert_eq!(refused(&"a".repeat(LONGEST + 1)), (1, Wrong::TooLong));
    }

    #[test]
    fn every_value_is_escaped_and_what_is_not_known_is_left_to_the_pen() {
        let template =
            "<p>{{ person.name }}{% for one in sentences %}, {{ one.court }}{% endfor %}; {{ legal.source }}</p>";
        assert_eq!(check(KIND, template), Ok(()));
        let fields =
            json!({"person": {"name": "<script>alert(1)</script>"}, "sentences": [{"court": "A & B"}, {"court": ""}]});
        let text = render(template, &fields).unwrap();
        assert_eq!(text, "<p>&lt;script&gt;alert(1)&lt;&#x2f;script&gt;, A &amp; B, ……………; ……………</p>");
        assert_eq!(escaped("<b>\"'&"), "&lt;b&gt;&quot;&#x27;&amp;");
    }

    #[test]
    fn a_list_that_does_not_end_is_cut_off() {
        let rows: Vec<_> = (0..FUEL).map(|_| json!({"court": "a"})).collect();
        assert_eq!(render("{% for one in sentences %}{{ one.court }}{% endfor %}", &json!({"sentences": rows})), None);
    }

    proptest! {
        #[test]
        fn no_text_upsets_the_reader_and_what_passes_shows_no_tag_of_a_value(text in "(<p>|</p>|\\{\\{|\\}\\}|\\{%|%\\}| person\\.name | if | for | endif |\n|[<>&{}%#'\"a-z])*") {
            if check(KIND, &text).is_ok() {
                let shown = render(&text, &json!({"person": {"name": "<script>"}})).unwrap_or_default();
                prop_assert!(!shown.contains("<script"));
            }
        }
    }
}
