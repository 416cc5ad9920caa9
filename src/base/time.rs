//! Instants, days and the clock.
//!
//! An instant is whole microseconds in UTC (text instants do not sort). A day is a day in Asia/Ho_Chi_Minh,
//! whose offset is UTC+7 without summer time. Nobody reads the system clock but [`Clock`].

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::sync::{Arc, Mutex, PoisonError};

/// The zone of every day in the program.
pub fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(7))
}

/// An instant: microseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent, no_pg_array)]
pub struct At(i64);

impl At {
    pub const fn from_micros(micros: i64) -> At {
        At(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The day in Viet Nam on which it lies.
    pub fn day(self) -> Date {
        self.timestamp().to_zoned(zone()).date()
    }

    /// The wall clock in Viet Nam.
    pub fn civil(self) -> jiff::civil::DateTime {
        self.timestamp().to_zoned(zone()).datetime()
    }

    /// That time of that day in Viet Nam.
    pub fn of(day: Date, hour: i8, minute: i8) -> At {
        let local = day.at(hour, minute, 0, 0).to_zoned(zone());
        At(local.map_or(0, |zoned| zoned.timestamp().as_microsecond()))
    }

    pub fn plus(self, seconds: i64) -> At {
        At(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from an earlier instant to this one.
    pub fn seconds_since(self, earlier: At) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl std::fmt::Display for At {
    /// RFC 3339 in UTC, as the API gives it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl serde::Serialize for At {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A day as the database carries it: `date` on PostgreSQL, ISO text on SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl std::ops::Deref for Day {
    type Target = Date;
    fn deref(&self) -> &Date {
        &self.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<DB: sqlx::Database> sqlx::Type<DB> for Day
where
    jiff_sqlx::Date: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <jiff_sqlx::Date as sqlx::Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <jiff_sqlx::Date as sqlx::Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for Day
where
    jiff_sqlx::Date: sqlx::Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        <jiff_sqlx::Date as sqlx::Decode<DB>>::decode(value).map(|date| Day(date.to_jiff()))
    }
}

impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for Day
where
    jiff_sqlx::Date: sqlx::Encode<'q, DB>,
{
    fn encode_by_ref(
        &self,
        buf: &mut <DB as sqlx::Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        <jiff_sqlx::Date as sqlx::Encode<DB>>::encode_by_ref(&jiff_sqlx::Date::from(self.0), buf)
    }
}

/// Where the program gets its time from: the system, or a story that sets it.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Hand>>);

enum Hand {
    /// The system's time plus this many microseconds.
    Running(i64),
    /// Stands still at this instant.
    Still(At),
}

impl Clock {
    /// The system's own time.
    pub fn system() -> Clock {
        Clock(Arc::new(Mutex::new(Hand::Running(0))))
    }

    /// Stands still at `at` until it is set again.
    pub fn still(at: At) -> Clock {
        Clock(Arc::new(Mutex::new(Hand::Still(at))))
    }

    pub fn set(&self, at: At) {
        *self.hand() = Hand::Still(at);
    }

    /// Goes on from where it stands.
    pub fn run(&self) {
        let now = self.now();
        *self.hand() = Hand::Running(now.0 - system_micros());
    }

    pub fn now(&self) -> At {
        match *self.hand() {
            Hand::Running(ahead) => At(system_micros() + ahead),
            Hand::Still(at) => at,
        }
    }

    pub fn today(&self) -> Date {
        self.now().day()
    }

    fn hand(&self) -> std::sync::MutexGuard<'_, Hand> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
fn system_micros() -> i64 {
    Timestamp::now().as_microsecond()
}

/// Hours of a working day, `07:00-18:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Hours {
    from: jiff::civil::Time,
    to: jiff::civil::Time,
}

impl Hours {
    /// Does this instant lie in them, Monday to Friday?
    pub fn hold(self, at: At) -> bool {
        let civil = at.civil();
        let weekend = matches!(civil.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
        !weekend && self.from <= civil.time() && civil.time() < self.to
    }
}

impl std::str::FromStr for Hours {
    type Err = String;
    fn from_str(text: &str) -> Result<Hours, String> {
        let wrong = || format!("{text}: hours are written 07:00-18:00");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| text.trim().parse::<jiff::civil::Time>().map_err(|_| wrong());
        let hours = Hours { from: time(from)?, to: time(to)? };
        if hours.from < hours.to { Ok(hours) } else { Err(wrong()) }
    }
}

impl TryFrom<String> for Hours {
    type Error = String;
    fn try_from(text: String) -> Result<Hours, String> {
        text.parse()
    }
}

/// `day` moved by so many days; stays within the calendar's range.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// Calendar days from an earlier day to a later one; negative if the order is the other way.
pub fn days_between(earlier: Date, later: Date) -> i64 {
    earlier.until((jiff::Unit::Day, later)).map_or(0, |span| i64::from(span.get_days()))
}

impl utoipa::PartialSchema for At {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::base::schema::text(utoipa::openapi::KnownFormat::DateTime)
    }
}
impl utoipa::ToSchema for At {}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::base::schema::text(utoipa::openapi::KnownFormat::Date)
    }
}
impl utoipa::ToSchema for Day {}
