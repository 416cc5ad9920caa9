//! The page of the sets of questions. Everybody who signs in may read them; the admin enters a new version.

use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{NeedArea, QuestionKind},
    },
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, Who, go},
    plans::{
        model::{Question, QuestionSet, QuestionSetDraft},
        questions,
    },
    policy::acts::EditQuestions,
    store::Grant,
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// So many empty rows stand under those of the newest set.
const MORE: usize = 5;

#[derive(Template)]
#[template(path = "plans/questions.html")]
pub struct QuestionsPage {
    page: Page,
    typed: Typed,
    sets: Vec<QuestionSet>,
    /// The set that is shown, and its questions.
    shown: i64,
    questions: Vec<Question>,
    /// The area under which the admin enters a new version.
    editor: Option<String>,
    rows: Vec<usize>,
    areas: Vec<(&'static str, String)>,
    kinds: Vec<(&'static str, String)>,
}

impl QuestionsPage {
    fn day(&self, set: &QuestionSet) -> String {
        text::show_day(set.valid_from.0)
    }

    /// The set that is asked today.
    fn in_force(&self, set: &QuestionSet) -> bool {
        let today = self.page.today();
        let newest = self.sets.iter().filter(|one| one.valid_from.0 <= today).map(|one| one.version).max();
        newest == Some(set.version)
    }

    fn is_shown(&self, set: &QuestionSet) -> bool {
        set.version == self.shown
    }

    fn number(&self, row: &usize) -> String {
        (row + 1).to_string()
    }

    /// The name of a field of one row.
    fn field(&self, name: &str, row: &usize) -> String {
        format!("{name}_{row}")
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Which {
    version: Option<i64>,
}

/// Every set; and for the admin a form that begins with the newest.
pub async fn sets(app: App, at: At, who: Who, Query(query): Query<Which>) -> Result<Response, Oops> {
    Ok(Html(page(&app, &at, &who, query.version, None).await?).into_response())
}

async fn page(
    app: &App,
    at: &At,
    who: &Who,
    version: Option<i64>,
    typed: Option<Typed>,
) -> Result<QuestionsPage, Oops> {
    let (store, actor) = (app.store(), &who.0.actor);
    let sets = questions::sets(store).await?;
    let newest = sets.first().map_or(0, |set| set.version);
    let shown = version.filter(|version| sets.iter().any(|set| set.version == *version)).unwrap_or(newest);
    let of_newest = questions::of_set(store, newest).await?;
    let questions = if shown == newest { of_newest.clone() } else { questions::of_set(store, shown).await? };
    let editor = store.can::<EditQuestions>(actor).then(|| actor.area().to_string());
    let rows = (0..of_newest.len() + MORE).collect();
    let typed = typed.unwrap_or_else(|| filled(newest, &of_newest));
    let page = Page::of(app, actor, at);
    Ok(QuestionsPage {
        areas: NeedArea::ALL.iter().map(|area| (area.as_str(), page.say(area.key()))).collect(),
        kinds: QuestionKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect(),
        page,
        typed,
        sets,
        shown,
        questions,
        editor,
        rows,
    })
}

/// The form as the newest set stands.
fn filled(newest: i64, of_newest: &[Question]) -> Typed {
    let mut typed = Typed::with(&[("based_on", newest.to_string())]);
    for (at, one) in of_newest.iter().enumerate() {
        for (name, value) in [
            ("word", one.word.as_str()),
            ("area", one.area.as_str()),
            ("kind", one.kind.as_str()),
            ("vi", one.asks_vi.as_str()),
            ("en", one.asks_en.as_str()),
        ] {
            typed = typed.and(&format!("{name}_{at}"), [value.to_owned()].into_iter());
        }
    }
    typed
}

pub async fn enter(
    app: App,
    at: At,
    grant: Grant<EditQuestions>,
    _fresh: Fresh,
    who: Who,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    match questions::enter(app.store(), grant, &QuestionSetDraft::of_form(&sent.draft)).await {
        Ok(version) => Ok(go(&format!("/questions?version={version}"), "questions-entered").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, who.0.actor.lang());
            let body = page(&app, &at, &who, None, Some(typed)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
