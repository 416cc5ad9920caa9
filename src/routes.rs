//! Every URL on one page. One table builds both the router and the list that `tests/it/doors.rs` walks.

use crate::{
    app::App,
    areas, assignments, backups, calendars, cases, clearances, digests, emergencies, erasures, exports, families,
    follow_ups, funds,
    http::{
        BODY_LIMIT, Oops, Who,
        door::{in_own_task, same_site},
        dress::dress,
        hosts::{known_host, over_https},
        pace::strangers,
        page::{SCRIPT, SCRIPT_HREF, STYLE, STYLE_HREF},
    },
    imports, livelihood, loans, lookups, mails, openapi, organisations, overview, plans,
    policy::{Act, acts},
    referrals, restrictions, reviews, staff, timeline, trail, visits,
};
use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Path, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use std::{collections::HashSet, net::SocketAddr, sync::LazyLock};
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

/// Acts so grave that whoever does one has proved within ten minutes who she is, wherever it is done: exports, erasure,
/// rules, accounts, the opening in an emergency. A handler that does one has [`Fresh`](crate::http::Fresh) in its signature;
/// `tests/it/rooms.rs` holds this list against the handlers, both ways.
pub const GRAVE: &[&str] = &[
    acts::ExportCases::NAME,
    acts::AskErasure::NAME,
    acts::ApproveErasure::NAME,
    acts::SealCase::NAME,
    acts::AskUnsealing::NAME,
    acts::ApproveUnsealing::NAME,
    acts::UndoImport::NAME,
    acts::EditRules::NAME,
    acts::AddStaff::NAME,
    acts::EditStaff::NAME,
    acts::OpenEmergency::NAME,
];

/// The same about one's own account, where no act is asked for.
pub const GRAVE_OWN: &[&str] = &["/second-factor", "/second-factor/removal", "/second-factor/recovery-codes"];

impl Route {
    /// Does it do a grave act? A page that only asks for one does not; an export is done by being read.
    pub fn is_grave(&self) -> bool {
        let act = match self.gate {
            Gate::One(act) | Gate::List(act) => act,
            Gate::SignedIn => return self.method == Method::POST && GRAVE_OWN.contains(&self.path),
            Gate::Open => return false,
        };
        GRAVE.contains(&act) && (self.method != Method::GET || act == acts::ExportCases::NAME)
    }
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

    GET "/calendar", list ListFollowUps => calendars::web::show;
    POST "/calendar", list ListFollowUps => calendars::web::start;
    POST "/calendar/ending", list ListFollowUps => calendars::web::end;
    GET "/calendar/{address}", open => calendars::web::feed;

    GET "/sign-in", open => staff::web::sign_in_form;
    POST "/sign-in", open => staff::web::sign_in;
    // Between password and second factor: a half session is let in here, and nowhere else.
    GET "/sign-in/code", open => staff::web::second_step;
    POST "/sign-in/code", open => staff::web::give_code;
    GET "/sign-in/enrolment", open => staff::web::second_step;
    POST "/sign-in/enrolment", open => staff::web::enrol;
    GET "/reset", open => staff::web::reset_form;
    POST "/reset", open => staff::web::reset;
    GET "/confirmation", signed_in => staff::web::confirm_form;
    POST "/confirmation", signed_in => staff::web::confirm;
    POST "/sign-out", signed_in => staff::web::sign_out;
    GET "/password", signed_in => staff::web::password_form;
    POST "/password", signed_in => staff::web::password;
    POST "/language", open => staff::web::language;
    GET "/sessions", signed_in => staff::web::sessions;
    POST "/sessions/ending", signed_in => staff::web::end_session;
    GET "/second-factor", signed_in => staff::web::second_factor;
    POST "/second-factor", signed_in => staff::web::add_factor;
    POST "/second-factor/removal", signed_in => staff::web::remove_factor;
    POST "/second-factor/recovery-codes", signed_in => staff::web::renew_codes;
    GET "/staff", list ListStaff => staff::web::list;
    GET "/staff/new", list ListStaff => staff::web::choose_area;
    GET "/areas/{area}/staff/new", one AddStaff => staff::web::new;
    POST "/areas/{area}/staff", one AddStaff => staff::web::create;
    GET "/staff/{staff}", one EditStaff => staff::web::account;
    POST "/staff/{staff}/role", one EditStaff => staff::web::change_role;
    POST "/staff/{staff}/reset", one EditStaff => staff::web::begin_reset;
    POST "/staff/{staff}/second-factor/removal", one EditStaff => staff::web::reset_factor;
    POST "/staff/{staff}/sessions/ending", one EditStaff => staff::web::end_all_sessions;
    POST "/staff/{staff}/disabling", one EditStaff => staff::web::disable;
    POST "/staff/{staff}/enabling", one EditStaff => staff::web::enable;

