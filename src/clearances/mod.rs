//! Clearance of a criminal record (xóa án tích): the program proposes a review, a person records the paper, and only then the
//! case is sealed.
//!
//! The program never says that a record *is* cleared: it cannot see an unpaid duty or a new charge elsewhere. `engine` finds
//! the day from which somebody should look. What is sealed stands to nobody (`policy/subjects.rs`), its secrets lie under
//! a key of the seal beside the person's own, and two people with a reason open it again.

pub mod api;
pub mod engine;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::{App, Refused},
    base::{
        ids::{CaseId, JudgmentId, SealingId},
        refusal::Invalid,
        text,
        time::Day,
    },
    cases,
    follow_ups::{
        self, ReviewDue,
        rules::{self, RuleRow},
    },
    livelihood, loans, mails,
    policy::{
        Act,
        acts::{ApproveUnsealing, AskUnsealing, EditParts, ListSealings, SealCase, SeeSealing, SeeSentence},
        subjects::Sealing,
    },
    referrals, reports, restrictions,
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use engine::{Finding, Review, Terms};
use model::{Judgment, JudgmentDraft, JudgmentRow, Line, SealDraft, UnsealDraft, Whole};

/// The terms in force today, and the rules that they come from.
pub struct Book {
    pub terms: Terms,
    rules: Vec<RuleRow>,
}

impl Book {
    /// The rule of this word that is in force.
    pub fn rule(&self, word: &str) -> Option<&RuleRow> {
        self.rules.iter().find(|rule| rule.word == word)
    }
}

/// The terms in force today.
///
/// # Errors
/// [`Fault::Inconsistent`]: a rule is missing.
pub async fn book(store: &Store) -> Result<Book, Fault> {
    let today = store.today();
    let mut rules: Vec<RuleRow> = Vec::new();
    // Newest version of each word first.
    for rule in rules::list(store).await? {
        let known = rules.last().is_some_and(|last| last.word == rule.word);
        if rule.word.starts_with("clearance_") && rule.valid_from.0 <= today && !known {
            rules.push(rule);
        }
    }
    let amount = |word: &str| rules.iter().find(|rule| rule.word == word).map(|rule| rule.amount);
    let terms = model::terms(amount).ok_or(Fault::Inconsistent("a rule of clearance is missing"))?;
    Ok(Book { terms, rules })
}

fn read(rows: &[JudgmentRow]) -> Result<Vec<Judgment>, Fault> {
    rows.iter()
        .map(|row| serde_json::from_str(row.terms.text()).map_err(|_| Fault::Inconsistent("a judgment")))
        .collect()
}

/// The judgments of a case, and what they come to.
pub struct Found {
    pub judgments: Vec<(JudgmentId, Judgment)>,
    pub review: Review,
}

/// What is found for a case. `opened` says that the page shows the sentence: call it before anything is shown.
pub async fn found(store: &Store, grant: &Grant<SeeSentence>, book: &Book) -> Result<Found, Fault> {
    let rows = store::judgments(store, grant).await?;
    let judgments = read(&rows)?;
    let facts: Vec<engine::Judgment> = judgments.iter().map(Judgment::facts).collect();
    let review = engine::review(&facts, &book.terms);
    Ok(Found { judgments: rows.iter().map(|row| row.id).zip(judgments).collect(), review })
}

/// Writes down a judgment, puts it right, or takes out one that was written down by mistake; then the review is proposed
/// anew.
///
/// # Errors
/// [`Refused::Invalid`]: see [`JudgmentDraft::check`]; the case is closed; it has no such judgment.
/// [`Fault::Stale`]: changed since `version` was read.
pub async fn keep_judgment(
    store: &Store,
    grant: Grant<EditParts>,
    draft: &JudgmentDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    let book = book(store).await?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            cases::must_be_of_a_sentence(work, case).await?;
            let id = match draft.judgment.trim() {
                "" => None,
                typed => Some(typed.parse::<JudgmentId>().map_err(|_| Invalid::one("", "no_such_judgment"))?),
            };
            let birth = store::birth(work, case).await?;
            let before = told_of(work, case, id).await?;
            let done = match (id, draft.remove == "true") {
                (Some(id), true) => store::drop_judgment(work, case, id).await?,
                (id, _) => {
                    let judgment = draft.check(work.today(), birth)?;
                    let terms = serde_json::to_string(&judgment).map_err(|_| Fault::Inconsistent("a judgment"))?;
                    match id {
                        Some(id) => store::change_judgment(work, case, id, &terms, by).await?,
                        None => {
                            store::insert_judgment(work, case, &terms, by).await?;
                            true
                        }
                    }
                }
            };
            if !done {
                return Err(Invalid::one("", "no_such_judgment").into());
            }
            if let Some(before) = before {
                let gone = before.clone().map(|(name, _)| (name, String::new()));
                let after = told_of(work, case, id).await?.unwrap_or(gone);
                cases::history::keep(work, case, &cases::model::changes("sentence", &before, &after), by).await?;
            }
            work.set("created_at = created_at", vec![]).await?;
            work.detail("judgment".to_owned());
            propose(work, case, &book).await?;
            Ok(())
        })
        .await
}

