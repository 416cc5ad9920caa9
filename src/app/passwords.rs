//! The hash workers: argon2id on two threads of its own, in memory that is taken once.
//!
//! Threads of the runtime would each keep their 19 MiB, and a flood of sign-ins would make the program grow by hundreds
//! of megabytes. And one queue for all would let a flood shut everybody out: so there are two, and whoever is known is
//! always next.
//!
//! What is hashed is not the password but its mark under a key of the office, the pepper: it is in the keyring, so that a
//! copy of the database alone is not even a list to try passwords against.

use crate::store::{Fault, Marks};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use subtle::ConstantTimeEq;

/// So many hashes at once: each takes 19 MiB and a core for some 30 ms.
const WORKERS: usize = 2;
/// So many may wait in each lane; whoever comes then is told to come again.
const LANE: usize = 16;
/// OWASP's least for argon2id: memory in KiB, passes, lanes.
const SHAPE: (u32, u32, u32) = (19_456, 2, 1);
const SALT: usize = 16;
const OUTPUT: usize = 32;
/// Stands in the string of a hash that was made with the pepper (`keyid` of the PHC strings of argon2).
const PEPPERED: &str = "pw01";

/// Who waits for a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody signed in, or a device on which somebody has signed in before.
    Known,
    /// Anybody.
    Other,
}

/// What a password was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Wrong,
    Right,
    /// Right, and hashed without the pepper or under a lesser setting than today's: hash it anew.
    RightAndOld,
}

impl Found {
    pub fn is_right(self) -> bool {
        self != Found::Wrong
    }
}

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

#[derive(Default)]
struct Queues {
    known: VecDeque<Job>,
    other: VecDeque<Job>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queues: Mutex<Queues>,
    wake: Condvar,
}

impl Shared {
    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; `None` when the program lets go.
    fn next(&self) -> Option<Job> {
        let mut queues = self.queues();
        loop {
            if let Some(job) = queues.known.pop_front() {
                return Some(job);
            }
            if let Some(job) = queues.other.pop_front() {
                return Some(job);
            }
            if queues.closed {
                return None;
            }
            queues = self.wake.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Hashes and checks passwords with argon2id (m = 19456 KiB, t = 2, p = 1).
pub struct Passwords {
    shared: Arc<Shared>,
    /// One lane for all, as a first design would have it: what the flood test is there to refuse.
    one_lane: bool,
    /// What an unknown name is checked against, so that it takes as long as a known one.
    nobody: String,
    pepper: Arc<Marks>,
    hashes: Arc<AtomicU64>,
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.shared.queues().closed = true;
        self.shared.wake.notify_all();
    }
}

impl Passwords {
    pub(super) fn new(one_lane: bool, pepper: Marks) -> Passwords {
        let shared = Arc::<Shared>::default();
        for _worker in 0..WORKERS {
            let shared = shared.clone();
            std::thread::spawn(move || {
                let mut memory = Vec::new();
                while let Some(job) = shared.next() {
                    job(&mut memory);
                }
            });
        }
        // Nobody's password: random bytes in the place of a hash.
        let nobody = phc(SHAPE, &rand::random::<[u8; SALT]>(), &rand::random::<[u8; OUTPUT]>());
        Passwords { shared, one_lane, nobody, pepper: Arc::new(pepper), hashes: Arc::default() }
    }

    /// How many hashes were computed since the start.
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// # Errors
    /// [`Fault::Unavailable`]: too many wait in this lane.
    async fn on_a_worker<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, told) = tokio::sync::oneshot::channel();
        let since = Instant::now();
        let job: Job = Box::new(move |memory| {
            // Whoever gave up meanwhile costs nothing.
            if !answer.is_closed() {
                let waited = since.elapsed();
                if lane == Lane::Known && waited > Duration::from_millis(500) {
                    tracing::warn!(
                        waited_ms = waited.as_millis(),
                        "a known device waits for its password to be checked"
                    );
                }
                let _given_up = answer.send(job(memory));
            }
        });
        {
            let mut queues = self.shared.queues();
            let one_lane = self.one_lane;
            let queue = if lane == Lane::Known && !one_lane { &mut queues.known } else { &mut queues.other };
            if queue.len() >= if one_lane { 2 * LANE } else { LANE } {
                return Err(Fault::Unavailable);
            }
            queue.push_back(job);
        }
        self.shared.wake.notify_one();
        told.await.map_err(|_panicked| Fault::Unavailable)
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// [`Fault::Unavailable`]: too many are waiting.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        let (pepper, hashes) = (self.pepper.clone(), self.hashes.clone());
        self.on_a_worker(Lane::Known, move |memory| {
            let salt: [u8; SALT] = rand::random();
            hashes.fetch_add(1, Ordering::Relaxed);
            let hash = compute(SHAPE, &pepper.of(password.as_bytes()), &salt, memory)?;
            Some(phc(SHAPE, &salt, &hash))
        })
        .await?
        .ok_or(Fault::Inconsistent("password hash"))
    }

