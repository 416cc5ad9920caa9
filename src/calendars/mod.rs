//! Calendars: one's own open tasks as a feed for the calendar on a phone (RFC 5545). It leaves the program, so it says
//! code and day and no more: no name, no rule, no word of what was typed. It reads the due engine's rows as every list does.

pub mod web;

use crate::{
    base::{lang::Lang, time::days_between},
    follow_ups::{
        self,
        model::{Line, State},
    },
    policy::acts::ListFollowUps,
    store::{Fault, PageAsk, Scope, Store},
};
use icalendar::{Calendar, Class, Component, Event, EventLike};
use jiff::civil::Date;

/// An officer looks after some forty people; a feed that were longer would be a list of the commune.
const MOST: usize = 500;

/// The tasks that are open for whoever the scope belongs to, as a calendar. What is overdue stands on today: nobody
/// looks at days that have gone by.
pub async fn feed(store: &Store, scope: Scope<ListFollowUps>, lang: Lang, public_url: &str) -> Result<String, Fault> {
    let scope = scope.mine();
    let today = store.today();
    let mut calendar = Calendar::new();
    calendar.name(&lang.say("calendars-name")).ttl(&chrono::Duration::hours(1));
    let mut told = 0;
    for state in [State::Overdue, State::Today, State::Upcoming] {
        let mut ask = PageAsk { limit: 100, cursor: None };
        while told < MOST {
            let lines = follow_ups::list(store, &scope, state, &ask).await?;
            told += lines.items.len();
            for line in &lines.items {
                calendar.push(event(store, line, lang, today, public_url)?);
            }
            ask.cursor = lines.next;
            if ask.cursor.is_none() {
                break;
            }
        }
    }
    Ok(calendar.done().to_string())
}

fn event(store: &Store, line: &Line, lang: Lang, today: Date, public_url: &str) -> Result<Event, Fault> {
    let what = lang.say(if line.asks_visit() { "calendars-visit" } else { "calendars-task" });
    let late = days_between(line.due_on.0, today);
    let title = if late > 0 {
        let late = lang.with("late-days", &[("n", late.into())]);
        format!("{what} {} · {late}", line.code)
    } else {
        format!("{what} {}", line.code)
    };
    let mut event = Event::new();
    event
        .uid(&format!("{}@duongve", line.id))
        .timestamp(instant(store)?)
        .summary(&title)
        .all_day(civil(line.due_on.0.max(today))?)
        .class(Class::Private)
        .url(&format!("{public_url}/cases/{}", line.case_id));
    Ok(event.done())
}

/// The calendar library counts with chrono.
fn civil(day: Date) -> Result<chrono::NaiveDate, Fault> {
    let (year, month, on) = (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs());
    chrono::NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(on)).ok_or(Fault::Inconsistent("a day"))
}

fn instant(store: &Store) -> Result<chrono::DateTime<chrono::Utc>, Fault> {
    chrono::DateTime::from_timestamp_micros(store.now().micros()).ok_or(Fault::Inconsistent("an instant"))
}
