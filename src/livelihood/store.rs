//! SQL of help.

use super::model::{CheckRow, HelpRow, NewCheck, NewHelp, NewStep, StepRow, Terms};
use crate::{
    args,
    base::{
        fields::{HelpCertificate, HelpEmployer, HelpFund, HelpReceipt, HelpWhat, WorkCheckNote},
        ids::{CaseId, FollowUpId, FundId, HelpId, HelpStepId, OrganisationId, UserId, WorkCheckId},
        sealed::{Sealed, SealedText as _},
        time::Day,
        words::{HelpKind, HelpState},
    },
    policy::acts::{ReadHelp, SeeCase, SeeFamily, SeeHelp},
    store::{Fault, Grant, Store, Unit},
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
    let terms = &new.terms;
    unit.run(
        "insert into helps (id, case_id, organisation_id, fund_id, kind, what, state, promised_on, given_on, vnd, fund, quantity, \
         starts_on, ends_on, employer, certificate, wage, by, made_at, relative_id, child_id, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1)",
        args![
            id,
            case,
            organisation,
            new.fund_id,
            new.kind.as_str(),
            seal.text::<HelpWhat>(id, &new.what)?,
            new.state.as_str(),
            new.promised_on,
            new.given_on,
            new.vnd,
            seal.text::<HelpFund>(id, &new.fund)?,
            terms.quantity,
            terms.starts_on,
            terms.ends_on,
            seal.text_opt::<HelpEmployer>(id, terms.employer.as_deref())?,
            seal.text_opt::<HelpCertificate>(id, terms.certificate.as_deref())?,
            terms.wage,
            by,
            now,
            new.whom.and_then(|kin| kin.relative()),
            new.whom.and_then(|kin| kin.child())
        ],
    )
    .await?;
    let step = NewStep {
        state: new.state,
        given_on: Some(new.given_on.unwrap_or(new.promised_on)),
        vnd: new.vnd,
        receipt: new.receipt.clone(),
        certificate: None,
    };
    insert_step(unit, case, id, &step, new.vnd, by).await?;
    Ok(id)
}

/// A step of its history; on the day of handing over, else today.
pub async fn insert_step(
    unit: &mut Unit,
    case: CaseId,
    help: HelpId,
    step: &NewStep,
    vnd: Option<i64>,
    by: UserId,
) -> Result<(), Fault> {
    let id: HelpStepId = unit.new_id();
    let (now, on) = (unit.now(), step.given_on.unwrap_or(unit.today()));
    let receipt = unit.sealer_of(case).await?.text_opt::<HelpReceipt>(id, step.receipt.as_deref())?;
    unit.run(
        "insert into help_steps (id, help_id, case_id, state, on_day, vnd, receipt, by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![id, help, case, step.state.as_str(), on, vnd, receipt, by, now],
    )
    .await?;
    Ok(())
}

pub async fn keep_certificate(unit: &mut Unit, case: CaseId, help: HelpId, certificate: &str) -> Result<(), Fault> {
    let certificate = unit.sealer_of(case).await?.text::<HelpCertificate>(help, certificate)?;
    unit.exactly_one("update helps set certificate = $2 where id = $1", args![help, certificate]).await
}

/// Help that goes on when the case that it was written down on does not.
#[derive(sqlx::FromRow)]
pub struct Going {
    id: HelpId,
    pub organisation_id: Option<OrganisationId>,
    fund_id: Option<FundId>,
    kind: HelpKind,
    what: Sealed<HelpWhat>,
    state: HelpState,
    promised_on: Option<Day>,
    given_on: Option<Day>,
    vnd: Option<i64>,
    fund: Sealed<HelpFund>,
    quantity: Option<i64>,
    starts_on: Option<Day>,
    ends_on: Option<Day>,
    employer: Option<Sealed<HelpEmployer>>,
    wage: Option<i64>,
    pub by: UserId,
}

crate::opens!(Going { id => what, fund, employer });

