//! Days and birth dates as people type and read them.

use super::{TextFault, fold};
/// How much of a birth date is known.
pub use crate::base::words::Precision as BirthPrecision;
use jiff::civil::{Date, Weekday};

/// Reads a day: `23/11/2026`, `1/7/26`, `01-07-2026`, `01.07.2026`, `2026-11-23`, `hôm nay`, `hôm qua`,
/// `today`, `yesterday` (marks and capitals do not count).
///
/// Day comes before month. Two digits of the year mean 20yy up to the year after `today`'s, else 19yy.
/// Four digits run from 1900 to 2199, so that a slip of the hand is noticed.
///
/// Errors: `Empty`, `NotADate`.
pub fn parse_day(typed: &str, today: Date) -> Result<Date, TextFault> {
    match fold(typed).as_str() {
        "" => Err(TextFault::Empty),
        "hom nay" | "today" => Ok(today),
        "hom qua" | "yesterday" => today.yesterday().map_err(|_| TextFault::NotADate),
        key => written(key, today.year() + 1).ok_or(TextFault::NotADate),
    }
}

/// Reads a birth date of which only a part may be known: a day as in [`parse_day`], `07/1991`, `1991`.
///
/// A month comes back as its first day, a year as its first of January, with the precision beside it. Two
/// digits of the year never mean a year to come: in 2026 `1/7/27` is 1927.
///
/// Errors: `Empty`; `NotABirthDate`, also before 1900 and after `today`.
pub fn parse_birth(typed: &str, today: Date) -> Result<(Date, BirthPrecision), TextFault> {
    let key = fold(typed);
    if key.is_empty() {
        return Err(TextFault::Empty);
    }
    let (born, precision) = match parts(&key).as_deref() {
        Some(&[year]) => (first_of(1, year), BirthPrecision::Year),
        Some(&[year, month]) if key.contains('-') && year.len() == 4 => {
            (first_of_text(month, year), BirthPrecision::Month)
        }
        Some(&[month, year]) => (first_of_text(month, year), BirthPrecision::Month),
        _ => {
            let latest = |upto| written(&key, upto).filter(|day| *day <= today);
            (latest(today.year()).or_else(|| latest(today.year() - 1)), BirthPrecision::Day)
        }
    };
    match born {
        Some(day) if day <= today => Ok((day, precision)),
        _ => Err(TextFault::NotABirthDate),
    }
}

/// `23/11/2026`.
pub fn show_day(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// `23/11`, where the year is plain from the place.
pub fn show_day_short(day: Date) -> String {
    format!("{:02}/{:02}", day.day(), day.month())
}

/// A birth date as far as it is known: `23/11/1991`, `11/1991` or `1991`.
pub fn show_birth(born: Date, precision: BirthPrecision) -> String {
    match precision {
        BirthPrecision::Day => show_day(born),
        BirthPrecision::Month => format!("{:02}/{:04}", born.month(), born.year()),
        BirthPrecision::Year => format!("{:04}", born.year()),
    }
}

/// The key in `locales/` of the day of the week: `weekday-1` for Monday to `weekday-7` for Sunday.
pub fn weekday_key(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "weekday-1",
        Weekday::Tuesday => "weekday-2",
        Weekday::Wednesday => "weekday-3",
        Weekday::Thursday => "weekday-4",
        Weekday::Friday => "weekday-5",
        Weekday::Saturday => "weekday-6",
        Weekday::Sunday => "weekday-7",
    }
}

/// A whole day in digits; two digits of the year reach up to the year `upto`.
fn written(key: &str, upto: i16) -> Option<Date> {
    let (day, month, year) = match *parts(key)?.as_slice() {
        [year, month, day] if year.len() == 4 && key.contains('-') => (day, month, year),
        [day, month, year] => (day, month, year),
        _ => return None,
    };
    let year = match year.len() {
        2 => Some(year.parse::<i16>().ok()?).map(|yy| if 2000 + yy <= upto { 2000 + yy } else { 1900 + yy }),
        _ => full_year(year),
    };
    Date::new(year?, small(month)?, small(day)?).ok()
}

/// The runs of digits between signs that are all `/`, all `-` or all `.`; spaces beside a sign are let be.
fn parts(key: &str) -> Option<Vec<&str>> {
    let sign = key.chars().find(|c| "/-.".contains(*c)).unwrap_or('/');
    let parts: Vec<&str> = key.split(sign).map(str::trim).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.iter().all(digits).then_some(parts)
}

fn first_of_text(month: &str, year: &str) -> Option<Date> {
    first_of(small(month)?, year)
}

fn first_of(month: i8, year: &str) -> Option<Date> {
    Date::new(full_year(year)?, month, 1).ok()
}

fn full_year(year: &str) -> Option<i16> {
    let year = (year.len() == 4).then(|| year.parse().ok())?;
    year.filter(|year| (1900..2200).contains(year))
}

