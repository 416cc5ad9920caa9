//! A statement put together from fixed pieces: `?` and `{me}` become numbered places, values stay apart from the text.

use super::db::Sql;
use crate::{
    base::{arg::Arg, time::At},
    policy::Actor,
};
use std::collections::HashMap;

/// Text with numbered places, and the values for them.
pub(super) struct Statement {
    text: String,
    args: Vec<Arg>,
    now: At,
    /// Places that were given to `{me}`, `{area}`, `{org}`, `{today}`, `{now}` already.
    places: HashMap<&'static str, usize>,
}

impl Statement {
    pub fn new(now: At) -> Statement {
        Statement { text: String::new(), args: Vec::new(), now, places: HashMap::new() }
    }

    pub fn push(&mut self, text: &str) {
        self.text += text;
    }

    /// Adds text in which each `?` stands for the next of `args`.
    pub fn push_args(&mut self, text: &str, args: Vec<Arg>) {
        let mut args = args.into_iter();
        for piece in text.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.text += before;
                    // A missing value would be a slip in our own text; null finds nothing.
                    self.args.push(args.next().unwrap_or(Arg::Int(None)));
                    self.text += &format!("${}", self.args.len());
                }
                None => self.text += piece,
            }
        }
    }

    /// Text with values that stands before the rest of the statement, its places numbered in one row with the others.
    pub fn aside(&mut self, text: &str, args: Vec<Arg>) -> String {
        let rest = std::mem::take(&mut self.text);
        self.push_args(text, args);
        std::mem::replace(&mut self.text, rest)
    }

    /// The same for a piece with an actor's tokens.
    pub fn aside_for(&mut self, actor: &Actor, text: &str) -> String {
        let rest = std::mem::take(&mut self.text);
        self.push_for(actor, text);
        std::mem::replace(&mut self.text, rest)
    }

    /// Adds a subject's condition, its tokens filled in for this actor.
    pub fn push_for(&mut self, actor: &Actor, condition: &str) {
        self.push_tokens(condition, |token| actor.arg(token));
    }

    fn push_tokens(&mut self, condition: &str, value: impl Fn(&str) -> Option<Arg>) {
        let mut rest = condition;
        while let Some((before, after)) = rest.split_once('{') {
            self.text += before;
            let (token, after) = after.split_once('}').unwrap_or((after, ""));
            let known = ["me", "area", "org", "today", "now"].into_iter().find(|known| *known == token).unwrap_or("me");
            let place = match self.places.get(known) {
                Some(place) => *place,
                None => {
                    let arg = match known {
                        "today" => Some(Arg::from(self.now.day())),
                        "now" => Some(Arg::from(self.now)),
                        _ => value(known),
                    };
                    self.args.push(arg.unwrap_or(Arg::Uuid(None)));
                    self.places.insert(known, self.args.len());
                    self.args.len()
                }
            };
            self.text += &format!("${place}");
            rest = after;
        }
        self.text += rest;
    }

    /// Adds a condition whose actor is the row of another table: `{me}` becomes `su.id` and so on.
    pub fn push_for_session(&mut self, condition: &str) {
        let text =
            condition.replace("{me}", "su.id").replace("{area}", "su.area_code").replace("{org}", "su.organisation_id");
        self.push_tokens(&text, |_| None);
    }

    pub fn sql(&self) -> Sql {
        self.text.clone().into()
    }

    pub fn args(&self) -> Vec<Arg> {
        self.args.clone()
    }
}
