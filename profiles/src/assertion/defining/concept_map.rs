//! Concept maps: the codes of a group are those of its code systems
//! (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group>).

use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Coded, Detail, Judge, Place, Truth, Weight};
use crate::plan::Handle;

/// Judges a ConceptMap.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for scope in ["sourceUri", "targetUri"].into_iter().flat_map(|name| named(at.node, name)).filter(|s| s.has_value())
    {
        self::scope(j, scope);
    }
    let value_set = |names: [&'static str; 4]| {
        let canonical = names.into_iter().find_map(|name| text(at.node, name))?;
        Some((j.set.find_value_set(&canonical, None)?, canonical.into_owned()))
    };
    let from = value_set(["sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical"]);
    let to = value_set(["targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical"]);
    for group in named(at.node, "group") {
        let sources = named(group, "element").flat_map(|e| named(e, "code"));
        codes(j, group, ["source", "sourceVersion"], from.as_ref(), sources);
        let targets = named(group, "element").flat_map(|e| named(e, "target")).flat_map(|t| named(t, "code"));
        codes(j, group, ["target", "targetVersion"], to.as_ref(), targets);
    }
}

/// The source and target of a map are value sets, however they are named.
fn scope<'t>(j: &mut Judge<'_, 't>, node: Node<'t>) {
    let kinds = j.kinds(&node.text());
    if let Some(first) = kinds.first().filter(|_| kinds.iter().all(|k| &**k != "ValueSet")) {
        j.error(RuleId::REFERENCE_TARGET, node, &[], || Detail::Text(first.to_string()));
    }
}

/// The codes of one side of a group, given the names of its members: they are of the code system, and in the value set
/// of that side.
fn codes<'t>(
    j: &mut Judge<'_, 't>,
    group: Node<'t>,
    [system, version]: [&'static str; 2],
    scope: Option<&(Handle, String)>,
    codes: impl Iterator<Item = Node<'t>>,
) {
    let Some(url) = text(group, system) else { return };
    let version = text(group, version);
    let known = match &version {
        Some(version) => j.code_system_version(&url, version),
        None => j.code_system(&url),
    };
    for code in codes.filter(|c| c.has_value()) {
        let text = code.text();
        let told = |canonical: &str| Detail::Code {
            canonical: canonical.to_owned(),
            found: text.to_string(),
            reason: String::new(),
        };
        if known.is_some_and(|k| j.has_code(k, &text) == Truth::False) {
            j.error(RuleId::CODE_UNKNOWN, code, &[], || told(&url));
        } else if let Some((value_set, canonical)) = scope.filter(|_| known.is_some()) {
            let coded = Coded { system: Some(url.clone()), code: text.clone(), coding: None };
            if j.membership(*value_set, &coded, true).truth == Truth::False {
                // The value set of the targets is their context only.
                let weight = if system == "source" { Weight::Error } else { Weight::Warning };
                j.find(RuleId::CONCEPT_MAP_SCOPE, weight, code, &[], || told(canonical));
            }
        }
    }
}
