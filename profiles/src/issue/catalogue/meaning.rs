//! Rules of extensions and of codes.

super::rules! {
    super::structure::END;
    EXTENSION_URL = "extension-url", Error, "required",
        "an extension has a url",
        "add the url",
        "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_URL_ABSOLUTE = "extension-url-absolute", Error, "value",
        "the url of an extension is absolute",
        "write the full url",
        "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_DEFINITION = "extension-definition", Error, "structure",
        "the url of an extension is that of a definition of extensions, without a version or a fragment",
        "write the url of the extension's definition alone",
        "https://hl7.org/fhir/R4/extensibility-definitions.html#Extension.url";
    EXTENSION_SUB_UNKNOWN = "extension-sub-unknown", Error, "structure",
        "a nested extension is defined by the extension that contains it",
        "check the url of the nested extension",
        "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_CONTEXT = "extension-context", Error, "structure",
        "an extension is used in a context that its definition allows",
        "move it to an element that its definition allows",
        "https://hl7.org/fhir/R4/defining-extensions.html#context";
    EXTENSION_VERSION = "extension-version", Error, "structure",
        "an extension is used in FHIR versions for which it is defined",
        "use what replaces the extension in this FHIR version",
        "https://hl7.org/fhir/extensions/StructureDefinition-version-specific-use.html";
    EXTENSION_CONTEXT_INVARIANT = "extension-context-invariant", Error, "business-rule",
        "the context invariants of an extension are met",
        "see the context invariant in the extension's definition",
        "https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.contextInvariant";
    EXTENSION_CONTEXT_UNDECIDED = "extension-context-undecided", Question, "incomplete",
        "it can be determined whether an extension is allowed in its context",
        "supply what is missing, or check the context in the extension's definition",
        "https://hl7.org/fhir/R4/defining-extensions.html#context";
    EXTENSION_UNKNOWN = "extension-unknown", Warning, "not-found",
        "the definition of an extension is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_MODIFIER_UNKNOWN = "extension-modifier-unknown", Question, "not-found",
        "the definition of a modifier extension is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/extensibility.html#modifierExtension";
    EXTENSION_MODIFIER = "extension-modifier", Error, "structure",
        "modifier extensions are in modifierExtension, others in extension",
        "move it",
        "https://hl7.org/fhir/R4/extensibility.html#modifierExtension";
    EXTENSION_CROSS_VERSION = "extension-cross-version", Error, "structure",
        "an extension for an element of another FHIR version names an element that is there, and holds what it holds",
        "check the path in the url, or the value",
        "https://hl7.org/fhir/R4/versions.html#extensions";
    EXTENSION_EXAMPLE = "extension-example", Warning, "business-rule",
        "example urls are not used in production",
        "use a url of your own",
        "https://hl7.org/fhir/R4/extensibility.html";
    BINDING_REQUIRED = "binding-required", Error, "code-invalid",
        "a code is in the value set of a required binding",
        "use a code from the value set",
        "https://hl7.org/fhir/R4/terminologies.html#required";
    BINDING_EXTENSIBLE = "binding-extensible", Warning, "code-invalid",
        "a code is from the value set of an extensible binding, if one of its codes applies",
        "use a code from the value set if one applies",
        "https://hl7.org/fhir/R4/terminologies.html#extensible";
    BINDING_PREFERRED = "binding-preferred", Note, "code-invalid",
        "a code is from the value set of a preferred binding",
        "use a code from the value set if one applies",
        "https://hl7.org/fhir/R4/terminologies.html#preferred";
    BINDING_MAX = "binding-max", Error, "code-invalid",
        "a code is in the maximum value set",
        "use a code from the value set",
        "https://hl7.org/fhir/R4/extension-elementdefinition-maxvalueset.html";
    CODE_INACTIVE = "code-inactive", Warning, "business-rule",
        "a code is active in its code system",
        "use a code that is active",
        "https://hl7.org/fhir/R4/codesystem-concept-properties.html";
    CODE_DEPRECATED = "code-deprecated", Warning, "business-rule",
        "a code is not deprecated by its code system or by a value set that it is bound to",
        "use the code that takes its place",
        "https://hl7.org/fhir/R4/codesystem-concept-properties.html";
    CODE_CASE = "code-case", Note, "code-invalid",
        "a code is written as in its code system, even where that ignores case",
        "write it as the code system does",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.caseSensitive";
    TERMINOLOGY_STATUS = "terminology-status", Note, "business-rule",
        "the value set of a binding and the code system of a code are neither out of use nor drafts",
        "see what takes its place, or wait for the final version",
        "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.status";
    TERMINOLOGY_SERVER = "terminology-server", Question, "transient",
        "the terminology server answers what it is asked about codes",
        "see what is wrong with the server, or validate without it",
        "https://hl7.org/fhir/R4/terminology-service.html#validation";
    BINDING_UNDECIDED = "binding-undecided", Question, "incomplete",
        "it can be determined whether a code is in the value set",
        "load the code system, or ask a terminology server",
        "https://hl7.org/fhir/R4/terminologies.html";
    BINDING_VALUE_SET = "binding-value-set", Question, "not-found",
        "the value set of a binding is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/terminologies.html";
    CODE_UNKNOWN = "code-unknown", Error, "code-invalid",
        "a code is defined by its code system",
        "check the code and the code system",
        "https://hl7.org/fhir/R4/terminologies.html";
    CODE_UNDECIDED = "code-undecided", Note, "incomplete",
        "it can be determined whether a code is in its code system",
        "load the whole code system, or ask a terminology server",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content";
    CODE_SYSTEM_UNKNOWN = "code-system-unknown", Note, "not-found",
        "the code system of a code is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/terminologies.html";
    CODE_SYSTEM_VERSION = "code-system-version", Question, "not-found",
        "the code system version that a Coding names is loaded",
        "load the package that defines this version",
        "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.version";
    CODE_SYSTEM_CONTENT = "code-system-content", Error, "business-rule",
        "a code system with content `not-present` has no concepts",
        "correct the content, or remove the concepts",
        "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content";
    CODE_SYSTEM_PROPERTY = "code-system-property", Error, "business-rule",
        "concept properties are declared once and have their declared type",
        "correct the declaration or the value",
        "https://hl7.org/fhir/R4/codesystem.html#properties";
    SEARCH_COMPOSITE = "search-composite", Error, "business-rule",
        "a composite search parameter has two or more components",
        "add the components",
        "https://hl7.org/fhir/R4/search.html#composite";
    CODE_SYSTEM_SUPPLEMENT = "code-system-supplement", Error, "business-rule",
        "a code system that supplements another has content `supplement`",
        "correct the content, or remove `supplements`",
        "https://hl7.org/fhir/R4/codesystem.html#supplements";
    DISPLAY = "display", Warning, "invalid",
        "a display is one of the code's displays",
        "use one of the code's displays",
        "https://hl7.org/fhir/R4/datatypes.html#Coding";
}
