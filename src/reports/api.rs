//! Reports for programs.

use super::{
    OutsideReport, Report,
    model::{
        lines,
        outside::{self, Told},
        window::{Query as Wanted, Window},
    },
    web::{
        Behind, rule_of,
        told::{label, said},
    },
};
use crate::{
    app::App,
    base::{
        ids::CaseId,
        lang::{Lang, Value},
        time::Day,
        words::{ReportPeriod, ReportRule},
    },
    cases::{self, model::Line as CaseLine},
    documents::{self, api::Document},
    http::{
        Json, Listed, Oops, Told as Body,
        json::{self, DayText, Query},
    },
    policy::{
        AreaCode,
        acts::{CountOwnHelp, IssueAreaDocument, ListCases, SeeOutsideReports, SeeOwnReport, SeeReports},
    },
    store::{Grant, PageAsk, Scope},
};
use axum::response::Response;
use std::{collections::BTreeMap, sync::Arc};

/// The days of a report, and by which rule they were found.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportDays {
    period: ReportPeriod,
    rule: ReportRule,
    from: Day,
    to: Day,
    /// The rule in words, as it is printed.
    rule_text: String,
}

impl ReportDays {
    fn of(window: &Window, lang: Lang) -> ReportDays {
        let Window { period, rule, from, to } = *window;
        ReportDays { period, rule, from: Day(from), to: Day(to), rule_text: rule_of(window, lang) }
    }
}

/// One number.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportLine {
    line: String,
    label: String,
    value: i64,
    /// `count` or `vnd`.
    unit: &'static str,
    /// The number that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<i64>,
    /// Its fixed definition.
    definition: String,
}

/// One of the sixteen indicators.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportIndicator {
    number: u8,
    title: String,
    lines: Vec<ReportLine>,
}

/// The same numbers of one of the periods before.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportTrend {
    from: Day,
    to: Day,
    values: BTreeMap<String, i64>,
}

/// Exact numbers, for the office.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportView {
    /// `null`: all that I have.
    #[schema(required)]
    area: Option<AreaCode>,
    days: ReportDays,
    indicators: Vec<ReportIndicator>,
    trend: Vec<ReportTrend>,
}

impl ReportView {
    fn of(report: &Report, lang: Lang) -> ReportView {
        let indicator = |indicator: &lines::Indicator| ReportIndicator {
            number: indicator.number,
            title: lang.say(&format!("reports-title-{}", indicator.number)),
            lines: indicator.groups.iter().flat_map(|group| of_group(report, group, lang)).collect(),
        };
        let trend = report.trend.iter().map(|(window, figures)| ReportTrend {
            from: Day(window.from),
            to: Day(window.to),
            values: lines::DRAWN.iter().map(|key| ((*key).to_owned(), figures.get(key))).collect(),
        });
        ReportView {
            area: report.asked.area.clone(),
            days: ReportDays::of(&report.asked.window, lang),
            indicators: lines::ALL.iter().map(indicator).collect(),
            trend: trend.collect(),
        }
    }
}

fn of_group(report: &Report, group: &lines::Lines, lang: Lang) -> Vec<ReportLine> {
    let definition = lang.with(&format!("reports-def-{}", group.key), &[("n", Value::from(report.unseen))]);
    let line = |line: &lines::Line| ReportLine {
        line: line.key.clone(),
        label: lang.say(line.label),
        value: report.figures.get(&line.key),
        unit: if line.is_vnd() { "vnd" } else { "count" },
        of: group.of.map(|of| report.figures.get(of)),
        definition: definition.clone(),
    };
    group.lines.iter().map(line).collect()
}

/// The sixteen indicators of my commune or province, exact. A month unless told; `on`: a day within the period.
#[utoipa::path(get, path = "/api/v1/reports",
    params(("area" = Option<AreaCode>, Query), ("period" = Option<ReportPeriod>, Query), ("rule" = Option<ReportRule>, Query),
        ("on" = Option<Day>, Query), ("from" = Option<Day>, Query), ("to" = Option<Day>, Query)),
    responses((status = 200, body = ReportView)))]
