//! Consents for programs.

use super::model::{ConsentRow, Draft, WithdrawalDraft};
use crate::{
    app::App,
    base::{
        ids::{CaseId, ConsentId, OrganisationId},
        sealed::SealedText as _,
        time::{At, Day},
        words::{AgreementHow, ConsentGroup},
    },
    cases,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::acts::{GiveConsent, SeeConsent, SeeConsents, WithdrawConsent},
    store::{Grant, Store},
};
use axum::response::Response;

/// What a person has agreed to.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PersonConsent {
    id: ConsentId,
    group: ConsentGroup,
    #[schema(required)]
    organisation: Option<String>,
    /// The wording that she agreed to, in Vietnamese, and its number.
    text: String,
    text_number: i64,
    /// SHA-256 of the wording as it was given.
    text_hash: String,
    how: AgreementHow,
    given_on: Day,
    #[schema(required)]
    paper: Option<String>,
    /// `null`: in force.
    #[schema(required)]
    withdrawn_at: Option<At>,
    version: i64,
}

impl From<ConsentRow> for PersonConsent {
    fn from(row: ConsentRow) -> PersonConsent {
        PersonConsent {
            id: row.id,
            group: row.grp,
            organisation: row.organisation,
            text: row.text_vi,
            text_number: row.number,
            text_hash: row.text_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            how: row.how,
            given_on: row.given_on,
            paper: row.paper.told(),
            withdrawn_at: row.withdrawn_at,
            version: row.version,
        }
    }
}

/// What the person of a case has agreed to.
#[utoipa::path(get, path = "/api/v1/cases/{case}/consents", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<PersonConsent>)))]
pub async fn list(
    app: App,
    grant: Grant<SeeConsents>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<PersonConsent>>, Oops> {
    let rows = super::of_case(app.store(), &grant).await?;
    cases::opened(app.store(), &grant, &[]).await?;
    let rows = rows.into_iter().map(PersonConsent::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &PersonConsent| row.id.to_string())?))
}

async fn read(store: &Store, grant: &Grant<SeeConsents>, id: ConsentId) -> Result<PersonConsent, Oops> {
    let row = super::of_case(store, grant).await?.into_iter().find(|row| row.id == id);
    cases::opened(store, grant, &[]).await?;
    row.map(PersonConsent::from).ok_or(Oops::Unknown)
}

/// What she agrees to.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentToGive {
    #[schema(value_type = Vec<ConsentGroup>)]
    groups: Option<Vec<String>>,
    organisation: Option<OrganisationId>,
    #[schema(value_type = AgreementHow)]
    how: Option<String>,
    /// Today unless told.
    given_on: Option<DayText>,
    paper: Option<String>,
}

/// Writes down what the person of a case agrees to; answers with the first of it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/consents", params(("case" = CaseId, Path)), request_body = ConsentToGive,
    responses((status = 201, body = PersonConsent)))]
pub async fn give(app: App, grant: Grant<GiveConsent>, told: Told<ConsentToGive>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<GiveConsent, SeeConsents>(&grant).ok_or(Oops::Unknown)?;
    let body = told.body;
    let draft = Draft {
        groups: body.groups.unwrap_or_default(),
        organisation: body.organisation.map(|id| id.to_string()).unwrap_or_default(),
        how: json::text(body.how),
        given_on: json::day(body.given_on),
        paper: json::text(body.paper),
    };
    let id = super::give(store, grant, &draft, told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/consents", see.id()), body))
}

/// Her words, or none.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalOfConsent {
    words: Option<String>,
}

/// She agrees no longer: what rested on it ends at once.
#[utoipa::path(post, path = "/api/v1/consents/{consent}/withdrawal",
    params(("consent" = ConsentId, Path), ("If-Match" = String, Header)), request_body = WithdrawalOfConsent,
    responses((status = 200, body = PersonConsent)))]
pub async fn withdraw(
    app: App,
    grant: Grant<WithdrawConsent>,
    told: Told<WithdrawalOfConsent>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<WithdrawConsent, SeeConsent>(&grant).ok_or(Oops::Unknown)?;
    let draft = WithdrawalDraft { words: json::text(told.body.words), version: String::new() };
    super::withdraw(store, grant, &draft, Some(version), told.key).await?;
    let case = super::case_of(store, &see).await?;
    let list = store.onward::<SeeConsent, SeeConsents>(&see, case).await?;
    let body = read(store, &list, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}
