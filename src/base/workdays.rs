//! The working calendar of the office: which days count in a term of working days.
//!
//! The week is Monday to Friday. Public holidays and the days given for them (Labour Code 2019, article 112,
//! and resolution 28/2026/QH16) are off; a Saturday worked in exchange, named by the decision of its year, counts.
//! The days themselves are rows that the administrator keeps; what the program starts with is
//! `seeds/reference/holidays.csv`. Days are days in Viet Nam, without a time.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use std::collections::BTreeSet;

/// The days that differ from the plain week. `Default` knows none: every Monday to Friday is worked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workdays {
    off: BTreeSet<Date>,
    swap: BTreeSet<Date>,
}

impl Workdays {
    /// A calendar from the days off and the Saturdays worked in exchange, in any order; a day given twice counts once.
    pub fn new(off: impl IntoIterator<Item = Date>, swap: impl IntoIterator<Item = Date>) -> Workdays {
        Workdays { off: off.into_iter().collect(), swap: swap.into_iter().collect() }
    }

    /// Whether the office works on that day: Monday to Friday unless it is off, or a Saturday worked in exchange.
    pub fn is_working(&self, day: Date) -> bool {
        match day.weekday() {
            Weekday::Sunday => false,
            Weekday::Saturday => self.swap.contains(&day),
            _ => !self.off.contains(&day),
        }
    }

    /// That day if it is worked, otherwise the next working day: where a calendar term ends whose last day is off
    /// (Civil Code 2015, article 148).
    ///
    /// At the end of the calendar (31/12/9999) it stays there.
    pub fn on_or_after(&self, day: Date) -> Date {
        let mut day = day;
        while !self.is_working(day) && day < Date::MAX {
            day = after(day);
        }
        day
    }

    /// The last day of a term of so many working days after `from`, which itself is not counted
    /// (Civil Code 2015, article 147). Of 0 days: `from`, worked or not.
    ///
    /// A term that runs past the end of the calendar ends there (31/12/9999).
    pub fn add(&self, from: Date, days: u32) -> Date {
        let (mut day, mut left) = (from, days);
        while left > 0 && day < Date::MAX {
            day = after(day);
            left -= u32::from(self.is_working(day));
        }
        day
    }

    /// The first working day of the week (Monday to Sunday) in which `day` lies; of a week that is off altogether,
    /// as at Tết, the next working day after it.
    pub fn first_of_week(&self, day: Date) -> Date {
        let into = i64::from(day.weekday().to_monday_zero_offset());
        self.on_or_after(day.saturating_sub(into.days()))
    }
}

