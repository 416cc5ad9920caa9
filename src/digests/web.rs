//! Pages of digests.

use super::model::{Composed, Figures, Group, Headline, Missed, Rhythm, Row, missed_sentence};
use crate::{
    app::{App, Refused},
    base::{text, waiting::Owed},
    http::{
        At, Html, Oops, Page, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    policy::acts::{ComposeDigest, ListCases, ListDigests, SeeDigest, SetDigestRhythm},
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "digests/list.html")]
struct ListPage {
    page: Page,
    digests: Vec<Headline>,
    next: Option<String>,
}

/// The digests that I received, newest first.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListDigests>,
    Query(query): Query<CursorQuery>,
) -> Result<Response, Oops> {
    let digests = super::list(app.store(), &scope, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let next = digests.next.as_ref().map(|cursor| format!("/digests?cursor={}", in_url(cursor)));
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), digests: digests.items, next }).into_response())
}

#[derive(Template)]
#[template(path = "digests/show.html")]
struct ShowPage {
    page: Page,
    /// Not gone out: what it would say now.
    preview: bool,
    /// The mail that would go out.
    letter: Option<crate::mails::Letter>,
    title_day: String,
    composed: String,
    figures: Figures,
    missed: Option<String>,
    rows: Vec<Row>,
    hamlets: Vec<Group>,
    officers: Vec<Group>,
    owed: Vec<Owed>,
    fingerprint: String,
}

/// A table of groups: the keys of its caption, of its first column and of the group without a name.
type Table<'a> = (&'static str, &'static str, &'static str, &'a [Group]);

impl ShowPage {
    fn tables(&self) -> [Table<'_>; 2] {
        [
            ("digests-by-hamlet", "digests-hamlet", "digests-no-hamlet", &self.hamlets),
            ("digests-by-officer", "digests-officer", "digests-no-officer", &self.officers),
        ]
    }

    /// Overdue follow-ups that are not named.
    fn unnamed(&self) -> i64 {
        (self.figures.overdue - i64::try_from(self.rows.len()).unwrap_or(0)).max(0)
    }
}

/// `07:30, 23/11/2026`.
fn moment(at: crate::base::time::At) -> String {
    let civil = at.civil();
    format!("{:02}:{:02}, {}", civil.hour(), civil.minute(), text::show_day(civil.date()))
}

/// One digest, walled again by my scope.
pub async fn show(app: App, at: At, grant: Grant<SeeDigest>) -> Result<Response, Oops> {
    let page = Page::of(&app, grant.actor(), &at);
    let view = super::open(app.store(), grant).await?;
    let missed = missed_sentence(page.language(), view.head.missed);
    Ok(Html(ShowPage {
        preview: false,
        letter: None,
        title_day: page.long_day(&view.head.on_day),
        composed: moment(view.head.composed_at),
        figures: view.head.figures,
        missed,
        rows: view.rows,
        hamlets: view.hamlets,
        officers: view.officers,
        owed: view.owed,
        fingerprint: view.head.fingerprint,
        page,
    })
    .into_response())
}

/// What my digest would say now.
pub async fn preview(app: App, at: At, scope: Scope<ComposeDigest>) -> Result<Response, Oops> {
    let cases = app.store().scope::<ListCases>(&Arc::new(scope.actor().clone()))?;
    let composed = super::compose(app.store(), &scope, &cases).await?;
    let page = Page::of(&app, scope.actor(), &at);
    let letter = super::letter_now(&app, page.language(), &composed);
    let Composed { figures, rows, hamlets, officers, owed, fingerprint } = composed;
    Ok(Html(ShowPage {
        preview: true,
        letter: Some(letter),
        title_day: page.today_long(),
        composed: moment(app.store().now()),
        figures,
        missed: missed_sentence(page.language(), Missed::default()),
        rows,
        hamlets,
        officers,
        owed,
        fingerprint,
        page,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "digests/rhythm.html")]
struct RhythmPage {
    page: Page,
    typed: Typed,
}

impl RhythmPage {
    fn rhythms(&self) -> [Rhythm; 3] {
        Rhythm::ALL
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RhythmDraft {
    pub rhythm: String,
}

/// How often I get a digest.
pub async fn rhythm_form(app: App, at: At, scope: Scope<SetDigestRhythm>) -> Result<Response, Oops> {
    let rhythm = super::rhythm(app.store(), &scope).await?;
    let typed = Typed::with(&[("rhythm", rhythm.as_str().to_owned())]);
    Ok(Html(RhythmPage { page: Page::of(&app, scope.actor(), &at), typed }).into_response())
}

pub async fn rhythm(
    app: App,
    at: At,
    scope: Scope<SetDigestRhythm>,
    sent: Sent<RhythmDraft>,
) -> Result<Response, Oops> {
    let page = Page::of(&app, scope.actor(), &at);
    match super::set_rhythm(app.store(), scope, &sent.draft.rhythm).await {
        Ok(()) => Ok(go("/digests", "digest-rhythm").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, page.language());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(RhythmPage { page, typed })).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
