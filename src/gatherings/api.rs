//! Gatherings for programs. What the reader may not know is not there.

use super::{
    Whole, guests,
    model::{
        AttendanceDraft, Attended, CancelDraft, Draft, GuestRow, InviteDraft, Invited, MinutesDraft, MoveDraft,
        MoveRow, PartyRow, Row, State,
        opinions::{self as said, OpinionRow},
    },
    opinions::{self, Whose},
};
use crate::{
    app::App,
    base::{
        ids::{CaseId, GatheringId, GuestId, OpinionId, OrganisationId, PartyId, RelativeId},
        refusal::Invalid,
        sealed::SealedText as _,
        time::Day,
        words::{AnswerKind, GatheringKind, Owes},
    },
    cases,
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        door::AtHome,
        json::{self, DayText, Paging},
    },
    policy::acts::{
        AnswerOpinion, ChangeGathering, ListGatherings, ListOpinions, PlanDialogue, PlanGathering, SeeAttendance,
        SeeCase, SeeGathering, SeeOpinion,
    },
    store::{Grant, Scope, Store},
};
use axum::response::Response;
use jiff::civil::Date;

/// A meeting.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Gathering {
    id: GatheringId,
    /// With the family of this person; `null`: of the commune.
    #[schema(required)]
    case: Option<CaseId>,
    kind: GatheringKind,
    /// Empty: as its kind is called.
    title: String,
    on: Day,
    /// `08:30`; empty: not said.
    at: String,
    place: String,
    leader: String,
    state: State,
    #[schema(required)]
    cancelled_reason: Option<String>,
    /// How many were asked, and came, who are named nowhere.
    #[schema(required)]
    outsiders: Option<i64>,
    #[schema(required)]
    outsiders_came: Option<i64>,
    /// Only where one meeting was asked for; of the guests those whom the reader may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    guests: Option<Vec<Guest>>,
    /// Bodies that were asked; the office's view.
    #[serde(skip_serializing_if = "Option::is_none")]
    bodies: Option<Vec<Party>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opinions: Option<Vec<Opinion>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<Vec<GatheringMove>>,
    /// What was written down of it; the office's view.
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<String>,
    version: i64,
}

/// Somebody who was asked. Nobody has to come.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Guest {
    id: GuestId,
    case: CaseId,
    name: String,
    /// One of the family of that person; absent for a helper.
    #[serde(skip_serializing_if = "Option::is_none")]
    relative: Option<RelativeId>,
    /// `null`: not written down.
    #[schema(required)]
    came: Option<bool>,
}

/// A body that was asked.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = GatheringBody)]
pub struct Party {
    id: PartyId,
    /// `null`: the People's Committee.
    #[schema(required)]
    organisation: Option<OrganisationId>,
    #[schema(required)]
    came: Option<bool>,
}

/// It was put to another day.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct GatheringMove {
    from: Day,
    to: Day,
    reason: String,
}

/// What was said, and the answer.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Opinion {
    id: OpinionId,
    gathering: GatheringId,
    /// `null`: said by somebody who is named nowhere.
    #[schema(required)]
    case: Option<CaseId>,
    text: String,
    /// `null`: no answer is owed.
    #[schema(required)]
    owes: Option<Owes>,
    #[schema(required)]
    organisation: Option<OrganisationId>,
    #[schema(required)]
    due_on: Option<Day>,
    #[schema(required)]
    answer_kind: Option<AnswerKind>,
    #[schema(required)]
    answer: Option<String>,
    #[schema(required)]
    answered_on: Option<Day>,
    version: i64,
}

impl From<GuestRow> for Guest {
    fn from(row: GuestRow) -> Guest {
        let name = row.who().to_owned();
        Guest { id: row.id, case: row.case_id, name, relative: row.relative_id, came: row.came }
    }
}

impl From<PartyRow> for Party {
    fn from(row: PartyRow) -> Party {
        Party { id: row.id, organisation: row.organisation_id, came: row.came }
    }
}

impl From<MoveRow> for GatheringMove {
    fn from(row: MoveRow) -> GatheringMove {
        GatheringMove { from: row.from_on, to: row.to_on, reason: row.reason.told() }
    }
}

