//! Accounts at the door: who has which session. A session is known by the SHA-256 of its token.

use super::{Fault, Grant, Scope, StandingRow, Store, gate, statement::Statement};
use crate::{
    base::{arg::Arg, ids::UserId, time::At},
    policy::{Act, Actor, Near, Subject, actor::Account, acts::ListFollowUps},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Ends after so many seconds without a request.
const IDLE_SECONDS: i64 = 30 * 60;
/// Ends after so many seconds in any case.
const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;
/// A calendar's address is good for a year.
const CALENDAR_SECONDS: i64 = 365 * 24 * 60 * 60;
/// The last use is written down at most this often.
const TOUCH_SECONDS: i64 = 60;
/// A grave act asks for a proof that is not older than so many seconds.
const FRESH_SECONDS: i64 = 10 * 60;

pub(super) const ACCOUNT: &str = "select su.id as user_id, su.username, su.name, su.role, su.area_code, sa.name as area_name, \
     su.organisation_id, su.lang from users su join areas sa on sa.code = su.area_code where su.id = $1 and su.disabled_at is null";

/// How the trail calls a sign-in, good or failed.
pub(super) const SIGN_IN: &str = "session.start";

/// How a session is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SessionKind {
    Cookie,
    Bearer,
    /// The address of one's calendar feed. It opens nothing else.
    Calendar,
}

impl SessionKind {
    const fn word(self) -> &'static str {
        match self {
            SessionKind::Cookie => "cookie",
            SessionKind::Bearer => "bearer",
            SessionKind::Calendar => "calendar",
        }
    }

    /// Ends after so many seconds in any case.
    const fn lasts(self) -> i64 {
        match self {
            SessionKind::Cookie | SessionKind::Bearer => ABSOLUTE_SECONDS,
            SessionKind::Calendar => CALENDAR_SECONDS,
        }
    }

    /// Ends after so many seconds without a request.
    const fn idles(self) -> i64 {
        match self {
            SessionKind::Cookie | SessionKind::Bearer => IDLE_SECONDS,
            SessionKind::Calendar => CALENDAR_SECONDS,
        }
    }
}

/// What sign-in needs to know of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignIn {
    pub id: UserId,
    pub password: String,
    pub must_change: bool,
    pub demo: bool,
    pub disabled_at: Option<At>,
}

/// A session that was just made. The token is told once.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub token: String,
    pub expires_at: At,
}

/// Who stands at the door.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub actor: Arc<Actor>,
    /// The first password is still in use: nothing but changing it.
    pub must_change: bool,
    pub demo: bool,
    /// When she last proved who she is, in this session.
    pub proved_at: At,
}

impl Visitor {
    /// Has she proved who she is so lately that a grave act need not ask again?
    pub fn is_fresh(&self, now: At) -> bool {
        now.seconds_since(self.proved_at) <= FRESH_SECONDS
    }
}

#[derive(sqlx::FromRow)]
struct Entry {
    #[sqlx(flatten)]
    account: Account,
    must_change: bool,
    demo: bool,
    seen_at: At,
    proved_at: At,
    policy_version: i64,
}

#[derive(sqlx::FromRow)]
struct EntryWithRecord {
    #[sqlx(flatten)]
    entry: Entry,
    found: bool,
    #[sqlx(flatten)]
    standing: StandingRow,
}

const ENTRY: &str = "select su.id as user_id, su.username, su.name, su.role, su.area_code, sa.name as area_name, su.organisation_id, su.lang, \
     su.must_change, su.demo, ss.seen_at, ss.proved_at, po.version as policy_version";
