//! Requests of the people whose data is kept ("yêu cầu của chủ thể dữ liệu"): who asks what, since when, by when it must be
//! answered and done, and what became of it.
//!
//! A request may be about a case, about one that was sealed (by the number of its seal), or of somebody of whom it is not
//! known whether anything is kept: it is taken down and answered all the same, and taking it down tells nobody whether it is.
//! The officer takes down, the head decides. What is asked is done by the features that do such things: erasure by two,
//! correction, restriction, withdrawal of consent; the register links to them and does none of it by itself.

pub mod api;
pub mod cli;
pub mod file;
pub mod model;
mod pages;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        fields::{RequestAnswer, RequestExtension, RequestOutcome, RequestRefusal, RequestRefusalBasis},
        ids::{CaseId, Id, RequestId},
        refusal::Invalid,
        waiting::Waiting,
        words::{RequestKind, RequestState},
        workdays::Workdays,
    },
    cases, clearances,
    follow_ups::{self, rules::RuleRow},
    policy::{
        AreaCode,
        acts::{
            DecideRequest, FinishRequest, ListCases, ListRequests, ListSealings, ReadRequest, ReceiveRequest,
            SeeRequest, SeeRequests, TakeRequest, TakeSealedRequest,
        },
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use jiff::civil::Date;
use model::{AnswerDraft, Content, DoneDraft, Draft, ExtensionDraft, Line, LinkDraft, NewRequest};
use std::sync::Arc;
use store::Terms;

/// The terms that are in force, and the days on which the office works.
struct Book {
    rules: Vec<RuleRow>,
    calendar: Arc<follow_ups::Rulebook>,
}

impl Book {
    async fn of(store: &Store) -> Result<Book, Fault> {
        Ok(Book { rules: follow_ups::rules::list(store).await?, calendar: follow_ups::rulebook(store).await? })
    }

    fn days(&self) -> &Workdays {
        &self.calendar.days
    }

    /// Amount and version of the rule of this word that held on a day.
    fn rule(&self, word: &str, on: Date) -> Result<(i64, i64), Fault> {
        // Newest version of each word first.
        let found = self.rules.iter().find(|rule| rule.word == word && rule.valid_from.0 <= on);
        found.map(|rule| (rule.amount, rule.version)).ok_or(Fault::Inconsistent("a rule of requests is missing"))
    }

    fn terms(&self, kind: RequestKind, others: bool, received_on: Date) -> Result<Terms, Fault> {
        let (answer, answer_version) = self.rule("request_answer", received_on)?;
        let act_rule = model::rule(kind, others);
        let (act, act_version) = self.rule(act_rule, received_on)?;
        Ok(Terms {
            answer_by: model::answer_by(received_on, answer, self.days()),
            answer_version,
            act_by: model::act_by(received_on, act, self.days()),
            act_rule,
            act_version,
        })
    }
}

/// Takes down a request about a case, live or closed.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`].
pub async fn take(
    store: &Store,
    grant: Grant<TakeRequest>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<RequestId, Refused> {
    let (new, book) = (draft.check(store.today(), true)?, Book::of(store).await?);
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(RequestId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            let area = store::area_of(work, case).await?;
            let id = insert(work, &area, Some(case), &new, &book, by).await?;
            work.keep_key(key.as_ref(), id).await?;
            work.detail(format!("request {id} {}", new.kind));
            Ok(id)
        })
        .await
}

/// Takes down a request of somebody of whom nothing is looked up: the answer is the same whoever she is.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`].
pub async fn receive(
    store: &Store,
    grant: Grant<ReceiveRequest>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<RequestId, Refused> {
    let (new, book) = (draft.check(store.today(), false)?, Book::of(store).await?);
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(RequestId::from_uuid(id));
            }
            let (area, by) = (work.id(), work.by()?);
            let id = insert(work, &area, None, &new, &book, by).await?;
            work.keep_key(key.as_ref(), id).await?;
            work.detail(format!("request {id} {}", new.kind));
            Ok(id)
        })
        .await
}

