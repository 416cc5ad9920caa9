//! The register of requests for programs.

use super::{
    Part,
    model::{AnswerDraft, Content, DoneDraft, Draft, ExtensionDraft, Line, LinkDraft},
};
use crate::{
    app::App,
    base::{
        ids::{CaseId, RequestId, SealingId},
        sealed::SealedText as _,
        time::Day,
        words::{RequestFrom, RequestKind, RequestState, RequestWay},
    },
    follow_ups::api::StaffName,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::{
        Act, AreaCode,
        acts::{
            DecideRequest, FinishRequest, ListCases, ListRequests, ListSealings, ReadRequest, ReceiveRequest,
            SeeRequest, SeeRequests, TakeRequest, TakeSealedRequest,
        },
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;
use std::sync::Arc;

/// A request as the register has it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DataRequest {
    id: RequestId,
    number: String,
    kind: RequestKind,
    asked_by: RequestFrom,
    way: RequestWay,
    state: RequestState,
    /// An organisation has to act too.
    others: bool,
    received_on: Day,
    answer_by: Day,
    act_by: Day,
    /// What it waits for next; `null`: nothing.
    #[schema(required)]
    due_on: Option<Day>,
    extended: bool,
    #[schema(required)]
    answered_on: Option<Day>,
    #[schema(required)]
    done_on: Option<Day>,
    handler: StaffName,
    /// The case, where the reader may read the request and the case is not sealed.
    #[schema(required)]
    case_id: Option<CaseId>,
    version: i64,
}

impl From<Line> for DataRequest {
    fn from(line: Line) -> DataRequest {
        DataRequest {
            id: line.id,
            number: line.number,
            kind: line.kind,
            asked_by: line.asker_kind,
            way: line.way,
            state: line.state,
            others: line.others,
            received_on: line.received_on,
            answer_by: line.answer_by_on,
            act_by: line.act_by_on,
            due_on: line.due_on,
            extended: line.extended,
            answered_on: line.answered_on,
            done_on: line.done_on,
            handler: StaffName { id: line.handler_id, name: line.handler },
            case_id: line.case_id,
            version: line.version,
        }
    }
}

/// A request with what was asked, for those who may read it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct WholeRequest {
    #[serde(flatten)]
    request: DataRequest,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<Said>,
}

/// What was asked and answered.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = RequestSaid)]
pub struct Said {
    asker: String,
    #[schema(required)]
    proof: Option<String>,
    #[schema(required)]
    contact: Option<String>,
    what: String,
    #[schema(required)]
    answer: Option<String>,
    #[schema(required)]
    extension: Option<String>,
    #[schema(required)]
    refusal: Option<String>,
    #[schema(required)]
    refusal_basis: Option<String>,
    #[schema(required)]
    outcome: Option<String>,
}

impl From<Content> for Said {
    fn from(content: Content) -> Said {
        Said {
            asker: content.asker.told().unwrap_or_default(),
            proof: content.proof.told(),
            contact: content.contact.told(),
            what: content.what.told().unwrap_or_default(),
            answer: content.answer.told(),
            extension: content.extension.told(),
            refusal: content.refusal.told(),
            refusal_basis: content.refusal_basis.told(),
            outcome: content.outcome.told(),
        }
    }
}

/// `open` (unless told) or `over`.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct RegisterQuery {
    /// `open`: what waits, first due first; `over`: what is done or refused, newest first.
    #[param(required = false)]
    part: String,
}

/// The register.
#[utoipa::path(get, path = "/api/v1/requests", params(RegisterQuery, Paging),
    responses((status = 200, body = Listed<DataRequest>)))]
pub async fn list(
    app: App,
    scope: Scope<ListRequests>,
    asked: Asked<RegisterQuery>,
) -> Result<Json<Listed<DataRequest>>, Oops> {
    let part = match asked.query.part.as_str() {
        "" | "open" => Part::Open,
        "over" => Part::Over,
        _ => return Err(Oops::BadRequest("part")),
    };
    let page = super::list(app.store(), &scope, part, &asked.page).await?;
    let count = if asked.count { Some(super::count(app.store(), &scope, part).await?) } else { None };
    Ok(Json(Listed::of(page.map(DataRequest::from), count)))
}

