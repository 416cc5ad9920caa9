//! Sealing and opening, as features see it: a [`Sealer`] for one person, `opened` for rows, marks for exact search.

use super::{
    Fault, Page, Store, Unit,
    keys::{self, Office, Place, Secret},
};
use crate::{
    args,
    base::{
        arg::Arg,
        fields::{COLUMNS, Class, Column, Whose},
        ids::{CaseId, Id, PersonId, SealingId},
        sealed::{Field, Opens, Plain},
        time::Day,
    },
};
use jiff::civil::Date;
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

/// By what a row of a table is known, where it is not by an `id` of its own.
fn row_key(table: &str) -> &'static str {
    match COLUMNS.iter().find(|column| column.table == table && column.name == "id") {
        Some(_) => "id",
        None if table == "visit_notes" => "visit_id",
        None => "case_id",
    }
}

/// Seals what belongs to one person.
#[derive(Clone)]
pub struct Sealer {
    keeper: Uuid,
    key: Arc<Secret>,
}

impl Sealer {
    /// A secret of a row, ready for its column.
    pub fn seal<F: Field>(&self, row: impl Id, value: &F::Value) -> Result<Arg, Fault> {
        let place = Place { table: F::TABLE, column: F::COLUMN, row: row.uuid() };
        keys::shut(&self.key, self.keeper, place, &value.bytes()).map(|shut| Arg::Bytes(Some(shut)))
    }

    pub fn text<F: Field<Value = String>>(&self, row: impl Id, text: &str) -> Result<Arg, Fault> {
        self.seal::<F>(row, &text.to_owned())
    }

    /// Absence is absence: only where that tells nothing.
    pub fn text_opt<F: Field<Value = String>>(&self, row: impl Id, text: Option<&str>) -> Result<Arg, Fault> {
        text.map_or(Ok(Arg::Bytes(None)), |text| self.text::<F>(row, text))
    }

    pub fn day<F: Field<Value = Day>>(&self, row: impl Id, day: Option<Date>) -> Result<Arg, Fault> {
        day.map_or(Ok(Arg::Bytes(None)), |day| self.seal::<F>(row, &Day(day)))
    }
}

/// Marks many things alike: keyed hashes, which nobody without the key can try words against.
pub struct Marks(Arc<Secret>);

impl Marks {
    pub fn of(&self, words: &[u8]) -> Vec<u8> {
        self.0.mark(words)
    }

    #[cfg(test)]
    pub fn for_tests() -> Marks {
        Marks(Arc::new(Secret::random()))
    }
}

impl Store {
    /// Opens the sealed fields of rows that were read.
    pub async fn opened<T: Opens>(&self, mut rows: T) -> Result<T, Fault> {
        self.keys().open_all(&mut rows).await?;
        Ok(rows)
    }

    /// The same for a page of a list.
    pub async fn opened_page<T: Opens>(&self, page: Page<T>) -> Result<Page<T>, Fault> {
        Ok(Page { items: self.opened(page.items).await?, next: page.next })
    }

    /// Seals what is nobody's: the outbox.
    pub fn outbox_sealer(&self) -> Result<Sealer, Fault> {
        Ok(Sealer { keeper: Office::Outbox.keeper(), key: self.keys().office(Office::Outbox)? })
    }

    /// Seals the secrets of second factors.
    pub fn factor_sealer(&self) -> Result<Sealer, Fault> {
        Ok(Sealer { keeper: Office::Factors.keeper(), key: self.keys().office(Office::Factors)? })
    }

    /// Seals words that are about no person who is helped: about an account, or about a try that opened nothing.
    pub fn note_sealer(&self) -> Result<Sealer, Fault> {
        Ok(Sealer { keeper: Office::Notes.keeper(), key: self.keys().office(Office::Notes)? })
    }

    /// By what an identity number is found.
    pub(crate) fn id_mark(&self, digits: &str) -> Result<Vec<u8>, Fault> {
        self.mark(Office::IdMarks, digits.as_bytes())
    }

    /// By what a telephone number is found.
    pub(crate) fn phone_mark(&self, phone: &str) -> Result<Vec<u8>, Fault> {
        self.mark(Office::PhoneMarks, phone.as_bytes())
    }

    /// By what a row of a list is known again.
    pub(crate) fn list_marks(&self) -> Result<Marks, Fault> {
        Ok(Marks(self.keys().office(Office::Imports)?))
    }

    /// What is mixed into passwords. It is wrapped under the root key, not made from it: a new root key leaves every
    /// password as it is.
    pub(crate) fn pepper(&self) -> Marks {
        Marks(self.keys().pepper())
    }

    /// The secret half of what checkpoints are signed with. Wrapped under the root key, like every key.
    pub(crate) fn checkpoint_secret(&self) -> Result<[u8; 32], Fault> {
        Ok(*self.keys().office(Office::Checkpoints)?.bytes())
    }

    pub(super) fn repeat_mark(&self, words: &[u8]) -> Result<Vec<u8>, Fault> {
        self.mark(Office::Repeats, words)
    }

    /// Forgets a person whose rows are gone: puts her on the list of the erased, destroys her key, and takes what was
    /// deleted out of the database's own log. Done twice it does no harm.
    pub(crate) async fn forget(&self, person: PersonId) -> Result<(), Fault> {
        if !self.forget_all(&[person]).await? {
            // Not done: the next start goes on here.
            return Ok(());
        }
        let mut tx = self.0.db.begin().await?;
        tx.run(
            "update erasures set done_at = $2 where person_id = $1 and approved_at is not null and done_at is null"
                .into(),
            args![person, self.now()],
        )
        .await?;
        tx.commit().await
    }

