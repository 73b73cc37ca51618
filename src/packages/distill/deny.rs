//! What is prose: the deny list by (resource type, path). All else is fact and stays.
//!
//! Never by name only: `definition` is prose in an ElementDefinition, a canonical in a CapabilityStatement, and the
//! body of an ImplementationGuide; a pattern may hold `text`. So paths are written out from the resource's root, arrays
//! left out; `concept*` stands for a `concept` inside any number of `concept`s.

mod extensions;
mod paths;
#[cfg(test)]
mod tests;

use fhir_accord_profiles::definition::FhirVersion;

use extensions::{EXTENSIONS, INNER_EXTENSIONS};
use paths::{ELEMENT, ELSEWHERE, ROOT, STATEMENT, XPATH};

/// The deny list, for packages of one FHIR version.
#[derive(Clone, Copy, Debug)]
pub struct DenyList {
    xpath: bool,
}

impl DenyList {
    /// From STU3 on an invariant has a FHIRPath expression, and its XPath goes; DSTU2's stays.
    pub fn of(fhir_version: Option<FhirVersion>) -> DenyList {
        DenyList { xpath: fhir_version.is_some_and(|v| v > FhirVersion::Dstu2) }
    }

    /// Whether the member at `path` (from the root of a resource of this type, arrays and a leading `_` left out) is
    /// prose.
    pub fn denies(self, resource_type: &str, path: &[&str]) -> bool {
        // Comments of DSTU2's JSON; no version has an element of this name.
        if path.last() == Some(&"fhir_comments") {
            return true;
        }
        if let [one] = path {
            return ROOT.contains(one)
                || listed(ELSEWHERE, resource_type, path)
                || (self.xpath && listed(XPATH, resource_type, path));
        }
        if let ("StructureDefinition", ["snapshot" | "differential", "element", inner @ ..]) = (resource_type, path) {
            let example = matches!(inner, [name] if name.starts_with("example"));
            return example
                || ELEMENT.iter().any(|p| matches_path(p, inner))
                || (self.xpath && listed(XPATH, resource_type, path));
        }
        let statement = matches!(resource_type, "CapabilityStatement" | "Conformance")
            && STATEMENT.iter().any(|p| matches_path(p, path));
        statement || listed(ELSEWHERE, resource_type, path)
    }

    /// Whether an extension of this url, inside one of the url `outer`, holds prose.
    pub fn denies_extension(self, outer: Option<&str>, url: &str) -> bool {
        EXTENSIONS.contains(&url)
            || outer.is_some_and(|o| INNER_EXTENSIONS.iter().any(|(end, inner)| o.ends_with(end) && *inner == url))
    }
}

fn listed(list: &[(&str, &str)], resource_type: &str, path: &[&str]) -> bool {
    list.iter().any(|(of, pattern)| *of == resource_type && matches_path(pattern, path))
}

/// Whether a pattern as `codeSystem.concept*.definition` names this path.
fn matches_path(pattern: &str, path: &[&str]) -> bool {
    let mut rest = path;
    for part in pattern.split('.') {
        let name = part.trim_end_matches('*');
        let [first, more @ ..] = rest else { return false };
        if *first != name {
            return false;
        }
        rest = more;
        while part.ends_with('*') && rest.first() == Some(&name) {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    rest.is_empty()
}
