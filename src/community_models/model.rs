//! A community model as typed, checked and shown. Pure.

use crate::{
    base::{
        arg::Arg,
        fields::{CommendedWhom, ModelAbout, ModelResultWhat},
        ids::{CommendationId, CommunityModelId, ModelResultId},
        refusal::{Check, Invalid},
        sealed::{Sealed, SealedText as _},
        text,
        time::Day,
    },
    policy::AreaCode,
    store::Paged,
};
use jiff::civil::Date;

/// A model as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub name: String,
    pub hamlet: String,
    pub about: String,
    pub since_on: String,
    /// Empty: it goes on.
    pub until_on: String,
    /// Another of the commune's register.
    pub copied_from_id: String,
    /// Or one elsewhere, by its name and commune.
    pub copied_from: String,
    pub people: String,
    pub vnd: String,
    pub version: String,
}

/// A model that can be taken.
#[derive(Clone, Debug)]
pub struct NewModel {
    pub name: String,
    pub hamlet: String,
    pub about: Option<String>,
    pub since_on: Date,
    pub until_on: Option<Date>,
    pub copied_from_id: Option<CommunityModelId>,
    pub copied_from: String,
    pub people: Option<i64>,
    pub vnd: Option<i64>,
}

/// The most people that take part in one.
const MOST_PEOPLE: i64 = 1_000_000;

impl Draft {
    /// # Errors
    /// By field: no name, no first day, a last day before the first, two sources, what is no number or no sum.
    pub fn check(&self, today: Date) -> Result<NewModel, Invalid> {
        let mut check = Check::default();
        let name = check.take("name", text::clean_line(&self.name, 150));
        let hamlet = check.take("hamlet", text::clean_line_opt(&self.hamlet, 100)).flatten().unwrap_or_default();
        let about = check.take("about", text::clean_note_opt(&self.about, 2000)).flatten();
        let since_on = day(&mut check, "since_on", &self.since_on, today);
        let until_on = match self.until_on.trim() {
            "" => None,
            typed => day(&mut check, "until_on", typed, today),
        };
        check.expect(
            until_on.zip(since_on).is_none_or(|(until, since)| until >= since),
            "until_on",
            "before_the_beginning",
        );
        let copied_from_id = match self.copied_from_id.as_str() {
            "" => None,
            id => check.take("copied_from_id", id.parse().map_err(|_| "unknown")),
        };
        let copied_from =
            check.take("copied_from", text::clean_line_opt(&self.copied_from, 200)).flatten().unwrap_or_default();
        check.expect(copied_from_id.is_none() || copied_from.is_empty(), "copied_from", "two_sources");
        let people = heads(&mut check, &self.people);
        let vnd = money(&mut check, &self.vnd);
        check.give(name.zip(since_on).map(|(name, since_on)| NewModel {
            name,
            hamlet,
            about,
            since_on,
            until_on,
            copied_from_id,
            copied_from,
            people,
            vnd,
        }))
    }
}

/// A day that has come.
fn day(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Date> {
    let on = check.take(field, text::parse_day(typed, today));
    check.expect(on.is_none_or(|on| on <= today), field, "in_the_future");
    on
}

fn heads(check: &mut Check, typed: &str) -> Option<i64> {
    if typed.trim().is_empty() {
        return None;
    }
    let number = typed.trim().parse::<i64>().ok().filter(|number| (0..=MOST_PEOPLE).contains(number));
    check.take("people", number.ok_or("not_a_number"))
}

fn money(check: &mut Check, typed: &str) -> Option<i64> {
    if typed.trim().is_empty() {
        return None;
    }
    check.take("vnd", text::parse_vnd(typed))
}

/// What came of it, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResultDraft {
    /// Empty: today.
    pub on: String,
    pub what: String,
    pub people: String,
    pub vnd: String,
}

/// What came of it, as it can be taken.
#[derive(Clone, Debug)]
pub struct NewResult {
    pub on: Date,
    pub what: String,
    pub people: Option<i64>,
    pub vnd: Option<i64>,
}

impl ResultDraft {
    /// # Errors
    /// By field: no words, a day in the future, what is no number or no sum.
    pub fn check(&self, today: Date) -> Result<NewResult, Invalid> {
        let mut check = Check::default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => day(&mut check, "on", typed, today),
        };
        let what = check.take("what", text::clean_note(&self.what, 1000));
        let people = heads(&mut check, &self.people);
        let vnd = money(&mut check, &self.vnd);
        check.give(on.zip(what).map(|(on, what)| NewResult { on, what, people, vnd }))
    }
}

/// A letter of commendation, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CommendationDraft {
    pub to_whom: String,
    pub by_whom: String,
    pub number: String,
    /// Empty: today.
    pub on: String,
}

/// A letter that can be taken.
#[derive(Clone, Debug)]
pub struct NewCommendation {
    pub to_whom: String,
    pub by_whom: String,
    pub number: String,
    pub on: Date,
}