/// The next day; the last day of the calendar has none and stays.
fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The rows of the file: the day and its kind.
    fn rows() -> Vec<(Date, &'static str)> {
        include_str!("../../seeds/reference/holidays.csv")
            .lines()
            .skip(1)
            .map(|line| {
                let mut cells = line.split(',');
                let on = cells.next().unwrap().parse().unwrap();
                (on, cells.next().unwrap())
            })
            .collect()
    }

    fn office() -> Workdays {
        let of = |kind| rows().into_iter().filter_map(move |(on, k)| (k == kind).then_some(on));
        Workdays::new(of("off"), of("swap"))
    }

    /// The days off that fall on Monday to Friday of a year, as (month, day).
    fn weekdays_off(year: i16) -> Vec<(i8, i8)> {
        let office = office();
        let plain = Workdays::default();
        date(year, 1, 1)
            .series(1.day())
            .take_while(|day| day.year() == year)
            .filter(|day| plain.is_working(*day) && !office.is_working(*day))
            .map(|day| (day.month(), day.day()))
            .collect()
    }

    #[test]
    fn the_file_is_sorted_names_each_day_once_and_swaps_saturdays() {
        let rows = rows();
        assert!(rows.is_sorted_by(|a, b| a.0 < b.0));
        for (on, kind) in &rows {
            assert!(matches!(*kind, "off" | "swap"), "{on} {kind}");
            assert!(*kind == "off" || on.weekday() == Weekday::Saturday, "{on} {kind}");
        }
        assert_eq!(rows.first().unwrap().0.year(), 2020);
        assert_eq!(rows.last().unwrap().0.year(), 2050);
    }

    #[test]
    fn the_years_2026_and_2027_are_the_published_ones() {
        let tet = |days: std::ops::RangeInclusive<i8>| days.map(|day| (2, day));
        let mut expected = vec![(1, 1)];
        expected.extend(tet(16..=20));
        expected.extend([(4, 27), (4, 30), (5, 1), (8, 31), (9, 1), (9, 2), (11, 24)]);
        assert_eq!(weekdays_off(2026), expected);

        // 06 and 07/02/2027 are a Saturday and a Sunday.
        let mut expected = vec![(1, 1)];
        expected.extend(tet(4..=5));
        expected.extend(tet(8..=10));
        expected.extend([(4, 16), (4, 30), (5, 3), (9, 2), (9, 3), (11, 24)]);
        assert_eq!(weekdays_off(2027), expected);
    }

    #[test]
    fn every_year_gives_its_days_on_weekdays() {
        // 11 days a year since 2021, 12 since 2026, none lost to a weekend, and one more where a Saturday is worked.
        for year in 2020..=2050 {
            let law = match year {
                2020 => 10,
                2021..=2025 => 11,
                _ => 12,
            };
            let swaps = rows().iter().filter(|(on, kind)| on.year() == year && *kind == "swap").count();
            assert_eq!(weekdays_off(year).len(), law + swaps, "{year}");
        }
    }

    #[test]
    fn tet_is_off_and_a_term_runs_on_after_it() {
        let office = office();
        // Friday before Tết 2026: the three days are 23, 24 and 25/02.
        assert_eq!(office.add(date(2026, 2, 13), 3), date(2026, 2, 25));
        assert_eq!(office.on_or_after(date(2026, 2, 14)), date(2026, 2, 23));
        assert_eq!(office.on_or_after(date(2027, 2, 4)), date(2027, 2, 11));
    }

    #[test]
    fn culture_day_is_off_from_2026() {
        let office = office();
        assert!(office.is_working(date(2025, 11, 24)));
        assert!(!office.is_working(date(2026, 11, 24)));
    }

    #[test]
    fn a_saturday_worked_in_exchange_counts() {
        let office = office();
        for (off, worked) in [
            (date(2024, 4, 29), date(2024, 5, 4)),
            (date(2025, 5, 2), date(2025, 4, 26)),
            (date(2026, 8, 31), date(2026, 8, 22)),
        ] {
            assert!(!office.is_working(off), "{off}");
            assert!(office.is_working(worked), "{worked}");
            assert!(!office.is_working(worked.tomorrow().unwrap()));
        }
        assert_eq!(office.add(date(2026, 8, 21), 1), date(2026, 8, 22));
        assert_eq!(office.add(date(2026, 8, 21), 2), date(2026, 8, 24));
        assert!(!office.is_working(date(2026, 8, 29)));
    }

    #[test]
    fn a_holiday_on_the_weekend_is_given_on_the_next_working_day() {
        let office = office();
        for day in [
            date(2022, 1, 3),
            date(2022, 4, 11),
            date(2022, 5, 2),
            date(2022, 5, 3),
            date(2023, 5, 2),
            date(2023, 5, 3),
            date(2023, 9, 4),
            date(2026, 4, 27),
            date(2027, 5, 3),
        ] {
            assert!(!office.is_working(day), "{day}");
        }
        assert!(office.is_working(date(2026, 4, 28)));
        assert!(office.is_working(date(2027, 5, 4)));
    }

    #[test]
    fn the_week_begins_with_its_first_working_day() {
        let office = office();
        assert_eq!(office.first_of_week(date(2026, 10, 11)), date(2026, 10, 5));
        assert_eq!(office.first_of_week(date(2026, 10, 5)), date(2026, 10, 5));
        assert_eq!(office.first_of_week(date(2026, 4, 29)), date(2026, 4, 28));
        assert_eq!(office.first_of_week(date(2026, 8, 31)), date(2026, 9, 3));
        // The whole week of Tết is off.
        assert_eq!(office.first_of_week(date(2026, 2, 18)), date(2026, 2, 23));
    }

    #[test]
    fn without_days_off_only_the_weekend_is_skipped() {
        let plain = Workdays::default();
        assert_eq!(plain.add(date(2026, 2, 13), 3), date(2026, 2, 18));
        assert_eq!(plain.add(date(2026, 2, 14), 0), date(2026, 2, 14));
        assert_eq!(plain.on_or_after(date(2026, 2, 14)), date(2026, 2, 16));
        assert_eq!(plain.on_or_after(date(2026, 2, 16)), date(2026, 2, 16));
    }

    #[test]
    fn terms_stop_at_both_ends_of_the_calendar() {
        let last = Workdays::new([Date::MAX], []);
        assert_eq!(last.on_or_after(Date::MAX), Date::MAX);
        assert_eq!(last.add(date(9999, 12, 1), u32::MAX), Date::MAX);
        assert!(last.first_of_week(Date::MIN) <= date(-9999, 1, 4));
    }
}
