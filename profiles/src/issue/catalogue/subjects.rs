//! Rules of references, resources and profiles.

super::rules! {
    super::meaning::END;
    REFERENCE_FORMAT = "reference-format", Error, "value", "a reference is a relative or absolute url, a fragment or a urn", "write it as Type/id", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_TARGET = "reference-target", Error, "structure", "a reference points to one of the allowed types", "point it to an allowed type", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_PROFILE = "reference-profile", Error, "structure", "the target of a reference conforms to one of the allowed profiles", "mend the target, or point to another", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile";
    REFERENCE_PROFILE_UNDECIDED = "reference-profile-undecided", Question, "incomplete", "whether the target of a reference conforms to an allowed profile can be decided", "load the definitions that are missing", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile";
    REFERENCE_TYPE = "reference-type", Error, "structure", "Reference.type agrees with its target", "change the one or the other", "https://hl7.org/fhir/R4/references-definitions.html#Reference.type";
    REFERENCE_UNRESOLVED = "reference-unresolved", Error, "not-found", "a reference can be followed", "add the target, or check the reference", "https://hl7.org/fhir/R4/references.html";
    REFERENCE_AGGREGATION = "reference-aggregation", Error, "structure", "a target lies where the element allows it: contained, in the Bundle, or outside", "contain the target, or put it into the Bundle, as the profile demands", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.aggregation";
    REFERENCE_VERSIONING = "reference-versioning", Error, "structure", "a reference names a version where the element demands it, and none where it forbids it", "add or remove /_history/VERSION", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.versioning";
    REFERENCE_BUNDLE = "reference-bundle", Error, "not-found", "a relative reference in a document names an entry by the base of its own entry's fullUrl", "write the fullUrl of the target, or give both entries fullUrls with one base", "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_AMBIGUOUS = "reference-ambiguous", Error, "multiple-matches", "a reference in a document names one entry", "name the version, or remove one of the entries", "https://hl7.org/fhir/R4/bundle.html#references";
    REFERENCE_UNDECIDED = "reference-undecided", Question, "incomplete", "what a reference points to is known", "give the target", "https://hl7.org/fhir/R4/references.html";
    CONTAINED_UNUSED = "contained-unused", Error, "structure", "a contained resource is referred to", "refer to it, or remove it", "https://hl7.org/fhir/R4/references.html#contained";
    CONTAINED_ID = "contained-id", Error, "required", "a contained resource has an id of its own", "give it an id that no other contained resource has", "https://hl7.org/fhir/R4/references.html#contained";
    BUNDLE_FULL_URL = "bundle-full-url", Error, "invalid", "fullUrl is absolute and agrees with the id of the resource", "mend the one or the other", "https://hl7.org/fhir/R4/bundle.html#bundle-unique";
    BUNDLE_ENTRY = "bundle-entry", Error, "structure", "the entries agree with the type of the bundle", "see the rules of the bundle's type", "https://hl7.org/fhir/R4/bundle.html";
    BUNDLE_UNREACHABLE = "bundle-unreachable", Error, "structure", "the entries of a document hang together with its first one by references, forward or backward", "refer to the entry, or remove it", "https://hl7.org/fhir/R4/documents.html#content";
    NARRATIVE_SYNTAX = "narrative-syntax", Error, "structure", "a narrative is well-formed XHTML", "mend the markup", "https://hl7.org/fhir/R4/narrative.html";
    NARRATIVE_CONTENT = "narrative-content", Error, "structure", "a narrative uses the allowed elements and attributes alone", "remove what is not allowed", "https://hl7.org/fhir/R4/narrative.html#xhtml";
    NARRATIVE_EMPTY = "narrative-empty", Error, "structure", "a narrative has content", "add text, or remove the narrative", "https://hl7.org/fhir/R4/narrative.html";
    NARRATIVE_LINK = "narrative-link", Error, "not-found", "a link inside a narrative has a target", "add the target", "https://hl7.org/fhir/R4/narrative.html";
    ATTACHMENT_HASH = "attachment-hash", Error, "invalid", "the hash of an attachment is the SHA-1 of its data, in base64", "mend the hash", "https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash";
    ATTACHMENT_SIZE = "attachment-size", Error, "invalid", "the size of an attachment is that of its data", "mend the size", "https://hl7.org/fhir/R4/datatypes.html#Attachment";
    QUESTIONNAIRE_UNKNOWN = "questionnaire-unknown", Note, "not-found", "the questionnaire of a response is known", "load the package that defines it", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ITEM = "questionnaire-item", Error, "structure", "every item of a response is one of its questionnaire, in the place that it has there", "check the linkId, or move the item", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ORDER = "questionnaire-order", Error, "structure", "the items of a response stand in the order of the questionnaire", "reorder the items", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_REQUIRED = "questionnaire-required", Error, "required", "a required item of the questionnaire that is enabled is answered", "add the answer", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required";
    QUESTIONNAIRE_OCCURS = "questionnaire-occurs", Error, "structure", "items and answers repeat only as the questionnaire allows", "give as many as the questionnaire asks for", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.repeats";
    QUESTIONNAIRE_DISABLED = "questionnaire-disabled", Error, "structure", "an item that is not enabled is not in the response", "remove the item, or mend the answers that it depends on", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen";
    QUESTIONNAIRE_PLACE = "questionnaire-place", Error, "structure", "groups hold items, questions hold answers, and only answers of questions hold items", "move the answers or the items", "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_TYPE = "questionnaire-type", Error, "value", "an answer has the type that its question asks for", "answer with the type of the question", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.type";
    QUESTIONNAIRE_OPTION = "questionnaire-option", Error, "code-invalid", "an answer is among the options of its question", "choose one of the options", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption";
    QUESTIONNAIRE_OPTION_UNDECIDED = "questionnaire-option-undecided", Question, "incomplete", "the options of a question are known", "load the value set or code system", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerValueSet";
    QUESTIONNAIRE_CONDITION = "questionnaire-condition", Error, "business-rule", "the condition of an item names an item that comes before it", "name an item that is answered earlier", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question";
    QUESTIONNAIRE_BOUND = "questionnaire-bound", Error, "value", "an answer keeps to the bounds that its question sets", "answer within the bounds", "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.maxLength";
    INVARIANT = "invariant", Error, "invariant", "the constraints of the profiles hold", "see the constraint", "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_UNDECIDED = "invariant-undecided", Question, "incomplete", "a constraint can be evaluated here", "give what it asks for", "https://hl7.org/fhir/R4/conformance-rules.html#constraints";
    INVARIANT_BROKEN = "invariant-broken", Note, "exception", "the expression of a constraint can be evaluated", "mend the definition", "https://hl7.org/fhir/R4/fhirpath.html";
    ELEMENT_PROFILE = "element-profile", Error, "structure", "an element conforms to one of the profiles of its type", "mend it by one of them", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile";
    ELEMENT_PROFILE_UNDECIDED = "element-profile-undecided", Question, "incomplete", "whether an element conforms to one of the profiles of its type can be decided", "load the definitions that are missing", "https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile";
    PROFILE_UNKNOWN = "profile-unknown", Question, "not-found", "the profiles that a resource claims are known", "load the package that defines it", "https://hl7.org/fhir/R4/resource.html#meta";
    PROFILE_TYPE = "profile-type", Error, "invalid", "a profile is of the resource's type", "claim a profile of this type", "https://hl7.org/fhir/R4/resource.html#meta";
    DEFINITION = "definition", Error, "exception", "a definition can be used", "mend the definition", "https://hl7.org/fhir/R4/structuredefinition.html";
    SCRIPT_FAILED = "script-failed", Question, "exception", "the script of a site's rule comes to its end", "mend the script, or what it asks of the instance", "";
    SCRIPT_UNDECIDED = "script-undecided", Question, "incomplete", "what the script of a site's rule asks for is known here", "load what is missing", "";
}
