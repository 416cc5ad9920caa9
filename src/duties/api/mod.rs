//! A sentence in the community, for programs.

pub mod absences;

use super::{
    Known, mistakes,
    model::{
        self, AssessmentDraft, BreachDraft, CertificateDraft, CourtDraft, DispatchDraft, MistakeDraft, RoundLine,
        SettlementDraft, ShorteningDraft, TermDraft,
    },
};
use crate::{
    app::App,
    base::{
        ids::{BreachId, CaseId, CertificateId, DutyAssessmentId, FollowUpId, ShorteningId},
        time::{At, Day},
        words::{CertificateHow, DutyResult, Regime, ShorteningState},
    },
    cases,
    documents::{self, api::Document},
    follow_ups::{api::StaffName, serving::dates::Because},
    http::{
        Asked, Json, Listed, Oops, Told,
        json::{self, DayText, Paging},
    },
    policy::{
        Act,
        acts::{
            AssessDuty, CertifyCompletion, ConsiderShortening, IssueDocument, ListDuties, NoteBreach, SeeCase,
            SeeDuties, SetDutyTerm,
        },
        subjects::Case,
    },
    store::{Grant, Scope, Store},
};
use absences::Absence;
use axum::response::Response;

/// From when to when a sentence is served.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DutyTerm {
    from: Day,
    /// As it was pronounced.
    until: Day,
    /// In force: earlier, if it was shortened.
    ends: Day,
}

/// An assessment of how a sentence is served.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DutyAssessment {
    id: DutyAssessmentId,
    /// The first day on which it could be written: it looks back at the time before.
    round_on: Day,
    made_on: Day,
    #[schema(required)]
    sent_on: Option<Day>,
    /// `null`: erased.
    #[schema(required)]
    result: Option<DutyResult>,
    note: String,
    by: String,
}

impl From<model::AssessmentRow> for DutyAssessment {
    fn from(row: model::AssessmentRow) -> DutyAssessment {
        let said = row.said();
        DutyAssessment {
            id: row.id,
            round_on: row.round_on,
            made_on: row.made_on,
            sent_on: row.sent_on,
            result: said.as_ref().map(|said| said.result),
            note: said.map(|said| said.note).unwrap_or_default(),
            by: row.by,
        }
    }
}

/// Something that broke the duties of a sentence.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DutyBreach {
    id: BreachId,
    on: Day,
    what: String,
    wilful: bool,
    paper_no: String,
    measures: String,
    /// By when what was decided is to be done.
    due_on: Day,
    #[schema(required)]
    settled_on: Option<Day>,
    outcome: String,
    by: String,
}

impl From<model::BreachRow> for DutyBreach {
    fn from(row: model::BreachRow) -> DutyBreach {
        let said = row.said();
        let text = |of: fn(&model::Broken) -> &String| said.as_ref().map(|said| of(said).clone()).unwrap_or_default();
        DutyBreach {
            id: row.id,
            on: row.on_day,
            what: text(|said| &said.what),
            wilful: row.is_wilful(),
            paper_no: text(|said| &said.paper_no),
            measures: text(|said| &said.measures),
            due_on: row.due_on,
            settled_on: row.settled_on,
            outcome: text(|said| &said.outcome),
            by: row.by,
        }
    }
}

/// A shortening of a probation: considered, proposed, decided.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DutyShortening {
    id: ShorteningId,
    state: ShorteningState,
    proposed_on: Day,
    #[schema(required)]
    decided_on: Option<Day>,
    /// Proposed, or granted.
    #[schema(required)]
    months: Option<i64>,
    note: String,
    /// Of the court's decision.
    number: String,
    reasons: String,
    by: String,
}

impl From<model::ShorteningRow> for DutyShortening {
    fn from(row: model::ShorteningRow) -> DutyShortening {
        let said = row.said().unwrap_or_default();
        DutyShortening {
            id: row.id,
            state: row.state,
            proposed_on: row.proposed_on,
            decided_on: row.decided_on,
            months: row.months,
            note: said.note,
            number: said.number,
            reasons: said.reasons,
            by: row.by,
        }
    }
}

/// The certificate that a sentence in the community is served.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CompletionCertificate {
    id: CertificateId,
    number: String,
    given_on: Day,
    how: CertificateHow,
    note: String,
    by: String,
}

