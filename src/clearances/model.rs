//! Judgments and the papers of a clearance, as typed, checked and kept. Pure.

use super::engine::{self, Ladder, Months, Terms};
use crate::{
    base::{
        fields::{JudgmentTerms, SealingConsent, SealingPaperNo, UnsealingReason},
        ids::{JudgmentId, SealingId, UserId},
        lang::Lang,
        refusal::{Check, Invalid},
        sealed::Sealed,
        text,
        time::{At, Day},
        words::{AgeGroup, ClearancePaper, DutyKind, GravityKind, PenaltyKind},
    },
    mails::Letter,
};
use jiff::{ToSpan, civil::Date};

/// One judgment as it is kept, sealed as a whole: nothing of it is searched or sorted by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Judgment {
    pub committed_on: Option<Day>,
    pub convicted_on: Day,
    pub penalty: PenaltyKind,
    /// Of a prison sentence.
    pub months: Option<u16>,
    pub served_on: Option<Day>,
    pub duties: Vec<Duty>,
    /// A crime of chapter XIII or XXVI is among them.
    pub special: bool,
    pub intentional: Option<bool>,
    pub gravity: Option<GravityKind>,
    pub age: AgeGroup,
    pub refused_on: Vec<Day>,
}

/// What the judgment asks for beside the main penalty, and until when; `None`: nobody has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Duty {
    pub kind: DutyKind,
    pub ends_on: Option<Day>,
}

impl Judgment {
    /// Each term with its name, as a correction tells it: words as words, days as people write them.
    pub fn told(&self) -> [(&'static str, String); 11] {
        let day = |day: Option<Day>| day.map(|day| text::show_day(day.0)).unwrap_or_default();
        let duty = |duty: &Duty| format!("{} {}", duty.kind, day(duty.ends_on)).trim().to_owned();
        let refused: Vec<String> = self.refused_on.iter().map(|one| text::show_day(one.0)).collect();
        [
            ("judgment_convicted_on", text::show_day(self.convicted_on.0)),
            ("judgment_committed_on", day(self.committed_on)),
            ("judgment_penalty", self.penalty.to_string()),
            ("judgment_months", self.months.map(|months| months.to_string()).unwrap_or_default()),
            ("judgment_served_on", day(self.served_on)),
            ("judgment_duties", self.duties.iter().map(duty).collect::<Vec<_>>().join(", ")),
            ("judgment_special", if self.special { "true".to_owned() } else { String::new() }),
            ("judgment_intentional", self.intentional.map(|on_purpose| on_purpose.to_string()).unwrap_or_default()),
            ("judgment_gravity", self.gravity.map(|gravity| gravity.to_string()).unwrap_or_default()),
            ("judgment_age", self.age.to_string()),
            ("judgment_refused_on", refused.join(", ")),
        ]
    }

    /// As the engine takes it.
    pub fn facts(&self) -> engine::Judgment {
        let days = |days: &[Day]| days.iter().map(|day| day.0).collect();
        engine::Judgment {
            committed_on: self.committed_on.map(|day| day.0),
            convicted_on: self.convicted_on.0,
            penalty: penalty(self.penalty, self.months),
            served_on: self.served_on.map(|day| day.0),
            additional: self
                .duties
                .iter()
                .map(|one| engine::Additional { duty: duty(one.kind), ends_on: one.ends_on.map(|day| day.0) })
                .collect(),
            special: self.special,
            intentional: self.intentional,
            gravity: self.gravity.map(gravity),
            age: match self.age {
                AgeGroup::Adult => engine::Age::Adult,
                AgeGroup::Under18 => engine::Age::Under18,
                AgeGroup::Under16 => engine::Age::Under16,
            },
            refused_on: days(&self.refused_on),
        }
    }
}

fn penalty(kind: PenaltyKind, months: Option<u16>) -> engine::Penalty {
    match kind {
        PenaltyKind::Exempted => engine::Penalty::Exempted,
        PenaltyKind::Measures => engine::Penalty::Measures,
        PenaltyKind::Warning => engine::Penalty::Warning,
        PenaltyKind::Fine => engine::Penalty::Fine,
        PenaltyKind::NonCustodial => engine::Penalty::NonCustodial,
        PenaltyKind::Suspended => engine::Penalty::Suspended,
        // A prison sentence without its length is refused by the form; the longest term if one got in.
        PenaltyKind::Prison => months.map_or(engine::Penalty::Life, |months| engine::Penalty::Prison { months }),
        PenaltyKind::Life => engine::Penalty::Life,
        PenaltyKind::Commuted => engine::Penalty::Commuted,
    }
}

fn duty(kind: DutyKind) -> engine::Duty {
    match kind {
        DutyKind::Probation => engine::Duty::Probation,
        DutyKind::ResidenceBan => engine::Duty::ResidenceBan,
        DutyKind::WorkBan => engine::Duty::WorkBan,
        DutyKind::LossOfRights => engine::Duty::LossOfRights,
        DutyKind::Money => engine::Duty::Money,
        DutyKind::Civil => engine::Duty::Civil,
    }
}

/// The word of a duty that the engine names.
pub fn duty_kind(duty: engine::Duty) -> DutyKind {
    match duty {
        engine::Duty::Probation => DutyKind::Probation,
        engine::Duty::ResidenceBan => DutyKind::ResidenceBan,
        engine::Duty::WorkBan => DutyKind::WorkBan,
        engine::Duty::LossOfRights => DutyKind::LossOfRights,
        engine::Duty::Money => DutyKind::Money,
        engine::Duty::Civil => DutyKind::Civil,
    }
}

fn gravity(kind: GravityKind) -> engine::Gravity {
    match kind {
        GravityKind::LessSerious => engine::Gravity::LessSerious,
        GravityKind::Serious => engine::Gravity::Serious,
        GravityKind::VerySerious => engine::Gravity::VerySerious,
        GravityKind::ExtremelySerious => engine::Gravity::ExtremelySerious,
    }
}

/// A judgment as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct JudgmentRow {
    pub id: JudgmentId,
    pub terms: Sealed<JudgmentTerms>,
}

