//! Every URL on one page. One table builds both the router and the list that `tests/it/doors.rs` walks.

use crate::{
    app::App,
    digests, exports, follow_ups,
    http::{
        BODY_LIMIT, Oops,
        door::{in_own_task, same_site},
        error::dress,
        page::{SCRIPT, SCRIPT_HREF, STYLE, STYLE_HREF},
    },
    imports, mails, overview,
    policy::{Act, acts},
    staff, visits,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Path},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use tower_http::set_header::SetResponseHeaderLayer;

/// What the door asks for at one URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Nobody need be signed in.
    Open,
    /// Somebody must be signed in; it is about herself.
    SignedIn,
    /// This act on the record of the path.
    One(&'static str),
    /// This act on a list.
    List(&'static str),
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub gate: Gate,
}

macro_rules! gate {
    (open) => {
        Gate::Open
    };
    (signed_in) => {
        Gate::SignedIn
    };
    (one $act:ident) => {
        Gate::One(<acts::$act as Act>::NAME)
    };
    (list $act:ident) => {
        Gate::List(<acts::$act as Act>::NAME)
    };
}

macro_rules! method {
    (GET) => {
        (Method::GET, axum::routing::get)
    };
    (POST) => {
        (Method::POST, axum::routing::post)
    };
    (PATCH) => {
        (Method::PATCH, axum::routing::patch)
    };
    (DELETE) => {
        (Method::DELETE, axum::routing::delete)
    };
}

macro_rules! routes {
    ($($method:ident $path:literal, $gate:ident $($act:ident)? => $handler:path;)+) => {
        /// Every URL of the program.
        pub fn table() -> Vec<(Route, MethodRouter<App>)> {
            vec![$({
                let (method, on) = method!($method);
                (Route { method, path: $path, gate: gate!($gate $($act)?) }, on($handler))
            }),+]
        }
    };
}

routes! {
    GET "/", signed_in => follow_ups::web::home;
    POST "/follow-ups/{follow_up}/completion", one CompleteFollowUp => follow_ups::web::complete;
    GET "/follow-ups/{follow_up}/postponement", one PostponeFollowUp => follow_ups::web::postponement;
    POST "/follow-ups/{follow_up}/postponement", one PostponeFollowUp => follow_ups::web::postpone;
    GET "/cases/{case}/tasks/new", one AddTask => follow_ups::web::new_task;
    POST "/cases/{case}/tasks", one AddTask => follow_ups::web::add_task;

    GET "/sign-in", open => staff::web::sign_in_form;
    POST "/sign-in", open => staff::web::sign_in;
    POST "/sign-out", signed_in => staff::web::sign_out;
    GET "/password", signed_in => staff::web::password_form;
    POST "/password", signed_in => staff::web::password;
    POST "/language", open => staff::web::language;
    GET "/staff", list ListStaff => staff::web::list;
    GET "/staff/new", list ListStaff => staff::web::choose_area;
    GET "/areas/{area}/staff/new", one AddStaff => staff::web::new;
    POST "/areas/{area}/staff", one AddStaff => staff::web::create;
    POST "/staff/{staff}/disabling", one EditStaff => staff::web::disable;
    POST "/staff/{staff}/enabling", one EditStaff => staff::web::enable;

    GET "/areas/{area}/imports/new", one ImportCases => imports::web::new;
    POST "/areas/{area}/imports", one ImportCases => imports::web::create;
    GET "/cases/export", list ExportCases => exports::web::cases;

    GET "/cases/{case}/visits/new", one LogVisit => visits::web::new;
    POST "/cases/{case}/visits", one LogVisit => visits::web::create;
    GET "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdrawal;
    POST "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdraw;

    GET "/rules", signed_in => follow_ups::rules_web::show;
    POST "/areas/{area}/rules", one EditRules => follow_ups::rules_web::change;
    POST "/areas/{area}/holidays", one EditRules => follow_ups::rules_web::set_day;
    GET "/overview", list CountFollowUps => overview::web::show;
    GET "/digests", list ListDigests => digests::web::list;
    GET "/digests/preview", list ComposeDigest => digests::web::preview;
    GET "/digests/rhythm", list SetDigestRhythm => digests::web::rhythm_form;
    POST "/digests/rhythm", list SetDigestRhythm => digests::web::rhythm;
    GET "/digests/{digest}", one SeeDigest => digests::web::show;
    GET "/mails", list ListDeadMails => mails::web::list;
    POST "/mails/{mail}/retry", one RetryMail => mails::web::retry;

    GET "/assets/{file}", open => asset;
    GET "/healthz", open => healthz;
    GET "/readyz", open => readyz;
}

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The router: the table, and around it what every request passes.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for (route, handler) in table() {
        // A list travels in its form; everything else is small.
        let is_list = route.gate == Gate::One(acts::ImportCases::NAME);
        let handler = if is_list { handler.layer(DefaultBodyLimit::max(imports::web::MAX_BODY)) } else { handler };
        router = router.route(route.path, handler);
    }
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    router
        .fallback(async || Oops::Unknown)
        .method_not_allowed_fallback(async || Oops::Unknown)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(in_own_task))
        .layer(from_fn_with_state(app.clone(), same_site))
        .layer(from_fn_with_state(app.clone(), dress))
        .layer(fixed("content-security-policy", CSP))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("referrer-policy", "same-origin"))
        .layer(fixed("cross-origin-opener-policy", "same-origin"))
        .layer(fixed("cross-origin-resource-policy", "same-origin"))
        .layer(fixed("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"))
        .layer(fixed("cache-control", "no-store"))
        .layer(fixed("strict-transport-security", "max-age=31536000"))
        .with_state(app)
}

async fn asset(Path(file): Path<String>) -> Response {
    let path = format!("/assets/{file}");
    let (kind, content) = if path == *STYLE_HREF {
        ("text/css; charset=utf-8", STYLE)
    } else if path == *SCRIPT_HREF {
        ("text/javascript; charset=utf-8", SCRIPT)
    } else {
        return Oops::Unknown.into_response();
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, content).into_response()
}

/// The process lives.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers, with its schema in place.
async fn readyz(app: App) -> Result<&'static str, Oops> {
    follow_ups::rulebook(app.store()).await?;
    Ok("ready\n")
}
