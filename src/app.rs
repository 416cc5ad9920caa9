//! What every handler has: the store, the settings, and the hash workers. And what a verb answers when it refuses.

use crate::{
    base::{ids::UserId, pace::Pace, refusal::Invalid},
    config::Settings,
    store::{Denied, Fault, Store},
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

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
        App(Arc::new(Inner {
            store,
            settings,
            passwords: Passwords::new(),
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

/// Hashes passwords with argon2id (m = 19456 KiB, t = 2, p = 1), on two threads of its own.
///
/// Threads of the runtime would each keep their 19 MiB: a flood of sign-ins would make the program grow for ever.
pub struct Passwords {
    jobs: Mutex<mpsc::Sender<Job>>,
    /// What an unknown name is checked against, so that it takes as long as a known one.
    nobody: String,
}

type Job = Box<dyn FnOnce() + Send>;

/// So many hashes at once: each takes 19 MiB and a core for some 30 ms.
const WORKERS: usize = 2;

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Takes jobs until the program lets go of the other end.
fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_ended) => return,
        }
    }
}

impl Passwords {
    fn new() -> Passwords {
        let (jobs, taken) = mpsc::channel::<Job>();
        let taken = Arc::new(Mutex::new(taken));
        for _worker in 0..WORKERS {
            let taken = taken.clone();
            std::thread::spawn(move || work(&taken));
        }
        // The hash of a password that nobody has: 32 random bytes made and forgotten here.
        let secret: [u8; 32] = rand::random();
        let nobody = argon2().hash_password(&secret).map(|hash: PasswordHash| hash.to_string()).unwrap_or_default();
        Passwords { jobs: Mutex::new(jobs), nobody }
    }

    async fn on_a_worker<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let (answer, told) = tokio::sync::oneshot::channel();
        let job: Job = Box::new(move || {
            // Nobody waits any more if the request was given up.
            let _given_up = answer.send(job());
        });
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).send(job).map_err(|_ended| Fault::Unavailable)?;
        told.await.map_err(|_panicked| Fault::Unavailable)
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        self.on_a_worker(move || argon2().hash_password(password.as_bytes()).map(|hash: PasswordHash| hash.to_string()))
            .await?
            .map_err(|_| Fault::Inconsistent("password hash"))
    }

    /// Is it the password? `None`: there is no such account; takes as long, and says no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let right = self
            .on_a_worker(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(right && known)
    }
}