impl Going {
    pub fn again(&self, today: Date) -> NewHelp {
        let day = |day: Option<Day>| day.map(|day| day.0);
        NewHelp {
            kind: self.kind,
            what: self.what.told(),
            state: self.state,
            promised_on: day(self.promised_on).unwrap_or(today),
            given_on: day(self.given_on),
            vnd: self.vnd,
            fund_id: self.fund_id,
            fund: self.fund.told(),
            terms: Terms {
                quantity: self.quantity,
                starts_on: day(self.starts_on),
                ends_on: day(self.ends_on),
                employer: self.employer.told(),
                certificate: None,
                wage: self.wage,
            },
            receipt: None,
            // The family of a case stays with it.
            whom: None,
        }
    }
}

/// What is promised or approved, and loans whatever their state: somebody pays them back.
pub async fn going_on(unit: &mut Unit, case: CaseId) -> Result<Vec<Going>, Fault> {
    let rows: Vec<Going> = unit
        .rows(
            "select id, organisation_id, fund_id, kind, what, state, promised_on, given_on, vnd, fund, quantity, starts_on, ends_on, \
             employer, wage, by from helps where case_id = $1 \
             and (state in ('promised', 'approved') or kind = 'loan' and state = 'given') order by made_at, id",
            args![case],
        )
        .await?;
    unit.opened(rows).await
}

/// What decides about the help under change.
#[derive(sqlx::FromRow)]
pub struct Found {
    pub id: HelpId,
    pub case_id: CaseId,
    pub organisation_id: Option<OrganisationId>,
    pub fund_id: Option<FundId>,
    pub kind: HelpKind,
    pub what: Sealed<HelpWhat>,
    pub state: HelpState,
    pub promised_on: Option<Day>,
    pub starts_on: Option<Day>,
    pub vnd: Option<i64>,
}

crate::opens!(Found { id => what });

pub async fn find(unit: &mut Unit, id: HelpId) -> Result<Found, Fault> {
    let row: Option<Found> = unit
        .row(
            "select id, case_id, organisation_id, fund_id, kind, what, state, promised_on, starts_on, vnd from helps where id = $1",
            args![id],
        )
        .await?;
    unit.opened(row).await?.ok_or(Fault::Moved)
}

/// Who wrote it down.
pub async fn maker(unit: &mut Unit, id: HelpId) -> Result<UserId, Fault> {
    let row: Option<(UserId,)> = unit.row("select by from helps where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn insert_check(
    unit: &mut Unit,
    case: CaseId,
    help: HelpId,
    task: FollowUpId,
    months: i64,
    due_on: Date,
) -> Result<(), Fault> {
    let id: WorkCheckId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into work_checks (id, help_id, case_id, follow_up_id, months, due_on, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, help, case, task, months, due_on, now],
    )
    .await?;
    Ok(())
}

/// The task of a question of this job that is not answered yet.
pub async fn open_check(unit: &mut Unit, help: HelpId, check: WorkCheckId) -> Result<Option<FollowUpId>, Fault> {
    let row: Option<(Option<FollowUpId>,)> = unit
        .row(
            "select follow_up_id from work_checks where id = $2 and help_id = $1 and at_work is null",
            args![help, check],
        )
        .await?;
    Ok(row.and_then(|row| row.0))
}

pub async fn answer_check(unit: &mut Unit, case: CaseId, new: &NewCheck, by: UserId) -> Result<(), Fault> {
    let note = unit.sealer_of(case).await?.text_opt::<WorkCheckNote>(new.check, new.note.as_deref())?;
    unit.exactly_one(
        "update work_checks set at_work = $2, seen_on = $3, note = $4, by = $5 where id = $1",
        args![new.check, new.at_work, new.on, note, by],
    )
    .await
}

