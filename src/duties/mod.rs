//! A sentence that is served in the community (regimes R3 to R7): from when to when, the monthly or quarterly assessment, requests
//! to be away, breaches, the shortening of a probation, the certificate of completion.
//!
//! What is due of it is said by the one due engine (`follow_ups::serving`); here the records are written down that settle it.
//! Whoever has served her sentence or was amnestied (R1, R2) owes nothing: every verb refuses her case with `no_duties`, and
//! what was asked for is dropped when her case goes on as one of those. What was written down stays readable.

pub mod absences;
pub mod api;
mod breaches;
mod ending;
pub mod mistakes;
pub mod model;
pub mod papers;
mod store;
pub mod web;

pub use breaches::{note_breach, settle_breach};
pub use ending::{certify, consider, decide};

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, DutyAssessmentId, Id, UserId},
        refusal::Invalid,
        text,
        time::Day,
    },
    cases::{
        self,
        model::{Change, changes},
    },
    follow_ups::{
        self,
        rules::{self, RuleRow},
        serving::{self, Kept, Standing, dates},
    },
    policy::{
        Act,
        acts::{AssessDuty, ExportDuties, ListDuties, SeeDuties, SetDutyTerm},
        subjects::Case,
    },
    store::{Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit, Work},
};
use jiff::civil::Date;
use model::{
    AbsenceRow, AssessmentDraft, AssessmentRow, Bounds, BreachRow, CertificateRow, DispatchDraft, RoundLine, RoundSum,
    ShorteningRow, TermDraft,
};

/// The part of the case that an opening of these records is written down as.
pub const PART: &str = "duty";

/// The rules in force today that a page of duties tells of.
pub struct Book {
    pub bounds: Bounds,
    /// Wilful breaches from which the court may be asked.
    pub wilful: i64,
    /// Months at least and at most of one shortening.
    pub months: (i64, i64),
    rules: Vec<RuleRow>,
}

impl Book {
    /// What the rule of this word rests on; empty: a setting of the office.
    pub fn basis(&self, word: &str) -> &str {
        self.rules.iter().find(|rule| rule.word == word).map_or("", |rule| &rule.legal_basis)
    }
}

/// The rules in force today.
///
/// # Errors
/// [`Fault::Inconsistent`]: a rule is missing.
pub async fn book(store: &Store) -> Result<Book, Fault> {
    let today = store.today();
    let mut found: Vec<RuleRow> = Vec::new();
    // Newest version of each word first.
    for rule in rules::list(store).await? {
        let known = found.last().is_some_and(|last| last.word == rule.word);
        if rule.valid_from.0 <= today && !known {
            found.push(rule);
        }
    }
    let amount = |word: &str| {
        let found = found.iter().find(|rule| rule.word == word).map(|rule| rule.amount);
        found.ok_or(Fault::Inconsistent("a rule of duties is missing"))
    };
    Ok(Book {
        bounds: Bounds { most: amount("absence_most")?, part: amount("absence_part")? },
        wilful: amount("wilful_breaches")?,
        months: (amount("shorten_least")?, amount("shorten_most")?),
        rules: found,
    })
}

/// All that is known of the sentence of a case.
pub struct Known {
    pub standing: Standing,
    pub assessments: Vec<AssessmentRow>,
    pub absences: Vec<AbsenceRow>,
    pub breaches: Vec<BreachRow>,
    pub shortenings: Vec<ShorteningRow>,
    pub certificates: Vec<CertificateRow>,
}

impl Known {
    /// The rounds that have opened and are not written down, oldest first.
    pub fn open_rounds(&self, today: Date) -> Vec<Date> {
        let Some(rhythm) = self.standing.rhythm else { return Vec::new() };
        let suspended = !self.standing.active;
        let all = self.standing.serving.rounds(rhythm, self.standing.begins, suspended, today);
        all.into_iter().filter(|round| *round <= today).collect()
    }

    /// The round that is asked for, else the newest that is written down, else the newest that has opened, else this month's.
    fn round(&self, asked: Option<Date>, today: Date) -> (dates::Rhythm, Date) {
        let monthly = dates::Rhythm { months: 1, rule: "duty_monthly" };
        let newest = self.assessments.first().map(|row| row.round_on.0);
        let round = asked.or(newest).or_else(|| self.open_rounds(today).pop());
        (self.standing.rhythm.unwrap_or(monthly), round.unwrap_or_else(|| today.first_of_month()))
    }

    /// Is this a round that was written down, or that can be?
    fn has_round(&self, round: Date, today: Date) -> bool {
        self.assessments.iter().any(|row| row.round_on.0 == round) || self.open_rounds(today).contains(&round)
    }

