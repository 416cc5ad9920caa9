//! Households, children and what they need, for programs. Parts of the family: a helper has [`needs::shared`] only.

pub mod children;
pub mod needs;

use super::model::{CorrectionRow, HouseholdDraft, HouseholdRow, Kin, MemberRow, Whose};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, ChildId, HouseholdId, RelativeId},
        time::{At, Day},
        words::AgreementHow,
    },
    cases,
    families::{
        api::{Consent, ConsentToWrite, ConsentWithdrawal, RelativeEnding},
        model::ConsentDraft,
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AddHousehold, ChangeHousehold, SeeFamily, SeeHousehold},
    store::{Grant, Store},
};
use axum::response::Response;

/// One who lives in a household, or for whom something was done: one of the two.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KinId {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<RelativeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<ChildId>,
}

impl KinId {
    pub fn of(kin: Kin) -> KinId {
        KinId { relative: kin.relative(), child: kin.child() }
    }

    /// As a form has it.
    pub fn typed(self) -> String {
        Kin::of(self.relative, self.child).map(|kin| kin.to_string()).unwrap_or_default()
    }
}

/// Consent that holds.
pub(super) fn consent_of(
    on: Option<Day>,
    how: Option<AgreementHow>,
    shares: bool,
    withdrawn_at: Option<At>,
) -> Option<Consent> {
    on.zip(how).filter(|_| withdrawn_at.is_none()).map(|(on, how)| Consent { on, how, shares })
}

/// A field that was put right.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = FamilyCorrection)]
pub struct Correction {
    /// As the field is called here; people stand by name.
    field: String,
    before: String,
    after: String,
    by: String,
    made_at: At,
}

/// What was put right in the record of one, newest first.
pub(super) fn corrections_of(all: &[CorrectionRow], whose: Whose) -> Vec<Correction> {
    let own = all.iter().filter(|row| row.whose() == Some(whose));
    own.map(|row| Correction {
        field: row.field.clone(),
        before: row.before.told(),
        after: row.after.told(),
        by: row.by.clone(),
        made_at: row.made_at,
    })
    .collect()
}

/// Who lives together, where, and who speaks for them.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Household {
    id: HouseholdId,
    #[schema(required)]
    hamlet: Option<String>,
    #[schema(required)]
    address: Option<String>,
    /// The person herself lives there.
    with_person: bool,
    members: Vec<KinId>,
    /// `null`: the person herself.
    #[schema(required)]
    speaker: Option<RelativeId>,
    /// `null`: not written down, or withdrawn.
    #[schema(required)]
    consent: Option<Consent>,
    #[schema(required)]
    withdrawn_at: Option<At>,
    made_at: At,
    #[schema(required)]
    ended_at: Option<At>,
    /// What was put right, newest first.
    corrections: Vec<Correction>,
    version: i64,
}

impl Household {
    fn of(row: HouseholdRow, members: &[MemberRow], corrections: &[CorrectionRow]) -> Household {
        let own = members.iter().filter(|member| member.household_id == row.id);
        Household {
            id: row.id,
            hamlet: row.hamlet,
            address: row.address.told(),
            with_person: row.with_person,
            members: own.filter_map(|member| Kin::of(member.relative_id, member.child_id)).map(KinId::of).collect(),
            speaker: row.speaker_id,
            consent: consent_of(row.consented_on, row.consented_how, row.shares, row.withdrawn_at),
            withdrawn_at: row.withdrawn_at,
            made_at: row.made_at,
            ended_at: row.ended_at,
            corrections: corrections_of(corrections, Whose::Household(row.id)),
            version: row.version,
        }
    }
}

/// The households of a family.
#[utoipa::path(get, path = "/api/v1/cases/{case}/households", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Household>)))]
pub async fn list(app: App, grant: Grant<SeeFamily>, asked: Asked<Nothing>) -> Result<Json<Listed<Household>>, Oops> {
    Ok(Json(Listed::cut(all(app.store(), &grant).await?, &asked, |row| row.id.to_string())?))
}

