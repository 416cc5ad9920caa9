//! Worked cases, each with the article it comes from, and properties that hold whatever the judgments say.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

/// The terms of the reference rows.
const TERMS: Terms = Terms {
    automatic: Ladder { light: Months(12), to_five: Months(24), to_fifteen: Months(36), over: Months(60) },
    court: Ladder { light: Months(12), to_five: Months(36), to_fifteen: Months(60), over: Months(84) },
    juvenile: Ladder { light: Months(6), to_five: Months(12), to_fifteen: Months(24), over: Months(36) },
    refused_once: Months(12),
    refused_again: Months(24),
    ahead_days: 60,
};

/// Convicted 10/03/2020 of a serious crime on purpose, as an adult; the penalty over on 15/06/2022.
fn judgment(penalty: Penalty) -> Judgment {
    Judgment {
        committed_on: Some(date(2019, 11, 2)),
        convicted_on: date(2020, 3, 10),
        penalty,
        served_on: Some(date(2022, 6, 15)),
        additional: Vec::new(),
        special: false,
        intentional: Some(true),
        gravity: Some(Gravity::Serious),
        age: Age::Adult,
        refused_on: Vec::new(),
    }
}

fn prison(months: u16) -> Judgment {
    judgment(Penalty::Prison { months })
}

fn special(of: Judgment) -> Judgment {
    Judgment { special: true, ..of }
}

fn young(of: Judgment, gravity: Gravity) -> Judgment {
    Judgment { age: Age::Under18, gravity: Some(gravity), ..of }
}

fn with(of: Judgment, duty: Duty, ends_on: Option<Date>) -> Judgment {
    let mut of = of;
    of.additional.push(Additional { duty, ends_on });
    of
}

fn served(of: Judgment, on: Date) -> Judgment {
    Judgment { served_on: Some(on), ..of }
}

/// Another crime and conviction after the first.
fn again(committed: Date, convicted: Date, penalty: Penalty, served_on: Option<Date>) -> Judgment {
    Judgment { committed_on: Some(committed), convicted_on: convicted, served_on, ..judgment(penalty) }
}

enum Want {
    /// The day on which the first judgment is due.
    On(Date),
    /// The day for all of them.
    All(Date),
    None(NoRecord),
    Open(Vec<Missing>),
}
use Want::{All, On, Open};

