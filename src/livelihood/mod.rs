//! Help to make a living, as a ledger: promised, approved, given; by whom, from which fund, worth how much, by which receipt.
//!
//! The office sees the help of all; a helper that of her own organisation. Every step of a piece of help stays as it was
//! taken. Whoever found work is asked about some months later: each question is a follow-up.

pub mod api;
pub mod model;
mod store;
pub mod sums;
pub mod web;
pub mod work;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, FundId, HelpId, Id, OrganisationId, UserId},
        refusal::Invalid,
        words::{HelpKind, HelpState},
    },
    cases, follow_ups, funds, households,
    policy::acts::{ApproveHelp, ChangeHelp, LogHelp, ReadHelp, SeeCase, SeeFamily, SeeHelp},
    store::{Denied, Fault, Grant, Key, Store, Unit},
};
use jiff::{ToSpan, civil::Date};
use model::{CheckDraft, Draft, Entry, HelpRow, NewHelp, NewStep, StateDraft, Terms};

/// Writes down a piece of help. A helper's is her organisation's.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the case is closed; its fund is not there for this case, does not give such
/// sums, or waits for the head's approval first; `whom`: nobody of the family, or no longer, or she has withdrawn her consent;
/// for a helper, whoever does not share with her is nobody.
pub async fn log(store: &Store, grant: Grant<LogHelp>, draft: &Draft, key: Option<Key>) -> Result<HelpId, Refused> {
    let helper = cases::is_helper(store, grant.actor());
    let new = draft.check(store.today())?;
    let months = work_months(store).await?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(HelpId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            if let Some(kin) = new.whom {
                households::must_be_kin(work, case, "whom", kin, helper).await?;
            }
            if let Some(fund) = new.fund_id {
                let rules = funds::usable(work, case, fund).await?;
                rules.check(new.vnd)?;
                if rules.head_approves && new.state != HelpState::Promised {
                    return Err(Invalid::one("state", "fund_needs_approval").into());
                }
            }
            let organisation = work.grant().actor().organisation();
            let id = store::insert(work, case, &new, organisation, by).await?;
            if new.kind == HelpKind::Job && new.state == HelpState::Given {
                let begun = new.terms.starts_on.or(new.given_on);
                ask_about_work(work, case, id, begun, &new.what, organisation, &months).await?;
            }
            work.detail(format!("help {id} {}", new.kind));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Says how far a piece of help has come. Each step stays in its history.
///
/// # Errors
/// [`Refused::Invalid`]: see [`StateDraft::check`]; the case is closed; the fund gives no such sum, or nothing that the head
/// has not approved. [`Fault::Stale`]: changed since `version` was read.
pub async fn change(
    store: &Store,
    grant: Grant<ChangeHelp>,
    draft: &StateDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let may_approve = store.may::<ChangeHelp, ApproveHelp>(&grant);
    let months = work_months(store).await?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let found = store::find(work, id).await?;
            let case = found.case_id;
            cases::must_be_live(work, case).await?;
            let promised_on = found.promised_on.map(|day| day.0);
            let step = draft.check(found.kind, found.state, promised_on, work.today())?;
            if let Some(fund) = found.fund_id {
                of_the_fund(work, fund, found.state, &step, may_approve).await?;
            }
            let vnd = step.vnd.or(found.vnd);
            work.set("state = ?, given_on = ?, vnd = ?", crate::args![step.state.as_str(), step.given_on, vnd]).await?;
            store::insert_step(work, case, id, &step, vnd, by).await?;
            if let Some(certificate) = &step.certificate {
                store::keep_certificate(work, case, id, certificate).await?;
            }
            if found.kind == HelpKind::Job && step.state == HelpState::Given {
                let begun = found.starts_on.map(|day| day.0).or(step.given_on);
                let what = found.what.text().to_owned();
                ask_about_work(work, case, id, begun, &what, found.organisation_id, &months).await?;
            }
            work.detail(format!("{} to {}", found.state, step.state));
            Ok(())
        })
        .await
}

