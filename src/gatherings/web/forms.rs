//! Forms about a gathering: a new one, one that is put right, moved, cancelled, whom to ask, what to write down.

use super::{Choices, family, kinds, seen, state, title, typed, when};
use crate::{
    app::{App, Refused},
    base::{ids::RelativeId, refusal::Invalid, sealed::SealedText as _},
    cases::{
        self,
        model::{CaseRow, Filter},
    },
    gatherings::{
        self, guests,
        model::{CancelDraft, Draft, InviteDraft, Invited, MinutesDraft, MoveDraft, Row},
    },
    http::{At, Html, Oops, Page, Sent, Typed, door::AtHome, go},
    organisations,
    policy::{
        Actor,
        acts::{ChangeGathering, ListCases, ListOrganisations, PlanDialogue, PlanGathering, SeeCase, SeeGathering},
    },
    store::{Grant, PageAsk, Store},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "gatherings/form.html")]
pub struct FormPage {
    page: Page,
    typed: Typed,
    kinds: Choices,
    /// A dialogue with the family of this person.
    case: Option<CaseRow>,
    family: Choices,
    /// The one that is put right: its address.
    gathering: Option<String>,
}

impl FormPage {
    fn action(&self) -> String {
        match (&self.gathering, &self.case) {
            (Some(address), _) => format!("{address}/correction"),
            (None, Some(case)) => format!("/cases/{}/dialogues", case.id),
            (None, None) => "/gatherings".to_owned(),
        }
    }

    fn back(&self) -> String {
        match (&self.gathering, &self.case) {
            (Some(address), _) => address.clone(),
            (None, Some(case)) => format!("/cases/{}/gatherings", case.id),
            (None, None) => "/gatherings".to_owned(),
        }
    }

    fn heading(&self) -> String {
        self.page.say(match (&self.gathering, &self.case) {
            (Some(_), _) => "gatherings-correct",
            (None, Some(_)) => "gatherings-plan-dialogue",
            (None, None) => "gatherings-plan",
        })
    }
}

fn new_form(app: &App, at: &At, actor: &Actor, typed: Typed) -> FormPage {
    let page = Page::of(app, actor, at);
    FormPage { kinds: kinds(&page), page, typed, case: None, family: Vec::new(), gathering: None }
}

/// A form to begin with: whoever plans it leads it.
fn fresh(actor: &Actor) -> Typed {
    Typed::with(&[("leader", actor.name().to_owned())])
}

pub async fn new(app: App, at: At, AtHome(grant): AtHome<PlanGathering>) -> Result<Html<FormPage>, Oops> {
    Ok(Html(new_form(&app, &at, grant.actor(), fresh(grant.actor()))))
}

