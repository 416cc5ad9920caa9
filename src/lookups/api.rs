//! Reference words with their names in both languages, and the rules in force with their legal basis.

use crate::{
    app::App,
    base::{
        lang::Lang,
        time::Day,
        words::{
            AgreementHow, AnswerKind, CaseStatus, ClosureGround, FollowUpKind, FundKind, GatheringKind, Group,
            HelpKind, HelpState, HelpSum, HomeNeedKind, KinKind, LoanAnswer, LoanListState, LoanPurpose, LoanStanding,
            NeedArea, NeedLevel, Owes, PlanOwner, PlanState, Precision, Purpose, Regime, Sex, VisitKind,
        },
    },
    follow_ups,
    http::{Json, Oops, Who},
    policy::Role,
};

/// A word that stands in bodies, and its names.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Word {
    word: &'static str,
    vi: String,
    en: String,
}

/// A rule of the clock in force today.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Rule {
    rule: String,
    version: i64,
    amount: i64,
    /// `working_days`, `days`, `months`, `times`, `percent`.
    unit: &'static str,
    valid_from: Day,
    /// The article that it rests on; `null`: a setting of the office.
    #[schema(required)]
    legal_basis: Option<String>,
    vi: String,
    en: String,
}

/// Every list of words, and the rules.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Lookups {
    roles: Vec<Word>,
    regimes: Vec<Word>,
    case_statuses: Vec<Word>,
    closure_grounds: Vec<Word>,
    groups: Vec<Word>,
    visit_kinds: Vec<Word>,
    follow_up_kinds: Vec<Word>,
    referral_purposes: Vec<Word>,
    help_kinds: Vec<Word>,
    help_states: Vec<Word>,
    help_sums: Vec<Word>,
    fund_kinds: Vec<Word>,
    loan_purposes: Vec<Word>,
    loan_list_states: Vec<Word>,
    loan_answers: Vec<Word>,
    loan_standings: Vec<Word>,
    gathering_kinds: Vec<Word>,
    opinion_owes: Vec<Word>,
    answer_kinds: Vec<Word>,
    need_areas: Vec<Word>,
    need_levels: Vec<Word>,
    kin_kinds: Vec<Word>,
    home_need_kinds: Vec<Word>,
    plan_owners: Vec<Word>,
    plan_states: Vec<Word>,
    agreement_hows: Vec<Word>,
    birth_date_precisions: Vec<Word>,
    sexes: Vec<Word>,
    /// The version of the rules with which tasks are planned now.
    rules_version: i64,
    rules: Vec<Rule>,
}

fn word(word: &'static str, key: &str) -> Word {
    Word { word, vi: Lang::Vi.say(key), en: Lang::En.say(key) }
}

macro_rules! words {
    ($list:ident) => {
        $list::ALL.iter().map(|one| word(one.as_str(), one.key())).collect()
    };
}

/// The words that stand in bodies, and the rules in force today.
#[utoipa::path(get, path = "/api/v1/lookups", responses((status = 200, body = Lookups)))]
pub async fn lookups(app: App, Who(_visitor): Who) -> Result<Json<Lookups>, Oops> {
    let book = follow_ups::rulebook(app.store()).await?;
    let rule = |rule: &follow_ups::due::Rule| {
        let (vi, en) = book.names.get(&(rule.word.clone(), rule.version)).cloned().unwrap_or_default();
        Rule {
            rule: rule.word.clone(),
            version: rule.version,
            amount: rule.days,
            unit: rule.unit.as_str(),
            valid_from: Day(rule.from),
            legal_basis: (!rule.legal_basis.is_empty()).then(|| rule.legal_basis.clone()),
            vi,
            en,
        }
    };
    Ok(Json(Lookups {
        roles: Role::ALL.iter().map(|role| word(role.as_str(), &role.key())).collect(),
        regimes: words!(Regime),
        case_statuses: words!(CaseStatus),
        closure_grounds: words!(ClosureGround),
        groups: words!(Group),
        visit_kinds: words!(VisitKind),
        follow_up_kinds: words!(FollowUpKind),
        referral_purposes: words!(Purpose),
        help_kinds: words!(HelpKind),
        help_states: words!(HelpState),
        help_sums: words!(HelpSum),
        fund_kinds: words!(FundKind),
        loan_purposes: words!(LoanPurpose),
        loan_list_states: words!(LoanListState),
        loan_answers: words!(LoanAnswer),
        loan_standings: words!(LoanStanding),
        gathering_kinds: words!(GatheringKind),
        opinion_owes: words!(Owes),
        answer_kinds: words!(AnswerKind),
        need_areas: words!(NeedArea),
        need_levels: words!(NeedLevel),
        kin_kinds: words!(KinKind),
        home_need_kinds: words!(HomeNeedKind),
        plan_owners: words!(PlanOwner),
        plan_states: words!(PlanState),
        agreement_hows: words!(AgreementHow),
        birth_date_precisions: words!(Precision),
        sexes: words!(Sex),
        rules_version: book.version,
        rules: book.rules.rules().iter().map(rule).collect(),
    }))
}
