//! The form of a household, and what is done to one.

use super::{Family, after, choices, family, version};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::ids::CaseId,
    families::model::ConsentDraft,
    households::{
        self,
        model::{HouseholdDraft, Kin, ReadDraft},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{AddHousehold, ChangeHousehold, SeeFamily, SeeHousehold},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "households/household.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    family: Family,
    speakers: Vec<(String, String)>,
    members: Vec<(String, String)>,
    /// Where it is sent to.
    to: String,
    changes: bool,
}

async fn form(
    app: &App,
    at: &At,
    grant: &Grant<SeeFamily>,
    typed: impl FnOnce(&Family) -> Typed,
    to: String,
) -> Result<FormPage, Oops> {
    let family = family(app.store(), grant).await?;
    let typed = typed(&family);
    let (speakers, members) = (family.speakers(), choices(&family.relatives, &family.home.children, &family.names));
    let changes = to.ends_with("/correction");
    Ok(FormPage { page: Page::of(app, grant.actor(), at), typed, family, speakers, members, to, changes })
}

pub async fn new_household(app: App, at: At, grant: Grant<AddHousehold>) -> Result<Html<FormPage>, Oops> {
    let see = app.store().also::<AddHousehold, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let to = format!("/cases/{}/households", grant.id());
    form(&app, &at, &see, |_| Typed::with(&[("with_person", "true".to_owned())]), to).await.map(Html)
}

pub async fn add_household(
    app: App,
    at: At,
    grant: Grant<AddHousehold>,
    sent: Sent<HouseholdDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AddHousehold, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let to = format!("/cases/{}/households", grant.id());
    let made = households::add(app.store(), grant, &sent.draft, sent.key).await.map(|_household| ());
    after_form(&app, &at, see, sent.typed, made, to, "household-added").await
}

async fn after_form(
    app: &App,
    at: &At,
    see: Grant<SeeFamily>,
    typed: Typed,
    made: Result<(), Refused>,
    to: String,
    thanks: &str,
) -> Result<Response, Oops> {
    match made {
        Ok(()) => Ok(go(&format!("/cases/{}/households", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let body = form(app, at, &see, |_| typed, to).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The case of the household, and the grant for its family.
async fn family_of(app: &App, grant: &Grant<ChangeHousehold>) -> Result<(CaseId, Grant<SeeFamily>), Oops> {
    let see = app.store().also::<ChangeHousehold, SeeHousehold>(grant).ok_or(Oops::Unknown)?;
    let case = households::case_of(app.store(), &see).await?;
    Ok((case, app.store().onward::<SeeHousehold, SeeFamily>(&see, case).await?))
}

/// The form, filled in as the household stands.
pub async fn household_correction(app: App, at: At, grant: Grant<ChangeHousehold>) -> Result<Html<FormPage>, Oops> {
    let (_, see) = family_of(&app, &grant).await?;
    let id = grant.id();
    let filled = |family: &Family| {
        let Some(one) = family.home.households.iter().find(|one| one.id == id) else { return Typed::with(&[]) };
        let there = family.home.members.iter().filter(|member| member.household_id == id);
        let members =
            there.filter_map(|member| Kin::of(member.relative_id, member.child_id)).map(|kin| kin.to_string());
        Typed::with(&[
            ("hamlet", one.hamlet.clone().unwrap_or_default()),
            ("address", one.address.told().unwrap_or_default()),
            ("with_person", one.with_person.to_string()),
            ("speaker", one.speaker_id.map(|id| id.to_string()).unwrap_or_default()),
            ("version", one.version.to_string()),
        ])
        .and("members", members.collect::<Vec<_>>().into_iter())
    };
    form(&app, &at, &see, filled, format!("/households/{id}/correction")).await.map(Html)
}

pub async fn change_household(
    app: App,
    at: At,
    grant: Grant<ChangeHousehold>,
    sent: Sent<HouseholdDraft>,
) -> Result<Response, Oops> {
    let (_, see) = family_of(&app, &grant).await?;
    let to = format!("/households/{}/correction", grant.id());
    let read = version(&sent.draft.version)?;
    let made = households::change(app.store(), grant, &sent.draft, read, sent.key).await;
    after_form(&app, &at, see, sent.typed, made, to, "household-changed").await
}

pub async fn household_consent(
    app: App,
    at: At,
    grant: Grant<ChangeHousehold>,
    sent: Sent<ConsentDraft>,
) -> Result<Response, Oops> {
    let (_, see) = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = households::consent(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "relative-consented").await
}

pub async fn household_withdrawal(
    app: App,
    at: At,
    grant: Grant<ChangeHousehold>,
    sent: Sent<ReadDraft>,
) -> Result<Response, Oops> {
    let (_, see) = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = households::withdraw(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "relative-withdrawn").await
}

pub async fn household_ending(
    app: App,
    at: At,
    grant: Grant<ChangeHousehold>,
    sent: Sent<ReadDraft>,
) -> Result<Response, Oops> {
    let (_, see) = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = households::end(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "household-ended").await
}
