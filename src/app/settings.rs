//! What to load, and what is asked of one validation.

use std::path::PathBuf;
use std::sync::Arc;

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::Policies;
use fhir_accord_profiles::fhirpath::Temporal;
use fhir_accord_profiles::script::Library;

use super::elsewhere::Holder;
use crate::settle::Answerer;

/// Bound on the bytes of the plans that each engine of a service keeps, about: what is forgotten is built again within
/// milliseconds.
pub(super) const PLAN_BYTES: usize = 12 << 20;

/// What to load, and whether the network may be asked.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The FHIR version of instances; `None`: that of the packages ([`crate::packages::Sources::fhir_version`]).
    pub fhir_version: Option<FhirVersion>,
    /// Leaves packages for another FHIR version out ([`crate::packages::Resolution::left_out`]).
    pub one_version: bool,
    /// `ID#VERSION`, `ID`, or a path; empty: all embedded guides.
    pub packages: Vec<String>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// Where installed packages are; `None`: the user's data folder.
    pub installed: Option<PathBuf>,
    /// Where images are kept; `None`: the user's cache folder.
    pub images: Option<PathBuf>,
    /// Where imported terminology is; `None`: there is none.
    pub terminology: Option<PathBuf>,
    /// The rules and functions of a site, compiled.
    pub rules: Option<Arc<Library>>,
    /// Who answers what instances and packages leave open; `None`: nobody.
    pub answerer: Option<Arc<dyn Answerer>>,
    /// Who holds resources that references lead to; `None`: nobody.
    pub holder: Option<Arc<dyn Holder>>,
    /// Bound on the bytes of the plans that are kept; `None`: the engine's own.
    pub plan_bytes: Option<usize>,
}

/// One validation: the profiles asked for (in addition to those in meta.profile), and the policies.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Canonicals, `url` or `url|version`.
    pub profiles: Vec<String>,
    /// How strict the rules are, what is listed, and the limits of work.
    pub policies: Policies,
    /// What `now()` and `today()` return; `None`: the system clock.
    pub now: Option<Temporal>,
}