crate::opens!(JudgmentRow { id => terms });

/// A judgment as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JudgmentDraft {
    /// The judgment that is put right; empty: a further one.
    pub judgment: String,
    /// `true`: it was written down by mistake and goes.
    pub remove: String,
    pub convicted_on: String,
    pub committed_on: String,
    pub penalty: String,
    pub years: String,
    pub months: String,
    pub served_on: String,
    /// The duties that the judgment asks for, words of [`DutyKind`].
    pub duties: Vec<String>,
    pub probation_on: String,
    pub residence_ban_on: String,
    pub work_ban_on: String,
    pub loss_of_rights_on: String,
    pub money_on: String,
    pub civil_on: String,
    pub special: String,
    /// `yes`, `no`; empty: the paper does not say.
    pub intentional: String,
    pub gravity: String,
    pub age: String,
    pub refused_first_on: String,
    pub refused_last_on: String,
    /// The version of the case that was read.
    pub version: String,
}

/// The field of a duty's end.
pub const fn duty_field(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Probation => "probation_on",
        DutyKind::ResidenceBan => "residence_ban_on",
        DutyKind::WorkBan => "work_ban_on",
        DutyKind::LossOfRights => "loss_of_rights_on",
        DutyKind::Money => "money_on",
        DutyKind::Civil => "civil_on",
    }
}

