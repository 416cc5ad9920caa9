//! Pages and forms of the family.

use super::model::{ConsentDraft, Draft, EndDraft, RelativeRow};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::words::AgreementHow,
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{AddRelative, EndRelative, SeeCase, SeeFamily, SeeRelative, SetConsent},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "families/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    family: Vec<RelativeRow>,
    may_add: bool,
    may_end: bool,
    hows: Vec<(&'static str, String)>,
}

/// Who is there, and a form for one more.
pub async fn list(app: App, at: At, grant: Grant<SeeFamily>) -> Result<Html<ListPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeFamily>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeFamily, SeeCase>(grant).ok_or(Oops::Unknown)?;
    // One row of the trail for head and family.
    let case = cases::brief(store, &see, &["family"]).await?;
    let family = super::written_down(store, grant).await?;
    let live = case.is_live();
    let may_add = live && store.may::<SeeFamily, AddRelative>(grant);
    let may_end = live && grant.glass_until().is_none() && store.can::<EndRelative>(grant.actor());
    let page = Page::of(app, grant.actor(), at);
    let hows = AgreementHow::ALL.iter().map(|how| (how.as_str(), page.say(how.key()))).collect();
    Ok(ListPage { page, typed, case, family, may_add, may_end, hows })
}

pub async fn create(app: App, at: At, grant: Grant<AddRelative>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<AddRelative, SeeFamily>(&grant);
    let case = grant.id();
    match super::add(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{case}/relatives"), "relative-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let see = see.ok_or(Oops::Invalid(invalid.clone()))?;
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn end(app: App, grant: Grant<EndRelative>, sent: Sent<EndDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<EndRelative, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(app.store(), &see).await?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    super::end(app.store(), grant, Some(version), sent.key).await?;
    Ok(go(&format!("/cases/{case}/relatives"), "relative-ended").into_response())
}

/// She agrees. Refused: the family again, with the reason.
pub async fn consent(app: App, at: At, grant: Grant<SetConsent>, sent: Sent<ConsentDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SetConsent, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(app.store(), &see).await?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::consent(app.store(), grant, &sent.draft, Some(version), sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{case}/relatives"), "relative-consented").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let family = app.store().onward::<SeeRelative, SeeFamily>(&see, case).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &family, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// She agrees no longer.
pub async fn withdraw(app: App, grant: Grant<SetConsent>, sent: Sent<EndDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SetConsent, SeeRelative>(&grant).ok_or(Oops::Unknown)?;
    let case = super::case_of(app.store(), &see).await?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    super::withdraw(app.store(), grant, Some(version), sent.key).await?;
    Ok(go(&format!("/cases/{case}/relatives"), "relative-withdrawn").into_response())
}