    GET "/cases", list ListCases => cases::web::list;
    POST "/case-searches", list ListCases => cases::web::search;
    POST "/case-filters", list ListCases => cases::filters::web::keep;
    POST "/case-filters/ending", list ListCases => cases::filters::web::forget;
    GET "/areas/{area}/cases/new", one OpenCase => cases::web::new;
    POST "/areas/{area}/cases", one OpenCase => cases::web::create;
    GET "/cases/{case}", one SeeCase => cases::web::show;
    GET "/cases/{case}/correction", one EditCase => cases::web::forms::correction;
    POST "/cases/{case}/correction", one EditCase => cases::web::forms::correct;
    GET "/cases/{case}/steps", one MoveCase => cases::web::forms::step;
    POST "/cases/{case}/steps", one MoveCase => cases::web::forms::take_step;
    GET "/cases/{case}/closure", one CloseCase => cases::web::forms::closure;
    POST "/cases/{case}/closure", one CloseCase => cases::web::forms::close;
    GET "/cases/{case}/reopening", one ReopenCase => cases::web::course::reopening;
    POST "/cases/{case}/reopening", one ReopenCase => cases::web::course::reopen;
    GET "/cases/{case}/continuation", one ContinueCase => cases::web::course::continuation;
    POST "/cases/{case}/continuation", one ContinueCase => cases::web::course::go_on;
    GET "/cases/{case}/courses/new", one OpenAgain => cases::web::course::new_course;
    POST "/cases/{case}/courses", one OpenAgain => cases::web::course::open_again;
    GET "/cases/{case}/papers", one EditParts => cases::web::course::papers;
    POST "/cases/{case}/papers", one EditParts => cases::web::course::correct_papers;
    GET "/cases/{case}/history", one SeeHistory => cases::web::course::corrections;
    GET "/cases/{case}/erasure", one AskErasure => erasures::web::form;
    POST "/cases/{case}/erasure", one AskErasure => erasures::web::ask;
    POST "/cases/{case}/erasure/approval", one ApproveErasure => erasures::web::approve;
    GET "/cases/{case}/classifications", one Classify => cases::web::forms::classification;
    POST "/cases/{case}/classifications", one Classify => cases::web::forms::classify;
    GET "/cases/{case}/parts", one EditParts => cases::web::forms::parts;
    POST "/cases/{case}/parts", one EditParts => cases::web::forms::edit_parts;
    POST "/cases/{case}/identity", one SeeIdentity => cases::web::forms::identity;
    GET "/cases/{case}/clearance", one SeeSentence => clearances::web::show;
    GET "/cases/{case}/judgment", one EditParts => clearances::web::judgment;
    POST "/cases/{case}/judgment", one EditParts => clearances::web::keep_judgment;
    GET "/cases/{case}/sealing", one SealCase => clearances::web::sealing;
    POST "/cases/{case}/sealing", one SealCase => clearances::web::seal;
    GET "/sealings", list ListSealings => clearances::web::list;
    GET "/sealings/{sealing}", one SeeSealing => clearances::web::one;
    POST "/sealings/{sealing}/unsealing", one AskUnsealing => clearances::web::ask_unsealing;
    POST "/sealings/{sealing}/unsealing/approval", one ApproveUnsealing => clearances::web::approve_unsealing;

