//! SQL of help.

use super::model::{HelpRow, NewHelp};
use crate::{
    args,
    base::{
        fields::{HelpFund, HelpWhat},
        ids::{CaseId, HelpId, OrganisationId, UserId},
        sealed::Sealed,
        time::Day,
        words::{HelpKind, HelpState},
    },
    policy::acts::{ChangeHelp, ReadHelp, SeeCase, SeeHelp},
    store::{Fault, Grant, Store, Unit, Work},
};
use jiff::civil::Date;

pub async fn insert(
    unit: &mut Unit,
    case: CaseId,
    new: &NewHelp,
    organisation: Option<OrganisationId>,
    by: UserId,
) -> Result<HelpId, Fault> {
    let id: HelpId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into helps (id, case_id, organisation_id, kind, what, state, promised_on, given_on, vnd, fund, by, made_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        args![
            id,
            case,
            organisation,
            new.kind.as_str(),
            seal.text::<HelpWhat>(id, &new.what)?,
            new.state.as_str(),
            new.promised_on,
            new.given_on,
            new.vnd,
            seal.text::<HelpFund>(id, &new.fund)?,
            by,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Help that goes on when the case that it was written down on does not.
#[derive(sqlx::FromRow)]
pub struct Going {
    id: HelpId,
    pub organisation_id: Option<OrganisationId>,
    kind: HelpKind,
    what: Sealed<HelpWhat>,
    state: HelpState,
    promised_on: Option<Day>,
    given_on: Option<Day>,
    vnd: Option<i64>,
    fund: Sealed<HelpFund>,
    pub by: UserId,
}

crate::opens!(Going { id => what, fund });

impl Going {
    pub fn again(&self, today: Date) -> NewHelp {
        NewHelp {
            kind: self.kind,
            what: self.what.told(),
            state: self.state,
            promised_on: self.promised_on.map_or(today, |day| day.0),
            given_on: self.given_on.map(|day| day.0),
            vnd: self.vnd,
            fund: self.fund.told(),
        }
    }
}

/// What is promised or approved, and loans whatever their state: somebody pays them back.
pub async fn going_on(unit: &mut Unit, case: CaseId) -> Result<Vec<Going>, Fault> {
    let rows: Vec<Going> = unit
        .rows(
            "select id, organisation_id, kind, what, state, promised_on, given_on, vnd, fund, by from helps where case_id = $1 \
             and (state in ('promised', 'approved') or kind = 'loan' and state = 'given') order by made_at, id",
            args![case],
        )
        .await?;
    unit.opened(rows).await
}

/// The case, the state and the day of the promise of the help under change.
pub async fn find(work: &mut Work<ChangeHelp>) -> Result<(CaseId, HelpState, Option<Date>), Fault> {
    let id = work.id();
    let row: Option<(CaseId, HelpState, Option<Day>)> =
        work.row("select case_id, state, promised_on from helps where id = $1", args![id]).await?;
    let (case, state, promised_on) = row.ok_or(Fault::Moved)?;
    Ok((case, state, promised_on.map(|day| day.0)))
}

pub async fn of_everybody(store: &Store, grant: &Grant<SeeHelp>) -> Result<Vec<HelpRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select hp.id, hp.organisation_id, o.name_vi as organisation, hp.kind, hp.what, hp.state, hp.promised_on, hp.given_on, \
             hp.vnd, hp.fund, hp.by as by_id, u.name as by, hp.made_at, hp.version from helps hp join users u on u.id = hp.by \
             left join organisations o on o.id = hp.organisation_id where hp.case_id = $1 \
             order by hp.made_at desc, hp.id desc limit 200",
            args![],
        )
        .await?;
    store.opened(rows).await
}

pub async fn of_own_organisation(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<HelpRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select hp.id, hp.organisation_id, o.name_vi as organisation, hp.kind, hp.what, hp.state, hp.promised_on, hp.given_on, \
             hp.vnd, hp.fund, hp.by as by_id, u.name as by, hp.made_at, hp.version from helps hp join users u on u.id = hp.by \
             join organisations o on o.id = hp.organisation_id where hp.case_id = $1 and hp.organisation_id = $2 \
             order by hp.made_at desc, hp.id desc limit 200",
            args![grant.actor().organisation()],
        )
        .await?;
    store.opened(rows).await
}

pub async fn case_of(store: &Store, grant: &Grant<ReadHelp>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["hp.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
