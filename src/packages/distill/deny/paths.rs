//! The paths of prose, by resource type.

/// Denied at the root of every canonical resource.
pub(super) const ROOT: &[&str] =
    &["text", "description", "purpose", "copyright", "copyrightLabel", "contact", "useContext", "requirements"];

/// Denied in an ElementDefinition, besides members led by `example`.
pub(super) const ELEMENT: &[&str] = &[
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
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
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
pub(super) const STATEMENT: &[&str] = &[
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
pub(super) const XPATH: &[(&str, &str)] = &[
    ("StructureDefinition", "snapshot.element.constraint.xpath"),
    ("StructureDefinition", "differential.element.constraint.xpath"),
    ("SearchParameter", "xpath"),
    ("SearchParameter", "xpathUsage"),
];
