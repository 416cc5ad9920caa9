//! The rules and the working calendar as the office sets them: rows with the day from which they hold.
//!
//! A change is a new row; the old one stays readable. It bumps the rulebook's version and asks for every case to be
//! planned anew; until that is done, lists and digests say how many are being recalculated.

use super::{due, store};
use crate::{
    app::Refused,
    base::{
        refusal::{Check, Invalid},
        text,
        time::Day,
    },
    policy::acts::EditRules,
    store::{Fault, Grant, Store},
};
use jiff::civil::Date;

/// A rule as it stands in the table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RuleRow {
    pub word: String,
    pub version: i64,
    pub amount: i64,
    pub unit: String,
    pub valid_from: Day,
    /// Empty: an office setting.
    pub legal_basis: String,
    pub name_vi: String,
    pub name_en: String,
}

/// A day off, or a Saturday worked in exchange.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HolidayRow {
    pub on_day: Day,
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    pub legal_basis: String,
}

/// A change of a rule as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleDraft {
    pub word: String,
    pub amount: String,
    pub valid_from: String,
    pub legal_basis: String,
}

/// A day of the calendar as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HolidayDraft {
    pub on: String,
    /// `off`, `swap`, or `work`: an ordinary day again.
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    pub legal_basis: String,
}

/// Every rule, newest version of each word first.
pub async fn list(store: &Store) -> Result<Vec<RuleRow>, Fault> {
    store::rules(store).await
}

/// The days of one year that are not as their weekday says.
pub async fn holidays(store: &Store, year: i16) -> Result<Vec<HolidayRow>, Fault> {
    store::holidays(store, year).await
}

/// Rules of the table that nothing is planned by: when a reader is named to the inspector, how often accounts are reviewed,
/// the terms of answering a request, those of clearing a record, which `clearances` works with, when work is asked about, until
/// when an answer to an opinion is proposed, what may be borrowed, by which days reports count, what `duties` warns of, until when a handover or a
/// request of the province is answered, how long a merge can be undone, and how large a file may be.
pub const BESIDE: [&str; 50] = [
    "reader_outside",
    "reader_searches",
    "reader_night",
    "night_from",
    "night_until",
    "account_review",
    "request_answer",
    "request_stop",
    "request_stop_others",
    "request_other",
    "request_other_others",
    "request_extension",
    "clearance_automatic_light",
    "clearance_automatic_to_five",
    "clearance_automatic_to_fifteen",
    "clearance_automatic_over",
    "clearance_court_light",
    "clearance_court_to_five",
    "clearance_court_to_fifteen",
    "clearance_court_over",
    "clearance_juvenile_light",
    "clearance_juvenile_to_five",
    "clearance_juvenile_to_fifteen",
    "clearance_juvenile_over",
    "clearance_refused_once",
    "clearance_refused_again",
    "clearance_ahead",
    "work_check_first",
    "work_check_second",
    "work_check_third",
    "work_check_fourth",
    "opinion_answer",
    "loan_window",
    "loan_warning",
    "loan_training_month",
    "loan_business",
    "loan_months",
    "shorten_least",
    "absence_most",
    "absence_part",
    "wilful_breaches",
    "report_begins",
    "report_unseen",
    "attachment_file",
    "attachment_case",
    "attachment_day",
    "handover_answer",
    "case_request_most",
    "case_request_answer",
    "merge_undo",
];

/// Those of them that tell when a reader is named to the inspector.
pub const OF_READERS: [&str; 5] = ["reader_outside", "reader_searches", "reader_night", "night_from", "night_until"];

/// The number of one of these rules that is in force today.
///
/// # Errors
/// [`Fault::Inconsistent`]: the table has no such rule.
pub async fn amount(store: &Store, word: &'static str) -> Result<i64, Fault> {
    amount_on(store, word, store.today()).await
}

