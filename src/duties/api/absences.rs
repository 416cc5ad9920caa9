//! Requests to be away, for programs.

use crate::{
    app::App,
    base::{
        ids::{AbsenceId, CaseId},
        time::Day,
        words::{AbsenceProposal, AbsenceState},
    },
    duties::{
        absences,
        model::{AbsenceDraft, AbsenceRow, DecisionDraft, ReturnDraft},
    },
    http::{
        Asked, Json, Listed, Oops, Told,
        json::{self, DayText, Nothing, Paging},
    },
    policy::acts::{AskAbsence, ChangeAbsence, DecideAbsence, ListAbsences, SeeAbsence, SeeDuties},
    store::{Grant, Scope, Store},
};
use axum::response::Response;

/// A request to be away, with what its decision needs and no more.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Absence {
    id: AbsenceId,
    name: String,
    #[schema(required)]
    hamlet: Option<String>,
    state: AbsenceState,
    asked_on: Day,
    from_on: Day,
    to_on: Day,
    days: i64,
    proposal: AbsenceProposal,
    /// Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal_note: Option<String>,
    /// Why it may be longer than the office's own bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    over_reason: Option<String>,
    #[schema(required)]
    decided_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<String>,
    #[schema(required)]
    returned_on: Option<Day>,
    version: i64,
}

impl Absence {
    fn brief(row: &AbsenceRow) -> Absence {
        Absence {
            id: row.id,
            name: row.name.clone(),
            hamlet: row.hamlet.clone(),
            state: row.state,
            asked_on: row.asked_on,
            from_on: row.from_on,
            to_on: row.to_on,
            days: row.days(),
            proposal: row.proposal,
            place: None,
            reason: None,
            proposal_note: None,
            over_reason: None,
            decided_on: row.decided_on,
            number: None,
            reasons: None,
            returned_on: row.returned_on,
            version: row.version,
        }
    }
}

impl From<AbsenceRow> for Absence {
    fn from(row: AbsenceRow) -> Absence {
        let (said, decided) = (row.said(), row.decided());
        Absence {
            place: said.as_ref().map(|said| said.place.clone()),
            reason: said.as_ref().map(|said| said.reason.clone()),
            proposal_note: said.as_ref().map(|said| said.proposal_note.clone()),
            over_reason: said.map(|said| said.over_reason),
            number: decided.as_ref().map(|decided| decided.number.clone()),
            reasons: decided.map(|decided| decided.reasons),
            ..Absence::brief(&row)
        }
    }
}

/// A request to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceToAsk {
    /// Today unless told.
    asked_on: Option<DayText>,
    from_on: Option<DayText>,
    to_on: Option<DayText>,
    place: Option<String>,
    reason: Option<String>,
    #[schema(value_type = AbsenceProposal)]
    proposal: Option<String>,
    proposal_note: Option<String>,
    over_reason: Option<String>,
}

/// Writes down a request. Its decision is due before the departure.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/absences", params(("case" = CaseId, Path)),
    request_body = AbsenceToAsk, responses((status = 201, body = Absence)))]
pub async fn ask(app: App, grant: Grant<AskAbsence>, body: Told<AbsenceToAsk>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<AskAbsence, SeeDuties>(&grant).ok_or(Oops::Unknown)?;
    let AbsenceToAsk { asked_on, from_on, to_on, place, reason, proposal, proposal_note, over_reason } = body.body;
    let draft = AbsenceDraft {
        asked_on: json::day(asked_on),
        from_on: json::day(from_on),
        to_on: json::day(to_on),
        place: json::text(place),
        reason: json::text(reason),
        proposal: json::text(proposal),
        proposal_note: json::text(proposal_note),
        over_reason: json::text(over_reason),
    };
    let id = absences::ask(store, grant, &draft, body.key).await?;
    let one = store.onward::<SeeDuties, SeeAbsence>(&see, id).await?;
    Ok(json::created(format!("/api/v1/absences/{id}"), Absence::from(absences::one(store, &one).await?)))
}

