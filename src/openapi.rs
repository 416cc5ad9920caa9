//! The program's own description for programs (OpenAPI 3.1): every call of `/api`, from the handlers' own types.

use crate::{
    areas, assignments, attachments,
    base::{
        ids::{HamletId, UserId},
        words::CaseStatus,
    },
    bulletins, case_requests, cases, clearances, community_models, consents, digests, documents, doubles, duties,
    emergencies, erasures, families, follow_ups, funds, gaps, gatherings, handovers, households,
    http::{Json, Oops, error::Problem},
    livelihood, loans, lookups, merges, organisations, plans,
    policy::AreaCode,
    referrals, reports, requests, restrictions, staff,
    store::Fault,
    timeline, trail, urgencies, visits,
};
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi as Document, PathItem, Ref, RefOr, Required,
        ResponseBuilder, SchemaFormat, Type,
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
        handovers::api::list,
        handovers::api::one,
        handovers::api::of_case,
        handovers::api::send,
        handovers::api::send_many,
        handovers::api::accept,
        handovers::api::send_back,
        handovers::api::withdraw,
        handovers::api::issue,
        referrals::api::list,
        referrals::api::make,
        referrals::api::one,
        referrals::api::end,
        consents::api::list,
        consents::api::give,
        consents::api::withdraw,
        requests::api::list,
        requests::api::one,
        requests::api::answer,
        requests::api::extend,
        requests::api::finish,
        requests::api::link,
        requests::api::of_case,
        requests::api::take,
        requests::api::receive,
        requests::api::take_sealed,
        restrictions::api::list,
        restrictions::api::make,
        restrictions::api::one,
        restrictions::api::end,
        erasures::api::list,
        erasures::api::ask,
        erasures::api::approve,
        doubles::api::list,
        doubles::api::one,
        doubles::api::settle,
        doubles::api::answer,
        merges::api::merge,
        merges::api::undo,
        case_requests::api::list,
        case_requests::api::ask,
        case_requests::api::one,
        emergencies::api::list,
        emergencies::api::one,
        emergencies::api::acknowledge,
        families::api::list,
        families::api::add,
        families::api::end,
        families::api::consent,
        families::api::withdraw,
        families::api::needs,
        households::api::list,
        households::api::add,
        households::api::change,
        households::api::consent,
        households::api::withdraw,
        households::api::end,
        households::api::children::list,
        households::api::children::add,
        households::api::children::change,
        households::api::children::consent,
        households::api::children::withdraw,
        households::api::children::end,
        households::api::needs::list,
        households::api::needs::add,
        households::api::needs::meet,
        households::api::needs::shared,
        livelihood::api::list,
        livelihood::api::log,
        livelihood::api::change,
        livelihood::api::check_work,
        livelihood::sums::web::told,
        livelihood::work::web::told,
        livelihood::work::web::say,
        gaps::api::list,
        gaps::api::counts,
        bulletins::api::list,
        bulletins::api::one,
        reports::api::own_organisation,
        reports::api::show,
        reports::api::mine,
        reports::api::behind,
        reports::api::for_outside,
        reports::api::issue,
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
        gatherings::api::list,
        gatherings::api::plan,
        gatherings::api::one,
        gatherings::api::correct,
        gatherings::api::put_off,
        gatherings::api::cancel,
        gatherings::api::minute,
        gatherings::api::invite,
        gatherings::api::attend,
        gatherings::api::raise,
        gatherings::api::owed,
        gatherings::api::opinion,
        gatherings::api::answer,
        gatherings::api::of_case,
        gatherings::api::plan_dialogue,
        community_models::api::list,
        community_models::api::add,
        community_models::api::one,
        community_models::api::correct,
        community_models::api::add_result,
        community_models::api::commend,
        duties::api::of_case,
        duties::api::issue,
        duties::api::set_term,
        duties::api::assess,
        duties::api::send_up,
        duties::api::note_breach,
        duties::api::settle_breach,
        duties::api::drop_breach,
        duties::api::drop_shortening,
        duties::api::drop_certificate,
        duties::api::consider,
        duties::api::decide,
        duties::api::certify,
        duties::api::month,
        duties::api::absences::ask,
        duties::api::absences::list,
        duties::api::absences::one,
        duties::api::absences::decide,
        duties::api::absences::came_back,
        duties::api::absences::cancel,
        duties::api::absences::unsay,
        attachments::api::list,
        attachments::api::add,
        attachments::api::one,
        attachments::api::remove,
        documents::api::list,
        documents::api::of_case,
        documents::api::issue,
        documents::api::one,
        documents::api::print,
        documents::api::withdraw,
        plans::api::questions,
        plans::api::question_sets::list,
        plans::api::question_sets::enter,
        urgencies::api::list,
        urgencies::api::one,
        urgencies::api::answer,
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
        trail::api::who_may,
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
        let key = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("uuid".to_owned())));
        add_header(operation, "Idempotency-Key", "The same key and body are done once and answered alike.", key);
    }
    let all = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
    for operation in all.into_iter().flatten() {
        let lang = ObjectBuilder::new().schema_type(Type::String);
        add_header(operation, "Accept-Language", "vi or en.", lang);
        // A function has its name within its file only, an operation in the whole document.
        let room = operation.tags.iter().flatten().next().map(|tag| tag.replace("::api", "").replace("::", "."));
        if let (Some(room), Some(id)) = (room, &mut operation.operation_id) {
            *id = format!("{room}.{id}");
        }
        operation.responses.responses.insert("default".to_owned(), RefOr::T(problem()));
    }
}

fn add_header(operation: &mut Operation, name: &str, says: &str, schema: ObjectBuilder) {
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(says))
        .schema(Some(schema))
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
pub async fn document() -> Result<Json<Value>, Oops> {
    let mut document =
        serde_json::to_value(Api::openapi()).map_err(|_| Fault::Inconsistent("the document is no JSON"))?;
    say_any(&mut document);
    Ok(Json(document))
}

/// An answer of two views is called `oneOf`, but a helper's view is contained in the office's: what fits the one fits both.
fn say_any(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(views) = fields.remove("oneOf") {
                fields.insert("anyOf".to_owned(), views);
            }
            fields.values_mut().for_each(say_any);
        }
        Value::Array(all) => all.iter_mut().for_each(say_any),
        _ => {}
    }
}
