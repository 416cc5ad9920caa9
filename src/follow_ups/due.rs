//! The one place that says what is due for a person, and when: last contact, next due, why.
//!
//! Pure: facts, rules, the working calendar and today go in, a [`Plan`] comes out. It is stored, so that every
//! list, count, digest and export reads the same answer. Imports `base` only.
//! Today decides nothing but whether a visit lies in the future and which assessments of a sentence have begun, so a stored
//! plan keeps for as long as its facts do, and for as long as no new month begins.

use jiff::{ToSpan, civil::Date};

use super::serving::dates::{self, Limits, Serving};

use crate::base::time::{days_between, plus_days};
use crate::base::words::{CaseStatus, FollowUpKind, Group, Regime, UnknownWord, VisitKind};
use crate::base::workdays::Workdays;

/// What a rule's number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days on which the office works: weekends and holidays are left out, swap Saturdays count.
    WorkingDays,
    /// Calendar days.
    Days,
    /// Calendar months; the 31st becomes the last day of a shorter month.
    Months,
    /// How often.
    Times,
    /// Hundredths of something else.
    Percent,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Unit] = &[Unit::WorkingDays, Unit::Days, Unit::Months, Unit::Times, Unit::Percent];

    /// The word as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::WorkingDays => "working_days",
            Unit::Days => "days",
            Unit::Months => "months",
            Unit::Times => "times",
            Unit::Percent => "percent",
        }
    }
}

impl std::str::FromStr for Unit {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Unit::ALL.iter().copied().find(|unit| unit.as_str() == word).ok_or(UnknownWord)
    }
}

/// One line of the office's settings: how long, how often, how much, from which day on, and on what ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, one of [`NEEDED`].
    pub word: String,
    /// The version of the settings that brought this line.
    pub version: i64,
    /// The number, in `unit`.
    pub days: i64,
    /// What the number counts.
    pub unit: Unit,
    /// The first day on which it is in force.
    pub from: Date,
    /// The article it rests on, as shown to users; empty: a setting of the office, and it says so.
    pub legal_basis: String,
}

/// The words that must all have a rule in force.
pub const NEEDED: [&str; 31] = [
    "address_check",
    "summons",
    "inform_sender",
    "find_term",
    "assign_helper",
    "first_contact",
    "contact_unclassified",
    "contact_duty",
    "contact_a",
    "contact_b",
    "contact_c",
    "family_contact_d",
    "settling_in",
    "settling_in_share",
    "assess",
    "assess_c",
    "postpone_cap",
    "postpone_share",
    "postpone_running",
    "tries",
    "contact_support",
    "duty_monthly",
    "duty_report",
    "duty_quarterly",
    "shorten_suspended",
    "shorten_release",
    "shorten_serve",
    "shorten_again",
    "shorten_reconsider",
    "shorten_most",
    "shorten_consider",
];

/// The words of [`NEEDED`] as the rules below speak of them, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    AddressCheck,
    Summons,
    InformSender,
    FindTerm,
    AssignHelper,
    FirstContact,
    ContactUnclassified,
    ContactDuty,
    ContactA,
    ContactB,
    ContactC,
    FamilyContactD,
    SettlingIn,
    SettlingInShare,
    Assess,
    AssessC,
    PostponeCap,
    PostponeShare,
    PostponeRunning,
    Tries,
    ContactSupport,
    DutyMonthly,
    DutyReport,
    DutyQuarterly,
    ShortenSuspended,
    ShortenRelease,
    ShortenServe,
    ShortenAgain,
    ShortenReconsider,
    ShortenMost,
    ShortenConsider,
}

/// The settings in force on one day, whole: every word of [`NEEDED`] has its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// The version that plans made with it carry.
    pub version: i64,
    rules: Vec<Rule>,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesRefused {
    /// No line for this word is in force.
    #[error("no rule is in force for {0}")]
    MissingRule(String),
    /// The line counts something that makes no sense for its word, such as a visit interval in percent.
    #[error("the rule {0} has a unit that does not fit it")]
    WrongUnit(String),
    /// The number would make a clock stand still or run out of the calendar.
    #[error("the number of the rule {0} is out of range")]
    OutOfRange(String),
}