    GET "/cases/{case}/assignments", one SeeAssignments => assignments::web::list;
    POST "/cases/{case}/assignments", one Assign => assignments::web::assign;
    GET "/cases/{case}/restrictions", one SeeRestrictions => restrictions::web::list;
    POST "/cases/{case}/restrictions", one SetRestriction => restrictions::web::create;
    GET "/restrictions/{restriction}/ending", one EndRestriction => restrictions::web::ending;
    POST "/restrictions/{restriction}/ending", one EndRestriction => restrictions::web::end;
    GET "/emergencies", list ListEmergencies => emergencies::web::list;
    GET "/emergencies/new", one OpenEmergency => emergencies::web::new;
    POST "/emergencies", one OpenEmergency => emergencies::web::create;
    GET "/emergencies/{emergency}", one SeeEmergency => emergencies::web::show;
    POST "/emergencies/{emergency}/acknowledgement", one AcknowledgeEmergency => emergencies::web::acknowledge;
    GET "/areas/{area}/covers/new", one AddCover => assignments::web::cover;
    POST "/areas/{area}/covers", one AddCover => assignments::web::add_cover;
    GET "/cases/{case}/referrals", one SeeReferrals => referrals::web::list;
    GET "/cases/{case}/referrals/new", one Refer => referrals::web::new;
    POST "/cases/{case}/referrals", one Refer => referrals::web::create;
    GET "/referrals/{referral}/ending", one EndReferral => referrals::web::ending;
    POST "/referrals/{referral}/ending", one EndReferral => referrals::web::end;
    GET "/cases/{case}/relatives", one SeeFamily => families::web::list;
    POST "/cases/{case}/relatives", one AddRelative => families::web::create;
    POST "/relatives/{relative}/ending", one EndRelative => families::web::end;
    POST "/relatives/{relative}/consent", one SetConsent => families::web::consent;
    POST "/relatives/{relative}/withdrawal", one SetConsent => families::web::withdraw;
    GET "/cases/{case}/helps", one SeeCase => livelihood::web::list;
    POST "/cases/{case}/helps", one LogHelp => livelihood::web::create;
    POST "/helps/{help}/state", one ChangeHelp => livelihood::web::change;
    POST "/helps/{help}/work-checks", one ChangeHelp => livelihood::web::check_work;
    GET "/help-sums", list SumHelp => livelihood::sums::web::show;
    GET "/funds", list ListFunds => funds::web::list;
    POST "/areas/{area}/funds", one AddFund => funds::web::create;
    POST "/funds/{fund}/ending", one EndFund => funds::web::end;
    GET "/cases/{case}/loans", one SeeLoans => loans::web::show;
    POST "/cases/{case}/loans", one AskLoan => loans::web::ask;
    GET "/loan-lists", list ListLoanLists => loans::web::list;
    GET "/loan-lists/{loan_list}", one SeeLoanList => loans::web::one;
    GET "/loan-lists/{loan_list}/form", one SeeLoanList => loans::web::form;
    POST "/loan-lists/{loan_list}/signature", one SignLoanList => loans::web::sign;
    POST "/loan-lists/{loan_list}/confirmation", one ConfirmLoanList => loans::web::decide;
    POST "/loan-lists/{loan_list}/dispatch", one SendLoanList => loans::web::send;
    GET "/loan-lines", list ListLoanLines => loans::web::lines;
    GET "/loan-lines/{loan_line}", one SeeLoanLine => loans::web::line;
    POST "/loan-lines/{loan_line}/withdrawal", one WithdrawLoanLine => loans::web::withdraw;
    POST "/loan-lines/{loan_line}/answer", one AnswerLoanLine => loans::web::answer;
    GET "/loan-accounts", list ListLoanAccounts => loans::web::accounts;
    GET "/loan-accounts/{loan_account}", one SeeLoanAccount => loans::web::account;
    POST "/loan-accounts/{loan_account}/repayments", one ReportLoan => loans::web::report;
    GET "/cases/{case}/needs", one SeeNeeds => plans::web::show_needs;
    POST "/cases/{case}/needs", one AskNeeds => plans::web::ask;
    GET "/cases/{case}/plans", one SeeCase => plans::web::list;
    POST "/cases/{case}/plans", one WritePlan => plans::web::begin;
    GET "/plans/{plan}", one SeePlan => plans::web::show;
    GET "/plans/{plan}/goals/new", one ChangePlan => plans::web::new_goal;
    POST "/plans/{plan}/goals", one ChangePlan => plans::web::add_goal;
    GET "/plans/{plan}/steps/new", one ChangePlan => plans::web::new_step;
    POST "/plans/{plan}/steps", one ChangePlan => plans::web::add_step;
    POST "/plans/{plan}/removals", one ChangePlan => plans::web::remove;
    POST "/plans/{plan}/agreement", one ChangePlan => plans::web::agree;
    POST "/plans/{plan}/submission", one SubmitPlan => plans::web::submit;
    POST "/plans/{plan}/decision", one DecidePlan => plans::web::decide;
    GET "/areas/{area}/imports/new", one ImportCases => imports::web::new;
    POST "/areas/{area}/imports", one ImportCases => imports::web::create;
    GET "/areas/{area}/imports/running", one ImportCases => imports::web::running;
    POST "/areas/{area}/imports/refused", one ImportCases => imports::web::workbook;
    GET "/imports", list ListImports => imports::web::list;
    GET "/imports/{import}", one SeeImport => imports::web::show;
    POST "/imports/{import}/undoing", one UndoImport => imports::web::undo;
    GET "/cases/export", list ExportCases => exports::web::cases;

