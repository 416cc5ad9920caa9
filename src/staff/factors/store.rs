//! SQL of second factors.

use super::Passkey;
use crate::{
    args,
    base::{arg::Arg, fields::TotpSecret, ids::UserId, sealed::Sealed, time::At},
    staff::passkeys::Key,
    store::{Fault, Store, Unit},
};

#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Counts {
    pub totps: i64,
    pub passkeys: i64,
    pub codes: i64,
}

pub async fn counts(store: &Store, user: UserId) -> Result<Counts, Fault> {
    let rows: Vec<Counts> = store
        .reference(
            "select (select count(*) from totps where user_id = $1 and confirmed_at is not null) as totps, \
             (select count(*) from passkeys where user_id = $1) as passkeys, \
             (select count(*) from recovery_codes where user_id = $1 and used_at is null) as codes",
            args![user],
        )
        .await?;
    rows.into_iter().next().ok_or(Fault::Inconsistent("count"))
}

/// The secret, opened, and the step of the last code that was taken.
pub async fn totp(unit: &mut Unit, user: UserId, confirmed: bool) -> Result<Option<(Sealed<TotpSecret>, i64)>, Fault> {
    let row: Option<(UserId, Sealed<TotpSecret>, i64)> = unit
        .row(
            "select user_id, secret, last_step from totps where user_id = $1 and (confirmed_at is not null) = $2",
            args![user, confirmed],
        )
        .await?;
    let Some((user, secret, last)) = row else { return Ok(None) };
    let (_user, secret) =
        unit.opened(Some((user, secret))).await?.ok_or(Fault::Inconsistent("a row that was there"))?;
    Ok(Some((secret, last)))
}

/// A secret that is shown and not asked for yet.
pub async fn insert_totp(unit: &mut Unit, user: UserId, secret: Arg) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "insert into totps (user_id, secret, last_step, made_at) values ($1, $2, 0, $3) on conflict do nothing",
        vec![Arg::from(user), secret, Arg::from(now)],
    )
    .await?;
    Ok(())
}

/// Takes the code of this step, unless it or a later one was taken before.
pub async fn take_step(unit: &mut Unit, user: UserId, step: i64) -> Result<bool, Fault> {
    let taken =
        unit.run("update totps set last_step = $2 where user_id = $1 and last_step < $2", args![user, step]).await?;
    Ok(taken == 1)
}

pub async fn confirm_totp(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one("update totps set confirmed_at = $2 where user_id = $1 and confirmed_at is null", args![user, now])
        .await
}

pub async fn drop_totp(unit: &mut Unit, user: UserId) -> Result<u64, Fault> {
    unit.run("delete from totps where user_id = $1", args![user]).await
}

pub async fn insert_recovery_code(unit: &mut Unit, user: UserId, hash: Vec<u8>) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("insert into recovery_codes (hash, user_id, made_at) values ($1, $2, $3)", args![hash, user, now]).await?;
    Ok(())
}

pub async fn drop_recovery_codes(unit: &mut Unit, user: UserId) -> Result<u64, Fault> {
    unit.run("delete from recovery_codes where user_id = $1", args![user]).await
}

/// Uses a code on paper up.
pub async fn take_recovery_code(unit: &mut Unit, user: UserId, hash: Vec<u8>) -> Result<bool, Fault> {
    let now = unit.now();
    let taken = unit
        .run(
            "update recovery_codes set used_at = $3 where hash = $2 and user_id = $1 and used_at is null",
            args![user, hash, now],
        )
        .await?;
    Ok(taken == 1)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: Vec<u8>,
    public_key: Vec<u8>,
    counter: i64,
}

/// A key of this account.
pub async fn passkey(unit: &mut Unit, user: UserId, id: &[u8]) -> Result<Option<Key>, Fault> {
    let row: Option<KeyRow> = unit
        .row("select id, public_key, counter from passkeys where id = $1 and user_id = $2", args![id.to_vec(), user])
        .await?;
    Ok(row.map(|row| Key { id: row.id, public: row.public_key, counter: row.counter }))
}

pub async fn insert_passkey(unit: &mut Unit, user: UserId, key: &Key, name: &str) -> Result<bool, Fault> {
    let now = unit.now();
    let inserted = unit
        .run(
            "insert into passkeys (id, user_id, public_key, counter, name, made_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            args![key.id.clone(), user, key.public.clone(), key.counter, name, now],
        )
        .await?;
    Ok(inserted == 1)
}

pub async fn use_passkey(unit: &mut Unit, id: &[u8], counter: i64) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one("update passkeys set counter = $2, used_at = $3 where id = $1", args![id.to_vec(), counter, now])
        .await
}

pub async fn drop_passkey(unit: &mut Unit, user: UserId, id: &[u8]) -> Result<u64, Fault> {
    unit.run("delete from passkeys where user_id = $1 and id = $2", args![user, id.to_vec()]).await
}

pub async fn drop_passkeys(unit: &mut Unit, user: UserId) -> Result<u64, Fault> {
    unit.run("delete from passkeys where user_id = $1", args![user]).await
}

pub async fn passkeys(store: &Store, user: UserId) -> Result<Vec<Passkey>, Fault> {
    let rows: Vec<(Vec<u8>, String, At, Option<At>)> = store
        .reference(
            "select id, name, made_at, used_at from passkeys where user_id = $1 order by made_at, id",
            args![user],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name, made_at, used_at)| Passkey { id, name, made_at, used_at }).collect())
}
