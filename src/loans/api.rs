//! Loans for programs.

use super::{
    accounts, lists,
    model::{self, AnswerDraft, DecideDraft, Draft, LineRow, ListRow, RepaymentRow, ReportDraft, SignDraft},
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, FundId, LoanAccountId, LoanLineId, LoanListId},
        time::{At, Day},
        words::{LoanAnswer, LoanListState, LoanPurpose, LoanStanding},
    },
    cases,
    funds::api::FundName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::{
        AreaCode,
        acts::{
            AnswerLoanLine, AskLoan, ConfirmLoanList, ListLoanAccounts, ListLoanLines, ListLoanLists, ReportLoan,
            SeeCase, SeeLoanAccount, SeeLoanLine, SeeLoanList, SeeLoans, SendLoanList, SignLoanList, WithdrawLoanLine,
        },
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// One condition of a loan.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanPoint {
    /// `regime`, `certificate`, `completed`, `window`, `residing`, `conduct`, `listed`.
    point: &'static str,
    /// `null`: nobody has written it down.
    #[schema(required)]
    met: Option<bool>,
}

/// A hint whether somebody may borrow. It decides nothing.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanHint {
    /// `null`: something is not known.
    #[schema(required)]
    fits: Option<bool>,
    points: Vec<LoanPoint>,
    /// The last day of the term within which a loan can be had.
    #[schema(required)]
    until: Option<Day>,
    ends_soon: bool,
    /// What the term rests on.
    legal_basis: String,
}

/// What the paper says of a person.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanPaper {
    name: String,
    birth: String,
    address: String,
    certificate_no: String,
    #[schema(required)]
    certificate_on: Option<Day>,
    #[schema(required)]
    completed_on: Option<Day>,
}

/// One person on a list.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanLine {
    id: LoanLineId,
    list: LoanListId,
    number: String,
    list_state: LoanListState,
    fund: FundName,
    purpose: LoanPurpose,
    what: String,
    vnd: i64,
    months: i64,
    paper: LoanPaper,
    made_at: At,
    #[schema(required)]
    withdrawn_at: Option<At>,
    /// The People's Committee did not confirm it.
    #[schema(required)]
    struck_at: Option<At>,
    #[schema(required)]
    answer: Option<LoanAnswer>,
    #[schema(required)]
    answered_on: Option<Day>,
    #[schema(required)]
    answer_note: Option<String>,
    version: i64,
}

impl From<LineRow> for LoanLine {
    fn from(row: LineRow) -> LoanLine {
        let paper = row.paper();
        LoanLine {
            id: row.id,
            list: row.list_id,
            number: row.number,
            list_state: row.state,
            fund: FundName { id: row.fund_id, name: row.fund },
            purpose: row.purpose,
            what: row.what.told(),
            vnd: row.vnd,
            months: row.months,
            paper: LoanPaper {
                name: paper.name,
                birth: paper.birth,
                address: paper.address,
                certificate_no: paper.certificate_no,
                certificate_on: paper.certificate_on,
                completed_on: paper.completed_on,
            },
            made_at: row.made_at,
            withdrawn_at: row.withdrawn_at,
            struck_at: row.struck_at,
            answer: row.answer,
            answered_on: row.answered_on,
            answer_note: row.answer_note.told(),
            version: row.version,
        }
    }
}

/// What was lent to somebody, as the lender reports it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanAccount {
    id: LoanAccountId,
    name: String,
    fund: String,
    vnd: i64,
    disbursed_on: Day,
    #[schema(required)]
    due_on: Option<Day>,
    repaid_vnd: i64,
    standing: LoanStanding,
    reported_on: Day,
    version: i64,
}

impl From<model::AccountRow> for LoanAccount {
    fn from(row: model::AccountRow) -> LoanAccount {
        LoanAccount {
            id: row.id,
            name: row.name,
            fund: row.fund,
            vnd: row.vnd,
            disbursed_on: row.disbursed_on,
            due_on: row.due_on,
            repaid_vnd: row.repaid_vnd,
            standing: row.standing,
            reported_on: row.reported_on,
            version: row.version,
        }
    }
}

/// May a person borrow, what was asked for, what was lent.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseLoans {
    hint: LoanHint,
    lines: Vec<LoanLine>,
    accounts: Vec<LoanAccount>,
}

