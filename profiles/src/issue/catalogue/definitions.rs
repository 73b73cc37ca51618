//! Rules of resources that define something.

super::rules! {
    super::forms::END;
    CODE_SYSTEM_COUNT = "code-system-count", Error, "business-rule",
        "the count of a complete code system equals the number of its concepts",
        "correct the count",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.count";
    VALUE_SET_SYSTEM = "value-set-system", Error, "business-rule",
        "a value set names the version of a code system in `version`, not in the url",
        "put the version in `version`",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system";
    VALUE_SET_FILTER = "value-set-filter", Error, "business-rule",
        "a filter's operator and value are valid for its property",
        "correct the operator or the value",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter.value";
    MAP_GROUP = "map-group", Error, "business-rule",
        "the inputs of a group have their own names and known types, and a rule calls a group with as many inputs",
        "correct the name, the type or the call",
        "https://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.dependent";
    MAP_VARIABLE = "map-variable", Error, "business-rule",
        "a variable is an input of the group, or made earlier in the rule or around it",
        "check the name, or make the variable first",
        "https://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.source.context";
    MAP_ELEMENT = "map-element", Error, "business-rule",
        "the elements that a map reads and writes exist, with the types that it states",
        "check the name of the element and its type",
        "https://hl7.org/fhir/R4/structuremap-definitions.html#StructureMap.group.rule.source.element";
    MAP_TRANSFORM = "map-transform", Error, "business-rule",
        "a transform has the parameters that it takes",
        "give the parameters that the transform takes",
        "https://hl7.org/fhir/R4/structuremap.html#transforms";
    MAP_DOUBTFUL = "map-doubtful", Warning, "business-rule",
        "what a map refers to is loaded, its inputs have types, and its limits and list modes can have an effect",
        "load or correct what is named, or remove what says nothing",
        "https://hl7.org/fhir/R4/structuremap.html";
    QUESTIONNAIRE_VALUE = "questionnaire-value", Error, "business-rule",
        "an initial value, or the answer of an enableWhen, has the type of its question",
        "write it as a value of the question's type",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial.value_x_";
    SEARCH_EXPRESSION = "search-expression", Error, "business-rule",
        "the expression of a search parameter is valid, and names elements of its base",
        "correct the expression",
        "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression";
    SEARCH_DERIVED = "search-derived", Error, "business-rule",
        "a search parameter has the type of the one it is derived from, and finds a part of what that one finds",
        "correct the type, the base or the expression, or load the one it is derived from",
        "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom";
    SEARCH_CODE = "search-code", Warning, "business-rule",
        "the code of a search parameter has no characters that separate parts of a query",
        "choose a code of letters, digits and hyphens",
        "https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.code";
    CAPABILITY_PROFILE = "capability-profile", Error, "business-rule",
        "the profiles that a capability statement names for a resource apply to its type",
        "name a profile of this type",
        "https://hl7.org/fhir/R4/capabilitystatement-definitions.html\
         #CapabilityStatement.rest.resource.supportedProfile";
    CAPABILITY_SEARCH = "capability-search", Error, "business-rule",
        "a search parameter has the type of its definition, and is defined for the resource",
        "correct the type, or name another definition",
        "https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.searchParam";
    CAPABILITY_OPERATION = "capability-operation", Warning, "business-rule",
        "an operation is listed where its definition says that it is invoked, by its name without `$`",
        "list it for the types of its definition, or for the system",
        "https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource.operation";
    GUIDE_DEPENDENCY = "guide-dependency", Warning, "business-rule",
        "the url, the package and the version of a guide's dependency are stated, and go together",
        "correct the one that is wrong, or state what is missing",
        "https://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.dependsOn";
    CONCEPT_MAP_SCOPE = "concept-map-scope", Error, "code-invalid",
        "the codes of a concept map are in the value sets that it maps",
        "correct the code, or the value set",
        "https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.source_x_";
    OPERATION_PARAMETER = "operation-parameter", Error, "business-rule",
        "the profiles of an operation's input and output describe its parameters",
        "correct the parameter, or the profile",
        "https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile";
    OPERATION_PROFILE = "operation-profile", Note, "business-rule",
        "the profiles of an operation's input and output say of a parameter what the operation says",
        "state in the operation what its profile demands, or nothing in one of them",
        "https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.inputProfile";
    MEASURE_GROUP = "measure-group", Warning, "business-rule",
        "a measure has groups with populations, and where there are several, codes that tell them apart",
        "add the groups, the populations or their codes",
        "https://hl7.org/fhir/R4/measure-definitions.html#Measure.group";
    MEASURE_LIBRARY = "measure-library", Error, "not-found",
        "the criteria of a measure name an expression of a library that it lists",
        "load or list the library, or name it before the expression",
        "https://hl7.org/fhir/R4/measure-definitions.html#Measure.library";
    MEASURE_LIBRARY_UNKNOWN = "measure-library-unknown", Note, "not-found",
        "the libraries of a measure are loaded",
        "load the package that holds the library",
        "https://hl7.org/fhir/R4/measure-definitions.html#Measure.library";
    MEASURE_SHAREABLE = "measure-shareable", Warning, "business-rule",
        "as best practice, a measure that is published says what those need to know that are to use it",
        "add what is missing",
        "https://hl7.org/fhir/R4/shareablemeasure.html";
    STRUCTURE_BASE = "structure-base", Error, "business-rule",
        "a profile has its base's type and kind, a specialization its own type; the base is known, and no circle",
        "correct the type or the base, or load the package that defines the base",
        "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.baseDefinition";
    STRUCTURE_PATH = "structure-path", Error, "business-rule",
        "the elements of a profile are elements of its base, below a choice of the type that is chosen",
        "check the path",
        "https://hl7.org/fhir/R4/elementdefinition.html#path";
    STRUCTURE_ORDER = "structure-order", Error, "business-rule",
        "the elements and slices of a profile are in the order of its base",
        "reorder the elements",
        "https://hl7.org/fhir/R4/elementdefinition.html#path";
    STRUCTURE_SLICING = "structure-slicing", Error, "business-rule",
        "elements are sliced where they may be, as the base allows, by discriminators that exist, into named slices",
        "correct the slicing",
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
        "a fixed value, pattern, bound or length fits the types that its element allows",
        "write it as a value of the element's type",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_";
    STRUCTURE_BINDING = "structure-binding", Error, "business-rule",
        "a profile does not loosen a required binding or add codes to it, and binds only what has codes",
        "keep the binding required, or remove it",
        "https://hl7.org/fhir/R4/profiling.html#binding-strength";
    STRUCTURE_EXTENSION = "structure-extension", Error, "business-rule",
        "the definition of an extension fixes its own url and names contexts that exist",
        "correct the url or the context",
        "https://hl7.org/fhir/R4/defining-extensions.html";
    STRUCTURE_STATEMENT = "structure-statement", Error, "business-rule",
        "a profile states no default value, not what a missing element means, and not what is in a summary",
        "remove it, or define an extension",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.meaningWhenMissing";
    STRUCTURE_CONSTRAINT_KEY = "structure-constraint-key", Error, "business-rule",
        "a key stands for one constraint, in a profile and in what it constrains",
        "give the constraint a key of its own",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.key";
    STRUCTURE_COMPLIANCE = "structure-compliance", Error, "business-rule",
        "a profile that claims to comply with another keeps all that the other demands",
        "constrain it as the other does, or drop the claim",
        "https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-compliesWithProfile.html";
    STRUCTURE_EXPRESSION = "structure-expression", Error, "business-rule",
        "the expression of a constraint or context invariant is valid on the elements that it is for",
        "correct the expression",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.expression";
    STRUCTURE_DISCRIMINATOR = "structure-discriminator", Warning, "business-rule",
        "the discriminators of a slicing tell its slices apart",
        "constrain what the discriminator leads to, by a value, a binding, a type or a profile",
        "https://hl7.org/fhir/R4/profiling.html#discriminator";
    STRUCTURE_FIXED = "structure-fixed", Warning, "business-rule",
        "a profile fixes no complex value, and no value of each repetition, unless that is meant",
        "use a pattern, or slice the element",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_";
    STRUCTURE_SUPPORT = "structure-support", Warning, "business-rule",
        "an element with types or slices that must be supported is marked as such like them",
        "mark the element, or all of its slices",
        "https://hl7.org/fhir/R4/profiling.html#mustsupport";
    STRUCTURE_CONTEXT = "structure-context", Warning, "business-rule",
        "the context of an extension is no wider than its use, and of the type that fits",
        "name the elements that the extension is for",
        "https://hl7.org/fhir/R4/defining-extensions.html#context";
    STRUCTURE_ABSTRACT = "structure-abstract", Note, "not-found",
        "there is a definition that is derived from an abstract one",
        "define one, or load the package that has it",
        "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.abstract";
    STRUCTURE_OBLIGATION = "structure-obligation", Error, "business-rule",
        "an obligation profile only adds obligations to its base; only from such profiles they are inherited",
        "leave the constraint to another profile",
        "https://hl7.org/fhir/extensions/StructureDefinition-obligation-profile-flag.html";
    EXPRESSION_DOUBTFUL = "expression-doubtful", Warning, "business-rule",
        "an expression can yield what it is for: single items where one is asked for, known types and extensions",
        "check the paths, the types and the functions",
        "https://hl7.org/fhir/R4/fhirpath.html";
}
