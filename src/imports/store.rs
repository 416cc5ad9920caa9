//! SQL of imports.

use crate::{
    args,
    base::ids::{CaseId, ImportId, UserId},
    policy::{AreaCode, acts::ImportCases},
    store::{Fault, Grant, Store, Unit},
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
