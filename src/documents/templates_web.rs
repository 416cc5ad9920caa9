//! The pages on which an admin looks at what papers look like, tries a text with invented data, and puts it in force.

use super::{
    model::{TemplateDraft, TemplateRow, kinds},
    templates,
};
use crate::{
    app::{App, Refused},
    base::{refusal::Invalid, text, words::DocumentKind},
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{EditTemplates, ListTemplates},
    store::{Grant, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "documents/templates.html")]
pub struct TemplatesPage {
    page: Page,
    kinds: Vec<(DocumentKind, Option<TemplateRow>)>,
}

#[derive(Template)]
#[template(path = "documents/template.html")]
pub struct TemplatePage {
    page: Page,
    typed: Typed,
    kind: DocumentKind,
    versions: Vec<TemplateRow>,
    /// Every placeholder of the kind, as it is written.
    placeholders: Vec<String>,
    preview: Option<String>,
    /// The area under which the reader may change it.
    editor: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct KindQuery {
    kind: String,
}

/// Every kind, or one of them with its versions and its text.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListTemplates>,
    Query(query): Query<KindQuery>,
) -> Result<Response, Oops> {
    let store = app.store();
    let Ok(kind) = query.kind.parse::<DocumentKind>() else {
        let kinds = templates::in_force(store, &scope).await?;
        return Ok(Html(TemplatesPage { page: Page::of(&app, scope.actor(), &at), kinds }).into_response());
    };
    let versions = templates::versions(store, &scope, kind).await?;
    let body = templates::newest(&versions, kind).body;
    let today = text::show_day(store.today());
    let typed = Typed::with(&[("kind", kind.as_str().to_owned()), ("valid_from", today), ("body", body)]);
    Ok(Html(page(&app, &at, &scope, kind, versions, typed, None)).into_response())
}

fn page(
    app: &App,
    at: &At,
    scope: &Scope<ListTemplates>,
    kind: DocumentKind,
    versions: Vec<TemplateRow>,
    typed: Typed,
    preview: Option<String>,
) -> TemplatePage {
    let lists = kinds::lists(kind).iter().map(|(list, items, _)| match items {
        [] => format!("{{% for x in {list} %}} {{{{ x }}}}"),
        ["cells"] => format!("{{% for x in {list} %}} {{% for y in x.cells %}} {{{{ y }}}}"),
        items => {
            let shown: Vec<String> = items.iter().map(|item| format!("{{{{ x.{item} }}}}")).collect();
            format!("{{% for x in {list} %}} {}", shown.join(" "))
        }
    });
    let plain = kinds::placeholders(kind).into_iter().map(|(name, _)| format!("{{{{ {name} }}}}"));
    let typed_here = kinds::typed(kind).iter().map(|name| format!("{{{{ typed.{name} }}}}"));
    let placeholders = plain.chain(typed_here).chain(lists).collect();
    let editor = app.store().can::<EditTemplates>(scope.actor()).then(|| scope.actor().area().to_string());
    TemplatePage { page: Page::of(app, scope.actor(), at), typed, kind, versions, placeholders, preview, editor }
}

/// The page again, with what was typed.
async fn again(
    app: &App,
    at: &At,
    grant: &Grant<EditTemplates>,
    typed: Typed,
    preview: Option<String>,
) -> Result<TemplatePage, Oops> {
    let scope = app.store().scope::<ListTemplates>(&Arc::new(grant.actor().clone()))?;
    let kind = typed.get("kind").parse().unwrap_or(DocumentKind::InformationSheet);
    let versions = templates::versions(app.store(), &scope, kind).await?;
    Ok(page(app, at, &scope, kind, versions, typed, preview))
}

/// Tries a text with invented data. Nothing is kept.
pub async fn preview(
    app: App,
    at: At,
    grant: Grant<EditTemplates>,
    _fresh: Fresh,
    sent: Sent<TemplateDraft>,
) -> Result<Response, Oops> {
    let kind = sent.draft.kind.parse::<DocumentKind>().map_err(|_| Invalid::one("kind", "not_chosen"))?;
    match templates::preview(app.store(), kind, &sent.draft) {
        Ok(shown) => Ok(Html(again(&app, &at, &grant, sent.typed, Some(shown)).await?).into_response()),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &grant, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

/// Puts it in force from its day on.
pub async fn create(
    app: App,
    at: At,
    grant: Grant<EditTemplates>,
    _fresh: Fresh,
    sent: Sent<TemplateDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<EditTemplates, EditTemplates>(&grant).ok_or(Oops::Unknown)?;
    match templates::add(app.store(), grant, &sent.draft).await {
        Ok(_version) => {
            let kind = sent.draft.kind.parse::<DocumentKind>().map_or("", DocumentKind::as_str);
            Ok(go(&format!("/document-templates?kind={kind}"), "template-added").into_response())
        }
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &see, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

async fn refused(
    app: &App,
    at: &At,
    grant: &Grant<EditTemplates>,
    typed: Typed,
    invalid: &Invalid,
) -> Result<Response, Oops> {
    let typed = typed.refused(invalid, grant.actor().lang());
    let page = again(app, at, grant, typed, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}
