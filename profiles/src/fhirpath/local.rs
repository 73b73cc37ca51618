//! Ports that know one instance: contained resources and the entries of a Bundle.

use super::context::{Ports, Resolved};
use crate::instance::{NameId, Node};
use crate::model::is_absolute_uri;

/// Resolves references inside the instance; everything else stays an open question. Looks each reference up anew, so
/// many references of a large Bundle are better resolved by an index.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalPorts;

impl<'t> Ports<'t> for LocalPorts {
    fn resolve(&self, reference: &str, from: Node<'t>) -> Resolved<'t> {
        resolve_local(reference, from)
    }
}

/// The resource of the same instance that a reference's text leads to, seen from the node that holds it: a contained
/// one, its container (`#`), or a Bundle's entry by full URL or by type and id.
pub fn resolve_local<'t>(reference: &str, from: Node<'t>) -> Resolved<'t> {
    if let Some(id) = reference.strip_prefix('#') {
        return contained(id, from);
    }
    let text = reference.split_once('|').map_or(reference, |(t, _)| t);
    let mut at = Some(from);
    let mut base = None;
    while let Some(node) = at {
        if node.name() == NameId::ENTRY {
            base = base.or_else(|| node.child_text(NameId::FULL_URL));
        }
        if node.child(NameId::ENTRY).is_some() && is_type(node, "Bundle") {
            if let Some(found) = entry(node, text, base.as_deref()) {
                return Resolved::Found(found);
            }
            base = None;
        }
        at = node.parent();
    }
    Resolved::Unknown
}

fn is_type(node: Node<'_>, name: &str) -> bool {
    node.child(NameId::RESOURCE_TYPE).is_some_and(|t| t.text() == name)
}

fn contained<'t>(id: &str, from: Node<'t>) -> Resolved<'t> {
    let mut at = Some(from);
    while let Some(node) = at {
        let is_container = node.child(NameId::RESOURCE_TYPE).is_some() && node.name() != NameId::CONTAINED;
        if is_container {
            if id.is_empty() {
                return Resolved::Found(node);
            }
            let hit = node.children_named(NameId::CONTAINED).find(|c| c.child_text(NameId::ID).as_deref() == Some(id));
            return hit.map_or(Resolved::Nothing, Resolved::Found);
        }
        at = node.parent();
    }
    Resolved::Nothing
}

/// The resource of the entry whose full URL a reference names, from a full URL where it is relative.
fn entry<'t>(bundle: Node<'t>, text: &str, base: Option<&str>) -> Option<Node<'t>> {
    let is_absolute = is_absolute_uri(text);
    let versionless = text.split_once("/_history/").map_or(text, |(t, _)| t);
    // `http://server/fhir/Patient/1` makes `Observation/2` mean `http://server/fhir/Observation/2`.
    let absolute = match base.filter(|b| b.starts_with("http")) {
        _ if is_absolute => Some(versionless.to_owned()),
        Some(b) => b.rsplitn(3, '/').nth(2).map(|root| format!("{root}/{versionless}")),
        None => None,
    };
    for e in bundle.children_named(NameId::ENTRY) {
        let Some(resource) = e.child(NameId::RESOURCE) else { continue };
        let full = e.child_text(NameId::FULL_URL);
        if absolute.is_some() && full.as_deref() == absolute.as_deref() {
            return Some(resource);
        }
        let by_id = !is_absolute && absolute.is_none();
        if by_id
            && let (Some(kind), Some(id)) =
                (resource.child_text(NameId::RESOURCE_TYPE), resource.child_text(NameId::ID))
            && versionless.split_once('/').is_some_and(|(t, i)| t == kind && i == id)
        {
            return Some(resource);
        }
    }
    None
}