impl RuleSet {
    /// Takes for each word the latest line that has begun by `today` (of two that begin on one day, the one of the
    /// later version). Lines with other words are left aside.
    ///
    /// # Errors
    /// A word without a line, or with a line that no clock can run on.
    pub fn in_force(rows: Vec<Rule>, version: i64, today: Date) -> Result<RuleSet, RulesRefused> {
        let rules = NEEDED
            .iter()
            .map(|word| {
                rows.iter()
                    .filter(|rule| rule.word == *word && rule.from <= today)
                    .max_by_key(|rule| (rule.from, rule.version))
                    .ok_or_else(|| RulesRefused::MissingRule((*word).to_owned()))
                    .and_then(usable)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(RuleSet { version, rules })
    }

    /// Every line in force, in the order of [`NEEDED`]: for the page that shows the rules, read from the same data
    /// that the clocks run on.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The line behind a [`Due::rule`]; none for days that a paper or a decision sets (`reception`,
    /// `suspension_review`).
    pub fn find(&self, word: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.word == word)
    }

    fn rule(&self, word: Word) -> &Rule {
        &self.rules[word as usize]
    }

    fn number(&self, word: Word) -> i64 {
        self.rule(word).days
    }
}

/// The line, if its unit fits its word and its number can be counted with.
fn usable(rule: &Rule) -> Result<Rule, RulesRefused> {
    let (units, least, most): (&[Unit], i64, i64) = match rule.word.as_str() {
        "settling_in_share" | "shorten_suspended" | "shorten_release" | "shorten_serve" => (&[Unit::Percent], 1, 100),
        // Days of a month: the last of them must be in every month.
        "duty_monthly" | "duty_report" | "duty_quarterly" => (&[Unit::Days], 1, 28),
        "shorten_again" | "shorten_reconsider" | "shorten_most" => (&[Unit::Months], 1, 600),
        "postpone_share" => (&[Unit::Percent], 0, 100),
        "postpone_cap" => (&[Unit::Days], 0, 3650),
        "postpone_running" => (&[Unit::Times], 0, 100),
        "tries" => (&[Unit::Times], 1, 100),
        _ => (&[Unit::WorkingDays, Unit::Days, Unit::Months], 1, 3650),
    };
    if !units.contains(&rule.unit) {
        return Err(RulesRefused::WrongUnit(rule.word.clone()));
    }
    if !(least..=most).contains(&rule.days) {
        return Err(RulesRefused::OutOfRange(rule.word.clone()));
    }
    Ok(rule.clone())
}

/// The group that the commune police put a person in, and the day from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classified {
    /// The group.
    pub group: Group,
    /// The day from which it holds without a break. A later classification that only confirms the group leaves it.
    pub since: Date,
}

/// A visit as the clocks see it. A withdrawn visit is left out by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitFact {
    /// The day of the visit itself, never the day on which it was logged.
    pub on: Date,
    /// Where or how.
    pub kind: VisitKind,
    /// The person (or for a family visit, the family) was met; otherwise it was tried.
    pub met: bool,
    /// Made by the officer who on that day was assigned to the case or covered for the one who was.
    pub in_charge: bool,
}

/// A decision that what is due on one day may wait until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostponementFact {
    /// What was put off.
    pub kind: FollowUpKind,
    /// The rule that had asked for it.
    pub rule: String,
    /// The due day that was put off.
    pub from_on: Date,
    /// The day it was put off to.
    pub to_on: Date,
}

