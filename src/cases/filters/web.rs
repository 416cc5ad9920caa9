//! Keeping a filter, and letting it go: from the list of cases and back to it.

use super::FilterQuery;
use crate::{
    app::{App, Refused},
    base::ids::KeptFilterId,
    cases::web::listed,
    http::{At, Html, Oops, Sent, go},
    policy::acts::ListCases,
    store::Scope,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeepDraft {
    status: String,
    mine: String,
    unassigned: String,
    hamlet: String,
    officer: String,
    sort: String,
}

/// Keeps the filter of the list that is shown.
pub async fn keep(app: App, at: At, scope: Scope<ListCases>, sent: Sent<KeepDraft>) -> Result<Response, Oops> {
    let KeepDraft { status, mine, unassigned, hamlet, officer, sort } = sent.draft;
    let query = FilterQuery { status, mine, unassigned, hamlet, officer, sort, cursor: None };
    query.filter().map_err(Oops::BadRequest)?;
    let actor = Arc::new(scope.actor().clone());
    match super::keep(app.store(), scope, &query).await {
        Ok(()) => Ok(go(&format!("/cases?{}", query.address()), "filter-kept").into_response()),
        Err(Refused::Invalid(invalid)) => {
            let scope = app.store().scope::<ListCases>(&actor)?;
            let refused = sent.typed.refused(&invalid, actor.lang());
            let page = listed(&app, &at, &scope, query, Some(refused)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForgetDraft {
    filter: String,
}

/// Lets one go.
pub async fn forget(app: App, scope: Scope<ListCases>, sent: Sent<ForgetDraft>) -> Result<Response, Oops> {
    let id: KeptFilterId = sent.draft.filter.parse().map_err(|_| Oops::BadRequest("filter"))?;
    super::forget(app.store(), scope, id).await?;
    Ok(go("/cases", "filter-forgotten").into_response())
}
