//! Pages and forms of visits.

use super::{
    Next,
    model::{Draft, WithdrawalDraft},
};
use crate::{
    app::{App, Refused},
    base::text,
    cases, households,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Actor,
        acts::{LogVisit, SeeCase, SeeVisit, WithdrawVisit},
    },
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "visits/form.html")]
pub struct FormPage {
    pub page: Page,
    pub typed: Typed,
    pub case: cases::model::CaseRow,
    /// A helper writes no officer's note.
    pub helper: bool,
    pub next: Next,
    /// Who reads the shared note.
    pub readers: Vec<String>,
    /// Of the family, for whom it may have been.
    pub kin: Vec<(String, String)>,
}

impl FormPage {
    /// What the field of the next day tells: the latest day and its rule, before anything is refused.
    fn next_hint(&self) -> String {
        match &self.next {
            Next::InCharge(Some((day, why))) => {
                let latest = self.page.x("visits-next-on-latest", text::show_day(*day));
                format!("{latest} {why}")
            }
            Next::InCharge(None) => self.page.say("visits-next-on-hint"),
            Next::Helper | Next::NotInCharge => self.page.say("visits-next-on-helper"),
        }
    }

    /// Her visit is seen and settles nothing: she should know before she goes.
    fn settles_nothing(&self) -> bool {
        matches!(self.next, Next::NotInCharge)
    }

    /// Who reads the shared note, for whoever writes it: helpers are told that the office reads it, too.
    fn note_readers(&self) -> String {
        let helpers = self.readers.join(", ");
        match (self.helper, self.readers.is_empty()) {
            (true, _) => self.page.x("visits-shared-note-office-too", helpers),
            (false, true) => self.page.say("visits-shared-note-nobody"),
            (false, false) => self.page.x("visits-shared-note-readers", helpers),
        }
    }
}

/// The form, empty: home, met, today.
pub async fn new(app: App, at: At, grant: Grant<LogVisit>) -> Result<Html<FormPage>, Oops> {
    let first = [("met", "true".to_owned()), ("kind", "home".to_owned()), ("on", text::show_day(app.store().today()))];
    let typed = Typed::with(&first);
    form(&app, &at, &grant, typed).await.map(Html)
}

async fn form(app: &App, at: &At, grant: &Grant<LogVisit>, typed: Typed) -> Result<FormPage, Oops> {
    let see = app.store().also::<LogVisit, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let helper = cases::is_helper(app.store(), grant.actor());
    let page = Page::of(app, grant.actor(), at);
    let kin = households::web::whom(app.store(), &page, &see).await?;
    let case = cases::brief(app.store(), &see, if kin.is_empty() { &[] } else { &["family"] }).await?;
    let readers = crate::referrals::live_helpers(app.store(), &see).await?;
    let next = super::next(app.store(), grant).await?;
    Ok(FormPage { page, typed, case, helper, next, readers, kin })
}

/// Takes the form. Refused: the form again, with everything that was typed.
pub async fn create(app: App, at: At, grant: Grant<LogVisit>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let again = app.store().also::<LogVisit, LogVisit>(&grant);
    let case = grant.id();
    match super::log(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_visit) => Ok(go(&format!("/cases/{case}"), "visit-logged").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form(&app, &at, &grant, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "visits/withdrawal.html")]
pub struct WithdrawalPage {
    page: Page,
    typed: Typed,
    visit: String,
    case: String,
}

impl WithdrawalPage {
    fn of(app: &App, at: &At, actor: &Actor, visit: String, case: String, typed: Typed) -> WithdrawalPage {
        WithdrawalPage { page: Page::of(app, actor, at), typed, visit, case }
    }
}

/// Asks why.
pub async fn withdrawal(app: App, at: At, grant: Grant<WithdrawVisit>) -> Result<Html<WithdrawalPage>, Oops> {
    let see = app.store().also::<WithdrawVisit, SeeVisit>(&grant).ok_or(Oops::Unknown)?;
    let case = super::store::case_id(app.store(), &see).await?.ok_or(Oops::Unknown)?;
    Ok(Html(WithdrawalPage::of(&app, &at, grant.actor(), grant.id().to_string(), case.to_string(), Typed::with(&[]))))
}

pub async fn withdraw(
    app: App,
    at: At,
    grant: Grant<WithdrawVisit>,
    sent: Sent<WithdrawalDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<WithdrawVisit, SeeVisit>(&grant).ok_or(Oops::Unknown)?;
    let case = super::store::case_id(app.store(), &see).await?.ok_or(Oops::Unknown)?;
    match super::withdraw(app.store(), grant, &sent.draft, None, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{case}"), "visit-withdrawn").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let body = WithdrawalPage::of(&app, &at, see.actor(), see.id().to_string(), case.to_string(), typed);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
