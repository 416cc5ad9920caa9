//! The form of a need, and that it was met.

use super::{Family, after, choices, family, version};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::words::{HomeNeedKind, NeedLevel},
    households::{
        model::{MetDraft, NeedDraft, Whose},
        needs,
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{AddHomeNeed, MeetHomeNeed, SeeFamily, SeeHomeNeed},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "households/need.html")]
pub struct NeedPage {
    page: Page,
    typed: Typed,
    family: Family,
    whose: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    levels: Vec<(&'static str, String)>,
}

async fn form(app: &App, at: &At, grant: &Grant<SeeFamily>, typed: Typed) -> Result<NeedPage, Oops> {
    let family = family(app.store(), grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let there = family.home.households.iter().filter(|one| one.ended_at.is_none() && one.withdrawn_at.is_none());
    let household = |one: &super::HouseholdRow| {
        let place = one.address.text().or(one.hamlet.as_deref()).unwrap_or_default();
        (Whose::Household(one.id).to_string(), format!("{}: {place}", page.say("kin-kind-household")))
    };
    let mut whose: Vec<(String, String)> = there.map(household).collect();
    whose.extend(choices(&family.relatives, &family.home.children, &family.names));
    let kinds = HomeNeedKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect();
    let levels = [NeedLevel::Needed, NeedLevel::Urgent].map(|level| (level.as_str(), page.say(level.key()))).into();
    Ok(NeedPage { page, typed, family, whose, kinds, levels })
}

pub async fn new_need(app: App, at: At, grant: Grant<AddHomeNeed>) -> Result<Html<NeedPage>, Oops> {
    let see = app.store().also::<AddHomeNeed, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    form(&app, &at, &see, Typed::with(&[("level", NeedLevel::Needed.to_string())])).await.map(Html)
}

pub async fn add_need(app: App, at: At, grant: Grant<AddHomeNeed>, sent: Sent<NeedDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AddHomeNeed, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    match needs::add(&app, grant, &sent.draft, sent.key).await {
        Ok(_need) => Ok(go(&format!("/cases/{}/households", see.id()), "home-need-added").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn meet(app: App, at: At, grant: Grant<MeetHomeNeed>, sent: Sent<MetDraft>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<MeetHomeNeed, SeeHomeNeed>(&grant).ok_or(Oops::Unknown)?;
    let case = needs::case_of(store, &see).await?;
    let see = store.onward::<SeeHomeNeed, SeeFamily>(&see, case).await?;
    let read = version(&sent.draft.version)?;
    let done = needs::meet(store, grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "home-need-met").await
}
