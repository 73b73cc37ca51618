//! FHIR R4.

use super::VersionFacts;

const LOINC: &str = "http://loinc.org";

pub const FACTS: VersionFacts = VersionFacts { profiles_by_code: VITAL_SIGNS };

/// The vital-signs profiles by LOINC code (https://hl7.org/fhir/R4/observation-vitalsigns.html#vitals-table).
/// A code that only goes beside the one that the profile demands calls for the profile too.
const VITAL_SIGNS: &[(&str, &str, &str)] = &[
    (LOINC, "85353-1", "vitalspanel"),
    (LOINC, "9279-1", "resprate"),
    (LOINC, "8867-4", "heartrate"),
    (LOINC, "2708-6", "oxygensat"),
    (LOINC, "8310-5", "bodytemp"),
    (LOINC, "8302-2", "bodyheight"),
    (LOINC, "9843-4", "headcircum"),
    (LOINC, "29463-7", "bodyweight"),
    (LOINC, "39156-5", "bmi"),
    (LOINC, "85354-9", "bp"),
    (LOINC, "8480-6", "bp"),
    (LOINC, "8462-4", "bp"),
    (LOINC, "35094-2", "bp"),
    (LOINC, "55284-4", "bp"),
    (LOINC, "76534-7", "bp"),
    (LOINC, "59408-5", "oxygensat"),
    (LOINC, "8889-8", "heartrate"),
    (LOINC, "8893-0", "heartrate"),
    (LOINC, "8331-1", "bodytemp"),
    (LOINC, "3137-7", "bodyheight"),
    (LOINC, "8306-3", "bodyheight"),
    (LOINC, "8308-9", "bodyheight"),
    (LOINC, "8287-5", "headcircum"),
    (LOINC, "3141-9", "bodyweight"),
    (LOINC, "8350-1", "bodyweight"),
];
