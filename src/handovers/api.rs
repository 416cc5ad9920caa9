//! Handovers for programs.

use super::model::{AcceptDraft, AnswerDraft, Draft, Line, ManyDraft, Sheet};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, HandoverId},
        time::{At, Day},
        words::{FollowUpKind, HandoverState, HelpKind, HelpState, Purpose},
    },
    cases,
    documents::{self, api::Document},
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        door::AtHome,
        json::{self, Paging},
    },
    policy::{
        AreaCode,
        acts::{
            AcceptHandover, HandOver, HandOverMany, ListHandovers, ReturnHandover, SeeHandover, SeeHandovers,
            WithdrawHandover,
        },
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A case on its way to another officer or another commune.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Handover {
    id: HandoverId,
    case_id: CaseId,
    code: String,
    /// `null`: the case is another commune's now.
    #[schema(required)]
    name: Option<String>,
    from_area: AreaCode,
    to_area: AreaCode,
    /// Names of who was in charge and who is to be.
    #[schema(required)]
    from_officer: Option<String>,
    #[schema(required)]
    to_officer: Option<String>,
    state: HandoverState,
    /// Name of the head who sent it.
    by: String,
    made_at: At,
    #[schema(required)]
    answered_at: Option<At>,
    version: i64,
}

impl From<Line> for Handover {
    fn from(line: Line) -> Handover {
        Handover {
            id: line.id,
            case_id: line.case_id,
            code: line.code,
            name: Some(line.name).filter(|name| !name.is_empty()),
            from_area: line.from_area,
            to_area: line.to_area,
            from_officer: line.from_officer,
            to_officer: line.to_officer,
            state: line.state,
            by: line.by,
            made_at: line.made_at,
            answered_at: line.answered_at,
            version: line.version,
        }
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverDue {
    kind: FollowUpKind,
    what: String,
    due_on: Day,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverHelp {
    kind: HelpKind,
    state: HelpState,
    what: String,
    #[schema(required)]
    vnd: Option<i64>,
}

#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverHelper {
    organisation: String,
    purpose: Purpose,
    names: String,
}

/// What stands on the sheet: now, or as it was when the case was taken over.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverPaper {
    on: Day,
    hamlet: String,
    phone: String,
    address: String,
    contact_wishes: String,
    visit_safely: String,
    #[schema(required)]
    last_contact_on: Option<Day>,
    due: Vec<HandoverDue>,
    help: Vec<HandoverHelp>,
    helpers: Vec<HandoverHelper>,
}

impl From<Sheet> for HandoverPaper {
    fn from(sheet: Sheet) -> HandoverPaper {
        HandoverPaper {
            on: sheet.on,
            hamlet: sheet.hamlet,
            phone: sheet.phone,
            address: sheet.address,
            contact_wishes: sheet.wishes,
            visit_safely: sheet.visit_safely,
            last_contact_on: sheet.last_contact_on,
            due: sheet
                .due
                .into_iter()
                .map(|one| HandoverDue { kind: one.kind, what: one.what, due_on: one.due_on })
                .collect(),
            help: sheet
                .helps
                .into_iter()
                .map(|one| HandoverHelp { kind: one.kind, state: one.state, what: one.what, vnd: one.vnd })
                .collect(),
            helpers: sheet
                .helpers
                .into_iter()
                .map(|one| HandoverHelper { organisation: one.organisation, purpose: one.purpose, names: one.names })
                .collect(),
        }
    }
}

/// One handover with what was written about it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverWhole {
    #[serde(flatten)]
    line: Handover,
    reason: String,
    /// Why it was returned or withdrawn.
    answer: String,
    #[schema(required)]
    sheet: Option<HandoverPaper>,
}

async fn read(store: &Store, grant: &Grant<SeeHandover>) -> Result<Response, Oops> {
    let (whole, sheet) = super::one(store, grant).await?;
    let version = whole.line.version;
    let body = HandoverWhole {
        reason: whole.reason.told(),
        answer: whole.answer.told().unwrap_or_default(),
        line: whole.line.into(),
        sheet: sheet.map(HandoverPaper::from),
    };
    Ok(json::versioned(Some(version), body))
}

/// Handovers that I sent, or that I have to answer or have answered, newest first.
#[utoipa::path(get, path = "/api/v1/handovers", params(Paging), responses((status = 200, body = Listed<Handover>)))]
pub async fn list(
    app: App,
    scope: Scope<ListHandovers>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Handover>>, Oops> {
    let page = super::list(app.store(), &scope, None, &asked.page).await?;
    Ok(Json(Listed::of(page.map(Handover::from), None)))
}

/// One handover, with its sheet.
#[utoipa::path(get, path = "/api/v1/handovers/{handover}", params(("handover" = HandoverId, Path)),
    responses((status = 200, body = HandoverWhole)))]
pub async fn one(app: App, grant: Grant<SeeHandover>) -> Result<Response, Oops> {
    read(app.store(), &grant).await
}

/// Issues the sheet as a paper of the commune that has the case.
#[utoipa::path(post, path = "/api/v1/handovers/{handover}/document", params(("handover" = HandoverId, Path)),
    responses((status = 201, body = Document)))]
pub async fn issue(app: App, grant: Grant<SeeHandover>, told: Told<Nothing>) -> Result<Response, Oops> {
    let id = super::papers::issue(app.store(), &grant, told.key).await?;
    documents::api::issued(app.store(), &grant, id).await
}

