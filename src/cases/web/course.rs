//! Pages of the way of a case: opened again, going on as another, a further case for somebody who was here; and what was put
//! right, with the legal part as its own form.

use super::{NewPage, officers};
use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    app::{App, Refused},
    base::words::{self, IdentityKind, Regime},
    cases::{
        self, history,
        model::{CaseRow, ContinuationDraft, CorrectionRow, CourseRow, Draft, PapersDraft, ReopeningDraft},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Act,
        acts::{ContinueCase, EditParts, ListCases, OpenAgain, ReopenCase, SeeCase, SeeHistory},
        subjects::Case,
    },
    store::{Fault, Grant},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

fn see<A: Act<On = Case>>(app: &App, grant: &Grant<A>) -> Result<Grant<SeeCase>, Oops> {
    app.store().also::<A, SeeCase>(grant).ok_or(Oops::Unknown)
}

fn again<T: Template>(body: T) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response()
}

#[derive(Template)]
#[template(path = "cases/reopening.html")]
pub struct ReopeningPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
}

impl ReopeningPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<ReopeningPage, Oops> {
        let case = history::with_legal(app.store(), see).await?;
        Ok(ReopeningPage { page: Page::of(app, see.actor(), at), typed, case })
    }
}

pub async fn reopening(app: App, at: At, grant: Grant<ReopenCase>) -> Result<Html<ReopeningPage>, Oops> {
    Ok(Html(ReopeningPage::of(&app, &at, &see(&app, &grant)?, Typed::with(&[])).await?))
}

pub async fn reopen(app: App, at: At, grant: Grant<ReopenCase>, sent: Sent<ReopeningDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::reopen(app.store(), grant, &sent.draft, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-reopened").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(ReopeningPage::of(&app, &at, &see, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/continuation.html")]
pub struct ContinuationPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
}

impl ContinuationPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<ContinuationPage, Oops> {
        let case = history::with_legal(app.store(), see).await?;
        Ok(ContinuationPage { page: Page::of(app, see.actor(), at), typed, case })
    }

    /// What the case goes on as, if as anything.
    fn next(&self) -> Option<Regime> {
        self.case.regime.and_then(Regime::goes_on_as).filter(|_| self.case.is_live())
    }
}

pub async fn continuation(app: App, at: At, grant: Grant<ContinueCase>) -> Result<Html<ContinuationPage>, Oops> {
    Ok(Html(ContinuationPage::of(&app, &at, &see(&app, &grant)?, Typed::with(&[])).await?))
}

