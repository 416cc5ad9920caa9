//! The report of a commune as a paper of the office, under the commune's next number: numbers only, nobody is named.

use super::{
    model::window::Query,
    web::{rule_of, table, title_of},
};
use crate::{
    app::Refused,
    base::{
        ids::DocumentId,
        lang::Lang,
        text,
        words::{DocumentKind, ReportPeriod},
    },
    documents::{
        self,
        model::{Prepared, Row},
    },
    exports::Cell,
    policy::acts::{IssueAreaDocument, SeeReports},
    store::{Grant, Key, Store},
};
use std::sync::Arc;

/// Issues the report of the grant's commune for the days that are asked for; a commune in the question is not looked at.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Query::check`].
pub async fn issue(
    store: &Store,
    grant: Grant<IssueAreaDocument>,
    query: &Query,
    key: Option<Key>,
) -> Result<DocumentId, Refused> {
    let (actor, lang) = (Arc::new(grant.actor().clone()), Lang::Vi);
    let scope = store.scope::<SeeReports>(&actor)?;
    let query = Query { area: grant.id().to_string(), ..query.clone() };
    let report = super::of_areas(store, &scope, &query).await?;
    let window = report.asked.window;
    let table = table(&report, &actor, "", lang);
    let told = |cell: Cell| match cell {
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
    };
    let rows =
        table.rows.into_iter().map(|row| Row { case: None, cells: row.into_iter().map(told).collect() }).collect();
    let kind =
        if window.period == ReportPeriod::Month { DocumentKind::MonthlyReport } else { DocumentKind::PeriodicReport };
    // The sentence of the page begins with the label that stands before it here.
    let rule = rule_of(&window, lang);
    let label = lang.say("reports-rule");
    let rule = rule.strip_prefix(&format!("{label}: ")).unwrap_or(&rule).to_owned();
    let mut facts = vec![(lang.say("reports-period"), title_of(&window, lang)), (label, rule)];
    if window.to > store.today() {
        facts.push((lang.say("reports-as-of"), text::show_day(store.today())));
    }
    let prepared = Prepared::table(kind, &lang.say(kind.key()), &facts, table.headings, rows);
    documents::issue_for_area(store, grant, &prepared, key).await
}
