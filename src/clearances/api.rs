//! Clearance for programs: what is found, and what was sealed. Sealing and unsealing are done on the page only, by a person who
//! has just proved who she is.

use super::{
    model::{Line, Whole},
    web,
};
use crate::{
    app::App,
    base::{
        ids::{CaseId, SealingId},
        time::{self, Day},
        words::ClearancePaper,
    },
    cases,
    http::{
        Asked, At, Json, Listed, Nothing, Oops,
        json::{self, Paging},
    },
    policy::acts::{ListSealings, SeeCase, SeeSealing, SeeSentence},
    store::{Grant, Scope},
};
use axum::response::Response;

/// From which day somebody should look whether a record can be cleared. It never says that it is.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Clearance {
    /// `null`: no day can be given, or there is no record.
    #[schema(required)]
    review_due_on: Option<Day>,
    text: String,
    because: Vec<String>,
}

/// The day of the review of a case, and why.
#[utoipa::path(get, path = "/api/v1/cases/{case}/clearance", params(("case" = CaseId, Path)),
    responses((status = 200, body = Clearance)))]
pub async fn found(app: App, at: At, grant: Grant<SeeSentence>) -> Result<Json<Clearance>, Oops> {
    let store = app.store();
    let see = store.also::<SeeSentence, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    cases::opened(store, &see, &["sentence"]).await?;
    let book = super::book(store).await?;
    let found = super::found(store, &grant, &book).await?;
    let told = web::told(at.lang, &book, &found.review.all);
    let review_due_on = super::due_on(&found.review.all);
    Ok(Json(Clearance { review_due_on, text: told.headline, because: told.because }))
}

/// A case that was sealed: neither its name nor its code.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Sealing {
    id: SealingId,
    /// The number of the seal.
    code: String,
    paper: ClearancePaper,
    sealed_at: time::At,
    /// Name of the head who sealed it.
    sealed_by: String,
    /// `null`: nobody has asked for it to be opened.
    #[schema(required)]
    asked_at: Option<time::At>,
    /// `null`: sealed.
    #[schema(required)]
    ended_at: Option<time::At>,
}

impl From<Line> for Sealing {
    fn from(line: Line) -> Sealing {
        Sealing {
            id: line.id,
            code: line.code,
            paper: line.paper,
            sealed_at: line.sealed_at,
            sealed_by: line.sealed_by,
            asked_at: line.asked_at,
            ended_at: line.ended_at,
        }
    }
}

/// One of them with its paper.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct SealingWhole {
    #[serde(flatten)]
    line: Sealing,
    paper_no: String,
    paper_on: Day,
}

impl From<Whole> for SealingWhole {
    fn from(whole: Whole) -> SealingWhole {
        SealingWhole { paper_no: whole.paper_no.told(), paper_on: whole.paper_on, line: whole.line.into() }
    }
}

/// What was sealed in the commune, newest first.
#[utoipa::path(get, path = "/api/v1/sealings", params(Paging), responses((status = 200, body = Listed<Sealing>)))]
pub async fn list(app: App, scope: Scope<ListSealings>, asked: Asked<Nothing>) -> Result<Json<Listed<Sealing>>, Oops> {
    let page = super::list(app.store(), &scope, &asked.page).await?;
    Ok(Json(Listed::of(page.map(Sealing::from), None)))
}

/// One seal.
#[utoipa::path(get, path = "/api/v1/sealings/{sealing}", params(("sealing" = SealingId, Path)),
    responses((status = 200, body = SealingWhole)))]
pub async fn one(app: App, grant: Grant<SeeSealing>) -> Result<Response, Oops> {
    let whole = super::one(app.store(), &grant).await?;
    Ok(json::versioned(None, SealingWhole::from(whole)))
}