async fn whole(store: &Store, see: &Grant<SeeRequest>) -> Result<WholeRequest, Oops> {
    let request = DataRequest::from(super::one(store, see).await?);
    let said = match store.also::<SeeRequest, ReadRequest>(see) {
        Some(grant) => super::read(store, &grant).await?.map(Said::from),
        None => None,
    };
    Ok(WholeRequest { request, said })
}

async fn answered(store: &Store, see: &Grant<SeeRequest>) -> Result<Response, Oops> {
    let body = whole(store, see).await?;
    Ok(json::versioned(Some(body.request.version), body))
}

async fn made<A: Act>(store: &Store, from: &Grant<A>, id: RequestId) -> Result<Response, Oops> {
    let see = store.onward::<A, SeeRequest>(from, id).await?;
    let body = whole(store, &see).await?;
    Ok(json::created(format!("/api/v1/requests/{id}"), body))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/requests/{request}", params(("request" = RequestId, Path)),
    responses((status = 200, body = WholeRequest)))]
pub async fn one(app: App, grant: Grant<SeeRequest>) -> Result<Response, Oops> {
    answered(app.store(), &grant).await
}

/// The requests about a case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/requests", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<DataRequest>)))]
pub async fn of_case(
    app: App,
    grant: Grant<SeeRequests>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<DataRequest>>, Oops> {
    let rows = super::of_case(app.store(), &grant).await?;
    crate::cases::opened(app.store(), &grant, &[]).await?;
    let rows = rows.into_iter().map(DataRequest::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row: &DataRequest| row.id.to_string())?))
}

/// A request to take down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestToTake {
    #[schema(value_type = RequestFrom)]
    asked_by: Option<String>,
    #[schema(value_type = RequestKind)]
    kind: Option<String>,
    #[schema(value_type = RequestWay)]
    way: Option<String>,
    /// Today unless told.
    received_on: Option<DayText>,
    /// Name of whoever asks; not needed for the person of a case herself.
    asker: Option<String>,
    proof: Option<String>,
    contact: Option<String>,
    what: Option<String>,
    others: Option<bool>,
}

impl From<RequestToTake> for Draft {
    fn from(body: RequestToTake) -> Draft {
        Draft {
            asked_by: json::text(body.asked_by),
            kind: json::text(body.kind),
            way: json::text(body.way),
            received_on: json::day(body.received_on),
            asker: json::text(body.asker),
            proof: json::text(body.proof),
            contact: json::text(body.contact),
            what: json::text(body.what),
            others: json::yes(body.others),
        }
    }
}

/// Takes down a request about a case.
#[utoipa::path(post, path = "/api/v1/cases/{case}/requests", params(("case" = CaseId, Path)), request_body = RequestToTake,
    responses((status = 201, body = WholeRequest)))]
pub async fn take(app: App, grant: Grant<TakeRequest>, told: Told<RequestToTake>) -> Result<Response, Oops> {
    let store = app.store();
    let from = store.also::<TakeRequest, TakeRequest>(&grant).ok_or(Oops::Unknown)?;
    let id = super::take(store, grant, &told.body.into(), told.key).await?;
    made(store, &from, id).await
}

/// Takes down a request of somebody of whom nothing is looked up.
#[utoipa::path(post, path = "/api/v1/areas/{area}/requests", params(("area" = AreaCode, Path)),
    request_body = RequestToTake, responses((status = 201, body = WholeRequest)))]
pub async fn receive(app: App, grant: Grant<ReceiveRequest>, told: Told<RequestToTake>) -> Result<Response, Oops> {
    let store = app.store();
    let from = store.also::<ReceiveRequest, ReceiveRequest>(&grant).ok_or(Oops::Unknown)?;
    let id = super::receive(store, grant, &told.body.into(), told.key).await?;
    made(store, &from, id).await
}

/// Takes down a request about a sealed case, by its seal.
#[utoipa::path(post, path = "/api/v1/sealings/{sealing}/requests", params(("sealing" = SealingId, Path)),
    request_body = RequestToTake, responses((status = 201, body = WholeRequest)))]
