//! Forms that change a case: correction, step, closure, group, sensitive parts; and the identity number on request.

use crate::base::sealed::{SealedDay as _, SealedText as _};
use crate::{
    app::{App, Refused},
    base::{
        text,
        words::{AddressFound, Group, ProtectedReason, Sex},
    },
    cases::{
        self, View, history,
        model::{CaseRow, CaseView, ClassificationDraft, ClosureDraft, Correction, StepDraft},
        parts::{self, PartsDraft},
    },
    http::{At, Html, Oops, Page, Sent, Typed, go},
    policy::{
        Act,
        acts::{Classify, CloseCase, EditCase, EditParts, MoveCase, SeeCase, SeeIdentity, SeeReferrals},
        subjects::Case,
    },
    referrals,
    store::{Fault, Grant},
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Words of a list with their names, for a select.
type Choices = Vec<(&'static str, String)>;

/// A form that was refused is shown again with this status.
fn again<T: Template>(body: T) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response()
}

fn see<A: Act<On = Case>>(app: &App, grant: &Grant<A>) -> Result<Grant<SeeCase>, Oops> {
    app.store().also::<A, SeeCase>(grant).ok_or(Oops::Unknown)
}

#[derive(Template)]
#[template(path = "cases/correction.html")]
pub struct CorrectionPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    sexes: Choices,
    /// Somebody else changed the case while this was being typed: what stands there now, beside what was typed.
    now: Vec<(&'static str, String)>,
}

/// What stands in each field of a correction now.
fn standing(case: &CaseRow) -> [(&'static str, String); 10] {
    [
        ("name", case.name.clone()),
        ("aliases", case.aliases.clone()),
        ("sex", case.sex.map(|sex| sex.as_str().to_owned()).unwrap_or_default()),
        ("birth", case.birth()),
        ("phone", case.phone.told().unwrap_or_default()),
        ("phone_of", case.phone_of.told()),
        ("address", case.address.told()),
        ("wishes", case.wishes.told()),
        ("visit_safely", case.visit_safely.told()),
        ("hamlet", case.hamlet.clone().unwrap_or_default()),
    ]
}

impl CorrectionPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Option<Typed>) -> Result<CorrectionPage, Oops> {
        let case = cases::brief(app.store(), see, &[]).await?;
        let typed = typed.unwrap_or_else(|| Typed::with(&standing(&case)));
        let page = Page::of(app, see.actor(), at);
        let sexes = Sex::ALL.iter().map(|sex| (sex.as_str(), page.say(sex.key()))).collect();
        Ok(CorrectionPage { page, typed, case, sexes, now: Vec::new() })
    }

    /// Tells what differs from what was typed.
    fn stale(mut self) -> CorrectionPage {
        let differs = |(name, value): &(&'static str, String)| self.typed.get(name) != value;
        let label = |name: &'static str| match name {
            "name" => "cases-name",
            "aliases" => "cases-aliases",
            "sex" => "cases-sex",
            "birth" => "cases-birth",
            "phone" => "cases-phone",
            "phone_of" => "cases-phone-of",
            "address" => "cases-address",
            "wishes" => "cases-wishes",
            "visit_safely" => "cases-visit-safely",
            _ => "cases-hamlet",
        };
        let now = standing(&self.case).into_iter().filter(differs).map(|(name, value)| (label(name), value)).collect();
        self.now = now;
        self
    }
}

pub async fn correction(app: App, at: At, grant: Grant<EditCase>) -> Result<Html<CorrectionPage>, Oops> {
    let see = see(&app, &grant)?;
    Ok(Html(CorrectionPage::of(&app, &at, &see, None).await?))
}

