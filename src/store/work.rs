//! A unit of work: what a verb may do to the database under its grant, until it is committed as a whole.

use super::{
    Fault, Grant, Row, Scope, Store,
    db::{Sql, Tx},
};
use crate::{
    base::{
        arg::Arg,
        ids::{CaseId, Id, PersonId, TrailId},
        time::At,
    },
    policy::{Act, Actor, Subject, subjects},
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::ops::{Deref, DerefMut};
use uuid::Uuid;

/// The database within one unit of work. Had only through a [`Work`] or a [`Sweep`].
pub struct Unit {
    store: Store,
    tx: Tx,
    now: At,
    detail: Option<String>,
    /// People whose keys were made before they are written.
    pub(super) expected: Vec<PersonId>,
    /// The last case that was asked about, and whose it is.
    pub(super) person: Option<(CaseId, PersonId)>,
}

/// A unit of work on the record of a grant.
pub struct Work<A: Act> {
    unit: Unit,
    grant: Grant<A>,
}

/// A unit of work on a list: what a job does.
pub struct Sweep<A: Act> {
    unit: Unit,
    scope: Scope<A>,
}

/// What a sender gave so that the same request is not done twice.
#[derive(Clone, Debug)]
pub struct Key {
    key: Uuid,
    route: &'static str,
    hash: Vec<u8>,
}

impl Key {
    pub fn new(key: Uuid, route: &'static str, body: &[u8]) -> Key {
        Key { key, route, hash: Sha256::digest(body).to_vec() }
    }
}

impl Unit {
    pub(super) fn new(store: Store, tx: Tx) -> Unit {
        let now = store.now();
        Unit { store, tx, now, detail: None, expected: Vec::new(), person: None }
    }

    pub(super) fn into_tx(self) -> Tx {
        self.tx
    }

    /// One instant for the whole unit.
    pub fn now(&self) -> At {
        self.now
    }

    pub fn today(&self) -> Date {
        self.now.day()
    }

    /// A new id of any kind; a timed one sorts after those made earlier.
    pub fn new_id<I: Id>(&mut self) -> I {
        if !I::TIMED {
            let mut random = [0_u8; 16];
            self.store.dice(&mut random);
            return I::from_uuid(uuid::Builder::from_random_bytes(random).into_uuid());
        }
        let mut random = [0_u8; 10];
        self.store.dice(&mut random);
        let millis = u64::try_from(self.now.micros() / 1000).unwrap_or(0);
        // The first 12 random bits count (RFC 9562, 6.2): what was made later in one instant sorts later.
        random[..2].copy_from_slice(&self.store.count_in(millis).to_be_bytes());
        I::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The store, for what it keeps on its shelf.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Random bytes for codes.
    pub fn dice(&self, bytes: &mut [u8]) {
        self.store.dice(bytes);
    }

    /// What the audit line says beside act and record. Ids, words and counts only: never a name or a note.
    pub fn detail(&mut self, detail: String) {
        self.detail = Some(detail);
    }

    /// Inserts and changes of what hangs on the record; how many rows were touched.
    pub async fn run(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<u64, Fault> {
        self.tx.run(sql.into(), args).await
    }

    pub async fn rows<T: Row>(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<T>, Fault> {
        self.tx.all(sql.into(), args).await
    }

    pub async fn row<T: Row>(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<T>, Fault> {
        self.tx.maybe(sql.into(), args).await
    }

    /// ` for update skip locked` where the database knows it.
    pub fn skip_locked(&self) -> &'static str {
        self.tx.skip_locked()
    }

    /// Locks a record until the unit ends, as a verb on it would: what a job does to one of many.
    pub async fn lock<S: Subject>(&mut self, id: &S::Id) -> Result<(), Fault> {
        match S::LOCK {
            Some(sql) => self.tx.lock(sql, subjects::Key::arg(id)).await,
            None => Ok(()),
        }
    }

    /// Changes exactly one row, or fails.
    pub async fn exactly_one(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<(), Fault> {
        match self.tx.run(sql.into(), args).await? {
            1 => Ok(()),
            _ => Err(Fault::Moved),
        }
    }

    async fn audit(
        &mut self,
        actor: &Actor,
        version: i64,
        act: &'static str,
        subject: (&'static str, &str),
        outcome: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let id: TrailId = self.new_id();
        let (now, title) = (self.now, actor.title());
        self.tx
            .run(
                "insert into audit (id, at, user_id, actor, act, subject, subject_id, outcome, detail, policy_version) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                    .into(),
                crate::args![id, now, actor.user(), title, act, subject.0, subject.1, outcome, detail, version],
            )
            .await?;
        Ok(())
    }

    pub(super) async fn audit_grant<A: Act>(
        &mut self,
        grant: &Grant<A>,
        outcome: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let id = grant.id().to_string();
        self.audit(grant.actor(), grant.policy().version, A::NAME, (A::On::NAME, &id), outcome, detail).await
    }

    /// What somebody did to her own account.
    pub(super) async fn audit_own(
        &mut self,
        user: crate::base::ids::UserId,
        act: &'static str,
        detail: &str,
        version: i64,
    ) -> Result<(), Fault> {
        let id: TrailId = self.new_id();
        let now = self.now;
        self.tx
            .run(
                "insert into audit (id, at, user_id, actor, act, subject, subject_id, outcome, detail, policy_version) \
                 values ($1, $2, $3, 'self', $4, 'staff', $5, 'done', $6, $7)"
                    .into(),
                crate::args![id, now, user, act, user.to_string(), detail, version],
            )
            .await?;
        Ok(())
    }

    pub(super) async fn audit_scope<A: Act>(
        &mut self,
        scope: &Scope<A>,
        outcome: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        self.audit(scope.actor(), scope.policy().version, A::NAME, (A::On::NAME, ""), outcome, detail).await
    }
}

impl<A: Act> Work<A> {
    pub(super) fn new(unit: Unit, grant: Grant<A>) -> Work<A> {
        Work { unit, grant }
    }

    pub fn grant(&self) -> &Grant<A> {
        &self.grant
    }

    /// The record of the grant.
    pub fn id(&self) -> <A::On as Subject>::Id {
        self.grant.id()
    }

    /// Who does it. Jobs have no user and hold no act that asks for one.
    pub fn by(&self) -> Result<crate::base::ids::UserId, Fault> {
        self.grant.actor().user().ok_or(Fault::Inconsistent("a job has no user"))
    }

    /// Refuses if the record has changed since the sender read it. `None`: the sender did not say.
    pub async fn expect_version(&mut self, version: Option<i64>) -> Result<(), Fault> {
        let Some(version) = version else { return Ok(()) };
        let sql = format!("select version from {} where id = $1", A::On::TABLE);
        let row: Option<(i64,)> = self.unit.row(sql, vec![subjects::Key::arg(&self.grant.id())]).await?;
        if row.is_some_and(|row| row.0 == version) { Ok(()) } else { Err(Fault::Stale) }
    }

    /// Changes the record of the grant itself, exactly one row; `?` in `columns` stands for the next value.
    pub async fn set(&mut self, columns: &'static str, args: Vec<Arg>) -> Result<(), Fault> {
        let mut statement = super::statement::Statement::new(self.unit.now());
        statement.push(&format!("update {} set ", A::On::TABLE));
        statement.push_args(columns, args);
        statement.push(", version = version + 1");
        statement.push_args(" where id = ?", vec![subjects::Key::arg(&self.grant.id())]);
        self.unit.exactly_one(statement.sql(), statement.args()).await
    }

    /// Takes the sender's key. `Some(id)`: this very request was done before, and made that record.
    pub async fn take_key(&mut self, key: Option<&Key>) -> Result<Option<Uuid>, Fault> {
        let (Some(key), Some(user)) = (key, self.grant.actor().user()) else { return Ok(None) };
        let (now, hash) = (self.unit.now, self.unit.store.repeat_mark(&key.hash)?);
        let fresh = self
            .unit
            .run(
                "insert into idempotency (user_id, key, route, hash, new_id, at) values ($1, $2, $3, $4, null, $5) on conflict do nothing",
                crate::args![user, key.key, key.route, hash.clone(), now],
            )
            .await?;
        if fresh == 1 {
            return Ok(None);
        }
        let row: Option<(String, Vec<u8>, Option<Uuid>)> = self
            .unit
            .row(
                "select route, hash, new_id from idempotency where user_id = $1 and key = $2",
                crate::args![user, key.key],
            )
            .await?;
        match row {
            Some((route, kept, Some(id))) if route == key.route && kept == hash => Ok(Some(id)),
            _ => Err(Fault::KeyReused),
        }
    }

    /// Says what the request made, so that the same key gives it again.
    pub async fn keep_key(&mut self, key: Option<&Key>, id: impl Id) -> Result<(), Fault> {
        if let (Some(key), Some(user)) = (key, self.grant.actor().user()) {
            self.unit
                .exactly_one(
                    "update idempotency set new_id = $1 where user_id = $2 and key = $3",
                    crate::args![id.uuid(), user, key.key],
                )
                .await?;
        }
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<(), Fault> {
        let detail = self.unit.detail.take().unwrap_or_default();
        self.unit.audit_grant(&self.grant, "done", &detail).await?;
        self.unit.tx.commit().await
    }

    pub(super) async fn undo(self) -> Result<(), Fault> {
        self.unit.tx.rollback().await
    }
}

impl<A: Act> Sweep<A> {
    pub(super) fn new(unit: Unit, scope: Scope<A>) -> Sweep<A> {
        Sweep { unit, scope }
    }

    pub fn scope(&self) -> &Scope<A> {
        &self.scope
    }

    /// Writes an audit line only if the job said what it did: an idle wake-up leaves none.
    pub(super) async fn finish(mut self) -> Result<(), Fault> {
        if let Some(detail) = self.unit.detail.take() {
            self.unit.audit_scope(&self.scope, "done", &detail).await?;
        }
        self.unit.tx.commit().await
    }

    pub(super) async fn undo(self) -> Result<(), Fault> {
        self.unit.tx.rollback().await
    }
}

impl<A: Act> Deref for Work<A> {
    type Target = Unit;
    fn deref(&self) -> &Unit {
        &self.unit
    }
}

impl<A: Act> DerefMut for Work<A> {
    fn deref_mut(&mut self) -> &mut Unit {
        &mut self.unit
    }
}

impl<A: Act> Deref for Sweep<A> {
    type Target = Unit;
    fn deref(&self) -> &Unit {
        &self.unit
    }
}

impl<A: Act> DerefMut for Sweep<A> {
    fn deref_mut(&mut self) -> &mut Unit {
        &mut self.unit
    }
}
