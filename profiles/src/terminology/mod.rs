//! Terminology: what a value set's codes are, which of them are certain, and which questions only a terminology server
//! answers.

mod code_system;
mod display;
mod expand;
mod expansion;
mod filter;
mod grammar;
mod held;
mod held_rule;
mod implicit;
mod imports;
mod include;
mod reason;
mod rule;
mod set;
mod settle;
mod stated;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;

pub use code_system::{CodeSystemTable, ConceptRow, Content, code_known, code_system};
pub use display::{DisplayFit, check_display, names};
pub use expand::{Expander, expand};
pub use expansion::{Concept, Expansion, OpenKind, OpenSystem};
pub use grammar::{Grammar, LanguageParts, is_expression_constraint, is_media_type, language_tag};
pub use held::{HeldCode, HeldSystem, HeldTerminology, HeldValueSet, check_held_display};
pub use held_rule::Sought;
pub use implicit::is_implicit;
pub use reason::Reason;
pub(crate) use rule::rule;
pub use set::{Membership, Taken};

use crate::definition::Canonical;

/// Where value sets and code systems come from.
pub trait TerminologySource {
    /// The ValueSet of this canonical.
    fn value_set(&self, canonical: &Canonical) -> Option<Arc<Value>>;

    /// The CodeSystem of this canonical: with a version exactly that one; without, the one that applies. For DSTU2 the
    /// ValueSet that defines the system inline. Never a supplement.
    fn code_system(&self, canonical: &Canonical) -> Option<Arc<Value>>;

    /// The supplements of a code system, by its url, in a fixed order.
    fn supplements(&self, system: &str) -> Vec<Arc<Value>>;
}
