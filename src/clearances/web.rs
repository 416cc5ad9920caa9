//! Pages: what is found and why, the judgments, the form of sealing, what was sealed.

use super::{
    Book, Found,
    engine::{Because, Finding, Missing, NoRecord, Reason},
    model::{self, Judgment, JudgmentDraft, SealDraft, UnsealDraft, Whole},
};
use crate::{
    app::{App, Refused},
    base::{
        lang::Value,
        sealed::SealedText as _,
        text,
        time::{self, Day},
        words::{AgeGroup, ClearancePaper, DutyKind, FollowUpKind, GravityKind, HelpKind, HelpState, PenaltyKind},
    },
    cases::{self, model::CaseRow},
    follow_ups,
    http::{
        At, Fresh, Html, Oops, Page, Sent, Typed, go,
        request::{CursorQuery, in_url},
    },
    livelihood, loans,
    policy::{
        Act,
        acts::{
            ApproveUnsealing, AskUnsealing, EditParts, ListSealings, SealCase, SeeCase, SeeLoans, SeeReferrals,
            SeeSealing, SeeSentence, TakeSealedRequest,
        },
        subjects::Case,
    },
    referrals,
    store::{Grant, PageAsk, Scope},
};
use askama::Template;
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};

type Choices = Vec<(&'static str, String)>;

/// What the page says of a finding: never that a record is cleared.
pub(super) struct Told {
    pub headline: String,
    /// Why, a sentence each.
    pub because: Vec<String>,
}

pub(super) fn told(lang: crate::base::lang::Lang, book: &Book, finding: &Finding) -> Told {
    let day = |day: jiff::civil::Date| Value::from(text::show_day(day));
    match finding {
        Finding::NoRecord(why) => {
            Told { headline: lang.say("clearances-no-record"), because: vec![lang.say(no_record(*why))] }
        }
        Finding::Open(gaps) if gaps.is_empty() => {
            Told { headline: lang.say("clearances-nothing-known"), because: Vec::new() }
        }
        Finding::Open(gaps) => Told {
            headline: lang.say("clearances-open"),
            because: gaps.iter().map(|gap| missing(lang, *gap)).collect(),
        },
        Finding::Due(due) => {
            let mut because = because(lang, book, &due.because);
            if let Some(early) = due.early_on {
                because.push(lang.with("clearances-early", &[("x", day(early))]));
            }
            Told { headline: lang.with("clearances-due", &[("x", day(due.on))]), because }
        }
    }
}

fn because(lang: crate::base::lang::Lang, book: &Book, because: &Because) -> Vec<String> {
    let rule = book.rule(model::rule_of(because.way, because.rung));
    let name = rule.map_or("", |rule| match lang {
        crate::base::lang::Lang::Vi => rule.name_vi.as_str(),
        crate::base::lang::Lang::En => rule.name_en.as_str(),
    });
    // Only what the rule's own row rests on is told as law.
    let basis = rule.map(|rule| rule.legal_basis.clone()).filter(|basis| !basis.is_empty());
    let basis = basis.unwrap_or_else(|| lang.say("clearances-office-setting"));
    let mut said = vec![lang.with(
        "clearances-because",
        &[
            ("x", Value::from(name.to_owned())),
            ("n", Value::from(because.term.0)),
            ("from", Value::from(text::show_day(because.from))),
            ("basis", Value::from(basis)),
        ],
    )];
    said.extend(because.moved.iter().map(|reason| match reason {
        Reason::Additional(duty) => {
            lang.with("clearances-moved-duty", &[("x", Value::from(lang.say(model::duty_kind(*duty).key())))])
        }
        Reason::NewConviction(_) => lang.say("clearances-moved-conviction"),
        Reason::Refused => lang.say("clearances-moved-refused"),
    }));
    said
}

fn no_record(why: NoRecord) -> &'static str {
    match why {
        NoRecord::Exempted => "clearances-no-record-exempted",
        NoRecord::NotOnPurpose => "clearances-no-record-not-on-purpose",
        NoRecord::Under16 => "clearances-no-record-under-16",
        NoRecord::Under18 => "clearances-no-record-under-18",
        NoRecord::Measures => "clearances-no-record-measures",
    }
}

