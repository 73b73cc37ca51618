//! Which FHIR version the profiles tell that are asked for, or that an instance claims.

use fhir_accord_profiles::definition::{Canonical, FhirVersion};
use fhir_accord_profiles::issue::{Report, RuleId};

use crate::images::embedded::heads;
use crate::packages::embedded;

/// The FHIR version that a profile's canonical tells: by the version of a definition of the specification
/// (`…/Patient|1.0.2`), or since an embedded guide has it that is for that version only. R4 where several have it.
pub fn version_of(canonical: &str) -> Option<FhirVersion> {
    let canonical = Canonical::parse(canonical);
    if canonical.url.starts_with("http://hl7.org/fhir/StructureDefinition/")
        && let Some(version) = canonical.version.as_deref().and_then(FhirVersion::parse)
    {
        return Some(version);
    }
    let guides = embedded::list().iter().filter(|e| e.is_guide());
    let having = guides.filter(|e| heads(e).is_some_and(|p| p.by_url(&canonical.url).next().is_some()));
    let versions: Vec<FhirVersion> = having.filter_map(|e| e.manifest.fhir_version).collect();
    versions.iter().find(|v| **v == FhirVersion::R4).or(versions.first()).copied()
}

/// Says of profiles that are not loaded for which other FHIR version they are.
pub(super) fn hint(report: &mut Report, version: FhirVersion) {
    for issue in report.issues.iter_mut().filter(|i| i.rule == RuleId::PROFILE_UNKNOWN) {
        let named = issue.text.split('`').nth(1).and_then(version_of);
        if let Some(other) = named.filter(|v| *v != version) {
            let name = other.name();
            issue.help = Some(format!("the profile is for FHIR {name}: validate with the FHIR version {name}"));
        }
    }
}
