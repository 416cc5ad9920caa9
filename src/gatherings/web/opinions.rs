//! Pages of opinions: a new one, those whose answer is owed, one of them with its answer.

use super::{Choices, forms::bodies, owes, seen, title, when};
use crate::{
    app::{App, Refused},
    base::{sealed::SealedText as _, words::AnswerKind},
    follow_ups::rules,
    gatherings::{
        self, Whole,
        model::{
            Row,
            opinions::{AnswerDraft, Draft, OpinionRow},
        },
        opinions::{self, Whose},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Role,
        acts::{AnswerOpinion, ChangeGathering, ListColleagues, ListOpinions, SeeFollowUp, SeeGathering, SeeOpinion},
    },
    staff,
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "gatherings/opinion_form.html")]
pub struct RaisePage {
    page: Page,
    typed: Typed,
    row: Row,
    speakers: Choices,
    answerers: Choices,
}

impl RaisePage {
    fn back(&self) -> String {
        format!("/gatherings/{}", self.row.id)
    }

    fn title(&self) -> String {
        title(&self.page, &self.row)
    }

    fn when(&self) -> String {
        when(&self.page, &self.row)
    }
}

async fn raise_page(app: &App, at: &At, see: &Grant<SeeGathering>, typed: Option<Typed>) -> Result<RaisePage, Oops> {
    let store = app.store();
    let page = Page::of(app, see.actor(), at);
    let Whole { row, guests, .. } = gatherings::one(store, see).await?;
    let speakers = guests.iter().map(|guest| match guest.relative_id {
        None => (guest.case_id.to_string(), guest.name.clone()),
        Some(relative) => (format!("{}:{relative}", guest.case_id), page.x("gatherings-of-family", guest.who())),
    });
    let mut answerers = vec![("in_charge".to_owned(), page.say("gatherings-in-charge"))];
    if row.case_id.is_none() {
        let scope = store.scope::<ListColleagues>(&Arc::new(see.actor().clone()))?;
        let all = staff::colleagues(store, &scope, &[Role::Officer, Role::Supervisor]).await?;
        answerers.extend(all.into_iter().map(|one| (format!("officer:{}", one.id), one.name)));
    }
    for (id, name) in bodies(store, see.actor(), &page, "council").await? {
        match id.as_str() {
            "council" if row.case_id.is_some() => {}
            "council" => answerers.push((id, name)),
            _ => answerers.push((format!("organisation:{id}"), name)),
        }
    }
    let typed = match typed {
        Some(typed) => typed,
        None => {
            let days = rules::amount(store, "opinion_answer").await?;
            Typed::with(&[("due_on", crate::base::text::show_day(crate::base::time::plus_days(page.today(), days)))])
        }
    };
    Ok(RaisePage { speakers: speakers.collect(), answerers, page, typed, row })
}

pub async fn raising(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<RaisePage>, Oops> {
    raise_page(&app, &at, &seen(&app, &grant)?, None).await.map(Html)
}

pub async fn raise(app: App, at: At, grant: Grant<ChangeGathering>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = seen(&app, &grant)?;
    let mut draft = sent.draft;
    // The day is proposed by the form; nobody who owes an answer: it says nothing.
    if draft.owes.is_empty() {
        draft.due_on.clear();
    }
    match opinions::raise(app.store(), grant, &draft, sent.key).await {
        Ok(_opinion) => Ok(go(&format!("/gatherings/{}#opinions", see.id()), "opinion-raised").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let page = raise_page(&app, &at, &see, Some(typed)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "gatherings/owed.html")]
pub struct OwedPage {
    page: Page,
    waiting: Vec<OpinionRow>,
    more: Option<String>,
    answered: Vec<OpinionRow>,
    /// The reader sees the whole commune's, and can narrow it to her own.
    tabs: bool,
    mine: bool,
    office: bool,
}

impl OwedPage {
    fn owes(&self, opinion: &OpinionRow) -> String {
        owes(&self.page, opinion)
    }
}

/// What the address asks for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct OwedQuery {
    mine: String,
    cursor: Option<String>,
}

/// Answers that are owed and hang on no case, soonest due first; then the last ones that were given.
pub async fn owed(
    app: App,
    at: At,
    scope: Scope<ListOpinions>,
    Query(query): Query<OwedQuery>,
) -> Result<Html<OwedPage>, Oops> {
    let store = app.store();
    let role = scope.actor().role();
    let tabs = matches!(role, Role::Officer | Role::Supervisor);
    let mine = query.mine == "true";
    let whose = if mine { Whose::Mine } else { Whose::All };
    let first = query.cursor.is_none();
    let ask = PageAsk { limit: 50, cursor: query.cursor };
    let waiting = opinions::owed(store, &scope, whose, Some(true), &ask).await?;
    let more = waiting.next.map(|cursor| {
        let mine = if mine { "mine=true&" } else { "" };
        format!("/opinions?{mine}cursor={cursor}")
    });
    let answered = match first {
        true => opinions::owed(store, &scope, whose, Some(false), &PageAsk::default()).await?.items,
        false => Vec::new(),
    };
    let page = Page::of(&app, scope.actor(), &at);
    Ok(Html(OwedPage { page, waiting: waiting.items, more, answered, tabs, mine, office: tabs }))
}

#[derive(Template)]
#[template(path = "gatherings/opinion.html")]
pub struct OpinionPage {
    page: Page,
    typed: Typed,
    opinion: OpinionRow,
    kinds: Choices,
    may_answer: bool,
    office: bool,
}

impl OpinionPage {
    fn owes(&self) -> String {
        owes(&self.page, &self.opinion)
    }
}

async fn opinion_page(app: &App, at: &At, grant: &Grant<SeeOpinion>, typed: Typed) -> Result<OpinionPage, Oops> {
    let store = app.store();
    let opinion = opinions::one(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let kinds = AnswerKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), page.say(kind.key()))).collect();
    let may_answer = opinion.answered_on.is_none() && store.may::<SeeOpinion, AnswerOpinion>(grant);
    let office = store.can::<ChangeGathering>(grant.actor());
    Ok(OpinionPage { page, typed, opinion, kinds, may_answer, office })
}

pub async fn opinion(app: App, at: At, grant: Grant<SeeOpinion>) -> Result<Html<OpinionPage>, Oops> {
    opinion_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn answer(app: App, at: At, grant: Grant<AnswerOpinion>, sent: Sent<AnswerDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AnswerOpinion, SeeOpinion>(&grant).ok_or(Oops::Unknown)?;
    let read = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match opinions::answer(app.store(), grant, &sent.draft, Some(read), sent.key).await {
        Ok(()) => Ok(go(&format!("/opinions/{}", see.id()), "opinion-answered").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let page = opinion_page(&app, &at, &see, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// From the task to the opinion whose answer it is; from any other task to the tasks.
pub async fn of_task(app: App, grant: Grant<SeeFollowUp>) -> Result<Redirect, Oops> {
    Ok(match opinions::of_task(app.store(), &grant).await? {
        Some(id) => Redirect::to(&format!("/opinions/{id}")),
        None => Redirect::to("/"),
    })
}