async fn all(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<Household>, Oops> {
    let home = super::written_down(store, grant).await?;
    cases::opened(store, grant, &["family"]).await?;
    Ok(home.households.into_iter().map(|row| Household::of(row, &home.members, &home.corrections)).collect())
}

async fn read(store: &Store, grant: &Grant<SeeFamily>, id: HouseholdId) -> Result<Household, Oops> {
    all(store, grant).await?.into_iter().find(|row| row.id == id).ok_or(Oops::Unknown)
}

/// A household to write down, or as it is to stand.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdToWrite {
    hamlet: Option<String>,
    address: Option<String>,
    with_person: Option<bool>,
    members: Option<Vec<KinId>>,
    /// A relative; unless told, the person herself speaks for it.
    speaker: Option<RelativeId>,
}

impl HouseholdToWrite {
    fn draft(self) -> HouseholdDraft {
        HouseholdDraft {
            hamlet: json::text(self.hamlet),
            address: json::text(self.address),
            with_person: json::yes(self.with_person),
            speaker: self.speaker.map(|id| id.to_string()).unwrap_or_default(),
            members: self.members.unwrap_or_default().into_iter().map(KinId::typed).collect(),
            version: String::new(),
        }
    }
}

/// Writes down a household.
#[utoipa::path(post, path = "/api/v1/cases/{case}/households", params(("case" = CaseId, Path)), request_body = HouseholdToWrite,
    responses((status = 201, body = Household)))]
pub async fn add(app: App, grant: Grant<AddHousehold>, told: Told<HouseholdToWrite>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddHousehold, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let id = super::add(store, grant, &told.body.draft(), told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/households", see.id()), body))
}

async fn after(store: &Store, see: &Grant<SeeHousehold>) -> Result<Response, Oops> {
    let case = super::case_of(store, see).await?;
    let family = store.onward::<SeeHousehold, SeeFamily>(see, case).await?;
    let body = read(store, &family, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// Puts a household right: it stands as it is told.
#[utoipa::path(patch, path = "/api/v1/households/{household}",
    params(("household" = HouseholdId, Path), ("If-Match" = String, Header)), request_body = HouseholdToWrite,
    responses((status = 200, body = Household)))]
pub async fn change(app: App, grant: Grant<ChangeHousehold>, told: Told<HouseholdToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeHousehold, SeeHousehold>(&grant).ok_or(Oops::Unknown)?;
    super::change(store, grant, &told.body.draft(), Some(version), told.key).await?;
    after(store, &see).await
}

/// Writes down that whoever speaks for it agrees.
#[utoipa::path(post, path = "/api/v1/households/{household}/consent",
    params(("household" = HouseholdId, Path), ("If-Match" = String, Header)), request_body = ConsentToWrite,
    responses((status = 200, body = Household)))]
pub async fn consent(app: App, grant: Grant<ChangeHousehold>, told: Told<ConsentToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeHousehold, SeeHousehold>(&grant).ok_or(Oops::Unknown)?;
    let draft: ConsentDraft = told.body.draft();
    super::consent(store, grant, &draft, Some(version), told.key).await?;
    after(store, &see).await
}

/// She agrees no longer: helpers hear of its needs no more.
#[utoipa::path(post, path = "/api/v1/households/{household}/withdrawal",
    params(("household" = HouseholdId, Path), ("If-Match" = String, Header)), request_body = ConsentWithdrawal,
    responses((status = 200, body = Household)))]
pub async fn withdraw(
    app: App,
    grant: Grant<ChangeHousehold>,
    told: Told<ConsentWithdrawal>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeHousehold, SeeHousehold>(&grant).ok_or(Oops::Unknown)?;
    let ConsentWithdrawal {} = told.body;
    super::withdraw(store, grant, Some(version), told.key).await?;
    after(store, &see).await
}

/// Takes a household out; the line stays.
#[utoipa::path(post, path = "/api/v1/households/{household}/ending", params(("household" = HouseholdId, Path)),
    request_body = RelativeEnding, responses((status = 200, body = Household)))]
pub async fn end(app: App, grant: Grant<ChangeHousehold>, told: Told<RelativeEnding>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<ChangeHousehold, SeeHousehold>(&grant).ok_or(Oops::Unknown)?;
    let RelativeEnding {} = told.body;
    super::end(store, grant, told.version, told.key).await?;
    after(store, &see).await
}