fn day_opt(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Day> {
    if typed.trim().is_empty() {
        return None;
    }
    check.take(field, text::parse_day(typed, today)).map(Day)
}

fn past(check: &mut Check, field: &'static str, typed: &str, today: Date) -> Option<Day> {
    let day = day_opt(check, field, typed, today)?;
    check.expect(day.0 <= today, field, "in_the_future");
    Some(day)
}

/// Months of a prison sentence from years and months as they stand in the judgment.
fn length(check: &mut Check, years: &str, months: &str) -> Option<u16> {
    let mut number = |field: &'static str, typed: &str, most: u16| match typed.trim() {
        "" => Some(0),
        typed => {
            let number = check.take(field, typed.parse::<u16>().map_err(|_| "not_a_number"));
            number.filter(|number| {
                check.expect(*number <= most, field, "out_of_range");
                *number <= most
            })
        }
    };
    let (years, months) = (number("years", years, 30)?, number("months", months, 360)?);
    let all = years * 12 + months;
    check.expect(all > 0, "years", "empty");
    check.expect(all <= 360, "years", "out_of_range");
    (all > 0 && all <= 360).then_some(all)
}

impl JudgmentDraft {
    fn typed_end(&self, kind: DutyKind) -> &str {
        match kind {
            DutyKind::Probation => &self.probation_on,
            DutyKind::ResidenceBan => &self.residence_ban_on,
            DutyKind::WorkBan => &self.work_ban_on,
            DutyKind::LossOfRights => &self.loss_of_rights_on,
            DutyKind::Money => &self.money_on,
            DutyKind::Civil => &self.civil_on,
        }
    }

    /// # Errors
    /// By field: no day of the judgment or one to come; no penalty; a prison sentence without its length; days in an
    /// order that cannot be; an end without its duty; no age.
    pub fn check(&self, today: Date, birth: Option<Date>) -> Result<Judgment, Invalid> {
        let mut check = Check::default();
        let convicted_on = past(&mut check, "convicted_on", &self.convicted_on, today);
        check.expect(!self.convicted_on.trim().is_empty(), "convicted_on", "empty");
        check.expect(birth.zip(convicted_on).is_none_or(|(birth, day)| birth <= day.0), "convicted_on", "before_birth");
        let committed_on = past(&mut check, "committed_on", &self.committed_on, today);
        let ordered = committed_on.zip(convicted_on).is_none_or(|(done, judged)| done <= judged);
        check.expect(ordered, "committed_on", "after_the_judgment");
        let penalty = check.take("penalty", self.penalty.parse::<PenaltyKind>().map_err(|_| "not_chosen"));
        let is_prison = penalty == Some(PenaltyKind::Prison);
        let months = if is_prison { length(&mut check, &self.years, &self.months) } else { None };
        let served_on = day_opt(&mut check, "served_on", &self.served_on, today);
        check.expect(served_on.is_none_or(|day| day.0 <= today), "served_on", "in_the_future");
        let since_judged = |day: Option<Day>| day.zip(convicted_on).is_none_or(|(day, judged)| judged <= day);
        check.expect(since_judged(served_on), "served_on", "before_the_judgment");
        let duties = self.duties(&mut check, today);
        let intentional = match self.intentional.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let gravity = match self.gravity.trim() {
            "" => None,
            typed => check.take("gravity", typed.parse::<GravityKind>().map_err(|_| "not_chosen")),
        };
        let age = check.take("age", self.age.parse::<AgeGroup>().map_err(|_| "not_chosen"));
        let first = past(&mut check, "refused_first_on", &self.refused_first_on, today);
        let last = past(&mut check, "refused_last_on", &self.refused_last_on, today);
        check.expect(last.is_none() || first.is_some(), "refused_first_on", "empty");
        check.expect(since_judged(first), "refused_first_on", "before_the_judgment");
        check.expect(first.zip(last).is_none_or(|(first, last)| first <= last), "refused_last_on", "before_the_first");
        // Under eighteen has rules of its own, and under sixteen no record at all (BLHS Điều 107): whoever was that by her day of
        // birth is not taken for older. Of a birthday that is known by its year only, the earliest day is asked.
        let turned = |years: i16| {
            birth.zip(committed_on).is_none_or(|(birth, day)| birth.saturating_add(years.years()) <= day.0)
        };
        let old_enough = match age {
            Some(AgeGroup::Adult) => turned(18),
            Some(AgeGroup::Under18) => turned(16),
            Some(AgeGroup::Under16) | None => true,
        };
        check.expect(old_enough, "age", "younger_by_her_birthday");
        let whole = convicted_on.zip(penalty).zip(age);
        check.give(whole.map(|((convicted_on, penalty), age)| Judgment {
            committed_on,
            convicted_on,
            penalty,
            months,
            served_on,
            duties,
            special: self.special == "true",
            intentional,
            gravity,
            age,
            refused_on: first.into_iter().chain(last).collect(),
        }))
    }

