//! Pages of gatherings: the list, one of them, and what a person was asked to.

pub mod forms;
pub mod opinions;
pub mod prints;

use super::{
    Whole, guests,
    model::{
        AttendanceDraft, Attended, Draft, GuestRow, InviteDraft, MoveRow, PartyRow, Row, State, opinions::OpinionRow,
    },
};
use crate::{
    app::{App, Refused},
    base::{
        sealed::SealedText as _,
        text,
        words::{GatheringKind, Owes},
    },
    cases::{self, model::CaseRow},
    families,
    http::{At, Html, Oops, Page, Sent, Typed, go, request::CursorQuery},
    policy::acts::{
        ChangeGathering, InviteGuest, ListGatherings, PlanDialogue, PlanGathering, SeeAttendance, SeeCase, SeeFamily,
        SeeGathering,
    },
    store::{Denied, Fault, Grant, PageAsk, Scope, Store},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

pub(super) type Choices = Vec<(String, String)>;

/// What a meeting is called: its own title, or the word of its kind.
pub(super) fn title(page: &Page, row: &Row) -> String {
    if row.title.is_empty() { page.say(row.kind.key()) } else { row.title.told() }
}

/// Day, and the hour where it was said.
pub(super) fn when(page: &Page, row: &Row) -> String {
    let day = page.long_day(&row.on_day);
    if row.at_time.is_empty() { day } else { format!("{}, {day}", row.at_time) }
}

pub(super) fn state(page: &Page, row: &Row) -> (&'static str, String) {
    let state = row.state(page.today());
    let class = match state {
        State::Planned => "waiting",
        State::Held => "ok",
        State::Cancelled => "plain",
    };
    (class, page.say(state.key()))
}

/// An organisation in the reader's language; none: the People's Committee.
pub(super) fn body(page: &Page, vi: Option<&str>, en: Option<&str>) -> String {
    let name = if page.lang() == "en" { en } else { vi };
    name.map_or_else(|| page.say("owes-council"), str::to_owned)
}

/// Who owes an answer, in the reader's words.
pub(super) fn owes(page: &Page, row: &OpinionRow) -> String {
    match row.owes {
        None => String::new(),
        Some(Owes::Officer) => row.owes_user.clone().unwrap_or_else(|| page.say("gatherings-in-charge")),
        Some(Owes::Organisation) => body(page, row.name_vi.as_deref(), row.name_en.as_deref()),
        Some(Owes::Council) => page.say("owes-council"),
    }
}

#[derive(Template)]
#[template(path = "gatherings/list.html")]
pub struct ListPage {
    page: Page,
    ahead: Vec<Row>,
    past: Vec<Row>,
    older: Option<String>,
    may_plan: bool,
    office: bool,
}

impl ListPage {
    fn title(&self, row: &Row) -> String {
        title(&self.page, row)
    }

    fn when(&self, row: &Row) -> String {
        when(&self.page, row)
    }

    fn state(&self, row: &Row) -> (&'static str, String) {
        state(&self.page, row)
    }
}

/// Those that are ahead, then the others.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListGatherings>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let store = app.store();
    let ahead = match &query.cursor {
        None => super::list(store, &scope, Some(true), &PageAsk { limit: 100, cursor: None }).await?.items,
        Some(_) => Vec::new(),
    };
    let past = super::list(store, &scope, Some(false), &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let older = past.next.map(|cursor| format!("/gatherings?cursor={cursor}"));
    let may_plan = store.can::<PlanGathering>(scope.actor());
    let page = Page::of(&app, scope.actor(), &at);
    Ok(Html(ListPage { page, ahead, past: past.items, older, may_plan, office: may_plan }))
}

#[derive(Template)]
#[template(path = "gatherings/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    row: Row,
    moves: Vec<MoveRow>,
    guests: Vec<GuestRow>,
    parties: Vec<PartyRow>,
    opinions: Vec<OpinionRow>,
    came: i64,
    office: bool,
    may_change: bool,
    /// Who came is asked from its day on.
    has_begun: bool,
}

