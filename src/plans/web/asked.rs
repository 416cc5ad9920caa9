//! What was found about needs, area by area, and a form for each.

use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{NeedArea, NeedLevel, QuestionKind},
    },
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    plans::{
        model::{NeedDraft, Question},
        needs::{self, Need},
    },
    policy::acts::{AskNeeds, SeeCase, SeeNeeds},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// What the page shows of one area.
struct Area {
    area: NeedArea,
    /// Newest first; the first is what holds.
    found: Vec<Need>,
    questions: Vec<Question>,
}

#[derive(Template)]
#[template(path = "plans/needs.html")]
pub struct NeedsPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    areas: Vec<Area>,
    levels: Vec<(&'static str, String)>,
    may_ask: bool,
}

impl NeedsPage {
    fn asks<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        if self.page.lang() == "en" { en } else { vi }
    }

    /// Yes and no are words of the program, all else is what was said.
    fn said(&self, kind: &QuestionKind, answer: &str) -> String {
        match (kind, answer) {
            (QuestionKind::YesNo, "yes") => self.page.say("plans-yes"),
            (QuestionKind::YesNo, "no") => self.page.say("plans-no"),
            _ => answer.to_owned(),
        }
    }

    fn day(&self, need: &Need) -> String {
        text::show_day(need.row.made_at.day())
    }

    fn class(&self, need: &Need) -> &'static str {
        match need.row.level {
            NeedLevel::Fine => "ok",
            NeedLevel::Needed => "waiting",
            NeedLevel::Urgent => "late",
        }
    }

    /// Is this the form that was refused?
    fn is_typed(&self, area: &NeedArea) -> bool {
        self.typed.is("area", area.as_str())
    }

    fn value(&self, area: &NeedArea, name: &str) -> &str {
        if self.is_typed(area) { self.typed.get(name) } else { "" }
    }
}

/// What was found, area by area, and a form for each.
pub async fn show_needs(app: App, at: At, grant: Grant<SeeNeeds>) -> Result<Html<NeedsPage>, Oops> {
    needs_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn needs_page(app: &App, at: &At, grant: &Grant<SeeNeeds>, typed: Typed) -> Result<NeedsPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeNeeds, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let mut found = needs::written_down(store, grant).await?;
    let case = cases::brief(store, &see, &needs::parts(&found)).await?;
    let (questions, walls) = (needs::questions(store).await?, needs::walls(store, grant));
    let mut areas = Vec::new();
    for area in NeedArea::ALL.iter().copied().filter(|area| walls.lets(*area)) {
        let (own, rest) = found.into_iter().partition(|need| need.row.area == area);
        found = rest;
        let questions = questions.iter().filter(|question| question.area == area).cloned().collect();
        areas.push(Area { area, found: own, questions });
    }
    let page = Page::of(app, grant.actor(), at);
    let levels = NeedLevel::ALL.iter().map(|level| (level.as_str(), page.say(level.key()))).collect();
    let may_ask = case.is_live() && store.may::<SeeNeeds, AskNeeds>(grant);
    Ok(NeedsPage { page, typed, case, areas, levels, may_ask })
}

/// The fields of the form are those of the questions in force, so they are read by their names.
pub async fn ask(
    app: App,
    at: At,
    grant: Grant<AskNeeds>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AskNeeds, SeeNeeds>(&grant).ok_or(Oops::Unknown)?;
    match needs::ask(&app, grant, &NeedDraft::of_form(&sent.draft), sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{}/needs", see.id()), "need-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(needs_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