    /// Absences that were granted, with a day between these.
    fn absences_within(&self, from: Date, until: Date) -> Vec<&AbsenceRow> {
        let within = |row: &&AbsenceRow| row.counts() && row.from_on.0 <= until && row.to_on.0 >= from;
        self.absences.iter().filter(within).collect()
    }

    fn breaches_within(&self, from: Date, until: Date) -> Vec<&BreachRow> {
        self.breaches.iter().filter(|row| row.on_day.0 >= from && row.on_day.0 <= until).collect()
    }

    /// A shortening that may be considered, as far as the engine asks for it.
    pub fn hint(&self) -> Option<dates::Hint> {
        self.standing.serving.next_shortening(self.standing.regime, &self.standing.limits)
    }
}

/// All that is known of the sentence of a case. Write the opening down before: legal, duty.
///
/// # Errors
/// [`Refused::Invalid`]: `no_duties`: the case carries none, and never did.
pub async fn of_case(store: &Store, grant: &Grant<SeeDuties>) -> Result<Known, Refused> {
    let standing = serving::standing(store, grant).await?;
    if !standing.regime.carries_duties() && !store::has_any(store, grant).await? {
        return Err(Invalid::one("", "no_duties").into());
    }
    Ok(Known {
        standing,
        assessments: store::assessments(store, grant).await?,
        absences: store::absences(store, grant).await?,
        breaches: store::breaches(store, grant).await?,
        shortenings: store::shortenings(store, grant).await?,
        certificates: store::certificates(store, grant).await?,
    })
}

/// A case on which a duty may be written down: live, received, and of a regime that carries duties.
async fn must_carry_duties(unit: &mut Unit, case: CaseId) -> Result<Standing, Refused> {
    cases::must_be_live(unit, case).await?;
    let standing = serving::standing_within(unit, case).await?;
    if !standing.regime.carries_duties() {
        return Err(Invalid::one("", "no_duties").into());
    }
    if !cases::is_received(unit, case).await? {
        return Err(Invalid::one("", "not_received_yet").into());
    }
    Ok(standing)
}

/// The case is another one now: whoever read it before reads it again.
async fn moved<A: Act<On = Case>>(work: &mut Work<A>) -> Result<(), Fault> {
    work.set("created_at = created_at", vec![]).await
}

/// Writes down from when to when a sentence is served, or puts it right; what depends on its end moves with it. What was
/// shortened stays shortened.
///
/// # Errors
/// [`Refused::Invalid`]: see [`TermDraft::check`]; the case carries no duties. [`Fault::Stale`]: changed meanwhile.
pub async fn set_term(
    store: &Store,
    grant: Grant<SetDutyTerm>,
    draft: &TermDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (from, until) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            let standing = must_carry_duties(work, case).await?;
            let shortenings = store::shortenings_within(work, case).await?;
            let granted = shortenings.iter().filter(|row| row.state == crate::base::words::ShorteningState::Granted);
            let decided = granted.filter_map(|row| row.decided_on).map(|on| on.0).max();
            // As when it was decided: nothing that was shortened ends before the court has said so.
            let shortened = dates::shortened(until, store::granted(&shortenings), from);
            let ends = decided.map_or(until, |on| shortened.max(on).min(until));
            let after = Kept { from: Day(from), until: Day(until), ends: Day(ends) };
            if let Some(term) = standing.serving.term {
                let before = Kept { from: Day(term.from), until: Day(term.until), ends: Day(term.ends) };
                cases::history::keep(work, case, &changes("legal", &told(&before), &told(&after)), by).await?;
            }
            store::insert_term(work, case, &after, by).await?;
            moved(work).await?;
            work.detail("term".to_owned());
            follow_ups::replan(work, case).await?;
            Ok(())
        })
        .await
}

