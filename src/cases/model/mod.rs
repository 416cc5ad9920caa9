//! A case as it is typed, checked and shown. Pure.

mod borrowers;
mod changes;
mod code;
mod course;
mod identity;
mod lists;
mod opening;
mod papers;
mod whole;

pub use borrowers::*;
pub use changes::*;
pub use code::*;
pub use course::*;
pub use identity::*;
pub use lists::*;
pub use opening::*;
pub use papers::*;
pub use whole::*;

use crate::base::{refusal::Check, text};
use jiff::civil::Date;

/// A day that may be left empty; not in the future, not before birth.
pub(in crate::cases) fn past_day(
    check: &mut Check,
    field: &'static str,
    typed: &str,
    today: Date,
    birth: Option<Date>,
) -> Option<Date> {
    if typed.trim().is_empty() {
        return None;
    }
    let day = check.take(field, text::parse_day(typed, today))?;
    check.expect(day <= today, field, "in_the_future");
    check.expect(birth.is_none_or(|birth| birth <= day), field, "before_birth");
    Some(day)
}

pub(in crate::cases) fn line(check: &mut Check, field: &'static str, typed: &str, max: usize) -> String {
    check.take(field, text::clean_line_opt(typed, max)).flatten().unwrap_or_default()
}
