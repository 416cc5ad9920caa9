//! Help promised and given, for programs.

use super::model::{CheckDraft, CheckRow, Draft, Entry, HelpRow, StateDraft, StepRow};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, FundId, HelpId, WorkCheckId},
        time::{At, Day},
        words::{HelpKind, HelpState},
    },
    cases,
    follow_ups::api::StaffName,
    funds::api::FundName,
    households::{api::KinId, model::Kin},
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    organisations::api::OrganisationName,
    policy::acts::{ChangeHelp, LogHelp, ReadHelp, SeeCase},
    store::{Grant, Store},
    visits::api::ForKin,
};
use axum::response::Response;

/// A piece of help, promised or given, and from which fund.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Help {
    id: HelpId,
    kind: HelpKind,
    what: String,
    state: HelpState,
    /// For whom of the family it is; `null`: for the person herself.
    #[schema(required)]
    whom: Option<ForKin>,
    /// Who gives it; `null`: the office.
    #[schema(required)]
    organisation: Option<OrganisationName>,
    #[schema(required)]
    promised_on: Option<Day>,
    #[schema(required)]
    given_on: Option<Day>,
    /// Its worth in whole đồng.
    #[schema(required)]
    vnd: Option<i64>,
    /// The fund of the list that it comes from.
    #[schema(required)]
    fund_of: Option<FundName>,
    /// Where it comes from in words, if from no fund of the list.
    fund: String,
    #[schema(required)]
    quantity: Option<i64>,
    #[schema(required)]
    starts_on: Option<Day>,
    #[schema(required)]
    ends_on: Option<Day>,
    /// Who trains, or where the work is.
    #[schema(required)]
    employer: Option<String>,
    #[schema(required)]
    certificate: Option<String>,
    /// In whole đồng a month.
    #[schema(required)]
    wage: Option<i64>,
    by: StaffName,
    made_at: At,
    version: i64,
    /// Its history; not in a timeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<HelpStep>>,
    /// Is somebody still at work? Not in a timeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    work_checks: Option<Vec<WorkCheck>>,
}

/// A step that a piece of help has taken.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct HelpStep {
    state: HelpState,
    on: Day,
    #[schema(required)]
    vnd: Option<i64>,
    #[schema(required)]
    receipt: Option<String>,
    by: StaffName,
    made_at: At,
}

impl From<StepRow> for HelpStep {
    fn from(row: StepRow) -> HelpStep {
        HelpStep {
            state: row.state,
            on: row.on_day,
            vnd: row.vnd,
            receipt: row.receipt.told(),
            by: StaffName { id: row.by_id, name: row.by },
            made_at: row.made_at,
        }
    }
}

/// Asked some months after the first day of a job.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct WorkCheck {
    id: WorkCheckId,
    months: i64,
    due_on: Day,
    /// `null`: not answered yet.
    #[schema(required)]
    at_work: Option<bool>,
    #[schema(required)]
    seen_on: Option<Day>,
    #[schema(required)]
    note: Option<String>,
}

impl From<CheckRow> for WorkCheck {
    fn from(row: CheckRow) -> WorkCheck {
        WorkCheck {
            id: row.id,
            months: row.months,
            due_on: row.due_on,
            at_work: row.at_work,
            seen_on: row.seen_on,
            note: row.note.told(),
        }
    }
}

impl Help {
    /// `helper`: the asker is one.
    fn entry(entry: Entry, helper: bool) -> Help {
        Help {
            steps: Some(entry.steps.into_iter().map(HelpStep::from).collect()),
            work_checks: Some(entry.checks.into_iter().map(WorkCheck::from).collect()),
            ..Help::of(entry.row, helper)
        }
    }

    /// Does it name somebody of the family?
    pub fn names_kin(&self) -> bool {
        self.whom.as_ref().is_some_and(ForKin::is_called)
    }

    /// `helper`: the asker is one.
    pub fn of(row: HelpRow, helper: bool) -> Help {
        Help {
            whom: ForKin::of(Kin::of(row.relative_id, row.child_id), row.called(), helper),
            id: row.id,
            kind: row.kind,
            what: row.what.told(),
            state: row.state,
            organisation: row.organisation_id.zip(row.organisation).map(|(id, name)| OrganisationName { id, name }),
            promised_on: row.promised_on,
            given_on: row.given_on,
            vnd: row.vnd,
            fund_of: row.fund_id.zip(row.fund_name).map(|(id, name)| FundName { id, name }),
            fund: row.fund.told(),
            quantity: row.quantity,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            employer: row.employer.told(),
            certificate: row.certificate.told(),
            wage: row.wage,
            by: StaffName { id: row.by_id, name: row.by },
            made_at: row.made_at,
            version: row.version,
            steps: None,
            work_checks: None,
        }
    }
}

/// The help of a case: all for the office, for a helper that of her own organisation.
#[utoipa::path(get, path = "/api/v1/cases/{case}/help", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Help>)))]
pub async fn list(app: App, grant: Grant<SeeCase>, asked: Asked<Nothing>) -> Result<Json<Listed<Help>>, Oops> {
    let ledger = super::ledger(app.store(), &grant).await?;
    cases::opened(app.store(), &grant, super::parts(ledger.iter().map(|entry| &entry.row))).await?;
    let helper = cases::is_helper(app.store(), grant.actor());
    let rows: Vec<Help> = ledger.into_iter().map(|entry| Help::entry(entry, helper)).collect();
    Ok(Json(Listed::cut(rows, &asked, |row| row.id.to_string())?))
}

