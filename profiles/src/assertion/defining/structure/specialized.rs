//! Definitions of types and of logical models: what they specialize, and where their paths start.

use super::super::{named, text};
use crate::definition::FhirVersion;
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Weight};

/// The base url of FHIR's own definitions.
pub(super) const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The paths of a logical model start with its type; for other kinds a constraint of the specification says so.
pub(super) fn roots<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(type_name) = text(n, "type").filter(|_| text(n, "kind").is_some_and(|k| k == "logical")) else { return };
    let root = type_name.rsplit('/').next().unwrap_or(&type_name);
    for e in ["differential", "snapshot"].iter().flat_map(|list| named(n, list)).flat_map(|l| named(l, "element")) {
        if let Some(path) = text(e, "path").filter(|p| p.split('.').next() != Some(root)) {
            j.error(RuleId::STRUCTURE_PATH, e, &[], || {
                Detail::Text(format!("`{path}` does not start with the type of the model, `{root}`"))
            });
        }
    }
}

/// A definition with a base says how it relates to it, and one that specializes its base defines another type.
pub(super) fn specializes<'t>(j: &mut Judge<'_, 't>, n: Node<'t>, base: Node<'t>) {
    let set = j.set;
    let own_url = |t: &str| text(n, "url").is_some_and(|u| u.strip_prefix(CORE) == Some(t));
    if let Some(node) = named(n, "type").find(|t| j.model().find(&t.text()).is_some() && !own_url(&t.text())) {
        j.error(RuleId::STRUCTURE_BASE, node, &[], || {
            Detail::Text(format!("`{}` is a type of FHIR, which another definition can only constrain", node.text()))
        });
    }
    local(j, n);
    let Some(derivation) = named(n, "derivation").find(|d| d.has_value()) else {
        let told = "the definition has a base, but does not say whether it constrains or specializes it";
        return j.error(RuleId::STRUCTURE_BASE, n, &[], || Detail::Text(told.to_owned()));
    };
    let Some(row) = j.structure(&base.text()).and_then(|h| Some((h, set.structure(h)?))) else {
        let of_version = text(n, "fhirVersion").is_none_or(|v| FhirVersion::parse(&v) == Some(set.fhir_version()));
        // What is abstract in FHIR itself may be defined from another version on.
        if of_version && !base.text().starts_with(CORE) {
            j.question(RuleId::STRUCTURE_BASE, base, &[], || {
                Detail::Text(format!("cannot check what the definition specializes: `{}` is not loaded", base.text()))
            });
        }
        return;
    };
    let of_base = set.str(row.0.layer, row.1.type_name);
    if derivation.text() == "specialization" && text(n, "type").is_some_and(|t| t == of_base || t == base.text()) {
        j.error(RuleId::STRUCTURE_BASE, n, &[], || {
            Detail::Text(format!("the definition specializes `{}`, but has its type, `{of_base}`", base.text()))
        });
    }
}

/// A type is named by its url, unless it is one of FHIR's own: a name alone stands for a type there
/// (<https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.type>).
fn local<'t>(j: &mut Judge<'_, 't>, n: Node<'t>) {
    let Some(node) = named(n, "type").find(|t| t.has_value()) else { return };
    let name = node.text();
    let own_url = text(n, "url").is_some_and(|u| u.strip_prefix(CORE) == Some(&name));
    if !name.contains(':') && !own_url && j.model().find(&name).is_none() {
        j.find(RuleId::STRUCTURE_BASE, Weight::Warning, node, &[], || {
            Detail::Text(format!("`{name}` alone stands for a type of FHIR, which has none of this name: use a url"))
        });
    }
}
