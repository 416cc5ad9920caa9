//! Pages and forms of loans: the case's own, the lists, the lender's lines and accounts.

use super::{
    Book, Known, accounts, lists,
    model::{
        AccountRow, AnswerDraft, DecideDraft, Draft, LineRow, ListRow, Point, RepaymentRow, ReportDraft, SignDraft,
    },
    papers,
};
use crate::base::sealed::SealedText as _;
use crate::{
    app::{App, Refused},
    base::{
        text,
        time::At as Instant,
        waiting::Owed,
        words::{LoanAnswer, LoanListState, LoanPurpose, LoanStanding},
    },
    cases::{self, model::CaseRow},
    documents, funds,
    http::{At, Html, Oops, Page, Sent, Typed, go, request::CursorQuery},
    owed,
    policy::acts::{
        AnswerLoanLine, AskLoan, ConfirmLoanList, ExportLoanList, ListFunds, ListLoanAccounts, ListLoanLines,
        ListLoanLists, PrintLoanList, ReportLoan, SeeCase, SeeLoanAccount, SeeLoanLine, SeeLoanList, SeeLoans,
        SendLoanList, SignLoanList, WithdrawLoanLine,
    },
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

type Choices = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "loans/case.html")]
pub struct CasePage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    known: Known,
    book: Book,
    funds: Choices,
    purposes: Vec<(&'static str, String)>,
    may_ask: bool,
    may_list: bool,
}

impl CasePage {
    fn verdict(&self) -> (&'static str, String) {
        let class = match self.known.hint.fits() {
            Some(true) => "ok",
            Some(false) => "late",
            None => "waiting",
        };
        (class, self.page.say(format!("loans-hint-{}", self.known.hint.word())))
    }

    fn mark(&self, point: &Point) -> (&'static str, String) {
        match point.met {
            Some(true) => ("ok", self.page.say("loans-met")),
            Some(false) => ("late", self.page.say("loans-unmet")),
            None => ("waiting", self.page.say("loans-unknown")),
        }
    }

    fn basis(&self) -> &str {
        self.book.basis("loan_window")
    }

    /// The most that state credit gives, in words, from the rules.
    fn limits(&self) -> String {
        let limits = &self.book.limits;
        [
            self.page.x("loans-most-training", text::show_vnd(limits.training_month)),
            self.page.x("loans-most-business", text::show_vnd(limits.business)),
            self.page.n("loans-most-months", limits.months),
        ]
        .join(" · ")
    }
}

/// May she borrow, what was asked for, what was lent, and the form for a wish.
pub async fn show(app: App, at: At, grant: Grant<SeeLoans>) -> Result<Html<CasePage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeLoans>, typed: Typed) -> Result<CasePage, Oops> {
    let store = app.store();
    let see = store.also::<SeeLoans, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &super::parts(store, grant)).await?;
    let book = super::book(store).await?;
    let known = super::of_case(store, grant, &book).await?;
    let page = Page::of(app, grant.actor(), at);
    let may_ask = case.is_live() && store.may::<SeeLoans, AskLoan>(grant);
    let funds = match store.scope::<ListFunds>(&Arc::new(grant.actor().clone())) {
        Ok(scope) if may_ask => funds::giving(store, &scope).await?,
        _ => Vec::new(),
    };
    let funds = funds.into_iter().map(|fund| (fund.id.to_string(), fund.name)).collect();
    let purposes = LoanPurpose::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect();
    let may_list = store.can::<ListLoanLists>(grant.actor());
    Ok(CasePage { page, typed, case, known, book, funds, purposes, may_ask, may_list })
}

