//! SQL of accounts.

use super::model::{Colleague, Line, NewAccount};
use crate::{
    args,
    base::{
        ids::{OrganisationId, UserId},
        lang::Lang,
        text,
        time::At,
    },
    policy::{
        AreaCode, Role,
        acts::{EditStaff, ListColleagues, ListStaff},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
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
         digest_rhythm, password_at, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'daily', $13, $13, 1)",
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

const LINE: &str = "s.id, s.username, s.name, s.name_key, s.role, s.area_code, ar.name as area, o.name_vi as organisation, s.email, \
     s.must_change, s.disabled_at, s.version";

pub async fn list(store: &Store, scope: &Scope<ListStaff>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store
        .list(scope, LINE)
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

/// An account as a verb on it needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    pub username: String,
    pub role: Role,
    pub area_code: AreaCode,
    pub organisation_id: Option<OrganisationId>,
    pub email: Option<String>,
    pub lang: Lang,
}

pub async fn account(unit: &mut Unit, user: UserId) -> Result<Option<Account>, Fault> {
    unit.row("select username, role, area_code, organisation_id, email, lang from users where id = $1", args![user])
        .await
}

/// The one account of a grant, as the list has it.
pub async fn line(store: &Store, grant: &Grant<EditStaff>) -> Result<Option<Line>, Fault> {
    store
        .one(
            grant,
            &[LINE],
            &["join areas ar on ar.code = s.area_code left join organisations o on o.id = s.organisation_id"],
        )
        .await
}

/// Open accounts that nobody has signed in to since then, the admins' last: the one used last of all is not among them.
pub async fn dormant(unit: &mut Unit, before: At) -> Result<Vec<UserId>, Fault> {
    let rows: Vec<(UserId,)> = unit
        .rows(
            "select id from users where disabled_at is null and not demo and coalesce(used_at, created_at) < $1 \
             and (role <> 'admin' or exists (select 1 from users o where o.role = 'admin' and o.disabled_at is null \
             and (coalesce(o.used_at, o.created_at) > coalesce(users.used_at, users.created_at) \
             or (coalesce(o.used_at, o.created_at) = coalesce(users.used_at, users.created_at) and o.id > users.id)))) \
             order by id",
            args![before],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn shut(unit: &mut Unit, user: UserId) -> Result<bool, Fault> {
    let now = unit.now();
    let shut = unit
        .run(
            "update users set disabled_at = $2, version = version + 1 where id = $1 and disabled_at is null",
            args![user, now],
        )
        .await?;
    Ok(shut == 1)
}

pub async fn open_again(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    unit.exactly_one("update users set disabled_at = null where id = $1", args![user]).await
}

pub async fn renew_demo(unit: &mut Unit, hash: &str) -> Result<u64, Fault> {
    let now = unit.now();
    unit.run(
        "update sessions set ended_at = $1 where ended_at is null and user_id in (select id from users where demo)",
        args![now],
    )
    .await?;
    unit.run(
        "update users set password = $1, must_change = $2, password_at = $3, version = version + 1 where demo",
        args![hash, false, now],
    )
    .await
}

/// Is that the only admin whose account is open?
pub async fn is_last_admin(unit: &mut Unit, id: UserId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from users u where u.id = $1 and u.role = 'admin' and u.disabled_at is null and not exists \
             (select 1 from users o where o.role = 'admin' and o.disabled_at is null and o.id <> $1)",
            args![id],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}