/// The same as it was in force on a day.
///
/// # Errors
/// [`Fault::Inconsistent`]: the table has no such rule.
pub async fn amount_on(store: &Store, word: &'static str, day: Date) -> Result<i64, Fault> {
    let rules = list(store).await?;
    // Newest version first.
    let found = rules.iter().find(|rule| rule.word == word && rule.valid_from.0 <= day);
    found.map(|rule| rule.amount).ok_or(Fault::Inconsistent("a rule that is missing"))
}

/// Sets a rule anew from a day on.
///
/// # Errors
/// [`Refused::Invalid`]: an unknown rule; no whole number in its range (from 1 to 3660, sums further); a day before today (what was planned stays explained).
pub async fn change(store: &Store, grant: Grant<EditRules>, draft: &RuleDraft) -> Result<(), Refused> {
    let today = store.today();
    let mut check = Check::default();
    let beside = BESIDE.contains(&draft.word.as_str());
    check.expect(beside || due::NEEDED.contains(&draft.word.as_str()), "word", "unknown");
    let amount = check.take("amount", draft.amount.trim().parse::<i64>().map_err(|_| "not_a_number"));
    let most = match draft.word.as_str() {
        "night_from" | "night_until" => 23,
        // Sums in đồng.
        "loan_training_month" | "loan_business" => 10_000_000_000,
        _ => 3660,
    };
    check.expect(amount.is_none_or(|amount| (1..=most).contains(&amount)), "amount", "out_of_range");
    // Months of a report begin on the 15th or on the first, and on no other day.
    let begins = draft.word != "report_begins" || amount.is_none_or(|amount| matches!(amount, 1 | 15));
    check.expect(begins, "amount", "out_of_range");
    let from = check.take("valid_from", text::parse_day(&draft.valid_from, today));
    check.expect(from.is_none_or(|from| from >= today), "valid_from", "in_the_past");
    let basis = check.take("legal_basis", text::clean_line_opt(&draft.legal_basis, 200)).flatten().unwrap_or_default();
    let (amount, from): (i64, Date) = check.give(amount.zip(from))?;
    store
        .write(grant, async |work| {
            if !store::insert_rule(work, &draft.word, amount, from, &basis).await? {
                return Err(Invalid::one("word", "unknown").into());
            }
            if !beside {
                store::bump(work, &format!("rule {}", draft.word)).await?;
            }
            work.detail(format!("rule {} = {amount} from {from}", draft.word));
            Ok(())
        })
        .await
}

/// Sets a day of the calendar: off, worked in exchange, or ordinary again.
///
/// # Errors
/// [`Refused::Invalid`]: an unknown kind; a swap that is no Saturday; no name or no decision for a day off.
pub async fn set_day(store: &Store, grant: Grant<EditRules>, draft: &HolidayDraft) -> Result<(), Refused> {
    let today = store.today();
    let mut check = Check::default();
    let on = check.take("on", text::parse_day(&draft.on, today));
    check.expect(matches!(draft.kind.as_str(), "off" | "swap" | "work"), "kind", "not_chosen");
    let saturday = on.is_none_or(|on| on.weekday() == jiff::civil::Weekday::Saturday);
    check.expect(draft.kind != "swap" || saturday, "on", "no_saturday");
    let removes = draft.kind == "work";
    let mut line = |field, typed: &str| {
        if removes { Some(String::new()) } else { check.take(field, text::clean_line(typed, 120)) }
    };
    let (name_vi, name_en) = (line("name_vi", &draft.name_vi), line("name_en", &draft.name_en));
    let legal_basis = line("legal_basis", &draft.legal_basis);
    let all = on.zip(name_vi).zip(name_en).zip(legal_basis);
    let (((on, name_vi), name_en), legal_basis) = check.give(all)?;
    let row = HolidayRow { on_day: Day(on), kind: draft.kind.clone(), name_vi, name_en, legal_basis };
    store
        .write(grant, async |work| {
            store::set_holiday(work, &row).await?;
            store::bump(work, &format!("calendar {on}")).await?;
            work.detail(format!("{on} {}", row.kind));
            Ok(())
        })
        .await
}