/// Takes back the questions that are still open, and gives their tasks.
pub async fn drop_checks(unit: &mut Unit, help: HelpId) -> Result<Vec<FollowUpId>, Fault> {
    let rows: Vec<(Option<FollowUpId>,)> =
        unit.rows("select follow_up_id from work_checks where help_id = $1 and at_work is null", args![help]).await?;
    unit.run("delete from work_checks where help_id = $1 and at_work is null", args![help]).await?;
    Ok(rows.into_iter().filter_map(|row| row.0).collect())
}

macro_rules! help {
    ($columns:literal, $joins:literal, $where:literal) => {
        concat!(
            "select hp.id, hp.organisation_id, o.name_vi as organisation, hp.kind, hp.what, hp.state, hp.promised_on, hp.given_on, \
             hp.vnd, hp.fund_id, fu.name as fund_name, hp.fund, hp.quantity, hp.starts_on, hp.ends_on, hp.employer, hp.certificate, \
             hp.wage, hp.by as by_id, u.name as by, hp.made_at, hp.version, hp.relative_id, hp.child_id",
            $columns,
            " from helps hp join users u on u.id = hp.by \
             left join organisations o on o.id = hp.organisation_id left join funds fu on fu.id = hp.fund_id ",
            $joins,
            " where hp.case_id = $1",
            $where,
            " order by hp.made_at desc, hp.id desc limit 200"
        )
    };
}

/// Where the family may be seen, with the names of those of it whom it is for.
pub async fn of_everybody(
    store: &Store,
    grant: &Grant<SeeHelp>,
    names: Option<&Grant<SeeFamily>>,
) -> Result<Vec<HelpRow>, Fault> {
    let sql = match names {
        Some(_family) => help!(
            ", re.name as relative_name, re.relation, ch.name as child_name",
            "left join relatives re on re.id = hp.relative_id left join children ch on ch.id = hp.child_id",
            ""
        ),
        None => help!("", "", ""),
    };
    store.opened(store.under(grant, sql, args![]).await?).await
}

pub async fn of_own_organisation(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<HelpRow>, Fault> {
    let sql = help!("", "", " and hp.organisation_id = $2");
    store.opened(store.under(grant, sql, args![grant.actor().organisation()]).await?).await
}

/// The steps of all help of a case; `own`: only of this organisation's.
pub async fn steps(
    store: &Store,
    grant: &Grant<SeeCase>,
    own: Option<Option<OrganisationId>>,
) -> Result<Vec<StepRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select st.id, st.help_id, st.state, st.on_day, st.vnd, st.receipt, st.by as by_id, u.name as by, st.made_at \
             from help_steps st join helps hp on hp.id = st.help_id join users u on u.id = st.by where st.case_id = $1 \
             and ($2 or hp.organisation_id = $3) order by st.made_at, st.id limit 1000",
            args![own.is_none(), own.flatten()],
        )
        .await?;
    store.opened(rows).await
}

/// The questions about work, those that are still open with the day of their task.
pub async fn checks(
    store: &Store,
    grant: &Grant<SeeCase>,
    own: Option<Option<OrganisationId>>,
) -> Result<Vec<CheckRow>, Fault> {
    let rows = store
        .under(
            grant,
            "select wc.id, wc.help_id, wc.follow_up_id, wc.months, coalesce(f.due_on, wc.due_on) as due_on, wc.seen_on, wc.at_work, \
             wc.note, u.name as by from work_checks wc join helps hp on hp.id = wc.help_id left join follow_ups f on f.id = wc.follow_up_id \
             left join users u on u.id = wc.by where wc.case_id = $1 and ($2 or hp.organisation_id = $3) order by wc.months limit 400",
            args![own.is_none(), own.flatten()],
        )
        .await?;
    store.opened(rows).await
}

pub async fn case_of(store: &Store, grant: &Grant<ReadHelp>) -> Result<Option<CaseId>, Fault> {
    let row: Option<(CaseId,)> = store.one(grant, &["hp.case_id"], &[]).await?;
    Ok(row.map(|row| row.0))
}
