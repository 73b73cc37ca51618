//! Minimum and maximum values and lengths
//! (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::finding::Detail;
use super::walk::Walk;
use crate::fhirpath::Quantity;
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::plan::rows::ValueRow;
use crate::plan::{Handle, PlanBounds, PlanNode};

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

impl<'t> Walk<'_, 't> {
    /// Judges a node by the bounds of its elements.
    pub fn bounds(&mut self, n: Node<'t>, plan: &PlanNode, b: &PlanBounds) {
        if let Some(max) = b.max_length
            && n.text().chars().count() > max as usize
        {
            self.error(RuleId::MAX_LENGTH, n, &[b.element], Detail::Text(max.to_string()));
        }
        if b.min_length > 0 && n.has_value() && n.text().chars().count() < b.min_length as usize {
            self.error(RuleId::MIN_LENGTH, n, &[b.element], Detail::Text(b.min_length.to_string()));
        }
        for (bound, beyond, rule) in [(b.min_value, Ordering::Less, RuleId::MIN_VALUE), (b.max_value, Ordering::Greater, RuleId::MAX_VALUE)] {
            if let Some(bound) = bound.filter(|bound| self.order(n, plan, *bound) == Some(beyond)) {
                self.error(rule, n, &[b.element], Detail::Value(bound));
            }
        }
    }

    /// How a value and a bound lie, as far as that is certain.
    fn order(&self, n: Node<'t>, plan: &PlanNode, bound: Handle) -> Option<Ordering> {
        let row = self.set.value(bound)?;
        if row.kind == 0 {
            return self.quantities(n, bound, row);
        }
        if !n.has_value() || self.model().type_name(plan.type_id).is_empty() {
            return None;
        }
        let (found, wanted) = (n.text(), self.set.str(bound.layer, row.text));
        match (decimal(&found), decimal(wanted)) {
            (Some(f), Some(w)) => Some(f.cmp(&w)),
            (None, None) => {
                let len = found.len().min(wanted.len());
                Some(found.as_bytes()[..len].cmp(&wanted.as_bytes()[..len]))
            }
            _ => None,
        }
    }

    /// How two quantities lie whose units are of one dimension.
    fn quantities(&self, n: Node<'t>, bound: Handle, row: &ValueRow) -> Option<Ordering> {
        let part = |name: NameId| {
            let mut at = row.first_child;
            while let Some(c) = self.set.layer(bound.layer).value(at) {
                if c.name == name {
                    return Some(self.set.str(bound.layer, c.text));
                }
                at = c.next;
            }
            None
        };
        let (code, system) = (n.child_text(NameId::CODE), n.child_text(NameId::SYSTEM));
        if system.as_deref() != part(NameId::SYSTEM) || code.is_none() != part(NameId::CODE).is_none() {
            return None;
        }
        let quantity = |value: &str, code: Option<&str>| Some(Quantity { value: decimal(value)?, unit: code.unwrap_or("1").into(), calendar: false });
        let found = quantity(&n.child_text(NameId::VALUE)?, code.as_deref())?;
        found.compare(&quantity(part(NameId::VALUE)?, part(NameId::CODE))?, false)
    }
}