impl From<OpinionRow> for Opinion {
    fn from(row: OpinionRow) -> Opinion {
        Opinion {
            id: row.id,
            gathering: row.gathering_id,
            case: row.case_id,
            text: row.text.told(),
            owes: row.owes,
            organisation: row.organisation_id,
            due_on: row.due_on,
            answer_kind: row.answer_kind,
            answer: row.answer.told(),
            answered_on: row.answered_on,
            version: row.version,
        }
    }
}

impl Gathering {
    fn of(row: Row, today: Date) -> Gathering {
        Gathering {
            id: row.id,
            case: row.case_id,
            kind: row.kind,
            title: row.title.told(),
            on: row.on_day,
            state: row.state(today),
            at: row.at_time,
            place: row.place.told(),
            leader: row.leader.told(),
            cancelled_reason: row.cancelled_reason.told(),
            outsiders: row.outsiders,
            outsiders_came: row.outsiders_came,
            guests: None,
            bodies: None,
            opinions: None,
            moves: None,
            minutes: None,
            version: row.version,
        }
    }
}

/// The meetings that I may see, newest first.
#[utoipa::path(get, path = "/api/v1/gatherings", params(Paging), responses((status = 200, body = Listed<Gathering>)))]
pub async fn list(
    app: App,
    scope: Scope<ListGatherings>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Gathering>>, Oops> {
    let (store, today) = (app.store(), app.store().today());
    let page = super::list(store, &scope, None, &asked.page).await?;
    let count = if asked.count { Some(super::count(store, &scope, None).await?) } else { None };
    Ok(Json(Listed::of(page.map(|row| Gathering::of(row, today)), count)))
}

async fn read(store: &Store, grant: &Grant<SeeGathering>) -> Result<Gathering, Oops> {
    let Whole { row, moves, guests, parties, opinions, office } = super::one(store, grant).await?;
    let minutes = row.minutes.told();
    Ok(Gathering {
        guests: Some(guests.into_iter().map(Guest::from).collect()),
        bodies: office.then(|| parties.into_iter().map(Party::from).collect()),
        opinions: Some(opinions.into_iter().map(Opinion::from).collect()),
        moves: Some(moves.into_iter().map(GatheringMove::from).collect()),
        minutes,
        ..Gathering::of(row, store.today())
    })
}

async fn told(store: &Store, grant: &Grant<SeeGathering>) -> Result<Response, Oops> {
    let body = read(store, grant).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// One meeting, with whoever was asked and what was said as far as I may know it.
#[utoipa::path(get, path = "/api/v1/gatherings/{gathering}", params(("gathering" = GatheringId, Path)),
    responses((status = 200, body = Gathering)))]
pub async fn one(app: App, grant: Grant<SeeGathering>) -> Result<Response, Oops> {
    told(app.store(), &grant).await
}

/// A meeting to plan.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatheringToPlan {
    /// Not told of a dialogue with a family.
    #[schema(value_type = Option<GatheringKind>)]
    kind: Option<String>,
    title: Option<String>,
    on: Option<DayText>,
    at: Option<String>,
    place: Option<String>,
    leader: Option<String>,
    outsiders: Option<i64>,
    /// Of a dialogue: those of the family who are asked.
    #[schema(value_type = Option<Vec<RelativeId>>)]
    relatives: Option<Vec<String>>,
}

impl GatheringToPlan {
    fn draft(self) -> Draft {
        Draft {
            kind: json::text(self.kind),
            title: json::text(self.title),
            on: json::day(self.on),
            at: json::text(self.at),
            place: json::text(self.place),
            leader: json::text(self.leader),
            outsiders: self.outsiders.map(|number| number.to_string()).unwrap_or_default(),
            version: String::new(),
        }
    }
}

/// Plans a meeting of one's own commune.
#[utoipa::path(post, path = "/api/v1/gatherings", request_body = GatheringToPlan, responses((status = 201, body = Gathering)))]
pub async fn plan(
    app: App,
    AtHome(grant): AtHome<PlanGathering>,
    told: Told<GatheringToPlan>,
) -> Result<Response, Oops> {
    let store = app.store();
    if told.body.relatives.is_some() {
        return Err(Oops::Invalid(Invalid::one("relatives", "family_only")));
    }
    let own = store.also::<PlanGathering, PlanGathering>(&grant).ok_or(Oops::Unknown)?;
    let id = super::plan(store, grant, &told.body.draft(), told.key).await?;
    let see = store.onward::<PlanGathering, SeeGathering>(&own, id).await?;
    Ok(json::created(format!("/api/v1/gatherings/{id}"), read(store, &see).await?))
}

