//! The official validator's ids of messages, beside the rules here. Where its messages differ by type, by version or by
//! detail, it is the one that it gives most often; where no one stands out, there is none. All of them, with the rules
//! that find the same fault, are in `docs/official-messages.tsv`; a test holds this table against it.

use std::borrow::Cow;

use fhir_accord_profiles::issue::{Issue, RuleId};

/// The official validator's message id for an issue; `None` where no one message stands for it. For an `invariant` it
/// is the canonical of the definition that states it, `#`, and its key.
pub fn message_of(issue: &Issue) -> Option<Cow<'static, str>> {
    match issue.rule {
        RuleId::INVARIANT => constraint_id(issue).map(Cow::Owned),
        rule => message_id(rule).map(Cow::Borrowed),
    }
}

/// The canonical of the definition that states the constraint of an issue, `#`, and its key; where the definition does
/// not tell who states it, the profile that demands it. `None` where the issue is about no constraint.
pub fn constraint_id(issue: &Issue) -> Option<String> {
    let key = issue.constraint.as_ref()?;
    let canonical = issue.stated_by.as_ref().or(issue.profiles.first())?;
    Some(format!("{}#{key}", canonical.split('|').next().unwrap_or_default()))
}

/// The official validator's message id for a rule; `None` where no one message stands for it. Those of an `invariant`
/// name the constraint; [`message_of`] gives them.
pub fn message_id(rule: RuleId) -> Option<&'static str> {
    let at = MESSAGES.binary_search_by(|(id, _)| (*id).cmp(rule.as_str())).ok()?;
    MESSAGES.get(at).map(|(_, message)| *message)
}