async fn read(store: &Store, grant: &Grant<SeeCase>, id: HelpId) -> Result<Help, Oops> {
    let entry = super::ledger(store, grant).await?.into_iter().find(|entry| entry.row.id == id);
    let helper = cases::is_helper(store, grant.actor());
    entry.map(|entry| Help::entry(entry, helper)).ok_or(Oops::Unknown)
}

/// Help to write down.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpToLog {
    #[schema(value_type = HelpKind)]
    kind: Option<String>,
    what: Option<String>,
    /// `promised` unless told.
    #[schema(value_type = Option<HelpState>)]
    state: Option<String>,
    promised_on: Option<DayText>,
    given_on: Option<DayText>,
    vnd: Option<i64>,
    fund_id: Option<FundId>,
    fund: Option<String>,
    quantity: Option<i64>,
    starts_on: Option<DayText>,
    ends_on: Option<DayText>,
    employer: Option<String>,
    certificate: Option<String>,
    wage: Option<i64>,
    receipt: Option<String>,
    /// For whom of the family it is.
    whom: Option<KinId>,
}

/// Writes down a piece of help; a helper's is her organisation's.
#[utoipa::path(post, path = "/api/v1/cases/{case}/help", params(("case" = CaseId, Path)), request_body = HelpToLog,
    responses((status = 201, body = Help)))]
pub async fn log(app: App, grant: Grant<LogHelp>, told: Told<HelpToLog>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<LogHelp, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let body = told.body;
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let draft = Draft {
        kind: json::text(body.kind),
        what: json::text(body.what),
        state: json::text(body.state),
        promised_on: json::day(body.promised_on),
        given_on: json::day(body.given_on),
        vnd: number(body.vnd),
        fund_id: body.fund_id.map(|id| id.to_string()).unwrap_or_default(),
        fund: json::text(body.fund),
        quantity: number(body.quantity),
        starts_on: json::day(body.starts_on),
        ends_on: json::day(body.ends_on),
        employer: json::text(body.employer),
        certificate: json::text(body.certificate),
        wage: number(body.wage),
        receipt: json::text(body.receipt),
        whom: body.whom.map(KinId::typed).unwrap_or_default(),
    };
    let id = super::log(store, grant, &draft, told.key).await?;
    let body = read(store, &see, id).await?;
    Ok(json::created(format!("/api/v1/cases/{}/help", see.id()), body))
}

/// How far it has come.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpChange {
    #[schema(value_type = HelpState)]
    state: Option<String>,
    /// The day of handing over; today unless told.
    given_on: Option<DayText>,
    /// What it was worth in the end; as it was promised unless told.
    vnd: Option<i64>,
    receipt: Option<String>,
    /// Of a training.
    certificate: Option<String>,
}

/// Says how far a piece of help has come: onward, never back.
#[utoipa::path(patch, path = "/api/v1/help/{help}", params(("help" = HelpId, Path), ("If-Match" = String, Header)),
    request_body = HelpChange, responses((status = 200, body = Help)))]
pub async fn change(app: App, grant: Grant<ChangeHelp>, told: Told<HelpChange>) -> Result<Response, Oops> {
    let store = app.store();
    let version = told.need_version()?;
    let see = store.also::<ChangeHelp, ReadHelp>(&grant).ok_or(Oops::Unknown)?;
    let HelpChange { state, given_on, vnd, receipt, certificate } = told.body;
    let draft = StateDraft {
        state: json::text(state),
        given_on: json::day(given_on),
        vnd: vnd.map(|vnd| vnd.to_string()).unwrap_or_default(),
        receipt: json::text(receipt),
        certificate: json::text(certificate),
        version: String::new(),
    };
    super::change(store, grant, &draft, Some(version)).await?;
    let case = super::case_of(store, &see).await?;
    let case = store.onward::<ReadHelp, SeeCase>(&see, case).await?;
    let body = read(store, &case, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}

/// What was seen of somebody at work.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkSeen {
    /// Which question is answered.
    check: Option<WorkCheckId>,
    at_work: Option<bool>,
    /// Today unless told.
    on: Option<DayText>,
    note: Option<String>,
}

/// Writes down whether somebody is still at work.
#[utoipa::path(post, path = "/api/v1/help/{help}/work-checks", params(("help" = HelpId, Path)), request_body = WorkSeen,
    responses((status = 200, body = Help)))]
pub async fn check_work(app: App, grant: Grant<ChangeHelp>, told: Told<WorkSeen>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<ChangeHelp, ReadHelp>(&grant).ok_or(Oops::Unknown)?;
    let WorkSeen { check, at_work, on, note } = told.body;
    let draft = CheckDraft {
        check: check.map(|id| id.to_string()).unwrap_or_default(),
        at_work: json::yes(at_work),
        on: json::day(on),
        note: json::text(note),
    };
    super::check_work(store, grant, &draft).await?;
    let case = super::case_of(store, &see).await?;
    let case = store.onward::<ReadHelp, SeeCase>(&see, case).await?;
    let body = read(store, &case, see.id()).await?;
    Ok(json::versioned(Some(body.version), body))
}
