//! The page of backups.

use super::model::{HolderDraft, Line, Status};
use crate::{
    app::{App, Refused},
    base::{text, time::At as Instant, words::BackupWhy},
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::acts::{ListBackups, NoteDrill},
    store::Scope,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "backups/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    status: Status,
    lines: Vec<Line>,
    may_note: bool,
}

impl ShowPage {
    fn when(&self, at: &Instant) -> String {
        let civil = at.civil();
        format!("{:02}:{:02} {}", civil.hour(), civil.minute(), text::show_day(civil.date()))
    }

    fn day(&self, at: &Instant) -> String {
        text::show_day(at.day())
    }

    fn outcomes(&self) -> impl Iterator<Item = &'static BackupWhy> {
        BackupWhy::ALL.iter().filter(|why| **why != BackupWhy::None)
    }
}

/// What is late, what was made and tried.
pub async fn show(app: App, at: At, scope: Scope<ListBackups>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &scope, Typed::default()).await.map(Html)
}

async fn render(app: &App, at: &At, scope: &Scope<ListBackups>, typed: Typed) -> Result<ShowPage, Oops> {
    let (status, lines) = (super::status(app, scope).await?, super::lines(app.store(), scope).await?);
    let may_note = app.store().can::<NoteDrill>(scope.actor());
    Ok(ShowPage { page: Page::of(app, scope.actor(), at), typed, status, lines, may_note })
}

/// The key holder has tried a backup.
pub async fn note(
    app: App,
    at: At,
    scope: Scope<NoteDrill>,
    list: Scope<ListBackups>,
    sent: Sent<HolderDraft>,
) -> Result<Response, Oops> {
    match super::note_drill(app.store(), scope, &sent.draft).await {
        Ok(()) => Ok(go("/backups", "drill-noted").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, list.actor().lang());
            let page = render(&app, &at, &list, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
