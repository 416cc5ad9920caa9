//! The days of a sentence in the community, told as cases.

use super::*;
use jiff::civil::date;

const LIMITS: Limits = Limits { suspended: 50, release: 50, serve: 75, again: 12, reconsider: 3, most: 12 };

fn monthly() -> Rhythm {
    rhythm(Regime::SuspendedSentence).unwrap()
}

fn term(from: Date, until: Date) -> Term {
    Term { from, until, ends: until, known_on: from }
}

fn asked(serving: &Serving, regime: Regime, begins: Date, today: Date) -> Vec<Date> {
    serving.rounds(rhythm(regime).unwrap(), begins, false, today)
}

#[test]
fn only_who_serves_a_sentence_here_is_assessed() {
    for regime in Regime::ALL {
        assert_eq!(rhythm(*regime).is_some(), regime.carries_duties(), "{regime}");
    }
    assert_eq!(rhythm(Regime::PostSentenceSupervision).unwrap().months, 3);
    assert_eq!(rhythm(Regime::Postponed).unwrap().rule, "duty_report");
}

#[test]
fn the_first_round_opens_after_the_case_began_and_each_missed_one_stays() {
    let none = Serving::default();
    let began = date(2026, 8, 10);
    assert_eq!(asked(&none, Regime::SuspendedSentence, began, began), [date(2026, 9, 1)]);
    let all = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)];
    assert_eq!(asked(&none, Regime::SuspendedSentence, began, date(2026, 11, 23)), all);
    // Begun on the first of a month: that month is the first to be looked at.
    assert_eq!(asked(&none, Regime::NonCustodialReform, date(2026, 9, 1), date(2026, 9, 2)), [date(2026, 10, 1)]);
    // Written down: only that round is gone.
    let one = Serving { rounds: vec![date(2026, 10, 1)], ..none };
    let left = [date(2026, 9, 1), date(2026, 11, 1), date(2026, 12, 1)];
    assert_eq!(asked(&one, Regime::ConditionalRelease, began, date(2026, 11, 23)), left);
}

#[test]
fn supervision_is_assessed_by_the_quarter() {
    let began = date(2026, 2, 28);
    let found = asked(&Serving::default(), Regime::PostSentenceSupervision, began, date(2026, 11, 23));
    assert_eq!(found, [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]);
    let quarter = rhythm(Regime::PostSentenceSupervision).unwrap();
    assert_eq!(quarter.looks_at(date(2027, 1, 1)), (date(2026, 10, 1), date(2026, 12, 31)));
    assert!(!quarter.opens(date(2026, 11, 1)) && quarter.opens(date(2026, 10, 1)));
}

#[test]
fn none_opens_after_the_end_nor_in_custody() {
    let ends = Serving { term: Some(term(date(2025, 10, 5), date(2026, 10, 4))), ..Serving::default() };
    let began = date(2026, 8, 10);
    assert_eq!(
        asked(&ends, Regime::SuspendedSentence, began, date(2026, 11, 23)),
        [date(2026, 9, 1), date(2026, 10, 1)]
    );
    let held = Serving { suspensions: vec![(date(2026, 9, 15), Some(date(2026, 11, 1)))], ..Serving::default() };
    let found = asked(&held, Regime::SuspendedSentence, began, date(2026, 11, 23));
    assert_eq!(found, [date(2026, 9, 1), date(2026, 11, 1), date(2026, 12, 1)], "back on the first: asked for again");
    let still = Serving { suspensions: vec![(date(2026, 10, 20), None)], ..Serving::default() };
    let found = still.rounds(monthly(), began, true, date(2026, 11, 23));
    assert_eq!(found, [date(2026, 9, 1), date(2026, 10, 1)], "what was missed before stays");
    assert_eq!(Serving::default().rounds(monthly(), began, true, date(2026, 11, 23)), []);
}

#[test]
fn a_round_is_written_down_within_what_is_asked_for() {
    let serving = Serving { term: Some(term(date(2026, 1, 5), date(2026, 10, 4))), ..Serving::default() };
    let began = date(2026, 3, 2);
    assert!(serving.is_round(monthly(), began, date(2026, 4, 1)));
    assert!(!serving.is_round(monthly(), began, date(2026, 3, 1)), "before the case began");
    assert!(!serving.is_round(monthly(), began, date(2026, 11, 1)), "after its end");
    assert!(!serving.is_round(monthly(), began, date(2026, 4, 2)), "no first day");
}

