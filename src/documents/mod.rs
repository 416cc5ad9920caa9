//! Papers: what the office prints and signs, each under the commune's next number, with its day and its hash, made from a
//! template that an admin can replace. What was issued is kept as it was, sealed, and can be shown again byte for byte.
//!
//! Other features put what they have on a [`Prepared`] and call [`issue`], [`issue_for_area`], or [`write_in`] within their own
//! unit of work.

pub mod api;
pub mod model;
mod preparing;
mod store;
pub mod templates;
pub mod templates_web;
pub mod web;

pub use preparing::{from_case, from_case_beside};

use crate::{
    app::Refused,
    areas::model::full_name,
    base::{
        ids::{CaseId, DocumentId, DocumentPrintingId, Id, UserId},
        refusal::Invalid,
        words::DocumentKind,
    },
    cases,
    policy::{
        AreaCode,
        acts::{IssueAreaDocument, IssueDocument, ListDocuments, PrintDocument, SeeDocument, WithdrawDocument},
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::{DocumentRow, Draft, Paper, Prepared, PrintingRow, Replaced, Template, WithdrawDraft, kinds};
use serde_json::{Map, Value};

/// Issues a paper of a case from its form: what is typed, and the record as far as the printer may see it.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`] and [`issue`].
pub async fn issue_typed(
    store: &Store,
    grant: Grant<IssueDocument>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let (kind, typed, replaces) = draft.check()?;
    let prepared = from_case(store, &grant, kind, typed).await?;
    issue(store, grant, &prepared, replaces.as_ref(), key).await
}

/// Issues a paper of a case.
///
/// # Errors
/// [`Refused::Invalid`]: the paper that it replaces is of another case or kind, or withdrawn already.
pub async fn issue(
    store: &Store,
    grant: Grant<IssueDocument>,
    prepared: &Prepared,
    replaces: Option<&Replaced>,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let printer = grant.actor().name().to_owned();
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(DocumentId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            if kinds::OF_A_SENTENCE.contains(&prepared.kind) {
                cases::must_be_of_a_sentence(work, case).await?;
            }
            let area = store::area_of(work, case).await?;
            let id = write_in(work, &area, Some(case), prepared, &printer, by).await?;
            if let Some((old, why)) = replaces {
                replace(work, case, prepared.kind, *old, why, id, by).await?;
            }
            work.detail(format!("{} {id} {}", prepared.kind, prepared.parts.join(" ")));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

async fn replace(
    unit: &mut Unit,
    case: CaseId,
    kind: DocumentKind,
    old: DocumentId,
    why: &str,
    new: DocumentId,
    by: UserId,
) -> Result<(), Refused> {
    let standing = store::standing(unit, old).await?;
    let hers = standing.filter(|one| one.case_id == Some(case) && one.kind == kind);
    let hers = hers.ok_or_else(|| Invalid::one("replaces", "no_such_document"))?;
    if hers.withdrawn {
        return Err(Invalid::one("replaces", "withdrawn_already").into());
    }
    Ok(store::withdraw(unit, old, Some(case), why, Some(new), by).await?)
}

/// Issues a paper of a commune: a report, the sheet of a handover, a list. Rows of people are sealed each under her own key.
///
/// # Errors
/// [`Refused::Invalid`]: more rows than a paper holds.
pub async fn issue_for_area(
    store: &Store,
    grant: Grant<IssueAreaDocument>,
    prepared: &Prepared,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let printer = grant.actor().name().to_owned();
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(DocumentId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let id = write_in(work, &area, None, prepared, &printer, by).await?;
            work.detail(format!("{} {id}, {} rows", prepared.kind, prepared.rows.len()));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Writes a paper within a unit of work: takes the next number of the commune's series, makes the text from the template
/// that is in force today, and keeps it sealed. Undone with the unit, number and all.
///
/// # Errors
/// [`Refused::Invalid`]: more rows than a paper holds.
pub async fn write_in(
    unit: &mut Unit,
    area: &AreaCode,
    case: Option<CaseId>,
    prepared: &Prepared,
    printer: &str,
    by: UserId,
) -> Result<DocumentId, Refused> {
    let (kind, today) = (prepared.kind, unit.today());
    let built_in = || Template { version: 1, body: kinds::built_in(kind).to_owned() };
    let template = store::template(unit, kind, today).await?.unwrap_or_else(built_in);
    let year = i64::from(today.year());
    let number = store::next_number(unit, area, kind, year).await?;
    let places = store::places(unit, area).await?;
    let frame = frame(&places, (number, year), today, printer);
    let made = model::make(&template.body, &frame, prepared, case).ok_or_else(|| Invalid::one("", "too_many_rows"))?;
    let template_hash = model::hash_of(&template.body);
    let place = store::Place { area, case, year, number, template: &template, template_hash: &template_hash };
    Ok(store::insert(unit, &place, prepared, &made, by).await?)
}

/// What stands on every paper.
fn frame(
    (kind, name, province_kind, province): &(String, String, String, String),
    (number, year): (i64, i64),
    today: jiff::civil::Date,
    printer: &str,
) -> Map<String, Value> {
    let commune = full_name(kind, name);
    let upper = commune.to_uppercase();
    let above = if province.is_empty() { String::new() } else { full_name(province_kind, province).to_uppercase() };
    let said = [
        ("number", format!("{number:02}")),
        ("year", year.to_string()),
        ("day", crate::base::text::show_day(today)),
        ("day_in_words", model::in_words(today)),
        ("province", if above.is_empty() { String::new() } else { format!("CÔNG AN {above}") }),
        ("police", format!("CÔNG AN {upper}")),
        ("council", format!("ỦY BAN NHÂN DÂN {upper}")),
        ("commune", commune),
        ("printer", printer.to_owned()),
    ];
    said.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}

/// The papers within the asker's scope, newest first.
pub async fn list(
    store: &Store,
    scope: &Scope<ListDocuments>,
    kind: Option<DocumentKind>,
    ask: &PageAsk,
) -> Result<Page<DocumentRow>, Fault> {
    store::list(store, scope, kind, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListDocuments>, kind: Option<DocumentKind>) -> Result<i64, Fault> {
    store::count(store, scope, kind).await
}

/// The papers of a case, newest first. What stands on them is not read.
pub async fn of_case(store: &Store, grant: &Grant<IssueDocument>) -> Result<Vec<DocumentRow>, Fault> {
    store::of_case(store, grant).await
}

/// Number, day and state of a paper, without its text.
pub async fn one(store: &Store, grant: &Grant<SeeDocument>) -> Result<DocumentRow, Fault> {
    store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}

/// A paper as it was issued, and whether it still is what it was. The opening of the parts that stand on it is written down
/// first.
pub async fn read(store: &Store, grant: &Grant<SeeDocument>) -> Result<(DocumentRow, Paper), Fault> {
    let row = one(store, grant).await?;
    let parts = row.shows();
    store.note_opening(grant, row.case_id, &parts).await?;
    let body = store::body(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let cells = store::cells(store, grant).await?;
    let known = cells
        .iter()
        .filter_map(|row| Some((usize::try_from(row.rank).ok()?, serde_json::from_str(row.cells.text()).ok()?)))
        .collect();
    let paper = Paper::of(&row, body.body.text(), &known);
    Ok((row, paper))
}

/// When it went to the printer, newest first.
pub async fn printings(store: &Store, grant: &Grant<SeeDocument>) -> Result<Vec<PrintingRow>, Fault> {
    store::printings(store, grant).await
}

/// Sends a paper to the printer: the first time it is the original (1), then a copy (2 and more). The same form sent twice
/// is one time. A paper that was withdrawn is printed as one that holds no longer.
pub async fn print(store: &Store, grant: Grant<PrintDocument>, key: Option<Key>) -> Result<i64, Refused> {
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(store::copy_of(work, DocumentPrintingId::from_uuid(id)).await?);
            }
            let (id, by) = (work.id(), work.by()?);
            let (printing, copy) = store::count_printing(work, id, by).await?;
            work.detail(format!("copy {copy}"));
            work.keep_key(key.as_ref(), printing).await?;
            Ok(copy)
        })
        .await
}

/// Takes a paper back: it stays, with the reason, and its number is given to no other.
///
/// # Errors
/// [`Refused::Invalid`]: no reason; withdrawn already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(
    store: &Store,
    grant: Grant<WithdrawDocument>,
    draft: &WithdrawDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let reason = draft.check()?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let standing = store::standing(work, id).await?.ok_or(Fault::Moved)?;
            if standing.withdrawn {
                return Err(Invalid::one("", "withdrawn_already").into());
            }
            Ok(store::withdraw(work, id, standing.case_id, &reason, None, by).await?)
        })
        .await
}

/// The head of the page of a case's papers.
pub(crate) async fn head(store: &Store, grant: &Grant<IssueDocument>) -> Result<cases::model::CaseRow, Fault> {
    let see = store.also::<IssueDocument, crate::policy::acts::SeeCase>(grant).ok_or(Denied::Unknown)?;
    cases::brief(store, &see, &[]).await
}
