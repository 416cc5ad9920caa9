//! What waits for somebody beside the follow-ups of cases, each source once: read by her first page, the overview and her
//! digest, so that none of them tells of less than another.
//!
//! A source is a verb of its feature, `waiting(store, scope)`, under a scope of hers; whoever has not its act has not its line.
//! A new one is a word of [`Owing`], its sentence in `locales/*/owed.ftl`, and a line in [`lines`].

use crate::{
    base::{
        waiting::{Owed, Waiting},
        words::Owing,
    },
    case_requests, doubles, emergencies, gatherings, handovers,
    policy::{
        Act, Actor,
        acts::{
            ListCaseRequests, ListDoubles, ListEmergencies, ListHandovers, ListOpinions, ListRequests, ListUrgencies,
        },
    },
    requests,
    store::{Fault, Scope, Store},
    urgencies,
};
use std::sync::Arc;

/// Everything that waits for `actor`, in the order of the words; a source with nothing has no line.
pub async fn lines(store: &Store, actor: &Actor) -> Result<Vec<Owed>, Fault> {
    let actor = Arc::new(actor.clone());
    let mut lines = Vec::new();
    source::<ListEmergencies>(store, &actor, &mut lines, Owing::Emergencies, async |scope| {
        emergencies::waiting(store, &scope).await
    })
    .await?;
    source::<ListUrgencies>(store, &actor, &mut lines, Owing::Urgencies, async |scope| {
        urgencies::waiting(store, &scope).await
    })
    .await?;
    source::<ListRequests>(store, &actor, &mut lines, Owing::Requests, async |scope| {
        requests::waiting(store, &scope).await
    })
    .await?;
    source::<ListOpinions>(store, &actor, &mut lines, Owing::Answers, async |scope| {
        gatherings::opinions::waiting(store, &scope).await
    })
    .await?;
    source::<ListHandovers>(store, &actor, &mut lines, Owing::Handovers, async |scope| {
        handovers::waiting(store, &scope).await
    })
    .await?;
    source::<ListCaseRequests>(store, &actor, &mut lines, Owing::CaseRequests, async |scope| {
        case_requests::waiting(store, &scope).await
    })
    .await?;
    source::<ListDoubles>(store, &actor, &mut lines, Owing::Doubles, async |scope| {
        doubles::waiting(store, &scope).await
    })
    .await?;
    Ok(lines)
}

async fn source<A: Act>(
    store: &Store,
    actor: &Arc<Actor>,
    lines: &mut Vec<Owed>,
    what: Owing,
    ask: impl AsyncFnOnce(Scope<A>) -> Result<Waiting, Fault>,
) -> Result<(), Fault> {
    let found = match store.scope::<A>(actor) {
        Ok(scope) => ask(scope).await?,
        Err(Fault::Denied(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    if found.waiting > 0 {
        lines.push(Owed { what, waiting: found.waiting, late: found.late });
    }
    Ok(())
}
