//! Signing in: password, second factor, known devices; proving again; one's own password and sessions.

mod store;

pub use store::Session;

use super::{
    codes::{device_name, name_hash, token_hash},
    factors::{self, Proof},
    secret::{self, Rule},
    throttle::{DEVICE_SECONDS, LADDER, MOST_FAILURES, wait_seconds},
};
use crate::{
    app::{App, Found, Lane, Refused},
    base::{
        ids::{SessionId, UserId},
        refusal::Invalid,
        time::At,
    },
    config::SignInSettings,
    policy::Actor,
    store::{Fault, Half, NewSession, Origin, SessionKind, SignIn, Stage, Start, Store, Unit, Visitor, new_token},
};
use std::sync::Arc;

/// Somebody at the door, with what she says.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    pub username: &'a str,
    pub password: &'a str,
    /// A program gives its second factor at once.
    pub code: Option<&'a str>,
    pub kind: SessionKind,
    pub origin: &'a Origin,
    /// Is that an office, where an ordinary account needs no second factor?
    pub in_office: bool,
    /// The cookie of a device on which somebody has signed in.
    pub device: Option<&'a str>,
}

/// The password was right.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: NewSession,
    pub user: UserId,
    /// The cookie that this device is known by from now on; once the session is whole.
    pub device: Option<String>,
}

fn wrong() -> Refused {
    Invalid::one("", "wrong_sign_in").into()
}

/// Checks name and password and makes a session: whole, or half where a second factor is still to come. The same answer
/// and the same time for an unknown name.
///
/// # Errors
/// [`Refused::Invalid`]: `wrong_sign_in`, whatever it was that did not fit; `too_many_tries`, in so many seconds; for
/// programs `code_needed`, `wrong_code`, `enrol_first`. [`Fault::Unavailable`]: too many are waiting.
pub async fn sign_in(app: &App, attempt: &Attempt<'_>) -> Result<SignedIn, Refused> {
    let name = super::model::username(attempt.username);
    let tried = name.clone().unwrap_or_else(|_| attempt.username.trim().to_lowercase());
    let door = Door::find(app, attempt, &tried).await?;
    let failures = door.count(app).await?;
    // A name that no account can have is not looked up; the answer takes as long.
    let account = match &name {
        Ok(username) => app.store().sign_in_account(username).await?,
        Err(_) => None,
    };
    let hash = account.as_ref().map(|account| account.password.clone());
    let found = app.passwords().verify(door.lane(), secret::as_hashed(attempt.password), hash).await?;
    let loopback = attempt.origin.address.to_canonical().is_loopback();
    // The demo's accounts share a printed password: they work on this machine only.
    let fits = |account: &SignIn| account.disabled_at.is_none() && (!account.demo || loopback);
    match account {
        Some(account) if found.is_right() && fits(&account) => {
            if found == Found::RightAndOld {
                hash_anew(app, &account, attempt.password).await?;
            }
            enter(app, attempt, &door, &account).await
        }
        account => {
            app.store().note_failed_sign_in(account.as_ref().map(|account| account.id));
            if let Some(account) = account {
                note_failures(app.store(), account.id, "sign_in.fail", failures).await?;
            }
            Err(wrong())
        }
    }
}

/// Hashes a password that was found right as passwords are hashed today. Where the workers have no time, another sign-in
/// does it.
async fn hash_anew(app: &App, account: &SignIn, password: &str) -> Result<(), Fault> {
    let fresh = match app.passwords().hash(secret::as_hashed(password)).await {
        Err(Fault::Unavailable) => return Ok(()),
        done => done?,
    };
    app.store().at_the_door(async |unit| store::renew_hash(unit, account.id, &account.password, &fresh).await).await
}

/// How the tries of this request are counted.
struct Door<'a> {
    username: &'a str,
    name: Vec<u8>,
    /// The hash of the cookie, if it is a device of this very account.
    device: Option<Vec<u8>>,
    origin: &'a Origin,
}

