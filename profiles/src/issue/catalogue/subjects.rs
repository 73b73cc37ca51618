//! Rules of references, resources and profiles.

super::rules! {
    super::meaning::END;
    REFERENCE_FORMAT = "reference-format", Error, "value",
        "a reference is a relative or absolute url, a fragment or a urn",
        "write it as Type/id",
        "https://hl7.org/fhir/R4/references.html";
    REFERENCE_TARGET = "reference-target", Error, "structure",
        "a reference points to one of the allowed types",
        "point it to an allowed type",
        "https://hl7.org/fhir/R4/references.html";
    REFERENCE_PROFILE = "reference-profile", Error, "structure",
        "the target of a reference conforms to one of the allowed profiles",
        "correct the target, or point to another",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile";
    REFERENCE_PROFILE_UNDECIDED = "reference-profile-undecided", Question, "incomplete",
        "it can be determined whether the target of a reference conforms to an allowed profile",
        "load the missing definitions",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile";
    REFERENCE_TYPE = "reference-type", Error, "structure",
        "Reference.type agrees with its target",
        "change one or the other",
        "https://hl7.org/fhir/R4/references-definitions.html#Reference.type";
    REFERENCE_UNRESOLVED = "reference-unresolved", Error, "not-found",
        "a reference resolves",
        "add the target, or check the reference",
        "https://hl7.org/fhir/R4/references.html";
    REFERENCE_AGGREGATION = "reference-aggregation", Error, "structure",
        "a reference target is where the element allows it: contained, in the Bundle, or external",
        "contain the target, or put it into the Bundle, as the profile requires",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation";
    REFERENCE_VERSIONING = "reference-versioning", Error, "structure",
        "a reference names a version where the element requires one, and none where it forbids one",
        "add or remove /_history/VERSION",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.versioning";
    REFERENCE_BUNDLE = "reference-bundle", Error, "not-found",
        "a relative reference in a document resolves against the base of its own entry's fullUrl",
        "write the fullUrl of the target, or give both entries fullUrls with one base",
        "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_AMBIGUOUS = "reference-ambiguous", Error, "multiple-matches",
        "a reference in a Bundle matches a single entry",
        "name the version, or remove one of the entries",
        "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_UNDECIDED = "reference-undecided", Question, "incomplete",
        "the target of a reference is known",
        "supply the target",
        "https://hl7.org/fhir/R4/references.html";
    CONTAINED_UNUSED = "contained-unused", Error, "structure",
        "a contained resource is referenced",
        "reference it, or remove it",
        "https://hl7.org/fhir/R4/references.html#contained";
    CONTAINED_ID = "contained-id", Error, "required",
        "a contained resource has its own id",
        "give it an id that no other contained resource has",
        "https://hl7.org/fhir/R4/references.html#contained";
    BUNDLE_FULL_URL = "bundle-full-url", Error, "invalid",
        "fullUrl is absolute, agrees with the id of the resource, and is there where relative references need it",
        "correct or add it",
        "https://hl7.org/fhir/R4/bundle.html#bundle-unique";
    BUNDLE_ENTRY = "bundle-entry", Error, "structure",
        "the entries fit the type of the Bundle",
        "see the rules for this type of Bundle",
        "https://hl7.org/fhir/R4/bundle.html";
    BUNDLE_CONTENT = "bundle-content", Error, "not-found",
        "a document contains what its Composition references, and a message the focus of its MessageHeader",
        "add the resource as an entry, or correct the reference",
        "https://hl7.org/fhir/R4/documents.html#content";
    BUNDLE_LINK = "bundle-link", Error, "invalid",
        "the links of a Bundle fit its type, and each relation of a search occurs once",
        "remove the link, or add the entry that it names",
        "https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.link";
    BUNDLE_UNREACHABLE = "bundle-unreachable", Error, "structure",
        "every entry of a document is linked to its first entry by references, in either direction",
        "reference the entry, or remove it",
        "https://hl7.org/fhir/R4/documents.html#content";
    NARRATIVE_SYNTAX = "narrative-syntax", Error, "structure",
        "a narrative is well-formed XHTML",
        "correct the markup",
        "https://hl7.org/fhir/R4/narrative.html";
    NARRATIVE_CONTENT = "narrative-content", Error, "structure",
        "a narrative uses only the allowed elements and attributes",
        "remove what is not allowed",
        "https://hl7.org/fhir/R4/narrative.html#xhtml";
    NARRATIVE_EMPTY = "narrative-empty", Error, "structure",
        "a narrative has content",
        "add text, or remove the narrative",
        "https://hl7.org/fhir/R4/narrative.html";
    HTML = "html", Warning, "security",
        "strings and markdown contain no HTML tags, where the policy requires it",
        "escape or remove the tags",
        "https://hl7.org/fhir/R4/security.html#narrative";
    NARRATIVE_SOURCE = "narrative-source", Error, "business-rule",
        "where a profile asks for it, the content of a narrative names its source by a class",
        "add the class generated, boilerplate or original",
        "https://hl7.org/fhir/extensions/StructureDefinition-narrative-source-control.html";
    NARRATIVE_LANGUAGE = "narrative-language", Error, "business-rule",
        "a narrative has the language sections that a profile asks for",
        "add or remove sections",
        "https://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html";
    NARRATIVE_TEXT_LINK = "narrative-text-link", Error, "not-found",
        "a link between a narrative and data names an element of the narrative, and data",
        "correct the id, or add what is missing",
        "https://hl7.org/fhir/extensions/StructureDefinition-textLink.html";
    NARRATIVE_LINK = "narrative-link", Error, "not-found",
        "a link within a narrative has a target",
        "add the target",
        "https://hl7.org/fhir/R4/narrative.html";
    ATTACHMENT_HASH = "attachment-hash", Error, "invalid",
        "the hash of an attachment is the SHA-1 of its data, in base64",
        "correct the hash",
        "https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash";
    ATTACHMENT_SIZE = "attachment-size", Error, "invalid",
        "the size of an attachment is that of its data",
        "correct the size",
        "https://hl7.org/fhir/R4/datatypes.html#Attachment";
    META_SECURITY_REPEATED = "meta-security-repeated", Error, "business-rule",
        "the security labels of `meta` are a set, by system and code",
        "remove one",
        "https://hl7.org/fhir/R4/resource-definitions.html#Meta.security";
    META_REPEATED = "meta-repeated", Warning, "business-rule",
        "the tags of `meta` are a set, by system and code, and so are its profiles",
        "remove one",
        "https://hl7.org/fhir/R4/resource-definitions.html#Meta.tag";
    BUNDLE_SIGNATURE = "bundle-signature", Error, "invalid",
        "the data of a Bundle's signature has the form that `sigFormat` names",
        "correct the data or the format",
        "https://hl7.org/fhir/R4/datatypes.html#signature";
    BUNDLE_SIGNATURE_UNVERIFIABLE = "bundle-signature-unverifiable", Warning, "incomplete",
        "the signature of a Bundle says what is needed to verify it",
        "add what is missing, or sign again",
        "https://hl7.org/fhir/R4/datatypes.html#signature";
    BUNDLE_SIGNATURE_WRONG = "bundle-signature-wrong", Error, "business-rule",
        "a Bundle is what its signature signs",
        "sign the Bundle again, in its canonical form",
        "https://hl7.org/fhir/R4/datatypes.html#signature";
    BUNDLE_SIGNATURE_VERIFIED = "bundle-signature-verified", Note, "informational",
        "the signature of a Bundle was verified by the certificate in it",
        "nothing is to be done; decide whether to trust the certificate",
        "https://hl7.org/fhir/R4/datatypes.html#signature";
    INVARIANT = "invariant", Error, "invariant",
        "the constraints of the profiles are met",
        "see the constraint",
        "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_UNDECIDED = "invariant-undecided", Question, "incomplete",
        "a constraint can be evaluated",
        "supply what the constraint needs",
        "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_BROKEN = "invariant-broken", Warning, "exception",
        "the expression of a constraint is valid",
        "correct the definition",
        "https://hl7.org/fhir/R4/fhirpath.html";
    ELEMENT_PROFILE = "element-profile", Error, "structure",
        "an element conforms to one of the profiles of its type",
        "make it conform to one of them",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile";
    ELEMENT_PROFILE_UNDECIDED = "element-profile-undecided", Question, "incomplete",
        "it can be determined whether an element conforms to one of the profiles of its type",
        "load the missing definitions",
        "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile";
    PROFILE_UNKNOWN = "profile-unknown", Question, "not-found",
        "the profiles that a resource claims are known",
        "load the package that defines the profile",
        "https://hl7.org/fhir/R4/resource.html#meta";
    PROFILE_TYPE = "profile-type", Error, "invalid",
        "a profile applies to the resource's type",
        "claim a profile of this type",
        "https://hl7.org/fhir/R4/resource.html#meta";
    ENVELOPE_MEMBER = "envelope-member", Error, "required",
        "JSON around resources (CDS Hooks, SMART Health Cards) has the members that its published format demands",
        "add the member, or remove the one that does not go with another",
        "https://cds-hooks.hl7.org/2.0/";
    ENVELOPE_UNKNOWN = "envelope-unknown", Error, "structure",
        "JSON around resources has only members that its published format knows",
        "check the spelling, or put it under `extension`",
        "https://cds-hooks.hl7.org/2.0/";
    ENVELOPE_VALUE = "envelope-value", Error, "value",
        "the members of JSON around resources have the values that its published format demands",
        "correct the value",
        "https://cds-hooks.hl7.org/2.0/";
    ENVELOPE_UNCHECKED = "envelope-unchecked", Question, "incomplete",
        "what of JSON around resources is not checked is named",
        "",
        "";
    DEFINITION = "definition", Question, "exception",
        "a definition is usable and does not contradict its base",
        "correct the definition, or load the package that defines its base",
        "https://hl7.org/fhir/R4/profiling.html";
    SCRIPT_FAILED = "script-failed", Question, "exception",
        "the script of a site rule runs to completion",
        "correct the script, or what it expects of the instance",
        "";
    SCRIPT_UNDECIDED = "script-undecided", Question, "incomplete",
        "what the script of a site rule asks for is available",
        "load what is missing",
        "";
}