/// May this person borrow, what was asked for and what was lent.
#[utoipa::path(get, path = "/api/v1/cases/{case}/loans", params(("case" = CaseId, Path)), responses((status = 200, body = CaseLoans)))]
pub async fn of_case(app: App, grant: Grant<SeeLoans>) -> Result<Json<CaseLoans>, Oops> {
    let store = app.store();
    let see = store.also::<SeeLoans, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    cases::opened(store, &see, &super::parts(store, &grant)).await?;
    let book = super::book(store).await?;
    let known = super::of_case(store, &grant, &book).await?;
    let points = known
        .hint
        .points
        .iter()
        .map(|point| LoanPoint { point: point.key.rsplit('-').next().unwrap_or(point.key), met: point.met });
    Ok(Json(CaseLoans {
        hint: LoanHint {
            fits: known.hint.fits(),
            points: points.collect(),
            until: known.hint.until.map(Day),
            ends_soon: known.hint.ends_soon,
            legal_basis: book.basis("loan_window").to_owned(),
        },
        lines: known.lines.into_iter().map(LoanLine::from).collect(),
        accounts: known.accounts.into_iter().map(LoanAccount::from).collect(),
    }))
}

/// A wish for a loan.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoanToAsk {
    fund_id: Option<FundId>,
    #[schema(value_type = LoanPurpose)]
    purpose: Option<String>,
    what: Option<String>,
    vnd: Option<i64>,
    months: Option<i64>,
}

/// Puts somebody on the list that the commune is drawing up for a fund.
#[utoipa::path(post, path = "/api/v1/cases/{case}/loans", params(("case" = CaseId, Path)), request_body = LoanToAsk,
    responses((status = 201, body = LoanLine)))]
pub async fn ask(app: App, grant: Grant<AskLoan>, told: Told<LoanToAsk>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AskLoan, SeeLoans>(&grant).ok_or(Oops::Unknown)?;
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let body = told.body;
    let draft = Draft {
        fund_id: body.fund_id.map(|id| id.to_string()).unwrap_or_default(),
        purpose: json::text(body.purpose),
        what: json::text(body.what),
        vnd: number(body.vnd),
        months: number(body.months),
    };
    let id = super::ask(store, grant, &draft, told.key).await?;
    let line = store.onward::<SeeLoans, SeeLoanLine>(&see, id).await?;
    let body = LoanLine::from(lists::line(store, &line).await?);
    Ok(json::created(format!("/api/v1/loan-lines/{id}"), body))
}

/// A list of people who want to borrow.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanList {
    id: LoanListId,
    area: AreaCode,
    fund: FundName,
    /// Empty until it is signed.
    number: String,
    state: LoanListState,
    made_at: At,
    #[schema(required)]
    signed_at: Option<At>,
    #[schema(required)]
    decided_at: Option<At>,
    #[schema(required)]
    comment: Option<String>,
    #[schema(required)]
    sent_at: Option<At>,
    #[schema(required)]
    answered_at: Option<At>,
    version: i64,
    /// Only where one list is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LoanLine>>,
}

impl From<ListRow> for LoanList {
    fn from(row: ListRow) -> LoanList {
        LoanList {
            id: row.id,
            area: row.area_code,
            fund: FundName { id: row.fund_id, name: row.fund },
            number: row.number,
            state: row.state,
            made_at: row.made_at,
            signed_at: row.signed_at,
            decided_at: row.decided_at,
            comment: row.comment.told(),
            sent_at: row.sent_at,
            answered_at: row.answered_at,
            version: row.version,
            lines: None,
        }
    }
}

/// The lists that I may see, newest first.
#[utoipa::path(get, path = "/api/v1/loan-lists", params(Paging), responses((status = 200, body = Listed<LoanList>)))]
pub async fn list(
    app: App,
    scope: Scope<ListLoanLists>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<LoanList>>, Oops> {
    let page = lists::list(app.store(), &scope, None, &asked.page).await?;
    let count = if asked.count { Some(lists::count(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(LoanList::from), count)))
}

async fn told(store: &Store, grant: &Grant<SeeLoanList>) -> Result<Response, Oops> {
    let (list, lines) = lists::one(store, grant).await?;
    let lines = Some(lines.into_iter().map(LoanLine::from).collect());
    Ok(json::versioned(Some(list.version), LoanList { lines, ..LoanList::from(list) }))
}

/// One list with the lines that I may know.
#[utoipa::path(get, path = "/api/v1/loan-lists/{loan_list}", params(("loan_list" = LoanListId, Path)),
    responses((status = 200, body = LoanList)))]
