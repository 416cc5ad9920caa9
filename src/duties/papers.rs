//! The assessment of a round as a paper of the office.

use super::{Known, PART};
use crate::{
    app::Refused,
    base::{ids::DocumentId, lang::Lang, refusal::Invalid, text, words::DocumentKind},
    documents,
    follow_ups::serving::{self, dates},
    policy::acts::{IssueDocument, SeeDuties},
    store::{Denied, Grant, Key, Store},
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// The sensitive parts that stand on the sheet, beside what every paper shows of a person.
pub(super) const PARTS: [&str; 2] = ["legal", PART];

/// The day of a round as it was sent; empty: none is asked for.
///
/// # Errors
/// `round_on`: no day.
fn round_of(typed: &str, today: Date) -> Result<Option<Date>, Invalid> {
    match typed.trim() {
        "" => Ok(None),
        typed => text::parse_day(typed, today).map(Some).map_err(|fault| Invalid::one("round_on", fault.code())),
    }
}

/// Issues the sheet of a round; `round` empty: of the newest that is written down. One that is not written down is a sheet to
/// fill in by hand.
///
/// # Errors
/// [`Refused::Invalid`]: the case carries no duties; `round_on`: no day, or no round of this case that has opened.
pub async fn issue(
    store: &Store,
    grant: Grant<IssueDocument>,
    round: &str,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let (today, lang) = (store.today(), Lang::Vi);
    let asked = round_of(round, today)?;
    let duties = store.also::<IssueDocument, SeeDuties>(&grant).ok_or(Denied::Unknown)?;
    let mut typed = Map::new();
    typed.insert("title".to_owned(), Value::String(lang.say("duties-sheet-title")));
    typed.insert("note".to_owned(), Value::String(String::new()));
    let kind = DocumentKind::AssessmentSheet;
    let mut prepared = documents::from_case_beside(store, &grant, kind, typed, &PARTS).await?;
    let known = super::of_case(store, &duties).await?;
    let (rhythm, round) = known.round(asked, today);
    if !known.has_round(round, today) {
        return Err(Invalid::one("round_on", "no_such_round").into());
    }
    let hers = |name: &str| {
        let said = prepared.fields.get("person").and_then(|person| person.get(name)).and_then(Value::as_str);
        said.unwrap_or_default().to_owned()
    };
    let address: Vec<String> = ["address", "hamlet"].map(hers).into_iter().filter(|said| !said.is_empty()).collect();
    let mut facts = vec![
        (lang.say("families-name"), hers("name")),
        (lang.say("exports-column-birth"), hers("birth")),
        (lang.say("cases-address"), address.join(", ")),
    ];
    facts.extend(said(&known, rhythm, round, lang));
    let facts: Vec<Value> = facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
    prepared.fields.insert("facts".to_owned(), Value::Array(facts));
    documents::issue(store, grant, &prepared, None, key).await
}

/// What is said of the round.
fn said(known: &Known, rhythm: dates::Rhythm, round: Date, lang: Lang) -> Vec<(String, String)> {
    let (from, until) = rhythm.looks_at(round);
    let days = |from: Date, until: Date| format!("{} – {}", text::show_day(from), text::show_day(until));
    let period = format!("{}: {}", serving::period(lang, rhythm.rule, round), days(from, until));
    let mut facts =
        vec![(lang.say("duties-round"), period), (lang.say("cases-regime"), lang.say(known.standing.regime.key()))];
    if let Some(term) = known.standing.serving.term {
        facts.push((lang.say("duties-term"), days(term.from, term.ends)));
    }
    let row = known.assessments.iter().find(|row| row.round_on.0 == round);
    let result = row.and_then(super::model::AssessmentRow::said).map_or_else(
        || "……………………………………".to_owned(),
        |said| {
            [lang.say(said.result.key()), said.note]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect::<Vec<_>>()
                .join(". ")
        },
    );
    facts.push((lang.say("duties-result"), result));
    let absences = known.absences_within(from, until).into_iter().map(|row| {
        let place = row.said().map(|said| said.place).unwrap_or_default();
        let number = row.decided().map(|decided| lang.with("duties-number-is", &[("x", decided.number.into())]));
        let told = [days(row.from_on.0, row.to_on.0), place, number.unwrap_or_default()];
        told.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
    });
    facts.push((lang.say("duties-absences"), listed(absences, lang)));
    let breaches = known.breaches_within(from, until).into_iter().map(|row| {
        let what = row.said().map(|said| said.what).unwrap_or_default();
        [text::show_day(row.on_day.0), what].join(": ")
    });
    facts.push((lang.say("duties-breaches"), listed(breaches, lang)));
    facts
}

fn listed(all: impl Iterator<Item = String>, lang: Lang) -> String {
    let all: Vec<String> = all.collect();
    if all.is_empty() { lang.say("duties-sheet-none") } else { all.join("; ") }
}
