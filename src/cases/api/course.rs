//! The way of a case for programs: steps, end, reopening, what it goes on as, a further case, groups; and what was put right.

use super::{
    CaseToOpen,
    bodies::{CaseClosure, CaseContinuation, CaseReopening, CaseStep, ClassificationToMake, PapersCorrection},
    outward, read,
    views::Case,
};
use crate::{
    app::App,
    base::{
        ids::{CaseId, CorrectionId},
        time,
    },
    cases::{
        self, history,
        model::{CorrectionRow, ReopeningDraft},
    },
    http::{
        Asked, At, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::{
        Act,
        acts::{Classify, CloseCase, ContinueCase, EditParts, MoveCase, OpenAgain, ReopenCase, SeeCase, SeeHistory},
        subjects,
    },
    store::{Grant, Store},
};
use axum::response::Response;

/// The grant to see the case afterwards: what is changed is answered as it stands then.
fn onlooker<A: Act<On = subjects::Case>>(store: &Store, grant: &Grant<A>) -> Result<Grant<SeeCase>, Oops> {
    store.also::<A, SeeCase>(grant).ok_or(Oops::Unknown)
}

async fn answer(store: &Store, at: &At, see: &Grant<SeeCase>) -> Result<Response, Oops> {
    let (version, body) = read(store, at, see, None).await?;
    Ok(json::versioned(version, body))
}

/// Takes a step: address checked, sender informed, term found, received, pledge or sheet later, suspended, resumed.
#[utoipa::path(post, path = "/api/v1/cases/{case}/steps", params(("case" = CaseId, Path)), request_body = CaseStep,
    responses((status = 200, body = Case)))]
pub async fn step(app: App, at: At, grant: Grant<MoveCase>, told: Told<CaseStep>) -> Result<Response, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::take_step(store, grant, &told.body.draft(), told.version).await?;
    answer(store, &at, &see).await
}

/// Closes a case on a ground.
#[utoipa::path(post, path = "/api/v1/cases/{case}/closure", params(("case" = CaseId, Path)), request_body = CaseClosure,
    responses((status = 200, body = Case)))]
pub async fn close(app: App, at: At, grant: Grant<CloseCase>, told: Told<CaseClosure>) -> Result<Response, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::close(store, grant, &told.body.draft(), told.version, told.key).await?;
    answer(store, &at, &see).await
}

/// Opens a closed case again.
#[utoipa::path(post, path = "/api/v1/cases/{case}/reopening", params(("case" = CaseId, Path)), request_body = CaseReopening,
    responses((status = 200, body = Case)))]
pub async fn reopen(app: App, at: At, grant: Grant<ReopenCase>, told: Told<CaseReopening>) -> Result<Response, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::reopen(store, grant, &ReopeningDraft { reason: json::text(told.body.reason) }, told.key).await?;
    answer(store, &at, &see).await
}

/// Lets a case go on under the regime that follows on its own, with everything that is under way.
#[utoipa::path(post, path = "/api/v1/cases/{case}/continuation", params(("case" = CaseId, Path)),
    request_body = CaseContinuation, responses((status = 200, body = Case)))]
pub async fn go_on(
    app: App,
    at: At,
    grant: Grant<ContinueCase>,
    told: Told<CaseContinuation>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::go_on(store, grant, &told.body.draft(), told.version, told.key).await?;
    answer(store, &at, &see).await
}

/// The id of a case that was opened: whoever opened it for a colleague may not see more.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseOpened {
    id: CaseId,
}

/// Opens a new case for the person of a closed one. Who she is stays as it is known: those fields are not read.
#[utoipa::path(post, path = "/api/v1/cases/{case}/courses", params(("case" = CaseId, Path)), request_body = CaseToOpen,
    responses((status = 201, body = CaseOpened)))]
pub async fn open_again(app: App, grant: Grant<OpenAgain>, told: Told<CaseToOpen>) -> Result<Response, Oops> {
    let id = cases::open_again(app.store(), grant, &told.body.draft(), told.key).await.map_err(outward)?;
    Ok(json::created(format!("/api/v1/cases/{id}"), CaseOpened { id }))
}

/// Puts the person in a group, with the helper's report behind it; the interval of visits changes from that day.
#[utoipa::path(post, path = "/api/v1/cases/{case}/classifications", params(("case" = CaseId, Path)),
    request_body = ClassificationToMake, responses((status = 200, body = Case)))]
pub async fn classify(
    app: App,
    at: At,
    grant: Grant<Classify>,
    told: Told<ClassificationToMake>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::classify(store, grant, &told.body.draft(), told.key).await.map_err(|refused| match outward(refused) {
        Oops::Invalid(mut invalid) => {
            for refusal in invalid.0.iter_mut().filter(|refusal| refusal.field == "organisation") {
                refusal.field = "organisation_id".into();
            }
            Oops::Invalid(invalid)
        }
        other => other,
    })?;
    answer(store, &at, &see).await
}

/// Puts the legal part right, as the papers say it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/papers", params(("case" = CaseId, Path), ("If-Match" = String, Header)),
    request_body = PapersCorrection, responses((status = 200, body = Case)))]
pub async fn papers(app: App, at: At, grant: Grant<EditParts>, told: Told<PapersCorrection>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = onlooker(store, &grant)?;
    let now = history::legal_of(store, &see).await?;
    if now.version != version {
        return Err(Oops::Stale);
    }
    let draft = told.body.over(now.papers());
    history::correct_papers(store, grant, &draft, Some(version)).await?;
    answer(store, &at, &see).await
}

/// One field of a case that was put right.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Correction {
    id: CorrectionId,
    /// `case`, `identity`, `legal`, `sentence`, `health`, `origin`: only parts that I may see are there.
    part: String,
    field: String,
    /// Empty: nothing stood there. A number is masked.
    before: String,
    after: String,
    /// Name of who changed it.
    by: String,
    made_at: time::At,
}

impl From<CorrectionRow> for Correction {
    fn from(row: CorrectionRow) -> Correction {
        let (before, after) = (row.shown(row.before.text()), row.shown(row.after.text()));
        Correction { id: row.id, part: row.part, field: row.field, before, after, by: row.by, made_at: row.made_at }
    }
}

/// What was put right in a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/history", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Correction>)))]
pub async fn history(
    app: App,
    grant: Grant<SeeHistory>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Correction>>, Oops> {
    let store = app.store();
    let see = onlooker(store, &grant)?;
    cases::opened(store, &see, &history::sensitive(store, &grant)).await?;
    let rows: Vec<Correction> = history::of_case(store, &grant).await?.into_iter().map(Correction::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &Correction| row.id.to_string())?))
}
