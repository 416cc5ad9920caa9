//! The list of the month, and the requests to be away: for the office, and for the People's Committee, which answers them.

use super::version;
use crate::{
    app::{App, Refused},
    base::{text, time::At as Instant, words::AbsenceState},
    duties::{
        self, absences,
        model::{AbsenceRow, DecisionDraft, ReturnDraft, RoundLine, RoundSum, VersionDraft},
    },
    exports::{self, Cell, Table, to_xlsx},
    follow_ups::serving,
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{ChangeAbsence, DecideAbsence, ExportDuties, ListAbsences, ListDuties, SeeAbsence, SeeDuties},
    store::{Grant, PageAsk, Scope, Store},
};
use askama::Template;
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{ToSpan, civil::Date};

/// Which month, which of them, and where it goes on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct MonthQuery {
    /// `2026-11`; empty: this month.
    month: String,
    /// `open`, `done`; empty: all.
    state: String,
    cursor: Option<String>,
}

impl MonthQuery {
    fn month(&self, store: &Store) -> Result<Date, Oops> {
        match self.month.trim() {
            "" => Ok(store.today().first_of_month()),
            typed => format!("{typed}-01").parse().map_err(|_| Oops::BadRequest("month")),
        }
    }

    fn open(&self) -> Result<Option<bool>, Oops> {
        match self.state.as_str() {
            "open" => Ok(Some(true)),
            "done" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(Oops::BadRequest("state")),
        }
    }
}

#[derive(Template)]
#[template(path = "duties/month.html")]
pub struct MonthPage {
    page: Page,
    month: Date,
    lines: Vec<RoundLine>,
    sum: RoundSum,
    state: String,
    more: Option<String>,
}

