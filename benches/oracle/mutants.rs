//! Mutants by chance from a seed: the same seed and the same instances give the same mutants.

use std::collections::BTreeSet;
use std::path::Path;

use crate::kinds::{self, Kind};
use crate::options::Options;
use crate::random::{Random, hash};
use crate::seeds::Seed;
use crate::sites::Made;

/// A kind that finds nothing to change in so many rounds is left out from then on.
const ROUNDS: usize = 3;

/// One mutant.
pub struct Mutant {
    pub kind: &'static str,
    /// The name of the instance that was changed.
    pub seed: String,
    pub made: Made,
}

impl Mutant {
    /// The name of its file: the kind, and a number that follows from its text.
    pub fn file(&self) -> String {
        let number = hash(0, self.made.text.as_bytes());
        format!("{}-{number:016x}.{}", self.kind, if self.made.xml { "xml" } else { "json" })
    }
}

/// So many mutants as asked for, one kind after another, no text twice. Kinds that find nothing to change are left out.
pub fn make(seeds: &[Seed], options: &Options) -> Vec<Mutant> {
    let wanted = |k: &Kind| options.kinds.is_empty() || options.kinds.iter().any(|n| n == k.0);
    let mut kinds: Vec<(Kind, usize)> = kinds::all().into_iter().filter(wanted).map(|k| (k, 0)).collect();
    let (mut out, mut seen, mut round) = (Vec::new(), BTreeSet::new(), 0);
    while out.len() < options.number && !kinds.is_empty() {
        for (kind, failed) in kinds.iter_mut().take(options.number - out.len()) {
            let made = one(*kind, round, seeds, options.seed, &mut seen);
            *failed = if made.is_some() { 0 } else { *failed + 1 };
            out.extend(made);
        }
        kinds.retain(|(_, failed)| *failed < ROUNDS);
        round += 1;
    }
    out
}

/// A mutant of a kind that was not made before, of the first instance that has one. Each round has another order of the
/// instances, in which one more or less changes nothing but its own place.
fn one(kind: Kind, round: usize, seeds: &[Seed], seed: u64, seen: &mut BTreeSet<String>) -> Option<Mutant> {
    let (name, make) = kind;
    let order = hash(seed, format!("{name} {round}").as_bytes());
    let mut ranked: Vec<(u64, &Seed)> = seeds.iter().map(|s| (hash(order, s.name.as_bytes()), s)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.iter().find_map(|(rank, s)| {
        let made = make(&s.value, &mut Random::new(*rank, name, round))?;
        let mutant = Mutant { kind: name, seed: s.name.clone(), made };
        seen.insert(mutant.file()).then_some(mutant)
    })
}

/// Writes the mutants into a folder, those that are not there.
pub fn write_all(folder: &Path, mutants: &[Mutant]) {
    std::fs::create_dir_all(folder).unwrap();
    for mutant in mutants {
        let file = folder.join(mutant.file());
        if !file.is_file() {
            std::fs::write(&file, &mutant.made.text).unwrap();
        }
    }
}
