//! Every URL on one page. One table builds both the router and the list that `tests/it/doors.rs` walks.

use crate::{
    app::App,
    areas, assignments, attachments, backups, bulletins, calendars, case_requests, cases, clearances, community_models,
    consents, digests, documents, doubles, duties, emergencies, erasures, exports, families, follow_ups, funds, gaps,
    gatherings, handovers, households,
    http::{
        BODY_LIMIT, Oops, Who,
        door::{in_own_task, same_site},
        dress::dress,
        hosts::{known_host, over_https},
        pace::strangers,
        page::{SCRIPT, SCRIPT_HREF, STYLE, STYLE_HREF},
    },
    imports, livelihood, loans, lookups, mails, merges, openapi, organisations, overview, plans,
    policy::{Act, acts},
    referrals, reports, requests, restrictions, reviews, staff, timeline, trail, urgencies, visits,
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
    acts::ExportDuties::NAME,
    acts::AskErasure::NAME,
    acts::ApproveErasure::NAME,
    acts::SealCase::NAME,
    acts::AskUnsealing::NAME,
    acts::ApproveUnsealing::NAME,
    acts::UndoImport::NAME,
    acts::EditRules::NAME,
    acts::EditQuestions::NAME,
    acts::EditTemplates::NAME,
    acts::ExportFollowUps::NAME,
    acts::ExportLoanList::NAME,
    acts::ExportDocuments::NAME,
    acts::AddStaff::NAME,
    acts::EditStaff::NAME,
    acts::OpenEmergency::NAME,
    acts::ExportReports::NAME,
    acts::TakeSubjectFile::NAME,
    acts::DecideCaseRequest::NAME,
];

/// The same about one's own account, where no act is asked for.
pub const GRAVE_OWN: &[&str] =
    &["/second-factor", "/second-factor/removal", "/second-factor/recovery-codes", "/sessions/ending"];