impl<'a> Door<'a> {
    async fn find(app: &App, attempt: &Attempt<'a>, username: &'a str) -> Result<Door<'a>, Refused> {
        let device = match attempt.device.map(token_hash) {
            Some(hash) if store::knows(app.store(), &hash, username).await? => Some(hash),
            _ => None,
        };
        Ok(Door { username, name: name_hash("sign_in", username), device, origin: attempt.origin })
    }

    fn lane(&self) -> Lane {
        if self.device.is_some() { Lane::Known } else { Lane::Other }
    }

    /// Counts this try before it is looked at; how many there were in a row under this name.
    async fn count(&self, app: &App) -> Result<i64, Refused> {
        let settings = &app.settings().sign_in;
        if !settings.throttled {
            return Ok(0);
        }
        let now = app.store().now();
        if let Some(device) = &self.device {
            return app
                .store()
                .at_the_door(async |unit| {
                    if store::count_device_try(unit, device, self.username).await? {
                        return Ok(0);
                    }
                    let since = store::device_since(unit, device, self.username).await?.unwrap_or(now);
                    Err(slow_down(since.plus(DEVICE_SECONDS).seconds_since(now)))
                })
                .await;
        }
        app.addresses().take(self.origin.address, now).map_err(slow_down)?;
        app.store().at_the_door(async |unit| count(unit, &self.name, settings).await).await
    }

    /// The try was good.
    async fn forgive(&self, app: &App, unit: &mut Unit) -> Result<(), Fault> {
        if self.device.is_none() {
            app.addresses().give_back(self.origin.address);
            store::forget_tries(unit, &self.name).await?;
        }
        Ok(())
    }
}

fn slow_down(seconds: i64) -> Refused {
    Invalid::telling("", "too_many_tries", seconds.max(1).to_string()).into()
}

/// Counts a try under a name, or says how long it must wait.
async fn count(unit: &mut Unit, name: &[u8], settings: &SignInSettings) -> Result<i64, Refused> {
    let now = unit.now();
    let Some(failures) = store::count_try(unit, name).await? else {
        let (failures, next) = store::tries(unit, name).await?.unwrap_or((0, now));
        // After a hundred there is no next time before a reset; the page says so in words, as for any long wait.
        let wait = if failures >= MOST_FAILURES { DEVICE_SECONDS } else { next.seconds_since(now) };
        return Err(slow_down(wait));
    };
    let lock = settings.lock_after.map(|after| (after, settings.lock_minutes));
    let wait = wait_seconds(failures, lock);
    if wait > 0 {
        store::wait_until(unit, name, now.plus(wait)).await?;
    }
    Ok(failures)
}

/// A line of the trail at the 7th, 10th, 15th, 20th and 25th wrong one in a row.
async fn note_failures(store: &Store, user: UserId, act: &'static str, failures: i64) -> Result<(), Fault> {
    store
        .at_the_door(async |unit| {
            store::forget_guessing_devices(unit, user).await?;
            if LADDER.contains(&failures) {
                unit.note_own(user, act, &format!("{failures} in a row")).await?;
            }
            Ok(())
        })
        .await
}

/// The password was right: is a second factor needed, and is it there?
async fn enter(app: &App, attempt: &Attempt<'_>, door: &Door<'_>, account: &SignIn) -> Result<SignedIn, Refused> {
    let spared = account.demo && app.settings().demo && app.settings().sign_in.demo_without_factor;
    let needs = account.role.needs_factor(attempt.in_office) && !spared;
    let held = factors::held(app.store(), account.id).await?;
    let stage = match (needs, held.any()) {
        (false, _) => Stage::Whole,
        (true, true) => Stage::Code,
        (true, false) => Stage::Enrol,
    };
    let factor = match (stage, attempt.kind) {
        (Stage::Whole, _) | (_, SessionKind::Cookie) => false,
        (_, SessionKind::Calendar) => return Err(wrong()),
        (stage, SessionKind::Bearer) => {
            // The password was right, whatever comes of the code: that is counted by itself.
            app.store().at_the_door(async |unit| door.forgive(app, unit).await).await?;
            give_at_once(app, account, stage, attempt.code).await?;
            true
        }
    };
    let stage = if factor { Stage::Whole } else { stage };
    let origin = Origin { address: attempt.origin.address, agent: device_name(&attempt.origin.agent) };
    let start = Start { user: account.id, kind: attempt.kind, stage, factor, origin };
    let age = app.store().now().seconds_since(account.password_at);
    let settings = &app.settings().sign_in;
    let too_old = settings.password_days > 0 && age > settings.password_days * 86_400 && !account.demo;
    app.store()
        .at_the_door(async |unit| {
            door.forgive(app, unit).await?;
            if too_old {
                store::must_change(unit, account.id).await?;
            }
            let session = unit.start_session(&start).await?;
            let whole = stage == Stage::Whole && attempt.kind == SessionKind::Cookie;
            let device = match whole {
                true => Some(remember(app, unit, attempt.device, account.id, &start.origin.agent).await?),
                false => None,
            };
            Ok(SignedIn { session, user: account.id, device })
        })
        .await
}

