//! What is prose: the deny list by (resource type, path). All else is fact and stays.
//!
//! Never by name only: `definition` is prose in an ElementDefinition, a canonical in a CapabilityStatement, and the
//! body of an ImplementationGuide; a pattern may hold `text`. So paths are written out from the resource's root, arrays
//! left out; `concept*` stands for a `concept` inside any number of `concept`s.

use fhir_accord_profiles::definition::FhirVersion;

/// Denied at the root of every canonical resource.
const ROOT: &[&str] =
    &["text", "description", "purpose", "copyright", "copyrightLabel", "contact", "useContext", "requirements"];

/// Denied in an ElementDefinition, besides members led by `example`.
const ELEMENT: &[&str] = &[
    "definition",
    "comment",
    "comments",
    "requirements",
    "short",
    "alias",
    "mapping",
    "meaningWhenMissing",
    "orderMeaning",
    "isModifierReason",
    "binding.description",
    "slicing.description",
    "constraint.human",
    "constraint.requirements",
    "binding.additional.documentation",
    "binding.additional.shortDoco",
];

/// Denied elsewhere: resource type and path.
const ELSEWHERE: &[(&str, &str)] = &[
    // Names what the removed mappings refer to.
    ("StructureDefinition", "mapping"),
    ("CodeSystem", "concept*.definition"),
    ("CodeSystem", "property.description"),
    ("CodeSystem", "filter.description"),
    ("ValueSet", "codeSystem.concept*.definition"),
    ("ConceptMap", "group.element.target.comment"),
    ("ConceptMap", "element.target.comments"),
    ("NamingSystem", "usage"),
    ("NamingSystem", "uniqueId.comment"),
    ("CompartmentDefinition", "resource.documentation"),
    ("Questionnaire", "item*.text"),
    ("Questionnaire", "item*.prefix"),
    ("Questionnaire", "item*.code"),
    ("OperationDefinition", "comment"),
    ("OperationDefinition", "notes"),
    ("OperationDefinition", "parameter.documentation"),
    ("OperationDefinition", "parameter.part*.documentation"),
    ("ImplementationGuide", "definition.resource.description"),
    ("ImplementationGuide", "definition.grouping.description"),
    ("ImplementationGuide", "package.description"),
    ("ImplementationGuide", "package.resource.description"),
    ("StructureMap", "group.documentation"),
    ("StructureMap", "group.rule*.documentation"),
];

/// Denied in a CapabilityStatement, and in a Conformance of DSTU2.
const STATEMENT: &[&str] = &[
    "rest.documentation",
    "rest.security.description",
    "rest.resource.documentation",
    "rest.resource.interaction.documentation",
    "rest.resource.searchParam.documentation",
    "rest.resource.operation.documentation",
    "rest.interaction.documentation",
    "rest.searchParam.documentation",
    "rest.operation.documentation",
    "messaging.documentation",
    "messaging.event.documentation",
    "document.documentation",
];

/// Paths of XPath expressions; they are facts only where there is no FHIRPath expression next to them.
const XPATH: &[(&str, &str)] = &[
    ("StructureDefinition", "snapshot.element.constraint.xpath"),
    ("StructureDefinition", "differential.element.constraint.xpath"),
    ("SearchParameter", "xpath"),
    ("SearchParameter", "xpathUsage"),
];

/// Extensions whose value is prose.
const EXTENSIONS: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice-explanation",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status-reason",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-summary",
    "http://hl7.org/fhir/StructureDefinition/codesystem-concept-comments",
    "http://hl7.org/fhir/StructureDefinition/valueset-concept-comments",
    "http://hl7.org/fhir/StructureDefinition/valueset-concept-definition",
    "http://hl7.org/fhir/StructureDefinition/valueset-comments",
    "http://hl7.org/fhir/StructureDefinition/valueset-definition",
    "http://hl7.org/fhir/StructureDefinition/valueset-special-status",
    "http://hl7.org/fhir/StructureDefinition/valueset-warning",
    "http://hl7.org/fhir/StructureDefinition/cqf-notes",
    "http://hl7.org/fhir/build/StructureDefinition/definition",
    "http://hl7.org/fhir/build/StructureDefinition/copyright",
    "http://hl7.org/fhir/tools/StructureDefinition/binding-definition",
    "http://hl7.org/fhir/tools/StructureDefinition/implementationguide-dependency-comment",
];

/// Extensions inside others: the outer one's url ends so, the inner one's is.
const INNER_EXTENSIONS: &[(&str, &str)] =
    &[("additional-binding", "documentation"), ("additional-binding", "shortDoco")];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_type_and_path_never_by_name() {
        let list = DenyList::of(Some(FhirVersion::R4));
        for (of, path, denied) in [
            ("StructureDefinition", "snapshot.element.definition", true),
            ("StructureDefinition", "differential.element.constraint.human", true),
            ("StructureDefinition", "snapshot.element.constraint.expression", false),
            ("StructureDefinition", "snapshot.element.patternCodeableConcept.text", false),
            ("StructureDefinition", "snapshot.element.exampleString", true),
            ("StructureDefinition", "snapshot.element.isModifier", false),
            ("StructureDefinition", "contextInvariant", false),
            ("CapabilityStatement", "rest.resource.searchParam.definition", false),
            ("CapabilityStatement", "rest.resource.documentation", true),
            ("CapabilityStatement", "implementation.description", false),
            ("ImplementationGuide", "definition", false),
            ("ImplementationGuide", "definition.resource.description", true),
            ("CodeSystem", "concept.definition", true),
            ("CodeSystem", "concept.concept.concept.definition", true),
            ("CodeSystem", "concept.property.valueString", false),
            ("OperationDefinition", "parameter.part.part.documentation", true),
            ("ValueSet", "text", true),
            ("SearchParameter", "expression", false),
        ] {
            assert_eq!(list.denies(of, &path.split('.').collect::<Vec<_>>()), denied, "{of}.{path}");
        }
    }

    #[test]
    fn the_xpath_of_dstu2_stays() {
        let path = ["snapshot", "element", "constraint", "xpath"];
        assert!(!DenyList::of(Some(FhirVersion::Dstu2)).denies("StructureDefinition", &path));
        assert!(DenyList::of(Some(FhirVersion::R4)).denies("StructureDefinition", &path));
    }
}
