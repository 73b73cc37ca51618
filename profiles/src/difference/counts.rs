//! How often an element may occur, and its flags.

use super::change::{Effect, Facet, Level};
use super::differ::{Differ, Pair, Rows, change};
use super::text::most;
use crate::plan::rows::{ELEMENT_MODIFIER, ELEMENT_MUST_HAVE_VALUE, ELEMENT_MUST_SUPPORT};

impl Differ<'_> {
    pub(super) fn cardinality(&mut self, pair: &Pair, rows: &Rows) {
        let (old, new) = (rows.old, rows.new);
        if old.min != new.min && new.max != 0 {
            let effect = if new.min > old.min { Effect::Tightened } else { Effect::Loosened };
            self.tell(pair, Facet::Min, effect, old.min.to_string(), new.min.to_string());
        }
        if old.max != new.max {
            let effect = if new.max < old.max { Effect::Tightened } else { Effect::Loosened };
            self.tell(pair, Facet::Max, effect, most(old.max), most(new.max));
        }
    }

    pub(super) fn flags(&mut self, pair: &Pair, rows: &Rows) {
        for (flag, facet, level) in [
            (ELEMENT_MUST_SUPPORT, Facet::MustSupport, Some(Level::MustSupport)),
            (ELEMENT_MODIFIER, Facet::Modifier, Some(Level::Reader)),
            (ELEMENT_MUST_HAVE_VALUE, Facet::MustHaveValue, None),
        ] {
            let (old, new) = (rows.old.flags & flag != 0, rows.new.flags & flag != 0);
            if old == new {
                continue;
            }
            let effect = match (facet, new) {
                (Facet::MustHaveValue, true) => Effect::Tightened,
                (Facet::MustHaveValue, false) => Effect::Loosened,
                (_, true) => Effect::Added,
                (_, false) => Effect::Removed,
            };
            let told = change(&pair.id, facet, effect, String::new(), String::new());
            self.changes.push(match level {
                Some(level) => told.at(level).advisory(),
                None => told,
            });
        }
    }

    /// What systems have to do with an element, beside supporting it
    /// (<https://hl7.org/fhir/extensions/StructureDefinition-obligation.html>).
    pub(super) fn obligations(&mut self, pair: &Pair, rows: &Rows) {
        let (old, new) =
            (self.list(rows.layers.0, rows.old.obligations), self.list(rows.layers.1, rows.new.obligations));
        for (one, other, effect) in [(&new, &old, Effect::Added), (&old, &new, Effect::Removed)] {
            for text in one.iter().filter(|t| !other.contains(t)) {
                let (mut before, mut after) = (String::new(), (*text).to_owned());
                if effect == Effect::Removed {
                    std::mem::swap(&mut before, &mut after);
                }
                let told = change(&pair.id, Facet::Obligation, effect, before, after);
                self.changes.push(told.at(Level::MustSupport));
            }
        }
    }
}