/// Takes the form. Changed meanwhile: 412, with what was typed and what stands there now; sent again, it is taken.
pub async fn correct(app: App, at: At, grant: Grant<EditCase>, sent: Sent<Correction>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match cases::correct(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-corrected").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            // The version that she read stays in the form: a change meanwhile must still be told.
            let mut body = CorrectionPage::of(&app, &at, &see, Some(typed)).await?;
            body.case.version = version;
            Ok(again(body))
        }
        Err(Refused::Fault(Fault::Stale)) => {
            let body = CorrectionPage::of(&app, &at, &see, Some(sent.typed)).await?.stale();
            Ok((StatusCode::PRECONDITION_FAILED, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/step.html")]
pub struct StepPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    steps: Choices,
    found: Choices,
    /// The address can be checked now; the person can be received now; her regime asks for the sheet.
    checks: bool,
    receives: bool,
    sheet: bool,
}

impl StepPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<StepPage, Oops> {
        let case = history::with_legal(app.store(), see).await?;
        let page = Page::of(app, see.actor(), at);
        let at = case.standing().ok_or(Oops::Unknown)?;
        let key = |step: &str| match step {
            "address_checked" => "cases-step-address-checked",
            "informed" => "cases-step-informed",
            "term" => "cases-step-term",
            "received" if at.regime.is_help() => "cases-step-received",
            "received" => "cases-step-committed",
            "pledged" => "cases-step-pledged",
            "sheet" => "cases-step-sheet",
            "suspended" => "cases-step-suspended",
            _ => "cases-step-resumed",
        };
        let words = at.steps();
        let has = |step: &str| words.contains(&step);
        let (checks, receives) = (has("address_checked"), has("received"));
        let steps = words.iter().map(|step| (*step, page.say(key(step)))).collect();
        let found = AddressFound::ALL.iter().map(|found| (found.as_str(), page.say(found.key()))).collect();
        Ok(StepPage { page, typed, case, steps, found, checks, receives, sheet: at.regime.has_sheet() })
    }
}

/// Which step, on which day: those that the status allows.
pub async fn step(app: App, at: At, grant: Grant<MoveCase>) -> Result<Html<StepPage>, Oops> {
    let typed = Typed::with(&[("on", text::show_day(app.store().today()))]);
    Ok(Html(StepPage::of(&app, &at, &see(&app, &grant)?, typed).await?))
}

pub async fn take_step(app: App, at: At, grant: Grant<MoveCase>, sent: Sent<StepDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::take_step(app.store(), grant, &sent.draft, None).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "step-taken").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(StepPage::of(&app, &at, &see, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/closure.html")]
pub struct ClosurePage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    grounds: Choices,
}

impl ClosurePage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<ClosurePage, Oops> {
        let case = history::with_legal(app.store(), see).await?;
        let page = Page::of(app, see.actor(), at);
        let possible = case.standing().map(|at| at.grounds(app.store().today())).unwrap_or_default();
        let grounds = possible.iter().map(|ground| (ground.as_str(), page.say(ground.key()))).collect();
        Ok(ClosurePage { page, typed, case, grounds })
    }
}

pub async fn closure(app: App, at: At, grant: Grant<CloseCase>) -> Result<Html<ClosurePage>, Oops> {
    let typed = Typed::with(&[("on", text::show_day(app.store().today()))]);
    Ok(Html(ClosurePage::of(&app, &at, &see(&app, &grant)?, typed).await?))
}

pub async fn close(app: App, at: At, grant: Grant<CloseCase>, sent: Sent<ClosureDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::close(app.store(), grant, &sent.draft, None, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-closed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(ClosurePage::of(&app, &at, &see, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/classification.html")]
pub struct ClassificationPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    groups: Vec<(&'static str, String, String)>,
    /// Organisations that were asked to help: whose helper may have reported.
    organisations: Vec<(String, String)>,
}

impl ClassificationPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Typed) -> Result<ClassificationPage, Oops> {
        let case = cases::brief(app.store(), see, &[]).await?;
        let page = Page::of(app, see.actor(), at);
        let about = |group: Group| match group {
            Group::A => "cases-group-a",
            Group::B => "cases-group-b",
            Group::C => "cases-group-c",
            Group::D => "cases-group-d",
        };
        let groups = Group::ALL.iter().map(|group| (group.as_str(), page.say(group.key()), page.say(about(*group))));
        let mut organisations = Vec::new();
        if let Some(grant) = app.store().also::<SeeCase, SeeReferrals>(see) {
            for one in referrals::of_case(app.store(), &grant).await?.0 {
                organisations.push((one.organisation_id.to_string(), one.organisation));
            }
        }
        organisations.sort();
        organisations.dedup();
        Ok(ClassificationPage { groups: groups.collect(), organisations, page, typed, case })
    }
}

pub async fn classification(app: App, at: At, grant: Grant<Classify>) -> Result<Html<ClassificationPage>, Oops> {
    let typed = Typed::with(&[("since_on", text::show_day(app.store().today()))]);
    Ok(Html(ClassificationPage::of(&app, &at, &see(&app, &grant)?, typed).await?))
}

pub async fn classify(
    app: App,
    at: At,
    grant: Grant<Classify>,
    sent: Sent<ClassificationDraft>,
) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    match cases::classify(app.store(), grant, &sent.draft, sent.key).await {
        Ok(()) => Ok(go(&format!("/cases/{}", see.id()), "case-classified").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            Ok(again(ClassificationPage::of(&app, &at, &see, typed).await?))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/parts.html")]
pub struct PartsPage {
    page: Page,
    typed: Typed,
    view: CaseView,
    reasons: Choices,
    id_kinds: Choices,
    version: i64,
    stale: bool,
}

impl PartsPage {
    async fn of(app: &App, at: &At, see: &Grant<SeeCase>, typed: Option<Typed>) -> Result<PartsPage, Oops> {
        let view = cases::see_as(app.store(), see, View::Restricted, &[]).await?;
        let page = Page::of(app, see.actor(), at);
        let row = &view.row;
        let typed = typed.unwrap_or_else(|| {
            let standing =
                [("ethnicity", row.ethnicity.told()), ("religion", row.religion.told()), ("health", row.health.told())];
            Typed::with(&standing.map(|(name, text)| (name, text.unwrap_or_default())))
        });
        let reasons = ProtectedReason::ALL.iter().map(|reason| (reason.as_str(), page.say(reason.key()))).collect();
        let id_kinds = super::course::id_kinds(&page);
        Ok(PartsPage { version: row.version, page, typed, view, reasons, id_kinds, stale: false })
    }

    /// Names of a stored reason.
    fn reason(&self, word: &str) -> String {
        let known = self.reasons.iter().find(|(reason, _)| *reason == word);
        known.map_or_else(|| word.to_owned(), |(_, name)| name.clone())
    }
}

/// The sensitive parts, opened on purpose: what is there, and a form to add to it or put it right.
pub async fn parts(app: App, at: At, grant: Grant<EditParts>) -> Result<Html<PartsPage>, Oops> {
    Ok(Html(PartsPage::of(&app, &at, &see(&app, &grant)?, None).await?))
}

pub async fn edit_parts(app: App, at: At, grant: Grant<EditParts>, sent: Sent<PartsDraft>) -> Result<Response, Oops> {
    let see = see(&app, &grant)?;
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match parts::edit(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/cases/{}/parts", see.id()), "parts-edited").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, see.actor().lang());
            let body = PartsPage::of(&app, &at, &see, Some(typed)).await?;
            Ok(again(PartsPage { version, ..body }))
        }
        Err(Refused::Fault(Fault::Stale)) => {
            let body = PartsPage::of(&app, &at, &see, Some(sent.typed)).await?;
            Ok((StatusCode::PRECONDITION_FAILED, Html(PartsPage { stale: true, ..body })).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "cases/identity.html")]
pub struct IdentityPage {
    page: Page,
    case: CaseRow,
    number: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

/// Shows the whole identity number: asked for by a form, written down as an opening of its own.
pub async fn identity(
    app: App,
    at: At,
    grant: Grant<SeeIdentity>,
    _sent: Sent<Nothing>,
) -> Result<Html<IdentityPage>, Oops> {
    let case = cases::brief(app.store(), &see(&app, &grant)?, &[cases::WHOLE_NUMBER]).await?;
    let number = cases::identity_number(app.store(), &grant).await?;
    Ok(Html(IdentityPage { page: Page::of(&app, grant.actor(), &at), case, number }))
}
