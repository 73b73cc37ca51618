//! Value sets: the systems that they include and exclude are those of code systems, the values of their filters fit the
//! operators (<https://hl7.org/fhir/R4/valueset.html#compositions>).

use super::{named, text};
use crate::instance::{NameId, Node};
use crate::issue::RuleId;
use crate::judge::{Detail, Judge, Place, Truth, Weight};
use crate::model::is_absolute_uri;
use crate::plan::Handle;
use crate::plan::rows::CodeSystemRow;
use crate::terminology::is_expression_constraint;

const SNOMED_CT: &str = "http://snomed.info/sct";

/// Judges a ValueSet.
pub fn check<'t>(j: &mut Judge<'_, 't>, at: &Place<'_, 't>) {
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
            self::filter(j, filter, &system, known);
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

/// The value of a filter is one that its operator can use (<https://hl7.org/fhir/R4/valueset-filter-operator.html>).
fn filter<'t>(j: &mut Judge<'_, 't>, filter: Node<'t>, system: &str, known: Option<(Handle, &CodeSystemRow)>) {
    let (Some(op), Some(value)) = (text(filter, "op"), text(filter, "value")) else { return };
    let fault = match &*op {
        "exists" if !matches!(&*value, "true" | "false") => {
            format!("the filter tests whether a property exists, so its value must be `true` or `false`, not `{value}`")
        }
        "is-a" | "is-not-a" | "descendent-of" | "generalizes"
            if known.is_some_and(|k| j.has_code(k, &value) == Truth::False) =>
        {
            format!("the filter selects relatives of `{value}`, which is not a code in `{system}`")
        }
        "regex" if is_broken(&value) => format!("`{value}` is not a regular expression"),
        "=" if system == SNOMED_CT
            && text(filter, "property").is_some_and(|p| p == "constraint")
            && is_expression_constraint(&value) == Some(false) =>
        {
            format!("`{value}` is not a SNOMED CT expression constraint")
        }
        _ => return,
    };
    j.error(RuleId::VALUE_SET_FILTER, filter, &[], || Detail::Text(fault));
}

/// Whether a text is not a regular expression in any dialect: its brackets do not balance.
fn is_broken(text: &str) -> bool {
    let (mut depth, mut escaped, mut class) = (0i64, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0 || escaped || class
}