/// To whom a case was handed, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/handovers", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Handover>)))]
pub async fn of_case(
    app: App,
    grant: Grant<SeeHandovers>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Handover>>, Oops> {
    cases::opened(app.store(), &grant, &[]).await?;
    let rows: Vec<Handover> = super::of_case(app.store(), &grant).await?.into_iter().map(Handover::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

/// To whom: an officer of the commune, or another commune.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverToSend {
    /// Sign-in name of an officer of the case's commune.
    officer: Option<String>,
    /// Code of another commune.
    to_area: Option<String>,
    reason: Option<String>,
}

/// Sends a case; nothing changes until it is accepted.
#[utoipa::path(post, path = "/api/v1/cases/{case}/handovers", params(("case" = CaseId, Path)),
    request_body = HandoverToSend, responses((status = 201, body = HandoverWhole)))]
pub async fn send(app: App, grant: Grant<HandOver>, told: Told<HandoverToSend>) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<HandOver, HandOver>(&grant).ok_or(Oops::Unknown)?;
    let HandoverToSend { officer, to_area, reason } = told.body;
    let draft = Draft {
        officer: json::text(officer),
        to_area: json::text(to_area),
        reason: json::text(reason),
        version: String::new(),
    };
    let id = super::send(store, grant, &draft, told.version, told.key).await?;
    let see = store.onward::<HandOver, SeeHandover>(&again, id).await?;
    let (whole, sheet) = super::one(store, &see).await?;
    let body = HandoverWhole {
        reason: whole.reason.told(),
        answer: String::new(),
        line: whole.line.into(),
        sheet: sheet.map(HandoverPaper::from),
    };
    Ok(json::created(format!("/api/v1/handovers/{id}"), body))
}

/// Many cases at once.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoversToSend {
    cases: Option<Vec<CaseId>>,
    officer: Option<String>,
    to_area: Option<String>,
    reason: Option<String>,
}

/// How many were sent.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoversSent {
    sent: usize,
}

/// Sends many cases of one's own commune; each is answered by itself.
#[utoipa::path(post, path = "/api/v1/handovers", request_body = HandoversToSend,
    responses((status = 201, body = HandoversSent)))]
pub async fn send_many(
    app: App,
    AtHome(grant): AtHome<HandOverMany>,
    told: Told<HandoversToSend>,
) -> Result<Response, Oops> {
    let HandoversToSend { cases, officer, to_area, reason } = told.body;
    let draft = ManyDraft {
        cases: cases.unwrap_or_default().iter().map(ToString::to_string).collect(),
        officer: json::text(officer),
        to_area: json::text(to_area),
        reason: json::text(reason),
    };
    let sent = super::send_many(app.store(), grant, &draft, told.key).await?;
    Ok(json::created("/api/v1/handovers".to_owned(), HandoversSent { sent }))
}

/// Who has it from now on, and where she lives.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverAcceptance {
    /// Sign-in name; only of a case from another commune.
    officer: Option<String>,
    hamlet: Option<String>,
}

/// Takes a case over.
#[utoipa::path(post, path = "/api/v1/handovers/{handover}/acceptance",
    params(("handover" = HandoverId, Path), ("If-Match" = String, Header)), request_body = HandoverAcceptance,
    responses((status = 200, body = HandoverWhole)))]
pub async fn accept(app: App, grant: Grant<AcceptHandover>, told: Told<HandoverAcceptance>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<AcceptHandover, SeeHandover>(&grant).ok_or(Oops::Unknown)?;
    let HandoverAcceptance { officer, hamlet } = told.body;
    let draft = AcceptDraft { officer: json::text(officer), hamlet: json::text(hamlet), version: String::new() };
    super::accept(store, grant, &draft, Some(version), told.key).await?;
    read(store, &see).await
}

/// Why.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverReason {
    reason: Option<String>,
}

fn answer(body: HandoverReason) -> AnswerDraft {
    AnswerDraft { reason: json::text(body.reason), version: String::new() }
}

/// What is left to tell to whoever sent a case back: it is none of hers.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HandoverReturned {
    id: HandoverId,
    state: HandoverState,
}

/// Sends a case back.
#[utoipa::path(post, path = "/api/v1/handovers/{handover}/return",
    params(("handover" = HandoverId, Path), ("If-Match" = String, Header)), request_body = HandoverReason,
    responses((status = 200, body = HandoverReturned)))]
pub async fn send_back(app: App, grant: Grant<ReturnHandover>, told: Told<HandoverReason>) -> Result<Response, Oops> {
    let version = told.need_version()?;
    let id = grant.id();
    super::send_back(app.store(), grant, &answer(told.body), Some(version)).await?;
    Ok(json::versioned(None, HandoverReturned { id, state: HandoverState::Returned }))
}

/// Takes a handover back.
#[utoipa::path(post, path = "/api/v1/handovers/{handover}/withdrawal",
    params(("handover" = HandoverId, Path), ("If-Match" = String, Header)), request_body = HandoverReason,
    responses((status = 200, body = HandoverWhole)))]
pub async fn withdraw(app: App, grant: Grant<WithdrawHandover>, told: Told<HandoverReason>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<WithdrawHandover, SeeHandover>(&grant).ok_or(Oops::Unknown)?;
    super::withdraw(store, grant, &answer(told.body), Some(version)).await?;
    read(store, &see).await
}
