//! Ports of one instance alone, with the functions of scripts: for expressions that stand by themselves.

use super::host::Budget;
use super::session::{Scripts, View};
use crate::fhirpath::{Collection, Item, Options, Outcome, Ports, Resolved, Typing, resolve_local};
use crate::instance::Node;

/// Resolves references inside the instance, as [`crate::fhirpath::LocalPorts`], and calls the functions of scripts.
pub struct ScriptPorts<'a> {
    pub scripts: Option<&'a Scripts>,
    pub typing: &'a Typing<'a>,
    pub root: Node<'a>,
    pub budget: &'a Budget,
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
