//! What was put right in a case: every correction keeps what stood there before, who changed it and when. Also the legal part
//! itself, as the paper says it.

use super::{
    model::{Change, CorrectionRow, CourseRow, PapersDraft, changes},
    must_be_live, must_be_of_a_sentence, store,
};
use crate::{
    app::Refused,
    base::ids::{CaseId, PersonId},
    follow_ups,
    policy::acts::{
        EditParts, ListCases, SeeCase, SeeHealth, SeeHistory, SeeIdentity, SeeLegal, SeeOrigin, SeeSentence,
    },
    store::{Fault, Grant, Scope, Store, Unit},
};

/// Writes down what was put right, field by field.
pub(crate) async fn keep(
    unit: &mut Unit,
    case: CaseId,
    changed: &[Change],
    by: crate::base::ids::UserId,
) -> Result<(), Fault> {
    for change in changed {
        store::insert_correction(unit, case, change, by).await?;
    }
    Ok(())
}

/// What was put right in a case, newest first, as far as the asker may see the parts; the opening is written down with them.
pub async fn of_case(store: &Store, grant: &Grant<SeeHistory>) -> Result<Vec<CorrectionRow>, Fault> {
    let parts = parts(store, grant);
    store::corrections(store, grant, parts).await
}

/// The parts whose corrections the asker may read; an empty word for each that she may not.
pub(crate) fn parts(store: &Store, grant: &Grant<SeeHistory>) -> [&'static str; 6] {
    let may = |may: bool, part: &'static str| if may { part } else { "" };
    [
        "case",
        may(store.may::<SeeHistory, SeeIdentity>(grant), "identity"),
        may(store.may::<SeeHistory, SeeLegal>(grant), "legal"),
        may(store.may::<SeeHistory, SeeSentence>(grant), "sentence"),
        may(store.may::<SeeHistory, SeeHealth>(grant), "health"),
        may(store.may::<SeeHistory, SeeOrigin>(grant), "origin"),
    ]
}

/// The sensitive parts of [`parts`], for the row of the trail.
pub(crate) fn sensitive(store: &Store, grant: &Grant<SeeHistory>) -> Vec<&'static str> {
    parts(store, grant).into_iter().filter(|part| !part.is_empty() && *part != "case").collect()
}

/// The cases of the same person that the asker may open, newest first.
pub async fn courses(store: &Store, scope: &Scope<ListCases>, person: PersonId) -> Result<Vec<CourseRow>, Fault> {
    store::courses(store, scope, person).await
}

/// The case with its legal part, for the pages that change it.
pub async fn with_legal(store: &Store, grant: &Grant<SeeCase>) -> Result<super::model::CaseRow, Fault> {
    let row = legal_of(store, grant).await?;
    let parts: &[&'static str] = if row.regime.is_some() { &["legal"] } else { &[] };
    super::opened(store, grant, parts).await?;
    Ok(row)
}

/// The same for a surface that writes the opening down itself.
pub(crate) async fn legal_of(store: &Store, grant: &Grant<SeeCase>) -> Result<super::model::CaseRow, Fault> {
    let legal = store.also::<SeeCase, SeeLegal>(grant);
    let row = store::one(store, grant, legal.is_some(), None, legal.as_ref(), None, None).await?;
    row.ok_or(Fault::Denied(crate::store::Denied::Unknown))
}

/// Puts the legal part right, as the papers say it, and plans the case anew.
///
/// # Errors
/// [`Refused::Invalid`]: see [`PapersDraft::check`]; the case is closed. [`Fault::Stale`]: changed since `version` was read.
pub async fn correct_papers(
    store: &Store,
    grant: Grant<EditParts>,
    draft: &PapersDraft,
    version: Option<i64>,
) -> Result<(), Refused> {
    store
        .write(grant, async |work| {
            work.expect_version(version).await?;
            let (case, by) = (work.id(), work.by()?);
            must_be_live(work, case).await?;
            must_be_of_a_sentence(work, case).await?;
            let birth = store::birth(work, case).await?;
            let status = store::status(work, case).await?;
            let new = draft.check(status, work.today(), birth)?;
            let now = store::legal(work, case).await?;
            let changed = changes("legal", &now.told(), &new.told());
            keep(work, case, &changed, by).await?;
            store::keep_legal(work, case, &new).await?;
            work.set("created_at = created_at", vec![]).await?;
            work.detail(changed.iter().map(|change| change.field).collect::<Vec<_>>().join(" "));
            follow_ups::replan(work, case).await?;
            Ok(())
        })
        .await
}
