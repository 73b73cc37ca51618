//! What a definition says of itself: its type and base, where an extension may be used, what it imposes.

use super::change::{Change, Effect, Facet, Level};
use super::differ::{Differ, change};
use super::types::{direction, without_version};
use crate::plan::Handle;
use crate::plan::rows::{Run, STRUCTURE_ABSTRACT, StructureRow};

/// The context of extensions that may be used on any element.
const ANYWHERE: &str = "element Element";

impl<'s> Differ<'s> {
    /// Compares the definitions of two root elements; whether their elements can be compared.
    pub(super) fn structures(&mut self, old: Handle, new: Handle) -> bool {
        let (Some(x), Some(y)) = (self.set.structure_of(old), self.set.structure_of(new)) else { return false };
        let id = self.id(new);
        let text = |layer: u32, s| self.set.str(layer, s);
        let (before, after) = (text(old.layer, x.type_name), text(new.layer, y.type_name));
        if before != after {
            let told = change(id, Facet::ConstrainedType, Effect::Changed, before.to_owned(), after.to_owned());
            self.changes.push(told);
            return false;
        }
        let (before, after) = (without_version(text(old.layer, x.base)), without_version(text(new.layer, y.base)));
        if before != after {
            let told = change(id, Facet::Base, Effect::Changed, before.to_owned(), after.to_owned());
            self.changes.push(told.at(Level::Documentation));
        }
        let is_abstract = |s: &StructureRow| s.flags & STRUCTURE_ABSTRACT != 0;
        if is_abstract(x) != is_abstract(y) {
            let effect = if is_abstract(y) { Effect::Tightened } else { Effect::Loosened };
            self.changes.push(change(id, Facet::Abstract, effect, String::new(), String::new()).advisory());
        }
        let (a, b) = ((old.layer, x), (new.layer, y));
        self.context(id, &self.contexts(a.0, a.1.contexts), &self.contexts(b.0, b.1.contexts));
        let (before, after) = (self.contexts(a.0, x.context_invariants), self.contexts(b.0, y.context_invariants));
        self.lists(id, Facet::ContextInvariant, &before, &after);
        let imposed = |layer: u32, run: Run| -> Vec<String> {
            self.list(layer, run).into_iter().map(|url| without_version(url).to_owned()).collect()
        };
        self.lists(id, Facet::Imposed, &imposed(a.0, x.imposed), &imposed(b.0, y.imposed));
        true
    }

    /// The texts of a list.
    pub(super) fn list(&self, layer: u32, run: Run) -> Vec<&'s str> {
        self.set.layer(layer).list(run).collect()
    }

    fn contexts(&self, layer: u32, run: Run) -> Vec<String> {
        let image = self.set.layer(layer);
        let text = |kind: String, expression: &str| format!("{} {expression}", kind.to_lowercase());
        image.contexts(run).iter().map(|c| text(format!("{:?}", c.kind()), image.str(c.expression))).collect()
    }

    /// Where an extension may be used. No instance of an extension is invalid by it: it is seen from around it.
    fn context(&mut self, id: &str, old: &[String], new: &[String]) {
        let allows = |all: &[String], text: &String| all.contains(text) || all.iter().any(|t| t == ANYWHERE);
        let (loosened, tightened) = (!new.iter().all(|t| allows(old, t)), !old.iter().all(|t| allows(new, t)));
        let only = |one: &[String], other: &[String]| {
            let texts: Vec<&str> = one.iter().filter(|t| !other.contains(t)).map(String::as_str).collect();
            texts.join(", ")
        };
        if let Some(effect) = direction(loosened, tightened) {
            self.changes.push(change(id, Facet::Context, effect, only(old, new), only(new, old)).advisory());
        }
    }

    /// Demands that came and went.
    fn lists(&mut self, id: &str, facet: Facet, old: &[String], new: &[String]) {
        let mut told: Vec<Change> = Vec::new();
        for text in new.iter().filter(|t| !old.contains(t)) {
            told.push(change(id, facet, Effect::Added, String::new(), text.clone()));
        }
        for text in old.iter().filter(|t| !new.contains(t)) {
            told.push(change(id, facet, Effect::Removed, text.clone(), String::new()));
        }
        self.changes.extend(told.into_iter().map(|c| if facet == Facet::Imposed { c } else { c.advisory() }));
    }
}
