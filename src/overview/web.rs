//! Pages of the overview: the commune for its head, the communes for the province.

use super::{Commune, Waiting};
use crate::{
    app::App,
    base::{
        time::{self, Day},
        waiting::Owed,
    },
    digests::{self, model::Headline},
    follow_ups::{
        due::days_late,
        tally::{self, HamletCount, OfficerCount},
    },
    http::{At, Html, Oops, Page},
    owed,
    policy::{
        Actor,
        acts::{CountFollowUps, ListCases, ListDigests},
    },
    store::Scope,
};
use askama::Template;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Whoever may list cases gets the commune's page; whoever only counts, the province's.
pub async fn show(app: App, at: At, scope: Scope<CountFollowUps>) -> Result<Response, Oops> {
    let actor = Arc::new(scope.actor().clone());
    if app.store().can::<ListCases>(&actor) {
        commune(&app, &at, &scope, &actor).await
    } else {
        province(&app, &at, &scope).await
    }
}

#[derive(Template)]
#[template(path = "overview/commune.html")]
struct CommunePage {
    page: Page,
    name: String,
    urgent: Vec<Waiting>,
    unassigned: Vec<Waiting>,
    tried: Vec<Waiting>,
    hamlets: Vec<Bar>,
    officers: Vec<OfficerCount>,
    total: Total,
    digest: Option<Headline>,
    owed: Vec<Owed>,
}

/// One bar: how much of it is how old, in hundredths of the longest.
struct Bar {
    count: HamletCount,
    week: i64,
    fortnight: i64,
    older: i64,
}

/// The sums of a table.
#[derive(Default)]
struct Total {
    cases: i64,
    open: i64,
    overdue: i64,
    oldest: i64,
    never_met: i64,
    unassigned: i64,
    recalculating: i64,
}

impl CommunePage {
    fn oldest(&self, on: &Option<Day>) -> i64 {
        on.map_or(0, |day| days_late(day.0, self.page.today()))
    }

    fn since(&self, at: &Option<time::At>) -> String {
        at.map(|at| self.page.instant(at)).unwrap_or_default()
    }
}

/// The session, two counts, what waits for the head, the newest digest, and one for each source of what else is owed.
async fn commune(app: &App, at: &At, scope: &Scope<CountFollowUps>, actor: &Arc<Actor>) -> Result<Response, Oops> {
    let store = app.store();
    let officers = tally::by_officer(store, scope).await?;
    let hamlets = tally::by_hamlet(store, scope).await?;
    let waiting = super::waiting(store, &store.scope::<ListCases>(actor)?).await?;
    let digest = match store.can::<ListDigests>(actor) {
        true => digests::newest(store, &store.scope::<ListDigests>(actor)?).await?,
        false => None,
    };
    let of = |wanted: fn(&&Waiting) -> bool| waiting.iter().filter(wanted).cloned().collect::<Vec<_>>();
    let urgent = of(|case| case.urgent_at.is_some());
    let unassigned = of(|case| case.officer_id.is_none());
    let tried = of(|case| case.officer_id.is_some() && case.to_supervisor);
    let owed = owed::lines(store, actor).await?;
    let page = Page::of(app, actor, at);
    let today = page.today();
    let mut total = Total::default();
    for row in &officers {
        total.cases += row.cases;
        total.open += row.open;
        total.overdue += row.overdue;
        total.never_met += row.never_met;
        total.recalculating += row.recalculating;
        total.oldest = total.oldest.max(row.oldest_on.map_or(0, |day| days_late(day.0, today)));
        total.unassigned += if row.officer_id.is_none() { row.cases } else { 0 };
    }
    let name = officers.first().map(|row| crate::areas::model::full_name(&row.kind, &row.name)).unwrap_or_default();
    // An area without a case still has one row, of nobody and nothing.
    let officers = officers.into_iter().filter(|row| row.cases > 0).collect();
    Ok(Html(CommunePage {
        page,
        name,
        urgent,
        unassigned,
        tried,
        hamlets: bars(hamlets),
        officers,
        total,
        digest,
        owed,
    })
    .into_response())
}

fn bars(counts: Vec<HamletCount>) -> Vec<Bar> {
    let longest = counts.iter().map(|count| count.overdue).max().unwrap_or(0).max(1);
    let part = |n: i64| n * 100 / longest;
    counts
        .into_iter()
        .map(|count| Bar { week: part(count.week), fortnight: part(count.fortnight), older: part(count.older), count })
        .collect()
}

#[derive(Template)]
#[template(path = "overview/province.html")]
struct ProvincePage {
    page: Page,
    communes: Vec<Commune>,
    /// Communes without a live case.
    quiet: i64,
    total: Total,
}

impl ProvincePage {
    fn name(&self, commune: &Commune) -> String {
        crate::areas::model::full_name(&commune.count.kind, &commune.count.name)
    }

    fn oldest(&self, on: &Option<Day>) -> i64 {
        on.map_or(0, |day| days_late(day.0, self.page.today()))
    }

    fn headless(&self) -> i64 {
        self.communes.iter().filter(|commune| commune.headless).count() as i64
    }

    fn unread(&self) -> i64 {
        self.communes.iter().filter(|commune| commune.unread).count() as i64
    }
}

async fn province(app: &App, at: &At, scope: &Scope<CountFollowUps>) -> Result<Response, Oops> {
    let page = Page::of(app, scope.actor(), at);
    let all = super::communes(app.store(), scope).await?;
    let mut total = Total::default();
    for Commune { count, .. } in &all {
        total.cases += count.cases;
        total.open += count.open;
        total.overdue += count.overdue;
        total.never_met += count.never_met;
        total.unassigned += count.unassigned;
        total.recalculating += count.recalculating;
        total.oldest = total.oldest.max(count.oldest_on.map_or(0, |day| days_late(day.0, page.today())));
    }
    let before = all.len() as i64;
    let communes: Vec<Commune> = all.into_iter().filter(|commune| commune.count.cases > 0 || commune.unread).collect();
    let quiet = before - communes.len() as i64;
    Ok(Html(ProvincePage { page, communes, quiet, total }).into_response())
}
