//! Loans: who may borrow, the list that the commune police draw up and the People's Committee confirms, what the lender says
//! and what is paid back.
//!
//! A line hangs on its case and is put away with it; what was lent (`accounts`) hangs on the person and stays with the lender.
//! State credit goes by dated rules (`loan_…`), every other fund by its own. The hint of who may borrow decides nothing.

pub mod accounts;
pub mod api;
pub mod lists;
pub mod model;
pub mod papers;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, Id, LoanLineId},
        refusal::Invalid,
        sealed::{SealedDay as _, SealedText as _},
        time::Day,
        words::LoanStanding,
    },
    cases, follow_ups,
    follow_ups::rules::{self, RuleRow},
    funds,
    policy::{
        acts::{AskLoan, SeeClassification, SeeLegal, SeeLoans, WithdrawLoanLine},
        subjects,
    },
    store::{Fault, Grant, Key, Store, Unit},
};
use model::{AccountRow, Content, Draft, Facts, Hint, Limits, LineRow};

/// The rules in force today.
pub struct Book {
    pub limits: Limits,
    rules: Vec<RuleRow>,
}

impl Book {
    /// What the rule of this word rests on; empty: a setting of the office.
    pub fn basis(&self, word: &str) -> &str {
        self.rules.iter().find(|rule| rule.word == word).map_or("", |rule| &rule.legal_basis)
    }
}

/// The rules in force today.
///
/// # Errors
/// [`Fault::Inconsistent`]: a rule is missing.
pub async fn book(store: &Store) -> Result<Book, Fault> {
    let today = store.today();
    let mut rules: Vec<RuleRow> = Vec::new();
    // Newest version of each word first.
    for rule in rules::list(store).await? {
        let known = rules.last().is_some_and(|last| last.word == rule.word);
        if rule.word.starts_with("loan_") && rule.valid_from.0 <= today && !known {
            rules.push(rule);
        }
    }
    let amount = |word: &str| {
        let found = rules.iter().find(|rule| rule.word == word).map(|rule| rule.amount);
        found.ok_or(Fault::Inconsistent("a rule of loans is missing"))
    };
    let limits = Limits {
        window: amount("loan_window")?,
        warning: amount("loan_warning")?,
        training_month: amount("loan_training_month")?,
        business: amount("loan_business")?,
        months: amount("loan_months")?,
    };
    Ok(Book { limits, rules })
}

/// What the page of a case's loans shows. Write the opening down before: legal, classification, loan.
pub struct Known {
    pub hint: Hint,
    pub lines: Vec<LineRow>,
    pub accounts: Vec<AccountRow>,
}

/// May this person borrow, what was asked for, and what was lent.
pub async fn of_case(store: &Store, grant: &Grant<SeeLoans>, book: &Book) -> Result<Known, Fault> {
    let lines = store::lines_of_case(store, grant).await?;
    let accounts = store::accounts_of_case(store, grant).await?;
    let listed =
        lines.iter().any(LineRow::is_open) || accounts.iter().any(|account| account.standing != LoanStanding::Repaid);
    let mut facts = Facts { listed, ..Facts::default() };
    if let Some(legal) = store.also::<SeeLoans, SeeLegal>(grant) {
        let group = store.also::<SeeLoans, SeeClassification>(grant);
        let (row, newest) = cases::borrower(store, &legal, group.as_ref()).await?;
        facts.regime = Some(row.regime);
        facts.status = Some(row.status);
        facts.certificate = Some(row.certificate_no.said().is_some());
        facts.completed_on = row.completed_on().map(|day| day.0);
        facts.group = group.map(|_| newest);
    }
    Ok(Known { hint: model::hint(&facts, &book.limits, store.today()), lines, accounts })
}

/// The parts that such a page opens.
pub(crate) fn parts(store: &Store, grant: &Grant<SeeLoans>) -> Vec<&'static str> {
    [
        (store.may::<SeeLoans, SeeLegal>(grant), "legal"),
        (store.may::<SeeLoans, SeeClassification>(grant), "classification"),
        (true, "loan"),
    ]
    .into_iter()
    .filter_map(|(may, part)| may.then_some(part))
    .collect()
}

