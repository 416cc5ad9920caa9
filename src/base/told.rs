//! What a person is told of each column: the registry by which the file is made that she gets when she asks what is kept
//! about her.
//!
//! Every column of [`fields`](super::fields) has a decision here, or `tests/it/registry.rs` fails: it is in the file, under
//! which words and how it is shown; or it is left out, and why. Columns of tables that are about no person who is helped are
//! decided on by table, with their number: one more asks for a new decision.

/// How what stands in a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Text,
    Day,
    At,
    Number,
    Vnd,
    YesNo,
    /// A word of the list whose keys begin so.
    Word(&'static str),
    /// A user, as role and organisation: names of officials are not in the file.
    Who,
    Organisation,
    Area,
    Hamlet,
    Fund,
    /// The wording that somebody agreed to.
    Wording,
    /// Several fields in one.
    Papers,
}

/// Why a column is not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Ids, versions and the like: they say nothing of her.
    Inner,
    /// The same in another form stands elsewhere in the file.
    Copy,
    /// It is about somebody else.
    Others,
    /// What a third person said under protection.
    Guarded,
}

impl Left {
    pub const fn as_str(self) -> &'static str {
        match self {
            Left::Inner => "inner",
            Left::Copy => "copy",
            Left::Others => "others",
            Left::Guarded => "guarded",
        }
    }
}

/// A column that is in the file.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub column: &'static str,
    /// Its words in `locales/`.
    pub label: &'static str,
    pub shown: Shown,
}

/// A table about people, with a decision for each of its columns.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// Its heading in `locales/`.
    pub title: &'static str,
    /// The column by which its rows are sorted, newest first, and cut to a period; empty: it tells what is so now.
    pub when: &'static str,
    pub told: &'static [Told],
    pub left: &'static [(Left, &'static [&'static str])],
}

impl Table {
    /// Is anything of it in the file?
    pub fn is_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// Why something of it is left out that says anything of anybody.
    pub fn withheld(&self) -> impl Iterator<Item = Left> {
        self.left.iter().map(|(why, _)| *why).filter(|why| matches!(why, Left::Others | Left::Guarded))
    }
}

macro_rules! told {
    ($($table:ident by $when:literal [$($column:ident $(($how:expr))? $(= $label:literal)?)*]
        $(inner [$($inner:ident)*])? $(copy [$($copy:ident)*])? $(others [$($others:ident)*])? $(guarded [$($guarded:ident)*])?;)+) => {
        /// Every table about people, in the order of the file.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($table),
            title: concat!("told", "-table-", stringify!($table)),
            when: $when,
            told: &[$(Told {
                column: stringify!($column),
                label: told!(@label $column $($label)?),
                shown: told!(@how $column $($how)?),
            }),*],
            left: &[
                $((Left::Inner, &[$(stringify!($inner)),*]),)?
                $((Left::Copy, &[$(stringify!($copy)),*]),)?
                $((Left::Others, &[$(stringify!($others)),*]),)?
                $((Left::Guarded, &[$(stringify!($guarded)),*]),)?
            ],
        }),+];
    };
    (@label $column:ident $label:literal) => { $label };
    (@label $column:ident) => { concat!("told-", stringify!($column)) };
    (@how $column:ident $how:expr) => { $how };
    (@how $column:ident) => { by_name(stringify!($column)) };
}

/// How a column is shown whose name says so.
const fn by_name(column: &str) -> Shown {
    if ends(column, "_on") || same(column, "on_day") {
        Shown::Day
    } else if ends(column, "_at") || same(column, "at") {
        Shown::At
    } else if ends(column, "_by") || same(column, "by") || same(column, "user_id") || same(column, "officer_id") {
        Shown::Who
    } else if same(column, "organisation_id") {
        Shown::Organisation
    } else if same(column, "area_code") {
        Shown::Area
    } else if same(column, "hamlet_id") {
        Shown::Hamlet
    } else if same(column, "fund_id") {
        Shown::Fund
    } else if same(column, "vnd") || ends(column, "_vnd") {
        Shown::Vnd
    } else {
        Shown::Text
    }
}

const fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && ends(one, other)
}

const fn ends(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    if text.len() < end.len() {
        return false;
    }
    let mut at = 0;
    while at < end.len() {
        if text[text.len() - end.len() + at] != end[at] {
            return false;
        }
        at += 1;
    }
    true
}

use Shown::{Area, Number, Papers, Vnd, Who, Word, Wording, YesNo};