    /// Puts these people on the list of the erased, destroys their keys, and takes what was deleted out of the database's own
    /// log. `false`: that log could not be cut short.
    pub(crate) async fn forget_all(&self, people: &[PersonId]) -> Result<bool, Fault> {
        if people.is_empty() {
            return Ok(true);
        }
        let known: HashSet<PersonId> = self.erased()?.into_iter().collect();
        let fresh: Vec<PersonId> = people.iter().copied().filter(|person| !known.contains(person)).collect();
        keys::tombstones::add(&self.keys().tombstones, &fresh, self.now())?;
        let ids: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        self.keys().destroy(&ids).await?;
        if let Err(fault) = self.0.db.squeeze().await {
            tracing::warn!(%fault, "what was erased may still stand in the database's own log until the next start");
            return Ok(false);
        }
        Ok(true)
    }

    /// Lets go of every key that is kept in memory.
    pub fn let_keys_go(&self) {
        self.keys().let_go();
    }

    /// Everybody on the list of the erased.
    pub fn erased(&self) -> Result<Vec<PersonId>, Fault> {
        keys::tombstones::all(&self.keys().tombstones)
    }

    fn mark(&self, office: Office, words: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(self.keys().office(office)?.mark(words))
    }
}

impl Unit {
    /// A new person's id; her key is on the disk when this returns. Of people that were [expected](Self::expect_people) the
    /// next one.
    pub async fn new_person(&mut self) -> Result<PersonId, Fault> {
        if self.expected.is_empty() {
            self.expect_people(1).await?;
        }
        self.expected.pop().ok_or(Fault::Inconsistent("nobody was expected"))
    }

    /// Makes the keys of so many people at once: one wait for the disk instead of many.
    pub async fn expect_people(&mut self, count: usize) -> Result<(), Fault> {
        let fresh: Vec<PersonId> = (0..count).map(|_| self.new_id()).collect();
        let ids: Vec<Uuid> = fresh.iter().map(|id| id.uuid()).collect();
        self.store().keys().make(&ids).await?;
        self.expected.extend(fresh.into_iter().rev());
        Ok(())
    }

    /// Seals what belongs to this person.
    ///
    /// # Errors
    /// [`Fault::Moved`]: she was erased.
    pub async fn sealer(&mut self, person: PersonId) -> Result<Sealer, Fault> {
        let keeper = person.uuid();
        let ring = self.store().keys().of([keeper].into()).await?;
        let key = ring.get(&keeper).cloned().ok_or(Fault::Moved)?;
        Ok(Sealer { keeper, key })
    }

    /// Seals what belongs to the person of this case.
    pub async fn sealer_of(&mut self, case: CaseId) -> Result<Sealer, Fault> {
        let person = self.person_of(case).await?;
        self.sealer(person).await
    }

    /// Puts every secret of a case away under the key of its seal, on top of the person's own: whoever reads a row of it
    /// past every wall reads that it is gone. `but`: a table whose rows about the seal itself stay readable.
    pub(crate) async fn put_away(&mut self, case: CaseId, seal: SealingId, but: &str) -> Result<i64, Fault> {
        let key = self.seal_key(seal)?;
        self.each_secret(case, but, |place, shut| keys::shut(&key, seal.uuid(), place, shut)).await
    }

    /// Brings back what was put away.
    pub(crate) async fn bring_back(&mut self, case: CaseId, seal: SealingId, but: &str) -> Result<i64, Fault> {
        let key = self.seal_key(seal)?;
        self.each_secret(case, but, |place, shut| keys::unshut(&key, place, shut)).await
    }

    fn seal_key(&self, seal: SealingId) -> Result<Secret, Fault> {
        Ok(self.store().keys().office(Office::Seals)?.derive(&format!("duongve/seal/{seal}")))
    }

    /// Turns every sealed field of every row that hangs on a case into another; how many there were.
    async fn each_secret(
        &mut self,
        case: CaseId,
        but: &str,
        turn: impl Fn(Place, &[u8]) -> Result<Vec<u8>, Fault>,
    ) -> Result<i64, Fault> {
        let mut turned = 0;
        let hers = |column: &&Column| {
            column.class == Class::S3 && matches!(column.whose, Whose::Case(_)) && column.table != but
        };
        for column in COLUMNS.iter().filter(hers) {
            let Whose::Case(of) = column.whose else { continue };
            let (table, name, row) = (column.table, column.name, row_key(column.table));
            let sql =
                format!("select {row}, {name} from {table} where {of} = $1 and {name} is not null order by {row}");
            let found: Vec<(Uuid, Vec<u8>)> = self.rows(sql, args![case]).await?;
            for (id, shut) in found {
                let other = turn(Place { table, column: name, row: id }, &shut)?;
                self.exactly_one(format!("update {table} set {name} = $2 where {row} = $1"), args![id, other]).await?;
                turned += 1;
            }
        }
        Ok(turned)
    }

    /// Whose case it is.
    pub async fn person_of(&mut self, case: CaseId) -> Result<PersonId, Fault> {
        if let Some((_, person)) = self.person.filter(|(of, _)| *of == case) {
            return Ok(person);
        }
        let row: Option<(PersonId,)> = self.row("select person_id from cases where id = $1", args![case]).await?;
        let person = row.ok_or(Fault::Moved)?.0;
        self.person = Some((case, person));
        Ok(person)
    }

    /// Opens the sealed fields of rows that were read within this unit.
    pub async fn opened<T: Opens>(&mut self, rows: T) -> Result<T, Fault> {
        self.store().opened(rows).await
    }
}
