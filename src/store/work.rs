//! A unit of work: what a verb may do to the database under its grant, until it is committed as a whole.

use super::{
    Fault, Grant, Row, Scope, Store,
    chain::{Entry, Hasher, Head},
    db::{Sql, Tx},
};
use crate::{
    base::{
        arg::Arg,
        ids::{CaseId, Id, PersonId, TrailId, UserId},
        time::At,
    },
    policy::{Act, Subject, subjects},
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
    /// The case that the record hangs on, for the trail.
    case: Option<CaseId>,
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

    /// Puts a row at the end of the trail: in its place in the chain, or (PostgreSQL) where the sequencer finds it.
    pub(super) async fn note(&mut self, note: Note<'_>) -> Result<(), Fault> {
        let id: TrailId = self.new_id();
        let (at, request) = (self.now, super::request_number().unwrap_or_default());
        let mut args = crate::args![
            id,
            at,
            note.user,
            note.actor,
            note.session,
            note.act,
            note.subject.0,
            note.subject.1,
            note.case,
            note.purpose,
            note.outcome,
            note.detail,
            note.policy_version,
            request.as_str(),
        ];
        const INTO: &str = "insert into audit (id, at, user_id, actor, session, act, subject, subject_id, case_id, purpose, \
             outcome, detail, policy_version, request";
        const PLACES: &str = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14";
        let Some(end) = self.tx.end_of_chain().await? else {
            self.tx.run(format!("{INTO}) values ({PLACES})").into(), args).await?;
            return Ok(());
        };
        let (own, user, case) = (id.uuid(), note.user.map(Id::uuid), note.case.map(Id::uuid));
        let entry = Entry {
            id: own.as_bytes(),
            at: at.micros(),
            user: user.as_ref().map(|id| id.as_bytes().as_slice()),
            actor: note.actor.as_bytes(),
            session: note.session.as_bytes(),
            act: note.act.as_bytes(),
            subject: note.subject.0.as_bytes(),
            subject_id: note.subject.1.as_bytes(),
            case: case.as_ref().map(|id| id.as_bytes().as_slice()),
            purpose: note.purpose.as_bytes(),
            outcome: note.outcome.as_bytes(),
            detail: note.detail.as_bytes(),
            policy_version: note.policy_version,
            request: request.as_bytes(),
        };
        let seq = end.seq + 1;
        let hash = Hasher::default().hash(&end.hash, seq, &entry);
        args.extend(crate::args![seq, end.hash.to_vec(), hash.to_vec()]);
        self.tx.run(format!("{INTO}, seq, prev, hash) values ({PLACES}, $15, $16, $17)").into(), args).await?;
        self.tx.chained(Head { seq, hash });
        Ok(())
    }

    pub(super) async fn audit_grant<A: Act>(
        &mut self,
        grant: &Grant<A>,
        case: Option<CaseId>,
        outcome: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let (id, actor) = (grant.id().to_string(), grant.actor());
        let of_itself = if A::On::NAME == "case" { id.parse().ok() } else { None };
        let title = actor.title();
        self.note(Note {
            user: actor.user(),
            actor: &title,
            session: actor.session(),
            act: A::NAME,
            subject: (A::On::NAME, &id),
            case: case.or(of_itself),
            purpose: grant.ground(),
            outcome,
            detail,
            policy_version: grant.policy().version,
        })
        .await
    }

    /// What somebody did to her own account.
    pub(super) async fn audit_own(
        &mut self,
        user: UserId,
        session: &str,
        act: &'static str,
        detail: &str,
        version: i64,
    ) -> Result<(), Fault> {
        let id = user.to_string();
        self.note(Note {
            user: Some(user),
            actor: "self",
            session,
            act,
            subject: ("staff", &id),
            case: None,
            purpose: "own",
            outcome: "done",
            detail,
            policy_version: version,
        })
        .await
    }

    pub(super) async fn audit_scope<A: Act>(
        &mut self,
        scope: &Scope<A>,
        outcome: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let (actor, purpose) = (scope.actor(), scope.ground());
        let title = actor.title();
        self.note(Note {
            user: actor.user(),
            actor: &title,
            session: actor.session(),
            act: A::NAME,
            subject: (A::On::NAME, ""),
            case: None,
            purpose: &purpose,
            outcome,
            detail,
            policy_version: scope.policy().version,
        })
        .await
    }
}

/// A row of the trail before it has its place.
pub(super) struct Note<'a> {
    pub user: Option<UserId>,
    pub actor: &'a str,
    pub session: &'a str,
    pub act: &'a str,
    pub subject: (&'a str, &'a str),
    pub case: Option<CaseId>,
    pub purpose: &'a str,
    pub outcome: &'a str,
    pub detail: &'a str,
    pub policy_version: i64,
}

impl<A: Act> Work<A> {
    pub(super) fn new(unit: Unit, grant: Grant<A>, case: Option<CaseId>) -> Work<A> {
        Work { unit, grant, case }
    }

    /// Says in the trail which case it is about, where the record of the grant is none: one that was just opened.
    pub fn about(&mut self, case: CaseId) {
        self.case = Some(case);
    }

    pub fn grant(&self) -> &Grant<A> {
        &self.grant
    }

    /// The record of the grant.
    pub fn id(&self) -> <A::On as Subject>::Id {
        self.grant.id()
    }

    /// Who does it. Jobs have no user and hold no act that asks for one.
    pub fn by(&self) -> Result<UserId, Fault> {
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
        self.unit.audit_grant(&self.grant, self.case, "done", &detail).await?;
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
