//! The page of sums and the call for programs.

use super::model::{Line, Query as Wanted, Sums};
use crate::{
    app::App,
    base::{
        ids::CaseId,
        text,
        time::Day,
        words::{HelpKind, HelpSum, KinKind},
    },
    http::{At, Html, Json, Oops, Page, Typed, json::Query},
    policy::acts::SumHelp,
    store::Scope,
};
use askama::Template;

#[derive(Template)]
#[template(path = "livelihood/sums.html")]
pub struct SumsPage {
    page: Page,
    typed: Typed,
    sums: Sums,
    period: String,
    given: bool,
    sorts: Vec<(&'static str, String)>,
    days: Vec<(&'static str, String)>,
}

impl SumsPage {
    /// What a line is about, in the reader's words.
    fn name(&self, line: &Line) -> String {
        match (self.sums.by, &line.word) {
            (HelpSum::Whom, Some(word)) => {
                let kin = word.parse::<KinKind>();
                kin.map_or_else(|_| self.page.say("visits-whom-person"), |kin| self.page.say(kin.key()))
            }
            (HelpSum::Kind, Some(word)) => {
                word.parse::<HelpKind>().map_or_else(|_| word.clone(), |kind| self.page.say(kind.key()))
            }
            (HelpSum::Month, Some(month)) => {
                month.split_once('-').map_or_else(String::new, |(y, m)| format!("{m}/{y}"))
            }
            (_, Some(word)) => word.clone(),
            (HelpSum::Organisation, None) => self.page.say("livelihood-of-the-office"),
            (_, None) => self.page.say("livelihood-of-no-fund"),
        }
    }
}

/// The sums of some days, to look at and to print.
pub async fn show(
    app: App,
    at: At,
    scope: Scope<SumHelp>,
    Query(query): Query<Wanted>,
) -> Result<Html<SumsPage>, Oops> {
    let today = app.store().today();
    let page = Page::of(&app, scope.actor(), &at);
    let (asked, typed) = match query.check(today) {
        Ok(asked) => (asked, Typed::default()),
        Err(invalid) => (Wanted::default().check(today)?, Typed::default().refused(&invalid, scope.actor().lang())),
    };
    let sums = super::of(app.store(), &scope, &asked).await?;
    let sorts = HelpSum::ALL.iter().map(|by| (by.as_str(), page.say(by.key()))).collect();
    let days = [("promised", "livelihood-by-promise"), ("given", "livelihood-by-giving")];
    let days = days.map(|(word, key)| (word, page.say(key))).into();
    let period = format!("{} – {}", text::show_day(asked.from), text::show_day(asked.to));
    let typed = typed
        .and("by", [asked.by.to_string()].into_iter())
        .and("from", [text::show_day(asked.from)].into_iter())
        .and("to", [text::show_day(asked.to)].into_iter())
        .and("day", [if asked.given { "given" } else { "promised" }.to_owned()].into_iter());
    Ok(Html(SumsPage { page, typed, sums, period, given: asked.given, sorts, days }))
}

/// Sums in whole đồng, by how far the help has come.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelpAmounts {
    pieces: i64,
    promised_vnd: i64,
    approved_vnd: i64,
    given_vnd: i64,
    cancelled_vnd: i64,
    /// Pieces that nobody has said the worth of.
    unvalued: i64,
}

impl From<super::model::Amounts> for HelpAmounts {
    fn from(amounts: super::model::Amounts) -> HelpAmounts {
        HelpAmounts {
            pieces: amounts.pieces,
            promised_vnd: amounts.promised,
            approved_vnd: amounts.approved,
            given_vnd: amounts.given,
            cancelled_vnd: amounts.cancelled,
            unvalued: amounts.unvalued,
        }
    }
}

/// One line of the sums.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelpSumLine {
    /// Of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<CaseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Name, word, or month as `2026-11`; `null`: from no fund of the list, of no organisation.
    #[schema(required)]
    of: Option<String>,
    amounts: HelpAmounts,
}

/// What help came to in some days.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelpSums {
    by: HelpSum,
    from: Day,
    to: Day,
    lines: Vec<HelpSumLine>,
    total: HelpAmounts,
}

/// What the help that I may see comes to, by `person`, `fund` (unless told), `organisation`, `kind`, `month` or `whom`.
#[utoipa::path(get, path = "/api/v1/help-sums",
    params(("by" = Option<HelpSum>, Query), ("from" = Option<Day>, Query), ("to" = Option<Day>, Query),
        ("day" = Option<String>, Query, description = "`promised` (unless told) or `given`: which day lies between the two")),
    responses((status = 200, body = HelpSums)))]
pub async fn told(app: App, scope: Scope<SumHelp>, Query(query): Query<Wanted>) -> Result<Json<HelpSums>, Oops> {
    let asked = query.check(app.store().today())?;
    let sums = super::of(app.store(), &scope, &asked).await?;
    let lines = sums.lines.into_iter().map(|line| HelpSumLine {
        case_id: line.case_id,
        code: line.code,
        of: line.word,
        amounts: line.amounts.into(),
    });
    let (lines, total) = (lines.collect(), sums.total.into());
    Ok(Json(HelpSums { by: asked.by, from: Day(asked.from), to: Day(asked.to), lines, total }))
}
