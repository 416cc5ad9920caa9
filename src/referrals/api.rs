//! Referrals for programs.

use super::model::{Draft, EndDraft, HelperRow, ReferralRow};
use crate::{
    app::App,
    base::{
        ids::{CaseId, OrganisationId, ReferralId, UserId},
        time::{At, Day},
        words::Purpose,
    },
    cases,
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    organisations::api::OrganisationName,
    policy::acts::{EndReferral, Refer, SeeCase, SeeReferral, SeeReferrals},
    store::{Grant, Store},
};
use axum::response::Response;

/// A case handed to an organisation: the office's view, or what was agreed with the helper.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Referral {
    Office(OfficeReferral),
    Agreed(AgreedReferral),
}

/// What was agreed to ask an organisation for.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct AgreedReferral {
    id: ReferralId,
    organisation: OrganisationName,
    purpose: Purpose,
    needs: String,
    from_on: Day,
    /// The last day; `null`: until withdrawn.
    #[schema(required)]
    to_on: Option<Day>,
    /// Ended at once.
    #[schema(required)]
    ended_at: Option<At>,
    version: i64,
}

/// A referral with its ground and its named helpers.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OfficeReferral {
    #[serde(flatten)]
    agreed: AgreedReferral,
    /// `decision` or `consent`.
    basis: String,
    basis_ref: String,
    helpers: Vec<StaffName>,
}

impl OfficeReferral {
    /// With those of `helpers` that are of this referral.
    fn of(row: ReferralRow, helpers: &[HelperRow]) -> OfficeReferral {
        let helpers = helpers
            .iter()
            .filter(|helper| helper.referral_id == row.id)
            .map(|helper| StaffName { id: helper.user_id, name: helper.name.clone() })
            .collect();
        let (basis, basis_ref) = (row.basis.clone(), row.basis_ref.told());
        OfficeReferral { agreed: AgreedReferral::from(row), basis, basis_ref, helpers }
    }
}

impl From<ReferralRow> for AgreedReferral {
    fn from(row: ReferralRow) -> AgreedReferral {
        AgreedReferral {
            id: row.id,
            organisation: OrganisationName { id: row.organisation_id, name: row.organisation },
            purpose: row.purpose,
            needs: row.needs.told(),
            from_on: row.from_on,
            to_on: row.to_on,
            ended_at: row.ended_at,
            version: row.version,
        }
    }
}

/// The referrals of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/referrals", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<OfficeReferral>)))]
pub async fn list(
    app: App,
    grant: Grant<SeeReferrals>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<OfficeReferral>>, Oops> {
    crate::cases::opened(app.store(), &grant, &[]).await?;
    let (rows, helpers) = super::of_case(app.store(), &grant).await?;
    let rows = rows.into_iter().map(|row| OfficeReferral::of(row, &helpers)).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &OfficeReferral| row.agreed.id.to_string())?))
}

/// A case to hand over: to whom, for what, on what ground, until when.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralToMake {
    organisation: Option<OrganisationId>,
    /// The named helpers, all of that organisation.
    helpers: Option<Vec<UserId>>,
    #[schema(value_type = Purpose)]
    purpose: Option<String>,
    needs: Option<String>,
    /// `decision` or `consent`.
    basis: Option<String>,
    /// Number of the decision, or where the consent is kept.
    basis_ref: Option<String>,
    /// Today unless told.
    from_on: Option<DayText>,
    to_on: Option<DayText>,
}

async fn read(store: &Store, grant: &Grant<SeeReferral>) -> Result<(i64, Referral), Oops> {
    let (row, helpers) = super::one(store, grant).await?;
    let (version, helper) = (row.version, cases::is_helper(store, grant.actor()));
    let body = if helper {
        Referral::Agreed(AgreedReferral::from(row))
    } else {
        Referral::Office(OfficeReferral::of(row, &helpers))
    };
    Ok((version, body))
}

/// Hands a case to an organisation and its named helpers.
#[utoipa::path(post, path = "/api/v1/cases/{case}/referrals", params(("case" = CaseId, Path)), request_body = ReferralToMake,
    responses((status = 201, body = Referral)))]
pub async fn make(app: App, grant: Grant<Refer>, told: Told<ReferralToMake>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<Refer, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let ReferralToMake { organisation, helpers, purpose, needs, basis, basis_ref, from_on, to_on } = told.body;
    let draft = Draft {
        organisation: organisation.map(|id| id.to_string()).unwrap_or_default(),
        helpers: helpers.unwrap_or_default().iter().map(ToString::to_string).collect(),
        purpose: json::text(purpose),
        needs: json::text(needs),
        basis: json::text(basis),
        basis_ref: json::text(basis_ref),
        from_on: json::day(from_on),
        to_on: json::day(to_on),
    };
    let id = super::refer(store, grant, &draft, told.key).await?;
    let see = store.onward::<SeeCase, SeeReferral>(&see, id).await?;
    let (_version, body) = read(store, &see).await?;
    Ok(json::created(format!("/api/v1/referrals/{id}"), body))
}

/// One referral.
#[utoipa::path(get, path = "/api/v1/referrals/{referral}", params(("referral" = ReferralId, Path)),
    responses((status = 200, body = Referral)))]
pub async fn one(app: App, grant: Grant<SeeReferral>) -> Result<Response, Oops> {
    let (version, body) = read(app.store(), &grant).await?;
    Ok(json::versioned(Some(version), body))
}

/// Why it ends.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    reason: Option<String>,
}

/// Ends a referral at once: its helpers no longer see the person.
#[utoipa::path(post, path = "/api/v1/referrals/{referral}/ending", params(("referral" = ReferralId, Path)), request_body = Ending,
    responses((status = 200, body = Referral)))]
pub async fn end(app: App, grant: Grant<EndReferral>, told: Told<Ending>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<EndReferral, SeeReferral>(&grant).ok_or(Oops::Unknown)?;
    let draft = EndDraft { reason: json::text(told.body.reason) };
    super::end(store, grant, &draft, told.version, told.key).await?;
    let (version, body) = read(store, &see).await?;
    Ok(json::versioned(Some(version), body))
}
