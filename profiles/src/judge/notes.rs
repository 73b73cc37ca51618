//! The rules that may leave something unknown and still let an instance be valid: their findings are notes, which
//! change nothing. Whatever else is unknown is a question, and makes the verdict undetermined. A site's own rules say
//! themselves what is a note.

use crate::issue::RuleId;

/// The rules whose findings may be notes ([`super::Weight::Note`]) whatever the policies say.
pub const NOTES: &[RuleId] = &[
    // Extensible bindings let in codes that are not in the value set: no answer could be an error.
    RuleId::BINDING_UNDECIDED,
    // As above: the value set of an extensible binding is not loaded.
    RuleId::BINDING_VALUE_SET,
    // All codes of the system are in the value set; whether this one exists, only the owner of a system
    // that is not loaded can say. A required binding asks.
    RuleId::CODE_SYSTEM_UNKNOWN,
    // It says what nobody asked to be looked at.
    RuleId::ENVELOPE_UNCHECKED,
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
    // Only what an extensible binding asked has no answer, or what trials did whose outcome the verdict does not hang
    // on.
    RuleId::TERMINOLOGY_SERVER,
    // Criteria are not evaluated: no library has to be there.
    RuleId::MEASURE_LIBRARY,
    // The measure is known, but not how it is scored; which score it asks for is left open.
    RuleId::MEASURE_UNKNOWN,
    // A questionnaire need not say how it is derived, nor keep the definition of an item.
    RuleId::QUESTIONNAIRE_DERIVATION,
    // The parameter may be one of another operation.
    RuleId::PARAMETER_TYPE,
    // A signature may be recorded elsewhere, and its key be known to those who agreed on it.
    RuleId::BUNDLE_SIGNATURE_UNVERIFIABLE,
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
