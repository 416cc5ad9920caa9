//! Pages of reports: the numbers with their definitions, a drawing with its table, the cases behind a number, and
//! the file. What others are told is in `told`.

pub mod told;

use super::{
    Report,
    model::{
        chart::{self, Bar},
        fold::share,
        lines::{self, Line},
        window::{Query as Wanted, Window},
    },
};
use crate::{
    app::{App, Refused},
    areas,
    base::{
        lang::{Lang, Value},
        refusal::Invalid,
        text,
        words::{ReportPeriod, ReportRule},
    },
    cases::{self, model::Line as CaseLine},
    exports::{Cell, Table, to_xlsx},
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, go, json::Query, request::in_url},
    policy::{
        Actor, AreaCode,
        acts::{ExportReports, IssueAreaDocument, ListAreas, ListCases, SeeOutsideReports, SeeOwnReport, SeeReports},
    },
    store::{Fault, Grant, PageAsk, Scope, Store},
};
use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

type Choices = Vec<(String, String)>;

/// A number as it is told.
pub(super) struct Row {
    pub label: String,
    pub value: String,
    /// `3 / 41 (7,3 %)`
    pub share: String,
    /// Where the cases behind it are listed.
    pub cases: Option<String>,
}

pub(super) struct Part {
    pub definition: String,
    pub rows: Vec<Row>,
}

pub(super) struct Chapter {
    pub number: u8,
    pub title: String,
    pub parts: Vec<Part>,
}

/// The numbers with their words. `drill`: where the cases behind a number are listed, if the reader has any.
pub(super) fn chapters(report: &Report, lang: Lang, drill: Option<&str>) -> Vec<Chapter> {
    let chapter = |indicator: &lines::Indicator| Chapter {
        number: indicator.number,
        title: lang.say(&format!("reports-title-{}", indicator.number)),
        parts: indicator.groups.iter().map(|group| part(report, group, lang, drill)).collect(),
    };
    lines::ALL.iter().map(chapter).collect()
}

fn part(report: &Report, group: &lines::Lines, lang: Lang, drill: Option<&str>) -> Part {
    let row = |line: &Line| {
        let value = report.figures.get(&line.key);
        let whole = group.of.map(|of| report.figures.get(of)).unwrap_or_default();
        let share = match share(value, whole) {
            Some((whole_part, tenth)) if whole > 0 => {
                let comma = if lang == Lang::Vi { ',' } else { '.' };
                format!("{value} / {whole} ({whole_part}{comma}{tenth} %)")
            }
            _ => String::new(),
        };
        let cases = drill.filter(|_| line.drills() && value > 0);
        Row {
            label: lang.say(line.label),
            value: if line.is_vnd() { text::show_vnd(value) } else { value.to_string() },
            share,
            cases: cases.map(|drill| format!("/reports/cases?line={}&{drill}", line.key)),
        }
    };
    Part {
        definition: lang.with(&format!("reports-def-{}", group.key), &[("n", Value::from(report.unseen))]),
        rows: group.lines.iter().map(row).collect(),
    }
}

/// `Tháng: 15/11/2026 – 14/12/2026`.
pub(super) fn title_of(window: &Window, lang: Lang) -> String {
    format!("{}: {} – {}", lang.say(window.period.key()), text::show_day(window.from), text::show_day(window.to))
}

/// By which rule the days were found, as every report says it.
pub(super) fn rule_of(window: &Window, lang: Lang) -> String {
    match (window.period, window.rule) {
        (ReportPeriod::Free, _) => lang.say("reports-rule-free"),
        (_, ReportRule::State) => lang.say("reports-rule-state"),
        (_, ReportRule::Calendar) => lang.say("reports-rule-calendar"),
    }
}

/// One row of numbers, drawn and as a table.
struct Drawing {
    title: String,
    bars: Vec<Bar>,
}

