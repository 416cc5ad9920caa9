//! The days that a report tells of. Pure.
//!
//! State reporting closes its months on the 14th (Nghị định 09/2019/NĐ-CP, Điều 12): December is 15/11–14/12, the first
//! quarter 15/12–14/03, the year 15/12–14/12. Police lines may use calendar months. Which of the two is the office's setting
//! (rule `report_begins`), and it is printed on every report.

use crate::{
    base::{
        refusal::{Check, Invalid},
        text,
        time::plus_days,
        words::{ReportPeriod, ReportRule},
    },
    policy::AreaCode,
};
use jiff::civil::{Date, date};

/// First and last day, and by which rule they were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub period: ReportPeriod,
    pub rule: ReportRule,
    pub from: Date,
    pub to: Date,
}

/// What is asked for, as it stands in the address.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// A commune; empty: all that the reader has.
    pub area: String,
    pub period: String,
    /// `state` or `calendar`; empty: the office's.
    pub rule: String,
    /// A day within the period; empty: today.
    pub on: String,
    /// First and last day of a free period.
    pub from: String,
    pub to: String,
}

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub area: Option<AreaCode>,
    pub window: Window,
}

/// The rule that the office has set: months begin on the 15th, or on the first.
pub fn rule_of(begins: i64) -> ReportRule {
    if begins == 15 { ReportRule::State } else { ReportRule::Calendar }
}

/// Longest free period.
const MOST_DAYS: i64 = 3_660;

impl Query {
    /// The month that is under way, unless told.
    ///
    /// # Errors
    /// By field: a word that is none, a day that cannot be read, a free period without its days, the wrong way round or too long.
    pub fn check(&self, today: Date, office: ReportRule) -> Result<Asked, Invalid> {
        let mut check = Check::default();
        let area = match self.area.trim() {
            "" => None,
            typed => check.take("area", typed.parse::<AreaCode>().map_err(|_| "no_such_area")),
        };
        let period = match self.period.trim() {
            "" => Some(ReportPeriod::Month),
            typed => check.take("period", typed.parse::<ReportPeriod>().map_err(|_| "not_chosen")),
        };
        let rule = match self.rule.trim() {
            "" => Some(office),
            typed => check.take("rule", typed.parse::<ReportRule>().map_err(|_| "not_chosen")),
        };
        let mut day = |field: &'static str, typed: &str, otherwise: Option<Date>| match (typed.trim(), otherwise) {
            ("", Some(day)) => Some(day),
            ("", None) => {
                check.refuse(field, "empty");
                None
            }
            (typed, _) => {
                let day = check.take(field, text::parse_day(typed, today));
                check.expect(day.is_none_or(|day| (2000..=2100).contains(&day.year())), field, "out_of_range");
                day
            }
        };
        let window = if period == Some(ReportPeriod::Free) {
            let (from, to) = (day("from", &self.from, None), day("to", &self.to, None));
            let order = from.zip(to).is_none_or(|(from, to)| from <= to);
            check.expect(order, "to", "before_the_start");
            let long = from.zip(to).is_some_and(|(from, to)| plus_days(from, MOST_DAYS) < to);
            check.expect(!long, "to", "out_of_range");
            from.zip(to).zip(rule).map(|((from, to), rule)| Window { period: ReportPeriod::Free, rule, from, to })
        } else {
            let on = day("on", &self.on, Some(today));
            period.zip(rule).zip(on).map(|((period, rule), on)| Window::containing(period, rule, on))
        };
        check.give(window.map(|window| Asked { area, window }))
    }
}

/// How many months a period has; a free one is looked at by months.
const fn months_of(period: ReportPeriod) -> i32 {
    match period {
        ReportPeriod::Month | ReportPeriod::Free => 1,
        ReportPeriod::Quarter => 3,
        ReportPeriod::HalfYear => 6,
        ReportPeriod::Year => 12,
    }
}

/// The number of the month of a report in which a day lies: December 2026 is 2026 * 12 + 11.
fn month(rule: ReportRule, day: Date) -> i32 {
    let own = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
    own + i32::from(rule == ReportRule::State && day.day() >= 15)
}

/// The first day of the month of a report with that number.
fn begins(rule: ReportRule, month: i32) -> Date {
    let (month, day) = if rule == ReportRule::State { (month - 1, 15) } else { (month, 1) };
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(2000).clamp(1, 9999);
    date(year, i8::try_from(month.rem_euclid(12) + 1).unwrap_or(1), day)
}

impl Window {
    /// The period of this kind in which a day lies; of a free one the month.
    pub fn containing(period: ReportPeriod, rule: ReportRule, day: Date) -> Window {
        let months = months_of(period);
        let first = month(rule, day).div_euclid(months) * months;
        let to = plus_days(begins(rule, first + months), -1);
        Window { period, rule, from: begins(rule, first), to }
    }