pub async fn create(
    app: App,
    at: At,
    AtHome(grant): AtHome<PlanGathering>,
    sent: Sent<Draft>,
) -> Result<Response, Oops> {
    let actor = grant.actor().clone();
    match gatherings::plan(app.store(), grant, &sent.draft, sent.key).await {
        Ok(id) => Ok(go(&format!("/gatherings/{id}"), "gathering-planned").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let page = new_form(&app, &at, &actor, sent.typed.refused(&invalid, actor.lang()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn dialogue_form(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<FormPage, Oops> {
    let store = app.store();
    let family = family(store, see, true).await?;
    let case = cases::brief(store, see, if family.is_empty() { &[] } else { &["family"] }).await?;
    let page = Page::of(app, see.actor(), at);
    Ok(FormPage { page, typed, kinds: Vec::new(), case: Some(case), family, gathering: None })
}

pub async fn new_dialogue(app: App, at: At, grant: Grant<PlanDialogue>) -> Result<Html<FormPage>, Oops> {
    let see = app.store().also::<PlanDialogue, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let typed = fresh(see.actor());
    dialogue_form(&app, &at, &see, typed).await.map(Html)
}

/// A dialogue as it is typed, with those of the family who are asked.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DialogueDraft {
    title: String,
    on: String,
    at: String,
    place: String,
    leader: String,
    relatives: Vec<String>,
}

pub async fn create_dialogue(
    app: App,
    at: At,
    grant: Grant<PlanDialogue>,
    sent: Sent<DialogueDraft>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<PlanDialogue, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let DialogueDraft { title, on, at: hour, place, leader, relatives } = sent.draft;
    let draft = Draft { title, on, at: hour, place, leader, ..Draft::default() };
    let asked: Option<Vec<RelativeId>> = relatives.iter().map(|id| id.parse().ok()).collect();
    let done = match asked {
        None => Err(Invalid::one("relatives", "unknown").into()),
        Some(asked) => {
            let people = asked.into_iter().map(|relative| (grant.id(), Some(relative))).collect();
            let family = Invited { people, bodies: Vec::new() };
            gatherings::plan_dialogue(store, grant, &draft, &family, sent.key).await
        }
    };
    match done {
        Ok(id) => Ok(go(&format!("/gatherings/{id}"), "gathering-planned").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(dialogue_form(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn correction_form(app: &App, at: &At, see: &Grant<SeeGathering>, row: &Row, typed: Typed) -> FormPage {
    let page = Page::of(app, see.actor(), at);
    let kinds = if row.case_id.is_some() { Vec::new() } else { kinds(&page) };
    FormPage { page, typed, kinds, case: None, family: Vec::new(), gathering: Some(format!("/gatherings/{}", row.id)) }
}

pub async fn correction(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<FormPage>, Oops> {
    let see = seen(&app, &grant)?;
    let row = gatherings::head(app.store(), &see).await?;
    let typed = typed(&row.draft());
    Ok(Html(correction_form(&app, &at, &see, &row, typed)))
}

pub async fn correct(app: App, at: At, grant: Grant<ChangeGathering>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = seen(&app, &grant)?;
    let read = version(&sent.draft.version)?;
    match gatherings::correct(app.store(), grant, &sent.draft, Some(read)).await {
        Ok(()) => Ok(go(&format!("/gatherings/{}", see.id()), "gathering-corrected").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let row = gatherings::head(app.store(), &see).await?;
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let page = correction_form(&app, &at, &see, &row, typed);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn version(typed: &str) -> Result<i64, Oops> {
    typed.parse().map_err(|_| Oops::NoVersion)
}

#[derive(Template)]
#[template(path = "gatherings/change.html")]
pub struct ChangePage {
    page: Page,
    typed: Typed,
    row: Row,
    /// Another day, or what was written down.
    minutes: bool,
}

impl ChangePage {
    fn back(&self) -> String {
        format!("/gatherings/{}", self.row.id)
    }

    fn title(&self) -> String {
        title(&self.page, &self.row)
    }

    fn when(&self) -> String {
        when(&self.page, &self.row)
    }

    fn state(&self) -> (&'static str, String) {
        state(&self.page, &self.row)
    }
}

async fn change_page(
    app: &App,
    at: &At,
    see: &Grant<SeeGathering>,
    minutes: bool,
    typed: Option<Typed>,
) -> Result<ChangePage, Oops> {
    let row = gatherings::head(app.store(), see).await?;
    let typed = typed.unwrap_or_else(|| match minutes {
        true => Typed::with(&[("minutes", row.minutes.told().unwrap_or_default())]),
        false => Typed::with(&[("at", row.at_time.clone())]),
    });
    Ok(ChangePage { page: Page::of(app, see.actor(), at), typed, row, minutes })
}

/// Thanks, or the same form with what was refused.
async fn changed(
    app: &App,
    at: &At,
    see: &Grant<SeeGathering>,
    minutes: bool,
    typed: Typed,
    done: Result<(), Refused>,
    thanks: &str,
) -> Result<Response, Oops> {
    match done {
        Ok(()) => Ok(go(&format!("/gatherings/{}", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let page = change_page(app, at, see, minutes, Some(typed)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Another day, or none.
pub async fn moving(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<ChangePage>, Oops> {
    change_page(&app, &at, &seen(&app, &grant)?, false, None).await.map(Html)
}

pub async fn put_off(app: App, at: At, grant: Grant<ChangeGathering>, sent: Sent<MoveDraft>) -> Result<Response, Oops> {
    let (see, read) = (seen(&app, &grant)?, version(&sent.draft.version)?);
    let done = gatherings::put_off(app.store(), grant, &sent.draft, Some(read)).await;
    changed(&app, &at, &see, false, sent.typed, done, "gathering-moved").await
}

pub async fn cancel(
    app: App,
    at: At,
    grant: Grant<ChangeGathering>,
    sent: Sent<CancelDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (seen(&app, &grant)?, version(&sent.draft.version)?);
    let done = gatherings::cancel(app.store(), grant, &sent.draft, Some(read)).await;
    changed(&app, &at, &see, false, sent.typed, done, "gathering-cancelled").await
}

pub async fn minutes(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<ChangePage>, Oops> {
    change_page(&app, &at, &seen(&app, &grant)?, true, None).await.map(Html)
}

pub async fn minute(
    app: App,
    at: At,
    grant: Grant<ChangeGathering>,
    sent: Sent<MinutesDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (seen(&app, &grant)?, version(&sent.draft.version)?);
    let done = gatherings::minute(app.store(), grant, &sent.draft, Some(read)).await;
    changed(&app, &at, &see, true, sent.typed, done, "gathering-minuted").await
}

#[derive(Template)]
#[template(path = "gatherings/invite.html")]
pub struct InvitePage {
    page: Page,
    typed: Typed,
    row: Row,
    /// People of the reader's own cases who are not asked yet.
    people: Choices,
    bodies: Choices,
    /// There are more than the page shows: they are asked from their own pages.
    more: bool,
}

impl InvitePage {
    fn back(&self) -> String {
        format!("/gatherings/{}", self.row.id)
    }

    fn title(&self) -> String {
        title(&self.page, &self.row)
    }

    fn when(&self) -> String {
        when(&self.page, &self.row)
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.typed.is(name, value)
    }
}

/// Organisations of the commune, and the People's Committee: once, as the role that answers, not as an organisation that nobody
/// reads for.
pub(super) async fn bodies(store: &Store, actor: &Actor, page: &Page, council: &str) -> Result<Choices, Oops> {
    let scope = store.scope::<ListOrganisations>(&Arc::new(actor.clone()))?;
    let all = organisations::of_area(store, &scope, actor.area()).await?;
    let name = |one: &organisations::model::Line| match page.lang() {
        "en" => one.name_en.clone(),
        _ => one.name_vi.clone(),
    };
    let others = all.iter().filter(|one| one.kind != "council");
    let mut bodies: Choices = others.map(|one| (one.id.to_string(), name(one))).collect();
    bodies.push((council.to_owned(), page.say("owes-council")));
    Ok(bodies)
}

async fn invite_page(app: &App, at: &At, see: &Grant<SeeGathering>, typed: Typed) -> Result<InvitePage, Oops> {
    let store = app.store();
    let whole = gatherings::one(store, see).await?;
    let page = Page::of(app, see.actor(), at);
    let scope = store.scope::<ListCases>(&Arc::new(see.actor().clone()))?;
    let lines = match whole.row.case_id {
        None => cases::list(store, &scope, &Filter::default(), &PageAsk { limit: 100, cursor: None }).await?,
        Some(_) => crate::store::Page { items: Vec::new(), next: None },
    };
    let asked = |case| whole.guests.iter().any(|guest| guest.case_id == case && guest.relative_id.is_none());
    let people = lines.items.into_iter().filter(|line| !asked(line.id)).map(|line| {
        let place = line.hamlet.map(|hamlet| format!(" · {hamlet}")).unwrap_or_default();
        (line.id.to_string(), format!("{}{place}", line.name))
    });
    let mut bodies = bodies(store, see.actor(), &page, "council").await?;
    bodies.retain(|(id, _)| {
        let known = |of: Option<crate::base::ids::OrganisationId>| of.map_or("council".to_owned(), |id| id.to_string());
        !whole.parties.iter().any(|party| known(party.organisation_id) == *id)
    });
    if whole.row.case_id.is_some() {
        bodies.clear();
    }
    Ok(InvitePage { people: people.collect(), bodies, more: lines.next.is_some(), page, typed, row: whole.row })
}

pub async fn inviting(app: App, at: At, grant: Grant<ChangeGathering>) -> Result<Html<InvitePage>, Oops> {
    invite_page(&app, &at, &seen(&app, &grant)?, Typed::with(&[])).await.map(Html)
}

pub async fn invite(
    app: App,
    at: At,
    grant: Grant<ChangeGathering>,
    sent: Sent<InviteDraft>,
) -> Result<Response, Oops> {
    let see = seen(&app, &grant)?;
    match guests::invite(app.store(), grant, &sent.draft, sent.key).await {
        Ok(()) => Ok(go(&format!("/gatherings/{}", see.id()), "guests-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(invite_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
