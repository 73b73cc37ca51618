//! FHIR R4 (<https://hl7.org/fhir/R4/>).

use super::facts::{Release, of_today};

const LOINC: &str = "http://loinc.org";
const SNOMED_CT: &str = "http://snomed.info/sct";

/// What sets R4 apart.
pub const RELEASE: Release =
    Release { profiles_by_code: VITAL_SIGNS, ..of_today(include_str!("resource_types/r4.txt")) };

/// The vital-signs profiles by code (<https://hl7.org/fhir/R4/observation-vitalsigns.html#vitals-table>). A code that
/// only accompanies the one that the profile requires calls for the profile too: the required one is then missing. The
/// SNOMED CT codes are those that the official validator knows for the same observations.
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
    (LOINC, "20564-1", "oxygensat"),
    (LOINC, "8328-7", "bodytemp"),
    (LOINC, "8332-9", "bodytemp"),
    (LOINC, "3142-7", "bodyweight"),
    (SNOMED_CT, "86290005", "resprate"),
    (SNOMED_CT, "249043002", "heartrate"),
    (SNOMED_CT, "431314004", "oxygensat"),
    (SNOMED_CT, "442476006", "oxygensat"),
    (SNOMED_CT, "386725007", "bodytemp"),
    (SNOMED_CT, "276885007", "bodytemp"),
    (SNOMED_CT, "307047009", "bodytemp"),
    (SNOMED_CT, "415882003", "bodytemp"),
    (SNOMED_CT, "415945006", "bodytemp"),
    (SNOMED_CT, "415974002", "bodytemp"),
    (SNOMED_CT, "50373000", "bodyheight"),
    (SNOMED_CT, "1153637007", "bodyheight"),
    (SNOMED_CT, "363812007", "headcircum"),
    (SNOMED_CT, "169876006", "headcircum"),
    (SNOMED_CT, "424927000", "bodyweight"),
    (SNOMED_CT, "735395000", "bodyweight"),
    (SNOMED_CT, "60621009", "bmi"),
    (SNOMED_CT, "271649006", "bp"),
    (SNOMED_CT, "271650006", "bp"),
    (SNOMED_CT, "251076008", "bp"),
];
