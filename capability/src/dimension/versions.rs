//! The versions of a profile that a canonical may mean in a statement of a FHIR release.

use std::sync::Arc;

use fhir_accord_profiles::definition::{Canonical, compare_versions};

use crate::definitions::{Definitions, ProfileInfo};
use crate::statement::release_of;

/// The known versions that a canonical may mean, in a statement of this release.
pub fn versions_of(
    canonical: &Canonical,
    release: Option<&str>,
    definitions: &dyn Definitions,
) -> Vec<Arc<ProfileInfo>> {
    let named = |info: &ProfileInfo| canonical.version.is_none() || canonical.version == info.version;
    definitions.versions(&canonical.url).into_iter().filter(|i| named(i) && fits_release(i, release)).collect()
}

/// False where a definition is known to be of another FHIR release.
pub fn fits_release(info: &ProfileInfo, release: Option<&str>) -> bool {
    match (release, info.fhir_version.as_deref().and_then(release_of)) {
        (Some(wanted), Some(own)) => own == wanted,
        _ => true,
    }
}

/// The canonicals that one may mean, with the versions that their definitions have, the newest first.
pub fn meant(canonical: &Canonical, release: Option<&str>, definitions: &dyn Definitions) -> Vec<Canonical> {
    if canonical.version.is_some() {
        return vec![canonical.clone()];
    }
    let known = versions_of(canonical, release, definitions);
    let mut all: Vec<Canonical> = known.iter().map(|i| i.canonical()).collect();
    let version = |c: &Canonical| c.version.clone().unwrap_or_default();
    all.sort_by(|a, b| compare_versions(&version(b), &version(a)).then_with(|| version(a).cmp(&version(b))));
    all.dedup();
    all
}
