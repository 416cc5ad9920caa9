//! SQL of restrictions. That a restriction bars somebody is said in `policy/subjects.rs`, once.

use super::model::{Left, NamedRow, NewRestriction, RestrictionRow};
use crate::{
    args,
    base::{
        fields::RestrictionReason,
        ids::{CaseId, RestrictionId, UserId},
    },
    policy::{
        AreaCode,
        acts::{SeeRestriction, SeeRestrictions},
        subjects::unbarred,
    },
    store::{Fault, Grant, Store, Unit},
};

/// Active colleagues and helpers of the case's commune among these.
pub async fn is_of_commune(unit: &mut Unit, case: CaseId, user: UserId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from users u join cases c on c.area_code = u.area_code where c.id = $1 and u.id = $2 \
             and u.disabled_at is null and u.role in ('officer', 'supervisor', 'partner')",
            args![case, user],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(unit: &mut Unit, case: CaseId, new: &NewRestriction, by: UserId) -> Result<RestrictionId, Fault> {
    let id: RestrictionId = unit.new_id();
    let now = unit.now();
    let reason = unit.sealer_of(case).await?.text::<RestrictionReason>(id, &new.reason)?;
    unit.run(
        "insert into restrictions (id, case_id, person_id, kind, reason, made_by, made_at, version) \
         select $1, c.id, c.person_id, $3, $4, $5, $6, 1 from cases c where c.id = $2",
        args![id, case, new.kind.as_str(), reason, by, now],
    )
    .await?;
    for user in &new.users {
        add(unit, id, *user).await?;
    }
    Ok(id)
}

pub async fn add(unit: &mut Unit, restriction: RestrictionId, user: UserId) -> Result<(), Fault> {
    unit.run(
        "insert into restriction_users (restriction_id, user_id) values ($1, $2) on conflict do nothing",
        args![restriction, user],
    )
    .await?;
    Ok(())
}

/// The officer who is in charge of a case: whoever changes who may know the person waits for whoever changes her leave.
pub async fn officer_of(unit: &mut Unit, case: CaseId) -> Result<Option<UserId>, Fault> {
    let row: Option<(Option<UserId>,)> = unit.row("select officer_id from cases where id = $1", args![case]).await?;
    Ok(row.and_then(|row| row.0))
}

/// Whom the restrictions in force leave to the person of a case, in all of her cases.
pub async fn left(unit: &mut Unit, case: CaseId) -> Result<Left, Fault> {
    let today = unit.today();
    let row: Option<Left> = unit
        .row(
            concat!(
                "select count(*) filter (where c.status not in ('closed', 'sealed') and c.officer_id is not null and not (",
                unbarred!("c.officer_id", "c.person_id"),
                ")) as officers_shut_out, count(*) filter (where c.status not in ('closed', 'sealed') and exists \
                 (select 1 from covers cv where cv.officer_id = c.officer_id and cv.to_on >= $2 and cv.ended_at is null and not (",
                unbarred!("cv.cover_id", "c.person_id"),
                "))) as covers_shut_out, count(*) filter (where c.status not in ('closed', 'sealed') and c.officer_id is null \
                 and not exists (select 1 from users u where u.area_code = c.area_code and u.role = 'officer' \
                 and u.disabled_at is null and ",
                unbarred!("u.id", "c.person_id"),
                ")) as without_officer, count(*) filter (where not exists (select 1 from users u where u.area_code = c.area_code \
                 and u.role = 'supervisor' and u.disabled_at is null and ",
                unbarred!("u.id", "c.person_id"),
                ")) as without_head from cases c where c.person_id = (select o.person_id from cases o where o.id = $1)"
            ),
            args![case, today],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

pub async fn may_know(unit: &mut Unit, case: CaseId, user: UserId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            concat!("select count(*) from cases c where c.id = $1 and ", unbarred!("$2", "c.person_id")),
            args![case, user],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// How many live cases this officer has, or stands in for in those days, whose person the other may not know.
pub async fn kept_from(unit: &mut Unit, officer: UserId, other: UserId) -> Result<i64, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            concat!(
                "select count(*) from cases c where c.officer_id = $1 and c.status not in ('closed', 'sealed') and not (",
                unbarred!("$2", "c.person_id"),
                ")"
            ),
            args![officer, other],
        )
        .await?;
    Ok(row.map_or(0, |row| row.0))
}

/// Lists of those who alone may, of people of a commune, on which no active head stands; each with an active head who is
/// kept from the person by nothing else.
pub async fn heads_to_add(unit: &mut Unit, area: &AreaCode) -> Result<Vec<(RestrictionId, UserId)>, Fault> {
    unit.rows(
        "select rt.id, u.id from restrictions rt join cases c on c.id = rt.case_id join users u on u.area_code = c.area_code \
         where c.area_code = $1 and rt.ended_at is null and rt.kind = 'only' and u.role = 'supervisor' and u.disabled_at is null \
         and not exists (select 1 from restriction_users h join users hu on hu.id = h.user_id where h.restriction_id = rt.id \
         and hu.role = 'supervisor' and hu.disabled_at is null and hu.area_code = c.area_code) \
         and not exists (select 1 from restrictions x join restriction_users xu on xu.restriction_id = x.id \
         where x.person_id = rt.person_id and x.ended_at is null and x.kind = 'exclusion' and xu.user_id = u.id) \
         order by rt.id, u.id",
        args![&area.0],
    )
    .await
}

/// People of a commune that has active heads, none of whom may know them.
pub async fn kept_from_every_head(unit: &mut Unit, area: &AreaCode) -> Result<i64, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            concat!(
                "select count(*) from cases c where c.area_code = $1 and exists (select 1 from users u where u.area_code = c.area_code \
                 and u.role = 'supervisor' and u.disabled_at is null) and not exists (select 1 from users u \
                 where u.area_code = c.area_code and u.role = 'supervisor' and u.disabled_at is null and ",
                unbarred!("u.id", "c.person_id"),
                ")"
            ),
            args![&area.0],
        )
        .await?;
    Ok(row.map_or(0, |row| row.0))
}

