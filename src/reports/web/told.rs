//! Pages of whoever does not see the report itself: the form for outside, and a helper's own numbers.

use super::{Choices, choices, fallen_back, place_name, places, rule_of, title_of, typed_of};
use crate::{
    app::App,
    base::lang::Lang,
    http::{At, Html, Oops, Page, Typed, json::Query},
    policy::{
        AreaCode,
        acts::{CountOwnHelp, SeeOutsideReports},
    },
    reports::{
        OutsideReport, OwnHelp,
        model::{
            lines,
            outside::{self, Told},
            window::Query as Wanted,
        },
    },
    store::Scope,
};
use askama::Template;
use std::{collections::BTreeMap, sync::Arc};

/// What is told of a number outside.
pub(in crate::reports) fn said(told: Told, lang: Lang) -> String {
    match told {
        Told::Nobody => "0".to_owned(),
        Told::Few => lang.say("reports-few"),
        Told::About(n) => n.to_string(),
        Told::Withheld => lang.say("reports-withheld"),
    }
}

#[derive(Template)]
#[template(path = "reports/outside.html")]
pub struct OutsidePage {
    page: Page,
    typed: Typed,
    place: String,
    title: String,
    rule: String,
    rows: Vec<(String, String)>,
    areas: Choices,
}

/// The label of a number of the form for outside.
pub(in crate::reports) fn label(key: &str, lang: Lang) -> String {
    match key {
        "no_helper" => lang.say("reports-no-helper"),
        key => lines::line(key).map_or_else(String::new, |line| lang.say(line.label)),
    }
}

fn shown<'a>(report: &'a OutsideReport, area: Option<&AreaCode>) -> Option<&'a BTreeMap<&'static str, Told>> {
    match area {
        Some(code) => report.communes.iter().find(|(area, _)| area == code).map(|(_, told)| told),
        None if report.communes.len() == 1 => report.communes.first().map(|(_, told)| told),
        None => Some(&report.together),
    }
}

/// The report for whoever is outside.
pub async fn outside(
    app: App,
    at: At,
    scope: Scope<SeeOutsideReports>,
    Query(query): Query<Wanted>,
) -> Result<Html<OutsidePage>, Oops> {
    let (store, actor) = (app.store(), Arc::new(scope.actor().clone()));
    let (report, wrong, area) = match fallen_back(crate::reports::for_outside(store, &scope, &query).await)? {
        Ok(report) => (report, None, query.area.parse::<AreaCode>().ok()),
        Err(invalid) => (crate::reports::for_outside(store, &scope, &Wanted::default()).await?, Some(invalid), None),
    };
    let page = Page::of(&app, &actor, &at);
    let lang = page.language();
    let all = places(store, &actor).await?;
    let told = shown(&report, area.as_ref());
    let row = |key: &'static str| (label(key, lang), told.map_or_else(|| "0".to_owned(), |told| said(told[key], lang)));
    let mut typed = typed_of(&report.window, area.as_ref());
    if let Some(invalid) = &wrong {
        typed = typed.refused(invalid, lang);
    }
    let areas = if all.len() > 1 {
        all.iter().map(|one| (one.code.to_string(), one.full_name())).collect()
    } else {
        Vec::new()
    };
    Ok(Html(OutsidePage {
        typed,
        place: place_name(&all, area.as_ref(), &actor, lang),
        title: title_of(&report.window, lang),
        rule: rule_of(&report.window, lang),
        rows: outside::keys().map(row).collect(),
        areas,
        page,
    }))
}

/// The numbers of a helper, each with its words.
fn told_help(help: &OwnHelp) -> [(&'static str, i64); 9] {
    [
        ("reports-own-live", help.live),
        ("reports-own-ended", help.ended),
        ("reports-own-visits", help.visits),
        ("reports-own-seen", help.seen),
        ("reports-own-helps", help.helps),
        ("reports-own-helped", help.helped),
        ("reports-own-tasks", help.tasks),
        ("reports-own-overdue", help.overdue),
        ("reports-own-done", help.done),
    ]
}

#[derive(Template)]
#[template(path = "reports/own_organisation.html")]
pub struct OwnHelpPage {
    page: Page,
    typed: Typed,
    title: String,
    rule: String,
    rows: Vec<(String, i64)>,
    periods: Choices,
    rules: Choices,
}

/// A helper's own numbers: what she was given, and what her organisation did for these people.
pub async fn own_organisation(
    app: App,
    at: At,
    scope: Scope<CountOwnHelp>,
    Query(query): Query<Wanted>,
) -> Result<Html<OwnHelpPage>, Oops> {
    let store = app.store();
    let ((window, help), wrong) = match fallen_back(crate::reports::own_organisation(store, &scope, &query).await)? {
        Ok(found) => (found, None),
        Err(invalid) => (crate::reports::own_organisation(store, &scope, &Wanted::default()).await?, Some(invalid)),
    };
    let page = Page::of(&app, scope.actor(), &at);
    let lang = page.language();
    let mut typed = typed_of(&window, None);
    if let Some(invalid) = &wrong {
        typed = typed.refused(invalid, lang);
    }
    let (periods, rules) = choices(lang);
    let rows = told_help(&help).into_iter().map(|(key, n)| (lang.say(key), n)).collect();
    let (title, rule) = (title_of(&window, lang), rule_of(&window, lang));
    Ok(Html(OwnHelpPage { page, typed, title, rule, rows, periods, rules }))
}
