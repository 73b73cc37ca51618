//! Fixed values, patterns, and bounds of values and lengths.

use super::change::{Effect, Facet};
use super::differ::{Differ, Pair, Rows};
use crate::decimal;
use crate::plan::rows::NONE;
use crate::plan::{Handle, ValueKind, value_text};
use crate::relation::Values;

impl<'s> Differ<'s> {
    pub(super) fn values(&mut self, pair: &Pair, rows: &Rows) {
        let at = |layer: u32, row: u32| (row != NONE).then_some(Handle { layer, row });
        let (old, new) = (rows.old, rows.new);
        let (a, b) = rows.layers;
        self.exact(pair, (at(a, old.fixed), at(a, old.pattern)), (at(b, new.fixed), at(b, new.pattern)));
        for (facet, old, new) in [
            (Facet::MinValue, at(a, old.min_value), at(b, new.min_value)),
            (Facet::MaxValue, at(a, old.max_value), at(b, new.max_value)),
        ] {
            let (before, after) = (self.text(old), self.text(new));
            let effect = match (old, new) {
                (None, None) => continue,
                _ if before == after => continue,
                (None, Some(_)) => Effect::Tightened,
                (Some(_), None) => Effect::Loosened,
                (Some(x), Some(y)) => moved(self.plain(x), self.plain(y), facet == Facet::MinValue),
            };
            self.tell(pair, facet, effect, before, after);
        }
        for (facet, old, new) in [
            // No least length is the least, no largest length the largest.
            (Facet::MinLength, old.min_length, new.min_length),
            (Facet::MaxLength, old.max_length, new.max_length),
        ] {
            if old == new {
                continue;
            }
            let effect = if (new > old) == (facet == Facet::MinLength) { Effect::Tightened } else { Effect::Loosened };
            let text = |n: u32| if n == NONE || n == 0 { String::new() } else { n.to_string() };
            self.tell(pair, facet, effect, text(old), text(new));
        }
    }

    /// Fixed value and pattern of both sides: a fixed value is a pattern that allows nothing else.
    fn exact(&mut self, pair: &Pair, old: (Option<Handle>, Option<Handle>), new: (Option<Handle>, Option<Handle>)) {
        let one = |(fixed, pattern): (Option<Handle>, Option<Handle>)| match (fixed, pattern) {
            (Some(value), _) => Some((value, true)),
            (None, pattern) => pattern.map(|value| (value, false)),
        };
        let (old, new) = (one(old), one(new));
        let facet =
            |v: Option<(Handle, bool)>| if v.is_some_and(|(_, fixed)| fixed) { Facet::Fixed } else { Facet::Pattern };
        let (before, after) = (self.text(old.map(|(v, _)| v)), self.text(new.map(|(v, _)| v)));
        let (told, effect) = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => (facet(new), Effect::Tightened),
            (Some(_), None) => (facet(old), Effect::Loosened),
            (Some((a, a_fixed)), Some((b, b_fixed))) => {
                let values = Values { set: self.set };
                let (within, without) = (values.contains(a, b), values.contains(b, a));
                let primitive = within && without && self.set.value(a).is_some_and(|r| r.kind() != ValueKind::Object);
                let effect = match (a_fixed, b_fixed) {
                    _ if within && without && (a_fixed == b_fixed || primitive) => return,
                    // The new value is demanded by the old one already.
                    (_, false) if within => Effect::Loosened,
                    (false, _) if without => Effect::Tightened,
                    _ => Effect::Changed,
                };
                (facet(new), effect)
            }
        };
        self.tell(pair, told, effect, before, after);
    }

    fn plain(&self, value: Handle) -> &'s str {
        self.set.value(value).map_or("", |row| self.set.str(value.layer, row.text))
    }

    /// A value as a text; empty where there is none.
    fn text(&self, value: Option<Handle>) -> String {
        value.map_or_else(String::new, |v| value_text(self.set, v))
    }
}

/// The direction in which a bound moved. Dates of the same precision are ordered as texts.
fn moved(old: &str, new: &str, is_least: bool) -> Effect {
    let order = match (decimal::exact(old), decimal::exact(new)) {
        (Some(x), Some(y)) => y.cmp(&x),
        (None, None) if old.len() == new.len() && !old.is_empty() => new.cmp(old),
        _ => return Effect::Changed,
    };
    match (order.is_gt(), is_least) {
        _ if order.is_eq() => Effect::Changed,
        (true, true) | (false, false) => Effect::Tightened,
        _ => Effect::Loosened,
    }
}
