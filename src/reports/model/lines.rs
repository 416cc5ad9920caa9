//! The indicators: every number of a report with its fixed definition. Pure.
//!
//! What a group of numbers means, and out of how many it is, stands in `locales/` under `reports-def-…`, and on the page under
//! the numbers. Nothing else says what is counted.

use super::marks::Measure;
use crate::base::words::{ClearancePaper, ClosureGround, FundKind, GatheringKind, Group, HelpKind, Regime, WorkStatus};
use std::sync::LazyLock;

/// How marks become a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Holds at the end of the day before the first.
    AtStart,
    /// Holds at the end of the last day.
    AtEnd,
    /// Holds on some day of the period.
    Over,
    /// Happened in the period.
    Times,
    /// So many people, each once.
    People,
    /// Đồng.
    Vnd,
}

/// One number.
#[derive(Clone, Debug)]
pub struct Line {
    /// By what the API and a drill-down know it.
    pub key: String,
    /// What it is called, in `locales/`.
    pub label: &'static str,
    pub measure: Measure,
    /// `None`: every word of the measure.
    pub word: Option<&'static str>,
    pub how: How,
}

/// Numbers that share a definition and a denominator.
#[derive(Clone, Debug)]
pub struct Lines {
    /// `reports-def-{key}` is the definition.
    pub key: &'static str,
    /// The line that they are parts of.
    pub of: Option<&'static str>,
    pub lines: Vec<Line>,
}

/// One of the sixteen.
#[derive(Clone, Debug)]
pub struct Indicator {
    pub number: u8,
    /// `reports-title-{number}`.
    pub groups: Vec<Lines>,
}

impl Line {
    /// Is it counted from cases that one could go to?
    pub fn drills(&self) -> bool {
        use Measure::{Came, Cleared, Lent, Meeting, Model, ModelPeople, ModelVnd, Overdue};
        match self.measure {
            Lent | Overdue | Cleared | Came | Model | ModelPeople | ModelVnd => false,
            // The others are meetings of the commune.
            Meeting => self.word == Some(GatheringKind::Dialogue.as_str()),
            _ => !self.is_vnd(),
        }
    }

    /// Is it a sum in đồng?
    pub fn is_vnd(&self) -> bool {
        self.how == How::Vnd || self.measure == Measure::ModelVnd
    }
}

/// The sixteen indicators, in their order.
pub static ALL: LazyLock<Vec<Indicator>> = LazyLock::new(all);

/// The line of this key.
pub fn line(key: &str) -> Option<&'static Line> {
    lines().find(|line| line.key == key)
}

/// Every line.
pub fn lines() -> impl Iterator<Item = &'static Line> {
    ALL.iter().flat_map(|indicator| &indicator.groups).flat_map(|group| &group.lines)
}

/// Organisations by kind, as `seeds/reference/organisations.csv` knows them.
pub const ORGANISATIONS: [(&str, &str); 9] = [
    ("women", "reports-by-women"),
    ("youth", "reports-by-youth"),
    ("farmers", "reports-by-farmers"),
    ("veterans", "reports-by-veterans"),
    ("front", "reports-by-front"),
    ("elderly", "reports-by-elderly"),
    ("security_team", "reports-by-security-team"),
    ("bank", "reports-by-bank"),
    ("council", "reports-by-council"),
];

fn one(key: &str, label: &'static str, measure: Measure, word: Option<&'static str>, how: How) -> Line {
    Line { key: key.to_owned(), label, measure, word, how }
}

