//! FHIR R4 (<https://hl7.org/fhir/R4/>).

use super::facts::{Release, of_today};
use super::vital_signs::VITAL_SIGNS;

/// What sets R4 apart.
pub const RELEASE: Release =
    Release { profiles_by_code: VITAL_SIGNS, ..of_today(include_str!("resource_types/r4.txt")) };
