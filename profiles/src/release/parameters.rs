//! The parameters of the operations that a FHIR version defines (`facts/parameters.tsv`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::table;
use crate::definition::FhirVersion;

const TABLE: &str = include_str!("../../facts/parameters.tsv");

type Row = (Vec<FhirVersion>, Vec<&'static str>);

/// The rows by the parameter's name.
static ROWS: LazyLock<HashMap<&str, Vec<Row>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<Row>> = HashMap::new();
    for (name, versions, types) in table::lines(TABLE) {
        rows.entry(name).or_default().push((versions, types.collect()));
    }
    rows
});

/// What the operations of a FHIR version give a parameter of this name, in or out: names of types, `part` where it has
/// parts, `*` where it may be anything. `None` where none of them has such a parameter.
pub fn operation_parameter(version: FhirVersion, name: &str) -> Option<&'static [&'static str]> {
    ROWS.get(name)?.iter().find(|row| row.0.contains(&version)).map(|row| &*row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_parameter_with_versions_and_types() {
        assert!(TABLE.lines().is_sorted());
        for line in TABLE.lines() {
            let [name, versions, types] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(!name.is_empty() && !types.is_empty());
            assert!(
                versions.split(' ').all(|v| FhirVersion::parse(v).is_some_and(|parsed| parsed.name() == v)),
                "{line}"
            );
        }
    }

    #[test]
    fn a_parameter_has_the_types_of_its_version() {
        assert_eq!(operation_parameter(FhirVersion::R4, "coding"), Some(&["Coding"][..]));
        assert_eq!(operation_parameter(FhirVersion::R4, "code"), Some(&["code", "string"][..]));
        assert_eq!(operation_parameter(FhirVersion::R5, "content"), Some(&["Bundle", "Resource", "code"][..]));
        assert_eq!(operation_parameter(FhirVersion::R4, "anything"), None);
    }
}