/// All that the clocks know of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// On which legal basis the person is looked after.
    pub regime: Regime,
    /// Under 18. Stands here for a stricter rule; no clock differs for it today.
    pub juvenile: bool,
    /// Where the case stands.
    pub status: CaseStatus,
    /// The day the case was opened: what every clock falls back on.
    pub opened_on: Date,
    /// The day the prison's notice came in.
    pub noticed_on: Option<Date>,
    /// The day the address was found right or wrong.
    pub address_checked_on: Option<Date>,
    /// The family said that the person lives elsewhere or will not come.
    pub address_wrong: bool,
    /// The day on which whoever sent the notice was told of it (HCD-03).
    pub informed_on: Option<Date>,
    /// The day by which the person has to present, as the certificate says.
    pub present_by_on: Option<Date>,
    /// The day of the reception at the commune.
    pub received_on: Option<Date>,
    /// The day from which the case goes on as one of help, after a regime that carried duties.
    pub continued_on: Option<Date>,
    /// For a suspended case: the day on which it is looked at again.
    pub suspended_review_on: Option<Date>,
    /// The group that holds, if the person was classified.
    pub group: Option<Classified>,
    /// The group before that, if there was one: always another one.
    pub previous_group: Option<Group>,
    /// The day of the first referral to a helper ever.
    pub helper_first_on: Option<Date>,
    /// A referral is running now.
    pub helper_live: bool,
    /// The day of the last classification, also of one that confirmed the group.
    pub assessed_on: Option<Date>,
    /// The visits, in any order.
    pub visits: Vec<VisitFact>,
    /// The postponements, in any order.
    pub postponements: Vec<PostponementFact>,
    /// How a sentence is served in the community (R3–R7).
    pub serving: Serving,
}

/// One thing that somebody has to do by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What is asked for.
    pub kind: FollowUpKind,
    /// The rule that asks: a word of [`NEEDED`], or `reception`, `suspension_review` when the day was set by a paper
    /// or a decision.
    pub rule: String,
    /// The version of the settings it was reckoned with.
    pub rule_version: i64,
    /// The day that the rule alone gives, before a day off or a postponement moves it.
    pub base_on: Date,
    /// The last day on which it is in time.
    pub due_on: Date,
    /// How long the rule gives, in calendar days, already halved where it is; 0 for a day that no rule reckoned.
    pub interval_days: i64,
    /// Shortened, because the person is still settling in.
    pub halved: bool,
    /// Settled by a visit to the family (group D), not by one to the person.
    pub family: bool,
    /// How many times running it was put off.
    pub postponed: u32,
}

/// What is due in one case, and what is known of its contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What has to be done, soonest first. Never empty for a live case.
    pub due: Vec<Due>,
    /// The day of the last visit that settled a contact.
    pub last_contact_on: Option<Date>,
    /// No visit has settled a contact since the reception.
    pub never_met: bool,
    /// How often the officer in charge tried since then without meeting.
    pub tries: u32,
    /// So often that the supervisor has to know.
    pub to_supervisor: bool,
}

/// What is due in a case. Depends on nothing but its arguments, nor on the order of visits.
///
/// - Closed and sealed: nothing.
/// - Noticed: the address check, until it is done, and the letter to whoever sent the notice if the address is wrong; then
///   the reception on the day that the certificate gives (as written, working day or not), or the task to find that day.
///   For a suspended sentence without a day in its papers the summons.
/// - Active: always a contact; a helper, as long as there never was one; for R1 and R2 the next assessment (not D); for R3
///   to R7 the assessments of every month or quarter that is not written down yet and of the next, the shortening that may be
///   considered, the certificate on the last day. R1 and R2 never have one of these.
/// - Suspended: the review, and assessments that were missed before. Custody alone does not silence a case.
pub fn plan(facts: &Facts, rules: &RuleSet, days: &Workdays, today: Date) -> Plan {
    let desk = Desk { facts, rules, days };
    let last = desk.last_contact(today);
    let tries = desk.tries(last, today);
    let mut due = match facts.status {
        CaseStatus::Noticed => desk.before_reception(),
        CaseStatus::Active => [desk.in_care(last), desk.assessments(today), desk.end_of_serving()].concat(),
        CaseStatus::Suspended => [vec![desk.review()], desk.assessments(today)].concat(),
        CaseStatus::Closed | CaseStatus::Sealed => vec![],
    };
    due.sort_by_key(|item| (item.due_on, item.kind));
    Plan {
        due,
        last_contact_on: last,
        never_met: last.is_none(),
        tries,
        to_supervisor: facts.status.is_live() && i64::from(tries) >= rules.number(Word::Tries),
    }
}

