//! The register of community models: its pages, forms, print and file.

use super::model::{CommendationDraft, CommendationRow, Draft, ResultDraft, ResultRow, Row};
use crate::{
    app::{App, Refused},
    base::{sealed::SealedText as _, text},
    exports::{Cell, Format, Table, to_xlsx},
    http::{At, Html, Oops, Page, Sent, Typed, door::AtHome, go, request::CursorQuery},
    policy::{
        Role,
        acts::{AddCommunityModel, ChangeCommunityModel, ListCommunityModels, SeeCommunityModel},
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "community_models/list.html")]
pub struct ListPage {
    page: Page,
    models: Vec<Row>,
    older: Option<String>,
    may_add: bool,
    /// The reader has more than one commune.
    province: bool,
    count: i64,
}

impl ListPage {
    fn goes_on(&self, model: &Row) -> bool {
        model.goes_on(self.page.today())
    }
}

/// The register, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListCommunityModels>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let ask = PageAsk { cursor: query.cursor, ..PageAsk::default() };
    let lines = super::list(store, &scope, None, &ask).await?;
    let count = super::count(store, &scope, None).await?;
    let older = lines.next.map(|cursor| format!("/community-models?cursor={cursor}"));
    let may_add = store.can::<AddCommunityModel>(scope.actor());
    let province = scope.actor().role() == Role::Province;
    let page = Page::of(&app, scope.actor(), &at);
    Ok(Html(ListPage { page, models: lines.items, older, may_add, province, count }))
}

#[derive(Template)]
#[template(path = "community_models/print.html")]
pub struct PrintPage {
    page: Page,
    models: Vec<Row>,
    place: String,
}

/// The whole register as a paper.
pub async fn print(app: App, at: At, scope: Scope<ListCommunityModels>) -> Result<Html<PrintPage>, Oops> {
    let models = super::register(app.store(), &scope).await?;
    let place = crate::areas::name(app.store(), scope.actor().area()).await?;
    Ok(Html(PrintPage { page: Page::of(&app, scope.actor(), &at), models, place }))
}

/// The whole register as a workbook. It holds no name of a person.
pub async fn file(app: App, at: At, scope: Scope<ListCommunityModels>) -> Result<Response, Oops> {
    crate::http::pace::export(&app, scope.actor())?;
    let page = Page::of(&app, scope.actor(), &at);
    let rows = super::register(app.store(), &scope).await?;
    let day = |day: Option<crate::base::time::Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
    let number = |number: Option<i64>| number.map_or_else(|| Cell::Text(String::new()), Cell::Number);
    let lines = rows.into_iter().map(|row| {
        vec![
            Cell::Text(row.area.clone()),
            Cell::Text(row.name.clone()),
            Cell::Text(row.hamlet.clone()),
            Cell::Text(text::show_day(row.since_on.0)),
            Cell::Text(day(row.until_on)),
            Cell::Text(row.source().unwrap_or_default().to_owned()),
            Cell::Number(row.copies),
            number(row.people),
            number(row.vnd),
            Cell::Number(row.results),
            Cell::Number(row.commendations),
        ]
    });
    let headings =
        ["area", "name", "hamlet", "since", "until", "source", "copies", "people", "vnd", "results", "letters"]
            .map(|word| page.say(format!("community-models-{word}")));
    let table = Table::of(headings.to_vec(), lines.collect());
    let bytes = to_xlsx(&table, &page.say("community-models-sheet"))?;
    let headers = [
        (header::CONTENT_TYPE, Format::Xlsx.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"mo-hinh-{}.xlsx\"", page.today())),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "community_models/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    /// Other models of the commune, to be copied from.
    others: Vec<(String, String)>,
    /// The one that is put right.
    model: Option<String>,
}

impl FormPage {
    fn back(&self) -> String {
        self.model.as_ref().map_or_else(|| "/community-models".to_owned(), |id| format!("/community-models/{id}"))
    }
}