impl ShowPage {
    fn title(&self) -> String {
        title(&self.page, &self.row)
    }

    fn when(&self) -> String {
        when(&self.page, &self.row)
    }

    fn state(&self) -> (&'static str, String) {
        state(&self.page, &self.row)
    }

    fn body(&self, party: &PartyRow) -> String {
        body(&self.page, party.name_vi.as_deref(), party.name_en.as_deref())
    }

    fn owes(&self, opinion: &OpinionRow) -> String {
        owes(&self.page, opinion)
    }
}

pub(super) async fn render(app: &App, at: &At, grant: &Grant<SeeGathering>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let whole = super::one(store, grant).await?;
    let came = whole.came();
    let page = Page::of(app, grant.actor(), at);
    let Whole { row, moves, guests, parties, opinions, office } = whole;
    let may_change = row.is_open() && store.may::<SeeGathering, ChangeGathering>(grant);
    let has_begun = row.has_begun(page.today());
    Ok(ShowPage { page, typed, row, moves, guests, parties, opinions, came, office, may_change, has_begun })
}

/// A meeting: who is asked, who came, what was said, what was written down.
pub async fn show(app: App, at: At, grant: Grant<SeeGathering>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub(super) fn seen(app: &App, grant: &Grant<ChangeGathering>) -> Result<Grant<SeeGathering>, Oops> {
    app.store().also::<ChangeGathering, SeeGathering>(grant).ok_or(Oops::Unknown)
}

/// Who came. Refused: the page again.
pub async fn attend(
    app: App,
    at: At,
    grant: Grant<ChangeGathering>,
    sent: Sent<AttendanceDraft>,
) -> Result<Response, Oops> {
    let see = seen(&app, &grant)?;
    match guests::attend(app.store(), grant, &sent.draft, sent.key).await {
        Ok(()) => Ok(go(&format!("/gatherings/{}", see.id()), "attendance-kept").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "gatherings/case.html")]
pub struct CasePage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    attended: Vec<Attended>,
    /// Meetings of the commune that are ahead, to ask her or her family to.
    ahead: Choices,
    family: Choices,
    may_plan: bool,
}

impl CasePage {
    /// `Đã đến`, `Không đến`, `Đã mời`.
    fn said(&self, one: &Attended) -> (&'static str, String) {
        said(&self.page, one)
    }
}

/// How a meeting stands on the page of one person. An absence has no colour: nobody has to come.
pub(crate) fn said(page: &Page, one: &Attended) -> (&'static str, String) {
    let (class, key) = match (one.cancelled_at.is_some(), one.came, one.family_came > 0, one.asked > 0) {
        (true, ..) => ("plain", "gatherings-state-cancelled"),
        (_, Some(1), ..) => ("ok", "gatherings-came"),
        (_, _, true, _) => ("ok", "gatherings-family-came"),
        (_, Some(_), ..) => ("plain", "gatherings-not-there"),
        (_, None, _, true) => ("plain", "gatherings-asked"),
        (_, None, ..) if one.minuted_at.is_some() => ("ok", "gatherings-state-held"),
        (_, None, ..) if one.family_asked > 0 => ("plain", "gatherings-family-asked"),
        _ => ("waiting", "gatherings-state-planned"),
    };
    (class, page.say(key))
}

async fn case_page(app: &App, at: &At, grant: &Grant<SeeAttendance>, typed: Typed) -> Result<CasePage, Oops> {
    let store = app.store();
    let see = store.also::<SeeAttendance, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let may_plan = store.may::<SeeAttendance, PlanDialogue>(grant);
    let family = family(store, &see, may_plan).await?;
    let parts: &[&str] = if family.is_empty() { &["gathering"] } else { &["family", "gathering"] };
    let case = cases::brief(store, &see, parts).await?;
    let attended = super::of_case(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let may_plan = may_plan && case.is_live();
    let ahead = if may_plan { ahead(store, grant, &page).await? } else { Vec::new() };
    Ok(CasePage { page, typed, case, attended, ahead, family, may_plan })
}

/// Those of the family who may be asked: who has not withdrawn.
async fn family(store: &Store, see: &Grant<SeeCase>, wanted: bool) -> Result<Choices, Fault> {
    let Some(grant) = store.also::<SeeCase, SeeFamily>(see).filter(|_| wanted) else { return Ok(Vec::new()) };
    let all = families::written_down(store, &grant).await?;
    let live = all.into_iter().filter(|one| one.ended_at.is_none() && one.withdrawn_at.is_none());
    Ok(live.map(|one| (one.id.to_string(), format!("{}: {}", one.relation.text(), one.name.text()))).collect())
}

/// Meetings of the commune that are ahead.
async fn ahead(store: &Store, grant: &Grant<SeeAttendance>, page: &Page) -> Result<Choices, Fault> {
    let scope = store.scope::<ListGatherings>(&Arc::new(grant.actor().clone()))?;
    let rows = super::list(store, &scope, Some(true), &PageAsk { limit: 50, cursor: None }).await?.items;
    let rows = rows.into_iter().filter(|row| row.case_id.is_none());
    Ok(rows
        .map(|row| (row.id.to_string(), format!("{} · {}", text::show_day(row.on_day.0), title(page, &row))))
        .collect())
}

/// What a person was asked to, the dialogues with her family, and a form to ask her.
pub async fn of_case(app: App, at: At, grant: Grant<SeeAttendance>) -> Result<Html<CasePage>, Oops> {
    case_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

/// Asks a person, or some of her family, to a meeting.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseInvitation {
    gathering: String,
    /// `true`: herself.
    herself: String,
    relatives: Vec<String>,
}

impl CaseInvitation {
    fn draft(&self, case: crate::base::ids::CaseId) -> InviteDraft {
        InviteDraft {
            cases: if self.herself == "true" { vec![case.to_string()] } else { Vec::new() },
            relatives: self.relatives.iter().map(|relative| format!("{case}:{relative}")).collect(),
            bodies: Vec::new(),
        }
    }
}

pub async fn invite_from_case(
    app: App,
    at: At,
    grant: Grant<InviteGuest>,
    sent: Sent<CaseInvitation>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<InviteGuest, SeeAttendance>(&grant).ok_or(Oops::Unknown)?;
    let case = grant.id();
    let done = match sent.draft.gathering.parse() {
        Err(_) => Err(crate::base::refusal::Invalid::one("gathering", "not_chosen").into()),
        Ok(id) => match store.onward::<InviteGuest, ChangeGathering>(&grant, id).await {
            Ok(change) => guests::invite(store, change, &sent.draft.draft(case), sent.key).await,
            Err(Fault::Denied(Denied::Unknown | Denied::Forbidden)) => {
                Err(crate::base::refusal::Invalid::one("gathering", "unknown").into())
            }
            Err(other) => Err(other.into()),
        },
    };
    match done {
        Ok(()) => Ok(go(&format!("/cases/{case}/gatherings"), "guests-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(case_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The kinds, for a select; a dialogue with one family begins on her page.
pub(super) fn kinds(page: &Page) -> Choices {
    GatheringKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), page.say(kind.key()))).collect()
}

pub(super) fn typed(draft: &Draft) -> Typed {
    Typed::with(&[
        ("kind", draft.kind.clone()),
        ("title", draft.title.clone()),
        ("on", draft.on.clone()),
        ("at", draft.at.clone()),
        ("place", draft.place.clone()),
        ("leader", draft.leader.clone()),
        ("outsiders", draft.outsiders.clone()),
        ("version", draft.version.clone()),
    ])
}
