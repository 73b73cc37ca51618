//! What an import is told: the format, the code system, the columns of a CSV file.

use std::str::FromStr;

/// What files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// FHIR resources in JSON: ValueSets with their codes, CodeSystems, Bundles of them.
    Fhir,
    /// SNOMED CT's Release Format 2, snapshots.
    Snomed,
    /// LOINC's CSV files.
    Loinc,
    /// RxNorm's RRF files.
    Rxnorm,
    /// ICD-10-CM's order file.
    Icd10cm,
    /// CSV with a map of its columns.
    Csv,
}

impl Format {
    /// The names of all formats, for options.
    pub const NAMES: &'static [&'static str] = &["fhir", "snomed", "loinc", "rxnorm", "icd10cm", "csv"];
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        match text {
            "fhir" => Ok(Format::Fhir),
            "snomed" => Ok(Format::Snomed),
            "loinc" => Ok(Format::Loinc),
            "rxnorm" => Ok(Format::Rxnorm),
            "icd10cm" => Ok(Format::Icd10cm),
            "csv" => Ok(Format::Csv),
            _ => Err(format!("expected one of {}", Format::NAMES.join(", "))),
        }
    }
}

/// Which columns mean what, by their names.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The code.
    pub code: String,
    /// The preferred name.
    pub display: Option<String>,
    /// Further names.
    pub synonyms: Vec<String>,
    /// The code above; several are separated by `|`.
    pub parent: Option<String>,
    /// A column, and the value that says that the code is no longer for use.
    pub inactive: Option<(String, String)>,
    /// Columns that are kept as properties of their names.
    pub properties: Vec<String>,
}

/// What an import is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the files are; `None`: what they look like.
    pub format: Option<Format>,
    /// The url of the code system, where the files do not say it or say it otherwise.
    pub system: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The files have only some codes of the system.
    pub fragment: bool,
    /// The language of a CSV file's names, and of the linguistic variants of LOINC that are read, as a BCP 47 tag.
    pub language: Option<String>,
    /// Which columns of a CSV file mean what.
    pub columns: Option<Columns>,
}