/// Puts somebody on the list that the commune is drawing up for a fund.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; more or longer than the rule or the fund allows; the case is closed; she stands
/// on a list of this fund already.
pub async fn ask(store: &Store, grant: Grant<AskLoan>, draft: &Draft, key: Option<Key>) -> Result<LoanLineId, Refused> {
    let new = draft.check()?;
    let book = book(store).await?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(LoanLineId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let fund = funds::usable(work, case, new.fund).await?;
            new.within(&fund, &book.limits)?;
            if store::stands_already(work, case, new.fund).await? {
                return Err(Invalid::one("fund_id", "stands_on_a_list").into());
            }
            let content = content(work, case).await?;
            let list = store::draft_list(work, case, new.fund, by).await?;
            let id = store::insert_line(work, case, list, &new, &content, by).await?;
            work.detail(format!("loan line {id} on {list}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// What the paper says of a person today.
async fn content(unit: &mut Unit, case: CaseId) -> Result<String, Fault> {
    let papers = cases::papers(unit, case).await?;
    let place = [papers.address.text(), papers.hamlet.as_deref().unwrap_or_default()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let content = Content {
        birth: papers.birth(),
        address: place.join(", "),
        certificate_no: papers.certificate_no.told().unwrap_or_default(),
        certificate_on: papers.certificate_on.day(),
        completed_on: papers.completed_on(),
        name: papers.name,
    };
    serde_json::to_string(&content).map_err(|_| Fault::Inconsistent("a line of a loan list"))
}

/// Takes somebody off a list that has not been signed.
///
/// # Errors
/// [`Refused::Invalid`]: it is signed, or she was taken off already. [`Fault::Stale`]: changed since `version` was read.
pub async fn withdraw(store: &Store, grant: Grant<WithdrawLoanLine>, version: Option<i64>) -> Result<CaseId, Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let line = store::find_line(work, id).await?;
            work.lock::<subjects::LoanList>(&line.list_id).await?;
            let line = store::find_line(work, line.id).await?;
            if !line.is_in_hand() {
                return Err(Invalid::one("", "list_is_signed").into());
            }
            work.set("withdrawn_at = ?, withdrawn_by = ?", crate::args![now, by]).await?;
            Ok(line.case_id)
        })
        .await
}

/// Looks at the next cases, by id, and asks the officer in charge of each whose term ends soon to speak of a loan. How many
/// were asked, and the last case that was looked at; nobody is asked twice.
pub(crate) async fn remind(
    unit: &mut Unit,
    after: Option<CaseId>,
    limit: i64,
    limits: &Limits,
) -> Result<(i64, Option<CaseId>), Fault> {
    let today = unit.today();
    let papers = cases::next_borrowers(unit, after, limit).await?;
    let mut asked = 0;
    for one in &papers {
        let window = one.completed_on().and_then(|Day(day)| model::window(day, limits));
        let Some((until, from)) = window else { continue };
        let (true, Some(officer)) = (from <= today && today <= until, one.officer_id) else { continue };
        unit.lock::<subjects::Case>(&one.id).await?;
        if !store::has_borrowed(unit, one.id).await? {
            follow_ups::ask_loan(unit, one.id, until, officer).await?;
            asked += 1;
        }
    }
    let full = i64::try_from(papers.len()).unwrap_or(i64::MAX) == limit;
    Ok((asked, papers.last().map(|one| one.id).filter(|_| full)))
}

/// A case is put away and help goes on: what waits for the lender's answer stays with the lender, under the support record, with
/// what the paper says of the sentence taken out.
pub(crate) async fn carry_on(unit: &mut Unit, from: CaseId, to: CaseId) -> Result<(), Fault> {
    for line in store::waiting_at_the_lender(unit, from).await? {
        let content = line.paper().without_the_sentence();
        let content = serde_json::to_string(&content).map_err(|_| Fault::Inconsistent("a line of a loan list"))?;
        store::carry(unit, line.id, to).await?;
        store::keep_content(unit, to, line.id, &content).await?;
    }
    Ok(())
}

/// A case is put away: what was lent stays with the lender, and nothing of it leads back to the case. The lines go with it.
pub(crate) async fn part_from(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    store::part_from(unit, case).await
}

/// A case goes to another commune: it is taken off the lists of the old one that nobody has signed. What was signed, sent
/// and lent stays as it is.
pub(crate) async fn leave_drafts(unit: &mut Unit, case: CaseId, by: crate::base::ids::UserId) -> Result<u64, Fault> {
    store::leave_drafts(unit, case, by).await
}