impl From<model::CertificateRow> for CompletionCertificate {
    fn from(row: model::CertificateRow) -> CompletionCertificate {
        let (number, note) = row.said().map(|said| (said.number, said.note)).unwrap_or_default();
        CompletionCertificate { id: row.id, number, given_on: row.given_on, how: row.how, note, by: row.by }
    }
}

/// A shortening that may be considered: a hint.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ShorteningHint {
    from: Day,
    /// `share`: so much is served; `again`: so long after the last one was granted;
    /// `reconsider`: so long after one that was not proposed or not granted.
    because: &'static str,
    /// Hundredths of a share, months of a wait.
    number: i64,
    /// The probation cannot end before that day; `null`: no rule says so.
    #[schema(required)]
    not_before: Option<Day>,
}

/// How a sentence is served in the community.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CaseDuties {
    /// Of the case; what is changed here asks for it.
    version: i64,
    regime: Regime,
    #[schema(required)]
    term: Option<DutyTerm>,
    /// Rounds that have opened and are not written down.
    open_rounds: Vec<Day>,
    assessments: Vec<DutyAssessment>,
    absences: Vec<Absence>,
    /// Days away that were granted.
    days_away: i64,
    breaches: Vec<DutyBreach>,
    /// Wilful breaches, where they are so many that the court may be asked: a hint, nothing follows from it by itself.
    #[schema(required)]
    court_hint: Option<i64>,
    shortenings: Vec<DutyShortening>,
    #[schema(required)]
    shortening_hint: Option<ShorteningHint>,
    certificates: Vec<CompletionCertificate>,
}

async fn told(store: &Store, grant: &Grant<SeeDuties>) -> Result<CaseDuties, Oops> {
    let see = store.also::<SeeDuties, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &super::papers::PARTS).await?;
    let known = super::of_case(store, grant).await?;
    let (book, today) = (super::book(store).await?, store.today());
    let hint = known.hint().map(|hint| {
        let (because, number) = match hint.because {
            Because::Share(percent) => ("share", percent),
            Because::Again(months) => ("again", months),
            Because::Reconsider(months) => ("reconsider", months),
        };
        ShorteningHint { from: Day(hint.from), because, number, not_before: hint.not_before.map(Day) }
    });
    let open_rounds = known.open_rounds(today).into_iter().map(Day).collect();
    let Known { standing, assessments, absences, breaches, shortenings, certificates } = known;
    Ok(CaseDuties {
        version: case.version,
        regime: standing.regime,
        term: standing.serving.term.map(|term| DutyTerm {
            from: Day(term.from),
            until: Day(term.until),
            ends: Day(term.ends),
        }),
        open_rounds,
        assessments: assessments.into_iter().map(DutyAssessment::from).collect(),
        days_away: model::days_away(&absences),
        absences: absences.into_iter().map(Absence::from).collect(),
        court_hint: model::court_hint(&breaches, book.wilful, standing.regime, standing.juvenile),
        breaches: breaches.into_iter().map(DutyBreach::from).collect(),
        shortenings: shortenings.into_iter().map(DutyShortening::from).collect(),
        shortening_hint: hint,
        certificates: certificates.into_iter().map(CompletionCertificate::from).collect(),
    })
}

fn see<A: Act<On = Case>>(store: &Store, grant: &Grant<A>) -> Result<Grant<SeeDuties>, Oops> {
    store.also::<A, SeeDuties>(grant).ok_or(Oops::Unknown)
}

async fn changed(store: &Store, see: &Grant<SeeDuties>) -> Result<Response, Oops> {
    let body = told(store, see).await?;
    Ok(json::versioned(Some(body.version), body))
}

async fn made(store: &Store, see: &Grant<SeeDuties>) -> Result<Response, Oops> {
    let body = told(store, see).await?;
    Ok(json::created(format!("/api/v1/cases/{}/duties", see.id()), body))
}

/// How a sentence is served. 422 `no_duties` where the person has served it or was amnestied.
#[utoipa::path(get, path = "/api/v1/cases/{case}/duties", params(("case" = CaseId, Path)), responses((status = 200, body = CaseDuties)))]
pub async fn of_case(app: App, grant: Grant<SeeDuties>) -> Result<Response, Oops> {
    changed(app.store(), &grant).await
}

