//! The form of a child, and what is done to one.

use super::{Family, after, family, version};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    families::model::ConsentDraft,
    households::{
        children,
        model::{ChildDraft, ReadDraft},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{AddChild, ChangeChild, SeeChild, SeeFamily},
    store::Grant,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "households/child.html")]
pub struct ChildPage {
    page: Page,
    typed: Typed,
    family: Family,
    guardians: Vec<(String, String)>,
    to: String,
    changes: bool,
}

async fn form(
    app: &App,
    at: &At,
    grant: &Grant<SeeFamily>,
    typed: impl FnOnce(&Family) -> Typed,
    to: String,
) -> Result<ChildPage, Oops> {
    let family = family(app.store(), grant).await?;
    let (typed, guardians, changes) = (typed(&family), family.speakers(), to.ends_with("/correction"));
    Ok(ChildPage { page: Page::of(app, grant.actor(), at), typed, family, guardians, to, changes })
}

pub async fn new_child(app: App, at: At, grant: Grant<AddChild>) -> Result<Html<ChildPage>, Oops> {
    let see = app.store().also::<AddChild, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    form(&app, &at, &see, |_| Typed::with(&[]), format!("/cases/{}/children", grant.id())).await.map(Html)
}

pub async fn add_child(app: App, at: At, grant: Grant<AddChild>, sent: Sent<ChildDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AddChild, SeeFamily>(&grant).ok_or(Oops::Unknown)?;
    let to = format!("/cases/{}/children", grant.id());
    let made = children::add(app.store(), grant, &sent.draft, sent.key).await.map(|_child| ());
    after_form(&app, &at, see, sent.typed, made, to, "child-added").await
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

/// The grant for the child's family.
async fn family_of(app: &App, grant: &Grant<ChangeChild>) -> Result<Grant<SeeFamily>, Oops> {
    let see = app.store().also::<ChangeChild, SeeChild>(grant).ok_or(Oops::Unknown)?;
    let case = children::case_of(app.store(), &see).await?;
    Ok(app.store().onward::<SeeChild, SeeFamily>(&see, case).await?)
}

/// The form, filled in as the record stands.
pub async fn child_correction(app: App, at: At, grant: Grant<ChangeChild>) -> Result<Html<ChildPage>, Oops> {
    let (see, id) = (family_of(&app, &grant).await?, grant.id());
    let filled = |family: &Family| {
        let Some(one) = family.home.children.iter().find(|one| one.id == id) else { return Typed::with(&[]) };
        Typed::with(&[
            ("name", one.name.told()),
            ("born_year", one.born_year.told().unwrap_or_default()),
            ("school", one.school.told().unwrap_or_default()),
            ("grade", one.grade.told().unwrap_or_default()),
            ("guardian", one.guardian_id.map(|id| id.to_string()).unwrap_or_default()),
            ("version", one.version.to_string()),
        ])
    };
    form(&app, &at, &see, filled, format!("/children/{id}/correction")).await.map(Html)
}

pub async fn change_child(
    app: App,
    at: At,
    grant: Grant<ChangeChild>,
    sent: Sent<ChildDraft>,
) -> Result<Response, Oops> {
    let see = family_of(&app, &grant).await?;
    let to = format!("/children/{}/correction", grant.id());
    let read = version(&sent.draft.version)?;
    let made = children::change(app.store(), grant, &sent.draft, read, sent.key).await;
    after_form(&app, &at, see, sent.typed, made, to, "child-changed").await
}

pub async fn child_consent(
    app: App,
    at: At,
    grant: Grant<ChangeChild>,
    sent: Sent<ConsentDraft>,
) -> Result<Response, Oops> {
    let see = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = children::consent(app.store(), grant, &sent.draft, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "relative-consented").await
}

pub async fn child_withdrawal(
    app: App,
    at: At,
    grant: Grant<ChangeChild>,
    sent: Sent<ReadDraft>,
) -> Result<Response, Oops> {
    let see = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = children::withdraw(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "relative-withdrawn").await
}

pub async fn child_ending(
    app: App,
    at: At,
    grant: Grant<ChangeChild>,
    sent: Sent<ReadDraft>,
) -> Result<Response, Oops> {
    let see = family_of(&app, &grant).await?;
    let read = version(&sent.draft.version)?;
    let done = children::end(app.store(), grant, read, sent.key).await;
    after(&app, &at, see, sent.typed, done, "child-ended").await
}
