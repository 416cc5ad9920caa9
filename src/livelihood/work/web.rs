//! The page of somebody's work, and the calls for programs.

use super::model::{Draft, WorkRow};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        ids::WorkStatusId,
        text,
        time::{At as Instant, Day},
        words::WorkStatus,
    },
    cases::{self, model::CaseRow},
    follow_ups::api::StaffName,
    http::{
        Asked, At, Html, Json, Listed, Nothing, Oops, Page, Sent, Told, Typed, go,
        json::{self, DayText, Paging},
    },
    policy::acts::{SeeCase, SeeHelp, SetWork},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "livelihood/work.html")]
pub struct WorkPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    rows: Vec<WorkRow>,
    statuses: Vec<(&'static str, String)>,
    may_set: bool,
}

/// How it stands with her work, how it stood before, and a form to say it.
pub async fn show(app: App, at: At, grant: Grant<SeeHelp>) -> Result<Html<WorkPage>, Oops> {
    let typed = Typed::with(&[("since_on", text::show_day(app.store().today()))]);
    render(&app, &at, &grant, typed).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeHelp>, typed: Typed) -> Result<WorkPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeHelp, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let rows = super::of_case(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let statuses = WorkStatus::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect();
    let may_set = case.is_live() && store.may::<SeeHelp, SetWork>(grant);
    Ok(WorkPage { page, typed, case, rows, statuses, may_set })
}

pub async fn set(app: App, at: At, grant: Grant<SetWork>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<SetWork, SeeHelp>(&grant).ok_or(Oops::Unknown)?;
    let case = grant.id();
    match super::set(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{case}/work"), "work-set").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Has somebody work, from which day on.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Work {
    id: WorkStatusId,
    status: WorkStatus,
    since_on: Day,
    #[schema(required)]
    note: Option<String>,
    by: StaffName,
    made_at: Instant,
}

impl From<WorkRow> for Work {
    fn from(row: WorkRow) -> Work {
        Work {
            id: row.id,
            status: row.status,
            since_on: row.since_on,
            note: row.note.told(),
            by: StaffName { id: row.by_id, name: row.by },
            made_at: row.made_at,
        }
    }
}

/// What was said of a person's work, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/work", params(("case" = crate::base::ids::CaseId, Path), Paging),
    responses((status = 200, body = Listed<Work>)))]
pub async fn told(app: App, grant: Grant<SeeHelp>, asked: Asked<Nothing>) -> Result<Json<Listed<Work>>, Oops> {
    let store = app.store();
    let see = store.also::<SeeHelp, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    cases::opened(store, &see, &[]).await?;
    let rows: Vec<Work> = super::of_case(store, &grant).await?.into_iter().map(Work::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

/// Has somebody work, from which day on (today unless told).
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWork {
    status: WorkStatus,
    since_on: Option<DayText>,
    note: Option<String>,
}

/// Says how it stands with a person's work.
#[utoipa::path(post, path = "/api/v1/cases/{case}/work", params(("case" = crate::base::ids::CaseId, Path)),
    request_body = NewWork, responses((status = 201, body = Work)))]
pub async fn say(app: App, grant: Grant<SetWork>, told: Told<NewWork>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<SetWork, SeeHelp>(&grant).ok_or(Oops::Unknown)?;
    let NewWork { status, since_on, note } = told.body;
    let draft = Draft { status: status.to_string(), since_on: json::day(since_on), note: json::text(note) };
    let id = super::set(store, grant, &draft, told.key).await?;
    let row = super::of_case(store, &see).await?.into_iter().find(|row| row.id == id).ok_or(Oops::Unknown)?;
    Ok(json::created(format!("/api/v1/cases/{}/work", see.id()), Work::from(row)))
}
