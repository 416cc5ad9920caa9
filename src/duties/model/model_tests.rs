//! What may be typed about a sentence in the community.

use super::*;
use crate::base::words::AbsenceState;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 23);

fn codes<T: std::fmt::Debug>(refused: Result<T, Invalid>) -> Vec<(String, &'static str)> {
    refused.unwrap_err().0.into_iter().map(|one| (one.field.to_string(), one.code)).collect()
}

#[test]
fn an_assessment_looks_back_and_is_made_within_its_time() {
    let draft = AssessmentDraft {
        round_on: "01/11/2026".into(),
        result: "good".into(),
        sent_on: "23/11/2026".into(),
        ..AssessmentDraft::default()
    };
    let new = draft.check(TODAY).unwrap();
    assert_eq!((new.round, new.made_on, new.sent_on), (date(2026, 11, 1), TODAY, Some(TODAY)));
    let early = AssessmentDraft { round_on: "01/12/2026".into(), ..draft.clone() };
    assert_eq!(
        codes(early.check(TODAY)),
        [("round_on".to_owned(), "round_not_open"), ("made_on".to_owned(), "before_the_round")]
    );
    let before = AssessmentDraft { made_on: "31/10/2026".into(), sent_on: "30/10/2026".into(), ..draft.clone() };
    assert_eq!(
        codes(before.check(TODAY)),
        [("made_on".to_owned(), "before_the_round"), ("sent_on".to_owned(), "sent_before_made")]
    );
    let silent = AssessmentDraft { result: String::new(), ..draft };
    assert_eq!(codes(silent.check(TODAY)), [("result".to_owned(), "not_chosen")]);
}

fn request() -> AbsenceDraft {
    AbsenceDraft {
        from_on: "25/11/2026".into(),
        to_on: "27/11/2026".into(),
        place: "Cần Thơ".into(),
        reason: "Đám giỗ mẹ".into(),
        proposal: "grant".into(),
        ..AbsenceDraft::default()
    }
}

#[test]
fn an_absence_is_asked_for_before_it_begins() {
    assert_eq!(request().check(TODAY).unwrap().days(), 3);
    let one = AbsenceDraft { to_on: "25/11/2026".into(), ..request() };
    assert_eq!(one.check(TODAY).unwrap().days(), 1, "a day away is an absence");
    let past = AbsenceDraft { from_on: "20/11/2026".into(), ..request() };
    assert_eq!(codes(past.check(TODAY)), [("from_on".to_owned(), "before_the_request")]);
    let empty: Vec<_> = codes(AbsenceDraft::default().check(TODAY)).into_iter().map(|one| one.0).collect();
    assert_eq!(empty, ["from_on", "to_on", "place", "reason", "proposal"]);
}

#[test]
fn the_offices_bounds_warn_once_and_together() {
    let bounds = Bounds { most: 60, part: 3 };
    assert_eq!(bounds.passed(60, 0, None), None, "no term is known: nothing to share");
    assert_eq!(bounds.passed(61, 0, None), Some(Over::Once(60)));
    assert_eq!(bounds.passed(20, 100, Some(360)), None);
    assert_eq!(bounds.passed(21, 100, Some(360)), Some(Over::Together(120)));
}

#[test]
fn a_refusal_gives_its_reasons() {
    let refused = DecisionDraft { verdict: "refused".into(), number: "12/UBND".into(), ..DecisionDraft::default() };
    assert_eq!(codes(refused.check(TODAY)), [("reasons".to_owned(), "refusal_needs_reasons")]);
    let granted = DecisionDraft { verdict: "granted".into(), ..refused };
    assert_eq!(granted.check(TODAY).unwrap().0, AbsenceState::Granted);
}

fn breach(wilful: bool) -> BreachRow {
    let broken =
        Broken { what: "x".into(), wilful, paper_no: String::new(), measures: "y".into(), outcome: String::new() };
    BreachRow {
        id: crate::base::ids::Id::from_uuid(uuid::Uuid::from_u128(1)),
        on_day: Day(TODAY),
        due_on: Day(TODAY),
        settled_on: None,
        task_id: None,
        content: Sealed::known(serde_json::to_string(&broken).unwrap()),
        by: String::new(),
        made_at: At::of(TODAY, 8, 0),
    }
}

#[test]
fn the_court_is_hinted_at_for_two_wilful_breaches_of_a_suspended_sentence_and_for_nobody_under_18() {
    let two = [breach(true), breach(false), breach(true)];
    assert_eq!(court_hint(&two, 2, Regime::SuspendedSentence, false), Some(2));
    assert_eq!(court_hint(&two[..2], 2, Regime::SuspendedSentence, false), None);
    assert_eq!(court_hint(&two, 2, Regime::SuspendedSentence, true), None);
    for regime in Regime::ALL.iter().filter(|regime| **regime != Regime::SuspendedSentence) {
        assert_eq!(court_hint(&two, 2, *regime, false), None, "{regime}");
    }
}

#[test]
fn a_proposal_has_its_months_and_a_decision_its_number() {
    let proposed = ShorteningDraft { state: "proposed".into(), months: "3".into(), ..ShorteningDraft::default() };
    assert_eq!(proposed.check(TODAY).unwrap().months, Some(3));
    let silent = ShorteningDraft { state: "not_proposed".into(), ..ShorteningDraft::default() };
    assert_eq!(codes(silent.check(TODAY)), [("note".to_owned(), "empty")]);
    let court = CourtDraft {
        shortening: uuid::Uuid::from_u128(7).to_string(),
        verdict: "granted".into(),
        number: "5/2026/QĐ-CA".into(),
        on: "20/11/2026".into(),
        ..CourtDraft::default()
    };
    assert_eq!(codes(court.check(TODAY)), [("months".to_owned(), "not_a_number")]);
    assert!(CourtDraft { verdict: "refused".into(), ..court }.check(TODAY).is_ok());
}

#[test]
fn a_term_has_two_days_in_order() {
    let term =
        |from: &str, until: &str| TermDraft { from_on: from.into(), until_on: until.into(), version: String::new() };
    assert!(term("01/02/2026", "31/01/2028").check(TODAY).is_ok());
    assert_eq!(codes(term("01/02/2026", "01/02/2026").check(TODAY)), [("until_on".to_owned(), "before_the_first_day")]);
    assert_eq!(codes(term("01/02/2027", "31/01/2028").check(TODAY)), [("from_on".to_owned(), "in_the_future")]);
}
