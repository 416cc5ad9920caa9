//! What is said at a meeting, and the answer that is owed: by whom, by when.

use super::{
    case_of, guests, model,
    model::opinions::{AnswerDraft, Answerer, Draft, NewOpinion, OpinionRow},
    open, store,
};
use crate::{
    app::Refused,
    base::{
        ids::{CaseId, GatheringId, Id, OpinionId, UserId},
        refusal::Invalid,
        waiting::Waiting,
    },
    cases, families, follow_ups,
    policy::{
        Role,
        acts::{AnswerOpinion, ChangeGathering, ListOpinions, SeeFollowUp, SeeGathering, SeeMinutes, SeeOpinion},
        subjects,
    },
    store::{Denied, Fault, Grant, Key, Page, PageAsk, Scope, Store, Unit},
};
use model::opinions::OpinionRow as Row;

/// The most of an opinion that stands in the task of its answer.
const IN_A_TASK: usize = 200;

/// Writes down what was said: by the person of a case, by one of the family, or by somebody who is named nowhere. Where an
/// answer is owed and it hangs on a case, the answer is a task of that case.
///
/// # Errors
/// [`Refused::Invalid`]: see [`Draft::check`]; somebody whose case the asker does not have; an organisation that is not asked
/// to help the person, or is of another commune; no such officer; the meeting is cancelled.
pub async fn raise(
    store: &Store,
    grant: Grant<ChangeGathering>,
    draft: &Draft,
    key: Option<Key>,
) -> Result<OpinionId, Refused> {
    let see = store.also::<ChangeGathering, SeeGathering>(&grant).ok_or(Fault::Denied(Denied::Unknown))?;
    let dialogue = case_of(store, &see).await?;
    // What is said in a dialogue with a family hangs on the case, whoever of them said it.
    let who = match dialogue {
        Some(case) if draft.who.is_empty() => case.to_string(),
        _ => draft.who.clone(),
    };
    let new = Draft { who, ..draft.clone() }.check(store.today())?;
    let people = new.who.iter().map(|(case, _)| *case).collect();
    guests::may_be_asked(store, &grant, people, "who").await?;
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(OpinionId::from_uuid(id));
            }
            let (gathering, by) = (work.id(), work.by()?);
            let was = open(work).await?;
            speaker(work, was.case_id, &new).await?;
            answerer(work, gathering, &new).await?;
            let task = match (new.who, new.owed) {
                (Some((case, _)), Some((who, due_on))) => {
                    let what: String = new.text.replace('\n', " ").chars().take(IN_A_TASK).collect();
                    Some(follow_ups::ask_answer(work, case, what, due_on, who.organisation(), by).await?)
                }
                _ => None,
            };
            let id = store::opinions::insert(work, gathering, &new, task, by).await?;
            if let Some((case, _)) = new.who {
                work.about(case);
            }
            work.detail(format!("opinion {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Refuses a speaker of another case than the dialogue's, a closed case, one who is not of the family.
async fn speaker(unit: &mut Unit, dialogue: Option<CaseId>, new: &NewOpinion) -> Result<(), Refused> {
    let Some((case, relative)) = new.who else { return Ok(()) };
    if dialogue.is_some_and(|of| of != case) {
        return Err(Invalid::one("who", "family_only").into());
    }
    unit.lock::<subjects::Case>(&case).await?;
    cases::must_be_live(unit, case).await?;
    match relative {
        Some(relative) if !families::is_there(unit, case, relative).await? => {
            Err(Invalid::one("who", "unknown").into())
        }
        _ => Ok(()),
    }
}

/// Refuses one who cannot owe the answer.
async fn answerer(unit: &mut Unit, gathering: GatheringId, new: &NewOpinion) -> Result<(), Refused> {
    let Some((who, _)) = new.owed else { return Ok(()) };
    let fine = match (who, new.who) {
        (Answerer::Organisation(id), Some((case, _))) => match follow_ups::is_asked(unit, case, id).await? {
            true => true,
            false => return Err(Invalid::one("owes", "no_referral").into()),
        },
        (Answerer::Organisation(id), None) => store::guests::serves(unit, gathering, id).await?,
        (Answerer::Officer(id), _) => store::opinions::can_owe(unit, gathering, id).await?,
        (Answerer::InCharge | Answerer::Council, _) => true,
    };
    if fine { Ok(()) } else { Err(Invalid::one("owes", "unknown").into()) }
}

/// The answer: given, or said in writing that it is not ours to give. The task of it, if there is one, is done.
///
/// # Errors
/// [`Refused::Invalid`]: see [`AnswerDraft::check`]; answered already. [`Fault::Stale`]: changed since `version` was read.
pub async fn answer(
    store: &Store,
    grant: Grant<AnswerOpinion>,
    draft: &AnswerDraft,
    version: Option<i64>,
    key: Option<Key>,
) -> Result<(), Refused> {
    let (kind, answer, on) = draft.check(store.today())?;
    store
        .write(grant, async |work| {
            if work.take_key(key.as_ref()).await?.is_some() {
                return Ok(());
            }
            work.expect_version(version).await?;
            let (id, by) = (work.id(), work.by()?);
            let (case, task, answered) = store::opinions::standing(work, id).await?;
            if answered {
                return Err(Invalid::one("", "already_answered").into());
            }
            if let Some(case) = case {
                work.lock::<subjects::Case>(&case).await?;
                work.about(case);
            }
            store::opinions::answer(work, case, kind, &answer, on, by).await?;
            if let Some(task) = task {
                follow_ups::done_elsewhere(work, task, by).await?;
            }
            work.detail(format!("{kind}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(())
        })
        .await
}

/// Whose owed answers a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The asker's own: an officer's; a body's helper has no others.
    Mine,
    /// Of the whole scope.
    All,
}

impl Whose {
    fn user(self, scope: &Scope<ListOpinions>) -> Option<UserId> {
        // A body owes as such, not by one of its people.
        let body = scope.actor().organisation().is_some() || scope.actor().role() == Role::Council;
        (self == Whose::Mine && !body).then(|| scope.actor().user()).flatten()
    }
}

/// Answers that are owed and hang on no case: `open`, those that are not given, soonest due first; else the others.
pub async fn owed(
    store: &Store,
    scope: &Scope<ListOpinions>,
    whose: Whose,
    open: Option<bool>,
    ask: &PageAsk,
) -> Result<Page<OpinionRow>, Fault> {
    store::opinions::owed(store, scope, whose.user(scope), open, is_office(store, scope), ask).await
}

/// How many such a list has, given and not.
pub async fn count(store: &Store, scope: &Scope<ListOpinions>) -> Result<i64, Fault> {
    store::opinions::count(store, scope).await
}

/// How many wait, and how many of them are late: of an officer her own, of the head the whole commune's, of a body its own.
pub async fn waiting(store: &Store, scope: &Scope<ListOpinions>) -> Result<Waiting, Fault> {
    let whose = if scope.actor().role() == Role::Officer { Whose::Mine } else { Whose::All };
    store::opinions::waiting(store, scope, whose.user(scope)).await
}

fn is_office(store: &Store, scope: &Scope<ListOpinions>) -> bool {
    store.can::<SeeMinutes>(scope.actor())
}

/// One opinion. That it was looked at is written down first, where it hangs on a case.
pub async fn one(store: &Store, grant: &Grant<SeeOpinion>) -> Result<Row, Fault> {
    let office = store.can::<SeeMinutes>(grant.actor());
    let row = store::opinions::one(store, grant, office).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    if row.case_id.is_some() {
        store.note_opening(grant, row.case_id, &["gathering"]).await?;
    }
    Ok(row)
}

/// The opinion whose answer is this task; `None`: the task is no answer that is owed.
pub async fn of_task(store: &Store, grant: &Grant<SeeFollowUp>) -> Result<Option<OpinionId>, Fault> {
    store::opinions::of_task(store, grant).await
}
