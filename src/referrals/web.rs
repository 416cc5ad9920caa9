//! Pages and forms of referrals.

use super::model::{Draft, EndDraft, HelperRow, ReferralRow};
use crate::{
    app::{App, Refused},
    base::{refusal::Invalid, text, words::Purpose},
    cases::{self, model::CaseRow},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Actor, AreaCode, Role,
        acts::{EndReferral, ListColleagues, ListOrganisations, Refer, SeeCase, SeeReferral, SeeReferrals},
    },
    staff::model::Colleague,
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "referrals/list.html")]
pub struct ListPage {
    page: Page,
    case: CaseRow,
    referrals: Vec<ReferralRow>,
    helpers: Vec<HelperRow>,
    may_refer: bool,
    may_end: bool,
}

impl ListPage {
    /// The named helpers of one referral.
    fn named(&self, referral: &ReferralRow) -> String {
        let names = self.helpers.iter().filter(|helper| helper.referral_id == referral.id);
        names.map(|helper| helper.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn basis(&self, referral: &ReferralRow) -> String {
        self.page.say(basis_key(&referral.basis))
    }

    fn is_live(&self, referral: &ReferralRow) -> bool {
        referral.is_live(self.page.today())
    }
}

/// To whom the person was referred, for what, on which basis.
pub async fn list(app: App, at: At, grant: Grant<SeeReferrals>) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let see = store.also::<SeeReferrals, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &[]).await?;
    let (referrals, helpers) = super::of_case(store, &grant).await?;
    let may_refer = case.is_live() && store.may::<SeeReferrals, Refer>(&grant);
    let may_end = grant.glass_until().is_none() && store.can::<EndReferral>(grant.actor());
    Ok(Html(ListPage { page: Page::of(&app, grant.actor(), &at), case, referrals, helpers, may_refer, may_end }))
}

fn basis_key(basis: &str) -> &'static str {
    if basis == "decision" { "referrals-basis-decision" } else { "referrals-basis-consent" }
}

/// An organisation and those of its members who can be named.
struct Group {
    name: String,
    helpers: Vec<Colleague>,
}

#[derive(Template)]
#[template(path = "referrals/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    groups: Vec<Group>,
    purposes: Vec<(&'static str, String)>,
    bases: Vec<(&'static str, String)>,
}

/// The helpers of a commune, by organisation. An organisation without a helper cannot be asked.
async fn groups(app: &App, actor: &Actor, area: &AreaCode) -> Result<Vec<Group>, Oops> {
    let (store, actor) = (app.store(), Arc::new(actor.clone()));
    let organisations = crate::organisations::of_area(store, &store.scope::<ListOrganisations>(&actor)?, area).await?;
    let helpers = crate::staff::colleagues(store, &store.scope::<ListColleagues>(&actor)?, &[Role::Partner]).await?;
    let members = |id| helpers.iter().filter(|helper| helper.organisation_id == Some(id)).cloned().collect::<Vec<_>>();
    let groups = organisations.into_iter().map(|one| Group { helpers: members(one.id), name: one.name_vi });
    Ok(groups.filter(|group| !group.helpers.is_empty()).collect())
}

async fn form(app: &App, at: &At, grant: &Grant<Refer>, typed: Typed) -> Result<FormPage, Oops> {
    let see = app.store().also::<Refer, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(app.store(), &see, &[]).await?;
    let groups = groups(app, grant.actor(), &case.area_code).await?;
    let page = Page::of(app, grant.actor(), at);
    let purposes = Purpose::ALL.iter().map(|purpose| (purpose.as_str(), page.say(purpose.key()))).collect();
    let bases = ["decision", "consent"].map(|basis| (basis, page.say(basis_key(basis)))).into();
    Ok(FormPage { page, typed, case, groups, purposes, bases })
}

pub async fn new(app: App, at: At, grant: Grant<Refer>) -> Result<Html<FormPage>, Oops> {
    let typed = Typed::with(&[("from_on", text::show_day(app.store().today()))]);
    form(&app, &at, &grant, typed).await.map(Html)
}

/// The form names helpers; their organisation follows from the first of them.
async fn with_organisation(app: &App, actor: &Actor, draft: Draft) -> Result<Draft, Oops> {
    let Some(first) = draft.helpers.first().filter(|_| draft.organisation.is_empty()) else { return Ok(draft) };
    let scope = app.store().scope::<ListColleagues>(&Arc::new(actor.clone()))?;
    let helpers = crate::staff::colleagues(app.store(), &scope, &[Role::Partner]).await?;
    let organisation = helpers.iter().find(|one| one.id.to_string() == *first).and_then(|one| one.organisation_id);
    Ok(Draft { organisation: organisation.map(|id| id.to_string()).unwrap_or_default(), ..draft })
}

pub async fn create(app: App, at: At, grant: Grant<Refer>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let again = app.store().also::<Refer, Refer>(&grant);
    let case = grant.id();
    let draft = with_organisation(&app, grant.actor(), sent.draft).await?;
    match super::refer(app.store(), grant, &draft, sent.key).await {
        Ok(_id) => Ok(go(&format!("/cases/{case}/referrals"), "case-referred").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&without_organisation(invalid), grant.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(form(&app, &at, &grant, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The form has no field for the organisation: what is said of it is said of the helpers.
fn without_organisation(mut invalid: Invalid) -> Invalid {
    for refusal in &mut invalid.0 {
        if refusal.field == "organisation" {
            refusal.field = "helpers".into();
        }
    }
    invalid.0.dedup();
    invalid
}

#[derive(Template)]
#[template(path = "referrals/ending.html")]
pub struct EndingPage {
    page: Page,
    typed: Typed,
    referral: String,
    case: String,
    organisation: String,
}

impl EndingPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeReferral>, typed: Typed) -> Result<EndingPage, Oops> {
        let row = super::see(app.store(), see).await?;
        Ok(EndingPage {
            page: Page::of(app, see.actor(), at),
            typed,
            referral: see.id().to_string(),
            case: row.case_id.to_string(),
            organisation: row.organisation,
        })
    }
}

/// Asks why it ends.
pub async fn ending(app: App, at: At, grant: Grant<EndReferral>) -> Result<Html<EndingPage>, Oops> {
    let see = app.store().also::<EndReferral, SeeReferral>(&grant).ok_or(Oops::Unknown)?;
    Ok(Html(EndingPage::of(&app, &at, &see, Typed::with(&[])).await?))
}

pub async fn end(app: App, at: At, grant: Grant<EndReferral>, sent: Sent<EndDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<EndReferral, SeeReferral>(&grant).ok_or(Oops::Unknown)?;
    let case = super::see(app.store(), &see).await?.case_id;
    match super::end(app.store(), grant, &sent.draft, None, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{case}/referrals"), "referral-ended").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(EndingPage::of(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
