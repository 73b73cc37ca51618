//! Constraints, by key and expression.

use super::change::{Change, Effect, Facet, Level};
use super::differ::{Differ, Pair, Rows, change};
use crate::plan::rows::{CONSTRAINT_BEST_PRACTICE, CONSTRAINT_WARNING, Run};

/// The urls of the types of the specification begin so.
const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// A constraint of one side.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Constraint<'s> {
    key: &'s str,
    expression: &'s str,
    /// Nothing is invalid by it.
    mild: bool,
}

impl<'s> Differ<'s> {
    pub(super) fn constraints(&mut self, pair: &Pair, rows: &Rows) {
        let old = self.constraints_of(rows.layers.0, rows.old.constraints);
        let new = self.constraints_of(rows.layers.1, rows.new.constraints);
        let keyed = |all: &[Constraint<'s>], key: &str| all.iter().find(|c| c.key == key).copied();
        let said = |all: &[Constraint<'s>], text: &str| all.iter().find(|c| c.expression == text).copied();
        for c in &new {
            let told = match (keyed(&old, c.key), said(&old, c.expression)) {
                (Some(own), _) if own.expression == c.expression => severity(&pair.id, own, *c),
                (Some(own), _) => Some(rewritten(&pair.id, own, *c)),
                // Another key for the same.
                (None, Some(own)) if keyed(&new, own.key).is_none() => {
                    severity(&pair.id, own, *c).or_else(|| Some(renamed(&pair.id, own, *c)))
                }
                (None, _) => {
                    let told = change(&pair.id, Facet::Constraint, Effect::Added, String::new(), text(*c));
                    Some(if c.mild { told.at(Level::Documentation) } else { told })
                }
            };
            self.changes.extend(told);
        }
        for c in &old {
            let goes_on = keyed(&new, c.key).is_some()
                || said(&new, c.expression).is_some_and(|other| keyed(&old, other.key).is_none());
            if !goes_on {
                let told = change(&pair.id, Facet::Constraint, Effect::Removed, text(*c), String::new());
                self.changes.push(if c.mild { told.at(Level::Documentation) } else { told });
            }
        }
    }

    /// The constraints of an element, without those that its type has of itself.
    fn constraints_of(&self, layer: u32, run: Run) -> Vec<Constraint<'s>> {
        let image = self.set.layer(layer);
        let rows = image.links(run).iter().filter_map(|row| image.constraint(*row));
        let of_type =
            |key: &str, source: &str| self.type_keys.contains(key) && (source.is_empty() || source.starts_with(CORE));
        rows.filter(|c| !of_type(image.str(c.key), image.str(c.source)))
            .map(|c| Constraint {
                key: image.str(c.key),
                expression: image.str(c.expression),
                mild: c.flags & (CONSTRAINT_WARNING | CONSTRAINT_BEST_PRACTICE) != 0,
            })
            .collect()
    }
}

fn text(c: Constraint<'_>) -> String {
    format!("{}: {}", c.key, c.expression)
}

/// The same expression with another severity.
fn severity(id: &str, old: Constraint<'_>, new: Constraint<'_>) -> Option<Change> {
    let effect = match (old.mild, new.mild) {
        (true, false) => Effect::Tightened,
        (false, true) => Effect::Loosened,
        _ => return None,
    };
    let name = |c: Constraint<'_>| format!("{} as {}", c.key, if c.mild { "a warning" } else { "an error" });
    Some(change(id, Facet::Constraint, effect, name(old), name(new)))
}

fn rewritten(id: &str, old: Constraint<'_>, new: Constraint<'_>) -> Change {
    let effect = match (old.mild, new.mild) {
        (true, false) => Effect::Tightened,
        (false, true) => Effect::Loosened,
        _ => Effect::Changed,
    };
    let told = change(id, Facet::Constraint, effect, text(old), text(new));
    if old.mild && new.mild { told.at(Level::Documentation) } else { told }
}

fn renamed(id: &str, old: Constraint<'_>, new: Constraint<'_>) -> Change {
    let told = change(id, Facet::Constraint, Effect::Changed, old.key.to_owned(), new.key.to_owned());
    told.at(Level::Documentation).noted("the same expression under another key")
}