told! {
    people by "" [name aliases sex(Word("sex")) birth_on birth_year(Number) birth_precision(Word("precision"))]
        inner [id created_at version] copy [name_fold name_key alias_fold];
    identities by "" [kind(Word("identity-kind")) number = "told-id_number" changed_at]
        inner [person_id] copy [number_mark];
    origins by "" [ethnicity religion changed_at] inner [person_id];
    healths by "" [note = "told-health" changed_at] inner [person_id];
    cases by "" [code area_code hamlet_id status(Word("case-status")) opened_on officer_id last_contact_on never_met(YesNo)
            tries(Number) to_supervisor(YesNo) urgent_at created_at]
        inner [id rule_version version person_id];
    contacts by "" [phone address wishes visit_safely changed_at] inner [case_id] copy [phone_mark] others [phone_of];
    legals by "" [regime(Word("regime")) continued_from(Word("regime")) juvenile(YesNo) source certificate_no certificate_on
            released_on noticed_on address_checked_on address_found(Word("address-found")) informed_on present_by_on received_on
            pledged_on sheet_on moved_in_on moved_from continued_on reopened_on suspended_review_on closed_on
            closure_ground(Word("closure-ground")) closure_note moved_to changed_at]
        inner [case_id];
    sentences by "made_at" [offence penalty sentenced_on court made_at] inner [id case_id];
    judgments by "made_at" [terms(Papers) by made_at changed_at] inner [id case_id];
    classifications by "made_at" [grp(Word("group")) since_on reason report report_on organisation_id by made_at] inner [id case_id];
    corrections by "made_at" [part field before after by made_at] inner [id case_id];
    protected_notes by "made_at" [] inner [id case_id made_at review_on] guarded [reason note by];
    assignments by "made_at" [officer_id from_on to_on reason made_by made_at] inner [id case_id];
    handovers by "made_at" [from_area(Area) to_area(Area) from_officer_id(Who) to_officer_id(Who) state(Word("handover-state"))
            reason made_by made_at answered_by answered_at answer]
        inner [id case_id version] copy [sheet];
    relatives by "made_at" [relation made_by made_at ended_at] inner [id case_id version]
        others [name phone needs consented_on consented_how shares withdrawn_at];
    households by "made_at" [hamlet_id with_person(YesNo) made_by made_at ended_at] inner [id case_id version]
        others [address speaker_id consented_on consented_how shares withdrawn_at];
    children by "made_at" [made_by made_at ended_at] inner [id case_id version]
        others [guardian_id name born_year school grade consented_on consented_how shares withdrawn_at];
    household_members by "made_at" [] inner [id case_id household_id made_at ended_at] others [relative_id child_id];
    family_corrections by "made_at" [by made_at] inner [id case_id household_id] others [child_id field before after];
    home_needs by "made_at" [kind(Word("home-need-kind")) level(Word("need-level")) by made_at met_on met_by]
        inner [id case_id household_id version] others [relative_id child_id what met_note];
    consents by "made_at" [grp(Word("consent-group")) = "told-consent_group" text_id(Wording) = "told-consent_text" organisation_id
            how(Word("agreement-how")) = "told-agreed_how" given_on = "told-agreed_on" paper = "told-consent_paper" made_by made_at
            withdrawn_at withdrawn_by withdrawal = "told-withdrawn_reason"]
        inner [id case_id person_id version] copy [text_hash];
    referrals by "made_at" [organisation_id purpose(Word("purpose")) needs = "told-needed" basis(Word("referrals-basis")) basis_ref
            from_on to_on ended_at ended_by ended_reason made_by made_at]
        inner [id case_id version];
    referral_helpers by "" [user_id = "told-helper"] inner [referral_id];
    visits by "on_day" [on_day kind(Word("visit-kind")) met(YesNo) by in_charge(YesNo) organisation_id next_on shared_note
            withdrawn_at withdrawn_by withdrawn_reason logged_at]
        inner [id case_id version] others [relative_id child_id];
    visit_notes by "" [note = "told-visit_note"] inner [visit_id case_id];
    follow_ups by "made_at" [kind(Word("follow-up-kind")) what due_on base_on organisation_id postponed(Number) made_by made_at
            done_at done_by done_note dropped_at]
        inner [id case_id version rule rule_version interval_days halved family made_visit_id done_visit_id];
    postponements by "at" [kind(Word("follow-up-kind")) from_on to_on reason by at] inner [id follow_up_id case_id rule];
    needs by "made_at" [area(Word("need-area")) level(Word("need-level")) note by made_at] inner [id case_id question_version];
    need_answers by "" [question answer] inner [id need_id case_id];
    urgencies by "raised_at" [area(Word("need-area")) raised_by raised_at answered_by answered_at answer met_at]
        inner [id case_id need_id home_need_id version];
    plans by "made_at" [number(Number) state(Word("plan-state")) agreed_on agreed_how(Word("agreement-how")) submitted_by
            submitted_at decided_by decided_at comment made_by made_at]
        inner [id case_id version];
    plan_goals by "made_at" [area(Word("need-area")) what owner(Word("plan-owner")) organisation_id made_at dropped_at]
        inner [id plan_id case_id] others [relative_id];
    plan_steps by "made_at" [what due_on owner(Word("plan-owner")) organisation_id made_at dropped_at]
        inner [id plan_id goal_id case_id follow_up_id] others [relative_id];
    helps by "made_at" [kind(Word("help-kind")) state(Word("help-state")) what fund fund_id = "told-fund" organisation_id promised_on
            given_on vnd quantity(Number) starts_on ends_on wage(Vnd) employer certificate by made_at]
        inner [id case_id version] others [relative_id child_id];
    help_steps by "made_at" [state(Word("help-state")) on_day vnd receipt by made_at] inner [id help_id case_id];
    work_statuses by "made_at" [status(Word("work-status")) since_on note by made_at] inner [id case_id];
    work_checks by "made_at" [months(Number) due_on seen_on at_work(YesNo) note by made_at] inner [id help_id case_id follow_up_id];
    loan_lines by "made_at" [purpose(Word("loan-purpose")) vnd months(Number) what content(Papers) answer(Word("loan-answer"))
            answered_on answered_by answer_note by withdrawn_at withdrawn_by struck_at struck_by made_at]
        inner [id list_id case_id carried_at version];
    loan_accounts by "made_at" [area_code fund_id = "told-fund" vnd disbursed_on due_on repaid_vnd standing(Word("loan-standing"))
            reported_on made_at]
        inner [id line_id person_id version];
    loan_repayments by "made_at" [on_day vnd standing(Word("loan-standing")) by made_at] inner [id account_id];
    gatherings by "on_day" [kind(Word("gathering-kind")) title = "told-gathering_title" on_day at_time place = "told-gathering_place" minutes minuted_by minuted_at
            cancelled_reason cancelled_by cancelled_at area_code made_by made_at]
        inner [id case_id version outsiders outsiders_came] others [leader];
    gathering_moves by "made_at" [from_on from_time to_on to_time reason by made_at] inner [id gathering_id case_id];
    gathering_guests by "made_at" [came(YesNo) marked_by marked_at withdrawn_at by made_at]
        inner [id gathering_id case_id] others [relative_id];
    opinions by "made_at" [text = "told-opinion" owes(Word("owes")) owes_user_id(Who) organisation_id due_on
            answer_kind(Word("answer-kind")) answer answered_on answered_by by made_at]
        inner [id gathering_id follow_up_id case_id version] others [relative_id];
    attachments by "made_at" [kind(Word("attachment-kind")) name = "told-file_name" note organisation_id by made_at removed_at removed_by removed_reason]
        inner [id case_id version media bytes file_hash file_key];
    documents by "made_at" [kind(Word("document-kind")) number(Number) year(Number) on_day by made_at withdrawn_at withdrawn_by
            withdrawn_reason]
        inner [id area_code case_id template_version template_hash hash parts printings replaced_by version] copy [body];
    document_rows by "" [] inner [id document_id rank case_id] copy [cells];
    document_printings by "at" [copy(Number) by at] inner [id document_id];
    duty_terms by "made_at" [content(Papers) = "told-duty" by made_at] inner [id case_id];
    duty_assessments by "made_at" [round_on made_on sent_on content(Papers) = "told-duty" by made_at] inner [id case_id];
    duty_absences by "made_at" [state(Word("absence-state")) asked_on from_on to_on proposal(Word("absence-proposal"))
            content(Papers) = "told-duty" decision(Papers) decided_on decided_by decided_at returned_on by made_at]
        inner [id case_id task_id return_task_id version];
    duty_breaches by "made_at" [on_day due_on settled_on content(Papers) = "told-duty" by made_at] inner [id case_id task_id];
    duty_shortenings by "made_at" [state(Word("shortening-state")) proposed_on decided_on months(Number)
            content(Papers) = "told-duty" by made_at]
        inner [id case_id];
    duty_certificates by "made_at" [given_on how(Word("certificate-how")) content(Papers) = "told-duty" by made_at]
        inner [id case_id];
    suspensions by "made_at" [from_on to_on made_at] inner [id case_id];
    requests by "made_at" [number = "told-request_number" kind(Word("request-kind")) asker_kind(Word("request-from"))
            way(Word("request-way")) others(YesNo) area_code received_on answer_by_on act_by_on due_on state(Word("request-state"))
            what answer extended_at extended_by extension answered_on answered_by refusal refusal_basis done_on done_by outcome
            handler_id(Who) made_by made_at]
        inner [id case_id person_id answer_rule_version act_rule act_rule_version version] others [asker proof contact];
    restrictions by "made_at" [kind(Word("restriction-kind")) made_by made_at ended_at ended_by]
        inner [id case_id person_id version] others [reason ended_reason];
    restriction_users by "" [] inner [restriction_id] others [user_id];
    emergencies by "opened_at" [user_id kind(Word("emergency-kind")) reason restricted(YesNo) opened_at ends_at acknowledged_at
            acknowledged_by acknowledged_note]
        inner [id case_id shut_case_id version] copy [code];
    case_requests by "asked_at" [document_no until_on state(Word("case-request-state")) asked_by asked_at reason decided_by
            decided_at answer ended_by ended_at]
        inner [id case_id version] copy [code];
    possible_doubles by "" [] inner [id case_id version]
        others [other_id why state found_at settled_by settled_at case_agreed_by other_agreed_by];
    merges by "made_at" [made_by made_at] inner [id double_id kept_id gone_id] copy [before];
    merge_moves by "" [] inner [merge_id tab row_id];
    emergency_readers by "" [user_id] inner [emergency_id];
    erasures by "asked_at" [reason asked_by asked_at approved_by approved_at done_at] inner [id case_id person_id];
    sealings by "sealed_at" [paper(Word("clearance-paper")) paper_no paper_on consent sealed_at sealed_by reason asked_by asked_at
            ended_at ended_by]
        inner [id case_id code version];
    digest_rows by "" [] inner [digest_id rank] copy [case_id kind days_late officer_id];
    import_rows by "" [] inner [area_code row_hash import_id case_id kept];
}

