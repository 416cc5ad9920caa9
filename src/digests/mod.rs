//! The overdue summary of a commune's head: composed under her own scope, kept as case ids and figures,
//! walled again by her scope when she opens it.

pub mod api;
pub mod cli;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{DigestId, UserId},
        lang::Lang,
        refusal::Invalid,
    },
    follow_ups::tally,
    mails::Letter,
    owed,
    policy::{
        AreaCode,
        acts::{ComposeDigest, ListCases, ListDigests, SeeDigest, SetDigestRhythm},
    },
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
    trail,
};
use jiff::civil::Date;
use model::{Composed, Headline, Missed, Rhythm, View};
use std::sync::Arc;

/// So many rows a digest names, the worst first.
pub const ROWS: i64 = 40;

/// Works out a digest as of now. Nothing is stored.
pub async fn compose(store: &Store, scope: &Scope<ComposeDigest>, cases: &Scope<ListCases>) -> Result<Composed, Fault> {
    let sums = tally::sums(store, scope).await?;
    let worst = tally::worst(store, scope, ROWS).await?;
    let counts = tally::case_sums(store, cases).await?;
    let mut composed = model::compose(&sums, &worst, &counts, store.today());
    composed.owed = owed::lines(store, scope.actor()).await?;
    composed.fingerprint =
        trail::checkpoints::fingerprint(store).await?.map(|mark| mark.to_string()).unwrap_or_default();
    Ok(composed)
}

/// Keeps a digest for its reader: case ids and figures, no name.
pub(crate) async fn keep(
    unit: &mut Unit,
    user: UserId,
    area: &AreaCode,
    on: Date,
    missed: Missed,
    composed: &Composed,
) -> Result<DigestId, Fault> {
    let id = unit.new_id();
    store::insert(unit, id, user, area, on, missed, composed).await?;
    // In the order of case ids: each row holds on to its case until the commit, and so does the nightly proof, which goes
    // by id as well. In another order the two could wait for each other.
    let mut rows: Vec<_> = (1_i64..).zip(&composed.rows).collect();
    rows.sort_by_key(|(_, row)| row.case_id);
    for (rank, row) in rows {
        store::insert_row(unit, id, rank, row).await?;
    }
    for (kind, groups) in [("hamlet", &composed.hamlets), ("officer", &composed.officers)] {
        for (rank, group) in (1_i64..).zip(groups) {
            store::insert_group(unit, id, kind, rank, group).await?;
        }
    }
    for owed in &composed.owed {
        store::insert_owed(unit, id, owed).await?;
    }
    Ok(id)
}

/// The letter that tells of a digest: figures and codes. No name of anybody, also not the reader's, and no place.
pub(crate) fn letter(lang: Lang, on: Date, today: Date, composed: &Composed, missed: Missed, link: &str) -> Letter {
    model::letter(lang, on, today, composed, missed, link)
}

/// The letter as it would go out now, if it did.
pub(crate) fn letter_now(app: &crate::app::App, lang: Lang, composed: &Composed) -> Letter {
    let (today, url) = (app.store().today(), app.settings().public_url.trim_end_matches('/'));
    model::letter(lang, today, today, composed, Missed::default(), &format!("{url}/digests"))
}

/// The digests that one received, newest first.
pub async fn list(store: &Store, scope: &Scope<ListDigests>, ask: &PageAsk) -> Result<Page<Headline>, Fault> {
    store::list(store, scope, ask).await
}

/// How many of them.
pub async fn count(store: &Store, scope: &Scope<ListDigests>) -> Result<i64, Fault> {
    store::count(store, scope).await
}

/// Opens a digest: rows whose case is not within the reader's scope any more are left out, and so are the figures by
/// hamlet and officer once she works for another commune. The first opening is written down.
pub async fn open(store: &Store, grant: Grant<SeeDigest>) -> Result<View, Fault> {
    let head = store::head(store, &grant).await?.ok_or(Denied::Unknown)?;
    let groups = if head.area_code == *grant.actor().area() { store::groups(store, &grant).await? } else { Vec::new() };
    let rows = match store.scope::<ListCases>(&Arc::new(grant.actor().clone())) {
        Ok(scope) => store::rows(store, &scope, head.id).await?,
        Err(Fault::Denied(_)) => Vec::new(),
        Err(other) => return Err(other),
    };
    let owed = store::owed(store, &grant).await?;
    if head.opened_at.is_none() {
        store.write(grant, async |work| store::mark_opened(work).await).await?;
    }
    Ok(View::of(head, rows, groups, owed))
}

/// The newest digest of this morning's page, without its rows.
pub async fn newest(store: &Store, scope: &Scope<ListDigests>) -> Result<Option<Headline>, Fault> {
    Ok(list(store, scope, &PageAsk { limit: 1, cursor: None }).await?.items.into_iter().next())
}

/// How often one gets a digest.
pub async fn rhythm(store: &Store, scope: &Scope<SetDigestRhythm>) -> Result<Rhythm, Fault> {
    store::rhythm(store, scope).await
}

/// Chooses how often one gets a digest: each working day, on the first working day of the week, or not at all.
///
/// # Errors
/// [`Refused::Invalid`]: `rhythm`: unknown word.
pub async fn set_rhythm(store: &Store, scope: Scope<SetDigestRhythm>, typed: &str) -> Result<(), Refused> {
    let rhythm: Rhythm = typed.parse().map_err(|_| Invalid::one("rhythm", "unknown"))?;
    let user = scope.actor().user().ok_or(Fault::Inconsistent("a job has no digest of its own"))?;
    store
        .sweep(scope, async |work| {
            store::set_rhythm(work, user, rhythm).await?;
            work.detail(format!("rhythm {}", rhythm.as_str()));
            Ok(())
        })
        .await
}

/// For each commune: how many active heads it has, and whether they left their digests unopened since then.
pub async fn heads_by_area(
    store: &Store,
    scope: &Scope<crate::policy::acts::CountFollowUps>,
    since: crate::base::time::At,
) -> Result<Vec<(AreaCode, i64, bool)>, Fault> {
    store::heads_by_area(store, scope, since).await
}