const ENTRY_FROM: &str = " from sessions ss join users su on su.id = ss.user_id join areas sa on sa.code = su.area_code join policy po on po.id = 1";
const ENTRY_WHERE: &str = " where ss.token = ? and ss.kind = ? and ss.ended_at is null and ss.expires_at > ? \
     and ss.seen_at > ? and su.disabled_at is null";

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Which session it is, in the trail: the beginning of what the token is known by. No token can be made of it.
fn fingerprint(token: &str) -> String {
    hash(token).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// 256 bits, always from the system, also in the demo: a token must not be guessable.
fn new_token() -> String {
    use base64::Engine;
    let bytes: [u8; 32] = rand::random();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

impl Store {
    /// The account behind a sign-in name.
    pub async fn sign_in_account(&self, username: &str) -> Result<Option<SignIn>, Fault> {
        self.0
            .db
            .maybe(
                "select id, password, must_change, demo, disabled_at from users where username = $1".into(),
                crate::args![username],
            )
            .await
    }

    /// Makes a session. The caller has checked the password.
    pub async fn start_session(&self, user: UserId, kind: SessionKind) -> Result<NewSession, Fault> {
        let mut unit = super::Unit::new(self.clone(), self.0.db.begin().await?);
        let session = new_session(&mut unit, user, kind).await?;
        unit.audit_own(user, &fingerprint(&session.token), SIGN_IN, "done", self.in_force().version).await?;
        unit.into_tx().commit().await?;
        Ok(session)
    }

    /// The holder has proved again who she is: a new token for the same session, `None` if it has ended meanwhile.
    pub async fn prove_again(&self, token: &str) -> Result<Option<String>, Fault> {
        let fresh = new_token();
        let now = self.now();
        let mut tx = self.0.db.begin().await?;
        let changed = tx
            .run(
                "update sessions set token = $1, proved_at = $2, seen_at = $2 where token = $3 and ended_at is null"
                    .into(),
                crate::args![hash(&fresh), now, hash(token)],
            )
            .await?;
        tx.commit().await?;
        Ok((changed == 1).then_some(fresh))
    }

    /// Ends a session; an unknown one is no error.
    pub async fn end_session(&self, token: &str) -> Result<(), Fault> {
        let mut tx = self.0.db.begin().await?;
        tx.run(
            "update sessions set ended_at = $1 where token = $2 and ended_at is null".into(),
            crate::args![self.now(), hash(token)],
        )
        .await?;
        tx.commit().await
    }

    /// Who had this session, also if it has ended: a form that was being typed is kept for the same person.
    pub async fn session_user(&self, token: &str) -> Result<Option<UserId>, Fault> {
        let row: Option<(UserId,)> =
            self.0.db.maybe("select user_id from sessions where token = $1".into(), crate::args![hash(token)]).await?;
        Ok(row.map(|row| row.0))
    }

    /// Who holds this session, if it is live. One statement.
    pub async fn enter(&self, token: &str, kind: SessionKind) -> Result<Option<Visitor>, Fault> {
        let mut statement = Statement::new(self.today());
        statement.push(ENTRY);
        statement.push(ENTRY_FROM);
        statement.push_args(ENTRY_WHERE, self.entry_args(token, kind));
        let entry: Option<Entry> = self.0.db.maybe(statement.sql(), statement.args()).await?;
        let Some(entry) = entry else { return Ok(None) };
        Ok(Some(self.admit(entry, token).await?))
    }

    /// Who holds this session, and may she do `A` to this record: session, policy version and standing in one statement.
    pub async fn enter_for<A: Act>(
        &self,
        token: &str,
        kind: SessionKind,
        id: <A::On as Subject>::Id,
    ) -> Result<Option<(Visitor, Result<Grant<A>, Fault>)>, Fault> {
        let mut statement = Statement::new(self.today());
        statement.push(ENTRY);
        statement.push(", (");
        statement.push(A::On::KEY);
        statement.push(" is not null) as found");
        for (near, name) in
            [(Near::Own, "own"), (Near::Shared, "shared"), (Near::Office, "office"), (Near::Area, "area")]
        {
            statement.push(", (");
            statement.push_for_session(gate::condition::<A::On>(near));
            statement.push(&format!(") is true as {name}"));
        }
        statement.push(ENTRY_FROM);
        // One table must stand without brackets, a join within them.
        let from = A::On::FROM;
        let from = if from.contains(" join ") { format!("({from})") } else { from.to_owned() };
        statement.push(&format!(" left join {from} on {}", A::On::KEY));
        statement.push_args(" = ?", vec![crate::policy::subjects::Key::arg(&id)]);
        statement.push_args(ENTRY_WHERE, self.entry_args(token, kind));
        let row: Option<EntryWithRecord> = self.0.db.maybe(statement.sql(), statement.args()).await?;
        let Some(row) = row else { return Ok(None) };
        let visitor = self.admit(row.entry, token).await?;
        let standing = row.found.then(|| row.standing.standing());
        let grant = gate::decide::<A>(&visitor.actor, id.clone(), standing, self.in_force()).map_err(Fault::from);
        if grant.is_err() && row.found {
            self.note_refusal::<A>(&visitor.actor, Some(&id));
        }
        Ok(Some((visitor, grant)))
    }

    /// The wall of a list for whoever stands at the door.
    pub fn enter_list<A: Act>(&self, visitor: &Visitor) -> Result<Scope<A>, Fault> {
        let scope = self.scope::<A>(&visitor.actor);
        if scope.is_err() {
            self.note_refusal::<A>(&visitor.actor, None);
        }
        scope
    }

    fn entry_args(&self, token: &str, kind: SessionKind) -> Vec<Arg> {
        let now = self.now();
        crate::args![hash(token), kind.word(), now, now.plus(-kind.idles())]
    }

    async fn admit(&self, entry: Entry, token: &str) -> Result<Visitor, Fault> {
        self.catch_up(entry.policy_version).await?;
        let now = self.now();
        if now.seconds_since(entry.seen_at) >= TOUCH_SECONDS {
            let mut tx = self.0.db.begin().await?;
            tx.run("update sessions set seen_at = $1 where token = $2".into(), crate::args![now, hash(token)]).await?;
            tx.commit().await?;
        }
        Ok(Visitor {
            actor: Arc::new(Actor::signed_in(entry.account).within(fingerprint(token))),
            must_change: entry.must_change,
            demo: entry.demo,
            proved_at: entry.proved_at,
        })
    }
}

/// Puts a new session into the unit of work.
async fn new_session(unit: &mut super::Unit, user: UserId, kind: SessionKind) -> Result<NewSession, Fault> {
    let token = new_token();
    let now = unit.now();
    let expires_at = now.plus(kind.lasts());
    unit.run(
        "insert into sessions (token, user_id, kind, created_at, seen_at, proved_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        crate::args![hash(&token), user, kind.word(), now, now, now, expires_at],
    )
    .await?;
    Ok(NewSession { token, expires_at })
}

// What one may always do to one's own account: signed-in people, no act of the policy.
impl Store {
    /// A new password of one's own; every session of the account ends. Audited without the password.
    pub(crate) async fn set_own_password(&self, user: UserId, hash: &str) -> Result<(), Fault> {
        let now = self.now();
        let mut unit = super::Unit::new(self.clone(), self.0.db.begin().await?);
        unit.exactly_one(
            "update users set password = $2, must_change = $3, version = version + 1 where id = $1",
            crate::args![user, hash, false],
        )
        .await?;
        unit.run("update sessions set ended_at = $2 where user_id = $1 and ended_at is null", crate::args![user, now])
            .await?;
        unit.audit_own(user, "", "password.change", "done", self.in_force().version).await?;
        unit.into_tx().commit().await
    }

    /// A new address for one's own calendar; the one before works no more. Audited without the address.
    pub(crate) async fn start_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<NewSession, Fault> {
        let (mut unit, user) = self.without_calendar(scope).await?;
        let session = new_session(&mut unit, user, SessionKind::Calendar).await?;
        unit.audit_own(user, "", "calendar.start", "done", self.in_force().version).await?;
        unit.into_tx().commit().await?;
        Ok(session)
    }

    /// One's own calendar has no address any more; it is no error if it had none.
    pub(crate) async fn end_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<(), Fault> {
        let (mut unit, user) = self.without_calendar(scope).await?;
        unit.audit_own(user, "", "calendar.end", "done", self.in_force().version).await?;
        unit.into_tx().commit().await
    }

    async fn without_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<(super::Unit, UserId), Fault> {
        let user = scope.actor().user().ok_or(Fault::Inconsistent("a job has no calendar"))?;
        let mut unit = super::Unit::new(self.clone(), self.0.db.begin().await?);
        let now = unit.now();
        unit.run(
            "update sessions set ended_at = $2 where user_id = $1 and kind = $3 and ended_at is null",
            crate::args![user, now, SessionKind::Calendar.word()],
        )
        .await?;
        Ok((unit, user))
    }

    /// Since when one's own calendar has an address, when it was last fetched, and until when it works.
    pub(crate) async fn calendar(&self, scope: &Scope<ListFollowUps>) -> Result<Option<(At, At, At)>, Fault> {
        let now = self.now();
        self.0
            .db
            .maybe(
                "select created_at, seen_at, expires_at from sessions \
                 where user_id = $1 and kind = $2 and ended_at is null and expires_at > $3"
                    .into(),
                crate::args![scope.actor().user(), SessionKind::Calendar.word(), now],
            )
            .await
    }

    /// The language of one's own pages.
    pub(crate) async fn set_own_language(&self, user: UserId, lang: crate::base::lang::Lang) -> Result<(), Fault> {
        let mut tx = self.0.db.begin().await?;
        tx.run("update users set lang = $2 where id = $1".into(), crate::args![user, lang.as_str()]).await?;
        tx.commit().await
    }
}
