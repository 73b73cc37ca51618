//! Terminologies that nobody owns: made from a seed, with the depth, the synonyms and the lengths of real ones, and
//! written in the layouts of their publishers.

#![allow(dead_code, reason = "each user takes a part")]

pub mod layouts;

/// Numbers from a seed (xorshift).
pub struct Random(u64);

impl Random {
    /// The numbers of a seed that is not 0.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below another.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % most.max(1)
    }

    /// A number below another, small ones far more often: as words are in a language.
    fn skewed(&mut self, most: u64) -> u64 {
        let part = (self.below(1 << 30) as f64 + 1.0) / f64::from(1 << 30);
        ((most as f64).powf(part) - 1.0) as u64
    }
}

const SYLLABLES: &[&str] = &[
    "al", "ar", "bro", "car", "chon", "cu", "den", "di", "dro", "em", "ex", "fe", "fi", "ga", "gen", "hem", "in", "is",
    "lam", "lo", "mal", "mi", "mo", "na", "ne", "or", "os", "pa", "pe", "pul", "ra", "ri", "ro", "sa", "se", "sto",
    "ta", "ter", "tho", "tu", "ul", "va", "ver", "xi",
];

/// A vocabulary.
struct Vocabulary(Vec<String>);

impl Vocabulary {
    fn new(random: &mut Random, size: u64) -> Vocabulary {
        let word = |random: &mut Random| {
            let parts = 2 + random.below(3);
            (0..parts).map(|_| SYLLABLES[random.below(SYLLABLES.len() as u64) as usize]).collect()
        };
        Vocabulary((0..size).map(|_| word(random)).collect())
    }

    fn word(&self, random: &mut Random) -> &str {
        &self.0[random.skewed(self.0.len() as u64) as usize]
    }

    fn term(&self, random: &mut Random) -> String {
        let count = 2 + random.below(5);
        let words: Vec<&str> = (0..count).map(|_| self.word(random)).collect();
        let mut text = words.join(" ");
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text
    }
}

/// One code.
#[derive(Clone, Debug)]
pub struct Made {
    /// An identifier of SNOMED CT's form.
    pub id: String,
    /// The preferred name.
    pub name: String,
    /// The name with the kind of the concept.
    pub full: String,
    /// Further names.
    pub synonyms: Vec<String>,
    /// Places of the parents, all before the own.
    pub parents: Vec<usize>,
    /// Whether it is no longer for use; such a code has no parents.
    pub inactive: bool,
}

/// The root of all codes that are active.
pub const ROOT: &str = "138875005";

/// So many codes: about fifteen levels, half with two parents or more, one in twelve inactive, two synonyms each.
pub fn concepts(seed: u64, count: usize) -> Vec<Made> {
    const KINDS: &[&str] = &["disorder", "finding", "procedure", "body structure", "substance", "organism"];
    let random = &mut Random::new(seed);
    let words = Vocabulary::new(random, 60_000);
    let mut out: Vec<Made> = Vec::with_capacity(count);
    let mut active: Vec<usize> = Vec::new();
    for place in 0..count {
        let id = if place == 0 { ROOT.to_owned() } else { format!("{}00{}", 1_000 + place * 7, place % 10) };
        let inactive = place > 20 && random.below(12) == 0;
        let mut parents = Vec::new();
        if !inactive && !active.is_empty() {
            let more = [1, 1, 1, 2, 2, 3][random.below(6) as usize];
            for _ in 0..more {
                let parent = active[random.below(active.len() as u64) as usize];
                if !parents.contains(&parent) {
                    parents.push(parent);
                }
            }
        }
        let name = words.term(random);
        let full = format!("{name} ({})", KINDS[random.below(KINDS.len() as u64) as usize]);
        let synonyms = (0..random.below(4)).map(|_| words.term(random)).collect();
        if !inactive {
            active.push(place);
        }
        out.push(Made { id, name, full, synonyms, parents, inactive });
    }
    out
}
