//! The page of a sentence in the community, the sheet to print, and what is answered on the page itself.

pub mod forms;
pub mod lists;

use super::{
    Book, Known, mistakes,
    model::{self, AbsenceRow, AssessmentRow, CourtDraft, DispatchDraft, MistakeDraft, SettlementDraft},
    papers::{self, PARTS},
};
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{FollowUpKind, Regime, ShorteningState},
    },
    cases::{self, model::CaseRow},
    follow_ups::{
        self,
        model::FollowUpRow,
        serving::{self, dates::Because},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Act,
        acts::{AssessDuty, CertifyCompletion, ConsiderShortening, IssueDocument, NoteBreach, SeeCase, SeeDuties},
        subjects::Case,
    },
    store::Grant,
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "duties/show.html")]
pub struct ShowPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    known: Known,
    book: Book,
    /// What is asked for now, each with why.
    due: Vec<(FollowUpRow, String)>,
    /// Something may be written down: the case is live and carries duties.
    may: bool,
}

impl ShowPage {
    fn what(&self, row: &FollowUpRow) -> String {
        serving::what(self.page.language(), row.kind, &row.rule, row.base_on.0)
            .unwrap_or_else(|| self.page.say(row.kind.key()))
    }

    /// Where it is written down.
    fn place(&self, row: &FollowUpRow) -> Option<String> {
        let form = |form: &str| Some(format!("/cases/{}/duties/{form}", self.case.id));
        match row.kind {
            FollowUpKind::DutyAssessment if row.base_on.0 > self.page.today() => None,
            FollowUpKind::DutyAssessment => form(&format!("assessments?round={}", row.base_on)),
            FollowUpKind::AbsenceDecision | FollowUpKind::AbsenceReturn => {
                let of = |one: &&AbsenceRow| one.task_id == Some(row.id) || one.return_task_id == Some(row.id);
                self.known.absences.iter().find(of).map(|one| format!("/absences/{}", one.id))
            }
            FollowUpKind::Breach => Some("#breaches".to_owned()),
            FollowUpKind::Shortening => form("shortenings"),
            FollowUpKind::Completion => form("certificates"),
            _ => None,
        }
    }

    /// The time that an assessment looks back at.
    fn period(&self, row: &AssessmentRow) -> String {
        let rule = self.known.standing.rhythm.map_or("duty_monthly", |rhythm| rhythm.rule);
        serving::period(self.page.language(), rule, row.round_on.0)
    }

    fn days_away(&self) -> i64 {
        model::days_away(&self.known.absences)
    }

    fn wilful(&self) -> i64 {
        let wilful = self.known.breaches.iter().filter(|row| row.is_wilful()).count();
        i64::try_from(wilful).unwrap_or(i64::MAX)
    }

    fn breaches(&self) -> i64 {
        i64::try_from(self.known.breaches.len()).unwrap_or(i64::MAX)
    }

    /// What so many wilful breaches may lead to, with its ground: a hint, and nothing follows from it by itself.
    fn court(&self) -> Option<String> {
        let standing = &self.known.standing;
        let wilful = model::court_hint(&self.known.breaches, self.book.wilful, standing.regime, standing.juvenile)?;
        Some(
            self.page
                .language()
                .with("duties-court-hint", &[("n", wilful.into()), ("basis", self.basis("wilful_breaches").into())]),
        )
    }

    fn basis(&self, word: &str) -> String {
        match self.book.basis(word) {
            "" => self.page.say("follow-ups-why-office"),
            basis => basis.to_owned(),
        }
    }

    /// From when a shortening may be considered, and why.
    fn shortening(&self) -> Option<String> {
        let hint = self.known.hint()?;
        let rule = if self.known.standing.regime == Regime::SuspendedSentence {
            "shorten_suspended"
        } else {
            "shorten_release"
        };
        let (key, n, rule) = match hint.because {
            Because::Share(percent) => ("duties-hint-share", percent, rule),
            Because::Again(months) => ("duties-hint-again", months, "shorten_again"),
            Because::Reconsider(months) => ("duties-hint-reconsider", months, "shorten_reconsider"),
        };
        let values = [("x", text::show_day(hint.from).into()), ("n", n.into()), ("basis", self.basis(rule).into())];
        Some(self.page.language().with(key, &values))
    }

    /// The day before which the probation cannot end, where a rule says so.
    fn not_before(&self) -> Option<String> {
        let hint = self.known.hint()?;
        let values = [
            ("x", text::show_day(hint.not_before?).into()),
            ("least", self.book.months.0.into()),
            ("most", self.book.months.1.into()),
            ("basis", self.basis("shorten_serve").into()),
        ];
        Some(self.page.language().with("duties-hint-serve", &values))
    }

    fn may_shorten(&self) -> bool {
        let regime = self.known.standing.regime;
        self.may && matches!(regime, Regime::SuspendedSentence | Regime::ConditionalRelease)
    }

    fn is_proposed(&self, state: &ShorteningState) -> bool {
        self.may && *state == ShorteningState::Proposed
    }

    fn may_certify(&self) -> bool {
        self.may && self.known.standing.regime != Regime::Postponed
    }
}

pub(super) fn see<A: Act<On = Case>>(app: &App, grant: &Grant<A>) -> Result<Grant<SeeDuties>, Oops> {
    app.store().also::<A, SeeDuties>(grant).ok_or(Oops::Unknown)
}

