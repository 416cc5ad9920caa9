//! Cases that come in from a list, and go out as one.

use super::{
    free_code,
    model::{Exported, NewCase, NewClassification},
    parts::ProtectedNote,
    store,
};
use crate::{
    base::{
        ids::{CaseId, PersonId, UserId},
        time::plus_days,
        words::{Group, ProtectedReason},
    },
    follow_ups,
    policy::{
        AreaCode,
        acts::{ExportCases, SeeClassification, SeeLegal},
    },
    store::{Fault, Scope, Store, Unit},
};
use jiff::civil::Date;
use std::{collections::HashMap, sync::Arc};

/// What a list says of a person beside the case itself.
#[derive(Clone, Copy, Debug)]
pub struct Brought<'a> {
    /// The group that the office put the person in, and since when.
    pub group: Option<(Group, Date)>,
    /// A remark of which nobody knows what it tells: kept as a protected note.
    pub note: Option<&'a str>,
    /// Records that whoever sends the list was shown, and said to be somebody else's.
    pub seen: &'a [CaseId],
}

/// A protected note from a list is looked at again after so many days.
const REVIEW_DAYS: i64 = 180;

/// Opens a case from a row of a list that was checked before: the case, its group, its remark, and one plan of it all.
pub(crate) async fn bring_in(
    unit: &mut Unit,
    area: &AreaCode,
    new: &NewCase,
    officer: Option<UserId>,
    more: Brought<'_>,
    by: UserId,
) -> Result<CaseId, Fault> {
    let code = free_code(unit).await?;
    let case = store::insert(unit, area, new, &code, officer, by).await?;
    let facts = super::facts(unit.store(), new)?;
    crate::doubles::note(unit, case, &facts, more.seen, by).await?;
    if let Some((group, since)) = more.group {
        let new =
            NewClassification {
                group, since_on: since, reason: "Theo danh sách đã nhập".to_owned(), report: None
            };
        store::insert_classification(unit, case, &new, by).await?;
    }
    if let Some(note) = more.note {
        let review_on = plus_days(unit.today(), REVIEW_DAYS);
        // Nobody knows yet what it tells: protected until somebody has looked.
        let note = ProtectedNote { reason: ProtectedReason::BeingChecked, note: note.to_owned(), review_on };
        store::insert_protected_note(unit, case, &note, by).await?;
    }
    follow_ups::replan(unit, case).await?;
    Ok(case)
}

/// Takes back cases that a list has opened, as if it had never come. A case that somebody has worked on since stays:
/// the word says with what. What only the program has added (its plan, a line of a digest) goes too.
///
/// Whoever calls holds the locks of these cases.
pub(crate) async fn take_back(unit: &mut Unit, cases: &[CaseId]) -> Result<TakenBack, Fault> {
    let mut kept: HashMap<CaseId, &'static str> = HashMap::new();
    for some in cases.chunks(AT_ONCE) {
        for (case, why) in store::worked_on(unit, some).await? {
            kept.entry(case).or_insert(why);
        }
    }
    let free: Vec<CaseId> = cases.iter().copied().filter(|case| !kept.contains_key(case)).collect();
    let mut people = Vec::new();
    for some in free.chunks(AT_ONCE) {
        people.extend(store::remove(unit, some).await?);
    }
    Ok(TakenBack { people, kept: cases.iter().filter_map(|case| Some((*case, *kept.get(case)?))).collect() })
}

/// What came of taking cases back.
pub(crate) struct TakenBack {
    /// The people who went with their cases.
    pub people: Vec<PersonId>,
    /// Cases that stayed, each with the reason.
    pub kept: Vec<(CaseId, &'static str)>,
}

/// So many cases in one statement.
const AT_ONCE: usize = 400;

/// The live cases of a scope by name, each with the parts whose own act the asker holds for it. One line of the read log
/// says how many went out, and which parts; no log, no export.
pub async fn export(store: &Store, scope: &Scope<ExportCases>, format: &str) -> Result<Vec<Exported>, Fault> {
    let actor = Arc::new(scope.actor().clone());
    let mut parts = Vec::new();
    let lines = store::export_lines(store, scope).await?;
    // A part is read behind the wall of its own act: wider export rights alone never show it.
    let regimes: HashMap<_, _> = match store.scope::<SeeLegal>(&actor) {
        Ok(legal) => {
            parts.push("legal");
            store::export_regimes(store, &legal).await?.into_iter().collect()
        }
        Err(_) => HashMap::new(),
    };
    let groups: HashMap<_, _> = match store.scope::<SeeClassification>(&actor) {
        Ok(classification) => {
            parts.push("classification");
            // Oldest first: the last one put in for a case is the one in force.
            store::export_groups(store, &classification).await?.into_iter().collect()
        }
        Err(_) => HashMap::new(),
    };
    store.note_list(scope, &format!("{} {format} {}", lines.len(), parts.join(" "))).await?;
    let with_parts = |line: super::model::Line| Exported {
        regime: regimes.get(&line.id).copied(),
        group: groups.get(&line.id).copied(),
        line,
    };
    Ok(lines.into_iter().map(with_parts).collect())
}
