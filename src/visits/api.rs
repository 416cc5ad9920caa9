//! Visits for programs.

use super::model::{Draft, VisitRow, WithdrawalDraft};
use crate::base::sealed::SealedText as _;
use crate::{
    app::App,
    base::{
        ids::{CaseId, VisitId},
        time::{At, Day},
        words::{KinKind, VisitKind},
    },
    cases,
    follow_ups::api::StaffName,
    households::{api::KinId, model::Kin},
    http::{
        Asked, Json, Listed, Nothing, Oops, Told,
        json::{self, DayText, Paging},
    },
    organisations::api::OrganisationName,
    policy::acts::{LogVisit, SeeCase, SeeVisit, WithdrawVisit},
    store::Grant,
};
use axum::response::Response;

/// A visit, met or tried. Of another side's visit a helper gets the day, the author and the shared note.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Visit {
    Whole(WholeVisit),
    Shared(SharedVisit),
}

/// What was written for the helpers of a case, on which day, by whom.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct SharedVisit {
    id: VisitId,
    on: Day,
    by: StaffName,
    #[schema(required)]
    shared_note: Option<String>,
}

/// For whom of the family something was, as far as the reader may know her.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ForKin {
    kind: KinKind,
    /// Only where the family may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<KinId>,
    /// By name where the family may be seen; else how she is called at home, or her class, as long as it is shared.
    #[schema(required)]
    called: Option<String>,
}

impl ForKin {
    /// Is more told than that it was a relative or a child?
    pub fn is_called(&self) -> bool {
        self.called.is_some()
    }

    pub fn of(kin: Option<Kin>, called: String, helper: bool) -> Option<ForKin> {
        let id = |kin: Kin| (!helper).then(|| KinId::of(kin));
        kin.map(|kin| ForKin {
            kind: kin.kind(),
            id: id(kin),
            called: Some(called).filter(|called| !called.is_empty()),
        })
    }
}

/// A visit as one's own side knows it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct WholeVisit {
    #[serde(flatten)]
    shared: SharedVisit,
    kind: VisitKind,
    met: bool,
    /// For whom of the family it was; `null`: for the person herself.
    #[schema(required)]
    whom: Option<ForKin>,
    /// The visitor's organisation; `null`: the office.
    #[schema(required)]
    organisation: Option<OrganisationName>,
    #[schema(required)]
    next_on: Option<Day>,
    logged_at: At,
    /// Taken back as logged by mistake.
    #[schema(required)]
    withdrawn: Option<Withdrawn>,
    version: i64,
    /// The officer's own note; absent for helpers.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Option<String>>,
}

/// When and why a visit was taken back.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Withdrawn {
    at: At,
    reason: String,
}

impl Visit {
    /// `helper`: the asker is one; `own`: the visit is of her own organisation.
    pub fn of(row: VisitRow, helper: bool, own: bool) -> Visit {
        let withdrawn =
            row.withdrawn_at.map(|at| Withdrawn { at, reason: row.withdrawn_reason.told().unwrap_or_default() });
        let whom = ForKin::of(Kin::of(row.relative_id, row.child_id), row.called(), helper);
        let organisation = row.organisation_id.zip(row.organisation).map(|(id, name)| OrganisationName { id, name });
        let shared = SharedVisit {
            id: row.id,
            on: row.on_day,
            by: StaffName { id: row.by_id, name: row.by },
            shared_note: row.shared_note.told(),
        };
        if helper && !own {
            return Visit::Shared(shared);
        }
        Visit::Whole(WholeVisit {
            shared,
            kind: row.kind,
            met: row.met,
            whom,
            organisation,
            next_on: row.next_on,
            logged_at: row.logged_at,
            withdrawn,
            version: row.version,
            note: (!helper).then_some(row.note.told()),
        })
    }
}

/// The visits of a case that I may see, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/visits", params(("case" = CaseId, Path), Paging),
    responses((status = 200, body = Listed<Visit>)))]
pub async fn list(app: App, grant: Grant<SeeCase>, asked: Asked<Nothing>) -> Result<Json<Listed<Visit>>, Oops> {
    let store = app.store();
    let helper = cases::is_helper(store, grant.actor());
    let organisation = grant.actor().organisation();
    let page = super::of_case(store, &grant, &asked.page).await?;
    let count = if asked.count { Some(super::count_of_case(store, &grant).await?) } else { None };
    let read = |row: VisitRow| {
        let own = row.organisation_id == organisation;
        Visit::of(row, helper, own)
    };
    Ok(Json(Listed::of(page.map(read), count)))
}

/// A visit to log.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitToLog {
    on: Option<DayText>,
    #[schema(value_type = VisitKind)]
    kind: Option<String>,
    met: Option<bool>,
    /// The officer's own note; a helper writes `shared_note`.
    note: Option<String>,
    shared_note: Option<String>,
    /// Only earlier than the rule's day; a helper's makes a task of her own.
    next_on: Option<DayText>,
    /// For whom of the family it was; only of the kind `family`.
    whom: Option<KinId>,
}

/// Logs a visit, settles what it settles, and plans the case anew.
#[utoipa::path(post, path = "/api/v1/cases/{case}/visits", params(("case" = CaseId, Path)), request_body = VisitToLog,
    responses((status = 201, body = Visit)))]
pub async fn log(app: App, grant: Grant<LogVisit>, told: Told<VisitToLog>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<LogVisit, SeeCase>(&grant).ok_or(Oops::Unknown)?;
    let VisitToLog { on, kind, met, note, shared_note, next_on, whom } = told.body;
    let draft = Draft {
        on: json::day(on),
        kind: json::text(kind),
        met: json::yes(met),
        note: json::text(note),
        shared_note: json::text(shared_note),
        next_on: json::day(next_on),
        whom: whom.map(KinId::typed).unwrap_or_default(),
    };
    let id = super::log(store, grant, &draft, told.key).await?;
    let see = store.onward::<SeeCase, SeeVisit>(&see, id).await?;
    let row = super::one(store, &see).await?;
    let helper = cases::is_helper(store, see.actor());
    Ok(json::created(format!("/api/v1/visits/{id}"), Visit::of(row, helper, true)))
}

/// One visit.
#[utoipa::path(get, path = "/api/v1/visits/{visit}", params(("visit" = VisitId, Path)), responses((status = 200, body = Visit)))]
pub async fn one(app: App, grant: Grant<SeeVisit>) -> Result<Response, Oops> {
    let row = super::one(app.store(), &grant).await?;
    let helper = cases::is_helper(app.store(), grant.actor());
    Ok(json::versioned(Some(row.version), Visit::of(row, helper, true)))
}

/// Why it is taken back.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    reason: Option<String>,
}

/// Takes back a visit that was logged by mistake: kept, struck out, and what it settled is open again.
#[utoipa::path(post, path = "/api/v1/visits/{visit}/withdrawal", params(("visit" = VisitId, Path)), request_body = Withdrawal,
    responses((status = 200, body = Visit)))]
pub async fn withdraw(app: App, grant: Grant<WithdrawVisit>, told: Told<Withdrawal>) -> Result<Response, Oops> {
    let store = app.store();
    let see = store.also::<WithdrawVisit, SeeVisit>(&grant).ok_or(Oops::Unknown)?;
    let draft = WithdrawalDraft { reason: json::text(told.body.reason) };
    super::withdraw(store, grant, &draft, told.version, told.key).await?;
    let row = super::one(store, &see).await?;
    let helper = cases::is_helper(store, see.actor());
    Ok(json::versioned(Some(row.version), Visit::of(row, helper, true)))
}
