//! The forms of a sentence in the community, each a page of its own.

use super::{PARTS, RoundQuery, see, version};
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{AbsenceProposal, CertificateHow, DutyResult, ShorteningState},
    },
    cases::{self, model::CaseRow},
    duties::{
        self, Known, absences,
        model::{AbsenceDraft, AssessmentDraft, BreachDraft, CertificateDraft, ShorteningDraft, TermDraft},
    },
    follow_ups::serving,
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Act,
        acts::{
            AskAbsence, AssessDuty, CertifyCompletion, ConsiderShortening, NoteBreach, SeeCase, SeeDuties, SetDutyTerm,
        },
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

/// Which form it is: its word stands in its address and in its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Term,
    Assessment,
    Absence,
    Breach,
    Shortening,
    Certificate,
}

#[derive(Template)]
#[template(path = "duties/form.html")]
struct FormPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    form: Form,
    known: Known,
    /// The rounds that can be written down: day and period.
    rounds: Vec<(String, String)>,
    results: Vec<(&'static str, String)>,
    proposals: Vec<(&'static str, String)>,
    states: Vec<(&'static str, String)>,
    hows: Vec<(&'static str, String)>,
    /// Asked for only where the office's own bounds are passed.
    over: bool,
}

impl FormPage {
    fn title(&self) -> String {
        self.page.say(match self.form {
            Form::Term => "duties-term",
            Form::Assessment => "duties-assess",
            Form::Absence => "duties-ask",
            Form::Breach => "duties-note-breach",
            Form::Shortening => "duties-consider",
            Form::Certificate => "duties-certify",
        })
    }

    fn place(&self) -> &'static str {
        match self.form {
            Form::Term => "term",
            Form::Assessment => "assessments",
            Form::Absence => "absences",
            Form::Breach => "breaches",
            Form::Shortening => "shortenings",
            Form::Certificate => "certificates",
        }
    }

    fn is(&self, place: &str) -> bool {
        self.place() == place
    }
}

async fn page(app: &App, at: &At, grant: &Grant<SeeDuties>, form: Form, typed: Typed) -> Result<FormPage, Oops> {
    let store = app.store();
    let see = store.also::<SeeDuties, SeeCase>(grant).ok_or(Oops::Unknown)?;
    let case = cases::brief(store, &see, &PARTS).await?;
    let known = duties::of_case(store, grant).await?;
    if !known.standing.regime.carries_duties() {
        return Err(crate::base::refusal::Invalid::one("", "no_duties").into());
    }
    let page = Page::of(app, grant.actor(), at);
    let rule = known.standing.rhythm.map_or("duty_monthly", |rhythm| rhythm.rule);
    let mut rounds: Vec<(String, String)> = known
        .open_rounds(page.today())
        .into_iter()
        .map(|round| (round.to_string(), serving::period(page.language(), rule, round)))
        .collect();
    // One that is put right is written down already.
    if !typed.get("assessment").is_empty()
        && let Ok(round) = typed.get("round_on").parse()
    {
        rounds = vec![(typed.get("round_on").to_owned(), serving::period(page.language(), rule, round))];
    }
    let states = [ShorteningState::Proposed, ShorteningState::NotProposed];
    let over = typed.has_fault("over_reason") || !typed.get("over_reason").is_empty();
    Ok(FormPage {
        results: DutyResult::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
        proposals: AbsenceProposal::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
        states: states.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
        hows: CertificateHow::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
        page,
        typed,
        case,
        form,
        known,
        rounds,
        over,
    })
}

async fn empty<A: Act<On = Case>>(app: &App, at: &At, grant: &Grant<A>, form: Form) -> Result<Response, Oops> {
    let see = see(app, grant)?;
    Ok(Html(page(app, at, &see, form, Typed::with(&[])).await?).into_response())
}

/// Back to the page of the case with a word of thanks, or the form again with what was typed.
async fn done(
    app: &App,
    at: &At,
    see: &Grant<SeeDuties>,
    form: Form,
    typed: Typed,
    done: Result<&'static str, Refused>,
) -> Result<Response, Oops> {
    match done {
        Ok(thanks) => Ok(go(&format!("/cases/{}/duties", see.id()), thanks).into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let body = page(app, at, see, form, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

pub async fn term(app: App, at: At, grant: Grant<SetDutyTerm>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let mut body = page(&app, &at, &see, Form::Term, Typed::with(&[])).await?;
    if let Some(term) = body.known.standing.serving.term {
        let days = [("from_on", text::show_day(term.from)), ("until_on", text::show_day(term.until))];
        body.typed = Typed::with(&days);
    }
    Ok(Html(body).into_response())
}

pub async fn set_term(app: App, at: At, grant: Grant<SetDutyTerm>, sent: Sent<TermDraft>) -> Result<Response, Oops> {
    let (see, read) = (see(&app, &grant)?, version(&sent.draft.version)?);
    let set = duties::set_term(app.store(), grant, &sent.draft, Some(read)).await.map(|()| "duty-term-set");
    done(&app, &at, &see, Form::Term, sent.typed, set).await
}

/// A round to write down, or an assessment to put right.
pub async fn assessment(
    app: App,
    at: At,
    grant: Grant<AssessDuty>,
    Query(query): Query<RoundQuery>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let mut typed = Typed::with(&[("round_on", query.round.clone())]);
    if !query.assessment.is_empty() {
        let known = duties::of_case(app.store(), &see).await?;
        let row = known.assessments.iter().find(|row| row.id.to_string() == query.assessment);
        let row = row.ok_or(Oops::Unknown)?;
        let said = row.said();
        let (result, note) = said.map(|said| (said.result.to_string(), said.note)).unwrap_or_default();
        typed = Typed::with(&[
            ("assessment", row.id.to_string()),
            ("round_on", row.round_on.to_string()),
            ("made_on", text::show_day(row.made_on.0)),
            ("sent_on", row.sent_on.map(|on| text::show_day(on.0)).unwrap_or_default()),
            ("result", result),
            ("note", note),
        ]);
    }
    Ok(Html(page(&app, &at, &see, Form::Assessment, typed).await?).into_response())
}

pub async fn assess(app: App, at: At, grant: Grant<AssessDuty>, sent: Sent<AssessmentDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    // Whoever puts one right says what she has read; a further one is kept apart by its round.
    let read = match sent.draft.assessment.trim() {
        "" => None,
        _ => Some(version(&sent.draft.version)?),
    };
    let made = duties::assess(app.store(), grant, &sent.draft, read, sent.key).await.map(|_id| "assessment-made");
    done(&app, &at, &see, Form::Assessment, sent.typed, made).await
}

pub async fn absence(app: App, at: At, grant: Grant<AskAbsence>) -> Result<Response, Oops> {
    empty(&app, &at, &grant, Form::Absence).await
}

pub async fn ask(app: App, at: At, grant: Grant<AskAbsence>, sent: Sent<AbsenceDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let asked = absences::ask(app.store(), grant, &sent.draft, sent.key).await.map(|_id| "absence-asked");
    done(&app, &at, &see, Form::Absence, sent.typed, asked).await
}

pub async fn breach(app: App, at: At, grant: Grant<NoteBreach>) -> Result<Response, Oops> {
    empty(&app, &at, &grant, Form::Breach).await
}

pub async fn note_breach(
    app: App,
    at: At,
    grant: Grant<NoteBreach>,
    sent: Sent<BreachDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let noted = duties::note_breach(app.store(), grant, &sent.draft, sent.key).await.map(|_id| "breach-noted");
    done(&app, &at, &see, Form::Breach, sent.typed, noted).await
}

pub async fn shortening(app: App, at: At, grant: Grant<ConsiderShortening>) -> Result<Response, Oops> {
    empty(&app, &at, &grant, Form::Shortening).await
}

pub async fn consider(
    app: App,
    at: At,
    grant: Grant<ConsiderShortening>,
    sent: Sent<ShorteningDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let made = duties::consider(app.store(), grant, &sent.draft, sent.key).await.map(|_id| "shortening-considered");
    done(&app, &at, &see, Form::Shortening, sent.typed, made).await
}

pub async fn certificate(app: App, at: At, grant: Grant<CertifyCompletion>) -> Result<Response, Oops> {
    empty(&app, &at, &grant, Form::Certificate).await
}

pub async fn certify(
    app: App,
    at: At,
    grant: Grant<CertifyCompletion>,
    sent: Sent<CertificateDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let made = duties::certify(app.store(), grant, &sent.draft, sent.key).await.map(|_id| "completion-certified");
    done(&app, &at, &see, Form::Certificate, sent.typed, made).await
}
