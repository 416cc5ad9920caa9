//! Pages and forms of help to make a living.

use super::model::{CheckDraft, Draft, Entry, HelpRow, StateDraft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{HelpKind, HelpState},
    },
    cases::{self, model::CaseRow},
    funds, households,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{ChangeHelp, ListFunds, LogHelp, ReadHelp, SeeCase},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "livelihood/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    helps: Vec<Entry>,
    funds: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    states: Vec<(&'static str, String)>,
    /// Of the family, for whom it may be.
    kin: Vec<(String, String)>,
    may_log: bool,
    may_change: bool,
}

impl ListPage {
    /// What only its kind has: how many, when, where, for how much.
    fn terms(&self, help: &HelpRow) -> String {
        let page = &self.page;
        let day = |key: &str, day: Option<crate::base::time::Day>| day.map(|day| page.x(key, text::show_day(day.0)));
        let said = |key: &str, said: Option<&str>| said.map(|said| page.x(key, said));
        let parts = [
            help.quantity.map(|number| page.n("livelihood-quantity-is", number)),
            said("livelihood-employer-is", help.employer.text()),
            day("livelihood-starts-is", help.starts_on),
            day("livelihood-ends-is", help.ends_on),
            help.wage.map(|wage| page.x("livelihood-wage-is", text::show_vnd(wage))),
            said("livelihood-certificate-is", help.certificate.text()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn is_training(&self, help: &HelpRow) -> bool {
        help.kind == HelpKind::Training
    }

    /// More than that it was promised.
    fn has_history(&self, entry: &Entry) -> bool {
        entry.steps.len() > 1 || entry.steps.iter().any(|step| step.receipt.is_some())
    }

    fn late(&self, check: &super::model::CheckRow) -> bool {
        check.due_on.0 <= self.page.today()
    }
}

/// What was promised and given, and a form for more.
pub async fn list(app: App, at: At, grant: Grant<SeeCase>) -> Result<Html<ListPage>, Oops> {
    let typed = Typed::with(&[("promised_on", text::show_day(app.store().today()))]);
    render(&app, &at, &grant, typed).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeCase>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let page = Page::of(app, grant.actor(), at);
    let helps = super::ledger(store, grant).await?;
    let kin = match store.may::<SeeCase, LogHelp>(grant) {
        true => households::web::whom(store, &page, grant).await?,
        false => Vec::new(),
    };
    let told = super::parts(helps.iter().map(|entry| &entry.row));
    let case = cases::brief(store, grant, if kin.is_empty() { told } else { &["family"] }).await?;
    let funds = match store.scope::<ListFunds>(&Arc::new(grant.actor().clone())) {
        Ok(scope) => funds::giving(store, &scope).await?,
        Err(_nothing_to_choose) => Vec::new(),
    };
    let funds = funds.into_iter().map(|fund| (fund.id.to_string(), fund.name)).collect();
    let kinds = HelpKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    let states = [HelpState::Promised, HelpState::Approved, HelpState::Given];
    let states = states.iter().map(|state| (state.as_str(), page.say(state.key()))).collect();
    let live = case.is_live();
    let may_log = live && store.may::<SeeCase, LogHelp>(grant);
    let may_change = live && grant.glass_until().is_none() && store.can::<ChangeHelp>(grant.actor());
    Ok(ListPage { page, typed, case, helps, funds, kinds, states, kin, may_log, may_change })
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

/// Writes down whether somebody was seen at work.
pub async fn check_work(app: App, at: At, grant: Grant<ChangeHelp>, sent: Sent<CheckDraft>) -> Result<Response, Oops> {
    let store = app.store();
    let read = store.also::<ChangeHelp, ReadHelp>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(store, &read).await?;
    match super::check_work(store, grant, &sent.draft).await {
        Ok(()) => Ok(go(&format!("/cases/{case}/helps"), "work-checked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let see = store.onward::<ReadHelp, SeeCase>(&read, case).await?;
            let typed = Typed::with(&[]).refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
