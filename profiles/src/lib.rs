//! Pure, synchronous FHIR: instances, definitions, snapshots, plans, FHIRPath and the walk. No I/O here.

pub mod assertion;
pub mod definition;
pub mod instance;
pub mod registry;
pub mod terminology;