/// Plans a dialogue with the family of a person.
#[utoipa::path(post, path = "/api/v1/cases/{case}/dialogues", params(("case" = CaseId, Path)), request_body = GatheringToPlan,
    responses((status = 201, body = Gathering)))]
pub async fn plan_dialogue(
    app: App,
    grant: Grant<PlanDialogue>,
    mut told: Told<GatheringToPlan>,
) -> Result<Response, Oops> {
    let store = app.store();
    let own = store.also::<PlanDialogue, PlanDialogue>(&grant).ok_or(Oops::Unknown)?;
    let relatives: Option<Vec<RelativeId>> =
        told.body.relatives.take().unwrap_or_default().iter().map(|id| id.parse().ok()).collect();
    let relatives = relatives.ok_or(Invalid::one("relatives", "unknown"))?;
    let people = relatives.into_iter().map(|relative| (own.id(), Some(relative))).collect();
    let family = Invited { people, bodies: Vec::new() };
    let id = super::plan_dialogue(store, grant, &told.body.draft(), &family, told.key).await?;
    let see = store.onward::<PlanDialogue, SeeGathering>(&own, id).await?;
    Ok(json::created(format!("/api/v1/gatherings/{id}"), read(store, &see).await?))
}

fn seen(store: &Store, grant: &Grant<ChangeGathering>) -> Result<Grant<SeeGathering>, Oops> {
    store.also::<ChangeGathering, SeeGathering>(grant).ok_or(Oops::Unknown)
}

/// Puts a meeting right: all of its fields are told. Its day stays; another day is a move.
#[utoipa::path(patch, path = "/api/v1/gatherings/{gathering}",
    params(("gathering" = GatheringId, Path), ("If-Match" = String, Header)), request_body = GatheringToPlan,
    responses((status = 200, body = Gathering)))]
pub async fn correct(app: App, grant: Grant<ChangeGathering>, told_: Told<GatheringToPlan>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told_.need_version()?);
    let see = seen(store, &grant)?;
    super::correct(store, grant, &told_.body.draft(), Some(version)).await?;
    told(store, &see).await
}

/// Another day.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatheringToMove {
    on: Option<DayText>,
    at: Option<String>,
    reason: Option<String>,
}

/// Puts a meeting to another day, with a reason.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/moves",
    params(("gathering" = GatheringId, Path), ("If-Match" = String, Header)), request_body = GatheringToMove,
    responses((status = 200, body = Gathering)))]
pub async fn put_off(app: App, grant: Grant<ChangeGathering>, told_: Told<GatheringToMove>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told_.need_version()?);
    let see = seen(store, &grant)?;
    let GatheringToMove { on, at, reason } = told_.body;
    let draft = MoveDraft { on: json::day(on), at: json::text(at), reason: json::text(reason), version: String::new() };
    super::put_off(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// Why it does not take place.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatheringToCancel {
    reason: Option<String>,
}

/// Says that a meeting does not take place.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/cancellation",
    params(("gathering" = GatheringId, Path), ("If-Match" = String, Header)), request_body = GatheringToCancel,
    responses((status = 200, body = Gathering)))]
pub async fn cancel(app: App, grant: Grant<ChangeGathering>, told_: Told<GatheringToCancel>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told_.need_version()?);
    let see = seen(store, &grant)?;
    let draft = CancelDraft { reason: json::text(told_.body.reason), version: String::new() };
    super::cancel(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// What was written down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesToKeep {
    minutes: Option<String>,
}

/// Writes down what was said and agreed.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/minutes",
    params(("gathering" = GatheringId, Path), ("If-Match" = String, Header)), request_body = MinutesToKeep,
    responses((status = 200, body = Gathering)))]
pub async fn minute(app: App, grant: Grant<ChangeGathering>, told_: Told<MinutesToKeep>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told_.need_version()?);
    let see = seen(store, &grant)?;
    let draft = MinutesDraft { minutes: json::text(told_.body.minutes), version: String::new() };
    super::minute(store, grant, &draft, Some(version)).await?;
    told(store, &see).await
}