pub async fn take_sealed(
    app: App,
    grant: Grant<TakeSealedRequest>,
    told: Told<RequestToTake>,
) -> Result<Response, Oops> {
    let store = app.store();
    let from = store.also::<TakeSealedRequest, TakeSealedRequest>(&grant).ok_or(Oops::Unknown)?;
    let id = super::take_sealed(store, grant, &told.body.into(), told.key).await?;
    made(store, &from, id).await
}

/// What is decided.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestAnswerToWrite {
    /// `accept` or `refuse`.
    verdict: Option<String>,
    /// Today unless told.
    answered_on: Option<DayText>,
    answer: Option<String>,
    refusal: Option<String>,
    refusal_basis: Option<String>,
    others: Option<bool>,
    /// Sign-in name of the colleague who does it.
    handler: Option<String>,
}

/// Answers a request: it will be done, or it is refused.
#[utoipa::path(post, path = "/api/v1/requests/{request}/answer",
    params(("request" = RequestId, Path), ("If-Match" = String, Header)), request_body = RequestAnswerToWrite,
    responses((status = 200, body = WholeRequest)))]
pub async fn answer(app: App, grant: Grant<DecideRequest>, told: Told<RequestAnswerToWrite>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let body = told.body;
    let draft = AnswerDraft {
        verdict: json::text(body.verdict),
        answered_on: json::day(body.answered_on),
        answer: json::text(body.answer),
        refusal: json::text(body.refusal),
        refusal_basis: json::text(body.refusal_basis),
        others: json::yes(body.others),
        handler: json::text(body.handler),
        version: String::new(),
    };
    super::answer(store, grant, &draft, Some(version), told.key).await?;
    answered(store, &see).await
}

/// More time, once.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestExtensionToWrite {
    to_on: Option<DayText>,
    reason: Option<String>,
}

/// Takes more time to do what was asked, once.
#[utoipa::path(post, path = "/api/v1/requests/{request}/extension",
    params(("request" = RequestId, Path), ("If-Match" = String, Header)), request_body = RequestExtensionToWrite,
    responses((status = 200, body = WholeRequest)))]
pub async fn extend(
    app: App,
    grant: Grant<DecideRequest>,
    told: Told<RequestExtensionToWrite>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let body = told.body;
    let draft =
        ExtensionDraft { to_on: json::day(body.to_on), reason: json::text(body.reason), version: String::new() };
    super::extend(store, grant, &draft, Some(version), told.key).await?;
    answered(store, &see).await
}

/// What was done.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestOutcomeToWrite {
    /// Today unless told.
    done_on: Option<DayText>,
    outcome: Option<String>,
}

/// Writes down that what was asked has been done.
#[utoipa::path(post, path = "/api/v1/requests/{request}/completion",
    params(("request" = RequestId, Path), ("If-Match" = String, Header)), request_body = RequestOutcomeToWrite,
    responses((status = 200, body = WholeRequest)))]
pub async fn finish(
    app: App,
    grant: Grant<FinishRequest>,
    told: Told<RequestOutcomeToWrite>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<FinishRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let body = told.body;
    let draft =
        DoneDraft { done_on: json::day(body.done_on), outcome: json::text(body.outcome), version: String::new() };
    super::finish(store, grant, &draft, Some(version), told.key).await?;
    answered(store, &see).await
}

/// About whose case it is.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestLink {
    /// The code of a case among one's own, or the number of a seal.
    code: Option<String>,
}

/// Says about whose case a request turned out to be.
#[utoipa::path(post, path = "/api/v1/requests/{request}/link",
    params(("request" = RequestId, Path), ("If-Match" = String, Header)), request_body = RequestLink,
    responses((status = 200, body = WholeRequest)))]
pub async fn link(app: App, grant: Grant<DecideRequest>, told: Told<RequestLink>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<DecideRequest, SeeRequest>(&grant).ok_or(Oops::Unknown)?;
    let actor = Arc::new(grant.actor().clone());
    let hers = store.scope::<ListCases>(&actor)?;
    let seals = store.scope::<ListSealings>(&actor).ok();
    let draft = LinkDraft { code: json::text(told.body.code), version: String::new() };
    super::link(store, grant, &hers, seals.as_ref(), &draft, Some(version)).await?;
    answered(store, &see).await
}
