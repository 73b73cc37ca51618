//! FHIR packages: reading archives and folders, what is embedded and installed, resolving dependencies, locks, distilling.
//!
//! A package is found among the embedded, then the installed, then `~/.fhir/packages`. Nothing here goes online.

pub mod distill;
pub mod embedded;
pub mod hash;
pub mod reading;
