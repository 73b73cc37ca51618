//! Rules of structure, values and slices.

super::rules! {
    super::syntax::END;
    RESOURCE_TYPE = "resource-type", Error, "invalid",
        "resourceType names a resource type of the FHIR version",
        "check the spelling and the FHIR version",
        "https://hl7.org/fhir/R4/resourcelist.html";
    ELEMENT_UNKNOWN = "element-unknown", Error, "structure",
        "every property is an element of its type",
        "check the spelling, or move it to where it belongs",
        "https://hl7.org/fhir/R4/json.html";
    ELEMENT_MIN = "element-min", Error, "structure",
        "an element occurs at least as often as its minimum cardinality requires",
        "add the element",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.min";
    ELEMENT_MAX = "element-max", Error, "structure",
        "an element occurs at most as often as its maximum cardinality allows",
        "remove the extra occurrences",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.max";
    ELEMENT_ARRAY = "element-array", Error, "structure",
        "a repeating element is a JSON array, and any other element is not",
        "add or remove the square brackets",
        "https://hl7.org/fhir/R4/json.html#repeat";
    ELEMENT_OBJECT = "element-object", Error, "structure",
        "an element with children is an object",
        "write it as an object",
        "https://hl7.org/fhir/R4/json.html";
    ELEMENT_SIMPLE = "element-simple", Error, "structure",
        "a primitive is a simple value",
        "write the value itself",
        "https://hl7.org/fhir/R4/json.html#primitive";
    ELEMENT_EMPTY = "element-empty", Error, "structure",
        "objects and arrays are not empty",
        "remove it, or give it content",
        "https://hl7.org/fhir/R4/json.html";
    ELEMENT_NULL = "element-null", Error, "structure",
        "null occurs only in an array that is aligned with its primitive extension array",
        "remove it",
        "https://hl7.org/fhir/R4/json.html#null";
    ELEMENT_TYPE = "element-type", Error, "structure",
        "an element has one of the types that the profile allows",
        "use one of the allowed types",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type";
    ELEMENT_ID = "element-id", Error, "invalid",
        "element ids are unique within a resource",
        "give each element its own id, or remove the ids",
        "https://hl7.org/fhir/R4/element.html";
    ELEMENT_VALUE = "element-value", Error, "structure",
        "a primitive has a value, or an extension allowed in its place, where the profile requires it",
        "add the value, or an extension that the profile allows instead",
        "https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue";
    PRIMITIVE_LEXEME = "primitive-lexeme", Error, "structure",
        "a primitive is written as the JSON type that it maps to",
        "add or remove the quotes",
        "https://hl7.org/fhir/R4/json.html#primitive";
    PRIMITIVE_EMPTY = "primitive-empty", Error, "structure",
        "a primitive's value is not empty",
        "remove it, or give it a value",
        "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_FORMAT = "primitive-format", Error, "value",
        "a primitive has the format of its type",
        "see the format of the type",
        "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_WHITESPACE = "primitive-whitespace", Warning, "value",
        "whitespace occurs only where the type allows it",
        "remove it",
        "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_RANGE = "primitive-range", Error, "value",
        "a number is within the range of its type",
        "use a value within the range",
        "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_YEAR = "primitive-year", Warning, "value",
        "a year is plausible",
        "check the century",
        "https://hl7.org/fhir/R4/datatypes.html#date";
    ID_FORMAT = "id-format", Error, "value",
        "an id has 1 to 64 characters of A-Z a-z 0-9 - .",
        "use only these characters",
        "https://hl7.org/fhir/R4/datatypes.html#id";
    CANONICAL_ABSOLUTE = "canonical-absolute", Error, "value",
        "a canonical is an absolute url or a fragment",
        "write the full url",
        "https://hl7.org/fhir/R4/references.html#canonical";
    CANONICAL_VERSION = "canonical-version", Error, "value",
        "the version after the `|` of a canonical is not empty",
        "write the version, or remove the `|`",
        "https://hl7.org/fhir/R4/references.html#canonical";
    CODING_SYSTEM_ABSOLUTE = "coding-system-absolute", Error, "value",
        "Coding.system is an absolute uri",
        "write the full uri of the code system",
        "https://hl7.org/fhir/R4/datatypes.html#Coding";
    CODING_SYSTEM_VALUE_SET = "coding-system-value-set", Error, "value",
        "Coding.system names a code system",
        "use the code system's url, not that of a value set or a structure",
        "https://hl7.org/fhir/R4/datatypes.html#Coding";
    CODING_SYSTEM_SUPPLEMENT = "coding-system-supplement", Error, "value",
        "Coding.system names a code system, not a supplement of one",
        "use the url of the code system that is supplemented",
        "https://hl7.org/fhir/R4/codesystem.html#supplements";
    CODING_SYSTEM_KIND = "coding-system-kind", Warning, "value",
        "Coding.system is not the url of another kind of definition",
        "use the url of a code system",
        "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.system";
    CODING_INCOMPLETE = "coding-incomplete", Warning, "incomplete",
        "a Coding with a code has a system, and one with a system a code",
        "add what is missing",
        "https://hl7.org/fhir/R4/datatypes.html#Coding";
    IDENTIFIER_SYSTEM_ABSOLUTE = "identifier-system-absolute", Error, "value",
        "Identifier.system is an absolute uri",
        "write the full uri of the system",
        "https://hl7.org/fhir/R4/datatypes.html#Identifier";
    IDENTIFIER_URI = "identifier-uri", Error, "value",
        "the value of an identifier in system urn:ietf:rfc:3986 is an absolute uri",
        "write the uri with its scheme, such as urn:uuid:…",
        "https://hl7.org/fhir/R4/datatypes.html#Identifier";
    MIN_LENGTH = "min-length", Error, "value",
        "a value is at least as long as its minimum length",
        "lengthen it",
        "https://hl7.org/fhir/R4/extension-minlength.html";
    MAX_LENGTH = "max-length", Error, "too-long",
        "a value is at most as long as its maximum length",
        "shorten it",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength";
    PATTERN_TEXT = "pattern-text", Error, "value",
        "a value matches the regular expression that its definition gives",
        "correct the value",
        "https://hl7.org/fhir/extensions/StructureDefinition-regex.html";
    DECIMAL_PLACES = "decimal-places", Error, "value",
        "a decimal has at most the decimal places that its definition allows",
        "round it",
        "https://hl7.org/fhir/extensions/StructureDefinition-maxDecimalPlaces.html";
    DATA_SIZE = "data-size", Error, "too-long",
        "data is at most as large as its definition allows",
        "shorten it",
        "https://hl7.org/fhir/extensions/StructureDefinition-maxSize.html";
    MIN_VALUE = "min-value", Error, "value",
        "a value is at least its minimum",
        "use a value within the bounds",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_";
    MAX_VALUE = "max-value", Error, "value",
        "a value is at most its maximum",
        "use a value within the bounds",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxValue_x_";
    FIXED = "fixed", Error, "value",
        "a value equals the fixed value",
        "use the fixed value",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_";
    PATTERN = "pattern", Error, "value",
        "a value matches its pattern",
        "add what the pattern requires",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_";
    SLICE_MIN = "slice-min", Error, "structure",
        "a slice occurs at least as often as its minimum cardinality requires",
        "add an entry that matches the slice",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_MAX = "slice-max", Error, "structure",
        "a slice occurs at most as often as its maximum cardinality allows",
        "remove the extra entries",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_CLOSED = "slice-closed", Error, "structure",
        "in closed slicing, every entry matches a slice",
        "change the entry to match a slice, or remove it",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_ORDER = "slice-order", Error, "structure",
        "in ordered slicing, entries are in the order of the slices",
        "reorder the entries",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_END = "slice-end", Error, "structure",
        "in openAtEnd slicing, entries that match no slice come last",
        "move them to the end",
        "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_UNDECIDED = "slice-undecided", Question, "incomplete",
        "the slice that an entry matches can be determined",
        "load the missing definitions",
        "https://hl7.org/fhir/R4/profiling.html#discriminator";
    SLICE_DISCRIMINATOR = "slice-discriminator", Note, "incomplete",
        "the definition of a slice says something at its discriminators",
        "constrain in the profile what the discriminators lead to",
        "https://hl7.org/fhir/R4/profiling.html#discriminator";
}
