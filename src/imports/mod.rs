//! Imports: a commune's own list becomes cases.
//!
//! A batch is one unit of work: it goes in whole or not at all. Rows that are refused do not hold up the others (unless
//! the sender says so): they come back in a file that is mended and imported again. Whoever an earlier import of this
//! commune brought in is not brought in twice; whoever may be somebody in the sender's own list comes back with the refused.

pub mod cage;
pub mod cli;
pub mod model;
pub mod refused;
pub mod running;
mod store;
pub mod web;

use crate::{
    app::Refused,
    base::{
        ids::{CaseId, ImportId},
        refusal::Invalid,
    },
    cases::{self, TakenBack},
    doubles::{
        self,
        model::{Known, Reach},
    },
    policy::acts::{ImportCases, ListCases, ListImports, SeeImport, UndoImport},
    store::{Denied, Fault, Grant, Page, PageAsk, Scope, Store},
};
use model::{Batch, Fate, Kept, Planned, Sheet, plan};
use std::{collections::HashMap, sync::Arc};

/// What became of a list, or would.
#[derive(Debug)]
pub struct Outcome {
    pub rows: Vec<Planned>,
    /// The batch that was written. `None`: a preview, nothing new, or held up by a refused row.
    pub import: Option<ImportId>,
    pub opened: usize,
    pub there: usize,
    pub refused: usize,
    /// Of those opened: with nobody in charge yet.
    pub unassigned: usize,
}

impl Outcome {
    fn of(rows: Vec<Planned>, import: Option<ImportId>) -> Outcome {
        let count = |is: fn(&Fate) -> bool| rows.iter().filter(|row| is(&row.fate)).count();
        Outcome {
            opened: count(|fate| matches!(fate, Fate::Opens(_))),
            there: count(|fate| matches!(fate, Fate::There)),
            refused: count(|fate| matches!(fate, Fate::Refused(_))),
            unassigned: count(|fate| matches!(fate, Fate::Opens(checked) if checked.officer.is_none())),
            rows,
            import,
        }
    }
}

/// What an import would do, row by row. Changes nothing.
pub async fn preview(store: &Store, grant: &Grant<ImportCases>, sheet: &Sheet) -> Result<Outcome, Refused> {
    let (there, marks) = (store::there(store, grant).await?, store.list_marks()?);
    let mut rows = plan(sheet, store.today(), &there.officers, &there.known, |row| marks.of(row));
    let scope = store.scope::<ListCases>(&Arc::new(grant.actor().clone()))?;
    let found = meet(store, &doubles::reach(store, &scope).await?, &mut rows)?;
    doubles::shown(store, &scope, found).await?;
    Ok(Outcome::of(rows, None))
}

