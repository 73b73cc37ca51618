//! Contained resources, and what names them from inside the resource (https://hl7.org/fhir/R4/references.html#contained).

use super::finding::Detail;
use super::walk::Walk;
use crate::assertion::xhtml::{self, LinkKind};
use crate::instance::{Kind, NameId, Node};
use crate::issue::RuleId;
use crate::model::{Model, TypeId};
use crate::plan::PlanConstraint;

impl<'t> Walk<'_, 't> {
    /// Every contained resource is referred to from its container, or refers to it; each that is not is named at its place.
    pub fn contained_used(&mut self, n: Node<'t>, c: &PlanConstraint) {
        let contained: Vec<Node<'t>> = n.children_named(NameId::CONTAINED).filter(|c| c.is_object()).collect();
        if contained.is_empty() {
            return;
        }
        let model = self.model();
        if self.references.as_ref().is_none_or(|(at, _)| *at != n.index()) {
            let mut all = fragments(model, n);
            all.sort_unstable();
            self.references = Some((n.index(), all));
        }
        for r in contained {
            let id = r.child_text(NameId::ID).unwrap_or_default();
            let used = match &self.references {
                Some((_, all)) => all.binary_search(&format!("#{id}")).is_ok(),
                None => true,
            };
            if !used && !fragments(model, r).iter().any(|f| f == "#") {
                self.error(RuleId::CONTAINED_UNUSED, r, &c.handles, Detail::Text(id.into_owned()));
            }
        }
    }
}

/// What starts with `#` in a resource and names something inside it: references, canonicals and other uris, the links and
/// images of narratives. A string that starts so names nothing.
fn fragments(model: &Model, resource: Node<'_>) -> Vec<String> {
    let uri = model.find("uri").unwrap_or_default();
    let reference = model.find("Reference").unwrap_or_default();
    let mut found = Vec::new();
    let mut stack: Vec<(Node<'_>, TypeId)> = vec![(resource, model.resource_type(resource))];
    while let Some((holder, type_id)) = stack.pop() {
        for n in holder.children() {
            let own = model.type_of_child(type_id, n);
            let names = model.is_a(own, uri) || n.name() == NameId::REFERENCE && type_id == reference;
            if names && n.kind() == Kind::String && (n.raw_bytes().first() == Some(&b'#') || (n.is_escaped() && n.text().starts_with('#'))) {
                found.push(n.text().into_owned());
            }
            if n.name() == NameId::DIV && n.has_value() && memchr::memchr(b'#', n.raw_bytes()).is_some() {
                let (_, links) = xhtml::check_with_links(&n.text());
                found.extend(links.links.iter().filter(|l| l.kind != LinkKind::UseMap).map(|l| format!("#{}", l.target)));
            }
            stack.push((n, own));
        }
    }
    found
}