    GET "/cases/{case}/visits/new", one LogVisit => visits::web::new;
    POST "/cases/{case}/visits", one LogVisit => visits::web::create;
    GET "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdrawal;
    POST "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdraw;

    GET "/trail", list ListTrail => trail::web::list;
    GET "/cases/{case}/openings", one SeeOpenings => trail::web::openings;
    GET "/openings", list ListOwnOpenings => trail::web::mine;
    GET "/readers", list CountReaders => trail::web::readers;
    GET "/review", list ListReview => reviews::web::show;
    POST "/review", list BeginReview => reviews::web::begin;
    POST "/review/{staff}/verdict", one JudgeStaff => reviews::web::judge;
    POST "/review/signature", list SignReview => reviews::web::sign;
    GET "/backups", list ListBackups => backups::web::show;
    POST "/backups/drills", list NoteDrill => backups::web::note;
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

    // For programs
    GET "/api/openapi.json", open => openapi::document;
    POST "/api/v1/sessions", open => staff::api::sign_in;
    DELETE "/api/v1/sessions/current", signed_in => staff::api::sign_out;
    GET "/api/v1/me", signed_in => staff::api::me;
    GET "/api/v1/areas", list ListAreas => areas::api::list;
    GET "/api/v1/organisations", list ListOrganisations => organisations::api::list;
    GET "/api/v1/lookups", signed_in => lookups::api::lookups;
    GET "/api/v1/cases", list ListCases => cases::api::list;
    POST "/api/v1/cases", one OpenCase => cases::api::open;
    POST "/api/v1/case-searches", list ListCases => cases::api::search;
    GET "/api/v1/cases/{case}", one SeeCase => cases::api::one;
    PATCH "/api/v1/cases/{case}", one EditCase => cases::api::correct;
    POST "/api/v1/cases/{case}/steps", one MoveCase => cases::api::step;
    POST "/api/v1/cases/{case}/closure", one CloseCase => cases::api::close;
    POST "/api/v1/cases/{case}/reopening", one ReopenCase => cases::api::reopen;
    POST "/api/v1/cases/{case}/continuation", one ContinueCase => cases::api::go_on;
    POST "/api/v1/cases/{case}/courses", one OpenAgain => cases::api::open_again;
    POST "/api/v1/cases/{case}/classifications", one Classify => cases::api::classify;
    POST "/api/v1/cases/{case}/papers", one EditParts => cases::api::papers;
    GET "/api/v1/cases/{case}/history", one SeeHistory => cases::api::history;
    GET "/api/v1/cases/{case}/clearance", one SeeSentence => clearances::api::found;
    GET "/api/v1/sealings", list ListSealings => clearances::api::list;
    GET "/api/v1/sealings/{sealing}", one SeeSealing => clearances::api::one;
    GET "/api/v1/cases/{case}/visits", one SeeCase => visits::api::list;
    POST "/api/v1/cases/{case}/visits", one LogVisit => visits::api::log;
    GET "/api/v1/visits/{visit}", one SeeVisit => visits::api::one;
    POST "/api/v1/visits/{visit}/withdrawal", one WithdrawVisit => visits::api::withdraw;
    GET "/api/v1/follow-ups", list ListFollowUps => follow_ups::api::list;
    GET "/api/v1/follow-ups/{follow_up}", one SeeFollowUp => follow_ups::api::one;
    POST "/api/v1/follow-ups/{follow_up}/completion", one CompleteFollowUp => follow_ups::api::complete;
    POST "/api/v1/follow-ups/{follow_up}/postponement", one PostponeFollowUp => follow_ups::api::postpone;
    POST "/api/v1/cases/{case}/tasks", one AddTask => follow_ups::api::add;
    GET "/api/v1/cases/{case}/assignments", one SeeAssignments => assignments::api::list;
    POST "/api/v1/cases/{case}/assignments", one Assign => assignments::api::make;
    GET "/api/v1/cases/{case}/restrictions", one SeeRestrictions => restrictions::api::list;
    POST "/api/v1/cases/{case}/restrictions", one SetRestriction => restrictions::api::make;
    GET "/api/v1/restrictions/{restriction}", one SeeRestriction => restrictions::api::one;
    POST "/api/v1/restrictions/{restriction}/ending", one EndRestriction => restrictions::api::end;
    GET "/api/v1/cases/{case}/erasures", one AskErasure => erasures::api::list;
    POST "/api/v1/cases/{case}/erasures", one AskErasure => erasures::api::ask;
    POST "/api/v1/cases/{case}/erasures/approval", one ApproveErasure => erasures::api::approve;
    GET "/api/v1/emergencies", list ListEmergencies => emergencies::api::list;
    GET "/api/v1/emergencies/{emergency}", one SeeEmergency => emergencies::api::one;
    POST "/api/v1/emergencies/{emergency}/acknowledgement", one AcknowledgeEmergency => emergencies::api::acknowledge;
    GET "/api/v1/cases/{case}/referrals", one SeeReferrals => referrals::api::list;
    POST "/api/v1/cases/{case}/referrals", one Refer => referrals::api::make;
    GET "/api/v1/referrals/{referral}", one SeeReferral => referrals::api::one;
    POST "/api/v1/referrals/{referral}/ending", one EndReferral => referrals::api::end;
    GET "/api/v1/cases/{case}/relatives", one SeeFamily => families::api::list;
    POST "/api/v1/cases/{case}/relatives", one AddRelative => families::api::add;
    POST "/api/v1/relatives/{relative}/ending", one EndRelative => families::api::end;
    POST "/api/v1/relatives/{relative}/consent", one SetConsent => families::api::consent;
    POST "/api/v1/relatives/{relative}/withdrawal", one SetConsent => families::api::withdraw;
    GET "/api/v1/cases/{case}/family-needs", one SeeCase => families::api::needs;
    GET "/api/v1/cases/{case}/help", one SeeCase => livelihood::api::list;
    POST "/api/v1/cases/{case}/help", one LogHelp => livelihood::api::log;
    PATCH "/api/v1/help/{help}", one ChangeHelp => livelihood::api::change;
    POST "/api/v1/help/{help}/work-checks", one ChangeHelp => livelihood::api::check_work;
    GET "/api/v1/help-sums", list SumHelp => livelihood::sums::web::told;
    GET "/api/v1/funds", list ListFunds => funds::api::list;
    GET "/api/v1/funds/{fund}", one SeeFund => funds::api::one;
    POST "/api/v1/areas/{area}/funds", one AddFund => funds::api::add;
    POST "/api/v1/funds/{fund}/ending", one EndFund => funds::api::end;
    GET "/api/v1/cases/{case}/loans", one SeeLoans => loans::api::of_case;
    POST "/api/v1/cases/{case}/loans", one AskLoan => loans::api::ask;
    GET "/api/v1/loan-lists", list ListLoanLists => loans::api::list;
    GET "/api/v1/loan-lists/{loan_list}", one SeeLoanList => loans::api::one;
    POST "/api/v1/loan-lists/{loan_list}/signature", one SignLoanList => loans::api::sign;
    POST "/api/v1/loan-lists/{loan_list}/confirmation", one ConfirmLoanList => loans::api::decide;
    POST "/api/v1/loan-lists/{loan_list}/dispatch", one SendLoanList => loans::api::send;
    GET "/api/v1/loan-lines", list ListLoanLines => loans::api::lines;
    GET "/api/v1/loan-lines/{loan_line}", one SeeLoanLine => loans::api::line;
    POST "/api/v1/loan-lines/{loan_line}/withdrawal", one WithdrawLoanLine => loans::api::withdraw;
    POST "/api/v1/loan-lines/{loan_line}/answer", one AnswerLoanLine => loans::api::answer;
    GET "/api/v1/loan-accounts", list ListLoanAccounts => loans::api::accounts;
    GET "/api/v1/loan-accounts/{loan_account}", one SeeLoanAccount => loans::api::account;
    POST "/api/v1/loan-accounts/{loan_account}/repayments", one ReportLoan => loans::api::report;
    GET "/api/v1/questions", signed_in => plans::api::questions;
    GET "/api/v1/cases/{case}/needs", one SeeNeeds => plans::api::needs;
    POST "/api/v1/cases/{case}/needs", one AskNeeds => plans::api::ask;
    GET "/api/v1/cases/{case}/plans", one SeePlans => plans::api::list;
    POST "/api/v1/cases/{case}/plans", one WritePlan => plans::api::begin;
    GET "/api/v1/cases/{case}/plan-steps", one SeeCase => plans::api::steps;
    GET "/api/v1/plans/{plan}", one SeePlan => plans::api::one;
    POST "/api/v1/plans/{plan}/goals", one ChangePlan => plans::api::add_goal;
    POST "/api/v1/plans/{plan}/steps", one ChangePlan => plans::api::add_step;
    POST "/api/v1/plans/{plan}/removals", one ChangePlan => plans::api::remove;
    POST "/api/v1/plans/{plan}/agreement", one ChangePlan => plans::api::agree;
    POST "/api/v1/plans/{plan}/submission", one SubmitPlan => plans::api::submit;
    POST "/api/v1/plans/{plan}/decision", one DecidePlan => plans::api::decide;
    GET "/api/v1/cases/{case}/timeline", one SeeCase => timeline::api::list;
    GET "/api/v1/follow-up-counts", list CountFollowUps => follow_ups::api::counts;
    GET "/api/v1/cases/{case}/openings", one SeeOpenings => trail::api::of_case;
    GET "/api/v1/openings", list ListOwnOpenings => trail::api::mine;
    GET "/api/v1/reader-counts", list CountReaders => trail::api::readers;
    GET "/api/v1/digests", list ListDigests => digests::api::list;
    GET "/api/v1/digests/{digest}", one SeeDigest => digests::api::one;

