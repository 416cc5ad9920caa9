//! The trail: what was done and opened, by whom. The inspector reads it, the head and the officer see who looked at a
//! person, everybody what she herself has opened; nobody edits it, and `verify` shows that nobody did.

pub mod access;
pub mod api;
pub mod checkpoints;
pub mod cli;
pub mod key;
pub mod model;
mod store;
pub mod verify;
pub mod web;

use crate::{
    cases, follow_ups,
    policy::acts::{CountReaders, ListOwnOpenings, ListTrail, SeeOpenings},
    store::{Fault, Grant, Page, PageAsk, Period, Scope, Store},
};
use access::{Access, Way};
use model::{Filter, Line, Opening, Reader, Thresholds, ToldOpening};

/// Lines of the trail within the asker's scope, newest first. Reading it is itself a line.
pub async fn list(
    store: &Store,
    scope: &Scope<ListTrail>,
    filter: &Filter,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    let page = store::list(store, scope, filter, ask).await?;
    store.note_list(scope, &format!("{} lines", page.items.len())).await?;
    Ok(page)
}

/// Who looked at a person, and who changed something: newest first. Written down as an opening of the case.
pub async fn of_case(store: &Store, grant: &Grant<SeeOpenings>, ask: &PageAsk) -> Result<Page<Opening>, Fault> {
    let page = written_down(store, grant, ask).await?;
    cases::opened(store, grant, &[]).await?;
    Ok(page)
}

/// The same for a page that has written the opening down already.
pub(crate) async fn written_down(
    store: &Store,
    grant: &Grant<SeeOpenings>,
    ask: &PageAsk,
) -> Result<Page<Opening>, Fault> {
    store::of_case(store, grant, ask).await
}

/// Who has opened a case, by role and organisation, for the person herself: newest first.
pub(crate) async fn told(
    store: &Store,
    grant: &Grant<SeeOpenings>,
    period: Period,
    ask: &PageAsk,
) -> Result<Page<ToldOpening>, Fault> {
    store::told(store, grant, period, ask).await
}

/// Who can open a person's case today, and as what; whom a restriction keeps from it stands there as kept. The same
/// conditions and the same policy as at the door.
pub async fn who_may(store: &Store, grant: &Grant<SeeOpenings>) -> Result<Vec<Access>, Fault> {
    let in_charge = store::in_charge(store, grant).await?;
    let told = |reader: crate::store::Reader| {
        let why = Way { id: reader.id, role: reader.role, nears: &reader.nears }.why(in_charge);
        let crate::store::Reader { username, name, role, organisation, glass_until, .. } = reader;
        Access { name, username, role, organisation, why, until: glass_until }
    };
    Ok(store.readers(grant).await?.into_iter().map(told).collect())
}

/// What one has opened and looked for oneself, newest first.
pub async fn mine(store: &Store, scope: &Scope<ListOwnOpenings>, ask: &PageAsk) -> Result<Page<Opening>, Fault> {
    store::mine(store, scope, ask).await
}

/// Is the whole trail as it was written, and as the program has sworn to it? What is wrong, if it is not.
///
/// # Errors
/// A fault of the database. What is wrong is no error.
pub async fn wrong_with(store: &Store) -> Result<Option<verify::Wrong>, Fault> {
    let (kept, key) = (store::checkpoints(store).await?, key::signing_key(store)?.public());
    Ok(verify::verify(store, &kept, &verify::Witness::default(), &key).await?.wrong)
}

/// From how many a day on a reader is named to the inspector: rules that the admin sets.
pub async fn thresholds(store: &Store) -> Result<Thresholds, Fault> {
    let of = async |word| follow_ups::rules::amount(store, word).await;
    Ok(Thresholds {
        outside: of("reader_outside").await?,
        searches: of("reader_searches").await?,
        night: of("reader_night").await?,
        night_from: of("night_from").await?,
        night_until: of("night_until").await?,
    })
}

/// Who opened many cases outside her own, searched much or read at night in the last 30 days: one line a person and day,
/// most first. Counts and sign-in names only. Reading it is a line of the trail.
pub async fn readers(
    store: &Store,
    scope: &Scope<CountReaders>,
    thresholds: &Thresholds,
) -> Result<Vec<Reader>, Fault> {
    let mut readers = store::readers(store, scope, thresholds).await?;
    readers.retain(|reader| thresholds.names(reader));
    readers.sort_by_key(|reader| (std::cmp::Reverse(reader.outside + reader.searches + reader.night), reader.day));
    store.note_list(scope, &format!("{} readers", readers.len())).await?;
    Ok(readers)
}
