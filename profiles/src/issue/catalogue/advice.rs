//! Rules of what is allowed but doubtful: it is reported, and leaves the instance valid.

super::rules! {
    super::definitions::END;
    REFERENCE_EMPTY = "reference-empty", Warning, "required",
        "a reference has a reference, an identifier or a display",
        "say what it refers to, at least by a display",
        "https://hl7.org/fhir/R4/references.html#Reference";
    REFERENCE_RELATIVE = "reference-relative", Warning, "value",
        "a relative reference is a resource type and an id",
        "write it as Type/id, or as an absolute url",
        "https://hl7.org/fhir/R4/references.html#literal";
    REFERENCE_VERSION = "reference-version", Warning, "not-found",
        "the entry that a reference with a version names in its Bundle says its version",
        "add meta.versionId to the target, or remove the version",
        "https://hl7.org/fhir/R4/bundle.html#references";
    IDENTIFIER_SYSTEM_PAGE = "identifier-system-page", Warning, "value",
        "Identifier.system is a namespace, not the document that defines one",
        "for a uuid or a uri write the system urn:ietf:rfc:3986, and the value with its scheme (urn:uuid:…)",
        "https://hl7.org/fhir/R4/datatypes.html#Identifier";
    ATTACHMENT_CONTENT = "attachment-content", Warning, "required",
        "an attachment has data or a url, or says of what kind its content is",
        "add the content, or remove the attachment",
        "https://hl7.org/fhir/R4/datatypes.html#Attachment";
    UCUM_ANNOTATION = "ucum-annotation", Warning, "business-rule",
        "as best practice, the code of a unit has no annotation in braces",
        "leave it out, or write it in the unit for readers",
        "https://ucum.org/ucum#section-Character-Set-and-Lexical-Rules";
    OBSERVATION_CONTEXT = "observation-context", Warning, "business-rule",
        "as best practice, an observation says whom it is about, who made it, and when",
        "add what is missing",
        "https://hl7.org/fhir/R4/observation.html";
    BIDI_CONTROLS = "bidi-controls", Warning, "security",
        "what turns the direction of a text turns it back",
        "remove the control character, or close it (U+202C, U+2069)",
        "https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings";
    CODING_SYSTEM_ADDRESS = "coding-system-address", Warning, "value",
        "a code system is named by the url under which it is published",
        "use the code system's own url",
        "https://hl7.org/fhir/R4/terminologies-systems.html";
    CANONICAL_SCHEME = "canonical-scheme", Note, "value",
        "a canonical is written as it is published; http and https are different",
        "use the url that is published",
        "https://hl7.org/fhir/R4/references.html#canonical";
    DEFINITION_VERSION = "definition-version", Warning, "value",
        "the version of a definition has no `#`",
        "use another character",
        "https://hl7.org/fhir/R4/references.html#canonical";
    DEFINITION_STATUS = "definition-status", Note, "business-rule",
        "extensions and profiles that are used are not retired, deprecated or withdrawn",
        "use what the definition names in its place",
        "https://hl7.org/fhir/R4/versions.html#std-process";
    EXTENSION_CROSS_VERSION_USE = "extension-cross-version-use", Warning, "business-rule",
        "an extension for an element of another FHIR version is where that element is, and only where it is needed",
        "move it, or use the element itself",
        "https://hl7.org/fhir/R4/versions.html#extensions";
    STANDARDS_STATUS = "standards-status", Warning, "business-rule",
        "the status of a definition and that of the standard do not contradict each other",
        "correct one or the other",
        "https://hl7.org/fhir/R4/versions.html#std-process";
    PUBLICATION_COMMITTEE = "publication-committee", Error, "business-rule",
        "a definition that HL7 publishes names the committee that is responsible for it",
        "add the extension structuredefinition-wg with the committee's code",
        "https://hl7.org/fhir/extensions/StructureDefinition-structuredefinition-wg.html";
    PUBLICATION_PRACTICE = "publication-practice", Warning, "business-rule",
        "a definition that HL7 publishes says who publishes it, how far it is, and what its concepts are",
        "add or correct what is named",
        "https://hl7.org/fhir/R4/versions.html";
    BUNDLE_SEARCH = "bundle-search", Warning, "business-rule",
        "the results of a search say what was searched for, and why each entry is there",
        "add a self link with the type that was searched for, and the mode to every entry",
        "https://hl7.org/fhir/R4/bundle.html#searchset";
    BUNDLE_LINKED = "bundle-linked", Warning, "business-rule",
        "the first entry of a document or a message leads by references to every other entry",
        "refer to it, or remove it",
        "https://hl7.org/fhir/R4/documents.html#content";
    NARRATIVE_LANGUAGE_TAG = "narrative-language-tag", Warning, "business-rule",
        "the narrative of a resource with a language has this language, as lang and as xml:lang",
        "add both attributes to the div",
        "https://hl7.org/fhir/R4/narrative.html#lang";
    NARRATIVE_ID = "narrative-id", Warning, "structure",
        "each id of a narrative is that of one element",
        "give each element an id of its own",
        "https://www.w3.org/TR/html401/struct/global.html#adef-id";
    NARRATIVE_SECTIONS = "narrative-sections", Warning, "structure",
        "a narrative that has sections for languages has no text outside of them",
        "move the text into the sections",
        "https://hl7.org/fhir/R5/narrative.html#multi-lang";
    NARRATIVE_UNUSUAL = "narrative-unusual", Note, "value",
        "a narrative uses what browsers commonly know",
        "use a common scheme, and css for white space",
        "https://hl7.org/fhir/R4/narrative.html";
}