/// A program gives its second factor with the password.
async fn give_at_once(app: &App, account: &SignIn, stage: Stage, code: Option<&str>) -> Result<(), Refused> {
    if stage == Stage::Enrol {
        return Err(Invalid::one("code", "enrol_first").into());
    }
    let given = code.ok_or_else(|| Refused::from(Invalid::one("code", "code_needed")))?;
    prove(app, account.id, &account.username, &Proof::Code(given)).await
}

/// The cookie by which this device is known to the account from now on: the one it has, or a new one. The holder is told by
/// mail of a device that is new to her account; of the very first not, there is none that it could differ from.
async fn remember(
    app: &App,
    unit: &mut Unit,
    cookie: Option<&str>,
    user: UserId,
    agent: &str,
) -> Result<String, Fault> {
    let token = match cookie {
        Some(token) if store::is_a_device(unit, &token_hash(token)).await? => token.to_owned(),
        _ => new_token(),
    };
    if store::is_another_device(unit, &token_hash(&token), user).await? {
        // The browser says its name itself: nothing but words of it goes into a letter.
        let named: String = agent.chars().filter(|letter| letter.is_alphanumeric() || ", ".contains(*letter)).collect();
        let named = if named.is_empty() { "–" } else { named.as_str() };
        super::tell_with(app, unit, user, "new-device", named).await?;
    }
    store::remember_device(unit, &token_hash(&token), user).await?;
    Ok(token)
}

/// Checks a second factor. Wrong ones are counted and slowed like wrong passwords, known device or not: whoever is here has
/// the password.
///
/// # Errors
/// [`Refused::Invalid`]: `wrong_code`, `too_many_tries`.
async fn prove(app: &App, user: UserId, username: &str, proof: &Proof<'_>) -> Result<(), Refused> {
    let name = name_hash("factor", username);
    let settings = &app.settings().sign_in;
    let failures = app.store().at_the_door(async |unit| count(unit, &name, settings).await).await?;
    let right = app
        .store()
        .at_the_door(async |unit| -> Result<bool, Fault> {
            let right = factors::check(unit, user, proof).await?;
            if right {
                store::forget_tries(unit, &name).await?;
            }
            Ok(right)
        })
        .await?;
    if right {
        return Ok(());
    }
    note_failures(app.store(), user, "second_factor.fail", failures).await?;
    Err(Invalid::one("code", "wrong_code").into())
}

/// Gives the second factor of a half session, which becomes whole.
///
/// # Errors
/// See `prove`.
pub async fn finish(
    app: &App,
    half: &Half,
    token: &str,
    device: Option<&str>,
    proof: &Proof<'_>,
) -> Result<SignedIn, Refused> {
    let user = half.visitor.actor.user().ok_or(Fault::Moved)?;
    if half.stage != Stage::Code {
        return Err(Fault::Moved.into());
    }
    prove(app, user, half.visitor.actor.username(), proof).await?;
    Ok(complete(app, half, token, device).await?)
}