    fn duties(&self, check: &mut Check, today: Date) -> Vec<Duty> {
        let mut duties = Vec::new();
        for kind in DutyKind::ALL {
            let ends_on = day_opt(check, duty_field(*kind), self.typed_end(*kind), today);
            if self.duties.iter().any(|word| word == kind.as_str()) {
                duties.push(Duty { kind: *kind, ends_on });
            } else {
                check.expect(ends_on.is_none(), duty_field(*kind), "without_its_duty");
            }
        }
        duties
    }
}

/// The paper by which a record was cleared, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SealDraft {
    pub paper: String,
    pub paper_no: String,
    pub paper_on: String,
    /// `yes`: help goes on, as the person wishes; `no`: it ends.
    pub help: String,
    /// How her consent was recorded.
    pub consent: String,
    /// `true`: whoever seals has read what will happen.
    pub understood: String,
}

/// What is needed to seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub paper: ClearancePaper,
    pub number: String,
    pub on: Date,
    /// How the person's consent was recorded; empty: help does not go on.
    pub consent: String,
}

impl SealDraft {
    /// `live`: there is help that would go on.
    ///
    /// # Errors
    /// By field: no kind, number or day of the paper; a day to come; nothing said on live help; help that goes on
    /// without a recorded consent; what will happen was not read.
    pub fn check(&self, today: Date, live: bool) -> Result<Paper, Invalid> {
        let mut check = Check::default();
        let paper = check.take("paper", self.paper.parse::<ClearancePaper>().map_err(|_| "not_chosen"));
        let number = check.take("paper_no", text::clean_line(&self.paper_no, 60));
        let on = past(&mut check, "paper_on", &self.paper_on, today);
        check.expect(!self.paper_on.trim().is_empty(), "paper_on", "empty");
        let goes_on = self.help == "yes";
        check.expect(!live || goes_on || self.help == "no", "help", "not_chosen");
        let consent = if goes_on {
            check.take("consent", text::clean_line(&self.consent, 200)).unwrap_or_default()
        } else {
            String::new()
        };
        check.expect(self.understood == "true", "understood", "not_read");
        let whole = paper.zip(number).zip(on);
        check.give(whole.map(|((paper, number), on)| Paper { paper, number, on: on.0, consent }))
    }
}

/// Why a sealed case should be opened again, as it is typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnsealDraft {
    pub reason: String,
}

/// A sealed case in the list of those that were sealed: no name, no code of the case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: SealingId,
    /// The number of the seal, which the office writes on its own paper.
    pub code: String,
    pub paper: ClearancePaper,
    pub sealed_at: At,
    pub sealed_by: String,
    /// Somebody asked for it to be opened.
    pub asked_at: Option<At>,
    /// It was opened again.
    pub ended_at: Option<At>,
}

impl crate::store::Paged for Line {
    fn key(&self) -> Vec<crate::base::arg::Arg> {
        crate::args![self.sealed_at, self.id]
    }
}

