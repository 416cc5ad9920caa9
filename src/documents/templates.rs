//! What papers look like: a text per kind, in versions, each in force from a day on. Version 1 is built in.

use super::{
    model::{self, Template, TemplateDraft, TemplateRow, kinds},
    store,
};
use crate::{
    app::Refused,
    base::words::DocumentKind,
    policy::acts::{EditTemplates, ListTemplates},
    store::{Fault, Grant, Scope, Store},
};
use serde_json::{Map, Value, json};

/// Every kind with the version that is in force today.
pub async fn in_force(
    store: &Store,
    _scope: &Scope<ListTemplates>,
) -> Result<Vec<(DocumentKind, Option<TemplateRow>)>, Fault> {
    let mut rows = store::in_force(store, store.today()).await?;
    let mut of = |kind: DocumentKind| rows.iter().position(|row| row.kind == kind).map(|at| rows.swap_remove(at));
    Ok(DocumentKind::ALL.iter().map(|kind| (*kind, of(*kind))).collect())
}

/// Every version of a kind, newest first; the built-in one is not among them.
pub async fn versions(
    store: &Store,
    _scope: &Scope<ListTemplates>,
    kind: DocumentKind,
) -> Result<Vec<TemplateRow>, Fault> {
    store::templates(store, kind).await
}

/// Puts another version beside the others, in force from its day on. What was issued before stays as it is.
///
/// # Errors
/// [`Refused::Invalid`]: see [`TemplateDraft::check`]; the text names its line.
pub async fn add(store: &Store, grant: Grant<EditTemplates>, draft: &TemplateDraft) -> Result<i64, Refused> {
    let (kind, from, body) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            let by = work.by()?;
            let version = store::insert_template(work, kind, from, &body, by).await?;
            work.detail(format!("template {kind} {version} from {from}"));
            Ok(version)
        })
        .await
}

/// A text with invented data, as it would be printed. Nothing is kept.
///
/// # Errors
/// [`Refused::Invalid`]: what is wrong in it, with its line.
pub fn preview(store: &Store, kind: DocumentKind, draft: &TemplateDraft) -> Result<String, Refused> {
    let body = draft.text(kind)?;
    let today = store.today();
    let made = model::make(&body, &sample_frame(today), &model::invented(kind, today), None);
    made.map(|made| made.body).ok_or_else(|| Fault::Inconsistent("a template that was checked").into())
}

/// The text that is edited into the next version.
pub fn newest(versions: &[TemplateRow], kind: DocumentKind) -> Template {
    let built_in = || Template { version: 1, body: kinds::built_in(kind).to_owned() };
    versions.first().map_or_else(built_in, |row| Template { version: row.version, body: row.body.clone() })
}

fn sample_frame(today: jiff::civil::Date) -> Map<String, Value> {
    let said = [
        ("number", "01".to_owned()),
        ("year", today.year().to_string()),
        ("day", crate::base::text::show_day(today)),
        ("day_in_words", model::in_words(today)),
        ("commune", "Xã Mẫu".to_owned()),
        ("province", "CÔNG AN TỈNH MẪU".to_owned()),
        ("police", "CÔNG AN XÃ MẪU".to_owned()),
        ("council", "ỦY BAN NHÂN DÂN XÃ MẪU".to_owned()),
        ("printer", "[người in]".to_owned()),
    ];
    said.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}
