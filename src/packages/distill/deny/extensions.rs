//! The extensions that hold prose, by their urls.

/// Extensions whose value is prose.
pub(super) const EXTENSIONS: &[&str] = &[
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
pub(super) const INNER_EXTENSIONS: &[(&str, &str)] =
    &[("additional-binding", "documentation"), ("additional-binding", "shortDoco")];
