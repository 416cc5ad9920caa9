//! What a digest says. Pure.

use crate::{
    base::{
        ids::{CaseId, DigestId, HamletId, Id, UserId},
        lang::{Lang, Value},
        text,
        time::{At, Day},
        waiting::Owed,
        words::{FollowUpKind, UnknownWord},
    },
    follow_ups::{
        due::days_late,
        tally::{CaseSum, Late, Sum},
    },
    mails::Letter,
    policy::AreaCode,
    store::Paged,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How often a digest comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each working day.
    Daily,
    /// The first working day of the week.
    Weekly,
    None,
}

impl Rhythm {
    pub const ALL: [Rhythm; 3] = [Rhythm::Daily, Rhythm::Weekly, Rhythm::None];

    pub const fn as_str(self) -> &'static str {
        match self {
            Rhythm::Daily => "daily",
            Rhythm::Weekly => "weekly",
            Rhythm::None => "none",
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Rhythm::Daily => "digests-rhythm-daily",
            Rhythm::Weekly => "digests-rhythm-weekly",
            Rhythm::None => "digests-rhythm-none",
        }
    }
}

impl std::str::FromStr for Rhythm {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Rhythm, UnknownWord> {
        Rhythm::ALL.into_iter().find(|rhythm| rhythm.as_str() == word).ok_or(UnknownWord)
    }
}

/// The figures of a digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Figures {
    /// Open follow-ups.
    #[sqlx(rename = "open_count")]
    pub open: i64,
    #[sqlx(rename = "overdue_count")]
    pub overdue: i64,
    pub oldest_days: i64,
    /// Live cases whose person was never met.
    #[sqlx(rename = "never_met_count")]
    pub never_met: i64,
    /// Live cases that nobody has.
    #[sqlx(rename = "unassigned_count")]
    pub unassigned: i64,
    /// Open follow-ups that were put off.
    #[sqlx(rename = "postponed_count")]
    pub postponed: i64,
    /// Cases that wait for the head after tries without meeting.
    #[sqlx(rename = "to_supervisor_count")]
    pub to_supervisor: i64,
    /// Cases whose days are being worked out anew.
    pub recalculating: i64,
}

/// Earlier periods that a digest stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Missed {
    #[sqlx(rename = "missed")]
    pub periods: i64,
    #[sqlx(rename = "missed_from")]
    pub from: Option<Day>,
    #[sqlx(rename = "missed_to")]
    pub to: Option<Day>,
}

/// A case that is overdue, in a digest.
#[derive(Clone, Debug, sqlx::FromRow, serde::Serialize)]
pub struct Row {
    pub case_id: CaseId,
    pub code: String,
    pub kind: FollowUpKind,
    pub days_late: i64,
    pub officer_id: Option<UserId>,
    pub officer: Option<String>,
}

/// The figures of one hamlet or one officer; without a key: none.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Group {
    pub key_id: Option<Uuid>,
    pub name: Option<String>,
    #[sqlx(rename = "open_count")]
    pub open: i64,
    #[sqlx(rename = "overdue_count")]
    pub overdue: i64,
    pub oldest_days: i64,
    #[sqlx(rename = "postponed_count")]
    pub postponed: i64,
    #[sqlx(rename = "never_met_count")]
    pub never_met: i64,
    #[sqlx(rename = "unassigned_count")]
    pub unassigned: i64,
}

impl Group {
    fn of(key_id: Option<Uuid>, name: Option<String>) -> Group {
        Group { key_id, name, open: 0, overdue: 0, oldest_days: 0, postponed: 0, never_met: 0, unassigned: 0 }
    }

    /// Has it anything to tell?
    fn tells(&self) -> bool {
        self.open + self.never_met + self.unassigned > 0
    }
}

/// A digest that was worked out.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Composed {
    pub figures: Figures,
    pub rows: Vec<Row>,
    pub hamlets: Vec<Group>,
    pub officers: Vec<Group>,
    /// What waits for the reader beside follow-ups.
    pub owed: Vec<Owed>,
    /// Of the trail's newest checkpoint; empty: none yet. Whoever keeps the letter can tell later whether the trail was bent.
    pub fingerprint: String,
}

/// A digest that was received.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Headline {
    pub id: DigestId,
    pub area_code: AreaCode,
    pub on_day: Day,
    pub composed_at: At,
    pub opened_at: Option<At>,
    #[sqlx(flatten)]
    pub figures: Figures,
    #[sqlx(flatten)]
    pub missed: Missed,
    /// Of the trail, as it was sworn to then.
    pub fingerprint: String,
}

impl Paged for Headline {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.on_day, self.id]
    }
}