fn missing(lang: crate::base::lang::Lang, gap: Missing) -> String {
    let number = |index: usize| Value::from(i64::try_from(index + 1).unwrap_or(i64::MAX));
    match gap {
        Missing::Served(index) => lang.with("clearances-missing-served", &[("n", number(index))]),
        Missing::Ends(index, duty) => {
            let duty = lang.say(model::duty_kind(duty).key());
            lang.with("clearances-missing-ends", &[("n", number(index)), ("x", Value::from(duty))])
        }
        Missing::Gravity(index) => lang.with("clearances-missing-gravity", &[("n", number(index))]),
        Missing::Intent(index) => lang.with("clearances-missing-intent", &[("n", number(index))]),
    }
}

fn see<A: Act<On = Case>>(app: &App, grant: &Grant<A>) -> Result<Grant<SeeCase>, Oops> {
    app.store().also::<A, SeeCase>(grant).ok_or(Oops::Unknown)
}

/// A judgment in the list: its number, when, what, served when, and what is found for it alone.
struct JudgmentLine {
    id: String,
    number: i64,
    convicted_on: Day,
    penalty: String,
    served_on: Option<Day>,
    finding: Told,
}

#[derive(Template)]
#[template(path = "clearances/show.html")]
pub struct ShowPage {
    page: Page,
    case: CaseRow,
    told: Told,
    judgments: Vec<JudgmentLine>,
    may_edit: bool,
    may_seal: bool,
}

fn penalty_said(page: &Page, judgment: &Judgment) -> String {
    match judgment.months {
        Some(months) => {
            format!("{}, {}", page.say(judgment.penalty.key()), page.n("clearances-months", i64::from(months)))
        }
        None => page.say(judgment.penalty.key()),
    }
}

/// Rà soát xóa án tích: on which day somebody should look, and why; never that anything is cleared.
pub async fn show(app: App, at: At, grant: Grant<SeeSentence>) -> Result<Html<ShowPage>, Oops> {
    let store = app.store();
    let see = see(&app, &grant)?;
    let case = cases::brief(store, &see, &["sentence"]).await?;
    let book = super::book(store).await?;
    let Found { judgments, review } = super::found(store, &grant, &book).await?;
    let page = Page::of(&app, grant.actor(), &at);
    let lines = judgments.iter().zip(&review.each).enumerate().map(|(index, ((id, judgment), finding))| JudgmentLine {
        id: id.to_string(),
        number: i64::try_from(index + 1).unwrap_or(i64::MAX),
        convicted_on: judgment.convicted_on,
        penalty: penalty_said(&page, judgment),
        served_on: judgment.served_on,
        finding: told(page.language(), &book, finding),
    });
    Ok(Html(ShowPage {
        judgments: lines.collect(),
        told: told(page.language(), &book, &review.all),
        may_edit: case.is_live() && store.may::<SeeSentence, EditParts>(&grant),
        may_seal: store.may::<SeeSentence, SealCase>(&grant),
        page,
        case,
    }))
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct JudgmentQuery {
    judgment: String,
}

#[derive(Template)]
#[template(path = "clearances/judgment.html")]
pub struct JudgmentPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    version: i64,
    penalties: Choices,
    gravities: Choices,
    ages: Choices,
    intents: Choices,
    /// Word, name, field of its end.
    duties: Vec<(&'static str, String, &'static str)>,
}

impl JudgmentPage {
    async fn of(app: &App, at: &At, grant: &Grant<EditParts>, typed: Typed) -> Result<JudgmentPage, Oops> {
        let case = cases::brief(app.store(), &see(app, grant)?, &["sentence"]).await?;
        let page = Page::of(app, grant.actor(), at);
        let duties = DutyKind::ALL.iter().map(|kind| (kind.as_str(), page.say(kind.key()), model::duty_field(*kind)));
        Ok(JudgmentPage {
            version: case.version,
            penalties: PenaltyKind::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
            gravities: GravityKind::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
            ages: AgeGroup::ALL.iter().map(|one| (one.as_str(), page.say(one.key()))).collect(),
            intents: vec![
                ("yes", page.say("clearances-intentional-yes")),
                ("no", page.say("clearances-intentional-no")),
            ],
            duties: duties.collect(),
            page,
            typed,
            case,
        })
    }
}

