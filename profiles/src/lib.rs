//! Pure, synchronous FHIR: instances, definitions, snapshots, plans, FHIRPath and the walk. No I/O here.

/// A hash over the sources of this crate: what another build compiled is not read.
pub const SOURCES: &str = env!("ACCORD_ENGINE_SOURCES");

pub mod assertion;
pub mod bounded;
pub mod compile;
pub mod decimal;
pub mod definition;
pub mod difference;
pub mod embedded;
pub mod evaluate;
pub mod explain;
pub mod fhirpath;
pub mod generate;
pub mod instance;
pub mod interrupt;
pub mod issue;
pub mod judge;
pub mod model;
mod pattern;
pub mod plan;
pub mod registry;
pub mod relation;
pub mod release;
pub mod script;
pub mod search;
pub mod snapshot;
pub mod terminology;
pub mod ucum;
mod xhtml;
pub mod xml;
