//! The underscore twins of JSON: where one may stand, and what it may be (https://hl7.org/fhir/R4/json.html#primitive).

use super::finding::Detail;
use super::walk::Walk;
use crate::instance::{Kind, Node};
use crate::issue::RuleId;
use crate::plan::{PlanChild, PlanNode, Variant};

impl<'t> Walk<'_, 't> {
    /// Judges the twin of an entry that has one.
    pub fn twin(&mut self, n: Node<'t>, c: Node<'t>, plan: &PlanNode, child: &PlanChild, variant: &Variant) {
        let (twin, in_array) = (c.twin(), c.twin_in_array());
        if variant.type_id.is_known() && !self.model().is_primitive(variant.type_id) {
            if c.is_first() {
                self.error(RuleId::ELEMENT_UNKNOWN, n, &plan.handles, Detail::Name(format!("_{}", c.name_text())));
            }
            return;
        }
        let fault = match twin.map(Node::kind) {
            Some(Kind::Null) => "is null",
            Some(Kind::EmptyArray) => "is an empty array",
            _ if in_array && !child.is_list => "stands in an array, but its element does not repeat",
            _ if !in_array && child.is_list => "does not stand in an array, but its element repeats",
            None => return,
            Some(Kind::Object) if twin.is_some_and(|t| t.children().next().is_none()) => "is an empty object",
            Some(Kind::Object) => return,
            Some(_) => "is no object",
        };
        self.error(RuleId::JSON_TWIN, c, &child.handles, Detail::Text(fault.to_owned()));
    }
}