#[test]
fn a_suspended_sentence_may_be_shortened_at_half_once_a_year_and_three_quarters_are_served() {
    // Two years: 730 days, of which 365 are half and 548 three quarters.
    let two = term(date(2025, 1, 1), date(2026, 12, 31));
    let serving = Serving { term: Some(two), ..Serving::default() };
    let hint = serving.next_shortening(Regime::SuspendedSentence, &LIMITS).unwrap();
    assert_eq!((hint.from, hint.because), (date(2026, 1, 1), Because::Share(50)));
    assert_eq!(hint.not_before, Some(date(2026, 7, 3)));
    let with = |state, on| Serving { shortenings: vec![Shortening { state, on }], ..serving.clone() };
    assert_eq!(
        with(ShorteningState::Proposed, date(2026, 1, 10)).next_shortening(Regime::SuspendedSentence, &LIMITS),
        None
    );
    let refused = with(ShorteningState::Refused, date(2025, 12, 20));
    let again = refused.next_shortening(Regime::SuspendedSentence, &LIMITS).unwrap();
    assert_eq!((again.from, again.because), (date(2026, 3, 20), Because::Reconsider(3)), "her year is not used up");
    let not_yet = with(ShorteningState::NotProposed, date(2026, 7, 4));
    let again = not_yet.next_shortening(Regime::SuspendedSentence, &LIMITS).unwrap();
    assert_eq!((again.from, again.because), (date(2026, 10, 4), Because::Reconsider(3)));
    let long = term(date(2023, 1, 1), date(2027, 12, 31));
    let granted = |on| Shortening { state: ShorteningState::Granted, on };
    let once = Serving {
        term: Some(Term { ends: date(2027, 6, 30), ..long }),
        shortenings: vec![
            granted(date(2025, 8, 1)),
            Shortening { state: ShorteningState::NotProposed, on: date(2026, 2, 1) },
        ],
        ..Serving::default()
    };
    let hint = once.next_shortening(Regime::SuspendedSentence, &LIMITS).unwrap();
    assert_eq!((hint.from, hint.because), (date(2026, 8, 1), Because::Again(12)), "a granted one counts a year");
    let too_late = with(ShorteningState::Granted, date(2026, 2, 1));
    assert_eq!(too_late.next_shortening(Regime::SuspendedSentence, &LIMITS), None, "it ends before a year is over");
    // So much was taken off that three quarters are all that is left.
    let done = Serving { term: Some(Term { ends: date(2026, 7, 3), ..two }), ..serving.clone() };
    assert_eq!(done.next_shortening(Regime::SuspendedSentence, &LIMITS), None);
}

#[test]
fn a_conditional_release_may_be_shortened_after_half_and_the_others_not() {
    let serving = Serving { term: Some(term(date(2026, 1, 1), date(2026, 10, 27))), ..Serving::default() };
    let hint = serving.next_shortening(Regime::ConditionalRelease, &LIMITS).unwrap();
    assert_eq!((hint.from, hint.not_before), (date(2026, 5, 31), None));
    for regime in Regime::ALL {
        let may = matches!(regime, Regime::ConditionalRelease | Regime::SuspendedSentence);
        assert_eq!(serving.next_shortening(*regime, &LIMITS).is_some(), may, "{regime}");
    }
    assert_eq!(Serving::default().next_shortening(Regime::ConditionalRelease, &LIMITS), None, "no term is known");
    let late = Serving { term: Some(Term { known_on: date(2026, 9, 1), ..serving.term.unwrap() }), ..serving };
    assert_eq!(late.next_shortening(Regime::ConditionalRelease, &LIMITS).unwrap().from, date(2026, 9, 1));
}

#[test]
fn the_certificate_is_due_on_the_last_day() {
    let ends = date(2026, 12, 31);
    let serving = Serving { term: Some(term(date(2026, 1, 1), ends)), ..Serving::default() };
    assert_eq!(serving.certificate_due(Regime::NonCustodialReform), Some(ends));
    assert_eq!(serving.certificate_due(Regime::Postponed), None, "nothing is served yet");
    assert_eq!(serving.certificate_due(Regime::Completed), None);
    assert_eq!(Serving { certified: true, ..serving }.certificate_due(Regime::NonCustodialReform), None);
    assert_eq!(shortened(date(2026, 12, 31), 3, date(2026, 1, 1)), date(2026, 9, 30));
}