fn drawings(report: &Report, lang: Lang) -> Vec<Drawing> {
    lines::DRAWN
        .iter()
        .filter_map(|key| lines::line(key))
        .map(|line| {
            let row: Vec<(String, i64)> = report
                .trend
                .iter()
                .map(|(window, figures)| (text::show_day_short(window.to), figures.get(&line.key)))
                .collect();
            Drawing { title: lang.say(line.label), bars: chart::bars(&row) }
        })
        .collect()
}

#[derive(Template)]
#[template(path = "reports/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    /// Where the form goes.
    action: &'static str,
    place: String,
    own: bool,
    title: String,
    rule: String,
    chapters: Vec<Chapter>,
    drawings: Vec<Drawing>,
    areas: Choices,
    periods: Choices,
    rules: Choices,
    /// The address of the file, if the reader may take one.
    file: Option<String>,
    outside: Option<String>,
    /// Where the report becomes a paper of the commune.
    issue: Option<String>,
    to_own: bool,
    width: i64,
    height: i64,
}

impl ShowPage {
    /// The numbers of the drawings, one line a period.
    fn table(&self) -> Vec<(String, Vec<i64>)> {
        let Some(first) = self.drawings.first() else { return Vec::new() };
        let line = |at: usize, label: &str| {
            let values = self.drawings.iter().filter_map(|drawing| drawing.bars.get(at)).map(|bar| bar.value);
            (label.to_owned(), values.collect())
        };
        first.bars.iter().enumerate().map(|(at, bar)| line(at, &bar.label)).collect()
    }
}

fn choices(lang: Lang) -> (Choices, Choices) {
    let periods = ReportPeriod::ALL.iter().map(|one| (one.to_string(), lang.say(one.key()))).collect();
    let rules = ReportRule::ALL.iter().map(|one| (one.to_string(), lang.say(one.key()))).collect();
    (periods, rules)
}

/// The communes to choose among, where there are several.
async fn places(store: &Store, actor: &Arc<Actor>) -> Result<Vec<areas::model::Line>, Fault> {
    let scope = store.scope::<ListAreas>(actor)?;
    Ok(areas::all(store, &scope).await?.into_iter().filter(|area| area.province_code.is_some()).collect())
}

fn place_name(all: &[areas::model::Line], area: Option<&AreaCode>, actor: &Actor, lang: Lang) -> String {
    match (area.and_then(|code| all.iter().find(|area| area.code == *code)), all) {
        (Some(area), _) => area.full_name(),
        (None, [one]) => one.full_name(),
        (None, _) => lang.with("reports-whole-province", &[("x", actor.area_name().to_owned().into())]),
    }
}

fn typed_of(window: &Window, area: Option<&AreaCode>) -> Typed {
    Typed::with(&[
        ("area", area.map(ToString::to_string).unwrap_or_default()),
        ("period", window.period.to_string()),
        ("rule", window.rule.to_string()),
        ("on", text::show_day(window.to)),
        ("from", text::show_day(window.from)),
        ("to", text::show_day(window.to)),
    ])
}

/// What is asked for, or the month under way with what was wrong.
fn fallen_back<T>(asked: Result<T, Refused>) -> Result<Result<T, Invalid>, Oops> {
    match asked {
        Ok(asked) => Ok(Ok(asked)),
        Err(Refused::Invalid(invalid)) => Ok(Err(invalid)),
        Err(other) => Err(other.into()),
    }
}

