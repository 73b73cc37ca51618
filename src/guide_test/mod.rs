//! Tests of an implementation guide: its instances against what is expected of them, what of its profiles they show,
//! and which rules no negative instance notices. Knows no command line.
//!
//! What is in an instance is asked of the engine itself: a copy of the guide has at each element a constraint that
//! never holds (`probe`), so that its reports name every element and slice that is there.

mod assemble;
mod base;
mod bounds;
mod clock;
mod coverage;
mod element_id;
mod expectation;
mod files;
mod generated;
mod guide;
mod head;
mod judging;
mod keeping;
mod layout;
mod manifest;
mod matching;
mod mutate;
mod named;
mod names;
mod pairing;
mod place;
mod pool;
mod probe;
mod profile;
pub mod report;
mod rule;
mod rules;
mod run;
mod sample;
mod score;
mod scoring;
mod seen;
mod snapshots;
mod subject;
mod telling;
mod told;
mod traces;
mod update;

pub use bounds::Bounds;
pub use run::{Error, Options, run};
pub use update::Updated;