/// The rules of its fund hold for every step but taking it back.
async fn of_the_fund(
    unit: &mut Unit,
    fund: FundId,
    present: HelpState,
    step: &NewStep,
    may_approve: bool,
) -> Result<(), Refused> {
    if step.state == HelpState::Cancelled {
        return Ok(());
    }
    // What was promised while a fund gave is kept after its end, and by its rules.
    let rules = funds::rules_of(unit, fund).await?;
    rules.check(step.vnd)?;
    if rules.head_approves {
        match step.state {
            HelpState::Approved if !may_approve => return Err(Invalid::one("state", "fund_needs_head").into()),
            HelpState::Given if present != HelpState::Approved => {
                return Err(Invalid::one("state", "fund_needs_approval").into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// After how many months it is asked whether somebody is still at work.
async fn work_months(store: &Store) -> Result<Vec<i64>, Fault> {
    let mut months = Vec::new();
    for word in ["work_check_first", "work_check_second", "work_check_third", "work_check_fourth"] {
        months.push(follow_ups::rules::amount(store, word).await?);
    }
    months.dedup();
    Ok(months)
}

/// Asks after each of these months; what lies in the past is not asked for any more. A helper's questions are tasks agreed
/// with her organisation, as long as it is asked to help.
async fn ask_about_work(
    unit: &mut Unit,
    case: CaseId,
    help: HelpId,
    begun: Option<Date>,
    what: &str,
    organisation: Option<OrganisationId>,
    months: &[i64],
) -> Result<(), Fault> {
    let begun = begun.unwrap_or(unit.today());
    let by = store::maker(unit, help).await?;
    let asked = match organisation {
        Some(organisation) => follow_ups::is_asked(unit, case, organisation).await?.then_some(organisation),
        None => None,
    };
    for months in months {
        let Ok(due_on) = begun.checked_add(months.months()) else { continue };
        if due_on < unit.today() {
            continue;
        }
        let task = follow_ups::ask_work(unit, case, what.to_owned(), due_on, asked, by).await?;
        store::insert_check(unit, case, help, task, *months, due_on).await?;
    }
    Ok(())
}

/// Writes down whether somebody was seen at work. Who is there no more is not asked about again.
///
/// # Errors
/// [`Refused::Invalid`]: see [`CheckDraft::check`]; no such question of this job, or it is answered; the case is closed.
pub async fn check_work(store: &Store, grant: Grant<ChangeHelp>, draft: &CheckDraft) -> Result<(), Refused> {
    let new = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            let (help, by) = (work.id(), work.by()?);
            let case = store::find(work, help).await?.case_id;
            cases::must_be_live(work, case).await?;
            let task = store::open_check(work, help, new.check).await?;
            let task = task.ok_or_else(|| Invalid::one("check", "no_such_check"))?;
            store::answer_check(work, case, &new, by).await?;
            follow_ups::done_elsewhere(work, task, by).await?;
            if !new.at_work {
                for task in store::drop_checks(work, help).await? {
                    follow_ups::let_go(work, task).await?;
                }
            }
            work.set("made_at = made_at", vec![]).await?;
            work.detail(format!("at work: {}", new.at_work));
            Ok(())
        })
        .await
}

/// The help of a case, newest first: of everybody for the office, of her own organisation for a helper.
pub async fn of_case(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<HelpRow>, Fault> {
    let (help, family) = (store.also::<SeeCase, SeeHelp>(grant), store.also::<SeeCase, SeeFamily>(grant));
    match help {
        Some(help) => store::of_everybody(store, &help, family.as_ref()).await,
        None => {
            let mut rows = store::of_own_organisation(store, grant).await?;
            if rows.iter().any(|row| row.kin().is_some()) {
                let names = households::shared_names(store, grant).await?;
                for row in &mut rows {
                    row.shared_as = row.kin().and_then(|kin| names.get(&kin).cloned()).unwrap_or_default();
                }
            }
            Ok(rows)
        }
    }
}

/// The sensitive parts that these tell of.
pub(crate) fn parts<'a>(mut rows: impl Iterator<Item = &'a HelpRow>) -> &'static [&'static str] {
    if rows.any(|row| row.whom().is_some() && !row.called().is_empty()) { &["family"] } else { &[] }
}

/// The same with the history of each.
pub async fn ledger(store: &Store, grant: &Grant<SeeCase>) -> Result<Vec<Entry>, Fault> {
    let rows = of_case(store, grant).await?;
    let own = match store.may::<SeeCase, SeeHelp>(grant) {
        true => None,
        false => Some(grant.actor().organisation()),
    };
    let (steps, checks) = (store::steps(store, grant, own).await?, store::checks(store, grant, own).await?);
    let entry = |row: HelpRow| {
        let steps = steps.iter().filter(|step| step.help_id == row.id).cloned().collect();
        let checks = checks.iter().filter(|check| check.help_id == row.id).cloned().collect();
        Entry { row, steps, checks }
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// A loan that a lender has paid out: it stands in the ledger as given.
pub(crate) async fn lent(
    unit: &mut Unit,
    case: CaseId,
    fund: FundId,
    what: String,
    vnd: i64,
    on: Date,
    by: UserId,
) -> Result<HelpId, Fault> {
    let new = NewHelp {
        kind: HelpKind::Loan,
        what,
        state: HelpState::Given,
        promised_on: on,
        given_on: Some(on),
        vnd: Some(vnd),
        fund_id: Some(fund),
        fund: String::new(),
        terms: Terms::default(),
        receipt: None,
        whom: None,
    };
    store::insert(unit, case, &new, None, by).await
}

/// Carries over to another case of the same person what is promised, and the loans that are paid back.
pub(crate) async fn carry_on(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    for going in store::going_on(unit, from).await? {
        store::insert(unit, to, &going.again(unit.today()), going.organisation_id, going.by).await?;
    }
    Ok(())
}

/// The case that this help was for.
pub(crate) async fn case_of(store: &Store, grant: &Grant<ReadHelp>) -> Result<CaseId, Fault> {
    store::case_of(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))
}
