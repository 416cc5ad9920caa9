//! Do secrets open? A copy of the database is worth nothing without the keys that belong to it.

use super::{Fault, Store};
use crate::{
    args,
    base::{
        fields::{ContactAddress, LegalSource, ReleasedOn, VisitNote},
        ids::{CaseId, VisitId},
        sealed::Sealed,
    },
};

/// So many of each kind are tried.
const TRIED: i64 = 50;

impl Store {
    /// Opens some sealed fields of live cases, the newest first; how many. A field that was changed, moved, or shut under a
    /// key that is not here is an error.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`]: one does not open.
    pub async fn try_secrets(&self) -> Result<usize, Fault> {
        let addresses: Vec<(CaseId, Sealed<ContactAddress>)> = self
            .sealed("select t.case_id, t.address from contacts t join cases c on c.id = t.case_id where t.address is not null and c.status <> 'sealed' order by t.changed_at desc, t.case_id limit $1")
            .await?;
        let sources: Vec<(CaseId, Sealed<LegalSource>)> = self
            .sealed("select t.case_id, t.source from legals t join cases c on c.id = t.case_id where t.source is not null and c.status <> 'sealed' order by t.changed_at desc, t.case_id limit $1")
            .await?;
        let releases: Vec<(CaseId, Sealed<ReleasedOn>)> = self
            .sealed("select t.case_id, t.released_on from legals t join cases c on c.id = t.case_id where t.released_on is not null and c.status <> 'sealed' order by t.changed_at desc, t.case_id limit $1")
            .await?;
        let notes: Vec<(VisitId, Sealed<VisitNote>)> = self
            .sealed("select t.visit_id, t.note from visit_notes t join cases c on c.id = t.case_id where t.note is not null and c.status <> 'sealed' order by t.visit_id desc limit $1")
            .await?;
        let gone = addresses.iter().any(|row| row.1.is_erased())
            || sources.iter().any(|row| row.1.is_erased())
            || releases.iter().any(|row| row.1.is_erased())
            || notes.iter().any(|row| row.1.is_erased());
        if gone {
            return Err(Fault::Inconsistent("a secret whose key is not in the keyring"));
        }
        Ok(addresses.len() + sources.len() + releases.len() + notes.len())
    }

    async fn sealed<T: super::Row>(&self, sql: &'static str) -> Result<Vec<T>, Fault>
    where
        Vec<T>: crate::base::sealed::Opens,
    {
        let rows: Vec<T> = self.0.db.all(sql.into(), args![TRIED]).await?;
        self.opened(rows).await
    }
}