pub async fn one(app: App, grant: Grant<SeeLoanList>) -> Result<Response, Oops> {
    told(app.store(), &grant).await
}

/// The number under which a list is signed.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSignature {
    number: Option<String>,
}

/// Signs a list and hands it to the People's Committee.
#[utoipa::path(post, path = "/api/v1/loan-lists/{loan_list}/signature",
    params(("loan_list" = LoanListId, Path), ("If-Match" = String, Header)), request_body = ListSignature,
    responses((status = 200, body = LoanList)))]
pub async fn sign(app: App, grant: Grant<SignLoanList>, body: Told<ListSignature>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<SignLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let draft = SignDraft { number: json::text(body.body.number), version: String::new() };
    lists::sign(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// What the People's Committee says.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDecision {
    /// `confirmed` or `returned`.
    verdict: Option<String>,
    comment: Option<String>,
    /// Lines that are not confirmed.
    struck: Option<Vec<LoanLineId>>,
}

/// Confirms a list, all of it or without some lines, or returns it with a word.
#[utoipa::path(post, path = "/api/v1/loan-lists/{loan_list}/confirmation",
    params(("loan_list" = LoanListId, Path), ("If-Match" = String, Header)), request_body = ListDecision,
    responses((status = 200, body = LoanList)))]
pub async fn decide(app: App, grant: Grant<ConfirmLoanList>, body: Told<ListDecision>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<ConfirmLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let ListDecision { verdict, comment, struck } = body.body;
    let draft = DecideDraft {
        verdict: json::text(verdict),
        comment: json::text(comment),
        struck: struck.unwrap_or_default().into_iter().map(|id| id.to_string()).collect(),
        version: String::new(),
    };
    lists::decide(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// Sends a confirmed list to the lender.
#[utoipa::path(post, path = "/api/v1/loan-lists/{loan_list}/dispatch",
    params(("loan_list" = LoanListId, Path), ("If-Match" = String, Header)), responses((status = 200, body = LoanList)))]
pub async fn send(app: App, grant: Grant<SendLoanList>, body: Told<Nothing>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<SendLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    lists::send(store, grant, Some(version)).await?;
    told(store, &see).await
}

/// Confirmed lines that were sent to me, oldest first.
#[utoipa::path(get, path = "/api/v1/loan-lines", params(Paging), responses((status = 200, body = Listed<LoanLine>)))]
pub async fn lines(
    app: App,
    scope: Scope<ListLoanLines>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<LoanLine>>, Oops> {
    let page = lists::lines(app.store(), &scope, None, &asked.page).await?;
    let count = if asked.count { Some(lists::count_lines(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(LoanLine::from), count)))
}

async fn line_told(store: &Store, grant: &Grant<SeeLoanLine>) -> Result<Response, Oops> {
    let line = LoanLine::from(lists::line(store, grant).await?);
    Ok(json::versioned(Some(line.version), line))
}

/// One line.
#[utoipa::path(get, path = "/api/v1/loan-lines/{loan_line}", params(("loan_line" = LoanLineId, Path)),
    responses((status = 200, body = LoanLine)))]
pub async fn line(app: App, grant: Grant<SeeLoanLine>) -> Result<Response, Oops> {
    line_told(app.store(), &grant).await
}

/// Takes somebody off a list that has not been signed.
#[utoipa::path(post, path = "/api/v1/loan-lines/{loan_line}/withdrawal",
    params(("loan_line" = LoanLineId, Path), ("If-Match" = String, Header)), responses((status = 200, body = LoanLine)))]
pub async fn withdraw(app: App, grant: Grant<WithdrawLoanLine>, body: Told<Nothing>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<WithdrawLoanLine, SeeLoanLine>(&grant).ok_or(Oops::Unknown)?;
    super::withdraw(store, grant, Some(version)).await?;
    line_told(store, &see).await
}