/// A line for each word, `{key}_{word}`.
fn words(
    key: &str,
    measure: Measure,
    how: How,
    words: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Vec<Line> {
    let line = |(word, label): (&'static str, &'static str)| Line {
        key: format!("{key}_{}", word.to_ascii_lowercase()),
        label,
        measure,
        word: Some(word),
        how,
    };
    words.into_iter().map(line).collect()
}

fn group(key: &'static str, of: Option<&'static str>, lines: Vec<Line>) -> Lines {
    Lines { key, of, lines }
}

const MANAGED: Option<&str> = Some("managed_end");
const OVER: Option<&str> = Some("managed_over");

fn regimes() -> impl Iterator<Item = (&'static str, &'static str)> {
    Regime::opened().map(|one| (one.as_str(), one.key()))
}

fn funds() -> impl Iterator<Item = (&'static str, &'static str)> {
    FundKind::ALL.iter().map(|one| (one.as_str(), one.key()))
}

fn helped(kinds: &[HelpKind]) -> Vec<Line> {
    words("helped", Measure::Helped, How::People, kinds.iter().map(|one| (one.as_str(), one.key())))
}

fn all() -> Vec<Indicator> {
    use How::{AtEnd, AtStart, Over, People, Times, Vnd};
    let indicators = vec![
        vec![
            group(
                "managed",
                None,
                vec![
                    one("managed_start", "reports-managed-start", Measure::Managed, None, AtStart),
                    one("managed_end", "reports-managed-end", Measure::Managed, None, AtEnd),
                    one("managed_over", "reports-managed-over", Measure::Managed, None, Over),
                ],
            ),
            group("regime", MANAGED, words("regime", Measure::Regime, AtEnd, regimes())),
            group("support", None, vec![one("support", "reports-support", Measure::Support, None, AtEnd)]),
        ],
        vec![
            group("entered", None, {
                let others = [("moved_in", "reports-moved-in"), ("reopened", "reports-reopened")];
                let mut all = words("entered", Measure::Entered, Times, regimes().chain(others));
                all.push(one("entered", "reports-entered", Measure::Entered, None, Times));
                all
            }),
            group("continued", None, vec![one("continued", "reports-continued", Measure::Continued, None, Times)]),
        ],
        vec![group(
            "waiting",
            None,
            vec![
                one("waiting", "reports-waiting", Measure::Waiting, None, AtEnd),
                one("late", "reports-late", Measure::Late, None, AtEnd),
                one("not_come", "reports-not-come", Measure::NotCome, None, Times),
            ],
        )],
        vec![group(
            "moved",
            None,
            vec![
                one("moved_in", "reports-moved-in", Measure::Entered, Some("moved_in"), Times),
                one("moved_out", "reports-moved-out", Measure::Ended, Some("moved"), Times),
            ],
        )],
        vec![group("ended", None, {
            let grounds = ClosureGround::ALL.iter().filter(|one| **one != ClosureGround::NotCome);
            let mut all = words("ended", Measure::Ended, Times, grounds.map(|one| (one.as_str(), one.key())));
            all.push(one("ended", "reports-ended", Measure::Ended, None, Times));
            all
        })],
        vec![
            group(
                "helper",
                MANAGED,
                vec![
                    one("officer", "reports-officer", Measure::Officer, None, AtEnd),
                    one("helper", "reports-helper", Measure::Helper, None, AtEnd),
                ],
            ),
            group("helped_by", MANAGED, words("helped_by", Measure::HelpedBy, AtEnd, ORGANISATIONS)),
        ],
        vec![
            group(
                "visited",
                None,
                vec![
                    one("visits_met", "reports-visits-met", Measure::Visited, Some("met"), Times),
                    one("visits_tried", "reports-visits-tried", Measure::Visited, Some("tried"), Times),
                ],
            ),
            group("seen", OVER, vec![one("seen", "reports-seen", Measure::Seen, None, People)]),
            group("unseen", MANAGED, vec![one("unseen", "reports-unseen", Measure::Unseen, None, AtEnd)]),
        ],
        vec![group("group", MANAGED, {
            let groups = Group::ALL.iter().map(|one| (one.as_str(), one.key()));
            words("group", Measure::Group, AtEnd, groups.chain([("none", "reports-group-none")]))
        })],
        vec![group("work", MANAGED, {
            let works = WorkStatus::ALL.iter().map(|one| (one.as_str(), one.key()));
            words("work", Measure::Work, AtEnd, works.chain([("unknown", "reports-work-unknown")]))
        })],
        vec![group("helped", OVER, {
            use HelpKind::{Counselling, IdCard, LegalAdvice, Papers, Residence};
            helped(&[Counselling, LegalAdvice, Residence, IdCard, Papers])
        })],
        vec![
            group("trained", OVER, helped(&[HelpKind::Training, HelpKind::Job])),
            group("helped_more", OVER, {
                use HelpKind::{Animals, Gift, Grant, Land, Loan, Other, Tools};
                helped(&[Loan, Grant, Tools, Animals, Land, Gift, Other])
            }),
        ],
        vec![
            group(
                "proposed",
                None,
                vec![
                    one("proposed", "reports-proposed", Measure::Proposed, None, People),
                    one("confirmed", "reports-confirmed", Measure::Confirmed, None, People),
                ],
            ),
            group("lent", None, {
                let mut all = words("lent", Measure::Lent, People, funds());
                all.push(one("lent_vnd", "reports-lent-vnd", Measure::Lent, None, Vnd));
                all
            }),
            group("overdue", None, vec![one("overdue", "reports-overdue", Measure::Overdue, None, AtEnd)]),
        ],
        vec![
            group(
                "review",
                None,
                vec![
                    one("review_due", "reports-review-due", Measure::ReviewDue, None, Times),
                    one("review_done", "reports-review-done", Measure::ReviewDone, None, Times),
                ],
            ),
            group("cleared", None, {
                let papers = ClearancePaper::ALL.iter().map(|one| (one.as_str(), one.key()));
                words("cleared", Measure::Cleared, Times, papers)
            }),
        ],
        vec![
            group("reoffended", OVER, vec![one("reoffended", "reports-reoffended", Measure::Reoffended, None, Times)]),
            group("custody", OVER, vec![one("custody", "reports-custody", Measure::Custody, None, Times)]),
            group("breached", OVER, vec![one("breached", "reports-breached", Measure::Breach, None, People)]),
        ],
        vec![
            group("community", None, {
                let duties = Regime::opened().filter(|one| !one.is_help()).map(|one| (one.as_str(), one.key()));
                words("community", Measure::Regime, AtEnd, duties)
            }),
            group(
                "duties",
                None,
                vec![
                    one("absences", "reports-absences", Measure::Absence, None, Times),
                    one("breaches", "reports-breaches", Measure::Breach, None, Times),
                    one("shortened", "reports-shortened", Measure::Shortened, None, Times),
                ],
            ),
        ],
        vec![
            group("meetings", None, {
                let kinds = GatheringKind::ALL.iter().map(|one| (one.as_str(), one.key()));
                let mut all = words("meetings", Measure::Meeting, Times, kinds);
                all.push(one("came", "reports-came", Measure::Came, None, Times));
                all
            }),
            group(
                "models",
                None,
                vec![
                    one("models", "reports-models", Measure::Model, None, AtEnd),
                    one("models_people", "reports-models-people", Measure::ModelPeople, None, AtEnd),
                    one("models_vnd", "reports-models-vnd", Measure::ModelVnd, None, AtEnd),
                ],
            ),
            group("funded", None, {
                let mut all = words("funded", Measure::Funded, People, funds());
                all.push(one("funded_vnd", "reports-funded-vnd", Measure::Funded, None, Vnd));
                all
            }),
        ],
    ];
    (1..).zip(indicators).map(|(number, groups)| Indicator { number, groups }).collect()
}

/// The lines of the drawing: how many, met, received, ended.
pub const DRAWN: [&str; 4] = ["managed_end", "seen", "entered", "ended"];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn sixteen_indicators_each_number_once() {
        assert_eq!(ALL.len(), 16);
        let keys: Vec<&str> = lines().map(|line| line.key.as_str()).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{keys:?}");
        for group in ALL.iter().flat_map(|indicator| &indicator.groups) {
            assert!(group.of.is_none_or(|of| line(of).is_some()), "{}", group.key);
        }
        assert!(DRAWN.iter().all(|key| line(key).is_some()));
    }

    #[test]
    fn what_holds_is_not_counted_as_what_happened() {
        for line in lines() {
            let stays = matches!(line.how, How::AtStart | How::AtEnd | How::Over);
            assert_eq!(line.measure.is_stay(), stays, "{}", line.key);
            // Words of one measure can be added up; people of two words may be the same.
            assert!(
                line.word.is_some()
                    || line.how != How::People
                    || ["seen", "proposed", "confirmed", "breached"].contains(&&*line.key)
            );
        }
    }
}
