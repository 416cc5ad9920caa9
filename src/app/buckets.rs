//! Tries to sign in from one address: five at once, then one in twelve seconds.
//!
//! Kept in the memory of each node, on purpose. A flood is refused here before anything is read or written: a row for
//! each refused try would be the flood's own lever. With two nodes an address has twice as much, after a restart it
//! begins anew; what must hold on all nodes and over restarts (the tries under one name) is in the database.

use crate::base::time::At;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// One more in so many seconds.
const TRY: i64 = 12;
/// Five at once.
const FULL: i64 = 5 * TRY;
/// So many addresses are remembered, some 2 MB.
const MOST: usize = 20_000;

#[derive(Default)]
pub struct Buckets(Mutex<HashMap<IpAddr, (i64, At)>>);

impl Buckets {
    /// Takes one try; `Err`: in so many seconds there is one again.
    pub fn take(&self, address: IpAddr, now: At) -> Result<(), i64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            // Whoever has not tried for a minute has a full bucket again, and need not be remembered.
            buckets.retain(|_, (_, at)| now.seconds_since(*at) < 60);
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        // Counted in seconds: a try costs twelve of them.
        let (left, at) = buckets.entry(block(address)).or_insert((FULL, now));
        let passed = now.seconds_since(*at).max(0);
        // A second that is still under way is not lost.
        (*left, *at) = ((*left + passed).min(FULL), at.plus(passed));
        if *left < TRY {
            return Err(TRY - *left);
        }
        *left -= TRY;
        Ok(())
    }

    /// The try was good: it costs nothing, so that an office behind one address comes in at half past seven.
    pub fn give_back(&self, address: IpAddr) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((left, _)) = buckets.get_mut(&block(address)) {
            *left = (*left + TRY).min(FULL);
        }
    }
}

/// Whoever has one IPv6 address has its 2⁶⁴ neighbours, too.
fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::from((u128::from(six) >> 64 << 64).to_be_bytes()),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_then_one_in_twelve_seconds() {
        let (buckets, address) = (Buckets::default(), IpAddr::from([203, 0, 113, 9]));
        let start = At::from_micros(1_000_000_000);
        for _try in 0..5 {
            assert_eq!(buckets.take(address, start), Ok(()));
        }
        assert_eq!(buckets.take(address, start), Err(12));
        assert_eq!(buckets.take(address, start.plus(11)), Err(1));
        assert_eq!(buckets.take(address, start.plus(12)), Ok(()));
        assert_eq!(buckets.take(address, start.plus(12)), Err(12));
        assert_eq!(buckets.take(IpAddr::from([203, 0, 113, 10]), start), Ok(()), "another address");
        buckets.give_back(address);
        assert_eq!(buckets.take(address, start.plus(12)), Ok(()), "a good try costs nothing");
    }

    #[test]
    fn neighbours_of_one_ipv6_block_share_a_bucket() {
        let buckets = Buckets::default();
        let now = At::from_micros(1);
        for last in 0..5_u16 {
            buckets.take(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]), now).unwrap();
        }
        assert!(buckets.take(IpAddr::from([0x2001, 0xdb8, 0, 1, 9, 9, 9, 9]), now).is_err());
        assert!(buckets.take(IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 0]), now).is_ok());
    }
}
