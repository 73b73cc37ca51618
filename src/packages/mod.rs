//! FHIR packages: reading archives and folders, what is embedded and installed, resolving dependencies, locks,
//! distilling.
//!
//! A package is found among the embedded, then the installed, then `~/.fhir/packages`. Nothing here goes online.
//!
//! ```
//! use fhir_accord::packages::{Sources, Spec, load_graph};
//!
//! let graph = load_graph(&[Spec::parse("hl7.fhir.us.core#6.1.0")?], &Sources::default())?;
//! assert_eq!(graph.packages()[0].name(), "hl7.fhir.us.core#6.1.0");
//! assert!(graph.absent(0).contains(&"us.cdc.phinvads#0.12.0".to_owned()));
//! # Ok::<(), fhir_accord::packages::PackageError>(())
//! ```

pub mod book;
pub mod data;
pub mod distill;
pub mod embedded;
mod error;
pub mod hash;
pub mod install;
mod located;
mod lock;
mod overrides;
mod range;
pub mod reading;
mod resolve;
mod sources;
mod spec;
#[cfg(test)]
mod tests;
mod types;

pub use error::PackageError;
pub use located::{Located, Origin};
pub use lock::{LOCK_FILE, Lock, LockedPackage};
pub use overrides::Override;
pub use range::Range;
pub use resolve::{Resolution, load_graph, resolve};
pub use sources::{Copy, PackageIndex, Sources, installed_folder, shared_folder};
pub use spec::Spec;
