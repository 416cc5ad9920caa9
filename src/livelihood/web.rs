//! Pages and forms of help to make a living.

use super::model::{Draft, HelpRow, StateDraft};
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{HelpKind, HelpState},
    },
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{ChangeHelp, LogHelp, ReadHelp, SeeCase},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "livelihood/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    helps: Vec<HelpRow>,
    kinds: Vec<(&'static str, String)>,
    states: Vec<(&'static str, String)>,
    may_log: bool,
    may_change: bool,
}

/// What was promised and given, and a form for more.
pub async fn list(app: App, at: At, grant: Grant<SeeCase>) -> Result<Html<ListPage>, Oops> {
    let typed = Typed::with(&[("promised_on", text::show_day(app.store().today()))]);
    render(&app, &at, &grant, typed).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeCase>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let case = cases::brief(store, grant, &[]).await?;
    let helps = super::of_case(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let kinds = HelpKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    let states = [HelpState::Promised, HelpState::Approved, HelpState::Given];
    let states = states.iter().map(|state| (state.as_str(), page.say(state.key()))).collect();
    let live = case.is_live();
    let may_log = live && store.may::<SeeCase, LogHelp>(grant);
    let may_change = live && grant.glass_until().is_none() && store.can::<ChangeHelp>(grant.actor());
    Ok(ListPage { page, typed, case, helps, kinds, states, may_log, may_change })
}

pub async fn create(app: App, at: At, grant: Grant<LogHelp>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<LogHelp, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case = grant.id();
    match super::log(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{case}/helps"), "help-logged").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn change(app: App, grant: Grant<ChangeHelp>, sent: Sent<StateDraft>) -> Result<Response, Oops> {
    let read = app.store().also::<ChangeHelp, ReadHelp>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(app.store(), &read).await?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    super::change(app.store(), grant, &sent.draft, Some(version)).await?;
    Ok(go(&format!("/cases/{case}/helps"), "help-changed").into_response())
}
