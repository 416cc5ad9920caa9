//! A fund as typed, checked and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        ids::FundId,
        refusal::{Check, Invalid},
        text,
        time::Day,
        words::FundKind,
    },
    policy::AreaCode,
    store::Paged,
};
use jiff::civil::Date;

/// A fund as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub kind: String,
    pub name: String,
    pub least: String,
    pub most: String,
    pub months: String,
    /// Percent a month: `0,5`.
    pub rate: String,
    pub terms: String,
    /// `true`: nothing of it is given before the head has approved.
    pub head_approves: String,
    /// Empty: today.
    pub from_on: String,
}

/// A fund that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFund {
    pub kind: FundKind,
    pub name: String,
    pub least: Option<i64>,
    pub most: Option<i64>,
    pub months: Option<i64>,
    pub rate: Option<i64>,
    pub terms: String,
    pub head_approves: bool,
    pub from_on: Date,
}

/// Hundredths of a percent of what is typed as `0,5`, `0.5 %` or `1`.
pub fn parse_rate(typed: &str) -> Result<i64, &'static str> {
    let clean = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, part) = clean.split_once('.').unwrap_or((&clean, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 2 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err("not_a_rate");
    }
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| "not_a_rate")?;
    Ok(whole.parse::<i64>().map_err(|_| "not_a_rate")? * 100 + part)
}

/// `0,5 %` of 50.
pub fn show_rate(rate: i64) -> String {
    let (whole, part) = (rate / 100, rate % 100);
    let part = if part == 0 { String::new() } else { format!(",{part:02}").trim_end_matches('0').to_owned() };
    format!("{whole}{part} %")
}

impl Draft {
    /// # Errors
    /// By field: no kind, no name, sums that cannot be read or stand the wrong way round, a term or a rate out of range.
    pub fn check(&self, today: Date) -> Result<NewFund, Invalid> {
        let mut check = Check::default();
        let kind = check.take("kind", self.kind.parse::<FundKind>().map_err(|_| "not_chosen"));
        let name = check.take("name", text::clean_line(&self.name, 120));
        let mut sum = |field: &'static str, typed: &str| match typed.trim() {
            "" => None,
            typed => check.take(field, text::parse_vnd(typed)),
        };
        let (least, most) = (sum("least", &self.least), sum("most", &self.most));
        check.expect(least.zip(most).is_none_or(|(least, most)| least <= most), "most", "below_the_least");
        let months = match self.months.trim() {
            "" => None,
            typed => check.take("months", typed.parse::<i64>().map_err(|_| "not_a_number")),
        };
        check.expect(months.is_none_or(|months| (1..=360).contains(&months)), "months", "out_of_range");
        let rate = match self.rate.trim() {
            "" => None,
            typed => check.take("rate", parse_rate(typed)),
        };
        let terms = check.take("terms", text::clean_note_opt(&self.terms, 1000)).flatten().unwrap_or_default();
        let from_on = match self.from_on.trim() {
            "" => Some(today),
            typed => check.take("from_on", text::parse_day(typed, today)),
        };
        let head_approves = self.head_approves == "true";
        let all = kind.zip(name).zip(from_on);
        check.give(all.map(|((kind, name), from_on)| NewFund {
            kind,
            name,
            least,
            most,
            months,
            rate,
            terms,
            head_approves,
            from_on,
        }))
    }
}

/// A fund as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: FundId,
    pub area_code: AreaCode,
    pub area: String,
    pub kind: FundKind,
    pub name: String,
    pub least_vnd: Option<i64>,
    pub most_vnd: Option<i64>,
    pub most_months: Option<i64>,
    pub rate_month: Option<i64>,
    pub terms: String,
    pub head_approves: bool,
    pub from_on: Day,
    pub to_on: Option<Day>,
    pub version: i64,
}

impl Paged for Line {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.name.as_str(), self.id]
    }
}

impl Line {
    /// Does it give today?
    pub fn gives(&self, today: Date) -> bool {
        self.from_on.0 <= today && self.to_on.is_none_or(|to| to.0 >= today)
    }

    /// `0,5 %`, if it asks for interest.
    pub fn rate(&self) -> Option<String> {
        self.rate_month.map(show_rate)
    }
}

/// What a fund asks of a sum.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rules {
    pub kind: FundKind,
    pub least_vnd: Option<i64>,
    pub most_vnd: Option<i64>,
    pub most_months: Option<i64>,
    pub head_approves: bool,
}

impl Rules {
    /// # Errors
    /// A sum below the least or above the most of this fund, which the refusal tells.
    pub fn check(&self, vnd: Option<i64>) -> Result<(), Invalid> {
        let Some(vnd) = vnd else { return Ok(()) };
        if let Some(least) = self.least_vnd.filter(|least| vnd < *least) {
            return Err(Invalid::telling("vnd", "below_the_fund", text::show_vnd(least)));
        }
        match self.most_vnd.filter(|most| vnd > *most) {
            Some(most) => Err(Invalid::telling("vnd", "over_the_fund", text::show_vnd(most))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_and_written_as_people_write_it() {
        for (typed, rate) in [("0,5", 50), ("0.55 %", 55), ("1", 100), ("12,25", 1225)] {
            assert_eq!(parse_rate(typed), Ok(rate), "{typed}");
        }
        for odd in ["", ",5", "0,555", "-1", "a", "100"] {
            assert!(parse_rate(odd).is_err(), "{odd}");
        }
        assert_eq!((show_rate(50), show_rate(100), show_rate(5)), ("0,5 %".into(), "1 %".into(), "0,05 %".into()));
    }

    #[test]
    fn a_fund_takes_no_sum_outside_its_own_rules() {
        let rules = Rules {
            kind: FundKind::Local,
            least_vnd: Some(5_000_000),
            most_vnd: Some(15_000_000),
            most_months: None,
            head_approves: true,
        };
        assert!(rules.check(None).is_ok() && rules.check(Some(5_000_000)).is_ok());
        assert_eq!(rules.check(Some(1)).unwrap_err().0[0].code, "below_the_fund");
        assert_eq!(rules.check(Some(15_000_001)).unwrap_err().0[0].value.as_deref(), Some("15.000.000 đ"));
    }
}