/// `2026-11`.
fn word(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

impl MonthPage {
    fn word(&self) -> String {
        word(self.month)
    }

    fn name(&self) -> String {
        format!("{:02}/{}", self.month.month(), self.month.year())
    }

    fn before(&self) -> String {
        word(self.month.saturating_sub(1.month()))
    }

    fn after(&self) -> String {
        word(self.month.saturating_add(1.month()))
    }

    fn period(&self, line: &RoundLine) -> String {
        serving::period(self.page.language(), &line.rule, line.base_on.0)
    }

    fn is_state(&self, state: &str) -> bool {
        self.state == state
    }

    fn done_on(&self, at: &Instant) -> String {
        text::show_day(at.day())
    }
}

/// The assessments of a month: who is done, who is open.
pub async fn month(
    app: App,
    at: At,
    scope: Scope<ListDuties>,
    Query(query): Query<MonthQuery>,
) -> Result<Html<MonthPage>, Oops> {
    let store = app.store();
    let (month, open) = (query.month(store)?, query.open()?);
    let ask = PageAsk { limit: 50, cursor: query.cursor.clone() };
    let lines = duties::round(store, &scope, month, open, &ask).await?;
    let sum = duties::round_sum(store, &scope, month).await?;
    let page = Page::of(&app, scope.actor(), &at);
    let of = |cursor: String| format!("/duties?month={}&state={}&cursor={}", word(month), query.state, in_url(&cursor));
    let more = lines.next.map(of);
    Ok(Html(MonthPage { page, month, lines: lines.items, sum, state: query.state, more }))
}

/// The same as a workbook. It names who took it out, and the trail has it.
pub async fn export(
    app: App,
    scope: Scope<ExportDuties>,
    _fresh: Fresh,
    Query(query): Query<MonthQuery>,
) -> Result<Response, Oops> {
    crate::http::pace::export(&app, scope.actor())?;
    let (store, lang) = (app.store(), scope.actor().lang());
    let month = query.month(store)?;
    let lines = duties::export(store, &scope, month).await?;
    let day = |day: Option<crate::base::time::Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
    let rows = lines.iter().map(|line| {
        let state = match (line.done_at.is_some(), line.sent_on.is_some()) {
            (true, true) => "duties-state-sent",
            (true, false) => "duties-state-done",
            (false, _) => "duties-state-open",
        };
        [
            line.code.clone(),
            line.name.clone(),
            line.hamlet.clone().unwrap_or_default(),
            lang.say(line.regime.key()),
            serving::period(lang, &line.rule, line.base_on.0),
            text::show_day(line.due_on.0),
            lang.say(state),
            day(line.made_on),
            day(line.sent_on),
            line.officer.clone().unwrap_or_default(),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.map(|row| row.into_iter().map(Cell::Text).collect()).collect();
    let headings = [
        "exports-column-code",
        "exports-column-name",
        "exports-column-hamlet",
        "exports-column-regime",
        "duties-period",
        "duties-due",
        "duties-state",
        "duties-made-on",
        "duties-sent-on",
        "exports-column-officer",
    ];
    let mut table = Table::of(headings.iter().map(|key| lang.say(key)).collect(), rows);
    table.footer = exports::footer(store, scope.actor(), "exports-footer", lines.len(), lang);
    let bytes = to_xlsx(&table, &lang.say("duties-sheet-name"))?;
    let headers = [
        (header::CONTENT_TYPE, exports::Format::Xlsx.content_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}-{}.xlsx\"", lang.say("duties-file"), word(month)),
        ),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "duties/absences.html")]
pub struct AbsencesPage {
    page: Page,
    waiting: Vec<AbsenceRow>,
    others: Vec<AbsenceRow>,
    more: Option<String>,
    /// May open the person's record; the People's Committee may not.
    office: bool,
}

/// The requests: first those that wait for the People's Committee, soonest departure first.
pub async fn absences(
    app: App,
    at: At,
    scope: Scope<ListAbsences>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<AbsencesPage>, Oops> {
    let store = app.store();
    let waiting = match &query.cursor {
        None => absences::list(store, &scope, Some(true), &PageAsk { limit: 100, cursor: None }).await?.items,
        Some(_) => Vec::new(),
    };
    let ask = PageAsk { cursor: query.cursor, ..PageAsk::default() };
    let others = absences::list(store, &scope, Some(false), &ask).await?;
    let office = store.can::<SeeDuties>(scope.actor());
    let count = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    let page = Page::of(&app, scope.actor(), &at).count("/absences", count);
    let more = others.next.map(|cursor| format!("/absences?cursor={}", in_url(&cursor)));
    Ok(Html(AbsencesPage { page, waiting, others: others.items, more, office }))
}

#[derive(Template)]
#[template(path = "duties/absence.html")]
pub struct AbsencePage {
    page: Page,
    typed: Typed,
    row: AbsenceRow,
    office: bool,
    may_decide: bool,
    may_return: bool,
    may_cancel: bool,
    /// It was answered, and nobody has left by it yet.
    may_unsay: bool,
}

async fn absence_page(app: &App, at: &At, grant: &Grant<SeeAbsence>, typed: Typed) -> Result<AbsencePage, Oops> {
    let store = app.store();
    let row = absences::one(store, grant).await?;
    let change = store.may::<SeeAbsence, ChangeAbsence>(grant);
    Ok(AbsencePage {
        page: Page::of(app, grant.actor(), at),
        typed,
        office: store.can::<SeeDuties>(grant.actor()),
        may_decide: row.state == AbsenceState::Requested && store.may::<SeeAbsence, DecideAbsence>(grant),
        may_return: matches!(row.state, AbsenceState::Granted | AbsenceState::Returned) && change,
        may_unsay: matches!(row.state, AbsenceState::Granted | AbsenceState::Refused)
            && row.from_on.0 > store.today()
            && store.may::<SeeAbsence, DecideAbsence>(grant),
        may_cancel: matches!(row.state, AbsenceState::Requested | AbsenceState::Granted) && change,
        row,
    })
}

/// One request, with what its decision needs.
pub async fn absence(app: App, at: At, grant: Grant<SeeAbsence>) -> Result<Html<AbsencePage>, Oops> {
    absence_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn told(
    app: &App,
    at: &At,
    see: &Grant<SeeAbsence>,
    typed: Typed,
    done: Result<&'static str, Refused>,
) -> Result<Response, Oops> {
    match done {
        Ok(thanks) => Ok(go(&format!("/absences/{}", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(absence_page(app, at, see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn decide_absence(
    app: App,
    at: At,
    grant: Grant<DecideAbsence>,
    sent: Sent<DecisionDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<DecideAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let done = absences::decide(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "absence-decided");
    told(&app, &at, &see, sent.typed, done).await
}

pub async fn came_back(
    app: App,
    at: At,
    grant: Grant<ChangeAbsence>,
    sent: Sent<ReturnDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<ChangeAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let done = absences::came_back(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "absence-returned");
    told(&app, &at, &see, sent.typed, done).await
}

/// The People's Committee takes back what it has written down wrongly.
pub async fn unsay(app: App, at: At, grant: Grant<DecideAbsence>, sent: Sent<VersionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<DecideAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let done = absences::unsay(app.store(), grant, Some(read)).await.map(|()| "absence-unsaid");
    told(&app, &at, &see, sent.typed, done).await
}

pub async fn cancel(app: App, at: At, grant: Grant<ChangeAbsence>, sent: Sent<VersionDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<ChangeAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    let done = absences::cancel(app.store(), grant, Some(read)).await.map(|()| "absence-cancelled");
    told(&app, &at, &see, sent.typed, done).await
}
