//! Concept maps: the codes of a group are those of its code systems
//! (<https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group>).

use super::{named, text};
use crate::instance::Node;
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth};

/// Judges a ConceptMap.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    for scope in ["sourceUri", "targetUri"].into_iter().flat_map(|name| named(at.node, name)).filter(|s| s.has_value())
    {
        self::scope(j, scope);
    }
    for group in named(at.node, "group") {
        let sources = named(group, "element").flat_map(|e| named(e, "code"));
        codes(j, group, ["source", "sourceVersion"], sources);
        let targets = named(group, "element").flat_map(|e| named(e, "target")).flat_map(|t| named(t, "code"));
        codes(j, group, ["target", "targetVersion"], targets);
    }
}

/// The source and target of a map are value sets, however they are named.
fn scope<'t>(j: &mut Judge<'_, 't>, node: Node<'t>) {
    let kinds = j.kinds(&node.text());
    if let Some(first) = kinds.first().filter(|_| kinds.iter().all(|k| &**k != "ValueSet")) {
        j.error(RuleId::REFERENCE_TARGET, node, &[], || Detail::Text(first.to_string()));
    }
}

/// The codes of one side of a group, given the names of its members.
fn codes<'t>(
    j: &mut Judge<'_, 't>,
    group: Node<'t>,
    [system, version]: [&'static str; 2],
    codes: impl Iterator<Item = Node<'t>>,
) {
    let Some(url) = text(group, system) else { return };
    let version = text(group, version);
    let known = match &version {
        Some(version) => j.code_system_version(&url, version),
        None => j.code_system(&url),
    };
    let Some(known) = known else { return };
    for code in codes.filter(|c| c.has_value()) {
        let text = code.text();
        if j.has_code(known, &text) == Truth::False {
            j.error(RuleId::CODE_UNKNOWN, code, &[], || Detail::Code {
                canonical: url.to_string(),
                found: text.into_owned(),
                reason: String::new(),
            });
        }
    }
}