/// One of them, with the paper and with what was asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Whole {
    #[sqlx(flatten)]
    pub line: Line,
    pub case_id: crate::base::ids::CaseId,
    pub paper_on: Day,
    pub asked_by: Option<String>,
    pub asked_by_id: Option<UserId>,
    pub ended_by: Option<String>,
    // Its own row, for the sealed fields.
    pub own: SealingId,
    pub paper_no: Sealed<SealingPaperNo>,
    pub consent: Sealed<SealingConsent>,
    pub reason: Option<Sealed<UnsealingReason>>,
}

crate::opens!(Whole { own => paper_no, consent, reason });

/// The rows of the rules that the terms come from, in the order of the ladders.
pub const LADDERS: [[&str; 4]; 3] = [
    [
        "clearance_automatic_light",
        "clearance_automatic_to_five",
        "clearance_automatic_to_fifteen",
        "clearance_automatic_over",
    ],
    ["clearance_court_light", "clearance_court_to_five", "clearance_court_to_fifteen", "clearance_court_over"],
    [
        "clearance_juvenile_light",
        "clearance_juvenile_to_five",
        "clearance_juvenile_to_fifteen",
        "clearance_juvenile_over",
    ],
];

/// The rule whose number a term is.
pub fn rule_of(way: engine::Way, rung: engine::Rung) -> &'static str {
    let ladder = match way {
        engine::Way::Automatic => 0,
        engine::Way::Court => 1,
        engine::Way::Juvenile => 2,
    };
    let step = match rung {
        engine::Rung::Light => 0,
        engine::Rung::ToFive => 1,
        engine::Rung::ToFifteen => 2,
        engine::Rung::Over => 3,
    };
    LADDERS[ladder][step]
}

/// The terms from the numbers of the rules; `None` where one is missing.
pub fn terms(amount: impl Fn(&str) -> Option<i64>) -> Option<Terms> {
    let ladder = |words: [&str; 4]| {
        Some(Ladder {
            light: Months(amount(words[0])?),
            to_five: Months(amount(words[1])?),
            to_fifteen: Months(amount(words[2])?),
            over: Months(amount(words[3])?),
        })
    };
    Some(Terms {
        automatic: ladder(LADDERS[0])?,
        court: ladder(LADDERS[1])?,
        juvenile: ladder(LADDERS[2])?,
        refused_once: Months(amount("clearance_refused_once")?),
        refused_again: Months(amount("clearance_refused_again")?),
        ahead_days: amount("clearance_ahead")?,
    })
}

/// An inspector who may be the second of two.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Second {
    pub id: UserId,
    pub email: Option<String>,
    pub lang: Lang,
}

