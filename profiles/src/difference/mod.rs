//! Two versions of a profile beside each other, element by element: what was loosened, tightened, added and removed,
//! and whom each change can break. Only snapshots are compared, and only what stands in them beyond what both inherit;
//! whether a change breaks any instance at all is a question for `relation`.
//!
//! Base: <https://hl7.org/fhir/R4/elementdefinition.html> and
//! <https://hl7.org/fhir/R4/versions.html#change>.

mod bindings;
mod change;
mod constraints;
mod counts;
mod differ;
mod slices;
mod structure;
mod support;
mod text;
mod types;
mod value_sets;
mod values;

pub use change::{Change, Effect, Facet, Level};
pub use differ::Differ;
pub use support::{Lack, Unsupported};
pub use value_sets::{Bound, BoundElement, CodesBeside};
