//! The sets of questions, for programs.

use super::Question;
use crate::{
    app::App,
    base::{
        time::Day,
        words::{NeedArea, QuestionKind},
    },
    http::{
        Asked, Fresh, Json, Listed, Nothing, Oops, Told, Who,
        json::{self, DayText, Paging},
    },
    plans::{
        model::{QuestionDraft, QuestionSetDraft},
        questions,
    },
    policy::{AreaCode, acts::EditQuestions},
    store::{Grant, Store},
};
use axum::response::Response;

/// One version of the set, and from which day it is asked.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct QuestionSet {
    version: i64,
    valid_from: Day,
    questions: Vec<Question>,
}

async fn all(store: &Store) -> Result<Vec<QuestionSet>, Oops> {
    let mut sets = Vec::new();
    for set in questions::sets(store).await? {
        let questions = questions::of_set(store, set.version).await?.into_iter().map(Question::from).collect();
        sets.push(QuestionSet { version: set.version, valid_from: set.valid_from, questions });
    }
    Ok(sets)
}

/// Every set, newest first; the one in force is the newest whose day has come.
#[utoipa::path(get, path = "/api/v1/question-sets", params(Paging), responses((status = 200, body = Listed<QuestionSet>)))]
pub async fn list(app: App, Who(_): Who, asked: Asked<Nothing>) -> Result<Json<Listed<QuestionSet>>, Oops> {
    Ok(Json(Listed::cut(all(app.store()).await?, &asked, |row| row.version.to_string())?))
}

/// A question of a new set.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionToAsk {
    /// Its word: answers are kept by it.
    question: Option<String>,
    #[schema(value_type = NeedArea)]
    area: Option<String>,
    #[schema(value_type = QuestionKind)]
    kind: Option<String>,
    vi: Option<String>,
    en: Option<String>,
}

/// A new version of the set.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionSetToEnter {
    valid_from: Option<DayText>,
    questions: Option<Vec<QuestionToAsk>>,
}

/// Enters a new version of the set. The newest version is the one that `If-Match` names.
#[utoipa::path(post, path = "/api/v1/areas/{area}/question-sets",
    params(("area" = AreaCode, Path), ("If-Match" = String, Header)), request_body = QuestionSetToEnter,
    responses((status = 201, body = QuestionSet)))]
pub async fn enter(
    app: App,
    grant: Grant<EditQuestions>,
    _fresh: Fresh,
    told: Told<QuestionSetToEnter>,
) -> Result<Response, Oops> {
    let based_on = told.need_version()?;
    let row = |one: QuestionToAsk| QuestionDraft {
        word: json::text(one.question),
        area: json::text(one.area),
        kind: json::text(one.kind),
        vi: json::text(one.vi),
        en: json::text(one.en),
    };
    let draft = QuestionSetDraft {
        valid_from: json::day(told.body.valid_from),
        based_on: based_on.to_string(),
        rows: told.body.questions.unwrap_or_default().into_iter().map(row).collect(),
    };
    let version = questions::enter(app.store(), grant, &draft).await?;
    let set = all(app.store()).await?.into_iter().find(|set| set.version == version).ok_or(Oops::Unknown)?;
    Ok(json::created("/api/v1/question-sets".to_owned(), set))
}