/// A judgment as its form shows it.
fn standing(id: &str, judgment: &Judgment) -> Typed {
    let day = |day: Option<Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
    let months = judgment.months.unwrap_or_default();
    let number = |number: u16| if number == 0 { String::new() } else { number.to_string() };
    let mut values = vec![
        ("judgment", id.to_owned()),
        ("convicted_on", day(Some(judgment.convicted_on))),
        ("committed_on", day(judgment.committed_on)),
        ("penalty", judgment.penalty.as_str().to_owned()),
        ("years", number(months / 12)),
        ("months", number(months % 12)),
        ("served_on", day(judgment.served_on)),
        ("special", judgment.special.to_string()),
        ("gravity", judgment.gravity.map(|one| one.as_str().to_owned()).unwrap_or_default()),
        ("age", judgment.age.as_str().to_owned()),
        ("refused_first_on", day(judgment.refused_on.first().copied())),
        ("refused_last_on", day(judgment.refused_on.get(1).copied())),
    ];
    let intent = judgment.intentional.map_or("", |yes| if yes { "yes" } else { "no" });
    values.push(("intentional", intent.to_owned()));
    values.extend(judgment.duties.iter().map(|one| (model::duty_field(one.kind), day(one.ends_on))));
    Typed::with(&values).and("duties", judgment.duties.iter().map(|one| one.kind.as_str().to_owned()))
}

/// The form of a judgment: a further one, or one that is put right.
pub async fn judgment(
    app: App,
    at: At,
    grant: Grant<EditParts>,
    Query(query): Query<JudgmentQuery>,
) -> Result<Html<JudgmentPage>, Oops> {
    let store = app.store();
    let sentence = store.also::<EditParts, SeeSentence>(&grant).ok_or(Oops::Forbidden)?;
    let book = super::book(store).await?;
    let found = super::found(store, &sentence, &book).await?;
    let typed = match query.judgment.as_str() {
        "" => Typed::with(&[("age", AgeGroup::Adult.as_str().to_owned())]),
        id => {
            let known = found.judgments.iter().find(|(known, _)| known.to_string() == id);
            known.map(|(_, judgment)| standing(id, judgment)).ok_or(Oops::Unknown)?
        }
    };
    Ok(Html(JudgmentPage::of(&app, &at, &grant, typed).await?))
}

