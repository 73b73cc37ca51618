//! The catalogue: one row a rule. docs/rules.md is generated from it.

use super::RuleId;

/// A rule of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub id: RuleId,
    /// The IssueType code that its issues carry.
    pub code: &'static str,
    /// What the rule demands, in a sentence.
    pub meaning: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// Where the specification demands it.
    pub spec: &'static str,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $code:literal, $meaning:literal, $help:literal, $spec:literal;)*) => {
        impl RuleId {
            $(pub const $name: RuleId = RuleId($id);)*
        }
        /// Every rule, sorted by nothing but the order of the rooms that check them.
        pub const RULES: &[Rule] = &[$(Rule { id: RuleId($id), code: $code, meaning: $meaning, help: $help, spec: $spec }),*];
    };
}

rules! {
    JSON_UTF8 = "json-utf8", "structure", "the text is UTF-8", "re-encode the file as UTF-8", "https://hl7.org/fhir/R4/json.html";
    JSON_BOM = "json-bom", "structure", "the text starts without a byte order mark", "remove the first three bytes", "https://www.rfc-editor.org/rfc/rfc8259#section-8.1";
    JSON_EMPTY = "json-empty", "structure", "there is an instance to read", "check that the right file was given", "https://hl7.org/fhir/R4/json.html";
    JSON_NOT_OBJECT = "json-not-object", "structure", "an instance is a JSON object", "give one resource; several go into a Bundle or NDJSON", "https://hl7.org/fhir/R4/json.html#resources";
    JSON_SYNTAX = "json-syntax", "structure", "the text is JSON", "look at the place: a quote, comma or bracket is usually missing shortly before it", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_END = "json-unexpected-end", "structure", "every string, array and object is closed", "the file may have been cut off", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_TRAILING_TEXT = "json-trailing-text", "structure", "nothing follows the resource", "put several resources into a Bundle or NDJSON", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_TRAILING_COMMA = "json-trailing-comma", "structure", "no comma stands before a closing bracket", "remove the comma", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_MISSING_COMMA = "json-missing-comma", "structure", "members and entries are separated by commas", "add the comma", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_MISSING_COLON = "json-missing-colon", "structure", "a name and its value are separated by a colon", "add the colon", "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_UNQUOTED = "json-unquoted", "structure", "names and strings stand in double quotes", "put it in double quotes", "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_SINGLE_QUOTES = "json-single-quotes", "structure", "names and strings stand in double quotes", "replace the single quotes", "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_COMMENT = "json-comment", "structure", "JSON has no comments", "remove the comment", "https://hl7.org/fhir/R4/json.html";
    JSON_DUPLICATE_KEY = "json-duplicate-key", "structure", "each property stands once in an object", "merge the two, or remove one", "https://hl7.org/fhir/R4/json.html";
    JSON_CONTROL_CHARACTER = "json-control-character", "structure", "control characters in strings are escaped", "write it as \\uXXXX, or remove it", "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_ESCAPE = "json-escape", "structure", "a backslash starts one of JSON's escapes", "double the backslash if it is meant", "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_SURROGATE = "json-surrogate", "structure", "surrogate escapes come in pairs", "write the whole pair", "https://www.rfc-editor.org/rfc/rfc8259#section-8.2";
    JSON_NUMBER = "json-number", "structure", "numbers have JSON's form", "no leading zero or plus, digits on both sides of the point", "https://www.rfc-editor.org/rfc/rfc8259#section-6";
    JSON_TWIN_ALIGNMENT = "json-twin-alignment", "structure", "the arrays of a property and its underscore twin are equally long", "fill the shorter one with null", "https://hl7.org/fhir/R4/json.html#primitive";
    JSON_TWIN = "json-twin", "structure", "an underscore twin stands beside a primitive and is an object with content, in an array where the primitive repeats", "write it as an object, or remove it", "https://hl7.org/fhir/R4/json.html#primitive";
    XML_UTF8 = "xml-utf8", "structure", "the text is UTF-8", "re-encode the file as UTF-8", "https://hl7.org/fhir/R4/xml.html";
    XML_SYNTAX = "xml-syntax", "structure", "the text is XML", "look at the place: an angle bracket or a quote is usually missing shortly before it", "https://www.w3.org/TR/xml/";
    XML_END = "xml-unexpected-end", "structure", "every element is closed", "the file may have been cut off", "https://www.w3.org/TR/xml/";
    XML_END_TAG = "xml-end-tag", "structure", "an end tag closes the element that was opened last", "close the inner element first, or correct the name", "https://www.w3.org/TR/xml/#sec-starttags";
    XML_TRAILING_TEXT = "xml-trailing-text", "structure", "nothing follows the resource", "put several resources into a Bundle", "https://www.w3.org/TR/xml/";
    XML_DUPLICATE_ATTRIBUTE = "xml-duplicate-attribute", "structure", "each attribute stands once in a tag", "remove one", "https://www.w3.org/TR/xml/#uniqattspec";
    XML_REFERENCE = "xml-reference", "structure", "character references are those of XML itself, or numbers", "write the character itself", "https://hl7.org/fhir/R4/xml.html";
    XML_DOCTYPE = "xml-doctype", "structure", "no document type declaration stands in the text", "remove it", "https://hl7.org/fhir/R4/xml.html";
    XML_CHARACTER = "xml-character", "structure", "every character is one that XML allows", "remove it", "https://www.w3.org/TR/xml/#charsets";
    XML_INSTRUCTION = "xml-instruction", "structure", "no processing instruction stands in the text", "remove it", "https://hl7.org/fhir/R4/xml.html";
    XML_TEXT = "xml-text", "structure", "no text stands between elements", "values stand in the attribute `value`", "https://hl7.org/fhir/R4/xml.html";
    XML_ATTRIBUTE = "xml-attribute", "structure", "attributes are `value`, `id` of an element and `url` of an extension", "write it as an element, or remove it", "https://hl7.org/fhir/R4/xml.html";
    XML_AS_ATTRIBUTE = "xml-as-attribute", "structure", "the `id` of an element and the `url` of an extension are attributes", "write it into the start tag", "https://hl7.org/fhir/R4/xml.html";
    XML_NAMESPACE = "xml-namespace", "structure", "elements stand in the namespace http://hl7.org/fhir", "declare xmlns=\"http://hl7.org/fhir\" on the resource", "https://hl7.org/fhir/R4/xml.html";
    XML_ORDER = "xml-order", "structure", "elements stand in the order of their definition", "move it to where the definition has it", "https://hl7.org/fhir/R4/xml.html";
    LIMIT_BYTES = "limit-bytes", "too-long", "the instance is within the limit of bytes", "raise the limit, or split the instance", "";
    LIMIT_DEPTH = "limit-depth", "too-costly", "the instance is within the limit of nesting", "raise the limit if the nesting is meant", "";
    LIMIT_NODES = "limit-nodes", "too-costly", "the instance is within the limit of elements", "raise the limit, or split the instance", "";
    LIMIT_ISSUES = "limit-issues", "too-costly", "the issues are within the limit", "mend the first ones and validate again", "";

    RESOURCE_TYPE = "resource-type", "invalid", "resourceType names a resource type of the FHIR version", "check the spelling and the FHIR version", "https://hl7.org/fhir/R4/resourcelist.html";
    ELEMENT_UNKNOWN = "element-unknown", "structure", "every property is an element of its type", "check the spelling, or move it to where it belongs", "https://hl7.org/fhir/R4/json.html";
    ELEMENT_MIN = "element-min", "structure", "an element occurs at least as often as its minimum says", "add the element", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.min";
    ELEMENT_MAX = "element-max", "structure", "an element occurs at most as often as its maximum says", "remove what is too much", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.max";
    ELEMENT_ARRAY = "element-array", "structure", "a repeating element is an array, any other is none", "add or remove the square brackets", "https://hl7.org/fhir/R4/json.html#repeat";
    ELEMENT_OBJECT = "element-object", "structure", "an element with children is an object", "write it as an object", "https://hl7.org/fhir/R4/json.html";
    ELEMENT_SIMPLE = "element-simple", "structure", "a primitive is a simple value", "write the value itself", "https://hl7.org/fhir/R4/json.html#primitive";
    ELEMENT_EMPTY = "element-empty", "structure", "objects and arrays are not empty", "remove it, or fill it", "https://hl7.org/fhir/R4/json.html";
    ELEMENT_NULL = "element-null", "structure", "null stands only where an array is kept in step with its underscore twin", "remove it", "https://hl7.org/fhir/R4/json.html#null";
    ELEMENT_TYPE = "element-type", "structure", "an element has one of the types that the profile allows", "use one of the allowed types", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type";
    PRIMITIVE_LEXEME = "primitive-lexeme", "structure", "a primitive is written as the JSON type that it maps to", "add or remove the quotes", "https://hl7.org/fhir/R4/json.html#primitive";
    PRIMITIVE_EMPTY = "primitive-empty", "structure", "a primitive's value is not empty", "remove it, or fill it", "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_FORMAT = "primitive-format", "value", "a primitive has the format of its type", "see the format of the type", "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_WHITESPACE = "primitive-whitespace", "value", "white space stands only where the type allows it", "remove it", "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_RANGE = "primitive-range", "value", "a number is within the range of its type", "use a value within the range", "https://hl7.org/fhir/R4/datatypes.html#primitive";
    PRIMITIVE_YEAR = "primitive-year", "value", "a year is plausible", "check the century", "https://hl7.org/fhir/R4/datatypes.html#date";
    ID_FORMAT = "id-format", "value", "an id has 1 to 64 characters of A-Z a-z 0-9 - .", "use these characters alone", "https://hl7.org/fhir/R4/datatypes.html#id";
    CANONICAL_ABSOLUTE = "canonical-absolute", "value", "a canonical is an absolute url or a fragment", "write the whole url", "https://hl7.org/fhir/R4/references.html#canonical";
    CODING_SYSTEM_ABSOLUTE = "coding-system-absolute", "value", "Coding.system is an absolute uri", "write the whole uri of the code system", "https://hl7.org/fhir/R4/datatypes.html#Coding";
    CODING_SYSTEM_VALUE_SET = "coding-system-value-set", "value", "Coding.system names a code system", "use the code system's url, not the value set's", "https://hl7.org/fhir/R4/datatypes.html#Coding";
    CODING_SYSTEM_SUPPLEMENT = "coding-system-supplement", "value", "Coding.system names a code system, not a supplement of one", "use the url of the code system that is supplemented", "https://hl7.org/fhir/R4/codesystem.html#supplements";
    IDENTIFIER_SYSTEM_ABSOLUTE = "identifier-system-absolute", "value", "Identifier.system is an absolute uri", "write the whole uri of the system", "https://hl7.org/fhir/R4/datatypes.html#Identifier";
    IDENTIFIER_URI = "identifier-uri", "value", "the value of an identifier of the system urn:ietf:rfc:3986 is a full uri", "write the uri with its scheme, as urn:uuid:…", "https://hl7.org/fhir/R4/datatypes.html#Identifier";
    MIN_LENGTH = "min-length", "value", "a value is no shorter than its minimum length", "lengthen it", "https://hl7.org/fhir/R4/extension-minlength.html";
    MAX_LENGTH = "max-length", "too-long", "a value is no longer than its maximum length", "shorten it", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxLength";
    MIN_VALUE = "min-value", "value", "a value is at least its minimum", "use a value within the bounds", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_";
    MAX_VALUE = "max-value", "value", "a value is at most its maximum", "use a value within the bounds", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.maxValue_x_";
    FIXED = "fixed", "value", "a value equals the fixed one", "use the fixed value", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_";
    PATTERN = "pattern", "value", "a value holds all that its pattern holds", "add what the pattern asks for", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_";
    SLICE_MIN = "slice-min", "structure", "a slice occurs at least as often as its minimum says", "add an entry that matches the slice", "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_MAX = "slice-max", "structure", "a slice occurs at most as often as its maximum says", "remove what is too much", "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_CLOSED = "slice-closed", "structure", "under closed slicing every entry matches a slice", "change the entry to match a slice, or remove it", "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_ORDER = "slice-order", "structure", "under ordered slicing the entries stand in the order of the slices", "reorder the entries", "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_END = "slice-end", "structure", "under openAtEnd the entries without a slice stand last", "move them to the end", "https://hl7.org/fhir/R4/profiling.html#slicing";
    SLICE_UNDECIDED = "slice-undecided", "incomplete", "which slice an entry belongs to can be decided", "load what is missing", "https://hl7.org/fhir/R4/profiling.html#discriminator";
    EXTENSION_URL = "extension-url", "required", "an extension has a url", "add the url", "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_URL_ABSOLUTE = "extension-url-absolute", "value", "the url of an extension is absolute", "write the whole url", "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_SUB_UNKNOWN = "extension-sub-unknown", "structure", "a sub-extension is one that its extension defines", "check the url of the sub-extension", "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_CONTEXT = "extension-context", "structure", "an extension stands where its definition allows it", "move it to an element of its context", "https://hl7.org/fhir/R4/defining-extensions.html#context";
    EXTENSION_UNKNOWN = "extension-unknown", "not-found", "the definition of an extension is known", "load the package that defines it", "https://hl7.org/fhir/R4/extensibility.html";
    EXTENSION_MODIFIER_UNKNOWN = "extension-modifier-unknown", "not-found", "the definition of a modifier extension is known", "load the package that defines it", "https://hl7.org/fhir/R4/extensibility.html#modifierExtension";
    EXTENSION_MODIFIER = "extension-modifier", "structure", "modifier extensions stand in modifierExtension, others in extension", "move it", "https://hl7.org/fhir/R4/extensibility.html#modifierExtension";
    EXTENSION_EXAMPLE = "extension-example", "business-rule", "example urls are not used in production", "use a url of your own", "https://hl7.org/fhir/R4/extensibility.html";
    BINDING_REQUIRED = "binding-required", "code-invalid", "a code is of the value set that its element is bound to", "use a code of the value set", "https://hl7.org/fhir/R4/terminologies.html#required";
    BINDING_EXTENSIBLE = "binding-extensible", "code-invalid", "a code is of the extensible value set if one there fits", "use a code of the value set where one fits", "https://hl7.org/fhir/R4/terminologies.html#extensible";
    BINDING_MAX = "binding-max", "code-invalid", "a code is of the maximum value set", "use a code of the value set", "https://hl7.org/fhir/R4/extension-elementdefinition-maxvalueset.html";
    BINDING_UNDECIDED = "binding-undecided", "incomplete", "the membership of a code can be decided here", "load the code system, or ask a terminology server", "https://hl7.org/fhir/R4/terminologies.html";
    BINDING_VALUE_SET = "binding-value-set", "not-found", "the value set of a binding is known", "load the package that defines it", "https://hl7.org/fhir/R4/terminologies.html";
    CODE_UNKNOWN = "code-unknown", "code-invalid", "a code is of its code system", "check the code and the code system", "https://hl7.org/fhir/R4/terminologies.html";
    CODE_SYSTEM_UNKNOWN = "code-system-unknown", "not-found", "the code system of a code is known", "load the package that defines it", "https://hl7.org/fhir/R4/terminologies.html";
    CODE_SYSTEM_CONTENT = "code-system-content", "business-rule", "a code system that says that its content is not present has no concepts", "mend the content, or remove the concepts", "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content";
    CODE_SYSTEM_PROPERTY = "code-system-property", "business-rule", "properties of concepts are declared once and have their declared type", "mend the declaration, or the value", "https://hl7.org/fhir/R4/codesystem.html#properties";
    SEARCH_COMPOSITE = "search-composite", "business-rule", "a composite search parameter has two or more components", "add the components", "https://hl7.org/fhir/R4/search.html#composite";
    CODE_SYSTEM_SUPPLEMENT = "code-system-supplement", "business-rule", "a code system that supplements another has the content `supplement`", "mend the content, or remove what is supplemented", "https://hl7.org/fhir/R4/codesystem.html#supplements";
    DISPLAY = "display", "invalid", "a display is one of its code", "use one of the code's displays", "https://hl7.org/fhir/R4/datatypes.html#Coding";
    REFERENCE_FORMAT = "reference-format", "value", "a reference is a relative or absolute url, a fragment or a urn", "write it as Type/id", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_TARGET = "reference-target", "structure", "a reference points to one of the allowed types", "point it to an allowed type", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_PROFILE = "reference-profile", "structure", "the target of a reference conforms to one of the allowed profiles", "mend the target, or point to another", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile";
    REFERENCE_TYPE = "reference-type", "structure", "Reference.type agrees with its target", "change the one or the other", "https://hl7.org/fhir/R4/references-definitions.html#Reference.type";
    REFERENCE_UNRESOLVED = "reference-unresolved", "not-found", "a reference can be followed", "add the target, or check the reference", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_AGGREGATION = "reference-aggregation", "structure", "a target lies where the element allows it: contained, in the Bundle, or outside", "contain the target, or put it into the Bundle, as the profile demands", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation";
    REFERENCE_VERSIONING = "reference-versioning", "structure", "a reference names a version where the element demands it, and none where it forbids it", "add or remove /_history/VERSION", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.versioning";
    REFERENCE_BUNDLE = "reference-bundle", "not-found", "a relative reference in a document names an entry by the base of its own entry's fullUrl", "write the fullUrl of the target, or give both entries fullUrls with one base", "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_AMBIGUOUS = "reference-ambiguous", "multiple-matches", "a reference in a document names one entry", "name the version, or remove one of the entries", "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_UNDECIDED = "reference-undecided", "incomplete", "what a reference points to is known", "give the target", "https://hl7.org/fhir/R4/references.html";
    CONTAINED_UNUSED = "contained-unused", "structure", "a contained resource is referred to", "refer to it, or remove it", "https://hl7.org/fhir/R4/references.html#contained";
    CONTAINED_ID = "contained-id", "required", "a contained resource has an id of its own", "give it an id that no other contained resource has", "https://hl7.org/fhir/R4/references.html#contained";
    BUNDLE_FULL_URL = "bundle-full-url", "invalid", "fullUrl is absolute and agrees with the id of the resource", "mend the one or the other", "https://hl7.org/fhir/R4/bundle.html#bundle-unique";
    BUNDLE_ENTRY = "bundle-entry", "structure", "the entries agree with the type of the bundle", "see the rules of the bundle's type", "https://hl7.org/fhir/R4/bundle.html";
    BUNDLE_UNREACHABLE = "bundle-unreachable", "structure", "the entries of a document hang together with its first one by references, forward or backward", "refer to the entry, or remove it", "https://hl7.org/fhir/R4/documents.html#content";
    NARRATIVE_SYNTAX = "narrative-syntax", "structure", "a narrative is well-formed XHTML", "mend the markup", "https://hl7.org/fhir/R4/narrative.html";
    NARRATIVE_CONTENT = "narrative-content", "structure", "a narrative uses the allowed elements and attributes alone", "remove what is not allowed", "https://hl7.org/fhir/R4/narrative.html#xhtml";
    NARRATIVE_EMPTY = "narrative-empty", "structure", "a narrative has content", "add text, or remove the narrative", "https://hl7.org/fhir/R4/narrative.html";
    NARRATIVE_LINK = "narrative-link", "not-found", "a link inside a narrative has a target", "add the target", "https://hl7.org/fhir/R4/narrative.html";
    ATTACHMENT_HASH = "attachment-hash", "invalid", "the hash of an attachment is the SHA-1 of its data, in base64", "mend the hash", "https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash";
    ATTACHMENT_SIZE = "attachment-size", "invalid", "the size of an attachment is that of its data", "mend the size", "https://hl7.org/fhir/R4/datatypes.html#Attachment";
    QUESTIONNAIRE_UNKNOWN = "questionnaire-unknown", "not-found", "the questionnaire of a response is known", "load the package that defines it", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ITEM = "questionnaire-item", "structure", "every item of a response is one of its questionnaire, in the place that it has there", "check the linkId, or move the item", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ORDER = "questionnaire-order", "structure", "the items of a response stand in the order of the questionnaire", "reorder the items", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_REQUIRED = "questionnaire-required", "required", "a required item of the questionnaire that is enabled is answered", "add the answer", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required";
    QUESTIONNAIRE_OCCURS = "questionnaire-occurs", "structure", "items and answers repeat only as the questionnaire allows", "give as many as the questionnaire asks for", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.repeats";
    QUESTIONNAIRE_DISABLED = "questionnaire-disabled", "structure", "an item that is not enabled is not in the response", "remove the item, or mend the answers that it depends on", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen";
    QUESTIONNAIRE_PLACE = "questionnaire-place", "structure", "groups hold items, questions hold answers, and only answers of questions hold items", "move the answers or the items", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_TYPE = "questionnaire-type", "value", "an answer has the type that its question asks for", "answer with the type of the question", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.type";
    QUESTIONNAIRE_OPTION = "questionnaire-option", "code-invalid", "an answer is among the options of its question", "choose one of the options", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption";
    QUESTIONNAIRE_OPTION_UNDECIDED = "questionnaire-option-undecided", "incomplete", "the options of a question are known", "load the value set or code system", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerValueSet";
    QUESTIONNAIRE_CONDITION = "questionnaire-condition", "business-rule", "the condition of an item names an item that comes before it", "name an item that is answered earlier", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question";
    QUESTIONNAIRE_BOUND = "questionnaire-bound", "value", "an answer keeps to the bounds that its question sets", "answer within the bounds", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.maxLength";
    INVARIANT = "invariant", "invariant", "the constraints of the profiles hold", "see the constraint", "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_UNDECIDED = "invariant-undecided", "incomplete", "a constraint can be evaluated here", "give what it asks for", "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_BROKEN = "invariant-broken", "exception", "the expression of a constraint can be evaluated", "mend the definition", "https://hl7.org/fhir/R4/fhirpath.html";
    ELEMENT_PROFILE = "element-profile", "structure", "an element conforms to one of the profiles of its type", "mend it by one of them", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile";
    PROFILE_UNKNOWN = "profile-unknown", "not-found", "the profiles that a resource claims are known", "load the package that defines it", "https://hl7.org/fhir/R4/resource.html#meta";
    PROFILE_TYPE = "profile-type", "invalid", "a profile is of the resource's type", "claim a profile of this type", "https://hl7.org/fhir/R4/resource.html#meta";
    DEFINITION = "definition", "exception", "a definition can be used", "mend the definition", "https://hl7.org/fhir/R4/structuredefinition.html";
    SCRIPT_FAILED = "script-failed", "exception", "the script of a site's rule comes to its end", "mend the script, or what it asks of the instance", "";
    SCRIPT_UNDECIDED = "script-undecided", "incomplete", "what the script of a site's rule asks for is known here", "load what is missing", "";
}

/// The rule of an id; `None` for an id that the catalogue does not hold.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.id.0 == id)
}
