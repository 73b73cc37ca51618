//! What a type demands beyond its definition: references, codings, narratives, attachments, canonicals.

use super::finding::Detail;
use super::walk::Walk;
use crate::assertion::primitive::Primitive;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::plan::{Handle, PlanBounds, PlanNode};

impl<'t> Walk<'_, 't> {
    /// The rules of complex types.
    pub fn typed(&mut self, n: Node<'t>, plan: &PlanNode) {
        match self.model().type_name(plan.type_id) {
            "Reference" => self.reference(n, plan),
            "Coding" => self.coding(n),
            _ => {}
        }
    }

    /// The rules of primitive types that their text alone does not tell.
    pub fn typed_primitive(&mut self, n: Node<'t>, plan: &PlanNode, p: Primitive) {
        if p == Primitive::Canonical && n.has_value() {
            let text = n.text();
            if !text.is_empty() && !text.contains(':') && !text.starts_with('#') && !text.contains(char::is_whitespace) {
                self.error(RuleId::CANONICAL_ABSOLUTE, n, &plan.handles, Detail::Text(text.into_owned()));
            }
        }
    }

    /// Minimum and maximum values, maximum lengths.
    pub fn bounds(&mut self, n: Node<'t>, plan: &PlanNode, b: &PlanBounds) {
        if let Some(max) = b.max_length
            && n.text().chars().count() > max as usize
        {
            self.error(RuleId::MAX_LENGTH, n, &[b.element], Detail::Text(max.to_string()));
        }
        for (bound, low, rule) in [(b.min_value, true, RuleId::MIN_VALUE), (b.max_value, false, RuleId::MAX_VALUE)] {
            let Some(bound) = bound else { continue };
            if self.beyond(n, plan, bound, low) {
                self.error(rule, n, &[b.element], Detail::Value(bound));
            }
        }
    }

    /// Whether a value is certainly beyond a bound.
    fn beyond(&self, n: Node<'t>, plan: &PlanNode, bound: Handle, low: bool) -> bool {
        let Some(row) = self.set.value(bound) else { return false };
        let (found, wanted) = if row.kind == 0 {
            let Some(value) = n.child(NameId::VALUE).filter(|v| v.has_value()) else { return false };
            let mut at = row.first_child;
            let mut wanted = None;
            while let Some(c) = self.set.layer(bound.layer).value(at) {
                let text = self.set.str(bound.layer, c.text);
                match c.name {
                    NameId::VALUE => wanted = Some(text),
                    NameId::CODE | NameId::SYSTEM if n.child_text(c.name).is_none_or(|t| t != text) => return false,
                    _ => {}
                }
                at = c.next;
            }
            let Some(wanted) = wanted else { return false };
            (value.text(), wanted)
        } else {
            if !n.has_value() || self.model().type_name(plan.type_id).is_empty() {
                return false;
            }
            (n.text(), self.set.str(bound.layer, row.text))
        };
        use rust_decimal::Decimal;
        let read = |s: &str| Decimal::from_str_exact(s).or_else(|_| Decimal::from_scientific(s)).ok();
        let order = match (read(&found), read(wanted)) {
            (Some(f), Some(w)) => f.cmp(&w),
            (None, None) => {
                let len = found.len().min(wanted.len());
                found.as_bytes()[..len].cmp(&wanted.as_bytes()[..len])
            }
            _ => return false,
        };
        if low { order.is_lt() } else { order.is_gt() }
    }
}
