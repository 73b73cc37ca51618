pub mod cli;
pub use fhir_accord_profiles as profiles;
pub use fhir_accord_capability as capability;