/// A judgment as a correction tells it; `None`: there is none of that id.
async fn told_of(
    unit: &mut Unit,
    case: CaseId,
    id: Option<JudgmentId>,
) -> Result<Option<[(&'static str, String); 11]>, Fault> {
    let rows = store::judgments_within(unit, case).await?;
    let rows: Vec<_> = rows.into_iter().filter(|row| Some(row.id) == id).collect();
    Ok(read(&rows)?.first().map(Judgment::told))
}

/// Live cases with judgments, by id: for the nightly look at all of them.
pub(crate) async fn next_cases(unit: &mut Unit, after: Option<CaseId>, limit: i64) -> Result<Vec<CaseId>, Fault> {
    store::next_cases(unit, after, limit).await
}

/// Asks for the review of a case whose day is near or has come, and for none whose day has moved away.
pub(crate) async fn propose(unit: &mut Unit, case: CaseId, book: &Book) -> Result<(), Fault> {
    let rows = store::judgments_within(unit, case).await?;
    let facts: Vec<engine::Judgment> = read(&rows)?.iter().map(Judgment::facts).collect();
    let wanted = match engine::review(&facts, &book.terms).all {
        Finding::Due(due) if cases::is_live(unit, case).await? => review_due(&due, unit.today(), book),
        _ => None,
    };
    follow_ups::ask_review(unit, case, wanted).await
}

/// Nobody is late on the day on which the program first knows of it.
fn review_due(due: &engine::Due, today: jiff::civil::Date, book: &Book) -> Option<ReviewDue> {
    let rule_version = book.rule("clearance_ahead").map_or(0, |rule| rule.version);
    let rule = if today >= due.on {
        "clearance_due"
    } else if today >= due.ahead_on {
        "clearance_ahead"
    } else {
        return None;
    };
    let planned = if rule == "clearance_due" { due.on } else { due.ahead_on };
    Some(ReviewDue { rule, rule_version, base_on: due.on, due_on: planned.max(today) })
}

/// What sealing made: the seal, and the support record with which help goes on.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    pub seal: SealingId,
    pub support: Option<CaseId>,
}

/// Records the paper by which a record was cleared, and seals the case: from the next request on it stands to nobody.
///
/// With the person's recorded consent the help that is under way goes on as a support record of its own, which names
/// neither the sealed case nor any paper of it. What was lent to the person, and what she pays back, stays with the lender, who
/// has it by person and not by case; so does, if help goes on, what waits for the lender's answer. The other lines of the lists
/// are put away. What the case was is added to the figures of its commune first.
///
/// # Errors
/// [`Refused::Invalid`]: see [`SealDraft::check`].
pub async fn seal(
    store: &Store,
    grant: Grant<SealCase>,
    draft: &SealDraft,
    key: Option<Key>,
) -> Result<Sealed, Refused> {
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Err(Fault::Moved.into());
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_of_a_sentence(work, case).await?;
            let live = store::has_live_help(work, case).await?;
            let paper = draft.check(work.today(), live)?;
            let support = if paper.consent.is_empty() {
                None
            } else {
                let to = cases::open_support(work, case, by).await?;
                referrals::carry_on(work, case, to, &paper.consent, by).await?;
                livelihood::carry_on(work, case, to).await?;
                follow_ups::carry_on(work, case, to).await?;
                loans::carry_on(work, case, to).await?;
                restrictions::move_to(work, case, to).await?;
                Some(to)
            };
            let code = free_code(work).await?;
            let seal = store::insert_sealing(work, case, &paper, &code, by).await?;
            let named = cases::code_of(work, case).await?;
            mails::recall(work, &named).await?;
            // What was lent stays with the lender alone; the lines of lists are put away with all that hangs on the case.
            loans::part_from(work, case).await?;
            cases::seal(work, case, by).await?;
            let cleared = reports::ClearedBy {
                paper: paper.paper,
                paper_on: paper.on,
                sealed_at: work.now(),
                without_loans: support.is_some(),
            };
            reports::put_by(work, case, cleared).await?;
            let fields = work.put_away(case, seal, store::SEALINGS).await?;
            work.keep_key(key.as_ref(), seal).await?;
            work.detail(format!("seal {seal}, {fields} fields"));
            Ok(Sealed { seal, support })
        })
        .await
}

/// A number for a seal that no seal has: of the shape of a case's code, with other letters before it.
async fn free_code(unit: &mut Unit) -> Result<String, Fault> {
    for _try in 0..50 {
        let mut random = [0_u8; 4];
        unit.dice(&mut random);
        let code = cases::model::code(random).replace("DV-", "NP-");
        if !store::code_is_taken(unit, &code).await? {
            return Ok(code);
        }
    }
    Err(Fault::Inconsistent("no free code for a seal"))
}

/// What was sealed in the commune, newest first: number, day and by whom.
pub async fn list(store: &Store, scope: &Scope<ListSealings>, ask: &PageAsk) -> Result<Page<Line>, Fault> {
    store::list(store, scope, ask).await
}

