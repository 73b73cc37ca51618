//! Rules of resources that define something.

super::rules! {
    super::subjects::END;
    CODE_SYSTEM_COUNT = "code-system-count", Error, "business-rule",
        "the count of a complete code system equals the number of its concepts",
        "correct the count",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count";
    VALUE_SET_SYSTEM = "value-set-system", Error, "business-rule",
        "a value set names the version of a code system in `version`, not in the url",
        "put the version in `version`",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system";
    VALUE_SET_FILTER = "value-set-filter", Error, "business-rule",
        "a filter's value is valid for its operator",
        "correct the value",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.value";
    QUESTIONNAIRE_VALUE = "questionnaire-value", Error, "business-rule",
        "an initial value, or the answer of an enableWhen, has the type of its question",
        "write it as a value of the question's type",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial.value_x_";
    SEARCH_EXPRESSION = "search-expression", Error, "business-rule",
        "the expression of a search parameter is valid, and names elements of its base",
        "correct the expression",
        "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression";
    SEARCH_DERIVED = "search-derived", Error, "business-rule",
        "a search parameter has the type of the one it is derived from",
        "correct the type",
        "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom";
    CAPABILITY_PROFILE = "capability-profile", Error, "business-rule",
        "the profiles that a capability statement names for a resource apply to its type",
        "name a profile of this type",
        "https://hl7.org/fhir/R4/capabilitystatement-definitions.html\
         #CapabilityStatement.rest.resource.supportedProfile";
    CAPABILITY_SEARCH = "capability-search", Error, "business-rule",
        "a search parameter has the type of its definition, and is defined for the resource",
        "correct the type, or name another definition",
        "https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam";
    STRUCTURE_BASE = "structure-base", Error, "business-rule",
        "a profile has the type and the kind of its base, and the base is known",
        "correct the type or the base, or load the package that defines the base",
        "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition";
    STRUCTURE_PATH = "structure-path", Error, "business-rule",
        "the elements of a profile are elements of its base",
        "check the path",
        "https://hl7.org/fhir/R4/elementdefinition.html#path";
    STRUCTURE_ORDER = "structure-order", Error, "business-rule",
        "the elements of a profile are in the order of its base",
        "reorder the elements",
        "https://hl7.org/fhir/R4/elementdefinition.html#path";
    STRUCTURE_SLICING = "structure-slicing", Error, "business-rule",
        "an element declares its slicing before its slices",
        "add the slicing",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    STRUCTURE_CARDINALITY = "structure-cardinality", Error, "business-rule",
        "the cardinality of a profile's element is within that of its base",
        "tighten it, or leave it as it is in the base",
        "https://hl7.org/fhir/R4/profiling.html#limitations";
    STRUCTURE_TYPE = "structure-type", Error, "business-rule",
        "the types, profiles and targets of a profile's element are among those of its base",
        "choose among those of the base",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type";
    STRUCTURE_VALUE = "structure-value", Error, "business-rule",
        "a fixed value, pattern or bound has a type that its element allows",
        "write it as a value of the element's type",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_";
    STRUCTURE_BINDING = "structure-binding", Error, "business-rule",
        "a profile does not loosen a required binding",
        "keep the binding required",
        "https://hl7.org/fhir/R4/profiling.html#binding-strength";
    STRUCTURE_EXTENSION = "structure-extension", Error, "business-rule",
        "the definition of an extension fixes its own url and names contexts that exist",
        "correct the url or the context",
        "https://hl7.org/fhir/R4/defining-extensions.html";
}