/// A digest as it is opened.
#[derive(Clone, Debug)]
pub struct View {
    pub head: Headline,
    pub rows: Vec<Row>,
    pub hamlets: Vec<Group>,
    pub officers: Vec<Group>,
    pub owed: Vec<Owed>,
}

impl View {
    pub fn of(head: Headline, rows: Vec<Row>, groups: Vec<(String, Group)>, owed: Vec<Owed>) -> View {
        let (hamlets, officers): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(kind, _)| kind == "hamlet");
        let only = |groups: Vec<(String, Group)>| groups.into_iter().map(|(_, group)| group).collect();
        View { head, rows, hamlets: only(hamlets), officers: only(officers), owed }
    }
}

/// Puts the figures of a digest together.
pub fn compose(sums: &[Sum], worst: &[Late], cases: &[CaseSum], today: Date) -> Composed {
    let figures = Figures {
        open: sums.iter().map(|sum| sum.open).sum(),
        overdue: sums.iter().map(|sum| sum.overdue).sum(),
        oldest_days: sums.iter().map(|sum| oldest_days(sum, today)).max().unwrap_or(0),
        never_met: cases.iter().map(|sum| sum.never_met).sum(),
        unassigned: cases.iter().map(|sum| sum.unassigned).sum(),
        postponed: sums.iter().map(|sum| sum.postponed).sum(),
        to_supervisor: cases.iter().map(|sum| sum.to_supervisor).sum(),
        recalculating: cases.iter().map(|sum| sum.recalculating).sum(),
    };
    let rows = worst
        .iter()
        .map(|late| Row {
            case_id: late.case_id,
            code: late.code.clone(),
            kind: late.kind,
            days_late: days_late(late.due_on.0, today),
            officer_id: late.officer_id,
            officer: late.officer.clone(),
        })
        .collect();
    Composed {
        figures,
        rows,
        hamlets: groups(
            sums,
            cases,
            today,
            |sum| (sum.hamlet_id.map(HamletId::uuid), &sum.hamlet),
            |sum| (sum.hamlet_id.map(HamletId::uuid), &sum.hamlet),
        ),
        officers: groups(
            sums,
            cases,
            today,
            |sum| (sum.officer_id.map(UserId::uuid), &sum.officer),
            |sum| (sum.officer_id.map(UserId::uuid), &sum.officer),
        ),
        owed: Vec::new(),
        fingerprint: String::new(),
    }
}

fn oldest_days(sum: &Sum, today: Date) -> i64 {
    sum.oldest_on.map_or(0, |day| days_late(day.0, today))
}

/// A key and its name, as a sum has them.
type Keyed<'a> = (Option<Uuid>, &'a Option<String>);

/// Sums by a key: what has none first, then most overdue, then longest.
fn groups(
    sums: &[Sum],
    cases: &[CaseSum],
    today: Date,
    key: impl Fn(&Sum) -> Keyed<'_>,
    case_key: impl Fn(&CaseSum) -> Keyed<'_>,
) -> Vec<Group> {
    let mut groups: BTreeMap<Option<Uuid>, Group> = BTreeMap::new();
    for sum in sums {
        let (key_id, name) = key(sum);
        let group = groups.entry(key_id).or_insert_with(|| Group::of(key_id, name.clone()));
        group.open += sum.open;
        group.overdue += sum.overdue;
        group.postponed += sum.postponed;
        group.oldest_days = group.oldest_days.max(oldest_days(sum, today));
    }
    for sum in cases {
        let (key_id, name) = case_key(sum);
        let group = groups.entry(key_id).or_insert_with(|| Group::of(key_id, name.clone()));
        group.never_met += sum.never_met;
        group.unassigned += sum.unassigned;
    }
    let mut groups: Vec<Group> = groups.into_values().filter(Group::tells).collect();
    groups.sort_by_key(|group| (group.key_id.is_some(), -group.overdue, -group.oldest_days));
    groups
}

/// So many codes a letter names; the rest is on the page.
const CODES: usize = 10;

