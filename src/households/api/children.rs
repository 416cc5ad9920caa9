//! Children, for programs.

use super::{Correction, consent_of, corrections_of};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, ChildId, RelativeId},
        time::At,
    },
    cases,
    families::api::{Consent, ConsentToWrite, ConsentWithdrawal, RelativeEnding},
    households::{
        self, children,
        model::{ChildDraft, ChildRow, CorrectionRow, Kin, Whose},
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AddChild, ChangeChild, SeeChild, SeeFamily},
    store::{Grant, Store},
};
use axum::response::Response;

/// A child of the family, as it is called at home.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Child {
    id: ChildId,
    name: String,
    #[schema(required)]
    born_year: Option<i64>,
    #[schema(required)]
    school: Option<String>,
    #[schema(required)]
    grade: Option<String>,
    /// Who answers for it; `null`: the person herself.
    #[schema(required)]
    guardian: Option<RelativeId>,
    /// The guardian's; `null`: not written down, or withdrawn.
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

impl Child {
    fn of(row: ChildRow, corrections: &[CorrectionRow]) -> Child {
        Child {
            id: row.id,
            name: row.name.told(),
            born_year: row.born_year.text().and_then(|year| year.parse().ok()),
            school: row.school.told(),
            grade: row.grade.told(),
            guardian: row.guardian_id,
            consent: consent_of(row.consented_on, row.consented_how, row.shares, row.withdrawn_at),
            withdrawn_at: row.withdrawn_at,
            made_at: row.made_at,
            ended_at: row.ended_at,
            corrections: corrections_of(corrections, Whose::Kin(Kin::Child(row.id))),
            version: row.version,
        }
    }
}

async fn all(store: &Store, grant: &Grant<SeeFamily>) -> Result<Vec<Child>, Oops> {
    let home = households::written_down(store, grant).await?;
    cases::opened(store, grant, &["family"]).await?;
    Ok(home.children.into_iter().map(|row| Child::of(row, &home.corrections)).collect())
}

async fn read(store: &Store, grant: &Grant<SeeFamily>, id: ChildId) -> Result<Child, Oops> {
    all(store, grant).await?.into_iter().find(|row| row.id == id).ok_or(Oops::Unknown)
}

/// The children of a family.
#[utoipa::path(get, path = "/api/v1/cases/{case}/children", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Child>)))]
pub async fn list(app: App, grant: Grant<SeeFamily>, asked: Asked<Nothing>) -> Result<Json<Listed<Child>>, Oops> {
    Ok(Json(Listed::cut(all(app.store(), &grant).await?, &asked, |row| row.id.to_string())?))
}

/// A child to write down, or as its record is to stand.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildToWrite {
    name: Option<String>,
    born_year: Option<i64>,
    school: Option<String>,
    grade: Option<String>,
    /// A relative; unless told, the person herself answers for it.
    guardian: Option<RelativeId>,
}

impl ChildToWrite {
    fn draft(self) -> ChildDraft {
        ChildDraft {
            name: json::text(self.name),
            born_year: self.born_year.map(|year| year.to_string()).unwrap_or_default(),
            school: json::text(self.school),
            grade: json::text(self.grade),
            guardian: self.guardian.map(|id| id.to_string()).unwrap_or_default(),
            version: String::new(),
        }
    }
}

/// Writes down a child.
#[utoipa::path(post, path = "/api/v1/cases/{case}/children", params(("case" = CaseId, Path)), request_body = ChildToWrite,
    responses((status = 201, body = Child)))]
pub async fn add(app: App, grant: Grant<AddChild>, told: Told<ChildToWrite>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AddChild, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let id = children::add(store, grant, &told.body.draft(), told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/children", see.id()), body))
}

async fn after(store: &Store, see: &Grant<SeeChild>) -> Result<Response, Oops> {
    let case = children::case_of(store, see).await?;
    let family = store.onward::<SeeChild, SeeFamily>(see, case).await?;
    let body = read(store, &family, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// Puts a child's record right: it stands as it is told.
#[utoipa::path(patch, path = "/api/v1/children/{child}", params(("child" = ChildId, Path), ("If-Match" = String, Header)),
    request_body = ChildToWrite, responses((status = 200, body = Child)))]
pub async fn change(app: App, grant: Grant<ChangeChild>, told: Told<ChildToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeChild, SeeChild>(&grant).ok_or(Oops::Unknown)?;
    children::change(store, grant, &told.body.draft(), Some(version), told.key).await?;
    after(store, &see).await
}

/// Writes down that the guardian agrees.
#[utoipa::path(post, path = "/api/v1/children/{child}/consent",
    params(("child" = ChildId, Path), ("If-Match" = String, Header)), request_body = ConsentToWrite,
    responses((status = 200, body = Child)))]
pub async fn consent(app: App, grant: Grant<ChangeChild>, told: Told<ConsentToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeChild, SeeChild>(&grant).ok_or(Oops::Unknown)?;
    children::consent(store, grant, &told.body.draft(), Some(version), told.key).await?;
    after(store, &see).await
}

/// The guardian agrees no longer: helpers hear of its needs no more.
#[utoipa::path(post, path = "/api/v1/children/{child}/withdrawal",
    params(("child" = ChildId, Path), ("If-Match" = String, Header)), request_body = ConsentWithdrawal,
    responses((status = 200, body = Child)))]
pub async fn withdraw(app: App, grant: Grant<ChangeChild>, told: Told<ConsentWithdrawal>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<ChangeChild, SeeChild>(&grant).ok_or(Oops::Unknown)?;
    let ConsentWithdrawal {} = told.body;
    children::withdraw(store, grant, Some(version), told.key).await?;
    after(store, &see).await
}

/// Takes a child out; the line stays.
#[utoipa::path(post, path = "/api/v1/children/{child}/ending", params(("child" = ChildId, Path)),
    request_body = RelativeEnding, responses((status = 200, body = Child)))]
pub async fn end(app: App, grant: Grant<ChangeChild>, told: Told<RelativeEnding>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<ChangeChild, SeeChild>(&grant).ok_or(Oops::Unknown)?;
    let RelativeEnding {} = told.body;
    children::end(store, grant, told.version, told.key).await?;
    after(store, &see).await
}