    GET "/assets/{file}", open => asset;
    GET "/healthz", open => healthz;
    GET "/readyz", open => readyz;
    GET "/metrics", open => metrics;
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
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(in_own_task))
        .layer(from_fn_with_state(app.clone(), same_site))
        .layer(from_fn_with_state(app.clone(), staff::web::ask_again))
        .layer(from_fn_with_state(app.clone(), strangers))
        .layer(from_fn_with_state(app.clone(), over_https))
        .layer(from_fn_with_state(app.clone(), known_host))
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

/// A known URL, asked for in a way that it does not have. A stranger is asked to sign in first, as at every URL that is not
/// open to everybody; the record in the path is not looked at, so that the answer says nothing of it.
async fn wrong_method(path: MatchedPath, who: Result<Who, Oops>) -> Oops {
    static OPEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        table().into_iter().filter(|(route, _)| route.gate == Gate::Open).map(|(route, _)| route.path).collect()
    });
    match who {
        Err(oops) if !OPEN.contains(path.as_str()) => oops,
        _ => Oops::WrongMethod,
    }
}

async fn asset(file: Result<Path<String>, PathRejection>) -> Response {
    let Ok(Path(file)) = file else { return Oops::Unknown.into_response() };
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

/// Figures for whoever watches this machine (Prometheus text): asked from the machine itself, and not through a proxy on it.
/// Anybody else is told that there is no such page. No ids, no names, no areas.
async fn metrics(app: App, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Result<String, Oops> {
    let brought = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-real-ip", "via"];
    if !peer.ip().to_canonical().is_loopback() || brought.iter().any(|name| headers.contains_key(*name)) {
        return Err(Oops::Unknown);
    }
    let now = app.store().figures().await?;
    let hashes = i64::try_from(app.passwords().hashes()).unwrap_or(i64::MAX);
    let mut text = String::new();
    for (name, kind, value) in [
        ("sessions", "gauge", Some(now.sessions)),
        ("mails_waiting", "gauge", Some(now.mails_waiting)),
        ("mails_dead", "gauge", Some(now.mails_dead)),
        ("jobs_due", "gauge", Some(now.jobs_due)),
        ("emergencies_waiting", "gauge", Some(now.emergencies_waiting)),
        ("audit_unchained", "gauge", Some(now.unchained)),
        ("checkpoint_age_seconds", "gauge", now.checkpoint_age),
        ("backup_age_seconds", "gauge", now.backup_age),
        ("drill_age_seconds", "gauge", now.drill_age),
        ("password_hashes_total", "counter", Some(hashes)),
    ] {
        if let Some(value) = value {
            text += &format!("# TYPE duongve_{name} {kind}\nduongve_{name} {value}\n");
        }
    }
    Ok(text)
}

/// The database answers, with its schema in place.
async fn readyz(app: App) -> Result<&'static str, Oops> {
    follow_ups::rulebook(app.store()).await?;
    Ok("ready\n")
}
