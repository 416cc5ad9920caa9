//! Pages: what a person has agreed to, with the form; the wordings, for the admin.

use super::model::{ConsentRow, Draft, TextDraft, TextRow, WithdrawalDraft};
use crate::{
    app::{App, Refused},
    base::{
        sealed::SealedText as _,
        text,
        words::{AgreementHow, ConsentGroup},
    },
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, door::AtHome, go},
    organisations,
    policy::acts::{AddConsentText, GiveConsent, ListOrganisations, SeeCase, SeeConsent, SeeConsents, WithdrawConsent},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "consents/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    consents: Vec<ConsentRow>,
    texts: Vec<TextRow>,
    organisations: Vec<(String, String)>,
    hows: Vec<(&'static str, String)>,
    may_give: bool,
    may_withdraw: bool,
}

impl ListPage {
    fn words<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        if self.page.lang() == "en" { en } else { vi }
    }

    fn moment(&self, at: &crate::base::time::At) -> String {
        self.page.instant(at)
    }

    fn said<'a, F: crate::base::sealed::Field<Value = String>>(
        &self,
        field: &'a Option<crate::base::sealed::Sealed<F>>,
    ) -> &'a str {
        field.said().unwrap_or_default()
    }
}

/// What she has agreed to, and the form for more.
pub async fn list(app: App, at: At, grant: Grant<SeeConsents>) -> Result<Html<ListPage>, Oops> {
    let typed = Typed::with(&[("given_on", text::show_day(app.store().today()))]);
    render(&app, &at, &grant, typed).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeConsents>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeConsents, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let consents = super::of_case(store, grant).await?;
    let may_give = case.is_live() && store.may::<SeeConsents, GiveConsent>(grant);
    let may_withdraw = store.can::<WithdrawConsent>(grant.actor());
    let (mut texts, mut known) = (Vec::new(), Vec::new());
    if may_give {
        texts = super::in_force(store).await?;
        let scope = store.scope::<ListOrganisations>(&Arc::new(grant.actor().clone()))?;
        let all = organisations::of_area(store, &scope, &case.area_code).await?;
        known = all.into_iter().map(|one| (one.id.to_string(), one.name_vi)).collect();
    }
    let page = Page::of(app, grant.actor(), at);
    let hows = AgreementHow::ALL.iter().map(|how| (how.as_str(), page.say(how.key()))).collect();
    Ok(ListPage { page, typed, case, consents, texts, organisations: known, hows, may_give, may_withdraw })
}

pub async fn give(app: App, at: At, grant: Grant<GiveConsent>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<GiveConsent, SeeConsents>(&grant).ok_or(Oops::Unknown)?;
    match super::give(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{}/consents", see.id()), "consent-given").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// She agrees no longer.
pub async fn withdraw(
    app: App,
    at: At,
    grant: Grant<WithdrawConsent>,
    sent: Sent<WithdrawalDraft>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<WithdrawConsent, SeeConsent>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(store, &see).await?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::withdraw(store, grant, &sent.draft, Some(version), sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{case}/consents"), "consent-withdrawn").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let list = store.onward::<SeeConsent, SeeConsents>(&see, case).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &list, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "consents/texts.html")]
pub struct TextsPage {
    page: Page,
    typed: Typed,
    texts: Vec<TextRow>,
    groups: Vec<(&'static str, String)>,
}

async fn texts_page(app: &App, at: &At, grant: &Grant<AddConsentText>, typed: Typed) -> Result<TextsPage, Oops> {
    let texts = super::texts(app.store()).await?;
    let page = Page::of(app, grant.actor(), at);
    let groups = ConsentGroup::ALL.iter().map(|group| (group.as_str(), page.say(group.key()))).collect();
    Ok(TextsPage { page, typed, texts, groups })
}

/// Every wording, and the form for a new one.
pub async fn texts(app: App, at: At, AtHome(grant): AtHome<AddConsentText>) -> Result<Html<TextsPage>, Oops> {
    texts_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn add_text(
    app: App,
    at: At,
    AtHome(grant): AtHome<AddConsentText>,
    sent: Sent<TextDraft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<AddConsentText, AddConsentText>(&grant).ok_or(Oops::Unknown)?;
    match super::add_text(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go("/consent-texts", "consent-text-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let page = texts_page(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