impl CommendationDraft {
    /// # Errors
    /// By field: nobody who is commended, nobody who commends, a day in the future.
    pub fn check(&self, today: Date) -> Result<NewCommendation, Invalid> {
        let mut check = Check::default();
        let to_whom = check.take("to_whom", text::clean_line(&self.to_whom, 150));
        let by_whom = check.take("by_whom", text::clean_line(&self.by_whom, 150));
        let number = check.take("number", text::clean_line_opt(&self.number, 60)).flatten().unwrap_or_default();
        let on = match self.on.trim() {
            "" => Some(today),
            typed => day(&mut check, "on", typed, today),
        };
        check.give(to_whom.zip(by_whom).zip(on).map(|((to_whom, by_whom), on)| NewCommendation {
            to_whom,
            by_whom,
            number,
            on,
        }))
    }
}

/// A model as the register shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: CommunityModelId,
    pub area_code: AreaCode,
    pub area: String,
    pub name: String,
    pub hamlet: String,
    pub about: Option<Sealed<ModelAbout>>,
    pub since_on: Day,
    pub until_on: Option<Day>,
    pub copied_from_id: Option<CommunityModelId>,
    /// The name of that one.
    pub copied_name: Option<String>,
    pub copied_from: String,
    pub people: Option<i64>,
    pub vnd: Option<i64>,
    /// How many others were copied from it.
    pub copies: i64,
    pub results: i64,
    pub commendations: i64,
    pub version: i64,
}

crate::opens!(Row { id => about });

impl Row {
    pub fn goes_on(&self, today: Date) -> bool {
        self.until_on.is_none_or(|until| until.0 > today)
    }

    /// Where it comes from, if not from here.
    pub fn source(&self) -> Option<&str> {
        self.copied_name.as_deref().or(Some(self.copied_from.as_str())).filter(|source| !source.is_empty())
    }

    /// As it was typed, to be put right.
    pub fn draft(&self) -> Draft {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        Draft {
            name: self.name.clone(),
            hamlet: self.hamlet.clone(),
            about: self.about.told().unwrap_or_default(),
            since_on: text::show_day(self.since_on.0),
            until_on: self.until_on.map(|day| text::show_day(day.0)).unwrap_or_default(),
            copied_from_id: self.copied_from_id.map(|id| id.to_string()).unwrap_or_default(),
            copied_from: self.copied_from.clone(),
            people: number(self.people),
            vnd: number(self.vnd),
            version: self.version.to_string(),
        }
    }
}

impl Paged for Row {
    fn key(&self) -> Vec<Arg> {
        crate::args![self.since_on, self.id]
    }
}

/// What came of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResultRow {
    pub id: ModelResultId,
    pub on_day: Day,
    pub what: Sealed<ModelResultWhat>,
    pub people: Option<i64>,
    pub vnd: Option<i64>,
    pub by: String,
}

crate::opens!(ResultRow { id => what });

/// Who was commended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CommendationRow {
    pub id: CommendationId,
    pub to_whom: Sealed<CommendedWhom>,
    pub by_whom: String,
    pub number: String,
    pub on_day: Day,
}

crate::opens!(CommendationRow { id => to_whom });

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn good() -> Draft {
        Draft { name: "Cổng rào".to_owned(), since_on: "01/03/2025".to_owned(), ..Draft::default() }
    }

    fn refused(draft: &Draft) -> Vec<(String, &'static str)> {
        let all = draft.check(TODAY).unwrap_err().0;
        all.into_iter().map(|refusal| (refusal.field.into_owned(), refusal.code)).collect()
    }

    #[test]
    fn a_model_has_a_name_a_beginning_and_one_source_at_most() {
        assert!(good().check(TODAY).is_ok());
        assert_eq!(refused(&Draft::default()), [("name".to_owned(), "empty"), ("since_on".to_owned(), "empty")]);
        let ended = Draft { until_on: "28/02/2025".to_owned(), ..good() };
        assert_eq!(refused(&ended), [("until_on".to_owned(), "before_the_beginning")]);
        let both = Draft {
            copied_from_id: "01900000-0000-7000-8000-000000000001".to_owned(),
            copied_from: "Cổng rào, xã Thoại Sơn".to_owned(),
            ..good()
        };
        assert_eq!(refused(&both), [("copied_from".to_owned(), "two_sources")]);
        let money = Draft { people: "nhiều".to_owned(), vnd: "vài đồng".to_owned(), ..good() };
        assert_eq!(refused(&money), [("people".to_owned(), "not_a_number"), ("vnd".to_owned(), "not_an_amount")]);
    }

    #[test]
    fn what_came_of_it_has_come() {
        let draft = ResultDraft { on: "24/11/2026".to_owned(), ..ResultDraft::default() };
        let fields: Vec<_> = draft.check(TODAY).unwrap_err().0.into_iter().map(|refusal| refusal.field).collect();
        assert_eq!(fields, ["on", "what"]);
        let letter = CommendationDraft { to_whom: "Tổ 5".to_owned(), ..CommendationDraft::default() };
        assert_eq!(letter.check(TODAY).unwrap_err().0[0].field, "by_whom");
    }
}
