//! A meeting, who is asked to it, and what is said there: as typed, checked and shown. Pure.

pub mod opinions;
pub mod rows;

pub use rows::{Attended, GuestRow, MoveRow, PartyRow, Row, State};

use crate::base::{
    ids::{CaseId, GuestId, OrganisationId, PartyId, RelativeId},
    refusal::{Check, Invalid},
    text,
    words::GatheringKind,
};
use jiff::civil::Date;

/// A meeting as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub kind: String,
    /// What it is called; empty: as its kind is.
    pub title: String,
    pub on: String,
    /// `8:30`, `14h`; empty: not said.
    pub at: String,
    pub place: String,
    pub leader: String,
    /// How many were asked who are named nowhere.
    pub outsiders: String,
    pub version: String,
}

/// A meeting that can be taken.
#[derive(Clone, Debug)]
pub struct NewGathering {
    pub kind: GatheringKind,
    pub title: String,
    pub on: Date,
    pub at: String,
    pub place: String,
    pub leader: String,
    pub outsiders: Option<i64>,
}

/// The most people that are counted without a name.
const MOST_OUTSIDERS: i64 = 100_000;

impl Draft {
    /// `dialogue`: with the family of one person; its kind is not asked.
    ///
    /// # Errors
    /// By field: no kind, no day, a day far away, an hour that is none, no place, no leader.
    pub fn check(&self, today: Date, dialogue: bool) -> Result<NewGathering, Invalid> {
        let mut check = Check::default();
        let kind = match dialogue {
            true => Some(GatheringKind::Dialogue),
            false => check.take("kind", self.kind.parse::<GatheringKind>().map_err(|_| "not_chosen")),
        };
        let title = check.take("title", text::clean_line_opt(&self.title, 150)).flatten().unwrap_or_default();
        check.expect(kind != Some(GatheringKind::Other) || !title.is_empty(), "title", "empty");
        let on = day(&mut check, "on", &self.on, today);
        let at = check.take("at", hour(&self.at));
        let place = check.take("place", text::clean_line(&self.place, 150));
        let leader = check.take("leader", text::clean_line(&self.leader, 100));
        let outsiders = heads(&mut check, "outsiders", &self.outsiders);
        check.give(
            kind.zip(on).zip(at).zip(place).zip(leader).map(|((((kind, on), at), place), leader)| NewGathering {
                kind,
                title,
                on,
                at,
                place,
                leader,
                outsiders,
            }),
        )
    }
}

/// A day of a meeting: it may be written down afterwards, and not planned for ever.
fn day(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    let on = check.take(field, text::parse_day(typed, today));
    if let Some(on) = on {
        check.expect(on <= crate::base::time::plus_days(today, 730), field, "too_far");
        check.expect(on >= crate::base::time::plus_days(today, -3660), field, "too_long_ago");
    }
    on
}

/// How many people; empty: not said.
fn heads(check: &mut Check, field: &'static str, typed: &str) -> Option<i64> {
    if typed.trim().is_empty() {
        return None;
    }
    let number = typed.trim().parse::<i64>().ok().filter(|number| (0..=MOST_OUTSIDERS).contains(number));
    check.take(field, number.ok_or("not_a_number"))
}

/// `8`, `8h`, `8h30`, `08:30` as `08:30`; empty stays empty.
fn hour(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let (hour, minute) = typed.split_once([':', 'h', 'H', 'g']).unwrap_or((typed, ""));
    let number = |text: &str, most: u8| {
        let text = text.trim();
        let text = if text.is_empty() { "0" } else { text };
        text.parse::<u8>().ok().filter(|number| *number <= most && text.len() <= 2)
    };
    match (hour.trim().is_empty(), number(hour, 23), number(minute, 59)) {
        (false, Some(hour), Some(minute)) => Ok(format!("{hour:02}:{minute:02}")),
        _ => Err("not_an_hour"),
    }
}

/// Put to another day, with a reason.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MoveDraft {
    pub on: String,
    pub at: String,
    pub reason: String,
    pub version: String,
}

impl MoveDraft {
    /// # Errors
    /// By field: no day, one that has passed, an hour that is none, no reason.
    pub fn check(&self, today: Date) -> Result<(Date, String, String), Invalid> {
        let mut check = Check::default();
        let on = day(&mut check, "on", &self.on, today);
        check.expect(on.is_none_or(|on| on >= today), "on", "in_the_past");
        let at = check.take("at", hour(&self.at));
        let reason = check.take("reason", text::clean_line(&self.reason, 200));
        check.give(on.zip(at).zip(reason).map(|((on, at), reason)| (on, at, reason)))
    }
}

/// It does not take place, with a reason.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CancelDraft {
    pub reason: String,
    pub version: String,
}

/// What was written down of it.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MinutesDraft {
    pub minutes: String,
    pub version: String,
}

/// Whom to ask: people of cases, of families, bodies of the commune.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InviteDraft {
    pub cases: Vec<String>,
    /// `case:relative`.
    pub relatives: Vec<String>,
    /// Ids of organisations; `council`: the People's Committee.
    pub bodies: Vec<String>,
}

/// Whom to ask, as far as it can be read.
#[derive(Clone, Debug, Default)]
pub struct Invited {
    pub people: Vec<(CaseId, Option<RelativeId>)>,
    pub bodies: Vec<Option<OrganisationId>>,
}

/// How many can be asked at once.
const MOST_INVITED: usize = 300;

