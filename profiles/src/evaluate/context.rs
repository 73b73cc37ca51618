//! Contexts of extensions that are FHIRPath expressions.

use super::walk::Walk;
use crate::instance::Node;

impl<'t> Walk<'_, 't> {
    /// Whether the holder of an extension is among what an expression selects from its resource; `None` where that can't be said.
    pub fn fhirpath_context(&self, _expression: &str, _holder: Node<'t>) -> Option<bool> {
        None
    }
}
