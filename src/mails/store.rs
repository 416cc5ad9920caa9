//! SQL of mails.

use super::model::{Letter, Line, Outbound};
use crate::{
    args,
    base::{
        fields::{MailAddress, MailBody, MailSubject},
        ids::{MailId, UserId},
        time::At,
    },
    policy::acts::{ListDeadMails, RetryMail},
    store::{Dir, Fault, Page, PageAsk, Scope, Store, Unit, Work},
};

pub async fn insert(
    unit: &mut Unit,
    id: MailId,
    user: UserId,
    address: &str,
    letter: &Letter,
    message_id: &str,
) -> Result<(), Fault> {
    let now = unit.now();
    let seal = unit.store().outbox_sealer()?;
    unit.run(
        "insert into mails (id, user_id, address, subject, body, message_id, made_at, next_at, attempts, last_error) \
         values ($1, $2, $3, $4, $5, $6, $7, $7, 0, '')",
        args![
            id,
            user,
            seal.text::<MailAddress>(id, address)?,
            seal.text::<MailSubject>(id, &letter.subject)?,
            seal.text::<MailBody>(id, &letter.body)?,
            message_id,
            now
        ],
    )
    .await?;
    Ok(())
}

pub async fn any_waiting(store: &Store) -> Result<bool, Fault> {
    let rows: Vec<(MailId,)> = store
        .reference(
            "select id from mails where sent_at is null and dead_at is null and next_at <= $1 limit 1",
            args![store.now()],
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Takes the mail that waits longest; it comes up again only when the lease has run out.
pub async fn claim(unit: &mut Unit, lease_seconds: i64) -> Result<Option<Outbound>, Fault> {
    let (now, skip) = (unit.now(), unit.skip_locked());
    let sql = format!(
        "update mails set next_at = $2, attempts = attempts + 1 where id = (select id from mails where sent_at is null \
         and dead_at is null and next_at <= $1 order by next_at, id limit 1{skip}) \
         returning id, address, subject, body, message_id, attempts"
    );
    let row = unit.row(sql, args![now, now.plus(lease_seconds)]).await?;
    unit.opened(row).await
}

pub async fn mark_sent(unit: &mut Unit, id: MailId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("update mails set sent_at = $2, last_error = '' where id = $1 and sent_at is null", args![id, now])
        .await?;
    Ok(())
}

pub async fn put_off(unit: &mut Unit, id: MailId, next: At, error: &str) -> Result<(), Fault> {
    unit.run(
        "update mails set next_at = $2, last_error = $3 where id = $1 and sent_at is null",
        args![id, next, error],
    )
    .await?;
    Ok(())
}

pub async fn bury(unit: &mut Unit, id: MailId, error: &str) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("update mails set dead_at = $2, last_error = $3 where id = $1 and sent_at is null", args![id, now, error])
        .await?;
    Ok(())
}

pub async fn dead(store: &Store, scope: &Scope<ListDeadMails>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    let page = store
        .list(scope, "m.id, m.address, m.subject, m.made_at, m.dead_at, m.attempts, m.last_error")
        .and("m.dead_at is not null")
        .page(&["m.dead_at", "m.id"], Dir::Down, ask)
        .await?;
    store.opened_page(page).await
}

pub async fn revive(work: &mut Work<RetryMail>) -> Result<bool, Fault> {
    let (id, now) = (work.id(), work.now());
    let revived = work
        .run(
            "update mails set dead_at = null, attempts = 0, next_at = $2 where id = $1 and dead_at is not null and sent_at is null",
            args![id, now],
        )
        .await?;
    Ok(revived == 1)
}

/// Mails that have not gone yet, with what they say.
pub async fn unsent(unit: &mut Unit) -> Result<Vec<super::model::Unsent>, Fault> {
    let rows: Vec<super::model::Unsent> =
        unit.rows("select id, user_id, body from mails where sent_at is null order by id", args![]).await?;
    unit.opened(rows).await
}

pub async fn remove(unit: &mut Unit, id: MailId) -> Result<(), Fault> {
    unit.run("delete from mails where id = $1", args![id]).await?;
    Ok(())
}
