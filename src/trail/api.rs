//! Who looked at what, for programs.

use super::model;
use crate::{
    app::App,
    base::{
        ids::{CaseId, TrailId},
        time::{At, Day},
    },
    http::{
        Asked, Json, Listed, Oops,
        json::{Nothing, Paging},
    },
    policy::{
        Role,
        acts::{CountReaders, ListOwnOpenings, SeeOpenings},
    },
    store::{Grant, Scope},
};

/// A line about a case: who opened, searched, changed or was refused.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Opening {
    id: TrailId,
    at: At,
    /// Sign-in name; `null`: a job of the program.
    #[schema(required)]
    username: Option<String>,
    /// Her role then, or the job.
    actor: String,
    act: String,
    /// `null`: no single case.
    #[schema(required)]
    case_id: Option<CaseId>,
    /// As what she was let in: `own`, `shared`, `office`, `area`, `all`; empty: she was not.
    purpose: String,
    /// `opened`, `read`, `done`, `refused`.
    outcome: String,
    /// The parts that were read, or ids, words and counts; never a name.
    detail: String,
}

impl From<model::Opening> for Opening {
    fn from(line: model::Opening) -> Opening {
        let model::Opening { id, at, username, actor, act, case_id, purpose, outcome, detail, .. } = line;
        Opening { id, at, username, actor, act, case_id, purpose, outcome, detail }
    }
}

/// What one person read on one day, as counts.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReaderDay {
    username: String,
    role: Role,
    on: Day,
    /// Different cases outside her own.
    outside: i64,
    searches: i64,
    night: i64,
}

impl From<model::Reader> for ReaderDay {
    fn from(reader: model::Reader) -> ReaderDay {
        let on = Day(reader.on());
        let model::Reader { username, role, outside, searches, night, .. } = reader;
        ReaderDay { username, role, on, outside, searches, night }
    }
}

/// Who looked at this person, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/openings", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Opening>)))]
pub async fn of_case(
    app: App,
    grant: Grant<SeeOpenings>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Opening>>, Oops> {
    let page = super::of_case(app.store(), &grant, &asked.page).await?;
    Ok(Json(Listed::of(page.map(Opening::from), None)))
}

/// An account that can open a case today, or that a restriction keeps from it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseReader {
    username: String,
    name: String,
    role: Role,
    may_open: bool,
    /// `officer`, `cover`, `head`, `helper`, `request`, `emergency`, `kept`, `other`.
    why: &'static str,
    /// Of an emergency: until when.
    #[schema(required)]
    until: Option<At>,
}

/// Who can open this case today, and why.
#[utoipa::path(get, path = "/api/v1/cases/{case}/readers", params(("case" = CaseId, Path)),
    responses((status = 200, body = Vec<CaseReader>)))]
pub async fn who_may(app: App, grant: Grant<SeeOpenings>) -> Result<Json<Vec<CaseReader>>, Oops> {
    crate::cases::opened(app.store(), &grant, &[]).await?;
    let told = |one: super::access::Access| CaseReader {
        may_open: one.may(),
        username: one.username,
        name: one.name,
        role: one.role,
        why: one.why,
        until: one.until,
    };
    Ok(Json(super::who_may(app.store(), &grant).await?.into_iter().map(told).collect()))
}

/// What I have opened and looked for, newest first.
#[utoipa::path(get, path = "/api/v1/openings", params(Paging), responses((status = 200, body = Listed<Opening>)))]
pub async fn mine(
    app: App,
    scope: Scope<ListOwnOpenings>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Opening>>, Oops> {
    let page = super::mine(app.store(), &scope, &asked.page).await?;
    Ok(Json(Listed::of(page.map(Opening::from), None)))
}

/// Who read more on a day than the rules allow without a question: counts and sign-in names.
#[utoipa::path(get, path = "/api/v1/reader-counts", responses((status = 200, body = Vec<ReaderDay>)))]
pub async fn readers(app: App, scope: Scope<CountReaders>) -> Result<Json<Vec<ReaderDay>>, Oops> {
    let thresholds = super::thresholds(app.store()).await?;
    let readers = super::readers(app.store(), &scope, &thresholds).await?;
    Ok(Json(readers.into_iter().map(ReaderDay::from).collect()))
}
