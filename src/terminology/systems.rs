//! The code systems whose releases need a treatment of their own, and which of two versions is the newer one.

use std::cmp::Ordering;

use fhir_accord_profiles::definition::compare_versions;

/// SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";
/// LOINC.
pub const LOINC: &str = "http://loinc.org";
/// RxNorm (<https://terminology.hl7.org/CodeSystem-v3-rxNorm.html>).
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// Compares two versions of a code system, or of a value set, by when they were released as far as they tell: the date
/// of an RxNorm release is `MMDDYYYY`, that of an edition of SNOMED CT stands behind `/version/`.
pub fn compare_releases(url: &str, a: &str, b: &str) -> Ordering {
    compare_versions(&released(url, a), &released(url, b)).then_with(|| compare_versions(a, b))
}

/// What of a version tells when it was released.
fn released(url: &str, version: &str) -> String {
    match url {
        RXNORM => year_first(version).unwrap_or_else(|| version.to_owned()),
        SNOMED => {
            let date = version.rsplit_once("/version/").map_or(version, |(_, date)| date);
            // An edition without a date comes last.
            if date.bytes().all(|b| b.is_ascii_digit()) { date.to_owned() } else { String::new() }
        }
        _ => version.to_owned(),
    }
}

/// `YYYYMMDD` for `MMDDYYYY`.
fn year_first(version: &str) -> Option<String> {
    if version.len() != 8 || !version.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (day, year) = version.split_at_checked(4)?;
    let month: u8 = day.get(..2)?.parse().ok()?;
    (1..=12).contains(&month).then(|| format!("{year}{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_release() {
        let edition = |module: &str, date: &str| format!("{SNOMED}/{module}/version/{date}");
        let (core, national) = ("900000000000207008", "731000124108");
        for (url, older, newer) in [
            (RXNORM, "12012025".to_owned(), "01052026".to_owned()),
            (RXNORM, "01052026".to_owned(), "02022026".to_owned()),
            (RXNORM, "12012025".to_owned(), "20260105".to_owned()),
            (SNOMED, edition(core, "20260101"), edition(national, "20260301")),
            (SNOMED, edition(national, "20251101"), edition(core, "20260101")),
            (SNOMED, format!("{SNOMED}/{core}"), edition(national, "20020131")),
            ("http://loinc.org", "2.9".to_owned(), "2.78".to_owned()),
        ] {
            assert_eq!(compare_releases(url, &older, &newer), Ordering::Less, "{older} {newer}");
            assert_eq!(compare_releases(url, &newer, &older), Ordering::Greater, "{older} {newer}");
        }
    }
}
