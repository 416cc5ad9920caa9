//! SQL of accounts.

use super::model::{Colleague, Line, NewAccount};
use crate::{
    args,
    base::{
        ids::{OrganisationId, UserId},
        text,
    },
    policy::{
        AreaCode, Role,
        acts::{ListColleagues, ListStaff},
    },
    store::{Dir, Fault, Page, PageAsk, Scope, Store, Unit},
};

pub async fn username_is_taken(unit: &mut Unit, username: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit.row("select count(*) from users where username = $1", args![username]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn organisation_is_of(unit: &mut Unit, id: OrganisationId, area: &AreaCode) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from organisations where id = $1 and area_code = $2", args![id, &area.0]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    new: &NewAccount,
    hash: &str,
    demo: bool,
) -> Result<UserId, Fault> {
    let id: UserId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into users (id, username, name, name_key, role, area_code, organisation_id, email, password, must_change, demo, lang, \
         digest_rhythm, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'daily', $13, 1)",
        args![
            id,
            new.username.as_str(),
            new.name.as_str(),
            text::name_sort_key(&new.name),
            new.role.as_str(),
            &area.0,
            new.organisation,
            new.email.as_deref(),
            hash,
            !demo,
            demo,
            new.lang.as_str(),
            now
        ],
    )
    .await?;
    Ok(id)
}

pub async fn list(store: &Store, scope: &Scope<ListStaff>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store
        .list(
            scope,
            "s.id, s.username, s.name, s.name_key, s.role, s.area_code, ar.name as area, o.name_vi as organisation, s.email, \
             s.must_change, s.disabled_at, s.version",
        )
        .join("join areas ar on ar.code = s.area_code left join organisations o on o.id = s.organisation_id")
        .page(&["s.name_key", "s.id"], Dir::Up, ask)
        .await
}

pub async fn colleagues(store: &Store, scope: &Scope<ListColleagues>) -> Result<Vec<Colleague>, Fault> {
    store
        .list(scope, "s.id, s.username, s.name, s.role, s.organisation_id")
        .and("s.disabled_at is null and s.role in ('officer', 'supervisor', 'partner')")
        .rows("s.name_key, s.id", 500)
        .await
}

pub async fn role_and_area(unit: &mut Unit, user: UserId) -> Result<(Role, AreaCode), Fault> {
    let row = unit.row("select role, area_code from users where id = $1", args![user]).await?;
    row.ok_or(Fault::Moved)
}

pub async fn end_sessions(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run("update sessions set ended_at = $2 where user_id = $1 and ended_at is null", args![user, now]).await?;
    Ok(())
}

pub async fn renew_demo(unit: &mut Unit, hash: &str) -> Result<u64, Fault> {
    let now = unit.now();
    unit.run(
        "update sessions set ended_at = $1 where ended_at is null and user_id in (select id from users where demo)",
        args![now],
    )
    .await?;
    unit.run("update users set password = $1, must_change = $2, version = version + 1 where demo", args![hash, false])
        .await
}
