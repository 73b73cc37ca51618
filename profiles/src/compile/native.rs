//! Which expressions have an operation of their own.

use crate::plan::Native;

impl Native {
    /// The operation that gives the same answer as this expression.
    pub fn of(expression: &str) -> Native {
        let text: String = expression.chars().filter(|c| !c.is_whitespace()).collect();
        match text.as_str() {
            "hasValue()or(children().count()>id.count())"
            | "hasValue()or(children().count()>id.count())or$thisisParameters"
            | "@value|f:*|h:div" => Native::ValueOrChildren,
            "extension.exists()!=value.exists()" => Native::ExtensionOrValue,
            "contained.contained.empty()" => Native::ContainedNested,
            "contained.meta.versionId.empty()andcontained.meta.lastUpdated.empty()" => Native::ContainedVersion,
            "contained.meta.security.empty()" => Native::ContainedSecurity,
            "text.`div`.exists()" | "text.div.exists()" => Native::NarrativeExists,
            "htmlChecks()" => Native::Narrative,
            t if t.starts_with("contained.where(") && t.contains("%resource.descendants().reference") => {
                Native::ContainedUsed
            }
            t if t.starts_with("reference.startsWith('#').not()or(reference.substring(1)") => {
                Native::ReferenceContained
            }
            t if t
                .starts_with("reference.exists()implies(reference.startsWith('#').not()or(reference.substring(1)") =>
            {
                Native::ReferenceContained
            }
            _ => Native::None,
        }
    }
}
