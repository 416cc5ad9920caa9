//! The morning's mails: a digest for each head, a reminder for each officer, once a week the counts for the province.

use super::{model::Job, scope, store};
use crate::{
    app::App,
    base::lang::{Lang, Value},
    bulletins, digests,
    follow_ups::{self, model::Counts},
    mails::{self, Letter},
    policy::{
        Actor,
        acts::{ComposeDigest, CountFollowUps, ListBulletins, ListCases, ListFollowUps},
    },
    store::{Fault, Store},
};
use std::sync::Arc;

/// The reader of a job, while she is enabled and the policy still gives her what it is about.
async fn reader(store: &Store, job: &Job, name: &'static str) -> Result<Option<Arc<Actor>>, Fault> {
    let user = job.user.ok_or(Fault::Inconsistent("a morning job without a reader"))?;
    Ok(store.account(user).await?.map(|account| Arc::new(Actor::standing_in(name, account))))
}

/// `None` for an act that the policy does not give.
fn given<T>(result: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match result {
        Ok(thing) => Ok(Some(thing)),
        Err(Fault::Denied(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Composes the digest of one head under her own scope; digest, mail and done mark are one transaction.
pub async fn digest(app: &App, job: &Job) -> Result<(), Fault> {
    let store = app.store();
    let composed = match reader(store, job, "digest").await? {
        Some(actor) => {
            let scopes = given(store.scope::<ComposeDigest>(&actor))?.zip(given(store.scope::<ListCases>(&actor))?);
            match scopes {
                Some((scope, cases)) => Some((digests::compose(store, &scope, &cases).await?, actor)),
                None => None,
            }
        }
        None => None,
    };
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            if store::is_superseded(work, job).await? {
                return store::finish(work, job, "merged").await;
            }
            let Some((composed, actor)) = &composed else { return store::finish(work, job, "no_reader").await };
            let user = actor.user().ok_or(Fault::Inconsistent("a reader without an id"))?;
            let Some((email, rhythm)) = store::reader(work, user).await? else {
                return store::finish(work, job, "no_reader").await;
            };
            store::merge_older(work, job).await?;
            if rhythm == "none" {
                return store::finish(work, job, "not_wanted").await;
            }
            let missed = store::missed(work, job).await?;
            let id = digests::keep(work, user, actor.area(), job.on(), missed, composed).await?;
            if let Some(address) = email {
                let url = app.settings().public_url.trim_end_matches('/');
                let link = format!("{url}/digests/{id}");
                let letter = digests::letter(actor.lang(), job.on(), work.now().day(), composed, missed, &link);
                mails::put(work, url, user, &address, &letter).await?;
            }
            store::finish(work, job, "composed").await?;
            work.detail(format!("digest {id} for {user}"));
            Ok(())
        })
        .await
}

/// Composes the weekly counts of the communes for one reader of the province, under her own scope.
pub async fn bulletin(app: &App, job: &Job) -> Result<(), Fault> {
    let store = app.store();
    let composed = match reader(store, job, "bulletin").await? {
        Some(actor) => match given(store.scope::<CountFollowUps>(&actor))? {
            Some(scope) if store.can::<ListBulletins>(&actor) => {
                Some((bulletins::compose(store, &scope).await?, actor))
            }
            _ => None,
        },
        None => None,
    };
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            if store::is_superseded(work, job).await? {
                return store::finish(work, job, "merged").await;
            }
            store::merge_older(work, job).await?;
            let Some((composed, actor)) = &composed else { return store::finish(work, job, "no_reader").await };
            let user = actor.user().ok_or(Fault::Inconsistent("a reader without an id"))?;
            let Some((email, _)) = store::reader(work, user).await? else {
                return store::finish(work, job, "no_reader").await;
            };
            let missed = store::missed(work, job).await?;
            let id = bulletins::keep(work, user, actor.area(), job.on(), missed, composed).await?;
            // A province without a case has nothing to be written to about.
            if let Some(address) = email.filter(|_| !composed.lines.is_empty()) {
                let url = app.settings().public_url.trim_end_matches('/');
                let link = format!("{url}/bulletins/{id}");
                let letter = bulletins::letter(actor.lang(), job.on(), composed, missed, &link);
                mails::put(work, url, user, &address, &letter).await?;
            }
            store::finish(work, job, "composed").await?;
            work.detail(format!("bulletin {id} for {user}"));
            Ok(())
        })
        .await
}

/// Tells an officer how much is overdue and due today, counted under her own scope; nothing to do: no mail.
pub async fn reminder(app: &App, job: &Job) -> Result<(), Fault> {
    let store = app.store();
    let counted = match reader(store, job, "reminder").await? {
        Some(actor) => match given(store.scope::<ListFollowUps>(&actor))? {
            Some(scope) => Some((follow_ups::counts(store, &scope).await?, actor)),
            None => None,
        },
        None => None,
    };
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            if store::is_superseded(work, job).await? {
                return store::finish(work, job, "merged").await;
            }
            store::merge_older(work, job).await?;
            let Some((counts, actor)) = &counted else { return store::finish(work, job, "no_reader").await };
            let user = actor.user().ok_or(Fault::Inconsistent("a reader without an id"))?;
            let Some((Some(address), _)) = store::reader(work, user).await? else {
                return store::finish(work, job, "no_reader").await;
            };
            if counts.overdue + counts.today == 0 {
                return store::finish(work, job, "nothing_due").await;
            }
            let url = app.settings().public_url.trim_end_matches('/');
            let mail = mails::put(work, url, user, &address, &letter(actor.lang(), counts, url)).await?;
            store::finish(work, job, "composed").await?;
            work.detail(format!("reminder {mail} for {user}"));
            Ok(())
        })
        .await
}

fn letter(lang: Lang, counts: &Counts, url: &str) -> Letter {
    let n = |key: &str, n: i64| lang.with(key, &[("n", Value::from(n))]);
    let lines = [
        lang.say("mails-reminder-greeting"),
        String::new(),
        n("mails-reminder-overdue", counts.overdue),
        n("mails-reminder-today", counts.today),
        n("mails-reminder-upcoming", counts.upcoming),
        String::new(),
        lang.say("mails-reminder-link"),
        format!("{url}/"),
    ];
    Letter { subject: n("mails-reminder-subject", counts.overdue + counts.today), body: lines.join("\n") + "\n" }
}
