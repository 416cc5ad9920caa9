//! The family of a person, for programs. A sensitive part: a helper never gets it.

use super::model::{Draft, RelativeRow};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, RelativeId},
        time::At,
    },
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, Paging},
    },
    policy::acts::{AddRelative, EndRelative, SeeCase, SeeFamily, SeeRelative},
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
    version: i64,
}

impl From<RelativeRow> for Relative {
    fn from(row: RelativeRow) -> Relative {
        let RelativeRow { id, name, relation, phone, needs, made_at, ended_at, version } = row;
        Relative {
            id,
            name: name.told(),
            relation: relation.told(),
            phone: phone.told(),
            needs: needs.told(),
            made_at,
            ended_at,
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
