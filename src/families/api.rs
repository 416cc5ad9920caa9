//! The family of a person, for programs. A sensitive part: a helper never gets it.

use super::model::{ConsentDraft, Draft, FamilyNeed, RelativeRow};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, RelativeId},
        time::{At, Day},
        words::AgreementHow,
    },
    cases,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::acts::{AddRelative, EndRelative, SeeCase, SeeFamily, SeeRelative, SetConsent},
    store::{Grant, Store},
};
use axum::response::Response;

/// A person of the family, and what she needs.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Relative {
    id: RelativeId,
    name: String,
    /// How she is called at home: mother, wife, uncle.
    relation: String,
    #[schema(required)]
    phone: Option<String>,
    needs: String,
    made_at: At,
    /// Taken out since; `null`: of the family.
    #[schema(required)]
    ended_at: Option<At>,
    /// `null`: not written down, or withdrawn.
    #[schema(required)]
    consent: Option<Consent>,
    #[schema(required)]
    withdrawn_at: Option<At>,
    version: i64,
}

/// That she agrees to be named and called.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = RelativeConsent)]
pub struct Consent {
    pub on: Day,
    pub how: AgreementHow,
    /// Helpers may know what she needs.
    pub shares: bool,
}

impl From<RelativeRow> for Relative {
    fn from(row: RelativeRow) -> Relative {
        let consent = row.consented_on.zip(row.consented_how).filter(|_| row.withdrawn_at.is_none());
        let consent = consent.map(|(on, how)| Consent { on, how, shares: row.shares });
        let RelativeRow { id, name, relation, phone, needs, made_at, ended_at, withdrawn_at, version, .. } = row;
        Relative {
            id,
            name: name.told(),
            relation: relation.told(),
            phone: phone.told(),
            needs: needs.told(),
            made_at,
            ended_at,
            consent,
            withdrawn_at,
            version,
        }
    }
}

/// The family of a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/relatives", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Relative>)))]
pub async fn list(app: App, grant: Grant<SeeFamily>, asked: Asked<Nothing>) -> Result<Json<Listed<Relative>>, Oops> {
    let rows: Vec<Relative> = super::of_case(app.store(), &grant).await?.into_iter().map(Relative::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

async fn read(store: &Store, grant: &Grant<SeeFamily>, id: RelativeId) -> Result<Relative, Oops> {
    let row = super::of_case(store, grant).await?.into_iter().find(|row| row.id == id);
    row.map(Relative::from).ok_or(Oops::Unknown)
}

/// A person of the family to add.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelativeToAdd {
    name: Option<String>,
    relation: Option<String>,
    phone: Option<String>,
    needs: Option<String>,
}

/// Adds a person of the family.
#[utoipa::path(post, path = "/api/v1/cases/{case}/relatives", params(("case" = CaseId, Path)), request_body = RelativeToAdd,
    responses((status = 201, body = Relative)))]
pub async fn add(app: App, grant: Grant<AddRelative>, told: Told<RelativeToAdd>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddRelative, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let RelativeToAdd { name, relation, phone, needs } = told.body;
    let draft = Draft {
        name: json::text(name),
        relation: json::text(relation),
        phone: json::text(phone),
        needs: json::text(needs),
    };
    let id = super::add(store, grant, &draft, told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/relatives", see.id()), body))
}

async fn after(store: &Store, see: &Grant<SeeRelative>) -> Result<Response, Oops> {
    let case = super::case_of(store, see).await?;
    let family = store.onward::<SeeRelative, SeeFamily>(see, case).await?;
    let body = read(store, &family, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// Her consent.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentToWrite {
    /// Today unless told.
    on: Option<DayText>,
    #[schema(value_type = AgreementHow)]
    how: Option<String>,
    /// Helpers may know what she needs.
    shares: Option<bool>,
}

impl ConsentToWrite {
    pub fn draft(self) -> ConsentDraft {
        let ConsentToWrite { on, how, shares } = self;
        ConsentDraft { on: json::day(on), how: json::text(how), shares: json::yes(shares), version: String::new() }
    }
}

/// Writes down that she agrees to be named and called.
#[utoipa::path(post, path = "/api/v1/relatives/{relative}/consent",
    params(("relative" = RelativeId, Path), ("If-Match" = String, Header)), request_body = ConsentToWrite,
    responses((status = 200, body = Relative)))]
pub async fn consent(app: App, grant: Grant<SetConsent>, told: Told<ConsentToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<SetConsent, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    super::consent(store, grant, &told.body.draft(), Some(version), told.key).await?;
    after(store, &see).await
}

/// Nothing is told beside the version.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentWithdrawal {}

/// She agrees no longer: her number is destroyed, and helpers hear of her needs no more.
#[utoipa::path(post, path = "/api/v1/relatives/{relative}/withdrawal",
    params(("relative" = RelativeId, Path), ("If-Match" = String, Header)), request_body = ConsentWithdrawal,
    responses((status = 200, body = Relative)))]
pub async fn withdraw(app: App, grant: Grant<SetConsent>, told: Told<ConsentWithdrawal>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<SetConsent, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    let ConsentWithdrawal {} = told.body;
    super::withdraw(store, grant, Some(version), told.key).await?;
    after(store, &see).await
}

/// What one of the family needs, without her name.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct FamilyNeedTold {
    id: RelativeId,
    relation: String,
    needs: String,
}

/// What the family needs, as far as it lets helpers know.
#[utoipa::path(get, path = "/api/v1/cases/{case}/family-needs", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<FamilyNeedTold>)))]
pub async fn needs(
    app: App,
    grant: Grant<SeeCase>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<FamilyNeedTold>>, Oops> {
    let rows = super::needs(app.store(), &grant).await?;
    cases::opened(app.store(), &grant, if rows.is_empty() { &[] } else { &["family"] }).await?;
    let told = |row: FamilyNeed| FamilyNeedTold { id: row.id, relation: row.relation.told(), needs: row.needs.told() };
    Ok(Json(Listed::cut(rows.into_iter().map(told).collect(), &asked, |row: &FamilyNeedTold| row.id.to_string())?))
}

/// Nothing is told beside that it is over.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelativeEnding {}

/// Takes a person out of the family; the line stays.
#[utoipa::path(post, path = "/api/v1/relatives/{relative}/ending", params(("relative" = RelativeId, Path)),
    request_body = RelativeEnding, responses((status = 200, body = Relative)))]
pub async fn end(app: App, grant: Grant<EndRelative>, told: Told<RelativeEnding>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<EndRelative, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    super::end(store, grant, told.version, told.key).await?;
    let case = super::case_of(store, &see).await?;
    let case = store.onward::<SeeRelative, SeeCase>(&see, case).await?;
    let family = store.also::<SeeCase, SeeFamily>(&case).ok_or(Oops::Unknown)?;
    let body = read(store, &family, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}
