//! SQL of visits.

use super::model::{NewVisit, VisitRow};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{SharedNote, VisitNote},
        ids::{CaseId, OrganisationId, UserId, VisitId},
        sealed::Sealed,
        time::Day,
    },
    policy::acts::{SeeCase, SeeFamily, SeeVisit, SeeVisitNote},
    store::{Fault, Grant, Page, PageAsk, Reads, Store, Unit},
};
use jiff::civil::Date;

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    visit: &NewVisit,
    by: UserId,
    in_charge: bool,
    organisation: Option<OrganisationId>,
) -> Result<VisitId, Fault> {
    let id: VisitId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into visits (id, case_id, on_day, kind, met, by, in_charge, organisation_id, shared_note, next_on, logged_at, \
         relative_id, child_id, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)",
        args![
            id,
            case,
            visit.on,
            visit.kind.as_str(),
            visit.met,
            by,
            in_charge,
            organisation,
            seal.text_opt::<SharedNote>(id, visit.shared_note.as_deref())?,
            visit.next_on,
            now,
            visit.whom.and_then(|kin| kin.relative()),
            visit.whom.and_then(|kin| kin.child())
        ],
    )
    .await?;
    if let Some(note) = &visit.note {
        unit.run(
            "insert into visit_notes (visit_id, case_id, note) values ($1, $2, $3)",
            args![id, case, seal.text::<VisitNote>(id, note)?],
        )
        .await?;
    }
    Ok(id)
}

/// Was this user in charge of the case on that day, or covering for the one who was?
pub async fn was_in_charge(unit: &mut impl Reads, case: CaseId, user: UserId, day: Date) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from assignments s where s.case_id = $1 and s.from_on <= $3 and (s.to_on is null or s.to_on >= $3) \
             and (s.officer_id = $2 or s.officer_id in (select cv.officer_id from covers cv where cv.cover_id = $2 \
             and cv.from_on <= $3 and cv.to_on >= $3 and cv.ended_at is null))",
            args![case, user, day],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The first day of the live referrals in which this helper is named.
pub async fn asked_since(unit: &mut Unit, case: CaseId, helper: UserId) -> Result<Option<Day>, Fault> {
    let today = unit.today();
    let row: Option<(Option<Day>,)> = unit
        .row(
            "select min(r.from_on) from referrals r join referral_helpers h on h.referral_id = r.id where r.case_id = $1 \
             and h.user_id = $2 and r.ended_at is null and r.from_on <= $3 and (r.to_on is null or r.to_on >= $3)",
            args![case, helper, today],
        )
        .await?;
    Ok(row.and_then(|row| row.0))
}

pub async fn case_of(unit: &mut Unit, visit: VisitId) -> Result<(CaseId, UserId, bool), Fault> {
    let row: Option<(CaseId, UserId, bool)> =
        unit.row("select case_id, by, withdrawn_at is not null from visits where id = $1", args![visit]).await?;
    row.ok_or(Fault::Moved)
}

/// Where a page of a case's visits begins: after this day and id; the first page begins in the far future.
fn after(ask: &PageAsk) -> Result<Vec<Arg>, Fault> {
    match &ask.cursor {
        Some(cursor) => crate::store::read_cursor(cursor)
            .filter(|key| matches!(key.as_slice(), [Arg::Day(_), Arg::Uuid(_)]))
            .ok_or(Fault::Cursor),
        None => Ok(args![jiff::civil::date(9000, 1, 1), uuid::Uuid::max()]),
    }
}

macro_rules! visit {
    ($more:literal) => {
        concat!(
            "v.id, v.case_id, v.on_day, v.kind, v.met, v.by as by_id, u.name as by, v.in_charge, v.organisation_id, \
             o.name_vi as organisation, v.shared_note, v.next_on, v.logged_at, v.withdrawn_at, v.withdrawn_reason, v.version, \
             v.relative_id, v.child_id",
            $more
        )
    };
}

macro_rules! noted {
    ($columns:literal, $joins:literal) => {
        concat!(
            "select ",
            visit!($columns),
            " from visits v join users u on u.id = v.by left join organisations o on o.id = v.organisation_id \
             left join visit_notes n on n.visit_id = v.id ",
            $joins,
            " where v.case_id = $1 and (v.on_day, v.id) < ($2, $3) order by v.on_day desc, v.id desc limit $4"
        )
    };
}

