//! Doubles for programs.

use super::model::{Line, Side};
use crate::{
    app::App,
    base::{ids::DoubleId, time::At, words::DoubleState},
    http::{
        Asked, Json, Listed, Nothing, Oops,
        json::{self, Paging},
    },
    policy::{
        AreaCode,
        acts::{ListDoubles, SeeDouble},
    },
    store::{Grant, Scope},
};
use axum::response::Response;

/// One side of a pair.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DoubleSide {
    /// `null`: the reader may not know it.
    #[schema(required)]
    code: Option<String>,
    area: String,
}

impl From<Side> for DoubleSide {
    fn from(side: Side) -> DoubleSide {
        DoubleSide { code: Some(side.code).filter(|code| !code.is_empty()), area: side.area }
    }
}

/// Two records that may be one person's.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PossibleDouble {
    id: DoubleId,
    sides: Vec<DoubleSide>,
    /// What agrees: `number`, `name`, `year`, `phone`.
    why: Vec<String>,
    state: DoubleState,
    found_at: At,
    version: i64,
}

impl PossibleDouble {
    fn of(line: Line, area: &AreaCode) -> PossibleDouble {
        PossibleDouble {
            sides: line.sides(area).into_iter().map(DoubleSide::from).collect(),
            id: line.id,
            why: line.why.split(' ').map(str::to_owned).collect(),
            state: line.state,
            found_at: line.found_at,
            version: line.version,
        }
    }
}

/// Pairs within my reach, settled ones too, newest first.
#[utoipa::path(get, path = "/api/v1/doubles", params(Paging), responses((status = 200, body = Listed<PossibleDouble>)))]
pub async fn list(
    app: App,
    scope: Scope<ListDoubles>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<PossibleDouble>>, Oops> {
    let area = scope.actor().area();
    let page = super::list(app.store(), &scope, true, &asked.page).await?;
    Ok(Json(Listed::of(page.map(|line| PossibleDouble::of(line, area)), None)))
}

/// One pair.
#[utoipa::path(get, path = "/api/v1/doubles/{possible_double}", params(("possible_double" = DoubleId, Path)),
    responses((status = 200, body = PossibleDouble)))]
pub async fn one(app: App, grant: Grant<SeeDouble>) -> Result<Response, Oops> {
    let line = super::one(app.store(), &grant).await?;
    let version = line.version;
    Ok(json::versioned(Some(version), PossibleDouble::of(line, grant.actor().area())))
}
