//! Patterns of element paths, held together so that a path is compared with all of them at once: a part of the path is
//! looked up once, however many patterns there are.

use rustc_hash::FxHashMap;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Name(String),
    /// `*`: any one part.
    Any,
    /// `**`: any number of parts.
    Deep,
}

/// The parts of a pattern: `Patient.contact.*`, `**.extension`, `Observation.value[x].unit`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parts(pattern: &str) -> Result<Vec<Part>, String> {
    let of_choices = pattern.replace("[x]", ".*");
    if of_choices.contains(['[', ']']) {
        return Err(format!("`{pattern}` has an index: write the path of an element without indices"));
    }
    let part = |text: &str| match text {
        "*" => Ok(Part::Any),
        "**" => Ok(Part::Deep),
        _ if text.is_empty() || text.contains(['*', ' ', '\t', '\n']) => {
            Err(format!("`{pattern}` is no path of an element: expected names, `*` and `**` with dots between them"))
        }
        name => Ok(Part::Name(name.to_owned())),
    };
    of_choices.split('.').map(part).collect()
}

#[derive(Clone, Debug, Default)]
struct Node {
    names: FxHashMap<String, usize>,
    any: Option<usize>,
    deep: Option<usize>,
    /// Whether it takes any number of parts.
    is_deep: bool,
    /// What ends here.
    end: Option<usize>,
}

/// Patterns, each with a number.
#[derive(Clone, Debug)]
pub(super) struct Elements(Vec<Node>);

impl Default for Elements {
    fn default() -> Elements {
        Elements(vec![Node::default()])
    }
}

impl Elements {
    /// The number of a pattern: `next`, where it is not among them yet.
    pub fn add(&mut self, parts: &[Part], next: usize) -> usize {
        let at = parts.iter().fold(0, |at, part| self.below(at, part));
        match self.0.get_mut(at) {
            Some(node) => *node.end.get_or_insert(next),
            None => next,
        }
    }

    fn below(&mut self, at: usize, part: &Part) -> usize {
        let new = self.0.len();
        let Some(node) = self.0.get_mut(at) else { return at };
        let found = match part {
            Part::Name(name) => *node.names.entry(name.clone()).or_insert(new),
            Part::Any => *node.any.get_or_insert(new),
            Part::Deep => *node.deep.get_or_insert(new),
        };
        if found == new {
            self.0.push(Node { is_deep: *part == Part::Deep, ..Node::default() });
        }
        found
    }

    /// The numbers of the patterns that match a path.
    pub fn matches(&self, path: &str) -> Vec<usize> {
        let mut active = Vec::new();
        self.enter(0, &mut active);
        for part in path.split('.') {
            let mut next = Vec::new();
            for (at, node) in active.iter().filter_map(|at| Some((*at, self.0.get(*at)?))) {
                for found in node.names.get(part).into_iter().chain(&node.any).chain(node.is_deep.then_some(&at)) {
                    self.enter(*found, &mut next);
                }
            }
            next.sort_unstable();
            next.dedup();
            active = next;
            if active.is_empty() {
                break;
            }
        }
        active.iter().filter_map(|at| self.0.get(*at)?.end).collect()
    }

    /// A node, and those that are reached from it without a part.
    fn enter(&self, at: usize, active: &mut Vec<usize>) {
        let mut next = Some(at);
        while let Some(at) = next {
            active.push(at);
            next = self.0.get(at).and_then(|node| node.deep);
        }
    }
}

#[cfg(test)]
#[path = "element_tests.rs"]
mod tests;