/// A term as a correction tells it.
fn told(kept: &Kept) -> [(&'static str, String); 3] {
    [
        ("duty_from_on", text::show_day(kept.from.0)),
        ("duty_until_on", text::show_day(kept.until.0)),
        ("duty_ends_on", text::show_day(kept.ends.0)),
    ]
}

/// Writes down the assessment of a round, or puts one right. It settles the follow-up of that round and of no other.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AssessmentDraft::check`]; the case carries no duties; no such round is asked of it; it is
/// written down already. [`Fault::Stale`]: changed since `version` was read.
pub async fn assess(
    store: &Store,
    grant: Grant<AssessDuty>,
    draft: &AssessmentDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<DutyAssessmentId, Refused> {
    let new = draft.check(store.today())?;
    let of = match draft.assessment.trim() {
        "" => None,
        typed => Some(typed.parse::<DutyAssessmentId>().map_err(|_| Invalid::one("", "no_such_assessment"))?),
    };
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(DutyAssessmentId::from_uuid(id));
            }
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            let standing = must_carry_duties(work, case).await?;
            let known = store::assessments_within(work, case).await?;
            let id = match of {
                Some(id) => {
                    let before = known.iter().find(|row| row.id == id);
                    let before = before.ok_or_else(|| Invalid::one("", "no_such_assessment"))?;
                    put_right(work, case, before, &new, by).await?;
                    id
                }
                None => {
                    if known.iter().any(|row| row.round_on.0 == new.round) {
                        return Err(Invalid::one("round_on", "assessed_already").into());
                    }
                    let rhythm = standing.rhythm.ok_or(Fault::Inconsistent("a regime without a rhythm"))?;
                    if !standing.serving.is_round(rhythm, standing.begins, new.round) {
                        return Err(Invalid::one("round_on", "no_such_round").into());
                    }
                    // So that the round has its row, however long nobody looked at the case.
                    follow_ups::replan(work, case).await?;
                    let id = store::insert_assessment(work, case, &new, by).await?;
                    serving::settle_round(work, case, new.round, by).await?;
                    id
                }
            };
            moved(work).await?;
            work.detail(format!("assessment {id}"));
            follow_ups::replan(work, case).await?;
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

async fn put_right(
    unit: &mut Unit,
    case: CaseId,
    before: &AssessmentRow,
    new: &model::NewAssessment,
    by: UserId,
) -> Result<(), Refused> {
    if before.round_on.0 != new.round || !store::change_assessment(unit, case, before.id, new).await? {
        return Err(Invalid::one("round_on", "no_such_round").into());
    }
    let day = |day: Option<Date>| day.map(text::show_day).unwrap_or_default();
    let was = before.said();
    let said = |name: &'static str, was: String, is: String| {
        (was != is).then_some(Change { part: "legal", field: name, before: was, after: is })
    };
    let round = text::show_day(new.round);
    let with = |told: String| if told.is_empty() { told } else { format!("{round}: {told}") };
    let (result, note) = was.map(|was| (was.result.to_string(), was.note)).unwrap_or_default();
    let changed: Vec<Change> = [
        said("duty_result", with(result), with(new.content.result.to_string())),
        said("duty_note", with(note), with(new.content.note.clone())),
        said("duty_made_on", with(day(Some(before.made_on.0))), with(day(Some(new.made_on)))),
        said("duty_sent_on", with(day(before.sent_on.map(|on| on.0))), with(day(new.sent_on))),
    ]
    .into_iter()
    .flatten()
    .collect();
    cases::history::keep(unit, case, &changed, by).await?;
    Ok(())
}

/// Writes down that an assessment was sent up.
///
/// # Errors
/// [`Refused::Invalid`]: see [`DispatchDraft::check`]; the case has no such assessment; sent before it was made.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn send_up(
    store: &Store,
    grant: Grant<AssessDuty>,
    draft: &DispatchDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let (id, on) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let case = work.id();
            must_carry_duties(work, case).await?;
            let known = store::assessments_within(work, case).await?;
            let row = known.iter().find(|row| row.id == id);
            let row = row.ok_or_else(|| Invalid::one("", "no_such_assessment"))?;
            if on < row.made_on.0 {
                return Err(Invalid::one("sent_on", "sent_before_made").into());
            }
            store::set_sent(work, case, id, on).await?;
            moved(work).await?;
            work.detail(format!("assessment {id} sent up"));
            Ok(())
        })
        .await
}

/// The assessments of a round within the asker's scope: who is done, who is open. The same rows as her follow-ups.
pub async fn round(
    store: &Store,
    scope: &Scope<ListDuties>,
    round: Date,
    open: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<RoundLine>, Fault> {
    store::round(store, scope, round, open, ask).await
}

/// How many of them.
pub async fn round_sum(store: &Store, scope: &Scope<ListDuties>, round: Date) -> Result<RoundSum, Fault> {
    store::round_sum(store, scope, round).await
}

/// The whole round, to be taken out as a file: one row of the trail says how many went out.
///
/// # Errors
/// A fault of the database: then nothing leaves.
pub async fn export(store: &Store, scope: &Scope<ExportDuties>, round: Date) -> Result<Vec<RoundLine>, Fault> {
    let lines = store::whole_round(store, scope, round).await?;
    store.note_list(scope, &format!("xlsx, {} assessments", lines.len())).await?;
    Ok(lines)
}