/// The report of a commune or a province.
pub async fn show(
    app: App,
    at: At,
    scope: Scope<SeeReports>,
    Query(query): Query<Wanted>,
) -> Result<Html<ShowPage>, Oops> {
    let (store, actor) = (app.store(), Arc::new(scope.actor().clone()));
    let (report, wrong) = match fallen_back(super::of_areas(store, &scope, &query).await)? {
        Ok(report) => (report, None),
        Err(invalid) => (super::of_areas(store, &scope, &Wanted::default()).await?, Some(invalid)),
    };
    let page = Page::of(&app, &actor, &at);
    let lang = page.language();
    let all = places(store, &actor).await?;
    let area = report.asked.area.clone();
    let window = report.asked.window;
    let drill = store.can::<SeeOwnReport>(&actor).then(|| window.address());
    let asked = format!("{}&area={}", window.address(), area.as_ref().map(ToString::to_string).unwrap_or_default());
    let mut typed = typed_of(&window, area.as_ref());
    if let Some(invalid) = &wrong {
        typed = typed.refused(invalid, lang);
    }
    let (periods, rules) = choices(lang);
    let areas = if all.len() > 1 {
        all.iter().map(|one| (one.code.to_string(), one.full_name())).collect()
    } else {
        Vec::new()
    };
    Ok(Html(ShowPage {
        typed,
        action: "/reports",
        place: place_name(&all, area.as_ref(), &actor, lang),
        own: false,
        title: title_of(&window, lang),
        rule: rule_of(&window, lang),
        chapters: chapters(&report, lang, drill.as_deref()),
        drawings: drawings(&report, lang),
        areas,
        periods,
        rules,
        file: store.can::<ExportReports>(&actor).then(|| format!("/reports/export?{asked}")),
        outside: store.can::<SeeOutsideReports>(&actor).then(|| "/reports/outside".to_owned()),
        issue: store.can::<IssueAreaDocument>(&actor).then(|| format!("/areas/{}/reports/document", actor.area())),
        to_own: false,
        width: chart::WIDTH,
        height: chart::HEIGHT,
        page,
    }))
}

/// The same of one's own cases.
pub async fn mine(
    app: App,
    at: At,
    scope: Scope<SeeOwnReport>,
    Query(query): Query<Wanted>,
) -> Result<Html<ShowPage>, Oops> {
    let store = app.store();
    let query = Wanted { area: String::new(), ..query };
    let scope = scope.mine();
    let (report, wrong) = match fallen_back(super::of_own(store, &scope, &query).await)? {
        Ok(report) => (report, None),
        Err(invalid) => (super::of_own(store, &scope, &Wanted::default()).await?, Some(invalid)),
    };
    let page = Page::of(&app, scope.actor(), &at);
    let lang = page.language();
    let window = report.asked.window;
    let drill = format!("mine=true&{}", window.address());
    let mut typed = typed_of(&window, None);
    if let Some(invalid) = &wrong {
        typed = typed.refused(invalid, lang);
    }
    let (periods, rules) = choices(lang);
    Ok(Html(ShowPage {
        typed,
        action: "/reports/mine",
        place: lang.say("reports-own"),
        own: true,
        title: title_of(&window, lang),
        rule: rule_of(&window, lang),
        chapters: chapters(&report, lang, Some(&drill)),
        drawings: drawings(&report, lang),
        areas: Vec::new(),
        periods,
        rules,
        file: None,
        outside: None,
        issue: None,
        to_own: store.can::<SeeReports>(scope.actor()),
        width: chart::WIDTH,
        height: chart::HEIGHT,
        page,
    }))
}

/// Which number, of which days.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behind {
    line: String,
    /// `true`: of one's own cases alone.
    mine: String,
    cursor: Option<String>,
    period: String,
    rule: String,
    on: String,
    from: String,
    to: String,
}

impl Behind {
    pub(super) fn parts(self) -> (String, bool, Option<String>, Wanted) {
        let Behind { line, mine, cursor, period, rule, on, from, to } = self;
        (line, mine == "true", cursor, Wanted { area: String::new(), period, rule, on, from, to })
    }
}

#[derive(Template)]
#[template(path = "reports/cases.html")]
pub struct CasesPage {
    page: Page,
    label: String,
    title: String,
    /// How much of the number is in how many cases.
    total: String,
    /// Each with how often it is counted.
    cases: Vec<(CaseLine, i64)>,
    more: Option<String>,
    back: String,
}