pub async fn open_case_of(unit: &mut Unit, id: RestrictionId) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> =
        unit.row("select case_id from restrictions where id = $1 and ended_at is null", args![id]).await?;
    Ok(row.map(|row| row.0))
}

macro_rules! row {
    () => {
        "rt.id, rt.case_id, rt.kind, rt.reason, u.name as by, rt.made_at, rt.ended_at, e.name as ended_by, rt.ended_reason, rt.version"
    };
}
macro_rules! row_from {
    () => {
        "join users u on u.id = rt.made_by left join users e on e.id = rt.ended_by"
    };
}

pub async fn one(store: &Store, grant: &Grant<SeeRestriction>) -> Result<Option<RestrictionRow>, Fault> {
    store.opened(store.one(grant, &[row!()], &[row_from!()]).await?).await
}

pub async fn of_case(store: &Store, grant: &Grant<SeeRestrictions>) -> Result<Vec<RestrictionRow>, Fault> {
    let rows = store
        .under(
            grant,
            concat!(
                "select ",
                row!(),
                " from restrictions rt ",
                row_from!(),
                " where rt.person_id = (select c.person_id from cases c where c.id = $1) order by rt.made_at desc, rt.id desc"
            ),
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn named_of_case(store: &Store, grant: &Grant<SeeRestrictions>) -> Result<Vec<NamedRow>, Fault> {
    store
        .under(
            grant,
            "select ru.restriction_id, ru.user_id, u.name from restriction_users ru join restrictions rt on rt.id = ru.restriction_id \
             join users u on u.id = ru.user_id where rt.person_id = (select c.person_id from cases c where c.id = $1) \
             order by u.name_key, u.id",
            args![],
        )
        .await
}

pub async fn named(store: &Store, grant: &Grant<SeeRestriction>) -> Result<Vec<NamedRow>, Fault> {
    store
        .under(
            grant,
            "select ru.restriction_id, ru.user_id, u.name from restriction_users ru join users u on u.id = ru.user_id \
             where ru.restriction_id = $1 order by u.name_key, u.id",
            args![],
        )
        .await
}

pub async fn move_to(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    unit.run(
        "update restrictions set case_id = $2, version = version + 1 where case_id = $1 and ended_at is null",
        args![from, to],
    )
    .await?;
    Ok(())
}

/// Lists of those who alone may know the person of a case, on which no active head of this commune stands; each with its
/// active heads who are not excluded by name.
pub async fn heads_to_tell(
    unit: &mut Unit,
    case: CaseId,
    area: &AreaCode,
) -> Result<Vec<(RestrictionId, UserId)>, Fault> {
    unit.rows(
        "select rt.id, u.id from restrictions rt join cases c on c.person_id = rt.person_id join users u on u.area_code = $2 \
         where c.id = $1 and rt.ended_at is null and rt.kind = 'only' and u.role = 'supervisor' and u.disabled_at is null \
         and not exists (select 1 from restriction_users h join users hu on hu.id = h.user_id where h.restriction_id = rt.id \
         and hu.role = 'supervisor' and hu.disabled_at is null and hu.area_code = $2) \
         and not exists (select 1 from restrictions x join restriction_users xu on xu.restriction_id = x.id \
         where x.person_id = rt.person_id and x.ended_at is null and x.kind = 'exclusion' and xu.user_id = u.id) \
         order by rt.id, u.id",
        args![case, &area.0],
    )
    .await
}

/// Has this commune an active head who may know the person of a case?
pub async fn has_head(unit: &mut Unit, case: CaseId, area: &AreaCode) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            concat!(
                "select count(*) from users u join cases c on c.id = $1 where u.area_code = $2 and u.role = 'supervisor' \
                 and u.disabled_at is null and ",
                unbarred!("u.id", "c.person_id")
            ),
            args![case, &area.0],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn untell_heads(unit: &mut Unit, case: CaseId, area: &AreaCode) -> Result<(), Fault> {
    unit.run(
        "delete from restriction_users where restriction_id in (select rt.id from restrictions rt join cases c \
         on c.person_id = rt.person_id where c.id = $1 and rt.ended_at is null and rt.kind = 'only') \
         and user_id in (select u.id from users u where u.area_code = $2 and u.role = 'supervisor') \
         and not exists (select 1 from cases o join cases c on c.person_id = o.person_id where c.id = $1 and o.area_code = $2)",
        args![case, &area.0],
    )
    .await?;
    Ok(())
}

/// Lists of those who alone may know the person of a case, on which this user does not stand.
pub async fn lists_without(unit: &mut Unit, case: CaseId, user: UserId) -> Result<Vec<RestrictionId>, Fault> {
    let rows: Vec<(RestrictionId,)> = unit
        .rows(
            "select rt.id from restrictions rt join cases c on c.person_id = rt.person_id where c.id = $1 and rt.ended_at is null \
             and rt.kind = 'only' and not exists (select 1 from restriction_users ru where ru.restriction_id = rt.id \
             and ru.user_id = $2) order by rt.id",
            args![case, user],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