impl Route {
    /// Does it do a grave act? A page that only asks for one does not; an export is done by being read.
    pub fn is_grave(&self) -> bool {
        let act = match self.gate {
            Gate::One(act) | Gate::List(act) => act,
            Gate::SignedIn => return self.method == Method::POST && GRAVE_OWN.contains(&self.path),
            Gate::Open => return false,
        };
        GRAVE.contains(&act) && (self.method != Method::GET || act.ends_with(".export"))
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
    POST "/sealings/{sealing}/unsealing/withdrawal", one AskUnsealing => clearances::web::withdraw_unsealing;
    POST "/sealings/{sealing}/unsealing/refusal", one ApproveUnsealing => clearances::web::refuse_unsealing;
    POST "/sealings/{sealing}/unsealing/approval", one ApproveUnsealing => clearances::web::approve_unsealing;

    GET "/cases/{case}/assignments", one SeeAssignments => assignments::web::list;
    POST "/cases/{case}/assignments", one Assign => assignments::web::assign;
    GET "/cases/{case}/consents", one SeeConsents => consents::web::list;
    POST "/cases/{case}/consents", one GiveConsent => consents::web::give;
    POST "/consents/{consent}/withdrawal", one WithdrawConsent => consents::web::withdraw;
    GET "/consent-texts", one AddConsentText => consents::web::texts;
    POST "/consent-texts", one AddConsentText => consents::web::add_text;
    GET "/requests", list ListRequests => requests::web::list;
    GET "/requests/new", one ReceiveRequest => requests::web::new;
    POST "/requests", one ReceiveRequest => requests::web::receive;
    GET "/requests/{request}", one SeeRequest => requests::web::show;
    POST "/requests/{request}/answer", one DecideRequest => requests::web::answer;
    POST "/requests/{request}/extension", one DecideRequest => requests::web::extend;
    POST "/requests/{request}/completion", one FinishRequest => requests::web::finish;
    POST "/requests/{request}/link", one DecideRequest => requests::web::link;
    GET "/cases/{case}/requests", one SeeRequests => requests::web::of_case;
    POST "/cases/{case}/subject-file", one TakeSubjectFile => requests::web::take_file;
    GET "/cases/{case}/requests/new", one TakeRequest => requests::web::new_of_case;
    POST "/cases/{case}/requests", one TakeRequest => requests::web::take;
    GET "/sealings/{sealing}/requests/new", one TakeSealedRequest => requests::web::new_of_seal;
    POST "/sealings/{sealing}/requests", one TakeSealedRequest => requests::web::take_sealed;

    GET "/cases/{case}/handovers", one SeeHandovers => handovers::web::of_case;
    POST "/cases/{case}/handovers", one HandOver => handovers::web::send;
    GET "/areas/{area}/handovers/new", one HandOverMany => handovers::web::many;
    POST "/areas/{area}/handovers", one HandOverMany => handovers::web::send_many;
    GET "/handovers", list ListHandovers => handovers::web::list;
    GET "/handovers/{handover}", one SeeHandover => handovers::web::show;
    POST "/handovers/{handover}/document", one SeeHandover => handovers::web::issue;
    POST "/handovers/{handover}/acceptance", one AcceptHandover => handovers::web::accept;
    POST "/handovers/{handover}/return", one ReturnHandover => handovers::web::send_back;
    POST "/handovers/{handover}/withdrawal", one WithdrawHandover => handovers::web::withdraw;
    GET "/cases/{case}/restrictions", one SeeRestrictions => restrictions::web::list;
    POST "/cases/{case}/restrictions", one SetRestriction => restrictions::web::create;
    GET "/restrictions/{restriction}/ending", one EndRestriction => restrictions::web::ending;
    POST "/restrictions/{restriction}/ending", one EndRestriction => restrictions::web::end;
    GET "/doubles", list ListDoubles => doubles::web::list;
    GET "/doubles/{possible_double}", one SeeDouble => doubles::web::show;
    POST "/doubles/{possible_double}/verdict", one SettleDouble => doubles::web::settle;
    POST "/doubles/{possible_double}/answer", one AnswerDouble => doubles::web::answer;
    GET "/doubles/{possible_double}/merge", one MergePeople => merges::web::form;
    POST "/doubles/{possible_double}/merge", one MergePeople => merges::web::merge;
    POST "/doubles/{possible_double}/merge/undoing", one UndoMerge => merges::web::undo;
    GET "/case-requests", list ListCaseRequests => case_requests::web::list;
    GET "/case-requests/new", one AskCase => case_requests::web::new;
    POST "/case-requests", one AskCase => case_requests::web::create;
    GET "/case-requests/{case_request}", one SeeCaseRequest => case_requests::web::show;
    POST "/case-requests/{case_request}/decision", one DecideCaseRequest => case_requests::web::decide;
    POST "/case-requests/{case_request}/ending", one EndCaseRequest => case_requests::web::end;
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
    GET "/cases/{case}/households", one SeeFamily => households::web::list;
    GET "/cases/{case}/households/new", one AddHousehold => households::web::new_household;
    POST "/cases/{case}/households", one AddHousehold => households::web::add_household;
    GET "/households/{household}/correction", one ChangeHousehold => households::web::household_correction;
    POST "/households/{household}/correction", one ChangeHousehold => households::web::change_household;
    POST "/households/{household}/consent", one ChangeHousehold => households::web::household_consent;
    POST "/households/{household}/withdrawal", one ChangeHousehold => households::web::household_withdrawal;
    POST "/households/{household}/ending", one ChangeHousehold => households::web::household_ending;
    GET "/cases/{case}/children/new", one AddChild => households::web::new_child;
    POST "/cases/{case}/children", one AddChild => households::web::add_child;
    GET "/children/{child}/correction", one ChangeChild => households::web::child_correction;
    POST "/children/{child}/correction", one ChangeChild => households::web::change_child;
    POST "/children/{child}/consent", one ChangeChild => households::web::child_consent;
    POST "/children/{child}/withdrawal", one ChangeChild => households::web::child_withdrawal;
    POST "/children/{child}/ending", one ChangeChild => households::web::child_ending;
    GET "/cases/{case}/home-needs/new", one AddHomeNeed => households::web::new_need;
    POST "/cases/{case}/home-needs", one AddHomeNeed => households::web::add_need;
    POST "/home-needs/{home_need}/fulfilment", one MeetHomeNeed => households::web::meet;
    GET "/cases/{case}/helps", one SeeCase => livelihood::web::list;
    POST "/cases/{case}/helps", one LogHelp => livelihood::web::create;
    POST "/helps/{help}/state", one ChangeHelp => livelihood::web::change;
    POST "/helps/{help}/work-checks", one ChangeHelp => livelihood::web::check_work;
    GET "/cases/{case}/work", one SeeHelp => livelihood::work::web::show;
    POST "/cases/{case}/work", one SetWork => livelihood::work::web::set;
    GET "/help-sums", list SumHelp => livelihood::sums::web::show;
    GET "/funds", list ListFunds => funds::web::list;
    POST "/areas/{area}/funds", one AddFund => funds::web::create;
    POST "/funds/{fund}/ending", one EndFund => funds::web::end;
    GET "/cases/{case}/loans", one SeeLoans => loans::web::show;
    POST "/cases/{case}/loans", one AskLoan => loans::web::ask;
    GET "/loan-lists", list ListLoanLists => loans::web::list;
    GET "/loan-lists/{loan_list}", one SeeLoanList => loans::web::one;
    GET "/loan-lists/{loan_list}/form", one SeeLoanList => loans::web::form;
    GET "/loan-lists/{loan_list}/export", one ExportLoanList => exports::web::loan_list;
    POST "/loan-lists/{loan_list}/document", one PrintLoanList => loans::web::issue;
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
    GET "/cases/{case}/duties", one SeeDuties => duties::web::show;
    GET "/cases/{case}/duties/sheet", one SeeDuties => duties::web::sheet;
    GET "/cases/{case}/duties/term", one SetDutyTerm => duties::web::forms::term;
    POST "/cases/{case}/duties/term", one SetDutyTerm => duties::web::forms::set_term;
    GET "/cases/{case}/duties/assessments", one AssessDuty => duties::web::forms::assessment;
    POST "/cases/{case}/duties/assessments", one AssessDuty => duties::web::forms::assess;
    POST "/cases/{case}/duties/dispatch", one AssessDuty => duties::web::send_up;
    GET "/cases/{case}/duties/absences", one AskAbsence => duties::web::forms::absence;
    POST "/cases/{case}/duties/absences", one AskAbsence => duties::web::forms::ask;
    GET "/cases/{case}/duties/breaches", one NoteBreach => duties::web::forms::breach;
    POST "/cases/{case}/duties/breaches", one NoteBreach => duties::web::forms::note_breach;
    POST "/cases/{case}/duties/settlement", one NoteBreach => duties::web::settle_breach;
    POST "/cases/{case}/duties/breaches/withdrawal", one NoteBreach => duties::web::drop_breach;
    POST "/cases/{case}/duties/shortenings/withdrawal", one ConsiderShortening => duties::web::drop_shortening;
    POST "/cases/{case}/duties/certificates/withdrawal", one CertifyCompletion => duties::web::drop_certificate;
    GET "/cases/{case}/duties/shortenings", one ConsiderShortening => duties::web::forms::shortening;
    POST "/cases/{case}/duties/shortenings", one ConsiderShortening => duties::web::forms::consider;
    POST "/cases/{case}/duties/decision", one ConsiderShortening => duties::web::decide;
    GET "/cases/{case}/duties/certificates", one CertifyCompletion => duties::web::forms::certificate;
    POST "/cases/{case}/duties/certificates", one CertifyCompletion => duties::web::forms::certify;
    POST "/cases/{case}/duties/document", one IssueDocument => duties::web::issue;
    GET "/duties", list ListDuties => duties::web::lists::month;
    GET "/absences", list ListAbsences => duties::web::lists::absences;
    GET "/absences/{absence}", one SeeAbsence => duties::web::lists::absence;
    POST "/absences/{absence}/decision", one DecideAbsence => duties::web::lists::decide_absence;
    POST "/absences/{absence}/decision/withdrawal", one DecideAbsence => duties::web::lists::unsay;
    POST "/absences/{absence}/return", one ChangeAbsence => duties::web::lists::came_back;
    POST "/absences/{absence}/cancellation", one ChangeAbsence => duties::web::lists::cancel;
    GET "/cases/{case}/attachments", one SeeCase => attachments::web::list;
    POST "/cases/{case}/attachments", one AddAttachment => attachments::web::create;
    GET "/attachments/{attachment}", one SeeAttachment => attachments::web::download;
    GET "/attachments/{attachment}/removal", one RemoveAttachment => attachments::web::removal;
    POST "/attachments/{attachment}/removal", one RemoveAttachment => attachments::web::remove;
    GET "/cases/{case}/documents", one IssueDocument => documents::web::of_case;
    GET "/cases/{case}/documents/new", one IssueDocument => documents::web::new;
    POST "/cases/{case}/documents", one IssueDocument => documents::web::create;
    GET "/documents", list ListDocuments => documents::web::list;
    GET "/documents/export", list ExportDocuments => exports::web::documents;
    GET "/documents/{document}", one SeeDocument => documents::web::show;
    POST "/documents/{document}/printings", one PrintDocument => documents::web::print;
    POST "/documents/{document}/withdrawal", one WithdrawDocument => documents::web::withdraw;
    GET "/document-templates", list ListTemplates => documents::templates_web::list;
    POST "/areas/{area}/document-templates/preview", one EditTemplates => documents::templates_web::preview;
    POST "/areas/{area}/document-templates", one EditTemplates => documents::templates_web::create;
    GET "/cases/{case}/needs", one SeeNeeds => plans::web::show_needs;
    POST "/cases/{case}/needs", one AskNeeds => plans::web::ask;
    GET "/questions", signed_in => plans::web::questions::sets;
    POST "/areas/{area}/question-sets", one EditQuestions => plans::web::questions::enter;
    GET "/urgencies", list ListUrgencies => urgencies::web::list;
    GET "/urgencies/{urgency}", one SeeUrgency => urgencies::web::show;
    POST "/urgencies/{urgency}/answer", one AnswerUrgency => urgencies::web::answer;
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
    GET "/duties/export", list ExportDuties => duties::web::lists::export;
    GET "/follow-ups/export", list ExportFollowUps => exports::web::follow_ups;

    GET "/cases/{case}/visits/new", one LogVisit => visits::web::new;
    POST "/cases/{case}/visits", one LogVisit => visits::web::create;
    GET "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdrawal;
    POST "/visits/{visit}/withdrawal", one WithdrawVisit => visits::web::withdraw;

    GET "/gatherings", list ListGatherings => gatherings::web::list;
    GET "/gatherings/new", one PlanGathering => gatherings::web::forms::new;
    POST "/gatherings", one PlanGathering => gatherings::web::forms::create;
    GET "/gatherings/{gathering}", one SeeGathering => gatherings::web::show;
    GET "/gatherings/{gathering}/correction", one ChangeGathering => gatherings::web::forms::correction;
    POST "/gatherings/{gathering}/correction", one ChangeGathering => gatherings::web::forms::correct;
    GET "/gatherings/{gathering}/moves", one ChangeGathering => gatherings::web::forms::moving;
    POST "/gatherings/{gathering}/moves", one ChangeGathering => gatherings::web::forms::put_off;
    POST "/gatherings/{gathering}/cancellation", one ChangeGathering => gatherings::web::forms::cancel;
    GET "/gatherings/{gathering}/guests", one ChangeGathering => gatherings::web::forms::inviting;
    POST "/gatherings/{gathering}/guests", one ChangeGathering => gatherings::web::forms::invite;
    POST "/gatherings/{gathering}/attendance", one ChangeGathering => gatherings::web::attend;
    GET "/gatherings/{gathering}/letters", one ChangeGathering => gatherings::web::prints::letters;
    GET "/gatherings/{gathering}/minutes", one ChangeGathering => gatherings::web::forms::minutes;
    POST "/gatherings/{gathering}/minutes", one ChangeGathering => gatherings::web::forms::minute;
    GET "/gatherings/{gathering}/record", one SeeMinutes => gatherings::web::prints::print;
    GET "/gatherings/{gathering}/opinions", one ChangeGathering => gatherings::web::opinions::raising;
    POST "/gatherings/{gathering}/opinions", one ChangeGathering => gatherings::web::opinions::raise;
    GET "/opinions", list ListOpinions => gatherings::web::opinions::owed;
    GET "/opinions/{opinion}", one SeeOpinion => gatherings::web::opinions::opinion;
    POST "/opinions/{opinion}/answer", one AnswerOpinion => gatherings::web::opinions::answer;
    GET "/follow-ups/{follow_up}/opinion", one SeeFollowUp => gatherings::web::opinions::of_task;
    GET "/cases/{case}/gatherings", one SeeAttendance => gatherings::web::of_case;
    POST "/cases/{case}/invitations", one InviteGuest => gatherings::web::invite_from_case;
    GET "/cases/{case}/dialogues/new", one PlanDialogue => gatherings::web::forms::new_dialogue;
    POST "/cases/{case}/dialogues", one PlanDialogue => gatherings::web::forms::create_dialogue;
    GET "/community-models", list ListCommunityModels => community_models::web::list;
    GET "/community-models/print", list ListCommunityModels => community_models::web::print;
    GET "/community-models/file", list ListCommunityModels => community_models::web::file;
    GET "/community-models/new", one AddCommunityModel => community_models::web::new;
    POST "/community-models", one AddCommunityModel => community_models::web::create;
    GET "/community-models/{community_model}", one SeeCommunityModel => community_models::web::show;
    GET "/community-models/{community_model}/correction", one ChangeCommunityModel => community_models::web::correction;
    POST "/community-models/{community_model}/correction", one ChangeCommunityModel => community_models::web::correct;
    POST "/community-models/{community_model}/results", one ChangeCommunityModel => community_models::web::add_result;
    POST "/community-models/{community_model}/commendations", one ChangeCommunityModel => community_models::web::commend;

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
    GET "/waiting", signed_in => overview::waiting::web::show;
    GET "/gaps", list ListGaps => gaps::web::list;
    GET "/organisation-figures", list CountOwnHelp => reports::web::told::own_organisation;
    GET "/bulletins", list ListBulletins => bulletins::web::list;
    GET "/bulletins/{bulletin}", one SeeBulletin => bulletins::web::show;
    GET "/reports", list SeeReports => reports::web::show;
    GET "/reports/mine", list SeeOwnReport => reports::web::mine;
    GET "/reports/cases", list SeeOwnReport => reports::web::behind;
    GET "/reports/outside", list SeeOutsideReports => reports::web::told::outside;
    GET "/reports/export", list ExportReports => reports::web::export;
    POST "/areas/{area}/reports/document", one IssueAreaDocument => reports::web::issue;
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
    GET "/api/v1/handovers", list ListHandovers => handovers::api::list;
    POST "/api/v1/handovers", one HandOverMany => handovers::api::send_many;
    GET "/api/v1/handovers/{handover}", one SeeHandover => handovers::api::one;
    POST "/api/v1/handovers/{handover}/document", one SeeHandover => handovers::api::issue;
    POST "/api/v1/handovers/{handover}/acceptance", one AcceptHandover => handovers::api::accept;
    POST "/api/v1/handovers/{handover}/return", one ReturnHandover => handovers::api::send_back;
    POST "/api/v1/handovers/{handover}/withdrawal", one WithdrawHandover => handovers::api::withdraw;
    GET "/api/v1/cases/{case}/handovers", one SeeHandovers => handovers::api::of_case;
    POST "/api/v1/cases/{case}/handovers", one HandOver => handovers::api::send;
    GET "/api/v1/cases/{case}/assignments", one SeeAssignments => assignments::api::list;
    POST "/api/v1/cases/{case}/assignments", one Assign => assignments::api::make;
    GET "/api/v1/cases/{case}/consents", one SeeConsents => consents::api::list;
    POST "/api/v1/cases/{case}/consents", one GiveConsent => consents::api::give;
    POST "/api/v1/consents/{consent}/withdrawal", one WithdrawConsent => consents::api::withdraw;
    GET "/api/v1/requests", list ListRequests => requests::api::list;
    GET "/api/v1/requests/{request}", one SeeRequest => requests::api::one;
    POST "/api/v1/requests/{request}/answer", one DecideRequest => requests::api::answer;
    POST "/api/v1/requests/{request}/extension", one DecideRequest => requests::api::extend;
    POST "/api/v1/requests/{request}/completion", one FinishRequest => requests::api::finish;
    POST "/api/v1/requests/{request}/link", one DecideRequest => requests::api::link;
    GET "/api/v1/cases/{case}/requests", one SeeRequests => requests::api::of_case;
    POST "/api/v1/cases/{case}/requests", one TakeRequest => requests::api::take;
    POST "/api/v1/areas/{area}/requests", one ReceiveRequest => requests::api::receive;
    POST "/api/v1/sealings/{sealing}/requests", one TakeSealedRequest => requests::api::take_sealed;
    GET "/api/v1/cases/{case}/restrictions", one SeeRestrictions => restrictions::api::list;
    POST "/api/v1/cases/{case}/restrictions", one SetRestriction => restrictions::api::make;
    GET "/api/v1/restrictions/{restriction}", one SeeRestriction => restrictions::api::one;
    POST "/api/v1/restrictions/{restriction}/ending", one EndRestriction => restrictions::api::end;
    GET "/api/v1/cases/{case}/erasures", one AskErasure => erasures::api::list;
    POST "/api/v1/cases/{case}/erasures", one AskErasure => erasures::api::ask;
    POST "/api/v1/cases/{case}/erasures/approval", one ApproveErasure => erasures::api::approve;
    GET "/api/v1/doubles", list ListDoubles => doubles::api::list;
    GET "/api/v1/doubles/{possible_double}", one SeeDouble => doubles::api::one;
    POST "/api/v1/doubles/{possible_double}/verdict", one SettleDouble => doubles::api::settle;
    POST "/api/v1/doubles/{possible_double}/answer", one AnswerDouble => doubles::api::answer;
    POST "/api/v1/doubles/{possible_double}/merge", one MergePeople => merges::api::merge;
    POST "/api/v1/doubles/{possible_double}/merge/undoing", one UndoMerge => merges::api::undo;
    GET "/api/v1/case-requests", list ListCaseRequests => case_requests::api::list;
    POST "/api/v1/case-requests", one AskCase => case_requests::api::ask;
    GET "/api/v1/case-requests/{case_request}", one SeeCaseRequest => case_requests::api::one;
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
    GET "/api/v1/cases/{case}/households", one SeeFamily => households::api::list;
    POST "/api/v1/cases/{case}/households", one AddHousehold => households::api::add;
    PATCH "/api/v1/households/{household}", one ChangeHousehold => households::api::change;
    POST "/api/v1/households/{household}/consent", one ChangeHousehold => households::api::consent;
    POST "/api/v1/households/{household}/withdrawal", one ChangeHousehold => households::api::withdraw;
    POST "/api/v1/households/{household}/ending", one ChangeHousehold => households::api::end;
    GET "/api/v1/cases/{case}/children", one SeeFamily => households::api::children::list;
    POST "/api/v1/cases/{case}/children", one AddChild => households::api::children::add;
    PATCH "/api/v1/children/{child}", one ChangeChild => households::api::children::change;
    POST "/api/v1/children/{child}/consent", one ChangeChild => households::api::children::consent;
    POST "/api/v1/children/{child}/withdrawal", one ChangeChild => households::api::children::withdraw;
    POST "/api/v1/children/{child}/ending", one ChangeChild => households::api::children::end;
    GET "/api/v1/cases/{case}/home-needs", one SeeFamily => households::api::needs::list;
    POST "/api/v1/cases/{case}/home-needs", one AddHomeNeed => households::api::needs::add;
    POST "/api/v1/home-needs/{home_need}/fulfilment", one MeetHomeNeed => households::api::needs::meet;
    GET "/api/v1/cases/{case}/shared-home-needs", one SeeCase => households::api::needs::shared;
    GET "/api/v1/cases/{case}/help", one SeeCase => livelihood::api::list;
    POST "/api/v1/cases/{case}/help", one LogHelp => livelihood::api::log;
    PATCH "/api/v1/help/{help}", one ChangeHelp => livelihood::api::change;
    POST "/api/v1/help/{help}/work-checks", one ChangeHelp => livelihood::api::check_work;
    GET "/api/v1/cases/{case}/work", one SeeHelp => livelihood::work::web::told;
    POST "/api/v1/cases/{case}/work", one SetWork => livelihood::work::web::say;
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
    GET "/api/v1/gatherings", list ListGatherings => gatherings::api::list;
    POST "/api/v1/gatherings", one PlanGathering => gatherings::api::plan;
    GET "/api/v1/gatherings/{gathering}", one SeeGathering => gatherings::api::one;
    PATCH "/api/v1/gatherings/{gathering}", one ChangeGathering => gatherings::api::correct;
    POST "/api/v1/gatherings/{gathering}/moves", one ChangeGathering => gatherings::api::put_off;
    POST "/api/v1/gatherings/{gathering}/cancellation", one ChangeGathering => gatherings::api::cancel;
    POST "/api/v1/gatherings/{gathering}/minutes", one ChangeGathering => gatherings::api::minute;
    POST "/api/v1/gatherings/{gathering}/guests", one ChangeGathering => gatherings::api::invite;
    POST "/api/v1/gatherings/{gathering}/attendance", one ChangeGathering => gatherings::api::attend;
    POST "/api/v1/gatherings/{gathering}/opinions", one ChangeGathering => gatherings::api::raise;
    GET "/api/v1/opinions", list ListOpinions => gatherings::api::owed;
    GET "/api/v1/opinions/{opinion}", one SeeOpinion => gatherings::api::opinion;
    POST "/api/v1/opinions/{opinion}/answer", one AnswerOpinion => gatherings::api::answer;
    GET "/api/v1/cases/{case}/gatherings", one SeeAttendance => gatherings::api::of_case;
    POST "/api/v1/cases/{case}/dialogues", one PlanDialogue => gatherings::api::plan_dialogue;
    GET "/api/v1/community-models", list ListCommunityModels => community_models::api::list;
    POST "/api/v1/community-models", one AddCommunityModel => community_models::api::add;
    GET "/api/v1/community-models/{community_model}", one SeeCommunityModel => community_models::api::one;
    PATCH "/api/v1/community-models/{community_model}", one ChangeCommunityModel => community_models::api::correct;
    POST "/api/v1/community-models/{community_model}/results", one ChangeCommunityModel => community_models::api::add_result;
    POST "/api/v1/community-models/{community_model}/commendations", one ChangeCommunityModel => community_models::api::commend;
    GET "/api/v1/cases/{case}/duties", one SeeDuties => duties::api::of_case;
    POST "/api/v1/cases/{case}/duties/document", one IssueDocument => duties::api::issue;
    POST "/api/v1/cases/{case}/duties/term", one SetDutyTerm => duties::api::set_term;
    POST "/api/v1/cases/{case}/duties/assessments", one AssessDuty => duties::api::assess;
    POST "/api/v1/cases/{case}/duties/dispatch", one AssessDuty => duties::api::send_up;
    POST "/api/v1/cases/{case}/duties/breaches", one NoteBreach => duties::api::note_breach;
    POST "/api/v1/cases/{case}/duties/settlement", one NoteBreach => duties::api::settle_breach;
    POST "/api/v1/cases/{case}/duties/breaches/withdrawal", one NoteBreach => duties::api::drop_breach;
    POST "/api/v1/cases/{case}/duties/shortenings/withdrawal", one ConsiderShortening => duties::api::drop_shortening;
    POST "/api/v1/cases/{case}/duties/certificates/withdrawal", one CertifyCompletion => duties::api::drop_certificate;
    POST "/api/v1/cases/{case}/duties/shortenings", one ConsiderShortening => duties::api::consider;
    POST "/api/v1/cases/{case}/duties/decision", one ConsiderShortening => duties::api::decide;
    POST "/api/v1/cases/{case}/duties/certificates", one CertifyCompletion => duties::api::certify;
    POST "/api/v1/cases/{case}/duties/absences", one AskAbsence => duties::api::absences::ask;
    GET "/api/v1/duties", list ListDuties => duties::api::month;
    GET "/api/v1/absences", list ListAbsences => duties::api::absences::list;
    GET "/api/v1/absences/{absence}", one SeeAbsence => duties::api::absences::one;
    POST "/api/v1/absences/{absence}/decision", one DecideAbsence => duties::api::absences::decide;
    POST "/api/v1/absences/{absence}/decision/withdrawal", one DecideAbsence => duties::api::absences::unsay;
    POST "/api/v1/absences/{absence}/return", one ChangeAbsence => duties::api::absences::came_back;
    POST "/api/v1/absences/{absence}/cancellation", one ChangeAbsence => duties::api::absences::cancel;
    GET "/api/v1/cases/{case}/attachments", one SeeCase => attachments::api::list;
    POST "/api/v1/cases/{case}/attachments", one AddAttachment => attachments::api::add;
    GET "/api/v1/attachments/{attachment}", one SeeAttachment => attachments::api::one;
    POST "/api/v1/attachments/{attachment}/removal", one RemoveAttachment => attachments::api::remove;
    GET "/api/v1/documents", list ListDocuments => documents::api::list;
    GET "/api/v1/cases/{case}/documents", one IssueDocument => documents::api::of_case;
    POST "/api/v1/cases/{case}/documents", one IssueDocument => documents::api::issue;
    GET "/api/v1/documents/{document}", one SeeDocument => documents::api::one;
    POST "/api/v1/documents/{document}/printings", one PrintDocument => documents::api::print;
    POST "/api/v1/documents/{document}/withdrawal", one WithdrawDocument => documents::api::withdraw;
    GET "/api/v1/questions", signed_in => plans::api::questions;
    GET "/api/v1/question-sets", signed_in => plans::api::question_sets::list;
    POST "/api/v1/areas/{area}/question-sets", one EditQuestions => plans::api::question_sets::enter;
    GET "/api/v1/urgencies", list ListUrgencies => urgencies::api::list;
    GET "/api/v1/urgencies/{urgency}", one SeeUrgency => urgencies::api::one;
    POST "/api/v1/urgencies/{urgency}/answer", one AnswerUrgency => urgencies::api::answer;
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
    GET "/api/v1/cases/{case}/readers", one SeeOpenings => trail::api::who_may;
    GET "/api/v1/cases/{case}/openings", one SeeOpenings => trail::api::of_case;
    GET "/api/v1/openings", list ListOwnOpenings => trail::api::mine;
    GET "/api/v1/reader-counts", list CountReaders => trail::api::readers;
    GET "/api/v1/gaps", list ListGaps => gaps::api::list;
    GET "/api/v1/gap-counts", list ListGaps => gaps::api::counts;
    GET "/api/v1/organisation-figures", list CountOwnHelp => reports::api::own_organisation;
    GET "/api/v1/bulletins", list ListBulletins => bulletins::api::list;
    GET "/api/v1/bulletins/{bulletin}", one SeeBulletin => bulletins::api::one;
    GET "/api/v1/reports", list SeeReports => reports::api::show;
    GET "/api/v1/reports/mine", list SeeOwnReport => reports::api::mine;
    GET "/api/v1/reports/cases", list SeeOwnReport => reports::api::behind;
    GET "/api/v1/reports/outside", list SeeOutsideReports => reports::api::for_outside;
    POST "/api/v1/areas/{area}/reports/document", one IssueAreaDocument => reports::api::issue;
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
        // A list travels in its form, a file with its words; everything else is small.
        let most = match route.gate {
            Gate::One(acts::ImportCases::NAME) => imports::web::MAX_BODY,
            // A program sends the bytes of a file in letters.
            Gate::One(acts::AddAttachment::NAME) => attachments::MAX_BODY / 3 * 4,
            _ => BODY_LIMIT,
        };
        let handler = if most > BODY_LIMIT { handler.layer(DefaultBodyLimit::max(most)) } else { handler };
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
        .layer(fixed("strict-transport-security", "max-age=31536000; includeSubDomains"))
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
