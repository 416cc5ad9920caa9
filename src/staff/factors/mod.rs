//! The second factor: a telephone's codes, passkeys, codes on paper.

mod store;

use super::{
    codes::{self, recovery_hash},
    passkeys::{self, Site},
    sign_in::{self, SignedIn},
};
use crate::{
    app::{App, Refused},
    base::{
        arg::Arg,
        fields::TotpSecret,
        ids::{SessionId, UserId},
        refusal::Invalid,
        sealed::Sealed,
        time::At,
    },
    store::{Fault, Half, Stage, Store, Unit, Visitor},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// What an account has.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// A telephone's codes.
    pub totp: bool,
    pub passkeys: i64,
    /// Codes on paper that are left.
    pub codes: i64,
}

impl Held {
    /// Is there a second factor? Codes on paper only stand in for one.
    pub fn any(&self) -> bool {
        self.totp || self.passkeys > 0
    }
}

/// A second factor as it is given.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// Of a telephone, or from paper.
    Code(&'a str),
    /// What a passkey signed, for this site and this session's challenge.
    Passkey { answer: &'a str, site: &'a Site, session: SessionId },
}

/// A passkey as its holder sees it.
#[derive(Clone, Debug)]
pub struct Passkey {
    pub id: Vec<u8>,
    pub name: String,
    pub made_at: At,
    pub used_at: Option<At>,
}

impl Passkey {
    /// As pages and scripts name it.
    pub fn id_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.id)
    }
}

/// What a page needs to let a passkey sign.
#[derive(Clone, Debug, Default)]
pub struct Challenge {
    pub challenge: String,
    pub site: String,
    /// Which keys may answer, or, for a new one, which are there already.
    pub keys: Vec<String>,
    /// A new key belongs to this account.
    pub user: String,
}

// The secret of a telephone's app lies in the database sealed, bound to its account: the one place that seals and opens it.
fn seal_secret(store: &Store, user: UserId, secret: &[u8]) -> Result<Arg, Fault> {
    store.factor_sealer()?.text::<TotpSecret>(user, &URL_SAFE_NO_PAD.encode(secret))
}

fn open_secret(sealed: &Sealed<TotpSecret>) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(sealed.text()).map_err(|_| Fault::Inconsistent("secret of a second factor"))
}

/// What an account has.
pub async fn held(store: &Store, user: UserId) -> Result<Held, Fault> {
    let counts = store::counts(store, user).await?;
    Ok(Held { totp: counts.totps > 0, passkeys: counts.passkeys, codes: counts.codes })
}

/// Is this a second factor of that account? Each code works once, each challenge is asked once.
pub(super) async fn check(unit: &mut Unit, user: UserId, proof: &Proof<'_>) -> Result<bool, Fault> {
    match proof {
        Proof::Code(typed) => match recovery_hash(typed) {
            Some(hash) => {
                let taken = store::take_recovery_code(unit, user, hash).await?;
                if taken {
                    unit.note_own(user, "recovery_code.use", "").await?;
                }
                Ok(taken)
            }
            None => check_totp(unit, user, typed, true).await,
        },
        Proof::Passkey { answer, site, session } => {
            let Some(challenge) = unit.take_challenge(*session).await? else { return Ok(false) };
            let Some(answer) = passkeys::read(answer) else { return Ok(false) };
            let Some(id) = answer.key_id() else { return Ok(false) };
            let Some(key) = store::passkey(unit, user, &id).await? else { return Ok(false) };
            let Some(counter) = answer.signed(site, &challenge, &key) else { return Ok(false) };
            store::use_passkey(unit, &id, counter).await?;
            Ok(true)
        }
    }
}

async fn check_totp(unit: &mut Unit, user: UserId, typed: &str, confirmed: bool) -> Result<bool, Fault> {
    let Some((sealed, _last)) = store::totp(unit, user, confirmed).await? else { return Ok(false) };
    let secret = open_secret(&sealed)?;
    match codes::step_of(&secret, typed, unit.now()) {
        Some(step) => store::take_step(unit, user, step).await,
        None => Ok(false),
    }
}