impl InviteDraft {
    /// # Errors
    /// Nobody; too many; what is no id.
    pub fn check(&self) -> Result<Invited, Invalid> {
        let mut check = Check::default();
        let mut invited = Invited::default();
        for case in &self.cases {
            match case.parse() {
                Ok(case) => invited.people.push((case, None)),
                Err(_) => check.refuse("cases", "unknown"),
            }
        }
        for pair in &self.relatives {
            match pair.split_once(':').map(|(case, relative)| (case.parse(), relative.parse())) {
                Some((Ok(case), Ok(relative))) => invited.people.push((case, Some(relative))),
                _ => check.refuse("relatives", "unknown"),
            }
        }
        for body in &self.bodies {
            match body.as_str() {
                "council" => invited.bodies.push(None),
                id => match id.parse() {
                    Ok(id) => invited.bodies.push(Some(id)),
                    Err(_) => check.refuse("bodies", "unknown"),
                },
            }
        }
        let all = invited.people.len() + invited.bodies.len();
        check.expect(all > 0 || self.is_garbled(), "cases", "nobody_chosen");
        check.expect(all <= MOST_INVITED, "cases", "too_many");
        check.give(Some(invited))
    }

    fn is_garbled(&self) -> bool {
        !(self.cases.is_empty() && self.relatives.is_empty() && self.bodies.is_empty())
    }
}

/// Who came: of those who stood on the page those who are marked did, the others did not. Nobody has to, and nothing follows.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttendanceDraft {
    /// Ids of the guests that stood on the page; of them those who came.
    pub listed: Vec<String>,
    pub came: Vec<String>,
    /// The same of the bodies.
    pub bodies_listed: Vec<String>,
    pub bodies: Vec<String>,
    pub outsiders_came: String,
    /// Guests who are not to be on the list any more.
    pub withdrawn: Vec<String>,
}

/// Who came, as far as it can be read.
#[derive(Clone, Debug, Default)]
pub struct Attendance {
    pub listed: Vec<GuestId>,
    pub came: Vec<GuestId>,
    pub bodies_listed: Vec<PartyId>,
    pub bodies: Vec<PartyId>,
    pub outsiders_came: Option<i64>,
    pub withdrawn: Vec<GuestId>,
}

impl AttendanceDraft {
    /// # Errors
    /// What is no id, a number that is none.
    pub fn check(&self) -> Result<Attendance, Invalid> {
        let mut check = Check::default();
        let read = Attendance {
            listed: check.take("listed", ids(&self.listed)).unwrap_or_default(),
            came: check.take("came", ids(&self.came)).unwrap_or_default(),
            bodies_listed: check.take("bodies_listed", ids(&self.bodies_listed)).unwrap_or_default(),
            bodies: check.take("bodies", ids(&self.bodies)).unwrap_or_default(),
            withdrawn: check.take("withdrawn", ids(&self.withdrawn)).unwrap_or_default(),
            outsiders_came: heads(&mut check, "outsiders_came", &self.outsiders_came),
        };
        check.give(Some(read))
    }
}

fn ids<I: std::str::FromStr>(typed: &[String]) -> Result<Vec<I>, &'static str> {
    typed.iter().map(|id| id.parse().map_err(|_| "unknown")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn good() -> Draft {
        let word = |text: &str| text.to_owned();
        Draft {
            kind: word("reunion"),
            on: word("30/11/2026"),
            place: word("Nhà văn hóa"),
            leader: word("Chị Ba"),
            ..Draft::default()
        }
    }

    #[test]
    fn an_hour_is_read_as_it_is_written_here() {
        for (typed, read) in
            [("8", "08:00"), ("8h", "08:00"), ("14h30", "14:30"), ("7:05", "07:05"), ("", ""), ("7 giờ", "")]
        {
            let wrong = typed == "7 giờ";
            assert_eq!(hour(typed).ok(), (!wrong).then(|| read.to_owned()), "{typed}");
        }
        for typed in ["24", "8:60", "h30", ":", "8:5:1", "-1", "008"] {
            assert_eq!(hour(typed), Err("not_an_hour"), "{typed}");
        }
    }

    #[test]
    fn a_meeting_has_a_kind_a_day_a_place_and_somebody_who_leads_it() {
        assert!(good().check(TODAY, false).is_ok());
        let refused = Draft::default().check(TODAY, false).unwrap_err().0;
        let fields: Vec<_> = refused.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["kind", "on", "place", "leader"]);
        let other = Draft { kind: "other".to_owned(), ..good() };
        assert_eq!(other.check(TODAY, false).unwrap_err().0[0].field, "title", "what is no known kind has a name");
        assert_eq!(good().check(TODAY, true).unwrap().kind, GatheringKind::Dialogue);
    }

    #[test]
    fn it_is_put_to_a_day_that_is_still_to_come_and_with_a_reason() {
        let refused = MoveDraft { on: "22/11/2026".to_owned(), ..MoveDraft::default() }.check(TODAY).unwrap_err().0;
        let told: Vec<_> = refused.iter().map(|fault| (fault.field.as_ref(), fault.code)).collect();
        assert_eq!(told, [("on", "in_the_past"), ("reason", "empty")]);
    }

    #[test]
    fn somebody_is_asked_by_her_case_or_as_one_of_the_family() {
        let id = "01900000-0000-7000-8000-000000000001";
        let draft = InviteDraft {
            cases: vec![id.to_owned()],
            relatives: vec![format!("{id}:{id}")],
            bodies: vec!["council".to_owned(), id.to_owned()],
        };
        let invited = draft.check().unwrap();
        assert_eq!((invited.people.len(), invited.bodies.len()), (2, 2));
        assert!(invited.people[1].1.is_some() && invited.bodies[0].is_none());
        assert_eq!(InviteDraft::default().check().unwrap_err().0[0].code, "nobody_chosen");
        let garbled = InviteDraft { relatives: vec![id.to_owned()], ..InviteDraft::default() };
        assert_eq!(garbled.check().unwrap_err().0[0].field, "relatives");
    }
}
