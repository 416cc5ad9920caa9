//! The weekly counts for programs.

use super::model::{Headline, Line};
use crate::{
    app::App,
    base::{ids::BulletinId, time::Day},
    http::{Asked, Json, Listed, Nothing, Oops, json::Paging},
    policy::{
        AreaCode,
        acts::{ListBulletins, SeeBulletin},
    },
    store::{Grant, Scope},
};

/// The counts of a week that I received; the communes when it is opened.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Bulletin {
    id: BulletinId,
    on: Day,
    /// Weeks before that had none of their own.
    missed: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    communes: Option<Vec<BulletinLine>>,
}

/// A commune as it stood then.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct BulletinLine {
    area: AreaCode,
    cases: i64,
    open: i64,
    overdue: i64,
    oldest_days: i64,
    never_met: i64,
    unassigned: i64,
    /// No active head.
    headless: bool,
    /// The head left the digests unopened for a week.
    unread: bool,
}

impl From<Line> for BulletinLine {
    fn from(line: Line) -> BulletinLine {
        BulletinLine {
            area: line.area_code,
            cases: line.cases,
            open: line.open_count,
            overdue: line.overdue_count,
            oldest_days: line.oldest_days,
            never_met: line.never_met_count,
            unassigned: line.unassigned_count,
            headless: line.headless,
            unread: line.unread,
        }
    }
}

impl Bulletin {
    fn of(head: Headline, communes: Option<Vec<BulletinLine>>) -> Bulletin {
        Bulletin { id: head.id, on: head.on_day, missed: head.missed.periods, communes }
    }
}

/// The weekly counts that I received, newest first.
#[utoipa::path(get, path = "/api/v1/bulletins", params(Paging), responses((status = 200, body = Listed<Bulletin>)))]
pub async fn list(
    app: App,
    scope: Scope<ListBulletins>,
    asked: Asked<Nothing>,
) -> Result<Json<Listed<Bulletin>>, Oops> {
    let store = app.store();
    let page = super::list(store, &scope, &asked.page).await?;
    let count = if asked.count { Some(super::count(store, &scope).await?) } else { None };
    Ok(Json(Listed::of(page.map(|head| Bulletin::of(head, None)), count)))
}

/// One week with its communes.
#[utoipa::path(get, path = "/api/v1/bulletins/{bulletin}", params(("bulletin" = BulletinId, Path)),
    responses((status = 200, body = Bulletin)))]
pub async fn one(app: App, grant: Grant<SeeBulletin>) -> Result<Json<Bulletin>, Oops> {
    let (head, lines) = super::open(app.store(), grant).await?;
    Ok(Json(Bulletin::of(head, Some(lines.into_iter().map(BulletinLine::from).collect()))))
}
