//! Chance from a seed: the same seed gives the same numbers. Seed 0 always takes the first.

/// A generator of numbers (splitmix64, <https://prng.di.unimi.it/splitmix64.c>, public domain algorithm).
#[derive(Clone, Debug)]
pub(super) struct Chance {
    state: u64,
    is_fixed: bool,
}

impl Chance {
    /// Numbers of a seed.
    pub fn new(seed: u64) -> Chance {
        Chance { state: seed, is_fixed: seed == 0 }
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `count` places; 0 where the seed is 0 or there is none.
    pub fn place(&mut self, count: usize) -> usize {
        if self.is_fixed || count < 2 {
            return 0;
        }
        usize::try_from(self.number() % count as u64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_tells_all_places() {
        let places = |seed| {
            let mut chance = Chance::new(seed);
            (0..8).map(|_| chance.place(100)).collect::<Vec<_>>()
        };
        assert_eq!(places(0), [0; 8]);
        assert_eq!(places(5), places(5));
        assert_ne!(places(5), places(6));
        assert!(places(5).iter().all(|p| *p < 100));
        assert_eq!(Chance::new(5).place(0), 0);
    }
}
