//! Pages of emergency openings: the list, the form of its own, one opening with its acknowledgement.

use super::model::{AcknowledgementDraft, Draft, Line, OPEN_SECONDS, TRIES_AN_HOUR, Whole};
use crate::{
    app::{App, Refused},
    base::{refusal::Invalid, text, time, words::EmergencyKind},
    cases,
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed,
        door::AtHome,
        go,
        request::{CursorQuery, in_url},
    },
    policy::{
        Actor,
        acts::{AcknowledgeEmergency, ListCases, ListEmergencies, OpenEmergency, SeeEmergency},
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// `07:31, 23/11/2026`.
fn moment(at: &time::At) -> String {
    let civil = at.civil();
    format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()))
}

#[derive(Template)]
#[template(path = "emergencies/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    now: time::At,
    may_open: bool,
    older: Option<String>,
}

impl ListPage {
    fn moment(&self, at: &time::At) -> String {
        moment(at)
    }
}

/// My own openings, and those that I was told of.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListEmergencies>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let lines = super::list(store, &scope, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let older = lines.next.as_ref().map(|cursor| format!("/emergencies?cursor={}", in_url(cursor)));
    let may_open = store.can::<OpenEmergency>(scope.actor());
    let page = Page::of(&app, scope.actor(), &at);
    Ok(Html(ListPage { page, lines: lines.items, now: store.now(), may_open, older }))
}

#[derive(Template)]
#[template(path = "emergencies/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
}

impl FormPage {
    fn kinds(&self) -> &'static [EmergencyKind] {
        EmergencyKind::ALL
    }

    fn minutes(&self) -> i64 {
        OPEN_SECONDS / 60
    }

    fn tries(&self) -> i64 {
        TRIES_AN_HOUR
    }
}

fn form(app: &App, at: &At, actor: &Actor, typed: Typed) -> Html<FormPage> {
    Html(FormPage { page: Page::of(app, actor, at), typed })
}

/// Asks for the code and the reason.
pub async fn new(app: App, at: At, AtHome(grant): AtHome<OpenEmergency>) -> Html<FormPage> {
    form(&app, &at, grant.actor(), Typed::with(&[]))
}

/// Opens the record. A record that she sees anyway is simply shown: there is no emergency.
pub async fn create(
    app: App,
    at: At,
    AtHome(grant): AtHome<OpenEmergency>,
    _fresh: Fresh,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let (store, actor) = (app.store(), Arc::new(grant.actor().clone()));
    let refused = |typed: Typed, invalid: &Invalid| {
        let typed = typed.refused(invalid, actor.lang());
        (StatusCode::UNPROCESSABLE_ENTITY, form(&app, &at, &actor, typed)).into_response()
    };
    let new = match sent.draft.check() {
        Ok(new) => new,
        Err(invalid) => return Ok(refused(sent.typed, &invalid)),
    };
    let hers = cases::search(store, &store.scope::<ListCases>(&actor)?, &new.code, 1).await.unwrap_or_default();
    if let Some(line) = hers.first() {
        return Ok(Redirect::to(&format!("/cases/{}", line.id)).into_response());
    }
    match super::open(&app, grant, &sent.draft, sent.key).await {
        Ok(Some(case)) => Ok(go(&format!("/cases/{case}"), "emergency-opened").into_response()),
        Ok(None) => {
            // The try was kept, and its key with it: another code is another try.
            let Draft { code, kind, reason } = sent.draft;
            let typed = Typed::with(&[("code", code), ("kind", kind), ("reason", reason)]);
            Ok(refused(typed, &Invalid::one("code", "nothing_opened")))
        }
        Err(Refused::Invalid(invalid)) => Ok(refused(sent.typed, &invalid)),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "emergencies/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    whole: Whole,
    now: time::At,
    may_acknowledge: bool,
}

impl ShowPage {
    fn moment(&self, at: &time::At) -> String {
        moment(at)
    }
}

async fn render(app: &App, at: &At, grant: &Grant<SeeEmergency>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let whole = super::one(store, grant).await?;
    let may_acknowledge = whole.line.is_waiting() && store.may::<SeeEmergency, AcknowledgeEmergency>(grant);
    Ok(ShowPage { page: Page::of(app, grant.actor(), at), typed, whole, now: store.now(), may_acknowledge })
}

/// One opening: who, when, why; for those who were told a word to say.
pub async fn show(app: App, at: At, grant: Grant<SeeEmergency>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn acknowledge(
    app: App,
    at: At,
    grant: Grant<AcknowledgeEmergency>,
    sent: Sent<AcknowledgementDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AcknowledgeEmergency, SeeEmergency>(&grant).ok_or(Oops::Unknown)?;
    match super::acknowledge(app.store(), grant, &sent.draft, None).await {
        Ok(()) => Ok(go("/emergencies", "emergency-acknowledged").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
