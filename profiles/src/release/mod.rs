//! What sets one FHIR version apart from the others: one file a version. Definitions of older versions are brought into
//! the form of R4 here, once, when they are read; whoever asks for a fact asks [`Release`], and nobody else asks for a
//! version by name.

mod choice;
mod code_system;
mod constraints;
mod dstu2;
mod elements;
mod elements_by_version;
mod facets;
mod facts;
mod json;
mod parameters;
mod prose;
mod questionnaire;
mod r4;
mod r4b;
mod r5;
mod structure;
mod stu3;
mod table;
mod vital_signs;

use crate::definition::FhirVersion;

pub use elements_by_version::versions_with;
pub use facts::Release;
pub use parameters::operation_parameter;

/// The facts of a version.
pub fn release(version: FhirVersion) -> &'static Release {
    match version {
        FhirVersion::Dstu2 => &dstu2::RELEASE,
        FhirVersion::Stu3 => &stu3::RELEASE,
        FhirVersion::R4 => &r4::RELEASE,
        FhirVersion::R4b => &r4b::RELEASE,
        FhirVersion::R5 => &r5::RELEASE,
    }
}

/// The names of the concrete resource types of a FHIR version, in alphabetical order
/// (<https://hl7.org/fhir/R4/resourcelist.html>). Abstract types (`Resource`, `DomainResource`) are not among them.
/// The one list that everybody asks who has no core package at hand; a test compares it with the embedded ones.
pub fn resource_types(version: FhirVersion) -> impl Iterator<Item = &'static str> {
    release(version).resource_types()
}

/// The FHIR version that a StructureDefinition says it is for
/// (<https://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.fhirVersion>).
pub fn stated_version(definition: &serde_json::Value) -> Option<FhirVersion> {
    FhirVersion::parse(definition.get("fhirVersion")?.as_str()?)
}

#[cfg(test)]
mod tests;