pub async fn go_on(
    app: App,
    at: At,
    grant: Grant<ContinueCase>,
    sent: Sent<ContinuationDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::go_on(app.store(), grant, &sent.draft, None, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-went-on").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(ContinuationPage::of(&app, &at, &see, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

/// The form of a new case with the person as she is known.
async fn again_form(app: &App, at: &At, see: &Grant<SeeCase>, typed: Option<Typed>) -> Result<NewPage, Oops> {
    let case = cases::brief(app.store(), see, &[]).await?;
    let typed = typed.unwrap_or_else(|| {
        let standing = [
            ("phone", case.phone.told().unwrap_or_default()),
            ("phone_of", case.phone_of.told()),
            ("address", case.address.told()),
            ("wishes", case.wishes.told()),
            ("visit_safely", case.visit_safely.told()),
            ("hamlet", case.hamlet.clone().unwrap_or_default()),
        ];
        Typed::with(&standing)
    });
    let officers = officers(app, see.actor()).await?;
    let page = Page::of(app, see.actor(), at);
    Ok(NewPage::with(page, typed, case.area_code.clone(), case.area.clone(), officers, Some(case)))
}

pub async fn new_course(app: App, at: At, grant: Grant<OpenAgain>) -> Result<Html<NewPage>, Oops> {
    Ok(Html(again_form(&app, &at, &see(&app, &grant)?, None).await?))
}

/// Takes the form. Refused: the form again, with everything that was typed.
pub async fn open_again(app: App, at: At, grant: Grant<OpenAgain>, sent: Sent<Draft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::open_again(app.store(), grant, &sent.draft, sent.key).await {
        Ok(case) => {
            // A case that was opened for a colleague is not the opener's to see.
            let hers = app.store().permit::<SeeCase>(&Arc::new(see.actor().clone()), case).await.is_ok();
            let to = if hers { format!("/cases/{case}") } else { "/cases".to_owned() };
            Ok(go(&to, "case-opened").into_response())
        }
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(again_form(&app, &at, &see, Some(typed)).await?))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/papers.html")]
pub struct PapersPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    regimes: Vec<(&'static str, String)>,
    version: i64,
    stale: bool,
}

impl PapersPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Option<Typed>) -> Result<PapersPage, Oops> {
        let case = history::with_legal(app.store(), see).await?;
        let page = Page::of(app, see.actor(), at);
        let now = case.papers();
        let typed = typed.unwrap_or_else(|| {
            Typed::with(&[
                ("regime", now.regime),
                ("juvenile", now.juvenile),
                ("source", now.source),
                ("certificate_no", now.certificate_no),
                ("certificate_on", now.certificate_on),
                ("released_on", now.released_on),
                ("noticed_on", now.noticed_on),
                ("present_by_on", now.present_by_on),
                ("received_on", now.received_on),
                ("moved_in_on", now.moved_in_on),
                ("moved_from", now.moved_from),
            ])
        });
        let regimes = Regime::opened().map(|regime| (regime.as_str(), page.say(regime.key()))).collect();
        Ok(PapersPage { version: case.version, page, typed, case, regimes, stale: false })
    }
}

/// The legal part as a form: what is wrong in it is put right, and kept in the history.
pub async fn papers(app: App, at: At, grant: Grant<EditParts>) -> Result<Html<PapersPage>, Oops> {
    Ok(Html(PapersPage::of(&app, &at, &see(&app, &grant)?, None).await?))
}

pub async fn correct_papers(
    app: App,
    at: At,
    grant: Grant<EditParts>,
    sent: Sent<PapersDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match history::correct_papers(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-corrected").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let body = PapersPage::of(&app, &at, &see, Some(typed)).await?;
            Ok(again(PapersPage { version, ..body }))
        }
        Err(Refused::Fault(Fault::Stale)) => {
            let body = PapersPage::of(&app, &at, &see, Some(sent.typed)).await?;
            Ok((StatusCode::PRECONDITION_FAILED, Html(PapersPage { stale: true, ..body })).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A correction as its line shows it.
struct Told {
    row: CorrectionRow,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "cases/history.html")]
pub struct HistoryPage {
    page: Page,
    case: CaseRow,
    told: Vec<Told>,
    courses: Vec<CourseRow>,
}

impl HistoryPage {
    /// The key of a field's name.
    fn field(&self, told: &Told) -> &'static str {
        match told.row.field.as_str() {
            "name" => "cases-name",
            "aliases" => "cases-aliases",
            "sex" => "cases-sex",
            "birth" => "cases-birth",
            "phone" => "cases-phone",
            "phone_of" => "cases-phone-of",
            "address" => "cases-address",
            "wishes" => "cases-wishes",
            "visit_safely" => "cases-visit-safely",
            "area" => "cases-area",
            "hamlet" => "cases-hamlet",
            "id_number" => "cases-id-number",
            "ethnicity" => "cases-ethnicity",
            "religion" => "cases-religion",
            "health" => "cases-health",
            "sentence" => "cases-sentence",
            "judgment_convicted_on" => "clearances-convicted-on",
            "judgment_committed_on" => "clearances-committed-on",
            "judgment_penalty" => "clearances-penalty",
            "judgment_months" => "cases-judgment-months",
            "judgment_served_on" => "clearances-served-on",
            "judgment_duties" => "clearances-duties",
            "judgment_special" => "clearances-special",
            "judgment_intentional" => "clearances-intentional",
            "judgment_gravity" => "clearances-gravity",
            "judgment_age" => "clearances-age",
            "judgment_refused_on" => "clearances-refused-last",
            "duty_from_on" => "duties-from-on",
            "duty_until_on" => "duties-until-on",
            "duty_ends_on" => "duties-ends-on",
            "duty_result" => "duties-result",
            "duty_note" => "duties-assessment-note",
            "duty_made_on" => "duties-made-on",
            "duty_sent_on" => "duties-sent-on",
            "duty_absence" => "duties-absence",
            "duty_returned_on" => "duties-returned-on",
            "duty_breach" => "duties-breach-gone",
            "duty_shortening" => "duties-shortening-gone",
            "duty_certificate" => "duties-certificate-gone",
            "regime" => "cases-regime",
            "juvenile" => "cases-juvenile",
            "source" => "cases-source",
            "certificate_no" => "cases-certificate-no",
            "certificate_on" => "cases-certificate-on",
            "released_on" => "cases-released-on",
            "noticed_on" => "cases-noticed-on",
            "address_found" => "cases-address-found",
            "informed_on" => "cases-informed-on",
            "present_by_on" => "cases-present-by-on",
            "received_on" => "cases-received-on",
            "moved_in_on" => "cases-moved-in-on",
            "moved_from" => "cases-moved-from",
            "closure_ground" => "cases-ground",
            "closed_on" => "cases-closed-on",
            "closure_note" => "cases-closure-note",
            "moved_to" => "cases-moved-to",
            _ => "cases-reopen",
        }
    }
}

/// Words of a field, where it holds one of a list.
fn in_words(page: &Page, field: &str, told: &str) -> String {
    let key = match field {
        _ if told.is_empty() => return "–".to_owned(),
        "regime" => told.parse::<Regime>().ok().map(Regime::key),
        "sex" => told.parse::<words::Sex>().ok().map(words::Sex::key),
        "closure_ground" => told.parse::<words::ClosureGround>().ok().map(words::ClosureGround::key),
        "address_found" => told.parse::<words::AddressFound>().ok().map(words::AddressFound::key),
        "judgment_penalty" => told.parse::<words::PenaltyKind>().ok().map(words::PenaltyKind::key),
        "judgment_intentional" if told == "true" => Some("clearances-intentional-yes"),
        "judgment_intentional" => Some("clearances-intentional-no"),
        "judgment_gravity" => told.parse::<words::GravityKind>().ok().map(words::GravityKind::key),
        "judgment_age" => told.parse::<words::AgeGroup>().ok().map(words::AgeGroup::key),
        "judgment_duties" => {
            let duty = |one: &str| {
                let (kind, day) = one.split_once(' ').unwrap_or((one, ""));
                let named =
                    kind.parse::<words::DutyKind>().map_or_else(|_| kind.to_owned(), |kind| page.say(kind.key()));
                format!("{named} {day}").trim().to_owned()
            };
            return told.split(", ").map(duty).collect::<Vec<_>>().join(", ");
        }
        "duty_result" => {
            let (round, result) = told.split_once(": ").unwrap_or(("", told));
            let named =
                result.parse::<words::DutyResult>().map_or_else(|_| result.to_owned(), |one| page.say(one.key()));
            return format!("{round}: {named}");
        }
        "juvenile" | "judgment_special" => Some("cases-yes"),
        _ => None,
    };
    key.map_or_else(|| told.to_owned(), |key| page.say(key))
}

/// What was put right in a case, newest first, and the other cases of the person that the reader may open.
pub async fn corrections(app: App, at: At, grant: Grant<SeeHistory>) -> Result<Html<HistoryPage>, Oops> {
    let store = app.store();
    let see = see(&app, &grant)?;
    let case = cases::brief(store, &see, &history::sensitive(store, &grant)).await?;
    let rows = history::of_case(store, &grant).await?;
    let scope = store.scope::<ListCases>(&Arc::new(grant.actor().clone()))?;
    let courses = history::courses(store, &scope, case.person_id).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let told = rows.into_iter().map(|row| {
        let shown = |text: &str| in_words(&page, &row.field, &row.shown(text));
        Told { before: shown(row.before.text()), after: shown(row.after.text()), row }
    });
    let told = told.collect();
    Ok(Html(HistoryPage { page, case, told, courses }))
}

/// The papers by which a person may show who she is, for a select.
pub(super) fn id_kinds(page: &Page) -> Vec<(&'static str, String)> {
    IdentityKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()))).collect()
}