    /// Is it the password? `None`: there is no such account; takes as long, and says no.
    ///
    /// # Errors
    /// [`Fault::Unavailable`]: too many are waiting.
    pub async fn verify(&self, lane: Lane, password: String, hash: Option<String>) -> Result<Found, Fault> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let (pepper, hashes) = (self.pepper.clone(), self.hashes.clone());
        let found = self
            .on_a_worker(lane, move |memory| {
                let Some(kept) = read_phc(&hash) else { return Found::Wrong };
                hashes.fetch_add(1, Ordering::Relaxed);
                let of = if kept.peppered { pepper.of(password.as_bytes()) } else { password.into_bytes() };
                let computed = compute(kept.shape, &of, &kept.salt, memory);
                match computed.is_some_and(|hash| bool::from(hash.as_slice().ct_eq(&kept.hash))) {
                    true if kept.is_old() => Found::RightAndOld,
                    true => Found::Right,
                    false => Found::Wrong,
                }
            })
            .await?;
        Ok(if known { found } else { Found::Wrong })
    }
}

fn compute(shape: (u32, u32, u32), password: &[u8], salt: &[u8], memory: &mut Vec<Block>) -> Option<[u8; OUTPUT]> {
    let params = Params::new(shape.0, shape.1, shape.2, Some(OUTPUT)).ok()?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut out = [0_u8; OUTPUT];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, &mut out, &mut memory[..blocks])
        .ok()?;
    Some(out)
}

fn phc((memory, passes, lanes): (u32, u32, u32), salt: &[u8], hash: &[u8]) -> String {
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes},keyid={PEPPERED}${salt}${hash}")
}

/// A hash as it was kept.
struct Kept {
    /// Memory, passes and lanes.
    shape: (u32, u32, u32),
    peppered: bool,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Kept {
    fn is_old(&self) -> bool {
        let (memory, passes, lanes) = self.shape;
        !self.peppered || memory < SHAPE.0 || passes < SHAPE.1 || lanes < SHAPE.2
    }
}

/// A string that [`phc`] made, also under other settings than today's, or without the pepper.
fn read_phc(text: &str) -> Option<Kept> {
    let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
    let (shape, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut pairs = shape.split(',').map(|pair| pair.split_once('='));
    let mut number = || pairs.next()??.1.parse().ok();
    let shape = (number()?, number()?, number()?);
    let peppered = match pairs.next() {
        None => false,
        Some(Some(("keyid", PEPPERED))) => true,
        Some(_) => return None,
    };
    Some(Kept { shape, peppered, salt: STANDARD_NO_PAD.decode(salt).ok()?, hash: STANDARD_NO_PAD.decode(hash).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

    #[tokio::test]
    async fn our_hashes_are_phc_strings_that_others_read_with_the_pepper_and_theirs_are_read_here() {
        let pepper = Marks::for_tests();
        let marked = pepper.of("đi chợ mua ba con vịt".as_bytes());
        let passwords = Passwords::new(false, pepper);
        let ours = passwords.hash("đi chợ mua ba con vịt".to_owned()).await.unwrap();
        let parsed = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(&marked, &parsed).is_ok());
        let bare = Argon2::default().verify_password("đi chợ mua ba con vịt".as_bytes(), &parsed);
        assert!(bare.is_err(), "without the pepper the right password does not help");
        let theirs: PasswordHash = Argon2::default().hash_password("đi chợ mua ba con vịt".as_bytes()).unwrap();
        let verify = async |password: &str, hash: Option<String>| {
            passwords.verify(Lane::Other, password.to_owned(), hash).await.unwrap()
        };
        assert_eq!(verify("đi chợ mua ba con vịt", Some(theirs.to_string())).await, Found::RightAndOld);
        assert_eq!(verify("đi chợ mua ba con vịt", Some(ours.clone())).await, Found::Right);
        assert_eq!(verify("đi chợ mua ba con gà", Some(ours.clone())).await, Found::Wrong);
        assert_eq!(verify("đi chợ mua ba con vịt", None).await, Found::Wrong);
        assert_eq!(passwords.hashes(), 5, "an unknown name costs a hash, too");
        let other = Passwords::new(false, Marks::for_tests());
        let elsewhere = other.verify(Lane::Other, "đi chợ mua ba con vịt".to_owned(), Some(ours)).await.unwrap();
        assert_eq!(elsewhere, Found::Wrong, "under another pepper it is another password");
    }

    #[test]
    fn a_hash_of_lesser_settings_or_without_the_pepper_is_old() {
        let kept = |shape: &str| read_phc(&format!("$argon2id$v=19${shape}$AAAAAAAAAAAAAAAAAAAAAA$AAAA"));
        let is_old = |shape: &str| kept(shape).map(|kept| kept.is_old());
        assert_eq!(is_old("m=19456,t=2,p=1,keyid=pw01"), Some(false));
        assert_eq!(is_old("m=65536,t=3,p=1,keyid=pw01"), Some(false));
        assert_eq!(is_old("m=19456,t=2,p=1"), Some(true));
        assert_eq!(is_old("m=19455,t=2,p=1,keyid=pw01"), Some(true));
        assert_eq!(is_old("m=19456,t=1,p=1,keyid=pw01"), Some(true));
        assert_eq!(is_old("m=19456,t=2,p=1,keyid=pw02"), None, "a pepper that we do not have");
    }
}