/// From when to when, as it was pronounced.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyTermToSet {
    from_on: Option<DayText>,
    until_on: Option<DayText>,
}

/// Writes down from when to when a sentence is served, or puts it right.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/term",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutyTermToSet,
    responses((status = 200, body = CaseDuties)))]
pub async fn set_term(app: App, grant: Grant<SetDutyTerm>, body: Told<DutyTermToSet>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    let DutyTermToSet { from_on, until_on } = body.body;
    let draft = TermDraft { from_on: json::day(from_on), until_on: json::day(until_on), version: String::new() };
    super::set_term(store, grant, &draft, Some(version)).await?;
    changed(store, &see).await
}

/// An assessment to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyAssessmentToMake {
    /// One of the open rounds.
    round_on: Option<DayText>,
    /// Today unless told.
    made_on: Option<DayText>,
    #[schema(value_type = DutyResult)]
    result: Option<String>,
    note: Option<String>,
    sent_on: Option<DayText>,
    /// The one that is put right, with `If-Match`.
    assessment: Option<DutyAssessmentId>,
}

/// Writes down the assessment of a round, or puts one right.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/assessments", params(("case" = CaseId, Path)),
    request_body = DutyAssessmentToMake, responses((status = 201, body = CaseDuties)))]
pub async fn assess(app: App, grant: Grant<AssessDuty>, body: Told<DutyAssessmentToMake>) -> Result<Response, Oops> {
    let store = app.store();
    let see = see(store, &grant)?;
    let version = if body.body.assessment.is_some() { Some(body.need_version()?) } else { body.version };
    let DutyAssessmentToMake { round_on, made_on, result, note, sent_on, assessment } = body.body;
    let draft = AssessmentDraft {
        assessment: assessment.map(|id| id.to_string()).unwrap_or_default(),
        round_on: json::day(round_on),
        made_on: json::day(made_on),
        result: json::text(result),
        note: json::text(note),
        sent_on: json::day(sent_on),
        version: String::new(),
    };
    super::assess(store, grant, &draft, version, body.key).await?;
    made(store, &see).await
}

/// Of which round the sheet is to be issued.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutySheetToIssue {
    /// Empty: the newest that is written down.
    round_on: Option<DayText>,
}

/// Issues the sheet of a round as a paper of the office.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/document", params(("case" = CaseId, Path)),
    request_body = DutySheetToIssue, responses((status = 201, body = Document)))]
pub async fn issue(app: App, grant: Grant<IssueDocument>, told: Told<DutySheetToIssue>) -> Result<Response, Oops> {
    let store = app.store();
    let again = store.also::<IssueDocument, IssueDocument>(&grant).ok_or(Oops::Unknown)?;
    let id = super::papers::issue(store, grant, &json::day(told.body.round_on), told.key).await?;
    documents::api::issued(store, &again, id).await
}

/// Which assessment was sent up.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyDispatch {
    assessment: Option<DutyAssessmentId>,
    /// Today unless told.
    sent_on: Option<DayText>,
}

/// Writes down that an assessment was sent up.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/dispatch",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutyDispatch,
    responses((status = 200, body = CaseDuties)))]
pub async fn send_up(app: App, grant: Grant<AssessDuty>, body: Told<DutyDispatch>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    let DutyDispatch { assessment, sent_on } = body.body;
    let draft = DispatchDraft {
        assessment: assessment.map(|id| id.to_string()).unwrap_or_default(),
        sent_on: json::day(sent_on),
        version: String::new(),
    };
    super::send_up(store, grant, &draft, Some(version)).await?;
    changed(store, &see).await
}

/// A breach to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyBreachToNote {
    on: Option<DayText>,
    what: Option<String>,
    wilful: Option<bool>,
    paper_no: Option<String>,
    measures: Option<String>,
    due_on: Option<DayText>,
}

/// Writes down a breach, and what is to be done about it by when.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/breaches", params(("case" = CaseId, Path)),
    request_body = DutyBreachToNote, responses((status = 201, body = CaseDuties)))]
