//! FHIR versions, and the order of business versions.

use std::cmp::Ordering;

/// A published FHIR version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FhirVersion {
    /// FHIR DSTU2 (1.0.2).
    Dstu2,
    /// FHIR STU3 (3.0.2).
    Stu3,
    /// FHIR R4 (4.0.1).
    R4,
    /// FHIR R4B (4.3.0).
    R4b,
    /// FHIR R5 (5.0.0).
    R5,
}

impl FhirVersion {
    /// All published versions, the oldest first.
    pub const ALL: [FhirVersion; 5] =
        [FhirVersion::Dstu2, FhirVersion::Stu3, FhirVersion::R4, FhirVersion::R4b, FhirVersion::R5];

    /// Reads `4.0.1`, `4.0`, `R4`, `DSTU2` and the like.
    pub fn parse(text: &str) -> Option<FhirVersion> {
        let upper = text.trim().to_ascii_uppercase();
        let mut parts = upper.split('.');
        Some(match (parts.next().unwrap_or(""), parts.next()) {
            ("DSTU2" | "R2", None) | ("1", Some("0")) => FhirVersion::Dstu2,
            ("STU3" | "R3", None) | ("3", Some("0")) => FhirVersion::Stu3,
            ("R4", None) | ("4", Some("0")) => FhirVersion::R4,
            ("R4B", None) | ("4", Some("3")) => FhirVersion::R4b,
            ("R5", None) | ("5", Some("0")) => FhirVersion::R5,
            _ => return None,
        })
    }

    /// The name that the version goes by, as `R4`.
    pub fn name(self) -> &'static str {
        match self {
            FhirVersion::Dstu2 => "DSTU2",
            FhirVersion::Stu3 => "STU3",
            FhirVersion::R4 => "R4",
            FhirVersion::R4b => "R4B",
            FhirVersion::R5 => "R5",
        }
    }

    /// The published version number, as `4.0.1`.
    pub fn number(self) -> &'static str {
        match self {
            FhirVersion::Dstu2 => "1.0.2",
            FhirVersion::Stu3 => "3.0.2",
            FhirVersion::R4 => "4.0.1",
            FhirVersion::R4b => "4.3.0",
            FhirVersion::R5 => "5.0.0",
        }
    }

    /// Whether guides for `other` serve this version as well: R4 and R4B share all that guides rest on
    /// (<https://hl7.org/fhir/R4B/versions.html>).
    pub fn takes(self, other: FhirVersion) -> bool {
        self == other || matches!((self, other), (FhirVersion::R4b, FhirVersion::R4))
    }

    /// The id of the core definitions' package, as `hl7.fhir.r4.core`.
    pub fn core_package(self) -> &'static str {
        match self {
            FhirVersion::Dstu2 => "hl7.fhir.r2.core",
            FhirVersion::Stu3 => "hl7.fhir.r3.core",
            FhirVersion::R4 => "hl7.fhir.r4.core",
            FhirVersion::R4b => "hl7.fhir.r4b.core",
            FhirVersion::R5 => "hl7.fhir.r5.core",
        }
    }
}

/// Whether `wanted` names only the leading parts of a version: `6.1` of `6.1.0`.
pub fn is_of_line(version: &str, wanted: &str) -> bool {
    version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

/// Orders business versions: numeric parts as numbers, a pre-release label before its release, other parts as text.
pub fn compare_versions(a: &str, b: &str) -> Ordering {
    let split = |s: &str| -> (Vec<String>, Option<String>) {
        let (main, pre) = match s.split_once('-') {
            Some((m, p)) => (m, Some(p.to_owned())),
            None => (s, None),
        };
        (main.split('.').map(str::to_owned).collect(), pre)
    };
    let ((am, ap), (bm, bp)) = (split(a), split(b));
    for i in 0..am.len().max(bm.len()) {
        let (x, y) = (am.get(i).map_or("0", |s| s), bm.get(i).map_or("0", |s| s));
        let order = match (x.parse::<u64>(), y.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => x.cmp(y),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    match (ap, bp) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(&b),
    }
}