pub async fn show(app: App, scope: Scope<SeeReports>, Query(query): Query<Wanted>) -> Result<Json<ReportView>, Oops> {
    let report = super::of_areas(app.store(), &scope, &query).await?;
    Ok(Json(ReportView::of(&report, scope.actor().lang())))
}

/// The same of the cases that I am in charge of.
#[utoipa::path(get, path = "/api/v1/reports/mine",
    params(("period" = Option<ReportPeriod>, Query), ("rule" = Option<ReportRule>, Query), ("on" = Option<Day>, Query),
        ("from" = Option<Day>, Query), ("to" = Option<Day>, Query)),
    responses((status = 200, body = ReportView)))]
pub async fn mine(app: App, scope: Scope<SeeOwnReport>, Query(query): Query<Wanted>) -> Result<Json<ReportView>, Oops> {
    let scope = scope.mine();
    let report = super::of_own(app.store(), &scope, &Wanted { area: String::new(), ..query }).await?;
    Ok(Json(ReportView::of(&report, scope.actor().lang())))
}

/// Which days a report is to be issued of: as in the question for a report.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportToIssue {
    #[schema(value_type = Option<ReportPeriod>)]
    period: Option<String>,
    #[schema(value_type = Option<ReportRule>)]
    rule: Option<String>,
    on: Option<DayText>,
    from: Option<DayText>,
    to: Option<DayText>,
}

/// Issues the report of a commune as its paper.
#[utoipa::path(post, path = "/api/v1/areas/{area}/reports/document", params(("area" = AreaCode, Path)),
    request_body = ReportToIssue, responses((status = 201, body = Document)))]
pub async fn issue(app: App, grant: Grant<IssueAreaDocument>, told: Body<ReportToIssue>) -> Result<Response, Oops> {
    let store = app.store();
    let ReportToIssue { period, rule, on, from, to } = told.body;
    let wanted = Wanted {
        area: String::new(),
        period: json::text(period),
        rule: json::text(rule),
        on: json::day(on),
        from: json::day(from),
        to: json::day(to),
    };
    let again = store.also::<IssueAreaDocument, IssueAreaDocument>(&grant).ok_or(Oops::Unknown)?;
    let id = super::papers::issue(store, grant, &wanted, told.key).await?;
    documents::api::issued(store, &again, id).await
}

/// A case behind a number.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ReportCase {
    id: CaseId,
    code: String,
    name: String,
    /// How often it is counted in the number; 0: by another case of the same person.
    times: i64,
}

/// The cases behind one number, as far as I may open them.
#[utoipa::path(get, path = "/api/v1/reports/cases",
    params(("line" = String, Query), ("mine" = Option<bool>, Query), ("cursor" = Option<String>, Query),
        ("period" = Option<ReportPeriod>, Query), ("rule" = Option<ReportRule>, Query), ("on" = Option<Day>, Query),
        ("from" = Option<Day>, Query), ("to" = Option<Day>, Query)),
    responses((status = 200, body = Listed<ReportCase>)))]
pub async fn behind(
    app: App,
    scope: Scope<SeeOwnReport>,
    Query(query): Query<Behind>,
) -> Result<Json<Listed<ReportCase>>, Oops> {
    let (store, actor) = (app.store(), Arc::new(scope.actor().clone()));
    let (line, mine, cursor, wanted) = query.parts();
    let scope = if mine { scope.mine() } else { scope };
    let (_, _, counted) = super::behind(store, &scope, &line, &wanted).await?;
    let list = store.scope::<ListCases>(&actor)?;
    let ids = counted.keys().copied().collect();
    let found = cases::among(store, &list, &ids, &PageAsk { cursor, ..PageAsk::default() }).await?;
    let times = |id| counted.get(&id).copied().unwrap_or(0);
    let case = |line: CaseLine| ReportCase { times: times(line.id), id: line.id, code: line.code, name: line.name };
    Ok(Json(Listed::of(found.map(case), None)))
}

