//! Counts of what instances say, by file and over all of them.

use std::cmp::Reverse;

use fhir_accord_capability::observed::{FailingRule, Observed, ObservedPlace, ObservedProfile, ObservedTotals};
use rustc_hash::FxHashMap;

use super::asked::Asked;
use super::judge::{RuleKey, Says};
use super::limits::{RULES_LIMIT, RULES_TOLD};

/// What was counted of one profile.
#[derive(Default)]
struct Counted {
    conforming: usize,
    failed: usize,
    undetermined: usize,
    outside: usize,
    rules: FxHashMap<RuleKey, usize>,
    /// The first instance that fails: its file and line, and the elements.
    witness: Option<(usize, usize, Vec<String>)>,
}

/// What was counted in one file.
#[derive(Default)]
pub(super) struct FileTotal {
    pub instances: usize,
    pub unread: usize,
    /// The file's name, where it may be told.
    pub name: Option<String>,
    profiles: Vec<Counted>,
}

impl FileTotal {
    /// Of a file, for so many profiles.
    pub fn new(profiles: usize) -> FileTotal {
        FileTotal { profiles: (0..profiles).map(|_| Counted::default()).collect(), ..FileTotal::default() }
    }

    /// Counts an instance that starts on this line, from 1.
    pub fn add(&mut self, start: usize, said: Vec<(usize, Says)>) {
        self.instances += 1;
        for (place, says) in said {
            let Some(counted) = self.profiles.get_mut(place) else { continue };
            match says {
                Says::Outside => counted.outside += 1,
                Says::Conforms => counted.conforming += 1,
                Says::Undetermined => counted.undetermined += 1,
                Says::Fails { rules, line, paths } => {
                    counted.failed += 1;
                    for key in rules {
                        counted.count(key, 1);
                    }
                    counted.witness.get_or_insert_with(|| (0, start + line.saturating_sub(1), paths));
                }
            }
        }
    }
}

impl Counted {
    fn count(&mut self, key: RuleKey, times: usize) {
        if self.rules.len() < RULES_LIMIT || self.rules.contains_key(&key) {
            *self.rules.entry(key).or_default() += times;
        }
    }

    fn include(&mut self, file: usize, other: Counted) {
        self.conforming += other.conforming;
        self.failed += other.failed;
        self.undetermined += other.undetermined;
        self.outside += other.outside;
        // In an order that is always the same: beyond the bound, rules are not counted.
        let mut rules: Vec<(RuleKey, usize)> = other.rules.into_iter().collect();
        rules.sort();
        rules.into_iter().for_each(|(key, times)| self.count(key, times));
        if self.witness.is_none() {
            self.witness = other.witness.map(|(_, line, paths)| (file, line, paths));
        }
    }
}

/// What was counted over all files.
pub(super) struct Total {
    totals: ObservedTotals,
    profiles: Vec<Counted>,
    names: Vec<Option<String>>,
}

impl Total {
    /// For so many profiles.
    pub fn new(profiles: usize) -> Total {
        let profiles = (0..profiles).map(|_| Counted::default()).collect();
        Total { totals: ObservedTotals::default(), profiles, names: Vec::new() }
    }

    /// Adds the next file, by its place from 1.
    pub fn add(&mut self, place: usize, file: FileTotal) {
        self.totals.files += 1;
        self.totals.instances += file.instances;
        self.totals.unread += file.unread;
        self.names.push(file.name);
        for (own, more) in self.profiles.iter_mut().zip(file.profiles) {
            own.include(place, more);
        }
    }

    /// As evidence.
    pub fn observed(self, asked: &Asked<'_>) -> Observed {
        let names = self.names;
        let of =
            |counted: Counted| {
                let mut rules: Vec<(RuleKey, usize)> = counted.rules.into_iter().collect();
                rules.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
                let told = rules.into_iter().take(RULES_TOLD).map(|((rule, element, constraint), instances)| {
                    FailingRule { rule, element, constraint, instances }
                });
                ObservedProfile {
                    speaking: counted.conforming + counted.failed + counted.undetermined,
                    failed: counted.failed,
                    undetermined: counted.undetermined,
                    outside: counted.outside,
                    rules: told.collect(),
                    witness: counted.witness.map(|(file, line, paths)| ObservedPlace {
                        file,
                        name: names.get(file.saturating_sub(1)).cloned().flatten(),
                        line,
                        paths,
                    }),
                }
            };
        let profiles = asked.all.iter().map(|a| a.required.to_string()).zip(self.profiles.into_iter().map(of));
        Observed { totals: self.totals, profiles: profiles.collect() }
    }
}
