//! How guessing is slowed without shutting the owner out. Pure; the figures are SECURITY.md's.

/// So many wrong passwords in a row under one name from unknown devices; then only a reset opens it there again.
pub const MOST_FAILURES: i64 = 100;
/// A known device has so many tries of its own …
pub const DEVICE_TRIES: i64 = 5;
/// … in so many seconds.
pub const DEVICE_SECONDS: i64 = 15 * 60;
/// The longest wait, in seconds.
const LONGEST: i64 = 15 * 60;
/// At so many wrong passwords in a row the trail has a line.
pub const LADDER: [i64; 5] = [7, 10, 15, 20, 25];

/// Seconds until the next try on an unknown device, after so many wrong ones in a row. The first two slips cost nothing,
/// then it doubles: 2, 4, 8 … up to a quarter of an hour. The lock of the national rules, where it is set, waits longer.
pub fn wait_seconds(failures: i64, lock: Option<(i64, i64)>) -> i64 {
    let doubling = if failures < 3 { 0 } else { (1_i64 << (failures - 2).clamp(0, 20)).min(LONGEST) };
    match lock {
        Some((after, minutes)) if failures >= after => doubling.max(minutes * 60),
        _ => doubling,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=13).map(|failures| wait_seconds(failures, None)).collect();
        assert_eq!(waits, [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait_seconds(4, Some((5, 30))), 4);
        assert_eq!(wait_seconds(5, Some((5, 30))), 1800);
    }
}
