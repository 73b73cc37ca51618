//! Canonicals as statements write them.

use fhir_accord_profiles::definition::{Canonical, FhirVersion};

/// Reads `url|version`; `url/_history/V`, which older statements use, is version `V` of `url`.
pub fn parse_canonical(text: &str) -> Canonical {
    let canonical = Canonical::parse(text.trim());
    if canonical.version.is_some() {
        return canonical;
    }
    match canonical.url.rsplit_once("/_history/") {
        Some((url, version)) if !url.is_empty() && !version.is_empty() && !version.contains('/') => {
            Canonical { url: url.to_owned(), version: Some(version.to_owned()) }
        }
        _ => canonical,
    }
}

/// The release of a FHIR version as major.minor: `4.0.1` and `R4` are `4.0`; `None` where it is not a version.
pub fn release_of(version: &str) -> Option<String> {
    let version = version.trim();
    let number = match FhirVersion::parse(version) {
        Some(known) => known.number(),
        None => version,
    };
    let mut parts = number.split(['.', '-']);
    let (major, minor) = (parts.next()?, parts.next()?);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    (digits(major) && digits(minor)).then(|| format!("{major}.{minor}"))
}