pub async fn ask(app: App, at: At, grant: Grant<AskLoan>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = app.store().also::<AskLoan, SeeLoans>(&grant).ok_or(Oops::Unknown)?;
    let case = grant.id();
    match super::ask(app.store(), grant, &sent.draft, sent.key).await {
        Ok(_line) => Ok(go(&format!("/cases/{case}/loans"), "loan-asked").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The version that was read.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Version {
    version: String,
}

fn version(typed: &str) -> Result<i64, Oops> {
    typed.parse().map_err(|_| Oops::NoVersion)
}

pub async fn withdraw(app: App, grant: Grant<WithdrawLoanLine>, sent: Sent<Version>) -> Result<Response, Oops> {
    let case = super::withdraw(app.store(), grant, Some(version(&sent.draft.version)?)).await?;
    Ok(go(&format!("/cases/{case}/loans"), "loan-withdrawn").into_response())
}

#[derive(Template)]
#[template(path = "loans/lists.html")]
pub struct ListsPage {
    page: Page,
    waiting: Vec<ListRow>,
    others: Vec<ListRow>,
    more: Option<String>,
    council: bool,
    /// What else waits for the People's Committee, whose first page this is.
    owed: Vec<Owed>,
}

impl ListsPage {
    fn day(&self, at: &Instant) -> String {
        text::show_day(at.day())
    }
}

/// The lists: first those that wait for the People's Committee.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListLoanLists>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListsPage>, Oops> {
    let store = app.store();
    let waiting = match &query.cursor {
        None => lists::list(store, &scope, Some(true), &PageAsk { limit: 100, cursor: None }).await?.items,
        Some(_) => Vec::new(),
    };
    let others =
        lists::list(store, &scope, Some(false), &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let council = store.can::<ConfirmLoanList>(scope.actor());
    let page = Page::of(&app, scope.actor(), &at);
    let page = if council { page.count("/loan-lists", waiting.len().try_into().unwrap_or(i64::MAX)) } else { page };
    let more = others.next.map(|cursor| format!("/loan-lists?cursor={cursor}"));
    let owed = if council { owed::lines(store, scope.actor()).await? } else { Vec::new() };
    Ok(Html(ListsPage { page, waiting, others: others.items, more, council, owed }))
}

#[derive(Template)]
#[template(path = "loans/list.html")]
pub struct ListPage {
    page: Page,
    typed: Typed,
    list: ListRow,
    lines: Vec<LineRow>,
    total: i64,
    may_sign: bool,
    may_decide: bool,
    may_send: bool,
    may_issue: bool,
    may_export: bool,
    /// Goes to the pages of its people.
    office: bool,
}

impl ListPage {
    fn instant(&self, at: &Instant) -> String {
        self.page.instant(*at)
    }

    fn is_struck(&self, line: &LineRow) -> bool {
        self.typed.is("struck", &line.id.to_string())
    }
}

/// What a list comes to, but for what was not confirmed.
fn total(lines: &[LineRow]) -> i64 {
    lines.iter().filter(|line| line.struck_at.is_none()).map(|line| line.vnd).sum()
}

async fn list_page(app: &App, at: &At, grant: &Grant<SeeLoanList>, typed: Typed) -> Result<ListPage, Oops> {
    let store = app.store();
    let (list, lines) = lists::one(store, grant).await?;
    let in_hand = matches!(list.state, LoanListState::Draft | LoanListState::Returned);
    Ok(ListPage {
        page: Page::of(app, grant.actor(), at),
        typed,
        total: total(&lines),
        may_sign: in_hand && !lines.is_empty() && store.may::<SeeLoanList, SignLoanList>(grant),
        may_decide: list.state == LoanListState::Signed && store.may::<SeeLoanList, ConfirmLoanList>(grant),
        may_issue: !in_hand && store.may::<SeeLoanList, PrintLoanList>(grant),
        may_export: store.may::<SeeLoanList, ExportLoanList>(grant),
        may_send: list.state == LoanListState::Confirmed && store.may::<SeeLoanList, SendLoanList>(grant),
        office: store.can::<SeeLoans>(grant.actor()),
        list,
        lines,
    })
}

pub async fn one(app: App, at: At, grant: Grant<SeeLoanList>) -> Result<Html<ListPage>, Oops> {
    list_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

/// Thanks, or the same page with what was refused.
async fn told(
    app: &App,
    at: &At,
    see: &Grant<SeeLoanList>,
    typed: Typed,
    done: Result<Response, Refused>,
) -> Result<Response, Oops> {
    match done {
        Ok(thanks) => Ok(thanks),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(list_page(app, at, see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn sign(app: App, at: At, grant: Grant<SignLoanList>, sent: Sent<SignDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<SignLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let (read, place) = (version(&sent.draft.version)?, format!("/loan-lists/{}", see.id()));
    let done = lists::sign(app.store(), grant, &sent.draft, Some(read))
        .await
        .map(|()| go(&place, "list-signed").into_response());
    told(&app, &at, &see, sent.typed, done).await
}

pub async fn decide(
    app: App,
    at: At,
    grant: Grant<ConfirmLoanList>,
    sent: Sent<DecideDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<ConfirmLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let (read, place) = (version(&sent.draft.version)?, format!("/loan-lists/{}", see.id()));
    let done = lists::decide(app.store(), grant, &sent.draft, Some(read))
        .await
        .map(|()| go(&place, "list-decided").into_response());
    told(&app, &at, &see, sent.typed, done).await
}

pub async fn send(app: App, at: At, grant: Grant<SendLoanList>, sent: Sent<Version>) -> Result<Response, Oops> {
    let see = app.store().also::<SendLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let (read, place) = (version(&sent.draft.version)?, format!("/loan-lists/{}", see.id()));
    let done = lists::send(app.store(), grant, Some(read)).await.map(|()| go(&place, "list-sent").into_response());
    told(&app, &at, &see, sent.typed, done).await
}

#[derive(Template)]
#[template(path = "loans/form.html")]
pub struct FormPage {
    page: Page,
    list: ListRow,
    lines: Vec<LineRow>,
    total: i64,
}

impl FormPage {
    /// `xã Ô Lâm`.
    fn place(&self) -> &str {
        &self.list.area
    }

    fn signed_on(&self) -> String {
        self.list.signed_at.map(|at| text::show_day(at.day())).unwrap_or_default()
    }
}

/// The list as a paper to print and sign. Lines that were not confirmed are not on it.
pub async fn form(app: App, at: At, grant: Grant<SeeLoanList>) -> Result<Html<FormPage>, Oops> {
    let (list, mut lines) = lists::one(app.store(), &grant).await?;
    lines.retain(|line| line.struck_at.is_none());
    let total = total(&lines);
    Ok(Html(FormPage { page: Page::of(&app, grant.actor(), &at), list, lines, total }))
}

/// Issues the list as a paper of the commune.
pub async fn issue(
    app: App,
    at: At,
    grant: Grant<PrintLoanList>,
    sent: Sent<documents::web::Nothing>,
) -> Result<Response, Oops> {
    let see = app.store().also::<PrintLoanList, SeeLoanList>(&grant).ok_or(Oops::Unknown)?;
    let done = papers::issue(app.store(), grant, sent.key)
        .await
        .map(|id| go(&format!("/documents/{id}"), "document-issued").into_response());
    told(&app, &at, &see, sent.typed, done).await
}

#[derive(Template)]
#[template(path = "loans/lines.html")]
pub struct LinesPage {
    page: Page,
    waiting: Vec<LineRow>,
    others: Vec<LineRow>,
    more: Option<String>,
}

/// The lender's first page: confirmed lines that wait for an answer, then those that have one.
pub async fn lines(
    app: App,
    at: At,
    scope: Scope<ListLoanLines>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<LinesPage>, Oops> {
    let store = app.store();
    let waiting = match &query.cursor {
        None => lists::lines(store, &scope, Some(true), &PageAsk { limit: 100, cursor: None }).await?.items,
        Some(_) => Vec::new(),
    };
    let others =
        lists::lines(store, &scope, Some(false), &PageAsk { cursor: query.cursor, ..PageAsk::default() }).await?;
    let more = others.next.map(|cursor| format!("/loan-lines?cursor={cursor}"));
    let count = waiting.len().try_into().unwrap_or(i64::MAX);
    let page = Page::of(&app, scope.actor(), &at).count("/loan-lines", count);
    Ok(Html(LinesPage { page, waiting, others: others.items, more }))
}

#[derive(Template)]
#[template(path = "loans/line.html")]
pub struct LinePage {
    page: Page,
    typed: Typed,
    line: LineRow,
    answers: Vec<(&'static str, String)>,
    may_answer: bool,
    office: bool,
}

async fn line_page(app: &App, at: &At, grant: &Grant<SeeLoanLine>, typed: Typed) -> Result<LinePage, Oops> {
    let store = app.store();
    let line = lists::line(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let answers = LoanAnswer::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect();
    let may_answer = line.waits_for_answer() && store.may::<SeeLoanLine, AnswerLoanLine>(grant);
    let office = store.can::<SeeLoans>(grant.actor());
    Ok(LinePage { page, typed, line, answers, may_answer, office })
}

pub async fn line(app: App, at: At, grant: Grant<SeeLoanLine>) -> Result<Html<LinePage>, Oops> {
    line_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn answer(app: App, at: At, grant: Grant<AnswerLoanLine>, sent: Sent<AnswerDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<AnswerLoanLine, SeeLoanLine>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    match lists::answer(app.store(), grant, &sent.draft, Some(read)).await {
        Ok(_list) => Ok(go(&format!("/loan-lines/{}", see.id()), "loan-answered").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(line_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "loans/accounts.html")]
pub struct AccountsPage {
    page: Page,
    accounts: Vec<AccountRow>,
    more: Option<String>,
}

/// What the lender has lent, newest first.
pub async fn accounts(
    app: App,
    at: At,
    scope: Scope<ListLoanAccounts>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<AccountsPage>, Oops> {
    let ask = PageAsk { cursor: query.cursor, ..PageAsk::default() };
    let page = accounts::list(app.store(), &scope, &ask).await?;
    let more = page.next.map(|cursor| format!("/loan-accounts?cursor={cursor}"));
    Ok(Html(AccountsPage { page: Page::of(&app, scope.actor(), &at), accounts: page.items, more }))
}

#[derive(Template)]
#[template(path = "loans/account.html")]
pub struct AccountPage {
    page: Page,
    typed: Typed,
    account: AccountRow,
    repayments: Vec<RepaymentRow>,
    standings: Vec<(&'static str, String)>,
    may_report: bool,
}

async fn account_page(app: &App, at: &At, grant: &Grant<SeeLoanAccount>, typed: Typed) -> Result<AccountPage, Oops> {
    let store = app.store();
    let (account, repayments) = accounts::one(store, grant).await?;
    let page = Page::of(app, grant.actor(), at);
    let standings = [LoanStanding::Current, LoanStanding::Overdue];
    let standings = standings.iter().map(|one| (one.as_str(), page.say(one.key()))).collect();
    let may_report = account.left() > 0 && store.may::<SeeLoanAccount, ReportLoan>(grant);
    Ok(AccountPage { page, typed, account, repayments, standings, may_report })
}

pub async fn account(app: App, at: At, grant: Grant<SeeLoanAccount>) -> Result<Html<AccountPage>, Oops> {
    account_page(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

pub async fn report(app: App, at: At, grant: Grant<ReportLoan>, sent: Sent<ReportDraft>) -> Result<Response, Oops> {
    let see = app.store().also::<ReportLoan, SeeLoanAccount>(&grant).ok_or(Oops::Unknown)?;
    let read = version(&sent.draft.version)?;
    match accounts::report(app.store(), grant, &sent.draft, Some(read)).await {
        Ok(()) => Ok(go(&format!("/loan-accounts/{}", see.id()), "loan-reported").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(account_page(&app, &at, &see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
