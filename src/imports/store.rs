//! SQL of imports.

use super::model::{Batch, Kept};
use crate::{
    args,
    base::ids::{CaseId, ImportId, UserId},
    policy::{
        Act, AreaCode,
        acts::{ImportCases, ListImports, SeeImport},
        subjects::Import,
    },
    store::{Dir, Fault, Grant, Page, PageAsk, Scope, Store, Unit},
};
use std::collections::{HashMap, HashSet};

const OFFICERS: &str =
    "select username, id from users where area_code = $1 and role = 'officer' and disabled_at is null";
const KNOWN: &str = "select row_hash from import_rows where area_code = $1";

/// Active officers of the commune by sign-in name, and the hashes of the rows that it has imported.
pub struct There {
    pub officers: HashMap<String, UserId>,
    pub known: HashSet<Vec<u8>>,
}

pub async fn there(store: &Store, grant: &Grant<ImportCases>) -> Result<There, Fault> {
    let officers: Vec<(String, UserId)> = store.under(grant, OFFICERS, args![]).await?;
    let known: Vec<(Vec<u8>,)> = store.under(grant, KNOWN, args![]).await?;
    Ok(of(officers, known))
}

/// The same within the import's own unit of work, behind whatever other import of this commune is under way.
pub async fn there_now(unit: &mut Unit, area: &AreaCode) -> Result<There, Fault> {
    unit.exactly_one("update areas set name = name where code = $1", args![&area.0]).await?;
    let officers: Vec<(String, UserId)> = unit.rows(OFFICERS, args![&area.0]).await?;
    let known: Vec<(Vec<u8>,)> = unit.rows(KNOWN, args![&area.0]).await?;
    Ok(of(officers, known))
}

fn of(officers: Vec<(String, UserId)>, known: Vec<(Vec<u8>,)>) -> There {
    There { officers: officers.into_iter().collect(), known: known.into_iter().map(|row| row.0).collect() }
}

pub async fn insert(
    unit: &mut Unit,
    area: &AreaCode,
    file_hash: &[u8],
    opened: i64,
    refused: i64,
    by: UserId,
) -> Result<ImportId, Fault> {
    let id: ImportId = unit.new_id();
    let now = unit.now();
    unit.run(
        "insert into imports (id, area_code, file_hash, opened, refused, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        args![id, &area.0, file_hash.to_vec(), opened, refused, by, now],
    )
    .await?;
    Ok(id)
}

pub async fn insert_row(
    unit: &mut Unit,
    area: &AreaCode,
    hash: &[u8],
    import: ImportId,
    case: CaseId,
) -> Result<(), Fault> {
    unit.run(
        "insert into import_rows (area_code, row_hash, import_id, case_id) values ($1, $2, $3, $4)",
        args![&area.0, hash.to_vec(), import, case],
    )
    .await?;
    Ok(())
}

const BATCH: &str = "im.id, im.area_code, a.name as area, im.opened, im.refused, im.made_at, us.name as by, im.undone_at, \
     un.name as undone_by, im.taken_back";
const BATCH_FROM: &str = "join areas a on a.code = im.area_code join users us on us.id = im.made_by \
     left join users un on un.id = im.undone_by";

/// The lists that were brought in, newest first.
pub async fn list(store: &Store, scope: &Scope<ListImports>, ask: &PageAsk) -> Result<Page<Batch>, Fault> {
    store.list(scope, BATCH).join(BATCH_FROM).page(&["im.made_at", "im.id"], Dir::Down, ask).await
}

pub async fn one<A: Act<On = Import>>(store: &Store, grant: &Grant<A>) -> Result<Option<Batch>, Fault> {
    store.one(grant, &[BATCH], &[BATCH_FROM]).await
}

/// The cases that stayed when their list was taken back, by code: names stand behind the door of the case itself.
pub async fn kept(store: &Store, grant: &Grant<SeeImport>) -> Result<Vec<Kept>, Fault> {
    store
        .under(
            grant,
            "select c.id, c.code, r.kept as why from import_rows r join cases c on c.id = r.case_id \
             where r.import_id = $1 and r.kept is not null and c.status <> 'sealed' order by c.code",
            args![],
        )
        .await
}

pub async fn cases_of(unit: &mut Unit, import: ImportId) -> Result<Vec<CaseId>, Fault> {
    let rows: Vec<(CaseId,)> =
        unit.rows("select case_id from import_rows where import_id = $1 order by case_id", args![import]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn keep(unit: &mut Unit, case: CaseId, why: &str) -> Result<(), Fault> {
    unit.exactly_one("update import_rows set kept = $2 where case_id = $1", args![case, why]).await
}

/// Notes that a list was taken back; once.
pub async fn undone(unit: &mut Unit, import: ImportId, taken_back: i64, by: UserId) -> Result<bool, Fault> {
    let now = unit.now();
    let rows = unit
        .run(
            "update imports set undone_at = $2, undone_by = $3, taken_back = $4 where id = $1 and undone_at is null",
            args![import, now, by, taken_back],
        )
        .await?;
    Ok(rows == 1)
}