/// Takes down a request about a case that was sealed, by the number of its seal. Nothing of the case is opened.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; the seal was taken off.
pub async fn take_sealed(
    store: &Store,
    grant: Grant<TakeSealedRequest>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<RequestId, Refused> {
    let (new, book) = (draft.check(store.today(), false)?, Book::of(store).await?);
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(RequestId::from_uuid(id));
            }
            let (seal, by) = (work.id(), work.by()?);
            let case = clearances::sealed_case(work, seal).await?;
            let case = case.ok_or_else(|| Invalid::one("", "unsealed_already"))?;
            let area = store::area_of(work, case).await?;
            let id = insert(work, &area, Some(case), &new, &book, by).await?;
            work.keep_key(key.as_ref(), id).await?;
            work.detail(format!("request {id} {} seal {seal}", new.kind));
            Ok(id)
        })
        .await
}

async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    case: Option<CaseId>,
    new: &NewRequest,
    book: &Book,
    by: crate::base::ids::UserId,
) -> Result<RequestId, Fault> {
    let terms = book.terms(new.kind, new.others, new.received_on)?;
    let number = free_number(unit).await?;
    store::insert(unit, &number, area, case, new, &terms, by).await
}

/// A number that no request has: of the shape of a case's code, with other letters before it.
async fn free_number(unit: &mut Unit) -> Result<String, Fault> {
    for _try in 0..50 {
        let mut random = [0_u8; 4];
        unit.dice(&mut random);
        let number = cases::model::code(random).replace("DV-", "YC-");
        if !store::number_is_taken(unit, &number).await? {
            return Ok(number);
        }
    }
    Err(Fault::Inconsistent("no free number for a request"))
}

/// Answers a request: it will be done, or it is refused with its reason and legal basis.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AnswerDraft::check`]; it was answered already; `handler`: no such colleague.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn answer(
    store: &Store,
    grant: Grant<DecideRequest>,
    draft: &AnswerDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let book = Book::of(store).await?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let was = store::standing(work, id).await?;
            if was.state != RequestState::Received {
                return Err(Invalid::one("", "data_request_answered").into());
            }
            let found = draft.check(was.received_on.0, work.today())?;
            let handler = match &found.handler {
                Some(name) => store::colleague(work, &was.area_code, name).await?,
                None => None,
            };
            if found.handler.is_some() && handler.is_none() {
                return Err(Invalid::one("handler", "no_such_officer").into());
            }
            let terms = book.terms(was.kind, found.others, was.received_on.0)?;
            let seal = store::sealer(work, was.case_id).await?;
            let refusal = found.refusal.as_ref();
            let state = if refusal.is_some() { RequestState::Refused } else { RequestState::Accepted };
            // What was put off before it was answered stays put off.
            let act_by = if was.extended { was.act_by_on.0.max(terms.act_by) } else { terms.act_by };
            let due = refusal.is_none().then_some(act_by);
            work.set(
                "state = ?, answered_on = ?, answered_by = ?, answer = ?, refusal = ?, refusal_basis = ?, others = ?, act_rule = ?, \
                 act_rule_version = ?, act_by_on = ?, due_on = ?, handler_id = coalesce(?, handler_id)",
                crate::args![
                    state.as_str(),
                    found.on,
                    by,
                    seal.text::<RequestAnswer>(id, &found.answer)?,
                    seal.text_opt::<RequestRefusal>(id, refusal.map(|one| one.0.as_str()))?,
                    seal.text_opt::<RequestRefusalBasis>(id, refusal.map(|one| one.1.as_str()))?,
                    found.others,
                    terms.act_rule,
                    terms.act_version,
                    act_by,
                    due,
                    handler
                ],
            )
            .await?;
            work.detail(state.as_str().to_owned());
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Takes more time to do what was asked, once and with a reason.
///
/// # Errors
/// [`Refused::Invalid`]: see [`ExtensionDraft::check`]; it is over; it was put off already. [`Fault::Stale`]: changed since
/// `version` was read.
pub async fn extend(
    store: &Store,
    grant: Grant<DecideRequest>,
    draft: &ExtensionDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let book = Book::of(store).await?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            let was = store::standing(work, id).await?;
            if !matches!(was.state, RequestState::Received | RequestState::Accepted) {
                return Err(Invalid::one("", "data_request_over").into());
            }
            if was.extended {
                return Err(Invalid::one("", "request_extended").into());
            }
            let (most, _) = book.rule("request_extension", was.received_on.0)?;
            let (to, reason) = draft.check(was.act_by_on.0, most, work.today())?;
            let reason = store::sealer(work, was.case_id).await?.text::<RequestExtension>(id, &reason)?;
            let answered = was.state == RequestState::Accepted;
            work.set(
                "act_by_on = ?, due_on = case when ? then ? else due_on end, extended_at = ?, extended_by = ?, extension = ?",
                crate::args![to, answered, to, now, by, reason],
            )
            .await?;
            work.detail(format!("until {to}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Writes down that what was asked has been done.
///
/// # Errors
/// [`Refused::Invalid`]: see [`DoneDraft::check`]; it was not answered yet, or is over. [`Fault::Stale`]: changed since
/// `version` was read.
pub async fn finish(
    store: &Store,
    grant: Grant<FinishRequest>,
    draft: &DoneDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let was = store::standing(work, id).await?;
            let answered_on = match (was.state, was.answered_on) {
                (RequestState::Received, _) => return Err(Invalid::one("", "request_not_answered").into()),
                (RequestState::Accepted, Some(day)) => day.0,
                _ => return Err(Invalid::one("", "data_request_over").into()),
            };
            let (on, outcome) = draft.check(answered_on, work.today())?;
            let outcome = store::sealer(work, was.case_id).await?.text::<RequestOutcome>(id, &outcome)?;
            work.set(
                "state = 'done', done_on = ?, done_by = ?, outcome = ?, due_on = null",
                crate::args![on, by, outcome],
            )
            .await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Says about whose case a request turned out to be: by a code among the reader's own cases, or the number of a seal.
///
/// # Errors
/// [`Refused::Invalid`]: it is about a case already; `code`: no such code or number among those that she may see.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn link(
    store: &Store,
    grant: Grant<DecideRequest>,
    hers: &Scope<ListCases>,
    seals: Option<&Scope<ListSealings>>,
    draft: &LinkDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let code = draft.code.trim().to_uppercase();
    let case = match (cases::of_code(store, hers, &code).await?, seals) {
        (Some(case), _) => Some(case),
        (None, Some(seals)) => clearances::of_code(store, seals, &code).await?,
        (None, None) => None,
    };
    let case = case.ok_or_else(|| Invalid::one("code", "no_such_case"))?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let id = work.id();
            if store::standing(work, id).await?.case_id.is_some() {
                return Err(Invalid::one("", "request_linked").into());
            }
            store::link(work, id, case).await?;
            work.set("made_at = made_at", vec![]).await?;
            work.about(case);
            Ok(())
        })
        .await
}

/// Which part of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What waits, first due first.
    Open,
    /// What is over, newest first.
    Over,
}