/// Late: the due day is over. What is due today is not late. Said here and nowhere else.
pub fn is_late(due_on: Date, today: Date) -> bool {
    due_on < today
}

/// How many calendar days late; 0 when it is not.
pub fn days_late(due_on: Date, today: Date) -> i64 {
    if is_late(due_on, today) { days_between(due_on, today) } else { 0 }
}

/// Why something may not be put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostponeRefused {
    /// It was put off as many times running as the office allows.
    #[error("it was put off too often")]
    TooOften,
    /// The day asked for is later than the office allows.
    #[error("it may be put off to {latest} at most")]
    TooFar {
        /// The latest day allowed.
        latest: Date,
    },
    /// The day asked for is not after the day on which it is due.
    #[error("the new day must be later than the old")]
    NotLater,
}

/// The latest day to which an item may be put off: its due day plus a share of its interval (whole days, rounded
/// down), but no more than the cap. An item whose day a paper or a decision set has no interval, and stays.
///
/// # Errors
/// [`PostponeRefused::TooOften`].
pub fn postpone_until(due: &Due, rules: &RuleSet) -> Result<Date, PostponeRefused> {
    if i64::from(due.postponed) >= rules.number(Word::PostponeRunning) {
        return Err(PostponeRefused::TooOften);
    }
    let share = due.interval_days * rules.number(Word::PostponeShare) / 100;
    Ok(plus_days(due.due_on, share.min(rules.number(Word::PostponeCap))))
}

/// Whether an item may be put off to `to_on`.
///
/// # Errors
/// Any [`PostponeRefused`].
pub fn check_postponement(due: &Due, to_on: Date, rules: &RuleSet) -> Result<(), PostponeRefused> {
    let latest = postpone_until(due, rules)?;
    if to_on <= due.due_on {
        return Err(PostponeRefused::NotLater);
    }
    if to_on > latest {
        return Err(PostponeRefused::TooFar { latest });
    }
    Ok(())
}

/// One case on the table, with the rules and the calendar beside it.
struct Desk<'a> {
    facts: &'a Facts,
    rules: &'a RuleSet,
    days: &'a Workdays,
}