/// One seal with its paper. That it was looked at is written down first.
pub async fn one(store: &Store, grant: &Grant<SeeSealing>) -> Result<Whole, Fault> {
    let whole = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    store.note_opening(grant, Some(whole.case_id), &["sealing"]).await?;
    Ok(whole)
}

/// The case under this seal, if the seal is still on it.
pub(crate) async fn sealed_case(unit: &mut Unit, seal: SealingId) -> Result<Option<CaseId>, Fault> {
    let (case, _, ended) = store::standing(unit, seal).await?;
    Ok((!ended).then_some(case))
}

/// The case under the seal of this very number, among those that the asker may see.
pub(crate) async fn of_code(store: &Store, scope: &Scope<ListSealings>, code: &str) -> Result<Option<CaseId>, Fault> {
    store::of_code(store, scope, code).await
}

/// Asks for a sealed case to be opened again. Where the commune has no other head who could agree, the inspectors are told, by
/// mail, of the number of the seal and nothing else.
///
/// # Errors
/// [`Refused::Invalid`]: no reason of at least twenty letters; it was asked already; it is open.
pub async fn ask_unsealing(app: &App, grant: Grant<AskUnsealing>, draft: &UnsealDraft) -> Result<(), Refused> {
    let url = app.settings().public_url.trim_end_matches('/');
    let reason = text::clean_line(&draft.reason, 300).map_err(|fault| Invalid::one("reason", fault.code()))?;
    if reason.chars().count() < 20 {
        return Err(Invalid::one("reason", "reason_too_short").into());
    }
    app.store()
        .write(grant, async |work| {
            let (seal, by, now) = (work.id(), work.by()?, work.now());
            let (case, asked_by, ended) = store::standing(work, seal).await?;
            if ended {
                return Err(Invalid::one("", "unsealed_already").into());
            }
            if asked_by.is_some() {
                return Err(Invalid::one("", "unsealing_asked_already").into());
            }
            let reason = store::reason(work, case, seal, &reason).await?;
            work.set("reason = ?, asked_by = ?, asked_at = ?", crate::args![reason, by, now]).await?;
            for second in store::seconds(work, seal).await? {
                if let Some(address) = &second.email {
                    let code = store::code(work, seal).await?;
                    let letter = model::letter(second.lang, &code, &format!("{url}/sealings/{seal}"));
                    mails::put(work, url, second.id, address, &letter).await?;
                }
            }
            work.detail(format!("unsealing of {seal} asked"));
            Ok(())
        })
        .await
}

/// Takes back what was asked, or says no to it: the seal stays, and the next request gives a reason of its own.
///
/// # Errors
/// [`Refused::Invalid`]: nobody asked; it is open.
pub async fn drop_request<A: Act<On = Sealing>>(store: &Store, grant: Grant<A>) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            let (seal, by) = (work.id(), work.by()?);
            let (_, asked_by, ended) = store::standing(work, seal).await?;
            if ended {
                return Err(Invalid::one("", "unsealed_already").into());
            }
            let asked_by = asked_by.ok_or_else(|| Invalid::one("", "unsealing_not_asked"))?;
            work.set("reason = null, asked_by = null, asked_at = null", vec![]).await?;
            let how = if asked_by == by { "withdrawn" } else { "refused" };
            work.detail(format!("unsealing of {seal} {how}"));
            Ok(())
        })
        .await
}

/// Agrees, and opens the case again: it lies in the archive, as a closed one does. Gives the case. Where the commune has no
/// other head who may know the person, an inspector is the second of the two: the seal is shared with her then, and no
/// longer than it is asked (`policy/subjects.rs`).
///
/// # Errors
/// [`Refused::Invalid`]: nobody asked; the one who asked cannot agree to it herself; it is open.
pub async fn approve_unsealing(store: &Store, grant: Grant<ApproveUnsealing>) -> Result<CaseId, Refused> {
    store
        .write(grant, async |work| {
            let (seal, by, now) = (work.id(), work.by()?, work.now());
            let (case, asked_by, ended) = store::standing(work, seal).await?;
            if ended {
                return Err(Invalid::one("", "unsealed_already").into());
            }
            match asked_by {
                None => return Err(Invalid::one("", "unsealing_not_asked").into()),
                Some(asked_by) if asked_by == by => return Err(Invalid::one("", "unsealing_needs_another").into()),
                Some(_) => {}
            }
            work.bring_back(case, seal, store::SEALINGS).await?;
            let loans = !store::helps_on(work, seal).await?;
            let cleared = store::cleared_by(work, seal, !loans).await?;
            reports::take_back(work, case, cleared).await?;
            work.set("ended_at = ?, ended_by = ?", crate::args![now, by]).await?;
            cases::unseal(work, case).await?;
            work.detail(format!("seal {seal} taken off"));
            Ok(case)
        })
        .await
}

/// The day that a finding gives, if it gives one.
pub fn due_on(finding: &Finding) -> Option<Day> {
    match finding {
        Finding::Due(due) => Some(Day(due.on)),
        Finding::NoRecord(_) | Finding::Open(_) => None,
    }
}
