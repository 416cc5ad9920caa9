//! Digests received, for programs.

use super::model::{Figures, Headline, Row};
use crate::{
    app::App,
    base::{
        ids::{CaseId, DigestId},
        time::Day,
        waiting::Owed,
        words::FollowUpKind,
    },
    follow_ups::api::StaffName,
    http::{Asked, Json, Listed, Oops, json::Paging},
    policy::acts::{ListDigests, SeeDigest},
    store::{Grant, Scope},
};

/// A digest that I received; its rows when it is opened.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Digest {
    id: DigestId,
    on: Day,
    counts: DigestCounts,
    /// Of the audit's newest checkpoint then; `null`: there was none.
    #[schema(required)]
    audit_fingerprint: Option<String>,
    /// The worst that were overdue; only in one digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<DigestRow>>,
    /// What waited for me beside the tasks of cases; only in one digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    owed: Option<Vec<Owed>>,
}

/// The figures of a digest, as they were when it was composed.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DigestCounts {
    open: i64,
    overdue: i64,
    oldest_days: i64,
    never_met: i64,
    unassigned: i64,
    postponed: i64,
}

/// A case that was overdue; one that I may not see any more is left out.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct DigestRow {
    case_id: CaseId,
    code: String,
    #[schema(required)]
    officer: Option<StaffName>,
    days_late: i64,
    kind: FollowUpKind,
}

impl From<Figures> for DigestCounts {
    fn from(figures: Figures) -> DigestCounts {
        let Figures { open, overdue, oldest_days, never_met, unassigned, postponed, .. } = figures;
        DigestCounts { open, overdue, oldest_days, never_met, unassigned, postponed }
    }
}

impl From<Row> for DigestRow {
    fn from(row: Row) -> DigestRow {
        let officer = StaffName::of(row.officer_id, row.officer);
        DigestRow { case_id: row.case_id, code: row.code, officer, days_late: row.days_late, kind: row.kind }
    }
}

impl Digest {
    fn of(head: Headline) -> Digest {
        let audit_fingerprint = Some(head.fingerprint).filter(|mark| !mark.is_empty());
        Digest { id: head.id, on: head.on_day, counts: head.figures.into(), audit_fingerprint, rows: None, owed: None }
    }
}

/// Which digests.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// A digest is its receiver's alone: all that one sees are hers.
    mine: Option<bool>,
}

/// The digests that I received, newest first.
#[utoipa::path(get, path = "/api/v1/digests", params(Paging, Which), responses((status = 200, body = Listed<Digest>)))]
pub async fn list(app: App, scope: Scope<ListDigests>, asked: Asked<Which>) -> Result<Json<Listed<Digest>>, Oops> {
    let store = app.store();
    let scope = if asked.query.mine == Some(true) { scope.mine() } else { scope };
    let page = super::list(store, &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(store, &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(Digest::of), count)))
}

/// One digest, walled again by what I may see today.
#[utoipa::path(get, path = "/api/v1/digests/{digest}", params(("digest" = DigestId, Path)),
    responses((status = 200, body = Digest)))]
pub async fn one(app: App, grant: Grant<SeeDigest>) -> Result<Json<Digest>, Oops> {
    let view = super::open(app.store(), grant).await?;
    let rows = view.rows.into_iter().map(DigestRow::from).collect();
    Ok(Json(Digest { rows: Some(rows), owed: Some(view.owed), ..Digest::of(view.head) }))
}
