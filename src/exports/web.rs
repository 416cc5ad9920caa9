//! The list as a download.

use super::{File, Format, lists};
use crate::{
    app::App,
    http::{Fresh, Oops},
    policy::acts::{ExportCases, ExportDocuments, ExportFollowUps, ExportLoanList},
    store::{Grant, Scope},
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

fn workbook(file: File) -> Response {
    let headers = [
        (header::CONTENT_TYPE, Format::Xlsx.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
    ];
    (headers, file.bytes).into_response()
}

/// The reader's open tasks as a workbook.
pub async fn follow_ups(app: App, scope: Scope<ExportFollowUps>, _fresh: Fresh) -> Result<Response, Oops> {
    crate::http::pace::export(&app, scope.actor())?;
    Ok(workbook(lists::follow_ups(app.store(), &scope, scope.actor().lang()).await?))
}

/// A loan list as a workbook.
pub async fn loan_list(app: App, grant: Grant<ExportLoanList>, _fresh: Fresh) -> Result<Response, Oops> {
    crate::http::pace::export(&app, grant.actor())?;
    Ok(workbook(lists::loan_list(app.store(), &grant, grant.actor().lang()).await?))
}

/// The register of papers as a workbook.
pub async fn documents(app: App, scope: Scope<ExportDocuments>, _fresh: Fresh) -> Result<Response, Oops> {
    crate::http::pace::export(&app, scope.actor())?;
    Ok(workbook(lists::documents(app.store(), &scope, scope.actor().lang()).await?))
}