/// A day or month of one or two digits.
fn small(digits: &str) -> Option<i8> {
    (digits.len() <= 2).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use unicode_normalization::UnicodeNormalization;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn days_are_read_as_people_type_them() {
        for (typed, day) in [
            ("2026-11-23", date(2026, 11, 23)),
            ("23/11/2026", date(2026, 11, 23)),
            ("1/7/26", date(2026, 7, 1)),
            ("01-07-2026", date(2026, 7, 1)),
            ("01.07.2026", date(2026, 7, 1)),
            (" 1 / 7 / 2026 ", date(2026, 7, 1)),
            ("hôm nay", TODAY),
            ("HÔM NAY", TODAY),
            ("hom  nay", TODAY),
            ("today", TODAY),
            ("Hôm qua", date(2026, 11, 22)),
            ("yesterday", date(2026, 11, 22)),
            ("1/7/27", date(2027, 7, 1)),
            ("1/7/28", date(1928, 7, 1)),
            ("1-7-00", date(2000, 7, 1)),
            ("1.7.99", date(1999, 7, 1)),
            ("29/2/2028", date(2028, 2, 29)),
        ] {
            assert_eq!(parse_day(typed, TODAY), Ok(day), "{typed}");
            assert_eq!(parse_day(&typed.nfd().collect::<String>(), TODAY), Ok(day), "{typed}");
        }
        for typed in [
            "29/2/2026",
            "31/4/2026",
            "11/23/2026",
            "0/1/2026",
            "1/0/2026",
            "1/7",
            "1/7/026",
            "1/7/20266",
            "1/7-26",
            "2026/11/23",
            "23 11 2026",
            "mai",
            "1/7/1899",
            "1/7/2200",
            "-1/7/2026",
            "1//2026",
            "1/7/2026/1",
            "001/7/2026",
            "１/7/2026",
            "20261123",
            "+1/7/2026",
            "2026-11-23T00:00",
        ] {
            assert_eq!(parse_day(typed, TODAY), Err(TextFault::NotADate), "{typed}");
        }
        assert_eq!(parse_day(" ", TODAY), Err(TextFault::Empty));
        assert_eq!(parse_day("yesterday", Date::MIN), Err(TextFault::NotADate));
    }

    #[test]
    fn birth_dates_may_be_known_in_part() {
        use BirthPrecision::{Day, Month, Year};
        for (typed, born, precision) in [
            ("23/11/1991", date(1991, 11, 23), Day),
            ("1991-11-23", date(1991, 11, 23), Day),
            ("1/7/91", date(1991, 7, 1), Day),
            ("1/7/27", date(1927, 7, 1), Day),
            ("23/11/26", TODAY, Day),
            ("24/11/26", date(1926, 11, 24), Day),
            ("07/1991", date(1991, 7, 1), Month),
            ("7-1991", date(1991, 7, 1), Month),
            ("1991-07", date(1991, 7, 1), Month),
            ("11/2026", date(2026, 11, 1), Month),
            ("1991", date(1991, 1, 1), Year),
            ("1900", date(1900, 1, 1), Year),
            ("2026", date(2026, 1, 1), Year),
        ] {
            assert_eq!(parse_birth(typed, TODAY), Ok((born, precision)), "{typed}");
            let shown = show_birth(born, precision);
            assert_eq!(parse_birth(&shown, TODAY), Ok((born, precision)), "{shown}");
        }
        for typed in [
            "24/11/2026",
            "12/2026",
            "2027",
            "1899",
            "12/1899",
            "31/12/1899",
            "13/1991",
            "0/1991",
            "91",
            "7/91",
            "1991/07",
            "hôm nay",
            "khoảng 1991",
            "-1991",
            "/",
            "29/2/1991",
        ] {
            assert_eq!(parse_birth(typed, TODAY), Err(TextFault::NotABirthDate), "{typed}");
        }
        assert_eq!(parse_birth("", TODAY), Err(TextFault::Empty));
    }

    #[test]
    fn days_are_shown_as_people_read_them() {
        let day = date(2026, 7, 1);
        assert_eq!((show_day(day).as_str(), show_day_short(day).as_str()), ("01/07/2026", "01/07"));
        assert_eq!(show_birth(day, BirthPrecision::Day), "01/07/2026");
        assert_eq!(show_birth(day, BirthPrecision::Month), "07/2026");
        assert_eq!(show_birth(day, BirthPrecision::Year), "2026");
        let week: Vec<&str> = (23..=29).map(|n| weekday_key(date(2026, 11, n))).collect();
        assert_eq!(week, ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"]);
        let mut day = date(1999, 1, 1);
        while day < date(2028, 1, 1) {
            assert_eq!(parse_day(&show_day(day), TODAY), Ok(day));
            day = day.tomorrow().unwrap();
        }
    }
}
