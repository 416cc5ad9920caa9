//! SQL of loan lists, their lines and what was lent.

use super::model::{AccountRow, LineRow, ListRow, NewAnswer, NewLine, NewReport, RepaymentRow};
use crate::{
    args,
    base::{
        fields::{LoanContent, LoanWhat},
        ids::{CaseId, FundId, LoanAccountId, LoanLineId, LoanListId, LoanRepaymentId, UserId},
        time::At,
        words::{LoanListState, LoanStanding},
    },
    policy::{
        AreaCode,
        acts::{ListLoanAccounts, ListLoanLines, ListLoanLists, SeeLoanAccount, SeeLoanLine, SeeLoanList, SeeLoans},
        subjects::{self, unbarred},
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};

macro_rules! line {
    () => {
        "ll.id, ll.list_id, ll.case_id, ll.purpose, ll.vnd, ll.months, ll.what, ll.content, u.name as by, ll.made_at, \
         ll.withdrawn_at, ll.struck_at, ll.answer, ll.answered_on, ll.answer_note, ll.carried_at, ll.version, li.state, li.number, li.fund_id, \
         fu.name as fund"
    };
}
macro_rules! line_from {
    () => {
        "join users u on u.id = ll.by join funds fu on fu.id = li.fund_id"
    };
}

/// The lines of a case, newest first, those that were withdrawn too.
pub async fn lines_of_case(store: &Store, grant: &Grant<SeeLoans>) -> Result<Vec<LineRow>, Fault> {
    let rows = store
        .under(
            grant,
            concat!(
                "select ",
                line!(),
                " from loan_lines ll join loan_lists li on li.id = ll.list_id ",
                line_from!(),
                " where ll.case_id = $1 and ll.carried_at is null order by ll.made_at desc, ll.id desc limit 100"
            ),
            args![],
        )
        .await?;
    store.opened(rows).await
}

/// The lines of a list, but those of people whom the asker may not know and of cases that were sealed.
pub async fn lines_of_list(store: &Store, grant: &Grant<SeeLoanList>) -> Result<Vec<LineRow>, Fault> {
    let rows = store
        .under(
            grant,
            concat!(
                "select ",
                line!(),
                " from loan_lines ll join loan_lists li on li.id = ll.list_id join cases c on c.id = ll.case_id ",
                line_from!(),
                " where ll.list_id = $1 and ll.withdrawn_at is null and ll.carried_at is null and c.status <> 'sealed' and ",
                unbarred!("$2", "c.person_id"),
                " order by ll.made_at, ll.id limit 500"
            ),
            args![grant.actor().user()],
        )
        .await?;
    store.opened(rows).await
}

/// Those that go to the lender, whoever may know them: for the one who signs.
pub async fn lines_within(unit: &mut Unit, list: LoanListId) -> Result<Vec<LineRow>, Fault> {
    unit.rows(
        concat!(
            "select ",
            line!(),
            " from loan_lines ll join loan_lists li on li.id = ll.list_id join cases c on c.id = ll.case_id ",
            line_from!(),
            " where ll.list_id = $1 and ll.withdrawn_at is null and ll.struck_at is null and c.status <> 'sealed' \
             order by ll.made_at, ll.id"
        ),
        args![list],
    )
    .await
}

pub async fn find_line(unit: &mut Unit, id: LoanLineId) -> Result<LineRow, Fault> {
    let row: Option<LineRow> = unit
        .row(
            concat!(
                "select ",
                line!(),
                " from loan_lines ll join loan_lists li on li.id = ll.list_id ",
                line_from!(),
                " where ll.id = $1"
            ),
            args![id],
        )
        .await?;
    unit.opened(row).await?.ok_or(Fault::Moved)
}

pub async fn line(store: &Store, grant: &Grant<SeeLoanLine>) -> Result<Option<LineRow>, Fault> {
    store.opened(store.one(grant, &[line!()], &[line_from!()]).await?).await
}

const ANSWERED: &str = "ll.answer is not null";
const WAITING: &str = "ll.answer is null";

pub async fn sent_lines(
    store: &Store,
    scope: &Scope<ListLoanLines>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<LineRow>, Fault> {
    let list = store.list(scope, line!()).join(line_from!());
    let list = match waiting {
        Some(true) => list.and(WAITING),
        Some(false) => list.and(ANSWERED),
        None => list,
    };
    store.opened_page(list.page(&["ll.made_at", "ll.id"], Dir::Up, ask).await?).await
}

pub async fn count_waiting_lines(store: &Store, scope: &Scope<ListLoanLines>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").and(WAITING).count().await
}

pub async fn count_lines(store: &Store, scope: &Scope<ListLoanLines>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

/// Does the person stand on a list of this fund, or has a loan of it that is not paid back?
pub async fn stands_already(unit: &mut Unit, case: CaseId, fund: FundId) -> Result<bool, Fault> {
    let row: Option<(i64,)> = unit
        .row(
            "select (select count(*) from loan_lines ll join loan_lists li on li.id = ll.list_id where ll.case_id = $1 \
             and li.fund_id = $2 and ll.withdrawn_at is null and ll.struck_at is null and ll.answer is null) \
             + (select count(*) from loan_accounts la join loan_lines ll on ll.id = la.line_id where ll.case_id = $1 \
             and la.fund_id = $2 and la.standing <> 'repaid')",
            args![case, fund],
        )
        .await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// Has anything been asked for on this case?
pub async fn has_borrowed(unit: &mut Unit, case: CaseId) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        unit.row("select count(*) from loan_lines where case_id = $1 and withdrawn_at is null", args![case]).await?;
    Ok(row.is_some_and(|row| row.0 > 0))
}

/// The list that the commune of a case is drawing up for a fund; begun, if there is none. Locked until the unit ends.
pub async fn draft_list(unit: &mut Unit, case: CaseId, fund: FundId, by: UserId) -> Result<LoanListId, Fault> {
    let id: LoanListId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into loan_lists (id, area_code, fund_id, number, state, made_by, made_at, version) \
         select $2, area_code, $3, '', 'draft', $4, $5, 1 from cases where id = $1 on conflict do nothing",
        args![case, id, fund, by, now],
    )
    .await?;
    let row: Option<(LoanListId,)> = unit
        .row(
            "select li.id from loan_lists li join cases c on c.area_code = li.area_code where c.id = $1 and li.fund_id = $2 \
             and li.state = 'draft'",
            args![case, fund],
        )
        .await?;
    let list = row.ok_or(Fault::Moved)?.0;
    unit.lock::<subjects::LoanList>(&list).await?;
    if state(unit, list).await? == LoanListState::Draft { Ok(list) } else { Err(Fault::Moved) }
}

pub async fn insert_line(
    unit: &mut Unit,
    case: CaseId,
    list: LoanListId,
    new: &NewLine,
    content: &str,
    by: UserId,
) -> Result<LoanLineId, Fault> {
    let id: LoanLineId = unit.new_id();
    let now = unit.now();
    let seal = unit.sealer_of(case).await?;
    unit.run(
        "insert into loan_lines (id, list_id, case_id, purpose, vnd, months, what, content, by, made_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)",
        args![
            id,
            list,
            case,
            new.purpose.as_str(),
            new.vnd,
            new.months,
            seal.text::<LoanWhat>(id, &new.what)?,
            seal.text::<LoanContent>(id, content)?,
            by,
            now
        ],
    )
    .await?;
    // The list is another one now: whoever is about to sign it reads it again.
    unit.run("update loan_lists set version = version + 1 where id = $1", args![list]).await?;
    Ok(id)
}

pub async fn keep_content(unit: &mut Unit, case: CaseId, line: LoanLineId, content: &str) -> Result<(), Fault> {
    let content = unit.sealer_of(case).await?.text::<LoanContent>(line, content)?;
    unit.exactly_one("update loan_lines set content = $2 where id = $1", args![line, content]).await
}

/// `false`: the list has no such line.
pub async fn strike(unit: &mut Unit, list: LoanListId, line: LoanLineId, by: UserId) -> Result<bool, Fault> {
    let now = unit.now();
    let struck = unit
        .run(
            "update loan_lines set struck_at = $3, struck_by = $4, version = version + 1 where id = $2 and list_id = $1 \
             and withdrawn_at is null and struck_at is null",
            args![list, line, now, by],
        )
        .await?;
    Ok(struck == 1)
}

/// Whose a list is, under which number it was signed, and for which fund.
pub async fn named(unit: &mut Unit, list: LoanListId) -> Result<(AreaCode, String, String), Fault> {
    let row: Option<(AreaCode, String, String)> = unit
        .row(
            "select li.area_code, li.number, fu.name from loan_lists li join funds fu on fu.id = li.fund_id where li.id = $1",
            args![list],
        )
        .await?;
    row.ok_or(Fault::Moved)
}

pub async fn state(unit: &mut Unit, list: LoanListId) -> Result<LoanListState, Fault> {
    let row: Option<(LoanListState,)> = unit.row("select state from loan_lists where id = $1", args![list]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

/// The list is answered when none of its lines waits.
pub async fn close_answered(unit: &mut Unit, list: LoanListId, now: At) -> Result<(), Fault> {
    unit.run(
        "update loan_lists set state = 'answered', answered_at = $2, version = version + 1 where id = $1 and state = 'sent' \
         and not exists (select 1 from loan_lines ll join cases c on c.id = ll.case_id where ll.list_id = $1 and ll.answer is null \
         and ll.struck_at is null and ll.withdrawn_at is null and c.status <> 'sealed')",
        args![list, now],
    )
    .await?;
    Ok(())
}

const LIST: &str = "li.id, li.area_code, a.name as area, li.fund_id, fu.name as fund, fu.kind as fund_kind, li.number, li.state, \
                    um.name as maker, li.made_at, us.name as signer, li.signed_at, ud.name as decider, li.decided_at, li.comment, \
                    ut.name as sender, li.sent_at, li.answered_at, li.version";
const LIST_FROM: &str = "join areas a on a.code = li.area_code join funds fu on fu.id = li.fund_id join users um on um.id = li.made_by \
                         left join users us on us.id = li.signed_by left join users ud on ud.id = li.decided_by \
                         left join users ut on ut.id = li.sent_by";

pub async fn lists(
    store: &Store,
    scope: &Scope<ListLoanLists>,
    waiting: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<ListRow>, Fault> {
    let list = store.list(scope, LIST).join(LIST_FROM);
    let list = match waiting {
        Some(true) => list.and("li.state = 'signed'"),
        Some(false) => list.and("li.state <> 'signed'"),
        None => list,
    };
    store.opened_page(list.page(&["li.made_at", "li.id"], Dir::Down, ask).await?).await
}

pub async fn count_waiting(store: &Store, scope: &Scope<ListLoanLists>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").and("li.state = 'signed'").count().await
}

pub async fn count_lists(store: &Store, scope: &Scope<ListLoanLists>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

pub async fn list_of(store: &Store, grant: &Grant<SeeLoanList>) -> Result<Option<ListRow>, Fault> {
    store.opened(store.one(grant, &[LIST], &[LIST_FROM]).await?).await
}

pub async fn insert_account(unit: &mut Unit, line: &LineRow, new: &NewAnswer) -> Result<(), Fault> {
    let id: LoanAccountId = unit.new_id();
    let (now, person) = (unit.now(), unit.person_of(line.case_id).await?);
    unit.exactly_one(
        "insert into loan_accounts (id, person_id, area_code, fund_id, line_id, vnd, disbursed_on, due_on, repaid_vnd, standing, \
         reported_on, made_at, version) select $1, $2, area_code, fund_id, $3, $4, $5, $6, 0, $7, $5, $8, 1 from loan_lists where id = $9",
        args![
            id,
            person,
            line.id,
            new.vnd,
            new.on,
            new.due_on,
            LoanStanding::Current.as_str(),
            now,
            line.list_id
        ],
    )
    .await
}

const ACCOUNT: &str = "la.id, la.person_id, p.name, fu.name as fund, la.vnd, la.disbursed_on, la.due_on, la.repaid_vnd, la.standing, \
                       la.reported_on, la.made_at, la.version";
const ACCOUNT_FROM: &str = "join people p on p.id = la.person_id join funds fu on fu.id = la.fund_id";

pub async fn accounts(
    store: &Store,
    scope: &Scope<ListLoanAccounts>,
    ask: &PageAsk,
) -> Result<Page<AccountRow>, Fault> {
    store.list(scope, ACCOUNT).join(ACCOUNT_FROM).page(&["la.made_at", "la.id"], Dir::Down, ask).await
}

pub async fn count_accounts(store: &Store, scope: &Scope<ListLoanAccounts>) -> Result<i64, Fault> {
    store.list(scope, "count(*)").count().await
}

/// How many are not paid back yet, and how many of them are overdue.
pub async fn standing(store: &Store, scope: &Scope<ListLoanAccounts>) -> Result<(i64, i64), Fault> {
    let open = store.list(scope, "count(*)").and("la.standing <> 'repaid'").count().await?;
    let overdue = store.list(scope, "count(*)").and("la.standing = 'overdue'").count().await?;
    Ok((open, overdue))
}

pub async fn account(store: &Store, grant: &Grant<SeeLoanAccount>) -> Result<Option<AccountRow>, Fault> {
    store.one(grant, &[ACCOUNT], &[ACCOUNT_FROM]).await
}

/// What was lent on the lines of a case.
pub async fn accounts_of_case(store: &Store, grant: &Grant<SeeLoans>) -> Result<Vec<AccountRow>, Fault> {
    store
        .under(
            grant,
            "select la.id, la.person_id, p.name, fu.name as fund, la.vnd, la.disbursed_on, la.due_on, la.repaid_vnd, la.standing, \
             la.reported_on, la.made_at, la.version from loan_accounts la join loan_lines ll on ll.id = la.line_id \
             join people p on p.id = la.person_id join funds fu on fu.id = la.fund_id where ll.case_id = $1 \
             order by la.made_at desc, la.id desc",
            args![],
        )
        .await
}

pub async fn repayments(store: &Store, grant: &Grant<SeeLoanAccount>) -> Result<Vec<RepaymentRow>, Fault> {
    store
        .under(
            grant,
            "select r.on_day, r.vnd, r.standing, u.name as by from loan_repayments r join users u on u.id = r.by \
             where r.account_id = $1 order by r.made_at desc, r.id desc limit 400",
            args![],
        )
        .await
}

/// What is still to be paid back.
pub async fn left(unit: &mut Unit, id: LoanAccountId) -> Result<i64, Fault> {
    let row: Option<(i64,)> = unit.row("select vnd - repaid_vnd from loan_accounts where id = $1", args![id]).await?;
    Ok(row.ok_or(Fault::Moved)?.0)
}

pub async fn insert_repayment(
    unit: &mut Unit,
    account: LoanAccountId,
    new: &NewReport,
    by: UserId,
) -> Result<(), Fault> {
    let id: LoanRepaymentId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into loan_repayments (id, account_id, on_day, vnd, standing, by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, account, new.on, new.vnd, new.standing.as_str(), by, now],
    )
    .await?;
    Ok(())
}

pub async fn part_from(unit: &mut Unit, case: CaseId) -> Result<(), Fault> {
    unit.run(
        "update loan_accounts set line_id = null, version = version + 1 \
         where line_id in (select id from loan_lines where case_id = $1)",
        args![case],
    )
    .await?;
    Ok(())
}

/// The lines of a case that the lender has and has not answered.
pub async fn waiting_at_the_lender(unit: &mut Unit, case: CaseId) -> Result<Vec<LineRow>, Fault> {
    let rows = unit
        .rows(
            concat!(
                "select ",
                line!(),
                " from loan_lines ll join loan_lists li on li.id = ll.list_id ",
                line_from!(),
                " where ll.case_id = $1 and ll.answer is null and ll.struck_at is null and ll.withdrawn_at is null \
                 and li.state in ('sent', 'answered') order by ll.id"
            ),
            args![case],
        )
        .await?;
    unit.opened(rows).await
}

/// From now on a line is the lender's alone, and hangs on this case of the same person.
pub async fn carry(unit: &mut Unit, line: LoanLineId, to: CaseId) -> Result<(), Fault> {
    let now = unit.now();
    unit.exactly_one(
        "update loan_lines set case_id = $2, carried_at = $3, version = version + 1 where id = $1",
        args![line, to, now],
    )
    .await
}

pub async fn leave_drafts(unit: &mut Unit, case: CaseId, by: UserId) -> Result<u64, Fault> {
    let now = unit.now();
    unit.run(
        "update loan_lines set withdrawn_at = $2, withdrawn_by = $3, version = version + 1 where case_id = $1 \
         and withdrawn_at is null and struck_at is null and list_id in (select id from loan_lists where state in ('draft', 'returned'))",
        args![case, now, by],
    )
    .await
}
