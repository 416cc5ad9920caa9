//! Areas for programs.

use super::model::{Line, full_name};
use crate::{
    app::App,
    base::time::Day,
    http::{Asked, Json, Listed, Nothing, Oops, json::Paging},
    policy::{AreaCode, acts::ListAreas},
    store::Scope,
};

/// A province or a commune, with its official code.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Area {
    code: AreaCode,
    name: String,
    /// With its kind, as it is said: `Xã Ô Lâm`.
    full_name: String,
    /// `province`, `city`, `commune`, `ward`, `special_zone`.
    kind: String,
    /// The province of a commune.
    #[schema(required)]
    province: Option<AreaCode>,
    valid_from: Day,
    legal_basis: String,
}

/// An area as other records name it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct AreaName {
    pub code: AreaCode,
    pub name: String,
}

impl From<Line> for Area {
    fn from(line: Line) -> Area {
        Area {
            full_name: full_name(&line.kind, &line.name),
            code: line.code,
            name: line.name,
            kind: line.kind,
            province: line.province_code,
            valid_from: line.valid_from,
            legal_basis: line.legal_basis,
        }
    }
}

/// The areas that I may see, by code.
#[utoipa::path(get, path = "/api/v1/areas", params(Paging), responses((status = 200, body = Listed<Area>)))]
pub async fn list(app: App, scope: Scope<ListAreas>, asked: Asked<Nothing>) -> Result<Json<Listed<Area>>, Oops> {
    let page = super::list(app.store(), &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(Area::from), count)))
}
