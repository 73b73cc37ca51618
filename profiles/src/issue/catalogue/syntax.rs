//! Rules of the text, and of the limits of work.

super::rules! {
    0;
    JSON_UTF8 = "json-utf8", Error, "structure",
        "the text is UTF-8",
        "re-encode the file as UTF-8",
        "https://hl7.org/fhir/R4/json.html";
    JSON_BOM = "json-bom", Warning, "structure",
        "the text does not start with a byte order mark",
        "remove the first three bytes",
        "https://www.rfc-editor.org/rfc/rfc8259#section-8.1";
    JSON_EMPTY = "json-empty", Error, "structure",
        "the input is not empty",
        "check that the right file was given",
        "https://hl7.org/fhir/R4/json.html";
    JSON_NOT_OBJECT = "json-not-object", Error, "structure",
        "an instance is a JSON object",
        "pass a single resource; put several into a Bundle or NDJSON",
        "https://hl7.org/fhir/R4/json.html#resources";
    JSON_SYNTAX = "json-syntax", Error, "structure",
        "the text is well-formed JSON",
        "check just before this position: a quote, comma or bracket is usually missing",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_END = "json-unexpected-end", Error, "structure",
        "every string, array and object is closed",
        "the file may have been cut off",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_TRAILING_TEXT = "json-trailing-text", Error, "structure",
        "nothing follows the resource",
        "put several resources into a Bundle or NDJSON",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_TRAILING_COMMA = "json-trailing-comma", Error, "structure",
        "there is no comma before a closing bracket",
        "remove the comma",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_MISSING_COMMA = "json-missing-comma", Error, "structure",
        "members and entries are separated by commas",
        "add the comma",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_MISSING_COLON = "json-missing-colon", Error, "structure",
        "a name and its value are separated by a colon",
        "add the colon",
        "https://www.rfc-editor.org/rfc/rfc8259";
    JSON_UNQUOTED = "json-unquoted", Error, "structure",
        "names and strings are in double quotes",
        "put it in double quotes",
        "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_SINGLE_QUOTES = "json-single-quotes", Error, "structure",
        "names and strings are in double quotes",
        "replace the single quotes",
        "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_COMMENT = "json-comment", Error, "structure",
        "JSON has no comments",
        "remove the comment",
        "https://hl7.org/fhir/R4/json.html";
    JSON_DUPLICATE_KEY = "json-duplicate-key", Error, "structure",
        "each property occurs once in an object",
        "merge the two, or remove one",
        "https://hl7.org/fhir/R4/json.html";
    JSON_CONTROL_CHARACTER = "json-control-character", Error, "structure",
        "control characters in strings are escaped",
        "write it as \\uXXXX, or remove it",
        "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_ESCAPE = "json-escape", Error, "structure",
        "a backslash starts a valid JSON escape",
        "double the backslash if it is meant literally",
        "https://www.rfc-editor.org/rfc/rfc8259#section-7";
    JSON_SURROGATE = "json-surrogate", Error, "structure",
        "surrogate escapes come in pairs",
        "write both halves of the pair",
        "https://www.rfc-editor.org/rfc/rfc8259#section-8.2";
    JSON_NUMBER = "json-number", Error, "structure",
        "numbers are written in JSON format",
        "write no leading zero or plus sign, and digits on both sides of the decimal point",
        "https://www.rfc-editor.org/rfc/rfc8259#section-6";
    JSON_PRIMITIVE_EXTENSION_ALIGNMENT = "json-primitive-extension-alignment", Error, "structure",
        "a primitive array and its primitive extension array have the same length",
        "pad the shorter one with null",
        "https://hl7.org/fhir/R4/json.html#primitive";
    JSON_PRIMITIVE_EXTENSION = "json-primitive-extension", Error, "structure",
        "a primitive extension (`_name`) belongs to a primitive and is an object with content, or an array of them",
        "write it as an object, or remove it",
        "https://hl7.org/fhir/R4/json.html#primitive";
    XML_UTF8 = "xml-utf8", Error, "structure",
        "the text is UTF-8",
        "re-encode the file as UTF-8",
        "https://hl7.org/fhir/R4/xml.html";
    XML_SYNTAX = "xml-syntax", Error, "structure",
        "the text is well-formed XML",
        "check just before this position: an angle bracket or a quote is usually missing",
        "https://www.w3.org/TR/xml/";
    XML_END = "xml-unexpected-end", Error, "structure",
        "every element is closed",
        "the file may have been cut off",
        "https://www.w3.org/TR/xml/";
    XML_END_TAG = "xml-end-tag", Error, "structure",
        "an end tag closes the element that was opened last",
        "close the inner element first, or correct the name",
        "https://www.w3.org/TR/xml/#sec-starttags";
    XML_TRAILING_TEXT = "xml-trailing-text", Error, "structure",
        "nothing follows the resource",
        "put several resources into a Bundle",
        "https://www.w3.org/TR/xml/";
    XML_DUPLICATE_ATTRIBUTE = "xml-duplicate-attribute", Error, "structure",
        "each attribute occurs once in a tag",
        "remove one",
        "https://www.w3.org/TR/xml/#uniqattspec";
    XML_REFERENCE = "xml-reference", Error, "structure",
        "references are to XML's own five entities or to characters by number",
        "write the character itself",
        "https://hl7.org/fhir/R4/xml.html";
    XML_DOCTYPE = "xml-doctype", Error, "structure",
        "there is no document type declaration",
        "remove it",
        "https://hl7.org/fhir/R4/xml.html";
    XML_CHARACTER = "xml-character", Error, "structure",
        "every character is allowed in XML",
        "remove it",
        "https://www.w3.org/TR/xml/#charsets";
    XML_INSTRUCTION = "xml-instruction", Error, "structure",
        "there are no processing instructions",
        "remove it",
        "https://hl7.org/fhir/R4/xml.html";
    XML_TEXT = "xml-text", Error, "structure",
        "there is no text between elements",
        "put the value in the `value` attribute",
        "https://hl7.org/fhir/R4/xml.html";
    XML_ATTRIBUTE = "xml-attribute", Error, "structure",
        "the only attributes are `value`, an element's `id` and an extension's `url`",
        "write it as an element, or remove it",
        "https://hl7.org/fhir/R4/xml.html";
    XML_AS_ATTRIBUTE = "xml-as-attribute", Error, "structure",
        "an element's `id` and an extension's `url` are attributes",
        "write it as an attribute of the start tag",
        "https://hl7.org/fhir/R4/xml.html";
    XML_NAMESPACE = "xml-namespace", Error, "structure",
        "elements are in the namespace http://hl7.org/fhir",
        "declare xmlns=\"http://hl7.org/fhir\" on the resource",
        "https://hl7.org/fhir/R4/xml.html";
    XML_ORDER = "xml-order", Error, "structure",
        "elements are in the order of their definition",
        "move it to its place in the order of the definition",
        "https://hl7.org/fhir/R4/xml.html";
    LIMIT_BYTES = "limit-bytes", Question, "too-long",
        "the instance is within the size limit",
        "raise the limit, or split the instance",
        "";
    LIMIT_DEPTH = "limit-depth", Question, "too-costly",
        "the nesting of the instance is within the limit",
        "raise the limit if the nesting is intended",
        "";
    LIMIT_NODES = "limit-nodes", Question, "too-costly",
        "the number of elements is within the limit",
        "raise the limit, or split the instance",
        "";
    LIMIT_ISSUES = "limit-issues", Warning, "too-costly",
        "the number of issues is within the limit",
        "fix the first ones and validate again",
        "";
    LIMIT_VISITS = "limit-visits", Question, "too-costly",
        "the number of nodes visited is within the limit",
        "raise the limit, or validate parts of the instance",
        "";
    LIMIT_TRIALS = "limit-trials", Question, "too-costly",
        "the number of profiles tried within profiles is within the limit",
        "raise the limit, or simplify the profiles that refer to each other",
        "";
    LIMIT_EXPRESSION = "limit-expression", Question, "too-costly",
        "the number of FHIRPath evaluation steps is within the limit",
        "raise the limit, or simplify the expression",
        "";
    LIMIT_TIME = "limit-time", Question, "too-costly",
        "the work on the instance ends within its time",
        "raise the limit, or validate parts of the instance",
        "";
    LIMIT_REGEX = "limit-regex", Question, "too-costly",
        "the size of regular expressions is within the limit",
        "simplify the regular expression",
        "";
}