/// With the officer's note, and, where the family may be seen, with the names of those of it whom it was for.
pub async fn with_notes(
    store: &Store,
    grant: &Grant<SeeVisitNote>,
    names: Option<&Grant<SeeFamily>>,
    ask: &PageAsk,
) -> Result<Page<VisitRow>, Fault> {
    let mut args = after(ask)?;
    args.push(Arg::from(ask.limit + 1));
    let sql = match names {
        Some(_family) => noted!(
            ", n.note, re.name as relative_name, re.relation, ch.name as child_name",
            "left join relatives re on re.id = v.relative_id left join children ch on ch.id = v.child_id"
        ),
        None => noted!(", n.note", ""),
    };
    let rows = store.under(grant, sql, args).await?;
    Ok(Page::cut(store.opened(rows).await?, ask.limit))
}

/// That and when somebody was there: no note of any kind.
pub async fn without_words(store: &Store, grant: &Grant<SeeCase>, ask: &PageAsk) -> Result<Page<VisitRow>, Fault> {
    let mut args = after(ask)?;
    args.push(Arg::from(ask.limit + 1));
    let rows = store
        .under(
            grant,
            "select v.id, v.case_id, v.on_day, v.kind, v.met, v.by as by_id, u.name as by, v.in_charge, v.organisation_id, \
             o.name_vi as organisation, cast(null as bytea) as shared_note, v.next_on, v.logged_at, v.withdrawn_at, cast(null as bytea) as withdrawn_reason, v.version \
             from visits v join users u on u.id = v.by left join organisations o on o.id = v.organisation_id \
             where v.case_id = $1 and (v.on_day, v.id) < ($2, $3) order by v.on_day desc, v.id desc limit $4",
            args,
        )
        .await?;
    Ok(Page::cut(store.opened(rows).await?, ask.limit))
}

/// A helper's view: the visits of her own organisation whole; of others' only that they wrote something for the helpers,
/// and that. Names no part's table.
pub async fn for_helper(store: &Store, grant: &Grant<SeeCase>, ask: &PageAsk) -> Result<Page<VisitRow>, Fault> {
    let mut args = after(ask)?;
    args.push(Arg::from(ask.limit + 1));
    args.push(Arg::from(grant.actor().organisation()));
    let rows = store
        .under(
            grant,
            concat!(
                "select ",
                visit!(""),
                " from visits v join users u on u.id = v.by left join organisations o on o.id = v.organisation_id \
                 where v.case_id = $1 and (v.on_day, v.id) < ($2, $3) and (v.organisation_id = $5 \
                 or (v.organisation_id is null and v.shared_note is not null and v.withdrawn_at is null)) \
                 order by v.on_day desc, v.id desc limit $4"
            ),
            args,
        )
        .await?;
    Ok(Page::cut(store.opened(rows).await?, ask.limit))
}

/// The case of a visit that may be seen.
pub async fn case_id(store: &Store, grant: &Grant<SeeVisit>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["v.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}

/// One visit, without the officer's note and without a name of the family.
pub async fn one(store: &Store, grant: &Grant<SeeVisit>) -> Result<Option<VisitRow>, Fault> {
    let row = store
        .one(
            grant,
            &[visit!("")],
            &["join users u on u.id = v.by left join organisations o on o.id = v.organisation_id"],
        )
        .await?;
    store.opened(row).await
}

pub async fn note(
    store: &Store,
    grant: &Grant<SeeVisitNote>,
    visit: VisitId,
) -> Result<Option<Sealed<VisitNote>>, Fault> {
    let rows: Vec<(VisitId, Sealed<VisitNote>)> = store
        .under(grant, "select visit_id, note from visit_notes where case_id = $1 and visit_id = $2", args![visit])
        .await?;
    Ok(store.opened(rows).await?.into_iter().next().map(|row| row.1))
}

/// How many visits of a case: all, or those of a helper's view.
pub async fn count(store: &Store, grant: &Grant<SeeCase>, office: bool) -> Result<i64, Fault> {
    let rows: Vec<(i64,)> = store
        .under(
            grant,
            "select count(*) from visits v where v.case_id = $1 and ($2 or v.organisation_id = $3 \
             or (v.organisation_id is null and v.shared_note is not null and v.withdrawn_at is null))",
            args![office, grant.actor().organisation()],
        )
        .await?;
    Ok(rows.first().map_or(0, |row| row.0))
}
