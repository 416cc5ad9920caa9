//! Pages of people: the list, the search, a new case, one person's page.

pub mod course;
pub mod forms;

use super::{
    View,
    filters::{self, Choices, FilterQuery, Kept},
    model::{CaseRow, CaseView, Draft, Line},
};
use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    app::{App, Refused},
    base::{
        arg::Arg,
        time::{Day, days_between},
        words::{CaseStatus, Regime, Sex},
    },
    doubles::model::Known,
    follow_ups::{self, model::FollowUpRow},
    gatherings::{self, model::Attended},
    http::{At, Html, Oops, Page, Sent, Typed, go, request::in_url},
    livelihood::{self, model::HelpRow},
    policy::{
        Actor, AreaCode, Role,
        acts::{
            AddCover, AddTask, AskErasure, Classify, CloseCase, ContinueCase, EditCase, EditParts, ExportCases,
            ImportCases, IssueDocument, ListAttachments, ListCases, ListColleagues, LogHelp, LogVisit, MoveCase,
            OpenAgain, OpenCase, Refer, ReopenCase, SeeAssignments, SeeAttendance, SeeCase, SeeConsents, SeeDuties,
            SeeFamily, SeeHelp, SeeHistory, SeeIdentity, SeeLoans, SeeOpenings, SeePlans, SeeReferrals, SeeRequests,
            SeeRestrictions, WithdrawVisit,
        },
    },
    referrals::{self, model::ReferralRow},
    store::{self, Grant, PageAsk, Scope},
    visits::{self, model::VisitRow},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "cases/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<Line>,
    next: Option<String>,
    query: FilterQuery,
    choices: Choices,
    kept: Vec<Kept>,
    /// A filter that could not be kept.
    refused: Option<Typed>,
    statuses: Vec<(&'static str, String)>,
    /// What was searched for; `None`: the list itself.
    typed: Option<Typed>,
    /// A helper's list has other columns and no filter.
    helper: bool,
    /// The commune in which the reader may open a case.
    opens_in: Option<AreaCode>,
    covers_in: Option<AreaCode>,
    imports_in: Option<AreaCode>,
    /// May she take the list out as a file?
    exports: bool,
    officer: bool,
}

impl ListPage {
    fn of(app: &App, at: &At, scope: &Scope<ListCases>, lines: Vec<Line>, query: FilterQuery) -> ListPage {
        let (store, actor) = (app.store(), scope.actor());
        let page = Page::of(app, actor, at);
        let statuses = CaseStatus::ALL
            .iter()
            .filter(|status| **status != CaseStatus::Sealed)
            .map(|status| (status.as_str(), page.say(status.key())))
            .collect();
        let helper = super::is_helper(store, actor);
        let area = || actor.area().clone();
        ListPage {
            page,
            lines,
            next: None,
            query,
            choices: Choices::default(),
            kept: Vec::new(),
            refused: None,
            statuses,
            typed: None,
            helper,
            opens_in: store.can::<OpenCase>(actor).then(area),
            covers_in: store.can::<AddCover>(actor).then(area),
            imports_in: store.can::<ImportCases>(actor).then(area),
            exports: store.can::<ExportCases>(actor),
            officer: actor.role() == Role::Officer,
        }
    }
}

/// People within the reader's reach.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListCases>,
    Query(query): Query<FilterQuery>,
) -> Result<Html<ListPage>, Oops> {
    listed(&app, &at, &scope, query, None).await.map(Html)
}

/// The list narrowed to `query`; `refused`: what was wrong with a filter that was to be kept.
pub(super) async fn listed(
    app: &App,
    at: &At,
    scope: &Scope<ListCases>,
    query: FilterQuery,
    refused: Option<Typed>,
) -> Result<ListPage, Oops> {
    let store = app.store();
    let ask = PageAsk { limit: 25, cursor: query.cursor.clone() };
    let found = super::list(store, scope, &query.filter().map_err(Oops::BadRequest)?, &ask).await?;
    let next = found.next.map(|cursor| match query.address() {
        plain if plain.is_empty() => format!("/cases?cursor={}", in_url(&cursor)),
        address => format!("/cases?{address}&cursor={}", in_url(&cursor)),
    });
    let page = ListPage::of(app, at, scope, found.items, query);
    if page.helper {
        return Ok(ListPage { next, ..page });
    }
    let (choices, kept) = (filters::choices(store, scope).await?, filters::kept(store, scope).await?);
    Ok(ListPage { next, choices, kept, refused, ..page })
}