/// The letter to her: the number of the seal, and nothing of whose it is.
pub fn letter(lang: Lang, code: &str, link: &str) -> Letter {
    let x = |key: &str| lang.with(key, &[("x", code.to_owned().into())]);
    let lines = [
        lang.say("clearances-mail-greeting"),
        String::new(),
        x("clearances-mail-asked"),
        String::new(),
        lang.say("clearances-mail-link"),
        link.to_owned(),
    ];
    Letter { subject: x("clearances-mail-subject"), body: lines.join("\n") + "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn draft() -> JudgmentDraft {
        JudgmentDraft {
            convicted_on: "10/03/2020".into(),
            penalty: "prison".into(),
            years: "2".into(),
            months: "6".into(),
            served_on: "15/06/2022".into(),
            age: "adult".into(),
            ..JudgmentDraft::default()
        }
    }

    fn fields(invalid: &Invalid) -> Vec<&str> {
        invalid.0.iter().map(|fault| fault.field.as_ref()).collect()
    }

    #[test]
    fn a_judgment_is_kept_and_read_again_as_it_was() {
        let duties = vec!["civil".into(), "probation".into()];
        let draft = JudgmentDraft { duties, civil_on: "01/02/2021".into(), ..draft() };
        let judgment = draft.check(TODAY, None).unwrap();
        assert_eq!(judgment.months, Some(30));
        assert_eq!(judgment.duties.len(), 2);
        let text = serde_json::to_string(&judgment).unwrap();
        assert_eq!(serde_json::from_str::<Judgment>(&text).unwrap(), judgment);
    }

    #[test]
    fn what_cannot_be_is_told_by_field() {
        let nothing = JudgmentDraft::default().check(TODAY, None).unwrap_err();
        assert_eq!(fields(&nothing), ["convicted_on", "penalty", "age"]);
        let no_length = JudgmentDraft { years: String::new(), months: String::new(), ..draft() };
        assert_eq!(fields(&no_length.check(TODAY, None).unwrap_err()), ["years"]);
        let too_long = JudgmentDraft { years: "31".into(), ..draft() };
        assert_eq!(fields(&too_long.check(TODAY, None).unwrap_err()), ["years"]);
        let late = JudgmentDraft { committed_on: "11/03/2020".into(), ..draft() };
        assert_eq!(fields(&late.check(TODAY, None).unwrap_err()), ["committed_on"]);
        let to_come = JudgmentDraft { served_on: "24/11/2026".into(), ..draft() };
        assert_eq!(fields(&to_come.check(TODAY, None).unwrap_err()), ["served_on"]);
        let order = [
            ("served_on", JudgmentDraft { served_on: "09/03/2020".into(), ..draft() }),
            ("refused_first_on", JudgmentDraft { refused_first_on: "09/03/2020".into(), ..draft() }),
            (
                "refused_last_on",
                JudgmentDraft {
                    refused_first_on: "01/01/2026".into(),
                    refused_last_on: "31/12/2025".into(),
                    ..draft()
                },
            ),
        ];
        for (field, draft) in order {
            assert_eq!(fields(&draft.check(TODAY, None).unwrap_err()), [field]);
        }
        // Freed in the court: served on the day of the judgment.
        JudgmentDraft { served_on: "10/03/2020".into(), ..draft() }.check(TODAY, None).unwrap();
        // Fifteen, seventeen and eighteen on the day of the crime, by the day of birth.
        let aged = |age: &str, born| {
            let draft = JudgmentDraft { age: age.into(), committed_on: "01/01/2019".into(), ..draft() };
            draft.check(TODAY, Some(born)).map_err(|fault| fields(&fault).join(" "))
        };
        let wrong = Err("age".to_owned());
        assert_eq!(aged("adult", date(2001, 1, 2)).map(drop), wrong);
        assert_eq!(aged("under_18", date(2003, 1, 2)).map(drop), wrong);
        for (age, born) in [("adult", date(2001, 1, 1)), ("under_18", date(2001, 1, 2)), ("under_16", date(2003, 1, 2))]
        {
            assert!(aged(age, born).is_ok(), "{age} {born}");
        }
        let end_alone = JudgmentDraft { money_on: "01/01/2021".into(), ..draft() };
        assert_eq!(fields(&end_alone.check(TODAY, None).unwrap_err()), ["money_on"]);
    }

    #[test]
    fn nothing_is_sealed_without_its_paper_and_a_word_on_live_help() {
        let paper = SealDraft {
            paper: "certificate".into(),
            paper_no: "12/2026/LLTP".into(),
            paper_on: "20/11/2026".into(),
            understood: "true".into(),
            ..SealDraft::default()
        };
        assert!(paper.check(TODAY, false).is_ok());
        assert_eq!(fields(&paper.check(TODAY, true).unwrap_err()), ["help"]);
        let without = SealDraft { help: "yes".into(), ..paper.clone() };
        assert_eq!(fields(&without.check(TODAY, true).unwrap_err()), ["consent"]);
        let bare = SealDraft::default().check(TODAY, false).unwrap_err();
        assert_eq!(fields(&bare), ["paper", "paper_no", "paper_on", "understood"]);
        let to_come = SealDraft { paper_on: "24/11/2026".into(), ..paper };
        assert_eq!(fields(&to_come.check(TODAY, false).unwrap_err()), ["paper_on"]);
    }
}
