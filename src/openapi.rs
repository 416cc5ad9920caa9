//! The program's own description for programs (OpenAPI 3.1): every call of `/api`, from the handlers' own types.

use crate::{
    areas, assignments,
    base::{
        ids::{HamletId, UserId},
        words::CaseStatus,
    },
    cases, clearances, digests, emergencies, erasures, families, follow_ups, funds,
    http::{Json, error::Problem},
    livelihood, loans, lookups, organisations, plans,
    policy::AreaCode,
    referrals, restrictions, staff, timeline, trail, visits,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, InfoBuilder, OpenApi as Document, PathItem, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    paths(
        document,
        staff::api::sign_in,
        staff::api::sign_out,
        staff::api::me,
        areas::api::list,
        organisations::api::list,
        lookups::api::lookups,
        cases::api::list,
        cases::api::open,
        cases::api::search,
        cases::api::one,
        cases::api::correct,
        cases::api::step,
        cases::api::close,
        cases::api::reopen,
        cases::api::go_on,
        cases::api::open_again,
        cases::api::classify,
        cases::api::papers,
        cases::api::history,
        clearances::api::found,
        clearances::api::list,
        clearances::api::one,
        visits::api::list,
        visits::api::log,
        visits::api::one,
        visits::api::withdraw,
        follow_ups::api::list,
        follow_ups::api::one,
        follow_ups::api::complete,
        follow_ups::api::postpone,
        follow_ups::api::add,
        assignments::api::list,
        assignments::api::make,
        referrals::api::list,
        referrals::api::make,
        referrals::api::one,
        referrals::api::end,
        restrictions::api::list,
        restrictions::api::make,
        restrictions::api::one,
        restrictions::api::end,
        erasures::api::list,
        erasures::api::ask,
        erasures::api::approve,
        emergencies::api::list,
        emergencies::api::one,
        emergencies::api::acknowledge,
        families::api::list,
        families::api::add,
        families::api::end,
        families::api::consent,
        families::api::withdraw,
        families::api::needs,
        livelihood::api::list,
        livelihood::api::log,
        livelihood::api::change,
        livelihood::api::check_work,
        livelihood::sums::web::told,
        funds::api::list,
        funds::api::one,
        funds::api::add,
        funds::api::end,
        loans::api::of_case,
        loans::api::ask,
        loans::api::list,
        loans::api::one,
        loans::api::sign,
        loans::api::decide,
        loans::api::send,
        loans::api::lines,
        loans::api::line,
        loans::api::withdraw,
        loans::api::answer,
        loans::api::accounts,
        loans::api::account,
        loans::api::report,
        plans::api::questions,
        plans::api::needs,
        plans::api::ask,
        plans::api::list,
        plans::api::begin,
        plans::api::steps,
        plans::api::one,
        plans::api::add_goal,
        plans::api::add_step,
        plans::api::remove,
        plans::api::agree,
        plans::api::submit,
        plans::api::decide,
        timeline::api::list,
        follow_ups::api::counts,
        digests::api::list,
        digests::api::one,
        trail::api::of_case,
        trail::api::mine,
        trail::api::readers,
    ),
    components(schemas(
        Problem,
        cases::api::Reveal,
        cases::model::Sort,
        follow_ups::model::State,
        CaseStatus,
        AreaCode,
        UserId,
        HamletId
    )),
    security(("bearer" = [])),
    modifiers(&House),
)]
struct Api;

/// What holds for every call, said once.
struct House;

impl Modify for House {
    fn modify(&self, document: &mut Document) {
        document.info = InfoBuilder::new()
            .title("Đường Về")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "Days are YYYY-MM-DD in Viet Nam, instants RFC 3339 in UTC, money whole VND, ids UUID. Unknown fields are refused. \
                 A record has the keys that its reader may see and no others.",
            ))
            .build();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let parts = document.components.get_or_insert_default();
        parts.security_schemes.insert("bearer".to_owned(), SecurityScheme::Http(bearer));
        for item in document.paths.paths.values_mut() {
            complete(item);
        }
    }
}

fn complete(item: &mut PathItem) {
    if let Some(operation) = &mut item.post {
        add_header(operation, "Idempotency-Key", "A UUID: the same key and body are done once and answered alike.");
    }
    let all = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
    for operation in all.into_iter().flatten() {
        add_header(operation, "Accept-Language", "vi or en.");
        operation.responses.responses.insert("default".to_owned(), RefOr::T(problem()));
    }
}

fn add_header(operation: &mut Operation, name: &str, says: &str) {
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(says))
        .build();
    operation.parameters.get_or_insert_default().push(header);
}

fn problem() -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description("Refused (RFC 9457); 422 tells each field in `errors`.")
        .content("application/problem+json", content)
        .build()
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)), security(()))]
pub async fn document() -> Json<Document> {
    Json(Api::openapi())
}
