//! What the province is told once a week. Pure.

use crate::{
    base::{
        ids::BulletinId,
        lang::{Lang, Value},
        text,
        time::{At, Day},
    },
    digests::model::{Missed, missed_sentence},
    follow_ups::due::days_late,
    mails::Letter,
    overview::Commune,
    policy::AreaCode,
    store::Paged,
};
use jiff::civil::Date;

/// A commune in figures, as they were.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub area_code: AreaCode,
    /// Its kind and name; only where it is shown.
    #[sqlx(default)]
    pub kind: String,
    #[sqlx(default)]
    pub name: String,
    pub cases: i64,
    pub open_count: i64,
    pub overdue_count: i64,
    pub oldest_days: i64,
    pub never_met_count: i64,
    pub unassigned_count: i64,
    /// No active head.
    pub headless: bool,
    /// The head left the digests unopened for a week.
    pub unread: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed {
    pub lines: Vec<Line>,
}

/// One that was received.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Headline {
    pub id: BulletinId,
    pub on_day: Day,
    pub composed_at: At,
    pub opened_at: Option<At>,
    #[sqlx(flatten)]
    pub missed: Missed,
}

impl Paged for Headline {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.on_day, self.id]
    }
}

impl Composed {
    /// Communes with cases, or with a head who does not read: an empty commune without a head is no news.
    pub fn of(communes: Vec<Commune>, today: Date) -> Composed {
        let tells = |commune: &Commune| commune.count.cases > 0 || commune.unread;
        let line = |Commune { count, headless, unread }: Commune| Line {
            area_code: count.code,
            kind: count.kind,
            name: count.name,
            cases: count.cases,
            open_count: count.open,
            overdue_count: count.overdue,
            oldest_days: count.oldest_on.map_or(0, |day| days_late(day.0, today)),
            never_met_count: count.never_met,
            unassigned_count: count.unassigned,
            headless,
            unread,
        };
        Composed { lines: communes.into_iter().filter(tells).map(line).collect() }
    }
}

/// The sums of the lines: cases, open, overdue, without a head, unread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub cases: i64,
    pub open: i64,
    pub overdue: i64,
    pub unassigned: i64,
    pub headless: i64,
    pub unread: i64,
}

impl Total {
    pub fn of(lines: &[Line]) -> Total {
        lines.iter().fold(Total::default(), |sum, line| Total {
            cases: sum.cases + line.cases,
            open: sum.open + line.open_count,
            overdue: sum.overdue + line.overdue_count,
            unassigned: sum.unassigned + line.unassigned_count,
            headless: sum.headless + i64::from(line.headless),
            unread: sum.unread + i64::from(line.unread),
        })
    }
}

/// The letter of a week.
pub fn letter(lang: Lang, on: Date, composed: &Composed, missed: Missed, link: &str) -> Letter {
    let n = |key: &str, n: i64| lang.with(key, &[("n", Value::from(n))]);
    let total = Total::of(&composed.lines);
    let mut lines = vec![lang.say("bulletins-mail-greeting"), String::new()];
    if let Some(sentence) = missed_sentence(lang, missed) {
        lines.extend([sentence, String::new()]);
    }
    lines.push(n("bulletins-mail-communes", composed.lines.len().try_into().unwrap_or(i64::MAX)));
    lines.push(n("bulletins-mail-cases", total.cases));
    lines.push(n("bulletins-mail-overdue", total.overdue));
    for (key, count) in [
        ("bulletins-mail-unassigned", total.unassigned),
        ("bulletins-mail-headless", total.headless),
        ("bulletins-mail-unread", total.unread),
    ] {
        if count > 0 {
            lines.push(n(key, count));
        }
    }
    lines.extend([String::new(), lang.say("bulletins-mail-link"), link.to_owned()]);
    let subject = lang.with("bulletins-mail-subject", &[("day", text::show_day(on).into())]);
    Letter { subject, body: lines.join("\n") + "\n" }
}