fn typed(draft: &Draft) -> Typed {
    Typed::with(&[
        ("name", draft.name.clone()),
        ("hamlet", draft.hamlet.clone()),
        ("about", draft.about.clone()),
        ("since_on", draft.since_on.clone()),
        ("until_on", draft.until_on.clone()),
        ("copied_from_id", draft.copied_from_id.clone()),
        ("copied_from", draft.copied_from.clone()),
        ("people", draft.people.clone()),
        ("vnd", draft.vnd.clone()),
        ("version", draft.version.clone()),
    ])
}

async fn form(
    app: &App,
    at: &At,
    scope: &Scope<ListCommunityModels>,
    typed: Typed,
    model: Option<String>,
) -> Result<FormPage, Oops> {
    let ask = PageAsk { limit: 100, cursor: None };
    let others = super::list(app.store(), scope, Some(scope.actor().area()), &ask).await?.items;
    let others = others.into_iter().map(|one| (one.id.to_string(), one.name));
    let others = others.filter(|(id, _)| model.as_ref() != Some(id)).collect();
    Ok(FormPage { page: Page::of(app, scope.actor(), at), typed, others, model })
}

pub async fn new(
    app: App,
    at: At,
    AtHome(_grant): AtHome<AddCommunityModel>,
    scope: Scope<ListCommunityModels>,
) -> Result<Html<FormPage>, Oops> {
    form(&app, &at, &scope, Typed::with(&[]), None).await.map(Html)
}

pub async fn create(
    app: App,
    at: At,
    AtHome(grant): AtHome<AddCommunityModel>,
    scope: Scope<ListCommunityModels>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    match super::add(app.store(), grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/community-models/{id}"), "model-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, scope.actor().lang());
            let page = form(&app, &at, &scope, typed, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "community_models/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    model: Row,
    results: Vec<ResultRow>,
    commendations: Vec<CommendationRow>,
    may_change: bool,
}

async fn render(app: &App, at: &At, grant: &Grant<SeeCommunityModel>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let (model, results, commendations) = super::one(store, grant).await?;
    let may_change = store.may::<SeeCommunityModel, ChangeCommunityModel>(grant);
    Ok(ShowPage { page: Page::of(app, grant.actor(), at), typed, model, results, commendations, may_change })
}

pub async fn show(app: App, at: At, grant: Grant<SeeCommunityModel>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

fn see(app: &App, grant: &Grant<ChangeCommunityModel>) -> Result<Grant<SeeCommunityModel>, Oops> {
    app.store().also::<ChangeCommunityModel, SeeCommunityModel>(grant).ok_or(Oops::Unknown)
}

async fn told<T>(
    app: &App,
    at: &At,
    see: &Grant<SeeCommunityModel>,
    typed: Typed,
    done: Result<T, Refused>,
    thanks: &str,
) -> Result<Response, Oops> {
    match done {
        Ok(_made) => Ok(go(&format!("/community-models/{}", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(app, at, see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn add_result(
    app: App,
    at: At,
    grant: Grant<ChangeCommunityModel>,
    sent: Sent<ResultDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let done = super::add_result(app.store(), grant, &sent.draft, sent.key).await;
    told(&app, &at, &see, sent.typed, done, "model-result-added").await
}

pub async fn commend(
    app: App,
    at: At,
    grant: Grant<ChangeCommunityModel>,
    sent: Sent<CommendationDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let done = super::commend(app.store(), grant, &sent.draft, sent.key).await;
    told(&app, &at, &see, sent.typed, done, "model-commended").await
}

pub async fn correction(app: App, at: At, grant: Grant<ChangeCommunityModel>) -> Result<Html<FormPage>, Oops> {
    let see = see(&app, &grant)?;
    let row = super::one(app.store(), &see).await?.0;
    let scope = app.store().scope::<ListCommunityModels>(&Arc::new(see.actor().clone()))?;
    form(&app, &at, &scope, typed(&row.draft()), Some(row.id.to_string())).await.map(Html)
}

pub async fn correct(
    app: App,
    at: At,
    grant: Grant<ChangeCommunityModel>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::correct(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/community-models/{}", see.id()), "model-corrected").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let scope = app.store().scope::<ListCommunityModels>(&Arc::new(see.actor().clone()))?;
            let page = form(&app, &at, &scope, typed, Some(see.id().to_string())).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