/// The letter that tells of a digest.
/// `on`: the day that it stands for; `today`: the day of its figures, told where it is another one.
pub fn letter(lang: Lang, on: Date, today: Date, composed: &Composed, missed: Missed, link: &str) -> Letter {
    let n = |key: &str, n: i64| lang.with(key, &[("n", Value::from(n))]);
    let day = text::show_day(on);
    let figures = &composed.figures;
    let subject = match figures.overdue {
        0 => lang.with("digests-mail-subject-nothing", &[("day", day.clone().into())]),
        overdue => lang.with("digests-mail-subject", &[("n", Value::from(overdue)), ("day", day.clone().into())]),
    };
    let mut lines = vec![lang.say("digests-mail-greeting"), String::new()];
    if let Some(sentence) = missed_sentence(lang, missed) {
        lines.extend([sentence, String::new()]);
    }
    if today != on {
        lines.extend([lang.with("digests-mail-figures-of", &[("x", text::show_day(today).into())]), String::new()]);
    }
    if figures.overdue == 0 {
        lines.push(lang.say("digests-nothing-overdue"));
    } else {
        lines.push(n("digests-mail-overdue", figures.overdue));
        lines.push(n("digests-mail-oldest", figures.oldest_days));
    }
    lines.push(n("digests-mail-open", figures.open));
    for (key, count) in [
        ("digests-mail-unassigned", figures.unassigned),
        ("digests-mail-never-met", figures.never_met),
        ("digests-mail-postponed", figures.postponed),
        ("digests-mail-to-supervisor", figures.to_supervisor),
        ("digests-mail-recalculating", figures.recalculating),
    ] {
        if count > 0 {
            lines.push(n(key, count));
        }
    }
    for owed in &composed.owed {
        let key = if owed.late > 0 { "owed-line-late" } else { "owed-line" };
        let values = [
            ("x", lang.say(owed.what.key()).into()),
            ("n", Value::from(owed.waiting)),
            ("late", Value::from(owed.late)),
        ];
        lines.push(lang.with(key, &values));
    }
    if !composed.rows.is_empty() {
        lines.push(String::new());
    }
    // A case is named once, by its longest: two lines of one code would tell nobody which is which.
    let mut named: Vec<(&Row, i64)> = Vec::new();
    for row in &composed.rows {
        match named.iter_mut().find(|(first, _)| first.case_id == row.case_id) {
            Some((_, tasks)) => *tasks += 1,
            None => named.push((row, 1)),
        }
    }
    named.truncate(CODES);
    for (row, tasks) in &named {
        let values =
            [("x", row.code.clone().into()), ("n", Value::from(row.days_late)), ("tasks", Value::from(*tasks))];
        lines.push(lang.with(if *tasks > 1 { "digests-mail-row-tasks" } else { "digests-mail-row" }, &values));
    }
    let unnamed = figures.overdue - named.iter().map(|(_, tasks)| tasks).sum::<i64>();
    if unnamed > 0 {
        lines.push(n("digests-mail-more", unnamed));
    }
    lines.extend([String::new(), lang.say("digests-mail-link"), link.to_owned(), String::new()]);
    lines.push(lang.say("digests-mail-only-codes"));
    if !composed.fingerprint.is_empty() {
        lines.push(lang.with("digests-mail-fingerprint", &[("x", composed.fingerprint.clone().into())]));
    }
    Letter { subject, body: lines.join("\n") + "\n" }
}

/// Which periods had no digest of their own; `None`: none was missed.
pub fn missed_sentence(lang: Lang, missed: Missed) -> Option<String> {
    let (from, to) = missed.from.zip(missed.to).filter(|_| missed.periods > 0)?;
    let values = [
        ("n", Value::from(missed.periods)),
        ("from", text::show_day(from.0).into()),
        ("to", text::show_day(to.0).into()),
    ];
    Some(lang.with("digests-missed", &values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::Id;

    #[test]
    fn a_letter_names_a_case_once_and_its_tasks_add_up() {
        let row = |case: u128, days_late| Row {
            case_id: CaseId::from_uuid(Uuid::from_u128(case)),
            code: format!("DV-{case:05}"),
            kind: FollowUpKind::Contact,
            days_late,
            officer_id: None,
            officer: None,
        };
        // Twelve cases, the third one with three tasks; five more tasks lie beyond the rows.
        let mut rows: Vec<Row> = (1..=12).map(|case| row(case, 40 - i64::try_from(case).unwrap())).collect();
        rows.insert(5, row(3, 30));
        rows.push(row(3, 1));
        let figures = Figures { overdue: 19, oldest_days: 39, ..Figures::default() };
        let composed =
            Composed { figures, rows, hamlets: vec![], officers: vec![], owed: vec![], fingerprint: String::new() };
        let body = letter(
            Lang::En,
            jiff::civil::date(2026, 11, 23),
            jiff::civil::date(2026, 11, 24),
            &composed,
            Missed::default(),
            "link",
        )
        .body;
        assert!(body.contains("Figures of 24/11/2026."), "{body}");
        assert_eq!(body.matches("DV-00003").count(), 1, "{body}");
        assert!(body.contains("DV-00003: 3 tasks, 37 days late") && body.contains("DV-00010: 30 days late"), "{body}");
        // 10 cases with 12 tasks are named; 7 of the 19 are not.
        assert!(!body.contains("DV-00011") && body.contains("And 7 more."), "{body}");
    }
}
