//! In which FHIR versions a resource type has an element (`facts/elements.tsv`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::table;
use crate::definition::FhirVersion;

const TABLE: &str = include_str!("../../facts/elements.tsv");

type Row = (&'static str, Vec<FhirVersion>);

/// The rows by resource type.
static ROWS: LazyLock<HashMap<&str, Vec<Row>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<Row>> = HashMap::new();
    for (resource_type, versions, names) in table::lines(TABLE) {
        rows.entry(resource_type).or_default().extend(names.map(|name| (name, versions.clone())));
    }
    rows
});

/// The FHIR versions in which a resource type has an element of this name at its top level, a choice by the name that
/// it has in an instance (`valueQuantity`), where those are not all the versions that have the type; `None` of an
/// element that all of them have, or none.
pub fn versions_with(resource_type: &str, name: &str) -> Option<&'static [FhirVersion]> {
    let rows = ROWS.get(resource_type)?;
    let stem_fits =
        |stem: &str| name.strip_prefix(stem).is_some_and(|ty| ty.starts_with(|c: char| c.is_ascii_uppercase()));
    let choice = || rows.iter().filter(|r| r.0.strip_suffix("[x]").is_some_and(stem_fits)).max_by_key(|r| r.0.len());
    let row = rows.iter().find(|r| r.0 == name).or_else(choice)?;
    Some(&row.1)
}