/// A number as it is told outside.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OutsideLine {
    line: &'static str,
    label: String,
    /// A multiple of 5; `null`: one to four, or not told.
    #[schema(required)]
    about: Option<i64>,
    /// As it is printed.
    told: String,
}

/// Numbers of one commune, or of all together.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OutsidePart {
    /// `null`: all together.
    #[schema(required)]
    area: Option<AreaCode>,
    lines: Vec<OutsideLine>,
}

/// Numbers for whoever is outside: rounded to multiples of 5, one to four never told.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OutsideView {
    days: ReportDays,
    parts: Vec<OutsidePart>,
}

impl OutsideView {
    fn of(report: &OutsideReport, lang: Lang) -> OutsideView {
        let part = |area: Option<&AreaCode>, told: &BTreeMap<&'static str, Told>| OutsidePart {
            area: area.cloned(),
            lines: outside::keys()
                .filter_map(|key| told.get(key).map(|told| (key, *told)))
                .map(|(line, told)| OutsideLine {
                    line,
                    label: label(line, lang),
                    about: match told {
                        Told::Nobody => Some(0),
                        Told::About(n) => Some(n),
                        Told::Few | Told::Withheld => None,
                    },
                    told: said(told, lang),
                })
                .collect(),
        };
        let all = std::iter::once(part(None, &report.together));
        let each = report.communes.iter().map(|(area, told)| part(Some(area), told));
        OutsideView { days: ReportDays::of(&report.window, lang), parts: all.chain(each).collect() }
    }
}

/// The report for whoever is outside, of the half year that is over; `on`: a day within an earlier one. There is no other
/// period, so that no two reports can be set against each other.
#[utoipa::path(get, path = "/api/v1/reports/outside",
    params(("area" = Option<AreaCode>, Query), ("on" = Option<Day>, Query)),
    responses((status = 200, body = OutsideView)))]
pub async fn for_outside(
    app: App,
    scope: Scope<SeeOutsideReports>,
    Query(query): Query<Wanted>,
) -> Result<Json<OutsideView>, Oops> {
    let report = super::for_outside(app.store(), &scope, &query).await?;
    Ok(Json(OutsideView::of(&report, scope.actor().lang())))
}

/// My own numbers: people who were given to me, and what my organisation did for them.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct OwnHelpView {
    days: ReportDays,
    /// People given to me now, and before.
    live: i64,
    ended: i64,
    /// Visits that met somebody, and how many people.
    visits: i64,
    seen: i64,
    /// Help that was given, and to how many people.
    helps: i64,
    helped: i64,
    /// Tasks agreed with us: open now, overdue now, done in these days.
    tasks: i64,
    overdue: i64,
    done: i64,
}

/// What was given to me by name, and what my organisation did for these people.
#[utoipa::path(get, path = "/api/v1/organisation-figures",
    params(("period" = Option<ReportPeriod>, Query), ("rule" = Option<ReportRule>, Query), ("on" = Option<Day>, Query),
        ("from" = Option<Day>, Query), ("to" = Option<Day>, Query)),
    responses((status = 200, body = OwnHelpView)))]
pub async fn own_organisation(
    app: App,
    scope: Scope<CountOwnHelp>,
    Query(query): Query<Wanted>,
) -> Result<Json<OwnHelpView>, Oops> {
    let (window, help) = super::own_organisation(app.store(), &scope, &query).await?;
    let super::OwnHelp { live, ended, visits, seen, helps, helped, tasks, overdue, done } = help;
    let days = ReportDays::of(&window, scope.actor().lang());
    Ok(Json(OwnHelpView { days, live, ended, visits, seen, helps, helped, tasks, overdue, done }))
}
