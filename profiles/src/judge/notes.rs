//! The rules that may leave something unknown and still let an instance be valid: their findings are notes, which
//! change nothing. Whatever else is unknown is a question, and makes the verdict undetermined. A site's own rules say
//! themselves what is a note.

use crate::issue::RuleId;

/// The rules whose findings may be notes ([`super::Weight::Note`]) whatever the policies say.
pub const NOTES: &[RuleId] = &[
    // A preferred binding requires nothing.
    RuleId::BINDING_PREFERRED,
    // Extensible bindings let in codes that are not in the value set: no answer could be an error.
    RuleId::BINDING_UNDECIDED,
    // As above: the value set of an extensible binding is not loaded.
    RuleId::BINDING_VALUE_SET,
    // The code system ignores case.
    RuleId::CODE_CASE,
    // An entry of a message, or of a document from R5 on, that is not led to is allowed.
    RuleId::BUNDLE_LINKED,
    // A search need not be for one type.
    RuleId::BUNDLE_SEARCH,
    // What the canonical names is open only where a rule of its own asks.
    RuleId::CANONICAL_SCHEME,
    // Whether a code exists, only the owner of a system that is not loaded, or not as a whole, can say. A required
    // binding asks.
    RuleId::CODE_SYSTEM_UNKNOWN,
    RuleId::CODE_UNDECIDED,
    // It says what nobody asked to be looked at.
    RuleId::ENVELOPE_UNCHECKED,
    // What is better said, and what a supplement rests on that is not loaded.
    RuleId::CODE_SYSTEM_BASE,
    RuleId::CODE_SYSTEM_PRACTICE,
    // What a property means, nobody has to say where the code system is read by itself.
    RuleId::CODE_SYSTEM_PROPERTY_MEANING,
    // The code system of a map's group is not loaded: whether it has the codes, only its owner can say.
    RuleId::CONCEPT_MAP_SYSTEM,
    // An extension that stands for an element of another FHIR version needs no definition to exist.
    RuleId::EXTENSION_UNKNOWN,
    // The guide that another rests on is not loaded: what is said of it can only be warned of.
    RuleId::GUIDE_DEPENDENCY,
    // The constraint is one that warns: no answer could be an error.
    RuleId::INVARIANT_UNDECIDED,
    // As above; or a limit was reached inside trials whose outcome the verdict does not hang on.
    RuleId::LIMIT_EXPRESSION,
    // The limit was reached inside trials whose outcome the verdict does not hang on.
    RuleId::LIMIT_REGEX,
    // As above.
    RuleId::LIMIT_TRIALS,
    // As above.
    RuleId::LIMIT_VISITS,
    // What is out of use may be used.
    RuleId::DEFINITION_STATUS,
    // What is on trial may be a draft.
    RuleId::STANDARDS_STATUS,
    // Where a code system is published is for its owner to decide.
    RuleId::PUBLICATION_PRACTICE,
    // Definitions that are out of use, or not final, may be used.
    RuleId::TERMINOLOGY_STATUS,
    // Browsers may know it all the same.
    RuleId::NARRATIVE_UNUSUAL,
    // The value set that a definition binds an element to is not loaded: only those who use it are asked.
    RuleId::STRUCTURE_VALUE_SET,
    // A binding may be meant for several types.
    RuleId::STRUCTURE_BINDING_TYPES,
    // What a value set selects from is not loaded, as above.
    RuleId::VALUE_SET_CONTENT,
    // A value set may give codes displays of its own.
    RuleId::VALUE_SET_DISPLAY,
    // An expansion need not have an identifier.
    RuleId::VALUE_SET_EXPANSION,
    // Only what an extensible binding asked has no answer, or what trials did whose outcome the verdict does not hang
    // on.
    RuleId::TERMINOLOGY_SERVER,
    // The list of subjects may be elsewhere; a question where references are followed.
    RuleId::MEASURE_COUNT,
    // Criteria are not evaluated: no library has to be there.
    RuleId::MEASURE_LIBRARY_UNKNOWN,
    // The measure is known, but not how it is scored; which score it asks for is left open.
    RuleId::MEASURE_UNKNOWN,
    // A questionnaire need not say how it is derived, nor keep the definition of an item.
    RuleId::QUESTIONNAIRE_DERIVATION,
    // The parameter may be one of another operation.
    RuleId::PARAMETER_TYPE,
    // A profile may demand more than the operation does.
    RuleId::OPERATION_PROFILE,
    // Which entries are in a slice that cannot be told matters only where it demands something.
    RuleId::SLICE_DISCRIMINATOR,
    // What is derived from an abstract definition may be in another package.
    RuleId::STRUCTURE_ABSTRACT,
    // A value of each repetition may be meant.
    RuleId::STRUCTURE_FIXED,
    // A slice that need not be supported may be meant.
    RuleId::STRUCTURE_SUPPORT,
    // A signature may be recorded elsewhere, and its key be known to those who agreed on it.
    RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE,
    // Good news.
    RuleId::BUNDLE_SIGNATURE_VERIFIED,
    // A question without options takes any, and a reference may lead to any type that it does not name.
    RuleId::QUESTIONNAIRE_OPTION_UNDECIDED,
    // An extension may be for what no type of FHIR tells.
    RuleId::EXPRESSION_DOUBTFUL,
    // A response need not say what it responds to.
    RuleId::QUESTIONNAIRE_UNKNOWN,
];

/// The rules whose findings are notes where a policy allows what they find ([`super::Level::Allow`]).
pub const NOTES_BY_POLICY: &[RuleId] = &[
    // `example_urls`
    RuleId::EXTENSION_EXAMPLE,
    // `unknown_extensions`
    RuleId::EXTENSION_UNKNOWN,
    // `unknown_modifiers`; a question where it is not set.
    RuleId::EXTENSION_MODIFIER_UNKNOWN,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::{RULES, Usual};

    #[test]
    fn what_the_catalogue_calls_a_note_is_listed() {
        let missing: Vec<RuleId> =
            RULES.iter().filter(|r| r.severity == Usual::Note).map(|r| r.id).filter(|id| !NOTES.contains(id)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(
            NOTES
                .iter()
                .chain(NOTES_BY_POLICY)
                .all(|id| crate::issue::rule(*id).is_some_and(|r| r.severity != Usual::Error))
        );
    }
}
