//! SQL of who was asked to a gathering, and who came.

use crate::{
    args,
    base::ids::{CaseId, GatheringId, GuestId, OrganisationId, PartyId, RelativeId, UserId},
    gatherings::model::{GuestRow, PartyRow},
    policy::acts::{ListGuests, SeeGathering},
    store::{Fault, Grant, Scope, Store, Unit},
};

macro_rules! guest {
    () => {
        "gg.id, gg.case_id, p.name, c.code, h.name as hamlet, gg.came, gg.made_at"
    };
}
macro_rules! guest_from {
    () => {
        "join people p on p.id = c.person_id left join hamlets h on h.id = c.hamlet_id"
    };
}

/// The most guests that a page shows.
const MOST: i64 = 1000;

/// Those whom the asker may know, by name; `family`: with those of the family.
pub async fn list(
    store: &Store,
    scope: &Scope<ListGuests>,
    gathering: GatheringId,
    family: bool,
) -> Result<Vec<GuestRow>, Fault> {
    let list = match family {
        true => store
            .list(scope, concat!(guest!(), ", gg.relative_id, re.name as relative, re.relation"))
            .join(concat!(guest_from!(), " left join relatives re on re.id = gg.relative_id")),
        false => store.list(scope, guest!()).join(guest_from!()),
    };
    let list = list.and_arg("gg.gathering_id = ?", args![gathering]).and("gg.withdrawn_at is null");
    store.opened(list.rows("p.name_key, gg.case_id, gg.id", MOST).await?).await
}

/// `false`: she is asked already.
pub async fn insert(
    unit: &mut Unit,
    gathering: GatheringId,
    case: CaseId,
    relative: Option<RelativeId>,
    by: UserId,
) -> Result<bool, Fault> {
    let there: Option<(i64,)> = unit
        .row(
            "select count(*) from gathering_guests where gathering_id = $1 and case_id = $2 and withdrawn_at is null \
             and relative_id is not distinct from $3",
            args![gathering, case, relative],
        )
        .await?;
    if there.is_some_and(|row| row.0 > 0) {
        return Ok(false);
    }
    let id: GuestId = unit.new_id();
    let now = unit.now();
    // A meeting of the commune is for people of the commune.
    unit.exactly_one(
        "insert into gathering_guests (id, gathering_id, case_id, relative_id, by, made_at) select $1, g.id, c.id, $4, $5, $6 \
         from gatherings g join cases c on c.id = $3 where g.id = $2 and (g.case_id = c.id or g.area_code = c.area_code)",
        args![id, gathering, case, relative, by, now],
    )
    .await?;
    Ok(true)
}

pub async fn mark(unit: &mut Unit, guest: GuestId, came: bool, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update gathering_guests set came = $2, marked_by = $3, marked_at = $4 where id = $1 and withdrawn_at is null",
        args![guest, came, by, now],
    )
    .await?;
    Ok(())
}

pub async fn withdraw(unit: &mut Unit, guest: GuestId) -> Result<(), Fault> {
    let now = unit.now();
    unit.run(
        "update gathering_guests set withdrawn_at = $2 where id = $1 and withdrawn_at is null and came is null",
        args![guest, now],
    )
    .await?;
    Ok(())
}

pub async fn parties(store: &Store, grant: &Grant<SeeGathering>) -> Result<Vec<PartyRow>, Fault> {
    store
        .under(
            grant,
            "select gp.id, gp.organisation_id, o.name_vi, o.name_en, gp.came from gathering_parties gp \
             left join organisations o on o.id = gp.organisation_id where gp.gathering_id = $1 order by gp.made_at, gp.id limit 100",
            args![],
        )
        .await
}

/// `false`: no such organisation in the commune of the meeting.
pub async fn insert_party(
    unit: &mut Unit,
    gathering: GatheringId,
    organisation: Option<OrganisationId>,
    by: UserId,
) -> Result<bool, Fault> {
    if let Some(organisation) = organisation
        && !serves(unit, gathering, organisation).await?
    {
        return Ok(false);
    }
    let id: PartyId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into gathering_parties (id, gathering_id, organisation_id, by, made_at) select $1, g.id, $3, $4, $5 from gatherings g \
         where g.id = $2 and not exists (select 1 from gathering_parties gp where gp.gathering_id = g.id \
         and gp.organisation_id is not distinct from $3)",
        args![id, gathering, organisation, by, now],
    )
    .await?;
    Ok(true)
}

/// Is this organisation of the commune of the meeting?
pub async fn serves(unit: &mut Unit, gathering: GatheringId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from organisations o join gatherings g on g.area_code = o.area_code where g.id = $1 and o.id = $2",
            args![gathering, organisation],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn mark_party(unit: &mut Unit, gathering: GatheringId, party: PartyId, came: bool) -> Result<(), Fault> {
    unit.run(
        "update gathering_parties set came = $3 where id = $2 and gathering_id = $1",
        args![gathering, party, came],
    )
    .await?;
    Ok(())
}
