//! What every handler has: the store, the settings, and the hash workers. And what a verb answers when it refuses.

use crate::{
    base::{ids::UserId, pace::Pace, refusal::Invalid},
    config::Settings,
    store::{Denied, Fault, Store},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{net::IpAddr, sync::Arc, time::Duration};

mod buckets;
mod passwords;

pub use buckets::Buckets;
pub use passwords::{Found, Lane, Passwords};

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
    addresses: Buckets,
    /// Made anew at every start: what it has sealed is worth nothing after a restart or on another node.
    seal: [u8; 32],
    paces: Paces,
}

/// How often one may ask, counted by each running program for itself.
#[derive(Debug)]
pub struct Paces {
    /// One address, by somebody who is not signed in. A whole office may sit behind it.
    pub strangers: Pace<IpAddr>,
    /// One account, looking for people.
    pub searches: Pace<UserId>,
    /// One account, taking out lists.
    pub exports: Pace<UserId>,
}

impl Default for Paces {
    fn default() -> Paces {
        Paces {
            strangers: Pace::new(600, Duration::from_millis(100)),
            searches: Pace::new(60, Duration::from_secs(1)),
            exports: Pace::new(20, Duration::from_secs(30)),
        }
    }
}

impl App {
    pub fn new(store: Store, settings: Settings) -> App {
        store.lock_after_minutes(settings.sign_in.idle_minutes);
        store.keep_files_in(settings.files());
        let passwords = Passwords::new(!settings.sign_in.throttled, store.pepper());
        App(Arc::new(Inner {
            store,
            settings,
            passwords,
            addresses: Buckets::default(),
            seal: rand::random(),
            paces: Paces::default(),
        }))
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn paces(&self) -> &Paces {
        &self.0.paces
    }

    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Tries to sign in, by address.
    pub fn addresses(&self) -> &Buckets {
        &self.0.addresses
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