/// What the law says · the judgments · what is found.
#[rustfmt::skip]
fn cases() -> Vec<(&'static str, Vec<Judgment>, Want)> {
    let d = date;
    let civil = Duty::Civil;
    vec![
        // Điều 70 khoản 2: one, two, three, five years.
        ("70.2a warning", vec![judgment(Penalty::Warning)], On(d(2023, 6, 15))),
        ("70.2a fine", vec![judgment(Penalty::Fine)], On(d(2023, 6, 15))),
        ("70.2a non-custodial reform", vec![judgment(Penalty::NonCustodial)], On(d(2023, 6, 15))),
        ("70.2a suspended: from the end of the probation", vec![judgment(Penalty::Suspended)], On(d(2023, 6, 15))),
        ("70.2b prison 3 months", vec![prison(3)], On(d(2024, 6, 15))),
        ("70.2b prison 2 years", vec![prison(24)], On(d(2024, 6, 15))),
        ("70.2b prison exactly 5 years", vec![prison(60)], On(d(2024, 6, 15))),
        ("70.2c prison 5 years and a month", vec![prison(61)], On(d(2025, 6, 15))),
        ("70.2c prison 10 years", vec![prison(120)], On(d(2025, 6, 15))),
        ("70.2c prison exactly 15 years", vec![prison(180)], On(d(2025, 6, 15))),
        ("70.2d prison 15 years and a month", vec![prison(181)], On(d(2027, 6, 15))),
        ("70.2d prison 30 years", vec![prison(360)], On(d(2027, 6, 15))),
        ("70.2d life", vec![judgment(Penalty::Life)], On(d(2027, 6, 15))),
        ("70.2d death commuted", vec![judgment(Penalty::Commuted)], On(d(2027, 6, 15))),
        // Điều 73 khoản 1 and 4: the penalty pronounced, and a remitted rest counts as served.
        ("73.1 twelve years pronounced, seven served: by what was pronounced", vec![served(prison(144), d(2020, 9, 2))], On(d(2023, 9, 2))),
        ("73.4 amnestied: from the day of the amnesty", vec![served(prison(48), d(2021, 9, 1))], On(d(2023, 9, 1))),
        // The calendar.
        ("29/02 and two years: the last of February", vec![served(prison(24), d(2024, 2, 29))], On(d(2026, 2, 28))),
        ("29/02 and one year", vec![served(judgment(Penalty::Fine), d(2024, 2, 29))], On(d(2025, 2, 28))),
        ("28/02 and two years, into a leap year", vec![served(prison(24), d(2022, 2, 28))], On(d(2024, 2, 28))),
        ("juvenile, 31/08 and six months", vec![young(served(judgment(Penalty::Suspended), d(2023, 8, 31)), Gravity::ExtremelySerious)], On(d(2024, 2, 29))),
        // Điều 70 khoản 2: a longer additional penalty, and other decisions of the judgment.
        ("70.2 probation of residence shorter than the term", vec![with(prison(24), Duty::Probation, Some(d(2024, 6, 14)))], On(d(2024, 6, 15))),
        ("70.2 probation of residence ends with the term", vec![with(prison(24), Duty::Probation, Some(d(2024, 6, 15)))], On(d(2024, 6, 15))),
        ("70.2 probation of residence longer", vec![with(prison(24), Duty::Probation, Some(d(2026, 6, 15)))], On(d(2026, 6, 15))),
        ("70.2 residence ban longer", vec![with(prison(60), Duty::ResidenceBan, Some(d(2027, 6, 15)))], On(d(2027, 6, 15))),
        ("70.2 ban from work longer", vec![with(judgment(Penalty::Suspended), Duty::WorkBan, Some(d(2025, 6, 15)))], On(d(2025, 6, 15))),
        ("70.2 loss of rights longer", vec![with(prison(36), Duty::LossOfRights, Some(d(2025, 1, 1)))], On(d(2025, 1, 1))),
        ("70.2 of two the longer one", vec![with(with(prison(24), Duty::Probation, Some(d(2025, 6, 15))), Duty::WorkBan, Some(d(2026, 6, 15)))], On(d(2026, 6, 15))),
        ("70.2 fine paid within the term", vec![with(prison(24), Duty::Money, Some(d(2023, 1, 5)))], On(d(2024, 6, 15))),
        ("70.2 fine paid after the term", vec![with(prison(24), Duty::Money, Some(d(2025, 1, 5)))], On(d(2025, 1, 5))),
        ("70.2 compensation paid after the term", vec![with(prison(24), civil, Some(d(2025, 8, 19)))], On(d(2025, 8, 19))),
        ("70.2 costs paid before release", vec![with(prison(24), civil, Some(d(2021, 8, 19)))], On(d(2024, 6, 15))),
        ("70.2 compensation: nobody has said", vec![with(prison(24), civil, None)], Open(vec![Missing::Ends(0, civil)])),
        ("70.2 probation of residence without an end", vec![with(prison(24), Duty::Probation, None)], Open(vec![Missing::Ends(0, Duty::Probation)])),
        ("70.2 the clock is not payment: it counts from the end of the main penalty", vec![with(judgment(Penalty::Fine), civil, Some(d(2022, 12, 31)))], On(d(2023, 6, 15))),
        // The main penalty is not over.
        ("70 still in prison", vec![Judgment { served_on: None, ..prison(24) }], Open(vec![Missing::Served(0)])),
        ("70 probation of a suspended sentence runs", vec![Judgment { served_on: None, ..judgment(Penalty::Suspended) }], Open(vec![Missing::Served(0)])),
        // Điều 71: chapters XIII and XXVI, by the court.
        ("71.2a special, suspended", vec![special(judgment(Penalty::Suspended))], On(d(2023, 6, 15))),
        ("71.2b special, 4 years", vec![special(prison(48))], On(d(2025, 6, 15))),
        ("71.2b special, exactly 5 years", vec![special(prison(60))], On(d(2025, 6, 15))),
        ("71.2c special, 7 years", vec![special(prison(84))], On(d(2027, 6, 15))),
        ("71.2d special, 20 years", vec![special(prison(240))], On(d(2029, 6, 15))),
        ("71.2d special, life", vec![special(judgment(Penalty::Life))], On(d(2029, 6, 15))),
        ("71.3 special, longer probation of residence", vec![with(special(prison(48)), Duty::Probation, Some(d(2027, 6, 15)))], On(d(2027, 6, 15))),
        ("73.3 ordinary and special in one judgment: the court, with its terms", vec![special(prison(24))], On(d(2025, 6, 15))),
        ("71.4 refused once: a year from the refusal", vec![Judgment { refused_on: vec![d(2025, 9, 1)], ..special(prison(48)) }], On(d(2026, 9, 1))),
        ("71.4 refused twice: two years from the last", vec![Judgment { refused_on: vec![d(2025, 9, 1), d(2026, 10, 1)], ..special(prison(48)) }], On(d(2028, 10, 1))),
        ("71.4 refused long before: the term itself", vec![Judgment { refused_on: vec![d(2023, 1, 1)], ..special(prison(48)) }], On(d(2025, 6, 15))),
        ("71.4 is for the court's way only", vec![Judgment { refused_on: vec![d(2025, 9, 1)], ..prison(24) }], On(d(2024, 6, 15))),
        // Điều 69 khoản 2: no record.
        ("69.2 exempted from penalty", vec![judgment(Penalty::Exempted)], Want::None(NoRecord::Exempted)),
        ("69.2 not on purpose, less serious", vec![Judgment { intentional: Some(false), gravity: Some(Gravity::LessSerious), ..judgment(Penalty::Suspended) }], Want::None(NoRecord::NotOnPurpose)),
        ("69.2 not on purpose, serious, in prison", vec![Judgment { intentional: Some(false), ..prison(30) }], Want::None(NoRecord::NotOnPurpose)),
        ("69.2 not on purpose, very serious: there is a record", vec![Judgment { intentional: Some(false), gravity: Some(Gravity::VerySerious), ..prison(84) }], On(d(2025, 6, 15))),
        ("69.2 on purpose, less serious: there is a record", vec![Judgment { gravity: Some(Gravity::LessSerious), ..prison(12) }], On(d(2024, 6, 15))),
        ("69.2 the paper does not say: the later day", vec![Judgment { intentional: None, gravity: None, ..prison(12) }], On(d(2024, 6, 15))),
        // Điều 107: under 18.
        ("107.1a 14 to under 16, extremely serious", vec![Judgment { age: Age::Under16, gravity: Some(Gravity::ExtremelySerious), ..prison(84) }], Want::None(NoRecord::Under16)),
        ("107.1a 14 to under 16, nothing else known", vec![Judgment { age: Age::Under16, gravity: None, intentional: None, served_on: None, ..prison(84) }], Want::None(NoRecord::Under16)),
        ("107.1b 16 to under 18, less serious", vec![young(prison(6), Gravity::LessSerious)], Want::None(NoRecord::Under18)),
        ("107.1b 16 to under 18, serious", vec![young(prison(24), Gravity::Serious)], Want::None(NoRecord::Under18)),
        ("107.1b 16 to under 18, very serious, not on purpose", vec![Judgment { intentional: Some(false), ..young(prison(60), Gravity::VerySerious) }], Want::None(NoRecord::Under18)),
        ("107.1c measures", vec![judgment(Penalty::Measures)], Want::None(NoRecord::Measures)),
        ("107.2a 16 to under 18, very serious on purpose, suspended", vec![young(judgment(Penalty::Suspended), Gravity::VerySerious)], On(d(2022, 12, 15))),
        ("107.2b prison to 5 years", vec![young(prison(54), Gravity::VerySerious)], On(d(2023, 6, 15))),
        ("107.2c prison 5 to 15 years", vec![young(prison(120), Gravity::ExtremelySerious)], On(d(2024, 6, 15))),
        ("107.2d prison over 15 years", vec![young(prison(216), Gravity::ExtremelySerious)], On(d(2025, 6, 15))),
        ("107.2 a special chapter makes no difference under 18", vec![special(young(prison(54), Gravity::VerySerious))], On(d(2023, 6, 15))),
        ("107.2 extremely serious, not on purpose", vec![Judgment { intentional: Some(false), ..young(prison(120), Gravity::ExtremelySerious) }], On(d(2024, 6, 15))),
        ("107 how grave is not known", vec![Judgment { gravity: None, ..young(prison(54), Gravity::Serious) }], Open(vec![Missing::Gravity(0)])),
        ("107 very serious, whether on purpose is not known", vec![Judgment { intentional: None, ..young(prison(54), Gravity::VerySerious) }], Open(vec![Missing::Intent(0)])),
        // Điều 73 khoản 2: a new conviction.
        ("73.2 a new crime within the term: from the end of the new penalty", vec![prison(24), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Prison { months: 12 }, Some(d(2024, 9, 1)))], On(d(2026, 9, 1))),
        ("73.2 the same, for both together", vec![prison(24), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Prison { months: 12 }, Some(d(2024, 9, 1)))], All(d(2026, 9, 1))),
        ("73.2 old term longer than the new", vec![prison(120), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Fine, Some(d(2023, 10, 1)))], All(d(2026, 10, 1))),
        ("73.2 convicted after the term, of a crime within it", vec![prison(24), again(d(2024, 6, 1), d(2025, 2, 1), Penalty::Prison { months: 12 }, Some(d(2026, 2, 1)))], On(d(2028, 2, 1))),
        ("73.2 a crime after the term changes nothing for the old", vec![prison(24), again(d(2024, 6, 16), d(2025, 2, 1), Penalty::Prison { months: 12 }, Some(d(2026, 2, 1)))], On(d(2024, 6, 15))),
        ("73.2 a crime on the last day is within", vec![prison(24), again(d(2024, 6, 15), d(2025, 2, 1), Penalty::Prison { months: 12 }, Some(d(2026, 2, 1)))], On(d(2028, 2, 1))),
        ("73.2 a crime from before the first conviction is no new crime", vec![prison(24), again(d(2020, 1, 5), d(2023, 9, 1), Penalty::Prison { months: 12 }, Some(d(2024, 9, 1)))], On(d(2024, 6, 15))),
        ("73.2 the day of the crime is not known: the day of the judgment", vec![prison(24), Judgment { committed_on: None, ..again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Prison { months: 12 }, Some(d(2024, 9, 1))) }], On(d(2026, 9, 1))),
        ("73.2 suspended: from the end of the new probation", vec![prison(24), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Suspended, Some(d(2026, 9, 1)))], On(d(2028, 9, 1))),
        ("73.2 the new penalty is not over", vec![prison(24), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Prison { months: 36 }, None)], Open(vec![Missing::Served(1)])),
        ("73.2 a third one restarts both", vec![prison(24), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Prison { months: 12 }, Some(d(2024, 9, 1))), again(d(2026, 1, 1), d(2026, 4, 1), Penalty::Prison { months: 6 }, Some(d(2026, 10, 1)))], All(d(2028, 10, 1))),
        ("73.2 a new crime while the old penalty runs", vec![served(prison(60), d(2024, 3, 10)), again(d(2021, 1, 1), d(2021, 6, 1), Penalty::Prison { months: 12 }, Some(d(2025, 3, 10)))], On(d(2027, 3, 10))),
        ("73.2 the new penalty was over before the old one", vec![served(prison(60), d(2025, 3, 10)), again(d(2021, 1, 1), d(2021, 6, 1), Penalty::Fine, Some(d(2021, 7, 1)))], On(d(2027, 3, 10))),
        ("73.2 and 70.2: restarted, and an additional penalty that is longer still", vec![with(prison(24), Duty::Probation, Some(d(2027, 6, 15))), again(d(2023, 5, 1), d(2023, 9, 1), Penalty::Fine, Some(d(2023, 10, 1)))], On(d(2027, 6, 15))),
        ("a refusal of the court and a new crime after it", vec![Judgment { refused_on: vec![d(2025, 9, 1)], ..special(prison(48)) }, again(d(2026, 5, 1), d(2026, 6, 1), Penalty::Fine, Some(d(2026, 7, 1)))], On(d(2029, 7, 1))),
        // Together.
        ("two judgments of one day: the later day counts", vec![prison(24), Judgment { penalty: Penalty::Prison { months: 72 }, ..prison(24) }], All(d(2025, 6, 15))),
        ("one without a record and one with", vec![judgment(Penalty::Exempted), prison(24)], All(d(2024, 6, 15))),
        ("one open keeps all open", vec![prison(24), Judgment { committed_on: Some(d(2018, 1, 1)), convicted_on: d(2019, 1, 1), served_on: None, ..prison(12) }], Open(vec![Missing::Served(1)])),
    ]
}

