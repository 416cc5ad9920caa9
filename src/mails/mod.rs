//! Mails: written into an outbox in the transaction of what they tell of, and sent from there.
//!
//! A mail holds counts and codes, never a name. It is claimed before it goes out, so that two nodes do not send it
//! twice, and marked after the server took it; its Message-ID is made from its row, so that a mail that went out just
//! before the power failed can be known by the one who gets it again.

pub mod model;
mod sender;
mod store;
pub mod web;

use crate::{
    app::{App, Refused},
    base::{
        ids::{MailId, UserId},
        refusal::Invalid,
    },
    policy::{
        Actor,
        acts::{ListDeadMails, RetryMail, RunJobs},
    },
    store::{Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};
pub use model::Letter;
use model::{Line, Outbound, backoff_seconds};
pub use sender::MailFault;
use sender::Sender;
use std::sync::Arc;

/// So often a mail is tried before it is a dead letter.
pub const TRIES: i64 = 12;
/// While a mail is being sent nobody else takes it, for so many seconds.
const LEASE_SECONDS: i64 = 10 * 60;

/// Puts a letter into the outbox, in the transaction of what it tells of.
pub(crate) async fn put(
    unit: &mut Unit,
    public_url: &str,
    user: UserId,
    address: &str,
    letter: &Letter,
) -> Result<MailId, Fault> {
    let id: MailId = unit.new_id();
    store::insert(unit, id, user, address, letter, &model::message_id(id, public_url)).await?;
    Ok(id)
}

/// Sends what is waiting: each mail is claimed, sent and marked by itself, so that one that fails holds up no other.
/// Gives how many went out.
///
/// # Errors
/// A fault of the database, or [`MailFault`] settings that no mail can go out with.
pub async fn send_due(app: &App) -> Result<u64, Fault> {
    let store = app.store();
    if !store::any_waiting(store).await? {
        return Ok(0);
    }
    let sender = match Sender::new(&app.settings().mail) {
        Ok(Some(sender)) => sender,
        Ok(None) => return Ok(0),
        Err(error) => {
            tracing::error!(%error, "mails cannot be sent with these settings");
            return Ok(0);
        }
    };
    let mut sent = 0;
    while let Some(mail) = claim(store).await? {
        let result = sender.send(&mail).await;
        sent += u64::from(result.is_ok());
        mark(store, &mail, result).await?;
    }
    Ok(sent)
}

fn scope(store: &Store) -> Result<Scope<RunJobs>, Fault> {
    store.scope(&Arc::new(Actor::system("mailer")))
}

async fn claim(store: &Store) -> Result<Option<Outbound>, Fault> {
    store.sweep(scope(store)?, async |work| store::claim(work, LEASE_SECONDS).await).await
}

/// Marks a mail sent, puts it off, or gives it up.
async fn mark(store: &Store, mail: &Outbound, result: Result<(), MailFault>) -> Result<(), Fault> {
    store
        .sweep(scope(store)?, async |work| -> Result<(), Fault> {
            match &result {
                Ok(()) => store::mark_sent(work, mail.id).await,
                Err(fault) if fault.is_permanent() || mail.attempts >= TRIES => {
                    tracing::warn!(mail = %mail.id, attempts = mail.attempts, "a mail could not be delivered");
                    work.detail(format!("mail {} given up", mail.id));
                    store::bury(work, mail.id, &fault.told()).await
                }
                Err(fault) => {
                    let next = work.now().plus(backoff_seconds(mail.attempts));
                    store::put_off(work, mail.id, next, &fault.told()).await
                }
            }
        })
        .await
}

/// Mails that could not be delivered, newest first: whom to, about what, why. Never the body.
pub async fn dead(store: &Store, scope: &Scope<ListDeadMails>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::dead(store, scope, ask).await
}

/// Gives a dead letter another round of tries.
///
/// # Errors
/// [`Refused::Invalid`] `not_dead`: it has been sent, or is still being tried.
pub async fn retry(store: &Store, grant: Grant<RetryMail>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if store::revive(work).await? {
                work.detail("tried again".to_owned());
                Ok(())
            } else {
                Err(Invalid::one("", "not_dead").into())
            }
        })
        .await
}

/// The same of the mails that wait for these users.
pub(crate) async fn recall_from(unit: &mut Unit, code: &str, users: &[UserId]) -> Result<(), Fault> {
    for mail in store::unsent(unit).await? {
        if users.contains(&mail.user_id) && mail.body.text().contains(code) {
            store::remove(unit, mail.id).await?;
        }
    }
    Ok(())
}

/// Mails that name this code and have not gone yet never go: the case was sealed.
pub(crate) async fn recall(unit: &mut Unit, code: &str) -> Result<(), Fault> {
    for mail in store::unsent(unit).await? {
        if mail.body.text().contains(code) {
            store::remove(unit, mail.id).await?;
        }
    }
    Ok(())
}
