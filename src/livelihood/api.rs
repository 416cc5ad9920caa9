//! Help promised and given, for programs.

use super::model::{Draft, HelpRow, StateDraft};
use crate::{
    app::App,
    base::{
        ids::{CaseId, HelpId},
        time::{At, Day},
        words::{HelpKind, HelpState},
    },
    cases,
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    organisations::api::OrganisationName,
    policy::acts::{ChangeHelp, LogHelp, ReadHelp, SeeCase},
    store::{Grant, Store},
};
use axum::response::Response;

/// A piece of help, promised or given, and from which fund.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Help {
    id: HelpId,
    kind: HelpKind,
    what: String,
    state: HelpState,
    /// Who gives it; `null`: the office.
    #[schema(required)]
    organisation: Option<OrganisationName>,
    #[schema(required)]
    promised_on: Option<Day>,
    #[schema(required)]
    given_on: Option<Day>,
    /// Its worth in whole đồng.
    #[schema(required)]
    vnd: Option<i64>,
    fund: String,
    by: StaffName,
    made_at: At,
    version: i64,
}

impl From<HelpRow> for Help {
    fn from(row: HelpRow) -> Help {
        Help {
            id: row.id,
            kind: row.kind,
            what: row.what.told(),
            state: row.state,
            organisation: row.organisation_id.zip(row.organisation).map(|(id, name)| OrganisationName { id, name }),
            promised_on: row.promised_on,
            given_on: row.given_on,
            vnd: row.vnd,
            fund: row.fund.told(),
            by: StaffName { id: row.by_id, name: row.by },
            made_at: row.made_at,
            version: row.version,
        }
    }
}

/// The help of a case: all for the office, for a helper that of her own organisation.
#[utoipa::path(get, path = "/api/v1/cases/{case}/help", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Help>)))]
pub async fn list(app: App, grant: Grant<SeeCase>, asked: Asked<Nothing>) -> Result<Json<Listed<Help>>, Oops> {
    cases::opened(app.store(), &grant, &[]).await?;
    let rows: Vec<Help> = super::of_case(app.store(), &grant).await?.into_iter().map(Help::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

async fn read(store: &Store, grant: &Grant<SeeCase>, id: HelpId) -> Result<Help, Oops> {
    let row = super::of_case(store, grant).await?.into_iter().find(|row| row.id == id);
    row.map(Help::from).ok_or(Oops::Unknown)
}

/// Help to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpToLog {
    #[schema(value_type = HelpKind)]
    kind: Option<String>,
    what: Option<String>,
    /// `promised` unless told.
    #[schema(value_type = Option<HelpState>)]
    state: Option<String>,
    promised_on: Option<DayText>,
    given_on: Option<DayText>,
    vnd: Option<i64>,
    fund: Option<String>,
}

/// Writes down a piece of help; a helper's is her organisation's.
#[utoipa::path(post, path = "/api/v1/cases/{case}/help", params(("case" = CaseId, Path)), request_body = HelpToLog,
    responses((status = 201, body = Help)))]
pub async fn log(app: App, grant: Grant<LogHelp>, told: Told<HelpToLog>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<LogHelp, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let HelpToLog { kind, what, state, promised_on, given_on, vnd, fund } = told.body;
    let draft = Draft {
        kind: json::text(kind),
        what: json::text(what),
        state: json::text(state),
        promised_on: json::day(promised_on),
        given_on: json::day(given_on),
        vnd: vnd.map(|vnd| vnd.to_string()).unwrap_or_default(),
        fund: json::text(fund),
    };
    let id = super::log(store, grant, &draft, told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/help", see.id()), body))
}

/// How far it has come.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpChange {
    #[schema(value_type = HelpState)]
    state: Option<String>,
    /// The day of handing over; today unless told.
    given_on: Option<DayText>,
}

/// Says how far a piece of help has come: onward, never back.
#[utoipa::path(patch, path = "/api/v1/help/{help}", params(("help" = HelpId, Path), ("If-Match" = String, Header)),
    request_body = HelpChange, responses((status = 200, body = Help)))]
pub async fn change(app: App, grant: Grant<ChangeHelp>, told: Told<HelpChange>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<ChangeHelp, ReadHelp>(&grant).ok_or(Oops::Unknown)?;
    let HelpChange { state, given_on } = told.body;
    let draft = StateDraft { state: json::text(state), given_on: json::day(given_on), version: String::new() };
    super::change(store, grant, &draft, Some(version)).await?;
    let case = super::case_of(store, &see).await?;
    let case = store.onward::<ReadHelp, SeeCase>(&see, case).await?;
    let body = read(store, &case, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}
