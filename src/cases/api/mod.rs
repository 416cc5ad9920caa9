//! Cases for programs: the list, the search, one case with the parts that the asker may see, and what changes it.

mod bodies;
mod course;
mod views;

pub use bodies::{CaseCorrection, CaseToOpen};
pub use course::*;
use views::Beside;
pub use views::{Case, CaseLine};

use super::model::{Filter, Sort};
use crate::{
    app::{App, Refused},
    base::{
        ids::{CaseId, HamletId, UserId},
        refusal::Invalid,
        words::CaseStatus,
    },
    families,
    follow_ups::{self, api::Reader},
    http::{
        Asked, At, Json, Listed, Oops, Query, Told,
        door::AtHome,
        json::{self, Paging},
    },
    livelihood,
    policy::{
        AreaCode,
        acts::{EditCase, ListCases, OpenCase, SeeCase, SeeFamily, SeeIdentity},
    },
    referrals,
    store::{Fault, Grant, Scope, Store},
};
use axum::response::Response;

/// Which cases. A helper's list takes no filter that comes from a part she may not see.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The live ones unless told.
    status: Option<CaseStatus>,
    area: Option<AreaCode>,
    /// Only those that I am in charge of.
    mine: Option<bool>,
    /// Only those that nobody is in charge of.
    unassigned: Option<bool>,
    hamlet: Option<HamletId>,
    officer: Option<UserId>,
    /// `name` (as Vietnamese are sorted) unless told, or `opened` (newest first).
    sort: Option<Sort>,
}

/// The cases that I may see.
#[utoipa::path(get, path = "/api/v1/cases", params(Paging, Which), responses((status = 200, body = Listed<CaseLine>)))]
pub async fn list(app: App, scope: Scope<ListCases>, asked: Asked<Which>) -> Result<Json<Listed<CaseLine>>, Oops> {
    let Which { status, area, mine, unassigned, hamlet, officer, sort } = asked.query;
    let filter = Filter {
        status,
        area,
        mine: mine.unwrap_or(false),
        unassigned: unassigned.unwrap_or(false),
        hamlet,
        officer,
        sort: sort.unwrap_or_default(),
    };
    let store = app.store();
    let helper = super::is_helper(store, scope.actor());
    // No filter may come from a part she does not see; to leave it out silently would answer another question.
    if helper && !filter.is_plain() {
        return Err(Refused::from(Invalid::one("", "no_filter_here")).into());
    }
    let page = super::list(store, &scope, &filter, &asked.page).await?;
    let count = if asked.count { Some(super::count(store, &scope, &filter).await?) } else { None };
    Ok(Json(Listed::of(page.map(|line| CaseLine::of(line, helper)), count)))
}

/// What is looked for: part of a name without marks, a hamlet, a code; a whole telephone or ID number.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseSearch {
    q: String,
    /// 1 to 100; 25 unless told.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// Finds people. Names and numbers never stand in a URL; each search is one row of the read log.
#[utoipa::path(post, path = "/api/v1/case-searches", request_body = CaseSearch, responses((status = 200, body = Listed<CaseLine>)))]
pub async fn search(app: App, scope: Scope<ListCases>, told: Told<CaseSearch>) -> Result<Json<Listed<CaseLine>>, Oops> {
    let limit = told.body.limit.unwrap_or(25);
    if !(1..=100).contains(&limit) {
        return Err(Invalid::one("limit", "out_of_range").into());
    }
    let helper = super::is_helper(app.store(), scope.actor());
    crate::http::pace::search(&app, scope.actor())?;
    let found = super::search(app.store(), &scope, &told.body.q, limit).await?;
    let items = found.into_iter().map(|line| CaseLine::of(line, helper)).collect();
    Ok(Json(Listed { items, next: None, count: None }))
}

/// What to show unmasked.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Show {
    /// The ID number whole: an opening of its own in the read log.
    reveal: Option<Reveal>,
}

/// A part that is masked until asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reveal {
    Identity,
}

/// One case: only the parts that I may see are there.
#[utoipa::path(get, path = "/api/v1/cases/{case}", params(("case" = CaseId, Path), Show), responses((status = 200, body = Case)))]
pub async fn one(app: App, at: At, grant: Grant<SeeCase>, Query(show): Query<Show>) -> Result<Response, Oops> {
    let (version, body) = read(app.store(), &at, &grant, show.reveal).await?;
    Ok(json::versioned(version, body))
}