impl ListPage {
    /// What a filter says, in words: its status, hamlet, officer and order.
    fn words(&self, query: &FilterQuery) -> String {
        let said = |key: &str, holds: bool| holds.then(|| self.page.say(key));
        let one = |id: &str, named: Option<&str>, key: &str| {
            (!id.is_empty()).then(|| named.map_or_else(|| self.page.say(key), str::to_owned))
        };
        let hamlet = self.choices.hamlets.iter().find(|(id, _)| id.to_string() == query.hamlet);
        let officer = self.choices.officers.iter().find(|(id, _)| id.to_string() == query.officer);
        let status = self.statuses.iter().find(|(word, _)| *word == query.status);
        let words: Vec<String> = [
            status.map(|(_, shown)| shown.clone()),
            said("cases-tab-mine", query.mine == "true"),
            said("cases-tab-unassigned", query.unassigned == "true"),
            one(&query.hamlet, hamlet.map(|one| one.1.as_str()), "cases-hamlet-gone"),
            one(&query.officer, officer.map(|one| one.1.as_str()), "cases-officer-gone"),
            said("cases-sort-opened", query.sort == "opened"),
        ]
        .into_iter()
        .flatten()
        .collect();
        words.join(" · ")
    }

    /// Is the filter that is shown one that is kept?
    fn keeps_shown(&self) -> bool {
        self.kept.iter().any(|kept| self.shows(kept))
    }