/// What the lender said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineAnswer {
    #[schema(value_type = LoanAnswer)]
    answer: Option<String>,
    /// Today unless told; of a loan the day of paying out.
    on: Option<DayText>,
    /// What was lent; what was asked for unless told.
    vnd: Option<i64>,
    /// The day by which all is to be paid back.
    due_on: Option<DayText>,
    note: Option<String>,
}

/// Writes down what the lender said.
#[utoipa::path(post, path = "/api/v1/loan-lines/{loan_line}/answer",
    params(("loan_line" = LoanLineId, Path), ("If-Match" = String, Header)), request_body = LineAnswer,
    responses((status = 200, body = LoanLine)))]
pub async fn answer(app: App, grant: Grant<AnswerLoanLine>, body: Told<LineAnswer>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<AnswerLoanLine, SeeLoanLine>(&grant).ok_or(Oops::Unknown)?;
    let LineAnswer { answer, on, vnd, due_on, note } = body.body;
    let draft = AnswerDraft {
        answer: json::text(answer),
        on: json::day(on),
        vnd: vnd.map(|vnd| vnd.to_string()).unwrap_or_default(),
        due_on: json::day(due_on),
        note: json::text(note),
        version: String::new(),
    };
    lists::answer(store, grant, &draft, Some(version)).await?;
    line_told(store, &see).await
}

/// What I have lent, newest first.
#[utoipa::path(get, path = "/api/v1/loan-accounts", params(Paging), responses((status = 200, body = Listed<LoanAccount>)))]
pub async fn accounts(
    app: App,
    scope: Scope<ListLoanAccounts>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<LoanAccount>>, Oops> {
    let page = accounts::list(app.store(), &scope, &asked.page).await?;
    let count = if asked.count { Some(accounts::count(app.store(), &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(LoanAccount::from), count)))
}

/// A report of the lender.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanRepayment {
    on: Day,
    vnd: i64,
    standing: LoanStanding,
    by: String,
}

impl From<RepaymentRow> for LoanRepayment {
    fn from(row: RepaymentRow) -> LoanRepayment {
        LoanRepayment { on: row.on_day, vnd: row.vnd, standing: row.standing, by: row.by }
    }
}

/// A loan with its reports, newest first.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LoanWithReports {
    #[serde(flatten)]
    account: LoanAccount,
    repayments: Vec<LoanRepayment>,
}

async fn account_told(store: &Store, grant: &Grant<SeeLoanAccount>) -> Result<Response, Oops> {
    let (account, repayments) = accounts::one(store, grant).await?;
    let version = account.version;
    let repayments = repayments.into_iter().map(LoanRepayment::from).collect();
    Ok(json::versioned(Some(version), LoanWithReports { account: account.into(), repayments }))
}

/// One loan with its reports.
#[utoipa::path(get, path = "/api/v1/loan-accounts/{loan_account}", params(("loan_account" = LoanAccountId, Path)),
    responses((status = 200, body = LoanWithReports)))]
pub async fn account(app: App, grant: Grant<SeeLoanAccount>) -> Result<Response, Oops> {
    account_told(app.store(), &grant).await
}

/// What was paid back.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepaymentToReport {
    on: Option<DayText>,
    /// Of the sum itself, this time; nothing unless told.
    vnd: Option<i64>,
    #[schema(value_type = LoanStanding)]
    standing: Option<String>,
}

/// Writes down what was paid back, and how the loan stands.
#[utoipa::path(post, path = "/api/v1/loan-accounts/{loan_account}/repayments",
    params(("loan_account" = LoanAccountId, Path), ("If-Match" = String, Header)), request_body = RepaymentToReport,
    responses((status = 200, body = LoanWithReports)))]
pub async fn report(app: App, grant: Grant<ReportLoan>, body: Told<RepaymentToReport>) -> Result<Response, Oops> {
    let store = app.store();
    let version = body.need_version()?;
    let see = store.also::<ReportLoan, SeeLoanAccount>(&grant).ok_or(Oops::Unknown)?;
    let RepaymentToReport { on, vnd, standing } = body.body;
    let draft = ReportDraft {
        on: json::day(on),
        vnd: vnd.map(|vnd| vnd.to_string()).unwrap_or_default(),
        standing: json::text(standing),
        version: String::new(),
    };
    accounts::report(store, grant, &draft, Some(version)).await?;
    account_told(store, &see).await
}
