//! Accounts at the door: who has which session. A session is known by the SHA-256 of its token.

use super::{Fault, Grant, Scope, StandingRow, Store, Unit, gate, statement::Statement};
use crate::{
    base::{
        arg::Arg,
        ids::{Id, SessionId, UserId},
        time::At,
    },
    policy::{Act, Actor, Subject, actor::Account, acts::ListFollowUps},
};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, sync::Arc};

/// Ends after so many seconds in any case.
const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;
/// A calendar's address is good for a year.
const CALENDAR_SECONDS: i64 = 365 * 24 * 60 * 60;
/// Between password and second factor, no longer than so many seconds.
const HALF_SECONDS: i64 = 10 * 60;
/// The last use is written down at most this often.
const TOUCH_SECONDS: i64 = 60;
/// A grave act asks for a proof that is not older than so many seconds.
const FRESH_SECONDS: i64 = 10 * 60;
/// So many sessions of one account at once; the one unused for longest gives way.
pub const MOST_SESSIONS: i64 = 5;

pub(super) const ACCOUNT: &str = "select su.id as user_id, su.username, su.name, su.role, su.area_code, sa.name as area_name, \
     su.organisation_id, su.lang from users su join areas sa on sa.code = su.area_code where su.id = $1 and su.disabled_at is null";

/// How the trail calls a sign-in, good or failed.
pub(super) const SIGN_IN: &str = "sign_in";

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
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Stage {
    /// Signed in.
    Whole,
    /// The password was right; the second factor is still to be given.
    Code,
    /// The password was right; a second factor must be set up first.
    Enrol,
}

impl Stage {
    const fn as_str(self) -> &'static str {
        match self {
            Stage::Whole => "whole",
            Stage::Code => "code",
            Stage::Enrol => "enrol",
        }
    }
}

/// From where somebody comes: the address, and what the browser calls itself.
#[derive(Clone, Debug)]
pub struct Origin {
    pub address: IpAddr,
    pub agent: String,
}

impl Origin {
    /// The machine itself: the command line.
    pub fn here() -> Origin {
        Origin { address: IpAddr::from([127, 0, 0, 1]), agent: "duongve".to_owned() }
    }
}

/// What sign-in needs to know of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignIn {
    pub id: UserId,
    pub username: String,
    pub role: crate::policy::Role,
    pub password: String,
    pub must_change: bool,
    pub demo: bool,
    pub email: Option<String>,
    pub password_at: At,
    pub disabled_at: Option<At>,
}

/// A session to be made.
#[derive(Clone, Debug)]
pub struct Start {
    pub user: UserId,
    pub kind: SessionKind,
    pub stage: Stage,
    /// Was a second factor given?
    pub factor: bool,
    pub origin: Origin,
}

/// A session that was just made. The token is told once.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub token: String,
    pub expires_at: At,
    pub stage: Stage,
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
    /// Has she given a second factor in this session?
    pub factor: bool,
    pub session: SessionId,
}

impl Visitor {
    /// Has she proved who she is so lately that a grave act need not ask again?
    pub fn is_fresh(&self, now: At) -> bool {
        now.seconds_since(self.proved_at) <= FRESH_SECONDS
    }
}

/// Whoever has given the right password, and nothing more yet: may do nothing but go on signing in.
#[derive(Clone, Debug)]
pub struct Half {
    pub visitor: Visitor,
    pub stage: Stage,
}

