//! SQL of referrals and their helpers.

use super::model::{HelperRow, NewReferral, ReferralRow};
use crate::{
    args,
    base::{
        fields::{ReferralBasisRef, ReferralEndedReason, ReferralNeeds},
        ids::{CaseId, OrganisationId, PersonId, ReferralId, UserId},
        sealed::Sealed,
        time::Day,
        words::Purpose,
    },
    policy::acts::{SeeCase, SeeReferral, SeeReferrals},
    store::{Fault, Grant, Store, Unit},
};

/// The organisation is of the case's commune.
pub async fn organisation_serves(unit: &mut Unit, case: CaseId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from organisations o join cases c on c.area_code = o.area_code where o.id = $2 and c.id = $1",
            args![case, organisation],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn is_member(unit: &mut Unit, user: UserId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select count(*) from users where id = $1 and organisation_id = $2 and role = 'partner' and disabled_at is null",
            args![user, organisation],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

pub async fn insert(unit: &mut Unit, case: CaseId, new: &NewReferral, by: UserId) -> Result<ReferralId, Fault> {
    let id: ReferralId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into referrals (id, case_id, organisation_id, purpose, needs, basis, basis_ref, from_on, to_on, made_by, \
         made_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        args![
            id,
            case,
            new.organisation,
            new.purpose.as_str(),
            seal.text::<ReferralNeeds>(id, &new.needs)?,
            new.basis.as_str(),
            seal.text::<ReferralBasisRef>(id, &new.basis_ref)?,
            new.from_on,
            new.to_on,
            by,
            now
        ],
    )
    .await?;
    for helper in &new.helpers {
        unit.run(
            "insert into referral_helpers (referral_id, user_id) values ($1, $2) on conflict do nothing",
            args![id, *helper],
        )
        .await?;
    }
    Ok(id)
}

/// The live referrals of a case as new ones would be made of them, by consent and from today.
pub async fn live(unit: &mut Unit, case: CaseId) -> Result<Vec<(ReferralId, NewReferral)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Live {
        id: ReferralId,
        organisation_id: OrganisationId,
        purpose: Purpose,
        needs: Sealed<ReferralNeeds>,
        to_on: Option<Day>,
    }
    crate::opens!(Live { id => needs });
    let today = unit.today();
    let rows: Vec<Live> = unit
        .rows(
            "select id, organisation_id, purpose, needs, to_on from referrals where case_id = $1 and ended_at is null \
             and (to_on is null or to_on >= $2) order by made_at, id",
            args![case, today],
        )
        .await?;
    let rows = unit.opened(rows).await?;
    let new = |row: Live| NewReferral {
        organisation: row.organisation_id,
        helpers: Vec::new(),
        purpose: row.purpose,
        needs: row.needs.told(),
        basis: "consent".to_owned(),
        basis_ref: String::new(),
        from_on: today,
        to_on: row.to_on.map(|day| day.0),
    };
    Ok(rows.into_iter().map(|row| (row.id, new(row))).collect())
}

pub async fn helper_ids(unit: &mut Unit, id: ReferralId) -> Result<Vec<UserId>, Fault> {
    let rows: Vec<(UserId,)> =
        unit.rows("select user_id from referral_helpers where referral_id = $1 order by user_id", args![id]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// What rests on the consent of a person and is live, or is to come.
pub async fn live_by_consent(
    unit: &mut Unit,
    person: PersonId,
    organisation: OrganisationId,
) -> Result<Vec<(ReferralId, CaseId)>, Fault> {
    unit.rows(
        "select r.id, r.case_id from referrals r join cases c on c.id = r.case_id where c.person_id = $1 \
         and r.organisation_id = $2 and r.basis = 'consent' and r.ended_at is null and c.status <> 'sealed' order by r.id",
        args![person, organisation],
    )
    .await
}

pub async fn end(unit: &mut Unit, case: CaseId, id: ReferralId, reason: &str, by: UserId) -> Result<(), Fault> {
    let now = unit.now();
    let reason = unit.sealer_of(case).await?.text::<ReferralEndedReason>(id, reason)?;
    unit.exactly_one(
        "update referrals set ended_at = $2, ended_by = $3, ended_reason = $4, version = version + 1 where id = $1",
        args![id, now, by, reason],
    )
    .await
}

pub async fn case_if_open(unit: &mut Unit, id: ReferralId) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> =
        unit.row("select case_id from referrals where id = $1 and ended_at is null", args![id]).await?;
    Ok(row.map(|row| row.0))
}

/// Every referral of a case that nobody has ended, those whose time is over too.
pub async fn open_ids(unit: &mut Unit, case: CaseId) -> Result<Vec<ReferralId>, Fault> {
    let rows: Vec<(ReferralId,)> = unit
        .rows("select id from referrals where case_id = $1 and ended_at is null order by made_at, id", args![case])
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Tasks agreed with an organisation that has no live referral any more are no longer asked for.
pub async fn drop_tasks_of(unit: &mut Unit, id: ReferralId) -> Result<(), Fault> {
    let (now, today) = (unit.now(), unit.today());
    unit.run(
        "update follow_ups set dropped_at = $2, version = version + 1 where done_at is null and dropped_at is null \
         and kind = 'partner_task' and case_id = (select case_id from referrals where id = $1) \
         and organisation_id = (select organisation_id from referrals where id = $1) \
         and not exists (select 1 from referrals r where r.case_id = follow_ups.case_id \
         and r.organisation_id = follow_ups.organisation_id and r.ended_at is null and (r.to_on is null or r.to_on >= $3))",
        args![id, now, today],
    )
    .await?;
    Ok(())
}

pub async fn one(store: &Store, grant: &Grant<SeeReferral>) -> Result<Option<ReferralRow>, Fault> {
    let columns = [
        "rf.id, rf.case_id, rf.organisation_id, o.name_vi as organisation, rf.purpose, rf.needs, rf.basis, rf.basis_ref, \
         rf.from_on, rf.to_on, rf.ended_at, rf.version",
    ];
    let row = store.one(grant, &columns, &["join organisations o on o.id = rf.organisation_id"]).await?;
    store.opened(row).await
}

pub async fn of_case(store: &Store, grant: &Grant<SeeReferrals>) -> Result<Vec<ReferralRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select r.id, r.case_id, r.organisation_id, o.name_vi as organisation, r.purpose, r.needs, r.basis, r.basis_ref, \
             r.from_on, r.to_on, r.ended_at, r.version from referrals r join organisations o on o.id = r.organisation_id \
             where r.case_id = $1 order by r.made_at desc, r.id desc",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn helpers_of_case(store: &Store, grant: &Grant<SeeReferrals>) -> Result<Vec<HelperRow>, Fault> {
    store
        .under(
            grant,
            "select h.referral_id, h.user_id, u.name from referral_helpers h join referrals r on r.id = h.referral_id \
             join users u on u.id = h.user_id where r.case_id = $1 order by u.name_key, u.id",
            args![],
        )
        .await
}

pub async fn for_me(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<ReferralRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select r.id, r.case_id, r.organisation_id, o.name_vi as organisation, r.purpose, r.needs, r.basis, r.basis_ref, \
             r.from_on, r.to_on, r.ended_at, r.version from referrals r join organisations o on o.id = r.organisation_id \
             join referral_helpers h on h.referral_id = r.id where r.case_id = $1 and h.user_id = $2 and r.ended_at is null \
             and r.from_on <= $3 and (r.to_on is null or r.to_on >= $3) order by r.made_at desc, r.id desc",
            args![grant.actor().user(), store.today()],
        )
        .await?;
    store.opened(rows).await
}

pub async fn live_helpers(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String, String)> = store
        .under(
            grant,
            "select distinct u.name, o.name_vi from referral_helpers h join referrals r on r.id = h.referral_id \
             join users u on u.id = h.user_id join organisations o on o.id = r.organisation_id \
             where r.case_id = $1 and r.ended_at is null and r.from_on <= $2 and (r.to_on is null or r.to_on >= $2) \
             order by o.name_vi, u.name",
            args![store.today()],
        )
        .await?;
    Ok(rows.into_iter().map(|(name, organisation)| format!("{name} ({organisation})")).collect())
}

pub async fn helpers_of(store: &Store, grant: &Grant<SeeReferral>) -> Result<Vec<HelperRow>, Fault> {
    store
        .under(
            grant,
            "select h.referral_id, h.user_id, u.name from referral_helpers h join users u on u.id = h.user_id \
             where h.referral_id = $1 order by u.name_key, u.id",
            args![],
        )
        .await
}