/// The secret that a telephone is to read: the same until a code of it was typed.
pub async fn secret_to_show(app: &App, user: UserId) -> Result<Vec<u8>, Fault> {
    app.store()
        .at_the_door(async |unit| {
            let fresh: [u8; codes::SECRET] = rand::random();
            let sealed = seal_secret(unit.store(), user, &fresh)?;
            store::insert_totp(unit, user, sealed).await?;
            let (sealed, _last) = store::totp(unit, user, false).await?.ok_or(Fault::Moved)?;
            open_secret(&sealed)
        })
        .await
}

/// Takes the first code of a new secret; from now on it is asked for. Gives codes for paper if there are none yet.
///
/// # Errors
/// [`Refused::Invalid`] `wrong_code`.
async fn confirm_totp(unit: &mut Unit, user: UserId, typed: &str) -> Result<Vec<String>, Refused> {
    if !check_totp(unit, user, typed, false).await? {
        return Err(Invalid::one("code", "wrong_code").into());
    }
    store::confirm_totp(unit, user).await?;
    unit.note_own(user, "second_factor.add", "totp").await?;
    Ok(fresh_codes(unit, user).await?)
}

/// Takes a new passkey. Gives codes for paper if there are none yet.
///
/// # Errors
/// [`Refused::Invalid`] `no_passkey`: it is not one of this site and this challenge, or is somebody's already.
async fn confirm_passkey(
    unit: &mut Unit,
    user: UserId,
    session: SessionId,
    site: &Site,
    answer: &str,
    name: &str,
) -> Result<Vec<String>, Refused> {
    let refused = || Refused::from(Invalid::one("passkey", "no_passkey"));
    let challenge = unit.take_challenge(session).await?.ok_or_else(refused)?;
    let answer = passkeys::read(answer).ok_or_else(refused)?;
    let key = answer.registered(site, &challenge).ok_or_else(refused)?;
    if !store::insert_passkey(unit, user, &key, name).await? {
        return Err(refused());
    }
    unit.note_own(user, "second_factor.add", "passkey").await?;
    Ok(fresh_codes(unit, user).await?)
}

/// Ten new codes for paper in the place of the old ones; told once.
async fn fresh_codes(unit: &mut Unit, user: UserId) -> Result<Vec<String>, Fault> {
    store::drop_recovery_codes(unit, user).await?;
    let mut told = Vec::with_capacity(codes::RECOVERY_CODES);
    for _code in 0..codes::RECOVERY_CODES {
        let code = codes::recovery_code();
        let hash = recovery_hash(&code).ok_or(Fault::Inconsistent("recovery code"))?;
        store::insert_recovery_code(unit, user, hash).await?;
        told.push(code);
    }
    Ok(told)
}

/// What is being set up.
#[derive(Clone, Copy, Debug)]
pub enum New<'a> {
    /// The first code of a telephone.
    Totp(&'a str),
    Passkey {
        answer: &'a str,
        site: &'a Site,
        name: &'a str,
    },
}

async fn add_within(unit: &mut Unit, visitor: &Visitor, new: &New<'_>) -> Result<Vec<String>, Refused> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    match new {
        New::Totp(code) => confirm_totp(unit, user, code).await,
        New::Passkey { answer, site, name } => confirm_passkey(unit, user, visitor.session, site, answer, name).await,
    }
}

/// Sets up a second factor of one's own. Gives new codes for paper, told once; the holder is told by mail.
///
/// # Errors
/// [`Refused::Invalid`]: `wrong_code`, `no_passkey`.
pub async fn add(app: &App, visitor: &Visitor, new: &New<'_>) -> Result<Vec<String>, Refused> {
    app.store()
        .at_the_door(async |unit| {
            let codes = add_within(unit, visitor, new).await?;
            tell_of_change(app, unit, visitor).await?;
            Ok(codes)
        })
        .await
}

/// Sets up the second factor that was missing at sign-in; the half session becomes whole.
///
/// # Errors
/// See [`add`].
pub async fn enrol(
    app: &App,
    half: &Half,
    token: &str,
    device: Option<&str>,
    new: &New<'_>,
) -> Result<(SignedIn, Vec<String>), Refused> {
    let user = half.visitor.actor.user().ok_or(Fault::Moved)?;
    // Whoever has one meanwhile must give that one: the password alone sets nothing up beside it.
    if half.stage != Stage::Enrol || held(app.store(), user).await?.any() {
        return Err(Fault::Moved.into());
    }
    let codes = add(app, &half.visitor, new).await?;
    Ok((sign_in::complete(app, half, token, device).await?, codes))
}

