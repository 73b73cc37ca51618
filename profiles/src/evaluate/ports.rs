//! What FHIRPath may ask of the walk: membership, references, conformance.

use super::reference::Target;
use super::truth::Truth;
use super::walk::Walk;
use crate::fhirpath::{Collection, Conformance, Item, Outcome, Ports, Resolved, resolve_local};
use crate::instance::Node;
use crate::model::TypeId;

/// The walk as FHIRPath sees it.
#[derive(Clone, Copy)]
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

    fn in_slice(&self, node: Node<'a>, profile: &str, slice: &str) -> Option<bool> {
        let structure = self.walk.set.find_structure(profile, None)?;
        match self.walk.apart().in_slice(node, structure, slice) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}

/// What may be asked about an instance outside a walk along its plan.
pub struct Session<'s> {
    pub(super) walk: Walk<'s, 's>,
}

impl<'s> Session<'s> {
    /// The ports for expressions on the instance.
    pub fn ports(&'s self) -> SessionPorts<'s> {
        SessionPorts { walk: WalkPorts { walk: &self.walk } }
    }
}

/// The ports of a session: membership and conformance by the loaded packages, references inside the instance.
#[derive(Clone, Copy)]
pub struct SessionPorts<'s> {
    walk: WalkPorts<'s>,
}

impl<'s> Ports<'s> for SessionPorts<'s> {
    fn call(&self, name: &str, input: &[Item<'s>], args: &[Collection<'s>]) -> Option<Outcome<'s>> {
        self.walk.call(name, input, args)
    }

    fn member_of(&self, coded: &Item<'s>, value_set: &str) -> Option<bool> {
        self.walk.member_of(coded, value_set)
    }

    fn resolve(&self, reference: &str, from: Node<'s>) -> Resolved<'s> {
        if reference.starts_with('#') {
            return resolve_local(reference, from);
        }
        match self.walk.walk.bundles.resolve(reference, from) {
            Some(found) => Resolved::Found(found),
            None => Resolved::Unknown,
        }
    }

    fn conforms_to(&self, node: Node<'s>, type_id: TypeId, profile: &str) -> Conformance {
        self.walk.conforms_to(node, type_id, profile)
    }

    fn in_slice(&self, node: Node<'s>, profile: &str, slice: &str) -> Option<bool> {
        self.walk.in_slice(node, profile, slice)
    }
}
