//! Funds for programs.

use super::model::{Draft, Line};
use crate::{
    app::App,
    base::{ids::FundId, time::Day, words::FundKind},
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::{
        AreaCode,
        acts::{AddFund, EndFund, ListFunds, SeeFund},
    },
    store::{Grant, Scope},
};
use axum::response::Response;

/// Where money comes from, and what it asks for.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Fund {
    id: FundId,
    area: AreaCode,
    kind: FundKind,
    name: String,
    #[schema(required)]
    least_vnd: Option<i64>,
    #[schema(required)]
    most_vnd: Option<i64>,
    #[schema(required)]
    most_months: Option<i64>,
    /// Hundredths of a percent a month: 50 is 0.5 %.
    #[schema(required)]
    rate_month: Option<i64>,
    terms: String,
    /// Nothing of it is given before the head has approved.
    head_approves: bool,
    from_on: Day,
    #[schema(required)]
    to_on: Option<Day>,
    version: i64,
}

impl From<Line> for Fund {
    fn from(line: Line) -> Fund {
        Fund {
            id: line.id,
            area: line.area_code,
            kind: line.kind,
            name: line.name,
            least_vnd: line.least_vnd,
            most_vnd: line.most_vnd,
            most_months: line.most_months,
            rate_month: line.rate_month,
            terms: line.terms,
            head_approves: line.head_approves,
            from_on: line.from_on,
            to_on: line.to_on,
            version: line.version,
        }
    }
}

/// A fund as other records name it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct FundName {
    pub id: FundId,
    pub name: String,
}

/// The funds that I may use, by name.
#[utoipa::path(get, path = "/api/v1/funds", params(Paging), responses((status = 200, body = Listed<Fund>)))]
pub async fn list(app: App, scope: Scope<ListFunds>, asked: Asked<Nothing>) -> Result<Json<Listed<Fund>>, Oops> {
    let page = super::list(app.store(), &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(Fund::from), count)))
}

/// One fund.
#[utoipa::path(get, path = "/api/v1/funds/{fund}", params(("fund" = FundId, Path)), responses((status = 200, body = Fund)))]
pub async fn one(app: App, grant: Grant<SeeFund>) -> Result<Response, Oops> {
    let fund = Fund::from(super::one(app.store(), &grant).await?);
    Ok(json::versioned(Some(fund.version), fund))
}

/// A fund to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FundToAdd {
    #[schema(value_type = FundKind)]
    kind: Option<String>,
    name: Option<String>,
    least_vnd: Option<i64>,
    most_vnd: Option<i64>,
    most_months: Option<i64>,
    /// Hundredths of a percent a month: 50 is 0.5 %.
    rate_month: Option<i64>,
    terms: Option<String>,
    head_approves: Option<bool>,
    from_on: Option<DayText>,
}

/// Writes down a fund of a commune.
#[utoipa::path(post, path = "/api/v1/areas/{area}/funds", params(("area" = AreaCode, Path)), request_body = FundToAdd,
    responses((status = 201, body = Fund)))]
pub async fn add(app: App, grant: Grant<AddFund>, told: Told<FundToAdd>) -> Result<Response, Oops> {
    let store = app.store();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let body = told.body;
    let draft = Draft {
        kind: json::text(body.kind),
        name: json::text(body.name),
        least: number(body.least_vnd),
        most: number(body.most_vnd),
        months: number(body.most_months),
        rate: body.rate_month.map(|rate| format!("{}.{:02}", rate / 100, rate % 100)).unwrap_or_default(),
        terms: json::text(body.terms),
        head_approves: json::yes(body.head_approves),
        from_on: json::day(body.from_on),
    };
    let see = store.onward::<AddFund, crate::policy::acts::SeeArea>(&grant, grant.id()).await?;
    let id = super::add(store, grant, &draft, told.key).await?;
    let fund = store.onward::<crate::policy::acts::SeeArea, SeeFund>(&see, id).await?;
    let body = Fund::from(super::one(store, &fund).await?);
    Ok(json::created(format!("/api/v1/funds/{id}"), body))
}

/// Says that a fund gives nothing any more.
#[utoipa::path(post, path = "/api/v1/funds/{fund}/ending", params(("fund" = FundId, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Fund)))]
pub async fn end(app: App, grant: Grant<EndFund>, told: Told<Nothing>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<EndFund, SeeFund>(&grant).ok_or(Oops::Unknown)?;
    super::end(store, grant, Some(version)).await?;
    let fund = Fund::from(super::one(store, &see).await?);
    Ok(json::versioned(Some(fund.version), fund))
}
