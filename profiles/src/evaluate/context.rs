//! Contexts of extensions that are FHIRPath expressions.

use super::ports::WalkPorts;
use super::walk::Walk;
use crate::fhirpath::{self, Code, Compiler, Item};
use crate::instance::Node;

impl<'t> Walk<'_, 't> {
    /// Whether the holder of an extension is among what an expression selects from its resource; `None` where that can't be said.
    /// Such contexts are rare, so they are compiled when they are met.
    pub fn fhirpath_context(&mut self, expression: &str, holder: Node<'t>) -> Option<bool> {
        let parsed = fhirpath::parse(expression).ok()?;
        let mut pool = String::new();
        let words = Compiler::new(self.typing).compile(&parsed, &mut pool).ok()?;
        let resource = self.resources.last()?;
        let focus = Item::node(resource.node, resource.type_id);
        let mut scratch = std::mem::take(&mut self.memory.fhirpath);
        let result = {
            let ports = WalkPorts { walk: self };
            let context = self.context_of(resource.node, &ports);
            let found = fhirpath::evaluate(Code { words: &words, pool: &pool }, &focus, &context, &mut scratch);
            found.ok().map(|items| items.iter().any(|i| i.as_node().is_some_and(|n| n.index() == holder.index()) || matches!(i, Item::Bool(true))))
        };
        self.memory.fhirpath = scratch;
        result
    }
}