/// The register within the asker's scope. Whoever may not read what was asked has no code of a case either.
pub async fn list(store: &Store, scope: &Scope<ListRequests>, part: Part, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    let lines = match part {
        Part::Open => store::open(store, scope, ask).await?,
        Part::Over => store::over(store, scope, ask).await?.map(|over| over.line),
    };
    let reads = store.can::<ReadRequest>(scope.actor());
    Ok(lines.map(|line| if reads { line } else { bare(line) }))
}

/// Without what leads to a case.
fn bare(line: Line) -> Line {
    Line { code: None, case_id: None, seal: None, ..line }
}

pub async fn count(store: &Store, scope: &Scope<ListRequests>, part: Part) -> Result<i64, Fault> {
    store::count(store, scope, part == Part::Open).await
}

/// How many requests of the asker's scope wait, and how many of them are late.
pub async fn waiting(store: &Store, scope: &Scope<ListRequests>) -> Result<Waiting, Fault> {
    store::waiting(store, scope).await
}

/// One request as the register has it.
pub async fn one(store: &Store, grant: &Grant<SeeRequest>) -> Result<Line, Fault> {
    let line = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    Ok(if store.may::<SeeRequest, ReadRequest>(grant) { line } else { bare(line) })
}

/// What was asked and answered. That it was read is written down first. `None`: the case was sealed after the request was
/// over, and what it said is put away with it.
pub async fn read(store: &Store, grant: &Grant<ReadRequest>) -> Result<Option<Content>, Fault> {
    let line = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let case = store::case_of(store, grant).await?;
    if line.seal.is_some() && !line.is_open() {
        return Ok(None);
    }
    store.note_opening(grant, case, &["request"]).await?;
    store::content(store, grant).await
}

/// The requests about a case, those that wait first.
pub async fn of_case(store: &Store, grant: &Grant<SeeRequests>) -> Result<Vec<Line>, Fault> {
    store::of_case(store, grant).await
}
