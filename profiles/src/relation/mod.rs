//! Profiles beside each other: is every instance that is valid for profile A valid for profile B? A structural proof
//! over the compiled plans of both, element by element. A proof never looks at an instance; where a step is not proven
//! it says how an instance could break it, and the search for a witness starts there.
//!
//! Base: <https://hl7.org/fhir/R4/profiling.html#resources> and
//! <https://hl7.org/fhir/R4/elementdefinition.html#interpretation>.

mod apart;
mod bindings;
mod bounds;
mod bridge;
mod children;
mod codes;
mod codings;
mod constraint;
mod contained;
mod coverage;
mod demanded;
mod demands;
mod entries;
mod explain;
mod extensions;
mod fact;
mod gathered;
mod matching;
mod occurrence;
mod open;
mod proof;
mod prover;
mod shrink;
mod slice_counts;
mod slice_tests;
mod slices;
mod target;
mod targets;
mod value;
mod wishes;
mod witness;

pub use apart::{Contradiction, unsatisfiable};
pub use bridge::{Requirement, bridge};
pub use codes::{Inclusion, inclusion};
pub use coverage::Coverage;
pub use demanded::{DemandedCodes, demanded_codes};
pub use explain::{element_id, proof_tree, way_text};
pub use open::{OpenStep, open_steps};
pub use proof::{Break, Proof, Step, StepKind, Sub, Way};
pub use prover::Prover;
pub(crate) use value::Values;
pub use witness::{Comparison, Relations, Validity, Witness};

/// What a structural question is answered with: for every instance, for none, or not the same for all (or not known).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Match {
    Always,
    Never,
    Maybe,
}

impl Match {
    /// Both.
    fn and(self, other: Match) -> Match {
        match (self, other) {
            (Match::Never, _) | (_, Match::Never) => Match::Never,
            (Match::Always, Match::Always) => Match::Always,
            _ => Match::Maybe,
        }
    }

    fn not(self) -> Match {
        match self {
            Match::Always => Match::Never,
            Match::Never => Match::Always,
            Match::Maybe => Match::Maybe,
        }
    }

    fn of(truth: bool) -> Match {
        if truth { Match::Always } else { Match::Never }
    }
}
