//! Ports of a single instance with the functions of scripts, for expressions on their own.

use super::host::Budget;
use super::scripts::Scripts;
use super::session::View;
use crate::fhirpath::{Collection, Item, Options, Outcome, Ports, Resolved, Typing, resolve_local};
use crate::instance::Node;

/// Resolves references inside the instance, as [`crate::fhirpath::LocalPorts`], and calls the functions of scripts.
pub struct ScriptPorts<'a> {
    /// The scripts whose functions can be called.
    pub scripts: Option<&'a Scripts>,
    /// The types of the instance.
    pub typing: &'a Typing<'a>,
    /// The root of the instance.
    pub root: Node<'a>,
    /// What the scripts may cost.
    pub budget: &'a Budget,
    /// Bounds and dialect of expressions.
    pub options: Options,
}

impl<'a> Ports<'a> for ScriptPorts<'a> {
    fn resolve(&self, reference: &str, from: Node<'a>) -> Resolved<'a> {
        resolve_local(reference, from)
    }

    fn call(&self, name: &str, _input: &[Item<'a>], args: &[Collection<'a>]) -> Option<Outcome<'a>> {
        let scripts = self.scripts?;
        let ports = ScriptPorts { ..*self };
        let focus = (self.root, self.typing.resource_type(self.root));
        let view = View {
            typing: self.typing,
            ports: &ports,
            focus,
            resource: self.root,
            root_resource: self.root,
            options: self.options,
        };
        let answer = scripts.call(name, args, &view, self.budget)?;
        Some(answer.and_then(|a| a.items(self.root.tape())))
    }
}
