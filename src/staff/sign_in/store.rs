//! SQL of signing in: tries, known devices, sessions as their holder sees them, one-time links.

use crate::{
    args,
    base::{
        ids::{SessionId, UserId},
        time::At,
    },
    staff::throttle::{DEVICE_SECONDS, DEVICE_TRIES, MOST_FAILURES},
    store::{Fault, SessionKind, Store, Unit},
};

/// Counts a try before it is looked at, unless it must wait; how many there were in a row. Two nodes and many requests at
/// once count in one row, so that nobody gets more by asking at the same time.
pub async fn count_try(unit: &mut Unit, name: &[u8]) -> Result<Option<i64>, Fault> {
    let now = unit.now();
    let row: Option<(i64,)> = unit
        .row(
            "insert into sign_in_tries (name_hash, failures, failed_at, next_at) values ($1, 1, $2, $2) \
             on conflict (name_hash) do update set failures = sign_in_tries.failures + 1, failed_at = $2 \
             where sign_in_tries.next_at <= $2 and sign_in_tries.failures < $3 returning failures",
            args![name.to_vec(), now, MOST_FAILURES],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

pub async fn wait_until(unit: &mut Unit, name: &[u8], next: At) -> Result<(), Fault> {
    unit.exactly_one("update sign_in_tries set next_at = $2 where name_hash = $1", args![name.to_vec(), next]).await
}

/// How many tries in a row, and when the next may come.
pub async fn tries(unit: &mut Unit, name: &[u8]) -> Result<Option<(i64, At)>, Fault> {
    unit.row("select failures, next_at from sign_in_tries where name_hash = $1", args![name.to_vec()]).await
}

pub async fn forget_tries(unit: &mut Unit, name: &[u8]) -> Result<(), Fault> {
    unit.run("delete from sign_in_tries where name_hash = $1", args![name.to_vec()]).await?;
    Ok(())
}

/// Is this a device on which the holder of that name has signed in?
pub async fn knows(store: &Store, device: &[u8], username: &str) -> Result<bool, Fault> {
    let rows: Vec<(UserId,)> = store
        .reference(
            "select d.user_id from devices d join users u on u.id = d.user_id where d.hash = $1 and u.username = $2",
            args![device.to_vec(), username],
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Counts a try of a known device against its own budget; no if that is used up.
pub async fn count_device_try(unit: &mut Unit, device: &[u8], username: &str) -> Result<bool, Fault> {
    let now = unit.now();
    let changed = unit
        .run(
            "update devices set failures = failures + 1, tries = case when tries_since <= $3 then 1 else tries + 1 end, \
             tries_since = case when tries_since <= $3 then $4 else tries_since end \
             where hash = $1 and user_id = (select id from users where username = $2) and (tries_since <= $3 or tries < $5)",
            args![device.to_vec(), username, now.plus(-DEVICE_SECONDS), now, DEVICE_TRIES],
        )
        .await?;
    Ok(changed == 1)
}

/// When the device's budget begins anew.
pub async fn device_since(unit: &mut Unit, device: &[u8], username: &str) -> Result<Option<At>, Fault> {
    let row: Option<(At,)> = unit
        .row(
            "select tries_since from devices where hash = $1 and user_id = (select id from users where username = $2)",
            args![device.to_vec(), username],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

/// A device from which somebody guesses on and on is no known one any more.
pub async fn forget_guessing_devices(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    unit.run("delete from devices where user_id = $1 and failures >= $2", args![user, MOST_FAILURES]).await?;
    Ok(())
}

/// Remembers the device; its budget is whole again.
pub async fn remember_device(unit: &mut Unit, device: &[u8], user: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into devices (hash, user_id, made_at, seen_at, tries, tries_since, failures) values ($1, $2, $3, $3, 0, $3, 0) \
         on conflict (hash, user_id) do update set seen_at = $3, tries = 0, failures = 0",
        args![device.to_vec(), user, now],
    )
    .await?;
    Ok(())
}

/// The account is known on other devices, and not on this one.
pub async fn is_another_device(unit: &mut Unit, device: &[u8], user: UserId) -> Result<bool, Fault> {
    let row: Option<(i64, i64)> = unit
        .row(
            "select count(*), count(*) filter (where hash = $2) from devices where user_id = $1",
            args![user, device.to_vec()],
        )
        .await?;
    Ok(row.is_some_and(|(all, this)| all > 0 && this == 0))
}

/// Browser and system of a session, as its holder is shown them.
pub async fn agent_of(unit: &mut Unit, session: SessionId) -> Result<String, Fault> {
    let row: Option<(String,)> = unit.row("select agent from sessions where id = $1", args![session]).await?;
    Ok(row.map(|row| row.0).unwrap_or_default())
}

pub async fn is_a_device(unit: &mut Unit, device: &[u8]) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from devices where hash = $1", args![device.to_vec()]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn forget_devices(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    unit.run("delete from devices where user_id = $1", args![user]).await?;
    Ok(())
}

/// A session as its holder sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    pub id: SessionId,
    pub kind: SessionKind,
    pub created_at: At,
    pub seen_at: At,
    pub address: String,
    pub agent: String,
}

pub async fn sessions(store: &Store, user: UserId, alive_since: At) -> Result<Vec<Session>, Fault> {
    store
        .reference(
            "select id, kind, created_at, seen_at, address, agent from sessions where user_id = $1 and ended_at is null \
             and stage = 'whole' and kind <> 'calendar' and expires_at > $2 and seen_at > $3 order by seen_at desc, id desc",
            args![user, store.now(), alive_since],
        )
        .await
}

/// Ends one session of this account; of nobody else's.
pub async fn end_session(unit: &mut Unit, user: UserId, session: SessionId) -> Result<bool, Fault> {
    let now = unit.now();
    let ended = unit
        .run(
            "update sessions set ended_at = $3 where id = $1 and user_id = $2 and ended_at is null",
            args![session, user, now],
        )
        .await?;
    Ok(ended == 1)
}

pub async fn set_password(unit: &mut Unit, user: UserId, hash: &str) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "update users set password = $2, password_at = $3, must_change = $4, version = version + 1 where id = $1",
        args![user, hash, now, false],
    )
    .await
}

/// Another hash of the same password; one that was changed meanwhile stays.
pub async fn renew_hash(unit: &mut Unit, user: UserId, old: &str, fresh: &str) -> Result<(), Fault> {
    unit.run("update users set password = $3 where id = $1 and password = $2", args![user, old, fresh]).await?;
    Ok(())
}

pub async fn must_change(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    unit.exactly_one("update users set must_change = $2 where id = $1", args![user, true]).await
}

pub async fn insert_reset(
    unit: &mut Unit,
    hash: &[u8],
    user: UserId,
    by: Option<UserId>,
    expires_at: At,
) -> Result<(), Fault> {
    let now = unit.now();
    // The newest link is the only one.
    unit.run("update resets set used_at = $2 where user_id = $1 and used_at is null", args![user, now]).await?;
    unit.run(
        "insert into resets (hash, user_id, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5)",
        args![hash.to_vec(), user, by, now, expires_at],
    )
    .await?;
    Ok(())
}

/// Whom a link that still works is for.
pub async fn reset_of(store: &Store, hash: &[u8]) -> Result<Option<String>, Fault> {
    let rows: Vec<(String,)> = store
        .reference(
            "select u.username from resets r join users u on u.id = r.user_id where r.hash = $1 and r.used_at is null \
             and r.expires_at > $2 and u.disabled_at is null",
            args![hash.to_vec(), store.now()],
        )
        .await?;
    Ok(rows.into_iter().next().map(|row| row.0))
}

/// Uses a link up; no if it was used meanwhile.
pub async fn use_reset(unit: &mut Unit, hash: &[u8]) -> Result<bool, Fault> {
    let now = unit.now();
    let used = unit
        .run(
            "update resets set used_at = $2 where hash = $1 and used_at is null and expires_at > $2",
            args![hash.to_vec(), now],
        )
        .await?;
    Ok(used == 1)
}