#[derive(sqlx::FromRow)]
struct Entry {
    #[sqlx(flatten)]
    account: Account,
    must_change: bool,
    demo: bool,
    seen_at: At,
    proved_at: At,
    factor: bool,
    session_id: SessionId,
    stage: Stage,
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
     su.must_change, su.demo, ss.seen_at, ss.proved_at, ss.factor, ss.id as session_id, ss.stage, po.version as policy_version";
const ENTRY_FROM: &str = " from sessions ss join users su on su.id = ss.user_id join areas sa on sa.code = su.area_code join policy po on po.id = 1";
const ENTRY_WHERE: &str = " where ss.token = ? and ss.kind = ? and ss.ended_at is null and ss.expires_at > ? \
     and ss.seen_at > ? and su.disabled_at is null";
const WHOLE: &str = " and ss.stage = 'whole'";
const HALF: &str = " and ss.stage <> 'whole'";

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// 256 bits, always from the system, also in the demo: a token must not be guessable.
pub(crate) fn new_token() -> String {
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
                "select id, username, role, password, must_change, demo, email, password_at, disabled_at from users where username = $1"
                    .into(),
                crate::args![username],
            )
            .await
    }

    /// A unit of work of somebody who signs in or sees to her own account: nobody has a grant for that yet. Called in
    /// `staff/` only (`tests/it/rooms.rs` looks).
    pub(crate) async fn at_the_door<T, E: From<Fault>>(
        &self,
        job: impl AsyncFnOnce(&mut Unit) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut unit = Unit::new(self.clone(), self.0.db.begin().await?);
        match job(&mut unit).await {
            Ok(result) => {
                unit.into_tx().commit().await?;
                Ok(result)
            }
            Err(error) => {
                unit.into_tx().rollback().await?;
                Err(error)
            }
        }
    }

    /// Makes a session. The caller has checked what `start` says.
    pub async fn start_session(&self, start: &Start) -> Result<NewSession, Fault> {
        self.at_the_door(async |unit| unit.start_session(start).await).await
    }

    /// Ends a session; an unknown one is no error.
    pub async fn end_session(&self, token: &str) -> Result<(), Fault> {
        let now = self.now();
        self.at_the_door(async |unit| {
            unit.run(
                "update sessions set ended_at = $1 where token = $2 and ended_at is null",
                crate::args![now, hash(token)],
            )
            .await?;
            Ok(())
        })
        .await
    }

    /// Who had this session, also if it has ended: a form that was being typed is kept for the same person.
    pub async fn session_user(&self, token: &str) -> Result<Option<UserId>, Fault> {
        let row: Option<(UserId,)> =
            self.0.db.maybe("select user_id from sessions where token = $1".into(), crate::args![hash(token)]).await?;
        Ok(row.map(|row| row.0))
    }

    /// Who holds this session, if it is live and whole. One statement.
    pub async fn enter(&self, token: &str, kind: SessionKind) -> Result<Option<Visitor>, Fault> {
        let entry = self.entry(token, kind, WHOLE).await?;
        match entry {
            Some(entry) => Ok(Some(self.admit(entry, token).await?)),
            None => Ok(None),
        }
    }

    /// Who holds this session, if it is live and still half.
    pub async fn enter_half(&self, token: &str) -> Result<Option<Half>, Fault> {
        let Some(entry) = self.entry(token, SessionKind::Cookie, HALF).await? else { return Ok(None) };
        let stage = entry.stage;
        Ok(Some(Half { visitor: self.admit(entry, token).await?, stage }))
    }

    async fn entry(&self, token: &str, kind: SessionKind, stage: &'static str) -> Result<Option<Entry>, Fault> {
        let mut statement = Statement::new(self.now());
        statement.push(ENTRY);
        statement.push(ENTRY_FROM);
        statement.push_args(ENTRY_WHERE, self.entry_args(token, kind));
        statement.push(stage);
        self.0.db.maybe(statement.sql(), statement.args()).await
    }

    /// Who holds this session, and may she do `A` to this record: session, policy version and standing in one statement.
    pub async fn enter_for<A: Act>(
        &self,
        token: &str,
        kind: SessionKind,
        id: <A::On as Subject>::Id,
    ) -> Result<Option<(Visitor, Result<Grant<A>, Fault>)>, Fault> {
        let mut statement = Statement::new(self.now());
        statement.push(ENTRY);
        statement.push(", (");
        statement.push(A::On::KEY);
        statement.push(" is not null) as found");
        for column in gate::standing_columns::<A::On>() {
            statement.push(", ");
            statement.push_for_session(&column);
        }
        statement.push(ENTRY_FROM);
        // One table must stand without brackets, a join within them.
        let from = A::On::FROM;
        let from = if from.contains(" join ") { format!("({from})") } else { from.to_owned() };
        statement.push(&format!(" left join {from} on {}", A::On::KEY));
        statement.push_args(" = ?", vec![crate::policy::subjects::Key::arg(&id)]);
        statement.push_args(ENTRY_WHERE, self.entry_args(token, kind));
        statement.push(WHOLE);
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

    /// Ends after so many seconds without a request.
    fn idles(&self, kind: SessionKind) -> i64 {
        match kind {
            SessionKind::Cookie | SessionKind::Bearer => self.idle_seconds(),
            SessionKind::Calendar => CALENDAR_SECONDS,
        }
    }

    fn entry_args(&self, token: &str, kind: SessionKind) -> Vec<Arg> {
        let now = self.now();
        crate::args![hash(token), kind.word(), now, now.plus(-self.idles(kind))]
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
            actor: Arc::new(Actor::signed_in(entry.account).within(entry.session_id.to_string())),
            must_change: entry.must_change,
            demo: entry.demo,
            proved_at: entry.proved_at,
            factor: entry.factor,
            session: entry.session_id,
        })
    }

    /// A new address for one's own calendar; the one before works no more. Audited without the address.
    pub(crate) async fn start_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<NewSession, Fault> {
        let (mut unit, user) = self.without_calendar(scope).await?;
        let session = unit.start_calendar(user).await?;
        unit.audit_own(user, "", "calendar.start", "", self.in_force().version).await?;
        unit.into_tx().commit().await?;
        Ok(session)
    }

    /// One's own calendar has no address any more; it is no error if it had none.
    pub(crate) async fn end_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<(), Fault> {
        let (mut unit, user) = self.without_calendar(scope).await?;
        unit.audit_own(user, "", "calendar.end", "", self.in_force().version).await?;
        unit.into_tx().commit().await
    }

    async fn without_calendar(&self, scope: &Scope<ListFollowUps>) -> Result<(Unit, UserId), Fault> {
        let user = scope.actor().user().ok_or(Fault::Inconsistent("a job has no calendar"))?;
        let mut unit = Unit::new(self.clone(), self.0.db.begin().await?);
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

// Sessions within a unit of work at the door.
impl Unit {
    /// Makes a session; a whole one notes the sign-in, and the oldest beyond five gives way.
    pub(crate) async fn start_session(&mut self, start: &Start) -> Result<NewSession, Fault> {
        let token = new_token();
        let (now, id): (At, SessionId) = (self.now(), self.new_id());
        let expires_at = now.plus(if start.stage == Stage::Whole { start.kind.lasts() } else { HALF_SECONDS });
        let address = start.origin.address.to_string();
        self.run(
            "insert into sessions (token, id, user_id, kind, created_at, seen_at, proved_at, expires_at, stage, factor, address, agent) \
             values ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9, $10)",
            crate::args![
                hash(&token),
                id,
                start.user,
                start.kind.word(),
                now,
                expires_at,
                start.stage.as_str(),
                start.factor,
                address,
                start.origin.agent.as_str()
            ],
        )
        .await?;
        if start.stage == Stage::Whole && start.kind != SessionKind::Calendar {
            self.note_sign_in(start.user, id, now).await?;
        }
        Ok(NewSession { token, expires_at, stage: start.stage })
    }

    /// The address of a calendar: a session of its own kind, which is no sign-in.
    async fn start_calendar(&mut self, user: UserId) -> Result<NewSession, Fault> {
        let origin = Origin { agent: String::new(), ..Origin::here() };
        let kind = SessionKind::Calendar;
        self.start_session(&Start { user, kind, stage: Stage::Whole, factor: true, origin }).await
    }

    async fn note_sign_in(&mut self, user: UserId, id: SessionId, now: At) -> Result<(), Fault> {
        self.run("update users set used_at = $2 where id = $1", crate::args![user, now]).await?;
        // Whoever is in has no other sign-in half done.
        self.run(
            "update sessions set ended_at = $2 where user_id = $1 and ended_at is null and stage <> 'whole'",
            crate::args![user, now],
        )
        .await?;
        self.run(
            "update sessions set ended_at = $2 where user_id = $1 and ended_at is null and kind <> 'calendar' and id not in \
             (select id from sessions where user_id = $1 and ended_at is null and kind <> 'calendar' order by case when id = $3 then 1 else 0 end desc, seen_at desc, created_at desc, id desc limit $4)",
            crate::args![user, now, id, MOST_SESSIONS],
        )
        .await?;
        let version = self.store().in_force().version;
        self.audit_own(user, &id.to_string(), SIGN_IN, "", version).await
    }

    /// The holder of this session has proved again who she is: it goes on under a new token, `None` if it has ended.
    pub(crate) async fn renew_session(&mut self, token: &str, factor: bool) -> Result<Option<String>, Fault> {
        let (fresh, now) = (new_token(), self.now());
        let changed = self
            .run(
                "update sessions set token = $1, proved_at = $2, seen_at = $2, factor = (factor or $3), challenge = null \
                 where token = $4 and ended_at is null",
                crate::args![hash(&fresh), now, factor, hash(token)],
            )
            .await?;
        Ok((changed == 1).then_some(fresh))
    }

    /// A half session becomes a whole one, under a new token.
    pub(crate) async fn finish_session(&mut self, half: &Half, token: &str) -> Result<NewSession, Fault> {
        let (fresh, now) = (new_token(), self.now());
        let (user, id) = (half.visitor.actor.user().ok_or(Fault::Moved)?, half.visitor.session);
        let expires_at = now.plus(ABSOLUTE_SECONDS);
        self.exactly_one(
            "update sessions set token = $1, proved_at = $2, seen_at = $2, expires_at = $3, stage = 'whole', factor = $4, challenge = null \
             where token = $5 and ended_at is null and stage <> 'whole'",
            crate::args![hash(&fresh), now, expires_at, true, hash(token)],
        )
        .await?;
        self.note_sign_in(user, id, now).await?;
        Ok(NewSession { token: fresh, expires_at, stage: Stage::Whole })
    }

    /// Sets what a passkey must sign next in this session.
    pub(crate) async fn set_challenge(&mut self, session: SessionId, challenge: &[u8]) -> Result<(), Fault> {
        self.exactly_one("update sessions set challenge = $2 where id = $1", crate::args![session, challenge.to_vec()])
            .await
    }

    /// What a passkey had to sign; asked for once.
    pub(crate) async fn take_challenge(&mut self, session: SessionId) -> Result<Option<Vec<u8>>, Fault> {
        let row: Option<(Option<Vec<u8>>,)> =
            self.row("select challenge from sessions where id = $1", crate::args![session]).await?;
        self.run("update sessions set challenge = null where id = $1", crate::args![session]).await?;
        Ok(row.and_then(|row| row.0))
    }

    /// Ends every session of an account, but for one that goes on.
    pub(crate) async fn end_sessions(&mut self, user: UserId, but: Option<SessionId>) -> Result<u64, Fault> {
        let now = self.now();
        let but = but.map(Id::uuid);
        self.run(
            "update sessions set ended_at = $2 where user_id = $1 and ended_at is null and (cast($3 as text) is null or id <> $4)",
            crate::args![user, now, but.map(|id| id.to_string()), Arg::Uuid(but)],
        )
        .await
    }

    /// What somebody did at her own account, or what happened to it at the door. Ids, words and counts only.
    pub(crate) async fn note_own(&mut self, user: UserId, act: &'static str, detail: &str) -> Result<(), Fault> {
        let version = self.store().in_force().version;
        self.audit_own(user, "", act, detail, version).await
    }
}