pub async fn note_breach(app: App, grant: Grant<NoteBreach>, body: Told<DutyBreachToNote>) -> Result<Response, Oops> {
    let store = app.store();
    let see = see(store, &grant)?;
    let DutyBreachToNote { on, what, wilful, paper_no, measures, due_on } = body.body;
    let draft = BreachDraft {
        on: json::day(on),
        what: json::text(what),
        wilful: json::yes(wilful),
        paper_no: json::text(paper_no),
        measures: json::text(measures),
        due_on: json::day(due_on),
    };
    super::note_breach(store, grant, &draft, body.key).await?;
    made(store, &see).await
}

/// What came of a breach.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutySettlement {
    breach: Option<BreachId>,
    /// Today unless told.
    on: Option<DayText>,
    outcome: Option<String>,
}

/// Writes down what came of a breach.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/settlement",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutySettlement,
    responses((status = 200, body = CaseDuties)))]
pub async fn settle_breach(app: App, grant: Grant<NoteBreach>, body: Told<DutySettlement>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    let DutySettlement { breach, on, outcome } = body.body;
    let draft = SettlementDraft {
        breach: breach.map(|id| id.to_string()).unwrap_or_default(),
        on: json::day(on),
        outcome: json::text(outcome),
        version: String::new(),
    };
    super::settle_breach(store, grant, &draft, Some(version)).await?;
    changed(store, &see).await
}

/// What was written down by mistake, and why it goes.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyMistake {
    /// Its id.
    row: Option<uuid::Uuid>,
    reason: Option<String>,
}

impl DutyMistake {
    fn draft(self) -> MistakeDraft {
        let DutyMistake { row, reason } = self;
        MistakeDraft {
            row: row.map(|id| id.to_string()).unwrap_or_default(),
            reason: json::text(reason),
            version: String::new(),
        }
    }
}

/// Takes out a breach that was written down by mistake; the history keeps it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/breaches/withdrawal",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutyMistake,
    responses((status = 200, body = CaseDuties)))]
pub async fn drop_breach(app: App, grant: Grant<NoteBreach>, body: Told<DutyMistake>) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    mistakes::breach(store, grant, &body.body.draft(), Some(version)).await?;
    changed(store, &see).await
}

/// Takes out a shortening that was written down by mistake; the history keeps it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/shortenings/withdrawal",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutyMistake,
    responses((status = 200, body = CaseDuties)))]
pub async fn drop_shortening(
    app: App,
    grant: Grant<ConsiderShortening>,
    body: Told<DutyMistake>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    mistakes::shortening(store, grant, &body.body.draft(), Some(version)).await?;
    changed(store, &see).await
}

/// Takes out a certificate that was written down by mistake; the history keeps it.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/certificates/withdrawal",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = DutyMistake,
    responses((status = 200, body = CaseDuties)))]
pub async fn drop_certificate(
    app: App,
    grant: Grant<CertifyCompletion>,
    body: Told<DutyMistake>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    mistakes::certificate(store, grant, &body.body.draft(), Some(version)).await?;
    changed(store, &see).await
}

/// That a shortening was considered.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShorteningToConsider {
    /// `proposed`, `not_proposed`.
    state: Option<String>,
    /// Today unless told.
    on: Option<DayText>,
    months: Option<i64>,
    note: Option<String>,
    /// Needed where it goes beyond the rules.
    over_reason: Option<String>,
}

/// Writes down that a shortening is proposed, or why it is not.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/shortenings", params(("case" = CaseId, Path)),
    request_body = ShorteningToConsider, responses((status = 201, body = CaseDuties)))]
pub async fn consider(
    app: App,
    grant: Grant<ConsiderShortening>,
    body: Told<ShorteningToConsider>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = see(store, &grant)?;
    let ShorteningToConsider { state, on, months, note, over_reason } = body.body;
    let draft = ShorteningDraft {
        state: json::text(state),
        on: json::day(on),
        months: months.map(|months| months.to_string()).unwrap_or_default(),
        note: json::text(note),
        over_reason: json::text(over_reason),
    };
    super::consider(store, grant, &draft, body.key).await?;
    made(store, &see).await
}

/// What the court decided on a shortening.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShorteningDecision {
    shortening: Option<ShorteningId>,
    /// `granted`, `refused`.
    verdict: Option<String>,
    number: Option<String>,
    on: Option<DayText>,
    months: Option<i64>,
    reasons: Option<String>,
    /// Needed where it goes beyond the rules and the proposal did not say why.
    over_reason: Option<String>,
}