/// How a sentence is served, what is asked for now and what was written down. A case that carries no duties has no such page.
pub async fn show(app: App, at: At, grant: Grant<SeeDuties>) -> Result<Html<ShowPage>, Oops> {
    render(&app, &at, &grant, Typed::with(&[])).await.map(Html)
}

async fn render(app: &App, at: &At, grant: &Grant<SeeDuties>, typed: Typed) -> Result<ShowPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeDuties, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &PARTS).await?;
    let known = super::of_case(store, grant).await?;
    let (book, rules) = (super::book(store).await?, follow_ups::rulebook(store).await?);
    let page = Page::of(app, grant.actor(), at);
    let told = |row: FollowUpRow| {
        let why = follow_ups::why(&rules, page.language(), &row);
        (row, why)
    };
    let due = follow_ups::of_case(store, &see).await?.into_iter().filter(|row| row.kind.is_duty()).map(told).collect();
    let may = case.is_live() && known.standing.regime.carries_duties() && store.may::<SeeDuties, AssessDuty>(grant);
    Ok(ShowPage { page, typed, case, known, book, due, may })
}

/// Back to the page with a word of thanks, or the page again with what was refused.
pub(super) async fn answered(
    app: &App,
    at: &At,
    see: &Grant<SeeDuties>,
    typed: Typed,
    done: Result<&'static str, Refused>,
) -> Result<Response, Oops> {
    match done {
        Ok(thanks) => Ok(go(&format!("/cases/{}/duties", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(app, at, see, typed).await?)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) fn version(typed: &str) -> Result<i64, Oops> {
    typed.parse().map_err(|_| Oops::NoVersion)
}

pub async fn send_up(app: App, at: At, grant: Grant<AssessDuty>, sent: Sent<DispatchDraft>) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done = super::send_up(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "assessment-sent");
    answered(&app, &at, &see, sent.typed, done).await
}

pub async fn settle_breach(
    app: App,
    at: At,
    grant: Grant<NoteBreach>,
    sent: Sent<SettlementDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done = super::settle_breach(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "breach-settled");
    answered(&app, &at, &see, sent.typed, done).await
}

pub async fn decide(
    app: App,
    at: At,
    grant: Grant<ConsiderShortening>,
    sent: Sent<CourtDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done = super::decide(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "shortening-decided");
    answered(&app, &at, &see, sent.typed, done).await
}

pub async fn drop_breach(
    app: App,
    at: At,
    grant: Grant<NoteBreach>,
    sent: Sent<MistakeDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done = mistakes::breach(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "breach-taken-out");
    answered(&app, &at, &see, sent.typed, done).await
}

pub async fn drop_shortening(
    app: App,
    at: At,
    grant: Grant<ConsiderShortening>,
    sent: Sent<MistakeDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done = mistakes::shortening(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "shortening-taken-out");
    answered(&app, &at, &see, sent.typed, done).await
}

pub async fn drop_certificate(
    app: App,
    at: At,
    grant: Grant<CertifyCompletion>,
    sent: Sent<MistakeDraft>,
) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let done =
        mistakes::certificate(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "certificate-taken-out");
    answered(&app, &at, &see, sent.typed, done).await
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct RoundQuery {
    pub round: String,
    pub assessment: String,
}

impl RoundQuery {
    pub fn round(&self) -> Option<Date> {
        self.round.parse().ok()
    }
}

#[derive(Template)]
#[template(path = "duties/sheet.html")]
pub struct SheetPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    known: Known,
    round: Date,
    period: String,
    from: Date,
    until: Date,
    /// What was written down of the round; `None`: the sheet is filled in by hand.
    row: Option<AssessmentRow>,
    may_issue: bool,
}

impl SheetPage {
    fn regime(&self) -> String {
        self.page.say(self.known.standing.regime.key())
    }

    fn absences(&self) -> Vec<&AbsenceRow> {
        self.known.absences_within(self.from, self.until)
    }

    fn breaches(&self) -> Vec<&model::BreachRow> {
        self.known.breaches_within(self.from, self.until)
    }
}

/// The sheet of one round, to print and sign; of a round that is not written down a sheet to fill in.
pub async fn sheet(
    app: App,
    at: At,
    grant: Grant<SeeDuties>,
    Query(query): Query<RoundQuery>,
) -> Result<Html<SheetPage>, Oops> {
    let store = app.store();
    let see = store.also::<SeeDuties, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &PARTS).await?;
    let known = super::of_case(store, &grant).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let (rhythm, round) = known.round(query.round(), page.today());
    let (from, until) = rhythm.looks_at(round);
    let period = serving::period(page.language(), rhythm.rule, round);
    let row = known.assessments.iter().find(|row| row.round_on.0 == round).cloned();
    let may_issue = known.has_round(round, page.today()) && store.may::<SeeDuties, IssueDocument>(&grant);
    Ok(Html(SheetPage { page, typed: Typed::with(&[]), case, known, round, period, from, until, row, may_issue }))
}

/// Issues the sheet as a paper of the office.
pub async fn issue(app: App, grant: Grant<IssueDocument>, sent: Sent<RoundQuery>) -> Result<Response, Oops> {
    let id = papers::issue(app.store(), grant, &sent.draft.round, sent.key).await?;
    Ok(go(&format!("/documents/{id}"), "document-issued").into_response())
}