/// Whom to ask.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestsToAsk {
    #[schema(value_type = Option<Vec<CaseId>>)]
    cases: Option<Vec<String>>,
    /// `CASE:RELATIVE`.
    relatives: Option<Vec<String>>,
    /// Ids of organisations; `council`: the People's Committee.
    bodies: Option<Vec<String>>,
}

/// Asks people of one's own cases, some of their families, bodies of the commune.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/guests", params(("gathering" = GatheringId, Path)),
    request_body = GuestsToAsk, responses((status = 201, body = Gathering)))]
pub async fn invite(app: App, grant: Grant<ChangeGathering>, told: Told<GuestsToAsk>) -> Result<Response, Oops> {
    let store = app.store();
    let see = seen(store, &grant)?;
    let GuestsToAsk { cases, relatives, bodies } = told.body;
    let draft = InviteDraft {
        cases: cases.unwrap_or_default(),
        relatives: relatives.unwrap_or_default(),
        bodies: bodies.unwrap_or_default(),
    };
    guests::invite(store, grant, &draft, told.key).await?;
    Ok(json::created(format!("/api/v1/gatherings/{}", see.id()), read(store, &see).await?))
}

/// Who came and who did not. Whoever is in neither list stays as she is.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceToKeep {
    #[schema(value_type = Option<Vec<GuestId>>)]
    came: Option<Vec<String>>,
    #[schema(value_type = Option<Vec<GuestId>>)]
    absent: Option<Vec<String>>,
    #[schema(value_type = Option<Vec<PartyId>>)]
    bodies_came: Option<Vec<String>>,
    #[schema(value_type = Option<Vec<PartyId>>)]
    bodies_absent: Option<Vec<String>>,
    outsiders_came: Option<i64>,
    /// Asked by mistake.
    #[schema(value_type = Option<Vec<GuestId>>)]
    withdrawn: Option<Vec<String>>,
}

/// Writes down who came. Nothing follows for whoever did not.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/attendance", params(("gathering" = GatheringId, Path)),
    request_body = AttendanceToKeep, responses((status = 201, body = Gathering)))]
pub async fn attend(app: App, grant: Grant<ChangeGathering>, told: Told<AttendanceToKeep>) -> Result<Response, Oops> {
    let store = app.store();
    let see = seen(store, &grant)?;
    let AttendanceToKeep { came, absent, bodies_came, bodies_absent, outsiders_came, withdrawn } = told.body;
    let (came, bodies) = (came.unwrap_or_default(), bodies_came.unwrap_or_default());
    let draft = AttendanceDraft {
        listed: came.iter().cloned().chain(absent.unwrap_or_default()).collect(),
        came,
        bodies_listed: bodies.iter().cloned().chain(bodies_absent.unwrap_or_default()).collect(),
        bodies,
        outsiders_came: outsiders_came.map(|number| number.to_string()).unwrap_or_default(),
        withdrawn: withdrawn.unwrap_or_default(),
    };
    guests::attend(store, grant, &draft, told.key).await?;
    Ok(json::created(format!("/api/v1/gatherings/{}", see.id()), read(store, &see).await?))
}

/// What was said. There is no field for a third person.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpinionToRaise {
    #[schema(value_type = Option<CaseId>)]
    case: Option<String>,
    /// One of the family of that person.
    #[schema(value_type = Option<RelativeId>)]
    relative: Option<String>,
    text: Option<String>,
    /// `in_charge`, `officer:ID`, `organisation:ID`, `council`; left out: no answer is owed.
    owes: Option<String>,
    due_on: Option<DayText>,
}

/// Writes down what was said.
#[utoipa::path(post, path = "/api/v1/gatherings/{gathering}/opinions", params(("gathering" = GatheringId, Path)),
    request_body = OpinionToRaise, responses((status = 201, body = Opinion)))]
