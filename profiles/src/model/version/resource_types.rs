//! The resource types of the published FHIR versions by name: the one list that everybody asks who has no core package
//! at hand. A test compares it with the core packages that are embedded.

use crate::definition::FhirVersion;

/// The names of the concrete resource types of a FHIR version, in alphabetical order
/// (<https://hl7.org/fhir/R4/resourcelist.html>). Abstract types (`Resource`, `DomainResource`) are not among them.
pub fn resource_types(version: FhirVersion) -> impl Iterator<Item = &'static str> {
    let file = match version {
        FhirVersion::Dstu2 => include_str!("resource_types/dstu2.txt"),
        FhirVersion::Stu3 => include_str!("resource_types/stu3.txt"),
        FhirVersion::R4 => include_str!("resource_types/r4.txt"),
        FhirVersion::R4b => include_str!("resource_types/r4b.txt"),
        FhirVersion::R5 => include_str!("resource_types/r5.txt"),
    };
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}
