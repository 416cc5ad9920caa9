//! The assessment of a round as a paper of the office.

use super::{Known, PART};
use crate::{
    app::Refused,
    base::{ids::DocumentId, lang::Lang, text, words::DocumentKind},
    cases, documents,
    follow_ups::serving,
    policy::acts::{IssueDocument, SeeCase, SeeDuties},
    store::{Denied, Grant, Key, Store},
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// The sensitive parts that stand on the sheet, beside what every paper shows of a person.
pub(super) const PARTS: [&str; 2] = ["legal", PART];

/// Issues the sheet of a round; `round` empty: of the newest that is written down. One that is not written down is a sheet to
/// fill in by hand.
pub async fn issue(
    store: &Store,
    grant: Grant<IssueDocument>,
    round: Option<Date>,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let duties = store.also::<IssueDocument, SeeDuties>(&grant).ok_or(Denied::Unknown)?;
    let see = store.also::<IssueDocument, SeeCase>(&grant).ok_or(Denied::Unknown)?;
    let case = cases::brief(store, &see, &PARTS).await?;
    let known = super::of_case(store, &duties).await?;
    let lang = Lang::Vi;
    let mut typed = Map::new();
    typed.insert("title".to_owned(), Value::String(lang.say("duties-sheet-title")));
    typed.insert("note".to_owned(), Value::String(String::new()));
    let mut prepared = documents::from_case(store, &grant, DocumentKind::AssessmentSheet, typed).await?;
    let address = [Some(case.address.told()), case.hamlet.clone(), Some(case.area.clone())];
    let address: Vec<String> = address.into_iter().flatten().filter(|said| !said.is_empty()).collect();
    let mut facts = vec![
        (lang.say("families-name"), case.name.clone()),
        (lang.say("exports-column-birth"), case.birth()),
        (lang.say("cases-address"), address.join(", ")),
    ];
    facts.extend(said(&known, round, store.today(), lang));
    let facts: Vec<Value> = facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
    prepared.fields.insert("facts".to_owned(), Value::Array(facts));
    prepared.parts.extend(PARTS);
    documents::issue(store, grant, &prepared, None, key).await
}

/// What is said of the round.
fn said(known: &Known, round: Option<Date>, today: Date, lang: Lang) -> Vec<(String, String)> {
    let (rhythm, round) = known.round(round, today);
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
