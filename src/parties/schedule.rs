//! When a party is fetched again: about the same time after each success, soon and then ever later after failures, and
//! never all parties at one moment.

/// How many parties are fetched at once.
pub const FETCHES: usize = 4;
/// No party is fetched more often than this.
pub const LEAST_SECONDS: u64 = 60;
/// How long after one fetch the next one comes where nothing is said.
pub const USUAL_SECONDS: u64 = 3_600;
/// How long after a first failure it is tried again; twice as long each further time.
const BACKOFF_SECONDS: u64 = 60;
/// Within how long after a start all parties are fetched for the first time.
const START_SECONDS: u64 = 60;

/// A number below `below` that differs from party to party and from time to time, and is the same for the same inputs.
fn spread(seed: u64, id: &str, time: u64, below: u64) -> u64 {
    let mut hash = seed ^ time.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    // The low bits of the product depend on few of its factors.
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    (hash >> 32) % below.max(1)
}

/// When a party that was fetched is fetched again; `None`: when it is asked for.
pub(super) fn after_success(seed: u64, id: &str, now: u64, interval: u64) -> Option<u64> {
    let interval = (interval > 0).then_some(interval.max(LEAST_SECONDS))?;
    // From a tenth earlier to a tenth later.
    let tenth = interval / 10;
    Some(now.saturating_add(interval - tenth).saturating_add(spread(seed, id, now, 2 * tenth + 1)))
}

/// When it is tried again after so many failures one after another; `None`: when it is asked for.
pub(super) fn after_failure(seed: u64, id: &str, now: u64, interval: u64, failures: u32) -> Option<u64> {
    let longest = (interval > 0).then_some(interval.max(LEAST_SECONDS))?;
    let wait = BACKOFF_SECONDS.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(longest);
    Some(now.saturating_add(wait).saturating_add(spread(seed, id, now, wait / 10 + 1)))
}

/// When a party is fetched for the first time after a start.
pub(super) fn after_start(seed: u64, id: &str, now: u64, interval: u64) -> Option<u64> {
    (interval > 0).then(|| now.saturating_add(spread(seed, id, now, START_SECONDS)))
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
