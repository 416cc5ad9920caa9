//! Organisations for programs.

use super::model::Line;
use crate::{
    app::App,
    base::ids::OrganisationId,
    http::{Asked, Json, Listed, Nothing, Oops, json::Paging},
    policy::{AreaCode, acts::ListOrganisations},
    store::Scope,
};

/// A mass organisation of one commune.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Organisation {
    id: OrganisationId,
    area: AreaCode,
    kind: String,
    name_vi: String,
    name_en: String,
}

impl From<Line> for Organisation {
    fn from(line: Line) -> Organisation {
        let Line { id, area_code, kind, name_vi, name_en } = line;
        Organisation { id, area: area_code, kind, name_vi, name_en }
    }
}

/// An organisation as other records name it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct OrganisationName {
    pub id: OrganisationId,
    pub name: String,
}

/// The organisations that I may see, by commune and kind.
#[utoipa::path(get, path = "/api/v1/organisations", params(Paging), responses((status = 200, body = Listed<Organisation>)))]
pub async fn list(
    app: App,
    scope: Scope<ListOrganisations>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Organisation>>, Oops> {
    let page = super::list(app.store(), &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(Organisation::from), count)))
}
