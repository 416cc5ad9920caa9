//! Doubles: two records that may be one person's.
//!
//! Whoever opens a case is warned of those that she may see, and of no other. All others make a row here, in the same unit of
//! work and whether there is one or not with the same answer: for the heads where both are theirs, for the province as the
//! keeper of data where they are not.

pub mod api;
pub mod model;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, UserId},
        refusal::Invalid,
        waiting::Waiting,
        words::DoubleState,
    },
    policy::acts::{AnswerDouble, ListCases, ListDoubles, SeeDouble, SettleDouble},
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};
use model::{Facts, Known, Line, Reach, VerdictDraft};

impl Facts {
    /// What is compared of somebody: her name, the year of her birth, and keyed hashes of the whole numbers.
    pub(crate) fn of(
        store: &Store,
        name: &str,
        birth_year: Option<i64>,
        number: Option<&str>,
        phone: Option<&str>,
    ) -> Result<Facts, Fault> {
        Ok(Facts {
            key: model::key(name),
            birth_year,
            // Whoever has no paper shares none with anybody.
            number_mark: number.filter(|number| !number.is_empty()).map(|number| store.id_mark(number)).transpose()?,
            phone_mark: phone.map(|phone| store.phone_mark(phone)).transpose()?,
        })
    }
}

/// Records within the asker's own reach that may be the same person's. That she was shown some is written down.
pub(crate) async fn likely(store: &Store, scope: &Scope<ListCases>, facts: &Facts) -> Result<Vec<Known>, Fault> {
    let mut found = store::within(store, scope, facts).await?;
    found.retain(|known| !facts.why(&known.facts()).is_empty());
    shown(store, scope, found.len()).await?;
    Ok(found)
}

/// All records within the asker's own reach, to compare the rows of a list with.
pub(crate) async fn reach(store: &Store, scope: &Scope<ListCases>) -> Result<Reach<Known>, Fault> {
    Ok(Reach::of(store::all_within(store, scope).await?))
}

/// Writes down that the asker was shown so many.
pub(crate) async fn shown(store: &Store, scope: &Scope<ListCases>, found: usize) -> Result<(), Fault> {
    match found {
        0 => Ok(()),
        _ => store.note_list(scope, &format!("doubles, {found} found")).await,
    }
}

/// Keeps every record that may be the same person's beside a case that was just opened. `seen`: those that the opener was
/// shown and said to be somebody else.
pub(crate) async fn note(
    unit: &mut Unit,
    case: CaseId,
    facts: &Facts,
    seen: &[CaseId],
    by: UserId,
) -> Result<(), Fault> {
    let mut known = store::candidates(unit, case, facts).await?;
    known.sort_by_key(|one| one.id);
    known.dedup_by_key(|one| one.id);
    for one in known {
        let why = facts.why(&one.facts());
        if !why.is_empty() {
            let settled = seen.contains(&one.id).then_some(by);
            store::insert(unit, case, one.id, &why.join(" "), settled).await?;
        }
    }
    Ok(())
}

/// Pairs within the asker's scope, newest first; those that are settled only if asked for.
pub async fn list(
    store: &Store,
    scope: &Scope<ListDoubles>,
    settled: bool,
    ask: &PageAsk,
) -> Result<Page<Line>, Fault> {
    store::list(store, scope, settled, ask).await
}

/// How many wait for the asker's word.
pub async fn waiting(store: &Store, scope: &Scope<ListDoubles>) -> Result<Waiting, Fault> {
    Ok(Waiting { waiting: store::count(store, scope).await?, late: 0 })
}

/// One pair. For a head it is an opening of her own side.
pub async fn one(store: &Store, grant: &Grant<SeeDouble>) -> Result<Line, Fault> {
    let line = store::one(store, grant).await?.ok_or(Fault::Denied(Denied::Unknown))?;
    let own = if line.area_code == *grant.actor().area() { Some(line.case_id) } else { None };
    let own = own.or((line.other_area_code == *grant.actor().area()).then_some(line.other_id));
    store.note_opening(grant, own, &[]).await?;
    Ok(line)
}

/// Says whether it is one person: the head where both cases are her commune's; else the keeper, who then asks the two
/// communes.
///
/// # Errors
/// [`Refused::Invalid`]: no verdict; it is settled already.
pub async fn settle(
    store: &Store,
    grant: Grant<SettleDouble>,
    draft: &VerdictDraft,
    version: Option<i64>,
) -> Result<DoubleState, Refused> {
    let same = verdict(draft)?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, now) = (work.id(), work.by()?, work.now());
            if store::state(work, id).await? != DoubleState::Open {
                return Err(Invalid::one("", "double_settled").into());
            }
            let both = work.grant().is(crate::policy::Near::Office);
            let state = match (same, both) {
                (false, _) => DoubleState::NotSame,
                (true, true) => DoubleState::Agreed,
                (true, false) => DoubleState::Asked,
            };
            work.set("state = ?, settled_by = ?, settled_at = ?", crate::args![state.as_str(), by, now]).await?;
            work.detail(state.to_string());
            Ok(state)
        })
        .await
}

/// The head of one of the two communes says whether it is one person. Both must agree.
///
/// # Errors
/// [`Refused::Invalid`]: no verdict; it is answered already.
pub async fn answer(
    store: &Store,
    grant: Grant<AnswerDouble>,
    draft: &VerdictDraft,
    version: Option<i64>,
) -> Result<DoubleState, Refused> {
    let same = verdict(draft)?;
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (id, by, area) = (work.id(), work.by()?, work.grant().actor().area().clone());
            let at = store::sides(work, id).await?;
            if at.state != DoubleState::Asked {
                return Err(Invalid::one("", "double_settled").into());
            }
            let first = at.area_code == area;
            // Within one commune one word is enough.
            let agreed = at.area_code == at.other_area || if first { at.other_agreed } else { at.case_agreed };
            let state = match (same, agreed) {
                (false, _) => DoubleState::NotSame,
                (true, true) => DoubleState::Agreed,
                (true, false) => DoubleState::Asked,
            };
            let column = if first { "case_agreed_by = ?, state = ?" } else { "other_agreed_by = ?, state = ?" };
            work.set(column, crate::args![by, state.as_str()]).await?;
            work.detail(state.to_string());
            Ok(state)
        })
        .await
}

fn verdict(draft: &VerdictDraft) -> Result<bool, Invalid> {
    match draft.verdict.as_str() {
        "same" => Ok(true),
        "not_same" => Ok(false),
        _ => Err(Invalid::one("verdict", "not_chosen")),
    }
}
