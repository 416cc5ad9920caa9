//! What a person needs, area by area, as it was found on a day, with the questions that were asked then.

use super::{
    model::{AnswerRow, NeedDraft, NeedRow, Question, Walls},
    store,
};
use crate::{
    app::{App, Refused},
    base::{
        ids::{Id, NeedId},
        words::NeedLevel,
    },
    cases,
    policy::acts::{AskNeeds, SeeCase, SeeFamily, SeeHealth, SeeLegal, SeeNeeds},
    policy::{Act, subjects::Case},
    store::{Fault, Grant, Key, Store},
    urgencies::{self, model::Of},
};

/// One look at one area, and what was answered.
#[derive(Clone, Debug)]
pub struct Need {
    pub row: NeedRow,
    pub answers: Vec<AnswerRow>,
}

/// The questions that are asked today.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn questions(store: &Store) -> Result<Vec<Question>, Fault> {
    store::questions(store).await
}

/// Writes down what was found in one area. What was found before stays. What is urgent is told to the heads of the commune at
/// once; what was and is so no longer waits no more.
///
/// # Errors
/// [`Refused::Invalid`]: see [`NeedDraft::check`]; the case is closed; `area`: a walled part that the asker may not know.
pub async fn ask(app: &App, grant: Grant<AskNeeds>, draft: &NeedDraft, key: Option<Key>) -> Result<NeedId, Refused> {
    let (store, url) = (app.store(), app.settings().public_url.as_str());
    let new = draft.check(&store::questions(store).await?)?;
    if !walls(store, &grant).lets(new.area) {
        return Err(Fault::Denied(crate::store::Denied::Forbidden).into());
    }
    store
        .write(grant, async |work| {
            if let Some(id) = work.take_key(key.as_ref()).await? {
                return Ok(NeedId::from_uuid(id));
            }
            let (case, by) = (work.id(), work.by()?);
            cases::must_be_live(work, case).await?;
            let id = store::insert_need(work, case, &new, by).await?;
            let of = Of::Need(id, new.area);
            if new.level == NeedLevel::Urgent {
                urgencies::raise(work, url, case, of, by).await?;
            } else {
                urgencies::met(work, case, of).await?;
            }
            work.detail(format!("need {id}"));
            work.keep_key(key.as_ref(), id).await?;
            Ok(id)
        })
        .await
}

/// Everything that was found, newest first, of the areas that the asker may know. Written down as an opening by whoever
/// shows it, with [`parts`] of what was read.
pub(crate) async fn written_down(store: &Store, grant: &Grant<SeeNeeds>) -> Result<Vec<Need>, Fault> {
    let walls = walls(store, grant);
    let rows = store::needs(store, grant, walls).await?;
    let mut answers = store::answers(store, grant, walls).await?;
    let needs = rows.into_iter().map(|row| {
        let (own, rest) = std::mem::take(&mut answers).into_iter().partition(|answer| answer.need_id == row.id);
        answers = rest;
        Need { row, answers: own }
    });
    Ok(needs.collect())
}

/// The same, written down as an opening.
pub async fn of_case(store: &Store, grant: &Grant<SeeNeeds>) -> Result<Vec<Need>, Fault> {
    let needs = written_down(store, grant).await?;
    let see = store.also::<SeeNeeds, SeeCase>(grant).ok_or(Fault::Denied(crate::store::Denied::Unknown))?;
    cases::opened(store, &see, &parts(&needs)).await?;
    Ok(needs)
}

/// The sensitive parts that these tell of.
pub(crate) fn parts(needs: &[Need]) -> Vec<&'static str> {
    Walls::parts(needs.iter().map(|need| need.row.area))
}

/// Which of the walled areas the holder of this grant may know.
pub(crate) fn walls<A: Act<On = Case>>(store: &Store, grant: &Grant<A>) -> Walls {
    Walls {
        health: store.may::<A, SeeHealth>(grant),
        family: store.may::<A, SeeFamily>(grant),
        law: store.may::<A, SeeLegal>(grant),
    }
}
