//! Times by logarithmic buckets: 32 for each doubling, so that what is read from it is exact to 3 %.

use std::time::Duration;

const PER_DOUBLING: u64 = 32;

/// Counts of times in microseconds.
#[derive(Clone, Default)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

fn bucket(micros: u64) -> usize {
    let power = (micros / PER_DOUBLING).checked_ilog2().map_or(0, |p| p as u64 + 1);
    let within = micros >> power.saturating_sub(1);
    let start = if power == 0 { 0 } else { power * PER_DOUBLING };
    (start + if power == 0 { within } else { within - PER_DOUBLING }) as usize
}

/// The largest time of a bucket.
fn end(bucket: u64) -> u64 {
    let (power, within) = (bucket / PER_DOUBLING, bucket % PER_DOUBLING);
    if power == 0 { within } else { ((within + PER_DOUBLING + 1) << (power - 1)) - 1 }
}

impl Histogram {
    pub fn add(&mut self, time: Duration) {
        let at = bucket(time.as_micros().min(1 << 40) as u64);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
        self.total += 1;
    }

    pub fn merge(&mut self, other: &Self) {
        self.counts.resize(self.counts.len().max(other.counts.len()), 0);
        self.counts.iter_mut().zip(&other.counts).for_each(|(own, more)| *own += more);
        self.total += other.total;
    }

    pub fn count(&self) -> u64 {
        self.total
    }

    /// The time that this share of all is not longer than, in milliseconds; 0 without any.
    pub fn millis(&self, share: f64) -> f64 {
        let wanted = (self.total as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted.max(1) {
                return end(at as u64) as f64 / 1000.0;
            }
        }
        0.0
    }
}