/// A half session whose second factor was given, or was just set up, becomes whole.
pub(super) async fn complete(app: &App, half: &Half, token: &str, device: Option<&str>) -> Result<SignedIn, Fault> {
    let user = half.visitor.actor.user().ok_or(Fault::Moved)?;
    app.store()
        .at_the_door(async |unit| {
            let session = unit.finish_session(half, token).await?;
            let agent = store::agent_of(unit, half.visitor.session).await?;
            let device = Some(remember(app, unit, device, user, &agent).await?);
            Ok(SignedIn { session, user, device })
        })
        .await
}

/// Signs in for one command of the command line: nobody reads cases by having a shell. The session ends with the command's
/// own last word ([`Store::end_session`]); the audit names the user.
///
/// # Errors
/// [`Refused::Invalid`]: see [`sign_in`]; `must_change_first` while the first password is still in use.
pub async fn act_as(app: &App, username: &str, password: &str, code: Option<&str>) -> Result<Arc<Actor>, Refused> {
    let origin = Origin::here();
    let kind = SessionKind::Bearer;
    // Whoever has a shell on the server is in the office.
    let attempt = Attempt { username, password, code, kind, origin: &origin, in_office: true, device: None };
    let signed_in = sign_in(app, &attempt).await?;
    let visitor = app.store().enter(&signed_in.session.token, kind).await?;
    app.store().end_session(&signed_in.session.token).await?;
    let visitor = visitor.ok_or(Fault::Moved)?;
    if visitor.must_change {
        return Err(Invalid::one("", "must_change_first").into());
    }
    Ok(visitor.actor)
}

/// Does proving again ask for the second factor, too? For whoever has one.
pub async fn confirm_needs_factor(store: &Store, visitor: &Visitor) -> Result<bool, Fault> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    Ok(factors::held(store, user).await?.any())
}

/// Whoever holds this session proves again who she is, before a grave act. The session goes on under a new token.
///
/// # Errors
/// [`Refused::Invalid`]: the password is wrong, or the second factor.
pub async fn confirm(
    app: &App,
    visitor: &Visitor,
    token: &str,
    password: &str,
    proof: &Proof<'_>,
) -> Result<String, Refused> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    present(app, &visitor.actor, "password", password).await?;
    let factor = confirm_needs_factor(app.store(), visitor).await?;
    if factor {
        prove(app, user, visitor.actor.username(), proof).await?;
    }
    let renewed = app.store().at_the_door(async |unit| unit.renew_session(token, factor).await).await?;
    Ok(renewed.ok_or(Fault::Moved)?)
}

/// Checks the present password of somebody who is signed in; wrong ones are counted, so that a borrowed session is no
/// place to guess in.
async fn present(app: &App, actor: &Actor, field: &'static str, password: &str) -> Result<SignIn, Refused> {
    let name = name_hash("present", actor.username());
    let settings = &app.settings().sign_in;
    app.store().at_the_door(async |unit| count(unit, &name, settings).await).await?;
    let account = app.store().sign_in_account(actor.username()).await?.ok_or(Fault::Moved)?;
    let hash = Some(account.password.clone());
    if !app.passwords().verify(Lane::Known, secret::as_hashed(password), hash).await?.is_right() {
        let code = "wrong_password";
        return Err(Invalid::one(field, code).into());
    }
    app.store().at_the_door(async |unit| store::forget_tries(unit, &name).await).await?;
    Ok(account)
}

/// Changes one's own password; every session of the account ends, also this one.
///
/// # Errors
/// [`Refused::Invalid`]: the present password is wrong; the new one is not good enough or the same.
pub async fn change_password(app: &App, actor: &Actor, old: &str, fresh: &str) -> Result<(), Refused> {
    let user = actor.user().ok_or(Fault::Inconsistent("a job has no password"))?;
    let fresh_checked = good_password(app, user, actor.username(), actor.name(), actor.area_name(), fresh).await?;
    present(app, actor, "present", old).await?;
    if secret::as_hashed(old) == fresh_checked {
        return Err(Invalid::one("fresh", "same_password").into());
    }
    let hash = app.passwords().hash(fresh_checked).await?;
    app.store()
        .at_the_door(async |unit| {
            store::set_password(unit, user, &hash).await?;
            unit.end_sessions(user, None).await?;
            unit.note_own(user, "password.change", "").await
        })
        .await?;
    Ok(())
}

