//! Value sets: the systems that they include and exclude are those of code systems, and have the codes that are listed
//! (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use super::{filter, named};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth, Weight};
use crate::model::is_absolute_uri;
use crate::plan::Handle;
use crate::plan::rows::CodeSystemRow;

/// Judges a ValueSet.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
    let parameters = filter::parameters(at.node);
    for include in named(at.node, "compose").flat_map(|c| named(c, "include").chain(named(c, "exclude"))) {
        let Some(system) = include.child_text(NameId::SYSTEM).filter(|s| !s.is_empty()) else { continue };
        if !is_absolute_uri(&system) {
            j.error(RuleId::CODING_SYSTEM_ABSOLUTE, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        if system.contains('|') {
            j.error(RuleId::VALUE_SET_SYSTEM, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        let known = match include.child_text(NameId::VERSION) {
            Some(version) => j.code_system_version(&system, &version),
            None => j.code_system(&system),
        };
        if known.is_none() && j.is_value_set(&system) && j.code_system(&system).is_none() {
            j.error(RuleId::CODING_SYSTEM_VALUE_SET, include, &[], || Detail::Text(system.into_owned()));
            continue;
        }
        if let Some(known) = known {
            codes(j, include, &system, known);
        }
        for filter in named(include, "filter") {
            filter::check(j, &parameters, filter, &system, known);
        }
    }
}

/// The codes that are listed are of the code system. The value set may be ahead of the version that is loaded, so this
/// is a warning.
fn codes<'t>(j: &mut Judge<'_, 't>, include: Node<'t>, system: &str, known: (Handle, &CodeSystemRow)) {
    for code in named(include, "concept").flat_map(|c| named(c, "code")).filter(|c| c.has_value()) {
        let text = code.text();
        if j.has_code(known, &text) == Truth::False {
            j.find(RuleId::CODE_UNKNOWN, Weight::Warning, code, &[], || Detail::Code {
                canonical: system.to_owned(),
                found: text.into_owned(),
                reason: String::new(),
            });
        }
    }
}