/// Opens a case for every row that can be taken, in one unit of work. `strict`: only if no row is refused.
/// `told` hears how many rows are done, of how many.
///
/// # Errors
/// Only what the database refuses, and then nothing was done: a refused row is told in the outcome.
pub async fn bring_in(
    store: &Store,
    grant: Grant<ImportCases>,
    sheet: &Sheet,
    strict: bool,
    mut told: impl FnMut(usize, usize),
) -> Result<Outcome, Refused> {
    let scope = store.scope::<ListCases>(&Arc::new(grant.actor().clone()))?;
    let reach = doubles::reach(store, &scope).await?;
    let mut found = 0;
    let outcome = store
        .write(grant, async |work| {
            let (area, by, today) = (work.id(), work.by()?, work.today());
            let (there, marks) = (store::there_now(work, &area).await?, work.store().list_marks()?);
            let mut rows = plan(sheet, today, &there.officers, &there.known, |row| marks.of(row));
            found = meet(work.store(), &reach, &mut rows)?;
            let outcome = Outcome::of(rows, None);
            if outcome.opened == 0 || (strict && outcome.refused > 0) {
                work.detail(format!("nothing opened, {} refused", outcome.refused));
                return Ok(outcome);
            }
            let (opened, refused) = (count(outcome.opened), count(outcome.refused));
            let import = store::insert(work, &area, &marks.of(&sheet.hash), opened, refused, by).await?;
            work.expect_people(outcome.opened).await?;
            let mut of_line = HashMap::new();
            for row in &outcome.rows {
                let Fate::Opens(checked) = &row.fate else { continue };
                let lines = checked.seen_lines.iter().filter_map(|line| of_line.get(line));
                let seen: Vec<CaseId> = checked.seen.iter().chain(lines).copied().collect();
                let more = cases::Brought { group: checked.group, note: checked.note.as_deref(), seen: &seen };
                let case = cases::bring_in(work, &area, &checked.case, checked.officer, more, by).await?;
                of_line.insert(row.line, case);
                store::insert_row(work, &area, &row.hash, import, case).await?;
                told(of_line.len(), outcome.opened);
            }
            work.detail(format!("import {import}: {opened} opened, {refused} refused"));
            Ok::<_, Refused>(Outcome { import: Some(import), ..outcome })
        })
        .await?;
    doubles::shown(store, &scope, found).await?;
    Ok(outcome)
}

/// Compares the rows that would go in with all that the sender may see, and with the rows above them; how many records she is
/// shown. Of those that she may not see she learns nothing: they are noted when the row goes in.
fn meet(store: &Store, reach: &Reach<Known>, rows: &mut [Planned]) -> Result<usize, Fault> {
    let (mut found, mut above) = (0, Reach::default());
    for row in rows {
        if let Fate::Opens(checked) = &row.fate {
            let facts = cases::facts(store, &checked.case)?;
            found += row.meet(&reach.likely(&facts), &above.likely(&facts));
            if matches!(row.fate, Fate::Opens(_)) {
                above.add(facts, row.line);
            }
        }
    }
    Ok(found)
}

/// The lists that were brought in within the asker's scope, newest first.
pub async fn list(store: &Store, scope: &Scope<ListImports>, ask: &PageAsk) -> Result<Page<Batch>, Fault> {
    store::list(store, scope, ask).await
}

/// One list that was brought in, and which of its cases stayed if it was taken back.
pub async fn see(store: &Store, grant: &Grant<SeeImport>) -> Result<(Batch, Vec<Kept>), Fault> {
    let batch = store::one(store, grant).await?.ok_or(Denied::Unknown)?;
    Ok((batch, store::kept(store, grant).await?))
}

/// Takes back what a list has opened, in one unit of work; how many cases went and how many stayed. A case that somebody
/// has worked on since stays, with the reason. The keys of the people who went are destroyed. The same list can be brought
/// in again afterwards.
///
/// # Errors
/// [`Refused::Invalid`]: `import_undone`, it was taken back before.
pub async fn undo(store: &Store, grant: Grant<UndoImport>) -> Result<(usize, usize), Refused> {
    let (gone, kept, people) = store
        .write(grant, async |work| {
            let (import, by) = (work.id(), work.by()?);
            let opened = store::cases_of(work, import).await?;
            let TakenBack { people, kept } = cases::take_back(work, &opened).await?;
            let gone = opened.len() - kept.len();
            for (case, why) in &kept {
                store::keep(work, *case, why).await?;
            }
            if !store::undone(work, import, count(gone), by).await? {
                return Err(Invalid::one("", "import_undone").into());
            }
            work.detail(format!("{gone} cases taken back, {} kept", kept.len()));
            Ok::<_, Refused>((gone, kept.len(), people))
        })
        .await?;
    // As for erasure, but only now that the rows are surely gone: who is on the list of the erased is taken out again of a
    // database that comes back from an old copy, where nothing of her could be read any more. The same list brought in
    // again makes new people. A cut here leaves keys that open nothing.
    store.forget_all(&people).await?;
    Ok((gone, kept))
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