/// The case as the holder of the grant may see it, and its version where she may know it.
async fn read(
    store: &Store,
    at: &At,
    grant: &Grant<SeeCase>,
    reveal: Option<Reveal>,
) -> Result<(Option<i64>, Case), Oops> {
    let helper = super::is_helper(store, grant.actor());
    let book = follow_ups::rulebook(store).await?;
    let reader = Reader::new(store, &book, at.lang, helper);
    if helper {
        let row = super::headline(store, grant).await?;
        let needs = referrals::for_me(store, grant).await?;
        let tasks = follow_ups::tasks_of_case(store, grant, true).await?;
        return Ok((None, Case::for_helper(row, needs, tasks, &reader)));
    }
    let family = store.also::<SeeCase, SeeFamily>(grant);
    // One row of the trail names every part, the family too.
    let whole = store.also::<SeeCase, SeeIdentity>(grant).filter(|_| reveal == Some(Reveal::Identity));
    let beside: Vec<&'static str> = [family.as_ref().map(|_| "family"), whole.as_ref().map(|_| super::WHOLE_NUMBER)]
        .into_iter()
        .flatten()
        .collect();
    let view = super::see_as(store, grant, super::View::Whole, &beside).await?;
    let family = match family {
        Some(grant) => Some(families::written_down(store, &grant).await?),
        None => None,
    };
    let tasks = follow_ups::tasks_of_case(store, grant, false).await?;
    let beside = Beside { tasks, helps: livelihood::of_case(store, grant).await?, family };
    let number = match whole {
        Some(identity) => super::identity_number(store, &identity).await?,
        None => view.row.masked_id(),
    };
    Ok((Some(view.row.version), Case::for_office(view, number, beside, &reader)))
}

/// Opens a case in my commune. I am in charge unless another officer is named.
#[utoipa::path(post, path = "/api/v1/cases", request_body = CaseToOpen, responses((status = 201, body = Case)))]
pub async fn open(app: App, at: At, AtHome(grant): AtHome<OpenCase>, told: Told<CaseToOpen>) -> Result<Response, Oops> {
    let store = app.store();
    let home = store.also::<OpenCase, OpenCase>(&grant).ok_or(Oops::Unknown)?;
    let id = super::open(store, grant, &told.body.draft(), told.key).await.map_err(outward)?;
    let see = match store.onward::<OpenCase, SeeCase>(&home, id).await {
        Ok(see) => see,
        // Opened for a colleague whose cases the opener may not see: it stands, and she is told no more than its id.
        Err(Fault::Denied(_)) => {
            return Ok(json::created(format!("/api/v1/cases/{id}"), serde_json::json!({ "id": id })));
        }
        Err(other) => return Err(other.into()),
    };
    let (_version, body) = read(store, &at, &see, None).await?;
    Ok(json::created(format!("/api/v1/cases/{id}"), body))
}

/// Corrects name, birth, contact and hamlet; what is not named stays as it is.
#[utoipa::path(patch, path = "/api/v1/cases/{case}", params(("case" = CaseId, Path), ("If-Match" = String, Header)),
    request_body = CaseCorrection, responses((status = 200, body = Case)))]
pub async fn correct(app: App, at: At, grant: Grant<EditCase>, told: Told<CaseCorrection>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<EditCase, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    // What is answered is read, and written down, once the correction is made.
    let before = super::written_down(store, &see).await?;
    // Read before the unit of work and written in it: the version says that nothing came between.
    if before.version != version {
        return Err(Oops::Stale);
    }
    super::correct(store, grant, &told.body.over(&before), Some(version)).await.map_err(outward)?;
    let (version, body) = read(store, &at, &see, None).await?;
    Ok(json::versioned(version, body))
}

/// Refusals under the names that the fields have in bodies.
fn outward(refused: Refused) -> Oops {
    match refused {
        Refused::Invalid(Invalid(mut refusals)) => {
            for refusal in &mut refusals {
                match refusal.field.as_ref() {
                    "wishes" => refusal.field = "contact_wishes".into(),
                    "birth" => refusal.field = "birth_on".into(),
                    _ => {}
                }
            }
            Oops::Invalid(Invalid(refusals))
        }
        other => other.into(),
    }
}
