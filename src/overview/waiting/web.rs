//! The first page of the People's Committee and of the lender: what waits for them, counted.

use crate::{
    app::App,
    duties::absences,
    http::{At, Html, Oops, Page, Who},
    loans::{accounts, lists},
    owed,
    policy::acts::{
        ConfirmLoanList, DecideAbsence, ListAbsences, ListLoanAccounts, ListLoanLines, ListLoanLists, SeeOutsideReports,
    },
};
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

/// Something that waits: what it is, how much of it, where it is.
struct Waits {
    title: String,
    hint: String,
    count: Option<i64>,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "overview/waiting.html")]
struct WaitingPage {
    page: Page,
    waits: Vec<Waits>,
}

/// What waits for the reader; whoever has nothing of this kind goes on to her own first page.
pub async fn show(app: App, at: At, Who(visitor): Who) -> Result<Response, Oops> {
    let (store, actor) = (app.store(), &visitor.actor);
    let mut page = Page::of(&app, actor, &at);
    let mut waits = Vec::new();
    if store.can::<ConfirmLoanList>(actor) {
        let count = lists::waiting(store, &store.scope::<ListLoanLists>(actor)?).await?;
        page = page.count("/loan-lists", count);
        let (title, hint) = (page.say("loans-to-confirm"), page.say("loans-lists-council"));
        waits.push(Waits { title, hint, count: Some(count), href: "/loan-lists" });
    }
    if store.can::<DecideAbsence>(actor) {
        let count = absences::count(store, &store.scope::<ListAbsences>(actor)?, Some(true)).await?;
        page = page.count("/absences", count);
        let (title, hint) = (page.say("duties-absences-title"), page.say("duties-absences-council"));
        waits.push(Waits { title, hint, count: Some(count), href: "/absences" });
    }
    if store.can::<ListLoanAccounts>(actor) {
        let count = lists::waiting_lines(store, &store.scope::<ListLoanLines>(actor)?).await?;
        page = page.count("/loan-lines", count);
        let (title, hint) = (page.say("overview-lines-to-answer"), page.say("overview-lines-hint"));
        waits.push(Waits { title, hint, count: Some(count), href: "/loan-lines" });
        let (lent, overdue) = accounts::standing(store, &store.scope::<ListLoanAccounts>(actor)?).await?;
        let (title, hint) = (page.say("overview-accounts"), page.n("overview-accounts-overdue", overdue));
        waits.push(Waits { title, hint, count: Some(lent), href: "/loan-accounts" });
    }
    if waits.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    for one in owed::lines(store, actor).await? {
        let hint = if one.late > 0 { page.n("overview-owed-late", one.late) } else { String::new() };
        waits.push(Waits { title: page.say(one.what.key()), hint, count: Some(one.waiting), href: one.what.href() });
    }
    if store.can::<SeeOutsideReports>(actor) {
        let (title, hint) = (page.say("reports-outside"), page.say("reports-outside-note"));
        waits.push(Waits { title, hint, count: None, href: "/reports/outside" });
    }
    Ok(Html(WaitingPage { page, waits }).into_response())
}
