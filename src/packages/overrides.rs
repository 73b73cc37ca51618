//! What may stand in for a dependency that is not here. A lock writes down which of these it used.

use fhir_accord_profiles::definition::FhirVersion;

use super::range::Range;

/// One stand-in that was used: `dependency` is `id#range` as declared, `with` is `id#version`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The dependency as declared, `id#range`.
    pub dependency: String,
    /// What stands in for it, `id#version`.
    pub with: String,
}

/// Package id, the ranges that are stood in for (empty: any), and the id and version that do.
const STAND_INS: &[(&str, &[&str], &str, &str)] = &[
    ("hl7.fhir.core", &["1.0."], "hl7.fhir.r2.core", "1.0.2"),
    ("hl7.fhir.core", &["3.0."], "hl7.fhir.r3.core", "3.0.2"),
    ("hl7.fhir.core", &["4.0."], "hl7.fhir.r4.core", "4.0.1"),
    ("hl7.terminology.r4", &[], "hl7.terminology.r4", "7.3.0"),
    ("hl7.terminology.r5", &[], "hl7.terminology.r5", "7.3.0"),
    ("hl7.fhir.uv.extensions.r4", &[], "hl7.fhir.uv.extensions.r4", "5.3.0"),
    ("hl7.fhir.uv.extensions.r5", &[], "hl7.fhir.uv.extensions.r5", "5.3.0"),
    ("hl7.fhir.uv.smart-app-launch", &["2.0.", "2.1."], "hl7.fhir.uv.smart-app-launch", "2.2.0"),
    ("us.nlm.vsac", &[], "accord.us.terminology", "1.0.0"),
    ("hl7.fhir.uv.sdc", &["3.0."], "accord.uv.sdc", "1.0.0"),
    ("hl7.fhir.uv.tools.r4", &[], "accord.uv.tools", "1.0.0"),
];

/// Packages that are published once a FHIR version; the bare id means the one for the asking package's FHIR version.
const TWINS: &[&str] = &["hl7.terminology", "hl7.fhir.uv.extensions", "hl7.fhir.uv.tools"];

/// The id, for a FHIR version, of a package that is published once a FHIR version.
pub fn versioned_id(id: &str, fhir_version: FhirVersion) -> Option<String> {
    let suffix = match fhir_version {
        FhirVersion::Dstu2 => "r2",
        FhirVersion::Stu3 => "r3",
        FhirVersion::R4 => "r4",
        // Terminology and extensions of R4 serve R4B, too.
        FhirVersion::R4b => "r4",
        FhirVersion::R5 => "r5",
    };
    TWINS.contains(&id).then(|| format!("{id}.{suffix}"))
}

/// What may stand in for a dependency that a package of `fhir_version` declares, in the order of trying.
pub fn candidates(id: &str, range: &Range, fhir_version: FhirVersion) -> Vec<(String, Range)> {
    let versioned = versioned_id(id, fhir_version);
    let meant = versioned.as_deref().unwrap_or(id);
    let asked = range.to_string();
    let stand_in = STAND_INS
        .iter()
        .find(|(of, ranges, ..)| *of == meant && (ranges.is_empty() || ranges.iter().any(|r| asked.starts_with(r))));
    let by_table = stand_in.map(|(.., with, version)| ((*with).to_owned(), Range::Exact((*version).to_owned())));
    versioned.map(|id| (id, range.clone())).into_iter().chain(by_table).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins() {
        let of = |id: &str, range: &str| {
            candidates(id, &Range::parse(range), FhirVersion::R4)
                .into_iter()
                .map(|(id, range)| format!("{id}#{range}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("hl7.terminology.r4", "5.0.0"), ["hl7.terminology.r4#7.3.0"]);
        assert_eq!(
            of("hl7.fhir.uv.extensions", "5.1.0-cibuild"),
            ["hl7.fhir.uv.extensions.r4#5.1.0-cibuild", "hl7.fhir.uv.extensions.r4#5.3.0"]
        );
        assert_eq!(of("hl7.fhir.uv.smart-app-launch", "2.1.0"), ["hl7.fhir.uv.smart-app-launch#2.2.0"]);
        assert_eq!(of("hl7.fhir.uv.smart-app-launch", "2.0.x"), ["hl7.fhir.uv.smart-app-launch#2.2.0"]);
        assert!(of("hl7.fhir.uv.smart-app-launch", "1.0.0").is_empty());
        assert_eq!(of("us.nlm.vsac", "0.10.0"), ["accord.us.terminology#1.0.0"]);
        assert_eq!(of("hl7.fhir.uv.sdc", "3.0.0"), ["accord.uv.sdc#1.0.0"]);
        assert!(of("hl7.fhir.uv.sdc", "4.0.0").is_empty());
        assert_eq!(of("hl7.fhir.core", "3.0.1"), ["hl7.fhir.r3.core#3.0.2"]);
    }
}