async fn good_password(
    app: &App,
    user: UserId,
    username: &str,
    name: &str,
    place: &str,
    fresh: &str,
) -> Result<String, Refused> {
    let held = factors::held(app.store(), user).await?;
    let least = if held.any() { secret::LEAST_WITH_FACTOR } else { secret::LEAST };
    let about = [username, name, place];
    let rule = Rule { least, classes: app.settings().sign_in.password_classes, about: &about };
    Ok(secret::check(fresh, &rule).map_err(|code| Invalid::one("fresh", code))?)
}

/// One's own live sessions, or those of an account that one administers: the last used first.
pub(super) async fn sessions(store: &Store, user: UserId, settings: &SignInSettings) -> Result<Vec<Session>, Fault> {
    store::sessions(store, user, store.now().plus(-settings.idle_minutes * 60)).await
}

/// One's own live sessions, the last used first.
pub async fn own_sessions(app: &App, visitor: &Visitor) -> Result<Vec<Session>, Fault> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    sessions(app.store(), user, &app.settings().sign_in).await
}

/// Ends one of one's own sessions, or all but this one.
///
/// # Errors
/// [`Refused::Invalid`]: it is no session of hers, or has ended.
pub async fn end_own(app: &App, visitor: &Visitor, session: Option<SessionId>) -> Result<(), Refused> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    app.store()
        .at_the_door(async |unit| {
            match session {
                Some(session) if !store::end_session(unit, user, session).await? => {
                    return Err(Invalid::one("session", "no_such_session").into());
                }
                Some(_) => {}
                None => {
                    unit.end_sessions(user, Some(visitor.session)).await?;
                }
            }
            Ok(unit.note_own(user, "session.end", "").await?)
        })
        .await
}

/// A one-time link works so many seconds.
pub const RESET_SECONDS: i64 = 30 * 60;

/// Makes a one-time link; the token is told once.
pub(super) async fn open_reset(unit: &mut Unit, user: UserId, by: Option<UserId>) -> Result<String, Fault> {
    let token = new_token();
    let expires_at: At = unit.now().plus(RESET_SECONDS);
    store::insert_reset(unit, &token_hash(&token), user, by, expires_at).await?;
    Ok(token)
}

/// Opens what a hundred wrong tries have shut; part of every reset.
pub(super) async fn forget_tries(unit: &mut Unit, username: &str) -> Result<(), Fault> {
    for kind in ["sign_in", "factor", "present"] {
        store::forget_tries(unit, &name_hash(kind, username)).await?;
    }
    Ok(())
}

pub(super) async fn forget_devices(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    store::forget_devices(unit, user).await
}

/// Whose link is it, if it still works?
pub async fn reset_account(app: &App, token: &str) -> Result<Option<SignIn>, Fault> {
    match store::reset_of(app.store(), &token_hash(token)).await? {
        Some(username) => app.store().sign_in_account(&username).await,
        None => Ok(None),
    }
}

/// Sets a new password by a one-time link. The second factor stays as it is; every session ends; the holder is told by mail.
///
/// # Errors
/// [`Refused::Invalid`]: `link_used_up`; the new password is not good enough.
pub async fn reset(app: &App, token: &str, fresh: &str) -> Result<(), Refused> {
    let gone = || Refused::from(Invalid::one("code", "link_used_up"));
    let account = reset_account(app, token).await?.ok_or_else(gone)?;
    let checked = good_password(app, account.id, &account.username, "", "", fresh).await?;
    let hash = app.passwords().hash(checked).await?;
    app.store()
        .at_the_door(async |unit| {
            if !store::use_reset(unit, &token_hash(token)).await? {
                return Err(gone());
            }
            store::set_password(unit, account.id, &hash).await?;
            forget_tries(unit, &account.username).await?;
            unit.end_sessions(account.id, None).await?;
            super::tell(app, unit, account.id, "password-set").await?;
            Ok(unit.note_own(account.id, "password.reset", "by link").await?)
        })
        .await
}