/// New codes for paper in the place of one's old ones; told once.
pub async fn renew_codes(app: &App, visitor: &Visitor) -> Result<Vec<String>, Refused> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    if !held(app.store(), user).await?.any() {
        return Err(Invalid::one("", "no_factor").into());
    }
    app.store()
        .at_the_door(async |unit| {
            let codes = fresh_codes(unit, user).await?;
            unit.note_own(user, "recovery_code.renew", "").await?;
            tell_of_change(app, unit, visitor).await?;
            Ok(codes)
        })
        .await
}

/// Takes a second factor of one's own away: the telephone, or the passkey with this id. The last one stays where a second
/// factor must be.
///
/// # Errors
/// [`Refused::Invalid`]: `last_factor`, `no_factor`.
pub async fn remove(app: &App, visitor: &Visitor, passkey: Option<&str>, may_be_last: bool) -> Result<(), Refused> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    let held = held(app.store(), user).await?;
    if i64::from(held.totp) + held.passkeys <= 1 && !may_be_last {
        return Err(Invalid::one("", "last_factor").into());
    }
    app.store()
        .at_the_door(async |unit| {
            let dropped = match passkey {
                Some(id) => {
                    let id = URL_SAFE_NO_PAD.decode(id).map_err(|_| Invalid::one("", "no_factor"))?;
                    store::drop_passkey(unit, user, &id).await?
                }
                None => store::drop_totp(unit, user).await?,
            };
            if dropped == 0 {
                return Err(Invalid::one("", "no_factor").into());
            }
            unit.note_own(user, "second_factor.remove", if passkey.is_some() { "passkey" } else { "totp" }).await?;
            Ok(tell_of_change(app, unit, visitor).await?)
        })
        .await
}

async fn tell_of_change(app: &App, unit: &mut Unit, visitor: &Visitor) -> Result<(), Fault> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    super::tell(app, unit, user, "factor-changed").await
}

/// Takes everything away that an account has as a second factor: the admin's reset.
pub(super) async fn forget(unit: &mut Unit, user: UserId) -> Result<u64, Fault> {
    store::drop_recovery_codes(unit, user).await?;
    Ok(store::drop_totp(unit, user).await? + store::drop_passkeys(unit, user).await?)
}

/// One's own passkeys.
pub async fn own_passkeys(app: &App, visitor: &Visitor) -> Result<Vec<Passkey>, Fault> {
    store::passkeys(app.store(), visitor.actor.user().ok_or(Fault::Moved)?).await
}

/// Makes what a passkey must sign next, in this session.
pub async fn challenge(app: &App, visitor: &Visitor, site: &Site) -> Result<Challenge, Fault> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    let challenge: [u8; 32] = rand::random();
    app.store().at_the_door(async |unit| unit.set_challenge(visitor.session, &challenge).await).await?;
    let keys = store::passkeys(app.store(), user).await?;
    Ok(Challenge {
        challenge: URL_SAFE_NO_PAD.encode(challenge),
        site: site.id.clone(),
        keys: keys.iter().map(Passkey::id_text).collect(),
        user: URL_SAFE_NO_PAD.encode(user.to_string()),
    })
}

/// Gives an account of the demo a telephone's secret, so that the rule holds there, too.
pub(super) async fn give_demo(unit: &mut Unit, user: UserId) -> Result<(), Fault> {
    let secret: [u8; codes::SECRET] = rand::random();
    let sealed = seal_secret(unit.store(), user, &secret)?;
    store::insert_totp(unit, user, sealed).await?;
    store::confirm_totp(unit, user).await
}

/// The code that the telephone of a demo account would show now: the demo's page tells it, on this machine only.
pub async fn demo_code(app: &App, visitor: &Visitor) -> Result<Option<String>, Fault> {
    let user = visitor.actor.user().ok_or(Fault::Moved)?;
    if !(visitor.demo && app.settings().demo) {
        return Ok(None);
    }
    app.store()
        .at_the_door(async |unit| {
            let Some((sealed, last)) = store::totp(unit, user, true).await? else { return Ok(None) };
            Ok(codes::code_now(&open_secret(&sealed)?, unit.now(), last))
        })
        .await
}