/// Which requests.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichAbsences {
    /// Only those that wait for a decision, soonest departure first; or only the others.
    waiting: Option<bool>,
}

/// The requests that I may see.
#[utoipa::path(get, path = "/api/v1/absences", params(Paging, WhichAbsences), responses((status = 200, body = Listed<Absence>)))]
pub async fn list(
    app: App,
    scope: Scope<ListAbsences>,
    asked: Asked<WhichAbsences>,
) -> Result<Json<Listed<Absence>>, Oops> {
    let (store, waiting) = (app.store(), asked.query.waiting);
    let page = absences::list(store, &scope, waiting, &asked.page).await?;
    let count = if asked.count { Some(absences::count(store, &scope, waiting).await?) } else { None };
    Ok(Json(Listed::of(page.map(|row| Absence::brief(&row)), count)))
}

async fn told(store: &Store, grant: &Grant<SeeAbsence>) -> Result<Response, Oops> {
    let body = Absence::from(absences::one(store, grant).await?);
    Ok(json::versioned(Some(body.version), body))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/absences/{absence}", params(("absence" = AbsenceId, Path)), responses((status = 200, body = Absence)))]
pub async fn one(app: App, grant: Grant<SeeAbsence>) -> Result<Response, Oops> {
    told(app.store(), &grant).await
}

/// The written decision of the People's Committee.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceDecision {
    /// `granted`, `refused`.
    verdict: Option<String>,
    number: Option<String>,
    /// Today unless told.
    on: Option<DayText>,
    /// Needed where it is refused.
    reasons: Option<String>,
}

/// Answers a request, by number and day of the paper.
#[utoipa::path(post, path = "/api/v1/absences/{absence}/decision",
    params(("absence" = AbsenceId, Path), ("If-Match" = String, Header)), request_body = AbsenceDecision,
    responses((status = 200, body = Absence)))]
pub async fn decide(app: App, grant: Grant<DecideAbsence>, body: Told<AbsenceDecision>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = store.also::<DecideAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let AbsenceDecision { verdict, number, on, reasons } = body.body;
    let draft = DecisionDraft {
        verdict: json::text(verdict),
        number: json::text(number),
        on: json::day(on),
        reasons: json::text(reasons),
        version: String::new(),
    };
    absences::decide(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// The day of the return.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceReturn {
    /// Today unless told.
    on: Option<DayText>,
}

/// Writes down that somebody is back.
#[utoipa::path(post, path = "/api/v1/absences/{absence}/return",
    params(("absence" = AbsenceId, Path), ("If-Match" = String, Header)), request_body = AbsenceReturn,
    responses((status = 200, body = Absence)))]
pub async fn came_back(app: App, grant: Grant<ChangeAbsence>, body: Told<AbsenceReturn>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = store.also::<ChangeAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    let draft = ReturnDraft { on: json::day(body.body.on), version: String::new() };
    absences::came_back(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// Takes an answer back that was written down wrongly, before the day of departure.
#[utoipa::path(post, path = "/api/v1/absences/{absence}/decision/withdrawal",
    params(("absence" = AbsenceId, Path), ("If-Match" = String, Header)), responses((status = 200, body = Absence)))]
pub async fn unsay(app: App, grant: Grant<DecideAbsence>, body: Told<Nothing>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = store.also::<DecideAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    absences::unsay(store, grant, Some(version)).await?;
    told(store, &see).await
}

/// A request that was taken back.
#[utoipa::path(post, path = "/api/v1/absences/{absence}/cancellation",
    params(("absence" = AbsenceId, Path), ("If-Match" = String, Header)), responses((status = 200, body = Absence)))]
pub async fn cancel(app: App, grant: Grant<ChangeAbsence>, body: Told<Nothing>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = store.also::<ChangeAbsence, SeeAbsence>(&grant).ok_or(Oops::Unknown)?;
    absences::cancel(store, grant, Some(version)).await?;
    told(store, &see).await
}
