//! Fixed values and patterns of definitions beside each other
//! (<https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_>).

use super::Match;
use crate::instance::NameId;
use crate::plan::rows::{NONE, ValueRow};
use crate::plan::{Handle, ImageSet, ValueKind};

/// The values in the images of a set.
#[derive(Clone, Copy)]
pub struct Values<'s> {
    pub set: &'s ImageSet,
}

impl<'s> Values<'s> {
    fn row(self, h: Handle) -> Option<&'s ValueRow> {
        self.set.value(h)
    }

    pub fn name(self, h: Handle) -> NameId {
        self.row(h).map_or(NameId::NONE, |r| r.name)
    }

    pub fn text(self, h: Handle) -> &'s str {
        self.row(h).map_or("", |r| self.set.str(h.layer, r.text))
    }

    pub fn is_object(self, h: Handle) -> bool {
        self.row(h).is_some_and(|r| r.kind() == ValueKind::Object)
    }

    /// The parts of a value, those of one name after each other.
    pub fn children(self, h: Handle) -> impl Iterator<Item = Handle> + use<'s> {
        let mut at = self.row(h).map_or(NONE, |r| r.first_child);
        std::iter::from_fn(move || {
            let row = self.row(Handle { layer: h.layer, row: at }).filter(|_| at != NONE)?;
            let here = Handle { layer: h.layer, row: at };
            at = row.next;
            Some(here)
        })
    }

    /// The text of the first part with this name.
    pub fn part(self, h: Handle, name: NameId) -> Option<&'s str> {
        self.children(h).find(|c| self.name(*c) == name).map(|c| self.text(c))
    }

    fn same_leaf(self, a: Handle, b: Handle) -> bool {
        let (Some(x), Some(y)) = (self.row(a), self.row(b)) else { return false };
        x.kind() == y.kind() && self.text(a) == self.text(b)
    }

    /// The same value.
    pub fn equal(self, a: Handle, b: Handle) -> bool {
        let parts = |h| self.children(h);
        self.same_leaf(a, b)
            && parts(a).count() == parts(b).count()
            && parts(a).zip(parts(b)).all(|(x, y)| self.name(x) == self.name(y) && self.equal(x, y))
    }

    /// Whatever matches pattern `a` (equals it, where it is fixed) matches pattern `b`.
    pub fn contains(self, a: Handle, b: Handle) -> bool {
        self.same_leaf(a, b)
            && self.children(b).all(|w| self.children(a).any(|c| self.name(c) == self.name(w) && self.contains(c, w)))
    }

    /// Nothing matches both patterns; `single` tells whether a name occurs once at most in an instance.
    pub fn contradict(self, a: Handle, b: Handle, single: &dyn Fn(NameId) -> bool) -> bool {
        let (Some(x), Some(y)) = (self.row(a), self.row(b)) else { return false };
        let is_leaf = |r: &ValueRow| r.kind() != ValueKind::Object;
        if is_leaf(x) || is_leaf(y) {
            // Numbers that are written differently are left open.
            let numbers = x.kind() == ValueKind::Number && y.kind() == ValueKind::Number;
            return !numbers && (x.kind() != y.kind() || self.text(a) != self.text(b));
        }
        self.children(a).any(|c| {
            let name = self.name(c);
            single(name) && self.children(b).filter(|w| self.name(*w) == name).any(|w| self.contradict(c, w, single))
        })
    }

    /// Whether a value that equals `a` (`fixed`), or matches it, is what `b` demands.
    pub fn compare(
        self,
        (a, a_fixed): (Handle, bool),
        (b, b_fixed): (Handle, bool),
        single: &dyn Fn(NameId) -> bool,
    ) -> Match {
        if a == b && (a_fixed || !b_fixed) {
            return Match::Always;
        }
        let leaf = !self.is_object(a) && !self.is_object(b);
        let always = if b_fixed { (a_fixed || leaf) && self.equal(a, b) } else { self.contains(a, b) };
        if always {
            return Match::Always;
        }
        let never = match (a_fixed, b_fixed) {
            (true, true) => !self.equal(a, b) && !self.has_numbers(a),
            // A value that equals `a` does not match the pattern `b`.
            (true, false) => !self.contains(a, b) && !self.has_numbers(a),
            (false, true) => !self.contains(b, a) && !self.has_numbers(b),
            (false, false) => false,
        };
        if never || self.contradict(a, b, single) { Match::Never } else { Match::Maybe }
    }

    fn has_numbers(self, h: Handle) -> bool {
        self.row(h).is_some_and(|r| r.kind() == ValueKind::Number) || self.children(h).any(|c| self.has_numbers(c))
    }
}
