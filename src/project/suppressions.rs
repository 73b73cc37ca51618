//! Suppressions: which issues do not count, by the word of the project. They are looked up by rule, then by element,
//! then by the globs that match the input, so that many of them and many issues cost their sum.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use fhir_accord_profiles::issue::{Issue, RuleId};
use rustc_hash::FxHashMap;

use super::element::{Elements, Part};
use super::patterns::Patterns;
use crate::render::without_indices;

/// One suppression, read.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub rule: RuleId,
    pub element: Option<Vec<Part>>,
    pub path: Option<String>,
    pub reason: Arc<str>,
    pub line: u32,
}

/// The suppressions that say the same, and how often they matched.
#[derive(Debug)]
struct Same {
    first: usize,
    used: AtomicU64,
}

impl Same {
    fn take(&self) -> usize {
        self.used.fetch_add(1, Ordering::Relaxed);
        self.first
    }
}

/// The suppressions of one rule and element: without a path, and by the number of its glob.
#[derive(Debug, Default)]
struct Group {
    anywhere: Option<Same>,
    by_glob: FxHashMap<usize, Same>,
}

/// The suppressions of one rule: the first group is that of any element.
#[derive(Debug)]
struct OfRule {
    elements: Elements,
    groups: Vec<Group>,
}

/// All suppressions.
#[derive(Debug, Default)]
pub(super) struct Suppressions {
    rows: Vec<Row>,
    /// Where each row is: the number of its group, and of its glob.
    places: Vec<(usize, Option<usize>)>,
    rules: FxHashMap<RuleId, OfRule>,
    globs: Patterns,
    /// Whether an input matched, by the number of the glob.
    met: Vec<AtomicBool>,
}

/// The globs that match an input.
#[derive(Default)]
pub(super) struct Here {
    list: Vec<usize>,
    is: Vec<bool>,
}

impl Suppressions {
    /// Over rows, whose globs are compiled.
    pub fn new(rows: Vec<Row>, globs: Patterns) -> Suppressions {
        let met = (0..globs.len()).map(|_| AtomicBool::new(false)).collect();
        let mut all = Suppressions { met, globs, ..Suppressions::default() };
        for (number, row) in rows.iter().enumerate() {
            let of_rule = all
                .rules
                .entry(row.rule)
                .or_insert_with(|| OfRule { elements: Elements::default(), groups: vec![Group::default()] });
            let group = match &row.element {
                None => 0,
                Some(parts) => of_rule.elements.add(parts, of_rule.groups.len()),
            };
            if group == of_rule.groups.len() {
                of_rule.groups.push(Group::default());
            }
            let glob = row.path.as_deref().and_then(|glob| all.globs.number(glob));
            if let Some(found) = of_rule.groups.get_mut(group) {
                let same = || Same { first: number, used: AtomicU64::new(0) };
                match glob {
                    None => {
                        found.anywhere.get_or_insert_with(same);
                    }
                    Some(glob) => {
                        found.by_glob.entry(glob).or_insert_with(same);
                    }
                }
            }
            all.places.push((group, glob));
        }
        all.rows = rows;
        all
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What matches the path of an input.
    pub fn here(&self, path: &str) -> Here {
        let list = if self.globs.is_empty() { Vec::new() } else { self.globs.matches(path) };
        let mut is = vec![false; self.met.len()];
        for glob in &list {
            is.iter_mut().skip(*glob).take(1).for_each(|is| *is = true);
            self.met.get(*glob).into_iter().for_each(|met| met.store(true, Ordering::Relaxed));
        }
        Here { list, is }
    }

    /// The first suppression of an issue.
    pub fn of(&self, issue: &Issue, here: &Here) -> Option<&Row> {
        let of_rule = self.rules.get(&issue.rule)?;
        let mut groups = vec![0];
        if of_rule.groups.len() > 1 {
            groups.extend(of_rule.elements.matches(&without_indices(&issue.expression)));
        }
        let mut first: Option<usize> = None;
        for group in groups.into_iter().filter_map(|g| of_rule.groups.get(g)) {
            let anywhere = group.anywhere.as_ref().map(Same::take);
            let by_path = match group.by_glob.len() < here.list.len() {
                true => {
                    let is_here = |glob: usize| here.is.get(glob).copied().unwrap_or_default();
                    group.by_glob.iter().filter(|(glob, _)| is_here(**glob)).map(|(_, same)| same.take()).min()
                }
                false => here.list.iter().filter_map(|glob| group.by_glob.get(glob)).map(Same::take).min(),
            };
            first = first.into_iter().chain(anywhere).chain(by_path).min();
        }
        self.rows.get(first?)
    }

    /// The suppressions that matched no issue: of those, first the ones whose path, if any, some input has.
    pub fn unused(&self) -> (Vec<&Row>, Vec<&Row>) {
        let idle = self.rows.iter().zip(&self.places).filter(|(row, (group, glob))| {
            let group = self.rules.get(&row.rule).and_then(|of_rule| of_rule.groups.get(*group));
            let same = group.and_then(|g| match glob {
                None => g.anywhere.as_ref(),
                Some(glob) => g.by_glob.get(glob),
            });
            same.is_none_or(|s| s.used.load(Ordering::Relaxed) == 0)
        });
        let met =
            |glob: &Option<usize>| glob.is_none_or(|g| self.met.get(g).is_some_and(|met| met.load(Ordering::Relaxed)));
        let (concerned, others): (Vec<_>, Vec<_>) = idle.partition(|(_, (_, glob))| met(glob));
        (concerned.into_iter().map(|(row, _)| row).collect(), others.into_iter().map(|(row, _)| row).collect())
    }
}

#[cfg(test)]
#[path = "suppressions_tests.rs"]
mod tests;
