//! The standard operations on CapabilityStatement (<https://hl7.org/fhir/R4/capabilitystatement-operations.html>) as
//! views of a negotiation: `$implements`, `$conforms`, `$subset`, `$versions`, and `$feature-query` of the Application
//! Feature Framework. Statements go in, FHIR resources of R4 come out as JSON. What statements list is not compared
//! here: verdicts are those of the rows of [`crate::negotiate()`]. What `$conforms` compares besides, because no
//! requirement rests on it (prose, value sets, maps, code systems), is told and decides nothing.

mod beside;
mod bound_notes;
mod bound_text;
mod conforms;
mod differences;
mod element;
mod feature;
mod feature_answer;
mod feature_query;
mod heads;
mod implements;
mod line;
mod merged;
mod outcome;
mod sides;
mod stated;
mod subset;
mod value_sets;
mod versions;

pub use conforms::{Conforms, Mode, conforms};
pub use feature_answer::{FEATURES_LIMIT, feature_query};
pub use feature_query::{FeatureQuery, Part};
pub use implements::{Implements, implements};
pub use outcome::ISSUES_LIMIT;
pub use subset::{SubsetError, subset};
pub use versions::{versions, versions_json, versions_xml};

#[cfg(test)]
mod tests;
