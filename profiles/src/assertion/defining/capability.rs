//! Capability statements: the profiles and search parameters of a resource are of its type
//! (<https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource>).

use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Weight};
use crate::model::TypeId;

/// Judges a CapabilityStatement.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for resource in named(at.node, "rest").flat_map(|r| named(r, "resource")) {
        let Some(type_id) = text(resource, "type").and_then(|t| j.model().find(&t)) else { continue };
        for profile in named(resource, "profile").chain(named(resource, "supportedProfile")).filter(|p| p.has_value()) {
            self::profile(j, profile, type_id);
        }
        for search in named(resource, "searchParam") {
            self::search(j, search, type_id);
        }
        for operation in named(resource, "operation") {
            self::operation(j, operation, Some(type_id));
        }
    }
    for operation in named(at.node, "rest").flat_map(|r| named(r, "operation")) {
        self::operation(j, operation, None);
    }
}

/// An operation is listed where its definition says that it is invoked: for a resource type, or (`None`) for the
/// system.
fn operation<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, type_id: Option<TypeId>) {
    if let Some(name) = named(node, "name").find(|n| n.has_value()).filter(|n| n.text().starts_with('$')) {
        j.find(RuleId::CAPABILITY_OPERATION, Weight::Warning, name, &[], || {
            Detail::Text(format!("the name `{}` does not include the `$` of the url", name.text()))
        });
    }
    let Some(definition) = named(node, "definition").find(|d| d.has_value()) else { return };
    let canonical = definition.text();
    let Some(operation) = super::find_operation(j, &canonical) else { return };
    let model = j.model();
    let of: Vec<TypeId> = operation.types.iter().filter_map(|t| model.find(t)).collect();
    let fault = match type_id {
        Some(_) if !operation.is_of_resources => {
            format!("operation `{canonical}` is not invoked on a type or an instance")
        }
        Some(own) if !of.is_empty() && !of.iter().any(|t| model.is_a(own, *t)) => {
            format!("operation `{canonical}` is not defined for `{}`", model.type_name(own))
        }
        None if !operation.is_of_system && operation.types.len() < 2 && !is_of_many(j, &of) => {
            format!("operation `{canonical}` is not invoked on the system")
        }
        _ => return,
    };
    j.find(RuleId::CAPABILITY_OPERATION, Weight::Warning, definition, &[], || Detail::Text(fault));
}

/// Whether a type that others are derived from is among these.
fn is_of_many(j: &Judge<'_, '_>, of: &[TypeId]) -> bool {
    of.iter().any(|t| j.is_abstract(*t))
}

/// A profile that is named for a resource constrains its type.
fn profile<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, type_id: TypeId) {
    let canonical = node.text();
    let set = j.set;
    let Some((handle, row)) = j.structure(&canonical).and_then(|h| Some((h, set.structure(h)?))) else { return };
    let of = set.str(handle.layer, row.type_name);
    let model = j.model();
    if model.find(of).is_none_or(|of| !model.is_a(type_id, of)) {
        j.error(RuleId::CAPABILITY_PROFILE, node, &[], || {
            Detail::Text(format!("`{canonical}` is a profile of `{of}`, not of `{}`", model.type_name(type_id)))
        });
    }
}

/// A search parameter has the type that its definition gives it, and is defined for the resource.
fn search<'t>(j: &mut Judge<'_, 't>, node: Node<'t>, type_id: TypeId) {
    let Some(definition) = named(node, "definition").find(|d| d.has_value()) else { return };
    let canonical = definition.text();
    let Some(parameter) = super::parameter(j, &canonical) else { return };
    if let Some(kind) = named(node, "type").find(|t| t.has_value())
        && kind.text() != parameter.kind
    {
        j.error(RuleId::CAPABILITY_SEARCH, kind, &[], || {
            Detail::Text(format!("search parameter `{canonical}` has type `{}`, not `{}`", parameter.kind, kind.text()))
        });
    }
    let model = j.model();
    let mut bases = parameter.bases.split(' ').filter_map(|b| model.find(b)).peekable();
    if bases.peek().is_some() && !bases.any(|b| model.is_a(type_id, b)) {
        j.find(RuleId::CAPABILITY_SEARCH, Weight::Warning, definition, &[], || {
            Detail::Text(format!("search parameter `{canonical}` is not defined for `{}`", model.type_name(type_id)))
        });
    }
}
