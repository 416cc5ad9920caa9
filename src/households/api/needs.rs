//! What households, children and relatives need, for programs.

use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, ChildId, HomeNeedId, HouseholdId, RelativeId},
        time::{At, Day},
        words::{HomeNeedKind, KinKind, NeedLevel},
    },
    cases,
    follow_ups::api::StaffName,
    households::{
        self,
        model::{MetDraft, NeedDraft, NeedRow, SharedNeed, Whose},
        needs,
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::acts::{AddHomeNeed, MeetHomeNeed, SeeCase, SeeFamily, SeeHomeNeed},
    store::{Grant, Store},
};
use axum::response::Response;

/// Whose need it is: one of the three.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedOf {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    household: Option<HouseholdId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    child: Option<ChildId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relative: Option<RelativeId>,
}

impl NeedOf {
    fn typed(self) -> String {
        let kin = super::KinId { relative: self.relative, child: self.child };
        self.household.map_or_else(|| kin.typed(), |id| Whose::Household(id).to_string())
    }
}

/// What somebody of the family needs, until it is met.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HomeNeed {
    id: HomeNeedId,
    whose: NeedOf,
    kind: HomeNeedKind,
    what: String,
    level: NeedLevel,
    by: StaffName,
    made_at: At,
    /// `null`: not met yet.
    #[schema(required)]
    met_on: Option<Day>,
    #[schema(required)]
    met_note: Option<String>,
    version: i64,
}

impl From<NeedRow> for HomeNeed {
    fn from(row: NeedRow) -> HomeNeed {
        HomeNeed {
            id: row.id,
            whose: NeedOf { household: row.household_id, child: row.child_id, relative: row.relative_id },
            kind: row.kind,
            what: row.what.told(),
            level: row.level,
            by: StaffName { id: row.by_id, name: row.by },
            made_at: row.made_at,
            met_on: row.met_on,
            met_note: row.met_note.told(),
            version: row.version,
        }
    }
}

async fn all(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<HomeNeed>, Oops> {
    let home = households::written_down(store, grant).await?;
    cases::opened(store, grant, &["family"]).await?;
    Ok(home.needs.into_iter().map(HomeNeed::from).collect())
}

async fn read(store: &Store, grant: &Grant<SeeFamily>, id: HomeNeedId) -> Result<HomeNeed, Oops> {
    all(store, grant).await?.into_iter().find(|row| row.id == id).ok_or(Oops::Unknown)
}

/// What the family needs, what is not met first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/home-needs", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<HomeNeed>)))]
pub async fn list(app: App, grant: Grant<SeeFamily>, asked: Asked<Nothing>) -> Result<Json<Listed<HomeNeed>>, Oops> {
    Ok(Json(Listed::cut(all(app.store(), &grant).await?, &asked, |row| row.id.to_string())?))
}

/// A need to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeNeedToWrite {
    whose: Option<NeedOf>,
    #[schema(value_type = HomeNeedKind)]
    kind: Option<String>,
    what: Option<String>,
    /// `some` or `urgent`.
    #[schema(value_type = NeedLevel)]
    level: Option<String>,
}

/// Writes down what somebody of the family needs.
#[utoipa::path(post, path = "/api/v1/cases/{case}/home-needs", params(("case" = CaseId, Path)), request_body = HomeNeedToWrite,
    responses((status = 201, body = HomeNeed)))]
pub async fn add(app: App, grant: Grant<AddHomeNeed>, told: Told<HomeNeedToWrite>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddHomeNeed, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let HomeNeedToWrite { whose, kind, what, level } = told.body;
    let draft = NeedDraft {
        whose: whose.map(NeedOf::typed).unwrap_or_default(),
        kind: json::text(kind),
        what: json::text(what),
        level: json::text(level),
    };
    let id = needs::add(&app, grant, &draft, told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/home-needs", see.id()), body))
}

/// On which day it was met.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fulfilment {
    /// Today unless told.
    on: Option<DayText>,
    note: Option<String>,
}

/// Writes down that a need was met.
#[utoipa::path(post, path = "/api/v1/home-needs/{home_need}/fulfilment",
    params(("home_need" = HomeNeedId, Path), ("If-Match" = String, Header)), request_body = Fulfilment,
    responses((status = 200, body = HomeNeed)))]
pub async fn meet(app: App, grant: Grant<MeetHomeNeed>, told: Told<Fulfilment>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<MeetHomeNeed, SeeHomeNeed>(&grant).ok_or(Oops::Unknown)?;
    let draft = MetDraft { on: json::day(told.body.on), note: json::text(told.body.note), version: String::new() };
    needs::meet(store, grant, &draft, Some(version), told.key).await?;
    let case = needs::case_of(store, &see).await?;
    let family = store.onward::<SeeHomeNeed, SeeFamily>(&see, case).await?;
    let body = read(store, &family, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// A need that the family lets helpers know, without a name and without a place.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct SharedHomeNeed {
    id: HomeNeedId,
    whose: KinKind,
    /// How a relative is called at home, in which class a child is.
    #[schema(required)]
    called: Option<String>,
    kind: HomeNeedKind,
    what: String,
    level: NeedLevel,
}

impl From<SharedNeed> for SharedHomeNeed {
    fn from(row: SharedNeed) -> SharedHomeNeed {
        SharedHomeNeed {
            id: row.id,
            whose: row.whose(),
            called: row.relation.told().or(row.grade.told()),
            kind: row.kind,
            what: row.what.told(),
            level: row.level,
        }
    }
}

/// What households and children need, as far as helpers may know.
#[utoipa::path(get, path = "/api/v1/cases/{case}/shared-home-needs", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<SharedHomeNeed>)))]
pub async fn shared(
    app: App,
    grant: Grant<SeeCase>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<SharedHomeNeed>>, Oops> {
    let rows = needs::shared(app.store(), &grant).await?;
    cases::opened(app.store(), &grant, if rows.is_empty() { &[] } else { &["family"] }).await?;
    let rows = rows.into_iter().map(SharedHomeNeed::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &SharedHomeNeed| row.id.to_string())?))
}
