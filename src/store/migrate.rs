//! Brings the schema up to date; an older program refuses a newer schema.

use super::{Fault, db::Db};

/// Runs what is missing. A migration in the database that this program does not know refuses to start.
pub(super) async fn bring_up(db: &Db) -> Result<(), Fault> {
    db.migrate().await.map_err(|fault| match fault {
        Fault::Schema(reason) => Fault::Schema(format!(
            "{reason}. If the database was made by a newer duongve, use that version: nothing was changed"
        )),
        other => other,
    })
}