    /// The twelve periods of this kind that end with this one, oldest first; of a free one the twelve months up to its end.
    pub fn trend(&self) -> Vec<Window> {
        let period = if self.period == ReportPeriod::Free { ReportPeriod::Month } else { self.period };
        let mut windows = vec![Window::containing(period, self.rule, self.to)];
        while windows.len() < 12 {
            let Some(last) = windows.last() else { break };
            windows.push(Window::containing(period, self.rule, plus_days(last.from, -1)));
        }
        windows.reverse();
        windows
    }

    /// Does this day lie in it?
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The address that asks for it again.
    pub fn address(&self) -> String {
        let Window { period, rule, from, to } = self;
        format!("period={period}&rule={rule}&on={to}&from={from}&to={to}")
    }
}

/// The number of a half month: the smallest piece of time that figures of sealed cases are kept by. Every month of both rules
/// is two of them.
pub fn half(day: Date) -> i64 {
    i64::from(day.year()) * 24 + (i64::from(day.month()) - 1) * 2 + i64::from(day.day() >= 15)
}

/// The first day of a half month.
pub fn first_of(half: i64) -> Date {
    let year = i16::try_from(half.div_euclid(24)).unwrap_or(2000).clamp(1, 9999);
    let rest = half.rem_euclid(24);
    date(year, i8::try_from(rest / 2 + 1).unwrap_or(1), if rest % 2 == 1 { 15 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(period: ReportPeriod, rule: ReportRule, on: Date) -> (Date, Date) {
        let window = Window::containing(period, rule, on);
        (window.from, window.to)
    }

    #[test]
    fn state_reporting_closes_on_the_fourteenth() {
        use ReportPeriod::{HalfYear, Month, Quarter, Year};
        let state = ReportRule::State;
        assert_eq!(days(Month, state, date(2026, 11, 23)), (date(2026, 11, 15), date(2026, 12, 14)));
        assert_eq!(days(Month, state, date(2026, 11, 14)), (date(2026, 10, 15), date(2026, 11, 14)));
        assert_eq!(days(Quarter, state, date(2027, 1, 2)), (date(2026, 12, 15), date(2027, 3, 14)));
        assert_eq!(days(HalfYear, state, date(2026, 6, 14)), (date(2025, 12, 15), date(2026, 6, 14)));
        assert_eq!(days(HalfYear, state, date(2026, 6, 15)), (date(2026, 6, 15), date(2026, 12, 14)));
        assert_eq!(days(Year, state, date(2026, 12, 14)), (date(2025, 12, 15), date(2026, 12, 14)));
        assert_eq!(days(Year, ReportRule::Calendar, date(2026, 12, 14)), (date(2026, 1, 1), date(2026, 12, 31)));
        assert_eq!(days(Month, ReportRule::Calendar, date(2028, 2, 29)), (date(2028, 2, 1), date(2028, 2, 29)));
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        for rule in ReportRule::ALL {
            for period in ReportPeriod::ALL {
                let trend = Window::containing(*period, *rule, date(2026, 11, 23)).trend();
                assert_eq!(trend.len(), 12);
                for pair in trend.windows(2) {
                    assert_eq!(plus_days(pair[0].to, 1), pair[1].from);
                }
                assert!(trend.iter().all(|one| half(one.from) == half(plus_days(one.from, -1)) + 1));
            }
        }
    }

    #[test]
    fn half_months_come_back() {
        let mut day = date(2023, 12, 1);
        while day < date(2025, 2, 1) {
            assert_eq!(half(first_of(half(day))), half(day));
            assert!(first_of(half(day)) <= day && day < first_of(half(day) + 1));
            day = plus_days(day, 1);
        }
    }

    #[test]
    fn a_free_period_needs_both_of_its_days() {
        let asked = |from: &str, to: &str| {
            let query = Query { period: "free".into(), from: from.into(), to: to.into(), ..Query::default() };
            query
                .check(date(2026, 11, 23), ReportRule::State)
                .map_err(|invalid| (invalid.0[0].field.to_string(), invalid.0[0].code))
        };
        assert_eq!(asked("", "1/2/2026").unwrap_err(), ("from".to_owned(), "empty"));
        assert_eq!(asked("2/2/2026", "1/2/2026").unwrap_err(), ("to".to_owned(), "before_the_start"));
        assert_eq!(asked("1/1/2001", "1/2/2026").unwrap_err(), ("to".to_owned(), "out_of_range"));
        assert_eq!(asked("1/1/2026", "1/2/2026").unwrap().window.from, date(2026, 1, 1));
    }
}
