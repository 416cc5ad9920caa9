//! What every handler has: the store, the settings, and the hash workers. And what a verb answers when it refuses.

use crate::{
    base::refusal::Invalid,
    config::Settings,
    store::{Denied, Fault, Store},
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Why a verb did not do it. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A person can mend it: which field, and why.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Refused {
        Refused::Fault(denied.into())
    }
}

/// The program while it serves.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    settings: Settings,
    passwords: Passwords,
    /// Made anew at every start: what it has sealed is worth nothing after a restart or on another node.
    seal: [u8; 32],
}

impl App {
    pub fn new(store: Store, settings: Settings) -> App {
        App(Arc::new(Inner { store, settings, passwords: Passwords::new(), seal: rand::random() }))
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// The seal on something that a browser keeps for us (HMAC-SHA256 under a key of this process).
    pub fn seal(&self, thing: &[u8]) -> Vec<u8> {
        self.sealer().map(|hmac| hmac.chain_update(thing).finalize().into_bytes().to_vec()).unwrap_or_default()
    }

    /// Is it as we gave it away? Takes as long for every wrong seal.
    pub fn is_sealed(&self, thing: &[u8], seal: &[u8]) -> bool {
        self.sealer().is_some_and(|hmac| hmac.chain_update(thing).verify_slice(seal).is_ok())
    }

    fn sealer(&self) -> Option<Hmac<Sha256>> {
        Hmac::new_from_slice(&self.0.seal).ok()
    }
}

/// Hashes passwords with argon2id (m = 19456 KiB, t = 2, p = 1), at most two at a time.
pub struct Passwords {
    workers: Semaphore,
    /// What an unknown name is checked against, so that it takes as long as a known one.
    nobody: String,
}

/// At most so many hashes at once: each takes 19 MiB and a core for some 30 ms.
const WORKERS: usize = 2;

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Passwords {
    fn new() -> Passwords {
        // The hash of a password that nobody has: 32 random bytes made and forgotten here.
        let secret: [u8; 32] = rand::random();
        let nobody = argon2().hash_password(&secret).map(|hash: PasswordHash| hash.to_string()).unwrap_or_default();
        Passwords { workers: Semaphore::new(WORKERS), nobody }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        let _worker = self.workers.acquire().await.map_err(|_closed| Fault::Unavailable)?;
        tokio::task::spawn_blocking(move || {
            argon2().hash_password(password.as_bytes()).map(|hash: PasswordHash| hash.to_string())
        })
        .await
        .map_err(|_panicked| Fault::Unavailable)?
        .map_err(|_| Fault::Inconsistent("password hash"))
    }

    /// Is it the password? `None`: there is no such account; takes as long, and says no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        let _worker = self.workers.acquire().await.map_err(|_closed| Fault::Unavailable)?;
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let right = tokio::task::spawn_blocking(move || {
            PasswordHash::new(&hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
        .map_err(|_panicked| Fault::Unavailable)?;
        Ok(right && known)
    }
}
