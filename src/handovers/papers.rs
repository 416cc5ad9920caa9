//! The sheet of a handover as a paper of the commune that has the case.

use super::model::Sheet;
use crate::{
    app::Refused,
    base::{ids::DocumentId, lang::Lang, refusal::Invalid, text, time::Day, words::DocumentKind},
    documents::{
        self,
        model::{Prepared, Row},
    },
    policy::acts::{IssueDocument, SeeHandover},
    store::{Fault, Grant, Key, Store},
};

/// Issues the sheet: as it stands now while the handover waits, as it was kept once it was accepted.
///
/// # Errors
/// [`Refused::Invalid`]: the case is not the asker's to issue a paper of; a handover without a sheet.
pub async fn issue(store: &Store, grant: &Grant<SeeHandover>, key: Option<Key>) -> Result<DocumentId, Refused> {
    let (whole, sheet) = super::one(store, grant).await?;
    let line = whole.line;
    let issues = match store.onward::<SeeHandover, IssueDocument>(grant, line.case_id).await {
        Ok(issues) => issues,
        Err(Fault::Denied(_)) => return Err(Invalid::one("", "paper_of_another").into()),
        Err(fault) => return Err(fault.into()),
    };
    let sheet = sheet.ok_or_else(|| Invalid::one("", "paper_of_another"))?;
    let lang = Lang::Vi;
    let between = |officer: Option<String>, place: String| {
        [officer.unwrap_or_default(), place].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let mut facts = vec![
        (lang.say("handovers-giver"), between(line.from_officer, line.from_place)),
        (lang.say("handovers-taker"), between(line.to_officer, line.to_place)),
    ];
    facts.extend(said(&sheet, lang));
    let heads = ["handovers-column-kind", "handovers-column-what", "handovers-column-day"].map(|key| lang.say(key));
    let title = lang.say("handovers-sheet");
    let prepared = Prepared::table(DocumentKind::HandoverSheet, &title, &facts, heads.into(), rows(&sheet, lang));
    documents::issue(store, issues, &prepared.showing(&["handover"]), None, key).await
}

fn said(sheet: &Sheet, lang: Lang) -> Vec<(String, String)> {
    let day = |day: Option<Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
    let address = [sheet.address.as_str(), &sheet.hamlet, &sheet.place];
    let address: Vec<&str> = address.into_iter().filter(|one| !one.is_empty()).collect();
    let phone = match sheet.phone_of.as_str() {
        "" => sheet.phone.clone(),
        whose => format!("{} ({whose})", sheet.phone),
    };
    let papers: Vec<String> = sheet.papers.iter().map(|key| lang.say(key)).collect();
    let all = [
        ("cases-name", format!("{} ({})", sheet.name, sheet.code)),
        ("handovers-status", lang.say(&sheet.status)),
        ("cases-address", address.join(", ")),
        ("cases-phone", phone),
        ("cases-wishes", sheet.wishes.clone()),
        ("cases-visit-safely", sheet.visit_safely.clone()),
        ("handovers-last-contact", day(sheet.last_contact_on)),
        ("handovers-papers", papers.join(" · ")),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (lang.say(key), value)).collect()
}

/// What is due, what was agreed on, what was promised and who helps.
fn rows(sheet: &Sheet, lang: Lang) -> Vec<Row> {
    let row = |kind: String, what: String, on: String| Row { case: None, cells: vec![kind, what, on] };
    let due = sheet.due.iter().map(|one| row(lang.say(one.kind.key()), one.what.clone(), text::show_day(one.due_on.0)));
    let agreed = lang.say("handovers-agreed");
    let steps = sheet.steps.iter().map(|one| row(agreed.clone(), one.what.clone(), text::show_day(one.due_on.0)));
    let helps = sheet.helps.iter().map(|one| {
        let worth = one.vnd.map(text::show_vnd).unwrap_or_default();
        let what = [one.what.clone(), worth, one.organisation.clone()];
        let what: Vec<String> = what.into_iter().filter(|said| !said.is_empty()).collect();
        row(lang.say(one.kind.key()), what.join(", "), lang.say(one.state.key()))
    });
    let helpers = sheet.helpers.iter().map(|one| {
        let what = format!("{}: {}", one.organisation, one.names);
        row(lang.say("handovers-helpers"), what, lang.say(one.purpose.key()))
    });
    due.chain(steps).chain(helps).chain(helpers).collect()
}
