//! What FHIRPath may ask of the walk: membership, references, conformance.

use super::reference::Target;
use super::truth::Truth;
use super::walk::Walk;
use crate::fhirpath::{Collection, Conformance, Item, Outcome, Ports, Resolved};
use crate::instance::Node;
use crate::model::TypeId;

/// The walk as FHIRPath sees it.
pub struct WalkPorts<'a> {
    pub walk: &'a Walk<'a, 'a>,
}

impl<'a> Ports<'a> for WalkPorts<'a> {
    fn member_of(&self, coded: &Item<'a>, value_set: &str) -> Option<bool> {
        let set = self.walk.set;
        let handle = set.find_value_set(value_set, None)?;
        let truth = match coded {
            Item::Node(n, t) => self.walk.member(*n, *t, Some(handle)),
            other => self.walk.code_in(other.as_str()?, handle),
        };
        match truth {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }

    fn resolve(&self, reference: &str, from: Node<'a>) -> Resolved<'a> {
        match self.walk.resolve_text(reference, from) {
            Target::Found(n) => Resolved::Found(n),
            Target::Missing => Resolved::Nothing,
            Target::Typed(_) | Target::Unknown => Resolved::Unknown,
        }
    }

    fn call(&self, name: &str, _input: &[Item<'a>], args: &[Collection<'a>]) -> Option<Outcome<'a>> {
        self.walk.site_function(name, args)
    }

    fn conforms_to(&self, node: Node<'a>, type_id: TypeId, profile: &str) -> Conformance {
        let set = self.walk.set;
        let Some(structure) = set.find_structure(profile, None) else { return Conformance::NoSuchProfile };
        let Some(root) = set.root(structure) else { return Conformance::Unknown };
        match self.walk.apart().conforms(node, type_id, &[root]) {
            Truth::True => Conformance::Yes,
            Truth::False => Conformance::No,
            Truth::Unknown => Conformance::Unknown,
        }
    }
}
