//! Numbers by chance from a seed: the same seed gives the same numbers everywhere.

/// [SplitMix64](https://prng.di.unimi.it/splitmix64.c).
pub struct Random(u64);

/// A number that follows from bytes and a start.
pub fn hash(start: u64, bytes: &[u8]) -> u64 {
    let sum = bytes
        .iter()
        .fold(start ^ 0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
    mixed(sum)
}

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// The numbers of `seed` for the `nth` of a series named `name`, apart from those of its neighbours.
    pub fn new(seed: u64, name: &str, nth: usize) -> Self {
        Self(hash(seed, name.as_bytes()).wrapping_add(nth as u64))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `n`; 0 for 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// One of them; `None` of none.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        of.get(self.below(of.len()))
    }
}