impl Desk<'_> {
    /// The day from which contacts count: the reception, or the opening where none is on record.
    fn start(&self) -> Date {
        self.facts.received_on.unwrap_or(self.facts.opened_on)
    }

    fn last_contact(&self, today: Date) -> Option<Date> {
        self.visits(today).filter(|visit| visit.met).map(|visit| visit.on).max()
    }

    fn tries(&self, last: Option<Date>, today: Date) -> u32 {
        let tried = self.visits(today).filter(|visit| !visit.met && last.is_none_or(|met_on| visit.on > met_on));
        u32::try_from(tried.count()).unwrap_or(u32::MAX)
    }

    /// The visits that settle a contact, or would have, had somebody been met.
    fn visits(&self, today: Date) -> impl Iterator<Item = &VisitFact> {
        let window = self.start()..=today;
        self.facts.visits.iter().filter(move |v| window.contains(&v.on) && v.in_charge && self.settles(v.kind, v.on))
    }

    /// Whether a visit of this kind settles the contact that was asked for on that day. A change into or out of D
    /// leaves the visits before it what they were; on the day itself both kinds do. So does the change from a regime with
    /// duties to one of help: until then the person was seen, whatever her group.
    fn settles(&self, kind: VisitKind, on: Date) -> bool {
        let seen = matches!(kind, VisitKind::Home | VisitKind::Office | VisitKind::Elsewhere);
        if self.facts.continued_on.is_some_and(|since| on < since || (on == since && seen)) {
            return seen;
        }
        let asked = |group: Option<Group>| match kind {
            VisitKind::Home | VisitKind::Office | VisitKind::Elsewhere => !self.family(group),
            VisitKind::Family => self.family(group),
            VisitKind::Telephone => false,
        };
        match self.facts.group {
            None => asked(None),
            Some(now) => {
                (on >= now.since && asked(Some(now.group))) || (on <= now.since && asked(self.facts.previous_group))
            }
        }
    }

    /// Group D of the help regimes: the family is visited in the person's place.
    fn family(&self, group: Option<Group>) -> bool {
        self.facts.regime.is_help() && group == Some(Group::D)
    }

    /// Address check: Thông tư 10/2024/TT-BCA, Điều 8. Settled by its result, never by a visit.
    fn before_reception(&self) -> Vec<Due> {
        let mut due = vec![];
        if self.facts.regime == Regime::SuspendedSentence && self.facts.present_by_on.is_none() {
            // Nobody gives notice of a suspended sentence: the court's decision comes, and the person is summoned.
            let from = self.facts.noticed_on.unwrap_or(self.facts.opened_on);
            return vec![self.put_off(self.by_rule(FollowUpKind::Reception, Word::Summons, from))];
        }
        if self.facts.address_checked_on.is_none() {
            let from = self.facts.noticed_on.unwrap_or(self.facts.opened_on);
            due.push(self.put_off(self.by_rule(FollowUpKind::AddressCheck, Word::AddressCheck, from)));
        }
        if let Some(checked) = self.facts.address_checked_on
            && self.facts.address_wrong
            && self.facts.informed_on.is_none()
        {
            due.push(self.put_off(self.by_rule(FollowUpKind::Task, Word::InformSender, checked)));
        }
        match (self.facts.present_by_on, self.facts.address_checked_on) {
            (Some(term), _) => due.push(self.put_off(self.on_the_day(FollowUpKind::Reception, "reception", term))),
            (None, Some(checked)) => due.push(self.put_off(self.by_rule(FollowUpKind::Task, Word::FindTerm, checked))),
            (None, None) => {}
        }
        due
    }

    fn in_care(&self, last: Option<Date>) -> Vec<Due> {
        if self.facts.regime == Regime::Support {
            // No step of the law is asked for any more: only that the help which was agreed on is not forgotten.
            let from = last.unwrap_or_else(|| self.start());
            let due = self.by_rule(FollowUpKind::Contact, Word::ContactSupport, from);
            return vec![self.put_off(self.on_working_day(due))];
        }
        let mut due = vec![self.put_off(self.contact(last))];
        if let Some(received) = self.facts.received_on
            && self.facts.helper_first_on.is_none()
            && !self.facts.helper_live
        {
            due.push(self.put_off(self.once_known(FollowUpKind::AssignHelper, Word::AssignHelper, received)));
        }
        let group = self.facts.group.map(|now| now.group);
        if self.facts.regime.is_help() && group != Some(Group::D) {
            let word = if group == Some(Group::C) { Word::AssessC } else { Word::Assess };
            let assessment = match self.facts.assessed_on {
                Some(last) => self.by_rule(FollowUpKind::Assessment, word, self.as_help(last)),
                None => self.once_known(FollowUpKind::Assessment, word, self.as_help(self.start())),
            };
            due.push(self.put_off(assessment));
        }
        due
    }

    /// A day from which help is counted: what a regime with duties did not ask for is not late when help takes its place.
    fn as_help(&self, day: Date) -> Date {
        self.facts.continued_on.map_or(day, |since| since.max(day))
    }

    fn review(&self) -> Due {
        let on = self.facts.suspended_review_on.unwrap_or(self.facts.opened_on);
        self.put_off(self.on_the_day(FollowUpKind::Task, "suspension_review", on))
    }

    /// Monthly for R3 to R5 and R7, quarterly for R6 (Thông tư 65/2019/TT-BCA): from the first day of the month on, due on the
    /// day that the rule says, each until it is written down.
    fn assessments(&self, today: Date) -> Vec<Due> {
        let Some(rhythm) = dates::rhythm(self.facts.regime) else { return vec![] };
        let word = match rhythm.rule {
            "duty_quarterly" => Word::DutyQuarterly,
            "duty_report" => Word::DutyReport,
            _ => Word::DutyMonthly,
        };
        let rule = self.rules.rule(word);
        let begins = self.start().max(self.facts.opened_on);
        let suspended = self.facts.status == CaseStatus::Suspended;
        let rounds = self.facts.serving.rounds(rhythm, begins, suspended, today);
        let due = |opens_on: Date| {
            let last = plus_days(opens_on, rule.days - 1);
            let due = Due { due_on: last, ..self.on_the_day(FollowUpKind::DutyAssessment, &rule.word, opens_on) };
            self.on_working_day(due)
        };
        rounds.into_iter().map(due).collect()
    }

    /// What the end of a sentence in the community asks for: a shortening that may be considered, and the certificate on the
    /// last day.
    fn end_of_serving(&self) -> Vec<Due> {
        let (facts, mut due) = (self.facts, vec![]);
        let hint =
            facts.serving.next_shortening(facts.regime, &limits(self.rules)).filter(|_| !facts.serving.is_over());
        if let Some(hint) = hint {
            let rule = self.rules.rule(Word::ShortenConsider);
            let by = self.term(rule, hint.from, 100);
            let consider = self.on_the_day(FollowUpKind::Shortening, &rule.word, hint.from);
            due.push(self.on_working_day(Due { due_on: by, ..consider }));
        }
        if let Some(ends) = facts.serving.certificate_due(facts.regime) {
            due.push(self.on_the_day(FollowUpKind::Completion, "completion", ends));
        }
        due
    }

    /// The next contact. A change of group starts the new interval on the day of the change, within two bounds: never
    /// sooner than the new interval from the last contact, and else never later than the day that stood before. So a
    /// classification makes nobody late by itself, and a shorter interval puts nothing off. The facts know one
    /// change; of two between the same contacts the older is forgotten, which can only bring the day forward.
    fn contact(&self, last: Option<Date>) -> Due {
        let group = self.facts.group.map(|now| now.group);
        let first = || {
            let first = self.once_known(FollowUpKind::Contact, Word::FirstContact, self.start());
            self.on_working_day(Due { family: self.family(group), ..first })
        };
        let Some(last) = last else { return first() };
        let due = self.contact_after(last, group);
        if last >= self.facts.opened_on {
            return due;
        }
        // A visit from before the case was opened here does not make anybody late on the first day either.
        let first = first();
        if due.base_on < first.base_on { first } else { due }
    }

    /// Of a continuation and a change of group since the last contact, each is bounded by what stood before it. What a group
    /// asked for while the case carried duties was asked of nobody, so a change of group before the continuation is none.
    fn contact_after(&self, last: Date, group: Option<Group>) -> Due {
        let halved = self.settling_in(last);
        let help = self.facts.regime.is_help();
        let continued = self.facts.continued_on.filter(|since| help && *since > last);
        let changed = self.facts.group.map(|now| now.since).filter(|since| {
            help && self.facts.previous_group != group && *since > last && continued.is_none_or(|from| *since >= from)
        });
        let at_first = if changed.is_some() { self.facts.previous_group } else { group };
        let mut due = self.next_contact(at_first, last, halved);
        if let Some(since) = continued {
            let stood = self.put_off(self.contact_by(Word::ContactDuty, last, halved, false));
            due = bounded(due, stood, self.next_contact(at_first, since, halved));
        }
        if let Some(since) = changed {
            let stood = self.put_off(due);
            due = bounded(self.next_contact(group, last, halved), stood, self.next_contact(group, since, halved));
        }
        due
    }

    /// The contact that a group asks for, counted from one day.
    fn next_contact(&self, group: Option<Group>, from: Date, halved: bool) -> Due {
        let word = match group {
            _ if !self.facts.regime.is_help() => Word::ContactDuty,
            None => Word::ContactUnclassified,
            Some(Group::A) => Word::ContactA,
            Some(Group::B) => Word::ContactB,
            Some(Group::C) => Word::ContactC,
            Some(Group::D) => Word::FamilyContactD,
        };
        self.contact_by(word, from, halved, self.family(group))
    }

    fn contact_by(&self, word: Word, from: Date, halved: bool, family: bool) -> Due {
        let halved = halved && !family;
        let percent = if halved { self.rules.number(Word::SettlingInShare) } else { 100 };
        let due = self.by_share(FollowUpKind::Contact, word, from, percent);
        self.on_working_day(Due { halved, family, ..due })
    }

    /// The first months after the reception, when the person is seen twice as often.
    fn settling_in(&self, on: Date) -> bool {
        on < self.term(self.rules.rule(Word::SettlingIn), self.start(), 100)
    }

    fn by_rule(&self, kind: FollowUpKind, word: Word, from: Date) -> Due {
        self.by_share(kind, word, from, 100)
    }

    /// A first step of the office's own, for someone whom the office only learns of now (an old list brought in): a term
    /// that had run out before the case was opened begins at the opening. Nobody is a year late on the first day.
    fn once_known(&self, kind: FollowUpKind, word: Word, from: Date) -> Due {
        let due = self.by_rule(kind, word, from);
        if due.base_on < self.facts.opened_on { self.by_rule(kind, word, self.facts.opened_on) } else { due }
    }

    fn by_share(&self, kind: FollowUpKind, word: Word, from: Date, percent: i64) -> Due {
        let rule = self.rules.rule(word);
        let on = self.term(rule, from, percent);
        Due { interval_days: days_between(from, on), ..self.on_the_day(kind, &rule.word, on) }
    }

    fn on_the_day(&self, kind: FollowUpKind, rule: &str, on: Date) -> Due {
        Due {
            kind,
            rule: rule.to_owned(),
            rule_version: self.rules.version,
            base_on: on,
            due_on: on,
            interval_days: 0,
            halved: false,
            family: false,
            postponed: 0,
        }
    }

    /// The day on which a rule's time ends, or that share of it (rounded up, so never less than a day).
    fn term(&self, rule: &Rule, from: Date, percent: i64) -> Date {
        let part = |whole: i64| (whole * percent + 99) / 100;
        match rule.unit {
            Unit::WorkingDays => self.days.add(from, u32::try_from(part(rule.days)).unwrap_or(1)),
            Unit::Months => {
                let whole = from.saturating_add(rule.days.months());
                plus_days(from, part(days_between(from, whole)))
            }
            Unit::Days | Unit::Times | Unit::Percent => plus_days(from, part(rule.days)),
        }
    }

    fn on_working_day(&self, due: Due) -> Due {
        Due { due_on: self.days.on_or_after(due.due_on), ..due }
    }

    /// Follows the postponements from the due day on. Of two from one day the nearer holds; one that does not lead
    /// to a later day is no postponement, so the walk ends. A due day that moves leaves its postponements behind.
    fn put_off(&self, mut due: Due) -> Due {
        let next = |due: &Due| {
            let of_this = self.facts.postponements.iter().filter(|p| p.kind == due.kind && p.rule == due.rule);
            of_this.filter(|p| p.from_on == due.due_on && p.to_on > p.from_on).map(|p| p.to_on).min()
        };
        while let Some(to_on) = next(&due) {
            due.due_on = to_on;
            due.postponed = due.postponed.saturating_add(1);
        }
        due
    }
}

/// What the rules in force say of shortening a probation.
pub fn limits(rules: &RuleSet) -> Limits {
    Limits {
        suspended: rules.number(Word::ShortenSuspended),
        release: rules.number(Word::ShortenRelease),
        serve: rules.number(Word::ShortenServe),
        again: rules.number(Word::ShortenAgain),
        reconsider: rules.number(Word::ShortenReconsider),
        most: rules.number(Word::ShortenMost),
    }
}

/// What a change asks for, within its two bounds: the nearer of the day that `stood` and the interval counted `anew` from
/// the change is the earliest day on which it may fall.
fn bounded(due: Due, stood: Due, anew: Due) -> Due {
    let bound = if anew.due_on < stood.due_on { anew } else { stood };
    if bound.due_on <= due.due_on {
        return due;
    }
    Due { base_on: bound.base_on, due_on: bound.due_on, postponed: bound.postponed, ..due }
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