pub async fn keep_judgment(
    app: App,
    at: At,
    grant: Grant<EditParts>,
    sent: Sent<JudgmentDraft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<EditParts, EditParts>(&grant).ok_or(Oops::Unknown)?;
    // Nobody changes what she may not see.
    if !app.store().may::<EditParts, SeeSentence>(&grant) {
        return Err(Oops::Forbidden);
    }
    let version = sent.draft.version.parse().map_err(|_| Oops::NoVersion)?;
    match super::keep_judgment(app.store(), grant, &sent.draft, Some(version)).await {
        Ok(()) => Ok(go(&format!("/cases/{}/clearance", again.id()), "judgment-kept").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let body = JudgmentPage::of(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(JudgmentPage { version, ..body })).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// What would happen to one thing that is under way.
struct Live {
    what: String,
    then: String,
}

#[derive(Template)]
#[template(path = "clearances/sealing.html")]
pub struct SealingPage {
    page: Page,
    typed: Typed,
    case: CaseRow,
    papers: Choices,
    helps: Vec<Live>,
    tasks: Vec<Live>,
    due: Option<String>,
}

impl SealingPage {
    async fn of(app: &App, at: &At, grant: &Grant<SealCase>, typed: Typed) -> Result<SealingPage, Oops> {
        let store = app.store();
        let see = see(app, grant)?;
        let sentence = store.also::<SealCase, SeeSentence>(grant).ok_or(Oops::Forbidden)?;
        let case = cases::brief(store, &see, &["sentence"]).await?;
        let page = Page::of(app, grant.actor(), at);
        let book = super::book(store).await?;
        let found = super::found(store, &sentence, &book).await?;
        let due = super::due_on(&found.review.all).filter(|day| day.0 > store.today());
        let (helps, tasks) = (live_help(app, &page, &see).await?, live_tasks(app, &page, &see).await?);
        let papers = ClearancePaper::ALL.iter().map(|paper| (paper.as_str(), page.say(paper.key()))).collect();
        let due = due.map(|day| text::show_day(day.0));
        Ok(SealingPage { page, typed, case, papers, helps, tasks, due })
    }
}

/// Referrals, what is promised, loans: what would go on with the person's consent.
async fn live_help(app: &App, page: &Page, see: &Grant<SeeCase>) -> Result<Vec<Live>, Oops> {
    let store = app.store();
    let mut live = Vec::new();
    let goes_on = || page.say("clearances-goes-on");
    if let Some(grant) = store.also::<SeeCase, SeeReferrals>(see) {
        let (rows, helpers) = referrals::of_case(store, &grant).await?;
        let today = store.today();
        for row in rows.into_iter().filter(|row| row.ended_at.is_none() && row.to_on.is_none_or(|to| to.0 >= today)) {
            let names = helpers.iter().filter(|helper| helper.referral_id == row.id);
            let names = names.map(|helper| helper.name.as_str()).collect::<Vec<_>>().join(", ");
            let what = format!("{}: {} ({names})", row.organisation, page.say(row.purpose.key()));
            live.push(Live { what, then: goes_on() });
        }
    }
    if let Some(grant) = store.also::<SeeCase, SeeLoans>(see) {
        let known = loans::of_case(store, &grant, &loans::book(store).await?).await?;
        for line in known.lines.iter().filter(|line| line.is_open()) {
            let what =
                format!("{}: {} ({})", page.say(HelpKind::Loan.key()), line.what.text(), page.say(line.state.key()));
            let key = if line.waits_for_answer() { "clearances-line-stays" } else { "clearances-line-ends" };
            live.push(Live { what, then: page.say(key) });
        }
    }
    for row in livelihood::of_case(store, see).await? {
        let (promised, loan) = (
            matches!(row.state, HelpState::Promised | HelpState::Approved),
            row.kind == HelpKind::Loan && row.state == HelpState::Given,
        );
        if promised || loan {
            let what = format!("{}: {}", page.say(row.kind.key()), row.what.text());
            let then = if loan { page.say("clearances-loan-stays") } else { goes_on() };
            live.push(Live { what, then });
        }
    }
    Ok(live)
}

async fn live_tasks(app: &App, page: &Page, see: &Grant<SeeCase>) -> Result<Vec<Live>, Oops> {
    let rows = follow_ups::of_case(app.store(), see).await?;
    let told = |row: follow_ups::model::FollowUpRow| {
        let key = if row.kind == FollowUpKind::PartnerTask { "clearances-goes-on" } else { "clearances-ends" };
        let what = row.what.text().unwrap_or_default();
        let name = page.say(row.kind.key());
        let what = if what.is_empty() { name } else { format!("{name}: {what}") };
        Live { what: format!("{what} ({})", page.day(&row.due_on)), then: page.say(key) }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// What is under way, what will happen, and the paper by which the record was cleared.
pub async fn sealing(app: App, at: At, grant: Grant<SealCase>) -> Result<Html<SealingPage>, Oops> {
    Ok(Html(SealingPage::of(&app, &at, &grant, Typed::with(&[])).await?))
}

pub async fn seal(
    app: App,
    at: At,
    grant: Grant<SealCase>,
    _fresh: Fresh,
    sent: Sent<SealDraft>,
) -> Result<Response, Oops> {
    let again = app.store().also::<SealCase, SealCase>(&grant).ok_or(Oops::Unknown)?;
    match super::seal(app.store(), grant, &sent.draft, sent.key).await {
        Ok(sealed) => Ok(go(&format!("/sealings/{}", sealed.seal), "case-sealed").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let typed = sent.typed.refused(&invalid, again.actor().lang());
            let body = SealingPage::of(&app, &at, &again, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "clearances/list.html")]
pub struct ListPage {
    page: Page,
    lines: Vec<model::Line>,
    older: Option<String>,
}

fn shown(at: &time::At) -> String {
    text::show_day(at.day())
}

impl ListPage {
    fn day(&self, at: &time::At) -> String {
        shown(at)
    }
}

/// What was sealed in the commune: number, day, by whom.
pub async fn list(
    app: App,
    at: At,
    scope: Scope<ListSealings>,
    Query(query): Query<CursorQuery>,
) -> Result<Html<ListPage>, Oops> {
    let lines = super::list(app.store(), &scope, &PageAsk { limit: 25, cursor: query.cursor }).await?;
    let older = lines.next.as_ref().map(|cursor| format!("/sealings?cursor={}", in_url(cursor)));
    Ok(Html(ListPage { page: Page::of(&app, scope.actor(), &at), lines: lines.items, older }))
}

#[derive(Template)]
#[template(path = "clearances/one.html")]
pub struct OnePage {
    page: Page,
    typed: Typed,
    seal: Whole,
    may_ask: bool,
    may_request: bool,
    may_approve: bool,
    /// It was asked: a head may take that back.
    may_withdraw: bool,
}

impl OnePage {
    fn day(&self, at: &time::At) -> String {
        shown(at)
    }

    async fn of(app: &App, at: &At, grant: &Grant<SeeSealing>, typed: Typed) -> Result<OnePage, Oops> {
        let store = app.store();
        let seal = super::one(store, grant).await?;
        let shut = seal.line.ended_at.is_none();
        let asked = seal.asked_by_id.is_some();
        let another = asked && seal.asked_by_id != grant.actor().user();
        Ok(OnePage {
            may_request: shut && store.may::<SeeSealing, TakeSealedRequest>(grant),
            may_ask: shut && !asked && store.may::<SeeSealing, AskUnsealing>(grant),
            may_withdraw: shut && asked && store.may::<SeeSealing, AskUnsealing>(grant),
            may_approve: shut && another && store.may::<SeeSealing, ApproveUnsealing>(grant),
            page: Page::of(app, grant.actor(), at),
            typed,
            seal,
        })
    }
}

/// One seal, and the form by which one asks for it to be taken off, or agrees.
pub async fn one(app: App, at: At, grant: Grant<SeeSealing>) -> Result<Html<OnePage>, Oops> {
    Ok(Html(OnePage::of(&app, &at, &grant, Typed::with(&[])).await?))
}

async fn refused(
    app: &App,
    at: &At,
    see: &Grant<SeeSealing>,
    typed: Typed,
    refused: Refused,
) -> Result<Response, Oops> {
    match refused {
        Refused::Invalid(invalid) => {
            let typed = typed.refused(&invalid, see.actor().lang());
            let body = OnePage::of(app, at, see, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response())
        }
        Refused::Fault(fault) => Err(Oops::from(fault)),
    }
}

pub async fn ask_unsealing(
    app: App,
    at: At,
    grant: Grant<AskUnsealing>,
    _fresh: Fresh,
    sent: Sent<UnsealDraft>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AskUnsealing, SeeSealing>(&grant).ok_or(Oops::Unknown)?;
    match super::ask_unsealing(&app, grant, &sent.draft).await {
        Ok(()) => Ok(go(&format!("/sealings/{}", see.id()), "unsealing-asked").into_response()),
        Err(no) => refused(&app, &at, &see, sent.typed, no).await,
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

/// A head takes the request back.
pub async fn withdraw_unsealing(
    app: App,
    at: At,
    grant: Grant<AskUnsealing>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let see = app.store().also::<AskUnsealing, SeeSealing>(&grant).ok_or(Oops::Unknown)?;
    match super::drop_request(app.store(), grant).await {
        Ok(()) => Ok(go(&format!("/sealings/{}", see.id()), "unsealing-dropped").into_response()),
        Err(no) => refused(&app, &at, &see, sent.typed, no).await,
    }
}

/// The second of the two says no.
pub async fn refuse_unsealing(
    app: App,
    at: At,
    grant: Grant<ApproveUnsealing>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let see = app.store().also::<ApproveUnsealing, SeeSealing>(&grant).ok_or(Oops::Unknown)?;
    match super::drop_request(app.store(), grant).await {
        // Whoever was asked for a commune with one head has no seal to go back to.
        Ok(()) => Ok(go("/sealings", "unsealing-dropped").into_response()),
        Err(no) => refused(&app, &at, &see, sent.typed, no).await,
    }
}

pub async fn approve_unsealing(
    app: App,
    at: At,
    grant: Grant<ApproveUnsealing>,
    _fresh: Fresh,
    sent: Sent<Nothing>,
) -> Result<Response, Oops> {
    let see = app.store().also::<ApproveUnsealing, SeeSealing>(&grant).ok_or(Oops::Unknown)?;
    match super::approve_unsealing(app.store(), grant).await {
        Ok(case) => match app.store().onward::<SeeSealing, SeeCase>(&see, case).await {
            Ok(_hers) => Ok(go(&format!("/cases/{case}"), "unsealed").into_response()),
            // Whoever was the second of two for a commune with one head has no case to go to.
            Err(_not_hers) => Ok(go("/sealings", "unsealed-second").into_response()),
        },
        Err(no) => refused(&app, &at, &see, sent.typed, no).await,
    }
}