pub async fn raise(app: App, grant: Grant<ChangeGathering>, told: Told<OpinionToRaise>) -> Result<Response, Oops> {
    let store = app.store();
    let see = seen(store, &grant)?;
    let OpinionToRaise { case, relative, text, owes, due_on } = told.body;
    let who = match (case, relative) {
        (Some(case), Some(relative)) => format!("{case}:{relative}"),
        (Some(case), None) => case,
        (None, None) => String::new(),
        (None, Some(_)) => return Err(Oops::Invalid(Invalid::one("relative", "unknown"))),
    };
    let draft = said::Draft { who, text: json::text(text), owes: json::text(owes), due_on: json::day(due_on) };
    let id = opinions::raise(store, grant, &draft, told.key).await?;
    let see = store.onward::<SeeGathering, SeeOpinion>(&see, id).await?;
    Ok(json::created(format!("/api/v1/opinions/{id}"), Opinion::from(opinions::one(store, &see).await?)))
}

/// Answers that are owed or were given, and hang on no case, soonest due first. Those of a case are its tasks.
#[utoipa::path(get, path = "/api/v1/opinions", params(Paging), responses((status = 200, body = Listed<Opinion>)))]
pub async fn owed(app: App, scope: Scope<ListOpinions>, asked: Asked<Nothing>) -> Result<Json<Listed<Opinion>>, Oops> {
    let store = app.store();
    let page = opinions::owed(store, &scope, Whose::All, None, &asked.page).await?;
    let count = if asked.count { Some(opinions::count(store, &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(Opinion::from), count)))
}

/// One opinion.
#[utoipa::path(get, path = "/api/v1/opinions/{opinion}", params(("opinion" = OpinionId, Path)),
    responses((status = 200, body = Opinion)))]
pub async fn opinion(app: App, grant: Grant<SeeOpinion>) -> Result<Response, Oops> {
    let body = Opinion::from(opinions::one(app.store(), &grant).await?);
    Ok(json::versioned(Some(body.version), body))
}

/// An answer.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerToGive {
    #[schema(value_type = AnswerKind)]
    kind: Option<String>,
    answer: Option<String>,
    on: Option<DayText>,
}

/// Answers, or says that it was said in writing that it is not ours to answer.
#[utoipa::path(post, path = "/api/v1/opinions/{opinion}/answer",
    params(("opinion" = OpinionId, Path), ("If-Match" = String, Header)), request_body = AnswerToGive,
    responses((status = 200, body = Opinion)))]
pub async fn answer(app: App, grant: Grant<AnswerOpinion>, told: Told<AnswerToGive>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), told.need_version()?);
    let see = store.also::<AnswerOpinion, SeeOpinion>(&grant).ok_or(Oops::Unknown)?;
    let AnswerToGive { kind, answer, on } = told.body;
    let draft = said::AnswerDraft {
        kind: json::text(kind),
        answer: json::text(answer),
        on: json::day(on),
        version: String::new(),
    };
    opinions::answer(store, grant, &draft, Some(version), told.key).await?;
    let body = Opinion::from(opinions::one(store, &see).await?);
    Ok(json::versioned(Some(body.version), body))
}

/// A meeting as the page of one person shows it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Attendance {
    gathering: GatheringId,
    kind: GatheringKind,
    on: Day,
    /// It is with her family.
    dialogue: bool,
    cancelled: bool,
    minuted: bool,
    /// `null`: she was not asked herself, or nobody has written down whether she came.
    #[schema(required)]
    came: Option<bool>,
    family_asked: i64,
    family_came: i64,
}

impl From<Attended> for Attendance {
    fn from(row: Attended) -> Attendance {
        Attendance {
            gathering: row.id,
            kind: row.kind,
            on: row.on_day,
            dialogue: row.hers,
            cancelled: row.cancelled_at.is_some(),
            minuted: row.minuted_at.is_some(),
            came: row.came.map(|came| came == 1),
            family_asked: row.family_asked,
            family_came: row.family_came,
        }
    }
}

/// To what a person was asked, and the dialogues with her family, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/gatherings", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Attendance>)))]
pub async fn of_case(
    app: App,
    grant: Grant<SeeAttendance>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Attendance>>, Oops> {
    let store = app.store();
    let see = store.also::<SeeAttendance, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    cases::opened(store, &see, &["gathering"]).await?;
    let rows: Vec<Attendance> = super::of_case(store, &grant).await?.into_iter().map(Attendance::from).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.gathering.to_string())?))
}