/// The cases behind a number, as far as the reader may open them.
pub async fn behind(
    app: App,
    at: At,
    scope: Scope<SeeOwnReport>,
    Query(query): Query<Behind>,
) -> Result<Html<CasesPage>, Oops> {
    let (store, actor) = (app.store(), Arc::new(scope.actor().clone()));
    let (line, mine, cursor, wanted) = query.parts();
    let scope = if mine { scope.mine() } else { scope };
    let (line, asked, counted) = super::behind(store, &scope, &line, &wanted).await?;
    let list = store.scope::<ListCases>(&actor)?;
    let ids = counted.keys().copied().collect();
    let found = cases::among(store, &list, &ids, &PageAsk { cursor, ..PageAsk::default() }).await?;
    let page = Page::of(&app, &actor, &at);
    let lang = page.language();
    let address = format!("{}{}", if mine { "mine=true&" } else { "" }, asked.window.address());
    let more = found.next.map(|next| format!("/reports/cases?line={}&{address}&cursor={}", line.key, in_url(&next)));
    let back = if mine { "/reports/mine" } else { "/reports" };
    let with_times = |case: CaseLine| {
        let times = counted.get(&case.id).copied().unwrap_or(0);
        (case, times)
    };
    Ok(Html(CasesPage {
        label: lang.say(line.label),
        title: title_of(&asked.window, lang),
        total: lang.with(
            "reports-behind",
            &[("n", Value::from(counted.values().sum::<i64>())), ("cases", Value::from(counted.len()))],
        ),
        cases: found.items.into_iter().map(with_times).collect(),
        more,
        back: format!("{back}?{}", asked.window.address()),
        page,
    }))
}

/// Issues the report as a paper of the commune.
pub async fn issue(app: App, grant: Grant<IssueAreaDocument>, sent: Sent<Wanted>) -> Result<Response, Oops> {
    let id = super::papers::issue(app.store(), grant, &sent.draft, sent.key).await?;
    Ok(go(&format!("/documents/{id}"), "document-issued").into_response())
}

/// The report as a workbook. Reading is all that the link does, and the log has it.
pub async fn export(
    app: App,
    scope: Scope<ExportReports>,
    _fresh: Fresh,
    Query(query): Query<Wanted>,
) -> Result<Response, Oops> {
    let (store, actor) = (app.store(), Arc::new(scope.actor().clone()));
    crate::http::pace::export(&app, &actor)?;
    let report = super::of_areas(store, &store.scope::<SeeReports>(&actor)?, &query).await?;
    let lang = actor.lang();
    let window = report.asked.window;
    let all = places(store, &actor).await?;
    let place = place_name(&all, report.asked.area.as_ref(), &actor, lang);
    store.note_list(&scope, &format!("report {} to {} xlsx", window.from, window.to)).await?;
    let bytes = to_xlsx(&table(&report, &actor, &place, lang), &lang.say("reports-sheet"))?;
    let name = format!("{}-{}-{}.xlsx", lang.say("reports-file"), window.from, window.to);
    let headers = [
        (header::CONTENT_TYPE, crate::exports::Format::Xlsx.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// The numbers with their definitions, one line each.
pub(super) fn table(report: &Report, actor: &Actor, place: &str, lang: Lang) -> Table {
    let headings = [
        "reports-column-number",
        "reports-column-label",
        "reports-column-value",
        "reports-column-of",
        "reports-column-definition",
    ];
    let window = &report.asked.window;
    let mut rows = Vec::new();
    for indicator in lines::ALL.iter() {
        for group in &indicator.groups {
            let definition = lang.with(&format!("reports-def-{}", group.key), &[("n", Value::from(report.unseen))]);
            for line in &group.lines {
                rows.push(vec![
                    Cell::Number(indicator.number.into()),
                    Cell::Text(lang.say(line.label)),
                    Cell::Number(report.figures.get(&line.key)),
                    group.of.map_or(Cell::Text(String::new()), |of| Cell::Number(report.figures.get(of))),
                    Cell::Text(definition.clone()),
                ]);
            }
        }
    }
    let mut table = Table::of(headings.map(|key| lang.say(key)).into(), rows);
    table.footer = lang.with(
        "reports-footer",
        &[
            ("x", format!("{} ({})", actor.name(), actor.username()).into()),
            ("place", place.to_owned().into()),
            ("period", title_of(window, lang).into()),
            ("rule", rule_of(window, lang).into()),
        ],
    );
    table
}