/// Rules with their messages, by the rule.
const MESSAGES: &[(&str, &str)] = &[
    ("attachment-content", "TYPE_SPECIFIC_CHECKS_DT_ATT_NO_CONTENT"),
    ("attachment-hash", "TYPE_SPECIFIC_CHECKS_DT_ATT_HASH_MISMATCH"),
    ("attachment-size", "TYPE_SPECIFIC_CHECKS_DT_ATT_SIZE_CORRECT"),
    ("bidi-controls", "UNICODE_BIDI_CONTROLS_CHARS_MATCH"),
    ("binding-extensible", "Terminology_TX_NoValid_2_CC"),
    ("binding-max", "Terminology_TX_NoValid_11"),
    ("binding-required", "Terminology_TX_NoValid_16"),
    ("binding-value-set", "Terminology_TX_ValueSet_NotFound"),
    ("bundle-content", "Bundle_BUNDLE_Entry_NotFound"),
    ("bundle-unreachable", "Bundle_BUNDLE_Entry_Orphan_DOCUMENT"),
    ("canonical-absolute", "TYPE_SPECIFIC_CHECKS_CANONICAL_ABSOLUTE"),
    ("canonical-scheme", "TYPE_SPECIFIC_CHECKS_DT_URL_WRONG_HTTPS"),
    ("canonical-version", "IG_DEPENDENCY_CAN_VERSION_NONE"),
    ("capability-search", "CapabalityStatement_CS_SP_WrongType"),
    ("code-case", "CODE_CASE_DIFFERENCE"),
    ("code-deprecated", "DEPRECATED_CONCEPT_FOUND"),
    ("code-system-unknown", "UNKNOWN_CODESYSTEM"),
    ("code-undecided", "UNKNOWN_CODE_IN_FRAGMENT"),
    ("code-unknown", "Unknown_Code_in_Version"),
    ("coding-incomplete", "Coding_has_no_system__cannot_validate"),
    ("coding-system-absolute", "Terminology_TX_System_Relative"),
    ("contained-unused", "CONTAINED_ORPHAN_DOM3"),
    ("decimal-places", "TYPE_SPECIFIC_CHECKS_DT_DECIMAL_CHARS"),
    ("definition-version", "VALIDATION_VAL_VERSION_NOHASH"),
    ("display", "Display_Name_for__should_be_one_of__instead_of"),
    ("element-max", "Validation_VAL_Profile_Maximum"),
    ("element-min", "Validation_VAL_Profile_Minimum"),
    ("element-object", "This_property_must_be__not_"),
    ("element-profile", "Validation_VAL_Profile_NoMatch"),
    ("extension-context", "Extension_EXTP_Context_Wrong"),
    ("extension-context-invariant", "Profile_EXT_Not_Here"),
    ("extension-modifier-unknown", "Extension_EXT_Unknown_NotHere"),
    ("extension-sub-unknown", "Extension_EXT_SubExtension_Invalid"),
    ("extension-unknown", "Extension_EXT_Unknown_NotHere"),
    ("extension-url", "Extension_EXT_Url_NotFound"),
    ("extension-url-absolute", "Extension_EXT_URL_Absolute"),
    ("fixed", "_DT_Fixed_Wrong"),
    ("id-format", "Resource_RES_ID_Malformed_Chars"),
    ("identifier-system-absolute", "Type_Specific_Checks_DT_Identifier_System"),
    ("identifier-uri", "TYPE_SPECIFIC_CHECKS_DT_IDENTIFIER_IETF_SYSTEM_VALUE"),
    ("json-comment", "JSON_COMMENTS_NOT_ALLOWED"),
    ("json-duplicate-key", "DUPLICATE_JSON_PROPERTY_KEY"),
    ("json-escape", "Error_parsing_JSON_"),
    ("json-missing-comma", "JSON_COMMA_MISSING"),
    ("json-primitive-extension", "This_property_must_be_an_object_not_"),
    ("json-syntax", "Error_parsing_JSON_"),
    ("json-trailing-comma", "JSON_COMMA_EXTRA"),
    ("json-trailing-text", "Error_parsing_JSON_"),
    ("json-unexpected-end", "Error_parsing_JSON_"),
    ("limit-expression", "VALIDATION_TIMEOUT_EXCEEDED"),
    ("limit-issues", "VALIDATION_MAX_MESSAGES_EXCEEDED"),
    ("limit-regex", "REGEX_MATCH_TIMED_OUT"),
    ("limit-visits", "VALIDATION_TIMEOUT_EXCEEDED"),
    ("max-length", "Type_Specific_Checks_DT_Primitive_Length"),
    ("measure-unknown", "Measure_MR_M_NotFound"),
    ("meta-security-repeated", "Meta_RES_Security_Duplicate"),
    ("min-length", "PRIMITIVE_TOO_SHORT"),
    ("narrative-id", "XHTML_XHTML_DUPLICATE_IDS"),
    ("narrative-link", "Type_Specific_Checks_DT_XHTML_Resolve"),
    ("narrative-sections", "XHTML_XHTML_MIXED_LANG"),
    ("narrative-source", "XHTML_CONTROL_NO_SOURCE"),
    ("primitive-empty", "Type_Specific_Checks_DT_Primitive_NotEmpty"),
    ("primitive-year", "Type_Specific_Checks_DT_DateTime_Reasonable"),
    ("profile-unknown", "VALIDATION_VAL_PROFILE_UNKNOWN_NOT_POLICY"),
    ("questionnaire-disabled", "Questionnaire_QR_Item_NotEnabled2"),
    ("questionnaire-exclusive", "QUESTIONNAIRE_QR_ITEM_EXCLUSIVE"),
    ("questionnaire-item", "Questionnaire_QR_Item_NotFound"),
    ("questionnaire-order", "Questionnaire_QR_Item_Order"),
    ("questionnaire-required", "Questionnaire_QR_Item_Missing"),
    ("questionnaire-text", "Questionnaire_QR_Item_Text"),
    ("questionnaire-unknown", "Questionnaire_QR_Q_NotFound"),
    ("reference-empty", "Reference_REF_NoDisplay"),
    ("reference-format", "REFERENCE_REF_INVALID_REF"),
    ("reference-profile", "Reference_REF_CantMatchChoice"),
    ("reference-profile-undecided", "Reference_REF_CantResolveProfile"),
    ("reference-relative", "REFERENCE_REF_SUSPICIOUS"),
    ("reference-target", "Reference_REF_BadTargetType2"),
    ("reference-type", "Reference_REF_WrongTarget"),
    ("reference-unresolved", "Reference_REF_CantResolve"),
    ("reference-version", "Bundle_BUNDLE_FullUrl_NeedVersion"),
    ("search-code", "SEARCHPARAMETER_BAD_CHAR"),
    ("search-composite", "SEARCHPARAMETER_MISSING_COMPONENTS"),
    ("slice-closed", "Validation_VAL_Profile_NotSlice"),
    ("slice-discriminator", "SLICING_CANNOT_BE_EVALUATED"),
    ("slice-end", "Slice_encountered_midway_through_set_path___id___"),
    ("slice-max", "Validation_VAL_Profile_Maximum"),
    ("slice-min", "Validation_VAL_Profile_Minimum_SLICE"),
    ("slice-order", "Validation_VAL_Profile_SliceOrder"),
    ("structure-abstract", "SD_DERIVATION_NO_CONCRETE"),
    ("structure-binding-types", "SD_ED_BIND_MULTIPLE_TYPES"),
    ("structure-value-set", "SD_ED_BIND_UNKNOWN_VS"),
    ("ucum-annotation", "TYPE_SPECIFIC_CHECKS_DT_QTY_UCUM_ANNOTATIONS"),
    ("value-set-import", "VALUESET_CIRCULAR_REFERENCE"),
    ("xml-character", "xml_attr_value_invalid"),
    ("xml-order", "Validation_VAL_Profile_OutOfOrder"),
    ("xml-reference", "xml_attr_value_invalid"),
    ("xml-utf8", "xml_encoding_invalid"),
];

#[cfg(test)]
#[path = "official_tests.rs"]
mod tests;
