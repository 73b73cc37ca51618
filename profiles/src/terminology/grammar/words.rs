//! Grammars as words, as images hold them.

use super::{Grammar, LanguageParts};
use crate::ucum::Dimension;

impl Grammar {
    /// Three words that [`Grammar::from_words`] reads back; the first is never 0.
    pub fn to_words(&self) -> [u32; 3] {
        match self {
            Grammar::Language { required, forbidden } => [1, required.bits(), forbidden.bits()],
            Grammar::MediaType => [2, 0, 0],
            Grammar::Unit { comparable: None } => [3, 0, 0],
            Grammar::Unit { comparable: Some(d) } => {
                let [a, b] = d.to_words();
                [4, a, b]
            }
            Grammar::Country { two, three, number } => {
                [5, u32::from(*two) | u32::from(*three) << 1 | u32::from(*number) << 2, 0]
            }
            Grammar::Currency => [6, 0, 0],
        }
    }

    /// The grammar of three words; `None` for 0 and what no grammar writes.
    pub fn from_words([kind, a, b]: [u32; 3]) -> Option<Grammar> {
        Some(match kind {
            1 => Grammar::Language { required: LanguageParts::from_bits(a), forbidden: LanguageParts::from_bits(b) },
            2 => Grammar::MediaType,
            3 => Grammar::Unit { comparable: None },
            4 => Grammar::Unit { comparable: Some(Dimension::from_words([a, b])) },
            5 => Grammar::Country { two: a & 1 != 0, three: a & 2 != 0, number: a & 4 != 0 },
            6 => Grammar::Currency,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        let metre = crate::ucum::Unit::parse("m-3.s").and_then(|u| u.dimension());
        for g in [
            Grammar::Language { required: LanguageParts::REGION, forbidden: LanguageParts::SCRIPT },
            Grammar::MediaType,
            Grammar::Unit { comparable: None },
            Grammar::Unit { comparable: metre },
            Grammar::Country { two: true, three: false, number: true },
            Grammar::Currency,
        ] {
            assert_eq!(Grammar::from_words(g.to_words()), Some(g));
        }
    }
}
