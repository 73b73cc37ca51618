//! What the deny list names, and what it leaves.

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
