//! The page of the rules and the calendar. Everybody who signs in may read the calendar; the rules are for those who work by
//! them; the admin changes both.

use super::rules::{HolidayDraft, HolidayRow, RuleDraft, RuleRow};
use crate::{
    app::{App, Refused},
    base::refusal::Invalid,
    http::{At, Fresh, Html, Oops, Page, Sent, Typed, Who, go},
    policy::acts::{EditRules, ListTrail, SeeRules},
    store::Grant,
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "follow_ups/rules.html")]
struct RulesPage {
    page: Page,
    /// `None` for those who do not work by them.
    rules: Option<Vec<RuleRow>>,
    holidays: Vec<HolidayRow>,
    year_word: String,
    years: Vec<i16>,
    /// The area under which the admin changes them.
    editor: Option<String>,
    typed: Typed,
}

impl RulesPage {
    fn rule_name<'a>(&self, rule: &'a RuleRow) -> &'a str {
        if self.page.lang() == "en" { &rule.name_en } else { &rule.name_vi }
    }

    fn day_name<'a>(&self, day: &'a HolidayRow) -> &'a str {
        if self.page.lang() == "en" { &day.name_en } else { &day.name_vi }
    }

    fn unit(&self, rule: &RuleRow) -> String {
        if rule.unit == "vnd" {
            return crate::base::text::show_vnd(rule.amount);
        }
        self.page.n(&format!("rules-unit-{}", rule.unit.replace('_', "-")), rule.amount)
    }

    fn kind(&self, day: &HolidayRow) -> String {
        self.page.say(format!("rules-kind-{}", day.kind))
    }

    fn long(&self, day: &HolidayRow) -> String {
        self.page.long_day(&day.on_day.0)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Year {
    year: Option<i16>,
}

async fn page(app: &App, at: &At, who: &Who, year: Option<i16>, typed: Typed) -> Result<RulesPage, Oops> {
    let this_year = app.store().today().year();
    let year = year.unwrap_or(this_year).clamp(2020, 2050);
    let actor = &who.0.actor;
    let store = app.store();
    let mut rules = None;
    if store.can::<SeeRules>(actor) {
        let mut all = super::rules::list(store).await?;
        // From how many openings on a reader is named: for those who name him.
        let names_readers = store.can::<EditRules>(actor) || store.can::<ListTrail>(actor);
        all.retain(|rule| names_readers || !super::rules::OF_READERS.contains(&rule.word.as_str()));
        rules = Some(all);
    }
    let editor = app.store().can::<EditRules>(actor).then(|| actor.area().to_string());
    Ok(RulesPage {
        page: Page::of(app, actor, at),
        rules,
        holidays: super::rules::holidays(app.store(), year).await?,
        year_word: year.to_string(),
        years: (this_year - 1..=this_year + 2).collect(),
        editor,
        typed,
    })
}

pub async fn show(app: App, at: At, who: Who, Query(query): Query<Year>) -> Result<Response, Oops> {
    Ok(Html(page(&app, &at, &who, query.year, Typed::with(&[])).await?).into_response())
}

async fn refused(app: &App, at: &At, who: &Who, typed: Typed, invalid: &Invalid) -> Result<Response, Oops> {
    let typed = typed.refused(invalid, who.0.actor.lang());
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page(app, at, who, None, typed).await?)).into_response())
}

pub async fn change(
    app: App,
    at: At,
    grant: Grant<EditRules>,
    _fresh: Fresh,
    who: Who,
    sent: Sent<RuleDraft>,
) -> Result<Response, Oops> {
    match super::rules::change(app.store(), grant, &sent.draft).await {
        Ok(()) => Ok(go("/rules", "rule-changed").into_response()),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &who, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}

pub async fn set_day(
    app: App,
    at: At,
    grant: Grant<EditRules>,
    _fresh: Fresh,
    who: Who,
    sent: Sent<HolidayDraft>,
) -> Result<Response, Oops> {
    match super::rules::set_day(app.store(), grant, &sent.draft).await {
        Ok(()) => Ok(go("/rules", "day-set").into_response()),
        Err(Refused::Invalid(invalid)) => refused(&app, &at, &who, sent.typed, &invalid).await,
        Err(other) => Err(other.into()),
    }
}
