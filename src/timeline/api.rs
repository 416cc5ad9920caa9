//! The timeline of a case, for programs.

use crate::{
    app::App,
    assignments::{self, api::Assignment},
    base::{
        arg::Arg,
        ids::{CaseId, Id},
        time::Day,
    },
    cases,
    follow_ups::{
        self,
        api::{FollowUp, Reader},
    },
    gatherings::{self, api::Attendance},
    http::{Asked, At, Json, Listed, Nothing, Oops, json::Paging},
    livelihood::{self, api::Help},
    policy::acts::{SeeAssignments, SeeAttendance, SeeCase, SeeReferrals},
    referrals::{self, api::AgreedReferral},
    store::{Grant, Page, Paged, Store, read_cursor},
    visits::{self, api::Visit},
};
use uuid::Uuid;

/// Something that happened, on which day.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    on: Day,
    kind: TimelineKind,
    what: Happened,
    #[serde(skip)]
    id: Uuid,
}

/// What kind of thing happened: says what stands in `what`.
#[derive(Clone, Copy, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    Visit,
    Task,
    Help,
    Assignment,
    Referral,
    Gathering,
}

/// What happened, as its own list shows it.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Happened {
    Visit(Visit),
    /// A task was done.
    Task(FollowUp),
    Help(Help),
    /// An officer came in charge.
    Assignment(Assignment),
    /// The case was handed to an organisation.
    Referral(AgreedReferral),
    /// She was asked to a meeting, or it was with her family.
    Gathering(Attendance),
}

impl Paged for TimelineEntry {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.on, self.id]
    }
}

impl TimelineEntry {
    fn new(on: Day, id: impl Id, what: Happened) -> TimelineEntry {
        let kind = match what {
            Happened::Visit(_) => TimelineKind::Visit,
            Happened::Task(_) => TimelineKind::Task,
            Happened::Help(_) => TimelineKind::Help,
            Happened::Assignment(_) => TimelineKind::Assignment,
            Happened::Referral(_) => TimelineKind::Referral,
            Happened::Gathering(_) => TimelineKind::Gathering,
        };
        TimelineEntry { on, kind, what, id: id.uuid() }
    }
}

/// What I may see of what happened in a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/timeline", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<TimelineEntry>)))]
pub async fn list(
    app: App,
    at: At,
    grant: Grant<SeeCase>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<TimelineEntry>>, Oops> {
    let store = app.store();
    let after = match &asked.page.cursor {
        None => None,
        Some(cursor) => match read_cursor(cursor).as_deref() {
            Some([Arg::Day(Some(day)), Arg::Uuid(Some(id))]) => Some((*day, *id)),
            _ => return Err(Oops::BadRequest("cursor")),
        },
    };
    let rest = beside_visits(store, &at, &grant).await?;
    let family = rest.iter().any(|entry| matches!(&entry.what, Happened::Help(help) if help.names_kin()));
    let count = match asked.count {
        true => Some(visits::count_of_case(store, &grant).await? + i64::try_from(rest.len()).unwrap_or(i64::MAX)),
        false => None,
    };
    // The visits after the same place, one more than is shown: no other can come before them.
    let page = visits::written_down(store, &grant, &asked.page).await?;
    let mut parts = visits::parts(store, &grant, &page.items);
    if family && !parts.contains(&"family") {
        parts.push("family");
    }
    cases::opened(store, &grant, &parts).await?;
    let more_visits = page.next.is_some();
    let (helper, organisation) = (cases::is_helper(store, grant.actor()), grant.actor().organisation());
    let mut entries: Vec<TimelineEntry> =
        rest.into_iter().filter(|entry| after.is_none_or(|after| (entry.on, entry.id) < after)).collect();
    for row in page.items {
        let (on, id, own) = (row.on_day, row.id, row.organisation_id == organisation);
        entries.push(TimelineEntry::new(on, id, Happened::Visit(Visit::of(row, helper, own))));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.on, entry.id)));
    let mut page = Page::cut(entries, asked.page.limit);
    if page.next.is_none() && more_visits {
        // Exactly a page of visits and nothing else: the list goes on after its last.
        page.next = page.items.last().map(Page::cursor_after);
    }
    Ok(Json(Listed::of(page, count)))
}

/// Everything but the visits; of each the asker's own view.
async fn beside_visits(store: &Store, at: &At, grant: &Grant<SeeCase>) -> Result<Vec<TimelineEntry>, Oops> {
    let helper = cases::is_helper(store, grant.actor());
    let book = follow_ups::rulebook(store).await?;
    let reader = Reader::new(store, &book, at.lang, helper);
    let mut entries = Vec::new();
    for line in follow_ups::done_of_case(store, grant, helper).await? {
        if let Some(done_at) = line.done_at {
            entries.push(TimelineEntry::new(Day(done_at.day()), line.id, Happened::Task(reader.read(line))));
        }
    }
    for row in livelihood::of_case(store, grant).await? {
        let on = row.given_on.or(row.promised_on).unwrap_or(Day(row.made_at.day()));
        entries.push(TimelineEntry::new(on, row.id, Happened::Help(Help::of(row, helper))));
    }
    if let Some(grant) = store.also::<SeeCase, SeeAssignments>(grant) {
        for row in assignments::of_case(store, &grant).await? {
            entries.push(TimelineEntry::new(row.from_on, row.id, Happened::Assignment(Assignment::from(row))));
        }
    }
    if let Some(grant) = store.also::<SeeCase, SeeAttendance>(grant) {
        for row in gatherings::of_case(store, &grant).await? {
            entries.push(TimelineEntry::new(row.on_day, row.id, Happened::Gathering(Attendance::from(row))));
        }
    }
    let handed = match store.also::<SeeCase, SeeReferrals>(grant) {
        Some(grant) => referrals::of_case(store, &grant).await?.0,
        None => referrals::for_me(store, grant).await?,
    };
    for row in handed {
        entries.push(TimelineEntry::new(row.from_on, row.id, Happened::Referral(AgreedReferral::from(row))));
    }
    Ok(entries)
}
