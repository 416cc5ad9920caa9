//! What a paper says of a person: taken from the record as far as the printer's own grants reach, and no further.

use super::model::{Prepared, kinds};
use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    base::{lang::Lang, text, time::Day, words::DocumentKind},
    cases::{self, View, model::CaseView},
    families,
    policy::acts::{IssueDocument, SeeCase, SeeFamily, SeeReferrals},
    referrals,
    store::{Denied, Fault, Grant, Store},
};
use serde_json::{Map, Value, json};

/// Fills the placeholders of a kind from a case. What it opens is written down before it is read, in one row.
pub async fn from_case(
    store: &Store,
    grant: &Grant<IssueDocument>,
    kind: DocumentKind,
    typed: Map<String, Value>,
) -> Result<Prepared, Fault> {
    from_case_beside(store, grant, kind, typed, &[]).await
}

/// The same for a feature that puts more on the paper: its sensitive parts stand in the same row, and it reads them afterwards.
pub async fn from_case_beside(
    store: &Store,
    grant: &Grant<IssueDocument>,
    kind: DocumentKind,
    typed: Map<String, Value>,
    more: &[&'static str],
) -> Result<Prepared, Fault> {
    let see = store.also::<IssueDocument, SeeCase>(grant).ok_or(Denied::Unknown)?;
    let wanted = kinds::parts(kind);
    let family = if wanted.contains(&"family") { store.also::<IssueDocument, SeeFamily>(grant) } else { None };
    let mut beside = more.to_vec();
    beside.extend(family.as_ref().map(|_| "family"));
    let whole_number = wanted.contains(&"identity") && store.may::<SeeCase, crate::policy::acts::SeeIdentity>(&see);
    beside.extend(whole_number.then_some(cases::WHOLE_NUMBER));
    let view = cases::see_as(store, &see, shown(&wanted), &beside).await?;
    let mut parts: Vec<&'static str> = view.parts();
    parts.retain(|part| *part != "identity");
    parts.extend(&beside);
    let mut fields = Map::new();
    fields.insert("typed".to_owned(), Value::Object(typed));
    fields.insert("person".to_owned(), person(&view));
    if view.legal {
        fields.insert("legal".to_owned(), legal(&view));
    }
    if view.identity {
        let kind = view.row.id_kind.map(|kind| Lang::Vi.say(kind.key())).unwrap_or_default();
        fields.insert(
            "identity".to_owned(),
            json!({"number": view.row.id_number.text().unwrap_or_default(), "kind": kind}),
        );
    }
    if let Some(sentences) = &view.sentences {
        fields.insert("sentences".to_owned(), sentences.iter().map(sentence).collect());
    }
    if let Some(family) = &family {
        let rows = families::written_down(store, family).await?;
        let live = rows.iter().filter(|row| row.ended_at.is_none() && row.withdrawn_at.is_none());
        let lines = live.map(|row| json!({"name": row.name.text(), "relation": row.relation.text()})).collect();
        fields.insert("relatives".to_owned(), lines);
    }
    match kind {
        DocumentKind::HelperDecision => drop(fields.insert("helper".to_owned(), helper(store, grant).await?)),
        DocumentKind::VisitSheet => drop(fields.insert("contact".to_owned(), contact(&view))),
        _ => {}
    }
    Ok(Prepared { kind, fields, parts, heads: Vec::new(), rows: Vec::new() })
}

/// As much of the record as the kind shows.
fn shown(wanted: &[&str]) -> View {
    match (wanted.contains(&"sentence"), wanted.contains(&"legal")) {
        (true, _) => View::Paper,
        (_, true) => View::Letter,
        _ => View::Sheet,
    }
}

fn day(day: Option<Day>) -> String {
    day.map(|day| text::show_day(day.0)).unwrap_or_default()
}

fn person(view: &CaseView) -> Value {
    let row = &view.row;
    let phone = row.phone.text().and_then(|phone| text::Phone::parse(phone).ok()).map(|phone| phone.display());
    json!({
        "name": row.name,
        "aliases": row.aliases,
        "sex": row.sex.map(|sex| Lang::Vi.say(sex.key())).unwrap_or_default(),
        "birth": row.birth(),
        "address": row.address.text(),
        "hamlet": row.hamlet.as_deref().unwrap_or_default(),
        "phone": phone.unwrap_or_default(),
        "code": row.code,
        "officer": row.officer.as_deref().unwrap_or_default(),
    })
}

fn legal(view: &CaseView) -> Value {
    let row = &view.row;
    let found = row.address_found().map(|found| Lang::Vi.say(found.key()));
    json!({
        "regime": row.regime.map(|regime| Lang::Vi.say(regime.key())).unwrap_or_default(),
        "source": row.source.text().unwrap_or_default(),
        "certificate_no": row.certificate_no.text().unwrap_or_default(),
        "certificate_on": day(row.certificate_on.day()),
        "released_on": day(row.released_on.day()),
        "noticed_on": day(row.noticed_on.day()),
        "present_by_on": day(row.present_by_on.day()),
        "received_on": day(row.received_on.day()),
        "pledged_on": day(row.pledged_on.day()),
        "checked_on": day(row.address_checked_on.day()),
        "address_found": found.unwrap_or_default(),
    })
}

fn sentence(row: &cases::model::SentenceRow) -> Value {
    json!({
        "offence": row.offence.text(),
        "penalty": row.penalty.text(),
        "court": row.court.text(),
        "sentenced_on": day(row.sentenced_on.day()),
    })
}

fn contact(view: &CaseView) -> Value {
    let row = &view.row;
    json!({"wishes": row.wishes.text(), "visit_safely": row.visit_safely.text(), "last_on": day(row.last_contact_on)})
}

/// The organisation of the newest live referral, if there is one.
async fn helper(store: &Store, grant: &Grant<IssueDocument>) -> Result<Value, Fault> {
    let Some(see) = store.also::<IssueDocument, SeeReferrals>(grant) else { return Ok(json!({})) };
    let today = store.today();
    let (all, helpers) = referrals::of_case(store, &see).await?;
    let Some(row) = all.into_iter().find(|row| row.is_live(today)) else { return Ok(json!({})) };
    let hers = helpers.into_iter().filter(|helper| helper.referral_id == row.id);
    let names: Vec<String> = hers.map(|helper| helper.name).collect();
    Ok(json!({
        "organisation": row.organisation,
        "names": names.join(", "),
        "purpose": Lang::Vi.say(row.purpose.key()),
        "from_on": day(Some(row.from_on)),
        "to_on": day(row.to_on),
    }))
}
