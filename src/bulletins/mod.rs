//! The counts of the communes, once a week for each reader of the province: also which of them have no head, or a head who
//! left the digests unopened for a week. Composed under the reader's own scope; no person, no case, no code.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    base::ids::{BulletinId, UserId},
    base::lang::Lang,
    digests::model::Missed,
    mails::Letter,
    overview,
    policy::{
        AreaCode,
        acts::{CountFollowUps, ListBulletins, SeeBulletin},
    },
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};
use jiff::civil::Date;
use model::{Composed, Headline, Line};

/// Works the counts out as of now. Nothing is stored.
pub async fn compose(store: &Store, scope: &Scope<CountFollowUps>) -> Result<Composed, Fault> {
    Ok(Composed::of(overview::communes(store, scope).await?, store.today()))
}

/// Keeps them for their reader.
pub(crate) async fn keep(
    unit: &mut Unit,
    user: UserId,
    area: &AreaCode,
    on: Date,
    missed: Missed,
    composed: &Composed,
) -> Result<BulletinId, Fault> {
    let id = unit.new_id();
    store::insert(unit, id, user, area, on, missed).await?;
    for line in &composed.lines {
        store::insert_line(unit, id, line).await?;
    }
    Ok(id)
}

/// The letter that tells of it: sums only, no place and no name.
pub(crate) fn letter(lang: Lang, on: Date, composed: &Composed, missed: Missed, link: &str) -> Letter {
    model::letter(lang, on, composed, missed, link)
}

/// Those that one received, newest first.
pub async fn list(store: &Store, scope: &Scope<ListBulletins>, ask: &PageAsk) -> Result<Page<Headline>, Fault> {
    store::list(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListBulletins>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// Opens one. The first opening is written down.
pub async fn open(store: &Store, grant: Grant<SeeBulletin>) -> Result<(Headline, Vec<Line>), Fault> {
    let head = store::head(store, &grant).await?.ok_or(Denied::Unknown)?;
    let lines = store::lines(store, &grant).await?;
    if head.opened_at.is_none() {
        store.write(grant, async |work| store::mark_opened(work).await).await?;
    }
    Ok((head, lines))
}
