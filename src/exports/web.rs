//! The list as a download.

use super::{File, Format};
use crate::{
    app::App,
    http::{Fresh, Oops},
    policy::acts::ExportCases,
    store::Scope,
};
use axum::{
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
};

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    format: Format,
}

/// The live cases that the reader may export. The link needs no form: reading is all that it does, and the log has it.
pub async fn cases(
    app: App,
    scope: Scope<ExportCases>,
    _fresh: Fresh,
    ask: Result<Query<Ask>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Oops> {
    let Query(ask) = ask.map_err(|_| Oops::BadRequest("format"))?;
    crate::http::pace::export(&app, scope.actor())?;
    let File { bytes, name, .. } = super::cases(app.store(), &scope, ask.format, scope.actor().lang()).await?;
    let headers = [
        (header::CONTENT_TYPE, ask.format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}