    fn shows(&self, kept: &Kept) -> bool {
        kept.query.address() == self.query.address()
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchDraft {
    q: String,
}

/// How many a search shows.
const MOST_FOUND: i64 = 50;

/// The words come in the body: a name never stands in an address or a log.
pub async fn search(app: App, at: At, scope: Scope<ListCases>, sent: Sent<SearchDraft>) -> Result<Response, Oops> {
    crate::http::pace::search(&app, scope.actor())?;
    match super::search(app.store(), &scope, &sent.draft.q, MOST_FOUND).await {
        Ok(lines) => {
            let body = ListPage::of(&app, &at, &scope, lines, FilterQuery::default());
            Ok(Html(ListPage { typed: Some(sent.typed), ..body }).into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = Some(sent.typed.refused(&invalid, scope.actor().lang()));
            let body = ListPage { typed, ..ListPage::of(&app, &at, &scope, Vec::new(), FilterQuery::default()) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/new.html")]
pub struct NewPage {
    page: Page,
    typed: Typed,
    area: AreaCode,
    area_name: String,
    regimes: Vec<(&'static str, String)>,
    sexes: Vec<(&'static str, String)>,
    id_kinds: Vec<(&'static str, String)>,
    officers: Vec<(String, String)>,
    /// A closed case of the person for whom this one is opened.
    before: Option<CaseRow>,
    /// Cases within the reader's reach that may be this person's.
    doubles: Vec<Known>,
}

impl NewPage {
    fn with(
        page: Page,
        typed: Typed,
        area: AreaCode,
        area_name: String,
        officers: Vec<(String, String)>,
        before: Option<CaseRow>,
    ) -> NewPage {
        NewPage {
            typed,
            area,
            area_name,
            regimes: Regime::opened().map(|regime| (regime.as_str(), page.say(regime.key()))).collect(),
            sexes: Sex::ALL.iter().map(|sex| (sex.as_str(), page.say(sex.key()))).collect(),
            id_kinds: course::id_kinds(&page),
            officers,
            before,
            doubles: Vec::new(),
            page,
        }
    }
}

pub async fn new(app: App, at: At, grant: Grant<OpenCase>) -> Result<Html<NewPage>, Oops> {
    new_form(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn new_form(app: &App, at: &At, grant: &Grant<OpenCase>, typed: Typed) -> Result<NewPage, Oops> {
    let page = Page::of(app, grant.actor(), at);
    let officers = officers(app, grant.actor()).await?;
    let area_name = crate::areas::name(app.store(), &grant.id()).await?;
    Ok(NewPage::with(page, typed, grant.id(), area_name, officers, None))
}

/// The officers who can be in charge, for a select: sign-in name and name.
pub(crate) async fn officers(app: &App, actor: &Actor) -> Result<Vec<(String, String)>, Oops> {
    let scope = app.store().scope::<ListColleagues>(&Arc::new(actor.clone()))?;
    let colleagues = crate::staff::colleagues(app.store(), &scope, &[Role::Officer]).await?;
    Ok(colleagues.into_iter().map(|one| (one.username, one.name)).collect())
}

/// Takes the form. Refused: the form again, with everything that was typed.
pub async fn create(app: App, at: At, grant: Grant<OpenCase>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let again = app.store().also::<OpenCase, OpenCase>(&grant);
    let actor = Arc::new(grant.actor().clone());
    match super::open(app.store(), grant, &sent.draft, sent.key).await {
        Ok(case) => {
            // A case that was opened for a colleague is not the opener's to see.
            let hers = app.store().permit::<SeeCase>(&actor, case).await.is_ok();
            let to = if hers { format!("/cases/{case}") } else { "/cases".to_owned() };
            Ok(go(&to, "case-opened").into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let grant = again.ok_or(Oops::Unknown)?;
            let typed = sent.typed.refused(&invalid, grant.actor().lang());
            let mut body = new_form(&app, &at, &grant, typed).await?;
            if invalid.0.iter().any(|refusal| refusal.field == "not_a_double")
                && let Ok(new) = sent.draft.check(app.store().today())
            {
                body.doubles = super::doubles_in_reach(app.store(), &actor, &new).await?;
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// What the reader may do on a page: a button that would be refused is not shown.
#[derive(Clone, Copy, Debug, Default)]
struct Can {
    visit: bool,
    withdraw: bool,
    edit: bool,
    step: bool,
    close: bool,
    reopen: bool,
    go_on: bool,
    again: bool,
    see_history: bool,
    erase: bool,
    classify: bool,
    parts: bool,
    identity: bool,
    refer: bool,
    task: bool,
    help: bool,
    see_family: bool,
    see_help: bool,
    see_plans: bool,
    see_loans: bool,
    see_gatherings: bool,
    see_duties: bool,
    /// Not a support record, which has no papers of a sentence.
    sentenced: bool,
    see_documents: bool,
    see_attachments: bool,
    see_referrals: bool,
    see_assignments: bool,
    see_restrictions: bool,
    see_openings: bool,
    see_requests: bool,
    see_consents: bool,
}

impl Can {
    fn of(store: &store::Store, grant: &Grant<SeeCase>, row: &CaseRow) -> Can {
        let live = row.is_live();
        let sentenced = row.regime != Some(Regime::Support);
        let goes_on = row.regime.is_some_and(|regime| regime.goes_on_as().is_some());
        Can {
            visit: live && store.may::<SeeCase, LogVisit>(grant),
            // Under an emergency nothing is taken back.
            withdraw: live && grant.glass_until().is_none() && store.can::<WithdrawVisit>(grant.actor()),
            edit: live && store.may::<SeeCase, EditCase>(grant),
            step: live && store.may::<SeeCase, MoveCase>(grant),
            erase: store.may::<SeeCase, AskErasure>(grant),
            close: live && store.may::<SeeCase, CloseCase>(grant),
            reopen: !live && store.may::<SeeCase, ReopenCase>(grant),
            go_on: live && goes_on && store.may::<SeeCase, ContinueCase>(grant),
            again: !live && store.may::<SeeCase, OpenAgain>(grant),
            see_history: store.may::<SeeCase, SeeHistory>(grant),
            classify: live && sentenced && store.may::<SeeCase, Classify>(grant),
            parts: store.may::<SeeCase, EditParts>(grant),
            sentenced,
            identity: store.may::<SeeCase, SeeIdentity>(grant),
            refer: live && store.may::<SeeCase, Refer>(grant),
            task: live && store.may::<SeeCase, AddTask>(grant),
            help: live && store.may::<SeeCase, LogHelp>(grant),
            see_family: store.may::<SeeCase, SeeFamily>(grant),
            see_help: store.may::<SeeCase, SeeHelp>(grant),
            see_plans: store.may::<SeeCase, SeePlans>(grant),
            see_loans: store.may::<SeeCase, SeeLoans>(grant),
            see_gatherings: store.may::<SeeCase, SeeAttendance>(grant),
            // Only of a regime that carries duties, or did before.
            see_duties: store.may::<SeeCase, SeeDuties>(grant)
                && [row.regime, row.continued_from].into_iter().flatten().any(Regime::carries_duties),
            see_attachments: grant.glass_until().is_none() && store.can::<ListAttachments>(grant.actor()),
            see_documents: store.may::<SeeCase, IssueDocument>(grant),
            see_referrals: store.may::<SeeCase, SeeReferrals>(grant),
            see_assignments: store.may::<SeeCase, SeeAssignments>(grant),
            see_restrictions: store.may::<SeeCase, SeeRestrictions>(grant),
            see_openings: store.may::<SeeCase, SeeOpenings>(grant),
            see_requests: store.may::<SeeCase, SeeRequests>(grant),
            see_consents: store.may::<SeeCase, SeeConsents>(grant),
        }
    }
}

#[derive(Template)]
#[template(path = "cases/show.html")]
struct ShowPage {
    page: Page,
    view: CaseView,
    /// What lies ahead, each with why it is due.
    due: Vec<(FollowUpRow, String)>,
    visits: store::Page<VisitRow>,
    /// Meetings to which she was asked, and dialogues with her family, newest first.
    attended: Vec<Attended>,
    can: Can,
    /// The first page of the timeline begins with what lies ahead; another goes on after this day.
    first: bool,
    after: Option<Day>,
    older: Option<String>,
}

impl ShowPage {
    /// The longest delay, in days; nothing is late: 0.
    fn late(&self) -> i64 {
        self.due.iter().map(|(due, _)| days_between(due.due_on.0, self.page.today())).max().unwrap_or(0).max(0)
    }

    /// Meetings that come before this visit in the timeline, newest first; of the first page those that are ahead, too.
    fn gathered(&self, index: impl std::borrow::Borrow<usize>) -> Vec<&Attended> {
        let index = index.borrow();
        let day = |at: usize| self.visits.items.get(at).map(|visit| visit.on_day);
        let newer = index.checked_sub(1).map_or(self.after, day);
        let older = day(*index);
        let above = |one: &&Attended| match (newer, older) {
            (Some(newer), Some(older)) => one.on_day <= newer && one.on_day > older,
            (None, Some(older)) => one.on_day > older,
            // After the last visit, where no page follows.
            (Some(newer), None) => self.older.is_none() && one.on_day <= newer,
            (None, None) => self.first,
        };
        self.attended.iter().filter(above).collect()
    }

    fn said(&self, one: &Attended) -> (&'static str, String) {
        gatherings::web::said(&self.page, one)
    }

    /// Does a month begin with this visit?
    fn month(&self, index: &usize) -> Option<String> {
        let day = self.visits.items.get(*index)?.on_day.0;
        let before = index.checked_sub(1).and_then(|before| self.visits.items.get(before));
        let new =
            before.is_none_or(|before| (before.on_day.0.year(), before.on_day.0.month()) != (day.year(), day.month()));
        new.then(|| self.page.x("cases-month", format!("{:02}/{}", day.month(), day.year())))
    }
}

#[derive(Template)]
#[template(path = "cases/show_helper.html")]
struct HelperPage {
    page: Page,
    view: CaseView,
    referrals: Vec<ReferralRow>,
    tasks: Vec<FollowUpRow>,
    visits: store::Page<VisitRow>,
    helps: Vec<HelpRow>,
    can: Can,
    first: bool,
    older: Option<String>,
    organisation: Option<crate::base::ids::OrganisationId>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    cursor: Option<String>,
}

/// How many visits the timeline shows at a time.
const VISITS: i64 = 20;

/// A person's page. A helper gets a page of her own kind, made from what she may know.
pub async fn show(app: App, at: At, grant: Grant<SeeCase>, Query(query): Query<ShowQuery>) -> Result<Response, Oops> {
    let store = app.store();
    let first = query.cursor.is_none();
    let after = query.cursor.as_deref().and_then(store::read_cursor);
    let after = after.and_then(|key| match key.first() {
        Some(Arg::Day(day)) => *day,
        _ => None,
    });
    let shown = if grant.glass_until().is_some() { View::Emergency } else { View::Page };
    let visits = visits::written_down(store, &grant, &PageAsk { limit: VISITS, cursor: query.cursor }).await?;
    let helps = match super::is_helper(store, grant.actor()) {
        true => livelihood::of_case(store, &grant).await?,
        false => Vec::new(),
    };
    let mut parts = visits::parts(store, &grant, &visits.items);
    if !livelihood::parts(helps.iter()).is_empty() && !parts.contains(&"family") {
        parts.push("family");
    }
    // One row of the trail for the whole page, before any of it is shown.
    let view = super::see_as(store, &grant, shown, &parts).await?;
    let older = visits.next.as_ref().map(|cursor| format!("/cases/{}?cursor={}", grant.id(), in_url(cursor)));
    let tasks = follow_ups::of_case(store, &grant).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let can = Can::of(store, &grant, &view.row);
    if view.office {
        let book = follow_ups::rulebook(store).await?;
        let told = |task: FollowUpRow| {
            let why = follow_ups::why(&book, page.language(), &task);
            (task, why)
        };
        let due = tasks.into_iter().map(told).collect();
        let attended = match store.also::<SeeCase, SeeAttendance>(&grant) {
            Some(grant) => gatherings::of_case(store, &grant).await?,
            None => Vec::new(),
        };
        return Ok(Html(ShowPage { page, view, due, visits, attended, can, first, after, older }).into_response());
    }
    let referrals = referrals::for_me(store, &grant).await?;
    let organisation = grant.actor().organisation();
    let body = HelperPage { page, view, referrals, tasks, visits, helps, can, first, older, organisation };
    Ok(Html(body).into_response())
}