/// Writes down what the court decided; what is granted moves the end.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/decision",
    params(("case" = CaseId, Path), ("If-Match" = String, Header)), request_body = ShorteningDecision,
    responses((status = 200, body = CaseDuties)))]
pub async fn decide(
    app: App,
    grant: Grant<ConsiderShortening>,
    body: Told<ShorteningDecision>,
) -> Result<Response, Oops> {
    let (store, version) = (app.store(), body.need_version()?);
    let see = see(store, &grant)?;
    let ShorteningDecision { shortening, verdict, number, on, months, reasons, over_reason } = body.body;
    let draft = CourtDraft {
        shortening: shortening.map(|id| id.to_string()).unwrap_or_default(),
        verdict: json::text(verdict),
        number: json::text(number),
        on: json::day(on),
        months: months.map(|months| months.to_string()).unwrap_or_default(),
        reasons: json::text(reasons),
        over_reason: json::text(over_reason),
        version: String::new(),
    };
    super::decide(store, grant, &draft, Some(version)).await?;
    changed(store, &see).await
}

/// A certificate to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateToNote {
    number: Option<String>,
    /// Today unless told.
    given_on: Option<DayText>,
    #[schema(value_type = CertificateHow)]
    how: Option<String>,
    note: Option<String>,
}

/// Writes down how the certificate of completion reached the person.
#[utoipa::path(post, path = "/api/v1/cases/{case}/duties/certificates", params(("case" = CaseId, Path)),
    request_body = CertificateToNote, responses((status = 201, body = CaseDuties)))]
pub async fn certify(
    app: App,
    grant: Grant<CertifyCompletion>,
    body: Told<CertificateToNote>,
) -> Result<Response, Oops> {
    let store = app.store();
    let see = see(store, &grant)?;
    let CertificateToNote { number, given_on, how, note } = body.body;
    let draft = CertificateDraft {
        number: json::text(number),
        given_on: json::day(given_on),
        how: json::text(how),
        note: json::text(note),
    };
    super::certify(store, grant, &draft, body.key).await?;
    made(store, &see).await
}

/// One assessment of a month.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DutyLine {
    id: FollowUpId,
    case_id: CaseId,
    code: String,
    name: String,
    #[schema(required)]
    hamlet: Option<String>,
    regime: Regime,
    round_on: Day,
    due_on: Day,
    #[schema(required)]
    done_at: Option<At>,
    #[schema(required)]
    made_on: Option<Day>,
    #[schema(required)]
    sent_on: Option<Day>,
    #[schema(required)]
    officer: Option<StaffName>,
}

impl From<RoundLine> for DutyLine {
    fn from(line: RoundLine) -> DutyLine {
        DutyLine {
            id: line.id,
            case_id: line.case_id,
            code: line.code,
            name: line.name,
            hamlet: line.hamlet,
            regime: line.regime,
            round_on: line.base_on,
            due_on: line.due_on,
            done_at: line.done_at,
            made_on: line.made_on,
            sent_on: line.sent_on,
            officer: StaffName::of(line.officer_id, line.officer),
        }
    }
}

/// Which assessments.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhichDuties {
    /// Any day of the month; today unless told.
    month: Option<Day>,
    /// Only those that are open, or only those that are done.
    open: Option<bool>,
}

/// The assessments of a month that I may see: who is done, who is open.
#[utoipa::path(get, path = "/api/v1/duties", params(Paging, WhichDuties), responses((status = 200, body = Listed<DutyLine>)))]
pub async fn month(
    app: App,
    scope: Scope<ListDuties>,
    asked: Asked<WhichDuties>,
) -> Result<Json<Listed<DutyLine>>, Oops> {
    let store = app.store();
    let round = asked.query.month.map_or_else(|| store.today(), |day| day.0).first_of_month();
    let page = super::round(store, &scope, round, asked.query.open, &asked.page).await?;
    let count = match (asked.count, asked.query.open) {
        (false, _) => None,
        (true, open) => {
            let sum = super::round_sum(store, &scope, round).await?;
            Some(match open {
                Some(true) => sum.asked - sum.done,
                Some(false) => sum.done,
                None => sum.asked,
            })
        }
    };
    Ok(Json(Listed::of(page.map(DutyLine::from), count)))
}