/// Tables that are about nobody who is helped, each with the number of its columns: what is in them is not hers. Of the trail
/// the file has who opened her cases, by role and organisation.
pub const APART: &[(&str, usize)] = &[
    ("areas", 8),
    ("hamlets", 7),
    ("holidays", 5),
    ("organisations", 5),
    ("users", 18),
    ("sessions", 14),
    ("totps", 5),
    ("recovery_codes", 4),
    ("passkeys", 7),
    ("devices", 7),
    ("sign_in_tries", 4),
    ("resets", 6),
    ("kept_filters", 4),
    ("policy", 6),
    ("audit", 17),
    ("checkpoints", 7),
    ("reviews", 8),
    ("review_lines", 10),
    ("idempotency", 6),
    ("covers", 8),
    ("rules", 8),
    ("rulebook", 2),
    ("replan_runs", 8),
    ("funds", 15),
    ("loan_lists", 16),
    ("consent_texts", 9),
    ("gathering_parties", 6),
    ("community_models", 14),
    ("model_results", 8),
    ("commendations", 8),
    ("document_templates", 7),
    ("document_series", 4),
    ("questions", 8),
    ("question_sets", 4),
    ("digests", 18),
    ("digest_owed", 4),
    ("digest_groups", 10),
    ("jobs", 10),
    ("backups", 8),
    ("mails", 12),
    ("imports", 10),
    ("sealed_figures", 7),
    ("bulletins", 9),
    ("bulletin_lines", 10),
];

/// The keys of `locales/` that the file is written with.
pub fn labels() -> Vec<&'static str> {
    let titles = TABLES.iter().filter(|table| table.is_told()).map(|table| table.title);
    let labels = TABLES.iter().flat_map(|table| table.told.iter().map(|told| told.label));
    titles.chain(labels).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_columns_name_says_how_it_is_shown() {
        for (column, shown) in [
            ("given_on", Shown::Day),
            ("on_day", Shown::Day),
            ("made_at", Shown::At),
            ("at", Shown::At),
            ("by", Shown::Who),
            ("made_by", Shown::Who),
            ("vnd", Shown::Vnd),
            ("repaid_vnd", Shown::Vnd),
            ("note", Shown::Text),
            ("status", Shown::Text),
        ] {
            assert_eq!(by_name(column), shown, "{column}");
        }
    }
}
