//! How often somebody may ask: a bucket of so many requests that fills again over time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Buckets of one kind, one for each asker.
#[derive(Debug)]
pub struct Pace<K> {
    /// A full bucket.
    most: f64,
    /// So long until one more request is in it.
    each: Duration,
    askers: Mutex<HashMap<K, (f64, Instant)>>,
}

/// More askers than this are not remembered: whoever has a full bucket is forgotten first.
const MOST_ASKERS: usize = 20_000;

impl<K: Eq + Hash> Pace<K> {
    pub fn new(most: u32, each: Duration) -> Pace<K> {
        Pace { most: f64::from(most), each, askers: Mutex::default() }
    }

    /// Takes one request out of the asker's bucket. It was empty: how long until there is one again.
    ///
    /// # Errors
    /// The time to wait.
    pub fn take(&self, asker: K, now: Instant) -> Result<(), Duration> {
        let mut askers = self.askers.lock().unwrap_or_else(PoisonError::into_inner);
        if askers.len() >= MOST_ASKERS {
            askers.retain(|_, (left, at)| self.filled(*left, *at, now) < self.most);
        }
        let (left, at) = askers.entry(asker).or_insert((self.most, now));
        *left = self.filled(*left, *at, now);
        *at = now;
        if *left >= 1.0 {
            *left -= 1.0;
            return Ok(());
        }
        Err(self.each.mul_f64(1.0 - *left))
    }

    fn filled(&self, left: f64, at: Instant, now: Instant) -> f64 {
        let more = now.saturating_duration_since(at).as_secs_f64() / self.each.as_secs_f64();
        (left + more).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_emptied_and_fills_again() {
        let pace = Pace::new(3, Duration::from_secs(2));
        let begin = Instant::now();
        for _ in 0..3 {
            assert_eq!(pace.take("a", begin), Ok(()));
        }
        assert_eq!(pace.take("a", begin), Err(Duration::from_secs(2)));
        assert_eq!(pace.take("b", begin), Ok(()), "everybody has her own");
        assert_eq!(pace.take("a", begin + Duration::from_secs(1)), Err(Duration::from_secs(1)));
        assert_eq!(pace.take("a", begin + Duration::from_secs(2)), Ok(()));
        let later = begin + Duration::from_secs(3_600);
        assert!(
            (0..3).all(|_| pace.take("a", later).is_ok()) && pace.take("a", later).is_err(),
            "never more than full"
        );
    }
}
