//! SQL of emergency openings. What an opening lets one do is said in `policy/subjects.rs`.

use super::model::{Line, NewEmergency, OPEN_SECONDS, Reader, Whole};
use crate::{
    args,
    base::{
        fields::EmergencyReason,
        ids::{CaseId, EmergencyId, UserId},
        time::At,
        waiting::Waiting,
    },
    policy::{
        acts::{ListEmergencies, SeeEmergency},
        subjects::{excluded, unbarred},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};

/// How often this user has tried since then.
pub async fn tries_since(unit: &mut Unit, user: UserId, since: At) -> Result<i64, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from emergencies where user_id = $1 and opened_at > $2", args![user, since]).await?;
    Ok(row.map_or(0, |row| row.0))
}

/// How the case of a code stands to whoever would open it.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: CaseId,
    pub live: bool,
    /// A restriction keeps the asker from its person.
    pub restricted: bool,
    /// She is excluded by name.
    pub excluded: bool,
}

/// The case of this very code, unless it was sealed.
pub async fn case_of_code(unit: &mut Unit, code: &str, user: UserId) -> Result<Option<Found>, Fault> {
    unit.row(
        concat!(
            "select c.id, c.status <> 'closed' as live, (",
            unbarred!("$2", "c.person_id"),
            ") is not true as restricted, ",
            excluded!("$2", "c.person_id"),
            " as excluded from cases c where c.code = $1 and c.status <> 'sealed'"
        ),
        args![code, user],
    )
    .await
}

pub async fn insert(
    unit: &mut Unit,
    new: &NewEmergency,
    user: UserId,
    case: Option<CaseId>,
    shut: Option<CaseId>,
    restricted: bool,
) -> Result<EmergencyId, Fault> {
    let id: EmergencyId = unit.new_id();
    let now = unit.now();
    let sealer = match case.or(shut) {
        Some(case) => unit.sealer_of(case).await?,
        None => unit.store().note_sealer()?,
    };
    unit.run(
        "insert into emergencies (id, user_id, code, case_id, shut_case_id, kind, reason, restricted, opened_at, ends_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        args![
            id,
            user,
            new.code.as_str(),
            case,
            shut,
            new.kind.as_str(),
            sealer.text::<EmergencyReason>(id, &new.reason)?,
            restricted,
            now,
            now.plus(OPEN_SECONDS)
        ],
    )
    .await?;
    Ok(id)
}

/// The active heads of the record's commune who may know its person, but the opener.
pub async fn heads(unit: &mut Unit, case: CaseId, opener: UserId) -> Result<Vec<Reader>, Fault> {
    unit.rows(
        concat!(
            "select u.id, u.email, u.lang from users u join cases c on c.area_code = u.area_code where c.id = $1 and u.id <> $2 \
             and u.role = 'supervisor' and u.disabled_at is null and ",
            unbarred!("u.id", "c.person_id"),
            " order by u.id"
        ),
        args![case, opener],
    )
    .await
}

pub async fn inspectors(unit: &mut Unit) -> Result<Vec<Reader>, Fault> {
    unit.rows("select id, email, lang from users where role = 'inspector' and disabled_at is null order by id", args![])
        .await
}

pub async fn add_reader(unit: &mut Unit, id: EmergencyId, reader: UserId) -> Result<(), Fault> {
    unit.run(
        "insert into emergency_readers (emergency_id, user_id) values ($1, $2) on conflict do nothing",
        args![id, reader],
    )
    .await?;
    Ok(())
}

/// What an earlier request under the same key had opened.
pub async fn case_of(unit: &mut Unit, id: EmergencyId) -> Result<Option<CaseId>, Fault> {
    let row: Option<(Option<CaseId>,)> = unit.row("select case_id from emergencies where id = $1", args![id]).await?;
    Ok(row.and_then(|row| row.0))
}

/// Whose opening waits to be acknowledged. Acknowledged already, or nothing to acknowledge: `None`.
pub async fn waiting_case(unit: &mut Unit, id: EmergencyId) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = unit
        .row(
            "select case_id from emergencies where id = $1 and case_id is not null and acknowledged_at is null",
            args![id],
        )
        .await?;
    Ok(row.map(|row| row.0))
}

const LINE: &str = "eg.id, eg.code, eg.case_id, eg.user_id as by_id, u.name as by, u.role, eg.kind, eg.restricted, eg.opened_at, \
     eg.ends_at, eg.acknowledged_at, ak.name as acknowledged_by, eg.version";
const LINE_FROM: &str = "join users u on u.id = eg.user_id left join users ak on ak.id = eg.acknowledged_by";

pub async fn list(store: &Store, scope: &Scope<ListEmergencies>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store.list(scope, LINE).join(LINE_FROM).page(&["eg.opened_at", "eg.id"], Dir::Down, ask).await
}

pub async fn one(store: &Store, grant: &Grant<SeeEmergency>) -> Result<Option<Whole>, Fault> {
    store.opened(store.one(grant, &[LINE, "eg.reason, eg.acknowledged_note"], &[LINE_FROM]).await?).await
}

pub async fn waiting(store: &Store, scope: &Scope<ListEmergencies>, late: At) -> Result<Waiting, Fault> {
    let rows = store
        .list(scope, "")
        .told_with("count(*) as waiting, count(*) filter (where eg.opened_at < ?) as late", args![late])
        .and("eg.case_id is not null and eg.acknowledged_at is null")
        .and_arg("eg.user_id <> ?", args![scope.actor().user()])
        .rows("", 0)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}