#[test]
fn the_worked_cases_come_out_as_the_articles_say() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} worked cases", cases.len());
    for (law, judgments, want) in cases {
        let found = review(&judgments, &TERMS);
        let first = &found.each[0];
        match want {
            On(day) => assert!(matches!(first, Finding::Due(due) if due.on == day), "{law}: {day}, not {first:?}"),
            All(day) => {
                assert!(matches!(&found.all, Finding::Due(due) if due.on == day), "{law}: {day}, not {found:?}");
            }
            Want::None(why) => assert_eq!(*first, Finding::NoRecord(why), "{law}"),
            Open(gaps) => assert_eq!(found.all, Finding::Open(gaps), "{law}"),
        }
    }
}

#[test]
fn a_finding_says_why() {
    let moved = |judgments: &[Judgment]| match &review(judgments, &TERMS).each[0] {
        Finding::Due(due) => (due.because.way.basis(), due.because.from, due.because.moved.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(moved(&[prison(24)]), ("BLHS Điều 70", date(2022, 6, 15), vec![]));
    let long = with(prison(24), Duty::Probation, Some(date(2026, 6, 15)));
    assert_eq!(moved(&[long]).2, [Reason::Additional(Duty::Probation)]);
    let new = again(date(2023, 5, 1), date(2023, 9, 1), Penalty::Fine, Some(date(2023, 10, 1)));
    assert_eq!(moved(&[prison(24), new]), ("BLHS Điều 70", date(2023, 10, 1), vec![Reason::NewConviction(1)]));
    let refused = Judgment { refused_on: vec![date(2025, 9, 1)], ..special(prison(48)) };
    assert_eq!(moved(&[refused]), ("BLHS Điều 71", date(2022, 6, 15), vec![Reason::Refused]));
    assert_eq!(moved(&[young(prison(54), Gravity::VerySerious)]).0, "BLHS Điều 107 khoản 2");
}

/// Điều 72: a third of the court's term, and only where the court decides.
#[test]
fn merit_lets_the_court_look_after_a_third() {
    let early = |judgment| match &review(&[judgment], &TERMS).each[0] {
        Finding::Due(due) => due.early_on,
        other => panic!("{other:?}"),
    };
    assert_eq!(early(special(prison(48))), Some(date(2023, 6, 16)), "a third of 1096 days is 365 1/3");
    assert_eq!(early(prison(48)), None);
}

#[test]
fn the_review_is_put_forward_sixty_days_before() {
    let Finding::Due(due) = review(&[prison(24)], &TERMS).all else { panic!() };
    assert_eq!((due.on, due.ahead_on), (date(2024, 6, 15), date(2024, 4, 16)));
}

#[test]
fn without_a_judgment_nothing_is_said() {
    assert_eq!(review(&[], &TERMS).all, Finding::Open(vec![]));
}

fn any_day() -> impl Strategy<Value = Date> {
    (0_i64..20_000).prop_map(|days| plus_days(date(1990, 1, 1), days))
}

fn any_penalty() -> impl Strategy<Value = Penalty> {
    prop_oneof![
        Just(Penalty::Exempted),
        Just(Penalty::Measures),
        Just(Penalty::Warning),
        Just(Penalty::Fine),
        Just(Penalty::NonCustodial),
        Just(Penalty::Suspended),
        (1_u16..400).prop_map(|months| Penalty::Prison { months }),
        Just(Penalty::Life),
        Just(Penalty::Commuted),
    ]
}

fn any_duty() -> impl Strategy<Value = Duty> {
    prop::sample::select(vec![
        Duty::Probation,
        Duty::ResidenceBan,
        Duty::WorkBan,
        Duty::LossOfRights,
        Duty::Money,
        Duty::Civil,
    ])
}

prop_compose! {
    fn any_judgment()(
        convicted_on in any_day(),
        before in prop::option::of(0_i64..2000),
        penalty in any_penalty(),
        serves in prop::option::weighted(0.8, 0_i64..9000),
        additional in prop::collection::vec((any_duty(), prop::option::weighted(0.8, any_day())), 0..3),
        special in any::<bool>(),
        intentional in prop::option::of(any::<bool>()),
        gravity in prop::option::of(prop::sample::select(vec![
            Gravity::LessSerious, Gravity::Serious, Gravity::VerySerious, Gravity::ExtremelySerious,
        ])),
        age in prop::sample::select(vec![Age::Under16, Age::Under18, Age::Adult, Age::Adult]),
        refused_on in prop::collection::vec(any_day(), 0..3),
    ) -> Judgment {
        Judgment {
            committed_on: before.map(|days| plus_days(convicted_on, -days)),
            convicted_on,
            penalty,
            served_on: serves.map(|days| plus_days(convicted_on, days)),
            additional: additional.into_iter().map(|(duty, ends_on)| Additional { duty, ends_on }).collect(),
            special,
            intentional,
            gravity,
            age,
            refused_on,
        }
    }
}

fn due(finding: &Finding) -> Option<Date> {
    match finding {
        Finding::Due(due) => Some(due.on),
        Finding::NoRecord(_) | Finding::Open(_) => None,
    }
}

proptest! {
    /// Never before the main penalty is over, the term has run and every known duty is met.
    #[test]
    fn no_day_comes_before_what_it_waits_for(judgments in prop::collection::vec(any_judgment(), 1..4)) {
        let found = review(&judgments, &TERMS);
        for (judgment, finding) in judgments.iter().zip(&found.each) {
            if let Finding::Due(due) = finding {
                let served = judgment.served_on.expect("a day needs an end of the penalty");
                prop_assert!(due.on >= plus(served, due.because.term));
                prop_assert!(judgment.additional.iter().all(|one| one.ends_on.is_some_and(|ends| ends <= due.on)));
                prop_assert_eq!(due.ahead_on, plus_days(due.on, -60));
                prop_assert!(due.early_on.is_none_or(|early| early < due.on && due.because.way == Way::Court));
            }
        }
        let latest = found.each.iter().filter_map(due).max();
        if let Finding::Due(all) = &found.all {
            prop_assert_eq!(Some(all.on), latest);
        }
    }

    /// A further judgment makes no day earlier, unless it leaves it open.
    #[test]
    fn a_new_conviction_brings_no_day_forward(judgments in prop::collection::vec(any_judgment(), 1..3), new in any_judgment()) {
        let before = review(&judgments, &TERMS);
        let mut more = judgments.clone();
        more.push(new);
        let after = review(&more, &TERMS);
        for (before, after) in before.each.iter().zip(&after.each) {
            if let (Some(before), Some(after)) = (due(before), due(after)) {
                prop_assert!(after >= before);
            }
            prop_assert!(!matches!((before, after), (Finding::Open(_), Finding::Due(_))));
        }
    }

    /// The order in which the office typed the judgments means nothing.
    #[test]
    fn the_order_of_the_papers_means_nothing(judgments in prop::collection::vec(any_judgment(), 1..4)) {
        let mut turned = judgments.clone();
        turned.reverse();
        let (one, other) = (review(&judgments, &TERMS), review(&turned, &TERMS));
        prop_assert_eq!(due(&one.all), due(&other.all));
        let there: Vec<_> = one.each.iter().map(due).collect();
        let back: Vec<_> = other.each.iter().rev().map(due).collect();
        prop_assert_eq!(there, back);
    }

    /// What the law gives to the young is never later than what it gives to adults, nor the court's way sooner than the other.
    #[test]
    fn the_ways_stand_in_their_order(judgment in any_judgment()) {
        let as_one = |age, special| {
            let one = Judgment { age, special, gravity: Some(Gravity::ExtremelySerious), intentional: Some(true), refused_on: vec![], ..judgment.clone() };
            due(&review(&[one], &TERMS).each[0])
        };
        let (young, plain, court) = (as_one(Age::Under18, false), as_one(Age::Adult, false), as_one(Age::Adult, true));
        if let (Some(young), Some(plain), Some(court)) = (young, plain, court) {
            prop_assert!(young <= plain && plain <= court);
        } else {
            prop_assert_eq!((young, plain), (plain, court));
        }
    }
}
