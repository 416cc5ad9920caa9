//! What is missing, for programs.

use super::model::{Line, OfficerGaps};
use crate::{
    app::App,
    base::ids::CaseId,
    follow_ups::api::StaffName,
    http::{Asked, Json, Listed, Nothing, Oops, json::Paging},
    policy::acts::ListGaps,
    store::Scope,
};

/// A case in which something is missing.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseGaps {
    id: CaseId,
    code: String,
    name: String,
    /// `released_on`, `certificate_on`, `present_by_on`, `birth`, `identity`, `phone`, `hamlet`, `judgment`, `pledge`, `sheet`,
    /// `group`, `helper`, `work`, `needs`.
    missing: Vec<&'static str>,
}

impl From<Line> for CaseGaps {
    fn from(line: Line) -> CaseGaps {
        let missing = line.gaps().into_iter().map(|gap| gap.word).collect();
        CaseGaps { id: line.id, code: line.code, name: line.name, missing }
    }
}

/// My live cases in which something is missing, by name.
#[utoipa::path(get, path = "/api/v1/gaps", params(Paging), responses((status = 200, body = Listed<CaseGaps>)))]
pub async fn list(app: App, scope: Scope<ListGaps>, asked: Asked<Nothing>) -> Result<Json<Listed<CaseGaps>>, Oops> {
    let store = app.store();
    let page = super::list(store, &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(store, &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(CaseGaps::from), count)))
}

/// How much is missing in the live cases of one officer.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct GapCount {
    /// `null`: nobody has them.
    #[schema(required)]
    officer: Option<StaffName>,
    cases: i64,
    /// Cases in which anything is missing.
    lacking: i64,
    /// Facts that are missing.
    gaps: i64,
}

impl From<OfficerGaps> for GapCount {
    fn from(row: OfficerGaps) -> GapCount {
        let OfficerGaps { officer_id, officer, cases, lacking, gaps } = row;
        GapCount { officer: StaffName::of(officer_id, officer), cases, lacking, gaps }
    }
}

/// How much is missing with whom, among the cases that I may open; most first.
#[utoipa::path(get, path = "/api/v1/gap-counts", params(Paging), responses((status = 200, body = Listed<GapCount>)))]
pub async fn counts(app: App, scope: Scope<ListGaps>, asked: Asked<Nothing>) -> Result<Json<Listed<GapCount>>, Oops> {
    let rows: Vec<GapCount> = super::by_officer(app.store(), &scope).await?.into_iter().map(GapCount::from).collect();
    let key = |row: &GapCount| row.officer.as_ref().map_or_else(String::new, |officer| officer.id.to_string());
    Ok(Json(Listed::cut(rows, &asked, key)?))
}
